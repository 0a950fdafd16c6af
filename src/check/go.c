/* SPDX-License-Identifier: Apache-2.0 */
/* go.c -- two states with a definition of their own: the go that a gate gives, and the sun. */
#include "check/world.h"

/* the sun -------------------------------------------------------------------------------------- */

/* Claims that neither came since an instant. */
static bool
no_sun_since(struct world *w, int64_t sun, int64_t from, struct cut c)
{
    static const uint32_t kinds[] = {KIND_SUN_UP, KIND_SUN_DOWN};

    for (unsigned k = 0; k < 2; k++) {
        struct wanted x = {.kind = kinds[k], .moment = NO_ID};

        check_want(&x, 0, sun);
        if (!check_claimed(w, &x, from, cut_last(c)))
            return false;
    }
    return true;
}

/* The newest entry that says this sun rose or set, and claims that none came since. Before the first of
 * them it has not risen: all that was before the log is false. */
enum truth
check_sun(struct world *w, uint32_t state, struct cut c)
{
    uint16_t type = w->p->kinds[KIND_SUN_UP].param[0].type[0];
    int64_t sun;

    if (!program_value_of(w->p, type, w->p->states[state].name, &sun))
        return T_OPEN;
    for (uint32_t i = check_before(w, c); i-- > 0;) {
        const struct entry *e = &w->entry[i];

        if ((e->kind != KIND_SUN_UP && e->kind != KIND_SUN_DOWN) || e->field[0] != sun)
            continue;
        return no_sun_since(w, sun, e->at, c) ? truth_of(e->kind == KIND_SUN_UP) : T_OPEN;
    }
    if (!w->opening->complete)
        return check_missing(w, MISSING_BEFORE, state, c.t, c.t);
    return no_sun_since(w, sun, w->opening->at, c) ? T_NO : T_OPEN;
}

/* the go --------------------------------------------------------------------------------------- */

struct go {
    struct world *w;
    const struct gate *g;
    struct frame f;
    struct subject row;
    struct cut c;
};

/* The newest listed entry of a pattern before the cut. */
static const struct entry *
newest_of(const struct go *go, const struct pattern *p)
{
    for (uint32_t i = check_before(go->w, go->c); i-- > 0;) {
        struct frame f = go->f;

        if (check_match(go->w, p, &go->w->entry[i], &f) == T_YES)
            return &go->w->entry[i];
    }
    return NULL;
}

/* No entry of the pattern came at a position after `from`, with a claim over the stretch. */
static bool
none_since(const struct go *go, const struct pattern *p, struct cut from, int64_t claim_from)
{
    struct wanted x = check_wanted(go->w, p, NO_ID, &go->f);

    for (uint32_t i = check_before(go->w, go->c);
         i-- > 0 && cut_cmp(cut_after(&go->w->entry[i]), from) > 0;) {
        struct frame f = go->f;

        if (check_match(go->w, p, &go->w->entry[i], &f) == T_NO)
            continue;
        (void)check_missing(go->w, MISSING_CAME, p->kind, go->w->entry[i].at, go->w->entry[i].at);
        return false;
    }
    return check_claimed(go->w, &x, claim_from, cut_last(go->c));
}

static bool
not_used_since(const struct go *go, const struct entry *start)
{
    return !go->g->has_used || none_since(go, &go->g->used, cut_after(start), start->at);
}

/* An override stands whatever the limbs are; but it ends with the life. */
static enum truth
overridden(const struct go *go, const struct entry *start)
{
    uint32_t stage;

    if (go->c.t > number_plus(start->at, go->g->lapses) || !not_used_since(go, start))
        return T_OPEN;
    if (go->g->life == NO_ID)
        return T_YES;
    if (!check_stage(go->w, go->g->life, go->row.arg[0], go->c, &stage))
        return T_OPEN;
    return (go->g->stages & UINT64_C(1) << stage) != 0 ? T_YES : T_OPEN;
}

static enum truth
allowed(const struct go *go, const struct entry *start)
{
    uint32_t gate = (uint32_t)(go->g - go->w->p->gates);

    if (go->c.t > number_plus(start->at, go->g->lapses) || !not_used_since(go, start) ||
        !check_claimed_gate(go->w, gate, &go->row, start->at, cut_last(go->c)))
        return T_OPEN;
    return T_YES;
}

/* No command and no override, since a position. */
static bool
nothing_begun(const struct go *go, struct cut from, int64_t claim_from)
{
    return none_since(go, &go->g->command, from, claim_from) &&
           (!go->g->has_override || none_since(go, &go->g->override, from, claim_from));
}

/* What was begun longer ago than it lapses is over, whatever it was. */
static bool
lapsed(const struct go *go)
{
    int64_t from = go->c.t - go->g->lapses;

    if (from > go->w->opening->at)
        return nothing_begun(go, cut_at(from, 0), from);
    return go->w->opening->complete && nothing_begun(go, check_start(go->w), go->w->opening->at);
}

static bool
used(const struct go *go)
{
    const struct entry *use = go->g->has_used ? newest_of(go, &go->g->used) : NULL;

    return use != NULL && nothing_begun(go, cut_after(use), use->at);
}

enum truth
check_go(struct world *w, uint32_t state, const int64_t *args, struct cut c)
{
    const struct gate *g = &w->p->gates[w->p->states[state].gate];
    struct go go = {.w = w, .g = g, .c = c, .row = {.n = g->nparams}};
    const struct entry *start;
    enum truth is = T_OPEN;
    struct missing why;

    for (uint8_t i = 0; i < g->nparams; i++) {
        frame_set(&go.f, i, args[i]);
        go.row.arg[i] = args[i];
    }
    start = g->has_override ? newest_of(&go, &g->override) : NULL;
    if (start != NULL)
        is = overridden(&go, start);
    start = is == T_OPEN ? newest_of(&go, &g->command) : NULL;
    if (start != NULL)
        is = allowed(&go, start);
    if (is != T_OPEN)
        return is;
    why = w->missing;
    if (lapsed(&go) || used(&go))
        return T_NO;
    if (start == NULL)
        return check_missing_row(w, MISSING_START, state, args, g->nparams, c.t, c.t);
    w->missing = why;
    return T_OPEN;
}
