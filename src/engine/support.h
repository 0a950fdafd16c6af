/* SPDX-License-Identifier: Apache-2.0 */
/* support.h -- the evidence of one verdict while it is gathered: entries and claims.
 *
 * Conditions are worked out left to right and gather as they go; a branch that turns out not to
 * decide is cut off again (support_mark, support_cut). At the end, support_settle puts it into its
 * one form: entries rising, each once; claims that say the same joined, then in a fixed order. */
#ifndef ENGINE_SUPPORT_H
#define ENGINE_SUPPORT_H
#include "event/evidence.h"

enum { SUPPORT_ENTRIES = 4096, SUPPORT_CLAIMS = 1024 };

struct support {
    uint64_t entry[SUPPORT_ENTRIES];
    struct claim claim[SUPPORT_CLAIMS];
    uint32_t nentries, nclaims;
    bool over; /* more than fits: the verdict stands, and the checker refuses evidence that is cut short */
};

struct support_mark {
    uint32_t entries, claims;
};

static inline struct support_mark
support_mark(const struct support *s)
{
    return (struct support_mark){s->nentries, s->nclaims};
}

void support_copy(struct support *to, const struct support *from);
void support_reset(struct support *s);
void support_cut(struct support *s, struct support_mark m);          /* forgets what came after m */
void support_move(struct support *s, struct support_mark to, struct support_mark from); /* forgets what lies between */
void support_entry(struct support *s, uint64_t entry);
void support_claim(struct support *s, const struct claim *c);
void support_settle(struct support *s);
#endif
