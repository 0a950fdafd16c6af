/* SPDX-License-Identifier: Apache-2.0 */
/* file.h -- whole files in.
 *
 * The bytes belong to the caller's arena; nothing is mapped, so a file that
 * changes afterwards changes nothing here. Every diag names the file and what
 * would do. */
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

/* Puts a path that may be long: only its last 160 bytes, after three dots. */
void put_path(struct buf *b, const char *path);
#endif
