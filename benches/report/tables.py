"""The tables: of calls, of requests served, of scrapes, of what StatsD receives, of growth, of a million series, and of the targets."""

from .contenders import GROWING, GROWING_FLOORS, PER_CALL, READS, SCRAPE, SERVED, WIRE, name
from .growth import MILLION, SERIES, THREADS
from .table import Table, number

ABSENT = "–"


def of_calls(calls):
    for group, title, ours, contenders in PER_CALL:
        rows = []
        for contender, text in contenders.items():
            row = [name(text, contender)]
            for threads in (1, 2):
                ns = calls.ns.get((group, contender, threads))
                row += [ABSENT] * 2 if ns is None else [number(ns), number(ns / calls.ns[group, ours, threads])]
            rows.append(row)
        yield Table(f"{group}: {title}, ns per call", ["", "1 thread", "/ ours", "2 at once", "/ ours"], rows)


def of_scrapes(calls):
    group, title, ours, contenders = SCRAPE
    rows = []
    for contender, text in contenders.items():
        ns, size = calls.scrapes[contender]
        ratio, megabytes_per_second = ns / calls.scrapes[ours][0], size / ns * 1e3
        rows.append([name(text, contender), number(ns / 1e6), number(ratio), f"{size:,}", number(megabytes_per_second)])
    return Table(f"{group}: {title}", ["", "ms", "/ ours", "bytes", "MB/s"], rows)


def of_served(served):
    for framework, (title, contenders) in SERVED.items():
        bare = served.of(framework, "floor_bare", "cpu_ns")
        rows = []
        for contender, text in contenders.items():
            cpu = served.of(framework, contender, "cpu_ns")
            per_second = served.of(framework, contender, "per_second")
            rows.append([name(text, contender), f"{per_second:,.0f}", f"{cpu:,.0f}", ABSENT if cpu == bare else f"{cpu - bare:,.0f}"])
        columns = ["", "a second", "ns of a core", "more than without"]
        yield Table(f"served_{framework}: {title} on one core, asked by wrk on the other over 32 connections", columns, rows)


def of_wire(wire):
    for question, unit, fields in (("lines", "lines a second", ["lines_per_second"]), ("registry", "bytes", ["bytes", "packets", "lines"])):
        title, contenders = WIRE[question]
        rows = []
        for contender, text in contenders.items():
            first, *others = (wire.of(question, contender)[field] for field in fields)
            ratio = number(first / wire.of(question, "instrument")[fields[0]])
            rows.append([name(text, contender), f"{first:,.0f}", ratio, *(f"{other:,.0f}" for other in others)])
        yield Table(f"statsd_wire, {question}: {title}", ["", unit, "/ ours", *fields[1:]], rows)


def of_growth(growth):
    by_series = [
        ("look-up and increment of one of so many series, drawn at random, ns", "look_up_ns", SERIES),
        ("text of a scrape, ns per series", "text_ns_per_series", SERIES),
        ("memory, bytes per series, after a scrape", "bytes_per_series", [each for each in SERIES if each >= 100]),
    ]
    for title, field, sizes in by_series:
        yield matrix(growth, f"series: {title}", "series", field, sizes, GROWING)
    held, look_up = "one increment of a held counter", "look-up and increment of one of 1,000 series"
    yield matrix(growth, f"threads: {held}, ns of a core", "held", "ns", THREADS, {**GROWING_FLOORS, **GROWING})
    yield matrix(growth, f"threads: {look_up}, ns of a core", "look_up", "ns", THREADS, GROWING)
    memory = "memory, bytes per series, when each thread has counted each of 10,000"
    yield matrix(growth, f"threads: {memory}", "memory", "bytes_per_series", THREADS, GROWING)


def matrix(growth, title, question, field, sizes, contenders):
    rows = [
        [name(text, contender), *(number(value) for _, value in growth.line(question, contender, field, sizes))]
        for contender, text in contenders.items()
    ]
    return Table(title, ["", *(f"{size:,}" for size in sizes)], rows)


def of_a_million(growth):
    rows = []
    for contender, way, text in READS:
        found = growth.of("million", contender, MILLION, way)
        times = [number(found["again_ms"]), number(found["first_ms"])]
        rows.append([name(text, contender), *times, *(number(found[each] / 1e6) for each in ("peak_bytes", "kept_bytes"))])
    title = "million: reading 1,000,000 counters that each of 16 threads has counted"
    return Table(title, ["", "ms", "first time, ms", "peak, MB", "kept, MB"], rows)


def of_memory(growth):
    rows = []
    for contender, text in GROWING.items():
        found = growth.of("million", contender, MILLION, "text")
        thread = growth.of("memory", contender, THREADS[-1])["bytes_per_thread"]
        each_series = (found["bytes_per_series"], found["bytes_per_series_and_thread"])
        rows.append([name(text, contender), *map(number, each_series), number(thread)])
    title = "memory, in bytes: of 1,000,000 counters, and of a thread"
    return Table(title, ["", "series", "series and further thread", "thread, one series"], rows)


def of_targets(targets):
    rows = [
        [each.name, number(each.ns), number(each.limit), number(each.ratio) if each.ratio else ABSENT, "met" if each.met else "MISSED"]
        for each in targets
    ]
    return Table("targets, in ns", ["", "measured", "limit", "ratio", ""], rows)
