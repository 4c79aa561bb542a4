"""Graphite's real carbon stores what the app counted: through Etsy's daemon, and by its own plaintext protocol over TCP."""

import unittest

from app import App
from carbon import Carbon
from compare import differences
from load import Load
from process import wait_for
from statsd import REQUEST_DURATION, Statsd, as_nodes, requests_by_route


class CarbonStores(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.carbon = Carbon()
        cls.addClassCleanup(cls.carbon.stop)

    def check(self, app, prefix):
        """Carbon has each request under a prefix once a new load was sent and the app has ended."""
        self.addCleanup(app.stop)
        load = Load(1_000)
        load.send(app.address)
        self.assertEqual(app.end(), 0, app.log())

        def missing():
            sums = self.carbon.sums(f"{prefix.replace('.', '/')}/{REQUEST_DURATION}/**/count.wsp")
            received = {name.removeprefix(f"{prefix}.").removesuffix(".count"): count for name, count in sums.items()}
            return differences(requests_by_route(received), as_nodes(load.by_route()))

        wait_for("carbon has stored every request", lambda: missing() == [], seen=missing)

    def test_through_etsys_daemon(self):
        # No shorter than two of carbon's intervals, or a late flush would take the place of another.
        statsd = Statsd(graphite_port=self.carbon.port, flush_milliseconds=2_000)
        self.addCleanup(statsd.stop)
        self.check(App("--statsd", statsd.address), "stats.timers")

    def test_by_its_own_protocol(self):
        address = f"tcp://127.0.0.1:{self.carbon.port}"
        flags = ("--statsd", address, "--statsd-flavor", "graphite", "--statsd-prefix", "quotes.eu")
        self.check(App(*flags), "quotes.eu")
