/* SPDX-License-Identifier: Apache-2.0 */
#include "base/put.h"
#include "tap.h"

static char space[512];

static bool
is(const struct buf *b, const char *want)
{
    bool same = str_eq(buf_str(b), str_of(want));

    if (!same)
        printf("# got  %.*s\n# want %s\n", STR_FMT(buf_str(b)), want);
    return same;
}

static void
test_numbers(void)
{
    struct buf b = buf_of(space, sizeof space);

    put_u(&b, 0);
    put_c(&b, ' ');
    put_u(&b, UINT64_MAX);
    put_c(&b, ' ');
    put_i(&b, INT64_MIN);
    put_c(&b, ' ');
    put_i(&b, INT64_MAX);
    put_c(&b, ' ');
    put_i(&b, -1);
    OK(is(&b, "0 18446744073709551615 -9223372036854775808 9223372036854775807 -1"),
       "numbers at their ends");
    b = buf_of(space, sizeof space);
    put_u_wide(&b, 7, 3);
    put_u_wide(&b, 1234, 3);
    put_u_wide(&b, 0, 0);
    put_u_wide(&b, 5, 25);
    OK(is(&b, "007123400000000000000000000000005"),
       "zero-padded, and wider when it needs to be");
}

static void
test_json(void)
{
    static const struct {
        struct str in;
        const char *want;
    } cases[] = {
        {STR_LIT(""), "\"\""},
        {STR_LIT("plain"), "\"plain\""},
        {STR_LIT("a\"b\\c/d"), "\"a\\\"b\\\\c/d\""},
        {STR_LIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
        {STR_LIT("\0\x01\x1f\x7f"), "\"\\u0000\\u0001\\u001f\x7f\""},
        {STR_LIT("کراچی 北京 \xf0\x9f\x9a\x99"), "\"کراچی 北京 \xf0\x9f\x9a\x99\""},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = buf_of(space, sizeof space);

        put_json(&b, cases[i].in);
        OK(is(&b, cases[i].want), "JSON string %u", i);
    }
}

static void
test_full(void)
{
    struct buf b = buf_of(space, 4);

    memset(space, '#', sizeof space);
    put_s(&b, "abc");
    OK(!b.full, "three bytes of four");
    OK(strcmp(put_end(&b), "abc") == 0 && !b.full, "and room for the NUL");
    put_s(&b, "def");
    OK(b.full && is(&b, "abcd") && space[4] == '#', "what does not fit is cut and told");
    OK(strcmp(put_end(&b), "abc") == 0 && b.full, "the last byte gives way to the NUL");
    b = buf_of(space, 4);
    put_json(&b, STR("\"\"\"\""));
    put_c(&b, 'x');
    OK(b.full && is(&b, "\"\\\"\\") && space[4] == '#', "JSON is cut too");
    b = buf_of(NULL, 0);
    put_s(&b, "");
    OK(!b.full, "nothing fits in nothing");
    put_u(&b, 1);
    OK(b.full && strcmp(put_end(&b), "") == 0, "a buffer of no bytes ends as nothing");
}

static void
test_diag(void)
{
    struct diag d;
    struct buf b;

    memset(&d, 'x', sizeof d);
    b = diag_put(&d, 3, 4);
    OK(d.pos == 3 && d.len == 4 && d.text[0] == '\0',
       "a diag starts with a place and no text");
    put_s(&b, "one ");
    OK(strcmp(d.text, "one ") == 0, "its text ends with a NUL at every step");
    for (int i = 0; i < DIAG_TEXT; i++)
        put_c(&b, 'y');
    OK(strlen(d.text) == DIAG_TEXT - 1 && b.full,
       "a text too long is cut before the NUL");
    diag_set(&d, 1, 2, "two");
    OK(d.pos == 1 && d.len == 2 && strcmp(d.text, "two") == 0, "a sentence in one call");
    b = diag_put(NULL, 0, 0);
    put_s(&b, "dropped");
    diag_set(NULL, 0, 0, "dropped");
    OK(b.len == 0, "no diag, no text");
}

int
main(void)
{
    test_numbers();
    test_json();
    test_full();
    test_diag();
    return tap_end();
}
