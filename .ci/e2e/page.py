"""A scraped page in the text format 0.0.4, read by PyPI's prometheus_client, and the rules its parser lets pass.

https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md
"""

import math
from collections import Counter, defaultdict

from prometheus_client.parser import text_string_to_metric_families

SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("", "_sum", "_count")}


class Page:
    def __init__(self, text):
        self.text = text
        self.families = list(text_string_to_metric_families(text))
        self.samples = [sample for family in self.families for sample in family.samples]

    def sums(self, name, *labels):
        """The samples `name` as a map from label values ("" for none) to their sum."""
        sums = defaultdict(float)
        for sample in self.samples:
            if sample.name == name:
                sums[tuple(sample.labels.get(label, "") for label in labels)] += sample.value
        return dict(sums)

    def broken_rules(self):
        return [*self._broken_by_lines(), *self._broken_by_samples(), *self._broken_by_histograms()]

    def _broken_by_lines(self):
        """Rules about which line stands where."""
        if not self.text.endswith("\n"):
            yield "the last line does not end"
        described = Counter()
        typed = {}  # in the order of the page
        closed = set()
        current = ""
        sample_lines = 0
        for line in self.text.removesuffix("\n").split("\n"):
            if line.startswith(("# HELP ", "# TYPE ")):
                _, keyword, name, *rest = line.split(" ", 3)
                described[keyword, name] += 1
                if name != current:
                    closed.add(current)
                    current = name
                if keyword == "TYPE":
                    typed[name] = rest[0]
            elif line and not line.startswith("#"):
                sample_lines += 1
                name = line.partition("{")[0].partition(" ")[0]
                if name not in (current + suffix for suffix in SUFFIXES.get(typed.get(current), ("",))):
                    yield f"a sample outside its family: {line}"
            if current in closed:
                yield f"a family in two places: {current}"
        yield from (f"{number} lines {keyword} of {name}"
                    for (keyword, name), number in described.items() if number != 1)
        yield from (f"no TYPE of {name}" for keyword, name in described if name not in typed)
        yield from (f"no HELP of {name}" for name in typed if ("HELP", name) not in described)
        if sample_lines != len(self.samples):
            yield f"{sample_lines} samples on the page, {len(self.samples)} after parsing"

    def _broken_by_samples(self):
        series = Counter((sample.name, *sorted(sample.labels.items())) for sample in self.samples)
        yield from (f"{number} samples of {each}" for each, number in series.items() if number != 1)
        for family in self.families:
            for sample in family.samples:
                if family.type == "counter" and not 0 <= sample.value < math.inf:
                    yield f"not a counter's value: {sample}"
                if "" in sample.labels.values():
                    yield f"a label without a value: {sample}"

    def _broken_by_histograms(self):
        for family in self.families:
            if family.type != "histogram":
                continue
            for series, samples in by_series(family).items():
                bounds = [float(sample.labels["le"]) for sample in samples["_bucket"]]
                counts = [sample.value for sample in samples["_bucket"]]
                what = f"{family.name} {dict(series)}"
                if bounds != sorted(set(bounds)) or bounds[-1:] != [math.inf]:
                    yield f"bounds do not rise to +Inf: {what}: {bounds}"
                if counts != sorted(counts):
                    yield f"buckets are not cumulative: {what}: {counts}"
                if [sample.value for sample in samples["_count"]] != counts[-1:]:
                    yield f"_count is not the +Inf bucket: {what}: {counts[-1:]}, {samples['_count']}"
                if len(samples["_sum"]) != 1:
                    yield f"not one _sum: {what}: {samples['_sum']}"


def by_series(histogram):
    """The samples of each label set (without `le`), by suffix and in the order of the page."""
    series = defaultdict(lambda: defaultdict(list))
    for sample in histogram.samples:
        labels = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
        series[labels][sample.name.removeprefix(histogram.name)].append(sample)
    return series
