"""A real Prometheus that scrapes one target every second."""

import textwrap
import time

from process import Process, free_port, new_directory, wait_for
from promql import PromQL, answers

CONFIGURATION = """\
global: {{scrape_interval: 1s, scrape_timeout: 900ms}}
scrape_configs:
- job_name: app
{settings}  static_configs: [{{targets: ['{target}']}}]
"""


class Prometheus(Process, PromQL):
    def __init__(self, target, features=(), settings="", is_up=True):
        """Returns when the first scrape of `target` has been stored, or has failed if it is to. The features are those that Prometheus
        has off; the settings are lines of the job."""
        directory = new_directory()
        configuration = directory / "prometheus.yml"
        configuration.write_text(CONFIGURATION.format(target=target, settings=textwrap.indent(settings, "  ")))
        self.address = f"127.0.0.1:{free_port()}"
        Process.__init__(self, "prometheus", [
            "prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={directory / 'tsdb'}",
            f"--web.listen-address={self.address}", "--log.level=warn",
            *(f"--enable-feature={feature}" for feature in features),
        ], directory)
        self.wait_until_ready(lambda: answers(f"http://{self.address}/-/ready"))
        wait_for(f"the target is {'up' if is_up else 'down'}", lambda: self.value("up") == is_up, seen=self.last_errors)

    def native(self, series):
        """The one native histogram of `series`: its count, its sum and its buckets."""
        [one] = self._get("query", {"query": series})["result"]
        return one["histogram"][1]

    def exemplars(self, selector, start, end):
        """The exemplars of a time, as (labels of the series, exemplars)."""
        parameters = {"query": selector, "start": f"{start:.3f}", "end": f"{end:.3f}"}
        return [(each["seriesLabels"], each["exemplars"]) for each in self._get("query_exemplars", parameters)]

    def last_scrape(self):
        """When it was, in seconds since 1970."""
        return self.value("timestamp(up)")

    def last_errors(self):
        """Why scrapes fail."""
        return [target["lastError"] for target in self._get("targets", {})["activeTargets"]]

    def await_scrapes(self, count=2):
        """Returns when `count` scrapes have begun from now on, so that the last shows all that happened so far."""
        for _ in range(count):
            now = time.time()
            wait_for("another scrape", lambda: (self.last_scrape() or 0) > now)
        # A busy machine may miss a moment, and no count is lost by that; a busy app must not.
        up = self.value("avg_over_time(up[1m])")
        assert up >= 0.8, f"{1 - up:.0%} of the scrapes failed"
