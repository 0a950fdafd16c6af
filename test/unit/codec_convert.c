/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/convert.h"
#include "base/stamp.h"
#include "codec_test.h"

/* Plates: `want` begins with ! when it is why not. */
static const struct {
    const char *what, *text, *want;
} plates[] = {
    {"a plate as it stands", "RLE11684", "RLE11684"},
    {"small letters", "pl8rec", "PL8REC"},
    {"blanks and dashes", " lea-09 12 34\t", "LEA091234"},
    {"dots, slashes and a colon", "B:AB.12/34", "BAB1234"},
    {"long dashes and blanks that do not break",
     "AB\xe2\x80\x93"
     "12\xc2\xa0"
     "34",
     "AB1234"},
    {"a Chinese plate keeps its first character",
     "\xe4\xba\xac"
     "A\xc2\xb7"
     "12345",
     "\xe4\xba\xac"
     "A12345"},
    {"a plate in Urdu stays as it is", "\xda\xa9\xd8\xb1\xd8\xa7\xda\x86\xdb\x8c \xdb\xb1\xdb\xb2\xdb\xb3",
     "\xda\xa9\xd8\xb1\xd8\xa7\xda\x86\xdb\x8c\xdb\xb1\xdb\xb2\xdb\xb3"},
    {"a German plate keeps its umlaut", "\xc3\x96X 12", "\xc3\x96X12"},
    {"a letter of four bytes stays",
     "\xf0\x9d\x9f\x98"
     "1",
     "\xf0\x9d\x9f\x98"
     "1"},
    {"marks that cannot be seen are no part of it",
     "\xe2\x80\xaa"
     "AB\xe2\x80\x8b"
     "1\xe2\x80\xac\xef\xbb\xbf",
     "AB1"},
    {"sixteen characters", "1234567890123456", "1234567890123456"},
    {"seventeen characters", "12345678901234567", "!is longer than any plate"},
    {"nothing", "", "!holds no plate"},
    {"blanks only", " -- ", "!holds no plate"},
    {"unknown", "Unknown", "!says the plate is unknown"},
    {"unknown with blanks", " un known ", "!says the plate is unknown"},
    {"a character that was not read", "AB?123", "!has a character that was not read"},
    {"another sign for it", "AB*123", "!has a character that was not read"},
};

static void
test_plates(void)
{
    char bytes[128];

    for (size_t i = 0; i < sizeof plates / sizeof *plates; i++) {
        struct buf b = buf_of(bytes, sizeof bytes);
        const char *why = plate_put(&b, str_of(plates[i].text));
        bool refused = plates[i].want[0] == '!';
        struct str got = why == NULL ? buf_str(&b) : str_of(why);

        OK((why != NULL) == refused && str_eq(got, str_of(plates[i].want + refused)), "plate, %s: %.*s",
           plates[i].what, STR_FMT(got));
    }
}

static const struct {
    const char *text;
    int places;
    const char *want; /* a decimal, or "no" */
} decimals[] = {
    {"1607123955.475377", 3, "1607123955475"},
    {"1607123955.4759999", 3, "1607123955475"},
    {"1607123955", 3, "1607123955000"},
    {"1.607123955475377e9", 3, "1607123955475"},
    {"160712395547537.7E-5", 3, "1607123955475"},
    {"1623405938252", 0, "1623405938252"},
    {"1623405938252000000", -6, "1623405938252"},
    {"1623405938252999999", -6, "1623405938252"},
    {"99999999999999999999999", -12, "99999999999"},
    {"0.719034", 6, "719034"},
    {"0.0000004", 6, "0"},
    {"1", 6, "1000000"},
    {"97", 6, "97000000"},
    {"-0.5", 6, "-500000"},
    {"1e-400", 6, "0"},
    {"0e999999999", 6, "0"},
    {"1e999999999", 6, "no"},
    {"9223372036854775807", 0, "9223372036854775807"},
    {"9223372036854775808", 0, "no"},
    {"99999999999999999999", 0, "no"},
    {"", 0, "no"},
    {"-", 0, "no"},
    {".5", 0, "no"},
    {"5.", 0, "no"},
    {"1e", 0, "no"},
    {"1e+", 0, "no"},
    {"0x10", 0, "no"},
    {"+1", 0, "no"},
    {" 1", 0, "no"},
    {"1 ", 0, "no"},
    {"nan", 0, "no"},
    {"1,5", 0, "no"},
};

static void
test_decimals(void)
{
    char bytes[32];

    for (size_t i = 0; i < sizeof decimals / sizeof *decimals; i++) {
        struct buf b = buf_of(bytes, sizeof bytes);
        int64_t n = 0;

        if (decimal_read(str_of(decimals[i].text), decimals[i].places, &n))
            put_i(&b, n);
        else
            put_s(&b, "no");
        OK(str_eq(buf_str(&b), str_of(decimals[i].want)), "decimal \"%s\" times 10^%d is %.*s",
           decimals[i].text, decimals[i].places, STR_FMT(buf_str(&b)));
    }
}

enum { ISO = 99 };

static const struct {
    const char *text;
    int places;
    const char *want; /* a stamp, or why not */
} times[] = {
    {"1607123955.475377", 3, "2020-12-04T23:19:15.475Z"},
    {"1623405938252", 0, "2021-06-11T10:05:38.252Z"},
    {"1623405938252000", -3, "2021-06-11T10:05:38.252Z"},
    {"1623405938252000000", -6, "2021-06-11T10:05:38.252Z"},
    {"0", 0, "is 0, which stands for no time"},
    {"0.0", 3, "is 0, which stands for no time"},
    {"-1", 3, "lies outside the years 1970 to 9999"},
    {"253402300800", 3, "lies outside the years 1970 to 9999"},
    {"253402300799.999", 3, "9999-12-31T23:59:59.999Z"},
    {"1e300", 3, "is not a number of seconds or parts of them"},
    {"20210611 130538252", 0, "is not a number of seconds or parts of them"},
    {"2024-01-19T11:17:19+08:00", ISO, "2024-01-19T03:17:19.000Z"},
    {"2024-01-19T11:17:19+0800", ISO, "2024-01-19T03:17:19.000Z"},
    {"2024-01-19T11:17:19+08", ISO, "2024-01-19T03:17:19.000Z"},
    {"2024-01-19T11:17:19.654-03:30", ISO, "2024-01-19T14:47:19.654Z"},
    {"2024-10-06T17:20:00Z", ISO, "2024-10-06T17:20:00.000Z"},
    {"2024-10-06t17:20:00.123456789z", ISO, "2024-10-06T17:20:00.123Z"},
    {"2024-10-06 17:20:00,5+00:00", ISO, "2024-10-06T17:20:00.500Z"},
    {"2024-02-29T23:59:59Z", ISO, "2024-02-29T23:59:59.000Z"},
    {"2023-02-29T23:59:59Z", ISO, "names a day that its month does not have"},
    {"2024-04-31T00:00:00Z", ISO, "names a day that its month does not have"},
    {"2024-10-06T17:20:00", ISO, "has no offset from UTC (Z or +05:00), so nobody can say when it was"},
    {"2026-06-05T11:30:09.365581", ISO,
     "has no offset from UTC (Z or +05:00), so nobody can say when it was"},
    {"2024-10-06T25:20:00Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-13-06T15:20:00Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-00-06T15:20:00Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-00T15:20:00Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-06T15:20:60Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-06T15:20Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-06", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"20241006T152000Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-06T15:20:00Z ", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-06T15:20:00.Z", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-06T15:20:00+5", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"2024-10-06T15:20:00+15:00", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
    {"1970-01-01T00:00:00+01:00", ISO, "lies outside the years 1970 to 9999"},
    {"", ISO, "is not a time such as 2024-10-06T17:20:00.000Z"},
};

static void
test_times(void)
{
    char bytes[200];

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct buf b = buf_of(bytes, sizeof bytes);
        struct str text = str_of(times[i].text);
        int64_t ms = 0;
        const char *why =
            times[i].places == ISO ? iso_read(text, &ms) : epoch_read(text, times[i].places, &ms);

        if (why == NULL)
            put_stamp(&b, ms);
        else
            put_s(&b, why);
        OK(str_eq(buf_str(&b), str_of(times[i].want)), "time \"%s\": %.*s", times[i].text,
           STR_FMT(buf_str(&b)));
    }
}

/* What is written as a stamp is read back as the same millisecond, at any offset. */
static void
test_round_trip(void)
{
    uint64_t x = 88172645463325252U; /* the seed */
    bool same = true;

    for (int i = 0; i < 20000; i++) {
        char bytes[64];
        struct buf b = buf_of(bytes, sizeof bytes);
        int64_t ms, again = -1;
        int32_t minutes;

        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        ms = (int64_t)(x % (uint64_t)(STAMP_MAX - 86400000)) + 86400000;
        minutes = (int32_t)(x % 840);
        put_stamp(&b, ms + minutes * INT64_C(60000) <= STAMP_MAX ? ms + minutes * INT64_C(60000) : ms);
        b.len--; /* the Z */
        put_c(&b, '+');
        put_u_wide(&b, ms + minutes * INT64_C(60000) <= STAMP_MAX ? (uint64_t)minutes / 60 : 0, 2);
        put_c(&b, ':');
        put_u_wide(&b, ms + minutes * INT64_C(60000) <= STAMP_MAX ? (uint64_t)minutes % 60 : 0, 2);
        same = same && iso_read(buf_str(&b), &again) == NULL && again == ms;
    }
    OK(same, "20000 instants at 20000 offsets are read back, seed 88172645463325252");
}

int
main(void)
{
    test_plates();
    test_decimals();
    test_times();
    test_round_trip();
    OK(is_plain_text(STR("Camera 07")) && is_plain_text(STR("\xe5\xa4\xa7\xe9\x97\xa8")) &&
           !is_plain_text(STR("a\nb")) && !is_plain_text(STR("a\"b")) &&
           !is_plain_text(STR("\xe2\x80\xae"
                              "b")) &&
           !is_plain_text(STR("\xc2\x9b")),
       "a text that can be shown is told from one that cannot");
    OK(same_word(STR("Big Truck"), STR("BIG tRUCK")) && !same_word(STR("a"), STR("ab")) &&
           !same_word(STR("@"), STR("`")),
       "words are the same but for the case of letters");
    return tap_end();
}
