"""Tables, the page and its picture."""

import datetime as dt
import importlib.metadata
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from attrs import frozen

PACKAGES: Final = (
    "zeep", "suds-community", "apiroute", "spyne", "waitress", "lxml", "requests", "urllib3", "httpx", "pycurl",
    "aiohttp", "attrs", "uvicorn", "sqlalchemy",
)  # fmt: skip


@frozen
class Grid:
    """Columns under their heads, the first one of names."""

    title: str
    head: Sequence[str]
    lines: Sequence[Sequence[str]]


@frozen
class Table:
    """What was measured, by client, round by round."""

    title: str
    unit: str
    values: Mapping[str, Sequence[float]]
    baseline: str
    of: str = "client"

    def median(self, kind: str) -> float:
        """The median of a client's values."""
        return statistics.median(self.values[kind])

    def ratio(self, kind: str) -> float | None:
        """The median of the ratios to the baseline, each of one round; None without one."""
        if self.baseline not in self.values:
            return None
        pairs = zip(self.values[kind], self.values[self.baseline], strict=True)
        return statistics.median(value / base for value, base in pairs)

    def rows(self) -> list[tuple[str, float, float | None]]:
        """Client, median and ratio, the least first."""
        return sorted(
            ((kind, self.median(kind), self.ratio(kind)) for kind in self.values), key=lambda row: row[1]
        )

    def grid(self) -> Grid:
        """As it is shown."""
        lines = [
            (kind, f"{value:,.3f}", "" if ratio is None else f"{ratio:.3f}")
            for kind, value, ratio in self.rows()
        ]
        return Grid(self.title, (self.of, self.unit, f"of {self.baseline}"), lines)


def printed(grid: Grid) -> str:
    """A table for the terminal."""
    table = [grid.head, *grid.lines]
    widths = [max(len(line[column]) for line in table) for column in range(len(grid.head))]
    lines = [
        "  ".join(
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in table
    ]
    return "\n".join([f"\n{grid.title}", *(f"  {line}".rstrip() for line in lines)])


def machine() -> list[str]:
    """The machine and the versions, a line each."""
    found = Path("/proc/cpuinfo")
    models = (
        [line for line in found.read_text().splitlines() if "model name" in line] if found.exists() else []
    )
    model = models[0].partition(": ")[2] if models else platform.processor()
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES if is_installed(name)]
    return [
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}; {', '.join(versions)}",
    ]


def is_installed(name: str) -> bool:
    """Whether a distribution is."""
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def written(grids: Sequence[Grid], about: Sequence[str], picture: str, minutes: float) -> str:
    """The page."""
    lines = [
        "# What a call costs",
        "",
        "Written by `make bench`, and nothing in it by hand. All clients call one server that gives canned replies, as",
        ".NET writes them, from a core of its own; what is measured is the client's process. Ratios are medians of",
        "ratios within a round: below 1 is less than the baseline. Everything is on, as users have it: deadlines,",
        "limits, strictness, redaction; `opentelemetry` is left out. Cut by layer: `make profile`.",
        "",
        *(f"- {line}" for line in about),
        f"- The whole run took {minutes:.0f} minutes; read ratios, not milliseconds.",
        "",
        f"![CPU beside zeep's]({picture})",
    ]
    for grid in grids:
        lines += [
            "",
            f"## {grid.title}",
            "",
            f"| {' | '.join(grid.head)} |",
            f"|---{'|---:' * (len(grid.head) - 1)}|",
            *(f"| {' | '.join(line)} |" for line in grid.lines),
        ]
    return "\n".join(lines) + "\n"


def bars(tables: Sequence[Table]) -> str:
    """A picture of the ratios: a bar for each client, as long as its share of the baseline's."""
    parts, top = [], 10
    for table in tables:
        parts.append(f'<text x="8" y="{top + 16}" font-weight="bold">{escape(table.title)}, zeep = 1</text>')
        top += 26
        for kind, _, ratio in table.rows():
            width = min(ratio or 0, 2) * 200
            colour = "#2563eb" if kind.startswith("ours") else "#9ca3af"
            parts.append(
                f'<text x="8" y="{top + 13}">{escape(kind)}</text>'
                f'<rect x="150" y="{top}" width="{width:.1f}" height="16" fill="{colour}"/>'
                f'<text x="{156 + width:.1f}" y="{top + 13}">{ratio or 0:.2f}</text>'
            )
            top += 20
        top += 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{top}" font-family="sans-serif" font-size="13">'
        f'<rect width="640" height="{top}" fill="white"/>{"".join(parts)}</svg>\n'
    )
