# SPDX-License-Identifier: Apache-2.0
# What scripts may rely on: exit statuses, what goes to which output, and where a library is looked for.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
karachi=$ENTENTE_ROOT/examples/karachi
count=0 failed=0

# ok WHAT COMMAND...: the command's exit status 0 makes it ok.
ok() {
    what=$1
    shift
    count=$((count + 1))
    if "$@"; then
        echo "ok $count - $what"
    else
        failed=1
        echo "not ok $count - $what"
        sed 's/^/# /' "$work/err" 2>/dev/null | head -n 5
    fi
}

# exits STATUS ARGUMENT...: runs the program; what it said is in out and err.
exits() {
    wanted=$1
    shift
    status=0
    "$ENTENTE" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ "$status" = "$wanted" ]
}

ok 'help ends with 0' exits 0 help
ok 'and goes to standard output' grep -q '^  entente run ' "$work/out"
ok 'version ends with 0' exits 0 version
ok 'nothing at all ends with 2' exits 2
ok 'and says what there is on standard error' grep -q '^  entente check ' "$work/err"
ok 'an unknown command ends with 2' exits 2 rnu
ok 'and it is named, with what may be meant' grep -q "'rnu'; did you mean 'run'" "$work/err"
ok 'a command says how it is used' exits 0 run --help
ok 'on standard output' grep -q '^entente run ' "$work/out"
ok 'an unknown option ends with 2' exits 2 run --jsn "$karachi/karachi.accord" "$karachi/karachi.jsonl"
ok 'a missing file ends with 2' exits 2 run "$karachi/karachi.accord" "$work/none.jsonl"
ok 'and it is named' grep -q 'none\.jsonl' "$work/err"

for text in "$ENTENTE_ROOT"/examples/*/*.accord "$ENTENTE_ROOT"/library/*.accord; do
    ok "check ${text#"$ENTENTE_ROOT/"} ends with 0" exits 0 check "$text"
done
ok 'a breach ends with 1' exits 1 run --json "$karachi/karachi.accord" "$karachi/karachi.jsonl"
ok 'with nothing on standard error' [ ! -s "$work/err" ]

head -n 1 "$karachi/karachi.jsonl" >"$work/bad.jsonl"
echo '{"kind":"no.such","at":"2024-10-06T18:00:00.000Z","by":"x"}' >>"$work/bad.jsonl"
ok 'bad events end with 2' exits 2 run --json "$karachi/karachi.accord" "$work/bad.jsonl"
ok 'and give nothing else' [ ! -s "$work/out" ]
ok 'the line is named' grep -q 'bad\.jsonl:2' "$work/err"

echo 'agreement "Bad" version 1 between' >"$work/bad.accord"
ok 'a bad text ends with 2' exits 2 check "$work/bad.accord"
ok 'its place is named' grep -q 'bad\.accord:[0-9]*:[0-9]*: ' "$work/err"

# The library: beside the program's folder as built, and as installed; a text alone has none.
mkdir -p "$work/here" "$work/place/bin" "$work/place/share/entente" "$work/lone/bin"
cp "$karachi/karachi.accord" "$work/here/"
cp "$ENTENTE" "$work/place/bin/entente"
cp "$ENTENTE" "$work/lone/bin/entente"
cp -R "$ENTENTE_ROOT/library" "$work/place/share/entente/"
ENTENTE=$work/place/bin/entente
ok 'an installed program finds its library' exits 0 check "$work/here/karachi.accord"
ENTENTE=$work/lone/bin/entente
ok 'a program without one ends with 2' exits 2 check "$work/here/karachi.accord"
ok 'and says which library' grep -q "library 'p[a-z]*'" "$work/err"

echo "1..$count"
exit $failed
