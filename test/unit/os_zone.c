/* SPDX-License-Identifier: Apache-2.0 */
#include "os/zone.h"

#include <inttypes.h>
#include <unistd.h>
#include "base/stamp.h"
#include "os/file.h"
#include "os/memory.h"
#include "rng.h"
#include "tap.h"

#define HOUR INT64_C(3600000)
#define LIST "/usr/share/zoneinfo/zone1970.tab"

static int64_t
utc(const char *stamp)
{
    int64_t ms = 0;
    enum status st = stamp_read(str_of(stamp), &ms, NULL);

    ENSURE(st == ST_OK);
    return ms;
}

static void
test_offsets(void)
{
    static const struct {
        const char *zone, *at;
        int32_t minutes;
    } cases[] = {
        {"Asia/Karachi", "2024-10-06T17:20:00.000Z", 300},
        {"Asia/Karachi", "2008-07-01T00:00:00.000Z", 360},
        {"Asia/Karachi", "9000-01-01T00:00:00.000Z", 300},
        {"Asia/Shanghai", "2024-10-06T17:20:00.000Z", 480},
        {"Asia/Kathmandu", "2024-10-06T17:20:00.000Z", 345},
        {"Europe/London", "2024-07-01T00:00:00.000Z", 60},
        {"Europe/London", "2061-01-01T00:00:00.000Z", 0},
        {"Europe/London", "2061-07-01T00:00:00.000Z", 60},
        {"America/New_York", "2500-07-01T00:00:00.000Z", -240},
        {"UTC", "2024-07-01T00:00:00.000Z", 0},
        {"Etc/GMT+5", "2024-07-01T00:00:00.000Z", -300},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = {0};
        int32_t ms = 42;
        enum status st = os_zone_offset(str_of(cases[i].zone), utc(cases[i].at), &ms, &d);

        if (!OK(st == ST_OK && ms == cases[i].minutes * 60000, "%s at %s", cases[i].zone,
                cases[i].at))
            printf("# %d %s\n", ms, d.text);
    }
}

static void
test_changes(void)
{
    int64_t when = 42;
    int32_t ms = 42;
    struct diag d;
    bool found;

    OK(os_zone_next_change(STR("Asia/Karachi"), utc("2008-01-01T00:00:00.000Z"),
                           utc("2009-01-01T00:00:00.000Z"), &found, &when, &ms,
                           &d) == ST_OK &&
           found && when == utc("2008-05-31T19:00:00.000Z") && ms == 6 * HOUR,
       "Karachi's clocks went forward in 2008");
    OK(os_zone_next_change(STR("Asia/Karachi"), when, utc("2009-01-01T00:00:00.000Z"),
                           &found, &when, &ms, &d) == ST_OK &&
           found && when == utc("2008-10-31T18:00:00.000Z") && ms == 5 * HOUR,
       "and back");
    OK(os_zone_next_change(STR("Asia/Karachi"), utc("2024-01-01T00:00:00.000Z"),
                           STAMP_MAX, &found, &when, &ms, &d) == ST_OK &&
           !found && ms == 5 * HOUR,
       "and stay");
    OK(os_zone_next_change(STR("Europe/London"), utc("2024-03-31T00:59:59.999Z"),
                           utc("2024-03-31T01:00:00.000Z"), &found, &when, &ms,
                           &d) == ST_OK &&
           found && when == utc("2024-03-31T01:00:00.000Z") && ms == HOUR,
       "to the millisecond");
    OK(os_zone_next_change(STR("Europe/London"), utc("2024-03-31T00:59:59.998Z"),
                           utc("2024-03-31T00:59:59.999Z"), &found, &when, &ms,
                           &d) == ST_OK &&
           !found,
       "and not before");
}

static void
test_unknown(void)
{
    static const struct {
        const char *name;
        enum status st;
        const char *why;
    } cases[] = {
        {"", ST_INVALID, "there is no time zone \"\"; names are like Asia/Karachi"},
        {"Asia/Karchi", ST_INVALID,
         "there is no time zone \"Asia/Karchi\"; did you mean \"Asia/Karachi\"?"},
        {"asia/karachi", ST_INVALID, "did you mean \"Asia/Karachi\"?"},
        {"Pakistan", ST_INVALID, "names are like Asia/Karachi"},
        {"Asia", ST_INVALID, "there is no time zone \"Asia\""},
        {"Asia/", ST_INVALID, "there is no time zone"},
        {"/etc/passwd", ST_INVALID, "there is no time zone"},
        {"../../../etc/passwd", ST_INVALID, "there is no time zone"},
        {"Asia/../Asia/Karachi", ST_INVALID, "there is no time zone"},
        {"Asia//Karachi", ST_INVALID, "there is no time zone"},
        {"Asia/Karachi\n", ST_INVALID, "did you mean \"Asia/Karachi\"?"},
        {"zone.tab", ST_INVALID, "there is no time zone"},
        {"leapseconds", ST_MALFORMED,
         "time zone \"leapseconds\" cannot be used: these bytes are not"},
        {"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaa",
         ST_INVALID, "there is no"},
    };
    int32_t ms = 42;
    struct diag d;

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum status st;

        d.text[0] = '\0';
        st = os_zone_offset(str_of(cases[i].name), 0, &ms, &d);
        if (!OK(st == cases[i].st && ms == 42 && strstr(d.text, cases[i].why) != NULL,
                "%u: %s", i, cases[i].why))
            printf("# %d %s\n", st, d.text);
    }
    OK(os_zone_offset((struct str){"Asia/Karachi\0x", 14}, 0, &ms, &d) == ST_INVALID,
       "a NUL in the name");
    if (access("/usr/share/zoneinfo/right/UTC", R_OK) == 0)
        OK(os_zone_offset(STR("right/UTC"), 0, &ms, &d) == ST_MALFORMED &&
               strstr(d.text, "leap seconds") != NULL,
           "%s", d.text);
    else
        tap_skip("leap seconds", "no right/UTC here");
}

/* The C library reads the same files its own way. */
static int32_t
libc_offset(int64_t at_ms)
{
    time_t t = (time_t)(at_ms / 1000);
    struct tm tm;

    return localtime_r(&t, &tm) == NULL ? -1 : (int32_t)tm.tm_gmtoff * 1000;
}

static bool
agrees_with_libc(struct rng *r, struct str name)
{
    char text[80];
    struct buf b = buf_of(text, sizeof text);

    put_c(&b, ':');
    put(&b, name);
    setenv("TZ", put_end(&b), 1);
    tzset();
    for (int i = 0; i < 40; i++) {
        int64_t from = (int64_t)rng_below(r, (uint64_t)utc("2150-01-01T00:00:00.000Z") /
                                                 1000) *
                       1000,
                when;
        int32_t ms, after;
        bool found;

        if (os_zone_offset(name, from, &ms, NULL) != ST_OK || ms != libc_offset(from)) {
            printf("# %s at %" PRId64 ": %d\n", text, from, ms);
            return false;
        }
        if (os_zone_next_change(name, from, from + 8760 * HOUR, &found, &when, &after,
                                NULL) != ST_OK)
            return false;
        if (found && (libc_offset(when) != after || libc_offset(when - 1000) != ms ||
                      ms == after)) {
            printf("# %s from %" PRId64 ": changes at %" PRId64 "\n", text, from, when);
            return false;
        }
        when =
            from + (int64_t)rng_below(
                       r, (uint64_t)((found ? when : from + 8760 * HOUR) - from) / 1000) *
                       1000;
        if (libc_offset(when) != ms) {
            printf("# %s from %" PRId64 ": missed a change before %" PRId64 "\n", text,
                   from, when);
            return false;
        }
    }
    return true;
}

static void
test_all(void)
{
    struct rng r = {1};
    struct arena a;
    struct str list;
    unsigned zones = 0, wrong = 0;

    if (os_arena_init(&a, 1 << 20, NULL) != ST_OK ||
        os_file_read(&a, LIST, 1 << 18, &list, NULL) != ST_OK) {
        tap_skip("every zone", "there is no " LIST);
        return;
    }
    for (size_t at = 0; at < list.len; at++) {
        size_t start = at, tabs = 0, end;

        for (end = at; end < list.len && list.ptr[end] != '\n' && tabs < 3; end++) {
            if (list.ptr[end] == '\t' && ++tabs == 2)
                start = end + 1;
        }
        if (list.ptr[at] != '#' && tabs >= 2) {
            zones++;
            wrong +=
                !agrees_with_libc(&r, str_cut(list, start, end - start - (tabs == 3)));
        }
        while (at < list.len && list.ptr[at] != '\n')
            at++;
    }
    OK(zones > 300 && wrong == 0, "%u zones agree with the C library, 40 times each",
       zones);
    os_arena_free(&a);
}

int
main(void)
{
    if (access("/usr/share/zoneinfo/Asia/Karachi", R_OK) != 0) {
        tap_skip("zones", "tzdata is not installed");
        return tap_end();
    }
    test_offsets();
    test_changes();
    test_unknown();
    test_all();
    return tap_end();
}
