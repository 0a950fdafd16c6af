/* SPDX-License-Identifier: Apache-2.0 */
/* fact.c -- facts, and the stages of a life: what the newest entry said, with claims that none came since. */
#include "check/world.h"

/* facts ---------------------------------------------------------------------------------------- */

static struct frame
fact_frame(const struct world *w, uint32_t fact, const int64_t *args)
{
    struct frame f = {.known = 0};

    for (uint8_t i = 0; i < w->p->facts[fact].nparams; i++)
        frame_set(&f, i, args[i]);
    return f;
}

enum truth
check_fact_set(struct world *w, uint32_t fact, const int64_t *args, const struct entry *e,
               int64_t *ret)
{
    const struct fact *x = &w->p->facts[fact];
    enum truth any = T_NO;

    for (uint32_t i = 0; i < x->from.n && any == T_NO; i++) {
        struct frame f = fact_frame(w, fact, args);

        any = check_match_moment(w, &w->p->moments[x->from.at + i], e, &f);
        if (any == T_YES)
            *ret = frame_knows(&f, x->nparams) ? f.slot[x->nparams] : UNSET;
    }
    return any;
}

bool
check_fact_claimed(struct world *w, uint32_t fact, const int64_t *args, int64_t from, int64_t to)
{
    const struct fact *x = &w->p->facts[fact];
    struct frame f = fact_frame(w, fact, args);

    for (uint32_t i = 0; i < x->from.n; i++) {
        uint32_t at = x->from.at + i;
        struct wanted wanted = check_wanted(w, &w->p->moments[at].pattern, at, &f);

        if (!check_claimed(w, &wanted, from, to))
            return false;
    }
    return true;
}

/* Nothing listed sets it: then claims from the beginning say that it has no value. */
static struct number
never_set(struct world *w, uint32_t fact, const int64_t *args, struct cut c)
{
    if (!w->opening->complete) {
        (void)check_missing(w, MISSING_BEFORE, fact, c.t, c.t);
        return number_open();
    }
    return check_fact_claimed(w, fact, args, w->opening->at, cut_last(c)) ? number_none()
                                                                          : number_open();
}

static struct number
fact_found(struct world *w, uint32_t fact, const int64_t *args, struct cut c, struct cut *ret_set)
{
    for (uint32_t i = check_before(w, c); i-- > 0;) {
        const struct entry *e = &w->entry[i];
        int64_t value = UNSET;
        enum truth is = check_fact_set(w, fact, args, e, &value);

        if (is == T_NO)
            continue;
        if (is == T_OPEN || !check_fact_claimed(w, fact, args, e->at, cut_last(c)))
            return number_open();
        *ret_set = cut_after(e);
        return value == UNSET ? number_none() : number_of(value);
    }
    return never_set(w, fact, args, c);
}

struct number
check_fact(struct world *w, uint32_t fact, const int64_t *args, struct cut c, struct cut *ret_set)
{
    struct memo_key key = check_memo_key(MEMO_FACT, fact, args, w->p->facts[fact].nparams, c);
    struct memo_result r = {.set = check_start(w)};

    if (!check_remembered(w, &key, &r)) {
        r.number = fact_found(w, fact, args, c, &r.set);
        check_remember(w, &key, r);
    }
    if (ret_set != NULL)
        *ret_set = r.set;
    return w->too_large ? number_open() : r.number;
}

/* lives ---------------------------------------------------------------------------------------- */

struct life_walk {
    struct world *w;
    const struct life *l;
    int64_t thing;
    struct cut c;     /* the cut that is asked about */
    uint32_t stage;   /* so far */
    struct cut since; /* the position of the step that led there */
};

static const struct life_rule *
rule_at(const struct life_walk *x, uint32_t i)
{
    return &x->w->p->life_rules[x->l->rules.at + i];
}

static const struct moment *
rule_moment(const struct life_walk *x, uint32_t i)
{
    return &x->w->p->moments[rule_at(x, i)->moment];
}

static struct frame
rule_frame(const struct life_walk *x, uint32_t i)
{
    struct frame f = {.known = 0};

    frame_set(&f, rule_at(x, i)->slot, x->thing);
    return f;
}

/* The newest step by an event or a change; false when there is none, or it is not clear. */
static bool
newest_step(struct life_walk *x, struct cut *ret)
{
    bool found = false;

    for (uint32_t i = 0; i < x->l->rules.n; i++) {
        struct frame f = rule_frame(x, i);
        struct cut at;

        if (rule_moment(x, i)->type == M_TIME ||
            !check_newest(x->w, rule_at(x, i)->moment, &f, check_start(x->w), x->c, &at))
            continue;
        if (!found || cut_cmp(at, *ret) > 0)
            *ret = at;
        found = true;
    }
    return found;
}

static bool
no_step_after(struct life_walk *x, struct cut from)
{
    for (uint32_t i = 0; i < x->l->rules.n; i++) {
        struct frame f = rule_frame(x, i);

        if (rule_moment(x, i)->type != M_TIME &&
            !check_absent(x->w, rule_at(x, i)->moment, &f, from, x->c))
            return false;
    }
    return true;
}

/* Where a step at this position leads, whatever the stage before it, as far as rules with the stage in
 * `from` go; NO_ID when none does, and NO_ID - 1 when they disagree. */
static uint32_t
leads_to(struct life_walk *x, struct cut at, uint64_t from)
{
    uint32_t to = NO_ID;

    for (uint32_t i = 0; i < x->l->rules.n; i++) {
        const struct life_rule *r = rule_at(x, i);
        struct frame f = rule_frame(x, i);
        struct cut where;

        if (rule_moment(x, i)->type == M_TIME || (r->from & from) == 0 ||
            !check_newest(x->w, r->moment, &f, cut_prior(at), at, &where))
            continue;
        if (to != NO_ID && to != r->to)
            return NO_ID - 1;
        to = r->to;
    }
    return to;
}

/* Most steps lead to one stage from wherever they are taken; else the stage before decides. */
static bool
take_step(struct life_walk *x, struct cut at)
{
    uint32_t to = leads_to(x, at, UINT64_MAX), before;

    if (to == NO_ID - 1) {
        if (!check_stage(x->w, (uint32_t)(x->l - x->w->p->lives), x->thing, cut_prior(at), &before))
            return false;
        to = leads_to(x, at, UINT64_C(1) << before);
    }
    x->stage = to;
    x->since = at;
    return to < NO_ID - 1;
}

/* The time of a planned step at a cut: T_YES when it is past. */
static enum truth
time_past(struct life_walk *x, uint32_t rule, struct cut c, struct number *ret)
{
    struct frame f = rule_frame(x, rule);

    *ret = check_value(x->w, &f, rule_moment(x, rule)->time, c);
    if (ret->type == NUMBER_NONE)
        return T_NO;
    return number_less(*ret, number_of(c.t));
}

/* A time that was past before the stage was reached has come then, and led nowhere; only when it is new
 * does it come now. */
static enum truth
comes_anew(struct life_walk *x, uint32_t rule, struct number time)
{
    struct number old;

    if (time.lo >= x->since.t)
        return T_YES;
    if (!number_is_exact(time) || (x->since.i == 0 && cut_cmp(x->since, check_start(x->w)) != 0))
        return T_OPEN;
    (void)time_past(x, rule, cut_prior(x->since), &old);
    if (old.type == NUMBER_OPEN)
        return T_OPEN;
    return truth_of(old.type == NUMBER_NONE || old.lo != time.lo);
}

/* The first cut at which a planned step from the present stage is taken; T_NO when none is. */
static enum truth
planned_at(struct life_walk *x, uint32_t rule, struct cut *ret)
{
    if (!x->w->all_critical)
        return check_missing(x->w, MISSING_LENGTH, 0, x->since.t, x->c.t);
    for (struct cut c = x->since; cut_cmp(c, x->c) < 0 && check_step(x->w);) {
        struct number time;
        enum truth past;

        c = check_next_cut(x->w, c, x->c);
        if (c.i != 0 && cut_cmp(c, x->c) < 0)
            continue; /* planned changes take effect at the beginning of an instant */
        past = time_past(x, rule, c, &time);
        if (past == T_YES)
            past = comes_anew(x, rule, time);
        if (past == T_NO)
            continue;
        *ret = cut_at(c.t, 0);
        return past;
    }
    return x->w->too_large ? T_OPEN : T_NO;
}

/* The first planned step from the present stage, if one is taken; false when it is not clear. */
static bool
planned_step(struct life_walk *x, bool *ret_taken)
{
    struct cut first = x->c;
    uint32_t to = NO_ID;

    *ret_taken = false;
    for (uint32_t i = 0; i < x->l->rules.n; i++) {
        const struct life_rule *r = rule_at(x, i);
        struct cut at = x->c;
        enum truth is;

        if (rule_moment(x, i)->type != M_TIME || (r->from & UINT64_C(1) << x->stage) == 0)
            continue;
        is = planned_at(x, i, &at);
        if (is == T_OPEN || (is == T_YES && *ret_taken && cut_cmp(at, first) == 0 && to != r->to))
            return false;
        if (is == T_NO || (*ret_taken && cut_cmp(at, first) > 0))
            continue;
        *ret_taken = true;
        first = at;
        to = r->to;
    }
    if (*ret_taken) {
        x->stage = to;
        x->since = first;
    }
    return true;
}

static bool
stage_found(struct life_walk *x)
{
    struct cut at = check_start(x->w);
    bool taken = true;

    if (newest_step(x, &at)) {
        if (!no_step_after(x, at) || !take_step(x, at))
            return false;
    } else {
        x->since = at;
        if (!x->w->opening->complete || !no_step_after(x, at))
            return false;
    }
    for (uint32_t i = 0; taken && i <= x->l->rules.n; i++)
        if (!planned_step(x, &taken))
            return false;
    return !taken;
}

bool
check_stage(struct world *w, uint32_t life, int64_t thing, struct cut c, uint32_t *ret)
{
    struct life_walk x = {.w = w, .l = &w->p->lives[life], .thing = thing, .c = c};
    struct memo_key key = check_memo_key(MEMO_STAGE, life, &thing, 1, c);
    struct memo_result r = {.shown = false};

    if (w->depth >= DEPTH_MAX) {
        w->too_large = true;
        return false;
    }
    if (!check_remembered(w, &key, &r)) {
        w->depth++;
        r.shown = stage_found(&x);
        r.stage = x.stage;
        w->depth--;
        check_remember(w, &key, r);
    }
    *ret = r.stage;
    return r.shown && !w->too_large;
}
