"""Which plots there are, and what each shows."""

from .contenders import GROWING, GROWING_FLOORS, name
from .growth import SERIES, THREADS
from .place import BENCHES
from .plot import Line, decades, doublings, svg

DIRECTORY = BENCHES / "plots"

SERIES_AXIS, THREADS_AXIS = "series in the family", "threads at once"
OF_A_CORE = "Time of a core: it stays flat when threads only take turns, and rises when they wait for each other."

# File, title, note, question, field, sizes, title of each axis, floors.
PLOTS = [
    ("look_up_by_series", "One look-up by two string labels, and an increment",
     "A series drawn at random out of all; texts that are not known ahead.",
     "series", "look_up_ns", SERIES, SERIES_AXIS, "nanoseconds per call", {}),
    ("scrape_by_series", "One counter series in the text of a scrape",
     "Two labels, a buffer that is kept from scrape to scrape.",
     "series", "text_ns_per_series", SERIES, SERIES_AXIS, "nanoseconds per series", {}),
    ("memory_by_series", "The memory of one counter series",
     "Two labels of 20 and 10 bytes, counted by one thread and scraped once.",
     "series", "bytes_per_series", [each for each in SERIES if each >= 100], SERIES_AXIS, "bytes per series", {}),
    ("held_by_threads", "One increment of a counter whose handle is held", OF_A_CORE,
     "held", "ns", THREADS, THREADS_AXIS, "nanoseconds of a core per call", GROWING_FLOORS),
    ("look_up_by_threads", "One look-up among 1,000 series, and an increment", OF_A_CORE,
     "look_up", "ns", THREADS, THREADS_AXIS, "nanoseconds of a core per call", {}),
    ("memory_by_threads", "The memory of one counter series that each thread has counted",
     "10,000 series of two labels, not scraped yet; all threads alive.",
     "memory", "bytes_per_series", THREADS, THREADS_AXIS, "bytes per series", {}),
]


def drawn(growth):
    """(file name, title, SVG) of each plot."""
    for file, title, note, question, field, sizes, x_title, y_title, floors in PLOTS:
        styles = {**dict.fromkeys(floors, "floor"), **{each: f"s{i}" for i, each in enumerate(GROWING)}}
        lines = [
            Line(short(name(text, contender)), styles[contender], growth.line(question, contender, field, sizes))
            for contender, text in {**floors, **GROWING}.items()
        ]
        x_axis = (decades if sizes[-1] > 1_000 else doublings)(x_title, sizes)
        y_axis = decades(y_title, [y for line in lines for _, y in line.points])
        yield f"{file}.svg", title, svg(title, note, x_axis, y_axis, lines)


def short(text):
    return text.removesuffix(", Prometheus exporter")


def write(growth):
    DIRECTORY.mkdir(exist_ok=True)
    for file, _, text in drawn(growth):
        (DIRECTORY / file).write_text(text)
