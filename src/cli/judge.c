/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/stamp.h"
#include "base/text.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/zone.h"

enum {
    CORE_BLOCK_GIB = 2,
    FILE_BLOCK_GIB = 4,
    ERRORS_SHOWN = 20,
    ERRORS_COUNTED = 100000, /* behind so many the file is not read further */
    OPENING_ADDED = 512 + ACCORD_TEXTS_MAX * 8192, /* what fill_opening() puts: a word has at most 4096 bytes */
};

/* options -------------------------------------------------------------------------------------- */

static bool
time_option(int *argc, char **argv, const char *name, int64_t *ret)
{
    const char *text = NULL;
    struct diag d;

    if (!take_value(argc, argv, name, &text))
        return false;
    if (text == NULL || stamp_read(str_of(text), ret, &d) == ST_OK)
        return true;
    (void)complain(name, d.text);
    return false;
}

bool
judging_options(struct judging *j, int *argc, char **argv)
{
    const char *order = NULL;

    j->from = INT64_MIN;
    j->until = INT64_MAX;
    if (!take_value(argc, argv, "--order", &order) || !time_option(argc, argv, "--from", &j->from) ||
        !time_option(argc, argv, "--until", &j->until))
        return false;
    if (order != NULL && strcmp(order, "happened") != 0 && strcmp(order, "known") != 0) {
        (void)complain("--order", "must be 'known' (as things became known) or 'happened' (as they happened)");
        return false;
    }
    j->happened = order != NULL && strcmp(order, "happened") == 0;
    if (j->from > j->until) {
        (void)complain("--from", "lies behind --until, so nothing would be printed: give the earlier time to --from");
        return false;
    }
    return true;
}

/* clear names ---------------------------------------------------------------------------------- */

/* The slot of a token, or the free one where it would stand. */
static struct clear_name *
clear_slot(struct clear_name *table, uint32_t cap, struct str token)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    uint32_t at;

    for (size_t i = 0; i < token.len; i++)
        h = (h ^ (unsigned char)token.ptr[i]) * UINT64_C(0x100000001b3);
    at = (uint32_t)(h ^ h >> 32) & (cap - 1);
    while (table[at].token.len != 0 && !str_eq(table[at].token, token))
        at = (at + 1) & (cap - 1);
    return &table[at];
}

static struct str
clear_of(void *context, struct str token)
{
    const struct judging *j = context;

    return token.len == 0 || j->cap_clear == 0 ? STR("") : clear_slot(j->clear, j->cap_clear, token)->name;
}

static bool
clear_grow(struct judging *j)
{
    uint32_t more = j->cap_clear == 0 ? 1024 : j->cap_clear * 2;
    struct clear_name *table = calloc(more, sizeof *table);

    if (table == NULL)
        return complain(NULL, "the system has no memory to give"), false;
    for (uint32_t i = 0; i < j->cap_clear; i++)
        if (j->clear[i].token.len != 0)
            *clear_slot(table, more, j->clear[i].token) = j->clear[i];
    free(j->clear);
    j->clear = table;
    j->cap_clear = more;
    return true;
}

/* Keeps what stood in clear where a token stands now. */
static bool
note_clear(struct judging *j, struct str token, struct str name)
{
    struct clear_name *slot;

    if (token.len == 0 || token.ptr[0] != '~' || str_eq(token, name))
        return true;
    if (j->nclear >= j->cap_clear / 2 && !clear_grow(j))
        return false;
    slot = clear_slot(j->clear, j->cap_clear, token);
    if (slot->token.len != 0)
        return true;
    *slot = (struct clear_name){arena_str(&j->file_arena, token), arena_str(&j->file_arena, name)};
    j->nclear++;
    return slot->name.ptr != NULL || (complain(NULL, "the system has no memory to give"), false);
}

/* reading -------------------------------------------------------------------------------------- */

static bool
is_blank(struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] != ' ' && line.ptr[i] != '\t')
            return false;
    return true;
}

static uint32_t
column_of(struct str line, uint32_t pos)
{
    uint32_t col = 1;

    for (uint32_t i = 0; i < pos && i < line.len; i++)
        col += ((unsigned char)line.ptr[i] & 0xc0) != 0x80;
    return col;
}

/* What is no text of lines at all, said once for the whole file; NULL when it may be one. */
static const char *
not_lines(struct str line, uint32_t number)
{
    if (number == 1 && str_starts(line, STR("\xef\xbb\xbf")))
        return "the file begins with a mark (BOM) that no one sees: save it as UTF-8 without";
    if (number == 1 && (str_starts(line, STR("\xff\xfe")) || str_starts(line, STR("\xfe\xff"))))
        return "the file is in UTF-16: save it as UTF-8";
    if (line.len > 0 && memchr(line.ptr, '\0', line.len) != NULL)
        return "a NUL byte stands in this line, so it is no text: give lines of JSON in UTF-8, one event each";
    return NULL;
}

static bool
lines_grow(struct judging *j)
{
    uint32_t more = j->cap_lines == 0 ? 1024 : j->cap_lines * 2;
    struct judged_line *line = j->nlines > UINT32_MAX / 4 ? NULL : realloc(j->line, more * sizeof *line);

    if (line == NULL)
        return false;
    j->line = line;
    j->cap_lines = more;
    return true;
}

struct reading_lines {
    struct os_lines in;
    uint32_t number, errors;
    bool stop; /* no use in reading on */
};

static void
wrong_line(struct judging *j, struct reading_lines *r, struct str line, enum status st, const struct diag *d)
{
    char what[DIAG_TEXT + 80];

    r->errors++;
    r->stop = line.len > EVENT_LINE_MAX || r->errors == ERRORS_COUNTED;
    if (r->errors > ERRORS_SHOWN)
        return;
    (void)snprintf(what, sizeof what, "%s%s", d->text,
                   r->in.cut && st == ST_MALFORMED ? "; the file ends in this line: was it cut?" : "");
    (void)complain_at(j->events_path, r->number, column_of(line, d->pos), what);
}

/* A line of one event. It is kept as it stands. */
static void
read_line(struct judging *j, struct reading_lines *r, struct str line)
{
    struct buf scratch = buf_of(j->scratch, EVENT_SCRATCH);
    struct diag d = {.pos = 0};
    const char *never = not_lines(line, r->number);
    struct event e;
    enum status st;

    if (never != NULL) {
        r->errors++;
        r->stop = true;
        (void)complain_at(j->events_path, r->number, 1, never);
        return;
    }
    st = event_read(j->texts.program, line, &scratch, &e, &d);
    if (st == ST_OK && e.kind == KIND_OPENED && j->nlines > 0) {
        diag_set(&d, 0, 0, "theatre.opened stands a second time: a file is one log, so give each its own");
        st = ST_CONFLICT;
    }
    if (st == ST_OK && r->errors == 0 && j->nlines == 0 && e.kind != KIND_OPENED) {
        diag_set(&d, 0, 0, "the first line must be theatre.opened, which says who is appointed first: "
                           "{\"kind\":\"theatre.opened\",\"at\":...,\"by\":\"host and guest\",\"agreement\":...,"
                           "\"version\":1,\"clock\":\"drill\",\"begins\":\"complete\",\"appointments\":{}}");
        st = ST_CONFLICT;
        r->stop = true;
    }
    if (st != ST_OK) {
        wrong_line(j, r, line, st, &d);
        return;
    }
    if (r->errors > 0)
        return; /* nothing will be judged */
    line = arena_str(&j->file_arena, line);
    if (line.ptr == NULL || (j->nlines == j->cap_lines && !lines_grow(j))) {
        r->errors++;
        r->stop = true;
        (void)complain_at(j->events_path, r->number, 1,
                          "no memory is left for the events from here on: judge a part of the file");
        return;
    }
    j->line[j->nlines++] = (struct judged_line){line, e.at, e.known, r->number, e.has_known};
}

static bool
read_all(struct judging *j, struct reading_lines *r)
{
    struct str line;
    struct diag d;
    bool more = true;

    while (!r->stop) {
        if (os_lines_next(&r->in, &line, &more, &d) != ST_OK)
            return complain(NULL, d.text), false;
        if (!more)
            break;
        r->number++;
        if (!is_blank(line))
            read_line(j, r, line);
    }
    if (r->errors > ERRORS_SHOWN) {
        char what[100];

        (void)snprintf(what, sizeof what, "and %u more%s; nothing was judged", r->errors - ERRORS_SHOWN,
                       r->errors == ERRORS_COUNTED ? " as far as it was read" : "");
        (void)complain(j->events_path, what);
    }
    if (r->errors == 0 && j->nlines == 0)
        return complain(j->events_path, "there is no event in this file: it needs theatre.opened as its first line"),
               false;
    return r->errors == 0;
}

/* "-" is standard input. */
static bool
read_lines(struct judging *j, const char *events)
{
    struct reading_lines r = {.number = 0};
    struct diag d;
    bool given = strcmp(events, "-") == 0, fine;
    int fd = STDIN_FILENO;

    if (!given && os_file_open(events, &fd, &d) != ST_OK)
        return complain(NULL, d.text), false;
    if (os_lines_init(&r.in, fd, j->events_path, EVENT_LINE_MAX, &d) == ST_OK)
        fine = read_all(j, &r);
    else
        fine = (complain(NULL, d.text), false);
    os_lines_free(&r.in);
    if (!given)
        close(fd);
    return fine;
}

/* when each line was known --------------------------------------------------------------------- */

static int64_t
stated(const struct judged_line *l)
{
    return l->has_known ? l->known : l->at;
}

/* Marks the longest run of lines whose stamps rise: they are taken at their word. A line without
 * `known` that stands outside it has a stamp that lies ahead of its neighbours, or behind them; it was
 * known when the line before it was. (Longest increasing subsequence by patience, n log n.) */
static bool
mark_rising(struct judging *j, bool *rising)
{
    uint32_t *pile = malloc((j->nlines + 1) * sizeof *pile), *before = malloc((j->nlines + 1) * sizeof *before);
    uint32_t npiles = 0;

    if (pile == NULL || before == NULL) {
        free(pile);
        free(before);
        return complain(NULL, "the system has no memory to give"), false;
    }
    for (uint32_t i = 0; i < j->nlines; i++) {
        uint32_t lo = 0, hi = npiles;

        while (lo < hi) {
            uint32_t mid = (lo + hi) / 2;

            if (stated(&j->line[pile[mid]]) <= stated(&j->line[i]))
                lo = mid + 1;
            else
                hi = mid;
        }
        before[i] = lo == 0 ? UINT32_MAX : pile[lo - 1];
        pile[lo] = i;
        if (lo == npiles)
            npiles++;
    }
    for (uint32_t i = npiles == 0 ? UINT32_MAX : pile[npiles - 1]; i != UINT32_MAX; i = before[i])
        rising[i] = true;
    free(pile);
    free(before);
    return true;
}

static bool
fill_known(struct judging *j)
{
    bool *rising = calloc(j->nlines, sizeof *rising), fine = true;
    int64_t last = INT64_MIN;

    if (rising == NULL)
        return complain(NULL, "the system has no memory to give"), false;
    fine = mark_rising(j, rising);
    for (uint32_t i = 0; i < j->nlines && fine; i++) {
        struct judged_line *l = &j->line[i];

        if (rising[i])
            l->known = stated(l);
        else if (!l->has_known)
            l->known = last;
        if (l->known < last && l->has_known) {
            (void)complain_at(j->events_path, l->number, 1,
                              "'known' goes back behind the line before: lines stand in the order in which they "
                              "became known");
            fine = false;
        }
        if (l->known < last)
            l->known = last;
        last = l->known;
    }
    free(rising);
    return fine;
}

static int
by_happened(const void *a, const void *b)
{
    const struct judged_line *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* In the order in which things happened, everything was known at once. */
static void
order_happened(struct judging *j)
{
    int64_t last;

    qsort(j->line + 1, j->nlines - 1, sizeof *j->line, by_happened);
    last = j->line[0].at;
    for (uint32_t i = 0; i < j->nlines; i++) {
        last = j->line[i].at > last ? j->line[i].at : last;
        j->line[i].known = last;
    }
}

/* entry 0 -------------------------------------------------------------------------------------- */

static bool
object_has(struct str object, const char *name)
{
    struct json json;
    struct json_token t;

    json_init(&json, object, NULL);
    if (json_next(&json).type != JSON_OBJECT)
        return false;
    while ((t = json_next(&json)).type == JSON_KEY) {
        if (str_eq(t.raw, str_of(name)))
            return true;
        if (!json_skip(&json, json_next(&json)))
            return false;
    }
    return false;
}

static void
put_texts(struct judging *j, struct buf *b)
{
    put_s(b, ",\"texts\":{");
    for (uint32_t i = 0; i < j->texts.n; i++) {
        const struct syntax *t = &j->texts.program->trees[i];
        struct hash h = sha256_of(j->texts.text[i].source);

        if (i > 0)
            put_c(b, ',');
        put_json(b, tree_word(t, t->name));
        put_s(b, ":\"");
        put_hex(b, h.b, sizeof h.b);
        put_c(b, '"');
    }
    put_c(b, '}');
}

/* theatre.opened with what the shell knows: capacities, the zone's offset, the semantics, hashes of the texts. */
static bool
fill_opening(struct judging *j)
{
    struct judged_line *l = &j->line[0];
    struct buf scratch = buf_of(j->scratch, EVENT_SCRATCH);
    struct str extra;
    size_t room, end;
    struct buf b;
    int32_t offset = 0;
    struct opening given;
    struct event e;
    struct diag d;

    if (!event_opening(j->texts.program, l->line, &scratch, &given, &d))
        return complain_at(j->events_path, l->number, column_of(l->line, d.pos), d.text), false;
    scratch.len = 0;
    if (event_read(j->texts.program, l->line, &scratch, &e, &d) != ST_OK)
        return complain_at(j->events_path, l->number, 1, d.text), false;
    extra = e.extra;
    room = extra.len + OPENING_ADDED;
    end = extra.len;
    b = buf_of(arena_take(&j->file_arena, room, 1, 1), room);
    if (b.ptr == NULL)
        return complain(NULL, "the system has no memory to give"), false;
    while (end > 0 && extra.ptr[end - 1] != '}')
        end--;
    put(&b, str_cut(extra, 0, end - 1));
    if (!object_has(extra, "capacity")) {
        put_s(&b, ",\"capacity\":");
        core_put_capacity(capacity_default, &b);
    }
    if (!object_has(extra, "offset")) {
        if (os_zone_offset(j->texts.program->zone, l->at, &offset, &d) != ST_OK)
            return complain(NULL, d.text), false;
        put_s(&b, ",\"offset\":");
        put_i(&b, offset);
    }
    if (!object_has(extra, "semantics")) {
        put_s(&b, ",\"semantics\":");
        put_i(&b, SEMANTICS_VERSION);
    }
    if (!object_has(extra, "texts"))
        put_texts(j, &b);
    put_c(&b, '}');
    ENSURE(!b.full);
    l->line = buf_str(&b);
    return true;
}

/* The agreement named in entry 0 is the one given. */
static bool
check_opening(struct judging *j)
{
    struct judged_line *l = &j->line[0];
    struct buf scratch = buf_of(j->scratch, EVENT_SCRATCH);
    char what[500];
    struct opening o;
    struct diag d;

    if (!event_opening(j->texts.program, l->line, &scratch, &o, &d))
        return complain_at(j->events_path, l->number, column_of(l->line, d.pos), d.text), false;
    if (!o.complete)
        return complain_at(j->events_path, l->number, 1,
                           "not yet: a log that begins 'partial' is part of the language and not built; write "
                           "complete"), false;
    if (!str_eq(o.agreement, j->texts.program->title) || o.version != j->texts.program->version) {
        snprintf(what, sizeof what,
                 "this theatre was opened under '%.*s' version %lld, and the agreement given is '%.*s' version %lld: "
                 "give that one, or correct the line", STR_FMT(str_cut(o.agreement, 0, 120)), (long long)o.version,
                 STR_FMT(str_cut(j->texts.program->title, 0, 120)), (long long)j->texts.program->version);
        return complain_at(j->events_path, l->number, 1, what), false;
    }
    if (j->until < l->known)
        return complain("--until", "lies before the first line of the events, so there is nothing to judge: give a "
                                   "later time"), false;
    j->view.zone_offset = o.zone_offset;
    j->capacity = core_capacity(&o);
    return true;
}

/* judging -------------------------------------------------------------------------------------- */

static bool
core_begin(struct judging *j, engine_sink *sink, void *context)
{
    struct diag d;

    if (os_arena_init(&j->core_arena, (size_t)CORE_BLOCK_GIB << 30, &d) != ST_OK)
        return complain(NULL, d.text), false;
    j->core = core_new(j->texts.program, &j->core_arena, j->capacity, sink, context);
    if (j->core == NULL)
        return complain_at(j->events_path, j->line[0].number, 1,
                           "the capacities of theatre.opened ask for more than the 2 GiB there are: give smaller ones"),
               false;
    j->view.symbols = &j->core->symbols;
    return true;
}

bool
judging_read(struct judging *j, const char *agreement, const char *events, engine_sink *sink, void *context)
{
    struct diag d;

    j->events_path = strcmp(events, "-") == 0 ? "standard input" : events;
    if (os_arena_init(&j->texts_arena, ACCORD_BLOCK, &d) != ST_OK ||
        os_arena_init(&j->file_arena, (size_t)FILE_BLOCK_GIB << 30, &d) != ST_OK)
        return complain(NULL, d.text), false;
    if (!texts_read(&j->texts, agreement, &j->texts_arena))
        return false;
    j->scratch = NEW(&j->file_arena, EVENT_SCRATCH, char);
    j->view = (struct view){.p = j->texts.program, .clear = clear_of, .context = j};
    if (!read_lines(j, events) || !fill_known(j) || !fill_opening(j) || !check_opening(j))
        return false;
    if (j->happened)
        order_happened(j);
    return core_begin(j, sink, context);
}

bool
judging_again(struct judging *j, engine_sink *sink, void *context)
{
    bool keep = j->keep, fine;

    os_arena_free(&j->core_arena);
    j->keep = false; /* it was kept the first time */
    fine = core_begin(j, sink, context) && judging_run(j);
    j->keep = keep;
    return fine;
}

static bool
keep_line(struct judging *j, struct str line)
{
    if (!j->keep)
        return true;
    if (j->nlog == j->cap_log) {
        uint64_t more = j->cap_log == 0 ? 1024 : j->cap_log * 2;
        struct str *log = realloc(j->log, more * sizeof *log);
        struct hash *leaf = realloc(j->leaf, more * sizeof *leaf);

        if (log != NULL)
            j->log = log;
        if (leaf != NULL)
            j->leaf = leaf;
        if (log == NULL || leaf == NULL)
            return complain(NULL, "the system has no memory to give"), false;
        j->cap_log = more;
    }
    j->leaf[j->nlog] = leaf_hash(line);
    j->log[j->nlog] = arena_str(&j->file_arena, line);
    return j->log[j->nlog++].ptr != NULL;
}

static bool
log_line(struct judging *j, struct str line, const struct judged_line *from)
{
    struct diag d = {.pos = 0};

    if (!keep_line(j, line))
        return false;
    if (core_step(j->core, line, &d) == ST_OK)
        return true;
    if (from != NULL)
        (void)complain_at(j->events_path, from->number, 1, d.text);
    else
        (void)complain(j->events_path, d.text);
    return false;
}

/* Ticks for all that is due up to and at `known`. */
static bool
ticks(struct judging *j, int64_t known)
{
    char space[160];

    while (core_next(j->core) <= known) {
        struct buf b = buf_of(space, sizeof space);

        core_tick(core_next(j->core), &b);
        if (!log_line(j, buf_str(&b), NULL))
            return false;
    }
    return true;
}

/* Tokens and commitments take the place of the clear values, which are kept for whoever reads. */
static bool
close_event(struct judging *j, struct event *e, struct buf *scratch)
{
    const struct kind *k = &j->texts.program->kinds[e->kind];
    struct event open = *e;
    bool fine;

    event_close(j->texts.program, &drill_keys, core_size(j->core), scratch, e);
    ENSURE(!scratch->full);
    fine = note_clear(j, e->by, open.by);
    for (uint8_t i = 0; i < k->nparams && fine; i++)
        if (e->field[i].set && !k->param[i].sealed)
            fine = note_clear(j, e->field[i].text, open.field[i].text);
    return fine;
}

static bool
judge_line(struct judging *j, const struct judged_line *l)
{
    static char line[EVENT_LINE_MAX];
    struct buf b = buf_of(line, sizeof line), scratch = buf_of(j->scratch, EVENT_SCRATCH);
    struct event e;
    struct diag d;

    if (event_read(j->texts.program, l->line, &scratch, &e, &d) != ST_OK)
        return complain_at(j->events_path, l->number, column_of(l->line, d.pos), d.text), false;
    e.known = l->known;
    e.has_known = true;
    if (!close_event(j, &e, &scratch))
        return false;
    if (e.kind == KIND_OPENED)
        event_write(j->texts.program, &e, &b);
    else
        (void)!core_offer(j->core, &e, &b);
    ENSURE(!b.full);
    return log_line(j, buf_str(&b), l);
}

/* The zone's clock changes between two instants. */
static bool
zone_changes(struct judging *j, int64_t from, int64_t to)
{
    struct diag d;
    char space[256];

    for (;;) {
        bool found = false;
        int64_t when = 0;
        int32_t offset = 0;
        struct buf b = buf_of(space, sizeof space);

        if (os_zone_next_change(j->texts.program->zone, from, to, &found, &when, &offset, &d) != ST_OK)
            return complain(NULL, d.text), false;
        if (!found)
            return true;
        if (!ticks(j, when))
            return false;
        put_s(&b, "{\"kind\":\"zone.changed\",\"at\":\"");
        put_stamp(&b, when);
        put_s(&b, "\",\"known\":\"");
        put_stamp(&b, when);
        put_s(&b, "\",\"by\":\"shell\",\"offset\":");
        put_i(&b, offset);
        put_c(&b, '}');
        if (!log_line(j, buf_str(&b), NULL))
            return false;
        j->view.zone_offset = offset;
        from = when;
    }
}

bool
judging_run(struct judging *j)
{
    int64_t last = j->line[0].known;

    for (uint32_t i = 0; i < j->nlines && j->line[i].known <= j->until; i++) {
        const struct judged_line *l = &j->line[i];

        if (i > 0 && (l->known > last && !zone_changes(j, last, l->known)))
            return false;
        if (i > 0 && !ticks(j, l->known))
            return false;
        if (!judge_line(j, l))
            return false;
        last = l->known;
    }
    return j->until == INT64_MAX || ticks(j, j->until);
}

void
judging_free(struct judging *j)
{
    os_arena_free(&j->texts_arena);
    os_arena_free(&j->file_arena);
    os_arena_free(&j->core_arena);
    free(j->line);
    free(j->clear);
    free(j->log);
    free(j->leaf);
}

void
judging_hash(struct hash h, struct buf *b)
{
    put_hex(b, h.b, sizeof h.b);
}
