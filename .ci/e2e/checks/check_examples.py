"""The small examples do what they say: each has on top a session of a shell, whose commands are run here and whose lines are what they print, among
others and in that order.

A server is stopped by Ctrl-C when all is asked for.
"""

import re
import signal
import unittest
from pathlib import Path

from app import request
from process import Process, example

EXAMPLES = Path(__file__).parents[3] / "examples"
SESSION = re.compile(r"^//!     (.*)$", re.MULTILINE)
RUN = re.compile(r"cargo run -p instrument-examples --example (\w+)")
CURL = re.compile(r"curl http://([\d.:]+)(/\S*)")
LISTENS = re.compile(r"http://([\d.:]+)\n")


class Examples(unittest.TestCase):
    def test_each_prints_and_serves_what_it_says(self):
        sources = sorted(EXAMPLES.glob("*.rs"))
        self.assertGreater(len(sources), 0)
        for source in sources:
            with self.subTest(example=source.stem):
                self.replay(source.stem, session_of(source.read_text()))

    def replay(self, name, session):
        (command, expected), *requests = session
        self.assertEqual(RUN.fullmatch(command)[1], name)
        program = Process(name, [example(name), *(["127.0.0.1:0"] if requests else [])])
        self.addCleanup(program.stop)
        if requests:
            self.assertRegex(expected[0] + "\n", LISTENS)
            address = program.wait_until_ready(lambda: LISTENS.fullmatch(program.stdout))[1]
            for command, expected in requests:
                path = CURL.fullmatch(command)[2]
                self.assert_shows(expected, request(address, "GET", path).text)
            program.signal(signal.SIGINT)
        self.assertEqual(program.wait(), 0, program.log())
        if not requests:
            self.assert_shows(expected, program.stdout)

    def assert_shows(self, expected, output):
        lines = iter(output.splitlines())
        missing = [line for line in expected if line not in lines]  # `in` goes on where the last one was found
        self.assertEqual(missing, [], output)


def session_of(source):
    """The commands, each with the lines that are expected of it."""
    session = []
    for line in SESSION.findall(source):
        if line.startswith("$ "):
            session.append((line.removeprefix("$ "), []))
        else:
            session[-1][1].append(line)
    return session
