/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.h -- does the evidence of a verdict show it?
 *
 * The checker re-evaluates a verdict from its evidence alone: the entries it lists, its claims, the
 * opening of the theatre, and nothing else (doc/notes/0003-evidence.md says what each is worth). It
 * shares no evaluation with the engine. It never accepts by default: what it does not know, or does not
 * handle, is not shown.
 *
 * A claim ("nothing came") is taken at its word; that it is true of the log is for whoever holds the log
 * to see, by reading the stretch it names. */
#ifndef CHECK_VERDICT_H
#define CHECK_VERDICT_H
#include "event/evidence.h"

enum { CHECK_BLOCK = 16 << 20 }; /* an arena of this size holds the work on any evidence within the bounds */

enum check_result {
    CHECK_PROVEN,
    CHECK_NOT_SHOWN,
    CHECK_NOTHING_TO_SHOW, /* pending, unknown and marginal say what is missing, and prove nothing */
};

/* A verdict and all that is known. Everything is borrowed for the call. */
struct check {
    const struct program *program;
    const struct opening *opening; /* entry 0 */
    const struct symbols *symbols; /* of the binding, the entries, the claims */
    const struct entry *entries;   /* those that verdict->entries lists, no other, each with its place; any order */
    uint32_t nentries;
    const struct verdict *verdict;
    int64_t known;   /* of the entry (or tick) at the verdict's place: how far time had come there */
    bool happened;   /* a verdict of the order of `at`: every entry of the log exists for it, and `now` is an
                      * entry's `at`, not its `known` */
    const struct verdict *const *good; /* verdicts that were found proven, each as it was when it was decided,
                                        * for one that cites another */
    uint32_t ngood;
};

/* Is the verdict shown? CHECK_NOT_SHOWN puts into `d` one sentence that names what is missing; too much
 * to do within the bounds is not shown either, and says so. Memory is taken from the arena and given
 * back. Times are milliseconds, as in the log. */
CHECKED enum check_result check_verdict(const struct check *c, struct arena *arena, struct diag *d);
#endif
