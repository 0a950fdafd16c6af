/* SPDX-License-Identifier: Apache-2.0 */
/* file.h -- files in: whole, or line by line.
 *
 * The bytes of a whole file belong to the caller's arena; nothing is mapped, so a
 * file that changes afterwards changes nothing here. Every diag names the file and
 * what would do. */
#ifndef OS_FILE_H
#define OS_FILE_H
#include "base/arena.h"
#include "base/put.h"

/* Reads a whole file, pipe or device of at most `max` bytes.
 *   ST_INVALID   there is no such file
 *   ST_CONFLICT  a folder stands there
 *   ST_LIMIT     it has more than `max` bytes, or than the arena has room for
 *   ST_IO        it cannot be read; the diag has the system's word for why
 * On failure the arena is as it was. */
CHECKED enum status os_file_read(struct arena *a, const char *path, size_t max,
                                 struct str *ret, struct diag *d);

/* The same from an open descriptor (standard input), called `name` in the diag. It stays
 * open. */
CHECKED enum status os_fd_read(struct arena *a, int fd, const char *name, size_t max,
                               struct str *ret, struct diag *d);

/* Opens a file to be read. */
CHECKED enum status os_file_open(const char *path, int *ret_fd, struct diag *d);

/* A file, pipe or device line by line, in a block of fixed size: what is in it makes it no larger. */
struct os_lines {
    int fd;           /* the caller's; stays open */
    const char *name; /* in a diag */
    size_t max;       /* bytes of a line */
    char *block;
    size_t from, to;  /* what was read and not given yet */
    bool end;         /* no more comes */
    bool cut;         /* the line last given had no line end: the file ends in it */
};

/* ST_IO when the system has no memory to give. */
CHECKED enum status os_lines_init(struct os_lines *l, int fd, const char *name, size_t max, struct diag *d);
void os_lines_free(struct os_lines *l);

/* The next line without its line end ("\n" or "\r\n"), good until the next call; *ret_more is false when
 * there is none. Of a line of more than `max` bytes the first max + 1 are given, and the next call goes on
 * behind them: it is the caller's to stop. */
CHECKED enum status os_lines_next(struct os_lines *l, struct str *ret, bool *ret_more, struct diag *d);

/* Puts a path that may be long: only its last 160 bytes, after three dots. */
void put_path(struct buf *b, const char *path);
#endif
