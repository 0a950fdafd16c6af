/* SPDX-License-Identifier: Apache-2.0 */
/* main.c -- one program, one table of subcommands. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
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
said_all(int code)
{
    struct diag d;

    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    os_out_failed(errno, "standard output", &d);
    return complain(NULL, d.text);
}

int
usage(const struct command *c, int given)
{
    fprintf(stderr, "entente: %s cannot work with %d argument%s besides its options; usage: entente %s %s\n", c->name,
            given, given == 1 ? "" : "s", c->name, c->usage);
    return EXIT_BAD;
}

static bool
stands(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return false;
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
        if (i + 1 == *argc || strncmp(argv[i + 1], "--", 2) == 0) {
            (void)complain(name, "a value must follow it; see 'entente help'");
            return false;
        }
        if (stands(*argc - i - 2, argv + i + 1, name)) {
            (void)complain(name, "stands twice; keep one");
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
no_more_options(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof *argv);
            (*argc)--;
            return true;
        }
        if (argv[i][0] == '-' && argv[i][1] != '\0') {
            (void)complain(argv[i], strchr(argv[i], '=') == NULL
                                        ? "there is no such option here; see 'entente help', and write a file of this "
                                          "name behind '--'"
                                        : "there is no such option here; a value stands behind its option, as a word "
                                          "of its own");
            return false;
        }
    }
    return true;
}

static int
help_with(const struct command *c)
{
    printf("entente %s %s\n    %s\n\nManual: entente(1).\n", c->name, c->usage, c->what);
    return said_all(EXIT_FINE);
}

static int
no_command(const char *word)
{
    char text[128];
    struct buf b = buf_of(text, sizeof text);
    struct nearest n = nearest_to(str_of(word));

    for (int i = 0; i < NCOMMANDS; i++)
        nearest_try(&n, str_of(commands[i]->name));
    put_nearest(&b, &n);
    fprintf(stderr, "entente: there is no command '%s'%.*s%s 'entente help' lists them\n", word,
            (int)buf_str(&b).len, buf_str(&b).ptr, buf_str(&b).len > 0 ? "" : ";");
    return EXIT_BAD;
}

static int
help(FILE *to)
{
    fprintf(to, "entente runs the agreement between two sides who protect the same people.\n\n");
    for (int i = 0; i < NCOMMANDS; i++)
        fprintf(to, "  entente %s %s\n      %s\n", commands[i]->name, commands[i]->usage, commands[i]->what);
    fprintf(to, "  entente help | version\n\nManual: entente(1), accord(5). Exit: 0 done and nothing breached, "
                "1 something breached, 2 bad input.\n");
    return to == stdout ? said_all(EXIT_FINE) : EXIT_FINE;
}

/* A descriptor of the three that is not open would be given to the next file that is, and then written to.
 * What stands in its place here can be neither read nor written. */
static void
hold_descriptors(void)
{
    int fd;

    do
        fd = open("/", O_PATH);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        (void)close(fd);
}

int
main(int argc, char **argv)
{
    hold_descriptors();
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that stopped is an error like any other */
    if (argc < 2)
        return help(stderr), EXIT_BAD;
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(stdout);
    if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0)
        return printf("entente %s\n", ENTENTE_VERSION), said_all(EXIT_FINE);
    for (int i = 0; i < NCOMMANDS; i++)
        if (strcmp(argv[1], commands[i]->name) == 0) {
            argc--, argv++;
            return take_flag(&argc, argv, "--help") ? help_with(commands[i]) : commands[i]->run(argc, argv);
        }
    return no_command(argv[1]);
}
