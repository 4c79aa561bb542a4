"""The query API of Prometheus, which VictoriaMetrics has too."""

import json
import urllib.parse
import urllib.request


class PromQL:
    def __init__(self, address):
        self.address = address

    def query(self, expression, at=None):
        """The samples of an instant query, as (labels, value)."""
        parameters = {"query": expression} | ({} if at is None else {"time": f"{at:.3f}"})
        return [(each["metric"], float(each["value"][1])) for each in self._get("query", parameters)["result"]]

    def value(self, expression, at=None):
        """The one value of `expression`, or None without a sample."""
        samples = self.query(expression, at)
        assert len(samples) <= 1, f"more than one sample: {expression}: {samples}"
        return samples[0][1] if samples else None

    def by(self, *labels, of):
        """`sum by (labels) (of)`, as a map from label values ("" for none) to the sum."""
        samples = self.query(f"sum by ({', '.join(labels)}) ({of})")
        return {tuple(metric.get(label, "") for label in labels): value for metric, value in samples}

    def _get(self, what, parameters):
        return get_json(f"http://{self.address}/api/v1/{what}?{urllib.parse.urlencode(parameters)}")["data"]


def get_json(url):
    with urllib.request.urlopen(url, timeout=20) as response:
        return json.load(response)


def answers(url):
    """Whether there is a good answer, for servers that are starting."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False
