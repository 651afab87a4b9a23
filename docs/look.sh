#!/bin/sh
# Makes pictures of a page as a browser shows it on every screen, light and dark, and as it is printed; says what is wrong with it.
#
#     sh docs/look.sh PAGE DIR    as reports/2026-11-28T16-37-44Z-headline/index.html /tmp/pictures
#
# Chromium and pdftotext, which it takes, are installed by: ./tracetoll test
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
if [ $# != 2 ] || [ ! -e "$1" ]; then
    echo "docs/look.sh: usage: sh docs/look.sh PAGE DIR, of which PAGE is there" >&2
    exit 2
fi
built=$home/harness/target/test-classes/dev/tracetoll/browser
if [ ! -d "$built" ] || [ -n "$(find "$home/harness/src/test/java/dev/tracetoll/browser" "$home/harness/src/test/resources/dev/tracetoll/browser" \
    -newer "$built/Look.class" -print -quit)" ]; then
    (cd "$home" && mvn -B -q -ntp -DskipTests -Dtracetoll.checks=false -Dspotless.check.skip=true package)
    touch "$built/Look.class"
fi
axe=$(sed -n 's/.*<axe-core.version>\(.*\)<.*/\1/p' "$home/pom.xml")
repository=$(cd "$home" && mvn -B -q help:evaluate -Dexpression=settings.localRepository -DforceStdout)
exec java -cp "$home/harness/target/test-classes:$home/harness/target/classes:$home/harness/target/lib/*:$repository/org/webjars/npm/axe-core/$axe/axe-core-$axe.jar" \
    dev.tracetoll.browser.Look "$1" "$2"
