/* SPDX-License-Identifier: Apache-2.0 */
/* symbols.h -- names of things as small numbers, in the order they were first seen.
 *
 * Fixed capacity; everything lies in arrays the caller gives, without pointers
 * between them, so a copy is a snapshot and one pass hashes it. Number 0 is the
 * empty name. The same names in the same order give the same numbers. */
#ifndef EVENT_SYMBOLS_H
#define EVENT_SYMBOLS_H
#include "base/arena.h"
#include "base/status.h"

enum { SYMBOL_MAX = 256 }; /* bytes of one name */

struct symbols {
    uint32_t cap, n;         /* names, the empty one among them */
    uint32_t bytes_cap, bytes; /* their text */
    uint32_t nslots;         /* of the hash table, a power of two */
    uint32_t *start;         /* n + 1 places in text */
    uint32_t *slot;          /* number + 1, or 0 */
    char *text;
};

/* Room for `cap` names of `bytes` bytes together; false when the arena is full. */
CHECKED bool symbols_init(struct symbols *s, struct arena *arena, uint32_t cap, uint32_t bytes);

/* The number of a name, made when it is new. UINT32_MAX when the table is full or the name too long. */
uint32_t symbol(struct symbols *s, struct str name);
/* The number of a name that is known, or UINT32_MAX. */
uint32_t symbol_find(const struct symbols *s, struct str name);
struct str symbol_name(const struct symbols *s, uint32_t number);
/* Forgets every name from number `n` on: what an offer that was refused had brought. */
void symbols_back(struct symbols *s, uint32_t n);
#endif
