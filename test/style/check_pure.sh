#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_pure.sh ROOT BUILD COMPILER...: what the archives of the pure folders (src/LAYERS) need from
# outside is each other, what only looks at or moves bytes, ensure_failed, and what a compiler adds by
# itself; and they hold no data that can change. First it shows that a malloc, a printf and a counter would be seen.
set -eu
export LC_ALL=C
root=$1 build=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Besides the plain functions: the stack protector, sanitizers, coverage.
plain='mem(cpy|move|set|cmp|chr)|bcmp|str(len|chr|cmp|ncmp)|ensure_failed|_GLOBAL_OFFSET_TABLE_'
guards='__mem(cpy|move|set)_chk|__stack_chk_(fail|guard)'
tools='__(asan|ubsan|lsan|msan|tsan|hwasan|sanitizer|sancov|gcov|llvm)_.*|__(start|stop)___sancov_.*|llvm_gcov.*'

# strangers ARCHIVE...: "archive:member: symbol" for each that is needed and nobody here has.
strangers() {
    nm -g --defined-only "$@" | awk 'NF == 3 { print $3 }' | sort -u >"$work/have"
    nm -A -u "$@" | awk '$2 == "U" { print $3, $1 }' | sort -u >"$work/need"
    join -v 1 "$work/need" "$work/have" | grep -Ev "^($plain|$guards|$tools) " || true
}

# moving ARCHIVE...: objects in writable sections. Sanitizers add their own, so only without them.
moving() {
    nm -u "$@" | grep -Eq '__(asan|ubsan|tsan|msan|sanitizer|gcov|llvm)_' && return
    objdump -t "$@" | awk '/^[0-9a-f]+ / && / O / && $0 ~ / (\.t?bss|\.t?data|\*COM\*)[^ \t]*\t/ &&
        $0 !~ / \.data\.rel\.ro/ { print $NF }'
}

# look ARCHIVE...: prints what is wrong; fails when anything is.
look() {
    strangers "$@" >"$work/strangers"
    moving "$@" >"$work/moving"
    sed 's/^\([^ ]*\) \(.*\)$/\2 needs \1, which a pure folder may not/' "$work/strangers"
    sed 's/^/data that can change: /' "$work/moving"
    [ ! -s "$work/strangers" ] && [ ! -s "$work/moving" ]
}

# must_refuse WORD CODE: an archive of this code is refused, and the word is in what is said.
must_refuse() {
    printf '%s\n' "$2" >"$work/bad.c"
    "$compiler" -O1 -c "$work/bad.c" -o "$work/bad.o"
    rm -f "$work/bad.a"
    ar rc "$work/bad.a" "$work/bad.o"
    if said=$(look "$work/bad.a") || ! printf '%s' "$said" | grep -q "$1"; then
        echo "check_pure.sh would not see this: $2"
        exit 1
    fi
}

for compiler in "$@"; do
    must_refuse malloc 'void *malloc(unsigned long); void *bad(void) { return malloc(9); }'
    must_refuse printf 'int printf(const char *, ...); void bad(int n) { printf("%d", n); }'
    must_refuse time 'long time(long *); long bad(void) { return time(0); }'
    must_refuse count 'int bad(void) { static int count; return ++count; }'
    must_refuse table 'int table[2] = {1, 2};'
    must_refuse stderr 'extern void *stderr; void *bad(void) { return stderr; }'
done

archives=$(awk '$2 == "pure" { print "src/" $1 "/libentente-" $1 ".a" }' "$root/src/LAYERS")
cd "$build"
for archive in $archives; do
    [ -f "$archive" ] || { echo "$archive is not built"; exit 1; }
done
# shellcheck disable=SC2086  # one word each
look $archives
# shellcheck disable=SC2086
echo "pure:" $archives
