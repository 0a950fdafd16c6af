/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/support.h"

void
support_reset(struct support *s)
{
    s->nentries = s->nclaims = 0;
    s->over = false;
}

void
support_copy(struct support *to, const struct support *from)
{
    memcpy(to->entry, from->entry, from->nentries * sizeof *to->entry);
    memcpy(to->claim, from->claim, from->nclaims * sizeof *to->claim);
    to->nentries = from->nentries;
    to->nclaims = from->nclaims;
    to->over = from->over;
}

void
support_cut(struct support *s, struct support_mark m)
{
    s->nentries = m.entries;
    s->nclaims = m.claims;
}

void
support_move(struct support *s, struct support_mark to, struct support_mark from)
{
    uint32_t entries = s->nentries - from.entries, claims = s->nclaims - from.claims;

    memmove(&s->entry[to.entries], &s->entry[from.entries], entries * sizeof s->entry[0]);
    memmove(&s->claim[to.claims], &s->claim[from.claims], claims * sizeof s->claim[0]);
    s->nentries = to.entries + entries;
    s->nclaims = to.claims + claims;
}

void
support_entry(struct support *s, uint64_t entry)
{
    if (s->nentries == SUPPORT_ENTRIES) {
        s->over = true;
        return;
    }
    s->entry[s->nentries++] = entry;
}

void
support_claim(struct support *s, const struct claim *c)
{
    if (c->from > c->to)
        return;
    if (s->nclaims == SUPPORT_CLAIMS) {
        s->over = true;
        return;
    }
    s->claim[s->nclaims++] = *c;
}

/* What a claim is about, without its stretch of time. */
static int
claim_order(const struct claim *a, const struct claim *b)
{
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->ref != b->ref)
        return a->ref < b->ref ? -1 : 1;
    if (a->moment != b->moment)
        return a->moment < b->moment ? -1 : 1;
    if (a->others != b->others)
        return a->others < b->others ? -1 : 1;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (uint8_t i = 0; i < a->n; i++) {
        if (a->param[i] != b->param[i])
            return a->param[i] < b->param[i] ? -1 : 1;
        if (a->value[i] != b->value[i])
            return a->value[i] < b->value[i] ? -1 : 1;
    }
    return 0;
}

static int
claim_compare(const struct claim *a, const struct claim *b)
{
    int c = claim_order(a, b);

    if (c != 0)
        return c;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

/* Insertion sort: lists are short, and mostly in order. */
static void
sort_claims(struct support *s)
{
    for (uint32_t i = 1; i < s->nclaims; i++) {
        struct claim moved = s->claim[i];
        uint32_t j = i;

        for (; j > 0 && claim_compare(&moved, &s->claim[j - 1]) < 0; j--)
            s->claim[j] = s->claim[j - 1];
        s->claim[j] = moved;
    }
}

static void
join_claims(struct support *s)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->nclaims; i++) {
        struct claim *last = n > 0 ? &s->claim[n - 1] : NULL;

        if (last != NULL && claim_order(last, &s->claim[i]) == 0 && s->claim[i].from <= last->to + 1) {
            if (s->claim[i].to > last->to)
                last->to = s->claim[i].to;
        } else {
            s->claim[n++] = s->claim[i];
        }
    }
    s->nclaims = n;
}

static void
sort_entries(struct support *s)
{
    uint32_t n = 0;

    for (uint32_t i = 1; i < s->nentries; i++) {
        uint64_t moved = s->entry[i];
        uint32_t j = i;

        for (; j > 0 && moved < s->entry[j - 1]; j--)
            s->entry[j] = s->entry[j - 1];
        s->entry[j] = moved;
    }
    for (uint32_t i = 0; i < s->nentries; i++)
        if (n == 0 || s->entry[n - 1] != s->entry[i])
            s->entry[n++] = s->entry[i];
    s->nentries = n;
}

void
support_settle(struct support *s)
{
    sort_entries(s);
    sort_claims(s);
    join_claims(s);
}
