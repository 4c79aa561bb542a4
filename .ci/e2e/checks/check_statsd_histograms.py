"""What servers make of a histogram: Etsy's real daemon of weighted samples and of percentiles, and one that weighs by the rate of packed distributions. Each
is held to the times that were observed, by the errors that the documentation of `StatsdExporter` states."""

import math
import re
import socket
import subprocess
import unittest
from bisect import bisect_left

from process import example
from statsd import Statsd

# The buckets' bounds, in milliseconds.
BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000, math.inf]
SLICE = 1 / 20


class Histograms(unittest.TestCase):
    def observed(self, address, form):
        """The times, sorted, once all was sent in this form."""
        command = [example("observed_times"), address, form]
        text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout
        return sorted(map(float, text.split()))

    def daemon(self):
        statsd = Statsd()
        self.addCleanup(statsd.stop)
        return statsd

    def assert_mean(self, mean, times):
        self.assertAlmostEqual(mean / (sum(times) / len(times)), 1, delta=1e-6)

    def assert_near(self, value, times, quantile, share=0.0):
        """A value is in the bucket of a quantile, or of one that is a share of the times away."""
        least, most = lower_bound(of(times, quantile - share)), upper_bound(of(times, min(quantile + share, 1)))
        self.assertTrue(least <= value <= most, f"{value} for the quantile {quantile}, which is within {least} and {most}")

    def test_samples_have_the_count_and_the_mean_and_percentiles_within_a_slice(self):
        statsd = self.daemon()
        times = self.observed(statsd.address, "samples")
        statsd.await_flushes()
        timer = {path.rpartition(".")[2]: value for path, value in statsd.graphite.sums().items()
                 if path.startswith("stats.timers.observed_ms.")}
        self.assertEqual(timer["count"], len(times))
        self.assert_mean(timer["mean"], times)
        self.assert_near(timer["median"], times, 0.5, SLICE)
        self.assert_near(timer["upper_90"], times, 0.9, SLICE)

    def test_percentiles_have_the_count_the_mean_and_each_its_bucket(self):
        statsd = self.daemon()
        times = self.observed(statsd.address, "percentiles")
        statsd.await_flushes()
        self.assertEqual(statsd.graphite.counters()["observed_ms.count"], len(times))
        gauges = statsd.graphite.gauges()
        self.assert_mean(gauges["observed_ms.mean"], times)
        for percent in (50, 90, 99):
            self.assert_near(gauges[f"observed_ms.p{percent}"], times, percent / 100)

    def test_packed_distributions_have_the_count_the_mean_and_percentiles_within_a_slice(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(20)
            times = self.observed("127.0.0.1:%d" % server.getsockname()[1], "packed")
            lines = server.recv(65_536).decode().splitlines()
        weighed = []
        for line in lines:
            if packed := re.fullmatch(r"observed_ms:([\d.:]+)\|d(?:\|@([\d.]+))?", line):
                values, weight = map(float, packed[1].split(":")), round(1 / float(packed[2] or 1))
                weighed += [value for value in values for _ in range(weight)]
        weighed.sort()
        self.assertEqual(len(weighed), len(times))
        self.assert_mean(sum(weighed) / len(weighed), times)
        for quantile in (0.5, 0.9, 0.99):
            self.assert_near(of(weighed, quantile), times, quantile, SLICE)


def of(times, quantile):
    return times[round(quantile * len(times)) - 1]


def lower_bound(time):
    return max(bound for bound in BOUNDS if bound < time)


def upper_bound(time):
    return BOUNDS[bisect_left(BOUNDS, time)]
