/* SPDX-License-Identifier: Apache-2.0 */
/* zone.h -- how far local time is from UTC, from the system's tz database.
 *
 * Reads the compiled files under /usr/share/zoneinfo itself (see tzif.h): the C
 * library's way, setenv("TZ"), is one zone for the whole process. Nothing is kept
 * between calls; a call reads one small file. East of Greenwich is positive:
 * Asia/Karachi is +18000000. The log keeps what was found (entry 0, and an entry
 * for each change), so a newer database changes no verdict.
 *
 *   ST_INVALID    there is no such zone; the diag names one that is near, if any
 *   ST_IO         the database is not there or cannot be read
 *   ST_MALFORMED  the file is damaged, or counts leap seconds ("right/...") */
#ifndef OS_ZONE_H
#define OS_ZONE_H
#include "base/put.h"

/* The offset in force at `at_ms`. */
CHECKED enum status os_zone_offset(struct str name, int64_t at_ms, int32_t *ret_offset_ms,
                                   struct diag *d);

/* The first change of the offset with from_ms < *ret_when_ms <= to_ms, and the offset
 * from then on; *ret_found is false, and the others untouched, when there is none. A
 * change of the abbreviation alone is none. */
CHECKED enum status os_zone_next_change(struct str name, int64_t from_ms, int64_t to_ms,
                                        bool *ret_found, int64_t *ret_when_ms,
                                        int32_t *ret_offset_ms, struct diag *d);
#endif
