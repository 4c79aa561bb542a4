"""Lines over logarithmic axes, as SVG that follows the reader's light or dark theme."""

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 460
LEFT, RIGHT, TOP, BOTTOM = 84, 622, 84, 392
LEGEND_X = RIGHT + 18
LEGEND_STEP = 19

STYLE = """
    svg { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    .paper { fill: #ffffff; } .frame { stroke: #d0d7de; } .title { fill: #1f2328; font-size: 17px; font-weight: 600; }
    .note, .axis { fill: #59636e; font-size: 12.5px; } .tick { fill: #59636e; font-size: 12px; } .legend { font-size: 13px; }
    .grid { stroke: #e4e8ec; } .fine { stroke: #f2f4f6; }
    .s0 { color: #c2410c; } .s1 { color: #0969da; } .s2 { color: #1a7f37; } .s3 { color: #8250df; } .s4 { color: #9a6700; } .floor { color: #818b98; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117; } .frame { stroke: #3d444d; } .title { fill: #f0f6fc; }
      .note, .axis, .tick { fill: #9198a1; } .grid { stroke: #252b33; } .fine { stroke: #171c23; }
      .s0 { color: #ff9c5f; } .s1 { color: #58a6ff; } .s2 { color: #56d364; } .s3 { color: #bc8cff; } .s4 { color: #e3b341; } .floor { color: #8b949e; }
    }
    .line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
    .s0 .line { stroke-width: 3.4; } .s0 text { font-weight: 700; } .floor .line { stroke-dasharray: 1.5 5; stroke-width: 2.2; }
    .dot { fill: currentColor; stroke: none; } .legend text { fill: currentColor; } .lead { fill: none; stroke: currentColor; stroke-width: 1; opacity: .45; }
"""


@dataclass(frozen=True)
class Line:
    """`style` is s0 for this library, s1 to s4 for its peers, floor for floors."""

    name: str
    style: str
    points: list


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, with a labelled line at each of `ticks` and a fine one at each of `fine`."""

    title: str
    low: float
    high: float
    ticks: list
    fine: list

    def place(self, value, start, end):
        return start + math.log(value / self.low) / math.log(self.high / self.low) * (end - start)


def decades(title, values):
    """An axis around all values that is labelled at powers of ten, or at 1, 2 and 5 of each if it is short."""
    slack = 1 + 1e-9
    digits = [digit * 10.0**power for power in range(-6, 13) for digit in range(1, 10)]
    steps = [value for value in digits if leading(value) in (1, 2, 5)]
    low = max(step for step in steps if step <= min(values) * slack)
    high = min(step for step in steps if step * slack >= max(values) and step > low * slack)
    inside = [value for value in digits if low / slack <= value <= high * slack]
    labelled = (1, 2, 5) if high / low < 200 else (1,)
    ticks = [value for value in inside if leading(value) in labelled]
    return Axis(title, low, high, ticks, [value for value in inside if value not in ticks])


def leading(value):
    """The first digit of a number that has no other."""
    return round(value / 10.0 ** math.floor(math.log10(value) + 1e-9))


def doublings(title, values):
    """An axis with a line at each value."""
    return Axis(title, min(values), max(values), sorted(values), [])


def svg(title, note, x_axis, y_axis, lines):
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        'aria-labelledby="title note">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="note">{escape(note)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper frame" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8"/>',
        f'<text class="title" x="24" y="34">{escape(title)}</text>',
        f'<text class="note" x="24" y="55">{escape(note)}</text>',
        *grid(x_axis, y_axis),
        # This library last, so that it lies on top.
        *(drawn(line, x_axis, y_axis) for line in sorted(lines, key=lambda line: line.style == "s0")),
        *legend(lines, y_axis),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def grid(x_axis, y_axis):
    middle = (TOP + BOTTOM) / 2
    for class_, xs, ys in (("fine", x_axis.fine, y_axis.fine), ("grid", x_axis.ticks, y_axis.ticks)):
        for value in xs:
            x = x_axis.place(value, LEFT, RIGHT)
            yield f'<path class="{class_}" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
        for value in ys:
            y = y_axis.place(value, BOTTOM, TOP)
            yield f'<path class="{class_}" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
    for value in x_axis.ticks:
        x = x_axis.place(value, LEFT, RIGHT)
        yield f'<text class="tick" x="{x:.1f}" y="{BOTTOM + 20}" text-anchor="middle">{tick(value)}</text>'
    for value in y_axis.ticks:
        y = y_axis.place(value, BOTTOM, TOP)
        yield f'<text class="tick" x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{tick(value)}</text>'
    yield f'<text class="axis" x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 46}" text-anchor="middle">{escape(x_axis.title)}</text>'
    yield f'<text class="axis" transform="translate(24 {middle}) rotate(-90)" text-anchor="middle">{escape(y_axis.title)}</text>'


def drawn(line, x_axis, y_axis):
    places = [(x_axis.place(x, LEFT, RIGHT), y_axis.place(y, BOTTOM, TOP)) for x, y in line.points]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = "" if line.style == "floor" else "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{4.2 if line.style == "s0" else 2.8}"/>' for x, y in places)
    return f'<g class="{line.style}"><path class="line" d="{path}"/>{dots}</g>'


def legend(lines, y_axis):
    """Each name beside the end of its line, moved as little as keeps names apart."""
    ends = sorted(((y_axis.place(line.points[-1][1], BOTTOM, TOP), line) for line in lines), key=lambda end: end[0])
    for (end, line), y in zip(ends, apart([end for end, _ in ends])):
        lead = f"M{RIGHT + 6} {end:.1f}L{LEGEND_X - 4} {y:.1f}"
        yield (f'<g class="legend {line.style}"><path class="lead" d="{lead}"/>'
               f'<text x="{LEGEND_X}" y="{y + 4.5:.1f}">{escape(line.name)}</text></g>')


def apart(places):
    """Ascending places, moved so that neighbours are a step apart and all stay within the plot."""
    groups = []  # (centre, places): those that touch move together, so that their middle stays
    for place in places:
        groups.append([place])
        while len(groups) > 1 and bottom(groups[-2]) + LEGEND_STEP > top(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    return [top(group) + LEGEND_STEP * i for group in groups for i in range(len(group))]


def top(group):
    middle, half = sum(group) / len(group), LEGEND_STEP * (len(group) - 1) / 2
    return min(max(middle - half, TOP), BOTTOM - 2 * half)


def bottom(group):
    return top(group) + LEGEND_STEP * (len(group) - 1)


def tick(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:.10f}".rstrip("0")
