/* SPDX-License-Identifier: Apache-2.0 */
/* json.h -- a strict reader of JSON (RFC 8259) over a slice, without allocation.
 *
 * It is for our own lines (entries, scenarios); foreign JSON goes through
 * src/codec. A pull reader: json_next() gives one token after another; strings
 * come as raw slices between their quotes, and json_text() unescapes them into
 * the caller's buffer. Refused: bytes that are not UTF-8, lone surrogates,
 * control bytes in strings, leading zeros, trailing commas, bytes after the
 * value, depth beyond JSON_DEPTH, a NUL. The first failure stays: every later
 * token is JSON_BAD. A key that comes twice is the caller's to refuse: the reader
 * keeps no names. The escape \u0000 is text like any other.
 *
 * No byte is read past the slice, and nothing is kept: tokens point into it. */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/put.h"

enum { JSON_DEPTH = 32 };

enum json_type {
    JSON_BAD,
    JSON_END, /* the whole input was one value */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY, /* raw slice; its value is the next token */
    JSON_STRING,
    JSON_NUMBER, /* raw slice */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

struct json {
    struct str in;
    size_t pos;
    uint32_t depth;
    uint32_t stack; /* bit d set: depth d is an object */
    uint8_t want;   /* what may come next; private */
    bool bad;
    struct diag *diag; /* where the first failure is told; may be NULL */
};

struct json_token {
    enum json_type type;
    bool escaped;  /* a string or key that holds a backslash */
    struct str raw; /* the bytes: of a string without its quotes, of a composite only its bracket */
    size_t pos;    /* where it starts; of a string its opening quote */
};

void json_init(struct json *j, struct str in, struct diag *diag);
struct json_token json_next(struct json *j);

/* Skips the rest of the value whose first token was `t` (of a key, its value); false when it is bad. */
CHECKED bool json_skip(struct json *j, struct json_token t);

/* The text of a string or key: added to `b` without its escapes when it has any, and then a slice of
 * `b`; a slice of the input otherwise. When `b` has no room, b->full is set and the text is cut. */
struct str json_text(struct json_token t, struct buf *b);

/* A whole number without fraction or exponent that fits; `ret` is untouched otherwise. */
CHECKED bool json_int(struct str raw, int64_t *ret);

/* Is the slice valid UTF-8 (no overlong form, no surrogate, at most U+10FFFF)? */
bool utf8_valid(struct str s);
#endif
