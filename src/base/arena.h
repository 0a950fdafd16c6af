/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h -- memory by lifetime: taken piece by piece, given back all at once.
 *
 * The caller owns the block and its size; an arena never grows. Pieces are
 * zeroed. Under AddressSanitizer 16 poisoned bytes stand before and after each
 * piece and what is given back is poisoned, so that an overrun or a late use
 * inside the block is seen. A block that goes back to the stack or the heap
 * before the process ends must be released with arena_end() first. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdalign.h>
#include "base/str.h"

struct arena {
    unsigned char *base;
    size_t size, used, peak;
    bool clean; /* the block began as zeros: what was never used need not be cleared */
};

void arena_init(struct arena *a, void *block, size_t size);

/* n pieces of `size` bytes aligned to `align`, a power of two; NULL when the block is full.
 * No pieces, or pieces of no size, are a place in the block and not NULL. */
void *arena_take(struct arena *a, size_t n, size_t size, size_t align);

/* Gives back everything taken since `used` was `mark`. */
void arena_back(struct arena *a, size_t mark);

/* The arena is no more, and its block is the caller's again, to be used or released. */
void arena_end(struct arena *a);

/* A copy of `s` inside the arena; ptr is NULL when the block is full. */
struct str arena_str(struct arena *a, struct str s);

#define NEW(a, n, T) ((T *)arena_take((a), (n), sizeof(T), alignof(T)))
#endif
