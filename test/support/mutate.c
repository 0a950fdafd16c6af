/* SPDX-License-Identifier: Apache-2.0 */
#include "support/mutate.h"

/* How many mutations of one type there are. */
static uint32_t
count_of(const struct check *c, enum mutation_type type)
{
    const struct verdict *v = c->verdict;

    switch (type) {
    case MUTATION_ENTRY:
    case MUTATION_PLACE: return c->nentries;
    case MUTATION_CLAIM:
    case MUTATION_CLAIM_FROM:
    case MUTATION_CLAIM_TO: return v->nclaims;
    case MUTATION_BINDING: return v->nbinding;
    case MUTATION_VALUE: return 1;
    case MUTATION_ONSET: return v->onset == UNSET ? 0 : 2;
    case MUTATION_DEADLINE: return v->deadline == UNSET ? 0 : 2;
    case MUTATION_END: return v->ended && v->end != UNSET ? 2 : 0;
    case MUTATIONS: break;
    }
    return 0;
}

uint32_t
mutation_count(const struct check *c)
{
    uint32_t n = 0;

    for (enum mutation_type t = MUTATION_ENTRY; t < MUTATIONS; t++)
        n += count_of(c, t);
    return n;
}

static bool
find(const struct check *c, uint32_t i, struct mutant *m)
{
    for (m->type = MUTATION_ENTRY; m->type < MUTATIONS; m->type++) {
        if (i < count_of(c, m->type)) {
            m->which = i;
            return true;
        }
        i -= count_of(c, m->type);
    }
    return false;
}

/* Copies of what a mutation writes to. */
static struct entry *
own_entries(struct mutant *m, struct arena *arena)
{
    struct entry *e = NEW(arena, (size_t)m->check.nentries + 1, struct entry);

    for (uint32_t i = 0; e != NULL && i < m->check.nentries; i++)
        e[i] = m->check.entries[i];
    m->check.entries = e;
    return e;
}

static struct claim *
own_claims(struct mutant *m, struct arena *arena)
{
    struct claim *c = NEW(arena, (size_t)m->verdict.nclaims + 1, struct claim);

    for (uint32_t i = 0; c != NULL && i < m->verdict.nclaims; i++)
        c[i] = m->verdict.claims[i];
    m->verdict.claims = c;
    return c;
}

static bool
drop_entry(struct mutant *m, struct arena *arena)
{
    struct entry *e = own_entries(m, arena);
    uint64_t *listed = NEW(arena, (size_t)m->verdict.nentries + 1, uint64_t), place;
    uint32_t n = 0;

    if (e == NULL || listed == NULL)
        return false;
    place = e[m->which].place;
    e[m->which] = e[--m->check.nentries];
    for (uint32_t i = 0; i < m->verdict.nentries; i++)
        if (m->verdict.entries[i] != place)
            listed[n++] = m->verdict.entries[i];
    m->verdict.entries = listed;
    m->verdict.nentries = n;
    return true;
}

static bool
shift_place(struct mutant *m, struct arena *arena)
{
    struct entry *e = own_entries(m, arena);

    if (e == NULL)
        return false;
    e[m->which].place++;
    return true;
}

static bool
change_claim(struct mutant *m, struct arena *arena)
{
    struct claim *c = own_claims(m, arena);

    if (c == NULL)
        return false;
    if (m->type == MUTATION_CLAIM)
        c[m->which] = c[--m->verdict.nclaims];
    else if (m->type == MUTATION_CLAIM_FROM)
        c[m->which].from++;
    else
        c[m->which].to--;
    return true;
}

/* Another thing that has a name, or another value of the choice. */
static bool
change_name(struct mutant *m, struct arena *arena)
{
    const struct program *p = m->check.program;
    const struct sentence *s = &p->sentences[m->verdict.sentence];
    int64_t *b = NEW(arena, (size_t)m->verdict.nbinding + 1, int64_t);
    uint8_t base = p->types[p->names[s->names.at + m->which].type].base;

    if (b == NULL)
        return false;
    for (uint32_t i = 0; i < m->verdict.nbinding; i++)
        b[i] = m->verdict.binding[i];
    if (base == TY_THING || base == TY_SOURCE || base == TY_FINDING || base == TY_UNKNOWN)
        b[m->which] = b[m->which] == 1 ? 2 : 1;
    else
        b[m->which] = b[m->which] == UNSET ? 1 : b[m->which] + 1;
    m->verdict.binding = b;
    return true;
}

static void
move(int64_t *t, uint32_t which)
{
    *t += which == 0 ? -1 : 1;
}

static bool
change(struct mutant *m, struct arena *arena)
{
    switch (m->type) {
    case MUTATION_ENTRY: return drop_entry(m, arena);
    case MUTATION_PLACE: return shift_place(m, arena);
    case MUTATION_CLAIM:
    case MUTATION_CLAIM_FROM:
    case MUTATION_CLAIM_TO: return change_claim(m, arena);
    case MUTATION_BINDING: return change_name(m, arena);
    case MUTATION_VALUE:
        m->verdict.value = m->verdict.value == V_MET ? V_BREACHED : V_MET;
        return true;
    case MUTATION_ONSET: move(&m->verdict.onset, m->which); return true;
    case MUTATION_DEADLINE: move(&m->verdict.deadline, m->which); return true;
    case MUTATION_END: move(&m->verdict.end, m->which); return true;
    case MUTATIONS: break;
    }
    return false;
}

bool
mutation(const struct check *c, uint32_t i, struct arena *arena, struct mutant *m)
{
    if (!find(c, i, m))
        return false;
    m->check = *c;
    m->verdict = *c->verdict;
    m->check.verdict = &m->verdict;
    return change(m, arena);
}

void
put_mutation(const struct mutant *m, struct buf *b)
{
    static const char *const words[MUTATIONS] = {"an entry dropped: ",
                                                 "an entry at another place: ",
                                                 "a claim dropped: ",
                                                 "a claim that begins later: ",
                                                 "a claim that ends earlier: ",
                                                 "another thing in the binding: ",
                                                 "met for breached: ",
                                                 "onset moved: ",
                                                 "deadline moved: ",
                                                 "end moved: "};

    put_s(b, words[m->type]);
    put_u(b, m->which);
}
