/* SPDX-License-Identifier: Apache-2.0 */
#include "event/evidence.h"

void
put_verdict_id(const struct program *p, uint32_t sentence, bool otherwise, uint64_t opened, uint32_t nth,
               struct buf *b)
{
    put(b, p->sentences[sentence].id);
    if (otherwise)
        put_s(b, ".otherwise");
    put_c(b, '/');
    put_u(b, opened);
    if (nth > 0) {
        put_c(b, '.');
        put_u(b, (uint64_t)nth + 1);
    }
}
