/* SPDX-License-Identifier: Apache-2.0 */
/* period.c -- once in each day, week, month or quarter of the local calendar. A period begins at local
 * midnight (a week on Monday) and runs to the last millisecond before the next, whose beginning is the
 * deadline; the first period that is judged is the first that lies whole in the log. */
#include "base/stamp.h"
#include "check/world.h"

/* The zone's offset at an instant: that of the opening, or of the newest listed entry that changed it. */
static int64_t
offset_at(const struct world *w, int64_t t)
{
    for (uint32_t i = check_before(w, cut_at(t, CUT_END)); i-- > 0;)
        if (w->entry[i].kind == KIND_ZONE && w->entry[i].field[0] != UNSET)
            return w->entry[i].field[0];
    return w->opening->zone_offset;
}

static bool
begins_period(enum period period, int64_t local)
{
    struct civil c = civil_of(local);

    if (c.ms_of_day != 0)
        return false;
    switch (period) {
    case PERIOD_DAY: return true;
    case PERIOD_WEEK: return weekday_of(local) == 0;
    case PERIOD_MONTH: return c.day == 1;
    case PERIOD_QUARTER: return c.day == 1 && (c.month - 1) % 3 == 0;
    }
    return false;
}

/* Local midnight at which the next period begins. */
static int64_t
next_period(enum period period, int64_t local)
{
    const int64_t day = INT64_C(86400000);
    struct civil c = civil_of(local);
    int32_t months = period == PERIOD_QUARTER ? 3 : 1;

    if (period == PERIOD_DAY || period == PERIOD_WEEK)
        return local + (period == PERIOD_DAY ? day : 7 * day);
    c.month += months;
    if (c.month > 12) {
        c.month -= 12;
        c.year++;
    }
    return civil_ms(c);
}

/* The period that begins at the verdict's onset; its last instant. */
static bool
find_period(struct world *w, const struct sentence *s, int64_t *ret_last)
{
    const struct verdict *v = w->v;
    enum period period = (enum period)s->period;
    int64_t local, next;

    if (v->onset == UNSET || v->onset < w->opening->at || v->onset > STAMP_MAX)
        return check_refuse(w, "it is not judged over a period that lies whole in the log");
    local = v->onset + offset_at(w, v->onset);
    if (!begins_period(period, local))
        return check_refuse(w, "no period begins at its onset");
    next = next_period(period, local);
    *ret_last = next - offset_at(w, next - offset_at(w, v->onset)) - 1;
    return true;
}

static bool
period_breached(struct world *w, const struct sentence *s, const struct frame *f, int64_t last)
{
    const struct verdict *v = w->v;
    struct stretch in = {v->onset, last, {UNSET, UNSET}, NO_PLACE};

    if (v->deadline != last + 1)
        return check_refuse(w, "its deadline is not the end of the period");
    if (v->decided <= v->deadline)
        return check_refuse(w, "the period had not passed when it was called breached");
    if (v->ended && v->end != last + 1)
        return check_refuse(w, "it ends with the period");
    if (!check_unanswered(w, &w->p->answers[s->answers.at], f, &in))
        return check_show(w, T_OPEN, T_YES, "no answer came in the period", cut_at(last + 1, 0));
    return check_severity(w, s, f, cut_at(last + 1, 0), v->deadline);
}

static bool
period_met(struct world *w, const struct sentence *s, const struct frame *f, int64_t last)
{
    const struct verdict *v = w->v;

    if (!check_unset_or(v->deadline, last + 1))
        return check_refuse(w, "its deadline is not the end of the period");
    for (uint32_t i = 0; i < w->nentries; i++) {
        const struct entry *e = &w->entry[i];

        if (e->at >= v->onset && e->at <= last && check_in_log_time(w, e->known, last, NO_PLACE) &&
            (!v->ended || v->end == e->at || v->end == last + 1) &&
            check_answer(w, &w->p->answers[s->answers.at], f, e) == T_YES)
            return true;
    }
    return check_refuse(w, "no listed entry answers in the period");
}

bool
check_period(struct world *w, const struct sentence *s)
{
    struct frame f = check_frame(w, s);
    int64_t last = 0;

    if (s->duty != D_PERIOD || s->unless != 0)
        return check_refuse(w, "this duty at all times is not checked");
    w->now = UNSET;
    if (!check_hide_later(w) || !find_period(w, s, &last))
        return false;
    return w->v->value == V_MET ? period_met(w, s, &f, last) : period_breached(w, s, &f, last);
}
