#!/bin/sh
# Lays out what a Debian package has in another form than the archive: compressed, with no time in it. Run by Maven, before it packs.
#
#   debian.sh VERSION DATE MAINTAINER MAN PACKED DIR    MAN has the manual pages; everything goes into DIR
#
# PACKED is where the archive is laid out, from which nothing else would take what was there before.
set -eu
version=$1 date=$2 maintainer=$3 manual=$4 packed=$5 into=$6
rm -rf "$into" "$packed"
mkdir -p "$into/man"
for page in "$manual"/*.1; do
    gzip -9n <"$page" >"$into/man/${page##*/}.gz"
done
printf 'tracetoll (%s) unstable; urgency=medium\n\n  * CHANGELOG.md in this directory says what is new.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(LC_ALL=C date -u -d "$date" '+%a, %d %b %Y %T %z')" | gzip -9n >"$into/changelog.gz"
