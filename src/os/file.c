/* SPDX-License-Identifier: Apache-2.0 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SHOWN = 160, FIRST_READ = 65536 };

void
put_path(struct buf *b, const char *path)
{
    struct str s = str_of(path);

    if (s.len > PATH_SHOWN) {
        put_s(b, "...");
        s = str_cut(s, s.len - PATH_SHOWN, PATH_SHOWN);
    }
    put(b, s);
}

static enum status
cannot_read(struct diag *d, enum status st, const char *name, const char *why,
            const char *remedy)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, "cannot read ");
    put_path(&b, name);
    put_s(&b, ": ");
    put_s(&b, why);
    put_s(&b, "; ");
    put_s(&b, remedy);
    return st;
}

static enum status
by_errno(struct diag *d, const char *name, int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return cannot_read(d, ST_INVALID, name, "there is no such file",
                           "check the name and the folder you are in");
    case EISDIR:
        return cannot_read(d, ST_CONFLICT, name, "it is a folder", "name a file in it");
    case EACCES:
    case EPERM:
        return cannot_read(
            d, ST_IO, name, strerror(error),
            "ask its owner for leave to read it, or run as a user who may");
    default:
        return cannot_read(d, ST_IO, name, strerror(error),
                           "check the disk and try again");
    }
}

static enum status
too_large(struct diag *d, const char *name, size_t max)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, "cannot read ");
    put_path(&b, name);
    put_s(&b, ": it has more than ");
    put_u(&b, max);
    put_s(&b, " bytes, the most this command takes; give it in parts");
    return ST_LIMIT;
}

/* Reads until `cap` bytes or the end; -1 and errno on failure. */
static ssize_t
read_full(int fd, char *into, size_t cap)
{
    size_t len = 0;

    while (len < cap) {
        ssize_t n = read(fd, into + len, cap - len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    return (ssize_t)len;
}

/* A file whose size is known: the bytes it had when it was opened. */
static enum status
read_sized(struct arena *a, int fd, const char *name, size_t size, struct str *ret,
           struct diag *d)
{
    size_t mark = a->used;
    char *into = arena_take(a, size, 1, 1);
    ssize_t n;

    if (into == NULL)
        return too_large(d, name, a->size - a->used);
    n = read_full(fd, into, size);
    if (n < 0) {
        arena_back(a, mark);
        return by_errno(d, name, errno);
    }
    *ret = (struct str){into, (size_t)n};
    return ST_OK;
}

/* Doubles a block on the heap until the end comes, or one byte more than max. NULL and
 * errno on failure. */
static char *
read_growing(int fd, size_t max, size_t *ret_len)
{
    char *block = NULL;
    size_t len = 0, cap = 0;

    for (;;) {
        size_t more = cap == 0 ? FIRST_READ : cap;
        char *larger = realloc(block, cap + more);
        ssize_t n = larger == NULL ? -1 : read_full(fd, larger + len, more);

        if (n < 0) {
            int error = larger == NULL ? ENOMEM : errno;

            free(larger == NULL ? block : larger);
            errno = error;
            return NULL;
        }
        block = larger;
        cap += more;
        len += (size_t)n;
        if (len < cap || len > max)
            break;
    }
    *ret_len = len;
    return block;
}

/* A pipe, a device, or a file of /proc: the size is known at the end only. */
static enum status
read_stream(struct arena *a, int fd, const char *name, size_t max, struct str *ret,
            struct diag *d)
{
    size_t len;
    char *block = read_growing(fd, max, &len);
    struct str kept;

    if (block == NULL)
        return by_errno(d, name, errno);
    if (len > max) {
        free(block);
        return too_large(d, name, max);
    }
    kept = arena_str(a, (struct str){block, len});
    free(block);
    if (kept.ptr == NULL)
        return too_large(d, name, a->size - a->used);
    *ret = kept;
    return ST_OK;
}

enum status
os_fd_read(struct arena *a, int fd, const char *name, size_t max, struct str *ret,
           struct diag *d)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return by_errno(d, name, errno);
    if (S_ISDIR(info.st_mode))
        return by_errno(d, name, EISDIR);
    if (!S_ISREG(info.st_mode) || info.st_size == 0 || lseek(fd, 0, SEEK_CUR) != 0)
        return read_stream(a, fd, name, max, ret, d);
    if ((uintmax_t)info.st_size > max)
        return too_large(d, name, max);
    return read_sized(a, fd, name, (size_t)info.st_size, ret, d);
}

enum status
os_file_open(const char *path, int *ret_fd, struct diag *d)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return by_errno(d, path, errno);
    *ret_fd = fd;
    return ST_OK;
}

enum status
os_file_read(struct arena *a, const char *path, size_t max, struct str *ret,
             struct diag *d)
{
    int fd;
    enum status st = os_file_open(path, &fd, d);

    if (st != ST_OK)
        return st;
    st = os_fd_read(a, fd, path, max, ret, d);
    close(fd);
    return st;
}

/* Lines */

enum { LINES_READ = 1 << 18 }; /* bytes asked for at a time */

enum status
os_lines_init(struct os_lines *l, int fd, const char *name, size_t max, struct diag *d)
{
    *l = (struct os_lines){.fd = fd, .name = name, .max = max, .block = malloc(max + 1 + LINES_READ)};
    return l->block == NULL ? by_errno(d, name, ENOMEM) : ST_OK;
}

void
os_lines_free(struct os_lines *l)
{
    free(l->block);
    *l = (struct os_lines){0};
}

/* More behind what is held, which is at most one more than `max` bytes. */
static enum status
lines_fill(struct os_lines *l, struct diag *d)
{
    ssize_t n;

    if (l->from > 0 && l->to > l->from)
        memmove(l->block, l->block + l->from, l->to - l->from);
    l->to -= l->from;
    l->from = 0;
    do
        n = read(l->fd, l->block + l->to, l->max + 1 + LINES_READ - l->to);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return by_errno(d, l->name, errno);
    l->end = n == 0;
    l->to += (size_t)n;
    return ST_OK;
}

enum status
os_lines_next(struct os_lines *l, struct str *ret, bool *ret_more, struct diag *d)
{
    const char *feed = NULL;
    size_t seen = 0, held, len;

    for (;;) {
        enum status st;

        held = l->to - l->from;
        if (held > seen)
            feed = memchr(l->block + l->from + seen, '\n', held - seen);
        if (feed != NULL || l->end || held > l->max + 1) /* one more, for a "\r" */
            break;
        seen = held;
        st = lines_fill(l, d);
        if (st != ST_OK)
            return st;
    }
    len = feed != NULL ? (size_t)(feed - l->block) - l->from : held;
    *ret_more = held > 0;
    *ret = (struct str){l->block + l->from, len};
    if (len > 0 && ret->ptr[len - 1] == '\r')
        ret->len--;
    l->cut = feed == NULL && ret->len <= l->max;
    if (ret->len > l->max) {
        ret->len = l->max + 1;
        l->from += ret->len;
    } else {
        l->from += len + (feed != NULL);
    }
    return ST_OK;
}
