#!/bin/sh
# Prints the path of benchstat in the version that the tests read exports with. Builds it, below target, if need be.
set -eu
cd "$(dirname "$0")"
version=v0.0.0-20260908200009-22c9c6c9d4da
benchstat=$PWD/target/tools/benchstat-$version
if [ ! -x "$benchstat" ]; then
    go=$(sh go.sh env GOROOT)/bin/go
    mkdir -p target/tools
    built=$(mktemp -d "$PWD/target/tools/building.XXXXXX")
    trap 'rm -rf "$built"' EXIT
    trap 'exit 1' HUP INT TERM
    # Where it is found is the user's to say (GOPROXY); a Go that is too old for it brings a newer one, if it knows how to (1.21).
    GOFLAGS='' GOWORK=off GOTOOLCHAIN=auto GOBIN=$built "$go" install "golang.org/x/perf/cmd/benchstat@$version" >&2
    # At once, so that nobody finds half of it.
    mv "$built/benchstat" "$benchstat"
fi
echo "$benchstat"
