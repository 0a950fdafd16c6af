/* SPDX-License-Identifier: Apache-2.0 */
/* table.h -- the minute table: outputs as a duty officer would read them, one event a line.
 *
 *   22:20:00  GATE     depart of M-PQ is shut: cordon turned red (Nothing unresolved near the exit)
 *   22:22:00  TELL     post.leader, amber: C3.a Dwell in the outer cordon (v X, z outer-1)
 *   22:52:00  REFUSED  movement.go by Khan: depart is held by cordon
 *
 * What is merely in order is left out; `run --json` has all of it. */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H
#include "view/names.h"

enum { TABLE_GATES = 64, TABLE_LIMBS = 64 };

struct minutes {
    int64_t day; /* the local day of the last line */
    bool begun;
    struct {     /* the gates' last limbs, to say what changed */
        uint32_t gate, object[ARITY_MAX];
        uint8_t limbs[TABLE_LIMBS], value;
        bool used;
    } gate[TABLE_GATES];
    uint64_t breaches[3], told, refused, unknown, met;
    uint64_t asked;   /* duties that another verdict opened, and nobody has met yet */
    int64_t asked_by; /* the first one's deadline */
};

/* One output, or nothing when a duty officer need not read it. With its line end. */
void put_out_table(struct minutes *t, const struct view *v, const struct out *o, struct buf *b);
/* The closing lines: how much of what there was. */
void put_table_end(struct minutes *t, const struct view *v, struct buf *b);
#endif
