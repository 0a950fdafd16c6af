/* SPDX-License-Identifier: Apache-2.0 */
/* cli.h -- what the subcommands share. Each lives in cmd_NAME.c and is a row in main.c's table. */
#ifndef CLI_CLI_H
#define CLI_CLI_H
#include "accord/accord.h"
#include "os/out.h"

enum { EXIT_FINE = 0, EXIT_BREACHED = 1, EXIT_BAD = 2 };

struct command {
    const char *name, *usage, *what;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

/* One line to standard error: entente: PLACE: WHAT. Returns EXIT_BAD. */
int complain(const char *place, const char *what);
int complain_at(const char *file, uint32_t line, uint32_t col, const char *what);
/* The exit status of a command that printed by stdio: `code`, or EXIT_BAD after a complaint when not all came out. */
int said_all(int code);
int usage(const struct command *c, int given); /* so many arguments were given, and that is wrong */
extern const struct command cmd_check, cmd_run, cmd_explain, cmd_import;

/* texts.c: an agreement and the libraries it uses, read and understood. Libraries are looked for in
 * `library/` beside the text, beside its folder, beside the program, then where they are installed.
 * NULL after complaints. The arena must be of ACCORD_BLOCK bytes or more. */
struct texts {
    struct accord_text text[ACCORD_TEXTS_MAX];
    uint32_t n;
    const struct program *program;
};
CHECKED bool texts_read(struct texts *t, const char *path, struct arena *arena);
/* Where a library's file is (NAME with its suffix), seen from a text; false when there is none. */
CHECKED bool library_find(const char *from, struct str name, const char *suffix, char *path, size_t room);
CHECKED bool texts_read_many(struct texts *t, char **paths, int n, struct arena *arena);

/* Options: --name VALUE anywhere among the arguments before a "--"; taken out of argv. The last call,
 * no_more_options(), complains of what still looks like one, and takes the "--" out. */
bool take_flag(int *argc, char **argv, const char *name);
bool take_value(int *argc, char **argv, const char *name, const char **ret); /* false after a complaint */
bool no_more_options(int *argc, char **argv);
#endif
