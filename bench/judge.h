/* SPDX-License-Identifier: Apache-2.0 */
/* judge.h -- what the programs of the benchmark share: texts, a day of entries, an engine that judges it.
 *
 * A day comes from a file, or is made here, entry by entry. What is timed is what the engine does: each
 * entry's step, and a tick before it whenever one is due, as `entente run` appends them (rates count
 * entries and not ticks). Evidence is on, as it always is: the sink reads every entry and claim of every
 * verdict. The engine's memory is fresh each time and is paid for page by page as it is first touched,
 * within the time. */
#ifndef BENCH_JUDGE_H
#define BENCH_JUDGE_H
#include "engine/inner.h"
#include "os/file.h"
#include "os/memory.h"

struct day {
    struct arena arena;
    struct str file, opening; /* its first line */
    struct symbols symbols;
    struct entry *entry;
    size_t n, cap;
};

struct bench {
    const char *program; /* its name, for what goes wrong */
    struct arena texts, block; /* the compiled program's; an engine's */
    struct accord_text text[ACCORD_TEXTS_MAX];
    uint32_t ntexts;
    const struct program *p;
    struct capacity capacity;
    struct day day;
    struct engine *engine;
    uint64_t place; /* of the next entry */
    uint64_t ticks;
};

struct seen { /* what a sink has looked at */
    uint64_t verdicts, entries, claims, others;
    int64_t sum;
};

_Noreturn void die(const struct bench *b, const char *what, const char *why); /* exit status 2 */

/* Of this process: neighbours on a shared machine take wall time, and are no part of what a step costs. */
double seconds(void);

void block_take(const struct bench *b, struct arena *a, size_t gib);
void texts_load(struct bench *b, char **paths, int n); /* libraries first, as accord_read() wants them */
void texts_understand(struct bench *b, struct arena *arena);

void symbols_take(const struct bench *b, struct symbols *s, struct arena *arena);
struct str next_line(struct str *rest);
void entry_read(const struct bench *b, struct symbols *symbols, struct str line, struct entry *ret);
void day_read(struct bench *b, const char *path);

/* A day that is made: its opening, then entries in the order of time. `when` is in ms after midnight; names
 * are made of a letter and a number, one for each of the kind's parameters. */
void day_make(struct bench *b, size_t cap);
void day_add(struct bench *b, const char *kind, int64_t when, const char *letters, const uint32_t *numbers);

void engine_begin(struct bench *b, struct symbols *symbols, engine_sink *sink, void *context);
void judge_entry(struct bench *b, struct entry *entry);
void judge_span(struct bench *b, size_t from, size_t to); /* dies when a pool is full */
void see(void *context, const struct out *o);              /* the sink of every timed run; struct seen */
#endif
