"""On what, with what and when it was measured."""

import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from .contenders import version
from .place import ROOT

VERSIONS = [
    "prometheus", "prometheus-client", "metrics", "metrics-exporter-prometheus", "metrics-exporter-dogstatsd", "measured", "paracord", "cadence",
    "criterion", "quanta",
]
GENERATED = [":!benches/RESULTS.md", ":!benches/plots"]


def record(begun):
    """What is to be remembered of a run: when it began, and of what."""
    commit = output("git", "rev-parse", "--short=12", "HEAD")
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "--", ".", *GENERATED)
    return {"begun": begun, "commit": commit + (", with changes" if changed else "")}


def facts(calls_run, growth_run):
    """(what, value) of the machine, the toolchain, the versions and the runs."""
    yield "instrument", f"{version('instrument-core')}, commit {calls_run['commit']}"
    for package in VERSIONS:
        yield package, version(package)
    yield "Rust", output("rustc", "--version").removeprefix("rustc ")
    yield "Processor", f"{processor()}, {os.cpu_count()} cores"
    yield "Memory", f"{memory_gib():.0f} GiB"
    yield "System", f"{platform.system()} {platform.release()}, {platform.machine()}"
    for what, run in (("Calls and scrapes measured", calls_run), ("Growth measured", growth_run)):
        at = datetime.fromtimestamp(run["begun"], timezone.utc)
        yield what, f"{at:%Y-%m-%d %H:%M} UTC, commit {run['commit']}"


def processor():
    found = re.search(r"^model name\s*:\s*(.+)$", read("/proc/cpuinfo"), re.MULTILINE)
    return found[1] if found else platform.processor() or "unknown"


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def output(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
