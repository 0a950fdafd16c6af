/* SPDX-License-Identifier: Apache-2.0 */
/* trigger.c -- is what opened the verdict shown? */
#include "check/world.h"

void
check_own(struct world *w, struct cut c)
{
    w->own = c;
    w->own_set = true;
    w->epoch++;
}

struct frame
check_frame(const struct world *w, const struct sentence *s)
{
    struct frame f = {.known = 0};

    for (uint32_t i = 0; i < s->names.n; i++)
        frame_set(&f, w->p->names[s->names.at + i].slot, w->v->binding[i]);
    return f;
}

bool
check_unset_or(int64_t field, int64_t value)
{
    return field == UNSET || field == value;
}

/* an event ------------------------------------------------------------------------------------- */

static bool
event_trigger(struct world *w, const struct moment *m, struct trigger *t)
{
    const struct entry *e = check_entry(w, w->v->opened);

    if (e == NULL)
        return check_refuse(w, "the entry that opened it is not listed");
    t->date = e->at;
    t->late = !w->happened && e->known > e->at;
    t->before = t->read = cut_at(t->late ? e->known : e->at, e->place);
    t->after = cut_at(t->before.t, e->place + 1);
    w->now = w->happened ? e->at : e->known;
    return check_show(w, check_match(w, &m->pattern, e, &t->frame), T_YES,
                      "the entry that opened it is the sentence's event with this binding",
                      t->before);
}

/* What is dated takes effect a millisecond later. Where time had come just so far at the verdict's place,
 * no entry of that millisecond lies before the place: a tick comes before those, and so the whole
 * millisecond may be looked at. */
static struct cut
effect_of(const struct world *w, int64_t date)
{
    return cut_at(date + 1, w->reached == date + 1 && !w->happened ? CUT_END : 0);
}

/* After the date: right after the entry that opened it when that stands there, else a millisecond later. */
static void
dated(const struct world *w, struct trigger *t)
{
    const struct entry *e = check_entry(w, w->v->opened);

    t->date = w->v->onset;
    t->before = cut_at(t->date, 0);
    if (e != NULL && e->at == t->date)
        t->after = w->happened ? cut_after(e) : cut_at(e->known, e->place + 1);
    else
        t->after = effect_of(w, t->date);
    t->read = t->after;
}

/* a state begins or ends, a fact changes ------------------------------------------------------- */

/* The arguments a moment names; those it leaves out may be anything. */
static bool
moment_arguments(struct world *w, const struct moment *m, const struct trigger *t,
                 struct subject *row)
{
    for (uint32_t i = 0; i < m->pattern.nargs; i++) {
        const struct arg *a = &w->p->args[m->pattern.args + i];
        struct number n;

        if (a->mode == ARG_BIND && !frame_knows(&t->frame, a->slot))
            continue;
        n = a->mode == ARG_BIND ? number_of(t->frame.slot[a->slot])
                                : check_value(w, &t->frame, a->ex, t->after);
        if (!number_is_exact(n))
            return false;
        row->arg[a->param] = n.lo;
        row->known |= (uint8_t)(1u << a->param);
    }
    return true;
}

static enum truth
some_edge(struct world *w, const struct moment *m, const struct trigger *t, struct subject *row,
          uint8_t i)
{
    struct frame none = {.known = 0};
    struct choices c;
    int64_t value;

    while (i < row->n && (row->known & (1u << i)) != 0)
        i++;
    if (i == row->n)
        return check_edge(w, m->ref, row->arg, m->type == M_ENDS, t->before,
                          cut_at(t->date + 1, 0));
    c = check_choices(w, w->p->states[m->ref].param[i].type, &none);
    while (check_next_choice(&c, &value)) {
        if (is_stranger(value))
            continue;
        row->arg[i] = value;
        if (some_edge(w, m, t, row, (uint8_t)(i + 1)) == T_YES)
            return T_YES;
    }
    return T_OPEN;
}

static bool
edge_trigger(struct world *w, const struct moment *m, struct trigger *t)
{
    struct subject row = {.n = w->p->states[m->ref].nparams};

    if (w->v->onset == UNSET)
        return check_refuse(w, "the verdict does not say when its clock began");
    dated(w, t);
    if (!moment_arguments(w, m, t, &row))
        return check_show(w, T_OPEN, T_YES, "the state turned", t->after);
    return check_show(w, some_edge(w, m, t, &row, 0), T_YES,
                      m->type == M_ENDS ? "the state ended" : "the state began", t->after);
}

static bool
change_trigger(struct world *w, const struct moment *m, struct trigger *t)
{
    const struct entry *e = check_entry(w, w->v->opened);
    struct subject row = {.n = w->p->facts[m->ref].nparams};
    struct number old;
    int64_t value = UNSET;

    if (e == NULL)
        return check_refuse(w, "the entry that opened it is not listed");
    t->date = e->at;
    t->before = cut_before(e);
    t->after = t->read = cut_after(e);
    if (!moment_arguments(w, m, t, &row) || row.known != (uint8_t)((1u << row.n) - 1))
        return check_show(w, T_OPEN, T_YES, "the fact changed", t->after);
    old = check_fact(w, m->ref, row.arg, t->before, NULL);
    if (old.type == NUMBER_OPEN || check_fact_set(w, m->ref, row.arg, e, &value) != T_YES)
        return check_show(w, T_OPEN, T_YES, "the fact changed", t->after);
    return check_show(w, truth_of(old.type == NUMBER_NONE ? value != UNSET : old.lo != value),
                      T_YES, "the fact changed", t->after);
}

/* a planned time ------------------------------------------------------------------------------- */

/* A time that is moved into the past comes when it is moved: a listed entry at that instant gave it a
 * value that it did not have before. */
static bool
moved_now(struct world *w, const struct moment *m, const struct trigger *t, struct number time)
{
    struct number old = check_value(w, &t->frame, m->time, t->before);
    bool entry = false;

    for (uint32_t i = 0; i < w->nentries; i++)
        entry = entry || w->entry[i].at == t->date;
    return entry && number_is_exact(time) && time.lo < t->date && old.type != NUMBER_OPEN &&
           (old.type == NUMBER_NONE || old.hi < time.lo || old.lo > time.lo);
}

static bool
time_trigger(struct world *w, const struct moment *m, struct trigger *t)
{
    struct number time;

    if (w->v->onset == UNSET)
        return check_refuse(w, "the verdict does not say when its clock began");
    t->date = w->v->onset;
    t->before = cut_at(t->date, 0);
    t->after = t->read = effect_of(w, t->date);
    time = check_value(w, &t->frame, m->time, t->after);
    if (moved_now(w, m, t, time))
        return true;
    return check_show(w, number_same(time, number_of(t->date)), T_YES, "the planned time was this",
                      t->after);
}

/* another verdict ------------------------------------------------------------------------------ */

static bool
is_instant(const struct world *w, const struct verdict *v)
{
    const struct sentence *s = &w->p->sentences[v->sentence];

    return !v->otherwise && (s->duty == D_ONLY_IF || s->duty == D_KNOWN ||
                             (s->duty == D_HOLD && s->opener != O_WHILE));
}

bool
check_cited_date(const struct world *w, int64_t date)
{
    const struct verdict *v = w->cited;

    if (date == UNSET)
        return false;
    if (v->value == V_MET)
        return date == v->end || date == v->at;
    if (is_instant(w, v))
        return date == v->onset;
    if (w->p->sentences[v->sentence].opener != O_WHILE)
        return date == v->deadline;
    return date == v->deadline || date == v->decided - 1 ||
           date == v->decided; /* a limit that was shortened under way */
}

static bool
names_finding(struct world *w, const struct moment *m, const struct trigger *t)
{
    char text[256];
    struct buf b = buf_of(text, sizeof text);

    if (m->slot == UINT16_MAX)
        return true;
    put_verdict_id(w->p, w->cited->sentence, w->cited->otherwise, w->cited->opened, w->cited->nth,
                   &b);
    return frame_knows(&t->frame, m->slot) && t->frame.slot[m->slot] >= 0 &&
           t->frame.slot[m->slot] < UINT32_MAX && !b.full &&
           str_eq(symbol_name(w->symbols, (uint32_t)t->frame.slot[m->slot]), buf_str(&b));
}

static bool
clause_trigger(struct world *w, const struct moment *m, struct trigger *t)
{
    const struct verdict *v = w->cited;

    if (v == NULL)
        return check_refuse(w, "the verdict it cites is not among those that were found proven");
    if (v->value != (m->met ? V_MET : V_BREACHED) ||
        (m->ref != NO_ID && w->p->sentences[v->sentence].clause != m->ref) ||
        (m->sentence != NO_ID && v->sentence != m->sentence) || v->place > w->v->place)
        return check_refuse(w, "the verdict it cites is not one that opens this sentence");
    if (!names_finding(w, m, t))
        return check_refuse(w, "the binding names another finding than the verdict that is cited");
    t->date = w->v->onset;
    if (!check_cited_date(w, t->date))
        return check_refuse(w, "its clock does not begin with the verdict it cites");
    t->before = cut_at(t->date, 0);
    t->after = t->read = effect_of(w, t->date);
    return true;
}

/* all ------------------------------------------------------------------------------------------ */

static bool
moment_shown(struct world *w, const struct moment *m, struct trigger *t)
{
    switch ((enum moment_type)m->type) {
    case M_EVENT: return event_trigger(w, m, t);
    case M_BEGINS:
    case M_ENDS: return edge_trigger(w, m, t);
    case M_CHANGES: return change_trigger(w, m, t);
    case M_TIME: return time_trigger(w, m, t);
    case M_CLAUSE: return clause_trigger(w, m, t);
    case M_GATE: break;
    }
    return check_refuse(w, "a sentence that a gate opens is not checked");
}

void
check_hide_from(struct world *w, uint64_t place, int64_t date)
{
    uint32_t n = 0;

    if (w->happened)
        return;
    for (uint32_t i = 0; i < w->nentries; i++)
        if (w->entry[i].place < place || w->entry[i].known <= date)
            w->entry[n++] = w->entry[i];
    w->nentries = n;
    w->epoch++;
}

/* What stands behind `where` and `for every`, on the state they are read on. */
static bool
read_shown(struct world *w, const struct sentence *s, struct trigger *t)
{
    if (s->where != 0 && !check_show(w, check_condition(w, &t->frame, s->where, t->read), T_YES,
                                     "what stands behind 'where' holds", t->read))
        return false;
    return s->each == 0 ||
           check_show(w, check_condition(w, &t->frame, w->p->quants[s->each].cond, t->read), T_YES,
                      "what stands behind 'for every' holds of the binding", t->read);
}

/* What was known by the date of an edge or a planned time stood before it, whatever the verdict is named
 * after; of an event only the log's order counts. */
static int64_t
known_by(const struct world *w, const struct sentence *s)
{
    uint8_t type = w->p->moments[s->moment].type;

    return type == M_BEGINS || type == M_ENDS || type == M_TIME ? w->v->onset : INT64_MIN;
}

bool
check_trigger(struct world *w, const struct sentence *s, struct trigger *t)
{
    *t = (struct trigger){.frame = check_frame(w, s), .place = w->v->opened};
    w->now = UNSET;
    check_hide_from(w, w->v->opened + 1, known_by(w, s));
    if (!moment_shown(w, &w->p->moments[s->moment], t))
        return false;
    check_own(w, t->read);
    if (t->late) /* an event known late is read at its place in the log, where it itself lies before the cut */
        check_hide_from(w, t->place, INT64_MIN);
    return read_shown(w, s, t) && (s->duty == D_ONLY_IF || check_hide_later(w));
}
