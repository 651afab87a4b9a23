#!/bin/sh
# Keeps the classes of a short run in an archive that JVMs map into memory, because loading them is most of what such a run takes; see "Class
# Data Sharing" in the manual of the JDK. It is made of a list of classes, as that is the only kind that has those of picocli, which are of
# an old format. The list does for any JDK, the archive for the one that made it.
#
#   archive.sh build DIR                  run by Maven: DIR/tracetoll.classes, the list, and DIR/tracetoll.jsa, of DIR's tracetoll.jar, lib and native
#   archive.sh dump DIR ARCHIVE [JAVA]    run by the launcher where it is installed: ARCHIVE, of DIR's tracetoll.classes, tracetoll.jar and lib
#
# Without an archive everything works and starts slower, so it is no failure of the build if there is none.
set -eu
target=$(cd "$2" && pwd)
java=${4:-${JAVA_HOME:+$JAVA_HOME/bin/}java}

# In the order in which the launcher names them, or the archive is not used.
jars=$target/tracetoll.jar$(LC_ALL=C; printf ':%s' "$target"/lib/*.jar)

# Lists what a run by a backend loads that traces a few calls.
list() {
    echo 'burst 1 3' | "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:off "-XX:DumpLoadedClassList=$work/$1" \
        -Djava.awt.headless=true --enable-native-access=ALL-UNNAMED \
        "-Dtracetoll.home=$home" "-Djffi.boot.library.path=$target/native/jni/x86_64-Linux" -cp "$jars" \
        dev.tracetoll.cli.Main trace --backend "$1" --function '^main\.probed$' "$home/targets/target/bin/text" >"$work/said.$1" 2>&1
}

# At once, so that nobody finds half of it.
dump() {
    rm -f "$1.new"
    "$java" -Xshare:dump "-XX:SharedClassListFile=$target/tracetoll.classes" "-XX:SharedArchiveFile=$1.new" -cp "$jars" && mv "$1.new" "$1"
}

if [ "$1" = dump ]; then
    dump "$3"
    exit
fi
home=$(cd "$target/../.." && pwd)
archive=$target/tracetoll.jsa
if [ -e "$archive" ] && [ -e "$target/tracetoll.classes" ] \
    && [ -z "$(find "$target/tracetoll.jar" "$target/lib" "$0" -newer "$archive" -print -quit)" ]; then
    exit
fi
rm -f "$archive"
work=$(mktemp -d "$target/archive.XXXXXX")
trap 'rm -rf "$work"' EXIT

list ebpf & # where it cannot trace it has loaded some all the same
list ptrace &
wait
cat "$work/ebpf" "$work/ptrace" 2>/dev/null | awk '!seen[$0]++' >"$target/tracetoll.classes"
if [ ! -s "$target/tracetoll.classes" ] || ! dump "$archive" >"$work/dumped" 2>&1; then
    echo "archive.sh: this JDK makes no archive of classes, so every start takes longer" >&2
fi
