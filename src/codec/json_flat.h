/* SPDX-License-Identifier: Apache-2.0 */
/* json_flat.h -- foreign JSON -> flat records (jansson reads it).
 *
 * A document is one JSON value: a message, or a list of messages. Refused, each
 * with a sentence: bytes that are not UTF-8, a NUL (escaped too), a key that
 * comes twice in one object, more than JSON_BYTES bytes, JSON_VALUES values (an
 * object or a list counts twice) or RECORD_DEPTH levels. The limits are checked
 * before jansson sees the bytes, so its memory and time are bounded too. A
 * sentence never repeats the bytes.
 *
 * jansson turns numbers into floats; so the text of each number is taken from
 * the bytes, in the order of the document, and stands in the record unchanged. */
#ifndef CODEC_JSON_FLAT_H
#define CODEC_JSON_FLAT_H
#include "codec/record.h"

enum { JSON_BYTES = 4 << 20, JSON_VALUES = 1 << 16 };

struct json_t; /* of jansson */

struct json_flat {
    struct json_t *root;
    struct str *numbers; /* as written, in the order of the document */
    uint32_t number_count, number_next;
    uint32_t messages, message_next;
};

/* Reads a document. `bytes` and the arena must stay as they are until json_flat_free(). On failure
 * there is nothing to free; diag.pos is a place in `bytes`. */
CHECKED enum status json_flat_read(struct json_flat *j, struct str bytes, struct arena *a, struct diag *d);

/* Puts the next of j->messages messages into `r`, which it empties first. A message that does not
 * fit is ST_LIMIT; the next one can be asked for all the same. */
CHECKED enum status json_flat_next(struct json_flat *j, struct record *r, struct diag *d);

void json_flat_free(struct json_flat *j); /* all zero is fine */

/* Do all brackets that open in it close in it? Says nothing of what lies between them. */
bool json_flat_is_whole(struct str bytes);
#endif
