"""What the subcommands print: tables for a person, JSON for a program."""

import datetime as dt
import json
from collections.abc import Iterable

import attrs
from rich.console import Console
from rich.table import Table
from rich.text import Text

from buzzeasy_soap import CallData, TimeSlot

console = Console(highlight=False)


def print_json(value: object) -> None:
    """One JSON value on one line: records as objects, times in ISO 8601, durations in minutes."""
    print(json.dumps(_plain(value), ensure_ascii=False))


def _plain(value: object) -> object:
    kind = type(value)
    if attrs.has(kind):
        return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(kind)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, dt.timedelta):
        return value // dt.timedelta(minutes=1)
    if isinstance(value, dt.date):  # a datetime is one too
        return value.isoformat()
    return value


def table(headings: Iterable[str], rows: Iterable[Iterable[object]], *, headed: bool = True) -> Table:
    """A table whose cells are text, whatever brackets they hold."""
    drawn = Table(show_edge=False, pad_edge=False, header_style="bold", show_header=headed)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return drawn


def print_slots(slots: tuple[TimeSlot, ...]) -> None:
    """Time slots as a table, in the service's time."""
    if not slots:
        console.print("No time slots are to be had.")
        return
    rows = [(s.id, f"{s.start:%a %d %b %Y}", f"{s.start:%H:%M}", f"{s.end:%H:%M %Z}") for s in slots]
    console.print(table(("Slot", "Day", "From", "To"), rows))


def print_call_data(data: CallData) -> None:
    """A screen pop as a table of what the service filled in."""
    rows: list[tuple[str, object]] = [
        (field.name.replace("_", " ").capitalize(), getattr(data, field.name))
        for field in attrs.fields(CallData)
        if field.name != "fields"
    ]
    for number, given in enumerate(data.fields, 1):
        if given is not None:
            rows.append((given.name or f"Field {number}", given.value))
    console.print(table(("", ""), [row for row in rows if row[1] is not None], headed=False))
