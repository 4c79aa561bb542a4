"""Graphite's real carbon, and what it has stored."""

import socket
import subprocess

from process import Process, free_port, new_directory

CARBON = """\
[cache]
STORAGE_DIR = {directory}
CONF_DIR = {directory}
LOG_DIR = {directory}
PID_DIR = {directory}
LOCAL_DATA_DIR = {directory}/whisper
USER =
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = {port}
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = {pickle_port}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = {query_port}
MAX_CREATES_PER_MINUTE = inf
MAX_UPDATES_PER_SECOND = inf
ENABLE_TAGS = False
"""
SCHEMAS = "[all]\npattern = .*\nretentions = 1s:1h\n"
AGGREGATION = "[all]\npattern = .*\nxFilesFactor = 0\naggregationMethod = last\n"


class Whisper:
    """What carbon has stored in a directory."""

    def __init__(self, directory):
        self.whisper = directory

    def sums(self, pattern):
        """The sum of all values stored of each name that matches a glob of paths, such as `stats/timers/**/count.wsp`."""
        return {".".join(path.relative_to(self.whisper).with_suffix("").parts): self._sum(path)
                for path in self.whisper.glob(pattern)}

    def _sum(self, path):
        lines = subprocess.run(
            ["whisper-fetch", "--from=0", path], check=True, capture_output=True, text=True, timeout=20).stdout
        values = (line.split()[1] for line in lines.splitlines())
        return sum(float(value) for value in values if value != "None")


class Carbon(Process, Whisper):
    """Keeps a value for each second."""

    def __init__(self):
        directory = new_directory()
        self.port = free_port()
        self.whisper = directory / "whisper"
        (directory / "carbon.conf").write_text(CARBON.format(
            directory=directory, port=self.port, pickle_port=free_port(), query_port=free_port()))
        (directory / "storage-schemas.conf").write_text(SCHEMAS)
        (directory / "storage-aggregation.conf").write_text(AGGREGATION)
        Process.__init__(self, "carbon", [
            "carbon-cache", "--nodaemon", f"--config={directory / 'carbon.conf'}", "start"], directory)
        self.wait_until_ready(self._listens)

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False
