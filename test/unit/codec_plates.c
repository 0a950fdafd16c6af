/* SPDX-License-Identifier: Apache-2.0 */
/* The makers' messages, whole: what comes out of each file of test/data/plates is its .want, line by
 * line. ENTENTE_UPDATE=1 writes the .want files anew; read the difference before you keep it. */
#include "base/stamp.h"
#include "codec_test.h"

static struct heard heard;
static struct library library;
static struct arena arena;
static struct reading_count count;

static enum status
run(struct str bytes, const struct feed_given *given, struct diag *d)
{
    heard_reset(&heard);
    return codec_plates(bytes, library.set, given, &arena, hear, &heard, &count, d);
}

static bool
adds_up(void)
{
    return count.readings == count.events + count.refused && count.events == heard.events &&
           count.refused == heard.refused;
}

/* Golden files */

static bool
ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool
is_input(const char *name)
{
    return ends_with(name, ".json") || ends_with(name, ".jsonl") || ends_with(name, ".xml");
}

static void
compare(const char *name, struct str want)
{
    bool same = str_eq(buf_str(&heard.text), want);

    OK(same, "%s becomes its .want", name);
    if (!same) {
        say_lines("got", buf_str(&heard.text));
        say_lines("wanted", want);
    }
}

/* Nothing that the fixtures say of a person, and no plate that was refused, comes out. */
static bool
says_nothing_private(void)
{
    static const char *const secret[] = {"Testperson", "Amina", "courier", "grey coat", "ZZZ999", "AB?123"};

    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        if (memmem(heard.text.ptr, heard.text.len, secret[i], strlen(secret[i])) != NULL)
            return false;
    }
    return true;
}

static void
golden(const char *name)
{
    static const struct feed_given nothing;
    char path[600], want_path[1300];
    struct str bytes, want;
    struct diag d;

    (void)snprintf(path, sizeof path, "test/data/plates/%s", name);
    bytes = source_file(path);
    (void)snprintf(want_path, sizeof want_path, "%s/test/data/plates/%.*s.want", source_root(),
                   (int)(strrchr(name, '.') - name), name);
    (void)!run(bytes, &nothing, &d);
    if (getenv("ENTENTE_UPDATE") != NULL) {
        FILE *f = fopen(want_path, "wb");

        if (f != NULL) {
            (void)fwrite(heard.text.ptr, 1, heard.text.len, f);
            (void)fclose(f);
        }
    }
    want = file_read(want_path);
    compare(name, want);
    OK(adds_up() && count.readings > 0, "%s: every reading is an event or is refused", name);
    OK(says_nothing_private(), "%s: nothing of a person comes out", name);
    file_free(bytes);
    file_free(want);
}

static void
golden_all(void)
{
    char path[1100];
    struct dirent **names;
    int n;

    (void)snprintf(path, sizeof path, "%s/test/data/plates", source_root());
    n = scandir(path, &names, NULL, alphasort);
    OK(n > 20, "the fixtures are there");
    for (int i = 0; i < n; i++) {
        if (is_input(names[i]->d_name))
            golden(names[i]->d_name);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

/* What the caller gives */

static const struct feed_pair *
pairs(const char *text)
{
    const struct feed_pair *p = NULL;
    struct diag d = {0};

    enum status st = feed_pairs_read(library.set, STR("--with"), str_of(text), &p, &d);

    OK(st == ST_OK, "given: %s %s", text, d.text);
    return p;
}

static bool
heard_is(const char *want)
{
    bool same = str_eq(buf_str(&heard.text), str_of(want));

    if (!same) {
        say_lines("got", buf_str(&heard.text));
        say_lines("wanted", str_of(want));
    }
    return same;
}

static void
test_given(void)
{
    static const char snapshot[] =
        "[{\"version\":1,\"filename\":\"a.jpg\",\"results\":[{\"plate\":\"abc 123\",\"score\":0.9}]}]";
    static const char axis[] =
        "{\"capture_ts\":\"1728235205652000000\",\"plateUTF8\":\"BX 1\",\"plateConfidence\":1,"
        "\"carState\":\"lost\",\"carID\":\"1\"}";
    struct feed_given given = {.by = STR("cam-1"), .pairs = pairs("k = gate-2")};
    struct diag d;

    OK(run(str_of(snapshot), &given, &d) == ST_OK &&
           heard_is("1/1 refused there is no time in timestamp; give one with --at\n"),
       "a message without a time needs one from the caller");
    given.has_at = true;
    given.at_ms = INT64_C(1728235200000);
    OK(run(str_of(snapshot), &given, &d) == ST_OK &&
           heard_is(
               "1/1 event {\"kind\":\"sighting.pass\",\"at\":\"2024-10-06T17:20:00.000Z\",\"by\":\"cam-1\","
               "\"v\":\"ABC123\",\"k\":\"gate-2\"}\n"),
       "with a time, a source and a place from the caller it is an event");
    OK(run(str_of(axis), &given, &d) == ST_OK &&
           heard_is(
               "1/1 event {\"kind\":\"sighting.pass\",\"at\":\"2024-10-06T17:20:05.652Z\",\"by\":\"cam-1\","
               "\"v\":\"BX1\",\"k\":\"gate-2\"}\n"),
       "a time of the message goes before the caller's");
    given.feed = STR("frigate");
    OK(run(str_of(axis), &given, &d) == ST_OK && count.refused == 1,
       "only the feed that the caller names is asked");
    given.feed = STR("");
    given.pairs = pairs("z = outer-2, stand-off = 2 kilometres, k = far");
    OK(run(STR("{\"type\":\"update\",\"after\":{\"id\":\"9.9\",\"camera\":\"none\",\"frame_time\":1728235200.25,"
               "\"label\":\"truck\",\"stationary\":true,\"position_changes\":2,\"end_time\":null,"
               "\"recognized_license_plate\":\"T 1\",\"recognized_license_plate_score\":1}}"),
           &given, &d) == ST_OK &&
           heard_is(
               "1/1 event {\"kind\":\"sighting.stop\",\"at\":\"2024-10-06T17:20:00.250Z\",\"by\":\"cam-1\","
               "\"id\":\"9.9/stop/2\",\"v\":\"T1\",\"z\":\"outer-2\",\"class\":\"large-truck\",\"stand-off\":2000}\n"),
       "the caller can give what makes a stop; a distance is written in metres");
}

/* Documents */

static const char good[] =
    "{\"capture_ts\":\"1728235205652000000\",\"plateUTF8\":\"BX 1\",\"plateConfidence\":1,"
    "\"carState\":\"lost\",\"carID\":\"1\",\"camera_info\":{\"SerialNumber\":\"ACCC00000001\"}}";

static const struct {
    const char *what, *before, *after;
    enum status st;
    uint32_t messages, events, refused;
} documents[] = {
    {"one message", "", "", ST_OK, 1, 1, 0},
    {"blanks around it", " \r\n\t", "\n\n", ST_OK, 1, 1, 0},
    {"a byte order mark before it", "\xef\xbb\xbf", "", ST_OK, 1, 1, 0},
    {"a list of one", "[", "]", ST_OK, 1, 1, 0},
    {"a list with a number in it", "[1,", "]", ST_OK, 2, 1, 1},
    {"a list within a list", "[[", "]]", ST_OK, 1, 0, 1},
    {"a line of its own before it", "{\"a\":1}\n", "", ST_OK, 2, 1, 1},
    {"an empty line between", "{\"a\":1}\n\n  \n", "", ST_OK, 2, 1, 1},
    {"a broken line behind it", "", "\n{\"plate\":", ST_MALFORMED, 2, 1, 1},
    {"a line of another program behind it", "", "\nconnection lost\n", ST_MALFORMED, 2, 1, 1},
    {"something behind it on its line", "", " x", ST_MALFORMED, 1, 0, 1},
    {"UTF-16", "\xff\xfe", "", ST_MALFORMED, 1, 0, 1},
    {"an XML sign before it", "<", "", ST_MALFORMED, 1, 0, 1},
};

static void
test_documents(void)
{
    static const struct feed_given given = {.pairs = NULL};
    char text[1024];
    struct diag d;
    enum status st;

    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        (void)snprintf(text, sizeof text, "%s%s%s", documents[i].before, good, documents[i].after);
        d = (struct diag){0};
        st = run(str_of(text), &given, &d);
        OK(st == documents[i].st && count.messages == documents[i].messages &&
               count.events == documents[i].events && count.refused == documents[i].refused && adds_up(),
           "%s: %u messages, %u events, %u refused %s", documents[i].what, count.messages, count.events,
           count.refused, d.text);
    }
    OK(run(STR("  \n"), &given, &d) == ST_MALFORMED && count.refused == 1, "nothing to read is told");
    OK(run((struct str){NULL, 0}, &given, &d) == ST_MALFORMED && count.refused == 1,
       "no bytes at all are told");
    OK(run(STR("[]"), &given, &d) == ST_INVALID && count.refused == 1, "an empty list is told");
    OK(arena.used == 0, "the arena is given back");
}

static void
hear_line(void *ctx, const struct reading *r)
{
    size_t *line = ctx;

    *line = r->input_line;
}

static void
test_places(void)
{
    static const struct feed_given given = {.pairs = NULL};
    struct diag d = {0};
    enum status st;
    size_t line = 0;

    (void)!codec_plates(STR("\n{\"a\":1}\n\n{\"b\":2}\n{\"c\":"), library.set, &given, &arena, hear_line,
                        &line, &count, &d);
    OK(line == 5, "a message's line in the input is told: %zu", line);
    OK(d.pos >= 18, "a diag's place counts from the start of the input: %u", d.pos);
    arena_back(&arena, 0);
    st = codec_plates(str_of(good), library.set, &given, &(struct arena){0}, hear, &heard, &count, &d);
    OK(st == ST_LIMIT, "an arena that is too small is a limit: %s", d.text);
}

/* A million readings a day fit into seconds; and the work of a line does not grow with the file. */
static void
test_speed(void)
{
    static const struct feed_given given = {.pairs = NULL};
    enum { LINES = 20000 };
    size_t line = sizeof good, len = LINES * line;
    char *text = malloc(len);
    struct diag d;
    double seconds;

    for (size_t i = 0; i < LINES; i++) {
        memcpy(text + i * line, good, line);
        text[i * line + line - 1] = '\n';
    }
    seconds = cpu_seconds();
    heard_reset(&heard);
    OK(codec_plates((struct str){text, len}, library.set, &given, &arena, hear, &heard, &count, &d) ==
               ST_OK &&
           count.events == LINES,
       "%d lines are %d events", LINES, LINES);
    seconds = cpu_seconds() - seconds;
    OK(seconds < 10, "in %.2f s", seconds);
    free(text);
}

/* A message made to be slow: thousands of readings, each with every path to look up. */
static void
test_hostile(void)
{
    static const struct feed_given given = {.pairs = NULL};
    char *text = malloc(1 << 20);
    struct buf b = buf_of(text, 1 << 20);
    struct cost cost;
    enum status st;
    struct diag d = {0};

    put_s(&b, "[");
    for (int message = 0; message < 14; message++) {
        put_s(&b, message > 0 ? "," : "");
        put_s(&b,
              "{\"data\":{\"camera_id\":\"mall-road\",\"timestamp\":\"2024-10-06T17:20:00Z\",\"results\":[0");
        for (int i = 0; i < 4000; i++)
            put_s(&b, ",0");
        put_s(&b, "]}}");
    }
    put_s(&b, "]");
    cost = cost_begin();
    st = run(buf_str(&b), &given, &d);
    cost = cost_end(cost);
    OK(st == ST_OK && count.refused == 14 * 4001, "%u readings are refused one by one %s", count.refused,
       d.text);
    OK(cost.seconds < 1.0 && cost.kib < 64 << 10, "in %.3f s and with %ld KiB more", cost.seconds, cost.kib);
    free(text);
}

/* Real messages, when they are at hand */

static void
real_file(const char *folder, const char *path)
{
    static const char secret[][11] = {"John", "Bob", "delivery"};
    struct feed_given given = {.by = STR("cam-x"), .pairs = pairs("k = somewhere")};
    char full[3000];
    struct str bytes;
    struct diag d = {0};
    enum status st;

    (void)snprintf(full, sizeof full, "%s/%s", folder, path);
    bytes = file_read(full);
    st = run(bytes, &given, &d);
    OK(bytes.ptr != NULL && st == ST_OK && count.readings > 0 && adds_up(),
       "real %s: %u events, %u refused %s", path, count.events, count.refused, d.text);
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        OK(memmem(heard.text.ptr, heard.text.len, secret[i], strlen(secret[i])) == NULL,
           "real %s: no \"%s\" comes out", path, secret[i]);
    }
    say_lines("became", buf_str(&heard.text));
    file_free(bytes);
}

static void
test_real(void)
{
    static const char *const files[] = {"axis/event.json",
                                        "frigate/01_frigate_events.json",
                                        "frigate/02_generative_ai_description_update.json",
                                        "frigate/03_face_recognition_update.json",
                                        "frigate/04_license_plate_recognition_update.json",
                                        "frigate/05_object_classification_update.json",
                                        "frigate/06_object_classification_update.json",
                                        "frigate/07_frigate_reviews.json",
                                        "frigate/08_frigate_triggers.json",
                                        "frigate/events_api_mock.json",
                                        "frigate/reviews_api_mock.json",
                                        "hikvision/anpr.xml",
                                        "platerecognizer/01_README.json",
                                        "platerecognizer/webhook_sample_default_values.json"};
    const char *folder = shared_folder("data/anpr");

    if (folder == NULL) {
        tap_skip("14 real messages of four makers", "ENTENTE_SHARED names no folder with data/anpr");
        return;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        real_file(folder, files[i]);
}

int
main(void)
{
    arena = arena_new(CODEC_ARENA);
    OK(library_read(&library), "the library's feeds and the cameras are read %s", library.diag.text);
    if (library.good) {
        golden_all();
        test_given();
        test_documents();
        test_places();
        test_speed();
        test_hostile();
        test_real();
    }
    library_free(&library);
    arena_free(&arena);
    return tap_end();
}
