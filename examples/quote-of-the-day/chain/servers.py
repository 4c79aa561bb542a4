"""The servers of the chain, and in which order they start: each after those that it sends to."""

from urllib.parse import quote

import process
from app import App, printed
from carbon import Carbon
from configuration import ALERTMANAGER, PROMETHEUS
from graphite import Graphite
from process import new_directory, wait_for
from promql import PromQL, answers
from server import Server, free_address
from statsd import Statsd


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
        "--storage.remote.flush-deadline=5s",  # if the store is gone first
    ], directory, address)


# Requests a second of each route, as the stores without a page of their own are asked for them.
PROMQL = "sum(rate(http_server_request_duration_seconds_count[1m]))by(http_route)"
# The app pushes every ten seconds.
GRAPHITE = ("groupByNode(scaleToSeconds(summarize(stats.timers.http_server_request_duration_ms.http_request_method.*.http_route.*"
            ".http_response_status_code.*.url_scheme.*.count,'10s'),1),6,'sum')")


class Chain:
    """All of it, healthy."""

    def __init__(self, traffic, fail_rate, rules_window):
        self.carbon = Carbon()
        self.graphite = Graphite(self.carbon.whisper)
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


    def what_to_open(self):
        """A line for each: its name, where it is, and what is seen there."""
        for app in self.apps:
            yield "app", f"http://{app.address}/", "the quotation of the day"
            yield "metrics", f"http://{app.metrics_address}/", "what that instance has counted, as a page that is alive"
        yield "prometheus", f"http://{self.prometheus.address}{alerts_page(self.prometheus)}", "the app's alerts, and which of them fire"
        yield "alertmanager", f"http://{self.alertmanager.address}/api/v2/alerts", "the alerts that it was told of, as JSON"
        promql, target = quote(PROMQL, safe="()"), quote(GRAPHITE, safe="()*,")
        yield "victoria-metrics", f"http://{self.victoria_metrics.address}/api/v1/query?query={promql}", "requests a second of each route, as JSON"
        yield "statsd", f"tcp://{self.statsd.address}", "takes lines of StatsD from anybody"
        yield "graphite", f"http://{self.graphite.address}/render?from=-5min&width=900&height=500&lineMode=connected&target={target}", "the same, as a graph"
        yield "dashboard", self.dashboard, "for Grafana, with that Prometheus as its source"

    @staticmethod
    def assert_running():
        for each in process.running:
            status = each.child.poll()
            assert status is None, f"{each.name} ended with status {status}:\n{each.log()}"


def alerts_page(prometheus):
    """Debian's has another address, as it comes with the pages of old alone."""
    return next(path for path in ("/alerts", "/classic/alerts") if answers(f"http://{prometheus.address}{path}"))
