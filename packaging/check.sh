#!/bin/sh
# Tries out what was packed: unpacks the archive, and runs it where there is neither Maven nor Go nor clang, nor a place to write beside it. Run by
# Maven. try.sh does more, on other systems.
#
#   check.sh DIR VERSION HOME    DIR has the packages, HOME the built sources
set -eu
packages=$(cd "$1" && pwd)
version=$2 home=$3
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

fail() { echo "check.sh: $*" >&2; exit 1; }
expect() { grep -qF -- "$2" "$work/$1" || { cat "$work/$1" >&2; fail "no \"$2\" in what it said"; }; }

# ---- the archive ------------------------------------------------------------------------------------------------------

tar -xzf "$packages/tracetoll-$version.tar.gz" -C "$work"
unpacked=$work/tracetoll-$version
chmod -R a-w "$unpacked"
find "$unpacked" | sort >"$work/before"

mkdir "$work/tools"
cp -rsf /usr/bin/. /usr/sbin/. "$work/tools"
for tool in mvn go gofmt javac clang; do rm -f "$work/tools/$tool"; done
# Only what a user has.
installed() { env -i HOME="$work" XDG_DATA_HOME="$work/data" PATH="$work/tools" ${JAVA_HOME:+"JAVA_HOME=$JAVA_HOME"} "$unpacked/tracetoll" "$@"; }

installed --version >"$work/said"
[ "$(cat "$work/said")" = "tracetoll $version" ] || fail "it is not tracetoll $version: $(cat "$work/said")"
installed doctor >"$work/said" || [ $? = 77 ]
expect said libcapstone
! grep -qE '^no +(mvn|go|clang)' "$work/said" || fail 'doctor asks for what nobody needs who did not build it'
if grep -q '^ok *ptrace' "$work/said"; then
    for run in first second; do
        echo 'burst 1 3' | installed trace --backend ptrace --function '^main\.probed$' "$home/targets/target/bin/calls" >"$work/said" 2>"$work/warned"
        expect said '3 calls, 3 returns'
        [ ! -s "$work/warned" ] || { cat "$work/warned" >&2; fail "it has something to say at its $run run"; }
    done
else
    echo 'check.sh: nothing is traced: doctor says that ptrace is not possible here' >&2
fi
[ -n "$(find "$work/data/tracetoll/.state" -name 'classes-*.jsa' -size +1M)" ] || fail 'it made no archive of classes'
find "$unpacked" | sort | cmp - "$work/before" || fail 'it wrote where it was unpacked'

# ---- manual pages and completion --------------------------------------------------------------------------------------

for page in "$unpacked"/man/man1/*.1; do
    { MANROFFSEQ='' LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >/dev/null; } 2>&1
    # But what asciidoctor says to groff alone, which others leave out.
    mandoc -T lint -W error "$page" | grep -vE 'unknown macro: *LINKSTYLE|insecure request: mso' || :
    for section in 'EXIT STATUS' FILES; do grep -q "^\.SH \"$section\"" "$page" || echo "$page has no section $section"; done
done >"$work/lint"
[ ! -s "$work/lint" ] || { cat "$work/lint" >&2; fail 'the manual pages have faults'; }

completes() {
    # shellcheck disable=SC2016
    bash -c '. "$1"; COMP_WORDS=(tracetoll $2) COMP_CWORD=$3; _complete_tracetoll 2>/dev/null; echo " ${COMPREPLY[*]} "' - \
        "$unpacked/completion/tracetoll.bash" "$1" "$2" >"$work/said"
    expect said " $3 "
}
completes doc 1 doctor
completes 'trace --back' 2 --backend

# ---- the Debian package -----------------------------------------------------------------------------------------------

deb=$packages/tracetoll_${version}_amd64.deb
if command -v dpkg-deb >/dev/null; then
    dpkg-deb -c "$deb" >"$work/said"
    expect said './usr/bin/tracetoll -> ../lib/tracetoll/tracetoll'
    expect said ./usr/share/man/man1/tracetoll-trace.1.gz
fi
if command -v lintian >/dev/null; then
    lintian --allow-root --fail-on warning "$deb"
else
    echo 'check.sh: lintian is not here, and has not looked at the Debian package' >&2
fi
if command -v hadolint >/dev/null; then
    hadolint "$(dirname "$0")/Dockerfile"
else
    echo 'check.sh: hadolint is not here, and has not looked at the Dockerfile' >&2
fi
