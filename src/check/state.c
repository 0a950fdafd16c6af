/* SPDX-License-Identifier: Apache-2.0 */
/* state.c -- is a row of a state shown to hold, or shown not to hold, before a cut?
 *
 * A state that events begin and end holds when one that begins it is listed, and nothing that ends it is
 * shown to have come since. It does not hold when there was a time when it did not (the beginning of the
 * log, an end, an instant that a claim on the state covers) and nothing that begins it came since. */
#include "check/world.h"

static struct frame
row_frame(const struct world *w, uint32_t state, const int64_t *args)
{
    struct frame f = {.known = 0};

    for (uint8_t i = 0; i < w->p->states[state].nparams; i++)
        frame_set(&f, i, args[i]);
    return f;
}

static struct subject
whole_row(const struct world *w, uint32_t state, const int64_t *args)
{
    struct subject row = {.n = w->p->states[state].nparams};

    row.known = (uint8_t)((1u << row.n) - 1);
    memcpy(row.arg, args, row.n * sizeof *args);
    return row;
}

/* begun and ended by events -------------------------------------------------------------------- */

/* The first appointments begin with the theatre. */
static bool
appointed(const struct world *w, const struct state *s, const int64_t *args)
{
    for (uint32_t i = 0; s->role != NO_ID && i < w->nfirst; i++)
        if (w->first[i].type == s->role && w->first[i].value == args[0])
            return true;
    return false;
}

static bool
newest_start(struct world *w, const struct state *s, const int64_t *args, const struct frame *f,
             struct cut to, struct cut *ret)
{
    struct cut first = cut_at(w->opening->at, 1);
    bool found = appointed(w, s, args) && cut_cmp(first, to) <= 0;

    if (found)
        *ret = first;
    for (uint32_t i = 0; i < s->from.n; i++) {
        struct cut at;

        if (!check_newest(w, s->from.at + i, f, check_start(w), to, &at))
            continue;
        if (!found || cut_cmp(at, *ret) > 0)
            *ret = at;
        found = true;
    }
    return found;
}

struct planned_end {
    ex_id end;
    const struct frame *f;
};

/* Has the planned end not come at this cut? */
static enum truth
end_ahead(struct world *w, const void *what, struct cut c)
{
    const struct planned_end *e = what;
    struct number end = check_value(w, e->f, e->end, c);

    return end.type == NUMBER_NONE ? T_YES : truth_not(number_less(end, number_of(c.t)));
}

/* Nothing that ends the row came after `from`, and up to the cut. What comes with the very change that
 * began it counts too: then it is not clear which was first. */
static bool
not_ended(struct world *w, const struct state *s, const struct frame *f, struct cut from,
          struct cut c)
{
    struct planned_end end = {s->end, f};
    struct cut where;

    for (uint32_t i = 0; i < s->until.n; i++)
        if (!check_absent(w, s->until.at + i, f, cut_prior(from), c))
            return false;
    return s->end == 0 || check_lasts(w, end_ahead, &end, from, c, &where) == T_YES;
}

static bool
no_start(struct world *w, const struct state *s, const int64_t *args, const struct frame *f,
         struct cut from, struct cut to)
{
    struct cut first = cut_at(w->opening->at, 1);

    if (appointed(w, s, args) && cut_cmp(first, from) > 0 && cut_cmp(first, to) <= 0)
        return false;
    for (uint32_t i = 0; i < s->from.n; i++)
        if (!check_absent(w, s->from.at + i, f, from, to))
            return false;
    return true;
}

/* The newest position at which the row is shown to have ended. */
static bool
newest_end(struct world *w, const struct state *s, const struct frame *f, struct cut to,
           struct cut *ret)
{
    struct planned_end end = {s->end, f};
    bool found = false;

    for (uint32_t i = 0; i < s->until.n; i++) {
        struct cut at;

        if (!check_newest(w, s->until.at + i, f, check_start(w), to, &at))
            continue;
        if (!found || cut_cmp(at, *ret) > 0)
            *ret = at;
        found = true;
    }
    if (s->end != 0) {
        struct number n = check_value(w, f, s->end, to);

        if (number_is_exact(n) && n.lo < to.t &&
            (!found || cut_cmp(cut_at(n.lo + 1, 0), *ret) > 0) &&
            end_ahead(w, &end, cut_at(n.lo + 1, 0)) == T_NO) {
            *ret = cut_at(n.lo + 1, 0);
            found = true;
        }
    }
    return found;
}

/* Does a listed entry begin this row, at an instant up to t, and none listed end it since? A claim on the
 * state says that every row that holds then has its beginning listed: so of this row it says nothing.
 * Claims speak of the entries before the verdict's place: what the entry at the place begins was not yet
 * there, before that entry. */
static bool
begun_by_listed(struct world *w, const struct state *s, const int64_t *args, const struct frame *f,
                int64_t t, struct cut c)
{
    struct cut last = cut_cmp(cut_at(t, CUT_END), c) < 0 ? cut_at(t, CUT_END) : c, end;
    bool ended = newest_end(w, s, f, last, &end);

    if (appointed(w, s, args) && w->opening->at <= t && !ended)
        return true;
    for (uint32_t i = 0; i < w->nlisted * s->from.n && w->listed[i / s->from.n].at <= t; i++) {
        const struct entry *e = &w->listed[i / s->from.n];
        uint32_t at = s->from.at + i % s->from.n;
        const struct moment *m = &w->p->moments[at];
        struct frame mine = *f;

        if (e->place >= w->v->place && (!w->happened || e->at >= w->v->decided) &&
            (cut_cmp(cut_after(e), c) > 0 || check_entry(w, e->place) == NULL))
            continue;
        if (ended && cut_cmp(cut_after(e), end) < 0)
            continue;
        if (m->type == M_EVENT ? check_match_moment(w, m, e, &mine) != T_NO
                               : check_moment_reads(w, m, e->kind) &&
                                     !check_absent(w, at, f, cut_before(e), cut_after(e)))
            return true;
    }
    return false;
}

/* A claim says that the row did not hold at instant u; nothing that begins it came from then on. */
static bool
absent_since(struct world *w, const struct state *s, const int64_t *args, const struct frame *f,
             int64_t u, struct cut c)
{
    return !begun_by_listed(w, s, args, f, u, c) &&
           (u >= cut_last(c) || no_start(w, s, args, f, cut_at(u, CUT_END), c));
}

static bool
claimed_away(struct world *w, const struct state *s, const int64_t *args, const struct frame *f,
             struct cut c)
{
    uint32_t state = (uint32_t)(s - w->p->states);
    struct subject row = whole_row(w, state, args);

    for (uint32_t i = 0; i < w->v->nclaims; i++) {
        const struct claim *x = &w->v->claims[i];
        int64_t last = x->to < cut_last(c) ? x->to : cut_last(c),
                before = x->to < c.t - 1 ? x->to : c.t - 1;

        if (!check_claim_of_state(x, state, &row) || x->from > last)
            continue;
        if (absent_since(w, s, args, f, last, c) ||
            (before < last && x->from <= before && absent_since(w, s, args, f, before, c)))
            return true;
    }
    return false;
}

static enum truth
event_state(struct world *w, const struct state *s, const int64_t *args, struct cut c)
{
    uint32_t state = (uint32_t)(s - w->p->states);
    struct frame f = row_frame(w, state, args);
    struct missing why = {.type = MISSING_NOTHING};
    struct cut at;

    if (newest_start(w, s, args, &f, c, &at)) {
        if (not_ended(w, s, &f, at, c))
            return T_YES;
        why = w->missing;
    }
    if (claimed_away(w, s, args, &f, c) ||
        (newest_end(w, s, &f, c, &at) && no_start(w, s, args, &f, at, c))) /* an end is heard after a start */
        return T_NO;
    if (no_start(w, s, args, &f, check_start(w), c))
        return w->opening->complete ? T_NO : check_missing(w, MISSING_BEFORE, state, c.t, c.t);
    if (why.type == MISSING_NOTHING)
        return check_missing_row(w, MISSING_START, state, args, s->nparams, c.t, c.t);
    w->missing = why;
    return T_OPEN;
}

/* planned -------------------------------------------------------------------------------------- */

/* The position of the newest entry that set a fact in a time; false when one is not shown. */
static bool
newest_set(struct world *w, const struct frame *f, ex_id e, struct cut c, struct cut *ret)
{
    const struct ex *x = &w->p->exs[e];
    struct cut at = *ret;
    struct subject row;

    if (e == 0)
        return true;
    if (x->op == X_FACT) {
        if (!check_arguments(w, f, x, c, &row) ||
            check_fact(w, x->a, row.arg, c, &at).type != NUMBER_RANGE)
            return false;
        if (cut_cmp(at, *ret) > 0)
            *ret = at;
        return true;
    }
    if (x->op != X_ADD && x->op != X_SUB)
        return x->op == X_CONST || x->op == X_SLOT;
    return newest_set(w, f, x->a, c, ret) && newest_set(w, f, x->b, c, ret);
}

/* Nothing that ends the row came since its time was set; T_NO when something listed did. */
static enum truth
not_cancelled(struct world *w, const struct state *s, const struct frame *f, struct cut c)
{
    struct cut set = check_start(w), at;

    if (s->until.n == 0)
        return T_YES;
    if (!newest_set(w, f, s->start, c, &set))
        return T_OPEN;
    for (uint32_t i = 0; i < s->until.n; i++)
        if (check_newest(w, s->until.at + i, f, set, c, &at))
            return T_NO;
    for (uint32_t i = 0; i < s->until.n; i++)
        if (!check_absent(w, s->until.at + i, f, set, c))
            return T_OPEN;
    return T_YES;
}

static enum truth
planned_state(struct world *w, const struct state *s, const int64_t *args, struct cut c)
{
    struct frame f = row_frame(w, (uint32_t)(s - w->p->states), args);
    struct number start = check_value(w, &f, s->start, c), end = number_none(),
                  now = number_of(c.t);
    enum truth begun, ended = T_NO;

    if (start.type == NUMBER_NONE)
        return T_NO;
    begun = number_less(start, now);
    if (begun == T_NO)
        return T_NO;
    if (s->end != 0)
        end = check_value(w, &f, s->end, c);
    if (end.type != NUMBER_NONE)
        ended = number_less(end, now);
    if (ended == T_YES)
        return T_NO;
    return truth_and(truth_and(begun, truth_not(ended)), not_cancelled(w, s, &f, c));
}

/* all states ----------------------------------------------------------------------------------- */

static enum truth
while_state(struct world *w, const struct state *s, const int64_t *args, struct cut c)
{
    struct frame f = row_frame(w, (uint32_t)(s - w->p->states), args);

    return check_condition(w, &f, s->cond, c);
}

/* A claim that no such row holds at the instant. */
static bool
claimed_now(struct world *w, uint32_t state, const int64_t *args, struct cut c)
{
    struct subject row = whole_row(w, state, args);

    return check_claimed_state(w, state, &row, cut_last(c), cut_last(c));
}

static enum truth
state_shown(struct world *w, uint32_t state, const int64_t *args, struct cut c)
{
    const struct state *s = &w->p->states[state];
    enum truth is = T_OPEN;

    switch ((enum state_type)s->type) {
    case ST_EVENTS: return event_state(w, s, args, c);
    case ST_PLANNED: is = planned_state(w, s, args, c); break;
    case ST_WHILE: is = while_state(w, s, args, c); break;
    case ST_SUN: is = check_sun(w, state, c); break;
    case ST_GO: is = check_go(w, state, args, c); break;
    }
    if (is == T_OPEN && claimed_now(w, state, args, c) &&
        (!w->own_set || cut_cmp(c, w->own) != 0 || check_sources_below(w, state, args, c)))
        return T_NO; /* at the verdict's own instant a claim hides no silence */
    return is;
}

/* At the verdict's own instant a state that a silent source feeds is neither true nor false. */
static enum truth
if_sources_live(struct world *w, uint32_t state, const int64_t *args, struct cut c, enum truth is)
{
    const struct state *s = &w->p->states[state];

    if (is == T_OPEN || !w->own_set || cut_cmp(c, w->own) != 0)
        return is;
    for (uint32_t i = 0; i < s->covers.n; i++)
        if (check_source(w, &w->p->covereds[s->covers.at + i], args, c) != T_YES)
            return T_OPEN;
    return is;
}

enum truth
check_state(struct world *w, uint32_t state, const int64_t *args, struct cut c)
{
    struct memo_key key = check_memo_key(MEMO_STATE, state, args, w->p->states[state].nparams, c);
    struct memo_result r = {.is = T_OPEN};

    if (w->depth >= DEPTH_MAX || !check_step(w)) {
        w->too_large = true;
        return T_OPEN;
    }
    if (check_remembered(w, &key, &r))
        return r.is;
    w->depth++;
    r.is = if_sources_live(w, state, args, c, state_shown(w, state, args, c));
    w->depth--;
    check_remember(w, &key, r);
    return w->too_large ? T_OPEN : r.is;
}

/* held ----------------------------------------------------------------------------------------- */

struct held {
    uint32_t state;
    const int64_t *args;
};

static enum truth
holds(struct world *w, const void *what, struct cut c)
{
    const struct held *h = what;

    return check_state(w, h->state, h->args, c);
}

/* A state of events has held since its newest start before then, when nothing ended it since. */
static bool
events_held(struct world *w, uint32_t state, const int64_t *args, struct cut since, struct cut c)
{
    const struct state *s = &w->p->states[state];
    struct frame f = row_frame(w, state, args);
    struct cut at;

    return newest_start(w, s, args, &f, since, &at) && not_ended(w, s, &f, at, c);
}

enum truth
check_held(struct world *w, uint32_t state, const int64_t *args, struct cut since, struct cut c)
{
    struct held h = {state, args};
    enum truth now = check_state(w, state, args, c);
    struct cut where;

    if (now == T_NO || cut_cmp(since, c) >= 0)
        return now;
    if (w->p->states[state].type == ST_EVENTS) {
        if (now == T_YES && events_held(w, state, args, since, c))
            return T_YES;
    } else if (check_lasts(w, holds, &h, since, c, &where) == T_YES) {
        return now;
    }
    if (check_ever_not(w, holds, &h, since, c))
        return T_NO;
    return check_missing_row(w, MISSING_HELD, state, args, w->p->states[state].nparams, since.t,
                             c.t);
}
