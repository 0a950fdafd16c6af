/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h -- a program and entries, one after another: states, verdicts, gates, cases.
 *
 * The engine is a fold over entries in log order. It reads no clock: time passes because entries
 * carry `known`, and because the caller appends a tick when engine_next() says one is due. All it
 * knows lies in arrays of fixed size inside the arena the caller gives (sizes: struct capacity,
 * recorded in entry 0); nothing is allocated later. The same entries give the same outputs and the
 * same hash on every machine, wherever ticks stand among them.
 *
 * Work per entry is in proportion to the instances that it changes: what a condition has read is
 * remembered, and only what has read something that changed is worked out again. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H
#include "event/evidence.h"

struct engine;

struct capacity {
    uint32_t rows;    /* states, facts, lives, past events and instances at one time */
    uint32_t stamps;  /* past events kept for windows */
    uint32_t edges;   /* who has read what */
    uint32_t cells;   /* what is worked out again when something changes */
    uint32_t duties;  /* verdicts that are open */
    uint32_t proofs;  /* pieces of what is kept to prove them, 64 bytes each */
    uint32_t symbols; /* names ever */
    uint32_t symbol_bytes;
};
/* What `run` and `init` use unless told otherwise. */
extern const struct capacity capacity_default;

enum gate_value { GATE_RED, GATE_UNKNOWN, GATE_GREEN }; /* as enum tri: NO, UNSURE, YES */

enum out_type {
    OUT_VERDICT, OUT_TELL, OUT_GATE, OUT_GO, OUT_HOLD, OUT_CASE, OUT_REFUSED, OUT_IRREGULAR, OUT_QUARANTINED
};
enum go_step { GO_SAID, GO_OVERRIDDEN, GO_USED };

enum refusal_type { WHY_AUTHORITY, WHY_LIFE, WHY_GATE, WHY_LIMIT };

struct verdict_ref { /* names one verdict */
    uint32_t sentence;
    bool otherwise;
    uint64_t opened;
    uint32_t nth;
};

struct out {
    uint8_t type;
    int64_t at;
    const struct verdict *verdict; /* OUT_VERDICT; OUT_TELL: the one it is told of, without evidence */
    uint32_t who;                  /* OUT_TELL: a role, or a side | RUNG_SIDE; OUT_HOLD: a role */
    uint8_t severity;              /* OUT_TELL, OUT_CASE */
    uint32_t gate;                 /* OUT_GATE, OUT_GO, OUT_HOLD, OUT_REFUSED by a gate */
    const uint32_t *object;        /* a gate's arguments */
    uint8_t value;                 /* OUT_GATE: enum gate_value; OUT_GO: enum go_step */
    const uint8_t *limbs;          /* OUT_GATE, OUT_GO, OUT_HOLD, OUT_REFUSED: enum gate_value by limb */
    int64_t until;                 /* OUT_GO: when it lapses; UNSET when it is used */
    bool lapsed;                   /* OUT_HOLD: its time ran out; all limbs may be green */
    const struct entry *entry;     /* OUT_GO, OUT_REFUSED, OUT_IRREGULAR, OUT_QUARANTINED */
    uint8_t why;                   /* OUT_REFUSED: enum refusal_type */
    uint32_t life, stage;          /* OUT_REFUSED by a life, OUT_IRREGULAR: where the thing stood */
    /* OUT_CASE: the names of its sentence tell what it is about */
    uint32_t sentence;             /* of a verdict in it, for the case's name and its names */
    const int64_t *names;          /* values of the sentence's case_names */
    const struct verdict_ref *open; /* what is open in it now, and what has happened in this instant */
    uint32_t nopen;
};

typedef void engine_sink(void *context, const struct out *out);

/* NULL when the arena is too small. The symbols are the caller's and grow with findings' names. */
struct engine *engine_new(const struct program *p, struct arena *arena, struct capacity capacity,
                          struct symbols *symbols, engine_sink *sink, void *context);

/* Entry 0. Must come first. */
void engine_open(struct engine *e, const struct opening *opening);

/* When the next tick is due: its `at` and `known`; FOREVER when nothing waits. */
int64_t engine_next(const struct engine *e);

/* Would the door let this entry in? False after an OUT_REFUSED that says why (authority, life,
 * gate). Changes nothing; time has to have come up to the entry's `known` (engine_until). An entry of
 * nobody (by 0, in an example) passes authority; no line of a log is without a sender. */
bool engine_door(struct engine *e, const struct entry *entry);

/* Lets time pass: everything that is due before `known` happens. */
void engine_until(struct engine *e, int64_t known, uint64_t place);

/* One entry that the door let in (or a tick, or a refused entry). */
void engine_step(struct engine *e, const struct entry *entry);

/* Some pool is full: what was said since is not to be trusted; the name of the pool, or NULL. */
const char *engine_full(const struct engine *e);

/* One number over all it knows. */
struct hash engine_hash(const struct engine *e);

/* Looking ------------------------------------------------------------------------------------- */

/* A state that holds now: 0 no, 1 unknown, 2 yes. */
uint8_t engine_state(struct engine *e, uint32_t state, const uint32_t *args);
/* The stage of a thing's life. */
uint32_t engine_stage(const struct engine *e, uint32_t life, uint32_t thing);
/* A gate: false when it does not live; limbs by enum gate_value. */
bool engine_gate(struct engine *e, uint32_t gate, const uint32_t *args, uint8_t *ret_value, uint8_t *ret_limbs);
/* A fact's value, or UNSET. */
int64_t engine_fact(const struct engine *e, uint32_t fact, const uint32_t *args);
/* Puts a state on without an event (an example's `given`). */
void engine_given(struct engine *e, uint32_t state, const uint32_t *args, int64_t at, uint64_t place);
/* How much is in use. */
struct capacity engine_use(const struct engine *e);
#endif
