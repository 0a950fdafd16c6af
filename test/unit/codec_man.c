/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of feed(5), run: see the remark at its head. */
#include "codec_test.h"

enum { BLOCK = 1 << 13 };

static struct arena feeds, work;
static struct feed_set *set;
static struct diag diag;
static char heard_bytes[1 << 14];
static struct buf heard;
static int messages;

/* As the page writes it: the event, or "refused: " and why. */
static void
hear_plain(void *ctx, const struct reading *r)
{
    (void)ctx;
    put_s(&heard, r->line.len > 0 ? "" : "refused: ");
    put(&heard, r->line.len > 0 ? r->line : r->why);
    put_c(&heard, '\n');
}

/* Takes the next line off *s. */
static struct str
take_line(struct str *s)
{
    const char *end = s->len == 0 ? NULL : memchr(s->ptr, '\n', s->len);
    struct str line = str_cut(*s, 0, end == NULL ? s->len : (size_t)(end - s->ptr));

    *s = str_cut(*s, line.len + 1, s->len);
    return line;
}

/* Lines that begin with a blank go on from the one before: an event without the blank between, a
 * sentence with it. */
static struct str
unfold(struct str block, struct buf *b)
{
    while (block.len > 0) {
        struct str line = take_line(&block), next = block;
        bool event = str_starts(line, STR("{"));

        put(b, line);
        while (str_starts(next = block, STR(" "))) {
            line = take_line(&block);
            put(b, str_cut(line, event, line.len));
        }
        put_c(b, '\n');
    }
    return buf_str(b);
}

static void
run_feed(struct str block)
{
    arena_back(&feeds, 0);
    set = feed_set_new(&feeds);
    diag = (struct diag){0};
    if (feed_read(set, STR("feed"), block, &diag) != ST_OK)
        set = NULL;
}

static void
run_message(struct str block)
{
    static const struct feed_given given = {.has_at = false};
    struct reading_count count;
    struct diag d;

    heard = buf_of(heard_bytes, sizeof heard_bytes);
    OK(set != NULL, "message %d has a feed: %s", ++messages, diag.text);
    if (set != NULL)
        OK(codec_plates(block, set, &given, &work, hear_plain, NULL, &count, &d) == ST_OK,
           "message %d is read", messages);
}

static void
compare(struct str want, struct str got)
{
    OK(str_eq(want, got), "what comes of message %d is as the page says", messages);
    if (!str_eq(want, got)) {
        say_lines("the page", want);
        say_lines("got", got);
    }
}

static void
run_block(struct str what, struct str block)
{
    char bytes[BLOCK];
    struct buf b = buf_of(bytes, sizeof bytes);

    if (str_eq(what, STR("feed"))) {
        run_feed(block);
    } else if (str_eq(what, STR("message"))) {
        run_message(block);
    } else if (str_eq(what, STR("becomes"))) {
        compare(unfold(block, &b), buf_str(&heard));
    } else if (str_eq(what, STR("diag"))) {
        put_s(&(struct buf){diag.text, sizeof diag.text - 1, strlen(diag.text), false}, "\n");
        compare(unfold(block, &b), str_of(diag.text));
    } else {
        OK(false, "a block that is none: %.*s", STR_FMT(what));
    }
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

int
main(void)
{
    const struct str mark = STR(".\\\" test: ");
    struct str bytes = source_file("doc/feed.5"), page = bytes;
    int blocks = 0;

    feeds = arena_new(1 << 16);
    work = arena_new(CODEC_ARENA);
    OK(bytes.ptr != NULL, "doc/feed.5 is there");
    while (page.len > 0) {
        struct str line = take_line(&page);

        if (!str_starts(line, mark))
            continue;
        run_block(str_cut(line, mark.len, line.len), take_block(&page));
        blocks++;
    }
    OK(blocks >= 14 && messages >= 5, "%d blocks of the page were run, %d of them messages", blocks,
       messages);
    arena_free(&feeds);
    arena_free(&work);
    file_free(bytes);
    return tap_end();
}
