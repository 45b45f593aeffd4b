"""What a result was measured on, for the head of a report."""
import os
import platform
import subprocess
from pathlib import Path


def _first(path, key):
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.split(":" if ":" in line else "=", 1)[1].strip().strip('"')
    return ""


def describe():
    """One sentence: processor, cores, system, kernel, compiler."""
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.splitlines()
    parts = [_first("/proc/cpuinfo", "model name"), f"{len(os.sched_getaffinity(0))} cores",
             _first("/etc/os-release", "PRETTY_NAME"), f"kernel {platform.release()}",
             compiler[0] if compiler else ""]
    return ", ".join(part for part in parts if part)
