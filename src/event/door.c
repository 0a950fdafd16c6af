/* SPDX-License-Identifier: Apache-2.0 */
/* The door of a theatre: private values become tokens and sealed ones commitments, before anything
 * is hashed or judged.
 *
 *   token       "~" base32(first 80 bits of HMAC-SHA-256(token key, value))
 *   commitment  "seal:" hex(HMAC-SHA-256(salt, value)),
 *               salt = first 16 bytes of HMAC-SHA-256(seal key, place "." field "." value)
 *
 * The value of a commitment is the text the canonical line would hold, without quotes and escapes.
 * The salt depends on the place, so equal values look different; whoever is shown value and salt can
 * check them, and the key stays in the theatre. */
#include "event/event_in.h"
#include "base/text.h"

/* SHA-256 of "entente drill token key 1" and of "entente drill seal key 1": no secret. */
const struct door_keys drill_keys = {
    .token = {0x07, 0x1c, 0x99, 0x89, 0xa2, 0x41, 0x64, 0x04, 0x34, 0xd0, 0xa3, 0x37, 0x67, 0x9b, 0x12, 0x32,
              0xdb, 0x94, 0x0b, 0xc2, 0xf8, 0xee, 0x9d, 0x8f, 0x10, 0x7d, 0xdf, 0x41, 0x43, 0x00, 0x76, 0x3a},
    .seal = {0xac, 0xa6, 0xc2, 0xf2, 0x93, 0x08, 0xe1, 0xb1, 0x48, 0x1f, 0x98, 0xa8, 0x45, 0x03, 0x35, 0x03,
             0x8e, 0xf2, 0xac, 0x22, 0x55, 0xe3, 0x72, 0x12, 0xf1, 0xad, 0x33, 0x78, 0x2b, 0xf8, 0x11, 0x85},
};

enum { TOKEN_CHARS = 16, SEAL_DIGITS_MAX = 64, SALT_LEN = 16 };

/* A digit or a small letter but for those that `without` has. */
static bool
is_digit_of(char c, char last, const char *without)
{
    if (c >= '0' && c <= '9')
        return true;
    if (c < 'a' || c > last)
        return false;
    for (; *without != '\0'; without++) {
        if (*without == c)
            return false;
    }
    return true;
}

bool
is_token(struct str s)
{
    if (s.len != 1 + TOKEN_CHARS || s.ptr[0] != '~')
        return false;
    for (size_t i = 1; i < s.len; i++) {
        if (!is_digit_of(s.ptr[i], 'z', "ilou"))
            return false;
    }
    return true;
}

bool
is_commitment(struct str s)
{
    size_t start = sizeof "seal:" - 1;

    if (!str_starts(s, STR("seal:")) || s.len == start || s.len > start + SEAL_DIGITS_MAX)
        return false;
    for (size_t i = start; i < s.len; i++) {
        if (!is_digit_of(s.ptr[i], 'f', ""))
            return false;
    }
    return true;
}

static struct str
key_of(const uint8_t *bytes, size_t len)
{
    return (struct str){(const char *)bytes, len};
}

static struct str
put_since(const struct buf *b, size_t start)
{
    return (struct str){b->ptr + start, b->len - start};
}

struct str
event_token(const struct door_keys *keys, struct str value, struct buf *scratch)
{
    size_t start = scratch->len;
    struct hash h;

    if (is_token(value))
        return value;
    h = hmac_sha256(key_of(keys->token, sizeof keys->token), value);
    put_c(scratch, '~');
    put_base32(scratch, h.b, TOKEN_CHARS);
    return put_since(scratch, start);
}

struct str
event_commitment(const struct door_keys *keys, uint64_t place, struct str field, struct str value,
                 struct buf *scratch)
{
    size_t start = scratch->len;
    struct hash salt, h;

    if (is_commitment(value))
        return value;
    put_u(scratch, place); /* the message of the salt stands here only until it is hashed */
    put_c(scratch, '.');
    put(scratch, field);
    put_c(scratch, '.');
    put(scratch, value);
    salt = hmac_sha256(key_of(keys->seal, sizeof keys->seal), put_since(scratch, start));
    scratch->len = start;
    h = hmac_sha256(key_of(salt.b, SALT_LEN), value);
    put_s(scratch, "seal:");
    put_hex(scratch, h.b, sizeof h.b);
    return put_since(scratch, start);
}

/* May the field hold a private thing, or a source where sources are private? */
static bool
is_private(const struct program *p, const struct param *q)
{
    for (uint8_t i = 0; i < q->ntypes; i++) {
        const struct type *t = &p->types[q->type[i]];

        if (t->private_ || (t->base == TY_SOURCE && p->source_private))
            return true;
    }
    return false;
}

static void
seal_field(const struct program *p, const struct door_keys *keys, uint64_t place, struct buf *scratch,
           const struct param *q, struct field *f)
{
    size_t start = scratch->len;
    struct str value = f->text;

    if (value.len == 0) {
        put_value(p, q, f, scratch);
        value = put_since(scratch, start);
    }
    *f = (struct field){.set = true, .text = event_commitment(keys, place, q->name, value, scratch)};
}

void
event_close(const struct program *p, const struct door_keys *keys, uint64_t place, struct buf *scratch,
            struct event *e)
{
    const struct kind *k = &p->kinds[e->kind];

    if (e->kind == KIND_OPENED)
        opened_close(p, keys, scratch, e);
    if (!k->builtin && p->source_private && !str_eq(e->by, STR("shell")))
        e->by = event_token(keys, e->by, scratch);
    for (uint8_t i = 0; i < k->nparams; i++) {
        struct field *f = &e->field[i];

        if (!f->set)
            continue;
        if (k->param[i].sealed)
            seal_field(p, keys, place, scratch, &k->param[i], f);
        else if (is_text(base_of(p, &k->param[i])) && is_private(p, &k->param[i]))
            f->text = event_token(keys, f->text, scratch);
    }
}
