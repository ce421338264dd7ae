"""One attempt: how long it may take, and how far it has come."""

from collections.abc import Awaitable
from typing import Protocol

from attrs import define, field, frozen

from buzzeasy_soap.errors import BuzzeasyError, ConnectionLost, Phase, RequestTimeout
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse


@define
class Exchange:
    """The limits of one attempt, which the transport keeps, and the phases, which it marks.

    What it marks decides whether a request may be sent again. A request counts as sent from the
    moment a transport gets it, for a transport that marks nothing proves nothing. One that can
    tell marks `connect` while it provably has sent nothing, and `send` before the first byte of
    the request is written, never after.
    """

    connect: float
    """Seconds to open a connection."""
    read: float
    """Seconds of silence."""
    deadline: float
    """When the whole call must have ended, on the clock of `Clock.monotonic`."""
    max_reply_bytes: int
    """Counted after any content encoding is undone."""
    phase: Phase = "send"
    began: float = field(factory=Clock.monotonic)
    reached: dict[Phase, float] = field(factory=dict)
    """When each phase that was marked began, on the same clock."""

    def enter(self, phase: Phase) -> None:
        """Mark that a phase has begun."""
        self.phase = phase
        self.reached[phase] = Clock.monotonic()

    def hand_over(self) -> None:
        """Leave the request to a library: it counts as sent until `connect` is marked."""
        self.phase = "send"

    @property
    def sent(self) -> bool:
        """Whether a byte of the request may have left."""
        return self.phase != "connect"

    def left(self, longest: float) -> float:
        """Seconds until the deadline, or `longest` if that is less. Raises RequestTimeout past the deadline."""
        left = self.deadline - Clock.monotonic()
        if left <= 0:
            raise RequestTimeout("the deadline of the call has passed", phase=self.phase)
        return min(left, longest)


class Transport(Protocol):
    """Sends bytes and reads bytes; never looks inside, never sends again, follows no redirect.

    Raises ConnectFailed, RequestTimeout or ConnectionLost, and ProtocolError for a reply that is
    no HTTP or larger than `exchange.max_reply_bytes`.
    """

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """Like Transport, as coroutines."""

    def send(self, request: HttpRequest, exchange: Exchange, /) -> Awaitable[HttpResponse]: ...

    async def close(self) -> None: ...


@frozen
class Guarded:
    """A transport of the user's: what it raises that is not ours leaves the outcome UNKNOWN."""

    transport: Transport

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        try:
            return self.transport.send(request, exchange)
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it raises, nobody knows what was sent
            raise _lost(error) from None

    def close(self) -> None:
        """Nothing: the transport is the user's."""


@frozen
class AsyncGuarded:
    """Like Guarded, as coroutines."""

    transport: AsyncTransport

    async def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        try:
            return await self.transport.send(request, exchange)
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it raises, nobody knows what was sent
            raise _lost(error) from None

    async def close(self) -> None:
        """Nothing: the transport is the user's."""


def _lost(error: Exception) -> ConnectionLost:
    return ConnectionLost(f"the transport raised {type(error).__name__}", phase="send")
