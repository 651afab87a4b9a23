#!/bin/sh
# Makes docs/tuned-programs.md: sizes the ring buffer for three programs that others wrote, at work, by tracetoll tune; then traces each ten times with that
# size, and ten times with a quarter of it. Needs Debian's fzf, esbuild and golang-1.19-go.
#
#     sh docs/tuned-programs.sh
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
runs=10

for program in /usr/bin/fzf /usr/bin/esbuild /usr/lib/go-1.19/bin/gofmt; do
    [ -x "$program" ] || { echo "docs/tuned-programs.sh: no $program; apt-get install fzf esbuild golang-1.19-go" >&2; exit 77; }
done

seq 1 400000 >"$work/lines"
seq 1 60 | while read -r _; do
    echo "(function () {"
    cat /usr/lib/go-1.19/misc/wasm/wasm_exec.js
    echo "})();"
done >"$work/many.js"

# How many events a trace lost, by its summary.
lost() { tail -n 1 "$1" | sed 's/.*"lost":\([0-9]*\).*/\1/'; }

# Traces once: how many events were lost.
trace() {
    size=$1 regex=$2 input=$3
    shift 3
    "$home/tracetoll" trace --ring-size "$size" --wakeup adaptive --format json --output "$work/events" --function "$regex" -- "$@" \
        <"$input" >/dev/null 2>"$work/err"
    lost "$work/events"
}

# Runs with a size: how many of them lost something, and the median of what they lost.
lossy() {
    size=$1
    shift
    : >"$work/losses"
    while [ "$(wc -l <"$work/losses")" -lt $runs ]; do trace "$size" "$@" >>"$work/losses"; done
    awk '$1 > 0 { n++ } END { print n + 0 }' "$work/losses"
}

row() {
    name=$1 regex=$2 input=$3
    shift 3
    "$home/tracetoll" tune --function "$regex" --policy ring-adaptive --budget 20s --seed 1 --out "$work/$name" -- "$@" \
        <"$input" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
    json=$(find "$work/$name/results" -name tuning.json)
    bytes=$(sed -n '/"policy" *: *"ring-adaptive"/,$ s/.*"predictedBytes" *: *\([0-9]*\).*/\1/p' "$json" | head -n 1)
    events=$(sed -n 's/.*did, \([0-9 ]*\) calls and returns.*/\1/p' "$json" | head -n 1)
    with=$(lossy "$bytes" "$regex" "$input" "$@")
    quarter=$(lossy $((bytes / 4)) "$regex" "$input" "$@")
    echo "| $name | \`$regex\` | $events | $((bytes / 1048576)) MiB | $with of $runs | $quarter of $runs |"
}

{
    echo "# Ring buffers for programs of others"
    echo
    echo "This page is made by \`sh docs/tuned-programs.sh\`, with Debian's packages of each: \`tracetoll tune --function\` looks at the program once, at the price of"
    echo "counting, and says how large the ring of \`tracetoll trace --format json\` has to be, without any safety; then the program is traced with that size, and with a quarter of it."
    echo
    echo "| program | functions | calls and returns | size by \`tune\` | runs that lost something | with a quarter of it |"
    echo "| --- | --- | ---: | ---: | ---: | ---: |"
    row fzf 'fzf/src\.\(\*Pattern\)\.MatchItem$' "$work/lines" /usr/bin/fzf --no-sort --filter 77
    row esbuild 'js_lexer\.\(\*Lexer\)\.Next$' /dev/null /usr/bin/esbuild "$work/many.js" --outfile=/dev/null --allow-overwrite
    row gofmt '^go/scanner\.\(\*Scanner\)\.Scan$' /dev/null /usr/lib/go-1.19/bin/gofmt -l /usr/lib/go-1.19/src/net/http
} >"$work/page"
cp "$work/page" "$home/docs/tuned-programs.md"
cat "$home/docs/tuned-programs.md"
