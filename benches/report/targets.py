"""The cost targets: what this library may take, in the units of the same run."""

from dataclasses import dataclass

from .contenders import PEERS

# Where two should take the same: this much is the noise of a machine that others use too.
NOISE = 1.15
# The fastest peer's look-up by two strings where the limits of 8 and 9 ns were set, on 1 and on 2 threads.
REFERENCE_PEER_NS = {1: 11, 2: 105}
TWO_STRINGS_NS = {1: 8, 2: 9}
DENSE_NS = 2
# A single-writer cell where the limit of 2 ns was set.
REFERENCE_CELL_NS = 0.7
SPAN_NS = 7
# Two TSC reads where the limit of 7 ns beside them was set.
REFERENCE_CLOCK_NS = 20
# What a line may cost of what it costs those who send lines as well.
STATSD_CLIENTS = ["cadence", "cadence_unix", "cadence_queuing"]
STATSD_SHARE = 1 / 5


@dataclass(frozen=True)
class Target:
    """A limit in nanoseconds; if it is a multiple of something in the same run, of what."""

    name: str
    ns: float
    limit: float
    of: float | None = None

    @property
    def met(self):
        return self.ns <= self.limit

    @property
    def ratio(self):
        return self.of and self.ns / self.of


def targets(ns):
    """All targets, given `ns[group, contender, threads]`."""
    def at_most(name, measured, factor, of):
        return Target(f"{name}: {factor:.3g} x {of[0]}", measured, factor * of[1], of[1])

    counter = {threads: ns["counter", "instrument", threads] for threads in (1, 2)}
    floor = "its single-writer floor"
    yield at_most("counter held, 1 thread", counter[1], 1.5, (floor, ns["counter", "floor_single_writer", 1]))
    yield at_most("counter held, 2 threads", counter[2], NOISE, ("1 thread", counter[1]))

    for threads, at_once in ((1, "1 thread"), (2, "2 threads")):
        explicit, histogram_floor = (ns["histogram", each, threads] for each in ("instrument", "floor_single_writer"))
        yield at_most(f"duration, 14 bounds, {at_once}", explicit, 1.5, (floor, histogram_floor))
        native = ns["histogram", "instrument_native_schema_3", threads]
        yield at_most(f"duration, native schema 3, {at_once}", native, NOISE, ("14 bounds", explicit))

    for contender, form in (("instrument_attribute", "#[instrument_red]"), ("instrument_span", "Red by hand")):
        for threads, at_once in ((1, "1 thread"), (2, "2 threads")):
            span, clock = (ns["red_span", each, threads] for each in (contender, "floor_two_clock_reads"))
            yield Target(f"{form}, {at_once}: two TSC reads + {SPAN_NS} ns", span, clock + SPAN_NS)
            yield at_most(f"{form}, {at_once}", span, 1 + SPAN_NS / REFERENCE_CLOCK_NS, ("two TSC reads", clock))

    for threads, at_once in ((1, "1 thread"), (2, "2 threads")):
        strings, limit = ns["labelled", "instrument", threads], TWO_STRINGS_NS[threads]
        fastest = min(ns["labelled", peer, threads] for peer in PEERS)
        yield Target(f"two string labels, {at_once}: {limit} ns", strings, limit)
        # On a machine of another speed the fastest peer says what those nanoseconds are worth.
        factor = limit / REFERENCE_PEER_NS[threads]
        yield at_most(f"two string labels, {at_once}", strings, factor, ("the fastest peer", fastest))
    for threads, at_once in ((1, "1 thread"), (2, "2 threads")):
        dense, cells = (ns["labelled_finite", each, threads] for each in ("instrument", "floor_single_writer"))
        yield Target(f"two enum labels, {at_once}: {DENSE_NS} ns", dense, DENSE_NS)
        yield at_most(f"two enum labels, {at_once}", dense, DENSE_NS / REFERENCE_CELL_NS, ("cells in a row", cells))

    said = {threads: ns["statsd_call", "instrument", threads] for threads in (1, 2)}
    yield at_most("StatsD call, 2 threads", said[2], NOISE, ("1 thread", said[1]))
    # The same of who calls alone: with the thread that sends there are more threads than cores.
    own = {threads: ns["statsd_call", "instrument_processor_time", threads] for threads in (1, 2)}
    yield at_most("StatsD call, processor time, 2 threads", own[2], NOISE, ("1 thread", own[1]))
    for threads, at_once in ((1, "1 thread"), (2, "2 threads")):
        fastest = min(ns["statsd_call", client, threads] for client in STATSD_CLIENTS)
        yield at_most(f"StatsD call, {at_once}", said[threads], STATSD_SHARE, ("the fastest client", fastest))
        for server, same_way in (("gone", "instrument"), ("hung", "instrument_unix")):
            without, otherwise = (ns["statsd_call", each, threads] for each in (f"instrument_{server}", same_way))
            yield at_most(f"StatsD call, the server is {server}, {at_once}", without, NOISE, ("a call", otherwise))
        handle, counter = (ns["statsd_call", each, threads] for each in ("instrument_handle", "floor_counter"))
        yield at_most(f"StatsD handle, {at_once}", handle, NOISE, ("a counter", counter))
