/* SPDX-License-Identifier: Apache-2.0 */
/* out.h -- bytes out, through a buffer, with no error lost.
 *
 * Put what there is to say and ask once, at the end. After the first error (a
 * full disk, a closed pipe) the rest is dropped and the error kept. The
 * descriptor is the caller's and stays open. */
#ifndef OS_OUT_H
#define OS_OUT_H
#include "base/put.h"

enum { OUT_SIZE = 65536 };

struct os_out {
    int fd;
    int error; /* errno of the first failure, or 0 */
    size_t len;
    char bytes[OUT_SIZE];
};

/* Also makes the process ignore SIGPIPE, so that a closed pipe is an error like any
 * other. */
void os_out_init(struct os_out *o, int fd);
void os_out_put(struct os_out *o, struct str s);
void os_out_line(struct os_out *o, struct str s); /* and a line end; they go out together */
void os_out_flush(struct os_out *o); /* what is held goes out now */

/* Flushes, and tells the first error there was: ST_IO, with `name` ("standard output", a
 * path) in the diag. A closed pipe is ST_CONFLICT: the reader had enough. */
CHECKED enum status os_out_end(struct os_out *o, const char *name, struct diag *d);
/* The sentence of an errno. */
void os_out_failed(int error, const char *name, struct diag *d);
#endif
