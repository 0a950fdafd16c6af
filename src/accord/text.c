/* SPDX-License-Identifier: Apache-2.0 */
#include "accord/text.h"

/* Line and column (in characters) of a byte, counted on from the last one asked for where that can be:
 * a text of a thousand errors is gone through once. */
static void
place(struct accord_diags *d, uint8_t text, uint32_t pos)
{
    struct str source = d->texts[text].source;

    if (d->last.line == 0 || d->last.text != text || d->last.pos > pos) {
        d->last.text = text;
        d->last.pos = 0;
        d->last.line = d->last.col = 1;
    }
    for (; d->last.pos < pos && d->last.pos < source.len; d->last.pos++) {
        char c = source.ptr[d->last.pos];

        if (c == '\n') {
            d->last.line++;
            d->last.col = 1;
        } else if (((unsigned char)c & 0xc0) != 0x80) {
            d->last.col++;
        }
    }
}

/* How often these words are told already; UINT32_MAX when of this very place. */
static uint32_t
told(const struct accord_diags *d, uint8_t text, uint32_t pos, struct str what)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < d->n; i++) {
        if (!str_eq(d->item[i].what, what))
            continue;
        if (d->item[i].text == text && d->item[i].pos == pos)
            return UINT32_MAX;
        count++;
    }
    return count;
}

struct str
accord_cut(struct str word, size_t most)
{
    if (word.len <= most)
        return word;
    while (most > 0 && ((unsigned char)word.ptr[most] & 0xc0) == 0x80)
        most--;
    return str_cut(word, 0, most);
}

/* A copy that no terminal obeys: what is quoted from the text may hold a tab or the end of a line. */
static struct str
copied(struct accord_diags *d, struct str what)
{
    char text[1024];
    struct str cut = accord_cut(what, sizeof text);

    for (size_t i = 0; i < cut.len; i++)
        text[i] = (unsigned char)cut.ptr[i] < 0x20 || cut.ptr[i] == 0x7f ? ' ' : cut.ptr[i];
    return arena_str(d->arena, (struct str){text, cut.len});
}

void
accord_diag_at(struct accord_diags *d, uint8_t text, uint32_t pos, uint32_t len, struct str what)
{
    struct accord_diag *item = &d->item[d->n];
    uint32_t before = told(d, text, pos, what);

    if (before == UINT32_MAX)
        return;
    d->total++;
    if (d->n == ACCORD_DIAGS_MAX || before >= ACCORD_SAME_MAX)
        return;
    place(d, text, pos);
    *item = (struct accord_diag){.text = text, .pos = pos, .len = len, .line = d->last.line, .col = d->last.col,
                                 .what = copied(d, what)};
    if (item->what.ptr == NULL)
        item->what = STR("no memory is left to say what is wrong here");
    d->n++;
}

void
accord_note_at(struct accord_diags *d, uint8_t text, uint32_t pos, uint32_t len, struct str what)
{
    struct str copy;

    if (d->notes_total++ >= ACCORD_NOTES_MAX)
        return;
    copy = copied(d, what);
    if (copy.ptr == NULL)
        return;
    place(d, text, pos);
    d->note[d->nnotes++] = (struct accord_diag){.text = text, .pos = pos, .len = len, .line = d->last.line, .col = d->last.col,
                                               .what = copy};
}

static bool
before(const struct accord_diag *a, const struct accord_diag *b)
{
    if (a->text != b->text)
        return a->text < b->text;
    return a->pos < b->pos;
}

static void
sort(struct accord_diag *list, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        struct accord_diag moved = list[i];
        uint32_t j = i;

        for (; j > 0 && before(&moved, &list[j - 1]); j--)
            list[j] = list[j - 1];
        list[j] = moved;
    }
}

void
accord_diags_sort(struct accord_diags *d)
{
    sort(d->item, d->n);
    sort(d->note, d->nnotes);
}
