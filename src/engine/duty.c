/* SPDX-License-Identifier: Apache-2.0 */
/* duty.c -- verdicts that an instant opens: an event, a change, a planned time, another verdict.
 *
 * `may only if`, `must be known within` and `must hold that` are judged at once. An answer waits: met
 * by an event whose `at` lies between the step's start and its limit, breached when the limit has
 * passed (a date; it takes effect one millisecond later), and then open until a late answer. */
#include "engine/inner.h"

/* duties --------------------------------------------------------------------------------------- */

static uint32_t
count_opened(struct engine *e, uint32_t sentence, bool otherwise)
{
    uint32_t i = sentence * 2 + otherwise;

    if (e->last_opened[i] != (uint32_t)e->place || e->nth[i] == 0) {
        e->last_opened[i] = (uint32_t)e->place;
        e->nth[i] = 0;
    }
    return e->nth[i]++;
}

uint32_t
duty_new(struct engine *e, uint32_t sentence, bool otherwise, const int64_t *frame)
{
    const struct sentence *s = &e->p->sentences[sentence];
    uint32_t d = e->duties.free;
    struct duty *duty;

    if (d != 0) {
        e->duties.free = e->duty[d].next;
        e->duties.live++;
    } else if ((d = pool_take(e, &e->duties, "duties")) == 0) {
        return 0;
    }
    duty = &e->duty[d];
    *duty = (struct duty){.sentence = sentence, .otherwise = otherwise, .live = true, .opened = (uint32_t)e->place,
                          .from = UNSET, .onset = UNSET, .deadline = UNSET, .bad_since = UNSET, .unsure_since = UNSET,
                          .breach = UNSET, .limit = UNSET};
    duty->nth = count_opened(e, sentence, otherwise);
    for (uint32_t i = 0; i < s->names.n && i < BINDING_MAX; i++)
        duty->binding[i] = frame[e->p->names[s->names.at + i].slot];
    return d;
}

void
duty_frame(const struct engine *e, const struct duty *d, int64_t *frame)
{
    const struct sentence *s = &e->p->sentences[d->sentence];

    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
    for (uint32_t i = 0; i < s->names.n && i < BINDING_MAX; i++)
        frame[e->p->names[s->names.at + i].slot] = d->binding[i];
}

void
duty_free(struct engine *e, uint32_t d)
{
    struct duty *duty = &e->duty[d];

    duty_stops_waiting(e, d);
    case_leave(e, d);
    if (duty->child != 0)
        e->duty[duty->child].parent = 0;
    if (duty->parent != 0)
        e->duty[duty->parent].child = 0;
    proof_free(e, duty->proof);
    proof_free(e, duty->wrong);
    if (duty->cell != 0 && e->cell[duty->cell].type == CELL_DUTY)
        cell_free(e, duty->cell);
    *duty = (struct duty){.next = e->duties.free};
    e->duties.free = d;
    e->duties.live--;
}

/* saying --------------------------------------------------------------------------------------- */

static struct verdict
verdict_of(const struct engine *e, const struct duty *d)
{
    struct verdict v = {.sentence = d->sentence, .otherwise = d->otherwise, .severity = d->severity, .stage = d->stage,
                        .at = e->now, .onset = d->onset, .deadline = d->deadline, .end = UNSET, .opened = d->opened,
                        .nth = d->nth, .place = e->place, .decided = e->now, .binding = d->binding,
                        .nbinding = e->p->sentences[d->sentence].names.n, .cites = d->cited != 0,
                        .cited_sentence = d->cites_sentence, .cited_otherwise = d->cites_otherwise,
                        .cited_opened = d->cites_opened, .cited_nth = d->cites_nth};

    if (v.nbinding > BINDING_MAX)
        v.nbinding = BINDING_MAX;
    return v;
}

static void
say_verdict(struct engine *e, struct verdict *v)
{
    struct out out = {.type = OUT_VERDICT, .at = e->now, .verdict = v};

    if (v->value == V_MET || v->value == V_BREACHED) {
        support_settle(e->support);
        v->entries = e->support->entry;
        v->nentries = e->support->nentries;
        v->claims = e->support->claim;
        v->nclaims = e->support->nclaims;
    }
    e->sink(e->context, &out);
}

void
duty_says(struct engine *e, uint32_t d, enum verdict_value value, bool ended, int64_t end)
{
    struct verdict v = verdict_of(e, &e->duty[d]);

    v.value = (uint8_t)value;
    v.ended = ended;
    v.end = ended ? end : UNSET;
    if (value == V_BREACHED) {
        v.decided = e->duty[d].decided;
        v.place = e->duty[d].decided_at;
    }
    say_verdict(e, &v);
}

uint8_t
severity_of(struct engine *e, uint32_t sentence, int64_t *frame, struct support *sup)
{
    const struct sentence *s = &e->p->sentences[sentence];
    struct ctx c = ctx_proving(e, frame, sup);

    for (uint32_t i = 0; i < s->severity.n; i++) {
        const struct sev *v = &e->p->sevs[s->severity.at + i];

        if (v->cond == 0 || eval(&c, v->cond) != NO)
            return v->severity;
    }
    return SEV_RED;
}

/* Whoever a rung names hears of the verdict, once in its case. */
static void
tell(struct engine *e, const struct verdict *v, const int64_t *frame, uint32_t rung, uint8_t severity)
{
    const struct rung *r = &e->p->rungs[rung];
    struct out out = {.type = OUT_TELL, .at = e->now, .verdict = v, .severity = severity};

    if (!case_tell_once(e, v->sentence, frame, rung))
        return;
    for (uint32_t i = 0; i < r->who.n; i++) {
        out.who = e->p->ids[r->who.at + i];
        e->sink(e->context, &out);
    }
}

/* Tells the rungs that are due and raises the severity with them; the date of the next. */
int64_t
rungs_due(struct engine *e, uint32_t d, int64_t *frame, struct ctx *c, int64_t base)
{
    struct duty *duty = &e->duty[d];
    const struct sentence *s = &e->p->sentences[duty->sentence];
    int64_t next = FOREVER;

    for (uint32_t i = 0; i < s->rungs.n && !duty->otherwise; i++) {
        const struct rung *r = &e->p->rungs[s->rungs.at + i];
        int64_t after = r->after == 0 ? 0 : one_value(c, r->after), due;
        struct verdict v;

        if ((duty->told & (1u << i)) != 0 || after == UNSET)
            continue;
        if (r->after == 0 ? !duty->breached : base == UNSET)
            continue;
        due = r->after == 0 ? duty->breach : base + after;
        if (due >= e->now && !(r->after == 0 && duty->breached)) {
            next = due < next ? due : next;
            continue;
        }
        duty->told |= 1u << i;
        if (r->severity != UINT8_MAX && r->severity > duty->severity)
            duty->severity = r->severity;
        v = verdict_of(e, duty);
        v.value = duty->breached ? V_BREACHED : V_PENDING;
        tell(e, &v, frame, s->rungs.at + i, r->severity != UINT8_MAX ? r->severity : duty->severity);
        case_join(e, d);
    }
    return next;
}

/* what follows from a verdict ------------------------------------------------------------------ */

static uint32_t
finding_symbol(struct engine *e, struct verdict_ref ref)
{
    char text[SYMBOL_MAX];
    struct buf b = buf_of(text, sizeof text);
    uint32_t n;

    put_verdict_id(e->p, ref.sentence, ref.otherwise, ref.opened, ref.nth, &b);
    n = symbol(e->symbols, buf_str(&b));
    if (n == UINT32_MAX) {
        pool_full(e, "symbols");
        return 0;
    }
    return n;
}

/* Sentences further down that watch clauses hear of it. */
static void
clauses_hear(struct engine *e, uint32_t sentence, struct verdict_ref ref, bool met, uint8_t severity, int64_t date)
{
    struct span span = e->p->clause_listeners;
    const struct sentence *s = &e->p->sentences[sentence];

    for (uint32_t i = 0; i < span.n; i++) {
        const struct sentence *l = &e->p->sentences[e->p->ids[span.at + i]];
        const struct moment *m = &e->p->moments[l->moment];
        struct happening *h;

        if (m->met != met || s->clause >= l->clause || (m->ref != NO_ID && m->ref != s->clause))
            continue;
        h = happen(e, l->rank);
        h->type = M_CLAUSE;
        h->listener = e->p->ids[span.at + i];
        h->severity = severity;
        h->finding = m->slot == UINT16_MAX ? 0 : finding_symbol(e, ref);
        h->cited = ref;
        h->date = date;
    }
}

static void
duty_cites(struct duty *duty, struct verdict_ref ref)
{
    duty->cites_sentence = ref.sentence;
    duty->cites_otherwise = ref.otherwise;
    duty->cites_opened = ref.opened;
    duty->cites_nth = ref.nth;
}

static void
open_otherwise(struct engine *e, uint32_t sentence, const int64_t *frame, uint32_t parent, struct verdict_ref ref, int64_t date)
{
    uint32_t d = duty_new(e, sentence, true, frame);
    struct happening *h;

    if (d == 0)
        return;
    e->duty[d].from = date;
    e->duty[d].onset = date;
    e->duty[d].parent = parent;
    e->duty[d].cited = 1;
    duty_cites(&e->duty[d], ref);
    if (parent != 0)
        e->duty[parent].child = d;
    h = happen(e, e->p->sentences[sentence].rank);
    h->type = M_EVENT;
    h->listener = d;
    h->date = date;
}

static struct verdict_ref
ref_of(const struct duty *d)
{
    return (struct verdict_ref){d->sentence, d->otherwise, d->opened, d->nth};
}

/* Breached: it is said with the evidence gathered so far, joins its case, and is heard of. */
void
duty_breaks(struct engine *e, uint32_t d, int64_t date)
{
    struct duty *duty = &e->duty[d];
    int64_t frame[FRAME_MAX];
    uint8_t severity;

    duty_frame(e, duty, frame);
    duty->breached = true;
    duty->unknown = false;
    duty->breach = date;
    severity = severity_of(e, duty->sentence, frame, e->support);
    if (severity > duty->severity)
        duty->severity = severity;
    duty->decided = e->now;
    duty->decided_at = (uint32_t)e->place;
    duty_says(e, d, V_BREACHED, false, UNSET);
    proof_free(e, duty->proof); /* said again when it ends */
    duty->proof = proof_keep(e, e->support);
    case_join(e, d);
    clauses_hear(e, duty->sentence, ref_of(duty), false, severity, date);
    if (e->p->sentences[duty->sentence].has_otherwise && !duty->otherwise)
        open_otherwise(e, duty->sentence, frame, d, ref_of(duty), date);
}

/* judged at once ------------------------------------------------------------------------------- */

struct trigger { /* what opened it */
    uint32_t sentence;
    int64_t date;
    bool by_entry;       /* the entry at this place is the trigger itself */
    bool cited;
    struct verdict_ref cites;
    int64_t at, known;   /* of that entry */
    bool doubt;
    bool numbered;       /* it is told under the number of a duty that it was */
    uint32_t nth;
};

/* A verdict that is over in the instant it is made. */
static void
say_at_once(struct engine *e, const struct trigger *t, int64_t *frame, enum verdict_value value)
{
    const struct sentence *s = &e->p->sentences[t->sentence];
    int64_t binding[BINDING_MAX];
    struct verdict v = {.sentence = t->sentence, .value = (uint8_t)value, .at = e->now, .onset = t->date, .deadline = UNSET,
                        .end = t->date, .ended = true, .opened = e->place, .place = e->place, .decided = e->now, .binding = binding,
                        .nbinding = s->names.n < BINDING_MAX ? s->names.n : BINDING_MAX, .cites = t->cited,
                        .cited_sentence = t->cites.sentence, .cited_otherwise = t->cites.otherwise,
                        .cited_opened = t->cites.opened, .cited_nth = t->cites.nth};
    struct verdict_ref ref;

    for (uint32_t i = 0; i < v.nbinding; i++)
        binding[i] = frame[e->p->names[s->names.at + i].slot];
    v.nth = t->numbered ? t->nth : count_opened(e, t->sentence, false);
    ref = (struct verdict_ref){t->sentence, false, e->place, v.nth};
    if (value == V_BREACHED)
        v.severity = severity_of(e, t->sentence, frame, e->support);
    say_verdict(e, &v);
    if (value == V_MET)
        clauses_hear(e, t->sentence, ref, true, 0, t->date);
    if (value != V_BREACHED)
        return;
    case_flash(e, t->sentence, frame, ref, v.severity);
    for (uint32_t i = 0; i < s->rungs.n; i++) {
        uint8_t severity = e->p->rungs[s->rungs.at + i].severity;

        tell(e, &v, frame, s->rungs.at + i, severity == UINT8_MAX ? v.severity : severity);
    }
    clauses_hear(e, t->sentence, ref, false, v.severity, t->date);
    if (s->has_otherwise)
        open_otherwise(e, t->sentence, frame, 0, ref, t->date);
}

/* may only if, must hold that: the condition, or what excuses it, as it stands now */
static void
judge_condition(struct engine *e, const struct trigger *t, struct ctx *c)
{
    const struct sentence *s = &e->p->sentences[t->sentence];
    enum tri v = eval(c, s->must);

    if (v != YES && s->unless != 0) {
        enum tri excuse = eval(c, s->unless);

        v = excuse == YES ? YES : excuse == UNSURE ? UNSURE : v;
    }
    if (t->doubt && v == NO)
        v = UNSURE;
    say_at_once(e, t, c->frame, v == YES ? V_MET : v == NO ? V_BREACHED : V_UNKNOWN);
}

static void
judge_known(struct engine *e, const struct trigger *t, struct ctx *c)
{
    const struct sentence *s = &e->p->sentences[t->sentence];
    int64_t limit = one_value(c, s->limit);
    enum tri v = limit == UNSET ? UNSURE : t->known - t->at > limit ? NO : YES;

    if (v != YES && s->unless != 0) {
        enum tri excuse = eval(c, s->unless);

        v = excuse == YES ? YES : excuse == UNSURE ? UNSURE : v;
    }
    say_at_once(e, t, c->frame, v == YES ? V_MET : v == NO ? V_BREACHED : V_UNKNOWN);
}

/* One binding of a trigger: judged now, or a duty that opens when everything has taken effect. */
static void
trigger_one(struct engine *e, const struct trigger *t, struct ctx *c, bool before)
{
    const struct sentence *s = &e->p->sentences[t->sentence];
    struct happening *h;
    uint32_t d;

    if (s->duty == D_ONLY_IF || (s->duty == D_HOLD && !before)) {
        judge_condition(e, t, c);
        return;
    }
    if (s->duty == D_KNOWN && s->unless == 0) {
        judge_known(e, t, c);
        return;
    }
    d = duty_new(e, t->sentence, false, c->frame);
    if (d == 0)
        return;
    e->duty[d].from = t->date;
    e->duty[d].onset = t->date;
    e->duty[d].doubt = t->doubt;
    e->duty[d].cited = t->cited;
    duty_cites(&e->duty[d], t->cites);
    e->duty[d].proof = e->support->nentries == 1 && e->support->nclaims == 0 && t->by_entry ? 0 : proof_keep(e, e->support);
    h = happen(e, s->rank);
    h->type = M_EVENT;
    h->listener = d;
    h->date = t->date;
}

struct each {
    struct engine *e;
    const struct trigger *t;
    bool before;
};

/* One row of `for every`, whose own condition is proven apart from the join that found it. */
static bool
trigger_each(struct ctx *c, void *context)
{
    struct each *each = context;
    struct engine *e = each->e;
    struct ctx own = ctx_proving(e, c->frame, e->support);
    const struct sentence *s = &e->p->sentences[each->t->sentence];

    own.severity = c->severity;
    support_copy(e->support, e->spare); /* what came before this row; saying a verdict puts it in order */
    if (eval(&own, e->p->quants[s->each].cond) == YES)
        trigger_one(e, each->t, &own, each->before);
    return true;
}

/* The moment has come with these names: `where`, `for every`, then each binding. */
static void
trigger_all(struct engine *e, struct trigger *t, int64_t *frame, uint8_t severity, bool before)
{
    const struct sentence *s = &e->p->sentences[t->sentence];
    struct ctx c = ctx_proving(e, frame, e->support);
    struct each each = {e, t, before};
    enum tri where = YES;

    c.severity = severity;
    if (s->where != 0)
        where = eval(&c, s->where);
    if (where == NO)
        return;
    t->doubt = where == UNSURE;
    if (s->each == 0) {
        trigger_one(e, t, &c, before);
        return;
    }
    support_copy(e->spare, e->support);
    c.sup = NULL;
    (void)plan_run(&c, e->p->quants[s->each].plan, trigger_each, &each);
}

static void
frame_blank(int64_t *frame)
{
    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
}

/* An event, on the state before it. */
void
sentence_hears(struct engine *e, uint32_t sentence, const struct entry *entry, const int64_t *field)
{
    const struct sentence *s = &e->p->sentences[sentence];
    int64_t frame[FRAME_MAX];
    struct ctx c = ctx_plain(e, frame);
    struct trigger t = {.sentence = sentence, .by_entry = true, .at = entry->at, .known = entry->known,
                        .date = entry->at < entry->known ? entry->at : entry->known};

    frame_blank(frame);
    if (!match_args_of(e, &e->p->moments[s->moment].pattern, field, frame, &c))
        return;
    support_reset(e->support);
    support_entry(e->support, e->place);
    trigger_all(e, &t, frame, 0, true);
}

/* What shows that a state began or ended then (so now, and not just before), or that a fact changed. */
void
prove_happening(struct engine *e, const struct moment *m, const struct happening *h, struct support *sup)
{
    int64_t frame[FRAME_MAX];
    struct ctx c = ctx_proving(e, frame, sup), before = ctx_before(e, frame, sup, h->date);
    row_id r;

    frame_blank(frame);
    if (m->type == M_BEGINS || m->type == M_ENDS) {
        (void)state_now(&c, m->ref, h->arg);
        (void)state_now(&before, m->ref, h->arg);
        return;
    }
    r = row_find(&e->s, e->p->facts[m->ref].relation, h->arg);
    if (r != 0)
        support_entry(sup, e->s.row[r].cause);
    before.upto = h->date; /* up to the entry that changed it, which is listed */
    (void)fact_now(&before, m->ref, h->arg);
}

/* A state's edge, a fact's change, a verdict: on the state after it. */
void
sentence_happens(struct engine *e, uint32_t sentence, const struct happening *h)
{
    const struct sentence *s = &e->p->sentences[sentence];
    const struct moment *m = &e->p->moments[s->moment];
    int64_t frame[FRAME_MAX], field[PARAMS_MAX + 1];
    struct ctx c = ctx_plain(e, frame);
    struct trigger t = {.sentence = sentence, .date = h->date, .at = h->date, .known = e->now};

    frame_blank(frame);
    support_reset(e->support);
    if (h->type == M_CLAUSE) {
        t.cited = true;
        t.cites = h->cited;
        if (m->slot != UINT16_MAX)
            frame[m->slot] = h->finding;
    } else {
        for (uint8_t i = 0; i < ARITY_MAX; i++)
            field[i] = h->arg[i];
        if (!match_args_of(e, &m->pattern, field, frame, &c))
            return;
        prove_happening(e, m, h, e->support);
    }
    trigger_all(e, &t, frame, h->severity, false);
}

/* A planned time has come. */
void
sentence_planned(struct engine *e, uint32_t sentence, int64_t *frame, int64_t date)
{
    struct trigger t = {.sentence = sentence, .date = date, .at = date, .known = e->now};
    struct ctx c = ctx_proving(e, frame, e->support), before = ctx_before(e, frame, e->support, date);
    ex_id time = e->p->moments[e->p->sentences[sentence].moment].time;

    support_reset(e->support);
    if (one_value(&c, time) < date) /* moved into the past: it was another before */
        (void)eval_value(&before, time);
    trigger_all(e, &t, frame, 0, false);
}

/* opening and deadlines ------------------------------------------------------------------------ */

const struct answer *
duty_answer(const struct engine *e, const struct duty *d)
{
    const struct sentence *s = &e->p->sentences[d->sentence];

    return d->otherwise ? &s->otherwise : &e->p->answers[s->answers.at + d->stage];
}

/* The evidence common to all that is said of a duty: its trigger and the steps behind it. */
static void
prove_opened(struct engine *e, const struct duty *d)
{
    support_reset(e->support);
    if (d->breached) {
        proof_add(e, d->proof, e->support);
        return;
    }
    if (d->proof != 0)
        proof_add(e, d->proof, e->support);
    else if (!d->cited)
        support_entry(e->support, d->opened);
    if (d->stage > 0)
        support_entry(e->support, d->answered);
}

/* A limit is fixed at the trigger; `not later than` follows the fact it is made of. */
static void
duty_deadline(struct engine *e, uint32_t d, int64_t *frame)
{
    struct duty *duty = &e->duty[d];
    const struct answer *a = duty_answer(e, duty);
    bool moves = e->p->sentences[duty->sentence].duty == D_NOT_LATER && !duty->otherwise;
    struct ctx c;

    if (moves) {
        c = cell_begin(e, duty->cell, frame);
        duty->deadline = one_value(&c, a->limit);
        cell_end(e, duty->cell, &c, duty->deadline == UNSET ? FOREVER : duty->deadline);
        return;
    }
    if (duty->limit == UNSET) {
        c = ctx_proving(e, frame, e->spare);
        support_reset(e->spare);
        duty->limit = one_value(&c, a->limit);
        if (e->spare->nentries + e->spare->nclaims > 0) {
            if (duty->proof == 0 && !duty->cited)
                support_entry(e->spare, duty->opened);
            proof_add(e, duty->proof, e->spare);
            proof_free(e, duty->proof);
            duty->proof = proof_keep(e, e->spare);
        }
    }
    duty->deadline = duty->limit == UNSET ? UNSET : duty->from + duty->limit;
    if (duty->limit == UNSET) /* it is fixed now, and nobody can say how long it is */
        duty->unknown = true;
    timer_set(e, duty->cell, duty->deadline == UNSET || duty->deadline < e->now ? FOREVER : duty->deadline);
}

/* A step's clock runs: it is told with its limit, and an answer that is in the log already may be one. */
static void
step_begins(struct engine *e, uint32_t d, int64_t *frame)
{
    struct duty *duty = &e->duty[d];

    duty_deadline(e, d, frame);
    duty_waits(e, d, duty_answer(e, duty), frame);
    duty_says(e, d, duty->unknown ? V_UNKNOWN : V_PENDING, false, UNSET);
    if (duty->unknown)
        case_join(e, d);
    if (duty->deadline != UNSET && duty->deadline < e->now)
        cell_queue(e, duty->cell);
    duty->late = duty->from < e->now;
    if (duty->late)
        answers_look_back(e, d);
}

void
duty_opens(struct engine *e, uint32_t d)
{
    struct duty *duty = &e->duty[d];
    const struct sentence *s = &e->p->sentences[duty->sentence];
    int64_t frame[FRAME_MAX];
    struct ctx c;

    if (!duty->live)
        return;
    duty_frame(e, duty, frame);
    if ((s->duty == D_HOLD || s->duty == D_KNOWN) && !duty->otherwise) { /* judged at once, on the state after the event */
        struct trigger t = {.sentence = duty->sentence, .date = duty->from, .at = duty->from, .known = e->now, .doubt = duty->doubt,
                            .numbered = true, .nth = duty->nth}; /* the verdict takes the duty's own number */

        prove_opened(e, duty);
        duty_free(e, d);
        c = ctx_proving(e, frame, e->support);
        if (s->duty == D_KNOWN)
            judge_known(e, &t, &c);
        else
            judge_condition(e, &t, &c);
        return;
    }
    if (s->unless != 0 && !duty->otherwise) {
        c = ctx_proving(e, frame, e->spare);
        support_reset(e->spare);
        if (eval(&c, s->unless) == YES) {
            duty_free(e, d);
            return;
        }
        if (duty->proof == 0 && !duty->cited)
            support_entry(e->spare, duty->opened);
        proof_add(e, duty->proof, e->spare);
        proof_free(e, duty->proof);
        duty->proof = proof_keep(e, e->spare);
    }
    duty->cell = cell_new(e, CELL_DUTY, d);
    step_begins(e, d, frame);
}

bool
answer_visible(struct engine *e, const struct answer *a, const int64_t *frame)
{
    for (uint32_t i = 0; i < a->patterns.n; i++) {
        const struct pattern *pat = &e->p->patterns[a->patterns.at + i];
        const struct kind *k = &e->p->kinds[pat->kind];
        uint32_t key[ARITY_MAX] = {0};
        int64_t copy[FRAME_MAX];
        struct ctx c = ctx_plain(e, copy);
        bool known = true;

        if (k->heartbeat == 0)
            continue;
        memcpy(copy, frame, sizeof copy);
        for (uint8_t f = 0; f < k->ncover; f++) {
            int64_t v = UNSET;

            for (uint32_t x = 0; x < pat->nargs; x++)
                if (e->p->args[pat->args + x].param == k->cover_field[f] && e->p->args[pat->args + x].mode == ARG_EQUAL)
                    v = one_value(&c, e->p->args[pat->args + x].ex);
            known = known && v != UNSET;
            key[f] = v == UNSET ? 0 : (uint32_t)v;
        }
        if (covered(&c, pat->kind, key, known) != YES)
            return false;
    }
    return true;
}

/* Nothing that answers came from `from` to `to`. */
void
prove_unanswered(struct engine *e, const struct answer *a, uint32_t that, const int64_t *frame, int64_t from, int64_t to)
{
    struct ctx c = ctx_plain(e, NULL);

    c.sup = e->support;
    for (uint32_t i = 0; i < a->patterns.n; i++) {
        uint32_t n = e->support->nclaims;

        claim_absent(&c, &e->p->patterns[a->patterns.at + i], frame, NO_ID, from, to);
        if (a->where != 0 && e->support->nclaims > n)
            e->support->claim[n].moment = that;
    }
}

static uint32_t
answer_name(const struct engine *e, const struct duty *d)
{
    return d->otherwise ? CLAIM_OTHERWISE | d->sentence : CLAIM_ANSWER | (e->p->sentences[d->sentence].answers.at + d->stage);
}

void
duty_works(struct engine *e, cell_id cell)
{
    uint32_t d = e->cell[cell].ref;
    struct duty *duty = &e->duty[d];
    int64_t frame[FRAME_MAX], next;
    struct ctx c;

    duty_frame(e, duty, frame);
    if (!duty->breached && e->p->sentences[duty->sentence].duty == D_NOT_LATER && !duty->otherwise)
        duty_deadline(e, d, frame);
    if (!duty->breached && !duty->unknown && duty->deadline != UNSET && duty->deadline < e->now) {
        if (duty->doubt || !answer_visible(e, duty_answer(e, duty), frame)) {
            duty->unknown = true;
            duty_says(e, d, V_UNKNOWN, false, UNSET);
            case_join(e, d);
        } else {
            prove_opened(e, duty);
            prove_unanswered(e, duty_answer(e, duty), answer_name(e, duty), frame, duty->from, duty->deadline);
            duty_breaks(e, d, duty->deadline);
        }
        if (duty->late)
            answers_look_back(e, d);
    }
    if (!duty->live || !duty->breached)
        return;
    c = ctx_plain(e, frame);
    next = rungs_due(e, d, frame, &c, duty->deadline);
    timer_set(e, duty->cell, next);
}

/* answers -------------------------------------------------------------------------------------- */

/* Ends what is open: met when it was in time, else the breach or doubt ends. */
static void
duty_ends(struct engine *e, uint32_t d, int64_t at, uint32_t cause, bool in_time)
{
    struct duty *duty = &e->duty[d];
    enum verdict_value value = in_time ? V_MET : duty->breached ? V_BREACHED : V_UNKNOWN;
    uint32_t parent = duty->parent;
    struct verdict_ref ref = ref_of(duty);
    uint32_t sentence = duty->sentence;

    prove_opened(e, duty);
    if (in_time)
        support_entry(e->support, cause);
    duty_says(e, d, value, true, at);
    duty_free(e, d);
    if (in_time)
        clauses_hear(e, sentence, ref, true, 0, at);
    if (parent != 0 && e->duty[parent].live && e->duty[parent].breached)
        duty_ends(e, parent, at, cause, false);
}

static void
duty_steps_on(struct engine *e, uint32_t d, int64_t at, uint32_t cause)
{
    struct duty *duty = &e->duty[d];
    int64_t frame[FRAME_MAX];

    duty_stops_waiting(e, d);
    duty_frame(e, duty, frame);
    prove_opened(e, duty);
    prove_unanswered(e, duty_answer(e, duty), answer_name(e, duty), frame, duty->from, at); /* it was the first */
    proof_free(e, duty->proof);
    duty->proof = proof_keep(e, e->support);
    duty->stage++;
    duty->answered = cause;
    duty->from = at;
    duty->limit = UNSET;
    step_begins(e, d, frame);
}

void
duty_answered(struct engine *e, uint32_t d, int64_t at, uint32_t cause)
{
    struct duty *duty = &e->duty[d];
    const struct sentence *s = &e->p->sentences[duty->sentence];

    if (at < duty->from)
        return; /* it came before the step began */
    if (duty->breached || duty->unknown || (duty->deadline != UNSET && at > duty->deadline))
        duty_ends(e, d, at, cause, false);
    else if (!duty->otherwise && duty->stage + 1u < s->answers.n)
        duty_steps_on(e, d, at, cause);
    else
        duty_ends(e, d, at, cause, true);
}
