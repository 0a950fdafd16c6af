/* SPDX-License-Identifier: Apache-2.0 */
/* feed_parse.h -- the small rules of a feed's grammar: names, paths, values, conditions.
 *
 * Private to feed_read.c. A rule that fails writes the diag and moves to the end
 * of the text; from there every rule finds FEED_END and none checks another's
 * errors. What a rule returns may be half-made then; st says so. */
#ifndef CODEC_FEED_PARSE_H
#define CODEC_FEED_PARSE_H
#include "base/put.h"
#include "codec/feed_lex.h"
#include "codec/feed_tree.h"

struct parser {
    struct feed_set *set;
    struct str file, in;
    struct feed_token tok, ahead;
    size_t end;         /* behind `ahead` */
    struct str reading; /* its name in the message that is read; empty when there is none */
    struct feed *feed;  /* the one that is read */
    enum status st;
    struct diag *d;
};

struct parser parse_begin(struct feed_set *set, struct str file, struct str text, struct diag *d);

/* Failures: with the sentence that says what goes where the word stands; or with a buffer for the
 * sentence, and a place. Only the first is written. */
void parse_fail(struct parser *p, const char *sentence);
struct buf parse_fail_at(struct parser *p, size_t pos, enum status st);

/* Memory for a part of the tree; NULL, and a failure, when the arena is full. */
void *parse_take(struct parser *p, size_t size);
#define TAKE(p, T) ((T *)parse_take((p), sizeof(T)))

/* Words. */
void parse_advance(struct parser *p);
bool parse_more(const struct parser *p);
bool parse_is_word(const struct feed_token *t, const char *word);
bool parse_accept(struct parser *p, const char *word);
bool parse_accept_mark(struct parser *p, char mark);
void parse_expect(struct parser *p, const char *word, const char *sentence);
void parse_expect_mark(struct parser *p, char mark, const char *sentence);

/* Names, paths and values; each has its rule in feed_parse.c. */
enum between { COMMAS, ORS };
struct str parse_name(struct parser *p, const char *sentence);
void parse_path(struct parser *p, struct feed_path *ret);
struct feed_path *parse_paths(struct parser *p);
struct feed_word *parse_words(struct parser *p, enum between between, const char *sentence);
struct feed_value parse_value(struct parser *p);
struct feed_pair *parse_pairs(struct parser *p);

/* Conditions; parse_when() is NULL where no "when" stands. */
struct feed_test *parse_cond(struct parser *p);
struct feed_test *parse_when(struct parser *p);
#endif
