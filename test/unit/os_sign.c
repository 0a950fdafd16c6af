/* SPDX-License-Identifier: Apache-2.0 */
#include "os/sign.h"

#include <inttypes.h>
#include "base/text.h"
#include "rng.h"
#include "tap.h"

/* RFC 8032, 7.1: TEST 1, 2, 3 and SHA(abc). */
static const struct {
    const char *what, *seed, *public_key, *message, *signature;
} known[] = {
    {"TEST 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"TEST 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"TEST 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"TEST SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

static void
unhex(const char *hex, uint8_t *ret, size_t n)
{
    ENSURE(hex_read(str_of(hex), ret, n));
}

static void
test_known(void)
{
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        uint8_t seed[SIGN_SEED], public_key[SIGN_PUBLIC], want[SIGN_BYTES], got[SIGN_BYTES];
        uint8_t bytes[64];
        size_t len = strlen(known[i].message) / 2;
        struct str message = {len == 0 ? NULL : (const char *)bytes, len};
        struct sign_key k, none;

        unhex(known[i].seed, seed, sizeof seed);
        unhex(known[i].public_key, public_key, sizeof public_key);
        unhex(known[i].message, bytes, len);
        unhex(known[i].signature, want, sizeof want);
        os_sign_key(seed, &k);
        OK(memcmp(k.public_key, public_key, sizeof public_key) == 0, "%s: the key", known[i].what);
        os_sign(&k, message, got);
        OK(memcmp(got, want, sizeof want) == 0, "%s: the signature", known[i].what);
        OK(os_sign_holds(public_key, message, want), "%s: it holds", known[i].what);
        os_sign_forget(&k);
        memset(&none, 0, sizeof none);
        OK(memcmp(&k, &none, sizeof k) == 0, "%s: the key is forgotten", known[i].what);
    }
}

/* What RFC 8032 leaves open, or others take. */
static void
test_strict(void)
{
    /* The order of the group, low byte first (RFC 8032, 5.1). */
    static const char order[] = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    static const char *const small[] = { /* points of order 1, 2, 4, 8 */
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    };
    uint8_t public_key[SIGN_PUBLIC], sig[SIGN_BYTES], l[32];
    unsigned carry = 0;

    unhex(known[1].public_key, public_key, sizeof public_key);
    unhex(known[1].signature, sig, sizeof sig);
    unhex(order, l, sizeof l);
    for (unsigned i = 0; i < 32; i++) {
        carry += (unsigned)sig[32 + i] + l[i];
        sig[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    OK(!os_sign_holds(public_key, STR("\x72"), sig), "s + the order is another spelling: refused");
    for (unsigned i = 0; i < sizeof small / sizeof *small; i++) {
        memset(sig, 0, sizeof sig); /* with s = 0 and R = the neutral point such keys sign all */
        sig[0] = 1;
        unhex(small[i], public_key, sizeof public_key);
        OK(!os_sign_holds(public_key, STR("anything"), sig), "a key of small order signs nothing: %s",
           small[i]);
    }
}

static void
test_properties(uint64_t seed)
{
    struct rng r = {seed};
    bool holds = true, same = true, refused = true;

    for (int i = 0; i < 60; i++) {
        static char bytes[5000];
        uint8_t secret[SIGN_SEED], sig[SIGN_BYTES], again[SIGN_BYTES];
        struct str message = {bytes, 1 + rng_below(&r, i % 10 == 0 ? sizeof bytes : 200)};
        struct sign_key k, other;
        size_t at;

        for (size_t n = 0; n < SIGN_SEED; n++)
            secret[n] = (uint8_t)rng_next(&r);
        for (size_t n = 0; n < message.len; n++)
            bytes[n] = (char)rng_next(&r);
        os_sign_key(secret, &k);
        os_sign(&k, message, sig);
        os_sign(&k, message, again);
        same = same && memcmp(sig, again, sizeof sig) == 0;
        holds = holds && os_sign_holds(k.public_key, message, sig);
        at = rng_below(&r, message.len);
        bytes[at] ^= (char)(1 << rng_below(&r, 8));
        refused = refused && !os_sign_holds(k.public_key, message, sig);
        os_sign(&k, message, again);
        refused = refused && memcmp(sig, again, sizeof sig) != 0;
        refused = refused && !os_sign_holds(k.public_key, str_cut(message, 0, message.len - 1), again);
        for (at = 0; at < SIGN_BYTES; at++) {
            memcpy(sig, again, sizeof sig);
            sig[at] ^= (uint8_t)(1 << rng_below(&r, 8));
            refused = refused && !os_sign_holds(k.public_key, message, sig);
        }
        secret[rng_below(&r, SIGN_SEED)] ^= (uint8_t)(1 << rng_below(&r, 8));
        os_sign_key(secret, &other);
        refused = refused && memcmp(k.public_key, other.public_key, SIGN_PUBLIC) != 0 &&
                  !os_sign_holds(other.public_key, message, again);
    }
    OK(holds, "what is signed holds, seed %" PRIu64, seed);
    OK(same, "the same key and message, the same signature, seed %" PRIu64, seed);
    OK(refused, "any bit otherwise, and it does not hold, seed %" PRIu64, seed);
}

static void
test_seeds(void)
{
    uint8_t a[SIGN_SEED], b[SIGN_SEED], zero[SIGN_SEED] = {0};

    os_sign_seed(a);
    os_sign_seed(b);
    OK(memcmp(a, b, sizeof a) != 0 && memcmp(a, zero, sizeof a) != 0, "seeds differ");
}

int
main(void)
{
    struct diag d;

    OK(os_sign_init(&d) == ST_OK && os_sign_init(NULL) == ST_OK, "begins, and again");
    test_known();
    test_strict();
    test_seeds();
    for (uint64_t seed = 1; seed <= 3; seed++)
        test_properties(seed);
    return tap_end();
}
