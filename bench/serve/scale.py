#!/usr/bin/env python3
"""Whether a request costs the same whatever there is beside it: more connections, files, workers.

Instructions are those of the program, counted by callgrind, over epoll: they do not depend on the machine.
CPU time is what the scheduler counted for the server; it includes the kernel's part, which grows as its tables
do, so the limit (a server that sends a constant) stands beside it.
"""
import argparse
import contextlib
import os
import random
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import loads as load_list
import measure
import report
import servers as server_list

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "instructions"))
import instructions_test as counting  # noqa: E402
import machine  # noqa: E402

CONNECTIONS = (1, 10, 100, 1_000, 10_000)
IDLE = (500, 1_000, 2_000, 4_000)
FILES = (10, 1_000, 100_000, 1_000_000)
WORKERS = (1, 2, 4)
FOLDER = 1_000  # Files in a folder.
ASKED = 2_000   # Files that are asked for while instructions are counted.
GIB = 1 << 30
ROOM = {"--cache-size": 12 * GIB, "--memory-max": 14 * GIB}


def path_of(number):
    return f"/{number // FOLDER}/{number % FOLDER}.html"


def make_files(root, count):
    for number in range(count):
        if number % FOLDER == 0:
            (root / str(number // FOLDER)).mkdir(parents=True)
        (root / path_of(number)[1:]).write_bytes(counting.FILE)


def ask(clients, paths):
    """Each path once; as many at once as there are clients."""
    for first in range(0, len(paths), len(clients)):
        asking = list(zip(clients, paths[first:first + len(clients)]))
        for client, path in asking:
            client.socket.sendall(counting.request(path))
        for client, path in asking:
            status, _ = client.read_response()
            if status != 200:
                raise measure.Wrong(f"the answer to {path} is {status}")


def instructions(quire, root, before, then, connections=1, workers=1):
    """Of each request of `then`, after those of `before`."""
    def count(paths):
        options = {"--workers": workers, "--io": "epoll", "--access-log": "off", "--revalidate": 3_600_000, **ROOM}
        server = subprocess.Popen(
            counting.callgrind(quire, "serve", root, "--listen", "127.0.0.1:0", *sum(options.items(), ())),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r":(\d+)/", server.stdout.readline())[1])
            clients = [counting.Client(port) for _ in range(connections)]
            ask(clients, paths)
            for client in clients:
                client.socket.close()
        finally:
            server.send_signal(signal.SIGTERM)
            _, errors = server.communicate(timeout=600)
        return counting.collected(errors)

    return (count(before + then) - count(before)) / len(then)


class Bench:
    """Each method gives the rows of a table, its heads first."""

    def __init__(self, options, place):
        self.options = options
        self.place = place
        self.site = self.files_of(FOLDER)
        cpus = sorted(os.sched_getaffinity(0))
        self.cpus = cpus[0], cpus[-1]
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.connections_max = hard // 2 - 1_000  # Two descriptors for each, and those of the workers.

    def files_of(self, count):
        root = self.place / f"{count}-files"
        if not root.exists():
            make_files(root, count)
        return root

    def server(self, stack, name, root, options=None):
        choice = server_list.Choice(self.options.quire, self.options.null_server, root, self.place, self.cpus[0])
        more = {} if name == "null" else ROOM | {"--connections-max": self.connections_max} | (options or {})
        server = stack.enter_context(server_list.Server(name, choice, more))
        if not server.wait_until_it_listens():
            raise measure.Wrong(f"{name} does not start: {server.why()}")
        return server

    def cpu_times(self, measured):
        """Microseconds for a request, of each (server, load): medians over rounds that go through all in turn."""
        rounds = []
        for _ in range(1 + self.options.rounds):
            rounds.append([measure.run(server, load, {}, self.seconds(load), self.cpus[1], self.place)["cpu"]
                           for server, load in measured])
        return [statistics.median(each) for each in zip(*rounds[1:])]

    def seconds(self, load):
        """Longer where it takes long until all are connected."""
        return self.options.seconds + load.connections // 2_000

    def connections(self):
        names = ("quire-epoll", "quire-uring", "null")
        sizes = sorted({min(n, self.connections_max) for n in CONNECTIONS})
        yield ["connections", "instructions", *[f"{name}, µs" for name in names]]
        with contextlib.ExitStack() as stack:
            running = [self.server(stack, name, self.site) for name in names]
            times = iter(self.cpu_times([(server, load_list.Load("", path_of(0), connections=n))
                                         for n in sizes for server in running]))
            for n in sizes:
                rounds = max(2, 2_000 // n)
                counted = instructions(self.options.quire, self.site, [path_of(0)] * (2 * n),
                                       [path_of(0)] * (rounds * n), connections=n)
                yield [f"{n:,}", f"{counted:,.0f}", *[f"{next(times):.2f}" for _ in names]]

    def idle(self):
        names = ("quire-epoll", "quire-uring")
        yield ["connections", *[f"{name}, bytes each" for name in names]]
        for n in IDLE:
            if 2 * n > self.connections_max:
                return
            row = [f"{2 * n:,}"]
            for name in names:
                with contextlib.ExitStack() as stack:
                    bytes_each = measure.idle_memory(self.server(stack, name, self.site), path_of(0), n)
                row.append(f"{bytes_each:,.0f}")
            yield row

    def files(self):
        ways = ({}, {"--revalidate": 60_000})
        yield ["files", "instructions, first request", "instructions, from the cache", "quire-epoll, µs ÷ null",
               "the same with --revalidate 60000"]
        random.seed(1)
        for n in FILES:
            root = self.files_of(n)
            asked = [path_of(number) for number in random.sample(range(n), min(n, ASKED))]
            first = instructions(self.options.quire, root, [], asked)
            again = instructions(self.options.quire, root, asked * 2, asked * max(2, ASKED // len(asked)))
            choose = (f"local n = math.random(0, {n - 1}) "
                      f"return '/' .. math.floor(n / {FOLDER}) .. '/' .. n % {FOLDER} .. '.html'")
            load = load_list.Load("", path_of(0), choose=choose)
            yield [f"{n:,}", f"{first:,.0f}", f"{again:,.0f}",
                   *[f"{self.beside_null(root, n, load, way):.2f}" for way in ways]]

    def beside_null(self, root, count, load, options):
        """CPU time of a request for one of so many files, all in the cache, in that of the limit."""
        with contextlib.ExitStack() as stack:
            server, null = self.server(stack, "quire-epoll", root, options), self.server(stack, "null", root)
            # Changes of a file are listened for from the second time on that it is asked for.
            ask([counting.Client(server.port) for _ in range(200)], [path_of(n) for n in range(count)] * 2)
            ours, limit = self.cpu_times([(server, load), (null, load)])
        return ours / limit

    def workers(self):
        yield ["workers", "instructions", "quire-epoll, µs, all on one core"]
        with contextlib.ExitStack() as stack:
            times = self.cpu_times([(self.server(stack, "quire-epoll", self.site, {"--workers": n}),
                                     load_list.Load("", path_of(0), connections=64)) for n in WORKERS])
        for n, time in zip(WORKERS, times):
            counted = instructions(self.options.quire, self.site, [path_of(0)] * 1_000, [path_of(0)] * 4_000,
                                   connections=64, workers=n)
            yield [str(n), f"{counted:,.0f}", f"{time:.2f}"]


TABLES = {
    "connections": ("Connections that ask at the same time",
                    "The root is looked at twice a second, and who asks meanwhile waits: in the slow time of callgrind "
                    "that meets half of the requests where there are thousands.", Bench.connections),
    "idle": ("Idle connections, after a request each", "Of the second half of them.", Bench.idle),
    "files": ("Files of 1 KiB, asked for at random",
              "All are in the cache. Each is looked at once a second when it is asked for, which is the more often the "
              "case the more of them there are; `--revalidate` makes that rarer.", Bench.files),
    "workers": ("Workers, 64 connections",
                "Nothing is shared between workers on the way of a request: what is the same for two as for one scales "
                "with the cores.", Bench.workers),
}


def main():
    parser = argparse.ArgumentParser(prog="dev bench scale", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quire", type=Path, required=True, help="the program")
    parser.add_argument("--null-server", type=Path, required=True, help="the program that is the limit")
    parser.add_argument("--tables", default=",".join(TABLES), help="which ones [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of what is timed [%(default)s]")
    parser.add_argument("--seconds", type=int, default=1, help="of each round [%(default)s]")
    parser.add_argument("--out", type=Path, help="a folder for the report: scale.md")
    options = parser.parse_args()
    options.quire, options.null_server = options.quire.resolve(), options.null_server.resolve()
    names = options.tables.split(",")
    if unknown := [name for name in names if name not in TABLES]:
        parser.error(f"there is no table '{','.join(unknown)}': {', '.join(TABLES)}")
    lines = ["# What a request costs beside others", "", *(__doc__ or "").splitlines()[2:], "",
             f"`./dev bench scale --tables {options.tables} --rounds {options.rounds} --seconds {options.seconds}`", "",
             f"On {machine.describe()}. One worker on one core where nothing else is said.", ""]
    with tempfile.TemporaryDirectory(prefix="quire-scale-") as name:
        bench = Bench(options, Path(name))
        for title, note, rows in (TABLES[name] for name in names):
            lines += [f"## {title}", "", *([note, ""] if note else []), *report.markdown_table(rows(bench)), ""]
            print("\n".join(lines[lines.index(f"## {title}"):]), flush=True)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "scale.md").write_text("\n".join(lines))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.Wrong as wrong:
        sys.exit(f"no figures: {wrong}")
