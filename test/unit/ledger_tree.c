/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/tree.h"

#include <dirent.h>
#include <inttypes.h>
#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "os/memory.h"
#include "rng.h"
#include "tap.h"

static bool
is(struct hash h, const char *want)
{
    uint8_t bytes[32];

    return hex_read(str_of(want), bytes, 32) && memcmp(bytes, h.b, 32) == 0;
}

/* The eight leaves of the tests of google/certificate-transparency (merkle_tree_test.cc),
 * and their roots, which a few lines of Python after RFC 6962's own recursive text give
 * too. */
static const struct str known_entries[8] = {
    STR_LIT(""),
    STR_LIT("\x00"),
    STR_LIT("\x10"),
    STR_LIT("\x20\x21"),
    STR_LIT("\x30\x31"),
    STR_LIT("\x40\x41\x42\x43"),
    STR_LIT("\x50\x51\x52\x53\x54\x55\x56\x57"),
    STR_LIT("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
};
static const char *const known_roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static struct hash known_leaves[8];

static void
test_roots(void)
{
    struct tree t;

    tree_init(&t);
    OK(is(tree_root(&t), known_roots[0]), "the root of no entries");
    for (unsigned i = 0; i < 8; i++) {
        known_leaves[i] = leaf_hash(known_entries[i]);
        OK(tree_append(&t, known_entries[i]) == i && t.size == i + 1 &&
               is(tree_root(&t), known_roots[i + 1]),
           "the root of %u", i + 1);
        OK(is(tree_root_of(known_leaves, i + 1), known_roots[i + 1]),
           "and from its leaf hashes");
    }
}

static bool
path_is(const struct proof *p, unsigned n, const char *const *want)
{
    bool ok = p->len == n;

    for (unsigned i = 0; ok && i < n; i++) {
        char hex[64];
        struct buf b = buf_of(hex, sizeof hex);

        put_hex(&b, p->path[i].b, 32);
        ok = str_starts(buf_str(&b), str_of(want[i]));
    }
    return ok;
}

/* The first bytes of each hash of the known proofs, and a digest over all proofs there
 * are of the eight leaves, both worked out with Python from the recursive PATH and PROOF
 * of RFC 9162. */
static void
test_known_proofs(void)
{
    static const struct {
        uint64_t index, size;
        unsigned n;
        const char *path[3];
    } inclusions[] =
        {
            {0, 1, 0, {NULL}},
            {0, 8, 3, {"96a296d2", "5f083f0a", "6b47aaf2"}},
            {5, 8, 3, {"bc1a0643", "ca854ea1", "d37ee418"}},
            {2, 3, 1, {"fac54203"}},
            {1, 5, 3, {"6e340b9c", "5f083f0a", "bc1a0643"}},
        },
      consistencies[] = {
          {1, 1, 0, {NULL}},
          {1, 8, 3, {"96a296d2", "5f083f0a", "6b47aaf2"}},
          {6, 8, 3, {"0ebc5d34", "ca854ea1", "d37ee418"}},
          {2, 5, 2, {"5f083f0a", "bc1a0643"}},
      };
    struct sha256 all;
    struct proof p;

    for (unsigned i = 0; i < sizeof inclusions / sizeof *inclusions; i++) {
        OK(inclusion_proof(known_leaves, inclusions[i].size, inclusions[i].index, &p) ==
                   ST_OK &&
               path_is(&p, inclusions[i].n, inclusions[i].path),
           "inclusion of %" PRIu64 " in %" PRIu64, inclusions[i].index,
           inclusions[i].size);
    }
    for (unsigned i = 0; i < sizeof consistencies / sizeof *consistencies; i++) {
        OK(consistency_proof(known_leaves, consistencies[i].index, consistencies[i].size,
                             &p) == ST_OK &&
               path_is(&p, consistencies[i].n, consistencies[i].path),
           "consistency of %" PRIu64 " with %" PRIu64, consistencies[i].index,
           consistencies[i].size);
    }
    sha256_init(&all);
    for (uint64_t size = 1; size <= 8; size++) {
        for (uint64_t i = 0; i < size; i++) {
            if (inclusion_proof(known_leaves, size, i, &p) == ST_OK)
                sha256_add(&all, p.path, p.len * sizeof *p.path);
        }
    }
    OK(is(sha256_end(&all),
          "9db592d71b0fcd6fc27acf630e1d2b45b00c0ccf50dc5d043a98a4229ed04028"),
       "every inclusion proof of up to 8");
    sha256_init(&all);
    for (uint64_t size = 1; size <= 8; size++) {
        for (uint64_t first = 1; first <= size; first++) {
            if (consistency_proof(known_leaves, first, size, &p) == ST_OK)
                sha256_add(&all, p.path, p.len * sizeof *p.path);
        }
    }
    OK(is(sha256_end(&all),
          "5e31f6c5aa9b4dc9531788e5dd4d5f966a0545bef9b4c6d80877e7fade00d249"),
       "every consistency proof of up to 8");
}

static void
test_limits(void)
{
    struct hash h = {{0}};
    struct proof p = {.len = 42};

    OK(inclusion_proof(known_leaves, 8, 8, &p) == ST_INVALID &&
           inclusion_proof(NULL, 0, 0, &p) == ST_INVALID &&
           consistency_proof(known_leaves, 0, 8, &p) == ST_INVALID &&
           consistency_proof(known_leaves, 9, 8, &p) == ST_INVALID && p.len == 42,
       "no proof of what is not there");
    OK(!inclusion_holds(0, 0, h, NULL, 0, h), "nothing is in the empty tree");
    OK(!inclusion_holds(UINT64_MAX, UINT64_MAX, h, NULL, 0, h),
       "an index beyond the tree");
    OK(!inclusion_holds(UINT64_MAX - 1, UINT64_MAX, h, &h, 1, h), "a tree of 2^64 - 1");
    OK(!consistency_holds(0, 0, NULL, 0, h, h) && !consistency_holds(0, 5, &h, 1, h, h),
       "from the empty tree");
    OK(!consistency_holds(2, 1, NULL, 0, h, h), "from the larger to the smaller");
    OK(!consistency_holds(3, UINT64_MAX, NULL, 0, h, h), "a proof of nothing");
    OK(consistency_holds(7, 7, NULL, 0, h, h) && !consistency_holds(7, 7, &h, 1, h, h),
       "a tree with itself");
}

/* Properties */

enum { MOST = 300 };

static struct hash leaves[MOST];

static struct hash
recursive_root(const struct hash *at, uint64_t n)
{
    uint64_t k = 1;

    if (n == 1)
        return at[0];
    while (2 * k < n)
        k *= 2;
    return node_hash(recursive_root(at, k), recursive_root(at + k, n - k));
}

static void
make_leaves(struct rng *r)
{
    for (unsigned i = 0; i < MOST; i++) {
        char entry[8];

        for (unsigned k = 0; k < sizeof entry; k++)
            entry[k] = (char)rng_next(r);
        leaves[i] = leaf_hash((struct str){entry, sizeof entry});
    }
}

static bool
roots_agree(void)
{
    struct tree t;
    bool ok = true;

    tree_init(&t);
    for (uint64_t n = 1; n <= MOST; n++) {
        tree_append_leaf(&t, leaves[n - 1]);
        ok = ok && hash_eq(tree_root(&t), recursive_root(leaves, n));
    }
    return ok;
}

/* Trees grown to one size are equal in every byte, whatever they were before. */
static bool
bytes_agree(struct rng *r)
{
    uint64_t n = 1 + rng_below(r, MOST);
    struct tree a, b;

    memset(&a, 0xff, sizeof a);
    tree_init(&a);
    tree_init(&b);
    for (uint64_t i = 0; i < n; i++)
        tree_append_leaf(&a, leaves[i]);
    for (uint64_t i = 0; i < n; i++) {
        struct tree copy = b;

        tree_append_leaf(&copy, leaves[i]);
        b = copy;
    }
    for (unsigned level = 0; level < TREE_LEVELS; level++) {
        if (!(n >> level & 1) && !hash_eq(a.spine[level], (struct hash){0}))
            return false;
    }
    return memcmp(&a, &b, sizeof a) == 0;
}

/* A proof holds, and does not when any one thing of it is changed. */

static void
flip(struct rng *r, struct hash *h)
{
    h->b[rng_below(r, 32)] ^= (uint8_t)(1 << rng_below(r, 8));
}

static bool
inclusion_good(struct rng *r)
{
    uint64_t size = 1 + rng_below(r, MOST), index = rng_below(r, size),
             other = rng_below(r, size);
    struct hash root = tree_root_of(leaves, size), leaf = leaves[index], wrong;
    struct proof p, q;
    bool ok;

    if (inclusion_proof(leaves, size, index, &p) != ST_OK)
        return false;
    ok = inclusion_holds(index, size, leaf, p.path, p.len, root);
    ok = ok &&
         (other == index || !inclusion_holds(other, size, leaf, p.path, p.len, root));
    ok = ok && !inclusion_holds(index, size, leaf, p.path, p.len + 1, root);
    ok = ok &&
         (p.len == 0 || !inclusion_holds(index, size, leaf, p.path, p.len - 1, root));
    ok = ok &&
         (p.len == 0 || !inclusion_holds(index, size, leaf, p.path + 1, p.len - 1, root));
    wrong = leaf;
    flip(r, &wrong);
    ok = ok && !inclusion_holds(index, size, wrong, p.path, p.len, root);
    wrong = root;
    flip(r, &wrong);
    ok = ok && !inclusion_holds(index, size, leaf, p.path, p.len, wrong);
    for (uint64_t i = 0; i < p.len; i++) {
        q = p;
        flip(r, &q.path[i]);
        ok = ok && !inclusion_holds(index, size, leaf, q.path, q.len, root);
    }
    return ok;
}

static bool
consistency_good(struct rng *r)
{
    uint64_t size = 2 + rng_below(r, MOST - 1), first = 1 + rng_below(r, size - 1),
             other = 1 + rng_below(r, size - 1);
    struct hash a = tree_root_of(leaves, first), b = tree_root_of(leaves, size), wrong;
    struct proof p, q;
    bool ok;

    if (consistency_proof(leaves, first, size, &p) != ST_OK)
        return false;
    ok = consistency_holds(first, size, p.path, p.len, a, b);
    ok = ok && !consistency_holds(first, size, p.path, p.len, b, a);
    ok = ok && (other == first || !consistency_holds(other, size, p.path, p.len, a, b));
    ok = ok && !consistency_holds(first, size, p.path, p.len + 1, a, b);
    ok = ok && !consistency_holds(first, size, p.path, p.len - 1, a, b);
    wrong = a;
    flip(r, &wrong);
    ok = ok && !consistency_holds(first, size, p.path, p.len, wrong, b);
    wrong = b;
    flip(r, &wrong);
    ok = ok && !consistency_holds(first, size, p.path, p.len, a, wrong);
    for (uint64_t i = 0; i < p.len; i++) {
        q = p;
        flip(r, &q.path[i]);
        ok = ok && !consistency_holds(first, size, q.path, q.len, a, b);
    }
    return ok;
}

/* Every proof there is of trees up to 40. */
static bool
small_all_good(void)
{
    bool ok = true;
    struct proof p;

    for (uint64_t size = 1; size <= 40; size++) {
        struct hash root = tree_root_of(leaves, size);

        for (uint64_t i = 0; i < size; i++) {
            ok = ok && inclusion_proof(leaves, size, i, &p) == ST_OK &&
                 inclusion_holds(i, size, leaves[i], p.path, p.len, root);
            ok = ok && consistency_proof(leaves, i + 1, size, &p) == ST_OK &&
                 consistency_holds(i + 1, size, p.path, p.len,
                                   tree_root_of(leaves, i + 1), root);
        }
    }
    return ok;
}

static void
test_properties(void)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct rng r = {seed};
        bool in = true, consistent = true;

        make_leaves(&r);
        OK(roots_agree(), "grown and recursive roots agree, seed %" PRIu64, seed);
        OK(bytes_agree(&r), "equal trees are equal bytes, seed %" PRIu64, seed);
        OK(small_all_good(), "every small proof holds, seed %" PRIu64, seed);
        for (int i = 0; i < 200; i++) {
            in = in && inclusion_good(&r);
            consistent = consistent && consistency_good(&r);
        }
        OK(in, "inclusion holds and its mutants do not, seed %" PRIu64, seed);
        OK(consistent, "consistency holds and its mutants do not, seed %" PRIu64, seed);
    }
}

/* The probes of transparency-dev/merkle, when they lie beside the checkout. */

struct probe {
    uint64_t number[4]; /* leafIdx, treeSize, size1, size2 */
    struct hash leaf, root, root1, root2, path[PROOF_MAX];
    uint64_t len;
    bool want_error, inclusion;
    bool odd; /* a number, leaf or path that our types cannot hold, and so no proof; an
                 odd root is cut */
};

static int
base64_value(char c)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)(at - digits);
}

static struct hash
read_hash(struct json_token t, bool *odd)
{
    struct hash h = {0};
    uint32_t held = 0;
    unsigned bits = 0, n = 0;

    for (size_t i = 0; i < t.raw.len && base64_value(t.raw.ptr[i]) >= 0; i++) {
        held = held << 6 | (uint32_t)base64_value(t.raw.ptr[i]);
        bits += 6;
        if (bits >= 8 && n < 32) {
            bits -= 8;
            h.b[n++] = (uint8_t)(held >> bits);
        }
    }
    *odd = *odd || t.raw.len != 44 || n != 32;
    return h;
}

static void
read_field(struct json *j, struct str key, struct probe *p)
{
    static const char *const numbers[] = {"leafIdx", "treeSize", "size1", "size2"};
    struct json_token t = json_next(j);
    bool cut = false;
    int64_t n = 0;

    for (unsigned i = 0; i < 4; i++) {
        if (!str_eq(key, str_of(numbers[i])))
            continue;
        p->odd = p->odd || !json_int(t.raw, &n);
        p->number[i] = (uint64_t)n;
    }
    p->inclusion = p->inclusion || str_eq(key, STR("leafIdx"));
    if (str_eq(key, STR("root")))
        p->root = read_hash(t, &cut);
    else if (str_eq(key, STR("leafHash")))
        p->leaf = read_hash(t, &p->odd);
    else if (str_eq(key, STR("root1")))
        p->root1 = read_hash(t, &cut);
    else if (str_eq(key, STR("root2")))
        p->root2 = read_hash(t, &cut);
    else if (str_eq(key, STR("wantErr")))
        p->want_error = t.type == JSON_TRUE;
    else if (str_eq(key, STR("proof")) && t.type == JSON_ARRAY)
        while ((t = json_next(j)).type == JSON_STRING && p->len < PROOF_MAX)
            p->path[p->len++] = read_hash(t, &p->odd);
}

static bool
probe_right(struct str text)
{
    struct probe p = {0};
    struct json_token t;
    struct json j;
    bool holds;

    json_init(&j, text, NULL);
    (void)json_next(&j);
    while ((t = json_next(&j)).type == JSON_KEY)
        read_field(&j, t.raw, &p);
    if (t.type != JSON_OBJECT_END)
        return false;
    holds = p.inclusion
                ? inclusion_holds(p.number[0], p.number[1], p.leaf, p.path, p.len, p.root)
                : consistency_holds(p.number[2], p.number[3], p.path, p.len, p.root1,
                                    p.root2);
    return (holds && !p.odd) == !p.want_error;
}

static void
probe_folder(struct arena *a, const char *folder, unsigned depth, unsigned *ret_files,
             unsigned *ret_wrong)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        size_t mark = a->used;
        char path[1024];
        struct buf b = buf_of(path, sizeof path);
        struct str text;
        enum status st;

        if (entry->d_name[0] == '.')
            continue;
        put_s(&b, folder);
        put_c(&b, '/');
        put_s(&b, entry->d_name);
        st = os_file_read(a, put_end(&b), 1 << 16, &text, NULL);
        if (st == ST_CONFLICT && depth > 0)
            probe_folder(a, path, depth - 1, ret_files, ret_wrong);
        if (st != ST_OK)
            continue;
        (*ret_files)++;
        if (!probe_right(text)) {
            (*ret_wrong)++;
            printf("# wrong: %s\n", path);
        }
        arena_back(a, mark);
    }
    if (dir != NULL)
        closedir(dir);
}

static void
test_probes(void)
{
    static const char *const kinds[] = {"inclusion", "consistency"};
    const char *shared = getenv("ENTENTE_SHARED");
    struct arena a;

    if (os_arena_init(&a, 1 << 20, NULL) != ST_OK)
        return;
    for (unsigned i = 0; i < 2; i++) {
        unsigned files = 0, wrong = 0;
        char folder[512];
        struct buf b = buf_of(folder, sizeof folder);

        put_s(&b, shared == NULL ? "." : shared);
        put_s(&b, "/data/tlog/merkle/");
        put_s(&b, kinds[i]);
        probe_folder(&a, put_end(&b), 3, &files, &wrong);
        if (files == 0)
            tap_skip(kinds[i], "the probes are not beside this checkout");
        else
            OK(wrong == 0, "%u %s probes", files, kinds[i]);
    }
    os_arena_free(&a);
}

static void
test_large(void)
{
    static struct tree t;

    tree_init(&t);
    for (unsigned i = 0; i < 3000; i++) {
        char entry[16];
        struct buf b = buf_of(entry, sizeof entry);

        put_s(&b, "entry ");
        put_u(&b, i);
        tree_append(&t, buf_str(&b));
    }
    OK(is(tree_root(&t),
          "20ad21d542a28c84290c71bb28cc5df1e0706c3139629112c3512f4abb4a66ff"),
       "3000 entries, by Python");
}

int
main(void)
{
    test_roots();
    test_known_proofs();
    test_limits();
    test_properties();
    test_large();
    test_probes();
    return tap_end();
}
