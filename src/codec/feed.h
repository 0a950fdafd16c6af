/* SPDX-License-Identifier: Apache-2.0 */
/* feed.h -- what a maker's message means, as text: library/NAME.feed, explained in feed(5).
 *
 * A feed says how a message of one maker is recognised, which of its readings are
 * refused, and which value becomes which field of which kind of event. The kinds
 * and fields are those of the vocabulary; the code here knows none of them. A
 * camera line says once what no message tells: who the camera is in the agreement,
 * and the values that come from where it hangs.
 *
 * Guard-rail: no rule of a feed lets a text through. A value of a message leaves
 * as a plate, as a word of a table in the feed, or as a time; the rest stays
 * behind. A reason never repeats a value of the message but the name of a camera
 * and a number. */
#ifndef CODEC_FEED_H
#define CODEC_FEED_H
#include "codec/record.h"

struct feed_set;  /* feeds and cameras, in the order they were read */
struct feed_pair; /* a list of NAME = VALUE */

/* An empty set in the arena, which grows there; NULL when the arena is full. `a` stays where it is
 * as long as the set. */
struct feed_set *feed_set_new(struct arena *a);

/* Adds a file's feeds and cameras. `file` is its name for diags; it and `text` must stay as long
 * as the set. A diag reads "file:line:column: what is wrong; what would do". After a failure the
 * set must not be used. */
CHECKED enum status feed_read(struct feed_set *set, struct str file, struct str text, struct diag *d);

/* What the caller knows and no message says. A camera's own line goes before it. */
struct feed_given {
    struct str feed; /* only this feed; empty: the first that knows the message */
    struct str by;   /* the source, for cameras without a line */
    bool has_at;
    int64_t at_ms; /* for messages that hold no time */
    const struct feed_pair *pairs;
};

/* Reads "k = mall-road, n = 40 metres", as it stands in a camera line. */
CHECKED enum status feed_pairs_read(struct feed_set *set, struct str file, struct str text,
                                    const struct feed_pair **ret_pairs, struct diag *d);

/* Is there a feed of this name? If not, the diag names those there are. */
CHECKED bool feed_known(const struct feed_set *set, struct str name, struct diag *d);

/* Calls `each` for every kind a feed can say, with `field` empty, and then for each of its fields
 * in order: so that a caller can hold a feed against the vocabulary. */
typedef void feed_visit(void *ctx, struct str feed, struct str kind, struct str field, bool optional);
void feed_visit_kinds(const struct feed_set *set, feed_visit *each, void *ctx);

/* What became of one reading: an event or a reason, never both, never neither. */
struct reading {
    uint32_t message, number; /* which message of the input, which reading of it; from 1 */
    size_t input_line;        /* where its document begins, from 1 */
    struct str feed;          /* empty when no feed knew the message */
    struct str line;          /* the event in short form, canonical JSON without a line end; or empty */
    struct str why;           /* why there is none, a sentence; or empty */
};
typedef void reading_sink(void *ctx, const struct reading *r); /* the texts live until it returns */

struct reading_count {
    uint32_t messages, readings, events, refused; /* readings = events + refused */
};

/* Tells what becomes of each reading of a message; at least one is told. `told` says where the
 * message stands and is filled in for each call of the sink. */
void feed_apply(const struct feed_set *set, const struct feed_given *given, const struct record *r,
                struct reading *told, reading_sink *sink, void *ctx, struct reading_count *count);
#endif
