/* SPDX-License-Identifier: Apache-2.0 */
/* cell.c -- what is worked out again when something it has read changes, lowest rank first.
 *
 * A cell's rank is above everything it reads, so one pass from the lowest rank up settles all that
 * happens at one instant, each cell once. Happenings (a state begins, a clause is breached) wait in
 * the queue of the rank of the definition that listens. */
#include "engine/inner.h"

/* cells ---------------------------------------------------------------------------------------- */

cell_id
cell_new(struct engine *e, enum cell_type type, uint32_t ref)
{
    cell_id c = e->cells.free;

    if (c != 0) {
        e->cells.free = e->cell[c].next;
        e->cells.live++;
    } else if ((c = pool_take(e, &e->cells, "cells")) == 0) {
        return 0;
    }
    e->cell[c] = (struct cell){.type = (uint8_t)type, .ref = ref, .wake = FOREVER};
    return c;
}

static void
cell_recycle(struct engine *e, cell_id c)
{
    e->cell[c] = (struct cell){.next = e->cells.free, .wake = FOREVER};
    e->cells.free = c;
    e->cells.live--;
}

/* A queued cell is only marked: its place is freed when the queue comes to it. */
void
cell_free(struct engine *e, cell_id c)
{
    uint32_t edges;

    if (c == 0)
        return;
    edges = e->cell[c].edges;
    e->cell[c].edges = 0;
    edges_undo(&e->s, edges);
    timer_set(e, c, FOREVER);
    if (e->cell[c].queued)
        e->cell[c].dead = true;
    else
        cell_recycle(e, c);
}

uint32_t
cell_rank(const struct engine *e, cell_id c)
{
    const struct cell *cell = &e->cell[c];

    switch ((enum cell_type)cell->type) {
    case CELL_DUTY: return e->p->sentences[e->duty[cell->ref].sentence].rank;
    case CELL_PERIOD: return e->p->sentences[cell->ref].rank;
    default: return e->p->relations[e->s.row[cell->ref].relation].rank;
    }
}

/* queues --------------------------------------------------------------------------------------- */

void
cell_queue(struct engine *e, cell_id c)
{
    struct ranked *r;
    uint32_t rank;

    if (c == 0 || e->cell[c].queued || e->cell[c].dead)
        return;
    rank = cell_rank(e, c);
    r = &e->rank[rank];
    e->cell[c].queued = true;
    e->cell[c].next = 0;
    if (r->first == 0)
        r->first = c;
    else
        e->cell[r->last].next = c;
    r->last = c;
    e->busy[rank / 64] |= UINT64_C(1) << (rank % 64);
}

struct happening *
happen(struct engine *e, uint32_t rank)
{
    uint32_t h = e->happenings.free;
    struct ranked *r = &e->rank[rank];

    if (h != 0) {
        e->happenings.free = e->happening[h].next;
        e->happenings.live++;
    } else {
        h = pool_take(e, &e->happenings, "happenings");
    }
    e->happening[h] = (struct happening){.cause = (uint32_t)e->place, .date = e->now};
    if (h == 0)
        return &e->happening[0]; /* full: it goes nowhere */
    if (r->happening == 0)
        r->happening = h;
    else
        e->happening[r->last_happening].next = h;
    r->last_happening = h;
    e->busy[rank / 64] |= UINT64_C(1) << (rank % 64);
    return &e->happening[h];
}

static void
happening_heard(struct engine *e, const struct happening *h)
{
    switch ((enum moment_type)h->type) {
    case M_CLAUSE:
        sentence_happens(e, h->listener, h);
        return;
    case M_EVENT:
        duty_opens(e, h->listener);
        return;
    default:
        listener_hears(e, h);
    }
}

static void (*const works[])(struct engine *e, cell_id c) = {
    [CELL_STATE] = state_works, [CELL_END] = state_end_works, [CELL_LIFE] = life_works,
    [CELL_COVER] = cover_works, [CELL_LIMB] = limb_works,     [CELL_GATE] = gate_works,
    [CELL_GO] = go_works,       [CELL_SENTENCE] = sentence_works, [CELL_PLAN] = plan_works,
    [CELL_DUTY] = duty_works,   [CELL_PERIOD] = period_works,
};

static void
rank_works(struct engine *e, uint32_t rank)
{
    struct ranked *r = &e->rank[rank];

    while (r->happening != 0 || r->first != 0) {
        if (r->happening != 0) {
            uint32_t at = r->happening;
            struct happening h = e->happening[at];

            r->happening = h.next;
            e->happening[at] = (struct happening){.next = e->happenings.free};
            e->happenings.free = at;
            e->happenings.live--;
            happening_heard(e, &h);
        } else {
            cell_id c = r->first;

            r->first = e->cell[c].next;
            e->cell[c].queued = false;
            e->cell[c].next = 0;
            if (e->cell[c].dead)
                cell_recycle(e, c);
            else
                works[e->cell[c].type](e, c);
        }
    }
}

/* The lowest rank with something queued, or UINT32_MAX. */
static uint32_t
lowest_busy(const struct engine *e)
{
    for (uint32_t w = 0; w <= e->p->ranks / 64; w++)
        if (e->busy[w] != 0)
            return w * 64 + (uint32_t)__builtin_ctzll(e->busy[w]);
    return UINT32_MAX;
}

void
settle_below(struct engine *e, uint32_t limit)
{
    uint32_t rank;

    while (e->full == NULL && (rank = lowest_busy(e)) < limit) {
        rank_works(e, rank);
        if (e->rank[rank].first == 0 && e->rank[rank].happening == 0)
            e->busy[rank / 64] &= ~(UINT64_C(1) << (rank % 64));
    }
}

void
settle(struct engine *e)
{
    settle_below(e, UINT32_MAX);
}

/* working out ---------------------------------------------------------------------------------- */

struct ctx
cell_begin(struct engine *e, cell_id c, int64_t *frame)
{
    struct ctx ctx = ctx_plain(e, frame);

    ctx.cell = c;
    return ctx;
}

/* What was read now takes the place of what was read before; undone last, so that a row both have
 * read is not dropped and made again. */
void
cell_end(struct engine *e, cell_id c, struct ctx *ctx, int64_t wake)
{
    uint32_t old = e->cell[c].edges;

    e->cell[c].edges = ctx->edges;
    edges_undo(&e->s, old);
    timer_set(e, c, wake);
}

static void
queue_edges(struct engine *e, uint32_t first)
{
    for (uint32_t i = first; i != 0; i = e->s.edge[i].next)
        cell_queue(e, e->s.edge[i].cell);
}

void
row_changed(struct engine *e, row_id r)
{
    queue_edges(e, e->s.row[r].edges);
}

static void
buckets_changed(struct engine *e, row_id r)
{
    const struct rec *rec = &e->s.row[r];

    for (uint8_t i = 0; i < e->p->relations[rec->relation].nindex && rec->links != 0; i++) {
        struct bucket *b = &e->s.bucket[e->s.link[rec->links + i].bucket];

        if (e->due > b->changed) /* what is known late changes nothing before what is known already */
            b->changed = e->due;
        queue_edges(e, b->edges);
    }
}

void
row_appears(struct engine *e, row_id r)
{
    if (e->s.row[r].present)
        return;
    row_show(&e->s, r);
    buckets_changed(e, r);
    spark_all(e, r);
}

void
row_vanishes(struct engine *e, row_id r)
{
    if (!e->s.row[r].present)
        return;
    buckets_changed(e, r);
    row_hide(&e->s, r);
    e->gone[e->ngone % GONE].row = r;
    e->gone[e->ngone++ % GONE].date = e->due;
}

/* Tells who listens to a state's beginning or end, or a fact's change. */
void
edge_happens(struct engine *e, row_id r, enum moment_type type, int64_t date, uint32_t cause)
{
    struct span span = e->p->edges_of[e->s.row[r].relation];

    for (uint32_t i = 0; i < span.n; i++) {
        const struct listener *l = &e->p->listeners[span.at + i];
        uint32_t moment = l->what == L_LIFE ? e->p->life_rules[l->moment].moment : l->moment;
        struct happening *h;
        uint32_t rank;

        if (e->p->moments[moment].type != type)
            continue;
        rank = l->what == L_SENTENCE ? e->p->sentences[l->ref].rank
               : l->what == L_LIFE   ? e->p->lives[l->ref].rank
                                     : e->p->states[l->ref].rank;
        h = happen(e, rank);
        h->type = (uint8_t)type;
        h->listener = span.at + i;
        memcpy(h->arg, e->s.row[r].arg, sizeof h->arg);
        h->date = date;
        h->cause = cause;
    }
}

/* instances ------------------------------------------------------------------------------------ */

struct sparking {
    struct engine *e;
    const struct spark *spark;
};

static bool
spark_each(struct ctx *c, void *context)
{
    const struct sparking *s = context;
    uint32_t arg[ARITY_MAX] = {0};
    uint8_t arity = c->e->p->relations[s->spark->target].arity;

    for (uint8_t i = 0; i < arity; i++) {
        if (c->frame[i] == UNSET)
            return true;
        arg[i] = (uint32_t)c->frame[i];
    }
    instance_make(s->e, s->spark->target, arg);
    return true;
}

/* Binds the atom's names to the row's arguments; arguments that are worked out are left to the rest. */
static bool
spark_binds(struct ctx *c, const struct ex *x, row_id r)
{
    const struct ex *args = atom_args(c->e->p, x);

    for (uint32_t i = 0; i < args->nargs; i++) {
        const struct ex *k = &c->e->p->exs[c->e->p->kids[args->args + i]];
        int64_t v = c->e->s.row[r].arg[i];

        if (k->op == X_SLOT && c->frame[k->a] == UNSET)
            c->frame[k->a] = v;
        else if ((k->op == X_SLOT && c->frame[k->a] != v) || (k->op == X_CONST && k->k != v))
            return false;
    }
    return true;
}

void
spark_all(struct engine *e, row_id r)
{
    struct span span = e->p->sparks_of[e->s.row[r].relation];

    for (uint32_t i = 0; i < span.n; i++) {
        const struct spark *spark = &e->p->sparks[span.at + i];
        struct sparking s = {e, spark};
        int64_t frame[FRAME_MAX];
        struct ctx c;

        if (spark->stage != NO_ID && (uint32_t)e->s.row[r].value != spark->stage)
            continue;
        for (uint8_t k = 0; k < FRAME_MAX; k++)
            frame[k] = UNSET;
        c = ctx_plain(e, frame);
        if (spark_binds(&c, &e->p->exs[spark->ex], r))
            (void)plan_run(&c, spark->rest, spark_each, &s);
    }
}

static enum cell_type
instance_type(const struct program *p, uint32_t relation)
{
    const struct relation *r = &p->relations[relation];

    if (r->type == REL_STATE)
        return CELL_STATE;
    return p->sentences[r->ref].opener == O_AT ? CELL_PLAN : CELL_SENTENCE;
}

void
instance_make(struct engine *e, uint32_t relation, const uint32_t *arg)
{
    row_id r = row_make(&e->s, relation, arg);

    if (r == 0)
        return;
    if (e->s.row[r].cell == 0) {
        e->s.row[r].cell = cell_new(e, instance_type(e->p, relation), r);
        cell_queue(e, e->s.row[r].cell);
    }
}

static bool
atom_holds(struct ctx *c, const struct ex *x)
{
    const struct ex *args = atom_args(c->e->p, x);
    uint32_t arg[ARITY_MAX] = {0};
    row_id r;

    for (uint32_t i = 0; i < args->nargs; i++) {
        ex_id kid = c->e->p->kids[args->args + i];
        int64_t v = kid == 0 ? UNSET : one_value(c, kid);

        if (v == UNSET)
            return true; /* not all of it is known from the instance: keep the instance */
        arg[i] = (uint32_t)v;
    }
    r = row_find(&c->e->s, atom_relation(c->e->p, x), arg);
    if (r == 0 || !c->e->s.row[r].present)
        return false;
    return x->op != X_STAGE || (uint32_t)c->e->s.row[r].value == x->b;
}

/* Do the atoms that make this instance still hold, by any of its sparks? If not, they will make it
 * anew when they do. */
bool
instance_needed(struct engine *e, uint32_t relation, const uint32_t *arg)
{
    struct span span = e->p->targets_of[relation];
    int64_t frame[FRAME_MAX];
    struct ctx c = ctx_plain(e, frame);

    for (uint8_t k = 0; k < FRAME_MAX; k++)
        frame[k] = k < e->p->relations[relation].arity ? (int64_t)arg[k] : UNSET;
    for (uint32_t i = 0; i < span.n; i++) {
        const struct spark *s = &e->p->sparks[e->p->ids[span.at + i]];
        bool all = atom_holds(&c, &e->p->exs[s->ex]);

        for (uint32_t k = 0; all && k < s->rest.nsteps; k++)
            all = atom_holds(&c, &e->p->exs[e->p->steps[s->rest.steps + k].ex]);
        if (all)
            return true;
    }
    return false;
}
