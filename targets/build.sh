#!/bin/sh
# Builds every target, optimised as in production; run by Maven and by the launcher. Go's own cache keeps a repetition cheap.
#
#   build.sh        into target/bin, and with Go 1.19, if it is installed, into target/bin-oldest
#   build.sh DIR    into target/DIR only
#
# TRACETOLL_GO names the Go command to use.
set -eu
cd "$(dirname "$0")"

# Programs are linked in a directory beside and moved into place whole: nobody ever runs a half-written one.
build() {
    mkdir -p "target/$1" "target/linked-$1"
    # Without -buildvcs=false every commit would make every program out of date.
    sh go.sh build -buildvcs=false -o "target/linked-$1/" ./cmd/...
    for linked in "target/linked-$1"/*; do
        program=target/$1/$(basename "$linked")
        if ! cmp -s "$linked" "$program"; then
            cp "$linked" "$program.$$"
            mv "$program.$$" "$program"
        fi
    done
}

if [ $# -gt 0 ]; then
    build "$1"
    exit
fi
build bin
oldest=/usr/lib/go-1.19/bin/go
if [ -x "$oldest" ]; then
    TRACETOLL_GO=$oldest
    export TRACETOLL_GO
    build bin-oldest
fi
