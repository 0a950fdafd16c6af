/* SPDX-License-Identifier: Apache-2.0 */
#include "os/tzif.h"

#include <inttypes.h>
#include "base/stamp.h"
#include "os/file.h"
#include "os/memory.h"
#include "rng.h"
#include "tap.h"

static char space[4096];

static void
put_32(struct buf *b, uint32_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        put_c(b, (char)(n >> shift));
}

static void
put_header(struct buf *b, char version, uint32_t leaps, uint32_t times, uint32_t kinds)
{
    put_s(b, "TZif");
    put_c(b, version);
    for (int i = 0; i < 15; i++)
        put_c(b, '\0');
    put_32(b, 0);
    put_32(b, 0);
    put_32(b, leaps);
    put_32(b, times);
    put_32(b, kinds);
    put_32(b, 4);
}

static void
put_kind(struct buf *b, int32_t offset)
{
    put_32(b, (uint32_t)offset);
    put(b, (struct str){"\0\0", 2});
}

/* A file of version 2 with no table, one kind, and this footer. */
static struct str
with_rule(const char *rule)
{
    struct buf b = buf_of(space, sizeof space);

    for (int i = 0; i < 2; i++) {
        put_header(&b, '2', 0, 0, 1);
        put_kind(&b, 0);
        put(&b, (struct str){"LMT\0", 4});
    }
    put_c(&b, '\n');
    put_s(&b, rule);
    put_c(&b, '\n');
    return buf_str(&b);
}

static int64_t
utc(const char *stamp)
{
    int64_t ms = 0;
    enum status st = stamp_read(str_of(stamp), &ms, NULL);

    ENSURE(st == ST_OK);
    return ms / 1000;
}

/* Offsets in minutes, worked out by hand from POSIX's description of TZ, and the known
 * dates. */
static void
test_rules(void)
{
    static const struct {
        const char *rule, *at;
        int32_t minutes;
    } cases[] = {
        {"PKT-5", "2024-10-06T17:20:00.000Z", 300},
        {"<+0545>-5:45", "2024-10-06T17:20:00.000Z", 345},
        {"<-0330>+3:30:00", "2024-10-06T17:20:00.000Z", -210},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T00:59:59.000Z", 60},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T01:00:00.000Z", 120},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-10-27T00:59:59.000Z", 120},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-10-27T01:00:00.000Z", 60},
        {"EST5EDT,M3.2.0,M11.1.0", "2024-03-10T06:59:59.000Z", -300},
        {"EST5EDT,M3.2.0,M11.1.0", "2024-03-10T07:00:00.000Z", -240},
        {"EST5EDT,M3.2.0,M11.1.0", "2024-11-03T05:59:59.000Z", -240},
        {"EST5EDT,M3.2.0,M11.1.0", "2024-11-03T06:00:00.000Z", -300},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-01-01T00:00:00.000Z",
         660}, /* summer round new year */
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-07-01T00:00:00.000Z", 600},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2024-12-31T23:00:00.000Z",
         0}, /* Dublin: winter is the exception */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2024-06-30T23:00:00.000Z", 60},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T00:59:59.000Z",
         -120}, /* Nuuk: the evening before */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T01:00:00.000Z", -60},
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2024-03-29T23:59:59.000Z",
         120}, /* Gaza once: 50 hours after a Thursday */
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2024-03-30T00:00:00.000Z", 180},
        {"AAA-3BBB,J60/0,J300/0", "2024-02-29T20:59:59.000Z",
         180}, /* J60 is 1 March in leap years too */
        {"AAA-3BBB,J60/0,J300/0", "2024-02-29T21:00:00.000Z", 240},
        {"AAA-3BBB,J60/0,J300/0", "2023-02-28T21:00:00.000Z", 240},
        {"AAA-3BBB,59/0,299/0", "2024-02-28T21:00:00.000Z",
         240}, /* 59 is 29 February in a leap year */
        {"AAA-3BBB,59/0,299/0", "2023-02-28T21:00:00.000Z", 240},
        {"AAA-3BBB-3:30,J60/0,J300/0", "2024-05-01T00:00:00.000Z", 210},
        {"XXX3EDT4,0/0,J365/23", "2024-06-01T00:00:00.000Z",
         -240}, /* summer time all year (RFC 9636) */
        {"XXX3EDT4,0/0,J365/23", "2024-12-31T23:30:00.000Z", -240},
        {"XXX3EDT4,0/0,J365/23", "2025-01-01T03:00:00.000Z", -240},
        {"XXX3EDT4,0/0,J365/23", "2025-01-01T04:30:00.000Z", -240},
        {"", "2024-06-01T00:00:00.000Z", 0},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tzif z;
        bool ok = tzif_read(with_rule(cases[i].rule), &z, NULL) == ST_OK;
        int32_t got = ok ? tzif_offset(&z, utc(cases[i].at)) : 0;

        if (!OK(ok && got == cases[i].minutes * 60, "%s at %s", cases[i].rule,
                cases[i].at))
            printf("# %d\n", got / 60);
    }
}

static void
test_bad_rules(void)
{
    static const char *const rules[] = {
        "5",
        "PKT",
        "PKT-",
        "PKT-5:",
        "PKT-5x",
        "PKT-500",
        "<PKT-5",
        "EST5EDT",
        "EST5EDT,",
        "EST5EDT,M3.2.0",
        "EST5EDT,M3.2.0,",
        "EST5EDT,M13.2.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,J0,J300",
        "EST5EDT,J366,J300",
        "EST5EDT,366,3",
        "EST5EDT,M3.2.0/168,M11.1.0",
        "EST5EDT,M3.2.0,M11.1.0x",
        "EST5EDT,M3.2.0,M11.1.0,",
        "PKT-27",
        "PKT-5:60",
    };
    struct tzif z;
    struct diag d;

    for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++)
        OK(tzif_read(with_rule(rules[i]), &z, &d) == ST_MALFORMED, "no rule: %s",
           rules[i]);
}

static void
test_changes(void)
{
    static const struct {
        const char *rule, *from, *to, *want;
    } cases[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-01-01T00:00:00.000Z",
         "2025-01-01T00:00:00.000Z", "2024-03-31T01:00:00.000Z"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T00:59:59.000Z",
         "2025-01-01T00:00:00.000Z", "2024-03-31T01:00:00.000Z"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T01:00:00.000Z",
         "2025-01-01T00:00:00.000Z", "2024-10-27T01:00:00.000Z"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-01-01T00:00:00.000Z",
         "2024-03-31T01:00:00.000Z", "2024-03-31T01:00:00.000Z"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-01-01T00:00:00.000Z",
         "2024-03-31T00:59:59.000Z", NULL},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "9999-12-01T00:00:00.000Z",
         "9999-12-31T23:59:59.999Z", NULL},
        {"PKT-5", "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", NULL},
        {"XXX3EDT4,0/0,J365/23", "1990-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
         NULL},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2024-05-01T00:00:00.000Z",
         "2024-04-01T00:00:00.000Z", NULL},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t when = 42;
        struct tzif z;
        bool found = tzif_read(with_rule(cases[i].rule), &z, NULL) == ST_OK &&
                     tzif_next_change(&z, utc(cases[i].from), utc(cases[i].to), &when);

        OK(cases[i].want == NULL ? !found && when == 42
                                 : found && when == utc(cases[i].want),
           "%s from %s to %s", cases[i].rule, cases[i].from, cases[i].to);
    }
}

/* Version 1: a table of 4-byte times, and nothing after it. */
static struct str
old_file(uint32_t leaps, uint32_t first, uint32_t second, const char *types)
{
    struct buf b = buf_of(space, sizeof space);

    put_header(&b, '\0', leaps, 2, 2);
    put_32(&b, first);
    put_32(&b, second);
    put(&b, (struct str){types, 2});
    put_kind(&b, 3600);
    put_kind(&b, -7200);
    put(&b, (struct str){"LMT\0", 4});
    for (uint32_t i = 0; i < leaps; i++)
        put(&b, (struct str){"\0\0\0\1\0\0\0\1", 8});
    return buf_str(&b);
}

static void
test_old(void)
{
    struct tzif z;
    struct diag d = {0};
    int64_t when;

    OK(tzif_read(old_file(0, (uint32_t)-100, 50, "\1\0"), &z, &d) == ST_OK,
       "a file of version 1");
    OK(tzif_offset(&z, INT64_MIN) == 3600 && tzif_offset(&z, -101) == 3600 &&
           tzif_offset(&z, -100) == -7200 && tzif_offset(&z, 49) == -7200 &&
           tzif_offset(&z, 50) == 3600 && tzif_offset(&z, INT64_MAX) == 3600,
       "before, in and after its table");
    OK(tzif_next_change(&z, INT64_MIN, INT64_MAX, &when) && when == -100 &&
           tzif_next_change(&z, when, 50, &when) && when == 50 &&
           !tzif_next_change(&z, when, INT64_MAX, &when),
       "and its changes");
    OK(tzif_read(old_file(0, 10, 50, "\0\0"), &z, &d) == ST_OK &&
           !tzif_next_change(&z, 0, 100, &when),
       "a change that changes nothing is none");
    OK(tzif_read(old_file(0, 50, 50, "\1\0"), &z, &d) == ST_MALFORMED,
       "times out of order");
    OK(tzif_read(old_file(0, 10, 50, "\1\2"), &z, &d) == ST_MALFORMED,
       "a kind that is not there");
    OK(tzif_read(old_file(1, 10, 50, "\1\0"), &z, &d) == ST_MALFORMED &&
           strstr(d.text, "leap seconds") != NULL,
       "leap seconds: %s", d.text);
    OK(tzif_read(STR("TZjf"), &z, &d) == ST_MALFORMED &&
           tzif_read(STR(""), &z, NULL) == ST_MALFORMED,
       "%s", d.text);
}

/* No bytes make it read beyond them (a block of just that size lets a sanitizer see) or
 * run for ever. */
static void
test_mutants(void)
{
    struct str good = with_rule("CET-1CEST,M3.5.0,M10.5.0/3");
    unsigned refused = 0;

    for (uint64_t seed = 1; seed <= 20000; seed++) {
        struct rng r = {seed};
        size_t len = rng_below(&r, 4) == 0 ? (size_t)rng_below(&r, good.len) : good.len;
        char *tight = malloc(len + (len == 0));
        struct tzif z;
        int64_t when;

        memcpy(tight, good.ptr, len);
        for (uint64_t n = rng_below(&r, 4); n > 0 && len > 0; n--)
            tight[rng_below(&r, len)] = (char)rng_next(&r);
        if (tzif_read((struct str){tight, len}, &z, NULL) != ST_OK)
            refused++;
        else if (tzif_next_change(&z, (int64_t)rng_next(&r), INT64_MAX, &when))
            (void)tzif_offset(&z, when);
        free(tight);
    }
    OK(refused > 1000 && refused < 20000, "%u of 20000 mutants refused", refused);
}

int
main(void)
{
    test_rules();
    test_bad_rules();
    test_changes();
    test_old();
    test_mutants();
    return tap_end();
}
