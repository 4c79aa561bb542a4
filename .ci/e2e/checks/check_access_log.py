"""`access-log` follows the log of a real nginx under load: what it counts are the lines of the log, whatever happens to the file meanwhile."""

import os
import re
import socket
import unittest
from collections import Counter

import wrk
from app import request
from nginx import FORMAT, Logged, Nginx
from page import Page
from process import Process, wait_for

LISTENS = re.compile(r"metrics http://([\d.:]+)/metrics\n")
LABELS = ("method", "route", "status")
ROUTES = {"/quotes/17": "/quotes/{id}", "/broken": "/broken", "/admin": "other"}
SECONDS = 1


class Follower(Process):
    def __init__(self, *flags):
        super().__init__("access-log", [os.environ["E2E_ACCESS_LOG"], "--listen", "127.0.0.1:0", *flags])
        self.address = self.wait_until_ready(lambda: LISTENS.fullmatch(self.stdout))[1]

    def sums(self, name, *labels):
        return Page(request(self.address, "GET", "/metrics").text).sums(f"access_log_{name}", *labels)

    def value(self, name):
        return self.sums(name).get((), 0)


class AccessLog(unittest.TestCase):
    def setUp(self):
        self.nginx = Nginx()
        self.addCleanup(self.nginx.stop)
        routes = [flag for route in ROUTES.values() if route != "other" for flag in ("--route", route)]
        self.follower = Follower("--format", FORMAT, *routes, self.nginx.access_log)
        self.addCleanup(self.follower.stop)

    def load(self, path):
        """How many requests nginx was sent; all of them are answered and logged."""
        return wrk.load_and_drain(f"http://{self.nginx.address}{path}?lang=fr", SECONDS, 8).requests

    def await_lines(self, number):
        wait_for("all lines are counted", lambda: self.follower.value("lines_total") >= number,
                 seen=lambda: f"{self.follower.value('lines_total')} of {number}")

    def test_counts_and_durations_are_those_of_the_log_through_a_rotation_and_a_truncation(self):
        sent = Counter()
        command = wrk.command(f"http://{self.nginx.address}/quotes/17", 3 * SECONDS, 2)
        # Under load, so that lines come to both files; but less than the follower reads, so that it does not see the end of the old one by chance.
        rotating = Process("wrk", command)
        self.addCleanup(rotating.stop)
        wait_for("the load is on", lambda: self.follower.value("requests_total") > 100)
        old = self.nginx.rotate()
        wait_for("the rotation is seen", lambda: self.follower.value("rotations_total") == 1)
        self.assertEqual(rotating.wait(), 0, rotating.log())
        for path in ROUTES:
            sent["GET", ROUTES[path]] += self.load(path)
        texts = [old.read_text(), self.nginx.access_log.read_text()]
        self.await_lines(len("".join(texts).splitlines()))

        os.truncate(self.nginx.access_log, 0)
        wait_for("the truncation is seen", lambda: self.follower.value("truncations_total") == 1)
        for path in ROUTES:
            sent["GET", ROUTES[path]] += self.load(path)
        texts.append(self.nginx.access_log.read_text())

        logged = Logged(*texts)
        self.await_lines(logged.requests.total())
        expected = {(method, ROUTES[path], status): count for (method, path, status), count in logged.requests.items()}
        self.assertEqual(self.follower.sums("requests_total", *LABELS), expected)
        self.assertEqual(self.follower.sums("request_duration_seconds_count", *LABELS), expected)
        seconds = self.follower.sums("request_duration_seconds_sum", *LABELS)
        for (method, path, status), sum_of_log in logged.seconds.items():
            self.assertAlmostEqual(seconds[method, ROUTES[path], status], sum_of_log, places=3)
        self.assertEqual(self.follower.sums("lines_total", "outcome"), {
            ("counted",): logged.requests.total(), ("malformed",): 0, ("too_long",): 0, ("cut_off",): 0})
        # And nginx has logged what wrk has sent; how much that was while the log was rotated, wrk does not say exactly.
        for status, route in [("503", "/broken"), ("404", "other")]:
            self.assertEqual(expected["GET", route, status], sent["GET", route])
        self.assertGreater(expected["GET", "/quotes/{id}", "200"], sent["GET", "/quotes/{id}"])

    def test_what_is_no_request_is_counted_as_one_of_no_route(self):
        for line in (b"\x16\x03\x01\x02\r\n\r\n", b"BREW /coffee HTTP/1.0\r\n\r\n", b'GET /"quoted"\\ HTTP/1.0\r\n\r\n'):
            self.send(line)
        self.await_lines(3)
        self.assertEqual(self.follower.sums("requests_total", *LABELS), {
            ("_OTHER", "other", "400"): 1, ("_OTHER", "other", "404"): 1, ("GET", "other", "404"): 1})

    def send(self, line):
        """Sends bytes that no client library would, and reads to the end of the answer."""
        host, _, port = self.nginx.address.partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(line)
            while connection.recv(4096):
                pass
