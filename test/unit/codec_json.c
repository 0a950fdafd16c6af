/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json_flat.h"
#include "codec_dump.h"

static struct arena arena;
static struct record record;
static char dump[1 << 17];

/* All messages of a document, dumped with "--" between them; or the sentence of the refusal. */
static struct str
flatten(struct str bytes, enum status *ret_st)
{
    struct buf b = buf_of(dump, sizeof dump);
    struct json_flat j = {0};
    struct diag d = {0};
    size_t mark = arena.used, before = record.mark;

    *ret_st = json_flat_read(&j, bytes, &arena, &d);
    record.mark = arena.used;
    while (*ret_st == ST_OK && j.message_next < j.messages) {
        if (j.message_next > 0)
            put_s(&b, "--\n");
        *ret_st = json_flat_next(&j, &record, &d);
        put_record(&b, &record);
    }
    if (*ret_st != ST_OK) {
        b.len = 0;
        put_s(&b, d.text);
    }
    json_flat_free(&j);
    record.mark = before;
    arena_back(&arena, mark);
    return buf_str(&b);
}

static const struct {
    const char *what, *text, *want;
    enum status st;
} cases[] = {
    {"an object", "{\"a\":{\"b\":\"x\",\"c\":[true,null,{}]}}",
     "a={2\na.b=sx\na.c=[3\na.c.0=btrue\na.c.1=0\na.c.2={0\n", ST_OK},
    {"numbers stay as they are written",
     "{\"t\":1607123955.475377,\"n\":1623405938252000000,\"e\":1.50E+3,\"z\":-0,\"s\":\"9.9 [1,2] \\\"7\"}",
     "t=n1607123955.475377\nn=n1623405938252000000\ne=n1.50E+3\nz=n-0\ns=s9.9 [1,2] \"7\n", ST_OK},
    {"keys stay in their order", "{\"z\":1,\"a\":2,\"m\":3}", "z=n1\na=n2\nm=n3\n", ST_OK},
    {"a list holds several messages, each with its own numbers", "[{\"a\":1},{\"a\":2.50},3]",
     "a=n1\n--\na=n2.50\n--\n=n3\n", ST_OK},
    {"a message that is a list", "[[4,[5]]]", "0=n4\n1=[1\n1.0=n5\n", ST_OK},
    {"a single text", "\"x\"", "=sx\n", ST_OK},
    {"an empty key at the top", "{\"\":1,\"a\":{\"\":2}}", "=n1\na={1\na.=n2\n", ST_OK},
    {"a dot in a key is no step", "{\"a.b\":1,\"a\":{\"b\":2}}", "a\\.b=n1\na={1\na.b=n2\n", ST_OK},
    {"escapes", "{\"a\":\"\\u0052\\u004c\\n\\ud83d\\ude97\"}", "a=sRL\n\xf0\x9f\x9a\x97\n", ST_OK},
    {"a key twice", "{\"a\":1,\"a\":2}",
     "a key comes twice in one object; which of the two is meant cannot be known", ST_MALFORMED},
    {"an escaped NUL", "{\"a\":\"x\\u0000y\"}", "a string holds an escaped NUL", ST_MALFORMED},
    {"an escaped NUL in a key", "{\"a\\u0000\":1}", "a key holds an escaped NUL", ST_MALFORMED},
    {"bytes that are not UTF-8", "{\"a\":\"\xff\"}", "the bytes are not UTF-8", ST_MALFORMED},
    {"an overlong form", "{\"a\":\"\xc0\xaf\"}", "the bytes are not UTF-8", ST_MALFORMED},
    {"an end too early", "{\"a\":", "the JSON ends before it is complete", ST_MALFORMED},
    {"something behind the end", "{} {}", "something follows the end of the JSON value", ST_MALFORMED},
    {"a number beyond all", "1e999", "a number is larger than any reading needs", ST_MALFORMED},
    {"a comment", "{ // a\n}", "this is not JSON", ST_MALFORMED},
    {"nothing", "", "the JSON ends before it is complete", ST_MALFORMED},
};

static void
test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum status st;
        struct str got = flatten(str_of(cases[i].text), &st);

        OK(st == cases[i].st && str_eq(got, str_of(cases[i].want)), "json, %s", cases[i].what);
        if (!str_eq(got, str_of(cases[i].want)))
            say_lines("got", got);
    }
    OK(json_flat_is_whole(STR("{\"a\":\"}\"}")) && !json_flat_is_whole(STR("{\"a\":{}")),
       "a whole line is told from a part");
}

/* Hostile documents: each is refused within a second and 64 MiB. */

static struct str
repeat(const char *before, const char *part, size_t times, const char *after)
{
    size_t a = strlen(before), b = strlen(part), c = strlen(after);
    char *s = malloc(a + b * times + c + 1);

    memcpy(s, before, a);
    for (size_t i = 0; i < times; i++)
        memcpy(s + a + i * b, part, b);
    memcpy(s + a + b * times, after, c);
    return (struct str){s, a + b * times + c};
}

static const struct {
    const char *what, *before, *part, *after;
    size_t times;
    const char *want;
} hostile[] = {
    {"a million open lists", "", "[", "", 1000000, "the JSON is nested deeper than 32 levels"},
    {"a million open objects", "", "{\"a\":", "", 800000, "the JSON is nested deeper than 32 levels"},
    {"33 levels that close", "", "[", "1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 33,
     "the JSON is nested deeper than 32 levels"},
    {"a million empty lists", "[[]", ",[]", "]", 1000000,
     "the JSON holds more than 65536 values; send the messages one a line"},
    {"30,000 empty objects", "[{\"a\":[{}", ",{}", "]}]", 30000, "the message holds more than 4096 values"},
    {"one string of four megabytes", "{\"a\":\"", "xxxxxxxx", "\"}", (JSON_BYTES - 8) / 8, NULL},
    {"one byte more than the limit", "\"", "x", "\"", JSON_BYTES - 1,
     "the JSON is longer than 4194304 bytes; send the messages one a line"},
    {"a key of 300 bytes", "{\"", "k", "\":1}", 300,
     "the message is nested deeper than 32 names, or the names on the way to a value are longer than 256 bytes together"},
    {"2,000 texts of 1,000 bytes", "[[",
     "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",",
     "1]]", 3000, "the message holds more than 1048576 bytes of names and values"},
    {"digits without end", "", "9", "", 4000000, "a number is larger than any reading needs"},
    {"a number with a long fraction", "[0.", "1", "]", 4000000, NULL},
    {"quotes without end", "", "\"", "", 4000001, "something follows the end of the JSON value"},
    {"backslashes without end", "\"", "\\", "", 4000000, "the JSON ends before it is complete"},
};

static void
test_hostile(void)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct str bytes = repeat(hostile[i].before, hostile[i].part, hostile[i].times, hostile[i].after);
        struct cost cost = cost_begin();
        enum status st;
        struct str got = flatten(bytes, &st);

        cost = cost_end(cost);
        OK(hostile[i].want == NULL ? st == ST_OK : st != ST_OK && str_eq(got, str_of(hostile[i].want)),
           "json, %s: %.*s", hostile[i].what, STR_FMT(first_line(got)));
        OK(cost.seconds < 1.0 && cost.kib < 64 << 10, "json, %s: %.3f s, %ld KiB more", hostile[i].what,
           cost.seconds, cost.kib);
        file_free(bytes);
    }
}

/* What follows a message that does not fit is read all the same, with the right numbers. */
static void
test_after_limit(void)
{
    struct str bytes = repeat("[[0", ",7.25", RECORD_ENTRIES, "],{\"a\":8.50}]");
    struct json_flat j = {0};
    struct diag d;
    char text[64];
    struct buf b = buf_of(text, sizeof text);

    OK(json_flat_read(&j, bytes, &arena, &d) == ST_OK && j.messages == 2, "two messages, one too large");
    record.mark = arena.used;
    OK(json_flat_next(&j, &record, &d) == ST_LIMIT, "the first is refused: %s", d.text);
    OK(json_flat_next(&j, &record, &d) == ST_OK, "the next is read");
    put_record(&b, &record);
    OK(str_eq(buf_str(&b), STR("a=n8.50\n")), "with its own number");
    json_flat_free(&j);
    file_free(bytes);
}

/* JSONTestSuite: y_ is read, n_ is refused, i_ is either. Three of y_ we refuse and say so. */

static bool
we_refuse(const char *name)
{
    static const char *const ours[] = {"y_object_duplicated_key.json",
                                       "y_object_duplicated_key_and_value.json",
                                       "y_object_escaped_null_in_key.json", "y_string_null_escape.json"};

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (strcmp(name, ours[i]) == 0)
            return true;
    }
    return false;
}

static void
suite_file(const char *folder, const char *name, int *counts)
{
    char path[3000];
    struct str bytes;
    enum status st;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    bytes = file_read(path);
    (void)flatten(bytes, &st);
    if (name[0] == 'y' && !OK((st == ST_OK) != we_refuse(name), "suite: %s is read", name))
        printf("# status %d\n", st);
    if (name[0] == 'n')
        OK(st != ST_OK, "suite: %s is refused", name);
    counts[name[0] == 'y' ? 0 : name[0] == 'n' ? 1 : 2]++;
    file_free(bytes);
}

static void
test_suite(void)
{
    const char *folder = shared_folder("data/json/parsing");
    struct dirent **names;
    int n, counts[3] = {0};

    if (folder == NULL) {
        tap_skip("the 318 files of JSONTestSuite", "ENTENTE_SHARED names no folder with data/json/parsing");
        return;
    }
    n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (strlen(names[i]->d_name) > 2 && names[i]->d_name[1] == '_')
            suite_file(folder, names[i]->d_name, counts);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    OK(counts[0] > 90 && counts[1] > 180, "suite: %d y_, %d n_ and %d i_ files", counts[0], counts[1],
       counts[2]);
}

int
main(void)
{
    struct diag d;

    arena = arena_new(CODEC_ARENA);
    OK(record_init(&record, &arena, &d) == ST_OK, "a record is made");
    test_cases();
    test_hostile();
    test_after_limit();
    test_suite();
    arena_free(&arena);
    return tap_end();
}
