/* SPDX-License-Identifier: Apache-2.0 */
#include "accord/compile.h"

uint32_t
table_add(struct compiler *c, void **list, uint32_t *n, uint32_t *cap, size_t size)
{
    if (*n == *cap) {
        uint32_t more = *cap == 0 ? 32 : *cap * 2;
        void *grown = arena_take(c->arena, more, size, alignof(int64_t));

        if (grown == NULL) {
            c->full = true;
            if (*list == NULL)
                *list = c->spare; /* what is written there is read by nobody */
            ENSURE(size <= SPARE_BYTES);
            return 0;
        }
        if (*n > 0)
            memcpy(grown, *list, *n * size);
        *list = grown;
        *cap = more;
    }
    memset((char *)*list + *n * size, 0, size);
    return (*n)++;
}

uint32_t
add_id(struct compiler *c, uint32_t id)
{
    uint32_t at = ADD(c, ids);

    c->p->ids[at] = id;
    return at;
}

/* trees ---------------------------------------------------------------------------------------- */

struct str
word(const struct syntax *t, node_id n)
{
    return tree_word(t, t->node[n].token);
}

static size_t
dot_at(struct str dot)
{
    const char *at = memchr(dot.ptr, '.', dot.len);

    return at == NULL ? dot.len : (size_t)(at - dot.ptr);
}

struct str
dot_left(struct str dot)
{
    return str_cut(dot, 0, dot_at(dot));
}

struct str
dot_right(struct str dot)
{
    return str_cut(dot, dot_at(dot) + 1, dot.len);
}

/* errors --------------------------------------------------------------------------------------- */

/* "a %" before a vowel is "an %". */
static void
put_article(struct buf *b, struct str fill)
{
    struct str so_far = buf_str(b), end = str_cut(so_far, so_far.len < 3 ? 0 : so_far.len - 3, 3);

    if (fill.len == 0 || strchr("aeioAEIO", fill.ptr[0]) == NULL)
        return;
    if (str_eq(end, STR(" a ")) || (so_far.len == 2 && str_eq(end, STR("a ")))) {
        b->len--;
        put_s(b, "n ");
    }
}

static void
put_filled(struct buf *b, const char *what, const struct str *fill)
{
    unsigned next = 0;

    for (; *what != '\0'; what++) {
        if (*what != '%' || next == 3) {
            put_c(b, *what);
            continue;
        }
        put_article(b, fill[next]);
        put(b, accord_cut(fill[next++], 160));
    }
}

void
bad_token(struct compiler *c, const struct syntax *t, uint32_t token, const char *what, struct str x,
          struct str y, struct str z)
{
    char text[DIAG_TEXT * 2];
    struct buf b = buf_of(text, sizeof text - 1);
    struct str fill[3] = {x, y, z};
    struct token w = t->token[token];

    if (c->quiet || c->full) /* of a text that does not fit, the rest is not judged */
        return;
    put_filled(&b, what, fill);
    accord_diag_at(c->diags, t->number, w.pos, w.len, buf_str(&b));
}

/* No error, but something that those who sign should know. */
void
note_token(struct compiler *c, const struct syntax *t, uint32_t token, const char *what, struct str x, struct str y)
{
    char text[DIAG_TEXT * 2];
    struct buf b = buf_of(text, sizeof text - 1);
    struct str fill[3] = {x, y, STR("")};
    struct token w = t->token[token];

    if (c->quiet || c->full)
        return;
    put_filled(&b, what, fill);
    accord_note_at(c->diags, t->number, w.pos, w.len, buf_str(&b));
}

void
bad(struct compiler *c, const struct syntax *t, node_id n, const char *what, struct str x, struct str y,
    struct str z)
{
    bad_token(c, t, t->node[n].token, what, x, y, z);
}

struct str
type_name(const struct compiler *c, uint16_t type)
{
    if (type == TY_METRES)
        return STR("length in metres");
    return type < c->p->ntypes ? c->p->types[type].name : STR("nothing");
}

struct str
number_word(struct compiler *c, int64_t n)
{
    char text[24];
    struct buf b = buf_of(text, sizeof text);
    struct str s;

    put_i(&b, n);
    s = arena_str(c->arena, buf_str(&b));
    return s.ptr == NULL ? STR("") : s;
}

struct str
place_of(struct compiler *c, uint32_t text, uint32_t token)
{
    const struct syntax *t = &c->p->trees[text];
    uint32_t line = 1;
    char space[200];
    struct buf b = buf_of(space, sizeof space);
    struct str s;

    for (uint32_t i = 0; i < t->token[token].pos; i++)
        line += t->text->source.ptr[i] == '\n';
    put(&b, accord_cut(t->text->name, 160));
    put_c(&b, ':');
    put_u(&b, line);
    s = arena_str(c->arena, buf_str(&b));
    return s.ptr == NULL ? t->text->name : s;
}

struct str
list_of(struct compiler *c, const struct str *word, uint32_t n)
{
    char space[160];
    struct buf b = buf_of(space, sizeof space);
    struct str s;

    for (uint32_t i = 0; i < n; i++) {
        if (b.len + word[i].len + 6 > sizeof space) {
            put_s(&b, ", ...");
            break;
        }
        put_s(&b, i > 0 ? ", " : "");
        put(&b, word[i]);
    }
    s = arena_str(c->arena, buf_str(&b));
    return s.ptr == NULL ? STR("") : s;
}

/* names ---------------------------------------------------------------------------------------- */

static uint32_t
bucket_of(enum space space, struct str name)
{
    uint32_t h = 2166136261u ^ (uint32_t)space;

    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * 16777619u;
    return h % NAME_BUCKETS;
}

static const struct named *
chain(const struct compiler *c, uint32_t at, enum space space, struct str name)
{
    for (; at != 0; at = c->named[at].next)
        if (c->named[at].space == space && str_eq(c->named[at].name, name))
            return &c->named[at];
    return NULL;
}

const struct named *
find_first(const struct compiler *c, enum space space, struct str name)
{
    return chain(c, c->bucket[bucket_of(space, name)], space, name);
}

const struct named *
find_next(const struct compiler *c, const struct named *from)
{
    return chain(c, from->next, from->space, from->name);
}

uint32_t
find(const struct compiler *c, enum space space, struct str name)
{
    const struct named *n = find_first(c, space, name);

    return n == NULL ? NO_ID : n->ref;
}

/* Names that may stand for several things: a stage of two lives, a value of two choices, m.start and t.start. */
static bool
may_repeat(enum space space)
{
    return space == SP_STAGE || space == SP_VALUE || space == SP_FACT || space == SP_FAMILY;
}

void
declare(struct compiler *c, enum space space, struct str name, uint32_t ref, const struct syntax *t,
        uint32_t token, const char *what)
{
    const struct named *old = find_first(c, space, name);
    uint32_t at, b = bucket_of(space, name);

    if (old != NULL && !may_repeat(space)) {
        if (old->token == 0)
            bad_token(c, t, token, "% '%' is one that every theatre has: choose another name", str_of(what), name, STR(""));
        else
            bad_token(c, t, token, "% '%' is declared twice; it stands in % already: give one of them another name",
                      str_of(what), name, place_of(c, old->text, old->token));
        return;
    }
    at = table_add(c, (void **)&c->named, &c->nnamed, &c->cap_named, sizeof *c->named);
    if (c->full)
        return;
    c->named[at] = (struct named){name, ref, c->bucket[b], t->number, token, (uint8_t)space};
    c->bucket[b] = at;
}

uint32_t
find_fact(const struct compiler *c, struct str name, uint16_t key_type)
{
    for (const struct named *n = find_first(c, SP_FACT, name); n != NULL; n = find_next(c, n)) {
        const struct fact *f = &c->p->facts[n->ref];

        if (f->dotted && (f->param[0].type == key_type || key_type == TY_UNKNOWN))
            return n->ref;
    }
    return NO_ID;
}

/* How many dotted facts have this name, and the key's type of the last. */
uint32_t
dotted_facts(const struct compiler *c, struct str name, uint16_t *ret_key_type)
{
    uint32_t count = 0;

    for (const struct named *n = find_first(c, SP_FACT, name); n != NULL; n = find_next(c, n)) {
        if (!c->p->facts[n->ref].dotted)
            continue;
        *ret_key_type = c->p->facts[n->ref].param[0].type;
        count++;
    }
    return count;
}

struct str
nearest_said(struct compiler *c, const struct nearest *g)
{
    char text[200];
    struct buf b = buf_of(text, sizeof text);
    struct str found;

    if (g->best.len == 0)
        return STR("");
    put_nearest(&b, g);
    found = arena_str(c->arena, buf_str(&b));
    return found.ptr == NULL ? STR("") : found;
}

/* Is this name one of `of`: a value of the choice, a stage of the life, a fact of the thing? */
static bool
is_of(const struct compiler *c, const struct named *n, uint32_t of)
{
    if (of == NO_ID)
        return true;
    if (n->space == SP_FACT)
        return c->p->facts[n->ref].dotted && c->p->facts[n->ref].param[0].type == of;
    return n->ref == of;
}

/* Looking through all names for a near one takes time: a text of a hundred thousand mistakes is not
 * guessed at to its end. */
enum { GUESSES_MAX = 5000000 };

static struct str
near_name_of(struct compiler *c, enum space space, uint32_t of, struct str w)
{
    struct nearest g = nearest_to(w);

    if (c->quiet || c->guesses > GUESSES_MAX)
        return STR("");
    c->guesses += c->nnamed;
    for (uint32_t i = 1; i < c->nnamed; i++)
        if (c->named[i].space == space && is_of(c, &c->named[i], of))
            nearest_try(&g, c->named[i].name);
    return nearest_said(c, &g);
}

struct str
near_name(struct compiler *c, enum space space, struct str w)
{
    return near_name_of(c, space, NO_ID, w);
}

struct str
did_you_mean_of(struct compiler *c, enum space space, uint32_t of, struct str w)
{
    struct str near = near_name_of(c, space, of, w);

    return near.len > 0 ? near : STR(": declare it, or name one that is declared");
}

struct str
did_you_mean(struct compiler *c, enum space space, struct str w)
{
    return did_you_mean_of(c, space, NO_ID, w);
}

/* What was meant by a word that is no value of a choice, or which there are. */
struct str
value_meant(struct compiler *c, uint16_t type, struct str w)
{
    struct str near = near_value(c, type, w), all;
    const struct type *t = &c->p->types[type];
    char text[300];
    struct buf b = buf_of(text, sizeof text);

    if (near.len > 0 || t->base != TY_CHOICE || t->count == 0)
        return near;
    put_s(&b, ": it is one of ");
    put(&b, list_of(c, &c->p->values[t->values], t->count < 16 ? t->count : 16));
    all = arena_str(c->arena, buf_str(&b));
    return all.ptr == NULL ? STR("") : all;
}

struct str
near_value(struct compiler *c, uint16_t type, struct str w)
{
    struct nearest g = nearest_to(w);
    const struct type *t = &c->p->types[type];

    switch ((enum base_type)t->base) {
    case TY_CHOICE:
        for (uint32_t i = 0; i < t->count; i++)
            nearest_try(&g, c->p->values[t->values + i]);
        break;
    case TY_SIDE:
        for (uint32_t i = 0; i < c->p->nsides; i++)
            nearest_try(&g, c->p->sides[i].name);
        break;
    case TY_ROLE:
        for (uint32_t i = 0; i < c->p->nroles; i++)
            nearest_try(&g, c->p->roles[i].name);
        break;
    case TY_YES_NO:
        nearest_try(&g, STR("yes"));
        nearest_try(&g, STR("no"));
        break;
    default: break;
    }
    return nearest_said(c, &g);
}
