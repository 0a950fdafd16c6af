/* SPDX-License-Identifier: Apache-2.0 */
/* parse_expr.c -- patterns, moments, conditions and values. */
#include "accord/parse_in.h"

static node_id
flagged(struct parser *p, node_id n, uint16_t flags)
{
    if (n != 0)
        at_node(p, n)->flags |= flags;
    return n;
}

static node_id
numbered(struct parser *p, node_id n, int64_t num)
{
    if (n != 0)
        at_node(p, n)->num = num;
    return n;
}

/* A node over `first` that began where `first` began. */
static node_id
over(struct parser *p, enum node_kind kind, node_id first)
{
    node_id n = node_new(p, kind);

    if (n != 0 && first != 0)
        at_node(p, n)->token = at_node(p, first)->token;
    node_add(p, n, first);
    return n;
}

static node_id
single(struct parser *p, enum node_kind kind)
{
    node_id n = node_new(p, kind);

    p->at++;
    return node_end(p, n);
}

/* patterns ------------------------------------------------------------------------------------- */

/* arg = NAME ":" [ expr ] | expr */
static node_id
rule_arg(struct parser *p)
{
    node_id n = node_new(p, N_ARG);

    if (at_type(p, 0, TK_NAME) && at_word(p, 1, ":")) {
        node_add(p, n, rule_name(p, "a field"));
        expect(p, ":");
        node_add(p, n, at_word(p, 0, ",") || at_word(p, 0, ")") ? none(p) : rule_expr(p));
    } else {
        node_add(p, n, none(p));
        node_add(p, n, rule_expr(p));
    }
    return node_end(p, n);
}

node_id
rule_args(struct parser *p)
{
    node_id list = node_new(p, N_LIST);

    expect(p, "(");
    while (!p->failed && !at_word(p, 0, ")")) {
        node_add(p, list, rule_arg(p));
        if (!accept(p, ","))
            break;
    }
    expect_close(p);
    return node_end(p, list);
}

static node_id rule_primary(struct parser *p);

/* pattern = EVENT args [ "by" primary ] */
node_id
rule_pattern(struct parser *p)
{
    node_id n = node_new(p, N_PATTERN);

    (void)rule_dot(p, "an event");
    node_add(p, n, rule_args(p));
    node_add(p, n, !p->no_by && accept(p, "by") ? rule_primary(p) : none(p));
    return node_end(p, n);
}

static node_id
rule_past(struct parser *p)
{
    node_id n = 0;

    if (accept2(p, "within", "the")) {
        expect(p, "last");
        n = node_new(p, N_LAST);
        node_add(p, n, rule_expr(p));
    } else if (accept(p, "between")) {
        n = node_new(p, N_AGO);
        node_add(p, n, rule_expr(p));
        expect(p, "and");
        node_add(p, n, rule_expr(p));
        expect(p, "ago");
    } else {
        fail(p, "'within the last' or 'between ... and ... ago'", "say how far back the event may lie");
    }
    return node_end(p, n);
}

/* moments -------------------------------------------------------------------------------------- */

static bool
at_breach(const struct parser *p)
{
    return at_words(p, "a", "clause") ||
           (at_type(p, 0, TK_NAME) && at_word(p, 1, "is") &&
            (at_word(p, 2, "breached") || at_word(p, 2, "met")));
}

static node_id
rule_breach(struct parser *p)
{
    node_id n = node_new(p, N_BREACH);

    if (accept2(p, "a", "clause"))
        flagged(p, n, F_CLAUSE_ANY);
    else
        (void)rule_name(p, "a clause");
    expect(p, "is");
    if (accept(p, "met"))
        numbered(p, n, 1);
    else
        expect(p, "breached");
    node_add(p, n, accept(p, "as") ? rule_name(p, "a name for the finding") : none(p));
    node_add(p, n, accept(p, "for") ? rule_names(p) : none(p));
    return node_end(p, n);
}

static node_id
rule_time_rest(struct parser *p, node_id first)
{
    enum node_kind kind = at_word(p, 0, "before") ? N_BEFORE : N_AFTER;
    node_id n;

    if (!accept(p, "before") && !accept(p, "after"))
        return first;
    n = over(p, kind, first);
    node_add(p, n, rule_expr(p));
    return node_end(p, n);
}

/* time = expr [ ( "before" | "after" ) expr ] */
node_id
rule_time(struct parser *p)
{
    return rule_time_rest(p, rule_expr(p));
}

static node_id
rule_edge_or_time(struct parser *p)
{
    static const char *const edges[] = {"begins", "ends", "changes"};
    node_id first = rule_expr(p);

    for (int i = 0; i < 3; i++)
        if (accept(p, edges[i]))
            return node_end(p, numbered(p, over(p, N_EDGE, first), i));
    return rule_time_rest(p, first);
}

node_id
rule_moment(struct parser *p)
{
    if (at_type(p, 0, TK_DOT) && at_word(p, 1, "("))
        return rule_pattern(p);
    if (at_breach(p))
        return rule_breach(p);
    return rule_edge_or_time(p);
}

/* moments = moment [ "where" conj ] { "or" moment [ "where" conj ] } */
node_id
rule_moments(struct parser *p)
{
    node_id list = node_new(p, N_LIST);

    do {
        node_id n = node_new(p, N_MOMENT);

        node_add(p, n, rule_moment(p));
        node_add(p, n, accept(p, "where") ? rule_conj(p) : none(p));
        node_add(p, list, node_end(p, n));
    } while (accept(p, "or"));
    return node_end(p, list);
}

/* conditions ----------------------------------------------------------------------------------- */

static node_id rule_test(struct parser *p);

static node_id
rule_joined(struct parser *p, enum node_kind kind, const char *word, node_id (*inner)(struct parser *))
{
    node_id first = inner(p), n;

    if (!at_word(p, 0, word) || at_words(p, "or", "none"))
        return first;
    n = over(p, kind, first);
    while (!at_words(p, "or", "none") && accept(p, word))
        node_add(p, n, inner(p));
    return node_end(p, n);
}

node_id
rule_conj(struct parser *p)
{
    return rule_joined(p, N_AND, "and", rule_test);
}

/* cond = conj { "or" conj }; mixing `and` and `or` without brackets is an error */
node_id
rule_cond(struct parser *p)
{
    node_id n = rule_joined(p, N_OR, "or", rule_conj);

    if (n != 0 && at_node(p, n)->kind == N_OR)
        for (node_id c = at_node(p, n)->first; c != 0; c = at_node(p, c)->next)
            if (at_node(p, c)->kind == N_AND)
                fail_at(p, at_node(p, c)->token,
                        "'and' beside 'or' reads two ways: put brackets round what belongs together");
    return n;
}

static node_id
rule_bracketed(struct parser *p)
{
    node_id n;

    expect(p, "(");
    n = rule_cond(p);
    expect_close(p);
    /* A bracket hides its inside from the rule above: the brackets are a conjunction of one. */
    if (n != 0 && at_node(p, n)->kind == N_AND)
        n = node_end(p, over(p, N_OR, n));
    return n;
}

/* names "with" cond [ "or" "none" ":" cond ] */
static node_id
rule_quantified(struct parser *p, enum node_kind kind)
{
    node_id n = node_new(p, kind);

    p->at++;
    node_add(p, n, rule_names(p));
    expect_for(p, "with", "what is looked for is written: NAME with CONDITION");
    node_add(p, n, rule_cond(p));
    if (kind == N_EVERY) {
        if (accept2(p, "or", "none"))
            flagged(p, n, F_OR_NONE);
        expect_for(p, ":", "what holds for each is written: every NAME with CONDITION: CONDITION");
        node_add(p, n, rule_cond(p));
    }
    return node_end(p, n);
}

static node_id
rule_number_of(struct parser *p)
{
    node_id n = node_new(p, at_word(p, 1, "least") ? N_AT_LEAST : N_AT_MOST);

    p->at += 2;
    node_add(p, n, rule_expr(p));
    if (at_type(p, 0, TK_DOT)) {
        node_add(p, n, rule_pattern(p));
        node_add(p, n, rule_past(p));
    } else {
        node_add(p, n, rule_names(p));
        expect(p, "with");
        node_add(p, n, rule_cond(p));
    }
    return node_end(p, n);
}

static bool
at_past(const struct parser *p)
{
    return at_words(p, "within", "the") || at_word(p, 0, "between");
}

static node_id
rule_event_test(struct parser *p)
{
    node_id pattern = rule_pattern(p), n;

    if (at_past(p)) {
        n = over(p, N_PAST, pattern);
        node_add(p, n, rule_past(p));
        return node_end(p, n);
    }
    if (at_word(p, 0, "within") && !p->in_answer)
        fail(p, "'within the last'", "a condition on the past says how far back: within the last 30 minutes");
    if (pattern != 0)
        at_node(p, pattern)->kind = N_ROLE_TEST;
    return pattern;
}

static const struct {
    const char *first, *second;
    enum compare cmp;
} comparisons[] = {
    {"set", NULL, CMP_SET},           {"stationary", NULL, CMP_STATIONARY},
    {"inside", NULL, CMP_INSIDE},     {"different", "from", CMP_DIFFERENT},
    {"one", "of", CMP_ONE_OF},        {"before", NULL, CMP_BEFORE},
    {"after", NULL, CMP_AFTER},       {"within", NULL, CMP_WITHIN_OF},
    {"at", "least", CMP_AT_LEAST},    {"at", "most", CMP_AT_MOST},
    {"more", "than", CMP_MORE},       {"less", "than", CMP_LESS},
};

static enum compare
rule_comparison(struct parser *p)
{
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        if (!at_word(p, 0, comparisons[i].first))
            continue;
        if (comparisons[i].second == NULL) {
            p->at++;
            return comparisons[i].cmp;
        }
        if (accept2(p, comparisons[i].first, comparisons[i].second))
            return comparisons[i].cmp;
    }
    return CMP_IS;
}

/* The right side of `is`, as the comparison wants it. */
static enum compare
rule_compared(struct parser *p, node_id n, enum compare cmp)
{
    switch (cmp) {
    case CMP_SET:
    case CMP_STATIONARY:
        return cmp;
    case CMP_ONE_OF:
        do
            node_add(p, n, rule_expr(p));
        while (more_after_comma(p));
        return cmp;
    case CMP_WITHIN_OF:
        node_add(p, n, rule_expr(p));
        expect(p, "of");
        if (at_words(p, "the", "same") && accept2(p, "the", "same")) {
            expect(p, "time");
            expect(p, "of");
            expect(p, "day");
            expect(p, "as");
            cmp = CMP_SAME_TIME;
        }
        node_add(p, n, rule_expr(p));
        return cmp;
    case CMP_INSIDE:
    case CMP_DIFFERENT:
    case CMP_BEFORE:
    case CMP_AFTER:
        node_add(p, n, rule_expr(p));
        return cmp;
    case CMP_IS:
    case CMP_SAME_TIME:
    case CMP_AT_LEAST:
    case CMP_AT_MOST:
    case CMP_MORE:
    case CMP_LESS:
        break;
    }
    node_add(p, n, rule_expr(p));
    if (at_word(p, 0, "before") || at_word(p, 0, "after"))
        fail_here(p, "'T is at most 7 days before U' reads two ways: write U - T is at most 7 days");
    return cmp;
}

static node_id
rule_compare(struct parser *p, node_id left)
{
    node_id n = over(p, N_COMPARE, left);

    if (accept(p, "not"))
        flagged(p, n, F_NOT);
    numbered(p, n, rule_compared(p, n, rule_comparison(p)));
    return node_end(p, n);
}

static node_id
rule_plain_test(struct parser *p)
{
    node_id left = rule_expr(p), n;

    if (accept(p, "has")) {
        expect(p, "held");
        expect(p, "for");
        n = over(p, N_HELD, left);
        node_add(p, n, rule_expr(p));
        return node_end(p, n);
    }
    if (accept(p, "is"))
        return rule_compare(p, left);
    return node_end(p, over(p, N_TRUTH, left));
}

static node_id
rule_test_inner(struct parser *p)
{
    node_id n;

    if (at_word(p, 0, "not")) {
        n = node_new(p, N_NOT);
        p->at++;
        node_add(p, n, rule_test(p));
        return node_end(p, n);
    }
    if (at_word(p, 0, "("))
        return rule_bracketed(p);
    if (at_word(p, 0, "some"))
        return rule_quantified(p, N_SOME);
    if (at_word(p, 0, "no"))
        return rule_quantified(p, N_NO);
    if (at_word(p, 0, "every"))
        return rule_quantified(p, N_EVERY);
    if (at_words(p, "at", "least") || at_words(p, "at", "most"))
        return rule_number_of(p);
    if (at_type(p, 0, TK_DOT) && at_word(p, 1, "("))
        return rule_event_test(p);
    return rule_plain_test(p);
}

static node_id
rule_test(struct parser *p)
{
    node_id n;

    if (!deeper(p))
        return 0;
    n = rule_test_inner(p);
    shallower(p);
    return n;
}

/* values --------------------------------------------------------------------------------------- */

/* value = expr [ "if" conj "else" value ] */
node_id
rule_value(struct parser *p)
{
    node_id first, n;

    if (!deeper(p))
        return 0;
    first = rule_expr(p);
    if (accept(p, "if")) {
        n = over(p, N_IF, first);
        node_add(p, n, rule_conj(p));
        expect(p, "else");
        node_add(p, n, rule_value(p));
        first = node_end(p, n);
    }
    shallower(p);
    return first;
}

static node_id
rule_term(struct parser *p)
{
    node_id first = rule_primary(p), n;

    if (!accept(p, "per"))
        return first;
    n = over(p, N_PER, first);
    if (accept(p, "started"))
        flagged(p, n, F_STARTED);
    else
        expect(p, "full");
    numbered(p, n, rule_int(p, "how many"));
    expect(p, "of");
    node_add(p, n, rule_primary(p));
    return node_end(p, n);
}

node_id
rule_expr(struct parser *p)
{
    uint32_t depth = p->depth;
    node_id left;

    if (!deeper(p))
        return 0;
    left = rule_term(p);
    while ((at_word(p, 0, "+") || at_word(p, 0, "-")) && deeper(p)) { /* each sum stands in the next */
        node_id n = over(p, at_word(p, 0, "+") ? N_ADD : N_SUB, left);

        p->at++;
        node_add(p, n, rule_term(p));
        left = node_end(p, n);
    }
    p->depth = depth;
    return left;
}

/* ( "count" "of" | ( "sum" | "min" | "max" ) "of" expr "over" ) ( "(" names "with" cond ")" | pattern past ) */
static node_id
rule_aggregate(struct parser *p, enum node_kind kind)
{
    node_id n = node_new(p, kind);

    p->at += 2;
    if (kind == N_COUNT) {
        node_add(p, n, none(p));
    } else {
        node_add(p, n, rule_expr(p));
        expect(p, "over");
    }
    if (accept(p, "(")) {
        node_add(p, n, rule_names(p));
        expect(p, "with");
        node_add(p, n, rule_cond(p));
        expect_close(p);
    } else {
        node_add(p, n, rule_pattern(p));
        node_add(p, n, rule_past(p));
    }
    return node_end(p, n);
}

static node_id
rule_distance(struct parser *p)
{
    node_id n = node_new(p, N_DISTANCE);

    p->at += 2;
    node_add(p, n, rule_primary(p));
    expect(p, "to");
    node_add(p, n, rule_primary(p));
    return node_end(p, n);
}

/* NAME [ args | "of" primary ] */
static node_id
rule_named(struct parser *p)
{
    node_id name = rule_name(p, "a value"), n;

    if (at_word(p, 0, "(")) {
        n = over(p, N_CALL, name);
        node_add(p, n, rule_args(p));
        return node_end(p, n);
    }
    if (accept(p, "of")) {
        n = over(p, N_OF, name);
        node_add(p, n, rule_primary(p));
        return node_end(p, n);
    }
    return name;
}

static node_id
rule_primary_inner(struct parser *p)
{
    static const struct {
        const char *word;
        enum node_kind kind;
    } aggregates[] = {{"count", N_COUNT}, {"sum", N_SUM}, {"min", N_MIN}, {"max", N_MAX}};
    node_id n;

    if (at_type(p, 0, TK_INT))
        return rule_qty(p);
    if (at_type(p, 0, TK_CLOCK) || (at_word(p, 0, "day") && at_type(p, 1, TK_INT)))
        return rule_when(p);
    if (at_type(p, 0, TK_STRING))
        return single(p, N_STRING);
    if (at_type(p, 0, TK_POINT))
        return single(p, N_POINT);
    if (at_type(p, 0, TK_DOT))
        return single(p, N_WORD_DOT);
    if (at_word(p, 0, "now"))
        return single(p, N_NOW);
    if (at_word(p, 0, "by"))
        return single(p, N_BY);
    if (at_word(p, 0, "no"))
        return single(p, N_NO_WORD);
    if (accept(p, "(")) {
        n = rule_value(p);
        expect_close(p);
        return n;
    }
    if (at_words(p, "distance", "from"))
        return rule_distance(p);
    for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates; i++)
        if (at_words(p, aggregates[i].word, "of"))
            return rule_aggregate(p, aggregates[i].kind);
    return rule_named(p);
}

static node_id
rule_primary(struct parser *p)
{
    node_id n;

    if (!deeper(p))
        return 0;
    n = rule_primary_inner(p);
    shallower(p);
    return n;
}
