#!/usr/bin/env bash
# Loads the program with wrk and prints requests per second and latencies.
# usage: load.sh PROGRAM [SECONDS]
set -euo pipefail
program=$(realpath "$1")
seconds=${2:-5}
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
root=$(mktemp -d)
exec {said}< <(exec "$program" serve "$root" --listen 127.0.0.1:0 --workers 1 --access-log off)
server=$!
trap 'kill "$server"; wait "$server" 2>/dev/null || true; rm -rf "$root"' EXIT
head -c 1024 /dev/urandom >"$root/1k.html"
head -c 10240 /dev/urandom >"$root/10k.js"
head -c 1048576 /dev/urandom >"$root/1m.bin"
read -r line <&"$said"
url=$(grep -oE 'http://[^ /]+' <<<"$line")

load() {  # NAME TARGET CONNECTIONS [OPTIONS OF wrk]
  local name=$1 target=$2 connections=$3
  shift 3
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "$@" "$url$target" |
    awk -v name="$name" '/50%/ { p50 = $2 } /99%/ { p99 = $2 } /Requests\/sec/ { rate = $2 }
      /Socket errors|Non-2xx/ { wrong = wrong "  " $0 }
      END { printf "%-24s %12s requests/s   p50 %9s   p99 %9s%s\n", name, rate, p50, p99, wrong }'
}

echo "$("$program" --version), one worker and one thread of wrk, on $(nproc) processors"
load "1 KiB" /1k.html 64
load "10 KiB" /10k.js 64
load "1 MiB" /1m.bin 16
load "1 KiB, 16 pipelined" /1k.html 64 -s "$here/../tests/black_box/pipelined.lua"
