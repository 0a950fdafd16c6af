/* SPDX-License-Identifier: Apache-2.0 */
/* parse_in.h -- what the parser's files share. Rules are named after the grammar in doc/accord.5;
 * each returns its node. After a failure every look-ahead sees the end of the text, so rules
 * unwind without checking; parse.c goes on at the next declaration. */
#ifndef ACCORD_PARSE_IN_H
#define ACCORD_PARSE_IN_H
#include "accord/tree.h"

enum { PARSE_DEPTH = 60 };

struct parser {
    struct syntax *t;
    struct accord_diags *diags;
    uint32_t at;      /* the token we look at */
    uint32_t start;   /* where the declaration we are in begins */
    uint32_t cap;     /* nodes there is room for */
    uint32_t depth;
    bool failed;      /* until the next declaration */
    bool no_by;       /* in a life: the word belongs to the life, not to its patterns */
    bool in_answer;   /* 'within' behind a condition belongs to the answer */
};

/* words */
struct token look(const struct parser *p, uint32_t ahead);
bool at_type(const struct parser *p, uint32_t ahead, enum token_type type);
bool at_word(const struct parser *p, uint32_t ahead, const char *word);
bool at_words(const struct parser *p, const char *first, const char *second);
bool accept(struct parser *p, const char *word);
bool accept2(struct parser *p, const char *first, const char *second);
void expect(struct parser *p, const char *word);
void expect_for(struct parser *p, const char *word, const char *remedy);
void expect_phrase(struct parser *p, const char *phrase, const char *remedy); /* words and blanks between */
void expect_close(struct parser *p);
void fail(struct parser *p, const char *expected, const char *remedy);
void fail_at(struct parser *p, uint32_t token, const char *what);
void fail_here(struct parser *p, const char *what);
int decl_at(const struct parser *p); /* which declaration may begin here, or -1 */
bool more_after_comma(struct parser *p); /* eats "," unless a reserved word follows it */

/* nodes */
node_id node_new(struct parser *p, enum node_kind kind);
void node_add(struct parser *p, node_id parent, node_id child);
node_id node_end(struct parser *p, node_id n);
node_id none(struct parser *p); /* holds the place of an absent child */
struct node *at_node(struct parser *p, node_id n);
bool deeper(struct parser *p);
void shallower(struct parser *p);

/* rules of more than one file */
node_id rule_name(struct parser *p, const char *what);
node_id rule_dot(struct parser *p, const char *what); /* a role, or anything else of two names */
node_id rule_string(struct parser *p, const char *what);
node_id rule_names(struct parser *p);
node_id rule_roles(struct parser *p);
node_id rule_params(struct parser *p);
node_id rule_qty(struct parser *p);
node_id rule_when(struct parser *p);
int64_t rule_int(struct parser *p, const char *what);
int64_t clock_ms(struct str clock, bool *ret_ok);

node_id rule_value(struct parser *p);
node_id rule_expr(struct parser *p);
node_id rule_time(struct parser *p);
node_id rule_cond(struct parser *p);
node_id rule_conj(struct parser *p);
node_id rule_args(struct parser *p);
node_id rule_pattern(struct parser *p);
node_id rule_moment(struct parser *p);
node_id rule_moments(struct parser *p);

node_id rule_gate(struct parser *p);
node_id rule_authority(struct parser *p);
node_id rule_clause(struct parser *p);
node_id rule_example(struct parser *p);
#endif
