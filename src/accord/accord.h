/* SPDX-License-Identifier: Apache-2.0 */
/* accord.h -- the language's one door: texts in, a program or a list of errors out. */
#ifndef ACCORD_ACCORD_H
#define ACCORD_ACCORD_H
#include "accord/program.h"

enum { ACCORD_BLOCK = 192 << 20 }; /* an arena of this size holds any agreement that people would sign; a larger one is told */

/* What a text says of itself and what it uses: the shell reads this to find the libraries. */
struct accord_use {
    struct str name;
    int64_t version;
    uint32_t line, col;
};
struct accord_head {
    bool library;
    struct str name; /* an agreement's title, a library's name */
    int64_t version;
    struct accord_use uses[ACCORD_TEXTS_MAX];
    uint32_t nuses;
};

/* Reads only the head of a text; false when there is none to read (the errors come from accord_read). */
CHECKED bool accord_head(struct accord_text text, struct arena *arena, struct accord_head *ret);

/* Parses and understands texts: libraries before the texts that use them, the agreement last.
 * ST_OK and *ret, or ST_INVALID with at least one diag (a program that broke is not given), or
 * ST_LIMIT when the arena is too small. Everything lives in the arena and in the texts. */
CHECKED enum status accord_read(struct accord_text *texts, uint32_t ntexts, struct arena *arena,
                                struct accord_diags *diags, const struct program **ret);

/* Looking names up in a program; NO_ID when it has none such. */
uint32_t program_kind(const struct program *p, struct str name);
uint32_t program_role(const struct program *p, struct str name);
uint32_t program_side(const struct program *p, struct str name);
uint32_t program_state(const struct program *p, struct str name);
uint32_t program_gate(const struct program *p, struct str name);

/* The name of a choice's value, a side, a role or "yes"/"no"; empty for types that have none. */
struct str program_value_name(const struct program *p, uint16_t type, int64_t value);
/* The value a name has in a type (choice, side, role, yes-no); false when it has none. */
CHECKED bool program_value_of(const struct program *p, uint16_t type, struct str name, int64_t *ret);

/* The kinds every theatre has, first in program->kinds. */
enum builtin_kind { KIND_OPENED, KIND_TICK, KIND_REFUSED, KIND_SUN_UP, KIND_SUN_DOWN, KIND_ZONE, KIND_BUILTINS };
#endif
