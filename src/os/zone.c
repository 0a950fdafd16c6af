/* SPDX-License-Identifier: Apache-2.0 */
#include "os/zone.h"

#include <sys/stat.h>
#include "base/text.h"
#include "os/file.h"
#include "os/tzif.h"

#define FOLDER "/usr/share/zoneinfo/"
#define LIST FOLDER "zone1970.tab" /* country codes, place, name; tab-separated */

enum { NAME_MAX_LEN = 64, FILE_MAX = 65536, LIST_MAX = 65536, NEAR = 3 };

static bool
name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '+' || c == '-' || c == '/';
}

/* Letters in parts between slashes. No dot, so no way out of the folder. */
static bool
name_possible(struct str name)
{
    if (name.len == 0 || name.len > NAME_MAX_LEN || name.ptr[0] == '/' ||
        name.ptr[name.len - 1] == '/')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        if (!name_byte(name.ptr[i]) || (name.ptr[i] == '/' && name.ptr[i + 1] == '/'))
            return false;
    }
    return true;
}

/* The part of `s` from its start to the first `end`, which is cut off `s` with it. */
static struct str
cut_to(struct str *s, char end)
{
    size_t n = 0;

    while (n < s->len && s->ptr[n] != end)
        n++;

    struct str part = str_cut(*s, 0, n);
    *s = str_cut(*s, n + 1, s->len);
    return part;
}

/* The name on the list that is nearest; empty when none is near. */
static struct str
nearest(struct str list, struct str name)
{
    struct str best = {0};
    unsigned best_distance = NEAR + 1;

    while (list.len > 0) {
        struct str line = cut_to(&list, '\n');

        cut_to(&line, '\t');
        cut_to(&line, '\t');

        struct str one = cut_to(&line, '\t');
        unsigned distance = word_distance(one, name, NEAR);

        if (distance < best_distance) {
            best = one;
            best_distance = distance;
        }
    }
    return best;
}

static enum status
unknown(struct str name, struct diag *d)
{
    struct buf b =
        diag_put(d, 0, name.len < UINT32_MAX ? (uint32_t)name.len : UINT32_MAX);
    char block[LIST_MAX];
    struct arena a;
    struct str list = {0}, near;

    put_s(&b, "there is no time zone \"");
    put(&b, str_cut(name, 0, NAME_MAX_LEN));
    put_s(&b, "\"");
    arena_init(&a, block, sizeof block);
    if (os_file_read(&a, LIST, sizeof block, &list, NULL) != ST_OK)
        list.len = 0;
    near = nearest(list, name);
    if (near.len > 0) {
        put_s(&b, "; did you mean \"");
        put(&b, near);
        put_s(&b, "\"?");
    } else {
        put_s(&b, "; names are like Asia/Karachi");
    }
    arena_end(&a);
    return ST_INVALID;
}

static enum status
no_database(struct diag *d)
{
    diag_set(d, 0, 0,
             "there is no time zone database in " FOLDER "; install the package tzdata");
    return ST_IO;
}

static enum status
zone_file(struct str name, struct arena *a, struct str *ret, struct diag *d)
{
    char path[sizeof FOLDER + NAME_MAX_LEN];
    struct buf b = buf_of(path, sizeof path);
    struct stat info;
    enum status st;

    if (!name_possible(name))
        return unknown(name, d);
    put_s(&b, FOLDER);
    put(&b, name);
    st = os_file_read(a, put_end(&b), FILE_MAX, ret, d);
    if (st != ST_INVALID && st != ST_CONFLICT)
        return st;
    return stat(FOLDER, &info) == 0 ? unknown(name, d) : no_database(d);
}

/* Reads the zone; its bytes are in the arena. */
static enum status
zone_read(struct str name, struct arena *a, struct tzif *ret, struct diag *d)
{
    struct str bytes;
    struct diag why;
    enum status st = zone_file(name, a, &bytes, d);

    if (st != ST_OK)
        return st;
    st = tzif_read(bytes, ret, &why);
    if (st != ST_OK) {
        struct buf b = diag_put(d, 0, (uint32_t)name.len);

        put_s(&b, "time zone \"");
        put(&b, name);
        put_s(&b, "\" cannot be used: ");
        put_s(&b, why.text);
    }
    return st;
}

static int64_t
seconds_of(int64_t ms)
{
    return ms / 1000 - (ms % 1000 < 0);
}

enum status
os_zone_offset(struct str name, int64_t at_ms, int32_t *ret_offset_ms, struct diag *d)
{
    char block[FILE_MAX + 64];
    struct arena a;
    struct tzif z;
    enum status st;

    arena_init(&a, block, sizeof block);
    st = zone_read(name, &a, &z, d);
    if (st == ST_OK)
        *ret_offset_ms = tzif_offset(&z, seconds_of(at_ms)) * 1000;
    arena_end(&a);
    return st;
}

enum status
os_zone_next_change(struct str name, int64_t from_ms, int64_t to_ms, bool *ret_found,
                    int64_t *ret_when_ms, int32_t *ret_offset_ms, struct diag *d)
{
    char block[FILE_MAX + 64];
    struct arena a;
    struct tzif z;
    int64_t when;
    enum status st;

    arena_init(&a, block, sizeof block);
    st = zone_read(name, &a, &z, d);
    if (st == ST_OK) {
        *ret_found = tzif_next_change(&z, seconds_of(from_ms), seconds_of(to_ms), &when);
        if (*ret_found) {
            *ret_when_ms = when * 1000;
            *ret_offset_ms = tzif_offset(&z, when) * 1000;
        }
    }
    arena_end(&a);
    return st;
}
