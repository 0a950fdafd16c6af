/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/note.h"

#include "base/json.h"
#include "base/text.h"
#include "ledger/base64.h"

enum { KEY_ID = 4 }; /* bytes */

/* Texts */

static enum status
bad(struct diag *d, enum status st, size_t pos, size_t len, const char *sentence)
{
    diag_set(d, (uint32_t)pos, (uint32_t)len, sentence);
    return st;
}

/* UTF-8 of bounded length, without control bytes but line ends. */
static enum status
text_read(struct str s, struct diag *d)
{
    if (s.len > NOTE_MAX)
        return bad(d, ST_LIMIT, NOTE_MAX, 0, "a note has at most 1048576 bytes");
    for (size_t i = 0; i < s.len; i++) {
        if ((uint8_t)s.ptr[i] < 0x20 && s.ptr[i] != '\n')
            return bad(d, ST_MALFORMED, i, 1,
                       "a note has no control bytes but line ends; take this one out");
    }
    if (!utf8_valid(s))
        return bad(d, ST_MALFORMED, 0, 0, "a note is UTF-8, and this is not");
    return ST_OK;
}

/* Where in `s` the first `c` stands from `at` on; s.len when none does. */
static size_t
find(struct str s, size_t at, char c)
{
    const char *found = at < s.len ? memchr(s.ptr + at, c, s.len - at) : NULL;

    return found == NULL ? s.len : (size_t)(found - s.ptr);
}

/* What Unicode calls White_Space above ASCII, as UTF-8. */
static bool
is_blank(struct str s)
{
    static const struct str blanks[] = {
        STR_LIT("\xc2\x85"),     STR_LIT("\xc2\xa0"),     STR_LIT("\xe1\x9a\x80"),
        STR_LIT("\xe2\x80\xa8"), STR_LIT("\xe2\x80\xa9"), STR_LIT("\xe2\x80\xaf"),
        STR_LIT("\xe2\x81\x9f"), STR_LIT("\xe3\x80\x80"),
    };

    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (str_starts(s, blanks[i]))
            return true;
    }
    return s.len >= 3 && str_starts(s, STR("\xe2\x80")) && (uint8_t)s.ptr[2] >= 0x80 &&
           (uint8_t)s.ptr[2] <= 0x8a; /* U+2000 to U+200A */
}

bool
note_name_valid(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if ((uint8_t)name.ptr[i] <= ' ' || name.ptr[i] == '+' ||
            is_blank(str_cut(name, i, 3)))
            return false;
    }
    return name.len != 0 && utf8_valid(name);
}

/* Notes */

/* The key id and how many bytes the signature behind it has. */
static bool
id_read(struct str base64, uint32_t *ret_id, size_t *ret_len)
{
    uint8_t id[6]; /* what the first eight digits hold */
    size_t all, len;

    if (!base64_read(base64, NULL, SIZE_MAX, &all) || all <= KEY_ID ||
        !base64_read(str_cut(base64, 0, 8), id, sizeof id, &len))
        return false;
    *ret_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    *ret_len = all - KEY_ID;
    return true;
}

/* line = em dash, space, name, space, base64 */
static enum status
line_read(struct str bytes, size_t at, size_t end, struct note_signature *ret,
          struct diag *d)
{
    static const struct str dash = STR_LIT("\xe2\x80\x94 ");
    struct str line = str_cut(bytes, at, end - at);
    size_t space, len;

    if (!str_starts(line, dash))
        return bad(d, ST_MALFORMED, at, end - at,
                   "a signature line begins with an em dash and a space");
    space = find(line, dash.len, ' ');
    if (space == line.len)
        return bad(d, ST_MALFORMED, at, end - at,
                   "a signature line has a name, a space and base64");
    ret->name = str_cut(line, dash.len, space - dash.len);
    ret->base64 = str_cut(line, space + 1, line.len);
    if (!note_name_valid(ret->name))
        return bad(d, ST_MALFORMED, at + dash.len, ret->name.len,
                   "a key's name is not empty and has no blank and no plus");
    if (!id_read(ret->base64, &ret->key_id, &len))
        return bad(d, ST_MALFORMED, at + space + 1, ret->base64.len,
                   "behind the name stands base64 of a key id and a signature");
    return ST_OK;
}

enum status
note_read(struct str bytes, struct note *ret, struct diag *d)
{
    size_t text = bytes.len; /* bytes of it; the empty line is behind it */
    struct note n = {0};
    enum status st = text_read(bytes, d);

    if (st != ST_OK)
        return st;
    while (text >= 2 && !(bytes.ptr[text - 2] == '\n' && bytes.ptr[text - 1] == '\n'))
        text--;
    if (text < 2)
        return bad(d, ST_MALFORMED, 0, 0,
                   "a note has an empty line between its text and its signatures");
    n.text = str_cut(bytes, 0, text - 1);
    if (text == bytes.len)
        return bad(d, ST_MALFORMED, text, 0, "a note has a signature at least");
    for (size_t at = text; at < bytes.len;) {
        size_t end = find(bytes, at, '\n');

        if (end == bytes.len)
            return bad(d, ST_MALFORMED, at, end - at, "the last line has no end");
        if (n.count == NOTE_SIGNATURES)
            return bad(d, ST_LIMIT, at, end - at, "a note has at most 64 signatures");
        st = line_read(bytes, at, end, &n.signatures[n.count++], d);
        if (st != ST_OK)
            return st;
        at = end + 1;
    }
    *ret = n;
    return ST_OK;
}

/* Keys */

uint32_t
note_key_id(struct str name, uint8_t type, const void *key, size_t len)
{
    struct sha256 s;
    struct hash h;

    sha256_init(&s);
    sha256_add(&s, name.ptr, name.len);
    sha256_add(&s, "\n", 1);
    sha256_add(&s, &type, 1);
    sha256_add(&s, key, len);
    h = sha256_end(&s);
    return (uint32_t)h.b[0] << 24 | (uint32_t)h.b[1] << 16 | (uint32_t)h.b[2] << 8 | h.b[3];
}

struct note_key
note_key_of(struct str name, const uint8_t bytes[ED25519_KEY])
{
    struct note_key key = {.name = name};

    ENSURE(note_name_valid(name));
    memcpy(key.bytes, bytes, ED25519_KEY);
    key.id = note_key_id(name, NOTE_ED25519, bytes, ED25519_KEY);
    return key;
}

static void
id_bytes(uint32_t id, uint8_t ret[KEY_ID])
{
    for (unsigned i = 0; i < KEY_ID; i++)
        ret[i] = (uint8_t)(id >> (24 - 8 * i));
}

/* key = name "+" eight hex digits "+" base64 of the type and the key */
enum status
note_key_read(struct str text, struct note_key *ret, struct diag *d)
{
    size_t plus = find(text, 0, '+'), second = find(text, plus + 1, '+'), len;
    struct str name = str_cut(text, 0, plus);
    uint8_t id[KEY_ID], own[KEY_ID], bytes[1 + ED25519_KEY];
    struct str base64 = str_cut(text, second + 1, text.len);
    struct note_key key;

    if (second == text.len || !note_name_valid(name) ||
        !hex_read(str_cut(text, plus + 1, second - plus - 1), id, KEY_ID))
        return bad(d, ST_MALFORMED, 0, 0, "a key is name+id+base64, the id 8 hex digits");
    if (!base64_read(base64, bytes, sizeof bytes, &len) || len != sizeof bytes)
        return bad(d, ST_MALFORMED, second + 1, base64.len,
                   "an Ed25519 key is a byte 01 and 32 more, in base64");
    if (bytes[0] != NOTE_ED25519)
        return bad(d, ST_INVALID, second + 1, base64.len,
                   "only Ed25519 keys (type 01) are known here");
    key = note_key_of(name, bytes + 1);
    id_bytes(key.id, own);
    if (memcmp(id, own, KEY_ID) != 0)
        return bad(d, ST_INVALID, plus + 1, second - plus - 1,
                   "the id is not that of this name and key; copy the whole key again");
    *ret = key;
    return ST_OK;
}

void
put_note_key(struct buf *b, const struct note_key *key)
{
    uint8_t id[KEY_ID], bytes[1 + ED25519_KEY] = {NOTE_ED25519};

    id_bytes(key->id, id);
    memcpy(bytes + 1, key->bytes, ED25519_KEY);
    put(b, key->name);
    put_c(b, '+');
    put_hex(b, id, KEY_ID);
    put_c(b, '+');
    put_base64(b, bytes, sizeof bytes);
}

/* Verifying */

static bool
same_key(struct str name, uint32_t id, const struct note_key *key)
{
    return id == key->id && str_eq(name, key->name);
}

static bool
signature_holds(const struct note *n, const struct note_signature *s,
                const struct note_key *key, ed25519_holds_fn *holds)
{
    uint8_t bytes[KEY_ID + ED25519_SIGNATURE];
    size_t len;

    return base64_read(s->base64, bytes, sizeof bytes, &len) && len == sizeof bytes &&
           holds(key->bytes, n->text, bytes + KEY_ID);
}

enum status
note_verify(const struct note *n, const struct note_key *keys, unsigned count,
            ed25519_holds_fn *holds, uint32_t *ret_signed, struct diag *d)
{
    uint32_t who = 0;

    if (count > NOTE_KEYS)
        return bad(d, ST_LIMIT, 0, 0, "at most 32 keys are held to a note");
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < i; k++) {
            if (same_key(keys[k].name, keys[k].id, &keys[i]))
                return bad(d, ST_CONFLICT, 0, 0, "two of the keys have one name and id");
        }
    }
    for (unsigned i = 0; i < n->count; i++) {
        const struct note_signature *s = &n->signatures[i];

        for (unsigned k = 0; k < count; k++) {
            if (!same_key(s->name, s->key_id, &keys[k]))
                continue;
            if (!signature_holds(n, s, &keys[k], holds))
                return bad(d, ST_INVALID, (size_t)(s->name.ptr - n->text.ptr), s->name.len,
                           "this signature does not hold");
            who |= UINT32_C(1) << k;
        }
    }
    if (who == 0)
        return bad(d, ST_INVALID, 0, 0, "none of the keys that are known signed this");
    *ret_signed = who;
    return ST_OK;
}

/* Writing */

enum status
put_note(struct buf *b, struct str text)
{
    if (text.len == 0 || text.ptr[text.len - 1] != '\n' || text_read(text, NULL) != ST_OK)
        return ST_MALFORMED;
    put(b, text);
    put_c(b, '\n');
    return ST_OK;
}

void
put_note_signature(struct buf *b, const struct note_key *key,
                   const uint8_t signature[ED25519_SIGNATURE])
{
    uint8_t bytes[KEY_ID + ED25519_SIGNATURE];

    id_bytes(key->id, bytes);
    memcpy(bytes + KEY_ID, signature, ED25519_SIGNATURE);
    put_s(b, "\xe2\x80\x94 ");
    put(b, key->name);
    put_c(b, ' ');
    put_base64(b, bytes, sizeof bytes);
    put_c(b, '\n');
}

/* Checkpoints */

/* Digits without zeros in front. */
static enum status
size_read(struct str s, uint64_t *ret)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || (i == 1 && n == 0))
            return ST_MALFORMED;
        if (n > (UINT64_MAX - (uint64_t)(s.ptr[i] - '0')) / 10)
            return ST_LIMIT;
        n = n * 10 + (uint64_t)(s.ptr[i] - '0');
    }
    *ret = n;
    return s.len == 0 ? ST_MALFORMED : ST_OK;
}

/* Lines that are not empty, the last one ended; or nothing. */
static bool
are_lines(struct str s)
{
    size_t at = 0;

    while (at < s.len) {
        size_t end = find(s, at, '\n');

        if (end == at || end == s.len)
            return false;
        at = end + 1;
    }
    return true;
}

enum status
checkpoint_read(struct str text, struct checkpoint *ret, struct diag *d)
{
    struct checkpoint c;
    struct str line[3]; /* origin, size, root */
    size_t at = 0, len;
    enum status st = text_read(text, d);

    if (st != ST_OK)
        return st;
    if (!are_lines(text))
        return bad(d, ST_MALFORMED, 0, 0, "a checkpoint has no empty line, and ends its last");
    for (unsigned i = 0; i < 3; i++) {
        if (at == text.len)
            return bad(d, ST_MALFORMED, at, 0,
                       "a checkpoint has an origin, a size and a root, a line each");
        line[i] = str_cut(text, at, find(text, at, '\n') - at);
        at += line[i].len + 1;
    }
    c.origin = line[0];
    c.extension = str_cut(text, at, text.len);
    if ((st = size_read(line[1], &c.size)) != ST_OK)
        return bad(d, st, line[0].len + 1, line[1].len,
                   st == ST_LIMIT ? "a tree has less than 2^64 entries"
                                  : "the size is a number without zeros in front");
    if (!base64_read(line[2], c.root.b, sizeof c.root.b, &len) || len != sizeof c.root.b)
        return bad(d, ST_MALFORMED, line[0].len + line[1].len + 2, line[2].len,
                   "the root is 32 bytes in base64");
    *ret = c;
    return ST_OK;
}

enum status
put_checkpoint(struct buf *b, const struct checkpoint *c)
{
    if (c->origin.len == 0 || find(c->origin, 0, '\n') != c->origin.len ||
        text_read(c->origin, NULL) != ST_OK || text_read(c->extension, NULL) != ST_OK ||
        !are_lines(c->extension))
        return ST_MALFORMED;
    put(b, c->origin);
    put_c(b, '\n');
    put_u(b, c->size);
    put_c(b, '\n');
    put_base64(b, c->root.b, sizeof c->root.b);
    put_c(b, '\n');
    put(b, c->extension);
    return ST_OK;
}
