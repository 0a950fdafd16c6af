/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes at all, as a line of the log under a small agreement. Claims:
 *
 *   - what event_read() takes can be written, read back and written again, with the same event and
 *     the same bytes, as it was given and closed; closing twice is closing once;
 *   - what is written is UTF-8 without control bytes, and no longer than a line may be;
 *   - in a closed line every private value is a token and every sealed one a commitment;
 *   - an entry has a number exactly where the event has a value;
 *   - what is refused gets a sentence, UTF-8 without control bytes, and a place inside the input, and
 *     leaves the result as it was;
 *   - a scratch that is too small is said to be, and nothing is written behind it.
 *
 * Planted, to see what it finds, each from the corpus alone, one core of two that were shared:
 *   found in 1 s        a field that the kind does not have is 0 and not unset (event/entry.c)
 *   not found in 120 s  a commitment of more than 64 digits is one (event/door.c, is_commitment()) */
#include "base/json.h"
#include "event/event.h"
#include "standalone.h"

enum { ARENA = 4 << 20, NAMES = 64, NAME_BYTES = 1 << 14, PLACE = 3 };

static const char text[] =
    "agreement \"Fuzz\" version 1 between host \"A\" and guest \"B\" time zone \"UTC\"\n"
    "thing vehicle private\n"
    "thing person private\n"
    "thing zone\n"
    "choice class = car, pickup, van\n"
    "sun daylight at [67.16, 24.90]\n"
    "role post.leader from appointment.made(who, role) until appointment.ended(who, role)\n"
    "event appointment.made(who: source, role: role) \"Gets a role\" coordination\n"
    "event appointment.ended(who: source, role: role) \"Gives it up\" coordination\n"
    "event whole.type(v: vehicle optional, z: zone optional, who: source optional, class: class optional,\n"
    "    due: time optional, lead: duration optional, n: count optional, gap: metres optional,\n"
    "    spot: point optional, edge: line optional, ring: area optional, text: text optional,\n"
    "    ok: yes-no optional, s: side optional, role: role optional, x: zone or person optional) \"All\" observation\n"
    "event sealed.type(v: vehicle optional sealed, class: class optional sealed, due: time optional sealed,\n"
    "    n: count optional sealed, spot: point optional sealed, edge: line optional sealed,\n"
    "    text: text optional sealed, who: source optional sealed) \"All, sealed\" observation\n"
    "event duty.started(q: person) \"Shift\" observation\n"
    "authority post.leader may report whole, sealed, duty\n"
    "    post.leader may coordinate appointment\n"
    "clause D1 \"Who works\"\n"
    "    duty host, owed to guest, severity amber, case person(q)\n"
    "    each time duty.started(q): may only if post.leader(q)\n";

static const struct program *p;
static struct arena arena;
static size_t mark;
static char first_bytes[EVENT_LINE_MAX], again_bytes[EVENT_LINE_MAX];
static char scratch_bytes[EVENT_SCRATCH], other_bytes[EVENT_SCRATCH];

static void
set_up(void)
{
    static struct accord_text texts[1] = {{STR_LIT("fuzz"), {text, sizeof text - 1}}};
    static struct accord_diags diags;

    arena_init(&arena, malloc(ARENA), ARENA);
    ENSURE(accord_read(texts, 1, &arena, &diags, &p) == ST_OK);
    mark = arena.used;
}

static bool
is_clean(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
            return false;
    }
    return utf8_valid(s);
}

static bool
same_event(const struct event *a, const struct event *b)
{
    bool same = a->kind == b->kind && a->at == b->at && a->known == b->known && str_eq(a->by, b->by) &&
                str_eq(a->id, b->id) && str_eq(a->extra, b->extra);

    for (unsigned i = 0; i < PARAMS_MAX; i++) {
        const struct field *f = &a->field[i], *g = &b->field[i];

        same = same && f->set == g->set && f->number == g->number && str_eq(f->text, g->text);
    }
    return same;
}

static struct str
write_line(const struct event *e, char *bytes)
{
    struct buf b = buf_of(bytes, EVENT_LINE_MAX);

    event_write(p, e, &b);
    ENSURE(!b.full && is_clean(buf_str(&b)));
    return buf_str(&b);
}

/* Writes, reads and writes again. */
static struct str
round_trip(const struct event *e)
{
    struct buf b = buf_of(other_bytes, sizeof other_bytes);
    struct str first = write_line(e, first_bytes);
    struct event again;
    struct diag d;

    ENSURE(event_read(p, first, &b, &again, &d) == ST_OK);
    ENSURE(again.has_known && same_event(e, &again));
    ENSURE(str_eq(write_line(&again, again_bytes), first));
    return first;
}

static void
check_closed(const struct event *e)
{
    const struct kind *k = &p->kinds[e->kind];

    ENSURE(k->builtin || str_eq(e->by, STR("shell")) || (e->by.len == 17 && e->by.ptr[0] == '~'));
    for (uint8_t i = 0; i < k->nparams; i++) {
        const struct field *f = &e->field[i];
        const struct type *t = &p->types[k->param[i].type[0]];

        if (f->set && k->param[i].sealed)
            ENSURE(str_starts(f->text, STR("seal:")) && f->text.len > 5 && f->text.len <= 69);
        else if (f->set && (t->private_ || t->base == TY_SOURCE || k->param[i].ntypes > 1))
            ENSURE(f->text.len == 17 && f->text.ptr[0] == '~');
    }
}

static void
check_entry(const struct event *e)
{
    const struct kind *k = &p->kinds[e->kind];
    struct symbols s;
    struct entry entry;

    arena_back(&arena, mark);
    ENSURE(symbols_init(&s, &arena, NAMES, NAME_BYTES));
    ENSURE(event_entry(p, e, PLACE, &s, &entry) == ST_OK);
    ENSURE(entry.kind == e->kind && entry.place == PLACE && str_eq(symbol_name(&s, entry.by), e->by));
    for (unsigned i = 0; i < PARAMS_MAX; i++)
        ENSURE((entry.field[i] != UNSET) == (i < k->nparams && e->field[i].set));
}

static void
check_accepted(struct event *e, struct buf *scratch)
{
    static char closed[EVENT_LINE_MAX];
    struct str line;

    (void)round_trip(e);
    check_entry(e);
    event_close(p, &drill_keys, PLACE, scratch, e);
    ENSURE(!scratch->full);
    check_closed(e);
    line = round_trip(e);
    memcpy(closed, line.ptr, line.len);
    event_close(p, &drill_keys, PLACE + 1, scratch, e);
    ENSURE(!scratch->full && str_eq(write_line(e, first_bytes), (struct str){closed, line.len}));
    check_entry(e);
}

static void
check_small(struct str line, enum status want, size_t cap)
{
    char *bytes = malloc(cap + 1);
    struct buf b = buf_of(bytes, cap);
    struct event e;
    struct diag d;
    enum status st = event_read(p, line, &b, &e, &d);

    ENSURE(st == ST_LIMIT || (st == want && (st != ST_OK || !b.full)));
    free(bytes);
}

static void
check_opening(struct str line, bool read)
{
    struct buf b = buf_of(other_bytes, sizeof other_bytes);
    struct opening o;
    struct diag d = {0};

    if (event_opening(p, line, &b, &o, &d))
        ENSURE(read && o.nappointments <= 32 && o.version >= 0 && o.future_bound >= 0);
    else
        ENSURE(d.text[0] != '\0' && is_clean(str_of(d.text)) && d.pos <= line.len && d.len <= line.len - d.pos);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct event untouched = {.kind = 77};
    struct str line = {(const char *)data, size};
    struct buf scratch = buf_of(scratch_bytes, sizeof scratch_bytes);
    struct diag d = {0};
    struct event e;
    enum status st;

    if (p == NULL)
        set_up();
    memcpy(&e, &untouched, sizeof e);
    st = event_read(p, line, &scratch, &e, &d);
    ENSURE(st == ST_OK || st == ST_MALFORMED || st == ST_INVALID || st == ST_LIMIT);
    check_opening(line, st == ST_OK);
    check_small(line, st, size % 61);
    if (st == ST_OK) {
        check_accepted(&e, &scratch);
        return 0;
    }
    ENSURE(memcmp(&e, &untouched, sizeof e) == 0);
    ENSURE(d.text[0] != '\0' && is_clean(str_of(d.text)));
    ENSURE(st == ST_LIMIT || (d.pos <= size && d.len <= size - d.pos));
    return 0;
}
