/* SPDX-License-Identifier: Apache-2.0 */
/* instant.c -- verdicts that are given at once: may only if, must hold that, must be known within. */
#include "check/world.h"

/* No clock runs: what the verdict says of one must be left unset, or be the instant itself. */
static bool
at_once(struct world *w, const struct verdict *v, const struct trigger *t)
{
    if (!check_unset_or(v->onset, t->date))
        return check_refuse(w, "it did not begin with what opened it");
    if (!check_unset_or(v->deadline, t->date))
        return check_refuse(w, "it is judged at once, so it has no deadline");
    if (v->ended && v->end != t->date)
        return check_refuse(w, "it is judged at once, so it ends when it began");
    return true;
}

/* "unless" keeps a sentence from being breached, and meets it. */
static bool
judged(struct world *w, const struct sentence *s, const struct trigger *t, enum truth is,
       struct cut c, const char *holds, const char *fails)
{
    enum truth unless = s->unless == 0 ? T_NO : check_condition(w, &t->frame, s->unless, c);

    if (w->v->value == V_MET)
        return unless == T_YES || check_show(w, is, T_YES, holds, c);
    if (unless != T_NO)
        return check_show(w, unless, T_NO, "what stands behind 'unless' does not hold", c);
    return check_show(w, is, T_NO, fails, c) && check_severity(w, s, &t->frame, c, t->date);
}

static bool
condition_judged(struct world *w, const struct sentence *s, const struct trigger *t)
{
    struct cut c = s->duty == D_ONLY_IF ? t->read : t->after;

    if (s->limit != 0)
        return check_refuse(w, "'tolerating' at an instant is not checked");
    check_own(w, c);
    return judged(w, s, t, check_condition(w, &t->frame, s->must, c), c, "the condition holds",
                  "the condition does not hold");
}

static bool
delay_judged(struct world *w, const struct sentence *s, const struct trigger *t)
{
    const struct entry *e = check_entry(w, w->v->opened);
    struct number limit;
    enum truth in;

    if (e == NULL)
        return check_refuse(w, "the entry that opened it is not listed");
    check_own(w, t->after);
    limit = check_value(w, &t->frame, s->limit, t->after);
    in = number_at_most(number_of(e->known - e->at), limit);
    return judged(w, s, t, in, t->after, "it was known within the limit",
                  "it was known after the limit");
}

bool
check_instant(struct world *w, const struct sentence *s)
{
    struct verdict v = *w->v;
    struct trigger t;
    struct number limit;

    if (!check_hide_later(w) || !check_trigger(w, s, &t))
        return false;
    if (s->duty != D_KNOWN)
        return at_once(w, &v, &t) && condition_judged(w, s, &t);
    limit = check_value(w, &t.frame, s->limit, t.after);
    if (number_is_exact(limit) && v.deadline == number_plus(t.date, limit.lo))
        v.deadline = UNSET; /* the instant by which it had to be known may be said */
    return at_once(w, &v, &t) && delay_judged(w, s, &t);
}
