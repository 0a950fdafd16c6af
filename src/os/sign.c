/* SPDX-License-Identifier: Apache-2.0 */
#include "os/sign.h"

#include <sodium.h>

_Static_assert(SIGN_SEED == crypto_sign_ed25519_SEEDBYTES, "libsodium's sizes");
_Static_assert(SIGN_PUBLIC == crypto_sign_ed25519_PUBLICKEYBYTES, "libsodium's sizes");
_Static_assert(SIGN_BYTES == crypto_sign_ed25519_BYTES, "libsodium's sizes");
_Static_assert(SIGN_SEED + SIGN_PUBLIC == crypto_sign_ed25519_SECRETKEYBYTES,
               "libsodium's sizes");

enum status
os_sign_init(struct diag *d)
{
    if (sodium_init() >= 0)
        return ST_OK;
    diag_set(d, 0, 0, "the system gives no random numbers; is /dev/urandom there?");
    return ST_IO;
}

void
os_sign_key(const uint8_t seed[SIGN_SEED], struct sign_key *ret)
{
    int failed = crypto_sign_ed25519_seed_keypair(ret->public_key, ret->secret, seed);

    ENSURE(failed == 0);
}

void
os_sign_seed(uint8_t ret[SIGN_SEED])
{
    randombytes_buf(ret, SIGN_SEED);
}

void
os_sign_forget(struct sign_key *k)
{
    sodium_memzero(k, sizeof *k);
}

/* libsodium takes a message of no bytes only with a place. */
static const unsigned char *
bytes_of(struct str s)
{
    return (const unsigned char *)(s.len == 0 ? "" : s.ptr);
}

void
os_sign(const struct sign_key *k, struct str message, uint8_t ret[SIGN_BYTES])
{
    int failed = crypto_sign_ed25519_detached(ret, NULL, bytes_of(message), message.len,
                                              k->secret);

    ENSURE(failed == 0);
}

bool
os_sign_holds(const uint8_t public_key[SIGN_PUBLIC], struct str message,
              const uint8_t signature[SIGN_BYTES])
{
    return crypto_sign_ed25519_verify_detached(signature, bytes_of(message), message.len,
                                               public_key) == 0;
}
