#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_found.sh FOLDER ENDING NAME...: the names meson found when it was configured are the files that
# are there now. Ninja cannot see a new file by itself, and a test that never runs is worse than none.
set -eu
folder=$1 ending=$2
shift 2
now=$(cd "$folder" && ls | grep "$ending\$" | sort)
then=$(printf '%s\n' "$@" | sort)
if [ "$now" != "$then" ]; then
    echo "test files came or went since the build folder was configured; run: meson setup --reconfigure BUILD"
    printf 'now:\n%s\nconfigured:\n%s\n' "$now" "$then"
    exit 1
fi
