"""The events in the lives of calls, told to whoever listens."""

import datetime as dt
from collections.abc import Callable

from attrs import frozen

from buzzeasy_soap.enums import CallStatus


@frozen
class CallEvent:
    """A call has taken a status."""

    company: int
    confirmation_code: str
    status: CallStatus
    at: dt.datetime
    """Aware, UTC, by the sandbox's clock."""


class Events:
    """Tells each new event to its listeners, in the order of their times, in the server's event loop.

    An event is told once it is stored: who subscribes first and then asks the service for
    the past events of a call, with no `await` between, misses none and gets none twice.
    """

    def __init__(self) -> None:
        self._listeners: dict[object, Callable[[CallEvent], None]] = {}

    def subscribe(self, listener: Callable[[CallEvent], None]) -> Callable[[], None]:
        """Call `listener` with each event from now on; the answer ends that."""
        key = object()
        self._listeners[key] = listener

        def unsubscribe() -> None:
            self._listeners.pop(key, None)

        return unsubscribe

    def publish(self, event: CallEvent) -> None:
        """Tell one event. A listener must neither block nor raise."""
        for listener in list(self._listeners.values()):
            listener(event)
