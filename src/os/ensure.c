/* SPDX-License-Identifier: Apache-2.0 */
/* What ENSURE (base/status.h) calls when our own code is wrong: say where, and stop. */
#include "base/status.h"

_Noreturn void
ensure_failed(const char *what, const char *file, int line)
{
    fprintf(stderr,
            "entente: a bug in this program: %s does not hold at %s:%d. "
            "Please report it with the command and its input.\n",
            what, file, line);
    abort();
}
