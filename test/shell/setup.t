# SPDX-License-Identifier: Apache-2.0
# tools/setup against a Debian of stubs: what it asks of apt, as whom, how often, and what it says.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
count=0 bad=0

stub() { # NAME, its commands on standard input
    { echo '#!/bin/sh'; cat; } >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}
stub dpkg-query <<'E'
shift 3
for package; do case " $MISSING " in *" $package "*) ;; *) echo "installed $package" ;; esac; done
E
stub id <<'E'
echo "$AS"
E
stub sudo <<'E'
[ "$SUDO" = yes ] || exit 1
shift
exec env -i PATH="$PATH" LOG="$LOG" FAILS="$FAILS" SUDO_DID=yes "$@"
E
stub apt-get <<'E'
for last; do :; done
case " $* " in *' update '*) did=update ;; *) did="install $last" ;; esac
echo "$did${SUDO_DID:+ by sudo} $DEBIAN_FRONTEND${http_proxy:+ through $http_proxy}" >>"$LOG"
[ "$did" = update ] && exit 0
[ "$(grep -c '^install' "$LOG")" -gt "$FAILS" ] || { echo "E: Failed to fetch $last"; exit 100; }
E
stub dpkg </dev/null
stub sleep </dev/null

# sets STATUS WHAT [VARIABLE=VALUE...]: runs it; what it said is in $work/out, what apt was asked in $work/log.
sets() {
    wanted=$1 what=$2 status=0
    shift 2
    : >"$work/log"
    env PATH="$work/bin:$PATH" LOG="$work/log" MISSING='' AS=0 SUDO=no FAILS=0 http_proxy='' "$@" \
        sh "$ENTENTE_ROOT/tools/setup" test >"$work/out" 2>&1 || status=$?
    is "$what: exit status" "$status" "$wanted"
}
is() { # WHAT GOT WANTED
    count=$((count + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $count - $1"
    else
        bad=1
        echo "not ok $count - $1"
        printf 'got:\n%s\nwanted:\n%s\n' "$2" "$3" | sed 's/^/# /'
    fi
}

sets 0 'nothing is missing'
is 'nothing is missing: it asks and says nothing' "$(cat "$work/log" "$work/out")" ''

sets 0 'root' MISSING='meson clang'
is 'root: one line says what' "$(cat "$work/out")" 'tools/setup: installing meson clang'
is 'root: one installation, that asks nothing' "$(cat "$work/log")" 'update noninteractive
install clang noninteractive'

sets 1 'neither root nor sudo' MISSING='meson clang' AS=1000
is 'neither root nor sudo: the command that would do' "$(tail -n 1 "$work/out")" \
    '    sudo apt-get install --no-install-recommends meson clang'
is 'neither root nor sudo: nothing was asked' "$(cat "$work/log")" ''

sets 0 'sudo' MISSING=meson AS=1000 SUDO=yes http_proxy=http://localhost:3128
is 'sudo: the proxy is handed on' "$(cat "$work/log")" \
    'update by sudo noninteractive through http://localhost:3128
install meson by sudo noninteractive through http://localhost:3128'

sets 0 'two fetches fail' MISSING=meson FAILS=2
is 'two fetches fail: the third does it' "$(grep -c '^install' "$work/log")" 3

sets 1 'all fail' MISSING=meson FAILS=9
is 'all fail: what apt said, and what is missing' "$(tail -n 2 "$work/out")" 'E: Failed to fetch meson
tools/setup: apt-get could not install: meson'

echo "1..$count"
exit $bad
