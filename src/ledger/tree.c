/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/tree.h"

struct hash
leaf_hash(struct str entry)
{
    struct sha256 s;

    sha256_init(&s);
    sha256_add(&s, "\x00", 1);
    sha256_add(&s, entry.ptr, entry.len);
    return sha256_end(&s);
}

struct hash
node_hash(struct hash left, struct hash right)
{
    struct sha256 s;

    sha256_init(&s);
    sha256_add(&s, "\x01", 1);
    sha256_add(&s, left.b, sizeof left.b);
    sha256_add(&s, right.b, sizeof right.b);
    return sha256_end(&s);
}

void
tree_init(struct tree *t)
{
    memset(t, 0, sizeof *t);
}

uint64_t
tree_append(struct tree *t, struct str entry)
{
    return tree_append_leaf(t, leaf_hash(entry));
}

/* Counting up in binary: where a bit carries, two full trees become one. */
uint64_t
tree_append_leaf(struct tree *t, struct hash leaf)
{
    unsigned level = 0;

    ENSURE(t->size != UINT64_MAX);
    for (; t->size >> level & 1; level++) {
        leaf = node_hash(t->spine[level], leaf);
        t->spine[level] = (struct hash){0};
    }
    t->spine[level] = leaf;
    return t->size++;
}

struct hash
tree_root(const struct tree *t)
{
    struct hash root = {0};
    bool any = false;

    for (unsigned level = 0; level < TREE_LEVELS; level++) {
        if (!(t->size >> level & 1))
            continue;
        root = any ? node_hash(t->spine[level], root) : t->spine[level];
        any = true;
    }
    return any ? root : sha256_of((struct str){NULL, 0});
}

struct hash
tree_root_of(const struct hash *leaves, uint64_t n)
{
    struct tree t;

    tree_init(&t);
    for (uint64_t i = 0; i < n; i++)
        tree_append_leaf(&t, leaves[i]);
    return tree_root(&t);
}

/* Making proofs: go down from the root to the part in question, keep the other side's
 * root at each step, and turn the list round at the end. */

/* The largest power of two below n, for n > 1. */
static uint64_t
split(uint64_t n)
{
    uint64_t k = 1;

    while (k < n - k)
        k *= 2;
    return k;
}

static void
add(struct proof *p, struct hash h)
{
    ENSURE(p->len < PROOF_MAX);
    p->path[p->len++] = h;
}

static void
turn_round(struct proof *p)
{
    for (uint64_t i = 0; i < p->len / 2; i++) {
        struct hash h = p->path[i];

        p->path[i] = p->path[p->len - 1 - i];
        p->path[p->len - 1 - i] = h;
    }
}

/* PATH of RFC 9162, 2.1.3.1. */
enum status
inclusion_proof(const struct hash *leaves, uint64_t size, uint64_t index,
                struct proof *ret)
{
    if (index >= size)
        return ST_INVALID;
    memset(ret, 0, sizeof *ret);
    while (size > 1) {
        uint64_t k = split(size);

        if (index < k) {
            add(ret, tree_root_of(leaves + k, size - k));
            size = k;
        } else {
            add(ret, tree_root_of(leaves, k));
            leaves += k;
            index -= k;
            size -= k;
        }
    }
    turn_round(ret);
    return ST_OK;
}

/* PROOF and SUBPROOF of RFC 9162, 2.1.4.1. The verifier knows the root of the first
 * `first` leaves when they are one full tree at the left edge; otherwise the proof must
 * begin with that part. */
enum status
consistency_proof(const struct hash *leaves, uint64_t first, uint64_t size,
                  struct proof *ret)
{
    bool known = true;

    if (first == 0 || first > size)
        return ST_INVALID;
    memset(ret, 0, sizeof *ret);
    while (first < size) {
        uint64_t k = split(size);

        if (first <= k) {
            add(ret, tree_root_of(leaves + k, size - k));
            size = k;
        } else {
            add(ret, tree_root_of(leaves, k));
            leaves += k;
            first -= k;
            size -= k;
            known = false;
        }
    }
    if (!known)
        add(ret, tree_root_of(leaves, size));
    turn_round(ret);
    return ST_OK;
}

/* Verifying: the bits of the index (fn) and of the last index (sn) say at each level
 * whether the next hash of the path belongs left or right. */

/* RFC 9162, 2.1.3.2. */
bool
inclusion_holds(uint64_t index, uint64_t size, struct hash leaf, const struct hash *path,
                uint64_t len, struct hash root)
{
    uint64_t fn = index, sn = size - 1;

    if (index >= size)
        return false;
    for (uint64_t i = 0; i < len; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) != 0 || fn == sn) {
            leaf = node_hash(path[i], leaf);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            leaf = node_hash(leaf, path[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_eq(leaf, root);
}

/* RFC 9162, 2.1.4.2. */
bool
consistency_holds(uint64_t first, uint64_t size, const struct hash *path, uint64_t len,
                  struct hash first_root, struct hash root)
{
    uint64_t fn = first - 1, sn = size - 1, i = 0;
    struct hash fr, sr;

    if (first == 0 || first > size)
        return false;
    if (first == size)
        return len == 0 && hash_eq(first_root, root);
    for (; (fn & 1) != 0; fn >>= 1)
        sn >>= 1;
    if (fn != 0 && len == 0)
        return false;
    fr = sr = fn == 0 ? first_root : path[i++]; /* fn is 0: `first` is a power of two */
    for (; i < len; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) != 0 || fn == sn) {
            fr = node_hash(path[i], fr);
            sr = node_hash(path[i], sr);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            sr = node_hash(sr, path[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_eq(fr, first_root) && hash_eq(sr, root);
}
