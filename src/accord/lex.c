/* SPDX-License-Identifier: Apache-2.0 */
#include "accord/lex.h"
#include "base/json.h"
#include "base/text.h"

enum { NAME_MAX_LEN = 80 };

struct lexer {
    struct accord_text *text;
    uint8_t number;
    size_t pos;
    struct accord_diags *diags;
    size_t told;    /* the end of the last line of which something was told */
    size_t skipped; /* bytes that began no word, when last there were some */
    bool bad;       /* something was told since the last word */
};

static bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }

static char
peek(const struct lexer *l, size_t ahead)
{
    struct str s = l->text->source;

    return l->pos + ahead < s.len ? s.ptr[l->pos + ahead] : '\0';
}

static void
skip_blanks(struct lexer *l)
{
    for (;;) {
        char c = peek(l, 0);

        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            l->pos++;
        } else if (c == '-' && peek(l, 1) == '-') {
            while (l->pos < l->text->source.len && peek(l, 0) != '\n')
                l->pos++;
        } else {
            return;
        }
    }
}

/* One mistake often spoils more than one word: of each line the first is told. */
static void
complain(struct lexer *l, size_t from, size_t len, const char *what)
{
    struct str s = l->text->source;
    const char *end;

    l->bad = true;
    if (l->told > from)
        return;
    end = from < s.len ? memchr(s.ptr + from, '\n', s.len - from) : NULL;
    l->told = end == NULL ? s.len : (size_t)(end - s.ptr);
    accord_diag_at(l->diags, l->number, (uint32_t)from, (uint32_t)len, str_of(what));
}

/* The length of a NAME at `ahead`, or 0: parts of letters and digits joined by single "-". */
static size_t
name_length(const struct lexer *l, size_t ahead)
{
    size_t n = ahead;

    if (!is_alpha(peek(l, n)))
        return 0;
    for (;;) {
        while (is_alnum(peek(l, n)))
            n++;
        if (peek(l, n) != '-' || !is_alnum(peek(l, n + 1)))
            return n - ahead;
        n++;
    }
}

static struct token
lex_word(struct lexer *l)
{
    size_t n = name_length(l, 0), more = 0;

    if (peek(l, n) == '.')
        more = name_length(l, n + 1);
    if (n > NAME_MAX_LEN || more > NAME_MAX_LEN)
        complain(l, l->pos, n, "a name of more than 80 characters: shorten it");
    if (more > 0)
        return (struct token){.len = (uint32_t)(n + 1 + more), .type = TK_DOT};
    return (struct token){.len = (uint32_t)n, .type = TK_NAME};
}

static bool
two_digits(const struct lexer *l, size_t ahead)
{
    return is_digit(peek(l, ahead)) && is_digit(peek(l, ahead + 1));
}

static bool
is_control(char c)
{
    return (unsigned char)c < 0x20 && c != '\t' && c != '\r' && c != '\n';
}

/* CLOCK = two digits ":" two digits [ ":" two digits ] | INT */
static struct token
lex_number(struct lexer *l)
{
    bool clock = two_digits(l, 0) && peek(l, 2) == ':' && two_digits(l, 3);
    size_t n = !clock ? 0 : peek(l, 5) == ':' && two_digits(l, 6) ? 8 : 5;

    while (is_digit(peek(l, n)))
        n++;
    if (peek(l, n) == ':' && is_digit(peek(l, n + 1)))
        complain(l, l->pos, n, "a time of day is written with two digits each: 08:30 or 08:30:15");
    else if (is_alpha(peek(l, n)))
        complain(l, l->pos, n + 1, "a number runs into letters: write a blank between a number and its unit");
    return (struct token){.len = (uint32_t)n, .type = clock ? TK_CLOCK : TK_INT};
}

/* From an opening byte to its closing one on the same line. */
static struct token
lex_closed(struct lexer *l, char close, uint8_t type, const char *what)
{
    size_t n = 1;

    while (l->pos + n < l->text->source.len && peek(l, n) != close && peek(l, n) != '\n') {
        if (is_control(peek(l, n)))
            complain(l, l->pos + n, 1, "a control character that no one sees: delete it");
        n++;
    }
    if (peek(l, n) == close)
        return (struct token){.len = (uint32_t)(n + 1), .type = type};
    complain(l, l->pos, 1, what);
    return (struct token){.len = (uint32_t)n, .type = type};
}

static struct token
lex_one(struct lexer *l)
{
    char c = peek(l, 0);

    if (is_alpha(c))
        return lex_word(l);
    if (is_digit(c))
        return lex_number(l);
    if (c == '"')
        return lex_closed(l, '"', TK_STRING, "this quotation has no end: close it with \" on the same line");
    if (c == '[')
        return lex_closed(l, ']', TK_POINT, "this point has no end: write [longitude, latitude]");
    if (c == '-' && peek(l, 1) == '>')
        return (struct token){.len = 2, .type = TK_ARROW};
    if (c != '\0' && strchr("():,=+-", c) != NULL)
        return (struct token){.len = 1, .type = TK_MARK};
    return (struct token){.type = TK_END};
}

/* What people type, and what would do. The first that fits is told. */
#define QUOTES "quotations stand between plain quotation marks: \""
#define DASH "this dash is not the one on the keyboard: write - in a name, -> for an arrow, -- for a comment"
#define BLANK "this blank is none: delete it and type it anew"
#define COMPARE "comparisons are words: is more than, is at least, is less than, is at most, is different from"
static const struct {
    const char *bytes, *what;
} strange[] = {
    {"\xe2\x80\x9c", QUOTES}, {"\xe2\x80\x9d", QUOTES}, {"\xe2\x80\x9e", QUOTES}, {"\xe2\x80\x98", QUOTES},
    {"\xe2\x80\x99", QUOTES}, {"\xc2\xab", QUOTES},     {"\xc2\xbb", QUOTES},     {"'", QUOTES},
    {"`", QUOTES},           {"\xe2\x80\x93", DASH},   {"\xe2\x80\x94", DASH},   {"\xe2\x80\x91", DASH},
    {"\xe2\x88\x92", DASH},   {"\xc2\xa0", BLANK},       {"\xe2\x80\xaf", BLANK},  {"\xe2\x80\x8b", BLANK},
    {"\xe2\x86\x92", "this is no arrow: an arrow is written ->"},
    {"\xe2\x89\xa4", COMPARE}, {"\xe2\x89\xa5", COMPARE}, {"\xe2\x89\xa0", COMPARE},
    {"<", COMPARE}, {">", COMPARE}, {"!", COMPARE},
    {";", "nothing ends with a semicolon: leave it out"},
    {"//", "this begins no comment: a comment begins with --"}, {"/*", "this begins no comment: a comment begins with --, on each of its lines"}, {"#", "this begins no comment: a comment begins with --"},
    {"_", "no name has '_' in it: its parts are joined by '-'"},
    {"%", "a share is written with whole numbers: 1 per full 20 of ..."},
    {"&", "this sign is no word: write 'and'"}, {"|", "this sign is no word: write 'or'"},
};

static const char *
what_is_strange(const struct lexer *l)
{
    struct str rest = str_cut(l->text->source, l->pos, 4);

    if (peek(l, 0) == '>' && l->pos > 0 && l->text->source.ptr[l->pos - 1] == '=')
        return "this is no arrow: an arrow is written ->";
    if (peek(l, 0) == '.' && l->pos > 0 && is_digit(l->text->source.ptr[l->pos - 1]) && is_digit(peek(l, 1)))
        return "numbers are whole, and a time of day is written 18:20: take a smaller unit, or a colon";
    if (peek(l, 0) == '.')
        return "a full stop stands only between the two parts of a name: leave it out";
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        if (str_starts(rest, str_of(strange[i].bytes)))
            return strange[i].what;
    if (is_control(peek(l, 0)) || peek(l, 0) == 0x7f)
        return "a control character that no one sees: delete it";
    if (((unsigned char)peek(l, 0) & 0x80) != 0)
        return "names are made of the letters a to z, digits and '-': write it so, or put it in quotation marks";
    return "no word of the language begins like this: delete it, or put it in quotation marks";
}

/* A run of bytes that begin no word. */
static void
skip_bad(struct lexer *l)
{
    size_t from = l->pos;
    const char *what = what_is_strange(l);

    while (l->pos < l->text->source.len && lex_one(l).type == TK_END && peek(l, 0) != ' ' &&
           peek(l, 0) != '\n' && peek(l, 0) != '\t' && peek(l, 0) != '\r')
        l->pos++;
    if (l->pos == from)
        l->pos++;
    l->skipped = l->pos - from;
    complain(l, from, l->skipped, what);
}

/* How long the character is that begins with this byte. */
static size_t
utf8_length(char first)
{
    unsigned char c = (unsigned char)first;

    return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool
utf8_ok(struct lexer *l)
{
    struct str s = l->text->source;
    size_t n = 0;

    if (utf8_valid(s))
        return true;
    while (n < s.len) {
        size_t len = utf8_length(s.ptr[n]);

        if (!utf8_valid(str_cut(s, n, len)))
            break;
        n += len;
    }
    complain(l, n, 1, "bytes that are not UTF-8: save the file as UTF-8");
    return false;
}

/* Does the text begin as one of ours? What does not is no agreement with many mistakes, but another file. */
static bool
begins(struct lexer *l)
{
    struct str w;
    char what[200];
    struct buf b = buf_of(what, sizeof what - 1);

    skip_blanks(l);
    w = str_cut(l->text->source, l->pos, name_length(l, 0));
    if (str_eq(w, STR("agreement")) || str_eq(w, STR("library")))
        return true;
    if (l->pos == l->text->source.len) {
        complain(l, 0, 0, "the text is empty: it begins with 'agreement' or 'library'");
        return false;
    }
    put_s(&b, "a text begins with 'agreement' or 'library'");
    if (w.len == 0 || w.len > 40) {
        put_s(&b, ", and this is another sort of file");
    } else {
        put_s(&b, ", and this one with '");
        put(&b, w);
        put_c(&b, '\'');
    }
    if (word_distance(w, STR("agreement"), 2) <= 2 || word_distance(w, STR("library"), 2) <= 2)
        put_s(&b, word_distance(w, STR("library"), 2) <= 2 ? "; did you mean 'library'?" : "; did you mean 'agreement'?");
    complain(l, l->pos, w.len, put_end(&b));
    return false;
}

static bool
source_ok(struct lexer *l)
{
    if (l->text->source.len > ACCORD_TEXT_MAX) {
        complain(l, 0, 0, "the text is larger than 4 MiB: split it into libraries");
        return false;
    }
    if (str_starts(l->text->source, STR("\xef\xbb\xbf"))) {
        complain(l, 0, 3, "the file begins with a mark (BOM) that no one sees and that changes its hash: save it as UTF-8 without");
        return false;
    }
    return utf8_ok(l) && begins(l);
}

/* One word, or false when something was skipped. */
static bool
lex_next(struct lexer *l, struct token *ret)
{
    size_t last = l->pos;
    struct token t;

    skip_blanks(l);
    t = lex_one(l);
    if (t.type == TK_END && l->pos < l->text->source.len) {
        skip_bad(l);
        return false;
    }
    if (t.len > 4096)
        complain(l, l->pos, 16, "a word of more than 4,096 characters: shorten it");
    t.pos = (uint32_t)(t.type == TK_END ? last : l->pos);
    t.text = l->number;
    t.bad = l->bad;
    l->bad = false;
    l->pos += t.len;
    *ret = t;
    return true;
}

struct token *
lex(struct accord_text *text, uint8_t number, struct arena *arena, struct accord_diags *diags,
    uint32_t most, uint32_t *ret_count)
{
    struct lexer l = {.text = text, .number = number, .diags = diags};
    size_t max = (most < text->source.len ? most : text->source.len) + 1, mark;
    struct token *list;
    uint32_t n = 0;

    if (!source_ok(&l)) {
        max = 1;
        l.pos = text->source.len;
    }
    list = NEW(arena, max, struct token);
    mark = arena->used;
    if (list == NULL) {
        accord_diag_at(diags, number, 0, 0, STR("no memory is left for this text: it is too large"));
        return NULL;
    }
    while (n == 0 || list[n - 1].type != TK_END) {
        if (n == most)
            l.pos = text->source.len;
        if (lex_next(&l, &list[n]))
            n++;
        else if (n > 0 && list[n - 1].pos + list[n - 1].len == l.pos - l.skipped)
            list[n - 1].bad = true; /* "=>" spoils the "=" as well */
    }
    if (arena->used == mark) /* no message stands behind them */
        arena_back(arena, mark - (max - n) * sizeof(struct token));
    *ret_count = n;
    return list;
}
