/* SPDX-License-Identifier: Apache-2.0 */
/* peers.c -- what the same lines cost others: lines a second of DAY.
 *
 *     jansson     each line parsed by jansson into a tree, and freed; nothing is made of it
 *     memchr      the end of each line found; nobody can read the lines faster
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static _Noreturn void
die(const char *what)
{
    fprintf(stderr, "peers: %s\n", what);
    exit(2);
}

static char *
read_all(const char *path, size_t *ret_len)
{
    FILE *f = fopen(path, "rb");
    char *text;
    long len;

    if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) <= 0)
        die("the day cannot be read");
    rewind(f);
    text = malloc((size_t)len);
    if (text == NULL || fread(text, 1, (size_t)len, f) != (size_t)len)
        die("the day cannot be read");
    fclose(f);
    *ret_len = (size_t)len;
    return text;
}

/* Lines, each handed to jansson or only found. */
static size_t
lines(const char *text, size_t len, int parse)
{
    const char *end = text + len;
    size_t n = 0;

    for (const char *at = text; at < end; n++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL)
            stop = end;
        if (parse) {
            json_t *j = json_loadb(at, (size_t)(stop - at), JSON_REJECT_DUPLICATES, NULL);

            if (j == NULL)
                die("a line is not JSON");
            json_decref(j);
        }
        at = stop + 1;
    }
    return n;
}

int
main(int argc, char **argv)
{
    double from, took;
    size_t len, n;
    char *text;

    if (argc != 2)
        die("usage: peers DAY");
    text = read_all(argv[1], &len);
    from = seconds();
    n = lines(text, len, 1);
    took = seconds() - from;
    printf("jansson %.0f\n", (double)n / took);
    from = seconds();
    if (lines(text, len, 0) != n)
        die("bug");
    took = seconds() - from;
    printf("memchr %.0f\nbytes %zu\n", (double)n / took, len);
    free(text);
    return 0;
}
