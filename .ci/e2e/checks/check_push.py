"""Prometheus' real Pushgateway shows what a job pushes: at its end, when it fails, under any name."""

import unittest

from process import free_port
from prometheus import Prometheus
from pushgateway import Pushgateway, batch_job

ROWS = ("backup_rows_total",)
SUCCESS = ("backup_last_success_timestamp_seconds",)
TABLES = ("backup_table_seconds_count",)
OF_THE_GATEWAY = {("push_time_seconds",), ("push_failure_time_seconds",)}


class Push(unittest.TestCase):
    def setUp(self):
        self.gateway = Pushgateway()
        self.addCleanup(self.gateway.stop)

    def run_job(self, instance, *what):
        status, said = batch_job(self.gateway.url, instance, *what)
        self.assertEqual((status, said), (0, ""))
        return self.gateway.of(instance)

    def test_a_job_is_shown_when_it_has_ended(self):
        shown = self.run_job("db-1")
        self.assertEqual([shown[ROWS], shown[TABLES], shown["backup_table_seconds_bucket", "0.05"]], [5_500, 10, 5])
        self.assertGreater(shown[SUCCESS], 1.7e9)
        self.assertEqual(self.gateway.of("db-2"), {})

    def test_a_job_that_panics_is_shown_and_takes_nothing_away(self):
        success = self.run_job("db-1")[SUCCESS]
        status, said = batch_job(self.gateway.url, "db-1", "fail")
        self.assertEqual(status, 101)
        self.assertIn("the disk is full", said)
        shown = self.gateway.of("db-1")
        self.assertEqual([shown[ROWS], shown[TABLES], shown[SUCCESS]], [1_500, 5, success])

    def test_a_group_is_replaced_and_deleted_and_others_stay(self):
        before = self.run_job("db-1")
        self.run_job("db-2")
        self.assertEqual(set(self.run_job("db-2", "replace")) - OF_THE_GATEWAY, {ROWS})
        self.assertEqual(self.run_job("db-2", "delete"), {})
        self.assertEqual(self.gateway.of("db-1"), before)

    def test_instances_have_any_name(self):
        for instance in ("", "a/b", "/", ".", "..", "%2F", "a b+c%&?#;:@=", "é ✓ 🦀", "base64", '"\\\n'):
            with self.subTest(instance):
                self.assertEqual(self.run_job(instance)[ROWS], 5_500)
                self.assertEqual(self.run_job(instance, "delete"), {})

    def test_prometheus_scrapes_what_was_pushed(self):
        self.run_job("db-1")
        prometheus = Prometheus(self.gateway.address, settings="honor_labels: true\n")
        self.addCleanup(prometheus.stop)
        self.assertEqual(prometheus.value('backup_rows_total{job="backup", instance="db-1"}'), 5_500)

    def test_a_gateway_that_is_not_there_is_told(self):
        url = f"http://127.0.0.1:{free_port()}"
        status, said = batch_job(url, "db-1")
        self.assertEqual(status, 1)
        self.assertIn(f"{url}/metrics/job/backup/instance/db-1", said)
