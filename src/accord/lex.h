/* SPDX-License-Identifier: Apache-2.0 */
/* lex.h -- an agreement's text, cut into words.
 *
 * Words: NAME (letters and digits joined by "-"), DOT (NAME "." NAME, one word),
 * STRING, INT, CLOCK (22:30 or 22:30:01), POINT ("[lon, lat]"), ARROW ("->"),
 * marks ( ) : , = + - . Blanks, line ends and "--" comments separate them and
 * mean nothing else. Whether a NAME is a word of the language is decided by
 * where it stands, so the lexer does not say. */
#ifndef ACCORD_LEX_H
#define ACCORD_LEX_H
#include "accord/text.h"

enum token_type { TK_END, TK_NAME, TK_DOT, TK_STRING, TK_INT, TK_CLOCK, TK_POINT, TK_ARROW, TK_MARK };

struct token {
    uint32_t pos, len; /* bytes from the start of its text */
    uint8_t type; /* enum token_type */
    uint8_t text; /* which text, as given to accord_read */
    bool bad;     /* something here, or between the word before and this, could not be read and was told */
};

/* Cuts one text, or its first `most` words; the words go into the arena, TK_END last, right behind the last word. What begins no
 * word is a diag, one a line; the words round it are given all the same. A text that does not begin as
 * an agreement or a library has no words. NULL when the arena is full (a diag says so). */
struct token *lex(struct accord_text *text, uint8_t number, struct arena *arena,
                  struct accord_diags *diags, uint32_t most, uint32_t *ret_count);
#endif
