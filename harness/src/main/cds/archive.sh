#!/bin/sh
# Keeps the classes of a short run in an archive that JVMs map into memory, because loading them is most of what such a run takes; see "Class
# Data Sharing" in the manual of the JDK. It is made of a list of classes, as that is the only kind that has those of picocli, which are of
# an old format. Run by Maven.
#
#   archive.sh DIR    DIR has tracetoll.jar, lib and native; the archive is DIR/tracetoll.jsa
#
# Without an archive everything works and starts slower, so it is no failure if there is none.
set -eu
target=$(cd "$1" && pwd)
home=$(cd "$target/../.." && pwd)
archive=$target/tracetoll.jsa
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
traced=$home/targets/target/bin/text

# In the order in which the launcher names them, or the archive is not used.
jars=$target/tracetoll.jar$(LC_ALL=C; printf ':%s' "$target"/lib/*.jar)
if [ -e "$archive" ] && [ -z "$(find "$target/tracetoll.jar" "$target/lib" "$0" -newer "$archive" -print -quit)" ]; then exit; fi
rm -f "$archive"
work=$(mktemp -d "$target/archive.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Lists what a run loads that traces a few calls.
list() {
    echo 'burst 1 3' | "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:off "-XX:DumpLoadedClassList=$work/$1" \
        -Djava.awt.headless=true --enable-native-access=ALL-UNNAMED \
        "-Dtracetoll.home=$home" "-Djffi.boot.library.path=$target/native/jni/x86_64-Linux" -cp "$jars" \
        dev.tracetoll.cli.Main trace --backend "$1" --function '^main\.probed$' "$traced" >"$work/said.$1" 2>&1
}

list ebpf & # where it cannot trace it has loaded some all the same
list ptrace &
wait
cat "$work/ebpf" "$work/ptrace" 2>/dev/null | awk '!seen[$0]++' >"$work/classes"
if [ -s "$work/classes" ] && "$java" -Xshare:dump "-XX:SharedClassListFile=$work/classes" "-XX:SharedArchiveFile=$work/tracetoll.jsa" -cp "$jars" \
    >"$work/dumped" 2>&1; then
    mv "$work/tracetoll.jsa" "$archive"
else
    echo "archive.sh: this JDK makes no archive of classes, so every start takes longer" >&2
fi
