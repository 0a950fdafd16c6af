/* SPDX-License-Identifier: Apache-2.0 */
/* gate.c -- gates: their limbs, one by one, and the go that lapses.
 *
 * A gate lives while its life allows the command (without a life, from the first mention of its
 * object; with several parameters it is judged only at the door). It is green when every limb is, red
 * when one is red, unknown otherwise: unknown is never green. The go begins with an allowed command
 * or an override; it ends when it is used, when a limb stops being green (not for an override), when
 * its time is over, or with the gate; ended unused, the named roles are told HOLD. */
#include "engine/inner.h"

enum { LIMBS_MAX = 64, GO_OVERRIDE = 1 };

static const struct gate *
gate_of(const struct engine *e, row_id r)
{
    return &e->p->gates[e->p->relations[e->s.row[r].relation].ref];
}

static uint32_t
gate_id(const struct engine *e, row_id r)
{
    return e->p->relations[e->s.row[r].relation].ref;
}

static void
gate_frame(const struct engine *e, row_id r, int64_t *frame)
{
    const struct gate *g = gate_of(e, r);

    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = i < g->nparams ? (int64_t)e->s.row[r].arg[i] : UNSET;
}

static uint8_t
limbs_of(const struct engine *e, row_id r, uint8_t *limbs)
{
    uint8_t value = YES;

    for (cell_id c = e->s.row[r].extra; c != 0; c = e->cell[c].sibling) {
        uint8_t v = e->cell[c].value;

        limbs[e->cell[c].part] = v;
        if (v == NO || (v == UNSURE && value == YES))
            value = v;
    }
    return value;
}

/* the go --------------------------------------------------------------------------------------- */

static row_id
go_row(struct engine *e, const struct gate *g, const uint32_t *arg)
{
    return g->go == NO_ID ? 0 : row_find(&e->s, e->p->states[g->go].relation, arg);
}

static void
say_hold(struct engine *e, uint32_t gate, const uint32_t *object, const uint8_t *limbs, bool lapsed)
{
    const struct gate *g = &e->p->gates[gate];

    for (uint32_t i = 0; i < g->tells.n; i++) {
        struct out out = {.type = OUT_HOLD, .at = e->now, .gate = gate, .object = object, .limbs = limbs,
                          .who = e->p->ids[g->tells.at + i], .lapsed = lapsed};

        e->sink(e->context, &out);
    }
}

static void
go_ends(struct engine *e, row_id go, int64_t date, uint32_t cause)
{
    cell_id c = e->s.row[go].cell;

    e->s.row[go].cell = 0;
    cell_free(e, c);
    if (date < e->s.row[go].since) /* what was known late ended it: it has no length, and it has ended */
        date = e->s.row[go].since;
    state_end(e, go, date, cause);
}

/* False for one that is told late and is older than the go that stands, or than the end of the last. */
static bool
go_begins(struct engine *e, uint32_t gate, const uint32_t *arg, int64_t date, uint32_t cause, bool override)
{
    const struct gate *g = &e->p->gates[gate];
    row_id go = row_make(&e->s, e->p->states[g->go].relation, arg);

    if (go == 0 || (e->s.row[go].known && date < e->s.row[go].since))
        return false;
    if (e->s.row[go].value == YES) /* said again: the gate was asked again, so it counts anew */
        go_ends(e, go, date, cause);
    state_begin(e, go, date, cause);
    e->s.row[go].extra = override ? GO_OVERRIDE : 0;
    e->s.row[go].cell = cell_new(e, CELL_GO, go);
    if (date + g->lapses < e->now)
        cell_queue(e, e->s.row[go].cell);
    else
        timer_set(e, e->s.row[go].cell, date + g->lapses);
    return true;
}

void
go_works(struct engine *e, cell_id c)
{
    row_id go = e->cell[c].ref;
    uint32_t gate = e->p->states[e->p->relations[e->s.row[go].relation].ref].gate, arg[ARITY_MAX];
    uint8_t limbs[LIMBS_MAX] = {0};
    row_id r;

    if (e->s.row[go].value != YES || e->s.row[go].since + e->p->gates[gate].lapses >= e->now)
        return;
    memcpy(arg, e->s.row[go].arg, sizeof arg);
    r = row_find(&e->s, e->p->gates[gate].relation, arg);
    memset(limbs, YES, sizeof limbs);
    if (r != 0)
        (void)limbs_of(e, r, limbs);
    go_ends(e, go, e->s.row[go].since + e->p->gates[gate].lapses, (uint32_t)e->place);
    say_hold(e, gate, arg, limbs, true);
}

/* limbs ---------------------------------------------------------------------------------------- */

void
limb_works(struct engine *e, cell_id c)
{
    row_id r = e->cell[c].ref;
    const struct gate *g = gate_of(e, r);
    int64_t frame[FRAME_MAX];
    struct ctx ctx;
    enum tri v;

    gate_frame(e, r, frame);
    ctx = cell_begin(e, c, frame);
    v = eval(&ctx, e->p->limbs[g->limbs.at + e->cell[c].part].cond);
    cell_end(e, c, &ctx, ctx.wake);
    if (v == (enum tri)e->cell[c].value && e->s.row[r].known)
        return;
    e->cell[c].value = (uint8_t)v;
    cell_queue(e, e->s.row[r].cell);
}

/* The limbs together, once all that changed in this instant have been worked out. */
void
gate_works(struct engine *e, cell_id c)
{
    row_id r = e->cell[c].ref, go;
    uint8_t limbs[LIMBS_MAX] = {0}, value = limbs_of(e, r, limbs);
    uint32_t arg[ARITY_MAX];
    struct out out = {.type = OUT_GATE, .at = e->now, .gate = gate_id(e, r), .value = value, .limbs = limbs, .object = arg};

    memcpy(arg, e->s.row[r].arg, sizeof arg);
    e->s.row[r].known = true;
    e->s.row[r].value = value;
    e->s.row[r].since = e->due;
    e->s.row[r].cause = (uint32_t)e->place;
    e->sink(e->context, &out);
    go = go_row(e, gate_of(e, r), arg);
    if (value == YES || go == 0 || e->s.row[go].value != YES || e->s.row[go].extra == GO_OVERRIDE)
        return;
    go_ends(e, go, e->due, (uint32_t)e->place);
    say_hold(e, gate_id(e, r), arg, limbs, false);
}

/* a gate's life -------------------------------------------------------------------------------- */

static void
gate_begins(struct engine *e, uint32_t gate, const uint32_t *arg)
{
    const struct gate *g = &e->p->gates[gate];
    row_id r = row_make(&e->s, g->relation, arg);
    cell_id *link;

    if (r == 0 || e->s.row[r].cell != 0)
        return;
    e->s.row[r].cell = cell_new(e, CELL_GATE, r);
    link = &e->s.row[r].extra;
    for (uint32_t i = 0; i < g->limbs.n; i++) {
        cell_id c = cell_new(e, CELL_LIMB, r);

        e->cell[c].part = i;
        e->cell[c].value = UNSURE;
        *link = c;
        link = &e->cell[c].sibling;
        cell_queue(e, c);
    }
    row_appears(e, r);
}

static void
gate_dies(struct engine *e, row_id r)
{
    uint32_t gate = gate_id(e, r), arg[ARITY_MAX];
    uint8_t limbs[LIMBS_MAX] = {0};
    row_id go;
    cell_id c, next;

    memcpy(arg, e->s.row[r].arg, sizeof arg);
    (void)limbs_of(e, r, limbs);
    for (c = e->s.row[r].extra; c != 0; c = next) {
        next = e->cell[c].sibling;
        cell_free(e, c);
    }
    c = e->s.row[r].cell;
    e->s.row[r].extra = 0;
    e->s.row[r].cell = 0;
    e->s.row[r].known = false;
    cell_free(e, c);
    row_vanishes(e, r);
    row_drop(&e->s, r);
    go = go_row(e, &e->p->gates[gate], arg);
    if (go != 0 && e->s.row[go].value == YES) {
        go_ends(e, go, e->due, (uint32_t)e->place);
        say_hold(e, gate, arg, limbs, false);
    }
}

void
gate_lives(struct engine *e, uint32_t life, row_id life_row)
{
    for (uint32_t i = 0; i < e->p->ngates; i++) {
        const struct gate *g = &e->p->gates[i];
        uint32_t arg[ARITY_MAX] = {e->s.row[life_row].arg[0]};
        bool may;
        row_id r;

        if (g->life != life)
            continue;
        may = (g->stages & (UINT64_C(1) << e->s.row[life_row].value)) != 0;
        r = row_find(&e->s, g->relation, arg);
        if (may)
            gate_begins(e, i, arg);
        else if (r != 0 && e->s.row[r].cell != 0)
            gate_dies(e, r);
    }
}

void
gate_first_mention(struct engine *e, const struct entry *entry)
{
    const struct kind *k = &e->p->kinds[entry->kind];

    for (uint32_t i = 0; i < e->p->ngates; i++) {
        const struct gate *g = &e->p->gates[i];

        if (g->life != NO_ID || g->nparams != 1)
            continue;
        for (uint8_t f = 0; f < k->nparams; f++) {
            uint32_t arg[ARITY_MAX] = {0};

            if (entry->field[f] == UNSET || k->param[f].type[0] != g->param[0].type)
                continue;
            arg[0] = (uint32_t)entry->field[f];
            gate_begins(e, i, arg);
        }
    }
}

/* asked at the door ---------------------------------------------------------------------------- */

enum tri
gate_now(struct engine *e, uint32_t gate, int64_t *frame, uint8_t *limbs)
{
    const struct gate *g = &e->p->gates[gate];
    uint8_t value = YES;

    for (uint32_t i = 0; i < g->limbs.n; i++) {
        struct ctx c = ctx_plain(e, frame);

        limbs[i] = (uint8_t)eval(&c, e->p->limbs[g->limbs.at + i].cond);
        if (limbs[i] == NO || (limbs[i] == UNSURE && value == YES))
            value = limbs[i];
    }
    return (enum tri)value;
}

/* A go, an override or its use is said to both sides as it comes, with the limbs as they stood. */
static void
say_go(struct engine *e, uint32_t gate, const uint32_t *object, const struct entry *entry, enum go_step step, int64_t until)
{
    row_id r = row_find(&e->s, e->p->gates[gate].relation, object);
    uint8_t limbs[LIMBS_MAX];
    struct out out = {.type = OUT_GO, .at = e->now, .gate = gate, .object = object, .limbs = limbs,
                      .entry = entry, .value = (uint8_t)step, .until = until};

    memset(limbs, YES, sizeof limbs);
    if (r != 0)
        (void)limbs_of(e, r, limbs);
    e->sink(e->context, &out);
}

void
gate_hears(struct engine *e, const struct listener *l, const int64_t *field, const struct entry *entry)
{
    const struct gate *g = &e->p->gates[l->ref];
    const struct pattern *pat = l->what == L_GATE_COMMAND ? &g->command : l->what == L_GATE_USED ? &g->used : &g->override;
    int64_t frame[FRAME_MAX], date = entry->at < entry->known ? entry->at : entry->known;
    uint32_t arg[ARITY_MAX] = {0};
    struct ctx c = ctx_plain(e, frame);
    row_id go;

    for (uint8_t i = 0; i < FRAME_MAX; i++)
        frame[i] = UNSET;
    if (g->go == NO_ID || !match_args_of(e, pat, field, frame, &c))
        return;
    for (uint8_t i = 0; i < g->nparams; i++) {
        if (frame[i] == UNSET)
            return;
        arg[i] = (uint32_t)frame[i];
    }
    if (l->what != L_GATE_USED) {
        if (go_begins(e, l->ref, arg, date, (uint32_t)entry->place, l->what == L_GATE_OVERRIDE))
            say_go(e, l->ref, arg, entry, l->what == L_GATE_OVERRIDE ? GO_OVERRIDDEN : GO_SAID, date + g->lapses);
        return;
    }
    go = go_row(e, g, arg);
    if (go == 0 || e->s.row[go].value != YES)
        return;
    go_ends(e, go, date, (uint32_t)entry->place);
    say_go(e, l->ref, arg, entry, GO_USED, UNSET);
}
