/* SPDX-License-Identifier: Apache-2.0 */
/* cases.c -- one case per object: the open verdicts of one name and its values, escalating in place;
 * each rung of a ladder is told once in it. A case ends when nothing in it is open. */
#include "engine/inner.h"

static bool
same_case(const struct engine *e, const struct kase *k, uint32_t sentence, const int64_t *name)
{
    const struct sentence *a = &e->p->sentences[k->sentence], *b = &e->p->sentences[sentence];

    if (!str_eq(e->p->clauses[a->clause].case_name, e->p->clauses[b->clause].case_name))
        return false;
    for (uint8_t i = 0; i < ARITY_MAX; i++)
        if (k->name[i] != name[i])
            return false;
    return true;
}

/* The case's values by the place of their name in the clause; what a sentence does not bind is UNSET. */
static void
case_values(const struct engine *e, uint32_t sentence, const int64_t *frame, int64_t *value)
{
    const struct sentence *s = &e->p->sentences[sentence];
    const struct clause *c = &e->p->clauses[s->clause];

    for (uint8_t i = 0; i < ARITY_MAX; i++)
        value[i] = UNSET;
    for (uint8_t i = 0; i < c->ncase; i++)
        for (uint32_t k = 0; k < s->case_names.n; k++) {
            const struct name *n = &e->p->names[s->case_names.at + k];

            if (str_eq(n->name, c->case_names[i]))
                value[i] = frame[n->slot];
        }
}

static uint32_t *
case_link(struct engine *e, uint32_t sentence, const int64_t *value)
{
    struct str name = e->p->clauses[e->p->sentences[sentence].clause].case_name;
    uint64_t h = 1469598103934665603u;
    uint32_t *at;

    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * UINT64_C(1099511628211);
    for (uint8_t i = 0; i < ARITY_MAX; i++)
        h = (h ^ (uint64_t)value[i]) * UINT64_C(0x9e3779b97f4a7c15);
    at = &e->kase_slot[(h >> 32) & (e->nkase_slots - 1)];
    while (*at != 0 && !same_case(e, &e->kase[*at], sentence, value))
        at = &e->kase[*at].chain;
    return at;
}

static uint32_t
case_make(struct engine *e, uint32_t sentence, const int64_t *frame)
{
    int64_t value[ARITY_MAX];
    uint32_t *at, k;

    case_values(e, sentence, frame, value);
    at = case_link(e, sentence, value);
    if (*at != 0)
        return *at;
    k = e->kases.free;
    if (k != 0) {
        e->kases.free = e->kase[k].chain;
        e->kases.live++;
    } else if ((k = pool_take(e, &e->kases, "cases")) == 0) {
        return 0;
    }
    e->kase[k] = (struct kase){.used = true, .sentence = sentence};
    memcpy(e->kase[k].name, value, sizeof value);
    *at = k;
    return k;
}

static void
case_dirty(struct engine *e, uint32_t k)
{
    if (k == 0 || e->kase[k].dirty)
        return;
    if (e->dirty_kases == 0)
        e->dirty_kases = k;
    else
        e->kase[e->last_dirty].next_dirty = k;
    e->last_dirty = k;
    e->kase[k].dirty = true;
    e->kase[k].next_dirty = 0;
}

void
case_join(struct engine *e, uint32_t d)
{
    struct duty *duty = &e->duty[d];
    int64_t frame[FRAME_MAX];
    uint32_t k = duty->kase, *at;

    if (!duty->in_case) {
        duty_frame(e, duty, frame);
        k = case_make(e, duty->sentence, frame);
        if (k == 0)
            return;
        duty->kase = k;
        duty->in_case = true;
        duty->next = 0;
        duty->prev = 0;
        for (at = &e->kase[k].first; *at != 0; at = &e->duty[*at].next)
            duty->prev = *at;
        *at = d;
        e->kase[k].nopen++;
    }
    if (duty->severity > e->kase[k].severity)
        e->kase[k].severity = duty->severity;
    case_dirty(e, k);
}

void
case_leave(struct engine *e, uint32_t d)
{
    struct duty *duty = &e->duty[d];
    struct kase *k = &e->kase[duty->kase];

    if (!duty->in_case)
        return;
    if (duty->prev != 0)
        e->duty[duty->prev].next = duty->next;
    else
        k->first = duty->next;
    if (duty->next != 0)
        e->duty[duty->next].prev = duty->prev;
    duty->in_case = false;
    duty->next = duty->prev = 0;
    k->nopen--;
    case_dirty(e, duty->kase);
}

/* A verdict that is over in the instant it is found: it is told with its case once. */
void
case_flash(struct engine *e, uint32_t sentence, const int64_t *frame, struct verdict_ref ref, uint8_t severity)
{
    uint32_t k = case_make(e, sentence, frame);

    if (k == 0)
        return;
    if (severity > e->kase[k].severity)
        e->kase[k].severity = severity;
    case_dirty(e, k);
    if (e->nflash == FLASHES)
        return; /* the verdict itself has been said; the case shows the first ones */
    e->flash[e->nflash].kase = k;
    e->flash[e->nflash++].ref = ref;
    e->kase[k].nflash++;
}

bool
case_tell_once(struct engine *e, uint32_t sentence, const int64_t *frame, uint32_t rung)
{
    uint32_t at = case_make(e, sentence, frame);
    uint64_t bit = UINT64_C(1) << (rung % 64);
    struct kase *k = &e->kase[at];

    if (at == 0)
        return false;
    case_dirty(e, at);
    if (rung / 64 >= sizeof k->told / sizeof *k->told)
        return true;
    if ((k->told[rung / 64] & bit) != 0)
        return false;
    k->told[rung / 64] |= bit;
    return true;
}

static void
case_end(struct engine *e, uint32_t k)
{
    uint32_t *at = case_link(e, e->kase[k].sentence, e->kase[k].name);

    *at = e->kase[k].chain;
    e->kase[k] = (struct kase){.chain = e->kases.free};
    e->kases.free = k;
    e->kases.live--;
}

enum { CASE_LISTED = 64 };

static uint8_t
severity_now(const struct engine *e, const struct kase *k)
{
    uint8_t most = 0;

    for (uint32_t d = k->first; d != 0; d = e->duty[d].next)
        if (e->duty[d].severity > most)
            most = e->duty[d].severity;
    return most;
}

static void
case_says(struct engine *e, uint32_t at)
{
    struct verdict_ref open[CASE_LISTED];
    struct kase *k = &e->kase[at];
    struct out out = {.type = OUT_CASE, .at = e->now, .sentence = k->sentence, .names = k->name, .open = open,
                      .severity = k->severity};

    for (uint32_t d = k->first; d != 0 && out.nopen < CASE_LISTED; d = e->duty[d].next)
        open[out.nopen++] = (struct verdict_ref){e->duty[d].sentence, e->duty[d].otherwise, e->duty[d].opened, e->duty[d].nth};
    for (uint32_t i = 0; i < e->nflash && out.nopen < CASE_LISTED; i++)
        if (e->flash[i].kase == at)
            open[out.nopen++] = e->flash[i].ref;
    e->sink(e->context, &out);
}

void
cases_say(struct engine *e)
{
    while (e->dirty_kases != 0) {
        uint32_t at = e->dirty_kases;
        struct kase *k = &e->kase[at];

        e->dirty_kases = k->next_dirty;
        k->dirty = false;
        k->next_dirty = 0;
        case_says(e, at);
        k->nflash = 0;
        k->severity = severity_now(e, k);
        if (k->nopen == 0)
            case_end(e, at);
    }
    e->nflash = 0;
}
