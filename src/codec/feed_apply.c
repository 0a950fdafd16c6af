/* SPDX-License-Identifier: Apache-2.0 */
/* For each reading of a message, in this order: is it refused; which camera; what
 * does it become; when, by whom, under which id; its fields; is it certain enough.
 * The first trouble writes the reason, and from then on nothing else does. */
#include "base/stamp.h"
#include "codec/convert.h"
#include "codec/feed_tree.h"

enum { LINE_BYTES = 4096, WHY_BYTES = 1000, ID_BYTES = 128, SHOWN_BYTES = 64 };

struct apply {
    const struct feed_set *set;
    const struct feed_given *given;
    const struct record *r;
    const struct feed_message *message;
    const struct feed *feed;
    struct path reading; /* the path of this reading; empty when it is the message */
    size_t number;       /* which one, from 0 */
    struct str camera_name;
    const struct feed_camera *camera; /* its line; NULL when there is none */
    int64_t at_ms;
    bool refused;
    struct buf line, why;
    char line_bytes[LINE_BYTES], why_bytes[WHY_BYTES];
};

/* Reasons */

/* The buffer for the reason; what is put into it after the first time goes nowhere. */
static struct buf *
refuse(struct apply *a)
{
    if (a->refused) /* keep the first */
        a->why.cap = a->why.len;
    a->refused = true;
    return &a->why;
}

/* "PATH or PATH" */
static void
put_paths(struct buf *b, const struct feed_path *p)
{
    for (const struct feed_path *i = p; i != NULL; i = i->or_else) {
        if (i != p)
            put_s(b, " or ");
        put(b, i->shown);
    }
}

static void
refuse_value(struct apply *a, const struct feed_path *p, const char *why)
{
    struct buf *b = refuse(a);

    put(b, p->shown);
    put_c(b, ' ');
    put_s(b, why);
}

/* The name of a camera, which a technician must see; other values are not shown. */
static void
put_camera(struct buf *b, const struct apply *a)
{
    struct str name = a->camera_name;

    if (name.len == 0) {
        put_s(b, "this camera");
        return;
    }
    put_s(b, "camera \"");
    put(b, name.len <= SHOWN_BYTES && is_plain_text(name) ? name : STR("..."));
    put_c(b, '"');
}

/* Values */

/* The full path of `p` in this reading, in `full`. */
static struct str
full_path(const struct apply *a, const struct feed_path *p, struct buf *full)
{
    if (!p->of_reading)
        return p->text;
    put(full, path_str(&a->reading));
    if (p->text.len > 0 && a->reading.len > 0)
        put_c(full, '.');
    put(full, p->text);
    return buf_str(full);
}

/* There, and holding something: not null, not an empty text, list or object. NULL otherwise. */
static const struct item *
find(const struct apply *a, const struct feed_path *p)
{
    char bytes[2 * RECORD_PATH];
    struct buf full = buf_of(bytes, sizeof bytes);
    const struct item *e = record_find(a->r, full_path(a, p, &full));

    if (e == NULL || full.full || e->type == RECORD_NULL)
        return NULL;
    if (e->type == RECORD_LONG)
        return e;
    return e->text.len > 0 || e->count > 0 ? e : NULL;
}

static bool
is_scalar(const struct item *e)
{
    return e->type == RECORD_STRING || e->type == RECORD_NUMBER || e->type == RECORD_BOOL;
}

/* The first of the paths that holds a value; *ret_path says which. What holds several (makers let
 * a text grow into an object) is passed over. */
static const struct item *
find_first(const struct apply *a, const struct feed_path *p, const struct feed_path **ret_path)
{
    for (; p != NULL; p = p->or_else) {
        const struct item *e = find(a, p);

        *ret_path = p;
        if (e != NULL && (is_scalar(e) || e->type == RECORD_LONG))
            return e;
    }
    return NULL;
}

/* Why the entry has no text to convert; NULL when it has. */
static const char *
no_text(const struct item *e)
{
    if (e->type == RECORD_LONG)
        return "is longer than any value that is read";
    return is_scalar(e) ? NULL : "holds more than one value";
}

/* Conditions */

static const struct feed_value *
pair_value(const struct feed_pair *p, struct str name)
{
    for (; p != NULL; p = p->next) {
        if (str_eq(p->name, name))
            return &p->value;
    }
    return NULL;
}

/* What the camera's line, or else the caller, gives under a name. */
static const struct feed_value *
camera_value(const struct apply *a, struct str name)
{
    const struct feed_value *v = a->camera == NULL ? NULL : pair_value(a->camera->pairs, name);

    return v != NULL ? v : pair_value(a->given->pairs, name);
}

static bool
has_word(const struct feed_word *w, struct str text)
{
    for (; w != NULL; w = w->next) {
        if (same_word(w->text, text))
            return true;
    }
    return false;
}

static bool
gives_all(const struct apply *a, const struct feed_word *w)
{
    for (; w != NULL; w = w->next) {
        if (camera_value(a, w->text) == NULL)
            return false;
    }
    return true;
}

static bool
holds_one(const struct apply *a, const struct feed_test *t)
{
    const struct item *e;

    switch (t->type) {
    case TEST_GIVES:
        return gives_all(a, t->words);
    case TEST_SET:
        return (find(a, &t->path) != NULL) != t->negated;
    case TEST_IS:
        e = find(a, &t->path);
        return (e != NULL && is_scalar(e) && has_word(t->words, e->text)) != t->negated;
    }
    return false;
}

static bool
holds(const struct apply *a, const struct feed_test *t)
{
    for (; t != NULL; t = t->and_also) {
        if (!holds_one(a, t))
            return false;
    }
    return true;
}

/* The camera */

static const struct feed_camera *
camera_line(const struct apply *a, struct str name)
{
    const struct feed_camera *any = NULL;

    for (const struct feed_camera *c = a->set->cameras; c != NULL; c = c->next) {
        if (!str_eq(c->name, name))
            continue;
        if (str_eq(c->feed, a->feed->name))
            return c;
        if (c->feed.len == 0)
            any = c;
    }
    return any;
}

/* A message may name its camera in several ways; the first that a line knows counts. */
static void
find_camera(struct apply *a)
{
    a->camera = NULL;
    a->camera_name = STR("");
    for (const struct feed_path *p = a->message->camera; p != NULL && a->camera == NULL; p = p->or_else) {
        const struct item *e = find(a, p);

        if (e == NULL || !is_scalar(e))
            continue;
        a->camera = camera_line(a, e->text);
        if (a->camera != NULL || a->camera_name.len == 0)
            a->camera_name = e->text;
    }
}

static struct str
source(struct apply *a)
{
    struct buf *b;

    if (a->camera != NULL)
        return a->camera->source;
    if (a->given->by.len > 0)
        return a->given->by;
    b = refuse(a);
    put_s(b, "nobody has said who ");
    put_camera(b, a);
    put_s(b, " is; write a line for it in a feed file (camera NAME is SOURCE with ...), or give the source "
             "with --by");
    return STR("");
}

/* When */

/* The epochs of some makers are "0" when nobody set them. */
static bool
is_unset_time(const struct feed_time *t, struct str text)
{
    int64_t n;

    return !t->iso && decimal_read(text, 0, &n) && n == 0;
}

static void
put_time_paths(struct buf *b, const struct feed_time *t)
{
    for (const struct feed_time *i = t; i != NULL; i = i->or_else) {
        put_s(b, i == t ? " in " : " or ");
        put(b, i->path.shown);
    }
}

static int64_t
convert_time(struct apply *a, const struct feed_time *t, const struct item *e)
{
    int64_t ms = 0;
    const char *why = no_text(e);

    if (why == NULL)
        why = t->iso ? iso_read(e->text, &ms) : epoch_read(e->text, t->places, &ms);
    if (why != NULL)
        refuse_value(a, &t->path, why);
    return ms;
}

static int64_t
when(struct apply *a, const struct feed_outcome *o)
{
    const struct feed_time *first = o->at != NULL ? o->at : a->message->at;
    struct buf *b;

    for (const struct feed_time *t = first; t != NULL; t = t->or_else) {
        const struct item *e = find(a, &t->path);

        if (e != NULL && !is_unset_time(t, e->text))
            return convert_time(a, t, e);
    }
    if (a->given->has_at)
        return a->given->at_ms;
    b = refuse(a);
    put_s(b, "there is no time");
    put_time_paths(b, first);
    put_s(b, "; give one with --at");
    return 0;
}

/* The id */

/* One part; false when the message does not hold it. */
static bool
put_part(struct apply *a, struct buf *b, const struct feed_part *part)
{
    const struct item *e;

    switch (part->type) {
    case PART_TEXT:
        put(b, part->text);
        return true;
    case PART_NUMBER:
        put_u(b, a->number);
        return true;
    case PART_AT:
        put_stamp(b, a->at_ms);
        return true;
    case PART_PATH:
        e = find(a, &part->path);
        if (e == NULL || !is_scalar(e))
            return false;
        put(b, e->text);
        return true;
    }
    return false;
}

static bool
is_plain_id(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == '"' || s.ptr[i] == '\\')
            return false;
    }
    return true;
}

/* The sender's id: its parts joined by "/", or nothing when one of them is missing. */
static struct str
make_id(struct apply *a, const struct feed_outcome *o, struct buf *b)
{
    const struct feed_part *first = o->id != NULL ? o->id : a->message->id;

    for (const struct feed_part *i = first; i != NULL; i = i->next) {
        if (i != first)
            put_c(b, '/');
        if (!put_part(a, b, i))
            return STR("");
    }
    if (b->full || !is_plain_id(buf_str(b))) {
        put_s(refuse(a), "the message's id is too long or holds blanks, quotes or characters beyond ASCII");
        return STR("");
    }
    return buf_str(b);
}

/* Fields */

static void
put_key(struct apply *a, struct str key)
{
    put_c(&a->line, a->line.len == 0 ? '{' : ',');
    put_json(&a->line, key);
    put_c(&a->line, ':');
}

static void
put_member(struct apply *a, struct str key, struct str text)
{
    put_key(a, key);
    put_json(&a->line, text);
}

static void
put_value(struct apply *a, struct str key, const struct feed_value *v)
{
    put_key(a, key);
    if (v->number)
        put(&a->line, v->text);
    else
        put_json(&a->line, v->text);
}

/* A maker that writes a plate of digits as a number is read; 1.5 or true is no plate. */
static const char *
convert_plate(const struct feed_field *f, const struct item *e, struct buf *plate)
{
    const char *why = no_text(e);

    if (why != NULL)
        return why;
    if (e->type == RECORD_BOOL)
        return "is no text";
    for (size_t i = 0; e->type == RECORD_NUMBER && i < e->text.len; i++) {
        if (e->text.ptr[i] < '0' || e->text.ptr[i] > '9')
            return "is no text";
    }
    if (has_word(f->unless, e->text))
        return "says there is no plate";
    return plate_put(plate, e->text);
}

static void
put_plate(struct apply *a, const struct feed_field *f, const struct feed_path *p, const struct item *e)
{
    char bytes[4 * PLATE_CHARS];
    struct buf plate = buf_of(bytes, sizeof bytes);
    const char *why = convert_plate(f, e, &plate);

    if (why != NULL)
        refuse_value(a, p, why);
    else
        put_member(a, f->name, buf_str(&plate));
}

static const struct feed_row *
find_row(const struct feed_table *t, const struct item *e)
{
    const struct feed_row *r = is_scalar(e) ? t->rows : NULL;

    while (r != NULL && !same_word(r->theirs, e->text))
        r = r->next;
    return r;
}

static void
put_missing(struct apply *a, const struct feed_field *f)
{
    struct buf *b;

    if (f->optional)
        return;
    b = refuse(a);
    put_s(b, "there is nothing in ");
    put_paths(b, f->from);
    put_s(b, ", which ");
    put(b, f->name);
    put_s(b, " comes from");
}

static void
put_by_table(struct apply *a, const struct feed_field *f)
{
    const struct feed_path *p = NULL;
    const struct item *e = find_first(a, f->from, &p);
    const struct feed_row *r = e == NULL ? NULL : find_row(f->table, e);

    if (r != NULL)
        put_member(a, f->name, r->ours);
    else if (f->table->has_otherwise)
        put_member(a, f->name, f->table->otherwise);
    else if (e == NULL)
        put_missing(a, f);
    else if (!f->optional)
        refuse_value(a, p, "has a word that its table does not hold");
}

static void
put_from_camera(struct apply *a, const struct feed_field *f)
{
    const struct feed_value *v = camera_value(a, f->name);
    struct buf *b;

    if (v != NULL)
        put_value(a, f->name, v);
    if (v != NULL || f->optional)
        return;
    b = refuse(a);
    put_s(b, "nobody has said which ");
    put(b, f->name);
    put_s(b, " goes with ");
    put_camera(b, a);
    put_s(b, "; write it in the camera's line: with ");
    put(b, f->name);
    put_s(b, " = ...");
}

static void
put_field(struct apply *a, const struct feed_field *f)
{
    const struct feed_path *p = NULL;
    const struct item *e;

    switch (f->type) {
    case FIELD_CONSTANT:
        put_value(a, f->name, &f->value);
        break;
    case FIELD_CAMERA:
        put_from_camera(a, f);
        break;
    case FIELD_TABLE:
        put_by_table(a, f);
        break;
    case FIELD_PLATE:
        e = find_first(a, f->from, &p);
        if (e == NULL)
            put_missing(a, f);
        else
            put_plate(a, f, p, e);
        break;
    }
}

/* Confidence */

static void
refuse_confidence(struct apply *a, const struct feed_path *p, struct str text)
{
    struct buf *b = refuse(a);

    put(b, p->shown);
    put_s(b, " is ");
    put(b, str_cut(text, 0, 12));
    put_s(b, ", below the floor of ");
    put(b, a->message->confidence.floor_text);
}

static void
check_confidence(struct apply *a)
{
    const struct feed_confidence *c = &a->message->confidence;
    const struct feed_path *p = NULL;
    const struct item *e = find_first(a, c->from, &p);
    int64_t n;

    if (c->from == NULL || (e == NULL && c->optional))
        return;
    if (e == NULL) {
        put_s(refuse(a), "how certain the reading is should stand in ");
        put_paths(&a->why, c->from);
        put_s(&a->why, ", and nothing does");
        return;
    }
    if (no_text(e) != NULL || !decimal_read(e->text, 6, &n) || n < 0 || n > c->scale)
        refuse_value(a, p, "should say how certain the reading is, and is no number in its range");
    else if (n < c->floor)
        refuse_confidence(a, p, e->text);
}

/* One reading */

static const struct feed_outcome *
choose_outcome(struct apply *a)
{
    const struct feed_outcome *o = a->message->outcomes;
    struct buf *b;

    while (o != NULL && !holds(a, o->when))
        o = o->next;
    if (o == NULL) {
        b = refuse(a);
        put_s(b, "nothing in message ");
        put(b, a->message->name);
        put_s(b, " of its feed says what such a reading becomes");
    }
    return o;
}

static void
put_event(struct apply *a, const struct feed_outcome *o)
{
    char at[STAMP_LEN], id[ID_BYTES];
    struct buf at_text = buf_of(at, sizeof at), id_text = buf_of(id, sizeof id);
    struct str by, sender_id;

    a->at_ms = when(a, o);
    by = source(a);
    sender_id = make_id(a, o, &id_text);
    put_stamp(&at_text, a->at_ms);
    put_member(a, STR("kind"), o->kind);
    put_member(a, STR("at"), buf_str(&at_text));
    put_member(a, STR("by"), by);
    if (sender_id.len > 0)
        put_member(a, STR("id"), sender_id);
    for (const struct feed_field *f = o->fields; f != NULL; f = f->next)
        put_field(a, f);
    put_c(&a->line, '}');
    if (a->line.full)
        put_s(refuse(a), "the event would be longer than any event is");
}

static void
apply_reading(struct apply *a)
{
    const struct feed_outcome *o;

    find_camera(a);
    for (const struct feed_refusal *i = a->message->refusals; i != NULL; i = i->next) {
        if (holds(a, i->when)) {
            put(refuse(a), i->why);
            return;
        }
    }
    o = choose_outcome(a);
    if (o == NULL)
        return;
    put_event(a, o);
    check_confidence(a);
}

static void
tell(struct apply *a, struct reading *told, reading_sink *sink, void *ctx, struct reading_count *count)
{
    told->number = (uint32_t)a->number + 1;
    told->feed = a->feed == NULL ? STR("") : a->feed->name;
    told->line = a->refused ? STR("") : buf_str(&a->line);
    told->why = a->refused ? buf_str(&a->why) : STR("");
    count->readings++;
    count->events += !a->refused;
    count->refused += a->refused;
    sink(ctx, told);
}

static void
begin_reading(struct apply *a, size_t number)
{
    a->number = number;
    a->refused = false;
    a->line = buf_of(a->line_bytes, sizeof a->line_bytes);
    a->why = buf_of(a->why_bytes, sizeof a->why_bytes);
}

/* The readings of a message */

/* The path of reading `n` of the list; false when there is none. Of XML elements that repeat, and
 * of a single value where a list could stand, the first has the path of the list itself. */
static bool
list_item(struct apply *a, size_t n)
{
    const struct item *list = record_find(a->r, a->message->list.text);
    struct path p = {0};

    if (list == NULL || list->type == RECORD_NULL || a->message->list.text.len >= RECORD_PATH)
        return false;
    p.len = a->message->list.text.len;
    p.depth = 1;
    memcpy(p.text, a->message->list.text.ptr, p.len);
    a->reading = p;
    if (list->type != RECORD_LIST && n == 0)
        return true;
    if (!path_push_number(&p, n) || record_find(a->r, path_str(&p)) == NULL)
        return false;
    a->reading = p;
    return true;
}

static void
refuse_empty_list(struct apply *a)
{
    struct buf *b = refuse(a);

    put_s(b, "there is no reading in ");
    put(b, a->message->list.shown);
}

static void
put_feeds(struct buf *b, const struct feed_set *set)
{
    const char *before = "; the feeds loaded are ";

    for (const struct feed *f = set->feeds; f != NULL; f = f->next, before = ", ") {
        put_s(b, before);
        put(b, f->name);
    }
}

bool
feed_known(const struct feed_set *set, struct str name, struct diag *d)
{
    struct buf b;

    for (const struct feed *f = set->feeds; f != NULL; f = f->next)
        if (str_eq(f->name, name))
            return true;
    b = diag_put(d, 0, 0);
    put_s(&b, "no feed is called '");
    put(&b, str_cut(name, 0, 40));
    put_s(&b, "'");
    put_feeds(&b, set);
    return false;
}

static void
refuse_unknown(struct apply *a)
{
    struct buf *b = refuse(a);

    put_s(b, "no feed knows this message");
    put_feeds(b, a->set);
}

/* The first feed and message that know the record. */
static bool
recognise(struct apply *a)
{
    for (a->feed = a->set->feeds; a->feed != NULL; a->feed = a->feed->next) {
        if (a->given->feed.len > 0 && !str_eq(a->given->feed, a->feed->name))
            continue;
        for (a->message = a->feed->messages; a->message != NULL; a->message = a->message->next) {
            if (holds(a, a->message->when))
                return true;
        }
    }
    return false;
}

void
feed_apply(const struct feed_set *set, const struct feed_given *given, const struct record *r,
           struct reading *told, reading_sink *sink, void *ctx, struct reading_count *count)
{
    struct apply a = {.set = set, .given = given, .r = r};
    size_t n = 0;

    begin_reading(&a, 0);
    if (!recognise(&a)) {
        refuse_unknown(&a);
        tell(&a, told, sink, ctx, count);
        return;
    }
    for (; a.message->each.len > 0 ? list_item(&a, n) : n == 0; n++) {
        begin_reading(&a, n);
        apply_reading(&a);
        tell(&a, told, sink, ctx, count);
    }
    if (n == 0) {
        refuse_empty_list(&a);
        tell(&a, told, sink, ctx, count);
    }
}
