/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/zone.h"

#include <inttypes.h>
#include "rng.h"
#include "tap.h"

__extension__ typedef __int128 wide; /* the oracle need not mind its width */

static wide
area2(struct point a, struct point b, struct point c)
{
    return ((wide)b.lon - a.lon) * ((wide)c.lat - a.lat) -
           ((wide)b.lat - a.lat) * ((wide)c.lon - a.lon);
}

static bool
on_edge(struct point a, struct point b, struct point p)
{
    wide along = ((wide)p.lon - a.lon) * ((wide)p.lon - b.lon),
         across = ((wide)p.lat - a.lat) * ((wide)p.lat - b.lat);

    return area2(a, b, p) == 0 && along <= 0 && across <= 0;
}

/* Another way: a ray to the north, and differences in 128 bits. */
static bool
slow_has(const struct point *ring, size_t n, struct point p)
{
    unsigned crossed = 0;

    for (size_t i = 0; i < n; i++) {
        struct point a = ring[i], b = ring[(i + 1) % n], west = a.lon <= b.lon ? a : b,
                     east = a.lon <= b.lon ? b : a;

        if (on_edge(a, b, p))
            return true;
        if (west.lon <= p.lon && p.lon < east.lon && area2(west, east, p) < 0)
            crossed++;
    }
    return crossed % 2 == 1;
}

static const struct point square[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
static const struct point globe[] = {
    {-LON_MAX, -LAT_MAX}, {LON_MAX, -LAT_MAX}, {LON_MAX, LAT_MAX}, {-LON_MAX, LAT_MAX}};
static const struct point comb[] = {{0, 0}, {8, 0}, {8, 8}, {6, 8}, {6, 2},
                                    {4, 2}, {4, 8}, {2, 8}, {2, 4}, {0, 4}};

static void
test_known(void)
{
    static const struct {
        const char *what;
        const struct point *ring;
        size_t n;
        struct point p;
        bool want;
    } cases[] = {
        {"the middle of a square", square, 4, {5, 5}, true},
        {"its corner", square, 4, {10, 10}, true},
        {"its edge", square, 4, {0, 3}, true},
        {"just outside", square, 4, {-1, 5}, false},
        {"in line with an edge", square, 4, {12, 0}, false},
        {"in line with the upper edge", square, 4, {-3, 10}, false},
        {"the whole globe", globe, 4, {0, 0}, true},
        {"its far corner", globe, 4, {LON_MAX, LAT_MAX}, true},
        {"its edge, a step from the corner", globe, 4, {LON_MAX - 1, -LAT_MAX}, true},
        {"between two teeth", comb, 10, {5, 5}, false},
        {"in a tooth", comb, 10, {7, 5}, true},
        {"level with a corner, outside", comb, 10, {1, 8}, false},
        {"level with two corners, inside", comb, 10, {3, 4}, true},
        {"on an edge between teeth", comb, 10, {5, 2}, true},
        {"no ring", square, 0, {0, 0}, false},
        {"a ring of one point", square, 1, {0, 0}, true},
        {"a ring of two, between", square, 2, {4, 0}, true},
        {"a ring of two, beside", square, 2, {4, 1}, false},
    };
    struct point thin[] = {
        {-LON_MAX, -LAT_MAX}, {LON_MAX, LAT_MAX}, {LON_MAX, LAT_MAX - 1}};

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        OK(ring_has(cases[i].ring, cases[i].n, cases[i].p) == cases[i].want, "%s",
           cases[i].what);
    OK(ring_has(thin, 3, (struct point){0, 0}) &&
           !ring_has(thin, 3, (struct point){0, 1}) &&
           !ring_has(thin, 3, (struct point){1, -1}) &&
           ring_has(thin, 3, (struct point){LON_MAX, LAT_MAX - 1}),
       "a sliver one unit wide across the whole globe");
}

/* Corners from `span` steps of `step`, so that points on edges and level with corners are
 * common. */
static size_t
random_ring(struct rng *r, struct point *ring, uint64_t span, int32_t step)
{
    size_t n = 3 + (size_t)rng_below(r, 8);

    for (size_t i = 0; i < n; i++) {
        ring[i].lon = ((int32_t)rng_below(r, 2 * span + 1) - (int32_t)span) * step * 2;
        ring[i].lat = ((int32_t)rng_below(r, 2 * span + 1) - (int32_t)span) * step;
    }
    return n;
}

/* The same answer whichever corner comes first, either way round, and with the first
 * repeated. */
static bool
same_any_way_round(const struct point *ring, size_t n, struct point p, bool want)
{
    struct point other[32];

    for (size_t i = 0; i < n; i++)
        other[i] = ring[(n - i + 1) % n];
    other[n] = other[0];
    return ring_has(other, n, p) == want && ring_has(other, n + 1, p) == want;
}

static bool
agrees(struct rng *r, uint64_t span, int32_t step)
{
    struct point ring[16], p;
    size_t n = random_ring(r, ring, span, step);

    for (int i = 0; i < 50; i++) {
        bool want;

        p.lon = ((int32_t)rng_below(r, 2 * span + 1) - (int32_t)span) * step * 2;
        p.lat = ((int32_t)rng_below(r, 2 * span + 1) - (int32_t)span) * step;
        want = slow_has(ring, n, p);
        if (ring_has(ring, n, p) != want || !same_any_way_round(ring, n, p, want))
            return false;
    }
    return true;
}

static void
test_oracle(void)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct rng r = {seed};
        bool small = true, large = true;

        for (int i = 0; i < 500; i++) {
            small = small && agrees(&r, 3, 1);
            large = large && agrees(&r, 3, 300000000) && agrees(&r, 450000000, 2);
        }
        OK(small, "agrees with a slower way on a small grid, seed %" PRIu64, seed);
        OK(large, "and across the globe, seed %" PRIu64, seed);
    }
}

static void
test_check(void)
{
    static const struct {
        const char *what;
        struct point ring[8];
        size_t n;
        uint32_t pos;
        const char *why; /* NULL: a zone */
    } cases[] = {
        {"a square", {{0, 0}, {10, 0}, {10, 10}, {0, 10}}, 4, 0, NULL},
        {"a square, closed", {{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}, 5, 0, NULL},
        {"clockwise", {{0, 0}, {0, 10}, {10, 10}, {10, 0}}, 4, 0, NULL},
        {"a triangle", {{0, 0}, {1, 0}, {0, 1}}, 3, 0, NULL},
        {"a corner on a straight edge",
         {{0, 0}, {5, 0}, {10, 0}, {10, 10}, {0, 10}},
         5,
         0,
         NULL},
        {"nothing", {{0, 0}}, 0, 0, "at least 3 corners"},
        {"a point", {{0, 0}}, 1, 0, "at least 3 corners"},
        {"two corners, closed", {{0, 0}, {1, 1}, {0, 0}}, 3, 0, "at least 3 corners"},
        {"off the globe",
         {{0, 0}, {LON_MAX + 1, 0}, {0, 1}},
         3,
         1,
         "corner 2 is not on the globe"},
        {"a corner twice",
         {{0, 0}, {1, 0}, {1, 0}, {0, 1}},
         4,
         1,
         "corner 2 is given twice in a row"},
        {"a bow tie",
         {{0, 0}, {10, 10}, {10, 0}, {0, 10}},
         4,
         2,
         "corner 3 crosses or touches the edge from corner 1"},
        {"a spike",
         {{0, 0}, {10, 0}, {5, 0}, {5, 5}},
         4,
         1,
         "at corner 2 the boundary turns back"},
        {"a long spike",
         {{5, 0}, {10, 0}, {0, 0}, {5, 5}},
         4,
         1,
         "at corner 2 the boundary turns back"},
        {"three in a line",
         {{0, 0}, {5, 0}, {10, 0}},
         3,
         2,
         "at corner 3 the boundary turns back"},
        {"a corner that touches another edge",
         {{0, 0}, {10, 0}, {10, 10}, {5, 0}, {0, 10}},
         5,
         2,
         "crosses or touches the edge from corner 1"},
        {"a corner passed twice",
         {{0, 0}, {5, 5}, {10, 0}, {10, 10}, {5, 5}, {0, 10}},
         6,
         3,
         "crosses or touches"},
    };
    static struct point many[RING_MAX + 2];

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = {0};
        enum status st = ring_check(cases[i].ring, cases[i].n, &d);
        bool ok = cases[i].why == NULL ? st == ST_OK
                                       : st == ST_INVALID && d.pos == cases[i].pos &&
                                             strstr(d.text, cases[i].why) != NULL;

        if (!OK(ok, "%s", cases[i].what))
            printf("# %d at %u: %s\n", st, d.pos, d.text);
    }
    for (int i = 0; i <= RING_MAX; i++)
        many[i] = (struct point){i, i * i};
    many[RING_MAX + 1] = many[0];
    OK(ring_check(many, RING_MAX, NULL) == ST_OK, "256 corners");
    many[RING_MAX] = many[0];
    OK(ring_check(many, RING_MAX + 1, NULL) == ST_OK, "and the first again");
    many[RING_MAX] = (struct point){RING_MAX, RING_MAX * RING_MAX};
    OK(ring_check(many, RING_MAX + 2, NULL) == ST_LIMIT, "257 are too many");
}

int
main(void)
{
    test_known();
    test_oracle();
    test_check();
    return tap_end();
}
