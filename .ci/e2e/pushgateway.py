"""Prometheus' real Pushgateway, and what it shows."""

import subprocess
import urllib.request

from page import Page
from process import Process, example, free_port


class Pushgateway(Process):
    def __init__(self):
        self.address = f"127.0.0.1:{free_port()}"
        super().__init__("pushgateway", ["prometheus-pushgateway", f"--web.listen-address={self.address}"])
        self.wait_until_ready(self._answers)

    @property
    def url(self):
        return f"http://{self.address}"

    def of(self, instance, job="backup"):
        """The values that it shows of a job's instance, by the names of the samples and what they have of other labels."""
        values = {}
        for sample in self._page().samples:
            labels = {"job": "", "instance": ""} | sample.labels # a label without a value is as good as none
            if (labels.pop("job"), labels.pop("instance")) == (job, instance):
                values[sample.name, *labels.values()] = sample.value
        return values

    def _page(self):
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=5) as answer:
            return Page(answer.read().decode())

    def _answers(self):
        try:
            return self._page()
        except OSError:
            return None


def batch_job(*arguments):
    """Runs the example `batch_job` of instrument-http; its exit status and what it says."""
    command = [example("batch_job"), *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    return done.returncode, done.stderr
