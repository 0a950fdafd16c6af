/* SPDX-License-Identifier: Apache-2.0 */
/* critical.c -- the instants at which what is shown can change.
 *
 * What is shown of a condition changes where a listed entry stands, where a claim begins or has ended,
 * at a time that an entry names, and a length of time before or after one of these: a length that stands
 * in what the sentence asks, directly or in a definition it reads. Where one definition measures what
 * another has measured (a state has held, and begins by itself at a planned time), the lengths add up:
 * as often as definitions nest so. A change dated at an instant takes effect in the next, so that counts
 * too. Between two of these instants nothing shown can change. */
#include "check/world.h"

enum { LENGTHS_MAX = 256 };

struct reach {
    struct world *w;
    uint8_t *ex, *state, *fact,
        *life; /* how deep lengths add up in each, plus 1; 0: not looked at yet */
    int64_t length[LENGTHS_MAX];
    uint32_t nlengths;
    bool bad; /* a length that cannot be listed */
    uint32_t kind;
    bool reads; /* entries of the kind are read */
};

static unsigned deep(struct reach *r, ex_id id);

static unsigned
most(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void
add_length(struct reach *r, int64_t n)
{
    for (uint32_t i = 0; i < r->nlengths; i++)
        if (r->length[i] == n)
            return;
    if (n <= 0)
        return;
    if (r->nlengths == LENGTHS_MAX)
        r->bad = true;
    else
        r->length[r->nlengths++] = n;
}

/* what is reached ------------------------------------------------------------------------------ */

static unsigned
deep_kids(struct reach *r, const struct ex *x)
{
    unsigned d = 0;

    for (uint32_t i = 0; i < x->nargs; i++)
        d = most(d, deep(r, r->w->p->kids[x->args + i]));
    return d;
}

static unsigned
deep_pattern(struct reach *r, const struct pattern *p)
{
    unsigned d = 0;

    r->reads = r->reads || p->kind == r->kind;
    for (uint32_t i = 0; i < p->nargs; i++)
        d = most(d, deep(r, r->w->p->args[p->args + i].ex));
    return d;
}

static unsigned deep_state(struct reach *r, uint32_t state);
static unsigned deep_fact(struct reach *r, uint32_t fact);

static unsigned
deep_moment(struct reach *r, const struct moment *m)
{
    unsigned d = most(deep(r, m->where), deep(r, m->time));

    switch ((enum moment_type)m->type) {
    case M_EVENT: return most(d, deep_pattern(r, &m->pattern));
    case M_BEGINS:
    case M_ENDS: return most(most(d, deep_pattern(r, &m->pattern)), deep_state(r, m->ref));
    case M_CHANGES: return most(most(d, deep_pattern(r, &m->pattern)), deep_fact(r, m->ref));
    case M_TIME:
    case M_CLAUSE:
    case M_GATE: break;
    }
    return d;
}

static unsigned
deep_moments(struct reach *r, struct span span)
{
    unsigned d = 0;

    for (uint32_t i = 0; i < span.n; i++)
        d = most(d, deep_moment(r, &r->w->p->moments[span.at + i]));
    return d;
}

static unsigned
deep_fact(struct reach *r, uint32_t fact)
{
    if (r->fact[fact] == 0) {
        r->fact[fact] = 1;
        r->fact[fact] = (uint8_t)(1 + deep_moments(r, r->w->p->facts[fact].from));
    }
    return r->fact[fact] - 1u;
}

static unsigned
deep_life(struct reach *r, uint32_t life)
{
    const struct life *l = &r->w->p->lives[life];
    unsigned d = 0;

    if (r->life[life] != 0)
        return r->life[life] - 1u;
    r->life[life] = 1;
    for (uint32_t i = 0; i < l->rules.n; i++)
        d = most(d, deep_moment(r, &r->w->p->moments[r->w->p->life_rules[l->rules.at + i].moment]));
    r->life[life] = (uint8_t)(1 + d);
    return d;
}

static unsigned
deep_state(struct reach *r, uint32_t state)
{
    const struct state *s = &r->w->p->states[state];
    unsigned d;

    if (r->state[state] != 0)
        return r->state[state] - 1u;
    r->state[state] = 1;
    d = most(deep_moments(r, s->from), deep_moments(r, s->until));
    d = most(most(d, deep(r, s->cond)), most(deep(r, s->start), deep(r, s->end)));
    if (s->type == ST_GO) {
        const struct gate *g = &r->w->p->gates[s->gate];

        add_length(r, g->lapses);
        d = 1 + most(deep_pattern(r, &g->command),
                     most(deep_pattern(r, &g->used), deep_pattern(r, &g->override)));
        if (g->life != NO_ID)
            d = most(d, deep_life(r, g->life));
    }
    r->state[state] = (uint8_t)(1 + d);
    return d;
}

static unsigned
deep_rows(struct reach *r, const struct ex *x)
{
    const struct quant *q = &r->w->p->quants[x->a];

    return most(deep(r, q->cond), deep(r, q->body));
}

static void
table_lengths(struct reach *r, const struct ex *x)
{
    const struct table *t = &r->w->p->tables[x->a];

    for (uint32_t i = 0; i < t->rows.n && t->type == TY_DURATION; i++)
        add_length(r, r->w->p->rows[t->rows.at + i].value);
    if (t->has_else && t->type == TY_DURATION)
        add_length(r, t->otherwise);
}

static unsigned
deep_sum(struct reach *r, const struct ex *x)
{
    unsigned d = most(deep(r, x->a), deep(r, x->b));

    return x->type == TY_TIME || x->type == TY_DURATION ? d + 1 : d;
}

static unsigned
deep_per(struct reach *r, const struct ex *x)
{
    r->bad = r->bad || x->type == TY_DURATION; /* as many lengths as there are counts */
    return most(deep(r, x->a), deep(r, x->b));
}

static unsigned
deep_past(struct reach *r, const struct ex *x)
{
    r->reads = r->reads || r->w->p->sites[x->a].kind == r->kind;
    return most(most(1, deep_kids(r, x)), most(deep(r, x->b), most(deep(r, x->c), deep(r, x->d))));
}

static unsigned
deep_new(struct reach *r, const struct ex *x)
{
    switch ((enum op)x->op) {
    case X_CONST:
        if (x->type == TY_DURATION)
            add_length(r, x->k);
        return 0;
    case X_SLOT:
    case X_NOW:
    case X_TRUE:
    case X_SEVERITY: return 0;
    case X_FACT: return most(deep_fact(r, x->a), deep_kids(r, x));
    case X_TABLE: table_lengths(r, x); return deep_kids(r, x);
    case X_ADD:
    case X_SUB: return deep_sum(r, x);
    case X_PER_FULL:
    case X_PER_STARTED: return deep_per(r, x);
    case X_COUNT:
    case X_SOME:
    case X_NO:
    case X_EVERY: return deep_rows(r, x);
    case X_AT_LEAST:
    case X_AT_MOST: return most(deep_rows(r, x), deep(r, x->b));
    case X_COUNT_PAST:
    case X_SUM_PAST:
    case X_MIN_PAST:
    case X_MAX_PAST:
    case X_PAST:
    case X_AT_LEAST_PAST:
    case X_AT_MOST_PAST: return deep_past(r, x);
    case X_STATE: return most(deep_state(r, x->a), deep_kids(r, x));
    case X_HELD: return most(1 + deep_state(r, x->a), most(deep_kids(r, x), deep(r, x->b)));
    case X_STAGE: return most(deep_life(r, x->a), deep_kids(r, x));
    case X_AND:
    case X_OR: return deep_kids(r, x);
    case X_ONE_OF: return most(deep_kids(r, x), deep(r, x->a));
    case X_NOT:
    case X_SET: return deep(r, x->a);
    case X_IF:
    case X_WITHIN_OF:
    case X_SAME_TIME: return most(deep(r, x->a), most(deep(r, x->b), deep(r, x->c)));
    case X_EQ:
    case X_NE:
    case X_LT:
    case X_LE:
    case X_GT:
    case X_GE: return most(deep(r, x->a), deep(r, x->b));
    case X_OPS: break;
    }
    r->bad = true;
    return 0;
}

static unsigned
deep(struct reach *r, ex_id id)
{
    if (id == 0)
        return 0;
    if (r->ex[id] == 0) {
        r->ex[id] = 1;
        r->ex[id] = (uint8_t)(1 + deep_new(r, &r->w->p->exs[id]));
    }
    return r->ex[id] - 1u;
}

static unsigned
deep_answer(struct reach *r, const struct answer *a)
{
    unsigned d = most(deep(r, a->where), deep(r, a->limit));

    for (uint32_t i = 0; i < a->patterns.n; i++)
        d = most(d, deep_pattern(r, &r->w->p->patterns[a->patterns.at + i]));
    return d;
}

static unsigned
deep_sentence(struct reach *r, const struct sentence *s)
{
    const struct program *p = r->w->p;
    unsigned d =
        most(most(deep(r, s->where), deep(r, s->cond)), most(deep(r, s->must), deep(r, s->limit)));

    if (s->opener == O_EACH || s->opener == O_AT)
        d = most(d, deep_moment(r, &p->moments[s->moment]));
    if (s->each != 0)
        d = most(d, deep(r, p->quants[s->each].cond));
    for (uint32_t i = 0; i < s->answers.n; i++)
        d = most(d, deep_answer(r, &p->answers[s->answers.at + i]));
    if (s->has_otherwise)
        d = most(d, deep_answer(r, &s->otherwise));
    for (uint32_t i = 0; i < s->severity.n; i++)
        d = most(d, deep(r, p->sevs[s->severity.at + i].cond));
    return most(d, deep(r, s->unless));
}

/* instants ------------------------------------------------------------------------------------- */

struct instants {
    int64_t *item;
    uint32_t n, cap;
    bool full;
};

static void
add_instant(struct instants *s, int64_t t)
{
    if (t == UNSET)
        return;
    if (s->n == s->cap)
        s->full = true;
    else
        s->item[s->n++] = t;
}

static void
sift(int64_t *a, uint32_t from, uint32_t n)
{
    for (uint32_t child = 2 * from + 1; child < n; from = child, child = 2 * from + 1) {
        int64_t t = a[from];

        if (child + 1 < n && a[child + 1] > a[child])
            child++;
        if (a[from] >= a[child])
            return;
        a[from] = a[child];
        a[child] = t;
    }
}

/* In rising order, each once. */
static void
settle(struct instants *s)
{
    uint32_t n = 0;

    for (uint32_t i = s->n / 2; i-- > 0;)
        sift(s->item, i, s->n);
    for (uint32_t i = s->n; i-- > 1;) {
        int64_t t = s->item[0];

        s->item[0] = s->item[i];
        s->item[i] = t;
        sift(s->item, 0, i);
    }
    for (uint32_t i = 0; i < s->n; i++)
        if (n == 0 || s->item[n - 1] != s->item[i])
            s->item[n++] = s->item[i];
    s->n = n;
}

static void
from_entry(struct reach *r, struct instants *s, const struct entry *e)
{
    const struct kind *k = &r->w->p->kinds[e->kind];

    add_instant(s, e->at);
    for (uint8_t i = 0; i < k->nparams; i++) {
        if (k->param[i].sealed || e->field[i] == UNSET || k->param[i].ntypes != 1)
            continue;
        if (k->param[i].type[0] == TY_TIME)
            add_instant(s, e->field[i]);
        else if (k->param[i].type[0] == TY_DURATION)
            add_length(r, e->field[i]);
    }
}

static void
first_instants(struct reach *r, struct instants *s)
{
    const struct world *w = r->w;

    for (uint32_t i = 0; i < w->nentries; i++)
        from_entry(r, s, &w->entry[i]);
    for (uint32_t i = 0; i < w->v->nclaims; i++) {
        add_instant(s, w->v->claims[i].from);
        add_instant(s, number_plus(w->v->claims[i].to, 1));
    }
    add_instant(s, w->opening->at);
    add_instant(s, w->v->onset);
    add_instant(s, w->v->deadline);
    add_instant(s, w->v->end);
    add_instant(s, w->v->at);
    settle(s);
}

static void
with_lengths(const struct reach *r, struct instants *s)
{
    uint32_t n = s->n;

    for (uint32_t i = 0; i < n && !s->full; i++) {
        for (uint32_t k = 0; k < r->nlengths; k++) {
            add_instant(s, number_plus(s->item[i], r->length[k]));
            add_instant(s, number_plus(s->item[i], -r->length[k]));
        }
    }
    settle(s);
}

/* Only the stretch from the opening to the verdict is ever asked about; each takes effect a
 * millisecond later too. */
static void
keep(const struct world *w, struct instants *s)
{
    uint32_t n = 0, kept;

    for (uint32_t i = 0; i < s->n; i++)
        if (s->item[i] >= w->opening->at - 1 && s->item[i] <= w->reached + 1)
            s->item[n++] = s->item[i];
    s->n = kept = n;
    for (uint32_t i = 0; i < kept; i++)
        add_instant(s, s->item[i] + 1);
    settle(s);
}

static struct reach *
reach_new(struct world *w, uint32_t kind)
{
    const struct program *p = w->p;
    struct reach *r = NEW(w->arena, 1, struct reach);

    if (r == NULL)
        return NULL;
    r->w = w;
    r->kind = kind;
    r->ex = NEW(w->arena, p->nexs + 1, uint8_t);
    r->state = NEW(w->arena, p->nstates + 1, uint8_t);
    r->fact = NEW(w->arena, p->nfacts + 1, uint8_t);
    r->life = NEW(w->arena, p->nlives + 1, uint8_t);
    return r->ex == NULL || r->state == NULL || r->fact == NULL || r->life == NULL ? NULL : r;
}

bool
check_moment_reads(struct world *w, const struct moment *m, uint32_t kind)
{
    size_t mark = w->arena->used;
    struct reach *r = reach_new(w, kind);
    bool reads = true;

    if (r != NULL) {
        (void)deep_moment(r, m);
        reads = r->reads || kind == KIND_SUN_UP || kind == KIND_SUN_DOWN;
    }
    arena_back(w->arena, mark);
    return reads;
}

/* How many instants there may be at most: each with each length, as deep as they add up, and twice. */
static uint32_t
room_for(const struct reach *r, unsigned depth)
{
    const struct world *w = r->w;
    uint64_t n = 6 + 2 * (uint64_t)w->v->nclaims;

    for (uint32_t i = 0; i < w->nentries; i++)
        n += 1u + w->p->kinds[w->entry[i].kind].nparams;
    for (; depth > 0 && n < CRITICAL_MAX; depth--)
        n *= 1 + 2 * ((uint64_t)r->nlengths + w->nentries);
    return n < CRITICAL_MAX / 2 ? (uint32_t)n * 2 : CRITICAL_MAX;
}

bool
check_critical(struct world *w)
{
    struct reach *r = reach_new(w, NO_ID);
    struct instants s = {.n = 0};
    unsigned depth;

    if (r == NULL)
        return false;
    depth = deep_sentence(r, &w->p->sentences[w->v->sentence]);
    s.cap = room_for(r, depth);
    s.item = NEW(w->arena, s.cap, int64_t);
    if (s.item == NULL)
        return false;
    first_instants(r, &s);
    for (; depth > 0 && !s.full; depth--)
        with_lengths(r, &s);
    keep(w, &s);
    w->critical = s.item;
    w->ncritical = s.n;
    w->all_critical = !r->bad && !s.full;
    return true;
}

/* cuts ----------------------------------------------------------------------------------------- */

static struct cut
sooner(struct cut a, struct cut b)
{
    return cut_cmp(a, b) <= 0 ? a : b;
}

/* The first critical instant at or after t. */
static uint32_t
critical_from(const struct world *w, int64_t t)
{
    uint32_t lo = 0, hi = w->ncritical;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (w->critical[mid] < t)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct cut
check_next_cut(const struct world *w, struct cut c, struct cut end)
{
    uint32_t e = check_before(w, c), k = critical_from(w, c.t);
    struct cut next = end;

    if (e < w->nentries)
        next = sooner(next, cut_after(&w->entry[e]));
    if (k < w->ncritical && w->critical[k] == c.t && c.i < CUT_END)
        next = sooner(next, cut_at(c.t, CUT_END));
    if (k < w->ncritical && w->critical[k] == c.t)
        k++;
    if (k < w->ncritical)
        next = sooner(next, cut_at(w->critical[k], 0));
    return next;
}

enum truth
check_lasts(struct world *w, lasting_test *test, const void *what, struct cut from, struct cut to,
            struct cut *ret_where)
{
    if (!w->all_critical)
        return check_missing(w, MISSING_LENGTH, 0, from.t, to.t);
    for (struct cut c = from;; c = check_next_cut(w, c, to)) {
        enum truth is = test(w, what, c);

        *ret_where = c;
        if (!check_step(w))
            return T_OPEN;
        if (is != T_YES || cut_cmp(c, to) >= 0)
            return is;
    }
}

bool
check_ever_not(struct world *w, lasting_test *test, const void *what, struct cut from,
               struct cut to)
{
    for (struct cut c = from; check_step(w); c = check_next_cut(w, c, to)) {
        if (test(w, what, c) == T_NO)
            return true;
        if (cut_cmp(c, to) >= 0)
            return false;
    }
    return false;
}
