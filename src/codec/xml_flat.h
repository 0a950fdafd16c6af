/* SPDX-License-Identifier: Apache-2.0 */
/* xml_flat.h -- foreign XML -> one flat record (expat reads it).
 *
 * A document is one message. It has no DTD: at the first word of a DOCTYPE, and
 * so before any entity can be declared, the reading ends with a refusal. With it
 * go entity bombs, external entities and files read from afar. Refused too: more
 * than XML_BYTES bytes, RECORD_DEPTH levels, RECORD_ENTRIES elements and
 * attributes, a prefix that is declared nowhere, an encoding other than UTF-8,
 * ISO-8859-1 and US-ASCII. The record holds UTF-8 in every case. */
#ifndef CODEC_XML_FLAT_H
#define CODEC_XML_FLAT_H
#include "codec/record.h"

enum { XML_BYTES = 1 << 20 };

/* Empties `r` and puts the message into it. A sentence never repeats the bytes. */
CHECKED enum status xml_flat(struct str bytes, struct record *r, struct diag *d);
#endif
