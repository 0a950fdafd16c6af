/* SPDX-License-Identifier: Apache-2.0 */
/* names.h -- how values are spelled for people and programs.
 *
 * A view never changes what it shows. Private things stand in the log as tokens; `clear` gives the
 * name behind one where the viewer may have it, or an empty string. */
#ifndef VIEW_NAMES_H
#define VIEW_NAMES_H
#include "engine/engine.h"

struct view {
    const struct program *p;
    const struct symbols *symbols;
    struct str (*clear)(void *context, struct str token);
    void *context;
    int64_t zone_offset; /* ms east of UTC, for clocks on tables */
};

struct str view_symbol(const struct view *v, uint32_t symbol);
/* A value of a type as JSON: "X", 40, "2024-10-06T17:20:00.000Z", null. */
void put_value_json(const struct view *v, uint16_t type, int64_t value, struct buf *b);
/* The same for people: X, 40 metres, 22:20, 5 minutes. */
void put_value_text(const struct view *v, uint16_t type, int64_t value, struct buf *b);
void put_duration(int64_t ms, struct buf *b); /* "1 hour 30 minutes" */
void put_clock(const struct view *v, int64_t at, struct buf *b); /* local, 22:20:00 or 22:20:00.001 */
void put_clock_on(const struct view *v, int64_t at, int64_t other, struct buf *b); /* with its day, unless `other` is on it */
void put_day(const struct view *v, int64_t at, struct buf *b);   /* Sunday 6 October 2024 */
/* The binding of a verdict as {"v":"X","z":"outer-1"}, and as "v X, z outer-1". */
void put_subject_json(const struct view *v, const struct verdict *d, struct buf *b);
void put_subject(const struct view *v, const struct verdict *d, struct buf *b);
struct str view_who(const struct view *v, uint32_t who); /* a role or a side */
extern const char *const severity_words[3];
extern const char *const verdict_words[5];
extern const char *const gate_words[3];
#endif
