/* SPDX-License-Identifier: Apache-2.0 */
/* One value against its type.
 *
 *   time               "2024-10-06T17:20:00.000Z"
 *   duration, metres, count   a whole number from 0 to 2^53 - 1
 *   choice, side, role the name in quotes; yes-no also as true or false
 *   point              [longitude,latitude], at most 7 decimals
 *   line, area         2 to 256 points
 *   all others         a string: see text_fault()
 *   any, when sealed   also "seal:" and hex digits: the commitment itself */
#include "event/event_in.h"
#include "base/stamp.h"
#include "geo/point.h"

bool
is_control(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.ptr[at];

    if (c == 0xc2 && at + 1 < s.len) /* U+0080 to U+009F */
        return (unsigned char)s.ptr[at + 1] < 0xa0;
    return c < 0x20 || c == 0x7f;
}

const char *
text_fault(struct str s, size_t max)
{
    if (s.len == 0)
        return "it is empty";
    if (s.len > max)
        return "it is too long";
    if (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ')
        return "leave out the blank at its beginning or end";
    for (size_t i = 0; i < s.len; i++) {
        if (is_control(s, i))
            return "leave out its control character";
    }
    return NULL;
}

size_t
text_max(const struct reader *r, const struct param *q)
{
    if (q == &header_param[H_ID])
        return EVENT_ID_MAX;
    return base_of(r->p, q) == TY_TEXT ? TEXT_MAX_BYTES : NAME_MAX_BYTES;
}

static enum status
read_text(struct reader *r, const struct param *q, struct json_token t, struct field *f)
{
    const char *fault;

    if (t.type != JSON_STRING)
        return wrong_type(r, q, t);
    f->text = json_text(t, r->scratch);
    if (r->scratch->full)
        return no_room(r);
    fault = text_fault(f->text, text_max(r, q));
    return fault == NULL ? ST_OK : wrong_text(r, q, t, f->text, fault);
}

static enum status
read_time(struct reader *r, const struct param *q, struct json_token t, struct field *f)
{
    struct diag why;

    if (t.type != JSON_STRING)
        return wrong_type(r, q, t);
    if (stamp_read(t.raw, &f->number, &why) == ST_OK)
        return ST_OK;
    return wrong_part(r, q, t.pos + 1 + why.pos, why.len, "", why.text);
}

struct limits
value_limits(const struct reader *r, const struct param *q)
{
    if (r->kind->builtin && str_eq(q->name, STR("offset"))) /* of a zone from UTC */
        return (struct limits){-OFFSET_MAX, OFFSET_MAX};
    return (struct limits){0, WHOLE_MAX};
}

static enum status
read_number(struct reader *r, const struct param *q, struct json_token t, struct field *f)
{
    struct limits may = value_limits(r, q);
    int64_t n;

    if (t.type != JSON_NUMBER || !json_int(t.raw, &n) || n < may.min || n > may.max)
        return wrong_type(r, q, t);
    f->number = n;
    return ST_OK;
}

/* No name of ours needs an escape, so a string with one is none. */
static enum status
read_name(struct reader *r, const struct param *q, struct json_token t, struct field *f)
{
    int64_t n;

    if (base_of(r->p, q) == TY_YES_NO && (t.type == JSON_TRUE || t.type == JSON_FALSE)) {
        f->number = t.type == JSON_TRUE;
        return ST_OK;
    }
    if (t.type != JSON_STRING || !program_value_of(r->p, q->type[0], t.raw, &n))
        return wrong_type(r, q, t);
    f->number = n;
    return ST_OK;
}

static enum status
read_degrees(struct reader *r, const struct param *q, const char *what, int32_t max, int32_t *ret)
{
    struct json_token t = json_next(&r->json);
    struct diag why;

    if (t.type == JSON_BAD)
        return ST_MALFORMED;
    if (t.type != JSON_NUMBER)
        return wrong_part(r, q, t.pos, token_len(t), what, "a number of degrees stands here");
    if (degrees_read(t.raw, max, ret, &why) == ST_OK)
        return ST_OK;
    return wrong_part(r, q, t.pos + why.pos, why.len, what, why.text);
}

/* point = "[" degrees "," degrees "]" */
static enum status
read_point(struct reader *r, const struct param *q, struct json_token t)
{
    struct point p = {0, 0};
    enum status st;

    if (t.type == JSON_BAD)
        return ST_MALFORMED;
    if (t.type != JSON_ARRAY)
        return wrong_type(r, q, t);
    st = read_degrees(r, q, "longitude: ", LON_MAX, &p.lon);
    if (st == ST_OK)
        st = read_degrees(r, q, "latitude: ", LAT_MAX, &p.lat);
    if (st != ST_OK)
        return st;
    t = json_next(&r->json);
    if (t.type == JSON_BAD)
        return ST_MALFORMED;
    if (t.type != JSON_ARRAY_END)
        return wrong_part(r, q, t.pos, token_len(t), "", "two numbers make a place");
    put_point(r->scratch, p);
    return ST_OK;
}

/* line = "[" point { "," point } "]" */
static enum status
read_places(struct reader *r, const struct param *q, struct json_token open)
{
    struct json_token t;
    unsigned n = 0;

    if (open.type != JSON_ARRAY)
        return wrong_type(r, q, open);
    put_c(r->scratch, '[');
    for (t = json_next(&r->json); t.type != JSON_ARRAY_END; t = json_next(&r->json)) {
        enum status st;

        if (n == PLACES_MAX)
            return wrong_part(r, q, t.pos, token_len(t), "", "this is one more");
        if (n++ > 0)
            put_c(r->scratch, ',');
        st = read_point(r, q, t);
        if (st != ST_OK)
            return st;
    }
    if (n < PLACES_MIN)
        return wrong_part(r, q, t.pos, 1, "", n == 0 ? "there is none" : "there is one");
    put_c(r->scratch, ']');
    return ST_OK;
}

static enum status
read_composite(struct reader *r, const struct param *q, struct json_token t, struct field *f)
{
    size_t start = r->scratch->len;
    enum status st = base_of(r->p, q) == TY_POINT ? read_point(r, q, t) : read_places(r, q, t);

    f->text = str_cut(buf_str(r->scratch), start, r->scratch->len - start);
    if (st == ST_OK && r->scratch->full)
        return no_room(r);
    return st;
}

enum status
value_read(struct reader *r, const struct param *q, struct json_token t, struct field *ret)
{
    if (t.type == JSON_BAD)
        return ST_MALFORMED;
    ret->set = true;
    if (q->sealed && t.type == JSON_STRING && is_commitment(t.raw)) {
        ret->text = t.raw;
        return ST_OK;
    }
    switch (base_of(r->p, q)) {
    case TY_TIME: return read_time(r, q, t, ret);
    case TY_DURATION:
    case TY_COUNT:
    case TY_METRES: return read_number(r, q, t, ret);
    case TY_CHOICE:
    case TY_YES_NO:
    case TY_SIDE:
    case TY_ROLE: return read_name(r, q, t, ret);
    case TY_POINT:
    case TY_LINE:
    case TY_AREA: return read_composite(r, q, t, ret);
    case TY_THING:
    case TY_SOURCE:
    case TY_FINDING:
    case TY_TEXT: return read_text(r, q, t, ret);
    case TY_CLOCK:
    case TY_UNKNOWN: break; /* no field has these types */
    }
    return wrong_type(r, q, t);
}
