/* SPDX-License-Identifier: Apache-2.0 */
#include "accord/compile.h"

/* heads ---------------------------------------------------------------------------------------- */

static void
head_of(const struct syntax *t, struct accord_diags *diags, struct accord_head *ret)
{
    ret->library = t->library;
    ret->name = tree_word(t, t->name);
    ret->version = t->version;
    for (node_id u = t->uses == 0 ? 0 : t->node[t->uses].first; u != 0 && ret->nuses < ACCORD_TEXTS_MAX; u = t->node[u].next) {
        struct accord_use *use = &ret->uses[ret->nuses++];

        use->name = tree_word(t, t->node[u].token);
        use->version = t->node[u].num;
        diags->n = 0;
        accord_diag_at(diags, 0, t->token[t->node[u].token].pos, 0, STR(""));
        use->line = diags->item[0].line;
        use->col = diags->item[0].col;
    }
}

bool
accord_head(struct accord_text text, struct arena *arena, struct accord_head *ret)
{
    size_t mark = arena->used;
    struct accord_diags *diags = NEW(arena, 1, struct accord_diags);
    struct syntax t;
    bool read = false;

    *ret = (struct accord_head){.library = false};
    if (diags != NULL) {
        *diags = (struct accord_diags){.texts = &text, .arena = arena};
        read = parse_head_alone(&text, arena, diags, &t) && t.name != 0;
    }
    if (read)
        head_of(&t, diags, ret);
    arena_back(arena, mark); /* what a head says stands in its text */
    return read;
}

/* what every theatre has ----------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint8_t base;
} builtin_types[] = {
    {"nothing", TY_UNKNOWN}, {"time", TY_TIME},     {"duration", TY_DURATION}, {"count", TY_COUNT},
    {"metres", TY_METRES},   {"point", TY_POINT},   {"line", TY_LINE},         {"area", TY_AREA},
    {"text", TY_TEXT},       {"yes-no", TY_YES_NO}, {"side", TY_SIDE},         {"source", TY_SOURCE},
    {"role", TY_ROLE},       {"finding", TY_FINDING}, {"clock", TY_CLOCK},
};

static void
builtin_type(struct compiler *c, const char *name, enum base_type base, bool named)
{
    uint32_t at = ADD(c, types);

    c->p->types[at] = (struct type){.name = str_of(name), .base = (uint8_t)base, .life = NO_ID};
    if (named)
        declare(c, SP_TYPE, str_of(name), at, &c->p->trees[0], 0, "the type");
}

static void
builtin_kind(struct compiler *c, const char *name, const char *const *params, const uint16_t *types, uint8_t n)
{
    uint32_t at = ADD(c, kinds);
    struct kind *k = &c->p->kinds[at];

    k->name = str_of(name);
    k->family = dot_left(k->name);
    k->label = k->name;
    k->cls = CLASS_OBSERVATION;
    k->builtin = true;
    k->cover = NO_ID;
    k->nparams = n;
    for (uint8_t i = 0; i < n; i++) {
        k->param[i] = (struct param){.name = str_of(params[i]), .ntypes = 1, .optional = true};
        k->param[i].type[0] = types[i];
    }
}

static void
builtins(struct compiler *c)
{
    static const char *const refused[] = {"tried", "why", "hash"};
    static const char *const sun[] = {"sun"};
    static const char *const zone[] = {"offset"};
    uint16_t texts[] = {TY_TEXT, TY_TEXT, TY_TEXT}, duration[] = {TY_DURATION}, suns[1];

    for (size_t i = 0; i < sizeof builtin_types / sizeof *builtin_types; i++)
        builtin_type(c, builtin_types[i].name, (enum base_type)builtin_types[i].base,
                     builtin_types[i].base != TY_UNKNOWN && builtin_types[i].base != TY_FINDING && builtin_types[i].base != TY_CLOCK);
    suns[0] = (uint16_t)c->p->ntypes;
    builtin_type(c, "sun", TY_CHOICE, true);
    (void)ADD(c, exs);    /* 0 is no expression */
    (void)ADD(c, quants); /* 0 is no quantifier */
    builtin_kind(c, "theatre.opened", NULL, NULL, 0);
    builtin_kind(c, "tick", NULL, NULL, 0);
    builtin_kind(c, "refused", refused, texts, 3);
    builtin_kind(c, "sun.up", sun, suns, 1);
    builtin_kind(c, "sun.down", sun, suns, 1);
    builtin_kind(c, "zone.changed", zone, duration, 1);
    for (uint32_t i = 0; i < KIND_BUILTINS; i++)
        declare(c, SP_EVENT, c->p->kinds[i].name, i, &c->p->trees[0], 0, "the event");
}

/* sides ---------------------------------------------------------------------------------------- */

static void
side_new(struct compiler *c, const struct syntax *t, node_id n, struct str title)
{
    uint32_t at = ADD(c, sides);

    c->p->sides[at] = (struct side){word(t, n), title};
    declare(c, SP_SIDE, word(t, n), at, t, node_at(t, n)->token, "the side");
}

static void
agreement_sides(struct compiler *c, const struct syntax *t)
{
    for (node_id p = t->parties == 0 ? 0 : t->node[t->parties].first; p != 0; p = t->node[p].next)
        side_new(c, t, p, word(t, tree_child(t, p, 0)));
}

static bool
is_other_side(const struct syntax *t, node_id list, struct str w)
{
    for (node_id m = t->node[list].first; m != 0; m = t->node[m].next)
        if ((t->node[m].flags & F_OTHER_SIDE) != 0 && str_eq(word(t, m), w))
            return true;
    return false;
}

/* A library alone names no sides: those its clauses bind stand in for them. */
static void
library_sides(struct compiler *c, const struct syntax *t)
{
    for (node_id n = t->node[t->decls].first; n != 0; n = t->node[n].next) {
        if (t->node[n].kind != N_CLAUSE)
            continue;
        for (unsigned list = 1; list <= 2; list++)
            for (node_id m = t->node[tree_child(t, n, list)].first; m != 0; m = t->node[m].next)
                if (find(c, SP_SIDE, word(t, m)) == NO_ID && !is_other_side(t, tree_child(t, n, 2), word(t, m)))
                    side_new(c, t, m, word(t, m));
    }
}

/* the order of everything ---------------------------------------------------------------------- */

static void
check_uses(struct compiler *c, const struct syntax *t)
{
    for (node_id u = t->uses == 0 ? 0 : t->node[t->uses].first; u != 0; u = t->node[u].next) {
        bool found = false;

        for (uint32_t i = 0; i < c->p->ntexts; i++) {
            const struct syntax *o = &c->p->trees[i];

            if (!o->library || o->name == 0 || !str_eq(tree_word(o, o->name), word(t, u)))
                continue;
            found = true;
            if (o->version != t->node[u].num)
                bad(c, t, u, "this uses version % of the library '%', and version % of it was found: name the version you mean, or bring it",
                    number_word(c, t->node[u].num), word(t, u), number_word(c, o->version));
        }
        if (!found)
            BAD1(c, t, u, "the library '%' was not found beside the text or among the installed ones: bring it, or strike it here", word(t, u));
    }
}

/* "in force every clause except ...": sets who is in force; names that are no clause are told. */
static void
set_in_force(struct compiler *c, const struct syntax *t)
{
    for (node_id m = t->except == 0 ? 0 : t->node[t->except].first; m != 0; m = t->node[m].next) {
        bool found = false;

        for (uint32_t i = 0; i < c->p->nclauses; i++) {
            if (!str_eq(c->p->clauses[i].name, word(t, m)))
                continue;
            c->p->clauses[i].in_force = false;
            found = true;
        }
        if (!found) {
            struct nearest g = nearest_to(word(t, m));

            for (uint32_t i = 0; i < c->p->nclauses; i++)
                nearest_try(&g, c->p->clauses[i].name);
            BAD2(c, t, m, "'except %': no clause has this name%", word(t, m),
                 g.best.len > 0 ? nearest_said(c, &g) : STR(": strike it"));
        }
    }
}

/* When memory runs out, what stands in the tables is no longer whole, and nothing may read it: each
 * step ends by itself, and the next one does not begin. */
static void
understand(struct compiler *c)
{
    struct program *p = c->p;

    builtins(c);
    if (c->agreement != NULL)
        agreement_sides(c, c->agreement);
    for (uint32_t i = 0; i < p->ntexts && c->agreement == NULL; i++)
        library_sides(c, &p->trees[i]);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        declare_suns(c, &p->trees[i]);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        declare_types(c, &p->trees[i]);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        declare_vocabulary(c, &p->trees[i]);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        declare_clauses(c, &p->trees[i]);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        set_in_force(c, &p->trees[i]);
    compile_events(c);
    for (uint32_t i = 0; i < p->nterms && !c->full; i++)
        term_value(c, i);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        compile_vocabulary(c, &p->trees[i]);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        compile_rules(c, &p->trees[i]);
    for (uint32_t i = 0; i < p->ntexts && !c->full; i++)
        compile_authority(c, &p->trees[i]);
    if (c->diags->total > 0 || c->full) /* what follows asks the text as a whole: of a broken one it would tell the same again */
        return;
    check_senders(c);
    check_gates(c);
    check_terms(c);
    if (c->diags->total == 0 && !c->full)
        compile_order(c);
}

enum status
accord_read(struct accord_text *texts, uint32_t ntexts, struct arena *arena, struct accord_diags *diags,
            const struct program **ret)
{
    struct compiler *c = NEW(arena, 1, struct compiler);
    struct program *p = NEW(arena, 1, struct program);

    *diags = (struct accord_diags){.texts = texts, .arena = arena};
    if (c == NULL || p == NULL || (c->spare = arena_take(arena, 1, SPARE_BYTES, alignof(int64_t))) == NULL ||
        ntexts == 0 || ntexts > ACCORD_TEXTS_MAX)
        return ST_LIMIT;
    c->p = p;
    c->arena = arena;
    c->diags = diags;
    c->source_thing = NO_ID;
    c->nnamed = 0;
    (void)table_add(c, (void **)&c->named, &c->nnamed, &c->cap_named, sizeof *c->named);
    p->texts = texts;
    p->ntexts = ntexts;
    p->trees = NEW(arena, ntexts, struct syntax);
    if (p->trees == NULL)
        return ST_LIMIT;
    for (uint32_t i = 0; i < ntexts; i++) {
        if (!parse(&texts[i], (uint8_t)i, arena, diags, &p->trees[i]))
            return ST_LIMIT;
        if (!p->trees[i].library && p->trees[i].parties != 0)
            c->agreement = &p->trees[i];
    }
    if (diags->total > 0) { /* names mean nothing while the text does not parse */
        accord_diags_sort(diags);
        return ST_INVALID;
    }
    if (c->agreement != NULL) {
        p->title = tree_word(c->agreement, c->agreement->name);
        p->version = c->agreement->version;
        p->zone = tree_word(c->agreement, c->agreement->zone);
    } else {
        p->title = tree_word(&p->trees[ntexts - 1], p->trees[ntexts - 1].name);
        p->version = p->trees[ntexts - 1].version;
        p->zone = STR("UTC");
    }
    for (uint32_t i = 0; i < ntexts; i++)
        check_uses(c, &p->trees[i]);
    if (diags->total == 0 && !c->full)
        understand(c);
    accord_diags_sort(diags);
    if (c->full)
        return ST_LIMIT;
    *ret = p;
    return diags->total > 0 ? ST_INVALID : ST_OK;
}

/* looking up ----------------------------------------------------------------------------------- */

uint32_t
program_kind(const struct program *p, struct str name)
{
    for (uint32_t i = 0; i < p->nkinds; i++)
        if (str_eq(p->kinds[i].name, name))
            return i;
    return NO_ID;
}

uint32_t
program_role(const struct program *p, struct str name)
{
    for (uint32_t i = 0; i < p->nroles; i++)
        if (str_eq(p->roles[i].name, name))
            return i;
    return NO_ID;
}

uint32_t
program_side(const struct program *p, struct str name)
{
    for (uint32_t i = 0; i < p->nsides; i++)
        if (str_eq(p->sides[i].name, name))
            return i;
    return NO_ID;
}

uint32_t
program_state(const struct program *p, struct str name)
{
    for (uint32_t i = 0; i < p->nstates; i++)
        if (str_eq(p->states[i].name, name))
            return i;
    return NO_ID;
}

uint32_t
program_gate(const struct program *p, struct str name)
{
    for (uint32_t i = 0; i < p->ngates; i++)
        if (str_eq(p->gates[i].name, name))
            return i;
    return NO_ID;
}

struct str
program_value_name(const struct program *p, uint16_t type, int64_t v)
{
    const struct type *t = &p->types[type];

    switch ((enum base_type)t->base) {
    case TY_CHOICE: return v >= 0 && v < t->count ? p->values[t->values + (uint32_t)v] : STR("");
    case TY_YES_NO: return v != 0 ? STR("yes") : STR("no");
    case TY_SIDE: return v >= 0 && v < p->nsides ? p->sides[v].name : STR("");
    case TY_ROLE: return v >= 0 && v < p->nroles ? p->roles[v].name : STR("");
    default: return STR("");
    }
}

bool
program_value_of(const struct program *p, uint16_t type, struct str name, int64_t *ret)
{
    const struct type *t = &p->types[type];
    uint32_t at = NO_ID;

    switch ((enum base_type)t->base) {
    case TY_CHOICE:
        for (uint32_t i = 0; i < t->count; i++)
            if (str_eq(p->values[t->values + i], name))
                at = i;
        break;
    case TY_YES_NO:
        at = str_eq(name, STR("yes")) ? 1 : str_eq(name, STR("no")) ? 0 : NO_ID;
        break;
    case TY_SIDE: at = program_side(p, name); break;
    case TY_ROLE: at = program_role(p, name); break;
    default: break;
    }
    *ret = at;
    return at != NO_ID;
}
