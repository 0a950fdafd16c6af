/* SPDX-License-Identifier: Apache-2.0 */
#include "view/table.h"
#include "base/stamp.h"

enum { DAY_MS = 86400000, WORD_WIDTH = 9 };

static void
day_line(struct minutes *t, const struct view *v, int64_t at, struct buf *b)
{
    int64_t local = at + v->zone_offset, day = local - civil_of(local).ms_of_day;

    if (t->begun && day == t->day)
        return;
    if (t->begun)
        put_c(b, '\n');
    t->begun = true;
    t->day = day;
    put_day(v, at, b);
    put_c(b, '\n');
}

static void
head(struct minutes *t, const struct view *v, int64_t at, const char *word, struct buf *b)
{
    size_t n = strlen(word);

    day_line(t, v, at, b);
    put_s(b, "  ");
    put_clock(v, at, b);
    put_s(b, "  ");
    put_s(b, word);
    for (; n < WORD_WIDTH; n++)
        put_c(b, ' ');
}

static void
id_and_title(const struct view *v, const struct verdict *d, struct buf *b)
{
    const struct sentence *s = &v->p->sentences[d->sentence];

    put(b, s->id);
    if (d->otherwise)
        put_s(b, " (otherwise)");
    put_c(b, ' ');
    put(b, v->p->clauses[s->clause].title);
    if (d->nbinding > 0) {
        put_s(b, " (");
        put_subject(v, d, b);
        put_c(b, ')');
    }
}

/* The events that would answer, in the words of the vocabulary. */
static void
answers(const struct view *v, const struct verdict *d, struct buf *b)
{
    const struct sentence *s = &v->p->sentences[d->sentence];
    const struct answer *a = d->otherwise ? &s->otherwise : &v->p->answers[s->answers.at + d->stage];

    for (uint32_t i = 0; i < a->patterns.n; i++) {
        const struct kind *k = &v->p->kinds[v->p->patterns[a->patterns.at + i].kind];

        if (i > 0)
            put_s(b, " or ");
        put(b, k->name);
        put_s(b, " \"");
        put(b, k->label);
        put_c(b, '"');
    }
}

static bool
is_answer(const struct view *v, const struct verdict *d)
{
    uint8_t duty = v->p->sentences[d->sentence].duty;

    return d->otherwise || duty == D_WITHIN || duty == D_NOT_LATER;
}

/* The severity a breach would have, unless it depends. */
static uint8_t
usual_severity(const struct view *v, const struct verdict *d)
{
    const struct sentence *s = &v->p->sentences[d->sentence];

    return s->severity.n == 0 ? SEV_RED : v->p->sevs[s->severity.at + s->severity.n - 1].severity;
}

static void
breach_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    const struct verdict *d = o->verdict;
    bool instant = d->ended && d->deadline == UNSET, silent;

    if (d->ended && !instant) {
        head(t, v, o->at, is_answer(v, d) ? "late" : "ended", b);
        id_and_title(v, d, b);
        put_s(b, is_answer(v, d) ? ": answered at " : ": it lasted until ");
        put_clock_on(v, d->end, o->at, b);
        put_c(b, '\n');
        return;
    }
    t->breaches[d->severity]++;
    silent = v->p->sentences[d->sentence].duty == D_EVERY && !d->otherwise;
    head(t, v, o->at, silent ? "SILENT" : "BREACH", b);
    put_s(b, severity_words[d->severity]);
    put_s(b, ": ");
    id_and_title(v, d, b);
    if (!instant && d->onset != UNSET && d->deadline != UNSET) {
        put_s(b, silent ? ", not heard since " : ", since ");
        put_clock_on(v, d->onset, o->at, b);
        if (d->deadline != d->onset) {
            put_s(b, ", limit ");
            put_clock_on(v, d->deadline, o->at, b);
        }
    }
    put_c(b, '\n');
}

/* What other verdicts ask for, an answer to each finding say, is not a line each: it is counted. */
static void
count_asked(struct minutes *t, const struct verdict *d)
{
    if (d->value == V_MET) {
        t->asked -= t->asked > 0;
    } else if (d->value == V_PENDING && d->deadline != UNSET) {
        if (t->asked++ == 0 || d->deadline < t->asked_by)
            t->asked_by = d->deadline;
    }
}

static void
verdict_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    const struct verdict *d = o->verdict;

    if (d->cites && d->value != V_BREACHED && d->value != V_UNKNOWN) {
        count_asked(t, d);
        t->met += d->value == V_MET;
        return;
    }
    switch ((enum verdict_value)d->value) {
    case V_BREACHED:
        breach_line(t, v, o, b);
        return;
    case V_UNKNOWN:
        t->unknown++;
        head(t, v, o->at, "UNKNOWN", b);
        id_and_title(v, d, b);
        put_s(b, ": a source is silent or a value was never given\n");
        return;
    case V_PENDING:
        if (!is_answer(v, d) || d->deadline == UNSET || usual_severity(v, d) == SEV_INFO)
            return;
        head(t, v, o->at, "due", b);
        put_s(b, "by ");
        put_clock_on(v, d->deadline, o->at, b);
        put_s(b, ": ");
        answers(v, d, b);
        put_s(b, " -- ");
        id_and_title(v, d, b);
        put_c(b, '\n');
        return;
    case V_MET:
        t->met++;
        if (!is_answer(v, d) || usual_severity(v, d) == SEV_INFO)
            return;
        head(t, v, o->at, "done", b);
        id_and_title(v, d, b);
        put_c(b, '\n');
        return;
    case V_MARGINAL:
        return;
    }
}

/* gates ---------------------------------------------------------------------------------------- */

static unsigned
gate_slot(struct minutes *t, const struct view *v, const struct out *o)
{
    const struct gate *g = &v->p->gates[o->gate];

    for (unsigned i = 0; i < TABLE_GATES; i++) {
        bool same = t->gate[i].used && t->gate[i].gate == o->gate;

        for (uint8_t k = 0; same && k < g->nparams; k++)
            same = t->gate[i].object[k] == o->object[k];
        if (same || !t->gate[i].used)
            return i;
    }
    return o->object[0] % TABLE_GATES; /* more gates than a table remembers: the limbs are told again */
}

static void
put_object(const struct view *v, uint32_t gate, const uint32_t *object, struct buf *b)
{
    const struct gate *g = &v->p->gates[gate];

    put(b, g->name);
    put_s(b, " of ");
    for (uint8_t i = 0; i < g->nparams; i++) {
        if (i > 0)
            put_s(b, ", ");
        put_value_text(v, g->param[i].type, object[i], b);
    }
}

/* The limbs of one value, by name; a single one with its words too. */
static uint32_t
put_limbs(const struct view *v, uint32_t gate, const uint8_t *limbs, const uint8_t *old, uint8_t value, struct buf *b)
{
    const struct gate *g = &v->p->gates[gate];
    uint32_t n = 0, last = 0;

    for (uint32_t i = 0; i < g->limbs.n; i++) {
        if (limbs[i] != value || (old != NULL && old[i] == value))
            continue;
        if (n++ > 0)
            put_s(b, ", ");
        put(b, v->p->limbs[g->limbs.at + i].name);
        last = i;
    }
    if (n == 1) {
        put_s(b, " \"");
        put(b, v->p->limbs[g->limbs.at + last].label);
        put_c(b, '"');
    }
    return n;
}

static uint32_t
count_limbs(const struct view *v, uint32_t gate, const uint8_t *limbs, const uint8_t *old, uint8_t value)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < v->p->gates[gate].limbs.n; i++)
        n += limbs[i] == value && (old == NULL || old[i] != value);
    return n;
}

static uint32_t
count_same(const struct view *v, uint32_t gate, const uint8_t *limbs, const uint8_t *old, uint8_t value)
{
    return count_limbs(v, gate, limbs, NULL, value) - count_limbs(v, gate, limbs, old, value);
}

static void
gate_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    static const char *const state[] = {"SHUT", "UNKNOWN, so shut", "OPEN"};
    unsigned slot = gate_slot(t, v, o);
    bool first = !t->gate[slot].used;
    const uint8_t *old = first ? NULL : t->gate[slot].limbs;

    head(t, v, o->at, "GATE", b);
    put_object(v, o->gate, o->object, b);
    put_s(b, " is ");
    put_s(b, state[o->value]);
    for (int value = GATE_RED; value <= GATE_GREEN; value++) {
        if (count_limbs(v, o->gate, o->limbs, old, (uint8_t)value) == 0 || (first && value == GATE_GREEN))
            continue;
        put_s(b, first ? "; " : "; now ");
        put_s(b, gate_words[value]);
        put_s(b, ": ");
        (void)put_limbs(v, o->gate, o->limbs, old, (uint8_t)value, b);
    }
    for (int value = GATE_RED; !first && value <= GATE_UNKNOWN; value++) {
        if (count_same(v, o->gate, o->limbs, old, (uint8_t)value) == 0)
            continue;
        put_s(b, "; still ");
        put_s(b, gate_words[value]);
        put_s(b, ": ");
        put_u(b, count_same(v, o->gate, o->limbs, old, (uint8_t)value));
        put_s(b, " more");
    }
    if (first && count_limbs(v, o->gate, o->limbs, NULL, GATE_GREEN) > 0) {
        put_s(b, "; green: ");
        (void)put_limbs(v, o->gate, o->limbs, NULL, GATE_GREEN, b);
    }
    put_c(b, '\n');
    t->gate[slot].used = true;
    t->gate[slot].gate = o->gate;
    t->gate[slot].value = o->value;
    for (uint8_t i = 0; i < v->p->gates[o->gate].nparams; i++)
        t->gate[slot].object[i] = o->object[i];
    memcpy(t->gate[slot].limbs, o->limbs, v->p->gates[o->gate].limbs.n);
}

static void
go_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    static const char *const word[] = {"GO", "OVERRIDE", "USED"};

    head(t, v, o->at, word[o->value], b);
    put_object(v, o->gate, o->object, b);
    put_s(b, o->value == GO_USED ? ": " : " by ");
    if (o->value == GO_USED)
        put(b, v->p->kinds[o->entry->kind].name);
    else
        put(b, view_symbol(v, o->entry->by));
    if (o->until != UNSET) {
        put_s(b, ", until ");
        put_clock_on(v, o->until, o->at, b);
    }
    for (int value = GATE_RED; o->value == GO_OVERRIDDEN && value <= GATE_UNKNOWN; value++) {
        if (count_limbs(v, o->gate, o->limbs, NULL, (uint8_t)value) == 0)
            continue;
        put_s(b, ", past ");
        put_s(b, gate_words[value]);
        put_s(b, ": ");
        (void)put_limbs(v, o->gate, o->limbs, NULL, (uint8_t)value, b);
    }
    put_c(b, '\n');
}

static void
hold_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    bool any = false;

    head(t, v, o->at, "HOLD", b);
    put(b, view_who(v, o->who));
    put_s(b, " is told to hold: the go for ");
    put_object(v, o->gate, o->object, b);
    put_s(b, o->lapsed ? " has lapsed unused" : " has ended");
    for (int value = GATE_RED; value <= GATE_UNKNOWN; value++) {
        if (count_limbs(v, o->gate, o->limbs, NULL, (uint8_t)value) == 0)
            continue;
        put_s(b, any ? "; " : ", since ");
        (void)put_limbs(v, o->gate, o->limbs, NULL, (uint8_t)value, b);
        put_s(b, " is ");
        put_s(b, gate_words[value]);
        any = true;
    }
    put_c(b, '\n');
}

/* tells and the door --------------------------------------------------------------------------- */

static void
tell_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    t->told++;
    head(t, v, o->at, "TELL", b);
    put(b, view_who(v, o->who));
    put_s(b, ", ");
    put_s(b, severity_words[o->severity]);
    put_s(b, ": ");
    id_and_title(v, o->verdict, b);
    put_c(b, '\n');
}

static void
event_words(const struct view *v, const struct entry *e, struct buf *b)
{
    const struct kind *k = &v->p->kinds[e->kind];

    put(b, k->name);
    put_s(b, " \"");
    put(b, k->label);
    put_s(b, "\" by ");
    put(b, view_symbol(v, e->by));
}

static void
refused_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    const struct life *l = &v->p->lives[o->life];

    t->refused++;
    head(t, v, o->at, "REFUSED", b);
    event_words(v, o->entry, b);
    if (o->why == WHY_AUTHORITY) {
        put_s(b, ": no authority lets this sender do it\n");
        return;
    }
    if (o->why == WHY_LIFE) {
        put_s(b, ": the ");
        put(b, v->p->types[l->thing].name);
        put_s(b, " is ");
        put(b, v->p->values[l->stages.at + o->stage]);
        put_s(b, ", and its life does not allow it then, or not this sender\n");
        return;
    }
    put_s(b, ": ");
    put(b, v->p->gates[o->gate].name);
    put_s(b, " is held");
    for (int value = GATE_RED; value <= GATE_UNKNOWN; value++) {
        if (count_limbs(v, o->gate, o->limbs, NULL, (uint8_t)value) == 0)
            continue;
        put_s(b, ", ");
        put_s(b, gate_words[value]);
        put_s(b, ": ");
        (void)put_limbs(v, o->gate, o->limbs, NULL, (uint8_t)value, b);
    }
    put_c(b, '\n');
}

static void
odd_line(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    const struct life *l = &v->p->lives[o->life];

    head(t, v, o->at, o->type == OUT_IRREGULAR ? "ODD" : "STAMP", b);
    event_words(v, o->entry, b);
    if (o->type == OUT_QUARANTINED) {
        put_s(b, ": stamped ");
        put_stamp(b, o->entry->at);
        put_s(b, ", ahead of the log; judged by when it was known\n");
        return;
    }
    put_s(b, ": it came while the ");
    put(b, v->p->types[l->thing].name);
    put_s(b, " was ");
    put(b, v->p->values[l->stages.at + o->stage]);
    put_c(b, '\n');
}

void
put_out_table(struct minutes *t, const struct view *v, const struct out *o, struct buf *b)
{
    switch ((enum out_type)o->type) {
    case OUT_VERDICT: verdict_line(t, v, o, b); return;
    case OUT_TELL: tell_line(t, v, o, b); return;
    case OUT_GATE: gate_line(t, v, o, b); return;
    case OUT_GO: go_line(t, v, o, b); return;
    case OUT_HOLD: hold_line(t, v, o, b); return;
    case OUT_REFUSED: refused_line(t, v, o, b); return;
    case OUT_IRREGULAR:
    case OUT_QUARANTINED: odd_line(t, v, o, b); return;
    case OUT_CASE: return;
    }
}

void
put_table_end(struct minutes *t, const struct view *v, struct buf *b)
{
    if (t->asked > 0) {
        put_s(b, "\nfindings that wait for an answer: ");
        put_u(b, t->asked);
        put_s(b, ", the first by ");
        put_clock_on(v, t->asked_by, UNSET, b);
        put_c(b, '\n');
    }
    put_s(b, "\nbreached: ");
    put_u(b, t->breaches[SEV_RED]);
    put_s(b, " red, ");
    put_u(b, t->breaches[SEV_AMBER]);
    put_s(b, " amber, ");
    put_u(b, t->breaches[SEV_INFO]);
    put_s(b, " info; met: ");
    put_u(b, t->met);
    put_s(b, "; unknown: ");
    put_u(b, t->unknown);
    put_s(b, "; told: ");
    put_u(b, t->told);
    put_s(b, "; refused: ");
    put_u(b, t->refused);
    put_c(b, '\n');
}
