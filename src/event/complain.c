/* SPDX-License-Identifier: Apache-2.0 */
/* What a refusal says: the field, what must stand there, what stands there, and the name that was
 * probably meant. One sentence each; values are cut at SHOWN_MAX bytes, lists at LIST_MAX. */
#include "event/event_in.h"
#include "base/text.h"

enum { SHOWN_MAX = 40, LIST_MAX = 160 };

uint32_t
token_len(struct json_token t)
{
    bool quoted = t.type == JSON_STRING || t.type == JSON_KEY;

    return (uint32_t)t.raw.len + (quoted ? 2 : 0);
}

static struct buf
say(struct reader *r, struct json_token t)
{
    return diag_put(r->d, (uint32_t)t.pos, token_len(t));
}

/* Did you mean */

struct guess
guess_of(struct str word)
{
    return (struct guess){word, STR(""), word.len < 4 ? 2 : 3};
}

void
guess(struct guess *g, struct str candidate)
{
    size_t a = g->word.len, b = candidate.len;
    unsigned distance;

    if (a == 0 || (a < b ? b - a : a - b) >= g->distance)
        return;
    distance = word_distance(g->word, candidate, g->distance - 1);
    if (distance < g->distance) {
        g->distance = distance;
        g->best = candidate;
    }
}

void
put_guess(struct buf *b, const struct guess *g)
{
    if (g->best.len == 0)
        return;
    put_s(b, ": did you mean '");
    put(b, g->best);
    put_s(b, "'?");
}

/* The parts of a sentence */

/* Between single quotes, cut where a character begins; a control character is shown as "?". */
static void
put_shown(struct buf *b, struct str s)
{
    size_t n = s.len <= SHOWN_MAX ? s.len : SHOWN_MAX;

    while (n < s.len && n > 0 && ((unsigned char)s.ptr[n] & 0xc0) == 0x80)
        n--;
    put_c(b, '\'');
    for (size_t i = 0; i < n; i++) {
        if (!is_control(s, i)) {
            put_c(b, s.ptr[i]);
            continue;
        }
        put_c(b, '?');
        i += s.ptr[i] != 0x7f; /* all others that may stand in JSON have two bytes */
    }
    put_s(b, n < s.len ? "...'" : "'");
}

static void
put_found(struct buf *b, struct json_token t)
{
    if (t.type == JSON_OBJECT || t.type == JSON_ARRAY) {
        put_s(b, t.type == JSON_OBJECT ? "an object" : "a list");
        return;
    }
    if (t.type == JSON_STRING) {
        put_shown(b, t.raw);
        return;
    }
    put(b, str_cut(t.raw, 0, SHOWN_MAX));
    if (t.raw.len > SHOWN_MAX)
        put_s(b, "...");
}

/* How many names a choice, side, role or yes-no has. */
static uint32_t
name_count(const struct program *p, const struct param *q)
{
    switch (base_of(p, q)) {
    case TY_CHOICE: return p->types[q->type[0]].count;
    case TY_SIDE: return p->nsides;
    case TY_ROLE: return p->nroles;
    case TY_YES_NO: return 2;
    default: return 0;
    }
}

static void
put_names(struct buf *b, const struct program *p, const struct param *q)
{
    size_t start = b->len;

    for (uint32_t i = 0; i < name_count(p, q); i++) {
        put_s(b, i > 0 ? ", " : "");
        if (b->len - start > LIST_MAX) {
            put_s(b, "...");
            return;
        }
        put(b, program_value_name(p, q->type[0], i));
    }
}

static void
put_whole(struct buf *b, const struct reader *r, const struct param *q)
{
    struct limits may = value_limits(r, q);

    put_s(b, "a whole number ");
    if (base_of(r->p, q) == TY_DURATION)
        put_s(b, "of milliseconds ");
    if (base_of(r->p, q) == TY_METRES)
        put_s(b, "of metres ");
    put_s(b, "from ");
    put_i(b, may.min);
    put_s(b, " to ");
    put_i(b, may.max);
}

/* What may stand in the field. */
static void
put_wish(struct buf *b, const struct reader *r, const struct param *q)
{
    switch (base_of(r->p, q)) {
    case TY_TIME: put_s(b, "a time like 2024-10-06T17:20:00.000Z"); break;
    case TY_DURATION:
    case TY_COUNT:
    case TY_METRES: put_whole(b, r, q); break;
    case TY_YES_NO: put_s(b, "yes or no"); break;
    case TY_CHOICE:
    case TY_SIDE:
    case TY_ROLE:
        put_s(b, name_count(r->p, q) == 0 ? "a name, but the agreement gives none" : "one of ");
        put_names(b, r->p, q);
        break;
    case TY_POINT: put_s(b, "a place like [67.1552,24.9012]"); break;
    case TY_LINE:
    case TY_AREA: put_s(b, "a list of 2 to 256 places like [[67.1552,24.9012],[67.1581,24.9034]]"); break;
    case TY_THING:
    case TY_SOURCE:
    case TY_FINDING:
    case TY_TEXT:
    case TY_CLOCK:
    case TY_UNKNOWN:
        put_s(b, base_of(r->p, q) == TY_TEXT ? "a text of 1 to " : "a name of 1 to ");
        put_u(b, text_max(r, q));
        put_s(b, " bytes in quotes");
        break;
    }
    if (q->sealed)
        put_s(b, ", or \"seal:\" and up to 64 hex digits");
}

static void
put_field(struct buf *b, const struct reader *r, struct str name)
{
    put_s(b, "the field '");
    put(b, name);
    put_s(b, "' of ");
    put(b, r->kind->name);
}

static void
put_must(struct buf *b, const struct reader *r, const struct param *q)
{
    put_field(b, r, q->name);
    put_s(b, " must be ");
    put_wish(b, r, q);
}

/* Sentences */

enum status
simple(struct reader *r, struct json_token t, const char *sentence)
{
    struct buf b = say(r, t);

    put_s(&b, sentence);
    return ST_INVALID;
}

enum status
wrong_type(struct reader *r, const struct param *q, struct json_token t)
{
    struct buf b = say(r, t);
    struct guess g = guess_of(t.type == JSON_STRING ? t.raw : STR(""));

    put_must(&b, r, q);
    put_s(&b, "; it is ");
    put_found(&b, t);
    for (uint32_t i = 0; g.word.len > 0 && i < name_count(r->p, q); i++)
        guess(&g, program_value_name(r->p, q->type[0], i));
    put_guess(&b, &g);
    return ST_INVALID;
}

enum status
wrong_text(struct reader *r, const struct param *q, struct json_token t, struct str s, const char *fault)
{
    struct buf b = say(r, t);

    put_must(&b, r, q);
    put_s(&b, "; ");
    put_s(&b, fault);
    if (s.len > text_max(r, q)) {
        put_s(&b, ", it has ");
        put_u(&b, s.len);
    }
    return ST_INVALID;
}

enum status
wrong_part(struct reader *r, const struct param *q, size_t pos, size_t len, const char *what, const char *why)
{
    struct buf b = diag_put(r->d, (uint32_t)pos, (uint32_t)len);

    put_must(&b, r, q);
    put_s(&b, "; ");
    put_s(&b, what);
    put_s(&b, why);
    return ST_INVALID;
}

enum status
unknown_kind(struct reader *r, struct json_token t)
{
    struct buf b = say(r, t);
    struct guess g = guess_of(t.raw);

    put_s(&b, "no event is called ");
    put_shown(&b, t.raw);
    for (uint32_t i = 0; i < r->p->nkinds; i++)
        guess(&g, r->p->kinds[i].name);
    put_guess(&b, &g);
    if (g.best.len == 0)
        put_s(&b, "; use one of the agreement's kinds");
    return ST_INVALID;
}

static void
put_field_names(struct buf *b, const struct kind *k)
{
    size_t start = b->len;

    for (uint8_t i = 0; i < k->nparams; i++) {
        put_s(b, i == 0 ? "; its fields are " : ", ");
        if (b->len - start > LIST_MAX) {
            put_s(b, "...");
            return;
        }
        put(b, k->param[i].name);
    }
    if (k->nparams == 0)
        put_s(b, "; leave it out");
}

enum status
unknown_field(struct reader *r, struct json_token key)
{
    struct buf b = say(r, key);
    struct guess g = guess_of(key.raw);

    put(&b, r->kind->name);
    put_s(&b, " has no field ");
    put_shown(&b, key.raw);
    for (unsigned i = H_AT; i < HEADERS; i++)
        if (!str_eq(header_param[i].name, key.raw))
            guess(&g, header_param[i].name);
    for (uint8_t i = 0; i < r->kind->nparams; i++)
        guess(&g, r->kind->param[i].name);
    put_guess(&b, &g);
    if (g.best.len == 0)
        put_field_names(&b, r->kind);
    return ST_INVALID;
}

enum status
twice(struct reader *r, struct json_token key)
{
    struct buf b = say(r, key);

    put_field(&b, r, key.raw);
    put_s(&b, " stands twice; keep one");
    return ST_INVALID;
}

enum status
missing(struct reader *r, const struct param *q, size_t pos)
{
    struct buf b = diag_put(r->d, (uint32_t)pos, 1);

    put(&b, r->kind->name);
    put_s(&b, " needs the field '");
    put(&b, q->name);
    put_s(&b, "': ");
    put_wish(&b, r, q);
    return ST_INVALID;
}

enum status
wrong_value(struct reader *r, struct str key, const char *wish, struct json_token t)
{
    struct buf b = say(r, t);

    put_field(&b, r, key);
    put_s(&b, " must be ");
    put_s(&b, wish);
    put_s(&b, "; it is ");
    put_found(&b, t);
    return ST_INVALID;
}

enum status
missing_value(struct reader *r, struct str key, const char *wish, size_t pos)
{
    struct buf b = diag_put(r->d, (uint32_t)pos, 1);

    put(&b, r->kind->name);
    put_s(&b, " needs the field '");
    put(&b, key);
    put_s(&b, "': ");
    put_s(&b, wish);
    return ST_INVALID;
}

enum status
wrong_inside(struct reader *r, struct json_token t, const char *rule, const char *fault)
{
    struct buf b = say(r, t);

    put_s(&b, "in ");
    if (r->inside.len > 0)
        put_field(&b, r, r->inside);
    else
        put(&b, r->kind->name);
    put_s(&b, ", ");
    put_s(&b, rule);
    put_s(&b, fault);
    return ST_INVALID;
}

enum status
unknown_role(struct reader *r, struct json_token t)
{
    struct buf b = say(r, t);
    struct guess g = guess_of(t.raw);

    put_s(&b, "no role is called ");
    put_shown(&b, t.raw);
    for (uint32_t i = 0; i < r->p->nroles; i++)
        guess(&g, r->p->roles[i].name);
    put_guess(&b, &g);
    if (g.best.len == 0)
        put_s(&b, "; use one of the agreement's roles");
    return ST_INVALID;
}

enum status
escaped_key(struct reader *r, struct json_token key)
{
    struct buf b = say(r, key);

    put_s(&b, "the keys of ");
    put(&b, r->kind->name);
    put_s(&b, " are written without a backslash");
    return ST_INVALID;
}

enum status
too_long(struct reader *r)
{
    struct buf b = diag_put(r->d, 0, 0);

    put_s(&b, "a line has at most ");
    put_u(&b, EVENT_LINE_MAX);
    put_s(&b, " bytes in the form the log keeps; this one has more, so say it in several events");
    return ST_LIMIT;
}

enum status
no_room(struct reader *r)
{
    diag_set(r->d, 0, 0, "the line needs more memory than its reader was given");
    return ST_LIMIT;
}
