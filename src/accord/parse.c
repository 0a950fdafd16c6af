/* SPDX-License-Identifier: Apache-2.0 */
/* parse.c -- words, heads and the declarations of the vocabulary. */
#include "accord/parse_in.h"
#include "base/text.h"

enum {
    MESSAGE_ROOM = 1 << 16, /* bytes: more than ACCORD_DIAGS_MAX messages fill */
    HEAD_WORDS_MAX = 4096,
    SIDES_MAX = 16,
    DAYS_MAX = 36500, /* an example's last: a hundred years */
};

static const char *const reserved[] = {
    "and", "or", "not", "some", "every", "no", "with", "is", "if", "else", "has", "within",
    "between", "by", "where", "until", "from", "before", "after", "begins", "ends", "changes",
    "must", "may", "tell", "of", "over", "per", "for", "then", "otherwise", "tolerating", "owner",
    "owed", "severity", "case", "expect",
};

bool
parse_reserved(struct str word)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (str_eq(word, str_of(reserved[i])))
            return true;
    return false;
}

/* words ---------------------------------------------------------------------------------------- */

static struct str
word_of(const struct parser *p, struct token t)
{
    return str_cut(p->t->text->source, t.pos, t.len);
}

struct token
look(const struct parser *p, uint32_t ahead)
{
    uint32_t i = p->at + ahead, last = p->t->tokens - 1;

    return p->t->token[p->failed || i > last ? last : i];
}

bool
at_type(const struct parser *p, uint32_t ahead, enum token_type type)
{
    return look(p, ahead).type == type;
}

bool
at_word(const struct parser *p, uint32_t ahead, const char *word)
{
    struct token t = look(p, ahead);

    if (t.type != TK_NAME && t.type != TK_MARK && t.type != TK_ARROW)
        return false;
    return str_eq(word_of(p, t), str_of(word));
}

bool
at_words(const struct parser *p, const char *first, const char *second)
{
    return at_word(p, 0, first) && at_word(p, 1, second);
}

bool
accept(struct parser *p, const char *word)
{
    if (!at_word(p, 0, word))
        return false;
    p->at++;
    return true;
}

bool
accept2(struct parser *p, const char *first, const char *second)
{
    if (!at_words(p, first, second))
        return false;
    p->at += 2;
    return true;
}

/* Does this word stand on the line of the one before it? */
static bool
on_one_line(const struct parser *p, uint32_t token)
{
    const struct token *t = &p->t->token[token], *before = t - 1;
    uint32_t end = token == 0 ? 0 : before->pos + before->len;

    return token > 0 && memchr(p->t->text->source.ptr + end, '\n', t->pos - end) == NULL;
}

/* A word that could not be read has been told: what follows from it is not told as well. */
static bool
spoilt(const struct parser *p, uint32_t token)
{
    for (uint32_t i = p->start; i < p->t->tokens && (i <= token || on_one_line(p, i)); i++)
        if (p->t->token[i].bad)
            return true;
    return false;
}

void
fail_at(struct parser *p, uint32_t token, const char *what)
{
    struct token t = p->t->token[token];

    if (p->failed)
        return;
    if (!spoilt(p, token))
        accord_diag_at(p->diags, p->t->number, t.pos, t.len, str_of(what));
    p->failed = true;
    p->t->bad = true;
}

static void
put_found(const struct parser *p, struct buf *b)
{
    struct token t = look(p, 0);

    if (t.type == TK_END) {
        put_s(b, "the end of the text");
        return;
    }
    put_c(b, '\'');
    put(b, accord_cut(word_of(p, t), 60));
    put_c(b, '\'');
}

void
fail_here(struct parser *p, const char *what)
{
    fail_at(p, p->at < p->t->tokens ? p->at : p->t->tokens - 1, what);
}

void
fail(struct parser *p, const char *expected, const char *remedy)
{
    char text[DIAG_TEXT];
    struct buf b = buf_of(text, sizeof text - 1);

    if (p->failed)
        return;
    put_s(&b, "expected ");
    put_s(&b, expected);
    put_s(&b, ", found ");
    put_found(p, &b);
    if (remedy != NULL) {
        put_s(&b, ": ");
        put_s(&b, remedy);
    }
    fail_here(p, put_end(&b));
}

static void
fail_word(struct parser *p, const char *word, const char *remedy)
{
    char text[80];
    struct buf b = buf_of(text, sizeof text - 1);

    put_c(&b, '\'');
    put_s(&b, word);
    put_c(&b, '\'');
    fail(p, put_end(&b), remedy);
}

void
expect(struct parser *p, const char *word)
{
    expect_for(p, word, NULL);
}

void
expect_for(struct parser *p, const char *word, const char *remedy)
{
    if (!accept(p, word))
        fail_word(p, word, remedy);
}

void
expect_phrase(struct parser *p, const char *phrase, const char *remedy)
{
    struct str rest = str_of(phrase);

    while (rest.len > 0 && !p->failed) {
        size_t n = 0;

        while (n < rest.len && rest.ptr[n] != ' ')
            n++;
        if (look(p, 0).type == TK_END || !str_eq(word_of(p, look(p, 0)), str_cut(rest, 0, n))) {
            fail_word(p, phrase, remedy);
            return;
        }
        p->at++;
        rest = str_cut(rest, n + 1, rest.len);
    }
}

void
expect_close(struct parser *p)
{
    expect_for(p, ")", "the bracket that was opened before it is not closed");
}

bool
more_after_comma(struct parser *p)
{
    struct token next = look(p, 1);

    if (!at_word(p, 0, ","))
        return false;
    if (next.type == TK_NAME && parse_reserved(word_of(p, next)))
        return false;
    p->at++;
    return true;
}

/* nodes ---------------------------------------------------------------------------------------- */

struct node *
at_node(struct parser *p, node_id n)
{
    return &p->t->node[n];
}

node_id
node_new(struct parser *p, enum node_kind kind)
{
    if (p->t->nodes == p->cap) {
        fail_here(p, "the text is too large for its memory: split it into libraries");
        return 0;
    }
    p->t->node[p->t->nodes] = (struct node){.kind = (uint8_t)kind, .token = p->at};
    return p->t->nodes++;
}

void
node_add(struct parser *p, node_id parent, node_id child)
{
    struct node *n = &p->t->node[parent];

    if (parent == 0 || child == 0)
        return;
    if (n->first == 0)
        n->first = child;
    else
        p->t->node[n->last].next = child;
    n->last = child;
}

node_id
node_end(struct parser *p, node_id n)
{
    if (n != 0)
        at_node(p, n)->words = p->at > at_node(p, n)->token ? p->at - at_node(p, n)->token : 1;
    return n;
}

node_id
none(struct parser *p)
{
    return node_new(p, N_NONE);
}

node_id
tree_child(const struct syntax *t, node_id n, unsigned k)
{
    node_id c = t->node[n].first;

    while (c != 0 && k-- > 0)
        c = t->node[c].next;
    return c == 0 || t->node[c].kind == N_NONE ? 0 : c;
}

struct str
tree_word(const struct syntax *t, uint32_t token)
{
    struct token w = t->token[token];
    struct str s = str_cut(t->text->source, w.pos, w.len);

    if ((w.type == TK_STRING || w.type == TK_POINT) && s.len >= 2)
        return str_cut(s, 1, s.len - 2);
    return s;
}

bool
deeper(struct parser *p)
{
    if (++p->depth <= PARSE_DEPTH)
        return true;
    fail_here(p, "brackets and words stand more than 60 deep in one another here: name an inner part as a state");
    return false;
}

void
shallower(struct parser *p)
{
    p->depth--;
}

/* small rules ---------------------------------------------------------------------------------- */

node_id
rule_name(struct parser *p, const char *what)
{
    struct token t = look(p, 0);
    node_id n;

    if (t.type == TK_NAME && parse_reserved(word_of(p, t))) {
        fail(p, what, "this word is reserved; choose another name");
        return 0;
    }
    if (t.type != TK_NAME) {
        fail(p, what, NULL);
        return 0;
    }
    n = node_new(p, N_NAME);
    p->at++;
    return node_end(p, n);
}

node_id
rule_dot(struct parser *p, const char *what)
{
    node_id n;

    if (!at_type(p, 0, TK_DOT)) {
        fail(p, what, str_eq(str_of(what), STR("a role")) ? "two names joined by a point, such as host.commander"
                                                           : "two names joined by a point, such as door.opened");
        return 0;
    }
    n = node_new(p, N_WORD_DOT);
    p->at++;
    return node_end(p, n);
}

node_id
rule_string(struct parser *p, const char *what)
{
    node_id n;

    if (!at_type(p, 0, TK_STRING)) {
        fail(p, what, "write it in quotation marks");
        return 0;
    }
    n = node_new(p, N_STRING);
    p->at++;
    return node_end(p, n);
}

node_id
rule_names(struct parser *p)
{
    node_id list = node_new(p, N_LIST);

    do
        node_add(p, list, rule_name(p, "a name"));
    while (!p->failed && more_after_comma(p));
    return node_end(p, list);
}

node_id
rule_roles(struct parser *p)
{
    node_id list = node_new(p, N_LIST);

    do
        node_add(p, list, rule_dot(p, "a role"));
    while (accept(p, "or"));
    return node_end(p, list);
}

int64_t
rule_int(struct parser *p, const char *what)
{
    struct str s = word_of(p, look(p, 0));
    int64_t n = 0;

    if (!at_type(p, 0, TK_INT)) {
        fail(p, what, "write a whole number");
        return 0;
    }
    if (s.len > 15) {
        fail(p, what, "this number has more than 15 digits");
        return 0;
    }
    for (size_t i = 0; i < s.len; i++)
        n = n * 10 + (s.ptr[i] - '0');
    p->at++;
    return n;
}

static const struct {
    const char *word;
    int64_t factor;
} units[] = {
    {"milliseconds", 1},       {"millisecond", 1},   {"seconds", 1000},      {"second", 1000},
    {"minutes", 60000},        {"minute", 60000},    {"hours", 3600000},     {"hour", 3600000},
    {"days", 86400000},        {"day", 86400000},    {"metres", 1},          {"metre", 1},
    {"kilometres", 1000},      {"kilometre", 1000},
};

static const char unit_words[] = "units are written in full: milliseconds, seconds, minutes, hours, days, metres, kilometres";

static bool
on_same_line(const struct parser *p)
{
    return on_one_line(p, p->at);
}

/* Words that people write behind a number, and that are no unit here. */
static void
check_unit(struct parser *p)
{
    static const char *const wrong[] = {"ms", "msec", "s", "sec", "secs", "min", "mins", "h", "hr", "hrs", "d",
                                        "m", "meter", "meters", "km", "kms", "kilometer", "kilometers"};
    static const char *const longer[] = {"week", "weeks", "month", "months", "quarter", "quarters", "year", "years"};

    if (!p->failed && at_word(p, 0, "calendar") && (at_word(p, 1, "days") || at_word(p, 1, "day")))
        fail_here(p, "not yet: a duration in 'calendar days' is part of the language and not built: write days, of 24 hours each");
    if (p->failed || !on_same_line(p) || at_word(p, 1, "with") || at_word(p, 1, ","))
        return; /* at least 3 m with ... */
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (at_word(p, 0, wrong[i]))
            fail(p, "a unit", unit_words);
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        if (at_word(p, 0, longer[i]))
            fail(p, "a unit", "the longest is the day: a week is written 7 days");
}

/* qty = INT [ UNIT ]: the node's num is in milliseconds or metres; its child is the unit. */
node_id
rule_qty(struct parser *p)
{
    node_id n = node_new(p, N_INT);
    int64_t num = rule_int(p, "a quantity");

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!at_word(p, 0, units[i].word))
            continue;
        if (num > INT64_MAX / 1000 / units[i].factor) {
            p->at--;
            fail(p, "a quantity that fits", "this one is beyond all time");
            return 0;
        }
        num *= units[i].factor;
        node_add(p, n, node_end(p, node_new(p, N_UNIT)));
        p->at++;
        break;
    }
    if (n != 0 && at_node(p, n)->first == 0)
        check_unit(p);
    if (n != 0)
        at_node(p, n)->num = num;
    return node_end(p, n);
}

int64_t
clock_ms(struct str s, bool *ret_ok)
{
    int64_t h = (s.ptr[0] - '0') * 10 + (s.ptr[1] - '0');
    int64_t m = (s.ptr[3] - '0') * 10 + (s.ptr[4] - '0');
    int64_t sec = s.len == 8 ? (s.ptr[6] - '0') * 10 + (s.ptr[7] - '0') : 0;

    *ret_ok = h < 24 && m < 60 && sec < 60;
    return ((h * 60 + m) * 60 + sec) * 1000;
}

/* when = [ "day" INT ] CLOCK */
node_id
rule_when(struct parser *p)
{
    node_id n = node_new(p, N_WHEN), day = 0;
    bool ok = true;

    if (at_word(p, 0, "day") && at_type(p, 1, TK_INT)) {
        p->at++;
        day = node_new(p, N_INT);
        if (day != 0)
            at_node(p, day)->num = rule_int(p, "the number of the day");
        if (day != 0 && !p->failed && (at_node(p, day)->num < 1 || at_node(p, day)->num > DAYS_MAX))
            fail_at(p, p->at - 1, "days are numbered from 1 to 36500: the first line of an example stands on day 1");
    }
    if (!at_type(p, 0, TK_CLOCK)) {
        fail(p, "a time of day", "written 22:30 or 22:30:01");
        return 0;
    }
    if (n != 0)
        at_node(p, n)->num = clock_ms(word_of(p, look(p, 0)), &ok);
    if (!ok) {
        fail(p, "a time of day", "hours run to 23, minutes and seconds to 59");
        return 0;
    }
    p->at++;
    node_add(p, n, day);
    return node_end(p, n);
}

/* param = NAME ":" NAME { "or" NAME } [ "optional" ] [ "sealed" ] [ "kept" qty ] */
static node_id
rule_param(struct parser *p)
{
    node_id n = node_new(p, N_PARAM), types, kept = 0;
    uint16_t flags = 0;

    (void)rule_name(p, "a parameter's name");
    expect_for(p, ":", "a parameter says its type behind a colon, such as 'd: door'");
    types = node_new(p, N_LIST);
    do
        node_add(p, types, rule_name(p, "a type"));
    while (accept(p, "or"));
    node_end(p, types);
    if (accept(p, "optional"))
        flags |= F_OPTIONAL;
    if (accept(p, "sealed"))
        flags |= F_SEALED;
    if (accept(p, "kept"))
        kept = rule_qty(p);
    node_add(p, n, types);
    node_add(p, n, kept);
    if (n != 0)
        at_node(p, n)->flags = flags;
    return node_end(p, n);
}

node_id
rule_params(struct parser *p)
{
    node_id list = node_new(p, N_LIST);

    expect(p, "(");
    while (!p->failed && !at_word(p, 0, ")")) {
        node_add(p, list, rule_param(p));
        if (!accept(p, ","))
            break;
    }
    expect_close(p);
    return node_end(p, list);
}

/* bounds = "from" moments [ "until" moments ]: two children, the second may be nothing */
static void
add_bounds(struct parser *p, node_id n)
{
    expect_for(p, "from", "say what begins it, or sets it");
    node_add(p, n, rule_moments(p));
    node_add(p, n, accept(p, "until") ? rule_moments(p) : none(p));
}

static node_id
optional_string(struct parser *p)
{
    return at_type(p, 0, TK_STRING) ? rule_string(p, "a label") : none(p);
}

/* declarations --------------------------------------------------------------------------------- */

static node_id
rule_terms(struct parser *p)
{
    node_id n = node_new(p, N_TERMS);

    while (at_type(p, 0, TK_NAME) && at_word(p, 1, "=")) {
        node_id term = node_new(p, N_TERM);

        (void)rule_name(p, "a term");
        expect(p, "=");
        node_add(p, term, rule_value(p));
        node_add(p, n, node_end(p, term));
    }
    return node_end(p, n);
}

static node_id
rule_thing(struct parser *p)
{
    node_id n = node_new(p, N_THING);

    node_add(p, n, rule_names(p));
    if (accept(p, "private")) {
        if (n != 0)
            at_node(p, n)->flags |= F_PRIVATE;
        if (at_words(p, ",", "kept")) {
            p->at += 2;
            node_add(p, n, rule_qty(p));
        }
    }
    return node_end(p, n);
}

static node_id
rule_choice(struct parser *p)
{
    node_id n = node_new(p, N_CHOICE);

    (void)rule_name(p, "the choice's name");
    expect_for(p, "=", "a choice lists its values, such as: choice ring = outer, inner");
    node_add(p, n, rule_names(p));
    return node_end(p, n);
}

static node_id
rule_role(struct parser *p)
{
    node_id n = node_new(p, N_ROLE), list = node_new(p, N_LIST);

    do
        node_add(p, list, rule_dot(p, "a role"));
    while (accept(p, ","));
    node_add(p, n, node_end(p, list));
    if (at_word(p, 0, "from"))
        add_bounds(p, n);
    return node_end(p, n);
}

static node_id
rule_table(struct parser *p)
{
    node_id n = node_new(p, N_TABLE), rows;

    (void)rule_name(p, "the table's name");
    expect(p, "by");
    node_add(p, n, rule_name(p, "the choice the table is read by"));
    expect(p, ":");
    rows = node_new(p, N_LIST);
    do {
        node_id row = node_new(p, N_ROW);

        if (accept(p, "else")) {
            if (row != 0)
                at_node(p, row)->flags |= F_ELSE;
        } else {
            (void)rule_name(p, "a value of the choice, or 'else'");
        }
        node_add(p, row, rule_qty(p));
        if (at_type(p, 0, TK_NAME) && on_same_line(p))
            fail(p, "a unit", unit_words);
        node_add(p, rows, node_end(p, row));
    } while (accept(p, ","));
    node_add(p, n, node_end(p, rows));
    return node_end(p, n);
}

static node_id
rule_sun(struct parser *p)
{
    node_id n = node_new(p, N_SUN), point;

    (void)rule_name(p, "a name for daylight");
    expect(p, "at");
    if (!at_type(p, 0, TK_POINT))
        fail(p, "a point", "written [longitude, latitude]");
    point = node_new(p, N_POINT);
    p->at++;
    node_add(p, n, node_end(p, point));
    return node_end(p, n);
}

static node_id
rule_class(struct parser *p)
{
    node_id n = node_new(p, N_NAME);

    if (!at_word(p, 0, "command") && !at_word(p, 0, "coordination") && !at_word(p, 0, "observation")) {
        fail(p, "'command', 'coordination' or 'observation'",
             "a command binds someone in the field, coordination asks for an answer, an observation binds nobody");
        return 0;
    }
    p->at++;
    return node_end(p, n);
}

/* event = "event" EVENT params STRING class { "," property } */
static node_id
rule_event(struct parser *p)
{
    node_id n = node_new(p, N_EVENT), sources, with = 0, heartbeat = 0, clock = 0;

    (void)rule_dot(p, "the event's name");
    node_add(p, n, rule_params(p));
    node_add(p, n, rule_string(p, "the event in words"));
    node_add(p, n, rule_class(p));
    sources = node_new(p, N_LIST);
    while (accept(p, ",")) {
        if (at_node(p, sources)->first != 0 ? at_word(p, 0, "from") : false)
            fail_here(p, "'from' is said twice of this event: join its roles by 'or'");
        else if ((heartbeat != 0 && at_word(p, 0, "heartbeat")) || (clock != 0 && at_words(p, "clock", "within")))
            fail_here(p, "this property is said twice of the event: strike one");
        if (accept(p, "from")) {
            do
                node_add(p, sources, rule_dot(p, "a role"));
            while (accept(p, "or"));
            if (accept(p, "with"))
                with = rule_conj(p);
        } else if (accept(p, "heartbeat")) {
            heartbeat = rule_qty(p);
        } else if (accept2(p, "clock", "within")) {
            clock = rule_qty(p);
        } else {
            fail(p, "'from', 'heartbeat' or 'clock within'", "a source is said with 'from', its silence with 'heartbeat', the error of its clock with 'clock within'");
        }
    }
    node_add(p, n, node_end(p, sources));
    node_add(p, n, with != 0 ? with : none(p));
    node_add(p, n, heartbeat != 0 ? heartbeat : none(p));
    node_add(p, n, clock != 0 ? clock : none(p));
    return node_end(p, n);
}

static node_id
rule_fact(struct parser *p)
{
    node_id n = node_new(p, N_FACT);

    if (at_type(p, 0, TK_DOT)) {
        p->at++;
        node_add(p, n, none(p));
    } else {
        (void)rule_name(p, "the fact's name");
        expect(p, "(");
        node_add(p, n, rule_names(p));
        expect_close(p);
    }
    expect(p, ":");
    node_add(p, n, rule_name(p, "the fact's type"));
    add_bounds(p, n);
    return node_end(p, n);
}

static node_id
rule_state(struct parser *p)
{
    node_id n = node_new(p, N_STATE);

    (void)rule_name(p, "the state's name");
    node_add(p, n, rule_params(p));
    node_add(p, n, optional_string(p));
    if (accept(p, "while")) {
        node_add(p, n, rule_cond(p));
    } else {
        node_add(p, n, none(p));
        add_bounds(p, n);
    }
    return node_end(p, n);
}

static node_id
rule_listing(struct parser *p)
{
    node_id n = node_new(p, N_LISTING), rows;

    (void)rule_name(p, "the list's name");
    expect(p, "by");
    node_add(p, n, rule_pattern(p));
    node_add(p, n, optional_string(p));
    rows = node_new(p, N_LIST);
    while (at_type(p, 0, TK_NAME) && at_word(p, 1, "with")) {
        node_id row = node_new(p, N_LIST_ROW);

        (void)rule_name(p, "a name");
        expect(p, "with");
        node_add(p, row, rule_cond(p));
        expect(p, ",");
        expect(p, "owner");
        node_add(p, row, rule_expr(p));
        if (at_word(p, 0, ",") && at_word(p, 1, "back")) {
            p->at += 2;
            expect(p, "when");
            node_add(p, row, rule_cond(p));
        }
        node_add(p, rows, node_end(p, row));
    }
    node_add(p, n, node_end(p, rows));
    return node_end(p, n);
}

static node_id
rule_show(struct parser *p)
{
    node_id n = node_new(p, N_SHOW), columns;

    (void)rule_name(p, "what is shown");
    expect(p, "(");
    node_add(p, n, rule_names(p));
    expect_close(p);
    node_add(p, n, rule_string(p, "its title"));
    expect(p, ":");
    columns = node_new(p, N_LIST);
    do
        node_add(p, columns, rule_expr(p));
    while (accept(p, ","));
    node_add(p, n, node_end(p, columns));
    return node_end(p, n);
}

/* stage = "any" [ "before" NAME ] | NAME */
static node_id
rule_stage(struct parser *p)
{
    node_id n = node_new(p, N_STAGE);

    if (accept(p, "any")) {
        if (n != 0)
            at_node(p, n)->flags |= F_ANY;
        if (accept(p, "before"))
            node_add(p, n, rule_name(p, "a stage"));
    } else {
        (void)rule_name(p, "a stage");
    }
    return node_end(p, n);
}

static bool
at_life_rule(const struct parser *p)
{
    return at_type(p, 1, TK_ARROW) || at_words(p, "any", "before") || at_words(p, "any", "->");
}

static node_id
rule_life(struct parser *p)
{
    node_id n = node_new(p, N_LIFE);

    (void)rule_name(p, "the thing that lives it");
    while (at_life_rule(p)) {
        node_id r = node_new(p, N_LIFE_RULE), to;

        node_add(p, r, rule_stage(p));
        expect(p, "->");
        to = node_new(p, N_STAGE);
        (void)rule_name(p, "a stage");
        node_add(p, r, node_end(p, to));
        expect_for(p, "on", "a step says on which moment it is taken");
        p->no_by = true;
        node_add(p, r, rule_moments(p));
        p->no_by = false;
        node_add(p, r, accept(p, "by") ? rule_roles(p) : none(p));
        node_add(p, n, node_end(p, r));
    }
    if (at_node(p, n)->first == 0)
        fail(p, "a step of the life", "written: draft -> ordered on door.opened(d)");
    return node_end(p, n);
}

/* text ----------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    node_id (*rule)(struct parser *p);
} decls[] = {
    {"terms", rule_terms},   {"thing", rule_thing},         {"choice", rule_choice},
    {"role", rule_role},     {"table", rule_table},         {"sun", rule_sun},
    {"event", rule_event},   {"fact", rule_fact},           {"state", rule_state},
    {"list", rule_listing},  {"show", rule_show},           {"life", rule_life},
    {"gate", rule_gate},     {"authority", rule_authority}, {"clause", rule_clause},
    {"example", rule_example},
};

int
decl_at(const struct parser *p)
{
    for (size_t i = 0; i < sizeof decls / sizeof *decls; i++)
        if (at_word(p, 0, decls[i].word))
            return (int)i;
    return -1;
}

static bool
at_line_start(const struct parser *p)
{
    uint32_t pos = p->t->token[p->at].pos;

    return pos == 0 || p->t->text->source.ptr[pos - 1] == '\n';
}

/* After a failure: on to the next declaration that begins a line. */
static void
recover(struct parser *p)
{
    p->failed = p->no_by = p->in_answer = false;
    p->depth = 0;
    if (!at_type(p, 0, TK_END))
        p->at++;
    while (!at_type(p, 0, TK_END) && !(at_line_start(p) && decl_at(p) >= 0))
        p->at++;
}

static void
parse_uses(struct parser *p)
{
    struct syntax *t = p->t;
    uint32_t count = 0;

    t->uses = node_new(p, N_LIST);
    if (!accept(p, "uses"))
        return;
    do {
        node_id use = node_new(p, N_USE);

        if (++count == ACCORD_TEXTS_MAX) /* with the text itself */
            fail_here(p, "more than 15 libraries: join some of them");
        (void)rule_name(p, "a library's name");
        expect_for(p, "version", "say which version of the library is meant");
        if (use != 0)
            at_node(p, use)->num = rule_int(p, "the version");
        node_add(p, t->uses, node_end(p, use));
    } while (accept(p, ","));
}

static void
parse_parties(struct parser *p)
{
    uint32_t count = 0;

    p->t->parties = node_new(p, N_LIST);
    do {
        node_id party = node_new(p, N_PARTY);

        if (count++ == SIDES_MAX)
            fail_here(p, "more than 16 sides: let some of them stand behind one");
        (void)rule_name(p, "a side's name");
        node_add(p, party, rule_string(p, "who the side is"));
        node_add(p, p->t->parties, node_end(p, party));
    } while (accept(p, "and") || accept(p, ","));
}

static void
parse_agreement_head(struct parser *p)
{
    p->t->name = p->at;
    (void)rule_string(p, "the agreement's title");
    expect_for(p, "version", "each text says its version, such as version 1");
    p->t->version = rule_int(p, "the version");
    expect_for(p, "between", "an agreement says whose it is: between host \"...\" and guest \"...\"");
    parse_parties(p);
    expect_phrase(p, "time zone", "say in which zone its days and times of day are, such as time zone \"Asia/Karachi\"");
    p->t->zone = p->at;
    (void)rule_string(p, "the time zone");
    parse_uses(p);
    if (accept2(p, "in", "force")) {
        expect_phrase(p, "every clause", "written: in force every clause except D6, X5");
        p->t->every_clause = true;
        if (accept(p, "except"))
            p->t->except = rule_names(p);
    }
}

static void
parse_head(struct parser *p)
{
    if (accept(p, "agreement")) {
        parse_agreement_head(p);
    } else if (accept(p, "library")) {
        p->t->library = true;
        p->t->name = p->at;
        (void)rule_name(p, "the library's name");
        expect_for(p, "version", "each text says its version, such as version 1");
        p->t->version = rule_int(p, "the version");
        parse_uses(p);
    } else {
        fail(p, "'agreement' or 'library'", NULL); /* lex() has told it */
    }
}

/* What goes on in a declaration of each kind, for a word that does not. */
static const struct {
    enum node_kind kind;
    const char *inside;
} insides[] = {
    {N_TERMS, "in 'terms' a row is written: name = value"},
    {N_LIFE, "in a life a step is written: draft -> ordered on door.opened(d)"},
    {N_GATE, "in a gate a limb is written: name \"in words\" condition"},
    {N_AUTHORITY, "under 'authority' a line begins with a role or 'never'"},
    {N_CLAUSE, "in a clause a sentence begins with 'each time', 'at', 'while' or 'at all times'"},
    {N_EXAMPLE, "in an example a line begins with a time of day, written 22:30 or day 2 08:00"},
};

static void
put_meant(const struct parser *p, struct buf *b)
{
    struct str w = word_of(p, look(p, 0));
    unsigned best = w.len < 5 ? 2 : 3;
    const char *meant = NULL;

    for (size_t i = 0; i < sizeof decls / sizeof *decls; i++) {
        unsigned d = word_distance(w, str_of(decls[i].word), best - 1);

        if (d < best) {
            best = d;
            meant = decls[i].word;
        }
    }
    if (meant == NULL) {
        put_s(b, ": one of terms, thing, choice, role, table, sun, event, fact, state, list, show, life, gate, authority, "
                 "clause, example");
        return;
    }
    put_s(b, "; did you mean '");
    put_s(b, meant);
    put_s(b, "'?");
}

/* A word that begins no declaration: either it should, or the one before it was to go on. */
static void
no_declaration(struct parser *p)
{
    char text[DIAG_TEXT];
    struct buf b = buf_of(text, sizeof text - 1);
    node_id before = at_node(p, p->t->decls)->last;

    if (p->at > 0 && at_type(p, 0, TK_NAME) && p->t->token[p->at - 1].type == TK_INT && on_same_line(p)) {
        fail(p, "a unit", unit_words);
        return;
    }
    put_found(p, &b);
    if (at_words(p, "in", "force") || at_word(p, 0, "uses") || at_words(p, "time", "zone") || at_word(p, 0, "between"))
        put_s(&b, " belongs to the head of a text: agreement, version, between, time zone, uses, in force, in this order");
    else if (at_line_start(p) || before == 0) {
        put_s(&b, " begins no declaration");
        put_meant(p, &b);
    } else if (on_same_line(p)) {
        put_s(&b, " does not fit here: what stands before it is whole without it, and nothing begins with it");
    } else {
        const char *inside = "a declaration begins at the beginning of a line, with its word";

        for (size_t i = 0; i < sizeof insides / sizeof *insides; i++)
            if (insides[i].kind == at_node(p, before)->kind)
                inside = insides[i].inside;
        put_s(&b, " does not fit here: ");
        put_s(&b, inside);
    }
    fail_here(p, put_end(&b));
}

static void
parse_decls(struct parser *p)
{
    while (p->failed || !at_type(p, 0, TK_END)) {
        int which;

        if (p->failed) {
            recover(p);
            continue;
        }
        p->start = p->at;
        which = decl_at(p);
        if (which < 0) {
            no_declaration(p);
            continue;
        }
        p->at++;
        node_add(p, p->t->decls, decls[which].rule(p));
    }
}

/* Nodes for the worst that a text's words can make, or what is left of the arena but for messages. */
static bool
nodes_take(struct parser *p, struct arena *arena)
{
    size_t left = arena->size - arena->used, room = left > MESSAGE_ROOM ? (left - MESSAGE_ROOM) / sizeof(struct node) : 0;
    size_t most = (size_t)6 * p->t->tokens + 64;

    p->cap = (uint32_t)(most < room ? most : room);
    p->t->node = NEW(arena, p->cap, struct node);
    return p->cap >= 64 && p->t->node != NULL;
}

static bool
parse_text(struct accord_text *text, uint8_t number, struct arena *arena, struct accord_diags *diags, bool all,
           struct syntax *ret)
{
    struct parser p = {.t = ret, .diags = diags};
    size_t mark;

    *ret = (struct syntax){.number = number, .text = text};
    ret->token = lex(text, number, arena, diags, all ? UINT32_MAX : HEAD_WORDS_MAX, &ret->tokens);
    if (ret->token == NULL)
        return false;
    if (!nodes_take(&p, arena)) {
        accord_diag_at(diags, number, 0, 0, STR("no memory is left for this text: it is too large"));
        return false;
    }
    mark = arena->used;
    ret->nodes = 1;
    ret->decls = node_new(&p, N_LIST);
    parse_head(&p);
    if (all)
        parse_decls(&p);
    if (arena->used == mark) /* no message stands behind them */
        arena_back(arena, mark - (p.cap - ret->nodes) * sizeof(struct node));
    return true;
}

bool
parse(struct accord_text *text, uint8_t number, struct arena *arena, struct accord_diags *diags,
      struct syntax *ret)
{
    return parse_text(text, number, arena, diags, true, ret);
}

bool
parse_head_alone(struct accord_text *text, struct arena *arena, struct accord_diags *diags, struct syntax *ret)
{
    return parse_text(text, 0, arena, diags, false, ret);
}
