/* SPDX-License-Identifier: Apache-2.0 */
/* moment.c -- patterns against entries, and whether a moment came in a stretch of the order.
 *
 * An event came when a listed entry is of its pattern. A state began where it is shown not to hold at
 * one cut and to hold at the next; a fact changed at a listed entry that gave it another value than it
 * had. That none came besides needs claims: over the kind, over the state, over all that set the fact. */
#include "check/world.h"

/* patterns ------------------------------------------------------------------------------------- */

static enum truth
match_equal(struct world *w, const struct arg *a, const struct entry *e, const struct frame *f,
            int64_t value)
{
    struct number want = check_value(w, f, a->ex, cut_before(e));

    if (want.type != NUMBER_RANGE)
        return T_OPEN;
    if (value == UNSET || value < want.lo || value > want.hi)
        return T_NO;
    return truth_of(want.lo == want.hi) == T_YES ? T_YES : T_OPEN;
}

enum truth
check_match(struct world *w, const struct pattern *p, const struct entry *e, struct frame *f)
{
    enum truth all = T_YES;

    if (e->kind != p->kind)
        return T_NO;
    if (!check_step(w))
        return T_OPEN;
    for (uint32_t i = 0; i < p->nargs && all != T_NO; i++) {
        const struct arg *a = &w->p->args[p->args + i];
        int64_t value = check_field(w->p, e, a->param);

        if (a->mode == ARG_EQUAL)
            all = truth_and(all, match_equal(w, a, e, f, value));
        else if (frame_knows(f, a->slot))
            all = truth_and(all, truth_of(f->slot[a->slot] == value));
        else
            frame_set(f, a->slot, value);
    }
    return all;
}

enum truth
check_match_moment(struct world *w, const struct moment *m, const struct entry *e, struct frame *f)
{
    enum truth is = m->type == M_EVENT ? check_match(w, &m->pattern, e, f) : T_NO;

    if (is == T_NO || m->where == 0)
        return is;
    return truth_and(is, check_condition(w, f, m->where, cut_before(e)));
}

/* A field that must be one value, whatever the entry: a constant, or a name that is bound. */
static bool
fixed_value(const struct world *w, const struct arg *a, const struct frame *f, int64_t *ret)
{
    const struct ex *x = &w->p->exs[a->ex];

    if (a->mode == ARG_BIND || x->op == X_SLOT) {
        uint32_t slot = a->mode == ARG_BIND ? a->slot : x->a;

        *ret = f->slot[slot];
        return frame_knows(f, slot);
    }
    *ret = x->k;
    return x->op == X_CONST;
}

struct wanted
check_wanted(const struct world *w, const struct pattern *p, uint32_t moment, const struct frame *f)
{
    struct wanted x = {.kind = p->kind, .moment = moment};

    for (uint32_t i = 0; i < p->nargs; i++) {
        const struct arg *a = &w->p->args[p->args + i];
        int64_t value;

        if (fixed_value(w, a, f, &value) && value != UNSET)
            check_want(&x, a->param, value);
    }
    return x;
}

/* events --------------------------------------------------------------------------------------- */

static bool
event_newest(struct world *w, const struct moment *m, const struct frame *f, struct cut from,
             struct cut to, struct cut *ret)
{
    for (uint32_t i = check_before(w, to); i-- > 0 && cut_cmp(cut_after(&w->entry[i]), from) > 0;) {
        struct frame mine = *f;

        if (check_match_moment(w, m, &w->entry[i], &mine) != T_YES)
            continue;
        *ret = cut_after(&w->entry[i]);
        return true;
    }
    return false;
}

/* The first instant of which entries lie after the cut. */
static int64_t
first_after(struct cut c)
{
    return c.i == CUT_END ? c.t + 1 : c.t;
}

static bool
event_absent(struct world *w, uint32_t moment, const struct frame *f, struct cut from,
             struct cut to)
{
    const struct moment *m = &w->p->moments[moment];
    struct wanted x;

    for (uint32_t i = check_before(w, to); i-- > 0 && cut_cmp(cut_after(&w->entry[i]), from) > 0;) {
        struct frame mine = *f;

        if (check_match_moment(w, m, &w->entry[i], &mine) == T_NO)
            continue;
        (void)check_missing(w, MISSING_CAME, w->entry[i].kind, w->entry[i].at, w->entry[i].at);
        return false;
    }
    x = check_wanted(w, &m->pattern, moment, f);
    return check_claimed(w, &x, first_after(from), cut_last(to));
}

/* edges of states ------------------------------------------------------------------------------ */

static bool
some_came(struct world *w, struct span moments, const struct frame *f, struct cut a, struct cut b)
{
    struct cut at;

    for (uint32_t i = 0; i < moments.n; i++)
        if (check_newest(w, moments.at + i, f, a, b, &at))
            return true;
    return false;
}

/* What begins and ends between the cuts, by the same event or change, has both edges and no length. */
static bool
for_no_time(struct world *w, uint32_t state, const int64_t *args, struct cut a, struct cut b)
{
    const struct state *s = &w->p->states[state];
    struct frame f = {.known = 0};

    if (s->type != ST_EVENTS || w->depth >= DEPTH_MAX)
        return false;
    for (uint8_t i = 0; i < s->nparams; i++)
        frame_set(&f, i, args[i]);
    return some_came(w, s->from, &f, a, b) && some_came(w, s->until, &f, a, b);
}

enum truth
check_edge(struct world *w, uint32_t state, const int64_t *args, bool ends, struct cut a,
           struct cut b)
{
    enum truth before = check_state(w, state, args, a), after;

    if (before == T_NO && for_no_time(w, state, args, a, b))
        return T_YES;
    if (before == (ends ? T_NO : T_YES))
        return T_NO;
    after = check_state(w, state, args, b);
    return truth_and(ends ? before : truth_not(before), ends ? truth_not(after) : after);
}

/* What a moment of a state or a fact says of its row, with the frame that its names are in. */
struct edge {
    const struct moment *m;
    struct subject row;
    uint16_t slot[ARITY_MAX]; /* where an unknown argument is bound; UINT16_MAX: nowhere */
    uint16_t type[ARITY_MAX];
    struct frame frame;
    struct cut from, to;
    bool loose;  /* an argument is worked out anew each time: only that nothing turned can be seen */
    bool newest; /* look for the newest that is shown; else see that there is none */
    bool found, clean;
    struct cut at;
};

static void
edge_argument(struct world *w, struct edge *e, const struct arg *a)
{
    int64_t value;

    if (a->mode == ARG_BIND)
        e->slot[a->param] = a->slot;
    if (fixed_value(w, a, &e->frame, &value)) {
        e->row.arg[a->param] = value;
        e->row.known |= (uint8_t)(1u << a->param);
    } else if (a->mode == ARG_EQUAL) {
        e->loose = true;
    }
}

static struct edge
edge_of(struct world *w, const struct moment *m, const struct frame *f, struct cut from,
        struct cut to, bool newest)
{
    uint32_t relation =
        m->type == M_CHANGES ? w->p->facts[m->ref].relation : w->p->states[m->ref].relation;
    const struct relation *r = &w->p->relations[relation];
    struct edge e = {.m = m, .frame = *f, .from = from, .to = to, .newest = newest, .clean = true};

    e.row.n = r->arity;
    for (uint8_t i = 0; i < r->arity; i++) {
        e.slot[i] = UINT16_MAX;
        e.type[i] = r->arg_type[i];
    }
    for (uint32_t i = 0; i < m->pattern.nargs; i++)
        edge_argument(w, &e, &w->p->args[m->pattern.args + i]);
    return e;
}

/* One coming that is shown, or may be: kept, or the end of being clean. */
static void
edge_seen(struct world *w, struct edge *e, enum truth is, struct cut at, enum missing_type what)
{
    if (is != T_NO && e->m->where != 0)
        is = truth_and(is, check_condition(w, &e->frame, e->m->where, at));
    if (is == T_NO)
        return;
    if (!e->newest) {
        e->clean = false;
        if (w->missing.type == MISSING_NOTHING || is == T_YES)
            (void)check_missing_row(w, what, e->m->ref, e->row.arg, e->row.n, at.t, at.t);
    } else if (is == T_YES && (!e->found || cut_cmp(at, e->at) > 0)) {
        e->found = true;
        e->at = at;
    }
}

/* From cut to cut: where the state turns. */
static void
scan_state(struct world *w, struct edge *e)
{
    bool ends = e->m->type == M_ENDS;

    if (!w->all_critical) {
        e->clean = false;
        (void)check_missing(w, MISSING_LENGTH, 0, e->from.t, e->to.t);
        return;
    }
    for (struct cut a = e->from;
         cut_cmp(a, e->to) < 0 && (e->newest || e->clean) && check_step(w);) {
        struct cut b = check_next_cut(w, a, e->to);

        edge_seen(w, e, check_edge(w, e->m->ref, e->row.arg, ends, a, b), b, MISSING_EDGE);
        a = b;
    }
    e->clean = e->clean && !w->too_large;
}

/* Entry by entry: where the fact got another value. */
static void
scan_fact(struct world *w, struct edge *e)
{
    for (uint32_t i = check_before(w, e->to);
         i-- > 0 && cut_cmp(cut_after(&w->entry[i]), e->from) > 0;) {
        const struct entry *x = &w->entry[i];
        struct number old;
        int64_t value = UNSET;
        enum truth is = check_fact_set(w, e->m->ref, e->row.arg, x, &value);

        if (is == T_NO)
            continue;
        old = check_fact(w, e->m->ref, e->row.arg, cut_before(x), NULL);
        if (old.type == NUMBER_OPEN)
            is = T_OPEN;
        else
            is =
                truth_and(is, truth_of(old.type == NUMBER_NONE ? value != UNSET : old.lo != value));
        edge_seen(w, e, is, cut_after(x), MISSING_FACT);
    }
    if (!e->newest && e->clean)
        e->clean =
            check_fact_claimed(w, e->m->ref, e->row.arg, first_after(e->from), cut_last(e->to));
}

/* Every row that the moment may speak of. */
static void
scan_rows(struct world *w, struct edge *e, uint8_t i)
{
    struct choices c;
    struct frame frame = e->frame;
    int64_t value;

    while (i < e->row.n && (e->row.known & (1u << i)) != 0)
        i++;
    if (i == e->row.n) {
        if (e->m->type == M_CHANGES)
            scan_fact(w, e);
        else
            scan_state(w, e);
        return;
    }
    c = check_choices(w, e->type[i], &frame);
    while ((e->newest || e->clean) && check_next_choice(&c, &value)) {
        if (e->newest && is_stranger(value))
            continue; /* nobody says that there is such a one */
        e->row.arg[i] = value;
        if (e->slot[i] != UINT16_MAX)
            frame_set(&e->frame, e->slot[i], value);
        scan_rows(w, e, (uint8_t)(i + 1));
        e->frame = frame;
    }
}

/* A claim that no such row holds leaves none to begin or end. One that holds before the stretch could
 * still end in it, so for an end the claim must reach back. */
static bool
edge_claimed(struct world *w, const struct edge *e)
{
    int64_t from = first_after(e->from);

    if (e->m->type == M_CHANGES || w->p->states[e->m->ref].type == ST_EVENTS)
        return false; /* what listed entries start is left out of such a claim: see state.c */
    return check_claimed_state(w, e->m->ref, &e->row, e->m->type == M_ENDS ? from - 1 : from,
                               cut_last(e->to));
}

bool
check_newest(struct world *w, uint32_t moment, const struct frame *f, struct cut from,
             struct cut to, struct cut *ret)
{
    const struct moment *m = &w->p->moments[moment];
    struct edge e;

    if (m->type == M_EVENT)
        return event_newest(w, m, f, from, to, ret);
    if (m->type != M_BEGINS && m->type != M_ENDS && m->type != M_CHANGES)
        return false;
    e = edge_of(w, m, f, from, to, true);
    if (e.loose)
        return false;
    scan_rows(w, &e, 0);
    if (e.found)
        *ret = e.at;
    return e.found && !w->too_large;
}

bool
check_absent(struct world *w, uint32_t moment, const struct frame *f, struct cut from,
             struct cut to)
{
    const struct moment *m = &w->p->moments[moment];
    struct edge e;

    if (cut_cmp(from, to) >= 0)
        return true;
    if (m->type == M_EVENT)
        return event_absent(w, moment, f, from, to);
    if (m->type != M_BEGINS && m->type != M_ENDS && m->type != M_CHANGES) {
        (void)check_missing(w, MISSING_PART, 0, from.t, to.t);
        return false;
    }
    e = edge_of(w, m, f, from, to, false);
    if (edge_claimed(w, &e))
        return true;
    scan_rows(w, &e, 0);
    return e.clean && !w->too_large;
}
