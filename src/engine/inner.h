/* SPDX-License-Identifier: Apache-2.0 */
/* inner.h -- what the engine's files share (private to src/engine).
 *
 * store.c    rows, buckets, stamps, edges           time.c     the heap of what is due
 * support.c  evidence while it is gathered          eval.c     conditions and values now
 * query.c    joins, quantifiers, coverage           cell.c     what is worked out again, and when
 * states.c   states, facts, lives: effects          gate.c     limbs, the go
 * duty.c     verdicts that an event opened          lasting.c  verdicts of `while` and of periods
 * answers.c  what waits for which event             cases.c    cases and who is told
 * door.c     who may send, and when                 proof.c    evidence kept for later
 * engine.c   the order of one step
 *
 * Dates and instants. Each change is *dated* (when it happened, by `at`, or when it fell due) and
 * *takes effect* at an instant (`known`, or one millisecond after it fell due). `now` is the instant;
 * conditions on time compare dates with `now`. */
#ifndef ENGINE_INNER_H
#define ENGINE_INNER_H
#include "engine/engine.h"
#include "engine/store.h"
#include "engine/support.h"

#define LONG_AGO (INT64_MIN + 1) /* before every date; UNSET is INT64_MIN */

enum cell_type {
    CELL_STATE,    /* a while-state's or a planned state's row */
    CELL_END,      /* an event-bounded state's row that has a planned end */
    CELL_LIFE,     /* a life's row that has planned steps */
    CELL_COVER,    /* a coverage's row */
    CELL_LIMB,     /* one limb of a gate's row */
    CELL_GATE,     /* a gate's row: its limbs together */
    CELL_GO,       /* a go's row: when it lapses */
    CELL_SENTENCE, /* an instance of a `while` sentence */
    CELL_PLAN,     /* an instance of an `at` sentence */
    CELL_DUTY,     /* a verdict that an event opened */
    CELL_PERIOD,   /* a sentence of each week, day ... */
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* engine_hash() reads it as it lies */
struct cell {
    uint8_t type;
    uint8_t value;   /* enum tri, where it has one */
    bool queued, dead;
    uint32_t ref;    /* row, duty or sentence */
    uint32_t part;   /* CELL_LIMB: which */
    cell_id next;    /* queued after it; the next limb; the free list */
    cell_id sibling; /* the gate row's next limb */
    uint32_t duty;   /* CELL_SENTENCE: the open one */
    uint32_t edges;  /* what it has read */
    uint32_t heap;   /* its place among the timers, 0 = none */
    int64_t wake;    /* dated; it takes effect one millisecond later */
};
#pragma GCC diagnostic pop

/* Something that has happened and that definitions of a higher rank wait for. */
struct happening {
    uint32_t next;
    uint8_t type;      /* enum moment_type: M_BEGINS.. by edge, M_CLAUSE by verdict, M_EVENT: open duty `ref` */
    uint8_t severity;  /* M_CLAUSE: of the finding */
    uint32_t listener; /* in program->listeners; M_CLAUSE: the sentence; M_EVENT: the duty */
    uint32_t arg[ARITY_MAX];
    uint32_t finding;  /* symbol */
    struct verdict_ref cited;
    int64_t date;
    uint32_t cause;
};

/* A life's row keeps its last steps as stamps (value = stage * 2 + by an event), a fact's its last values:
 * evidence also speaks of how things were just before. */
enum { CHANGES_KEPT = 4, STEP_BY_EVENT = 1 };

enum { BINDING_MAX = 12 };

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* as cells */
struct duty {
    uint32_t sentence;
    bool otherwise, breached, unknown, live, in_case, doubt; /* doubt: its `where` was not known */
    uint8_t stage;      /* of a chain */
    uint8_t severity;   /* the highest yet */
    uint8_t cited;      /* it was opened by another verdict */
    bool late;          /* its clock began before the log knew it: answers may stand before it */
    uint8_t pad[2];
    cell_id cell;       /* its timer */
    uint32_t next;      /* free list; in its case */
    uint32_t prev;
    uint32_t kase;
    uint32_t waits;     /* for answers */
    uint32_t proof;     /* what showed its trigger: entries and claims */
    uint32_t wrong;     /* `must hold`: what showed that it went wrong, while a clock runs */
    uint32_t told;      /* bits: rungs */
    uint32_t parent;    /* an `otherwise`: the duty that was missed, 0 when that is over */
    uint32_t child;     /* its own `otherwise` */
    uint32_t nth;
    uint32_t opened;    /* entry */
    uint32_t answered;  /* entry of the last answer */
    uint32_t decided_at; /* entry (or tick) at which it broke */
    uint32_t cites_otherwise, gap;
    int64_t from;       /* the step's clock runs from here */
    int64_t onset, deadline;
    int64_t bad_since;  /* `must hold`: since when shown not to; UNSET */
    int64_t unsure_since;
    int64_t breach;     /* the breach's date */
    int64_t decided;    /* the instant it broke */
    int64_t limit;      /* the step's limit, fixed; of what lasts: since when what its limit rests on is as it is */
    uint64_t cites_opened; /* struct verdict_ref without its gaps */
    uint32_t cites_sentence, cites_nth;
    int64_t binding[BINDING_MAX];
};

struct wait { /* a duty that waits for an event of a pattern */
    uint32_t chain, prev; /* in its slot */
    uint32_t duty;
    uint32_t more;        /* the duty's next */
    uint32_t pattern;
    uint8_t n, pad[3];
    int64_t key[PARAMS_MAX / 3];
};

enum { PAST_KEPT = 4096 };

struct past { /* an event that answers something */
    int64_t at, known;
    uint64_t place;
    uint32_t kind, n;
    int64_t field[PARAMS_MAX + 1];
};
#pragma GCC diagnostic pop

enum { PROOF_WORDS = 7 };

struct proof { /* a piece of what is kept for later; see proof.c */
    uint32_t next, spare;
    uint64_t word[PROOF_WORDS];
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* as cells */
struct kase {
    uint32_t chain, next_dirty;
    bool dirty, used;
    uint8_t severity;
    uint8_t pad;
    uint32_t sentence;    /* of a verdict in it */
    uint32_t first;       /* duties, chained */
    uint32_t nopen, nflash, more_pad;
    uint64_t told[4];     /* bits of rungs of the program */
    int64_t name[ARITY_MAX];
};
#pragma GCC diagnostic pop

struct ranked { /* one rank's queue */
    cell_id first, last;
    uint32_t happening, last_happening;
};

enum { FLASHES = 256, GONE = 64 };

struct engine {
    const struct program *p;
    struct store s;
    struct symbols *symbols;
    engine_sink *sink;
    void *context;
    struct support *support;  /* the one in use */
    struct support *spare;    /* for what is stored at an opening */

    int64_t now;          /* the instant */
    int64_t due;          /* the date that takes effect now, or now */
    uint64_t place;       /* index of the entry being judged */
    int64_t opened_at;
    int64_t zone_offset, future_bound;
    bool open, complete, stepping;

    struct pool cells, duties, waits, proofs, happenings, kases;
    struct cell *cell;
    struct duty *duty;
    struct wait *wait;
    struct proof *proof;
    struct happening *happening;
    struct kase *kase;
    uint32_t *wait_slot, *kase_slot;
    uint32_t nwait_slots, nkase_slots;

    cell_id *heap;        /* from place 1 */
    uint32_t nheap;
    struct ranked *rank;
    uint64_t *busy;       /* bits of ranks that have something queued */

    struct { row_id row; int64_t date; } gone[GONE]; /* the last rows taken out of their buckets, in a ring */
    uint32_t ngone;
    uint32_t *last_opened; /* by sentence * 2 + otherwise: the entry that last opened one */
    uint32_t *nth;         /* and how many it has */
    uint32_t dirty_kases, last_dirty; /* chained */
    struct { uint32_t kase; struct verdict_ref ref; } flash[FLASHES]; /* verdicts over in this instant */
    uint32_t nflash;
    struct past *past;     /* a ring */
    uint64_t npast;        /* ever kept */
    const char *full;
};

/* eval.c ----------------------------------------------------------------------------------------- */

struct iv { /* a value that may not be known to the last; lo == UNSET: none */
    int64_t lo, hi;
};

struct ctx {
    struct engine *e;
    int64_t *frame;
    int64_t now;
    int64_t upto;       /* claims reach so far: now, or the instant before `now` */
    bool before;        /* seen as it was just before `now` */
    bool lost;          /* something asked of that past is not kept */
    int64_t stamp;      /* X_NOW */
    cell_id cell;       /* whose edges are made, or 0 */
    uint32_t edges;     /* made so far */
    int64_t date;       /* the latest date of all that was read */
    int64_t wake;       /* the last instant for which all that was read stays so */
    struct support *sup; /* gathers evidence, or NULL */
    uint8_t severity;   /* of the finding at hand */
    uint16_t depth;
    bool unsure;        /* a join met rows that nobody can see now */
    int64_t joined;     /* when the rows of a join were last other ones */
    int64_t back;       /* proving what has lasted: since this date; FOREVER: only now */
    uint32_t set_by;    /* the newest entry that set a fact read here */
    int64_t set_at;     /* and its date */
};

struct ctx ctx_plain(struct engine *e, int64_t *frame);                 /* looks only */
struct ctx ctx_proving(struct engine *e, int64_t *frame, struct support *sup);
struct ctx ctx_before(struct engine *e, int64_t *frame, struct support *sup, int64_t date);
enum tri eval(struct ctx *c, ex_id x);
struct iv eval_value(struct ctx *c, ex_id x);
int64_t one_value(struct ctx *c, ex_id x); /* UNSET when there is none, or not one */
void read_row(struct ctx *c, row_id r);    /* the cell depends on it */
enum tri state_now(struct ctx *c, uint32_t state, const uint32_t *arg);
int64_t fact_now(struct ctx *c, uint32_t fact, const uint32_t *arg); /* UNSET: not set, or no longer known */
static inline void dated(struct ctx *c, int64_t date) { if (date > c->date) c->date = date; }
static inline void wakes(struct ctx *c, int64_t at) { if (at < c->wake) c->wake = at; }

/* support of atoms */
/* The first instant that a claim about now has to speak of: where what lasts began, or the date that
 * takes effect now. */
static inline int64_t
since_back(const struct ctx *c)
{
    int64_t now = !c->before && c->e->due < c->upto ? c->e->due : c->upto;

    return c->back < now ? c->back : now;
}

void claim_absent(struct ctx *c, const struct pattern *pat, const int64_t *frame, uint32_t moment,
                  int64_t from, int64_t to);
void claim_state(struct ctx *c, uint32_t state, const uint32_t *arg, uint8_t mask, int64_t from, int64_t to);

/* query.c ---------------------------------------------------------------------------------------- */

/* Calls `each` for every binding of the plan, in the order of the rows; false from it ends. */
typedef bool plan_each(struct ctx *c, void *context);
bool plan_run(struct ctx *c, struct plan plan, plan_each *each, void *context);
enum tri quantified(struct ctx *c, const struct ex *x);
struct iv counted(struct ctx *c, const struct ex *x);
void claim_rows(struct ctx *c, const struct ex *x, const uint32_t *arg, uint8_t mask); /* none but those shown */
enum tri covered(struct ctx *c, uint32_t kind, const uint32_t *arg, bool known);
enum tri cover_eval(struct ctx *c, uint32_t kind, const uint32_t *arg);
bool atom_row(struct ctx *c, const struct ex *x, row_id r); /* does the row fit the atom's arguments, binding names? */
uint32_t atom_relation(const struct program *p, const struct ex *x);
const struct ex *atom_args(const struct program *p, const struct ex *x);

/* time.c ----------------------------------------------------------------------------------------- */
void timer_set(struct engine *e, cell_id c, int64_t wake); /* FOREVER: none */
cell_id timer_first(const struct engine *e);

/* cell.c ----------------------------------------------------------------------------------------- */
cell_id cell_new(struct engine *e, enum cell_type type, uint32_t ref);
void cell_free(struct engine *e, cell_id c);
void cell_queue(struct engine *e, cell_id c);
uint32_t cell_rank(const struct engine *e, cell_id c);
struct ctx cell_begin(struct engine *e, cell_id c, int64_t *frame); /* forgets what it had read */
void cell_end(struct engine *e, cell_id c, struct ctx *ctx, int64_t wake); /* keeps what it read; its next wake */
void settle(struct engine *e); /* works the queues off, from the lowest rank up */
void settle_below(struct engine *e, uint32_t rank);
struct happening *happen(struct engine *e, uint32_t rank); /* a blank one, queued */
void row_changed(struct engine *e, row_id r);    /* who has read it is worked out again */
void row_appears(struct engine *e, row_id r);    /* into its buckets; who has read them; instances it makes */
void row_vanishes(struct engine *e, row_id r);
void edge_happens(struct engine *e, row_id r, enum moment_type type, int64_t date, uint32_t cause);
void spark_all(struct engine *e, row_id r);
void instance_make(struct engine *e, uint32_t relation, const uint32_t *arg);
bool instance_needed(struct engine *e, uint32_t relation, const uint32_t *arg);

/* states.c --------------------------------------------------------------------------------------- */
void state_begin(struct engine *e, row_id r, int64_t date, uint32_t cause);
void state_end(struct engine *e, row_id r, int64_t date, uint32_t cause);
void state_works(struct engine *e, cell_id c);    /* CELL_STATE */
void state_end_works(struct engine *e, cell_id c); /* CELL_END */
void life_works(struct engine *e, cell_id c);
void cover_works(struct engine *e, cell_id c);
void effects(struct engine *e, const struct entry *entry);
void listener_hears(struct engine *e, const struct happening *h); /* begins, ends, changes */
bool match_args_of(struct engine *e, const struct pattern *pat, const int64_t *field, int64_t *frame, struct ctx *c);
void entry_fields(const struct engine *e, const struct entry *entry, int64_t *field);
uint32_t life_step(struct engine *e, row_id r, uint32_t rule, int64_t date, uint32_t cause);

/* gate.c ----------------------------------------------------------------------------------------- */
void gate_lives(struct engine *e, uint32_t life, row_id life_row); /* after a step of a life */
void gate_first_mention(struct engine *e, const struct entry *entry);
void limb_works(struct engine *e, cell_id c);
void gate_works(struct engine *e, cell_id c);
void go_works(struct engine *e, cell_id c);
void gate_hears(struct engine *e, const struct listener *l, const int64_t *field, const struct entry *entry);
enum tri gate_now(struct engine *e, uint32_t gate, int64_t *frame, uint8_t *limbs); /* judged afresh */

/* duty.c ----------------------------------------------------------------------------------------- */
void sentence_hears(struct engine *e, uint32_t sentence, const struct entry *entry, const int64_t *field);
void sentence_happens(struct engine *e, uint32_t sentence, const struct happening *h);
void sentence_planned(struct engine *e, uint32_t sentence, int64_t *frame, int64_t date);
void duty_opens(struct engine *e, uint32_t d);
void duty_works(struct engine *e, cell_id c);
uint32_t duty_new(struct engine *e, uint32_t sentence, bool otherwise, const int64_t *frame);
void duty_free(struct engine *e, uint32_t d);
void duty_answered(struct engine *e, uint32_t d, int64_t at, uint32_t cause);
bool answer_visible(struct engine *e, const struct answer *a, const int64_t *frame); /* its kinds' sources live */
const struct answer *duty_answer(const struct engine *e, const struct duty *d); /* the one it waits for now */
void duty_frame(const struct engine *e, const struct duty *d, int64_t *frame);
void duty_says(struct engine *e, uint32_t d, enum verdict_value value, bool ended, int64_t end);
void prove_unanswered(struct engine *e, const struct answer *a, uint32_t that, const int64_t *frame, int64_t from, int64_t to);
void duty_breaks(struct engine *e, uint32_t d, int64_t date); /* breached: says so, tells, opens what follows */
uint8_t severity_of(struct engine *e, uint32_t sentence, int64_t *frame, struct support *sup);
int64_t rungs_due(struct engine *e, uint32_t d, int64_t *frame, struct ctx *c, int64_t base); /* tells; the next date */
void prove_happening(struct engine *e, const struct moment *m, const struct happening *h, struct support *sup);

/* proof.c ---------------------------------------------------------------------------------------- */
uint32_t proof_keep(struct engine *e, const struct support *s); /* stores it; 0 = empty */
void proof_add(struct engine *e, uint32_t proof, struct support *s); /* adds what was stored */
void proof_free(struct engine *e, uint32_t proof);

/* answers.c -------------------------------------------------------------------------------------- */
void duty_waits(struct engine *e, uint32_t d, const struct answer *a, const int64_t *frame);
void duty_stops_waiting(struct engine *e, uint32_t d);
void answers_hear(struct engine *e, const struct entry *entry, const int64_t *field);
void answers_look_back(struct engine *e, uint32_t d); /* the first in the log that it did not hear; may end it */

/* lasting.c -------------------------------------------------------------------------------------- */
void sentence_works(struct engine *e, cell_id c);
void plan_works(struct engine *e, cell_id c);
void period_works(struct engine *e, cell_id c);
void periods_open(struct engine *e);
void lasting_answered(struct engine *e, uint32_t d, int64_t at, uint32_t cause);

/* cases.c ---------------------------------------------------------------------------------------- */
void case_join(struct engine *e, uint32_t d);   /* or rises in it */
void case_leave(struct engine *e, uint32_t d);
void case_flash(struct engine *e, uint32_t sentence, const int64_t *frame, struct verdict_ref ref, uint8_t severity);
bool case_tell_once(struct engine *e, uint32_t sentence, const int64_t *frame, uint32_t rung); /* true the first time */
void cases_say(struct engine *e);

/* engine.c --------------------------------------------------------------------------------------- */
void pool_full(struct engine *e, const char *which);
uint32_t pool_take(struct engine *e, struct pool *p, const char *which);
#endif
