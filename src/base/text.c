/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

static const char hex_digits[] = "0123456789abcdef";

void
put_hex(struct buf *b, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_c(b, hex_digits[bytes[i] >> 4]);
        put_c(b, hex_digits[bytes[i] & 15]);
    }
}

/* -1 when it is not a digit. */
static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hex_read(struct str s, uint8_t *ret, size_t n)
{
    if (n > SIZE_MAX / 2 || s.len != 2 * n)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (hex_value(s.ptr[i]) < 0)
            return false;
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = (uint8_t)(hex_value(s.ptr[2 * i]) * 16 + hex_value(s.ptr[2 * i + 1]));
    return true;
}

void
put_base32(struct buf *b, const uint8_t *bytes, size_t chars)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned held = 0, bits = 0; /* bits not yet written, the last `bits` of `held` */

    for (size_t i = 0; i < chars; i++) {
        if (bits < 5) {
            held = (held << 8 | *bytes++) & 0xfff;
            bits += 8;
        }
        bits -= 5;
        put_c(b, digits[held >> bits & 31]);
    }
}

enum { WORD_MAX = 63 };

static unsigned
least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, row by row: row[j] is the distance between the part of `a`
 * read so far and the first j bytes of `b`. */
unsigned
word_distance(struct str a, struct str b, unsigned max)
{
    unsigned rows[3][WORD_MAX + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];

    if (a.len > WORD_MAX || b.len > WORD_MAX)
        return max + 1;
    for (unsigned j = 0; j <= b.len; j++)
        last[j] = before[j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        row[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            row[j] = least(last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]),
                           least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
                a.ptr[i - 2] == b.ptr[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        unsigned *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return least(last[b.len], max + 1);
}

struct nearest
nearest_to(struct str word)
{
    return (struct nearest){.word = word, .distance = word.len < 3 ? 1 : word.len < 5 ? 2 : 3};
}

void
nearest_try(struct nearest *n, struct str candidate)
{
    unsigned d;

    if (str_eq(n->word, candidate))
        return;
    d = word_distance(n->word, candidate, n->distance);
    if (d < n->distance) {
        n->distance = d;
        n->best = candidate;
    }
}

void
put_nearest(struct buf *b, const struct nearest *n)
{
    if (n->best.len == 0)
        return;
    put_s(b, "; did you mean '");
    put(b, n->best);
    put_s(b, "'?");
}
