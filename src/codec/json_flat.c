/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes are looked at twice before jansson parses them and once after: scan()
 * knows only strings, brackets, commas and digits, which is enough to bound the
 * work of a parser and, in JSON that the parser accepted, to find each number. */
#include <jansson.h>
#include "codec/json_flat.h"
#include "base/put.h"

struct scan {
    uint32_t depth, deepest, values, numbers;
    size_t deepest_at;
};

static bool
is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* The place behind the string whose opening quote is at `at`. */
static size_t
string_end(struct str in, size_t at)
{
    for (at++; at < in.len && in.ptr[at] != '"'; at++) {
        if (in.ptr[at] == '\\')
            at++;
    }
    return at < in.len ? at + 1 : in.len;
}

/* The place behind the number that begins at `at`. */
static size_t
number_end(struct str in, size_t at)
{
    while (at < in.len && is_number_byte(in.ptr[at]))
        at++;
    return at;
}

static void
scan_bracket(struct scan *s, char c, size_t at)
{
    if (c == ']' || c == '}') {
        s->depth -= s->depth > 0;
        return;
    }
    s->values++; /* every value stands at the front, behind a bracket or behind a comma */
    if (c != ',' && ++s->depth > s->deepest) {
        s->deepest = s->depth;
        s->deepest_at = at;
    }
}

/* Walks over bytes that need not be JSON. `numbers` may be NULL: they are then only counted. */
static struct scan
scan(struct str in, struct str *numbers)
{
    struct scan s = {.values = 1};

    for (size_t at = 0, end; at < in.len; at = end) {
        char c = in.ptr[at];

        end = at + 1;
        if (c == '"') {
            end = string_end(in, at);
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            end = number_end(in, at);
            if (numbers != NULL)
                numbers[s.numbers] = str_cut(in, at, end - at);
            s.numbers++;
        } else if (c == '[' || c == ']' || c == '{' || c == '}' || c == ',') {
            scan_bracket(&s, c, at);
        }
    }
    return s;
}

bool
json_flat_is_whole(struct str bytes)
{
    return scan(bytes, NULL).depth == 0;
}

static void
limit(struct diag *d, size_t at, const char *what, uint64_t max, const char *unit)
{
    struct buf b = diag_put(d, (uint32_t)at, 0);

    put_s(&b, what);
    put_u(&b, max);
    put_s(&b, unit);
}

static enum status
check_limits(struct str bytes, struct diag *d)
{
    const char *nul = bytes.len == 0 ? NULL : memchr(bytes.ptr, '\0', bytes.len);
    struct scan s;

    if (bytes.len > JSON_BYTES) {
        limit(d, 0, "the JSON is longer than ", JSON_BYTES, " bytes; send the messages one a line");
        return ST_LIMIT;
    }
    if (nul != NULL) {
        diag_set(d, (uint32_t)(nul - bytes.ptr), 1, "a NUL byte has no business in JSON");
        return ST_MALFORMED;
    }
    s = scan(bytes, NULL);
    if (s.deepest > RECORD_DEPTH) {
        limit(d, s.deepest_at, "the JSON is nested deeper than ", RECORD_DEPTH, " levels");
        return ST_LIMIT;
    }
    if (s.values > JSON_VALUES) {
        limit(d, 0, "the JSON holds more than ", JSON_VALUES, " values; send the messages one a line");
        return ST_LIMIT;
    }
    return ST_OK;
}

/* jansson's own sentences quote the input; these do not. */
static const struct {
    enum json_error_code code;
    const char *sentence;
} errors[] = {
    {json_error_invalid_utf8, "the bytes are not UTF-8"},
    {json_error_premature_end_of_input, "the JSON ends before it is complete"},
    {json_error_end_of_input_expected, "something follows the end of the JSON value"},
    {json_error_null_byte_in_key, "a key holds an escaped NUL"},
    {json_error_null_character, "a string holds an escaped NUL"},
    {json_error_duplicate_key, "a key comes twice in one object; which of the two is meant cannot be known"},
    {json_error_numeric_overflow, "a number is larger than any reading needs"},
    {json_error_stack_overflow, "the JSON is nested too deep"},
};

static void
parse_diag(struct diag *d, const json_error_t *e, size_t len)
{
    size_t at = e->position < 0 ? 0 : (size_t)e->position;
    const char *sentence = "this is not JSON";

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (json_error_code(e) == errors[i].code)
            sentence = errors[i].sentence;
    }
    diag_set(d, (uint32_t)(at < len ? at : len), 0, sentence);
}

static enum status
take_numbers(struct json_flat *j, struct str bytes, struct arena *a, struct diag *d)
{
    uint32_t n = scan(bytes, NULL).numbers;

    j->numbers = NEW(a, n, struct str);
    if (j->numbers == NULL) {
        diag_set(d, 0, 0,
                 "the memory given does not hold the numbers of this JSON; give at least CODEC_ARENA bytes");
        return ST_LIMIT;
    }
    j->number_count = scan(bytes, j->numbers).numbers;
    return ST_OK;
}

enum status
json_flat_read(struct json_flat *j, struct str bytes, struct arena *a, struct diag *d)
{
    struct json_flat fresh = {0};
    json_error_t error;
    enum status st = check_limits(bytes, d);

    if (st != ST_OK)
        return st;
    fresh.root = json_loadb(bytes.len == 0 ? "" : bytes.ptr, bytes.len,
                            JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (fresh.root == NULL) {
        parse_diag(d, &error, bytes.len);
        return ST_MALFORMED;
    }
    if ((st = take_numbers(&fresh, bytes, a, d)) != ST_OK) {
        json_flat_free(&fresh);
        return st;
    }
    fresh.messages = json_is_array(fresh.root) ? (uint32_t)json_array_size(fresh.root) : 1;
    *j = fresh;
    return ST_OK;
}

void
json_flat_free(struct json_flat *j)
{
    json_decref(j->root);
    *j = (struct json_flat){0};
}

/* One walk over one message. After the first failure it only counts the numbers, so that those of
 * the next message are found. */
struct walk {
    struct json_flat *j;
    struct record *r;
    struct path path;
    enum status st;
    struct diag *d;
};

static void
add(struct walk *w, enum record_type type, struct str text)
{
    if (w->st == ST_OK)
        w->st = record_add(w->r, path_str(&w->path), type, text, w->d);
}

/* The path of a list or an object at the top is empty, as that of a key "" may be: it has no entry. */
static void
add_composite(struct walk *w, enum record_type type, size_t count)
{
    if (w->path.depth == 0)
        return;
    add(w, type, STR(""));
    if (w->st == ST_OK)
        w->r->entries[w->r->n - 1].count = (uint32_t)count;
}

static void
add_number(struct walk *w)
{
    ENSURE(w->j->number_next < w->j->number_count);
    add(w, RECORD_NUMBER, w->j->numbers[w->j->number_next++]);
}

static void walk(struct walk *w, json_t *value);

static void
walk_child(struct walk *w, bool fits, size_t len, json_t *value)
{
    if (!fits && w->st == ST_OK) {
        path_diag(w->d);
        w->st = ST_LIMIT;
    }
    walk(w, value);
    w->path.len = len;
    w->path.depth--;
}

static void
walk_object(struct walk *w, json_t *object)
{
    size_t len = w->path.len;
    const char *key;
    json_t *value;

    add_composite(w, RECORD_TREE, json_object_size(object));
    json_object_foreach (object, key, value)
        walk_child(w, path_push(&w->path, str_of(key)), len, value);
}

static void
walk_list(struct walk *w, json_t *list)
{
    size_t len = w->path.len;

    add_composite(w, RECORD_LIST, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++)
        walk_child(w, path_push_number(&w->path, i), len, json_array_get(list, i));
}

static void
walk(struct walk *w, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        walk_object(w, value);
        break;
    case JSON_ARRAY:
        walk_list(w, value);
        break;
    case JSON_STRING:
        add(w, RECORD_STRING, (struct str){json_string_value(value), json_string_length(value)});
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        add_number(w);
        break;
    case JSON_TRUE:
        add(w, RECORD_BOOL, STR("true"));
        break;
    case JSON_FALSE:
        add(w, RECORD_BOOL, STR("false"));
        break;
    case JSON_NULL:
        add(w, RECORD_NULL, STR(""));
        break;
    }
}

enum status
json_flat_next(struct json_flat *j, struct record *r, struct diag *d)
{
    struct walk w = {.j = j, .r = r, .st = ST_OK, .d = d};
    json_t *message = j->root;

    ENSURE(j->message_next < j->messages);
    if (json_is_array(message))
        message = json_array_get(message, j->message_next);
    j->message_next++;
    record_reset(r);
    walk(&w, message);
    return w.st;
}
