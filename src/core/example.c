/* SPDX-License-Identifier: Apache-2.0 */
#include "core/example.h"
#include "base/stamp.h"
#include "base/text.h"

enum { EPISODES_MAX = 4096, LINES_MAX = 512, TOLD_MAX = 32, DAY_MS = 86400000 };
#define MONDAY INT64_C(1704067200000) /* 2024-01-01T00:00:00Z */

static const struct capacity small = {.rows = 1 << 14, .stamps = 1 << 14, .edges = 1 << 16, .cells = 1 << 14,
                                      .duties = 1 << 12, .proofs = 1 << 15, .symbols = 1 << 13, .symbol_bytes = 1 << 19};

struct episode { /* one verdict as it was last said */
    struct verdict_ref ref;
    uint8_t value, severity;
    bool ended;
    int64_t deadline;
    int64_t binding[ARITY_MAX * 2];
    uint32_t nbinding;
    uint32_t told[TOLD_MAX], ntold;
};

struct play {
    const struct program *p;
    const struct syntax *t;
    struct arena *arena;
    struct engine *engine;
    struct symbols symbols;
    struct episode *episode;
    uint32_t nepisodes;
    struct entry *entry; /* lines so far, for the order in which things happened */
    uint32_t nentries;
    node_id node, given; /* the example, and what it begins with */
    int64_t given_at;
    bool overflow;       /* there was more than the arrays hold */
    bool refused;        /* the last line was ... */
    node_id unforeseen;  /* ... and no line said so: it is told when an expectation fails */
    uint64_t place;
    struct example_fault *fault;
    uint32_t nfaults, max;
};

/* faults --------------------------------------------------------------------------------------- */

static void
place_of(const struct syntax *t, uint32_t token, struct example_fault *f)
{
    struct str s = t->text->source;

    f->line = f->col = 1;
    for (uint32_t i = 0; i < t->token[token].pos && i < s.len; i++) {
        if (s.ptr[i] == '\n') {
            f->line++;
            f->col = 1;
        } else if (((unsigned char)s.ptr[i] & 0xc0) != 0x80) {
            f->col++;
        }
    }
    f->len = t->token[token].len;
    f->text = t->number;
}

static struct buf
fault_at(struct play *y, node_id n)
{
    struct example_fault *f;

    if (y->nfaults++ >= y->max)
        return buf_of(NULL, 0);
    f = &y->fault[y->nfaults - 1];
    *f = (struct example_fault){.text = 0};
    place_of(y->t, y->t->node[n].token, f);
    return buf_of(f->what, sizeof f->what - 1);
}

static struct buf
fault_begun(struct play *y, node_id n, const char *what, struct str name)
{
    struct buf b = fault_at(y, n);

    for (; *what != '\0'; what++) {
        if (*what == '%')
            put(&b, name);
        else
            put_c(&b, *what);
    }
    return b;
}

static void
fault(struct play *y, node_id n, const char *what, struct str name)
{
    (void)fault_begun(y, n, what, name);
}

/* words of the example ------------------------------------------------------------------------- */

static struct str
word(const struct play *y, node_id n)
{
    return tree_word(y->t, y->t->node[n].token);
}

/* A node as it is written. */
static void
said(const struct play *y, node_id n, struct buf *b)
{
    const struct token *first = &y->t->token[y->t->node[n].token];
    const struct token *last = &y->t->token[y->t->node[n].token + y->t->node[n].words - 1];

    struct str s = accord_cut(str_cut(y->t->text->source, first->pos, last->pos + last->len - first->pos), 200);

    for (size_t i = 0; i < s.len; i++) /* on one line, whatever stands between the words */
        put_c(b, (unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f ? ' ' : s.ptr[i]);
}

static int64_t
when(const struct play *y, node_id n)
{
    node_id day = tree_child(y->t, n, 0);
    int64_t d = day == 0 ? 1 : y->t->node[day].num;

    return MONDAY + (d - 1) * DAY_MS + y->t->node[n].num;
}

static bool
symbol_of(struct play *y, struct str name, int64_t *ret)
{
    uint32_t s = symbol(&y->symbols, name);

    *ret = s;
    return s != UINT32_MAX;
}

static bool
is_number(uint8_t base)
{
    return base == TY_TIME || base == TY_DURATION || base == TY_COUNT || base == TY_METRES;
}

static bool
has_words(uint8_t base)
{
    return base == TY_CHOICE || base == TY_YES_NO || base == TY_SIDE || base == TY_ROLE;
}

static void
put_wish(const struct play *y, uint16_t type, struct buf *b)
{
    uint8_t base = y->p->types[type].base;
    int64_t count = base == TY_CHOICE ? y->p->types[type].count : base == TY_SIDE ? y->p->nsides
                    : base == TY_YES_NO ? 2 : base == TY_ROLE ? y->p->nroles : 0;

    if (base == TY_TIME)
        put_s(b, "a time, such as 22:30 or day 2 08:00");
    else if (base == TY_DURATION)
        put_s(b, "a number with its unit, such as 10 minutes");
    else if (base == TY_METRES)
        put_s(b, "a number with its unit, such as 60 metres");
    else if (base == TY_COUNT)
        put_s(b, "a whole number without a unit");
    else
        put_s(b, count > 0 ? "one of " : "a name");
    for (int64_t i = 0; i < count && i < 16; i++) {
        put_s(b, i > 0 ? ", " : "");
        put(b, program_value_name(y->p, type, i));
    }
}

/* "'X' is a ..., and the field 'f' wants ..." */
static bool
wrong_value(struct play *y, node_id n, const struct param *param)
{
    struct buf b = fault_begun(y, n, "the field '%' is ", param->name);

    put_wish(y, param->type[0], &b);
    put_s(&b, ", and not '");
    said(y, n, &b);
    put_c(&b, '\'');
    return false;
}

static bool
unit_fits(const struct play *y, node_id n, uint8_t base)
{
    node_id unit = tree_child(y->t, n, 0);
    struct str u = unit == 0 ? STR("") : word(y, unit);

    if (base == TY_COUNT || unit == 0)
        return base == TY_COUNT && unit == 0;
    return (base == TY_METRES) == (str_starts(u, STR("metre")) || str_starts(u, STR("kilometre")));
}

/* One value of an example: a name, a quantity, a time, a quotation. */
static bool
literal(struct play *y, node_id n, const struct param *param, int64_t *ret)
{
    uint16_t type = param->type[0];
    uint8_t base = y->p->types[type].base;
    struct str w = word(y, n);

    switch ((enum node_kind)y->t->node[n].kind) {
    case N_INT:
        *ret = y->t->node[n].num;
        return (is_number(base) && base != TY_TIME && unit_fits(y, n, base)) || wrong_value(y, n, param);
    case N_WHEN:
        *ret = when(y, n);
        return base == TY_TIME || wrong_value(y, n, param);
    case N_NO_WORD:
        *ret = 0;
        return base == TY_YES_NO || wrong_value(y, n, param);
    case N_NAME:
    case N_WORD_DOT:
        if (program_value_of(y->p, type, w, ret))
            return true;
        if (has_words(base) || is_number(base))
            return wrong_value(y, n, param);
        return symbol_of(y, w, ret);
    case N_STRING:
    case N_POINT:
        return (!has_words(base) && !is_number(base) && symbol_of(y, w, ret)) || wrong_value(y, n, param);
    default:
        fault(y, n, "an example holds names, quantities, times and quotations, not '%'", w);
        return false;
    }
}

static int
param_at(const struct param *param, uint8_t n, struct str name)
{
    for (int i = 0; i < n; i++)
        if (str_eq(param[i].name, name))
            return i;
    return -1;
}

static bool
wrong_argument(struct play *y, node_id a, struct str what, const struct param *param, uint8_t nparams)
{
    node_id name = tree_child(y->t, a, 0);
    struct buf b = name == 0 ? fault_begun(y, a, "an argument too many: '%' has ", what)
                             : fault_begun(y, a, "there is no field '%' here: it has ", word(y, name));

    for (uint8_t i = 0; i < nparams; i++) {
        put_s(&b, i > 0 ? ", " : "");
        put(&b, param[i].name);
    }
    if (nparams == 0)
        put_s(&b, "none");
    return false;
}

/* The arguments of an event, state or gate as values by parameter. */
static bool
arguments(struct play *y, node_id args, struct str what, const struct param *param, uint8_t nparams, int64_t *value)
{
    uint8_t place = 0;

    for (uint8_t i = 0; i < nparams; i++)
        value[i] = UNSET;
    for (node_id a = args == 0 ? 0 : y->t->node[args].first; a != 0; a = y->t->node[a].next) {
        node_id name = tree_child(y->t, a, 0), v = tree_child(y->t, a, 1);
        int at = name != 0 ? param_at(param, nparams, word(y, name)) : place < nparams ? place++ : -1;

        if (at < 0)
            return wrong_argument(y, a, what, param, nparams);
        if (!literal(y, v == 0 ? name : v, &param[at], &value[at]))
            return false;
    }
    return true;
}

/* What is asked of one instance names it whole. */
static bool
all_arguments(struct play *y, node_id n, node_id args, struct str what, const struct param *param, uint8_t nparams, int64_t *value)
{
    if (!arguments(y, args, what, param, nparams, value))
        return false;
    for (uint8_t i = 0; i < nparams; i++) {
        struct buf b;

        if (value[i] != UNSET)
            continue;
        b = fault_begun(y, n, "'%' wants all of its arguments: ", what);
        for (uint8_t k = 0; k < nparams; k++) {
            put_s(&b, k > 0 ? ", " : "");
            put(&b, param[k].name);
        }
        return false;
    }
    return true;
}

/* the engine's outputs ------------------------------------------------------------------------- */

static struct episode *
episode_of(struct play *y, struct verdict_ref r)
{
    for (uint32_t i = y->nepisodes; i > 0; i--) {
        struct episode *e = &y->episode[i - 1];

        if (e->ref.sentence == r.sentence && e->ref.otherwise == r.otherwise && e->ref.opened == r.opened && e->ref.nth == r.nth)
            return e;
    }
    if (y->nepisodes == EPISODES_MAX) {
        y->overflow = true;
        return &y->episode[EPISODES_MAX - 1];
    }
    y->episode[y->nepisodes] = (struct episode){.ref = r};
    return &y->episode[y->nepisodes++];
}

static void
hear(void *context, const struct out *o)
{
    struct play *y = context;
    const struct verdict *v = o->verdict;
    struct episode *e;

    if (o->type != OUT_VERDICT && o->type != OUT_TELL)
        return;
    e = episode_of(y, (struct verdict_ref){v->sentence, v->otherwise, v->opened, v->nth});
    if (o->type == OUT_TELL) {
        if (e->ntold < TOLD_MAX)
            e->told[e->ntold++] = o->who;
        else
            y->overflow = true;
        if (o->severity > e->severity)
            e->severity = o->severity;
        return;
    }
    e->value = v->value;
    e->ended = v->ended;
    e->deadline = v->deadline;
    if (v->severity > e->severity || v->value == V_BREACHED)
        e->severity = v->severity;
    e->nbinding = v->nbinding < ARITY_MAX * 2 ? v->nbinding : ARITY_MAX * 2;
    memcpy(e->binding, v->binding, e->nbinding * sizeof *e->binding);
}

/* lines ---------------------------------------------------------------------------------------- */

static bool
no_event(struct play *y, node_id pat)
{
    struct nearest near = nearest_to(word(y, pat));
    struct buf b = fault_begun(y, pat, "nothing is declared as the event '%'", word(y, pat));

    for (uint32_t i = 0; i < y->p->nkinds; i++)
        nearest_try(&near, y->p->kinds[i].name);
    put_nearest(&b, &near);
    return false;
}

static bool
event_of(struct play *y, node_id pat, int64_t at, int64_t known, struct entry *ret)
{
    uint32_t kind = program_kind(y->p, word(y, pat));
    node_id by = tree_child(y->t, pat, 1);
    int64_t sender = 0;

    *ret = (struct entry){.at = at, .known = known};
    if (kind == NO_ID)
        return no_event(y, pat);
    ret->kind = kind;
    if (by != 0 && !symbol_of(y, word(y, by), &sender))
        return false;
    ret->by = (uint32_t)sender;
    return arguments(y, tree_child(y->t, pat, 0), word(y, pat), y->p->kinds[kind].param, y->p->kinds[kind].nparams, ret->field);
}

static void
state_params(const struct state *s, struct param *param)
{
    for (uint8_t i = 0; i < s->nparams; i++) {
        param[i] = (struct param){.name = s->param[i].name, .ntypes = 1};
        param[i].type[0] = s->param[i].type;
    }
}

static bool
given_state(struct play *y, node_id n, uint32_t state)
{
    const struct state *s = &y->p->states[state];
    struct param param[ARITY_MAX];
    int64_t value[ARITY_MAX];
    uint32_t arg[ARITY_MAX] = {0};
    node_id args = tree_child(y->t, n, y->t->node[n].kind == N_CALL ? 1 : 0);

    if (s->type != ST_EVENTS && s->type != ST_SUN) {
        fault(y, n, "'%' follows from other things: give those instead", s->name);
        return false;
    }
    state_params(s, param);
    if (!all_arguments(y, n, args, s->name, param, s->nparams, value))
        return false;
    for (uint8_t i = 0; i < s->nparams; i++)
        arg[i] = (uint32_t)value[i];
    engine_given(y->engine, state, arg, y->given_at, y->place);
    return true;
}

static bool
nothing_given(struct play *y, node_id n, struct str w)
{
    struct nearest near = nearest_to(w);
    struct buf b = fault_begun(y, n, "'%' is no event, role or state", w);

    for (uint32_t i = 0; i < y->p->nkinds; i++)
        nearest_try(&near, y->p->kinds[i].name);
    for (uint32_t i = 0; i < y->p->nstates; i++) /* roles are states as well */
        nearest_try(&near, y->p->states[i].name);
    put_nearest(&b, &near);
    return false;
}

static bool
given_one(struct play *y, node_id n)
{
    bool call = y->t->node[n].kind == N_CALL;
    struct str w = word(y, call ? tree_child(y->t, n, 0) : n);
    uint32_t state = program_state(y->p, w), role = program_role(y->p, w);
    struct entry entry;

    if (!call && program_kind(y->p, w) != NO_ID) {
        if (!event_of(y, n, y->given_at, y->given_at, &entry))
            return false;
        entry.place = ++y->place;
        engine_step(y->engine, &entry);
        return true;
    }
    y->place++;
    if (role != NO_ID)
        return given_state(y, n, y->p->roles[role].state);
    if (state != NO_ID)
        return given_state(y, n, state);
    return nothing_given(y, n, w);
}

static bool
begin(struct play *y)
{
    struct opening o = {.at = y->given_at - 1, .complete = true, .drill = true, .future_bound = INT64_MAX / 2};

    y->nepisodes = 0;
    y->place = 0;
    y->refused = false;
    if (y->symbols.cap == 0 && !symbols_init(&y->symbols, y->arena, small.symbols, small.symbol_bytes))
        return false;
    y->engine = engine_new(y->p, y->arena, small, &y->symbols, hear, y);
    if (y->engine == NULL)
        return false;
    engine_open(y->engine, &o);
    engine_until(y->engine, y->given_at, 0);
    for (node_id g = y->given == 0 ? 0 : y->t->node[y->given].first; g != 0; g = y->t->node[g].next)
        if (!given_one(y, g))
            return false;
    return true;
}

static void
step(struct play *y, struct entry *entry)
{
    engine_until(y->engine, entry->known, y->place);
    entry->place = ++y->place;
    y->refused = !engine_door(y->engine, entry);
    if (!y->refused)
        engine_step(y->engine, entry);
}

/* expectations --------------------------------------------------------------------------------- */

static struct str
binding_name(const struct play *y, const struct episode *e, uint32_t i)
{
    const struct name *n = &y->p->names[y->p->sentences[e->ref.sentence].names.at + i];
    uint8_t base = y->p->types[n->type].base;

    if (e->binding[i] == UNSET)
        return STR("");
    if (base == TY_CHOICE || base == TY_SIDE || base == TY_ROLE || base == TY_YES_NO)
        return program_value_name(y->p, n->type, e->binding[i]);
    if (base == TY_TIME || base == TY_DURATION || base == TY_COUNT || base == TY_METRES)
        return STR("");
    return symbol_name(&y->symbols, (uint32_t)e->binding[i]);
}

static bool
about(const struct play *y, const struct episode *e, node_id names)
{
    for (node_id n = names == 0 ? 0 : y->t->node[names].first; n != 0; n = y->t->node[n].next) {
        bool found = false;

        for (uint32_t i = 0; i < e->nbinding; i++)
            found = found || str_eq(binding_name(y, e, i), word(y, n));
        if (!found)
            return false;
    }
    return true;
}

static bool
was_told(const struct play *y, const struct episode *e, node_id who)
{
    struct str w = word(y, who);
    uint32_t role = program_role(y->p, w), side = program_side(y->p, w);

    for (uint32_t i = 0; i < e->ntold; i++)
        if ((role != NO_ID && e->told[i] == role) || (side != NO_ID && e->told[i] == (side | RUNG_SIDE)))
            return true;
    return false;
}

static bool
verdict_fits(const struct episode *e, int64_t bits)
{
    static const int64_t values[] = {EXPECT_PENDING, EXPECT_MET, EXPECT_BREACHED, EXPECT_MARGINAL, EXPECT_UNKNOWN};
    static const int64_t severities[] = {EXPECT_INFO, EXPECT_AMBER, EXPECT_RED};
    int64_t any_value = 0, any_severity = 0;

    for (int i = 0; i < 5; i++)
        any_value |= values[i];
    for (int i = 0; i < 3; i++)
        any_severity |= severities[i];
    if ((bits & any_value) != 0 && (bits & values[e->value]) == 0)
        return false;
    if ((bits & (any_value | EXPECT_WARNED)) == 0 && e->value != V_BREACHED &&
        ((e->value != V_PENDING && e->value != V_UNKNOWN) || e->ended))
        return false; /* without a word: open or breached */
    return (bits & any_severity) == 0 || (bits & severities[e->severity]) != 0;
}

static bool
episode_fits(const struct play *y, const struct episode *e, node_id n, int64_t bits)
{
    node_id who = tree_child(y->t, n, 2), names = tree_child(y->t, n, 4), until = tree_child(y->t, n, 5);

    if (!about(y, e, names) || !verdict_fits(e, bits))
        return false;
    if ((bits & EXPECT_WARNED) != 0 && who != 0 && !was_told(y, e, who))
        return false;
    return until == 0 || e->deadline == when(y, until);
}

static void
put_times(struct buf *b, int64_t at)
{
    struct civil c = civil_of(at);
    int64_t day = (at - MONDAY) / DAY_MS + 1;

    if (day != 1) {
        put_s(b, "day ");
        put_i(b, day);
        put_c(b, ' ');
    }
    put_u_wide(b, (uint64_t)(c.ms_of_day / 3600000), 2);
    put_c(b, ':');
    put_u_wide(b, (uint64_t)(c.ms_of_day / 60000 % 60), 2);
    if (c.ms_of_day % 60000 != 0) {
        put_c(b, ':');
        put_u_wide(b, (uint64_t)(c.ms_of_day / 1000 % 60), 2);
    }
}

/* Whom it was told to, when that is asked. */
static void
put_told(const struct play *y, const struct episode *e, struct buf *b)
{
    put_s(b, e->ntold == 0 ? ", told nobody" : ", told ");
    for (uint32_t i = 0; i < e->ntold; i++) {
        put_s(b, i > 0 ? ", " : "");
        put(b, (e->told[i] & RUNG_SIDE) != 0 ? y->p->sides[e->told[i] & ~RUNG_SIDE].name : y->p->roles[e->told[i]].name);
    }
}

static void
put_episode(const struct play *y, const struct episode *e, struct buf *b)
{
    static const char *const words[] = {"pending", "met", "breached", "marginal", "unknown"};

    put_s(b, words[e->value]);
    for (uint32_t i = 0; i < e->nbinding; i++) {
        struct str name = binding_name(y, e, i);

        if (name.len == 0)
            continue;
        put_s(b, i == 0 ? " for " : " and ");
        put(b, name);
    }
    if (e->value == V_PENDING && e->deadline != UNSET) {
        put_s(b, " until ");
        put_times(b, e->deadline);
    }
}

static struct buf
expected_at(struct play *y, node_id n, int64_t at)
{
    struct buf b = fault_at(y, n);

    put_s(&b, "the example expects at ");
    put_times(&b, at);
    put_s(&b, ": ");
    said(y, n, &b);
    return b;
}

/* A line that the door refused, and of which the example does not say so, explains much. */
static void
put_unforeseen(struct play *y, struct buf *b)
{
    if (y->unforeseen == 0)
        return;
    put_s(b, "; before it the line '");
    said(y, y->unforeseen, b);
    put_s(b, "' was refused");
}

static void
no_sentence(struct play *y, struct str id, struct buf *b)
{
    struct nearest near = nearest_to(id);

    put_s(b, "; there is no such clause or sentence in force");
    for (uint32_t i = 0; i < y->p->nsentences; i++) {
        nearest_try(&near, y->p->sentences[i].id);
        nearest_try(&near, y->p->clauses[y->p->sentences[i].clause].name);
    }
    put_nearest(b, &near);
}

static void
verdict_fault(struct play *y, node_id n, int64_t at, struct str id, bool known)
{
    struct buf b = expected_at(y, n, at);
    bool any = false;

    if (!known) {
        no_sentence(y, id, &b);
        return;
    }
    put_s(&b, "; there was: ");
    for (uint32_t i = 0; i < y->nepisodes; i++) {
        const struct sentence *s = &y->p->sentences[y->episode[i].ref.sentence];

        if (!str_eq(s->id, id) && !str_eq(y->p->clauses[s->clause].name, id))
            continue;
        if (any)
            put_s(&b, "; ");
        put(&b, s->id);
        put_c(&b, ' ');
        put_episode(y, &y->episode[i], &b);
        if ((y->t->node[n].num & EXPECT_WARNED) != 0)
            put_told(y, &y->episode[i], &b);
        any = true;
    }
    if (!any)
        put_s(&b, "nothing of it");
    put_unforeseen(y, &b);
}

/* Does a word stand in an event, a role or a state of the example? Expectations do not count. */
static bool
mentioned(const struct play *y, node_id n, struct str w)
{
    const struct node *x = &y->t->node[n];

    if (x->kind == N_EXPECT)
        return false;
    if ((x->kind == N_NAME || x->kind == N_STRING || x->kind == N_WORD_DOT) && str_eq(word(y, n), w))
        return true;
    for (node_id c = x->first; c != 0; c = y->t->node[c].next)
        if (mentioned(y, c, w))
            return true;
    return false;
}

static bool
is_value(const struct play *y, struct str w)
{
    int64_t unused;

    for (uint32_t i = 0; i < y->p->ntypes; i++)
        if (program_value_of(y->p, (uint16_t)i, w, &unused))
            return true;
    return false;
}

/* What is expected of nobody in the example holds of itself, and proves nothing. */
static bool
names_fit(struct play *y, node_id n)
{
    node_id names = tree_child(y->t, n, 4), who = tree_child(y->t, n, 2);

    if (who != 0 && program_role(y->p, word(y, who)) == NO_ID && program_side(y->p, word(y, who)) == NO_ID) {
        fault(y, who, "'%' is neither a role nor a side: name one that is told", word(y, who));
        return false;
    }
    for (node_id m = names == 0 ? 0 : y->t->node[names].first; m != 0; m = y->t->node[m].next) {
        if (mentioned(y, y->node, word(y, m)) || is_value(y, word(y, m)))
            continue;
        fault(y, m, "'%' stands nowhere else in this example: name somebody who does", word(y, m));
        return false;
    }
    return true;
}

/* C3.a pending for X; a clause's name means any sentence of it. */
static void
expect_verdict(struct play *y, node_id n, int64_t at, struct str id, int64_t bits)
{
    bool found = false, known = false;

    if (!names_fit(y, n))
        return;
    for (uint32_t i = 0; i < y->p->nsentences; i++)
        known = known || (y->p->sentences[i].in_force &&
                          (str_eq(y->p->sentences[i].id, id) || str_eq(y->p->clauses[y->p->sentences[i].clause].name, id)));
    for (uint32_t i = 0; i < y->nepisodes && !found; i++) {
        const struct sentence *s = &y->p->sentences[y->episode[i].ref.sentence];

        found = (str_eq(s->id, id) || str_eq(y->p->clauses[s->clause].name, id)) && episode_fits(y, &y->episode[i], n, bits);
    }
    if (!known || found == ((bits & EXPECT_NO) != 0))
        verdict_fault(y, n, at, id, known);
}

static void
gate_fault(struct play *y, node_id n, int64_t at, const char *was)
{
    struct buf b = expected_at(y, n, at);

    put_s(&b, "; it was ");
    put_s(&b, was);
    put_unforeseen(y, &b);
}

static void
no_limb(struct play *y, node_id on, const struct gate *g)
{
    struct nearest near = nearest_to(word(y, on));
    struct buf b = fault_begun(y, on, "the gate has no limb '%'", word(y, on));

    for (uint32_t i = 0; i < g->limbs.n; i++)
        nearest_try(&near, y->p->limbs[g->limbs.at + i].name);
    put_nearest(&b, &near);
}

static void
expect_gate(struct play *y, node_id n, int64_t at, uint32_t gate, node_id args, int64_t bits)
{
    static const char *const words[] = {"red", "unknown", "green"};
    static const int64_t values[] = {EXPECT_RED, EXPECT_UNKNOWN, EXPECT_GREEN};
    const struct gate *g = &y->p->gates[gate];
    struct param param[ARITY_MAX];
    int64_t value[ARITY_MAX];
    uint32_t arg[ARITY_MAX] = {0}, limb = NO_ID;
    uint8_t now = 0, limbs[64] = {0};
    node_id on = tree_child(y->t, n, 3);
    bool fits;

    for (uint8_t i = 0; i < g->nparams; i++) {
        param[i] = (struct param){.name = g->param[i].name, .ntypes = 1};
        param[i].type[0] = g->param[i].type;
    }
    if (!all_arguments(y, n, args, g->name, param, g->nparams, value))
        return;
    for (uint8_t i = 0; i < g->nparams; i++)
        arg[i] = (uint32_t)value[i];
    if (g->nparams > 1) {
        fault(y, n, "the gate '%' is of several things and is judged only at the door: expect that the command is refused, or is not", g->name);
        return;
    }
    if (!engine_gate(y->engine, gate, arg, &now, limbs)) {
        if ((bits & EXPECT_NO) == 0)
            gate_fault(y, n, at, "not living: its life does not allow the command now");
        return;
    }
    for (uint32_t i = 0; on != 0 && i < g->limbs.n; i++)
        if (str_eq(y->p->limbs[g->limbs.at + i].name, word(y, on)))
            limb = i;
    if (on != 0 && limb == NO_ID) {
        no_limb(y, on, g);
        return;
    }
    if (on != 0)
        now = limbs[limb];
    fits = (bits & values[now]) != 0;
    if (fits == ((bits & EXPECT_NO) != 0))
        gate_fault(y, n, at, words[now]);
}

static void
no_stage(struct play *y, node_id n, struct str stage)
{
    struct nearest near = nearest_to(stage);
    struct buf b = fault_begun(y, n, "'%' is no stage of a life, and nothing else is asked by 'is' yet", stage);

    for (uint32_t i = 0; i < y->p->nlives; i++)
        for (uint32_t k = 0; k < y->p->lives[i].stages.n; k++)
            nearest_try(&near, y->p->values[y->p->lives[i].stages.at + k]);
    put_nearest(&b, &near);
}

static void
stage_fault(struct play *y, node_id n, int64_t at, struct str was)
{
    struct buf b = expected_at(y, n, at);

    put_s(&b, "; it is ");
    put(&b, was);
    put_unforeseen(y, &b);
}

/* M1 is en-route */
static void
expect_stage(struct play *y, node_id n, int64_t at, struct str name, struct str stage, int64_t bits)
{
    uint32_t thing = symbol_find(&y->symbols, name);
    bool known = false, fits = false;
    struct str was = STR("nowhere");

    for (uint32_t i = 0; i < y->p->nlives; i++) {
        const struct life *l = &y->p->lives[i];
        uint32_t now = thing == UINT32_MAX ? 0 : engine_stage(y->engine, i, thing);

        for (uint32_t k = 0; k < l->stages.n; k++) {
            if (!str_eq(y->p->values[l->stages.at + k], stage))
                continue;
            if (!known || now != 0)
                was = y->p->values[l->stages.at + now];
            known = true;
            fits = fits || now == k;
        }
    }
    if (known && fits != ((bits & EXPECT_NO) != 0))
        return;
    if (!known)
        no_stage(y, n, stage);
    else
        stage_fault(y, n, at, was);
}

static void
expect_state(struct play *y, node_id n, int64_t at, uint32_t state, node_id args, int64_t bits)
{
    static const char *const words[] = {"not so", "unknown", "so"};
    const struct state *s = &y->p->states[state];
    struct param param[ARITY_MAX];
    int64_t value[ARITY_MAX];
    uint32_t arg[ARITY_MAX] = {0};
    uint8_t now;
    bool fits;

    state_params(s, param);
    if (!all_arguments(y, n, args, s->name, param, s->nparams, value))
        return;
    for (uint8_t i = 0; i < s->nparams; i++)
        arg[i] = (uint32_t)value[i];
    now = engine_state(y->engine, state, arg);
    fits = now == ((bits & EXPECT_UNKNOWN) != 0 ? 1 : 2);
    if (fits == ((bits & EXPECT_NO) != 0))
        gate_fault(y, n, at, words[now]);
}

static int
earlier(const struct entry *a, const struct entry *b)
{
    return a->at < b->at;
}

/* The lines so far in the order in which they happened, each known at once. */
static void
expect_happened(struct play *y, node_id n, int64_t at, struct str id, int64_t bits)
{
    struct play again = *y;
    size_t mark = y->arena->used;
    struct entry *sorted = NEW(y->arena, y->nentries + 1, struct entry);

    again.episode = NEW(y->arena, EPISODES_MAX, struct episode);
    if (sorted == NULL || again.episode == NULL || !begin(&again)) {
        arena_back(y->arena, mark);
        return;
    }
    for (uint32_t i = 0; i < y->nentries; i++) {
        uint32_t k = i;

        for (; k > 0 && earlier(&y->entry[i], &sorted[k - 1]); k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = y->entry[i];
    }
    for (uint32_t i = 0; i < y->nentries; i++) {
        sorted[i].known = sorted[i].at;
        step(&again, &sorted[i]);
    }
    engine_until(again.engine, at, again.place);
    expect_verdict(&again, n, at, id, bits & ~EXPECT_HAPPENED);
    y->nfaults = again.nfaults;
    y->overflow = y->overflow || again.overflow;
    symbols_back(&again.symbols, y->symbols.n); /* the two share one table */
    arena_back(y->arena, mark);
}

enum asked { ASK_STAGE, ASK_GATE, ASK_STATE, ASK_VERDICT };

/* Words that say nothing of what they are said of would be passed over: they are told instead. */
static bool
words_fit(struct play *y, node_id n, enum asked asked, int64_t bits)
{
    static const struct {
        int64_t may;
        const char *what;
    } said_of[] = {
        {EXPECT_NO, "a stage is expected by 'X is STAGE' or 'no X is STAGE', and nothing else"},
        {EXPECT_NO | EXPECT_RED | EXPECT_UNKNOWN | EXPECT_GREEN, "a gate is green, red or unknown, and 'on' names a limb of it"},
        {EXPECT_NO | EXPECT_UNKNOWN, "a state holds, does not ('no' before it) or is unknown, and nothing else"},
        {~(int64_t)EXPECT_GREEN, "a verdict is pending, met, breached or unknown; 'green' and 'on' are said of gates"},
    };
    node_id on = tree_child(y->t, n, 3), names = tree_child(y->t, n, 4);
    bool about_gate = asked == ASK_GATE;

    if ((bits & EXPECT_MARGINAL) != 0)
        fault(y, n, "not yet: 'marginal' is part of the language and not built: no verdict is", STR(""));
    else if ((bits & EXPECT_HAPPENED) != 0 && asked != ASK_VERDICT)
        fault(y, n, "not yet: 'happened' is asked of sentences only", STR(""));
    else if ((bits & ~said_of[asked].may & ~(int64_t)EXPECT_HAPPENED) != 0 || (on != 0 && !about_gate) ||
             (about_gate && (bits & said_of[asked].may & ~(int64_t)EXPECT_NO) == 0) ||
             (asked != ASK_VERDICT && (tree_child(y->t, n, 5) != 0 || (names != 0 && y->t->node[names].first != 0))))
        fault(y, n, said_of[asked].what, STR(""));
    else
        return true;
    return false;
}

static void
expectation(struct play *y, node_id n, int64_t at)
{
    int64_t bits = y->t->node[n].num;
    node_id what = tree_child(y->t, n, 0), is = tree_child(y->t, n, 1), args = 0;
    struct str name;
    enum asked asked;

    if ((bits & EXPECT_REFUSED) != 0) {
        if (!y->refused)
            fault(y, n, "the example expects that the line before was refused; it was let in", STR(""));
        y->unforeseen = 0;
        return;
    }
    if (y->t->node[what].kind == N_CALL) {
        args = tree_child(y->t, what, 1);
        what = tree_child(y->t, what, 0);
    }
    name = word(y, what);
    asked = is != 0 ? ASK_STAGE : args != 0 && program_gate(y->p, name) != NO_ID ? ASK_GATE
            : args != 0 && program_state(y->p, name) != NO_ID ? ASK_STATE : ASK_VERDICT;
    if (!words_fit(y, n, asked, bits))
        return;
    if (asked == ASK_VERDICT && args != 0) {
        nothing_given(y, n, name);
        return;
    }
    if (is != 0 && args == 0)
        expect_stage(y, n, at, name, word(y, is), bits);
    else if (is != 0)
        fault(y, n, "not yet: what is on the list '%' cannot be asked in an example", name);
    else if (args != 0 && program_gate(y->p, name) != NO_ID)
        expect_gate(y, n, at, program_gate(y->p, name), args, bits);
    else if (args != 0 && program_state(y->p, name) != NO_ID)
        expect_state(y, n, at, program_state(y->p, name), args, bits);
    else if ((bits & EXPECT_HAPPENED) != 0)
        expect_happened(y, n, at, name, bits);
    else
        expect_verdict(y, n, at, name, bits);
}

static void
play_line(struct play *y, node_id n)
{
    node_id known = tree_child(y->t, n, 1), first = y->t->node[y->t->node[y->t->node[n].first].next].next;
    int64_t at = when(y, tree_child(y->t, n, 0)), k = known == 0 ? at : when(y, known);
    struct entry entry;

    if (y->t->node[first].kind == N_EXPECT) {
        if (known != 0) {
            fault(y, known, "what is expected has one time, and is known at it: strike 'known'", STR(""));
            return;
        }
        engine_until(y->engine, k, y->place);
        for (node_id e = first; e != 0; e = y->t->node[e].next)
            expectation(y, e, k);
        return;
    }
    if (k < at) {
        fault(y, known, "this is known before it happens: 'known' stands for a later time", STR(""));
        return;
    }
    if (!event_of(y, first, at, k, &entry))
        return;
    step(y, &entry);
    if (y->refused)
        y->unforeseen = first;
    if (!y->refused && y->nentries == LINES_MAX)
        fault(y, n, "an example of more than 512 events: split it", STR(""));
    else if (!y->refused)
        y->entry[y->nentries++] = entry;
}

static int64_t
known_of(const struct play *y, node_id line)
{
    node_id known = tree_child(y->t, line, 1);

    return when(y, known != 0 ? known : tree_child(y->t, line, 0));
}

/* Lines stand in the order in which things happened, and are played in the order in which they became
 * known: what is expected at 23:10 is asked before what happened at 23:09 and is known at 23:14. */
static void
play_lines(struct play *y, node_id lines)
{
    node_id *line = NEW(y->arena, y->t->node[lines].words, node_id); /* no line is shorter than a word */
    int64_t last = INT64_MIN;
    uint32_t n = 0;

    for (node_id l = line == NULL ? 0 : y->t->node[lines].first; l != 0; l = y->t->node[l].next) {
        int64_t at = when(y, tree_child(y->t, l, 0));
        uint32_t i = n++;

        if (at < last) {
            fault(y, l, "this line stands behind a later one: put it where it belongs", STR(""));
            return;
        }
        last = at;
        for (; i > 0 && known_of(y, line[i - 1]) > known_of(y, l); i--)
            line[i] = line[i - 1];
        line[i] = l;
    }
    for (uint32_t i = 0; i < n; i++)
        play_line(y, line[i]);
}

uint32_t
example_play(const struct program *p, uint32_t example, struct arena *arena, struct example_fault *list, uint32_t max)
{
    const struct example *x = &p->examples[example];
    struct play y = {.p = p, .t = &p->trees[x->text], .arena = arena, .fault = list, .max = max, .node = x->node};
    node_id lines = tree_child(y.t, x->node, 1);
    size_t mark = arena->used;
    int64_t first = when(&y, tree_child(y.t, y.t->node[lines].first, 0));

    y.given = tree_child(y.t, x->node, 0);
    y.given_at = first - 1;
    y.episode = NEW(arena, EPISODES_MAX, struct episode);
    y.entry = NEW(arena, LINES_MAX, struct entry);
    if (y.episode == NULL || y.entry == NULL || !begin(&y)) {
        if (y.nfaults == 0)
            fault(&y, x->node, "no memory is left to play this example", STR(""));
        arena_back(arena, mark);
        return y.nfaults;
    }
    play_lines(&y, lines);
    if (engine_full(y.engine) != NULL || y.overflow)
        fault(&y, x->node, "this example is too large to play", STR(""));
    arena_back(arena, mark);
    return y.nfaults;
}
