/* SPDX-License-Identifier: Apache-2.0 */
/* tap.h -- the Test Anything Protocol in a few lines: OK(x, "what %d", n) counts, tap_end() closes. */
#ifndef TEST_TAP_H
#define TEST_TAP_H
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 4, 5))) static inline bool
tap_ok(bool ok, const char *file, int line, const char *what, ...)
{
    va_list ap;

    printf("%sok %d - ", ok ? "" : "not ", ++tap_count);
    va_start(ap, what);
    vprintf(what, ap);
    va_end(ap);
    printf("\n");
    if (!ok) {
        tap_failed++;
        printf("# failed at %s:%d\n", file, line);
    }
    fflush(stdout);
    return ok;
}

static inline void
tap_skip(const char *what, const char *why)
{
    printf("ok %d - %s # SKIP %s\n", ++tap_count, what, why);
}

static inline int
tap_end(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#define OK(x, ...) tap_ok((x), __FILE__, __LINE__, __VA_ARGS__)
#endif
