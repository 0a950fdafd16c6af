/* SPDX-License-Identifier: Apache-2.0 */
/* banned.h -- forced into every file (as git does): functions whose use is a bug waiting. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef gmtime
#undef localtime
#undef atoi
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gmtime localtime atoi
#endif
