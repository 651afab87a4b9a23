#!/bin/bash
# Tries out the packages on other systems, each in a directory of its own that debootstrap fills: what a user does who has a machine of that kind and
# no clone. The kernel is this machine's. Takes minutes, so it is run by hand, as root, after mvn package; leaves nothing behind.
#
#   packaging/try.sh MIRROR RELEASE...    such as bookworm, trixie; of Ubuntu noble, from a mirror of Ubuntu's
#
# COMPONENTS names what of the mirror is used (main,universe for Ubuntu).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$here")

if [ "${1:-}" = --inside ]; then
    # ---- in a mount namespace of its own: what is mounted here is gone with it -----------------------------------------
    mirror=$2 release=$3 root=$4
    mount --make-rprivate /
    say() { printf '\n== %s: %s\n' "$release" "$*"; }
    inside() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
    quietly() { "$@" >"$root/said" 2>&1 || { cat "$root/said" >&2; exit 1; }; }
    # Runs what follows, shows it, and looks for a line in what it says.
    expect() {
        local wanted=$1
        shift
        printf '# %s\n' "$*"
        inside "$@" </dev/null >"$root/said" 2>&1 || { code=$?; [ "$code" = 4 ] || { cat "$root/said"; echo "exit $code"; exit 1; }; }
        tail -n 12 "$root/said"
        grep -qE -- "$wanted" "$root/said" || { cat "$root/said"; echo "there is no /$wanted/ in it"; exit 1; }
    }

    quietly debootstrap --variant=minbase ${COMPONENTS:+"--components=$COMPONENTS"} "$release" "$root" "$mirror"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    cp "$here"/target/tracetoll*.deb "$here"/target/tracetoll-*.tar.gz "$root/root"
    cp "$home/targets/target/bin/calls" "$root/root/calls"
    traced='/root/calls -h'
    quietly inside apt-get update

    say 'the archive: unpack, run'
    quietly inside sh -c 'cd /root && tar -xzf tracetoll-*.tar.gz && rm tracetoll-*.tar.gz'
    # shellcheck disable=SC2086
    expect 'events lost' sh -c "/root/tracetoll-*/tracetoll trace --function '^main\.main\$' $traced"
    ! inside sh -c 'command -v mvn go clang javac' || { echo 'there is more here than a user has'; exit 1; }
    quietly inside sh -c 'rm -r /root/tracetoll-*/ /root/.local'

    say 'the Debian package'
    quietly inside sh -c 'apt-get install -y --no-install-recommends /root/tracetoll*.deb bash-completion man-db'
    expect '^ok +libcapstone' tracetoll doctor
    expect 'Show calls of Go functions' man tracetoll-trace
    expect '_complete_tracetoll' bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader tracetoll; complete -p tracetoll'
    for backend in ebpf ptrace inline; do
        # shellcheck disable=SC2086
        expect '3 calls, 3 returns.* 0 events lost' sh -c "echo 'burst 1 3' | tracetoll trace --backend $backend --function '^main\.probed\$' /root/calls"
    done
    expect 'Advised' tracetoll tune --rate 20000 --policy ring-adaptive --policy ringbuf-each --budget 15s --out /root/advice
    quietly inside apt-get install -y --no-install-recommends golang-go
    expect '^report ' tracetoll bench --quick --no-progress --out /root/measured
    expect 'index.html' sh -c 'tracetoll report /root/measured/results/* --out /root/page'
    quietly inside apt-get purge -y tracetoll
    [ ! -e "$root/usr/lib/tracetoll" ] || { find "$root/usr/lib/tracetoll"; echo 'is left of it'; exit 1; }
    say 'all is well'
    exit
fi

[ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo 'try.sh: only root may make file systems of other systems' >&2; exit 77; }
command -v debootstrap >/dev/null || { echo 'try.sh: debootstrap is missing; run: apt-get install debootstrap' >&2; exit 77; }
mirror=$1
shift
for release; do
    root=$(mktemp -d)
    trap 'rm -rf --one-file-system "$root"' EXIT
    unshare --mount "$0" --inside "$mirror" "$release" "$root"
    rm -rf --one-file-system "$root"
done
