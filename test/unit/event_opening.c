/* SPDX-License-Identifier: Apache-2.0 */
/* What event_opening() makes of entry 0, and what it refuses. */
#include "event_test.h"

#define HEAD "{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z','by':'host and guest'"
#define MUST "'agreement':'Small','version':2,'clock':'drill','begins':'complete'"

static const struct program *p;
static struct opening o;

static bool
opens(struct str line)
{
    scratch = buf_of(scratch_bytes, sizeof scratch_bytes);
    diag = (struct diag){0};
    if (event_opening(p, line, &scratch, &o, &diag))
        return true;
    printf("# %s\n", diag.text);
    return false;
}

static bool
appoints(uint32_t n, const char *role, const char *who)
{
    return n < o.nappointments && o.appointment[n].role == program_role(p, str_of(role)) &&
           str_eq(o.appointment[n].who, str_of(who));
}

static void
test_opened(void)
{
    OK(opens(test_line(HEAD "," MUST ",'appointments':{'host.commander':'Shah',"
                       "'post.leader':['Beg','\\u0041slam']}}")) &&
           o.at == INT64_C(1727457600000) && str_eq(o.agreement, STR("Small")) && o.version == 2, "an opening");
    OK(o.drill && o.complete && o.zone_offset == 0 && o.future_bound == 60000,
       "its clock, its past, what it leaves out");
    OK(o.nappointments == 3 && appoints(0, "host.commander", "Shah") && appoints(1, "post.leader", "Beg") &&
           appoints(2, "post.leader", "Aslam"), "its first appointments");
    OK(opens(test_line(HEAD ",'future-bound':0,'offset':-19800000,'appointments':{'post.leader':[]},'begins':'partial',"
                            "'clock':'live','version':0,'agreement':'Sm\\u0061ll','texts':{'a':[1,null]}}")) &&
           !o.drill && !o.complete && o.zone_offset == -19800000 && o.future_bound == 0 && o.nappointments == 0 &&
           str_eq(o.agreement, STR("Small")), "in another order, and all the rest");
}

/* The log's own line, with its tokens, opens the same theatre. */
static void
test_canonical(void)
{
    static char bytes[EVENT_LINE_MAX];
    struct buf b = buf_of(bytes, sizeof bytes);
    struct event e;
    struct str line = test_line(HEAD ",'appointments':{'post.leader':['Beg'],'guest.liaison':'Li'}," MUST "}");

    if (!OK(test_read(p, line, &e) == ST_OK, "a short line"))
        return;
    event_close(p, &drill_keys, 0, &scratch, &e);
    event_write(p, &e, &b);
    OK(opens(buf_str(&b)) && o.nappointments == 2 && appoints(0, "guest.liaison", "~csexwr3268kakd05") &&
           o.appointment[1].who.len == 17, "its canonical form");
}

static const struct { const char *what, *line, *where, *want; } refused[] = {
    {"another event", "{'kind':'tick','at':'2024-09-27T17:20:00.000Z'}", "",
     "a log begins with theatre.opened; this line is another event"},
    {"no agreement", HEAD ",'version':2}", "}", "theatre.opened needs the field 'agreement': the agreement's title"},
    {"no version", HEAD ",'agreement':'Small'}", "}",
     "theatre.opened needs the field 'version': the agreement's version, a whole number"},
    {"no clock", HEAD ",'agreement':'Small','version':2}", "}",
     "theatre.opened needs the field 'clock': live or drill"},
    {"no past", HEAD ",'agreement':'Small','version':2,'clock':'live'}", "}",
     "theatre.opened needs the field 'begins': complete or partial"},
    {"no appointments", HEAD "," MUST "}", "}",
     "theatre.opened needs the field 'appointments': an object of roles like "
     "{\"host.commander\":\"Shah\",\"guest.liaison\":[\"Li\",\"Wu\"]}"},
    {"an agreement without a name", HEAD ",'agreement':7}", "7",
     "the field 'agreement' of theatre.opened must be a text of 1 to 4096 bytes in quotes; it is 7"},
    {"a version in words", HEAD ",'version':'two'}", "'two'",
     "the field 'version' of theatre.opened must be a whole number from 0 to 9007199254740991; it is 'two'"},
    {"a clock of its own", HEAD ",'clock':'real'}", "'real'",
     "the field 'clock' of theatre.opened must be live or drill; it is 'real'"},
    {"a clock that is true", HEAD ",'clock':true}", "true",
     "the field 'clock' of theatre.opened must be live or drill; it is true"},
    {"half a past", HEAD ",'begins':'half'}", "'half'",
     "the field 'begins' of theatre.opened must be complete or partial; it is 'half'"},
    {"an offset beyond a day", HEAD ",'offset':-86400001}", "-86400001",
     "the field 'offset' of theatre.opened must be a whole number of milliseconds from -86400000 to 86400000; "
     "it is -86400001"},
    {"a bound before now", HEAD ",'future-bound':-1}", "-1",
     "the field 'future-bound' of theatre.opened must be a whole number of milliseconds from 0 to 9007199254740991; "
     "it is -1"},
    {"a role misspelt", HEAD ",'appointments':{'host.comander':'Shah'}}", "'host.comander'",
     "no role is called 'host.comander': did you mean 'host.commander'?"},
    {"a role like no other", HEAD ",'appointments':{'king':'Shah'}}", "'king'",
     "no role is called 'king'; use one of the agreement's roles"},
    {"33 persons", HEAD ",'appointments':{'post.leader':[%32('a',)'b']}}", "'b'",
     "in the field 'appointments' of theatre.opened, there are at most 32 persons; appoint the others by events"},
    {"what event_read refuses", HEAD ",'appointments':7}", "7",
     "the field 'appointments' of theatre.opened must be an object of roles like "
     "{\"host.commander\":\"Shah\",\"guest.liaison\":[\"Li\",\"Wu\"]}; it is 7"},
    {"no JSON", HEAD, "", "the input ends here; a comma or } goes here"},
};

static void
test_refused(size_t i)
{
    static const struct opening untouched = {.version = 77};
    struct str line = test_line(refused[i].line);

    memcpy(&o, &untouched, sizeof o);
    scratch = buf_of(scratch_bytes, sizeof scratch_bytes);
    OK(!event_opening(p, line, &scratch, &o, &diag) && memcmp(&o, &untouched, sizeof o) == 0,
       "%s is refused", refused[i].what);
    OK(strcmp(diag.text, refused[i].want) == 0, "it says: %s", refused[i].want);
    OK(str_eq(str_cut(line, diag.pos, diag.len), test_line(refused[i].where)), "and shows where");
    if (strcmp(diag.text, refused[i].want) != 0)
        printf("# %s\n", diag.text);
}

static void
test_scratch(void)
{
    struct str line = test_line(HEAD "," MUST ",'appointments':{'host.commander':'Sh\\u0061h'}}");
    unsigned opened = 0, limit = 0;

    for (size_t cap = 0; cap < 400; cap++) {
        char *bytes = malloc(cap + 1);
        struct buf b = buf_of(bytes, cap);

        if (event_opening(p, line, &b, &o, &diag))
            opened++;
        else
            limit += strcmp(diag.text, "the line needs more memory than its reader was given") == 0;
        free(bytes);
    }
    OK(opened > 0 && opened + limit == 400, "a small scratch: %u enough, %u too small", opened, limit);
}

int
main(void)
{
    p = test_program();
    if (OK(p != NULL, "the small agreement is read")) {
        test_opened();
        test_canonical();
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
            test_refused(i);
        test_scratch();
    }
    return tap_end();
}
