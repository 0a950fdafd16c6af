/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a number holds every number that it could be. */
#include "check/number.h"

#include "rng.h"
#include "tap.h"

static struct number
random_range(struct rng *r)
{
    int64_t lo = (int64_t)(rng_next(r) % 41) - 20, hi = lo + (int64_t)(rng_next(r) % 6);

    return number_range(lo, hi);
}

static bool
holds(struct number a, int64_t n)
{
    return a.type == NUMBER_RANGE && a.lo <= n && n <= a.hi;
}

/* A comparison of ranges may say yes or no only if every pair agrees. */
static bool
agrees(enum truth is, bool pair)
{
    return is == T_OPEN || is == truth_of(pair);
}

static int64_t
parts_of(int64_t b, int64_t k, bool begun)
{
    return b / k + (begun && b % k != 0);
}

static bool
all_held(struct number a, struct number b)
{
    for (int64_t x = a.lo; x <= a.hi; x++)
        for (int64_t y = b.lo; y <= b.hi; y++) {
            int64_t d = x > y ? x - y : y - x;

            if (!holds(number_add(a, b), x + y) || !holds(number_sub(a, b), x - y) ||
                !holds(number_either(a, b), x) || !holds(number_either(a, b), y) ||
                !holds(number_apart(a, b, 0), d))
                return false;
            if (!agrees(number_same(a, b), x == y) || !agrees(number_less(a, b), x < y) ||
                !agrees(number_at_most(a, b), x <= y))
                return false;
            for (int begun = 0; begun < 2 && b.lo >= 0; begun++)
                if (!holds(number_per(a, b, 4, begun), x * parts_of(y, 4, begun)))
                    return false;
        }
    return true;
}

static void
test_ranges(void)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct rng r = {seed};
        bool ok = true;

        for (int i = 0; i < 200 && ok; i++)
            ok = all_held(random_range(&r), random_range(&r));
        OK(ok, "every operation holds all that is possible, seed %d", (int)seed);
    }
}

static void
test_ends(void)
{
    struct number up = number_range(3, ENDLESS), one = number_of(1);

    OK(number_add(up, one).hi == ENDLESS && number_add(up, one).lo == 4, "an open end stays open");
    OK(number_sub(one, up).lo == -ENDLESS && number_sub(one, up).hi == -2,
       "from the other side too");
    OK(number_add(number_of(ENDLESS - 1), number_of(5)).hi == ENDLESS, "nothing overflows");
    OK(number_sub(number_of(-ENDLESS + 1), number_of(5)).lo == -ENDLESS, "nor below");
    OK(number_less(number_of(2), up) == T_YES && number_less(up, number_of(4)) == T_OPEN,
       "open ends compare");
    OK(number_add(number_none(), number_open()).type == NUMBER_NONE, "of no number comes none");
    OK(number_add(one, number_open()).type == NUMBER_OPEN,
       "of one that is not shown, one that is not");
    OK(number_same(number_none(), one) == T_OPEN, "no number is not compared");
    OK(number_per(number_of(2), number_range(0, ENDLESS), 4, false).hi == ENDLESS,
       "a rate of an open number");
    OK(number_apart(number_of(1000), number_of(86400000 - 1000), 86400000).lo == 2000,
       "round the clock");
}

static void
test_truth(void)
{
    static const enum truth all[] = {T_NO, T_YES, T_OPEN};
    bool ok = true;

    for (int i = 0; i < 9; i++) {
        enum truth a = all[i / 3], b = all[i % 3], both = truth_and(a, b);

        ok = ok && both == truth_and(b, a) &&
             truth_or(a, b) == truth_not(truth_and(truth_not(a), truth_not(b)));
        ok = ok && (both != T_NO || a == T_NO || b == T_NO) &&
             (both != T_YES || (a == T_YES && b == T_YES));
    }
    OK(ok, "strong Kleene tables");
}

int
main(void)
{
    test_ranges();
    test_ends();
    test_truth();
    return tap_end();
}
