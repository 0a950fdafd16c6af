/* SPDX-License-Identifier: Apache-2.0 */
/* codec_test.h -- what the tests of src/codec share: files, an arena, and what a sink heard as text.
 *
 * Files are found from the root of the sources: $ENTENTE_ROOT, or the current folder. */
#ifndef TEST_CODEC_TEST_H
#define TEST_CODEC_TEST_H
#include <dirent.h>
#include <inttypes.h>
#include <sys/resource.h>
#include "base/put.h"
#include "codec/plates.h"
#include "../tap.h"

enum { FILE_MAX_BYTES = 8 << 20, FEED_ARENA = 1 << 20 };

/* All of a file, with malloc; ptr is NULL when it cannot be read. The caller frees. */
static inline struct str
file_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *bytes = f == NULL ? NULL : malloc(FILE_MAX_BYTES);
    size_t n = bytes == NULL ? 0 : fread(bytes, 1, FILE_MAX_BYTES, f);

    if (f != NULL)
        (void)fclose(f);
    return (struct str){bytes, n};
}

static inline void
file_free(struct str s)
{
    free((void *)(uintptr_t)s.ptr);
}

/* The root of the sources. */
static inline const char *
source_root(void)
{
    const char *root = getenv("ENTENTE_ROOT");

    return root == NULL || root[0] == '\0' ? "." : root;
}

static inline struct str
source_file(const char *path)
{
    char full[2200];

    (void)snprintf(full, sizeof full, "%s/%s", source_root(), path);
    return file_read(full);
}

/* $ENTENTE_SHARED/path when that is a folder; NULL otherwise. */
static inline const char *
shared_folder(const char *path)
{
    static char full[2200];
    const char *shared = getenv("ENTENTE_SHARED");
    DIR *dir;

    (void)snprintf(full, sizeof full, "%s/%s", shared == NULL ? "" : shared, path);
    dir = shared == NULL || shared[0] == '\0' ? NULL : opendir(full);
    if (dir != NULL)
        (void)closedir(dir);
    return dir == NULL ? NULL : full;
}

static inline struct arena
arena_new(size_t size)
{
    struct arena a;

    arena_init(&a, malloc(size), size);
    return a;
}

static inline void
arena_free(struct arena *a)
{
    void *block = a->base;

    arena_end(a);
    free(block);
}

/* The makers' feeds and the cameras of the fixtures. */
static const char *const library_files[] = {"library/axis.feed", "library/frigate.feed",
                                            "library/hikvision.feed", "library/platerecognizer.feed",
                                            "test/data/plates/cameras.feed"};
enum { LIBRARY_FILES = sizeof library_files / sizeof *library_files };

struct library {
    struct arena arena;
    struct str texts[LIBRARY_FILES];
    struct feed_set *set;
    struct diag diag;
    bool good;
};

static inline bool
library_read(struct library *l)
{
    *l = (struct library){.arena = arena_new(FEED_ARENA), .good = true};
    l->set = feed_set_new(&l->arena);
    for (size_t i = 0; i < LIBRARY_FILES; i++) {
        l->texts[i] = source_file(library_files[i]);
        if (l->texts[i].ptr == NULL)
            diag_set(&l->diag, 0, 0, library_files[i]);
        l->good = l->good && l->texts[i].ptr != NULL &&
                  feed_read(l->set, str_of(library_files[i]), l->texts[i], &l->diag) == ST_OK;
    }
    return l->good;
}

static inline void
library_free(struct library *l)
{
    for (size_t i = 0; i < LIBRARY_FILES; i++)
        file_free(l->texts[i]);
    arena_free(&l->arena);
}

/* What a sink heard: "message/reading event LINE" or "message/reading refused WHY", one a line. */
struct heard {
    struct buf text;
    uint32_t events, refused;
    char bytes[1 << 17];
};

static inline void
hear(void *ctx, const struct reading *r)
{
    struct heard *h = ctx;

    h->events += r->line.len > 0;
    h->refused += r->line.len == 0;
    put_u(&h->text, r->message);
    put_c(&h->text, '/');
    put_u(&h->text, r->number);
    put_s(&h->text, r->line.len > 0 ? " event " : " refused ");
    put(&h->text, r->line.len > 0 ? r->line : r->why);
    put_c(&h->text, '\n');
}

static inline void
heard_reset(struct heard *h)
{
    h->text = buf_of(h->bytes, sizeof h->bytes);
    h->events = h->refused = 0;
}

/* Lines of text as remarks of the test's output. */
static inline void
say_lines(const char *what, struct str s)
{
    printf("# %s:\n", what);
    while (s.len > 0) {
        const char *end = memchr(s.ptr, '\n', s.len);
        size_t n = end == NULL ? s.len : (size_t)(end - s.ptr);

        printf("#   %.*s\n", (int)n, s.ptr);
        s = str_cut(s, n + 1, s.len);
    }
}

/* The first line of a text, at most 120 bytes of it. */
static inline struct str
first_line(struct str s)
{
    const char *end = s.len == 0 ? NULL : memchr(s.ptr, '\n', s.len);

    return str_cut(s, 0, end != NULL && end - s.ptr < 120 ? (size_t)(end - s.ptr) : 120);
}

/* Seconds of processor time of this process. */
static inline double
cpu_seconds(void)
{
    struct rusage u;

    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* A line of /proc/self/status, in KiB; 0 where there is none. */
static inline long
status_kib(const char *name)
{
    FILE *f = fopen("/proc/self/status", "rb");
    char line[256];
    long kib = 0;

    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    }
    if (f != NULL)
        (void)fclose(f);
    return kib;
}

/* What a piece of work costs: processor time, and how much the memory held grew at most. */
struct cost {
    double seconds;
    long kib;
};

static inline struct cost
cost_begin(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "wb"); /* 5: the peak begins anew */

    if (f != NULL) {
        (void)fputs("5", f);
        (void)fclose(f);
    }
    return (struct cost){cpu_seconds(), status_kib("VmRSS:")};
}

static inline struct cost
cost_end(struct cost begin)
{
    return (struct cost){cpu_seconds() - begin.seconds, status_kib("VmHWM:") - begin.kib};
}
#endif
