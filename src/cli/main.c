/* SPDX-License-Identifier: Apache-2.0 */
/* main.c -- one program, one table of subcommands. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct command *const commands[] = {&cmd_check, &cmd_run, &cmd_explain, &cmd_import};

enum { NCOMMANDS = sizeof commands / sizeof *commands };

int
complain(const char *place, const char *what)
{
    if (place == NULL)
        fprintf(stderr, "entente: %s\n", what);
    else
        fprintf(stderr, "entente: %s: %s\n", place, what);
    return EXIT_BAD;
}

int
complain_at(const char *file, uint32_t line, uint32_t col, const char *what)
{
    fprintf(stderr, "%s:%u:%u: %s\n", file, line, col, what);
    return EXIT_BAD;
}

int
usage(const struct command *c)
{
    fprintf(stderr, "usage: entente %s %s\n", c->name, c->usage);
    return EXIT_BAD;
}

bool
take_flag(int *argc, char **argv, const char *name)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return false;
        if (strcmp(argv[i], name) != 0)
            continue;
        memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof *argv);
        (*argc)--;
        return true;
    }
    return false;
}

bool
take_value(int *argc, char **argv, const char *name, const char **ret)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return true;
        if (strcmp(argv[i], name) != 0)
            continue;
        if (i + 1 == *argc) {
            (void)complain(name, "a value must follow");
            return false;
        }
        *ret = argv[i + 1];
        memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i - 1) * sizeof *argv);
        *argc -= 2;
        return true;
    }
    return true;
}

bool
no_more_options(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0 && argv[i][2] != '\0') {
            (void)complain(argv[i], "there is no such option here; see 'entente help'");
            return false;
        }
    }
    return true;
}

static int
help(FILE *to)
{
    fprintf(to, "entente runs the agreement between two sides who protect the same people.\n\n");
    for (int i = 0; i < NCOMMANDS; i++)
        fprintf(to, "  entente %s %s\n      %s\n", commands[i]->name, commands[i]->usage, commands[i]->what);
    fprintf(to, "  entente help | version\n\nManual: entente(1), accord(5). Exit: 0 done and nothing breached, "
                "1 something breached, 2 bad input.\n");
    return fflush(to) == 0 ? EXIT_FINE : complain("standard output", "cannot be written");
}

int
main(int argc, char **argv)
{
    if (argc < 2)
        return help(stderr), EXIT_BAD;
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(stdout);
    if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0)
        return printf("entente %s\n", ENTENTE_VERSION) < 0 ? EXIT_BAD : EXIT_FINE;
    for (int i = 0; i < NCOMMANDS; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return commands[i]->run(argc - 1, argv + 1);
    fprintf(stderr, "entente: there is no command '%s'; 'entente help' lists them\n", argv[1]);
    return EXIT_BAD;
}
