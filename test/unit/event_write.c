/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical line, byte by byte, and that reading and writing undo each other. */
#include "event_test.h"

#include <dirent.h>
#include "base/text.h"
#include "os/file.h"

enum { PLACE = 7, LINE = 1 << 17 };

/* Short line, canonical line, the same closed with the drill keys at place 7, and SHA-256 of a NUL
 * byte and that: its leaf in the log. Worked out by a few lines of Python (json, hmac, hashlib) that
 * know doc/entry.5 and nothing of this code. ' stands for ". */
static const struct {
    const char *what, *brief, *open, *closed, *leaf;
} golden[] = {
    {"the opening",
     "{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z','by':'host and guest','zone':'UTC',"
     "'texts':{'small.accord':'9f86d081','a.accord':'60303ae2'},'appointments':{'post.leader':['Aslam','Beg'],"
     "'host.commander':'Shah'},'begins':'complete','clock':'drill','version':2,'agreement':'Small'}",
     "{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z','known':'2024-09-27T17:20:00.000Z',"
     "'by':'host and guest','agreement':'Small','version':2,'clock':'drill','begins':'complete',"
     "'appointments':{'host.commander':'Shah','post.leader':['Aslam','Beg']},'texts':{'a.accord':'60303ae2',"
     "'small.accord':'9f86d081'},'zone':'UTC'}",
     "{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z','known':'2024-09-27T17:20:00.000Z',"
     "'by':'host and guest','agreement':'Small','version':2,'clock':'drill','begins':'complete',"
     "'appointments':{'host.commander':'~xsvvrmkrbb1fvh50','post.leader':['~0svjte9ndpzfks29',"
     "'~k4e1h88ep0eaxq2w']},'texts':{'a.accord':'60303ae2','small.accord':'9f86d081'},'zone':'UTC'}",
     "37050536d20b5deaac94d0ab2e04295192d74688618fe1803458c19f4cbddaa4"},
    {"a role",
     "{'at':'2024-09-27T17:20:00.000Z','by':'Shah','kind':'appointment.made','role':'guest.liaison',"
     "'who':'Li'}",
     "{'kind':'appointment.made','at':'2024-09-27T17:20:00.000Z','known':'2024-09-27T17:20:00.000Z',"
     "'by':'Shah','who':'Li','role':'guest.liaison'}",
     "{'kind':'appointment.made','at':'2024-09-27T17:20:00.000Z','known':'2024-09-27T17:20:00.000Z',"
     "'by':'~xsvvrmkrbb1fvh50','who':'~csexwr3268kakd05','role':'guest.liaison'}",
     "fc03f12706eb7608d676e6695beed1f051688b1cf3f05f7edb780bb32e287ef5"},
    {"a stop",
     "{'kind':'sighting.stop','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:01.204Z','by':'cam-3',"
     "'id':'c3-8812','v':'X','z':'outer-1','class':'pickup'}",
     "{'kind':'sighting.stop','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:01.204Z','by':'cam-3',"
     "'id':'c3-8812','v':'X','z':'outer-1','class':'pickup'}",
     "{'kind':'sighting.stop','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:01.204Z',"
     "'by':'~79pxpzf10grdqkvr','id':'c3-8812','v':'~e0cwc1zmpfzz20d7','z':'outer-1','class':'pickup'}",
     "d4cc2b8c5281023aef2bd9264894db80c831f833fa5e95367881c7c97bdabbcc"},
    {"any order, blanks, tokens",
     "{ 'kind' : 'sighting.stop', 'stand-off' : 85, 'class' : 'car', 'z' : 'outer-1',"
     " 'v' : '~0123456789abcdef',\t'by' : '~q7m2k1x0v4tz9a5c', 'at' : '2024-10-06T17:20:00.000Z' } ",
     "{'kind':'sighting.stop','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'~q7m2k1x0v4tz9a5c','v':'~0123456789abcdef','z':'outer-1','class':'car','stand-off':85}",
     "{'kind':'sighting.stop','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'~q7m2k1x0v4tz9a5c','v':'~0123456789abcdef','z':'outer-1','class':'car','stand-off':85}",
     "82511941f5bffd38a3783b550686c6fa70fb927dae275b36e9d7f706c1dee0d9"},
    {"a time, a duration, a count",
     "{'kind':'movement.ordered','at':'2024-10-06T17:20:00.000Z','by':'Shah','m':'M-PQ',"
     "'departure':'2024-10-06T18:00:00.000Z','lead':86400000,'seats':-0}",
     "{'kind':'movement.ordered','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'Shah','m':'M-PQ','departure':'2024-10-06T18:00:00.000Z','lead':86400000,'seats':0}",
     "{'kind':'movement.ordered','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'~xsvvrmkrbb1fvh50','m':'M-PQ','departure':'2024-10-06T18:00:00.000Z','lead':86400000,'seats':0}",
     "859323b52458a7d1f15ed70de2be66634a42dea4a060af6de177e87f6f6f59d2"},
    {"a text with escapes, true",
     "{'kind':'movement.note','at':'2024-10-06T17:20:00.000Z','by':'Aslam','m':'M-PQ',"
     "'text':'a \\'quoted\\' caf\\u00e9 \\\\ کراچی \\ud83d\\ude97 \\/','moving':true,'s':'guest'}",
     "{'kind':'movement.note','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'Aslam',"
     "'m':'M-PQ','text':'a \\'quoted\\' café \\\\ کراچی 🚗 /','moving':'yes','s':'guest'}",
     "{'kind':'movement.note','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'~0svjte9ndpzfks29','m':'M-PQ','text':'a \\'quoted\\' café \\\\ کراچی 🚗 /','moving':'yes',"
     "'s':'guest'}",
     "28f4c577b80921630d3292160e3fa38444a2df6c59a592fdc9ec26f961cda103"},
    {"two private things",
     "{'kind':'touched.seen','at':'2024-10-06T17:20:00.000Z','by':'shell','x':'Ann','who':'Ann'}",
     "{'kind':'touched.seen','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'x':'Ann','who':'Ann'}",
     "{'kind':'touched.seen','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'x':'~7y2e7eepgke7y1yx','who':'~7y2e7eepgke7y1yx'}",
     "ebc8bba1cd39cd2f991eee188c3b82f8d79aedbefa2f7367648c207145b8b882"},
    {"places",
     "{'kind':'zone.drawn','at':'2024-10-06T17:20:00.000Z','by':'Noor','z':'outer-1','spot':[67.16,24.9],"
     "'edge':[[-0.0,0],[180,-90]],'ring':[[67.1552,24.9012],[67.1581,24.9012],[67.1581,24.9034],[67.1552000,"
     "24.9034000]]}",
     "{'kind':'zone.drawn','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'Noor',"
     "'z':'outer-1','spot':[67.1600000,24.9000000],'edge':[[0.0000000,0.0000000],[180.0000000,-90.0000000]],"
     "'ring':[[67.1552000,24.9012000],[67.1581000,24.9012000],[67.1581000,24.9034000],[67.1552000,"
     "24.9034000]]}",
     "{'kind':'zone.drawn','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'~r2zgypkxmmv7dc2b','z':'outer-1','spot':[67.1600000,24.9000000],'edge':[[0.0000000,0.0000000],"
     "[180.0000000,-90.0000000]],'ring':[[67.1552000,24.9012000],[67.1581000,24.9012000],[67.1581000,"
     "24.9034000],[67.1552000,24.9034000]]}",
     "5fbaf7239328fbcd806a9b85da2c4d640eef3fd8f9e0f754c35f6f57008bea5c"},
    {"all sealed",
     "{'kind':'seal.all','at':'2024-10-06T17:20:00.000Z','by':'Aslam','m':'M-PQ','text':'two men, one bag',"
     "'spot':[67.1552,24.9012],'due':'2024-10-06T18:00:00.000Z','n':42,'class':'van','q':'Ann','edge':[[1,2],"
     "[3,4.5]]}",
     "{'kind':'seal.all','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'Aslam',"
     "'m':'M-PQ','text':'two men, one bag','spot':[67.1552000,24.9012000],'due':'2024-10-06T18:00:00.000Z',"
     "'n':42,'class':'van','q':'Ann','edge':[[1.0000000,2.0000000],[3.0000000,4.5000000]]}",
     "{'kind':'seal.all','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'~0svjte9ndpzfks29','m':'M-PQ',"
     "'text':'seal:d0e8c92a285d399ad18c96b9f3569974fba5dcd84a912f93cd289a24c1fff0b1',"
     "'spot':'seal:b0ce3fce752be4fd48e1d532ce5ecbdad237d9e087b150e661a41d06ce64d2b5',"
     "'due':'seal:467000218e0c7e8bdfbf9d756deb03da9f9b0b0fbf66524f9fd417e14ad46f92',"
     "'n':'seal:182417b669c8a2caea11c210080c1420498056e7070cc5b52e071edf82daedfb',"
     "'class':'seal:1062069c04c4c4d1b2575c2a9d758103d10224f9da87158c2983b85c4cf84446',"
     "'q':'seal:157da2e9c65c60f44eccfcbd530e3771da417389ab013d34f1c0c8877723cc36',"
     "'edge':'seal:763989b57693534002cea36b4ba3bd96a75e34618bb69c8a4b602253c5bb0a11'}",
     "d2d13ae7bc53bac760e405227e2c071d2c6e1f5db2d7a4b9bc92c46f78bce218"},
    {"commitments given",
     "{'kind':'seal.all','at':'2024-10-06T17:20:00.000Z','by':'Aslam','m':'M-PQ',"
     "'text':'seal:0a041b343daf871d8b0b3768','spot':'seal:1','n':'seal:43503ffc6287cb4d13dea4c8'}",
     "{'kind':'seal.all','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'Aslam',"
     "'m':'M-PQ','text':'seal:0a041b343daf871d8b0b3768','spot':'seal:1','n':'seal:43503ffc6287cb4d13dea4c8'}",
     "{'kind':'seal.all','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z',"
     "'by':'~0svjte9ndpzfks29','m':'M-PQ','text':'seal:0a041b343daf871d8b0b3768','spot':'seal:1',"
     "'n':'seal:43503ffc6287cb4d13dea4c8'}",
     "bd87279fc20cd7cbd0098142986cc06498b542169523eb3737bc75ae09058d0e"},
    {"a tick",
     "{'kind':'tick','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.001Z'}",
     "{'kind':'tick','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.001Z'}",
     "{'kind':'tick','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.001Z'}",
     "a344f22b250a261a35a8b2098dd7e1ddc4e9c65781b7471ea8062cbc162571a5"},
    {"the sun",
     "{'kind':'sun.down','at':'2024-10-06T17:20:00.000Z','by':'shell','sun':'daylight'}",
     "{'kind':'sun.down','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'sun':'daylight'}",
     "{'kind':'sun.down','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'sun':'daylight'}",
     "c3cea4d966700aa7ec51fbe5477c9e0cbb18db0c90be96ddc75a6a62e86174f8"},
    {"the zone",
     "{'kind':'zone.changed','at':'2024-10-06T17:20:00.000Z','by':'shell','offset':-16200000}",
     "{'kind':'zone.changed','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'offset':-16200000}",
     "{'kind':'zone.changed','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'offset':-16200000}",
     "cc4379ca7e3ef64f34b8620d2b1693a0d7ddcf31209f1e30ba4f88eae078d8c2"},
    {"a refusal",
     "{'kind':'refused','at':'2024-10-06T17:20:00.000Z','by':'shell','tried':'movement.ordered',"
     "'why':'no grant','hash':'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'}",
     "{'kind':'refused','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'tried':'movement.ordered','why':'no grant',"
     "'hash':'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'}",
     "{'kind':'refused','at':'2024-10-06T17:20:00.000Z','known':'2024-10-06T17:20:00.000Z','by':'shell',"
     "'tried':'movement.ordered','why':'no grant',"
     "'hash':'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'}",
     "bcf76530662496f61c3cdd0e0212c1cf206360c5cd88ae00c16972b580b7f54e"},
};

static char out_bytes[LINE];
static struct buf out;

static struct str
write_line(const struct program *p, const struct event *e)
{
    out = buf_of(out_bytes, sizeof out_bytes);
    event_write(p, e, &out);
    return buf_str(&out);
}

static bool
is_leaf(struct str line, const char *hex)
{
    struct sha256 s;
    struct hash h;
    uint8_t want[32];

    sha256_init(&s);
    sha256_add(&s, "", 1);
    sha256_add(&s, line.ptr, line.len);
    h = sha256_end(&s);
    return hex_read(str_of(hex), want, sizeof want) && memcmp(h.b, want, sizeof want) == 0;
}

static void
test_golden(const struct program *p, size_t i)
{
    struct event e;

    if (!OK(test_read(p, test_line(golden[i].brief), &e) == ST_OK, "%s is read", golden[i].what)) {
        printf("# %s\n", diag.text);
        return;
    }
    OK(str_eq(write_line(p, &e), test_line(golden[i].open)), "its canonical line");
    event_close(p, &drill_keys, PLACE, &scratch, &e);
    OK(str_eq(write_line(p, &e), test_line(golden[i].closed)), "its closed line");
    OK(is_leaf(buf_str(&out), golden[i].leaf) && !out.full && !scratch.full, "its leaf");
}

/* One line and what reading and writing must keep of it; "" or what is wrong. */
static const char *
round_trip(const struct program *p, struct str line)
{
    static char first_bytes[LINE], again_bytes[EVENT_SCRATCH];
    struct buf first = buf_of(first_bytes, sizeof first_bytes), again = buf_of(again_bytes, sizeof again_bytes);
    struct event e, f;

    if (test_read(p, line, &e) != ST_OK)
        return diag.text;
    for (unsigned closed = 0; closed < 2; closed++) {
        first.len = again.len = 0;
        event_write(p, &e, &first);
        if (event_read(p, buf_str(&first), &again, &f, &diag) != ST_OK)
            return diag.text;
        if (!test_same(p, &e, &f))
            return "the event read back is another";
        if (!str_eq(write_line(p, &f), buf_str(&first)))
            return "writing again gives other bytes";
        event_close(p, &drill_keys, PLACE, &scratch, &e);
    }
    event_close(p, &drill_keys, PLACE + 1, &scratch, &e); /* what is closed stays as it is */
    return str_eq(write_line(p, &e), buf_str(&first)) ? "" : "closing twice makes a difference";
}

static void
test_round_trips(const struct program *p)
{
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        const char *wrong = round_trip(p, test_line(golden[i].brief));

        OK(wrong[0] == '\0', "round trip: %s%s%s", golden[i].what, wrong[0] == '\0' ? "" : ": ", wrong);
    }
}

/* The event as it was read, written with another `known`: what the log's door does. */
static void
test_known(const struct program *p)
{
    struct event e;

    OK(test_read(p, test_line("{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z','by':'x','version':2}"), &e) ==
           ST_OK && !e.has_known && e.known == e.at, "without `known` it is `at`");
    e.known += 1500;
    OK(str_eq(write_line(p, &e), test_line("{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z',"
                                           "'known':'2024-09-27T17:20:01.500Z','by':'x','version':2}")),
       "the time it became known is the event's, not that of the line it came from");
    OK(test_read(p, test_line("{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z','by':'x'}"), &e) == ST_OK &&
           str_eq(write_line(p, &e), test_line("{'kind':'theatre.opened','at':'2024-09-27T17:20:00.000Z',"
                                               "'known':'2024-09-27T17:20:00.000Z','by':'x'}")),
       "an opening with a header only");
}

/* A buffer that is too small is full, and nothing is written behind it. */
static void
test_full(const struct program *p)
{
    struct event e;
    unsigned good = 0;
    size_t len;

    (void)!test_read(p, test_line(golden[2].brief), &e);
    len = write_line(p, &e).len;
    for (size_t cap = 0; cap < len; cap++) {
        char *bytes = malloc(cap + 1);
        struct buf b = buf_of(bytes, cap);

        event_write(p, &e, &b);
        good += b.full && b.len == cap && memcmp(bytes, out_bytes, cap) == 0;
        free(bytes);
    }
    OK(good == len, "%zu buffers too small are full", len);
}

/* The scenarios beside the repository -------------------------------------------------------- */

static const struct program *
shared_program(const char *shared)
{
    static const char *const names[] = {"library/protection.accord", "library/coordination.accord", "karachi.accord"};
    static struct accord_text texts[3];

    for (unsigned i = 0; i < 3; i++) {
        char path[512];

        snprintf(path, sizeof path, "%s/draft/%s", shared, names[i]);
        texts[i].name = str_of(names[i]);
        if (os_file_read(&test_arena, path, ACCORD_TEXT_MAX, &texts[i].source, &diag) != ST_OK)
            return NULL;
    }
    return test_program_of(texts, 3);
}

static void
test_scenario(const struct program *p, const char *shared, const char *name)
{
    char path[512];
    struct str all, line;
    size_t mark = test_arena.used;
    unsigned good = 0, n = 0;

    snprintf(path, sizeof path, "%s/scenarios/%s", shared, name);
    if (!OK(os_file_read(&test_arena, path, 1 << 22, &all, &diag) == ST_OK, "%s: %s", name, diag.text))
        return;
    for (; all.len > 0; all = str_cut(all, line.len + 1, all.len), n++) {
        const char *end = memchr(all.ptr, '\n', all.len), *wrong;

        line = str_cut(all, 0, end == NULL ? all.len : (size_t)(end - all.ptr));
        wrong = round_trip(p, line);
        good += wrong[0] == '\0';
        if (wrong[0] != '\0')
            printf("# %s:%u: %s\n", name, n + 1, wrong);
    }
    OK(n > 0 && good == n, "%s: %u lines come back as they were", name, n);
    arena_back(&test_arena, mark);
}

static void
test_scenarios(void)
{
    const char *shared = getenv("ENTENTE_SHARED");
    const struct program *p = shared == NULL ? NULL : shared_program(shared);
    char path[512];
    unsigned files = 0;
    DIR *dir;

    snprintf(path, sizeof path, "%s/scenarios", shared == NULL ? "" : shared);
    dir = p == NULL ? NULL : opendir(path);
    if (dir == NULL) {
        tap_skip("round trips of the scenarios", "ENTENTE_SHARED names no folder with texts and scenarios");
        return;
    }
    for (const struct dirent *d = readdir(dir); d != NULL; d = readdir(dir)) {
        size_t len = strlen(d->d_name);

        if (strncmp(d->d_name, "karachi", 7) == 0 && len > 6 && strcmp(d->d_name + len - 6, ".jsonl") == 0) {
            test_scenario(p, shared, d->d_name);
            files++;
        }
    }
    closedir(dir);
    OK(files > 0, "%u scenarios", files);
}

int
main(void)
{
    const struct program *p = test_program();

    OK(p != NULL, "the small agreement is read");
    if (p != NULL) {
        for (size_t i = 0; i < sizeof golden / sizeof *golden; i++)
            test_golden(p, i);
        test_round_trips(p);
        test_known(p);
        test_full(p);
        test_scenarios();
    }
    return tap_end();
}
