#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# debootstrap.sh [--tree] [--test]: proves on a bare Debian 12 that nothing but `make` has to be there before.
#
# Makes the smallest Debian 12 that debootstrap can, puts a clone of this repository into it (with --tree: the
# files as they are, committed or not), and runs there: `make run` as somebody who may not install anything,
# which must say so; `make run` twice; `make check` as somebody who has sudo without a password; `make run` as one who
# has not, now that all is there; with --test also `make test`, with $FUZZ_SECONDS. Says what was installed and how
# long each took. Needs root, debootstrap, about 2 GB in $TMPDIR (/tmp) and a Debian mirror: $MIRROR, or else this
# machine's own. Takes some minutes, so no other test calls it. Leaves nothing behind.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
tree='' test=''
for option in "$@"; do
    case $option in
    --tree) tree=yes ;;
    --test) test=yes ;;
    *) sed -n 's/^# \(debootstrap.sh .*\):.*/usage: \1/p' "$0" >&2; exit 2 ;;
    esac
done
[ "$(id -u)" = 0 ] || { echo "debootstrap.sh: only root can do this" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "debootstrap.sh: apt-get install debootstrap, then try again" >&2; exit 2; }

# The machine's own way to Debian's packages: the mirror that has gcc, and apt's proxy when the environment has none.
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' \
    'Component: main' 'Origin: Debian' | sed '1{s,/*$,,;q}')}
[ -n "$mirror" ] || { echo "debootstrap.sh: apt knows no mirror of bookworm; set MIRROR" >&2; exit 2; }
if [ -z "${http_proxy-}" ]; then
    eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
    [ -z "${http_proxy-}" ] || export http_proxy
fi

top=$(mktemp -d "${TMPDIR:-/tmp}/entente-clean.XXXXXX")
debian=$top/debian place=srv/entente
clean_up() {
    umount "$debian/proc" 2>/dev/null || true
    if grep -q " $debian" /proc/mounts; then
        echo "something is still mounted below $debian: it stays" >&2
    else
        rm -rf --one-file-system "$top"
    fi
}
trap clean_up EXIT
trap 'exit 1' INT TERM

inside() { # [-u] COMMAND: in the new Debian, with nothing of this machine's environment but its proxy; -u: not as root
    who=root
    [ "$1" = -u ] && who=person && shift
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C ${http_proxy:+"http_proxy=$http_proxy"} \
        ${FUZZ_SECONDS:+"FUZZ_SECONDS=$FUZZ_SECONDS"} \
        chroot "$debian" setpriv --reuid "$who" --regid "$who" --clear-groups sh -c "cd /$place && $1"
}

told='' failed=0
step() { # WHAT COMMAND...: says how long it took, and goes on
    what=$1 began=$(date +%s) how=
    shift
    printf '\n== %s\n' "$what"
    "$@" || how=' (failed)' failed=1
    told="$told$what: $(($(date +%s) - began)) s$how
"
}

packages() { chroot "$debian" dpkg-query -W -f '${Package}\n' | sort; }

may_not() { # make run must end badly, and say which packages and what would do
    said=$(inside -u 'make run' 2>&1) && { echo "it went well"; return 1; }
    printf '%s\n' "$said"
    printf '%s\n' "$said" | grep -q 'sudo apt-get install .*meson'
}

bare() { debootstrap --variant=minbase bookworm "$debian" "$mirror" >"$top/log" 2>&1 || { tail "$top/log"; false; }; }

step 'debootstrap' bare
mount -t proc proc "$debian/proc"
chroot "$debian" useradd person
if [ -n "$tree" ]; then
    mkdir "$debian/$place"
    (cd "$root" && git ls-files -z --cached --others --exclude-standard | tar --null -T - --ignore-failed-read -c) |
        tar -x -C "$debian/$place"
else
    git clone --quiet --no-local "$root" "$debian/$place"
fi
chroot "$debian" chown -R root:root "/$place"
install() { # PACKAGE: as people do
    inside "apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $1" \
        >>"$top/log" 2>&1 || { tail "$top/log"; false; }
}

step 'apt-get install make' install make
packages >"$top/before"
step 'make run, by one who may install nothing' may_not
step 'make run' inside 'make run'
packages >"$top/after"
step 'make run, again' inside 'make run >/dev/null'
chroot "$debian" chown -R person:person "/$place"
step 'apt-get install sudo' install sudo
echo 'person ALL=(ALL) NOPASSWD: ALL' >"$debian/etc/sudoers.d/person"
packages >"$top/sudo"
step 'make check, by one with sudo' inside -u 'make check'
packages >"$top/checked"
rm "$debian/etc/sudoers.d/person"
step 'make run, by one without' inside -u 'make run >/dev/null'
[ -z "$test" ] || step 'make test' inside 'make test'
packages >"$top/end"

came() { # WHAT BEFORE AFTER
    printf '\n%s packages came for %s:\n' "$(comm -13 "$top/$2" "$top/$3" | wc -l)" "$1"
    comm -13 "$top/$2" "$top/$3" | tr '\n' ' ' | fold -s -w 110
}
came 'make run' before after
came 'make check' sudo checked
came 'make test' checked end
printf '\n%s MB in all with the system\n\n%s' "$(du -smx "$debian" | cut -f 1)" "$told"
exit $failed
