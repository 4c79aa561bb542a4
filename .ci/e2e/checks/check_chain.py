"""The whole chain of examples/quote-of-the-day: one command starts it, sums over instances are right in every store, an alert
reaches Alertmanager when the app fails and only then, the dashboard shows something everywhere, and Ctrl-C ends all of it."""

import json
import re
import signal
import sys
import unittest
from pathlib import Path

from app import printed
from carbon import Whisper
from compare import differences
from load import Load
from process import Process, wait_for
from promql import PromQL, get_json
from statsd import REQUEST_DURATION, as_nodes, requests_by_route

CHAIN = Path(__file__).parents[3] / "examples/quote-of-the-day/chain"
LABELS = ("http_request_method", "http_route", "http_response_status_code")
VARIABLES = {"$job": ".*", "$instance": ".*", "$__rate_interval": "10s"}


class ChainRuns(unittest.TestCase):
    def start(self, *flags):
        self.chain = Process("chain", [sys.executable, CHAIN, "--rules-window", "5", *flags])
        self.addCleanup(self.chain.stop)
        self.chain.wait_until_ready(lambda: "Ctrl-C" in self.chain.stdout)
        # Name and address of each line, without what comes behind.
        self.opened = re.findall(r"^(\S+) {2,}(?:http://([^/]+)|(\S+))", self.chain.stdout, re.MULTILINE)
        self.prometheus = PromQL(self.address("prometheus"))
        self.victoria_metrics = PromQL(self.address("victoria-metrics"))

    def address(self, name):
        [address] = self.addresses(name)
        return address

    def addresses(self, name):
        return [url or other for line, url, other in self.opened if line == name]

    def alerts(self):
        """The names of those that Alertmanager has."""
        return {alert["labels"]["alertname"]
                for alert in get_json(f"http://{self.address('alertmanager')}/api/v2/alerts")}

    def test_sums_over_instances_are_right_in_every_store_and_no_alert_fires(self):
        self.start("--traffic", "0")
        load = Load(1_000)
        apps = self.addresses("app")
        self.assertEqual(len(apps), 2)
        for app in apps:
            load.send(app)
        expected = {labels: len(apps) * count for labels, count in load.by_route().items()}
        whisper = Whisper(Path(self.address("graphite")))

        def missing(store):
            series = "http_server_request_duration_seconds_count"
            return differences(store.by(*LABELS, of=series), expected)

        def missing_in_graphite():
            sums = whisper.sums(f"stats/timers/{REQUEST_DURATION}/**/count.wsp")
            received = {name.removeprefix("stats.timers.").removesuffix(".count"): count for name, count in sums.items()}
            return differences(requests_by_route(received), as_nodes(expected))

        for store in (self.prometheus, self.victoria_metrics):
            wait_for("a store has every request", lambda: missing(store) == [], seen=lambda: missing(store))
        wait_for("Graphite has every request", lambda: missing_in_graphite() == [], seen=missing_in_graphite)
        self.assertNotIn("HttpServerRequestErrorRatioHigh", self.alerts())
        self.assertNotIn("FunctionSuccessBudgetBurn", self.alerts())
        self.assert_all_ends()

    def test_an_alert_reaches_alertmanager_and_the_dashboard_shows_something_everywhere(self):
        self.start("--traffic", "50", "--fail-rate", "0.5")
        expected = {"FunctionErrorRatioHigh", "FunctionSuccessBudgetBurn", "HttpServerRequestErrorRatioHigh"}
        wait_for("the alerts are there", lambda: expected <= self.alerts(), seen=self.alerts)
        wait_for("the long-term store has what the rules record", lambda: self.victoria_metrics.query(
            '{__name__="job_http_route:http_server_request_errors:ratio_rate5s"} > 0'))
        for title, expression in queries(json.loads(printed("--print-dashboard"))):
            with self.subTest(panel=title):
                self.assertNotEqual(self.prometheus.query(expression), [], expression)
        self.assert_all_ends()

    def assert_all_ends(self):
        pid = self.chain.child.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.assertGreaterEqual(len(children), 7)
        self.chain.signal(signal.SIGINT)
        self.assertEqual(self.chain.wait(), 0, self.chain.log())
        self.assertEqual([child for child in children if Path(f"/proc/{child}").exists()], [])
        self.assertEqual(self.chain.stderr, "")


def queries(dashboard):
    """What each panel asks for, with the variables as they are at first; and what those ask for."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], replaced(target["expr"])
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            [series] = re.findall(r"label_values\((.*), \w+\)", variable["query"]["query"])
            yield variable["name"], replaced(series)


def replaced(expression):
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    return expression
