/* SPDX-License-Identifier: Apache-2.0 */
/* engine_nine.c -- the engine on the nine clauses of nine.accord, or on any text over the same day.
 *
 *     engine_nine counts  TEXT... DAY      met, breached and pending, as `ceiling_nine --counts` prints them
 *     engine_nine rates   TEXT... DAY      entries a second, decoded and from lines; what was said
 *     engine_nine sizes   TEXT... DAY      bytes: of the pools at their fullest, of one duty, of evidence
 *     engine_nine steps   TEXT... DAY      nanoseconds of single steps: median, 99 of 100, the longest
 *     engine_nine compile TEXT...          seconds to read and understand the texts, and to hash their bytes
 *     engine_nine live    TEXT... N        entries a second while N vehicles stand by; bytes for each of them
 *     engine_nine instant TEXT... N        seconds of the instant at which N incidents are overdue
 *
 * Every command prints numbers by name, one a line; tools/bench holds them against each other. Each is
 * measured once: tools/bench repeats the program, in turn with what it is held against. judge.h says what is
 * timed. Not timed: reading a day into entries, whose names are numbers by then, and taking the engine's
 * memory. From lines, reading and naming are timed too. */
#include "judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FRESH_GIB = 2, COMPILED = 9 };

/* rates ---------------------------------------------------------------------------------------- */

static double
time_decoded(struct bench *b, struct seen *seen)
{
    double from;

    *seen = (struct seen){0};
    symbols_back(&b->day.symbols, b->day.symbols.n);
    engine_begin(b, &b->day.symbols, see, seen);
    from = seconds();
    judge_span(b, 0, b->day.n);
    return seconds() - from;
}

static double
time_lines(struct bench *b, struct seen *seen)
{
    struct arena arena;
    struct symbols symbols;
    struct str rest = b->day.file;
    double from, took;

    block_take(b, &arena, FRESH_GIB);
    symbols_take(b, &symbols, &arena);
    *seen = (struct seen){0};
    engine_begin(b, &symbols, see, seen);
    (void)next_line(&rest);
    from = seconds();
    while (rest.len > 0) {
        struct entry entry;

        entry_read(b, &symbols, next_line(&rest), &entry);
        judge_entry(b, &entry);
    }
    took = seconds() - from;
    os_arena_free(&arena);
    return took;
}

static void
rates(struct bench *b)
{
    struct seen decoded, lines;
    double n = (double)b->day.n;

    printf("nine %.0f\n", n / time_decoded(b, &decoded));
    printf("lines %.0f\n", n / time_lines(b, &lines));
    if (memcmp(&decoded, &lines, sizeof decoded) != 0)
        die(b, "bug", "entries and lines were judged differently");
    printf("entries %zu\nticks %" PRIu64 "\nverdicts %" PRIu64 "\nevidence.entries %" PRIu64 "\nevidence.claims %" PRIu64
           "\nother.outputs %" PRIu64 "\n", b->day.n, b->ticks, decoded.verdicts, decoded.entries, decoded.claims,
           decoded.others);
}

/* counts: by the last that was said of each verdict -------------------------------------------- */

struct last {
    uint32_t name; /* sentence * 2 + otherwise, plus 1; 0 = nobody */
    uint32_t nth;
    uint64_t opened;
    uint8_t value;
};

struct lasts {
    struct last *slot;
    size_t cap, n;
};

static struct last *
last_find(const struct lasts *l, uint32_t name, uint64_t opened, uint32_t nth)
{
    uint64_t h = (opened * 64 + name) * UINT64_C(0x9e3779b97f4a7c15) + nth;
    size_t at = (h ^ h >> 32) & (l->cap - 1);

    while (l->slot[at].name != 0 &&
           !(l->slot[at].name == name && l->slot[at].opened == opened && l->slot[at].nth == nth))
        at = (at + 1) & (l->cap - 1);
    return &l->slot[at];
}

static void
lasts_grow(struct lasts *l)
{
    struct lasts more = {.cap = l->cap == 0 ? 1 << 16 : l->cap * 2, .n = l->n};

    more.slot = calloc(more.cap, sizeof *more.slot);
    if (more.slot == NULL)
        abort();
    for (size_t i = 0; i < l->cap; i++)
        if (l->slot[i].name != 0)
            *last_find(&more, l->slot[i].name, l->slot[i].opened, l->slot[i].nth) = l->slot[i];
    free(l->slot);
    *l = more;
}

static void
note_last(void *context, const struct out *o)
{
    struct lasts *l = context;
    struct last *last;
    uint32_t name;

    if (o->type != OUT_VERDICT)
        return;
    if (l->n * 2 >= l->cap)
        lasts_grow(l);
    name = o->verdict->sentence * 2 + o->verdict->otherwise + 1;
    last = last_find(l, name, o->verdict->opened, o->verdict->nth);
    l->n += last->name == 0;
    *last = (struct last){name, o->verdict->nth, o->verdict->opened, o->verdict->value};
}

static void
show_counts(const struct bench *b, uint32_t name, const struct lasts *l)
{
    uint64_t count[V_UNKNOWN + 1] = {0};
    const struct sentence *s = &b->p->sentences[name / 2];

    for (size_t i = 0; i < l->cap; i++)
        if (l->slot[i].name == name + 1)
            count[l->slot[i].value]++;
    printf("%.*s%s met %" PRIu64 " breached %" PRIu64 " pending %" PRIu64 "\n", STR_FMT(s->id),
           name % 2 == 0 ? "" : ".otherwise", count[V_MET], count[V_BREACHED],
           count[V_PENDING] + count[V_UNKNOWN] + count[V_MARGINAL]);
}

static void
counts(struct bench *b)
{
    struct lasts l = {0};

    lasts_grow(&l);
    engine_begin(b, &b->day.symbols, note_last, &l);
    judge_span(b, 0, b->day.n);
    for (uint32_t i = 0; i < b->p->nsentences * 2; i++)
        if (b->p->sentences[i / 2].in_force && (i % 2 == 0 || b->p->sentences[i / 2].has_otherwise))
            show_counts(b, i, &l);
    free(l.slot);
}

/* sizes ---------------------------------------------------------------------------------------- */

/* A pool's n is how many places it has ever needed at once, so this is the engine at its fullest. */
static void
sizes(struct bench *b)
{
    struct seen seen;
    const struct engine *e;
    size_t bytes = 0;

    (void)time_decoded(b, &seen);
    e = b->engine;
#define POOL(name, pool, at) \
    printf("pool." name " %u of %zu\n", (pool).n - 1, sizeof *(at)); \
    bytes += ((pool).n - 1) * sizeof *(at)
    POOL("rows", e->s.rows, e->s.row);
    POOL("links", e->s.links, e->s.link);
    POOL("buckets", e->s.buckets, e->s.bucket);
    POOL("edges", e->s.edges, e->s.edge);
    POOL("stamps", e->s.stamps, e->s.stamp);
    POOL("cells", e->cells, e->cell);
    POOL("duties", e->duties, e->duty);
    POOL("waits", e->waits, e->wait);
    POOL("proofs", e->proofs, e->proof);
    POOL("happenings", e->happenings, e->happening);
    POOL("cases", e->kases, e->kase);
#undef POOL
    bytes += e->symbols->n * sizeof *e->s.source + e->cells.n * sizeof *e->heap;
    printf("pools.bytes %zu\nfile.bytes %zu\nrows.live %u\nduties.live %u\n", bytes, b->day.file.len, e->s.rows.live,
           e->duties.live);
    printf("duty.bytes %zu\n", sizeof(struct duty) + sizeof(struct wait) + sizeof(struct cell) + sizeof(cell_id));
    printf("evidence.bytes.per.verdict %.1f\n",
           (double)(seen.entries * sizeof(uint64_t) + seen.claims * sizeof(struct claim)) / (double)seen.verdicts);
}

/* single steps --------------------------------------------------------------------------------- */

static int
by_length(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int64_t
nanoseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t); /* the process's own clock is a system call, as long as a step */
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
steps(struct bench *b)
{
    struct seen seen = {0};
    uint32_t *ns = calloc(b->day.n, sizeof *ns);
    int64_t from, to;

    if (ns == NULL)
        die(b, "memory", "no room for the steps");
    engine_begin(b, &b->day.symbols, see, &seen);
    from = nanoseconds();
    for (size_t i = 0; i < b->day.n; i++, from = to) {
        judge_entry(b, &b->day.entry[i]);
        to = nanoseconds();
        ns[i] = to - from > UINT32_MAX ? UINT32_MAX : (uint32_t)(to - from);
    }
    qsort(ns, b->day.n, sizeof *ns, by_length);
    printf("p50 %u\np99 %u\nlongest %u\n", ns[b->day.n / 2], ns[b->day.n / 100 * 99], ns[b->day.n - 1]);
    free(ns);
}

/* compiling ------------------------------------------------------------------------------------ */

static int
by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void
compile(struct bench *b)
{
    struct hash hash = {{0}};
    double understood[COMPILED], hashed[COMPILED], from;
    size_t bytes = 0;

    for (unsigned k = 0; k < COMPILED; k++) {
        struct arena fresh;

        block_take(b, &fresh, FRESH_GIB);
        from = seconds();
        texts_understand(b, &fresh);
        understood[k] = seconds() - from;
        from = seconds();
        for (uint32_t i = 0; i < b->ntexts; i++)
            hash = sha256_of(b->text[i].source);
        hashed[k] = seconds() - from;
        if (k + 1 < COMPILED)
            os_arena_free(&fresh);
    }
    for (uint32_t i = 0; i < b->ntexts; i++)
        bytes += b->text[i].source.len;
    qsort(understood, COMPILED, sizeof *understood, by_value);
    qsort(hashed, COMPILED, sizeof *hashed, by_value);
    printf("clauses %u\nsentences %u\nbytes %zu\nunderstood %.9f\nhashed %.9f\nhash %u\n", b->p->nclauses,
           b->p->nsentences, bytes, understood[COMPILED / 2], hashed[COMPILED / 2], hash.b[0]);
}

/* many objects --------------------------------------------------------------------------------- */

/* Vehicles stand, each in its own zone, and stay; then others come, are cleared and go, as on a day. */
enum { TRAFFIC = 66000, TRAFFIC_VEHICLES = 20000, TRAFFIC_ZONES = 2000, CLEARED_AFTER = 4000, GONE_AFTER = 8000,
       TRAFFIC_BEGINS = 60000, TRAFFIC_TAKES = 480000 };

static size_t
resident(const struct bench *b)
{
    FILE *f = fopen("/proc/self/statm", "r");
    size_t all, pages = 0;

    if (f == NULL || fscanf(f, "%zu %zu", &all, &pages) != 2)
        die(b, "/proc/self/statm", "cannot be read");
    fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void
make_traffic(struct bench *b, uint32_t first)
{
    for (uint32_t i = 0; i < TRAFFIC + GONE_AFTER; i++) {
        int64_t when = TRAFFIC_BEGINS + (int64_t)i * TRAFFIC_TAKES / (TRAFFIC + GONE_AFTER);
        uint32_t names[] = {first + i % TRAFFIC_VEHICLES, i * 7919 % TRAFFIC_ZONES};

        if (i < TRAFFIC)
            day_add(b, "sighting.stop", when, "VZ", names);
        names[0] = first + (i + TRAFFIC_VEHICLES - CLEARED_AFTER) % TRAFFIC_VEHICLES;
        if (i >= CLEARED_AFTER && i < TRAFFIC + CLEARED_AFTER)
            day_add(b, "sighting.cleared", when, "V", names);
        names[0] = first + (i + TRAFFIC_VEHICLES - GONE_AFTER) % TRAFFIC_VEHICLES;
        if (i >= GONE_AFTER)
            day_add(b, "sighting.left", when, "V", names);
    }
}

static uint32_t
above(uint32_t least, uint64_t n)
{
    return n < least ? least : (uint32_t)n;
}

static void
live(struct bench *b, uint32_t n)
{
    struct capacity few = b->capacity;
    struct seen seen = {0};
    size_t before, after;
    double from;

    /* Room for all of them; what is not touched costs nothing. */
    b->capacity = (struct capacity){.rows = above(few.rows, n * 8ull), .stamps = above(few.stamps, n * 2ull),
                                    .edges = above(few.edges, n * 8ull), .cells = above(few.cells, n * 2ull),
                                    .duties = above(few.duties, n * 2ull), .proofs = above(few.proofs, n * 8ull),
                                    .symbols = above(few.symbols, n * 3ull), .symbol_bytes = above(few.symbol_bytes, n * 32ull)};
    day_make(b, n + 3 * (size_t)TRAFFIC);
    for (uint32_t i = 0; i < n; i++)
        day_add(b, "sighting.stop", (int64_t)i * TRAFFIC_BEGINS / n, "VY", (uint32_t[]){i, i});
    make_traffic(b, n);
    engine_begin(b, &b->day.symbols, see, &seen);
    before = resident(b);
    from = seconds();
    judge_span(b, 0, n);
    printf("arrive %.0f\n", n / (seconds() - from));
    after = resident(b);
    from = seconds();
    judge_span(b, n, b->day.n);
    printf("live %.0f\n", (double)(b->day.n - n) / (seconds() - from));
    printf("resident %zu\nduties %u\n", after - before, engine_use(b->engine).duties);
}

static void
instant(struct bench *b, uint32_t n)
{
    struct seen seen = {0};
    uint64_t verdicts;
    double from, took;
    int64_t due;

    day_make(b, n);
    for (uint32_t i = 0; i < n; i++)
        day_add(b, "incident.reported", 60000, "I", &i);
    engine_begin(b, &b->day.symbols, see, &seen);
    judge_span(b, 0, n);
    due = engine_next(b->engine);
    verdicts = seen.verdicts;
    from = seconds();
    engine_until(b->engine, due, b->place++);
    took = seconds() - from;
    printf("instant %.9f\noverdue %" PRIu64 "\n", took, seen.verdicts - verdicts);
}

/* the program ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*day)(struct bench *b);
    void (*made)(struct bench *b, uint32_t n);
} commands[] = {{"counts", counts, NULL}, {"rates", rates, NULL}, {"sizes", sizes, NULL}, {"steps", steps, NULL},
                {"live", NULL, live}, {"instant", NULL, instant}};

int
main(int argc, char **argv)
{
    static struct bench b = {.program = "engine_nine"};

    b.capacity = capacity_default;
    if (argc >= 3 && strcmp(argv[1], "compile") == 0) {
        texts_load(&b, argv + 2, argc - 2);
        compile(&b);
        return 0;
    }
    for (size_t i = 0; argc >= 4 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        texts_load(&b, argv + 2, argc - 3);
        texts_understand(&b, &b.texts);
        if (commands[i].made != NULL) {
            commands[i].made(&b, (uint32_t)strtoul(argv[argc - 1], NULL, 10));
            return 0;
        }
        day_read(&b, argv[argc - 1]);
        commands[i].day(&b);
        return 0;
    }
    fputs("usage: engine_nine counts|rates|sizes|steps TEXT... DAY, compile TEXT..., live|instant TEXT... N\n", stderr);
    return 2;
}
