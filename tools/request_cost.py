"""What one request costs a server in steady state, without a clock, step by step: instructions and distinct
cache lines (lackey), system calls and the bytes that they move (strace). One worker, one connection, small
file, no access log. Where a source file belongs to no step, its cost is in "The rest"; a library's is that of
the step that called it. A line that several steps touch counts in each of them, and once in all.
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
WINDOWS = 10  # Each as long as a request; what is told is their mean.

# By the beginnings of the names of source files; the first that fits counts.
STEPS = {
    "Wait and deliver": ("io/epoll/interest", "io/epoll/proactor", "io/asio/proactor", "io/event_loop",
                         "io/file_loop", "io/ready_list", "io/timer_queue", "io/operation", "io/blocking_pool"),
    "Receive into a page; send": ("io/epoll/streams", "io/asio/streams", "io/posix/receive", "io/posix/send",
                                  "io/posix/error", "io/receive_space", "buffer/page_pool"),
    "Keep the pages": ("buffer/",),
    "Parse": ("parser/",),
    "Collect": ("server/request.",),
    "Trust what is cached": ("server/change_watch", "server/freshness", "server/site_root", "io/posix/notices",
                             "io/posix/kernel_notices"),
    "Find": ("server/file_loader", "server/file_cache", "server/hash_index", "server/path_hash",
             "server/eviction_queues", "server/file_name"),
    "Answer": ("server/answer", "server/generated_response", "server/output", "server/representation",
               "server/prepared_head", "server/memory_", "server/date_clock", "server/site/"),
    "The connection": ("server/connection", "server/exchange", "server/worker"),
}
REST = "The rest"


def serve(command, quire, options, load, rounds, folder):
    """Runs the server under `command` with so many requests. Gives where the program lay in memory."""
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
        place = where_it_lies(server.pid, quire)
        for _ in range(rounds):
            client.ask(octets, status, pipelined)
        client.socket.close()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate(timeout=300)
    return place


def where_it_lies(pid, program):
    maps = (re.match(r"(\w+)-(\w+) .* (/.*)", line) for line in open(f"/proc/{pid}/maps"))
    spans = [(int(m[1], 16), int(m[2], 16)) for m in maps if m and m[3] == str(program.resolve())]
    return range(spans[0][0], spans[-1][1]) if spans else range(0)  # Under strace it is another process.


def step_of(path):
    return next((step for step, beginnings in STEPS.items() if path.startswith(beginnings)), REST)


def steps_of(addresses, place, program):
    """The step to which the code at each of these addresses belongs, where it is the program's own."""
    addresses = sorted(a for a in addresses if a in place)
    text = subprocess.run(["addr2line", "-a", "-i", "-e", program], text=True, capture_output=True, check=True,
                          input="".join(f"{a - place.start:#x}\n" for a in addresses)).stdout
    steps = {}
    for address, frames in zip(addresses, re.split(r"^0x\w+\n", text, flags=re.M)[1:]):
        # Innermost first; what the standard library is inlined into counts.
        found = re.search(r"^(?!/usr/).*/((?:io|server|parser|buffer)/.*):", frames, re.M)
        if found:
            steps[address] = step_of(found[1])
    return steps


def trace(run, rounds, folder):
    """What the program executed, read and wrote: (kind, address), and where it lay."""
    out = folder / f"lackey.{rounds}"
    place = run(["valgrind", "--tool=lackey", "--trace-mem=yes", f"--log-file={out}"], rounds)
    with open(out) as lines:
        return [(line[:2].strip(), int(line[3:].split(",")[0], 16)) for line in lines
                if line[:2] in ("I ", " L", " S", " M")], place


def windows_of_requests(few, many):
    """The last windows in which requests follow each other: side by side, they run the same code."""
    size = (len(many) - len(few)) // 40

    def executed(first):
        return {address // LINE for kind, address in many[first:first + size] if kind == "I"}

    first = len(many) - 2 * size
    while first > WINDOWS * size:
        here, after = executed(first), executed(first + size)
        if len(here) > 50 and len(here & after) >= 0.98 * len(here | after):
            break
        first -= size
    else:
        raise RuntimeError("no two requests of the trace run the same code")
    return [many[first - i * size:first - (i - 1) * size] for i in range(1, WINDOWS + 1)]


def processor(run, folder, program):
    """By step: instructions, and distinct lines of code, of data and of data that is written."""
    (few, _), (many, place) = (trace(run, rounds, folder) for rounds in (40, 80))
    windows = windows_of_requests(few, many)
    steps = steps_of({address for w in windows for kind, address in w if kind == "I"}, place, program)
    total = collections.defaultdict(collections.Counter)
    for window in windows:
        lines = collections.defaultdict(lambda: collections.defaultdict(set))
        step = REST
        for kind, address in window:
            if kind == "I":
                step = steps.get(address, step)
                total[step]["instructions"] += 1
                total["In all"]["instructions"] += 1
            kinds = ("code",) if kind == "I" else ("data", "written") if kind in "SM" else ("data",)
            for k in kinds:
                lines[step][k].add(address // LINE)
                lines["In all"][k].add(address // LINE)
        for of, kinds in lines.items():
            for k, touched in kinds.items():
                total[of][k] += len(touched)
    return {of: {k: n / WINDOWS for k, n in counts.items()} for of, counts in total.items()}


def system_calls(run, folder):
    """By name: how often, and the bytes that they move."""
    def count(rounds):
        out = folder / f"strace.{rounds}"
        run(["strace", "--follow-forks", f"--output={out}"], rounds)
        calls = collections.defaultdict(collections.Counter)
        for line in open(out):
            if call := re.match(r"\d+ +(?:<\.\.\. )?(\w+)(?: resumed>|\().* = (-?\d+)", line):
                calls[call[1]]["calls"] += 1
                if call[1].startswith(("recv", "send", "read", "write", "splice")):
                    calls[call[1]]["bytes"] += max(0, int(call[2]))
        return calls

    few, many = count(200), count(1200)
    return {name: {k: (counts[k] - few[name][k]) / 1000 for k in counts} for name, counts in many.items()
            if counts["calls"] - few[name]["calls"] > 10}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("quire", type=pathlib.Path)
    arguments.add_argument("--io", default="epoll")
    arguments.add_argument("--load", choices=counting.SERVING, default="serve: small file")
    arguments.add_argument("options", nargs="*", help="more options of quire serve, after --")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def runner(*options):
            return lambda command, rounds: serve(command, given.quire, ["--io", given.io, *options, *given.options],
                                                 counting.SERVING[given.load], rounds, folder)

        print(f"{given.load}, {given.io}\n\n| system call | times | bytes |\n|---|---:|---:|")
        for call, counts in system_calls(runner(), folder).items():
            print(f"| `{call}` | {counts['calls']:.2f} | {counts.get('bytes', 0):.0f} |")
        if given.io == "uring":
            return
        columns = ("instructions", "code", "data", "written")
        print("\n| step | instructions | lines of code | of data | of these written |\n|---|---:|---:|---:|---:|")
        costs = processor(runner("--revalidate", "3600000"), folder, given.quire)
        for step in (*STEPS, REST, "In all"):
            if step in costs:
                print(f"| {step} | " + " | ".join(f"{costs[step].get(c, 0):,.0f}" for c in columns) + " |")


if __name__ == "__main__":
    main()
