/* SPDX-License-Identifier: Apache-2.0 */
/* Entries are an array in the order of the message; a table of buckets with linear
 * probing finds one by its path. Half of the buckets stay empty, so a look-up ends. */
#include "codec/record.h"
#include "base/put.h"

static void
limit(struct diag *d, const char *what, uint64_t max)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, "the message holds more than ");
    put_u(&b, max);
    put_s(&b, what);
}

enum status
record_init(struct record *r, struct arena *a, struct diag *d)
{
    struct record fresh = {.arena = a};

    fresh.entries = NEW(a, RECORD_ENTRIES, struct item);
    fresh.buckets = NEW(a, RECORD_BUCKETS, uint16_t);
    if (fresh.entries == NULL || fresh.buckets == NULL) {
        diag_set(d, 0, 0, "the memory given does not hold a record; give at least CODEC_ARENA bytes");
        return ST_LIMIT;
    }
    fresh.mark = a->used;
    *r = fresh;
    return ST_OK;
}

void
record_reset(struct record *r)
{
    arena_back(r->arena, r->mark);
    memset(r->buckets, 0, RECORD_BUCKETS * sizeof *r->buckets);
    r->n = 0;
    r->bytes = 0;
}

/* The bucket that holds `path`, or the empty one where it would go. */
static uint16_t *
bucket(const struct record *r, struct str path)
{
    uint32_t h = 2166136261U; /* FNV-1a, 32 bits */

    for (size_t i = 0; i < path.len; i++)
        h = (h ^ (unsigned char)path.ptr[i]) * 16777619U;
    for (h %= RECORD_BUCKETS;; h = (h + 1) % RECORD_BUCKETS) {
        uint16_t *at = &r->buckets[h];

        if (*at == 0 || str_eq(r->entries[*at - 1].path, path))
            return at;
    }
}

struct item *
record_find(const struct record *r, struct str path)
{
    uint16_t at = *bucket(r, path);

    return at == 0 ? NULL : &r->entries[at - 1];
}

struct str
record_keep(struct record *r, struct str text, struct diag *d)
{
    struct str copy = {NULL, 0};

    if (text.len <= RECORD_BYTES - r->bytes)
        copy = arena_str(r->arena, text);
    if (copy.ptr == NULL)
        limit(d, " bytes of names and values", RECORD_BYTES);
    else
        r->bytes += text.len;
    return copy;
}

enum status
record_add(struct record *r, struct str path, enum record_type type, struct str text, struct diag *d)
{
    struct item e = {.type = type};
    uint16_t *at;

    if (r->n == RECORD_ENTRIES) {
        limit(d, " values", RECORD_ENTRIES);
        return ST_LIMIT;
    }
    if (text.len > RECORD_TEXT) {
        e.type = RECORD_LONG;
        text.len = 0;
    }
    e.path = record_keep(r, path, d);
    if (e.path.ptr == NULL)
        return ST_LIMIT;
    e.text = record_keep(r, text, d);
    if (e.text.ptr == NULL)
        return ST_LIMIT;
    at = bucket(r, path);
    ENSURE(*at == 0); /* both readers give each path once */
    r->entries[r->n++] = e;
    *at = (uint16_t)r->n;
    return ST_OK;
}

static bool
path_put(struct path *p, char c)
{
    if (p->len == RECORD_PATH)
        return false;
    p->text[p->len++] = c;
    return true;
}

bool
path_push(struct path *p, struct str name)
{
    bool fits = p->depth < RECORD_DEPTH && (p->depth == 0 || path_put(p, '.'));

    p->depth++;
    for (size_t i = 0; fits && i < name.len; i++) {
        if (name.ptr[i] == '.' || name.ptr[i] == '\\')
            fits = path_put(p, '\\');
        fits = fits && path_put(p, name.ptr[i]);
    }
    return fits;
}

bool
path_push_number(struct path *p, size_t n)
{
    char digits[24];
    struct buf b = buf_of(digits, sizeof digits);

    put_u(&b, n);
    return path_push(p, buf_str(&b));
}

void
path_diag(struct diag *d)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, "the message is nested deeper than ");
    put_u(&b, RECORD_DEPTH);
    put_s(&b, " names, or the names on the way to a value are longer than ");
    put_u(&b, RECORD_PATH);
    put_s(&b, " bytes together");
}
