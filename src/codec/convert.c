/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/convert.h"
#include "base/stamp.h"

static char
upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool
same_word(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (upper(a.ptr[i]) != upper(b.ptr[i]))
            return false;
    }
    return true;
}

/* Plates */

/* Characters beyond ASCII that are blanks, dashes, or cannot be seen: the first and last of each range. */
static const struct {
    uint32_t first, last;
} dropped[] = {
    {0x80, 0xa0},     /* control characters, the no-break space */
    {0xad, 0xad},     /* the soft hyphen */
    {0xb7, 0xb7},     /* the middle dot of Chinese plates */
    {0x61c, 0x61c},   /* marks of writing direction */
    {0x1680, 0x1680}, /* blanks */
    {0x2000, 0x2015}, /* blanks, joiners, marks of direction, dashes */
    {0x2022, 0x2022}, /* the bullet */
    {0x2028, 0x202f}, /* line ends, marks of direction, a blank */
    {0x205f, 0x2064}, /* blanks and what cannot be seen */
    {0x2066, 0x2069}, /* marks of direction */
    {0x2212, 0x2212}, /* the minus sign */
    {0x3000, 0x3000}, /* the wide blank */
    {0x30fb, 0x30fb}, /* the wide middle dot */
    {0xfe00, 0xfe0f}, /* variants */
    {0xfe63, 0xfe63}, /* small and wide dashes */
    {0xfeff, 0xfeff}, /* the byte order mark */
    {0xff0d, 0xff0d},
};

static bool
is_dropped(uint32_t u)
{
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        if (u >= dropped[i].first && u <= dropped[i].last)
            return true;
    }
    return false;
}

/* The bytes of the character at `at`; the text is known to be UTF-8. */
static struct str
character(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.ptr[at];

    return str_cut(s, at, c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4);
}

static uint32_t
code_point(struct str c)
{
    uint32_t u = (unsigned char)c.ptr[0];

    if (c.len > 1)
        u &= 0x7fU >> c.len;
    for (size_t i = 1; i < c.len; i++)
        u = u << 6 | ((unsigned char)c.ptr[i] & 0x3fU);
    return u;
}

static bool
is_kept(struct str c)
{
    char ascii = upper(c.ptr[0]);

    if (c.len == 1)
        return is_digit(ascii) || (ascii >= 'A' && ascii <= 'Z');
    return !is_dropped(code_point(c));
}

bool
is_plain_text(struct str s)
{
    struct str c;

    for (size_t at = 0; at < s.len; at += c.len) {
        c = character(s, at);
        if (c.len == 1 ? *c.ptr < ' ' || *c.ptr > '~' || *c.ptr == '"' : is_dropped(code_point(c)))
            return false;
    }
    return true;
}

const char *
plate_put(struct buf *b, struct str text)
{
    size_t start = b->len, chars = 0;
    struct str c;

    for (size_t at = 0; at < text.len; at += c.len) {
        c = character(text, at);
        if (*c.ptr == '?' || *c.ptr == '*')
            return "has a character that was not read";
        if (!is_kept(c))
            continue;
        if (++chars > PLATE_CHARS)
            return "is longer than any plate";
        if (c.len == 1)
            put_c(b, upper(*c.ptr));
        else
            put(b, c);
    }
    if (chars == 0)
        return "holds no plate";
    if (str_eq((struct str){b->ptr + start, b->len - start}, STR("UNKNOWN")))
        return "says the plate is unknown";
    return NULL;
}

/* Decimals */

enum { DECIMAL_CHARS = 1000 };

struct decimal {
    bool minus;
    uint64_t digits;
    int point; /* digits behind it */
};

static size_t
digits_read(struct decimal *d, struct str s, size_t at, int behind)
{
    for (; at < s.len && is_digit(s.ptr[at]); at++) {
        if (d->digits > (UINT64_MAX - 9) / 10) {
            d->point -= !behind; /* nineteen digits are enough; the next ones only move the point */
            continue;
        }
        d->digits = d->digits * 10 + (unsigned)(s.ptr[at] - '0');
        d->point += behind;
    }
    return at;
}

/* ("e" | "E") ["+" | "-"] {digit}+ at the end; false when it is something else. */
static bool
exponent_read(struct decimal *d, struct str s, size_t at)
{
    bool minus = false;
    int n = 0;
    size_t start;

    if (at == s.len)
        return true;
    if (upper(s.ptr[at++]) != 'E')
        return false;
    if (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-'))
        minus = s.ptr[at++] == '-';
    for (start = at; at < s.len && is_digit(s.ptr[at]); at++) {
        if (n < 10000)
            n = n * 10 + (s.ptr[at] - '0');
    }
    d->point -= minus ? -n : n;
    return at == s.len && at > start;
}

/* digits x 10^-point x 10^places, cut off; false when it does not fit. */
static bool
decimal_shift(struct decimal d, int places, int64_t *ret)
{
    int shift = places - d.point;
    uint64_t n = d.digits;

    for (; shift < 0 && n != 0; shift++)
        n /= 10;
    for (; shift > 0 && n != 0; shift--) {
        if (n > (uint64_t)INT64_MAX / 10)
            return false;
        n *= 10;
    }
    if (n > (uint64_t)INT64_MAX)
        return false;
    *ret = d.minus ? -(int64_t)n : (int64_t)n;
    return true;
}

bool
decimal_read(struct str text, int places, int64_t *ret)
{
    struct decimal d = {.minus = text.len > 0 && text.ptr[0] == '-'};
    size_t from = d.minus, at = digits_read(&d, text, from, 0);

    if (text.len > DECIMAL_CHARS)
        return false;
    if (at == from)
        return false;
    if (at < text.len && text.ptr[at] == '.') {
        from = ++at;
        at = digits_read(&d, text, at, 1);
        if (at == from)
            return false;
    }
    return exponent_read(&d, text, at) && decimal_shift(d, places, ret);
}

/* Times */

const char *
epoch_read(struct str text, int places, int64_t *ret_ms)
{
    int64_t ms;

    if (!decimal_read(text, places, &ms))
        return "is not a number of seconds or parts of them";
    if (ms == 0)
        return "is 0, which stands for no time";
    if (ms < 0 || ms > STAMP_MAX)
        return "lies outside the years 1970 to 9999";
    *ret_ms = ms;
    return NULL;
}

/* A reader of fixed fields; after the first failure it stays where it is. */
struct fields {
    struct str s;
    size_t at;
    bool bad;
};

static int32_t
number(struct fields *f, size_t width)
{
    int32_t n = 0;

    for (size_t i = 0; i < width; i++, f->at++) {
        if (f->bad || f->at == f->s.len || !is_digit(f->s.ptr[f->at])) {
            f->bad = true;
            return 0;
        }
        n = n * 10 + (f->s.ptr[f->at] - '0');
    }
    return n;
}

static bool
accept(struct fields *f, const char *any_of)
{
    if (f->bad || f->at == f->s.len || memchr(any_of, f->s.ptr[f->at], strlen(any_of)) == NULL)
        return false;
    f->at++;
    return true;
}

static void
expect(struct fields *f, const char *any_of)
{
    if (!accept(f, any_of))
        f->bad = true;
}

/* [("." | ",") {digit}+], as milliseconds. */
static int32_t
fraction(struct fields *f)
{
    int32_t ms = 0, weight = 100;
    size_t start;

    if (!accept(f, ".,"))
        return 0;
    for (start = f->at; f->at < f->s.len && is_digit(f->s.ptr[f->at]); f->at++, weight /= 10)
        ms += weight * (f->s.ptr[f->at] - '0');
    f->bad = f->bad || f->at == start;
    return ms;
}

/* hh ":" mm ":" ss [fraction], as milliseconds of the day. */
static int32_t
clock_time(struct fields *f)
{
    int32_t h, m, s;

    h = number(f, 2);
    expect(f, ":");
    m = number(f, 2);
    expect(f, ":");
    s = number(f, 2);
    f->bad = f->bad || h > 23 || m > 59 || s > 59;
    return ((h * 60 + m) * 60 + s) * 1000 + fraction(f);
}

/* ("+" | "-") hh [[":"] mm], as minutes. */
static int32_t
offset(struct fields *f)
{
    bool minus = f->at < f->s.len && f->s.ptr[f->at] == '-';
    int32_t h, m = 0;

    expect(f, "+-");
    h = number(f, 2);
    if (f->at < f->s.len) {
        (void)accept(f, ":");
        m = number(f, 2);
    }
    f->bad = f->bad || h > 14 || m > 59;
    return minus ? -(h * 60 + m) : h * 60 + m;
}

const char *
iso_read(struct str text, int64_t *ret_ms)
{
    struct fields f = {.s = text};
    struct civil c;
    int32_t minutes = 0;
    int64_t ms;

    c.year = number(&f, 4);
    expect(&f, "-");
    c.month = number(&f, 2);
    expect(&f, "-");
    c.day = number(&f, 2);
    expect(&f, "Tt ");
    c.ms_of_day = clock_time(&f);
    if (!f.bad && f.at == text.len)
        return "has no offset from UTC (Z or +05:00), so nobody can say when it was";
    if (!accept(&f, "Zz"))
        minutes = offset(&f);
    if (f.bad || f.at != text.len || c.year < 1970 || c.month < 1 || c.month > 12 || c.day < 1)
        return "is not a time such as 2024-10-06T17:20:00.000Z";
    if (c.day > month_days(c.year, c.month))
        return "names a day that its month does not have";
    ms = civil_ms(c);
    ms -= minutes * INT64_C(60000);
    if (ms < 0 || ms > STAMP_MAX)
        return "lies outside the years 1970 to 9999";
    *ret_ms = ms;
    return NULL;
}
