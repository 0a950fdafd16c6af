/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/stamp.h"
#include "base/text.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/zone.h"

enum { CORE_BLOCK_GIB = 2, FILE_MAX_GIB = 2, ERRORS_SHOWN = 20 };

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
    return true;
}

/* clear names ---------------------------------------------------------------------------------- */

static struct clear_name *
clear_slot(const struct judging *j, struct str token)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    uint32_t at;

    for (size_t i = 0; i < token.len; i++)
        h = (h ^ (unsigned char)token.ptr[i]) * UINT64_C(0x100000001b3);
    at = (uint32_t)(h ^ h >> 32) & (j->nclear - 1);
    while (j->clear[at].token.len != 0 && !str_eq(j->clear[at].token, token))
        at = (at + 1) & (j->nclear - 1);
    return &j->clear[at];
}

static struct str
clear_of(void *context, struct str token)
{
    const struct judging *j = context;

    return token.len == 0 || j->nclear == 0 ? STR("") : clear_slot(j, token)->name;
}

/* reading -------------------------------------------------------------------------------------- */

static uint32_t
count_lines(struct str s)
{
    uint32_t n = 1;

    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

static struct str
next_line(struct str *rest)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
    struct str line = str_cut(*rest, 0, len);

    *rest = str_cut(*rest, len + (end != NULL), rest->len);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

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

/* A line of one event, kept: its slices point into the file or the arena. */
static bool
read_line(struct judging *j, struct str line, uint32_t number)
{
    size_t room = line.len * 2 + 256;
    char *space = arena_take(&j->file_arena, room, 1, 1);
    struct buf scratch = buf_of(space, room);
    struct judged_line *l = &j->line[j->nlines];
    struct diag d = {.pos = 0};
    enum status st;

    if (space == NULL) {
        (void)complain(j->events_path, "no memory is left for the events: judge a part of the file");
        return false;
    }
    st = event_read(j->texts.program, line, &scratch, &l->event, &d);
    if (st != ST_OK) {
        (void)complain_at(j->events_path, number, column_of(line, d.pos), d.text);
        return false;
    }
    arena_back(&j->file_arena, j->file_arena.used - (room - scratch.len));
    l->number = number;
    l->known = l->event.known;
    j->nlines++;
    return true;
}

static bool
read_lines(struct judging *j, struct str file)
{
    uint32_t number = 0, errors = 0;

    j->line = NEW(&j->file_arena, count_lines(file), struct judged_line);
    if (j->line == NULL) {
        (void)complain(j->events_path, "no memory is left for the events: judge a part of the file");
        return false;
    }
    while (file.len > 0) {
        struct str line = next_line(&file);

        number++;
        if (is_blank(line))
            continue;
        if (!read_line(j, line, number) && ++errors == ERRORS_SHOWN) {
            (void)complain(j->events_path, "and more after these; nothing was judged");
            return false;
        }
    }
    if (errors > 0)
        return false;
    if (j->nlines == 0) {
        (void)complain(j->events_path, "there is no event in this file: it needs theatre.opened as its first line");
        return false;
    }
    if (j->line[0].event.kind != KIND_OPENED) {
        (void)complain_at(j->events_path, j->line[0].number, 1,
                          "the first line must be theatre.opened, which says who is appointed first: "
                          "{\"kind\":\"theatre.opened\",\"at\":...,\"by\":\"host and guest\",\"agreement\":...,\"version\":1,"
                          "\"clock\":\"drill\",\"begins\":\"complete\",\"appointments\":{}}");
        return false;
    }
    return true;
}

/* when each line was known --------------------------------------------------------------------- */

static int64_t
stated(const struct judged_line *l)
{
    return l->event.has_known ? l->event.known : l->event.at;
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
        else
            l->known = l->event.has_known ? l->event.known : last;
        if (l->known < last && l->event.has_known) {
            (void)complain_at(j->events_path, l->number, 1,
                              "'known' goes back behind the line before: lines stand in the order in which they became known");
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

    if (x->event.at != y->event.at)
        return x->event.at < y->event.at ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* In the order in which things happened, everything was known at once. */
static void
order_happened(struct judging *j)
{
    int64_t last;

    qsort(j->line + 1, j->nlines - 1, sizeof *j->line, by_happened);
    last = j->line[0].event.at;
    for (uint32_t i = 0; i < j->nlines; i++) {
        last = j->line[i].event.at > last ? j->line[i].event.at : last;
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

/* theatre.opened with what the shell knows: hashes of the texts, the zone's offset, the semantics. */
static bool
fill_opening(struct judging *j)
{
    struct judged_line *l = &j->line[0];
    struct str extra = l->event.extra;
    size_t room = extra.len * 2 + 4096, end = extra.len;
    struct buf b = buf_of(arena_take(&j->file_arena, room, 1, 1), room);
    struct buf scratch;
    int32_t offset = 0;
    struct diag d;

    if (b.ptr == NULL)
        return complain(NULL, "the system has no memory to give"), false;
    while (end > 0 && extra.ptr[end - 1] != '}')
        end--;
    put(&b, str_cut(extra, 0, end - 1));
    if (!object_has(extra, "offset")) {
        if (os_zone_offset(j->texts.program->zone, l->event.at, &offset, &d) != ST_OK)
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
    scratch = buf_of(arena_take(&j->file_arena, room, 1, 1), room);
    if (scratch.ptr == NULL || event_read(j->texts.program, buf_str(&b), &scratch, &l->event, &d) != ST_OK)
        return complain_at(j->events_path, l->number, 1, d.text), false;
    l->event.known = l->known;
    return true;
}

/* the agreement named in entry 0 is the one given */
static bool
check_opening(struct judging *j)
{
    struct judged_line *l = &j->line[0];
    char space[EVENT_LINE_MAX], what[500];
    struct buf scratch = buf_of(space, sizeof space);
    struct opening o;
    struct diag d;

    if (!event_opening(j->texts.program, l->event.extra, &scratch, &o, &d))
        return complain_at(j->events_path, l->number, column_of(l->event.extra, d.pos), d.text), false;
    if (!o.complete)
        return complain_at(j->events_path, l->number, 1,
                           "not yet: a log that begins 'partial' is part of the language and not built; write complete"), false;
    if (!str_eq(o.agreement, j->texts.program->title) || o.version != j->texts.program->version) {
        snprintf(what, sizeof what, "this theatre was opened under '%.*s' version %lld, and the agreement given is '%.*s' version %lld",
                 STR_FMT(o.agreement), (long long)o.version, STR_FMT(j->texts.program->title), (long long)j->texts.program->version);
        return complain_at(j->events_path, l->number, 1, what), false;
    }
    j->view.zone_offset = o.zone_offset;
    return true;
}

/* judging -------------------------------------------------------------------------------------- */

bool
judging_read(struct judging *j, const char *agreement, const char *events, engine_sink *sink, void *context)
{
    struct diag d;
    struct str file;
    uint32_t n = 64;

    j->events_path = events;
    if (os_arena_init(&j->texts_arena, ACCORD_BLOCK, &d) != ST_OK ||
        os_arena_init(&j->file_arena, (size_t)8 << 30, &d) != ST_OK ||
        os_arena_init(&j->core_arena, (size_t)CORE_BLOCK_GIB << 30, &d) != ST_OK)
        return complain(NULL, d.text), false;
    if (!texts_read(&j->texts, agreement, &j->texts_arena))
        return false;
    if (os_file_read(&j->file_arena, events, (size_t)FILE_MAX_GIB << 30, &file, &d) != ST_OK)
        return complain(NULL, d.text), false;
    j->view = (struct view){.p = j->texts.program, .clear = clear_of, .context = j};
    if (!read_lines(j, file) || !fill_known(j) || !fill_opening(j) || !check_opening(j))
        return false;
    if (j->happened)
        order_happened(j);
    while (n < j->nlines * 4)
        n *= 2;
    j->clear = calloc(n, sizeof *j->clear);
    j->nclear = j->clear == NULL ? 0 : n;
    j->core = core_new(j->texts.program, &j->core_arena, capacity_default, sink, context);
    if (j->core == NULL || j->clear == NULL)
        return complain(NULL, "the system has no memory to give"), false;
    j->view.symbols = &j->core->symbols;
    return true;
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

/* The tokens of a closed event, beside what stood there in clear. */
static void
note_clear(struct judging *j, struct str token, struct str name)
{
    struct clear_name *slot;

    if (token.len == 0 || token.ptr[0] != '~' || str_eq(token, name))
        return;
    slot = clear_slot(j, token);
    slot->token = token;
    slot->name = name;
}

static void
close_event(struct judging *j, struct event *e, struct buf *scratch)
{
    const struct kind *k = &j->texts.program->kinds[e->kind];
    struct event open = *e;

    event_close(j->texts.program, &drill_keys, core_size(j->core), scratch, e);
    note_clear(j, e->by, open.by);
    for (uint8_t i = 0; i < k->nparams; i++)
        if (e->field[i].set && !k->param[i].sealed)
            note_clear(j, e->field[i].text, open.field[i].text);
}

static bool
judge_line(struct judging *j, struct judged_line *l)
{
    static char line[EVENT_LINE_MAX * 2];
    struct buf b = buf_of(line, sizeof line);
    size_t room = 4096;
    struct buf scratch = buf_of(arena_take(&j->file_arena, room, 1, 1), room);

    if (scratch.ptr == NULL)
        return complain(NULL, "the system has no memory to give"), false;
    l->event.known = l->known;
    l->event.has_known = true;
    close_event(j, &l->event, &scratch);
    arena_back(&j->file_arena, j->file_arena.used - (room - scratch.len));
    if (l->event.kind == KIND_OPENED)
        event_write(j->texts.program, &l->event, &b);
    else
        l->refused = !core_offer(j->core, &l->event, &b);
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
        struct judged_line *l = &j->line[i];

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
    free(j->clear);
    free(j->log);
    free(j->leaf);
}

void
judging_hash(struct hash h, struct buf *b)
{
    put_hex(b, h.b, sizeof h.b);
}
