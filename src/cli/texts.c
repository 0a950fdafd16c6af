/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/status.h"
#include "cli/cli.h"
#include "os/file.h"
#include "os/zone.h"

enum { PATH_ROOM = 4096 };

static bool
read_text(struct texts *t, const char *path, struct arena *arena)
{
    struct diag d;
    struct accord_text *text = &t->text[t->n];
    enum status st;

    if (t->n == ACCORD_TEXTS_MAX) {
        (void)complain(path, "more than 16 texts: join some libraries");
        return false;
    }
    st = os_file_read(arena, path, ACCORD_TEXT_MAX, &text->source, &d);
    if (st != ST_OK) {
        (void)complain(NULL, d.text);
        return false;
    }
    text->name = arena_str(arena, str_of(path));
    t->n++;
    return text->name.ptr != NULL;
}

/* The folder of a path, with its "/"; empty when it has none. */
static size_t
folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static bool
there_is(char *path, size_t room, const char *folder, size_t len, const char *middle, struct str name, const char *suffix)
{
    int n = snprintf(path, room, "%.*s%s%.*s%s", (int)len, folder, middle, STR_FMT(name), suffix);

    return n > 0 && n < (int)room && access(path, F_OK) == 0;
}

/* Beside the text, beside its folder, beside the program, then where it is installed. */
bool
library_find(const char *from, struct str name, const char *suffix, char *path, size_t room)
{
    static const char *const near[] = {"library/", "", "../library/", "../../library/"};
    static const char *const beside[] = {"../library/", "../../library/", "../../../library/", "../share/entente/library/"};
    char self[PATH_ROOM];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

    for (size_t i = 0; from != NULL && i < sizeof near / sizeof *near; i++)
        if (there_is(path, room, from, folder_length(from), near[i], name, suffix))
            return true;
    if (n <= 0)
        return false;
    self[n] = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (there_is(path, room, self, folder_length(self), beside[i], name, suffix))
            return true;
    return false;
}

static bool
have_library(const struct texts *t, struct str name)
{
    for (uint32_t i = 0; i < t->n; i++) {
        struct str file = t->text[i].name;
        size_t from = file.len;

        while (from > 0 && file.ptr[from - 1] != '/')
            from--;
        file = str_cut(file, from, file.len);
        if (file.len == name.len + 7 && str_starts(file, name) && str_eq(str_cut(file, name.len, 7), STR(".accord")))
            return true;
    }
    return false;
}

/* Every library that a text uses, and those they use, before it. */
static bool
gather(struct texts *t, const char *path, struct arena *arena, unsigned depth)
{
    struct accord_head head;
    struct accord_text own;
    uint32_t at = t->n;

    if (depth > ACCORD_TEXTS_MAX) {
        (void)complain(path, "its libraries use one another round in a circle: strike one 'uses'");
        return false;
    }
    if (!read_text(t, path, arena))
        return false;
    own = t->text[at];
    t->n = at; /* libraries come before it */
    if (accord_head(own, arena, &head)) {
        for (uint32_t i = 0; i < head.nuses; i++) {
            char used[PATH_ROOM];

            if (have_library(t, head.uses[i].name))
                continue;
            if (!library_find(path, head.uses[i].name, ".accord", used, sizeof used)) {
                char what[400];

                snprintf(what, sizeof what,
                         "the library '%.*s' was not found in library/ beside the text, nor beside the program, nor installed",
                         STR_FMT(head.uses[i].name));
                (void)complain_at(path, head.uses[i].line, head.uses[i].col, what);
                return false;
            }
            if (!gather(t, used, arena, depth + 1))
                return false;
        }
    }
    if (t->n == ACCORD_TEXTS_MAX) {
        (void)complain(path, "more than 16 texts: join some libraries");
        return false;
    }
    t->text[t->n++] = own;
    return true;
}

/* The zone is the shell's to know: a text names it, the system's database has it. */
static void
check_zone(const struct texts *t, struct accord_diags *diags)
{
    for (uint32_t i = 0; i < t->n; i++) {
        const struct syntax *tree = &t->program->trees[i];
        int32_t offset;
        struct diag d;

        if (tree->zone == 0 || os_zone_offset(t->program->zone, 0, &offset, &d) == ST_OK)
            continue;
        accord_diag_at(diags, (uint8_t)i, tree->token[tree->zone].pos, tree->token[tree->zone].len, str_of(d.text));
    }
}

static bool
is_named(struct str name, char **paths, int n)
{
    for (int i = 0; i < n; i++)
        if (str_eq(name, str_of(paths[i])))
            return true;
    return false;
}

/* What is no error in a text, and those who sign should know all the same: of the texts that were named. */
static void
tell_notes(const struct texts *t, const struct accord_diags *diags, char **paths, int n)
{
    for (uint32_t i = 0; i < diags->nnotes; i++) {
        const struct accord_diag *d = &diags->note[i];

        if (!is_named(t->text[d->text].name, paths, n))
            continue;
        fprintf(stderr, "%.*s:%u:%u: note: %.*s\n", STR_FMT(t->text[d->text].name), d->line, d->col, STR_FMT(d->what));
    }
    if (n > 0 && diags->notes_total > diags->nnotes)
        fprintf(stderr, "entente: and %u more notes\n", diags->notes_total - diags->nnotes);
}

static bool
understand(struct texts *t, struct arena *arena, char **named, int n)
{
    struct accord_diags *diags = malloc(sizeof *diags);
    enum status st;

    if (diags == NULL) {
        (void)complain(NULL, "the system has no memory to give");
        return false;
    }
    *diags = (struct accord_diags){.texts = t->text, .arena = arena};
    st = accord_read(t->text, t->n, arena, diags, &t->program);
    if (st == ST_OK)
        check_zone(t, diags);
    if (diags->total > 0 && st == ST_OK)
        st = ST_INVALID;
    for (uint32_t i = 0; i < diags->n; i++) {
        const struct accord_diag *d = &diags->item[i];

        fprintf(stderr, "%.*s:%u:%u: %.*s\n", STR_FMT(t->text[d->text].name), d->line, d->col, STR_FMT(d->what));
    }
    if (diags->total > diags->n)
        fprintf(stderr, "entente: and %u more; mend the first ones, the others may go with them\n", diags->total - diags->n);
    if (st == ST_LIMIT && diags->total == 0)
        (void)complain(NULL, "the texts are too large for the memory kept for them");
    if (st == ST_OK)
        tell_notes(t, diags, named, n);
    free(diags);
    return st == ST_OK;
}

bool
texts_read(struct texts *t, const char *path, struct arena *arena)
{
    *t = (struct texts){.n = 0};
    return gather(t, path, arena, 0) && understand(t, arena, NULL, 0);
}

bool
texts_read_many(struct texts *t, char **paths, int n, struct arena *arena)
{
    *t = (struct texts){.n = 0};
    for (int i = 0; i < n; i++) {
        struct accord_head head;
        struct texts one = {.n = 0};

        if (!read_text(&one, paths[i], arena))
            return false;
        if (accord_head(one.text[0], arena, &head) && head.library && have_library(t, head.name))
            continue;
        if (!gather(t, paths[i], arena, 0))
            return false;
    }
    return understand(t, arena, paths, n);
}
