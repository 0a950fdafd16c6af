/* SPDX-License-Identifier: Apache-2.0 */
/* vocab.c -- what a text declares: types, terms, events with their fields, and the names of the rest. */
#include "accord/compile.h"

uint32_t
relation_new(struct compiler *c, enum relation_type type, uint32_t ref, uint8_t arity)
{
    uint32_t at = ADD(c, relations);
    struct relation *r = &c->p->relations[at];

    r->type = (uint8_t)type;
    r->ref = ref;
    r->arity = arity;
    return at;
}

/* types ---------------------------------------------------------------------------------------- */

enum { VALUES_MAX = 1000, DEPTH_MAX = 60 };

static uint32_t
type_new(struct compiler *c, const struct syntax *t, node_id n, enum base_type base)
{
    uint32_t at = ADD(c, types);

    if (at > UINT16_MAX) { /* a type's number has 16 bits */
        BAD0(c, t, n, "more than 65,000 things and choices: strike some");
        return 0;
    }
    c->p->types[at].name = word(t, n);
    c->p->types[at].base = (uint8_t)base;
    c->p->types[at].life = NO_ID;
    return at;
}

static void
declare_thing(struct compiler *c, const struct syntax *t, node_id n)
{
    node_id kept = tree_child(t, n, 1);

    for (node_id m = t->node[tree_child(t, n, 0)].first; m != 0; m = t->node[m].next) {
        uint32_t at = type_new(c, t, m, TY_THING);

        c->p->types[at].private_ = (node_at(t, n)->flags & F_PRIVATE) != 0;
        c->p->types[at].kept = quantity(c, t, kept, TY_DURATION, "how long it is kept");
        declare(c, SP_TYPE, word(t, m), at, t, node_at(t, m)->token, "the type");
    }
}

static void
declare_choice(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = type_new(c, t, n, TY_CHOICE), first = c->p->nvalues, count = 0;

    for (node_id m = t->node[tree_child(t, n, 0)].first; m != 0; m = t->node[m].next) {
        uint32_t v = ADD(c, values);

        if (c->full)
            return;
        if (count == VALUES_MAX) {
            BAD1(c, t, m, "the choice '%' has more than 1000 values: make it a thing", word(t, n));
            break;
        }
        for (uint32_t i = 0; i < count; i++)
            if (str_eq(c->p->values[first + i], word(t, m)))
                BAD1(c, t, m, "the value '%' stands twice in this choice: strike one", word(t, m));
        c->p->values[v] = word(t, m);
        count++;
        declare(c, SP_VALUE, word(t, m), at, t, node_at(t, m)->token, "the value");
    }
    c->p->types[at].values = first;
    c->p->types[at].count = count;
    declare(c, SP_TYPE, word(t, n), at, t, node_at(t, n)->token, "the type");
}

static void
declare_role(struct compiler *c, const struct syntax *t, node_id n)
{
    for (node_id m = t->node[tree_child(t, n, 0)].first; m != 0; m = t->node[m].next) {
        uint32_t at = ADD(c, roles), state = ADD(c, states);
        struct state *s = &c->p->states[state];

        c->p->roles[at] = (struct role){.name = word(t, m), .state = state, .side = NO_ID, .start_kind = NO_ID};
        c->p->roles[at].side = find(c, SP_SIDE, dot_left(word(t, m)));
        *s = (struct state){.name = word(t, m), .type = ST_EVENTS, .nparams = 1, .role = at, .gate = NO_ID,
                            .text = t->number, .token = node_at(t, m)->token};
        s->param[0].name = STR("who");
        s->param[0].type = TY_SOURCE;
        s->relation = relation_new(c, REL_STATE, state, 1);
        c->p->relations[s->relation].arg_type[0] = TY_SOURCE;
        declare(c, SP_ROLE, word(t, m), at, t, node_at(t, m)->token, "the role");
    }
}

static void
declare_term(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t old = find(c, SP_TERM, word(t, n)), at;

    if (old != NO_ID && !t->library && c->p->terms[old].text != t->number) { /* an agreement's row replaces a library's */
        struct term *term = &c->p->terms[old];

        term->library = term->text;
        term->library_value = term->value;
        term->text = t->number;
        term->token = node_at(t, n)->token;
        term->value = tree_child(t, n, 0);
        return;
    }
    at = ADD(c, terms);
    c->p->terms[at] = (struct term){.name = word(t, n), .text = t->number, .token = node_at(t, n)->token,
                                    .value = tree_child(t, n, 0)};
    declare(c, SP_TERM, word(t, n), at, t, node_at(t, n)->token, "the term");
}

static void
declare_sun(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = ADD(c, states), v = ADD(c, values), type = find(c, SP_TYPE, STR("sun"));
    struct state *s = &c->p->states[at];

    *s = (struct state){.name = word(t, n), .label = word(t, n), .type = ST_SUN, .role = NO_ID, .gate = NO_ID,
                        .text = t->number, .token = node_at(t, n)->token};
    s->relation = relation_new(c, REL_STATE, at, 0);
    c->p->values[v] = word(t, n);
    if (c->p->types[type].count == 0)
        c->p->types[type].values = v;
    c->p->types[type].count++;
    declare(c, SP_STATE, word(t, n), at, t, node_at(t, n)->token, "the state");
}

void
declare_types(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next) {
        switch ((enum node_kind)node_at(t, n)->kind) {
        case N_THING: declare_thing(c, t, n); break;
        case N_CHOICE: declare_choice(c, t, n); break;
        case N_ROLE: declare_role(c, t, n); break;
        case N_TERMS:
            for (node_id m = t->node[n].first; m != 0; m = t->node[m].next)
                declare_term(c, t, m);
            break;
        default: break;
        }
    }
}

void
declare_suns(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next)
        if (node_at(t, n)->kind == N_SUN)
            declare_sun(c, t, n);
}

static uint16_t
type_named(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = find(c, SP_TYPE, word(t, n));

    if (at != NO_ID)
        return (uint16_t)at;
    BAD2(c, t, n, "no type is called '%': declare it as a thing or a choice%", word(t, n), near_name(c, SP_TYPE, word(t, n)));
    return TY_UNKNOWN;
}

/* A row that replaces a library's must be of its type: the sentences that read it were written for that. */
static bool
replaces(struct compiler *c, uint32_t which, ex_id e)
{
    const struct term term = c->p->terms[which];
    const struct syntax *t = &c->p->trees[term.text];
    struct scope s;
    ex_id old;

    if (term.library_value == 0 || e == 0)
        return true;
    scope_init(&s, c, &c->p->trees[term.library]);
    s.term = true;
    old = value(&s, term.library_value, TY_UNKNOWN);
    if (old == 0 || same_type(&s, c->p->exs[old].type, c->p->exs[e].type))
        return true;
    bad(c, t, term.value, "'%' is a % in the library, and this is a %: write its unit", term.name, type_name(c, c->p->exs[old].type),
        type_name(c, c->p->exs[e].type));
    return false;
}

/* A number that both sides signed and that nothing reads, when it looks like a row meant to replace another. */
void
check_terms(struct compiler *c)
{
    for (uint32_t i = 0; i < c->p->nterms; i++) {
        const struct term *term = &c->p->terms[i];
        const struct syntax *t = &c->p->trees[term->text];

        struct str mean = term->used || t->library ? STR("") : near_name(c, SP_TERM, term->name);

        if (mean.len > 0)
            bad_token(c, t, term->token, "nothing reads the term '%', so it changes nothing%", term->name, mean, STR(""));
    }
}

void
term_value(struct compiler *c, uint32_t which)
{
    struct term *term = &c->p->terms[which];
    const struct syntax *t = &c->p->trees[term->text];
    struct scope s;
    int64_t k;
    ex_id e;

    if (term->stage == 1) {
        BAD1(c, t, term->value, "the term '%' is made from itself: write it as a number", term->name);
        return;
    }
    if (term->stage == 2)
        return;
    if (c->depth == DEPTH_MAX) {
        BAD1(c, t, term->value, "the term '%' is made from others, one from the next, more than 60 deep: write it as a number", term->name);
        return;
    }
    c->depth++;
    term->stage = 1;
    scope_init(&s, c, t);
    s.term = true;
    e = value(&s, term->value, TY_UNKNOWN);
    if (e != 0 && !const_value(c->p, e, &k)) {
        BAD1(c, t, c->p->terms[which].value, "the term '%' must be a number, a duration or a length", c->p->terms[which].name);
        e = 0;
    }
    if (!replaces(c, which, e))
        e = 0;
    c->p->terms[which].ex = e;
    c->p->terms[which].stage = 2;
    c->depth--;
}

/* events --------------------------------------------------------------------------------------- */

static bool
reserved_field(struct str name)
{
    static const char *const names[] = {"kind", "at", "known", "by", "id"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str_of(names[i])))
            return true;
    return false;
}

static void
declare_param(struct compiler *c, const struct syntax *t, node_id n, struct kind *k)
{
    struct param *p = &k->param[k->nparams];
    node_id kept = tree_child(t, n, 1);

    *p = (struct param){.name = word(t, n), .token = node_at(t, n)->token};
    if (reserved_field(p->name))
        BAD1(c, t, n, "'%' names no field: kind, at, known, by and id stand in every event", p->name);
    for (uint8_t i = 0; i < k->nparams; i++)
        if (str_eq(k->param[i].name, p->name))
            BAD1(c, t, n, "two fields are called '%': give one another name", p->name);
    for (node_id m = t->node[tree_child(t, n, 0)].first; m != 0; m = t->node[m].next) {
        if (p->ntypes == ALTS_MAX) {
            BAD1(c, t, m, "the field '%' has more than 4 types: split the event in two", p->name);
            break;
        }
        p->type[p->ntypes++] = type_named(c, t, m);
    }
    p->optional = (node_at(t, n)->flags & F_OPTIONAL) != 0;
    p->sealed = (node_at(t, n)->flags & F_SEALED) != 0;
    p->kept = quantity(c, t, kept, TY_DURATION, "how long it is kept");
    k->nparams++;
}

static void
declare_event(struct compiler *c, const struct syntax *t, node_id n)
{
    static const char *const classes[] = {"command", "coordination", "observation"};
    uint32_t at = ADD(c, kinds);
    struct kind k = {.name = word(t, n), .family = dot_left(word(t, n)), .text = t->number,
                     .token = node_at(t, n)->token, .cover = NO_ID, .label = word(t, tree_child(t, n, 1))};
    struct str cls = word(t, tree_child(t, n, 2));
    node_id heartbeat = tree_child(t, n, 5), clock = tree_child(t, n, 6);

    for (uint8_t i = 0; i < 3; i++)
        if (str_eq(cls, str_of(classes[i])))
            k.cls = i;
    for (node_id m = t->node[tree_child(t, n, 0)].first; m != 0; m = t->node[m].next) {
        if (k.nparams == PARAMS_MAX) {
            BAD0(c, t, m, "more than 24 fields: split the event in two");
            break;
        }
        declare_param(c, t, m, &k);
    }
    k.heartbeat = quantity(c, t, heartbeat, TY_DURATION, "the heartbeat");
    k.clock = quantity(c, t, clock, TY_DURATION, "the error of the clock");
    if (k.clock > 0)
        note_token(c, t, node_at(t, clock)->token,
                   "not yet: no verdict is called marginal by 'clock within': the times of '%' are taken at their word", k.name, STR(""));
    c->p->kinds[at] = k;
    declare(c, SP_EVENT, k.name, at, t, k.token, "the event");
    declare(c, SP_FAMILY, k.family, at, t, k.token, "the family");
}

struct span
role_span(struct compiler *c, const struct syntax *t, node_id list)
{
    struct span span = {c->p->nids, 0};

    for (node_id m = list == 0 ? 0 : t->node[list].first; m != 0; m = t->node[m].next) {
        uint32_t role = find(c, SP_ROLE, word(t, m));

        if (role == NO_ID) {
            BAD2(c, t, m, "nobody is declared as the role '%'%", word(t, m), did_you_mean(c, SP_ROLE, word(t, m)));
            continue;
        }
        (void)add_id(c, role);
        span.n += !c->full;
    }
    return span;
}

/* The frame of a kind: its fields, then its sender. */
void
kind_scope(struct scope *s, struct compiler *c, const struct syntax *t, uint32_t kind)
{
    const struct kind *k = &c->p->kinds[kind];

    scope_init(s, c, t);
    for (uint8_t i = 0; i < k->nparams; i++)
        (void)scope_add(s, 0, k->param[i].name, k->param[i].ntypes == 1 ? k->param[i].type[0] : TY_UNKNOWN);
    s->by_slot = scope_add(s, 0, STR(""), TY_SOURCE);
    s->now_ok = true;
}

/* Which of its fields say which instance a source answers for. */
static void
cover_fields(struct compiler *c, uint32_t kind)
{
    struct kind *k = &c->p->kinds[kind];
    uint32_t bits = k->with == 0 ? 0 : ex_slots(c->p, k->with);

    for (uint8_t i = 0; i < k->nparams; i++) {
        if ((bits & (1u << i)) == 0)
            continue;
        if (k->ncover == ARITY_MAX) {
            bad_token(c, &c->p->trees[k->text], k->token,
                      "'with' reads more than six fields of '%': say by fewer which instance a source answers for", k->name, STR(""), STR(""));
            break;
        }
        k->cover_field[k->ncover++] = i;
    }
    k->cover = relation_new(c, REL_COVER, kind, k->ncover);
    k = &c->p->kinds[kind];
    for (uint8_t i = 0; i < k->ncover; i++)
        c->p->relations[k->cover].arg_type[i] = k->param[k->cover_field[i]].type[0];
}

static void
compile_event(struct compiler *c, const struct syntax *t, node_id n, uint32_t kind)
{
    node_id with;
    struct scope s;
    struct span from;
    uint32_t known;

    from = role_span(c, t, tree_child(t, n, 3));
    c->p->kinds[kind].from = from;
    with = tree_child(t, n, 4);
    kind_scope(&s, c, t, kind);
    if (with != 0) {
        c->p->kinds[kind].with = cond(&s, with);
        known = ((1u << c->p->kinds[kind].nparams) - 1);
        if (c->p->kinds[kind].with != 0 &&
            !plan_join(c, c->p->kinds[kind].with, known, 1u << s.by_slot, &c->p->kinds[kind].cover_plan))
            BAD0(c, t, with, "'with' must say which sources there are: a state of 'by' and of the event's fields, such as watches(by, z)");
    }
    if (c->p->kinds[kind].heartbeat > 0 && from.n == 0)
        BAD0(c, t, n, "a heartbeat needs a source: say 'from' which role, whose silence is meant");
    if (c->p->kinds[kind].heartbeat > 0 && !c->full)
        cover_fields(c, kind);
}

/* In the order in which they were declared. */
void
compile_events(struct compiler *c)
{
    uint32_t kind = KIND_BUILTINS;

    for (uint32_t i = 0; i < c->p->ntexts; i++) {
        const struct syntax *t = &c->p->trees[i];

        for (node_id n = t->node[t->decls].first; n != 0 && kind < c->p->nkinds && !c->full; n = t->node[n].next)
            if (node_at(t, n)->kind == N_EVENT)
                compile_event(c, t, n, kind++);
    }
}

/* facts, states: declared ---------------------------------------------------------------------- */

static bool
small_type(const struct program *p, uint16_t type)
{
    uint8_t b = p->types[type].base;

    return b == TY_UNKNOWN || b == TY_THING || b == TY_CHOICE || b == TY_SOURCE || b == TY_SIDE || b == TY_ROLE || b == TY_YES_NO;
}

/* The field for which a name stands in a pattern, or NULL. */
static const struct param *
field_in_pattern(struct compiler *c, const struct syntax *t, node_id pat, struct str name)
{
    uint32_t kind = pat == 0 || node_at(t, pat)->kind != N_PATTERN ? NO_ID : find(c, SP_EVENT, word(t, pat));
    uint8_t field[PARAMS_MAX], n = 0, i = 0;
    node_id args;
    bool ok;

    if (kind == NO_ID)
        return NULL;
    args = tree_child(t, pat, 0);
    c->quiet = true;
    ok = match_args(c, t, args, c->p->kinds[kind].param, c->p->kinds[kind].nparams, STR(""), field, &n);
    c->quiet = false;
    for (node_id a = ok ? t->node[args].first : 0; a != 0; a = t->node[a].next, i++) {
        node_id v = tree_child(t, a, 1) != 0 ? tree_child(t, a, 1) : tree_child(t, a, 0);

        if (node_at(t, v)->kind == N_NAME && str_eq(word(t, v), name))
            return &c->p->kinds[kind].param[field[i]];
    }
    return NULL;
}

uint16_t
type_in_patterns(struct compiler *c, const struct syntax *t, node_id moments, struct str name)
{
    for (node_id m = t->node[moments].first; m != 0; m = t->node[m].next) {
        const struct param *field = field_in_pattern(c, t, tree_child(t, m, 0), name);

        if (field != NULL)
            return field->type[0];
    }
    return TY_UNKNOWN;
}

static bool
sealed_in_patterns(struct compiler *c, const struct syntax *t, node_id moments, struct str name)
{
    for (node_id m = t->node[moments].first; m != 0; m = t->node[m].next) {
        const struct param *field = field_in_pattern(c, t, tree_child(t, m, 0), name);

        if (field != NULL && field->sealed)
            return true;
    }
    return false;
}

static void
declare_fact(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = ADD(c, facts);
    struct fact f = {.text = t->number, .token = node_at(t, n)->token};
    node_id names = tree_child(t, n, 0), from = tree_child(t, n, 2);
    struct str w = word(t, n);
    bool twice = false;

    f.dotted = names == 0;
    f.name = f.dotted ? dot_right(w) : w;
    f.type = type_named(c, t, tree_child(t, n, 1));
    if (f.dotted) {
        f.param[0].name = dot_left(w);
        f.nparams = 1;
    }
    for (node_id m = names == 0 ? 0 : t->node[names].first; m != 0; m = t->node[m].next) {
        if (f.nparams == ARITY_MAX) {
            BAD0(c, t, m, "a fact of more than six names: split it");
            break;
        }
        f.param[f.nparams++].name = word(t, m);
    }
    for (uint8_t i = 0; i < f.nparams; i++)
        f.param[i].type = from == 0 ? TY_UNKNOWN : type_in_patterns(c, t, from, f.param[i].name);
    f.sealed = from != 0 && sealed_in_patterns(c, t, from, f.name);
    f.relation = relation_new(c, REL_FACT, at, f.nparams);
    for (uint8_t i = 0; i < f.nparams; i++) {
        c->p->relations[f.relation].arg_type[i] = f.param[i].type;
        if (!small_type(c->p, f.param[i].type))
            BAD2(c, t, n, "'%' is a %: a fact is of things, choices, sides and sources", f.param[i].name,
                 type_name(c, f.param[i].type));
    }
    for (const struct named *m = find_first(c, SP_FACT, f.name); m != NULL; m = find_next(c, m)) {
        const struct fact *old = &c->p->facts[m->ref];

        if (old->dotted == f.dotted && (!f.dotted || old->param[0].type == f.param[0].type)) {
            BAD2(c, t, n, "the fact '%' is declared twice; it stands in % already: give one of them another name", w,
                 place_of(c, old->text, old->token));
            twice = true;
        }
    }
    c->p->facts[at] = f;
    if (!twice)
        declare(c, SP_FACT, f.name, at, t, f.token, "the fact");
}

static void
declare_params(struct compiler *c, const struct syntax *t, node_id params, struct str *name, uint16_t *type, uint8_t *ret_n)
{
    for (node_id m = t->node[params].first; m != 0; m = t->node[m].next) {
        uint8_t i = *ret_n;

        if (i == ARITY_MAX) {
            BAD0(c, t, m, "more than six parameters: split this in two");
            return;
        }
        name[i] = word(t, m);
        type[i] = type_named(c, t, t->node[tree_child(t, m, 0)].first);
        for (uint8_t k = 0; k < i; k++)
            if (str_eq(name[k], name[i]))
                BAD1(c, t, m, "two parameters are called '%': give one another name", name[i]);
        if (!small_type(c->p, type[i]))
            bad(c, t, m, "'%' is a %, and this is a matter of things, choices, sides and sources: keep a % as a fact",
                name[i], type_name(c, type[i]), type_name(c, type[i]));
        (*ret_n)++;
    }
}

static uint32_t
declare_state_named(struct compiler *c, const struct syntax *t, node_id n, node_id params, struct str name, enum state_type type)
{
    uint32_t at = ADD(c, states);
    struct state s = {.name = name, .type = (uint8_t)type, .role = NO_ID, .gate = NO_ID, .text = t->number,
                      .token = node_at(t, n)->token};
    struct str names[ARITY_MAX];
    uint16_t types[ARITY_MAX];

    declare_params(c, t, params, names, types, &s.nparams);
    s.relation = relation_new(c, REL_STATE, at, s.nparams);
    for (uint8_t i = 0; i < s.nparams; i++) {
        s.param[i].name = names[i];
        s.param[i].type = types[i];
        c->p->relations[s.relation].arg_type[i] = types[i];
    }
    c->p->states[at] = s;
    declare(c, SP_STATE, name, at, t, s.token, "the state");
    return at;
}

static void
declare_state(struct compiler *c, const struct syntax *t, node_id n)
{
    node_id label = tree_child(t, n, 1);
    enum state_type type = tree_child(t, n, 2) != 0 ? ST_WHILE : ST_EVENTS;
    uint32_t at = declare_state_named(c, t, n, tree_child(t, n, 0), word(t, n), type);

    c->p->states[at].label = label == 0 ? word(t, n) : word(t, label);
}

/* lives ---------------------------------------------------------------------------------------- */

static void
add_stage(struct compiler *c, struct life *l, uint32_t at, struct str name, const struct syntax *t, node_id n)
{
    uint32_t v;

    for (uint32_t i = 0; i < l->stages.n; i++)
        if (str_eq(c->p->values[l->stages.at + i], name))
            return;
    if (l->stages.n == 64) {
        BAD0(c, t, n, "more than 64 stages in one life: let a thing of its own live a part of it");
        return;
    }
    v = ADD(c, values);
    if (c->full)
        return;
    c->p->values[v] = name;
    l->stages.n++;
    declare(c, SP_STAGE, name, at, t, node_at(t, n)->token, "the stage");
}

static void
declare_life(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = ADD(c, lives);
    struct life l = {.thing = type_named(c, t, n), .stages = {c->p->nvalues, 0}, .text = t->number,
                     .token = node_at(t, n)->token};

    add_stage(c, &l, at, STR("new"), t, n);
    for (node_id r = t->node[n].first; r != 0; r = t->node[r].next) {
        node_id from = tree_child(t, r, 0);

        if ((node_at(t, from)->flags & F_ANY) == 0)
            add_stage(c, &l, at, word(t, from), t, from);
        add_stage(c, &l, at, word(t, tree_child(t, r, 1)), t, tree_child(t, r, 1));
    }
    l.relation = relation_new(c, REL_LIFE, at, 1);
    c->p->relations[l.relation].arg_type[0] = l.thing;
    c->p->lives[at] = l;
    if (c->p->types[l.thing].base != TY_THING)
        BAD1(c, t, n, "only a thing has a life, and '%' is none", word(t, n));
    else if (c->p->types[l.thing].life != NO_ID)
        BAD2(c, t, n, "the life of a % is told twice; it stands in % already: join the two", word(t, n),
             place_of(c, c->p->lives[c->p->types[l.thing].life].text, c->p->lives[c->p->types[l.thing].life].token));
    else
        c->p->types[l.thing].life = at;
}

static void
declare_gate(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = ADD(c, gates);
    struct gate g = {.name = word(t, n), .go = NO_ID, .life = NO_ID, .text = t->number, .token = node_at(t, n)->token};
    node_id as = tree_child(t, n, 2);
    struct str names[ARITY_MAX];
    uint16_t types[ARITY_MAX];

    declare_params(c, t, tree_child(t, n, 0), names, types, &g.nparams);
    g.relation = relation_new(c, REL_GATE, at, g.nparams);
    for (uint8_t i = 0; i < g.nparams; i++) {
        g.param[i].name = names[i];
        g.param[i].type = types[i];
        c->p->relations[g.relation].arg_type[i] = types[i];
    }
    if (as != 0) {
        g.go = declare_state_named(c, t, as, tree_child(t, n, 0), word(t, as), ST_GO);
        c->p->states[g.go].gate = at;
        c->p->states[g.go].label = g.name;
    }
    c->p->gates[at] = g;
    declare(c, SP_GATE, g.name, at, t, g.token, "the gate");
}

/* A value for which a table without `else` has no row. */
static void
check_rows(struct compiler *c, const struct syntax *t, node_id n, const struct table *table)
{
    for (uint32_t v = 0; v < c->p->types[table->by].count; v++) {
        bool has = false;

        for (uint32_t i = 0; i < table->rows.n; i++)
            has = has || c->p->rows[table->rows.at + i].key == v;
        if (has)
            continue;
        BAD2(c, t, n, "the table '%' says nothing for '%': add a row for it, or an 'else'", table->name,
             c->p->values[c->p->types[table->by].values + v]);
        return;
    }
}

static void
declare_table(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = ADD(c, tables);
    struct table table = {.name = word(t, n), .by = type_named(c, t, tree_child(t, n, 0)), .rows = {c->p->nrows, 0}};

    if (c->p->types[table.by].base != TY_CHOICE)
        BAD1(c, t, n, "a table is read by a choice, and '%' is none", type_name(c, table.by));
    for (node_id r = t->node[tree_child(t, n, 1)].first; r != 0 && !c->full; r = t->node[r].next) {
        struct scope s;
        ex_id e;
        int64_t key = 0, num = 0;

        scope_init(&s, c, t);
        e = value(&s, tree_child(t, r, 0), TY_UNKNOWN);
        if (e == 0 || !const_value(c->p, e, &num))
            continue;
        if (table.type != TY_UNKNOWN && table.type != c->p->exs[e].type) {
            BAD2(c, t, r, "one row of the table '%' is a %, and this is none: write all rows in one kind of unit", table.name, type_name(c, table.type));
            continue;
        }
        table.type = c->p->exs[e].type;
        if ((node_at(t, r)->flags & F_ELSE) != 0) {
            if (table.has_else)
                BAD1(c, t, r, "the table '%' says 'else' twice: strike one", table.name);
            table.has_else = true;
            table.otherwise = num;
        } else if (!program_value_of(c->p, table.by, word(t, r), &key)) {
            bad(c, t, r, "'%' is no value of the choice '%'%", word(t, r), type_name(c, table.by), value_meant(c, table.by, word(t, r)));
        } else {
            uint32_t row = ADD(c, rows);

            for (uint32_t i = table.rows.at; i < row; i++)
                if (c->p->rows[i].key == key)
                    BAD2(c, t, r, "the table '%' says twice what '%' is: strike one", table.name, word(t, r));

            c->p->rows[row] = (struct row){key, num};
            table.rows.n++;
        }
    }
    if (!table.has_else && !c->full)
        check_rows(c, t, n, &table);
    c->p->tables[at] = table;
    declare(c, SP_TABLE, table.name, at, t, node_at(t, n)->token, "the table");
}

void
declare_vocabulary(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next)
        if (node_at(t, n)->kind == N_EVENT)
            declare_event(c, t, n);
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next) {
        switch ((enum node_kind)node_at(t, n)->kind) {
        case N_TABLE: declare_table(c, t, n); break;
        case N_FACT: declare_fact(c, t, n); break;
        case N_STATE: declare_state(c, t, n); break;
        case N_LIFE: declare_life(c, t, n); break;
        case N_GATE: declare_gate(c, t, n); break;
        case N_LISTING: declare(c, SP_LIST, word(t, n), n, t, node_at(t, n)->token, "the list"); break;
        default: break;
        }
    }
}
