/* SPDX-License-Identifier: Apache-2.0 */
#include "view/names.h"
#include "base/stamp.h"

const char *const severity_words[3] = {"info", "amber", "red"};
const char *const verdict_words[5] = {"pending", "met", "breached", "marginal", "unknown"};
const char *const gate_words[3] = {"red", "unknown", "green"};

struct str
view_symbol(const struct view *v, uint32_t symbol)
{
    struct str name = symbol_name(v->symbols, symbol);
    struct str clear = v->clear == NULL ? STR("") : v->clear(v->context, name);

    return clear.len > 0 ? clear : name;
}

static bool
is_name(const struct program *p, uint16_t type)
{
    uint8_t b = p->types[type].base;

    return b == TY_THING || b == TY_SOURCE || b == TY_TEXT || b == TY_FINDING || b == TY_UNKNOWN;
}

static bool
is_word(const struct program *p, uint16_t type)
{
    uint8_t b = p->types[type].base;

    return b == TY_CHOICE || b == TY_YES_NO || b == TY_SIDE || b == TY_ROLE;
}

void
put_value_json(const struct view *v, uint16_t type, int64_t value, struct buf *b)
{
    if (value == UNSET) {
        put_s(b, "null");
    } else if (is_name(v->p, type)) {
        put_json(b, view_symbol(v, (uint32_t)value));
    } else if (is_word(v->p, type)) {
        put_json(b, program_value_name(v->p, type, value));
    } else if (v->p->types[type].base == TY_TIME) {
        put_c(b, '"');
        put_stamp(b, value);
        put_c(b, '"');
    } else {
        put_i(b, value);
    }
}

void
put_duration(int64_t ms, struct buf *b)
{
    static const struct {
        int64_t ms;
        const char *one, *many;
    } units[] = {{86400000, " day", " days"}, {3600000, " hour", " hours"}, {60000, " minute", " minutes"}, {1000, " second", " seconds"}};
    bool any = false;

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int64_t n = ms / units[i].ms;

        if (n == 0)
            continue;
        ms -= n * units[i].ms;
        if (any)
            put_c(b, ' ');
        put_i(b, n);
        put_s(b, n == 1 ? units[i].one : units[i].many);
        any = true;
    }
    if (ms != 0 || !any) {
        if (any)
            put_c(b, ' ');
        put_i(b, ms);
        put_s(b, " ms");
    }
}

static int64_t
day_of(const struct view *v, int64_t at)
{
    return at + v->zone_offset - civil_of(at + v->zone_offset).ms_of_day;
}

void
put_clock(const struct view *v, int64_t at, struct buf *b)
{
    int64_t ms = civil_of(at + v->zone_offset).ms_of_day;

    put_u_wide(b, (uint64_t)(ms / 3600000), 2);
    put_c(b, ':');
    put_u_wide(b, (uint64_t)(ms / 60000 % 60), 2);
    put_c(b, ':');
    put_u_wide(b, (uint64_t)(ms / 1000 % 60), 2);
}

void
put_day(const struct view *v, int64_t at, struct buf *b)
{
    static const char *const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                         "September", "October", "November", "December"};
    struct civil c = civil_of(at + v->zone_offset);

    put_s(b, days[weekday_of(at + v->zone_offset)]);
    put_c(b, ' ');
    put_i(b, c.day);
    put_c(b, ' ');
    put_s(b, months[c.month - 1]);
    put_c(b, ' ');
    put_i(b, c.year);
}

void
put_clock_on(const struct view *v, int64_t at, int64_t other, struct buf *b)
{
    put_clock(v, at, b);
    if (other != UNSET && day_of(v, at) == day_of(v, other))
        return;
    put_s(b, " on ");
    put_day(v, at, b);
}

void
put_value_text(const struct view *v, uint16_t type, int64_t value, struct buf *b)
{
    if (value == UNSET) {
        put_s(b, "nothing");
    } else if (is_name(v->p, type)) {
        put(b, view_symbol(v, (uint32_t)value));
    } else if (is_word(v->p, type)) {
        put(b, program_value_name(v->p, type, value));
    } else if (v->p->types[type].base == TY_TIME) {
        put_clock(v, value, b);
    } else if (v->p->types[type].base == TY_DURATION) {
        put_duration(value, b);
    } else {
        put_i(b, value);
        if (v->p->types[type].base == TY_METRES)
            put_s(b, " m");
    }
}

void
put_subject_json(const struct view *v, const struct verdict *d, struct buf *b)
{
    const struct sentence *s = &v->p->sentences[d->sentence];
    bool any = false;

    put_c(b, '{');
    for (uint32_t i = 0; i < d->nbinding; i++) {
        const struct name *n = &v->p->names[s->names.at + i];

        if (d->binding[i] == UNSET)
            continue;
        if (any)
            put_c(b, ',');
        put_json(b, n->name);
        put_c(b, ':');
        put_value_json(v, n->type, d->binding[i], b);
        any = true;
    }
    put_c(b, '}');
}

void
put_subject(const struct view *v, const struct verdict *d, struct buf *b)
{
    const struct sentence *s = &v->p->sentences[d->sentence];
    bool any = false;

    for (uint32_t i = 0; i < d->nbinding; i++) {
        const struct name *n = &v->p->names[s->names.at + i];

        if (d->binding[i] == UNSET)
            continue;
        if (any)
            put_s(b, ", ");
        put(b, n->name);
        put_c(b, ' ');
        put_value_text(v, n->type, d->binding[i], b);
        any = true;
    }
}

struct str
view_who(const struct view *v, uint32_t who)
{
    return (who & RUNG_SIDE) != 0 ? v->p->sides[who & ~RUNG_SIDE].name : v->p->roles[who].name;
}
