"""Etsy's real StatsD daemon, and in place of Graphite a listener that adds up what the daemon sends there."""

import json
import re
import socket
import threading
from collections import Counter, defaultdict
from pathlib import Path

from process import Process, free_port, new_directory, wait_for

DAEMON = Path(__file__).parents[1] / "work/node_modules/statsd/stats.js"


# A line as the daemon logs it when it has read it.
LOGGED = {kind: re.compile(rf" DEBUG: ([^:\n]+):([\d.]+)\|{kind}(?:\|@([\d.]+))?\n") for kind in ("c", "ms")}

REQUEST_DURATION = "http_server_request_duration_ms"
ROUTE_LABELS = ("http_request_method", "http_route", "http_response_status_code")


class Statsd(Process):
    """Flushes each second to `self.graphite`, or to a carbon at a port. Over TCP no busy machine loses a packet."""

    def __init__(self, graphite_port=None, flush_milliseconds=1000, is_tcp=False, logs_lines=False):
        self.graphite = None if graphite_port else Graphite()
        self._log_of_earlier_lives = ""
        self.address = f"127.0.0.1:{free_port(socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM)}"
        self.management_port = free_port()
        self._configuration = new_directory() / "statsd.js"
        self._configuration.write_text(json.dumps({
            "server": "./servers/tcp" if is_tcp else "./servers/udp", "address": "127.0.0.1", "port": int(self.address.rpartition(":")[2]),
            "mgmt_address": "127.0.0.1", "mgmt_port": self.management_port,
            "backends": ["./backends/graphite"], "flushInterval": flush_milliseconds, "deleteIdleStats": True,
            "dumpMessages": logs_lines,
            "deleteGauges": False,
            "graphiteHost": "127.0.0.1", "graphitePort": graphite_port or self.graphite.port,
            "graphite": {"legacyNamespace": False},
        }))
        self._start()

    def _start(self):
        super().__init__("statsd", ["node", DAEMON, self._configuration])
        seen = self.graphite.flushes if self.graphite else None
        self.wait_until_ready(lambda: self.graphite.flushes > seen if self.graphite else self._answers())

    def stop(self):
        super().stop()
        if self.graphite:
            self.graphite.close()

    def kill(self):
        """Ends it without a last flush, as a crash does."""
        self.child.kill()
        super().stop()
        self._log_of_earlier_lives += self.stdout

    def start_again(self):
        """Starts it at the same address, once it was killed."""
        self._start()

    def _answers(self):
        try:
            return self.bad_lines() == 0
        except OSError:
            return False

    def await_flushes(self):
        """Returns when all that was sent so far has arrived at Graphite."""
        # The one that has just begun may miss the last packets; the next one does not.
        seen = self.graphite.flushes
        wait_for("two more flushes", lambda: self.graphite.flushes >= seen + 2)

    def received(self, kind):
        """By name, the sum of all counters (`c`), or how many values of a timer (`ms`) there were, in the lines that it has read: those that it was killed
        with too."""
        sums = Counter()
        for name, value, rate in LOGGED[kind].findall(self._log_of_earlier_lives + self.stdout):
            sums[name] += (float(value) if kind == "c" else 1) / float(rate or 1)
        return {name: round(value, 6) for name, value in sums.items()}

    def bad_lines(self):
        """How many lines the daemon could not read, by its management port."""
        return int(re.search(r"messages\.bad_lines_seen: (\d+)", self._ask("stats"))[1])

    def gauges(self):
        """The value of each gauge, by its management port. Of all that is there, only gauges outlast a flush."""
        return {name: float(value) for name, value in re.findall(r"'?([\w.;=-]+)'?: (-?[\d.e+-]+)", self._ask("gauges"))}

    def _ask(self, question):
        with socket.create_connection(("127.0.0.1", self.management_port), timeout=5) as connection:
            connection.sendall(f"{question}\n".encode())
            answer = b""
            while b"END" not in answer:
                received = connection.recv(4096)
                assert received, f"the management port closed after {answer!r}"
                answer += received
        return answer.decode()


class Graphite:
    """Listens for the plaintext protocol: `path value epoch` on each line."""

    def __init__(self):
        self.flushes = 0
        self._sums = defaultdict(float)
        self._last = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def counters(self):
        """The sum of each counter over all flushes."""
        return self._of("counters", "count", self._sums)

    def timer_counts(self):
        """How many values of each timer there were over all flushes."""
        return self._of("timers", "count", self._sums)

    def gauges(self):
        """The last value of each gauge."""
        return self._of("gauges", None, self._last)

    def sums(self):
        """The sum of each path over all flushes."""
        return dict(self._sums)

    def close(self):
        self._listener.close()

    def _of(self, kind, last_part, values):
        suffix = f".{last_part}" if last_part else ""
        pattern = re.compile(rf"stats\.{kind}\.(.+?){re.escape(suffix)}(;.*)?")
        matches = ((pattern.fullmatch(path), value) for path, value in list(values.items()))
        return {match[1] + (match[2] or ""): value for match, value in matches if match}

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed
            with connection, connection.makefile() as lines:
                for line in lines:
                    path, value, _ = line.split()
                    self._sums[path] += float(value)
                    self._last[path] = float(value)
            self.flushes += 1


def requests_by_route(timer_counts):
    """The requests of each (method, route, status), which are nodes here."""
    requests = Counter()
    for (family, pairs), count in series(timer_counts).items():
        if family == REQUEST_DURATION:
            requests[tuple(dict(pairs).get(label, "") for label in ROUTE_LABELS)] += count
    return requests


def series(values):
    """Names, such as `family.label.value.label.value`, taken apart."""
    apart = {}
    for name, value in values.items():
        family, *nodes = name.split(".")
        apart[family, frozenset(zip(nodes[::2], nodes[1::2]))] = value
    return apart


def node(text):
    """A label value as a node of a path."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", text.replace("/", "-"))


def as_nodes(by_labels):
    """Counts by label values, under these values as nodes."""
    return {tuple(map(node, labels)): count for labels, count in by_labels.items()}
