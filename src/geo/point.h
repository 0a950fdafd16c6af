/* SPDX-License-Identifier: Apache-2.0 */
/* point.h -- places as whole numbers: degrees times ten million.
 *
 * A unit is 1.1 cm of latitude. Longitude comes first, as in GeoJSON (RFC 7946),
 * and both +180 and -180 may be written. Everything is integer arithmetic, so
 * every machine and compiler gives the same answer. Nothing is kept or owned. */
#ifndef GEO_POINT_H
#define GEO_POINT_H
#include "base/put.h"

#define LON_MAX INT32_C(1800000000)
#define LAT_MAX INT32_C(900000000)
enum { DEGREE_DECIMALS = 7 };

struct point {
    int32_t lon, lat; /* degrees x 1e7: -LON_MAX to LON_MAX, -LAT_MAX to LAT_MAX */
};

/* Decimal degrees, exactly: "67.1552" is 671552000. A JSON number without an exponent, at
 * most 7 decimals (trailing zeros count). ST_MALFORMED when it is not such a number,
 * ST_LIMIT with an eighth decimal, ST_INVALID beyond `max` (LON_MAX or LAT_MAX). Diag
 * places count from the start of `s`; `ret` is untouched on failure. */
CHECKED enum status degrees_read(struct str s, int32_t max, int32_t *ret, struct diag *d);

/* A longitude and a latitude, each as above. A diag's place counts from the start of the
 * slice that is wrong, and its sentence names which it is. */
CHECKED enum status point_read(struct str lon, struct str lat, struct point *ret,
                               struct diag *d);

void put_degrees(struct buf *b, int32_t degrees); /* 67.1552000 */
void put_point(struct buf *b, struct point p);    /* [67.1552000,24.9065000] */

static inline bool
point_valid(struct point p)
{
    return p.lon >= -LON_MAX && p.lon <= LON_MAX && p.lat >= -LAT_MAX && p.lat <= LAT_MAX;
}

static inline bool
point_eq(struct point a, struct point b)
{
    return a.lon == b.lon && a.lat == b.lat;
}

/* The great-circle distance of two valid points in whole metres, rounded, on a sphere of
 * 6,371,008.8 m (the mean radius of GRS 80: Moritz, "Geodetic Reference System 1980").
 * Error against the haversine formula in real numbers, before rounding: at most 0.1 m up
 * to 15,000 km, 0.5 m up to 19,000 km, and 1 km between points nearly opposite each
 * other; the sphere itself is up to 0.56 % off the ellipsoid. It is the same both
 * ways round. */
uint32_t point_metres(struct point a, struct point b);
#endif
