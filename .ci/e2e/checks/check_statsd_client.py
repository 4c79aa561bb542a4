"""Etsy's real StatsD daemon makes the same of the direct client's calls as of those of PyPI's client, and both are what was said."""

import subprocess
import sys
import unittest
from pathlib import Path

from process import example
from statsd import Statsd

PYPI = Path(__file__).parents[1] / "pypi_statsd_calls.py"

# What the daemon hands on to Graphite: sums over all flushes.
SUMS = {
    "stats.counters.calls.foo.count": 5,
    "stats.counters.calls.bar.count": -3,
    "stats.counters.calls.hits.count": 1000,
    "stats.timers.calls.stats.timed.count": 2,
    "stats.timers.calls.stats.timed.sum": 321.5,
    "stats.sets.calls.users.count": 2,
}
GAUGES = {"calls.depth": -3, "calls.level": 3.5}


class StatsdClients(unittest.TestCase):
    def received(self, command):
        """What the daemon has received once `command`, given its address, has ended."""
        statsd = Statsd()
        self.addCleanup(statsd.stop)
        subprocess.run(command(statsd.address), check=True, timeout=20)
        statsd.await_flushes()
        self.assertEqual(statsd.bad_lines(), 0)
        sums = {path: value for path, value in statsd.graphite.sums().items() if path in SUMS}
        gauges = {name: value for name, value in statsd.graphite.gauges().items() if name in GAUGES}
        managed = statsd.gauges()
        self.assertEqual({name: managed.get(name) for name in gauges}, gauges)
        return sums, gauges

    def test_every_call_arrives_as_it_was_meant(self):
        received = self.received(lambda address: [example("every_call"), address])
        self.assertEqual(received, (SUMS, GAUGES))

    def test_the_same_calls_of_pypis_client_give_the_same(self):
        received = self.received(lambda address: [sys.executable, "-I", PYPI, *address.split(":")])
        self.assertEqual(received, (SUMS, GAUGES))
