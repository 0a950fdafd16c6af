/* SPDX-License-Identifier: Apache-2.0 */
/* time.c -- the timers: a heap of cells by the date they wake at, then by number, so that what falls
 * due at one date comes in one order everywhere. */
#include "engine/inner.h"

static bool
sooner(const struct engine *e, cell_id a, cell_id b)
{
    int64_t x = e->cell[a].wake, y = e->cell[b].wake;

    return x != y ? x < y : a < b;
}

static void
put_at(struct engine *e, uint32_t place, cell_id c)
{
    e->heap[place] = c;
    e->cell[c].heap = place;
}

static void
rise(struct engine *e, uint32_t place)
{
    cell_id c = e->heap[place];

    for (; place > 1 && sooner(e, c, e->heap[place / 2]); place /= 2)
        put_at(e, place, e->heap[place / 2]);
    put_at(e, place, c);
}

static void
sink_down(struct engine *e, uint32_t place)
{
    cell_id c = e->heap[place];

    for (;;) {
        uint32_t child = place * 2;

        if (child > e->nheap)
            break;
        if (child < e->nheap && sooner(e, e->heap[child + 1], e->heap[child]))
            child++;
        if (!sooner(e, e->heap[child], c))
            break;
        put_at(e, place, e->heap[child]);
        place = child;
    }
    put_at(e, place, c);
}

static void
take_out(struct engine *e, cell_id c)
{
    uint32_t place = e->cell[c].heap;
    cell_id last = e->heap[e->nheap--];

    e->cell[c].heap = 0;
    if (last == c)
        return;
    put_at(e, place, last);
    rise(e, place);
    sink_down(e, e->cell[last].heap);
}

void
timer_set(struct engine *e, cell_id c, int64_t wake)
{
    struct cell *cell = &e->cell[c];

    if (cell->heap != 0 && cell->wake == wake)
        return;
    if (cell->heap != 0)
        take_out(e, c);
    cell->wake = wake;
    if (wake == FOREVER)
        return;
    e->nheap++;
    put_at(e, e->nheap, c);
    rise(e, e->nheap);
}

cell_id
timer_first(const struct engine *e)
{
    return e->nheap == 0 ? 0 : e->heap[1];
}
