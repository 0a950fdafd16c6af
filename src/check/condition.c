/* SPDX-License-Identifier: Apache-2.0 */
/* condition.c -- conditions over a frame, before a cut: strong Kleene logic. */
#include "check/world.h"

static enum truth
all_of(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    enum truth all = T_YES;
    struct missing why = {.type = MISSING_NOTHING};

    for (uint32_t i = 0; i < x->nargs && all != T_NO; i++) {
        enum truth is = check_condition(w, f, w->p->kids[x->args + i], c);

        if (is == T_OPEN && all != T_OPEN)
            why = w->missing;
        all = truth_and(all, is);
    }
    if (all == T_OPEN)
        w->missing = why;
    return all;
}

static enum truth
some_of(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    enum truth any = T_NO;

    for (uint32_t i = 0; i < x->nargs && any != T_YES; i++)
        any = truth_or(any, check_condition(w, f, w->p->kids[x->args + i], c));
    return any;
}

/* A state; arguments left out may be anything, so some row must be shown, or none at all. */
static enum truth
some_row(struct world *w, uint32_t state, struct subject *row, uint8_t i, bool strange,
         struct cut c)
{
    struct frame none = {.known = 0};
    enum truth any = T_NO;
    struct choices of;
    int64_t value;

    while (i < row->n && (row->known & (1u << i)) != 0)
        i++;
    if (i == row->n) {
        any = check_state(w, state, row->arg, c);
        return any == T_YES && strange ? T_OPEN : any;
    }
    for (uint8_t k = 0; k < i; k++) /* so that strangers differ */
        frame_set(&none, k, row->arg[k]);
    of = check_choices(w, w->p->states[state].param[i].type, &none);
    while (any != T_YES && check_next_choice(&of, &value)) {
        row->arg[i] = value;
        any = truth_or(any,
                       some_row(w, state, row, (uint8_t)(i + 1), strange || is_stranger(value), c));
    }
    return any;
}

static enum truth
state_test(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct subject row;

    if (!check_arguments(w, f, x, c, &row))
        return T_OPEN;
    return some_row(w, x->a, &row, 0, false, c);
}

/* For any length that is possible: held for the longest, or not even for the shortest. */
static enum truth
held_test(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct number d = check_value(w, f, x->b, c);
    struct subject row;
    enum truth is;

    if (d.type != NUMBER_RANGE || !check_arguments(w, f, x, c, &row))
        return T_OPEN;
    if (row.known != (uint8_t)((1u << row.n) - 1))
        return check_missing(w, MISSING_PART, x->op, c.t, c.t);
    is = check_held(w, x->a, row.arg, cut_at(number_plus(c.t, -d.hi), 0), c);
    if (is == T_YES || number_is_exact(d))
        return is;
    is = check_held(w, x->a, row.arg, cut_at(number_plus(c.t, -d.lo), 0), c);
    return is == T_NO ? T_NO : T_OPEN;
}

static enum truth
stage_test(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct subject row;
    uint32_t stage;

    if (!check_arguments(w, f, x, c, &row) || row.known == 0)
        return T_OPEN;
    if (check_stage(w, x->a, row.arg[0], c, &stage))
        return truth_of(stage == x->b);
    return T_OPEN;
}

static enum truth
one_of(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct number a = check_value(w, f, x->a, c);
    enum truth any = T_NO;

    for (uint32_t i = 0; i < x->nargs && any != T_YES; i++)
        any = truth_or(any, number_same(a, check_value(w, f, w->p->kids[x->args + i], c)));
    return any;
}

static enum truth
is_set(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct number n = check_value(w, f, x->a, c);

    return n.type == NUMBER_OPEN ? T_OPEN : truth_of(n.type == NUMBER_RANGE);
}

static enum truth
apart(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    int64_t day = x->op == X_SAME_TIME ? INT64_C(86400000) : 0;
    struct number d = number_apart(check_value(w, f, x->a, c), check_value(w, f, x->b, c), day);

    return number_at_most(d, check_value(w, f, x->c, c));
}

static enum truth
finding_is(struct world *w, const struct frame *f, const struct ex *x)
{
    (void)f; /* the one finding a sentence has is the verdict that it cites */
    if (w->cited == NULL)
        return T_OPEN;
    return truth_of(w->cited->severity == x->k);
}

static enum truth
compared(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct number a = check_value(w, f, x->a, c), b = check_value(w, f, x->b, c);

    switch ((enum op)x->op) {
    case X_EQ: return number_same(a, b);
    case X_NE: return truth_not(number_same(a, b));
    case X_LT: return number_less(a, b);
    case X_LE: return number_at_most(a, b);
    case X_GT: return number_less(b, a);
    case X_GE: return number_at_most(b, a);
    default: return T_OPEN;
    }
}

static enum truth
condition_shown(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    switch ((enum op)x->op) {
    case X_TRUE: return T_YES;
    case X_AND: return all_of(w, f, x, c);
    case X_OR: return some_of(w, f, x, c);
    case X_NOT: return truth_not(check_condition(w, f, x->a, c));
    case X_STATE: return state_test(w, f, x, c);
    case X_HELD: return held_test(w, f, x, c);
    case X_STAGE: return stage_test(w, f, x, c);
    case X_PAST:
    case X_AT_LEAST_PAST:
    case X_AT_MOST_PAST: return check_past_came(w, f, x, c);
    case X_SOME:
    case X_NO:
    case X_EVERY:
    case X_AT_LEAST:
    case X_AT_MOST: return check_quantified(w, f, x, c);
    case X_EQ:
    case X_NE:
    case X_LT:
    case X_LE:
    case X_GT:
    case X_GE: return compared(w, f, x, c);
    case X_ONE_OF: return one_of(w, f, x, c);
    case X_SET: return is_set(w, f, x, c);
    case X_WITHIN_OF:
    case X_SAME_TIME: return apart(w, f, x, c);
    case X_SEVERITY: return finding_is(w, f, x);
    default: break; /* a value, or an operator that this checker does not know */
    }
    return check_missing(w, MISSING_PART, x->op, c.t, c.t);
}

enum truth
check_condition(struct world *w, const struct frame *f, ex_id e, struct cut c)
{
    enum truth is;

    if (e == 0 || w->depth >= DEPTH_MAX || !check_step(w)) {
        w->too_large = w->too_large || e != 0;
        return T_OPEN;
    }
    w->depth++;
    is = condition_shown(w, f, &w->p->exs[e], c);
    w->depth--;
    return w->too_large ? T_OPEN : is;
}
