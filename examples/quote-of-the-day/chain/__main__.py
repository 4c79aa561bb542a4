"""Starts the chain, prints what to open, and ends it at Ctrl-C."""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

# The servers are those that the end-to-end checks run. First, as there is another package `statsd`.
sys.path.insert(1, str(Path(__file__).parents[3] / ".ci/e2e"))

import process
from servers import Chain

FLAGS = argparse.ArgumentParser(prog="chain/run", description=__doc__)
FLAGS.add_argument("--traffic", type=int, default=50, metavar="N",
                   help="requests a second that each instance sends itself [default: 50]")
FLAGS.add_argument("--fail-rate", type=float, default=0.0, metavar="P",
                   help="the share of the second instance's calls of its database that fail [default: 0]")
FLAGS.add_argument("--rules-window", type=int, default=10, metavar="SECONDS",
                   help="the time that alerts take rates over: so short that one need not wait for them [default: 10]")


def main():
    flags = FLAGS.parse_args()
    os.environ["E2E_APP"] = os.path.abspath(os.environ["E2E_APP"])
    for which in (signal.SIGINT, signal.SIGTERM):  # a shell may have had the former ignored
        signal.signal(which, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="quote-of-the-day-chain-") as work:
        os.environ["E2E_WORK"] = work
        try:
            chain = Chain(flags.traffic, flags.fail_rate, flags.rules_window)
            print(*chain.what_to_open(), "Ctrl-C ends all.", sep="\n", flush=True)
            while True:
                time.sleep(1)
                chain.assert_running()
        except KeyboardInterrupt:
            return 0
        except AssertionError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would leave servers behind
            process.stop_all()


if __name__ == "__main__":
    sys.exit(main())
