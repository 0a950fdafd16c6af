/* SPDX-License-Identifier: Apache-2.0 */
/* eval.c -- conditions and values as they stand now, in strong three-valued logic.
 *
 * One evaluator, three uses. It looks (a door, a `where`); it works a cell out, and then notes what it
 * read (edges) and until when that stays so (wake); it proves, and then gathers the entries and
 * claims that decide (support). A conjunction that fails keeps only what made it fail, a disjunction
 * that holds only what made it hold. `date` is when the present answer came about. */
#include "engine/inner.h"

struct ctx
ctx_plain(struct engine *e, int64_t *frame)
{
    return (struct ctx){.e = e, .frame = frame, .now = e->now, .upto = e->now, .stamp = e->now, .date = LONG_AGO, .wake = FOREVER,
                        .back = FOREVER, .set_at = LONG_AGO};
}

struct ctx
ctx_proving(struct engine *e, int64_t *frame, struct support *sup)
{
    struct ctx c = ctx_plain(e, frame);

    c.sup = sup;
    return c;
}

/* As it was just before a date: rows that changed since are seen as they were. */
struct ctx
ctx_before(struct engine *e, int64_t *frame, struct support *sup, int64_t date)
{
    struct ctx c = ctx_proving(e, frame, sup);

    c.before = true;
    c.now = date;
    c.upto = date - 1;
    return c;
}

/* An event-bounded row as this context sees it. */
struct seen {
    enum tri value;
    bool known;   /* it has had a value; `since` and `cause` say from when and by what */
    bool claimed; /* it had none then, and how long not is not kept */
    int64_t since;
    uint32_t cause;
};

static struct seen
see(const struct ctx *c, const struct rec *rec)
{
    if (rec == NULL || !rec->known)
        return (struct seen){.value = NO};
    if (!c->before || rec->since < c->now)
        return (struct seen){.value = (enum tri)rec->value, .known = true, .since = rec->since, .cause = rec->cause};
    if (rec->value == NO && rec->again != UNSET && rec->again < c->now) /* it has ended since */
        return (struct seen){.value = YES, .known = true, .since = rec->again, .cause = rec->again_cause};
    return (struct seen){.value = NO, .claimed = true};
}

void
read_row(struct ctx *c, row_id r)
{
    if (c->cell != 0 && r != 0)
        c->edges = edge_add(&c->e->s, c->cell, EDGE_ROW, r, c->edges);
}

static void prove_go(struct ctx *c, uint32_t state, const uint32_t *arg, const struct rec *rec, struct seen seen);

/* claims --------------------------------------------------------------------------------------- */

static void
claim_field(struct claim *claim, uint8_t param, int64_t value)
{
    if (claim->n == ARITY_MAX)
        return; /* a claim that says less of where claims more: still true or refused, never weaker */
    claim->param[claim->n] = param;
    claim->value[claim->n++] = value;
}

/* The known arguments of a pattern, as a claim's `where`. */
static void
claim_where(struct ctx *c, struct claim *claim, const struct pattern *pat, const int64_t *frame)
{
    const struct program *p = c->e->p;

    for (uint32_t i = 0; i < pat->nargs; i++) {
        const struct arg *a = &p->args[pat->args + i];
        int64_t v = UNSET;

        if (a->mode == ARG_BIND)
            v = frame[a->slot];
        else if (p->exs[a->ex].op == X_CONST)
            v = p->exs[a->ex].k;
        else if (p->exs[a->ex].op == X_SLOT)
            v = frame[p->exs[a->ex].a];
        if (v != UNSET)
            claim_field(claim, a->param, v);
    }
}

void
claim_absent(struct ctx *c, const struct pattern *pat, const int64_t *frame, uint32_t moment,
             int64_t from, int64_t to)
{
    struct claim claim = {.type = CLAIM_EVENT, .ref = pat->kind, .moment = moment, .from = from, .to = to};

    if (c->sup == NULL)
        return;
    if (moment != NO_ID && c->e->p->moments[moment].where == 0)
        claim.moment = NO_ID;
    claim_where(c, &claim, pat, frame);
    support_claim(c->sup, &claim);
}

void
claim_state(struct ctx *c, uint32_t state, const uint32_t *arg, uint8_t mask, int64_t from, int64_t to)
{
    struct claim claim = {.type = CLAIM_STATE, .ref = state, .moment = NO_ID, .from = from, .to = to};

    if (c->sup == NULL)
        return;
    for (uint8_t i = 0; i < c->e->p->states[state].nparams; i++)
        if ((mask & (1u << i)) != 0)
            claim_field(&claim, i, arg[i]);
    support_claim(c->sup, &claim);
}

/* states --------------------------------------------------------------------------------------- */

static void
state_frame(const struct state *st, const uint32_t *arg, int64_t *frame)
{
    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = i < st->nparams ? (int64_t)arg[i] : UNSET;
}

/* X has neither begun nor ended since: it holds and did then, or it has not held. */
static void
prove_no_edge(struct ctx *c, const struct moment *m, const int64_t *frame, int64_t from)
{
    uint32_t arg[ARITY_MAX] = {0};
    uint8_t mask = 0, all = (uint8_t)((1u << c->e->p->states[m->ref].nparams) - 1);
    const struct program *p = c->e->p;
    struct support_mark here = support_mark(c->sup);

    for (uint32_t i = 0; i < m->pattern.nargs; i++) {
        const struct arg *a = &p->args[m->pattern.args + i];
        int64_t v = a->mode == ARG_BIND ? frame[a->slot] : p->exs[a->ex].op == X_CONST ? p->exs[a->ex].k : UNSET;

        if (v == UNSET)
            continue;
        arg[a->param] = (uint32_t)v;
        mask |= (uint8_t)(1u << a->param);
    }
    if (mask == all && state_now(c, m->ref, arg) == YES)
        return;
    support_cut(c->sup, here);
    claim_state(c, m->ref, arg, mask, from, c->upto);
}

static void
prove_fact_same(struct ctx *c, uint32_t fact, const int64_t *frame, int64_t from)
{
    const struct fact *f = &c->e->p->facts[fact];

    for (uint32_t i = 0; i < f->from.n; i++)
        claim_absent(c, &c->e->p->moments[f->from.at + i].pattern, frame, f->from.at + i, from, c->upto);
}

/* None of these moments has come since `from`. */
static void
prove_none(struct ctx *c, struct span moments, const int64_t *frame, int64_t from)
{
    for (uint32_t i = 0; i < moments.n && c->sup != NULL; i++) {
        const struct moment *m = &c->e->p->moments[moments.at + i];

        if (m->type == M_EVENT)
            claim_absent(c, &m->pattern, frame, moments.at + i, from, c->upto);
        else if (m->type == M_BEGINS || m->type == M_ENDS)
            prove_no_edge(c, m, frame, from);
    }
}

static bool
all_events(const struct program *p, struct span moments)
{
    for (uint32_t i = 0; i < moments.n; i++)
        if (p->moments[moments.at + i].type != M_EVENT)
            return false;
    return true;
}

/* An event-bounded state: its first event and no end since, or no beginning since its end. What another
 * state's beginning began was proven then, and kept with the row. */
static void
prove_events(struct ctx *c, uint32_t state, const uint32_t *arg, const struct rec *rec, struct seen seen)
{
    const struct state *st = &c->e->p->states[state];
    int64_t frame[FRAME_MAX], *was = c->frame;

    state_frame(st, arg, frame);
    if (seen.value == YES) {
        if (rec->extra != 0 && rec->value == YES)
            proof_add(c->e, rec->extra, c->sup);
        else
            support_entry(c->sup, seen.cause);
        prove_none(c, st->until, frame, seen.since);
        c->frame = frame;
        if (st->end != 0)
            (void)eval_value(c, st->end);
        c->frame = was;
        return;
    }
    if (seen.claimed) {
        claim_state(c, state, arg, UINT8_MAX, c->upto, c->upto);
        return;
    }
    if (seen.known && rec->extra != 0)
        proof_add(c->e, rec->extra, c->sup);
    else if (seen.known)
        support_entry(c->sup, seen.cause);
    if (seen.known || all_events(c->e->p, st->from))
        prove_none(c, st->from, frame, seen.known ? seen.since : c->e->opened_at);
    else
        claim_state(c, state, arg, UINT8_MAX, c->e->opened_at, c->upto);
}

static void
prove_sun(struct ctx *c, uint32_t state, struct seen seen)
{
    uint32_t none[ARITY_MAX] = {0};
    int64_t from = seen.known ? seen.since : c->e->opened_at, which = 0;
    const struct program *p = c->e->p;

    for (uint32_t i = 0; i < state; i++)
        which += p->states[i].type == ST_SUN;
    if (seen.claimed) {
        claim_state(c, state, none, UINT8_MAX, c->upto, c->upto);
        return;
    }
    if (seen.known)
        support_entry(c->sup, seen.cause);
    for (uint32_t k = KIND_SUN_UP; k <= KIND_SUN_DOWN; k++) {
        struct claim claim = {.type = CLAIM_EVENT, .ref = k, .moment = NO_ID, .from = from, .to = c->upto};

        claim_field(&claim, 0, which);
        support_claim(c->sup, &claim);
    }
}

/* A planned state is where its times say, unless an `until` has cancelled it. */
static enum tri
planned_now(struct ctx *c, uint32_t state, const uint32_t *arg, const struct rec *rec)
{
    const struct state *st = &c->e->p->states[state];
    int64_t frame[FRAME_MAX], *was = c->frame, start, end = UNSET, set_at;
    enum tri v;

    state_frame(st, arg, frame);
    c->frame = frame;
    c->set_by = 0;
    c->set_at = LONG_AGO;
    start = one_value(c, st->start);
    set_at = c->set_at;
    if (rec != NULL && rec->again_cause != 0 && rec->again_cause >= c->set_by && !(c->before && rec->again >= c->now)) {
        c->frame = was; /* cancelled since it was planned */
        dated(c, rec->again);
        if (c->sup != NULL && rec->extra != 0)
            proof_add(c->e, rec->extra, c->sup);
        else if (c->sup != NULL)
            support_entry(c->sup, rec->again_cause);
        return NO;
    }
    if (start == UNSET) {
        c->frame = was;
        return NO; /* with no planned time the state is false */
    }
    if (c->now <= start) {
        wakes(c, start);
        c->frame = was;
        return NO;
    }
    dated(c, start);
    if (st->end != 0) {
        end = one_value(c, st->end);
        if (end != UNSET && c->now > end)
            dated(c, end);
        else if (end != UNSET)
            wakes(c, end);
    }
    c->frame = was;
    v = end != UNSET && c->now > end ? NO : YES;
    if (v == YES && c->sup != NULL && rec != NULL)
        prove_none(c, st->until, frame, set_at);
    return v;
}

static enum tri
while_now(struct ctx *c, uint32_t state, const uint32_t *arg)
{
    const struct state *st = &c->e->p->states[state];
    int64_t frame[FRAME_MAX], *was = c->frame;
    enum tri v;

    ENSURE(c->depth < 1024); /* ranks leave no circle */
    state_frame(st, arg, frame);
    c->frame = frame;
    c->depth++;
    v = eval(c, st->cond);
    c->depth--;
    c->frame = was;
    return v;
}

/* What its sources' silence leaves of a state's value. */
static enum tri
state_covered(struct ctx *c, const struct state *st, const uint32_t *arg, enum tri v)
{
    for (uint32_t i = 0; i < st->covers.n; i++) {
        const struct covered *cov = &c->e->p->covereds[st->covers.at + i];
        uint32_t key[ARITY_MAX] = {0};
        bool known = true;

        for (uint8_t k = 0; k < cov->nargs; k++) {
            if (cov->arg[k] == UINT8_MAX)
                known = false;
            else
                key[k] = arg[cov->arg[k]];
        }
        if (covered(c, cov->kind, key, known) != YES)
            v = UNSURE;
    }
    return v;
}

enum tri
state_now(struct ctx *c, uint32_t state, const uint32_t *arg)
{
    struct store *s = &c->e->s;
    const struct state *st = &c->e->p->states[state];
    row_id r = row_find(s, st->relation, arg);
    const struct rec *rec;
    struct seen seen;

    if (c->cell != 0 && (r != 0 || st->type != ST_WHILE)) {
        if (r == 0)
            r = row_make(s, st->relation, arg);
        read_row(c, r);
    }
    rec = r == 0 ? NULL : &s->row[r];
    if (st->type == ST_WHILE) {
        if (rec == NULL || rec->cell == 0 || c->sup != NULL)
            return while_now(c, state, arg);
        dated(c, rec->since);
        return (enum tri)rec->value;
    }
    if (st->type == ST_PLANNED && (rec == NULL || rec->cell == 0 || c->sup != NULL))
        return planned_now(c, state, arg, rec);
    seen = see(c, rec);
    if (seen.known)
        dated(c, seen.since);
    if (c->sup != NULL) {
        if (st->type == ST_GO)
            prove_go(c, state, arg, rec, seen);
        else if (st->type == ST_SUN)
            prove_sun(c, state, seen);
        else
            prove_events(c, state, arg, rec, seen);
    }
    return state_covered(c, st, arg, seen.value);
}

/* An atom with an argument left out: some row that fits. */
static enum tri
state_any(struct ctx *c, const struct ex *x, const uint32_t *arg, uint8_t mask)
{
    struct store *s = &c->e->s;
    const struct state *st = &c->e->p->states[x->a];
    uint8_t index = (uint8_t)(x->d - 1);
    bucket_id b = bucket_find(s, st->relation, index, arg);
    struct support_mark m = {0, 0};
    enum tri v = NO;

    if (c->cell != 0) {
        b = bucket_make(s, st->relation, index, arg);
        if (b != 0)
            c->edges = edge_add(s, c->cell, EDGE_BUCKET, b, c->edges);
    }
    if (c->sup != NULL)
        m = support_mark(c->sup);
    claim_state(c, x->a, arg, mask, since_back(c), c->upto);
    for (row_id r = bucket_next(s, b, index, 0); r != 0; r = bucket_next(s, b, index, r)) {
        struct support_mark here = c->sup == NULL ? m : support_mark(c->sup);
        enum tri one = state_now(c, x->a, s->row[r].arg);

        if (one == YES) {
            if (c->sup != NULL)
                support_move(c->sup, m, here);
            return YES;
        }
        if (one == UNSURE)
            v = UNSURE;
    }
    return v;
}

/* The values of an atom's arguments; false when one is not known. Left out ones are not in the mask. */
static bool
known_args(struct ctx *c, const struct ex *x, uint32_t *arg, uint8_t *ret_mask)
{
    *ret_mask = 0;
    for (uint32_t i = 0; i < x->nargs; i++) {
        ex_id kid = c->e->p->kids[x->args + i];
        int64_t v;

        arg[i] = 0;
        if (kid == 0)
            continue;
        v = one_value(c, kid);
        if (v == UNSET)
            return false;
        arg[i] = (uint32_t)v;
        *ret_mask |= (uint8_t)(1u << i);
    }
    return true;
}

static enum tri
eval_state(struct ctx *c, const struct ex *x)
{
    uint32_t arg[ARITY_MAX];
    uint8_t mask;

    if (!known_args(c, x, arg, &mask))
        return UNSURE;
    if (x->d != 0)
        return state_any(c, x, arg, mask);
    return state_now(c, x->a, arg);
}

static enum tri
eval_held(struct ctx *c, const struct ex *x)
{
    uint32_t arg[ARITY_MAX];
    uint8_t mask;
    const struct state *st = &c->e->p->states[x->a];
    int64_t d, date = c->date, since;
    row_id r;
    enum tri v;

    if (x->d != 0 || !known_args(c, x, arg, &mask) || (d = one_value(c, x->b)) == UNSET)
        return UNSURE;
    date = c->date;
    v = state_now(c, x->a, arg);
    if (v != YES)
        return v;
    r = row_find(&c->e->s, st->relation, arg);
    if (r == 0)
        return UNSURE;
    if (st->type == ST_WHILE || st->type == ST_PLANNED)
        since = c->e->s.row[r].since;
    else
        since = see(c, &c->e->s.row[r]).since;
    if (c->before && since >= c->now)
        return UNSURE; /* the episode that held then is not kept */
    c->date = date;
    if (c->now > since + d) {
        dated(c, since + d);
        return YES;
    }
    dated(c, since);
    wakes(c, since + d);
    claim_state(c, x->a, arg, UINT8_MAX, since - 1, since - 1);
    return NO;
}

/* lives and facts ------------------------------------------------------------------------------ */

/* A life's or a fact's row keeps its last changes as stamps: the newest that this context sees. */
static const struct stamp *
last_change(const struct ctx *c, const struct rec *rec, bool by_event)
{
    const struct store *s = &c->e->s;

    for (uint32_t i = rec == NULL ? 0 : rec->stamps; i != 0; i = s->stamp[i].next)
        if ((!c->before || s->stamp[i].at < c->now) && (!by_event || (s->stamp[i].value & STEP_BY_EVENT) != 0))
            return &s->stamp[i];
    return NULL;
}

/* Changes older than those that are kept are not known. */
static bool
change_lost(const struct ctx *c, const struct rec *rec)
{
    return c->before && rec != NULL && rec->nstamps == CHANGES_KEPT && last_change(c, rec, false) == NULL;
}

/* The last event that moved the thing, and that none came since; the planned steps after it. */
static void
prove_life(struct ctx *c, uint32_t life, uint32_t thing, const struct rec *rec)
{
    const struct program *p = c->e->p;
    const struct life *l = &p->lives[life];
    const struct stamp *step = last_change(c, rec, true), *newest = last_change(c, rec, false);
    int64_t from = step == NULL ? c->e->opened_at : step->at;
    uint32_t stage = newest == NULL ? 0 : (uint32_t)(newest->value >> 1);

    if (step != NULL)
        support_entry(c->sup, step->entry);
    for (uint32_t i = 0; i < l->rules.n; i++) {
        const struct life_rule *rule = &p->life_rules[l->rules.at + i];
        const struct moment *m = &p->moments[rule->moment];
        int64_t frame[FRAME_MAX], *was = c->frame;

        for (uint8_t k = 0; k < FRAME_MAX; k++)
            frame[k] = UNSET;
        frame[rule->slot] = thing;
        if (m->type == M_EVENT) {
            claim_absent(c, &m->pattern, frame, rule->moment, from, c->upto);
        } else if (m->type == M_TIME && ((rule->from & (UINT64_C(1) << stage)) != 0 || (rule->to == stage && newest != step))) {
            c->frame = frame; /* a step that is still to come, or the one that brought it here */
            (void)eval_value(c, m->time);
            c->frame = was;
        }
    }
}

static const struct rec *
life_rec(struct engine *e, uint32_t life, uint32_t thing)
{
    uint32_t arg[ARITY_MAX] = {thing};
    row_id r = row_find(&e->s, e->p->lives[life].relation, arg);

    return r == 0 ? NULL : &e->s.row[r];
}

static void
prove_go(struct ctx *c, uint32_t state, const uint32_t *arg, const struct rec *rec, struct seen seen)
{
    const struct gate *g = &c->e->p->gates[c->e->p->states[state].gate];
    int64_t frame[FRAME_MAX], from = c->now - g->lapses;

    state_frame(&c->e->p->states[state], arg, frame);
    if (seen.value == YES) {
        support_entry(c->sup, seen.cause);
        if (g->has_used)
            claim_absent(c, &g->used, frame, NO_ID, seen.since, c->upto);
        if (rec->extra != 0 && g->life != NO_ID) { /* an override stands whatever the limbs are, but not past the life */
            prove_life(c, g->life, arg[0], life_rec(c->e, g->life, arg[0]));
        } else if (rec->extra == 0) {
            struct claim claim = {.type = CLAIM_GATE, .ref = c->e->p->states[state].gate, .moment = NO_ID,
                                  .from = seen.since, .to = c->upto};

            for (uint8_t i = 0; i < g->nparams; i++)
                claim_field(&claim, i, arg[i]);
            support_claim(c->sup, &claim);
        }
        return;
    }
    if (seen.claimed || (seen.known && rec->again + g->lapses >= c->now)) { /* it ended before its time */
        claim_state(c, state, arg, UINT8_MAX, seen.claimed ? c->upto : seen.since, c->upto);
        return;
    }
    if (from < c->e->opened_at)
        from = c->e->opened_at;
    claim_absent(c, &g->command, frame, NO_ID, from, c->upto);
    if (g->has_override)
        claim_absent(c, &g->override, frame, NO_ID, from, c->upto);
}

static enum tri
eval_stage(struct ctx *c, const struct ex *x)
{
    struct store *s = &c->e->s;
    uint32_t relation = c->e->p->lives[x->a].relation, arg[ARITY_MAX], stage;
    uint8_t mask;
    row_id r;
    const struct rec *rec;
    const struct stamp *step;

    if (!known_args(c, x, arg, &mask))
        return UNSURE;
    r = c->cell != 0 ? row_make(s, relation, arg) : row_find(s, relation, arg);
    read_row(c, r);
    rec = r == 0 ? NULL : &s->row[r];
    if (change_lost(c, rec))
        return UNSURE;
    if (rec != NULL && rec->known)
        dated(c, rec->since);
    if (c->sup != NULL)
        prove_life(c, x->a, arg[0], rec);
    step = c->before ? last_change(c, rec, false) : NULL;
    stage = c->before ? (step == NULL ? 0 : (uint32_t)(step->value >> 1)) : rec == NULL ? 0 : (uint32_t)rec->value;
    return stage == x->b ? YES : NO;
}

/* What the fact was from `back` on: every change since, and the one before; the date of the oldest. */
static int64_t
prove_changes(struct ctx *c, const struct rec *rec, int64_t since)
{
    const struct store *s = &c->e->s;

    for (uint32_t i = rec->stamps; i != 0 && since > c->back; i = s->stamp[i].next) {
        if (s->stamp[i].at >= since)
            continue;
        since = s->stamp[i].at;
        support_entry(c->sup, s->stamp[i].entry);
    }
    return since;
}

int64_t
fact_now(struct ctx *c, uint32_t fact, const uint32_t *arg)
{
    struct store *s = &c->e->s;
    uint32_t relation = c->e->p->facts[fact].relation, cause = 0;
    row_id r = c->cell != 0 ? row_make(s, relation, arg) : row_find(s, relation, arg);
    const struct rec *rec;
    int64_t v = UNSET, since = UNSET;
    bool known;

    read_row(c, r);
    rec = r == 0 ? NULL : &s->row[r];
    known = rec != NULL && rec->known;
    if (known) {
        v = rec->value;
        since = rec->since;
        cause = rec->cause;
    }
    if (known && c->before && since >= c->now) {
        const struct stamp *old = last_change(c, rec, false);

        if (change_lost(c, rec)) {
            c->lost = true;
            return UNSET;
        }
        known = old != NULL;
        v = known ? old->value : UNSET;
        since = known ? old->at : UNSET;
        cause = known ? old->entry : 0;
    }
    if (known) {
        dated(c, since);
        if (cause >= c->set_by) {
            c->set_by = cause;
            c->set_at = since;
        }
    }
    if (c->sup != NULL) {
        int64_t frame[FRAME_MAX];

        for (uint8_t i = 0; i < FRAME_MAX; i++)
            frame[i] = i < c->e->p->facts[fact].nparams ? (int64_t)arg[i] : UNSET;
        if (known) {
            support_entry(c->sup, cause);
            since = prove_changes(c, rec, since);
            if (since < c->set_at)
                c->set_at = since;
        }
        prove_fact_same(c, fact, frame, known ? since : c->e->opened_at);
    }
    return v;
}

static struct iv
eval_fact(struct ctx *c, const struct ex *x)
{
    uint32_t arg[ARITY_MAX];
    uint8_t mask;
    int64_t v = known_args(c, x, arg, &mask) ? fact_now(c, x->a, arg) : UNSET;

    return (struct iv){v, v};
}

/* past events ---------------------------------------------------------------------------------- */

struct window {
    row_id row;
    int64_t from, to; /* ages: from < age <= to; from -1 when there is no lower bound */
    uint32_t arg[ARITY_MAX];
    bool known;
};

static struct window
window_of(struct ctx *c, const struct ex *x)
{
    struct window w = {.from = -1};
    uint32_t relation = c->e->p->sites[x->a].relation;
    uint8_t mask;

    w.known = known_args(c, x, w.arg, &mask);
    if (x->b != 0)
        w.from = one_value(c, x->b);
    w.to = one_value(c, x->c);
    w.known = w.known && w.to != UNSET && w.from != UNSET;
    if (!w.known)
        return w;
    w.row = c->cell != 0 ? row_make(&c->e->s, relation, w.arg) : row_find(&c->e->s, relation, w.arg);
    read_row(c, w.row);
    return w;
}

/* Nothing fits the site's key in the window but what is listed; `others` for joins over the key. */
static void
claim_window(struct ctx *c, const struct ex *x, const struct window *w)
{
    const struct site *site = &c->e->p->sites[x->a];
    int64_t first = c->back < c->now ? c->back + 1 : c->now; /* what is dated takes effect a millisecond later */
    struct claim claim = {.type = CLAIM_EVENT, .ref = site->kind, .moment = NO_ID, .from = first - w->to,
                          .to = w->from < 0 ? c->upto : c->now - w->from - 1};

    if (c->sup == NULL)
        return;
    for (uint32_t i = 0; i < site->filters.n; i++) {
        const struct arg *a = &c->e->p->args[site->filters.at + i];

        claim_field(&claim, a->param, c->e->p->exs[a->ex].k);
    }
    for (uint8_t i = 0; i < site->nkeys; i++)
        claim_field(&claim, site->key[i], w->arg[i]);
    support_claim(c->sup, &claim);
}

static enum tri
site_covered(struct ctx *c, const struct ex *x, const struct window *w, enum tri v)
{
    const struct site *site = &c->e->p->sites[x->a];
    const struct kind *k = &c->e->p->kinds[site->kind];
    uint32_t key[ARITY_MAX] = {0};
    bool known = true;

    if (k->heartbeat == 0 || v == YES)
        return v;
    for (uint8_t f = 0; f < k->ncover; f++) {
        bool found = false;

        for (uint8_t i = 0; i < site->nkeys; i++) {
            if (site->key[i] == k->cover_field[f]) {
                key[f] = w->arg[i];
                found = true;
            }
        }
        known = known && found;
    }
    return covered(c, site->kind, key, known) == YES ? v : UNSURE;
}

/* Stamps in the window, newest first; notes when the first of those counted leaves it, and when the
 * next comes in. */
struct tally {
    uint32_t n;
    int64_t sum, least, greatest;
    int64_t newest, oldest; /* dates of those counted */
};

static struct tally
tally_of(struct ctx *c, const struct window *w, uint32_t enough)
{
    struct store *s = &c->e->s;
    struct tally t = {.least = INT64_MAX, .greatest = INT64_MIN, .newest = LONG_AGO, .oldest = LONG_AGO};
    int64_t coming = FOREVER;

    for (uint32_t i = w->row == 0 ? 0 : s->row[w->row].stamps; i != 0; i = s->stamp[i].next) {
        const struct stamp *st = &s->stamp[i];
        int64_t age = c->now - st->at;

        if (c->before && age <= 0)
            continue; /* not yet */
        if (age <= w->from) {
            coming = st->at + w->from; /* it comes in after this date */
            continue;
        }
        if (age > w->to)
            break;
        if (enough != 0 && t.n == enough)
            break;
        if (t.n++ == 0)
            t.newest = st->at;
        t.oldest = st->at;
        t.sum += st->value;
        t.least = st->value < t.least ? st->value : t.least;
        t.greatest = st->value > t.greatest ? st->value : t.greatest;
        if (c->sup != NULL)
            support_entry(c->sup, st->entry);
    }
    if (coming != FOREVER)
        wakes(c, coming);
    if (t.n > 0)
        wakes(c, t.oldest + w->to);
    return t;
}

/* The date when a window that is empty became so. */
static int64_t
emptied(const struct ctx *c, const struct window *w)
{
    const struct store *s = &c->e->s;

    for (uint32_t i = w->row == 0 ? 0 : s->row[w->row].stamps; i != 0; i = s->stamp[i].next)
        if (c->now - s->stamp[i].at > w->to)
            return s->stamp[i].at + w->to;
    return LONG_AGO;
}

static enum tri
eval_past(struct ctx *c, const struct ex *x)
{
    struct window w = window_of(c, x);
    struct support_mark m = {0, 0};
    struct tally t;

    if (!w.known)
        return UNSURE;
    if (c->sup != NULL)
        m = support_mark(c->sup);
    t = tally_of(c, &w, 1);
    if (t.n > 0) {
        dated(c, t.newest + (w.from < 0 ? 0 : w.from));
        return YES;
    }
    if (c->sup != NULL)
        support_cut(c->sup, m);
    dated(c, emptied(c, &w));
    claim_window(c, x, &w);
    return site_covered(c, x, &w, NO);
}

/* at least / at most so many */
static enum tri
eval_number_past(struct ctx *c, const struct ex *x, bool least)
{
    struct window w = window_of(c, x);
    int64_t number = one_value(c, x->d);
    struct tally t;
    uint32_t enough;
    enum tri v;

    if (!w.known || number == UNSET || number > 1000000000)
        return UNSURE;
    enough = (uint32_t)(least ? number : number + 1);
    if (number < 0 || enough == 0)
        return least ? YES : NO;
    t = tally_of(c, &w, enough);
    if (t.n >= enough) { /* there are so many, whatever else there is */
        dated(c, t.newest);
        return least ? YES : NO;
    }
    dated(c, emptied(c, &w));
    claim_window(c, x, &w);
    v = site_covered(c, x, &w, NO);
    return v == UNSURE ? UNSURE : least ? NO : YES;
}

static struct iv
eval_aggregate(struct ctx *c, const struct ex *x)
{
    struct window w = window_of(c, x);
    struct tally t;
    int64_t v;

    if (!w.known)
        return (struct iv){UNSET, UNSET};
    t = tally_of(c, &w, 0);
    claim_window(c, x, &w);
    dated(c, t.n > 0 ? t.newest : emptied(c, &w));
    if (site_covered(c, x, &w, NO) == UNSURE)
        return (struct iv){x->op == X_COUNT_PAST ? (int64_t)t.n : UNSET, x->op == X_COUNT_PAST ? INT64_MAX : UNSET};
    switch ((enum op)x->op) {
    case X_COUNT_PAST: v = t.n; break;
    case X_SUM_PAST: v = t.sum; break;
    case X_MIN_PAST: v = t.n == 0 ? UNSET : t.least; break;
    default: v = t.n == 0 ? UNSET : t.greatest; break;
    }
    return (struct iv){v, v};
}

/* values --------------------------------------------------------------------------------------- */

static const struct iv none = {UNSET, UNSET};

static struct iv
eval_sum(struct ctx *c, const struct ex *x)
{
    struct iv a = eval_value(c, x->a), b = eval_value(c, x->b), r;

    if (a.lo == UNSET || b.lo == UNSET)
        return none;
    if (x->op == X_SUB)
        b = (struct iv){-b.hi, -b.lo};
    if (__builtin_add_overflow(a.lo, b.lo, &r.lo) || __builtin_add_overflow(a.hi, b.hi, &r.hi))
        return none;
    return r;
}

static struct iv
eval_per(struct ctx *c, const struct ex *x)
{
    struct iv a = eval_value(c, x->a), of = eval_value(c, x->b), r;
    int64_t more = x->op == X_PER_STARTED ? x->k - 1 : 0;

    if (a.lo == UNSET || of.lo == UNSET || of.lo < 0 || of.hi > INT64_MAX - x->k)
        return none;
    if (__builtin_mul_overflow(a.lo, (of.lo + more) / x->k, &r.lo) || __builtin_mul_overflow(a.hi, (of.hi + more) / x->k, &r.hi))
        return none;
    return r;
}

static struct iv
eval_table(struct ctx *c, const struct ex *x)
{
    const struct table *t = &c->e->p->tables[x->a];
    int64_t key = one_value(c, c->e->p->kids[x->args]);

    if (key == UNSET)
        return none;
    for (uint32_t i = 0; i < t->rows.n; i++)
        if (c->e->p->rows[t->rows.at + i].key == key)
            return (struct iv){c->e->p->rows[t->rows.at + i].value, c->e->p->rows[t->rows.at + i].value};
    return t->has_else ? (struct iv){t->otherwise, t->otherwise} : none;
}

static struct iv
eval_if(struct ctx *c, const struct ex *x)
{
    enum tri v = eval(c, x->c);
    struct iv a, b;

    if (v != UNSURE)
        return eval_value(c, v == YES ? x->a : x->b);
    a = eval_value(c, x->a);
    b = eval_value(c, x->b);
    if (a.lo == UNSET || b.lo == UNSET)
        return none;
    return (struct iv){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

struct iv
eval_value(struct ctx *c, ex_id id)
{
    const struct ex *x = &c->e->p->exs[id];

    switch ((enum op)x->op) {
    case X_CONST: return (struct iv){x->k, x->k};
    case X_SLOT: return (struct iv){c->frame[x->a], c->frame[x->a]};
    case X_NOW: return (struct iv){c->stamp, c->stamp};
    case X_FACT: return eval_fact(c, x);
    case X_TABLE: return eval_table(c, x);
    case X_ADD:
    case X_SUB: return eval_sum(c, x);
    case X_PER_FULL:
    case X_PER_STARTED: return eval_per(c, x);
    case X_IF: return eval_if(c, x);
    case X_COUNT: return counted(c, x);
    case X_COUNT_PAST:
    case X_SUM_PAST:
    case X_MIN_PAST:
    case X_MAX_PAST: return eval_aggregate(c, x);
    default: return none;
    }
}

int64_t
one_value(struct ctx *c, ex_id x)
{
    struct iv v = eval_value(c, x);

    return v.lo == v.hi ? v.lo : UNSET;
}

/* conditions ----------------------------------------------------------------------------------- */

/* All of args (`deciding` NO) or some of them (`deciding` YES): the first that decides is kept. */
static enum tri
eval_joined(struct ctx *c, const struct ex *x, enum tri deciding)
{
    struct support_mark first = {0, 0};
    int64_t date = c->date, latest = c->date;
    bool unsure = false;

    if (c->sup != NULL)
        first = support_mark(c->sup);
    for (uint32_t i = 0; i < x->nargs; i++) {
        struct support_mark here = c->sup == NULL ? first : support_mark(c->sup);
        enum tri v;

        c->date = date;
        v = eval(c, c->e->p->kids[x->args + i]);
        if (v == deciding) {
            if (c->sup != NULL)
                support_move(c->sup, first, here);
            return v;
        }
        unsure = unsure || v == UNSURE;
        latest = c->date > latest ? c->date : latest;
    }
    c->date = latest;
    return unsure ? UNSURE : deciding == NO ? YES : NO;
}

static enum tri
eval_order(struct ctx *c, const struct ex *x)
{
    struct iv a = eval_value(c, x->a), b = eval_value(c, x->b);

    if (a.lo == UNSET || b.lo == UNSET)
        return UNSURE;
    switch ((enum op)x->op) {
    case X_EQ: return a.lo == a.hi && b.lo == b.hi && a.lo == b.lo ? YES : a.hi < b.lo || b.hi < a.lo ? NO : UNSURE;
    case X_NE: return a.lo == a.hi && b.lo == b.hi && a.lo == b.lo ? NO : a.hi < b.lo || b.hi < a.lo ? YES : UNSURE;
    case X_LT: return a.hi < b.lo ? YES : a.lo >= b.hi ? NO : UNSURE;
    case X_LE: return a.hi <= b.lo ? YES : a.lo > b.hi ? NO : UNSURE;
    case X_GT: return a.lo > b.hi ? YES : a.hi <= b.lo ? NO : UNSURE;
    default: return a.lo >= b.hi ? YES : a.hi < b.lo ? NO : UNSURE;
    }
}

static enum tri
eval_one_of(struct ctx *c, const struct ex *x)
{
    int64_t a = one_value(c, x->a);

    if (a == UNSET)
        return UNSURE;
    for (uint32_t i = 0; i < x->nargs; i++)
        if (one_value(c, c->e->p->kids[x->args + i]) == a)
            return YES;
    return NO;
}

enum { DAY_MS = 86400000 };

static enum tri
eval_apart(struct ctx *c, const struct ex *x)
{
    int64_t a = one_value(c, x->a), b = one_value(c, x->b), most = one_value(c, x->c), d;

    if (a == UNSET || b == UNSET || most == UNSET)
        return UNSURE;
    d = a > b ? a - b : b - a;
    if (x->op == X_SAME_TIME) {
        d %= DAY_MS;
        d = d > DAY_MS - d ? DAY_MS - d : d;
    }
    return d <= most ? YES : NO;
}

static enum tri
eval_set(struct ctx *c, const struct ex *x)
{
    bool was_lost = c->lost, set;

    c->lost = false;
    set = eval_value(c, x->a).lo != UNSET;
    if (c->lost)
        return UNSURE;
    c->lost = was_lost;
    return set ? YES : NO;
}

enum tri
eval(struct ctx *c, ex_id id)
{
    const struct ex *x = &c->e->p->exs[id];

    switch ((enum op)x->op) {
    case X_TRUE: return YES;
    case X_AND: return eval_joined(c, x, NO);
    case X_OR: return eval_joined(c, x, YES);
    case X_NOT: return (enum tri)(YES - eval(c, x->a));
    case X_STATE: return eval_state(c, x);
    case X_HELD: return eval_held(c, x);
    case X_STAGE: return eval_stage(c, x);
    case X_PAST: return eval_past(c, x);
    case X_AT_LEAST_PAST: return eval_number_past(c, x, true);
    case X_AT_MOST_PAST: return eval_number_past(c, x, false);
    case X_SOME:
    case X_NO:
    case X_EVERY:
    case X_AT_LEAST:
    case X_AT_MOST: return quantified(c, x);
    case X_EQ:
    case X_NE:
    case X_LT:
    case X_LE:
    case X_GT:
    case X_GE: return eval_order(c, x);
    case X_ONE_OF: return eval_one_of(c, x);
    case X_SET: return eval_set(c, x);
    case X_WITHIN_OF:
    case X_SAME_TIME: return eval_apart(c, x);
    case X_SEVERITY: return c->severity == x->k ? YES : NO;
    default: return UNSURE;
    }
}
