/* SPDX-License-Identifier: Apache-2.0 */
/* store.h -- what the engine knows now: rows of relations, looked up by any of their arguments, and
 * who must be told when one changes.
 *
 * A row is one state, fact, life, past event or instance. Rows stand in buckets, one for each index
 * of their relation, while they are *present* (a state that holds or may hold, a fact that is set, a
 * life or past event that is). A cell that has read a row or a bucket hangs on it by an edge, and is
 * queued when it changes. All names are numbers into pools of fixed size; 0 is nothing; freed places
 * are used again in a fixed order, so the same entries make the same bytes. */
#ifndef ENGINE_STORE_H
#define ENGINE_STORE_H
#include "accord/accord.h"

typedef uint32_t row_id;
typedef uint32_t bucket_id;
typedef uint32_t cell_id;

enum tri { NO = 0, UNSURE = 1, YES = 2 };

/* engine_hash() reads these as they lie, so every byte of them has a name. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/* A state's row: value is enum tri. A fact's: its value or UNSET. A life's: its stage. */
struct rec {
    uint32_t relation;
    uint32_t arg[ARITY_MAX];
    row_id chain;          /* of its hash slot; of the free list */
    uint32_t edges;        /* who has read it */
    cell_id cell;          /* what works it out, of derived ones */
    uint32_t links;        /* its places in buckets, one for each index, while it is present */
    uint32_t stamps;       /* a past event's, newest first */
    uint32_t nstamps;
    uint32_t cause;        /* the entry that last changed it */
    uint32_t again_cause;  /* the newest entry that would have begun it again while it ran */
    uint32_t extra;        /* a gate's first limb; a go's flags; what proved a state's beginning */
    bool present, known;   /* known: it has ever had a value */
    uint8_t pad[6];
    int64_t value;
    int64_t since;         /* the date of its last change */
    int64_t again;         /* the date of again_cause */
};

struct link { /* a row's place in one bucket */
    row_id prev, next;
    bucket_id bucket;
};

struct bucket {
    uint32_t relation;
    uint32_t index;
    uint32_t arg[ARITY_MAX];
    bucket_id chain;
    row_id first, last;
    uint32_t count;
    uint32_t edges;
    uint32_t spare;  /* keeps the record free of padding */
    int64_t changed; /* the date at which a row last came or went */
};

struct edge {
    cell_id cell;
    uint32_t on;              /* row, bucket or source */
    uint32_t type;            /* enum edge_type */
    uint32_t prev, next;      /* beside it, on the same */
    uint32_t more;            /* the cell's next edge */
};

enum edge_type { EDGE_ROW, EDGE_BUCKET, EDGE_SOURCE };

struct stamp { /* one past event */
    int64_t at;
    int64_t value;  /* of the field that is summed */
    uint32_t entry;
    uint32_t next;  /* older */
};

struct source { /* one who sends */
    int64_t last;      /* of `at`; UNSET before its first entry */
    uint32_t entry;
    uint32_t edges;    /* cells that wait for it to speak again */
};
#pragma GCC diagnostic pop

struct pool { /* places of a pool: how many ever, and the freed ones */
    uint32_t cap, n, free, live;
};

enum { FIRST_SLOTS = 64 };

struct slots { /* slots of a hash table: in use, and the mask of the next power of two */
    uint32_t n, mask;
};

struct store {
    const struct program *p;
    struct pool rows, links, buckets, edges, stamps;
    struct rec *row;
    struct link *link;
    struct bucket *bucket;
    struct edge *edge;
    struct stamp *stamp;
    struct source *source; /* by symbol */
    uint32_t nsources;
    uint32_t nslots;       /* room of each hash table */
    struct slots row_slots, bucket_slots;
    row_id *row_slot;
    bucket_id *bucket_slot;
    uint32_t link_free[INDEX_MAX + 1]; /* by how many stand together */
    bool full;             /* some pool is: the step is not to be trusted */
};

struct store_size {
    uint32_t rows, stamps, edges, sources;
};

CHECKED bool store_init(struct store *s, const struct program *p, struct arena *arena, struct store_size size);

row_id row_find(const struct store *s, uint32_t relation, const uint32_t *arg);
row_id row_make(struct store *s, uint32_t relation, const uint32_t *arg); /* found, or made blank */
void row_show(struct store *s, row_id r);  /* becomes present: into its buckets, at their ends */
void row_hide(struct store *s, row_id r);
void row_drop(struct store *s, row_id r);  /* frees it when nothing hangs on it and it says nothing */

/* The bucket of an index for some arguments (those of the mask); 0 when there is none. */
bucket_id bucket_find(const struct store *s, uint32_t relation, uint8_t index, const uint32_t *arg);
bucket_id bucket_make(struct store *s, uint32_t relation, uint8_t index, const uint32_t *arg);
row_id bucket_next(const struct store *s, bucket_id b, uint8_t index, row_id after); /* after 0: the first */

/* A stamp into its place by date; `keep` is how many of the newest to keep, 0 = all not older than `oldest`. */
void stamp_add(struct store *s, row_id r, int64_t at, int64_t value, uint32_t entry, uint32_t keep, int64_t oldest);
void stamps_clear(struct store *s, row_id r);

/* Edges: made while a cell is worked out, all undone before it is worked out again. */
uint32_t edge_add(struct store *s, cell_id cell, enum edge_type type, uint32_t on, uint32_t more);
void edges_undo(struct store *s, uint32_t first);
#endif
