"""Call progress for blocking code: the asyncio stream, run by an event loop in a separate thread.

This way there is only one implementation, and a stream keeps its connection alive while the caller
is busy. The thread lives from the first call until `close`, or until the interpreter exits.
"""

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.events.aio import (
    AsyncEventStream,
    TransportChoice,
    check_wait,
    next_update_by,
    subscribe_by,
)
from buzzeasy_soap.events.channel import EventTimeouts
from buzzeasy_soap.models import CallUpdate
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.redaction import Secret, hidden

T = TypeVar("T")

_ENDING: Final = 1.0
"""Seconds that running calls have to finish after their stream is closed."""


class _Loop(asyncio.SelectorEventLoop):
    """Uses the real clock, even if a test freezes `time.monotonic`."""

    def time(self) -> float:
        return Clock.monotonic()


class _LoopThread:
    """An event loop in a thread, running from the first call until `close`."""

    def __init__(self, finish: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """`finish` runs last and makes everything else that is running end."""
        self._finish = finish
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.closed = False

    def run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine to completion. If the caller is interrupted, cancel it and wait for it to end."""
        loop = self._started()
        ended = threading.Event()

        async def whole() -> T:
            try:
                return await make()
            finally:
                ended.set()

        future = asyncio.run_coroutine_threadsafe(whole(), loop)
        try:
            return future.result()
        except BaseException:
            if future.cancel():
                ended.wait(5)  # never set if the coroutine was cancelled before it started
            raise

    def close(self) -> None:
        """Finish, stop the loop and join its thread. Further calls do nothing."""
        with self._lock:
            loop, thread, self.closed = self._loop, self._thread, True
            self._loop = self._thread = None
        _running.discard(self)
        if loop is None or thread is None or not thread.is_alive():  # a forked process has no such thread
            return
        ending = asyncio.run_coroutine_threadsafe(self._end(), loop)
        ending.add_done_callback(lambda _: loop.call_soon_threadsafe(loop.stop))
        if thread is not threading.current_thread():  # the garbage collector may close it from there
            thread.join()
            ending.result()

    async def _end(self) -> None:
        try:
            await self._finish()
        finally:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            late = (await asyncio.wait(others, timeout=_ENDING))[1] if others else ()
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            await asyncio.get_running_loop().shutdown_default_executor()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self.closed:
                raise ConfigurationError("the event stream is closed")
            if self._loop is None:
                self._loop = _Loop()
                self._thread = threading.Thread(
                    target=_run_and_close, args=(self._loop,), name="buzzeasy-events", daemon=True
                )
                self._thread.start()
                _running.add(self)
            return self._loop


def _run_and_close(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


_running: Final[set[_LoopThread]] = set()


@atexit.register
def _close_all() -> None:
    # The interpreter stops daemon threads next. A generator closed after that, for example one held
    # by a module, would wait for its thread forever.
    for thread in list(_running):
        with suppress(Exception):
            thread.close()


class EventStream:
    """The progress of any number of calls, over one connection.

    Iteration ends when every subscribed call has ended, by its final status or by the hub's
    `closeConnection`. The stream itself stays open for more calls until `close`.

    `events_url` is the event service's address without `/signalr`. Nothing is sent before the first
    `subscribe`. Threads can share a stream; each update goes to one of them.

    Raises `EventStreamLost` if a broken connection cannot be restored within the time that the
    service allows.

    Source: Buzzeasy Callback API, "Event Notification Service".
    """

    def __init__(
        self,
        events_url: str,
        *,
        transport: TransportChoice = "auto",
        timeouts: EventTimeouts = EventTimeouts(),
        tls: TLS = TLS(),
        proxy: str | Secret | None = None,
        allow_insecure: bool = False,
    ) -> None:
        proxy = hidden(proxy)
        self._stream = AsyncEventStream(
            events_url,
            transport=transport,
            timeouts=timeouts,
            tls=tls,
            proxy=proxy,
            allow_insecure=allow_insecure,
        )
        self._thread = _LoopThread(self._stream.close)

    def subscribe(self, confirmation_code: str) -> None:
        """Subscribe to the updates of one call. Some hubs send past updates first.

        Does nothing if the code is already subscribed. Raises `ServiceFault` if the hub refuses, and
        `TransportError` or `ProtocolError` if the service cannot be reached or understood.
        """
        self._thread.run(lambda: self._stream.subscribe(confirmation_code))

    def next_update(self) -> CallUpdate | None:
        """Return the next update, or None when every call has ended."""
        if self._thread.closed:
            return None
        return self._thread.run(self._stream.next_update)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> CallUpdate:
        update = self.next_update()
        if update is None:
            raise StopIteration
        return update

    def close(self) -> None:
        """Notify the service and close the connection. Further calls do nothing."""
        self._thread.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def watch(
    events_url: str,
    confirmation_code: str,
    *,
    timeout: float | None = None,
    transport: TransportChoice = "auto",
    timeouts: EventTimeouts = EventTimeouts(),
    tls: TLS = TLS(),
    proxy: str | Secret | None = None,
    allow_insecure: bool = False,
) -> Generator[CallUpdate, None, None]:
    """Iterate over the progress of one call until its final status, `closeConnection`, or the timeout.

    `timeout` is in seconds from now; None means no limit. Leaving the loop unsubscribes and closes.

    Raises `RequestTimeout` if the timeout passes before the call is subscribed, and the errors of
    `EventStream`.
    """
    check_wait(timeout)
    proxy = hidden(proxy)
    stream = AsyncEventStream(
        events_url,
        transport=transport,
        timeouts=timeouts,
        tls=tls,
        proxy=proxy,
        allow_insecure=allow_insecure,
    )
    deadline = None if timeout is None else Clock.monotonic() + timeout
    thread = _LoopThread(stream.close)
    try:
        thread.run(lambda: subscribe_by(deadline, stream, confirmation_code))
        while not thread.closed:
            update = thread.run(lambda: next_update_by(deadline, stream))
            if update is None:
                return
            yield update
    finally:
        thread.close()
