#!/bin/sh
# Makes the table of docs/own-program.md that shows what was foretold beside what was measured: of our own server, under our own load, in settings by
# which nothing of the model was chosen. Prices are measured first; each setting takes a minute.
#
#     sh docs/foretold.sh [ROUNDS]
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
page=$home/docs/own-program.md
rounds=${1:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
port=18731
targets=$home/targets/target/bin

# A technique's cell of a table in Markdown, whose first column has its name: its last words, without the sign and what stands around.
cell() { awk -F '|' -v name="$2" -v column="$3" '{ gsub(/ /, "", $2) } $2 == name { gsub(/[ ×]/, "", $column); print $column; exit }' "$1"; }

# What is lost if so much is left.
lost() { awk -v left="$1" 'BEGIN { printf "%.0f %%\n", 100 * (1 - left) }'; }

# Whether what was foretold is as near to what was measured as it is meant to be.
judged() {
    awk -v measured="$1" -v foretold="$2" -v bound="$3" 'BEGIN {
        if (measured == "" || foretold == "") { print "–"; exit }
        lost = 100 * (1 - measured); said = 100 * (1 - foretold); off = said - lost; if (off < 0) off = -off
        printf "%.0f %% / %.0f %%%s\n", said, lost, off <= bound ? "" : " ✗"
    }'
}

row() {
    functions=$1 server=$2 load=$3
    # shellcheck disable=SC2086 # Options are words.
    "$home/tracetoll" bench --no-progress -f "^main\.($functions)\$" --technique inline --technique ebpf --technique ptrace --rounds "$rounds" --warmup 2 \
        --ready listening --load "$targets/load -duration 1500ms $load http://127.0.0.1:$port" --out "$work" \
        -- "$targets/serve" -listen 127.0.0.1:$port $server >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
    report=$(find "$work/reports" -name report.md -newer "$work/began")
    touch "$work/began"
    sed -n '/^#* *Requests$/,/^#* *P50$/p' "$report" >"$work/table"
    line="| $(echo "$functions" | sed "s,|,\, ,g") | $server | $load | $(lost "$(cell "$work/table" untraced-again "$ratio")") |"
    for technique in inline:15 ebpf:15 ptrace:30; do
        name=${technique%:*}
        line="$line $(judged "$(cell "$work/table" "$name" "$ratio")" "$(cell "$work/table" "$name" "$foretold")" "${technique#*:}") |"
    done
    echo "$line"
}

# Columns of that table.
ratio=5 foretold=7

"$home/tracetoll" predict --no-progress --measure --out "$work" -f '^main\.main$' -- "$targets/calls" </dev/null >/dev/null 2>&1 || [ $? = 4 ]
touch "$work/began"
{
    echo '| functions | server | load | untraced again | inline | ebpf | ptrace |'
    echo '| --- | --- | --- | ---: | ---: | ---: | ---: |'
    row 'parse' '-rounds 20' '-connections 4'
    row 'answer' '-rounds 80' '-connections 10'
    row 'digest' '-rounds 60' '-connections 6'
    row 'parse|answer' '-rounds 150' '-connections 20'
    row 'parse|answer|digest' '-rounds 25' '-connections 4'
    row 'digest|answer' '-calls 2 -rounds 30' '-connections 5'
    row 'answer' '-calls 4 -payload 300' '-connections 7'
    row 'parse' '-rounds 300' '-connections 9'
    row 'parse|digest' '-rounds 40' '-connections 6 -rate 2000'
    row 'answer|digest' '-rounds 70' '-connections 12 -rate 1500'
} >"$work/rows"
awk -v rows="$work/rows" '
    /^<!-- foretold -->$/ { print; while ((getline line <rows) > 0) print line; skipped = 1; next }
    /^<!-- measured -->$/ { skipped = 0 }
    !skipped { print }
' "$page" >"$work/page"
cp "$work/page" "$page"
