"""A table, for the terminal and for Markdown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """The first column is text, the others are numbers."""

    title: str
    columns: list
    rows: list

    def text(self):
        widths = [max(len(row[i]) for row in [self.columns, *self.rows]) for i in range(len(self.columns))]
        widths[0] = max(widths[0], 36)
        lines = [self.title]
        for first, *rest in [self.columns, *self.rows]:
            cells = "".join(f"{cell:>{max(width + 2, 12)}}" for cell, width in zip(rest, widths[1:]))
            lines.append(f"  {first:<{widths[0]}}{cells}")
        return "\n".join(lines) + "\n"

    def markdown(self):
        rule = ["---", *["--:"] * (len(self.columns) - 1)]
        rows = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in [self.columns, rule, *self.rows]]
        return f"### {self.title}\n\n" + "\n".join(rows) + "\n"


def number(value):
    """Three significant digits at most, and none beyond the hundredth."""
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:,.0f}"
