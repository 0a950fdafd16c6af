/* SPDX-License-Identifier: Apache-2.0 */
/* str.h -- a borrowed slice of bytes, by value, with no NUL at its end. */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

#define STR(lit) ((struct str){("" lit), sizeof(lit) - 1})
#define STR_LIT(lit) {("" lit), sizeof(lit) - 1} /* the same in a static table */
#define STR_FMT(s) (int)(s).len, (s).ptr /* for "%.*s" in the shell */

static inline struct str
str_of(const char *cstr)
{
    return (struct str){cstr, strlen(cstr)};
}

static inline bool
str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Bytewise order; a prefix comes first. */
static inline int
str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

    if (c != 0)
        return c;
    return a.len < b.len ? -1 : a.len > b.len;
}

/* The part from `from` on, at most `len` bytes; never past the end. */
static inline struct str
str_cut(struct str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){s.ptr + from, len};
}

static inline bool
str_starts(struct str s, struct str with)
{
    return s.len >= with.len && (with.len == 0 || memcmp(s.ptr, with.ptr, with.len) == 0);
}
#endif
