"""Load by wrk, and what it reports."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

DRAIN = Path(__file__).with_name("drain.lua")
DRAIN_SECONDS = 3


@dataclass
class Report:
    requests: int
    per_second: float
    output: str

    @property
    def seconds(self):
        """How long the load took, more exactly than it prints."""
        return self.requests / self.per_second

    def assert_clean(self):
        """No request failed."""
        for trouble in ("Socket errors", "Non-2xx"):
            assert trouble not in self.output, self.output


def command(url, seconds, connections):
    return ["wrk", "--threads", "2", "--connections", str(connections), "--duration", f"{seconds}s", url]


def load(url, seconds, connections):
    """Full speed to the end. Requests under way at the end are answered, but not in the report."""
    return _run(command(url, seconds, connections), seconds)


def load_and_drain(url, seconds, connections):
    """Sends nothing new in its last seconds, so that the report holds every request that was sent."""
    seconds += DRAIN_SECONDS
    drain = ["--script", str(DRAIN), "--", str(DRAIN_SECONDS), str(seconds)]
    return _run(command(url, seconds, connections) + drain, seconds)


def _run(wrk, seconds):
    run = subprocess.run(wrk, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + 30)
    assert run.returncode == 0, f"{' '.join(wrk)}: {run.stdout}{run.stderr}"
    requests = re.search(r"^\s*(\d+) requests in ", run.stdout, re.MULTILINE)
    per_second = re.search(r"^Requests/sec:\s+([\d.]+)", run.stdout, re.MULTILINE)
    assert requests and per_second, run.stdout
    return Report(int(requests[1]), float(per_second[1]), run.stdout)
