#!/bin/sh
# Compiles every program here into a directory; run by Maven.
#
#   build.sh DIR
set -eu
mkdir -p "$1"
output=$(cd "$1" && pwd)
cd "$(dirname "$0")"
for source in *.c; do
    program=$output/${source%.c}
    if [ -n "$(find "$source" build.sh -newer "$program" 2>/dev/null)" ] || [ ! -e "$program" ]; then
        clang -O2 -Wall -Wextra -Werror -o "$program.new" "$source"
        mv "$program.new" "$program"
    fi
done
