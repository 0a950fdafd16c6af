/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h -- the Merkle tree over the log (RFC 6962, 2.1; algorithms of RFC 9162, 2.1).
 *
 *   leaf hash = SHA-256(0x00 || entry)      node hash = SHA-256(0x01 || left || right)
 *
 * The root of no entries is SHA-256 of nothing; of n > 1 entries it is the node over the
 * first k and the rest, k the largest power of two below n. Entries are opaque bytes
 * here.
 *
 * A tree that grows needs only its size and one hash for each bit set in it. It holds no
 * pointer, so a copy is a snapshot, and equal trees are equal bytes. Proofs are made from
 * the leaf hashes, which the caller keeps. */
#ifndef LEDGER_TREE_H
#define LEDGER_TREE_H
#include "base/sha256.h"
#include "base/status.h"

enum { TREE_LEVELS = 64, PROOF_MAX = 65 };

struct tree {
    uint64_t size;
    struct hash spine[TREE_LEVELS]; /* [i]: root of 2^i entries, or zero */
};

struct proof {
    uint64_t len;
    struct hash path[PROOF_MAX]; /* from the leaf's end up; what is beyond len is zero */
};

struct hash leaf_hash(struct str entry);
struct hash node_hash(struct hash left, struct hash right);

void tree_init(struct tree *t);
/* Both return the index of the new entry, and cannot fail. Two hashes an entry on the
 * average. */
uint64_t tree_append(struct tree *t, struct str entry);
uint64_t tree_append_leaf(struct tree *t, struct hash leaf);
struct hash tree_root(const struct tree *t); /* at most 63 hashes */
struct hash tree_root_of(const struct hash *leaves, uint64_t n);

/* Proof that leaf `index` is in the tree of the first `size` leaves; all its nodes are
 * hashed anew. ST_INVALID unless index < size. */
CHECKED enum status inclusion_proof(const struct hash *leaves, uint64_t size,
                                    uint64_t index, struct proof *ret);

/* Proof that the tree of the first `first` leaves is the beginning of the tree of `size`.
 * ST_INVALID unless 0 < first <= size. Empty when they are equal. */
CHECKED enum status consistency_proof(const struct hash *leaves, uint64_t first,
                                      uint64_t size, struct proof *ret);

/* Does the proof, of `len` hashes, hold? Never looks beyond `len`, and any values at all
 * may be given. A consistency proof from the empty tree shows nothing and is false. */
CHECKED bool inclusion_holds(uint64_t index, uint64_t size, struct hash leaf,
                             const struct hash *path, uint64_t len, struct hash root);
CHECKED bool consistency_holds(uint64_t first, uint64_t size, const struct hash *path,
                               uint64_t len, struct hash first_root, struct hash root);
#endif
