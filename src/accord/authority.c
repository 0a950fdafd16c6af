/* SPDX-License-Identifier: Apache-2.0 */
/* authority.c -- who may do what, and the negotiated bounds on it. */
#include "accord/compile.h"

static const char *const verbs[] = {"command", "coordinate", "report", "observe"};

static uint8_t
verb_of(struct str w)
{
    for (uint8_t i = 0; i < 4; i++)
        if (str_eq(w, str_of(verbs[i])))
            return i;
    return VERB_OBSERVE;
}

/* Which class of event a verb lets through. */
static bool
verb_fits(uint8_t verb, uint8_t cls)
{
    return verb == VERB_OBSERVE || verb == cls;
}

static const char *
class_word(uint8_t cls)
{
    return cls == CLASS_COMMAND ? "a command" : cls == CLASS_COORDINATION ? "coordination" : "an observation";
}

/* The kinds one scope means for a verb: an event, or every event of a family that the verb fits. */
static bool
scope_kinds(struct compiler *c, const struct syntax *t, node_id n, uint8_t verb, struct span *span)
{
    struct str w = word(t, n);
    uint32_t one = find(c, SP_EVENT, w);
    uint32_t before = span->n;

    if (node_at(t, n)->kind == N_WORD_DOT) {
        if (one == NO_ID) {
            BAD2(c, t, n, "nothing is declared as the event '%'%", w, did_you_mean(c, SP_EVENT, w));
            return false;
        }
        if (!verb_fits(verb, c->p->kinds[one].cls)) {
            bad(c, t, n, "'%' is %: it is granted by 'may %'", w, str_of(class_word(c->p->kinds[one].cls)),
                str_of(verbs[c->p->kinds[one].cls]));
            return false;
        }
        (void)add_id(c, one);
        span->n++;
        return true;
    }
    for (const struct named *m = find_first(c, SP_FAMILY, w); m != NULL; m = find_next(c, m)) {
        if (!verb_fits(verb, c->p->kinds[m->ref].cls))
            continue;
        (void)add_id(c, m->ref);
        span->n++;
    }
    if (find(c, SP_FAMILY, w) == NO_ID) {
        BAD2(c, t, n, "no event and no family of events is called '%'%", w, did_you_mean(c, SP_FAMILY, w));
        return false;
    }
    if (span->n == before) {
        const struct kind *k = &c->p->kinds[find(c, SP_FAMILY, w)];

        bad(c, t, n, "no event of the family '%' is for this verb: '%' is %", w, k->name, str_of(class_word(k->cls)));
    }
    return span->n > before;
}

static struct span
scopes(struct compiler *c, const struct syntax *t, node_id list, uint8_t verb)
{
    struct span span = {c->p->nids, 0};

    for (node_id m = list == 0 ? 0 : t->node[list].first; m != 0; m = t->node[m].next)
        (void)scope_kinds(c, t, m, verb, &span);
    if (c->full)
        span.n = 0;
    return span;
}

/* `where` reads the fields of each kind it is granted for, so it is understood once for each. */
static void
grant_of_kind(struct compiler *c, const struct syntax *t, node_id n, struct grant g, uint32_t kind)
{
    node_id until = tree_child(t, n, 3), where = tree_child(t, n, 4);
    struct scope s;
    uint32_t at;

    kind_scope(&s, c, t, kind);
    s.kind = kind;
    s.open = g.verb == VERB_OBSERVE;
    if (where != 0) {
        if (s.open)
            bind_names(&s, where);
        g.where = cond(&s, where);
    }
    if (until != 0)
        g.until = time_value(&s, until);
    at = ADD(c, grants);
    g.kinds = (struct span){c->p->nids, 1};
    (void)add_id(c, kind);
    c->p->grants[at] = g;
}

static void
compile_grant(struct compiler *c, const struct syntax *t, node_id n)
{
    struct str w = word(t, n);
    struct grant g = {.role = find(c, SP_ROLE, w), .verb = verb_of(word(t, tree_child(t, n, 0))), .text = t->number,
                      .token = node_at(t, n)->token};
    node_id coarse = tree_child(t, n, 2);
    struct span kinds;

    if (g.role == NO_ID) {
        BAD2(c, t, n, "nobody is declared as the role '%'%", w, did_you_mean(c, SP_ROLE, w));
        return;
    }
    g.coarse = quantity(c, t, coarse, TY_METRES, "how coarse it is seen");
    kinds = scopes(c, t, tree_child(t, n, 1), g.verb);
    for (uint32_t i = 0; i < kinds.n; i++) {
        uint32_t errors = c->diags->total;

        grant_of_kind(c, t, n, g, c->p->ids[kinds.at + i]);
        if (c->diags->total > errors)
            return; /* once is enough */
    }
}

/* never ---------------------------------------------------------------------------------------- */

/* Are two conditions written with the same words? */
static bool
same_words(const struct syntax *a, node_id x, const struct syntax *b, node_id y)
{
    uint32_t n;

    if (x == 0 || y == 0)
        return false;
    n = node_at(a, x)->words;
    if (n != node_at(b, y)->words)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!str_eq(tree_word(a, node_at(a, x)->token + i), tree_word(b, node_at(b, y)->token + i)))
            return false;
    return true;
}

static bool
holds_kind(const struct program *p, struct span kinds, uint32_t kind)
{
    for (uint32_t i = 0; i < kinds.n; i++)
        if (p->ids[kinds.at + i] == kind)
            return true;
    return false;
}

enum { NEVERS_MAX = 1000 };

struct never {
    const struct syntax *t;
    node_id node;
    uint32_t role, side;
    uint8_t verb;
    bool all;
    struct span kinds, except;
    node_id where;
};

/* The bound as it is written, from `never` on, as far as its line goes. */
static struct str
bound_words(const struct never *v)
{
    const struct node *n = node_at(v->t, v->node);
    const struct token *first = &v->t->token[n->token - 1], *last = &v->t->token[n->token + n->words - 1];
    struct str s = str_cut(v->t->text->source, first->pos, last->pos + last->len - first->pos);
    const char *end = memchr(s.ptr, '\n', s.len);

    return end == NULL ? s : str_cut(s, 0, (size_t)(end - s.ptr));
}

static void
hold_against(struct compiler *c, const struct never *v, const struct syntax *t, node_id grant)
{
    uint32_t role = find(c, SP_ROLE, word(t, grant)), side = find(c, SP_SIDE, dot_left(word(t, grant)));
    struct span kinds;

    if (role == NO_ID || verb_of(word(t, tree_child(t, grant, 0))) != v->verb)
        return;
    if (v->role != NO_ID ? role != v->role : v->side == NO_ID || side != v->side)
        return;
    c->quiet = true;
    kinds = scopes(c, t, tree_child(t, grant, 1), v->verb);
    c->quiet = false;
    for (uint32_t i = 0; i < kinds.n; i++) {
        uint32_t kind = c->p->ids[kinds.at + i];
        bool excepted = holds_kind(c->p, v->except, kind) &&
                        (v->where == 0 || same_words(v->t, v->where, t, tree_child(t, grant, 4)));

        if ((!v->all && !holds_kind(c->p, v->kinds, kind)) || excepted)
            continue;
        bad(c, t, grant, "this grant lets '%' in, which '%' in % forbids: narrow the grant, or let both sides amend that line",
            c->p->kinds[kind].name, bound_words(v), place_of(c, v->t->number, node_at(v->t, v->node)->token));
        return;
    }
}

static void
check_never(struct compiler *c, const struct syntax *t, node_id n)
{
    struct never v = {.t = t, .node = n, .role = NO_ID, .side = NO_ID};
    bool dot = t->token[node_at(t, n)->token].type == TK_DOT;
    struct str w = word(t, n);

    if (++c->nevers > NEVERS_MAX) {
        if (c->nevers == NEVERS_MAX + 1)
            BAD0(c, t, n, "more than 1000 lines of 'never': join some of them");
        return;
    }
    v.verb = verb_of(word(t, tree_child(t, n, 0)));
    if (dot)
        v.role = find(c, SP_ROLE, w);
    else
        v.side = find(c, SP_SIDE, w);
    if (dot ? v.role == NO_ID : v.side == NO_ID && c->agreement != NULL) {
        BAD2(c, t, n, "'%' is neither a side nor a role%", w, did_you_mean(c, dot ? SP_ROLE : SP_SIDE, w));
        return;
    }
    v.all = tree_child(t, n, 1) == 0;
    v.kinds = scopes(c, t, tree_child(t, n, 1), v.verb);
    v.except = scopes(c, t, tree_child(t, n, 2), v.verb);
    v.where = tree_child(t, n, 3);
    for (uint32_t i = 0; i < c->p->ntexts; i++) {
        const struct syntax *o = &c->p->trees[i];

        for (node_id d = o->node[o->decls].first; d != 0; d = o->node[d].next) {
            if (node_at(o, d)->kind != N_AUTHORITY)
                continue;
            for (node_id g = o->node[d].first; g != 0; g = o->node[g].next)
                if (node_at(o, g)->kind == N_GRANT)
                    hold_against(c, &v, o, g);
        }
    }
}

void
compile_authority(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0; n = t->node[n].next) {
        if (node_at(t, n)->kind != N_AUTHORITY)
            continue;
        for (node_id m = t->node[n].first; m != 0 && !c->full; m = t->node[m].next) {
            if (node_at(t, m)->kind == N_GRANT)
                compile_grant(c, t, m);
            else
                check_never(c, t, m);
        }
    }
}

/* Every kind must have someone who may send it. */
void
check_senders(struct compiler *c)
{
    for (uint32_t k = KIND_BUILTINS; k < c->p->nkinds; k++) {
        const struct kind *kind = &c->p->kinds[k];
        bool sent = kind->cls == CLASS_OBSERVATION && kind->from.n > 0;

        for (uint32_t g = 0; g < c->p->ngrants && !sent; g++)
            sent = c->p->grants[g].verb == kind->cls && holds_kind(c->p, c->p->grants[g].kinds, k);
        if (!sent)
            bad_token(c, &c->p->trees[kind->text], kind->token,
                      kind->cls == CLASS_OBSERVATION
                          ? "nobody may send '%': grant it under 'authority' by 'may %', or say its source with 'from'"
                          : "nobody may send '%': grant it under 'authority' by 'may %'",
                      kind->name, str_of(verbs[kind->cls]), STR(""));
    }
}

/* The other side's coordination must move no gate: an objection is answered, it stops nobody. ---- */

/* Roles of no side of their own (an escort, a post) act for the host, the side named first. */
static uint32_t
acts_for(const struct program *p, uint32_t role)
{
    return p->roles[role].side == NO_ID ? 0 : p->roles[role].side;
}

static uint32_t
sides_granted(const struct program *p, uint32_t kind, uint8_t verb)
{
    uint32_t bits = 0;

    for (uint32_t g = 0; g < p->ngrants; g++)
        if (p->grants[g].verb == verb && p->ids[p->grants[g].kinds.at] == kind)
            bits |= 1u << (acts_for(p, p->grants[g].role) & 31);
    return bits;
}

struct feeding { /* what feeds a limb */
    const struct program *p;
    uint32_t own; /* the sides that may say the gate's command */
    uint32_t kind; /* found */
};

static bool
by_others(struct feeding *f, uint32_t kind)
{
    if (f->p->kinds[kind].cls != CLASS_COORDINATION || (sides_granted(f->p, kind, VERB_COORDINATE) & f->own) != 0)
        return false;
    f->kind = kind;
    return true;
}

static bool
moved_by_others(struct feeding *f, struct span moments)
{
    for (uint32_t i = 0; i < moments.n; i++) {
        const struct moment *m = &f->p->moments[moments.at + i];

        if (m->type == M_EVENT && by_others(f, m->pattern.kind))
            return true;
    }
    return false;
}

static bool
fed_by_others(struct feeding *f, ex_id id, unsigned depth)
{
    const struct program *p = f->p;
    const struct ex *e = &p->exs[id];

    if (id == 0 || depth > 16)
        return false;
    switch ((enum op)e->op) {
    case X_STATE:
    case X_HELD:
        return p->states[e->a].type == ST_WHILE ? fed_by_others(f, p->states[e->a].cond, depth + 1)
                                                : moved_by_others(f, p->states[e->a].from);
    case X_PAST:
        return by_others(f, p->sites[e->a].kind);
    case X_SOME:
    case X_NO:
    case X_EVERY:
    case X_AT_LEAST:
    case X_AT_MOST:
    case X_COUNT:
        return fed_by_others(f, p->quants[e->a].cond, depth + 1) || fed_by_others(f, p->quants[e->a].body, depth + 1);
    case X_AND:
    case X_OR:
        for (uint32_t i = 0; i < e->nargs; i++)
            if (fed_by_others(f, p->kids[e->args + i], depth + 1))
                return true;
        return false;
    case X_NOT:
        return fed_by_others(f, e->a, depth + 1);
    default:
        return false;
    }
}

static void
check_gate(struct compiler *c, const struct gate *g)
{
    struct feeding f = {.p = c->p};

    f.own = sides_granted(c->p, g->command.kind, (uint8_t)c->p->kinds[g->command.kind].cls);
    for (uint32_t i = 0; i < g->limbs.n; i++) {
        const struct limb *l = &c->p->limbs[g->limbs.at + i];

        if (fed_by_others(&f, l->cond, 0))
            bad_token(c, &c->p->trees[l->text], l->token,
                      "the limb '%' would be moved by '%', which only another side may send: an objection is answered, it moves nobody",
                      l->name, c->p->kinds[f.kind].name, STR(""));
    }
}

void
check_gates(struct compiler *c)
{
    for (uint32_t i = 0; i < c->p->ngates && c->agreement != NULL; i++)
        check_gate(c, &c->p->gates[i]);
}
