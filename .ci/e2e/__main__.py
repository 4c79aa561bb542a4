"""End-to-end checks: the app `quote-of-the-day` among servers and parsers that this project did not write.

    .ci/run e2e               installs what is needed, builds the app and runs all
    .ci/run e2e statsd        only the checks whose name contains "statsd"

With E2E_SCREENSHOTS=DIRECTORY in the environment, the checks of the live page and of the app's page leave pictures of them there.

Each file in checks/ says on top what it proves. Every check prints a line; the last line is "N passed, N failed".
"""

import os
import signal
import sys
import tempfile
import time
import unittest
from pathlib import Path

import process

HERE = Path(__file__).parent


class Lines(unittest.TestResult):
    """A line a check, and for each that fails what was expected, what was seen, and the logs of its servers."""

    passed = failed = 0

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def addSuccess(self, test):
        self.passed += 1
        print(f"ok    {name_of(test)} ({time.monotonic() - self.started:.1f} s)", flush=True)

    def addError(self, test, error):
        self.failed += 1
        print(f"FAIL  {name_of(test)}\n{self._exc_info_to_string(error, test)}", flush=True)
        for each in process.running:
            print(each.log(), flush=True)

    addFailure = addError

    def addSubTest(self, test, subtest, error):
        if error:
            self.addError(subtest, error)


def name_of(test):
    """Such as `prometheus: the sums equal the requests`."""
    file, _, name = test.id().partition(".")
    return f"{file.removeprefix('check_')}: {name.rpartition('.test_')[2].replace('_', ' ')}"


def chosen(suite, part):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from chosen(test, part)
        elif part in test.id():
            yield test


def main():
    # A CI system that gives up says so by SIGTERM: end as by Ctrl-C, so that no server stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.path.insert(0, str(HERE / "checks"))
    unittest.TestCase.maxDiff = None
    checks = unittest.defaultTestLoader.discover(HERE / "checks", "check_*.py")
    checks = unittest.TestSuite(chosen(checks, sys.argv[1] if len(sys.argv) > 1 else ""))
    result = Lines()
    with tempfile.TemporaryDirectory(prefix="instrument-e2e-") as work:
        os.environ["E2E_WORK"] = work
        try:
            checks.run(result)
        finally:
            process.stop_all()
    print(f"{result.passed} passed, {result.failed} failed")
    return 0 if result.passed and not result.failed else 1


if __name__ == "__main__":
    sys.exit(main())
