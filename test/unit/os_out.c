/* SPDX-License-Identifier: Apache-2.0 */
#include "os/out.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tap.h"

static struct os_out out;
static char lots[3 * OUT_SIZE];

static void
test_pipe(void)
{
    struct diag d;
    char got[64];
    int ends[2];

    if (pipe(ends) != 0)
        return;
    os_out_init(&out, ends[1]);
    os_out_put(&out, STR("one "));
    os_out_put(&out, (struct str){NULL, 0});
    os_out_put(&out, STR("two"));
    OK(out.len == 7, "held until there is much");
    os_out_flush(&out);
    OK(read(ends[0], got, sizeof got) == 7 && memcmp(got, "one two", 7) == 0,
       "until it is flushed");
    os_out_put(&out, STR(" three"));
    OK(os_out_end(&out, "the pipe", &d) == ST_OK && read(ends[0], got, sizeof got) == 6,
       "or ended");
    OK(write(ends[1], "x", 1) == 1, "the descriptor stays open");
    close(ends[0]);
    close(ends[1]);
}

/* A reader that is slow, and a pipe that does not block: all of it comes, in order. */
static void
test_slow_reader(void)
{
    struct diag d;
    int ends[2], how = -1;
    pid_t child;

    if (pipe(ends) != 0)
        return;
    child = fork();
    if (child == 0) {
        static char got[1000];
        size_t total = 0;
        ssize_t n;
        bool same = true;

        close(ends[1]);
        while ((n = read(ends[0], got, sizeof got)) > 0) {
            for (ssize_t i = 0; i < n; i++)
                same = same && got[i] == (char)((total + (size_t)i) % 251);
            total += (size_t)n;
        }
        _exit(!same || total != 2 * sizeof lots);
    }
    close(ends[0]);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    os_out_init(&out, ends[1]);
    for (size_t at = 0, n = 1; at < 2 * sizeof lots;
         at += n, n = n * 2 < sizeof lots ? n * 2 : 7) {
        if (n > 2 * sizeof lots - at)
            n = 2 * sizeof lots - at;
        for (size_t i = 0; i < n; i++)
            lots[i] = (char)((at + i) % 251);
        os_out_put(&out, (struct str){lots, n});
    }
    OK(os_out_end(&out, "the pipe", &d) == ST_OK,
       "much, in pieces of all sizes, into a pipe that does not block");
    close(ends[1]);
    waitpid(child, &how, 0);
    OK(WIFEXITED(how) && WEXITSTATUS(how) == 0, "comes out whole and in order");
}

static void
test_errors(void)
{
    int full = open("/dev/full", O_WRONLY), ends[2];
    struct diag d = {0};

    if (full < 0) {
        tap_skip("a full disk", "no /dev/full here");
    } else {
        os_out_init(&out, full);
        os_out_put(&out, STR("x"));
        OK(out.error == 0, "not noticed at first");
        OK(os_out_end(&out, "result.json", &d) == ST_IO &&
               strcmp(d.text,
                      "cannot write result.json: No space left on device; "
                      "make room and run it again; what is there is cut short") == 0,
           "a full disk: %s", d.text);
        os_out_init(&out, full);
        os_out_put(&out, (struct str){lots, sizeof lots});
        close(full);
        os_out_put(&out, STR("x"));
        OK(os_out_end(&out, "result.json", &d) == ST_IO && out.error == ENOSPC,
           "the first error is the one told");
    }
    if (pipe(ends) != 0)
        return;
    close(ends[0]);
    os_out_init(&out, ends[1]);
    os_out_put(&out, (struct str){lots, sizeof lots});
    OK(out.error == EPIPE, "a closed pipe does not stop the process");
    OK(os_out_end(&out, "standard output", &d) == ST_CONFLICT &&
           strstr(d.text, "has stopped") != NULL,
       "%s", d.text);
    close(ends[1]);
    os_out_init(&out, -1);
    OK(os_out_end(&out, "nothing", &d) == ST_OK, "nothing to write is no error");
    os_out_put(&out, STR("x"));
    OK(os_out_end(&out, "nothing", &d) == ST_IO &&
           strstr(d.text, "Bad file descriptor") != NULL,
       "%s", d.text);
}

int
main(void)
{
    test_pipe();
    test_slow_reader();
    test_errors();
    return tap_end();
}
