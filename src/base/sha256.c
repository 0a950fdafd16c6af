/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"

/* Calls within the block function would cost a third of its speed. */
#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = sizeof((struct sha256 *)0)->block };

/* FIPS 180-4, 4.2.2: the fraction bits of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
};

INLINE uint32_t
turn(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

INLINE uint32_t
load32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void
store32(uint8_t *p, uint32_t x)
{
    p[0] = (uint8_t)(x >> 24);
    p[1] = (uint8_t)(x >> 16);
    p[2] = (uint8_t)(x >> 8);
    p[3] = (uint8_t)x;
}

/* Word t of the schedule takes the place of word t - 16, so that 16 words are enough. */
INLINE uint32_t
next_word(uint32_t w[16], unsigned t)
{
    uint32_t w15 = w[(t + 1) & 15], w2 = w[(t + 14) & 15];
    uint32_t s0 = turn(w15, 7) ^ turn(w15, 18) ^ w15 >> 3;
    uint32_t s1 = turn(w2, 17) ^ turn(w2, 19) ^ w2 >> 10;

    return w[t] += s0 + w[(t + 9) & 15] + s1;
}

/* One round. Only d and h change; instead of moving the eight words along, the
 * caller names them one further each time. */
INLINE void
mix(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f, uint32_t g,
    uint32_t *h, uint32_t kw)
{
    uint32_t t = *h + kw + (g ^ (e & (f ^ g))) + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25));

    *d += t;
    *h = t + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (c & (a ^ b)));
}

/* A struct and not an array, since compilers keep its members in registers. */
struct words {
    uint32_t a, b, c, d, e, f, g, h;
};

/* Eight rounds bring every word back to its name. */
INLINE void
eight_rounds(struct words *s, const uint32_t k[8], uint32_t w[16], unsigned t)
{
    mix(s->a, s->b, s->c, &s->d, s->e, s->f, s->g, &s->h, k[0] + next_word(w, t));
    mix(s->h, s->a, s->b, &s->c, s->d, s->e, s->f, &s->g, k[1] + next_word(w, t + 1));
    mix(s->g, s->h, s->a, &s->b, s->c, s->d, s->e, &s->f, k[2] + next_word(w, t + 2));
    mix(s->f, s->g, s->h, &s->a, s->b, s->c, s->d, &s->e, k[3] + next_word(w, t + 3));
    mix(s->e, s->f, s->g, &s->h, s->a, s->b, s->c, &s->d, k[4] + next_word(w, t + 4));
    mix(s->d, s->e, s->f, &s->g, s->h, s->a, s->b, &s->c, k[5] + next_word(w, t + 5));
    mix(s->c, s->d, s->e, &s->f, s->g, s->h, s->a, &s->b, k[6] + next_word(w, t + 6));
    mix(s->b, s->c, s->d, &s->e, s->f, s->g, s->h, &s->a, k[7] + next_word(w, t + 7));
}

/* The first sixteen rounds take the words as they come. */
INLINE void
eight_first_rounds(struct words *s, const uint32_t k[8], uint32_t w[8], const uint8_t *p)
{
    mix(s->a, s->b, s->c, &s->d, s->e, s->f, s->g, &s->h, k[0] + (w[0] = load32(p)));
    mix(s->h, s->a, s->b, &s->c, s->d, s->e, s->f, &s->g, k[1] + (w[1] = load32(p + 4)));
    mix(s->g, s->h, s->a, &s->b, s->c, s->d, s->e, &s->f, k[2] + (w[2] = load32(p + 8)));
    mix(s->f, s->g, s->h, &s->a, s->b, s->c, s->d, &s->e, k[3] + (w[3] = load32(p + 12)));
    mix(s->e, s->f, s->g, &s->h, s->a, s->b, s->c, &s->d, k[4] + (w[4] = load32(p + 16)));
    mix(s->d, s->e, s->f, &s->g, s->h, s->a, s->b, &s->c, k[5] + (w[5] = load32(p + 20)));
    mix(s->c, s->d, s->e, &s->f, s->g, s->h, s->a, &s->b, k[6] + (w[6] = load32(p + 24)));
    mix(s->b, s->c, s->d, &s->e, s->f, s->g, s->h, &s->a, k[7] + (w[7] = load32(p + 28)));
}

static void
blocks(uint32_t state[8], const uint8_t *p, size_t n)
{
    struct words s = {state[0], state[1], state[2], state[3],
                      state[4], state[5], state[6], state[7]};
    uint32_t w[16];

    for (; n > 0; n--, p += BLOCK) {
        eight_first_rounds(&s, K, w, p);
        eight_first_rounds(&s, K + 8, w + 8, p + 32);
        for (unsigned t = 16; t < 64; t += 16) {
            eight_rounds(&s, K + t, w, 0);
            eight_rounds(&s, K + t + 8, w, 8);
        }
        s.a = state[0] += s.a;
        s.b = state[1] += s.b;
        s.c = state[2] += s.c;
        s.d = state[3] += s.d;
        s.e = state[4] += s.e;
        s.f = state[5] += s.f;
        s.g = state[6] += s.g;
        s.h = state[7] += s.h;
    }
}

void
sha256_init(struct sha256 *s)
{
    /* FIPS 180-4, 5.3.3: the fraction bits of the square roots of the first 8 primes. */
    *s = (struct sha256){.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                               0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void
sha256_add(struct sha256 *s, const void *data, size_t len)
{
    const uint8_t *p = data;
    size_t held = s->len % BLOCK;

    s->len += len;
    if (held != 0) {
        size_t n = len < BLOCK - held ? len : BLOCK - held;

        if (n != 0)
            memcpy(s->block + held, p, n);
        if (held + n < BLOCK)
            return;
        blocks(s->h, s->block, 1);
        p += n;
        len -= n;
    }
    if (len >= BLOCK) {
        blocks(s->h, p, len / BLOCK);
        p += len - len % BLOCK;
    }
    if (len % BLOCK != 0)
        memcpy(s->block, p, len % BLOCK);
}

struct hash
sha256_end(struct sha256 *s)
{
    struct hash ret;
    size_t held = s->len % BLOCK;

    s->block[held++] = 0x80;
    if (held > BLOCK - 8) {
        memset(s->block + held, 0, BLOCK - held);
        blocks(s->h, s->block, 1);
        held = 0;
    }
    memset(s->block + held, 0, BLOCK - 8 - held);
    store32(s->block + BLOCK - 8, (uint32_t)(s->len >> 29));
    store32(s->block + BLOCK - 4, (uint32_t)(s->len << 3));
    blocks(s->h, s->block, 1);
    for (size_t i = 0; i < 8; i++)
        store32(ret.b + 4 * i, s->h[i]);
    return ret;
}

struct hash
sha256_of(struct str s)
{
    struct sha256 ctx;

    sha256_init(&ctx);
    sha256_add(&ctx, s.ptr, s.len);
    return sha256_end(&ctx);
}

/* H((key ^ pad) || message) */
static struct hash
keyed(const uint8_t key[BLOCK], uint8_t pad, const void *message, size_t len)
{
    struct sha256 ctx;
    uint8_t block[BLOCK];

    for (unsigned i = 0; i < BLOCK; i++)
        block[i] = key[i] ^ pad;
    sha256_init(&ctx);
    sha256_add(&ctx, block, BLOCK);
    sha256_add(&ctx, message, len);
    return sha256_end(&ctx);
}

struct hash
hmac_sha256(struct str key, struct str message)
{
    uint8_t block[BLOCK] = {0};
    struct hash inner;

    if (key.len > BLOCK) {
        inner = sha256_of(key);
        memcpy(block, inner.b, sizeof inner.b);
    } else if (key.len != 0) {
        memcpy(block, key.ptr, key.len);
    }
    inner = keyed(block, 0x36, message.ptr, message.len);
    return keyed(block, 0x5c, inner.b, sizeof inner.b);
}
