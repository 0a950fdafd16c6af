/* SPDX-License-Identifier: Apache-2.0 */
/* source.c -- does a source live whose silence would hide something?
 *
 * A source speaks for an instance when it has one of the kind's roles and fits the kind's `with`; any
 * entry of its own, not longer ago than the heartbeat, is a sign that it lives. */
#include "check/world.h"

static bool
gave_sign(const struct world *w, const struct kind *k, int64_t source, struct cut c)
{
    for (uint32_t i = check_before(w, c); i-- > 0;)
        if (w->entry[i].by == source)
            return c.t - w->entry[i].at <= k->heartbeat;
    return false;
}

static bool
has_role(struct world *w, const struct kind *k, int64_t source, struct cut c)
{
    for (uint32_t i = 0; i < k->from.n; i++)
        if (check_state(w, w->p->roles[w->p->ids[k->from.at + i]].state, &source, c) == T_YES)
            return true;
    return false;
}

static bool
speaks(struct world *w, const struct kind *k, const struct frame *instance, int64_t source,
       struct cut c)
{
    struct frame f = *instance;

    frame_set(&f, k->nparams, source);
    return k->with == 0 || check_condition(w, &f, k->with, c) == T_YES;
}

static enum truth
some_source(struct world *w, uint32_t kind, const struct frame *instance, struct cut c)
{
    const struct kind *k = &w->p->kinds[kind];
    struct frame none = {.known = 0};
    struct choices of = check_choices(w, TY_SOURCE, &none);
    int64_t source;

    while (check_next_choice(&of, &source))
        if (!is_stranger(source) && gave_sign(w, k, source, c) && has_role(w, k, source, c) &&
            speaks(w, k, instance, source, c))
            return T_YES;
    return check_missing(w, MISSING_SOURCE, kind, c.t, c.t);
}

enum truth
check_source(struct world *w, const struct covered *cover, const int64_t *args, struct cut c)
{
    const struct kind *k = &w->p->kinds[cover->kind];
    struct frame f = {.known = 0};

    for (uint8_t i = 0; i < cover->nargs; i++) {
        if (cover->arg[i] == UINT8_MAX)
            return check_missing(w, MISSING_SOURCE, cover->kind, c.t, c.t);
        frame_set(&f, k->cover_field[i], args[cover->arg[i]]);
    }
    return some_source(w, cover->kind, &f, c);
}

enum truth
check_source_of(struct world *w, const struct pattern *p, const struct frame *f, struct cut c)
{
    const struct kind *k = &w->p->kinds[p->kind];
    struct wanted x = check_wanted(w, p, NO_ID, f);
    struct frame instance = {.known = 0};

    for (uint8_t i = 0; i < x.n; i++)
        if (x.param[i] < k->nparams)
            frame_set(&instance, x.param[i], x.value[i]);
    for (uint8_t i = 0; i < k->ncover; i++)
        if (!frame_knows(&instance, k->cover_field[i]))
            return check_missing(w, MISSING_SOURCE, p->kind, c.t, c.t);
    return some_source(w, p->kind, &instance, c);
}

/* below ---------------------------------------------------------------------------------------- */

static bool below_condition(struct world *w, const struct frame *f, ex_id e, struct cut c);

/* What an atom leaves open may be anything: a stranger, for whom no source speaks. */
static bool
below_atom(struct world *w, const struct frame *f, const struct ex *x, struct cut c)
{
    const struct state *s = &w->p->states[x->a];
    struct subject row;

    (void)check_arguments(w, f, x, c, &row);
    for (uint8_t i = 0; i < s->nparams; i++)
        if ((row.known & (1u << i)) == 0)
            row.arg[i] = STRANGER(0);
    for (uint32_t i = 0; i < s->covers.n; i++)
        if (check_source(w, &w->p->covereds[s->covers.at + i], row.arg, c) != T_YES)
            return false;
    return check_sources_below(w, x->a, row.arg, c);
}

static bool
below_condition(struct world *w, const struct frame *f, ex_id e, struct cut c)
{
    const struct ex *x = &w->p->exs[e];
    bool live = true;

    if (e == 0)
        return true;
    if (x->op == X_STATE || x->op == X_HELD)
        return below_atom(w, f, x, c);
    if (check_is_quantified(x))
        return below_condition(w, f, w->p->quants[x->a].cond, c) &&
               below_condition(w, f, w->p->quants[x->a].body, c);
    for (uint32_t i = 0; live && i < x->nargs; i++)
        live = below_condition(w, f, w->p->kids[x->args + i], c);
    if (live && check_has_operands(x))
        live = below_condition(w, f, x->a, c) && below_condition(w, f, x->b, c) &&
               below_condition(w, f, x->c, c);
    return live;
}

bool
check_sources_below(struct world *w, uint32_t state, const int64_t *args, struct cut c)
{
    const struct state *s = &w->p->states[state];
    struct frame f = {.known = 0};
    bool live;

    if (s->type != ST_WHILE)
        return true;
    if (w->depth >= DEPTH_MAX || !check_step(w))
        return false;
    for (uint8_t i = 0; i < s->nparams; i++)
        frame_set(&f, i, args[i]);
    w->depth++;
    live = below_condition(w, &f, s->cond, c);
    w->depth--;
    return live;
}
