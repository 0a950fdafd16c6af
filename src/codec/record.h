/* SPDX-License-Identifier: Apache-2.0 */
/* record.h -- one foreign message, flattened: an ordered list of paths and values.
 *
 * A path is the names on the way to a value, joined by dots; items of a list are
 * named by their number from 0:
 *
 *   after.recognized_license_plate     results.0.plate     Alert.ANPR.licensePlate
 *
 * A dot or a backslash inside a name is written with a backslash before it, so no
 * two values share a path. XML gives its elements the same form: prefixes of
 * namespaces are dropped, an attribute is "@name", and of elements that repeat
 * under one parent the first has the plain path and the next are path.1, path.2.
 *
 * Values are kept as the sender wrote them: the text of a number is never taken
 * through a float. Objects, lists and elements with children have an entry too,
 * so that "is it there, does it hold anything" is one look-up.
 *
 * Everything is bounded, and the memory comes from the caller's arena: one block
 * for the life of the record, texts given back at each reset. */
#ifndef CODEC_RECORD_H
#define CODEC_RECORD_H
#include "base/arena.h"
#include "base/status.h"

enum {
    RECORD_ENTRIES = 4096,  /* values, lists and objects of one message */
    RECORD_TEXT = 1024,     /* bytes of a value that are kept; a longer one is noted only */
    RECORD_BYTES = 1 << 20, /* paths and texts of one message together */
    RECORD_PATH = 256,      /* bytes of a path */
    RECORD_DEPTH = 32,      /* names in a path */
    RECORD_BUCKETS = 2 * RECORD_ENTRIES,
};

enum record_type {
    RECORD_STRING, /* every text of XML is one */
    RECORD_NUMBER,
    RECORD_BOOL, /* "true" or "false" */
    RECORD_NULL,
    RECORD_LONG, /* a text beyond RECORD_TEXT: it is there, its bytes are not */
    RECORD_LIST, /* count says how many items */
    RECORD_TREE, /* an object or an element with children; count says how many */
};

struct item {
    struct str path, text;
    uint32_t count; /* items of a list, members of a tree */
    uint32_t next;  /* further elements of XML with this name under the same parent */
    enum record_type type;
};

struct record {
    struct arena *arena;
    size_t mark; /* where texts begin in the arena */
    size_t bytes;
    struct item *entries;
    uint32_t n;
    uint16_t *buckets; /* entry number + 1 */
};

/* A path while it is being built. */
struct path {
    size_t len;
    uint32_t depth;
    char text[RECORD_PATH];
};

/* Takes the tables out of `a`; ST_LIMIT when it is too small. */
CHECKED enum status record_init(struct record *r, struct arena *a, struct diag *d);

/* Empties the record for the next message; texts of the last one are gone. */
void record_reset(struct record *r);

/* Adds a value. Path and text are copied. ST_LIMIT when the message holds too much. */
CHECKED enum status record_add(struct record *r, struct str path, enum record_type type, struct str text,
                               struct diag *d);

/* The same text in the arena of the record, counted; ptr NULL and a diag when it does not fit. */
struct str record_keep(struct record *r, struct str text, struct diag *d);

/* The entry with this path; NULL when there is none. It stays valid until the next reset. */
struct item *record_find(const struct record *r, struct str path);

/* One name further; false when the path is then too long or too deep. Names are escaped. */
CHECKED bool path_push(struct path *p, struct str name);
CHECKED bool path_push_number(struct path *p, size_t n);

static inline struct str
path_str(const struct path *p)
{
    return (struct str){p->text, p->len};
}

/* What path_push() refuses, as a sentence. */
void path_diag(struct diag *d);
#endif
