#!/usr/bin/env python3
"""Measures the I/O layer, and makes tables and plots of it.

usage: run.py PROGRAM [--out FOLDER] [OPTIONS OF quire_bench_io]

FOLDER gets io.md and a plot for each bench. What stands in io.md above the line `<!-- measured -->` is written
by people and stays; what is below it is made anew.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import machine  # noqa: E402
import plot  # noqa: E402

MARK = "<!-- measured -->"


def number(value):
    """Three digits that count, as the terminal shows them."""
    suffix = ""
    if value >= 999.5e3:
        value, suffix = value / 1e6, "M"
    elif value >= 9999.5:
        value, suffix = value / 1e3, "k"
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{decimals}f}{suffix}"


def with_unit(metric):
    name, unit = metric
    return f"{name}, {unit}" if unit else name


def ratio(subject, group):
    first = group["subjects"][0]["values"][0][0]
    return f"{subject['values'][0][0] / first:.2f}" if first > 0 else "-"


def chart(bench, groups):
    """The main metric of each subject of each group."""
    parts = []
    for group in groups:
        bars = [plot.Bar(s["name"], *s["values"][0], f"{number(s['values'][0][0])} ({ratio(s, group)})",
                         "limit" if s is group["subjects"][0] else "ours") for s in group["subjects"]]
        parts.append(plot.Group(f"{group['title']}: {with_unit(group['metrics'][0])}", bars))
    return plot.chart(f"{bench['name'].capitalize()}: {bench['summary']}",
                      "Medians, less is better; in brackets the ratio to the first of each group", parts)


def table(group):
    names = [with_unit(m) for m in group["metrics"]]
    yield "| | " + " | ".join(names) + " | ratio |"
    yield "|---|" + "---:|" * (len(names) + 1)
    for s in group["subjects"]:
        cells = [f"{number(m)} ({number(a)}..{number(b)})" for m, a, b in s["values"]]
        yield f"| {s['name']} | " + " | ".join(cells) + f" | {ratio(s, group)} |"


def write(folder, figures, command):
    page = folder / "io.md"
    above = page.read_text().split(MARK)[0] if page.exists() else "# The I/O layer, measured\n\n"
    lines = [f"`{command}`", "", f"On {machine.describe()}. {figures['caution']}", "",
             f"Medians of {figures['rounds']} rounds, the subjects in turn within each round; in brackets the "
             "least and the most. *ratio* is that of the first column to the first row. The measured thread is "
             "pinned to one core, what works against it to another.", ""]
    for bench in figures["benches"]:
        groups = [g for g in figures["groups"] if g["bench"] == bench["name"]]
        picture = f"io-{bench['name']}.svg"
        (folder / picture).write_text(chart(bench, groups))
        lines += [f"## {bench['name'].capitalize()}: {bench['summary']}", "", bench["note"], "",
                  f"![{bench['summary']}]({picture})", ""]
        for group in groups:
            lines += [f"### {group['title'][0].upper() + group['title'][1:]}", "", *table(group), ""]
    page.write_text(above + MARK + "\n\n" + "\n".join(lines))


def main(program, options):
    folder = None
    if "--out" in options:
        at = options.index("--out")
        if at + 1 == len(options):
            sys.exit("--out wants a folder")
        folder = Path(options[at + 1])
        options = options[:at] + options[at + 2:]
    with tempfile.TemporaryDirectory() as place:
        found = Path(place) / "io.json"
        code = subprocess.run([program, "--json", found, *options]).returncode
        if code == 0 and folder and found.exists():
            folder.mkdir(parents=True, exist_ok=True)
            write(folder, json.loads(found.read_text()), " ".join(["./dev bench io", *options]))
    return code


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
