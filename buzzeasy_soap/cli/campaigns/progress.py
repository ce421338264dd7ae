"""How far a campaign has come, while it is placed: a bar on a terminal, lines elsewhere; on stderr."""

import datetime as dt
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Final

from attrs import define, field
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.status import Status
from rich.text import Text

from buzzeasy_soap.cli.errors import INTERRUPTED
from buzzeasy_soap.cli.output import complain
from buzzeasy_soap.errors import LedgerError
from buzzeasy_soap.wire.clock import Clock

if TYPE_CHECKING:
    from buzzeasy_soap.ledger import Calls, Tally

_BETWEEN_LINES: Final = 10.0
_SHARE: Final = 20
"""Counting takes at most one part in that many of the time."""
_OVER: Final = 10.0
"""Seconds over which the rate is measured."""


@define
class Shown:
    """A line about progress, renewed on a terminal and repeated elsewhere."""

    count: "Callable[[], Tally]"
    """Asks the ledger."""
    calls_alone: bool = False
    """Whether it is about what becomes of the calls."""
    _bar: Progress | None = None
    _next: float = 0.0
    _next_line: float = 0.0
    _waits: bool = False
    _seen: deque[tuple[float, int]] = field(factory=deque[tuple[float, int]])

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Show it within the body."""
        console = Console(stderr=True)
        if not console.is_terminal:
            self._next_line = Clock.monotonic() + _BETWEEN_LINES
            yield
            return
        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=console, transient=True) as self._bar:
            self._bar.add_task("")
            yield

    def update(self, wait: float | None = None) -> None:
        """Count again, if it is time; `wait` is how long nothing will be done."""
        began = Clock.monotonic()
        if began < self._next:
            return
        try:
            tally = self.count()
        except LedgerError:  # what is under way must be settled all the same; the worker tells of it
            return
        ended = Clock.monotonic()
        self._next = ended + max(0.5, (ended - began) * _SHARE)
        total, done = self._of(tally)
        self._seen.append((ended, done))
        while ended - self._seen[0][0] > _OVER:
            self._seen.popleft()
        text = self._told(tally, total - done, wait)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], total=total, completed=done, description=text)
        elif (ended >= self._next_line or self._begins_to_wait(wait)) and sys.stderr is not None:
            self._next_line = ended + _BETWEEN_LINES
            complain(text)

    def _begins_to_wait(self, wait: float | None) -> bool:
        """Whether nothing is done from now on: that is said at once."""
        waited, self._waits = self._waits, wait is not None and wait > _BETWEEN_LINES
        return self._waits and not waited

    def _of(self, tally: "Tally") -> tuple[int, int]:
        if self.calls_alone:
            return tally.counts.placed, tally.counts.placed - tally.calls.open
        return tally.counts.total, tally.counts.total - tally.counts.to_go

    def _told(self, tally: "Tally", left: int, wait: float | None) -> str:
        if self.calls_alone:
            return f"{calls_in_words(tally.calls)}, {left} not over"
        counts = tally.counts
        codes = ", ".join(f"{code}: {count}" for code, count in tally.refused.items())
        parts = [
            f"placed {counts.placed}",
            f"refused {counts.refused}{f' ({codes})' if codes else ''}",
            f"unknown {counts.unknown}",
            f"{left} to go",
        ]
        if not_sent := counts.not_sent:
            parts.insert(3, f"not sent {not_sent}")
        if wait is not None and wait > _BETWEEN_LINES and not counts.claimed:
            until = dt.datetime.now().astimezone() + dt.timedelta(seconds=wait)
            return ", ".join([*parts, f"waiting until {until:%a %H:%M}"])
        return ", ".join([*parts, *self._speed(left)])

    def _speed(self, left: int) -> Iterator[str]:
        (began, before), (ended, done) = self._seen[0], self._seen[-1]
        if ended > began and done > before:
            speed = (done - before) / (ended - began)
            yield f"{speed:.1f}/s"
            yield f"{dt.timedelta(seconds=round(left / speed))} left"


def busy(with_what: str) -> Status:
    """Tell on a terminal what takes its time within the body."""
    return Console(stderr=True).status(Text(with_what))


def calls_in_words(calls: "Calls") -> str:
    """What became of the calls, in a line."""
    told = f"reached {calls.reached}, failed {calls.failed}"
    return f"{told}, rescheduled {calls.rescheduled}" if calls.rescheduled else told


class Interrupts:
    """Ctrl-C, or SIGTERM: the first ends in order; the second leaves what is under way."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self.count = 0

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Within the body, in the main thread alone."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._handle) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _handle(self, _: int, __: FrameType | None) -> None:
        self.count += 1
        self._stop()
        if self.count == 1:
            with suppress(RuntimeError):  # it has interrupted a line that was being printed
                complain("stopping: what is under way is waited for; Ctrl-C again leaves it")
            return
        # Threads in a call cannot be stopped. What they hold is in the ledger, and becomes unknown.
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write("\x1b[?25h")  # the bar has hidden the cursor
        with suppress(RuntimeError):
            complain("left. What was under way is looked up by the next run, and never sent again unasked.")
        os._exit(INTERRUPTED)
