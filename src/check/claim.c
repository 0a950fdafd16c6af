/* SPDX-License-Identifier: Apache-2.0 */
/* claim.c -- what the claims say did not come.
 *
 * A claim fits what is asked when everything it says of an entry is so of every entry that is asked
 * about: then an entry that is asked about would be one that the claim says did not come. Several claims
 * that fit may cover a stretch together. */
#include "check/world.h"

void
check_want(struct wanted *x, uint8_t param, int64_t value)
{
    if (x->n > PARAMS_MAX)
        return;
    x->param[x->n] = param;
    x->value[x->n] = value;
    x->n++;
}

static bool
wants(const struct wanted *x, uint8_t param, int64_t value)
{
    for (uint8_t i = 0; i < x->n; i++)
        if (x->param[i] == param && x->value[i] == value)
            return true;
    return false;
}

/* May the entry have what is asked, as far as these fields go? */
static bool
agrees(const struct world *w, const struct wanted *x, uint32_t fields, const struct entry *e)
{
    for (uint8_t i = 0; i < x->n; i++)
        if ((fields & (1u << x->param[i])) != 0 && check_field(w->p, e, x->param[i]) != x->value[i])
            return false;
    return true;
}

static bool
entry_fits(const struct world *w, const struct claim *c, const struct entry *e)
{
    if (e->kind != c->ref || e->at < c->from || e->at > c->to)
        return false;
    for (uint8_t i = 0; i < c->n; i++)
        if (check_field(w->p, e, c->param[i]) != c->value[i])
            return false;
    return true;
}

/* "none whose v differs from the v of every listed entry that fits": an entry that is asked about is
 * one of those only if no listed entry has the same. */
static bool
others_fit(const struct world *w, const struct claim *c, const struct wanted *x)
{
    for (uint32_t i = 0; c->others != 0 && i < w->nlisted; i++)
        if (entry_fits(w, c, &w->listed[i]) && agrees(w, x, c->others, &w->listed[i]))
            return false;
    return true;
}

static bool
event_claim_fits(const struct world *w, const struct claim *c, const struct wanted *x)
{
    if (c->type == CLAIM_SOURCE)
        return wants(x, w->p->kinds[x->kind].nparams, c->value[0]);
    if (c->type != CLAIM_EVENT || c->ref != x->kind ||
        (c->moment != NO_ID && c->moment != x->moment))
        return false;
    for (uint8_t i = 0; i < c->n; i++)
        if (!wants(x, c->param[i], c->value[i]))
            return false;
    return others_fit(w, c, x);
}

bool
check_claim_of_state(const struct claim *c, uint32_t state, const struct subject *row)
{
    if (c->type != CLAIM_STATE || c->ref != state)
        return false;
    for (uint8_t i = 0; i < c->n; i++)
        if ((row->known & (1u << c->param[i])) == 0 || row->arg[c->param[i]] != c->value[i])
            return false;
    return true;
}

static bool
claim_of_gate(const struct claim *c, uint32_t gate, const struct subject *row)
{
    if (c->type != CLAIM_GATE || c->ref != gate || c->n != row->n)
        return false;
    for (uint8_t i = 0; i < c->n; i++)
        if (row->arg[c->param[i]] != c->value[i])
            return false;
    return true;
}

/* stretches ------------------------------------------------------------------------------------ */

struct asked {
    const struct wanted *wanted; /* or: */
    bool gate;
    uint32_t ref;
    const struct subject *row;
};

static bool
fits(const struct world *w, const struct claim *c, const struct asked *a)
{
    if (a->wanted != NULL)
        return event_claim_fits(w, c, a->wanted);
    return a->gate ? claim_of_gate(c, a->ref, a->row) : check_claim_of_state(c, a->ref, a->row);
}

/* The first instant from `from` to `to` that no claim covers; `to` + 1 when there is none. */
static int64_t
uncovered(struct world *w, const struct asked *a, int64_t from, int64_t to)
{
    bool moved = true;

    while (moved && from <= to) {
        moved = false;
        for (uint32_t i = 0; i < w->v->nclaims; i++) {
            const struct claim *c = &w->v->claims[i];

            if (c->from > from || c->to < from || !check_step(w) || !fits(w, c, a))
                continue;
            from = c->to < ENDLESS ? c->to + 1 : ENDLESS;
            moved = true;
        }
    }
    return from;
}

bool
check_claimed(struct world *w, const struct wanted *x, int64_t from, int64_t to)
{
    struct asked a = {.wanted = x};
    int64_t gap = uncovered(w, &a, from, to);

    if (w->too_large)
        return false;
    if (gap > to)
        return true;
    (void)check_missing(w, MISSING_CLAIM, x->kind, from, to);
    w->missing.n = x->n;
    memcpy(w->missing.param, x->param, sizeof x->param);
    memcpy(w->missing.arg, x->value, sizeof x->value);
    return false;
}

bool
check_claimed_state(struct world *w, uint32_t state, const struct subject *row, int64_t from,
                    int64_t to)
{
    struct asked a = {.ref = state, .row = row};

    return uncovered(w, &a, from, to) > to && !w->too_large;
}

bool
check_claimed_gate(struct world *w, uint32_t gate, const struct subject *row, int64_t from,
                   int64_t to)
{
    struct asked a = {.ref = gate, .row = row, .gate = true};

    if (uncovered(w, &a, from, to) > to && !w->too_large)
        return true;
    (void)check_missing_row(w, MISSING_GATE, gate, row->arg, row->n, from, to);
    return false;
}
