/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/feed_parse.h"
#include "base/json.h"

/* Tokens */

void
parse_advance(struct parser *p)
{
    p->tok = p->ahead;
    if (p->tok.type != FEED_END)
        p->ahead = feed_token(p->in, p->end, &p->end);
}

struct buf
parse_fail_at(struct parser *p, size_t pos, enum status st)
{
    bool first = p->st == ST_OK;

    if (first)
        p->st = st;
    p->tok = p->ahead = (struct feed_token){FEED_END, STR(""), p->in.len};
    return feed_diag(first ? p->d : NULL, p->file, p->in, pos);
}

/* The diag of the word that stands here: what goes in its stead. */
void
parse_fail(struct parser *p, const char *sentence)
{
    struct feed_token t = p->tok;
    struct buf b = parse_fail_at(p, t.pos, ST_MALFORMED);

    if (t.type == FEED_BAD) {
        put(&b, t.text);
        return;
    }
    if (t.type == FEED_END)
        put_s(&b, "the text ends here; ");
    put_s(&b, sentence);
}

void *
parse_take(struct parser *p, size_t size)
{
    /* The lists of a feed are mixed, so all are aligned for the strictest. */
    void *piece = arena_take(p->set->arena, 1, size, alignof(max_align_t));

    if (piece == NULL) {
        struct buf b = parse_fail_at(p, p->tok.pos, ST_LIMIT);

        put_s(&b, "the feeds are larger than the memory given for them; give more, or fewer feeds");
    }
    return piece;
}

bool
parse_is_word(const struct feed_token *t, const char *word)
{
    return t->type == FEED_WORD && str_eq(t->text, str_of(word));
}

bool
parse_accept(struct parser *p, const char *word)
{
    if (!parse_is_word(&p->tok, word))
        return false;
    parse_advance(p);
    return true;
}

bool
parse_accept_mark(struct parser *p, char mark)
{
    if (p->tok.type != FEED_MARK || *p->tok.text.ptr != mark)
        return false;
    parse_advance(p);
    return true;
}

void
parse_expect(struct parser *p, const char *word, const char *sentence)
{
    if (!parse_accept(p, word))
        parse_fail(p, sentence);
}

void
parse_expect_mark(struct parser *p, char mark, const char *sentence)
{
    if (!parse_accept_mark(p, mark))
        parse_fail(p, sentence);
}

/* WORD | STRING */
struct str
parse_name(struct parser *p, const char *sentence)
{
    struct str s = p->tok.text;

    if ((p->tok.type != FEED_WORD && p->tok.type != FEED_STRING) || s.len == 0) {
        parse_fail(p, sentence);
        return STR("");
    }
    parse_advance(p);
    return s;
}

bool
parse_more(const struct parser *p)
{
    return p->tok.type != FEED_END;
}

struct parser
parse_begin(struct feed_set *set, struct str file, struct str text, struct diag *d)
{
    struct parser p = {.set = set, .file = file, .in = text, .d = d};

    p.ahead = feed_token(text, 0, &p.end);
    parse_advance(&p);
    if (!utf8_valid(text)) {
        struct buf b = parse_fail_at(&p, 0, ST_MALFORMED);

        put_s(&b, "this text is not UTF-8; save it as UTF-8");
    }
    return p;
}

/* Paths and values */

/* PATH = WORD ; its first part may be the name of the reading. */
void
parse_path(struct parser *p, struct feed_path *ret)
{
    struct str s = p->tok.text, rest;

    if (p->tok.type != FEED_WORD || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.') {
        parse_fail(p, "the path of a value goes here, such as after.camera");
        return;
    }
    parse_advance(p);
    *ret = (struct feed_path){.text = s, .shown = s};
    rest = str_cut(s, p->reading.len, s.len);
    if (p->reading.len == 0 || !str_starts(s, p->reading) || (rest.len > 0 && rest.ptr[0] != '.'))
        return;
    ret->of_reading = true;
    ret->text = str_cut(rest, 1, rest.len);
}

/* paths = PATH { "or" PATH } */
struct feed_path *
parse_paths(struct parser *p)
{
    struct feed_path *first = NULL, **end = &first;

    do {
        if ((*end = TAKE(p, struct feed_path)) == NULL)
            break;
        parse_path(p, *end);
        end = &(*end)->or_else;
    } while (parse_accept(p, "or"));
    return first;
}

/* words = VALUE { "," VALUE } | VALUE { "or" VALUE } */
struct feed_word *
parse_words(struct parser *p, enum between between, const char *sentence)
{
    struct feed_word *first = NULL, **end = &first;

    do {
        if ((*end = TAKE(p, struct feed_word)) == NULL)
            break;
        (*end)->text = parse_name(p, sentence);
        end = &(*end)->next;
    } while (between == COMMAS ? parse_accept_mark(p, ',') : parse_accept(p, "or"));
    return first;
}

static const struct {
    const char *name;
    int64_t times;
} units[] = {
    {"metres", 1},      {"kilometres", 1000}, {"milliseconds", 1}, {"seconds", 1000},
    {"minutes", 60000}, {"hours", 3600000},   {"days", 86400000},
};

/* The unit that stands here, as a factor; 1 without one. */
static int64_t
unit(struct parser *p)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (parse_accept(p, units[i].name))
            return units[i].times;
    }
    return 1;
}

static struct str
keep_number(struct parser *p, int64_t n)
{
    char digits[24];
    struct buf b = buf_of(digits, sizeof digits);
    struct str s;

    put_i(&b, n);
    s = arena_str(p->set->arena, buf_str(&b));
    return s.ptr == NULL ? STR("") : s;
}

#define VALUE_MAX INT64_C(100000000000) /* times the longest unit it still fits */

/* value = STRING | WORD | INT [ unit ] */
struct feed_value
parse_value(struct parser *p)
{
    bool quoted = p->tok.type == FEED_STRING;
    struct feed_token t = p->tok;
    struct feed_value v = {
        .text = parse_name(p, "a value goes here: a word, a number with its unit, or \"...\"")};
    int64_t n, times;

    if (quoted || !json_int(v.text, &n))
        return v;
    times = unit(p);
    if (n >= -VALUE_MAX && n <= VALUE_MAX)
        return (struct feed_value){keep_number(p, n * times), true};

    struct buf b = parse_fail_at(p, t.pos, ST_INVALID);

    put_s(&b, "this number is too large to be meant");
    return v;
}

/* pairs = NAME "=" value { "," NAME "=" value } */
struct feed_pair *
parse_pairs(struct parser *p)
{
    struct feed_pair *first = NULL, **end = &first;

    do {
        if ((*end = TAKE(p, struct feed_pair)) == NULL)
            break;
        (*end)->name = parse_name(p, "the name of a field goes here, as in: with k = mall-road");
        parse_expect_mark(p, '=', "= and a value follow the name of a field, as in: with k = mall-road");
        (*end)->value = parse_value(p);
        end = &(*end)->next;
    } while (parse_accept_mark(p, ','));
    return first;
}

/* Conditions */

/* "camera" "gives" NAME { "," NAME } */
static void
gives(struct parser *p, struct feed_test *t)
{
    t->type = TEST_GIVES;
    parse_advance(p);
    parse_advance(p);
    t->words = parse_words(p, COMMAS, "the name of a field goes here, as in: camera gives z");
}

/* test = PATH "is" [ "not" ] ( "set" | "one" "of" VALUE { "," VALUE } | VALUE ) | gives */
static void
test(struct parser *p, struct feed_test *t)
{
    if (parse_is_word(&p->tok, "camera") && parse_is_word(&p->ahead, "gives")) {
        gives(p, t);
        return;
    }
    parse_path(p, &t->path);
    parse_expect(p, "is", "\"is\" follows a path, as in: type is end, or: type is set");
    t->negated = parse_accept(p, "not");
    t->type = TEST_IS;
    if (parse_accept(p, "set")) {
        t->type = TEST_SET;
    } else if (parse_is_word(&p->tok, "one") && parse_is_word(&p->ahead, "of")) {
        parse_advance(p);
        parse_advance(p);
        t->words = parse_words(p, COMMAS, "a value goes here, as in: type is one of new, end");
    } else if ((t->words = TAKE(p, struct feed_word)) != NULL) {
        t->words->text = parse_name(p, "\"set\", \"one of\" or a value goes here, as in: type is end");
    }
}

/* cond = test { "and" test } */
struct feed_test *
parse_cond(struct parser *p)
{
    struct feed_test *first = NULL, **end = &first;

    do {
        if ((*end = TAKE(p, struct feed_test)) == NULL)
            break;
        test(p, *end);
        end = &(*end)->and_also;
    } while (parse_accept(p, "and"));
    return first;
}

/* [ "when" cond ] */
struct feed_test *
parse_when(struct parser *p)
{
    return parse_accept(p, "when") ? parse_cond(p) : NULL;
}
