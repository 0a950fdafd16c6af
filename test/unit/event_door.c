/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and commitments. The constants come from a few lines of Python (hashlib, hmac). */
#include "event_test.h"

#define A "'at':'2024-10-06T17:20:00.000Z','by':'cam-3'"

static const struct program *p;
static struct event e;

static void
test_keys(void)
{
    struct hash token = sha256_of(STR("entente drill token key 1")), seal = sha256_of(STR("entente drill seal key 1"));

    OK(memcmp(drill_keys.token, token.b, 32) == 0, "the drill's token key is a hash of its name");
    OK(memcmp(drill_keys.seal, seal.b, 32) == 0, "and so is its seal key");
}

static bool
token_is(const struct door_keys *keys, const char *value, const char *want)
{
    scratch = buf_of(scratch_bytes, sizeof scratch_bytes);
    return str_eq(event_token(keys, str_of(value), &scratch), str_of(want));
}

static void
test_tokens(void)
{
    static const char *const known[][2] = {
        {"X", "~e0cwc1zmpfzz20d7"}, {"cam-3", "~79pxpzf10grdqkvr"}, {"Ann", "~7y2e7eepgke7y1yx"},
        {"\xd9\xbe\xd8\xa7\xda\xa9", "~rr6eamttbwew8xxj"}, {"~0123456789abcdei", "~nagh0c60dfyqtmwy"},
        {"~0123456789ABCDEF", "~qp4qkmtsa7w49j36"}, {"~0123456789abcde", "~5rp8zqxwjgxy1tk5"},
    };
    static const char *const stay[] = {"~0123456789abcdef", "~zzzzzzzzzzzzzzzz", "~e0cwc1zmpfzz20d7"};
    struct door_keys other = drill_keys;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        OK(token_is(&drill_keys, known[i][0], known[i][1]) && scratch.len == 17, "the token of %s", known[i][0]);
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
        OK(token_is(&drill_keys, stay[i], stay[i]) && scratch.len == 0, "%s is one and stays", stay[i]);
    OK(token_is(&drill_keys, "X", "~e0cwc1zmpfzz20d7"), "the same value, the same token");
    other.seal[0] ^= 1;
    OK(token_is(&other, "X", "~e0cwc1zmpfzz20d7"), "whatever the seal key");
    other.token[31] ^= 1;
    OK(!token_is(&other, "X", "~e0cwc1zmpfzz20d7"), "another token key, another token");
}

static struct str
seal(const struct door_keys *keys, uint64_t place, const char *field, const char *value)
{
    scratch = buf_of(scratch_bytes, sizeof scratch_bytes);
    return event_commitment(keys, place, str_of(field), str_of(value), &scratch);
}

static void
test_commitments(void)
{
    static const struct { uint64_t place; const char *field, *value, *want; } known[] = {
        {7, "text", "two men", "seal:68d9e7b34bb22bfeb2225e69616720dc4969cb0eae276fa776a3ca73481777af"},
        {8, "text", "two men", "seal:418457761e059028a8c811314b6412389be122996acfde4f82fce96c9aac0a15"},
        {7, "spot", "[67.1552000,24.9012000]", "seal:b0ce3fce752be4fd48e1d532ce5ecbdad237d9e087b150e661a41d06ce64d2b5"},
        {0, "n", "42", "seal:e70cdcc81bce1596cf1c3f28aad508e2a8c6e7b08d1ce243d537dc88faa2adf2"},
        {UINT64_MAX, "text", "seal:xyz", "seal:1e4a9e8389bbf5106e1afb7f1ebd84f22cf0878c19c3b72f4d42a3ac03a398f5"},
    };
    struct door_keys other = drill_keys;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        OK(str_eq(seal(&drill_keys, known[i].place, known[i].field, known[i].value), str_of(known[i].want)) &&
               scratch.len == 69, "the commitment of %s %s", known[i].field, known[i].value);
    OK(str_eq(seal(&drill_keys, 7, "text", "seal:0a041b343daf871d8b0b3768"), STR("seal:0a041b343daf871d8b0b3768")) &&
           scratch.len == 0, "a commitment stays as it is");
    OK(!str_eq(seal(&drill_keys, 7, "reason", "two men"), str_of(known[0].want)), "another field, another commitment");
    other.token[0] ^= 1;
    OK(str_eq(seal(&other, 7, "text", "two men"), str_of(known[0].want)), "whatever the token key");
    other.seal[0] ^= 1;
    OK(!str_eq(seal(&other, 7, "text", "two men"), str_of(known[0].want)), "another seal key, another commitment");
}

/* Closes a line, and says whether its canonical form is as wanted. */
static bool
closes(const struct program *program, const char *line, const char *want)
{
    static char bytes[EVENT_LINE_MAX];
    struct buf b = buf_of(bytes, sizeof bytes);

    if (test_read(program, test_line(line), &e) != ST_OK) {
        printf("# %s\n", diag.text);
        return false;
    }
    event_close(program, &drill_keys, 7, &scratch, &e);
    event_write(program, &e, &b);
    if (str_eq(buf_str(&b), test_line(want)))
        return true;
    printf("# %.*s\n", STR_FMT(buf_str(&b)));
    return false;
}

#define KNOWN "'at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z'"

static void
test_close(void)
{
    OK(closes(p, "{'kind':'sighting.left'," A ",'v':'X','id':'cam-3/X'}",
              "{'kind':'sighting.left'," KNOWN ",'by':'~79pxpzf10grdqkvr','id':'cam-3/X','v':'~e0cwc1zmpfzz20d7'}"),
       "a sender and a private thing; the sender's id stays");
    OK(closes(p, "{'kind':'sighting.left','at':'2024-10-06T17:20:00.000Z','by':'shell','v':'X'}",
              "{'kind':'sighting.left'," KNOWN ",'by':'shell','v':'~e0cwc1zmpfzz20d7'}"), "the shell has no token");
    OK(closes(p, "{'kind':'sun.up'," A ",'sun':'daylight'}",
              "{'kind':'sun.up'," KNOWN ",'by':'cam-3','sun':'daylight'}"),
       "nor has whoever says where the sun stands");
    OK(closes(p, "{'kind':'touched.seen'," A ",'x':'Ann','who':'~0123456789abcdef'}",
              "{'kind':'touched.seen'," KNOWN ",'by':'~79pxpzf10grdqkvr','x':'~7y2e7eepgke7y1yx',"
              "'who':'~0123456789abcdef'}"),
       "a field that may hold a private thing; a token given");
    OK(closes(p, "{'kind':'appointment.made'," A ",'who':'Ann','role':'post.leader'}",
              "{'kind':'appointment.made'," KNOWN ",'by':'~79pxpzf10grdqkvr','who':'~7y2e7eepgke7y1yx',"
              "'role':'post.leader'}"),
       "a source");
    OK(closes(p, "{'kind':'theatre.opened'," A ",'appointments':{'x':'\\u0041nn',"
                 "'host.commander':['~0123456789abcdef','X']},'who':'Ann'}",
              "{'kind':'theatre.opened'," KNOWN ",'by':'cam-3','appointments':{'host.commander':['~0123456789abcdef',"
              "'~e0cwc1zmpfzz20d7'],'x':'~7y2e7eepgke7y1yx'},'who':'Ann'}"),
       "the first appointments");
    OK(closes(p, "{'kind':'theatre.opened'," A ",'appointments':{},'zone':'UTC'}",
              "{'kind':'theatre.opened'," KNOWN ",'by':'cam-3','appointments':{},'zone':'UTC'}"), "none of them");
}

/* Where a person is no secret, sources stand in clear. */
static void
test_open_sources(void)
{
    static const char text[] =
        "agreement \"Open\" version 1 between host \"Here\" and guest \"There\" time zone \"UTC\"\n"
        "thing badge private\n"
        "event badge.shown(b: badge, who: source) \"Shown\" observation\n"
        "role  post.leader from badge.shown(who: who) until badge.shown(who: who)\n"
        "authority post.leader may report badge\n";
    static struct accord_text texts[1] = {{STR_LIT("open"), {text, sizeof text - 1}}};
    const struct program *open = test_program_of(texts, 1);

    if (!OK(open != NULL && !open->source_private, "an agreement whose sources are no secret"))
        return;
    OK(closes(open, "{'kind':'badge.shown'," A ",'b':'X','who':'Ann'}",
              "{'kind':'badge.shown'," KNOWN ",'by':'cam-3','b':'~e0cwc1zmpfzz20d7','who':'Ann'}"),
       "sources in clear, the private thing not");
    OK(closes(open, "{'kind':'theatre.opened'," A ",'appointments':{'post.leader':'Ann'}}",
              "{'kind':'theatre.opened'," KNOWN ",'by':'cam-3','appointments':{'post.leader':'Ann'}}"),
       "appointments in clear");
}

/* A scratch that is too small is full; nothing is written behind it. */
static void
test_full(void)
{
    struct str line = test_line("{'kind':'seal.all'," A ",'m':'M','text':'t','spot':[1,2],'n':5,'q':'Ann'}");
    unsigned full = 0, enough = 0;

    for (size_t cap = 0; cap < 400; cap++) {
        char *bytes = malloc(cap + 1);
        struct buf b = buf_of(bytes, cap);

        (void)!test_read(p, line, &e);
        event_close(p, &drill_keys, 7, &b, &e);
        full += b.full;
        enough += !b.full;
        free(bytes);
    }
    OK(full > 280 && enough > 0 && full + enough == 400, "%u scratches are too small", full);
}

int
main(void)
{
    p = test_program();
    if (OK(p != NULL && p->source_private, "the small agreement is read")) {
        test_keys();
        test_tokens();
        test_commitments();
        test_close();
        test_open_sources();
        test_full();
    }
    return tap_end();
}
