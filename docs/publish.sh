#!/bin/sh
# Makes a page of docs/ and its pictures: of a new measurement, which is published with it, or of one that is published already.
#
#     sh docs/publish.sh headline                measures: ./tracetoll bench; the pictures are the README's, which says in words what they show
#     sh docs/publish.sh ladder                  measures: ./tracetoll bench --ladder --peers
#     sh docs/publish.sh peers                   measures: ./tracetoll bench --peers --target silent --target writes
#     sh docs/publish.sh gate [OPTION]...        measures: ./tracetoll selftest gate OPTION..., of which --load makes a page of its own
#     sh docs/publish.sh tuning [OPTION]...      measures: ./tracetoll tune OPTION...
#     sh docs/publish.sh tuning-check            measures: ./tracetoll tune --check 60
#     sh docs/publish.sh faults [TEST]...        tries, for an hour or two, each fault of docs/faults.md very often; or TEST's faults only
#     sh docs/publish.sh peers-killed            kills each other tool ten times while it traces; reports say what became of the program
#     sh docs/publish.sh all                     measures all of that but faults and kills, one after the other: some hours
#     sh docs/publish.sh report                  only makes the reference report again, of all that is published
#     sh docs/publish.sh results/published/.../RUN    only makes the page again, after a change of its words
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

die() { echo "docs/publish.sh: $*" >&2; exit 2; }

# Measures into $work; sets page, and file, which has all that the page is made of.
measure() {
    case $1 in
        headline)
            page=headline file=results.json
            # Its verdict is about later runs.
            "$home/tracetoll" bench --baseline none --out "$work" ;;
        ladder)
            page=ladder file=results.json
            "$home/tracetoll" bench --ladder --peers --out "$work" ;;
        peers)
            page=peers file=results.json
            "$home/tracetoll" bench --peers --target silent --target writes --out "$work" ;;
        gate)
            shift
            page=gate file=selftest.json
            for option; do if [ "$option" = --load ]; then page=gate-under-load; fi; done
            # A gate that is wrong is worth publishing, too.
            "$home/tracetoll" selftest gate "$@" --out "$work" || [ $? = 1 ] ;;
        tuning)
            shift
            page=tuning file=tuning.json
            "$home/tracetoll" tune "$@" --out "$work" ;;
        tuning-check)
            page=tuning-check file=tuning-check.json
            "$home/tracetoll" tune --check 60 --out "$work" ;;
    esac
}

# Tries every fault, and makes the page of what the tests say. What the others said before stays, if only some are named.
faults() {
    tests=$(IFS=,; echo "$*")
    rm -f "$home/harness/target/promises.tsv"
    "$home/tracetoll" test -Dtracetoll.test.groups=promise -Dtracetoll.test.tries=full -Dtest=none "-Dit.test=${tests:-*IT}" \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
    "$home/tracetoll" test -Dtracetoll.test.publish=true -Dtest=FaultsPageTest -Dit.test=none \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
    echo "docs/faults.md is made anew, of docs/faults.tsv"
}

# Kills other tools, and keeps what became of the programs that they traced.
peers_killed() {
    "$home/tracetoll" test -Dtracetoll.test.tries=full -Dtracetoll.test.publish=true -Dtest=none -Dit.test=PeerKilledIT \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
    echo "harness/src/main/resources/dev/tracetoll/tracing/registry/peers-killed.tsv is made anew; publish the report, too"
}

# The reference report, of everything that is published.
whole() {
    "$home/tracetoll" report "$home"/results/published/*/* --out "$home/reports/published" >/dev/null
    echo "reports/published/index.html is made of results/published"
}

case ${1:-} in
    all)
        # One after the other on one host, so that they are of one method, version and machine.
        for each in headline peers ladder gate tuning tuning-check; do sh "$0" "$each"; done
        sh "$0" gate --load
        exit ;;
    report)
        whole
        exit ;;
    faults)
        shift
        faults "$@"
        exit ;;
    peers-killed)
        peers_killed
        exit ;;
    headline | ladder | peers | gate | tuning | tuning-check)
        fingerprint=$("$home/tracetoll" baseline show | sed -n 's/^fingerprint  *//p')
        [ -n "$fingerprint" ] || die "./tracetoll baseline show names no fingerprint"
        measure "$@"
        measured=$(find "$work/results" -mindepth 1 -maxdepth 1)
        [ -n "$measured" ] || die "nothing was measured"
        run=$home/results/published/$fingerprint/$(basename "$measured" | sed "s/[a-z]*\$/$page/")
        mkdir -p "$run"
        # What JMH says, and what a trial was drawn from, is large and in no page.
        # Where it was measured into is gone, and no part of how to measure it again.
        sed "s|, \"--out\", \"$work\"||" "$measured/$file" >"$run/$file"
        # The page is of the newest run; older ones would only be in the way.
        find "$home/results/published" -mindepth 2 -maxdepth 2 -name "*Z-$page" ! -path "$run" -exec rm -r {} + ;;
    '') die "name what to measure, headline, ladder, peers, gate, tuning, tuning-check, faults, peers-killed or all, or a published run, or report" ;;
    *)
        run=$1
        [ -d "$run" ] || die "no such run: $run"
        page=${run##*Z-} ;;
esac
made=$work/made
"$home/tracetoll" report "$run" --out "$made" >/dev/null
case $page in
    headline)
        made_page=headline
        cp "$made/headline.png" "$made/headline-dark.png" "$home/docs/"
        echo "docs/headline.png is made of ${run#"$home"/}; see that README.md says the same" ;;
    peers)
        # docs/peers.md says how they are measured.
        made_page=peer-table
        cp "$made/peers.md" "$home/docs/$made_page.md" ;;
    *)
        made_page=$page
        cp "$made/$page.md" "$home/docs/"
        find "$made" -maxdepth 1 -name '*.png' -exec cp {} "$home/docs/" \; ;;
esac
[ "$page" = headline ] || echo "docs/$made_page.md is made of ${run#"$home"/}"
whole
