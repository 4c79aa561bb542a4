"""Etsy's real StatsD daemon gets from the app, over one run and its end by SIGTERM, the same counts that a real
Prometheus sees on the page, and both are what was sent."""

import re
import unittest
from collections import Counter

from app import App
from compare import differences
from load import Load
from process import wait_for
from prometheus import Prometheus
from statsd import REQUEST_DURATION, Statsd, as_nodes, node, requests_by_route, series

# What the exporter counts of itself moves with every packet, the last ones included, and time on the processor always.
THAT_STAND_STILL = '__name__!~"(instrument|process)_.*"'


class StatsdReceives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app, cls.statsd, prometheus = cls.start()
        cls.loads = [Load(2_000, number=1), Load(3_000, number=2)]
        cls.loads[0].send(cls.app.address)
        # The app has pushed on its own now; what comes after that must reach the daemon as a difference.
        wait_for("the first push has arrived", lambda: cls.statsd.graphite.timer_counts())
        cls.loads[1].send(cls.app.address)
        prometheus.await_scrapes()
        cls.counters = counts(prometheus, f'{{__name__=~".+_total", {THAT_STAND_STILL}}}')
        cls.histograms = counts(prometheus, f'{{__name__=~".+_count", {THAT_STAND_STILL}}}')
        assert cls.app.end() == 0, cls.app.log()
        cls.statsd.await_flushes()

    @classmethod
    def start(cls):
        statsd = Statsd()
        cls.addClassCleanup(statsd.stop)
        app = App("--statsd", statsd.address)
        cls.addClassCleanup(app.stop)
        prometheus = Prometheus(app.metrics_address)
        cls.addClassCleanup(prometheus.stop)
        return app, statsd, prometheus

    def test_the_requests_by_method_route_and_status_are_those_sent(self):
        sent = as_nodes(sum((load.by_route() for load in self.loads), Counter()))
        self.assertEqual(differences(requests_by_route(self.statsd.graphite.timer_counts()), sent), [])

    def test_every_histogram_has_the_count_that_prometheus_sees(self):
        self.assertIn(REQUEST_DURATION, {family for family, _ in self.histograms})
        received = {key: count for key, count in series(self.statsd.graphite.timer_counts()).items()
                    if not key[0].startswith("instrument_")}
        self.assertEqual(differences(received, self.histograms), [])

    def test_every_counter_has_the_value_that_prometheus_sees(self):
        received = {key: count for key, count in series(self.statsd.graphite.counters()).items()
                    if not key[0].startswith(("instrument_", "process_", "statsd"))}
        self.assertTrue(received, "no counter")
        self.assertEqual(differences(received, self.counters), [])

    def test_the_gauges_of_what_is_in_flight_end_at_zero(self):
        gauges = {key: value for key, value in series(self.statsd.graphite.gauges()).items()
                  if key[0] in ("http_server_active_requests", "function_in_flight")}
        self.assertEqual({family for family, _ in gauges}, {"http_server_active_requests", "function_in_flight"})
        self.assertEqual(differences(gauges, {}), [])

    def test_the_daemon_could_read_every_line(self):
        self.assertEqual(self.statsd.bad_lines(), 0)


def counts(prometheus, selector):
    """What Prometheus sees, under the names that the daemon gets, where durations are in milliseconds."""
    seen = {}
    for metric, value in prometheus.query(selector):
        family = re.sub("_(count|total)$", "", metric.pop("__name__"))
        family = re.sub("_seconds$", "_ms", family)
        pairs = {(label, node(text)) for label, text in metric.items() if label not in ("job", "instance")}
        seen[family, frozenset(pairs)] = value
    return seen
