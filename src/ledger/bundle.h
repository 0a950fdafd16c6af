/* SPDX-License-Identifier: Apache-2.0 */
/* bundle.h -- entry bundles: the bytes of the log, and its write-ahead log.
 *
 * Source: C2SP tlog-tiles, "Log entries". A bundle is up to 256 entries one behind the
 * other, each with its length in front as two bytes, the high one first:
 *
 *   00 05 h e l l o  00 02 o k
 *
 * So an entry has at most 65,535 bytes, and more is refused, never cut. A bundle that is
 * appended to is good at every moment but for its last entry: after a crash what is whole
 * is found again, and what is cut is dropped. Lengths say nothing of what is in an entry.
 * Where a system lost power between two writes that nobody waited for, an entry behind the
 * last one that was synced may be whole in length and wrong in its bytes: the caller holds
 * those against what it knows (a line of JSON; the leaf hashes of a checkpoint).
 *
 * The format allows an entry of no bytes. We write none: a file that a crash left with
 * zeros at its end would read as a row of them. Foreign bundles may have them. */
#ifndef LEDGER_BUNDLE_H
#define LEDGER_BUNDLE_H
#include "base/put.h"

enum {
    BUNDLE_ENTRIES = 256,
    ENTRY_MAX = 65535,                            /* bytes of an entry */
    BUNDLE_MAX = BUNDLE_ENTRIES * (2 + ENTRY_MAX), /* bytes of a bundle, 16 MB */
};

/* A bundle that is being written, or goes on with `count` entries that a file has already.
 * The bytes go into the caller's buffer, which the caller may empty (out.len = 0) once it
 * has written them. */
struct bundle_writer {
    struct buf out;
    unsigned count; /* entries in the bundle */
};

/* Adds an entry, whole or not at all:
 *   ST_INVALID   it has no bytes
 *   ST_LIMIT     it has more than ENTRY_MAX; no bundle can hold it
 *   ST_CONFLICT  256 are in it, or the buffer has no room: write that out, then again */
CHECKED enum status bundle_add(struct bundle_writer *w, struct str entry);

/* Reads entry after entry; they are slices of `in`. Begin with {.in = bytes}. */
struct bundle_reader {
    struct str in;
    size_t pos;     /* where the next entry's length stands: bytes of whole entries */
    unsigned count; /* entries read */
};

/* The next whole entry. False, and *ret untouched, when the bytes end or are cut here, or
 * 256 were read: whether all is read is pos == in.len. Any bytes may be given. */
CHECKED bool bundle_next(struct bundle_reader *r, struct str *ret);

/* After a crash: how many whole entries there are, and where to cut the file behind them.
 * Stops at an entry of no bytes, as we write none. */
struct bundle_whole {
    unsigned count;
    size_t len; /* bytes */
};
struct bundle_whole bundle_recover(struct str bytes);

/* Is it a bundle of exactly `count` entries, with nothing behind? Foreign ones too. */
CHECKED bool bundle_complete(struct str bytes, unsigned count);
#endif
