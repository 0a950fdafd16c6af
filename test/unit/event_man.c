/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of entry(5), run: see the remark at its head. */
#include "event_test.h"

#include "base/text.h"
#include "os/file.h"

enum { PLACE = 7, BLOCK = 1 << 13, PAGE = 1 << 18 };

static const struct program *p;
static struct event e;
static enum status st;
static char line_bytes[BLOCK]; /* the event's slices point here */
static int lines;

/* Takes the next line off *s. */
static struct str
take_line(struct str *s)
{
    const char *end = s->len == 0 ? NULL : memchr(s->ptr, '\n', s->len);
    struct str line = str_cut(*s, 0, end == NULL ? s->len : (size_t)(end - s->ptr));

    *s = str_cut(*s, line.len + 1, s->len);
    return line;
}

/* The block from ".Bd" to ".Ed". */
static struct str
take_block(struct str *page)
{
    struct str block;

    (void)take_line(page);
    block = (struct str){page->ptr, 0};
    while (page->len > 0 && !str_starts(*page, STR(".Ed"))) {
        (void)take_line(page);
        block.len = (size_t)(page->ptr - block.ptr);
    }
    return block;
}

/* Lines that begin with a blank go on from the one before: JSON without the blank, a sentence with it. */
static struct str
unfold(struct str block, struct buf *b)
{
    bool json = str_starts(block, STR("{"));

    for (bool first = true; block.len > 0; first = false) {
        struct str line = take_line(&block);

        if (!first && !str_starts(line, STR(" ")))
            put_c(b, '\n');
        put(b, str_cut(line, !first && json && str_starts(line, STR(" ")), line.len));
    }
    return buf_str(b);
}

static void
compare(struct str want, struct str got, const char *what)
{
    if (!OK(str_eq(want, got), "%s of line %d is as the page says", what, lines))
        printf("# the page: %.*s\n# got:      %.*s\n", STR_FMT(want), STR_FMT(got));
}

/* The canonical form of the last line, closed or not; and the leaf of the closed one. */
static void
run_form(struct str want, bool closed, bool leaf)
{
    char bytes[BLOCK], hex[64];
    struct buf b = buf_of(bytes, sizeof bytes), h = buf_of(hex, sizeof hex);

    if (!OK(st == ST_OK, "line %d is taken", lines)) {
        printf("# %s\n", diag.text);
        return;
    }
    put_c(&b, '\0'); /* a leaf's hash begins with this byte */
    if (closed)
        event_close(p, &drill_keys, PLACE, &scratch, &e);
    event_write(p, &e, &b);
    put_hex(&h, sha256_of(buf_str(&b)).b, 32);
    compare(want, leaf ? buf_str(&h) : str_cut(buf_str(&b), 1, b.len), leaf ? "the leaf" : "the form");
}

static void
run_agreement(struct str block)
{
    static struct accord_text texts[1] = {{.name = STR_LIT("entry(5)")}};

    texts[0].source = block;
    p = test_program_of(texts, 1);
    OK(p != NULL, "the agreement is read");
}

static void
run_line(struct str block)
{
    struct buf b = buf_of(line_bytes, sizeof line_bytes);

    st = test_read(p, unfold(block, &b), &e);
    lines++;
}

static void
run_block(struct str what, struct str block)
{
    char bytes[BLOCK];
    struct buf b = buf_of(bytes, sizeof bytes);

    if (str_eq(what, STR("agreement")))
        run_agreement(block);
    else if (p == NULL)
        OK(false, "a block before the agreement");
    else if (str_eq(what, STR("line")))
        run_line(block);
    else if (str_eq(what, STR("canonical")))
        run_form(unfold(block, &b), false, false);
    else if (str_eq(what, STR("closed")))
        run_form(unfold(block, &b), true, false);
    else if (str_eq(what, STR("leaf")))
        run_form(unfold(block, &b), true, true);
    else if (str_eq(what, STR("refused")))
        compare(unfold(block, &b), st == ST_OK ? STR("") : str_of(diag.text), "the refusal");
    else
        OK(false, "a block that is none: %.*s", STR_FMT(what));
}

int
main(void)
{
    const struct str mark = STR(".\\\" test: ");
    const char *root = getenv("ENTENTE_ROOT");
    char path[1024];
    struct str page;
    int blocks = 0;

    snprintf(path, sizeof path, "%s/doc/entry.5", root == NULL ? "." : root);
    if (os_arena_init(&test_arena, (size_t)ACCORD_BLOCK, &diag) != ST_OK ||
        os_file_read(&test_arena, path, PAGE, &page, &diag) != ST_OK) {
        OK(false, "doc/entry.5 is there: %s", diag.text);
        return tap_end();
    }
    while (page.len > 0) {
        struct str line = take_line(&page);

        if (!str_starts(line, mark))
            continue;
        run_block(str_cut(line, mark.len, line.len), take_block(&page));
        blocks++;
    }
    OK(blocks >= 20 && lines >= 9, "%d blocks of the page were run, %d of them lines", blocks, lines);
    return tap_end();
}
