/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for an answer: within, then, otherwise, not later than, once in each period, findings. */
#include "check_test.h"
#include "support/mutate.c" /* until test/support is linked */

static void
reported(const char *id, enum verdict_value value, const char *when)
{
    verdict(id, value, when, 20);
    given("20 17:00 incident.reported i=I1 by=Li");
}

static void
test_within(void)
{
    reported("W.a i=I1", V_BREACHED, "17:10:00.001");
    none("notice.given i=I1 to=guest", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    PROVEN("one entry and one claim");

    reported("W.a i=I1", V_BREACHED, "17:10");
    none("notice.given i=I1 to=guest", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    REFUSED("at its deadline nothing is late", "the deadline had not passed");

    reported("W.a i=I1", V_BREACHED, "17:10:00.001");
    none("notice.given i=I1", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    PROVEN("a wider claim");

    reported("W.a i=I1", V_BREACHED, "17:10:00.001");
    none("notice.given i=I1 to=guest", "17:00", "17:10")->moment =
        prog->sentences[now.v.sentence].answers.at | CLAIM_ANSWER;
    clock_ran("17:00", "17:10");
    PROVEN("a claim on what answers");
    now.claim[0].moment++;
    REFUSED("a claim on what answers another",
            "nothing says that no notice.given(i: I1, to: guest) came");

    reported("W.a i=I1", V_BREACHED, "17:10:00.001");
    given("22 17:05 notice.given i=I1 to=host by=Shah");
    none("notice.given i=I1", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    PROVEN_BUT("what is listed and does not answer", 1);

    reported("W.a i=I1", V_MET, "17:10");
    given("22 17:10 notice.given i=I1 to=guest by=Shah");
    clock_ran("17:00", "17:10");
    ended("17:10");
    PROVEN("met exactly at the limit");

    reported("W.a i=I1", V_MET, "17:10");
    given("22 17:10:00.001 notice.given i=I1 to=guest by=Shah");
    clock_ran("17:00", "17:10");
    REFUSED("a millisecond late", "no listed entry answers in time");

    reported("W.a i=I1", V_MET, "17:00");
    given("19 17:00 notice.given i=I1 to=guest by=Shah");
    clock_ran("17:00", "17:10");
    REFUSED("an answer before its trigger", "no listed entry answers in time");

    reported("W.a i=I1", V_BREACHED, "17:10:00.001");
    given("19 17:00 notice.given i=I1 to=guest by=Shah");
    none("notice.given i=I1 to=guest", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    PROVEN_BUT("so that such an answer is none", 1);

    reported("W.a i=I1", V_BREACHED, "17:10:00.001");
    none("notice.given i=I1 to=guest", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    now.v.stage = 1;
    REFUSED("a step that is not there", "a step that the sentence does not have");
}

static void
test_repaired(void)
{
    reported("W.a i=I1", V_BREACHED, "17:15");
    given("25 17:15 notice.given i=I1 to=guest by=Shah");
    none("notice.given i=I1 to=guest", "17:00", "17:15");
    none("incident.escalated i=I1", "17:00", "17:15");
    clock_ran("17:00", "17:10");
    ended("17:15");
    now.v.decided = at("17:10:00.001");
    PROVEN("answered late");

    reported("W.a i=I1", V_BREACHED, "17:15");
    given("25 17:15 incident.escalated i=I1 by=Shah");
    none("notice.given i=I1 to=guest", "17:00", "17:15");
    none("incident.escalated i=I1", "17:00", "17:15");
    clock_ran("17:00", "17:10");
    ended("17:15");
    now.v.decided = at("17:10:00.001");
    PROVEN("ended by what it wants otherwise");

    reported("W.a i=I1", V_BREACHED, "17:14");
    given("25 17:09 notice.given i=I1 to=guest by=Shah known=17:14");
    none("notice.given i=I1 to=guest", "17:00", "17:10");
    none("incident.escalated i=I1", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    ended("17:09");
    now.v.decided = at("17:10:00.001");
    /* what it wants otherwise cannot come after 17:09 and before it, so a claim to then is enough */
    PROVEN_BUT("given in time, known late: a breach that a late entry ends", 1);
    now.v.ended = false;
    now.v.decided = at("17:14");
    REFUSED("decided when that was known, it would be none",
            "notice.given is listed that may have come between");

    reported("W.a i=I1", V_MET, "17:14");
    given("25 17:09 notice.given i=I1 to=guest by=Shah known=17:14");
    clock_ran("17:00", "17:10");
    REFUSED("given in time, known late: as the log knew it this is not met",
            "no listed entry answers in time");

    verdict("W.a i=I1", V_MET, "17:30", 20);
    given("20 17:00 incident.reported i=I1 by=Li known=17:30");
    given("19 17:05 notice.given i=I1 to=guest by=Shah");
    clock_ran("17:00", "17:10");
    PROVEN("an answer that was known before its trigger");

    verdict("W.a i=I1", V_MET, "17:14", 20);
    given("20 17:00 incident.reported i=I1 by=Li");
    given("25 17:09 notice.given i=I1 to=guest by=Shah known=17:14");
    clock_ran("17:00", "17:10");
    now.check.happened = true;
    now.v.at = now.v.decided = at("17:09");
    PROVEN("as it happened it is met");
}

static void
test_chain(void)
{
    reported("W.b i=I1", V_BREACHED, "17:05:00.001");
    none("notice.given i=I1 to=guest", "17:00", "17:05");
    clock_ran("17:00", "17:05");
    PROVEN("the first step missed");

    reported("W.b i=I1", V_BREACHED, "17:33:00.001");
    given("23 17:03 notice.given i=I1 to=guest by=Shah");
    none("notice.given i=I1 to=guest", "17:00", "17:03");
    none("notice.taken i=I1", "17:03", "17:33");
    clock_ran("17:00", "17:33");
    now.v.stage = 1;
    PROVEN("the second step missed");

    now.v.onset = at("17:03");
    PROVEN("its onset may be that of the step");

    reported("W.b i=I1", V_BREACHED, "17:34:00.001");
    given("22 17:03 notice.given i=I1 to=guest by=Shah");
    given("23 17:04 notice.given i=I1 to=guest by=Shah");
    none("notice.given i=I1 to=guest", "17:00", "17:04");
    none("notice.taken i=I1", "17:04", "17:34");
    clock_ran("17:00", "17:34");
    now.v.stage = 1;
    REFUSED("the first answer is what counts",
            "the deadline is not the limit after its clock began");

    reported("W.b i=I1", V_MET, "17:33");
    given("23 17:03 notice.given i=I1 to=guest by=Shah");
    given("24 17:33 notice.taken i=I1 by=Li");
    none("notice.given i=I1 to=guest", "17:00", "17:03");
    clock_ran("17:00", "17:33");
    ended("17:33");
    now.v.stage = 1;
    PROVEN("both steps answered");

    reported("W.b i=I1", V_MET, "17:33");
    given("24 17:33 notice.taken i=I1 by=Li");
    clock_ran("17:00", "17:33");
    REFUSED("the first step is not shown", "the answer to a step before");
}

static void
test_otherwise(void)
{
    static struct written breach;
    const struct verdict *good[] = {&breach.v};

    reported("W.a i=I1", V_BREACHED, "17:10:00.001");
    none("notice.given i=I1 to=guest", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    now.v.place = 30;
    breach = now;
    breach.v.binding = breach.binding;

    verdict("W.a i=I1", V_BREACHED, "17:30:00.001", 30);
    none("incident.escalated i=I1", "17:10", "17:30");
    clock_ran("17:10", "17:30");
    now.v.otherwise = now.v.cites = true;
    now.v.cited_sentence = now.v.sentence;
    now.v.cited_opened = 20;
    now.check.good = good;
    now.check.ngood = 1;
    PROVEN("what it wants otherwise did not come either");

    now.v.value = V_MET;
    now.v.nclaims = 0;
    given("31 17:30 incident.escalated i=I1 by=Shah");
    now.v.ended = true;
    now.v.end = at("17:30");
    PROVEN("or came in time");

    breach.v.value = V_MET;
    REFUSED("what it follows is no breach", "the breach that it follows is not among those");
    breach.v.value = V_BREACHED;
    now.check.ngood = 0;
    REFUSED("what it follows is not proven", "the breach that it follows is not among those");
}

static void
test_edges(void)
{
    verdict("W.c v=X z=outer", V_BREACHED, "17:03:00.001", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    no_row("waiting v=X z=outer", "16:59:59.999", "16:59:59.999");
    none("sighting.outcome v=X z=outer", "17:00", "17:03");
    none("sighting.left v=X z=outer", "17:00", "17:03");
    clock_ran("17:00", "17:03");
    PROVEN("a state began and nothing came");

    verdict("W.c v=X z=outer", V_MET, "17:02", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    given("21 17:02 sighting.outcome v=X z=outer outcome=refused by=Li");
    no_row("waiting v=X z=outer", "16:59:59.999", "16:59:59.999");
    none("sighting.outcome v=X z=outer", "17:00", "17:00");
    none("sighting.left v=X z=outer", "17:00", "17:00");
    clock_ran("17:00", "17:03");
    ended("17:02");
    PROVEN("a state began and was answered");

    verdict("W.c v=X z=outer", V_BREACHED, "17:03:00.001", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    no_row("waiting v=X z=outer", "17:00", "17:00");
    none("sighting.outcome v=X z=outer", "17:00", "17:03");
    none("sighting.left v=X z=outer", "17:00", "17:03");
    clock_ran("17:00", "17:03");
    REFUSED("a claim at the instant it began says nothing of it",
            "it is not shown that the state began");

    verdict("W.g v=X z=outer", V_BREACHED, "17:08:00.001", 30);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    no_row("waiting v=X z=outer", "16:59:59.999", "16:59:59.999");
    none("sighting.outcome v=X z=outer", "17:00", "17:05");
    none("sighting.left v=X z=outer", "17:00", "17:08");
    clock_ran("17:05", "17:08");
    /* the claims may end where the state has begun */
    PROVEN("a state began by itself, and the clock starts from its date");

    verdict("W.d m=M1", V_BREACHED, "17:05:00.001", 20);
    given("20 17:00 clearance.set m=M1 clearance=refused by=Shah");
    given("8 10:00 clearance.set m=M1 clearance=cleared by=Shah");
    none("clearance.set m=M1", "10:00", "17:00");
    none("clearance.seen m=M1", "17:00", "17:05");
    clock_ran("17:00", "17:05");
    PROVEN("a fact changed and nothing came");

    verdict("W.d m=M1", V_BREACHED, "17:05:00.001", 20);
    given("20 17:00 clearance.set m=M1 clearance=refused by=Shah");
    given("8 10:00 clearance.set m=M1 clearance=refused by=Shah");
    none("clearance.set m=M1", "10:00", "17:00");
    none("clearance.seen m=M1", "17:00", "17:05");
    clock_ran("17:00", "17:05");
    REFUSED("the same value is no change", "it is not so that the fact changed");
}

static void
test_unless_and_where(void)
{
    verdict("W.e m=M1", V_BREACHED, "17:30:00.001", 20);
    given("20 17:00 leak.suspected m=M1 by=Shah");
    none("night.accepted m=M1", "0:00", "17:00");
    none("leak.decided m=M1", "17:00", "17:30");
    clock_ran("17:00", "17:30");
    PROVEN("no decision, and nothing that excuses it");

    verdict("W.e m=M1", V_MET, "17:20", 20);
    given("20 17:00 leak.suspected m=M1 by=Shah");
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 commander=Shah by=Shah");
    given("22 17:20 leak.decided m=M1 by=Shah");
    none("movement.ordered m=M1", "9:00", "17:20");
    clock_ran("17:00", "17:30");
    ended("17:20");
    PROVEN("decided by the commander");

    verdict("W.e m=M1", V_MET, "17:20", 20);
    given("20 17:00 leak.suspected m=M1 by=Shah");
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 commander=Shah by=Shah");
    given("22 17:20 leak.decided m=M1 by=Li");
    none("movement.ordered m=M1", "9:00", "17:20");
    clock_ran("17:00", "17:30");
    REFUSED("decided by another", "no listed entry answers in time");

    verdict("W.e m=M1", V_BREACHED, "17:30:00.001", 20);
    given("20 17:00 leak.suspected m=M1 by=Shah");
    given("5 9:00 movement.ordered m=M1 route=R1 departure=18:00 commander=Shah by=Shah");
    given("22 17:20 leak.decided m=M1 by=Li");
    none("movement.ordered m=M1", "9:00", "17:20");
    none("night.accepted m=M1", "0:00", "17:00");
    none("leak.decided m=M1", "17:00", "17:30");
    clock_ran("17:00", "17:30");
    /* that another decided, and who commands, need not be known */
    PROVEN_BUT("decided by another is not decided", 1);
}

static void
test_limit_by_state(void)
{
    verdict("W.h v=X z=outer", V_BREACHED, "17:10:00.001", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    none("exit.near z=outer", "0:00", "17:00");
    none("sighting.left v=X z=outer", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    PROVEN("the longer limit");

    verdict("W.h v=X z=outer", V_BREACHED, "17:05:00.001", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    given("6 16:00 exit.near z=outer m=M1 by=Shah");
    given("5 9:00 movement.ordered m=M1 departure=17:30 by=Shah");
    no_row("finished m=M1", "16:00", "17:00");
    none("movement.ordered m=M1", "9:00", "17:00");
    none("movement.retimed m=M1", "9:00", "17:00");
    none("sighting.left v=X z=outer", "17:00", "17:05");
    clock_ran("17:00", "17:05");
    PROVEN("the shorter limit");

    verdict("W.h v=X z=outer", V_BREACHED, "17:10:00.001", 20);
    given("20 17:00 sighting.stop v=X z=outer by=Li");
    none("sighting.left v=X z=outer", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    REFUSED("which limit is not shown", "the limit is one length of time");
}

static void
test_not_later(void)
{
    verdict("W.f m=M1 departure=20:00", V_BREACHED, "6:00:00.001", 20);
    given("20 1:00 movement.asked m=M1 departure=20:00 by=Shah");
    none("movement.ordered m=M1", "1:00", "6:00");
    clock_ran("1:00", "6:00");
    PROVEN("nothing by the planned time");

    verdict("W.f m=M1 departure=20:00", V_MET, "6:00", 20);
    given("20 1:00 movement.asked m=M1 departure=20:00 by=Shah");
    given("21 6:00 movement.ordered m=M1 departure=20:00 by=Shah");
    clock_ran("1:00", "6:00");
    ended("6:00");
    PROVEN("something at the planned time");

    verdict("W.f m=M1 departure=14:30", V_BREACHED, "1:00:00.001", 20);
    given("20 1:00 movement.asked m=M1 departure=14:30 by=Shah");
    clock_ran("1:00", "0:30");
    PROVEN("a deadline that was past already");
}

static void
test_period(void)
{
    verdict("P.a", V_BREACHED, "1 0:00:00.001", 40);
    none("meeting.held", "0:00", "23:59:59.999");
    clock_ran("0:00", "1 0:00");
    PROVEN("no meeting in the whole day");

    verdict("P.a", V_BREACHED, "1 0:30:00.001", 40);
    none("meeting.held", "0:30", "1 0:29:59.999");
    clock_ran("0:30", "1 0:30");
    REFUSED("no day begins there", "no period begins at its onset");

    opening.zone_offset = 5 * 3600000;
    verdict("P.a", V_BREACHED, "1 19:00:00.001", 40);
    none("meeting.held", "19:00", "1 18:59:59.999");
    clock_ran("19:00", "1 19:00");
    PROVEN("a local day");
    opening.zone_offset = 0;

    verdict("P.a", V_BREACHED, "2 0:00:00.001", 40);
    given("3 12:00 zone.changed offset=3600000 by=Shah");
    none("meeting.held", "1 0:00", "1 22:59:59.999");
    clock_ran("1 0:00", "1 23:00");
    REFUSED("after the zone has changed no day begins there", "no period begins at its onset");

    verdict("P.a", V_BREACHED, "2 0:00:00.001", 40);
    given("3 12:00 zone.changed offset=3600000 by=Shah");
    none("meeting.held", "23:00", "1 22:59:59.999");
    clock_ran("23:00", "1 23:00");
    PROVEN("but an hour before");

    verdict("P.a", V_MET, "12:00", 40);
    given("12 12:00 meeting.held p=P1 by=Shah");
    clock_ran("0:00", NULL);
    PROVEN("a meeting in the day");

    verdict("P.a", V_MET, "1 0:00", 40);
    given("12 1 0:00 meeting.held p=P1 by=Shah");
    clock_ran("0:00", NULL);
    REFUSED("a meeting in the next", "no listed entry answers in the period");

    verdict("P.a", V_BREACHED, "0:00:00.001", 40);
    none("meeting.held", "-1 0:00", "-1 23:59:59.999");
    clock_ran("-1 0:00", "0:00");
    REFUSED("a day before the log began", "a period that lies whole in the log");
}

static void
test_finding(void)
{
    static struct written breach;
    const struct verdict *good[] = {&breach.v};

    verdict("A.a m=M1", V_BREACHED, "17:00", 20);
    clock_ran("17:00", NULL);
    now.v.place = 20;
    breach = now;
    breach.v.binding = breach.binding;

    verdict("F.a f=A.a/20", V_BREACHED, "3 17:00:00.001", 20);
    none("finding.answered f=A.a/20", "17:00", "3 17:00");
    clock_ran("17:00", "3 17:00");
    now.v.cites = true;
    now.v.cited_sentence = breach.v.sentence;
    now.v.cited_opened = 20;
    now.check.good = good;
    now.check.ngood = 1;
    PROVEN("a finding that nobody answered");

    breach.v.severity = SEV_AMBER;
    REFUSED("a finding that is not red", "it is not so that what stands behind 'where' holds");
    breach.v.severity = SEV_RED;

    now.binding[0] = value_of(TY_FINDING, STR("A.a/21"));
    REFUSED("the name of another finding", "the binding names another finding");
    now.binding[0] = value_of(TY_FINDING, STR("A.a/20"));

    breach.v.value = V_MET;
    REFUSED("what is met is no breach", "not one that opens this sentence");
    breach.v.value = V_BREACHED;

    now.v.cited_opened = 21;
    REFUSED("a verdict that is not there", "not among those that were found proven");
}

int
main(void)
{
    if (!setup()) {
        OK(false, "the agreement compiles: %s", diag.text);
        return done();
    }
    test_within();
    test_repaired();
    test_chain();
    test_otherwise();
    test_edges();
    test_unless_and_where();
    test_limit_by_state();
    test_not_later();
    test_period();
    test_finding();
    return done();
}
