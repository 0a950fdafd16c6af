/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/prove.h"

#include <stdlib.h>
#include <string.h>

static void *
copy(const void *from, size_t n, size_t size)
{
    void *to = malloc(n * size + 1);

    if (to != NULL && n > 0)
        memcpy(to, from, n * size);
    return to;
}

bool
said_keep(struct said *s, const struct verdict *v)
{
    said_free(s);
    s->v = *v;
    s->binding = copy(v->binding, v->nbinding, sizeof *s->binding);
    s->entry = copy(v->entries, v->nentries, sizeof *s->entry);
    s->claim = copy(v->claims, v->nclaims, sizeof *s->claim);
    s->v.binding = s->binding;
    s->v.entries = s->entry;
    s->v.claims = s->claim;
    return s->binding != NULL && s->entry != NULL && s->claim != NULL;
}

void
said_free(struct said *s)
{
    free(s->binding);
    free(s->entry);
    free(s->claim);
    *s = (struct said){.binding = NULL};
}

bool
said_is(const struct said *s, struct verdict_ref r)
{
    return s->binding != NULL && s->v.sentence == r.sentence && s->v.otherwise == r.otherwise && s->v.opened == r.opened &&
           s->v.nth == r.nth;
}

void
said_as_decided(struct said *s)
{
    struct verdict *v = &s->v;

    if (v->value == V_BREACHED && v->ended && v->deadline != UNSET) {
        v->ended = false;
        v->end = UNSET;
    }
    v->at = v->decided;
}

static bool
line_of(const struct judging *j, uint64_t index, struct arena *arena, struct bundle_line *ret)
{
    struct proof *path = NEW(arena, 1, struct proof);

    if (path == NULL || index >= j->nlog || inclusion_proof(j->leaf, j->nlog, index, path) != ST_OK)
        return false;
    *ret = (struct bundle_line){index, j->log[index], path->path, path->len};
    return true;
}

enum check_result
prove(struct judging *j, const struct said *s, const struct said *cited, struct arena *arena, struct diag *d)
{
    const struct verdict *good[1] = {cited == NULL ? NULL : &cited->v};
    struct bundle b = {.program = j->texts.program, .size = j->nlog, .root = core_root(j->core), .verdict = &s->v,
                       .nentries = s->v.nentries, .happened = j->happened, .good = good, .ngood = cited != NULL};
    size_t mark = arena->used;
    struct bundle_line *lines = NEW(arena, s->v.nentries + 1, struct bundle_line);
    enum check_result r = CHECK_NOT_SHOWN;
    bool fine = lines != NULL && line_of(j, 0, arena, &b.opening) && line_of(j, s->v.place, arena, &b.place);

    for (uint32_t i = 0; i < s->v.nentries && fine; i++)
        fine = line_of(j, s->v.entries[i], arena, &lines[i]);
    b.entries = lines;
    if (fine) {
        r = check_bundle(&b, &j->core->symbols, arena, d);
    } else {
        struct buf text = diag_put(d, 0, 0);

        put_s(&text, "an entry it names does not stand in this log");
    }
    arena_back(arena, mark);
    return r;
}
