/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical line, by design.md's "entries" and doc/entry.5: no blanks, the keys in one order,
 * one spelling for each value. */
#include "event/event_in.h"
#include "base/stamp.h"

static void
put_name(struct buf *out, const char *before, struct str name, const char *after)
{
    put_s(out, before);
    put(out, name);
    put_s(out, after);
}

static void
put_time(struct buf *out, const char *before, int64_t ms)
{
    put_s(out, before);
    put_stamp(out, ms);
    put_c(out, '"');
}

void
put_header(const struct program *p, const struct event *e, struct buf *out)
{
    put_name(out, "{\"kind\":\"", p->kinds[e->kind].name, "\"");
    put_time(out, ",\"at\":\"", e->at);
    put_time(out, ",\"known\":\"", e->known);
    if (e->kind != KIND_TICK) {
        put_s(out, ",\"by\":");
        put_json(out, e->by);
    }
    if (e->id.len > 0) {
        put_s(out, ",\"id\":");
        put_json(out, e->id);
    }
}

void
put_value(const struct program *p, const struct param *q, const struct field *f, struct buf *out)
{
    switch (base_of(p, q)) {
    case TY_TIME: put_stamp(out, f->number); break;
    case TY_DURATION:
    case TY_COUNT:
    case TY_METRES: put_i(out, f->number); break;
    case TY_CHOICE:
    case TY_YES_NO:
    case TY_SIDE:
    case TY_ROLE: put(out, program_value_name(p, q->type[0], f->number)); break;
    default: put(out, f->text); break;
    }
}

static void
put_field(const struct program *p, const struct param *q, const struct field *f, struct buf *out)
{
    enum base_type base = base_of(p, q);
    bool bare = is_composite(base) || base == TY_DURATION || base == TY_COUNT || base == TY_METRES;

    put_name(out, ",\"", q->name, "\":");
    if (is_text(base) || (q->sealed && is_commitment(f->text))) {
        put_json(out, f->text);
        return;
    }
    put_s(out, bare ? "" : "\"");
    put_value(p, q, f, out);
    put_s(out, bare ? "" : "\"");
}

void
event_write(const struct program *p, const struct event *e, struct buf *out)
{
    const struct kind *k = &p->kinds[e->kind];

    put_header(p, e, out);
    if (e->kind == KIND_OPENED) {
        struct str rest = opened_rest(e->extra);

        put_s(out, rest.len > 1 ? "," : "");
        put(out, rest);
        return;
    }
    for (uint8_t i = 0; i < k->nparams; i++) {
        if (e->field[i].set)
            put_field(p, &k->param[i], &e->field[i], out);
    }
    put_c(out, '}');
}
