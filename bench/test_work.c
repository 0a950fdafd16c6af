/* SPDX-License-Identifier: Apache-2.0 */
/* test_work.c -- how much is done for an entry, counted and not timed: test_work NINE.accord MANY.accord
 *
 * This program links an engine that counts the basic blocks it runs (-fsanitize-coverage=trace-pc), so the
 * same entries give the same number on every run. Work has to follow the instances that an entry changes.
 * It must not follow objects that stand by, clauses that are loaded, the length of the log, the width of a
 * window, or how much is overdue in one instant. The heap of timers is the one thing that may grow with all
 * that is open: by a step for each doubling. Timed, on larger numbers: tools/bench. */
#include "../test/tap.h"
#include "judge.h"

#include <inttypes.h>
#include <stdlib.h>

static uint64_t blocks;

void __sanitizer_cov_trace_pc(void);

void
__sanitizer_cov_trace_pc(void)
{
    blocks++;
}

enum { MINUTE = 60000, PROBES = 40, BESIDE = 150, CAPACITY = 1 << 17 };

struct asked { /* what stands before the probe */
    const char *text;
    bool wide;           /* windows of ten minutes are windows of a day */
    uint32_t standing;   /* vehicles, movements and incidents with something open */
    uint32_t before;     /* vehicles that came and went before, one after another */
    uint32_t overdue;    /* instead of a probe: so many limits pass in one instant */
};

struct work {
    double each;         /* blocks an entry, or a limit */
    struct seen seen;
};

static struct str
widened(struct bench *b, struct str s)
{
    static const char narrow[] = "last 10 minutes", wide[] = "last 24 hours  ";
    char *copy = NEW(&b->texts, s.len, char);

    if (copy == NULL)
        die(b, "memory", "no room for a text");
    memcpy(copy, s.ptr, s.len);
    for (size_t i = 0; i + sizeof narrow <= s.len; i++)
        if (memcmp(copy + i, narrow, sizeof narrow - 1) == 0)
            memcpy(copy + i, wide, sizeof wide - 1);
    return (struct str){copy, s.len};
}

/* They come in one minute, and nothing of theirs falls due in the next four. */
static void
make_standing(struct bench *b, int64_t when, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        int64_t at = when + (int64_t)i * MINUTE / n;

        day_add(b, "sighting.stop", at, "VZ", (uint32_t[]){1000000 + i, 1000000 + i / 2});
        day_add(b, "route.cleared", at, "M", (uint32_t[]){1000000 + i});
        day_add(b, "movement.departed", at, "M", (uint32_t[]){1000000 + i});
        day_add(b, "incident.reported", at, "I", (uint32_t[]){1000000 + i});
    }
}

/* The same vehicles and zones again and again. */
static void
make_before(struct bench *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        int64_t at = (int64_t)i * BESIDE;
        uint32_t names[] = {i % 1000, i * 7 % 100};

        day_add(b, "sighting.stop", at, "VZ", names);
        day_add(b, "sighting.cleared", at, "V", names);
        day_add(b, "sighting.left", at, "V", names);
    }
}

static void
make_probe(struct bench *b, int64_t when)
{
    for (uint32_t i = 0; i < PROBES; i++) {
        int64_t at = when + (int64_t)i * 1000;
        uint32_t names[] = {i, i % 8};

        day_add(b, "sighting.stop", at, "VZ", names);
        day_add(b, "incident.reported", at, "I", names);
        if (i % 4 != 0)
            day_add(b, "route.cleared", at, "M", names);
        day_add(b, "movement.departed", at, "M", names);
        day_add(b, "notice.given", at + 300, "I", names);
        day_add(b, "movement.checkin", at + 400, "M", names);
        day_add(b, "post.checkin", at + 500, "I", names);
        day_add(b, "movement.arrived", at + 600, "M", names);
        day_add(b, "sighting.cleared", at + 700, "V", names);
        day_add(b, "sighting.left", at + 800, "V", names);
    }
}

static struct work
measure(struct asked a)
{
    struct bench b = {.program = "test_work", .capacity = {CAPACITY, CAPACITY, CAPACITY, CAPACITY, CAPACITY, CAPACITY, CAPACITY, CAPACITY * 8}};
    struct work w = {0, {0, 0, 0, 0, 0}};
    char *path = (char *)(uintptr_t)a.text;
    int64_t begins = (int64_t)a.before * BESIDE;
    size_t first;

    texts_load(&b, &path, 1);
    if (a.wide)
        b.text[0].source = widened(&b, b.text[0].source);
    texts_understand(&b, &b.texts);
    day_make(&b, 4u * a.standing + 3u * a.before + 10u * PROBES + a.overdue);
    make_before(&b, a.before);
    make_standing(&b, begins, a.standing);
    for (uint32_t i = 0; i < a.overdue; i++)
        day_add(&b, "incident.reported", begins + MINUTE, "I", &i);
    first = b.day.n;
    if (a.overdue == 0)
        make_probe(&b, begins + MINUTE);
    engine_begin(&b, &b.day.symbols, see, &w.seen);
    judge_span(&b, 0, first);
    w.seen = (struct seen){0, 0, 0, 0, 0};
    blocks = 0;
    if (a.overdue != 0)
        engine_until(b.engine, engine_next(b.engine), b.place);
    else
        judge_span(&b, first, b.day.n);
    w.each = (double)blocks / (double)(a.overdue != 0 ? a.overdue : b.day.n - first);
    os_arena_free(&b.block);
    os_arena_free(&b.day.arena);
    os_arena_free(&b.texts);
    return w;
}

/* No more than `allowed` times the work; and the same verdicts with as much evidence. */
static void
compare(const char *what, struct asked less, struct asked more, double allowed, bool same_verdicts)
{
    struct work a = measure(less), b = measure(more);

    printf("# %s: %.0f blocks, then %.0f: %.3f times\n", what, a.each, b.each, b.each / a.each);
    OK(a.each > 0 && b.each <= a.each * allowed, "%s", what);
    if (same_verdicts)
        OK(a.seen.verdicts > 0 && a.seen.verdicts == b.seen.verdicts && a.seen.entries == b.seen.entries &&
           a.seen.claims == b.seen.claims && a.seen.others == b.seen.others, "%s: as many verdicts, entries and claims", what);
}

int
main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: test_work NINE.accord MANY.accord\n", stderr);
        return 2;
    }
    const char *nine = argv[1], *many = argv[2];
    compare("ten times as many objects stand by", (struct asked){.text = nine, .standing = 100},
            (struct asked){.text = nine, .standing = 1000}, 1.1, true);
    compare("a hundred times as many", (struct asked){.text = nine, .standing = 100},
            (struct asked){.text = nine, .standing = 10000}, 1.15, true);
    compare("64 clauses are loaded, not nine", (struct asked){.text = nine, .standing = 100},
            (struct asked){.text = many, .standing = 100}, 1.02, true);
    compare("the log is ten times as long", (struct asked){.text = nine, .before = 6000},
            (struct asked){.text = nine, .before = 60000}, 1.02, true);
    compare("a window of a day, not of ten minutes", (struct asked){.text = nine, .before = 60000},
            (struct asked){.text = nine, .before = 60000, .wide = true}, 1.1, true);
    compare("a window of a day, and ten times as much in it", (struct asked){.text = nine, .before = 6000, .wide = true},
            (struct asked){.text = nine, .before = 60000, .wide = true}, 1.02, true);
    compare("ten times as many limits pass in one instant", (struct asked){.text = nine, .overdue = 1000},
            (struct asked){.text = nine, .overdue = 10000}, 1.15, false);
    return tap_end();
}
