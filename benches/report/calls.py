"""What Criterion measured: the medians of its last run."""

import json
import subprocess
import sys

from .contenders import ONE_THREAD_ONLY, PER_CALL, SCRAPE
from .place import ROOT, Missing


def run():
    subprocess.run(["cargo", "bench", "-p", "instrument-benches"], cwd=ROOT, check=True, stdout=sys.stderr)


class Calls:
    """`ns[group, contender, threads]` of a call, and `scrapes[contender]`: the nanoseconds and the bytes of a text."""

    def __init__(self, directory, begun=0.0):
        """What is older than `begun` is of another run, and as good as missing: its benchmark may be gone."""
        self._directory, self._begun = directory, begun
        self._missing, self._times = [], []
        self.ns = {
            (group, contender, threads): self._median(f"{group}/{contender}/{name}")
            for group, _, _, contenders in PER_CALL
            for contender in contenders
            for threads, name in ((1, "1_thread"), (2, "2_threads"))
            if threads == 1 or (group, contender) not in ONE_THREAD_ONLY
        }
        group, _, _, contenders = SCRAPE
        self.scrapes = {each: (self._median(f"{group}/{each}"), self._bytes(f"{group}/{each}")) for each in contenders}
        if self._missing:
            raise Missing(self._missing)

    def minutes_apart(self):
        return (max(self._times) - min(self._times)) / 60

    def _median(self, bench):
        estimates = self._read(bench, "estimates.json")
        return estimates and estimates["median"]["point_estimate"]

    def _bytes(self, bench):
        benchmark = self._read(bench, "benchmark.json")
        return benchmark and benchmark["throughput"]["Bytes"]

    def _read(self, bench, file):
        path = self._directory / bench / "new" / file
        try:
            written = path.stat().st_mtime
            if written >= self._begun:
                self._times.append(written)
                return json.loads(path.read_text())
        except FileNotFoundError:
            pass
        if bench not in self._missing:
            self._missing.append(bench)
        return None
