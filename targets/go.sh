#!/bin/sh
# Runs the Go command the targets are built with, in an environment that no setting of the user changes. TRACETOLL_CGO=1 lets tests use C.
set -eu
cd "$(dirname "$0")"
go=${TRACETOLL_GO:-$(command -v go || true)}
if [ -z "$go" ]; then
    # Debian keeps each version in a directory of its own; the last in version order is the newest.
    for candidate in $(printf '%s\n' /usr/lib/go-*/bin/go | sort -V) /usr/local/go/bin/go; do
        [ -x "$candidate" ] && go=$candidate
    done
fi
if [ -z "$go" ]; then
    echo "No Go toolchain found (looked for go on PATH, in /usr/lib/go-* and /usr/local/go): install Go 1.19 or newer, or set TRACETOLL_GO" >&2
    exit 77
fi
# A compiler lives shorter than a collection of its garbage pays: the longest of ours take a third less.
if [ "${1:-}" = build ]; then export GOGC=400; fi
# GOENV=off, since an empty GOFLAGS alone would fall back to the user's configuration file.
exec env GOENV=off GOFLAGS= GOWORK=off GOTOOLCHAIN=local CGO_ENABLED="${TRACETOLL_CGO:-0}" "$go" "$@"
