#!/bin/sh
# Makes docs/ladder.md and its pictures: of a new measurement, which is published with it, or of a run that is published already.
#
#     sh docs/ladder.sh                                   measures: ./tracetoll bench --ladder --peers
#     sh docs/ladder.sh results/published/.../...-ladder  only makes the page again, after a change of its words
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

run=${1:-}
if [ -z "$run" ]; then
    fingerprint=$("$home/tracetoll" baseline show | sed -n 's/^fingerprint  *//p')
    [ -n "$fingerprint" ] || { echo "docs/ladder.sh: ./tracetoll baseline show names no fingerprint" >&2; exit 1; }
    "$home/tracetoll" bench --ladder --peers --out "$work"
    measured=$(find "$work/results" -mindepth 1 -maxdepth 1 -name '*-ladder')
    run=$home/results/published/$fingerprint/$(basename "$measured")
    mkdir -p "$run"
    # What JMH says of it is large and in no page.
    # Where it was measured into is gone, and no part of how to measure it again.
    sed "s|, \"--out\", \"$work\"||" "$measured/results.json" >"$run/results.json"
    # The page is of the newest run; older ones would only be in the way.
    find "$home/results/published" -mindepth 2 -maxdepth 2 -name '*-ladder' ! -path "$run" -exec rm -r {} +
fi
"$home/tracetoll" report "$run" --out "$work/made"
made=$(find "$work/made" -mindepth 1 -maxdepth 1 -name '*-ladder')
cp "$made/ladder.md" "$made/ladder.png" "$made/ladder-dark.png" "$home/docs/"
echo "docs/ladder.md is made of ${run#"$home"/}"
