"""An exact load: requests of every kind, good and bad, whose effect on each series is known before they are sent."""

import http.client
import itertools
import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app import headers_of

THREADS = 4


@dataclass(frozen=True)
class Kind:
    """A request and what becomes of it."""
    method: str
    path: str
    status: int
    route: str  # its template, "" for a path without a route
    body: str = None
    handler: str = ""  # the function that answers, "" where the request does not get so far
    served: int = 0  # quotations in the answer


LONG = json.dumps({"text": "T", "author": "A"}) + " " * 16 * 1024
KNOWN = json.dumps({"text": "Je pense, donc je suis.", "author": "René Descartes"})

# How many of each in every hundred. "{n}" in a body becomes something new each time.
MIX = [
    (14, Kind("GET", "/", 200, "/", handler="today_as_page", served=1)),
    (20, Kind("GET", "/quote", 200, "/quote", handler="today", served=1)),
    (2, Kind("HEAD", "/quote", 200, "/quote", handler="today", served=1)),
    (8, Kind("GET", "/quotes?limit=7", 200, "/quotes", handler="list", served=7)),
    (2, Kind("GET", "/quotes?limit=0", 400, "/quotes")),
    (16, Kind("GET", "/quotes/12", 200, "/quotes/{id}", handler="by_id", served=1)),
    (5, Kind("GET", "/quotes/999999", 404, "/quotes/{id}", handler="by_id")),
    (2, Kind("GET", "/quotes/none", 404, "/quotes/{id}", handler="by_id")),
    (8, Kind("GET", "/random", 200, "/random", handler="random", served=1)),
    (2, Kind("GET", "/healthz", 200, "/healthz", handler="healthz")),
    (4, Kind("POST", "/quotes", 201, "/quotes", '{"text": "Saying {n}", "author": "A"}', "add")),
    (2, Kind("POST", "/quotes", 409, "/quotes", KNOWN, "add")),
    (3, Kind("POST", "/quotes", 422, "/quotes", '{"text": "", "author": "A"}')),
    (2, Kind("POST", "/quotes", 400, "/quotes", '{"text": ')),
    (1, Kind("POST", "/quotes", 413, "/quotes", LONG)),
    (5, Kind("GET", "/wp-login.php", 404, "")),
    (2, Kind("DELETE", "/quote", 405, "/quote")),
    (2, Kind("BREW", "/quote", 405, "/quote")),
]
assert sum(share for share, _ in MIX) == 100


class Load:
    """Requests of the mix, in an order that is the same each time. One app takes each number once."""

    def __init__(self, requests=5_000, number=1):
        self.number = number
        assert requests % 100 == 0
        self.kinds = [kind for share, kind in MIX for _ in range(share * requests // 100)]
        random.Random(requests).shuffle(self.kinds)

    def send(self, address):
        """Sends all, and checks that each is answered as it should be."""
        numbered = [(f"{self.number}.{place}", kind) for place, kind in enumerate(self.kinds)]
        with ThreadPoolExecutor(THREADS) as threads:
            sendings = [threads.submit(send, address, numbered[start::THREADS]) for start in range(THREADS)]
            unexpected = list(itertools.chain.from_iterable(sending.result() for sending in sendings))
        assert not unexpected, f"{len(unexpected)} answers are not as expected, such as {unexpected[:3]}"

    def by_route(self):
        """How often each (method, route, status) is counted."""
        return Counter((method_label(kind.method), kind.route, str(kind.status)) for kind in self.kinds)

    def by_handler(self):
        """How often each (function, outcome) is counted. That something is not there, or is there already, is no error."""
        return Counter((kind.handler, "ok") for kind in self.kinds if kind.handler)

    def stored(self):
        return sum(kind.status == 201 for kind in self.kinds)

    def served(self):
        return sum(kind.served for kind in self.kinds)


def method_label(method):
    return method if method in ("GET", "HEAD", "POST", "DELETE") else "_OTHER"


def send(address, numbered):
    """Sends all on one connection. The answers that are not as expected."""
    unexpected = []
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        for number, kind in numbered:
            body = None if kind.body is None else kind.body.replace("{n}", number).encode()
            connection.request(kind.method, kind.path, body, headers_of(body, "application/json"))
            response = connection.getresponse()
            response.read()
            if response.status != kind.status:
                unexpected.append(f"{kind.method} {kind.path}: {response.status} instead of {kind.status}")
    finally:
        connection.close()
    return unexpected
