#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_scripts.sh ROOT: every shell script is one that sh can read; and shellcheck, where it is installed, has
# nothing to warn of but matters of taste: lists of plain names (SC2010), an empty value without quotes (SC1007).
# First it shows that a script that is broken would be seen.
set -u
cd "$1" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

printf 'if true; then\n' >"$work/broken"
sh -n "$work/broken" 2>/dev/null && { echo 'check_scripts.sh would not see a broken script'; bad=1; }

scripts=$(grep -lE '^#!/bin/sh' tools/* .ci/* test/*/*.sh; ls test/shell/*.t)
for script in $scripts; do
    sh -n "$script" || bad=1
    if command -v shellcheck >/dev/null; then
        shellcheck -s sh -S warning -e SC2010,SC1007 "$script" || bad=1
    fi
done
for script in tools/* .ci/run; do
    [ -x "$script" ] || { echo "$script cannot be run: chmod +x"; bad=1; }
done
exit $bad
