#!/bin/sh
# Compiles every program here into a directory, from where they are executed; run by Maven.
#
#   build.sh DIR
set -eu
mkdir -p "$1"
output=$(cd "$1" && pwd)
cd "$(dirname "$0")"
# Debian keeps the kernel's <asm/...> headers in a directory of the host's architecture.
include=/usr/include/$(uname -m)-linux-gnu
for source in *.c; do
    name=${source%.c}
    program=$output/$name
    case $name in
        starter) set -- -static -nostdlib -ffreestanding -fno-stack-protector -I "$include" ;;
        *) set -- ;;
    esac
    if [ -n "$(find "$source" build.sh -newer "$program" 2>/dev/null)" ] || [ ! -e "$program" ]; then
        clang -O2 -s -Wall -Wextra -Werror "$@" -o "$program.new" "$source"
        mv "$program.new" "$program"
    fi
done
