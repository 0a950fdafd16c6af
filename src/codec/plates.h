/* SPDX-License-Identifier: Apache-2.0 */
/* plates.h -- the bytes of a plate reader -> events, or reasons why not.
 *
 * The bytes are JSON or XML; the first byte that is not blank says which, behind a
 * byte order mark if there is one. JSON may be one message, a list of messages, or
 * one message a line. In the last case a line that cannot be read is told, and the
 * next is read all the same.
 *
 * Nothing vanishes: the sink hears of every reading of every message, as an event
 * or as a reason; a document that cannot be read counts as one message with one
 * reading that is refused. Nothing of a message is kept between two calls. */
#ifndef CODEC_PLATES_H
#define CODEC_PLATES_H
#include "codec/feed.h"

enum { CODEC_ARENA = 4 << 20 }; /* bytes that hold the work of one call, however hostile the input */

/* Reads all of `bytes`. The arena is given back as it was found. ST_OK when every document could be
 * read, whatever became of its readings; else the status of the first that could not, with its
 * diag (pos counts from the start of `bytes`), which the sink was told too. */
CHECKED enum status codec_plates(struct str bytes, const struct feed_set *feeds,
                                 const struct feed_given *given, struct arena *a, reading_sink *sink,
                                 void *ctx, struct reading_count *ret_count, struct diag *d);
#endif
