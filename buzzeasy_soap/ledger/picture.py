"""A picture of a campaign: its outcome over time, as SVG, for a light and a dark page."""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen
from lxml import etree

from buzzeasy_soap.ledger.book import Book
from buzzeasy_soap.ledger.model import Campaign, State, Tally

_SVG: Final = "http://www.w3.org/2000/svg"
_WIDTH: Final = 760
_HEIGHT: Final = 430
_LEFT: Final = 64
_RIGHT: Final = 736
_TOP: Final = 92
_BOTTOM: Final = 300
_MOST_SPANS: Final = 60
_SPANS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
"""Seconds that a column may stand for."""
_OUTCOMES: Final = (
    (State.PLACED, "placed"), (State.REFUSED, "refused"), (State.NOT_SENT, "not sent"), (State.UNKNOWN, "unknown"),
)  # fmt: skip
_CALLS: Final = (
    ("reached", "reached"),
    ("failed", "failed"),
    ("rescheduled", "rescheduled"),
    ("open", "not over"),
)
_STYLE: Final = """
svg { background: #ffffff; font-family: system-ui, sans-serif; font-size: 13px }
text { fill: #374151 } .title { font-size: 17px; font-weight: 600; fill: #111827 } .faint { fill: #6b7280 }
.grid { stroke: #e5e7eb } .axis { stroke: #9ca3af }
.placed, .reached { fill: #2563eb } .refused, .failed { fill: #d97706 }
.unknown { fill: #dc2626 } .not_sent, .open { fill: #9ca3af } .rescheduled { fill: #7dd3fc }
@media (prefers-color-scheme: dark) {
  svg { background: #111827 } text { fill: #d1d5db } .title { fill: #f9fafb } .faint { fill: #9ca3af }
  .grid { stroke: #1f2937 } .axis { stroke: #4b5563 }
  .placed, .reached { fill: #60a5fa } .refused, .failed { fill: #fbbf24 }
  .unknown { fill: #f87171 } .not_sent, .open { fill: #6b7280 } .rescheduled { fill: #0e7490 }
}
"""


def picture(book: Book, campaign: Campaign) -> bytes:
    """How many callbacks were settled when, by outcome, and what became of the calls."""
    tally = book.tally(campaign)
    svg = etree.Element(f"{{{_SVG}}}svg", nsmap={None: _SVG}, role="img")  # type: ignore[dict-item]
    svg.set("viewBox", f"0 0 {_WIDTH} {_HEIGHT}")
    svg.set("width", str(_WIDTH))
    svg.set("height", str(_HEIGHT))
    _add(svg, "title", campaign.name)
    _add(svg, "style", _STYLE)
    _text(svg, 24, 34, campaign.name, style="title")
    _text(svg, 24, 56, _subtitle(tally, ZoneInfo(campaign.timezone)), style="faint")
    columns = _Columns.of(book, campaign, tally)
    if columns is None:
        _text(svg, 24, 120, "Nothing is settled yet.")
    else:
        columns.draw(svg)
    _legend(svg, tally)
    _calls(svg, tally)
    return etree.tostring(svg, xml_declaration=True, encoding="UTF-8")


@frozen
class _Columns:
    counts: dict[tuple[int, State], int]
    since: dt.datetime
    width: int
    """Seconds that each stands for."""
    spans: int

    @classmethod
    def of(cls, book: Book, campaign: Campaign, tally: Tally) -> "_Columns | None":
        if tally.first_at is None or tally.last_at is None:
            return None
        zone = ZoneInfo(campaign.timezone)
        length = (tally.last_at - tally.first_at).total_seconds()
        width = next((each for each in _SPANS if length / each < _MOST_SPANS), None)
        width = width or math.ceil(length / _MOST_SPANS / 86400) * 86400
        first = tally.first_at.astimezone(zone)
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        into = (first - midnight).total_seconds()
        since = midnight + dt.timedelta(seconds=into - into % width)
        spans = int((tally.last_at - since).total_seconds() // width) + 1
        return cls(book.settled_over_time(campaign, since, width), since, width, spans)

    def draw(self, svg: "etree._Element") -> None:
        tallest = max((sum(self._of(number)) for number in range(self.spans)), default=1)
        step = _round_step(tallest)
        top = step * math.ceil(max(tallest, 1) / step)
        for value in range(0, top + 1, step):
            y = _BOTTOM - (_BOTTOM - _TOP) * value / top
            _add(svg, "line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, style="grid" if value else "axis")
            _text(svg, _LEFT - 8, y + 4, f"{value:,}", anchor="end", style="faint")
        _text(svg, _LEFT, _TOP - 12, f"settled in each {_length(self.width)}", style="faint")
        wide = (_RIGHT - _LEFT) / self.spans
        for number in range(self.spans):
            bottom = float(_BOTTOM)
            for (state, _), count in zip(_OUTCOMES, self._of(number), strict=True):
                height = (_BOTTOM - _TOP) * count / top
                bottom -= height
                if count:
                    x, gap = _LEFT + wide * number, min(2.0, wide / 5)
                    _add(
                        svg,
                        "rect",
                        x=x + gap / 2,
                        y=bottom,
                        width=min(wide - gap, 60),
                        height=height,
                        style=state,
                    )
        self._label(svg, wide)

    def _of(self, number: int) -> list[int]:
        return [self.counts.get((number, state), 0) for state, _ in _OUTCOMES]

    def _label(self, svg: "etree._Element", wide: float) -> None:
        every = math.ceil(self.spans / 6)
        format = (
            "%H:%M:%S" if self.width < 60 else "%H:%M" if self.spans * self.width <= 86400 else "%d %b %H:%M"
        )
        format = "%d %b" if self.width >= 86400 else format
        for number in range(0, self.spans, every):
            at = self.since + dt.timedelta(seconds=number * self.width)
            _text(svg, _LEFT + wide * number, _BOTTOM + 20, at.strftime(format), style="faint")


def _subtitle(tally: Tally, zone: ZoneInfo) -> str:
    counts = tally.counts
    told = f"{counts.total:,} callback{'' if counts.total == 1 else 's'}, {counts.to_go:,} to go"
    if tally.first_at is None or tally.last_at is None:
        return told
    first, last = tally.first_at.astimezone(zone), tally.last_at.astimezone(zone)
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%d %b %Y %H:%M}"
    return f"{told}; {first:%d %b %Y %H:%M} to {end} {last:%Z}"


def _legend(svg: "etree._Element", tally: Tally) -> None:
    x = float(_LEFT)
    for state, label in _OUTCOMES:
        x = _key(svg, x, 346, state, f"{label} {getattr(tally.counts, state):,}")


def _calls(svg: "etree._Element", tally: Tally) -> None:
    """A bar of what became of the calls, with its key."""
    if not tally.counts.placed:
        return
    parts: Sequence[tuple[str, str, int]] = [
        (
            style,
            label,
            tally.calls.open - tally.calls.rescheduled if style == "open" else getattr(tally.calls, style),
        )
        for style, label in _CALLS
    ]
    _text(svg, _LEFT - 8, 386, "calls", anchor="end", style="faint")
    x, key = float(_LEFT), float(_LEFT)
    for style, label, count in parts:
        width = (_RIGHT - _LEFT) * count / tally.counts.placed
        if count:
            _add(svg, "rect", x=x, y=374, width=width, height=16, style=style)
        x += width
        key = _key(svg, key, 412, style, f"{label} {count:,}")


def _key(svg: "etree._Element", x: float, y: float, style: str, label: str) -> float:
    """A coloured square with its meaning; where the next begins."""
    _add(svg, "rect", x=x, y=y - 10, width=11, height=11, style=style)
    _text(svg, x + 17, y, label)
    return x + 17 + 7.2 * len(label) + 22


def _round_step(tallest: int) -> int:
    """Between lines of the grid: 1, 2 or 5 times a power of ten, for four lines or so."""
    rough = max(tallest, 1) / 4
    power = 10 ** max(0, math.floor(math.log10(rough)))
    return next(int(power * times) for times in (1, 2, 5, 10) if power * times >= rough)


def _length(seconds: int) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % size == 0:
            count = seconds // size
            return name if count == 1 else f"{count} {name}s"
    raise AssertionError(seconds)


def _text(
    svg: "etree._Element",
    x: float,
    y: float,
    text: str,
    *,
    style: str | None = None,
    anchor: str | None = None,
) -> None:
    drawn = _add(svg, "text", text, x=x, y=y, style=style)
    if anchor:
        drawn.set("text-anchor", anchor)


def _add(
    svg: "etree._Element", tag: str, text: str | None = None, *, style: str | None = None, **places: float
) -> "etree._Element":
    added = etree.SubElement(svg, f"{{{_SVG}}}{tag}")
    for name, value in places.items():
        added.set(name, f"{value:.1f}".removesuffix(".0"))
    if style:
        added.set("class", style)
    if text is not None:
        added.text = "".join(each for each in text if each.isprintable() or each == "\n")
    return added
