/* SPDX-License-Identifier: Apache-2.0 */
/* Distances are worked out with numbers from -2 to 2 in fixed point: 1 is ONE, 2^30. A
 * step of 2^-30 of the Earth's radius is 6 mm. */
#include "geo/point.h"

enum { UNIT = 10000000 }; /* of a degree */

/* Text */

static bool
is_digit(struct str s, size_t at)
{
    return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

static enum status
refuse(struct diag *d, enum status st, size_t pos, size_t len, const char *why)
{
    diag_set(d, (uint32_t)pos, (uint32_t)len, why);
    return st;
}

static enum status
out_of_range(struct diag *d, size_t len, int32_t max)
{
    struct buf b = diag_put(d, 0, (uint32_t)len);

    put_s(&b, "degrees here go from -");
    put_i(&b, max / UNIT);
    put_s(&b, " to ");
    put_i(&b, max / UNIT);
    return ST_INVALID;
}

/* ["-"] ("0" | digit1-9 {digit}) ["." {digit}+] */
enum status
degrees_read(struct str s, int32_t max, int32_t *ret, struct diag *d)
{
    size_t start = s.len > 0 && s.ptr[0] == '-', at = start;
    int64_t n = 0;
    unsigned decimals = 0;

    for (; is_digit(s, at); at++)
        n = n <= max ? n * 10 + (s.ptr[at] - '0') : n;
    if (at == start)
        return refuse(d, ST_MALFORMED, at, at < s.len,
                      "degrees are written like 67.1552: a digit goes here");
    if (s.ptr[start] == '0' && at > start + 1)
        return refuse(d, ST_MALFORMED, start, 1, "degrees have no leading zero");
    if (at < s.len && s.ptr[at] == '.') {
        for (at++; is_digit(s, at) && decimals < DEGREE_DECIMALS; at++, decimals++)
            n = n <= max ? n * 10 + (s.ptr[at] - '0') : n;
        if (decimals == 0)
            return refuse(d, ST_MALFORMED, at, at < s.len,
                          "a digit follows the decimal point");
        if (is_digit(s, at))
            return refuse(d, ST_LIMIT, at, 1, "degrees have at most 7 decimals (1 cm)");
    }
    if (at < s.len)
        return refuse(d, ST_MALFORMED, at, 1,
                      "degrees are written like 67.1552: digits, a point, digits");
    for (; decimals < DEGREE_DECIMALS && n <= max; decimals++)
        n *= 10;
    if (n > max)
        return out_of_range(d, s.len, max);
    *ret = (int32_t)(start != 0 ? -n : n);
    return ST_OK;
}

/* Puts the name of what was read before the sentence. */
static enum status
named(enum status st, const char *name, const struct diag *why, struct diag *d)
{
    if (st != ST_OK) {
        struct buf b = diag_put(d, why->pos, why->len);

        put_s(&b, name);
        put_s(&b, ": ");
        put_s(&b, why->text);
    }
    return st;
}

enum status
point_read(struct str lon, struct str lat, struct point *ret, struct diag *d)
{
    struct point p;
    struct diag why;
    enum status st =
        named(degrees_read(lon, LON_MAX, &p.lon, &why), "longitude", &why, d);

    if (st == ST_OK)
        st = named(degrees_read(lat, LAT_MAX, &p.lat, &why), "latitude", &why, d);
    if (st == ST_OK)
        *ret = p;
    return st;
}

void
put_degrees(struct buf *b, int32_t degrees)
{
    uint32_t n = degrees < 0 ? 0 - (uint32_t)degrees : (uint32_t)degrees;

    if (degrees < 0)
        put_c(b, '-');
    put_u(b, n / UNIT);
    put_c(b, '.');
    put_u_wide(b, n % UNIT, DEGREE_DECIMALS);
}

void
put_point(struct buf *b, struct point p)
{
    put_c(b, '[');
    put_degrees(b, p.lon);
    put_c(b, ',');
    put_degrees(b, p.lat);
    put_c(b, ']');
}

/* Distance */

#define ONE (INT64_C(1) << 30)
#define HALF_TURN INT64_C(3373259426) /* pi x ONE */
#define RADIUS_DM INT64_C(63710088)

/* Of numbers not below 0, rounded. */
static int64_t
multiply(int64_t a, int64_t b)
{
    return (a * b + ONE / 2) / ONE;
}

/* Degrees x 1e7, not below 0 and at most 180 degrees, to radians, rounded. */
static int64_t
radians(int64_t degrees)
{
    return (degrees * HALF_TURN + INT64_C(90) * UNIT) / (INT64_C(180) * UNIT);
}

static int64_t
half_radians(int64_t degrees)
{
    return (degrees * HALF_TURN + INT64_C(180) * UNIT) / (INT64_C(360) * UNIT);
}

/* Taylor's series, innermost term first; right to a few 2^-30 from 0 to pi / 2. */
static int64_t
sine(int64_t x)
{
    int64_t square = multiply(x, x), t = ONE;

    for (int64_t k = 14; k > 0; k -= 2)
        t = ONE - multiply(square, t) / (k * (k + 1));
    return multiply(x, t);
}

static int64_t
cosine(int64_t x)
{
    int64_t square = multiply(x, x), t = ONE;

    for (int64_t k = 15; k > 0; k -= 2)
        t = ONE - multiply(square, t) / (k * (k + 1));
    return t;
}

/* The root of n, rounded down, for n up to 2^62: a bit of the answer at a time. */
static int64_t
root(int64_t n)
{
    int64_t ret = 0;

    for (int64_t bit = INT64_C(1) << 30; bit != 0; bit >>= 1) {
        if ((ret + bit) * (ret + bit) <= n)
            ret += bit;
    }
    return ret;
}

/* The angle whose sine squared is h (ONE squared is 1). Newton's steps from below, in the
 * half where the cosine is large: four are enough, and near 0 the first is the last. */
static int64_t
angle_of(int64_t h)
{
    bool upper = h > ONE * ONE / 2;
    int64_t s = root(upper ? ONE * ONE - h : h), x = s, step = 1;

    for (int i = 0; i < 4 && step != 0; i++) {
        step = (s - sine(x)) * ONE / cosine(x);
        x += step;
    }
    return upper ? HALF_TURN / 2 - x : x;
}

static int64_t
magnitude(int64_t n)
{
    return n < 0 ? -n : n;
}

/* Haversine: sin^2(d/2) = sin^2(dlat/2) + cos(lat a) cos(lat b) sin^2(dlon/2). */
uint32_t
point_metres(struct point a, struct point b)
{
    int64_t dlat = magnitude((int64_t)a.lat - b.lat),
            dlon = magnitude((int64_t)a.lon - b.lon);
    int64_t cosines =
        cosine(radians(magnitude(a.lat))) * cosine(radians(magnitude(b.lat)));
    int64_t u, v, h;

    if (dlon > LON_MAX)
        dlon = 2 * (int64_t)LON_MAX - dlon;
    u = sine(half_radians(dlat));
    v = multiply(sine(half_radians(dlon)), root(cosines < 0 ? 0 : cosines));
    h = u * u + v * v;
    if (h > ONE * ONE)
        h = ONE * ONE;
    return (uint32_t)((2 * RADIUS_DM * angle_of(h) / ONE + 5) / 10);
}
