"""A watcher: records what becomes of a campaign's calls, on a connection to the event service for many of them.

A thread reads each connection; another subscribes to calls as they are placed, and records in batches
what was heard. If a connection is lost for good, all are opened again, and every call that is not over
subscribed again: the service then repeats what it has said of it.
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Final

from buzzeasy_soap.clients.blocking import BuzzeasyClient
from buzzeasy_soap.errors import (
    BuzzeasyError,
    EventStreamLost,
    LedgerError,
    ProtocolError,
    ServiceFault,
    TransportError,
)
from buzzeasy_soap.events import EventStream
from buzzeasy_soap.ledger.ledger import Ledger
from buzzeasy_soap.ledger.model import Campaign
from buzzeasy_soap.models import CallUpdate

_LOOK: Final = 1.0
"""Seconds between two looks for calls that were placed."""
_OVERLAP: Final = 30.0
"""Seconds that each look goes back: a transaction may be seen later than the time that it bears."""
_BATCH: Final = 1000
MOST_CALLS: Final = 500
"""How many calls are followed on one connection: SignalR tells a client all of them again and again, in a token."""
_LONGEST_WAIT: Final = 60.0

logger = logging.getLogger("buzzeasy_soap")


class Watcher:
    """Records what becomes of a campaign's calls. One for each campaign is enough; more do no harm."""

    def __init__(self, ledger: Ledger, client: BuzzeasyClient, campaign: Campaign) -> None:
        """Raises ConfigurationError where the client has no events_url."""
        client.event_stream().close()
        self._book, self._client, self._campaign = ledger.book, client, campaign
        self._stopping = threading.Event()
        self._heard: list[CallUpdate] = []
        """What is not recorded yet."""
        self._wait = _LOOK
        """Seconds until the stream is opened again, if it is lost."""

    def stop(self) -> None:
        """End once what was heard is recorded. Safe in a signal's handler."""
        self._stopping.set()

    def run(self, *, until_over: bool, on_look: Callable[[], None] = lambda: None) -> None:
        """Watch until told to stop; or, `until_over`, until the service has said of every call that it is over.

        `on_look` is called about once a second. Whatever fails is tried again.
        """
        while True:
            following = _Following(self._client.event_stream)
            try:
                self._follow(following, until_over=until_over, on_look=on_look)
            except (TransportError, EventStreamLost, ProtocolError, LedgerError) as error:
                logger.warning("the progress of calls: %s; again in %.0f s", error, self._wait)
            else:
                return
            finally:
                following.close()
            self._stopping.wait(self._wait)
            self._wait = min(_LONGEST_WAIT, self._wait * 2)

    def _follow(self, following: "_Following", *, until_over: bool, on_look: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            new = self._subscribe(following)
            self._stopping.wait(_LOOK)
            is_over = following.is_over()
            self._record(following)
            self._wait = _LOOK
            on_look()
            if until_over and is_over and not new:
                return

    def _subscribe(self, following: "_Following") -> bool:
        """Subscribe to the calls that were placed since the last look: whether there are any."""
        new, at = False, following.since
        while True:
            found = self._book.calls_to_watch(self._campaign, at, _BATCH)
            for placed_at, code in found:
                if self._stopping.is_set():
                    return new
                if code not in following.codes:
                    following.subscribe(code, placed_at)
                    new = True
            if len(found) < _BATCH:
                return new
            at = found[-1][0]
            self._record(following)

    def _record(self, following: "_Following") -> None:
        self._heard += following.heard()
        self._book.heard(self._campaign, self._heard)
        self._heard.clear()
        following.check()


class _Following:
    """The calls that are followed, on connections that are added as each is full."""

    def __init__(self, open_stream: Callable[[], EventStream]) -> None:
        self.codes: dict[str, float] = {}
        """Those subscribed of late, and when they were placed."""
        self.since = 0.0
        self._open_stream = open_stream
        self._connections: list[_Connection] = []
        self._updates: queue.SimpleQueue[CallUpdate] = queue.SimpleQueue()

    def subscribe(self, code: str, placed_at: float) -> None:
        """Subscribe to a call; one that the service refuses is left out."""
        self._subscribe(code)
        self.codes[code] = placed_at
        if placed_at - _OVERLAP > self.since:
            self.since = placed_at - _OVERLAP
            if len(self.codes) > _BATCH:
                self.codes = {known: at for known, at in self.codes.items() if at >= self.since}

    def heard(self) -> list[CallUpdate]:
        """What was heard since it was asked last."""
        return [self._updates.get_nowait() for _ in range(self._updates.qsize())]

    def check(self) -> None:
        """Raise what has ended a connection; close those that are full and no longer needed."""
        for connection in list(self._connections):
            connection.check()
            if connection.is_full and connection.is_over():
                self._connections.remove(connection)
                connection.close()

    def is_over(self) -> bool:
        """Whether every call that was subscribed is over, and its updates are there to be heard."""
        return all(connection.is_over() for connection in self._connections)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._connections:
            connection.close()

    def _subscribe(self, code: str) -> None:
        if not self._connections or self._connections[-1].is_full:
            self._connections.append(_Connection(self._open_stream(), self._updates))
        connection = self._connections[-1]
        try:
            connection.subscribe(code)
        except ServiceFault as error:
            if connection.calls:  # a service may allow fewer calls on each
                connection.is_full = True
                self._subscribe(code)
            else:
                logger.warning("the progress of %s cannot be followed: %s", code, error)


class _Connection:
    """A stream, read by a thread of its own."""

    def __init__(self, stream: EventStream, updates: "queue.SimpleQueue[CallUpdate]") -> None:
        self.calls = 0
        self.is_full = False
        self._stream, self._updates = stream, updates
        self._error: BuzzeasyError | None = None
        self._closing = False
        self._idle, self._wake = threading.Event(), threading.Event()
        self._reader = threading.Thread(target=self._read, name="buzzeasy-watcher", daemon=True)
        self._reader.start()

    def subscribe(self, code: str) -> None:
        """Subscribe to a call. Raises the errors of `EventStream.subscribe`."""
        self._stream.subscribe(code)
        self.calls += 1
        self.is_full = self.calls >= MOST_CALLS
        self._wake.set()

    def is_over(self) -> bool:
        """Whether every call that was subscribed is over, and its updates are there to be heard."""
        return self._idle.is_set() and not self._wake.is_set()

    def check(self) -> None:
        """Raise what has ended the reading."""
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """End the reading, and the stream."""
        self._closing = True
        self._stream.close()
        self._wake.set()
        self._reader.join()

    def _read(self) -> None:
        try:
            while not self._closing:
                self._wake.clear()
                update = self._stream.next_update()
                if update is not None:
                    self._updates.put(update)
                elif not self._closing:
                    self._idle.set()
                    self._wake.wait()
                    self._idle.clear()
        except BuzzeasyError as error:
            self._error = error
