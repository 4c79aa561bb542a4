"""Etsy's real StatsD daemon is killed and comes back, twice within a minute of load, while lines are said and while it holds lines that it has not handed on.
What was counted in a registry meanwhile comes late, and nothing of it is lost or counted twice. Of what was said line by line, that is lost which was
on the wire while the daemon was down, and the client knows how much that is.

What the daemon has received and not yet handed on is lost with it, whoever sent it. So what it has received is read from its log, where it writes each line.
"""

import re
import time
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from app import App, request
from compare import differences
from load import Load
from page import Page
from process import Process, example, wait_for
from statsd import Statsd, as_nodes, requests_by_route

RUN_SECONDS = 60


class StatsdRestarts(unittest.TestCase):
    def test_a_minute_under_load_loses_only_what_was_on_the_wire_while_the_daemon_was_down(self):
        statsd = Statsd(logs_lines=True)
        self.addCleanup(statsd.stop)
        app = App("--statsd", statsd.address)
        self.addCleanup(app.stop)
        client = Process("client", [example("steady_calls"), statsd.address, RUN_SECONDS])
        self.addCleanup(client.stop)

        with ThreadPoolExecutor(1) as thread:
            load = thread.submit(send_steadily, app.address)
            for _ in range(2):
                wait_for_more("requests", lambda: statsd.received("ms"))
                wait_for_more("lines of the client", lambda: steady(statsd))
                # It has read the client's packet now, and the next one is being filled.
                time.sleep(0.1)
                carried = telemetry(app, "carried_lines")
                statsd.kill()
                wait_for("a push that nobody received", lambda: telemetry(app, "carried_lines") > carried)
                statsd.start_again()
            sent = load.result()
        self.assertEqual(client.wait(), 0, client.log())
        failed, dropped = telemetry(app, "failed_packets"), telemetry(app, "dropped_lines", cause="send_failed")
        self.assertEqual(app.end(), 0, app.log())
        statsd.await_flushes()

        self.assertEqual(differences(requests_by_route(statsd.received("ms")), as_nodes(sent)), [])
        self.assertGreater(failed, 0)
        self.assertGreater(dropped, 0, "gauges, of which the next push has newer values")
        said, lost = map(int, re.fullmatch(r"(\d+) said, (\d+) lost\n", client.stdout).groups())
        self.assertGreater(lost, 0)
        self.assertEqual(steady(statsd), said - lost)
        self.assertLessEqual(statsd.graphite.counters()["steady"], said - lost, "some of it ended with the daemon")


def send_steadily(address):
    """Sends requests for as long as the run takes. How often each is counted."""
    end, sent, number = time.monotonic() + RUN_SECONDS, Counter(), 0
    while time.monotonic() < end:
        load = Load(200, number=number)
        load.send(address)
        sent, number = sent + load.by_route(), number + 1
        time.sleep(0.2)
    return sent


def wait_for_more(what, counts):
    """Returns as soon as the daemon has received more than it had."""
    before = counts()
    wait_for(f"more {what}", lambda: counts() != before)


def steady(statsd):
    return statsd.received("c").get("steady", 0)


def telemetry(app, name, **labels):
    """What the exporter counts of itself, as the app shows it."""
    page = Page(request(app.metrics_address, "GET", "/metrics").text)
    return page.sums(f"instrument_statsd_{name}_total", *labels).get(tuple(labels.values()), 0)
