/* SPDX-License-Identifier: Apache-2.0 */
/* feed_tree.h -- a feed as feed_read.c leaves it and feed_apply.c runs it: lists in the order of
 * the text, all in one arena. Only these two files look inside. */
#ifndef CODEC_FEED_TREE_H
#define CODEC_FEED_TREE_H
#include "codec/feed.h"

struct feed_path {
    struct str text;  /* without the name of the reading */
    struct str shown; /* as the feed writes it */
    bool of_reading;
    struct feed_path *or_else;
};

struct feed_word {
    struct str text;
    struct feed_word *next;
};

enum feed_test_type { TEST_IS, TEST_SET, TEST_GIVES };

struct feed_test {
    enum feed_test_type type;
    bool negated;
    struct feed_path path;   /* TEST_IS, TEST_SET */
    struct feed_word *words; /* TEST_IS: any of them; TEST_GIVES: all of them */
    struct feed_test *and_also;
};

struct feed_sentence {
    struct str name, text;
    struct feed_sentence *next;
};

struct feed_row {
    struct str theirs, ours;
    struct feed_row *next;
};

struct feed_table {
    struct str name, otherwise;
    bool has_otherwise;
    struct feed_row *rows;
    struct feed_table *next;
};

struct feed_time {
    struct feed_path path;
    bool iso;
    int places; /* of the epoch's unit, see epoch_read() */
    struct feed_time *or_else;
};

enum feed_part_type { PART_PATH, PART_TEXT, PART_NUMBER, PART_AT };

struct feed_part { /* of an id */
    enum feed_part_type type;
    struct feed_path path;
    struct str text;
    struct feed_part *next;
};

struct feed_value {
    struct str text;
    bool number; /* written without quotes */
};

struct feed_pair {
    struct str name;
    struct feed_value value;
    struct feed_pair *next;
};

enum feed_field_type { FIELD_PLATE, FIELD_TABLE, FIELD_CAMERA, FIELD_CONSTANT };

struct feed_field {
    enum feed_field_type type;
    bool optional;
    struct str name;
    struct feed_path *from;
    struct feed_word *unless;       /* FIELD_PLATE: words that stand for "none" */
    const struct feed_table *table; /* FIELD_TABLE */
    struct feed_value value;        /* FIELD_CONSTANT */
    struct feed_field *next;
};

struct feed_outcome {
    struct str kind;
    struct feed_test *when;
    struct feed_time *at; /* NULL: the message's */
    struct feed_part *id; /* NULL: the message's */
    struct feed_field *fields;
    struct feed_outcome *next;
};

struct feed_refusal {
    struct str why;
    struct feed_test *when;
    struct feed_refusal *next;
};

struct feed_confidence {
    struct feed_path *from; /* NULL: the feed asks for none */
    bool optional;
    int64_t scale, floor; /* millionths */
    struct str floor_text;
};

struct feed_message {
    struct str name;
    struct feed_test *when;
    struct str each; /* the name of a reading; empty: the message is the reading */
    struct feed_path list;
    struct feed_refusal *refusals;
    struct feed_path *camera;
    struct feed_time *at;
    struct feed_part *id;
    struct feed_confidence confidence;
    struct feed_outcome *outcomes;
    struct feed_message *next;
};

struct feed {
    struct str name;
    struct feed_sentence *sentences;
    struct feed_table *tables;
    struct feed_message *messages;
    struct feed *next;
};

struct feed_camera {
    struct str name, feed, source; /* feed: empty for any */
    struct feed_pair *pairs;
    struct feed_camera *next;
};

struct feed_set {
    struct arena *arena;
    struct feed *feeds;
    struct feed_camera *cameras;
};
#endif
