/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c -- the order of one step: time first, then the entry on the state before it, its effects,
 * everything that follows from them by rank, answers, verdicts, cases. */
#include "engine/inner.h"

const struct capacity capacity_default = {
    .rows = 1u << 20, .stamps = 1u << 20, .edges = 1u << 21, .cells = 1u << 20, .duties = 1u << 18,
    .proofs = 1u << 20, .symbols = 1u << 20, .symbol_bytes = 1u << 25,
};

void
pool_full(struct engine *e, const char *which)
{
    if (e->full == NULL)
        e->full = which;
}

uint32_t
pool_take(struct engine *e, struct pool *p, const char *which)
{
    if (p->n == p->cap) {
        pool_full(e, which);
        return 0;
    }
    p->live++;
    return p->n++;
}

const char *
engine_full(const struct engine *e)
{
    return e->full != NULL ? e->full : e->s.full ? "rows" : NULL;
}

static uint32_t
power_of_two(uint32_t n)
{
    uint32_t p = 64;

    while (p < n)
        p *= 2;
    return p;
}

static bool
pools_take(struct engine *e, struct arena *arena, struct capacity c)
{
    uint32_t nsentences = e->p->nsentences + 1, happenings = c.cells / 2 + 64;

    e->cells = (struct pool){.cap = c.cells + 1, .n = 1};
    e->duties = (struct pool){.cap = c.duties + 1, .n = 1};
    e->waits = (struct pool){.cap = c.duties * 2 + 1, .n = 1};
    e->proofs = (struct pool){.cap = c.proofs + 1, .n = 1};
    e->happenings = (struct pool){.cap = happenings, .n = 1};
    e->kases = (struct pool){.cap = c.duties + 1, .n = 1};
    e->nwait_slots = power_of_two(c.duties * 2);
    e->nkase_slots = power_of_two(c.duties);
    e->cell = NEW(arena, e->cells.cap, struct cell);
    e->heap = NEW(arena, e->cells.cap + 1, cell_id);
    e->duty = NEW(arena, e->duties.cap, struct duty);
    e->wait = NEW(arena, e->waits.cap, struct wait);
    e->proof = NEW(arena, e->proofs.cap, struct proof);
    e->happening = NEW(arena, happenings, struct happening);
    e->kase = NEW(arena, e->kases.cap, struct kase);
    e->wait_slot = NEW(arena, e->nwait_slots, uint32_t);
    e->kase_slot = NEW(arena, e->nkase_slots, uint32_t);
    e->rank = NEW(arena, e->p->ranks + 1, struct ranked);
    e->busy = NEW(arena, e->p->ranks / 64 + 1, uint64_t);
    e->last_opened = NEW(arena, nsentences * 2, uint32_t);
    e->nth = NEW(arena, nsentences * 2, uint32_t);
    e->past = NEW(arena, PAST_KEPT, struct past);
    e->support = NEW(arena, 1, struct support);
    e->spare = NEW(arena, 1, struct support);
    return e->cell != NULL && e->heap != NULL && e->duty != NULL && e->wait != NULL && e->proof != NULL &&
           e->happening != NULL && e->kase != NULL && e->wait_slot != NULL && e->kase_slot != NULL && e->rank != NULL &&
           e->busy != NULL && e->past != NULL && e->last_opened != NULL && e->nth != NULL && e->support != NULL && e->spare != NULL;
}

struct engine *
engine_new(const struct program *p, struct arena *arena, struct capacity c, struct symbols *symbols, engine_sink *sink,
           void *context)
{
    struct engine *e = NEW(arena, 1, struct engine);
    struct store_size size = {c.rows, c.stamps, c.edges, c.symbols};

    if (e == NULL || !store_init(&e->s, p, arena, size))
        return NULL;
    e->p = p;
    e->symbols = symbols;
    e->sink = sink;
    e->context = context;
    return pools_take(e, arena, c) ? e : NULL;
}

/* opening -------------------------------------------------------------------------------------- */

/* A first appointment counts as the event that gives the role. */
static void
appoint(struct engine *e, uint32_t role, uint32_t who, int64_t at)
{
    uint32_t kind = e->p->roles[role].start_kind;
    struct entry entry = {.kind = kind, .at = at, .known = at, .place = e->place};
    const struct kind *k;

    if (kind == NO_ID)
        return;
    k = &e->p->kinds[kind];
    for (uint8_t i = 0; i < k->nparams; i++) {
        uint8_t base = e->p->types[k->param[i].type[0]].base;

        entry.field[i] = base == TY_ROLE ? (int64_t)role : base == TY_SOURCE || base == TY_THING ? (int64_t)who : UNSET;
    }
    effects(e, &entry);
}

/* What needs no row to be made: states and sentences without parameters. */
static void
instances_without_names(struct engine *e)
{
    uint32_t none[ARITY_MAX] = {0};

    for (uint32_t i = 0; i < e->p->nstates; i++)
        if (e->p->states[i].nparams == 0 && (e->p->states[i].type == ST_WHILE || e->p->states[i].type == ST_PLANNED))
            instance_make(e, e->p->states[i].relation, none);
    for (uint32_t i = 0; i < e->p->nsentences; i++)
        if (e->p->sentences[i].in_force && e->p->sentences[i].opener == O_WHILE && e->p->sentences[i].names.n == 0)
            instance_make(e, e->p->sentences[i].relation, none);
}

void
engine_open(struct engine *e, const struct opening *o)
{
    e->now = e->due = e->opened_at = o->at;
    e->zone_offset = o->zone_offset;
    e->future_bound = o->future_bound;
    e->complete = o->complete;
    e->open = true;
    for (uint32_t i = 0; i < o->nappointments; i++) {
        uint32_t who = symbol(e->symbols, o->appointment[i].who);

        if (who == UINT32_MAX)
            pool_full(e, "symbols");
        else
            appoint(e, o->appointment[i].role, who, o->at);
    }
    instances_without_names(e);
    periods_open(e);
    settle(e);
    cases_say(e);
}

/* time ----------------------------------------------------------------------------------------- */

int64_t
engine_next(const struct engine *e)
{
    cell_id c = timer_first(e);

    return c == 0 ? FOREVER : e->cell[c].wake + 1;
}

/* All changes of one date take effect together, one millisecond later. */
static void
date_comes(struct engine *e, int64_t date)
{
    cell_id c;

    e->due = date;
    e->now = date + 1;
    while ((c = timer_first(e)) != 0 && e->cell[c].wake == date) {
        timer_set(e, c, FOREVER);
        cell_queue(e, c);
    }
    settle(e);
    cases_say(e);
}

void
engine_until(struct engine *e, int64_t known, uint64_t place)
{
    cell_id c;

    e->place = place;
    while (engine_full(e) == NULL && (c = timer_first(e)) != 0 && e->cell[c].wake < known)
        date_comes(e, e->cell[c].wake);
    if (known > e->now) {
        e->now = known;
        e->due = known;
    }
}

/* entries -------------------------------------------------------------------------------------- */

/* Any entry by a source is a sign of life. */
static void
source_speaks(struct engine *e, const struct entry *entry)
{
    struct source *s;

    if (entry->by >= e->s.nsources)
        return;
    s = &e->s.source[entry->by];
    if (s->last != UNSET && entry->at < s->last)
        return;
    s->last = entry->at;
    s->entry = (uint32_t)entry->place;
    for (uint32_t i = s->edges; i != 0; i = e->s.edge[i].next)
        cell_queue(e, e->s.edge[i].cell);
}

/* A log may begin by day: it ends then what nothing in it began. */
static void
first_sundown(struct rec *rec, const struct entry *entry)
{
    rec->known = true;
    rec->since = entry->at;
    rec->cause = (uint32_t)entry->place;
}

static void
sun_turns(struct engine *e, const struct entry *entry)
{
    uint32_t none[ARITY_MAX] = {0};
    int64_t which = entry->field[0];

    for (uint32_t i = 0; i < e->p->nstates; i++) {
        row_id r;

        if (e->p->states[i].type != ST_SUN || which-- != 0)
            continue;
        r = row_make(&e->s, e->p->states[i].relation, none);
        if (entry->kind == KIND_SUN_UP)
            state_begin(e, r, entry->at, (uint32_t)entry->place);
        else if (r != 0 && !e->s.row[r].known)
            first_sundown(&e->s.row[r], entry);
        else
            state_end(e, r, entry->at, (uint32_t)entry->place);
    }
}

static void
builtin_step(struct engine *e, const struct entry *entry)
{
    if (entry->kind == KIND_SUN_UP || entry->kind == KIND_SUN_DOWN)
        sun_turns(e, entry);
    else if (entry->kind == KIND_ZONE && entry->field[0] != UNSET)
        e->zone_offset = entry->field[0];
    settle(e);
}

static void
event_step(struct engine *e, const struct entry *entry)
{
    struct span span = e->p->kinds[entry->kind].listeners;
    int64_t field[PARAMS_MAX + 1];

    entry_fields(e, entry, field);
    for (uint32_t i = 0; i < span.n; i++)
        if (e->p->listeners[span.at + i].what == L_SENTENCE)
            sentence_hears(e, e->p->listeners[span.at + i].ref, entry, field);
    source_speaks(e, entry);
    effects(e, entry);
    gate_first_mention(e, entry);
    settle_below(e, e->p->clause_rank);
    answers_hear(e, entry, field);
    settle(e);
}

/* A stamp beyond the agreed bound is judged by `known`; within it, it is never later than `known`. */
static struct entry
quarantine(struct engine *e, const struct entry *entry)
{
    struct entry fit = *entry;

    if (fit.at <= fit.known)
        return fit;
    if (fit.at - fit.known > e->future_bound) {
        struct out out = {.type = OUT_QUARANTINED, .at = e->now, .entry = entry};

        e->sink(e->context, &out);
    }
    fit.at = fit.known;
    return fit;
}

void
engine_step(struct engine *e, const struct entry *entry)
{
    struct entry fit;

    engine_until(e, entry->known, entry->place);
    fit = quarantine(e, entry);
    e->due = fit.at;
    if (e->p->kinds[fit.kind].builtin)
        builtin_step(e, &fit);
    else
        event_step(e, &fit);
    cases_say(e);
}

/* looking -------------------------------------------------------------------------------------- */

uint8_t
engine_state(struct engine *e, uint32_t state, const uint32_t *args)
{
    int64_t frame[FRAME_MAX] = {0};
    struct ctx c = ctx_plain(e, frame);

    return (uint8_t)state_now(&c, state, args);
}

uint32_t
engine_stage(const struct engine *e, uint32_t life, uint32_t thing)
{
    uint32_t arg[ARITY_MAX] = {thing};
    row_id r = row_find(&e->s, e->p->lives[life].relation, arg);

    return r == 0 ? 0 : (uint32_t)e->s.row[r].value;
}

bool
engine_gate(struct engine *e, uint32_t gate, const uint32_t *args, uint8_t *ret_value, uint8_t *ret_limbs)
{
    row_id r = row_find(&e->s, e->p->gates[gate].relation, args);

    if (r == 0 || e->s.row[r].cell == 0)
        return false;
    *ret_value = (uint8_t)e->s.row[r].value;
    for (cell_id c = e->s.row[r].extra; c != 0; c = e->cell[c].sibling)
        ret_limbs[e->cell[c].part] = e->cell[c].value;
    return true;
}

int64_t
engine_fact(const struct engine *e, uint32_t fact, const uint32_t *args)
{
    row_id r = row_find(&e->s, e->p->facts[fact].relation, args);

    return r == 0 ? UNSET : e->s.row[r].value;
}

void
engine_given(struct engine *e, uint32_t state, const uint32_t *args, int64_t at, uint64_t place)
{
    e->place = place;
    state_begin(e, row_make(&e->s, e->p->states[state].relation, args), at, (uint32_t)place);
    settle(e);
    cases_say(e);
}

struct capacity
engine_use(const struct engine *e)
{
    return (struct capacity){.rows = e->s.rows.live, .stamps = e->s.stamps.live, .edges = e->s.edges.live,
                             .cells = e->cells.live, .duties = e->duties.live, .proofs = e->proofs.live,
                             .symbols = e->symbols->n, .symbol_bytes = e->symbols->bytes};
}

/* One number over all of it: the arrays as they lie, which hold no pointer and no undefined byte. */
struct hash
engine_hash(const struct engine *e)
{
    struct sha256 h;
    int64_t scalars[] = {e->now, e->due, (int64_t)e->place, e->opened_at, e->zone_offset, e->future_bound, e->nheap,
                         (int64_t)e->npast};

    sha256_init(&h);
    sha256_add(&h, scalars, sizeof scalars);
    sha256_add(&h, e->s.row, e->s.rows.n * sizeof *e->s.row);
    sha256_add(&h, e->s.link, e->s.links.n * sizeof *e->s.link);
    sha256_add(&h, e->s.bucket, e->s.buckets.n * sizeof *e->s.bucket);
    sha256_add(&h, e->s.edge, e->s.edges.n * sizeof *e->s.edge);
    sha256_add(&h, e->s.stamp, e->s.stamps.n * sizeof *e->s.stamp);
    sha256_add(&h, e->s.source, e->symbols->n * sizeof *e->s.source);
    sha256_add(&h, e->cell, e->cells.n * sizeof *e->cell);
    sha256_add(&h, e->heap, (e->nheap + 1) * sizeof *e->heap);
    sha256_add(&h, e->duty, e->duties.n * sizeof *e->duty);
    sha256_add(&h, e->wait, e->waits.n * sizeof *e->wait);
    sha256_add(&h, e->kase, e->kases.n * sizeof *e->kase);
    sha256_add(&h, e->past, (e->npast < PAST_KEPT ? e->npast : PAST_KEPT) * sizeof *e->past);
    sha256_add(&h, e->symbols->text, e->symbols->bytes);
    return sha256_end(&h);
}
