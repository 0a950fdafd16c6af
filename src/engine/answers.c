/* SPDX-License-Identifier: Apache-2.0 */
/* answers.c -- which verdicts an event answers: those that wait for it, and, of a verdict that opens late,
 * what had been answered before the log knew of its trigger (an answer follows its trigger in the log or
 * in `at`). For that the newest events that answer anything are kept, a fixed number of them; where a late
 * trigger reaches further back than they do, nobody can say, and the verdict is unknown, never breached. */
#include "engine/inner.h"

/* waiting -------------------------------------------------------------------------- */

static uint32_t
wait_slot(const struct engine *e, uint32_t pattern, const int64_t *key, uint8_t n)
{
    uint64_t h = UINT64_C(0x452821e638d01377) ^ pattern;

    for (uint8_t i = 0; i < n; i++) {
        h = (h ^ (uint64_t)key[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 31;
    }
    return (uint32_t)(h >> 32) & (e->nwait_slots - 1);
}

static void
key_of_duty(struct engine *e, const struct pattern *pat, const int64_t *frame, int64_t *key, uint8_t *ret_n)
{
    int64_t copy[FRAME_MAX];
    struct ctx c = ctx_plain(e, copy);
    uint8_t n = 0;

    memcpy(copy, frame, sizeof copy);
    for (uint32_t i = 0; i < pat->nargs && n < PARAMS_MAX / 3; i++) {
        const struct arg *a = &e->p->args[pat->args + i];

        if (a->mode == ARG_EQUAL)
            key[n++] = one_value(&c, a->ex);
    }
    *ret_n = n;
}

static void
wait_add(struct engine *e, uint32_t d, uint32_t pattern, const int64_t *frame)
{
    uint32_t w = e->waits.free, slot;
    struct wait *wait;

    if (w != 0) {
        e->waits.free = e->wait[w].more;
        e->waits.live++;
    } else if ((w = pool_take(e, &e->waits, "duties")) == 0) {
        return;
    }
    wait = &e->wait[w];
    *wait = (struct wait){.duty = d, .more = e->duty[d].waits, .pattern = pattern};
    key_of_duty(e, &e->p->patterns[pattern], frame, wait->key, &wait->n);
    e->duty[d].waits = w;
    slot = wait_slot(e, pattern, wait->key, wait->n);
    wait->chain = e->wait_slot[slot];
    if (wait->chain != 0)
        e->wait[wait->chain].prev = w;
    e->wait_slot[slot] = w;
}

void
duty_waits(struct engine *e, uint32_t d, const struct answer *a, const int64_t *frame)
{
    for (uint32_t i = 0; i < a->patterns.n; i++)
        wait_add(e, d, a->patterns.at + i, frame);
}

void
duty_stops_waiting(struct engine *e, uint32_t d)
{
    uint32_t w = e->duty[d].waits;

    e->duty[d].waits = 0;
    while (w != 0) {
        struct wait *wait = &e->wait[w];
        uint32_t more = wait->more;

        if (wait->prev != 0)
            e->wait[wait->prev].chain = wait->chain;
        else
            e->wait_slot[wait_slot(e, wait->pattern, wait->key, wait->n)] = wait->chain;
        if (wait->chain != 0)
            e->wait[wait->chain].prev = wait->prev;
        *wait = (struct wait){.more = e->waits.free};
        e->waits.free = w;
        e->waits.live--;
        w = more;
    }
}

/* what came before ----------------------------------------------------------------------------- */

static void
keep_past(struct engine *e, const struct entry *entry, const int64_t *field, int64_t at)
{
    struct past *past = &e->past[e->npast++ % PAST_KEPT];
    uint8_t n = e->p->kinds[entry->kind].nparams + 1;

    *past = (struct past){.at = at, .known = e->now, .place = entry->place, .kind = entry->kind, .n = n};
    memcpy(past->field, field, n * sizeof *field);
}

/* Does a pattern of its answer fit, with the names that the duty has? */
static bool
past_fits(struct engine *e, const struct duty *d, const struct past *past)
{
    const struct answer *a = duty_answer(e, d);

    for (uint32_t i = 0; i < a->patterns.n; i++) {
        const struct pattern *pat = &e->p->patterns[a->patterns.at + i];
        int64_t frame[FRAME_MAX];
        struct ctx c = ctx_plain(e, frame);

        duty_frame(e, d, frame);
        if (pat->kind == past->kind && match_args_of(e, pat, past->field, frame, &c) &&
            (a->where == 0 || eval(&c, a->where) == YES))
            return true;
    }
    return false;
}

/* The oldest kept event that the log knew after an instant. */
static uint64_t
past_since(const struct engine *e, int64_t instant)
{
    uint64_t oldest = e->npast > PAST_KEPT ? e->npast - PAST_KEPT : 0, i = e->npast;

    while (i > oldest && e->past[(i - 1) % PAST_KEPT].known > instant)
        i--;
    return i;
}

enum { ANSWERED_AT_ONCE = 128 };

/* Duties that wait for this pattern with these fields; some of them when there are very many. */
static uint32_t
who_waits(struct engine *e, uint32_t pattern, const int64_t *field, uint32_t *list, uint32_t from)
{
    const struct pattern *pat = &e->p->patterns[pattern];
    int64_t key[PARAMS_MAX / 3];
    uint8_t n = 0;
    uint32_t count = 0, passed = 0;

    for (uint32_t i = 0; i < pat->nargs && n < PARAMS_MAX / 3; i++)
        if (e->p->args[pat->args + i].mode == ARG_EQUAL)
            key[n++] = field[e->p->args[pat->args + i].param];
    for (uint32_t w = e->wait_slot[wait_slot(e, pattern, key, n)]; w != 0 && count < ANSWERED_AT_ONCE; w = e->wait[w].chain) {
        const struct wait *wait = &e->wait[w];

        if (wait->pattern == pattern && memcmp(wait->key, key, n * sizeof *key) == 0 && passed++ >= from)
            list[count++] = wait->duty;
    }
    return count;
}

static bool
answer_fits(struct engine *e, const struct duty *d, uint32_t pattern, const int64_t *field)
{
    const struct answer *a = duty_answer(e, d);
    int64_t frame[FRAME_MAX];
    struct ctx c = ctx_plain(e, frame);

    duty_frame(e, d, frame);
    return match_args_of(e, &e->p->patterns[pattern], field, frame, &c) && (a->where == 0 || eval(&c, a->where) == YES);
}

static void
answered(struct engine *e, uint32_t d, int64_t at, uint32_t cause)
{
    if (e->duty[d].cell != 0 && e->cell[e->duty[d].cell].type == CELL_DUTY)
        duty_answered(e, d, at, cause);
    else
        lasting_answered(e, d, at, cause);
}

void
answers_hear(struct engine *e, const struct entry *entry, const int64_t *field)
{
    struct span span = e->p->kinds[entry->kind].listeners;
    int64_t at = entry->at < entry->known ? entry->at : entry->known;
    bool kept = false;

    for (uint32_t i = 0; i < span.n; i++) {
        const struct listener *l = &e->p->listeners[span.at + i];
        uint32_t list[ANSWERED_AT_ONCE], n, stay = 0;

        if (l->what != L_ANSWER)
            continue;
        if (!kept)
            keep_past(e, entry, field, at);
        kept = true;
        do {
            n = who_waits(e, l->moment, field, list, stay);
            for (uint32_t k = 0; k < n; k++) {
                struct duty *d = &e->duty[list[k]];
                uint32_t waits = d->waits;

                if (!d->live || !answer_fits(e, d, l->moment, field)) {
                    stay++;
                    continue;
                }
                answered(e, list[k], at, (uint32_t)entry->place);
                if (e->duty[list[k]].live && e->duty[list[k]].waits == waits)
                    stay++;
            }
        } while (n == ANSWERED_AT_ONCE);
    }
}

void
answers_look_back(struct engine *e, uint32_t d)
{
    struct duty *duty = &e->duty[d];
    uint64_t i = past_since(e, duty->from);

    if (e->npast > PAST_KEPT && i == e->npast - PAST_KEPT)
        duty->doubt = true; /* what was known before that is not kept */
    for (; i < e->npast; i++) {
        struct past *past = &e->past[i % PAST_KEPT];
        bool late = duty->deadline != UNSET && past->at > duty->deadline;

        if (past->at <= duty->from || past->place == duty->opened || (late && !duty->breached && !duty->unknown))
            continue;
        if (past_fits(e, duty, past)) {
            answered(e, d, past->at, (uint32_t)past->place);
            return;
        }
    }
}
