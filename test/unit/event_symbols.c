/* SPDX-License-Identifier: Apache-2.0 */
#include "event/symbols.h"

#include "os/memory.h"
#include "tap.h"

enum { BLOCK = 1 << 22 };

static struct arena arena;

static struct str
name_of(unsigned n)
{
    static char bytes[32];
    struct buf b = buf_of(bytes, sizeof bytes);

    put_s(&b, "name-");
    put_u(&b, n * 2654435761u);
    return buf_str(&b);
}

static void
test_few(void)
{
    struct symbols s;
    char long_name[SYMBOL_MAX + 1];

    memset(long_name, 'x', sizeof long_name);
    if (!OK(symbols_init(&s, &arena, 3, 300), "room for three names"))
        return;
    OK(symbol_find(&s, STR("")) == 0 && symbol(&s, STR("")) == 0 && symbol_name(&s, 0).len == 0, "0 is the empty name");
    OK(symbol_find(&s, STR("a")) == UINT32_MAX, "a name nobody has said");
    OK(symbol(&s, STR("a")) == 1 && symbol(&s, STR("b")) == 2, "numbers rise");
    OK(symbol(&s, STR("a")) == 1 && symbol_find(&s, STR("b")) == 2, "and stay");
    OK(symbol(&s, (struct str){long_name, SYMBOL_MAX + 1}) == UINT32_MAX, "a name of 257 bytes");
    OK(symbol(&s, (struct str){long_name, SYMBOL_MAX}) == 3, "a name of 256 bytes");
    OK(symbol(&s, STR("c")) == UINT32_MAX && symbol_find(&s, STR("c")) == UINT32_MAX, "the table is full");
    OK(symbol(&s, STR("b")) == 2 && symbol_find(&s, STR("a")) == 1 && s.n == 4, "what it has it keeps");
    OK(str_eq(symbol_name(&s, 2), STR("b")) && symbol_name(&s, 3).len == SYMBOL_MAX, "names by number");
    OK(symbol_name(&s, 4).len == 0 && symbol_name(&s, UINT32_MAX).len == 0, "a number nobody has");
}

static void
test_bytes(void)
{
    struct symbols s;

    if (!OK(symbols_init(&s, &arena, 10, 5), "room for five bytes"))
        return;
    OK(symbol(&s, STR("abc")) == 1 && symbol(&s, STR("def")) == UINT32_MAX && symbol(&s, STR("de")) == 2,
       "a name that does not fit, one that does");
    OK(symbol(&s, STR("f")) == UINT32_MAX && symbol(&s, STR("")) == 0, "no byte is left");
    OK(symbol(&s, (struct str){"de\0", 3}) == UINT32_MAX && symbol(&s, STR("abc")) == 1, "a NUL counts as any byte");
}

static void
test_none(void)
{
    struct symbols s;
    struct arena small;
    char block[64];

    OK(symbols_init(&s, &arena, 0, 0) && symbol(&s, STR("")) == 0 && symbol(&s, STR("a")) == UINT32_MAX,
       "no room at all");
    arena_init(&small, block, sizeof block);
    OK(!symbols_init(&s, &small, 100, 100), "an arena that is too small");
    OK(!symbols_init(&s, &arena, UINT32_MAX, 1) && !symbols_init(&s, &arena, (1u << 28) + 1, 1), "more than can be");
    arena_end(&small);
}

static bool
same(const struct symbols *a, const struct symbols *b)
{
    return a->n == b->n && a->bytes == b->bytes && memcmp(a->start, b->start, (a->cap + 1) * sizeof *a->start) == 0 &&
           memcmp(a->slot, b->slot, a->nslots * sizeof *a->slot) == 0 && memcmp(a->text, b->text, a->bytes_cap) == 0;
}

static void
test_many(void)
{
    enum { MANY = 20000 };
    struct symbols a, b;
    unsigned good = 0, found = 0;

    if (!OK(symbols_init(&a, &arena, MANY, MANY * 16) && symbols_init(&b, &arena, MANY, MANY * 16), "two large tables"))
        return;
    for (unsigned i = 1; i <= MANY; i++)
        good += symbol(&a, name_of(i)) == i && symbol(&b, name_of(i)) == i && symbol(&b, name_of(i / 2 + 1)) <= i;
    for (unsigned i = 1; i <= MANY; i++)
        found += symbol_find(&a, name_of(i)) == i && str_eq(symbol_name(&a, i), name_of(i));
    OK(good == MANY && found == MANY, "%u names, each found again", found);
    OK(same(&a, &b), "the same names in the same order are the same bytes");
    OK(symbol(&a, STR("one more")) == UINT32_MAX, "one more does not fit");
}

/* Taking back what came last leaves the table as it was before. */
static void
test_back(void)
{
    enum { MANY = 200 };
    struct symbols a, b;
    unsigned good = 0;

    if (!OK(symbols_init(&a, &arena, MANY, MANY * 16) && symbols_init(&b, &arena, MANY, MANY * 16), "two tables"))
        return;
    for (unsigned i = 1; i <= MANY; i++) {
        for (unsigned k = 0; k < i % 7 && a.n + k <= MANY; k++)
            (void)symbol(&a, name_of(1000 * i + k));
        symbols_back(&a, i);
        good += same(&a, &b) && symbol(&a, name_of(i)) == i && symbol(&b, name_of(i)) == i;
    }
    OK(good == MANY, "%u times names came and were taken back", good);
    symbols_back(&a, 0);
    OK(a.n == 1 && a.bytes == 0 && symbol(&a, STR("")) == 0 && symbol(&a, STR("a")) == 1, "all but the empty name");
}

int
main(void)
{
    struct diag d;

    if (OK(os_arena_init(&arena, BLOCK, &d) == ST_OK, "memory")) {
        test_few();
        test_bytes();
        test_none();
        test_many();
        test_back();
    }
    return tap_end();
}
