"""The page of metrics: right by `promtool check metrics`, by PyPI's prometheus_client and by the format's rules, and
exact; the endpoint: right in its answers to GET, HEAD and everything else."""

import subprocess
import time
import unittest

from app import App, request
from compare import differences
from load import Load
from page import Page
from process import wait_for

DURATION = "http_server_request_duration_seconds_count"
ROUTE_LABELS = ("http_request_method", "http_route", "http_response_status_code")


class PageOfMetrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = App()
        cls.addClassCleanup(cls.app.stop)
        cls.load = Load()
        cls.load.send(cls.app.address)
        # A client may have the whole answer a moment before the server has noted its end.
        wait_for("the load is counted", lambda: cls.counted() >= len(cls.load.kinds), seen=cls.counted)
        cls.page = cls.read()

    @classmethod
    def ask(cls, method, path):
        return request(cls.app.metrics_address, method, path)

    @classmethod
    def read(cls):
        return Page(cls.ask("GET", "/metrics").text)

    @classmethod
    def counted(cls):
        return sum(cls.read().sums(DURATION).values())

    def test_promtool_finds_nothing(self):
        check = subprocess.run(["promtool", "check", "metrics"], input=self.page.text,
                               capture_output=True, text=True, timeout=30)
        self.assertEqual((check.returncode, check.stdout + check.stderr), (0, ""))

    def test_it_keeps_the_rules_of_the_format(self):
        self.assertEqual(self.page.broken_rules(), [])

    def test_it_counts_every_request_once_by_method_route_and_status(self):
        self.assertEqual(differences(self.page.sums(DURATION, *ROUTE_LABELS), self.load.by_route()), [])

    def test_it_counts_every_call_of_a_handler_once_by_outcome(self):
        calls = self.page.sums("function_duration_seconds_count", "module", "function", "outcome")
        calls = {(function, outcome): count for (module, function, outcome), count in calls.items()
                 if module.endswith("::routes")}
        self.assertEqual(differences(calls, self.load.by_handler()), [])

    def test_it_counts_the_quotations_served_and_stored(self):
        self.assertEqual(self.page.sums("quotes_served_total"), {(): self.load.served()})
        self.assertEqual(self.page.sums("quotes_stored_total"), {(): self.load.stored()})

    def test_it_says_what_runs_and_what_it_takes_of_the_machine(self):
        [((version, rust_version), one)] = self.page.sums("build_info", "version", "rust_version").items()
        self.assertRegex(version, r"^\d+\.\d+\.\d+")
        self.assertRegex(rust_version, r"^\d+\.\d+\.\d+")
        self.assertEqual(one, 1)
        process = {name: self.page.sums(name) for name in (
            "process_cpu_seconds_total", "process_open_fds", "process_max_fds", "process_threads",
            "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_virtual_memory_max_bytes")}
        for name, values in process.items():
            self.assertGreater(values.get((), 0), 0, name)
        start = self.page.sums("process_start_time_seconds")[()]
        self.assertLess(abs(time.time() - start), 3600)

    def test_nothing_is_in_flight(self):
        for name, label in (("http_server_active_requests", "http_request_method"),
                            ("function_in_flight", "function")):
            gauges = self.page.sums(name, label)
            self.assertTrue(gauges, f"no {name}")
            self.assertEqual(differences(gauges, {}), [], name)

    def test_a_get_has_the_content_type_of_the_format(self):
        answer = self.ask("GET", "/metrics")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")

    def test_a_head_has_the_head_of_a_get(self):
        answer = self.ask("HEAD", "/metrics")
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")

    def test_another_method_is_told_the_ones_that_are(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "BREW"):
            answer = self.ask(method, "/metrics")
            self.assertEqual((answer.status, answer.headers["Allow"]), (405, "GET, HEAD"), method)

    def test_another_path_is_not_found(self):
        for path in ("/index.html", "/metrics/", "/metrics2", "/quote", "/%6detrics/x"):
            self.assertEqual(self.ask("GET", path).status, 404, path)
        self.assertEqual(self.ask("GET", "/metrics?name=x").status, 200, "a query changes nothing")
