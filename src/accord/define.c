/* SPDX-License-Identifier: Apache-2.0 */
/* define.c -- what the declared mean: facts, states, roles, the steps of lives, what is shown. */
#include "accord/compile.h"

/* facts, states: understood -------------------------------------------------------------------- */

static uint32_t
bound_by(const struct program *p, const struct pattern *pat)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < pat->nargs; i++)
        if (p->args[pat->args + i].mode == ARG_BIND)
            bits |= 1u << p->args[pat->args + i].slot;
    return bits;
}

static void
compile_fact(struct compiler *c, const struct syntax *t, node_id n, uint32_t at)
{
    struct fact f = c->p->facts[at];
    struct scope s;
    uint32_t all = (1u << (f.nparams + 1)) - 1;
    node_id until = tree_child(t, n, 3);

    scope_init(&s, c, t);
    for (uint8_t i = 0; i < f.nparams; i++)
        (void)scope_add(&s, n, f.param[i].name, f.param[i].type);
    s.fact = scope_add(&s, n, f.name, f.type);
    f.from = moments(&s, tree_child(t, n, 2), (uint8_t)(f.nparams + 1));
    if (c->full)
        return;
    f.nslots = s.nslots;
    if (until != 0)
        (void)not_yet(&s, until, "a fact that ends by 'until'");
    for (uint32_t i = 0; i < f.from.n; i++) {
        const struct moment *m = &c->p->moments[f.from.at + i];

        if (m->type != M_EVENT)
            bad_token(c, t, m->token, "the fact '%' is set by events: a time or a state cannot give it a value", f.name, STR(""), STR(""));
        else if ((bound_by(c->p, &m->pattern) & all) != all)
            bad_token(c, t, m->token, "this event does not say '%': every name of the fact and its value must stand in the pattern",
                      (bound_by(c->p, &m->pattern) & (1u << f.nparams)) == 0 ? f.name : f.param[0].name, STR(""), STR(""));
    }
    c->p->facts[at].from = f.from;
    c->p->facts[at].nslots = f.nslots;
}

enum { TIME_FACTS_MAX = 8 };

/* All facts a time is made of, as conditions that they are set. */
static void
set_facts(struct scope *s, node_id n, ex_id e, ex_id *list, uint32_t *count)
{
    const struct ex x = s->c->p->exs[e];

    if (e == 0)
        return;
    if (x.op == X_FACT) {
        if (*count == TIME_FACTS_MAX) {
            BAD0(s->c, s->t, n, "a planned time of more than eight facts: let a fact hold the time itself");
            return;
        }
        ex_id set = ex_new(s, X_SET, TY_UNKNOWN, n);

        s->c->p->exs[set].a = e;
        list[(*count)++] = set;
        return;
    }
    if (x.op == X_ADD || x.op == X_SUB || x.op == X_IF) {
        set_facts(s, n, x.a, list, count);
        set_facts(s, n, x.b, list, count);
    }
}

/* "every fact in this time is set" */
ex_id
facts_set(struct scope *s, node_id n, ex_id time)
{
    ex_id list[TIME_FACTS_MAX], e;
    uint32_t count = 0;

    set_facts(s, n, time, list, &count);
    if (count == 0)
        return 0;
    if (count == 1)
        return list[0];
    e = ex_new(s, X_AND, TY_UNKNOWN, n);
    s->c->p->exs[e].args = s->c->p->nkids;
    s->c->p->exs[e].nargs = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kid = ADD(s->c, kids);

        s->c->p->kids[kid] = list[i];
    }
    return e;
}

static void
name_missing(struct compiler *c, const struct syntax *t, node_id n, const struct state *s, uint32_t missing)
{
    for (uint8_t i = 0; i < s->nparams; i++)
        if ((missing & (1u << i)) != 0)
            BAD2(c, t, n, "nothing here says which '%' there are for '%': a state, a set fact, a stage or a past event must name it",
                 s->param[i].name, s->name);
}

static void
compile_while(struct compiler *c, struct scope *s, node_id n, uint32_t at)
{
    node_id when = tree_child(s->t, n, 2);
    uint8_t nparams = c->p->states[at].nparams;
    ex_id e = cond(s, when);
    uint32_t missing;

    c->p->states[at].cond = e;
    if (e == 0)
        return;
    missing = plan_sparks(c, e, (1u << nparams) - 1, c->p->states[at].relation);
    name_missing(c, s->t, when, &c->p->states[at], missing);
}

/* Takes the planned times out of an `until`: there may be one. */
static ex_id
planned_end(struct compiler *c, const struct syntax *t, struct span *until)
{
    ex_id end = 0;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < until->n; i++) {
        struct moment m = c->p->moments[until->at + i];

        if (m.type != M_TIME) {
            c->p->moments[until->at + kept++] = m;
            continue;
        }
        if (m.where != 0)
            bad_token(c, t, m.token, "not yet: 'where' behind a planned time of a state is part of the language and not built; say it another way for the time being", STR(""), STR(""), STR(""));
        if (end != 0)
            bad_token(c, t, m.token, "a second planned time ends this state: write one, or name a state for the other", STR(""), STR(""), STR(""));
        end = m.time;
    }
    until->n = kept;
    return end;
}

static void
compile_bounds(struct compiler *c, struct scope *s, node_id n, uint32_t at)
{
    struct state st = c->p->states[at];
    node_id from = tree_child(s->t, n, 3), until = tree_child(s->t, n, 4);
    uint32_t all = (1u << st.nparams) - 1, missing = 0;

    st.from = moments(s, from, st.nparams);
    if (until != 0)
        st.until = moments(s, until, st.nparams);
    if (c->full)
        return;
    st.end = planned_end(c, s->t, &st.until);
    if (st.from.n == 1 && c->p->moments[st.from.at].type == M_TIME) {
        ex_id set = facts_set(s, n, c->p->moments[st.from.at].time);

        if (c->p->moments[st.from.at].where != 0)
            (void)not_yet(s, from, "'where' behind a planned time of a state");
        st.type = ST_PLANNED;
        st.start = c->p->moments[st.from.at].time;
        st.from.n = 0;
        missing = set == 0 ? all : plan_sparks(c, set, all, st.relation);
        name_missing(c, s->t, from, &st, missing);
    }
    for (uint32_t i = 0; i < st.from.n; i++) {
        const struct moment *m = &c->p->moments[st.from.at + i];

        if (m->type == M_TIME)
            (void)not_yet(s, from, "a state that begins by an event or by a planned time");
        else if ((bound_by(c->p, &m->pattern) & all) != all)
            bad_token(c, s->t, m->token, "'from' must say every parameter of the state '%': an end may leave some out, a start may not",
                      st.name, STR(""), STR(""));
    }
    st.nslots = s->nslots;
    c->p->states[at] = st;
}

static void
compile_state(struct compiler *c, const struct syntax *t, node_id n, uint32_t at)
{
    struct scope s;

    scope_init(&s, c, t);
    for (uint8_t i = 0; i < c->p->states[at].nparams; i++)
        (void)scope_add(&s, n, c->p->states[at].param[i].name, c->p->states[at].param[i].type);
    if (c->p->states[at].type == ST_WHILE)
        compile_while(c, &s, n, at);
    else
        compile_bounds(c, &s, n, at);
    c->p->states[at].nslots = s.nslots;
}

/* The name in a role's pattern whose field is a role: it must be this role. */
static void
role_constant_args(struct scope *s, node_id n, struct span moments, uint32_t role)
{
    struct program *p = s->c->p;

    for (uint32_t i = 0; i < moments.n; i++) {
        struct pattern pat = p->moments[moments.at + i].pattern;

        for (uint32_t k = 0; k < pat.nargs; k++) {
            struct arg *a = &p->args[pat.args + k];

            if (a->mode == ARG_BIND && a->slot == 1) {
                ex_id e = ex_new(s, X_CONST, TY_ROLE, n);

                p = s->c->p;
                p->exs[e].k = role;
                p->args[pat.args + k].mode = ARG_EQUAL;
                p->args[pat.args + k].ex = e;
            }
        }
    }
}

/* The holder's name and the role's name in a pattern, by the types of their fields. */
static void
role_names(struct compiler *c, const struct syntax *t, node_id from, struct str *ret_who, struct str *ret_role)
{
    node_id pat = tree_child(t, t->node[from].first, 0);

    *ret_who = STR("who");
    *ret_role = STR("role");
    if (pat == 0 || node_at(t, pat)->kind != N_PATTERN)
        return;
    for (node_id a = t->node[tree_child(t, pat, 0)].first; a != 0; a = t->node[a].next) {
        node_id v = tree_child(t, a, 1) != 0 ? tree_child(t, a, 1) : tree_child(t, a, 0);
        uint16_t type = node_at(t, v)->kind == N_NAME ? type_in_patterns(c, t, from, word(t, v)) : TY_UNKNOWN;

        if (type == TY_ROLE)
            *ret_role = word(t, v);
        else if (type != TY_UNKNOWN)
            *ret_who = word(t, v);
    }
}

static void
compile_role(struct compiler *c, const struct syntax *t, node_id n)
{
    node_id from = tree_child(t, n, 1), until = tree_child(t, n, 2);

    for (node_id m = t->node[tree_child(t, n, 0)].first; m != 0 && from != 0; m = t->node[m].next) {
        uint32_t role = find(c, SP_ROLE, word(t, m)), state = c->p->roles[role].state;
        struct scope s;
        struct str who, name;
        struct span spans[2] = {{0, 0}, {0, 0}};

        role_names(c, t, from, &who, &name);
        scope_init(&s, c, t);
        (void)scope_add(&s, n, who, TY_SOURCE);
        (void)scope_add(&s, n, name, TY_ROLE);
        spans[0] = moments(&s, from, 2);
        role_constant_args(&s, n, spans[0], role);
        if (until != 0) {
            spans[1] = moments(&s, until, 2);
            role_constant_args(&s, n, spans[1], role);
        }
        c->p->states[state].from = spans[0];
        c->p->states[state].until = spans[1];
        c->p->states[state].nslots = s.nslots;
        c->p->states[state].label = c->p->states[state].name;
        if (spans[0].n > 0 && c->p->moments[spans[0].at].type == M_EVENT)
            c->p->roles[role].start_kind = c->p->moments[spans[0].at].pattern.kind;
    }
}

static int
stage_index(const struct program *p, const struct life *l, struct str name)
{
    for (uint32_t i = 0; i < l->stages.n; i++)
        if (str_eq(p->values[l->stages.at + i], name))
            return (int)i;
    return -1;
}

static uint64_t
stage_bits(struct compiler *c, const struct syntax *t, node_id n, const struct life *l)
{
    node_id before = tree_child(t, n, 0);
    int at;

    if ((node_at(t, n)->flags & F_ANY) == 0) {
        at = stage_index(c->p, l, word(t, n));
        return at < 0 ? 0 : UINT64_C(1) << at; /* there were too many, and that has been told */
    }
    if (before == 0)
        return l->stages.n == 64 ? UINT64_MAX : (UINT64_C(1) << l->stages.n) - 1;
    at = stage_index(c->p, l, word(t, before));
    if (at < 0) {
        struct nearest g = nearest_to(word(t, before));

        for (uint32_t i = 0; i < l->stages.n; i++)
            nearest_try(&g, c->p->values[l->stages.at + i]);
        BAD2(c, t, before, "'%' is no stage of this life%", word(t, before),
             g.best.len > 0 ? nearest_said(c, &g) : STR(": name one that a step of it comes from or leads to"));
        return 0;
    }
    return (UINT64_C(1) << at) - 1;
}

/* The slot of the one name whose type is the life's thing, or UINT16_MAX after a diag. */
static uint16_t
thing_slot(struct compiler *c, const struct scope *s, uint32_t token, uint16_t thing)
{
    uint16_t slot = UINT16_MAX;
    unsigned count = 0;

    for (uint8_t i = 0; i < s->n; i++) {
        if (s->name[i].type == thing) {
            slot = s->name[i].slot;
            count++;
        }
    }
    if (count == 1)
        return slot;
    bad_token(c, s->t, token, count == 0 ? "this step does not say which %: name it in the pattern" : "this step names two of the kind '%': which one lives on?",
              type_name(c, thing), STR(""), STR(""));
    return UINT16_MAX;
}

static void
compile_life_moment(struct compiler *c, const struct syntax *t, node_id r, node_id m, uint32_t at, const struct span *roles)
{
    struct life_rule rule = {.roles = *roles};
    const struct life *l = &c->p->lives[at];
    struct moment found;
    struct scope s;
    node_id where = tree_child(t, m, 1);
    uint32_t place;

    rule.from = stage_bits(c, t, tree_child(t, r, 0), l);
    rule.to = (uint32_t)stage_index(c->p, l, word(t, tree_child(t, r, 1)));
    scope_init(&s, c, t);
    if (!moment(&s, tree_child(t, m, 0), &found))
        return;
    if (where != 0)
        found.where = cond(&s, where);
    check_unread(&s, 0);
    rule.slot = thing_slot(c, &s, found.token, c->p->lives[at].thing);
    rule.nslots = s.nslots;
    if (found.type == M_CLAUSE)
        (void)not_yet(&s, tree_child(t, m, 0), "a life that moves by a clause");
    if (roles->n > 0 && found.type != M_EVENT)
        BAD0(c, t, tree_child(t, m, 0), "'by' says who may take the step, and only an event is sent by somebody: strike 'by' or name an event");
    place = ADD(c, moments);
    c->p->moments[place] = found;
    rule.moment = place;
    place = ADD(c, life_rules);
    c->p->life_rules[place] = rule;
    c->p->lives[at].rules.n++;
}

/* A stage that no step leads to, and that looks like one misspelt. */
static void
check_stages(struct compiler *c, const struct syntax *t, node_id n)
{
    for (node_id r = t->node[n].first; r != 0; r = t->node[r].next) {
        node_id from = tree_child(t, r, 0);
        struct nearest g = nearest_to(word(t, from));
        bool led = (node_at(t, from)->flags & F_ANY) != 0 || str_eq(word(t, from), STR("new"));

        for (node_id o = t->node[n].first; o != 0; o = t->node[o].next) {
            led = led || str_eq(word(t, tree_child(t, o, 1)), word(t, from));
            nearest_try(&g, word(t, tree_child(t, o, 1)));
        }
        if (!led && g.best.len > 0)
            BAD2(c, t, from, "no step of this life leads to '%'%", word(t, from), nearest_said(c, &g));
    }
}

static uint32_t
life_at(const struct program *p, const struct syntax *t, uint32_t token)
{
    for (uint32_t i = 0; i < p->nlives; i++)
        if (p->lives[i].text == t->number && p->lives[i].token == token)
            return i;
    return NO_ID;
}

static void
compile_life(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = life_at(c->p, t, node_at(t, n)->token);

    if (at == NO_ID || c->full || c->p->types[c->p->lives[at].thing].base != TY_THING)
        return;
    check_stages(c, t, n);
    c->p->lives[at].rules = (struct span){c->p->nlife_rules, 0};
    for (node_id r = t->node[n].first; r != 0; r = t->node[r].next) {
        struct span roles = role_span(c, t, tree_child(t, r, 3));

        for (node_id m = t->node[tree_child(t, r, 2)].first; m != 0; m = t->node[m].next)
            compile_life_moment(c, t, r, m, at, &roles);
    }
}

static void
compile_show(struct compiler *c, const struct syntax *t, node_id n)
{
    struct show show = {.name = word(t, n), .title = word(t, tree_child(t, n, 1))};
    node_id names = tree_child(t, n, 0), columns = tree_child(t, n, 2);
    uint32_t type = find(c, SP_TYPE, show.name), at;
    struct scope s;
    ex_id list[FRAME_MAX];
    uint32_t count = 0;

    scope_init(&s, c, t);
    for (node_id m = t->node[names].first; m != 0; m = t->node[m].next)
        (void)scope_add(&s, m, word(t, m), t->node[names].first == m && type != NO_ID ? (uint16_t)type : TY_UNKNOWN);
    for (node_id m = t->node[columns].first; m != 0; m = t->node[m].next)
        bind_names(&s, m);
    for (node_id m = t->node[columns].first; m != 0; m = t->node[m].next) {
        if (count == FRAME_MAX) {
            BAD0(c, t, m, "more than 32 columns: a board that wide is read by nobody");
            break;
        }
        if ((list[count] = value(&s, m, TY_UNKNOWN)) != 0)
            count++;
    }
    for (node_id m = t->node[names].first; m != 0; m = t->node[m].next) {
        if (show.nparams == ARITY_MAX) {
            BAD0(c, t, m, "a board of more than six names: split it");
            break;
        }
        show.param[show.nparams].name = word(t, m);
        show.param[show.nparams].type = s.name[show.nparams].type;
        show.nparams++;
    }
    show.nslots = s.nslots;
    show.columns = (struct span){c->p->nids, count};
    for (uint32_t i = 0; i < count; i++)
        (void)add_id(c, list[i]);
    show.labels = (struct span){c->p->nvalues, 0};
    for (node_id m = t->node[columns].first; m != 0; m = t->node[m].next) {
        uint32_t v = ADD(c, values);
        node_id named = node_at(t, m)->kind == N_CALL ? tree_child(t, m, 0) : m;

        c->p->values[v] = node_at(t, m)->kind == N_WORD_DOT ? dot_right(word(t, m)) : word(t, named);
        show.labels.n++;
    }
    at = ADD(c, shows);
    c->p->shows[at] = show;
}

/* Nothing is made of a list yet, but what is wrong in one is told: it is understood, and forgotten. */
static void
check_list(struct compiler *c, const struct syntax *t, node_id n)
{
    struct compiler was = *c;
    struct program p = *c->p;
    node_id rows = tree_child(t, n, 2);
    struct pattern by;
    struct scope s;

    scope_init(&s, c, t);
    s.now_ok = true;
    if (pattern(&s, tree_child(t, n, 0), true, &by)) {
        for (node_id r = t->node[rows].first; r != 0; r = t->node[r].next) {
            node_id owner = tree_child(t, r, 1), back = tree_child(t, r, 2);
            uint8_t before = s.n;

            if (scope_find(&s, word(t, r)) >= 0)
                BAD1(c, t, r, "'%' has a meaning here already: choose another name for what is looked for", word(t, r));
            bind_names(&s, tree_child(t, r, 0));
            (void)cond(&s, tree_child(t, r, 0));
            (void)value(&s, owner, TY_UNKNOWN);
            if (back != 0)
                (void)cond(&s, back);
            scope_back(&s, before);
        }
    }
    was.full = c->full;
    was.source_thing = c->source_thing;
    *c->p = p;
    *c = was;
}

static uint32_t
fact_declared_at(const struct program *p, const struct syntax *t, uint32_t token, uint32_t *hint)
{
    for (uint32_t k = 0; k < p->nfacts; k++) {
        uint32_t i = (*hint + k) % p->nfacts;

        if (p->facts[i].text != t->number || p->facts[i].token != token)
            continue;
        *hint = i;
        return i;
    }
    return NO_ID;
}

void
compile_vocabulary(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next) {
        uint32_t at;

        switch ((enum node_kind)node_at(t, n)->kind) {
        case N_ROLE: compile_role(c, t, n); break;
        case N_FACT:
            at = fact_declared_at(c->p, t, node_at(t, n)->token, &c->hint_fact);
            if (at != NO_ID)
                compile_fact(c, t, n, at);
            break;
        case N_STATE:
            at = find(c, SP_STATE, word(t, n));
            if (at != NO_ID && c->p->states[at].text == t->number && c->p->states[at].token == node_at(t, n)->token)
                compile_state(c, t, n, at);
            break;
        case N_LIFE: compile_life(c, t, n); break;
        case N_SHOW: compile_show(c, t, n); break;
        case N_LISTING: check_list(c, t, n); break;
        default: break;
        }
    }
}
