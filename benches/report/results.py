"""RESULTS.md: everything of one run."""

from . import machine, plots, tables
from .place import BENCHES
from .targets import targets

FILE = BENCHES / "RESULTS.md"

HEAD = """\
# Results

Written by `benches/table --write` and by nobody else; [README.md](README.md) says what each benchmark asks, and how to read the tables.
Times are of the machine below, whose neighbours nobody knows: compare them within this page only.

"""


def markdown(calls, served, wire, growth, facts):
    sections = [
        HEAD,
        "## The run\n\n| | |\n| --- | --- |\n" + "".join(f"| {what} | {value} |\n" for what, value in facts),
        "\n## Targets\n\nThe ratio is to what the limit is a multiple of. Missed ones are aims that are not reached yet.\n\n",
        tables.of_targets(targets(calls.ns)).markdown(),
        "\n## Calls\n\n",
        "\n".join(table.markdown() for table in tables.of_calls(calls)),
        "\n## Requests\n\n",
        "\n".join(table.markdown() for table in tables.of_served(served)),
        "\n## Scrapes\n\n",
        "\n".join(table.markdown() for table in (tables.of_scrapes(calls), tables.of_a_million(growth), tables.of_memory(growth))),
        "\n## StatsD\n\n",
        "\n".join(table.markdown() for table in tables.of_wire(wire)),
        "\n## Growth\n\n",
        "\n\n".join(f"![{title}](plots/{file})" for file, title, _ in plots.drawn(growth)),
        "\n\nThe numbers of the plots:\n\n",
        "\n".join(table.markdown() for table in tables.of_growth(growth)),
    ]
    return "".join(sections)


def write(calls, served, wire, growth, runs):
    FILE.write_text(markdown(calls, served, wire, growth, machine.facts(runs["calls"], runs["growth"])))
    plots.write(growth)
