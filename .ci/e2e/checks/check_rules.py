"""The rules that pages of metrics are held to find what they are for: each page here breaks one."""

import unittest

from openmetrics import OpenMetrics
from page import Page

COUNTER = "# HELP a_total A.\n# TYPE a_total counter\na_total 1\n"
HISTOGRAM = """\
# HELP h H.
# TYPE h histogram
h_bucket{x="1",le="1"} 2
h_bucket{x="1",le="5"} 3
h_bucket{x="1",le="+Inf"} 4
h_sum{x="1"} 9
h_count{x="1"} 4
"""


class Rules(unittest.TestCase):
    def test_a_good_page_breaks_none(self):
        self.assertEqual(Page(COUNTER + HISTOGRAM).broken_rules(), [])

    def test_each_broken_page_is_found(self):
        for named, page in [
            ("does not end", COUNTER.rstrip("\n")),
            ("2 lines TYPE", COUNTER.replace("# TYPE", "# TYPE a_total counter\n# TYPE")),
            ("no TYPE", COUNTER.replace("# TYPE a_total counter\n", "")),
            ("no HELP", COUNTER.replace("# HELP a_total A.\n", "")),
            ("in two places", COUNTER + HISTOGRAM + "# HELP a_total A.\n"),
            ("outside its family", COUNTER + HISTOGRAM + 'a_total{x="2"} 1\n'),
            ("outside its family", "b_total 1\n" + COUNTER),
            ("2 samples", COUNTER + "a_total 2\n"),
            ("not a counter's value", COUNTER.replace(" 1\n", " -1\n")),
            ("not a counter's value", COUNTER.replace(" 1\n", " NaN\n")),
            ("without a value", COUNTER.replace("a_total 1", 'a_total{x=""} 1')),
            ("do not rise", HISTOGRAM.replace('le="5"', 'le="0.5"')),
            ("do not rise", HISTOGRAM.replace('h_bucket{x="1",le="+Inf"} 4\n', "")),
            ("not cumulative", HISTOGRAM.replace('le="1"} 2', 'le="1"} 9')),
            ("not the +Inf bucket", HISTOGRAM.replace('h_count{x="1"} 4', 'h_count{x="1"} 3')),
            ("not the +Inf bucket", HISTOGRAM.replace('h_count{x="1"} 4\n', "")),
            ("not one _sum", HISTOGRAM.replace('h_sum{x="1"} 9\n', "")),
        ]:
            with self.subTest(page=page):
                self.assertIn(named, " ".join(Page(page).broken_rules()))

    def test_each_broken_page_in_openmetrics_is_found(self):
        histogram = """\
# TYPE h histogram
h_bucket{le="1.0"} 2 # {a="b"} 0.5 1700000000.000
h_bucket{le="1e+06"} 3 # {a="b"} 1.5 1700000000.000
h_bucket{le="+Inf"} 4
h_sum 9
h_count 4
# EOF
"""
        self.assertEqual(list(OpenMetrics(histogram).broken_rules()), [])
        for named, page in [
            ("canonical", histogram.replace("1.0", "1")),
            ("canonical", histogram.replace("1e+06", "1000000")),
            ("not in its bucket", histogram.replace("} 0.5", "} 1.5")),
            ("not in its bucket", histogram.replace("} 1.5", "} 1.0")),
            ("2 samples on the page, 1", '# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 1\n# EOF\n'),
        ]:
            with self.subTest(page=page):
                self.assertIn(named, " ".join(OpenMetrics(page).broken_rules()))
