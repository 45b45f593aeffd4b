"""Counts the instructions of a request (callgrind, epoll, one worker) and compares them with the committed
figures, within 3 %: no clock, so the same on a busy machine. Changed on purpose only: by --update."""
import argparse
import concurrent.futures
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile

TOLERANCE = 0.03
SKIPPED = 77
FIGURES = pathlib.Path(__file__).with_name("instructions.json")
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench" / "serve"))
from loads import BROWSER  # noqa: E402

FILE = b"<!doctype html><title>small</title>" + b"x" * 965


def request(target, fields=None):
    lines = [f"GET {target} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in (fields or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.got = b""

    def read_response(self):
        """Its status and entity tag."""
        while b"\r\n\r\n" not in self.got:
            self.receive()
        head, self.got = self.got.split(b"\r\n\r\n", 1)
        status = int(head[9:12])
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        left = int(length[1]) if length and status != 304 else 0
        while len(self.got) < left:
            self.receive()
        self.got = self.got[left:]
        tag = re.search(rb"(?i)\r\netag: ([^\r]+)", head)
        return status, tag and tag[1].decode()

    def receive(self):
        octets = self.socket.recv(1 << 16)
        if not octets:
            raise RuntimeError("the server closed the connection")
        self.got += octets

    def ask(self, octets, status, times=1):
        self.socket.sendall(octets)
        for _ in range(times):
            got, tag = self.read_response()
            if got != status:
                raise RuntimeError(f"answered by {got} where {status} was right")
        return tag


def callgrind(*command):
    return ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)]


def collected(errors):
    found = re.search(r"Collected : (\d+)", errors)
    if not found:
        raise RuntimeError("callgrind counted nothing:\n" + errors[-2000:])
    return int(found[1])


def count_serving(quire, site, load):
    """Instructions of the server's whole life with 200 and then `rounds` times a request."""
    target, fields, status, pipelined, rounds = load
    server = subprocess.Popen(
        callgrind(quire, "serve", site, "--listen", "127.0.0.1:0", "--io", "epoll", "--workers", "1",
                  "--access-log", "off", "--revalidate", "3600000"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        port = int(re.search(r":(\d+)/", line)[1])
        client = Client(port)
        tag = client.ask(request("/index.html"), 200)
        fields = {name: value.replace("TAG", tag) for name, value in fields.items()}
        octets = request(target, fields) * pipelined
        for _ in range(200 + rounds):
            client.ask(octets, status, pipelined)
        client.socket.close()
    finally:
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=120)
    return collected(errors)


def count_parsing(parser, subject, name, times):
    run = subprocess.run(callgrind(parser, subject, name, times), capture_output=True, text=True, timeout=300)
    if run.returncode == 3:
        return None
    if run.returncode != 0:
        raise RuntimeError(run.stderr)
    return collected(run.stderr)


# Target, fields, status, requests sent at once.
SERVING = {
    "serve: small file": ("/index.html", {}, 200, 1),
    "serve: a browser's request": ("/index.html", BROWSER, 200, 1),
    "serve: 16 pipelined requests, each": ("/index.html", {}, 200, 16),
    "serve: not modified": ("/index.html", {"If-None-Match": "TAG"}, 304, 1),
    "serve: not found": ("/absent", {}, 404, 1),
}
PARSING = {f"parse: {name}, {subject}": (subject, name)
           for name in ("wrk", "browser", "cookies")
           for subject in ("quire-avx2", "quire-scalar", "quire-pages")}


def measure(quire, parser):
    def serving(site, load):
        rounds = 2000 // load[3]
        few, many = (count_serving(quire, site, (*load, n)) for n in (0, rounds))
        return round((many - few) / rounds / load[3])

    def parsing(subject, name):
        few, many = (count_parsing(parser, subject, name, n) for n in (500, 1500))
        return round((many - few) / 1000)

    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        site = pathlib.Path(folder)
        (site / "index.html").write_bytes(FILE)
        figures = {title: pool.submit(serving, site, load) for title, load in SERVING.items()}
        figures |= {title: pool.submit(parsing, *of) for title, of in PARSING.items()}
        return {title: figure.result() for title, figure in figures.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quire", required=True, type=pathlib.Path)
    arguments.add_argument("--parser", required=True, type=pathlib.Path)
    arguments.add_argument("--update", action="store_true", help="make what is counted now the committed figures")
    options = arguments.parse_args()
    if count_parsing(options.parser, "quire-avx2", "wrk", 1) is None:
        print("the figures are those of processors with AVX2")
        return SKIPPED
    counted = measure(options.quire, options.parser)
    if options.update:
        FIGURES.write_text(json.dumps(counted, indent=2) + "\n")
    expected = json.loads(FIGURES.read_text())
    good = counted.keys() == expected.keys()
    for title, count in counted.items():
        before = expected.get(title)
        if before is None:
            print(f"{title:45} {count:7} is new")
            continue
        off = count / before - 1
        good = good and abs(off) <= TOLERANCE
        print(f"{title:45} {count:7} {before:7} {off:+7.1%}{'' if abs(off) <= TOLERANCE else '  <--'}")
    if not good:
        print("not within 3 % of tests/instructions/instructions.json; if that is meant, run this with --update:")
        print(" ", sys.executable, *sys.argv, "--update")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
