/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h -- bytes as base64, the one spelling there is of them (RFC 4648, section 4). */
#ifndef LEDGER_BASE64_H
#define LEDGER_BASE64_H
#include "base/put.h"

/* With padding, and no line ends. */
void put_base64(struct buf *b, const void *bytes, size_t n);

/* Reads exactly what put_base64() writes, into at most `max` bytes at `ret`. False, and
 * *ret_len untouched, for anything else: other characters, blanks or line ends, padding
 * that is missing or too much, bits behind the last byte that are not zero, more than
 * `max` bytes. With NULL for `ret` the bytes are only counted. */
CHECKED bool base64_read(struct str s, uint8_t *ret, size_t max, size_t *ret_len);
#endif
