"""The questions, and who is asked."""

import re

from .place import ROOT

# A contender: its id in the benchmarks, and its name. "{}" is replaced with the version in Cargo.lock.
PEERS = {
    "prometheus": "prometheus {}",
    "prometheus_client": "prometheus-client {}",
    "metrics": "metrics {}, Prometheus exporter",
    "measured": "measured {}",
}

MIDDLEWARE = {
    "floor_bare": "floor: no middleware",
    "instrument": "instrument",
    "instrument_no_sizes": "instrument, without sizes",
}

# A question of which Criterion asks 1 and 2 threads: its benchmark group, its title, the contender that is "ours", and all
# contenders in the table's order.
PER_CALL = [
    ("counter", "one increment of a counter, handle held", "instrument", {
        "floor_cell": "floor: Cell<u64> add",
        "floor_single_writer": "floor: single-writer cell",
        "floor_fetch_add": "floor: shared AtomicU64::fetch_add",
        "instrument": "instrument",
        **PEERS,
    }),
    ("labelled", "one increment, looked up by two string labels", "instrument", {
        "instrument": "instrument",
        "instrument_with": "instrument, a handle each time",
        **PEERS,
    }),
    ("labelled_finite", "one increment, looked up by two enums", "instrument", {
        "floor_single_writer": "floor: single-writer cells in a row",
        "instrument": "instrument",
        "instrument_with": "instrument, a handle each time",
        "prometheus_client": PEERS["prometheus_client"],
        "measured": PEERS["measured"],
    }),
    ("histogram", "one duration observed, 14 bounds, handle held", "instrument", {
        "floor_single_writer": "floor: single-writer histogram",
        "instrument": "instrument",
        "instrument_native_schema_3": "instrument, native schema 3",
        **PEERS,
    }),
    ("red_span", "a whole RED span around a call", "instrument_attribute", {
        "floor_call": "floor: the call, without a span",
        "floor_two_clock_reads": "floor: two TSC reads",
        "floor_span": "floor: single-writer span",
        "instrument_attribute": "instrument, #[instrument_red]",
        "instrument_span": "instrument, Red by hand",
        **PEERS,
    }),
    ("middleware_axum", "a request through axum's router", "instrument", {**MIDDLEWARE, "axum_prometheus": "axum-prometheus {}"}),
    ("middleware_actix", "a request through actix's router", "instrument", {**MIDDLEWARE, "actix_web_prom": "actix-web-prom {}"}),
    ("statsd_call", "one count said to StatsD", "instrument", {
        "floor_counter": "floor: a counter of the core",
        "instrument_handle": "instrument, handle, which adds up",
        "metrics_exporter_dogstatsd": "metrics-exporter-dogstatsd {}, handle, which adds up",
        "instrument": "instrument, UDP",
        "instrument_processor_time": "instrument, UDP, processor time of who calls",
        "instrument_new_names": "instrument, UDP, a new name each time",
        "instrument_tags": "instrument, UDP, two tags",
        "instrument_unix": "instrument, Unix datagram",
        "instrument_gone": "instrument, UDP, nobody listens",
        "instrument_hung": "instrument, Unix datagram, nobody reads",
        "cadence": "cadence {}, buffered UDP",
        "cadence_tags": "cadence, buffered UDP, two tags",
        "cadence_unix": "cadence, buffered Unix datagram",
        "cadence_queuing": "cadence, buffered UDP behind a queue",
    }),
]
ONE_THREAD_ONLY = {("counter", "floor_cell")}

SCRAPE = ("scrape", "text of 10,000 counter and 1,000 histogram series, 2 labels each", "instrument", {
    "floor_copied_prefixes": "floor: kept prefixes copied, itoa",
    "instrument": "instrument",
    "instrument_openmetrics": "instrument, OpenMetrics",
    **PEERS,
})

# Who answers the requests of wrk, by framework: the title, and all contenders.
SERVED = {
    "axum": ("requests that axum answers", {**MIDDLEWARE, "axum_prometheus": "axum-prometheus {}"}),
    "actix": ("requests that actix answers", {**MIDDLEWARE, "actix_web_prom": "actix-web-prom {}"}),
}

# What a StatsD server receives, by question: its title, and all contenders.
WIRE = {
    "lines": ("1,000,000 lines of one thread to a Unix datagram socket, all received", {
        "instrument": "instrument",
        "cadence": "cadence {}, buffered",
        "cadence_queuing": "cadence, buffered behind a queue",
    }),
    "registry": ("one flush of 10,000 counters and 1,000 histograms of 20 new values, 2 labels each", {
        "instrument": "instrument, DogStatsD, weighted samples",
        "instrument_packed": "instrument, DogStatsD, packed distributions",
        "metrics_exporter_dogstatsd": "metrics-exporter-dogstatsd {}",
    }),
}

GROWING = {"instrument": "instrument", **PEERS}
GROWING_FLOORS = {
    "floor_single_writer": "floor: single-writer cell",
    "floor_fetch_add": "floor: shared fetch_add",
}

# How a million series can be read: contender, way, name.
READS = [
    ("instrument", "visit", "instrument, visited"),
    ("instrument", "snapshot", "instrument, snapshot"),
    ("instrument", "text", "instrument, text"),
    ("prometheus", "snapshot", "prometheus {}, gathered"),
    ("prometheus", "text", "prometheus {}, text"),
    ("prometheus_client", "text", "prometheus-client {}, text"),
    ("metrics", "text", "metrics {}, text"),
    ("measured", "text", "measured {}, text"),
]


def version(package):
    """The version of a package in Cargo.lock: the newest, where a peer depends on an older one."""
    lock = (ROOT / "Cargo.lock").read_text()
    found = re.findall(rf'^name = "{re.escape(package)}"\nversion = "([^"]+)"', lock, re.MULTILINE)
    return found[-1] if found else "(not in Cargo.lock)"


def name(text, contender):
    """The name of a contender, with its version."""
    return text.format(version(contender.replace("_", "-"))) if "{}" in text else text
