#!/bin/sh
# Compiles every BPF program to bpf/target, for the kernel's JIT; run by Maven and by the launcher.
set -eu
cd "$(dirname "$0")"
mkdir -p target
# Debian keeps the kernel's <asm/...> headers in a directory of the host's architecture.
include=/usr/include/$(uname -m)-linux-gnu
for source in *.bpf.c; do
    object=target/${source%.c}.o
    if [ -n "$(find "$source" ./*.h build.sh -newer "$object" 2>/dev/null)" ] || [ ! -e "$object" ]; then
        clang -O2 -g -Wall -Wextra -Werror -target bpf -mcpu=v3 -I "$include" -c "$source" -o "$object.new"
        mv "$object.new" "$object"
    fi
done
