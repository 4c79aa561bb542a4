"""The three formats: what PyPI's prometheus_client reads of them, and what Prometheus stores when it scrapes each."""

import gzip
import math
import time
import unittest

from every_kind import OPENMETRICS, PROTOBUF, EveryKind
from openmetrics import OpenMetrics
from page import Page
from prometheus import Prometheus
from text_only import TextOnly

TEXTS = ["plain", '"', "\\", "\n", "\\n", "\t\r", "é ✓ 🦀", "{}=,# EOF", " "]
SITE = 'left "bank"'

# What Prometheus 3 asks for, and what it must be answered with: it fails a scrape without a content type that it knows.
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


def around_scrapes(page):
    """What comes before and after the metrics of the endpoint itself, which are others at each scrape: their messages' lengths stand before the names."""
    return page[:page.index(b"demo_instrument_") - 16], page[page.index(b"demo_light"):]


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = EveryKind()
        cls.addClassCleanup(cls.app.stop)

    def test_openmetrics_is_read_by_the_strict_parser_and_keeps_the_other_rules(self):
        headers, page = self.app.get(Accept=OPENMETRICS)
        self.assertEqual(headers["Content-Type"], "application/openmetrics-text; version=1.0.0; charset=utf-8")
        page = OpenMetrics(page.decode())
        self.assertEqual(list(page.broken_rules()), [])
        types = {name.removeprefix("demo_"): family.type for name, family in page.families.items()}
        self.assertEqual(types, {
            "sent_bytes": "counter", "dotted_n_me": "counter", "many": "counter", "depth": "gauge", "nan": "gauge", "above": "gauge",
            "below": "gauge", "tiny": "gauge", "build": "info", "light": "stateset", "lookup_seconds": "histogram",
            "balance": "histogram", "rows": "histogram", "idle": "histogram",
        } | {name: types[name] for name in types if name.startswith("instrument_")})
        self.assertEqual(page.families["demo_sent_bytes"].unit, "bytes")
        self.assertEqual(page.families["demo_sent_bytes"].documentation, 'Bytes sent, by "text"\nand \\ of all sorts.')

    def test_odd_texts_and_numbers_come_through(self):
        page = OpenMetrics(self.app.get(Accept=OPENMETRICS)[1].decode())
        sent = {sample.labels.get("text"): sample.value for sample in page.families["demo_sent_bytes"].samples}
        self.assertEqual(sent, {"plain": 42, None: 2} | dict(zip(TEXTS[1:], range(3, 11))))
        self.assertTrue(all(sample.labels["site"] == SITE for sample in page.samples))
        self.assertTrue(math.isnan(page.value("demo_nan")))
        self.assertEqual(page.value("demo_above"), math.inf)
        self.assertEqual(page.value("demo_below"), -math.inf)
        self.assertEqual(page.value("demo_tiny"), 5e-324)
        self.assertEqual(page.value("demo_light", demo_light="amber"), 1)

    def test_text_says_the_same_as_openmetrics(self):
        text = Page(self.app.get()[1].decode())
        self.assertEqual(text.broken_rules(), [])

        def by_series(samples):
            def of(labels):
                return sorted((name, float(value) if name == "le" else value) for name, value in labels.items())
            return {(sample.name, str(of(sample.labels))): sample.value for sample in samples
                    if not math.isnan(sample.value) and not sample.name.startswith(("demo_balance_", "demo_instrument_"))}

        openmetrics = OpenMetrics(self.app.get(Accept=OPENMETRICS)[1].decode())
        self.assertEqual(by_series(text.samples), by_series(openmetrics.samples))

    def test_prometheus_3_is_answered_as_it_wants(self):
        headers, page = self.app.get(Accept=PROMETHEUS_3)
        self.assertEqual(headers["Content-Type"],
                         "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8")
        page = OpenMetrics(page.decode())
        self.assertEqual(list(page.broken_rules()), [])
        self.assertEqual(page.value("demo_dotted.näme_total", **{"käse.kind": "1st"}), 7)

    def test_names_are_escaped_as_asked_for(self):
        for escaping, name, label in [
            ("", "demo_dotted_n_me_total", "k_se_kind"),
            (";escaping=underscores", "demo_dotted_n_me_total", "k_se_kind"),
            (";escaping=dots", "demo__dotted_dot_n__me__total", "k__se_dot_kind"),
            (";escaping=values", "U__demo__dotted_2e_n_e4_me__total", "U__k_e4_se_2e_kind"),
        ]:
            _, page = self.app.get(Accept=OPENMETRICS + escaping)
            self.assertIn(f'{name}{{site="left \\"bank\\"",{label}="1st"}} 7', page.decode().splitlines())

    def test_a_page_is_compressed_for_who_asks(self):
        for accept in ("text/plain", OPENMETRICS, PROTOBUF):
            _, plain = self.app.get(Accept=accept)
            headers, compressed = self.app.get(Accept=accept, Accept_Encoding="gzip")
            self.assertEqual(headers["Content-Encoding"], "gzip")
            self.assertEqual(headers["Vary"], "Accept, Accept-Encoding")
            self.assertEqual(around_scrapes(gzip.decompress(compressed)), around_scrapes(plain))


class PrometheusScrapesEachFormat(unittest.TestCase):
    def setUp(self):
        self.app = EveryKind()
        self.addCleanup(self.app.stop)

    def scraped(self, target=None, features=()):
        prometheus = Prometheus(target or self.app.address, features)
        self.addCleanup(prometheus.stop)
        return prometheus

    def assert_all_series_are_there(self, prometheus):
        for length, text in zip([42, *range(3, 11)], TEXTS):
            quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            self.assertEqual(prometheus.value(f'demo_sent_bytes_total{{text="{quoted}"}}'), length, text)
        self.assertEqual(prometheus.value('demo_sent_bytes_total{text=""}'), 2)
        self.assertEqual(prometheus.value("count(demo_many_total)"), 5_000)
        self.assertEqual(prometheus.value("sum(demo_many_total)"), sum(range(5_000)))
        self.assertEqual(prometheus.value("demo_depth"), -3)
        self.assertEqual(prometheus.value("demo_above"), math.inf)
        self.assertEqual(prometheus.value("demo_build_info"), 1)
        self.assertEqual(prometheus.value('demo_light{demo_light="amber"}'), 1)
        self.assertEqual(prometheus.value('count(demo_light)'), 3)
        self.assertEqual(prometheus.value(f"count({{site!='{SITE}', __name__=~'demo_.+'}})"), None)

    def assert_classic_histograms_are_there(self, prometheus):
        self.assertEqual(prometheus.value("demo_lookup_seconds_count"), 1000)
        self.assertAlmostEqual(prometheus.value("demo_lookup_seconds_sum"), 500.5)
        self.assertEqual(prometheus.value('demo_balance_bucket{le=~"0|0.0"}'), 3)
        self.assertEqual(prometheus.value('demo_rows_bucket{le="+Inf"}'), 100)

    def test_text(self):
        proxy = TextOnly(self.app.address)
        self.addCleanup(proxy.stop)
        prometheus = self.scraped(proxy.address)
        self.assertEqual(proxy.content_types, {"text/plain; version=0.0.4; charset=utf-8"})
        self.assert_all_series_are_there(prometheus)
        self.assert_classic_histograms_are_there(prometheus)

    def test_openmetrics_with_exemplars(self):
        prometheus = self.scraped(features=["exemplar-storage"])
        self.assert_all_series_are_there(prometheus)
        self.assert_classic_histograms_are_there(prometheus)
        self.assert_exemplars(prometheus, "demo_lookup_seconds_bucket")

    def test_protobuf_with_native_histograms_and_exemplars(self):
        prometheus = self.scraped(features=["native-histograms", "exemplar-storage"])
        self.assert_all_series_are_there(prometheus)
        lookup = prometheus.native("demo_lookup_seconds")
        self.assertEqual((lookup["count"], float(lookup["sum"])), ("1000", 500.5))
        for quantile in (0.1, 0.5, 0.9, 0.99):
            # The milliseconds from 1 to 1000, in buckets of which each is 9 % wider than the one before.
            value = prometheus.value(f"histogram_quantile({quantile}, demo_lookup_seconds)")
            self.assertLess(abs(value / quantile - 1), 0.045, quantile)
        balance = prometheus.native("demo_balance")
        self.assertEqual(balance["count"], "6")
        buckets = {(float(lower), float(upper)): count for _, lower, upper, count in balance["buckets"]}
        self.assertEqual({bounds: buckets.get(bounds) for bounds in [(-128, -64), (-1, -0.5), (0.25, 0.5), (32, 64)]},
                         {(-128, -64): "1", (-1, -0.5): "1", (0.25, 0.5): "1", (32, 64): "1"})
        self.assertEqual(prometheus.native("demo_rows")["count"], "100")
        idle = prometheus.native("demo_idle")
        self.assertEqual(idle["count"], "0", "an empty native histogram was taken for a classic one")
        self.assertEqual(prometheus.query('{__name__=~"demo_(idle|rows)_.+"}'), [])
        self.assert_exemplars(prometheus, "demo_lookup_seconds")

    def assert_exemplars(self, prometheus, series):
        now = time.time()
        exemplars = prometheus.exemplars('{__name__=~"demo_lookup_seconds.*"}', now - 600, now + 60)
        self.assertEqual({labels["__name__"] for labels, _ in exemplars}, {series})
        values = {each["labels"]["trace_id"]: float(each["value"]) for _, many in exemplars for each in many}
        self.assertTrue(values)
        for trace, value in values.items():
            self.assertAlmostEqual(value, int(trace.removeprefix("trace-")) / 1000)
        counted = prometheus.exemplars("demo_sent_bytes_total", now - 600, now + 60)
        [(labels, [exemplar])] = counted
        self.assertEqual((labels["text"], exemplar["value"]), ("plain", "41"))
        self.assertEqual(exemplar["labels"], {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"})
