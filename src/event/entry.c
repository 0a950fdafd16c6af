/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for the engine: see struct entry. */
#include "event/event_in.h"

/* Texts are compared, if at all, for being the same one; a digest does that and takes no symbol. */
static int64_t
text_number(struct str s)
{
    struct hash h = sha256_of(s);
    uint64_t n = 0;

    for (unsigned i = 0; i < 8; i++)
        n = n << 8 | h.b[i];
    return (int64_t)(n >> 1);
}

/* False when the symbols are full. */
static bool
field_number(const struct program *p, const struct param *q, const struct field *f, struct symbols *s, int64_t *ret)
{
    enum base_type base = base_of(p, q);
    uint32_t number = 0;

    if (!f->set)
        *ret = UNSET;
    else if (q->sealed || is_composite(base))
        *ret = 0;
    else if (base == TY_TEXT)
        *ret = text_number(f->text);
    else if (is_text(base))
        *ret = number = symbol(s, f->text);
    else
        *ret = f->number;
    return number != UINT32_MAX;
}

enum status
event_entry(const struct program *p, const struct event *e, uint64_t place, struct symbols *s, struct entry *ret)
{
    const struct kind *k = &p->kinds[e->kind];
    struct entry n = {.kind = e->kind, .at = e->at, .known = e->known, .place = place, .by = symbol(s, e->by)};

    if (n.by == UINT32_MAX)
        return ST_LIMIT;
    for (unsigned i = 0; i < PARAMS_MAX; i++) {
        n.field[i] = UNSET;
        if (i < k->nparams && !field_number(p, &k->param[i], &e->field[i], s, &n.field[i]))
            return ST_LIMIT;
    }
    *ret = n;
    return ST_OK;
}
