"""A scraped page in OpenMetrics 1.0.0, read by PyPI's prometheus_client, and the rules its strict parser lets pass.

https://prometheus.io/docs/specs/om/open_metrics_spec/
"""

import math
import re
from collections import Counter

from prometheus_client.openmetrics.parser import text_string_to_metric_families

CANONICAL = re.compile(r"-?\d+\.\d+|-?\d(\.\d+)?e[+-]\d\d+|\+Inf")


class OpenMetrics:
    def __init__(self, text):
        """Fails with the parser's own sentence."""
        self.text = text
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self.samples = [sample for family in self.families.values() for sample in family.samples]

    def value(self, name, **labels):
        """The one sample that has these labels among others."""
        [sample] = [each for each in self.samples if each.name == name and labels.items() <= each.labels.items()]
        return sample.value

    def broken_rules(self):
        series = Counter((sample.name, *sorted(sample.labels.items())) for sample in self.samples)
        yield from (f"{number} samples of {each}" for each, number in series.items() if number != 1)
        # Of samples with the same labels in another order the parser keeps one.
        sample_lines = sum(not line.startswith("# ") for line in self.text.removesuffix("\n").split("\n"))
        if sample_lines != len(self.samples):
            yield f"{sample_lines} samples on the page, {len(self.samples)} after parsing"
        for bound in re.findall(r'[{,]le="([^"]*)"', self.text):
            if not CANONICAL.fullmatch(bound):
                yield f"not the canonical spelling of a bound: {bound}"
        for family in self.families.values():
            if family.type == "histogram":
                yield from self._exemplars_outside_of_their_bucket(family)

    @staticmethod
    def _exemplars_outside_of_their_bucket(family):
        lower = -math.inf
        for sample in family.samples:
            if not sample.name.endswith("_bucket"):
                lower = -math.inf
                continue
            upper = float(sample.labels["le"])
            # The first bucket has all that is below, and comes behind the last one of another series where there is no sum.
            if sample.exemplar and not (lower < sample.exemplar.value <= upper or lower == sample.exemplar.value == -math.inf):
                yield f"an exemplar that is not in its bucket: {sample}"
            lower = upper if upper < math.inf else -math.inf
