/* SPDX-License-Identifier: Apache-2.0 */
/* compile.h -- what the files that understand a text share (private to src/accord).
 *
 * names.c   who is called what; errors
 * expr.c    values and conditions over a frame
 * plan.c    joins: which atoms bind which names
 * vocab.c   what is declared: types, terms, events, the names of facts, states, lives, gates
 * define.c  what that means: what sets a fact, begins a state, moves a life
 * rule.c    gates, clauses
 * authority.c  who may do what, and what may never be
 * order.c   ranks, sparks, listeners, coverage
 * accord.c  the order of all this */
#ifndef ACCORD_COMPILE_H
#define ACCORD_COMPILE_H
#include "accord/accord.h"
#include "base/text.h"

enum space {
    SP_TYPE, SP_VALUE, SP_ROLE, SP_EVENT, SP_FAMILY, SP_STATE, SP_FACT, SP_TABLE, SP_TERM, SP_GATE,
    SP_CLAUSE, SP_LIST, SP_SIDE, SP_STAGE, SPACES,
};

struct named {
    struct str name;
    uint32_t ref, next;
    uint32_t text, token;
    uint8_t space;
};

enum { NAME_BUCKETS = 8192, SPARE_BYTES = 4096 };

struct compiler {
    struct program *p;
    struct arena *arena;
    struct accord_diags *diags;
    bool full;  /* the arena is: everything stops */
    void *spare; /* item 0 of a table that got no memory */
    bool quiet; /* looking ahead: nothing is told */
    struct named *named;
    uint32_t nnamed, cap_named, bucket[NAME_BUCKETS];
#define T(item, list) uint32_t cap_##list;
    TABLES(T)
#undef T
    uint32_t cap_ids, cap_kids;
    const struct syntax *agreement;
    uint64_t guesses; /* names looked at for a near one */
    uint32_t hint_fact, hint_clause; /* the one last found: the next stands behind it */
    uint32_t nevers;
    uint32_t depth; /* of terms made from terms */
    uint32_t source_thing; /* the one thing that is a source, or NO_ID */
};

/* Appends one zeroed item to a table; its place. When memory is out: item 0 again, and c->full. */
uint32_t table_add(struct compiler *c, void **list, uint32_t *n, uint32_t *cap, size_t size);
#define ADD(c, list) \
    table_add((c), (void **)&(c)->p->list, &(c)->p->n##list, &(c)->cap_##list, sizeof *(c)->p->list)
uint32_t add_id(struct compiler *c, uint32_t id);

/* names.c */
void declare(struct compiler *c, enum space space, struct str name, uint32_t ref, const struct syntax *t,
             uint32_t token, const char *what);
uint32_t find(const struct compiler *c, enum space space, struct str name); /* NO_ID: none */
/* The first and the next of several that share a name. */
const struct named *find_first(const struct compiler *c, enum space space, struct str name);
const struct named *find_next(const struct compiler *c, const struct named *from);
uint32_t find_fact(const struct compiler *c, struct str name, uint16_t key_type); /* m.departure */
uint32_t dotted_facts(const struct compiler *c, struct str name, uint16_t *ret_key_type);

/* Errors: each '%' of the text takes the next of the three. */
void bad_token(struct compiler *c, const struct syntax *t, uint32_t token, const char *what, struct str x,
               struct str y, struct str z);
void note_token(struct compiler *c, const struct syntax *t, uint32_t token, const char *what, struct str x, struct str y);
void bad(struct compiler *c, const struct syntax *t, node_id n, const char *what, struct str x, struct str y,
         struct str z);
#define BAD0(c, t, n, what) bad((c), (t), (n), (what), STR(""), STR(""), STR(""))
#define BAD1(c, t, n, what, x) bad((c), (t), (n), (what), (x), STR(""), STR(""))
#define BAD2(c, t, n, what, x, y) bad((c), (t), (n), (what), (x), (y), STR(""))
/* "; did you mean 'x'?" or nothing: of all names of a space, or of those of one choice, life or thing. */
struct str nearest_said(struct compiler *c, const struct nearest *g);
struct str near_name(struct compiler *c, enum space space, struct str word);
/* The same, or what else would do. */
struct str did_you_mean(struct compiler *c, enum space space, struct str word);
struct str did_you_mean_of(struct compiler *c, enum space space, uint32_t of, struct str word);
struct str near_value(struct compiler *c, uint16_t type, struct str word); /* of a choice, side or role */
struct str value_meant(struct compiler *c, uint16_t type, struct str word); /* near_value, or which there are */
struct str type_name(const struct compiler *c, uint16_t type);
struct str number_word(struct compiler *c, int64_t n);
struct str place_of(struct compiler *c, uint32_t text, uint32_t token); /* FILE:LINE */
struct str list_of(struct compiler *c, const struct str *word, uint32_t n); /* "a, b, c", cut when long */

/* trees */
struct str word(const struct syntax *t, node_id n);
static inline const struct node *node_at(const struct syntax *t, node_id n) { return &t->node[n]; }
struct str dot_left(struct str dot);
struct str dot_right(struct str dot);

/* expr.c */
struct scope_name {
    struct str name;
    uint16_t slot, type;
    uint16_t reads;
    bool by_arg;   /* bound as an argument of a pattern ... */
    bool by_atom;  /* ... or of a state that opens: that alone counts as one read */
    bool sealed;   /* a field of which only whether it is set may be asked */
    node_id where; /* it was bound */
};

struct scope {
    struct compiler *c;
    const struct syntax *t;
    struct scope_name name[FRAME_MAX];
    uint8_t n, nslots; /* names now, slots ever */
    bool now_ok, in_gate, open; /* open: an unknown name becomes one of the frame */
    bool sentence;     /* of a clause */
    bool term;         /* of a term's value */
    bool asks_set;     /* what is read now stands before `is set` */
    uint16_t fact;     /* the slot of the value of a fact that is being set, or UINT16_MAX */
    uint32_t kind;     /* whose fields are meant, or NO_ID */
    uint16_t by_slot;  /* of the sender, or UINT16_MAX */
};

void scope_init(struct scope *s, struct compiler *c, const struct syntax *t);
int scope_find(const struct scope *s, struct str name); /* place in s->name, or -1 */
uint16_t scope_add(struct scope *s, node_id where, struct str name, uint16_t type); /* its slot */
void scope_back(struct scope *s, uint8_t n); /* forgets the names from the n-th on */
/* Tells new names that nothing reads and that look like a value of their type misspelt. */
void check_unread(struct scope *s, uint8_t from);

ex_id ex_new(struct scope *s, enum op op, uint16_t type, node_id n);
ex_id value(struct scope *s, node_id n, uint16_t want);
ex_id value_of_type(struct scope *s, node_id n, uint16_t want, const char *role);
ex_id time_value(struct scope *s, node_id n);
/* A written number with its unit; 0 when there is none (n = 0), or after saying that it is of another type. */
int64_t quantity(struct compiler *c, const struct syntax *t, node_id n, uint16_t want, const char *what);
ex_id cond(struct scope *s, node_id n);
bool same_type(struct scope *s, uint16_t a, uint16_t b);
/* Adds the names that a condition's atoms would bind (openers). */
void bind_names(struct scope *s, node_id n);
bool const_value(const struct program *p, ex_id e, int64_t *ret);
int64_t greatest_value(const struct program *p, ex_id e); /* over all branches; FOREVER when not known */

/* Patterns bind names: new ones are added to the scope. */
bool pattern(struct scope *s, node_id n, bool may_bind, struct pattern *ret);
bool relation_args(struct scope *s, node_id args, uint32_t relation, struct pattern *ret);
bool moment(struct scope *s, node_id n, struct moment *ret);
struct span moments(struct scope *s, node_id list, uint8_t keep);
void args_bind(struct compiler *c, struct pattern *p, uint8_t from, uint8_t to);
ex_id not_yet(struct scope *s, node_id n, const char *what); /* 0, after saying so */
/* Fields in the order of an argument list; false after a diag. field[i] is the argument's field. */
bool match_args(struct compiler *c, const struct syntax *t, node_id args, const struct param *param, uint8_t nparams,
                struct str what, uint8_t *field, uint8_t *ret_n);

/* plan.c */
struct slots {
    uint32_t bits; /* of the frame */
};
uint32_t ex_slots(const struct program *p, ex_id e); /* the slots it reads, as bits */
uint8_t index_of(struct compiler *c, uint32_t relation, uint8_t mask);
bool plan_join(struct compiler *c, ex_id cond, uint32_t known, uint32_t wanted, struct plan *ret);
/* Sparks that make instances of `target` whenever `cond` may have become true; the names that no
 * atom binds come back as bits (0: all well). */
uint32_t plan_sparks(struct compiler *c, ex_id cond, uint32_t wanted, uint32_t target);
uint32_t relation_of(const struct program *p, const struct ex *e);

/* vocab.c, define.c, rule.c, order.c */
uint32_t relation_new(struct compiler *c, enum relation_type type, uint32_t ref, uint8_t arity);
void declare_suns(struct compiler *c, const struct syntax *t); /* before all types: they are one choice */
void declare_types(struct compiler *c, const struct syntax *t);
void declare_vocabulary(struct compiler *c, const struct syntax *t);
void declare_clauses(struct compiler *c, const struct syntax *t);
/* The type that the patterns of a fact give one of its names. */
uint16_t type_in_patterns(struct compiler *c, const struct syntax *t, node_id moments, struct str name);
struct span role_span(struct compiler *c, const struct syntax *t, node_id list);
void kind_scope(struct scope *s, struct compiler *c, const struct syntax *t, uint32_t kind);
ex_id facts_set(struct scope *s, node_id n, ex_id time);
void compile_events(struct compiler *c);
void compile_vocabulary(struct compiler *c, const struct syntax *t);
void compile_rules(struct compiler *c, const struct syntax *t);
void compile_order(struct compiler *c);
void compile_authority(struct compiler *c, const struct syntax *t);
void check_senders(struct compiler *c);
void check_gates(struct compiler *c);
void term_value(struct compiler *c, uint32_t term);
void check_terms(struct compiler *c);
#endif
