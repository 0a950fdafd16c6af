/* SPDX-License-Identifier: Apache-2.0 */
#include "base/stamp.h"
#include "rng.h"
#include "tap.h"

static void
test_read(void)
{
    /* From Python's datetime. */
    static const struct {
        const char *text;
        int64_t ms;
        int32_t weekday;
    } cases[] = {
        {"1970-01-01T00:00:00.000Z", 0, 3},
        {"1970-01-01T00:00:00.001Z", 1, 3},
        {"1999-12-31T23:59:59.999Z", 946684799999, 4},
        {"2000-02-29T12:00:00.000Z", 951825600000, 1},
        {"2000-03-01T00:00:00.000Z", 951868800000, 2},
        {"2024-02-29T23:59:59.999Z", 1709251199999, 3},
        {"2024-10-06T17:20:01.204Z", 1728235201204, 6},
        {"2038-01-19T03:14:08.000Z", 2147483648000, 1},
        {"2100-02-28T00:00:00.000Z", 4107456000000, 6},
        {"2100-03-01T00:00:00.000Z", 4107542400000, 0},
        {"2400-02-29T00:00:00.000Z", 13574563200000, 1},
        {"9999-12-31T23:59:59.999Z", STAMP_MAX, 4},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char space[STAMP_LEN];
        struct buf b = buf_of(space, sizeof space);
        struct diag d;
        int64_t ms = -1;

        OK(stamp_read(str_of(cases[i].text), &ms, &d) == ST_OK && ms == cases[i].ms, "%s",
           cases[i].text);
        put_stamp(&b, cases[i].ms);
        OK(!b.full && str_eq(buf_str(&b), str_of(cases[i].text)), "and written again");
        OK(weekday_of(cases[i].ms) == cases[i].weekday, "on its day of the week");
    }
}

static void
test_refused(void)
{
    static const struct {
        const char *text;
        uint32_t pos;
        const char *why;
    } cases[] = {
        {"", 0, "a time is written as 2024-10-06T17:20:00.000Z"},
        {"2024", 4, "a time is written as"},
        {"now", 0, "a time is written as"},
        {"2024-1-06T17:20:00.000Z", 6, "a time is written as"},
        {"2024/10/06T17:20:00.000Z", 4, "a time is written as"},
        {"2024-10-06", 10, "a time is written as"},
        {"2024-10-06 17:20:00.000Z", 10, "a capital T"},
        {"2024-10-06t17:20:00.000Z", 10, "a capital T"},
        {"2024-10-06T17:20Z", 16, "a time is written as"},
        {"2024-10-06T17:20:00Z", 19, "seconds have three decimals"},
        {"2024-10-06T17:20:00,000Z", 19, "seconds have three decimals"},
        {"2024-10-06T17:20:00.0Z", 21, "seconds have three decimals"},
        {"2024-10-06T17:20:00.000000Z", 23, "seconds have three decimals"},
        {"2024-10-06T17:20:00+05:00", 19, "times are in UTC"},
        {"2024-10-06T17:20:00.000+05:00", 23, "times are in UTC"},
        {"2024-10-06T17:20:00.000-0500", 23, "times are in UTC"},
        {"2024-10-06T17:20:00.000", 23, "a time ends with Z"},
        {"2024-10-06T17:20:00.000z", 23, "a capital Z"},
        {"2024-10-06T17:20:00.000Z ", 24, "a time ends at its Z"},
        {"2024-10-06T17:20:00.000ZZ", 24, "a time ends at its Z"},
        {"1969-12-31T23:59:59.999Z", 0, "a year is 1970 to 9999"},
        {"0000-01-01T00:00:00.000Z", 0, "a year is 1970 to 9999"},
        {"2024-00-06T17:20:00.000Z", 5, "a month is 01 to 12"},
        {"2024-13-06T17:20:00.000Z", 5, "a month is 01 to 12"},
        {"2024-10-00T17:20:00.000Z", 8, "a day is 01 to 31"},
        {"2024-10-32T17:20:00.000Z", 8, "a day is 01 to 31"},
        {"2023-02-29T17:20:00.000Z", 8, "February 2023 has 28 days"},
        {"2024-02-30T17:20:00.000Z", 8, "February 2024 has 29 days"},
        {"2100-02-29T17:20:00.000Z", 8, "February 2100 has 28 days"},
        {"2024-04-31T17:20:00.000Z", 8, "April 2024 has 30 days"},
        {"2024-11-31T17:20:00.000Z", 8, "November 2024 has 30 days"},
        {"2024-10-06T24:00:00.000Z", 11, "an hour is 00 to 23"},
        {"2024-10-06T25:00:00.000Z", 11, "an hour is 00 to 23"},
        {"2024-10-06T17:60:00.000Z", 14, "a minute is 00 to 59"},
        {"2024-10-06T17:20:60.000Z", 17, "a second is 00 to 59; leap seconds"},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = {0};
        int64_t ms = 42;
        enum status st = stamp_read(str_of(cases[i].text), &ms, &d);

        if (!OK(st == ST_MALFORMED && ms == 42 && d.pos == cases[i].pos &&
                    strstr(d.text, cases[i].why) != NULL,
                "\"%s\": %s", cases[i].text, cases[i].why))
            printf("# %u: %s\n", d.pos, d.text);
    }
    OK(stamp_read(STR("x"), &(int64_t){0}, NULL) == ST_MALFORMED, "without a diag");
}

/* Every day from 1600 to 2400, counted one by one beside the arithmetic. */
static bool
days_agree(void)
{
    int64_t day = days_of(1600, 1, 1);

    for (int32_t y = 1600; y <= 2400; y++) {
        for (int32_t m = 1; m <= 12; m++) {
            for (int32_t d = 1; d <= month_days(y, m); d++, day++) {
                struct civil c = civil_of(day * 86400000 + 86399999);

                if (days_of(y, m, d) != day || c.year != y || c.month != m ||
                    c.day != d || c.ms_of_day != 86399999)
                    return false;
            }
        }
    }
    return day == days_of(2401, 1, 1);
}

static void
test_civil(void)
{
    static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct civil c = civil_of(-1);
    bool ok = true;

    OK(days_of(1970, 1, 1) == 0 && days_of(2000, 3, 1) == 11017 &&
           days_of(1600, 1, 1) == -135140,
       "days");
    OK(days_agree(), "every day of 801 years");
    for (int32_t m = 1; m <= 12; m++)
        ok = ok && month_days(2023, m) == lengths[m - 1];
    OK(ok, "the lengths of the months");
    OK(month_days(2000, 2) == 29 && month_days(1900, 2) == 28 &&
           month_days(2024, 2) == 29,
       "and of February");
    OK(c.year == 1969 && c.month == 12 && c.day == 31 && c.ms_of_day == 86399999,
       "before 1970");
    OK(civil_ms(c) == -1 && weekday_of(-1) == 2, "and back");
    c = civil_of(INT64_MIN);
    OK(c.year == -292275055 && c.ms_of_day >= 0, "the earliest of all");
    OK(days_of(2024, 1, 366) == days_of(2024, 12, 31),
       "a day beyond its month counts on");
}

static bool
round_trip(struct rng *r)
{
    int64_t ms = (int64_t)rng_below(r, (uint64_t)STAMP_MAX + 1), back;
    char space[STAMP_LEN];
    struct buf b = buf_of(space, sizeof space);

    put_stamp(&b, ms);
    return stamp_read(buf_str(&b), &back, NULL) == ST_OK && back == ms &&
           civil_ms(civil_of(ms)) == ms &&
           (weekday_of(ms) + 1) % 7 == weekday_of(ms + 86400000);
}

static void
test_clamp(void)
{
    char space[2 * STAMP_LEN];
    struct buf b = buf_of(space, sizeof space);

    put_stamp(&b, -1);
    put_stamp(&b, INT64_MAX);
    OK(str_eq(buf_str(&b), STR("1970-01-01T00:00:00.000Z9999-12-31T23:59:59.999Z")),
       "the nearest end of the range");
}

int
main(void)
{
    test_read();
    test_refused();
    test_civil();
    test_clamp();
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct rng r = {seed};
        bool ok = true;

        for (int i = 0; i < 10000; i++)
            ok = ok && round_trip(&r);
        OK(ok, "written and read again, seed %d", (int)seed);
    }
    return tap_end();
}
