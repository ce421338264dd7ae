"""Publishes the events of calls to listeners."""

import datetime as dt
from collections.abc import Callable

from attrs import frozen

from buzzeasy_soap.enums import CallStatus


@frozen
class CallEvent:
    """A call has reached a status."""

    company: int
    confirmation_code: str
    status: CallStatus
    at: dt.datetime
    """Aware, UTC, by the sandbox's clock."""


class Events:
    """Publishes new events to its listeners, in chronological order, in the server's event loop.

    Events are published after they are stored: a listener that subscribes and then asks the service
    for a call's past events, with no `await` in between, misses none and gets none twice.
    """

    def __init__(self) -> None:
        self._listeners: dict[object, Callable[[CallEvent], None]] = {}

    def subscribe(self, listener: Callable[[CallEvent], None]) -> Callable[[], None]:
        """Call `listener` with each new event; return a function that unsubscribes it."""
        key = object()
        self._listeners[key] = listener

        def unsubscribe() -> None:
            self._listeners.pop(key, None)

        return unsubscribe

    def publish(self, event: CallEvent) -> None:
        """Publish an event. Listeners must neither block nor raise."""
        for listener in list(self._listeners.values()):
            listener(event)
