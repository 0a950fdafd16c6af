/* SPDX-License-Identifier: Apache-2.0 */
/* core.h -- the one door: lines of the log in, and all that follows from them out.
 *
 * A core is a log's tree and an engine, stepped together. core_step() takes the next line of the log,
 * whoever wrote it: replay is nothing but that. core_offer() says which line an event would become:
 * its own, or a `refused` entry that keeps what was tried. The shell lets time pass by appending
 * ticks (core_tick) whenever core_next() says one is due, before any line of that instant.
 *
 * Everything lies in the caller's arena. Outputs come through the sink while a step runs and live
 * until it returns. */
#ifndef CORE_CORE_H
#define CORE_CORE_H
#include "engine/engine.h"
#include "ledger/tree.h"

enum { SEMANTICS_VERSION = 1 };

struct core {
    const struct program *p;
    struct engine *engine;
    struct symbols symbols;
    struct tree tree;
    struct opening opening;
    struct capacity capacity;
    char *scratch; /* EVENT_SCRATCH bytes for reading a line */
};

/* What entry 0 says of capacities; where it says nothing, the engine's defaults. */
struct capacity core_capacity(const struct opening *opening);
/* The same as entry 0 has it: {"cells":1048576,...}. */
void core_put_capacity(struct capacity capacity, struct buf *b);

/* NULL when the arena is too small. */
struct core *core_new(const struct program *p, struct arena *arena, struct capacity capacity, engine_sink *sink,
                      void *context);

/* The next line of the log (canonical). Entry 0 must be theatre.opened and is the first.
 * ST_MALFORMED, ST_INVALID: the line is none of ours, and nothing has changed. ST_CONFLICT: `known`
 * goes back, or entry 0 is missing or comes twice, or gives other capacities. ST_LIMIT: a pool is
 * full; the diag names it and the core is of no more use. */
CHECKED enum status core_step(struct core *c, struct str line, struct diag *d);

/* When the next tick is due (its `at` and `known`), or FOREVER. */
int64_t core_next(const struct core *c);
void core_tick(int64_t at, struct buf *line);

/* What a closed event (event_close) becomes in the log when it is known now: its canonical line into
 * `line`, true when the door lets it in. Otherwise a `refused` entry, after an OUT_REFUSED. */
CHECKED bool core_offer(struct core *c, const struct event *e, struct buf *line);

uint64_t core_size(const struct core *c);
struct hash core_root(const struct core *c);
struct hash core_state(const struct core *c); /* the engine's; both sides must have the same */
#endif
