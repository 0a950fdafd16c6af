/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/feed_lex.h"
#include "base/put.h"

static bool
is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '@' || (unsigned char)c >= 0x80;
}

static size_t
line_end(struct str in, size_t at)
{
    while (at < in.len && in.ptr[at] != '\n')
        at++;
    return at;
}

/* The first byte that is neither blank nor part of a comment. */
static size_t
skip_blanks(struct str in, size_t at)
{
    for (; at < in.len; at++) {
        char c = in.ptr[at];

        if (c == '-' && at + 1 < in.len && in.ptr[at + 1] == '-')
            at = line_end(in, at);
        else if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            break;
    }
    return at < in.len ? at : in.len;
}

static struct feed_token
string(struct str in, size_t at, size_t *ret_end)
{
    size_t end = at + 1;

    while (end < in.len && in.ptr[end] != '"' && in.ptr[end] != '\n')
        end++;
    if (end == in.len || in.ptr[end] == '\n') {
        *ret_end = end;
        return (struct feed_token){FEED_BAD, STR("a quotation ends on its line; write the closing \""), at};
    }
    *ret_end = end + 1;
    return (struct feed_token){FEED_STRING, str_cut(in, at + 1, end - at - 1), at};
}

struct feed_token
feed_token(struct str in, size_t pos, size_t *ret_end)
{
    size_t at = skip_blanks(in, pos), end = at;

    *ret_end = in.len;
    if (at == in.len)
        return (struct feed_token){FEED_END, str_cut(in, at, 0), at};
    if (in.ptr[at] == '"')
        return string(in, at, ret_end);
    while (end < in.len && is_word_byte(in.ptr[end]))
        end++;
    *ret_end = end > at ? end : at + 1;
    if (end > at)
        return (struct feed_token){FEED_WORD, str_cut(in, at, end - at), at};
    if (memchr(":,=", in.ptr[at], 3) != NULL)
        return (struct feed_token){FEED_MARK, str_cut(in, at, 1), at};
    return (struct feed_token){
        FEED_BAD, STR("a name holds letters, digits, _ - . and @; write another one in quotes"), at};
}

struct buf
feed_diag(struct diag *d, struct str file, struct str in, size_t pos)
{
    struct buf b = diag_put(d, (uint32_t)pos, 0);
    uint64_t line = 1, column = 1;

    for (size_t i = 0; i < pos && i < in.len; i++) {
        if (in.ptr[i] == '\n') {
            line++;
            column = 1;
        } else {
            column += ((unsigned char)in.ptr[i] & 0xc0) != 0x80;
        }
    }
    put(&b, file);
    put_c(&b, ':');
    put_u(&b, line);
    put_c(&b, ':');
    put_u(&b, column);
    put_s(&b, ": ");
    return b;
}
