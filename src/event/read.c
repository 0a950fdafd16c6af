/* SPDX-License-Identifier: Apache-2.0 */
/* A line is one JSON object:
 *
 *   line  = "{" key ":" value { "," key ":" value } "}"
 *   key   = kind | at | known | by | id | a field of the kind's, each at most once, in any order
 *
 * The kind says what the rest may be, so it is looked for first; in a canonical line that is the
 * first key. Nothing is kept of a line that is refused. */
#include "event/event_in.h"

/* Types of the keys that stand in every event. A built-in type stands at the index of its enum. */
const struct param header_param[HEADERS] = {
    [H_KIND] = {.name = STR_LIT("kind"), .type = {TY_TEXT}, .ntypes = 1},
    [H_AT] = {.name = STR_LIT("at"), .type = {TY_TIME}, .ntypes = 1},
    [H_KNOWN] = {.name = STR_LIT("known"), .type = {TY_TIME}, .ntypes = 1, .optional = true},
    [H_BY] = {.name = STR_LIT("by"), .type = {TY_SOURCE}, .ntypes = 1},
    [H_ID] = {.name = STR_LIT("id"), .type = {TY_TEXT}, .ntypes = 1, .optional = true},
};

static unsigned
header_of(struct str key)
{
    unsigned h = 0;

    while (h < HEADERS && !str_eq(header_param[h].name, key))
        h++;
    return h;
}

/* The kind */

static enum status
read_kind(struct reader *r, struct json_token t)
{
    uint32_t kind;

    if (t.type == JSON_BAD)
        return ST_MALFORMED;
    if (t.type != JSON_STRING)
        return simple(r, t, "the kind is a name in quotes, such as \"sighting.stop\"");
    kind = program_kind(r->p, t.raw);
    if (kind == NO_ID)
        return unknown_kind(r, t);
    r->e.kind = kind;
    r->kind = &r->p->kinds[kind];
    return ST_OK;
}

static enum status
find_kind(struct reader *r)
{
    struct json_token t = json_next(&r->json);

    if (t.type != JSON_OBJECT) { /* JSON of another sort, or none at all */
        (void)simple(r, t, "a line is one JSON object: {\"kind\":...}");
        return ST_MALFORMED;
    }
    for (t = json_next(&r->json); t.type == JSON_KEY; t = json_next(&r->json)) {
        if (str_eq(t.raw, STR("kind")))
            return read_kind(r, json_next(&r->json));
        if (!json_skip(&r->json, t))
            return ST_MALFORMED;
    }
    if (t.type == JSON_BAD)
        return ST_MALFORMED;
    return simple(r, t, "a line says its kind, such as \"kind\":\"sighting.stop\"");
}

/* Keys and values */

static enum status
read_header(struct reader *r, struct json_token key, enum header h)
{
    struct json_token t;
    struct field f = {.set = false};
    enum status st;

    if ((r->header & 1u << h) != 0)
        return twice(r, key);
    if (h == H_BY && r->e.kind == KIND_TICK)
        return unknown_field(r, key);
    r->header |= 1u << h;
    t = json_next(&r->json);
    if (h == H_KIND)
        return ST_OK;
    st = value_read(r, &header_param[h], t, &f);
    if (h == H_AT)
        r->e.at = f.number;
    if (h == H_KNOWN)
        r->e.known = f.number;
    if (h == H_BY)
        r->e.by = f.text;
    if (h == H_ID)
        r->e.id = f.text;
    return st;
}

/* The field called `key`, looked for first where the vocabulary's order has it; nparams when none is. */
static uint8_t
find_field(const struct reader *r, struct str key)
{
    const struct kind *k = r->kind;

    if (r->next < k->nparams && str_eq(k->param[r->next].name, key))
        return r->next;
    for (uint8_t i = 0; i < k->nparams; i++) {
        if (str_eq(k->param[i].name, key))
            return i;
    }
    return k->nparams;
}

static enum status
read_field(struct reader *r, struct json_token key)
{
    uint8_t i = find_field(r, key.raw);

    if (i == r->kind->nparams)
        return unknown_field(r, key);
    if (r->e.field[i].set)
        return twice(r, key);
    r->next = (uint8_t)(i + 1);
    return value_read(r, &r->kind->param[i], json_next(&r->json), &r->e.field[i]);
}

static enum status
read_member(struct reader *r, struct json_token key)
{
    unsigned h;

    if (key.escaped)
        return escaped_key(r, key);
    h = header_of(key.raw);
    if (h < HEADERS)
        return read_header(r, key, (enum header)h);
    if (r->e.kind == KIND_OPENED) /* its other keys: opened_read() */
        return json_skip(&r->json, key) ? ST_OK : ST_MALFORMED;
    return read_field(r, key);
}

/* The sun and the zone mean nothing without their field. */
static bool
is_required(const struct reader *r, const struct param *q)
{
    return !q->optional || r->e.kind == KIND_SUN_UP || r->e.kind == KIND_SUN_DOWN || r->e.kind == KIND_ZONE;
}

static enum status
check_missing(struct reader *r, size_t end)
{
    if ((r->header & 1u << H_AT) == 0)
        return missing(r, &header_param[H_AT], end);
    if ((r->header & 1u << H_BY) == 0 && r->e.kind != KIND_TICK)
        return missing(r, &header_param[H_BY], end);
    for (uint8_t i = 0; i < r->kind->nparams; i++) {
        const struct param *q = &r->kind->param[i];

        if (!r->e.field[i].set && is_required(r, q))
            return missing(r, q, end);
    }
    return ST_OK;
}

static enum status
read_members(struct reader *r)
{
    struct json_token t;
    size_t end;

    json_init(&r->json, r->line, r->d);
    (void)json_next(&r->json);
    for (t = json_next(&r->json); t.type == JSON_KEY; t = json_next(&r->json)) {
        enum status st = read_member(r, t);

        if (st != ST_OK)
            return st;
    }
    end = t.pos;
    if (t.type == JSON_BAD || json_next(&r->json).type == JSON_BAD)
        return ST_MALFORMED;
    return check_missing(r, end);
}

/* The closed canonical line must be one that can be read again. A point grows to at most four times
 * its bytes, a person of theatre.opened to five, and closing a field adds at most 72; so a short line
 * need not be tried. Which keys close it makes no difference to the length. */
static enum status
check_length(struct reader *r)
{
    size_t mark = r->scratch->len;
    struct event e;
    bool fits;

    if (r->line.len <= EVENT_LINE_MAX / 8)
        return ST_OK;
    e = r->e;
    event_close(r->p, &drill_keys, 0, r->scratch, &e);
    fits = r->scratch->len - mark <= EVENT_LINE_MAX;
    if (fits) {
        size_t start = r->scratch->len;

        event_write(r->p, &e, r->scratch);
        fits = r->scratch->len - start <= EVENT_LINE_MAX;
    }
    r->scratch->len = mark;
    if (fits && r->scratch->full)
        return no_room(r);
    return fits ? ST_OK : too_long(r);
}

enum status
event_read(const struct program *p, struct str line, struct buf *scratch, struct event *ret, struct diag *d)
{
    struct reader r = {.p = p, .line = line, .scratch = scratch, .d = d};
    enum status st;

    if (line.len > EVENT_LINE_MAX)
        return too_long(&r);
    json_init(&r.json, line, d);
    st = find_kind(&r);
    if (st == ST_OK)
        st = read_members(&r);
    if (st != ST_OK)
        return st;
    r.e.has_known = (r.header & 1u << H_KNOWN) != 0;
    if (!r.e.has_known)
        r.e.known = r.e.at;
    if (r.e.kind == KIND_OPENED)
        st = opened_read(&r);
    if (st == ST_OK)
        st = check_length(&r);
    if (st == ST_OK)
        *ret = r.e;
    return st;
}
