# SPDX-License-Identifier: Apache-2.0
# Every verdict of every scenario is proven by the independent checker from its evidence alone.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failed=0

for events in "$ENTENTE_ROOT"/examples/*/*.jsonl; do
    place=${events%/*}
    count=$((count + 1))
    status=0
    "$ENTENTE" run --json --prove "$place/${place##*/}.accord" "$events" >"$work/out" 2>"$work/err" || status=$?
    if [ "$status" -le 1 ] && tail -n 1 "$work/err" | grep -Eq ' ([0-9]+) of \1 verdicts proven'; then
        echo "ok $count - ${events##*/}: $(tail -n 1 "$work/err")"
    else
        failed=1
        echo "not ok $count - ${events##*/}: exit status $status"
        sed 's/^/# /' "$work/err" | cut -c 1-400
    fi
done

echo "1..$count"
exit $failed
