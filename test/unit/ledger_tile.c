/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/tile.h"

#include <inttypes.h>
#include <limits.h>
#include "base/text.h"
#include "rng.h"
#include "tap.h"

static bool
is(struct hash h, const char *want)
{
    uint8_t bytes[32];

    return hex_read(str_of(want), bytes, 32) && memcmp(bytes, h.b, 32) == 0;
}

static bool
same_tile(struct tile a, struct tile b)
{
    return a.level == b.level && a.index == b.index && a.width == b.width;
}

/* Paths: those of the source's own text, and what one may not write. */

static void
test_paths(void)
{
    static const struct {
        struct tile t;
        const char *path;
    } good[] = {
        {{0, 256, 1234067}, "tile/0/x001/x234/067"},
        {{0, 256, 1234}, "tile/0/x001/234"},
        {{0, 256, 999}, "tile/0/999"},
        {{0, 256, 1000}, "tile/0/x001/000"},
        {{1, 17, 1}, "tile/1/001.p/17"},
        {{2, 1, 0}, "tile/2/000.p/1"},
        {{7, 255, 0}, "tile/7/000.p/255"},
        {{TILE_ENTRIES, 256, 0}, "tile/entries/000"},
        {{TILE_ENTRIES, 112, 273}, "tile/entries/273.p/112"},
        {{TILE_ENTRIES, 255, UINT64_MAX / 256},
         "tile/entries/x072/x057/x594/x037/x927/935.p/255"},
    };
    static const char *const malformed[] = {
        "", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000",
        "tile/00/000", "tile/01/000", "tile/64/000", "tile/100/000", "tile/-1/000",
        "tile/+1/000", "tile//000", "tile/entries", "tile/entries/", "tile/Entries/000",
        "/tile/0/000", "tile/0/000/", "tile/0/x001", "tile/0/x001/", "tile/0/001/234",
        "tile/0/x001/x234", "tile/0/x000/000", "tile/0/x000/x001/000", "tile/0/X001/234",
        "tile/0/x1/234", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1000", "tile/0/000.p/1/",
        "tile/0/000.p/-1", "tile/0/000.P/1", "tile/0/000 ", " tile/0/000", "tile/0/00a",
        "tile/0/../000", "tile/0/x001/../000",
    };
    static const char *const beyond[] = {
        "tile/8/000", "tile/63/000.p/1", "tile/7/000", "tile/7/001.p/1",
        "tile/0/x072/x057/x594/x037/x927/935", "tile/0/x072/x057/x594/x037/x927/936.p/1",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/entries/x999/x999/x999/x999/x999/x999/x999/x999/000",
    };

    for (unsigned i = 0; i < sizeof good / sizeof *good; i++) {
        char path[TILE_PATH_MAX];
        struct buf b = buf_of(path, sizeof path);
        struct tile t;

        put_tile_path(&b, good[i].t);
        OK(!b.full && str_eq(buf_str(&b), str_of(good[i].path)), "is %s", good[i].path);
        OK(tile_path_read(str_of(good[i].path), &t) == ST_OK && same_tile(t, good[i].t),
           "reads %s", good[i].path);
    }
    for (unsigned i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct tile t = {5, 5, 5};

        OK(tile_path_read(str_of(malformed[i]), &t) == ST_MALFORMED && t.index == 5,
           "no path: '%s'", malformed[i]);
    }
    for (unsigned i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        struct tile t;

        OK(tile_path_read(str_of(beyond[i]), &t) == ST_INVALID, "too far: %s", beyond[i]);
    }
}

static void
test_path_properties(uint64_t seed)
{
    struct rng r = {seed};
    bool back = true, one = true;

    for (int i = 0; i < 20000; i++) {
        struct tile t = {(int32_t)rng_below(&r, 9) - 1, 1 + (uint32_t)rng_below(&r, 256),
                         rng_next(&r) >> rng_below(&r, 64)}, again;
        char path[TILE_PATH_MAX];
        struct buf b = buf_of(path, sizeof path);
        size_t at;

        if (!tile_valid(t))
            continue;
        put_tile_path(&b, t);
        back = back && !b.full && tile_path_read(buf_str(&b), &again) == ST_OK &&
               same_tile(t, again);
        at = rng_below(&r, b.len); /* one character otherwise is another tile, or none */
        path[at] = (char)(path[at] ^ (1 + rng_below(&r, 127)));
        one = one &&
              (tile_path_read(buf_str(&b), &again) != ST_OK || !same_tile(t, again));
    }
    OK(back, "a path is read as it was put, seed %" PRIu64, seed);
    OK(one, "a tile has one path, seed %" PRIu64, seed);
}

/* A disk: what was written last of each tile, and of bundles how many entries. */

enum { MOST = 70000, TILES = (MOST + 255) / 256 };

struct disk {
    struct {
        uint32_t width;
        struct hash hashes[TILE_WIDTH];
    } tiles[3][TILES];
    uint32_t entries[TILES];
    uint64_t size;  /* reads of a tree of this size are expected */
    unsigned reads;
    bool wrong; /* a tile was asked for that is not there, or not so */
};

static enum status
disk_read(void *ctx, struct tile t, struct hash *ret)
{
    struct disk *d = ctx;

    d->reads++;
    if (t.level < 0 || t.level > 2 || t.index >= TILES ||
        !same_tile(t, tile_of(d->size, t.level, t.index)) ||
        d->tiles[t.level][t.index].width < t.width) {
        d->wrong = true;
        return ST_IO;
    }
    memcpy(ret, d->tiles[t.level][t.index].hashes, t.width * sizeof *ret);
    return ST_OK;
}

static void
disk_write(struct disk *d, const struct hash *hashes, struct tile t)
{
    d->tiles[t.level][t.index].width = t.width;
    memcpy(d->tiles[t.level][t.index].hashes, hashes, t.width * sizeof *hashes);
}

static struct hash leaves[MOST];
static struct disk whole; /* of a log of MOST entries that was written as it grew */

static void
make_leaves(void)
{
    for (unsigned i = 0; i < MOST; i++) {
        char entry[16];
        struct buf b = buf_of(entry, sizeof entry);

        put_s(&b, "entry ");
        put_u(&b, i);
        leaves[i] = leaf_hash(buf_str(&b));
    }
}

/* Full tiles as they come full, and what is partial at the end. */
static void
grow(struct edge *e, struct disk *d, uint64_t to)
{
    struct tile t;

    while (e->tree.size < to) {
        unsigned full = edge_append(e, leaves[e->tree.size]);

        for (unsigned level = 0; level < full; level++) {
            const struct hash *hashes = edge_tile(e, (int32_t)level, &t);

            ENSURE(hashes != NULL && t.width == TILE_WIDTH);
            disk_write(d, hashes, t);
        }
    }
    for (int32_t level = 0; level < TILE_LEVELS; level++) {
        const struct hash *hashes = edge_tile(e, level, &t);

        if (hashes != NULL)
            disk_write(d, hashes, t);
    }
}

/* Roots, and digests over the paths and bytes of all tiles ("path\n", then the bytes; level
 * by level), by a few lines of Python after the recursive text of RFC 6962. */
static void
test_known(void)
{
    static const struct {
        uint64_t size;
        unsigned tiles, bundles;
        const char *digest, *root;
    } known[] = {
        {1, 1, 1, "c092ef655e23e65f2e1b3bf3523c9578d0a7929bbe090540c9e875288ca90ba0",
         "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701"},
        {255, 1, 1, "2912ef6ab9ff6198712e2a0006f53f3420f002154812f81220200fb9910e299c",
         "cf66793e6329dff242eb3cee0a6f36ad3e3a196dcc573a1ec775e102be863f1c"},
        {256, 2, 1, "5e82a75b0bc3c8e40222d2038f8b1fd4a394da380a6228a289e7f5d8e6e17bce",
         "da6596d95369f5fef322ab8e4e0da3b0b50236aa9c8a3b1d246f7411c9e2e32e"},
        {257, 3, 2, "aaebc8441e0589685ef9e1f1a4020f0059a473be0976d603a87674211f33ee51",
         "5c1fdfe835358022f2392de478dbe053fc130cfe1d3a082879a90cf6bf14bf7e"},
        {1000, 5, 4, "72e572126470f9e31877554c5bba27ad82a7109606f3891aaecaecd85f393768",
         "346c6b9cb89c4b76fac9dcb20cda86e3a01c0a57417c139028eacd4538fde95b"},
        {70000, 277, 274,
         "75cb3eb83d417cdfcd6fa1490e857e0aa43ed0f946db08cc5c210b9ab89e497f",
         "a3920fba7f239a071a9bd10721f1341addefbaededb41c7e24437a9d16bdf00a"},
    };
    static struct edge e;

    edge_init(&e);
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        struct tile_walk w = tile_walk(0, known[i].size);
        unsigned tiles = 0, bundles = 0;
        struct sha256 all;
        struct tile t;

        grow(&e, &whole, known[i].size);
        sha256_init(&all);
        while (tile_next(&w, &t)) {
            char path[TILE_PATH_MAX + 1];
            struct buf b = buf_of(path, sizeof path);

            if (t.level == TILE_ENTRIES) {
                bundles++;
                continue;
            }
            tiles++;
            put_tile_path(&b, t);
            put_c(&b, '\n');
            sha256_add(&all, b.ptr, b.len);
            sha256_add(&all, whole.tiles[t.level][t.index].hashes, 32 * t.width);
        }
        OK(tiles == known[i].tiles && bundles == known[i].bundles,
           "%u tiles and %u bundles of %" PRIu64, tiles, bundles, known[i].size);
        OK(is(sha256_end(&all), known[i].digest), "their paths and bytes");
        OK(is(tree_root(&e.tree), known[i].root), "the root");
    }
}

static void
test_counts(void)
{
    struct tile t;

    OK(tile_count(70000, 0) == 274 && tile_of(70000, 0, 272).width == 256 &&
           tile_of(70000, 0, 273).width == 112 && tile_of(70000, 0, 274).width == 0,
       "level 0 of 70,000: 273 full, one of 112");
    OK(tile_count(70000, 1) == 2 && tile_of(70000, 1, 0).width == 256 &&
           tile_of(70000, 1, 1).width == 17,
       "level 1: one full, one of 17");
    OK(tile_count(70000, 2) == 1 && tile_of(70000, 2, 0).width == 1 &&
           tile_count(70000, 3) == 0,
       "level 2: one of 1; level 3: none");
    OK(tile_count(256, 0) == 1 && tile_of(256, 1, 0).width == 1, "256: one full, one of 1");
    OK(tile_count(0, TILE_ENTRIES) == 0 && tile_of(0, 0, 0).width == 0, "nothing of 0");
    OK(tile_count(UINT64_MAX, 0) == UINT64_C(1) << 56 &&
           tile_of(UINT64_MAX, 0, UINT64_MAX / 256).width == 255 &&
           tile_of(UINT64_MAX, 7, 0).width == 255 && tile_count(UINT64_MAX, 7) == 1,
       "2^64 - 1");
    OK(tile_valid((struct tile){7, 255, 0}) && !tile_valid((struct tile){7, 256, 0}) &&
           !tile_valid((struct tile){7, 1, 1}) && !tile_valid((struct tile){8, 1, 0}) &&
           !tile_valid((struct tile){-2, 1, 0}) && !tile_valid((struct tile){0, 0, 0}) &&
           !tile_valid((struct tile){0, 257, 0}) &&
           !tile_valid((struct tile){0, 1, UINT64_MAX}),
       "what is a tile at all");
    OK(edge_tile(&(struct edge){0}, 0, &t) == NULL && t.width == 0, "an empty edge");
}

/* Growing from m to n writes each tile that differs and no other. Held against disks that
 * were filled without the walk. */
static bool
touches_exactly(uint64_t from, uint64_t to)
{
    static bool touched[4][TILES];
    struct tile_walk w = tile_walk(from, to);
    bool ok = true;
    struct tile t, last = {TILE_ENTRIES, 0, 0};

    memset(touched, 0, sizeof touched);
    while (tile_next(&w, &t)) {
        if (!tile_valid(t) || t.level > 2 || t.index >= TILES ||
            touched[t.level + 1][t.index] || t.level < last.level ||
            (t.level == last.level && t.index < last.index))
            return false;
        touched[t.level + 1][t.index] = true;
        last = t;
    }
    for (int32_t level = TILE_ENTRIES; level < 3; level++) {
        /* Hashes of the level, one by one: does it change the tile it stands in? */
        uint64_t unit = level <= 0 ? 1 : level == 1 ? 256 : 65536;
        static bool differs[TILES];

        memset(differs, 0, sizeof differs);
        for (uint64_t end = (from / unit + 1) * unit; end <= to; end += unit)
            differs[(end / unit - 1) / 256] = true;
        ok = ok && memcmp(differs, touched[level + 1], sizeof differs) == 0;
    }
    return ok;
}

static void
test_growing(void)
{
    struct rng r = {7};
    bool ok = true;

    for (uint64_t to = 0; to <= 1100; to++) {
        if (to % 17 != 0 && (to + 2) % 256 > 4) /* all round a full tile, a few between */
            continue;
        for (uint64_t from = 0; from <= to; from++)
            ok = ok && touches_exactly(from, to);
    }
    OK(ok, "growing to 1,100 touches exactly what changes");
    for (int i = 0; i < 2000; i++) {
        uint64_t to = rng_below(&r, MOST + 1), from = rng_below(&r, to + 1);

        ok = ok && touches_exactly(from, to);
    }
    OK(ok, "and to 70,000, seed 7");
}

/* Roots, the edge read again, and proofs, at one size. `d` has the tiles of exactly that
 * size, or wider ones. */

static bool
edge_agrees(struct disk *d, const struct edge *e)
{
    static struct edge again;

    d->size = e->tree.size;
    d->reads = 0;
    return edge_read((struct tile_source){disk_read, d}, d->size, &again) == ST_OK &&
           !d->wrong && d->reads <= TILE_LEVELS && memcmp(&again, e, sizeof again) == 0;
}

static bool
root_agrees(struct disk *d, uint64_t size, struct hash want)
{
    struct hash root;

    d->size = size;
    d->reads = 0;
    return tiles_root((struct tile_source){disk_read, d}, size, &root) == ST_OK &&
           !d->wrong && d->reads <= 8 && hash_eq(root, want);
}

static unsigned most_reads;

static bool
proofs_good(struct disk *d, uint64_t size, uint64_t index, struct hash root, bool same)
{
    struct tile_source from = {disk_read, d};
    struct proof p, q;
    struct hash before;
    bool ok;

    d->size = size;
    d->reads = 0;
    ok = tiles_inclusion(from, size, index, &p) == ST_OK && !d->wrong &&
         inclusion_holds(index, size, leaves[index], p.path, p.len, root);
    if (same)
        ok = ok && inclusion_proof(leaves, size, index, &q) == ST_OK &&
             memcmp(&p, &q, sizeof p) == 0;
    most_reads = d->reads > most_reads ? d->reads : most_reads;
    d->reads = 0;
    ok = ok && tiles_consistency(from, index + 1, size, &p) == ST_OK && !d->wrong;
    most_reads = d->reads > most_reads ? d->reads : most_reads;
    d->size = index + 1;
    ok = ok && tiles_root(from, index + 1, &before) == ST_OK &&
         consistency_holds(index + 1, size, p.path, p.len, before, root);
    if (same)
        ok = ok && consistency_proof(leaves, index + 1, size, &q) == ST_OK &&
             memcmp(&p, &q, sizeof p) == 0;
    return ok;
}

static void
test_every_size(void)
{
    static struct edge e;
    static struct disk d; /* has nothing wider than the tree */
    bool edges = true, roots = true, proofs = true;
    struct rng r = {11};
    struct tree t;

    edge_init(&e);
    tree_init(&t);
    for (uint64_t size = 0; size <= 1100; size++) {
        if (size != 0)
            tree_append_leaf(&t, leaves[size - 1]);
        grow(&e, &d, size);
        edges = edges && memcmp(&e.tree, &t, sizeof t) == 0 && edge_agrees(&d, &e);
        roots = roots && root_agrees(&d, size, tree_root(&t)) &&
                root_agrees(&whole, size, tree_root(&t));
        if (size <= 40) {
            for (uint64_t i = 0; i < size; i++)
                proofs = proofs && proofs_good(&d, size, i, tree_root(&t), true);
        } else {
            for (uint64_t i = 0; i < 3; i++)
                proofs = proofs &&
                         proofs_good(&d, size, i == 0 ? 0 : i == 1 ? size - 1 : rng_below(&r, size),
                                     tree_root(&t), i == size % 12); /* leaves cost a hash each */
        }
    }
    OK(edges, "the edge is read again as it was, at every size to 1,100");
    OK(roots, "the root from tiles is the root, at every size to 1,100");
    OK(proofs, "proofs from tiles are those from leaves, at every size to 1,100");
}

static void
test_large_sizes(uint64_t seed)
{
    static struct edge e;
    bool edges = true, roots = true, proofs = true;
    struct rng r = {seed};
    struct tree t;
    uint64_t size = 0;

    edge_init(&e);
    tree_init(&t);
    while (size < MOST) {
        uint64_t to = size + 1 + rng_below(&r, 4000);

        if (size < 65535 && to > 65535) /* where level 2 begins */
            to = 65535 + seed % 3;
        for (to = to > MOST ? MOST : to; size < to; size++)
            tree_append_leaf(&t, leaves[size]);
        grow(&e, &whole, size);
        edges = edges && memcmp(&e.tree, &t, sizeof t) == 0 && edge_agrees(&whole, &e);
        roots = roots && root_agrees(&whole, size, tree_root(&t));
        for (int i = 0; i < 12; i++)
            proofs = proofs && proofs_good(&whole, size, rng_below(&r, size), tree_root(&t), false);
    }
    OK(edges, "edges of sizes to 70,000, seed %" PRIu64, seed);
    OK(roots, "roots, seed %" PRIu64, seed);
    OK(proofs, "proofs hold, seed %" PRIu64, seed);
}

/* A log whose entries are all alike: a full tree of 2^k has one root, so there are tiles of
 * a tree of any size whatever. */

static struct hash alike[TREE_LEVELS];

struct endless {
    uint64_t size;
    unsigned reads;
    bool wrong;
};

static enum status
endless_read(void *ctx, struct tile t, struct hash *ret)
{
    struct endless *e = ctx;

    e->reads++;
    e->wrong = e->wrong || !tile_valid(t) || t.level == TILE_ENTRIES ||
               !same_tile(t, tile_of(e->size, t.level, t.index));
    for (unsigned i = 0; i < t.width; i++)
        ret[i] = alike[8 * t.level];
    return ST_OK;
}

static struct hash
alike_root(uint64_t size)
{
    struct tree t = {.size = size};

    for (unsigned bit = 0; bit < TREE_LEVELS; bit++)
        t.spine[bit] = size >> bit & 1 ? alike[bit] : (struct hash){0};
    return tree_root(&t);
}

static bool
endless_good(uint64_t size, uint64_t index)
{
    struct endless e = {.size = size};
    struct tile_source from = {endless_read, &e};
    static struct edge edge;
    struct proof p;
    struct hash root;
    bool ok;

    ok = tiles_root(from, size, &root) == ST_OK && hash_eq(root, alike_root(size)) &&
         e.reads <= 8;
    e.reads = 0;
    ok = ok && tiles_inclusion(from, size, index, &p) == ST_OK && e.reads <= 16 &&
         inclusion_holds(index, size, alike[0], p.path, p.len, root);
    most_reads = e.reads > most_reads ? e.reads : most_reads;
    e.reads = 0;
    ok = ok && tiles_consistency(from, index + 1, size, &p) == ST_OK && e.reads <= 16 &&
         consistency_holds(index + 1, size, p.path, p.len, alike_root(index + 1), root);
    most_reads = e.reads > most_reads ? e.reads : most_reads;
    ok = ok && edge_read(from, size, &edge) == ST_OK &&
         hash_eq(tree_root(&edge.tree), root);
    if (size != UINT64_MAX)
        ok = ok && edge_append(&edge, alike[0]) <= 8 &&
             hash_eq(tree_root(&edge.tree), alike_root(size + 1));
    return ok && !e.wrong;
}

static void
test_endless(void)
{
    struct rng r = {13};
    bool ok = true;

    alike[0] = leaf_hash(STR("again"));
    for (unsigned bit = 1; bit < TREE_LEVELS; bit++)
        alike[bit] = node_hash(alike[bit - 1], alike[bit - 1]);
    ok = endless_good(UINT64_MAX, 0) && endless_good(UINT64_MAX, UINT64_MAX - 1) &&
         endless_good(UINT64_MAX, UINT64_MAX / 2) && endless_good(UINT64_C(1) << 63, 12345);
    OK(ok, "a tree of 2^64 - 1");
    for (int i = 0; i < 200; i++) {
        uint64_t size = 1 + (rng_next(&r) >> rng_below(&r, 64)) / 2;

        if (i % 4 == 0) /* round a power of 256, where tiles come full */
            size = (UINT64_C(1) << 8 * (1 + rng_below(&r, 7))) - 2 + rng_below(&r, 4);
        ok = ok && endless_good(size, rng_below(&r, size));
    }
    OK(ok, "200 sizes up to 2^63, seed 13");
    printf("# at most %u reads of a tile for a proof\n", most_reads);
    OK(most_reads <= 16, "no proof reads more than 16 tiles");
}

/* What fails stays as it was. */

static enum status
no_read(void *ctx, struct tile t, struct hash *ret)
{
    unsigned *left = ctx;

    memset(ret, 0, t.width * sizeof *ret);
    return (*left)-- == 0 ? ST_IO : ST_OK;
}

static void
test_failure(void)
{
    static struct edge e;
    struct proof p = {.len = 42};
    struct hash root = {{42}};
    struct tile_source disk = {disk_read, &whole};
    bool ok = true;

    for (unsigned n = 0; n < 3; n++) {
        unsigned left[4] = {n, n, n, n};

        e.tree.size = 42;
        ok = ok && tiles_root((struct tile_source){no_read, &left[0]}, 70000, &root) == ST_IO;
        ok = ok && tiles_inclusion((struct tile_source){no_read, &left[1]}, 70000, 5, &p) == ST_IO;
        ok = ok && tiles_consistency((struct tile_source){no_read, &left[2]}, 5, 70000, &p) == ST_IO;
        ok = ok && edge_read((struct tile_source){no_read, &left[3]}, 70000, &e) == ST_IO;
        for (unsigned i = 0; i < 4; i++)
            ok = ok && left[i] == UINT_MAX; /* nothing was read behind it */
    }
    OK(ok && p.len == 42 && root.b[0] == 42 && e.tree.size == 42,
       "a tile that cannot be read");
    OK(tiles_inclusion(disk, 8, 8, &p) == ST_INVALID && tiles_inclusion(disk, 0, 0, &p) == ST_INVALID &&
           tiles_consistency(disk, 0, 8, &p) == ST_INVALID &&
           tiles_consistency(disk, 9, 8, &p) == ST_INVALID && p.len == 42,
       "no proof of what is not there");
    OK(tiles_root(disk, 0, &root) == ST_OK && hash_eq(root, sha256_of(STR(""))),
       "the root of no entries needs no tile");
    whole.size = 512;
    whole.wrong = false;
    whole.tiles[0][1].hashes[100].b[3] ^= 1;
    OK(edge_read(disk, 512, &e) == ST_INVALID && !whole.wrong && e.tree.size == 42,
       "a full tile that is not what the level above says");
    whole.tiles[0][1].hashes[100].b[3] ^= 1;
    OK(edge_read(disk, 512, &e) == ST_OK, "and as it was");
}

int
main(void)
{
    make_leaves();
    test_paths();
    for (uint64_t seed = 1; seed <= 3; seed++)
        test_path_properties(seed);
    test_counts();
    test_known();
    test_growing();
    test_every_size();
    for (uint64_t seed = 1; seed <= 2; seed++)
        test_large_sizes(seed);
    test_endless();
    test_failure();
    return tap_end();
}
