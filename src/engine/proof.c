/* SPDX-License-Identifier: Apache-2.0 */
/* proof.c -- evidence kept for later: what showed a verdict's beginning, until it is said.
 *
 * Nearly every open verdict has some, and it is read once, long after, when nothing of it is in a cache any
 * more; so it is kept close together: a chain of pieces of 64 bytes, each the next one's number and seven
 * words. The words are the number of entries and claims, the entries, then of each claim a head (type, how
 * many values, their parameters), what it is about, how many others, from, to, and as many values as it has. */
#include "engine/inner.h"

_Static_assert(ARITY_MAX <= 6 && sizeof(struct proof) == 64, "a claim's head is one word, a piece is a line");

struct writer {
    struct engine *e;
    uint32_t first, last, used;
};

static void
put_word(struct writer *w, uint64_t word)
{
    struct engine *e = w->e;

    if (w->last == 0 || w->used == PROOF_WORDS) {
        uint32_t at = e->proofs.free;

        if (at != 0) {
            e->proofs.free = e->proof[at].next;
            e->proofs.live++;
        } else if ((at = pool_take(e, &e->proofs, "proofs")) == 0) {
            return; /* full: what is said from here on is not to be trusted */
        }
        e->proof[at].next = 0;
        if (w->last == 0)
            w->first = at;
        else
            e->proof[w->last].next = at;
        w->last = at;
        w->used = 0;
    }
    e->proof[w->last].word[w->used++] = word;
}

static void
put_claim(struct writer *w, const struct claim *c)
{
    uint64_t head = c->type | (uint64_t)c->n << 8;

    for (uint8_t i = 0; i < c->n; i++)
        head |= (uint64_t)c->param[i] << (16 + 8 * i);
    put_word(w, head);
    put_word(w, c->ref | (uint64_t)c->moment << 32);
    put_word(w, c->others);
    put_word(w, (uint64_t)c->from);
    put_word(w, (uint64_t)c->to);
    for (uint8_t i = 0; i < c->n; i++)
        put_word(w, (uint64_t)c->value[i]);
}

uint32_t
proof_keep(struct engine *e, const struct support *s)
{
    struct writer w = {.e = e};

    if (s->nentries == 0 && s->nclaims == 0)
        return 0;
    put_word(&w, s->nentries | (uint64_t)s->nclaims << 32);
    for (uint32_t i = s->nentries; i > 0; i--)
        put_word(&w, s->entry[i - 1]);
    for (uint32_t i = s->nclaims; i > 0; i--)
        put_claim(&w, &s->claim[i - 1]);
    return w.first;
}

struct reader {
    const struct engine *e;
    uint32_t at, used;
};

static uint64_t
next_word(struct reader *r)
{
    if (r->used == PROOF_WORDS) {
        r->at = r->e->proof[r->at].next;
        r->used = 0;
    }
    return r->at == 0 ? 0 : r->e->proof[r->at].word[r->used++];
}

static struct claim
next_claim(struct reader *r)
{
    uint64_t head = next_word(r), about = next_word(r);
    struct claim c = {.type = (uint8_t)head, .n = (uint8_t)(head >> 8), .ref = (uint32_t)about, .moment = (uint32_t)(about >> 32)};

    c.others = (uint32_t)next_word(r);
    c.from = (int64_t)next_word(r);
    c.to = (int64_t)next_word(r);
    for (uint8_t i = 0; i < c.n && i < ARITY_MAX; i++) {
        c.param[i] = (uint8_t)(head >> (16 + 8 * i));
        c.value[i] = (int64_t)next_word(r);
    }
    return c;
}

void
proof_add(struct engine *e, uint32_t at, struct support *s)
{
    struct reader r = {e, at, 0};
    uint64_t counts;

    if (at == 0)
        return;
    counts = next_word(&r);
    for (uint32_t i = (uint32_t)counts; i > 0; i--)
        support_entry(s, next_word(&r));
    for (uint32_t i = (uint32_t)(counts >> 32); i > 0; i--) {
        struct claim c = next_claim(&r);

        support_claim(s, &c);
    }
}

void
proof_free(struct engine *e, uint32_t at)
{
    while (at != 0) {
        uint32_t next = e->proof[at].next;

        e->proof[at] = (struct proof){.next = e->proofs.free};
        e->proofs.free = at;
        e->proofs.live--;
        at = next;
    }
}
