"""SIGTERM and SIGINT: the app ends within 5 seconds with status 0, whatever load is on it, and answers what it has
begun."""

import http.client
import json
import signal
import socket
import threading
import time
import unittest

import wrk
from app import App, request
from page import Page
from process import Process, free_port, wait_for


class Stop(unittest.TestCase):
    def start(self, *flags):
        app = App(*flags)
        self.addCleanup(app.stop)
        return app

    def assert_ends(self, app, since):
        self.assertEqual(app.wait(), 0, app.log())
        self.assertLess(time.monotonic() - since, 5.0)

    def test_without_load_it_ends_at_once(self):
        for which in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=which):
                app = self.start()
                begun = time.monotonic()
                app.signal(which)
                self.assert_ends(app, begun)
                self.assertLess(time.monotonic() - begun, 2.0)
                self.assertEqual(app.stderr, "")

    def test_under_load_by_wrk_all_requests_in_flight_are_answered(self):
        app = self.start()
        load = Process("wrk", wrk.command(f"http://{app.address}/quote", 60, 16))
        self.addCleanup(load.stop)
        wait_for("the load is on", lambda: requests_of(app) > 1_000)
        posts = [HalfSent(app.address, number) for number in range(20)]
        begun = time.monotonic()
        app.signal()
        wait_for("the app accepts no more", lambda: refuses(app.address))
        self.assertEqual([post.complete() for post in posts], [201] * len(posts))
        self.assert_ends(app, begun)

    def test_a_statsd_server_that_is_not_there_holds_nothing_up(self):
        app = self.start("--statsd", f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}")
        self.assertEqual(app.get("/quote").status, 200)
        begun = time.monotonic()
        app.signal()
        self.assert_ends(app, begun)

    def test_no_answer_is_broken_off(self):
        app = self.start()
        readers = [Reader(app.address) for _ in range(8)]
        wait_for("all readers read", lambda: all(reader.whole > 10 for reader in readers))
        begun = time.monotonic()
        app.signal()
        self.assert_ends(app, begun)
        for reader in readers:
            reader.join(20)
        self.assertEqual([reader.broken_off for reader in readers], [None] * len(readers))


class HalfSent:
    """A POST whose handler waits for the body: certainly in flight."""

    def __init__(self, address, number):
        host, _, port = address.partition(":")
        self.body = json.dumps({"text": f"Half sent {number}", "author": "A"}).encode()
        self.connection = socket.create_connection((host, int(port)), timeout=20)
        self.connection.sendall(
            b"POST /quotes HTTP/1.1\r\nHost: app\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(self.body)
        )
        # The server says so when the handler asks for the body.
        answer = self.connection.recv(100)
        assert answer == b"HTTP/1.1 100 Continue\r\n\r\n", answer

    def complete(self):
        """The status of the answer."""
        with self.connection:
            self.connection.sendall(self.body)
            response = http.client.HTTPResponse(self.connection)
            response.begin()
            response.read()
            return response.status


class Reader(threading.Thread):
    """Reads long answers on one connection until the server ends it."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection(address, timeout=20)
        self.whole = 0
        self.broken_off = None
        self.start()

    def run(self):
        while True:
            try:
                self.connection.request("GET", "/quotes?limit=100")
                response = self.connection.getresponse()
            except (OSError, http.client.HTTPException):
                return  # closed between two answers, or before it saw the request
            try:
                response.read()
            except (OSError, http.client.HTTPException) as error:
                self.broken_off = repr(error)
                return
            self.whole += 1


def requests_of(app):
    page = Page(request(app.metrics_address, "GET", "/metrics").text)
    return sum(page.sums("http_server_request_duration_seconds_count").values())


def refuses(address):
    host, _, port = address.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
        return False
    except OSError:
        return True
