/* SPDX-License-Identifier: Apache-2.0 */
/* What is judged at once: every line of "what a condition is worth", through sentences that ask it. */
#include "check_test.h"
#include "support/mutate.c" /* until test/support is linked */

static void
departed(const char *id, enum verdict_value value)
{
    verdict(id, value, "17:00", 20);
    given("20 17:00 movement.departed m=M1 by=Li");
    clock_ran("17:00", NULL);
}

static void
embussed(const char *id, enum verdict_value value, const char *when)
{
    char line[80];

    verdict(id, value, when, 20);
    snprintf(line, sizeof line, "20 %s movement.embussed m=M1 by=Li", when);
    given(line);
    clock_ran(when, NULL);
}

static void
test_past_event(void)
{
    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:44:59.999");
    PROVEN("no scout between 15 and 30 minutes ago");

    departed("A.a m=M1", V_MET);
    given("9 16:30 scout.passed m=M1 by=Li");
    PROVEN("a scout thirty minutes ago");

    departed("A.a m=M1", V_MET);
    given("9 16:45 scout.passed m=M1 by=Li");
    REFUSED("a scout fifteen minutes ago is too late to count",
            "nothing says that no scout.passed(m: M1) came");

    departed("A.a m=M1", V_BREACHED);
    given("9 16:45 scout.passed m=M1 by=Li");
    none("scout.passed", "16:30", "16:44:59.999");
    PROVEN_BUT("a wider claim will do, and what lies outside the window does not count", 1);

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M2", "16:30", "16:45");
    REFUSED("a claim on another movement", "nothing says that no scout.passed(m: M1) came");

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:40");
    none("scout.passed m=M1", "16:40:00.001", "16:44:59.999");
    PROVEN("two claims that cover the window together");
}

static void
none_of_life(const char *from, const char *to)
{
    none("movement.drafted m=M1", from, to);
    none("movement.ordered m=M1", from, to);
    none("movement.go m=M1", from, to);
    none("movement.overridden m=M1", from, to);
    none("movement.departed m=M1", from, to);
    none("movement.closed m=M1", from, to);
    none("movement.cancelled m=M1", from, to);
}

static void
test_go(void)
{
    departed("A.b m=M1", V_MET);
    given("10 16:50 movement.go m=M1 by=Shah");
    none("movement.departed m=M1", "16:50", "17:00");
    claim(CLAIM_GATE, "depart m=M1", "16:50", "17:00");
    PROVEN("a go that has not lapsed");

    departed("A.b m=M1", V_MET);
    given("10 16:49:59.999 movement.go m=M1 by=Shah");
    none("movement.departed m=M1", "16:49", "17:00");
    claim(CLAIM_GATE, "depart m=M1", "16:49", "17:00");
    REFUSED("a go that lapsed a millisecond ago", "it is not shown that the condition holds");

    departed("A.b m=M1", V_MET);
    given("10 16:55 movement.overridden m=M1 by=Shah");
    none_of_life("16:55", "17:00");
    PROVEN("an override, whatever the limbs are");

    departed("A.b m=M1", V_MET);
    given("10 16:55 movement.overridden m=M1 by=Shah");
    given("11 16:58 movement.cancelled m=M1 by=Shah");
    none_of_life("16:55", "17:00");
    REFUSED("an override ends with the life", "it is not shown that the condition holds");

    departed("A.b m=M1", V_BREACHED);
    none("movement.go m=M1", "16:50", "17:00");
    none("movement.overridden m=M1", "16:50", "17:00");
    PROVEN("no command and no override since it would have lapsed");

    departed("A.b m=M1", V_BREACHED);
    given("10 16:53 movement.go m=M1 by=Shah");
    given("11 16:55 movement.departed m=M1 by=Li");
    none("movement.go m=M1", "16:55", "17:00");
    none("movement.overridden m=M1", "16:55", "17:00");
    PROVEN_BUT("the go was used already", 1); /* the command is not needed */

    departed("A.b m=M1", V_BREACHED);
    no_row("may-go m=M1", "17:00", "17:00");
    PROVEN("a claim that there is no go");
}

static void
test_states(void)
{
    departed("A.c m=M1", V_BREACHED);
    given("5 16:00 exit.near z=outer m=M1 by=Shah");
    given("9 16:40 sighting.stop v=X z=outer by=Li");
    no_row("finished m=M1", "16:00", "17:00");
    none("sighting.outcome v=X z=outer", "16:40", "17:00");
    none("sighting.left v=X z=outer", "16:40", "17:00");
    PROVEN("somebody waits near the exit");

    departed("A.c m=M1", V_MET);
    given("5 16:00 exit.near z=outer m=M1 by=Shah");
    none("exit.near m=M1", "0:00", "17:00");
    no_row("waiting z=outer", "17:00", "17:00");
    PROVEN_BUT("nobody waits near the exit",
               1); /* without the entry the claim would say that no zone is near */

    verdict("Y z=outer m=M1", V_MET, "17:00", 20);
    given("20 17:00 exit.near z=outer m=M1 by=Shah");
    no_row("sighted z=outer", "17:00", "17:00");
    REFUSED("a claim on what is made of a silent camera's word", "it is not shown that the condition holds");

    departed("A.c m=M1", V_MET);
    given("5 16:00 exit.near z=outer m=M1 by=Shah");
    given("9 16:40 sighting.stop v=X z=outer by=Li");
    none("exit.near m=M1", "0:00", "17:00");
    no_row("waiting z=outer", "17:00", "17:00");
    REFUSED("a claim on a state leaves out the row that a listed entry begins",
            "it is not shown that the condition holds");

    verdict("A.v v=X z=outer", V_MET, "17:00", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    no_row("waiting z=outer", "17:00", "17:00");
    clock_ran("17:00", NULL);
    now.v.place = 20;
    PROVEN("what the entry at the place begins was not there before it");

    now.v.place = 21;
    REFUSED("but what a listed entry before the place begins is left out of a claim", "it is not shown");

    departed("A.c m=M1", V_MET);
    given("5 16:00 exit.near z=outer m=M1 by=Shah");
    given("9 16:40 sighting.stop v=X z=outer by=Li");
    given("10 16:45 sighting.outcome v=X z=outer outcome=cleared by=Li");
    none("exit.near m=M1", "0:00", "17:00");
    no_row("waiting z=outer", "17:00", "17:00");
    /* leaving out the stop leaves a claim that says the rest; so does leaving out the zone */
    PROVEN_BUT("who waited was cleared, and did not stop again", 2);

    departed("A.c m=M1", V_BREACHED);
    given("5 16:00 exit.near z=outer m=M1 by=Shah");
    given("9 16:40 sighting.stop v=X z=outer by=Li");
    given("10 16:45 sighting.outcome v=X z=outer outcome=refused by=Li");
    no_row("finished m=M1", "16:00", "17:00");
    none("sighting.outcome v=X z=outer", "16:40", "17:00");
    none("sighting.left v=X z=outer", "16:40", "17:00");
    PROVEN_BUT("what a refusal does not end", 1); /* the refusal is not needed */

    departed("A.c m=M1", V_BREACHED);
    given("5 16:00 exit.near z=outer m=M1 by=Shah");
    given("9 16:40 sighting.stop v=X z=outer by=Li");
    no_row("finished m=M1", "16:00", "17:00");
    none("sighting.outcome v=X z=outer", "16:40", "17:00")->moment =
        prog->states[program_state(prog, STR("waiting"))].until.at;
    none("sighting.left v=X z=outer", "16:40", "17:00");
    PROVEN("a claim on outcomes that end the waiting, by their `where`");

    departed("A.c m=M1", V_BREACHED);
    given("5 16:00 exit.near z=outer m=M1 by=Shah");
    given("9 16:40 sighting.stop v=X z=outer by=Li");
    no_row("finished m=M1", "16:00", "17:00");
    none("sighting.outcome v=X z=outer outcome=cleared", "16:40", "17:00");
    none("sighting.left v=X z=outer", "16:40", "17:00");
    REFUSED("a claim on one outcome alone",
            "nothing says that no sighting.outcome(v: X, z: outer) came");
}

static void
test_counts(void)
{
    verdict("A.d v=X z=outer", V_BREACHED, "17:00", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    given("7 16:50 sighting.stop v=A z=outer by=Li");
    given("8 16:55 sighting.stop v=B z=outer by=Li");
    given("9 16:58 sighting.stop v=C z=outer by=Li");
    clock_ran("17:00", NULL);
    PROVEN("three others: one more than the limit");

    verdict("A.d v=X z=outer", V_BREACHED, "17:00", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    given("7 16:49:59.999 sighting.stop v=A z=outer by=Li");
    given("8 16:55 sighting.stop v=B z=outer by=Li");
    given("9 16:58 sighting.stop v=C z=outer by=Li");
    clock_ran("17:00", NULL);
    REFUSED("one of them a millisecond too early",
            "it is not shown that the condition does not hold");

    verdict("A.d v=X z=outer", V_MET, "17:00", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    given("8 16:55 sighting.stop v=B z=outer by=Li");
    given("9 16:58 sighting.stop v=C z=outer by=Li");
    none("sighting.stop z=outer", "16:50", "17:00")->others = 1;
    clock_ran("17:00", NULL);
    PROVEN_BUT("two others and no more", 2); /* fewer entries leave a claim that says more */

    verdict("A.d v=X z=outer", V_MET, "17:00", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    given("8 16:55 sighting.stop v=B z=outer by=Li");
    given("9 16:58 sighting.stop v=B z=outer by=Li");
    none("sighting.stop z=outer", "16:50", "16:57")->others = 1;
    none("sighting.stop z=outer", "16:57:00.001", "17:00")->others = 1;
    clock_ran("17:00", NULL);
    PROVEN_BUT("two claims about others", 2);

    departed("A.e m=M1", V_BREACHED);
    given("9 15:00 itinerary.shared m=M1 holders=13 by=Li");
    PROVEN("a sum that is more already");

    departed("A.e m=M1", V_MET);
    given("9 15:00 itinerary.shared m=M1 holders=7 by=Li");
    given("10 15:00 itinerary.shared m=M1 holders=5 by=Li");
    none("itinerary.shared m=M1", "15:00", "17:00");
    PROVEN_BUT("a sum that is no more, equal values kept", 2);

    departed("A.e m=M1", V_MET);
    given("9 15:00 itinerary.shared m=M1 holders=7 by=Li");
    given("10 15:00 itinerary.shared m=M1 holders=6 by=Li");
    none("itinerary.shared m=M1", "15:00", "17:00");
    REFUSED("a sum that is more", "it is not so that the condition holds");

    embussed("A.t m=M1", V_BREACHED, "17:00");
    given("7 16:10 route.cleared r=R1 by=Li");
    given("8 16:20 route.cleared r=R1 by=Li");
    given("9 16:30 route.cleared r=R2 by=Li");
    PROVEN("three events, of whatever");

    embussed("A.t m=M1", V_MET, "17:00");
    given("8 16:20 route.cleared r=R1 by=Li");
    none("route.cleared", "16:00", "17:00");
    PROVEN_BUT("one event and no more", 1);

    departed("A.l m=M1", V_MET);
    given("7 16:00 vehicle.joined v=V1 m=M1 lane=ahead by=Shah");
    given("8 16:00 vehicle.joined v=V1 m=M1 lane=behind by=Shah");
    none("vehicle.left v=V1 m=M1", "16:00", "17:00");
    PROVEN("two rows of one vehicle");

    departed("A.l m=M1", V_BREACHED);
    given("7 16:00 vehicle.joined v=V1 m=M1 lane=ahead by=Shah");
    none("vehicle.joined m=M1", "0:00", "17:00");
    PROVEN_BUT("one row and no other", 1);
}

static void
test_facts(void)
{
    departed("A.g m=M1", V_MET);
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 by=Shah");
    given("9 16:00 route.cleared r=R1 by=Li");
    none("movement.ordered m=M1", "9:00", "17:00");
    PROVEN("its route was cleared an hour ago");

    departed("A.g m=M1", V_BREACHED);
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("route.cleared r=R1", "16:00", "17:00");
    PROVEN("its route was not cleared");

    departed("A.g m=M1", V_BREACHED);
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("route.cleared r=R2", "16:00", "17:00");
    REFUSED("another route was not", "nothing says that no route.cleared(r: R1) came");

    departed("A.g m=M1", V_BREACHED);
    none("movement.ordered m=M1", "0:00", "17:00");
    none("route.cleared", "16:00", "17:00");
    REFUSED("without a route nothing can be said", "the fact route(M1) has no value");

    departed("A.j m=M1 q=Li", V_MET);
    given("3 1:00 appointment.made who=Li role=post.leader by=Shah");
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 commander=Shah by=Shah");
    none("appointment.ended who=Li role=post.leader", "1:00", "17:00");
    none("movement.ordered m=M1", "9:00", "17:00");
    PROVEN("a role that was given, and a fact that is set");

    departed("A.j m=M1 q=Li", V_BREACHED);
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:00");
    PROVEN("a field that the newest entry left out");

    departed("A.j m=M1 q=Li", V_BREACHED);
    none("movement.ordered m=M1", "0:00", "17:00");
    PROVEN("a fact that was never set");

    departed("A.j m=M1 q=Li", V_BREACHED);
    none("appointment.made who=Li role=post.leader", "0:00", "17:00");
    PROVEN("a role that was never given");

    verdict("A.j m=M1 q=Wu", V_MET, "17:00", 20);
    given("20 17:00 movement.departed m=M1 by=Wu");
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 commander=Shah by=Shah");
    none("appointment.ended who=Wu role=post.leader", "0:00", "17:00");
    none("movement.ordered m=M1", "9:00", "17:00");
    clock_ran("17:00", NULL);
    PROVEN("a role of the opening");

    verdict("A.j m=M1 q=Wu", V_BREACHED, "17:00", 20);
    given("20 17:00 movement.departed m=M1 by=Wu");
    none("appointment.made who=Wu role=post.leader", "0:00", "17:00");
    clock_ran("17:00", NULL);
    REFUSED("who had the role from the opening",
            "it is not shown that the condition does not hold");

    verdict("A.u v=X z=outer", V_BREACHED, "17:00", 20);
    given("20 17:00 sighting.left v=X z=outer by=Li");
    given("4 8:00 zone.drawn z=outer ring=inner by=Shah");
    none("zone.drawn z=outer", "8:00", "17:00");
    clock_ran("17:00", NULL);
    now.binding[0] = value_of(TY_SOURCE, STR("X"));
    PROVEN("a row of a table");

    verdict("A.u v=X z=outer", V_MET, "17:00", 20);
    given("20 17:00 sighting.left v=X z=outer by=Li");
    given("4 8:00 zone.drawn z=outer ring=middle by=Shah");
    none("zone.drawn z=outer", "8:00", "17:00");
    clock_ran("17:00", NULL);
    PROVEN("another row of it");
}

static void
test_time(void)
{
    verdict("A.k m=M1 departure=2_17:00", V_MET, "17:00", 20);
    given("20 17:00 movement.asked m=M1 departure=2_17:00 by=Shah");
    clock_ran("17:00", NULL);
    PROVEN("forty-eight hours ahead");

    verdict("A.k m=M1 departure=2_16:59", V_BREACHED, "17:00", 20);
    given("20 17:00 movement.asked m=M1 departure=2_16:59 by=Shah");
    none("night.accepted m=M1", "0:00", "17:00");
    clock_ran("17:00", NULL);
    PROVEN("less than that, and nothing that excuses it");

    verdict("A.k m=M1 departure=2_16:59", V_MET, "17:00", 20);
    given("20 17:00 movement.asked m=M1 departure=2_16:59 by=Shah");
    given("6 12:00 night.accepted m=M1 by=Shah");
    clock_ran("17:00", NULL);
    PROVEN("less than that, and excused");

    verdict("A.k m=M1 departure=2_17:00", V_BREACHED, "17:30", 20);
    given("20 17:00 movement.asked m=M1 departure=2_17:00 by=Shah known=17:30");
    none("night.accepted m=M1", "0:00", "17:30");
    clock_ran("17:00", NULL);
    PROVEN("`now` is when it became known");
    now.check.happened = true;
    REFUSED("as it happened, `now` is when it was",
            "it is not so that the condition does not hold");

    departed("A.f m=M1", V_BREACHED);
    given("8 16:30 sun.down sun=daylight by=Shah");
    none("sun.up sun=daylight", "16:30", "17:00");
    none("sun.down sun=daylight", "16:30", "17:00");
    none("night.accepted m=M1", "0:00", "17:00");
    PROVEN("after dusk");

    departed("A.f m=M1", V_BREACHED);
    none("sun.up sun=daylight", "0:00", "17:00");
    none("sun.down sun=daylight", "0:00", "17:00");
    none("night.accepted m=M1", "0:00", "17:00");
    PROVEN("before the first sunrise there is no daylight");

    departed("A.f m=M1", V_BREACHED);
    given("8 6:30 sun.up sun=daylight by=Shah");
    none("sun.up sun=daylight", "6:30", "17:00");
    none("sun.down sun=daylight", "6:30", "17:00");
    none("night.accepted m=M1", "0:00", "17:00");
    REFUSED("by day it is not asked", "it is not so that what stands behind 'where' holds");
}

static void
ordered(const char *departure)
{
    char line[120];

    snprintf(line, sizeof line, "5 9:00 movement.ordered m=M1 route=R1 departure=%s by=Shah",
             departure);
    given(line);
}

static void
test_stages(void)
{
    embussed("A.i m=M1", V_MET, "17:00");
    ordered("18:00");
    none_of_life("9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "16:00");
    PROVEN("a planned step was taken");

    embussed("A.i m=M1", V_BREACHED, "16:00");
    ordered("18:00");
    none_of_life("9:00", "16:00");
    none("movement.retimed m=M1", "9:00", "16:00");
    PROVEN("a planned step takes effect a millisecond after its time");

    embussed("A.i m=M1", V_MET, "16:00:00.001");
    ordered("18:00");
    none_of_life("9:00", "16:00:00.001");
    none("movement.retimed m=M1", "9:00", "16:00");
    PROVEN("and then it is taken");

    embussed("A.i m=M1", V_BREACHED, "17:00");
    none_of_life("0:00", "17:00");
    PROVEN("nothing led anywhere: new");

    embussed("A.i m=M1", V_BREACHED, "17:00");
    given("9 16:30 movement.cancelled m=M1 by=Shah");
    none_of_life("16:30", "17:00");
    PROVEN("cancelled");

    embussed("A.i m=M1", V_MET, "17:00");
    ordered("18:00");
    given("9 16:30 movement.retimed m=M1 departure=20:00 by=Shah");
    none_of_life("9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "16:00");
    /* without the entry the claim says that it was never retimed, and it is readying all the same */
    PROVEN_BUT("a step that was taken is not taken back by a new time", 1);

    embussed("A.i m=M1", V_BREACHED, "17:00");
    ordered("18:00");
    given("9 15:30 movement.retimed m=M1 departure=20:00 by=Shah");
    none_of_life("9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "17:00");
    PROVEN("but one that was not yet taken is put off");

    embussed("A.i m=M1", V_MET, "9:30");
    ordered("10:00");
    none_of_life("9:00", "9:30");
    none("movement.ordered m=M1", "0:00", "8:59:59.999");
    none("movement.retimed m=M1", "0:00", "9:00");
    PROVEN("a time that is past when it is set comes then");

    embussed("A.i m=M1", V_MET, "9:30");
    given("2 1:00 movement.retimed m=M1 departure=10:00 by=Shah");
    ordered("10:00");
    none_of_life("0:00", "9:30");
    none("movement.retimed m=M1", "0:00", "9:30");
    REFUSED("but a time that has come before does not come again",
            "it is not so that the condition holds");
}

static void
test_planned(void)
{
    verdict("A.m v=X z=outer", V_BREACHED, "17:30", 20);
    given("20 17:30 sighting.stop v=X z=outer by=Li");
    given("6 16:00 exit.near z=outer m=M1 by=Shah");
    ordered("18:00");
    no_row("finished m=M1", "16:00", "17:30");
    none("movement.ordered m=M1", "9:00", "17:30");
    none("movement.retimed m=M1", "9:00", "17:30");
    clock_ran("17:30", NULL);
    PROVEN("in the window");

    verdict("A.m v=X z=outer", V_MET, "17:00", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    given("6 16:00 exit.near z=outer m=M1 by=Shah");
    ordered("18:00");
    none("exit.near z=outer", "0:00", "17:00");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "17:00");
    clock_ran("17:00", NULL);
    PROVEN_BUT("at its first instant it has not begun", 1);

    verdict("A.m v=X z=outer", V_MET, "18:15:00.001", 20);
    given("20 18:15:00.001 sighting.stop v=X z=outer by=Li");
    given("6 16:00 exit.near z=outer m=M1 by=Shah");
    ordered("18:00");
    none("exit.near z=outer", "0:00", "18:15:00.001");
    none("movement.ordered m=M1", "9:00", "18:15:00.001");
    none("movement.retimed m=M1", "9:00", "18:15:00.001");
    clock_ran("18:15:00.001", NULL);
    PROVEN_BUT("a millisecond after its last it has ended", 1);

    verdict("A.m v=X z=outer", V_MET, "17:30", 20);
    given("20 17:30 sighting.stop v=X z=outer by=Li");
    given("6 16:00 exit.near z=outer m=M1 by=Shah");
    none("exit.near z=outer", "0:00", "17:30");
    no_row("window m=M1", "17:30", "17:30");
    clock_ran("17:30", NULL);
    PROVEN_BUT("a claim that there is no window", 1);

    embussed("A.r m=M1", V_MET, "17:00");
    ordered("18:00");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "17:00");
    none("movement.cancelled m=M1", "9:00", "17:00");
    PROVEN("begun by itself, and not called off since its time was set");

    embussed("A.r m=M1", V_BREACHED, "17:00");
    ordered("18:00");
    given("9 12:00 movement.cancelled m=M1 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "17:00");
    PROVEN("called off before it began");

    embussed("A.r m=M1", V_MET, "17:00");
    given("4 8:00 movement.cancelled m=M1 by=Shah");
    ordered("18:00");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "17:00");
    none("movement.cancelled m=M1", "8:00", "17:00");
    PROVEN_BUT("called off before its time was set anew", 2); /* which then need not be known */

    embussed("A.o m=M1", V_MET, "17:00");
    ordered("18:00");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "17:00");
    none("movement.closed m=M1", "9:00", "17:00");
    PROVEN("begun by an event, its planned end ahead");

    embussed("A.o m=M1", V_MET, "18:00");
    ordered("18:00");
    none("movement.ordered m=M1", "9:00", "18:00");
    none("movement.retimed m=M1", "9:00", "18:00");
    none("movement.closed m=M1", "9:00", "18:00");
    PROVEN("at its end it holds");

    embussed("A.o m=M1", V_BREACHED, "18:00:00.001");
    ordered("18:00");
    none("movement.ordered m=M1", "9:00", "18:00:00.001");
    none("movement.retimed m=M1", "9:00", "18:00:00.001");
    PROVEN("and then it has ended");
}

static void
test_held_and_edges(void)
{
    verdict("A.p v=X z=outer", V_MET, "17:00", 20);
    given("20 17:00 sighting.outcome v=X z=outer outcome=cleared by=Li");
    given("9 16:59:39.999 sighting.stop v=X z=outer by=Li");
    none("sighting.outcome v=X z=outer", "16:59:39.999", "17:00");
    none("sighting.left v=X z=outer", "16:59:39.999", "17:00");
    clock_ran("17:00", NULL);
    PROVEN("held for twenty seconds and a millisecond");

    now.entry[1].at++;
    now.claim[0].from++;
    now.claim[1].from++;
    REFUSED("twenty seconds have not been held before the next millisecond",
            "it is not shown that the condition holds");

    verdict("A.p v=X z=outer", V_BREACHED, "17:00", 20);
    given("20 17:00 sighting.outcome v=X z=outer outcome=cleared by=Li");
    no_row("waiting v=X z=outer", "16:59:39.999", "16:59:39.999");
    clock_ran("17:00", NULL);
    PROVEN("it did not hold twenty seconds ago");

    embussed("A.q m=M1", V_MET, "17:00");
    given("5 10:00 clearance.set m=M1 clearance=refused by=Shah");
    given("6 12:00 clearance.set m=M1 clearance=cleared by=Shah");
    none("clearance.set m=M1", "10:00", "17:00");
    PROVEN_BUT("a change to what opens it", 0);

    embussed("A.q m=M1", V_MET, "17:00");
    given("6 12:00 clearance.set m=M1 clearance=cleared by=Shah");
    none("clearance.set m=M1", "0:00", "17:00");
    PROVEN("the first value is a change");

    embussed("A.q m=M1", V_MET, "17:00");
    given("6 12:00 clearance.set m=M1 clearance=cleared by=Shah");
    given("7 13:00 clearance.set m=M1 clearance=cleared by=Shah");
    none("clearance.set m=M1", "0:00", "17:00");
    PROVEN_BUT("the same value is none", 2);

    embussed("A.q m=M1", V_BREACHED, "17:00");
    given("6 12:00 clearance.set m=M1 clearance=cleared by=Shah");
    given("7 13:00 clearance.set m=M1 clearance=refused by=Shah");
    none("clearance.set m=M1", "12:00", "17:00");
    PROVEN_BUT("changed back", 0);

    verdict("A.s v=X z=outer", V_BREACHED, "17:00", 20);
    given("20 17:00 sighting.outcome v=X z=outer outcome=cleared by=Li");
    given("8 16:00 sighting.stop v=X z=outer by=Li");
    given("9 16:30 sighting.stop v=X z=inner by=Li");
    none("sighting.stop v=X", "15:30", "16:29:59.999");
    none("camera.gone v=X", "16:30", "17:00");
    clock_ran("17:00", NULL);
    PROVEN("begun where a count was reached");

    verdict("A.s v=X z=outer", V_MET, "17:00", 20);
    given("20 17:00 sighting.outcome v=X z=outer outcome=cleared by=Li");
    no_row("flagged v=X", "17:00", "17:00");
    clock_ran("17:00", NULL);
    PROVEN("a claim that it is not");
}

static void
seen_by_camera(enum verdict_value value)
{
    verdict("A.n z=outer", value, "17:00", 20);
    given("20 17:00 camera.asked z=outer by=Li");
    given("3 1:00 appointment.made who=cam role=device.reader by=Shah");
    given("4 2:00 watch.set s=cam z=outer by=Shah");
    given("12 16:58 watch.alive z=outer by=cam");
    none("appointment.ended who=cam role=device.reader", "1:00", "17:00");
    clock_ran("17:00", NULL);
}

static void
test_silence(void)
{
    seen_by_camera(V_MET);
    no_row("seen z=outer", "17:00", "17:00");
    PROVEN("nothing is seen, and the camera lives");

    seen_by_camera(V_MET);
    no_row("seen z=outer", "17:00", "17:00");
    now.entry[3].at--;
    REFUSED("the camera was silent for longer than its heartbeat",
            "no source of camera.seen is shown to live");

    seen_by_camera(V_BREACHED);
    given("6 16:00 camera.seen v=X z=outer by=cam");
    none("camera.gone v=X z=outer", "16:00", "17:00");
    PROVEN("something is seen, and the camera lives");

    verdict("A.n z=outer", V_BREACHED, "17:00", 20);
    given("20 17:00 camera.asked z=outer by=Li");
    given("6 16:59 camera.seen v=X z=outer by=cam");
    none("camera.gone v=X z=outer", "16:59", "17:00");
    clock_ran("17:00", NULL);
    REFUSED("a source without its role", "no source of camera.seen is shown to live");
}

static void
test_for_every(void)
{
    departed("A.h m=M1 v=V1", V_BREACHED);
    given("7 12:00 vehicle.joined v=V1 m=M1 lane=behind by=Shah");
    none("vehicle.left v=V1 m=M1", "12:00", "17:00");
    none("vehicle.joined v=V1 m=M1 lane=ahead", "0:00", "17:00");
    PROVEN("one of those for whom it is asked");

    departed("A.h m=M1 v=V1", V_MET);
    given("7 12:00 vehicle.joined v=V1 m=M1 lane=ahead by=Shah");
    none("vehicle.left v=V1 m=M1", "12:00", "17:00");
    PROVEN("and in the right place");

    departed("A.h m=M1 v=V1", V_BREACHED);
    given("7 12:00 vehicle.joined v=V1 m=M1 lane=behind by=Shah");
    none("vehicle.joined v=V1 m=M1 lane=ahead", "0:00", "17:00");
    REFUSED("not shown to be one of them", "what stands behind 'for every' holds of the binding");
}

static void
test_hold(void)
{
    verdict("H.a m=M1 p=P1", V_BREACHED, "17:00:00.001", 30);
    ordered("18:00");
    given("6 10:00 post.placed p=P1 m=M1 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:00:00.001");
    none("movement.retimed m=M1", "9:00", "17:00:00.001");
    no_row("finished m=M1", "10:00", "17:00:00.001");
    none("posting.taken p=P1", "0:00", "17:00:00.001");
    clock_ran("17:00", NULL);
    PROVEN("nobody on the post at the planned time");

    now.check.known = at("17:00:30");
    PROVEN_BUT("seen later, the last millisecond is not needed", 4);

    verdict("H.a m=M1 p=P1", V_MET, "17:00:00.001", 30);
    ordered("18:00");
    given("6 10:00 post.placed p=P1 m=M1 by=Shah");
    given("7 17:00 posting.taken q=Li p=P1 by=Li");
    none("movement.ordered m=M1", "9:00", "17:00:00.001");
    none("movement.retimed m=M1", "9:00", "17:00:00.001");
    no_row("finished m=M1", "10:00", "17:00:00.001");
    none("posting.left q=Li p=P1", "17:00", "17:00:00.001");
    clock_ran("17:00", NULL);
    PROVEN("somebody came at that very instant");

    verdict("H.a m=M1 p=P1", V_BREACHED, "17:30:00.001", 30);
    given("8 17:30 movement.retimed m=M1 departure=18:10 by=Shah");
    ordered("20:00");
    given("6 10:00 post.placed p=P1 m=M1 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:30:00.001");
    none("movement.retimed m=M1", "9:00", "17:30:00.001");
    no_row("finished m=M1", "10:00", "17:30:00.001");
    none("posting.taken p=P1", "0:00", "17:30:00.001");
    clock_ran("17:30", NULL);
    PROVEN("a time moved into the past comes when it is moved");

    verdict("H.c m=M1", V_MET, "17:00", 20);
    given("20 17:00 movement.departed m=M1 by=Li");
    none("movement.arrived m=M1", "17:00", "17:00");
    now.v.place = 20;
    clock_ran("17:00", NULL);
    PROVEN("must hold reads the state after the event");
}

static void
test_known(void)
{
    verdict("H.b f=F1", V_BREACHED, "18:00:00.001", 20);
    given("20 17:00 flight.landed f=F1 by=Li known=18:00:00.001");
    clock_ran("17:00", "18:00");
    PROVEN("known an hour and a millisecond late");

    verdict("H.b f=F1", V_MET, "18:00", 20);
    given("20 17:00 flight.landed f=F1 by=Li known=18:00");
    clock_ran("17:00", NULL);
    PROVEN("known an hour late");

    verdict("H.b f=F1", V_PENDING, "18:00", 20);
    given("20 17:00 flight.landed f=F1 by=Li known=18:00");
    OK(try_check(written()) == CHECK_NOTHING_TO_SHOW, "what is pending shows nothing");
    now.v.value = V_UNKNOWN;
    OK(try_check(written()) == CHECK_NOTHING_TO_SHOW, "nor what is unknown");
    now.v.value = V_MARGINAL;
    OK(try_check(written()) == CHECK_NOTHING_TO_SHOW, "nor what is marginal");
}

/* Rules about the world as such. */
enum { CLAIMS_LIMIT = 4096 };

static void
test_world(void)
{
    static unsigned char block[64];
    struct arena small;

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:45");
    now.check.known = at("16:59:59.999");
    REFUSED("time has not come so far", "time had not come so far");

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:45");
    now.v.place = 19;
    REFUSED("the verdict lies before what opened it", "after the verdict's place");

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:45");
    now.v.opened = 21;
    REFUSED("another entry opened it", "the entry that opened it is not listed");

    departed("A.a m=M1", V_MET);
    given("9 16:40 scout.passed m=M1 by=Li known=16:35");
    now.check.known = at("17:00");
    REFUSED("a stamp far in the future moves nothing", "stamped too far ahead of its time");

    departed("A.a m=M1", V_MET);
    given("9 16:45:30 scout.passed m=M1 by=Li known=16:44:30");
    PROVEN("a stamp a little in the future counts from when it became known");

    departed("A.a m=M1", V_MET);
    given("9 16:40 scout.passed m=M1 by=Li");
    now.place[1] = 8;
    REFUSED("an entry that the verdict does not list",
            "entry 9 is given, but the verdict does not list it");

    departed("A.j m=M1 q=Li", V_BREACHED);
    none("appointment.made who=Li role=post.leader", "0:00", "17:00");
    opening.complete = false;
    REFUSED("of a log that begins partial nothing is known before", "the log begins partial");
    opening.complete = true;

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:45");
    now.v.severity = SEV_AMBER;
    REFUSED("another severity", "its severity is another");

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:45");
    clock_ran("17:00", "17:10");
    REFUSED("a deadline where none runs", "it has no deadline");

    departed("A.a m=M1", V_BREACHED);
    claim(CLAIM_EVENT, "scout.passed m=M1", "16:30", "16:45")->param[0] = 9;
    REFUSED("a claim about a field that is not there", "a claim speaks of something");

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed", "16:30", "16:45")->moment = prog->nmoments;
    REFUSED("a claim about a moment that is not there", "a claim speaks of something");

    departed("A.a m=M1", V_BREACHED);
    now.v.nclaims = CLAIMS_LIMIT + 1;
    REFUSED("more claims than are looked at", "the evidence is too large to be checked");

    departed("A.a m=M1", V_BREACHED);
    none("scout.passed m=M1", "16:30", "16:44:59.999");
    (void)written();
    arena_init(&small, block, sizeof block);
    OK(check_verdict(&now.check, &small, &diag) == CHECK_NOT_SHOWN && small.used == 0 &&
           strstr(diag.text, "too little memory") != NULL,
       "without memory nothing is proven");
    arena_end(&small);
}

int
main(void)
{
    if (!setup()) {
        OK(false, "the agreement compiles: %s", diag.text);
        return done();
    }
    test_past_event();
    test_go();
    test_states();
    test_counts();
    test_facts();
    test_time();
    test_stages();
    test_planned();
    test_held_and_edges();
    test_silence();
    test_for_every();
    test_hold();
    test_known();
    test_world();
    return done();
}
