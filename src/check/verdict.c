/* SPDX-License-Identifier: Apache-2.0 */
#include "base/stamp.h"
#include "check/world.h"

bool
check_refuse(struct world *w, const char *sentence)
{
    diag_set(w->diag, 0, 0, sentence);
    return false;
}

bool
check_show(struct world *w, enum truth is, enum truth want, const char *what, struct cut c)
{
    struct buf b;

    if (is == want)
        return true;
    b = diag_put(w->diag, 0, 0);
    put_s(&b, is == T_OPEN ? "it is not shown that " : "it is not so that ");
    put_s(&b, what);
    put_s(&b, " at ");
    put_stamp(&b, c.t);
    if (is == T_OPEN && w->missing.type != MISSING_NOTHING) {
        put_s(&b, ": ");
        check_put_missing(w, &b);
    }
    return false;
}

static bool
sentence_shown(struct world *w, const struct sentence *s)
{
    if (w->v->otherwise)
        return check_otherwise(w, s);
    switch ((enum opener)s->opener) {
    case O_WHILE: return check_lasting(w, s);
    case O_ALWAYS: return check_period(w, s);
    case O_EACH:
    case O_AT: break;
    }
    switch ((enum duty_form)s->duty) {
    case D_ONLY_IF:
    case D_HOLD:
    case D_KNOWN: return check_instant(w, s);
    case D_WITHIN:
    case D_NOT_LATER: return check_answered(w, s);
    case D_NOT_LAST:
    case D_EVERY:
    case D_PERIOD: break;
    }
    return check_refuse(w, "this duty is not checked");
}

static enum check_result
checked(struct world *w, const struct check *c, struct arena *arena, struct diag *d)
{
    enum status st = check_world(w, c, arena, d);
    bool shown;

    if (st == ST_LIMIT && !w->too_large && d->text[0] == '\0')
        (void)check_refuse(w, "the evidence is too large to be checked");
    if (st != ST_OK)
        return CHECK_NOT_SHOWN;
    shown = sentence_shown(w, &w->p->sentences[w->v->sentence]);
    if (w->too_large)
        shown = check_refuse(w, "the evidence is too large to be checked");
    return shown ? CHECK_PROVEN : CHECK_NOT_SHOWN;
}

enum check_result
check_verdict(const struct check *c, struct arena *arena, struct diag *d)
{
    size_t mark = arena->used;
    struct world *w;
    enum check_result r;

    d->text[0] = '\0';
    if (c->verdict->value != V_MET && c->verdict->value != V_BREACHED)
        return CHECK_NOTHING_TO_SHOW;
    w = NEW(arena, 1, struct world);
    if (w == NULL) {
        diag_set(d, 0, 0, "there is too little memory to check the evidence");
        return CHECK_NOT_SHOWN;
    }
    r = checked(w, c, arena, d);
    arena_back(arena, mark);
    return r;
}
