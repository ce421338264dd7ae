"""Output of the subcommands: tables for people, JSON for programs.

If the output cannot be written, the operation has still been carried out: the exit status never
suggests otherwise.
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
"""Exit status if the output could not be written."""


class OutputLost(Exception):
    """The output could not be written; the notes say what was done anyway."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self._reader_left = error.errno == errno.EPIPE

    def report(self) -> int:
        """Report it on stderr and return the exit status."""
        _discard(sys.stdout)
        done = notes_of(self)
        # A reader that stops, such as `head`, has read enough; but it must learn what was done.
        if done or not self._reader_left:
            complain(f"the output could not be written: {self}. {done}".rstrip())
        return OUTPUT_LOST


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # rich would end the process with status 1.
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


_console: Final = _Console(highlight=False)


def never_fail_on_encoding() -> None:
    """Make the standard streams escape characters that their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """Print plain text. Raises OutputLost."""
    with _written():
        print(text)


def draw(drawn: RenderableType, *, style: str | None = None) -> None:
    """Print something that rich renders. Raises OutputLost."""
    with _written():
        _console.print(drawn, style=style)


def print_json(value: object) -> None:
    """Print a JSON value on one line: records as objects, times in ISO 8601, durations in minutes.

    Uses only ASCII if the stream's encoding is not UTF-8. Raises OutputLost.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    is_utf8 = encoding.lower().replace("-", "") == "utf8"
    say(json.dumps(_plain(value), ensure_ascii=not is_utf8))


def printable(text: str) -> str:
    """Text that moves no cursor and fits into XML: what is no printable character is escaped."""
    return "".join(
        each if each.isprintable() or each == "\n" else each.encode("unicode_escape").decode()
        for each in text
    )


def complain(text: str) -> None:
    """Print one line to stderr, if possible."""
    if sys.stderr is not None:
        try:
            print(f"buzzeasy: {printable(text)}", file=sys.stderr, flush=True)
        except OSError:
            _discard(sys.stderr)


@contextmanager
def done(text: str) -> Iterator[None]:
    """Wrap output about a completed operation: if it is lost or interrupted, `text` says what was done."""
    try:
        yield
    except (OutputLost, KeyboardInterrupt) as error:
        error.add_note(text)
        raise


def notes_of(error: BaseException) -> str:
    """The notes added by `done`."""
    return " ".join(getattr(error, "__notes__", ()))


@contextmanager
def _written() -> Iterator[None]:
    """Flush everything that the body prints. Raises OutputLost."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "standard output is closed")
        yield
        sys.stdout.flush()
    except OSError as error:
        raise OutputLost(error) from None
    except KeyboardInterrupt:
        _discard(sys.stdout)
        raise


def _discard(stream: TextIO | None) -> None:
    """Send the rest of a stream that fails or blocks to nowhere: Python flushes it again on exit."""
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
    """A table whose cells are plain text, even if they contain brackets."""
    drawn = Table(show_edge=False, pad_edge=False, header_style="bold", show_header=headed)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else printable(str(cell))) for cell in row))
    return drawn


def print_slots(slots: tuple[TimeSlot, ...]) -> None:
    """Print time slots as a table, in the service's time zone."""
    if not slots:
        say("No time slots available.")
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
