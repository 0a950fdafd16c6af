/* SPDX-License-Identifier: Apache-2.0 */
/* engine_nine.c -- the engine on the nine clauses of nine.accord, or on any text over the same day.
 *
 *     engine_nine counts  TEXT... DAY      met, breached and pending, as `ceiling_nine --counts` prints them
 *     engine_nine rates   TEXT... DAY      one repetition each: entries a second, decoded and from lines
 *     engine_nine sizes   TEXT... DAY      bytes: of the pools at their fullest, of one duty, of evidence
 *     engine_nine steps   TEXT... DAY      nanoseconds of single steps: median, 99 of 100, the longest
 *     engine_nine compile TEXT...          seconds to read and understand the texts, and to hash their bytes
 *
 * Texts stand in the order accord_read() wants: libraries first. Every command prints numbers by name,
 * one a line; bench/run holds them against each other.
 *
 * What is timed is what the engine does: each entry's step, and a tick before it whenever one is due,
 * as `entente run` appends them (the rate counts entries and not ticks). Evidence is on, as it always
 * is: the sink reads every entry and claim of every verdict. Not timed: reading the day into entries,
 * whose names are numbers by then, and taking the engine's memory, which is fresh each time and is paid
 * for page by page as it is first touched, within the time. From lines, reading and naming are timed too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/inner.h"
#include "os/file.h"
#include "os/memory.h"

enum { TEXT_BLOCK_GIB = 1, DAY_BLOCK_GIB = 8, ENGINE_BLOCK_GIB = 2, REPEATS = 3 };
#define DAY_MAX ((size_t)4 << 30)

struct day {
    struct arena arena;
    struct str file, opening;  /* its first line */
    struct symbols symbols;
    struct entry *entry;
    size_t n;
};

struct bench {
    struct arena texts, block; /* the program's; an engine's */
    struct accord_text text[ACCORD_TEXTS_MAX];
    uint32_t ntexts;
    const struct program *p;
    struct day day;
    struct engine *engine;
    uint64_t place;            /* of the next entry */
    uint64_t ticks;
};

static void
die(const char *what, const char *why)
{
    fprintf(stderr, "engine_nine: %s: %s\n", what, why);
    exit(2);
}

/* Of this process: neighbours on a shared machine take wall time, and are no part of what a step costs. */
static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
block_take(struct arena *a, size_t gib)
{
    struct diag d;

    if (os_arena_init(a, gib << 30, &d) != ST_OK)
        die("memory", d.text);
}

/* texts ---------------------------------------------------------------------------------------- */

static void
texts_load(struct bench *b, char **paths, int n)
{
    struct diag d;

    block_take(&b->texts, TEXT_BLOCK_GIB);
    for (int i = 0; i < n && i < ACCORD_TEXTS_MAX; i++) {
        struct accord_text *t = &b->text[b->ntexts++];

        t->name = str_of(paths[i]);
        if (os_file_read(&b->texts, paths[i], ACCORD_TEXT_MAX, &t->source, &d) != ST_OK)
            die(paths[i], d.text);
    }
}

static void
texts_understand(struct bench *b, struct arena *arena)
{
    struct accord_diags *diags = calloc(1, sizeof *diags);

    if (diags == NULL)
        die("memory", "no room for diagnostics");
    *diags = (struct accord_diags){.texts = b->text, .arena = arena};
    if (accord_read(b->text, b->ntexts, arena, diags, &b->p) != ST_OK) {
        fprintf(stderr, "%.*s:%u: %.*s\n", STR_FMT(b->text[diags->item[0].text].name), diags->item[0].line,
                STR_FMT(diags->item[0].what));
        die("the texts", "not understood");
    }
    free(diags);
}

/* the day -------------------------------------------------------------------------------------- */

static struct str
next_line(struct str *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
    struct str line = str_cut(*rest, 0, len);

    *rest = str_cut(*rest, len + 1, rest->len);
    return line;
}

static void
entry_read(const struct bench *b, struct symbols *symbols, struct str line, struct entry *ret)
{
    static char space[EVENT_LINE_MAX];
    struct buf scratch = buf_of(space, sizeof space);
    struct event event;
    struct diag d = {.pos = 0};

    if (event_read(b->p, line, &scratch, &event, &d) != ST_OK)
        die("a line of the day", d.text);
    if (event_entry(b->p, &event, 0, symbols, ret) != ST_OK)
        die("the day", "more names than symbols");
}

static void
symbols_take(struct symbols *s, struct arena *arena)
{
    if (!symbols_init(s, arena, capacity_default.symbols, capacity_default.symbol_bytes))
        die("memory", "no room for symbols");
}

/* The day as entries; its sender is a symbol before them, as in a log. */
static void
day_read(struct bench *b, const char *path)
{
    struct day *day = &b->day;
    struct str rest;
    size_t lines = 0;
    struct diag d;

    block_take(&day->arena, DAY_BLOCK_GIB);
    if (os_file_read(&day->arena, path, DAY_MAX, &day->file, &d) != ST_OK)
        die(path, d.text);
    rest = day->file;
    day->opening = next_line(&rest);
    for (struct str at = rest; at.len > 0; (void)next_line(&at))
        lines++;
    symbols_take(&day->symbols, &day->arena);
    day->entry = NEW(&day->arena, lines, struct entry);
    if (day->entry == NULL || lines == 0)
        die(path, "no entry to judge, or no room for them");
    while (rest.len > 0)
        entry_read(b, &day->symbols, next_line(&rest), &day->entry[day->n++]);
}

/* judging -------------------------------------------------------------------------------------- */

/* What every sink of a timed run does: looks at all that a verdict shows. */
struct seen {
    uint64_t verdicts, entries, claims, others;
    int64_t sum;
};

static void
see(void *context, const struct out *o)
{
    struct seen *s = context;

    if (o->type != OUT_VERDICT) {
        s->others++;
        return;
    }
    s->verdicts++;
    s->entries += o->verdict->nentries;
    s->claims += o->verdict->nclaims;
    for (uint32_t i = 0; i < o->verdict->nentries; i++)
        s->sum += (int64_t)o->verdict->entries[i];
    for (uint32_t i = 0; i < o->verdict->nclaims; i++)
        s->sum += o->verdict->claims[i].from - o->verdict->claims[i].to;
}

static void
engine_begin(struct bench *b, struct symbols *symbols, engine_sink *sink, void *context)
{
    static char space[EVENT_LINE_MAX];
    struct buf scratch = buf_of(space, sizeof space);
    struct opening opening;
    struct diag d;

    os_arena_free(&b->block);
    block_take(&b->block, ENGINE_BLOCK_GIB);
    b->engine = engine_new(b->p, &b->block, capacity_default, symbols, sink, context);
    if (b->engine == NULL)
        die("memory", "no room for the engine");
    if (!event_opening(b->p, b->day.opening, &scratch, &opening, &d))
        die("the first line of the day", d.text);
    engine_open(b->engine, &opening);
    b->place = 1;
    b->ticks = 0;
}

static void
judge_entry(struct bench *b, struct entry *entry)
{
    int64_t due;

    while ((due = engine_next(b->engine)) <= entry->known) {
        struct entry tick = {.kind = KIND_TICK, .at = due, .known = due, .place = b->place++};

        engine_step(b->engine, &tick);
        b->ticks++;
    }
    entry->place = b->place++;
    engine_step(b->engine, entry);
}

static void
judge_day(struct bench *b)
{
    for (size_t i = 0; i < b->day.n; i++)
        judge_entry(b, &b->day.entry[i]);
    if (engine_full(b->engine) != NULL)
        die("the engine's capacity is too small", engine_full(b->engine));
}

static double
time_decoded(struct bench *b, struct seen *seen)
{
    double from;

    *seen = (struct seen){0};
    symbols_back(&b->day.symbols, b->day.symbols.n);
    engine_begin(b, &b->day.symbols, see, seen);
    from = seconds();
    judge_day(b);
    return seconds() - from;
}

static double
time_lines(struct bench *b, struct seen *seen)
{
    struct arena arena;
    struct symbols symbols;
    struct str rest = b->day.file;
    double from, took;

    block_take(&arena, ENGINE_BLOCK_GIB);
    symbols_take(&symbols, &arena);
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
show_seen(const char *what, const struct seen *s)
{
    printf("%s.verdicts %" PRIu64 "\n%s.evidence.entries %" PRIu64 "\n%s.evidence.claims %" PRIu64 "\n%s.other.outputs %" PRIu64 "\n",
           what, s->verdicts, what, s->entries, what, s->claims, what, s->others);
}

static void
rates(struct bench *b)
{
    struct seen decoded, again, lines;
    double n = (double)b->day.n;

    for (int i = 0; i < REPEATS; i++) {
        printf("nine %.0f\n", n / time_decoded(b, i == 0 ? &decoded : &again));
        if (i > 0 && memcmp(&decoded, &again, sizeof decoded) != 0)
            die("bug", "the same entries were judged differently");
    }
    printf("entries %zu\nticks %" PRIu64 "\n", b->day.n, b->ticks);
    show_seen("out", &decoded);
    printf("lines %.0f\n", n / time_lines(b, &lines));
    if (memcmp(&decoded, &lines, sizeof decoded) != 0)
        die("bug", "entries and lines were judged differently");
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
        die("memory", "no room to count verdicts");
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
    judge_day(b);
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

static void
steps(struct bench *b)
{
    struct seen seen = {0};
    uint32_t *ns = calloc(b->day.n, sizeof *ns);
    double to = 0, from;

    if (ns == NULL)
        die("memory", "no room for the steps");
    engine_begin(b, &b->day.symbols, see, &seen);
    for (size_t i = 0; i < b->day.n; i++, from = to) {
        from = seconds();
        judge_entry(b, &b->day.entry[i]);
        to = seconds();
        ns[i] = (uint32_t)((to - from) * 1e9);
    }
    qsort(ns, b->day.n, sizeof *ns, by_length);
    printf("p50 %u\np99 %u\nlongest %u\n", ns[b->day.n / 2], ns[b->day.n / 100 * 99], ns[b->day.n - 1]);
    free(ns);
}

/* compiling ------------------------------------------------------------------------------------ */

static void
compile(struct bench *b)
{
    struct arena fresh;
    struct hash hash = {{0}};
    double from, understood, hashed;
    size_t bytes = 0;

    block_take(&fresh, TEXT_BLOCK_GIB);
    from = seconds();
    texts_understand(b, &fresh);
    understood = seconds() - from;
    from = seconds();
    for (uint32_t i = 0; i < b->ntexts; i++)
        hash = sha256_of(b->text[i].source);
    hashed = seconds() - from;
    for (uint32_t i = 0; i < b->ntexts; i++)
        bytes += b->text[i].source.len;
    printf("clauses %u\nsentences %u\nbytes %zu\nunderstood %.9f\nhashed %.9f\nhash %02x\n", b->p->nclauses,
           b->p->nsentences, bytes, understood, hashed, hash.b[0]);
}

static const struct {
    const char *name;
    void (*go)(struct bench *b);
} commands[] = {{"counts", counts}, {"rates", rates}, {"sizes", sizes}, {"steps", steps}};

int
main(int argc, char **argv)
{
    static struct bench b;

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
        day_read(&b, argv[argc - 1]);
        commands[i].go(&b);
        return 0;
    }
    fputs("usage: engine_nine counts|rates|sizes|steps TEXT... DAY, or engine_nine compile TEXT...\n", stderr);
    return 2;
}
