/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence as bytes of the log: every change to a line, an index or a proof is refused by the tree. */
#include "check_test.h"
#include "support/mutate.c" /* until test/support is linked */

enum { LINES = 11 };

static const char *const lines[LINES] = {
    "{\"kind\":\"theatre.opened\",\"at\":\"2024-10-07T00:00:00.000Z\",\"known\":\"2024-10-07T00:00:00.000Z\",\"by\":\"host and guest\","
    "\"agreement\":\"Checks\",\"version\":1,\"clock\":\"drill\",\"begins\":\"complete\",\"appointments\":{\"host.commander\":\"Shah\",\"post.leader\":\"Wu\"}}",
    "{\"kind\":\"post.checkin\",\"at\":\"2024-10-07T16:00:00.000Z\",\"known\":\"2024-10-07T16:00:00.000Z\",\"by\":\"Wu\",\"p\":\"P1\"}",
    "{\"kind\":\"incident.reported\",\"at\":\"2024-10-07T17:00:00.000Z\",\"known\":\"2024-10-07T17:00:02.000Z\",\"by\":\"Wu\",\"i\":\"I1\"}",
    "{\"kind\":\"incident.reported\",\"at\":\"2024-10-07T17:00:00.000Z\",\"known\":\"2024-10-07T17:00:03.000Z\",\"by\":\"Wu\",\"i\":\"I2\"}",
    "{\"kind\":\"tick\",\"at\":\"2024-10-07T17:00:30.000Z\",\"known\":\"2024-10-07T17:00:30.000Z\"}",
    "{\"kind\":\"notice.given\",\"at\":\"2024-10-07T17:05:00.000Z\",\"known\":\"2024-10-07T17:05:00.000Z\",\"by\":\"Shah\",\"i\":\"I2\",\"to\":\"guest\"}",
    "{\"kind\":\"tick\",\"at\":\"2024-10-07T17:10:00.001Z\",\"known\":\"2024-10-07T17:10:00.001Z\"}",
    "{\"kind\":\"post.checkin\",\"at\":\"2024-10-07T17:20:00.000Z\",\"known\":\"2024-10-07T17:20:00.000Z\",\"by\":\"Wu\",\"p\":\"P1\"}",
    "{\"kind\":\"post.checkin\",\"at\":\"2024-10-07T17:30:00.000Z\",\"by\":\"Wu\",\"p\":\"P1\"}",
    "{\"kind\":\"post.checkin\",\"at\":\"2024-10-07T17:40:00.000Z\",\"known\":\"2024-10-07T17:40:00.000Z\",\"by\":\"Wu\"}",
    "{\"kind\":\"theatre.opened\",\"at\":\"2024-10-07T00:00:00.000Z\",\"known\":\"2024-10-07T00:00:00.000Z\",\"by\":\"host and guest\","
    "\"agreement\":\"Cheques\",\"version\":1,\"clock\":\"drill\",\"begins\":\"complete\",\"appointments\":{}}",
};

static struct hash leaves[LINES];
static struct proof proofs[LINES];
static struct bundle_line listed[4];
static struct bundle bundle;

static struct bundle_line
line_at(uint64_t i)
{
    return (struct bundle_line){i, str_of(lines[i]), proofs[i].path, proofs[i].len};
}

static bool
make_log(void)
{
    for (unsigned i = 0; i < LINES; i++)
        leaves[i] = leaf_hash(str_of(lines[i]));
    for (unsigned i = 0; i < LINES; i++)
        if (inclusion_proof(leaves, LINES, i, &proofs[i]) != ST_OK)
            return false;
    return true;
}

/* Nobody told the other side of I1 within ten minutes. */
static void
breach(void)
{
    verdict("W.a i=I1", V_BREACHED, "17:10:00.001", 2);
    none("notice.given i=I1 to=guest", "17:00", "17:10");
    clock_ran("17:00", "17:10");
    now.v.place = 6;
    (void)written();
    now.place[0] = 2;
    now.v.nentries = 1;
    listed[0] = line_at(2);
    bundle = (struct bundle){.program = prog,
                             .size = LINES,
                             .root = tree_root_of(leaves, LINES),
                             .opening = line_at(0),
                             .place = line_at(6),
                             .entries = listed,
                             .nentries = 1,
                             .verdict = &now.v};
}

static bool
is_refused(const char *why)
{
    enum check_result r = check_bundle(&bundle, &symbols, &work_arena, &diag);
    bool ok = r == CHECK_NOT_SHOWN && strstr(diag.text, why) != NULL && work_arena.used == 0;

    if (!ok)
        printf("# %s\n", r == CHECK_PROVEN ? "it is proven" : diag.text);
    mutants_refused += ok;
    return ok;
}

static void
test_bytes(void)
{
    static char copy[400];
    size_t len = strlen(lines[2]);
    unsigned bad = 0;

    breach();
    OK(check_bundle(&bundle, &symbols, &work_arena, &diag) == CHECK_PROVEN && work_arena.used == 0,
       "a whole bundle is proven");
    for (size_t i = 0; i < len; i++) {
        memcpy(copy, lines[2], len);
        copy[i] ^= 1;
        listed[0].line = (struct str){copy, len};
        bad += !is_refused("entry 2 is not in the log with these bytes at this index");
    }
    OK(bad == 0, "each of %zu changed bytes is refused", len);
    listed[0].line = str_cut(str_of(lines[2]), 0, len - 1);
    OK(is_refused("not in the log"), "so is a shorter line");
}

static void
test_places(void)
{
    breach();
    listed[0].index = 3;
    OK(is_refused("entry 3 is not in the log with these bytes"), "a line at another index");

    breach();
    listed[0] = line_at(3);
    listed[0].line = str_of(lines[2]);
    OK(is_refused("not in the log"), "a line in another's place");

    breach();
    listed[0] = line_at(3);
    OK(is_refused("entry 3 is given, but the verdict does not list it"),
       "another line with its own index");

    breach();
    listed[1] = line_at(5);
    bundle.nentries = 2;
    OK(is_refused("entry 5 is given, but the verdict does not list it"), "one line too many");

    breach();
    bundle.nentries = 0;
    OK(is_refused("entry 2 is listed by the verdict, but it is not given"), "one line too few");

    breach();
    bundle.place = line_at(4);
    now.v.place = 4;
    OK(is_refused("time had not come so far"), "a log that is cut off before the deadline");

    breach();
    bundle.place = line_at(7);
    OK(is_refused("entry 7 is not the verdict's place"),
       "a line that is not at the verdict's place");
}

static void
test_proofs(void)
{
    static struct hash path[PROOF_MAX];
    unsigned bad = 0;

    breach();
    for (uint64_t i = 0; i < proofs[2].len; i++) {
        memcpy(path, proofs[2].path, sizeof path);
        path[i].b[7] ^= 4;
        listed[0].path = path;
        bad += !is_refused("not in the log");
    }
    OK(bad == 0, "a changed hash in the proof");
    breach();
    listed[0].npath--;
    OK(is_refused("not in the log"), "a proof that is too short");
    breach();
    bundle.root.b[0] ^= 1;
    OK(is_refused("not in the log"), "another root");
    breach();
    bundle.size = 4; /* that root and size belong together a checkpoint says, not each proof */
    OK(is_refused("not in the log"), "a size that the proof does not fit");
}

static void
test_lines(void)
{
    breach();
    bundle.opening = line_at(10);
    OK(is_refused("entry 10 is given as the opening"), "an opening that is not entry 0");

    breach();
    leaves[0] = leaf_hash(str_of(lines[10]));
    OK(inclusion_proof(leaves, LINES, 0, &proofs[0]) == ST_OK, "a log of another agreement");
    for (unsigned i = 1; i < LINES; i++)
        if (inclusion_proof(leaves, LINES, i, &proofs[i]) != ST_OK)
            bug("no proof", "inclusion_proof");
    breach();
    bundle.opening.line = str_of(lines[10]);
    OK(is_refused("a theatre of another agreement"), "is refused");
    (void)make_log();

    breach();
    listed[1] = line_at(8);
    now.place[1] = 8;
    now.v.nentries = bundle.nentries = 2;
    OK(is_refused("entry 8 does not say when it became known"), "a line that is not one of a log");

    breach();
    listed[1] = line_at(9);
    now.place[1] = 9;
    now.v.nentries = bundle.nentries = 2;
    OK(is_refused("p"), "a line that is no event: %s", diag.text);

    breach();
    now.v.value = V_PENDING;
    OK(check_bundle(&bundle, &symbols, &work_arena, &diag) == CHECK_NOTHING_TO_SHOW,
       "what is pending shows nothing");

    breach();
    now.claim[0].to--;
    OK(is_refused("nothing says that no notice.given(i: I1, to: guest) came"),
       "and the verdict itself is checked");
}

int
main(void)
{
    if (!setup() || !make_log()) {
        OK(false, "the agreement compiles: %s", diag.text);
        return done();
    }
    test_bytes();
    test_places();
    test_proofs();
    test_lines();
    return done();
}
