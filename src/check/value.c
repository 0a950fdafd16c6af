/* SPDX-License-Identifier: Apache-2.0 */
/* value.c -- values over a frame, before a cut. */
#include "check/world.h"

bool
check_arguments(struct world *w, const struct frame *f, const struct ex *x, struct cut c,
                struct subject *ret)
{
    *ret = (struct subject){.n = (uint8_t)x->nargs};
    for (uint32_t i = 0; i < x->nargs; i++) {
        ex_id arg = w->p->kids[x->args + i];
        struct number n;

        if (arg == 0)
            continue;
        n = check_value(w, f, arg, c);
        if (!number_is_exact(n))
            return false;
        ret->arg[i] = n.lo;
        ret->known |= (uint8_t)(1u << i);
    }
    return true;
}

static struct number
slot_value(const struct frame *f, uint32_t slot)
{
    if (!frame_knows(f, slot))
        return number_open();
    return f->slot[slot] == UNSET ? number_none() : number_of(f->slot[slot]);
}

static struct number
fact_value(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct subject row;
    struct number n;

    if (!check_arguments(w, f, x, c, &row) || row.known != (uint8_t)((1u << row.n) - 1))
        return number_open();
    n = check_fact(w, x->a, row.arg, c, NULL);
    if (n.type == NUMBER_NONE)
        (void)check_missing_row(w, MISSING_NO_VALUE, x->a, row.arg, row.n, c.t, c.t);
    return n;
}

/* A row for the key; any of the rows when the key is not shown. */
static struct number
table_value(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    const struct table *t = &w->p->tables[x->a];
    struct number key = check_value(w, f, w->p->kids[x->args], c),
                  all = t->has_else ? number_of(t->otherwise) : number_none();
    bool any = t->has_else;

    if (key.type == NUMBER_NONE)
        return number_open();
    for (uint32_t i = 0; i < t->rows.n; i++) {
        const struct row *r = &w->p->rows[t->rows.at + i];

        if (number_is_exact(key) && key.lo == r->key)
            return number_of(r->value);
        all = any ? number_either(all, number_of(r->value)) : number_of(r->value);
        any = true;
    }
    if (number_is_exact(key))
        return t->has_else ? number_of(t->otherwise) : number_open();
    return any ? all : number_open();
}

static struct number
if_value(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    enum truth is = check_condition(w, f, x->c, c);
    struct missing why = w->missing;
    struct number a, b;

    if (is == T_YES)
        return check_value(w, f, x->a, c);
    if (is == T_NO)
        return check_value(w, f, x->b, c);
    a = check_value(w, f, x->a, c);
    b = check_value(w, f, x->b, c);
    w->missing = why;
    return number_either(a, b);
}

static struct number
value_shown(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    switch ((enum op)x->op) {
    case X_CONST: return number_of(x->k);
    case X_SLOT: return slot_value(f, x->a);
    case X_NOW: return w->now == UNSET ? number_open() : number_of(w->now);
    case X_FACT: return fact_value(w, f, x, c);
    case X_TABLE: return table_value(w, f, x, c);
    case X_ADD: return number_add(check_value(w, f, x->a, c), check_value(w, f, x->b, c));
    case X_SUB: return number_sub(check_value(w, f, x->a, c), check_value(w, f, x->b, c));
    case X_PER_FULL:
        return number_per(check_value(w, f, x->a, c), check_value(w, f, x->b, c), x->k, false);
    case X_PER_STARTED:
        return number_per(check_value(w, f, x->a, c), check_value(w, f, x->b, c), x->k, true);
    case X_IF: return if_value(w, f, x, c);
    case X_COUNT: return check_rows(w, f, x->a, c);
    case X_COUNT_PAST:
    case X_SUM_PAST:
    case X_MIN_PAST:
    case X_MAX_PAST: return check_past_value(w, f, x, c);
    default: break; /* a condition, or an operator that this checker does not know */
    }
    (void)check_missing(w, MISSING_PART, x->op, c.t, c.t);
    return number_open();
}

struct number
check_value(struct world *w, const struct frame *f, ex_id e, struct cut c)
{
    struct number n;

    if (e == 0 || w->depth >= DEPTH_MAX || !check_step(w)) {
        w->too_large = w->too_large || e != 0;
        return number_open();
    }
    w->depth++;
    n = value_shown(w, f, &w->p->exs[e], c);
    w->depth--;
    return w->too_large ? number_open() : n;
}
