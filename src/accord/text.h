/* SPDX-License-Identifier: Apache-2.0 */
/* text.h -- the texts of one agreement (itself and the libraries it uses), and what is wrong in them.
 *
 * The caller owns the bytes and the arena; both must live as long as anything
 * made from them. Positions become line and column only when an error is told. */
#ifndef ACCORD_TEXT_H
#define ACCORD_TEXT_H
#include "base/arena.h"
#include "base/put.h"

enum {
    ACCORD_TEXT_MAX = 1 << 22, /* bytes of one text */
    ACCORD_TEXTS_MAX = 16,
    ACCORD_DIAGS_MAX = 50,  /* kept; the rest is counted */
    ACCORD_SAME_MAX = 3,    /* of them, with the same words */
    ACCORD_NOTES_MAX = 20,
};

struct accord_text {
    struct str name;   /* as a person would name the file */
    struct str source; /* valid UTF-8, or a diag says where not */
};

struct accord_diag {
    uint8_t text;
    uint32_t pos, len;  /* bytes */
    uint32_t line, col; /* from 1; the column counts characters, not bytes */
    struct str what;         /* one line: what, and what would do */
};

struct accord_diags {
    const struct accord_text *texts;
    struct arena *arena;
    struct accord_diag item[ACCORD_DIAGS_MAX];
    uint32_t n, total;
    struct accord_diag note[ACCORD_NOTES_MAX]; /* what is no error, and yet should be known */
    uint32_t nnotes, notes_total;
    struct { uint8_t text; uint32_t pos, line, col; } last; /* where the last one stood: the next is near */
};

/* Notes one error at bytes [pos, pos + len) of a text; `what` is copied. The same again at the same
 * place is nothing new. */
void accord_diag_at(struct accord_diags *d, uint8_t text, uint32_t pos, uint32_t len, struct str what);

/* At most so many bytes of a word, and no part of a character. */
struct str accord_cut(struct str word, size_t most);

/* Notes what is no error. */
void accord_note_at(struct accord_diags *d, uint8_t text, uint32_t pos, uint32_t len, struct str what);

/* In the order of texts and places. */
void accord_diags_sort(struct accord_diags *d);
#endif
