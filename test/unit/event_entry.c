/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for the engine, and the names of verdicts. */
#include "event_test.h"

#include "event/evidence.h"

#define A "'at':'2024-10-06T17:20:00.000Z','by':'cam-3'"

static const struct program *p;
static struct symbols symbols;
static struct entry entry;

static bool
enters(const char *line)
{
    struct event e;

    if (test_read(p, test_line(line), &e) == ST_OK)
        return event_entry(p, &e, 31, &symbols, &entry) == ST_OK;
    printf("# %s\n", diag.text);
    return false;
}

static int64_t
field(const char *name)
{
    const struct kind *k = &p->kinds[entry.kind];

    for (uint8_t i = 0; i < k->nparams; i++) {
        if (str_eq(k->param[i].name, str_of(name)))
            return entry.field[i];
    }
    return -1;
}

static int64_t
number_of(const char *name)
{
    return symbol_find(&symbols, str_of(name));
}

static void
test_entries(void)
{
    int64_t text;

    OK(enters("{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'van',"
              "'known':'2024-10-06T17:20:01.000Z'}") &&
           entry.kind == program_kind(p, STR("sighting.stop")) && entry.at == INT64_C(1728235200000) &&
           entry.known == entry.at + 1000 && entry.place == 31, "kind, at, known, place");
    OK(entry.by == 1 && entry.by == number_of("cam-3") && field("v") == 2 && field("z") == 3 && symbols.n == 4,
       "the sender and the things, numbered as they come");
    OK(field("class") == 2 && field("stand-off") == UNSET, "a choice; a field that is not set");
    OK(entry.field[p->kinds[entry.kind].nparams] == UNSET && entry.field[PARAMS_MAX - 1] == UNSET,
       "beyond the kind's fields nothing is set");
    OK(enters("{'kind':'sighting.left'," A ",'v':'X'}") && field("v") == 2 && entry.by == 1, "the same names again");
    OK(enters("{'kind':'movement.ordered'," A ",'m':'X','departure':'2024-10-06T18:00:00.000Z','lead':0,'seats':42}") &&
           field("m") == 2 && field("departure") == INT64_C(1728237600000) && field("lead") == 0 &&
           field("seats") == 42,
       "a time, numbers; one name has one number, whatever it names");
    OK(enters("{'kind':'zone.drawn'," A ",'z':'outer-1','spot':[1,2]}") && field("spot") == 0 && field("ring") == UNSET,
       "a place is set or not");
    OK(enters("{'kind':'seal.all'," A ",'m':'X','n':5,'text':'t','q':'seal:00'}") && field("n") == 0 &&
           field("q") == 0 && field("text") == 0 && field("due") == UNSET &&
           symbol_find(&symbols, STR("seal:00")) == UINT32_MAX,
       "so is whatever is sealed");
    OK(enters("{'kind':'movement.note'," A ",'m':'X','text':'a text','s':'guest','moving':'yes'}") && field("s") == 1 &&
           field("moving") == 1, "a side, yes");
    text = field("text");
    OK(text == INT64_C(4152541468664803827), "a text is the first 63 bits of its SHA-256");
    OK(enters("{'kind':'movement.note'," A ",'m':'X','text':'a te\\u0078t'}") && field("text") == text &&
           enters("{'kind':'movement.note'," A ",'m':'X','text':'another'}") && field("text") != text && symbols.n == 4,
       "the same text, the same number; no symbol is taken");
    OK(enters("{'kind':'tick','at':'2024-10-06T17:20:00.000Z'}") && entry.by == 0, "a tick has no sender");
    OK(enters("{'kind':'theatre.opened'," A "}") && entry.kind == KIND_OPENED && entry.by == 1, "an opening");
}

static void
test_limit(void)
{
    static const struct entry untouched = {.place = 77};
    struct symbols few;
    struct event e;

    if (!OK(symbols_init(&few, &test_arena, 2, 100), "room for two names"))
        return;
    memcpy(&entry, &untouched, sizeof entry);
    (void)!test_read(p, test_line("{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'van'}"), &e);
    OK(event_entry(p, &e, 0, &few, &entry) == ST_LIMIT && memcmp(&entry, &untouched, sizeof entry) == 0,
       "the third name is one too many");
    (void)!test_read(p, test_line("{'kind':'sighting.left','at':'2024-10-06T17:20:00.000Z','by':'cam-4','v':'X'}"), &e);
    OK(event_entry(p, &e, 0, &few, &entry) == ST_LIMIT, "so is another sender");
    (void)!test_read(p, test_line("{'kind':'sighting.left'," A ",'v':'X'}"), &e);
    OK(event_entry(p, &e, 0, &few, &entry) == ST_OK, "those two are fine");
}

static bool
id_is(uint32_t sentence, bool otherwise, uint64_t opened, uint32_t nth, const char *want)
{
    char bytes[64];
    struct buf b = buf_of(bytes, sizeof bytes);

    put_verdict_id(p, sentence, otherwise, opened, nth, &b);
    return str_eq(buf_str(&b), str_of(want));
}

static void
test_ids(void)
{
    OK(p->nsentences == 1 && id_is(0, false, 7, 0, "D1/7"), "a verdict's id");
    OK(id_is(0, false, 7, 1, "D1/7.2"), "of the second that an entry opened");
    OK(id_is(0, true, 9, 0, "D1.otherwise/9") && id_is(0, true, UINT64_MAX, UINT32_MAX,
                                                      "D1.otherwise/18446744073709551615.4294967296"),
       "of an `otherwise`");
}

int
main(void)
{
    p = test_program();
    if (OK(p != NULL && symbols_init(&symbols, &test_arena, 100, 1000), "the small agreement is read")) {
        test_entries();
        test_limit();
        test_ids();
    }
    return tap_end();
}
