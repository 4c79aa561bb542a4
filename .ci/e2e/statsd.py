"""Etsy's real StatsD daemon, and in place of Graphite a listener that adds up what the daemon sends there."""

import json
import re
import socket
import threading
from collections import defaultdict
from pathlib import Path

from process import Process, free_port, new_directory, wait_for

DAEMON = Path(__file__).parents[1] / "work/node_modules/statsd/stats.js"


class Statsd(Process):
    """Flushes each second to `self.graphite`."""

    def __init__(self):
        directory = new_directory()
        self.graphite = Graphite()
        self.address = f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
        self.management_port = free_port()
        configuration = directory / "statsd.js"
        configuration.write_text(json.dumps({
            "address": "127.0.0.1", "port": int(self.address.rpartition(":")[2]),
            "mgmt_address": "127.0.0.1", "mgmt_port": self.management_port,
            "backends": ["./backends/graphite"], "flushInterval": 1000, "deleteIdleStats": True,
            "deleteGauges": False,
            "graphiteHost": "127.0.0.1", "graphitePort": self.graphite.port,
            "graphite": {"legacyNamespace": False},
        }))
        super().__init__("statsd", ["node", DAEMON, configuration], directory)
        self.wait_until_ready(lambda: self.graphite.flushes > 0)

    def stop(self):
        super().stop()
        self.graphite.close()

    def await_flushes(self):
        """Returns when all that was sent so far has arrived at Graphite."""
        # The one that has just begun may miss the last packets; the next one does not.
        seen = self.graphite.flushes
        wait_for("two more flushes", lambda: self.graphite.flushes >= seen + 2)

    def bad_lines(self):
        """How many lines the daemon could not read, by its management port."""
        with socket.create_connection(("127.0.0.1", self.management_port), timeout=5) as connection:
            connection.sendall(b"stats\n")
            answer = b""
            while b"END" not in answer:
                received = connection.recv(4096)
                assert received, f"the management port closed after {answer!r}"
                answer += received
        return int(re.search(rb"messages\.bad_lines_seen: (\d+)", answer)[1])


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
