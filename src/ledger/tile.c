/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/tile.h"

enum { BITS = 8 }; /* TILE_WIDTH is 2^8: a tile is a tree of eight levels */

/* Entries below one hash of a level are 2^shift. */
static unsigned
shift(int32_t level)
{
    ENSURE(level >= TILE_ENTRIES && level < TILE_LEVELS);
    return level == TILE_ENTRIES ? 0 : BITS * (unsigned)level;
}

/* Coordinates */

bool
tile_valid(struct tile t)
{
    uint64_t most;

    if (t.level < TILE_ENTRIES || t.level >= TILE_LEVELS)
        return false;
    if (t.width == 0 || t.width > TILE_WIDTH)
        return false;
    most = tile_hashes(UINT64_MAX, t.level);
    return t.index <= UINT64_MAX / TILE_WIDTH && t.width <= most &&
           t.index * TILE_WIDTH <= most - t.width;
}

uint64_t
tile_hashes(uint64_t size, int32_t level)
{
    return size >> shift(level);
}

uint64_t
tile_count(uint64_t size, int32_t level)
{
    uint64_t n = tile_hashes(size, level);

    return n / TILE_WIDTH + (n % TILE_WIDTH != 0);
}

struct tile
tile_of(uint64_t size, int32_t level, uint64_t index)
{
    uint64_t n = tile_hashes(size, level);
    struct tile t = {.level = level, .index = index};

    if (index < n / TILE_WIDTH)
        t.width = TILE_WIDTH;
    else if (index == n / TILE_WIDTH)
        t.width = (uint32_t)(n % TILE_WIDTH);
    return t;
}

/* Paths
 *
 * path   = "tile/" level "/" index [".p/" width]
 * level  = "entries" | "0" .. "7"
 * index  = { "x" three digits "/" } three digits, no "x000/" in front
 * width  = "1" .. "255" */

void
put_tile_path(struct buf *b, struct tile t)
{
    uint64_t unit = 1;

    ENSURE(tile_valid(t));
    put_s(b, "tile/");
    if (t.level == TILE_ENTRIES)
        put_s(b, "entries");
    else
        put_u(b, (uint64_t)t.level);
    put_c(b, '/');
    while (t.index / unit >= 1000)
        unit *= 1000;
    for (; unit > 1; unit /= 1000) {
        put_c(b, 'x');
        put_u_wide(b, t.index / unit % 1000, 3);
        put_c(b, '/');
    }
    put_u_wide(b, t.index % 1000, 3);
    if (t.width != TILE_WIDTH) {
        put_s(b, ".p/");
        put_u(b, t.width);
    }
}

static bool
accept(struct str *s, struct str word)
{
    if (!str_starts(*s, word))
        return false;
    *s = str_cut(*s, word.len, s->len);
    return true;
}

/* Digits up to what is none, at most `most`; how many there were. */
static unsigned
digits(struct str *s, unsigned most, uint32_t *ret)
{
    unsigned n = 0;

    for (*ret = 0; n < most && n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9'; n++)
        *ret = *ret * 10 + (uint32_t)(s->ptr[n] - '0');
    *s = str_cut(*s, n, s->len);
    return n;
}

enum status
tile_path_read(struct str path, struct tile *ret)
{
    struct tile t = {.width = TILE_WIDTH};
    struct str in = path;
    char again[TILE_PATH_MAX];
    struct buf b = buf_of(again, sizeof again);
    uint32_t part, level = 0;
    bool more;

    if (!accept(&in, STR("tile/")))
        return ST_MALFORMED;
    if (accept(&in, STR("entries/")))
        t.level = TILE_ENTRIES;
    else if (digits(&in, 2, &level) == 0 || level > 63 || !accept(&in, STR("/")))
        return ST_MALFORMED;
    else
        t.level = (int32_t)level;
    do {
        more = accept(&in, STR("x"));
        if (digits(&in, 3, &part) != 3 || (more && !accept(&in, STR("/"))))
            return ST_MALFORMED;
        if (t.index > (UINT64_MAX - part) / 1000)
            return ST_INVALID;
        t.index = t.index * 1000 + part;
    } while (more);
    if (accept(&in, STR(".p/")) &&
        (digits(&in, 3, &t.width) == 0 || t.width == 0 || t.width >= TILE_WIDTH))
        return ST_MALFORMED;
    if (in.len != 0)
        return ST_MALFORMED;
    if (!tile_valid(t))
        return ST_INVALID;
    put_tile_path(&b, t); /* what is written otherwise has zeros in front */
    if (!str_eq(buf_str(&b), path))
        return ST_MALFORMED;
    *ret = t;
    return ST_OK;
}

/* Growing */

struct tile_walk
tile_walk(uint64_t from, uint64_t to)
{
    ENSURE(from <= to);
    return (struct tile_walk){from, to, tile_hashes(from, TILE_ENTRIES) / TILE_WIDTH,
                              TILE_ENTRIES};
}

bool
tile_next(struct tile_walk *w, struct tile *ret)
{
    struct tile t;

    while (w->level < TILE_LEVELS) {
        t = tile_of(w->to, w->level, w->index);
        if (t.width > tile_of(w->from, w->level, w->index).width) {
            w->index++;
            *ret = t;
            return true;
        }
        if (++w->level < TILE_LEVELS)
            w->index = tile_hashes(w->from, w->level) / TILE_WIDTH;
    }
    return false;
}

/* The edge */

void
edge_init(struct edge *e)
{
    memset(e, 0, sizeof *e);
}

/* The root of 256^level entries, behind the `n` of that level. */
static void
edge_put(struct edge *e, unsigned level, uint64_t n, struct hash h)
{
    if (n % TILE_WIDTH == 0)
        memset(e->tiles[level], 0, sizeof e->tiles[level]);
    e->tiles[level][n % TILE_WIDTH] = h;
}

/* tree_append_leaf() of tree.c; but the roots of full trees that it passes on its way up
 * are the hashes of tiles at every eighth level. */
unsigned
edge_append(struct edge *e, struct hash leaf)
{
    struct tree *t = &e->tree;
    unsigned bit = 0;

    ENSURE(t->size != UINT64_MAX);
    for (;; bit++) {
        if (bit % BITS == 0)
            edge_put(e, bit / BITS, t->size >> bit, leaf);
        if (!(t->size >> bit & 1))
            break;
        leaf = node_hash(t->spine[bit], leaf);
        t->spine[bit] = (struct hash){0};
    }
    t->spine[bit] = leaf;
    t->size++;
    return bit / BITS;
}

/* The tile that holds the last hash of a level. */
static struct tile
last_tile(uint64_t size, int32_t level)
{
    uint64_t n = tile_hashes(size, level);

    return tile_of(size, level, n == 0 ? 0 : (n - 1) / TILE_WIDTH);
}

const struct hash *
edge_tile(const struct edge *e, int32_t level, struct tile *ret)
{
    ENSURE(level >= 0 && level < TILE_LEVELS);
    *ret = last_tile(e->tree.size, level);
    return ret->width == 0 ? NULL : e->tiles[level];
}

/* The spine of a tree has the roots of its full parts: eight of each level's last tile. */
static void
read_spine(struct edge *e, unsigned level)
{
    uint64_t n = e->tree.size >> BITS * level;

    for (unsigned bit = 0; bit < BITS; bit++) {
        uint64_t from = (n % TILE_WIDTH) >> (bit + 1) << (bit + 1);

        if (n >> bit & 1)
            e->tree.spine[BITS * level + bit] =
                tree_root_of(e->tiles[level] + from, UINT64_C(1) << bit);
    }
}

enum status
edge_read(struct tile_source from, uint64_t size, struct edge *ret)
{
    struct edge e;
    enum status st;

    edge_init(&e);
    e.tree.size = size;
    for (int32_t level = 0; level < TILE_LEVELS; level++) {
        struct tile t = last_tile(size, level);

        if (t.width == 0)
            break;
        if ((st = from.read(from.ctx, t, e.tiles[level])) != ST_OK)
            return st;
        read_spine(&e, (unsigned)level);
    }
    for (int32_t level = 0; level + 1 < TILE_LEVELS; level++) {
        struct tile t = last_tile(size, level), above = last_tile(size, level + 1);

        if (t.width == TILE_WIDTH &&
            !hash_eq(tree_root_of(e.tiles[level], TILE_WIDTH),
                     e.tiles[level + 1][above.width - 1]))
            return ST_INVALID;
    }
    *ret = e;
    return ST_OK;
}

/* Roots and proofs
 *
 * The tree of the first `size` entries is taken apart as in tree.c; but a part's root is
 * not hashed from its leaves: it is put together from the full trees in it, and each of
 * these is 1 to 128 hashes of one tile. */

struct maker {
    struct tile_source from;
    uint64_t size;
    struct tile have; /* what `hashes` is of; of width 0 at first */
    struct hash hashes[TILE_WIDTH];
    enum status st; /* the first failure stays, and nothing is read behind it */
};

static void
maker_init(struct maker *m, struct tile_source from, uint64_t size)
{
    m->from = from;
    m->size = size;
    m->have = (struct tile){0};
    m->st = ST_OK;
}

/* The root of the 2^bit entries from `at` on, a multiple of that. */
static struct hash
full_root(struct maker *m, uint64_t at, unsigned bit)
{
    unsigned level = bit / BITS;
    uint64_t first = at >> BITS * level; /* of the hashes of that level */
    struct tile t = tile_of(m->size, (int32_t)level, first / TILE_WIDTH);

    if (m->st != ST_OK)
        return (struct hash){0};
    if (m->have.width == 0 || t.level != m->have.level || t.index != m->have.index) {
        m->have = t;
        m->st = m->from.read(m->from.ctx, t, m->hashes);
        if (m->st != ST_OK)
            return (struct hash){0};
    }
    ENSURE(first % TILE_WIDTH + (UINT64_C(1) << bit % BITS) <= t.width);
    return tree_root_of(m->hashes + first % TILE_WIDTH, UINT64_C(1) << bit % BITS);
}

/* The root of the `n` entries from `at` on, which is a multiple of the power of two that
 * n needs at most: the full trees in it from the right, which are the smallest. */
static struct hash
part_root(struct maker *m, uint64_t at, uint64_t n)
{
    struct hash root = {0};
    bool any = false;

    for (unsigned bit = 0; bit < TREE_LEVELS; bit++) {
        struct hash h;

        if (!(n >> bit & 1))
            continue;
        h = full_root(m, at + (n >> bit >> 1 << bit << 1), bit);
        root = any ? node_hash(h, root) : h;
        any = true;
    }
    return root;
}

enum status
tiles_root(struct tile_source from, uint64_t size, struct hash *ret)
{
    struct maker m;
    struct hash root;

    maker_init(&m, from, size);
    root = size == 0 ? sha256_of((struct str){NULL, 0}) : part_root(&m, 0, size);
    if (m.st == ST_OK)
        *ret = root;
    return m.st;
}

/* The largest power of two below n, for n > 1. */
static uint64_t
split(uint64_t n)
{
    uint64_t k = 1;

    while (k < n - k)
        k *= 2;
    return k;
}

/* A proof is the roots of these parts, from the leaf's end up. They are found on the way
 * down from the root. */
struct parts {
    unsigned len;
    struct {
        uint64_t at, n;
    } part[PROOF_MAX];
};

static void
add(struct parts *p, uint64_t at, uint64_t n)
{
    ENSURE(p->len < PROOF_MAX);
    p->part[p->len].at = at;
    p->part[p->len].n = n;
    p->len++;
}

static enum status
prove(struct tile_source from, uint64_t size, const struct parts *p, struct proof *ret)
{
    struct maker m;
    struct proof made = {0};

    maker_init(&m, from, size);
    for (unsigned i = p->len; i-- > 0;)
        made.path[made.len++] = part_root(&m, p->part[i].at, p->part[i].n);
    if (m.st == ST_OK)
        *ret = made;
    return m.st;
}

/* PATH of RFC 6962, 2.1.1. */
enum status
tiles_inclusion(struct tile_source from, uint64_t size, uint64_t index, struct proof *ret)
{
    struct parts p = {0};
    uint64_t at = 0, n = size;

    if (index >= size)
        return ST_INVALID;
    while (n > 1) {
        uint64_t k = split(n);

        if (index - at < k) {
            add(&p, at + k, n - k);
            n = k;
        } else {
            add(&p, at, k);
            at += k;
            n -= k;
        }
    }
    return prove(from, size, &p, ret);
}

/* PROOF and SUBPROOF of RFC 6962, 2.1.2; see consistency_proof() of tree.c. */
enum status
tiles_consistency(struct tile_source from, uint64_t first, uint64_t size,
                  struct proof *ret)
{
    struct parts p = {0};
    uint64_t at = 0, n = size;

    if (first == 0 || first > size)
        return ST_INVALID;
    while (first - at < n) {
        uint64_t k = split(n);

        if (first - at <= k) {
            add(&p, at + k, n - k);
            n = k;
        } else {
            add(&p, at, k);
            at += k;
            n -= k;
        }
    }
    if (at != 0)
        add(&p, at, n);
    return prove(from, size, &p, ret);
}
