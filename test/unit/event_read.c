/* SPDX-License-Identifier: Apache-2.0 */
/* What event_read() takes, and its limits; what it refuses is in event_refused.c. */
#include "event_test.h"

#include <inttypes.h>
#include "rng.h"

#define A "'at':'2024-10-06T17:20:00.000Z','by':'cam-3'"

static const struct program *p;
static struct event e;

/* The field of this name in the event last read. */
static const struct field *
field(const char *name)
{
    static const struct field none;
    const struct kind *k = &p->kinds[e.kind];

    for (uint8_t i = 0; i < k->nparams; i++) {
        if (str_eq(k->param[i].name, str_of(name)))
            return &e.field[i];
    }
    return &none;
}

static bool
takes(const char *line)
{
    enum status st = test_read(p, test_line(line), &e);

    if (st != ST_OK)
        printf("# %s\n", diag.text);
    return st == ST_OK && !scratch.full;
}

static bool
is_number(const char *name, int64_t n)
{
    return field(name)->set && field(name)->number == n && field(name)->text.len == 0;
}

static bool
is_text(const char *name, const char *text)
{
    return field(name)->set && field(name)->number == 0 && str_eq(field(name)->text, str_of(text));
}

static void
test_header(void)
{
    OK(takes("{'kind':'sighting.left'," A ",'v':'X','id':'c3-1'}") && e.at == INT64_C(1728235200000) &&
           e.known == e.at && !e.has_known && str_eq(e.by, STR("cam-3")) && str_eq(e.id, STR("c3-1")),
       "kind, at, by, id");
    OK(takes("{'kind':'sighting.left'," A ",'v':'X'}") && e.id.len == 0, "no id");
    OK(takes("{'id':'c3-1','v':'X','by':'cam-3','known':'2024-10-06T17:20:01.204Z','at':'2024-10-06T17:20:00.000Z',"
             "'kind':'sighting.left'}") && e.has_known && e.known == e.at + 1204, "the same from behind");
    OK(takes("{'kind':'sighting.left'," A ",'v':'X','known':'1970-01-01T00:00:00.000Z'}") && e.known == 0,
       "known long before at: the door decides");
    OK(takes(" \t\r\n{ 'kind' : 'sighting.left' , " A " , 'v' : 'X' } \r\n") && is_text("v", "X"), "blanks between");
    OK(takes("{'kind':'tick','at':'9999-12-31T23:59:59.999Z'}") && e.kind == KIND_TICK &&
           e.at == INT64_C(253402300799999) && e.by.len == 0, "a tick, the last of all");
    OK(takes("{'kind':'sighting.left'," A ",'v':'X','id':'%128(x)'}") && e.id.len == 128, "an id of 128 bytes");
    OK(takes("{'kind':'tick','x':1}") == false && takes("{'kind':'tick','at':'2024-10-06T17:20:00.000Z'}"),
       "a refusal leaves nothing behind");
}

static void
test_numbers(void)
{
    OK(takes("{'kind':'movement.ordered'," A ",'m':'M','departure':'2024-02-29T00:00:00.001Z','lead':0,'seats':-0}") &&
           is_number("departure", INT64_C(1709164800001)) && is_number("lead", 0) && is_number("seats", 0),
       "a time, 0 and -0");
    OK(takes("{'kind':'movement.ordered'," A ",'m':'M','departure':'1970-01-01T00:00:00.000Z',"
             "'lead':9007199254740991,'seats':9007199254740991}") &&
           is_number("lead", INT64_C(9007199254740991)) && is_number("departure", 0), "the greatest numbers");
    OK(!field("m")->number && is_text("m", "M"), "a thing beside them");
    OK(takes("{'kind':'zone.changed','at':'2024-10-06T17:20:00.000Z','by':'shell','offset':-86400000}") &&
           is_number("offset", -86400000), "an offset west of UTC");
    OK(takes("{'kind':'sighting.stop'," A ",'v':'X','z':'Z','class':'large-truck'}") && is_number("class", 4) &&
           !field("stand-off")->set, "a choice; an optional field left out");
    OK(takes("{'kind':'appointment.made'," A ",'who':'Li','role':'guest.liaison'}") && is_number("role", 1), "a role");
    OK(takes("{'kind':'sun.up'," A ",'sun':'daylight'}") && is_number("sun", 0), "a sun");
    for (unsigned i = 0; i < 4; i++) {
        static const char *const words[] = {"'no'", "'yes'", "false", "true"};
        char line[200];

        snprintf(line, sizeof line, "{'kind':'movement.note'," A ",'m':'M','text':'t','moving':%s,'s':'guest'}",
                 words[i]);
        OK(takes(line) && is_number("moving", i % 2) && is_number("s", 1), "yes-no: %s; a side", words[i]);
    }
}

static void
test_texts(void)
{
    OK(takes("{'kind':'movement.note'," A ",'m':'%256(x)','text':'%4096(y)'}") && field("m")->text.len == 256 &&
           field("text")->text.len == 4096, "the longest names and texts");
    OK(takes("{'kind':'movement.note'," A ",'m':'\\u0041\\/\\\\','text':'\\ud83d\\ude97 \\u06a9\\u0631'}") &&
           is_text("m", "A/\\") && is_text("text", "\xf0\x9f\x9a\x97 \xda\xa9\xd8\xb1"), "escapes, a pair among them");
    OK(takes("{'kind':'movement.note'," A ",'m':'M','text':'a\\u00a0b\xc2\xa0'}"),
       "a blank that does not break is text");
    OK(takes("{'kind':'sighting.left'," A ",'v':'~notatoken'}") && is_text("v", "~notatoken"), "a wave at its front");
    OK(takes("{'kind':'movement.note'," A ",'m':'seal:00','text':'seal:00'}"), "seal: where nothing is sealed is text");
}

static void
test_places(void)
{
    OK(takes("{'kind':'zone.drawn'," A ",'z':'Z','spot':[-180,90.0000000],'edge':[[0,0],[-0,-0.0]]}") &&
           is_text("spot", "[-180.0000000,90.0000000]") &&
           is_text("edge", "[[0.0000000,0.0000000],[0.0000000,0.0000000]]"),
       "corners of the world, 0 in all its spellings");
    OK(takes("{'kind':'zone.drawn'," A ",'z':'Z','spot':[ 67.1552 , 24.9 ],"
             "'ring':[%255([1.5,2.5],)[0.0000001,-0.0000001]]}") &&
           is_text("spot", "[67.1552000,24.9000000]"), "256 places");
    OK(field("ring")->text.len == 255 * sizeof "[1.5000000,2.5000000]" + sizeof "[[0.0000001,-0.0000001]]" - 1,
       "each at its 7 decimals");
}

static void
test_sealed(void)
{
    OK(takes("{'kind':'seal.all'," A ",'m':'M','text':'seal:0','spot':'seal:0a','due':'seal:%64(f)','n':'seal:1',"
             "'class':'seal:2','q':'seal:3','edge':'seal:4'}") && is_text("spot", "seal:0a") &&
           is_text("n", "seal:1") && is_text("class", "seal:2") && is_text("edge", "seal:4") &&
           field("due")->text.len == 69,
       "commitments in the place of every type");
    OK(takes("{'kind':'seal.all'," A ",'m':'M','text':'seal:xyz','n':5,'class':'van','spot':[1,2]}") &&
           is_text("text", "seal:xyz") && is_number("n", 5) && is_number("class", 2), "clear values in their place");
    OK(takes("{'kind':'seal.all'," A ",'m':'M'}") && !field("text")->set, "or nothing, when optional");
}

/* Limits */

static enum status
read_padded(size_t len)
{
    static char line[EVENT_LINE_MAX + 2];
    struct str s = test_line("{'kind':'sighting.left'," A ",'v':'X'}");

    memset(line, ' ', sizeof line);
    memcpy(line, s.ptr, s.len);
    return test_read(p, (struct str){line, len}, &e);
}

static void
test_length(void)
{
    enum { HUGE = 10 << 20 };
    char *line = malloc(HUGE);
    static const char front[] = "{\"kind\":\"sighting.left\",\"id\":\"";

    OK(read_padded(EVENT_LINE_MAX) == ST_OK, "a line of 65536 bytes");
    OK(read_padded(EVENT_LINE_MAX + 1) == ST_LIMIT &&
           strcmp(diag.text, "a line has at most 65536 bytes in the form the log keeps; "
                             "this one has more, so say it in several events") == 0, "one more: %s", diag.text);
    memset(line, 'x', HUGE);
    memcpy(line, front, sizeof front - 1);
    OK(test_read(p, (struct str){line, HUGE}, &e) == ST_LIMIT, "an id of 10 MB");
    OK(test_read(p, (struct str){line, EVENT_LINE_MAX}, &e) == ST_MALFORMED, "an id without end");
    free(line);
}

static struct str
many_persons(unsigned n)
{
    static char line[EVENT_LINE_MAX];
    struct buf b = buf_of(line, sizeof line);

    put(&b, test_line("{'kind':'theatre.opened'," A ",'appointments':{'post.leader':["));
    for (unsigned i = 0; i < n; i++)
        put_s(&b, i == 0 ? "\"a\"" : ",\"a\"");
    put_s(&b, "]}}");
    return buf_str(&b);
}

/* What is taken fits the log when it is closed, and can be read there. */
static void
test_growth(void)
{
    static char out_bytes[EVENT_LINE_MAX + 1];
    struct buf out = buf_of(out_bytes, sizeof out_bytes);
    unsigned n = 1, above = 8000; /* n are taken, `above` are not */

    while (above - n > 1) {
        unsigned middle = (n + above) / 2;

        *(test_read(p, many_persons(middle), &e) == ST_OK ? &n : &above) = middle;
    }
    OK(n < 7999 && test_read(p, many_persons(n + 1), &e) == ST_LIMIT, "a line that grows too long: %s", diag.text);
    OK(test_read(p, many_persons(n), &e) == ST_OK, "%u persons are taken", n);
    event_close(p, &drill_keys, 0, &scratch, &e);
    event_write(p, &e, &out);
    OK(!scratch.full && !out.full && out.len <= EVENT_LINE_MAX && out.len + 20 > EVENT_LINE_MAX,
       "closed: %zu bytes", out.len);
    OK(test_read(p, buf_str(&out), &e) == ST_OK, "and can be read again");
}

static void
test_scratch(void)
{
    struct str line = test_line("{'kind':'zone.drawn'," A ",'z':'\\u0041','spot':[1,2],'edge':[[1,2],[3,4]]}");
    unsigned limit = 0, taken = 0;

    for (size_t cap = 0; cap < 100; cap++) {
        char *bytes = malloc(cap + 1);
        struct buf b = buf_of(bytes, cap);
        enum status st = event_read(p, line, &b, &e, &diag);

        limit += st == ST_LIMIT && strcmp(diag.text, "the line needs more memory than its reader was given") == 0;
        taken += st == ST_OK;
        free(bytes);
    }
    OK(taken > 0 && limit + taken == 100, "a small scratch: %u too small, %u enough", limit, taken);
    limit = taken = 0;
    line = many_persons(2500); /* 10 kB, and 50 when it is closed */
    for (size_t cap = 5000; cap < 150000; cap += 1000) {
        char *bytes = malloc(cap);
        struct buf b = buf_of(bytes, cap);
        enum status st = event_read(p, line, &b, &e, &diag);

        limit += st == ST_LIMIT;
        taken += st == ST_OK && !b.full;
        free(bytes);
    }
    OK(limit > 50 && taken > 0 && limit + taken == 145, "of a long line: %u too small, %u enough", limit, taken);
}

/* Bytes no text has */

static void
test_bytes(void)
{
    static const char line[] = "{\"kind\":\"sighting.left\",\"at\":\"2024-10-06T17:20:00.000Z\",\"by\":\"c\","
                               "\"v\":\"abcdefgh\"}";
    static const struct { const char *what; char bytes[4]; unsigned n; } bad[] = {
        {"a NUL", {0}, 1}, {"a lone continuation", {'\x80'}, 1}, {"an overlong blank", {'\xc0', '\xa0'}, 2},
        {"a surrogate", {'\xed', '\xa0', '\x80'}, 3}, {"beyond U+10FFFF", {'\xf4', '\x90', '\x80', '\x80'}, 4},
        {"a byte 255", {'\xff'}, 1}, {"a raw line end", {'\n'}, 1},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char copy[sizeof line];

        memcpy(copy, line, sizeof line);
        memcpy(strstr(copy, "abcdefgh") + 2, bad[i].bytes, bad[i].n);
        OK(test_read(p, (struct str){copy, sizeof line - 1}, &e) == ST_MALFORMED, "%s: %s", bad[i].what, diag.text);
    }
    OK(test_read(p, (struct str){line, sizeof line}, &e) == ST_MALFORMED, "a NUL behind the line");
}

static void
test_deep(void)
{
    OK(test_read(p, test_line("{'x':%31([)%31(]),'kind':'sighting.left'}"), &e) == ST_INVALID, "deep, before the kind");
    OK(test_read(p, test_line("{'x':%32([)%32(]),'kind':'sighting.left'}"), &e) == ST_MALFORMED,
       "too deep: %s", diag.text);
    OK(test_read(p, test_line("{'kind':'theatre.opened'," A ",'x':%9000([)"), &e) == ST_MALFORMED, "much too deep");
    OK(test_read(p, test_line("{'kind':'theatre.opened'," A ",'x':%8([)%8(])}"), &e) == ST_OK, "eight levels");
}

/* No byte changed at random makes the reader go wrong; what it takes it tells the same way again. */
static void
test_random(void)
{
    static char first[EVENT_LINE_MAX], again[EVENT_LINE_MAX];
    unsigned taken = 0, kept = 0;
    struct rng r = {1};

    for (unsigned i = 0; i < 20000; i++) {
        struct str s = test_line("{'kind':'seal.all'," A ",'m':'M','text':'t','spot':[1.5,2],'n':5,'class':'van',"
                                 "'q':'A'}");
        char copy[200];
        struct buf a = buf_of(first, sizeof first), b = buf_of(again, sizeof again);

        memcpy(copy, s.ptr, s.len);
        for (uint64_t n = rng_below(&r, 3); n < 3; n++)
            copy[rng_below(&r, s.len)] = "{}[]\",:0123456789abcZ.\\ -\x80\xc3"[rng_below(&r, 27)];
        if (test_read(p, (struct str){copy, s.len}, &e) != ST_OK)
            continue;
        taken++;
        event_write(p, &e, &a);
        if (test_read(p, buf_str(&a), &e) == ST_OK)
            event_write(p, &e, &b);
        kept += str_eq(buf_str(&a), buf_str(&b));
    }
    OK(taken > 100 && kept == taken, "seed 1: %u of 20000 changed lines are taken, %u come back", taken, kept);
}

int
main(void)
{
    p = test_program();
    if (OK(p != NULL, "the small agreement is read")) {
        test_header();
        test_numbers();
        test_texts();
        test_places();
        test_sealed();
        test_length();
        test_growth();
        test_scratch();
        test_bytes();
        test_deep();
        test_random();
    }
    return tap_end();
}
