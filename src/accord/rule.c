/* SPDX-License-Identifier: Apache-2.0 */
/* rule.c -- gates and clauses. */
#include "accord/compile.h"

/* gates ---------------------------------------------------------------------------------------- */

static uint32_t
params_bits(uint8_t n)
{
    return n >= 32 ? UINT32_MAX : (1u << n) - 1;
}

static uint32_t
bound_bits(const struct program *p, const struct pattern *pat)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < pat->nargs; i++)
        if (p->args[pat->args + i].mode == ARG_BIND)
            bits |= 1u << p->args[pat->args + i].slot;
    return bits;
}

/* A pattern that must say every parameter of the gate. */
static bool
gate_pattern(struct compiler *c, struct scope *s, node_id n, const struct gate *g, struct pattern *ret)
{
    if (n == 0 || !pattern(s, n, true, ret) || s->c->full)
        return false;
    args_bind(c, ret, 0, g->nparams);
    check_unread(s, g->nparams);
    scope_back(s, g->nparams);
    if ((bound_bits(c->p, ret) & params_bits(g->nparams)) == params_bits(g->nparams))
        return true;
    BAD1(c, s->t, n, "this event must say every parameter of the gate '%': name them in its brackets", g->name);
    return false;
}

/* The life that allows the gate's command, and in which stages. */
static void
gate_life(struct compiler *c, struct gate *g)
{
    uint32_t life = g->nparams == 1 ? c->p->types[g->param[0].type].life : NO_ID;

    if (life == NO_ID)
        return;
    for (uint32_t i = 0; i < c->p->lives[life].rules.n; i++) {
        const struct life_rule *r = &c->p->life_rules[c->p->lives[life].rules.at + i];
        const struct moment *m = &c->p->moments[r->moment];

        if (m->type == M_EVENT && m->pattern.kind == g->command.kind) {
            g->life = life;
            g->stages |= r->from;
        }
    }
}

static void
compile_limbs(struct compiler *c, struct scope *s, node_id list, struct gate *g)
{
    struct limb found[64];
    uint32_t n = 0;

    s->in_gate = true;
    for (node_id m = s->t->node[list].first; m != 0; m = s->t->node[m].next) {
        struct limb limb = {.name = word(s->t, m), .label = word(s->t, tree_child(s->t, m, 0)), .text = s->t->number,
                            .token = node_at(s->t, m)->token};

        if (n == 64) {
            BAD0(c, s->t, m, "more than 64 limbs: join some of them");
            break;
        }
        for (uint32_t i = 0; i < n; i++)
            if (str_eq(found[i].name, limb.name))
                BAD1(c, s->t, m, "two limbs are called '%': give one another name", limb.name);
        limb.cond = cond(s, tree_child(s->t, m, 1));
        found[n++] = limb;
    }
    s->in_gate = false;
    g->limbs = (struct span){c->p->nlimbs, n};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = ADD(c, limbs);

        c->p->limbs[at] = found[i];
    }
}

static void
compile_gate(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = find(c, SP_GATE, word(t, n));
    node_id as = tree_child(t, n, 2), limbs = tree_child(t, n, 3), over = tree_child(t, n, 4);
    struct gate g;
    struct scope s;

    if (at == NO_ID || c->p->gates[at].token != node_at(t, n)->token || c->p->gates[at].text != t->number)
        return;
    g = c->p->gates[at];
    scope_init(&s, c, t);
    for (uint8_t i = 0; i < g.nparams; i++)
        (void)scope_add(&s, n, g.param[i].name, g.param[i].type);
    if (gate_pattern(c, &s, tree_child(t, n, 1), &g, &g.command)) {
        if (c->p->kinds[g.command.kind].cls == CLASS_OBSERVATION)
            BAD0(c, t, tree_child(t, n, 1), "a gate stands before a command or a request: what has happened cannot be refused, only found");
        gate_life(c, &g);
    }
    if (as != 0) {
        g.has_used = gate_pattern(c, &s, tree_child(t, as, 0), &g, &g.used);
        g.lapses = quantity(c, t, tree_child(t, as, 1), TY_DURATION, "how long a go lasts");
        g.tells = role_span(c, t, tree_child(t, as, 2));
    }
    compile_limbs(c, &s, limbs, &g);
    if (g.limbs.n == 0)
        BAD1(c, t, n, "the gate '%' has no limb, and would always be open: say what it waits for, name \"in words\" condition", g.name);
    if (over != 0) {
        g.override_by = role_span(c, t, tree_child(t, over, 0));
        g.has_override = gate_pattern(c, &s, tree_child(t, over, 1), &g, &g.override);
        if (g.go == NO_ID)
            BAD0(c, t, over, "an override needs 'as NAME': say what state it begins");
    }
    g.nslots = s.nslots;
    c->p->gates[at] = g;
}

/* clauses -------------------------------------------------------------------------------------- */

void
declare_clauses(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next) {
        uint32_t at;
        struct clause cl;

        if (node_at(t, n)->kind != N_CLAUSE)
            continue;
        at = ADD(c, clauses);
        cl = (struct clause){.name = word(t, n), .title = word(t, tree_child(t, n, 0)), .in_force = true,
                             .text = t->number, .token = node_at(t, n)->token};
        c->p->clauses[at] = cl;
    }
}

static struct span
compile_bearers(struct compiler *c, const struct syntax *t, node_id list)
{
    struct span span = {c->p->nbearers, 0};

    for (node_id m = t->node[list].first; m != 0; m = t->node[m].next) {
        uint32_t at = ADD(c, bearers);

        c->p->bearers[at] = (struct bearer){.name = word(t, m), .side = find(c, SP_SIDE, word(t, m)),
                                            .other_side = (node_at(t, m)->flags & F_OTHER_SIDE) != 0};
        span.n++;
    }
    return span;
}

static void
no_side(struct scope *s, node_id n, struct str w)
{
    struct str sides[8], mean = near_name(s->c, SP_SIDE, w);
    uint32_t count = s->c->p->nsides < 8 ? s->c->p->nsides : 8;

    for (uint32_t i = 0; i < count; i++)
        sides[i] = s->c->p->sides[i].name;
    if (mean.len > 0)
        BAD2(s->c, s->t, n, "'%' is no side of this agreement%", w, mean);
    else
        BAD2(s->c, s->t, n, "'%' is no side of this agreement: it is between %", w, list_of(s->c, sides, count));
}

/* A bearer is a side, or a name of every sentence that holds one. A library's clauses may put duties on
 * sides that an agreement does not have. */
static void
check_bearers(struct scope *s, node_id list)
{
    for (node_id m = s->t->node[list].first; m != 0; m = s->t->node[m].next) {
        struct str w = word(s->t, m);
        int local = scope_find(s, w);

        if (local >= 0)
            s->name[local].reads++;
        if (s->t->library || find(s->c, SP_SIDE, w) != NO_ID || (local >= 0 && s->name[local].type == TY_SIDE))
            continue;
        no_side(s, m, w);
    }
}

enum { SEVERITIES_MAX = 16, ANSWERS_MAX = 16, STEPS_MAX = 8, RUNGS_MAX = 32 };

/* One word alone, or red if ... else amber. */
static struct span
compile_severity(struct scope *s, node_id n)
{
    static const char *const words[] = {"info", "amber", "red"};
    struct sev found[SEVERITIES_MAX];
    uint32_t count = 0;
    struct span span;

    for (; n != 0; n = tree_child(s->t, n, 1)) {
        struct str w = word(s->t, n);

        if (count == SEVERITIES_MAX) {
            BAD0(s->c, s->t, n, "a severity of more than 16 branches: name some of the conditions together as a state");
            break;
        }
        found[count] = (struct sev){.cond = tree_child(s->t, n, 0) == 0 ? 0 : cond(s, tree_child(s->t, n, 0))};
        for (uint8_t i = 0; i < 3; i++)
            if (str_eq(w, str_of(words[i])))
                found[count].severity = i;
        count++;
    }
    span = (struct span){s->c->p->nsevs, count};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = ADD(s->c, sevs);

        s->c->p->sevs[at] = found[i];
    }
    return span;
}

/* answer = pattern { "or" pattern } [ "where" conj ]: new names are known in `where` alone */
static bool
compile_answer(struct scope *s, node_id n, struct answer *ret)
{
    struct pattern found[ANSWERS_MAX];
    uint32_t count = 0;
    uint8_t before = s->n;
    node_id where = tree_child(s->t, n, 1);
    bool ok = true;

    *ret = (struct answer){.where = 0};
    for (node_id m = s->t->node[tree_child(s->t, n, 0)].first; m != 0; m = s->t->node[m].next) {
        if (count == ANSWERS_MAX) {
            BAD0(s->c, s->t, m, "more than 16 events answer this duty: let one kind of event stand for some of them");
            break;
        }
        ok = pattern(s, m, true, &found[count]) && ok;
        count++;
    }
    if (where != 0) {
        ret->where = cond(s, where);
        ok = ok && ret->where != 0;
    }
    if (where != 0 && count > 1)
        (void)not_yet(s, n, "'where' after several answers");
    check_unread(s, before);
    scope_back(s, before);
    ret->patterns = (struct span){s->c->p->npatterns, count};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = ADD(s->c, patterns);

        s->c->p->patterns[at] = found[i];
    }
    return ok;
}

static void
compile_otherwise(struct scope *s, node_id n, struct sentence *sent)
{
    if (n == 0)
        return;
    sent->has_otherwise = compile_answer(s, tree_child(s->t, n, 0), &sent->otherwise);
    sent->otherwise.limit = value_of_type(s, tree_child(s->t, n, 1), TY_DURATION, "the limit");
}

static uint32_t
rung_target(struct scope *s, node_id n)
{
    struct str w = word(s->t, n);
    bool dot = node_at(s->t, n)->kind == N_WORD_DOT;
    uint32_t at = find(s->c, dot ? SP_ROLE : SP_SIDE, w);

    if (at != NO_ID)
        return dot ? at : at | RUNG_SIDE;
    BAD2(s->c, s->t, n, "'%' is neither a role nor a side, so nobody would be told%", w,
         did_you_mean(s->c, dot ? SP_ROLE : SP_SIDE, w));
    return 0;
}

/* Is it judged in the instant that opens it? */
static bool
given_at_once(const struct sentence *sent)
{
    return sent->duty == D_ONLY_IF || sent->duty == D_KNOWN || (sent->duty == D_HOLD && sent->opener != O_WHILE);
}

static struct span
compile_rungs(struct scope *s, node_id list, const struct sentence *sent)
{
    static const char *const words[] = {"info", "amber", "red"};
    struct span span = {0, 0};
    struct rung found[RUNGS_MAX];

    for (node_id m = s->t->node[list].first; m != 0; m = s->t->node[m].next) {
        struct rung *r = &found[span.n];
        node_id after = tree_child(s->t, m, 1), as = tree_child(s->t, m, 2);

        if (span.n++ == RUNGS_MAX) {
            BAD0(s->c, s->t, m, "more than 32 rungs: tell several at once, separated by commas");
            span.n = RUNGS_MAX;
            break;
        }
        if (after != 0 && given_at_once(sent))
            BAD0(s->c, s->t, after, "'after' counts from the onset of what lasts or from the limit of an answer, and this is judged at once: leave 'after' out");
        *r = (struct rung){.severity = UINT8_MAX, .who = {s->c->p->nids, 0}};
        for (node_id w = s->t->node[tree_child(s->t, m, 0)].first; w != 0; w = s->t->node[w].next) {
            (void)add_id(s->c, rung_target(s, w));
            r->who.n++;
        }
        if (after != 0)
            r->after = value_of_type(s, after, TY_DURATION, "how long after");
        for (uint8_t i = 0; as != 0 && i < 3; i++)
            if (str_eq(word(s->t, as), str_of(words[i])))
                r->severity = i;
    }
    span.at = s->c->p->nrungs;
    for (uint32_t i = 0; i < span.n; i++) {
        uint32_t at = ADD(s->c, rungs);

        s->c->p->rungs[at] = found[i];
    }
    return span;
}

/* openers -------------------------------------------------------------------------------------- */

static void
unbound(struct scope *s, node_id n, uint32_t missing)
{
    for (uint8_t i = 0; i < s->n; i++)
        if ((missing & (1u << i)) != 0)
            BAD1(s->c, s->t, n, "nothing here says which '%' there are: a state, a set fact, a stage or a past event must name it",
                 s->name[i].name);
}

/* A sentence that lives on (while, at a planned time) has an instance for each binding. */
static void
instances(struct scope *s, node_id n, struct sentence *sent, uint32_t at, ex_id bound_by)
{
    uint32_t missing;

    sent->relation = relation_new(s->c, REL_SENTENCE, at, s->n);
    if (s->n > ARITY_MAX) {
        BAD0(s->c, s->t, n, "more than six names in an opener: name a part of it as a state");
        return;
    }
    for (uint8_t i = 0; i < s->n; i++) {
        uint8_t b = s->c->p->types[s->name[i].type].base;

        s->c->p->relations[sent->relation].arg_type[i] = s->name[i].type;
        if (b == TY_TIME || b == TY_DURATION || b == TY_COUNT || b == TY_METRES || b == TY_TEXT)
            BAD1(s->c, s->t, n, "'%' is a number or a time: an opener that lasts binds things, choices, sides and sources",
                 s->name[i].name);
    }
    if (bound_by == 0)
        return;
    missing = plan_sparks(s->c, bound_by, params_bits(s->n), sent->relation);
    unbound(s, n, missing);
}

static ex_id
and_of(struct scope *s, node_id n, ex_id a, ex_id b)
{
    uint32_t kid;
    ex_id e;

    if (a == 0 || b == 0)
        return 0;
    e = ex_new(s, X_AND, TY_UNKNOWN, n);
    kid = ADD(s->c, kids);
    s->c->p->kids[kid] = a;
    s->c->p->exs[e].args = kid;
    kid = ADD(s->c, kids);
    s->c->p->kids[kid] = b;
    s->c->p->exs[e].nargs = 2;
    return e;
}

/* The names of `for every` are those that its condition binds anew, no more and no fewer. */
static void
foreach_names(struct scope *s, node_id f, uint8_t before)
{
    node_id names = tree_child(s->t, f, 0), with = tree_child(s->t, f, 2);

    for (node_id m = s->t->node[names].first; m != 0; m = s->t->node[m].next)
        if (scope_find(s, word(s->t, m)) >= 0)
            BAD1(s->c, s->t, m, "'%' has a meaning here already: choose another name for 'for every'", word(s->t, m));
    bind_names(s, with);
    for (node_id m = s->t->node[names].first; m != 0; m = s->t->node[m].next) {
        if (scope_find(s, word(s->t, m)) >= 0)
            continue;
        BAD1(s->c, s->t, m, "'%' stands nowhere behind 'with': say there which there are", word(s->t, m));
        return;
    }
    for (uint8_t i = before; i < s->n; i++) {
        bool listed = false;

        for (node_id m = s->t->node[names].first; m != 0; m = s->t->node[m].next)
            listed = listed || str_eq(word(s->t, m), s->name[i].name);
        if (!listed)
            BAD1(s->c, s->t, s->name[i].where, "'%' is bound by nothing here: name it behind 'for every' as well, or leave it out",
                 s->name[i].name);
    }
}

static void
opener_while(struct scope *s, node_id n, node_id each, struct sentence *sent, uint32_t at)
{
    node_id when = tree_child(s->t, n, 0);

    sent->opener = O_WHILE;
    bind_names(s, when);
    for (node_id f = s->t->node[each].first; f != 0; f = s->t->node[f].next)
        if (tree_child(s->t, f, 2) != 0)
            foreach_names(s, f, s->n);
    sent->cond = cond(s, when);
    for (node_id f = s->t->node[each].first; f != 0; f = s->t->node[f].next)
        if (tree_child(s->t, f, 2) != 0)
            sent->cond = and_of(s, n, sent->cond, cond(s, tree_child(s->t, f, 2)));
    instances(s, n, sent, at, sent->cond);
}

/* `for every` of an event, a change or a planned time: fixed when it opens. */
static void
fixed_each(struct scope *s, node_id f, struct sentence *sent)
{
    node_id with = tree_child(s->t, f, 2);
    uint8_t before = s->n;
    struct quant q = {0};

    if (with == 0)
        return;
    if (sent->each != 0) {
        (void)not_yet(s, f, "a second 'for every' after an event or a planned time");
        return;
    }
    foreach_names(s, f, before);
    q.cond = cond(s, with);
    for (uint8_t i = before; i < s->n; i++) {
        if (q.nslots == ARITY_MAX) {
            BAD0(s->c, s->t, f, "'for every' of more than six names: name a part of it as a state");
            return;
        }
        q.slot[q.nslots++] = i;
    }
    if (q.cond != 0 && !plan_join(s->c, q.cond, params_bits(before), params_bits(s->n) & ~params_bits(before), &q.plan))
        unbound(s, f, params_bits(s->n) & ~params_bits(before));
    sent->each = ADD(s->c, quants);
    s->c->p->quants[sent->each] = q;
}

static void
opener_fixed(struct scope *s, node_id n, node_id each, struct sentence *sent, uint32_t at)
{
    bool timed = node_at(s->t, n)->kind == N_AT;
    node_id where = tree_child(s->t, n, 1);
    struct moment m;

    sent->opener = timed ? O_AT : O_EACH;
    if (!moment(s, tree_child(s->t, n, 0), &m))
        return;
    s->now_ok = m.type == M_EVENT;
    if (timed && m.type != M_TIME) {
        BAD0(s->c, s->t, n, "'at' wants a planned time; for an event or a change write 'each time'");
        return;
    }
    if (!timed && m.type == M_TIME) {
        BAD0(s->c, s->t, n, "'each time' wants an event or a change; for a planned time write 'at'");
        return;
    }
    if (timed)
        instances(s, n, sent, at, facts_set(s, n, m.time));
    if (where != 0)
        sent->where = cond(s, where);
    sent->moment = ADD(s->c, moments);
    s->c->p->moments[sent->moment] = m;
    for (node_id f = s->t->node[each].first; f != 0; f = s->t->node[f].next)
        fixed_each(s, f, sent);
}

static void
compile_opener(struct scope *s, node_id n, node_id each, struct sentence *sent, uint32_t at)
{
    for (node_id f = s->t->node[each].first; f != 0; f = s->t->node[f].next) {
        if (tree_child(s->t, f, 3) != 0)
            (void)not_yet(s, f, "'for every ... on' a list");
        else if (tree_child(s->t, f, 1) != 0)
            (void)not_yet(s, f, "'owner' of what is on a list");
    }
    switch ((enum node_kind)node_at(s->t, n)->kind) {
    case N_WHILE: opener_while(s, n, each, sent, at); return;
    case N_EACH:
    case N_AT: opener_fixed(s, n, each, sent, at); return;
    case N_ALWAYS:
        sent->opener = O_ALWAYS;
        if (s->t->node[each].first != 0)
            (void)not_yet(s, n, "'for every' at all times");
        return;
    default: return;
    }
}

/* duties --------------------------------------------------------------------------------------- */

static void
wrong_opener(struct scope *s, node_id n, const char *duty, const char *openers)
{
    BAD2(s->c, s->t, n, "'%' goes with %", str_of(duty), str_of(openers));
}

static void
duty_answers(struct scope *s, node_id n, struct sentence *sent)
{
    struct answer found[STEPS_MAX];
    uint32_t count = 1;
    node_id limit = tree_child(s->t, n, 1), chain = tree_child(s->t, n, 2);

    (void)compile_answer(s, tree_child(s->t, n, 0), &found[0]);
    switch ((enum node_kind)node_at(s->t, limit)->kind) {
    case N_WITHIN:
        sent->duty = D_WITHIN;
        if (sent->opener == O_WHILE || sent->opener == O_ALWAYS)
            wrong_opener(s, n, "must ... within", "'each time' or 'at': a limit runs from an instant");
        found[0].limit = value_of_type(s, tree_child(s->t, limit, 0), TY_DURATION, "the limit");
        break;
    case N_NOT_LATER:
        sent->duty = D_NOT_LATER;
        if (sent->opener == O_ALWAYS)
            wrong_opener(s, n, "not later than", "'each time', 'at' or 'while': a planned time is that of something");
        else
            found[0].limit = time_value(s, tree_child(s->t, limit, 0));
        break;
    case N_AT_LEAST_EVERY:
        sent->duty = D_EVERY;
        if (sent->opener != O_WHILE)
            wrong_opener(s, n, "at least every", "'while': it recurs as long as something lasts");
        sent->limit = value_of_type(s, tree_child(s->t, limit, 0), TY_DURATION, "the limit");
        break;
    case N_ONCE_IN_EACH: {
        static const char *const words[] = {"day", "week", "month", "quarter"};

        sent->duty = D_PERIOD;
        if (sent->opener != O_ALWAYS)
            (void)not_yet(s, n, "'once in each' with another opener than 'at all times'");
        for (uint8_t i = 0; i < 4; i++)
            if (str_eq(word(s->t, limit), str_of(words[i])))
                sent->period = i;
        break;
    }
    default: break;
    }
    for (node_id m = s->t->node[chain].first; m != 0; m = s->t->node[m].next) {
        if (count == STEPS_MAX) {
            BAD0(s->c, s->t, m, "more than 8 steps one after the other: let a clause of its own watch for the rest");
            break;
        }
        (void)compile_answer(s, tree_child(s->t, m, 0), &found[count]);
        found[count++].limit = value_of_type(s, tree_child(s->t, m, 1), TY_DURATION, "the limit");
    }
    if (count > 1 && sent->duty != D_WITHIN)
        (void)not_yet(s, n, "'then' after another limit than 'within'");
    sent->answers = (struct span){s->c->p->nanswers, count};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = ADD(s->c, answers);

        s->c->p->answers[at] = found[i];
    }
}

static void
compile_duty(struct scope *s, node_id n, struct sentence *sent)
{
    node_id unless = 0, otherwise = 0, first = tree_child(s->t, n, 0);

    switch ((enum node_kind)node_at(s->t, n)->kind) {
    case N_ONLY_IF:
        sent->duty = D_ONLY_IF;
        if (sent->opener == O_WHILE || sent->opener == O_ALWAYS)
            wrong_opener(s, n, "may only if", "'each time' or 'at': it is asked at an instant");
        sent->must = cond(s, first);
        unless = tree_child(s->t, n, 1);
        otherwise = tree_child(s->t, n, 2);
        break;
    case N_HOLD:
        sent->duty = D_HOLD;
        sent->must = cond(s, first);
        if (tree_child(s->t, n, 1) != 0)
            sent->limit = value_of_type(s, tree_child(s->t, n, 1), TY_DURATION, "what is tolerated");
        if (sent->limit != 0 && sent->opener != O_WHILE)
            (void)not_yet(s, n, "'tolerating' at an instant");
        if (sent->opener == O_ALWAYS)
            (void)not_yet(s, n, "'must hold that' at all times");
        unless = tree_child(s->t, n, 2);
        otherwise = tree_child(s->t, n, 3);
        break;
    case N_NOT_LAST:
        sent->duty = D_NOT_LAST;
        if (sent->opener != O_WHILE)
            wrong_opener(s, n, "must not last", "'while': only what lasts can last too long");
        if (first != 0)
            sent->limit = value_of_type(s, first, TY_DURATION, "the limit");
        unless = tree_child(s->t, n, 1);
        otherwise = tree_child(s->t, n, 2);
        break;
    case N_KNOWN:
        sent->duty = D_KNOWN;
        if (sent->opener != O_EACH || s->c->p->moments[sent->moment].type != M_EVENT)
            wrong_opener(s, n, "must be known within", "'each time' and an event: only an event is known later than it happened");
        sent->limit = value_of_type(s, first, TY_DURATION, "the limit");
        unless = tree_child(s->t, n, 1);
        otherwise = tree_child(s->t, n, 2);
        break;
    case N_MUST:
        duty_answers(s, n, sent);
        unless = tree_child(s->t, n, 3);
        otherwise = tree_child(s->t, n, 4);
        break;
    default: return;
    }
    if (unless != 0)
        sent->unless = cond(s, unless);
    if (unless != 0 && sent->duty == D_PERIOD)
        (void)not_yet(s, unless, "'unless' behind 'once in each'");
    compile_otherwise(s, otherwise, sent);
    if (otherwise != 0 && (sent->duty == D_PERIOD || sent->duty == D_EVERY))
        (void)not_yet(s, otherwise, "'otherwise' after a duty that recurs");
}

/* A duty that compares a fact which may never be filed is unknown then, and not breached: that is for
 * those who sign to know. */
static bool
asks_set(const struct program *p, ex_id id, uint32_t fact)
{
    const struct ex *e = &p->exs[id];

    if (id == 0)
        return false;
    if (e->op == X_SET)
        return p->exs[e->a].op == X_FACT && p->exs[e->a].a == fact;
    if (e->op == X_NOT)
        return asks_set(p, e->a, fact);
    if (e->op == X_AND || e->op == X_OR)
        for (uint32_t i = 0; i < e->nargs; i++)
            if (asks_set(p, p->kids[e->args + i], fact))
                return true;
    return false;
}

/* The first fact that a comparison reads of which neither the sentence nor its opener asks whether it is set. */
static uint32_t
unfiled(const struct program *p, ex_id id, const struct sentence *s)
{
    const struct ex *e = &p->exs[id];
    uint32_t fact = NO_ID;

    if (id == 0)
        return NO_ID;
    switch ((enum op)e->op) {
    case X_FACT:
        return asks_set(p, s->must, e->a) || asks_set(p, s->where, e->a) || asks_set(p, s->cond, e->a) ? NO_ID : e->a;
    case X_AND:
    case X_OR:
        for (uint32_t i = 0; i < e->nargs && fact == NO_ID; i++)
            fact = unfiled(p, p->kids[e->args + i], s);
        return fact;
    case X_NOT:
        return unfiled(p, e->a, s);
    case X_EQ:
    case X_NE:
    case X_LT:
    case X_LE:
    case X_GT:
    case X_GE:
    case X_ADD:
    case X_SUB:
    case X_WITHIN_OF:
    case X_SAME_TIME:
        fact = unfiled(p, e->a, s);
        return fact == NO_ID ? unfiled(p, e->b, s) : fact;
    case X_ONE_OF:
        return unfiled(p, e->a, s);
    default:
        return NO_ID;
    }
}

static void
note_unfiled(struct compiler *c, const struct syntax *t, const struct sentence *s)
{
    uint32_t fact = !s->in_force || c->full || c->diags->total > 0 ? NO_ID : unfiled(c->p, s->must, s);

    if (fact != NO_ID)
        note_token(c, t, s->token, "'%' compares '%': where that is never filed it is unknown and never breached; ask whether it 'is set'",
                   s->id, c->p->facts[fact].name);
}

/* sentences ------------------------------------------------------------------------------------ */

static struct str
sentence_id(struct compiler *c, struct str clause, struct str letter)
{
    char text[200];
    struct buf b = buf_of(text, sizeof text);

    if (letter.len == 0)
        return clause;
    put(&b, str_cut(clause, 0, 90));
    put_c(&b, '.');
    put(&b, str_cut(letter, 0, 90));
    return arena_str(c->arena, buf_str(&b));
}

enum { SENTENCES_MAX = 500 };

struct bound { /* by the sentences of a clause */
    uint32_t case_names; /* as bits */
    bool any;            /* one of them binds a name at all */
};

/* A sentence may leave a name of the case out; when all do, it is the name that is wrong. */
static void
check_case(struct compiler *c, const struct syntax *t, node_id names, const struct bound *bound)
{
    uint32_t i = 0;

    for (node_id m = names == 0 || !bound->any ? 0 : t->node[names].first; m != 0 && i < ARITY_MAX; m = t->node[m].next, i++)
        if ((bound->case_names & (1u << i)) == 0)
            BAD1(c, t, m, "no sentence of this clause binds '%': a case is named by what its sentences are about", word(t, m));
}

static void
sentence_names(struct scope *s, const struct clause *cl, struct sentence *sent, struct bound *bound)
{
    bound->any = bound->any || s->n > 0;
    sent->names = (struct span){s->c->p->nnames, 0};
    for (uint8_t i = 0; i < s->n; i++) {
        uint32_t at = ADD(s->c, names);

        s->c->p->names[at] = (struct name){s->name[i].name, s->name[i].slot, s->name[i].type};
        sent->names.n++;
    }
    sent->case_names = (struct span){s->c->p->nnames, 0};
    for (uint8_t i = 0; i < cl->ncase; i++) {
        int local = scope_find(s, cl->case_names[i]);
        uint32_t at;

        if (local < 0)
            continue; /* a case name that a sentence does not bind is left out of its case */
        bound->case_names |= 1u << i;
        s->name[local].reads++;
        at = ADD(s->c, names);
        s->c->p->names[at] = (struct name){s->name[local].name, s->name[local].slot, s->name[local].type};
        sent->case_names.n++;
    }
}

static void
compile_sentence(struct compiler *c, const struct syntax *t, node_id clause_node, node_id n, uint32_t clause,
                 struct bound *bound)
{
    uint32_t at = ADD(c, sentences);
    struct sentence sent = {.clause = clause, .text = t->number, .token = node_at(t, n)->token, .words = node_at(t, n)->words,
                            .relation = NO_ID,
                            .in_force = c->p->clauses[clause].in_force};
    node_id label = tree_child(t, n, 0), each = tree_child(t, n, 2), severity = tree_child(t, n, 4);
    uint32_t errors = c->diags->total;
    struct scope s;

    scope_init(&s, c, t);
    s.sentence = true;
    sent.name = label == 0 ? STR("") : word(t, label);
    sent.id = sentence_id(c, c->p->clauses[clause].name, sent.name);
    compile_opener(&s, tree_child(t, n, 1), each, &sent, at);
    if (c->diags->total > errors) { /* what the opener should have bound would be told as unknown */
        c->p->sentences[at] = sent;
        return;
    }
    sentence_names(&s, &c->p->clauses[clause], &sent, bound);
    compile_duty(&s, tree_child(t, n, 3), &sent);
    sent.severity = compile_severity(&s, severity != 0 ? severity : tree_child(t, clause_node, 3));
    sent.rungs = compile_rungs(&s, tree_child(t, n, 5), &sent);
    check_bearers(&s, tree_child(t, clause_node, 1));
    check_bearers(&s, tree_child(t, clause_node, 2));
    check_unread(&s, 0);
    note_unfiled(c, t, &sent);
    sent.nslots = s.nslots;
    c->p->sentences[at] = sent;
}

static void
compile_clause(struct compiler *c, const struct syntax *t, node_id n)
{
    uint32_t at = NO_ID;
    node_id kase = tree_child(t, n, 4), names = tree_child(t, kase, 0);
    struct bound bound = {.any = false};
    uint32_t errors = c->diags->total;
    struct clause cl;

    for (uint32_t k = 0; k < c->p->nclauses && at == NO_ID; k++) {
        uint32_t i = (c->hint_clause + k) % c->p->nclauses;

        if (c->p->clauses[i].text == t->number && c->p->clauses[i].token == node_at(t, n)->token)
            at = i;
    }
    if (at == NO_ID)
        return;
    c->hint_clause = at;
    declare(c, SP_CLAUSE, word(t, n), at, t, node_at(t, n)->token, "the clause");
    cl = c->p->clauses[at];
    cl.duty = compile_bearers(c, t, tree_child(t, n, 1));
    cl.owed = compile_bearers(c, t, tree_child(t, n, 2));
    cl.case_name = word(t, kase);
    for (node_id m = names == 0 ? 0 : t->node[names].first; m != 0; m = t->node[m].next) {
        if (cl.ncase == ARITY_MAX) {
            BAD0(c, t, m, "a case of more than six names: leave some of them out");
            break;
        }
        for (uint8_t i = 0; i < cl.ncase; i++)
            if (str_eq(cl.case_names[i], word(t, m)))
                BAD1(c, t, m, "'%' stands twice in this case: strike one", word(t, m));
        cl.case_names[cl.ncase++] = word(t, m);
    }
    c->p->clauses[at] = cl;
    cl.sentences = (struct span){c->p->nsentences, 0};
    for (node_id m = t->node[tree_child(t, n, 5)].first; m != 0 && !c->full; m = t->node[m].next) {
        if (cl.sentences.n == SENTENCES_MAX) {
            BAD1(c, t, m, "the clause '%' has more than 500 sentences: split it", cl.name);
            break;
        }
        for (node_id o = t->node[tree_child(t, n, 5)].first; o != m; o = t->node[o].next)
            if (tree_child(t, o, 0) != 0 && tree_child(t, m, 0) != 0 && str_eq(word(t, tree_child(t, o, 0)), word(t, tree_child(t, m, 0))))
                BAD1(c, t, m, "two sentences of this clause are called '%': give each a letter of its own", word(t, tree_child(t, m, 0)));
        compile_sentence(c, t, n, m, at, &bound);
        cl.sentences.n++;
    }
    c->p->clauses[at].sentences = cl.sentences;
    if (c->diags->total == errors)
        check_case(c, t, names, &bound);
}

void
compile_rules(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next)
        if (node_at(t, n)->kind == N_GATE)
            compile_gate(c, t, n);
    for (node_id n = t->node[t->decls].first; n != 0 && !c->full; n = t->node[n].next) {
        if (node_at(t, n)->kind == N_CLAUSE)
            compile_clause(c, t, n);
        if (node_at(t, n)->kind == N_EXAMPLE) {
            uint32_t at = ADD(c, examples);

            c->p->examples[at] = (struct example){word(t, n), t->number, n};
        }
    }
}
