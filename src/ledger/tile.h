/* SPDX-License-Identifier: Apache-2.0 */
/* tile.h -- the tree of the log as tiles: what lies on disk, and proofs made from it.
 *
 * Source: C2SP tlog-tiles, the text of 2026 (no numbered version; commit 5ba5ee83);
 * hashes by RFC 6962, 2.1. A tile of level l holds up to 256 hashes of 32 bytes one behind
 * the other. Hash i of tile n is the root of the 256^l entries from (256 n + i) 256^l on:
 * at level 0 the leaf hashes, above that the roots of full tiles below. A tile of fewer
 * is partial, and its width is part of its path:
 *
 *   tile/0/x001/234      a full tile     tile/1/000.p/17       a partial one
 *   tile/entries/000     a full bundle   tile/entries/273.p/112
 *
 * Entry bundles (bundle.h) lie beside the tiles of level 0, of the same numbers and
 * widths; here they are level TILE_ENTRIES. A tree of n entries has floor(n / 256^l)
 * hashes at level l, so eight levels hold any uint64_t, though the format goes to 63.
 *
 * Nothing here allocates or reads: tiles come through a function of the caller's, and
 * what it gives is not trusted and not checked. From a wrong tile comes a wrong root or a
 * proof that does not hold; the reader of either compares it with a checkpoint. */
#ifndef LEDGER_TILE_H
#define LEDGER_TILE_H
#include "base/put.h"
#include "ledger/tree.h"

enum {
    TILE_WIDTH = 256,
    TILE_LEVELS = 8,
    TILE_ENTRIES = -1,  /* the level of an entry bundle */
    TILE_PATH_MAX = 47, /* bytes of the longest path, with no NUL */
};

struct tile {
    int32_t level;  /* 0 to 7, or TILE_ENTRIES */
    uint32_t width; /* hashes or entries in it: 1 to 256 */
    uint64_t index; /* from 0, within its level */
};

/* Is there a tree of at most 2^64 - 1 entries that has this tile? */
CHECKED bool tile_valid(struct tile t);

/* Its path, from "tile/" on; the tile must be valid. Reading takes exactly what putting
 * writes, so a tile has one path:
 *   ST_MALFORMED  it is no path of a tile (leading zeros, a width of 0 or 256, ...)
 *   ST_INVALID    no tree of ours is so large */
void put_tile_path(struct buf *b, struct tile t);
CHECKED enum status tile_path_read(struct str path, struct tile *ret);

/* Which tiles there are. All three take a level of 0 to 7 or TILE_ENTRIES. */

/* Hashes (entries) at this level of a tree of `size` entries, in all its tiles. */
uint64_t tile_hashes(uint64_t size, int32_t level);
/* Tiles at this level, the partial one included. */
uint64_t tile_count(uint64_t size, int32_t level);
/* Tile `index` as it is in that tree; of width 0 when it is not there. */
struct tile tile_of(uint64_t size, int32_t level, uint64_t index);

/* The tiles of a tree of `to` entries that one of `from` has not, or has narrower: what is
 * to be written when a log grows. From 0, all there are. Bundles first, then level by
 * level, each from the left: so whoever stops on the way has no hash without its entry.
 *
 *   struct tile_walk w = tile_walk(from, to);
 *   struct tile t;
 *   while (tile_next(&w, &t)) ...
 *
 * ENSUREs from <= to. */
struct tile_walk {
    uint64_t from, to, index;
    int32_t level;
};
struct tile_walk tile_walk(uint64_t from, uint64_t to);
CHECKED bool tile_next(struct tile_walk *w, struct tile *ret);

/* The right edge of a log that grows: the last tile of each level, whole, and the tree.
 * About 68 kB, whatever the size; it holds no pointer, so a copy is a snapshot, and equal
 * logs are equal bytes. */
struct edge {
    struct tree tree;
    struct hash tiles[TILE_LEVELS][TILE_WIDTH]; /* what is beyond the last hash is zero */
};

void edge_init(struct edge *e); /* of an empty log */

/* Takes the next leaf hash. Returns how many tiles are full now, one a level from level 0
 * up (0 to 8): they must be taken before the next append, which may begin the next ones.
 * As many hashes as tree_append_leaf(). */
unsigned edge_append(struct edge *e, struct hash leaf);

/* The last tile of a level, full or partial, and its hashes (width of them, the bytes of
 * the tile), which are the edge's and good until the next append. NULL, and a width of 0,
 * when that level is empty. */
const struct hash *edge_tile(const struct edge *e, int32_t level, struct tile *ret);

/* Reads tile `t`, never a bundle, into ret[0 .. t.width - 1]. A tile that is not there in
 * that width any more may be read from a wider one: its first hashes are the same. What it
 * returns other than ST_OK is handed on. */
typedef enum status tile_read_fn(void *ctx, struct tile t, struct hash *ret);

struct tile_source {
    tile_read_fn *read;
    void *ctx;
};

/* The edge of a log of `size` entries, from the last tile of each level: 8 reads at most.
 * ST_INVALID when a full tile's root is not what the level above says; whether the rest
 * is right, tree_root() against the checkpoint tells. `ret` is untouched on failure, and
 * the 68 kB of the new edge lie on the stack meanwhile. */
CHECKED enum status edge_read(struct tile_source from, uint64_t size, struct edge *ret);

/* As tree_root_of(), inclusion_proof() and consistency_proof() of tree.h, from tiles. Each
 * tile is asked for in the width it has in a tree of `size`; 8 reads at most for a root, 16
 * for a proof. 8 kB of stack. */
CHECKED enum status tiles_root(struct tile_source from, uint64_t size, struct hash *ret);
CHECKED enum status tiles_inclusion(struct tile_source from, uint64_t size,
                                    uint64_t index, struct proof *ret);
CHECKED enum status tiles_consistency(struct tile_source from, uint64_t first,
                                      uint64_t size, struct proof *ret);
#endif
