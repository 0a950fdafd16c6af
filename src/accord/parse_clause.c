/* SPDX-License-Identifier: Apache-2.0 */
/* parse_clause.c -- gates, authority, clauses and examples. */
#include "accord/parse_in.h"

static node_id
flagged(struct parser *p, node_id n, uint16_t flags)
{
    if (n != 0)
        at_node(p, n)->flags |= flags;
    return n;
}

/* gate ----------------------------------------------------------------------------------------- */

static const char go_words[] = "a go is written: as NAME, used by EVENT, lapses after 10 minutes, tells ROLE";

static node_id
rule_as(struct parser *p)
{
    node_id n;

    if (!at_word(p, 0, "as"))
        return none(p);
    p->at++;
    n = node_new(p, N_AS);
    (void)rule_name(p, "a name for the go");
    expect_phrase(p, ", used by", go_words);
    node_add(p, n, rule_pattern(p));
    expect_phrase(p, ", lapses after", go_words);
    node_add(p, n, rule_qty(p));
    expect_phrase(p, ", tells", go_words);
    node_add(p, n, rule_roles(p));
    return node_end(p, n);
}

static bool
at_limb(const struct parser *p)
{
    return at_type(p, 0, TK_NAME) && at_type(p, 1, TK_STRING) && !at_word(p, 0, "example");
}

node_id
rule_gate(struct parser *p)
{
    node_id n = node_new(p, N_GATE), limbs;

    (void)rule_name(p, "the gate's name");
    node_add(p, n, rule_params(p));
    expect_for(p, "before", "a gate says which event it stands before");
    node_add(p, n, rule_pattern(p));
    node_add(p, n, rule_as(p));
    limbs = node_new(p, N_LIST);
    while (at_limb(p)) {
        node_id limb = node_new(p, N_LIMB);

        (void)rule_name(p, "a limb");
        node_add(p, limb, rule_string(p, "the limb in words"));
        node_add(p, limb, rule_cond(p));
        node_add(p, limbs, node_end(p, limb));
    }
    node_add(p, n, node_end(p, limbs));
    if (at_word(p, 0, "override")) {
        node_id o = node_new(p, N_OVERRIDE); /* stands at the word itself */

        expect_phrase(p, "override by", "written: override by ROLE on EVENT");
        node_add(p, o, rule_roles(p));
        expect_for(p, "on", "say which event it is said by");
        node_add(p, o, rule_pattern(p));
        node_add(p, n, node_end(p, o));
    }
    return node_end(p, n);
}

/* authority ------------------------------------------------------------------------------------ */

static node_id
rule_scopes(struct parser *p)
{
    node_id list = node_new(p, N_LIST);

    do {
        if (at_type(p, 0, TK_DOT))
            node_add(p, list, rule_dot(p, "an event"));
        else
            node_add(p, list, rule_name(p, "an event or a family of events"));
    } while (!p->failed && more_after_comma(p));
    return node_end(p, list);
}

static node_id
rule_verb(struct parser *p, bool may_report)
{
    node_id n = node_new(p, N_NAME);

    if (!at_word(p, 0, "command") && !at_word(p, 0, "coordinate") && !at_word(p, 0, "observe") &&
        !(may_report && at_word(p, 0, "report"))) {
        fail(p, may_report ? "'command', 'coordinate', 'report' or 'observe'" : "'command', 'coordinate' or 'observe'",
             may_report ? "commands are granted by 'command', coordination by 'coordinate', observations by 'report'"
                        : "what has happened may always be reported");
        return 0;
    }
    p->at++;
    return node_end(p, n);
}

/* grant = DOT "may" verb scope { "," scope } [ "coarse" qty ] [ "until" time ] [ "where" cond ] */
static node_id
rule_grant(struct parser *p)
{
    node_id n = node_new(p, N_GRANT);

    (void)rule_dot(p, "a role");
    expect_for(p, "may", "a grant is written: ROLE may command, coordinate, report or observe EVENTS");
    node_add(p, n, rule_verb(p, true));
    node_add(p, n, rule_scopes(p));
    node_add(p, n, accept(p, "coarse") ? rule_qty(p) : none(p));
    node_add(p, n, accept(p, "until") ? rule_time(p) : none(p));
    node_add(p, n, accept(p, "where") ? rule_cond(p) : none(p));
    return node_end(p, n);
}

static bool
at_scope(const struct parser *p)
{
    if (at_type(p, 0, TK_DOT))
        return !at_word(p, 1, "may");
    if (decl_at(p) >= 0 || at_word(p, 0, "except") || at_word(p, 0, "never"))
        return at_word(p, 1, ",") || at_word(p, 1, "except");
    return at_type(p, 0, TK_NAME);
}

/* bound = "never" ( NAME | DOT ) "may" verb [ scopes ] [ "except" scopes [ "where" cond ] ] */
static node_id
rule_never(struct parser *p)
{
    node_id n = node_new(p, N_NEVER);

    p->at++;
    if (n != 0)
        at_node(p, n)->token = p->at;
    if (at_type(p, 0, TK_DOT))
        (void)rule_dot(p, "a role");
    else
        (void)rule_name(p, "a side or a role");
    expect(p, "may");
    node_add(p, n, rule_verb(p, false));
    node_add(p, n, at_scope(p) ? rule_scopes(p) : none(p));
    if (accept(p, "except")) {
        node_add(p, n, rule_scopes(p));
        node_add(p, n, accept(p, "where") ? rule_cond(p) : none(p));
    }
    return node_end(p, n);
}

node_id
rule_authority(struct parser *p)
{
    node_id n = node_new(p, N_AUTHORITY);

    while (at_type(p, 0, TK_DOT) || at_word(p, 0, "never") || at_word(p, 1, "may"))
        node_add(p, n, at_word(p, 0, "never") ? rule_never(p) : rule_grant(p));
    return node_end(p, n);
}

/* clause --------------------------------------------------------------------------------------- */

static node_id
rule_bearers(struct parser *p)
{
    node_id list = node_new(p, N_LIST);

    do {
        node_id n = node_new(p, N_BEARER);

        if (accept2(p, "other", "side")) {
            expect(p, "of");
            flagged(p, n, F_OTHER_SIDE);
            if (n != 0)
                at_node(p, n)->token = p->at;
        }
        node_add(p, n, rule_name(p, "a side"));
        node_add(p, list, node_end(p, n));
    } while (!p->failed && more_after_comma(p));
    return node_end(p, list);
}

/* "info" | "amber" | "red" */
static node_id
rule_level(struct parser *p)
{
    node_id n = node_new(p, N_SEVERITY);

    if (!at_word(p, 0, "info") && !at_word(p, 0, "amber") && !at_word(p, 0, "red"))
        fail(p, "'info', 'amber' or 'red'", "there are these three severities");
    p->at++;
    return node_end(p, n);
}

static node_id
rule_severity(struct parser *p)
{
    node_id n = rule_level(p);

    if (accept(p, "if") && deeper(p)) {
        node_add(p, n, rule_conj(p));
        expect(p, "else");
        node_add(p, n, rule_severity(p));
        shallower(p);
    }
    return node_end(p, n);
}

static node_id
rule_answers(struct parser *p)
{
    node_id n = node_new(p, N_ANSWERS), list = node_new(p, N_LIST);

    do
        node_add(p, list, rule_pattern(p));
    while (accept(p, "or"));
    node_add(p, n, node_end(p, list));
    p->in_answer = true;
    node_add(p, n, accept(p, "where") ? rule_conj(p) : none(p));
    p->in_answer = false;
    return node_end(p, n);
}

static node_id
rule_within_value(struct parser *p, enum node_kind kind)
{
    node_id n = node_new(p, kind);

    node_add(p, n, rule_answers(p));
    expect_for(p, "within", "say how soon, such as within 10 minutes");
    node_add(p, n, rule_value(p));
    return node_end(p, n);
}

/* [ "unless" cond ] [ "," "otherwise" "must" answer "within" value ] */
static void
add_tails(struct parser *p, node_id n)
{
    node_add(p, n, accept(p, "unless") ? rule_cond(p) : none(p));
    if (at_words(p, ",", "otherwise")) {
        p->at += 2;
        expect(p, "must");
        node_add(p, n, rule_within_value(p, N_OTHERWISE));
    } else {
        node_add(p, n, none(p));
    }
}

static node_id
rule_limit(struct parser *p)
{
    node_id n = 0;

    if (accept(p, "within")) {
        n = node_new(p, N_WITHIN);
        node_add(p, n, rule_value(p));
    } else if (accept(p, "not")) {
        expect_phrase(p, "later than", "a limit at a planned time is written: not later than 10 minutes after TIME");
        n = node_new(p, N_NOT_LATER);
        node_add(p, n, rule_time(p));
    } else if (accept2(p, "at", "least")) {
        if (accept(p, "every")) {
            n = node_new(p, N_AT_LEAST_EVERY);
            node_add(p, n, rule_value(p));
        } else {
            expect_phrase(p, "once in each", "what recurs is written: at least every 30 minutes, or at least once in each week");
            n = node_new(p, N_ONCE_IN_EACH);
            if (!at_word(p, 0, "day") && !at_word(p, 0, "week") && !at_word(p, 0, "month") && !at_word(p, 0, "quarter"))
                fail(p, "'day', 'week', 'month' or 'quarter'", "there are these four periods");
            p->at++;
        }
    } else {
        fail(p, "a limit", "a duty to answer ends in 'within', 'not later than', 'at least every' or 'at least once in each'");
    }
    return node_end(p, n);
}

static node_id
rule_must_answer(struct parser *p)
{
    node_id n = node_new(p, N_MUST), chain;

    node_add(p, n, rule_answers(p));
    node_add(p, n, rule_limit(p));
    chain = node_new(p, N_LIST);
    while (at_words(p, ",", "then")) {
        p->at += 2;
        node_add(p, chain, rule_within_value(p, N_THEN));
    }
    node_add(p, n, node_end(p, chain));
    add_tails(p, n);
    return node_end(p, n);
}

/* What people write behind 'must' for what is written another way. */
static void
check_must(struct parser *p)
{
    if (at_word(p, 0, "hold"))
        expect_phrase(p, "hold that", "what must be so is written: must hold that CONDITION");
    else if (at_word(p, 0, "be"))
        expect_phrase(p, "be known", "how late an event may become known is written: must be known within 60 minutes");
    else if (at_word(p, 0, "not"))
        expect_phrase(p, "not last", "'must not' goes with 'last'; an event that may not be is written: each time EVENT: may only if CONDITION");
}

static node_id
rule_not_last(struct parser *p)
{
    node_id n = node_new(p, N_NOT_LAST);

    if (at_word(p, 0, "more") || at_word(p, 0, "longer") || at_word(p, 0, "for") || at_word(p, 0, "over"))
        expect_phrase(p, "more than", "a limit on what lasts is written: must not last more than 10 minutes");
    else
        return node_add(p, n, none(p)), n;
    node_add(p, n, rule_value(p));
    return n;
}

/* duty = permission | "must" ( "hold" "that" ... | "not" "last" ... | "be" "known" ... | answer limit ... ) tails */
static node_id
rule_duty(struct parser *p)
{
    node_id n;

    if (accept(p, "may")) {
        n = node_new(p, N_ONLY_IF);
        expect_phrase(p, "only if", "a permission is written: may only if CONDITION");
        node_add(p, n, rule_cond(p));
        add_tails(p, n);
        return node_end(p, n);
    }
    if (!at_word(p, 0, "must")) {
        fail(p, "a duty", "it begins with 'must', 'must not' or 'may only if'");
        return 0;
    }
    p->at++;
    if (accept2(p, "hold", "that")) {
        n = node_new(p, N_HOLD);
        node_add(p, n, rule_cond(p));
        node_add(p, n, at_words(p, ",", "tolerating") ? (p->at += 2, rule_value(p)) : none(p));
    } else if (accept2(p, "not", "last")) {
        n = rule_not_last(p);
    } else if (accept2(p, "be", "known")) {
        n = node_new(p, N_KNOWN);
        expect_for(p, "within", "say how soon, such as within 60 minutes");
        node_add(p, n, rule_value(p));
    } else {
        check_must(p);
        return rule_must_answer(p);
    }
    add_tails(p, n);
    return node_end(p, n);
}

static node_id
rule_opener(struct parser *p)
{
    node_id n = 0;

    if (accept2(p, "each", "time")) {
        n = node_new(p, N_EACH);
        node_add(p, n, rule_moment(p));
        node_add(p, n, accept(p, "where") ? rule_cond(p) : none(p));
    } else if (accept(p, "while")) {
        n = node_new(p, N_WHILE);
        node_add(p, n, rule_cond(p));
    } else if (accept2(p, "at", "all")) {
        n = node_new(p, N_ALWAYS);
        expect(p, "times");
    } else if (accept(p, "at")) {
        if (at_type(p, 0, TK_DOT) && at_word(p, 1, "("))
            fail(p, "a planned time", "for an event write 'each time'");
        n = node_new(p, N_AT);
        node_add(p, n, rule_time(p));
        node_add(p, n, accept(p, "where") ? rule_cond(p) : none(p));
    } else {
        fail(p, "an opener", "a sentence begins with 'each time', 'at', 'while' or 'at all times'");
    }
    return node_end(p, n);
}

static node_id
rule_foreach(struct parser *p)
{
    node_id n = node_new(p, N_FOREACH);

    p->at += 3;
    node_add(p, n, rule_names(p));
    if (at_words(p, ",", "owner")) {
        p->at += 2;
        node_add(p, n, rule_name(p, "a name for the owner"));
    } else {
        node_add(p, n, none(p));
    }
    if (accept(p, "on")) {
        node_add(p, n, none(p));
        node_add(p, n, rule_expr(p));
    } else {
        expect(p, "with");
        node_add(p, n, rule_cond(p));
    }
    return node_end(p, n);
}

static node_id
rule_rung(struct parser *p)
{
    node_id n = node_new(p, N_RUNG), who = node_new(p, N_LIST);

    p->at++;
    do {
        if (at_type(p, 0, TK_DOT))
            node_add(p, who, rule_dot(p, "a role"));
        else
            node_add(p, who, rule_name(p, "a role or a side"));
    } while (!p->failed && more_after_comma(p));
    node_add(p, n, node_end(p, who));
    node_add(p, n, accept(p, "after") ? rule_value(p) : none(p));
    node_add(p, n, accept(p, "as") ? rule_level(p) : none(p));
    if (at_word(p, 0, "if"))
        fail_here(p, "'as' takes one severity: for one that depends write ', severity red if ... else amber' behind the duty");
    return node_end(p, n);
}

static node_id
rule_sentence(struct parser *p)
{
    node_id n = node_new(p, N_SENTENCE), list;

    if (at_type(p, 0, TK_NAME) && at_word(p, 1, ")")) {
        node_add(p, n, rule_name(p, "a letter"));
        expect(p, ")");
    } else {
        node_add(p, n, none(p));
    }
    node_add(p, n, rule_opener(p));
    list = node_new(p, N_LIST);
    while (at_words(p, ",", "for") && at_word(p, 2, "every"))
        node_add(p, list, rule_foreach(p));
    node_add(p, n, node_end(p, list));
    expect_for(p, ":", "a colon stands between what opens a sentence and its duty");
    node_add(p, n, rule_duty(p));
    if (at_words(p, ",", "severity")) {
        p->at += 2;
        node_add(p, n, rule_severity(p));
    } else {
        node_add(p, n, none(p));
    }
    list = node_new(p, N_LIST);
    while (at_word(p, 0, "tell"))
        node_add(p, list, rule_rung(p));
    node_add(p, n, node_end(p, list));
    return node_end(p, n);
}

static bool
at_sentence(const struct parser *p)
{
    if (at_type(p, 0, TK_NAME) && at_word(p, 1, ")"))
        return true;
    return at_words(p, "each", "time") || at_word(p, 0, "while") || at_word(p, 0, "at");
}

static const char clause_words[] = "a clause begins: duty SIDE, owed to SIDE, severity red, case NAME(names)";

node_id
rule_clause(struct parser *p)
{
    node_id n = node_new(p, N_CLAUSE), c, list;

    (void)rule_name(p, "the clause's name");
    node_add(p, n, rule_string(p, "the clause's title"));
    expect_for(p, "duty", clause_words);
    node_add(p, n, rule_bearers(p));
    expect_phrase(p, ", owed to", clause_words);
    node_add(p, n, rule_bearers(p));
    expect_phrase(p, ", severity", clause_words);
    node_add(p, n, rule_severity(p));
    expect_phrase(p, ", case", clause_words);
    c = node_new(p, N_CASE);
    (void)rule_name(p, "the case's name");
    expect_for(p, "(", "a case says what it is about in brackets, such as case movement(m), or case yard() for all");
    node_add(p, c, at_word(p, 0, ")") ? none(p) : rule_names(p));
    expect_close(p);
    node_add(p, n, node_end(p, c));
    list = node_new(p, N_LIST);
    while (at_sentence(p))
        node_add(p, list, rule_sentence(p));
    if (at_node(p, list)->first == 0)
        fail(p, "a sentence", "it begins with 'each time', 'at', 'while' or 'at all times'");
    node_add(p, n, node_end(p, list));
    return node_end(p, n);
}

/* examples ------------------------------------------------------------------------------------- */

/* call = ( DOT | NAME ) args */
static node_id
rule_call(struct parser *p)
{
    node_id n = node_new(p, at_type(p, 0, TK_DOT) ? N_PATTERN : N_CALL);

    if (at_type(p, 0, TK_DOT))
        p->at++;
    else
        node_add(p, n, rule_name(p, "an event or a state"));
    node_add(p, n, rule_args(p));
    return node_end(p, n);
}

static const struct {
    const char *word;
    int64_t bit;
} verdict_words[] = {
    {"pending", EXPECT_PENDING}, {"met", EXPECT_MET},         {"breached", EXPECT_BREACHED},
    {"marginal", EXPECT_MARGINAL}, {"unknown", EXPECT_UNKNOWN}, {"info", EXPECT_INFO},
    {"amber", EXPECT_AMBER},     {"red", EXPECT_RED},         {"green", EXPECT_GREEN},
    {"warned", EXPECT_WARNED},
};

static int64_t
verdict_bit(struct parser *p)
{
    for (size_t i = 0; i < sizeof verdict_words / sizeof *verdict_words; i++)
        if (accept(p, verdict_words[i].word))
            return verdict_words[i].bit;
    return 0;
}

static node_id
rule_warned(struct parser *p)
{
    return at_type(p, 0, TK_DOT) ? rule_dot(p, "a role") : rule_name(p, "a role or a side");
}

/* { verdict } [ "on" NAME ] [ "for" NAME { "and" NAME } ] [ "until" when ] */
static int64_t
rule_expected(struct parser *p, node_id n)
{
    int64_t bits = 0, bit;
    node_id who = 0, list;

    while ((bit = verdict_bit(p)) != 0) {
        bits |= bit;
        if (bit == EXPECT_WARNED)
            who = rule_warned(p);
    }
    node_add(p, n, who != 0 ? who : none(p));
    node_add(p, n, accept(p, "on") ? rule_name(p, "a limb") : none(p));
    list = node_new(p, N_LIST);
    if (accept(p, "for")) {
        do
            node_add(p, list, rule_name(p, "whom it is about"));
        while (accept(p, "and"));
    }
    node_add(p, n, node_end(p, list));
    node_add(p, n, accept(p, "until") ? rule_when(p) : none(p));
    return bits;
}

/* children: what (NAME, DOT or CALL), is?, who?, on?, for*, until? */
static node_id
rule_expectation(struct parser *p)
{
    node_id n = node_new(p, N_EXPECT), what;
    int64_t bits = 0;

    if (accept(p, "refused")) {
        if (n != 0)
            at_node(p, n)->num = EXPECT_REFUSED;
        return node_end(p, n);
    }
    if (accept(p, "happened"))
        bits |= EXPECT_HAPPENED;
    if (accept(p, "no"))
        bits |= EXPECT_NO;
    what = at_type(p, 0, TK_DOT) ? rule_dot(p, "a sentence") : rule_name(p, "a clause, a gate, a list or a thing");
    if (at_word(p, 0, "(") && what != 0) {
        node_id call = node_new(p, N_CALL);

        at_node(p, call)->token = at_node(p, what)->token;
        node_add(p, call, what);
        node_add(p, call, rule_args(p));
        what = node_end(p, call);
    }
    node_add(p, n, what);
    if (accept(p, "is")) {
        node_add(p, n, rule_name(p, "a stage or a value"));
    } else {
        node_add(p, n, none(p));
        bits |= rule_expected(p, n);
    }
    if (n != 0)
        at_node(p, n)->num = bits;
    return node_end(p, n);
}

/* line = when [ "known" when ] ( pattern | "expect" expectation { "," expectation } ) */
static node_id
rule_line(struct parser *p)
{
    node_id n = node_new(p, N_LINE);

    node_add(p, n, rule_when(p));
    node_add(p, n, accept(p, "known") ? rule_when(p) : none(p));
    if (accept(p, "expect")) {
        do
            node_add(p, n, rule_expectation(p));
        while (accept(p, ","));
    } else {
        node_add(p, n, rule_pattern(p));
    }
    return node_end(p, n);
}

node_id
rule_example(struct parser *p)
{
    node_id n = node_new(p, N_EXAMPLE), list;

    (void)rule_string(p, "what the example shows");
    list = node_new(p, N_LIST);
    if (accept(p, "given")) {
        do
            node_add(p, list, rule_call(p));
        while (accept(p, ","));
    }
    node_add(p, n, node_end(p, list));
    list = node_new(p, N_LIST);
    while (at_type(p, 0, TK_CLOCK) || (at_word(p, 0, "day") && at_type(p, 1, TK_INT)))
        node_add(p, list, rule_line(p));
    if (at_node(p, list)->first == 0)
        fail(p, "a line of the example", "written: 22:30 door.opened(D1) by Khan, or 22:31 expect C3.a breached for D1");
    node_add(p, n, node_end(p, list));
    return node_end(p, n);
}
