/* SPDX-License-Identifier: Apache-2.0 */
#include "os/out.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
#include "os/file.h"

void
os_out_init(struct os_out *o, int fd)
{
    o->fd = fd;
    o->error = 0;
    o->len = 0;
    signal(SIGPIPE, SIG_IGN);
}

/* A descriptor that was set not to block (a terminal shared with another program) is
 * waited for. */
static bool
worth_another_try(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};

    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

static void
write_out(struct os_out *o, struct str s)
{
    while (s.len > 0 && o->error == 0) {
        ssize_t n = write(o->fd, s.ptr, s.len);

        if (n >= 0)
            s = str_cut(s, (size_t)n, s.len);
        else if (!worth_another_try(o->fd))
            o->error = errno;
    }
}

void
os_out_flush(struct os_out *o)
{
    write_out(o, (struct str){o->bytes, o->len});
    o->len = 0;
}

void
os_out_put(struct os_out *o, struct str s)
{
    if (s.len > OUT_SIZE - o->len)
        os_out_flush(o);
    if (s.len > OUT_SIZE) {
        write_out(o, s);
        return;
    }
    if (s.len > 0)
        memcpy(o->bytes + o->len, s.ptr, s.len);
    o->len += s.len;
}

static const char *
remedy(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "make room and run it again; what is there is cut short";
    case EPIPE:
        return "whoever read it has stopped, and the rest was not written";
    default:
        return "what is there is cut short";
    }
}

void
os_out_line(struct os_out *o, struct str s)
{
    if (s.len < OUT_SIZE && s.len + 1 > OUT_SIZE - o->len)
        os_out_flush(o);
    os_out_put(o, s);
    os_out_put(o, STR("\n"));
}

void
os_out_failed(int error, const char *name, struct diag *d)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, "cannot write ");
    put_path(&b, name);
    put_s(&b, ": ");
    put_s(&b, strerror(error));
    put_s(&b, "; ");
    put_s(&b, remedy(error));
}

enum status
os_out_end(struct os_out *o, const char *name, struct diag *d)
{
    os_out_flush(o);
    if (o->error == 0)
        return ST_OK;
    os_out_failed(o->error, name, d);
    return o->error == EPIPE ? ST_CONFLICT : ST_IO;
}
