"""What the subcommands print: tables for a person, JSON for a program.

What was done is done, whether the output can be written or not: nothing here ends the command with a
status that says otherwise.
"""

import datetime as dt
import errno
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, TextIO

import attrs
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from buzzeasy_soap import CallData, TimeSlot

OUTPUT_LOST: Final = 5
"""The exit status where the output could not be written."""


class OutputLost(Exception):
    """The output could not be written; its notes say what was done nevertheless."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self._reader_left = error.errno == errno.EPIPE

    def report(self) -> int:
        """Say so on stderr, and answer the exit status."""
        _discard(sys.stdout)
        done = notes_of(self)
        # A reader that leaves has read enough, as `head` has; but not of what was done.
        if done or not self._reader_left:
            complain(f"the output could not be written: {self}. {done}".rstrip())
        return OUTPUT_LOST


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # rich would end the process with status 1.
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


_console: Final = _Console(highlight=False)


def never_fail_on_encoding() -> None:
    """Have the standard streams write an escape for a character that their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """Print a text as it is. Raises OutputLost."""
    with _written():
        print(text)


def draw(drawn: RenderableType, *, style: str | None = None) -> None:
    """Print what rich draws. Raises OutputLost."""
    with _written():
        _console.print(drawn, style=style)


def print_json(value: object) -> None:
    """One JSON value on one line: records as objects, times in ISO 8601, durations in minutes.

    In ASCII where the stream is not in UTF-8. Raises OutputLost.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    is_utf8 = encoding.lower().replace("-", "") == "utf8"
    say(json.dumps(_plain(value), ensure_ascii=not is_utf8))


def complain(text: str) -> None:
    """One line on stderr, where that can be written."""
    if sys.stderr is not None:
        try:
            print(f"buzzeasy: {text}", file=sys.stderr, flush=True)
        except OSError:
            _discard(sys.stderr)


@contextmanager
def done(text: str) -> Iterator[None]:
    """Around the output of what was done: where it is lost or interrupted, `text` says what that was."""
    try:
        yield
    except (OutputLost, KeyboardInterrupt) as error:
        error.add_note(text)
        raise


def notes_of(error: BaseException) -> str:
    """What `done` has noted."""
    return " ".join(getattr(error, "__notes__", ()))


@contextmanager
def _written() -> Iterator[None]:
    """Have all that the body prints written when it ends. Raises OutputLost."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "it is closed")
        yield
        sys.stdout.flush()
    except OSError as error:
        raise OutputLost(error) from None
    except KeyboardInterrupt:
        _discard(sys.stdout)
        raise


def _discard(stream: TextIO | None) -> None:
    """Write no more to a stream that fails or blocks: Python tries once more when it ends."""
    if stream is not None:
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


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
        say("There are no time slots left.")
        return
    rows = [(s.id, f"{s.start:%a %d %b %Y}", f"{s.start:%H:%M}", f"{s.end:%H:%M %Z}") for s in slots]
    draw(table(("Slot", "Day", "From", "To"), rows))


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
    draw(table(("", ""), [row for row in rows if row[1] is not None], headed=False))
