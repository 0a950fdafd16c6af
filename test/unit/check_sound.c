/* SPDX-License-Identifier: Apache-2.0 */
/* What part of the truth proves, the whole truth proves.
 *
 * A random log, a verdict about it, and evidence that is part of the truth: some of the entries, and some
 * claims that are true of the log. Whenever that proves the verdict, so must the whole log with a claim on
 * every kind. A checker that took something not shown for granted would be caught here, as the part that
 * is left out says otherwise sooner or later. */
#include "check/world.h"
#include "check_test.h"
#include "rng.h"
#include "support/mutate.c" /* until test/support is linked */

enum { LOG_MAX = 48, CLAIMS = 7 };

static struct entry log_entry[LOG_MAX];
static uint32_t nlog;

/* the log -------------------------------------------------------------------------------------- */

static const char *const kinds[] = {
    "sighting.stop",     "sighting.stop",      "sighting.outcome",  "sighting.left",
    "exit.near",         "zone.drawn",         "vehicle.joined",    "vehicle.left",
    "movement.ordered",  "movement.retimed",   "movement.go",       "movement.overridden",
    "movement.embussed", "movement.departed",  "movement.departed", "movement.arrived",
    "movement.closed",   "movement.cancelled", "movement.halted",   "movement.noted",
    "night.accepted",    "route.cleared",      "scout.passed",      "itinerary.shared",
    "incident.reported", "notice.given",       "notice.taken",      "incident.escalated",
    "post.placed",       "posting.taken",      "posting.left",      "clearance.set",
    "clearance.seen",    "leak.suspected",     "leak.decided",      "camera.gone",
    "post.checkin",      "flight.due",         "flight.landed",     "movement.drafted",
};

/* Few names, so that they meet. */
static int64_t
random_value(struct rng *r, uint16_t type)
{
    static const char *const names[] = {"a", "b"};

    switch ((enum base_type)prog->types[type].base) {
    case TY_TIME: return at("0:00") + (int64_t)rng_below(r, 300) * 60000;
    case TY_COUNT: return (int64_t)rng_below(r, 9);
    case TY_CHOICE: return (int64_t)rng_below(r, prog->types[type].count);
    case TY_SIDE: return (int64_t)rng_below(r, 2);
    case TY_SOURCE: return symbol(&symbols, rng_below(r, 2) == 0 ? STR("Wu") : STR("Shah"));
    default: break;
    }
    if (prog->types[type].is_source)
        return symbol(&symbols, rng_below(r, 2) == 0 ? STR("Wu") : STR("Shah"));
    return symbol(&symbols, str_of(names[rng_below(r, 4) == 0]));
}

static struct entry
random_entry(struct rng *r, uint64_t place, int64_t when)
{
    struct entry e = {
        .place = place, .at = when, .known = when, .by = (uint32_t)random_value(r, TY_SOURCE)};
    const struct kind *k;

    e.kind = program_kind(prog, str_of(kinds[rng_below(r, sizeof kinds / sizeof *kinds)]));
    k = &prog->kinds[e.kind];
    for (uint32_t i = 0; i < PARAMS_MAX; i++)
        e.field[i] = UNSET;
    for (uint8_t i = 0; i < k->nparams; i++)
        if (!k->param[i].optional || rng_below(r, 4) > 0)
            e.field[i] = random_value(r, k->param[i].type[0]);
    return e;
}

/* In log order; some entries became known late, some share an instant. */
static void
random_log(struct rng *r)
{
    int64_t t = at("0:10");

    nlog = 12 + (uint32_t)rng_below(r, LOG_MAX - 12);
    for (uint32_t i = 0; i < nlog; i++) {
        t += (int64_t)rng_below(r, 5) * 60000 + (rng_below(r, 8) == 0 ? 1 : 0);
        log_entry[i] = random_entry(r, i + 1, t);
        if (rng_below(r, 10) == 0)
            log_entry[i].at -= (int64_t)rng_below(r, 6) * 60000;
    }
}

/* evidence ------------------------------------------------------------------------------------- */

static bool
is_written(uint64_t place)
{
    for (uint32_t i = 0; i < now.check.nentries; i++)
        if (now.entry[i].place == place)
            return true;
    return false;
}

static void
write_entry(const struct entry *e)
{
    if (is_written(e->place))
        return;
    now.entry[now.check.nentries] = *e;
    now.place[now.check.nentries++] = e->place;
}

static bool
fits_claim(const struct claim *c, const struct entry *e)
{
    int64_t when = e->at < e->known ? e->at : e->known;

    if (e->kind != c->ref || when < c->from || when > c->to || e->place >= now.v.place)
        return false;
    for (uint8_t i = 0; i < c->n; i++)
        if (check_field(prog, e, c->param[i]) != c->value[i])
            return false;
    return true;
}

/* Is one that is listed and fits of the same others? */
static bool
is_told(const struct claim *c, const struct entry *e)
{
    for (uint32_t i = 0; i < now.check.nentries; i++) {
        bool same = fits_claim(c, &now.entry[i]);

        for (uint8_t f = 0; f < PARAMS_MAX && same; f++)
            same = (c->others & 1u << f) == 0 || now.entry[i].field[f] == e->field[f];
        if (same)
            return true;
    }
    return false;
}

/* A claim on events is true when all that fits is listed. */
static void
true_event_claim(struct rng *r, int64_t last)
{
    struct claim *c = &now.claim[now.v.nclaims++];
    const struct kind *k;

    *c = (struct claim){.type = CLAIM_EVENT, .moment = NO_ID};
    c->ref = program_kind(prog, str_of(kinds[rng_below(r, sizeof kinds / sizeof *kinds)]));
    k = &prog->kinds[c->ref];
    c->from = rng_below(r, 3) == 0 ? at("0:00") : last - (int64_t)rng_below(r, 90) * 60000;
    c->to = rng_below(r, 3) == 0 ? last - (int64_t)rng_below(r, 30) * 60000 : last;
    for (uint8_t i = 0; i < k->nparams && c->n < ARITY_MAX; i++) {
        if (rng_below(r, 2) == 0)
            continue;
        c->param[c->n] = i;
        c->value[c->n++] = random_value(r, k->param[i].type[0]);
    }
    if (rng_below(r, 6) == 0 && k->nparams > 0)
        c->others = 1u << rng_below(r, k->nparams);
    for (uint32_t i = 0; i < nlog; i++)
        if (fits_claim(c, &log_entry[i]) && (c->others == 0 || !is_told(c, &log_entry[i])))
            write_entry(&log_entry[i]);
}

/* The whole truth: every entry, and a claim on every kind. */
static void
write_whole(void)
{
    now.check.nentries = now.v.nclaims = 0;
    for (uint32_t i = 0; i < nlog; i++)
        if (log_entry[i].place <= now.v.place)
            write_entry(&log_entry[i]);
    for (uint32_t k = KIND_BUILTINS; k < prog->nkinds; k++)
        now.claim[now.v.nclaims++] = (struct claim){
            .type = CLAIM_EVENT, .ref = k, .moment = NO_ID, .from = at("0:00"), .to = at("23:00")};
}

/* A claim on a state is true when the whole truth shows no such row at any instant. */
static bool
never_holds(const struct claim *c, const int64_t *args)
{
    struct written part = now;
    struct world *w = NEW(&work_arena, 1, struct world);
    bool never = true;
    size_t mark = 0;

    write_whole();
    if (w == NULL || check_world(w, written(), &work_arena, &diag) != ST_OK)
        bug("no world", diag.text);
    for (struct cut x = cut_at(c->from, CUT_END), to = cut_at(c->to, CUT_END); never;
         x = check_next_cut(w, x, to)) {
        never = x.i != CUT_END || check_state(w, c->ref, args, x) == T_NO;
        if (cut_cmp(x, to) >= 0)
            break;
    }
    arena_back(&work_arena, mark);
    now = part;
    return never;
}

static void
true_state_claim(struct rng *r, int64_t last)
{
    struct claim c = {
        .type = CLAIM_STATE, .moment = NO_ID, .ref = (uint32_t)rng_below(r, prog->nstates)};
    const struct state *s = &prog->states[c.ref];

    if (s->type == ST_GO || s->type == ST_SUN || s->role != NO_ID)
        return;
    c.to = last -
           (rng_below(r, 2) == 0 ? (int64_t)rng_below(r, 30) * 60000 : (int64_t)rng_below(r, 2));
    c.from = c.to - (rng_below(r, 2) == 0 ? (int64_t)rng_below(r, 30) * 60000 : 0);
    for (c.n = 0; c.n < s->nparams; c.n++) {
        c.param[c.n] = c.n;
        c.value[c.n] = random_value(r, s->param[c.n].type);
    }
    if (never_holds(&c, c.value))
        now.claim[now.v.nclaims++] = c;
}

static void
write_part(struct rng *r, uint64_t trigger, int64_t last)
{
    uint64_t most = rng_below(r, 4);

    now.check.nentries = now.v.nclaims = 0;
    for (uint32_t i = 0; i < nlog; i++)
        if (log_entry[i].place <= now.v.place &&
            (log_entry[i].place == trigger || rng_below(r, 4) < most))
            write_entry(&log_entry[i]);
    for (unsigned n = 0; n < CLAIMS * most; n++) {
        if (rng_below(r, 5) == 0)
            true_state_claim(r, last);
        else
            true_event_claim(r, last);
    }
}

/* verdicts ------------------------------------------------------------------------------------- */

static const struct moment *
event_moment(const struct sentence *s)
{
    const struct moment *m = s->opener == O_EACH ? &prog->moments[s->moment] : NULL;

    return m != NULL && m->type == M_EVENT ? m : NULL;
}

/* The binding that an entry gives; names beyond it are drawn. */
static void
bind(struct rng *r, const struct sentence *s, const struct entry *e)
{
    const struct moment *m = event_moment(s);

    now.v.nbinding = s->names.n;
    for (uint32_t i = 0; i < s->names.n; i++)
        now.binding[i] = random_value(r, prog->names[s->names.at + i].type);
    for (uint32_t k = 0; m != NULL && e != NULL && k < m->pattern.nargs; k++) {
        const struct arg *a = &prog->args[m->pattern.args + k];

        for (uint32_t i = 0; i < s->names.n; i++)
            if (a->mode == ARG_BIND && prog->names[s->names.at + i].slot == a->slot)
                now.binding[i] = check_field(prog, e, a->param);
    }
}

/* A length of time that stands somewhere in the sentence's limits. */
static int64_t
random_limit(struct rng *r)
{
    static const int64_t minutes[] = {0, 3, 5, 10, 15, 20, 30};

    return minutes[rng_below(r, sizeof minutes / sizeof *minutes)] * 60000;
}

static bool
random_verdict(struct rng *r)
{
    uint32_t at_sentence = (uint32_t)rng_below(r, prog->nsentences);
    const struct sentence *s = &prog->sentences[at_sentence];
    const struct entry *e = &log_entry[rng_below(r, nlog)], *last = &log_entry[nlog - 1];
    int64_t onset = e->at + (rng_below(r, 6) == 0 ? 60000 : 0), limit = random_limit(r);
    bool met = rng_below(r, 2) == 0;

    for (unsigned i = 0;
         i < 40 && event_moment(s) != NULL && e->kind != event_moment(s)->pattern.kind; i++)
        e = &log_entry[rng_below(r, nlog)];
    if (event_moment(s) != NULL)
        onset = e->at;
    now = (struct written){.v = {.sentence = at_sentence,
                                 .value = met ? V_MET : V_BREACHED,
                                 .opened = e->place,
                                 .nth = 0,
                                 .onset = onset,
                                 .deadline = UNSET,
                                 .end = UNSET,
                                 .place = nlog + 1}};
    now.v.severity =
        (uint8_t)(rng_below(r, 4) == 0 ? rng_below(r, 3) : prog->sevs[s->severity.at].severity);
    bind(r, s, e);
    now.v.at = now.v.decided = last->known + 60000;
    if (s->duty == D_ONLY_IF || s->duty == D_KNOWN || (s->duty == D_HOLD && s->opener != O_WHILE)) {
        now.v.place = s->opener == O_EACH ? e->place : now.v.place;
        now.v.at = now.v.decided = s->opener == O_EACH ? e->known : onset + 1;
    } else if (!met) {
        now.v.deadline = onset + limit;
        now.v.at = now.v.decided = onset + limit + 1;
        if (now.v.at > last->known)
            return false;
        while (now.v.place > 1 && log_entry[now.v.place - 2].known >= now.v.at)
            now.v.place--;
    } else {
        const struct entry *end = &log_entry[rng_below(r, nlog)];

        now.v.ended = true;
        now.v.end = end->at;
        now.v.at = now.v.decided = end->known;
        now.v.place = end->place;
        now.v.deadline = rng_below(r, 2) == 0 ? UNSET : onset + limit;
    }
    return now.v.opened <= now.v.place && now.v.decided >= onset;
}

/* ---------------------------------------------------------------------------------------------- */

static unsigned tried, proven, whole, unsound;

static void
complain(uint64_t seed, const struct written *part)
{
    char text[200];
    struct buf b = buf_of(text, sizeof text);

    put_verdict_id(prog, part->v.sentence, false, part->v.opened, 0, &b);
    printf(
        "# seed %u: %s %s is proven by a part (%u entries, %u claims) and not by the whole: %s\n",
        (unsigned)seed, put_end(&b), part->v.value == V_MET ? "met" : "breached", part->v.nentries,
        part->v.nclaims, diag.text);
}

static void
try_one(struct rng *r, uint64_t seed)
{
    static struct written part;
    bool by_whole;

    if (!random_verdict(r))
        return;
    write_whole();
    by_whole = try_check(written()) == CHECK_PROVEN;
    whole += by_whole;
    for (int i = 0; i < (by_whole ? 20 : 12); i++) {
        write_part(r, now.v.opened, now.v.at);
        tried++;
        if (try_check(written()) != CHECK_PROVEN)
            continue;
        proven++;
        if (by_whole)
            continue;
        part = now;
        write_whole();
        (void)try_check(written());
        if (unsound++ < 10)
            complain(seed, &part);
        return;
    }
}

int
main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtol(argv[1], NULL, 10) : 80;

    if (!setup()) {
        OK(false, "the agreement compiles: %s", diag.text);
        return tap_end();
    }
    for (uint64_t seed = 1; seed <= rounds; seed++) {
        struct rng r = {seed};

        random_log(&r);
        for (int i = 0; i < 12; i++)
            try_one(&r, seed);
    }
    printf(
        "# %u evidences tried; %u verdicts proven by the whole truth, %u evidences by a part of it\n",
        tried, whole, proven);
    OK(unsound == 0, "what a part of the truth proves, the whole truth proves: %u times not",
       unsound);
    OK(rounds < 80 || (proven > 80 && whole > 40), "and the parts proved enough for this to mean something");
    return tap_end();
}
