/* SPDX-License-Identifier: Apache-2.0 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
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
os_file_read(struct arena *a, const char *path, size_t max, struct str *ret,
             struct diag *d)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum status st;

    if (fd < 0)
        return by_errno(d, path, errno);
    st = os_fd_read(a, fd, path, max, ret, d);
    close(fd);
    return st;
}
