/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar, a rule above each function; feed(5) explains it.
 *
 *   file     = { feed | camera }
 *   feed     = "feed" NAME "version" INT { sentence | table | message }
 *   message  = "message" NAME "when" cond [ each ] { setting } { becomes }
 *   setting  = refuse | from-camera | at | id | confidence
 *   becomes  = "becomes" NAME [ "when" cond ] { at | id | field }
 *
 * NAME, PATH and VALUE are words or, but for PATH, strings. The first failure
 * moves to the end of the text, so no rule checks another's errors. */
#include "base/json.h"
#include "base/text.h"
#include "codec/convert.h"
#include "codec/feed_parse.h"

/* Words that begin a part of a file, and words that begin a line of a message. No field has such a
 * name, nor one that every event has. */
static const char *const parts[] = {"feed", "camera", "sentence", "table", "message"};
static const char *const lines[] = {"each", "refuse", "confidence", "becomes", "at", "id"};
static const char *const members[] = {"kind", "known", "by"};

static bool
is_one_of(const struct feed_token *t, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (parse_is_word(t, list[i]))
            return true;
    }
    return false;
}

#define IS_ONE_OF(t, list) is_one_of((t), (list), sizeof(list) / sizeof *(list))

/* The word of the list that is nearest to `word`, if it is near at all; `nearest` otherwise. */
static struct str
nearest_of(struct str word, const char *const *list, size_t n, struct str nearest)
{
    for (size_t i = 0; i < n; i++) {
        if (word_distance(word, str_of(list[i]), 2) <= 2)
            nearest = str_of(list[i]);
    }
    return nearest;
}

/* What stands here cannot stand here. */
static void
misplaced(struct parser *p)
{
    struct feed_token t = p->tok;
    struct str nearest = STR("");

    if (IS_ONE_OF(&t, parts) || IS_ONE_OF(&t, lines)) {
        parse_fail(
            p, "this cannot stand here: \"each\" comes first in a message, then refuse, camera, at, id and "
               "confidence, then becomes; sentences, tables and messages stand in a feed");
        return;
    }
    if (t.type == FEED_WORD) {
        nearest = nearest_of(t.text, lines, sizeof lines / sizeof *lines, nearest);
        nearest = nearest_of(t.text, parts, sizeof parts / sizeof *parts, nearest);
    }
    if (nearest.len == 0) {
        parse_fail(
            p, "a feed or a camera goes here, as in: feed maker version 1, or: camera north is cam-3 with "
               "k = mall-road");
        return;
    }
    struct buf b = parse_fail_at(p, t.pos, ST_MALFORMED);

    put_s(&b, "this word is not known; did you mean ");
    put(&b, nearest);
    put_c(&b, '?');
}

/* Settings of a message */

static const struct {
    const char *name;
    int places;
} epochs[] = {{"seconds", 3}, {"milliseconds", 0}, {"microseconds", -3}, {"nanoseconds", -6}};

/* PATH "in" ( "iso" | "seconds" | ... ) */
static void
time_at(struct parser *p, struct feed_time *t)
{
    parse_path(p, &t->path);
    parse_expect(p, "in",
                 "\"in\" and how the time is written follow its path, as in: capture_ts in nanoseconds");
    t->iso = parse_accept(p, "iso");
    if (t->iso)
        return;
    for (size_t i = 0; i < sizeof epochs / sizeof *epochs; i++) {
        if (parse_accept(p, epochs[i].name)) {
            t->places = epochs[i].places;
            return;
        }
    }
    parse_fail(p,
               "how the time is written goes here: iso, seconds, milliseconds, microseconds or nanoseconds; "
               "a local time without its offset from UTC cannot be used");
}

/* at = "at" "from" PATH "in" how { "or" PATH "in" how } */
static struct feed_time *
at(struct parser *p)
{
    struct feed_time *first = NULL, **end = &first;

    parse_expect(p, "from", "\"from\" follows \"at\", as in: at from timestamp in seconds");
    do {
        if ((*end = TAKE(p, struct feed_time)) == NULL)
            break;
        time_at(p, *end);
        end = &(*end)->or_else;
    } while (parse_accept(p, "or"));
    return first;
}

/* part = STRING | "number" | "at" | PATH */
static void
part(struct parser *p, struct feed_part *ret)
{
    if (p->tok.type == FEED_STRING) {
        ret->type = PART_TEXT;
        ret->text = parse_name(p, "the text of an id is not empty");
    } else if (parse_accept(p, "number")) {
        ret->type = PART_NUMBER;
    } else if (parse_accept(p, "at")) {
        ret->type = PART_AT;
    } else {
        ret->type = PART_PATH;
        parse_path(p, &ret->path);
    }
}

/* id = "id" "from" part { "," part } */
static struct feed_part *
id(struct parser *p)
{
    struct feed_part *first = NULL, **end = &first;

    parse_expect(p, "from", "\"from\" follows \"id\", as in: id from after.id");
    do {
        if ((*end = TAKE(p, struct feed_part)) == NULL)
            break;
        part(p, *end);
        end = &(*end)->next;
    } while (parse_accept_mark(p, ','));
    return first;
}

/* A decimal that is not negative, in millionths. */
static int64_t
decimal(struct parser *p, struct str *ret_text)
{
    int64_t n = 0;

    *ret_text = p->tok.text;
    if (p->tok.type != FEED_WORD || !decimal_read(p->tok.text, 6, &n) || n < 0)
        parse_fail(p, "a number goes here, such as 0.80");
    else
        parse_advance(p);
    return n;
}

/* confidence = "confidence" [ "optional" ] "from" paths "out" "of" NUMBER "," "at" "least" NUMBER */
static void
confidence(struct parser *p, struct feed_confidence *c)
{
    struct feed_token start = p->tok;
    struct str ignored;

    c->optional = parse_accept(p, "optional");
    parse_expect(p, "from",
                 "\"from\" follows \"confidence\", as in: confidence from score out of 1, at least 0.80");
    c->from = parse_paths(p);
    parse_expect(p, "out", "\"out of\" and the most it can be go here, as in: score out of 1, at least 0.80");
    parse_expect(p, "of", "\"of\" follows \"out\"");
    c->scale = decimal(p, &ignored);
    parse_expect_mark(p, ',', "a comma and the least that is taken go here, as in: out of 1, at least 0.80");
    parse_expect(p, "at", "\"at least\" goes here, as in: out of 1, at least 0.80");
    parse_expect(p, "least", "\"least\" follows \"at\"");
    c->floor = decimal(p, &c->floor_text);
    if (p->st == ST_OK && c->floor > c->scale) {
        struct buf b = parse_fail_at(p, start.pos, ST_INVALID);

        put_s(&b, "no reading can reach this floor; write one that is at most what the number is out of");
    }
}

static struct str
sentence_named(struct parser *p)
{
    struct feed_token t = p->tok;
    struct str s = parse_name(p, "the reason goes here: \"...\", or the name of a sentence of this feed");

    if (t.type == FEED_STRING || p->st != ST_OK)
        return s;
    for (struct feed_sentence *i = p->feed->sentences; i != NULL; i = i->next) {
        if (str_eq(i->name, s))
            return i->text;
    }
    struct buf b = parse_fail_at(p, t.pos, ST_INVALID);

    put_s(&b, "this feed has no sentence of this name; write it above as: sentence ");
    put(&b, s);
    put_s(&b, " \"...\"");
    return s;
}

/* refuse = "refuse" [ "when" cond ] ":" ( STRING | NAME ) */
static struct feed_refusal *
refuse(struct parser *p)
{
    struct feed_refusal *r = TAKE(p, struct feed_refusal);

    if (r == NULL)
        return NULL;
    r->when = parse_when(p);
    parse_expect_mark(p, ':', "a colon and the reason go here, as in: refuse when type is face: \"...\"");
    r->why = sentence_named(p);
    return r;
}

/* each = "each" NAME "in" PATH */
static void
each(struct parser *p, struct feed_message *m)
{
    struct feed_token t = p->tok;
    struct str reading = parse_name(p, "the name of a reading goes here, as in: each r in data.results");

    if (memchr(reading.ptr, '.', reading.len) != NULL) {
        struct buf b = parse_fail_at(p, t.pos, ST_INVALID);

        put_s(&b, "the name of a reading is one word, as in: each r in data.results");
        return;
    }
    parse_expect(p, "in", "\"in\" and the path of the list follow, as in: each r in data.results");
    parse_path(p, &m->list);
    m->each = p->reading = reading;
}

/* Outcomes */

static const struct feed_table *
table_named(struct parser *p)
{
    struct feed_token t = p->tok;
    struct str wanted = parse_name(p, "the name of a table goes here"), nearest = STR("");

    for (const struct feed_table *i = p->feed->tables; i != NULL; i = i->next) {
        if (str_eq(i->name, wanted))
            return i;
        if (word_distance(i->name, wanted, 2) <= 2)
            nearest = i->name;
    }
    struct buf b = parse_fail_at(p, t.pos, ST_INVALID);

    put_s(&b, "this feed has no table of this name; ");
    put_s(&b, nearest.len > 0 ? "did you mean " : "write it above as: table ");
    put(&b, nearest.len > 0 ? nearest : wanted);
    put_s(&b, nearest.len > 0 ? "?" : " : theirs ours");
    return NULL;
}

/* source = "camera" | paths ( "as" "plate" [ "unless" VALUE { "or" VALUE } ] | "by" NAME ) */
static void
source(struct parser *p, struct feed_field *f)
{
    f->type = FIELD_CAMERA;
    if (parse_accept(p, "camera"))
        return;
    f->from = parse_paths(p);
    if (parse_accept(p, "by")) {
        f->type = FIELD_TABLE;
        f->table = table_named(p);
        return;
    }
    f->type = FIELD_PLATE;
    parse_expect(p, "as",
                 "\"as plate\" or \"by\" a table goes here; a text of a message is not let through as it is");
    parse_expect(p, "plate", "\"plate\" follows \"as\"");
    if (parse_accept(p, "unless"))
        f->unless =
            parse_words(p, ORS, "a word that stands for no plate goes here, as in: as plate unless noplate");
}

/* field = NAME [ "optional" ] ( "is" value | "from" source ) */
static struct feed_field *
field(struct parser *p)
{
    struct feed_field *f = TAKE(p, struct feed_field);

    if (f == NULL)
        return NULL;
    f->name = parse_name(p, "the name of a field goes here");
    f->optional = parse_accept(p, "optional");
    if (parse_accept(p, "is")) {
        f->type = FIELD_CONSTANT;
        f->value = parse_value(p);
        return f;
    }
    parse_expect(p, "from", "\"from\" or \"is\" follows the name of a field, as in: k from camera");
    source(p, f);
    return f;
}

/* Every field's name stands once, and is not one that each event has. */
static void
check_field(struct parser *p, const struct feed_outcome *o)
{
    if (IS_ONE_OF(&p->tok, members)) {
        parse_fail(p,
                   "kind, at, known, by and id stand in every event; \"at\" and \"id\" have their own lines, "
                   "the source comes from the camera's line");
        return;
    }
    for (const struct feed_field *f = o->fields; f != NULL; f = f->next) {
        if (str_eq(f->name, p->tok.text))
            parse_fail(p, "this field stands here twice; leave one out");
    }
}

/* becomes = "becomes" NAME [ "when" cond ] { at | id | field } */
static struct feed_outcome *
becomes(struct parser *p)
{
    struct feed_outcome *o = TAKE(p, struct feed_outcome);
    struct feed_field **end;

    if (o == NULL)
        return NULL;
    end = &o->fields;
    o->kind = parse_name(p, "the kind of event goes here");
    o->when = parse_when(p);
    while (parse_more(p)) {
        if (parse_accept(p, "at")) {
            o->at = at(p);
        } else if (parse_accept(p, "id")) {
            o->id = id(p);
        } else if (IS_ONE_OF(&p->tok, parts) || IS_ONE_OF(&p->tok, lines)) {
            break;
        } else {
            check_field(p, o);
            if ((*end = field(p)) != NULL)
                end = &(*end)->next;
        }
    }
    return o;
}

/* Messages */

/* "camera" "from" begins a setting, "camera" NAME the line of a camera. */
static bool
at_setting(const struct parser *p)
{
    return parse_is_word(&p->tok, "camera") && parse_is_word(&p->ahead, "from");
}

/* setting = refuse | "camera" "from" paths | at | id | confidence ; false when none stands here. */
static bool
setting(struct parser *p, struct feed_message *m, struct feed_refusal ***end)
{
    if (at_setting(p)) {
        parse_advance(p);
        parse_advance(p);
        m->camera = parse_paths(p);
    } else if (parse_accept(p, "at")) {
        m->at = at(p);
    } else if (parse_accept(p, "id")) {
        m->id = id(p);
    } else if (parse_accept(p, "confidence")) {
        confidence(p, &m->confidence);
    } else if (parse_accept(p, "refuse")) {
        if ((**end = refuse(p)) != NULL)
            *end = &(**end)->next;
    } else {
        return false;
    }
    return true;
}

/* Something must come of every message, and nothing may stand where it is never reached. */
static void
check_outcomes(struct parser *p, struct feed_token start, const struct feed_message *m)
{
    const struct feed_refusal *r = m->refusals;
    const struct feed_outcome *o = m->outcomes;
    struct buf b;

    while (r != NULL && r->when != NULL)
        r = r->next;
    if (p->st == ST_OK && o == NULL && r == NULL) {
        b = parse_fail_at(p, start.pos, ST_INVALID);
        put_s(&b,
              "this message says nothing of what it becomes; write \"becomes\" and a kind, or \"refuse:\" "
              "and the reason");
    }
    while (o != NULL && o->next != NULL && o->when != NULL)
        o = o->next;
    if (p->st == ST_OK && o != NULL && o->next != NULL) {
        b = parse_fail_at(p, start.pos, ST_INVALID);
        put_s(&b, "in this message nothing behind \"becomes ");
        put(&b, o->kind);
        put_s(&b, "\" can be reached; give it a \"when\" or write it last");
    }
}

/* Which camera it is follows from the message, so a message is not known by it. */
static void
check_known_by(struct parser *p, struct feed_token start, const struct feed_test *t)
{
    for (; t != NULL && p->st == ST_OK; t = t->and_also) {
        if (t->type == TEST_GIVES) {
            struct buf b = parse_fail_at(p, start.pos, ST_INVALID);

            put_s(&b,
                  "a message is known by its own values; write \"camera gives\" behind refuse or becomes");
        }
    }
}

/* message = "message" NAME "when" cond [ each ] { setting } { becomes } */
static struct feed_message *
message(struct parser *p)
{
    struct feed_message *m = TAKE(p, struct feed_message);
    struct feed_token start = p->tok;
    struct feed_refusal **refusals;
    struct feed_outcome **outcomes;

    if (m == NULL)
        return NULL;
    refusals = &m->refusals;
    outcomes = &m->outcomes;
    m->name = parse_name(p, "the name of the message goes here");
    parse_expect(p, "when", "\"when\" and what the message is known by go here, as in: when type is end");
    p->reading = STR("");
    m->when = parse_cond(p);
    check_known_by(p, start, m->when);
    if (parse_accept(p, "each"))
        each(p, m);
    while (parse_more(p) && setting(p, m, &refusals))
        continue;
    while (parse_accept(p, "becomes")) {
        if ((*outcomes = becomes(p)) != NULL)
            outcomes = &(*outcomes)->next;
    }
    if (parse_more(p) && !IS_ONE_OF(&p->tok, parts))
        misplaced(p);
    check_outcomes(p, start, m);
    return m;
}

/* Feeds */

/* "sentence" NAME STRING */
static struct feed_sentence *
sentence(struct parser *p)
{
    struct feed_sentence *s = TAKE(p, struct feed_sentence);

    if (s == NULL)
        return NULL;
    s->name = parse_name(p, "the name of the sentence goes here");
    if (p->tok.type != FEED_STRING)
        parse_fail(p, "the sentence goes here, in quotes");
    s->text = p->tok.text;
    parse_advance(p);
    return s;
}

/* row = VALUE VALUE */
static struct feed_row *
row(struct parser *p, const struct feed_table *t)
{
    struct feed_token start = p->tok;
    struct feed_row *r = TAKE(p, struct feed_row);

    if (r == NULL)
        return NULL;
    r->theirs = parse_name(p, "a word of the maker and the word it means go here, as in: suv car");
    for (const struct feed_row *i = t->rows; i != NULL; i = i->next) {
        if (p->st == ST_OK && same_word(i->theirs, r->theirs)) {
            struct buf b = parse_fail_at(p, start.pos, ST_INVALID);

            put_s(&b, "this word stands in the table twice; leave one out");
        }
    }
    r->ours = parse_name(p, "the word it means goes here, as in: suv car");
    return r;
}

/* table = "table" NAME ":" row { "," row } [ "," "else" VALUE ] */
static struct feed_table *
table(struct parser *p)
{
    struct feed_table *t = TAKE(p, struct feed_table);
    struct feed_row **end, *r;

    if (t == NULL)
        return NULL;
    end = &t->rows;
    t->name = parse_name(p, "the name of the table goes here");
    parse_expect_mark(p, ':', "a colon follows the name of a table, as in: table class-of : suv car");
    do {
        t->has_otherwise = parse_accept(p, "else");
        if (t->has_otherwise) {
            t->otherwise = parse_name(p, "the word for all others goes here");
            break;
        }
        if ((r = row(p, t)) == NULL)
            break;
        *end = r;
        end = &r->next;
    } while (parse_accept_mark(p, ','));
    return t;
}

static void
check_feed_name(struct parser *p)
{
    for (const struct feed *f = p->set->feeds; f != NULL; f = f->next) {
        if (str_eq(f->name, p->tok.text))
            parse_fail(p,
                       "a feed of this name is there already; leave one out, or give this one another name");
    }
}

/* feed = "feed" NAME "version" INT { sentence | table | message } */
static struct feed *
feed(struct parser *p)
{
    struct feed *f = TAKE(p, struct feed);
    struct feed_sentence **sentences;
    struct feed_table **tables;
    struct feed_message **messages;
    int64_t version;

    if (f == NULL)
        return NULL;
    p->feed = f;
    sentences = &f->sentences;
    tables = &f->tables;
    messages = &f->messages;
    check_feed_name(p);
    f->name = parse_name(p, "the name of the feed goes here");
    parse_expect(p, "version", "\"version\" and its number follow the name of a feed");
    if (!json_int(p->tok.text, &version))
        parse_fail(p, "the number of the version goes here");
    parse_advance(p);
    while (parse_more(p)) {
        if (parse_accept(p, "sentence")) {
            if ((*sentences = sentence(p)) != NULL)
                sentences = &(*sentences)->next;
        } else if (parse_accept(p, "table")) {
            if ((*tables = table(p)) != NULL)
                tables = &(*tables)->next;
        } else if (parse_accept(p, "message")) {
            if ((*messages = message(p)) != NULL)
                messages = &(*messages)->next;
        } else {
            break;
        }
    }
    return f;
}

static void
check_camera(struct parser *p, struct feed_token start, const struct feed_camera *c)
{
    for (const struct feed_camera *i = p->set->cameras; i != NULL; i = i->next) {
        if (p->st == ST_OK && str_eq(i->name, c->name) && str_eq(i->feed, c->feed)) {
            struct buf b = parse_fail_at(p, start.pos, ST_CONFLICT);

            put_s(&b, "this camera has a line already; leave one out, or say \"of\" which feed each is");
        }
    }
}

/* camera = "camera" NAME [ "of" NAME ] "is" NAME [ "with" pairs ] */
static struct feed_camera *
camera(struct parser *p)
{
    struct feed_token start = p->tok;
    struct feed_camera *c = TAKE(p, struct feed_camera);

    if (c == NULL)
        return NULL;
    c->name = parse_name(p, "the camera's name, as its messages give it, goes here");
    if (parse_accept(p, "of"))
        c->feed = parse_name(p, "the name of a feed goes here, as in: camera north of maker is cam-3");
    check_camera(p, start, c);
    parse_expect(p, "is",
                 "\"is\" and who the camera is in the agreement go here, as in: camera north is cam-3");
    c->source = parse_name(p, "who the camera is in the agreement goes here, as in: camera north is cam-3");
    if (parse_accept(p, "with"))
        c->pairs = parse_pairs(p);
    return c;
}

static void
append_feed(struct feed_set *set, struct feed *f)
{
    struct feed **end = &set->feeds;

    while (*end != NULL)
        end = &(*end)->next;
    *end = f;
}

static void
append_camera(struct feed_set *set, struct feed_camera *c)
{
    struct feed_camera **end = &set->cameras;

    while (*end != NULL)
        end = &(*end)->next;
    *end = c;
}

struct feed_set *
feed_set_new(struct arena *a)
{
    struct feed_set *set = NEW(a, 1, struct feed_set);

    if (set != NULL)
        set->arena = a;
    return set;
}

/* file = { feed | camera } */
enum status
feed_read(struct feed_set *set, struct str file, struct str text, struct diag *d)
{
    struct parser p = parse_begin(set, file, text, d);
    struct feed *f;
    struct feed_camera *c;

    while (parse_more(&p)) {
        if (parse_accept(&p, "feed")) {
            if ((f = feed(&p)) != NULL)
                append_feed(set, f);
        } else if (parse_accept(&p, "camera")) {
            if ((c = camera(&p)) != NULL)
                append_camera(set, c);
        } else {
            misplaced(&p);
        }
    }
    return p.st;
}

enum status
feed_pairs_read(struct feed_set *set, struct str file, struct str text, const struct feed_pair **ret_pairs,
                struct diag *d)
{
    struct parser p = parse_begin(set, file, text, d);
    struct feed_pair *first = parse_pairs(&p);

    if (parse_more(&p))
        parse_fail(&p, "a comma and the next field go here, or nothing");
    if (p.st == ST_OK)
        *ret_pairs = first;
    return p.st;
}

void
feed_visit_kinds(const struct feed_set *set, feed_visit *visit, void *ctx)
{
    for (const struct feed *f = set->feeds; f != NULL; f = f->next) {
        for (const struct feed_message *m = f->messages; m != NULL; m = m->next) {
            for (const struct feed_outcome *o = m->outcomes; o != NULL; o = o->next) {
                visit(ctx, f->name, o->kind, STR(""), false);
                for (const struct feed_field *i = o->fields; i != NULL; i = i->next)
                    visit(ctx, f->name, o->kind, i->name, i->optional);
            }
        }
    }
}
