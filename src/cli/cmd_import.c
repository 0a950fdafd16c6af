/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_import.c -- foreign messages in, events of the vocabulary out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stamp.h"
#include "cli/cli.h"
#include "codec/plates.h"
#include "event/event.h"
#include "os/file.h"
#include "os/memory.h"

enum { IMPORT_BLOCK = 64 << 20, MESSAGE_MAX = 16 << 20, PATH_ROOM = 4096 };

/* The makers whose feeds are looked for, besides --cameras FILE. */
static const char *const makers[] = {"frigate", "platerecognizer", "axis", "hikvision"};

struct import {
    const struct program *program; /* NULL: the events are not held against a vocabulary */
    const char *file;
    struct os_out *out;
    uint32_t events, refused;
};

/* An event must also be one of the agreement's; what a feed says wrongly is told like a refusal. */
static bool
fits_vocabulary(const struct import *im, struct str line, struct diag *d)
{
    static char space[EVENT_SCRATCH];
    struct buf scratch = buf_of(space, sizeof space);
    struct event e;

    return im->program == NULL || event_read(im->program, line, &scratch, &e, d) == ST_OK;
}

static void
told(void *context, const struct reading *r)
{
    struct import *im = context;
    struct diag d = {.pos = 0};

    if (r->line.len > 0 && fits_vocabulary(im, r->line, &d)) {
        im->events++;
        os_out_line(im->out, r->line);
        return;
    }
    im->refused++;
    fprintf(stderr, "%s:%zu: message %u, reading %u%s%.*s: not taken: ", im->file, r->input_line, r->message, r->number,
            r->feed.len > 0 ? " of " : "", STR_FMT(r->feed));
    if (r->line.len > 0)
        fprintf(stderr, "%s\n", d.text);
    else
        fprintf(stderr, "%.*s\n", STR_FMT(r->why));
}

static bool
read_feed(struct feed_set *set, const char *path, struct arena *arena)
{
    struct str text, name = arena_str(arena, str_of(path));
    struct diag d;

    if (os_file_read(arena, path, ACCORD_TEXT_MAX, &text, &d) != ST_OK || name.ptr == NULL ||
        feed_read(set, name, text, &d) != ST_OK) {
        fprintf(stderr, "entente: %s\n", d.text);
        return false;
    }
    return true;
}

static bool
read_feeds(struct feed_set *set, const char *agreement, const char *cameras, struct arena *arena)
{
    char path[PATH_ROOM];
    unsigned found = 0;

    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        if (!library_find(agreement, str_of(makers[i]), ".feed", path, sizeof path))
            continue;
        if (!read_feed(set, path, arena))
            return false;
        found++;
    }
    if (found == 0)
        return complain(NULL, "no feed was found: library/ with its .feed files stands beside the program, or beside the "
                              "text that --agreement names"), false;
    return cameras == NULL || read_feed(set, cameras, arena);
}

static bool
given_of(struct feed_set *set, const char *feed, const char *by, const char *at, const char *with, struct feed_given *ret)
{
    struct diag d;

    *ret = (struct feed_given){.feed = feed == NULL ? STR("") : str_of(feed), .by = by == NULL ? STR("") : str_of(by)};
    if (at != NULL && stamp_read(str_of(at), &ret->at_ms, &d) != ST_OK)
        return complain("--at", d.text), false;
    ret->has_at = at != NULL;
    if (feed != NULL && !feed_known(set, ret->feed, &d))
        return complain("--feed", d.text), false;
    if (with != NULL && feed_pairs_read(set, STR("--with"), str_of(with), &ret->pairs, &d) != ST_OK)
        return complain(NULL, d.text), false;
    return true;
}

struct options {
    const char *agreement, *feed, *by, *at, *with, *cameras;
};

static bool
options_of(int *argc, char **argv, struct options *o)
{
    return take_value(argc, argv, "--agreement", &o->agreement) && take_value(argc, argv, "--feed", &o->feed) &&
           take_value(argc, argv, "--by", &o->by) && take_value(argc, argv, "--at", &o->at) &&
           take_value(argc, argv, "--with", &o->with) && take_value(argc, argv, "--cameras", &o->cameras) &&
           no_more_options(argc, argv);
}

static int
import_plates(const struct options *o, const char *file, struct arena *arena, struct arena *texts_arena, struct os_out *out)
{
    struct import im = {.file = strcmp(file, "-") == 0 ? "standard input" : file, .out = out};
    struct texts texts;
    struct feed_set *set = feed_set_new(arena);
    struct feed_given given;
    struct reading_count count;
    struct str bytes;
    struct diag d;
    enum status st;

    if (set == NULL)
        return complain(NULL, "the system has no memory to give");
    if (o->agreement != NULL && !texts_read(&texts, o->agreement, texts_arena))
        return EXIT_BAD;
    im.program = o->agreement == NULL ? NULL : texts.program;
    if (!read_feeds(set, o->agreement, o->cameras, arena) || !given_of(set, o->feed, o->by, o->at, o->with, &given))
        return EXIT_BAD;
    st = strcmp(file, "-") == 0 ? os_fd_read(arena, STDIN_FILENO, im.file, MESSAGE_MAX, &bytes, &d)
                                : os_file_read(arena, file, MESSAGE_MAX, &bytes, &d);
    if (st != ST_OK)
        return complain(NULL, d.text);
    st = codec_plates(bytes, set, &given, arena, told, &im, &count, &d);
    fprintf(stderr, "entente: %s: %u messages, %u readings: %u events, %u not taken\n", im.file, count.messages,
            count.readings, im.events, im.refused);
    return st == ST_OK ? EXIT_FINE : EXIT_BAD;
}

static int
cmd(int argc, char **argv)
{
    struct options o = {NULL, NULL, NULL, NULL, NULL, NULL};
    struct arena arena = {0}, texts_arena = {0};
    struct os_out *out = calloc(1, sizeof *out);
    struct diag d;
    int code;

    if (!options_of(&argc, argv, &o)) {
        free(out);
        return EXIT_BAD;
    }
    if (argc != 3) {
        free(out);
        return usage(&cmd_import, argc - 1);
    }
    if (out == NULL)
        return complain(NULL, "the system has no memory to give");
    if (strcmp(argv[1], "plates") != 0) {
        free(out);
        return complain(argv[1], "not yet: only 'plates' can be imported now");
    }
    os_out_init(out, 1);
    if (os_arena_init(&arena, IMPORT_BLOCK, &d) != ST_OK || os_arena_init(&texts_arena, ACCORD_BLOCK, &d) != ST_OK)
        code = complain(NULL, d.text);
    else
        code = import_plates(&o, argv[2], &arena, &texts_arena, out);
    if (os_out_end(out, "standard output", &d) != ST_OK)
        code = complain(NULL, d.text);
    os_arena_free(&arena);
    os_arena_free(&texts_arena);
    free(out);
    return code;
}

const struct command cmd_import = {
    "import",
    "plates FILE [--agreement AGREEMENT] [--cameras FILE] [--feed NAME] [--by SOURCE] [--with \"k = PLACE\"] [--at TIME]",
    "turn plate-reader messages into events, one JSON line each; what is not taken is told on standard error", cmd,
};
