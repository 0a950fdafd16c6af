/* SPDX-License-Identifier: Apache-2.0 */
/* world.h -- what a checker knows, and the words its parts share (private to src/check).
 *
 * world.c      the listed entries in order, the values they speak of, what is missing
 * claim.c      what the claims say did not come
 * critical.c   the instants at which what is shown can change
 * moment.c     patterns, and whether a moment came in a stretch
 * fact.c       facts and the stages of a life
 * state.c      states; go.c: a gate's go and the sun; source.c: whose silence would hide something
 * value.c      values; past.c: past events and their counts
 * condition.c  conditions; quantifier.c: some, no, every, at least, at most
 * memo.c       what was just worked out
 * trigger.c, answer.c, lasting.c, severity.c, verdict.c   what each verdict must show
 * reason.c     the sentence that names what is missing
 *
 * Everything is evaluated anew, from the definition, at the point that is asked about. A point of the
 * log's order is a cut. */
#ifndef CHECK_WORLD_H
#define CHECK_WORLD_H
#include "check/number.h"
#include "check/verdict.h"

enum {
    ENTRIES_MAX = 1024,
    CLAIMS_MAX = 4096,
    CRITICAL_MAX = 1 << 17,
    DEPTH_MAX = 100, /* definitions inside definitions */
};
#define WORK_MAX UINT64_C(200000000) /* small steps: some seconds */

/* A cut of the order (at, index): before it lie the entries of instants before t, and of instant t
 * those whose index is below i. A planned change dated d lies before every cut at an instant after d.
 * An entry's own position is the cut right after it. */
struct cut {
    int64_t t;
    uint64_t i;
};
#define CUT_END UINT64_MAX /* after every entry of the instant */

static inline struct cut
cut_at(int64_t t, uint64_t i)
{
    return (struct cut){t, i};
}

static inline int
cut_cmp(struct cut a, struct cut b)
{
    if (a.t != b.t)
        return a.t < b.t ? -1 : 1;
    return a.i < b.i ? -1 : a.i > b.i;
}

/* The last instant of which entries lie before the cut. */
static inline int64_t
cut_last(struct cut c)
{
    return c.i == 0 ? c.t - 1 : c.t;
}

static inline struct cut
cut_before(const struct entry *e)
{
    return cut_at(e->at, e->place);
}

static inline struct cut
cut_after(const struct entry *e)
{
    return cut_at(e->at, e->place + 1);
}

/* Right before what took place at this position. */
static inline struct cut
cut_prior(struct cut c)
{
    return c.i == 0 ? cut_at(c.t - 1, CUT_END) : cut_at(c.t, c.i - 1);
}

/* The names of a definition, by their slots. */
struct frame {
    int64_t slot[FRAME_MAX];
    uint32_t known; /* bits */
};

static inline bool
frame_knows(const struct frame *f, uint32_t slot)
{
    return (f->known & (1u << slot)) != 0;
}

static inline void
frame_set(struct frame *f, uint32_t slot, int64_t value)
{
    f->slot[slot] = value;
    f->known |= 1u << slot;
}

/* The value that is none of those the evidence speaks of; a condition may ask for several of them. */
#define STRANGER(k) (INT64_MIN + 2 + (int64_t)(k))
enum { STRANGERS = 64 };
static inline bool
is_stranger(int64_t value)
{
    return value >= STRANGER(0) && value < STRANGER(STRANGERS);
}

/* A value that some listed entry, the opening or the binding holds, and the type it has there. */
struct known {
    uint16_t type;
    int64_t value;
};

/* What was missing where a condition came out as not shown; reason.c says it in words. */
enum missing_type {
    MISSING_NOTHING,
    MISSING_CLAIM,     /* no claim: ref = kind, its fields; from, to */
    MISSING_START,     /* no listed entry starts: ref = state, args; from = when */
    MISSING_CAME,      /* something listed may have been it: from = its instant, ref = kind */
    MISSING_EDGE,      /* a state may have begun or ended: ref = state; from, to */
    MISSING_HELD,      /* whether a state held since: ref = state, args; from = since when */
    MISSING_FACT,      /* ref = fact, args; from */
    MISSING_NO_VALUE,  /* a fact has no value: ref = fact, args; from */
    MISSING_SOURCE,    /* ref = kind; from */
    MISSING_GATE,      /* ref = gate, args; from, to */
    MISSING_BEFORE,    /* the log begins partial */
    MISSING_COUNT,     /* ref = kind; from, to: how many there were */
    MISSING_LENGTH,    /* a length of time that cannot be worked out before */
    MISSING_PART,      /* a part of the language that is not checked */
};
struct missing {
    uint8_t type, n;
    uint32_t ref;
    uint8_t param[PARAMS_MAX + 1];
    int64_t arg[PARAMS_MAX + 1];
    int64_t from, to;
};

struct world {
    const struct program *p;
    const struct opening *opening;
    const struct symbols *symbols;
    const struct verdict *v;
    const struct verdict *cited; /* that v cites, found among the good ones; or NULL */
    bool happened;
    int64_t reached; /* `known` of the entry at the verdict's place */
    struct arena *arena;
    struct entry *entry; /* that exist where the verdict is looked at, by (at, place); `at` <= `known` */
    uint32_t nentries;
    struct entry *listed; /* all of them: what claims leave out */
    uint32_t nlisted;
    struct known *first; /* first appointments: type = role, value = who */
    uint32_t nfirst;
    struct known *known; /* rising, each once */
    uint32_t nknown;
    int64_t *critical; /* rising, each once */
    uint32_t ncritical;
    bool all_critical; /* false: some length cannot be worked out before, so nothing is shown to last */
    int64_t now;       /* what `now` means where a condition is evaluated */
    struct cut own;    /* the verdict's own instant: here silence hides */
    bool own_set;
    struct memo *memo; /* NULL until it is worth its while */
    bool no_memo;      /* there is no room for it */
    uint32_t epoch;    /* of what evaluation reads; from 1 */
    uint64_t work;
    unsigned depth;
    bool too_large;
    struct missing missing;
    struct diag *diag;
};

/* world.c */
CHECKED enum status check_world(struct world *w, const struct check *c, struct arena *arena, struct diag *d);
/* Counts one step; false when there were too many, and from then on everything is not shown. */
bool check_step(struct world *w);
/* The listed entry with this index, or NULL. */
const struct entry *check_entry(const struct world *w, uint64_t place);
/* How many listed entries lie before the cut: those are entry[0] to entry[n - 1]. */
uint32_t check_before(const struct world *w, struct cut c);
/* The end of the known world's beginning: everything lies after it. */
struct cut check_start(const struct world *w);
/* May two values of these types be the same one? */
bool check_same_type(const struct program *p, uint16_t a, uint16_t b);
/* The field's value; the sender is the field after the last. */
int64_t check_field(const struct program *p, const struct entry *e, uint8_t param);
/* Notes what is missing and gives T_OPEN, for "return". */
enum truth check_missing(struct world *w, enum missing_type type, uint32_t ref, int64_t from, int64_t to);
enum truth check_missing_row(struct world *w, enum missing_type type, uint32_t ref, const int64_t *args, uint8_t n,
                             int64_t from, int64_t to);

/* The values a name of this type may have, one after another: those that are known, and then, for a
 * type whose values are not all known, one stranger after those the frame holds. */
struct choices {
    const struct world *w;
    uint16_t type;
    uint32_t next;
    int64_t stranger; /* 0: none is tried */
};
struct choices check_choices(const struct world *w, uint16_t type, const struct frame *f);
bool check_next_choice(struct choices *c, int64_t *ret);

/* memo.c */
enum memo_type { MEMO_STATE, MEMO_STAGE, MEMO_FACT };
struct memo_key {
    uint8_t what, n;
    uint32_t ref;
    int64_t arg[ARITY_MAX];
    struct cut c;
};
struct memo_result { /* each type uses its own */
    enum truth is;
    bool shown;
    uint32_t stage;
    struct number number;
    struct cut set;
};
struct memo_key check_memo_key(enum memo_type what, uint32_t ref, const int64_t *args, uint8_t n, struct cut c);
bool check_remembered(struct world *w, const struct memo_key *k, struct memo_result *ret);
void check_remember(struct world *w, const struct memo_key *k, struct memo_result r);

/* claim.c: what an entry must have to be of a pattern, as far as that is known */
struct wanted {
    uint32_t kind;
    uint32_t moment; /* whose pattern it is: as a claim says it, or NO_ID */
    uint8_t n;
    uint8_t param[PARAMS_MAX + 1];
    int64_t value[PARAMS_MAX + 1];
};
void check_want(struct wanted *x, uint8_t param, int64_t value);
/* Do claims say that no such entry came from `from` to `to`, but listed ones? Notes what is missing. */
bool check_claimed(struct world *w, const struct wanted *x, int64_t from, int64_t to);
/* Of what a state or a gate is; arguments whose bit is not in `known` may be anything. */
struct subject {
    uint8_t n;
    uint8_t known;
    int64_t arg[ARITY_MAX];
};
bool check_claim_of_state(const struct claim *c, uint32_t state, const struct subject *row);
bool check_claimed_state(struct world *w, uint32_t state, const struct subject *row, int64_t from, int64_t to);
bool check_claimed_gate(struct world *w, uint32_t gate, const struct subject *row, int64_t from, int64_t to);

/* critical.c */
CHECKED bool check_critical(struct world *w);
/* Can an entry of this kind be what makes the moment come? */
bool check_moment_reads(struct world *w, const struct moment *m, uint32_t kind);
/* The next cut after `c` at which what is shown may differ; never after `end`, and `end` at last. */
struct cut check_next_cut(const struct world *w, struct cut c, struct cut end);

/* Does a test hold at every cut from `from` to `to`? If not, what it gave at the first where it does not. */
typedef enum truth lasting_test(struct world *w, const void *what, struct cut c);
enum truth check_lasts(struct world *w, lasting_test *test, const void *what, struct cut from, struct cut to,
                 struct cut *ret_where);
/* Is it shown not to hold at some cut from `from` to `to`? */
bool check_ever_not(struct world *w, lasting_test *test, const void *what, struct cut from, struct cut to);

/* moment.c */
/* Is the entry of this pattern? Binds its names in the frame; the state is that before the entry. */
enum truth check_match(struct world *w, const struct pattern *p, const struct entry *e, struct frame *f);
/* The same with the moment's `where`. */
enum truth check_match_moment(struct world *w, const struct moment *m, const struct entry *e, struct frame *f);
struct wanted check_wanted(const struct world *w, const struct pattern *p, uint32_t moment, const struct frame *f);
/* The newest shown coming of the moment after `from` and not after `to`; false when none is shown. */
bool check_newest(struct world *w, uint32_t moment, const struct frame *f, struct cut from, struct cut to,
                   struct cut *ret);
/* Is it shown that the moment did not come after `from` and up to `to`? */
bool check_absent(struct world *w, uint32_t moment, const struct frame *f, struct cut from, struct cut to);
/* Does a state begin (or end) between two cuts that lie side by side? */
enum truth check_edge(struct world *w, uint32_t state, const int64_t *args, bool ends, struct cut a, struct cut b);

/* fact.c */
/* The fact's value before the cut, and (when asked) the position of the entry that set it. */
struct number check_fact(struct world *w, uint32_t fact, const int64_t *args, struct cut c, struct cut *ret_set);
/* The entry's fields set the fact: T_YES with the value (UNSET when the field was left out). */
enum truth check_fact_set(struct world *w, uint32_t fact, const int64_t *args, const struct entry *e, int64_t *ret);
/* Do claims say that no other entry set it from `from` to `to`? */
bool check_fact_claimed(struct world *w, uint32_t fact, const int64_t *args, int64_t from, int64_t to);
/* The stage of a thing before the cut; false when it is not shown. */
bool check_stage(struct world *w, uint32_t life, int64_t thing, struct cut c, uint32_t *ret);

/* state.c, go.c, source.c */
enum truth check_state(struct world *w, uint32_t state, const int64_t *args, struct cut c);
/* Has the state held since before `since`, up to the cut? */
enum truth check_held(struct world *w, uint32_t state, const int64_t *args, struct cut since, struct cut c);
enum truth check_go(struct world *w, uint32_t state, const int64_t *args, struct cut c);
enum truth check_sun(struct world *w, uint32_t state, struct cut c);
enum truth check_source(struct world *w, const struct covered *cover, const int64_t *args, struct cut c);
/* Is a source for events of this kind shown to live, for the instance that a pattern speaks of? */
enum truth check_source_of(struct world *w, const struct pattern *p, const struct frame *f, struct cut c);

/* Do all sources live whose silence would hide something of the states that this one is made of? */
bool check_sources_below(struct world *w, uint32_t state, const int64_t *args, struct cut c);
bool check_is_quantified(const struct ex *x); /* its condition and body are those of a quantifier */
bool check_has_operands(const struct ex *x);  /* its a, b, c are expressions */

/* value.c, past.c, condition.c, quantifier.c */
struct number check_value(struct world *w, const struct frame *f, ex_id e, struct cut c);
enum truth check_condition(struct world *w, const struct frame *f, ex_id e, struct cut c);
struct number check_past_value(struct world *w, const struct frame *f, const struct ex *x, struct cut c);
enum truth check_past_came(struct world *w, const struct frame *f, const struct ex *x, struct cut c);
enum truth check_quantified(struct world *w, const struct frame *f, const struct ex *x, struct cut c);
struct number check_rows(struct world *w, const struct frame *f, uint32_t quant, struct cut c);
/* The arguments of a state or fact; false when one is not shown. Those left out are not in `known`. */
bool check_arguments(struct world *w, const struct frame *f, const struct ex *x, struct cut c, struct subject *ret);

/* reason.c */
void check_put_missing(const struct world *w, struct buf *b);

/* The parts of verdict.c: each says whether the verdict is shown, and if not why, in w->diag. -------- */

/* What opened the verdict. */
struct trigger {
    int64_t date;
    uint64_t place;    /* the entry that opened it */
    struct cut before; /* the state before it */
    struct cut after;
    bool late;         /* an event that became known after it happened; it is hidden while `read` is */
    struct cut read;   /* where `where` and `may only if` are read: before an event, after all else */
    struct frame frame;
};

/* Is it as wanted? If not: "it is not shown that <what> at <when>: <what is missing>", or "it is not so that
 * <what> at <when>". */
bool check_show(struct world *w, enum truth is, enum truth want, const char *what, struct cut c);
bool check_refuse(struct world *w, const char *sentence);

CHECKED bool check_trigger(struct world *w, const struct sentence *s, struct trigger *ret);
CHECKED bool check_instant(struct world *w, const struct sentence *s);   /* may only if, must hold, known within */
CHECKED bool check_answered(struct world *w, const struct sentence *s);  /* within, not later than */
CHECKED bool check_otherwise(struct world *w, const struct sentence *s);
CHECKED bool check_lasting(struct world *w, const struct sentence *s);   /* while */
CHECKED bool check_period(struct world *w, const struct sentence *s);
/* Severity of a breach that is shown at this cut, with the instant its rungs count from. */
CHECKED bool check_severity(struct world *w, const struct sentence *s, const struct frame *f, struct cut c,
                            int64_t from);
/* May the breach that is cited be dated so? What starts from it starts from its date. */
bool check_cited_date(const struct world *w, int64_t date);
/* The frame of the verdict's own binding. */
struct frame check_frame(const struct world *w, const struct sentence *s);
/* Hides the entries that became known only after the verdict was decided (of the order of `at`: none), and
 * shows them again, for the end of a breach. */
bool check_hide_later(struct world *w);
void check_show_all(struct world *w);
/* Hides what stands at this place of the log or behind it, but for what was known by a date: what opened a
 * verdict is looked at as the log stood there, for later entries rewrite nothing. */
void check_hide_from(struct world *w, uint64_t place, int64_t date);
/* Did what ends a clock become known before the clock had run out? The entry `trigger` began the clock, and
 * may itself have become known late. In the order of `at` it does not matter. */
bool check_in_log_time(const struct world *w, int64_t known, int64_t deadline, uint64_t trigger);
/* Does the entry answer? Its names and `now` are its own. */
enum truth check_answer(struct world *w, const struct answer *a, const struct frame *f, const struct entry *e);
/* Is it shown that no answer came from `from` to `to`? Passed over are: answers at the instants `but[0]`
 * and `but[1]` (UNSET: none), and at `from` those that do not come after entry `after` (NO_PLACE: none). */
struct stretch {
    int64_t from, to, but[2];
    uint64_t after;
};
#define NO_PLACE UINT64_MAX
bool check_unanswered(struct world *w, const struct answer *a, const struct frame *f, const struct stretch *in);
/* What claims call the answer. */
uint32_t check_answer_name(const struct world *w, const struct answer *a);
/* Does an entry come after the trigger, in the log or in time? A trigger never answers itself. */
bool check_comes_after(const struct entry *e, int64_t from, uint64_t trigger);
/* Fields of the verdict that may be left unset, and else must be this. */
bool check_unset_or(int64_t field, int64_t value);
void check_own(struct world *w, struct cut c);
#endif
