"""What a request costs a server that wrk drives over loopback: the apps of the `middleware` benchmark behind a socket."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .contenders import SERVED
from .place import Missing, built, found_in

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 32


def run(file):
    """Measures, and writes what was found to a file."""
    file.unlink(missing_ok=True)
    if not shutil.which("wrk"):
        raise Missing(["served: wrk is not installed (apt-get install wrk)"])
    program, found = built("middleware"), {}
    # Contenders take turns, so that a change of the machine's mood hits all of them.
    for number in range(1, ROUNDS + 1):
        print(f"served {number}/{ROUNDS}", file=sys.stderr, flush=True)
        for framework, (_, contenders) in SERVED.items():
            for contender in contenders:
                found.setdefault(framework, {}).setdefault(contender, []).append(drive(program, framework, contender))
    file.write_text(json.dumps(found, indent=1))


def drive(program, framework, contender):
    """Requests a second, and the nanoseconds of a core that the server takes for one: the server has a core, and wrk has the other."""
    server = subprocess.Popen(on_core(0, program, "serve", framework, contender), stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        begun = cpu_seconds(server.pid)
        wrk = on_core(1, "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{SECONDS}s", url)
        said = subprocess.run(wrk, check=True, stdout=subprocess.PIPE, text=True).stdout
        taken = cpu_seconds(server.pid) - begun
    finally:
        server.kill()
        server.wait()
    if "Socket errors" in said or "Non-2xx" in said:
        raise RuntimeError(f"{framework} {contender} did not answer all requests:\n{said}")
    requests = int(re.search(r"(\d+) requests in", said)[1])
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    return {"per_second": per_second, "cpu_ns": taken * 1e9 / requests}


def on_core(core, *command):
    return ["taskset", "--cpu-list", str(core % os.cpu_count()), *command]


def cpu_seconds(pid):
    """User and system time of a process: the 14th and 15th fields of its stat, as proc(5) counts them."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


class Served:
    """The best of each contender's rounds: what a machine's other users do to a round only makes it worse."""

    def __init__(self, file):
        self._found = found_in(file)
        missing = [f"served/{framework}/{contender}" for framework, (_, contenders) in SERVED.items() for contender in contenders
                   if not self._found.get(framework, {}).get(contender)]
        if missing:
            raise Missing(missing)

    def of(self, framework, contender, field):
        best = max if field == "per_second" else min
        return best(each[field] for each in self._found[framework][contender])
