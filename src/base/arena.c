/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/status.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#endif

#ifdef ARENA_POISON
/* From <sanitizer/asan_interface.h>, which a pure folder does not include. */
void __asan_poison_memory_region(const volatile void *at, size_t size);
void __asan_unpoison_memory_region(const volatile void *at, size_t size);

enum { GAP = 16 };

/* The bytes after a piece: a gap, or as much as there is room for. */
static void
poison_gap(const unsigned char *at, size_t room)
{
    __asan_poison_memory_region(at, room < GAP ? room : GAP);
}

static void
poison(const unsigned char *at, size_t size)
{
    __asan_poison_memory_region(at, size);
}

static void
unpoison(const unsigned char *at, size_t size)
{
    __asan_unpoison_memory_region(at, size);
}
#else
enum { GAP = 0 };

static void
poison_gap(const unsigned char *at, size_t room)
{
    (void)at;
    (void)room;
}

static void
poison(const unsigned char *at, size_t size)
{
    (void)at;
    (void)size;
}

static void
unpoison(const unsigned char *at, size_t size)
{
    (void)at;
    (void)size;
}
#endif

void
arena_init(struct arena *a, void *block, size_t size)
{
    *a = (struct arena){.base = block, .size = size};
}

/* Zeroes a piece: all of it, or of a block that began as zeros only what has been used before. */
static void *
clear(struct arena *a, unsigned char *piece, size_t bytes)
{
    unsigned char *used_end = a->base + a->peak;
    size_t dirty = !a->clean ? bytes : piece >= used_end ? 0 : (size_t)(used_end - piece);

    memset(piece, 0, dirty < bytes ? dirty : bytes);
    if (a->peak < a->used)
        a->peak = a->used;
    return piece;
}

void *
arena_take(struct arena *a, size_t n, size_t size, size_t align)
{
    ENSURE(align != 0 && (align & (align - 1)) == 0);
    if (a->base == NULL)
        return NULL;

    size_t room = a->size - a->used;
    uintptr_t top = (uintptr_t)(a->base + a->used);
    size_t pad = (size_t)(-(top + GAP) & (align - 1)) + GAP;

    if (pad > room || (size != 0 && n > (room - pad) / size))
        return NULL;

    unsigned char *piece = a->base + a->used + pad;
    size_t bytes = n * size;

    poison(a->base + a->used, pad);
    unpoison(piece, bytes);
    a->used += pad + bytes;
    poison_gap(a->base + a->used, room - pad - bytes);
    return clear(a, piece, bytes);
}

void
arena_back(struct arena *a, size_t mark)
{
    ENSURE(mark <= a->used);
    if (mark == a->used)
        return; /* of an arena without memory, too */
    poison(a->base + mark, a->used - mark);
    a->used = mark;
}

void
arena_end(struct arena *a)
{
    size_t end = a->peak + GAP; /* beyond that, nothing was poisoned */

    unpoison(a->base, end < a->size ? end : a->size);
    *a = (struct arena){0};
}

struct str
arena_str(struct arena *a, struct str s)
{
    char *copy = arena_take(a, s.len, 1, 1);

    if (copy == NULL)
        return (struct str){NULL, 0};
    if (s.len != 0)
        memcpy(copy, s.ptr, s.len);
    return (struct str){copy, s.len};
}
