#!/bin/sh
# Prints the path of Delve in the version that Tracetoll is compared with, or with --version that version. Builds it, below target, if need be.
set -eu
cd "$(dirname "$0")"
version=1.27.1
if [ "${1:-}" = --version ]; then
    echo $version
    exit
fi
delve=$PWD/target/tools/dlv-$version
if [ ! -x "$delve" ]; then
    go=$(sh go.sh env GOROOT)/bin/go
    mkdir -p target/tools
    built=$(mktemp -d "$PWD/target/tools/building.XXXXXX")
    trap 'rm -rf "$built"' EXIT
    trap 'exit 1' HUP INT TERM
    # Where it is found is the user's to say (GOPROXY); a Go that is too old for it brings a newer one, if it knows how to (1.21).
    GOFLAGS='' GOWORK=off GOTOOLCHAIN=auto GOBIN=$built "$go" install "github.com/go-delve/delve/cmd/dlv@v$version" >&2
    # At once, so that nobody finds half of it.
    mv "$built/dlv" "$delve"
fi
echo "$delve"
