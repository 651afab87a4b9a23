#!/bin/sh
# Makes pictures of a page as a browser shows it on every screen, light and dark, and a PDF of it as it is printed.
#
#     sh docs/look.sh PAGE DIR    as reports/2026-11-28T16-37-44Z-headline/index.html /tmp/pictures
#
# It takes Chromium, which ./tracetoll test installs, and the compiled tests, which it compiles where they are missing.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
target=$home/harness/target
if [ $# != 2 ] || [ ! -e "$1" ]; then
    echo "usage: sh docs/look.sh PAGE DIR, of which PAGE is there" >&2
    exit 2
fi
if [ ! -e "$target/test-classes/dev/tracetoll/browser/Look.class" ] || [ ! -d "$target/lib" ]; then
    (cd "$home" && mvn -B -q -ntp -DskipTests -Dtracetoll.checks=false package)
fi
exec java -cp "$target/test-classes:$target/classes:$target/lib/*" dev.tracetoll.browser.Look "$1" "$2"
