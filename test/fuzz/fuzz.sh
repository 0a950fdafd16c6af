#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh PROGRAM NAME CORPUS FOLDER: runs a libFuzzer program for FUZZ_SECONDS (30 unless set), from the
# corpus. In FOLDER it leaves NAME.cov, the line that says what was covered; NAME.found/, inputs that reached
# new code; and NAME.crash-*, inputs that broke a claim. Prints TAP.
set -u
program=$1 name=$2 corpus=$3 folder=$4
seconds=${FUZZ_SECONDS:-30}
log=$folder/$name.log
rm -rf "$folder/$name.found"
mkdir -p "$folder/$name.found"

"$program" -seed=20241006 -max_total_time="$seconds" -timeout=20 -artifact_prefix="$folder/$name.crash-" \
    "$folder/$name.found" "$corpus" >"$log" 2>&1
status=$?

# #189	DONE   cov: 1243 ft: 3511 corp: 87/19Kb lim: 4096 exec/s: 61 rss: 96Mb
last=$(grep -E '^#[0-9]+[[:space:]].*cov: ' "$log" | tail -n 1 | tr -s '\t ' ' ')
printf 'fuzz %s, %s s: %s\n' "$name" "$seconds" "$last" >"$folder/$name.cov"
if [ "$status" = 0 ] && [ -n "$last" ]; then
    printf 'ok 1 - %s\n' "$(cat "$folder/$name.cov" | tr '#' ' ')"
else
    printf 'not ok 1 - fuzz %s: exit status %s; the input is %s\n' "$name" "$status" "$folder/$name.crash-*"
    tail -n 60 "$log" | sed 's/^/# /'
fi
echo 1..1
[ "$status" = 0 ]
