/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing; at most half of the slots are ever taken, and only what came
 * last is taken out, so no other name's way is broken. The hash is FNV-1a (Fowler, Noll, Vo; 64 bits,
 * folded), byte by byte, so that every machine fills the same slots and a hash over the arrays is the
 * same everywhere. */
#include "event/symbols.h"

enum { SYMBOLS_CAP = 1 << 28 };

bool
symbols_init(struct symbols *s, struct arena *arena, uint32_t cap, uint32_t bytes)
{
    struct symbols n = {.cap = cap + 1, .n = 1, .bytes_cap = bytes, .nslots = 4};

    if (cap > SYMBOLS_CAP)
        return false;
    while (n.nslots < 2 * n.cap)
        n.nslots *= 2;
    n.start = NEW(arena, n.cap + 1, uint32_t);
    n.slot = NEW(arena, n.nslots, uint32_t);
    n.text = NEW(arena, bytes, char);
    if (n.start == NULL || n.slot == NULL || n.text == NULL)
        return false;
    *s = n;
    return true;
}

static uint32_t
hash_of(struct str name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(h ^ h >> 32);
}

/* The slot that holds the name, or the empty one where it would go. */
static uint32_t
slot_of(const struct symbols *s, struct str name)
{
    uint32_t at = hash_of(name) & (s->nslots - 1);

    while (s->slot[at] != 0 && !str_eq(symbol_name(s, s->slot[at] - 1), name))
        at = (at + 1) & (s->nslots - 1);
    return at;
}

uint32_t
symbol(struct symbols *s, struct str name)
{
    uint32_t at;

    if (name.len == 0)
        return 0;
    at = slot_of(s, name);
    if (s->slot[at] != 0)
        return s->slot[at] - 1;
    if (s->n == s->cap || name.len > SYMBOL_MAX || name.len > s->bytes_cap - s->bytes)
        return UINT32_MAX;
    memcpy(s->text + s->bytes, name.ptr, name.len);
    s->bytes += (uint32_t)name.len;
    s->slot[at] = s->n + 1;
    s->start[s->n + 1] = s->bytes;
    return s->n++;
}

uint32_t
symbol_find(const struct symbols *s, struct str name)
{
    return name.len == 0 ? 0 : s->slot[slot_of(s, name)] - 1; /* 0 - 1 is UINT32_MAX */
}

struct str
symbol_name(const struct symbols *s, uint32_t number)
{
    if (number >= s->n)
        return STR("");
    return (struct str){s->text + s->start[number], s->start[number + 1] - s->start[number]};
}

/* The newest first: no name that stays was put further on because of it. */
void
symbols_back(struct symbols *s, uint32_t n)
{
    while (s->n > n && s->n > 1) {
        struct str name = symbol_name(s, s->n - 1);

        s->slot[slot_of(s, name)] = 0;
        s->start[s->n--] = 0;
        s->bytes = s->start[s->n];
        memset(s->text + s->bytes, 0, name.len); /* as if it had never come */
    }
}
