/* SPDX-License-Identifier: Apache-2.0 */
/* cond.c -- conditions, quantifiers and counts, and the past events they ask for. */
#include "accord/compile.h"

static struct ex *
ex_at(struct scope *s, ex_id e)
{
    return &s->c->p->exs[e];
}

/* names that atoms bind ------------------------------------------------------------------------ */

/* Calls `see` for each plain name that stands as an argument of an atom (a state, a fact, an event, a
 * role, the thing of a dotted fact or of a stage), with the type it has there. */
struct walk {
    struct scope *s;
    void (*see)(struct walk *w, node_id name, struct str text, uint16_t type);
    struct str hidden[FRAME_MAX]; /* names of inner quantifiers */
    unsigned nhidden;
    struct str wanted; /* infer */
    uint16_t found;
};

static void
walk_see(struct walk *w, node_id n, uint16_t type)
{
    struct str text = word(w->s->t, n);
    int64_t unused;

    for (unsigned i = 0; i < w->nhidden; i++)
        if (str_eq(w->hidden[i], text))
            return;
    if (find(w->s->c, SP_TERM, text) != NO_ID || program_value_of(w->s->c->p, type, text, &unused))
        return;
    w->see(w, n, text, type);
}

static void walk_node(struct walk *w, node_id n);

static void
walk_args(struct walk *w, node_id args, const struct param *param, uint8_t nparams)
{
    uint8_t field[PARAMS_MAX], n = 0, i = 0;
    bool ok;

    w->s->c->quiet = true;
    ok = match_args(w->s->c, w->s->t, args, param, nparams, STR(""), field, &n);
    w->s->c->quiet = false;
    if (!ok)
        return;
    for (node_id a = w->s->t->node[args].first; a != 0; a = w->s->t->node[a].next, i++) {
        node_id v = tree_child(w->s->t, a, 1);

        if (v == 0)
            v = tree_child(w->s->t, a, 0);
        if (node_at(w->s->t, v)->kind == N_NAME)
            walk_see(w, v, param[field[i]].ntypes == 1 ? param[field[i]].type[0] : TY_UNKNOWN);
        else
            walk_node(w, v);
    }
}

static void
walk_call(struct walk *w, node_id n)
{
    const struct program *p = w->s->c->p;
    struct str name = word(w->s->t, tree_child(w->s->t, n, 0));
    uint32_t state = find(w->s->c, SP_STATE, name), fact = find(w->s->c, SP_FACT, name);
    struct param param[ARITY_MAX];
    uint8_t nparams = 0;

    if (state != NO_ID) {
        nparams = p->states[state].nparams;
        for (uint8_t i = 0; i < nparams; i++) {
            param[i] = (struct param){.name = p->states[state].param[i].name, .ntypes = 1};
            param[i].type[0] = p->states[state].param[i].type;
        }
    } else if (fact != NO_ID) {
        nparams = p->facts[fact].nparams;
        for (uint8_t i = 0; i < nparams; i++) {
            param[i] = (struct param){.name = p->facts[fact].param[i].name, .ntypes = 1};
            param[i].type[0] = p->facts[fact].param[i].type;
        }
    } else {
        return;
    }
    walk_args(w, tree_child(w->s->t, n, 1), param, nparams);
}

static void
walk_event(struct walk *w, node_id n)
{
    uint32_t kind = find(w->s->c, SP_EVENT, word(w->s->t, n)), role = find(w->s->c, SP_ROLE, word(w->s->t, n));
    node_id by = tree_child(w->s->t, n, 1);
    struct param who = {.ntypes = 1, .name = STR("who")};

    who.type[0] = TY_SOURCE;
    if (kind != NO_ID)
        walk_args(w, tree_child(w->s->t, n, 0), w->s->c->p->kinds[kind].param, w->s->c->p->kinds[kind].nparams);
    else if (role != NO_ID)
        walk_args(w, tree_child(w->s->t, n, 0), &who, 1);
    if (by != 0 && node_at(w->s->t, by)->kind == N_NAME)
        walk_see(w, by, TY_SOURCE);
}

/* m.departure: the type of m is known when only one kind of thing has a departure. */
static void
walk_dot(struct walk *w, node_id n)
{
    struct str text = word(w->s->t, n);
    uint16_t type = TY_UNKNOWN;
    unsigned i;

    if (find(w->s->c, SP_ROLE, text) != NO_ID)
        return;
    if (dotted_facts(w->s->c, dot_right(text), &type) != 1)
        type = TY_UNKNOWN;
    for (i = 0; i < w->nhidden; i++)
        if (str_eq(w->hidden[i], dot_left(text)))
            return;
    w->see(w, n, dot_left(text), type);
}

/* m is en-route: the type of m is known when only one life has the stage. */
static void
walk_compare(struct walk *w, node_id n)
{
    node_id left = tree_child(w->s->t, n, 0), right = tree_child(w->s->t, n, 1);
    const struct named *stage;

    if (node_at(w->s->t, left)->kind == N_NAME && right != 0 && node_at(w->s->t, right)->kind == N_NAME) {
        stage = find_first(w->s->c, SP_STAGE, word(w->s->t, right));
        if (stage != NULL)
            walk_see(w, left, find_next(w->s->c, stage) == NULL ? w->s->c->p->lives[stage->ref].thing : TY_UNKNOWN);
        return;
    }
    for (node_id c = w->s->t->node[n].first; c != 0; c = w->s->t->node[c].next)
        walk_node(w, c);
}

/* Quantifiers hide the names they bind. */
static void
walk_quantifier(struct walk *w, node_id n)
{
    unsigned before = w->nhidden;

    for (node_id c = w->s->t->node[n].first; c != 0; c = w->s->t->node[c].next) {
        node_id first = w->s->t->node[c].first;

        if (node_at(w->s->t, c)->kind != N_LIST || first == 0 || node_at(w->s->t, first)->kind != N_NAME)
            continue;
        for (node_id m = first; m != 0; m = w->s->t->node[m].next)
            if (w->nhidden < FRAME_MAX)
                w->hidden[w->nhidden++] = word(w->s->t, m);
    }
    for (node_id c = w->s->t->node[n].first; c != 0; c = w->s->t->node[c].next)
        if (node_at(w->s->t, c)->kind != N_LIST)
            walk_node(w, c);
    w->nhidden = before;
}

static void
walk_node(struct walk *w, node_id n)
{
    switch ((enum node_kind)node_at(w->s->t, n)->kind) {
    case N_CALL:
        walk_call(w, n);
        return;
    case N_PATTERN:
    case N_ROLE_TEST:
        walk_event(w, n);
        return;
    case N_WORD_DOT:
        walk_dot(w, n);
        return;
    case N_COMPARE:
        walk_compare(w, n);
        return;
    case N_SOME:
    case N_NO:
    case N_EVERY:
    case N_AT_LEAST:
    case N_AT_MOST:
    case N_COUNT:
    case N_SUM:
    case N_MIN:
    case N_MAX:
        walk_quantifier(w, n);
        return;
    default:
        for (node_id c = w->s->t->node[n].first; c != 0; c = w->s->t->node[c].next)
            walk_node(w, c);
    }
}

static void
see_new(struct walk *w, node_id n, struct str text, uint16_t type)
{
    int at = scope_find(w->s, text);

    if (at < 0) {
        (void)scope_add(w->s, n, text, type);
        w->s->name[w->s->n - 1].by_atom = true;
    } else if (w->s->name[at].type == TY_UNKNOWN)
        w->s->name[at].type = type;
}

void
bind_names(struct scope *s, node_id n)
{
    struct walk w = {.s = s, .see = see_new};

    walk_node(&w, n);
}

static void
see_wanted(struct walk *w, node_id n, struct str text, uint16_t type)
{
    (void)n;
    if (w->found == TY_UNKNOWN && str_eq(text, w->wanted))
        w->found = type;
}

static uint16_t
infer_type(struct scope *s, node_id n, struct str name)
{
    struct walk w = {.s = s, .see = see_wanted, .wanted = name};

    walk_node(&w, n);
    return w.found;
}

/* states and roles ----------------------------------------------------------------------------- */

static ex_id
state_test(struct scope *s, node_id n, uint32_t state, struct pattern *found, enum op op)
{
    const struct state *st = &s->c->p->states[state];
    uint8_t nparams = st->nparams;
    ex_id e = ex_new(s, op, TY_UNKNOWN, n);

    ex_at(s, e)->a = state;
    ex_at(s, e)->args = s->c->p->nkids;
    ex_at(s, e)->nargs = nparams;
    for (uint8_t i = 0; i < nparams; i++) {
        uint32_t kid = ADD(s->c, kids);

        for (uint32_t k = 0; k < found->nargs; k++)
            if (s->c->p->args[found->args + k].param == i)
                s->c->p->kids[kid] = s->c->p->args[found->args + k].ex;
    }
    return e;
}

static ex_id
state_call(struct scope *s, node_id n, enum op op)
{
    bool plain = node_at(s->t, n)->kind == N_NAME;
    node_id name = plain ? n : tree_child(s->t, n, 0);
    struct str w = word(s->t, name);
    uint32_t state = find(s->c, SP_STATE, w);
    struct pattern found = {0};

    if (node_at(s->t, n)->kind == N_WORD_DOT) {
        BAD2(s->c, s->t, n, "'%' has a value and is no condition by itself: say what it is, such as '% is set'", word(s->t, n),
             word(s->t, n));
        return 0;
    }
    if (node_at(s->t, n)->kind != N_CALL && !plain) {
        BAD0(s->c, s->t, n, "a condition is wanted here: a state, or a comparison with 'is'");
        return 0;
    }
    if (state == NO_ID && (find(s->c, SP_FACT, w) != NO_ID || scope_find(s, w) >= 0)) {
        BAD2(s->c, s->t, n, "'%' has a value and is no condition by itself: say what it is, such as '% is set'", w, w);
        return 0;
    }
    if (state == NO_ID && find(s->c, SP_LIST, w) != NO_ID)
        return not_yet(s, n, "a list as a condition");
    if (state == NO_ID) {
        BAD2(s->c, s->t, n, "'%' is no state%", w, did_you_mean(s->c, SP_STATE, w));
        return 0;
    }
    if (plain && s->c->p->states[state].nparams > 0) {
        BAD1(s->c, s->t, n, "the state '%' is of something: give its arguments in brackets", w);
        return 0;
    }
    if (!plain && !relation_args(s, tree_child(s->t, n, 1), s->c->p->states[state].relation, &found))
        return 0;
    return state_test(s, n, state, &found, op);
}

static ex_id
role_test(struct scope *s, node_id n)
{
    struct str w = word(s->t, n);
    uint32_t role = find(s->c, SP_ROLE, w);
    struct pattern found;

    if (role == NO_ID && find(s->c, SP_EVENT, w) != NO_ID) {
        BAD1(s->c, s->t, n, "'%' is an event, over in an instant: say how far back, 'within the last 30 minutes'", w);
        return 0;
    }
    if (role == NO_ID) {
        BAD2(s->c, s->t, n, "'%' is neither a role nor an event%", w, did_you_mean(s->c, SP_ROLE, w));
        return 0;
    }
    if (!relation_args(s, tree_child(s->t, n, 0), s->c->p->states[s->c->p->roles[role].state].relation, &found))
        return 0;
    return state_test(s, n, s->c->p->roles[role].state, &found, X_STATE);
}

static ex_id
held_test(struct scope *s, node_id n)
{
    node_id what = tree_child(s->t, n, 0);
    ex_id e, d;

    if (node_at(s->t, what)->kind != N_CALL && node_at(s->t, what)->kind != N_NAME) {
        BAD0(s->c, s->t, n, "only a state can have held: give this condition a name as a state and ask that");
        return 0;
    }
    e = state_call(s, what, X_HELD);
    d = value_of_type(s, tree_child(s->t, n, 1), TY_DURATION, "how long it has held");
    if (e == 0 || d == 0)
        return 0;
    ex_at(s, e)->b = d;
    return e;
}

/* past events ---------------------------------------------------------------------------------- */

struct ask { /* what a condition wants of a site */
    struct site site;
    ex_id key[ARITY_MAX];
    struct arg filter[ARITY_MAX];
    uint8_t nfilters;
};

static bool
same_filters(const struct program *p, const struct site *old, const struct ask *ask)
{
    int64_t a = 0, b = 0;

    if (old->filters.n != ask->nfilters)
        return false;
    for (uint32_t i = 0; i < old->filters.n; i++) {
        const struct arg *x = &p->args[old->filters.at + i], *y = &ask->filter[i];

        if (x->param != y->param || !const_value(p, x->ex, &a) || !const_value(p, y->ex, &b) || a != b)
            return false;
    }
    return true;
}

static bool
same_site(const struct program *p, const struct site *old, const struct ask *ask)
{
    const struct site *s = &ask->site;

    return old->kind == s->kind && old->nkeys == s->nkeys && old->value == s->value &&
           memcmp(old->key, s->key, s->nkeys) == 0 && same_filters(p, old, ask);
}

/* Two conditions that ask for the same events share a site, which then keeps enough for both. */
static uint32_t
site_for(struct scope *s, const struct ask *ask)
{
    struct program *p = s->c->p;
    uint32_t at;

    for (at = 0; at < p->nsites; at++) {
        struct site *old = &p->sites[at];

        if (!same_site(p, old, ask))
            continue;
        if (ask->site.age > old->age)
            old->age = ask->site.age;
        if (old->newest != 0 && (ask->site.newest == 0 || ask->site.newest > old->newest))
            old->newest = ask->site.newest;
        return at;
    }
    at = ADD(s->c, sites);
    p = s->c->p;
    p->sites[at] = ask->site;
    p->sites[at].filters = (struct span){p->nargs, ask->nfilters};
    for (uint8_t i = 0; i < ask->nfilters; i++) {
        uint32_t a = ADD(s->c, args);

        s->c->p->args[a] = ask->filter[i];
    }
    p->sites[at].relation = relation_new(s->c, REL_SITE, at, ask->site.nkeys);
    for (uint8_t i = 0; i < ask->site.nkeys; i++) {
        const struct kind *k = &p->kinds[ask->site.kind];
        uint8_t f = ask->site.key[i];

        p->relations[p->sites[at].relation].arg_type[i] = f == k->nparams ? TY_SOURCE : k->param[f].type[0];
    }
    return at;
}

static bool
key_type_ok(struct scope *s, node_id n, const struct kind *k, uint8_t field)
{
    uint16_t type = field == k->nparams ? TY_SOURCE : k->param[field].type[0];
    uint8_t base = s->c->p->types[type].base;

    if (base == TY_THING || base == TY_CHOICE || base == TY_SOURCE || base == TY_SIDE || base == TY_ROLE ||
        base == TY_YES_NO)
        return true;
    BAD2(s->c, s->t, n, "past events are kept by things, choices and sides, and '%' is a %: leave it out and compare with 'where'",
         k->param[field].name, type_name(s->c, type));
    return false;
}

/* The arguments of a past event: constants filter, the name in `value_slot` is the field that is
 * summed, all else is its key. */
static bool
ask_pattern(struct scope *s, node_id n, uint16_t value_slot, struct ask *ask)
{
    struct pattern found;
    const struct kind *k;
    bool ok = true;

    if (!pattern(s, n, false, &found))
        return false;
    *ask = (struct ask){.site = {.kind = found.kind, .value = UINT8_MAX}};
    k = &s->c->p->kinds[found.kind];
    for (uint32_t i = 0; i < found.nargs; i++) {
        struct arg a = s->c->p->args[found.args + i];
        const struct ex *x = &s->c->p->exs[a.ex];
        int64_t unused;

        if (x->op == X_SLOT && x->a == value_slot && a.param < k->nparams) {
            ask->site.value = a.param;
        } else if (const_value(s->c->p, a.ex, &unused) && ask->nfilters < ARITY_MAX) {
            ask->filter[ask->nfilters++] = a;
        } else if (ask->site.nkeys < ARITY_MAX) {
            ok = key_type_ok(s, n, k, a.param) && ok;
            ask->key[ask->site.nkeys] = a.ex;
            ask->site.key[ask->site.nkeys++] = a.param;
        } else {
            BAD0(s->c, s->t, n, "more than six arguments in one condition on the past");
            ok = false;
        }
    }
    return ok;
}

/* past = "within the last" D | "between" D1 "and" D2 "ago" */
static bool
past_bounds(struct scope *s, node_id n, ex_id *ret_from, ex_id *ret_to)
{
    bool ago = node_at(s->t, n)->kind == N_AGO;
    int64_t from, to;

    *ret_from = ago ? value_of_type(s, tree_child(s->t, n, 0), TY_DURATION, "how far back") : 0;
    *ret_to = value_of_type(s, tree_child(s->t, n, ago ? 1 : 0), TY_DURATION, "how far back");
    if (*ret_to == 0 || (ago && *ret_from == 0))
        return false;
    if (ago && const_value(s->c->p, *ret_from, &from) && const_value(s->c->p, *ret_to, &to) && from >= to) {
        BAD0(s->c, s->t, n, "between ... and ... ago: the first must be the shorter; as it stands nothing can ever fit");
        return false;
    }
    if (greatest_value(s->c->p, *ret_to) == FOREVER) {
        (void)not_yet(s, n, "a window whose length is no number or term");
        return false;
    }
    return true;
}

/* How long a field of a kind is kept: by its own word or its thing's; 0 for ever. */
static int64_t
kept_of(const struct program *p, const struct kind *k, uint8_t field)
{
    int64_t own = field < k->nparams ? k->param[field].kept : 0, thing;

    thing = field < k->nparams && k->param[field].ntypes == 1 ? p->types[k->param[field].type[0]].kept : 0;
    return own == 0 || (thing != 0 && thing < own) ? thing : own;
}

/* A window may not reach further back than what it reads is kept. */
static void
kept_long_enough(struct scope *s, node_id n, const struct ask *ask, int64_t age)
{
    const struct kind *k = &s->c->p->kinds[ask->site.kind];

    for (uint8_t i = 0; i < k->nparams; i++) {
        int64_t kept = kept_of(s->c->p, k, i);
        bool read = ask->site.value == i;

        for (uint8_t j = 0; j < ask->site.nkeys; j++)
            read = read || ask->site.key[j] == i;
        for (uint8_t j = 0; j < ask->nfilters; j++)
            read = read || ask->filter[j].param == i;
        if (!read || kept == 0 || age <= kept)
            continue;
        bad(s->c, s->t, n, "this looks further back than '%' of '%' is kept: shorten the window, or keep it longer than % days",
            k->param[i].name, k->name, number_word(s->c, kept / 86400000));
        return;
    }
}

/* An expression over a site: `newest` says how many stamps suffice when no lower bound is set. */
static ex_id
past_ex(struct scope *s, node_id n, enum op op, uint16_t type, struct ask *ask, node_id past, uint32_t newest)
{
    ex_id from, to, e;
    uint32_t site;

    if (!past_bounds(s, past, &from, &to))
        return 0;
    kept_long_enough(s, past, ask, greatest_value(s->c->p, to));
    ask->site.age = greatest_value(s->c->p, to);
    ask->site.newest = from == 0 ? newest : 0;
    site = site_for(s, ask);
    e = ex_new(s, op, type, n);
    ex_at(s, e)->a = site;
    ex_at(s, e)->b = from;
    ex_at(s, e)->c = to;
    ex_at(s, e)->args = s->c->p->nkids;
    ex_at(s, e)->nargs = ask->site.nkeys;
    for (uint8_t i = 0; i < ask->site.nkeys; i++) {
        uint32_t kid = ADD(s->c, kids);

        s->c->p->kids[kid] = ask->key[i];
    }
    return e;
}

static ex_id
past_test(struct scope *s, node_id n)
{
    struct ask ask;

    if (!ask_pattern(s, tree_child(s->t, n, 0), UINT16_MAX, &ask))
        return 0;
    return past_ex(s, n, X_PAST, TY_UNKNOWN, &ask, tree_child(s->t, n, 1), 1);
}

/* at least 3 sighting.pass(v) within the last 14 days */
static ex_id
counted_past_test(struct scope *s, node_id n, enum op op)
{
    ex_id number = value_of_type(s, tree_child(s->t, n, 0), TY_COUNT, "how many"), e;
    struct ask ask;
    int64_t k = 0;
    uint32_t newest = 0;

    if (!ask_pattern(s, tree_child(s->t, n, 1), UINT16_MAX, &ask) || number == 0)
        return 0;
    if (const_value(s->c->p, number, &k) && k < 1000000)
        newest = (uint32_t)k + 1;
    e = past_ex(s, n, op, TY_UNKNOWN, &ask, tree_child(s->t, n, 2), newest);
    if (e != 0)
        ex_at(s, e)->d = number;
    return e;
}

/* sum of holders over itinerary.shared(m, holders:) within the last 90 days: the name stands for the
 * field that is summed. */
static ex_id
aggregate_past(struct scope *s, node_id n, enum op op)
{
    node_id what = tree_child(s->t, n, 0), pat = tree_child(s->t, n, 1);
    uint8_t before = s->n;
    uint16_t type = TY_COUNT;
    struct ask ask;

    if (op != X_COUNT_PAST) {
        if (what == 0 || node_at(s->t, what)->kind != N_NAME || scope_find(s, word(s->t, what)) >= 0) {
            BAD0(s->c, s->t, n, "name the field that is summed: sum of holders over itinerary.shared(m, holders:) within ...");
            return 0;
        }
        (void)scope_add(s, what, word(s->t, what), TY_UNKNOWN);
    }
    if (!ask_pattern(s, pat, op == X_COUNT_PAST ? UINT16_MAX : before, &ask)) {
        scope_back(s, before);
        return 0;
    }
    scope_back(s, before);
    if (op != X_COUNT_PAST) {
        if (ask.site.value == UINT8_MAX) {
            bad(s->c, s->t, what, "'%' is summed and stands for no field of '%': write it as '%:' there", word(s->t, what),
                word(s->t, pat), word(s->t, what));
            return 0;
        }
        type = s->c->p->kinds[ask.site.kind].param[ask.site.value].type[0];
    }
    return past_ex(s, n, op, type, &ask, tree_child(s->t, n, 2), 0);
}

/* quantifiers ---------------------------------------------------------------------------------- */

static uint32_t
slots_below(uint8_t n)
{
    return n >= 32 ? UINT32_MAX : (1u << n) - 1;
}

static bool
quant_names(struct scope *s, node_id names, node_id with)
{
    for (node_id n = s->t->node[names].first; n != 0; n = s->t->node[n].next) {
        struct str w = word(s->t, n);

        if (scope_find(s, w) >= 0) {
            BAD1(s->c, s->t, n, "'%' has a meaning here already: choose another name for what is looked for", w);
            return false;
        }
        (void)scope_add(s, n, w, infer_type(s, with, w));
    }
    return true;
}

static void
unbound_names(struct scope *s, node_id n, uint32_t bits, const char *what)
{
    for (uint8_t i = 0; i < s->n; i++)
        if ((bits & (1u << s->name[i].slot)) != 0)
            BAD1(s->c, s->t, n, what, s->name[i].name);
}

/* names "with" cond [ ":" body ] */
static uint32_t
quant(struct scope *s, node_id names, node_id with, node_id body)
{
    uint8_t before = s->n;
    uint32_t at = ADD(s->c, quants), wanted;
    struct quant q = {0};

    if (!quant_names(s, names, with)) {
        scope_back(s, before);
        return 0;
    }
    for (uint8_t i = before; i < s->n; i++) {
        if (q.nslots == ARITY_MAX) {
            BAD0(s->c, s->t, names, "more than six names are looked for at once: name a part of it as a state");
            scope_back(s, before);
            return 0;
        }
        q.slot[q.nslots++] = s->name[i].slot;
    }
    q.cond = cond(s, with);
    q.body = body == 0 ? 0 : cond(s, body);
    wanted = slots_below(s->n) & ~slots_below(before);
    if (q.cond != 0 && !plan_join(s->c, q.cond, slots_below(before), wanted, &q.plan))
        unbound_names(s, with, wanted,
                      "nothing here says which '%' there are: a state, a fact that 'is set' or a past event must hold it");
    scope_back(s, before);
    s->c->p->quants[at] = q;
    return q.cond == 0 || (body != 0 && q.body == 0) ? 0 : at;
}

static ex_id
quantified(struct scope *s, node_id n, enum op op)
{
    node_id names = tree_child(s->t, n, 0), with = tree_child(s->t, n, 1), body = tree_child(s->t, n, 2);
    uint32_t q = quant(s, names, with, body);
    ex_id e;

    if (q == 0)
        return 0;
    e = ex_new(s, op, TY_UNKNOWN, n);
    ex_at(s, e)->a = q;
    if ((node_at(s->t, n)->flags & F_OR_NONE) != 0)
        ex_at(s, e)->flags |= EX_OR_NONE;
    if (s->in_gate)
        ex_at(s, e)->flags |= EX_IN_GATE;
    return e;
}

static ex_id
number_of_test(struct scope *s, node_id n, enum op rows, enum op past)
{
    ex_id number, e;
    uint32_t q;

    if (node_at(s->t, tree_child(s->t, n, 1))->kind == N_PATTERN)
        return counted_past_test(s, n, past);
    number = value_of_type(s, tree_child(s->t, n, 0), TY_COUNT, "how many");
    q = quant(s, tree_child(s->t, n, 1), tree_child(s->t, n, 2), 0);
    if (number == 0 || q == 0)
        return 0;
    e = ex_new(s, rows, TY_UNKNOWN, n);
    ex_at(s, e)->a = q;
    ex_at(s, e)->b = number;
    return e;
}

ex_id aggregate_value(struct scope *s, node_id n);

ex_id
aggregate_value(struct scope *s, node_id n)
{
    static const struct { enum node_kind kind; enum op op; } past[] = {
        {N_COUNT, X_COUNT_PAST}, {N_SUM, X_SUM_PAST}, {N_MIN, X_MIN_PAST}, {N_MAX, X_MAX_PAST}};
    enum node_kind kind = (enum node_kind)node_at(s->t, n)->kind;
    node_id second = tree_child(s->t, n, 1);
    uint32_t q;
    ex_id e;

    if (node_at(s->t, second)->kind == N_PATTERN) {
        for (size_t i = 0; i < 4; i++)
            if (past[i].kind == kind)
                return aggregate_past(s, n, past[i].op);
    }
    if (kind != N_COUNT)
        return not_yet(s, n, "a sum, least or greatest over rows (over past events it is built)");
    q = quant(s, second, tree_child(s->t, n, 2), 0);
    if (q == 0)
        return 0;
    e = ex_new(s, X_COUNT, TY_COUNT, n);
    ex_at(s, e)->a = q;
    return e;
}

/* comparisons ---------------------------------------------------------------------------------- */

static ex_id
binary_test(struct scope *s, node_id n, enum op op, ex_id a, ex_id b)
{
    ex_id e;

    if (a == 0 || b == 0)
        return 0;
    if (!same_type(s, ex_at(s, a)->type, ex_at(s, b)->type)) {
        BAD2(s->c, s->t, n, "a % is compared with a %: only like can be compared with like", type_name(s->c, ex_at(s, a)->type),
             type_name(s->c, ex_at(s, b)->type));
        return 0;
    }
    e = ex_new(s, op, TY_UNKNOWN, n);
    ex_at(s, e)->a = a;
    ex_at(s, e)->b = b;
    return e;
}

/* The life and stage that `word` names for a thing, or false. */
static bool
stage_of(struct scope *s, uint16_t thing, struct str w, uint32_t *ret_life, uint32_t *ret_stage)
{
    for (const struct named *m = find_first(s->c, SP_STAGE, w); m != NULL; m = find_next(s->c, m)) {
        const struct life *l = &s->c->p->lives[m->ref];

        if (l->thing != thing && thing != TY_UNKNOWN)
            continue;
        *ret_life = m->ref;
        for (uint32_t i = 0; i < l->stages.n; i++)
            if (str_eq(s->c->p->values[l->stages.at + i], w))
                *ret_stage = i;
        return true;
    }
    return false;
}

static ex_id
stage_test(struct scope *s, node_id n, ex_id left, uint32_t life, uint32_t stage)
{
    ex_id e = ex_new(s, X_STAGE, TY_UNKNOWN, n);
    uint32_t kid = ADD(s->c, kids);

    s->c->p->kids[kid] = left;
    ex_at(s, e)->a = life;
    ex_at(s, e)->b = stage;
    ex_at(s, e)->args = kid;
    ex_at(s, e)->nargs = 1;
    return e;
}

static ex_id
severity_test(struct scope *s, node_id n, ex_id left, node_id right)
{
    static const char *const names[] = {"info", "amber", "red"};
    struct str w = word(s->t, right);

    for (int i = 0; i < 3; i++) {
        if (str_eq(w, str_of(names[i]))) {
            ex_id e = ex_new(s, X_SEVERITY, TY_UNKNOWN, n);

            ex_at(s, e)->a = ex_at(s, left)->a;
            ex_at(s, e)->k = i;
            return e;
        }
    }
    BAD1(s->c, s->t, right, "a finding is info, amber or red, and not '%'", w);
    return 0;
}

static ex_id
no_stage(struct scope *s, node_id n, uint16_t type, struct str w)
{
    uint32_t life = s->c->p->types[type].life;

    if (life == NO_ID)
        BAD2(s->c, s->t, n, "no life of a % is told, so it is never '%': tell its life, or ask for a state", type_name(s->c, type), w);
    else
        bad(s->c, s->t, n, "'%' is no stage in the life of a %%", w, type_name(s->c, type), did_you_mean_of(s->c, SP_STAGE, life, w));
    return 0;
}

/* x is y, where y may be a stage of x's life or the severity of a finding */
static ex_id
is_test(struct scope *s, node_id n, ex_id left, node_id right)
{
    uint32_t life = 0, stage = 0;
    uint16_t type = ex_at(s, left)->type;
    struct str w = word(s->t, right);

    if (node_at(s->t, right)->kind == N_NAME && scope_find(s, w) < 0) {
        if (type == TY_FINDING)
            return severity_test(s, n, left, right);
        if (s->c->p->types[type].base == TY_THING) {
            if (stage_of(s, type, w, &life, &stage))
                return stage_test(s, n, left, life, stage);
            return no_stage(s, right, type, w);
        }
    }
    return binary_test(s, n, X_EQ, left, value(s, right, type));
}

static ex_id
one_of_test(struct scope *s, node_id n, ex_id left)
{
    ex_id all[FRAME_MAX], e;
    uint32_t count = 0;
    uint16_t type = ex_at(s, left)->type;
    bool stages = s->c->p->types[type].base == TY_THING;

    for (node_id c = node_at(s->t, tree_child(s->t, n, 0))->next; c != 0; c = node_at(s->t, c)->next) {
        if (count == FRAME_MAX) {
            BAD0(s->c, s->t, c, "more than 32 values behind 'one of': ask in two conditions, or by the order of the choice");
            return 0;
        }
        all[count] = stages ? is_test(s, c, left, c) : value_of_type(s, c, type, "this");
        if (all[count++] == 0)
            return 0;
    }
    e = ex_new(s, stages ? X_OR : X_ONE_OF, TY_UNKNOWN, n);
    ex_at(s, e)->a = left;
    ex_at(s, e)->args = s->c->p->nkids;
    ex_at(s, e)->nargs = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kid = ADD(s->c, kids);

        s->c->p->kids[kid] = all[i];
    }
    return e;
}

static ex_id
apart_test(struct scope *s, node_id n, ex_id left, enum op op)
{
    ex_id d = value(s, tree_child(s->t, n, 1), TY_UNKNOWN);
    ex_id right = value_of_type(s, tree_child(s->t, n, 2), ex_at(s, left)->type, "what it is compared with"), e;

    if (d == 0 || right == 0)
        return 0;
    e = ex_new(s, op, TY_UNKNOWN, n);
    ex_at(s, e)->a = left;
    ex_at(s, e)->b = right;
    ex_at(s, e)->c = d;
    return e;
}

static const struct {
    enum compare cmp;
    enum op op;
} orders[] = {
    {CMP_DIFFERENT, X_NE}, {CMP_BEFORE, X_LT}, {CMP_AFTER, X_GT},   {CMP_AT_LEAST, X_GE},
    {CMP_AT_MOST, X_LE},   {CMP_MORE, X_GT},   {CMP_LESS, X_LT},
};

static bool
has_order(struct scope *s, uint16_t type)
{
    uint8_t b = s->c->p->types[type].base;

    return b == TY_UNKNOWN || b == TY_TIME || b == TY_DURATION || b == TY_COUNT || b == TY_METRES || b == TY_CHOICE;
}

static ex_id
ordered_test(struct scope *s, node_id n, ex_id left, enum compare cmp)
{
    node_id right = tree_child(s->t, n, 1);
    ex_id b = value(s, right, ex_at(s, left)->type);

    if (cmp != CMP_DIFFERENT && !has_order(s, ex_at(s, left)->type)) {
        BAD1(s->c, s->t, n, "a % has no order: only times, durations, counts, metres and choices are more or less",
             type_name(s->c, ex_at(s, left)->type));
        return 0;
    }
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (orders[i].cmp == cmp)
            return binary_test(s, n, orders[i].op, left, b);
    return 0;
}

static ex_id
set_test(struct scope *s, node_id n, ex_id left)
{
    ex_id e;

    if (ex_at(s, left)->op != X_FACT && ex_at(s, left)->op != X_SLOT) {
        BAD0(s->c, s->t, n, "'is set' asks whether a fact or a field has a value: this is neither");
        return 0;
    }
    e = ex_new(s, X_SET, TY_UNKNOWN, n);
    ex_at(s, e)->a = left;
    return e;
}

static ex_id
negated(struct scope *s, node_id n, ex_id inner)
{
    ex_id e;

    if (inner == 0)
        return 0;
    e = ex_new(s, X_NOT, TY_UNKNOWN, n);
    ex_at(s, e)->a = inner;
    return e;
}

static ex_id
compare_test(struct scope *s, node_id n)
{
    enum compare cmp = (enum compare)node_at(s->t, n)->num;
    node_id first = tree_child(s->t, n, 0);
    ex_id left, e = 0;

    s->asks_set = cmp == CMP_SET;
    left = value(s, first, TY_UNKNOWN);
    s->asks_set = false;
    if (left == 0)
        return 0;
    switch (cmp) {
    case CMP_STATIONARY: return not_yet(s, n, "'is stationary'");
    case CMP_INSIDE: return not_yet(s, n, "'is inside' (what a place means is worked out at the door)");
    case CMP_SET: e = set_test(s, n, left); break;
    case CMP_IS: e = is_test(s, n, left, tree_child(s->t, n, 1)); break;
    case CMP_ONE_OF: e = one_of_test(s, n, left); break;
    case CMP_WITHIN_OF: e = apart_test(s, n, left, X_WITHIN_OF); break;
    case CMP_SAME_TIME: e = apart_test(s, n, left, X_SAME_TIME); break;
    case CMP_DIFFERENT:
    case CMP_BEFORE:
    case CMP_AFTER:
    case CMP_AT_LEAST:
    case CMP_AT_MOST:
    case CMP_MORE:
    case CMP_LESS: e = ordered_test(s, n, left, cmp); break;
    }
    return (node_at(s->t, n)->flags & F_NOT) != 0 ? negated(s, n, e) : e;
}

/* all conditions ------------------------------------------------------------------------------- */

static ex_id
joined(struct scope *s, node_id n, enum op op)
{
    ex_id all[FRAME_MAX], e;
    uint32_t count = 0;
    bool ok = true;

    for (node_id c = s->t->node[n].first; c != 0; c = s->t->node[c].next) {
        if (count == FRAME_MAX) {
            BAD0(s->c, s->t, n, "more than 32 conditions in a row: name some of them together as a state");
            return 0;
        }
        all[count] = cond(s, c);
        ok = all[count++] != 0 && ok;
    }
    if (!ok)
        return 0;
    if (count == 1)
        return all[0];
    e = ex_new(s, op, TY_UNKNOWN, n);
    ex_at(s, e)->args = s->c->p->nkids;
    ex_at(s, e)->nargs = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kid = ADD(s->c, kids);

        s->c->p->kids[kid] = all[i];
    }
    return e;
}

ex_id
cond(struct scope *s, node_id n)
{
    switch ((enum node_kind)node_at(s->t, n)->kind) {
    case N_AND: return joined(s, n, X_AND);
    case N_OR: return joined(s, n, X_OR);
    case N_NOT: return negated(s, n, cond(s, tree_child(s->t, n, 0)));
    case N_SOME: return quantified(s, n, X_SOME);
    case N_NO: return quantified(s, n, X_NO);
    case N_EVERY: return quantified(s, n, X_EVERY);
    case N_AT_LEAST: return number_of_test(s, n, X_AT_LEAST, X_AT_LEAST_PAST);
    case N_AT_MOST: return number_of_test(s, n, X_AT_MOST, X_AT_MOST_PAST);
    case N_PAST: return past_test(s, n);
    case N_ROLE_TEST: return role_test(s, n);
    case N_HELD: return held_test(s, n);
    case N_TRUTH: return state_call(s, tree_child(s->t, n, 0), X_STATE);
    case N_COMPARE: return compare_test(s, n);
    default: return 0; /* the parser has complained */
    }
}
