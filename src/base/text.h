/* SPDX-License-Identifier: Apache-2.0 */
/* text.h -- the two spellings of bytes: hex, and Crockford's base32 in lower case
 * (digits and letters without i, l, o, u; https://www.crockford.com/base32.html);
 * and how like two words are. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include "base/put.h"

void put_hex(struct buf *b, const uint8_t *bytes, size_t n);
CHECKED bool hex_read(struct str s, uint8_t *ret, size_t n); /* exactly 2n digits, lower case */

/* `chars` characters of 5 bits each, taken from the front of `bytes`, high bit first; as many bytes
 * as hold 5 * `chars` bits are read. */
void put_base32(struct buf *b, const uint8_t *bytes, size_t chars);

/* How unlike two words are (Levenshtein; each insertion, deletion, change or swap of neighbours
 * counts 1); anything above `max` is max + 1, and so are words beyond 63 bytes. For "did you mean". */
unsigned word_distance(struct str a, struct str b, unsigned max);

/* The word most like `word` of those that are tried, or empty when none is like it. Two letters are
 * like nothing; a word is not like itself. */
struct nearest {
    struct str word, best;
    unsigned distance;
};
struct nearest nearest_to(struct str word);
void nearest_try(struct nearest *n, struct str candidate);
void put_nearest(struct buf *b, const struct nearest *n); /* "; did you mean 'x'?", or nothing */
#endif
