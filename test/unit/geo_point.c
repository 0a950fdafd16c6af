/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/point.h"

#include <inttypes.h>
#include "rng.h"
#include "tap.h"

static void
test_read(void)
{
    static const struct {
        const char *text;
        int32_t want;
    } cases[] = {
        {"67.1552", 671552000},
        {"0", 0},
        {"-0", 0},
        {"-0.0000001", -1},
        {"0.1", 1000000},
        {"24.9065000", 249065000},
        {"180", LON_MAX},
        {"-180.0", -LON_MAX},
        {"179.9999999", 1799999999},
        {"7", 70000000},
        {"-100.5", -1005000000},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t n = 42;

        OK(degrees_read(str_of(cases[i].text), LON_MAX, &n, NULL) == ST_OK &&
               n == cases[i].want,
           "%s", cases[i].text);
    }
}

static void
test_refused(void)
{
    static const struct {
        const char *text;
        int32_t max;
        enum status st;
        uint32_t pos;
        const char *why;
    } cases[] = {
        {"", LON_MAX, ST_MALFORMED, 0, "a digit goes here"},
        {"-", LON_MAX, ST_MALFORMED, 1, "a digit goes here"},
        {"+1", LON_MAX, ST_MALFORMED, 0, "a digit goes here"},
        {".5", LON_MAX, ST_MALFORMED, 0, "a digit goes here"},
        {"five", LON_MAX, ST_MALFORMED, 0, "a digit goes here"},
        {"067", LON_MAX, ST_MALFORMED, 0, "no leading zero"},
        {"-00.5", LON_MAX, ST_MALFORMED, 1, "no leading zero"},
        {"67.", LON_MAX, ST_MALFORMED, 3, "a digit follows"},
        {"67.x", LON_MAX, ST_MALFORMED, 3, "a digit follows"},
        {"67.1E", LON_MAX, ST_MALFORMED, 4, "digits, a point, digits"},
        {"6.7e1", LON_MAX, ST_MALFORMED, 3, "digits, a point, digits"},
        {"67,1552", LON_MAX, ST_MALFORMED, 2, "digits, a point, digits"},
        {"67.1 ", LON_MAX, ST_MALFORMED, 4, "digits, a point, digits"},
        {"67.15520000", LON_MAX, ST_LIMIT, 10, "at most 7 decimals"},
        {"67.15520001", LON_MAX, ST_LIMIT, 10, "at most 7 decimals"},
        {"180.0000001", LON_MAX, ST_INVALID, 0, "from -180 to 180"},
        {"-181", LON_MAX, ST_INVALID, 0, "from -180 to 180"},
        {"90.0000001", LAT_MAX, ST_INVALID, 0, "from -90 to 90"},
        {"18446744073709551616", LON_MAX, ST_INVALID, 0, "from -180 to 180"},
        {"99999999999999999999999999999999999999.5", LAT_MAX, ST_INVALID, 0,
         "from -90 to 90"},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = {0};
        int32_t n = 42;
        enum status st = degrees_read(str_of(cases[i].text), cases[i].max, &n, &d);

        if (!OK(st == cases[i].st && n == 42 && d.pos == cases[i].pos &&
                    strstr(d.text, cases[i].why) != NULL,
                "\"%s\": %s", cases[i].text, cases[i].why))
            printf("# %d at %u: %s\n", st, d.pos, d.text);
    }
}

static void
test_points(void)
{
    struct point p = {1, 2};
    struct diag d;

    OK(point_read(STR("67.1552"), STR("24.9"), &p, &d) == ST_OK && p.lon == 671552000 &&
           p.lat == 249000000,
       "a point");
    OK(point_read(STR("67.1552"), STR("91"), &p, &d) == ST_INVALID &&
           p.lat == 249000000 &&
           strcmp(d.text, "latitude: degrees here go from -90 to 90") == 0,
       "its latitude is named when it is wrong");
    OK(point_read(STR("x"), STR("91"), &p, &d) == ST_MALFORMED &&
           strstr(d.text, "longitude: ") == d.text,
       "and its longitude");
    OK(point_valid((struct point){LON_MAX, -LAT_MAX}) &&
           !point_valid((struct point){LON_MAX + 1, 0}) &&
           !point_valid((struct point){0, -LAT_MAX - 1}),
       "the globe's edges");
}

static void
test_put(void)
{
    char space[256];
    struct buf b = buf_of(space, sizeof space);

    put_point(&b, (struct point){671552000, 249065000});
    put_point(&b, (struct point){-1, 0});
    put_point(&b, (struct point){-LON_MAX, LAT_MAX});
    put_degrees(&b, -1799999999);
    OK(str_eq(buf_str(&b), STR("[67.1552000,24.9065000][-0.0000001,0.0000000][-180."
                               "0000000,90.0000000]-179.9999999")),
       "points out");
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct rng r = {seed};
        bool ok = true;

        for (int i = 0; i < 10000; i++) {
            int32_t n = (int32_t)((int64_t)rng_below(&r, 2 * (uint64_t)LON_MAX + 1) -
                                  LON_MAX),
                    back;

            b = buf_of(space, sizeof space);
            put_degrees(&b, n);
            ok = ok && degrees_read(buf_str(&b), LON_MAX, &back, NULL) == ST_OK &&
                 back == n;
        }
        OK(ok, "written and read again, seed %" PRIu64, seed);
    }
}

/* Millimetres by the haversine formula in Python's floats, with 6371008.8 m. */
static const struct {
    const char *what;
    struct point a, b;
    int64_t mm;
} distances[] = {
    {"Karachi airport to Clifton beach",
     {671608000, 249065000},
     {670270000, 247870000},
     18942953},
    {"one unit of latitude", {0, 0}, {0, 1}, 11},
    {"half a metre", {671552000, 249000000}, {671552000, 249000045}, 500},
    {"a metre of longitude at Karachi",
     {671552000, 249000000},
     {671552099, 249000000},
     999},
    {"122 m", {671552000, 249000000}, {671560000, 249008500}, 124272},
    {"Karachi to Islamabad", {670011000, 248607000}, {730479000, 336844000}, 1142479665},
    {"Karachi to Beijing", {670011000, 248607000}, {1164074000, 399042000}, 4862620169},
    {"across the 180th meridian",
     {1799999000, -167130000},
     {-1799999000, -167130000},
     21300},
    {"pole to pole", {0, 900000000}, {0, -900000000}, 20015114442},
    {"a quarter of the equator", {0, 0}, {900000000, 0}, 10007557221},
    {"half the equator", {0, 0}, {1800000000, 0}, 20015114442},
    {"both names of the 180th meridian",
     {1800000000, 100000000},
     {-1800000000, 100000000},
     0},
    {"over the north pole", {100000000, 899990000}, {-1700000000, 899990000}, 222390},
    {"London to Sydney", {-1278000, 515074000}, {1512093000, -338688000}, 16993956933},
    {"nearly opposite", {671552000, 249000000}, {-1128448000, -248990000}, 20015003247},
    {"by chance", {-309148872, -526053861}, {-309149255, -526053195}, 7844},
    {"by chance", {-1492611376, -694444263}, {-1492610013, -694444069}, 5742},
    {"by chance", {-1295714543, -64689028}, {-1295714156, -64690791}, 20065},
    {"by chance", {479419893, -388939162}, {479418046, -388940810}, 24317},
    {"by chance", {162494042, 48017869}, {162412354, 47980957}, 993857},
    {"by chance", {-1310390567, 333364967}, {-1310379282, 333280462}, 945485},
    {"by chance", {728605135, -584137327}, {728563655, -584072013}, 765394},
    {"by chance", {994805173, 401976312}, {994721389, 402027596}, 911884},
    {"by chance", {814881269, 1864842}, {813089261, 792126}, 23223523},
    {"by chance", {-1499928912, 345428767}, {-1498328235, 343987342}, 21730332},
    {"by chance", {-456137578, 50094241}, {-457532529, 50362041}, 15735927},
    {"by chance", {-1194086208, 376027820}, {-1194792342, 376377709}, 7335927},
    {"by chance", {1229179284, -461893051}, {1193011187, -433831999}, 422795609},
    {"by chance", {753304169, 522056227}, {728519791, 522038579}, 168884985},
    {"by chance", {-1281538862, 326272276}, {-1235960973, 284699669}, 635601942},
    {"by chance", {723943363, -722007462}, {757025424, -744364152}, 269996401},
    {"by chance", {432084004, 611147818}, {503014268, 570271561}, 608372163},
    {"by chance", {1638172184, -175374089}, {1638108380, -46631829}, 1431550762},
    {"by chance", {246412080, -73507796}, {68284443, -306761783}, 3188203065},
    {"by chance", {-927907686, 651079114}, {-590571998, 413175752}, 3389297277},
};

/* Two points opposite each other have no one shortest way, and the formula is unsure by
 * as much as this. */
static int64_t
allowed_mm(int64_t mm)
{
    return mm < 15000000000 ? 600 : mm < 19000000000 ? 1000 : 1000000;
}

static void
test_metres(void)
{
    for (unsigned i = 0; i < sizeof distances / sizeof *distances; i++) {
        int64_t got = point_metres(distances[i].a, distances[i].b);
        int64_t off = got * 1000 - distances[i].mm;

        if (!OK(off <= allowed_mm(distances[i].mm) && -off <= allowed_mm(distances[i].mm),
                "%s: %" PRId64 " m", distances[i].what, got))
            printf("# off by %" PRId64 " mm\n", off);
        OK(point_metres(distances[i].b, distances[i].a) == got, "and back");
    }
    OK(point_metres((struct point){5, 5}, (struct point){5, 5}) == 0, "no way at all");
}

/* For places as near as a cordon: metres grow with the difference, and never by more than
 * it. */
static void
test_steps(void)
{
    struct point a = {671552000, 249000000}, b = a;
    uint32_t last = 0;
    bool ok = true;

    for (int i = 0; i < 100000; i++) {
        uint32_t now;

        b.lat += 37; /* 41 cm */
        now = point_metres(a, b);
        ok = ok && (now == last || now == last + 1);
        last = now;
    }
    OK(ok && last == 41142, "metre by metre for 41 km: %u", last);
}

int
main(void)
{
    test_read();
    test_refused();
    test_points();
    test_put();
    test_metres();
    test_steps();
    return tap_end();
}
