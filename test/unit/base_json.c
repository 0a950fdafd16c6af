/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <dirent.h>
#include <inttypes.h>
#include "os/file.h"
#include "os/memory.h"
#include "rng.h"
#include "tap.h"

/* Reads the whole of it from a block of just that size, so that a sanitizer sees a byte
 * too far. */
static bool
accepts(struct str s, struct diag *d)
{
    char *tight = malloc(s.len + (s.len == 0));
    struct json_token t;
    struct json j;

    if (s.len > 0)
        memcpy(tight, s.ptr, s.len);
    json_init(&j, (struct str){tight, s.len}, d);
    do
        t = json_next(&j);
    while (t.type > JSON_END);
    bool same = json_next(&j).type == t.type &&
                json_next(&j).type == t.type; /* the last word stays */
    free(tight);
    return same && t.type == JSON_END;
}

/* The tokens one after another, as text. */
static struct str
tokens(struct str s, struct buf *b)
{
    static const char *const names[] = {
        [JSON_BAD] = "BAD",      [JSON_END] = "END",     [JSON_OBJECT] = "{",
        [JSON_OBJECT_END] = "}", [JSON_ARRAY] = "[",     [JSON_ARRAY_END] = "]",
        [JSON_KEY] = "k:",       [JSON_STRING] = "s:",   [JSON_NUMBER] = "n:",
        [JSON_TRUE] = "true",    [JSON_FALSE] = "false", [JSON_NULL] = "null",
    };
    struct json_token t;
    struct json j;

    json_init(&j, s, NULL);
    do {
        t = json_next(&j);
        put_s(b, names[t.type]);
        if (t.type == JSON_KEY || t.type == JSON_STRING || t.type == JSON_NUMBER)
            put(b, t.raw);
        put_c(b, t.escaped ? '*' : ' ');
    } while (t.type > JSON_END);
    return buf_str(b);
}

static void
test_tokens(void)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"{}", "{ } END "},
        {" [ ] ", "[ ] END "},
        {"\t\"a\\n\"\r\n", "s:a\\n*END "},
        {"-0.5e+10", "n:-0.5e+10 END "},
        {"{\"a\":1,\"b\" : [true,false , null,\"\"]}",
         "{ k:a n:1 k:b [ true false null s: ] } END "},
        {"[[],{\"x\":{}}]", "[ [ ] { k:x { } } ] END "},
        {"[1,]", "[ n:1 BAD "},
        {"{\"a\"}", "{ BAD "},
        {"1 2", "n:1 BAD "},
        {"", "BAD "},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char space[256];
        struct buf b = buf_of(space, sizeof space);

        if (!OK(str_eq(tokens(str_of(cases[i].in), &b), str_of(cases[i].want)),
                "tokens of %s", cases[i].in))
            printf("# got %.*s\n", STR_FMT(buf_str(&b)));
    }
}

static void
test_places(void)
{
    struct str line = STR(" {\"k\" : \"v\", \"n\":12}");
    static const struct {
        enum json_type type;
        size_t pos, len;
    } want[] = {
        {JSON_OBJECT, 1, 1}, {JSON_KEY, 2, 1},     {JSON_STRING, 8, 1},
        {JSON_KEY, 13, 1},   {JSON_NUMBER, 17, 2}, {JSON_OBJECT_END, 19, 1},
        {JSON_END, 20, 0},
    };
    struct json j;
    bool ok = true;

    json_init(&j, line, NULL);
    for (unsigned i = 0; i < sizeof want / sizeof *want; i++) {
        struct json_token t = json_next(&j);

        ok = ok && t.type == want[i].type && t.pos == want[i].pos &&
             t.raw.len == want[i].len;
    }
    OK(ok, "each token says where it starts");
}

static const struct refusal {
    struct str in;
    uint32_t pos;
    const char *why;
} refusals[] = {
    {STR_LIT(""), 0, "the input ends here; a value is"},
    {STR_LIT("   "), 3, "the input ends here; a value is"},
    {STR_LIT("nul"), 0, "a value is an object"},
    {STR_LIT("True"), 0, "a value is an object"},
    {STR_LIT("'a'"), 0, "a value is an object"},
    {STR_LIT("NaN"), 0, "a value is an object"},
    {STR_LIT("truefalse"), 4, "nothing may follow the value"},
    {STR_LIT("{} {}"), 3, "nothing may follow the value"},
    {STR_LIT("1\0"), 1, "nothing may follow the value"},
    {STR_LIT("\0"), 0, "a value is an object"},
    {STR_LIT("\xef\xbb\xbf{}"), 0, "a value is an object"},
    {STR_LIT("{"), 1, "the input ends here; a key"},
    {STR_LIT("{a:1}"), 1, "a key in double quotes"},
    {STR_LIT("{\"a\":1,}"), 7, "a key in double quotes"},
    {STR_LIT("{,}"), 1, "a key in double quotes"},
    {STR_LIT("{1:1}"), 1, "a key in double quotes"},
    {STR_LIT("{\"a\" 1}"), 5, "a colon follows a key"},
    {STR_LIT("{\"a\":}"), 5, "a value is an object"},
    {STR_LIT("{\"a\":1 \"b\":2}"), 7, "a comma or }"},
    {STR_LIT("{\"a\":1]"), 6, "a comma or }"},
    {STR_LIT("[1}"), 2, "a comma or ]"},
    {STR_LIT("[1 2]"), 3, "a comma or ]"},
    {STR_LIT("[1,]"), 3, "a value is an object"},
    {STR_LIT("[,1]"), 1, "a value is an object"},
    {STR_LIT("[1"), 2, "the input ends here; a comma or ]"},
    {STR_LIT("]"), 0, "a value is an object"},
    {STR_LIT("-"), 1, "the input ends here; a number needs a digit"},
    {STR_LIT("+1"), 0, "a value is an object"},
    {STR_LIT("01"), 0, "no leading zero"},
    {STR_LIT("-01"), 1, "no leading zero"},
    {STR_LIT(".5"), 0, "a value is an object"},
    {STR_LIT("1."), 2, "the input ends here; a digit follows the decimal point"},
    {STR_LIT("1.e1"), 2, "a digit follows the decimal point"},
    {STR_LIT("1e"), 2, "the input ends here; an exponent needs a digit"},
    {STR_LIT("1e+x"), 3, "an exponent needs a digit"},
    {STR_LIT("0x10"), 1, "nothing may follow"},
    {STR_LIT("\""), 0, "no closing quote"},
    {STR_LIT("[\"abc]"), 1, "no closing quote"},
    {STR_LIT("\"a\nb\""), 2, "a control byte"},
    {STR_LIT("\"12345678\t\""), 9, "a control byte"},
    {STR_LIT("\"a\0b\""), 2, "a control byte"},
    {STR_LIT("\"\\x41\""), 1, "an escape is one of"},
    {STR_LIT("\"\\\""), 0, "no closing quote"},
    {STR_LIT("\"\\"), 1, "an escape is one of"},
    {STR_LIT("\"\\u12g4\""), 1, "an escape is one of"},
    {STR_LIT("\"\\u123\""), 1, "an escape is one of"},
    {STR_LIT("\"\\U0041\""), 1, "an escape is one of"},
    {STR_LIT("\"\\ud800\""), 1, "an escape is one of"},
    {STR_LIT("\"\\udc00\""), 1, "an escape is one of"},
    {STR_LIT("\"\\ud800\\ud800\""), 1, "an escape is one of"},
    {STR_LIT("\"\\ud800\\n\""), 1, "an escape is one of"},
    {STR_LIT("\"a\x80\""), 2, "not UTF-8"},
    {STR_LIT("\"a\xc3\""), 2, "not UTF-8"},
    {STR_LIT("\"\xc0\xaf\""), 1, "not UTF-8"},
    {STR_LIT("\"\xed\xa0\x80\""), 1, "not UTF-8"},
    {STR_LIT("\"\xf4\x90\x80\x80\""), 1, "not UTF-8"},
    {STR_LIT("\"abcdefgh\xff\""), 9, "not UTF-8"},
};

static void
test_refused(void)
{
    for (unsigned i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *c = &refusals[i];
        struct diag d = {0};
        bool took = accepts(c->in, &d);

        if (!OK(!took && d.pos == c->pos && strstr(d.text, c->why) != NULL,
                "refusal %u: %s", i, c->why))
            printf("# at %u: %s\n", d.pos, d.text);
    }
    OK(!accepts(STR("[1,]"), NULL), "without a diag");
    struct json j;
    json_init(&j, (struct str){NULL, 0}, NULL);
    OK(json_next(&j).type == JSON_BAD, "no bytes at all");
}

static void
test_accepted(void)
{
    static const struct str cases[] = {
        STR_LIT("0"),
        STR_LIT("-0"),
        STR_LIT("1E400"),
        STR_LIT("-1.5e-3"),
        STR_LIT("\"\""),
        STR_LIT("\"\x7f\""),
        STR_LIT("\"\\u0000\""),
        STR_LIT("\"\\ud83d\\ude99 \\u00e9\""),
        STR_LIT("\"\xf0\x9f\x9a\x99\""),
        STR_LIT("\"\xef\xbf\xbf\""),
        STR_LIT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
                "]"), /* 32 deep */
        STR_LIT("{\"\":{\"a\":[{}]},\"a\":1,\"a\":2}"),
        STR_LIT(" \t\r\n[ \n1\t,\r2 ] "),
    };
    static const struct str too_deep =
        STR_LIT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
    struct diag d;

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        d.text[0] = '\0';
        if (!OK(accepts(cases[i], &d), "accepted %u", i))
            printf("# %s\n", d.text);
    }
    OK(!accepts(too_deep, &d) && d.pos == 32 && strstr(d.text, "nested too deep") != NULL,
       "33 deep is too deep");
}

static void
test_text(void)
{
    static const struct {
        const char *in;
        struct str want;
    } cases[] = {
        {"\"plain\"", STR_LIT("plain")},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", STR_LIT("\"\\/\b\f\n\r\t")},
        {"\"a\\u0000b\"", STR_LIT("a\0b")},
        {"\"\\u007f\\u0080\\u07FF\\u0800\\uffff\"",
         STR_LIT("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf")},
        {"\"\\ud800\\udc00 \\udbff\\udfff\"",
         STR_LIT("\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf")},
        {"\"x\\u00E9\xc3\xa9\"", STR_LIT("x\xc3\xa9\xc3\xa9")},
    };
    char space[64], small[3];
    struct buf b;
    struct json j;

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        b = buf_of(space, sizeof space);
        put_s(&b, "before ");
        json_init(&j, str_of(cases[i].in), NULL);
        OK(str_eq(json_text(json_next(&j), &b), cases[i].want) && !b.full,
           "the text of %s", cases[i].in);
    }
    json_init(&j, STR("\"a\\n\\u00e9b\""), NULL);
    b = buf_of(small, sizeof small);
    OK(json_text(json_next(&j), &b).len == 3 && b.full,
       "a text too long for its buffer is cut, and told");
}

static void
test_int(void)
{
    static const struct {
        const char *in;
        int64_t want;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"7", 7},
        {"-12", -12},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    static const char *const bad[] = {
        "",
        "-",
        "00",
        "01",
        "-01",
        "1.0",
        "1e3",
        "+1",
        " 1",
        "1 ",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "18446744073709551616",
        "0x1",
        "one",
    };
    int64_t n;

    for (unsigned i = 0; i < sizeof good / sizeof *good; i++)
        OK(json_int(str_of(good[i].in), &n) && n == good[i].want, "a whole number, %s",
           good[i].in);
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        n = 42;
        OK(!json_int(str_of(bad[i]), &n) && n == 42,
           "not a whole number that fits, \"%s\"", bad[i]);
    }
}

static void
test_skip(void)
{
    struct str line =
        STR("{\"a\":{\"x\":[1,{\"y\":2}],\"z\":\"s\"},\"b\":[[],3],\"c\":4,\"d\":5}");
    struct json_token t;
    struct json j;

    json_init(&j, line, NULL);
    (void)json_next(&j);
    (void)json_next(&j);
    OK(json_skip(&j, json_next(&j)), "an object is skipped");
    t = json_next(&j);
    OK(t.type == JSON_KEY && str_eq(t.raw, STR("b")) && json_skip(&j, json_next(&j)),
       "and an array");
    t = json_next(&j);
    OK(str_eq(t.raw, STR("c")) && json_skip(&j, t), "and from a key, its value");
    t = json_next(&j);
    OK(str_eq(t.raw, STR("d")) && json_skip(&j, json_next(&j)) &&
           json_next(&j).type == JSON_OBJECT_END,
       "and a number");
    json_init(&j, STR("[[1,2"), NULL);
    (void)json_next(&j);
    OK(!json_skip(&j, json_next(&j)) && json_next(&j).type == JSON_BAD,
       "what is cut off is bad");
}

/* UTF-8 */

/* The slow way: put the bits together, and see whether the number may stand and is
 * spelled shortest. */
static size_t
slow_length(const unsigned char *p, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = p[0] < 0x80       ? 1
                 : p[0] >> 5 == 6  ? 2
                 : p[0] >> 4 == 14 ? 3
                 : p[0] >> 3 == 30 ? 4
                                   : 0;
    uint32_t u = len == 1 ? p[0] : p[0] & (0x7fU >> len);

    if (len == 0 || len > n)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        u = u << 6 | (p[i] & 0x3f);
    }
    return u < least[len] || u > 0x10ffff || (u >= 0xd800 && u < 0xe000) ? 0 : len;
}

static bool
slow_valid(const unsigned char *p, size_t n)
{
    for (size_t at = 0, len; at < n; at += len) {
        len = slow_length(p + at, n - at);
        if (len == 0)
            return false;
    }
    return true;
}

static void
test_utf8(void)
{
    unsigned char p[4];
    bool ok = true;

    for (uint32_t x = 0; x < 0x1000000; x++) {
        p[0] = (unsigned char)(x >> 16);
        p[1] = (unsigned char)(x >> 8);
        p[2] = (unsigned char)x;
        ok = ok && utf8_valid((struct str){(char *)p, 3}) == slow_valid(p, 3);
    }
    OK(ok, "every three bytes");
    for (uint32_t x = 0; x < 0x1000000; x++) {
        p[0] = (unsigned char)(0xf0 | (x >> 20 & 15));
        p[1] = (unsigned char)(x >> 12);
        p[2] = (unsigned char)(x & 0x400 ? x >> 4 : 0x80 | (x >> 6 & 0x3f));
        p[3] = (unsigned char)x;
        ok = ok && utf8_valid((struct str){(char *)p, 4}) == slow_valid(p, 4);
    }
    OK(ok, "four bytes, the first from f0");
    OK(utf8_valid((struct str){NULL, 0}), "nothing is valid");
}

/* Properties */

static void
add_character(struct rng *r, struct buf *b)
{
    static const char *const some[] = {
        "\"", "\\", "\n", "\x01", "/", "é", "北", "\xf0\x9f\x9a\x99", "\x7f", "ک"};

    if (rng_below(r, 3) == 0)
        put_s(b, some[rng_below(r, sizeof some / sizeof *some)]);
    else
        put_c(b, (char)(' ' + rng_below(r, 95)));
}

/* What put_json writes is read back as it was. */
static bool
string_comes_back(struct rng *r)
{
    char text[400], line[2500], back[400];
    struct buf t = buf_of(text, sizeof text), l = buf_of(line, sizeof line),
               b = buf_of(back, sizeof back);
    struct json_token token;
    struct json j;

    for (uint64_t n = rng_below(r, 80); n > 0; n--)
        add_character(r, &t);
    put_json(&l, buf_str(&t));
    json_init(&j, buf_str(&l), NULL);
    token = json_next(&j);
    return !l.full && token.type == JSON_STRING && json_next(&j).type == JSON_END &&
           str_eq(json_text(token, &b), buf_str(&t));
}

static void
add_value(struct rng *r, struct buf *b, unsigned depth)
{
    static const char *const scalars[] = {
        "null",     "true", "false",           "0",
        "-12.5e+3", "\"\"", "\"a\\u00e9\\n\"", "\"plain text here\""};
    uint64_t kind = rng_below(r, depth > 4 ? 8 : 12), n = rng_below(r, 4);

    if (kind < 8) {
        put_s(b, scalars[kind]);
        return;
    }
    put_c(b, kind < 10 ? '{' : '[');
    for (uint64_t i = 0; i < n; i++) {
        put_s(b, i > 0 ? ", " : "");
        if (kind < 10)
            put_s(b, "\"key\": ");
        add_value(r, b, depth + 1);
    }
    put_c(b, kind < 10 ? '}' : ']');
}

/* A composite is accepted whole, and refused when it is cut anywhere. */
static bool
prefixes_refused(struct rng *r)
{
    char space[8192];
    struct buf b = buf_of(space, sizeof space);
    struct diag d;

    put_c(&b, '[');
    add_value(r, &b, 0);
    put_c(&b, ']');
    if (b.full)
        return true;
    for (size_t n = 0; n < b.len; n++) {
        if (accepts(str_cut(buf_str(&b), 0, n), &d) || d.text[0] == '\0')
            return false;
    }
    return accepts(buf_str(&b), NULL);
}

/* Whatever byte is changed, the reader ends, and says why if it refuses. */
static bool
mutants_end(struct rng *r)
{
    char space[8192];
    struct buf b = buf_of(space, sizeof space);

    add_value(r, &b, 0);
    for (int i = 0; i < 50; i++) {
        size_t at = (size_t)rng_below(r, b.len);
        struct diag d = {0};
        char was = space[at];

        space[at] = (char)rng_next(r);
        if (!accepts(buf_str(&b), &d) && (d.text[0] == '\0' || d.pos > b.len))
            return false;
        space[at] = was;
    }
    return true;
}

static void
test_properties(void)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct rng r = {seed};
        bool back = true, cut = true, changed = true;

        for (int i = 0; i < 100; i++) {
            back = back && string_comes_back(&r);
            cut = cut && prefixes_refused(&r);
            changed = changed && mutants_end(&r);
        }
        OK(back, "strings come back, seed %" PRIu64, seed);
        OK(cut, "every prefix is refused, seed %" PRIu64, seed);
        OK(changed, "every mutant ends, seed %" PRIu64, seed);
    }
}

/* JSONTestSuite (nst/JSONTestSuite), when it lies beside the checkout: y_ accepted, n_
 * refused, i_ either. */

static bool
suite_file(struct arena *a, const char *folder, const char *name)
{
    char path[1024];
    struct buf b = buf_of(path, sizeof path);
    size_t mark = a->used;
    struct diag d;
    struct str s;
    bool took;

    put_s(&b, folder);
    put_s(&b, name);
    if (os_file_read(a, put_end(&b), 1 << 20, &s, &d) != ST_OK) {
        printf("# %s\n", d.text);
        return false;
    }
    took = accepts(s, &d);
    arena_back(a, mark);
    return name[0] == 'i' || took == (name[0] == 'y');
}

static void
test_suite(void)
{
    const char *shared = getenv("ENTENTE_SHARED");
    char folder[512];
    struct buf b = buf_of(folder, sizeof folder);
    int count[128] = {0};
    struct dirent *entry;
    struct arena a;
    DIR *dir;

    put_s(&b, shared == NULL ? "." : shared);
    put_s(&b, "/data/json/parsing/");
    dir = opendir(put_end(&b));
    if (dir == NULL) {
        tap_skip("JSONTestSuite", "not beside this checkout");
        return;
    }
    if (os_arena_init(&a, 1 << 22, NULL) != ST_OK)
        return;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        count[entry->d_name[0] & 127]++;
        OK(suite_file(&a, folder, entry->d_name), "%s", entry->d_name);
    }
    closedir(dir);
    os_arena_free(&a);
    OK(count['y'] > 0 && count['n'] > 0, "%d accepted, %d refused, %d either", count['y'],
       count['n'], count['i']);
}

int
main(void)
{
    test_tokens();
    test_places();
    test_refused();
    test_accepted();
    test_text();
    test_int();
    test_skip();
    test_utf8();
    test_properties();
    test_suite();
    return tap_end();
}
