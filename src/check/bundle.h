/* SPDX-License-Identifier: Apache-2.0 */
/* bundle.h -- a verdict with its evidence as bytes of the log, to be checked against the log's root.
 *
 * Each line comes with its index and a proof that the tree of `size` lines with this root holds it
 * there (leaf = SHA-256(0x00 || line), RFC 6962). So a changed byte, a changed index, or a line put in
 * another's place is refused by the tree, before anything is read. */
#ifndef CHECK_BUNDLE_H
#define CHECK_BUNDLE_H
#include "check/verdict.h"
#include "ledger/tree.h"

struct bundle_line {
    uint64_t index;
    struct str line;         /* canonical, without a line end */
    const struct hash *path; /* the inclusion proof, from the leaf's end up */
    uint64_t npath;
};

/* Everything is borrowed for the call. */
struct bundle {
    const struct program *program;
    uint64_t size;    /* of the tree */
    struct hash root; /* as a checkpoint says it; that it is signed is for the caller to see */
    struct bundle_line opening;        /* theatre.opened, index 0 */
    struct bundle_line place;          /* the entry or tick at the verdict's place: that time had come so far */
    const struct bundle_line *entries; /* those that the verdict lists */
    uint32_t nentries;
    const struct verdict *verdict; /* its names are numbers of the symbols */
    bool happened;
    const struct verdict *const *good; /* as for check_verdict() */
    uint32_t ngood;
};

enum { BUNDLE_BLOCK = CHECK_BLOCK + (1 << 20) }; /* an arena of this size holds the work */

/* Verifies each proof, reads each line against the vocabulary, and then check_verdict(). The opening
 * must be of the program's agreement and version. Names that the lines bring are added to the symbols.
 * Memory is taken from the arena and given back. */
CHECKED enum check_result check_bundle(const struct bundle *b, struct symbols *s, struct arena *arena, struct diag *d);
#endif
