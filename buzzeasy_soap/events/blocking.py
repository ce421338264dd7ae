"""Call progress for blocking code: the asyncio client, run by an event loop in a thread of its own.

So there is one client, and a stream keeps answering its time-outs while the caller is busy. The
thread lives from the first call until `close`.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator
from types import TracebackType
from typing import Any, Self, TypeVar

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.events.aio import AsyncEventStream, TransportChoice, watch_async
from buzzeasy_soap.events.channel import EventTimeouts
from buzzeasy_soap.models import CallUpdate

T = TypeVar("T")


class _LoopThread:
    """An event loop in a thread, from the first call into it on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.closed = False

    def run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine to its end. Where the caller is interrupted it is cancelled, and has ended too."""
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
                ended.wait(5)  # never longer, should it have been cancelled before it began
            raise

    def close(self) -> None:
        """Stop the loop and join its thread."""
        with self._lock:
            loop, thread, self.closed = self._loop, self._thread, True
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self.closed:
                raise ConfigurationError("the event stream is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="buzzeasy-events", daemon=True
                )
                self._thread.start()
            return self._loop


class EventStream:
    """The progress of any number of calls, over one connection.

    Iterating ends once each call that was subscribed to has ended: by its final status, or since
    the hub closed the connection. The stream itself stays open for further calls until `close`.

    `events_url` is the event service's address without `/signalr`. Nothing is sent before the first
    `subscribe`. Threads may share a stream; each update goes to one of them.

    Raises `EventStreamLost` where a broken connection could not be brought up again within the
    time that the service gave for it.

    Source: Buzzeasy Callback API, "Event Notification Service".
    """

    def __init__(
        self,
        events_url: str,
        *,
        transport: TransportChoice = "auto",
        timeouts: EventTimeouts = EventTimeouts(),
        tls: TLS = TLS(),
        proxy: str | None = None,
        allow_insecure: bool = False,
    ) -> None:
        self._stream = AsyncEventStream(
            events_url,
            transport=transport,
            timeouts=timeouts,
            tls=tls,
            proxy=proxy,
            allow_insecure=allow_insecure,
        )
        self._thread = _LoopThread()

    def subscribe(self, confirmation_code: str) -> None:
        """Have the updates of one call sent, with those that have passed where the hub tells them.

        A code that is subscribed to already is left as it is. Raises `ServiceFault` where the hub
        refuses, `TransportError` or `ProtocolError` where the service cannot be reached or understood.
        """
        self._thread.run(lambda: self._stream.subscribe(confirmation_code))

    def next_update(self) -> CallUpdate | None:
        """The next update; None once no call is left to have one."""
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
        """End the connection: tell the service, then close. Does nothing the second time."""
        if not self._thread.closed:
            try:
                self._thread.run(self._stream.close)
            finally:
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
    proxy: str | None = None,
    allow_insecure: bool = False,
) -> Generator[CallUpdate, None, None]:
    """The progress of one call, until its final status, the hub's `closeConnection`, or the timeout.

    `timeout` is in seconds from now, None for no end. Leaving the loop unsubscribes and closes.

    Raises `RequestTimeout` where the call could not even be subscribed to in that time, and what
    `EventStream` raises.
    """
    updates = watch_async(
        events_url,
        confirmation_code,
        timeout=timeout,
        transport=transport,
        timeouts=timeouts,
        tls=tls,
        proxy=proxy,
        allow_insecure=allow_insecure,
    )

    async def following() -> CallUpdate | None:
        return await anext(updates, None)

    thread = _LoopThread()
    try:
        while (update := thread.run(following)) is not None:
            yield update
    finally:
        try:
            thread.run(updates.aclose)
        finally:
            thread.close()
