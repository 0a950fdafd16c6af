/* SPDX-License-Identifier: Apache-2.0 */
/* door.c -- may this event come in? Authority first, then the life, then the gate.
 *
 * Authority may refuse any event. Life and gate refuse only commands and coordination: what has
 * happened cannot be refused. Nothing here changes what the engine knows. */
#include "engine/inner.h"

static bool
has_role(struct engine *e, uint32_t role, uint32_t who)
{
    int64_t frame[1] = {0};
    struct ctx c = ctx_plain(e, frame);

    return state_now(&c, e->p->roles[role].state, &who) == YES;
}

static void
kind_frame(const struct engine *e, const struct entry *entry, int64_t *frame)
{
    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
    entry_fields(e, entry, frame);
}

static bool
grant_lets(struct engine *e, const struct grant *g, const struct entry *entry)
{
    int64_t frame[FRAME_MAX], until;
    struct ctx c;

    if (!has_role(e, g->role, entry->by))
        return false;
    kind_frame(e, entry, frame);
    c = ctx_plain(e, frame);
    if (g->until != 0 && ((until = one_value(&c, g->until)) == UNSET || e->now > until))
        return false;
    return g->where == 0 || eval(&c, g->where) == YES;
}

/* An observation may also come from the sources that its kind names. */
static bool
source_lets(struct engine *e, const struct kind *k, const struct entry *entry)
{
    int64_t frame[FRAME_MAX];
    struct ctx c;

    for (uint32_t i = 0; i < k->from.n; i++) {
        if (!has_role(e, e->p->ids[k->from.at + i], entry->by))
            continue;
        if (k->with == 0)
            return true;
        kind_frame(e, entry, frame);
        c = ctx_plain(e, frame);
        return eval(&c, k->with) == YES;
    }
    return false;
}

static bool
authority_lets(struct engine *e, const struct entry *entry)
{
    const struct kind *k = &e->p->kinds[entry->kind];

    if (entry->by == 0 || (k->cls == CLASS_OBSERVATION && source_lets(e, k, entry)))
        return true;
    for (uint32_t i = 0; i < k->grants.n; i++)
        if (grant_lets(e, &e->p->grants[e->p->ids[k->grants.at + i]], entry))
            return true;
    return false;
}

static bool
by_one_of(struct engine *e, struct span roles, uint32_t who)
{
    for (uint32_t i = 0; i < roles.n && who != 0; i++)
        if (has_role(e, e->p->ids[roles.at + i], who))
            return true;
    return roles.n == 0 || who == 0;
}

/* Each life that names the kind must allow it now. */
static bool
lives_let(struct engine *e, const struct entry *entry, struct out *out)
{
    struct span span = e->p->kinds[entry->kind].listeners;
    int64_t field[PARAMS_MAX + 1];

    entry_fields(e, entry, field);
    for (uint32_t life = 0; life < e->p->nlives; life++) {
        bool named = false, allowed = false;
        uint32_t stage = 0;

        for (uint32_t i = 0; i < span.n; i++) {
            const struct listener *l = &e->p->listeners[span.at + i];
            const struct life_rule *rule = &e->p->life_rules[l->moment];
            int64_t frame[FRAME_MAX];
            uint32_t arg[ARITY_MAX] = {0};
            struct ctx c = ctx_plain(e, frame);

            if (l->what != L_LIFE || l->ref != life)
                continue;
            for (uint8_t k = 0; k < FRAME_MAX; k++)
                frame[k] = UNSET;
            if (!match_args_of(e, &e->p->moments[rule->moment].pattern, field, frame, &c) || frame[rule->slot] == UNSET)
                continue;
            named = true;
            arg[0] = (uint32_t)frame[rule->slot];
            stage = engine_stage(e, life, arg[0]);
            allowed = allowed || ((rule->from & (UINT64_C(1) << stage)) != 0 && by_one_of(e, rule->roles, entry->by));
        }
        if (named && !allowed) {
            out->life = life;
            out->stage = stage;
            return false;
        }
    }
    return true;
}

static bool
gates_let(struct engine *e, const struct entry *entry, struct out *out, uint8_t *limbs)
{
    struct span span = e->p->kinds[entry->kind].listeners;
    int64_t field[PARAMS_MAX + 1], frame[FRAME_MAX];

    entry_fields(e, entry, field);
    for (uint32_t i = 0; i < span.n; i++) {
        const struct listener *l = &e->p->listeners[span.at + i];
        struct ctx c = ctx_plain(e, frame);

        if (l->what != L_GATE_COMMAND)
            continue;
        for (uint8_t k = 0; k < FRAME_MAX; k++)
            frame[k] = UNSET;
        if (!match_args_of(e, &e->p->gates[l->ref].command, field, frame, &c))
            continue;
        out->gate = l->ref;
        if (gate_now(e, l->ref, frame, limbs) != YES)
            return false;
    }
    return true;
}

/* An override is only for the roles the gate names, whatever the authority says. */
static bool
overrides_let(struct engine *e, const struct entry *entry)
{
    struct span span = e->p->kinds[entry->kind].listeners;

    for (uint32_t i = 0; i < span.n; i++) {
        const struct listener *l = &e->p->listeners[span.at + i];

        if (l->what == L_GATE_OVERRIDE && !by_one_of(e, e->p->gates[l->ref].override_by, entry->by))
            return false;
    }
    return true;
}

bool
engine_door(struct engine *e, const struct entry *entry)
{
    const struct kind *k = &e->p->kinds[entry->kind];
    uint8_t limbs[64] = {0};
    struct out out = {.type = OUT_REFUSED, .at = e->now, .entry = entry, .limbs = limbs};

    if (k->builtin)
        return true;
    if (!authority_lets(e, entry) || !overrides_let(e, entry))
        out.why = WHY_AUTHORITY;
    else if (k->cls != CLASS_OBSERVATION && !lives_let(e, entry, &out))
        out.why = WHY_LIFE;
    else if (k->cls != CLASS_OBSERVATION && !gates_let(e, entry, &out, limbs))
        out.why = WHY_GATE;
    else
        return true;
    e->sink(e->context, &out);
    return false;
}
