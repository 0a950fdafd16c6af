/* SPDX-License-Identifier: Apache-2.0 */
/* sign.h -- Ed25519 (RFC 8032), by libsodium: keys, signatures, and whether one holds.
 *
 * A key is made from 32 secret bytes, its seed, which is what is kept in a file. Signing
 * draws no random numbers: the same key and message give the same signature everywhere. */
#ifndef OS_SIGN_H
#define OS_SIGN_H
#include "base/put.h"

enum { SIGN_SEED = 32, SIGN_PUBLIC = 32, SIGN_BYTES = 64 };

/* Held by value; os_sign_forget() before the memory is used for anything else. */
struct sign_key {
    uint8_t secret[SIGN_SEED + SIGN_PUBLIC]; /* the seed, then the public key */
    uint8_t public_key[SIGN_PUBLIC];
};

/* Once, before anything else here and before a sandbox: libsodium looks at the processor and
 * opens the system's random numbers. Again is fine. ST_IO when the system has none. */
CHECKED enum status os_sign_init(struct diag *d);

/* The key of a seed; a new seed, from the system's random numbers. Both cannot fail. */
void os_sign_key(const uint8_t seed[SIGN_SEED], struct sign_key *ret);
void os_sign_seed(uint8_t ret[SIGN_SEED]);

/* Overwrites the secret, where the compiler might leave it out. */
void os_sign_forget(struct sign_key *k);

/* Signs the message itself, not a digest of it. */
void os_sign(const struct sign_key *k, struct str message, uint8_t ret[SIGN_BYTES]);

/* Does it hold? Any bytes may be given. Stricter than RFC 8032 asks, so that one message
 * has one signature of a key and no key signs everything: s must be below the order of the
 * group, and neither key nor R a point of small order or spelled otherwise than shortest. */
CHECKED bool os_sign_holds(const uint8_t public_key[SIGN_PUBLIC], struct str message,
                           const uint8_t signature[SIGN_BYTES]);
#endif
