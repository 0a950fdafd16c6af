/* SPDX-License-Identifier: Apache-2.0 */
/* codec_dump.h -- a record as text: "path=value" with a letter for the type, one a line. */
#ifndef TEST_CODEC_DUMP_H
#define TEST_CODEC_DUMP_H
#include "codec_test.h"

static inline void
put_record(struct buf *b, const struct record *r)
{
    static const char types[] = {'s', 'n', 'b', '0', 'L', '[', '{'};

    for (uint32_t i = 0; i < r->n; i++) {
        const struct item *e = &r->entries[i];

        put(b, e->path);
        put_c(b, '=');
        put_c(b, types[e->type]);
        if (e->type == RECORD_LIST || e->type == RECORD_TREE)
            put_u(b, e->count);
        put(b, e->text);
        put_c(b, '\n');
    }
}
#endif
