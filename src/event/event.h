/* SPDX-License-Identifier: Apache-2.0 */
/* event.h -- one event against the vocabulary, and its one spelling.
 *
 * Three forms, in the order of the data's way:
 *   a line in short form   what files and people hold: `known` and `id` may be missing, private
 *                          values and sealed values stand in clear, fields in any order
 *   the canonical line     what the log holds and hashes: design in doc/entry.5; fields in the
 *                          vocabulary's order, times "2024-10-06T17:20:00.000Z", whole numbers,
 *                          tokens for private things, commitments for sealed fields
 *   an entry               what the engine judges: numbers only
 *
 * Every refusal names the field and says what would do. Nothing here keeps state but the symbols
 * the caller owns. */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H
#include "accord/accord.h"
#include "base/sha256.h"
#include "event/symbols.h"

enum {
    EVENT_LINE_MAX = 1 << 16, /* bytes of one line, short or canonical */
    EVENT_ID_MAX = 128,
    EVENT_SCRATCH = 4 * EVENT_LINE_MAX, /* a scratch of so many bytes, emptied, is enough to read and close any line */
};

/* A field as it was read: its value as a number where the type has one, its text where not. */
struct field {
    bool set;
    int64_t number;   /* time, duration, count, metres, choice, yes-no, side, role */
    struct str text;  /* thing, source, text, finding, token, "seal:..."; a point, line or area as canonical JSON */
};

/* One line, read and checked against the vocabulary; slices point into the line or the scratch. */
struct event {
    uint32_t kind;
    int64_t at, known; /* known = at when the line has none */
    bool has_known;
    struct str by, id; /* id empty when the sender gave none */
    struct field field[PARAMS_MAX];
    struct str extra;  /* theatre.opened: the whole object, in canonical form */
};

/* Reads a line in short or canonical form. `scratch` takes unescaped text and canonical JSON: what
 * is read is added behind what it holds, and the caller empties it when the event is done with.
 * ST_MALFORMED: not our JSON, with the byte. ST_INVALID: unknown kind ("did you mean"), missing or
 * unknown field, wrong type, a time that is no time, a place outside the world, an id too long.
 * ST_LIMIT: the line, or its canonical form once closed, has more than EVENT_LINE_MAX bytes; or the
 * scratch is too small. *ret is written only when all is well. */
CHECKED enum status event_read(const struct program *p, struct str line, struct buf *scratch, struct event *ret,
                               struct diag *d);

/* The keys of a theatre's door: private values become tokens, sealed ones commitments. */
struct door_keys {
    uint8_t token[32]; /* HMAC-SHA-256 key of tokens */
    uint8_t seal[32];  /* key from which each salt is derived */
};
/* The published key that `run` and drills use. */
extern const struct door_keys drill_keys;

/* "~" and 16 characters of base32: the first 80 bits of HMAC(key, value). A token stays as it is. */
struct str event_token(const struct door_keys *keys, struct str value, struct buf *scratch);
/* "seal:" and 64 hex digits: HMAC(salt, value), salt = first 16 bytes of HMAC(key, place "." field "." value).
 * A value that is a commitment already ("seal:...") stays as it is. */
struct str event_commitment(const struct door_keys *keys, uint64_t place, struct str field, struct str value,
                            struct buf *scratch);
/* Closes an event: tokens and commitments take the place of the clear values. A scratch that is then
 * `full` was too small, and the event is no good. Closing again changes nothing. */
void event_close(const struct program *p, const struct door_keys *keys, uint64_t place, struct buf *scratch,
                 struct event *e);

/* The canonical line, without a line end. Reading it gives the same event; writing that gives the
 * same bytes. */
void event_write(const struct program *p, const struct event *e, struct buf *out);

/* What the engine judges. */
struct entry {
    uint32_t kind;
    uint32_t by; /* symbol */
    int64_t at, known;
    uint64_t place;              /* its index in the log */
    int64_t field[PARAMS_MAX];   /* UNSET, a number, or a symbol; a sealed or composite field: 0 when set;
                                  * a text: the first 63 bits of its SHA-256, good for "the same" only */
};

/* ST_LIMIT when the symbols are full. */
CHECKED enum status event_entry(const struct program *p, const struct event *e, uint64_t place, struct symbols *s,
                                struct entry *ret);

/* How much a theatre can hold at a time, by name: the same in every copy of its log. */
enum capacity_name { CAP_CELLS, CAP_DUTIES, CAP_EDGES, CAP_PROOFS, CAP_ROWS, CAP_STAMPS, CAP_SYMBOL_BYTES, CAP_SYMBOLS,
                     CAPACITIES };
enum { CAPACITY_MAX = 1 << 28 };
extern const struct str capacity_names[CAPACITIES]; /* in the order of their bytes */

/* theatre.opened, read further, in either form; false after a diag, with *ret as it was. The texts
 * stand in the line or the scratch. */
struct opening {
    int64_t at;
    struct str agreement;
    int64_t version;
    bool drill, complete;
    int64_t zone_offset;  /* ms east of UTC */
    int64_t future_bound; /* ms a stamp may lie ahead of `known` */
    uint32_t capacity[CAPACITIES]; /* 0 where none is given */
    struct { uint32_t role; struct str who; } appointment[32];
    uint32_t nappointments;
};
CHECKED bool event_opening(const struct program *p, struct str line, struct buf *scratch, struct opening *ret,
                           struct diag *d);
#endif
