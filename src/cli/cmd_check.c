/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_check.c -- parse, type-check, and play a text's own examples. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "core/example.h"
#include "os/memory.h"

enum { FAULTS_SHOWN = 50 };

static void
show_faults(const struct texts *t, const struct example_fault *fault, uint32_t n)
{
    for (uint32_t i = 0; i < n && i < FAULTS_SHOWN; i++)
        fprintf(stderr, "%.*s:%u:%u: %s\n", STR_FMT(t->text[fault[i].text].name), fault[i].line, fault[i].col, fault[i].what);
}

/* Only the examples of texts named on the command line are this command's business: all but what a
 * library of somebody else brings. */
static int
play_all(const struct texts *t, struct arena *arena)
{
    struct example_fault *fault = calloc(FAULTS_SHOWN, sizeof *fault);
    uint32_t bad = 0;

    if (fault == NULL)
        return complain(NULL, "the system has no memory to give");
    for (uint32_t i = 0; i < t->program->nexamples; i++) {
        uint32_t n = example_play(t->program, i, arena, fault, FAULTS_SHOWN);

        show_faults(t, fault, n);
        bad += n > 0;
    }
    free(fault);
    if (bad > 0) {
        fprintf(stderr, "entente: %u of %u examples do not hold\n", bad, t->program->nexamples);
        return EXIT_BAD;
    }
    return EXIT_FINE;
}

static void
summary(const struct program *p)
{
    uint32_t in_force = 0;

    for (uint32_t i = 0; i < p->nclauses; i++)
        in_force += p->clauses[i].in_force;
    printf("%.*s, version %lld: %u clauses, %u in force, %u sentences, %u gates, %u kinds of event; %u examples hold\n",
           STR_FMT(p->title), (long long)p->version, p->nclauses, in_force, p->nsentences, p->ngates,
           p->nkinds - KIND_BUILTINS, p->nexamples);
}

static int
cmd(int argc, char **argv)
{
    struct arena texts = {0}, play = {0};
    struct texts t;
    struct diag d;
    int code = EXIT_BAD;

    if (take_flag(&argc, argv, "--cover") || take_flag(&argc, argv, "--size"))
        return complain(argv[0], "not yet: --cover and --size are part of the plan and not built");
    if (!no_more_options(&argc, argv))
        return EXIT_BAD;
    if (argc < 2)
        return usage(&cmd_check, 0);
    if (os_arena_init(&texts, ACCORD_BLOCK, &d) != ST_OK || os_arena_init(&play, EXAMPLE_BLOCK, &d) != ST_OK)
        (void)complain(NULL, d.text);
    else if (texts_read_many(&t, argv + 1, argc - 1, &texts))
        code = play_all(&t, &play);
    if (code == EXIT_FINE)
        summary(t.program);
    os_arena_free(&texts);
    os_arena_free(&play);
    return said_all(code);
}

const struct command cmd_check = {
    "check", "FILE...", "parse and type-check texts, and play their own examples", cmd,
};
