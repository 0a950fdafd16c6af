/* SPDX-License-Identifier: Apache-2.0 */
#include "base/put.h"

enum { DIGITS = 20 }; /* of UINT64_MAX */

void
put(struct buf *b, struct str s)
{
    size_t room = b->cap - b->len;

    if (s.len > room) {
        s.len = room;
        b->full = true;
    }
    if (s.len != 0)
        memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

void
put_c(struct buf *b, char c)
{
    if (b->len < b->cap)
        b->ptr[b->len++] = c;
    else
        b->full = true;
}

void
put_s(struct buf *b, const char *cstr)
{
    put(b, str_of(cstr));
}

void
put_u(struct buf *b, uint64_t n)
{
    put_u_wide(b, n, 1);
}

void
put_i(struct buf *b, int64_t n)
{
    if (n < 0)
        put_c(b, '-');
    put_u(b, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void
put_u_wide(struct buf *b, uint64_t n, unsigned width)
{
    char digits[DIGITS];
    unsigned at = DIGITS;

    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n != 0);
    for (; width > DIGITS; width--)
        put_c(b, '0');
    while (DIGITS - at < width)
        digits[--at] = '0';
    put(b, (struct str){digits + at, DIGITS - at});
}

/* The letter after the backslash; 0 when the byte has no short form. */
static char
short_escape(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static void
put_escape(struct buf *b, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char letter = short_escape(c);

    put_c(b, '\\');
    if (letter != 0) {
        put_c(b, letter);
        return;
    }
    put(b, STR("u00"));
    put_c(b, hex[c >> 4]);
    put_c(b, hex[c & 15]);
}

void
put_json(struct buf *b, struct str s)
{
    size_t done = 0;

    put_c(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        put(b, (struct str){s.ptr + done, i - done});
        put_escape(b, c);
        done = i + 1;
    }
    if (done < s.len)
        put(b, (struct str){s.ptr + done, s.len - done});
    put_c(b, '"');
}

const char *
put_end(struct buf *b)
{
    if (b->cap == 0) {
        b->full = true;
        return "";
    }
    if (b->len == b->cap) {
        b->len--;
        b->full = true;
    }
    b->ptr[b->len] = '\0';
    return b->ptr;
}

struct buf
diag_put(struct diag *d, uint32_t pos, uint32_t len)
{
    if (d == NULL)
        return (struct buf){0};
    *d = (struct diag){.pos = pos, .len = len};
    return buf_of(d->text, DIAG_TEXT - 1);
}

void
diag_set(struct diag *d, uint32_t pos, uint32_t len, const char *sentence)
{
    struct buf b = diag_put(d, pos, len);

    put_s(&b, sentence);
}
