/* SPDX-License-Identifier: Apache-2.0 */
/* standalone.h -- a fuzz target as a plain program.
 *
 * With -DFUZZ_MAIN a target that includes this gets a main() that feeds it each file, and each file
 * of each folder, that is named on the command line: so gcc, valgrind and CI run the corpus and every
 * old crash. Without it, libFuzzer brings its own main(). Exit status 0: all were run; a broken claim
 * ends the program. */
#ifndef FUZZ_STANDALONE_H
#define FUZZ_STANDALONE_H
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_MAIN
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static int fuzz_files;

/* A copy of the exact size, so that a read beyond it is seen. */
static int
fuzz_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    long size = f == NULL || fseek(f, 0, SEEK_END) != 0 ? -1 : ftell(f);
    uint8_t *data = size < 0 ? NULL : malloc(size == 0 ? 1 : (size_t)size);
    int bad = data == NULL || fseek(f, 0, SEEK_SET) != 0 || fread(data, 1, (size_t)size, f) != (size_t)size;

    if (f != NULL)
        (void)fclose(f);
    if (bad)
        fprintf(stderr, "%s: cannot be read\n", path);
    else
        (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    fuzz_files += !bad;
    return bad;
}

static int
fuzz_folder(const char *path)
{
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort), bad = 0;
    char full[4096];

    for (int i = 0; i < n; i++) {
        (void)snprintf(full, sizeof full, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            bad |= fuzz_file(full);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return n < 0 ? 1 : bad;
}

int
main(int argc, char **argv)
{
    int bad = 0;

    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);

        if (dir != NULL)
            (void)closedir(dir);
        bad |= dir != NULL ? fuzz_folder(argv[i]) : fuzz_file(argv[i]);
    }
    printf("%d files\n", fuzz_files);
    return bad || fuzz_files == 0;
}
#endif
#endif
