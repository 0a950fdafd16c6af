/* SPDX-License-Identifier: Apache-2.0 */
/* quantifier.c -- some, no, every, at least, at most, count of: by trying every value.
 *
 * A name is tried with each value that the evidence speaks of, and with one stranger, which stands for
 * every value it does not speak of. A row with a stranger shows nothing of any one thing, as nobody says
 * that there is such a thing; but when it may be a row, there may be any number of them. */
#include "check/world.h"

struct tried {
    struct world *w;
    const struct quant *q;
    struct cut c;
    bool body;         /* look at the body too */
    int64_t sure, may; /* rows */
    bool endless;      /* any number of others may be rows */
    bool broken;       /* a sure row does not fit the body */
    bool doubtful;     /* a possible row may not fit the body */
    struct missing
        why; /* of the first row that is not clear; of a stranger only when there is no other */
    bool why_set, why_strange;
};

static void
note_why(struct tried *t, bool strange)
{
    if (t->why_set && (!t->why_strange || strange))
        return;
    t->why = t->w->missing;
    t->why_set = true;
    t->why_strange = strange;
}

static void
try_body(struct tried *t, const struct frame *f, enum truth row, bool strange)
{
    enum truth is;

    if (!t->body || row == T_NO)
        return;
    is = check_condition(t->w, f, t->q->body, t->c);
    if (is == T_YES)
        return;
    t->doubtful = true;
    if (is == T_OPEN)
        note_why(t, strange);
    if (is == T_NO && row == T_YES && !strange)
        t->broken = true;
}

static void
try_row(struct tried *t, const struct frame *f, bool strange)
{
    enum truth is = check_condition(t->w, f, t->q->cond, t->c);

    if (is == T_NO)
        return;
    if (is == T_OPEN)
        note_why(t, strange);
    if (strange)
        t->endless = true;
    else
        t->may++;
    if (is == T_YES && !strange)
        t->sure++;
    try_body(t, f, is, strange);
}

/* How a name is used says what type it has. */
static uint16_t slot_type(const struct program *p, ex_id id, uint32_t slot);

static uint16_t
slot_type_of_kids(const struct program *p, const struct ex *x, uint32_t slot)
{
    uint16_t type = TY_UNKNOWN;

    for (uint32_t i = 0; i < x->nargs && type == TY_UNKNOWN; i++)
        type = slot_type(p, p->kids[x->args + i], slot);
    return type;
}

bool
check_is_quantified(const struct ex *x)
{
    return x->op == X_SOME || x->op == X_NO || x->op == X_EVERY || x->op == X_AT_LEAST ||
           x->op == X_AT_MOST || x->op == X_COUNT;
}

bool
check_has_operands(const struct ex *x)
{
    switch ((enum op)x->op) {
    case X_ADD:
    case X_SUB:
    case X_PER_FULL:
    case X_PER_STARTED:
    case X_IF:
    case X_NOT:
    case X_EQ:
    case X_NE:
    case X_LT:
    case X_LE:
    case X_GT:
    case X_GE:
    case X_ONE_OF:
    case X_SET:
    case X_WITHIN_OF:
    case X_SAME_TIME: return true;
    default: return false;
    }
}

static uint16_t
slot_type(const struct program *p, ex_id id, uint32_t slot)
{
    const struct ex *x = &p->exs[id];
    uint16_t type = TY_UNKNOWN;

    if (id == 0)
        return TY_UNKNOWN;
    if (x->op == X_SLOT)
        return x->a == slot ? x->type : TY_UNKNOWN;
    if (check_is_quantified(x)) {
        type = slot_type(p, p->quants[x->a].cond, slot);
        return type != TY_UNKNOWN ? type : slot_type(p, p->quants[x->a].body, slot);
    }
    type = slot_type_of_kids(p, x, slot);
    if (type == TY_UNKNOWN && check_has_operands(x))
        type = slot_type(p, x->a, slot);
    if (type == TY_UNKNOWN && check_has_operands(x))
        type = slot_type(p, x->b, slot);
    if (type == TY_UNKNOWN && check_has_operands(x))
        type = slot_type(p, x->c, slot);
    return type;
}

static bool
is_countable(const struct program *p, uint16_t type)
{
    switch ((enum base_type)p->types[type].base) {
    case TY_UNKNOWN:
    case TY_THING:
    case TY_SOURCE:
    case TY_FINDING:
    case TY_CHOICE:
    case TY_YES_NO:
    case TY_SIDE:
    case TY_ROLE: return true;
    default: return false;
    }
}

static void
try_all(struct tried *t, const struct frame *f, uint8_t k, bool strange)
{
    uint32_t slot = k < t->q->nslots ? t->q->slot[k] : 0;
    uint16_t type;
    struct choices c;
    int64_t value;

    if (k == t->q->nslots) {
        try_row(t, f, strange);
        return;
    }
    type = slot_type(t->w->p, t->q->cond, slot);
    if (!is_countable(t->w->p, type)) {
        t->endless = t->doubtful = true;
        (void)check_missing(t->w, MISSING_PART, 0, t->c.t, t->c.t);
        return;
    }
    c = check_choices(t->w, type, f);
    while (check_next_choice(&c, &value) && check_step(t->w)) {
        struct frame mine = *f;

        frame_set(&mine, slot, value);
        try_all(t, &mine, (uint8_t)(k + 1), strange || is_stranger(value));
    }
}

static struct tried
try_quant(struct world *w, const struct frame *f, uint32_t quant, struct cut c, bool body)
{
    struct tried t = {.w = w, .q = &w->p->quants[quant], .c = c, .body = body};

    try_all(&t, f, 0, false);
    if (t.why_set)
        w->missing = t.why;
    return t;
}

static struct number
rows_of(const struct tried *t)
{
    return number_range(t->sure, t->endless ? ENDLESS : t->may);
}

struct number
check_rows(struct world *w, const struct frame *f, uint32_t quant, struct cut c)
{
    struct tried t = try_quant(w, f, quant, c, false);

    return rows_of(&t);
}

static enum truth
some(const struct tried *t)
{
    if (t->sure > 0)
        return T_YES;
    return t->may == 0 && !t->endless ? T_NO : T_OPEN;
}

/* In a gate, `every` of nothing is not everything in order. */
static enum truth
every(const struct tried *t, const struct ex *x)
{
    if (t->broken)
        return T_NO;
    if (t->doubtful)
        return T_OPEN;
    if ((x->flags & EX_IN_GATE) != 0 && (x->flags & EX_OR_NONE) == 0 && t->sure == 0)
        return T_OPEN;
    return T_YES;
}

enum truth
check_quantified(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    struct tried t = try_quant(w, f, x->a, c, x->op == X_EVERY);

    if (w->too_large)
        return T_OPEN;
    switch ((enum op)x->op) {
    case X_SOME: return some(&t);
    case X_NO: return truth_not(some(&t));
    case X_EVERY: return every(&t, x);
    case X_AT_LEAST: return number_at_most(check_value(w, f, x->b, c), rows_of(&t));
    case X_AT_MOST: return number_at_most(rows_of(&t), check_value(w, f, x->b, c));
    default: return T_OPEN;
    }
}
