/* SPDX-License-Identifier: Apache-2.0 */
/* expr.c -- values over a frame, names and their types, patterns and moments. */
#include "accord/compile.h"

/* scopes --------------------------------------------------------------------------------------- */

void
scope_init(struct scope *s, struct compiler *c, const struct syntax *t)
{
    *s = (struct scope){.c = c, .t = t, .by_slot = UINT16_MAX, .fact = UINT16_MAX, .kind = NO_ID};
}

int
scope_find(const struct scope *s, struct str name)
{
    for (int i = s->n - 1; i >= 0; i--)
        if (str_eq(s->name[i].name, name))
            return i;
    return -1;
}

uint16_t
scope_add(struct scope *s, node_id where, struct str name, uint16_t type)
{
    if (s->n == FRAME_MAX) {
        BAD0(s->c, s->t, where, "more than 32 names in one sentence: split it, or name a part of it as a state");
        return 0;
    }
    s->name[s->n] = (struct scope_name){.name = name, .slot = s->n, .type = type, .where = where};
    s->n++;
    if (s->n > s->nslots)
        s->nslots = s->n;
    return (uint16_t)(s->n - 1);
}

void
scope_back(struct scope *s, uint8_t n)
{
    s->n = n;
}

void
check_unread(struct scope *s, uint8_t from)
{
    for (uint8_t i = from; i < s->n; i++) {
        const struct scope_name *m = &s->name[i];
        struct str mean;

        if ((!m->by_arg && !m->by_atom) || m->reads > (m->by_atom ? 1 : 0))
            continue;
        mean = near_value(s->c, m->type, m->name);
        if (mean.len > 0)
            bad(s->c, s->t, m->where, "'%' is no value of '%', and as a new name nothing reads it%", m->name,
                type_name(s->c, m->type), mean);
    }
}

/* types ---------------------------------------------------------------------------------------- */

static bool
is_thing(const struct compiler *c, uint16_t type)
{
    return c->p->types[type].base == TY_THING;
}

/* A person is a source: the first thing that stands where a source is wanted is the one that may. */
static bool
thing_as_source(struct compiler *c, uint16_t thing)
{
    if (c->source_thing == NO_ID) {
        c->source_thing = thing;
        c->p->types[thing].is_source = true;
        c->p->source_private = c->p->types[thing].private_;
    }
    return c->source_thing == thing;
}

bool
same_type(struct scope *s, uint16_t a, uint16_t b)
{
    struct compiler *c = s->c;

    if (a == b || a == TY_UNKNOWN || b == TY_UNKNOWN)
        return true;
    if (a == TY_SOURCE && is_thing(c, b))
        return thing_as_source(c, b);
    if (b == TY_SOURCE && is_thing(c, a))
        return thing_as_source(c, a);
    return (a == TY_FINDING && is_thing(c, b)) || (b == TY_FINDING && is_thing(c, a));
}

/* expressions ---------------------------------------------------------------------------------- */

ex_id
ex_new(struct scope *s, enum op op, uint16_t type, node_id n)
{
    ex_id e = ADD(s->c, exs);

    s->c->p->exs[e] = (struct ex){.op = (uint8_t)op, .type = type, .text = s->t->number,
                                  .token = s->t->node[n].token};
    return e;
}

static ex_id
constant(struct scope *s, node_id n, uint16_t type, int64_t k)
{
    ex_id e = ex_new(s, X_CONST, type, n);

    s->c->p->exs[e].k = k;
    return e;
}

static struct ex *
ex_at(struct scope *s, ex_id e)
{
    return &s->c->p->exs[e];
}

bool
const_value(const struct program *p, ex_id e, int64_t *ret)
{
    if (p->exs[e].op != X_CONST)
        return false;
    *ret = p->exs[e].k;
    return true;
}

int64_t
greatest_value(const struct program *p, ex_id e)
{
    const struct ex *x = &p->exs[e];
    int64_t a, b;

    if (e == 0)
        return FOREVER;
    switch (x->op) {
    case X_CONST:
        return x->k;
    case X_IF:
        a = greatest_value(p, x->a);
        b = greatest_value(p, x->b);
        return a > b ? a : b;
    case X_ADD:
        a = greatest_value(p, x->a);
        b = greatest_value(p, x->b);
        return a >= FOREVER / 2 || b >= FOREVER / 2 ? FOREVER : a + b;
    default:
        return FOREVER;
    }
}

/* Does this word stand for a fixed value where `type` is wanted? */
static bool
is_constant_word(const struct compiler *c, uint16_t type, struct str w)
{
    int64_t unused;

    return find(c, SP_TERM, w) != NO_ID || program_value_of(c->p, type, w, &unused);
}

static ex_id
term(struct scope *s, node_id n, uint32_t which, uint16_t want)
{
    struct term *t = &s->c->p->terms[which];
    int64_t k = 0;
    uint16_t type;

    t->used = true;
    term_value(s->c, which);
    t = &s->c->p->terms[which];
    type = s->c->p->exs[t->ex].type;
    if (t->ex == 0)
        return 0;
    if (!const_value(s->c->p, t->ex, &k))
        return 0;
    if (!same_type(s, type, want)) {
        bad(s->c, s->t, n, "the term '%' is a %, and a % is wanted here", t->name, type_name(s->c, type),
            type_name(s->c, want));
        return 0;
    }
    return constant(s, n, type, k);
}

static bool
is_composite(const struct compiler *c, uint16_t type)
{
    uint8_t b = c->p->types[type].base;

    return b == TY_POINT || b == TY_LINE || b == TY_AREA;
}

/* May a rule read this value, or only ask whether there is one? False after saying so. */
static bool
readable(struct scope *s, node_id n, uint16_t type, bool sealed)
{
    if (s->asks_set)
        return true;
    if (sealed)
        BAD1(s->c, s->t, n, "'%' is sealed: a rule can ask whether it is set, never what it says", word(s->t, n));
    else if (is_composite(s->c, type))
        BAD2(s->c, s->t, n, "'%' is a %: a rule can ask whether it is set, never where it lies", word(s->t, n), type_name(s->c, type));
    else
        return true;
    return false;
}

static ex_id
slot_value(struct scope *s, node_id n, int name)
{
    ex_id e = ex_new(s, X_SLOT, s->name[name].type, n);

    ex_at(s, e)->a = s->name[name].slot;
    if (s->name[name].reads < UINT16_MAX)
        s->name[name].reads++;
    return readable(s, n, s->name[name].type, s->name[name].sealed) || s->name[name].slot == s->fact ? e : 0;
}

/* A name that stands for nothing, where a condition on the fields of one kind of event is wanted. */
static void
unknown_field(struct scope *s, node_id n, struct str w)
{
    const struct kind *k = &s->c->p->kinds[s->kind];
    struct nearest g = nearest_to(w);

    for (uint8_t i = 0; i < k->nparams; i++)
        nearest_try(&g, k->param[i].name);
    bad(s->c, s->t, n, "'%' is no field of '%', which this is about%", w, k->name,
        g.best.len > 0 ? nearest_said(s->c, &g) : STR(": read one of its fields"));
}

static ex_id
unknown_name(struct scope *s, node_id n, uint16_t want)
{
    struct str w = word(s->t, n);

    if (s->c->p->types[want].base == TY_CHOICE) {
        bad(s->c, s->t, n, "'%' is no value of the choice '%'%", w, type_name(s->c, want), value_meant(s->c, want, w));
        return 0;
    }
    if (find(s->c, SP_STATE, w) != NO_ID)
        BAD1(s->c, s->t, n, "'%' is a state: it is true or not, and a value is wanted here", w);
    else if (s->kind != NO_ID)
        unknown_field(s, n, w);
    else if (s->term)
        BAD2(s->c, s->t, n, "'%' is no term: a term is made of numbers with their units and of other terms%", w,
             near_name(s->c, SP_TERM, w));
    else
        BAD2(s->c, s->t, n,
             "'%' is bound by nothing here: a name is bound by the opener, a quantifier (some, no, every) or a pattern%",
             w, near_name(s->c, SP_TERM, w));
    return 0;
}

static ex_id
name_value(struct scope *s, node_id n, uint16_t want)
{
    struct str w = word(s->t, n);
    uint32_t which = find(s->c, SP_TERM, w);
    int64_t k;
    int local = scope_find(s, w);

    if (want != TY_UNKNOWN && program_value_of(s->c->p, want, w, &k) && local < 0)
        return constant(s, n, want, k);
    if (local >= 0) {
        if (which != NO_ID)
            BAD1(s->c, s->t, n, "'%' is a term and a name of this sentence: rename one of them", w);
        return slot_value(s, n, local);
    }
    if (which != NO_ID)
        return term(s, n, which, want);
    if (s->open)
        return slot_value(s, n, (scope_add(s, n, w, want), s->n - 1));
    return unknown_name(s, n, want);
}

static ex_id
int_value(struct scope *s, node_id n, uint16_t want)
{
    node_id unit = tree_child(s->t, n, 0);
    uint16_t type = TY_COUNT;

    if (unit != 0) {
        struct str u = word(s->t, unit);

        type = str_starts(u, STR("metre")) || str_starts(u, STR("kilometre")) ? TY_METRES : TY_DURATION;
    } else if (want == TY_DURATION) {
        BAD2(s->c, s->t, n, "'%' has no unit: write % minutes, hours or days, as it is meant", word(s->t, n), word(s->t, n));
        return 0;
    } else if (want == TY_METRES) {
        BAD2(s->c, s->t, n, "'%' has no unit: write % metres or kilometres, as it is meant", word(s->t, n), word(s->t, n));
        return 0;
    }
    return constant(s, n, type, node_at(s->t, n)->num);
}

static ex_id
fact_with_args(struct scope *s, node_id n, uint32_t fact, struct pattern *found)
{
    const struct fact *f = &s->c->p->facts[fact];
    ex_id e;

    if (found->nargs != f->nparams) {
        BAD1(s->c, s->t, n, "the fact '%' wants each of its arguments: a fact of nothing in particular has no value",
             f->name);
        return 0;
    }
    if (!readable(s, n, f->type, f->sealed))
        return 0;
    e = ex_new(s, X_FACT, f->type, n);
    ex_at(s, e)->a = fact;
    ex_at(s, e)->args = s->c->p->nkids;
    ex_at(s, e)->nargs = f->nparams;
    for (uint8_t i = 0; i < f->nparams; i++) {
        uint32_t kid = ADD(s->c, kids);

        for (uint32_t k = 0; k < found->nargs; k++)
            if (s->c->p->args[found->args + k].param == i)
                s->c->p->kids[kid] = s->c->p->args[found->args + k].ex;
    }
    return e;
}

/* A dotted fact or a table applied to one value. */
static ex_id
applied_fact(struct scope *s, node_id n, uint32_t fact, ex_id of)
{
    ex_id e = ex_new(s, X_FACT, s->c->p->facts[fact].type, n);
    uint32_t kid = ADD(s->c, kids);

    ex_at(s, e)->a = fact;
    ex_at(s, e)->args = kid;
    ex_at(s, e)->nargs = 1;
    s->c->p->kids[kid] = of;
    return readable(s, n, s->c->p->facts[fact].type, s->c->p->facts[fact].sealed) ? e : 0;
}

/* A thing without this fact: whose it is, or what was meant. */
static ex_id
no_fact(struct scope *s, node_id n, struct str name, uint16_t type)
{
    for (const struct named *m = find_first(s->c, SP_FACT, name); m != NULL; m = find_next(s->c, m)) {
        const struct fact *f = &s->c->p->facts[m->ref];

        if (!f->dotted)
            continue;
        bad(s->c, s->t, n, "a % has no fact '%': it is one of a %", type_name(s->c, type), name, type_name(s->c, f->param[0].type));
        return 0;
    }
    bad(s->c, s->t, n, "a % has no fact '%'%", type_name(s->c, type), name, did_you_mean_of(s->c, SP_FACT, type, name));
    return 0;
}

/* Facts may be read of a source that is a person, and the other way round. */
static uint32_t
fact_of(struct scope *s, struct str name, uint16_t type)
{
    uint32_t f = find_fact(s->c, name, type);

    if (f != NO_ID)
        return f;
    for (const struct named *m = find_first(s->c, SP_FACT, name); m != NULL; m = find_next(s->c, m))
        if (s->c->p->facts[m->ref].dotted && type == TY_SOURCE &&
            s->c->p->types[s->c->p->facts[m->ref].param[0].type].is_source)
            return m->ref;
    return NO_ID;
}

static ex_id
role_constant(struct scope *s, node_id n, struct str w)
{
    uint32_t role = find(s->c, SP_ROLE, w);
    struct str mean;

    if (role != NO_ID)
        return constant(s, n, TY_ROLE, role);
    mean = did_you_mean(s->c, SP_ROLE, w);
    BAD2(s->c, s->t, n, "'%' is neither a role nor a fact of a name that is bound here%", w, mean);
    return 0;
}

static ex_id
dot_value(struct scope *s, node_id n)
{
    struct str w = word(s->t, n), left = dot_left(w), right = dot_right(w);
    int local = scope_find(s, left);
    uint16_t type = TY_UNKNOWN;
    uint32_t fact;
    ex_id of;

    if (local < 0 && s->open && find(s->c, SP_ROLE, w) == NO_ID && dotted_facts(s->c, right, &type) == 1) {
        (void)scope_add(s, n, left, type);
        local = s->n - 1;
    }
    if (local < 0)
        return role_constant(s, n, w);
    type = s->name[local].type;
    fact = fact_of(s, right, type);
    if (fact == NO_ID)
        return no_fact(s, n, right, type);
    of = slot_value(s, n, local);
    return applied_fact(s, n, fact, of);
}

static ex_id
table_value(struct scope *s, node_id n, uint32_t table, node_id arg)
{
    uint16_t by = s->c->p->tables[table].by;
    ex_id a = value_of_type(s, arg, by, "the table's argument"), e;
    uint32_t kid;

    if (a == 0)
        return 0;
    e = ex_new(s, X_TABLE, s->c->p->tables[table].type, n);
    kid = ADD(s->c, kids);
    s->c->p->kids[kid] = a;
    ex_at(s, e)->a = table;
    ex_at(s, e)->args = kid;
    ex_at(s, e)->nargs = 1;
    return e;
}

/* NAME of VALUE: a table's row, or a dotted fact */
static ex_id
of_value(struct scope *s, node_id n)
{
    node_id name = tree_child(s->t, n, 0), arg = tree_child(s->t, n, 1);
    struct str w = word(s->t, name);
    uint32_t table = find(s->c, SP_TABLE, w), fact;
    ex_id of;

    if (table != NO_ID)
        return table_value(s, n, table, arg);
    of = value(s, arg, TY_UNKNOWN);
    if (of == 0)
        return 0;
    fact = fact_of(s, w, ex_at(s, of)->type);
    if (fact == NO_ID) {
        struct str mean = near_name(s->c, SP_TABLE, w);

        bad(s->c, s->t, n, "'%' is neither a table nor a fact of a %%", w, type_name(s->c, ex_at(s, of)->type),
            mean.len > 0 ? mean : did_you_mean_of(s->c, SP_FACT, ex_at(s, of)->type, w));
        return 0;
    }
    return applied_fact(s, n, fact, of);
}

static ex_id
call_value(struct scope *s, node_id n)
{
    node_id name = tree_child(s->t, n, 0), args = tree_child(s->t, n, 1);
    struct str w = word(s->t, name);
    uint32_t fact = NO_ID, table = find(s->c, SP_TABLE, w);
    struct pattern found;

    for (const struct named *m = find_first(s->c, SP_FACT, w); m != NULL && fact == NO_ID; m = find_next(s->c, m))
        if (!s->c->p->facts[m->ref].dotted)
            fact = m->ref;
    if (fact == NO_ID && table != NO_ID) {
        BAD1(s->c, s->t, n, "a table is read with 'of': % of ...", w);
        return 0;
    }
    if (fact == NO_ID && find(s->c, SP_STATE, w) != NO_ID) {
        BAD1(s->c, s->t, n, "'%' is a state: it is true or not, and a value is wanted here", w);
        return 0;
    }
    if (fact == NO_ID) {
        BAD2(s->c, s->t, n, "'%' is no fact%", w, did_you_mean(s->c, SP_FACT, w));
        return 0;
    }
    if (!relation_args(s, args, s->c->p->facts[fact].relation, &found))
        return 0;
    return fact_with_args(s, n, fact, &found);
}

/* What a time and a duration give, and all the rest that may be added or taken away. */
static uint16_t
sum_type(uint16_t a, uint16_t b, bool minus)
{
    if (a == TY_TIME && b == TY_TIME)
        return minus ? TY_DURATION : TY_UNKNOWN;
    if (a == TY_TIME && b == TY_DURATION)
        return TY_TIME;
    if (a == TY_DURATION && b == TY_TIME)
        return minus ? TY_UNKNOWN : TY_TIME;
    if (a == b && (a == TY_DURATION || a == TY_COUNT || a == TY_METRES))
        return a;
    return TY_UNKNOWN;
}

static ex_id
sum_of(struct scope *s, node_id n, ex_id a, ex_id b, bool minus)
{
    uint16_t type;
    int64_t x, y;
    ex_id e;

    if (a == 0 || b == 0)
        return 0;
    type = sum_type(ex_at(s, a)->type, ex_at(s, b)->type, minus);
    if (type == TY_UNKNOWN) {
        bad(s->c, s->t, n, minus ? "a % cannot be taken from a %: their units differ" : "a % cannot be added to a %: their units differ",
            type_name(s->c, ex_at(s, minus ? b : a)->type), type_name(s->c, ex_at(s, minus ? a : b)->type), STR(""));
        return 0;
    }
    if (const_value(s->c->p, a, &x) && const_value(s->c->p, b, &y)) {
        if (x > FOREVER / 2 || y > FOREVER / 2 || x < -FOREVER / 2 || y < -FOREVER / 2) {
            BAD0(s->c, s->t, n, "this sum is beyond all time: write smaller numbers");
            return 0;
        }
        return constant(s, n, type, minus ? x - y : x + y);
    }
    e = ex_new(s, minus ? X_SUB : X_ADD, type, n);
    ex_at(s, e)->a = a;
    ex_at(s, e)->b = b;
    return e;
}

static ex_id
binary_value(struct scope *s, node_id n, uint16_t want)
{
    uint16_t inner = want == TY_TIME ? TY_UNKNOWN : want;
    ex_id a = value(s, tree_child(s->t, n, 0), inner), b = value(s, tree_child(s->t, n, 1), inner);

    return sum_of(s, n, a, b, node_at(s->t, n)->kind == N_SUB);
}

static ex_id
per_value(struct scope *s, node_id n, uint16_t want)
{
    bool started = (node_at(s->t, n)->flags & F_STARTED) != 0;
    ex_id a = value(s, tree_child(s->t, n, 0), want);
    ex_id b = value(s, tree_child(s->t, n, 1), TY_UNKNOWN), e;

    if (a == 0 || b == 0)
        return 0;
    if (node_at(s->t, n)->num == 0) {
        BAD0(s->c, s->t, n, "per 0 of something has no meaning: write a whole number from 1");
        return 0;
    }
    e = ex_new(s, started ? X_PER_STARTED : X_PER_FULL, ex_at(s, a)->type, n);
    ex_at(s, e)->a = a;
    ex_at(s, e)->b = b;
    ex_at(s, e)->k = node_at(s->t, n)->num;
    return e;
}

static ex_id
if_value(struct scope *s, node_id n, uint16_t want)
{
    ex_id a = value(s, tree_child(s->t, n, 0), want), when = cond(s, tree_child(s->t, n, 1));
    ex_id b = value(s, tree_child(s->t, n, 2), want), e;

    if (a == 0 || when == 0 || b == 0)
        return 0;
    if (!same_type(s, ex_at(s, a)->type, ex_at(s, b)->type)) {
        BAD2(s->c, s->t, n, "this value is a % or else a %: both must be of one kind", type_name(s->c, ex_at(s, a)->type),
             type_name(s->c, ex_at(s, b)->type));
        return 0;
    }
    e = ex_new(s, X_IF, ex_at(s, a)->type, n);
    ex_at(s, e)->a = a;
    ex_at(s, e)->b = b;
    ex_at(s, e)->c = when;
    return e;
}

ex_id
not_yet(struct scope *s, node_id n, const char *what)
{
    BAD1(s->c, s->t, n, "not yet: % is part of the language and not built; say it another way for the time being",
         str_of(what));
    return 0;
}

ex_id aggregate_value(struct scope *s, node_id n);

static ex_id
by_value(struct scope *s, node_id n)
{
    ex_id e;

    if (s->by_slot == UINT16_MAX) {
        BAD0(s->c, s->t, n, "'by' alone is known only where an event's sender is meant (authority, sources): bind the sender with event(...) by q");
        return 0;
    }
    e = ex_new(s, X_SLOT, TY_SOURCE, n);
    ex_at(s, e)->a = s->by_slot;
    return e;
}

static ex_id
now_value(struct scope *s, node_id n)
{
    if (!s->now_ok)
        return not_yet(s, n, "'now' outside a sentence that an event opens");
    return ex_new(s, X_NOW, TY_TIME, n);
}

static ex_id
no_value(struct scope *s, node_id n, uint16_t want)
{
    if (want != TY_YES_NO && want != TY_UNKNOWN) {
        BAD1(s->c, s->t, n, "'no' is a yes-no value, and a % is wanted here", type_name(s->c, want));
        return 0;
    }
    return constant(s, n, TY_YES_NO, 0);
}

ex_id
value(struct scope *s, node_id n, uint16_t want)
{
    switch ((enum node_kind)node_at(s->t, n)->kind) {
    case N_INT: return int_value(s, n, want);
    case N_NAME: return name_value(s, n, want);
    case N_WORD_DOT: return dot_value(s, n);
    case N_CALL: return call_value(s, n);
    case N_OF: return of_value(s, n);
    case N_NOW: return now_value(s, n);
    case N_BY: return by_value(s, n);
    case N_NO_WORD: return no_value(s, n, want);
    case N_ADD:
    case N_SUB: return binary_value(s, n, want);
    case N_BEFORE:
    case N_AFTER: return time_value(s, n);
    case N_PER: return per_value(s, n, want);
    case N_IF: return if_value(s, n, want);
    case N_COUNT:
    case N_SUM:
    case N_MIN:
    case N_MAX: return aggregate_value(s, n);
    case N_WHEN: return not_yet(s, n, "a time of day in a rule");
    case N_STRING: return not_yet(s, n, "a quotation as a value");
    case N_POINT: return not_yet(s, n, "a point as a value");
    case N_DISTANCE: return not_yet(s, n, "a distance worked out by a rule");
    default: return 0; /* the parser has complained */
    }
}

ex_id
value_of_type(struct scope *s, node_id n, uint16_t want, const char *role)
{
    ex_id e = value(s, n, want);

    if (e == 0 || same_type(s, ex_at(s, e)->type, want))
        return e;
    bad(s->c, s->t, n, "% is a %, and must be a %", str_of(role), type_name(s->c, ex_at(s, e)->type),
        type_name(s->c, want));
    return 0;
}

int64_t
quantity(struct compiler *c, const struct syntax *t, node_id n, uint16_t want, const char *what)
{
    struct scope s;
    int64_t k = 0;
    ex_id e;

    if (n == 0)
        return 0;
    scope_init(&s, c, t);
    e = value_of_type(&s, n, want, what);
    return e != 0 && const_value(c->p, e, &k) ? k : 0;
}

/* time = expr [ ( "before" | "after" ) expr ] */
ex_id
time_value(struct scope *s, node_id n)
{
    enum node_kind kind = (enum node_kind)node_at(s->t, n)->kind;
    ex_id d, t;

    if (kind != N_BEFORE && kind != N_AFTER)
        return value_of_type(s, n, TY_TIME, "this");
    d = value_of_type(s, tree_child(s->t, n, 0), TY_DURATION, "what stands before 'before' or 'after'");
    t = value_of_type(s, tree_child(s->t, n, 1), TY_TIME, "what stands after 'before' or 'after'");
    return kind == N_BEFORE ? sum_of(s, n, t, d, true) : sum_of(s, n, t, d, false);
}

/* arguments ------------------------------------------------------------------------------------ */

static int
param_named(const struct param *param, uint8_t n, struct str name)
{
    for (int i = 0; i < n; i++)
        if (str_eq(param[i].name, name))
            return i;
    return -1;
}

static void
wrong_argument(struct compiler *c, const struct syntax *t, node_id a, const struct param *param, uint8_t nparams,
               struct str what)
{
    node_id name = tree_child(t, a, 0);
    struct str names[PARAMS_MAX], list;
    struct nearest g = nearest_to(name == 0 ? STR("") : word(t, name));

    if (c->quiet)
        return;
    for (uint8_t i = 0; i < nparams; i++) {
        names[i] = param[i].name;
        nearest_try(&g, param[i].name);
    }
    list = nparams == 0 ? STR("no arguments") : list_of(c, names, nparams);
    if (name == 0)
        BAD2(c, t, a, "an argument too many: '%' has %", what, list);
    else if (g.best.len > 0)
        bad(c, t, a, "'%' has no field '%'%", what, word(t, name), nearest_said(c, &g));
    else
        bad(c, t, a, "'%' has no field '%': it has %", what, word(t, name), list);
}

bool
match_args(struct compiler *c, const struct syntax *t, node_id args, const struct param *param, uint8_t nparams,
           struct str what, uint8_t *field, uint8_t *ret_n)
{
    uint8_t n = 0, place = 0;
    uint32_t given = 0;

    for (node_id a = t->node[args].first; a != 0; a = t->node[a].next) {
        node_id name = tree_child(t, a, 0);
        int at;

        at = name != 0 ? param_named(param, nparams, word(t, name)) : place < nparams ? place++ : -1;
        if (at < 0 || n == PARAMS_MAX) {
            wrong_argument(c, t, a, param, nparams, what);
            return false;
        }
        if ((given & (1u << at)) != 0) {
            BAD2(c, t, a, "'%' is given twice for '%': strike one", param[at].name, what);
            return false;
        }
        given |= 1u << at;
        field[n++] = (uint8_t)at;
    }
    *ret_n = n;
    return true;
}

/* The value node of an argument; `field:` alone means the name of the field itself. */
static node_id
arg_value_node(const struct syntax *t, node_id arg)
{
    node_id v = tree_child(t, arg, 1);

    return v != 0 ? v : tree_child(t, arg, 0);
}

static bool
is_new_name(struct scope *s, node_id v, uint16_t type)
{
    struct str w;

    if (node_at(s->t, v)->kind != N_NAME)
        return false;
    w = word(s->t, v);
    return !is_constant_word(s->c, type, w) && scope_find(s, w) < 0;
}

/* A sealed field may be bound, or be the value of a fact; equal to something it is never. */
static bool
may_equal(struct scope *s, node_id v, ex_id e, uint16_t type, bool sealed)
{
    if (ex_at(s, e)->op == X_SLOT && ex_at(s, e)->a == s->fact)
        return true;
    return readable(s, v, type, sealed);
}

/* One argument against one field. */
static bool
one_arg(struct scope *s, node_id v, uint8_t field, uint16_t type, bool sealed, bool may_bind, struct arg *ret)
{
    struct arg arg = {.mode = ARG_EQUAL, .param = field};

    if (is_new_name(s, v, type) && may_bind) {
        arg.mode = ARG_BIND;
        arg.slot = scope_add(s, v, word(s->t, v), type);
        s->name[s->n - 1].by_arg = true;
        s->name[s->n - 1].sealed = sealed;
    } else {
        arg.ex = value(s, v, type);
        if (arg.ex == 0)
            return false;
        if (!same_type(s, ex_at(s, arg.ex)->type, type)) {
            bad(s->c, s->t, v, "'%' is a % here, and a % is wanted", word(s->t, v),
                type_name(s->c, ex_at(s, arg.ex)->type), type_name(s->c, type));
            return false;
        }
        if (!may_equal(s, v, arg.ex, type, sealed))
            return false;
    }
    *ret = arg;
    return true;
}

/* Arguments stand together: those of a call inside one of them have been put before. */
static void
put_args(struct scope *s, const struct arg *list, uint32_t n, struct pattern *ret)
{
    ret->args = s->c->p->nargs;
    ret->nargs = n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = ADD(s->c, args);

        s->c->p->args[at] = list[i];
    }
    if (s->c->full)
        ret->nargs = 0;
}

static uint16_t
param_type(const struct param *p)
{
    return p->ntypes == 1 ? p->type[0] : TY_UNKNOWN;
}

bool
pattern(struct scope *s, node_id n, bool may_bind, struct pattern *ret)
{
    struct str w = word(s->t, n);
    uint32_t kind = find(s->c, SP_EVENT, w);
    node_id args = tree_child(s->t, n, 0), by = tree_child(s->t, n, 1), a;
    uint8_t field[PARAMS_MAX], count, i = 0;
    struct arg made[PARAMS_MAX + 1];
    uint32_t nmade = 0;
    bool ok = true;

    *ret = (struct pattern){.kind = kind, .text = s->t->number, .token = s->t->node[n].token};
    if (kind == NO_ID) {
        BAD2(s->c, s->t, n, "nothing is declared as the event '%'%", w, did_you_mean(s->c, SP_EVENT, w));
        return false;
    }
    if (!match_args(s->c, s->t, args, s->c->p->kinds[kind].param, s->c->p->kinds[kind].nparams, w, field, &count))
        return false;
    for (a = s->t->node[args].first; a != 0; a = s->t->node[a].next, i++)
        ok = one_arg(s, arg_value_node(s->t, a), field[i], param_type(&s->c->p->kinds[kind].param[field[i]]),
                     s->c->p->kinds[kind].param[field[i]].sealed, may_bind, &made[nmade++]) && ok;
    if (by != 0)
        ok = one_arg(s, by, s->c->p->kinds[kind].nparams, TY_SOURCE, false, may_bind, &made[nmade++]) && ok;
    if (ok)
        put_args(s, made, nmade, ret);
    return ok;
}

/* The parameters of a state or a fact, as an event's fields. */
static uint8_t
relation_params(const struct program *p, uint32_t relation, struct param *param, struct str *ret_name)
{
    const struct relation *r = &p->relations[relation];

    for (uint8_t i = 0; i < r->arity; i++) {
        param[i] = (struct param){.ntypes = 1};
        param[i].type[0] = r->arg_type[i];
        param[i].name = r->type == REL_STATE  ? p->states[r->ref].param[i].name
                        : r->type == REL_FACT ? p->facts[r->ref].param[i].name
                                              : p->gates[r->ref].param[i].name;
    }
    *ret_name = r->type == REL_STATE  ? p->states[r->ref].name
                : r->type == REL_FACT ? p->facts[r->ref].name
                                      : p->gates[r->ref].name;
    return r->arity;
}

/* The arguments of a state, fact or gate: names must be bound, unless the scope is open. */
bool
relation_args(struct scope *s, node_id args, uint32_t relation, struct pattern *ret)
{
    struct param param[ARITY_MAX];
    struct str name;
    uint8_t n = relation_params(s->c->p, relation, param, &name), field[PARAMS_MAX], count = 0, i = 0;
    struct arg made[ARITY_MAX];
    bool ok = true;

    *ret = (struct pattern){.kind = relation};
    if (!match_args(s->c, s->t, args, param, n, name, field, &count))
        return false;
    for (node_id a = s->t->node[args].first; a != 0; a = s->t->node[a].next, i++) {
        ok = one_arg(s, arg_value_node(s->t, a), field[i], param[field[i]].type[0], false, s->open, &made[i]) && ok;
        if (ok && made[i].mode == ARG_BIND) { /* in an open scope a new name is a slot like the others */
            made[i].ex = ex_new(s, X_SLOT, param[field[i]].type[0], a);
            ex_at(s, made[i].ex)->a = made[i].slot;
        }
    }
    if (ok)
        put_args(s, made, count, ret);
    return ok;
}

/* moments -------------------------------------------------------------------------------------- */

/* The state that a call or a bare name names, or NO_ID. */
static uint32_t
state_named(const struct scope *s, node_id n)
{
    if (node_at(s->t, n)->kind == N_CALL)
        n = tree_child(s->t, n, 0);
    return node_at(s->t, n)->kind == N_NAME ? find(s->c, SP_STATE, word(s->t, n)) : NO_ID;
}

/* Does a call or a bare name name a gate? */
static bool
names_gate(const struct scope *s, node_id n)
{
    if (node_at(s->t, n)->kind == N_CALL)
        n = tree_child(s->t, n, 0);
    return node_at(s->t, n)->kind == N_NAME && find(s->c, SP_GATE, word(s->t, n)) != NO_ID;
}

static bool
change_moment(struct scope *s, node_id n, node_id what, struct moment *ret)
{
    bool was_open = s->open;
    ex_id e;

    if (state_named(s, what) != NO_ID) {
        BAD1(s->c, s->t, n, "'%' is a state: it begins and ends, and only a fact changes", word(s->t, what));
        return false;
    }
    if (names_gate(s, what))
        return not_yet(s, n, "the moment when a gate's value changes") != 0;
    s->open = s->asks_set = true; /* what it changes to is not read */
    e = value(s, what, TY_UNKNOWN);
    s->open = was_open;
    s->asks_set = false;
    if (e == 0 || s->c->full)
        return false;
    if (ex_at(s, e)->op != X_FACT) {
        BAD1(s->c, s->t, n, "'%' is no fact: only a fact changes; a state begins or ends", word(s->t, what));
        return false;
    }
    ret->ref = ex_at(s, e)->a;
    ret->pattern = (struct pattern){.args = s->c->p->nargs, .nargs = ex_at(s, e)->nargs};
    for (uint32_t i = 0; i < ret->pattern.nargs; i++) {
        uint32_t at = ADD(s->c, args);

        s->c->p->args[at] = (struct arg){.mode = ARG_EQUAL, .param = (uint8_t)i, .ex = s->c->p->kids[ex_at(s, e)->args + i]};
    }
    return true;
}

static bool
edge_moment(struct scope *s, node_id n, struct moment *ret)
{
    static const uint8_t types[] = {M_BEGINS, M_ENDS, M_CHANGES};
    static const char *const words[] = {"begins", "ends"};
    node_id what = tree_child(s->t, n, 0);
    int64_t edge = node_at(s->t, n)->num;
    uint32_t state = state_named(s, what), relation;
    bool was_open = s->open, ok;

    ret->type = types[edge];
    if (edge == 2)
        return change_moment(s, n, what, ret);
    if (state == NO_ID) {
        node_id name = node_at(s->t, what)->kind == N_CALL ? tree_child(s->t, what, 0) : what;
        struct str w = word(s->t, name);

        if (names_gate(s, what)) {
            BAD1(s->c, s->t, n, "'%' is a gate, which neither begins nor ends: name the state that its go begins", w);
            return false;
        }
        bad(s->c, s->t, n, node_at(s->t, what)->kind == N_WORD_DOT || find(s->c, SP_FACT, w) != NO_ID
                               ? "'%' is a fact, and only a state %: a fact changes" : "'%' is no state, so it never %%",
            w, str_of(words[edge]), did_you_mean(s->c, SP_STATE, w));
        return false;
    }
    ret->ref = state;
    relation = s->c->p->states[state].relation;
    if (node_at(s->t, what)->kind != N_CALL) {
        put_args(s, NULL, 0, &ret->pattern);
        return true;
    }
    s->open = true;
    ok = relation_args(s, tree_child(s->t, what, 1), relation, &ret->pattern);
    s->open = was_open;
    return ok;
}

/* Arguments that bind: a plain name whose slot lies in [from, to) is bound by the moment, where it
 * stands first. */
void
args_bind(struct compiler *c, struct pattern *p, uint8_t from, uint8_t to)
{
    uint32_t bound = 0;

    for (uint32_t i = 0; i < p->nargs && !c->full; i++) {
        struct arg *a = &c->p->args[p->args + i];
        const struct ex *x = &c->p->exs[a->ex];

        if (a->mode == ARG_EQUAL && x->op == X_SLOT && x->a >= from && x->a < to && (bound & (1u << x->a)) == 0) {
            a->mode = ARG_BIND;
            a->slot = (uint16_t)x->a;
            bound |= 1u << x->a;
        }
    }
}

static bool
breach_moment(struct scope *s, node_id n, struct moment *ret)
{
    node_id as = tree_child(s->t, n, 0), names = tree_child(s->t, n, 1);

    ret->type = M_CLAUSE;
    ret->ref = NO_ID;
    ret->sentence = NO_ID;
    ret->met = node_at(s->t, n)->num == 1;
    ret->slot = UINT16_MAX;
    if (!s->sentence) {
        (void)not_yet(s, n, "a state or a life that moves by a clause");
        return false;
    }
    if (names != 0) {
        (void)not_yet(s, n, "'is breached for' with names");
        return false;
    }
    if ((node_at(s->t, n)->flags & F_CLAUSE_ANY) == 0) {
        struct str w = word(s->t, n);

        ret->ref = find(s->c, SP_CLAUSE, w);
        for (uint32_t i = 0; ret->ref == NO_ID && i < s->c->p->nclauses; i++) {
            if (!str_eq(s->c->p->clauses[i].name, w))
                continue;
            BAD1(s->c, s->t, n, "the clause '%' stands below: a clause can only watch those above it", w);
            return false;
        }
        if (ret->ref == NO_ID) {
            BAD2(s->c, s->t, n, "no clause is called '%'%", w, did_you_mean(s->c, SP_CLAUSE, w));
            return false;
        }
    }
    if (as != 0)
        ret->slot = scope_add(s, as, word(s->t, as), TY_FINDING);
    return true;
}

/* A planned time: its names are bound by the facts it reads. */
static bool
time_moment(struct scope *s, node_id n, struct moment *ret)
{
    bool was_open = s->open;

    ret->type = M_TIME;
    if (state_named(s, n) != NO_ID) {
        BAD1(s->c, s->t, n, "'%' is a state, which lasts: say whether it begins or ends", word(s->t, n));
        return false;
    }
    s->open = true;
    ret->time = time_value(s, n);
    s->open = was_open;
    return ret->time != 0;
}

/* One moment without its `where`. */
bool
moment(struct scope *s, node_id n, struct moment *ret)
{
    uint8_t before = s->n;
    bool ok;

    *ret = (struct moment){.text = s->t->number, .token = s->t->node[n].token, .slot = UINT16_MAX};
    switch ((enum node_kind)node_at(s->t, n)->kind) {
    case N_PATTERN:
        ret->type = M_EVENT;
        return pattern(s, n, true, &ret->pattern);
    case N_EDGE:
        ok = edge_moment(s, n, ret);
        args_bind(s->c, &ret->pattern, before, FRAME_MAX);
        return ok;
    case N_BREACH:
        return breach_moment(s, n, ret);
    case N_NONE:
        return false;
    default:
        return time_moment(s, n, ret);
    }
}

enum { MOMENTS_MAX = 32 };

/* A list of moments, each with its `where`; names beyond the first `keep` are forgotten after each. */
struct span
moments(struct scope *s, node_id list, uint8_t keep)
{
    struct moment found[MOMENTS_MAX];
    struct span span;
    uint32_t n = 0;

    for (node_id m = list == 0 ? 0 : s->t->node[list].first; m != 0; m = s->t->node[m].next) {
        node_id where = tree_child(s->t, m, 1);

        if (n == MOMENTS_MAX) {
            BAD0(s->c, s->t, m, "more than 32 moments in a row: name some of them together as a state, and let its edge stand here");
            break;
        }
        if (!moment(s, tree_child(s->t, m, 0), &found[n]))
            continue;
        args_bind(s->c, &found[n].pattern, 0, keep);
        if (where != 0)
            found[n].where = cond(s, where);
        n++;
        check_unread(s, keep);
        scope_back(s, keep);
    }
    span = (struct span){s->c->p->nmoments, n};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = ADD(s->c, moments);

        s->c->p->moments[at] = found[i];
    }
    if (s->c->full)
        span.n = 0;
    return span;
}
