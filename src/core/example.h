/* SPDX-License-Identifier: Apache-2.0 */
/* example.h -- a text's own examples, played.
 *
 * `given` stands one millisecond before the first line and passes no door. A line without `by` passes
 * authority. Times are local times of a Monday that begins the example; `day 2` is the next. Each
 * expectation is asked of the engine at its instant, after all that is due by then. */
#ifndef CORE_EXAMPLE_H
#define CORE_EXAMPLE_H
#include "engine/engine.h"

enum { EXAMPLE_BLOCK = 64 << 20 }; /* an arena of this size plays any example */

struct example_fault {
    uint32_t text, line, col, len; /* where the expectation stands; line and column from 1 */
    char what[600];                /* what was expected, and what there was */
};

/* Plays one example. Faults beyond `max` are counted but not told. The arena is used from its present
 * mark on and given back. */
uint32_t example_play(const struct program *p, uint32_t example, struct arena *arena, struct example_fault *fault,
                      uint32_t max);
#endif
