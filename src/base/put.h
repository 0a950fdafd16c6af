/* SPDX-License-Identifier: Apache-2.0 */
/* put.h -- text, written into a buffer the caller owns.
 *
 * A put that does not fit writes what fits and sets `full`; ask once, at the
 * end. Nothing here ends with a NUL but put_end(). */
#ifndef BASE_PUT_H
#define BASE_PUT_H
#include "base/status.h"

struct buf {
    char *ptr;
    size_t cap, len;
    bool full;
};

static inline struct buf
buf_of(char *ptr, size_t cap)
{
    return (struct buf){ptr, cap, 0, false};
}

static inline struct str
buf_str(const struct buf *b)
{
    return (struct str){b->ptr, b->len};
}

void put(struct buf *b, struct str s);
void put_c(struct buf *b, char c);
void put_s(struct buf *b, const char *cstr);
void put_u(struct buf *b, uint64_t n);
void put_i(struct buf *b, int64_t n);
void put_u_wide(struct buf *b, uint64_t n, unsigned width); /* zero-padded to at least that */

/* A JSON string with its quotes, escaped as RFC 8785 says: \" \\ \b \f \n \r \t, \u00xx for other
 * control bytes, all else as it is. The bytes must be valid UTF-8. */
void put_json(struct buf *b, struct str s);

/* Ends the text with a NUL and returns it; with no room left the last byte gives way, and `full` is set.
 * The NUL is not counted in `len`. A buffer of no bytes gives "". */
const char *put_end(struct buf *b);

/* Starts a diag: sets its place, empties its text, and returns a buffer over that text. Whatever
 * is put there stays NUL-terminated, with no call at the end. `d` may be NULL: all is dropped. */
struct buf diag_put(struct diag *d, uint32_t pos, uint32_t len);

/* The same in one call, for a sentence that is the same each time. */
void diag_set(struct diag *d, uint32_t pos, uint32_t len, const char *sentence);
#endif
