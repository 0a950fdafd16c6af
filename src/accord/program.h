/* SPDX-License-Identifier: Apache-2.0 */
/* program.h -- an agreement, understood: every name resolved, every type known, every join planned.
 *
 * What the engine, the checker, the views and the event reader share; none of
 * them reads the text itself. Everything stands in flat arrays and is named by
 * its place in them. A program holds no state and is never written to after
 * accord_read(). Names point into the texts.
 *
 * Relations. States, facts, lives and past events ("sites") are all *relations*
 * over small ids: a relation has `arity` arguments of 32 bits and may be looked
 * up by any subset of them through an index, a bit mask of the arguments given.
 * Frames. A definition's names have places in a frame of values (int64_t); an
 * expression reads its definition's frame. */
#ifndef ACCORD_PROGRAM_H
#define ACCORD_PROGRAM_H
#include "accord/tree.h"

enum {
    ARITY_MAX = 6,  /* arguments of a relation */
    PARAMS_MAX = 24, /* fields of an event */
    FRAME_MAX = 32, /* names of one definition */
    INDEX_MAX = 6,  /* indexes of one relation */
    ALTS_MAX = 4,   /* types a field may have: "movement or post" */
};

#define UNSET INT64_MIN  /* no value */
#define NO_ID UINT32_MAX /* no such thing */
#define FOREVER INT64_MAX

struct span { uint32_t at, n; }; /* a stretch of another array */

/* types ---------------------------------------------------------------------------------------- */

enum base_type {
    TY_UNKNOWN, TY_TIME, TY_DURATION, TY_COUNT, TY_METRES, TY_POINT, TY_LINE, TY_AREA, TY_TEXT,
    TY_YES_NO, TY_SIDE, TY_SOURCE, TY_ROLE, TY_FINDING, TY_CLOCK, TY_THING, TY_CHOICE,
};

struct type {
    struct str name;
    uint8_t base; /* enum base_type; built-in types stand at the index of their enum */
    bool private_, is_source;
    int64_t kept;           /* ms; 0 = for ever */
    uint32_t values, count; /* of a choice: its names in program->values */
    uint32_t life;          /* of a thing: its life, or NO_ID */
};

/* expressions ---------------------------------------------------------------------------------- */

enum op {
#define OP(name, what) X_##name,
#include "accord/op.def"
#undef OP
    X_OPS,
};

typedef uint32_t ex_id; /* 0 = none */

struct ex {
    uint8_t op;
    uint8_t flags; /* EX_* */
    uint16_t type;
    uint32_t a, b, c, d; /* as op.def says */
    uint32_t args, nargs; /* in program->kids */
    int64_t k;
    uint32_t text, token; /* where it is written */
};

enum { EX_OR_NONE = 1, EX_IN_GATE = 2 };

/* How a pattern or a moment meets one field. */
enum arg_mode { ARG_EQUAL, ARG_BIND };
struct arg {
    uint8_t mode;
    uint8_t param;  /* the field; an event's sender is the field after the last */
    uint16_t slot;  /* ARG_BIND: where the value goes */
    ex_id ex;       /* ARG_EQUAL: what it must be */
};

struct pattern {
    uint32_t kind;
    uint32_t args, nargs; /* in program->args */
    uint32_t text, token;
};

enum moment_type { M_EVENT, M_BEGINS, M_ENDS, M_CHANGES, M_TIME, M_CLAUSE, M_GATE };

struct moment {
    uint8_t type;
    struct pattern pattern; /* M_EVENT; for M_BEGINS..M_CHANGES its args are of the relation */
    uint32_t ref;           /* state, fact or gate; M_CLAUSE: clause or NO_ID for any */
    uint32_t sentence;      /* M_CLAUSE: which, or NO_ID for any */
    bool met;               /* M_CLAUSE: is met, not breached */
    uint16_t slot;          /* M_CLAUSE: of the finding, or UINT16_MAX */
    ex_id time;             /* M_TIME */
    uint8_t mask, index;    /* of a state's `until`: which arguments it names, and the index by them */
    ex_id where;
    uint32_t text, token;
};

/* relations and joins -------------------------------------------------------------------------- */

enum relation_type { REL_STATE, REL_FACT, REL_LIFE, REL_SITE, REL_COVER, REL_SENTENCE, REL_GATE, REL_PLAN };

struct relation {
    uint8_t type;
    uint8_t arity;
    uint8_t nindex;
    uint8_t index[INDEX_MAX]; /* masks of the arguments each is looked up by */
    uint16_t arg_type[ARITY_MAX];
    uint32_t ref;  /* in the array of its type */
    uint32_t rank; /* below all that reads it */
};

/* One step of a join: look `ex` (a state, fact, stage or past event) up by the arguments that are
 * known by then; each answer binds the others. */
struct step {
    ex_id ex;
    uint8_t mask;
    uint8_t index; /* in its relation; UINT8_MAX: all arguments are known, a test */
};

struct plan {
    uint32_t steps, nsteps; /* in program->steps */
};

/* A join seen from one of its atoms: when that relation gains a row, the others are looked up. */
struct spark {
    uint32_t relation; /* that gains a row */
    uint32_t stage;    /* of a life: which; otherwise NO_ID */
    ex_id ex;          /* the atom */
    uint32_t target;   /* relation of the instances to make */
    struct plan rest;
};

struct quant {
    uint16_t slot[ARITY_MAX];
    uint8_t nslots;
    ex_id cond, body;
    struct plan plan;
};

/* vocabulary ----------------------------------------------------------------------------------- */

enum verb_class { CLASS_COMMAND, CLASS_COORDINATION, CLASS_OBSERVATION };
enum verb { VERB_COMMAND, VERB_COORDINATE, VERB_REPORT, VERB_OBSERVE };

struct param {
    struct str name;
    uint16_t type[ALTS_MAX];
    uint8_t ntypes;
    bool optional, sealed;
    int64_t kept;
    uint32_t token;
};

/* Who is touched by an event of this kind: definitions and the moment of theirs that may match. */
struct listener {
    uint8_t what;    /* enum listener_type */
    uint32_t ref;    /* which definition */
    uint32_t moment; /* in program->moments, or for L_SITE the site, L_ANSWER the answer */
};

enum listener_type {
    L_STATE_FROM, L_STATE_UNTIL, L_FACT, L_LIFE, L_SITE, L_SENTENCE, L_ANSWER, L_GATE_COMMAND,
    L_GATE_USED, L_GATE_OVERRIDE,
};

struct kind {
    struct str name, family, label;
    uint8_t cls; /* enum verb_class */
    uint8_t nparams;
    struct param param[PARAMS_MAX];
    struct span from;  /* roles, in program->ids: which sources answer for it */
    ex_id with;        /* over a frame of its fields, its sender, then its other names */
    int64_t heartbeat; /* ms, 0 = never silent */
    int64_t clock;     /* ms, 0 = exact */
    struct span listeners, grants; /* in program->listeners / program->ids */
    uint32_t cover;    /* relation of its coverage, NO_ID when it is never silent */
    uint8_t ncover, cover_field[ARITY_MAX]; /* the fields that name the instance covered */
    struct plan cover_plan; /* with `with`: finds the senders */
    uint32_t text, token;
    bool builtin;
};

struct role {
    struct str name;  /* post.leader */
    uint32_t state;   /* a role is a state over sources */
    uint32_t side;    /* NO_ID: of no side of its own */
    uint32_t start_kind; /* the event that gives it, for entry 0's first appointments; NO_ID */
};

enum state_type { ST_EVENTS, ST_PLANNED, ST_WHILE, ST_SUN, ST_GO };

struct state {
    struct str name, label;
    uint8_t type, nparams, nslots;
    struct { struct str name; uint16_t type; } param[ARITY_MAX];
    struct span from, until; /* moments */
    ex_id cond;              /* ST_WHILE */
    ex_id start, end;        /* ST_PLANNED: times; end may be 0 */
    uint32_t role, gate;     /* ST_EVENTS of a role; ST_GO */
    struct span covers;      /* program->covereds: kinds whose silence makes it unknown */
    uint32_t relation, rank;
    uint32_t text, token;
};

/* A state's instance is covered by the live sources of `kind` for the instance that `args` name. */
struct covered {
    uint32_t kind;
    uint8_t nargs;
    uint8_t arg[ARITY_MAX]; /* the state's argument for each argument of the coverage; UINT8_MAX unknown */
};

struct fact {
    struct str name;
    bool dotted;
    bool sealed; /* its value is a commitment: only whether it is set may be asked */
    uint8_t nparams, nslots; /* the value stands in the frame at nparams */
    uint16_t type;
    struct { struct str name; uint16_t type; } param[ARITY_MAX];
    struct span from, until;
    uint32_t relation;
    uint32_t text, token;
};

struct life_rule {
    uint64_t from; /* a bit for each stage */
    uint32_t to;
    uint32_t moment;
    uint16_t slot;     /* of the thing */
    uint8_t nslots;
    struct span roles; /* who may; none = anyone the authority lets */
};

struct life {
    uint16_t thing;
    struct span stages; /* names in program->values; stage 0 is "new" */
    struct span rules;
    uint32_t relation, rank;
    uint32_t text, token;
};

/* A past event that some condition asks about: kept as stamps per key. */
struct site {
    uint32_t kind;
    uint8_t nkeys;
    uint8_t key[ARITY_MAX];  /* fields (the sender is nparams) */
    struct span filters;     /* program->args: fields that must equal a constant */
    uint8_t value;           /* the field that is summed, or UINT8_MAX */
    int64_t age;             /* the oldest stamp that can still matter */
    uint32_t newest;         /* that many of the newest suffice; 0 = all */
    uint32_t relation;
};

struct limb {
    struct str name, label;
    ex_id cond;
    uint32_t text, token;
};

struct gate {
    struct str name;
    uint8_t nparams, nslots;
    struct { struct str name; uint16_t type; } param[ARITY_MAX];
    struct pattern command; /* binds the params */
    uint32_t go;            /* state, or NO_ID */
    struct pattern used;
    int64_t lapses;
    struct span tells;      /* roles */
    struct span limbs;
    struct pattern override;
    struct span override_by; /* roles */
    bool has_override, has_used;
    uint32_t life;          /* that allows the command, or NO_ID */
    uint64_t stages;        /* in which it does */
    uint32_t relation, rank;
    uint32_t text, token;
};

struct grant {
    uint32_t role;
    uint8_t verb;
    bool timed;
    int64_t coarse;
    ex_id until, where; /* over a frame of the kind's fields and its sender */
    struct span kinds;  /* in program->ids */
    uint32_t text, token;
};

/* clauses -------------------------------------------------------------------------------------- */

enum severity { SEV_INFO, SEV_AMBER, SEV_RED };

struct sev { /* the first whose condition holds */
    uint8_t severity;
    ex_id cond; /* 0 = else */
};

enum opener { O_EACH, O_AT, O_WHILE, O_ALWAYS };
enum duty_form { D_ONLY_IF, D_HOLD, D_NOT_LAST, D_KNOWN, D_WITHIN, D_NOT_LATER, D_EVERY, D_PERIOD };
enum period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER };

struct answer { /* one step of a duty that is answered by events */
    struct span patterns; /* program->patterns */
    ex_id where;
    ex_id limit; /* a duration; D_NOT_LATER: a time */
};

struct rung {
    struct span who;  /* program->ids: role, or side | RUNG_SIDE */
    ex_id after;      /* 0 = with the breach */
    uint8_t severity; /* UINT8_MAX: the sentence's own */
};
#define RUNG_SIDE 0x80000000u

struct name {
    struct str name;
    uint16_t slot, type;
};

struct sentence {
    uint32_t clause;
    struct str name;      /* "a", or empty */
    struct str id;        /* "C3.a" */
    uint8_t opener, duty, nslots;
    uint32_t moment;      /* O_EACH, O_AT (M_TIME) */
    ex_id where;          /* O_EACH, O_AT */
    ex_id cond;           /* O_WHILE: the opener with its `for every` */
    uint32_t each;        /* program->quants: `for every` of O_EACH and O_AT; 0 = none */
    ex_id must;           /* D_ONLY_IF, D_HOLD */
    ex_id limit;          /* D_HOLD: tolerating, D_NOT_LAST, D_KNOWN, D_EVERY; 0 = at once */
    uint8_t period;       /* D_PERIOD */
    struct span answers;  /* program->answers: the answer and its chain */
    struct answer otherwise;
    bool has_otherwise;
    ex_id unless;
    struct span severity; /* program->sevs */
    struct span rungs;
    struct span names;    /* program->names: the binding, in the order it was bound */
    struct span case_names;
    uint32_t relation;    /* O_WHILE, O_AT with facts: its instances */
    uint32_t rank;
    bool in_force;
    uint32_t text, token, words; /* as written: from this token, so many */
};

struct clause {
    struct str name, title, case_name;
    struct span duty, owed; /* program->bearers */
    struct span sentences;
    struct str case_names[ARITY_MAX];
    uint8_t ncase;
    bool in_force;
    uint32_t text, token;
};

struct bearer {
    uint32_t side;    /* NO_ID when it is a name of the sentence */
    struct str name;
    bool other_side;
};

struct show {
    struct str name, title;
    uint8_t nparams, nslots;
    struct { struct str name; uint16_t type; } param[ARITY_MAX];
    struct span columns; /* program->ids: expressions */
    struct span labels;  /* program->values */
};

struct example {
    struct str title;
    uint32_t text;
    node_id node;
};

struct side {
    struct str name, title;
};

struct row {
    int64_t key, value;
};

struct table {
    struct str name;
    uint16_t by, type;
    struct span rows;
    int64_t otherwise;
    bool has_else;
};

struct term {
    struct str name;
    uint32_t text, token;
    node_id value;
    uint32_t library;      /* whose row this one replaces ... */
    node_id library_value; /* ... and that row's value; 0 when it replaces none */
    ex_id ex;
    uint8_t stage; /* 0 not looked at, 1 being read, 2 read */
    bool used;
};

struct program {
    struct accord_text *texts;
    struct syntax *trees;
    uint32_t ntexts;

    struct str title;
    int64_t version;
    struct str zone;
    bool source_private; /* sources stand as tokens, since a private thing is one */

#define TABLES(T) \
    T(type, types) T(str, values) T(ex, exs) T(arg, args) T(pattern, patterns) T(moment, moments) \
    T(relation, relations) T(step, steps) T(spark, sparks) T(quant, quants) T(kind, kinds) \
    T(listener, listeners) T(role, roles) T(state, states) T(covered, covereds) T(fact, facts) \
    T(life, lives) T(life_rule, life_rules) T(site, sites) T(limb, limbs) T(gate, gates) \
    T(grant, grants) T(sev, sevs) T(answer, answers) T(rung, rungs) T(name, names) \
    T(sentence, sentences) T(clause, clauses) T(bearer, bearers) T(show, shows) \
    T(example, examples) T(side, sides) T(table, tables) T(row, rows) T(term, terms)
#define T(item, list) struct item *list; uint32_t n##list;
    TABLES(T)
#undef T
    uint32_t *ids, nids;   /* spans of ids */
    ex_id *kids, nkids;    /* children of expressions */
    struct span *sparks_of; /* by relation: in `sparks` */
    struct span *edges_of;  /* by relation: in `listeners`, for begins, ends and changes */
    struct span *targets_of; /* by relation: the sparks that make its instances, in `ids` */
    struct span clause_listeners; /* sentences that watch clauses, in `ids` */
    uint32_t ranks;         /* one more than the highest rank */
    uint32_t clause_rank;   /* the lowest rank of a sentence */
};

#endif
