#!/bin/sh
# Prints the path of Apache Otava in the version that the tests read exports with. Installs it, below target, if need be.
set -eu
cd "$(dirname "$0")"
# What was made for one version of Python is nothing for another; and what otava.txt names may change.
python=$(python3 -c 'import sys; print(sys.implementation.cache_tag)')
directory=$PWD/target/tools/otava-$python-$(sha256sum otava.txt | cut -c 1-8)
if [ ! -x "$directory/otava" ]; then
    mkdir -p target/tools
    built=$(mktemp -d "$PWD/target/tools/building.XXXXXX")
    trap 'rm -rf "$built"' EXIT
    trap 'exit 1' HUP INT TERM
    # Where it is found is the user's to say (PIP_INDEX_URL). Nothing is compiled: neither C, nor what is run once.
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --no-deps --no-compile --only-binary :all: \
        --target "$built/site" --requirement otava.txt >&2
    # shellcheck disable=SC2016 # The script is to say so itself.
    printf '#!/bin/sh\nPYTHONPATH="${0%%/*}/site" exec python3 -m otava.main "$@"\n' >"$built/otava"
    chmod +x "$built/otava"
    # At once, so that nobody finds half of it; unless somebody else was faster.
    mv -T "$built" "$directory" || [ -x "$directory/otava" ]
fi
echo "$directory/otava"
