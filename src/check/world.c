/* SPDX-License-Identifier: Apache-2.0 */
#include "check/world.h"

bool
check_step(struct world *w)
{
    if (++w->work > WORK_MAX)
        w->too_large = true;
    return !w->too_large;
}

/* entries -------------------------------------------------------------------------------------- */

const struct entry *
check_entry(const struct world *w, uint64_t place)
{
    for (uint32_t i = 0; i < w->nentries; i++)
        if (w->entry[i].place == place)
            return &w->entry[i];
    return NULL;
}

uint32_t
check_before(const struct world *w, struct cut c)
{
    uint32_t lo = 0, hi = w->nentries;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (cut_cmp(cut_after(&w->entry[mid]), c) <= 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct cut
check_start(const struct world *w)
{
    return cut_at(w->opening->at, 0);
}

int64_t
check_field(const struct program *p, const struct entry *e, uint8_t param)
{
    return param == p->kinds[e->kind].nparams ? (int64_t)e->by : e->field[param];
}

static bool
is_listed(const struct verdict *v, uint64_t place)
{
    for (uint32_t i = 0; i < v->nentries; i++)
        if (v->entries[i] == place)
            return true;
    return false;
}

/* Puts one entry where it belongs; false when another with its index is there. */
static bool
insert(struct world *w, struct entry e)
{
    uint32_t i = w->nentries;

    if (check_entry(w, e.place) != NULL)
        return false;
    for (; i > 0 && cut_cmp(cut_after(&w->entry[i - 1]), cut_after(&e)) > 0; i--)
        w->entry[i] = w->entry[i - 1];
    w->entry[i] = e;
    w->nentries++;
    return true;
}

static bool
refuse_entry(struct diag *d, const char *before, uint64_t place, const char *after)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, before);
    put_u(&b, place);
    put_s(&b, after);
    return false;
}

static bool
take_entry(struct world *w, struct entry e)
{
    if (e.kind >= w->p->nkinds)
        return refuse_entry(w->diag, "entry ", e.place, " is of no kind that the agreement has");
    if (!is_listed(w->v, e.place))
        return refuse_entry(w->diag, "entry ", e.place,
                            " is given, but the verdict does not list it");
    if (e.place > w->v->place && !w->happened)
        return refuse_entry(w->diag, "entry ", e.place, " came after the verdict was given");
    if (e.at > e.known && e.at - e.known > w->opening->future_bound)
        return refuse_entry(w->diag, "entry ", e.place,
                            " is stamped too far ahead of its time, so it moves nothing");
    if (e.at > e.known)
        e.at = e.known;
    if (!insert(w, e))
        return refuse_entry(w->diag, "entry ", e.place, " is given twice");
    return true;
}

static bool
take_entries(struct world *w, const struct check *c)
{
    for (uint32_t i = 0; i < c->nentries; i++)
        if (!take_entry(w, c->entries[i]))
            return false;
    for (uint32_t i = 0; i < w->v->nentries; i++)
        if (check_entry(w, w->v->entries[i]) == NULL)
            return refuse_entry(w->diag, "entry ", w->v->entries[i],
                                " is listed by the verdict, but it is not given");
    return true;
}

/* Entries that became known after a verdict was decided did not exist for it: a late entry never
 * rewrites a verdict. */
bool
check_hide_later(struct world *w)
{
    uint32_t n = 0;

    if (w->happened)
        return true;
    w->entry = NEW(w->arena, w->nlisted + 1, struct entry);
    if (w->entry == NULL) {
        w->entry = w->listed;
        return check_refuse(w, "the evidence is too large to be checked");
    }
    for (uint32_t i = 0; i < w->nlisted; i++)
        if (w->listed[i].known <= w->v->decided)
            w->entry[n++] = w->listed[i];
    w->nentries = n;
    w->epoch++;
    return true;
}

/* A clock that had run out was a breach in the next millisecond, before any entry of it. */
bool
check_in_log_time(const struct world *w, int64_t known, int64_t deadline, uint64_t trigger)
{
    const struct entry *e = check_entry(w, trigger);

    if (w->happened)
        return true;
    if (e != NULL && e->known > deadline)
        deadline = e->known;
    if (e == NULL && w->cited != NULL && w->cited->place == trigger && w->cited->decided > deadline)
        deadline = w->cited->decided; /* what opened it is another verdict, decided late */
    return known <= deadline;
}

void
check_show_all(struct world *w)
{
    w->entry = w->listed;
    w->nentries = w->nlisted;
    w->epoch++;
}

/* values --------------------------------------------------------------------------------------- */

/* Persons and sources are one and the same kind of value. */
static uint16_t
home_type(const struct program *p, uint16_t type)
{
    return p->types[type].is_source ? TY_SOURCE : type;
}

static bool
is_thing(const struct program *p, uint16_t type)
{
    return p->types[type].base == TY_THING;
}

bool
check_same_type(const struct program *p, uint16_t a, uint16_t b)
{
    a = home_type(p, a);
    b = home_type(p, b);
    return a == b || a == TY_UNKNOWN || b == TY_UNKNOWN || (a == TY_FINDING && is_thing(p, b)) ||
           (b == TY_FINDING && is_thing(p, a));
}

static bool
is_symbol(const struct program *p, uint16_t type)
{
    uint8_t base = p->types[type].base;

    return base == TY_THING || base == TY_SOURCE || base == TY_FINDING;
}

static void
add_known(struct world *w, uint16_t type, int64_t value)
{
    uint16_t home = home_type(w->p, type);

    if (value == UNSET || !is_symbol(w->p, type))
        return;
    for (uint32_t i = 0; i < w->nknown; i++)
        if (w->known[i].type == home && w->known[i].value == value)
            return;
    w->known[w->nknown++] = (struct known){home, value};
}

static void
known_of_entry(struct world *w, const struct entry *e)
{
    const struct kind *k = &w->p->kinds[e->kind];

    for (uint8_t i = 0; i < k->nparams; i++)
        for (uint8_t t = 0; t < k->param[i].ntypes && !k->param[i].sealed; t++)
            add_known(w, k->param[i].type[t], e->field[i]);
    add_known(w, TY_SOURCE, e->by);
}

static bool
known_values(struct world *w)
{
    const struct sentence *s = &w->p->sentences[w->v->sentence];
    size_t room = w->nfirst + w->v->nbinding + 1;

    for (uint32_t i = 0; i < w->nentries; i++)
        room += (size_t)w->p->kinds[w->entry[i].kind].nparams * ALTS_MAX + 1;
    w->known = NEW(w->arena, room, struct known);
    if (w->known == NULL)
        return false;
    for (uint32_t i = 0; i < w->nentries; i++)
        known_of_entry(w, &w->entry[i]);
    for (uint32_t i = 0; i < w->v->nbinding; i++)
        add_known(w, w->p->names[s->names.at + i].type, w->v->binding[i]);
    for (uint32_t i = 0; i < w->nfirst; i++)
        add_known(w, TY_SOURCE, w->first[i].value);
    return true;
}

static bool
first_appointments(struct world *w)
{
    w->first = NEW(w->arena, w->opening->nappointments + 1, struct known);
    if (w->first == NULL)
        return false;
    for (uint32_t i = 0; i < w->opening->nappointments; i++) {
        uint32_t who = symbol_find(w->symbols, w->opening->appointment[i].who);

        if (who != UINT32_MAX) /* else nothing in the evidence speaks of this person */
            w->first[w->nfirst++] = (struct known){(uint16_t)w->opening->appointment[i].role, who};
    }
    return true;
}

/* choices -------------------------------------------------------------------------------------- */

struct choices
check_choices(const struct world *w, uint16_t type, const struct frame *f)
{
    struct choices c = {.w = w, .type = type};
    int64_t k = 0;

    if (!is_symbol(w->p, type) && type != TY_UNKNOWN)
        return c;
    for (uint32_t i = 0; i < FRAME_MAX; i++)
        if (frame_knows(f, i) && is_stranger(f->slot[i]) && f->slot[i] - STRANGER(0) >= k)
            k = f->slot[i] - STRANGER(0) + 1;
    c.stranger = STRANGER(k < STRANGERS ? k : STRANGERS - 1);
    return c;
}

/* How many values a type has by itself; 0 when that is open. */
static uint32_t
own_values(const struct program *p, uint16_t type)
{
    switch ((enum base_type)p->types[type].base) {
    case TY_CHOICE: return p->types[type].count;
    case TY_YES_NO: return 2;
    case TY_SIDE: return p->nsides;
    case TY_ROLE: return p->nroles;
    default: return 0;
    }
}

/* Has an earlier one of the known values this value, under a type that is tried too? */
static bool
tried_before(const struct choices *c, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (c->w->known[i].value == c->w->known[at].value &&
            check_same_type(c->w->p, c->w->known[i].type, c->type))
            return true;
    return false;
}

bool
check_next_choice(struct choices *c, int64_t *ret)
{
    const struct world *w = c->w;

    if (c->stranger == 0) {
        if (c->next >= own_values(w->p, c->type))
            return false;
        *ret = c->next++;
        return true;
    }
    for (; c->next < w->nknown; c->next++) {
        if (!check_same_type(w->p, w->known[c->next].type, c->type) || tried_before(c, c->next))
            continue;
        *ret = w->known[c->next++].value;
        return true;
    }
    *ret = STRANGER(c->next - w->nknown); /* the frame's own strangers first, one more at last */
    c->next++;
    return *ret <= c->stranger;
}

/* what is missing ------------------------------------------------------------------------------ */

enum truth
check_missing(struct world *w, enum missing_type type, uint32_t ref, int64_t from, int64_t to)
{
    w->missing = (struct missing){.type = (uint8_t)type, .ref = ref, .from = from, .to = to};
    return T_OPEN;
}

enum truth
check_missing_row(struct world *w, enum missing_type type, uint32_t ref, const int64_t *args,
                  uint8_t n, int64_t from, int64_t to)
{
    (void)check_missing(w, type, ref, from, to);
    w->missing.n = n;
    for (uint8_t i = 0; i < n; i++) {
        w->missing.param[i] = i;
        w->missing.arg[i] = args[i];
    }
    return T_OPEN;
}

/* beginning ------------------------------------------------------------------------------------ */

/* What claims may be narrowed to: a moment, an answer, a sentence's otherwise. */
static bool
narrowing_is_sound(const struct program *p, const struct claim *c)
{
    uint32_t m = c->moment;

    if (m == NO_ID)
        return true;
    if ((m & CLAIM_ANSWER) != 0)
        return (m & ~CLAIM_ANSWER) < p->nanswers;
    if ((m & CLAIM_OTHERWISE) != 0)
        return (m & ~CLAIM_OTHERWISE) < p->nsentences;
    return m < p->nmoments && p->moments[m].type == M_EVENT && p->moments[m].pattern.kind == c->ref;
}

static bool
claim_is_sound(const struct program *p, const struct claim *c)
{
    uint32_t most = 0, ref = 0;

    switch ((enum claim_type)c->type) {
    case CLAIM_EVENT: ref = p->nkinds; break;
    case CLAIM_STATE: ref = p->nstates; break;
    case CLAIM_GATE: ref = p->ngates; break;
    case CLAIM_SOURCE: return c->n == 1;
    default: return false;
    }
    if (c->ref >= ref || c->n > ARITY_MAX)
        return false;
    if (c->type == CLAIM_EVENT && !narrowing_is_sound(p, c))
        return false;
    most = c->type == CLAIM_EVENT   ? p->kinds[c->ref].nparams + 1u
           : c->type == CLAIM_STATE ? p->states[c->ref].nparams
                                    : p->gates[c->ref].nparams;
    for (uint8_t i = 0; i < c->n; i++)
        if (c->param[i] >= most)
            return false;
    return c->type != CLAIM_EVENT || most > 31 || c->others >> most == 0;
}

static bool
verdict_is_sound(struct world *w)
{
    const struct verdict *v = w->v;

    if (v->sentence >= w->p->nsentences || !w->p->sentences[v->sentence].in_force)
        return check_refuse(w, "no sentence that is in force has this number");
    if (v->nbinding != w->p->sentences[v->sentence].names.n)
        return check_refuse(w, "the binding does not name what the sentence names");
    if (v->at > w->reached)
        return check_refuse(w, "time had not come so far at the verdict's place in the log");
    if (v->decided > v->at)
        return check_refuse(w, "it was decided after it was said");
    if ((v->onset != UNSET && v->decided < v->onset) ||
        (v->value == V_MET && v->ended && v->decided < v->end))
        return check_refuse(w, "it was decided before it began or ended");
    if (v->opened > v->place && !w->happened)
        return check_refuse(w, "what opened the verdict lies after the verdict's place");
    for (uint32_t i = 0; i < v->nclaims; i++)
        if (!claim_is_sound(w->p, &v->claims[i]))
            return check_refuse(w, "a claim speaks of something that the agreement does not have");
    return true;
}

static void
find_cited(struct world *w, const struct check *c)
{
    const struct verdict *v = w->v;

    for (uint32_t i = 0; v->cites && i < c->ngood; i++) {
        const struct verdict *g = c->good[i];

        if (g->sentence == v->cited_sentence && g->otherwise == v->cited_otherwise &&
            g->opened == v->cited_opened && g->nth == v->cited_nth)
            w->cited = g;
    }
}

enum status
check_world(struct world *w, const struct check *c, struct arena *arena, struct diag *d)
{
    *w = (struct world){.p = c->program,
                        .opening = c->opening,
                        .symbols = c->symbols,
                        .v = c->verdict,
                        .happened = c->happened,
                        .reached = c->known,
                        .arena = arena,
                        .diag = d,
                        .all_critical = true,
                        .epoch = 1};
    if (c->nentries > ENTRIES_MAX || c->verdict->nclaims > CLAIMS_MAX ||
        c->verdict->nentries > ENTRIES_MAX) {
        (void)check_refuse(w, "the evidence is too large to be checked");
        return ST_LIMIT;
    }
    if (!verdict_is_sound(w))
        return ST_INVALID;
    w->entry = NEW(arena, c->nentries + 1, struct entry);
    if (w->entry == NULL)
        return ST_LIMIT;
    if (!take_entries(w, c))
        return ST_INVALID;
    w->listed = w->entry;
    w->nlisted = w->nentries;
    if (!first_appointments(w) || !known_values(w) || !check_critical(w))
        return ST_LIMIT;
    find_cited(w, c);
    return ST_OK;
}
