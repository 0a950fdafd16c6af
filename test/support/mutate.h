/* SPDX-License-Identifier: Apache-2.0 */
/* mutate.h -- a proven verdict, changed in one thing: what a checker must no longer find proven.
 *
 * For a verdict with its evidence, mutations are numbered from 0: each listed entry dropped, each put at
 * another place; each claim dropped, and shrunk by 1 ms at its beginning and at its end; each name of the
 * binding changed for another; met for breached; onset, deadline and end moved by 1 ms either way.
 *
 * A mutation of evidence that is minimal must be refused. Of evidence that says more than it needs, some
 * may still be proven: what they drop was not needed. */
#ifndef TEST_SUPPORT_MUTATE_H
#define TEST_SUPPORT_MUTATE_H
#include "check/verdict.h"

enum mutation_type {
    MUTATION_ENTRY, MUTATION_PLACE, MUTATION_CLAIM, MUTATION_CLAIM_FROM, MUTATION_CLAIM_TO, MUTATION_BINDING,
    MUTATION_VALUE, MUTATION_ONSET, MUTATION_DEADLINE, MUTATION_END, MUTATIONS,
};

/* Everything it points to, but for the entries and claims that are unchanged, lies in itself or in the
 * arena; so a mutant is not to be copied. */
struct mutant {
    struct check check;
    struct verdict verdict;
    enum mutation_type type;
    uint32_t which; /* entry, claim or name; of a moved time: 0 earlier, 1 later */
};

/* How many there are. */
uint32_t mutation_count(const struct check *c);

/* Makes the i-th; false when there is no i-th, or the arena is full. */
CHECKED bool mutation(const struct check *c, uint32_t i, struct arena *arena, struct mutant *ret);

/* "entry 12 dropped", in short. */
void put_mutation(const struct mutant *m, struct buf *b);
#endif
