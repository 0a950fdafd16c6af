/* SPDX-License-Identifier: Apache-2.0 */
/* event_test.h -- what the tests of src/event share: a small agreement with a field of every type,
 * and the way to read, close and write one line under it. */
#ifndef TEST_EVENT_TEST_H
#define TEST_EVENT_TEST_H
#include "event/event.h"
#include "os/memory.h"
#include "tap.h"

static const char test_text[] =
    "agreement \"Small\" version 2\n"
    "between   host \"Here\" and guest \"There\"\n"
    "time zone \"UTC\"\n"
    "thing  vehicle private\n"
    "thing  person private\n"
    "thing  zone, movement, post\n"
    "choice class = car, pickup, van, small-truck, large-truck\n"
    "choice shade = as-white-as-the-snow-of-the-year, as-yellow-as-the-sun-at-noon, as-red-as-the-lamps-of-a-train,\n"
    "    as-blue-as-the-sea-in-the-evening, as-green-as-the-fields-after-rain, as-black-as-the-night\n"
    "sun    daylight at [67.16, 24.90]\n"
    "role   host.commander, guest.liaison, post.leader\n"
    "       from appointment.made(who, role) until appointment.ended(who, role)\n"
    "event appointment.made(who: source, role: role) \"Gets a role\" coordination\n"
    "event appointment.ended(who: source, role: role) \"Gives it up\" coordination\n"
    "event sighting.stop(v: vehicle, z: zone, class: class, stand-off: metres optional) \"Stands\" observation\n"
    "event sighting.left(v: vehicle) \"Leaves\" observation\n"
    "event movement.ordered(m: movement, departure: time, lead: duration optional,\n"
    "    seats: count optional) \"Order\" command\n"
    "event movement.note(m: movement, text: text, moving: yes-no optional, s: side optional) \"A word\" observation\n"
    "event touched.seen(x: movement or person, who: person) \"Seen\" observation\n"
    "event zone.drawn(z: zone, spot: point, edge: line optional, ring: area optional) \"Drawn\" command\n"
    "event seal.all(m: movement, text: text optional sealed, spot: point optional sealed, due: time optional sealed,\n"
    "    n: count optional sealed, class: class optional sealed, q: person optional sealed,\n"
    "    edge: line optional sealed) \"All sealed\" observation\n"
    "event paint.seen(shade-of-the-roof-and-the-doors: shade, shade-of-the-bonnet-and-the-boot: shade optional,\n"
    "    shade-of-the-wheels-and-the-frame: shade optional, shade-of-the-glass-all-round: shade optional,\n"
    "    shade-of-the-seats-inside-it: shade optional, shade-of-the-driver-too: shade optional) \"Paint\" observation\n"
    "event duty.started(q: person) \"Shift\" observation\n"
    "state on-duty(q: person) \"works\" from duty.started(q)\n"
    "authority\n"
    "    host.commander may command movement, zone\n"
    "    host.commander may coordinate appointment\n"
    "    post.leader    may report sighting, movement.note, touched, seal, duty, paint\n"
    "clause D1 \"Who works\"\n"
    "    duty host, owed to guest, severity amber, case person(q)\n"
    "    each time duty.started(q): may only if post.leader(q)\n";

static struct arena test_arena;
static char scratch_bytes[EVENT_SCRATCH];
static struct buf scratch;
static struct diag diag;

/* The program of one text; NULL, after saying why, when it has errors. */
static inline const struct program *
test_program_of(struct accord_text *texts, uint32_t n)
{
    static struct accord_diags diags;
    const struct program *p = NULL;

    if (accord_read(texts, n, &test_arena, &diags, &p) == ST_OK)
        return p;
    for (uint32_t i = 0; i < diags.n; i++)
        printf("# %.*s:%u:%u: %.*s\n", STR_FMT(texts[diags.item[i].text].name), diags.item[i].line,
               diags.item[i].col, STR_FMT(diags.item[i].what));
    return NULL;
}

static inline const struct program *
test_program(void)
{
    static struct accord_text text = {STR_LIT("small"), {test_text, sizeof test_text - 1}};

    if (test_arena.base == NULL && os_arena_init(&test_arena, ACCORD_BLOCK, &diag) != ST_OK)
        return NULL;
    return test_program_of(&text, 1);
}

/* A line as the tests write it: ' for ", and %257(x) for 257 times x. It lives until the
 * fourth call after. */
static inline struct str
test_line(const char *line)
{
    static char bytes[4][1 << 18];
    static unsigned turn;
    struct buf b = buf_of(bytes[turn++ % 4], sizeof *bytes);

    while (*line != '\0') {
        unsigned n = 0;
        const char *end;

        if (*line != '%') {
            put_c(&b, *line == '\'' ? '"' : *line);
            line++;
            continue;
        }
        for (line++; *line != '('; line++)
            n = n * 10 + (unsigned)(*line - '0');
        end = strchr(++line, ')');
        for (; n > 0; n--)
            for (const char *c = line; c < end; c++)
                put_c(&b, *c == '\'' ? '"' : *c);
        line = end + 1;
    }
    return buf_str(&b);
}

/* Reads one line into a scratch that is emptied first. */
static inline enum status
test_read(const struct program *p, struct str line, struct event *ret)
{
    scratch = buf_of(scratch_bytes, sizeof scratch_bytes);
    diag = (struct diag){0};
    return event_read(p, line, &scratch, ret, &diag);
}

/* Are two events the same? (`has_known` may differ: the canonical line always says it.) */
static inline bool
test_same(const struct program *p, const struct event *a, const struct event *b)
{
    bool same = a->kind == b->kind && a->at == b->at && a->known == b->known && str_eq(a->by, b->by) &&
                str_eq(a->id, b->id) && str_eq(a->extra, b->extra);

    for (uint8_t i = 0; i < p->kinds[a->kind].nparams; i++) {
        const struct field *f = &a->field[i], *g = &b->field[i];

        same = same && f->set == g->set && f->number == g->number && str_eq(f->text, g->text);
    }
    return same;
}
#endif
