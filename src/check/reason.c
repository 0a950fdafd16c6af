/* SPDX-License-Identifier: Apache-2.0 */
/* reason.c -- what is missing, in words. */
#include "base/stamp.h"
#include "check/world.h"

static void
put_named(const struct world *w, struct buf *b, uint16_t type, int64_t value)
{
    struct str name = program_value_name(w->p, type, value);

    if (is_stranger(value))
        put_s(b, "another");
    else if (value == UNSET)
        put_s(b, "nothing");
    else if (name.len > 0)
        put(b, name);
    else if (w->p->types[type].base == TY_TIME)
        put_stamp(b, value);
    else if (value >= 0 && value < UINT32_MAX && symbol_name(w->symbols, (uint32_t)value).len > 0 &&
             (w->p->types[type].base == TY_THING || w->p->types[type].base == TY_SOURCE ||
              w->p->types[type].base == TY_FINDING || type == TY_UNKNOWN))
        put(b, symbol_name(w->symbols, (uint32_t)value));
    else
        put_i(b, value);
}

/* "(v: X, z: outer-1)" */
static void
put_fields(const struct world *w, struct buf *b, uint32_t kind)
{
    const struct kind *k = &w->p->kinds[kind];
    const struct missing *m = &w->missing;

    for (uint8_t i = 0; i < m->n; i++) {
        bool sender = m->param[i] >= k->nparams;

        put_s(b, i == 0 ? "(" : ", ");
        put(b, sender ? STR("by") : k->param[m->param[i]].name);
        put_s(b, ": ");
        put_named(w, b, sender ? TY_SOURCE : k->param[m->param[i]].type[0], m->arg[i]);
    }
    put_s(b, m->n > 0 ? ")" : "");
}

/* "(X, outer-1)" */
static void
put_row(const struct world *w, struct buf *b, uint32_t relation)
{
    const struct missing *m = &w->missing;

    for (uint8_t i = 0; i < m->n; i++) {
        put_s(b, i == 0 ? "(" : ", ");
        put_named(w, b, w->p->relations[relation].arg_type[i], m->arg[i]);
    }
    put_s(b, m->n > 0 ? ")" : "");
}

static void
put_stretch(struct buf *b, int64_t from, int64_t to)
{
    put_s(b, " from ");
    put_stamp(b, from);
    put_s(b, " to ");
    put_stamp(b, to);
}

static void
put_state(const struct world *w, struct buf *b, const char *before, const char *after)
{
    put_s(b, before);
    put(b, w->p->states[w->missing.ref].name);
    put_row(w, b, w->p->states[w->missing.ref].relation);
    put_s(b, after);
}

static void
put_fact(const struct world *w, struct buf *b, const char *after)
{
    put_s(b, "the fact ");
    put(b, w->p->facts[w->missing.ref].name);
    put_row(w, b, w->p->facts[w->missing.ref].relation);
    put_s(b, after);
    put_stamp(b, w->missing.from);
}

static void
put_kind(const struct world *w, struct buf *b, const char *before)
{
    put_s(b, before);
    put(b, w->p->kinds[w->missing.ref].name);
}

void
check_put_missing(const struct world *w, struct buf *b)
{
    const struct missing *m = &w->missing;

    switch ((enum missing_type)m->type) {
    case MISSING_NOTHING: return;
    case MISSING_CLAIM:
        put_kind(w, b, "nothing says that no ");
        put_fields(w, b, m->ref);
        put_s(b, " came");
        put_stretch(b, m->from, m->to);
        return;
    case MISSING_START:
        put_state(w, b, "nothing listed begins ", ", and nothing says that it does not hold");
        return;
    case MISSING_CAME:
        put_kind(w, b, "an entry ");
        put_s(b, " is listed that may have come between, at ");
        put_stamp(b, m->from);
        return;
    case MISSING_EDGE:
        put_state(w, b, "whether ", " began or ended is not shown at ");
        put_stamp(b, m->from);
        return;
    case MISSING_HELD:
        put_state(w, b, "whether ", " has held since before ");
        put_stamp(b, m->from);
        put_s(b, " is not shown");
        return;
    case MISSING_FACT: put_fact(w, b, " may have changed at "); return;
    case MISSING_NO_VALUE: put_fact(w, b, " has no value at "); return;
    case MISSING_SOURCE:
        put_kind(w, b, "no source of ");
        put_s(b, " is shown to live at ");
        put_stamp(b, m->from);
        return;
    case MISSING_GATE:
        put_s(b, "nothing says that the gate ");
        put(b, w->p->gates[m->ref].name);
        put_row(w, b, w->p->gates[m->ref].relation);
        put_s(b, " stayed green");
        put_stretch(b, m->from, m->to);
        return;
    case MISSING_BEFORE:
        put_s(b, "the log begins partial, so what was before it is not known");
        return;
    case MISSING_COUNT:
        put_kind(w, b, "it is not shown which window is meant, and so how many there were of ");
        return;
    case MISSING_LENGTH:
        put_s(b, "the instants at which it could change are too many, or depend on a count");
        return;
    case MISSING_PART: put_s(b, "it is made of a part of the language that is not checked"); return;
    }
}
