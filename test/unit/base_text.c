/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "tap.h"

static void
test_hex(void)
{
    static const uint8_t bytes[] = {0x00, 0x9f, 0xa0, 0xff};
    static const char *const refused[] = {"009fa0f",  "009fa0ff0", "009FA0FF",
                                          "009fa0fg", " 09fa0ff",  "0x9fa0ff"};
    char space[16];
    uint8_t back[4] = {1, 2, 3, 4};
    struct buf b = buf_of(space, sizeof space);

    put_hex(&b, bytes, sizeof bytes);
    OK(str_eq(buf_str(&b), STR("009fa0ff")), "hex out");
    OK(hex_read(buf_str(&b), back, 4) && memcmp(back, bytes, 4) == 0, "hex in");
    OK(hex_read(STR(""), back, 0), "no bytes, no digits");
    memset(back, 7, sizeof back);
    for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++)
        OK(!hex_read(str_of(refused[i]), back, 4) && back[0] == 7,
           "refused and untouched: %s", refused[i]);
}

/* Worked out with Python: int.from_bytes and five bits at a time. */
static void
test_base32(void)
{
    static const struct {
        uint8_t bytes[10];
        size_t chars;
        const char *want;
    } cases[] = {
        {{0}, 0, ""},
        {{0}, 2, "00"},
        {{0xff}, 1, "z"},
        {{0xff, 0xff, 0xff, 0xff, 0xff}, 8, "zzzzzzzz"},
        {{0x01, 0x23, 0x45, 0x67, 0x89}, 8, "04hmasw9"},
        {{0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed, 0xfa, 0xce, 0xca, 0xfe},
         16,
         "vtpvxvzyxqxcxjqy"},
        {{0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed, 0xfa, 0xce, 0xca, 0xfe}, 7, "vtpvxvz"},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char space[32];
        struct buf b = buf_of(space, sizeof space);

        put_base32(&b, cases[i].bytes, cases[i].chars);
        if (!OK(str_eq(buf_str(&b), str_of(cases[i].want)), "base32 of %s",
                cases[i].want))
            printf("# got %.*s\n", STR_FMT(buf_str(&b)));
    }
}

static void
test_distance(void)
{
    static const struct {
        const char *a, *b;
        unsigned max, want;
    } cases[] = {
        {"", "", 3, 0},
        {"convoy", "convoy", 3, 0},
        {"convoy", "convoi", 3, 1},
        {"convoy", "convy", 3, 1},
        {"convoy", "convooy", 3, 1},
        {"convoy", "cnovoy", 3, 1},
        {"convoy", "cordon", 9, 3},
        {"convoy", "cordon", 2, 3},
        {"convoy", "", 9, 6},
        {"", "convoy", 2, 3},
        {"kitten", "sitting", 9, 3},
        {"ca", "abc", 9,
         3}, /* a changed pair is not changed again: optimal string alignment */
        {"a23456789012345678901234567890123456789012345678901234567890123x", "a", 5, 6},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str a = str_of(cases[i].a), b = str_of(cases[i].b);

        OK(word_distance(a, b, cases[i].max) == cases[i].want &&
               word_distance(b, a, cases[i].max) == cases[i].want,
           "from \"%s\" to \"%s\", and back", cases[i].a, cases[i].b);
    }
}

int
main(void)
{
    test_hex();
    test_base32();
    test_distance();
    return tap_end();
}
