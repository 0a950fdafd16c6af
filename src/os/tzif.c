/* SPDX-License-Identifier: Apache-2.0 */
/* The file (RFC 9636, section 3), all numbers big-endian:
 *
 *   header   "TZif" version(1) unused(15) six counts(4 each):
 *            isut, isstd, leap, time, kind ("type" there), char
 *   data     times(time x 4), types(time x 1), kinds(kind x 6), chars,
 *            leaps(leap x 8), isstd, isut
 *   and from version 2 on, once more with 8 bytes a time and 12 a leap, then
 *   footer   "\n" rule "\n"
 *
 * A kind is utoff(4) isdst(1) abbreviation(1). Before the first time the first
 * kind holds; after the last one the rule does, or the last kind without one. */
#include "os/tzif.h"

#include "base/stamp.h"

enum { HEADER = 44, KIND_SIZE = 6, DAY_S = 86400, OFFSET_MAX_S = 26 * 3600 };

/* Bytes: past the end all are 0 and `bad` is set, so it is asked once. */

struct reader {
    struct str s;
    size_t at;
    bool bad;
};

static const uint8_t *
take(struct reader *r, uint64_t n)
{
    static const uint8_t nothing[HEADER];
    const uint8_t *p = nothing;

    if (n > r->s.len - r->at) {
        r->bad = true;
    } else {
        p = (const uint8_t *)r->s.ptr + r->at;
        r->at += (size_t)n;
    }
    return p;
}

static uint32_t
load32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Two's complement, without leaning on what a cast does. */
static int32_t
load_i32(const uint8_t *p)
{
    uint32_t n = load32(p);

    return n <= INT32_MAX ? (int32_t)n : -(int32_t)(UINT32_MAX - n) - 1;
}

static int64_t
load_i64(const uint8_t *p)
{
    uint64_t n = (uint64_t)load32(p) << 32 | load32(p + 4);

    return n <= INT64_MAX ? (int64_t)n : -(int64_t)(UINT64_MAX - n) - 1;
}

/* The rule */

static char
peek(const struct reader *r)
{
    return r->at < r->s.len ? r->s.ptr[r->at] : '\0';
}

static bool
accept(struct reader *r, char c)
{
    if (peek(r) != c)
        return false;
    r->at++;
    return true;
}

static void
expect(struct reader *r, char c)
{
    if (!accept(r, c))
        r->bad = true;
}

static int32_t
rule_number(struct reader *r, int32_t min, int32_t max)
{
    int32_t n = 0;
    size_t start = r->at;

    while (peek(r) >= '0' && peek(r) <= '9' && r->at - start < 4)
        n = n * 10 + (*take(r, 1) - '0');
    if (r->at == start || n < min || n > max)
        r->bad = true;
    return n;
}

/* name = "<" {any but ">"} ">" | letter {letter} */
static void
rule_name(struct reader *r)
{
    size_t start = r->at;

    if (accept(r, '<')) {
        while (peek(r) != '>' && r->at < r->s.len)
            r->at++;
        expect(r, '>');
        return;
    }
    while ((peek(r) >= 'A' && peek(r) <= 'Z') || (peek(r) >= 'a' && peek(r) <= 'z'))
        r->at++;
    if (r->at == start)
        r->bad = true;
}

/* clock = ["+" | "-"] hours [":" minutes [":" seconds]], in seconds */
static int32_t
rule_clock(struct reader *r)
{
    bool minus = accept(r, '-');
    int32_t seconds;

    if (!minus)
        (void)accept(r, '+');
    seconds = rule_number(r, 0, 167) * 3600;
    if (accept(r, ':'))
        seconds += rule_number(r, 0, 59) * 60;
    if (accept(r, ':'))
        seconds += rule_number(r, 0, 59);
    return minus ? -seconds : seconds;
}

/* day = ("M" month "." week "." weekday | "J" number | number) ["/" clock] */
static struct tz_day
rule_day(struct reader *r)
{
    struct tz_day day = {.kind = '0', .seconds = 2 * 3600};

    if (accept(r, 'M')) {
        day.kind = 'M';
        day.month = rule_number(r, 1, 12);
        expect(r, '.');
        day.week = rule_number(r, 1, 5);
        expect(r, '.');
        day.day = rule_number(r, 0, 6);
    } else if (accept(r, 'J')) {
        day.kind = 'J';
        day.day = rule_number(r, 1, 365);
    } else {
        day.day = rule_number(r, 0, 365);
    }
    if (accept(r, '/'))
        day.seconds = rule_clock(r);
    return day;
}

/* rule = [name clock [name [clock] "," day "," day]]; its offsets are positive to the
 * west */
static struct tz_rule
rule_read(struct reader *r)
{
    struct tz_rule rule = {0};

    if (r->s.len == 0)
        return rule;
    rule.any = true;
    rule_name(r);
    rule.standard_offset = -rule_clock(r);
    if (r->at < r->s.len) {
        rule.summer = true;
        rule_name(r);
        rule.summer_offset =
            peek(r) == ',' ? rule.standard_offset + 3600 : -rule_clock(r);
        expect(r, ',');
        rule.begins = rule_day(r);
        expect(r, ',');
        rule.ends = rule_day(r);
    }
    if (r->at != r->s.len)
        r->bad = true;
    return rule;
}

/* The whole days from 1970 to that day of that year. */
static int64_t
day_in_year(const struct tz_day *day, int32_t year)
{
    int64_t first = days_of(year, day->kind == 'M' ? day->month : 1, 1);
    int32_t weekday, offset;

    if (day->kind == 'J')
        return first + day->day - 1 + (day->day > 59 && month_days(year, 2) == 29);
    if (day->kind == '0')
        return first + day->day;
    weekday = (weekday_of(first * DAY_S * 1000) + 1) % 7; /* 0 is Sunday here */
    offset = (day->day - weekday + 7) % 7 + (day->week - 1) * 7;
    if (offset >= month_days(year, day->month))
        offset -= 7;
    return first + offset;
}

struct change {
    int64_t at;
    int32_t offset;
};

enum { YEARS_ROUND = 3, CHANGES = 2 * YEARS_ROUND };

/* The changes of the year before, the year and the year after, in order. Where two fall
 * together (summer time that never ends: one year's end is the next one's beginning) the
 * later year's is last. */
static void
changes_round(const struct tz_rule *rule, int32_t year, struct change ret[CHANGES])
{
    for (unsigned i = 0; i < CHANGES; i++) {
        int32_t y = year - 1 + (int32_t)(i / 2);
        bool begins = i % 2 == 0;
        const struct tz_day *day = begins ? &rule->begins : &rule->ends;
        int32_t before = begins ? rule->standard_offset : rule->summer_offset;
        struct change c = {
            .at = day_in_year(day, y) * DAY_S + day->seconds - before,
            .offset = begins ? rule->summer_offset : rule->standard_offset,
        };
        unsigned place = i;

        for (; place > 0 && ret[place - 1].at > c.at; place--)
            ret[place] = ret[place - 1];
        ret[place] = c;
    }
}

/* Rules are asked about the years we write only; beyond them the nearest is as good. */
static int32_t
year_of(int64_t at)
{
    return at < 0 ? 1970 : at > STAMP_MAX / 1000 ? 9999 : civil_of(at * 1000).year;
}

static int32_t
rule_offset(const struct tz_rule *rule, int64_t at)
{
    struct change changes[CHANGES];
    int32_t offset;

    if (!rule->summer)
        return rule->standard_offset;
    changes_round(rule, year_of(at), changes);
    offset = changes[0].offset;
    for (unsigned i = 1; i < CHANGES && changes[i].at <= at; i++)
        offset = changes[i].offset;
    return offset;
}

/* The rule's next change after `at`, whether or not it makes a difference. */
static bool
rule_next(const struct tz_rule *rule, int64_t at, int64_t *ret)
{
    struct change changes[CHANGES];

    if (!rule->summer)
        return false;
    changes_round(rule, year_of(at), changes);
    for (unsigned i = 0; i < CHANGES; i++) {
        if (changes[i].at > at) {
            *ret = changes[i].at;
            return true;
        }
    }
    return false;
}

/* The table */

static int64_t
table_time(const struct tzif *z, uint32_t i)
{
    const uint8_t *p = z->times + (size_t)i * z->time_size;

    return z->time_size == 8 ? load_i64(p) : load_i32(p);
}

static int32_t
kind_offset(const struct tzif *z, uint32_t kind)
{
    return load_i32(z->kinds + (size_t)kind * KIND_SIZE);
}

/* How many times of the table are at or before `at`. */
static uint32_t
table_count(const struct tzif *z, int64_t at)
{
    uint32_t low = 0, high = z->time_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (table_time(z, middle) <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int32_t
tzif_offset(const struct tzif *z, int64_t at)
{
    uint32_t passed = table_count(z, at);

    if (passed == z->time_count && z->rule.any)
        return rule_offset(&z->rule, at);
    return kind_offset(z, passed == 0 ? 0 : z->types[passed - 1]);
}

static bool
next_time(const struct tzif *z, int64_t at, int64_t *ret)
{
    uint32_t passed = table_count(z, at);

    if (passed == z->time_count)
        return z->rule.any && rule_next(&z->rule, at, ret);
    *ret = table_time(z, passed);
    return true;
}

bool
tzif_next_change(const struct tzif *z, int64_t from, int64_t to, int64_t *ret)
{
    int32_t before = tzif_offset(z, from);

    for (int64_t at = from; next_time(z, at, &at) && at <= to;) {
        if (tzif_offset(z, at) != before) {
            *ret = at;
            return true;
        }
    }
    return false;
}

/* The file */

enum { ISUT, ISSTD, LEAP, TIME, KIND, CHAR, COUNTS };

struct header {
    uint8_t version; /* 0, or a digit */
    uint32_t count[COUNTS];
};

static struct header
read_header(struct reader *r)
{
    const uint8_t *p = take(r, HEADER);
    struct header h = {.version = p[4]};

    if (r->bad || memcmp(p, "TZif", 4) != 0)
        r->bad = true;
    for (size_t i = 0; i < COUNTS; i++)
        h.count[i] = load32(p + 20 + 4 * i);
    return h;
}

static void
read_data(struct reader *r, const struct header *h, unsigned time_size, struct tzif *z)
{
    z->time_size = time_size;
    z->time_count = h->count[TIME];
    z->kind_count = h->count[KIND];
    z->times = take(r, (uint64_t)h->count[TIME] * time_size);
    z->types = take(r, h->count[TIME]);
    z->kinds = take(r, (uint64_t)h->count[KIND] * KIND_SIZE);
    take(r, h->count[CHAR]);
    take(r, (uint64_t)h->count[LEAP] * (time_size + 4));
    take(r, h->count[ISSTD]);
    take(r, h->count[ISUT]);
}

/* "\n" rule "\n" */
static void
read_footer(struct reader *r, struct tzif *z)
{
    struct reader rule = {0};
    size_t start;

    expect(r, '\n');
    start = r->at;
    while (peek(r) != '\n' && r->at < r->s.len)
        r->at++;
    rule.s = str_cut(r->s, start, r->at - start);
    expect(r, '\n');
    z->rule = rule_read(&rule);
    r->bad = r->bad || rule.bad;
}

static bool
offset_possible(int32_t offset)
{
    return offset >= -OFFSET_MAX_S && offset <= OFFSET_MAX_S;
}

/* Do the table's parts fit each other? */
static bool
sound(const struct tzif *z)
{
    if (z->kind_count == 0)
        return false;
    for (uint32_t i = 0; i < z->kind_count; i++) {
        if (!offset_possible(kind_offset(z, i)))
            return false;
    }
    for (uint32_t i = 0; i < z->time_count; i++) {
        if (z->types[i] >= z->kind_count ||
            (i > 0 && table_time(z, i - 1) >= table_time(z, i)))
            return false;
    }
    return offset_possible(z->rule.standard_offset) &&
           offset_possible(z->rule.summer_offset);
}

enum status
tzif_read(struct str bytes, struct tzif *ret, struct diag *d)
{
    struct reader r = {.s = bytes};
    struct tzif z = {0};
    struct header h = read_header(&r);

    read_data(&r, &h, 4, &z);
    if (!r.bad && h.version >= '2') {
        h = read_header(&r);
        read_data(&r, &h, 8, &z);
        read_footer(&r, &z);
    }
    if (r.bad || !sound(&z)) {
        diag_set(d, r.at < UINT32_MAX ? (uint32_t)r.at : UINT32_MAX, 0,
                 "these bytes are not a compiled time zone");
        return ST_MALFORMED;
    }
    if (h.count[LEAP] != 0) {
        diag_set(d, 0, 0, "this time zone counts leap seconds, which our clock does not");
        return ST_MALFORMED;
    }
    *ret = z;
    return ST_OK;
}
