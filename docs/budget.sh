#!/bin/sh
# Makes docs/budget.md: a program of which one function suddenly becomes a thousand times hotter works for a minute, untraced and under trace
# --max-overhead 5% with each backend, turn by turn. Takes six minutes a round; other work on the machine spoils it.
#
#     sh docs/budget.sh [ROUNDS]
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rounds=${1:-3}

# What costs more a call gets longer pieces of work, so that its calls are within the budget before the surge: how many digests make one.
short=40000
long=400000
backends="ebpf:$short ebpf-patched:$short inline:$short ptrace:$long"

"$home/tracetoll" --version >/dev/null
sh "$home/targets/go.sh" build -C "$home/targets" -buildvcs=false -o "$work/surge" ./cmd/surge
# What a hit costs on this machine, which the budget reckons with.
"$home/tracetoll" predict --measure --no-progress --duration 2s --out "$home" --function '^main\.visited$' -- "$work/surge" -for 5s >/dev/null

pieces() { sed -n 's/ pieces.*//p' "$1"; }

# A field of the summary's only function that was taken off, and of what was spent.
field() { tail -n 1 "$work/trace" | sed -n "s/.*\"takenOff\":\[{.*\"$1\":\([0-9.]*\).*/\1/p"; }
spent() { tail -n 1 "$work/trace" | sed -n 's/.*"mostOverhead":\([0-9.]*\).*/\1/p'; }

for round in $(seq 1 "$rounds"); do
    for digests in $short $long; do
        "$work/surge" -digests "$digests" >"$work/said"
        pieces "$work/said" >>"$work/untraced-$digests"
    done
    for each in $backends; do
        backend=${each%:*}
        "$home/tracetoll" trace --backend "$backend" --max-overhead 5% --format json --output "$work/trace" --function '^main\.visited$' -- \
            "$work/surge" -digests "${each#*:}" >"$work/said" 2>"$work/err"
        # The surge comes 20 s after the beginning. What is cheap enough is not taken off.
        after=$(field afterNs)
        calls=$(field calls)
        echo "$(pieces "$work/said") ${after:-0} ${calls:-0} $(spent)" >>"$work/$backend"
    done
    echo "round $round of $rounds" >&2
done

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

{
    echo "# A budget, kept"
    echo
    echo "This page is made by \`sh docs/budget.sh\`. The target \`surge\` works for a minute, in pieces, each of which calls one small function once, and from"
    echo "20 s on a thousand times. It is traced by \`trace --max-overhead 5%\`, in rounds with runs that nobody traces: medians of $rounds. What ptrace sees"
    echo "works in longer pieces, as the others' calls would be too dear for it from the beginning: a stop that comes alone wakes two CPUs."
    echo
    echo "| backend | calls a second before | pieces untraced | pieces traced | less | taken off after the surge | calls seen to by then | in the dearest second |"
    echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for each in $backends; do
        backend=${each%:*}
        base=$(median <"$work/untraced-${each#*:}")
        n=$(cut -d' ' -f1 "$work/$backend" | median)
        after=$(cut -d' ' -f2 "$work/$backend" | median)
        calls=$(cut -d' ' -f3 "$work/$backend" | median)
        most=$(cut -d' ' -f4 "$work/$backend" | median)
        awk -v b="$backend" -v n="$n" -v base="$base" -v after="$after" -v calls="$calls" -v most="$most" 'BEGIN {
            printf "| `%s` | %d | %d | %d | %.1f %% | ", b, base / 60, base, n, 100 * (1 - n / base)
            if (calls > 0) printf "%.0f ms | %d", after / 1e6 - 20000, calls; else printf "not: within the budget | "
            printf " | %.1f %% of a CPU |\n", 100 * most
        }'
    done
} >"$work/page"
cp "$work/page" "$home/docs/budget.md"
cat "$home/docs/budget.md"
