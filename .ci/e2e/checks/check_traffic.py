"""`--traffic N` gives a newcomer something to see: N requests a second on the page of metrics, good and bad ones."""

import time
import unittest

from app import App, request
from page import Page
from process import wait_for

DURATION = "http_server_request_duration_seconds_count"
RATE = 50


class Traffic(unittest.TestCase):
    def test_the_traffic_shows_on_the_page_at_its_rate(self):
        begun = time.monotonic()
        app = App("--traffic", str(RATE))
        self.addCleanup(app.stop)

        def routes():
            page = Page(request(app.metrics_address, "GET", "/metrics").text)
            return page.sums(DURATION, "http_route", "http_response_status_code")

        wait_for("4 seconds' worth of requests", lambda: sum(routes().values()) >= 4 * RATE)
        seen = routes()
        took = time.monotonic() - begun
        self.assertGreater(took, 3.5)
        self.assertLess(sum(seen.values()), RATE * took * 1.1 + 10)
        for expected in [("/", "200"), ("/quote", "200"), ("/quotes", "200"), ("/quotes/{id}", "200"),
                         ("/quotes/{id}", "404"), ("/quotes", "422")]:
            self.assertIn(expected, seen)
        self.assertEqual([each for each in seen if each[1].startswith("5")], [])
