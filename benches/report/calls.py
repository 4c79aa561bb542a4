"""What Criterion measured: of each benchmark the median, in the best of the rounds of the last run."""

import json
import subprocess
import sys

from .contenders import ONE_THREAD_ONLY, PER_CALL, SCRAPE
from .place import ROOT, Missing, found_in

QUESTIONS = ["counter", "labelled", "histogram", "red_span", "middleware", "statsd_call", "scrape"]
# Who else uses the machine does so for minutes, and only ever adds: so each benchmark is measured for a short time in each round.
ROUNDS = 5
ROUND = ["--warm-up-time", "0.2", "--measurement-time", "0.5", "--sample-size", "30"]


def run(directory):
    rounds_file = directory / "rounds.json"
    rounds_file.unlink(missing_ok=True)
    command = ["cargo", "bench", "-p", "instrument-benches", *(f"--bench={each}" for each in QUESTIONS), "--", *ROUND]
    rounds = {}
    for _ in range(ROUNDS):
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
        for file in directory.rglob("new/estimates.json"):
            bench = str(file.parent.parent.relative_to(directory))
            rounds.setdefault(bench, []).append(json.loads(file.read_text())["median"]["point_estimate"])
        rounds_file.write_text(json.dumps(rounds))


class Calls:
    """`ns[group, contender, threads]` of a call, and `scrapes[contender]`: the nanoseconds and the bytes of a text."""

    def __init__(self, directory, begun=0.0):
        """What is older than `begun` is of another run, and as good as missing: its benchmark may be gone."""
        self._directory, self._begun = directory, begun
        self._rounds_file = directory / "rounds.json"
        self._rounds = found_in(self._rounds_file)
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
        if not estimates:
            return None
        # What was measured after the last round, by cargo's own command, stands for itself.
        is_of_rounds = bench in self._rounds and self._times[-1] <= self._rounds_file.stat().st_mtime
        return min(self._rounds[bench]) if is_of_rounds else estimates["median"]["point_estimate"]

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
