"""The whole chain of examples/quote-of-the-day: one command starts it, what it prints leads somewhere, sums over instances are right in
every store, an alert reaches Alertmanager when the app fails and only then, the dashboard shows something everywhere, and it ends as a whole."""

import json
import re
import shutil
import signal
import sys
import time
import unittest
import urllib.request
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
WINDOW = 5
# By its nature: the objective of latency is a time.
DEPENDING_ON_THE_MACHINE = {"FunctionLatencyBudgetBurn"}
VARIABLES = {"$job": ".*", "$instance": ".*", "$__rate_interval": "10s"}


class ChainRuns(unittest.TestCase):
    def start(self, *flags):
        self.chain = Process("chain", [sys.executable, CHAIN, "--rules-window", str(WINDOW), *flags])
        self.addCleanup(self.chain.stop)
        self.chain.wait_until_ready(lambda: "Ctrl-C" in self.chain.stdout)
        # Each line is a name, an address or command, and in parentheses what is seen there.
        self.opened = re.findall(r"^(\S+) {2,}(\S.*)  \(.+\)$", self.chain.stdout, re.MULTILINE)
        [dashboard] = self.printed("dashboard")
        self.directory = Path(dashboard).parents[1]
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)  # where it was killed
        self.prometheus = PromQL(self.address("prometheus"))
        self.victoria_metrics = PromQL(self.address("victoria-metrics"))

    def printed(self, name):
        """What stands behind each line's `name`."""
        return [where for line, where in self.opened if line == name]

    def addresses(self, name):
        return [where.split("/")[2] for where in self.printed(name)]

    def address(self, name):
        [address] = self.addresses(name)
        return address

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
        [whisper] = self.directory.glob("*/whisper")
        whisper = Whisper(whisper)

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
        self.assertEqual(self.alerts() - DEPENDING_ON_THE_MACHINE, set())
        self.assert_all_end([signal.SIGINT])

    def test_all_that_is_printed_leads_somewhere_and_no_alert_fires_while_the_traffic_is_served(self):
        self.start("--traffic", "50")
        urls = [where for _, where in self.opened if where.startswith("http://")]
        self.assertEqual(len(urls), 8, self.chain.stdout)
        for url in urls:
            with self.subTest(url=url), urllib.request.urlopen(url, timeout=20) as response:
                page = response.read().decode(errors="replace")  # a graph is no text
                # That of a package without one.
                self.assertNotRegex(page, r"(?s)does not include\s+a\s+web\s+application")
                self.assertNotEqual(page, "")
        [rates] = self.printed("victoria-metrics")
        wait_for("the rate of a route", lambda: get_json(rates)["data"]["result"])
        [graph] = self.printed("graphite")
        wait_for("the same in a graph", lambda: {"-", "-random"} <= {each["target"] for each in get_json(f"{graph}&format=json")})
        self.wait_for_traffic(2 * WINDOW)
        fired = self.prometheus.by("alertname", of='max_over_time(ALERTS{alertstate="firing"}[5m])')
        self.assertEqual({name for name, in fired} - DEPENDING_ON_THE_MACHINE, set())
        self.assertEqual(self.alerts() - DEPENDING_ON_THE_MACHINE, set())
        self.assert_all_end([signal.SIGINT])

    def wait_for_traffic(self, seconds):
        """Until the rules have said of the function with the most answers that are no errors how it is doing, for so long."""
        ratio = 'job_function_module:function_errors:ratio_rate5s{function="by_id",module=~".*::routes"}'
        wait_for("the rules have seen the traffic", lambda: (self.prometheus.value(f"count_over_time({ratio}[5m])") or 0) >= seconds)

    def test_an_alert_reaches_alertmanager_and_the_dashboard_shows_something_everywhere(self):
        self.start("--traffic", "50", "--fail-rate", "0.5")
        expected = {"FunctionErrorRatioHigh", "FunctionSuccessBudgetBurn", "HttpServerRequestErrorRatioHigh"}
        wait_for("the alerts are there", lambda: expected <= self.alerts(), seen=self.alerts)
        wait_for("the long-term store has what the rules record", lambda: self.victoria_metrics.query(
            '{__name__="job_http_route:http_server_request_errors:ratio_rate5s"} > 0'))
        for title, expression in queries(json.loads(printed("--print-dashboard"))):
            with self.subTest(panel=title):
                self.assertNotEqual(self.prometheus.query(expression), [], expression)
        self.assert_all_end([signal.SIGINT])

    def test_however_it_is_ended_no_server_stays(self):
        # A terminal that is closed; somebody impatient; and a kill, after which the kernel tells the servers.
        for signals, status in ([signal.SIGHUP], 0), ([signal.SIGTERM, signal.SIGTERM, signal.SIGHUP], 0), ([signal.SIGKILL], -signal.SIGKILL):
            with self.subTest(signals=signals):
                self.start("--traffic", "0")
                self.assert_all_end(signals, status)

    def assert_all_end(self, signals, status=0):
        pid = self.chain.child.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.assertGreaterEqual(len(children), 8)
        for each in signals:
            self.chain.signal(each)
            time.sleep(0.1)
        self.assertEqual(self.chain.wait(), status, self.chain.log())

        def left():
            return [child for child in children if Path(f"/proc/{child}").exists()]

        if status == 0:
            self.assertEqual(left(), [])
        wait_for("the servers have ended", lambda: not left(), seen=left)
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
