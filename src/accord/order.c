/* SPDX-License-Identifier: Apache-2.0 */
/* order.c -- what reads what: ranks (a definition stands above all that it reads, so that one pass
 * from the lowest up settles everything), who listens to which event and which change, and whose
 * silence makes a state unknown. */
#include "accord/compile.h"

enum { RANK_DEPTH_MAX = 500 };

struct ranking {
    struct compiler *c;
    uint32_t depth;
    uint8_t *colour; /* by relation: 0 new, 1 being looked at, 2 done */
};

static uint32_t rank_of(struct ranking *r, uint32_t relation);

static void
at_least(uint32_t *rank, uint32_t other)
{
    if (other + 1 > *rank)
        *rank = other + 1;
}

static void
rank_ex(struct ranking *r, ex_id id, uint32_t *rank)
{
    const struct program *p = r->c->p;
    const struct ex e = p->exs[id];
    uint32_t relation;

    if (id == 0)
        return;
    relation = e.op == X_SET ? NO_ID : relation_of(p, &e);
    if (relation != NO_ID)
        at_least(rank, rank_of(r, relation));
    for (uint32_t i = 0; i < e.nargs; i++)
        rank_ex(r, p->kids[e.args + i], rank);
    switch ((enum op)e.op) {
    case X_SOME:
    case X_NO:
    case X_EVERY:
    case X_COUNT:
    case X_AT_LEAST:
    case X_AT_MOST:
        rank_ex(r, p->quants[e.a].cond, rank);
        rank_ex(r, p->quants[e.a].body, rank);
        rank_ex(r, e.b, rank);
        return;
    case X_HELD:
        rank_ex(r, e.b, rank);
        return;
    case X_PAST:
    case X_AT_LEAST_PAST:
    case X_AT_MOST_PAST:
    case X_COUNT_PAST:
    case X_SUM_PAST:
    case X_MIN_PAST:
    case X_MAX_PAST:
        rank_ex(r, e.b, rank);
        rank_ex(r, e.c, rank);
        rank_ex(r, e.d, rank);
        return;
    case X_CONST:
    case X_SLOT:
    case X_NOW:
    case X_TRUE:
    case X_FACT:
    case X_TABLE:
    case X_STATE:
    case X_STAGE:
    case X_SEVERITY:
    case X_OPS:
        return;
    case X_ADD:
    case X_SUB:
    case X_PER_FULL:
    case X_PER_STARTED:
    case X_IF:
    case X_AND:
    case X_OR:
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
    case X_SAME_TIME:
        rank_ex(r, e.a, rank);
        rank_ex(r, e.b, rank);
        rank_ex(r, e.c, rank);
        return;
    }
}

static void
rank_moment(struct ranking *r, const struct moment *m, uint32_t *rank)
{
    const struct program *p = r->c->p;

    rank_ex(r, m->where, rank);
    rank_ex(r, m->time, rank);
    if (m->type == M_BEGINS || m->type == M_ENDS)
        at_least(rank, rank_of(r, p->states[m->ref].relation));
    if (m->type == M_CHANGES)
        at_least(rank, rank_of(r, p->facts[m->ref].relation));
    if (m->type == M_CLAUSE)
        bad_token(r->c, &p->trees[m->text], m->token,
                  "not yet: a state or a life that moves by a clause is part of the language and not built", STR(""), STR(""), STR(""));
}

static void
rank_moments(struct ranking *r, struct span span, uint32_t *rank)
{
    for (uint32_t i = 0; i < span.n; i++) {
        struct moment m = r->c->p->moments[span.at + i];

        rank_moment(r, &m, rank);
    }
}

static void
rank_state(struct ranking *r, const struct state *s, uint32_t *rank)
{
    rank_moments(r, s->from, rank);
    rank_moments(r, s->until, rank);
    rank_ex(r, s->cond, rank);
    rank_ex(r, s->start, rank);
    rank_ex(r, s->end, rank);
    for (uint32_t i = 0; i < s->covers.n; i++)
        at_least(rank, rank_of(r, r->c->p->kinds[r->c->p->covereds[s->covers.at + i].kind].cover));
    if (s->type == ST_GO)
        at_least(rank, rank_of(r, r->c->p->gates[s->gate].relation));
}

static void
rank_cover(struct ranking *r, const struct kind *k, uint32_t *rank)
{
    rank_ex(r, k->with, rank);
    for (uint32_t i = 0; i < k->from.n; i++)
        at_least(rank, rank_of(r, r->c->p->states[r->c->p->roles[r->c->p->ids[k->from.at + i]].state].relation));
}

static void
rank_gate(struct ranking *r, const struct gate *g, uint32_t *rank)
{
    for (uint32_t i = 0; i < g->limbs.n; i++)
        rank_ex(r, r->c->p->limbs[g->limbs.at + i].cond, rank);
    if (g->life != NO_ID)
        at_least(rank, rank_of(r, r->c->p->lives[g->life].relation));
}

static void
circle(struct ranking *r, uint32_t relation, const char *what)
{
    const struct program *p = r->c->p;
    const struct relation *rel = &p->relations[relation];
    uint32_t text = 0, token = 0;
    struct str name = STR("this");

    if (rel->type == REL_STATE) {
        text = p->states[rel->ref].text;
        token = p->states[rel->ref].token;
        name = p->states[rel->ref].name;
    } else if (rel->type == REL_LIFE) {
        text = p->lives[rel->ref].text;
        token = p->lives[rel->ref].token;
        name = STR("this life");
    } else if (rel->type == REL_GATE) {
        text = p->gates[rel->ref].text;
        token = p->gates[rel->ref].token;
        name = p->gates[rel->ref].name;
    }
    bad_token(r->c, &p->trees[text], token, what, name, STR(""), STR(""));
}

static uint32_t
rank_of(struct ranking *r, uint32_t relation)
{
    const struct program *p = r->c->p;
    struct relation rel = p->relations[relation];
    uint32_t rank = 0;

    if (r->colour[relation] == 2)
        return rel.rank;
    if (r->colour[relation] == 1 || r->depth == RANK_DEPTH_MAX) {
        circle(r, relation, r->colour[relation] == 1 ? "'%' is made from itself, round in a circle: break the circle with an event"
                                                     : "'%' is made from others, one from the next, more than 500 deep");
        return 0;
    }
    r->depth++;
    r->colour[relation] = 1;
    switch ((enum relation_type)rel.type) {
    case REL_STATE: rank_state(r, &p->states[rel.ref], &rank); break;
    case REL_LIFE:
        for (uint32_t i = 0; i < p->lives[rel.ref].rules.n; i++) {
            struct moment m = p->moments[p->life_rules[p->lives[rel.ref].rules.at + i].moment];

            rank_moment(r, &m, &rank);
        }
        break;
    case REL_COVER: rank_cover(r, &p->kinds[rel.ref], &rank); break;
    case REL_GATE: rank_gate(r, &p->gates[rel.ref], &rank); break;
    case REL_FACT: rank_moments(r, p->facts[rel.ref].from, &rank); break;
    case REL_SITE:
    case REL_SENTENCE:
    case REL_PLAN: break;
    }
    r->depth--;
    r->colour[relation] = 2;
    r->c->p->relations[relation].rank = rank;
    return rank;
}

static void
ranks(struct compiler *c)
{
    struct ranking r = {.c = c, .colour = NEW(c->arena, c->p->nrelations + 1, uint8_t)};
    uint32_t top = 0;

    if (r.colour == NULL) {
        c->full = true;
        return;
    }
    for (uint32_t i = 0; i < c->p->nrelations; i++) {
        uint32_t rank = c->p->relations[i].type == REL_SENTENCE ? 0 : rank_of(&r, i);

        if (rank > top)
            top = rank;
    }
    for (uint32_t i = 0; i < c->p->nstates; i++)
        c->p->states[i].rank = c->p->relations[c->p->states[i].relation].rank;
    for (uint32_t i = 0; i < c->p->nlives; i++)
        c->p->lives[i].rank = c->p->relations[c->p->lives[i].relation].rank;
    for (uint32_t i = 0; i < c->p->ngates; i++)
        c->p->gates[i].rank = c->p->relations[c->p->gates[i].relation].rank;
    for (uint32_t i = 0; i < c->p->nsentences; i++) { /* clauses last, in the order of the texts */
        struct sentence *s = &c->p->sentences[i];

        s->rank = top + 1 + i;
        if (s->relation != NO_ID)
            c->p->relations[s->relation].rank = s->rank;
    }
    c->p->clause_rank = top + 1;
    c->p->ranks = top + c->p->nsentences + 2;
}

/* coverage ------------------------------------------------------------------------------------- */

static uint8_t
state_arg_of_field(const struct program *p, const struct moment *m, uint8_t nparams, uint8_t field)
{
    for (uint32_t i = 0; i < m->pattern.nargs; i++) {
        const struct arg *a = &p->args[m->pattern.args + i];

        if (a->param == field && a->mode == ARG_BIND && a->slot < nparams)
            return (uint8_t)a->slot;
    }
    return UINT8_MAX;
}

static void
cover_state(struct compiler *c, uint32_t at)
{
    struct state s = c->p->states[at];
    struct span lists[2] = {s.from, s.until};

    s.covers = (struct span){c->p->ncovereds, 0};
    for (int l = 0; l < 2; l++) {
        for (uint32_t i = 0; i < lists[l].n; i++) {
            const struct moment m = c->p->moments[lists[l].at + i];
            struct covered cover = {.kind = m.pattern.kind};
            const struct kind *k = &c->p->kinds[m.pattern.kind];
            uint32_t place;
            bool known = false;

            if (m.type != M_EVENT || k->heartbeat == 0)
                continue;
            cover.nargs = k->ncover;
            for (uint8_t f = 0; f < k->ncover; f++)
                cover.arg[f] = state_arg_of_field(c->p, &m, s.nparams, k->cover_field[f]);
            for (uint32_t o = 0; o < s.covers.n; o++)
                known = known || memcmp(&c->p->covereds[s.covers.at + o], &cover, sizeof cover) == 0;
            if (known)
                continue;
            place = ADD(c, covereds);
            if (c->full)
                return;
            c->p->covereds[place] = cover;
            s.covers.n++;
        }
    }
    c->p->states[at].covers = s.covers;
}

/* listeners ------------------------------------------------------------------------------------ */

struct heard { /* one listener before it is put beside the others of its kind or relation */
    uint32_t key;
    struct listener listener;
};

struct hearing {
    struct compiler *c;
    struct heard *item;
    uint32_t n, cap;
};

static void
hear(struct hearing *h, uint32_t key, enum listener_type what, uint32_t ref, uint32_t moment)
{
    uint32_t at = table_add(h->c, (void **)&h->item, &h->n, &h->cap, sizeof *h->item);

    if (!h->c->full)
        h->item[at] = (struct heard){key, {(uint8_t)what, ref, moment}};
}

/* Puts the listeners of each key together, in the order they were heard; `span` is by key. */
static void
settle(struct hearing *h, struct span *span, uint32_t keys)
{
    uint32_t *next = NEW(h->c->arena, keys + 1, uint32_t);
    uint32_t base = h->c->p->nlisteners;

    if (next == NULL) {
        h->c->full = true;
        return;
    }
    for (uint32_t i = 0; i < h->n; i++) {
        span[h->item[i].key].n++;
        (void)ADD(h->c, listeners);
    }
    if (h->c->full)
        return;
    for (uint32_t k = 0, at = base; k < keys; at += span[k].n, k++)
        span[k].at = next[k] = at;
    for (uint32_t i = 0; i < h->n; i++)
        h->c->p->listeners[next[h->item[i].key]++] = h->item[i].listener;
}

static void
hear_moments(struct hearing *h, struct span span, enum listener_type what, uint32_t ref)
{
    for (uint32_t i = 0; i < span.n; i++)
        if (h->c->p->moments[span.at + i].type == M_EVENT)
            hear(h, h->c->p->moments[span.at + i].pattern.kind, what, ref, span.at + i);
}

static void
hear_answers(struct hearing *h, const struct answer *a, uint32_t sentence)
{
    for (uint32_t i = 0; i < a->patterns.n; i++)
        hear(h, h->c->p->patterns[a->patterns.at + i].kind, L_ANSWER, sentence, a->patterns.at + i);
}

static void
listen_events(struct compiler *c)
{
    struct hearing h = {.c = c};
    const struct program *p = c->p;
    struct span *span = NEW(c->arena, p->nkinds + 1, struct span);

    if (span == NULL) {
        c->full = true;
        return;
    }
    for (uint32_t i = 0; i < p->nsentences; i++)
        if (p->sentences[i].in_force && p->sentences[i].opener == O_EACH && p->moments[p->sentences[i].moment].type == M_EVENT)
            hear(&h, p->moments[p->sentences[i].moment].pattern.kind, L_SENTENCE, i, p->sentences[i].moment);
    for (uint32_t i = 0; i < p->nfacts; i++)
        hear_moments(&h, p->facts[i].from, L_FACT, i);
    for (uint32_t i = 0; i < p->nsites; i++)
        hear(&h, p->sites[i].kind, L_SITE, i, 0);
    for (uint32_t i = 0; i < p->nlives; i++)
        for (uint32_t r = 0; r < p->lives[i].rules.n; r++) {
            uint32_t rule = p->lives[i].rules.at + r;

            if (p->moments[p->life_rules[rule].moment].type == M_EVENT)
                hear(&h, p->moments[p->life_rules[rule].moment].pattern.kind, L_LIFE, i, rule);
        }
    for (uint32_t i = 0; i < p->nstates; i++) {
        hear_moments(&h, p->states[i].from, L_STATE_FROM, i); /* first: what begins and ends at once has both edges */
        hear_moments(&h, p->states[i].until, L_STATE_UNTIL, i);
    }
    for (uint32_t i = 0; i < p->ngates; i++) {
        hear(&h, p->gates[i].command.kind, L_GATE_COMMAND, i, 0);
        if (p->gates[i].has_used)
            hear(&h, p->gates[i].used.kind, L_GATE_USED, i, 0);
        if (p->gates[i].has_override)
            hear(&h, p->gates[i].override.kind, L_GATE_OVERRIDE, i, 0);
    }
    for (uint32_t i = 0; i < p->nsentences; i++) {
        if (!p->sentences[i].in_force)
            continue;
        for (uint32_t a = 0; a < p->sentences[i].answers.n; a++)
            hear_answers(&h, &p->answers[p->sentences[i].answers.at + a], i);
        if (p->sentences[i].has_otherwise)
            hear_answers(&h, &p->sentences[i].otherwise, i);
    }
    settle(&h, span, p->nkinds);
    for (uint32_t i = 0; i < p->nkinds && !c->full; i++)
        c->p->kinds[i].listeners = span[i];
}

static uint32_t
edge_relation(const struct program *p, const struct moment *m)
{
    if (m->type == M_BEGINS || m->type == M_ENDS)
        return p->states[m->ref].relation;
    return m->type == M_CHANGES ? p->facts[m->ref].relation : NO_ID;
}

static void
hear_edges(struct hearing *h, struct span span, enum listener_type what, uint32_t ref)
{
    for (uint32_t i = 0; i < span.n; i++) {
        uint32_t relation = edge_relation(h->c->p, &h->c->p->moments[span.at + i]);

        if (relation != NO_ID)
            hear(h, relation, what, ref, span.at + i);
    }
}

static void
listen_edges(struct compiler *c)
{
    struct hearing h = {.c = c};
    struct program *p = c->p;

    p->edges_of = NEW(c->arena, p->nrelations + 1, struct span);
    if (p->edges_of == NULL) {
        c->full = true;
        return;
    }
    for (uint32_t i = 0; i < p->nlives; i++)
        for (uint32_t r = 0; r < p->lives[i].rules.n; r++) {
            uint32_t rule = p->lives[i].rules.at + r;
            uint32_t relation = edge_relation(p, &p->moments[p->life_rules[rule].moment]);

            if (relation != NO_ID)
                hear(&h, relation, L_LIFE, i, rule);
        }
    for (uint32_t i = 0; i < p->nstates; i++) {
        hear_edges(&h, p->states[i].from, L_STATE_FROM, i);
        hear_edges(&h, p->states[i].until, L_STATE_UNTIL, i);
    }
    for (uint32_t i = 0; i < p->nsentences; i++)
        if (p->sentences[i].in_force && p->sentences[i].opener == O_EACH)
            hear_edges(&h, (struct span){p->sentences[i].moment, 1}, L_SENTENCE, i);
    settle(&h, p->edges_of, p->nrelations);
}

/* Grants of each kind together. */
static void
grants_of_kinds(struct compiler *c)
{
    for (uint32_t k = 0; k < c->p->nkinds; k++) {
        struct span span = {c->p->nids, 0};

        for (uint32_t g = 0; g < c->p->ngrants; g++) {
            const struct grant *grant = &c->p->grants[g];

            if (grant->verb != VERB_OBSERVE && c->p->ids[grant->kinds.at] == k) {
                (void)add_id(c, g);
                span.n++;
            }
        }
        c->p->kinds[k].grants = span;
    }
}

/* Sparks of each relation together; those of clauses not in force go. */
static void
sparks_of_relations(struct compiler *c)
{
    struct program *p = c->p;
    struct spark *sorted = NEW(c->arena, p->nsparks + 1, struct spark);
    uint32_t n = 0;

    p->sparks_of = NEW(c->arena, p->nrelations + 1, struct span);
    if (sorted == NULL || p->sparks_of == NULL) {
        c->full = true;
        return;
    }
    for (uint32_t r = 0; r < p->nrelations; r++) {
        p->sparks_of[r].at = n;
        for (uint32_t i = 0; i < p->nsparks; i++) {
            const struct relation *target = &p->relations[p->sparks[i].target];

            if (p->sparks[i].relation != r || (target->type == REL_SENTENCE && !p->sentences[target->ref].in_force))
                continue;
            sorted[n++] = p->sparks[i];
        }
        p->sparks_of[r].n = n - p->sparks_of[r].at;
    }
    p->sparks = sorted;
    p->nsparks = n;
}

/* indexes that no join asked for --------------------------------------------------------------- */

/* A state that leaves an argument out is looked up by the others. */
static void
index_any(struct compiler *c)
{
    for (ex_id e = 1; e < c->p->nexs; e++) {
        struct ex x = c->p->exs[e];
        uint8_t mask = 0;

        if (x.op != X_STATE && x.op != X_HELD)
            continue;
        for (uint32_t i = 0; i < x.nargs; i++)
            if (c->p->kids[x.args + i] != 0)
                mask |= (uint8_t)(1u << i);
        if (mask != (1u << x.nargs) - 1)
            c->p->exs[e].d = index_of(c, c->p->states[x.a].relation, mask) + 1u;
    }
}

/* An `until` ends every instance that fits what it names. */
static void
index_until(struct compiler *c)
{
    for (uint32_t s = 0; s < c->p->nstates; s++) {
        const struct state st = c->p->states[s];

        for (uint32_t i = 0; i < st.until.n; i++) {
            struct moment *m = &c->p->moments[st.until.at + i];

            m->mask = 0;
            for (uint32_t k = 0; k < m->pattern.nargs; k++) {
                const struct arg *a = &c->p->args[m->pattern.args + k];

                if (a->mode == ARG_BIND && a->slot < st.nparams)
                    m->mask |= (uint8_t)(1u << a->slot);
            }
            m->index = index_of(c, st.relation, m->mask);
        }
    }
}

static void
sparks_of_targets(struct compiler *c)
{
    c->p->targets_of = NEW(c->arena, c->p->nrelations + 1, struct span);
    if (c->p->targets_of == NULL) {
        c->full = true;
        return;
    }
    for (uint32_t r = 0; r < c->p->nrelations; r++) {
        struct span span = {c->p->nids, 0};

        for (uint32_t i = 0; i < c->p->nsparks; i++) {
            if (c->p->sparks[i].target != r)
                continue;
            (void)add_id(c, i);
            span.n++;
        }
        c->p->targets_of[r] = span;
    }
}

static void
sentences_of_clauses(struct compiler *c)
{
    struct span span = {c->p->nids, 0};

    for (uint32_t i = 0; i < c->p->nsentences; i++) {
        const struct sentence *s = &c->p->sentences[i];

        if (!s->in_force || s->opener != O_EACH || c->p->moments[s->moment].type != M_CLAUSE)
            continue;
        (void)add_id(c, i);
        span.n++;
    }
    c->p->clause_listeners = span;
}

void
compile_order(struct compiler *c)
{
    static void (*const steps[])(struct compiler *) = {
        ranks, listen_events, listen_edges, grants_of_kinds, sparks_of_relations, sparks_of_targets, sentences_of_clauses,
        index_any, index_until,
    };

    for (uint32_t i = 0; i < c->p->nstates && !c->full; i++)
        if (c->p->states[i].type == ST_EVENTS)
            cover_state(c, i);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && !c->full; i++)
        steps[i](c);
}
