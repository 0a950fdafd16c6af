/* SPDX-License-Identifier: Apache-2.0 */
#include "core/core.h"
#include "base/stamp.h"
#include "base/text.h"

/* Where each name of entry 0 stands. */
static uint32_t *
capacity_of(struct capacity *c, enum capacity_name name)
{
    switch (name) {
    case CAP_CELLS: return &c->cells;
    case CAP_DUTIES: return &c->duties;
    case CAP_EDGES: return &c->edges;
    case CAP_PROOFS: return &c->proofs;
    case CAP_ROWS: return &c->rows;
    case CAP_STAMPS: return &c->stamps;
    case CAP_SYMBOL_BYTES: return &c->symbol_bytes;
    case CAP_SYMBOLS:
    case CAPACITIES: break;
    }
    return &c->symbols;
}

struct capacity
core_capacity(const struct opening *opening)
{
    struct capacity c = capacity_default;

    for (unsigned i = 0; i < CAPACITIES; i++)
        if (opening->capacity[i] != 0)
            *capacity_of(&c, (enum capacity_name)i) = opening->capacity[i];
    return c;
}

void
core_put_capacity(struct capacity capacity, struct buf *b)
{
    for (unsigned i = 0; i < CAPACITIES; i++) {
        put_s(b, i == 0 ? "{\"" : ",\"");
        put(b, capacity_names[i]);
        put_s(b, "\":");
        put_u(b, *capacity_of(&capacity, (enum capacity_name)i));
    }
    put_c(b, '}');
}

struct core *
core_new(const struct program *p, struct arena *arena, struct capacity capacity, engine_sink *sink, void *context)
{
    struct core *c = NEW(arena, 1, struct core);

    if (c == NULL || !symbols_init(&c->symbols, arena, capacity.symbols, capacity.symbol_bytes))
        return NULL;
    c->p = p;
    c->capacity = capacity;
    c->scratch = NEW(arena, EVENT_SCRATCH, char);
    c->engine = engine_new(p, arena, capacity, &c->symbols, sink, context);
    tree_init(&c->tree);
    return c->scratch == NULL || c->engine == NULL ? NULL : c;
}

static struct buf
scratch_of(struct core *c)
{
    return buf_of(c->scratch, EVENT_SCRATCH);
}

static enum status
conflict(struct diag *d, const char *what)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, what);
    return ST_CONFLICT;
}

static enum status
opens(struct core *c, struct str line, struct diag *d)
{
    struct buf scratch = scratch_of(c);

    if (!event_opening(c->p, line, &scratch, &c->opening, d))
        return ST_INVALID;
    for (unsigned i = 0; i < CAPACITIES; i++)
        if (c->opening.capacity[i] != 0 &&
            c->opening.capacity[i] != *capacity_of(&c->capacity, (enum capacity_name)i))
            return conflict(d, "entry 0 gives other capacities than this copy of the log was begun with");
    (void)tree_append(&c->tree, line);
    engine_open(c->engine, &c->opening);
    return ST_OK;
}

static enum status
full(struct diag *d, const char *pool)
{
    struct buf b = diag_put(d, 0, 0);

    put_s(&b, "the theatre's capacity of ");
    put_s(&b, pool);
    put_s(&b, " is reached: open it anew with a larger one in the field 'capacity' of theatre.opened");
    return ST_LIMIT;
}

static enum status
limit(struct core *c, struct diag *d)
{
    const char *pool = engine_full(c->engine);

    return pool == NULL ? ST_OK : full(d, pool);
}

enum status
core_step(struct core *c, struct str line, struct diag *d)
{
    struct buf scratch = scratch_of(c);
    struct event event;
    struct entry entry;
    enum status st = event_read(c->p, line, &scratch, &event, d);

    if (st != ST_OK)
        return st;
    if ((event.kind == KIND_OPENED) != (c->tree.size == 0))
        return conflict(d, c->tree.size == 0 ? "the log must begin with theatre.opened"
                                             : "theatre.opened stands a second time");
    if (event.kind == KIND_OPENED)
        return opens(c, line, d);
    st = event_entry(c->p, &event, c->tree.size, &c->symbols, &entry);
    if (st != ST_OK)
        return full(d, "symbols");
    (void)tree_append(&c->tree, line);
    engine_step(c->engine, &entry);
    return limit(c, d);
}

int64_t
core_next(const struct core *c)
{
    return engine_next(c->engine);
}

void
core_tick(int64_t at, struct buf *line)
{
    put_s(line, "{\"kind\":\"tick\",\"at\":\"");
    put_stamp(line, at);
    put_s(line, "\",\"known\":\"");
    put_stamp(line, at);
    put_s(line, "\"}");
}

/* What was tried is evidence too: its kind, why, and the hash of its line, never the text. */
static void
refused_line(const struct core *c, const struct event *e, struct str tried, struct buf *line)
{
    struct hash h = sha256_of(tried);
    char hex[64];
    struct buf b = buf_of(hex, sizeof hex);
    struct event r = {.kind = KIND_REFUSED, .at = e->known, .known = e->known, .has_known = true, .by = e->by,
                      .id = e->id};

    put_hex(&b, h.b, sizeof h.b);
    r.field[0] = (struct field){.set = true, .text = c->p->kinds[e->kind].name};
    r.field[2] = (struct field){.set = true, .text = buf_str(&b)};
    line->len = 0;
    line->full = false;
    event_write(c->p, &r, line);
}

bool
core_offer(struct core *c, const struct event *e, struct buf *line)
{
    struct entry entry;
    uint32_t symbols = c->symbols.n;
    bool in;

    event_write(c->p, e, line);
    if (event_entry(c->p, e, c->tree.size, &c->symbols, &entry) != ST_OK)
        return true; /* core_step will say that the symbols are full */
    engine_until(c->engine, e->known, c->tree.size);
    in = engine_door(c->engine, &entry);
    symbols_back(&c->symbols, symbols);
    if (!in)
        refused_line(c, e, buf_str(line), line);
    return in;
}

uint64_t
core_size(const struct core *c)
{
    return c->tree.size;
}

struct hash
core_root(const struct core *c)
{
    return tree_root(&c->tree);
}

struct hash
core_state(const struct core *c)
{
    return engine_hash(c->engine);
}
