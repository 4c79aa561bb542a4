"""The example `every_kind` of instrument-http: a metric of every kind, with texts and numbers of all sorts."""

import re
import urllib.request

from process import Process, example

ADDRESS = re.compile(r"metrics http://(127\.0\.0\.1:\d+)/metrics\n")

OPENMETRICS = "application/openmetrics-text;version=1.0.0"
PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"


class EveryKind(Process):
    def __init__(self):
        super().__init__("every_kind", [example("every_kind"), "127.0.0.1:0"])
        [self.address] = self.wait_until_ready(lambda: ADDRESS.fullmatch(self.stdout)).groups()

    def get(self, **headers):
        """Headers and body of the page."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://{self.address}/metrics", headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.headers, answer.read()
