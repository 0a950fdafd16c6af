/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h -- SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), portable.
 *
 * Contexts hold no pointer, so a copy is a clone. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H
#include "base/str.h"

struct hash {
    uint8_t b[32];
};

struct sha256 {
    uint32_t h[8];
    uint64_t len;
    uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t len);
struct hash sha256_end(struct sha256 *s); /* s must be initialised anew before its next use */
struct hash sha256_of(struct str s);
struct hash hmac_sha256(struct str key, struct str message);

static inline bool
hash_eq(struct hash a, struct hash b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}
#endif
