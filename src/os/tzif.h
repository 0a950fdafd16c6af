/* SPDX-License-Identifier: Apache-2.0 */
/* tzif.h -- a reader of compiled time zones: TZif, versions 1 to 4 (RFC 9636, which
 * replaced RFC 8536), with the rule in their footer for the years after the table.
 *
 * The bytes are the caller's and must stay as long as the zone is used. Any bytes at all
 * may be given. Zones that count leap seconds are refused: our clock does not. */
#ifndef OS_TZIF_H
#define OS_TZIF_H
#include "base/put.h"

/* A day of the year and a time on it, as POSIX's TZ writes them. */
struct tz_day {
    char kind; /* 'M': month.week.day; 'J': 1 to 365, never 29 February; '0': 0 to 365 */
    int32_t month, week; /* of 'M'; week 5 is the last */
    int32_t day;         /* of 'M' 0 is Sunday */
    int32_t seconds; /* local, may be below 0 or beyond 24 h */
};

/* The footer: "PKT-5", "CET-1CEST,M3.5.0,M10.5.0/3". Offsets are seconds east. */
struct tz_rule {
    bool any, summer; /* is there a rule; does it change with the season */
    int32_t standard_offset, summer_offset;
    struct tz_day begins, ends; /* of summer time */
};

struct tzif {
    const uint8_t *times; /* when */
    const uint8_t *types; /* what from then on: an index into kinds */
    const uint8_t *kinds; /* 6 bytes each */
    uint32_t time_count, kind_count;
    unsigned time_size; /* 4 or 8 */
    struct tz_rule rule;
};

/* ST_MALFORMED, with a sentence, when the bytes are not of the format. */
CHECKED enum status tzif_read(struct str bytes, struct tzif *ret, struct diag *d);

/* Seconds since 1970 in, seconds east of Greenwich out. */
int32_t tzif_offset(const struct tzif *z, int64_t at);

/* The first change of the offset with from < *ret <= to; false when there is none. */
bool tzif_next_change(const struct tzif *z, int64_t from, int64_t to, int64_t *ret);
#endif
