#!/usr/bin/env python3
"""Compares quire, over each of its back ends, with the limit of the kernel and with other servers.

All run at once, each with one worker on the first processor; wrk, on the second one, asks them in turn,
round after round, so that a drift of the machine meets all alike. A server with a wrong answer, or an
error, is left out of that load, and that is said; quire, the limit and the baseline end the comparison so.
Rounds in which a hypervisor gave more than a hundredth of the two processors to others are done again, as
many as there are rounds at most, and replace those.
"""
import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import loads as load_list
import measure
import report
import servers as server_list
import site_files


def arguments():
    parser = argparse.ArgumentParser(prog="dev bench serve", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quire", type=Path, required=True, help="the program")
    parser.add_argument("--null-server", type=Path, required=True, help="the program that is the limit")
    parser.add_argument("--servers", default=",".join(server_list.installed()),
                        help="which ones, with commas between them [all that are installed: %(default)s]")
    parser.add_argument("--loads", default=",".join(load_list.LOADS),
                        help="which ones [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each load [%(default)s]")
    parser.add_argument("--seconds", type=int, default=2, help="of each round [%(default)s]")
    parser.add_argument("--baseline", default="nginx", help="what the others are divided by [%(default)s]")
    parser.add_argument("--out", type=Path, help="a folder for the report: serve.md, plots, serve.json")
    chosen = parser.parse_args()
    chosen.servers = pick(parser, "server", chosen.servers, server_list.COMMANDS)
    chosen.loads = pick(parser, "load", chosen.loads, load_list.LOADS)
    if chosen.baseline not in chosen.servers:
        chosen.baseline = chosen.servers[0]
    return chosen


def pick(parser, what, text, known):
    names = [name for name in text.split(",") if name]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        parser.error(f"there is no {what} '{','.join(unknown)}': {', '.join(known)}")
    return names


def start(names, choice, stack, options=None):
    """The servers that run. One that does not start is left out, and that is said."""
    running = []
    for name in names:
        server = stack.enter_context(server_list.Server(name, choice, options))
        if server.wait_until_it_listens():
            running.append(server)
        else:
            print(f"{name} does not start and is left out: {server.why()}", file=sys.stderr)
    return running


def servers_for(load, running, choice, stack):
    """Those that run; quire with another cache where the load asks for one, the limit with the content of
    the load."""
    names = [s.name for s in running]
    options = {}
    if load.null_can and load.null_content:
        options["null"] = {"--content": choice.root / load.null_content}
    if load.cache_size is not None:
        options |= {name: {"--cache-size": load.cache_size} for name in names if name.startswith("quire")}
    others = {name: start([name], choice, stack, options[name]) for name in names if name in options}
    return [other for s in running for other in others.get(s.name, [s])]


def measure_load(load, running, options, cpu, folder):
    """Rounds of one load, {server: [round, ...]}, and why others are left out, {server: reason}."""
    asked = [s for s in running if s.name != "null" or load.null_can]
    headers = {s.name: measure.headers_for(s, load) for s in asked}
    rounds = {s.name: [] for s in asked}
    left_out = {}

    def each(step):
        for s in list(asked):
            try:
                step(s)
            except measure.Wrong as wrong:
                if s.name in ("null", options.baseline) or s.name.startswith("quire"):
                    raise
                left_out[s.name] = str(wrong)
                asked.remove(s)
                del rounds[s.name]

    def check(s):
        measure.check(s, load, headers[s.name])

    def cold_from(s):
        """The limit has no files: a server in another process, on the same processor, reads them."""
        return next((o for o in asked if s.name == "null" and o.name.startswith("quire")), s)

    def run(s, seconds=options.seconds):
        return measure.run(s, load, headers[s.name], seconds, cpu, folder, cold_from(s))

    each(check)
    each(lambda s: run(s, 1))  # Warm.
    for _ in range(options.rounds):
        each(lambda s: rounds[s.name].append(run(s)))
    for _ in range(options.rounds):
        each(lambda s: replace_disturbed(rounds[s.name], run, s))
    each(check)
    return rounds, left_out


def replace_disturbed(rounds, run, server):
    """Does the round of which most was stolen again, if that was too much."""
    worst = max(rounds, key=lambda r: r["stolen"])
    if worst["stolen"] <= measure.STOLEN_MAX:
        return
    again = run(server)
    if again["stolen"] < worst["stolen"]:
        rounds[rounds.index(worst)] = again


def medians(rounds):
    return {name: {key: statistics.median(r[key] for r in each) for key in each[0]}
            for name, each in rounds.items()}


def main():
    options = arguments()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    cpus = sorted(os.sched_getaffinity(0))
    place = Path(tempfile.gettempdir()) / "quire-bench"
    site = place / "site"
    folder = place / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wanted = {load_list.LOADS[name].folder for name in options.loads} | {"1k.html"}
    if any(load_list.LOADS[name].beside_cold for name in options.loads):
        wanted.add("cold")
    site_files.make(site, wanted)
    choice = server_list.Choice(options.quire.resolve(), options.null_server.resolve(), site, folder, cpus[0])
    result = {"loads": {}, "idle": {}, "memory": {}}
    with ExitStack() as stack:
        running = start(options.servers, choice, stack)
        result["versions"] = {s.name: server_list.version(s.name, choice) for s in running}
        try:
            for name in options.loads:
                with ExitStack() as own:
                    asked = servers_for(load_list.LOADS[name], running, choice, own)
                    rounds, left_out = measure_load(load_list.LOADS[name], asked, options, cpus[-1], folder)
                result["loads"][name] = {"rounds": rounds, "median": medians(rounds), "left_out": left_out}
                print(report.text_table(load_list.LOADS[name], result["loads"][name], options), flush=True)
            for s in running:
                result["memory"][s.name] = s.memory()
                if s.name != "null":
                    result["idle"][s.name] = measure.idle_memory(s)
        except measure.Wrong as wrong:
            print(f"no comparison: {wrong}", file=sys.stderr)
            return 1
    print(report.memory_table(result))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "serve.json").write_text(json.dumps(result, indent=1) + "\n")
        report.write(options.out, result, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
