/* SPDX-License-Identifier: Apache-2.0 */
/* What lasts: not last, must hold, at least every, not later than, under `while`. */
#include "check_test.h"
#include "support/mutate.c" /* until test/support is linked */

static void
waits(const char *id, enum verdict_value value, const char *when)
{
    verdict(id, value, when, 20);
    given("20 17:20 sighting.stop v=X z=outer by=Li");
}

static void
still_waits(const char *until)
{
    none("sighting.outcome v=X z=outer", "17:20", until);
    none("sighting.left v=X z=outer", "17:20", until);
}

static void
test_not_last(void)
{
    waits("L.a v=X z=outer", V_BREACHED, "17:30:00.001");
    still_waits("17:30:00.001");
    clock_ran("17:20", "17:30");
    PROVEN("it has lasted for more than its limit");

    now.claim[1].to--;
    REFUSED(
        "a claim that ends a millisecond before",
        "nothing says that no sighting.left(v: X, z: outer) came from 2024-10-07T17:20:00.000Z to 2024-10-07T17:30:00.001Z");

    waits("L.a v=X z=outer", V_BREACHED, "17:30");
    still_waits("17:30");
    clock_ran("17:20", "17:30");
    REFUSED("at its limit it has not", "the deadline had not passed");

    waits("L.a v=X z=outer", V_BREACHED, "17:30:00.001");
    given("21 17:25 sighting.outcome v=X z=outer outcome=cleared by=Li");
    still_waits("17:30:00.001");
    clock_ran("17:20", "17:30");
    REFUSED("who was cleared waits no longer", "it is not so that the opener holds");

    waits("L.a v=X z=outer", V_BREACHED, "17:35:00.001");
    given("21 17:25 sighting.stop v=X z=outer by=Li");
    still_waits("17:35:00.001");
    clock_ran("17:25", "17:35");
    PROVEN_BUT("who is seen again waits on: either start will do for a later clock", 4);

    waits("L.a v=X z=outer", V_MET, "17:30");
    given("21 17:30 sighting.left v=X z=outer by=Li");
    no_row("waiting v=X z=outer", "17:19:59.999", "17:19:59.999");
    still_waits("17:20");
    none("sighting.stop v=X z=outer", "17:30", "17:30");
    clock_ran("17:20", "17:30");
    ended("17:30");
    now.v.place = 21;
    PROVEN("it ended at its limit");

    waits("L.a v=X z=outer", V_MET, "17:30");
    given("21 17:30 sighting.left v=X z=outer by=Li");
    still_waits("17:20");
    none("sighting.stop v=X z=outer", "17:30", "17:30");
    clock_ran("17:20", "17:30");
    ended("17:30");
    REFUSED("it may have begun long before", "it is not shown that it had not begun before");

    waits("L.a v=X z=outer", V_MET, "17:30:00.001");
    given("21 17:30:00.001 sighting.left v=X z=outer by=Li");
    no_row("waiting v=X z=outer", "17:19:59.999", "17:19:59.999");
    still_waits("17:30:00.001");
    none("sighting.stop v=X z=outer", "17:30:00.001", "17:30:00.001");
    clock_ran("17:20", "17:30");
    ended("17:30:00.001");
    now.v.place = 21;
    REFUSED("it ended a millisecond late", "its clock had run out");

    waits("L.a v=X z=outer", V_MET, "17:35");
    given("21 17:29 sighting.left v=X z=outer by=Li known=17:35");
    no_row("waiting v=X z=outer", "17:19:59.999", "17:19:59.999");
    still_waits("17:29");
    none("sighting.stop v=X z=outer", "17:29", "17:29");
    clock_ran("17:20", "17:30");
    ended("17:29");
    now.v.place = 21;
    REFUSED("it ended in time, and was known late", "its clock had run out");
    now.v.opened = 21;
    REFUSED("nor does it help to name the verdict after what was known late", "its clock had run out");
    now.v.opened = 20;
    now.check.happened = true;
    now.v.at = now.v.decided = at("17:29");
    PROVEN_BUT("as it happened it is met", 2); /* the claims reach further than they need to */
}

static void
test_ended_breach(void)
{
    waits("L.a v=X z=outer", V_BREACHED, "17:40");
    given("21 17:40 sighting.left v=X z=outer by=Li");
    still_waits("17:40");
    none("sighting.stop v=X z=outer", "17:40", "17:40");
    clock_ran("17:20", "17:30");
    now.v.decided = at("17:30:00.001");
    ended("17:40");
    PROVEN_BUT("a breach that has ended", 2); /* the claims need reach only to before the end */

    waits("L.a v=X z=outer", V_BREACHED, "17:40");
    given("21 17:29 sighting.left v=X z=outer by=Li known=17:40");
    still_waits("17:30:00.001");
    none("sighting.stop v=X z=outer", "17:29", "17:29");
    clock_ran("17:20", "17:30");
    now.v.decided = at("17:30:00.001");
    ended("17:29");
    PROVEN("a breach that a late entry ended before its limit");
}

static void
hot(const char *until)
{
    given("6 16:00 exit.near z=outer m=M1 by=Shah");
    given("5 9:00 movement.ordered m=M1 departure=18:22 by=Shah");
    no_row("finished m=M1", "16:00", until);
    none("movement.ordered m=M1", "9:00", until);
    none("movement.retimed m=M1", "9:00", until);
}

static void
ring(const char *until)
{
    given("4 8:00 zone.drawn z=outer ring=outer by=Shah");
    none("zone.drawn z=outer", "8:00", until);
}

static void
test_limit_by_state(void)
{
    waits("L.b v=X z=outer", V_BREACHED, "17:25:00.001");
    hot("17:25:00.001");
    ring("17:25:00.001");
    still_waits("17:25:00.001");
    clock_ran("17:20", "17:25");
    PROVEN("the shorter limit while the window is open, and the severity that goes with it");

    now.v.severity = SEV_AMBER;
    REFUSED("another severity", "its severity is another");

    waits("L.b v=X z=outer", V_BREACHED, "17:30:00.001");
    ring("17:30:00.001");
    still_waits("17:30:00.001");
    no_row("hot z=outer", "17:30:00.001", "17:30:00.001");
    clock_ran("17:20", "17:30");
    now.v.severity = SEV_AMBER;
    PROVEN("the longer limit while it is shut");

    waits("L.b v=X z=outer", V_BREACHED, "17:30:00.001");
    ring("17:30:00.001");
    still_waits("17:30:00.001");
    clock_ran("17:20", "17:30");
    REFUSED("past the longer limit it is a breach either way, but not how severe",
            "it is not shown that its severity is this");

    waits("L.b v=X z=outer", V_BREACHED, "17:25:00.002");
    ring("17:25:00.002");
    still_waits("17:25:00.002");
    clock_ran("17:20", "17:25");
    REFUSED("past the shorter alone it is none: which limit is not shown",
            "the deadline is not the limit after its clock began");

    /* the window opens at 17:22, when who stopped at 17:10 has waited for more than five minutes */
    verdict("L.b v=X z=outer", V_BREACHED, "17:22:00.001", 20);
    given("20 17:15 sighting.stop v=X z=outer by=Li");
    hot("17:22:00.001");
    ring("17:22:00.001");
    none("sighting.outcome v=X z=outer", "17:15", "17:22:00.001");
    none("sighting.left v=X z=outer", "17:15", "17:22:00.001");
    clock_ran("17:15", "17:20");
    PROVEN("a window that opens shortens a running clock");

    now.v.at = now.v.decided = at("17:22");
    REFUSED("not a millisecond sooner", "the deadline");

    waits("L.b v=X z=outer", V_MET, "17:24");
    given("21 17:24 sighting.left v=X z=outer by=Li");
    ring("17:20");
    still_waits("17:20");
    no_row("waiting v=X z=outer", "17:19:59.999", "17:19:59.999");
    none("sighting.stop v=X z=outer", "17:24", "17:24");
    clock_ran("17:20", NULL);
    ended("17:24");
    now.v.place = 21;
    PROVEN("within the shorter limit the window does not matter");

    waits("L.b v=X z=outer", V_MET, "17:27");
    given("21 17:27 sighting.left v=X z=outer by=Li");
    ring("17:20");
    still_waits("17:20");
    no_row("waiting v=X z=outer", "17:19:59.999", "17:19:59.999");
    none("sighting.stop v=X z=outer", "17:27", "17:27");
    no_row("hot z=outer", "17:27", "17:27");
    clock_ran("17:20", "17:30");
    ended("17:27");
    now.v.place = 21;
    REFUSED("the window may have been open before",
            "it is not shown that the limit had not passed");

    now.claim[now.v.nclaims - 1].from = at("17:25");
    PROVEN("beyond it, the window must be shown to have been shut");
}

static void
on_road(const char *id, enum verdict_value value, const char *when, const char *until)
{
    verdict(id, value, when, 20);
    given("20 17:00 movement.departed m=M1 by=Li");
    none("movement.arrived m=M1", "17:00", until);
}

static void
test_unless(void)
{
    on_road("L.c m=M1", V_BREACHED, "17:03:00.001", "17:03:00.001");
    none("movement.halted m=M1", "0:00", "17:03:00.001");
    clock_ran("17:00", "17:03");
    PROVEN("nothing explains it");

    on_road("L.c m=M1", V_BREACHED, "17:03:00.001", "17:03:00.001");
    clock_ran("17:00", "17:03");
    REFUSED("whether something explains it is not shown",
            "what stands behind 'unless' does not hold");

    on_road("L.c m=M1", V_BREACHED, "17:10", "17:10");
    given("22 17:02 movement.halted m=M1 by=Li");
    given("23 17:10 movement.noted m=M1 by=Li");
    none("movement.halted m=M1", "17:10", "17:10");
    clock_ran("17:00", "17:03");
    PROVEN_BUT("the clock ran on while it was explained",
               1); /* that it was explained need not be known */

    on_road("L.c m=M1", V_MET, "17:08", "17:00");
    given("22 17:02 movement.halted m=M1 by=Li");
    given("23 17:08 movement.arrived m=M1 by=Li");
    none("movement.noted m=M1", "17:02", "17:08");
    no_row("on-road m=M1", "16:59:59.999", "16:59:59.999");
    none("movement.departed m=M1", "17:08", "17:08");
    clock_ran("17:00", "17:03");
    ended("17:08");
    PROVEN("explained to the end");
}

static void
test_hold(void)
{
    on_road("L.d m=M1", V_BREACHED, "17:05:00.001", "17:05:00.001");
    none("night.accepted m=M1", "0:00", "17:05:00.001");
    clock_ran("17:00", "17:05");
    PROVEN("the condition did not hold for longer than tolerated");

    on_road("L.d m=M1", V_MET, "17:04", "17:00");
    given("23 17:04 movement.arrived m=M1 by=Li");
    none("night.accepted m=M1", "0:00", "17:00");
    no_row("on-road m=M1", "16:59:59.999", "16:59:59.999");
    none("movement.departed m=M1", "17:04", "17:04");
    clock_ran("17:00", "17:05");
    ended("17:04");
    /* that the condition did not hold need not be known: a clock that may have run had not run out */
    PROVEN_BUT("it ended before that", 3);

    on_road("L.d m=M1", V_MET, "17:30", "17:29:59.999");
    given("22 17:03 night.accepted m=M1 by=Shah");
    given("23 17:30 movement.arrived m=M1 by=Li");
    none("movement.departed m=M1", "17:30", "17:30");
    no_row("on-road m=M1", "16:59:59.999", "16:59:59.999");
    clock_ran("17:00", NULL);
    ended("17:30");
    now.v.place = 23;
    PROVEN("no clock ran when it ended");

    verdict("L.h m=M1", V_BREACHED, "17:00:00.001", 30);
    given("5 9:00 movement.ordered m=M1 departure=18:00 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:00:00.001");
    none("movement.retimed m=M1", "9:00", "17:00:00.001");
    none("night.accepted m=M1", "0:00", "17:00:00.001");
    clock_ran("17:00", "17:00");
    PROVEN("at once, as the window opens");
}

static void
test_at_once(void)
{
    waits("L.g v=X z=outer", V_BREACHED, "17:20:00.001");
    given("8 6:30 sun.up sun=daylight by=Shah");
    none("sun.up sun=daylight", "6:30", "17:20:00.001");
    none("sun.down sun=daylight", "6:30", "17:20:00.001");
    still_waits("17:20:00.001");
    clock_ran("17:20", "17:20");
    PROVEN("what must not last at all");
}

static void
test_every(void)
{
    on_road("L.e m=M1", V_BREACHED, "17:15:00.001", "17:15:00.001");
    none("post.checkin", "17:00", "17:15");
    clock_ran("17:00", "17:15");
    PROVEN("nothing since it began");

    on_road("L.e m=M1", V_BREACHED, "17:25:00.001", "17:25:00.001");
    given("22 17:10 post.checkin p=P1 by=Li");
    none("post.checkin", "17:10", "17:25");
    clock_ran("17:10", "17:25");
    PROVEN_BUT("nothing since the last", 1); /* that there was one is not needed for the breach */

    on_road("L.e m=M1", V_BREACHED, "17:25:00.001", "17:25:00.001");
    given("23 17:12 post.checkin p=P1 by=Li");
    none("post.checkin", "17:10", "17:25");
    clock_ran("17:10", "17:25");
    REFUSED("one came between", "post.checkin is listed that may have come between");

    on_road("L.e m=M1", V_BREACHED, "17:15:00.001", "17:15:00.001");
    given("22 17:05 movement.arrived m=M1 by=Li");
    given("23 17:07 movement.departed m=M1 by=Li");
    none("post.checkin", "17:00", "17:15");
    clock_ran("17:00", "17:15");
    REFUSED("it ended and began again, so its clock began anew", "the opener holds");

    on_road("L.e m=M1", V_MET, "17:20", "17:10");
    given("22 17:10 post.checkin p=P1 by=Li");
    given("23 17:20 movement.arrived m=M1 by=Li");
    none("movement.departed m=M1", "17:20", "17:20");
    clock_ran("17:10", "17:25");
    ended("17:20");
    PROVEN("it ended before the next was due");
}

static void
test_not_later(void)
{
    on_road("L.f m=M1 f=F1", V_BREACHED, "17:40:00.001", "17:40:00.001");
    given("8 12:00 flight.due f=F1 onblock=17:30 by=Shah");
    none("flight.due f=F1", "12:00", "17:40:00.001");
    none("flight.landed f=F1", "17:00", "17:40");
    no_row("on-road m=M1", "16:59:59.999", "16:59:59.999");
    clock_ran("17:00", "17:40");
    PROVEN("nothing by the planned time");

    on_road("L.f m=M1 f=F1", V_BREACHED, "17:50:00.001", "17:50:00.001");
    given("8 12:00 flight.due f=F1 onblock=17:30 by=Shah");
    none("flight.due f=F1", "12:00", "17:50:00.001");
    none("flight.landed f=F1", "17:00", "17:40");
    no_row("on-road m=M1", "16:59:59.999", "16:59:59.999");
    clock_ran("17:00", "17:40");
    now.v.severity = SEV_RED;
    PROVEN("a rung has raised its severity");

    now.v.at = now.v.decided = at("17:50");
    REFUSED("not a millisecond sooner", "its severity is another");

    on_road("L.f m=M1 f=F1", V_MET, "17:40", "17:00");
    given("8 12:00 flight.due f=F1 onblock=17:30 by=Shah");
    given("23 17:40 flight.landed f=F1 by=Li");
    none("flight.due f=F1", "12:00", "17:40");
    no_row("on-road m=M1", "16:59:59.999", "16:59:59.999");
    clock_ran("17:00", "17:40");
    ended("17:40");
    now.v.place = 23;
    PROVEN("something at the planned time");

    on_road("L.f m=M1 f=F1", V_MET, "17:35", "17:00");
    given("8 12:00 flight.due f=F1 onblock=17:30 by=Shah");
    given("23 17:35 movement.arrived m=M1 by=Li");
    none("flight.due f=F1", "12:00", "17:35");
    none("movement.departed m=M1", "17:35", "17:35");
    no_row("on-road m=M1", "16:59:59.999", "16:59:59.999");
    clock_ran("17:00", "17:40");
    ended("17:35");
    now.v.place = 23;
    PROVEN("it ended before the planned time");
}

/* A hundred entries and two hundred claims: nine of the ten times more than any sentence here needs. */
static void
test_large(void)
{
    char line[120], from[40], to[40];

    waits("L.b v=X z=outer", V_BREACHED, "17:25:00.001");
    hot("17:25:00.001");
    ring("17:25:00.001");
    for (int i = 0; i < 96; i++) {
        snprintf(line, sizeof line, "%d %d:%02d sighting.stop v=V%d z=outer by=Li", 100 + i,
                 15 + i / 60, i % 60, i);
        given(line);
    }
    for (int i = 0; i < 95; i++) {
        snprintf(from, sizeof from, "17:%02d:%02d%s", 20 + i * 3 / 60, i * 3 % 60,
                 i == 0 ? "" : ".001");
        snprintf(to, sizeof to, "17:%02d:%02d", 20 + (i + 1) * 3 / 60, (i + 1) * 3 % 60);
        none("sighting.outcome v=X z=outer", from, to);
        none("sighting.left v=X z=outer", from, to);
    }
    none("sighting.outcome v=X z=outer", "17:24:45.001", "17:25:00.001");
    none("sighting.left v=X z=outer", "17:24:45.001", "17:25:00.001");
    clock_ran("17:20", "17:25");
    proven_but("a hundred entries and two hundred claims", UINT32_MAX, __FILE__, __LINE__);
    OK(now.check.nentries == 100 && now.v.nclaims == 196, "%u entries, %u claims",
       now.check.nentries, now.v.nclaims);
}

int
main(void)
{
    if (!setup()) {
        OK(false, "the agreement compiles: %s", diag.text);
        return done();
    }
    test_not_last();
    test_ended_breach();
    test_limit_by_state();
    test_unless();
    test_hold();
    test_at_once();
    test_every();
    test_not_later();
    test_large();
    return done();
}
