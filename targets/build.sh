#!/bin/sh
# Builds every target into targets/target; run by Maven and by the launcher.
set -eu
cd "$(dirname "$0")"
mkdir -p target
