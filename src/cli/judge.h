/* SPDX-License-Identifier: Apache-2.0 */
/* judge.h -- a file of events judged offline by a drill, unsigned theatre: what `run` and `explain` share.
 *
 * The whole file is read and checked before the first line is judged, so bad input gives an error and
 * nothing else. Entry 0 is filled in (hashes of the texts, semantics version, zone offset); ticks are
 * added at deadlines, changes of the zone's offset where they fall. */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H
#include "cli/cli.h"
#include "core/core.h"
#include "view/names.h"

enum { SAID_BLOCK = 256 << 20 }; /* the most that one output, or one explanation, may be */

struct judged_line { /* one line of the file, and what its order needs; it is read again when it is judged */
    struct str line;
    int64_t at, known;
    uint32_t number; /* in the file, from 1 */
    bool has_known;
};

struct clear_name { /* what a token stands for */
    struct str token, name;
};

struct judging {
    const char *events_path; /* as complaints name it */
    bool happened;
    int64_t from, until; /* INT64_MIN, INT64_MAX when not given */
    struct arena texts_arena, file_arena, core_arena;
    struct texts texts;
    struct judged_line *line;
    uint32_t nlines, cap_lines;
    char *scratch; /* EVENT_SCRATCH bytes */
    struct capacity capacity; /* as entry 0 has it */
    struct core *core;
    struct view view;
    struct clear_name *clear; /* open addressing by token; at most half of it in use */
    uint32_t nclear, cap_clear;
    struct str *log;          /* the canonical lines, by index; only when `keep` */
    struct hash *leaf;
    uint64_t nlog, cap_log;
    bool keep;
};

/* --order, --from, --until; false after a complaint. */
bool judging_options(struct judging *j, int *argc, char **argv);
bool judging_read(struct judging *j, const char *agreement, const char *events, engine_sink *sink, void *context);
bool judging_run(struct judging *j);
/* Everything anew, from the lines that were read: the file itself may have been a pipe. */
bool judging_again(struct judging *j, engine_sink *sink, void *context);
void judging_free(struct judging *j);
void judging_hash(struct hash h, struct buf *b);
#endif
