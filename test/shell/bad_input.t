# SPDX-License-Identifier: Apache-2.0
# Bad input of every sort: exit status 2, one error that names the place and what would do, and nothing
# half-done. What a life or the authority forbids, and a stamp ahead of the log, are lines like others: the
# run goes on.
set -u
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
export LC_ALL=C
karachi=$ENTENTE_ROOT/examples/karachi
agreement=$karachi/karachi.accord
evening=$karachi/karachi.jsonl
plates=$ENTENTE_ROOT/test/data/plates
count=0 failed=0

# The program where it finds its library, whatever build folder it comes from.
mkdir -p "$work/place/bin" "$work/place/share/entente"
cp "$ENTENTE" "$work/place/bin/entente"
cp -R "$ENTENTE_ROOT/library" "$work/place/share/entente/"
program=$work/place/bin/entente
cd "$work" || exit 2

# judge WHAT TRUE?: one line of TAP.
judge() {
    count=$((count + 1))
    if [ "$2" = 0 ]; then
        echo "ok $count - $1"
    else
        failed=1
        echo "not ok $count - $1"
        [ -z "${3-}" ] || echo "# $3"
        sed 's/^/# said: /' err | cut -c 1-300 | head -n 5
    fi
}

# refuses LINES PATTERN WHAT COMMAND ARGUMENT...: exit status 2 and nothing on standard output; LINES lines of error,
# of which the first fits the pattern, and none is longer than 1000 bytes.
refuses() {
    lines=$1 pattern=$2 what=$3 wrong='' status=0
    shift 3
    "$program" "$@" >out 2>err </dev/null || status=$?
    [ "$status" = 2 ] || wrong="exit status $status;"
    [ ! -s out ] || wrong="$wrong something on standard output;"
    said=$(pattern=$pattern lines=$lines awk '
        NR == 1 { first = substr($0, 1, 160); gsub(/[#\\]/, "", first); print first; fits = $0 ~ ENVIRON["pattern"] }
        length > 1000 { print "a very long line" }
        END { if (!fits) print "not as " ENVIRON["pattern"]; if (NR != ENVIRON["lines"]) print NR " lines of error" \
            }' err)
    case $said in
    *"
"*) wrong="$wrong $(echo "$said" | tail -n +2 | tr '\n' ';')" ;;
    esac
    judge "$what: ${said%%"
"*}" "${wrong:+1}${wrong:-0}" "$wrong"
}

# Both forms of output, which must not differ in what they refuse.
runs_not() {
    run_lines=$1 run_pattern=$2 run_what=$3
    shift 3
    refuses "$run_lines" "$run_pattern" "run, $run_what" run "$@"
    refuses "$run_lines" "$run_pattern" "run --json, $run_what" run --json "$@"
}

# The agreement's first line and then a line of ours.
opened=$(head -n 1 "$evening")
T=2024-09-27T17:20:00.000Z
made='"kind":"appointment.made","at":"'$T'","by":"Shah"'
# at TIME WHO [BY] [MORE]: an appointment.
at() {
    printf '{"kind":"appointment.made","at":"%s","by":"%s","who":"%s","role":"host.planner"%s}\n' "$1" "${3-Shah}" \
        "$2" "${4-}"
}
# movement KIND BY MORE
movement() {
    printf '{"kind":"movement.%s","at":"%s","by":"%s","m":"M1","departure":"2024-09-28T17:20:00.000Z"%s}\n' "$1" $T "$2" \
        "${3-}"
}
events() {
    { echo "$opened"; printf '%s\n' "$@"; } >events.jsonl
}
line() {
    line_pattern="^events\\.jsonl:2:[0-9]+: ($1)" line_what=$2
    shift 2
    events "$@"
    runs_not 1 "$line_pattern" "$line_what" "$agreement" events.jsonl
    refuses 1 "$line_pattern" "explain, $line_what" explain "$agreement" events.jsonl C3.a/1
}

# One event ---------------------------------------------------------------------------------------

line "no event is called 'sighting.stpo': did you mean 'sighting.stop'\\?" 'an unknown kind' \
    "{\"kind\":\"sighting.stpo\",\"at\":\"$T\",\"by\":\"cam-3\"}"
line 'a line says its kind, such as' 'no kind' "{\"at\":\"$T\",\"by\":\"cam-3\"}"
line "appointment\\.made needs the field 'role': one of " 'a missing field' "{$made,\"who\":\"Rana\"}"
line "appointment\\.made needs the field 'at'" 'no time' \
    '{"kind":"appointment.made","by":"Shah","who":"R","role":"host.planner"}'
line "appointment\\.made has no field 'rolle': did you mean 'role'\\?" 'an unknown field' \
    "{$made,\"who\":\"Rana\",\"role\":\"host.planner\",\"rolle\":1}"
line "the field 'who' of appointment\\.made stands twice; keep one" 'a field twice' \
    "{$made,\"who\":\"Rana\",\"who\":\"Noor\",\"role\":\"host.planner\"}"
line "the field 'who' of appointment\\.made must be a name .* it is 7" 'a wrong type' \
    "{$made,\"who\":7,\"role\":\"host.planner\"}"
line "the field 'role' .*must be one of .*did you mean 'host.planner'\\?" 'a role that there is not' \
    "{$made,\"who\":\"Rana\",\"role\":\"host.plannr\"}"
for time in yesterday 2024-13-27T17:20:00.000Z 2024-02-30T17:20:00.000Z 2024-09-27T25:20:00.000Z \
    2024-09-27T17:20:00.000 \
    2024-09-27T17:20:00.000+05:00 2024-09-27T17:20:00Z 1969-12-31T23:59:59.999Z 12024-09-27T17:20:00.000Z ''; do
    events "$(at "$time" R)"
    runs_not 1 "^events\\.jsonl:2:[0-9]+: the field 'at' of appointment\\.made must be a time like 2024-10-06T17" \
        "the time '$time'" "$agreement" events.jsonl
done
zone="\"kind\":\"zone.drawn\",\"at\":\"$T\",\"by\":\"Noor\",\"z\":\"o\",\"ring\":\"outer\",\"largest\":\"car\""
for area in '[[180.0000001,24.9],[67.1,24.9],[67.2,25]]' '[[67.1,90.0000001],[67.1,24.9],[67.2,25]]' \
    '[[1e9,0],[0,0],[1,1]]' \
    '[[-181,0],[0,0],[1,1]]' '[[0.00000001,0],[0,0],[1,1]]' '[[1,2,3],[0,0],[1,1]]' '[[1],[0,0],[1,1]]' '[]' \
        '"here"' 'null' '1e999'; do
    events "{$zone,\"radius\":400,\"area\":$area}"
    runs_not 1 "^events\\.jsonl:2:[0-9]+: the field 'area' of zone\\.drawn must be a list of 2 to 256 places like " \
        "the area $area" "$agreement" events.jsonl
done
for n in -1 1.5 1e3 9007199254740992 1e999 NaN Infinity 0x10 01 '"400"' true; do
    events "{$zone,\"area\":[[1,1],[2,2],[1,2]],\"radius\":$n}"
    runs_not 1 '^events\.jsonl:2:[0-9]+: ' "the number $n" "$agreement" events.jsonl
done
line 'a line is one JSON object: ' 'a line that is no JSON' 'connection lost'
line 'a line is one JSON object: ' 'a list' "[{$made}]"
line 'nothing may follow the value' 'two objects on a line' "{$made,\"who\":\"R\",\"role\":\"host.planner\"} {}"
events "$(printf '{%s,"who":"Ra\377na","role":"host.planner"}' "$made")"
runs_not 1 '^events\.jsonl:2:[0-9]+: the bytes here are not UTF-8; ' 'bytes that are not UTF-8' "$agreement" \
    events.jsonl
events "{$made,\"who\":\"\\ud800\",\"role\":\"host.planner\"}"
runs_not 1 '^events\.jsonl:2:[0-9]+: ' 'half a surrogate pair' "$agreement" events.jsonl

# Sizes -------------------------------------------------------------------------------------------

{ echo "$opened"; printf '{%s,"who":"R","role":"host.planner","id":"' "$made"; head -c 10000000 /dev/zero | tr '\0' \
    x; echo '"}'; } >events.jsonl
runs_not 1 '^events\.jsonl:2:1: a line has at most 65536 bytes' 'an id of 10 MB' "$agreement" events.jsonl
{ echo "$opened"; printf '{%s,"who":"R","role":"host.planner","id":"' "$made"; head -c 129 /dev/zero | tr '\0' x; \
    echo '"}'; } >events.jsonl
runs_not 1 "^events\\.jsonl:2:[0-9]+: the field 'id' .* it is too long, it has 129" 'an id of 129 bytes' \
    "$agreement" events.jsonl
{ echo "$opened"; printf '{"kind":"tick","x":'; head -c 30000 /dev/zero | tr '\0' '['; echo; } >events.jsonl
runs_not 1 '^events\.jsonl:2:[0-9]+: ' 'JSON that is deep' "$agreement" events.jsonl
{ echo "$opened"; printf '{"x":'; head -c 30000 /dev/zero | tr '\0' '['; echo; } >events.jsonl
runs_not 1 '^events\.jsonl:2:[0-9]+: .*32 levels|^events\.jsonl:2:[0-9]+: .*deep' \
    'JSON that is deep before its kind' "$agreement" events.jsonl
truncate -s 1G sparse
runs_not 1 '^sparse:1:1: a NUL byte stands in this line' 'a gigabyte of nothing' "$agreement" sparse
runs_not 1 '^/dev/zero:1:1: a NUL byte stands in this line' 'a device without end' "$agreement" /dev/zero
{ echo "$opened"; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do echo "{\"i\":$i}"; \
    done; } >events.jsonl
runs_not 21 '^events\.jsonl:2:[0-9]+: a line says its kind' 'many errors' "$agreement" events.jsonl
judge 'and the rest of them is counted' \
    "$(tail -n 1 err | grep -q '^entente: events\.jsonl: and 5 more; nothing was judged$'; echo $?)"

# Files -------------------------------------------------------------------------------------------

: >empty
printf '\n \n\n' >blank
head -c 5000 /dev/zero >nuls
head -c 20001 "$evening" >cut.jsonl
{ printf '\357\273\277'; cat "$evening"; } >bom.jsonl
{ printf '\377\376'; sed 's/./&\x00/g' "$evening"; } >utf16.jsonl
runs_not 1 '^entente: cannot read gone: there is no such file; check' 'a file that is not there' "$agreement" gone
runs_not 1 '^entente: cannot read gone: there is no such file; check' 'an agreement that is not there' gone "$evening"
runs_not 1 '^entente: cannot read \.: it is a folder; name a file in it' 'a folder' "$agreement" .
runs_not 1 '^entente: cannot read \.: it is a folder; name a file in it' 'a folder for an agreement' . "$evening"
runs_not 1 '^entente: empty: there is no event in this file: it needs theatre\.opened' 'an empty file' "$agreement" \
    empty
runs_not 1 '^entente: blank: there is no event in this file' 'blank lines' "$agreement" blank
runs_not 1 '^nuls:1:1: a NUL byte stands in this line' 'NUL bytes' "$agreement" nuls
runs_not 1 '^bom\.jsonl:1:1: .*BOM.* save it as UTF-8 without' 'a byte order mark' "$agreement" bom.jsonl
runs_not 1 '^utf16\.jsonl:1:1: the file is in UTF-16: save it as UTF-8' 'UTF-16' "$agreement" utf16.jsonl
runs_not 1 '^cut\.jsonl:[0-9]+:[0-9]+: .*; the file ends in this line: was it cut\?' 'a file cut in the middle' \
    "$agreement" cut.jsonl
runs_not 1 ':1:1: a text begins with .agreement. or .library., and this is another sort of file' \
    'files in the wrong order' \
    "$evening" "$agreement"
tail -n +2 "$evening" >headless.jsonl
runs_not 1 '^headless\.jsonl:1:1: the first line must be theatre\.opened' 'no theatre.opened' "$agreement" \
    headless.jsonl
{ cat "$evening"; echo "$opened"; } >twice.jsonl
runs_not 1 '^twice\.jsonl:[0-9]+:1: theatre\.opened stands a second time' 'theatre.opened twice' "$agreement" \
    twice.jsonl
{ echo "$opened" | sed 's/"version":3/"version":4/'; } >other.jsonl
runs_not 1 '^other\.jsonl:1:1: this theatre was opened under .* version 4, .* version 3' \
    'the events of another version' "$agreement" other.jsonl
printf '%s\n' "$opened" "$(at $T R Shah ',"known":"2024-09-27T17:20:00.000Z"')" \
    "$(at $T S Shah ',"known":"2024-09-26T17:20:00.000Z"')" >back.jsonl
runs_not 1 "^back\\.jsonl:3:1: 'known' goes back behind the line before" 'known goes back' "$agreement" back.jsonl
if [ "$(id -u)" = 0 ]; then
    # Root may read all; what belongs to nobody here is read as another user.
    if command -v setpriv >/dev/null && chmod 755 "$work" && : >secret && chmod 000 secret; then
        status=0
        setpriv --reuid 65534 --clear-groups "$program" run "$agreement" secret >out 2>err </dev/null || status=$?
        judge "run, a file that may not be read: $(head -n 1 err)" \
            "$([ "$status" = 2 ] && grep -Eq '^entente: cannot read .*: Permission denied; ' err; echo $?)" \
                "exit status $status"
    else
        count=$((count + 1))
        echo "ok $count - a file that may not be read # SKIP root reads all, and there is no setpriv"
    fi
else
    : >secret
    chmod 000 secret
    runs_not 1 '^entente: cannot read secret: Permission denied; ask its owner' 'a file that may not be read' \
        "$agreement" secret
fi

# Options -----------------------------------------------------------------------------------------

runs_not 1 '^entente: run cannot work with 3 arguments .*usage: entente run AGREEMENT EVENTS' 'two agreements' \
    "$agreement" "$agreement" "$evening"
runs_not 1 '^entente: run cannot work with 1 argument .*usage: entente run AGREEMENT EVENTS' 'no events' "$agreement"
runs_not 1 '^entente: --jsn: there is no such option here' 'an unknown option' --jsn "$agreement" "$evening"
runs_not 1 '^entente: -x: there is no such option here' 'an unknown short option' -x "$agreement" "$evening"
runs_not 1 '^entente: --until=2024: .* a value stands behind its option' 'an option with its value glued on' \
    --until=2024 "$agreement" "$evening"
runs_not 1 '^entente: --until: a value must follow' 'an option without a value' "$agreement" "$evening" --until
runs_not 1 '^entente: --from: a value must follow' 'an option where a value goes' "$agreement" "$evening" --from \
    --until $T
runs_not 1 '^entente: --order: stands twice; keep one' 'an option twice' "$agreement" "$evening" --order known \
    --order happened
runs_not 1 "^entente: --order: must be 'known' .* or 'happened'" 'another order' "$agreement" "$evening" --order now
runs_not 1 '^entente: --from: lies behind --until' '--from later than --until' "$agreement" "$evening" \
    --from 2024-10-06T18:00:00.000Z --until 2024-10-06T17:00:00.000Z
runs_not 1 '^entente: --until: lies before the first line' '--until before the beginning' "$agreement" "$evening" \
    --until 2024-01-01T00:00:00.000Z
for time in 2024-10-06T18:00 2024-10-06T18:00:00.000 2024-10-06T18:00:00.000+05:00 18:00 ''; do
    runs_not 1 '^entente: --until: ' "--until '$time', a time without zone or with another" "$agreement" "$evening" \
        --until "$time"
done
refuses 1 "^entente: there is no command 'rnu'" 'an unknown command' rnu
refuses 1 '^entente: C3\.a/99999: no verdict has this id; ' 'explain, an id that there is not' explain "$agreement" \
    "$evening" C3.a/99999
refuses 1 '^entente: explain cannot work with 2 arguments' 'explain, no id' explain "$agreement" "$evening"
status=0
"$program" run -- "$agreement" "$evening" >out 2>err || status=$?
judge 'options end at --' "$([ "$status" = 1 ]; echo $?)"

# Agreements --------------------------------------------------------------------------------------

head='agreement "x" version 1
between host "a" and guest "b"
time zone "Asia/Karachi"
thing car'
i=0
{ echo "$head"; while [ $((i += 1)) -le 1000 ]; do echo "event e.f$i(x: nosuch$i) \"l\" observation"; done; } \
    >thousand.accord
refuses 51 '^thousand\.accord:5:[0-9]+: ' 'check, a thousand errors' check thousand.accord
judge "a thousand errors are counted: $(tail -n 1 err)" \
    "$(tail -n 1 err | grep -q '^entente: and 950 more; mend the first ones'; echo $?)"
judge 'and each shown has its place' "$([ "$(grep -Ec '^thousand\.accord:[0-9]+:[0-9]+: ' err)" = 50 ]; echo $?)"
{ echo "$head"; printf 'state s(car: car) from '; head -c 200000 /dev/zero | tr '\0' '('; } >deep.accord
refuses 1 '^deep\.accord:5:[0-9]+: ' 'check, two hundred thousand brackets' check deep.accord
{ printf 'agreement "'; head -c 1000000 /dev/zero | tr '\0' x; echo '" version 1'; } >long.accord
refuses 1 '^long\.accord:1:11: ' 'check, a title of a megabyte' check long.accord
{ printf '\357\273\277'; cat "$agreement"; } >bom.accord
refuses 1 '^bom\.accord:1:1: .*BOM' 'check, a byte order mark' check bom.accord
printf 'agreement "\377" version 1\n' >bytes.accord
refuses 1 '^bytes\.accord:1:[0-9]+: ' 'check, bytes that are not UTF-8' check bytes.accord
refuses 1 '^nuls:1:1: ' 'check, NUL bytes' check nuls
refuses 1 '^empty:1:1: the text is empty' 'check, an empty file' check empty
refuses 1 '^entente: cannot read gone: there is no such file' 'check, a file that is not there' check gone
refuses 1 '^entente: cannot read \.: it is a folder' 'check, a folder' check .
refuses 1 '^entente: cannot read sparse: it has more than 4194304 bytes' 'check, a gigabyte' check sparse
refuses 1 '^entente: cannot read /dev/zero: it has more than 4194304 bytes' 'check, a device without end' check \
    /dev/zero
refuses 1 '^entente: check cannot work with 0 arguments' 'check, no file' check
refuses 1 '^entente: --until: there is no such option here' 'check, an option of another command' check "$agreement" \
    --until $T
sed 's,Asia/Karachi,Asia/Karrachi,' "$agreement" >zone.accord
refuses 1 "^zone\\.accord:[0-9]+:[0-9]+: there is no time zone .*did you mean" 'check, a zone that there is not' \
    check zone.accord
runs_not 1 "^zone\\.accord:[0-9]+:[0-9]+: there is no time zone" 'a zone that there is not' zone.accord "$evening"
printf 'library a version 1\nuses b version 1\n' >a.accord
printf 'library b version 1\nuses a version 1\n' >b.accord
refuses 1 'circle' 'check, libraries in a circle' check a.accord

# Import ------------------------------------------------------------------------------------------

# What is not read is told as a message that was not taken, and then the count.
for case in 'nuls|a NUL byte has no business in JSON: line 1, column 1' 'empty|there is nothing to read' \
    'utf16.jsonl|the bytes are UTF-16; send them as UTF-8'; do
    refuses 2 "^${case%%|*}:[0-9]+: message 1, reading 1: not taken: ${case#*|}" "import, ${case%%|*}" import plates \
        "${case%%|*}"
done
head -c 100 "$plates/frigate-pass.json" >cut.json
refuses 2 '^cut\.json:1: message 1, reading 1: not taken: the JSON ends before it is complete: line 3' \
    'import, a file cut in the middle' import plates cut.json
refuses 1 '^entente: cannot read gone: there is no such file' 'import, a file that is not there' import plates gone
refuses 1 '^entente: cannot read \.: it is a folder' 'import, a folder' import plates .
refuses 1 '^entente: cannot read sparse: it has more than 16777216 bytes' 'import, a gigabyte' import plates sparse
refuses 1 '^entente: cannot read /dev/zero: it has more than 16777216 bytes' 'import, a device without end' import \
    plates /dev/zero
refuses 1 "^entente: --feed: no feed is called 'nosuch'; the feeds loaded are " 'import, a feed that there is not' \
    import plates "$plates/frigate-pass.json" --feed nosuch
refuses 1 '^entente: --at: ' 'import, a time without zone' import plates "$plates/frigate-pass.json" --at \
    2024-10-06T17:20:00.000
refuses 1 '^entente: --with:1:2: ' 'import, half a pair' import plates "$plates/frigate-pass.json" --with k
refuses 1 '^entente: cannot read gone: ' 'import, cameras that are not there' import plates \
    "$plates/frigate-pass.json" --cameras gone
echo 'camera x is' >half.feed
refuses 1 '^entente: half\.feed:2:1: ' 'import, half a camera' import plates "$plates/frigate-pass.json" --cameras \
    half.feed
refuses 1 '^entente: cot: not yet: ' 'import, another format' import cot "$plates/frigate-pass.json"
refuses 1 '^entente: import cannot work with 1 argument' 'import, no file' import plates
status=0
printf '%s\n' '{"a":1}' '{"b":' >half.jsonl
cat "$plates/axis.jsonl" half.jsonl >mixed.jsonl
"$program" import plates mixed.jsonl --cameras "$plates/cameras.feed" >out 2>err || status=$?
judge 'import, one bad line among good ones: all others come out, and it ends with 2' \
    "$([ "$status" = 2 ] && [ "$(grep -c '^{.*}$' out)" = "$(wc -l <out)" ] && [ -s out ]; echo $?)" \
        "exit status $status"

# Outputs -----------------------------------------------------------------------------------------

# unwritten WHAT PATTERN STATUS: how a command ended that could not write.
unwritten() {
    fits=0
    [ "$3" = 2 ] && tail -n 1 err | grep -q "^entente: cannot write standard output: $2" || fits=1
    judge "$1: $(tail -n 1 err)" $fits "exit status $3"
}
for command in "run $agreement $evening" "run --json $agreement $evening" "explain $agreement $evening C3.a/190" \
    "check $agreement" version help "import plates $plates/axis.jsonl --cameras $plates/cameras.feed"; do
    status=0
    # shellcheck disable=SC2086  # one word each
    "$program" $command >/dev/full 2>err </dev/null || status=$?
    unwritten "a full disk, ${command%% *}" 'No space left on device; make room and run it again' $status
    # shellcheck disable=SC2086
    { sleep 0.2; "$program" $command 2>err </dev/null; echo $? >status; } | true
    unwritten "a pipe that is closed, ${command%% *}" 'Broken pipe; whoever read it has stopped' "$(cat status)"
    status=0
    # shellcheck disable=SC2086
    "$program" $command 2>err </dev/null >&- || status=$?
    unwritten "no standard output, ${command%% *}" 'Bad file descriptor; ' $status
done
status=0
"$program" run "$agreement" "$evening" <&- >&- 2>&- || status=$?
judge 'with all three closed it ends with 2' "$([ "$status" = 2 ]; echo $?)" "exit status $status"
"$program" run --json "$agreement" "$evening" >whole
# A disk that fills up in between: what came out is a beginning of what would have.
(ulimit -f 8; trap '' XFSZ; "$program" run --json "$agreement" "$evening" >part 2>err; echo $? >status)
judge "a limit on the file: $(cat err)" "$([ "$(cat status)" = 2 ] && cmp -n "$(wc -c <part)" part whole; echo $?)"
"$program" run --json "$agreement" "$evening" 2>err | head -n 1 >first
judge 'the first line, for head, is whole' "$([ "$(cat first)" = "$(head -n 1 whole)" ]; echo $?)"

# Standard input, and two at once -----------------------------------------------------------------

"$program" run --json "$agreement" - <"$evening" >piped 2>err
judge 'events from standard input are judged alike' "$(cmp -s piped whole; echo $?)"
cat "$evening" | "$program" run --json "$agreement" - >piped 2>err
judge 'and from a pipe' "$(cmp -s piped whole; echo $?)"
sed 's/$/\r/' "$evening" | "$program" run --json "$agreement" - >piped 2>err
judge 'and with the line ends of another system' "$(cmp -s piped whole; echo $?)"
head -c -1 "$evening" | "$program" run --json "$agreement" - >piped 2>err
judge 'and without the last one' "$(cmp -s piped whole; echo $?)"
status=0
printf 'what' | "$program" run --json "$agreement" - >out 2>err || status=$?
judge "what is wrong there is told: $(cat err)" "$([ "$status" = 2 ] && grep -q '^standard input:1:1: ' err; echo $?)"
"$program" import plates - --cameras "$plates/cameras.feed" <"$plates/axis.jsonl" >piped 2>err
"$program" import plates "$plates/axis.jsonl" --cameras "$plates/cameras.feed" >file 2>err
judge 'messages from standard input become the same events' "$([ -s file ] && cmp -s piped file; echo $?)"
for i in 1 2 3 4; do
    "$program" run --json "$agreement" "$evening" >"at-once.$i" 2>&1 &
done
wait
judge 'four at once do not disturb each other' \
    "$(cmp -s at-once.1 whole && cmp -s at-once.2 whole && cmp -s at-once.3 whole && cmp -s at-once.4 whole; echo $?)"
# Killed at any moment, it leaves nothing but whole lines of its output, and no file anywhere.
mkdir -p alone
i=0 wrong=0
while [ $((i += 1)) -le 5 ]; do
    (cd alone && exec "$program" run --json "$agreement" "$evening" >../killed 2>/dev/null) &
    child=$!
    sleep "0.0$i"
    kill -9 $child 2>/dev/null
    wait $child 2>/dev/null
    cmp -s -n "$(wc -c <killed)" killed whole && [ -z "$(tail -c 1 killed)" ] || wrong=1
done
judge 'killed, it leaves whole lines and no file' "$([ $wrong = 0 ] && [ -z "$(ls -A alone)" ]; echo $?)"

# Lines like others -------------------------------------------------------------------------------

# goes_on STATUS PATTERN WHAT LINE...: the run ends with STATUS, and one of its lines fits.
goes_on() {
    wanted=$1 pattern=$2 what=$3
    shift 3
    events "$@"
    status=0
    "$program" run --json "$agreement" events.jsonl >out 2>err || status=$?
    judge "$what: $(grep -E -- "$pattern" out | head -n 1 | cut -c 1-200)" \
        "$([ "$status" = "$wanted" ] && [ ! -s err ] && [ "$(grep -Ec -- "$pattern" out)" = 1 ]; echo $?)" \
            "exit status $status"
}
goes_on 0 '"refused":"appointment.made",.*"by":"cam-3",.*"why":\[\{"authority":"cam-3"\}\]' \
    'an event its sender may not send' "$(at $T Rana cam-3)" "$(at $T Rana)"
goes_on 0 '"refused":"movement.submitted",.*"why":\[\{"authority":"Khan"\}\]' 'a request its sender may not make' \
    "$(movement submitted Khan ',"group":"G","one-district":"no"')"
goes_on 0 '"refused":"movement.restored",.*"why":\[\{"life":"movement","stage":"new"\}\]' \
    'a command the life cycle forbids' "$(movement restored Shah)"
goes_on 0 '"quarantined":"appointment.made",.*"stamp":"2024-10-27T17:20:00.000Z",.*"why":"' 'a stamp in the future' \
    "$(at $T R)" "$(at 2024-10-27T17:20:00.000Z S)" "$(at 2024-09-27T17:21:00.000Z U)" \
    "$(at 2024-09-27T17:22:00.000Z V)"
"$program" run "$agreement" events.jsonl >out 2>err
judge "the table says so too: $(grep STAMP out)" \
    "$(grep -q 'STAMP .*appointment.made .*stamped 2024-10-27T17:20:00.000Z, ahead of the log' out; echo $?)"
events "$(at $T R)" "$(movement restored Shah)"
"$program" run "$agreement" events.jsonl >out 2>err
judge "and what was refused: $(grep REFUSED out)" \
    "$(grep -q 'REFUSED  *movement.restored' out && grep -q 'refused: 1$' out; echo $?)"
fits=0
grep -Eq '^log: 3 entries, root [0-9a-f]{64}$' out || fits=1
tail -n 1 out | grep -Eq '^state: [0-9a-f]{64} \(drill, unsigned\)$' || fits=1
judge "with the log's root and the state at the end" $fits

echo "1..$count"
exit $failed
