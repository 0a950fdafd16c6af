/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/bundle.h"

#include <inttypes.h>
#include "rng.h"
#include "tap.h"

static char bytes[BUNDLE_MAX], other[ENTRY_MAX + 2], saved[256 * 800];

static struct bundle_writer
writer(size_t room)
{
    return (struct bundle_writer){.out = buf_of(bytes, room)};
}

static void
test_known(void)
{
    static const struct str want = STR_LIT("\x00\x05hello\x00\x02ok\x01\x04");
    struct bundle_writer w = writer(1000);
    struct bundle_reader r;
    struct str entry;
    char long_one[260];

    memset(long_one, 'x', sizeof long_one);
    OK(bundle_add(&w, STR("hello")) == ST_OK && bundle_add(&w, STR("ok")) == ST_OK &&
           bundle_add(&w, (struct str){long_one, 260}) == ST_OK && w.count == 3,
       "three entries");
    OK(w.out.len == 7 + 4 + 262 && str_starts(buf_str(&w.out), want),
       "the high byte of a length comes first");
    r = (struct bundle_reader){.in = buf_str(&w.out)};
    OK(bundle_next(&r, &entry) && str_eq(entry, STR("hello")) && r.pos == 7 &&
           bundle_next(&r, &entry) && str_eq(entry, STR("ok")) && bundle_next(&r, &entry) &&
           entry.len == 260 && !bundle_next(&r, &entry) && entry.len == 260 &&
           r.count == 3 && r.pos == w.out.len,
       "and read again");
    OK(bundle_complete(buf_str(&w.out), 3) && !bundle_complete(buf_str(&w.out), 2) &&
           !bundle_complete(buf_str(&w.out), 4) &&
           !bundle_complete(str_cut(buf_str(&w.out), 0, w.out.len - 1), 3) &&
           bundle_complete((struct str){NULL, 0}, 0),
       "a bundle of exactly so many");
}

static void
test_limits(void)
{
    struct bundle_writer w = writer(sizeof bytes);
    struct bundle_reader r;
    struct str entry = {NULL, 0};
    bool ok = true;

    memset(other, 0xff, sizeof other);
    OK(bundle_add(&w, (struct str){other, ENTRY_MAX + 1}) == ST_LIMIT && w.count == 0 &&
           w.out.len == 0 && !w.out.full,
       "65,536 bytes are refused");
    OK(bundle_add(&w, STR("")) == ST_INVALID && w.count == 0 && w.out.len == 0,
       "an entry of no bytes is refused");
    for (unsigned i = 0; i < BUNDLE_ENTRIES; i++)
        ok = ok && bundle_add(&w, (struct str){other, ENTRY_MAX}) == ST_OK;
    OK(ok && w.out.len == BUNDLE_MAX && w.count == 256, "256 of 65,535 bytes fit");
    OK(bundle_add(&w, STR("x")) == ST_CONFLICT && w.count == 256 &&
           w.out.len == BUNDLE_MAX && !w.out.full,
       "the 257th belongs into the next bundle");
    OK(bundle_recover(buf_str(&w.out)).count == 256 && bundle_complete(buf_str(&w.out), 256),
       "and all are found");
    w = writer(8);
    OK(bundle_add(&w, STR("1234567")) == ST_CONFLICT && w.out.len == 0 && !w.out.full &&
           bundle_add(&w, STR("123456")) == ST_OK && w.out.len == 8,
       "an entry without room is not begun");
    w = writer(sizeof bytes);
    w.count = 255;
    OK(bundle_add(&w, STR("a")) == ST_OK && bundle_add(&w, STR("b")) == ST_CONFLICT,
       "a bundle that goes on counts what it had");
    memset(bytes, 0, 1000);
    r = (struct bundle_reader){.in = {bytes, 1000}};
    while (bundle_next(&r, &entry))
        ok = ok && entry.len == 0;
    OK(ok && r.count == 256 && r.pos == 512, "no more than 256 are read");
    OK(bundle_complete((struct str){bytes, 6}, 3), "a foreign bundle may have empty entries");
}

/* What a crash leaves: the file cut at any byte, and zeros behind what was written. */
static void
test_cuts(uint64_t seed)
{
    static size_t ends[BUNDLE_ENTRIES + 1]; /* where an entry ends, by hand */
    struct bundle_writer w = writer(sizeof bytes);
    struct rng r = {seed};
    unsigned n = 1 + (unsigned)rng_below(&r, BUNDLE_ENTRIES);
    bool cut = true, zeros = true, same = true;

    for (unsigned i = 0; i < n; i++) {
        size_t len = 1 + rng_below(&r, rng_below(&r, 8) == 0 ? 700 : 90);

        for (size_t k = 0; k < len; k++)
            other[k] = (char)(rng_below(&r, 4) == 0 ? 0 : rng_next(&r));
        if (bundle_add(&w, (struct str){other, len}) != ST_OK)
            break;
        ends[i + 1] = ends[i] + 2 + len;
    }
    for (size_t len = 0, want = 0; len <= w.out.len; len++) {
        struct bundle_whole got = bundle_recover((struct str){bytes, len});

        while (want < n && ends[want + 1] <= len)
            want++;
        cut = cut && got.count == want && got.len == ends[want];
        cut = cut && bundle_complete((struct str){bytes, len}, got.count) == (len == ends[want]);
    }
    OK(cut && w.count == n, "each of %zu cuts of %u entries, seed %" PRIu64, w.out.len, n, seed);
    memcpy(saved, bytes, w.out.len);
    for (unsigned i = 0; i <= n; i++) {
        struct bundle_whole got;
        struct bundle_writer on = {.out = {bytes, sizeof bytes, ends[i], false}, .count = i};

        memcpy(bytes, saved, ends[i]);
        memset(bytes + ends[i], 0, 4096);
        got = bundle_recover((struct str){bytes, ends[i] + rng_below(&r, 4096)});
        zeros = zeros && got.count == i && got.len == ends[i];
        if (i < BUNDLE_ENTRIES)
            same = same && bundle_add(&on, STR("behind")) == ST_OK &&
                   bundle_recover(buf_str(&on.out)).count == i + 1 &&
                   memcmp(bytes, saved, ends[i]) == 0;
    }
    OK(zeros, "zeros behind an entry are none, seed %" PRIu64, seed);
    OK(same, "a bundle goes on where it was cut, seed %" PRIu64, seed);
}

/* Any bytes at all: entries lie one behind the other inside them, and nothing is read beyond. */
static void
test_any_bytes(uint64_t seed)
{
    struct rng r = {seed};
    bool ok = true;

    for (int i = 0; i < 3000; i++) {
        size_t len = rng_below(&r, 300), at = 0;
        char *end = bytes + sizeof bytes - len; /* so that a sanitizer sees a read beyond */
        struct bundle_reader b = {.in = {end, len}};
        struct bundle_whole whole;
        struct str entry;

        for (size_t k = 0; k < len; k++)
            end[k] = (char)(rng_below(&r, 3) == 0 ? rng_next(&r) : rng_below(&r, 3));
        while (bundle_next(&b, &entry)) {
            ok = ok && entry.ptr == end + at + 2 && at + 2 + entry.len == b.pos && b.pos <= len;
            at = b.pos;
        }
        whole = bundle_recover((struct str){end, len});
        ok = ok && whole.count <= b.count && whole.len <= b.pos;
    }
    OK(ok, "any bytes, seed %" PRIu64, seed);
}

int
main(void)
{
    test_known();
    test_limits();
    for (uint64_t seed = 1; seed <= 12; seed++)
        test_cuts(seed);
    for (uint64_t seed = 1; seed <= 3; seed++)
        test_any_bytes(seed);
    return tap_end();
}
