/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <sys/wait.h>
#include <unistd.h>
#include "rng.h"
#include "tap.h"

static alignas(64) unsigned char block[4096];

static bool
all_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0)
            return false;
    }
    return true;
}

static void
test_pieces(void)
{
    struct arena a;
    uint64_t *n;
    char *c;

    memset(block, 0xff, sizeof block);
    arena_init(&a, block, sizeof block);
    c = NEW(&a, 3, char);
    n = NEW(&a, 4, uint64_t);
    OK(c != NULL && n != NULL, "two pieces fit");
    OK((uintptr_t)n % alignof(uint64_t) == 0, "a piece is aligned");
    OK((char *)n >= c + 3, "pieces do not overlap");
    OK(all_zero((unsigned char *)c, 3) && all_zero((unsigned char *)n, 32),
       "pieces are zeroed");
    OK(NEW(&a, 0, uint64_t) != NULL, "no pieces are a place, not NULL");
    OK(((uintptr_t)arena_take(&a, 1, 1, 64)) % 64 == 0, "an alignment of 64");
    arena_end(&a);
    OK(a.base == NULL && NEW(&a, 1, char) == NULL, "an ended arena gives nothing");
}

static void
test_full(void)
{
    struct arena a;
    size_t used;

    arena_init(&a, block, 100);
    OK(NEW(&a, 101, char) == NULL, "more than there is");
    OK(NEW(&a, SIZE_MAX / 2, uint64_t) == NULL, "a product that wraps round");
    OK(NEW(&a, SIZE_MAX, char) == NULL, "everything there could be");
    OK(a.used == 0 && a.peak == 0, "a refusal takes nothing");
    OK(NEW(&a, 60, char) != NULL, "what fits");
    used = a.used;
    OK(NEW(&a, 60, char) == NULL && a.used == used, "what no longer fits");
    OK(arena_str(&a, (struct str){(char *)block, 100}).ptr == NULL, "nor a string");
    arena_end(&a);
}

static void
test_back(void)
{
    struct arena a;
    size_t mark, peak;
    struct str s;
    char *p;

    arena_init(&a, block, sizeof block);
    s = arena_str(&a, STR("kept"));
    mark = a.used;
    p = NEW(&a, 100, char);
    memset(p, 'x', 100);
    peak = a.peak;
    arena_back(&a, mark);
    OK(a.used == mark && a.peak == peak, "given back, and the peak stays");
    OK(all_zero((unsigned char *)NEW(&a, 100, char), 100),
       "what is taken again is zero again");
    OK(str_eq(s, STR("kept")), "what came before stays");
    s = arena_str(&a, (struct str){NULL, 0});
    OK(s.ptr != NULL && s.len == 0, "an empty string is not NULL");
    arena_end(&a);
}

/* However it is asked, no two pieces overlap and none leaves the block. */
static bool
pieces_apart(uint64_t seed)
{
    struct rng r = {seed};
    struct arena a;
    unsigned char *last_end = block;

    arena_init(&a, block, sizeof block);
    for (;;) {
        size_t n = (size_t)rng_below(&r, 20), size = (size_t)rng_below(&r, 20);
        size_t align = (size_t)1 << rng_below(&r, 6);
        unsigned char *p = arena_take(&a, n, size, align);

        if (p == NULL)
            break;
        if (p < last_end || p + n * size > block + sizeof block ||
            (uintptr_t)p % align != 0)
            return false;
        memset(p, 0xff, n * size);
        last_end = p + n * size;
    }
    arena_end(&a);
    return true;
}

/* Whether a child that writes the byte at `p` dies of it. */
static bool
fatal(volatile char *p)
{
    int how = 0;
    pid_t child = fork();

    if (child == 0) {
        close(STDERR_FILENO);
        *p = 'x';
        _exit(0);
    }
    waitpid(child, &how, 0);
    return !WIFEXITED(how) || WEXITSTATUS(how) != 0;
}

/* An overrun inside the block, and a use after it was given back, under AddressSanitizer.
 */
static void
test_poison(void)
{
    struct arena a;
    char *first, *second;
    size_t mark;

    arena_init(&a, block, sizeof block);
    first = NEW(&a, 24, char);
    mark = a.used;
    second = NEW(&a, 24, char);
    if (second == first + 24) {
        tap_skip("poison", "built without AddressSanitizer");
    } else {
        OK(!fatal(first) && !fatal(first + 23) && !fatal(second + 23),
           "pieces may be written");
        OK(fatal(first + 24) && fatal(second - 1), "the bytes between them may not");
        OK(fatal(second + 24), "nor what is after the last");
        arena_back(&a, mark);
        OK(fatal(second) && !fatal(first), "nor what was given back");
    }
    arena_end(&a);
    OK(!fatal((char *)block) && !fatal((char *)block + 30),
       "but all of it once the arena has ended");
}

int
main(void)
{
    test_pieces();
    test_poison();
    test_full();
    test_back();
    for (uint64_t seed = 1; seed <= 20; seed++)
        OK(pieces_apart(seed), "pieces lie apart, seed %d", (int)seed);
    return tap_end();
}
