"""The site that all servers serve: always the same octets, made once below the temporary folder."""
import hashlib
import random
from pathlib import Path

MIB = 1 << 20
MANY = 10_000       # Files of 1 to 16 KiB.
ZIPF = 20_000       # Files of 1 to 32 KiB, 330 MB in all: more than quire's cache holds by default.
COLD = 64           # Files of 16 MiB that are in nobody's cache.
COLD_SIZE = 16 * MIB

SINGLE = {"1k.html": 1024, "10k.js": 10 * 1024, "100k.jpg": 100 * 1024, "1m.bin": MIB,
          "100m.bin": 100 * MIB, "index.html": 1024}


def many_size(number):
    return 1024 + (number * 2654435761) % (15 * 1024)


def zipf_size(number):
    return 1024 + (number * 2654435761) % (31 * 1024)


def files():
    """Names and sizes of all files of the site."""
    yield from SINGLE.items()
    for number in range(MANY):
        yield f"many/{number}.html", many_size(number)
    for number in range(ZIPF):
        yield f"zipf/{number}.html", zipf_size(number)
    for number in range(COLD):
        yield f"cold/{number}.bin", COLD_SIZE


def content(name, size):
    """The octets of a file, from its name alone."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    block = random.Random(seed).randbytes(min(size, MIB))
    return (block * (size // len(block) + 1))[:size] if size else b""


def make(root: Path, wanted):
    """Makes the files whose folder (or name, at the top) is wanted, where they are not there yet."""
    for name, size in files():
        if name.split("/")[0] not in wanted:
            continue
        path = root / name
        if path.exists() and path.stat().st_size == size:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(name, size))
