/* SPDX-License-Identifier: Apache-2.0 */
/* rng.h -- the same numbers for the same seed, everywhere (splitmix64: Steele, Lea and Flood 2014). */
#ifndef TEST_RNG_H
#define TEST_RNG_H
#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint64_t
rng_next(struct rng *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* From 0 to n - 1. */
static inline uint64_t
rng_below(struct rng *r, uint64_t n)
{
    return rng_next(r) % n;
}
#endif
