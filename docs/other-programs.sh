#!/bin/sh
# Makes docs/other-programs.md: what tracing costs programs that others wrote, at work, by tracetoll bench, predict and trace. Two are Debian's packages,
# as they come, without debugging information; the others are built from modules of the versions that are named here. Each has the same work each time.
# It is an error if a program does otherwise than without tracing, or if a call is not accounted for.
#
#     sh docs/other-programs.sh [NAME]...        as root; all of them take half an hour; if some are named, the others stay as they are in the page
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
server=''
ended() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$work"
}
trap ended EXIT
trap 'exit 130' INT TERM
programs='hugo prometheus caddy minify fastjson'
rounds=5
port=18087
ring=256m
# What each of Tracetoll's techniques is called, for trace.
backends='inline ebpf-patched ebpf ptrace'
minify=github.com/tdewolff/minify/v2/cmd/minify@v2.24.3
caddy=github.com/caddyserver/caddy/v2/cmd/caddy@v2.10.2
fastjson=github.com/valyala/fastjson@v1.6.4

die() { echo "docs/other-programs.sh: $*" >&2; exit 1; }
say() { echo "docs/other-programs.sh: $*" >&2; }

# ---- programs and their work -----------------------------------------------------------------------------------------

debian() {
    for package; do
        # Functions of this script have the same names.
        [ -x "/usr/bin/$package" ] || apt-get install -y -qq --no-install-recommends "$package" >&2
    done
}

# Builds the program of a module; says where.
built() { GOBIN=$work/bin go install "$1" >&2 && name=${1%@*} && echo "$work/bin/${name##*/}"; }

pages() {
    site=$work/site
    mkdir -p "$site/content/posts" "$site/layouts/_default"
    printf 'baseURL = "http://example.org/"\ntitle = "Pages"\n' >"$site/config.toml"
    echo '<title>{{ .Title }}</title>{{ .Content }}' >"$site/layouts/_default/single.html"
    echo '{{ range .Pages }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}' >"$site/layouts/_default/list.html"
    awk -v dir="$site/content/posts" 'BEGIN {
        for (i = 1; i <= 60; i++) {
            file = dir "/page" i ".md"
            printf "---\ntitle: Page %d\ndate: 2020-01-01\n---\n", i >file
            for (j = 1; j <= 40; j++)
                printf "## Part %d\n\nSome *text* with `code`, a [link](http://example.org/%d), and **more**.\n\n- one\n- two\n\n", j, i * j >file
            close(file)
        }
    }'
}

script() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        echo '(function () {'
        cat "$(go env GOROOT)"/*/wasm/wasm_exec.js
        echo '})();'
    done
}

# Makes the command by which a server is asked so often; it fails unless each answer is there.
load() {
    cat >"$work/load" <<EOF
#!/bin/sh
hey -n $2 -c 4 'http://127.0.0.1:$port$1' >"$work/answers" && cat "$work/answers"
grep -q '\\[200\\].$2 responses' "$work/answers"
EOF
    chmod +x "$work/load"
}

# What is left of a run, to be compared.
digest() { { cat "$work/stdout"; find "$work/public" -type f -exec sha256sum {} + 2>/dev/null | sort; } | sha256sum; }

# ---- bench, predict, trace -------------------------------------------------------------------------------------------

# The command that was typed, without directories of this machine and clone, and without the commit, which is of the clone's history.
typed() { sed "s|$home/||g; s|$work/bin/||g; s|$work/|WORK/|g; s|$(go env GOMODCACHE)/|GOMODCACHE/|g; s/, commit [0-9a-f]*\(-dirty\)*//"; }

bench() {
    "$home/tracetoll" bench --rounds $rounds --baseline none --ring-size $ring --no-progress --out "$work/bench" "$@" \
        >"$work/said" 2>&1 </dev/null || { cat "$work/said" >&2; die "bench of $name failed"; }
    report=$(find "$work/bench/reports" -name report.md)
    if grep 'standard output of .* was another' "$report" >&2; then die "$name prints something else under bench"; fi
    echo "### \`bench\`"
    echo
    # Its pictures are elsewhere, its headings one level higher.
    sed -e '/^<picture>/,/^<\/picture>/d' -e '/^## /d' -e 's/^### /#### /' "$report" | typed | cat -s
    rm -r "$work/bench"
}

predict() {
    echo
    echo "### \`predict\`"
    echo
    echo '```'
    "$home/tracetoll" predict --out "$work/prices" --no-progress "$@" 2>"$work/said" </dev/null >"$work/foretold" \
        || { cat "$work/said" >&2; die "predict of $name failed"; }
    typed <"$work/foretold"
    echo '```'
}

# A member of the summary of a trace.
member() { tail -n 1 "$work/events" | sed -n "s/.*\"$2\":\\([0-9]*\\).*/\\1/p"; }

# Runs what is traced, and leaves the trace in $work/events.
run_batch() {
    "$home/tracetoll" trace --format json --output "$work/events" "$@" >"$work/stdout" 2>"$work/said" </dev/null
}

# Until it answers, for a minute; fails if it does not, or has ended.
await_server() {
    tries=0
    until hey -n 1 -c 1 "http://127.0.0.1:$port/" 2>/dev/null | grep -q '\[[2-4]0.\]'; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then return 1; fi
        sleep 0.2
    done
}

run_server() {
    : >"$work/events"
    "$home/tracetoll" trace --format json --output "$work/events" "$@" >"$work/stdout" 2>"$work/said" </dev/null &
    server=$!
    await_server || return 1
    "$work/load" >/dev/null || die "not each answer of $name is there"
    kill "$server"
    wait "$server" || [ $? = 143 ]
    server=''
}

trace() {
    how=$1 same=$2
    shift 2
    echo
    echo "### \`trace\`"
    echo
    # shellcheck disable=SC2016 # Markdown.
    echo '| `--backend` | | calls | returns | without return | events lost | output |'
    echo '| --- | --- | ---: | ---: | ---: | ---: | --- |'
    "$how" --backend ebpf --collect count "$@" || { cat "$work/said" >&2; die "counting $name failed"; }
    counted=$(member events calls)
    for backend in $backends; do
        for what in 'each call' '-c'; do
            # Where there is a ring, and events wait in it.
            case $backend$what in *-c) options=-c ;; ptrace*) options='' ;; *) options="--ring-size $ring" ;; esac
            # As bench measures it.
            [ "$backend" != inline ] || options="$options --no-fallback"
            # shellcheck disable=SC2086 # Options are words.
            if ! "$how" --backend "$backend" $options "$@"; then
                grep -q 'has no debugging information' "$work/said" || { cat "$work/said" >&2; die "trace of $name by $backend failed"; }
                [ "$what" = '-c' ] || echo "| $backend | needs debugging information | | | | | |"
                continue
            fi
            calls=$(member events calls) returns=$(member events returns) none=$(member events noReturns) lost=$(member events lost)
            if [ "$how" = run_batch ]; then
                [ "$lost" != 0 ] || [ "$calls" = "$counted" ] || die "$name under $backend: $calls calls, and $counted by counting"
            fi
            [ "$what" = '-c' ] || [ "$(grep -c '"event":"call"' "$work/events")" = "$calls" ] || die "$name under $backend: not each call is there"
            if [ "$same" = same ]; then
                [ "$(digest)" = "$untraced" ] || die "$name under $backend, $what: it does otherwise than without tracing"
                output='the same'
            elif [ "$how" = run_server ]; then
                output='each answer'
            else
                output='its own times'
            fi
            echo "| $backend | $what | $calls | $returns | $none | $lost | $output |"
        done
    done
    echo
}

begin() {
    name=$1 file=$2
    say "$name"
    debug=without
    ! readelf -SW "$file" | grep -q '\.z\{0,1\}debug_info' || debug=with
    echo
    echo "## $name"
    echo
    echo "$3; $(($(stat -c %s "$file") / 1000000)) MB, $debug debugging information, built by $(go version "$file" | sed 's/.*: //')."
    echo
}

# A program that ends by itself, and its functions.
batch() {
    regex=$1
    shift
    rm -rf "$work/public"
    "$@" >"$work/stdout" 2>/dev/null </dev/null
    untraced=$(digest)
    bench --function "$regex" --prepare "rm -rf $work/public" -- "$@"
    predict --function "$regex" -- "$@"
    trace run_batch same --function "$regex" -- "$@"
}

# When a server at $port is ready, as bench has it, its functions, and the server.
serve() {
    ready=$1 regex=$2
    shift 2
    bench --function "$regex" --ready "$ready" --load "$work/load" -- "$@"
    "$@" >/dev/null 2>&1 </dev/null &
    server=$!
    await_server || die "$name does not answer"
    (while "$work/load" >/dev/null; do :; done) &
    load=$!
    predict --function "$regex" --pid "$server"
    kill "$load" "$server"
    wait "$load" "$server" || :
    server=''
    trace run_server answers --function "$regex" -- "$@"
}

# ---- the programs ----------------------------------------------------------------------------------------------------

hugo() {
    debian hugo
    pages
    begin hugo /usr/bin/hugo "Debian's hugo $(dpkg-query -W -f '${Version}' hugo), which makes 60 pages of Markdown into HTML"
    batch 'goldmark/parser\.\(\*parser\)\.' /usr/bin/hugo --quiet --source "$work/site" --destination "$work/public"
}

prometheus() {
    debian prometheus hey
    load '/api/v1/query?query=sum(rate(up%5B5m%5D))&time=1600000000' 500
    begin prometheus /usr/bin/prometheus "Debian's prometheus $(dpkg-query -W -f '${Version}' prometheus), which is asked the same question 500 times"
    printf 'global:\n  scrape_interval: 1h\n' >"$work/prometheus.yml"
    # Before it says so, it answers that it is not.
    serve 'ready to receive web requests' 'promql/parser\.\(\*(Lexer|parser)\)' /usr/bin/prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" \
        --web.listen-address=127.0.0.1:$port
}

caddy() {
    debian hey
    program=$(built "$caddy")
    load /page.html 5000
    mkdir -p "$work/www"
    seq 1 1000 >"$work/www/page.html"
    cat >"$work/caddy.json" <<EOF
{"admin": {"disabled": true}, "apps": {"http": {"servers": {"pages": {"listen": ["127.0.0.1:$port"], "automatic_https": {"disable": true},
  "routes": [{"handle": [{"handler": "file_server", "root": "$work/www"}]}]}}}}}
EOF
    begin caddy "$program" "\`$caddy\`, which sends the same file 5 000 times"
    export XDG_DATA_HOME="$work/xdg" XDG_CONFIG_HOME="$work/xdg"
    serve $port 'caddyhttp\.\(\*Server\)\.ServeHTTP$|fileserver\.\(\*FileServer\)\.' "$program" run --config "$work/caddy.json"
}

minify() {
    program=$(built "$minify")
    script >"$work/script.js"
    begin minify "$program" "\`$minify\`, which makes a JavaScript program of 500 kB smaller"
    batch 'parse/v2/js\.\(\*Parser\)\.parse(Stmt|Arguments|PropertyName)$' "$program" "$work/script.js"
}

fastjson() {
    mkdir -p "$work/module"
    cd "$work/module"
    go mod init example 2>/dev/null
    go get "$fastjson" 2>/dev/null
    directory=$(go list -m -f '{{.Dir}}' "${fastjson%@*}")
    program=$work/bin/fastjson.test
    cd "$directory"
    go test -c -o "$program" .
    begin fastjson "$program" "Benchmarks of \`$fastjson\`, which read a JSON document of 2 kB thousands of times"
    regex='fastjson\.parse(Object|Array)$' only=BenchmarkParse/medium/fastjson$
    bench --function "$regex" --go-bench "$directory" --bench "$only" -- -test.benchtime=4000x
    predict --function "$regex" -- "$program" "-test.bench=$only" '-test.run=^$' -test.benchtime=4000x
    trace run_batch times --function "$regex" -- "$program" "-test.bench=$only" '-test.run=^$' -test.benchtime=4000x
    cd "$home"
}

[ "$(id -u)" = 0 ] || { echo "docs/other-programs.sh: only root can; run it by sudo" >&2; exit 77; }
"$home/tracetoll" --version >&2
page=$home/docs/other-programs.md
{
    echo "# Programs that others wrote"
    echo
    echo "This page is made by \`sh docs/other-programs.sh\`: \`tracetoll bench\`, \`predict\` and \`trace\` of programs as Debian has them and as modules of Go have"
    echo "them, each at the same work each time. A program that does otherwise than without tracing, or a call that is not accounted for, would have ended the script."
    echo "The tables are the command's own. What \`trace\` counts of a server has its start and its end in it; \`inline\` is tried with \`--no-fallback\`, as \`bench\`"
    echo "measures it."
    for each in $programs; do
        case " ${*:-$programs} " in
            *" $each "*) "$each" ;;
            # As it was made before.
            *) ! [ -e "$page" ] || sed -n "/^## $each\$/,/^## /p" "$page" | sed "1! { /^## /d; }" ;;
        esac
    done
} >"$work/page"
cat -s "$work/page" | sed -e :a -e '/^\n*$/ { $d; N; ba; }' >"$page"
say "docs/other-programs.md is made"
