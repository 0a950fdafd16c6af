/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/record.h"
#include "codec_test.h"

static struct arena arena;
static struct record record;
static struct diag diag;

static void
test_paths(void)
{
    struct path p = {0};
    char name[RECORD_PATH + 1];

    memset(name, 'x', sizeof name);
    OK(path_push(&p, STR("a.b")) && path_push(&p, STR("c\\d")) && path_push_number(&p, 12) &&
           str_eq(path_str(&p), STR("a\\.b.c\\\\d.12")),
       "dots and backslashes in a name are told from those between names: %.*s", STR_FMT(path_str(&p)));
    p = (struct path){0};
    OK(path_push(&p, (struct str){name, RECORD_PATH}) && !path_push(&p, STR("")),
       "a path has a longest length");
    p = (struct path){0};
    for (int i = 0; i < RECORD_DEPTH; i++)
        (void)!path_push(&p, STR("a"));
    OK(p.depth == RECORD_DEPTH && !path_push(&p, STR("a")), "a path has a greatest depth");
    path_diag(&diag);
    OK(strstr(diag.text, "deeper than 32 names") != NULL, "both are said: %s", diag.text);
}

static void
test_entries(void)
{
    char text[RECORD_TEXT + 1];
    struct item *e;

    memset(text, 'y', sizeof text);
    OK(record_add(&record, STR("a"), RECORD_STRING, STR("1"), &diag) == ST_OK &&
           record_add(&record, STR("a.b"), RECORD_NUMBER, STR("1.50"), &diag) == ST_OK &&
           record_add(&record, STR("long"), RECORD_STRING, (struct str){text, sizeof text}, &diag) == ST_OK,
       "values are added");
    e = record_find(&record, STR("a.b"));
    OK(e != NULL && e->type == RECORD_NUMBER && str_eq(e->text, STR("1.50")),
       "and found by their path, unchanged");
    OK(record_find(&record, STR("a.")) == NULL && record_find(&record, STR("")) == NULL, "others are not");
    e = record_find(&record, STR("long"));
    OK(e != NULL && e->type == RECORD_LONG && e->text.len == 0, "a long text is noted, not kept");
    record_reset(&record);
    OK(record.n == 0 && record_find(&record, STR("a")) == NULL, "a reset forgets all");
}

static void
test_limits(void)
{
    enum status st = ST_OK;
    char text[RECORD_TEXT];
    uint32_t n = 0;

    record_reset(&record);
    for (; st == ST_OK && n <= RECORD_ENTRIES; n++) {
        struct path p = {0};

        (void)!path_push_number(&p, n);
        st = record_add(&record, path_str(&p), RECORD_NULL, STR(""), &diag);
    }
    OK(st == ST_LIMIT && record.n == RECORD_ENTRIES, "values are counted: %s", diag.text);
    OK(record_find(&record, STR("4095")) != NULL && record_find(&record, STR("4096")) == NULL,
       "a full record still finds, and ends a search for what is not there");
    record_reset(&record);
    memset(text, 'z', sizeof text);
    for (st = ST_OK, n = 0; st == ST_OK && n <= RECORD_ENTRIES; n++) {
        struct path p = {0};

        (void)!path_push_number(&p, n);
        st = record_add(&record, path_str(&p), RECORD_STRING, (struct str){text, sizeof text}, &diag);
    }
    OK(st == ST_LIMIT && record.bytes <= RECORD_BYTES, "bytes are counted: %s", diag.text);
    OK(record_init(&record, &(struct arena){0}, &diag) == ST_LIMIT, "an arena too small is said: %s",
       diag.text);
}

int
main(void)
{
    arena = arena_new(CODEC_ARENA);
    test_paths();
    OK(record_init(&record, &arena, &diag) == ST_OK, "a record is made");
    test_entries();
    test_limits();
    arena_free(&arena);
    return tap_end();
}
