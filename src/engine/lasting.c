/* SPDX-License-Identifier: Apache-2.0 */
/* lasting.c -- verdicts of what lasts: `while` sentences, planned times, and each week or month.
 *
 * One instance for each binding of the opener; its cell works out the opener, the condition and the
 * limit together, so that a window that opens shortens a running clock at once. A verdict opens with
 * the opener and again after each breach that has ended; it is met when the opener ends first. */
#include "base/stamp.h"
#include "engine/inner.h"

static const struct sentence *
sentence_of(const struct engine *e, cell_id c)
{
    return &e->p->sentences[e->p->relations[e->s.row[e->cell[c].ref].relation].ref];
}

static uint32_t
sentence_id_of(const struct engine *e, cell_id c)
{
    return e->p->relations[e->s.row[e->cell[c].ref].relation].ref;
}

static void
instance_frame(const struct engine *e, cell_id c, int64_t *frame)
{
    const struct rec *r = &e->s.row[e->cell[c].ref];
    uint8_t arity = e->p->relations[r->relation].arity;

    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = i < arity ? (int64_t)r->arg[i] : UNSET;
}

static const struct answer *
first_answer(const struct engine *e, const struct sentence *s)
{
    return &e->p->answers[s->answers.at];
}

/* proving -------------------------------------------------------------------------------------- */

static void
prove_limit_as(struct engine *e, const struct sentence *s, struct ctx *c)
{
    if (s->duty == D_NOT_LATER)
        (void)eval_value(c, first_answer(e, s)->limit);
    else if (s->limit != 0)
        (void)eval_value(c, s->limit);
}

/* The limit as it stands, with what it rests on. */
static void
prove_limit(struct engine *e, const struct sentence *s, int64_t *frame)
{
    struct ctx c = ctx_proving(e, frame, e->support);

    prove_limit_as(e, s, &c);
}

static void
prove_breach(struct engine *e, const struct sentence *s, const struct duty *d, int64_t *frame)
{
    struct ctx c = ctx_proving(e, frame, e->support);

    support_reset(e->support);
    if (s->duty == D_NOT_LATER)
        proof_add(e, d->proof, e->support); /* answers count from its beginning */
    if (s->duty == D_NOT_LAST)
        c.back = d->onset;
    else if (s->duty == D_HOLD)
        c.back = d->bad_since;
    (void)eval(&c, s->cond);
    if (s->duty == D_HOLD)
        (void)eval(&c, s->must);
    if (s->duty == D_EVERY || s->duty == D_NOT_LATER)
        prove_unanswered(e, first_answer(e, s), CLAIM_ANSWER | s->answers.at, frame, d->from, s->duty == D_EVERY ? e->now - 1 : d->deadline);
    if (s->duty == D_EVERY && d->answered != 0)
        support_entry(e->support, d->answered);
    prove_limit(e, s, frame);
}

/* The limit as it was just before a date, and had been since `back`. */
static void
prove_limit_since(struct engine *e, const struct sentence *s, int64_t *frame, int64_t date, int64_t back)
{
    struct ctx before = ctx_before(e, frame, e->support, date);

    before.back = back;
    prove_limit_as(e, s, &before);
}

/* Met because the opener ended: how it began, that it is over, and the limit it kept. */
static void
prove_met(struct engine *e, const struct sentence *s, const struct duty *d, int64_t *frame, int64_t end)
{
    struct ctx c = ctx_proving(e, frame, e->support), before = ctx_before(e, frame, e->support, end);

    support_reset(e->support);
    proof_add(e, d->proof, e->support);
    proof_add(e, d->wrong, e->support);
    (void)eval(&c, s->cond);
    if (s->duty == D_HOLD) { /* just before, it lasted, and all was well */
        (void)eval(&before, s->cond);
        (void)eval(&before, s->must);
    }
    if (s->duty == D_EVERY && d->answered != 0)
        support_entry(e->support, d->answered);
    prove_limit(e, s, frame);
    prove_limit_since(e, s, frame, end, d->limit); /* the clock that ran, and what it becomes with the end */
}

/* opening and ending --------------------------------------------------------------------------- */

static void
lasting_opens(struct engine *e, cell_id cell, int64_t *frame, int64_t date, bool repaired)
{
    const struct sentence *s = sentence_of(e, cell);
    uint32_t d = duty_new(e, sentence_id_of(e, cell), false, frame);
    struct duty *duty = &e->duty[d];
    struct ctx c = ctx_proving(e, frame, e->support), before;

    if (d == 0)
        return;
    duty->cell = cell;
    duty->onset = duty->from = date;
    duty->late = date < e->now;
    e->cell[cell].duty = d;
    before = ctx_before(e, frame, e->support, date);
    support_reset(e->support);
    (void)eval(&c, s->cond); /* it holds now, and did not just before; or it was put right */
    (void)eval(&before, s->cond);
    if (repaired) {
        (void)eval(&c, s->must);
        (void)eval(&before, s->must);
    }
    duty->proof = proof_keep(e, e->support);
    if (s->duty == D_EVERY || s->duty == D_NOT_LATER)
        duty_waits(e, d, first_answer(e, s), frame);
}

static enum verdict_value
value_at_end(const struct duty *d)
{
    return d->breached ? V_BREACHED : d->unknown ? V_UNKNOWN : V_MET;
}

/* The verdict is over: the opener has ended, or what was wrong has been put right. */
static void
lasting_ends(struct engine *e, cell_id cell, int64_t *frame, int64_t date)
{
    const struct sentence *s = sentence_of(e, cell);
    uint32_t d = e->cell[cell].duty;
    struct duty *duty = &e->duty[d];
    enum verdict_value value = value_at_end(duty);

    if (value == V_MET) {
        prove_met(e, s, duty, frame, date);
    } else if (value == V_BREACHED) { /* what broke it was proven when it broke; here, only that it broke */
        support_reset(e->support);
        proof_add(e, duty->proof, e->support);
    }
    duty_says(e, d, value, true, date);
    e->cell[cell].duty = 0;
    duty_free(e, d);
}

static void
pending_says(struct engine *e, uint32_t d)
{
    duty_says(e, d, V_PENDING, false, UNSET);
}

/* clocks --------------------------------------------------------------------------------------- */

struct clock { /* one reading of an instance */
    enum tri opener;
    enum tri running;  /* the opener, and what is wrong */
    int64_t base;      /* the clock runs from here; UNSET: it stands still */
    int64_t deadline;  /* UNSET: none */
    int64_t surely;    /* past this it is due whatever is not known of the limit */
    bool limitless;    /* nobody can say how long the limit is */
    int64_t dated;     /* of what the limit rests on */
    int64_t wrong;     /* `must hold`: the date of its present answer */
};

/* What shows that the condition held until then, and no longer. */
static void
keep_wrong(struct engine *e, const struct sentence *s, struct duty *d, int64_t *frame, int64_t date)
{
    struct ctx c = ctx_proving(e, frame, e->support), before = ctx_before(e, frame, e->support, date);

    support_reset(e->support);
    (void)eval(&before, s->must);
    (void)eval(&c, s->must);
    (void)eval(&c, s->cond);
    d->wrong = proof_keep(e, e->support);
}

/* `must hold`: since when it has not; a clock runs on through what is not known. */
static void
clock_hold(struct engine *e, struct duty *d, struct ctx *c, struct clock *k, enum tri holds)
{
    const struct sentence *s = &e->p->sentences[d->sentence];
    int64_t date = k->wrong;

    if (holds == YES) {
        d->bad_since = d->unsure_since = UNSET;
        proof_free(e, d->wrong);
        d->wrong = 0;
        k->running = NO;
        k->base = UNSET;
        return;
    }
    if (d->unsure_since == UNSET) {
        d->unsure_since = holds == UNSURE ? e->due : date; /* silence begins now, whatever changed before */
        d->limit = e->due > date ? e->due : date;
        keep_wrong(e, s, d, c->frame, date);
    }
    if (holds == NO && d->bad_since == UNSET)
        d->bad_since = date;
    if (holds == UNSURE || k->opener == UNSURE)
        k->running = UNSURE;
    k->base = d->bad_since != UNSET ? d->bad_since : d->unsure_since;
}

static void
read_clock(struct engine *e, const struct sentence *s, struct duty *d, struct ctx *c, struct clock *k)
{
    int64_t opener_date = c->date;
    struct iv limit = {0, 0};

    k->running = k->opener;
    k->base = d->onset;
    k->wrong = LONG_AGO;
    if (s->duty == D_HOLD) {
        enum tri holds = eval(c, s->must);

        k->wrong = c->date > opener_date ? c->date : opener_date;
        clock_hold(e, d, c, k, holds);
    } else if (s->duty == D_EVERY) {
        k->base = d->from;
    }
    c->date = LONG_AGO;
    if (s->duty == D_NOT_LATER) {
        k->deadline = k->surely = one_value(c, first_answer(e, s)->limit);
    } else {
        if (s->limit != 0)
            limit = eval_value(c, s->limit);
        k->limitless = limit.lo == UNSET && k->base != UNSET;
        k->deadline = limit.lo == UNSET || k->base == UNSET ? UNSET : k->base + limit.lo;
        k->surely = k->deadline == UNSET ? UNSET : k->base + limit.hi;
    }
    k->dated = c->date;
}

/* Once for each doubt. */
static void
doubted(struct engine *e, uint32_t d)
{
    if (e->duty[d].unknown)
        return;
    e->duty[d].unknown = true;
    duty_says(e, d, V_UNKNOWN, false, UNSET);
    case_join(e, d);
}

static void
overdue(struct engine *e, const struct sentence *s, uint32_t d, struct ctx *c, const struct clock *k)
{
    struct duty *duty = &e->duty[d];
    enum tri excuse = s->unless == 0 ? NO : eval(c, s->unless);

    if (excuse == YES)
        return;
    if (k->running == UNSURE || excuse == UNSURE || duty->doubt || k->surely >= e->now ||
        (s->duty == D_NOT_LATER && !answer_visible(e, first_answer(e, s), c->frame))) {
        doubted(e, d);
        return;
    }
    duty->deadline = k->surely;
    if (k->base != UNSET)
        duty->onset = k->base;
    prove_breach(e, s, duty, c->frame);
    duty_breaks(e, d, k->surely > k->dated ? k->surely : k->dated); /* what made it due may lie later than the limit */
}

static int64_t
ladder(struct engine *e, const struct sentence *s, uint32_t d, struct ctx *c, const struct clock *k)
{
    bool answers = s->duty == D_EVERY || s->duty == D_NOT_LATER;

    if (k->running != YES || (answers && !e->duty[d].breached))
        return FOREVER;
    return rungs_due(e, d, c->frame, c, answers ? k->deadline : k->base);
}

/* What the limit rests on changes while the clock runs: what it was until then is kept, for it had not
 * passed then. */
static void
keep_limit(struct engine *e, const struct sentence *s, struct duty *d, int64_t *frame, int64_t date)
{
    support_reset(e->support);
    prove_limit_since(e, s, frame, date, d->limit);
    d->limit = date;
    if (e->support->nentries == 0 && e->support->nclaims == 0)
        return;
    proof_add(e, d->proof, e->support);
    proof_free(e, d->proof);
    d->proof = proof_keep(e, e->support);
}

/* A clock that began before the log knew it, and would be overdue: has an answer moved it? */
static bool
looked_back(struct engine *e, uint32_t d, const struct clock *k)
{
    struct duty *duty = &e->duty[d];
    int64_t from = duty->from;

    if (!duty->late || duty->waits == 0 || duty->breached || k->deadline == UNSET || k->deadline >= e->now)
        return false;
    answers_look_back(e, d);
    return !duty->live || duty->from != from;
}

/* An instance whose opener holds (or may): its clock, its limit, its ladder; the date of the next. */
static int64_t
instance_runs(struct engine *e, cell_id cell, struct ctx *c, enum tri opener, bool opened)
{
    const struct sentence *s = sentence_of(e, cell);
    uint32_t d = e->cell[cell].duty;
    struct clock k = {.opener = opener};
    int64_t wake = FOREVER, next, c_date = c->date;

    read_clock(e, s, &e->duty[d], c, &k);
    if (e->duty[d].breached && s->duty == D_HOLD && k.running == NO) { /* put right: a new episode */
        lasting_ends(e, cell, c->frame, k.wrong);
        lasting_opens(e, cell, c->frame, k.wrong, true);
        d = e->cell[cell].duty;
        opened = true;
    }
    if (d == 0)
        return FOREVER;
    if (!e->duty[d].breached) {
        if (opened)
            e->duty[d].limit = e->duty[d].onset;
        if (k.base != UNSET && k.dated > e->duty[d].limit)
            keep_limit(e, s, &e->duty[d], c->frame, k.dated);
        e->duty[d].deadline = k.deadline;
    }
    if (opened)
        pending_says(e, d);
    while (looked_back(e, d, &k)) { /* an answer that is in the log already may be one */
        if (e->cell[cell].duty != d)
            return FOREVER;
        c->date = c_date;
        read_clock(e, s, &e->duty[d], c, &k);
        e->duty[d].deadline = k.deadline;
    }
    if (!e->duty[d].breached && k.deadline != UNSET && k.running != NO) {
        if (k.deadline < e->now)
            overdue(e, s, d, c, &k);
        wake = k.deadline >= e->now ? k.deadline : k.surely >= e->now ? k.surely : FOREVER;
    }
    if (!e->duty[d].breached && k.limitless && k.running != NO)
        doubted(e, d);
    else if (e->duty[d].unknown && k.running == YES && k.deadline >= e->now) { /* now it can be said */
        e->duty[d].unknown = false;
        pending_says(e, d);
    }
    next = ladder(e, s, d, c, &k);
    return next < wake ? next : wake;
}

void
sentence_works(struct engine *e, cell_id cell)
{
    row_id r = e->cell[cell].ref;
    const struct sentence *s = sentence_of(e, cell);
    int64_t frame[FRAME_MAX], wake = FOREVER, date;
    struct ctx c;
    enum tri opener;
    bool opened = false;
    uint32_t arg[ARITY_MAX], d;

    memcpy(arg, e->s.row[r].arg, sizeof arg);
    instance_frame(e, cell, frame);
    c = cell_begin(e, cell, frame);
    opener = eval(&c, s->cond);
    date = c.date == LONG_AGO ? e->due : c.date;
    if (opener == NO) {
        if (e->cell[cell].duty != 0)
            lasting_ends(e, cell, frame, date);
        e->cell[cell].part = 0; /* an answer counted for that time only */
    } else if (opener == YES && e->cell[cell].value == UNSURE && e->cell[cell].duty != 0 &&
               date > e->duty[e->cell[cell].duty].onset) {
        lasting_ends(e, cell, frame, date); /* behind the silence it has ended, and begun anew */
    }
    if (e->cell[cell].duty == 0 && opener == YES && e->cell[cell].part == 0) {
        lasting_opens(e, cell, frame, date, false);
        opened = true;
    }
    e->cell[cell].value = (uint8_t)opener;
    c.date = date;
    if (e->cell[cell].duty != 0)
        wake = instance_runs(e, cell, &c, opener, opened);
    cell_end(e, cell, &c, c.wake < wake ? c.wake : wake);
    d = e->cell[cell].duty;
    if (d != 0 && e->duty[d].late && e->duty[d].waits != 0 && (opened || e->duty[d].breached))
        answers_look_back(e, d);
    if (opener == NO && !instance_needed(e, e->s.row[r].relation, arg)) {
        e->s.row[r].cell = 0;
        cell_free(e, cell);
        row_drop(&e->s, r);
    }
}

/* answers -------------------------------------------------------------------------------------- */

static void
period_answered(struct engine *e, uint32_t d, int64_t at, uint32_t cause);

/* A recurring clock starts anew with its answer: that the opener holds there takes the place of how it
 * began. */
static void
keep_opener(struct engine *e, const struct sentence *s, struct duty *d, int64_t *frame)
{
    struct ctx c = ctx_proving(e, frame, e->support);

    support_reset(e->support);
    (void)eval(&c, s->cond);
    proof_free(e, d->proof);
    d->proof = proof_keep(e, e->support);
}

/* An answer to a `while`: the recurring clock starts anew; a dated duty is done until the opener ends. */
void
lasting_answered(struct engine *e, uint32_t d, int64_t at, uint32_t cause)
{
    struct duty *duty = &e->duty[d];
    const struct sentence *s = &e->p->sentences[duty->sentence];
    cell_id cell = duty->cell;
    int64_t frame[FRAME_MAX];
    bool over = duty->breached || duty->unknown;

    if (s->duty == D_PERIOD) {
        period_answered(e, d, at, cause);
        return;
    }
    if (at < duty->from)
        return; /* older than the clock it would start anew */
    duty_frame(e, duty, frame);
    if (s->duty == D_NOT_LATER) {
        if (!over) {
            support_reset(e->support);
            proof_add(e, duty->proof, e->support);
            support_entry(e->support, cause);
            prove_limit(e, s, frame);
            duty_says(e, d, V_MET, true, at);
            e->cell[cell].duty = 0;
            duty_free(e, d);
        } else {
            lasting_ends(e, cell, frame, at);
        }
        e->cell[cell].part = 1;
        return;
    }
    if (over) {
        lasting_ends(e, cell, frame, at);
        lasting_opens(e, cell, frame, at, false);
        d = e->cell[cell].duty;
        if (d == 0)
            return;
        e->duty[d].answered = cause;
        pending_says(e, d);
    } else {
        duty->from = duty->onset = at;
        duty->answered = cause;
        keep_opener(e, s, duty, frame);
    }
    cell_queue(e, cell);
}

/* planned times -------------------------------------------------------------------------------- */

/* Each value of the time fires at most once. */
static bool
has_fired(const struct engine *e, row_id r, int64_t time)
{
    for (uint32_t i = e->s.row[r].stamps; i != 0; i = e->s.stamp[i].next)
        if (e->s.stamp[i].at == time)
            return true;
    return false;
}

void
plan_works(struct engine *e, cell_id cell)
{
    row_id r = e->cell[cell].ref;
    const struct sentence *s = sentence_of(e, cell);
    uint32_t sentence = sentence_id_of(e, cell);
    int64_t frame[FRAME_MAX], time;
    struct ctx c;

    instance_frame(e, cell, frame);
    c = cell_begin(e, cell, frame);
    time = one_value(&c, e->p->moments[s->moment].time);
    cell_end(e, cell, &c, time == UNSET || time < e->now ? FOREVER : time);
    if (time == UNSET || time >= e->now || has_fired(e, r, time))
        return;
    stamp_add(&e->s, r, time, 0, (uint32_t)e->place, 0, INT64_MIN);
    sentence_planned(e, sentence, frame, c.date > time ? c.date : time);
}

/* each day, week, month, quarter ---------------------------------------------------------------- */

enum { DAY_MS = 86400000 };

/* The first boundary after a local time. */
static int64_t
next_boundary(uint8_t period, int64_t local)
{
    int64_t day = local - civil_of(local).ms_of_day;
    struct civil c = civil_of(day);
    unsigned months = period == PERIOD_QUARTER ? 3 : 1;

    if (period == PERIOD_DAY)
        return day + DAY_MS;
    if (period == PERIOD_WEEK)
        return day + (7 - weekday_of(day)) * (int64_t)DAY_MS;
    c.day = 1;
    c.month = (int32_t)(((unsigned)(c.month - 1) / months) * months + months + 1);
    if (c.month > 12) {
        c.month -= 12;
        c.year++;
    }
    return civil_ms(c);
}

static int64_t
boundary_after(const struct engine *e, uint8_t period, int64_t at)
{
    return next_boundary(period, at + e->zone_offset) - e->zone_offset;
}

void
periods_open(struct engine *e)
{
    for (uint32_t i = 0; i < e->p->nsentences; i++) {
        cell_id c;

        if (!e->p->sentences[i].in_force || e->p->sentences[i].opener != O_ALWAYS)
            continue;
        c = cell_new(e, CELL_PERIOD, i);
        timer_set(e, c, boundary_after(e, e->p->sentences[i].period, e->opened_at)); /* the first whole one */
    }
}

static void
period_begins(struct engine *e, cell_id cell, int64_t from)
{
    const struct sentence *s = &e->p->sentences[e->cell[cell].ref];
    int64_t frame[FRAME_MAX];
    uint32_t d;

    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
    d = duty_new(e, e->cell[cell].ref, false, frame);
    if (d == 0)
        return;
    e->cell[cell].duty = d;
    e->duty[d].cell = cell;
    e->duty[d].onset = e->duty[d].from = from;
    e->duty[d].deadline = boundary_after(e, s->period, from);
    duty_waits(e, d, first_answer(e, s), frame);
    duty_says(e, d, V_PENDING, false, UNSET);
    timer_set(e, cell, e->duty[d].deadline);
}

static void
period_meets(struct engine *e, uint32_t d, int64_t at, uint32_t cause)
{
    support_reset(e->support);
    support_entry(e->support, cause);
    duty_says(e, d, V_MET, true, at);
    e->duty[d].answered = cause;
    e->duty[d].told = 1; /* met: it only waits for the next to begin */
}

/* An answer at the boundary itself belongs to the period that begins there. */
static void
period_answered(struct engine *e, uint32_t d, int64_t at, uint32_t cause)
{
    struct duty *duty = &e->duty[d];

    if (at >= duty->deadline) {
        e->cell[duty->cell].part = cause;
        duty->breach = at;
    } else if (at >= duty->from && duty->told == 0) {
        period_meets(e, d, at, cause);
    }
}

void
period_works(struct engine *e, cell_id cell)
{
    const struct sentence *s = &e->p->sentences[e->cell[cell].ref];
    uint32_t d = e->cell[cell].duty, early = e->cell[cell].part;
    int64_t frame[FRAME_MAX], from = e->due, early_at = UNSET;

    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
    if (d != 0) {
        from = e->duty[d].deadline;
        early_at = e->duty[d].breach;
        if (e->duty[d].told == 0 && !answer_visible(e, first_answer(e, s), frame)) {
            duty_says(e, d, V_UNKNOWN, true, from);
        } else if (e->duty[d].told == 0) {
            support_reset(e->support);
            prove_unanswered(e, first_answer(e, s), CLAIM_ANSWER | s->answers.at, frame, e->duty[d].from, from - 1);
            e->duty[d].breach = UNSET;
            duty_breaks(e, d, from);
            (void)rungs_due(e, d, frame, &(struct ctx){.e = e, .frame = frame, .now = e->now, .stamp = e->now}, from);
        }
        duty_free(e, d);
        e->cell[cell].duty = 0;
        e->cell[cell].part = 0;
    }
    period_begins(e, cell, from);
    d = e->cell[cell].duty;
    if (early != 0 && d != 0)
        period_meets(e, d, early_at, early);
}
