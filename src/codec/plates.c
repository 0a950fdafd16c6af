/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/plates.h"
#include "base/put.h"
#include "codec/json_flat.h"
#include "codec/xml_flat.h"

struct work {
    const struct feed_set *feeds;
    const struct feed_given *given;
    struct arena *arena;
    struct record record;
    struct reading told;
    reading_sink *sink;
    void *ctx;
    struct reading_count count;
    struct str all; /* the whole input */
    enum status st; /* of the first document that could not be read */
    struct diag *d;
};

/* Behind what is wrong with a document, where: counted in the whole input. */
static void
put_where(const struct work *w, struct str document, struct diag *diag)
{
    struct buf b = buf_of(diag->text, sizeof diag->text);
    size_t line = w->told.input_line, column = 1;

    b.len = strlen(diag->text);
    for (size_t i = 0; i < diag->pos && i < document.len; i++) {
        bool end = document.ptr[i] == '\n';

        line += end;
        column = end ? 1 : column + (((unsigned char)document.ptr[i] & 0xc0) != 0x80);
    }
    put_s(&b, ": line ");
    put_u(&b, line);
    put_s(&b, ", column ");
    put_u(&b, column);
    (void)put_end(&b);
}

/* A document, or a message of one, that could not be read: told, and the first kept for the caller. */
static void
unread(struct work *w, struct str document, enum status st, struct diag *diag)
{
    struct reading *r = &w->told;

    put_where(w, document, diag);
    diag->pos += (uint32_t)(document.ptr - w->all.ptr);
    r->message = ++w->count.messages;
    r->number = 1;
    r->feed = r->line = STR("");
    r->why = str_of(diag->text);
    w->count.readings++;
    w->count.refused++;
    w->sink(w->ctx, r);
    if (w->st != ST_OK)
        return;
    w->st = st;
    if (w->d != NULL)
        *w->d = *diag;
}

static void
apply_record(struct work *w)
{
    w->told.message = ++w->count.messages;
    feed_apply(w->feeds, w->given, &w->record, &w->told, w->sink, w->ctx, &w->count);
}

static void
read_xml(struct work *w, struct str document)
{
    struct diag diag = {0};
    enum status st = xml_flat(document, &w->record, &diag);

    if (st != ST_OK)
        unread(w, document, st, &diag);
    else
        apply_record(w);
}

static void
read_json(struct work *w, struct str document)
{
    struct diag diag = {0};
    struct json_flat j = {0};
    enum status st = json_flat_read(&j, document, w->arena, &diag);

    /* The numbers of the document stand before the texts of its messages. */
    w->record.mark = w->arena->used;
    if (st != ST_OK) {
        unread(w, document, st, &diag);
        return;
    }
    if (j.messages == 0) {
        diag_set(&diag, 0, 0, "the list of messages is empty");
        unread(w, document, ST_INVALID, &diag);
    }
    while (j.message_next < j.messages) {
        st = json_flat_next(&j, &w->record, &diag);
        if (st != ST_OK)
            unread(w, document, st, &diag);
        else
            apply_record(w);
    }
    json_flat_free(&j);
}

/* Documents */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct str
trim(struct str s)
{
    while (s.len > 0 && is_blank(s.ptr[0]))
        s = str_cut(s, 1, s.len);
    while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

/* The line that begins at *at, trimmed; *at moves behind it. */
static struct str
next_line(struct str s, size_t *at)
{
    struct str rest = str_cut(s, *at, s.len);
    const char *end = rest.len == 0 ? NULL : memchr(rest.ptr, '\n', rest.len);
    struct str line = str_cut(rest, 0, end == NULL ? rest.len : (size_t)(end - rest.ptr));

    *at += line.len + (end != NULL);
    return trim(line);
}

/* One message a line: the first line is a whole object and another follows, so that all of it is
 * no single value. */
static bool
is_one_a_line(struct str s)
{
    size_t at = 0;
    struct str first = next_line(s, &at);

    return at < s.len && str_starts(first, STR("{")) && json_flat_is_whole(first);
}

static void
read_lines(struct work *w, struct str s)
{
    size_t mark = w->arena->used;

    for (size_t at = 0; at < s.len; w->told.input_line++) {
        struct str line = next_line(s, &at);

        if (line.len > 0)
            read_json(w, line);
        arena_back(w->arena, mark);
    }
}

static size_t
count_lines(const char *from, const char *to)
{
    size_t n = 1;

    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

static void
read_all(struct work *w)
{
    struct diag diag = {0};
    struct str s = w->all;

    w->told.input_line = 1;
    if (str_starts(s, STR("\xef\xbb\xbf")))
        s = str_cut(s, 3, s.len);
    s = trim(s);
    w->told.input_line = count_lines(w->all.ptr, s.ptr);
    if (s.len == 0) {
        diag_set(&diag, 0, 0, "there is nothing to read");
        unread(w, w->all, ST_MALFORMED, &diag);
    } else if (str_starts(s, STR("\xfe\xff")) || str_starts(s, STR("\xff\xfe"))) {
        diag_set(&diag, 0, 2, "the bytes are UTF-16; send them as UTF-8");
        unread(w, s, ST_MALFORMED, &diag);
    } else if (*s.ptr == '<') {
        read_xml(w, s);
    } else if (is_one_a_line(s)) {
        read_lines(w, s);
    } else {
        read_json(w, s);
    }
}

enum status
codec_plates(struct str bytes, const struct feed_set *feeds, const struct feed_given *given, struct arena *a,
             reading_sink *sink, void *ctx, struct reading_count *ret_count, struct diag *d)
{
    size_t mark = a->used;
    struct work w = {
        .feeds = feeds, .given = given, .arena = a, .sink = sink, .ctx = ctx, .all = bytes, .d = d};
    enum status st;

    if (bytes.ptr == NULL)
        w.all = STR("");
    st = record_init(&w.record, a, d);
    if (st == ST_OK) {
        read_all(&w);
        st = w.st;
        *ret_count = w.count;
    }
    arena_back(a, mark);
    return st;
}
