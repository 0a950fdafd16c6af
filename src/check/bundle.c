/* SPDX-License-Identifier: Apache-2.0 */
#include "check/bundle.h"

struct unpacking {
    const struct bundle *b;
    struct symbols *symbols;
    struct arena *arena;
    struct diag *d;
    char *room; /* of EVENT_SCRATCH bytes */
};

static bool
wrong_line(struct unpacking *u, const struct bundle_line *l, const char *what)
{
    struct buf b = diag_put(u->d, 0, 0);

    put_s(&b, "entry ");
    put_u(&b, l->index);
    put_s(&b, what);
    return false;
}

static bool
is_in_tree(struct unpacking *u, const struct bundle_line *l)
{
    if (inclusion_holds(l->index, u->b->size, leaf_hash(l->line), l->path, l->npath, u->b->root))
        return true;
    return wrong_line(u, l, " is not in the log with these bytes at this index");
}

/* Reads a line that the tree holds. What the log holds always says when it became known. */
static bool
read_line(struct unpacking *u, const struct bundle_line *l, struct entry *ret)
{
    struct buf scratch = buf_of(u->room, EVENT_SCRATCH);
    struct event e;

    if (!is_in_tree(u, l))
        return false;
    if (event_read(u->b->program, l->line, &scratch, &e, u->d) != ST_OK)
        return false;
    if (!e.has_known)
        return wrong_line(u, l, " does not say when it became known, so it is no line of a log");
    if (event_entry(u->b->program, &e, l->index, u->symbols, ret) != ST_OK)
        return wrong_line(u, l, " brings more names than there is room for");
    return true;
}

static bool
read_opening(struct unpacking *u, struct opening *ret)
{
    const struct bundle_line *l = &u->b->opening;
    struct buf scratch = buf_of(u->room, EVENT_SCRATCH);

    if (l->index != 0)
        return wrong_line(u, l, " is given as the opening of the theatre, which is entry 0");
    if (!is_in_tree(u, l) || !event_opening(u->b->program, l->line, &scratch, ret, u->d))
        return false;
    if (!str_eq(ret->agreement, u->b->program->title) || ret->version != u->b->program->version)
        return wrong_line(u, l, " opens a theatre of another agreement, or another version of it");
    for (uint32_t i = 0; i < ret->nappointments; i++)
        if (symbol(u->symbols, ret->appointment[i].who) == UINT32_MAX)
            return wrong_line(u, l, " brings more names than there is room for");
    return true;
}

static bool
read_entries(struct unpacking *u, struct entry *entry)
{
    for (uint32_t i = 0; i < u->b->nentries; i++)
        if (!read_line(u, &u->b->entries[i], &entry[i]))
            return false;
    return true;
}

/* The opening's names point into the room, so it is read last. */
static enum check_result
unpacked(struct unpacking *u)
{
    const struct bundle *b = u->b;
    struct entry *entry = NEW(u->arena, (size_t)b->nentries + 1, struct entry), place;
    struct opening *opening = NEW(u->arena, 1, struct opening);
    struct check c = {.program = b->program,
                      .opening = opening,
                      .symbols = u->symbols,
                      .entries = entry,
                      .nentries = b->nentries,
                      .verdict = b->verdict,
                      .happened = b->happened,
                      .good = b->good,
                      .ngood = b->ngood};

    u->room = NEW(u->arena, EVENT_SCRATCH, char);
    if (entry == NULL || opening == NULL || u->room == NULL) {
        diag_set(u->d, 0, 0, "the evidence is too large to be checked");
        return CHECK_NOT_SHOWN;
    }
    if (!read_entries(u, entry) || !read_line(u, &b->place, &place) || !read_opening(u, opening))
        return CHECK_NOT_SHOWN;
    if (place.place != b->verdict->place) {
        (void)wrong_line(u, &b->place, " is not the verdict's place in the log");
        return CHECK_NOT_SHOWN;
    }
    c.known = place.known;
    return check_verdict(&c, u->arena, u->d);
}

enum check_result
check_bundle(const struct bundle *b, struct symbols *s, struct arena *arena, struct diag *d)
{
    struct unpacking u = {.b = b, .symbols = s, .arena = arena, .d = d};
    size_t mark = arena->used;
    enum check_result r;

    d->text[0] = '\0';
    if (b->verdict->value != V_MET && b->verdict->value != V_BREACHED)
        return CHECK_NOTHING_TO_SHOW;
    r = unpacked(&u);
    arena_back(arena, mark);
    return r;
}
