/* SPDX-License-Identifier: Apache-2.0 */
/* A log means the same however it is cut.
 *
 * The events of each example become a log, with ticks where something falls due: live, through the door. Then the log
 * alone is judged again, line by line, and said alike. Then it is cut: the first k lines are judged, the state's hash
 * and the root are asked, the memory is put aside, the rest is judged; the memory is brought back, and the rest judged
 * once more. What was said up to k must be what the whole says first, and what comes behind must be the whole's end.
 * At last, ticks that nobody asked for stand between the lines, or those that were due are missing, and nothing else
 * is said than before but for the places of entries. Of the small log every k is tried, of the large ones some by
 * seed. */
#include <dirent.h>
#include <stdlib.h>
#include "base/stamp.h"
#include "core/core.h"
#include "os/file.h"
#include "os/memory.h"
#include "rng.h"
#include "tap.h"
#include "view/lines.h"

enum { LOG_MAX = 8192, SAID_MAX = 64 << 20, CORE_ARENA = 64 << 20, CUTS = 24 };

static const struct capacity small = {
    .rows = 1u << 13, .stamps = 1u << 13, .edges = 1u << 15, .cells = 1u << 14, .duties = 1u << 12,
    .proofs = 1u << 15, .symbols = 1u << 12, .symbol_bytes = 1u << 16,
};

static const struct program *program;
static struct str name_of_nobody(void *context, struct str token);
static struct view view = {.clear = name_of_nobody};

/* What a core said. */
struct said {
    struct buf lines;    /* as `run --json` says it, but for what the door refused */
    struct buf unplaced; /* the same without the places of entries, and of dates also without ticks */
};

struct judge {
    struct arena arena;
    struct core *core;
    struct said *said;
};

/* The log of an example, and what was known after each of its lines. */
struct log {
    struct arena arena;
    struct str line[LOG_MAX];
    int64_t known[LOG_MAX];
    struct hash state[LOG_MAX + 1], root[LOG_MAX + 1];
    size_t lines[LOG_MAX + 1]; /* bytes said when so many lines were judged */
    uint32_t n;
};

static struct log whole;
static struct said live, replayed, again;

static struct str
name_of_nobody(void *context, struct str token)
{
    (void)context;
    (void)token;
    return STR("");
}

static void
put_number(struct buf *b, const char *name, int64_t n)
{
    put_s(b, name);
    put_i(b, n);
}

/* A finding is named by its sentence and the index of an entry: the index is left out. */
static void
put_subject_unplaced(const struct verdict *v, struct buf *b)
{
    char text[8192];
    struct buf s = buf_of(text, sizeof text);
    bool index = false;

    put_subject_json(&view, v, &s);
    for (size_t i = 0; i < s.len; i++) {
        index = s.ptr[i] == '/' || (index && ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || s.ptr[i] == '.'));
        if (!index)
            put_c(b, s.ptr[i]);
    }
}

/* No index of an entry stands here. */
static void
put_unplaced(const struct out *o, struct buf *b)
{
    put_number(b, "type ", o->type);
    put_number(b, " at ", o->at);
    if (o->type == OUT_VERDICT || o->type == OUT_TELL) {
        const struct verdict *v = o->verdict;

        put_number(b, " sentence ", v->sentence);
        put_number(b, " value ", v->value);
        put_number(b, " severity ", o->type == OUT_TELL ? o->severity : v->severity);
        put_number(b, " onset ", v->onset);
        put_number(b, " deadline ", v->deadline);
        put_number(b, " end ", v->end);
        put_subject_unplaced(v, b);
    }
    if (o->type == OUT_GATE) {
        put_number(b, " gate ", o->gate);
        put_number(b, " value ", o->value);
    }
    if (o->type == OUT_CASE) {
        put_number(b, " sentence ", o->sentence);
        put_number(b, " severity ", o->severity);
        put_number(b, " open ", o->nopen);
    }
    put_c(b, '\n');
}

static void
hear(void *context, const struct out *o)
{
    struct judge *j = context;

    if (o->type == OUT_REFUSED)
        return; /* said at the door, which a log has passed */
    view.symbols = &j->core->symbols;
    put_out_json(&view, o, &j->said->lines);
    put_c(&j->said->lines, '\n');
    put_unplaced(o, &j->said->unplaced);
}

static void
said_begin(struct said *s)
{
    if (s->lines.ptr == NULL) {
        s->lines = buf_of(malloc(SAID_MAX), SAID_MAX);
        s->unplaced = buf_of(malloc(SAID_MAX), SAID_MAX);
    }
    s->lines.len = s->unplaced.len = 0;
    s->lines.full = s->unplaced.full = false;
}

static bool
judge_begin(struct judge *j, struct said *said)
{
    struct diag d;

    *j = (struct judge){.said = said};
    said_begin(said);
    if (os_arena_init(&j->arena, CORE_ARENA, &d) != ST_OK)
        return false;
    j->core = core_new(program, &j->arena, small, hear, j);
    return j->core != NULL;
}

static bool
judge_line(struct judge *j, struct str line)
{
    struct diag d = {.pos = 0};

    if (core_step(j->core, line, &d) == ST_OK)
        return true;
    printf("# %s\n", d.text);
    return false;
}

/* The log, as the program would make it ------------------------------------------------------------ */

static bool
append(struct judge *j, struct str line, int64_t known)
{
    if (whole.n == LOG_MAX)
        return false;
    whole.line[whole.n] = arena_str(&whole.arena, line);
    whole.known[whole.n++] = known;
    return judge_line(j, line);
}

static bool
offer(struct judge *j, struct str text, int64_t *known)
{
    static char scratch_bytes[EVENT_SCRATCH], line[EVENT_LINE_MAX], tick[160];
    struct buf scratch = buf_of(scratch_bytes, sizeof scratch_bytes), b = buf_of(line, sizeof line);
    struct event e;
    struct diag d;

    if (event_read(program, text, &scratch, &e, &d) != ST_OK) {
        printf("# %s\n", d.text);
        return false;
    }
    *known = e.known > *known && (e.has_known || e.at < *known + 86400000) ? e.known : *known;
    e.known = *known;
    while (e.kind != KIND_OPENED && core_next(j->core) <= *known) {
        struct buf t = buf_of(tick, sizeof tick);
        int64_t due = core_next(j->core);

        core_tick(due, &t);
        if (!append(j, buf_str(&t), due))
            return false;
    }
    event_close(program, &drill_keys, core_size(j->core), &scratch, &e);
    if (e.kind == KIND_OPENED)
        event_write(program, &e, &b);
    else
        (void)!core_offer(j->core, &e, &b);
    return append(j, buf_str(&b), *known);
}

static bool
log_of(struct str file)
{
    struct judge j;
    int64_t known = INT64_MIN + 86400000;
    bool fine = judge_begin(&j, &live);

    whole.n = 0;
    while (file.len > 0 && fine) {
        const char *end = memchr(file.ptr, '\n', file.len);
        size_t len = end == NULL ? file.len : (size_t)(end - file.ptr);

        if (known < 0 && len > 0)
            known = 0;
        fine = len == 0 || offer(&j, str_cut(file, 0, len), &known);
        file = str_cut(file, len + 1, file.len);
    }
    os_arena_free(&j.arena);
    return fine;
}

/* Cutting it --------------------------------------------------------------------------------------- */

static bool
hash_same(struct hash a, struct hash b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}

static bool
text_same(const struct buf *a, const struct buf *b)
{
    return !a->full && !b->full && str_eq(buf_str(a), buf_str(b));
}

/* Word by word: the gaps that a sanitizer watches are copied like the rest. */
__attribute__((no_sanitize("address"))) static void
copy_words(uint64_t *to, const uint64_t *from, size_t bytes)
{
    for (size_t i = 0; i < bytes / sizeof *to; i++)
        ((volatile uint64_t *)to)[i] = from[i];
}

static bool
replay(void)
{
    struct judge j;
    bool fine = judge_begin(&j, &replayed);

    for (uint32_t k = 0; k <= whole.n && fine; k++) {
        whole.state[k] = core_state(j.core);
        whole.root[k] = core_root(j.core);
        whole.lines[k] = replayed.lines.len;
        fine = k == whole.n || judge_line(&j, whole.line[k]);
    }
    os_arena_free(&j.arena);
    return fine && !replayed.lines.full;
}

static bool
at_the_end(const struct judge *j)
{
    return hash_same(core_state(j->core), whole.state[whole.n]) && hash_same(core_root(j->core), whole.root[whole.n]) &&
           text_same(&j->said->lines, &replayed.lines);
}

static bool
rest(struct judge *j, uint32_t k)
{
    bool fine = true;

    for (; k < whole.n && fine; k++)
        fine = judge_line(j, whole.line[k]);
    return fine && at_the_end(j);
}

static bool
cut_at(uint32_t k)
{
    struct judge j;
    bool fine = judge_begin(&j, &again), first, second;
    size_t used, said;
    struct arena arena;
    void *aside;

    for (uint32_t i = 0; i < k && fine; i++)
        fine = judge_line(&j, whole.line[i]);
    fine = fine && hash_same(core_state(j.core), whole.state[k]) && hash_same(core_root(j.core), whole.root[k]) &&
           again.lines.len == whole.lines[k] && memcmp(again.lines.ptr, replayed.lines.ptr, again.lines.len) == 0;
    used = (j.arena.used + 7) / 8 * 8;
    said = again.lines.len;
    arena = j.arena;
    aside = malloc(used);
    if (aside == NULL)
        return false;
    copy_words(aside, (const uint64_t *)(const void *)j.arena.base, used);
    first = rest(&j, k);
    copy_words((uint64_t *)(void *)j.arena.base, aside, used);
    j.arena = arena;
    again.lines.len = said;
    second = hash_same(core_state(j.core), whole.state[k]) && rest(&j, k);
    free(aside);
    os_arena_free(&j.arena);
    return fine && first && second;
}

/* Ticks between the lines, at instants by seed; or none but what the lines themselves bring. */
static bool
other_ticks(uint64_t seed, bool more)
{
    struct rng r = {seed};
    char text[160];
    struct judge j;
    bool fine = judge_begin(&j, &again) && judge_line(&j, whole.line[0]);

    for (uint32_t i = 1; i < whole.n && fine; i++) {
        int64_t gap = whole.known[i] - whole.known[i - 1];
        struct buf t = buf_of(text, sizeof text);

        if (!more && str_starts(whole.line[i], STR("{\"kind\":\"tick\"")))
            continue;
        if (more && rng_below(&r, 3) > 0) {
            core_tick(whole.known[i - 1] + (gap > 0 ? (int64_t)rng_below(&r, (uint64_t)gap) : 0), &t);
            fine = judge_line(&j, buf_str(&t));
        }
        fine = fine && judge_line(&j, whole.line[i]);
    }
    os_arena_free(&j.arena);
    return fine && text_same(&again.unplaced, &replayed.unplaced);
}

static void
test_log(const char *name, struct str file, bool all)
{
    struct rng r = {2024};
    uint32_t tried = 0, good = 0;
    bool fine = log_of(file);

    if (!OK(fine && whole.n > 10, "%s: a log of %u entries", name, whole.n))
        return;
    fine = replay();
    OK(fine && text_same(&replayed.lines, &live.lines), "%s: the log alone says what was said live: %zu bytes", name,
       replayed.lines.len);
    for (uint32_t k = 0; k <= whole.n; k++) {
        uint32_t at = all || k == whole.n ? k : (uint32_t)rng_below(&r, whole.n);

        if (!all && k >= CUTS)
            break;
        tried++;
        if (cut_at(at))
            good++;
        else
            printf("# cut at %u of %u it is not the same\n", at, whole.n);
    }
    OK(good == tried && tried > 0, "%s: cut in two, at %u places, it is the same", name, tried);
    good = 0;
    for (uint64_t seed = 1; seed <= 3; seed++)
        good += other_ticks(seed, true);
    OK(good == 3, "%s: ticks that nobody asked for change nothing: %u of 3 seeds", name, good);
    OK(other_ticks(0, false), "%s: nor does a log without any", name);
}

/* The examples ------------------------------------------------------------------------------------- */

static const char *
path_of(const char *folder, const char *name)
{
    static char path[4400];
    const char *root = getenv("ENTENTE_ROOT");

    (void)snprintf(path, sizeof path, "%s/%s/%s", root == NULL ? "." : root, folder, name);
    return path;
}

static bool
read_program(struct arena *a, const char *const *files)
{
    static struct accord_text text[3];
    static struct accord_diags diags;
    struct diag d = {.pos = 0};
    uint32_t n = 0;

    for (; files[n] != NULL; n++) {
        text[n].name = str_of(files[n]);
        if (os_file_read(a, path_of("", files[n]), ACCORD_TEXT_MAX, &text[n].source, &d) != ST_OK) {
            printf("# %s\n", d.text);
            return false;
        }
    }
    diags = (struct accord_diags){.texts = text, .arena = a};
    if (accord_read(text, n, a, &diags, &program) == ST_OK)
        return true;
    for (uint32_t i = 0; i < diags.n; i++)
        printf("# %.*s\n", STR_FMT(diags.item[i].what));
    return false;
}

static void
test_folder(const char *folder, const char *const *files, bool all)
{
    struct arena a = {0};
    struct dirent **names;
    struct diag d;
    int n = scandir(path_of(folder, ""), &names, NULL, alphasort);
    bool fine = os_arena_init(&a, ACCORD_BLOCK + (16 << 20), &d) == ST_OK &&
                os_arena_init(&whole.arena, 256 << 20, &d) == ST_OK && read_program(&a, files);

    OK(fine, "%s: its texts are read", folder);
    view.p = program;
    for (int i = 0; i < n; i++) {
        const char *end = strrchr(names[i]->d_name, '.');
        struct str file;

        if (fine && end != NULL && strcmp(end, ".jsonl") == 0) {
            fine = os_file_read(&whole.arena, path_of(folder, names[i]->d_name), 1 << 24, &file, &d) == ST_OK;
            if (OK(fine, "%s is read", names[i]->d_name))
                test_log(names[i]->d_name, file, all);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    os_arena_free(&whole.arena);
    os_arena_free(&a);
}

int
main(void)
{
    static const char *const karachi[] = {"library/protection.accord", "library/coordination.accord",
                                          "examples/karachi/karachi.accord", NULL};
    static const char *const warehouse[] = {"examples/warehouse/yard.accord", "examples/warehouse/warehouse.accord",
                                            NULL};

    test_folder("examples/warehouse", warehouse, true);
    test_folder("examples/karachi", karachi, false);
    return tap_end();
}
