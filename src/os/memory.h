/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h -- blocks for arenas, straight from the system.
 *
 * Pages are zero and cost nothing until they are touched, so a generous size is
 * fine. Blocks are taken at the start; nothing here grows. */
#ifndef OS_MEMORY_H
#define OS_MEMORY_H
#include "base/arena.h"
#include "base/put.h"

/* An arena over a new block of `size` bytes. ST_IO when the system has no room. */
CHECKED enum status os_arena_init(struct arena *a, size_t size, struct diag *d);

/* Gives the block back and empties the arena; an empty one is fine. */
void os_arena_free(struct arena *a);
#endif
