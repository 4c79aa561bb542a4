"""The servers of the chain, and in which order they start: each after those that it sends to."""

from urllib.parse import quote

import process
from app import App, printed
from carbon import Carbon
from configuration import ALERTMANAGER, PROMETHEUS
from process import Process, free_port, new_directory, wait_for
from promql import PromQL, answers
from statsd import Statsd


class Server(Process):
    """A server whose health is at a path."""

    def __init__(self, name, path, command, directory, address):
        self.address = address
        super().__init__(name, command, directory)
        self.wait_until_ready(lambda: answers(f"http://{address}{path}"))


def victoria_metrics():
    directory, address = new_directory(), free_address()
    return Server("victoria-metrics", "/health", [
        "victoria-metrics", f"-httpListenAddr={address}", f"-storageDataPath={directory / 'data'}",
        "-retentionPeriod=5y", "-search.latencyOffset=1s", "-loggerLevel=WARN",
    ], directory, address)


def alertmanager():
    directory, address = new_directory(), free_address()
    configuration = directory / "alertmanager.yml"
    configuration.write_text(ALERTMANAGER)
    return Server("alertmanager", "/-/ready", [
        "prometheus-alertmanager", f"--config.file={configuration}", f"--storage.path={directory / 'data'}",
        f"--web.listen-address={address}", "--cluster.listen-address=", "--log.level=warn",
    ], directory, address)


def prometheus(apps, rules, alerts_to, stored_in):
    directory, address = new_directory(), free_address()
    (directory / "rules.yml").write_text(rules)
    configuration = directory / "prometheus.yml"
    configuration.write_text(PROMETHEUS.format(
        targets=", ".join(f"'{app.metrics_address}'" for app in apps),
        alertmanager=alerts_to.address, victoria_metrics=stored_in.address))
    return Server("prometheus", "/-/ready", [
        "prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={directory / 'data'}",
        f"--web.listen-address={address}", "--log.level=warn",
    ], directory, address)


# What to ask the stores without a page for.
RATES = "sum(rate(http_server_request_duration_seconds_count[1m]))by(http_route)"
CPU_TIME = "stats/counters/process_cpu_ms/rate.wsp"


class Chain:
    """All of it, healthy."""

    def __init__(self, traffic, fail_rate, rules_window):
        self.carbon = Carbon()
        # No shorter than two of carbon's intervals, or a late flush would take the place of another.
        self.statsd = Statsd(graphite_port=self.carbon.port, flush_milliseconds=2_000, is_tcp=True)
        self.victoria_metrics = victoria_metrics()
        self.alertmanager = alertmanager()
        flags = ["--statsd", f"tcp://{self.statsd.address}", "--traffic", traffic]
        self.apps = [App(*flags), App(*flags, "--fail-rate", fail_rate)]
        rules = printed("--print-rules", "--rules-window", str(rules_window))
        self.prometheus = prometheus(self.apps, rules, self.alertmanager, self.victoria_metrics)
        self.dashboard = self.prometheus.directory / "dashboard.json"
        self.dashboard.write_text(printed("--print-dashboard"))
        for store in (self.prometheus, self.victoria_metrics):
            up = PromQL(store.address)
            wait_for(f"both instances are in {store.name}", lambda: up.value("sum(up)") == len(self.apps))

        wait_for("Graphite has stored something", (self.carbon.whisper / CPU_TIME).exists)

    def what_to_open(self):
        """A line for each: its name, where it is, and what is seen there."""
        for app in self.apps:
            yield "app", f"http://{app.address}/", "the quotation of the day"
            yield "metrics", f"http://{app.metrics_address}/", "what that instance has counted, as a page that is alive"
        yield "prometheus", f"http://{self.prometheus.address}{alerts_page(self.prometheus)}", "the app's alerts, and which of them fire"
        yield "alertmanager", f"http://{self.alertmanager.address}/api/v2/alerts", "the alerts that it was told of, as JSON"
        yield "victoria-metrics", f"http://{self.victoria_metrics.address}/api/v1/query?query={quote(RATES, safe='()')}", "requests a second of each route, as JSON"
        yield "statsd", f"tcp://{self.statsd.address}", "takes lines of StatsD from anybody"
        yield "graphite", f"whisper-fetch --pretty --drop=nulls {self.carbon.whisper / CPU_TIME}", "the app's milliseconds of CPU a second"
        yield "dashboard", self.dashboard, "for Grafana, with that Prometheus as its source"

    @staticmethod
    def assert_running():
        for each in process.running:
            status = each.child.poll()
            assert status is None, f"{each.name} ended with status {status}:\n{each.log()}"


def alerts_page(prometheus):
    """Debian's has another address, as it comes with the pages of old alone."""
    return next(path for path in ("/alerts", "/classic/alerts") if answers(f"http://{prometheus.address}{path}"))


def free_address():
    return f"127.0.0.1:{free_port()}"
