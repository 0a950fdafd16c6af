/* SPDX-License-Identifier: Apache-2.0 */
/* status.h -- three troubles, three answers.
 *
 * A bug in our own code: ENSURE, on in every build; the process stops.
 * Bad input or a limit: a status to branch on, and a diag for a person.
 * The outside world (disk, socket): ST_IO, and only the shell retries.
 * Libraries never print. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H
#include "base/str.h"

enum status {
    ST_OK,
    ST_MALFORMED, /* the bytes are not of the format */
    ST_INVALID,   /* well formed, but means nothing here */
    ST_LIMIT,     /* more than we promised to hold */
    ST_CONFLICT,  /* fits, but not beside what is there already */
    ST_IO,        /* the outside world */
};

enum { DIAG_TEXT = 400 };

/* Where in the input (bytes from its start) and what would do, in one sentence. */
struct diag {
    uint32_t pos, len;
    char text[DIAG_TEXT]; /* NUL-terminated */
};

#define CHECKED __attribute__((warn_unused_result))

/* The one function the core needs from outside: src/os has the real one. */
_Noreturn void ensure_failed(const char *what, const char *file, int line);
#define ENSURE(x) ((x) ? (void)0 : ensure_failed(#x, __FILE__, __LINE__))
#endif
