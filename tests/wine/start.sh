#!/bin/sh
# Starts Wine's server, which outlives the programs, and makes the prefix where there is none: so a test
# pays for neither.
set -e
mkdir -p "${WINEPREFIX:-$HOME/.wine}"
# 2: there is one already.
wineserver -p >/dev/null 2>&1 || [ $? -eq 2 ]
exec "$(dirname "$0")/../../cmake/wine.sh" wineboot --init >/dev/null 2>&1
