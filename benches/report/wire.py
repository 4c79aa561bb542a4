"""What a StatsD server received: the numbers that the `statsd_wire` benchmark prints."""

import subprocess

from .contenders import WIRE
from .place import ROOT, Missing, found_in


def run(file):
    """Measures, and writes what was found to a file."""
    file.unlink(missing_ok=True)
    command = ["cargo", "bench", "-p", "instrument-benches", "--bench", "statsd_wire"]
    ran = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    file.write_text(ran.stdout)


class Wire:
    """The numbers of each question and contender."""

    def __init__(self, file):
        self._found = found_in(file)
        asked = [(question, contender) for question, (_, contenders) in WIRE.items() for contender in contenders]
        missing = [f"statsd_wire/{question}/{contender}" for question, contender in asked
                   if contender not in self._found.get(question, {})]
        if missing:
            raise Missing(missing)

    def of(self, question, contender):
        return self._found[question][contender]
