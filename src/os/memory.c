/* SPDX-License-Identifier: Apache-2.0 */
#include "os/memory.h"

#include <sys/mman.h>

enum status
os_arena_init(struct arena *a, size_t size, struct diag *d)
{
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (block == MAP_FAILED) {
        struct buf b = diag_put(d, 0, 0);

        put_s(&b, "the system has no ");
        put_u(&b, size);
        put_s(&b, " bytes of memory to give; stop other programs or raise the limit "
                  "(ulimit -v)");
        return ST_IO;
    }
    (void)madvise(block, size, MADV_HUGEPAGE); /* where the system does: a quarter faster, engine.nine */
    arena_init(a, block, size);
    a->clean = true; /* fresh pages are zeros; they cost nothing until touched */
    return ST_OK;
}

void
os_arena_free(struct arena *a)
{
    unsigned char *block = a->base;
    size_t size = a->size;

    arena_end(a);
    if (block != NULL)
        munmap(block, size);
}
