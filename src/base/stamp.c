/* SPDX-License-Identifier: Apache-2.0 */
#include "base/stamp.h"

#define DAY_MS INT64_C(86400000)

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Hinnant's days_from_civil: years begin in March, so that the leap day is the last of
 * its year; an era of 400 years has 146097 days; 1970 began 719468 after 0000-03-01. */
int64_t
days_of(int32_t year, int32_t month, int32_t day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year =
        (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

/* Hinnant's civil_from_days. */
struct civil
civil_of(int64_t ms)
{
    int64_t z = floor_div(ms, DAY_MS) + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t march_month = (5 * doy + 2) / 153;
    int64_t ms_of_day = ms % DAY_MS;
    int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct civil){
        .year = (int32_t)(yoe + era * 400 + (month <= 2)),
        .month = (int32_t)month,
        .day = (int32_t)(doy - (153 * march_month + 2) / 5 + 1),
        .ms_of_day = (int32_t)(ms_of_day < 0 ? ms_of_day + DAY_MS : ms_of_day),
    };
}

int64_t
civil_ms(struct civil c)
{
    return days_of(c.year, c.month, c.day) * DAY_MS + c.ms_of_day;
}

int32_t
weekday_of(int64_t ms)
{
    int64_t days = floor_div(ms, DAY_MS) + 3; /* 1970-01-01 was a Thursday */

    return (int32_t)(days - floor_div(days, 7) * 7);
}

int32_t
month_days(int32_t year, int32_t month)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (month == 2)
        return leap ? 29 : 28;
    return 30 + ((month + month / 8) &
                 1); /* odd months have 31 up to July, even ones from August */
}

/* Where a stamp's parts lie in its 24 bytes, and what each may be. */
static const struct part {
    uint8_t at, len;
    int32_t min, max;
    const char *range;
} parts[] = {
    {0, 4, 1970, 9999, "a year is 1970 to 9999"},
    {5, 2, 1, 12, "a month is 01 to 12"},
    {8, 2, 1, 31, "a day is 01 to 31"},
    {11, 2, 0, 23, "an hour is 00 to 23; midnight is 00:00 of the next day"},
    {14, 2, 0, 59, "a minute is 00 to 59"},
    {17, 2, 0, 59, "a second is 00 to 59; leap seconds are not written"},
    {20, 3, 0, 999, "milliseconds are 000 to 999"},
};
enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MILLI, PARTS };

static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ"; /* d: a digit */

static bool
fits_shape(char c, char want)
{
    return want == 'd' ? c >= '0' && c <= '9' : c == want;
}

/* What is wrong at byte `at`, the first that breaks the shape, and what would do. */
static const char *
shape_hint(struct str s, size_t at)
{
    char c = at < s.len ? s.ptr[at] : '\0';

    if (at == STAMP_LEN)
        return "a time ends at its Z";
    if (at == 10 && (c == ' ' || c == 't'))
        return "a capital T stands between the date and the time";
    if (at == STAMP_LEN - 1 && c == 'z')
        return "a time ends with a capital Z";
    if ((at == 19 || at == STAMP_LEN - 1) && (c == '+' || c == '-'))
        return "times are in UTC: work out the offset and end with Z";
    if ((at >= 19 && at < STAMP_LEN - 1) || (at == STAMP_LEN - 1 && c >= '0' && c <= '9'))
        return "seconds have three decimals, as in 17:20:00.000Z";
    if (at == STAMP_LEN - 1)
        return "a time ends with Z, for UTC";
    return "a time is written as 2024-10-06T17:20:00.000Z";
}

static enum status
refuse(struct diag *d, size_t pos, size_t len, const char *why)
{
    diag_set(d, (uint32_t)pos, (uint32_t)len, why);
    return ST_MALFORMED;
}

static enum status
check_shape(struct str s, struct diag *d)
{
    size_t at = 0;

    while (at < s.len && at < STAMP_LEN && fits_shape(s.ptr[at], shape[at]))
        at++;
    if (at == STAMP_LEN && s.len == STAMP_LEN)
        return ST_OK;
    return refuse(d, at, at < s.len, shape_hint(s, at));
}

static enum status
no_such_day(const int32_t v[PARTS], struct diag *d)
{
    static const char *const months[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December",
    };
    struct buf b = diag_put(d, parts[DAY].at, parts[DAY].len);

    put_s(&b, months[v[MONTH] - 1]);
    put_c(&b, ' ');
    put_i(&b, v[YEAR]);
    put_s(&b, " has ");
    put_i(&b, month_days(v[YEAR], v[MONTH]));
    put_s(&b, " days");
    return ST_MALFORMED;
}

enum status
stamp_read(struct str s, int64_t *ret_ms, struct diag *d)
{
    int32_t v[PARTS];
    enum status st = check_shape(s, d);

    if (st != ST_OK)
        return st;
    for (unsigned i = 0; i < PARTS; i++) {
        const struct part *p = &parts[i];

        v[i] = 0;
        for (unsigned k = p->at; k < p->at + p->len; k++)
            v[i] = v[i] * 10 + (s.ptr[k] - '0');
        if (v[i] < p->min || v[i] > p->max)
            return refuse(d, p->at, p->len, p->range);
    }
    if (v[DAY] > month_days(v[YEAR], v[MONTH]))
        return no_such_day(v, d);
    *ret_ms = days_of(v[YEAR], v[MONTH], v[DAY]) * DAY_MS +
              (v[HOUR] * 3600 + v[MINUTE] * 60 + v[SECOND]) * INT64_C(1000) + v[MILLI];
    return ST_OK;
}

void
put_stamp(struct buf *b, int64_t ms)
{
    struct civil c = civil_of(ms < 0 ? 0 : ms > STAMP_MAX ? STAMP_MAX : ms);
    int32_t v[PARTS] = {
        [YEAR] = c.year,
        [MONTH] = c.month,
        [DAY] = c.day,
        [HOUR] = c.ms_of_day / 3600000,
        [MINUTE] = c.ms_of_day / 60000 % 60,
        [SECOND] = c.ms_of_day / 1000 % 60,
        [MILLI] = c.ms_of_day % 1000,
    };
    char text[STAMP_LEN];

    memcpy(text, shape, STAMP_LEN);
    for (unsigned i = 0; i < PARTS; i++) {
        for (unsigned k = parts[i].len; k > 0; v[i] /= 10)
            text[parts[i].at + --k] = (char)('0' + v[i] % 10);
    }
    put(b, (struct str){text, STAMP_LEN});
}
