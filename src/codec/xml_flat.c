/* SPDX-License-Identifier: Apache-2.0 */
/* Expat calls back in the order of the document. An element gets its entry when it
 * begins and its text when it ends; texts stand one above the other in one buffer a
 * level, since a child may interrupt the text of its parent. The first failure stops
 * the parser, so no handler checks another's errors. */
#include <expat.h>
#include "codec/xml_flat.h"
#include "base/put.h"

enum { NAMESPACE_END = ' ' }; /* expat gives "namespace name"; no name holds a blank */

struct level {
    struct item *entry;
    size_t path_len; /* of the parent's path */
    uint32_t path_depth;
    size_t len; /* of the text, beyond its buffer too */
    char text[RECORD_TEXT];
};

struct reader {
    XML_Parser parser;
    struct record *r;
    struct path path;
    uint32_t depth;
    struct level *levels; /* RECORD_DEPTH */
    enum status st;
    struct diag *d;
};

static void
stop(struct reader *x, enum status st)
{
    if (x->st == ST_OK)
        x->st = st;
    (void)XML_StopParser(x->parser, XML_FALSE);
}

static void
refuse(struct reader *x, const char *sentence)
{
    XML_Index at = XML_GetCurrentByteIndex(x->parser);

    if (x->st == ST_OK)
        diag_set(x->d, at < 0 ? 0 : (uint32_t)at, 0, sentence);
    stop(x, ST_INVALID);
}

static struct str
local_name(const XML_Char *name)
{
    const char *blank = strrchr(name, NAMESPACE_END);

    return str_of(blank == NULL ? name : blank + 1);
}

/* Makes x->path the path of an element or attribute `name` of the element it stands for: the plain
 * path, or if that is taken the path with the next number. */
static bool
push_name(struct reader *x, struct str name)
{
    struct item *first;

    if (!path_push(&x->path, name))
        return false;
    first = record_find(x->r, path_str(&x->path));
    return first == NULL || path_push_number(&x->path, ++first->next);
}

static void
pop_to(struct reader *x, size_t path_len, uint32_t depth)
{
    x->path.len = path_len;
    x->path.depth = depth;
}

/* Adds an entry for `name` below the path as it stands, and leaves the path there. */
static struct item *
add(struct reader *x, struct str name, enum record_type type, struct str text)
{
    if (!push_name(x, name)) {
        path_diag(x->d);
        stop(x, ST_LIMIT);
        return NULL;
    }
    enum status st = record_add(x->r, path_str(&x->path), type, text, x->d);

    if (st != ST_OK) {
        stop(x, st);
        return NULL;
    }
    return &x->r->entries[x->r->n - 1];
}

static void
add_attribute(struct reader *x, const XML_Char *name, const XML_Char *value)
{
    char text[RECORD_PATH + 1];
    struct buf b = buf_of(text, sizeof text);
    size_t len = x->path.len;
    uint32_t depth = x->path.depth;

    put_c(&b, '@');
    put(&b, local_name(name)); /* one too long is cut here, and still refused as a path */
    (void)add(x, buf_str(&b), RECORD_STRING, str_of(value));
    pop_to(x, len, depth);
}

static void XMLCALL
element_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *x = data;
    struct level *l;

    if (x->st != ST_OK)
        return;
    if (x->depth == RECORD_DEPTH) {
        path_diag(x->d);
        stop(x, ST_LIMIT);
        return;
    }
    if (x->depth > 0)
        x->levels[x->depth - 1].entry->count++;
    l = &x->levels[x->depth++];
    l->path_len = x->path.len;
    l->path_depth = x->path.depth;
    l->len = 0;
    l->entry = add(x, local_name(name), RECORD_STRING, STR(""));
    for (; x->st == ST_OK && *attributes != NULL; attributes += 2)
        add_attribute(x, attributes[0], attributes[1]);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void XMLCALL
text_part(void *data, const XML_Char *text, int len)
{
    struct reader *x = data;
    struct level *l;

    if (x->st != ST_OK || x->depth == 0)
        return;
    l = &x->levels[x->depth - 1];
    for (int i = 0; i < len; i++) {
        if (l->len == 0 && is_blank(text[i]))
            continue;
        if (l->len < RECORD_TEXT)
            l->text[l->len] = text[i];
        l->len++;
    }
}

/* An element with children is a tree; only one without has a text. */
static void
end_entry(struct reader *x, struct level *l)
{
    struct str text = {l->text, l->len};

    if (l->entry->count > 0) {
        l->entry->type = RECORD_TREE;
        return;
    }
    if (l->len > RECORD_TEXT) {
        l->entry->type = RECORD_LONG;
        return;
    }
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    l->entry->text = record_keep(x->r, text, x->d);
    if (l->entry->text.ptr == NULL)
        stop(x, ST_LIMIT);
}

static void XMLCALL
element_end(void *data, const XML_Char *name)
{
    struct reader *x = data;
    struct level *l;

    (void)name;
    if (x->st != ST_OK)
        return;
    l = &x->levels[--x->depth];
    end_entry(x, l);
    pop_to(x, l->path_len, l->path_depth);
}

static void XMLCALL
doctype(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(data,
           "the XML declares a DOCTYPE; a reading needs none, and entities hide in it: it is refused unread");
}

static void XMLCALL
entity(void *data, const XML_Char *name, int parameter, const XML_Char *value, int len, const XML_Char *base,
       const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
    (void)name;
    (void)parameter;
    (void)value;
    (void)len;
    (void)base;
    (void)system;
    (void)public;
    (void)notation;
    refuse(data, "the XML declares an entity; a reading needs none: it is refused unread");
}

static void XMLCALL
skipped_entity(void *data, const XML_Char *name, int parameter)
{
    (void)name;
    (void)parameter;
    refuse(data, "the XML uses an entity that nobody declared");
}

static void
parse_diag(struct reader *x)
{
    XML_Index at = XML_GetCurrentByteIndex(x->parser);
    struct buf b = diag_put(x->d, at < 0 ? 0 : (uint32_t)at, 0);

    put_s(&b, "this is not well-formed XML (");
    put_s(&b, XML_ErrorString(XML_GetErrorCode(x->parser)));
    put_c(&b, ')');
}

/* UTF-16 holds NULs; XML in UTF-8 cannot. */
static enum status
check_bytes(struct str bytes, struct diag *d)
{
    const char *nul = bytes.len == 0 ? NULL : memchr(bytes.ptr, '\0', bytes.len);
    struct buf b;

    if (bytes.len > XML_BYTES) {
        b = diag_put(d, 0, 0);
        put_s(&b, "the XML is longer than ");
        put_u(&b, XML_BYTES);
        put_s(&b, " bytes");
        return ST_LIMIT;
    }
    if (nul == NULL)
        return ST_OK;
    diag_set(d, (uint32_t)(nul - bytes.ptr), 1, "the XML holds a NUL byte, as UTF-16 does; send it as UTF-8");
    return ST_MALFORMED;
}

static enum status
parse(struct reader *x, struct str bytes)
{
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, element_start, element_end);
    XML_SetCharacterDataHandler(x->parser, text_part);
    XML_SetStartDoctypeDeclHandler(x->parser, doctype);
    XML_SetEntityDeclHandler(x->parser, entity);
    XML_SetSkippedEntityHandler(x->parser, skipped_entity);
    /* The whole document in one call: expat then never reads a long token twice. */
    if (XML_Parse(x->parser, bytes.ptr, (int)bytes.len, XML_TRUE) == XML_STATUS_OK || x->st != ST_OK)
        return x->st;
    parse_diag(x);
    return ST_MALFORMED;
}

enum status
xml_flat(struct str bytes, struct record *r, struct diag *d)
{
    struct reader x = {.r = r, .st = check_bytes(bytes, d), .d = d};

    record_reset(r);
    if (x.st != ST_OK)
        return x.st;
    x.levels = NEW(r->arena, RECORD_DEPTH, struct level);
    x.parser = x.levels == NULL ? NULL : XML_ParserCreateNS(NULL, NAMESPACE_END);
    if (x.parser == NULL) {
        diag_set(d, 0, 0, "there is not enough memory to read XML; give at least CODEC_ARENA bytes");
        return ST_LIMIT;
    }
    x.st = parse(&x, bytes);
    XML_ParserFree(x.parser);
    return x.st;
}
