"""Etsy's real StatsD daemon is killed and comes back: what the app counted meanwhile comes late, and nothing is lost or counted twice.

What was on the wire, or in the daemon, when it was killed would be lost; here nothing is.
"""

import unittest
from collections import Counter

from app import App, request
from compare import differences
from load import Load
from page import Page
from process import wait_for
from statsd import Statsd, as_nodes, requests_by_route


class StatsdRestarts(unittest.TestCase):
    def test_what_is_counted_while_the_daemon_is_gone_comes_when_it_is_back(self):
        statsd = Statsd()
        self.addCleanup(statsd.stop)
        app = App("--statsd", statsd.address)
        self.addCleanup(app.stop)
        loads = [Load(1_000, number=number) for number in range(3)]
        sent = as_nodes(sum((load.by_route() for load in loads), Counter()))

        loads[0].send(app.address)
        wait_for("the first push has arrived", lambda: statsd.graphite.timer_counts())
        statsd.await_flushes()
        statsd.kill()

        loads[1].send(app.address)
        wait_for("a push that nobody received", lambda: telemetry(app, "carried_lines") > 0)
        statsd.start_again()
        loads[2].send(app.address)
        failed = telemetry(app, "failed_packets")
        self.assertEqual(app.end(), 0, app.log())
        statsd.await_flushes()

        self.assertGreater(failed, 0)
        self.assertEqual(differences(requests_by_route(statsd.graphite.timer_counts()), sent), [])


def telemetry(app, name):
    """What the exporter counts of itself, as the app shows it."""
    page = Page(request(app.metrics_address, "GET", "/metrics").text)
    return page.sums(f"instrument_statsd_{name}_total").get((), 0)
