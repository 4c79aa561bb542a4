"""The report on made-up results: whole ones, and such as lack something.

    python3 -m unittest discover -s benches/report -t benches -p tests.py
"""

import json
import os
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from . import growth, plots, results, tables
from .calls import Calls
from .contenders import GROWING, ONE_THREAD_ONLY, PER_CALL, SCRAPE, SERVED, WIRE
from .growth import Growth
from .place import Missing
from .plot import LEGEND_STEP, apart, decades
from .table import Table, number
from .served import Served
from .targets import Target, targets
from .wire import Wire

FACTS = [("Rust", "1.2.3")]
POINT = {
    "look_up_ns": 20.0, "text_ns_per_series": 30.0, "bytes_per_series": 400.0, "ns": 2.5, "bytes_per_thread": 4096.0,
    "first_ms": 50.0, "again_ms": 40.0, "peak_bytes": 7e7, "kept_bytes": 1e6, "bytes_per_series_and_thread": 8.0,
}

ANSWERED = [{"per_second": per_second, "cpu_ns": cpu_ns} for per_second, cpu_ns in ((8e4, 9.5e3), (7e4, 9e3), (1e4, 9.9e3))]
RECEIVED = {"lines_per_second": 1e6, "bytes": 1e5, "packets": 70, "lines": 1e4}


class Made(unittest.TestCase):
    """A directory with results of all benchmarks."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        for group, _, _, contenders in PER_CALL:
            for contender in contenders:
                self.write(f"{group}/{contender}/1_thread")
                if (group, contender) not in ONE_THREAD_ONLY:
                    self.write(f"{group}/{contender}/2_threads")
        for contender in SCRAPE[3]:
            self.write(f"{SCRAPE[0]}/{contender}")
        self.wire_file = self.directory / "wire.json"
        self.wire_file.write_text(json.dumps({question: dict.fromkeys(contenders, RECEIVED) for question, (_, contenders) in WIRE.items()}))
        self.served_file = self.directory / "served.json"
        self.served_file.write_text(json.dumps({framework: {each: ANSWERED for each in contenders} for framework, (_, contenders) in SERVED.items()}))
        self.growth_file = self.directory / "growth.json"
        self.write_growth(growth.points())

    def write(self, bench, ns=5.0):
        new = self.directory / bench / "new"
        new.mkdir(parents=True, exist_ok=True)
        (new / "estimates.json").write_text(json.dumps({"median": {"point_estimate": ns}}))
        (new / "benchmark.json").write_text(json.dumps({"throughput": {"Bytes": 1_000}}))

    def write_growth(self, points):
        self.growth_file.write_text(json.dumps({"/".join(point): POINT for point in points}))

    def page(self):
        return results.markdown(Calls(self.directory), Served(self.served_file), Wire(self.wire_file), Growth(self.growth_file), FACTS)


class Results(Made):
    def test_the_page_has_every_question_every_contender_and_every_plot(self):
        page = self.page()
        for title in [question[1] for question in PER_CALL] + [title for title, _ in [*SERVED.values(), *WIRE.values()]] + [SCRAPE[1], "1,000,000", "Targets", "| Rust | 1.2.3 |"]:
            self.assertIn(title, page)
        for file, _, _ in plots.drawn(Growth(self.growth_file)):
            self.assertIn(f"](plots/{file})", page)
        self.assertNotIn("{}", page)
        self.assertNotIn("not in Cargo.lock", page)

    def test_the_same_results_give_the_same_page(self):
        self.assertEqual(self.page(), self.page())

    def test_a_missing_benchmark_is_named(self):
        (self.directory / "red_span/measured/2_threads/new/estimates.json").unlink()
        with self.assertRaises(Missing) as missing:
            Calls(self.directory)
        self.assertEqual(missing.exception.args[0], ["red_span/measured/2_threads"])

    def test_a_result_of_an_earlier_run_is_missing(self):
        begun = (self.directory / "scrape/instrument/new/estimates.json").stat().st_mtime - 60
        for file in (self.directory / "scrape/instrument/new").iterdir():
            os.utime(file, (begun - 60, begun - 60))
        with self.assertRaises(Missing) as missing:
            Calls(self.directory, begun)
        self.assertEqual(missing.exception.args[0], ["scrape/instrument"])

    def test_what_statsd_received_of_a_missing_contender_is_named(self):
        found = json.loads(self.wire_file.read_text())
        del found["lines"]["cadence"]
        self.wire_file.write_text(json.dumps(found))
        with self.assertRaises(Missing) as missing:
            Wire(self.wire_file)
        self.assertEqual(missing.exception.args[0], ["statsd_wire/lines/cadence"])

    def test_a_contender_that_served_nobody_is_named(self):
        found = json.loads(self.served_file.read_text())
        del found["actix"]["actix_web_prom"]
        self.served_file.write_text(json.dumps(found))
        with self.assertRaises(Missing) as missing:
            Served(self.served_file)
        self.assertEqual(missing.exception.args[0], ["served/actix/actix_web_prom"])

    def test_of_rounds_the_best_counts(self):
        self.assertEqual(Served(self.served_file).of("axum", "instrument", "per_second"), 8e4)
        self.assertEqual(Served(self.served_file).of("axum", "instrument", "cpu_ns"), 9e3)
        (self.directory / "rounds.json").write_text(json.dumps({"counter/instrument/1_thread": [3.0, 2.0, 4.0]}))
        ns = Calls(self.directory).ns
        self.assertEqual((ns["counter", "instrument", 1], ns["counter", "instrument", 2]), (2.0, 5.0))

    def test_what_was_measured_after_the_rounds_stands_for_itself(self):
        (self.directory / "rounds.json").write_text(json.dumps({"counter/instrument/1_thread": [3.0, 2.0, 4.0]}))
        after = (self.directory / "rounds.json").stat().st_mtime + 1
        os.utime(self.directory / "counter/instrument/1_thread/new/estimates.json", (after, after))
        self.assertEqual(Calls(self.directory).ns["counter", "instrument", 1], 5.0)

    def test_a_missing_point_of_growth_is_named(self):
        first, *others = growth.points()
        self.write_growth(others)
        with self.assertRaises(Missing) as missing:
            Growth(self.growth_file)
        self.assertEqual(missing.exception.args[0], ["growth/" + "/".join(first)])
        self.growth_file.unlink()
        with self.assertRaises(Missing) as missing:
            Growth(self.growth_file)
        self.assertEqual(len(missing.exception.args[0]), len(others) + 1)


class Targets(Made):
    def target(self, name):
        return next(each for each in targets(Calls(self.directory).ns) if each.name == name)

    def test_a_limit_is_met_up_to_itself_and_missed_beyond(self):
        self.assertTrue(Target("", 3.0, 3.0).met)
        self.assertFalse(Target("", 3.1, 3.0).met)

    def test_a_slower_counter_misses_the_targets_of_the_counter_and_no_other(self):
        before = {each.name for each in targets(Calls(self.directory).ns) if not each.met}
        self.write("counter/instrument/1_thread", 7.6)
        self.write("counter/instrument/2_threads", 8.8)
        missed = {each.name for each in targets(Calls(self.directory).ns) if not each.met} - before
        expected = {"counter held, 1 thread: 1.5 x its single-writer floor", "counter held, 2 threads: 1.15 x 1 thread"}
        self.assertEqual(missed, expected)

    def test_native_buckets_are_held_to_explicit_ones_of_the_same_run(self):
        name = "duration, native schema 3, 1 thread: 1.15 x 14 bounds"
        self.write("histogram/instrument_native_schema_3/1_thread", 8.0)
        self.assertFalse(self.target(name).met)
        self.write("histogram/instrument/1_thread", 7.0)
        self.assertTrue(self.target(name).met)

    def test_the_limit_of_a_span_follows_the_clock(self):
        self.write("red_span/floor_two_clock_reads/2_threads", 30.0)
        self.assertEqual(self.target("Red by hand, 2 threads: two TSC reads + 7 ns").limit, 37.0)
        self.assertAlmostEqual(self.target("Red by hand, 2 threads: 1.35 x two TSC reads").limit, 40.5)

    def test_the_table_says_which_are_missed(self):
        text = tables.of_targets([Target("one", 1.0, 2.0), Target("other", 6.0, 2.0, 4.0)]).text()
        self.assertRegex(text, r"one +1\.00 +2\.00 +– +met")
        self.assertRegex(text, r"other +6\.00 +2\.00 +1\.50 +MISSED")


class Plots(Made):
    def test_each_plot_is_well_formed_and_names_all_contenders(self):
        for _, title, text in plots.drawn(Growth(self.growth_file)):
            texts = [element.text for element in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]
            self.assertIn(title, texts)
            self.assertEqual(sum(any(each.startswith(name.split()[0]) for name in GROWING.values()) for each in texts), len(GROWING))

    def test_an_axis_reaches_around_its_values(self):
        axis = decades("", [70.0, 1_479.0])
        self.assertEqual((axis.low, axis.high), (50.0, 2_000.0))
        self.assertEqual(axis.ticks, [50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0])
        self.assertEqual(decades("", [1, 1_000_000]).ticks, [10.0**power for power in range(7)])
        self.assertLess(decades("", [5.0]).low, decades("", [5.0]).high)

    def test_a_value_lies_between_its_neighbours(self):
        axis = decades("", [1, 100])
        self.assertEqual([round(axis.place(value, 0, 200)) for value in (1, 10, 100)], [0, 100, 200])

    def test_names_stay_apart_and_in_order(self):
        places = apart([100.0, 101.0, 102.0, 300.0, 391.0, 391.5])
        self.assertEqual(places, sorted(places))
        self.assertTrue(all(b - a >= LEGEND_STEP - 1e-9 for a, b in zip(places, places[1:])))
        self.assertEqual(apart([100.0, 300.0]), [100.0, 300.0])


class Tables(unittest.TestCase):
    def test_numbers_have_three_digits(self):
        self.assertEqual([number(each) for each in (0.456, 4.567, 45.67, 456.7, 45_678.9)], ["0.46", "4.57", "45.7", "457", "45,679"])

    def test_a_table_lines_up_and_is_valid_markdown(self):
        table = Table("title", ["", "ns"], [["a", "1"], ["b|c", "1,000"]])
        self.assertEqual(len({len(line) for line in table.text().splitlines()[1:]}), 1)
        self.assertEqual(table.markdown().splitlines()[2:], ["|  | ns |", "| --- | --: |", "| a | 1 |", "| b\\|c | 1,000 |"])
