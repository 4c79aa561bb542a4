"""A real Prometheus scrapes the app while it works, and PromQL gives what the clients saw: counts to the request, and
the rate that wrk reports."""

import unittest

import wrk
from app import App
from compare import differences
from load import Load
from prometheus import Prometheus

DURATION = "http_server_request_duration_seconds_count"
CONNECTIONS = 16


class PrometheusScrapes(unittest.TestCase):
    def setUp(self):
        self.app = App()
        self.addCleanup(self.app.stop)
        self.prometheus = Prometheus(self.app.metrics_address)
        self.addCleanup(self.prometheus.stop)

    def assert_nothing_in_flight_and_nothing_stepped_back(self):
        for gauge in ("http_server_active_requests", "function_in_flight"):
            self.assertEqual(self.prometheus.value(f"sum({gauge})"), 0.0, gauge)
            self.assertEqual(self.prometheus.query(f"{gauge} != 0"), [], gauge)
        counters = self.prometheus.by("__name__", of='{__name__=~".+_(total|count|bucket)"}')
        for name, in counters:
            self.assertEqual(self.prometheus.value(f"sum(resets({name}[5m]))"), 0.0, name)

    def test_each_series_equals_the_requests_sent_good_and_bad(self):
        load = Load()
        load.send(self.app.address)
        self.prometheus.await_scrapes()
        routes = self.prometheus.by(
            "http_request_method", "http_route", "http_response_status_code", of=DURATION)
        self.assertEqual(differences(routes, load.by_route()), [])
        quote = self.prometheus.value(f'sum({DURATION}{{http_route="/quote"}})')
        self.assertEqual(quote, sum(kind.route == "/quote" for kind in load.kinds))
        calls = self.prometheus.by(
            "function", "outcome", of='function_duration_seconds_count{module=~".*::routes"}')
        self.assertEqual(differences(calls, load.by_handler()), [])
        self.assertEqual(self.prometheus.value("sum(quotes_served_total)"), load.served())
        self.assertEqual(self.prometheus.value("quotes_stored_total"), load.stored())
        self.assertEqual(self.prometheus.query(f'{DURATION}{{http_response_status_code=~"5.."}}'), [])
        self.assertEqual(self.prometheus.query(f'{DURATION}{{error_type!=""}}'), [])
        self.assert_nothing_in_flight_and_nothing_stepped_back()

    def test_the_sum_equals_the_requests_of_wrk(self):
        report = wrk.load_and_drain(f"http://{self.app.address}/quote", 6, CONNECTIONS)
        report.assert_clean()
        self.prometheus.await_scrapes()
        self.assertEqual(self.prometheus.value(f'sum({DURATION}{{http_route="/quote"}})'), report.requests)
        self.assertEqual(
            self.prometheus.value('function_duration_seconds_count{function="today", outcome="ok"}'), report.requests)
        self.assert_nothing_in_flight_and_nothing_stepped_back()

    def test_the_rate_is_the_one_that_wrk_reports(self):
        series = f'{DURATION}{{http_route="/quote"}}'
        self.app.get("/quote")  # a rate needs a sample from before the load
        self.prometheus.await_scrapes()
        first = self.prometheus.last_scrape()
        report = wrk.load(f"http://{self.app.address}/quote", 12, CONNECTIONS)
        report.assert_clean()
        self.prometheus.await_scrapes()
        last = self.prometheus.last_scrape()
        # From scrape to scrape, so that nothing is extrapolated, and less the time without load.
        rate = self.prometheus.value(f"sum(rate({series}[{round((last - first) * 1000) + 1}ms]))", at=last)
        per_second = rate * (last - first) / report.seconds
        # What is under way when wrk stops is answered, or cancelled, and counted; wrk does not report it.
        self.assertGreater(per_second, report.per_second * 0.999)
        self.assertLess(per_second, (report.requests + CONNECTIONS) / report.seconds * 1.001)
        self.assert_nothing_in_flight_and_nothing_stepped_back()
