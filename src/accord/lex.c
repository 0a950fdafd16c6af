/* SPDX-License-Identifier: Apache-2.0 */
#include "accord/lex.h"
#include "base/json.h"

struct lexer {
    struct accord_text *text;
    uint8_t number;
    size_t pos;
    struct accord_diags *diags;
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

static void
complain(struct lexer *l, size_t from, size_t len, const char *what)
{
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

    if (peek(l, n) == '.' && (more = name_length(l, n + 1)) > 0)
        return (struct token){0, (uint32_t)(n + 1 + more), TK_DOT, 0};
    return (struct token){0, (uint32_t)n, TK_NAME, 0};
}

static bool
two_digits(const struct lexer *l, size_t ahead)
{
    return is_digit(peek(l, ahead)) && is_digit(peek(l, ahead + 1));
}

static struct token
lex_number(struct lexer *l)
{
    size_t n = 0;

    if (two_digits(l, 0) && peek(l, 2) == ':' && two_digits(l, 3)) {
        n = peek(l, 5) == ':' && two_digits(l, 6) ? 8 : 5;
        return (struct token){0, (uint32_t)n, TK_CLOCK, 0};
    }
    while (is_digit(peek(l, n)))
        n++;
    if (is_alpha(peek(l, n)))
        complain(l, l->pos, n + 1, "a number runs into letters: write a blank between a number and its unit");
    return (struct token){0, (uint32_t)n, TK_INT, 0};
}

/* From an opening byte to its closing one on the same line. */
static struct token
lex_closed(struct lexer *l, char close, uint8_t type, const char *what)
{
    size_t n = 1;

    while (l->pos + n < l->text->source.len && peek(l, n) != close && peek(l, n) != '\n')
        n++;
    if (peek(l, n) == close)
        return (struct token){0, (uint32_t)(n + 1), type, 0};
    complain(l, l->pos, 1, what);
    return (struct token){0, (uint32_t)n, type, 0};
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
        return (struct token){0, 2, TK_ARROW, 0};
    if (c != '\0' && strchr("():,=+-", c) != NULL)
        return (struct token){0, 1, TK_MARK, 0};
    return (struct token){0, 0, TK_END, 0};
}

/* One diag for a run of bytes that begin no word. */
static void
skip_bad(struct lexer *l)
{
    size_t from = l->pos;
    char what[96];
    struct buf b = buf_of(what, sizeof what);

    while (l->pos < l->text->source.len && lex_one(l).type == TK_END && peek(l, 0) != ' ' &&
           peek(l, 0) != '\n' && peek(l, 0) != '\t' && peek(l, 0) != '\r')
        l->pos++;
    if (l->pos == from)
        l->pos++;
    put_s(&b, "no word of the language begins like this: delete it, or put it in quotation marks");
    accord_diag_at(l->diags, l->number, (uint32_t)from, (uint32_t)(l->pos - from), buf_str(&b));
}

/* How long the character is that begins with this byte. */
static size_t
utf8_length(char first)
{
    unsigned char c = (unsigned char)first;

    return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool
source_ok(struct accord_text *text, uint8_t number, struct accord_diags *diags)
{
    size_t n = 0;

    if (text->source.len > ACCORD_TEXT_MAX) {
        accord_diag_at(diags, number, 0, 0, STR("the text is larger than 4 MiB: split it into libraries"));
        return false;
    }
    if (utf8_valid(text->source))
        return true;
    while (n < text->source.len) {
        size_t len = utf8_length(text->source.ptr[n]);

        if (!utf8_valid(str_cut(text->source, n, len)))
            break;
        n += len;
    }
    accord_diag_at(diags, number, (uint32_t)n, 1, STR("bytes that are not UTF-8: save the file as UTF-8"));
    return false;
}

struct token *
lex(struct accord_text *text, uint8_t number, struct arena *arena, struct accord_diags *diags,
    uint32_t *ret_count)
{
    struct lexer l = {text, number, 0, diags};
    size_t max;
    struct token *list;
    uint32_t n = 0;

    if (!source_ok(text, number, diags))
        text->source.len = 0;
    max = text->source.len + 1;
    list = NEW(arena, max, struct token);
    if (list == NULL) {
        accord_diag_at(diags, number, 0, 0, STR("no memory is left for this text: it is too large"));
        return NULL;
    }
    for (;;) {
        struct token t;

        skip_blanks(&l);
        t = lex_one(&l);
        t.pos = (uint32_t)l.pos;
        t.text = number;
        if (t.type == TK_END && l.pos < text->source.len) {
            skip_bad(&l);
            continue;
        }
        if (t.len > 4096)
            complain(&l, l.pos, 16, "a word of more than 4,096 characters: shorten it");
        list[n++] = t;
        if (t.type == TK_END)
            break;
        l.pos += t.len;
    }
    arena_back(arena, arena->used - (max - n) * sizeof(struct token));
    *ret_count = n;
    return list;
}
