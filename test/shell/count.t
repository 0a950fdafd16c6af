# SPDX-License-Identifier: Apache-2.0
# tools/count, which writes the last line of `make check` and `make test`, hides no failure.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 bad=0

# says STATUS LINE LOG...: how it ends, and its last line.
says() {
    wanted=$1 line=$2 what=$3
    shift 3
    count=$((count + 1)) status=0
    python3 "$ENTENTE_ROOT/tools/count" "$@" >"$work/out" || status=$?
    if [ "$status" = "$wanted" ] && [ "$(tail -n 1 "$work/out")" = "$line" ]; then
        echo "ok $count - $what"
    else
        bad=1
        echo "not ok $count - $what"
        sed 's/^/# /' "$work/out"
    fi
}

printf 'ok 1 - a\nok 2 - b # SKIP no c\nnot ok 3 - d # TODO later\n1..3\n' >"$work/good.tap"
printf 'ok 1 - a\nnot ok 2 - b\n1..2\n' >"$work/bad.tap"
printf '1..3\nok 1 - a\n' >"$work/short.tap"
printf 'ok 1 - a\n' >"$work/cut.tap"
printf '1..0 # SKIP nothing here\n' >"$work/none.tap"
printf 'Segmentation fault\n' >"$work/noise.tap"
says 0 '2 passed, 0 failed, 1 skipped' 'a good one' "$work/good.tap"
says 1 '1 passed, 1 failed, 0 skipped' 'a bad one' "$work/bad.tap"
says 1 '1 passed, 1 failed, 0 skipped' 'one that stopped early' "$work/short.tap"
says 1 '1 passed, 1 failed, 0 skipped' 'one that never said how many' "$work/cut.tap"
says 1 '0 passed, 0 failed, 1 skipped' 'nothing but what is skipped' "$work/none.tap"
says 1 '0 passed, 1 failed, 0 skipped' 'one that said nothing' "$work/noise.tap"
says 1 '3 passed, 2 failed, 1 skipped' 'a log that is not there, among others' \
    "$work/good.tap" "$work/gone.json" "$work/bad.tap"

{
    printf '%s\n' '{"name": "x / tap", "result": "OK", "stdout": "ok 1 - a\nok 2 - b\n1..2\n"}'
    printf '%s\n' '{"name": "x / plain", "result": "OK", "stdout": "hello\n"}'
} >"$work/good.json"
says 0 '3 passed, 0 failed, 0 skipped' 'what meson writes' "$work/good.json"
printf '%s\n' '{"name": "x / crash", "result": "ERROR", "stdout": "ok 1 - a\n1..1\n"}' >"$work/crash.json"
says 1 '1 passed, 1 failed, 0 skipped' 'a crash behind the last test' "$work/crash.json"
printf '%s\n' '{"name": "x / slow", "result": "TIMEOUT", "stdout": "ok 1 - a\n"}' >"$work/slow.json"
says 1 '1 passed, 1 failed, 0 skipped' 'a timeout' "$work/slow.json"
printf '%s\n' '{"name": "x / away", "result": "SKIP", "stdout": "mandoc is not here\n"}' >"$work/away.json"
says 0 '3 passed, 0 failed, 1 skipped' 'a test that skips itself' "$work/away.json" "$work/good.json"
printf '%s\n' '{"name": "x / mute", "result": "SKIP", "stdout": ""}' >"$work/mute.json"
says 1 '3 passed, 1 failed, 0 skipped' 'a test that says nothing at all' "$work/mute.json" "$work/good.json"
cp "$work/good.json" "$work/broke.json"
echo 2 >"$work/broke.json.status"
says 1 '3 passed, 1 failed, 0 skipped' 'a run that broke off' "$work/broke.json"
printf '%s\n' '{"name": "x / half' >"$work/half.json"
says 1 '3 passed, 1 failed, 0 skipped' 'a log that broke off' "$work/half.json" "$work/good.json"

echo "1..$count"
exit $bad
