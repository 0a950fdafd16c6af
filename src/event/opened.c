/* SPDX-License-Identifier: Apache-2.0 */
/* theatre.opened, entry 0. Its keys behind the header are those of opening_key[] that must be there, then whatever
 * else both sides sign (the zone's offset, hashes of the texts, capacities), sorted; the reader keeps them all.
 *
 *   value  = whole number | text | true | false | null | "[" values "]" | "{" members "}"
 *
 * Keys are sorted at every level, bytewise, and are as a field's of a thing, but without a backslash;
 * a text is as a field's of type text. One object has at most MEMBERS_MAX keys, so that sorting is cheap for any
 * input. */
#include "event/event_in.h"

enum { MEMBERS_MAX = 64, LEVELS_MAX = 8, FUTURE_BOUND = 60000 };

enum opened_key { OPENING_AGREEMENT, OPENING_VERSION, OPENING_CLOCK, OPENING_BEGINS, OPENING_APPOINTMENTS,
               OPENING_NEEDED, OPENING_OFFSET = OPENING_NEEDED, OPENING_FUTURE, OPENING_CAPACITY, OPENINGS };

static const struct {
    struct param param; /* its type where it has one */
    const char *wish;
} opening_key[OPENINGS] = {
    [OPENING_AGREEMENT] = {{.name = STR_LIT("agreement"), .type = {TY_TEXT}}, "the agreement's title"},
    [OPENING_VERSION] = {{.name = STR_LIT("version"), .type = {TY_COUNT}}, "the agreement's version, a whole number"},
    [OPENING_CLOCK] = {{.name = STR_LIT("clock")}, "live or drill"},
    [OPENING_BEGINS] = {{.name = STR_LIT("begins")}, "complete or partial"},
    [OPENING_APPOINTMENTS] = {{.name = STR_LIT("appointments")},
                              "an object of roles like "
                              "{\"host.commander\":\"Shah\",\"guest.liaison\":[\"Li\",\"Wu\"]}"},
    [OPENING_OFFSET] = {{.name = STR_LIT("offset"), .type = {TY_DURATION}}, ""},
    [OPENING_FUTURE] = {{.name = STR_LIT("future-bound"), .type = {TY_DURATION}}, ""},
    [OPENING_CAPACITY] = {{.name = STR_LIT("capacity")},
                          "an object of cells, duties, edges, proofs, rows, stamps, symbol-bytes and symbols, each a "
                          "whole number from 1 to 268435456"},
};

const struct str capacity_names[CAPACITIES] = {
    [CAP_CELLS] = STR_LIT("cells"),   [CAP_DUTIES] = STR_LIT("duties"), [CAP_EDGES] = STR_LIT("edges"),
    [CAP_PROOFS] = STR_LIT("proofs"), [CAP_ROWS] = STR_LIT("rows"),     [CAP_STAMPS] = STR_LIT("stamps"),
    [CAP_SYMBOL_BYTES] = STR_LIT("symbol-bytes"), [CAP_SYMBOLS] = STR_LIT("symbols"),
};

static unsigned
opening_of(struct str key)
{
    unsigned o = 0;

    while (o < OPENINGS && !str_eq(opening_key[o].param.name, key))
        o++;
    return o;
}

static unsigned
rank_of(struct str key)
{
    unsigned o = opening_of(key);

    return o < OPENING_NEEDED ? o : OPENING_NEEDED;
}

static bool
is_header(struct str key)
{
    for (unsigned h = 0; h < HEADERS; h++) {
        if (str_eq(header_param[h].name, key))
            return true;
    }
    return false;
}

/* Walks over the persons of an `appointments`: its value is an object of roles, each with a person
 * or a list of persons. */
struct walk {
    struct json json;
    size_t at; /* where json's input stands in the line */
    bool in_list;
    struct json_token role, who; /* the person at hand; JSON_END in who: there are no more */
};

static enum status
no_appointments(struct reader *r, struct json_token t)
{
    return wrong_value(r, STR("appointments"), opening_key[OPENING_APPOINTMENTS].wish, t);
}

static struct json_token
walk_next(struct walk *w)
{
    struct json_token t = json_next(&w->json);

    t.pos += w->at;
    return t;
}

static enum status
walk_start(struct walk *w, struct reader *r, struct str line, size_t at, size_t end)
{
    struct json_token t;

    *w = (struct walk){.at = at};
    json_init(&w->json, str_cut(line, at, end - at), NULL);
    t = walk_next(w);
    return t.type == JSON_OBJECT ? ST_OK : no_appointments(r, t);
}

static enum status
walk_person(struct walk *w, struct reader *r)
{
    for (;;) {
        struct json_token t = walk_next(w);

        if (w->in_list && t.type == JSON_ARRAY_END) {
            w->in_list = false;
            continue;
        }
        if (!w->in_list && t.type == JSON_OBJECT_END) {
            w->who = (struct json_token){.type = JSON_END};
            return ST_OK;
        }
        if (!w->in_list) {
            w->role = t;
            t = walk_next(w);
            if (t.type == JSON_ARRAY) {
                w->in_list = true;
                continue;
            }
        }
        w->who = t;
        return t.type == JSON_STRING ? ST_OK : no_appointments(r, t);
    }
}

/* A string of the line as a text of at most `max` bytes, unescaped into `b`. */
static enum status
check_text(struct reader *r, struct json_token t, size_t max, struct buf *b, struct str *ret)
{
    const char *fault;

    *ret = json_text(t, b);
    fault = b->full ? "it is too long" : text_fault(*ret, max);
    if (fault == NULL)
        return ST_OK;
    if (max == TEXT_MAX_BYTES)
        return wrong_inside(r, t, "a text has 1 to 4096 bytes; ", fault);
    return wrong_inside(r, t, "a name has 1 to 256 bytes; ", fault);
}

static enum status
check_appointments(struct reader *r, size_t at, size_t end)
{
    struct walk w;
    enum status st = walk_start(&w, r, r->line, at, end);

    while (st == ST_OK) {
        char text[NAME_MAX_BYTES];
        struct buf b = buf_of(text, sizeof text);
        struct str s;

        st = walk_person(&w, r);
        if (st == ST_OK && w.who.type == JSON_END)
            return ST_OK;
        if (st == ST_OK)
            st = check_text(r, w.who, NAME_MAX_BYTES, &b, &s);
    }
    return st;
}

/* Canonical JSON */

struct member {
    struct str key;
    unsigned rank;  /* of the keys that must be there; all others alike */
    size_t at, end; /* of the value, in the line */
};

static enum status put_any(struct reader *r, size_t at, size_t end, unsigned level);

/* Adds one more in order; false when it is there already. */
static bool
insert(struct member *list, unsigned n, struct member m)
{
    unsigned i = n;

    for (; i > 0; i--) {
        int c = m.rank != list[i - 1].rank ? (m.rank < list[i - 1].rank ? -1 : 1) : str_cmp(m.key, list[i - 1].key);

        if (c == 0)
            return false;
        if (c > 0)
            break;
        list[i] = list[i - 1];
    }
    list[i] = m;
    return true;
}

static enum status
check_key(struct reader *r, struct json_token key, unsigned n)
{
    const char *fault = text_fault(key.raw, NAME_MAX_BYTES);

    if (key.escaped)
        return escaped_key(r, key);
    if (fault != NULL)
        return wrong_inside(r, key, "a key has 1 to 256 bytes; ", fault);
    if (n == MEMBERS_MAX)
        return wrong_inside(r, key, "an object has at most 64 keys", "");
    return ST_OK;
}

/* Collects the members of an object whose bracket was read. At level 0 the header's keys are left out. */
static enum status
collect(struct reader *r, struct json *j, size_t at, unsigned level, struct member *list, unsigned *ret_n)
{
    unsigned n = 0;

    for (struct json_token t = json_next(j); t.type == JSON_KEY; t = json_next(j)) {
        struct member m = {t.raw, level == 0 ? rank_of(t.raw) : 0, at + j->pos, 0};
        enum status st;

        t.pos += at;
        if (!json_skip(j, t))
            return ST_MALFORMED;
        m.end = at + j->pos;
        if (level == 0 && is_header(m.key))
            continue;
        st = check_key(r, t, n);
        if (st != ST_OK)
            return st;
        if (!insert(list, n++, m))
            return level == 0 ? twice(r, t) : wrong_inside(r, t, "this key stands twice; keep one", "");
    }
    *ret_n = n;
    return ST_OK;
}

static enum status
put_members(struct reader *r, const struct member *list, unsigned n, unsigned level)
{
    for (unsigned i = 0; i < n; i++) {
        enum status st = ST_OK;

        if (level == 0)
            r->inside = list[i].key;
        if (level == 0 && list[i].rank == OPENING_APPOINTMENTS)
            st = check_appointments(r, list[i].at, list[i].end);
        if (level == 0 || i > 0)
            put_c(r->scratch, ',');
        put_json(r->scratch, list[i].key);
        put_c(r->scratch, ':');
        if (st == ST_OK)
            st = put_any(r, list[i].at, list[i].end, level + 1);
        if (st != ST_OK)
            return st;
    }
    put_c(r->scratch, '}');
    return ST_OK;
}

static enum status
put_object(struct reader *r, struct json *j, size_t at, unsigned level)
{
    struct member list[MEMBERS_MAX];
    unsigned n = 0;
    enum status st = collect(r, j, at, level, list, &n);

    return st == ST_OK ? put_members(r, list, n, level) : st;
}

static enum status
put_list(struct reader *r, struct json *j, size_t at, unsigned level)
{
    bool first = true;

    put_c(r->scratch, '[');
    for (;;) {
        struct json_token t = json_next(j);
        size_t start = t.pos;
        enum status st;

        if (t.type == JSON_ARRAY_END)
            break;
        if (!json_skip(j, t))
            return ST_MALFORMED;
        if (!first)
            put_c(r->scratch, ',');
        first = false;
        st = put_any(r, at + start, at + j->pos, level + 1);
        if (st != ST_OK)
            return st;
    }
    put_c(r->scratch, ']');
    return ST_OK;
}

static enum status
put_text(struct reader *r, struct json_token t)
{
    char text[TEXT_MAX_BYTES];
    struct buf b = buf_of(text, sizeof text);
    struct str s;
    enum status st = check_text(r, t, TEXT_MAX_BYTES, &b, &s);

    if (st == ST_OK)
        put_json(r->scratch, s);
    return st;
}

static enum status
put_number(struct reader *r, struct json_token t)
{
    int64_t n;

    if (!json_int(t.raw, &n) || n < -WHOLE_MAX || n > WHOLE_MAX)
        return wrong_inside(r, t, "a number is a whole one of at most 9007199254740991; ",
                            "put anything else in quotes");
    put_i(r->scratch, n);
    return ST_OK;
}

/* The value at bytes `at` to `end` of the line, which are known to be JSON. */
static enum status
put_any(struct reader *r, size_t at, size_t end, unsigned level)
{
    struct json j;
    struct json_token t;

    json_init(&j, str_cut(r->line, at, end - at), NULL);
    t = json_next(&j);
    t.pos += at;
    if (level > LEVELS_MAX)
        return wrong_inside(r, t, "objects and lists are at most 8 levels deep", "");
    if (t.type == JSON_OBJECT) {
        put_c(r->scratch, '{');
        return put_object(r, &j, at, level);
    }
    if (t.type == JSON_ARRAY)
        return put_list(r, &j, at, level);
    if (t.type == JSON_STRING)
        return put_text(r, t);
    if (t.type == JSON_NUMBER)
        return put_number(r, t);
    put(r->scratch, t.raw); /* true, false, null */
    return ST_OK;
}

enum status
opened_read(struct reader *r)
{
    size_t start = r->scratch->len;
    struct json j;
    enum status st;

    put_header(r->p, &r->e, r->scratch);
    json_init(&j, r->line, NULL);
    (void)json_next(&j);
    st = put_object(r, &j, 0, 0);
    if (st == ST_OK && r->scratch->full)
        st = no_room(r);
    r->e.extra = str_cut(buf_str(r->scratch), start, r->scratch->len - start);
    return st;
}

struct str
opened_rest(struct str extra)
{
    struct json_token t;
    struct json j;

    json_init(&j, extra, NULL);
    (void)json_next(&j);
    for (t = json_next(&j); t.type == JSON_KEY && is_header(t.raw); t = json_next(&j)) {
        if (!json_skip(&j, t))
            break;
    }
    return t.type == JSON_KEY ? str_cut(extra, t.pos, extra.len) : STR("}");
}

/* Closing */

/* Where the value of `appointments` stands in the canonical line; false when it has none. */
static bool
find_appointments(struct str extra, size_t *ret_at, size_t *ret_end)
{
    struct json_token t;
    struct json j;

    json_init(&j, extra, NULL);
    (void)json_next(&j);
    for (t = json_next(&j); t.type == JSON_KEY; t = json_next(&j)) {
        *ret_at = j.pos;
        if (!json_skip(&j, t))
            break;
        *ret_end = j.pos;
        if (str_eq(t.raw, STR("appointments")))
            return true;
    }
    return false;
}

static void
put_token(const struct door_keys *keys, struct json_token who, struct buf *out)
{
    char text[NAME_MAX_BYTES];
    struct buf b = buf_of(text, sizeof text);
    struct str s = json_text(who, &b);

    put_c(out, '"');
    if (is_token(s))
        put(out, s);
    else
        (void)event_token(keys, s, out); /* adds it where it is wanted */
    put_c(out, '"');
}

void
opened_close(const struct program *p, const struct door_keys *keys, struct buf *scratch, struct event *e)
{
    struct reader r = {.p = p, .kind = &p->kinds[KIND_OPENED]};
    size_t start = scratch->len, done = 0, at, end;
    struct walk w;

    if (!p->source_private || !find_appointments(e->extra, &at, &end) ||
        walk_start(&w, &r, e->extra, at, end) != ST_OK)
        return;
    while (walk_person(&w, &r) == ST_OK && w.who.type != JSON_END) {
        put(scratch, str_cut(e->extra, done, w.who.pos - done));
        put_token(keys, w.who, scratch);
        done = w.who.pos + token_len(w.who);
    }
    put(scratch, str_cut(e->extra, done, e->extra.len));
    e->extra = str_cut(buf_str(scratch), start, scratch->len - start);
}

/* Meaning */

/* live or drill, complete or partial: one of two words. */
static enum status
read_word(struct reader *r, enum opened_key o, struct json_token t, const char *yes, const char *no, bool *ret)
{
    if (t.type == JSON_BAD)
        return ST_MALFORMED;
    *ret = t.type == JSON_STRING && str_eq(t.raw, str_of(yes));
    if (*ret || (t.type == JSON_STRING && str_eq(t.raw, str_of(no))))
        return ST_OK;
    return wrong_value(r, opening_key[o].param.name, opening_key[o].wish, t);
}

static enum status
read_appointment(struct reader *r, struct json_token role, struct json_token who, struct opening *ret)
{
    uint32_t n = ret->nappointments, known = program_role(r->p, role.raw);

    if (known == NO_ID)
        return unknown_role(r, role);
    if (n == sizeof ret->appointment / sizeof *ret->appointment)
        return wrong_inside(r, who, "there are at most 32 persons; appoint the others by events", "");
    ret->appointment[n].role = known;
    ret->appointment[n].who = json_text(who, r->scratch);
    ret->nappointments = n + 1;
    return r->scratch->full ? no_room(r) : ST_OK;
}

static enum status
read_appointments(struct reader *r, size_t at, size_t end, struct opening *ret)
{
    struct walk w;
    enum status st = walk_start(&w, r, r->line, at, end);

    while (st == ST_OK) {
        st = walk_person(&w, r);
        if (st == ST_OK && w.who.type == JSON_END)
            return ST_OK;
        if (st == ST_OK)
            st = read_appointment(r, w.role, w.who, ret);
    }
    return st;
}

/* "{" { name ":" number } "}", each name at most once (put_any() has seen to that) */
static enum status
read_capacity(struct reader *r, struct json_token t, struct opening *ret)
{
    const char *wish = opening_key[OPENING_CAPACITY].wish;

    if (t.type != JSON_OBJECT)
        return wrong_value(r, STR("capacity"), wish, t);
    for (t = json_next(&r->json); t.type == JSON_KEY; t = json_next(&r->json)) {
        struct json_token value = json_next(&r->json);
        unsigned c = 0;
        int64_t n;

        while (c < CAPACITIES && !str_eq(capacity_names[c], t.raw))
            c++;
        if (c == CAPACITIES)
            return wrong_value(r, STR("capacity"), wish, t);
        if (value.type != JSON_NUMBER || !json_int(value.raw, &n) || n < 1 || n > CAPACITY_MAX)
            return wrong_value(r, STR("capacity"), wish, value);
        ret->capacity[c] = (uint32_t)n;
    }
    return t.type == JSON_OBJECT_END ? ST_OK : ST_MALFORMED;
}

static enum status
read_opening_key(struct reader *r, enum opened_key o, struct opening *ret)
{
    size_t at = r->json.pos;
    struct json_token t = json_next(&r->json);
    struct field f = {.set = false};
    enum status st;

    r->inside = opening_key[o].param.name;
    switch (o) {
    case OPENING_CLOCK: return read_word(r, o, t, "drill", "live", &ret->drill);
    case OPENING_BEGINS: return read_word(r, o, t, "complete", "partial", &ret->complete);
    case OPENING_APPOINTMENTS:
        if (!json_skip(&r->json, t))
            return ST_MALFORMED;
        return read_appointments(r, at, r->json.pos, ret);
    case OPENING_CAPACITY: return read_capacity(r, t, ret);
    default: st = value_read(r, &opening_key[o].param, t, &f); break;
    }
    if (o == OPENING_AGREEMENT)
        ret->agreement = f.text;
    else if (o == OPENING_VERSION)
        ret->version = f.number;
    else if (o == OPENING_OFFSET)
        ret->zone_offset = f.number;
    else
        ret->future_bound = f.number;
    return st;
}

static enum status
read_opening(struct reader *r, struct opening *ret)
{
    struct json_token t;
    uint32_t have = 0;

    json_init(&r->json, r->line, r->d);
    (void)json_next(&r->json);
    for (t = json_next(&r->json); t.type == JSON_KEY; t = json_next(&r->json)) {
        unsigned o = opening_of(t.raw);
        enum status st = ST_OK;

        if (o == OPENINGS)
            st = json_skip(&r->json, t) ? ST_OK : ST_MALFORMED;
        else
            st = read_opening_key(r, (enum opened_key)o, ret);
        if (st != ST_OK)
            return st;
        have |= 1u << o;
    }
    for (unsigned o = 0; o < OPENING_NEEDED; o++) {
        if ((have & 1u << o) == 0)
            return missing_value(r, opening_key[o].param.name, opening_key[o].wish, t.pos);
    }
    return ST_OK;
}

bool
event_opening(const struct program *p, struct str line, struct buf *scratch, struct opening *ret, struct diag *d)
{
    struct reader r = {.p = p, .line = line, .scratch = scratch, .d = d, .kind = &p->kinds[KIND_OPENED]};
    struct opening o = {.future_bound = FUTURE_BOUND};
    struct event e;

    if (event_read(p, line, scratch, &e, d) != ST_OK)
        return false;
    if (e.kind != KIND_OPENED) {
        diag_set(d, 0, 0, "a log begins with theatre.opened; this line is another event");
        return false;
    }
    o.at = e.at;
    if (read_opening(&r, &o) != ST_OK)
        return false;
    *ret = o;
    return true;
}
