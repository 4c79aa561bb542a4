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


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, a supervisor, a terminal that is closed


def end(*_):
    end_once()
    raise KeyboardInterrupt


def end_once():
    """From now on no signal ends it: who is impatient would leave servers behind."""
    for which in ENDING:
        signal.signal(which, signal.SIG_IGN)


def main():
    flags = FLAGS.parse_args()
    os.environ["E2E_APP"] = os.path.abspath(os.environ["E2E_APP"])
    for which in ENDING:
        # A shell has Ctrl-C ignored by what it starts with `&`, which is to end nevertheless; nohup means it.
        if which != signal.SIGHUP or signal.getsignal(which) != signal.SIG_IGN:
            signal.signal(which, end)
    with tempfile.TemporaryDirectory(prefix="quote-of-the-day-chain-") as work:
        os.environ["E2E_WORK"] = work
        try:
            chain = Chain(flags.traffic, flags.fail_rate, flags.rules_window)
            for name, where, seen in chain.what_to_open():
                print(f"{name:16}  {where}  ({seen})")
            print("Ctrl-C ends all.", flush=True)
            while True:
                time.sleep(1)
                chain.assert_running()
        except KeyboardInterrupt:
            return 0
        except AssertionError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            end_once()
            process.stop_all()


if __name__ == "__main__":
    sys.exit(main())
