"""Graphite's web application over what carbon has stored: its graphs, without its database and accounts."""

from process import new_directory
from server import Server, free_address

SETTINGS = """\
import secrets
SECRET_KEY = secrets.token_hex()
ALLOWED_HOSTS = ["127.0.0.1"]
CARBONLINK_HOSTS = []
WHISPER_DIR = {whisper!r}
STANDARD_DIRS = [WHISPER_DIR]
STORAGE_DIR = LOG_DIR = {directory!r}
"""


class Graphite(Server):
    def __init__(self, whisper):
        directory, address = new_directory(), free_address()
        (directory / "chain_settings.py").write_text(SETTINGS.format(whisper=str(whisper), directory=str(directory)))
        super().__init__("graphite", "/render?format=json", [
            "env", f"PYTHONPATH={directory}", "GRAPHITE_SETTINGS_MODULE=chain_settings",
            "graphite-manage", "runserver", "--noreload", address,
        ], directory, address)
