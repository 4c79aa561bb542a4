"""The servers of the chain, and in which order they start: each after those that it sends to."""

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

    def what_to_open(self):
        """A line for each."""
        yield from (f"app               http://{app.address}/ metrics http://{app.metrics_address}/metrics"
                    for app in self.apps)
        yield f"prometheus        http://{self.prometheus.address}/alerts"
        yield f"alertmanager      http://{self.alertmanager.address}/"
        yield f"victoria-metrics  http://{self.victoria_metrics.address}/vmui/"
        yield f"statsd            tcp://{self.statsd.address}"
        yield f"graphite          {self.carbon.whisper}"
        yield f"dashboard         {self.dashboard}"

    @staticmethod
    def assert_running():
        for each in process.running:
            status = each.child.poll()
            assert status is None, f"{each.name} ended with status {status}:\n{each.log()}"


def free_address():
    return f"127.0.0.1:{free_port()}"
