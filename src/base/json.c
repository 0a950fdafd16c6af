/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar (RFC 8259), with what each part accepts next kept in json.want:
 *
 *   text   = value END
 *   value  = object | array | STRING | NUMBER | true | false | null
 *   object = "{" [ STRING ":" value { "," STRING ":" value } ] "}"
 *   array  = "[" [ value { "," value } ] "]"
 *
 * The depth is small and fixed, so the stack is one bit a level. The first
 * failure moves to the end of the input, so no rule checks another's errors. */
#include "base/json.h"

enum want {
    WANT_VALUE,
    WANT_VALUE_OR_END, /* just after "[" */
    WANT_KEY,
    WANT_KEY_OR_END, /* just after "{" */
    WANT_COMMA_OR_END,
    WANT_NOTHING,
};

static const char no_quote[] = "the string that starts here has no closing quote";
static const char control_byte[] =
    "a control byte in a string is written as an escape, such as \\n";
static const char bad_escape[] =
    "an escape is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hex digits, "
    "surrogates in pairs";
static const char comma_or_brace[] = "a comma or } goes here";
static const char comma_or_bracket[] = "a comma or ] goes here";
static const char no_value[] =
    "a value is an object, an array, a string, a number, true, false or null";

void
json_init(struct json *j, struct str in, struct diag *diag)
{
    if (in.ptr == NULL)
        in = STR("");
    *j = (struct json){.in = in, .diag = diag, .want = WANT_VALUE};
}

static inline struct json_token
token(const struct json *j, enum json_type type, size_t pos, size_t len)
{
    return (struct json_token){.type = type, .raw = {j->in.ptr + pos, len}, .pos = pos};
}

static struct json_token
fail(struct json *j, size_t at, const char *why)
{
    if (!j->bad) {
        uint32_t pos = at < UINT32_MAX ? (uint32_t)at : UINT32_MAX;
        struct buf b = diag_put(j->diag, pos, at < j->in.len);

        if (at == j->in.len)
            put_s(&b, "the input ends here; ");
        put_s(&b, why);
    }
    j->bad = true;
    j->pos = j->in.len;
    return token(j, JSON_BAD, at, 0);
}

/* Bytes */

static inline unsigned char
byte_at(const struct json *j, size_t at)
{
    return (unsigned char)j->in.ptr[at];
}

/* 0 past the end: no rule accepts a NUL, so the end is refused where a NUL would be. */
static inline unsigned char
peek(const struct json *j)
{
    return j->pos < j->in.len ? byte_at(j, j->pos) : 0;
}

static inline void
skip_space(struct json *j)
{
    for (; j->pos < j->in.len; j->pos++) {
        unsigned char c = byte_at(j, j->pos);

        if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
            return;
    }
}

/* UTF-8 */

static inline bool
in_range(unsigned char c, unsigned char low, unsigned char high)
{
    return c >= low && c <= high;
}

/* The length of the character at the front of the `n` bytes at `p`, 0 when it is none:
 * the table of RFC 3629, section 4. */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

    if (len == 1)
        return 1;
    if (c < 0xc2 || c > 0xf4 || n < len || !in_range(p[1], low, high))
        return 0;
    for (size_t i = 2; i < len; i++) {
        if (!in_range(p[i], 0x80, 0xbf))
            return 0;
    }
    return len;
}

bool
utf8_valid(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;

    for (size_t at = 0, len; at < s.len; at += len) {
        len = utf8_length(p + at, s.len - at);
        if (len == 0)
            return false;
    }
    return true;
}

/* Strings */

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Does any of eight bytes need a look: a quote, a backslash, a control byte, one beyond
 * ASCII? (x - 1) & ~x has its high bit set in a zero byte; borrows may mark a byte above
 * a true one only, so the answer for the eight together is exact. */
static inline bool
special_in(const char *p)
{
    uint64_t x, quote, slash;

    memcpy(&x, p, sizeof x);
    quote = x ^ EACH_BYTE('"');
    slash = x ^ EACH_BYTE('\\');
    x |= (x - EACH_BYTE(0x20)) | ((quote - EACH_BYTE(1)) & ~quote) |
         ((slash - EACH_BYTE(1)) & ~slash);
    return (x & EACH_BYTE(0x80)) != 0;
}

/* The place of the next byte that is not plain ASCII text, at most the end. */
static inline size_t
plain_end(const struct json *j, size_t at)
{
    while (j->in.len - at >= 8 && !special_in(j->in.ptr + at))
        at += 8;
    for (; at < j->in.len; at++) {
        unsigned char c = byte_at(j, at);

        if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
            break;
    }
    return at;
}

/* The value of four hex digits at `at`, in either case; -1 when they are not four. */
static int32_t
hex4(struct str s, size_t at)
{
    int32_t n = 0;

    if (at > s.len || s.len - at < 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        char c = s.ptr[i];

        if (c >= '0' && c <= '9')
            n = n * 16 + (c - '0');
        else if (c >= 'a' && c <= 'f')
            n = n * 16 + (c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            n = n * 16 + (c - 'A' + 10);
        else
            return -1;
    }
    return n;
}

static inline bool
is_surrogate(int32_t u, int32_t first)
{
    return u >= first && u < first + 0x400;
}

enum { HIGH_SURROGATE = 0xd800, LOW_SURROGATE = 0xdc00 };

/* The code point of the "\uXXXX" or surrogate pair whose backslash is at `at`, and its
 * length in the input; -1 when it is none. */
static int32_t
read_unicode(struct str s, size_t at, size_t *ret_len)
{
    int32_t u = hex4(s, at + 2), low;

    *ret_len = 6;
    if (!is_surrogate(u, HIGH_SURROGATE))
        return is_surrogate(u, LOW_SURROGATE) ? -1 : u;
    if (s.len - at < 12 || s.ptr[at + 6] != '\\' || s.ptr[at + 7] != 'u')
        return -1;
    low = hex4(s, at + 8);
    if (!is_surrogate(low, LOW_SURROGATE))
        return -1;
    *ret_len = 12;
    return 0x10000 + ((u - HIGH_SURROGATE) << 10) + (low - LOW_SURROGATE);
}

/* The length of the escape whose backslash is at `at`; 0 when it is none. */
static size_t
escape_length(const struct json *j, size_t at)
{
    size_t len;

    if (at + 1 >= j->in.len)
        return 0;
    switch (j->in.ptr[at + 1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return 2;
    case 'u':
        return read_unicode(j->in, at, &len) < 0 ? 0 : len;
    default:
        return 0;
    }
}

/* STRING, its opening quote at j->pos. */
static struct json_token
string(struct json *j, enum json_type type)
{
    struct json_token t = {.type = type, .pos = j->pos};
    size_t start = j->pos, at = start + 1, len;

    for (;; at += len) {
        at = plain_end(j, at);
        if (at == j->in.len)
            return fail(j, start, no_quote);
        if (byte_at(j, at) == '"')
            break;
        if (byte_at(j, at) < 0x20)
            return fail(j, at, control_byte);
        if (byte_at(j, at) == '\\') {
            len = escape_length(j, at);
            t.escaped = true;
            if (len == 0)
                return fail(j, at, bad_escape);
        } else {
            len = utf8_length((const unsigned char *)j->in.ptr + at, j->in.len - at);
            if (len == 0)
                return fail(j, at, "the bytes here are not UTF-8; save the text as UTF-8");
        }
    }
    j->pos = at + 1;
    t.raw = str_cut(j->in, start + 1, at - start - 1);
    return t;
}

/* Numbers and words */

static size_t
digits_end(const struct json *j, size_t at)
{
    while (at < j->in.len && in_range(byte_at(j, at), '0', '9'))
        at++;
    return at;
}

/* NUMBER = ["-"] ("0" | digit1-9 {digit}) ["." {digit}+]
 *          [("e" | "E") ["+" | "-"] {digit}+] */
static struct json_token
number(struct json *j)
{
    size_t start = j->pos, at = start + (peek(j) == '-'), end = digits_end(j, at);

    if (end == at)
        return fail(j, end, "a number needs a digit here");
    if (byte_at(j, at) == '0' && end - at > 1)
        return fail(j, at, "a number has no leading zero");
    if (end < j->in.len && byte_at(j, end) == '.') {
        at = end + 1;
        end = digits_end(j, at);
        if (end == at)
            return fail(j, end, "a digit follows the decimal point");
    }
    if (end < j->in.len && (byte_at(j, end) | 0x20) == 'e') {
        at = end + 1;
        at += at < j->in.len && (byte_at(j, at) == '+' || byte_at(j, at) == '-');
        end = digits_end(j, at);
        if (end == at)
            return fail(j, end, "an exponent needs a digit");
    }
    j->pos = end;
    return token(j, JSON_NUMBER, start, end - start);
}

static struct json_token
word(struct json *j, struct str w, enum json_type type)
{
    size_t start = j->pos;
    struct str raw = str_cut(j->in, start, w.len);

    if (!str_eq(raw, w))
        return fail(j, start, no_value);
    j->pos += w.len;
    return token(j, type, start, w.len);
}

/* Composites */

static bool
in_object(const struct json *j)
{
    return j->depth != 0 && (j->stack >> (j->depth - 1) & 1) != 0;
}

static struct json_token
bracket(struct json *j, enum json_type type)
{
    return token(j, type, j->pos++, 1);
}

static struct json_token
open_composite(struct json *j, enum json_type type)
{
    uint32_t bit;

    if (j->depth == JSON_DEPTH)
        return fail(j, j->pos, "this is nested too deep");
    bit = UINT32_C(1) << j->depth++;
    if (type == JSON_OBJECT)
        j->stack |= bit;
    else
        j->stack &= ~bit;
    j->want = type == JSON_OBJECT ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
    return bracket(j, type);
}

static void
after_value(struct json *j)
{
    j->want = j->depth == 0 ? WANT_NOTHING : WANT_COMMA_OR_END;
}

static struct json_token
close_composite(struct json *j)
{
    enum json_type type = in_object(j) ? JSON_OBJECT_END : JSON_ARRAY_END;

    j->depth--;
    after_value(j);
    return bracket(j, type);
}

static bool
at_closing_bracket(const struct json *j)
{
    return j->pos < j->in.len && byte_at(j, j->pos) == (in_object(j) ? '}' : ']');
}

static struct json_token
value(struct json *j)
{
    unsigned char c = peek(j);

    if (c == '{')
        return open_composite(j, JSON_OBJECT);
    if (c == '[')
        return open_composite(j, JSON_ARRAY);
    after_value(j);
    if (c == '"')
        return string(j, JSON_STRING);
    if (c == '-' || in_range(c, '0', '9'))
        return number(j);
    if (c == 't')
        return word(j, STR("true"), JSON_TRUE);
    if (c == 'f')
        return word(j, STR("false"), JSON_FALSE);
    return word(j, STR("null"), JSON_NULL);
}

/* STRING ":" */
static struct json_token
key(struct json *j)
{
    struct json_token t;

    if (peek(j) != '"')
        return fail(j, j->pos, "a key in double quotes goes here");
    t = string(j, JSON_KEY);
    if (j->bad)
        return t;
    skip_space(j);
    if (peek(j) != ':')
        return fail(j, j->pos, "a colon follows a key");
    j->pos++;
    j->want = WANT_VALUE;
    return t;
}

struct json_token
json_next(struct json *j)
{
    if (j->bad)
        return fail(j, j->in.len, "");
    skip_space(j);
    switch ((enum want)j->want) {
    case WANT_KEY_OR_END:
    case WANT_VALUE_OR_END:
        if (at_closing_bracket(j))
            return close_composite(j);
        break;
    case WANT_COMMA_OR_END:
        if (at_closing_bracket(j))
            return close_composite(j);
        if (peek(j) != ',')
            return fail(j, j->pos, in_object(j) ? comma_or_brace : comma_or_bracket);
        j->pos++;
        j->want = in_object(j) ? WANT_KEY : WANT_VALUE;
        skip_space(j);
        break;
    case WANT_NOTHING:
        if (j->pos < j->in.len)
            return fail(j, j->pos, "nothing may follow the value");
        return token(j, JSON_END, j->pos, 0);
    case WANT_KEY:
    case WANT_VALUE:
        break;
    }
    return j->want == WANT_KEY || j->want == WANT_KEY_OR_END ? key(j) : value(j);
}

bool
json_skip(struct json *j, struct json_token t)
{
    if (t.type == JSON_KEY)
        t = json_next(j);
    if (t.type == JSON_OBJECT || t.type == JSON_ARRAY) {
        uint32_t depth = j->depth;

        while (j->depth >= depth && !j->bad)
            t = json_next(j);
    }
    return !j->bad && t.type != JSON_END;
}

/* Texts */

static void
put_utf8(struct buf *b, uint32_t u)
{
    static const uint8_t first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    unsigned len = u < 0x80 ? 1 : u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;

    put_c(b, (char)(u >> 6 * (len - 1) | first[len]));
    for (unsigned i = len - 1; i > 0; i--)
        put_c(b, (char)(0x80 | (u >> 6 * (i - 1) & 0x3f)));
}

/* Puts what the escape at `at` stands for, in a string that was accepted; its length. */
static size_t
put_unescaped(struct buf *b, struct str raw, size_t at)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    char c = at + 1 < raw.len ? raw.ptr[at + 1] : '\\';
    size_t len = 2;

    if (c == 'u') {
        int32_t u = read_unicode(raw, at, &len);

        put_utf8(b, u < 0 ? 0xfffd : (uint32_t)u);
        return len;
    }
    for (unsigned i = 0; i < sizeof to - 1; i++) {
        if (c == from[i])
            c = to[i];
    }
    put_c(b, c);
    return len;
}

struct str
json_text(struct json_token t, struct buf *b)
{
    size_t start = b->len, at = 0;

    if (!t.escaped)
        return t.raw;
    while (at < t.raw.len) {
        size_t run = at;

        while (run < t.raw.len && t.raw.ptr[run] != '\\')
            run++;
        put(b, (struct str){t.raw.ptr + at, run - at});
        at = run < t.raw.len ? run + put_unescaped(b, t.raw, run) : run;
    }
    return (struct str){b->ptr + start, b->len - start};
}

bool
json_int(struct str raw, int64_t *ret)
{
    bool minus = raw.len > 0 && raw.ptr[0] == '-';
    uint64_t n = 0, limit = (uint64_t)INT64_MAX + minus;
    size_t at = minus;

    if (at == raw.len || (raw.ptr[at] == '0' && raw.len > at + 1))
        return false;
    for (; at < raw.len; at++) {
        unsigned digit = (unsigned)(raw.ptr[at] - '0');

        if (digit > 9 || n > (limit - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *ret = minus ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}
