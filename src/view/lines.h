/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h -- outputs as JSON, one object a line (the contract of `entente run --json`, entente(1)). */
#ifndef VIEW_LINES_H
#define VIEW_LINES_H
#include "view/names.h"

/* One output; nothing is put for types that have no line. No line end. */
void put_out_json(const struct view *v, const struct out *o, struct buf *b);
/* The evidence of a definite verdict: {"entries":[..],"absent":[..]}. */
void put_evidence_json(const struct view *v, const struct verdict *d, struct buf *b);
/* One claim of it: {"kind":..,"where":{..},"from":..,"to":..}. */
void put_claim_json(const struct view *v, const struct claim *c, struct buf *b);
#endif
