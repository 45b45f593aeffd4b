"""The loads: what is asked, how often at once, and what a right answer is."""
import json
from dataclasses import dataclass, field

import site_files as site

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                  "Chrome/140.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding": "identity",
    "Accept-Language": "en-GB,en;q=0.9,de;q=0.8",
    "Cache-Control": "no-cache",
    "Sec-Ch-Ua": '"Chromium";v="140", "Not=A?Brand";v="24"',
    "Sec-Ch-Ua-Mobile": "?0",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Upgrade-Insecure-Requests": "1",
    "Cookie": "session=0123456789abcdef0123456789abcdef; theme=dark; consent=yes; "
              "_ga=GA1.2.1234567890.1234567890",
}


@dataclass(frozen=True)
class Load:
    title: str
    path: str
    connections: int = 64
    headers: dict = field(default_factory=dict)
    status: int = 200
    pipelined: int = 1
    # Lua that gives the path of the next request; wrk runs it for each.
    choose: str = ""
    # The octets of the file that a right answer holds; None: the whole file, or none with 304 and 404.
    part: slice | None = None
    # Needs the validator that each server gives.
    conditional: bool = False
    beside_cold: bool = False
    # Of quire in bytes, instead of the one that it has if none is given.
    cache_size: int | None = None

    @property
    def folder(self):
        return self.path.strip("/").split("/")[0]

    @property
    def null_can(self):
        """The limit looks at no request: it keeps each connection, sends whole files, and all of them
        equally often. For a 304 or a 404 it sends 1 KiB."""
        closes = self.headers.get("Connection") == "close"
        return not closes and self.part is None and self.folder != "zipf"

    @property
    def null_content(self):
        """What it sends; None: 1 KiB."""
        return None if self.folder == "1k.html" or self.status != 200 else self.folder

    def expected(self):
        """Content of the right answer; None where it is the server's own (an error page)."""
        if self.status == 304:
            return b""
        if self.status == 404:
            return None
        name = self.path.strip("/")
        size = dict(site.files())[name]
        whole = site.content(name, size)
        return whole[self.part] if self.part else whole


_MANY = f"return '/many/' .. math.random(0, {site.MANY - 1}) .. '.html'"
# By inversion of the distribution function of a power law with exponent 1, which needs no table.
_ZIPF = f"return '/zipf/' .. math.floor({site.ZIPF} ^ math.random()) - 1 .. '.html'"

LOADS = {
    "small": Load("1 KiB file", "/1k.html"),
    "browser": Load("1 KiB file, a browser's request", "/1k.html", headers=BROWSER),
    "pipe16": Load("1 KiB file, 16 pipelined requests", "/1k.html", pipelined=16),
    "k10": Load("10 KiB file", "/10k.js"),
    "k100": Load("100 KiB file", "/100k.jpg", connections=32),
    "m1": Load("1 MiB file", "/1m.bin", connections=16),
    "m100": Load("100 MiB file", "/100m.bin", connections=4),
    "many": Load("10,000 files at random", "/many/0.html", choose=_MANY),
    "zipf": Load("20,000 files by Zipf's law, more than a cache of 128 MiB holds", "/zipf/0.html",
                 choose=_ZIPF, cache_size=128 * site.MIB),
    "range": Load("1,000 bytes of a 1 MiB file", "/1m.bin", headers={"Range": "bytes=1000-1999"},
                  status=206, part=slice(1000, 2000)),
    "notmod": Load("304", "/1k.html", status=304, conditional=True),
    "miss": Load("404", "/absent.html", status=404),
    "conns1k": Load("1 KiB file, 1,000 connections", "/1k.html", connections=1000),
    "short": Load("1 KiB file, a connection for each request", "/1k.html",
                  headers={"Connection": "close"}),
    "hot": Load("1 KiB file, alone", "/1k.html", connections=16),
    "cold": Load("1 KiB file beside cold files", "/1k.html", connections=16, beside_cold=True),
}

_DONE = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "p999": %d, "max": %d, ' ..
    '"socket_errors": %d, "statuses": %d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), latency.max, e.connect + e.read + e.write + e.timeout, e.status))
end
"""


def script(load: Load, headers: dict) -> str:
    """The load as a script for wrk, which prints its result as one line of JSON."""
    lines = [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()]
    if load.choose:
        lines += ["math.randomseed(7)", f"local function choose() {load.choose} end",
                  "request = function() return wrk.format('GET', choose()) end"]
    elif load.pipelined > 1:
        lines += ["local all", f"init = function() all = string.rep(wrk.format('GET'), {load.pipelined}) end",
                  "request = function() return all end"]
    return "\n".join(lines) + _DONE
