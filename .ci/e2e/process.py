"""A program that a check runs: its output in files, its end by its own process id."""

import ctypes
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 30.0  # seconds for whatever should take a moment
LOG_LINES = 40

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1

running = []  # what was started and not yet stopped; the runner shows its logs when a check fails


class Process:
    def __init__(self, name, command, directory=None):
        self.name = name
        self.directory = directory or new_directory()
        self.stdout_path = self.directory / f"{name}.stdout"
        self.stderr_path = self.directory / f"{name}.stderr"
        with self.stdout_path.open("wb") as out, self.stderr_path.open("wb") as err:
            self.child = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=self.directory,
                start_new_session=True,  # Ctrl-C is for who started it, who then ends all in an order
                preexec_fn=end_with_parent,
            )
        running.append(self)

    @property
    def stdout(self):
        return self.stdout_path.read_text(errors="replace")

    @property
    def stderr(self):
        return self.stderr_path.read_text(errors="replace")

    def signal(self, which=signal.SIGTERM):
        self.child.send_signal(which)

    def wait(self, seconds=PATIENCE):
        """The exit status."""
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} has not ended within {seconds:.0f} s") from None

    def stop(self):
        if self.child.poll() is None:
            self.signal()
            try:
                self.wait(10)
            except AssertionError:
                self.child.kill()
                self.child.wait()
        if self in running:
            running.remove(self)

    def wait_until_ready(self, ready):
        """Awaits a true result of `ready`; a program that ends before that has failed."""

        def ready_or_ended():
            if self.child.poll() is not None:
                raise AssertionError(f"{self.name} ended with status {self.child.returncode}:\n{self.log()}")
            return ready()

        return wait_for(f"{self.name} is ready", ready_or_ended)

    def log(self):
        """The last lines it wrote."""
        lines = (self.stdout + self.stderr).splitlines()[-LOG_LINES:]
        return "\n".join(f"    {self.name}: {line}" for line in lines)


def end_with_parent():
    """The kernel asks a child to end when who started it is gone, even if that was killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for(what, condition, seconds=PATIENCE, seen=lambda: ""):
    """Awaits a true result of `condition` and returns it. `seen` tells what there is instead."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what} {seen()}")
        time.sleep(0.02)


def stop_all():
    """Ends what runs, the last first: what others send to is there until they have ended."""
    for each in reversed(list(running)):
        each.stop()


def free_port(kind=socket.SOCK_STREAM):
    """A port for servers that cannot pick one and tell it."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def example(name):
    """The path of one of the crates' examples."""
    return Path(os.environ["E2E_EXAMPLES"]) / name


def new_directory():
    """An empty one in that of the whole run, which the runner takes away."""
    return Path(tempfile.mkdtemp(dir=os.environ["E2E_WORK"]))
