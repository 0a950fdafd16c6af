/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c -- joins. An atom is a state, a stage, a set fact or a past event that must be so for a
 * condition to be true; looked up by the names that are known, it binds the others. A plan looks up
 * one atom after another until all wanted names are bound: greedily, the atom that binds most
 * first, then the one with most arguments known. */
#include "accord/compile.h"

enum { ATOMS_MAX = 32 };

struct atoms {
    ex_id ex[ATOMS_MAX];
    uint32_t n;
    bool full; /* there were more */
};

uint32_t
relation_of(const struct program *p, const struct ex *e)
{
    switch ((enum op)e->op) {
    case X_STATE:
    case X_HELD: return p->states[e->a].relation;
    case X_FACT: return p->facts[e->a].relation;
    case X_SET: return relation_of(p, &p->exs[e->a]);
    case X_STAGE: return p->lives[e->a].relation;
    case X_PAST:
    case X_AT_LEAST_PAST:
    case X_AT_MOST_PAST:
    case X_COUNT_PAST:
    case X_SUM_PAST:
    case X_MIN_PAST:
    case X_MAX_PAST: return p->sites[e->a].relation;
    default: return NO_ID;
    }
}

/* The expression whose args are the atom's. */
static const struct ex *
holder(const struct program *p, const struct ex *e)
{
    return e->op == X_SET ? &p->exs[e->a] : e;
}

static uint32_t quant_slots(const struct program *p, uint32_t q);

static uint32_t
kid_slots(const struct program *p, const struct ex *e)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < e->nargs; i++)
        bits |= ex_slots(p, p->kids[e->args + i]);
    return bits;
}

uint32_t
ex_slots(const struct program *p, ex_id id)
{
    const struct ex *e = &p->exs[id];

    if (id == 0)
        return 0;
    switch ((enum op)e->op) {
    case X_SLOT:
    case X_SEVERITY: return 1u << e->a;
    case X_CONST:
    case X_NOW:
    case X_TRUE: return 0;
    case X_FACT:
    case X_TABLE:
    case X_STATE:
    case X_STAGE:
    case X_AND:
    case X_OR: return kid_slots(p, e);
    case X_HELD: return kid_slots(p, e) | ex_slots(p, e->b);
    case X_PAST:
    case X_COUNT_PAST:
    case X_SUM_PAST:
    case X_MIN_PAST:
    case X_MAX_PAST: return kid_slots(p, e) | ex_slots(p, e->b) | ex_slots(p, e->c);
    case X_AT_LEAST_PAST:
    case X_AT_MOST_PAST: return kid_slots(p, e) | ex_slots(p, e->b) | ex_slots(p, e->c) | ex_slots(p, e->d);
    case X_COUNT:
    case X_SOME:
    case X_NO:
    case X_EVERY: return quant_slots(p, e->a);
    case X_AT_LEAST:
    case X_AT_MOST: return quant_slots(p, e->a) | ex_slots(p, e->b);
    case X_ONE_OF: return kid_slots(p, e) | ex_slots(p, e->a);
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
    case X_SET:
    case X_WITHIN_OF:
    case X_SAME_TIME: return ex_slots(p, e->a) | ex_slots(p, e->b) | ex_slots(p, e->c);
    case X_OPS: break;
    }
    return 0;
}

static uint32_t
quant_slots(const struct program *p, uint32_t q)
{
    uint32_t bits = ex_slots(p, p->quants[q].cond) | ex_slots(p, p->quants[q].body);

    for (uint8_t i = 0; i < p->quants[q].nslots; i++)
        bits &= ~(1u << p->quants[q].slot[i]);
    return bits;
}

/* atoms ---------------------------------------------------------------------------------------- */

static bool
at_least_one(const struct program *p, ex_id number)
{
    int64_t k;

    return !const_value(p, number, &k) ? p->exs[number].op == X_ADD : k >= 1;
}

static void
gather(const struct program *p, ex_id id, struct atoms *list)
{
    const struct ex *e = &p->exs[id];

    switch ((enum op)e->op) {
    case X_AND:
        for (uint32_t i = 0; i < e->nargs; i++)
            gather(p, p->kids[e->args + i], list);
        return;
    case X_SOME:
        gather(p, p->quants[e->a].cond, list);
        return;
    case X_AT_LEAST:
        if (at_least_one(p, e->b))
            gather(p, p->quants[e->a].cond, list);
        return;
    case X_AT_LEAST_PAST:
        if (!at_least_one(p, e->d))
            return;
        break;
    case X_SET:
        if (p->exs[e->a].op != X_FACT)
            return;
        break;
    case X_STATE:
    case X_HELD:
    case X_STAGE:
    case X_PAST:
        break;
    default:
        return;
    }
    if (list->n < ATOMS_MAX)
        list->ex[list->n++] = id;
    else
        list->full = true;
}

static void
gather_all(struct compiler *c, ex_id cond, struct atoms *list)
{
    const struct ex *e = &c->p->exs[cond];

    gather(c->p, cond, list);
    if (list->full)
        bad_token(c, &c->p->trees[e->text], e->token,
                  "more than 32 states and events are asked for in one condition: name some of them together as a state", STR(""), STR(""), STR(""));
}

static bool
plain_slot(const struct program *p, ex_id e, uint32_t *ret_bit)
{
    if (e == 0 || p->exs[e].op != X_SLOT)
        return false;
    *ret_bit = 1u << p->exs[e].a;
    return true;
}

/* What an atom would bind when `known` are known; false when an argument cannot be worked out yet. */
static bool
would_bind(const struct program *p, ex_id atom, uint32_t known, uint32_t *ret_bits, uint8_t *ret_mask)
{
    const struct ex *h = holder(p, &p->exs[atom]);
    uint32_t bit = 0;

    *ret_bits = 0;
    *ret_mask = 0;
    for (uint32_t i = 0; i < h->nargs; i++) {
        ex_id arg = p->kids[h->args + i];

        if (arg == 0)
            continue;
        if (plain_slot(p, arg, &bit) && (bit & known) == 0) {
            *ret_bits |= bit;
            continue;
        }
        if ((ex_slots(p, arg) & ~known) != 0)
            return false;
        *ret_mask |= (uint8_t)(1u << i);
    }
    return true;
}

static unsigned
bits_in(uint32_t x)
{
    unsigned n = 0;

    for (; x != 0; x &= x - 1)
        n++;
    return n;
}

/* The engine keeps an index for each way in which something is looked up. */
static void
too_many_ways(struct compiler *c, const struct relation *r)
{
    static const char what[] = "the rules ask for '%' in more than six ways, by other arguments known each time: make two of it";
    const struct program *p = c->p;

    switch ((enum relation_type)r->type) {
    case REL_STATE:
    case REL_SENTENCE:
    case REL_PLAN:
        if (r->type == REL_STATE)
            bad_token(c, &p->trees[p->states[r->ref].text], p->states[r->ref].token, what, p->states[r->ref].name, STR(""), STR(""));
        else
            c->full = true;
        return;
    case REL_FACT:
        bad_token(c, &p->trees[p->facts[r->ref].text], p->facts[r->ref].token, what, p->facts[r->ref].name, STR(""), STR(""));
        return;
    case REL_SITE:
    case REL_COVER: {
        const struct kind *k = &p->kinds[r->type == REL_SITE ? p->sites[r->ref].kind : r->ref];

        bad_token(c, &p->trees[k->text], k->token, what, k->name, STR(""), STR(""));
        return;
    }
    case REL_LIFE:
    case REL_GATE:
        c->full = true; /* of one argument, or never looked up */
        return;
    }
}

uint8_t
index_of(struct compiler *c, uint32_t relation, uint8_t mask)
{
    struct relation *r = &c->p->relations[relation];

    if (mask == (uint8_t)((1u << r->arity) - 1) && r->type != REL_LIFE)
        return UINT8_MAX;
    for (uint8_t i = 0; i < r->nindex; i++)
        if (r->index[i] == mask)
            return i;
    if (r->nindex == INDEX_MAX) {
        too_many_ways(c, r);
        return 0;
    }
    r->index[r->nindex] = mask;
    return r->nindex++;
}

/* The best of the atoms that are left, or -1. */
static int
best_atom(const struct program *p, const struct atoms *list, uint32_t used, uint32_t known, uint32_t wanted)
{
    unsigned best_score = 0;
    int best = -1;

    for (uint32_t i = 0; i < list->n; i++) {
        uint32_t bits = 0;
        uint8_t mask = 0;
        unsigned score;

        if ((used & (1u << i)) != 0 || !would_bind(p, list->ex[i], known, &bits, &mask) || (bits & wanted) == 0)
            continue;
        score = 8 * bits_in(bits & wanted) + bits_in(mask);
        if (score > best_score) {
            best_score = score;
            best = (int)i;
        }
    }
    return best;
}

static bool
plan_atoms(struct compiler *c, const struct atoms *list, uint32_t known, uint32_t wanted, struct plan *ret,
           uint32_t *ret_used)
{
    struct step steps[ATOMS_MAX];
    uint32_t n = 0, used = 0;

    while ((wanted & ~known) != 0) {
        int i = best_atom(c->p, list, used, known, wanted & ~known);
        uint32_t bits = 0, relation;
        uint8_t mask = 0;

        if (i < 0)
            return false;
        (void)would_bind(c->p, list->ex[i], known, &bits, &mask);
        relation = relation_of(c->p, &c->p->exs[list->ex[i]]);
        steps[n++] = (struct step){list->ex[i], mask, index_of(c, relation, mask)};
        used |= 1u << i;
        known |= bits;
    }
    *ret = (struct plan){c->p->nsteps, n};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = ADD(c, steps);

        c->p->steps[at] = steps[i];
    }
    *ret_used = used;
    return true;
}

bool
plan_join(struct compiler *c, ex_id cond, uint32_t known, uint32_t wanted, struct plan *ret)
{
    struct atoms list = {.n = 0};
    uint32_t used;

    if (c->full)
        return true;
    gather_all(c, cond, &list);
    return plan_atoms(c, &list, known, wanted, ret, &used);
}

/* sparks --------------------------------------------------------------------------------------- */

static void
spark_from(struct compiler *c, const struct atoms *chosen, uint32_t which, uint32_t wanted, uint32_t target)
{
    struct atoms rest = {.n = 0};
    struct spark spark = {.ex = chosen->ex[which], .target = target, .stage = NO_ID};
    const struct ex *e = &c->p->exs[spark.ex];
    uint32_t bits = 0, used = 0, at;
    const struct ex *h = holder(c->p, e);

    spark.relation = relation_of(c->p, e);
    if (e->op == X_STAGE)
        spark.stage = e->b;
    for (uint32_t i = 0; i < h->nargs; i++) {
        uint32_t bit = 0;

        if (plain_slot(c->p, c->p->kids[h->args + i], &bit))
            bits |= bit;
    }
    for (uint32_t i = 0; i < chosen->n; i++)
        if (i != which)
            rest.ex[rest.n++] = chosen->ex[i];
    if (!plan_atoms(c, &rest, bits, wanted & ~bits, &spark.rest, &used))
        return; /* another of the chosen sparks it */
    at = ADD(c, sparks);
    c->p->sparks[at] = spark;
}

static uint32_t
covered_by(const struct program *p, const struct atoms *list)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < list->n; i++) {
        const struct ex *h = holder(p, &p->exs[list->ex[i]]);

        for (uint32_t k = 0; k < h->nargs; k++) {
            uint32_t bit = 0;

            if (plain_slot(p, p->kids[h->args + k], &bit))
                bits |= bit;
        }
    }
    return bits;
}

/* Every branch of an `or` must bind the wanted names for itself. */
static uint32_t
sparks_of_branches(struct compiler *c, ex_id cond, uint32_t wanted, uint32_t target)
{
    const struct ex e = c->p->exs[cond];
    uint32_t missing = 0;

    for (uint32_t i = 0; i < e.nargs; i++)
        missing |= plan_sparks(c, c->p->kids[e.args + i], wanted, target);
    return missing;
}

uint32_t
plan_sparks(struct compiler *c, ex_id cond, uint32_t wanted, uint32_t target)
{
    struct atoms list = {.n = 0}, chosen = {.n = 0};
    const struct ex e = c->p->exs[cond];
    struct plan unused;
    uint32_t used = 0, nsteps = c->p->nsteps;

    if (c->full)
        return 0;
    if (e.op == X_OR)
        return sparks_of_branches(c, cond, wanted, target);
    gather_all(c, cond, &list);
    if (plan_atoms(c, &list, 0, wanted, &unused, &used)) {
        c->p->nsteps = nsteps; /* only which atoms was wanted */
        for (uint32_t i = 0; i < list.n; i++)
            if ((used & (1u << i)) != 0)
                chosen.ex[chosen.n++] = list.ex[i];
        for (uint32_t i = 0; i < chosen.n; i++)
            spark_from(c, &chosen, i, wanted, target);
        return 0;
    }
    c->p->nsteps = nsteps;
    for (uint32_t i = 0; e.op == X_AND && i < e.nargs; i++) {
        ex_id kid = c->p->kids[e.args + i];
        uint32_t nsparks = c->p->nsparks;

        if (c->p->exs[kid].op != X_OR)
            continue;
        if (sparks_of_branches(c, kid, wanted, target) == 0)
            return 0;
        c->p->nsparks = nsparks;
    }
    return wanted & ~covered_by(c->p, &list) ? wanted & ~covered_by(c->p, &list) : wanted;
}
