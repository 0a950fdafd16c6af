/* SPDX-License-Identifier: Apache-2.0 */
/* prove.h -- verdicts kept with their evidence, and handed to the independent checker as a bundle with
 * inclusion proofs, as a third person would get them. */
#ifndef CLI_PROVE_H
#define CLI_PROVE_H
#include "check/bundle.h"
#include "cli/judge.h"

/* A verdict as it was when its value was decided, with arrays of its own (malloc). */
struct said {
    struct verdict v;
    int64_t *binding;
    uint64_t *entry;
    struct claim *claim;
};

CHECKED bool said_keep(struct said *s, const struct verdict *v); /* copies; false when memory is out */
void said_free(struct said *s);
bool said_is(const struct said *s, struct verdict_ref r);

/* A breach is proven where it broke, not where it ended. */
void said_as_decided(struct said *s);

/* The log must have been kept (judging.keep) and judged to its end. `cited` may be NULL. The arena is of
 * PROVE_BLOCK bytes and is given back as it was. */
enum { PROVE_BLOCK = 2 * BUNDLE_BLOCK };
CHECKED enum check_result prove(struct judging *j, const struct said *s, const struct said *cited, struct arena *arena,
                                struct diag *d);
#endif
