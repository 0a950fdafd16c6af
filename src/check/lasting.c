/* SPDX-License-Identifier: Apache-2.0 */
/* lasting.c -- verdicts of `while`: not last, must hold, at least every, not later than.
 *
 * What is timed ("the trouble") is that the opener holds, and for `must hold` that its condition does
 * not. The onset is where the clock begins: with the trouble, or with the newest answer of a recurrence;
 * of a `must hold` whose clock did not run at the end, with the opener. What begins at a date is shown
 * not to hold before the date and to hold after it, and it ends so too. Limits and `unless` are read at
 * every instant. */
#include "check/world.h"

struct lasting {
    const struct sentence *s;
    const struct answer *answer; /* not later than, at least every */
    struct frame frame;
    int64_t base; /* its clock began here: the onset, or of a `must hold` that was met, the limit before its deadline */
};

static enum truth
opener(struct world *w, const void *what, struct cut c)
{
    const struct lasting *l = what;

    return check_condition(w, &l->frame, l->s->cond, c);
}

static enum truth
trouble(struct world *w, const void *what, struct cut c)
{
    const struct lasting *l = what;
    enum truth open = opener(w, what, c);

    if (l->s->duty != D_HOLD || open == T_NO)
        return open;
    return truth_and(open, truth_not(check_condition(w, &l->frame, l->s->must, c)));
}

static enum truth
unless(struct world *w, const struct lasting *l, struct cut c)
{
    return l->s->unless == 0 ? T_NO : check_condition(w, &l->frame, l->s->unless, c);
}

static struct number
limit_at(struct world *w, const struct lasting *l, struct cut c)
{
    return l->s->limit == 0 ? number_of(0) : check_value(w, &l->frame, l->s->limit, c);
}

/* The deadline as it is at a cut: the limit after the onset, or the planned time. */
static struct number
deadline_at(struct world *w, const struct lasting *l, struct cut c)
{
    if (l->s->duty == D_NOT_LATER)
        return check_value(w, &l->frame, l->answer->limit, c);
    return number_add(number_of(l->base), limit_at(w, l, c));
}

/* Is it no breach at this cut? */
static enum truth
in_time(struct world *w, const void *what, struct cut c)
{
    const struct lasting *l = what;
    struct number d = deadline_at(w, l, c);
    enum truth is = d.type == NUMBER_NONE ? T_YES : truth_not(number_less(d, number_of(c.t)));

    return is == T_YES ? T_YES : truth_or(is, unless(w, l, c));
}

static const char *
trouble_words(const struct lasting *l)
{
    return l->s->duty == D_HOLD ? "the opener holds and the condition does not"
                                : "the opener holds";
}

/* beginning and end ---------------------------------------------------------------------------- */

/* Entries of an instant come before what time itself brings there, so a turn lies between two of these. */
enum { BEFORE_ENTRIES, BEFORE_TIME, AFTER_TIME };

static struct cut
around(int64_t at, int which)
{
    return which == BEFORE_ENTRIES ? cut_at(at, 0)
           : which == BEFORE_TIME  ? cut_at(at, CUT_END)
                                   : cut_at(at + 1, 0);
}

/* It was not so, and then it was, within the instant. */
static bool
turned(struct world *w, const struct lasting *l, lasting_test *test, int64_t at)
{
    return (test(w, l, around(at, BEFORE_ENTRIES)) == T_NO &&
            test(w, l, around(at, BEFORE_TIME)) == T_YES) ||
           (test(w, l, around(at, BEFORE_TIME)) == T_NO &&
            test(w, l, around(at, AFTER_TIME)) == T_YES);
}

/* What begins and ends with entries of one instant is so right after one of them. */
static bool
for_no_time(struct world *w, const struct lasting *l, lasting_test *test)
{
    bool was = false;

    if (w->v->end != w->v->onset || test(w, l, around(w->v->onset, BEFORE_ENTRIES)) != T_NO)
        return false;
    for (uint32_t i = 0; i < w->nentries && !was; i++)
        was = w->entry[i].at == w->v->onset && test(w, l, cut_after(&w->entry[i])) == T_YES;
    return was;
}

static bool
began(struct world *w, const struct lasting *l, lasting_test *test)
{
    struct cut before = around(w->v->onset, BEFORE_ENTRIES),
               after = around(w->v->onset, AFTER_TIME);

    return turned(w, l, test, w->v->onset) || for_no_time(w, l, test) ||
           (check_show(w, test(w, l, before), T_NO, "it had not begun before", before) &&
            check_show(w, test(w, l, after), T_YES, "it had begun", after));
}

static bool
over(struct world *w, const struct lasting *l, lasting_test *test)
{
    struct cut at = around(w->v->end, BEFORE_TIME), after = around(w->v->end, AFTER_TIME);

    check_own(w, at);
    if (test(w, l, at) == T_NO)
        return true;
    check_own(w, after);
    return check_show(w, test(w, l, after), T_NO, "it had ended", after);
}

static bool
is_answer_at(struct world *w, const struct lasting *l, int64_t at)
{
    for (uint32_t i = 0; i < w->nentries; i++)
        if (w->entry[i].at == at && check_answer(w, l->answer, &l->frame, &w->entry[i]) == T_YES)
            return true;
    return false;
}

/* breached ------------------------------------------------------------------------------------- */

/* No answer came that would have begun the clock anew, or been in time. */
static bool
unanswered(struct world *w, const struct lasting *l, int64_t b)
{
    struct stretch in = {w->v->onset, b - 1, {UNSET, UNSET}, NO_PLACE};

    if (l->s->duty == D_EVERY)
        in.but[0] = w->v->onset;
    else
        in.to = w->v->deadline;
    return check_unanswered(w, l->answer, &l->frame, &in) ||
           check_show(w, T_OPEN, T_YES, "no answer came", cut_at(in.to + 1, 0));
}

static bool
deadline_past(struct world *w, const struct lasting *l, struct cut c)
{
    struct number d = deadline_at(w, l, c);

    if (d.type != NUMBER_RANGE)
        return check_show(w, T_OPEN, T_YES, "there is a deadline", c);
    if (d.hi != w->v->deadline) /* whatever is not known of the limit, it is past */
        return check_refuse(w, "the deadline is not the limit after its clock began");
    if (d.hi >= c.t)
        return check_refuse(w, "the deadline had not passed when it was called breached");
    return check_show(w, unless(w, l, c), T_NO, "what stands behind 'unless' does not hold", c);
}

/* Of a planned deadline the opener need only hold when it is past; else the trouble has lasted. */
static bool
troubled_since(struct world *w, const struct lasting *l, struct cut c)
{
    struct cut onset = cut_at(w->v->onset + 1, 0), where = c;

    if (l->s->duty == D_NOT_LATER)
        return check_show(w, opener(w, l, c), T_YES, "the opener holds", c) && began(w, l, opener);
    return check_show(w, check_lasts(w, trouble, l, onset, c, &where), T_YES, trouble_words(l),
                      where);
}

/* Was it a breach at instant b? */
static bool
breached_at(struct world *w, const struct lasting *l, int64_t b)
{
    struct cut c = cut_at(b, CUT_END);

    /* A planned deadline may be past already when the opener begins to hold. */
    if (b < w->v->onset || (b == w->v->onset && l->s->duty != D_NOT_LATER))
        return check_refuse(w, "it was called breached before its clock had run");
    check_own(w, c);
    if (!deadline_past(w, l, c) || !troubled_since(w, l, c))
        return false;
    if (l->answer != NULL && !unanswered(w, l, b))
        return false;
    return check_severity(w, l->s, &l->frame, c, l->answer == NULL ? w->v->onset : w->v->deadline);
}

/* It was so from the breach to the end, and not longer; or an answer ended it. An entry that became known
 * after the breach may have ended it before. */
static bool
ended_as_said(struct world *w, const struct lasting *l, int64_t b)
{
    const struct verdict *v = w->v;
    struct cut from = cut_at(b, CUT_END), to = cut_at(v->end, 0), where = to;
    struct stretch in = {v->onset, v->end, {v->onset, v->end}, NO_PLACE};

    check_show_all(w);
    if (l->s->duty == D_NOT_LATER)
        in.but[0] = UNSET;
    if (l->answer != NULL && is_answer_at(w, l, v->end))
        return check_unanswered(w, l->answer, &l->frame, &in) ||
               check_show(w, T_OPEN, T_YES, "no answer came before it ended", to);
    if (cut_cmp(from, to) > 0)
        from = to;
    return check_show(w, check_lasts(w, trouble, l, from, to, &where), T_YES, trouble_words(l),
                      where) &&
           over(w, l, trouble);
}

static bool
lasting_breached(struct world *w, const struct lasting *l)
{
    const struct verdict *v = w->v;

    if (v->onset == UNSET || v->deadline == UNSET)
        return check_refuse(w, "a breach has a clock and a deadline");
    if (!breached_at(w, l, v->decided))
        return false;
    return !v->ended || ended_as_said(w, l, v->decided);
}

/* met ------------------------------------------------------------------------------------------ */

/* The entry the verdict is named after began the clock late only if, without it and all behind it, it had
 * not begun. */
static uint64_t
began_late(struct world *w, const struct lasting *l)
{
    enum truth is;

    check_hide_from(w, w->v->opened, INT64_MIN);
    is = opener(w, l, around(w->v->onset, AFTER_TIME));
    (void)check_hide_later(w);
    return is == T_YES ? NO_PLACE : w->v->opened;
}

/* The clock had not run out at any instant up to the end. */
static bool
never_late(struct world *w, const struct lasting *l)
{
    struct cut from = cut_at(l->base + 1, 0), to = cut_at(w->v->end, CUT_END), where = to;
    struct number d = deadline_at(w, l, to);
    int64_t decided = w->v->decided;

    if (check_entry(w, w->v->place) ==
        NULL) /* a tick: what time itself ends comes before the clause */
        decided--;
    if (d.type == NUMBER_RANGE && !check_in_log_time(w, decided, d.lo, began_late(w, l)) &&
        unless(w, l, to) != T_YES)
        return check_refuse(w, "its clock had run out before the log knew that it had ended");
    return cut_cmp(from, to) > 0 || check_show(w, check_lasts(w, in_time, l, from, to, &where),
                                               T_YES, "the limit had not passed", where);
}

static bool
may_be(struct number a, struct number b)
{
    return a.type == NUMBER_RANGE && number_same(a, b) != T_NO;
}

/* The deadline that ran at the end may be said. */
static bool
deadline_fits(struct world *w, const struct lasting *l)
{
    struct number said = number_of(w->v->deadline);

    if (w->v->deadline == UNSET ||
        may_be(deadline_at(w, l, cut_at(w->v->end, 0)), said) ||
        may_be(deadline_at(w, l, cut_at(w->v->end, CUT_END)), said))
        return true;
    return check_refuse(w, "the deadline is not the limit after its clock began");
}

/* No clock ran at the end: the condition held just before it. */
static bool
held_at_end(struct world *w, const struct lasting *l)
{
    struct cut c = cut_at(w->v->end, 0);

    return check_show(w, opener(w, l, c), T_YES, "the opener holds", c) &&
           check_show(w, check_condition(w, &l->frame, l->s->must, c), T_YES, "the condition holds",
                      c);
}

/* What held at the end began with the opener, or when the condition came to hold after a breach. */
static bool
began_or_repaired(struct world *w, const struct lasting *l)
{
    struct cut before = cut_at(w->v->onset, 0), after = cut_at(w->v->onset + 1, 0);

    if (trouble(w, l, before) == T_YES)
        return check_show(w, trouble(w, l, after), T_NO, "it was put right", after);
    return began(w, l, opener);
}

/* The clock that ran at the end began where the deadline says; it was in order until then. */
static bool
clock_began(struct world *w, struct lasting *l)
{
    struct number limit = limit_at(w, l, cut_at(w->v->end, 0));
    struct cut before, after;

    if (!number_is_exact(limit))
        return check_show(w, T_OPEN, T_YES, "the limit is one length", cut_at(w->v->end, 0));
    l->base = w->v->deadline - limit.lo;
    if (l->base < w->v->onset || l->base > w->v->end)
        return check_refuse(w, "the deadline is not the limit after its clock began");
    before = cut_at(l->base, 0), after = cut_at(l->base + 1, 0);
    if (l->base == w->v->end)
        return true;
    if (trouble(w, l, after) == T_NO)
        return check_refuse(w, "nothing was wrong when its clock began");
    return check_show(w, trouble(w, l, before), T_NO, "it had not gone wrong before", before);
}

static bool
hold_met(struct world *w, struct lasting *l)
{
    if (!over(w, l, opener) || !began_or_repaired(w, l))
        return false;
    if (w->v->deadline == UNSET)
        return held_at_end(w, l);
    return clock_began(w, l) && never_late(w, l) && deadline_fits(w, l);
}

static bool
every_met(struct world *w, const struct lasting *l)
{
    struct cut c = cut_at(w->v->onset < w->v->end ? w->v->onset + 1 : w->v->onset, 0);

    if (!is_answer_at(w, l, w->v->onset) && !began(w, l, opener))
        return false;
    return check_show(w, opener(w, l, c), T_YES, "the opener holds", c) && over(w, l, opener) &&
           never_late(w, l) && deadline_fits(w, l);
}

/* An answer came in time, or the opener ended before the deadline. */
static bool
not_later_met(struct world *w, const struct lasting *l)
{
    const struct verdict *v = w->v;

    if (!began(w, l, opener) || !never_late(w, l) || !deadline_fits(w, l))
        return false;
    return (v->end >= v->onset && is_answer_at(w, l, v->end)) || over(w, l, opener);
}

static bool
lasting_met(struct world *w, struct lasting *l)
{
    const struct verdict *v = w->v;

    if (!v->ended || v->end == UNSET)
        return check_refuse(w, "what lasts is met when it ends");
    if (v->onset == UNSET)
        return check_refuse(w, "the verdict does not say when it began");
    if (v->end < v->onset) /* an entry known late: it had ended before it began, and never was */
        return check_show(w, opener(w, l, cut_at(v->onset + 1, 0)), T_NO, "it had ended", cut_at(v->onset + 1, 0));
    if (l->s->duty == D_HOLD)
        return hold_met(w, l);
    if (l->s->duty == D_EVERY)
        return every_met(w, l);
    if (l->s->duty == D_NOT_LATER)
        return not_later_met(w, l);
    return began(w, l, opener) && over(w, l, opener) && never_late(w, l) && deadline_fits(w, l);
}

bool
check_lasting(struct world *w, const struct sentence *s)
{
    struct lasting l = {.s = s, .frame = check_frame(w, s), .base = w->v->onset};

    if (s->duty != D_NOT_LAST && s->duty != D_HOLD && s->duty != D_EVERY && s->duty != D_NOT_LATER)
        return check_refuse(w, "this duty of something that lasts is not checked");
    if (s->duty == D_EVERY || s->duty == D_NOT_LATER)
        l.answer = &w->p->answers[s->answers.at];
    w->now = UNSET;
    if (!check_hide_later(w))
        return false;
    return w->v->value == V_MET ? lasting_met(w, &l) : lasting_breached(w, &l);
}
