/* SPDX-License-Identifier: Apache-2.0 */
/* memo.c -- what was just worked out, so that it is not worked out again at the same cut.
 *
 * A table of fixed size in which a newer result takes the place of an older one. It holds nothing that
 * evaluation would not give anew: it is emptied whenever what evaluation reads has changed (which entries
 * exist, which instant is the verdict's own), and small evidence does without it. */
#include "check/world.h"

enum { MEMO_SLOTS = 4096, MEMO_FROM = 20000 };

struct memo {
    uint32_t epoch; /* 0: empty */
    struct memo_key key;
    struct memo_result result;
    struct missing why;
};

static uint64_t
mixed(uint64_t h, uint64_t x)
{
    return (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct memo *
slot_of(const struct world *w, const struct memo_key *k)
{
    uint64_t h = mixed(mixed(mixed(k->what, k->ref), (uint64_t)k->c.t), k->c.i);

    for (uint8_t i = 0; i < k->n; i++)
        h = mixed(h, (uint64_t)k->arg[i]);
    return &w->memo[(h >> 40) % MEMO_SLOTS];
}

static bool
same_key(const struct memo_key *a, const struct memo_key *b)
{
    return a->what == b->what && a->n == b->n && a->ref == b->ref && cut_cmp(a->c, b->c) == 0 &&
           (a->n == 0 || memcmp(a->arg, b->arg, a->n * sizeof *a->arg) == 0);
}

struct memo_key
check_memo_key(enum memo_type what, uint32_t ref, const int64_t *args, uint8_t n, struct cut c)
{
    struct memo_key k = {.what = (uint8_t)what, .n = n, .ref = ref, .c = c};

    for (uint8_t i = 0; i < n; i++)
        k.arg[i] = args[i];
    return k;
}

/* The table is made when the work has become much. */
static bool
has_memo(struct world *w)
{
    if (w->memo == NULL && w->work > MEMO_FROM && !w->no_memo) {
        w->memo = NEW(w->arena, MEMO_SLOTS, struct memo);
        w->no_memo = w->memo == NULL;
    }
    return w->memo != NULL;
}

/* Only what was not shown has a reason. */
static bool
is_open(const struct memo *m)
{
    switch ((enum memo_type)m->key.what) {
    case MEMO_STATE: return m->result.is == T_OPEN;
    case MEMO_STAGE: return !m->result.shown;
    case MEMO_FACT: return m->result.number.type == NUMBER_OPEN;
    }
    return false;
}

bool
check_remembered(struct world *w, const struct memo_key *k, struct memo_result *ret)
{
    const struct memo *m;

    if (!has_memo(w))
        return false;
    m = slot_of(w, k);
    if (m->epoch != w->epoch || !same_key(&m->key, k))
        return false;
    *ret = m->result;
    if (is_open(m))
        w->missing = m->why;
    return true;
}

void
check_remember(struct world *w, const struct memo_key *k, struct memo_result r)
{
    if (w->memo == NULL || w->too_large)
        return;
    *slot_of(w, k) = (struct memo){w->epoch, *k, r, w->missing};
}
