/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c -- verdicts that wait for an answer: within, then, not later than, otherwise. */
#include "check/world.h"

enum truth
check_answer(struct world *w, const struct answer *a, const struct frame *f, const struct entry *e)
{
    enum truth any = T_NO;
    int64_t now = w->now;

    w->now = w->happened ? e->at : e->known;
    for (uint32_t i = 0; i < a->patterns.n && any != T_YES; i++) {
        struct frame mine = *f;
        enum truth is = check_match(w, &w->p->patterns[a->patterns.at + i], e, &mine);

        if (is != T_NO && a->where != 0)
            is = truth_and(is, check_condition(w, &mine, a->where, cut_before(e)));
        any = truth_or(any, is);
    }
    w->now = now;
    return any;
}

uint32_t
check_answer_name(const struct world *w, const struct answer *a)
{
    if (a == &w->p->sentences[w->v->sentence].otherwise)
        return w->v->sentence | CLAIM_OTHERWISE;
    return (uint32_t)(a - w->p->answers) | CLAIM_ANSWER;
}

bool
check_comes_after(const struct entry *e, int64_t from, uint64_t trigger)
{
    return e->place != trigger && e->at >= from && (e->at > from || e->place > trigger);
}

static bool
passed_over(const struct stretch *in, const struct entry *e)
{
    if (e->at < in->from || e->at > in->to || e->at == in->but[0] || e->at == in->but[1])
        return true;
    return in->after != NO_PLACE && !check_comes_after(e, in->from, in->after);
}

bool
check_unanswered(struct world *w, const struct answer *a, const struct frame *f,
                 const struct stretch *in)
{
    for (uint32_t i = 0; i < w->nentries; i++) {
        const struct entry *e = &w->entry[i];

        if (passed_over(in, e) || check_answer(w, a, f, e) == T_NO)
            continue;
        (void)check_missing(w, MISSING_CAME, e->kind, e->at, e->at);
        return false;
    }
    for (uint32_t i = 0; i < a->patterns.n; i++) {
        struct wanted x =
            check_wanted(w, &w->p->patterns[a->patterns.at + i], check_answer_name(w, a), f);

        if (!check_claimed(w, &x, in->from, in->to))
            return false;
    }
    return true;
}

/* steps ---------------------------------------------------------------------------------------- */

/* A duty of one or more answers, one after another. */
struct steps {
    const struct sentence *s;
    const struct answer *answer;
    uint32_t n;
    struct frame frame;
    int64_t date;    /* of what opened it */
    struct cut open; /* where limits and `unless` are read */
    ex_id unless;
    /* where it stands */
    uint32_t at;
    int64_t from;     /* the clock of this step began */
    uint64_t trigger; /* with this entry */
    int64_t deadline;
};

/* Its limit is fixed when the duty opens; what it would be at the answer that began the step must not differ. */
static bool
step_limit(struct world *w, struct steps *x)
{
    const struct answer *a = &x->answer[x->at];
    struct number n = check_value(w, &x->frame, a->limit, x->open), again = n;
    const struct entry *e = check_entry(w, x->trigger);

    if (x->at > 0 && e != NULL)
        again = check_value(w, &x->frame, a->limit, cut_after(e));
    if (!number_is_exact(n) || number_same(n, again) != T_YES)
        return check_show(w, T_OPEN, T_YES, "the limit is one length of time", x->open);
    x->deadline = number_plus(x->from, n.lo);
    return true;
}

/* The answer that came first in the log, and in time. */
static const struct entry *
first_answer(struct world *w, const struct steps *x)
{
    const struct entry *first = NULL;

    for (uint32_t i = 0; i < w->nentries; i++) {
        const struct entry *e = &w->entry[i];

        if (e->at <= x->deadline && check_comes_after(e, x->from, x->trigger) &&
            (first == NULL || e->place < first->place) &&
            check_in_log_time(w, e->known, x->deadline, x->trigger) &&
            check_answer(w, &x->answer[x->at], &x->frame, e) == T_YES)
            first = e;
    }
    return first;
}

/* No answer that stands before this one in the log came earlier; those that it has at the same instant
 * or that became known later move nothing. */
static bool
is_first(struct world *w, const struct steps *x, const struct entry *first)
{
    const struct answer *a = &x->answer[x->at];

    for (uint32_t i = 0; i < w->nentries; i++) {
        const struct entry *e = &w->entry[i];

        if (e->place >= first->place || e->at > x->deadline ||
            !check_comes_after(e, x->from, x->trigger) || check_answer(w, a, &x->frame, e) == T_NO)
            continue;
        (void)check_missing(w, MISSING_CAME, e->kind, e->at, e->at);
        return false;
    }
    for (uint32_t i = 0; i < a->patterns.n; i++) {
        struct wanted y = check_wanted(w, &w->p->patterns[a->patterns.at + i],
                                       check_answer_name(w, a), &x->frame);

        if (!check_claimed(w, &y, x->from, first->at))
            return false;
    }
    return true;
}

/* Takes the step that an answer made. */
static bool
next_step(struct world *w, struct steps *x)
{
    const struct entry *e = first_answer(w, x);

    if (e == NULL)
        return check_refuse(w, "the answer to a step before the one it stands at is not listed");
    if (!is_first(w, x, e))
        return check_show(w, T_OPEN, T_YES, "the listed answer was the first", cut_before(e));
    x->from = e->at;
    x->trigger = e->place;
    x->at++;
    return true;
}

static bool
clock_fits(struct world *w, const struct steps *x, bool must_have_deadline)
{
    const struct verdict *v = w->v;

    if (v->onset != x->date && v->onset != x->from)
        return check_refuse(w, "it did not begin with what opened it");
    if (v->deadline != x->deadline && (must_have_deadline || v->deadline != UNSET))
        return check_refuse(w, "the deadline is not the limit after its clock began");
    return true;
}

/* After the deadline, or known only after the breach was decided. */
static bool
comes_late(const struct world *w, const struct steps *x, const struct entry *e)
{
    return e->at > x->deadline ||
           (e->known > w->v->decided && check_comes_after(e, x->from, x->trigger));
}

/* A late answer ends what was missed; so does the answer that the sentence wants otherwise. */
static bool
repaired(struct world *w, const struct steps *x)
{
    const struct verdict *v = w->v;
    const struct answer *a[2] = {&x->answer[x->at], &x->s->otherwise};
    unsigned n = x->s->has_otherwise && !v->otherwise ? 2 : 1;
    bool found = false;

    check_show_all(w);
    for (uint32_t i = 0; i < w->nentries; i++)
        for (unsigned k = 0; k < n && w->entry[i].at == v->end; k++)
            found = found || (comes_late(w, x, &w->entry[i]) &&
                              check_answer(w, a[k], &x->frame, &w->entry[i]) == T_YES);
    if (!found)
        return check_refuse(w, "no listed answer came late when it is said to have ended");
    for (unsigned k = 0; k < n; k++) {
        struct stretch in = {k == 0 ? x->from : x->date, v->end, {v->end, UNSET}, x->trigger};

        if (!check_unanswered(w, a[k], &x->frame, &in))
            return check_show(w, T_OPEN, T_YES, "no answer came before it ended",
                              cut_at(v->end, 0));
    }
    return true;
}

/* Silence of every source that could answer makes an answer unknown, and not missing. */
static bool
could_answer(struct world *w, const struct steps *x)
{
    const struct answer *a = &x->answer[x->at];

    for (uint32_t i = 0; i < a->patterns.n; i++) {
        const struct pattern *p = &w->p->patterns[a->patterns.at + i];
        struct cut limit = cut_at(x->deadline, CUT_END);

        if (w->p->kinds[p->kind].heartbeat > 0 &&
            !check_show(w, check_source_of(w, p, &x->frame, limit), T_YES,
                        "a source that could answer lives", limit))
            return false;
    }
    return true;
}

static bool
missed(struct world *w, const struct steps *x)
{
    const struct verdict *v = w->v;
    struct stretch in = {x->from, x->deadline, {UNSET, UNSET}, x->trigger};
    struct cut late = cut_at(x->deadline + 1, 0);

    if (!clock_fits(w, x, true))
        return false;
    if (v->decided <= x->deadline)
        return check_refuse(w, "the deadline had not passed when it was called breached");
    if (x->unless != 0 && !check_show(w, check_condition(w, &x->frame, x->unless, x->open), T_NO,
                                      "what stands behind 'unless' does not hold", x->open))
        return false;
    if (!check_unanswered(w, &x->answer[x->at], &x->frame, &in))
        return check_show(w, T_OPEN, T_YES, "no answer came", late);
    if (!could_answer(w, x) || !check_severity(w, x->s, &x->frame, late, x->deadline))
        return false;
    return !v->ended || repaired(w, x);
}

static bool
met(struct world *w, const struct steps *x)
{
    const struct verdict *v = w->v;

    if (!clock_fits(w, x, false))
        return false;
    for (uint32_t i = 0; i < w->nentries; i++) {
        const struct entry *e = &w->entry[i];

        if (e->at <= x->deadline && check_comes_after(e, x->from, x->trigger) &&
            (!v->ended || v->end == e->at) &&
            check_in_log_time(w, e->known, x->deadline, x->trigger) &&
            check_answer(w, &x->answer[x->at], &x->frame, e) == T_YES)
            return true;
    }
    return check_refuse(w, "no listed entry answers in time");
}

static bool
walk(struct world *w, struct steps *x)
{
    uint32_t last = w->v->value == V_MET ? x->n - 1 : w->v->stage;

    if (last >= x->n)
        return check_refuse(w, "it stands at a step that the sentence does not have");
    while (step_limit(w, x)) {
        if (x->at == last)
            return w->v->value == V_MET ? met(w, x) : missed(w, x);
        if (!next_step(w, x))
            return false;
    }
    return false;
}

/* not later than ------------------------------------------------------------------------------- */

/* A planned deadline follows its facts: it is what it is where it is looked at. */
struct planned {
    const struct frame *frame;
    ex_id time;
};

static enum truth
not_past(struct world *w, const void *what, struct cut c)
{
    const struct planned *p = what;
    struct number time = check_value(w, p->frame, p->time, c);

    return time.type == NUMBER_NONE ? T_YES : truth_not(number_less(time, number_of(c.t)));
}

static bool
met_by(struct world *w, const struct steps *x, const struct entry *e)
{
    struct planned p = {&x->frame, x->answer[0].limit};
    struct cut begin = cut_at(x->date + 1, 0), where;
    struct number time;

    if (!check_comes_after(e, x->date, x->trigger) || (w->v->ended && w->v->end != e->at) ||
        check_answer(w, &x->answer[0], &x->frame, e) != T_YES)
        return false;
    if (cut_cmp(begin, cut_before(e)) < 0 &&
        check_lasts(w, not_past, &p, begin, cut_before(e), &where) != T_YES)
        return false;
    time = check_value(w, p.frame, p.time, cut_before(e));
    if (number_is_exact(time) && !check_in_log_time(w, e->known, time.lo, x->trigger))
        return false;
    return not_past(w, &p, cut_before(e)) == T_YES &&
           (w->v->deadline == UNSET || number_same(time, number_of(w->v->deadline)) == T_YES);
}

static bool
not_later(struct world *w, struct steps *x)
{
    const struct verdict *v = w->v;
    struct cut now = cut_at(v->decided, CUT_END);
    struct number time;

    if (v->onset != x->date)
        return check_refuse(w, "it did not begin with what opened it");
    for (uint32_t i = 0; v->value == V_MET && i < w->nentries; i++)
        if (met_by(w, x, &w->entry[i]))
            return true;
    if (v->value == V_MET)
        return check_refuse(w, "no listed entry is shown to answer in time");
    time = check_value(w, &x->frame, x->answer[0].limit, now);
    if (!number_is_exact(time))
        return check_show(w, T_OPEN, T_YES, "the deadline is one instant", now);
    x->deadline = time.lo;
    return missed(w, x);
}

/* all ------------------------------------------------------------------------------------------ */

bool
check_answered(struct world *w, const struct sentence *s)
{
    struct trigger t;
    struct steps x;

    if (!check_hide_later(w) || !check_trigger(w, s, &t))
        return false;
    x = (struct steps){.s = s,
                       .answer = &w->p->answers[s->answers.at],
                       .n = s->answers.n,
                       .frame = t.frame,
                       .date = t.date,
                       .open = t.after,
                       .unless = s->unless,
                       .from = t.date,
                       .trigger = t.place};
    check_own(w, t.after);
    return s->duty == D_NOT_LATER ? not_later(w, &x) : walk(w, &x);
}

static bool
same_binding(const struct verdict *a, const struct verdict *b)
{
    return a->nbinding == b->nbinding &&
           (a->nbinding == 0 ||
            memcmp(a->binding, b->binding, a->nbinding * sizeof *a->binding) == 0);
}

bool
check_otherwise(struct world *w, const struct sentence *s)
{
    const struct verdict *v = w->v, *by = w->cited;
    struct steps x = {.s = s,
                      .answer = &s->otherwise,
                      .n = 1,
                      .frame = check_frame(w, s),
                      .date = v->onset,
                      .from = v->onset};

    if (!s->has_otherwise)
        return check_refuse(w, "the sentence wants nothing otherwise");
    if (by == NULL || by->sentence != v->sentence || by->otherwise || by->value != V_BREACHED ||
        by->place > v->place || !same_binding(by, v))
        return check_refuse(w,
                            "the breach that it follows is not among those that were found proven");
    if (!check_cited_date(w, v->onset))
        return check_refuse(w, "its clock does not begin with the breach");
    if (!check_hide_later(w))
        return false;
    x.trigger = by->place;
    x.open = cut_at(v->onset + 1, 0);
    w->now = UNSET;
    return walk(w, &x);
}
