"""Random registries, with all that texts and numbers can be: PyPI's parsers read each page, and the same from both."""

import math
import subprocess
import unittest

from openmetrics import OpenMetrics
from page import Page
from process import example, new_directory

REGISTRIES = 300


def by_series(samples):
    """Without histograms' sums, which OpenMetrics leaves out where there are negative observations."""
    def of(labels):
        return sorted((name, float(value) if name == "le" else value) for name, value in labels.items())
    return {(sample.name, str(of(sample.labels))): sample.value for sample in samples
            if not math.isnan(sample.value) and not sample.name.endswith(("_sum", "_count"))}


class RandomPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = new_directory()
        subprocess.run([example("random_pages"), cls.directory, str(REGISTRIES)], check=True, stdout=subprocess.PIPE)

    def pages(self, number):
        def read(suffix):
            # Without the translation of line ends.
            return (self.directory / f"{number}.{suffix}").read_bytes().decode()
        return read("txt"), read("openmetrics")

    def test_both_parsers_read_them_and_the_same(self):
        for number in range(REGISTRIES):
            text, openmetrics = self.pages(number)
            with self.subTest(text=text, openmetrics=openmetrics):
                openmetrics = OpenMetrics(openmetrics)
                self.assertEqual(list(openmetrics.broken_rules()), [])
                if text:
                    text = Page(text)
                    rules = text.broken_rules()
                    # A family may have no help text.
                    self.assertEqual([rule for rule in rules if not rule.startswith("no HELP")], [])
                    self.assertEqual(by_series(text.samples), by_series(openmetrics.samples))
