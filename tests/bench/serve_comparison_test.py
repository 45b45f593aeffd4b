"""The comparison of servers: it measures the real program, and refuses to compare wrong answers.

usage: serve_comparison_test.py PATH_OF_BENCH_SERVE QUIRE
"""
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import types
import unittest
from pathlib import Path
from unittest import mock

BENCH, QUIRE = Path(sys.argv.pop(1)), Path(sys.argv.pop(1))
sys.path.insert(0, str(BENCH))
import compare  # noqa: E402
import loads  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
import scale  # noqa: E402
import site_files  # noqa: E402


class Answering(http.server.BaseHTTPRequestHandler):
    """A server that answers what it is told to."""
    status = 200
    content = b""

    def do_GET(self):
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_):
        pass


class Check(unittest.TestCase):
    def setUp(self):
        self.handler = type("Handler", (Answering,), {})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.server = type("Server", (), {"name": "another", "port": server.server_port})

    def test_takes_the_right_answer(self):
        self.handler.content = site_files.content("1k.html", 1024)
        measure.check(self.server, loads.LOADS["small"], {})

    def test_refuses_other_octets(self):
        self.handler.content = bytes(1024)
        with self.assertRaisesRegex(measure.Wrong, "other octets"):
            measure.check(self.server, loads.LOADS["small"], {})

    def test_refuses_another_status(self):
        self.handler.content = site_files.content("1k.html", 1024)
        with self.assertRaisesRegex(measure.Wrong, "answers 200 to /1m.bin, not 206"):
            measure.check(self.server, loads.LOADS["range"], {"Range": "bytes=1000-1999"})

    def test_looks_at_what_the_limit_was_given(self):
        self.server.name = "null"
        measure.check(self.server, loads.LOADS["small"], {})
        measure.check(self.server, loads.LOADS["many"], {})
        with self.assertRaisesRegex(measure.Wrong, "other octets"):
            measure.check(self.server, loads.LOADS["k10"], {})

    def test_wants_just_the_range(self):
        self.handler.status = 206
        self.handler.content = site_files.content("1m.bin", 1 << 20)[1000:2000]
        measure.check(self.server, loads.LOADS["range"], {})
        self.handler.content = self.handler.content[:-1]
        with self.assertRaises(measure.Wrong):
            measure.check(self.server, loads.LOADS["range"], {})


class Site(unittest.TestCase):
    def test_is_the_same_each_time_and_differs_from_file_to_file(self):
        first = site_files.content("many/1.html", 5000)
        self.assertEqual(len(first), 5000)
        self.assertEqual(first, site_files.content("many/1.html", 5000))
        self.assertNotEqual(first, site_files.content("many/2.html", 5000))

    def test_is_larger_than_the_cache_where_that_is_said(self):
        size = sum(size for name, size in site_files.files() if name.startswith("zipf/"))
        self.assertGreater(size, 2 * 128 * 2**20)


class Report(unittest.TestCase):
    RESULT = {"median": {"nginx": {"rate": 100.0, "cpu": 10.0, "p50": 1, "p99": 2, "p999": 3, "cold": 0},
                         "quire": {"rate": 250.0, "cpu": 4.0, "p50": 1, "p99": 2, "p999": 0, "cold": 0}}}

    def test_states_ratios_to_the_baseline(self):
        heads, nginx, quire = report.rows(self.RESULT, "nginx")
        self.assertEqual(quire, ["quire", "250", "2.50", "4.00", "0.40", "1.00", "2.00", "-"])
        self.assertEqual(nginx[2], "1.00")
        self.assertEqual(len(heads), len(quire))


class Comparison(unittest.TestCase):
    def compare(self, *more):
        return subprocess.run(
            [sys.executable, BENCH / "compare.py", "--quire", QUIRE, "--null-server", "/bin/false",
             "--rounds", "1", "--seconds", "1", *more], capture_output=True, text=True)

    def test_measures_the_program_and_writes_a_report(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.compare("--servers", "quire-epoll", "--loads", "small,range,notmod,miss", "--out", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            result = json.loads((Path(folder) / "serve.json").read_text())
            for load in ("small", "range", "notmod", "miss"):
                self.assertGreater(result["loads"][load]["median"]["quire-epoll"]["rate"], 0)
                self.assertGreater(result["loads"][load]["median"]["quire-epoll"]["cpu"], 0)
            self.assertIn("## 304", (Path(folder) / "serve.md").read_text())
            self.assertIn("</svg>", (Path(folder) / "serve-cpu.svg").read_text())

    def test_leaves_out_who_answers_wrongly_unless_it_is_needed(self):
        def run(server, *_):
            if server.name in wrong:
                raise measure.Wrong(f"{server.name}: 3 wrong answers")
            return {"rate": 1, "stolen": 0}

        servers = [types.SimpleNamespace(name=name) for name in ("null", "quire-epoll", "nginx", "h2o")]
        options = types.SimpleNamespace(rounds=2, seconds=1, baseline="nginx")
        with mock.patch.multiple(measure, headers_for=mock.DEFAULT, check=mock.DEFAULT, run=run):
            wrong = {"h2o"}
            rounds, left_out = compare.measure_load(loads.LOADS["small"], servers, options, 0, None)
            self.assertEqual({name: len(each) for name, each in rounds.items()},
                             {"null": 2, "quire-epoll": 2, "nginx": 2})
            self.assertEqual(list(report.remarks({"left_out": left_out, "rounds": rounds})),
                             ["Left out: h2o: 3 wrong answers."])
            for name in ("null", "quire-epoll", "nginx"):
                wrong = {name}
                with self.assertRaises(measure.Wrong):
                    compare.measure_load(loads.LOADS["small"], servers, options, 0, None)

    def test_does_rounds_again_that_the_hypervisor_disturbed(self):
        stolen = {"quire-epoll": [0, 0.3, 0.2, 0.5, 0.005, 0.1], "nginx": [0, 0.01, 0, 0.004]}
        asked = {name: iter(each) for name, each in stolen.items()}
        servers = [types.SimpleNamespace(name=name) for name in stolen]
        options = types.SimpleNamespace(rounds=3, seconds=1, baseline="nginx")
        with mock.patch.multiple(measure, headers_for=mock.DEFAULT, check=mock.DEFAULT,
                                 run=lambda server, *_: {"rate": 1, "stolen": next(asked[server.name])}):
            stolen["quire-epoll"].append(0.6)  # Worse than what it was done again for.
            rounds, _ = compare.measure_load(loads.LOADS["small"], servers, options, 0, None)
        self.assertEqual([r["stolen"] for r in rounds["quire-epoll"]], [0.1, 0.2, 0.005])
        self.assertEqual([r["stolen"] for r in rounds["nginx"]], [0.01, 0, 0.004])
        self.assertEqual(list(report.remarks({"rounds": rounds})),
                         ["A hypervisor gave processor time to others in most rounds of quire-epoll (10%)."])

    def test_knows_what_the_hypervisor_took(self):
        with tempfile.TemporaryDirectory() as folder:
            stat = Path(folder) / "stat"
            stat.write_text("cpu  9 0 0 0 0 0 0 900 0 0\ncpu0 1 2 3 4 5 6 7 50 0 0\n"
                            "cpu1 1 2 3 4 5 6 7 30 0 0\ncpu11 0 0 0 0 0 0 0 7 0 0\nintr 5 1\n")
            tick = 1 / os.sysconf("SC_CLK_TCK")
            self.assertAlmostEqual(measure.stolen_seconds({0, 1}, stat), 80 * tick)
            self.assertAlmostEqual(measure.stolen_seconds({1, 2}, stat), 30 * tick)

    def test_gives_quire_the_cache_that_a_load_asks_for(self):
        servers = [types.SimpleNamespace(name=name) for name in ("quire-epoll", "nginx")]
        with mock.patch.object(compare, "start", return_value=["another"]) as start:
            self.assertEqual(compare.servers_for(loads.LOADS["small"], servers, None, None), servers)
            start.assert_not_called()
            asked = compare.servers_for(loads.LOADS["zipf"], servers, None, None)
            self.assertEqual(asked, ["another", servers[1]])
            start.assert_called_once_with(["quire-epoll"], None, None, {"--cache-size": 128 * 2**20})

    def test_gives_the_limit_what_a_load_asks_for(self):
        servers = [types.SimpleNamespace(name=name) for name in ("nginx", "null")]
        choice = types.SimpleNamespace(root=Path("/site"))
        with mock.patch.object(compare, "start", return_value=["another"]) as start:
            for name in ("small", "miss", "notmod", "range", "zipf", "short", "cold"):
                self.assertEqual(compare.servers_for(loads.LOADS[name], servers, choice, None), servers)
            start.assert_not_called()
            for name, content in (("k10", "/site/10k.js"), ("many", "/site/many")):
                asked = compare.servers_for(loads.LOADS[name], servers, choice, None)
                self.assertEqual(asked, [servers[0], "another"])
                start.assert_called_with(["null"], choice, None, {"--content": Path(content)})

    def test_says_which_servers_there_are(self):
        done = self.compare("--servers", "quire-epoll,iis")
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no server 'iis'", done.stderr)


@unittest.skipUnless(shutil.which("valgrind"), "instructions are counted by valgrind")
class Scale(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.site = Path(folder.name) / "site"
        scale.make_files(self.site, 3)

    def count(self, before, then, **more):
        return scale.instructions(QUIRE, self.site, [scale.path_of(n) for n in before],
                                  [scale.path_of(n) for n in then], **more)

    def test_counts_a_request_apart_from_those_before_it(self):
        again = self.count([0] * 50, [0] * 200)
        self.assertGreater(again, 2_000)
        self.assertGreater(self.count([0] * 50, [1, 2]), 2 * again)  # They are read first.

    def test_connections_ask_at_once(self):
        self.assertGreater(self.count([0] * 40, [0] * 200, connections=20), 2_000)

    def test_refuses_wrong_answers(self):
        with self.assertRaisesRegex(measure.Wrong, "the answer to /0/7.html is 404"):
            self.count([], [7])


if __name__ == "__main__":
    unittest.main()
