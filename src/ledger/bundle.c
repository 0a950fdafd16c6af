/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/bundle.h"

enum { LENGTH = 2 }; /* bytes in front of an entry */

enum status
bundle_add(struct bundle_writer *w, struct str entry)
{
    if (entry.len == 0)
        return ST_INVALID;
    if (entry.len > ENTRY_MAX)
        return ST_LIMIT;
    if (w->count >= BUNDLE_ENTRIES || w->out.cap - w->out.len < LENGTH + entry.len)
        return ST_CONFLICT;
    put_c(&w->out, (char)(entry.len >> 8));
    put_c(&w->out, (char)(entry.len & 0xff));
    put(&w->out, entry);
    w->count++;
    return ST_OK;
}

bool
bundle_next(struct bundle_reader *r, struct str *ret)
{
    size_t left = r->in.len - r->pos, len;
    const char *at;

    if (r->count >= BUNDLE_ENTRIES || left < LENGTH)
        return false;
    at = r->in.ptr + r->pos;
    len = (size_t)(uint8_t)at[0] << 8 | (uint8_t)at[1];
    if (left - LENGTH < len)
        return false;
    *ret = (struct str){at + LENGTH, len};
    r->pos += LENGTH + len;
    r->count++;
    return true;
}

struct bundle_whole
bundle_recover(struct str bytes)
{
    struct bundle_reader r = {.in = bytes};
    struct bundle_whole whole = {0};
    struct str entry;

    while (bundle_next(&r, &entry) && entry.len != 0)
        whole = (struct bundle_whole){r.count, r.pos};
    return whole;
}

bool
bundle_complete(struct str bytes, unsigned count)
{
    struct bundle_reader r = {.in = bytes};
    struct str entry;

    while (bundle_next(&r, &entry))
        continue;
    return r.count == count && r.pos == bytes.len;
}
