"""Tables for people, which rich draws."""

import datetime as dt
import errno
import os
from collections.abc import Iterable
from typing import Final

import attrs
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from buzzeasy_soap import CallData, TimeSlot
from buzzeasy_soap.cli.output import printable, say, written


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # rich would end the process with status 1.
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


_console: Final = _Console(highlight=False)


def draw(drawn: RenderableType, *, style: str | None = None) -> None:
    """Print something that rich renders. Raises OutputLost."""
    with written():
        _console.print(drawn, style=style)


def table(headings: Iterable[str], rows: Iterable[Iterable[object]], *, headed: bool = True) -> Table:
    """A table whose cells are plain text, even if they contain brackets."""
    drawn = Table(show_edge=False, pad_edge=False, header_style="bold", show_header=headed)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else printable(str(cell))) for cell in row))
    return drawn


def print_slots(slots: tuple[TimeSlot, ...], after: dt.datetime) -> None:
    """Print time slots as a table, in the service's time zone; if there are none, after which time."""
    if not slots:
        say(f"No time slots available after {after:%a %d %b %Y %H:%M %Z}".rstrip() + ".")
        return
    rows = [(s.id, f"{s.start:%a %d %b %Y}", f"{s.start:%H:%M}", f"{s.end:%H:%M %Z}") for s in slots]
    draw(table(("Slot", "Day", "From", "To"), rows))


def print_call_data(data: CallData) -> None:
    """Print screen pop data as a table, without empty values."""
    rows: list[tuple[str, object]] = [
        (field.name.replace("_", " ").capitalize(), getattr(data, field.name))
        for field in attrs.fields(CallData)
        if field.name != "fields"
    ]
    for number, given in enumerate(data.fields, 1):
        if given is not None:
            rows.append((given.name or f"Field {number}", given.value))
    draw(table(("", ""), [row for row in rows if row[1] is not None], headed=False))
