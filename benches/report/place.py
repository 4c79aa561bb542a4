"""Where things are, and what is not there."""

import json
import os
import subprocess
from pathlib import Path

BENCHES = Path(__file__).resolve().parent.parent
ROOT = BENCHES.parent


class Missing(Exception):
    """Benchmarks that have no result, by name."""


def found_in(file):
    """What a run has written to a file: nothing if there was none."""
    return json.loads(file.read_text()) if file.exists() else {}


def built(bench):
    """The path of a benchmark's program."""
    command = ["cargo", "bench", "-p", "instrument-benches", "--bench", bench, "--no-run", "--message-format", "json"]
    messages = map(json.loads, subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines())
    return next(message["executable"] for message in messages if message.get("executable") and message["target"]["name"] == bench)


def criterion_directory():
    """Where Criterion writes, by its own rules."""
    if home := os.environ.get("CRITERION_HOME"):
        return Path(home)
    if target := os.environ.get("CARGO_TARGET_DIR"):
        return ROOT / target / "criterion"
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    return Path(json.loads(metadata.stdout)["target_directory"]) / "criterion"
