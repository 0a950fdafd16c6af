/* SPDX-License-Identifier: Apache-2.0 */
/* query.c -- joins, quantifiers, and whose silence leaves what unknown. */
#include "engine/inner.h"

uint32_t
atom_relation(const struct program *p, const struct ex *x)
{
    switch ((enum op)x->op) {
    case X_STATE:
    case X_HELD: return p->states[x->a].relation;
    case X_SET: return p->facts[p->exs[x->a].a].relation;
    case X_STAGE: return p->lives[x->a].relation;
    default: return p->sites[x->a].relation;
    }
}

const struct ex *
atom_args(const struct program *p, const struct ex *x)
{
    return x->op == X_SET ? &p->exs[x->a] : x;
}

/* coverage ------------------------------------------------------------------------------------- */

struct covering {
    const struct kind *kind;
    bool found;
    struct support_mark start;
};

static bool
source_lives(struct ctx *c, uint32_t source, int64_t heartbeat)
{
    const struct source *s = source < c->e->s.nsources ? &c->e->s.source[source] : NULL;

    if (s == NULL)
        return false;
    if (s->last != UNSET && c->now - s->last <= heartbeat) {
        wakes(c, s->last + heartbeat);
        if (c->sup != NULL)
            support_entry(c->sup, s->entry);
        return true;
    }
    if (s->last != UNSET)
        dated(c, s->last + heartbeat);
    if (c->cell != 0)
        c->edges = edge_add(&c->e->s, c->cell, EDGE_SOURCE, source, c->edges);
    return false;
}

static bool
has_role_of(struct ctx *c, const struct kind *k, uint32_t source)
{
    for (uint32_t i = 0; i < k->from.n; i++) {
        struct support_mark m = {0, 0};

        if (c->sup != NULL)
            m = support_mark(c->sup);
        if (state_now(c, c->e->p->roles[c->e->p->ids[k->from.at + i]].state, &source) == YES)
            return true;
        if (c->sup != NULL)
            support_cut(c->sup, m); /* that it has not the one role proves nothing */
    }
    return false;
}

/* One sender that `with` names: does it answer for the instance, and live? */
static bool
cover_each(struct ctx *c, void *context)
{
    struct covering *cov = context;
    uint32_t source = (uint32_t)c->frame[cov->kind->nparams];
    struct support_mark m = {0, 0};
    int64_t wake = c->wake;

    if (c->sup != NULL)
        m = support_mark(c->sup);
    if ((cov->kind->with == 0 || eval(c, cov->kind->with) == YES) && has_role_of(c, cov->kind, source) &&
        source_lives(c, source, cov->kind->heartbeat)) {
        cov->found = true;
        if (c->sup != NULL)
            support_move(c->sup, cov->start, m);
        return false;
    }
    if (c->sup != NULL)
        support_cut(c->sup, m);
    c->wake = c->wake < wake ? c->wake : wake;
    return true;
}

/* Without `with` every holder of the role answers for everything. */
static void
cover_by_roles(struct ctx *c, struct covering *cov)
{
    struct store *s = &c->e->s;
    uint32_t unused[ARITY_MAX] = {0};

    if (c->sup != NULL)
        cov->start = support_mark(c->sup);
    for (uint32_t i = 0; i < cov->kind->from.n && !cov->found; i++) {
        const struct state *role = &c->e->p->states[c->e->p->roles[c->e->p->ids[cov->kind->from.at + i]].state];
        uint8_t index = 0;
        bucket_id b;

        while (index < c->e->p->relations[role->relation].nindex && c->e->p->relations[role->relation].index[index] != 0)
            index++;
        b = c->cell != 0 ? bucket_make(s, role->relation, index, unused) : bucket_find(s, role->relation, index, unused);
        if (c->cell != 0 && b != 0)
            c->edges = edge_add(s, c->cell, EDGE_BUCKET, b, c->edges);
        for (row_id r = bucket_next(s, b, index, 0); r != 0 && !cov->found; r = bucket_next(s, b, index, r)) {
            c->frame[cov->kind->nparams] = s->row[r].arg[0];
            (void)cover_each(c, cov);
        }
    }
}

/* The join only finds senders and needs no proof; the one that lives is proven by cover_each. */
static void
cover_by_plan(struct ctx *c, struct covering *cov)
{
    struct support_mark m = {0, 0};

    if (c->sup != NULL)
        m = support_mark(c->sup);
    cov->start = m;
    (void)plan_run(c, cov->kind->cover_plan, cover_each, cov);
    if (c->sup != NULL && !cov->found)
        support_cut(c->sup, m);
}

enum tri
cover_eval(struct ctx *c, uint32_t kind, const uint32_t *key)
{
    const struct kind *k = &c->e->p->kinds[kind];
    struct covering cov = {.kind = k};
    int64_t frame[FRAME_MAX], *was = c->frame;
    bool unsure = c->unsure;

    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
    for (uint8_t i = 0; i < k->ncover; i++)
        frame[k->cover_field[i]] = key[i];
    c->frame = frame;
    if (k->with != 0)
        cover_by_plan(c, &cov);
    else
        cover_by_roles(c, &cov);
    c->frame = was;
    c->unsure = unsure;
    return cov.found ? YES : NO;
}

/* Is the instance that `key` names watched by a live source? `known`: the key is. */
enum tri
covered(struct ctx *c, uint32_t kind, const uint32_t *key, bool known)
{
    uint32_t relation = c->e->p->kinds[kind].cover;
    struct store *s = &c->e->s;
    row_id r;

    if (c->before)
        return YES; /* silence counts where a verdict is given, not where its clock began */
    if (!known)
        return NO;
    r = row_find(s, relation, key);
    if (c->sup != NULL || (c->cell == 0 && (r == 0 || s->row[r].cell == 0)))
        return cover_eval(c, kind, key);
    if (r == 0 || s->row[r].cell == 0) {
        r = row_make(s, relation, key);
        if (r == 0)
            return NO;
        s->row[r].cell = cell_new(c->e, CELL_COVER, r);
        cover_works(c->e, s->row[r].cell);
    }
    read_row(c, r);
    dated(c, s->row[r].since);
    return (enum tri)s->row[r].value;
}

/* Can there be rows of this relation that nobody sees now? */
static bool region_sure(struct ctx *c, const struct ex *x, const uint32_t *arg, uint8_t mask, unsigned depth);

static bool
while_region_sure(struct ctx *c, const struct state *st, const uint32_t *arg, uint8_t mask, unsigned depth)
{
    const struct program *p = c->e->p;
    struct span targets = p->targets_of[st->relation];

    for (uint32_t i = 0; i < targets.n; i++) {
        const struct ex *x = &p->exs[p->sparks[p->ids[targets.at + i]].ex], *args = atom_args(p, x);
        uint32_t sub[ARITY_MAX] = {0};
        uint8_t submask = 0;

        for (uint32_t k = 0; k < args->nargs; k++) {
            const struct ex *kid = &p->exs[p->kids[args->args + k]];

            if (kid->op == X_SLOT && kid->a < st->nparams && (mask & (1u << kid->a)) != 0)
                sub[k] = arg[kid->a];
            else if (kid->op == X_CONST)
                sub[k] = (uint32_t)kid->k;
            else
                continue;
            submask |= (uint8_t)(1u << k);
        }
        if (!region_sure(c, x, sub, submask, depth + 1))
            return false;
    }
    return true;
}

static bool
state_region_sure(struct ctx *c, const struct state *st, const uint32_t *arg, uint8_t mask, unsigned depth)
{
    if (st->type == ST_WHILE)
        return while_region_sure(c, st, arg, mask, depth);
    for (uint32_t i = 0; i < st->covers.n; i++) {
        const struct covered *cov = &c->e->p->covereds[st->covers.at + i];
        uint32_t key[ARITY_MAX] = {0};
        bool known = true;

        for (uint8_t k = 0; k < cov->nargs; k++) {
            known = known && cov->arg[k] != UINT8_MAX && (mask & (1u << cov->arg[k])) != 0;
            if (known)
                key[k] = arg[cov->arg[k]];
        }
        if (covered(c, cov->kind, key, known) != YES)
            return false;
    }
    return true;
}

static bool
site_region_sure(struct ctx *c, const struct site *site, const uint32_t *arg, uint8_t mask)
{
    const struct kind *k = &c->e->p->kinds[site->kind];
    uint32_t key[ARITY_MAX] = {0};
    bool known = true;

    if (k->heartbeat == 0)
        return true;
    for (uint8_t f = 0; f < k->ncover; f++) {
        bool found = false;

        for (uint8_t i = 0; i < site->nkeys; i++) {
            if (site->key[i] != k->cover_field[f] || (mask & (1u << i)) == 0)
                continue;
            key[f] = arg[i];
            found = true;
        }
        known = known && found;
    }
    return covered(c, site->kind, key, known) == YES;
}

static bool
region_sure(struct ctx *c, const struct ex *x, const uint32_t *arg, uint8_t mask, unsigned depth)
{
    switch ((enum op)x->op) {
    case X_STATE:
    case X_HELD: return state_region_sure(c, &c->e->p->states[x->a], arg, mask, depth);
    case X_PAST:
    case X_AT_LEAST_PAST: return site_region_sure(c, &c->e->p->sites[x->a], arg, mask);
    default: return true;
    }
}

/* joins ---------------------------------------------------------------------------------------- */

bool
atom_row(struct ctx *c, const struct ex *x, row_id r)
{
    const struct ex *args = atom_args(c->e->p, x);

    for (uint32_t i = 0; i < args->nargs; i++) {
        ex_id kid = c->e->p->kids[args->args + i];
        const struct ex *k = &c->e->p->exs[kid];
        int64_t v = c->e->s.row[r].arg[i];

        if (kid == 0)
            continue;
        if (k->op == X_SLOT && c->frame[k->a] == UNSET)
            c->frame[k->a] = v;
        else if (k->op == X_SLOT ? c->frame[k->a] != v : one_value(c, kid) != v)
            return false;
    }
    return true;
}

/* "No row of this atom for these arguments, but those shown." */
void
claim_rows(struct ctx *c, const struct ex *x, const uint32_t *arg, uint8_t mask)
{
    const struct program *p = c->e->p;
    struct claim claim = {.type = CLAIM_EVENT, .moment = NO_ID, .from = since_back(c), .to = c->upto};
    const struct site *site;

    if (c->sup == NULL)
        return;
    if (x->op == X_STATE || x->op == X_HELD) {
        claim_state(c, x->a, arg, mask, since_back(c), c->upto);
        return;
    }
    if (x->op != X_PAST && x->op != X_AT_LEAST_PAST)
        return; /* facts and lives: their rows are shown by their own entries */
    site = &p->sites[x->a];
    claim.ref = site->kind;
    claim.from -= one_value(c, x->c);
    for (uint32_t i = 0; i < site->filters.n; i++) {
        claim.param[claim.n] = p->args[site->filters.at + i].param;
        claim.value[claim.n++] = p->exs[p->args[site->filters.at + i].ex].k;
    }
    for (uint8_t i = 0; i < site->nkeys; i++) {
        if ((mask & (1u << i)) == 0) {
            claim.others |= 1u << site->key[i];
        } else if (claim.n < ARITY_MAX) {
            claim.param[claim.n] = site->key[i];
            claim.value[claim.n++] = arg[i];
        }
    }
    support_claim(c->sup, &claim);
}

/* A row that a claim excepts must itself be shown. */
static void
show_row(struct ctx *c, const struct ex *x, row_id r)
{
    const struct rec *rec = &c->e->s.row[r];

    if (c->sup == NULL)
        return;
    if (x->op == X_STATE || x->op == X_HELD) {
        (void)state_now(c, x->a, rec->arg);
    } else if (x->op == X_PAST || x->op == X_AT_LEAST_PAST) {
        for (uint32_t i = rec->stamps; i != 0; i = c->e->s.stamp[i].next) {
            int64_t age = c->now - c->e->s.stamp[i].at;

            if (c->before && age <= 0)
                continue;
            if (age <= one_value(c, x->c))
                support_entry(c->sup, c->e->s.stamp[i].entry);
            break;
        }
    } else if (rec->known && !(c->before && rec->since >= c->now)) {
        support_entry(c->sup, rec->cause);
    }
}

struct join {
    struct plan plan;
    plan_each *each;
    void *context;
};

static bool plan_step(struct ctx *c, const struct join *j, uint32_t at);

static bool
plan_row(struct ctx *c, const struct join *j, uint32_t at, row_id r)
{
    const struct ex *x = &c->e->p->exs[c->e->p->steps[j->plan.steps + at].ex];
    int64_t saved[FRAME_MAX];
    bool go_on = true;

    memcpy(saved, c->frame, sizeof saved);
    if (atom_row(c, x, r)) {
        show_row(c, x, r);
        go_on = plan_step(c, j, at + 1);
    }
    memcpy(c->frame, saved, sizeof saved);
    return go_on;
}

/* Rows that have just gone: looking at how it was before, they were there; proving that there are none,
 * they may have been shown when they were. Only the last that went are remembered; when there may have
 * been more, the past is not sure. */
static bool
rows_gone(struct ctx *c, const struct join *j, uint32_t at, uint32_t relation)
{
    const struct engine *e = c->e;
    uint32_t n = e->ngone < GONE ? e->ngone : GONE;

    int64_t since = c->before ? c->now : e->due;

    if (c->before && e->ngone >= GONE && e->gone[e->ngone % GONE].date >= since)
        c->unsure = true;
    for (uint32_t i = 0; i < n; i++) {
        const struct rec *rec = &e->s.row[e->gone[i].row];

        if (e->gone[i].date < since || rec->relation != relation || rec->present)
            continue;
        if (!plan_row(c, j, at, e->gone[i].row))
            return false;
    }
    return true;
}

static bool
plan_step(struct ctx *c, const struct join *j, uint32_t at)
{
    struct store *s = &c->e->s;
    const struct step *step;
    const struct ex *x, *args;
    uint32_t arg[ARITY_MAX] = {0}, relation;
    bucket_id b;

    if (at == j->plan.nsteps)
        return j->each(c, j->context);
    step = &c->e->p->steps[j->plan.steps + at];
    x = &c->e->p->exs[step->ex];
    args = atom_args(c->e->p, x);
    relation = atom_relation(c->e->p, x);
    for (uint32_t i = 0; i < args->nargs; i++) {
        int64_t v;

        if ((step->mask & (1u << i)) == 0)
            continue;
        v = one_value(c, c->e->p->kids[args->args + i]);
        if (v == UNSET) {
            c->unsure = true; /* which rows are meant is not known */
            return true;
        }
        arg[i] = (uint32_t)v;
    }
    if (!region_sure(c, x, arg, step->mask, 0))
        c->unsure = true;
    claim_rows(c, x, arg, step->mask);
    if (step->index == UINT8_MAX) {
        row_id r = c->cell != 0 ? row_make(s, relation, arg) : row_find(s, relation, arg);

        read_row(c, r);
        return r == 0 || !s->row[r].present || plan_row(c, j, at, r);
    }
    b = c->cell != 0 ? bucket_make(s, relation, step->index, arg) : bucket_find(s, relation, step->index, arg);
    if (c->cell != 0 && b != 0)
        c->edges = edge_add(s, c->cell, EDGE_BUCKET, b, c->edges);
    if (b != 0 && s->bucket[b].changed > c->joined)
        c->joined = s->bucket[b].changed;
    for (row_id r = bucket_next(s, b, step->index, 0); r != 0; r = bucket_next(s, b, step->index, r))
        if (!plan_row(c, j, at, r))
            return false;
    return (!c->before && c->sup == NULL) || rows_gone(c, j, at, relation);
}

bool
plan_run(struct ctx *c, struct plan plan, plan_each *each, void *context)
{
    struct join j = {plan, each, context};

    return plan_step(c, &j, 0);
}

/* quantifiers ---------------------------------------------------------------------------------- */

enum proving { PROVE_NOTHING, PROVE_WITNESS, PROVE_ALL };

struct asking {
    const struct quant *q;
    bool every;
    enum proving proving;
    int64_t enough;      /* rows that suffice to stop */
    int64_t yes, maybe, seen;
    int64_t date, latest; /* before, and the latest of what was looked at */
    int64_t witnessed;    /* the latest of the rows that count */
    struct support_mark kept;
};

/* Does this row count? For `every`: does it break the rule? */
static enum tri
row_counts(struct ctx *c, struct asking *a)
{
    enum tri v = eval(c, a->q->cond), body;

    if (v != NO)
        a->seen++;
    if (!a->every || v == NO)
        return v;
    body = eval(c, a->q->body);
    if (body == YES)
        return NO;
    return v == YES && body == NO ? YES : UNSURE;
}

static bool
ask_row(struct ctx *c, void *context)
{
    struct asking *a = context;
    struct support_mark here = {0, 0};
    enum tri v;

    if (c->sup != NULL)
        here = support_mark(c->sup);
    c->date = a->date;
    v = row_counts(c, a);
    if (c->date > a->latest)
        a->latest = c->date;
    if (v == UNSURE)
        a->maybe++;
    if (v == YES) {
        a->yes++;
        if (c->date > a->witnessed)
            a->witnessed = c->date;
        if (a->proving == PROVE_WITNESS) {
            support_move(c->sup, a->kept, here);
            a->kept = support_mark(c->sup);
        }
        return a->yes < a->enough;
    }
    return true;
}

static void
ask(struct ctx *c, struct asking *a)
{
    bool unsure = c->unsure;
    int64_t joined = c->joined;

    c->joined = LONG_AGO;
    a->yes = a->maybe = a->seen = 0;
    a->date = a->latest = a->witnessed = c->date;
    c->unsure = false;
    if (c->sup != NULL)
        a->kept = support_mark(c->sup);
    (void)plan_run(c, a->q->plan, ask_row, a);
    if (c->unsure)
        a->maybe = INT64_MAX / 2;
    c->unsure = unsure;
    if (c->joined > a->latest)
        a->latest = c->joined;
    c->joined = joined;
    c->date = a->yes < a->enough ? a->latest : a->witnessed;
    if (c->sup != NULL && a->proving == PROVE_WITNESS)
        support_cut(c->sup, a->kept);
}

/* Looks without proving, then proves what came out: its witnesses, or that there is nothing else. */
static void
ask_and_prove(struct ctx *c, struct asking *a)
{
    struct support *sup = c->sup;

    c->sup = NULL;
    ask(c, a);
    c->sup = sup;
    if (sup == NULL)
        return;
    a->proving = a->yes >= a->enough ? PROVE_WITNESS : PROVE_ALL;
    ask(c, a);
}

enum tri
quantified(struct ctx *c, const struct ex *x)
{
    struct asking a = {.q = &c->e->p->quants[x->a], .every = x->op == X_EVERY, .enough = 1};
    enum tri some;

    if (x->op == X_AT_LEAST || x->op == X_AT_MOST) {
        int64_t n = one_value(c, x->b);

        if (n == UNSET)
            return UNSURE;
        a.enough = x->op == X_AT_LEAST ? n : n + 1;
        if (a.enough <= 0)
            return x->op == X_AT_LEAST ? YES : NO;
    }
    ask_and_prove(c, &a);
    some = a.yes >= a.enough ? YES : a.yes + a.maybe >= a.enough ? UNSURE : NO;
    if (x->op == X_SOME || x->op == X_AT_LEAST)
        return some;
    if (x->op == X_EVERY && some == NO && a.seen == 0 && (x->flags & EX_IN_GATE) != 0 && (x->flags & EX_OR_NONE) == 0)
        return UNSURE; /* nothing entered is not everything in order */
    return (enum tri)(YES - some);
}

struct iv
counted(struct ctx *c, const struct ex *x)
{
    struct asking a = {.q = &c->e->p->quants[x->a], .enough = INT64_MAX};

    a.proving = PROVE_ALL;
    ask(c, &a);
    return (struct iv){a.yes, a.yes + a.maybe};
}
