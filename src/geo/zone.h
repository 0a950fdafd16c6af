/* SPDX-License-Identifier: Apache-2.0 */
/* zone.h -- is a point inside a ring? Exactly, in integers.
 *
 * A ring is a list of corners in order, either way round; the last joins the
 * first, and may repeat it (as GeoJSON does). Edges are straight in longitude and
 * latitude, not great circles. A zone that reaches over the 180th meridian is
 * drawn as two rings. The corners are the caller's, and nothing is kept. */
#ifndef GEO_ZONE_H
#define GEO_ZONE_H
#include "geo/point.h"

enum { RING_MAX = 256 }; /* corners, not counting a repeated first one */

/* May these corners be a zone? ST_LIMIT beyond RING_MAX; ST_INVALID for fewer than 3, a
 * point off the globe, two equal neighbours, or edges that cross or touch (a bow tie, a
 * spike): the sentence counts corners from 1, and the diag's `pos` is the index of the
 * corner from 0. Slow (every edge against every other); done when a zone is drawn. */
CHECKED enum status ring_check(const struct point *ring, size_t n, struct diag *d);

/* True inside and on the boundary. All points must be on the globe (point_valid); the
 * ring need not pass ring_check: inside one that crosses itself is where a ray crosses an
 * odd number of edges. At most two multiplications an edge. A ring of no corners holds no
 * point. */
bool ring_has(const struct point *ring, size_t n, struct point p);
#endif
