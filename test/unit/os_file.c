/* SPDX-License-Identifier: Apache-2.0 */
#include "os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "os/memory.h"
#include "tap.h"

static char folder[] = "/tmp/entente-file-XXXXXX";
static char path[256];

/* A file of the test's folder, with so many bytes. */
static const char *
file_of(const char *name, size_t size)
{
    struct buf b = buf_of(path, sizeof path);
    int fd;

    put_s(&b, folder);
    put_c(&b, '/');
    put_s(&b, name);
    fd = open(put_end(&b), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (size_t i = 0; fd >= 0 && i < size; i++) {
        if (write(fd, &"0123456789"[i % 10], 1) != 1)
            break;
    }
    close(fd);
    return path;
}

static void
test_read(struct arena *a)
{
    size_t mark = a->used;
    struct diag d = {0};
    struct str s = {0};

    OK(os_file_read(a, file_of("ten", 10), 10, &s, &d) == ST_OK &&
           str_eq(s, STR("0123456789")),
       "a file of just the most");
    OK(os_file_read(a, file_of("empty", 0), 10, &s, &d) == ST_OK && s.len == 0 &&
           s.ptr != NULL,
       "an empty file");
    OK(os_file_read(a, file_of("large", 70001), 100000, &s, &d) == ST_OK &&
           s.len == 70001 && s.ptr[70000] == '0',
       "a larger one");
    OK(os_file_read(a, "/proc/self/status", 100000, &s, &d) == ST_OK &&
           str_starts(s, STR("Name:")),
       "one whose size the system does not know");
    arena_back(a, mark);
}

static void
test_refused(struct arena *a)
{
    size_t mark = a->used;
    struct diag d = {0};
    struct str s = {"kept", 4};
    struct arena small;
    char block[50], *name;
    bool was_root;

    OK(os_file_read(a, "/nowhere/at/all", 10, &s, &d) == ST_INVALID &&
           strcmp(d.text, "cannot read /nowhere/at/all: there is no such file; "
                          "check the name and the folder you are in") == 0,
       "no such file: %s", d.text);
    OK(os_file_read(a, folder, 10, &s, &d) == ST_CONFLICT &&
           strstr(d.text, "it is a folder; name a file in it") != NULL,
       "a folder: %s", d.text);
    OK(os_file_read(a, file_of("eleven", 11), 10, &s, &d) == ST_LIMIT &&
           strstr(d.text, "more than 10 bytes") != NULL &&
           strstr(d.text, "eleven") != NULL,
       "too large: %s", d.text);
    OK(os_file_read(a, "/dev/zero", 100000, &s, &d) == ST_LIMIT,
       "a device without end: %s", d.text);
    (void)chmod(file_of("secret", 5), 0);
    was_root = geteuid() == 0 && seteuid(65534) == 0; /* root may read everything */
    OK(os_file_read(a, path, 10, &s, &d) == ST_IO &&
           strstr(d.text, "Permission denied; ask its owner") != NULL,
       "unreadable: %s", d.text);
    OK(!was_root || seteuid(0) == 0, "and root again, if it was");
    OK(os_file_read(a, "/proc/self/mem", 10, &s, &d) == ST_IO &&
           strstr(d.text, "; check the disk and try again") != NULL,
       "a file that fails: %s", d.text);
    OK(os_fd_read(a, -1, "standard input", 10, &s, &d) == ST_IO &&
           strstr(d.text, "cannot read standard input: ") == d.text,
       "a descriptor that is closed: %s", d.text);
    OK(a->used == mark && str_eq(s, STR("kept")),
       "on failure nothing is taken and nothing given");
    arena_init(&small, block, sizeof block);
    OK(os_file_read(&small, file_of("sixty", 60), 100, &s, &d) == ST_LIMIT &&
           small.used == 0,
       "larger than the arena");
    OK(os_file_read(&small, "/proc/self/status", 100000, &s, &d) == ST_LIMIT &&
           small.used == 0,
       "and so from a stream");
    arena_end(&small);
    name = NEW(a, 5000, char);
    memset(name, 'x', 4999);
    OK(os_file_read(a, name, 10, &s, &d) == ST_IO && strstr(d.text, "...xxx") != NULL &&
           strstr(d.text, "; ") != NULL,
       "a name too long leaves room for the reason");
    arena_back(a, mark);
}

/* A pipe, written by a child in two goes with a pause. */
static void
test_pipe(struct arena *a)
{
    struct diag d;
    struct str s = {0};
    int ends[2];
    pid_t child;

    if (pipe(ends) != 0)
        return;
    child = fork();
    if (child == 0) {
        static char lots[100000];
        ssize_t n = write(ends[1], "start", 5);

        usleep(20000);
        n += write(ends[1], lots, sizeof lots);
        _exit(n != 100005);
    }
    close(ends[1]);
    OK(os_fd_read(a, ends[0], "a pipe", 1 << 20, &s, &d) == ST_OK && s.len == 100005 &&
           str_starts(s, STR("start")),
       "a pipe to its end");
    close(ends[0]);
    waitpid(child, NULL, 0);
}

/* From where a descriptor stands, as `sh` leaves it to the next command. */
static void
test_middle(struct arena *a)
{
    int fd = open(file_of("middle", 20), O_RDONLY);
    struct str s = {0};
    struct diag d;

    OK(lseek(fd, 15, SEEK_SET) == 15 &&
           os_fd_read(a, fd, "middle", 100, &s, &d) == ST_OK && str_eq(s, STR("56789")),
       "the rest of a file");
    close(fd);
}

static void
test_memory(void)
{
    struct arena a = {0};
    struct diag d = {0};
    bool zero = true;
    char *p;

    os_arena_free(&a);
    OK(a.base == NULL, "an empty arena is given back without harm");
    OK(os_arena_init(&a, (size_t)1 << 32, &d) == ST_OK,
       "four gigabytes that nobody touches");
    p = NEW(&a, 100000, char);
    for (int i = 0; i < 100000; i++)
        zero = zero && p[i] == 0;
    OK(zero, "are zero");
    os_arena_free(&a);
    OK(a.base == NULL && a.size == 0, "and given back");
    OK(os_arena_init(&a, SIZE_MAX / 2, &d) == ST_IO &&
           strstr(d.text, "bytes of memory") != NULL,
       "too much: %s", d.text);
}

/* What ENSURE does when it fails: a sentence on standard error, and abort. */
static void
test_ensure(void)
{
    char said[400];
    ssize_t n;
    int ends[2], how;
    pid_t child;

    if (pipe(ends) != 0)
        return;
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        ENSURE(said == NULL);
        _exit(0);
    }
    close(ends[1]);
    n = read(ends[0], said, sizeof said - 1);
    said[n < 0 ? 0 : n] = '\0';
    close(ends[0]);
    waitpid(child, &how, 0);
    OK(WIFSIGNALED(how) &&
           strstr(said, "a bug in this program: said == NULL does not hold at ") !=
               NULL &&
           strstr(said, "os_file.c:") != NULL,
       "a bug is told and stops: %s", strtok_r(said, "\n", &(char *){NULL}));
}

/* Line by line, from a file with such bytes; lines of at most 8 bytes. What comes is put between bars. */
static bool
lines_are(const char *bytes, size_t len, const char *want)
{
    char said[400];
    struct buf b = buf_of(said, sizeof said);
    struct os_lines l;
    struct diag d;
    struct str line;
    bool more = true;
    int fd = open(file_of("lines", 0), O_RDWR | O_TRUNC);

    if (write(fd, bytes, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) != 0 ||
        os_lines_init(&l, fd, path, 8, &d) != ST_OK)
        return false;
    while (os_lines_next(&l, &line, &more, &d) == ST_OK && more) {
        put(&b, line);
        put_s(&b, l.cut ? "]" : "|");
    }
    os_lines_free(&l);
    close(fd);
    if (!str_eq(buf_str(&b), str_of(want)))
        printf("# got %.*s\n", STR_FMT(buf_str(&b)));
    return str_eq(buf_str(&b), str_of(want));
}

/* A pipe that gives a byte at a time. */
static void
test_slow_lines(void)
{
    struct os_lines l;
    struct diag d;
    struct str line;
    bool more = true;
    int ends[2], n = 0;

    if (pipe(ends) != 0)
        return;
    if (fork() == 0) {
        for (int i = 0; i < 3000; i++)
            if (write(ends[1], i % 3 == 2 ? "\n" : "x", 1) != 1)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    OK(os_lines_init(&l, ends[0], "a pipe", 8, &d) == ST_OK, "lines of a pipe");
    while (os_lines_next(&l, &line, &more, &d) == ST_OK && more)
        n += str_eq(line, STR("xx"));
    OK(n == 1000, "come whole, however they are cut: %d", n);
    os_lines_free(&l);
    close(ends[0]);
    (void)wait(NULL);
    OK(os_lines_init(&l, open(folder, O_RDONLY), "a folder", 8, &d) == ST_OK &&
           os_lines_next(&l, &line, &more, &d) == ST_CONFLICT,
       "a folder has none: %s", d.text);
    close(l.fd);
    os_lines_free(&l);
}

static void
test_lines(void)
{
    static char large[700000];

    OK(lines_are("", 0, ""), "no lines");
    OK(lines_are("\n", 1, "|"), "an empty one");
    OK(lines_are("a\nbc\n", 5, "a|bc|"), "two");
    OK(lines_are("a\n\nbc", 5, "a||bc]"), "the last without an end is said to be cut");
    OK(lines_are("a\r\nbc\r", 6, "a|bc]"), "other line ends");
    OK(lines_are("12345678\n12345678\r\n12345678", 27, "12345678|12345678|12345678]"), "lines of just the most");
    OK(lines_are("123456789\n", 10, "123456789||"), "of one too long, one byte more is given");
    OK(lines_are("1234567890\n", 11, "123456789|0|"), "and the rest behind it");
    OK(lines_are("1234567890", 10, "123456789|0]"), "also where the file ends");
    memset(large, '\n', sizeof large);
    memcpy(large + sizeof large - 4, "end\n", 4);
    {
        struct os_lines l;
        struct diag d;
        struct str line = STR("");
        bool more = true;
        int n = 0, fd = open(file_of("many", 0), O_RDWR | O_TRUNC);

        OK(write(fd, large, sizeof large) == (ssize_t)sizeof large && lseek(fd, 0, SEEK_SET) == 0 &&
               os_lines_init(&l, fd, path, 8, &d) == ST_OK,
           "a file larger than the block");
        while (os_lines_next(&l, &line, &more, &d) == ST_OK && more && !str_eq(line, STR("end")))
            n++;
        OK(n == (int)sizeof large - 4 && more, "all its lines come: %d", n);
        os_lines_free(&l);
        close(fd);
    }
    unlink(file_of("many", 0));
    unlink(file_of("lines", 0));
    test_slow_lines();
}

int
main(void)
{
    struct arena a;

    if (mkdtemp(folder) == NULL || os_arena_init(&a, 1 << 22, NULL) != ST_OK)
        return 1;
    test_read(&a);
    test_refused(&a);
    test_pipe(&a);
    test_middle(&a);
    test_lines();
    test_memory();
    test_ensure();
    os_arena_free(&a);
    for (const char *const *name =
             (const char *const[]){"ten", "empty", "large", "eleven", "secret", "sixty",
                                   "middle", NULL};
         *name != NULL; name++) {
        struct buf b = buf_of(path, sizeof path);

        put_s(&b, folder);
        put_c(&b, '/');
        put_s(&b, *name);
        unlink(put_end(&b));
    }
    OK(rmdir(folder) == 0, "nothing else was left behind");
    return tap_end();
}
