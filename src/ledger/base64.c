/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
put_base64(struct buf *b, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;

    while (n != 0) {
        size_t have = n < 3 ? n : 3;
        uint32_t held = (uint32_t)at[0] << 16;

        if (have > 1)
            held |= (uint32_t)at[1] << 8;
        if (have > 2)
            held |= at[2];
        put_c(b, digits[held >> 18]);
        put_c(b, digits[held >> 12 & 63]);
        put_c(b, have > 1 ? digits[held >> 6 & 63] : '=');
        put_c(b, have > 2 ? digits[held & 63] : '=');
        at += have;
        n -= have;
    }
}

/* 64 when it is no digit. */
static uint32_t
value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool
base64_read(struct str s, uint8_t *ret, size_t max, size_t *ret_len)
{
    size_t chars = s.len, n;
    uint32_t held = 0;

    if (s.len % 4 != 0)
        return false;
    while (chars > 0 && s.len - chars < 2 && s.ptr[chars - 1] == '=')
        chars--;
    n = s.len / 4 * 3 - (s.len - chars);
    if (n > max)
        return false;
    for (size_t i = 0, at = 0; i < chars; i++) {
        uint32_t v = value(s.ptr[i]);

        if (v == 64)
            return false;
        held = held << 6 | v;
        if (i % 4 != 0 && ret != NULL)
            ret[at++] = (uint8_t)(held >> (6 - 2 * (i % 4)));
    }
    /* What the last digit has behind the last byte: 2 bits after one '=', 4 after two. */
    if ((held & ((UINT32_C(1) << 2 * (s.len - chars)) - 1)) != 0)
        return false;
    *ret_len = n;
    return true;
}
