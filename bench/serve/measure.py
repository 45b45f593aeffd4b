"""One measurement: a load against one server; and what is checked before figures may be compared."""
import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

import loads as load_list
import site_files as site

IDLE = 2000
STOLEN_MAX = 0.01  # Of the processors' time; more of it, and percentiles tell of the hypervisor.


class Wrong(Exception):
    """A server that does not give the right answer: its figures say nothing."""


def ask(port, load, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", load.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def headers_for(server, load):
    """The fields of the request; with the validator that this server gives, where one is asked for."""
    if not load.conditional or server.name == "null":
        return dict(load.headers)
    _, headers, _ = ask(server.port, load, {})
    if headers["ETag"]:
        return {"If-None-Match": headers["ETag"]}
    return {"If-Modified-Since": headers["Last-Modified"]}


def check(server, load, headers):
    """Raises Wrong unless the server answers as it should. The limit answers the same to everything: what
    it was given, if that is a file."""
    if server.name == "null" and (load.null_content is None or load.choose):
        return
    status, _, content = ask(server.port, load, headers)
    if status != load.status:
        raise Wrong(f"{server.name} answers {status} to {load.path}, not {load.status}")
    expected = load.expected()
    if expected is not None and content != expected:
        raise Wrong(f"{server.name} sends other octets than {load.path} has")


def stolen_seconds(cpus, stat=Path("/proc/stat")):
    """For how long, since the machine began, the hypervisor had others run while these processors had
    something to do."""
    ticks = {name: int(fields[7]) for name, *fields in map(str.split, stat.read_text().splitlines())
             if name.startswith("cpu")}
    return sum(ticks.get(f"cpu{cpu}", 0) for cpu in cpus) / os.sysconf("SC_CLK_TCK")


def run(server, load, headers, seconds, cpu, folder, cold_from=None):
    """One round. The server's own time is the figure that other work on the machine touches least; `stolen`
    is what the hypervisor took of the two processors, as a part. Cold files come from the server itself,
    or from `cold_from`."""
    cpus = {server.cpu, cpu}
    script = folder / "load.lua"
    script.write_text(load_list.script(load, headers))
    beside = cold_readers((cold_from or server).port, cpu, folder) if load.beside_cold else nullcontext([0])
    with beside as cold_bytes:
        before, cold_before, start = server.cpu_seconds(), sum(cold_bytes), time.monotonic()
        stolen_before = stolen_seconds(cpus)
        done = subprocess.run(
            ["taskset", "-c", str(cpu), "wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s",
             "--timeout", "10s", "-s", str(script), f"http://127.0.0.1:{server.port}{load.path}"],
            capture_output=True, text=True)
        used, cold = server.cpu_seconds() - before, sum(cold_bytes) - cold_before
        duration = time.monotonic() - start
        stolen = (stolen_seconds(cpus) - stolen_before) / (duration * len(cpus))
    found = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    if not found:
        raise Wrong(f"wrk ended without a result for {server.name}: {done.stderr.strip()[-200:]}")
    result = json.loads(found[1])
    # wrk counts every status from 400 on as an error.
    refused = result["requests"] - result["statuses"] if load.status >= 400 else result["statuses"]
    if server.name != "null" and (refused or result["socket_errors"]):
        raise Wrong(f"{server.name}: {refused} wrong answers and {result['socket_errors']} errors of "
                    f"sockets in {result['requests']} requests")
    requests = max(1, result["requests"])
    return {
        "rate": result["requests"] / (result["microseconds"] / 1e6),
        "cpu": used * 1e6 / requests,
        **{name: result[name] / 1000 for name in ("p50", "p99", "p999", "max")},
        "cold": cold / duration / 1e6,
        "stolen": stolen,
    }


def forget(path):
    """Takes a file out of the operating system's cache."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


@contextmanager
def cold_readers(port, cpu, folder, count=8, rate=12.5e6):
    """Clients that fetch files which are in no cache, at `rate` bytes a second each. Yields what each
    has received."""
    root = folder.parent / "site" / "cold"
    stop = threading.Event()
    received = [0] * count

    def fetch(reader, number):
        with socket.create_connection(("127.0.0.1", port), 5) as s:
            s.settimeout(5)
            s.sendall(f"GET /cold/{number}.bin HTTP/1.1\r\nHost: localhost\r\n"
                      "Connection: close\r\n\r\n".encode())
            begun, had = time.monotonic(), 0
            while not stop.is_set() and (some := s.recv(1 << 18)):
                had += len(some)
                received[reader] += len(some)
                stop.wait(max(0.0, had / rate - (time.monotonic() - begun)))

    def read(reader):
        os.sched_setaffinity(0, {cpu})
        number = reader
        while not stop.is_set():
            forget(root / f"{number % site.COLD}.bin")
            try:
                fetch(reader, number % site.COLD)
            except OSError:
                pass  # A server that gives up on one shows it in the bytes.
            number += count

    threads = [threading.Thread(target=read, args=(reader,)) for reader in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield received
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def idle_memory(server, path="/1k.html", count=IDLE):
    """Bytes of memory that an idle connection costs the server, after it has served a request: of the second
    `count` of them."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    def opened():
        s = socket.create_connection(("127.0.0.1", server.port), 5)
        s.sendall(request)
        had = b""
        while len(had) < 1024 or b"\r\n\r\n" not in had:
            had += s.recv(65536)
        return s

    # The first ones pay for what stays: pools, tables, pages of the program.
    sockets = [opened() for _ in range(count)]
    before = server.memory()
    sockets += [opened() for _ in range(count)]
    after = server.memory()
    for s in sockets:
        s.close()
    return (after - before) / count
