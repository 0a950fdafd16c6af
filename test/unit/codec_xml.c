/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml_flat.h"
#include "codec_dump.h"

static struct arena arena;
static struct record record;
static char dump[1 << 17];

static struct str
flatten(struct str bytes, enum status *ret_st)
{
    struct buf b = buf_of(dump, sizeof dump);
    struct diag d = {0};

    *ret_st = xml_flat(bytes, &record, &d);
    if (*ret_st == ST_OK)
        put_record(&b, &record);
    else
        put_s(&b, d.text);
    return buf_str(&b);
}

#define DOCTYPE                                                                                              \
    "the XML declares a DOCTYPE; a reading needs none, and entities hide in it: it is refused unread"
#define DEEP                                                                                                    \
    "the message is nested deeper than 32 names, or the names on the way to a value are longer than 256 bytes " \
    "together"

static const struct {
    const char *what, *text, *want;
    enum status st;
} cases[] = {
    {"elements and attributes", "<a x='1'><b> t\n</b><c/></a>", "a={2\na.@x=s1\na.b=st\na.c=s\n", ST_OK},
    {"namespaces are dropped", "<h:a xmlns:h='urn:x' xmlns='urn:y' h:k='1'><b xml:lang='en'>t</b></h:a>",
     "a={1\na.@k=s1\na.b=st\na.b.@lang=sen\n", ST_OK},
    {"elements that repeat", "<a><b>1</b><b>2</b><c/><b><d>3</d></b></a>",
     "a={4\na.b=s1\na.b.1=s2\na.c=s\na.b.2={1\na.b.2.d=s3\n", ST_OK},
    {"attributes that are the same without their prefix", "<a xmlns:p='u:p' xmlns:q='u:q' p:k='1' q:k='2'/>",
     "a=s\na.@k=s1\na.@k.1=s2\n", ST_OK},
    {"entities that XML itself has", "<a>&lt;&amp;&#65;</a>", "a=s<&A\n", ST_OK},
    {"a part that is not markup", "<a><![CDATA[<b>&x;]]></a>", "a=s<b>&x;\n", ST_OK},
    {"text around children is no value", "<a>x<b>1</b>y</a>", "a={1\na.b=s1\n", ST_OK},
    {"comments and instructions", "<?xml version='1.0'?><!-- c --><?pi x?><a>1<!-- d -->2</a>", "a=s12\n",
     ST_OK},
    {"ISO-8859-1 becomes UTF-8", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xd6</a>", "a=s\xc3\x96\n",
     ST_OK},
    {"a dot in a name is no step", "<a.b><c>1</c></a.b>", "a\\.b={1\na\\.b.c=s1\n", ST_OK},
    {"a DOCTYPE", "<!DOCTYPE a><a/>", DOCTYPE, ST_INVALID},
    {"a DOCTYPE of another file", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", DOCTYPE, ST_INVALID},
    {"an entity bomb", "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]><a>&c;</a>", DOCTYPE, ST_INVALID},
    {"an entity of another file", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", DOCTYPE,
     ST_INVALID},
    {"a parameter entity", "<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://example.invalid/x'> %b;]><a/>", DOCTYPE,
     ST_INVALID},
    {"an entity nobody declared", "<a>&b;</a>", "this is not well-formed XML (undefined entity)",
     ST_MALFORMED},
    {"a prefix nobody declared", "<h:a/>", "this is not well-formed XML (unbound prefix)", ST_MALFORMED},
    {"an attribute twice", "<a k='1' k='2'/>", "this is not well-formed XML (duplicate attribute)",
     ST_MALFORMED},
    {"an end too early", "<a><b>", "this is not well-formed XML (no element found)", ST_MALFORMED},
    {"two roots", "<a/><b/>", "this is not well-formed XML (junk after document element)", ST_MALFORMED},
    {"an encoding nobody knows", "<?xml version='1.0' encoding='x-nobody'?><a/>",
     "this is not well-formed XML (unknown encoding)", ST_MALFORMED},
    {"bytes that are not UTF-8", "<a>\xff</a>",
     "this is not well-formed XML (not well-formed (invalid token))", ST_MALFORMED},
    {"nothing", "", "this is not well-formed XML (no element found)", ST_MALFORMED},
};

static void
test_cases(void)
{
    static const char utf16[] = "<\0a\0/\0>\0";

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum status st;
        struct str got = flatten(str_of(cases[i].text), &st);

        OK(st == cases[i].st && str_eq(got, str_of(cases[i].want)), "xml, %s", cases[i].what);
        if (!str_eq(got, str_of(cases[i].want)))
            say_lines("got", got);
    }
    enum status st;
    struct str got = flatten((struct str){utf16, sizeof utf16 - 1}, &st);

    OK(st == ST_MALFORMED, "xml, UTF-16: %.*s", STR_FMT(got));
}

/* Within a second and 64 MiB, whatever it is. */
static void
bounded(const char *what, struct str bytes, bool good, const char *want)
{
    struct cost cost = cost_begin();
    enum status st;
    struct str got = flatten(bytes, &st);

    cost = cost_end(cost);
    OK((st == ST_OK) == good && (want == NULL || str_eq(got, str_of(want))), "xml, %s: %.*s", what,
       STR_FMT(first_line(got)));
    OK(cost.seconds < 1.0 && cost.kib < 64 << 10, "xml, %s: %.3f s, %ld KiB more", what, cost.seconds,
       cost.kib);
}

static struct str
repeat(const char *before, const char *part, size_t times, const char *after)
{
    size_t a = strlen(before), b = strlen(part), c = strlen(after);
    char *s = malloc(a + b * times + c + 1);

    memcpy(s, before, a);
    for (size_t i = 0; i < times; i++)
        memcpy(s + a + i * b, part, b);
    memcpy(s + a + b * times, after, c);
    return (struct str){s, a + b * times + c};
}

static const struct {
    const char *what, *before, *part, *after;
    size_t times;
    bool good;
    const char *want;
} hostile[] = {
    {"300,000 open elements", "", "<a>", "", 300000, false, DEEP},
    {"250,000 empty elements", "<a>", "<b/>", "</a>", 250000, false,
     "the message holds more than 4096 values"},
    {"a text of a megabyte", "<a>", "xxxxxxxx", "</a>", 131000, true, "a=L\n"},
    {"blanks without end", "<a>", "        ", "</a>", 131000, true, "a=s\n"},
    {"a name of a megabyte", "<", "a", "/>", 1000000, false, DEEP},
    {"an attribute of a megabyte", "<a k='", "x", "'/>", 1000000, true, "a=s\na.@k=L\n"},
    {"an attribute's name of a megabyte", "<a ", "k", "='1'/>", 1000000, false, DEEP},
    {"a comment of a megabyte", "<a><!--", "x", "--></a>", 1000000, true, "a=s\n"},
    {"an instruction of a megabyte", "<?p ", "x", "?><a/>", 1000000, true, "a=s\n"},
    {"character references without end", "<a>", "&#65;", "</a>", 200000, true, "a=L\n"},
    {"one byte more than the limit", "<a>", "x", "</a>", XML_BYTES - 6, false,
     "the XML is longer than 1048576 bytes"},
    {"an open tag without end", "<a ", "k ", "", 500000, false, NULL},
    {"an entity bomb with one long entity", "<!DOCTYPE a [<!ENTITY b '", "BBBBBBBB", "'>]><a>&b;&b;</a>",
     100000, false, DOCTYPE},
    {"a DOCTYPE name of a megabyte", "<!DOCTYPE ", "a", "><a/>", 1000000, false, DOCTYPE},
};

/* Attributes with names of their own: expat must not compare each with each. */
static struct str
many_attributes(size_t n)
{
    size_t cap = 16 * n + 64;
    char *s = malloc(cap);
    struct buf b = buf_of(s, cap);

    put_s(&b, "<a");
    for (size_t i = 0; i < n; i++) {
        put_s(&b, " k");
        put_u(&b, i);
        put_s(&b, "=''");
    }
    put_s(&b, "/>");
    return buf_str(&b);
}

static void
test_hostile(void)
{
    struct str bytes = many_attributes(80000);

    bounded("80,000 attributes", bytes, false, "the message holds more than 4096 values");
    file_free(bytes);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        bytes = repeat(hostile[i].before, hostile[i].part, hostile[i].times, hostile[i].after);
        bounded(hostile[i].what, bytes, hostile[i].good, hostile[i].want);
        file_free(bytes);
    }
}

static void
test_real_hostile(void)
{
    static const char *const files[] = {
        "defusedxml/cyclic.xml",   "defusedxml/dtd.xml",           "defusedxml/dtd_element.xml",
        "defusedxml/external.xml", "defusedxml/external_file.xml", "defusedxml/quadratic.xml",
        "defusedxml/xmlbomb.xml",  "defusedxml/xmlbomb2.xml",      "cap-library/xee.atom",
        "cap-library/xee.cap",     "takpacket/xml_doctype.xml",    "takpacket/xml_entity_expansion.xml"};
    const char *folder = shared_folder("data/xml-hostile");
    char path[3000];
    struct str bytes;

    if (folder == NULL) {
        tap_skip("14 hostile files of other projects",
                 "ENTENTE_SHARED names no folder with data/xml-hostile");
        return;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        bytes = file_read(path);
        bounded(files[i], bytes, false, DOCTYPE);
        file_free(bytes);
    }
    (void)snprintf(path, sizeof path, "%s/defusedxml/simple-ns.xml", folder);
    bytes = file_read(path);
    bounded(
        "defusedxml/simple-ns.xml", bytes, true,
        "root={3\nroot.element=stext\nroot.element.@key=svalue\nroot.element.1=stext\nroot.empty-element=s\n");
    file_free(bytes);
    (void)snprintf(path, sizeof path, "%s/defusedxml/simple.xml", folder);
    bytes = file_read(path);
    bounded("defusedxml/simple.xml", bytes, true, NULL);
    file_free(bytes);
}

int
main(void)
{
    struct diag d;

    arena = arena_new(CODEC_ARENA);
    OK(record_init(&record, &arena, &d) == ST_OK, "a record is made");
    test_cases();
    test_hostile();
    test_real_hostile();
    arena_free(&arena);
    return tap_end();
}
