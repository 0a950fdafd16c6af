/* SPDX-License-Identifier: Apache-2.0 */
/* convert.h -- values as makers write them -> values as the log writes them.
 *
 * Each returns NULL when it succeeded, else why not: words that finish the
 * sentence "PATH ...", and never repeat the value. */
#ifndef CODEC_CONVERT_H
#define CODEC_CONVERT_H
#include "base/put.h"

enum { PLATE_CHARS = 16 };

/* One spelling for one plate. Of ASCII, letters are made capitals, letters and digits are kept and
 * all else is dropped; characters beyond ASCII stay as they are, but for blanks, dashes, the dots
 * between groups, and marks that cannot be seen. Refused: nothing left, "unknown", a "?" or "*" (a character
 * that was not read: to drop it would make another plate), more than PLATE_CHARS characters. */
CHECKED const char *plate_put(struct buf *b, struct str text);

/* The decimal `text` times 10^places, cut off towards zero; exact, no float in between. False when
 * it is no decimal (digits, "." and digits, e and an exponent) or does not fit. */
CHECKED bool decimal_read(struct str text, int places, int64_t *ret);

/* Units since 1970 as a decimal, 10^places of them being a millisecond's part: 3 for seconds, 0 for
 * milliseconds, -6 for nanoseconds. 0 stands for "not set" and is refused. */
CHECKED const char *epoch_read(struct str text, int places, int64_t *ret_ms);

/* 2024-01-19T11:17:19[.654]+08:00, "Z" for +00:00, a blank for "T", +0800 and +08 for the offset. A
 * time that names no offset is refused. */
CHECKED const char *iso_read(struct str text, int64_t *ret_ms);

/* Can the text be shown to a person? No controls, no quotes, nothing that cannot be seen. */
bool is_plain_text(struct str s);

/* Equal but for the case of ASCII letters. */
bool same_word(struct str a, struct str b);
#endif
