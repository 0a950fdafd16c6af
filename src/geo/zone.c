/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/zone.h"

/* On which side of the line from a to b is p: 1 left, -1 right, 0 on it. A difference of
 * longitudes is at most 3.6e9 and one of latitudes 1.8e9, so each product fits; their
 * difference might not, so they are compared. */
static int
side(struct point a, struct point b, struct point p)
{
    int64_t left = ((int64_t)b.lon - a.lon) * ((int64_t)p.lat - a.lat);
    int64_t right = ((int64_t)b.lat - a.lat) * ((int64_t)p.lon - a.lon);

    return (left > right) - (left < right);
}

static bool
between(int32_t a, int32_t x, int32_t b)
{
    return a <= b ? a <= x && x <= b : b <= x && x <= a;
}

/* Is p, which lies on the line through a and b, on the part between them? */
static bool
in_span(struct point a, struct point b, struct point p)
{
    return between(a.lon, p.lon, b.lon) && between(a.lat, p.lat, b.lat);
}

/* Counts crossings of the ray from p towards higher longitudes. An edge counts its lower
 * end and not its upper one, so that a corner on the ray counts once or not at all, as it
 * should. */
bool
ring_has(const struct point *ring, size_t n, struct point p)
{
    bool inside = false;

    for (size_t i = 0; i < n; i++) {
        struct point a = ring[i == 0 ? n - 1 : i - 1], b = ring[i];
        bool spans = (a.lat > p.lat) != (b.lat > p.lat);
        int s;

        if (!spans && !in_span(a, b, p))
            continue;
        s = side(a, b, p);
        if (s == 0 && in_span(a, b, p))
            return true;
        if (spans && (s > 0) == (b.lat > a.lat))
            inside = !inside;
    }
    return inside;
}

/* Have the edges a-b and c-d a point in common? */
static bool
edges_meet(struct point a, struct point b, struct point c, struct point d)
{
    int sc = side(a, b, c), sd = side(a, b, d), sa = side(c, d, a), sb = side(c, d, b);

    if (sc * sd < 0 && sa * sb < 0)
        return true;
    return (sc == 0 && in_span(a, b, c)) || (sd == 0 && in_span(a, b, d)) ||
           (sa == 0 && in_span(c, d, a)) || (sb == 0 && in_span(c, d, b));
}

static enum status
refuse(struct diag *d, size_t corner, const char *before, const char *after)
{
    struct buf b = diag_put(d, (uint32_t)corner, 1);

    put_s(&b, before);
    put_u(&b, corner + 1);
    put_s(&b, after);
    return ST_INVALID;
}

static enum status
edges_cross(struct diag *d, size_t first, size_t second)
{
    struct buf b = diag_put(d, (uint32_t)second, 1);

    put_s(&b, "the edge from corner ");
    put_u(&b, second + 1);
    put_s(&b, " crosses or touches the edge from corner ");
    put_u(&b, first + 1);
    put_s(&b, "; the corners of a zone go round it once");
    return ST_INVALID;
}

/* Edge i runs from corner i to the next. Neighbours share a corner, and nothing more. */
static enum status
check_edges(const struct point *ring, size_t n, struct diag *d)
{
    for (size_t i = 0; i < n; i++) {
        struct point a = ring[i], b = ring[(i + 1) % n], c = ring[(i + 2) % n];

        if (side(a, b, c) == 0 && (in_span(a, b, c) || in_span(b, c, a)))
            return refuse(d, (i + 1) % n, "at corner ",
                          " the boundary turns back on itself");
        for (size_t j = i + 2; j < n && j < i + n - 1; j++) {
            if (edges_meet(a, b, ring[j], ring[(j + 1) % n]))
                return edges_cross(d, i, j);
        }
    }
    return ST_OK;
}

enum status
ring_check(const struct point *ring, size_t n, struct diag *d)
{
    if (n > 1 && point_eq(ring[0], ring[n - 1]))
        n--;
    if (n > RING_MAX) {
        diag_set(d, RING_MAX, 1, "a zone has at most 256 corners; draw it more simply");
        return ST_LIMIT;
    }
    if (n < 3) {
        diag_set(d, 0, 0, "a zone has at least 3 corners");
        return ST_INVALID;
    }
    for (size_t i = 0; i < n; i++) {
        if (!point_valid(ring[i]))
            return refuse(d, i, "corner ", " is not on the globe");
        if (point_eq(ring[i], ring[(i + 1) % n]))
            return refuse(d, i, "corner ", " is given twice in a row");
    }
    return check_edges(ring, n, d);
}
