/* SPDX-License-Identifier: Apache-2.0 */
#include "accord/text.h"

/* Line and column (in characters) of a byte. */
static void
place(struct str source, uint32_t pos, uint32_t *ret_line, uint32_t *ret_col)
{
    uint32_t line = 1, col = 1;

    for (uint32_t i = 0; i < pos && i < source.len; i++) {
        if (source.ptr[i] == '\n') {
            line++;
            col = 1;
        } else if (((unsigned char)source.ptr[i] & 0xc0) != 0x80) {
            col++;
        }
    }
    *ret_line = line;
    *ret_col = col;
}

void
accord_diag_at(struct accord_diags *d, uint8_t text, uint32_t pos, uint32_t len, struct str what)
{
    struct accord_diag *item;

    d->total++;
    if (d->n == ACCORD_DIAGS_MAX)
        return;
    item = &d->item[d->n];
    item->what = arena_str(d->arena, what);
    if (item->what.ptr == NULL)
        item->what = STR("no memory is left to say what is wrong here");
    item->text = text;
    item->len = len;
    place(d->texts[text].source, pos, &item->line, &item->col);
    d->n++;
}

static bool
before(const struct accord_diag *a, const struct accord_diag *b)
{
    if (a->text != b->text)
        return a->text < b->text;
    return a->line != b->line ? a->line < b->line : a->col < b->col;
}

void
accord_diags_sort(struct accord_diags *d)
{
    for (uint32_t i = 1; i < d->n; i++) {
        struct accord_diag moved = d->item[i];
        uint32_t j = i;

        for (; j > 0 && before(&moved, &d->item[j - 1]); j--)
            d->item[j] = d->item[j - 1];
        d->item[j] = moved;
    }
}
