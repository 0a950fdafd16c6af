/* SPDX-License-Identifier: Apache-2.0 */
/* severity.c -- is the severity of a breach the sentence's own, or one that a rung has raised it to?
 *
 * The sentence's own is the first whose condition holds; where a condition is not shown, each that it
 * could then be counts as possible, and all that is possible must be the one that is said. */
#include "check/world.h"

/* The possible ones, as bits. */
static uint32_t
own_severities(struct world *w, const struct sentence *s, const struct frame *f, struct cut c)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < s->severity.n; i++) {
        const struct sev *x = &w->p->sevs[s->severity.at + i];
        enum truth is = x->cond == 0 ? T_YES : check_condition(w, f, x->cond, c);

        if (is != T_NO)
            bits |= 1u << x->severity;
        if (is == T_YES)
            break;
    }
    return bits;
}

/* Had a rung been reached, that raises to this severity, when the verdict was given? */
static bool
raised_to(struct world *w, const struct sentence *s, const struct frame *f, struct cut c,
          int64_t from, uint8_t severity)
{
    for (uint32_t i = 0; i < s->rungs.n; i++) {
        const struct rung *r = &w->p->rungs[s->rungs.at + i];
        struct number after = r->after == 0 ? number_of(0) : check_value(w, f, r->after, c);

        if (r->severity == severity &&
            number_less(number_add(number_of(from), after), number_of(w->v->at)) == T_YES)
            return true;
    }
    return false;
}

bool
check_severity(struct world *w, const struct sentence *s, const struct frame *f, struct cut c,
               int64_t from)
{
    uint32_t bits = own_severities(w, s, f, c);

    if (w->v->severity > SEV_RED)
        return check_refuse(w, "there is no such severity");
    if (bits == 1u << w->v->severity)
        return true;
    if (bits >> w->v->severity == 0 && bits != 0 && raised_to(w, s, f, c, from, w->v->severity))
        return true;
    if ((bits & (bits - 1)) != 0)
        return check_show(w, T_OPEN, T_YES, "its severity is this", c);
    return check_refuse(w, "its severity is another");
}
