"""What one request costs a server in steady state, without a clock: instructions by source file (callgrind),
distinct cache lines (lackey), system calls (strace). One worker, one connection, small file, no access log.
Instructions and cache lines are counted with --revalidate 3600000, because the file would be looked at every
second of valgrind's slow time; and not on io_uring, which valgrind does not run.

  python3 tools/request_cost.py build/release/quire [--io epoll] [--load "serve: small file"] [-- OPTION...]
"""
import argparse
import collections
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "instructions"))
import instructions_test as counting  # noqa: E402

LINE = 64


def serve(command, quire, options, load, rounds, folder):
    """Runs the server under `command` with so many requests and gives what it wrote to stderr."""
    target, fields, status, pipelined = load
    site = folder / "site"
    site.mkdir(exist_ok=True)
    (site / "index.html").write_bytes(counting.FILE)
    server = subprocess.Popen([*command, quire, "serve", site, "--listen", "127.0.0.1:0", "--workers", "1",
                               "--access-log", "off", *options],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        client = counting.Client(int(re.search(r":(\d+)/", server.stdout.readline())[1]))
        tag = client.ask(counting.request("/index.html"), 200)
        fields = {name: value.replace("TAG", tag) for name, value in fields.items()}
        octets = counting.request(target, fields) * pipelined
        for _ in range(rounds):
            client.ask(octets, status, pipelined)
        client.socket.close()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        _, errors = server.communicate(timeout=300)
    return errors


def instructions(run, folder):
    def by_file(rounds):
        out = folder / f"callgrind.{rounds}"
        run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"], rounds)
        text = subprocess.run(["callgrind_annotate", "--auto=no", "--threshold=100", out],
                              capture_output=True, text=True, check=True).stdout
        files = collections.Counter()
        for count, path in re.findall(r"^\s*([\d,]+) \([^)]*\)\s+(\S+?):", text, re.M):
            path = re.sub(r".*/include/quire/|.*/\.\./\.\./|^.*/(?=(?:io|server|parser|buffer)/)", "", path)
            if not re.match(r"(io|server|parser|buffer)/", path):
                path = "libraries"
            files[path] += int(count.replace(",", ""))
        return files

    few, many = by_file(200), by_file(1200)
    return {path: (many[path] - few[path]) / 1000 for path in many if many[path] - few[path] >= 1000}


def cache_lines(run, folder):
    """Distinct lines of data and of code in a window as long as one request."""
    def trace(rounds):
        out = folder / f"lackey.{rounds}"
        run(["valgrind", "--tool=lackey", "--trace-mem=yes", f"--log-file={out}"], rounds)
        with open(out) as lines:
            return [(line[:2].strip(), int(line[3:].split(",")[0], 16)) for line in lines
                    if line[:2] in ("I ", " L", " S", " M")]

    few, many = trace(40), trace(80)
    size = (len(many) - len(few)) // 40

    def executed(first):
        return {address // LINE for kind, address in many[first:first + size] if kind == "I"}

    # From the end, two windows side by side that run the same code: there, requests follow each other.
    first = len(many) - 2 * size
    while first > 0:
        here, after = executed(first), executed(first + size)
        if len(here) > 50 and len(here & after) >= 0.98 * len(here | after):
            break
        first -= size
    window = many[first:first + size]
    touched = collections.defaultdict(set)
    for kind, address in window:
        touched["code" if kind == "I" else "data"].add(address // LINE)
        if kind in "SM":
            touched["data written"].add(address // LINE)
    return {kind: len(lines) for kind, lines in touched.items()}


def system_calls(run, folder):
    def count(rounds):
        out = folder / f"strace.{rounds}"
        run(["strace", "--follow-forks", "--summary-only", f"--output={out}"], rounds)
        return collections.Counter({fields[-1]: int(fields[3]) for fields in map(str.split, open(out))
                                    if len(fields) >= 5 and fields[3].isdigit() and fields[-1] != "total"})

    few, many = count(200), count(1200)
    return {name: (many[name] - few[name]) / 1000 for name in many if many[name] - few[name] > 10}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("quire", type=pathlib.Path)
    arguments.add_argument("--io", default="epoll")
    arguments.add_argument("--load", choices=counting.SERVING, default="serve: small file")
    arguments.add_argument("options", nargs="*", help="more options of quire serve, after --")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def run(command, rounds):
            return serve(command, given.quire, ["--io", given.io, *given.options],
                         counting.SERVING[given.load], rounds, folder)

        print(f"{given.load}, {given.io}")
        def run_slowly(command, rounds):
            return serve(command, given.quire, ["--io", given.io, "--revalidate", "3600000", *given.options],
                         counting.SERVING[given.load], rounds, folder)

        tables = [("system calls", system_calls(run, folder))]
        if given.io != "uring":
            tables += [("cache lines", cache_lines(run_slowly, folder)),
                       ("instructions", instructions(run_slowly, folder))]
        for title, figures in tables:
            print(f"\n{title}: {sum(figures.values()):.0f}" if title != "cache lines" else f"\n{title}")
            for of, count in sorted(figures.items(), key=lambda item: -item[1]):
                print(f"  {count:8.2f}  {of}" if title == "system calls" else f"  {count:8.0f}  {of}")


if __name__ == "__main__":
    main()
