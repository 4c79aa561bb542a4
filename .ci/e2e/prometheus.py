"""A real Prometheus that scrapes one target every second."""

import json
import textwrap
import time
import urllib.parse
import urllib.request

from process import Process, free_port, new_directory, wait_for

CONFIGURATION = """\
global: {{scrape_interval: 1s, scrape_timeout: 900ms}}
scrape_configs:
- job_name: app
{settings}  static_configs: [{{targets: ['{target}']}}]
"""


class Prometheus(Process):
    def __init__(self, target, features=(), settings="", is_up=True):
        """Returns when the first scrape of `target` has been stored, or has failed if it is to. The features are those that Prometheus
        has off; the settings are lines of the job."""
        directory = new_directory()
        configuration = directory / "prometheus.yml"
        configuration.write_text(CONFIGURATION.format(target=target, settings=textwrap.indent(settings, "  ")))
        self.address = f"127.0.0.1:{free_port()}"
        super().__init__("prometheus", [
            "prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={directory / 'tsdb'}",
            f"--web.listen-address={self.address}", "--log.level=warn",
            *(f"--enable-feature={feature}" for feature in features),
        ], directory)
        self.wait_until_ready(lambda: self._answers("/-/ready"))
        wait_for(f"the target is {'up' if is_up else 'down'}", lambda: self.value("up") == is_up, seen=self.last_errors)

    def query(self, expression, at=None):
        """The samples of an instant query, as (labels, value)."""
        parameters = {"query": expression} | ({} if at is None else {"time": f"{at:.3f}"})
        return [(each["metric"], float(each["value"][1])) for each in self._get("query", parameters)["result"]]

    def value(self, expression, at=None):
        """The one value of `expression`, or None without a sample."""
        samples = self.query(expression, at)
        assert len(samples) <= 1, f"more than one sample: {expression}: {samples}"
        return samples[0][1] if samples else None

    def native(self, series):
        """The one native histogram of `series`: its count, its sum and its buckets."""
        [one] = self._get("query", {"query": series})["result"]
        return one["histogram"][1]

    def exemplars(self, selector, start, end):
        """The exemplars of a time, as (labels of the series, exemplars)."""
        parameters = {"query": selector, "start": f"{start:.3f}", "end": f"{end:.3f}"}
        return [(each["seriesLabels"], each["exemplars"]) for each in self._get("query_exemplars", parameters)]

    def by(self, *labels, of):
        """`sum by (labels) (of)`, as a map from label values ("" for none) to the sum."""
        samples = self.query(f"sum by ({', '.join(labels)}) ({of})")
        return {tuple(metric.get(label, "") for label in labels): value for metric, value in samples}

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

    def _answers(self, path):
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def _get(self, what, parameters):
        url = f"http://{self.address}/api/v1/{what}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=20) as response:
            return json.load(response)["data"]
