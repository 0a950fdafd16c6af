/* SPDX-License-Identifier: Apache-2.0 */
#include "check/number.h"

enum truth
truth_not(enum truth a)
{
    return a == T_OPEN ? T_OPEN : truth_of(a == T_NO);
}

enum truth
truth_and(enum truth a, enum truth b)
{
    if (a == T_NO || b == T_NO)
        return T_NO;
    return a == T_YES && b == T_YES ? T_YES : T_OPEN;
}

enum truth
truth_or(enum truth a, enum truth b)
{
    return truth_not(truth_and(truth_not(a), truth_not(b)));
}

static bool
is_end(int64_t a)
{
    return a == ENDLESS || a <= -ENDLESS;
}

int64_t
number_plus(int64_t a, int64_t b)
{
    int64_t sum;

    if (is_end(a))
        return a;
    if (is_end(b))
        return b;
    if (__builtin_add_overflow(a, b, &sum))
        return a > 0 ? ENDLESS : -ENDLESS;
    return sum;
}

static int64_t
number_minus(int64_t a)
{
    return a <= -ENDLESS ? ENDLESS : -a;
}

static int64_t
whole_times(int64_t a, int64_t b)
{
    int64_t product;

    if (a == 0 || b == 0)
        return 0;
    if (is_end(a) || is_end(b) || __builtin_mul_overflow(a, b, &product))
        return (a > 0) == (b > 0) ? ENDLESS : -ENDLESS;
    return product;
}

static bool
both_ranges(struct number a, struct number b)
{
    return a.type == NUMBER_RANGE && b.type == NUMBER_RANGE;
}

/* What comes of operands that are not both ranges. */
static struct number
none_or_open(struct number a, struct number b)
{
    return a.type == NUMBER_NONE || b.type == NUMBER_NONE ? number_none() : number_open();
}

struct number
number_add(struct number a, struct number b)
{
    if (!both_ranges(a, b))
        return none_or_open(a, b);
    return number_range(number_plus(a.lo, b.lo), number_plus(a.hi, b.hi));
}

struct number
number_sub(struct number a, struct number b)
{
    if (!both_ranges(a, b))
        return none_or_open(a, b);
    return number_range(number_plus(a.lo, number_minus(b.hi)), number_plus(a.hi, number_minus(b.lo)));
}

static int64_t
parts(int64_t b, int64_t k, bool begun)
{
    if (b == ENDLESS)
        return ENDLESS;
    return b / k + (begun && b % k != 0);
}

struct number
number_per(struct number a, struct number b, int64_t k, bool begun)
{
    int64_t from, to;

    if (!both_ranges(a, b))
        return none_or_open(a, b);
    if (b.lo < 0 || k <= 0)
        return number_open();
    from = parts(b.lo, k, begun);
    to = parts(b.hi, k, begun);
    return number_range(whole_times(a.lo, a.lo < 0 ? to : from),
                        whole_times(a.hi, a.hi < 0 ? from : to));
}

struct number
number_either(struct number a, struct number b)
{
    if (!both_ranges(a, b))
        return a.type == NUMBER_NONE && b.type == NUMBER_NONE ? a : number_open();
    return number_range(a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi);
}

static int64_t
whole_apart(int64_t a, int64_t b)
{
    int64_t d = number_plus(a, number_minus(b));

    return d < 0 ? number_minus(d) : d;
}

struct number
number_apart(struct number a, struct number b, int64_t day)
{
    int64_t d;

    if (day > 0) {
        if (!number_is_exact(a) || !number_is_exact(b))
            return number_open();
        d = whole_apart(a.lo, b.lo) % day;
        return number_of(d < day - d ? d : day - d);
    }
    if (!both_ranges(a, b))
        return number_open();
    if (number_is_exact(a) && number_is_exact(b))
        return number_of(whole_apart(a.lo, b.lo));
    if (number_less(a, b) == T_YES)
        return number_sub(b, a);
    if (number_less(b, a) == T_YES)
        return number_sub(a, b);
    d = whole_apart(a.lo, b.hi);
    return number_range(0, d > whole_apart(a.hi, b.lo) ? d : whole_apart(a.hi, b.lo));
}

enum truth
number_same(struct number a, struct number b)
{
    if (!both_ranges(a, b))
        return T_OPEN;
    if (a.hi < b.lo || b.hi < a.lo)
        return T_NO;
    return a.lo == a.hi && b.lo == b.hi ? T_YES : T_OPEN;
}

enum truth
number_less(struct number a, struct number b)
{
    if (!both_ranges(a, b))
        return T_OPEN;
    if (a.hi < b.lo)
        return T_YES;
    return a.lo >= b.hi ? T_NO : T_OPEN;
}

enum truth
number_at_most(struct number a, struct number b)
{
    return truth_not(number_less(b, a));
}
