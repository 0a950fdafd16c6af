/* SPDX-License-Identifier: Apache-2.0 */
/* event_in.h -- what the files of src/event share, and nobody else.
 *
 * read.c     a line: which keys may stand, which must, how long it may be
 * value.c    one value against its type
 * complain.c every sentence a refusal says
 * opened.c   theatre.opened, whose object is free but for a few keys
 * write.c    the canonical line
 * door.c     tokens and commitments
 * entry.c    numbers for the engine */
#ifndef EVENT_EVENT_IN_H
#define EVENT_EVENT_IN_H
#include "base/json.h"
#include "event/event.h"

enum {
    NAME_MAX_BYTES = SYMBOL_MAX, /* of a thing, a source, a finding */
    TEXT_MAX_BYTES = 4096,
    PLACES_MIN = 2, /* corners of a line or an area */
    PLACES_MAX = 256,
};
/* Greatest whole number: what a reader of JSON that works in doubles still holds exactly (RFC 8259, 6). */
#define WHOLE_MAX INT64_C(9007199254740991)
/* A zone lies at most a day from UTC. */
#define OFFSET_MAX INT64_C(86400000)

/* The keys of every event. */
enum header { H_KIND, H_AT, H_KNOWN, H_BY, H_ID, HEADERS };
extern const struct param header_param[HEADERS];

struct reader {
    const struct program *p;
    struct str line;
    struct buf *scratch;
    struct diag *d;
    struct json json;
    const struct kind *kind;
    uint32_t header; /* which of enum header have stood, as bits */
    uint8_t next;    /* the field that would follow in the vocabulary's order */
    struct str inside; /* theatre.opened: the key whose value is looked at */
    struct event e;
};

static inline enum base_type
base_of(const struct program *p, const struct param *q)
{
    return (enum base_type)p->types[q->type[0]].base;
}

/* Is its value kept as text: a name or words? */
static inline bool
is_text(enum base_type base)
{
    return base == TY_THING || base == TY_SOURCE || base == TY_FINDING || base == TY_TEXT;
}

static inline bool
is_composite(enum base_type base)
{
    return base == TY_POINT || base == TY_LINE || base == TY_AREA;
}

bool is_token(struct str s);      /* "~" and 16 characters of base32 */
bool is_commitment(struct str s); /* "seal:" and 1 to 64 hex digits */

/* value.c: reads the value whose first token is `t`, of the field or header key `q`. */
CHECKED enum status value_read(struct reader *r, const struct param *q, struct json_token t, struct field *ret);
/* The least and the greatest number of a field that is one. */
struct limits { int64_t min, max; };
struct limits value_limits(const struct reader *r, const struct param *q);
size_t text_max(const struct reader *r, const struct param *q);
bool is_control(struct str s, size_t at); /* does one begin here? */
/* What is wrong with a name or text, as the end of a sentence; NULL when nothing is. */
const char *text_fault(struct str s, size_t max);

/* complain.c: each puts a sentence into r->d and returns ST_INVALID but where it says otherwise. */
enum status wrong_type(struct reader *r, const struct param *q, struct json_token t);
enum status wrong_text(struct reader *r, const struct param *q, struct json_token t, struct str s, const char *fault);
enum status wrong_part(struct reader *r, const struct param *q, size_t pos, size_t len, const char *what,
                       const char *why); /* "must be W: `what``why`" */
enum status unknown_kind(struct reader *r, struct json_token t);
enum status unknown_field(struct reader *r, struct json_token key);
enum status twice(struct reader *r, struct json_token key);
enum status missing(struct reader *r, const struct param *q, size_t pos);
enum status simple(struct reader *r, struct json_token t, const char *sentence);
enum status too_long(struct reader *r); /* ST_LIMIT */
enum status no_room(struct reader *r);  /* ST_LIMIT */
enum status escaped_key(struct reader *r, struct json_token key);
uint32_t token_len(struct json_token t); /* bytes in the line, with its quotes */
/* The one of `words` most like `w`, or empty. Call guess() with each. */
struct guess { struct str word, best; unsigned distance; };
struct guess guess_of(struct str word);
void guess(struct guess *g, struct str candidate);
void put_guess(struct buf *b, const struct guess *g); /* ": did you mean 'x'?" or nothing */

/* The same for a key that is no field: theatre.opened's, with its wish in words. */
enum status wrong_value(struct reader *r, struct str key, const char *wish, struct json_token t);
enum status missing_value(struct reader *r, struct str key, const char *wish, size_t pos);
enum status wrong_inside(struct reader *r, struct json_token t, const char *rule, const char *fault);
enum status unknown_role(struct reader *r, struct json_token t);

/* opened.c */
CHECKED enum status opened_read(struct reader *r);
struct str opened_rest(struct str extra); /* what stands behind the header: `"agreement":...}` or "}" */
void opened_close(const struct program *p, const struct door_keys *keys, struct buf *scratch, struct event *e);

/* write.c: `{"kind":...` as far as `by` and `id`, without a comma behind. */
void put_header(const struct program *p, const struct event *e, struct buf *out);
/* A field's value as its type writes it, without quotes. */
void put_value(const struct program *p, const struct param *q, const struct field *f, struct buf *out);
#endif
