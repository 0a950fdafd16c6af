/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h -- an agreement as it was written: the parser's result, before any name means anything.
 *
 * Nodes stand in one array and name each other by index; 0 is "nothing". Each
 * node's children are listed beside its kind: `x y` in this order, `x?` may be
 * 0, `x*` is a list node. The grammar is doc/accord.5. */
#ifndef ACCORD_TREE_H
#define ACCORD_TREE_H
#include "accord/lex.h"

typedef uint32_t node_id;

enum node_kind {
    N_NONE,
    N_LIST, /* children: its items */
    /* heads */
    N_PARTY, /* NAME; child STRING */
    N_USE,   /* NAME; num = version */
    /* declarations */
    N_TERMS,     /* term* as children */
    N_TERM,      /* NAME; value */
    N_THING,     /* names* kept?; flag F_PRIVATE */
    N_CHOICE,    /* NAME; names* */
    N_ROLE,      /* dots* from? until? */
    N_TABLE,     /* NAME; parameter choice row* */
    N_ROW,       /* NAME (or `else`: F_ELSE); qty */
    N_SUN,       /* NAME; point */
    N_EVENT,     /* DOT; params* label class sources* with? heartbeat? clock? */
    N_PARAM,     /* NAME; types* kept?; F_OPTIONAL F_SEALED */
    N_FACT,      /* DOT or NAME; names*? type from until? */
    N_STATE,     /* NAME; params* label? while? from? until? */
    N_LISTING,   /* NAME; by pattern label? row* */
    N_LIST_ROW,  /* NAME; cond owner back? */
    N_SHOW,      /* NAME; names* label expr* */
    N_LIFE,      /* NAME; rule* as children */
    N_LIFE_RULE, /* stage to moments roles? */
    N_STAGE,     /* NAME, or F_ANY with an optional NAME child: any [before NAME] */
    N_GATE,      /* NAME; params* pattern as? limb* override? */
    N_AS,        /* NAME; used-by-pattern lapses roles* */
    N_LIMB,      /* NAME; label cond */
    N_OVERRIDE,  /* roles* pattern */
    N_AUTHORITY, /* grants and bounds as children */
    N_GRANT,     /* DOT; verb scopes* coarse? until? where? */
    N_NEVER,     /* NAME or DOT; verb scopes? except? where? */
    N_CLAUSE,    /* NAME; title bearers* owed* severity case sentence* */
    N_BEARER,    /* NAME; F_OTHER_SIDE */
    N_SEVERITY,  /* NAME; cond? else? */
    N_CASE,      /* NAME; names* */
    N_SENTENCE,  /* label?; opener foreach* duty severity? rung* */
    N_EXAMPLE,   /* STRING; given* line* */
    N_LINE,      /* when known? pattern-or-expectation* */
    N_WHEN,      /* CLOCK; num = ms of the day; day? (an N_INT) */
    N_EXPECT,    /* NAME or DOT; args? is? flags on? for* until?; num = expected bits */
    N_WARNED,    /* DOT or NAME: who */
    /* openers and duties */
    N_EACH,     /* moment where? */
    N_AT,       /* time where? */
    N_WHILE,    /* cond */
    N_ALWAYS,
    N_FOREACH,  /* names* owner? with? on? */
    N_ONLY_IF,  /* cond unless? otherwise? */
    N_HOLD,     /* cond tolerating? unless? otherwise? */
    N_NOT_LAST, /* limit? unless? otherwise? */
    N_KNOWN,    /* limit unless? otherwise? */
    N_MUST,     /* answers limit chain* unless? otherwise? */
    N_ANSWERS,  /* pattern* where? */
    N_WITHIN,   /* value */
    N_NOT_LATER,/* time */
    N_AT_LEAST_EVERY, /* value */
    N_ONCE_IN_EACH,   /* NAME (day week month quarter) */
    N_THEN,      /* answers value */
    N_OTHERWISE, /* answers value */
    N_RUNG,      /* who* after? severity? */
    /* patterns, moments, times */
    N_PATTERN, /* DOT; arg* by? */
    N_ARG,     /* NAME or nothing; expr? */
    N_MOMENT,  /* what where? */
    N_EDGE,    /* expr; num = 0 begins, 1 ends, 2 changes */
    N_BREACH,  /* NAME or "a" (any clause); as? for*?; num = 0 breached, 1 met */
    N_BEFORE,  /* expr expr: a time before another */
    N_AFTER,   /* expr expr */
    N_LAST,    /* value: within the last */
    N_AGO,     /* from to: between .. and .. ago */
    /* conditions */
    N_AND, N_OR, /* conditions as children */
    N_NOT,       /* cond */
    N_SOME, N_NO,  /* names* cond */
    N_EVERY,       /* names* cond body; F_OR_NONE */
    N_AT_LEAST, N_AT_MOST, /* expr, then names* cond, or pattern past */
    N_PAST,      /* pattern past */
    N_ROLE_TEST, /* DOT; arg* by? */
    N_HELD,      /* expr value */
    N_TRUTH,     /* expr: a state standing as a condition */
    N_COMPARE,   /* expr rest..; num = enum compare; F_NOT */
    /* values */
    N_NAME, N_WORD_DOT, N_STRING, N_INT, /* N_INT: num = value in its unit's base; child unit? */
    N_UNIT, N_CLOCK, N_POINT,
    N_NOW, N_BY, N_NO_WORD,
    N_CALL, /* NAME; arg* */
    N_OF,   /* NAME; expr */
    N_ADD, N_SUB, /* expr expr */
    N_PER,  /* expr of; num = how many; F_STARTED */
    N_IF,   /* value cond else */
    N_COUNT, N_SUM, N_MIN, N_MAX, /* expr? then names* cond, or pattern past */
    N_DISTANCE, /* from to */
    N_KINDS,
};

enum node_flag {
    F_PRIVATE = 1, F_ELSE = 2, F_OPTIONAL = 4, F_SEALED = 8, F_ANY = 16, F_OTHER_SIDE = 32,
    F_OR_NONE = 64, F_NOT = 128, F_STARTED = 256, F_HAPPENED = 512, F_WINDOW = 1024,
    F_KEPT = 2048, F_CLAUSE_ANY = 4096,
};

enum compare {
    CMP_IS, CMP_SET, CMP_STATIONARY, CMP_INSIDE, CMP_DIFFERENT, CMP_ONE_OF, CMP_BEFORE, CMP_AFTER,
    CMP_WITHIN_OF, CMP_SAME_TIME, CMP_AT_LEAST, CMP_AT_MOST, CMP_MORE, CMP_LESS,
};

/* What an example's line may expect, as bits of N_EXPECT's num. */
enum expected {
    EXPECT_REFUSED = 1, EXPECT_NO = 2, EXPECT_HAPPENED = 4, EXPECT_PENDING = 8, EXPECT_MET = 16,
    EXPECT_BREACHED = 32, EXPECT_MARGINAL = 64, EXPECT_UNKNOWN = 128, EXPECT_INFO = 256,
    EXPECT_AMBER = 512, EXPECT_RED = 1024, EXPECT_GREEN = 2048, EXPECT_WARNED = 4096,
};

struct node {
    uint8_t kind;
    uint16_t flags;
    uint32_t token; /* where it stands: its name, or its first word */
    uint32_t words; /* how many tokens it spans */
    node_id first, last, next; /* children: the first and the last; the next sibling */
    int64_t num;
};

struct syntax {
    uint8_t number; /* its text, as given */
    struct accord_text *text;
    struct token *token;
    uint32_t tokens;
    struct node *node;
    uint32_t nodes;
    bool library, bad; /* bad: some of it did not parse */
    uint32_t name;     /* token: STRING of an agreement, NAME of a library */
    int64_t version;
    uint32_t zone;     /* token of the zone's STRING; 0 in a library */
    node_id parties, uses, except, decls;
    bool every_clause; /* "in force every clause" is said */
};

/* The k-th child, or 0. */
node_id tree_child(const struct syntax *t, node_id n, unsigned k);
struct str tree_word(const struct syntax *t, uint32_t token); /* of a STRING, POINT: without its marks */

/* Parses one text. Errors go to `diags`; what parsed is in the tree all the same. False only when
 * the arena is full. */
CHECKED bool parse(struct accord_text *text, uint8_t number, struct arena *arena,
                   struct accord_diags *diags, struct syntax *ret);

/* As far as its declarations, of which there are then none. */
CHECKED bool parse_head_alone(struct accord_text *text, struct arena *arena, struct accord_diags *diags, struct syntax *ret);

/* Is this word never a name? */
bool parse_reserved(struct str word);
#endif
