/* SPDX-License-Identifier: Apache-2.0 */
/* past.c -- past events within a window: whether one came, how many, and what their fields come to.
 *
 * Listed entries are what there is at least; a claim over the whole window says that there are no more.
 * When the window's length is not shown, an entry counts as sure where the shortest window holds it. */
#include "check/world.h"

struct past {
    struct world *w;
    const struct site *site;
    struct cut c;
    struct wanted wanted;
    struct number from, to; /* age: from < age <= to; `from` is none when age counts from 0 */
};

static int64_t
longest(const struct past *p)
{
    return number_plus(p->c.t, p->to.hi == ENDLESS ? -ENDLESS : -p->to.hi);
}

/* The kind, the keys, and the fields that must be constants. */
static bool
past_wanted(const struct frame *f, const struct ex *x, struct past *p)
{
    struct world *w = p->w;
    struct subject keys;

    p->wanted = (struct wanted){.kind = p->site->kind, .moment = NO_ID};
    if (!check_arguments(w, f, x, p->c, &keys))
        return false;
    for (uint8_t i = 0; i < keys.n; i++)
        if ((keys.known & (1u << i)) != 0)
            check_want(&p->wanted, p->site->key[i], keys.arg[i]);
    for (uint32_t i = 0; i < p->site->filters.n; i++) {
        const struct arg *a = &w->p->args[p->site->filters.at + i];
        struct number n = check_value(w, f, a->ex, p->c);

        if (!number_is_exact(n))
            return false;
        check_want(&p->wanted, a->param, n.lo);
    }
    return true;
}

static bool
past_of(struct world *w, const struct frame *f, const struct ex *x, struct cut c, struct past *ret)
{
    *ret = (struct past){.w = w, .site = &w->p->sites[x->a], .c = c, .from = number_none()};
    ret->to = check_value(w, f, x->c, c);
    if (x->b != 0)
        ret->from = check_value(w, f, x->b, c);
    return ret->to.type == NUMBER_RANGE && ret->from.type != NUMBER_OPEN && past_wanted(f, x, ret);
}

/* Does the entry count? */
static enum truth
counts(const struct past *p, const struct entry *e)
{
    struct number age = number_of(p->c.t - e->at);
    enum truth in;

    if (e->kind != p->site->kind)
        return T_NO;
    for (uint8_t i = 0; i < p->wanted.n; i++)
        if (check_field(p->w->p, e, p->wanted.param[i]) != p->wanted.value[i])
            return T_NO;
    in = number_at_most(age, p->to);
    return p->from.type == NUMBER_NONE ? in : truth_and(in, number_less(p->from, age));
}

/* Do claims say that no other came in the longest window there may be? */
static bool
none_besides(const struct past *p)
{
    int64_t from = longest(p), to = cut_last(p->c);

    if (p->from.type != NUMBER_NONE && number_plus(p->c.t, -p->from.lo) - 1 < to)
        to = p->c.t - p->from.lo - 1;
    if (p->w->opening->complete && from < p->w->opening->at)
        from = p->w->opening->at;
    return check_claimed(p->w, &p->wanted, from, to);
}

struct tally {
    int64_t sure, may;         /* how many */
    int64_t sum_sure, sum_may; /* of the field */
    int64_t least, most;       /* of the field, over those that may count */
    int64_t least_sure, most_sure;
    bool bad; /* the field was left out */
};

static void
tally_one(const struct past *p, const struct entry *e, struct tally *t)
{
    enum truth is = counts(p, e);
    int64_t v = p->site->value == UINT8_MAX ? 0 : check_field(p->w->p, e, p->site->value);

    if (is == T_NO)
        return;
    if (v == UNSET || v < 0) {
        t->bad = true;
        return;
    }
    t->may++;
    t->sum_may = number_plus(t->sum_may, v);
    t->least = v < t->least ? v : t->least;
    t->most = v > t->most ? v : t->most;
    if (is != T_YES)
        return;
    t->sure++;
    t->sum_sure = number_plus(t->sum_sure, v);
    t->least_sure = v < t->least_sure ? v : t->least_sure;
    t->most_sure = v > t->most_sure ? v : t->most_sure;
}

static struct tally
tally_of(const struct past *p)
{
    struct tally t = {.least = ENDLESS, .most = -1, .least_sure = ENDLESS, .most_sure = -1};
    uint32_t n = check_before(p->w, p->c);

    for (uint32_t i = 0; i < n && check_step(p->w); i++)
        tally_one(p, &p->w->entry[i], &t);
    return t;
}

/* Values of events are never negative (the door refuses them), so what came besides only adds. */
struct number
check_past_value(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct past p;
    struct tally t;
    bool all;

    if (!past_of(w, f, x, c, &p))
        return number_open();
    t = tally_of(&p);
    all = none_besides(&p);
    if (t.bad && x->op != X_COUNT_PAST)
        return number_open();
    if ((x->op == X_MIN_PAST || x->op == X_MAX_PAST) && t.sure == 0)
        return all && t.may == 0 ? number_none() : number_open();
    switch ((enum op)x->op) {
    case X_COUNT_PAST: return number_range(t.sure, all ? t.may : ENDLESS);
    case X_SUM_PAST: return number_range(t.sum_sure, all ? t.sum_may : ENDLESS);
    case X_MIN_PAST: return number_range(all ? t.least : 0, t.least_sure);
    case X_MAX_PAST: return number_range(t.most_sure, all ? t.most : ENDLESS);
    default: return number_open();
    }
}

static enum truth
past_counted(struct world *w, const struct frame *f, const struct ex *x, struct cut c,
             const struct past *p)
{
    struct tally t = tally_of(p);
    struct number wanted = check_value(w, f, x->d, c), is;
    enum truth sure;

    is = number_range(t.sure, ENDLESS);
    sure = x->op == X_AT_LEAST_PAST ? number_at_most(wanted, is) : number_at_most(is, wanted);
    if (sure != T_OPEN || wanted.type != NUMBER_RANGE)
        return sure;
    if (!none_besides(p))
        return T_OPEN;
    is.hi = t.may;
    return x->op == X_AT_LEAST_PAST ? number_at_most(wanted, is) : number_at_most(is, wanted);
}

enum truth
check_past_came(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct past p;
    struct tally t;

    if (!past_of(w, f, x, c, &p))
        return T_OPEN;
    if (x->op != X_PAST)
        return past_counted(w, f, x, c, &p);
    t = tally_of(&p);
    if (t.sure > 0)
        return T_YES;
    if (t.may > 0)
        return check_missing(w, MISSING_COUNT, p.site->kind, longest(&p), c.t);
    return none_besides(&p) ? T_NO : T_OPEN;
}
