"""Output of the subcommands: lines for people, JSON for programs. It works without the extra.

If the output cannot be written, the operation has still been carried out: the exit status never
suggests otherwise.
"""

import datetime as dt
import errno
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, TextIO

import attrs

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


def never_fail_on_encoding() -> None:
    """Make the standard streams escape characters that their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """Print plain text. Raises OutputLost."""
    with written():
        print(text)


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 minute, 2 minutes."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


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
def written() -> Iterator[None]:
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
