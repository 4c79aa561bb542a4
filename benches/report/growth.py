"""What grows with series and threads: one process of the `growth` benchmark a point."""

import json
import subprocess
import sys

from .contenders import GROWING, GROWING_FLOORS, READS
from .place import Missing, built, found_in

SERIES = [10**power for power in range(7)]
THREADS = [2**power for power in range(7)]
MILLION = 1_000_000
TIMEOUT_SECONDS = 300


def points():
    """The arguments of every point. Contenders take turns, so that a change of the machine's mood hits all of them."""
    for series in SERIES:
        for contender in GROWING:
            yield "series", contender, str(series)
    for threads in THREADS:
        for contender in [*GROWING_FLOORS, *GROWING]:
            yield "held", contender, str(threads)
        for question in ("look_up", "memory"):
            for contender in GROWING:
                yield question, contender, str(threads)
    for contender, way, _ in READS:
        yield "million", contender, str(MILLION), way


def run(file):
    """Measures all points, and writes them to a file."""
    file.unlink(missing_ok=True)
    program, found, failed = built("growth"), {}, []
    every_point = list(points())
    for number, point in enumerate(every_point, 1):
        print(f"growth {number}/{len(every_point)}: {' '.join(point)}", file=sys.stderr, flush=True)
        try:
            ran = subprocess.run([program, *point], check=True, stdout=subprocess.PIPE, timeout=TIMEOUT_SECONDS)
            found["/".join(point)] = json.loads(ran.stdout)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(error, file=sys.stderr)
            failed.append("/".join(["growth", *point]))
    file.write_text(json.dumps(found, indent=1))
    if failed:
        raise Missing(failed)


class Growth:
    """The numbers of each point."""

    def __init__(self, file):
        self._found = found_in(file)
        if missing := ["/".join(["growth", *point]) for point in points() if "/".join(point) not in self._found]:
            raise Missing(missing)

    def of(self, *point):
        return self._found["/".join(map(str, point))]

    def line(self, question, contender, field, sizes):
        """One contender's numbers, by size."""
        return [(size, self.of(question, contender, size)[field]) for size in sizes]
