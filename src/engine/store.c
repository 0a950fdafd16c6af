/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/store.h"

/* pools ---------------------------------------------------------------------------------------- */

/* Every pool gives place 1 first; `next` reads the free list's link of a place. */
static uint32_t
take_fresh(struct store *s, struct pool *p)
{
    if (p->n == p->cap) {
        s->full = true;
        return 0;
    }
    p->live++;
    return p->n++;
}

static uint32_t
round_up(uint32_t n)
{
    uint32_t p = 64;

    while (p < n)
        p *= 2;
    return p;
}

bool
store_init(struct store *s, const struct program *p, struct arena *arena, struct store_size size)
{
    *s = (struct store){.p = p};
    s->rows = (struct pool){.cap = size.rows + 1, .n = 1};
    s->links = (struct pool){.cap = size.rows * 2 + INDEX_MAX + 1, .n = 1};
    s->buckets = (struct pool){.cap = size.rows * 2 + 1, .n = 1};
    s->edges = (struct pool){.cap = size.edges + 1, .n = 1};
    s->stamps = (struct pool){.cap = size.stamps + 1, .n = 1};
    s->nsources = size.sources;
    s->nslots = round_up(size.rows + size.rows / 2);
    s->row_slots = s->bucket_slots = (struct slots){FIRST_SLOTS, FIRST_SLOTS - 1};
    s->row = NEW(arena, s->rows.cap, struct rec);
    s->link = NEW(arena, s->links.cap, struct link);
    s->bucket = NEW(arena, s->buckets.cap, struct bucket);
    s->edge = NEW(arena, s->edges.cap, struct edge);
    s->stamp = NEW(arena, s->stamps.cap, struct stamp);
    s->source = NEW(arena, size.sources, struct source);
    s->row_slot = NEW(arena, s->nslots, row_id);
    s->bucket_slot = NEW(arena, s->nslots, bucket_id);
    if (s->row == NULL || s->link == NULL || s->bucket == NULL || s->edge == NULL || s->stamp == NULL ||
        s->source == NULL || s->row_slot == NULL || s->bucket_slot == NULL)
        return false;
    for (uint32_t i = 0; i < size.sources; i++)
        s->source[i].last = UNSET;
    return true;
}

/* hashing -------------------------------------------------------------------------------------- */

static uint64_t
mix(uint64_t h, uint32_t x)
{
    h = (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

static uint32_t
hash_of(uint32_t relation, uint32_t salt, uint8_t mask, uint8_t arity, const uint32_t *arg)
{
    uint64_t h = mix(UINT64_C(0x243f6a8885a308d3), relation * 8 + salt);

    for (uint8_t i = 0; i < arity; i++)
        if ((mask & (1u << i)) != 0)
            h = mix(h, arg[i]);
    return (uint32_t)(h >> 32);
}

static uint32_t
row_hash(const struct store *s, uint32_t relation, const uint32_t *arg)
{
    return hash_of(relation, 7, UINT8_MAX, s->p->relations[relation].arity, arg);
}

static uint32_t
bucket_hash(const struct store *s, uint32_t relation, uint32_t index, const uint32_t *arg)
{
    const struct relation *rel = &s->p->relations[relation];

    return hash_of(relation, index, rel->index[index], rel->arity, arg);
}

/* Tables hold as many slots as there are things in them, so that what is in use lies close together. They
 * grow by one slot at a time (linear hashing, Litwin 1980): slot n takes from slot n - 2^k those whose next
 * bit is set. No step pays for more than the chain it splits. */
static uint32_t
slot_in(struct slots t, uint32_t hash)
{
    uint32_t at = hash & t.mask;

    return at < t.n ? at : at & (t.mask >> 1);
}

/* Opens the next slot; the one that it takes from. */
static uint32_t
slots_split(struct slots *t)
{
    if (t->n == t->mask + 1)
        t->mask = t->mask * 2 + 1;
    return t->n++ & (t->mask >> 1);
}

static bool
slots_tight(const struct store *s, struct slots t, uint32_t live)
{
    return t.n < s->nslots && t.n < live * 2;
}

/* rows ----------------------------------------------------------------------------------------- */

static bool
same_args(const uint32_t *a, const uint32_t *b, uint8_t arity)
{
    for (uint8_t i = 0; i < arity; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static row_id *
row_link(const struct store *s, uint32_t relation, const uint32_t *arg)
{
    uint8_t arity = s->p->relations[relation].arity;
    row_id *at = &s->row_slot[slot_in(s->row_slots, row_hash(s, relation, arg))];

    while (*at != 0 && !(s->row[*at].relation == relation && same_args(s->row[*at].arg, arg, arity)))
        at = &s->row[*at].chain;
    return at;
}

row_id
row_find(const struct store *s, uint32_t relation, const uint32_t *arg)
{
    return *row_link(s, relation, arg);
}

static void
rows_spread(struct store *s)
{
    uint32_t fresh = s->row_slots.n;
    row_id *from = &s->row_slot[slots_split(&s->row_slots)], *to = &s->row_slot[fresh];

    while (*from != 0) {
        struct rec *rec = &s->row[*from];

        if (slot_in(s->row_slots, row_hash(s, rec->relation, rec->arg)) == fresh) {
            *to = *from;
            *from = rec->chain;
            to = &rec->chain;
            *to = 0;
        } else {
            from = &rec->chain;
        }
    }
}

static bool
relation_is_fact(const struct store *s, uint32_t relation)
{
    return s->p->relations[relation].type == REL_FACT;
}

row_id
row_make(struct store *s, uint32_t relation, const uint32_t *arg)
{
    row_id *at = row_link(s, relation, arg);
    row_id r = *at;
    struct rec *rec;

    if (r != 0)
        return r;
    if (s->rows.free != 0) {
        r = s->rows.free;
        s->rows.free = s->row[r].chain;
        s->rows.live++;
    } else if ((r = take_fresh(s, &s->rows)) == 0) {
        return 0;
    }
    rec = &s->row[r];
    *rec = (struct rec){.relation = relation, .since = UNSET, .again = UNSET};
    rec->value = relation_is_fact(s, relation) ? UNSET : 0;
    for (uint8_t i = 0; i < s->p->relations[relation].arity; i++)
        rec->arg[i] = arg[i];
    *at = r;
    while (slots_tight(s, s->row_slots, s->rows.live))
        rows_spread(s);
    return r;
}

void
row_drop(struct store *s, row_id r)
{
    struct rec *rec = &s->row[r];
    row_id *at;

    if (r == 0 || rec->edges != 0 || rec->cell != 0 || rec->present || rec->known || rec->stamps != 0)
        return;
    at = row_link(s, rec->relation, rec->arg);
    *at = rec->chain;
    *rec = (struct rec){.chain = s->rows.free};
    s->rows.free = r;
    s->rows.live--;
}

/* buckets -------------------------------------------------------------------------------------- */

static bucket_id *
bucket_link(const struct store *s, uint32_t relation, uint8_t index, const uint32_t *arg)
{
    const struct relation *rel = &s->p->relations[relation];
    uint8_t mask = rel->index[index];
    bucket_id *at = &s->bucket_slot[slot_in(s->bucket_slots, bucket_hash(s, relation, index, arg))];

    for (; *at != 0; at = &s->bucket[*at].chain) {
        const struct bucket *b = &s->bucket[*at];
        bool same = b->relation == relation && b->index == index;

        for (uint8_t i = 0; same && i < rel->arity; i++)
            same = (mask & (1u << i)) == 0 || b->arg[i] == arg[i];
        if (same)
            break;
    }
    return at;
}

static void
buckets_spread(struct store *s)
{
    uint32_t fresh = s->bucket_slots.n;
    bucket_id *from = &s->bucket_slot[slots_split(&s->bucket_slots)], *to = &s->bucket_slot[fresh];

    while (*from != 0) {
        struct bucket *b = &s->bucket[*from];

        if (slot_in(s->bucket_slots, bucket_hash(s, b->relation, b->index, b->arg)) == fresh) {
            *to = *from;
            *from = b->chain;
            to = &b->chain;
            *to = 0;
        } else {
            from = &b->chain;
        }
    }
}

bucket_id
bucket_find(const struct store *s, uint32_t relation, uint8_t index, const uint32_t *arg)
{
    return *bucket_link(s, relation, index, arg);
}

bucket_id
bucket_make(struct store *s, uint32_t relation, uint8_t index, const uint32_t *arg)
{
    const struct relation *rel = &s->p->relations[relation];
    bucket_id *at = bucket_link(s, relation, index, arg);
    bucket_id b = *at;

    if (b != 0)
        return b;
    if (s->buckets.free != 0) {
        b = s->buckets.free;
        s->buckets.free = s->bucket[b].chain;
        s->buckets.live++;
    } else if ((b = take_fresh(s, &s->buckets)) == 0) {
        return 0;
    }
    s->bucket[b] = (struct bucket){.relation = relation, .index = index};
    for (uint8_t i = 0; i < rel->arity; i++)
        if ((rel->index[index] & (1u << i)) != 0)
            s->bucket[b].arg[i] = arg[i];
    *at = b;
    while (slots_tight(s, s->bucket_slots, s->buckets.live))
        buckets_spread(s);
    return b;
}

static void
bucket_drop(struct store *s, bucket_id b)
{
    struct bucket *bucket = &s->bucket[b];
    bucket_id *at;

    if (bucket->count != 0 || bucket->edges != 0)
        return;
    at = bucket_link(s, bucket->relation, (uint8_t)bucket->index, bucket->arg);
    *at = bucket->chain;
    *bucket = (struct bucket){.chain = s->buckets.free};
    s->buckets.free = b;
    s->buckets.live--;
}

row_id
bucket_next(const struct store *s, bucket_id b, uint8_t index, row_id after)
{
    if (b == 0)
        return 0;
    return after == 0 ? s->bucket[b].first : s->link[s->row[after].links + index].next;
}

/* Links of one row stand together; freed runs wait by their length, chained through `next`. */
static uint32_t
links_take(struct store *s, uint8_t n)
{
    uint32_t at = s->link_free[n];

    if (at != 0) {
        s->link_free[n] = s->link[at].next;
        s->links.live += n;
        return at;
    }
    if (s->links.n + n > s->links.cap) {
        s->full = true;
        return 0;
    }
    at = s->links.n;
    s->links.n += n;
    s->links.live += n;
    return at;
}

static void
links_give(struct store *s, uint32_t at, uint8_t n)
{
    for (uint8_t i = 0; i < n; i++)
        s->link[at + i] = (struct link){0};
    s->link[at].next = s->link_free[n];
    s->link_free[n] = at;
    s->links.live -= n;
}

static void
link_in(struct store *s, row_id r, uint8_t index)
{
    struct link *l = &s->link[s->row[r].links + index];
    bucket_id b = bucket_make(s, s->row[r].relation, index, s->row[r].arg);
    struct bucket *bucket = &s->bucket[b];

    *l = (struct link){.prev = bucket->last, .bucket = b};
    if (b == 0)
        return;
    if (bucket->last == 0)
        bucket->first = r;
    else
        s->link[s->row[bucket->last].links + index].next = r;
    bucket->last = r;
    bucket->count++;
}

static void
link_out(struct store *s, row_id r, uint8_t index)
{
    struct link l = s->link[s->row[r].links + index];
    struct bucket *bucket = &s->bucket[l.bucket];

    if (l.prev == 0)
        bucket->first = l.next;
    else
        s->link[s->row[l.prev].links + index].next = l.next;
    if (l.next == 0)
        bucket->last = l.prev;
    else
        s->link[s->row[l.next].links + index].prev = l.prev;
    bucket->count--;
    bucket_drop(s, l.bucket);
}

void
row_show(struct store *s, row_id r)
{
    uint8_t n = s->p->relations[s->row[r].relation].nindex;

    if (s->row[r].present)
        return;
    s->row[r].present = true;
    if (n == 0)
        return;
    s->row[r].links = links_take(s, n);
    for (uint8_t i = 0; i < n && !s->full; i++)
        link_in(s, r, i);
}

void
row_hide(struct store *s, row_id r)
{
    uint8_t n = s->p->relations[s->row[r].relation].nindex;

    if (!s->row[r].present)
        return;
    s->row[r].present = false;
    for (uint8_t i = 0; i < n && !s->full; i++)
        link_out(s, r, i);
    if (n > 0)
        links_give(s, s->row[r].links, n);
    s->row[r].links = 0;
}

/* stamps --------------------------------------------------------------------------------------- */

static void
stamp_free(struct store *s, uint32_t at)
{
    s->stamp[at] = (struct stamp){.next = s->stamps.free};
    s->stamps.free = at;
    s->stamps.live--;
}

/* Frees everything from the link on. */
static void
stamps_cut(struct store *s, row_id r, uint32_t *link)
{
    while (*link != 0) {
        uint32_t at = *link;

        *link = s->stamp[at].next;
        stamp_free(s, at);
        s->row[r].nstamps--;
    }
}

static void
stamps_trim(struct store *s, row_id r, uint32_t keep, int64_t oldest)
{
    uint32_t *link = &s->row[r].stamps;
    uint32_t n = 0;

    while (*link != 0 && s->stamp[*link].at >= oldest && (keep == 0 || n < keep)) {
        link = &s->stamp[*link].next;
        n++;
    }
    stamps_cut(s, r, link);
}

void
stamp_add(struct store *s, row_id r, int64_t at, int64_t value, uint32_t entry, uint32_t keep, int64_t oldest)
{
    uint32_t *link = &s->row[r].stamps;
    uint32_t fresh;

    if (at < oldest)
        return;
    if (s->stamps.free != 0) {
        fresh = s->stamps.free;
        s->stamps.free = s->stamp[fresh].next;
        s->stamps.live++;
    } else if ((fresh = take_fresh(s, &s->stamps)) == 0) {
        return;
    }
    while (*link != 0 && s->stamp[*link].at > at)
        link = &s->stamp[*link].next;
    s->stamp[fresh] = (struct stamp){at, value, entry, *link};
    *link = fresh;
    s->row[r].nstamps++;
    stamps_trim(s, r, keep, oldest);
}

void
stamps_clear(struct store *s, row_id r)
{
    stamps_cut(s, r, &s->row[r].stamps);
}

/* edges ---------------------------------------------------------------------------------------- */

static uint32_t *
edges_of(struct store *s, enum edge_type type, uint32_t on)
{
    switch (type) {
    case EDGE_ROW: return &s->row[on].edges;
    case EDGE_BUCKET: return &s->bucket[on].edges;
    case EDGE_SOURCE: break;
    }
    return &s->source[on].edges;
}

uint32_t
edge_add(struct store *s, cell_id cell, enum edge_type type, uint32_t on, uint32_t more)
{
    uint32_t *first = edges_of(s, type, on);
    uint32_t at;

    if (s->edges.free != 0) {
        at = s->edges.free;
        s->edges.free = s->edge[at].next;
        s->edges.live++;
    } else if ((at = take_fresh(s, &s->edges)) == 0) {
        return more;
    }
    s->edge[at] = (struct edge){cell, on, (uint32_t)type, 0, *first, more};
    if (*first != 0)
        s->edge[*first].prev = at;
    *first = at;
    return at;
}

void
edges_undo(struct store *s, uint32_t first)
{
    while (first != 0) {
        struct edge e = s->edge[first];

        if (e.prev != 0)
            s->edge[e.prev].next = e.next;
        else
            *edges_of(s, (enum edge_type)e.type, e.on) = e.next;
        if (e.next != 0)
            s->edge[e.next].prev = e.prev;
        s->edge[first] = (struct edge){.next = s->edges.free};
        s->edges.free = first;
        s->edges.live--;
        if (e.type == EDGE_ROW)
            row_drop(s, e.on);
        else if (e.type == EDGE_BUCKET)
            bucket_drop(s, e.on);
        first = e.more;
    }
}
