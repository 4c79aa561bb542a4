"""The command line of the app: a wrong one is one clear line on stderr and status 2, a start that fails status 1."""

import socket
import subprocess
import unittest

from app import App, binary
from process import new_directory

ANY_PORTS = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]


class Flags(unittest.TestCase):
    def run_app(self, *flags):
        return subprocess.run([binary(), *flags], cwd=new_directory(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=20)

    def assert_fails(self, status, named, *flags):
        run = self.run_app(*flags)
        self.assertEqual(run.returncode, status, f"{flags}: {run}")
        self.assertEqual(run.stdout, "", f"{flags}: stdout")
        self.assertEqual(len(run.stderr.splitlines()), 1, f"{flags}: one line is expected: {run.stderr!r}")
        self.assertIn(named, run.stderr, f"{flags}")

    def test_a_bad_flag_is_one_line_that_names_it_and_status_2(self):
        for flags, named in [
            (["--nonsense"], "--nonsense"),
            (["-x"], "-x"),
            (["something"], "something"),
            (["--listen"], "--listen"),
            (["--listen", "nowhere"], "--listen"),
            (["--listen", "127.0.0.1:99999"], "--listen"),
            (["--metrics-listen", "9464"], "--metrics-listen"),
            (["--statsd", "127.0.0.1"], "--statsd"),
            (["--traffic", "many"], "--traffic"),
            (["--traffic", "-5"], "--traffic"),
            (["--database"], "--database"),
        ]:
            with self.subTest(flags=flags):
                self.assert_fails(2, named, *flags)

    def test_a_port_in_use_is_one_line_that_names_it_and_status_1(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.assert_fails(1, address, "--listen", address, "--metrics-listen", "127.0.0.1:0")
            self.assert_fails(1, address, "--listen", "127.0.0.1:0", "--metrics-listen", address)

    def test_a_database_that_cannot_be_read_is_one_line_that_names_it_and_status_1(self):
        self.assert_fails(1, "/dev/null/quotes.db", *ANY_PORTS, "--database", "/dev/null/quotes.db")
        other = new_directory() / "other.db"
        other.write_text("This is not a database. " * 100)
        self.assert_fails(1, str(other), *ANY_PORTS, "--database", str(other))

    def test_help_and_version_are_printed_to_stdout(self):
        for flag in ("--help", "--version"):
            run = self.run_app(flag)
            self.assertEqual((run.returncode, run.stderr), (0, ""), flag)
        for flag in ("--listen", "--metrics-listen", "--statsd", "--database", "--traffic", "--fail-rate", "--print-rules"):
            self.assertIn(flag, self.run_app("--help").stdout)
        self.assertRegex(self.run_app("--version").stdout, r"^quote-of-the-day \d+\.\d+\.\d+\n$")

    def test_without_a_flag_the_database_is_quotes_db_in_the_working_directory(self):
        app = App()
        self.addCleanup(app.stop)
        self.assertTrue((app.directory / "quotes.db").is_file())
