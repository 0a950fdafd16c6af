/* SPDX-License-Identifier: Apache-2.0 */
/* number.h -- what a checker knows of a number: not shown, shown to be none, or shown to lie in a range.
 *
 * Ranges hold both their ends; an end of ENDLESS or -ENDLESS is open. Every result holds each number
 * that the operands leave possible, so what a range decides is decided. Nothing here can fail. */
#ifndef CHECK_NUMBER_H
#define CHECK_NUMBER_H
#include "base/str.h"

#define ENDLESS INT64_MAX

/* What a checker knows of a condition. */
enum truth { T_NO, T_YES, T_OPEN };

enum number_type { NUMBER_OPEN, NUMBER_NONE, NUMBER_RANGE };

struct number {
    uint8_t type; /* enum number_type */
    int64_t lo, hi;
};

static inline struct number
number_open(void)
{
    return (struct number){.type = NUMBER_OPEN};
}

static inline struct number
number_none(void)
{
    return (struct number){.type = NUMBER_NONE};
}

static inline struct number
number_range(int64_t lo, int64_t hi)
{
    return (struct number){NUMBER_RANGE, lo, hi};
}

static inline struct number
number_of(int64_t n)
{
    return number_range(n, n);
}

/* Is exactly one number possible? */
static inline bool
number_is_exact(struct number a)
{
    return a.type == NUMBER_RANGE && a.lo == a.hi;
}

static inline enum truth
truth_of(bool yes)
{
    return yes ? T_YES : T_NO;
}

enum truth truth_not(enum truth a);
enum truth truth_and(enum truth a, enum truth b);
enum truth truth_or(enum truth a, enum truth b);

/* a + b, held at the open ends. */
int64_t number_plus(int64_t a, int64_t b);

/* Of no number comes none, whatever the other is; an operand that is not shown makes these not shown. */
struct number number_add(struct number a, struct number b);
struct number number_sub(struct number a, struct number b);
/* a for each whole, or each begun, k in b; k > 0 and b >= 0. */
struct number number_per(struct number a, struct number b, int64_t k, bool begun);
/* Either of two: the range over both. */
struct number number_either(struct number a, struct number b);
/* How far a and b lie apart; with a day above 0, how far round a clock of that many milliseconds. */
struct number number_apart(struct number a, struct number b, int64_t day);

/* Comparisons; T_OPEN when either is not a range or the ranges do not decide. */
enum truth number_same(struct number a, struct number b);
enum truth number_less(struct number a, struct number b);    /* a < b */
enum truth number_at_most(struct number a, struct number b); /* a <= b */
#endif
