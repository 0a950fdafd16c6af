/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include "base/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_BLOCK_GIB = 1, DAY_BLOCK_GIB = 8, ENGINE_BLOCK_GIB = 16 };
#define DAY_MAX ((size_t)4 << 30)

void
die(const struct bench *b, const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", b->program, what, why);
    exit(2);
}

double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void
block_take(const struct bench *b, struct arena *a, size_t gib)
{
    struct diag d;

    if (os_arena_init(a, gib << 30, &d) != ST_OK)
        die(b, "memory", d.text);
}

/* texts ---------------------------------------------------------------------------------------- */

void
texts_load(struct bench *b, char **paths, int n)
{
    struct diag d;

    block_take(b, &b->texts, TEXT_BLOCK_GIB);
    for (int i = 0; i < n && i < ACCORD_TEXTS_MAX; i++) {
        struct accord_text *t = &b->text[b->ntexts++];

        t->name = str_of(paths[i]);
        if (os_file_read(&b->texts, paths[i], ACCORD_TEXT_MAX, &t->source, &d) != ST_OK)
            die(b, paths[i], d.text);
    }
}

void
texts_understand(struct bench *b, struct arena *arena)
{
    struct accord_diags *diags = calloc(1, sizeof *diags);

    if (diags == NULL)
        die(b, "memory", "no room for diagnostics");
    *diags = (struct accord_diags){.texts = b->text, .arena = arena};
    if (accord_read(b->text, b->ntexts, arena, diags, &b->p) != ST_OK) {
        fprintf(stderr, "%.*s:%u: %.*s\n", STR_FMT(b->text[diags->item[0].text].name), diags->item[0].line,
                STR_FMT(diags->item[0].what));
        die(b, "the texts", "not understood");
    }
    free(diags);
}

/* the day -------------------------------------------------------------------------------------- */

struct str
next_line(struct str *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
    struct str line = str_cut(*rest, 0, len);

    *rest = str_cut(*rest, len + 1, rest->len);
    return line;
}

void
entry_read(const struct bench *b, struct symbols *symbols, struct str line, struct entry *ret)
{
    static char space[EVENT_LINE_MAX];
    struct buf scratch = buf_of(space, sizeof space);
    struct event event;
    struct diag d = {.pos = 0};

    if (event_read(b->p, line, &scratch, &event, &d) != ST_OK)
        die(b, "a line of the day", d.text);
    if (event_entry(b->p, &event, 0, symbols, ret) != ST_OK)
        die(b, "the day", "more names than symbols");
}

void
symbols_take(const struct bench *b, struct symbols *s, struct arena *arena)
{
    if (!symbols_init(s, arena, b->capacity.symbols, b->capacity.symbol_bytes))
        die(b, "memory", "no room for symbols");
}

static void
day_take(struct bench *b, size_t cap)
{
    struct day *day = &b->day;

    symbols_take(b, &day->symbols, &day->arena);
    day->entry = NEW(&day->arena, cap, struct entry);
    day->cap = cap;
    if (day->entry == NULL)
        die(b, "memory", "no room for the day");
}

void
day_read(struct bench *b, const char *path)
{
    struct day *day = &b->day;
    struct str rest;
    size_t lines = 0;
    struct diag d;

    block_take(b, &day->arena, DAY_BLOCK_GIB);
    if (os_file_read(&day->arena, path, DAY_MAX, &day->file, &d) != ST_OK)
        die(b, path, d.text);
    rest = day->file;
    day->opening = next_line(&rest);
    for (struct str at = rest; at.len > 0; (void)next_line(&at))
        lines++;
    if (lines == 0)
        die(b, path, "no entry to judge");
    day_take(b, lines);
    while (rest.len > 0)
        entry_read(b, &day->symbols, next_line(&rest), &day->entry[day->n++]);
}

void
day_make(struct bench *b, size_t cap)
{
    block_take(b, &b->day.arena, DAY_BLOCK_GIB);
    b->day.opening = str_of("{\"kind\":\"theatre.opened\",\"at\":\"2026-03-01T00:00:00.000Z\",\"by\":\"host and guest\","
                            "\"agreement\":\"Nine clauses\",\"version\":1,\"clock\":\"drill\",\"begins\":\"complete\","
                            "\"appointments\":{\"host.desk\":\"desk\"}}");
    day_take(b, cap);
}

static uint32_t
name_of(struct bench *b, char letter, uint32_t number)
{
    char text[16];
    int n = snprintf(text, sizeof text, "%c%u", letter, number);
    uint32_t s = symbol(&b->day.symbols, (struct str){text, (size_t)n});

    if (s == UINT32_MAX)
        die(b, "the day", "more names than symbols");
    return s;
}

void
day_add(struct bench *b, const char *kind, int64_t when, const char *letters, const uint32_t *numbers)
{
    static const struct civil midnight = {.year = 2026, .month = 3, .day = 1};
    struct entry *entry = &b->day.entry[b->day.n++];

    if (b->day.n > b->day.cap)
        die(b, "the day", "more entries than there is room for");
    *entry = (struct entry){.kind = program_kind(b->p, str_of(kind)), .by = symbol(&b->day.symbols, str_of("desk")),
                            .at = civil_ms(midnight) + when};
    if (entry->kind == NO_ID)
        die(b, kind, "is in none of the texts");
    entry->known = entry->at;
    for (size_t i = 0; i < PARAMS_MAX; i++)
        entry->field[i] = UNSET;
    for (size_t i = 0; letters[i] != '\0'; i++)
        entry->field[i] = name_of(b, letters[i], numbers[i]);
}

/* judging -------------------------------------------------------------------------------------- */

void
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

void
engine_begin(struct bench *b, struct symbols *symbols, engine_sink *sink, void *context)
{
    static char space[EVENT_LINE_MAX];
    struct buf scratch = buf_of(space, sizeof space);
    struct opening opening;
    struct diag d;

    os_arena_free(&b->block);
    block_take(b, &b->block, ENGINE_BLOCK_GIB);
    b->engine = engine_new(b->p, &b->block, b->capacity, symbols, sink, context);
    if (b->engine == NULL)
        die(b, "memory", "no room for the engine");
    if (!event_opening(b->p, b->day.opening, &scratch, &opening, &d))
        die(b, "the first line of the day", d.text);
    engine_open(b->engine, &opening);
    b->place = 1;
    b->ticks = 0;
}

void
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

void
judge_span(struct bench *b, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        judge_entry(b, &b->day.entry[i]);
    if (engine_full(b->engine) != NULL)
        die(b, "the engine's capacity is too small", engine_full(b->engine));
}
