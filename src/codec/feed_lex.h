/* SPDX-License-Identifier: Apache-2.0 */
/* feed_lex.h -- a feed's text, cut into words.
 *
 * WORD    letters, digits, _ - . @ and characters beyond ASCII: paths, names and numbers alike
 * STRING  "..." on one line, without escapes
 * MARK    : , =
 * Blanks, line ends and comments from "--" separate them and mean nothing else. */
#ifndef CODEC_FEED_LEX_H
#define CODEC_FEED_LEX_H
#include "base/status.h"

enum feed_token_type { FEED_END, FEED_WORD, FEED_STRING, FEED_MARK, FEED_BAD };

struct feed_token {
    enum feed_token_type type;
    struct str text; /* of a string without its quotes; of a bad one what is wrong */
    size_t pos;
};

/* The word at or behind `pos`; *ret_end is the place behind it. */
struct feed_token feed_token(struct str in, size_t pos, size_t *ret_end);

/* "file:line:column: " of a place. Columns count characters. */
struct buf feed_diag(struct diag *d, struct str file, struct str in, size_t pos);
#endif
