"""The app under test, `quote-of-the-day`."""

import http.client
import json
import os
import re
import signal
import subprocess
from dataclasses import dataclass

from process import Process, new_directory

# What it prints when it listens, and nothing else.
ADDRESSES = re.compile(
    r"quotes http://(127\.0\.0\.1:\d+)\nmetrics http://(127\.0\.0\.1:\d+)/metrics\n"
)


class App(Process):
    """Runs on free ports and, unless told otherwise, on a new database."""

    def __init__(self, *flags, directory=None):
        command = [binary(), "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", *flags]
        super().__init__("app", command, directory)
        try:
            lines = self.wait_until_ready(lambda: ADDRESSES.fullmatch(self.stdout))
        except AssertionError as error:
            raise AssertionError(f"{error}\nit printed {self.stdout!r}") from None
        self.address, self.metrics_address = lines.groups()

    def request(self, method, path, body=None, content_type="application/json"):
        return request(self.address, method, path, body, content_type)

    def get(self, path):
        return self.request("GET", path)

    def post(self, quote, path="/quotes"):
        """Posts an object as JSON, or text as it is."""
        return self.request("POST", path, quote if isinstance(quote, (str, bytes)) else json.dumps(quote))

    def end(self, which=signal.SIGTERM):
        """Asks it to end; its exit status."""
        self.signal(which)
        return self.wait()


@dataclass
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def binary():
    return os.environ["E2E_APP"]


def printed(*flags):
    """What it prints with flags that end it by themselves."""
    return subprocess.run([binary(), *flags], cwd=new_directory(), stdin=subprocess.DEVNULL, check=True,
                          stdout=subprocess.PIPE, text=True, timeout=60).stdout


def request(address, method, path, body=None, content_type=None):
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        connection.request(method, path, body, headers_of(body, content_type))
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())
    finally:
        connection.close()


def headers_of(body, content_type):
    return {} if body is None else {"Content-Type": content_type}
