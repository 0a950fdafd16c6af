/* SPDX-License-Identifier: Apache-2.0 */
/* states.c -- what events do: facts are set, states begin and end, lives go on, past events are kept.
 *
 * An entry takes effect when it is known; the intervals it makes run by `at`. So a late entry never
 * undoes what is newer than it: an end that lies before the present start, and a value older than
 * the present one, belong to the past (doc/notes/0004-late-entries.md). */
#include "engine/inner.h"

/* patterns ------------------------------------------------------------------------------------- */

void
entry_fields(const struct engine *e, const struct entry *entry, int64_t *field)
{
    uint8_t n = e->p->kinds[entry->kind].nparams;

    memcpy(field, entry->field, n * sizeof *field);
    field[n] = entry->by;
}

/* Do the fields fit the pattern? Names that it binds go into the frame. */
bool
match_args_of(struct engine *e, const struct pattern *pat, const int64_t *field, int64_t *frame, struct ctx *c)
{
    for (uint32_t i = 0; i < pat->nargs; i++) {
        const struct arg *a = &e->p->args[pat->args + i];
        int64_t v = field[a->param];

        if (a->mode == ARG_BIND)
            frame[a->slot] = v;
        else if (v == UNSET || one_value(c, a->ex) != v)
            return false;
    }
    return true;
}

static void
blank(int64_t *frame)
{
    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
}

/* Names that must have a value once bound: an optional field that is missing binds nothing. */
static bool
all_set(const int64_t *frame, uint8_t n)
{
    for (uint8_t i = 0; i < n; i++)
        if (frame[i] == UNSET)
            return false;
    return true;
}

static bool
moment_fits(struct engine *e, const struct moment *m, const int64_t *field, int64_t *frame)
{
    struct ctx c = ctx_plain(e, frame);

    return match_args_of(e, &m->pattern, field, frame, &c) && (m->where == 0 || eval(&c, m->where) == YES);
}

static void
args_of_frame(const int64_t *frame, uint8_t n, uint32_t *arg)
{
    for (uint8_t i = 0; i < ARITY_MAX; i++)
        arg[i] = i < n ? (uint32_t)frame[i] : 0;
}

/* states --------------------------------------------------------------------------------------- */

/* A row's value turns; who has read it and what hangs on its presence are told. */
static void
row_turns(struct engine *e, row_id r, enum tri value, int64_t date, uint32_t cause)
{
    struct rec *rec = &e->s.row[r];
    enum tri old = (enum tri)rec->value;

    rec->value = value;
    rec->since = date;
    rec->cause = cause;
    rec->known = true;
    if (old == NO && value != NO)
        row_appears(e, r);
    else if (old != NO && value == NO)
        row_vanishes(e, r);
    row_changed(e, r);
}

/* A state that is either so or not. */
static void
state_turns(struct engine *e, row_id r, enum tri value, int64_t date, uint32_t cause)
{
    row_turns(e, r, value, date, cause);
    edge_happens(e, r, value == YES ? M_BEGINS : M_ENDS, date, cause);
}

/* A while-state may be unknown for a time: its episode (from `again` on) goes on through that. */
static void
while_turns(struct engine *e, row_id r, enum tri value, int64_t date, uint32_t cause)
{
    int64_t begun = e->s.row[r].again;

    if (value == YES && begun != UNSET)
        date = begun;
    row_turns(e, r, value, date, cause);
    if (value == YES && begun == UNSET) {
        e->s.row[r].again = date;
        edge_happens(e, r, M_BEGINS, date, cause);
    } else if (value == NO && begun != UNSET) {
        e->s.row[r].again = UNSET;
        edge_happens(e, r, M_ENDS, date, cause);
    }
}

static const struct state *
state_of(const struct engine *e, row_id r)
{
    return &e->p->states[e->p->relations[e->s.row[r].relation].ref];
}

void
state_begin(struct engine *e, row_id r, int64_t date, uint32_t cause)
{
    struct rec *rec = &e->s.row[r];

    if (r == 0)
        return;
    if (rec->value == YES) { /* not restarted; but if its end turns out to lie before this, it goes on from here */
        if (date > rec->again) {
            rec->again = date;
            rec->again_cause = cause;
        }
        return;
    }
    if (rec->known && date < rec->since)
        return; /* before its end: that episode is over */
    state_turns(e, r, YES, date, cause);
    e->s.row[r].again = date;
    e->s.row[r].again_cause = cause;
    if (state_of(e, r)->end != 0) {
        if (e->s.row[r].cell == 0)
            e->s.row[r].cell = cell_new(e, CELL_END, r);
        cell_queue(e, e->s.row[r].cell);
    }
}

void
state_end(struct engine *e, row_id r, int64_t date, uint32_t cause)
{
    struct rec *rec = &e->s.row[r];
    int64_t again = rec->again;
    uint32_t again_cause = rec->again_cause;

    if (rec->value != YES || date < rec->since)
        return;
    state_turns(e, r, NO, date, cause);
    if (again > date)
        state_begin(e, r, again, again_cause);
}

struct effect { /* a listener that fits, and what it bound on the state before */
    const struct listener *l;
    const struct support *by; /* what shows its moment, when that is no event */
    int64_t frame[FRAME_MAX];
};

/* What another state's edge or a fact's change began or ended: what showed that is kept with the row, for
 * nothing of it may be left when the row is proven. */
static void
keep_turn(struct engine *e, row_id r, const struct support *by)
{
    proof_free(e, e->s.row[r].extra);
    e->s.row[r].extra = by == NULL ? 0 : proof_keep(e, by);
}

/* A planned state that an `until` cancels until its time is set anew. */
static void
planned_cancelled(struct engine *e, row_id r, const struct effect *f, int64_t date, uint32_t cause)
{
    e->s.row[r].again = date;
    e->s.row[r].again_cause = cause;
    keep_turn(e, r, f->by);
    cell_queue(e, e->s.row[r].cell);
}

static void
state_until(struct engine *e, row_id r, const struct effect *f, int64_t date, uint32_t cause)
{
    bool on = e->s.row[r].value == YES;

    if (state_of(e, r)->type == ST_PLANNED) {
        planned_cancelled(e, r, f, date, cause);
        return;
    }
    state_end(e, r, date, cause);
    if (on && e->s.row[r].value == NO)
        keep_turn(e, r, f->by);
}

/* Every row that fits the arguments the moment names. */
static void
state_until_all(struct engine *e, const struct effect *f, int64_t date, uint32_t cause)
{
    const struct state *st = &e->p->states[f->l->ref];
    const struct moment *m = &e->p->moments[f->l->moment];
    uint32_t arg[ARITY_MAX];
    row_id r, next;
    bucket_id b;

    args_of_frame(f->frame, st->nparams, arg);
    if (m->index == UINT8_MAX) {
        r = row_find(&e->s, st->relation, arg);
        if (r != 0)
            state_until(e, r, f, date, cause);
        return;
    }
    b = bucket_find(&e->s, st->relation, m->index, arg);
    for (r = bucket_next(&e->s, b, m->index, 0); r != 0; r = next) {
        next = bucket_next(&e->s, b, m->index, r);
        state_until(e, r, f, date, cause);
    }
}

/* A while-state's or a planned state's row. */
void
state_works(struct engine *e, cell_id c)
{
    row_id r = e->cell[c].ref;
    const struct state *st = state_of(e, r);
    int64_t frame[FRAME_MAX];
    struct ctx ctx;
    enum tri v;
    uint32_t arg[ARITY_MAX];

    memcpy(arg, e->s.row[r].arg, sizeof arg);
    blank(frame);
    for (uint8_t i = 0; i < st->nparams; i++)
        frame[i] = arg[i];
    ctx = cell_begin(e, c, frame);
    if (st->type == ST_WHILE) {
        v = eval(&ctx, st->cond);
    } else { /* worked out afresh, as if it had no cell */
        e->s.row[r].cell = 0;
        ctx.depth = 1;
        v = state_now(&ctx, e->p->relations[e->s.row[r].relation].ref, arg);
        e->s.row[r].cell = c;
    }
    cell_end(e, c, &ctx, ctx.wake);
    if (v != (enum tri)e->s.row[r].value && st->type == ST_WHILE)
        while_turns(e, r, v, ctx.date == LONG_AGO ? e->due : ctx.date, (uint32_t)e->place);
    else if (v != (enum tri)e->s.row[r].value)
        state_turns(e, r, v, ctx.date == LONG_AGO ? e->due : ctx.date, (uint32_t)e->place);
    if (v == NO && !instance_needed(e, e->s.row[r].relation, arg)) {
        e->s.row[r].cell = 0;
        cell_free(e, c);
        row_drop(&e->s, r);
    }
}

/* An event-bounded state with a planned end. */
void
state_end_works(struct engine *e, cell_id c)
{
    row_id r = e->cell[c].ref;
    const struct state *st = state_of(e, r);
    int64_t frame[FRAME_MAX], end;
    struct ctx ctx;

    blank(frame);
    for (uint8_t i = 0; i < st->nparams; i++)
        frame[i] = e->s.row[r].arg[i];
    ctx = cell_begin(e, c, frame);
    end = e->s.row[r].value == YES ? one_value(&ctx, st->end) : UNSET;
    cell_end(e, c, &ctx, end == UNSET || end < e->now ? FOREVER : end);
    if (end == UNSET || end >= e->now)
        return;
    ctx = ctx_proving(e, frame, e->spare);
    support_reset(e->spare);
    (void)eval_value(&ctx, st->end);
    state_end(e, r, end > e->s.row[r].since ? end : e->s.row[r].since, (uint32_t)e->place);
    if (e->s.row[r].value == NO)
        keep_turn(e, r, e->spare);
}

void
cover_works(struct engine *e, cell_id c)
{
    row_id r = e->cell[c].ref;
    uint32_t arg[ARITY_MAX];
    int64_t frame[FRAME_MAX];
    struct ctx ctx;
    enum tri v;

    memcpy(arg, e->s.row[r].arg, sizeof arg);
    blank(frame);
    ctx = cell_begin(e, c, frame);
    v = cover_eval(&ctx, e->p->relations[e->s.row[r].relation].ref, arg);
    cell_end(e, c, &ctx, ctx.wake);
    if (v != (enum tri)e->s.row[r].value || !e->s.row[r].known)
        row_turns(e, r, v, ctx.date == LONG_AGO ? e->due : ctx.date, (uint32_t)e->place);
}

/* facts ---------------------------------------------------------------------------------------- */

static void
fact_set(struct engine *e, uint32_t fact, const int64_t *frame, int64_t date, uint32_t cause)
{
    const struct fact *f = &e->p->facts[fact];
    int64_t v = frame[f->nparams], old;
    uint32_t arg[ARITY_MAX];
    bool was;
    row_id r;

    args_of_frame(frame, f->nparams, arg);
    r = row_make(&e->s, f->relation, arg);
    if (r == 0 || (e->s.row[r].known && date < e->s.row[r].since))
        return; /* older than the value it has */
    was = e->s.row[r].known;
    old = e->s.row[r].value;
    e->s.row[r].known = true;
    e->s.row[r].value = v;
    e->s.row[r].since = date;
    e->s.row[r].cause = cause;
    stamp_add(&e->s, r, date, v, cause, CHANGES_KEPT, INT64_MIN);
    if (v != UNSET)
        row_appears(e, r);
    else
        row_vanishes(e, r);
    row_changed(e, r);
    if (v != old || !was)
        edge_happens(e, r, M_CHANGES, date, cause);
}

/* past events ---------------------------------------------------------------------------------- */

static bool
site_takes(struct engine *e, const struct site *site, const int64_t *field, uint32_t *arg)
{
    for (uint32_t i = 0; i < site->filters.n; i++) {
        const struct arg *a = &e->p->args[site->filters.at + i];

        if (field[a->param] != e->p->exs[a->ex].k)
            return false;
    }
    memset(arg, 0, ARITY_MAX * sizeof *arg);
    for (uint8_t i = 0; i < site->nkeys; i++) {
        if (field[site->key[i]] == UNSET)
            return false;
        arg[i] = (uint32_t)field[site->key[i]];
    }
    return true;
}

enum { SWEEP = 4 };

/* Rows beside this one that have nothing young enough any more go, a few at a time. */
static void
site_sweep(struct engine *e, const struct site *site, row_id beside)
{
    const struct relation *rel = &e->p->relations[site->relation];
    int64_t oldest = e->now - site->age;

    for (uint8_t i = 0; i < rel->nindex; i++) {
        bucket_id b = e->s.row[beside].links == 0 ? 0 : e->s.link[e->s.row[beside].links + i].bucket;
        row_id r = bucket_next(&e->s, b, i, 0), next;

        for (unsigned looked = 0; r != 0 && r != beside && looked < SWEEP; r = next, looked++) {
            next = bucket_next(&e->s, b, i, r);
            if (e->s.stamp[e->s.row[r].stamps].at >= oldest)
                continue; /* rows were put at the end when they appeared, not when they were last stamped */
            stamps_clear(&e->s, r);
            row_vanishes(e, r);
            row_changed(e, r);
            row_drop(&e->s, r);
        }
    }
}

static void
site_keep(struct engine *e, uint32_t at, const int64_t *field, const struct entry *entry, int64_t date)
{
    const struct site *site = &e->p->sites[at];
    uint32_t arg[ARITY_MAX];
    int64_t v = site->value == UINT8_MAX ? 0 : field[site->value];
    row_id r;

    if (!site_takes(e, site, field, arg) || v == UNSET)
        return;
    r = row_make(&e->s, site->relation, arg);
    if (r == 0)
        return;
    stamp_add(&e->s, r, date, v, (uint32_t)entry->place, site->newest, e->now - site->age);
    if (e->s.row[r].stamps == 0)
        return;
    e->s.row[r].known = false;
    if (e->s.row[r].present)
        spark_all(e, r); /* an instance that was given up may be wanted again */
    else
        row_appears(e, r);
    row_changed(e, r);
    site_sweep(e, site, r);
}

/* lives ---------------------------------------------------------------------------------------- */

static bool
has_timed_steps(const struct program *p, uint32_t life)
{
    for (uint32_t i = 0; i < p->lives[life].rules.n; i++)
        if (p->moments[p->life_rules[p->lives[life].rules.at + i].moment].type == M_TIME)
            return true;
    return false;
}

/* The thing goes to a stage. */
static void
life_goes(struct engine *e, row_id r, uint32_t stage, int64_t date, uint32_t cause, bool by_event)
{
    uint32_t life = e->p->relations[e->s.row[r].relation].ref;
    bool same = e->s.row[r].known && (uint32_t)e->s.row[r].value == stage;

    e->s.row[r].known = true;
    e->s.row[r].value = stage;
    if (!same)
        e->s.row[r].since = date;
    e->s.row[r].cause = cause;
    stamp_add(&e->s, r, date, (int64_t)stage * 2 + (by_event ? STEP_BY_EVENT : 0), cause, CHANGES_KEPT, INT64_MIN);
    if (by_event) {
        e->s.row[r].again = date;
        e->s.row[r].again_cause = cause;
    }
    if (same)
        return;
    if (e->s.row[r].present)
        spark_all(e, r);
    else
        row_appears(e, r);
    row_changed(e, r);
    gate_lives(e, life, r);
    if (has_timed_steps(e->p, life)) {
        if (e->s.row[r].cell == 0)
            e->s.row[r].cell = cell_new(e, CELL_LIFE, r);
        cell_queue(e, e->s.row[r].cell);
    }
}

/* A step by an event or a change; the stage it stood at, when the life does not allow it: irregular. */
uint32_t
life_step(struct engine *e, row_id r, uint32_t rule, int64_t date, uint32_t cause)
{
    uint32_t stage = (uint32_t)e->s.row[r].value, life = e->p->relations[e->s.row[r].relation].ref;
    const struct life_rule *first = &e->p->life_rules[rule], *found = NULL;
    uint32_t kind = e->p->moments[first->moment].pattern.kind;

    for (uint32_t i = 0; i < e->p->lives[life].rules.n && found == NULL; i++) {
        const struct life_rule *l = &e->p->life_rules[e->p->lives[life].rules.at + i];
        const struct moment *m = &e->p->moments[l->moment];

        if (m->type == e->p->moments[first->moment].type && m->pattern.kind == kind && (l->from & (UINT64_C(1) << stage)) != 0)
            found = l;
    }
    life_goes(e, r, found != NULL ? found->to : first->to, date, cause, true);
    return found != NULL ? NO_ID : stage;
}

void
life_works(struct engine *e, cell_id c)
{
    row_id r = e->cell[c].ref;
    uint32_t life = e->p->relations[e->s.row[r].relation].ref;
    int64_t frame[FRAME_MAX], due = UNSET, wake = FOREVER;
    struct ctx ctx;
    uint32_t to = 0;

    blank(frame);
    ctx = cell_begin(e, c, frame);
    for (uint32_t i = 0; i < e->p->lives[life].rules.n && due == UNSET; i++) {
        const struct life_rule *l = &e->p->life_rules[e->p->lives[life].rules.at + i];
        const struct moment *m = &e->p->moments[l->moment];
        int64_t t;

        if (m->type != M_TIME || (l->from & (UINT64_C(1) << e->s.row[r].value)) == 0)
            continue;
        frame[l->slot] = e->s.row[r].arg[0];
        t = one_value(&ctx, m->time);
        if (t == UNSET)
            continue;
        if (t < e->now) {
            due = t;
            to = l->to;
        } else if (t < wake) {
            wake = t;
        }
    }
    cell_end(e, c, &ctx, due == UNSET ? wake : FOREVER);
    if (due != UNSET)
        life_goes(e, r, to, due > e->s.row[r].since ? due : e->s.row[r].since, (uint32_t)e->place, false);
}

/* One event is one step for each life that names it: the first rule of the kind that fits its fields. */
static void
life_hears(struct engine *e, uint32_t life, uint32_t rule, const int64_t *field, const struct entry *entry, int64_t date)
{
    const struct life_rule *l = &e->p->life_rules[rule];
    int64_t frame[FRAME_MAX];
    uint32_t arg[ARITY_MAX] = {0}, stage;
    struct out out = {.type = OUT_IRREGULAR, .at = e->now, .entry = entry, .life = life};
    row_id r;

    blank(frame);
    if (!moment_fits(e, &e->p->moments[l->moment], field, frame) || frame[l->slot] == UNSET)
        return;
    arg[0] = (uint32_t)frame[l->slot];
    r = row_make(&e->s, e->p->lives[life].relation, arg);
    if (r == 0 || (e->s.row[r].again_cause == entry->place && e->s.row[r].again != UNSET))
        return; /* this entry has moved it already, by an earlier rule */
    stage = life_step(e, r, rule, date, (uint32_t)entry->place);
    if (stage == NO_ID || e->p->kinds[entry->kind].cls != CLASS_OBSERVATION)
        return;
    out.stage = stage;
    e->sink(e->context, &out);
}

/* effects -------------------------------------------------------------------------------------- */

enum { EFFECTS_MAX = 256 };

/* Which listeners fit is decided for all of them before the first takes effect. */
static uint32_t
gather_effects(struct engine *e, const struct entry *entry, const int64_t *field, struct effect *list)
{
    struct span span = e->p->kinds[entry->kind].listeners;
    uint32_t n = 0;

    for (uint32_t i = 0; i < span.n; i++) {
        const struct listener *l = &e->p->listeners[span.at + i];

        if (l->what != L_STATE_FROM && l->what != L_STATE_UNTIL && l->what != L_FACT)
            continue;
        ENSURE(n < EFFECTS_MAX);
        list[n].by = NULL;
        blank(list[n].frame);
        if (!moment_fits(e, &e->p->moments[l->moment], field, list[n].frame))
            continue;
        list[n++].l = l;
    }
    return n;
}

static void
take_effect(struct engine *e, const struct effect *f, int64_t date, uint32_t cause)
{
    const struct listener *l = f->l;
    uint32_t arg[ARITY_MAX];
    enum tri was;
    row_id r;

    switch ((enum listener_type)l->what) {
    case L_FACT:
        if (all_set(f->frame, e->p->facts[l->ref].nparams))
            fact_set(e, l->ref, f->frame, date, cause);
        return;
    case L_STATE_UNTIL:
        state_until_all(e, f, date, cause);
        return;
    case L_STATE_FROM:
        if (!all_set(f->frame, e->p->states[l->ref].nparams))
            return;
        args_of_frame(f->frame, e->p->states[l->ref].nparams, arg);
        r = row_make(&e->s, e->p->states[l->ref].relation, arg);
        was = (enum tri)e->s.row[r].value;
        state_begin(e, r, date, cause);
        if (was == NO && e->s.row[r].value == YES)
            keep_turn(e, r, f->by);
        return;
    default:
        return;
    }
}

void
effects(struct engine *e, const struct entry *entry)
{
    struct span span = e->p->kinds[entry->kind].listeners;
    int64_t field[PARAMS_MAX + 1], date = entry->at < entry->known ? entry->at : entry->known;
    struct effect list[EFFECTS_MAX];
    uint32_t n;

    entry_fields(e, entry, field);
    n = gather_effects(e, entry, field, list);
    for (uint32_t i = 0; i < span.n; i++) {
        const struct listener *l = &e->p->listeners[span.at + i];

        if (l->what == L_GATE_COMMAND || l->what == L_GATE_USED || l->what == L_GATE_OVERRIDE)
            gate_hears(e, l, field, entry);
    }
    for (uint32_t i = 0; i < n; i++)
        take_effect(e, &list[i], date, (uint32_t)entry->place);
    for (uint32_t i = 0; i < span.n; i++) {
        const struct listener *l = &e->p->listeners[span.at + i];

        if (l->what == L_LIFE)
            life_hears(e, l->ref, l->moment, field, entry, date);
        else if (l->what == L_SITE)
            site_keep(e, l->ref, field, entry, date);
    }
}

/* A state began or ended, or a fact changed, and this definition listens. */
void
listener_hears(struct engine *e, const struct happening *h)
{
    const struct listener *l = &e->p->listeners[h->listener];
    const struct moment *m = &e->p->moments[l->what == L_LIFE ? e->p->life_rules[l->moment].moment : l->moment];
    int64_t field[PARAMS_MAX + 1], frame[FRAME_MAX];
    struct effect f = {.l = l};

    if (l->what == L_SENTENCE) {
        sentence_happens(e, l->ref, h);
        return;
    }
    for (uint8_t i = 0; i < ARITY_MAX; i++)
        field[i] = h->arg[i];
    blank(frame);
    if (!moment_fits(e, m, field, frame))
        return;
    memcpy(f.frame, frame, sizeof frame);
    support_reset(e->spare);
    prove_happening(e, m, h, e->spare);
    f.by = e->spare;
    if (l->what == L_LIFE) {
        uint32_t arg[ARITY_MAX] = {(uint32_t)frame[e->p->life_rules[l->moment].slot]};
        row_id r = row_make(&e->s, e->p->lives[l->ref].relation, arg);

        if (r != 0 && (e->p->life_rules[l->moment].from & (UINT64_C(1) << e->s.row[r].value)) != 0)
            life_goes(e, r, e->p->life_rules[l->moment].to, h->date, h->cause, true);
        return;
    }
    take_effect(e, &f, h->date, h->cause);
}
