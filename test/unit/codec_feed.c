/* SPDX-License-Identifier: Apache-2.0 */
/* The language of feeds: what each mistake is answered with, and what each form does. */
#include "codec_test.h"

#define MESSAGE "feed f version 1 message m when x is set "

static const struct {
    const char *what, *text, *want; /* want: the diag, "" when it is read */
} texts[] = {
    {"nothing", "", ""},
    {"a comment", "-- nothing\n", ""},
    {"a feed that refuses all", "feed f version 1\nmessage m when x is set\n refuse: \"no\"", ""},
    {"words beyond ASCII", "feed f version 1 table t : \xe5\xae\xa2\xe8\xbd\xa6 car", ""},
    {"a camera with all there is",
     "camera \"Gate 1\" of f is cam-1 with k = a, d = 2 minutes, s = \"x y\", n = -5", ""},
    {"the same camera of two feeds", "camera c of f is a camera c of g is b camera c is d", ""},
    {"a misspelt word", "feed f version 1\n\nmesage m",
     "f.feed:3:1: this word is not known; did you mean message?"},
    {"a word from nowhere", "hello",
     "f.feed:1:1: a feed or a camera goes here, as in: feed maker version 1, or: camera north is cam-3 with k = mall-road"},
    {"a part in the wrong order", "message m",
     "f.feed:1:1: this cannot stand here: \"each\" comes first in a message, then refuse, camera, at, id and confidence, "
     "then becomes; sentences, tables and messages stand in a feed"},
    {"each after a setting", MESSAGE "at from t in iso each r in l becomes k",
     "f.feed:1:59: this cannot stand here: \"each\" comes first in a message, then refuse, camera, at, id and confidence, "
     "then becomes; sentences, tables and messages stand in a feed"},
    {"an open quotation", "feed \"f", "f.feed:1:6: a quotation ends on its line; write the closing \""},
    {"a sign that is none", "camera a is b with k = c;",
     "f.feed:1:25: a name holds letters, digits, _ - . and @; write another one in quotes"},
    {"a feed without a version", "feed f\nmessage",
     "f.feed:2:1: \"version\" and its number follow the name of a feed"},
    {"a version that is no number", "feed f version one", "f.feed:1:16: the number of the version goes here"},
    {"the end where more is due", "feed f version",
     "f.feed:1:15: the text ends here; the number of the version goes here"},
    {"a feed twice", "feed f version 1 feed f version 2",
     "f.feed:1:23: a feed of this name is there already; leave one out, or give this one another name"},
    {"a message that is known by nothing", "feed f version 1 message m becomes k",
     "f.feed:1:28: \"when\" and what the message is known by go here, as in: when type is end"},
    {"a message known by its camera", "feed f version 1 message m when camera gives k refuse: \"no\"",
     "f.feed:1:26: a message is known by its own values; write \"camera gives\" behind refuse or becomes"},
    {"a message of which nothing comes", MESSAGE "at from t in iso",
     "f.feed:1:26: this message says nothing of what it becomes; write \"becomes\" and a kind, or \"refuse:\" and the reason"},
    {"an outcome never reached", MESSAGE "becomes a becomes b",
     "f.feed:1:26: in this message nothing behind \"becomes a\" can be reached; give it a \"when\" or write it last"},
    {"a test without is", MESSAGE "refuse when y: \"no\"",
     "f.feed:1:55: \"is\" follows a path, as in: type is end, or: type is set"},
    {"a path that ends in a dot", MESSAGE "refuse when y. is set: \"no\"",
     "f.feed:1:54: the path of a value goes here, such as after.camera"},
    {"a reason that is not there", MESSAGE "refuse: closed",
     "f.feed:1:50: this feed has no sentence of this name; write it above as: sentence closed \"...\""},
    {"a time in no unit", MESSAGE "at from t in years",
     "f.feed:1:55: how the time is written goes here: iso, seconds, milliseconds, microseconds or nanoseconds; "
     "a local time without its offset from UTC cannot be used"},
    {"a floor that none reaches", MESSAGE "confidence from c out of 1, at least 70 becomes k",
     "f.feed:1:53: no reading can reach this floor; write one that is at most what the number is out of"},
    {"a floor that is no number", MESSAGE "confidence from c out of 1, at least high becomes k",
     "f.feed:1:79: a number goes here, such as 0.80"},
    {"a text let through", MESSAGE "becomes k v from name",
     "f.feed:1:63: the text ends here; \"as plate\" or \"by\" a table goes here; a text of a message is not let through as it is"},
    {"a table that is not there",
     "feed f version 1 table class : a b message m when x is set becomes k c from y by clas",
     "f.feed:1:82: this feed has no table of this name; did you mean class?"},
    {"a table nobody wrote", MESSAGE "becomes k c from y by kinds",
     "f.feed:1:64: this feed has no table of this name; write it above as: table kinds : theirs ours"},
    {"a word in a table twice", "feed f version 1 table t : car a, Car b",
     "f.feed:1:35: this word stands in the table twice; leave one out"},
    {"a field twice", MESSAGE "becomes k v is 1 v is 2",
     "f.feed:1:59: this field stands here twice; leave one out"},
    {"a field that each event has", MESSAGE "becomes k by is 1",
     "f.feed:1:52: kind, at, known, by and id stand in every event; \"at\" and \"id\" have their own lines, "
     "the source comes from the camera's line"},
    {"a camera twice", "camera c is a\ncamera c is b",
     "f.feed:2:8: this camera has a line already; leave one out, or say \"of\" which feed each is"},
    {"a camera without a source", "camera c with k = a",
     "f.feed:1:10: \"is\" and who the camera is in the agreement go here, as in: camera north is cam-3"},
    {"a camera that gives nothing", "camera c is a with k",
     "f.feed:1:21: the text ends here; = and a value follow the name of a field, as in: with k = mall-road"},
    {"a number too large", "camera c is a with k = 9999999999999 days",
     "f.feed:1:24: this number is too large to be meant"},
    {"a reading of two words", "feed f version 1 message m when x is set each a.b in l becomes k",
     "f.feed:1:47: the name of a reading is one word, as in: each r in data.results"},
    {"an empty name", "feed \"\" version 1", "f.feed:1:6: the name of the feed goes here"},
    {"bytes that are not UTF-8", "feed \xff version 1",
     "f.feed:1:1: this text is not UTF-8; save it as UTF-8"},
    {"columns count characters", "camera \"\xd8\xa8\xd8\xa8\" if",
     "f.feed:1:13: \"is\" and who the camera is in the agreement go here, as in: camera north is cam-3"},
};

static void
test_texts(void)
{
    struct arena a = arena_new(1 << 16);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct feed_set *set = feed_set_new(&a);
        struct diag d = {0};
        enum status st = feed_read(set, STR("f.feed"), str_of(texts[i].text), &d);
        const char *got = st == ST_OK ? "" : d.text;

        OK(strcmp(got, texts[i].want) == 0, "feed, %s", texts[i].what);
        if (strcmp(got, texts[i].want) != 0)
            printf("# got: %s\n", got);
        arena_back(&a, 0);
    }
    arena_free(&a);
}

/* What each form does: one feed, one message, what is heard. */

#define AT "at from t in seconds "
#define TIME "\"at\":\"2024-10-06T17:20:00.000Z\",\"by\":\"cam-1\""
#define CAMERA " camera c is cam-1 with k = here, n = 3 minutes"

static const struct {
    const char *what, *feed, *message, *want;
} runs[] = {
    {"a constant",
     "message m when x is set camera from c " AT
     "becomes seen k is there n is 2 kilometres s is \"40\"" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}",
     "1/1 event {\"kind\":\"seen\"," TIME ",\"k\":\"there\",\"n\":2000,\"s\":\"40\"}\n"},
    {"what the camera gives",
     "message m when x is set camera from c " AT
     "becomes seen k from camera n from camera o optional from camera" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}",
     "1/1 event {\"kind\":\"seen\"," TIME ",\"k\":\"here\",\"n\":180000}\n"},
    {"a field nobody gives", "message m when x is set camera from c " AT "becomes seen o from camera" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused nobody has said which o goes with camera \"c\"; write it in the camera's line: with o = ...\n"},
    {"a word by a table",
     "table t : \"Big Truck\" big, car small message m when x is set camera from c " AT
     "becomes seen w from x by t" CAMERA,
     "{\"x\":\"BIG truck\",\"c\":\"c\",\"t\":1728235200}",
     "1/1 event {\"kind\":\"seen\"," TIME ",\"w\":\"big\"}\n"},
    {"a word the table does not hold",
     "table t : car small message m when x is set camera from c " AT "becomes seen w from x by t" CAMERA,
     "{\"x\":\"tram\",\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused x has a word that its table does not hold\n"},
    {"the same, optional",
     "table t : car small message m when x is set camera from c " AT
     "becomes seen w optional from x by t" CAMERA,
     "{\"x\":\"tram\",\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"seen\"," TIME "}\n"},
    {"the table's word for all others",
     "table t : car small, else big message m when x is set camera from c " AT
     "becomes seen w from y by t" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"seen\"," TIME ",\"w\":\"big\"}\n"},
    {"nothing for a table",
     "table t : car small message m when x is set camera from c " AT "becomes seen w from y or z by t" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused there is nothing in y or z, which w comes from\n"},
    {"a plate that is left out",
     "message m when x is set camera from c " AT "becomes seen v optional from y as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"y\":\"\"}", "1/1 event {\"kind\":\"seen\"," TIME "}\n"},
    {"a plate of digits sent as a number",
     "message m when x is set camera from c " AT "becomes seen v from y as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"y\":12345}",
     "1/1 event {\"kind\":\"seen\"," TIME ",\"v\":\"12345\"}\n"},
    {"a number that is no plate",
     "message m when x is set camera from c " AT "becomes seen v from y as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"y\":1.5}", "1/1 refused y is no text\n"},
    {"yes is no plate", "message m when x is set camera from c " AT "becomes seen v from y as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"y\":true}", "1/1 refused y is no text\n"},
    {"words for no plate",
     "message m when x is set camera from c " AT
     "becomes seen v from y as plate unless none or \"no plate\"" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"y\":\"No Plate\"}", "1/1 refused y says there is no plate\n"},
    {"the first path that holds a value",
     "message m when x is set camera from c " AT "becomes seen v from a or b or d as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"a\":null,\"b\":{\"v\":\"no\"},\"d\":\"yes\"}",
     "1/1 event {\"kind\":\"seen\"," TIME ",\"v\":\"YES\"}\n"},
    {"the first outcome that holds",
     "message m when x is set camera from c " AT
     "becomes a when x is 2 and y is set becomes b when x is not one of 1, 2 becomes d" CAMERA,
     "{\"x\":2,\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"d\"," TIME "}\n"},
    {"an outcome by what the camera gives",
     "message m when x is set camera from c " AT
     "becomes a when camera gives k, z becomes b when camera gives k, n" CAMERA,
     "{\"x\":2,\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"b\"," TIME "}\n"},
    {"no outcome that holds", "message m when x is set camera from c " AT "becomes a when x is 3" CAMERA,
     "{\"x\":2,\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused nothing in message m of its feed says what such a reading becomes\n"},
    {"what is not there is not one of them",
     "message m when x is set refuse when y is not one of a, b: \"no\" becomes k", "{\"x\":1}",
     "1/1 refused no\n"},
    {"empty texts, lists and objects are not set",
     "message m when x is set refuse when a is set: \"a\" refuse when b is set: \"b\" refuse when c is set: \"c\" refuse when d is not set: \"d\" becomes k",
     "{\"x\":false,\"a\":\"\",\"b\":[],\"c\":{},\"d\":null}", "1/1 refused d\n"},
    {"the first reason of several",
     "sentence s \"first\" message m when x is set refuse when x is 1: s refuse: \"second\"", "{\"x\":1}",
     "1/1 refused first\n"},
    {"an id of several parts",
     "message m when x is set camera from c " AT "id from \"p\", x, number, at becomes k" CAMERA,
     "{\"x\":\"i-7\",\"c\":\"c\",\"t\":1728235200}",
     "1/1 event {\"kind\":\"k\"," TIME ",\"id\":\"p/i-7/0/2024-10-06T17:20:00.000Z\"}\n"},
    {"an id of which a part is missing",
     "message m when x is set camera from c " AT "id from x, y becomes k" CAMERA,
     "{\"x\":\"i-7\",\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"k\"," TIME "}\n"},
    {"an id with a blank", "message m when x is set camera from c " AT "id from x becomes k" CAMERA,
     "{\"x\":\"i 7\",\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused the message's id is too long or holds blanks, quotes or characters beyond ASCII\n"},
    {"an outcome's own time and id",
     "message m when x is set camera from c at from z in iso id from z becomes k at from t in seconds id from x" CAMERA,
     "{\"x\":\"i-7\",\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"k\"," TIME ",\"id\":\"i-7\"}\n"},
    {"a time in two ways",
     "message m when x is set camera from c at from z in nanoseconds or t in seconds becomes k" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"z\":\"0\"}", "1/1 event {\"kind\":\"k\"," TIME "}\n"},
    {"a time that is an object", "message m when x is set camera from c " AT "becomes k" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":{\"s\":1}}", "1/1 refused t holds more than one value\n"},
    {"certain enough, out of a hundred",
     "message m when x is set camera from c " AT "confidence from x out of 100, at least 70 becomes k" CAMERA,
     "{\"x\":\"70\",\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"k\"," TIME "}\n"},
    {"not certain enough",
     "message m when x is set camera from c " AT "confidence from x out of 1, at least 0.7 becomes k" CAMERA,
     "{\"x\":0.69999999,\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused x is 0.69999999, below the floor of 0.7\n"},
    {"more certain than can be",
     "message m when x is set camera from c " AT "confidence from x out of 1, at least 0.7 becomes k" CAMERA,
     "{\"x\":97,\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused x should say how certain the reading is, and is no number in its range\n"},
    {"nobody says how certain",
     "message m when x is set camera from c " AT
     "confidence from y or z out of 1, at least 0.7 becomes k" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}",
     "1/1 refused how certain the reading is should stand in y or z, and nothing does\n"},
    {"nobody needs to",
     "message m when x is set camera from c " AT
     "confidence optional from y out of 1, at least 0.7 becomes k" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}", "1/1 event {\"kind\":\"k\"," TIME "}\n"},
    {"a list of readings",
     "message m when x is set each r in l camera from c " AT
     "id from number refuse when r.a is 2: \"two\" becomes k v from r.p as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"l\":[{\"a\":1,\"p\":\"a\"},{\"a\":2},{\"a\":3,\"p\":\"b\"}]}",
     "1/1 event {\"kind\":\"k\"," TIME
     ",\"id\":\"0\",\"v\":\"A\"}\n1/2 refused two\n1/3 event {\"kind\":\"k\"," TIME
     ",\"id\":\"2\",\"v\":\"B\"}\n"},
    {"a list of plain values",
     "message m when x is set each r in l camera from c " AT "becomes k v from r as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"l\":[\"a\",7]}",
     "1/1 event {\"kind\":\"k\"," TIME ",\"v\":\"A\"}\n1/2 event {\"kind\":\"k\"," TIME ",\"v\":\"7\"}\n"},
    {"one value where a list could stand",
     "message m when x is set each r in l camera from c " AT "becomes k v from r.p as plate" CAMERA,
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200,\"l\":{\"p\":\"a\"}}",
     "1/1 event {\"kind\":\"k\"," TIME ",\"v\":\"A\"}\n"},
    {"an empty list", "message m when x is set each r in l camera from c becomes k", "{\"x\":1,\"l\":[]}",
     "1/1 refused there is no reading in l\n"},
    {"no list", "message m when x is set each r in l camera from c becomes k", "{\"x\":1,\"l\":null}",
     "1/1 refused there is no reading in l\n"},
    {"elements of XML that repeat",
     "message m when m.x is set each r in m.l camera from m.@c at from m.t in seconds becomes k v from r.p as plate" CAMERA,
     "<m c='c'><x>1</x><l><p>a</p></l><t>1728235200</t><l><p>b</p></l></m>",
     "1/1 event {\"kind\":\"k\"," TIME ",\"v\":\"A\"}\n1/2 event {\"kind\":\"k\"," TIME ",\"v\":\"B\"}\n"},
    {"the name by which a line knows the camera",
     "message m when x is set camera from a or b or c " AT "becomes k" CAMERA,
     "{\"x\":1,\"a\":\"other\",\"b\":null,\"c\":\"c\",\"t\":1728235200}",
     "1/1 event {\"kind\":\"k\"," TIME "}\n"},
    {"a line of this feed before one for any",
     "message m when x is set camera from c " AT "becomes k k from camera" CAMERA
     " camera c of f is cam-2 with k = f camera c of g is cam-3",
     "{\"x\":1,\"c\":\"c\",\"t\":1728235200}",
     "1/1 event {\"kind\":\"k\",\"at\":\"2024-10-06T17:20:00.000Z\",\"by\":\"cam-2\",\"k\":\"f\"}\n"},
    {"a camera nobody knows", "message m when x is set camera from c " AT "becomes k" CAMERA,
     "{\"x\":1,\"c\":\"d\\n\\u0022\",\"t\":1728235200}",
     "1/1 refused nobody has said who camera \"...\" is; write a line for it in a feed file (camera NAME is SOURCE with ...), or give the source with --by\n"},
    {"no camera at all", "message m when x is set " AT "becomes k" CAMERA, "{\"x\":1,\"t\":1728235200}",
     "1/1 refused nobody has said who this camera is; write a line for it in a feed file (camera NAME is SOURCE with ...), or give the source with --by\n"},
    {"a value too long to be one",
     "message m when x is set camera from c " AT "becomes k v from x as plate" CAMERA, NULL,
     "1/1 refused x is longer than any value that is read\n"},
    {"a message nobody knows", "message m when x is set refuse: \"no\"", "{\"y\":1}",
     "1/1 refused no feed knows this message; the feeds loaded are f\n"},
};

static struct heard heard;

/* The message of row i; a row without one stands for a value of 2,000 letters. */
static struct str
message_of(size_t i, char *room, size_t size)
{
    if (runs[i].message != NULL)
        return str_of(runs[i].message);
    (void)snprintf(room, size, "{\"c\":\"c\",\"t\":1728235200,\"x\":\"%02000d\"}", 0);
    return str_of(room);
}

static void
test_runs(void)
{
    static const struct feed_given given = {.has_at = false};
    struct arena feeds = arena_new(1 << 16), work = arena_new(CODEC_ARENA);
    static char text[2048], room[4096];

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct feed_set *set = feed_set_new(&feeds);
        struct diag d = {0};
        enum status st;
        struct reading_count count = {0};

        (void)snprintf(text, sizeof text, "feed f version 1 %s", runs[i].feed);
        heard_reset(&heard);
        st = feed_read(set, STR("f.feed"), str_of(text), &d);
        if (st == ST_OK)
            st = codec_plates(message_of(i, room, sizeof room), set, &given, &work, hear, &heard, &count, &d);
        OK(st == ST_OK && str_eq(buf_str(&heard.text), str_of(runs[i].want)), "feed does: %s %s",
           runs[i].what, d.text);
        if (!str_eq(buf_str(&heard.text), str_of(runs[i].want)))
            say_lines("got", buf_str(&heard.text));
        arena_back(&feeds, 0);
    }
    arena_free(&feeds);
    arena_free(&work);
}

/* What a caller may ask of a set. */

static void
list_kind(void *ctx, struct str feed, struct str kind, struct str field, bool optional)
{
    struct buf *b = ctx;

    if (field.len == 0) {
        put(b, feed);
        put_c(b, ':');
        put(b, kind);
    } else {
        put_c(b, optional ? '?' : ' ');
        put(b, field);
    }
}

static void
test_visit(void)
{
    static const char text[] =
        "feed f version 1 message m when x is set becomes a.b when x is 1 v from x as plate becomes c "
        "feed g version 1 message m when y is set becomes d n optional from camera k is 1";
    struct arena a = arena_new(1 << 16);
    struct feed_set *set = feed_set_new(&a);
    struct diag d = {0};
    char bytes[200];
    struct buf b = buf_of(bytes, sizeof bytes);

    OK(feed_read(set, STR("f.feed"), str_of(text), &d) == ST_OK, "two feeds are read %s", d.text);
    feed_visit_kinds(set, list_kind, &b);
    OK(str_eq(buf_str(&b), STR("f:a.b vf:cg:d?n k")), "their kinds and fields can be asked for: %.*s",
       STR_FMT(buf_str(&b)));
    arena_free(&a);
}

static void
test_pairs(void)
{
    struct arena a = arena_new(1 << 16);
    struct feed_set *set = feed_set_new(&a);
    const struct feed_pair *pairs = NULL;
    struct diag d = {0};

    OK(feed_pairs_read(set, STR("--with"), STR("k = a, n = 2 metres"), &pairs, &d) == ST_OK && pairs != NULL,
       "pairs are read");
    OK(feed_pairs_read(set, STR("--with"), STR("k = a n = 2"), &pairs, &d) == ST_MALFORMED,
       "a comma is missed");
    OK(strcmp(d.text, "--with:1:7: a comma and the next field go here, or nothing") == 0, "and said: %s",
       d.text);
    OK(feed_pairs_read(set, STR("--with"), STR(""), &pairs, &d) == ST_MALFORMED, "nothing is no pair");
    arena_free(&a);
}

/* With any amount of memory a feed is read or said to be too large, and never more. */
static void
test_memory(void)
{
    struct str text = source_file("library/frigate.feed");
    size_t size = 0;
    enum status st = ST_LIMIT;
    bool good = true;
    struct diag d = {0};

    for (; st == ST_LIMIT && size < 1 << 18; size += 97) {
        struct arena a = arena_new(size);
        struct feed_set *set = feed_set_new(&a);

        st = set == NULL ? ST_LIMIT : feed_read(set, STR("f.feed"), text, &d);
        good = good && (st == ST_OK || st == ST_LIMIT);
        arena_free(&a);
    }
    OK(good && st == ST_OK, "frigate.feed is read with %zu bytes, and is too large for fewer: %s", size,
       d.text);
    file_free(text);
}

int
main(void)
{
    test_texts();
    test_runs();
    test_visit();
    test_pairs();
    test_memory();
    return tap_end();
}
