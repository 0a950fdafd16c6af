/* SPDX-License-Identifier: Apache-2.0 */
/* table.h -- the minute table: outputs as a duty officer would read them, one event a line. */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H
#include "view/names.h"

enum { TABLE_GATES = 64 };

struct minutes {
    int64_t day; /* the local day of the last line */
    struct {     /* the gates' last limbs, to say what changed */
        uint32_t gate, object[ARITY_MAX];
        uint8_t limbs[64], value;
        bool used;
    } gate[TABLE_GATES];
    uint64_t breaches[3], told, refused, unknown, met;
};

/* One output, or nothing when a duty officer need not read it. With its line end. */
void put_out_table(struct minutes *t, const struct view *v, const struct out *o, struct buf *b);
void put_table_end(struct minutes *t, const struct view *v, struct buf *b);
#endif
