/* SPDX-License-Identifier: Apache-2.0 */
/* stamp.h -- times as milliseconds since 1970-01-01T00:00:00Z, and their one spelling.
 *
 * The log writes "2024-10-06T17:20:00.000Z", 24 bytes, nothing else. Years 1970
 * to 9999. Civil dates are the proleptic Gregorian calendar (days_from_civil and
 * its inverse as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
#ifndef BASE_STAMP_H
#define BASE_STAMP_H
#include "base/put.h"

enum { STAMP_LEN = 24 };
#define STAMP_MAX INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

struct civil {
    int32_t year, month, day; /* month and day from 1 */
    int32_t ms_of_day;
};

/* Exactly the 24 bytes above. ST_MALFORMED with a sentence otherwise (a 25:00, a 30 February,
 * a missing Z, an offset: each is named). */
CHECKED enum status stamp_read(struct str s, int64_t *ret_ms, struct diag *d);

/* The nearest end of the range for a time outside it (a deadline past the year 9999). */
void put_stamp(struct buf *b, int64_t ms);

/* These hold for times before 1970 too (local time is UTC moved by an offset). A month is 1 to 12;
 * a day beyond its month counts on into the next. */
struct civil civil_of(int64_t ms);
int64_t civil_ms(struct civil c);
int64_t days_of(int32_t year, int32_t month, int32_t day); /* days since 1970-01-01 */
int32_t month_days(int32_t year, int32_t month);           /* 28 to 31; month 1 to 12 */
int32_t weekday_of(int64_t ms);                            /* 0 = Monday */
#endif
