"""Tables and plots of a comparison. Every figure is a median over the rounds; ratios are to the baseline
of the same run, because absolute figures drift with the machine."""
import statistics
import sys
from pathlib import Path

import loads as load_list
from measure import STOLEN_MAX

sys.path.insert(0, str(Path(__file__).parent.parent))
import machine  # noqa: E402
import plot  # noqa: E402

COLUMNS = (("rate", "requests/s", 0), ("cpu", "CPU µs/request", 2), ("p50", "p50 ms", 2),
           ("p99", "p99 ms", 2), ("p999", "p99.9 ms", 2))
COLD = (("cold", "cold MB/s", 0),)
WITH_RATIO = ("rate", "cpu")


def rows(result, baseline):
    """Heads, then a row for each server; figures as text."""
    median = result["median"]
    base = median[baseline if baseline in median else next(iter(median))]
    columns = COLUMNS + COLD if any(figures["cold"] for figures in median.values()) else COLUMNS
    heads = ["server"]
    for key, title, _ in columns:
        heads += [title, "ratio"] if key in WITH_RATIO else [title]
    yield heads
    for name, figures in median.items():
        row = [name]
        for key, _, digits in columns:
            # wrk knows no percentile where it measured too few of them.
            row.append(f"{figures[key]:,.{digits}f}" if figures[key] else "-")
            if key in WITH_RATIO:
                row.append(f"{figures[key] / base[key]:.2f}" if base[key] else "-")
        yield row


def text_table(load, result, options):
    lines = list(rows(result, options.baseline))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    title = f"\n{load.title}: {load.path}, {load.connections} connections"
    return "\n".join([title, *["  ".join(
        cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths)))
        for line in lines], *remarks(result)])


def remarks(result):
    """Sentences on what a reader has to know beside the figures."""
    for why in result.get("left_out", {}).values():
        yield f"Left out: {why}."
    stolen = {name: statistics.median(r["stolen"] for r in rounds) for name, rounds in result["rounds"].items()}
    if disturbed := [f"{name} ({part:.0%})" for name, part in stolen.items() if part > STOLEN_MAX]:
        yield f"A hypervisor gave processor time to others in most rounds of {', '.join(disturbed)}."


def markdown_table(lines):
    heads, *rest = lines
    yield "| " + " | ".join(heads) + " |"
    yield "|---" + "|---:" * (len(heads) - 1) + "|"
    for line in rest:
        yield "| " + " | ".join(line) + " |"


def memory_rows(result):
    yield ["server", "after the run, MiB", "idle connection, bytes"]
    for name, size in result["memory"].items():
        idle = result["idle"].get(name)
        yield [name, f"{size / 2**20:.1f}", "-" if idle is None else f"{idle:,.0f}"]


def memory_table(result):
    lines = list(memory_rows(result))
    return "\nMemory (PSS)\n" + "\n".join(f"{a:<16}{b:>20}{c:>26}" for a, b, c in lines)


def kind(name):
    return "limit" if name == "null" else "ours" if name.startswith("quire") else "bar"


def groups(result, key, baseline, digits):
    for name, load in result["loads"].items():
        base = load["median"].get(baseline) or next(iter(load["median"].values()))
        bars = []
        for server, figures in load["median"].items():
            each = [r[key] for r in load["rounds"][server]]
            ratio = f" ({figures[key] / base[key]:.2f})" if base[key] else ""
            bars.append(plot.Bar(server, figures[key], min(each), max(each),
                                 f"{figures[key]:,.{digits}f}{ratio}", kind(server)))
        yield plot.Group(load_list.LOADS[name].title, bars)


PLOTS = (("cpu", "serve-cpu.svg", "CPU time of the server for a request, microseconds", 2),
         ("rate", "serve-rate.svg", "Requests a second", 0),
         ("p99", "serve-p99.svg", "99th percentile of the latency, milliseconds", 2))


def write(folder, result, options):
    versions = ", ".join(f"{name}: {text}" for name, text in result["versions"].items()
                         if text and not name.startswith("quire-"))
    command = (f"./dev bench serve --rounds {options.rounds} --seconds {options.seconds} "
               f"--servers {','.join(options.servers)} --loads {','.join(options.loads)}")
    note = f"Medians of {options.rounds} rounds; in brackets the ratio to {options.baseline}"
    for key, file, title, digits in PLOTS:
        chart = plot.chart(title, note, list(groups(result, key, options.baseline, digits)))
        (folder / file).write_text(chart)
    lines = ["# Serving, side by side", "", f"`{command}`", "",
             f"On {machine.describe()}. {versions}.", "",
             f"Medians of {options.rounds} rounds of {options.seconds} s, the servers in turn within each round, one "
             "worker on one core, wrk on another; ratios are to "
             f"{options.baseline} in the same run. `null` is the limit: it counts empty lines and sends what it has "
             "prepared, 1 KiB or the files of the load, whatever is asked; cold files beside it come from another process on "
             "the same core. CPU time is what the scheduler counted for the server and its children. No answer was "
             "wrong and no socket had an error, but where a server is left out. Rounds in which a hypervisor gave "
             f"more than {STOLEN_MAX:.0%} of the two processors to others were done again, at most as many as there are.", "",
             *[f"![{title}]({file})\n" for _, file, title, _ in PLOTS]]
    for name, load in result["loads"].items():
        about = load_list.LOADS[name]
        lines += [f"## {about.title}", "", f"`{about.path}`, {about.connections} connections.", "",
                  *markdown_table(rows(load, options.baseline)), "",
                  *[line for remark in remarks(load) for line in (remark, "")]]
    lines += ["## Memory", "", "Proportional set size.", "", *markdown_table(memory_rows(result)), ""]
    (folder / "serve.md").write_text("\n".join(lines))
