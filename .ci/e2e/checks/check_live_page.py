"""The live page in Chromium: its numbers are those of a known load, and all that one can set does what it says, by pointer and by key."""

import math
import time
import unittest
from collections import Counter

from app import App, request
from browser import Browser
from load import Load
from page import Page, by_series


class LivePageNumbers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = App()
        cls.addClassCleanup(cls.app.stop)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.stop)
        cls.begun = time.monotonic()
        cls.live = cls.browser.open(cls.app.metrics_address)
        cls.live.page.select_option("#interval", "1")
        cls.live.page.select_option("#window", "300")
        cls.live.wait_for_readings(2)
        cls.load = Load(1_000)
        cls.load.send(cls.app.address)
        cls.live.wait_for("the load is on the page", lambda: cls.calls() >= len(cls.load.kinds), seen=cls.calls)
        cls.routes, cls.functions = cls.live.rows("routes"), cls.live.rows("functions")
        cls.elapsed = time.monotonic() - cls.begun
        cls.metrics = Page(request(cls.app.metrics_address, "GET", "/metrics").text)

    @classmethod
    def calls(cls):
        return sum(row["values"]["Calls"] for row in cls.live.rows("routes"))

    def test_each_route_has_its_calls_and_the_share_of_the_clients_mistakes(self):
        calls, mistakes = Counter(), Counter()
        for (method, route, status), number in self.load.by_route().items():
            calls[method, route or "no route"] += number
            mistakes[method, route or "no route"] += number * status.startswith("4")
        expected = {key: (number, mistakes[key] / number, 0) for key, number in calls.items()}
        seen = {tuple(row["name"]): tuple(row["values"][each] for each in ("Calls", "4xx", "Errors")) for row in self.routes}
        self.assertEqual(seen, expected)

    def test_each_handler_has_its_calls_and_no_errors(self):
        expected = {handler: (number, 0, 0) for (handler, _), number in self.load.by_handler().items()}
        seen = {row["name"][1]: tuple(row["values"][each] for each in ("Calls", "Errors", "In flight"))
                for row in self.functions if row["small"].endswith("::routes")}
        self.assertEqual(seen, expected)

    def test_each_failure_is_in_the_share_of_errors(self):
        app = App("--fail-rate", "0.25")
        self.addCleanup(app.stop)
        live = self.browser.open(app.metrics_address)
        self.addCleanup(live.close)
        live.page.select_option("#interval", "1")
        live.wait_for_readings(2)
        self.assertEqual(Counter(app.get("/random").status for _ in range(40)), {200: 30, 500: 10})
        for section, name in (("routes", ["GET", "/random"]), ("functions", ["quote_of_the_day::routes", "random"])):
            def seen():
                return [(row["values"]["Calls"], row["values"]["Errors"]) for row in live.rows(section)
                        if [row["name"][0] or row["small"], row["name"][1]] == name]

            live.wait_for(f"the errors of {section}", lambda: seen() == [(40, 0.25)], seen=lambda: live.rows(section))

    def test_rates_are_calls_by_one_time_that_is_no_longer_than_the_page_is_open(self):
        seconds = [row["values"]["Calls"] / row["values"]["Rate"] for row in self.routes + self.functions if row["values"]["Calls"]]
        self.assertLess(max(seconds) - min(seconds), 1e-6)
        self.assertTrue(0 < max(seconds) <= self.elapsed, (max(seconds), self.elapsed))

    def test_quantiles_are_those_of_the_buckets(self):
        [family] = [family for family in self.metrics.families if family.name == "http_server_request_duration_seconds"]
        buckets = {}
        for labels, samples in by_series(family).items():
            labels = dict(labels)
            key = (labels["http_request_method"], labels.get("http_route", "no route"))
            for sample in samples["_bucket"]:
                of_route = buckets.setdefault(key, Counter())
                of_route[float(sample.labels["le"])] += sample.value
        for row in self.routes:
            for label, q in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
                expected = quantile(q, sorted(buckets[tuple(row["name"])].items()))
                self.assertAlmostEqual(row["values"][label], expected, places=9, msg=f"{label} of {row['name']}")

    def test_the_overview_is_the_sum(self):
        tiles = dict(zip(self.live.page.locator("#tiles dt").all_inner_texts(), self.live.page.locator("#tiles dd").all_inner_texts()))
        self.assertEqual(tiles["Errors"].split(), ["0", "%"])
        self.assertEqual(tiles["In flight"].strip(), "0")
        self.assertTrue({"Requests", "Median", "99th percentile", "CPU, of one core", "Memory"} <= set(tiles), tiles)

    def test_resources_are_there(self):
        rows = {(row["name"][1], row["small"]): row["values"] for row in self.live.rows("resources")}
        for access in ("read", "write"):
            values = rows["database_connections", f"access={access}"]
            self.assertEqual((values["Saturation"], values["Errors"]), (0, 0))
            self.assertTrue(0 <= values["Utilization"] <= 1)

    def test_any_series_is_found_with_its_value(self):
        self.live.page.fill("#search", "quotes_stored")
        self.assertEqual([(row["name"][1], row["values"]["Value"]) for row in self.live.rows("series")], [("quotes_stored_total", self.load.stored())])
        self.live.page.fill("#search", "")

    def test_the_browser_asks_the_endpoint_alone_and_has_nothing_to_complain_of(self):
        own = {f"http://{self.app.metrics_address}/", f"http://{self.app.metrics_address}/metrics"}
        self.assertEqual({url for url, _ in self.live.requested} - own, set())
        self.assertEqual(self.live.complaints, [])


def quantile(q, buckets):
    """As Prometheus' documentation of `histogram_quantile` has it, written down anew."""
    rank = q * buckets[-1][1]
    lower, below = 0.0, 0
    for bound, count in buckets:
        if count >= rank and count > 0:
            return math.inf if bound == math.inf else lower + (bound - lower) * (rank - below) / (count - below)
        lower, below = bound, count
    raise AssertionError("no values")
