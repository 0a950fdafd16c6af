/* SPDX-License-Identifier: Apache-2.0 */
/* check_test.h -- what the tests of src/check share: an agreement with a sentence of each form, and
 * evidence written by hand, in short.
 *
 *   given("12 17:20 sighting.stop v=X z=outer by=cam")      entry 12, listed
 *   none("sighting.left v=X", "17:20", "17:30:00.001")      a claim on events
 *   no_row("waiting v=X", "17:20", "17:20")                 a claim on a state
 *   PROVEN("what is tried")                                 it is proven, and no mutation of it is
 *
 * All instants are of one day; a day before it is "-1 17:20". The theatre opens at 00:00. */
#ifndef TEST_CHECK_TEST_H
#define TEST_CHECK_TEST_H
#include "base/stamp.h"
#include "check/bundle.h"
#include "os/file.h"
#include "os/memory.h"
#include "support/mutate.h"
#include "tap.h"

enum { LISTED_MAX = 256 };

/* One verdict with its evidence, as it is being written. */
struct written {
    struct entry entry[LISTED_MAX];
    uint64_t place[LISTED_MAX];
    struct claim claim[LISTED_MAX];
    int64_t binding[FRAME_MAX];
    struct verdict v;
    struct check check;
};

static struct arena test_arena, work_arena;
static const struct program *prog;
static struct symbols symbols;
static struct opening opening;
static struct written now;
static struct diag diag;
static unsigned mutants_refused, mutants_accepted;

static inline void
bug(const char *what, const char *where)
{
    printf("Bail out! the test is wrong: %s: %s\n", what, where);
    abort();
}

/* "17:20", "17:20:00.001", "-1 17:20"; the day is 2024-10-07, a Monday. */
static inline int64_t
at(const char *s)
{
    int64_t day = days_of(2024, 10, 7), part[4] = {0};
    unsigned n = 0;
    const char *blank = strchr(s, ' ');

    if (blank != NULL) {
        day += strtol(s, NULL, 10);
        s = blank + 1;
    }
    for (; *s != '\0'; s++) {
        if (*s == ':' || *s == '.')
            n++;
        else
            part[n] = part[n] * 10 + (*s - '0');
    }
    return ((day * 24 + part[0]) * 60 + part[1]) * 60000 + part[2] * 1000 + part[3];
}

/* The agreement stands beside this file. */
static inline bool
read_text(struct str *ret)
{
    const char *root = getenv("ENTENTE_ROOT");
    char path[4096];

    snprintf(path, sizeof path, "%s/test/unit/check_test.accord", root == NULL ? "." : root);
    return os_file_read(&test_arena, path, ACCORD_TEXT_MAX, ret, &diag) == ST_OK;
}

static inline bool
setup(void)
{
    static struct accord_text text = {STR_LIT("checks"), STR_LIT("")};
    static struct accord_diags diags;

    if (os_arena_init(&test_arena, ACCORD_BLOCK + (64 << 20), &diag) != ST_OK ||
        os_arena_init(&work_arena, BUNDLE_BLOCK, &diag) != ST_OK)
        return false;
    if (!read_text(&text.source))
        return false;
    if (accord_read(&text, 1, &test_arena, &diags, &prog) != ST_OK) {
        for (uint32_t i = 0; i < diags.n; i++)
            printf("# %u:%u: %.*s\n", diags.item[i].line, diags.item[i].col,
                   STR_FMT(diags.item[i].what));
        return false;
    }
    if (!symbols_init(&symbols, &test_arena, 1000, 20000))
        return false;
    opening = (struct opening){.at = at("0:00"),
                               .complete = true,
                               .drill = true,
                               .future_bound = 60000,
                               .agreement = prog->title,
                               .version = 1};
    opening.appointment[0].role = program_role(prog, STR("host.commander"));
    opening.appointment[0].who = STR("Shah");
    opening.appointment[1].role = program_role(prog, STR("post.leader"));
    opening.appointment[1].who = STR("Wu");
    opening.nappointments = 2;
    (void)symbol(&symbols, STR("Shah"));
    (void)symbol(&symbols, STR("Wu"));
    return true;
}

/* words ---------------------------------------------------------------------------------------- */

/* The next word of a line; empty at its end. */
static inline struct str
word(const char **s)
{
    const char *from;

    while (**s == ' ')
        (*s)++;
    from = *s;
    while (**s != ' ' && **s != '\0')
        (*s)++;
    return (struct str){from, (size_t)(*s - from)};
}

static inline int64_t
value_of(uint16_t type, struct str s)
{
    char text[64] = {0};
    int64_t k;

    memcpy(text, s.ptr, s.len < 63 ? s.len : 63);
    for (char *c = text; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
    if (s.len == 1 && s.ptr[0] == '?')
        return UNSET;
    switch ((enum base_type)prog->types[type].base) {
    case TY_TIME: return at(text);
    case TY_COUNT:
    case TY_METRES:
    case TY_DURATION: return strtol(text, NULL, 10);
    case TY_CHOICE:
    case TY_YES_NO:
    case TY_SIDE:
    case TY_ROLE:
        if (!program_value_of(prog, type, s, &k))
            bug("no such value", text);
        return k;
    default: return symbol(&symbols, s);
    }
}

/* "v=X": the name in `ret`, the value left in `s`. */
static inline struct str
name_of(struct str *s)
{
    struct str name = *s;

    for (size_t i = 0; i < s->len; i++) {
        if (s->ptr[i] == '=') {
            name.len = i;
            *s = str_cut(*s, i + 1, s->len);
            return name;
        }
    }
    return STR("");
}

static inline uint8_t
field_of(const struct kind *k, struct str name)
{
    for (uint8_t i = 0; i < k->nparams; i++)
        if (str_eq(k->param[i].name, name))
            return i;
    if (!str_eq(name, STR("by")) && name.len > 0 && !str_eq(name, STR("known")))
        bug("no such field", k->name.ptr);
    return k->nparams;
}

/* Beginning a verdict --------------------------------------------------------------------------- */

/* "A.a m=M1", what is said of it, and when. */
static inline void
verdict(const char *line, enum verdict_value value, const char *when, uint64_t opened)
{
    struct str id = word(&line);
    const struct sentence *s = NULL;

    now = (struct written){.v = {.value = (uint8_t)value,
                                 .at = at(when),
                                 .decided = at(when),
                                 .onset = UNSET,
                                 .deadline = UNSET,
                                 .end = UNSET,
                                 .opened = opened,
                                 .place = 500}};
    for (uint32_t i = 0; i < prog->nsentences; i++)
        if (str_eq(prog->sentences[i].id, id))
            s = &prog->sentences[now.v.sentence = i];
    if (s == NULL)
        bug("no such sentence", id.ptr);
    now.v.severity = prog->sevs[s->severity.at].severity;
    for (uint32_t i = 0; i < s->names.n; i++)
        now.binding[i] = UNSET;
    for (struct str w = word(&line); w.len > 0; w = word(&line)) {
        struct str name = name_of(&w);
        bool found = false;

        for (uint32_t i = 0; i < s->names.n; i++)
            if (str_eq(prog->names[s->names.at + i].name, name)) {
                now.binding[i] = value_of(prog->names[s->names.at + i].type, w);
                found = true;
            }
        if (!found)
            bug("no such name in the sentence", name.ptr);
    }
    now.v.nbinding = s->names.n;
}

static inline void
clock_ran(const char *onset, const char *deadline)
{
    now.v.onset = at(onset);
    now.v.deadline = deadline == NULL ? UNSET : at(deadline);
}

static inline void
ended(const char *end)
{
    now.v.ended = true;
    now.v.end = at(end);
}

/* evidence ------------------------------------------------------------------------------------- */

/* "12 17:20 sighting.stop v=X z=outer by=cam known=17:21"; the day, if another: "12 -1 17:20 ..". */
static inline void
given(const char *line)
{
    struct entry *e = &now.entry[now.check.nentries];
    char when[32] = {0};
    struct str w = word(&line), day = STR("");
    const struct kind *k;

    if (now.check.nentries == LISTED_MAX)
        bug("too many entries", line);
    e->place = (uint64_t)strtol(w.ptr, NULL, 10);
    w = word(&line);
    if (w.ptr[0] == '-' || memchr(w.ptr, ':', w.len) == NULL) {
        day = w;
        w = word(&line);
    }
    snprintf(when, sizeof when, "%.*s%s%.*s", STR_FMT(day), day.len > 0 ? " " : "", STR_FMT(w));
    e->at = e->known = at(when);
    e->kind = program_kind(prog, word(&line));
    if (e->kind == NO_ID)
        bug("no such kind", line);
    k = &prog->kinds[e->kind];
    for (uint32_t i = 0; i < PARAMS_MAX; i++)
        e->field[i] = UNSET;
    for (w = word(&line); w.len > 0; w = word(&line)) {
        struct str name = name_of(&w);
        uint8_t f = field_of(k, name);

        if (str_eq(name, STR("known")))
            e->known = value_of(TY_TIME, w);
        else if (f == k->nparams)
            e->by = (uint32_t)value_of(TY_SOURCE, w);
        else
            e->field[f] = value_of(k->param[f].type[0], w);
    }
    now.place[now.check.nentries++] = e->place;
}

static inline struct claim *
claim(enum claim_type type, const char *line, const char *from, const char *to)
{
    struct claim *c = &now.claim[now.v.nclaims++];
    struct str name = word(&line);
    const struct kind *k;

    *c = (struct claim){.type = (uint8_t)type, .moment = NO_ID, .from = at(from), .to = at(to)};
    c->ref = type == CLAIM_EVENT   ? program_kind(prog, name)
             : type == CLAIM_STATE ? program_state(prog, name)
                                   : program_gate(prog, name);
    if (c->ref == NO_ID)
        bug("nothing to claim about", name.ptr);
    k = type == CLAIM_EVENT ? &prog->kinds[c->ref] : NULL;
    for (struct str w = word(&line); w.len > 0; w = word(&line)) {
        struct str field = name_of(&w);
        uint8_t n = c->n;
        uint16_t types = TY_SOURCE;

        if (k != NULL) {
            c->param[n] = field_of(k, field);
            types = c->param[n] == k->nparams ? TY_SOURCE : k->param[c->param[n]].type[0];
        } else {
            const struct relation *r =
                &prog->relations[type == CLAIM_STATE ? prog->states[c->ref].relation
                                                     : prog->gates[c->ref].relation];

            for (c->param[n] = 0; c->param[n] < r->arity; c->param[n]++)
                if (str_eq(type == CLAIM_STATE ? prog->states[c->ref].param[c->param[n]].name
                                               : prog->gates[c->ref].param[c->param[n]].name,
                           field))
                    break;
            if (c->param[n] == r->arity)
                bug("no such argument", field.ptr);
            types = r->arg_type[c->param[n]];
        }
        c->value[n] = value_of(types, w);
        c->n++;
    }
    return c;
}

static inline struct claim *
none(const char *line, const char *from, const char *to)
{
    return claim(CLAIM_EVENT, line, from, to);
}

static inline struct claim *
no_row(const char *line, const char *from, const char *to)
{
    return claim(CLAIM_STATE, line, from, to);
}

/* checking ------------------------------------------------------------------------------------- */

static inline enum check_result
try_check(const struct check *c)
{
    enum check_result r = check_verdict(c, &work_arena, &diag);

    if (work_arena.used != 0)
        bug("memory was not given back", "check_verdict");
    return r;
}

/* What was written, as a checker is given it. */
static inline struct check *
written(void)
{
    now.v.binding = now.binding;
    now.v.entries = now.place;
    now.v.nentries = now.check.nentries;
    now.v.claims = now.claim;
    now.check.program = prog;
    now.check.opening = &opening;
    now.check.symbols = &symbols;
    now.check.entries = now.entry;
    now.check.verdict = &now.v;
    if (now.check.known == 0)
        now.check.known = now.v.at;
    return &now.check;
}

/* Tries every mutation; how many were found proven all the same. */
static inline unsigned
try_mutations(const struct check *c, bool loud)
{
    uint32_t n = mutation_count(c);
    unsigned accepted = 0;

    for (uint32_t i = 0; i < n; i++) {
        size_t mark = test_arena.used;
        struct mutant m;
        char text[80];
        struct buf b = buf_of(text, sizeof text);

        if (!mutation(c, i, &test_arena, &m))
            bug("no mutation", "mutate");
        if (try_check(&m.check) == CHECK_PROVEN) {
            accepted++;
            put_mutation(&m, &b);
            if (loud)
                printf("# still proven: %s\n", put_end(&b));
        } else {
            mutants_refused++;
        }
        arena_back(&test_arena, mark);
    }
    mutants_accepted += accepted;
    return accepted;
}

/* Proven, and no mutation of it is, but `slack` of them. */
static inline void
proven_but(const char *what, unsigned slack, const char *file, int line)
{
    const struct check *c = written();
    bool ok = try_check(c) == CHECK_PROVEN;

    tap_ok(ok, file, line, "%s", what);
    if (!ok) {
        printf("# %s\n", diag.text);
        return;
    }
    if (slack != UINT32_MAX) {
        unsigned accepted = try_mutations(c, true);

        tap_ok(accepted == slack, file, line, "%s: %u mutations tried, %u accepted", what,
               mutation_count(c), accepted);
    }
}

static inline void
refused(const char *what, const char *why, const char *file, int line)
{
    enum check_result r = try_check(written());

    if (!tap_ok(r == CHECK_NOT_SHOWN && strstr(diag.text, why) != NULL, file, line, "%s: refused",
                what))
        printf("# %s\n", r == CHECK_PROVEN ? "it is proven" : diag.text);
}

#define PROVEN(what) proven_but((what), 0, __FILE__, __LINE__)
#define PROVEN_BUT(what, slack) proven_but((what), (slack), __FILE__, __LINE__)
#define REFUSED(what, why) refused((what), (why), __FILE__, __LINE__)

static inline int
done(void)
{
    printf("# %u mutated evidences refused, %u accepted\n", mutants_refused, mutants_accepted);
    return tap_end();
}
#endif
