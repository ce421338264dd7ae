"""One attempt: how long it may take, and how far it has come."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from attrs import define, field

from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError, ConnectionLost, Phase, RequestTimeout
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.proxies import Via


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
    via: Via = field(factory=Via)
    """The proxy that the transport goes through, for errors."""
    began: float = field(factory=Clock.monotonic)
    reached: dict[Phase, float] = field(factory=dict)
    """When each phase that was marked began, on the same clock."""
    before_sending: Callable[[], None] | None = None
    """Called at the last moment before the first byte may leave; what it raises stops the attempt."""

    def enter(self, phase: Phase) -> None:
        """Mark that a phase has begun. Raises what `before_sending` does."""
        if phase == "send" and self.before_sending:
            self.before_sending()
        self.phase = phase
        self.reached[phase] = Clock.monotonic()

    def hand_over(self) -> None:
        """Leave the request to a library: it counts as sent until `connect` is marked."""
        if self.before_sending:
            self.before_sending()
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


@define
class Borrowed:
    """A transport of the user's: the client's close leaves it open, and ends the client all the same.

    What it raises that is not ours leaves the outcome UNKNOWN, whatever it has marked.
    """

    transport: Transport
    is_closed: bool = False

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        refuse_closed(exchange, is_closed=self.is_closed)
        exchange.hand_over()
        try:
            return self.transport.send(request, exchange)
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it raises
            raise _unexpected(self.transport, error) from None

    def close(self) -> None:
        """End the client's use of it."""
        self.is_closed = True


@define
class AsyncBorrowed:
    """Like Borrowed, as coroutines."""

    transport: AsyncTransport
    is_closed: bool = False

    async def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        refuse_closed(exchange, is_closed=self.is_closed)
        exchange.hand_over()
        try:
            return await self.transport.send(request, exchange)
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it raises
            raise _unexpected(self.transport, error) from None

    async def close(self) -> None:
        """End the client's use of it."""
        self.is_closed = True


def refuse_closed(exchange: Exchange, *, is_closed: bool) -> None:
    """Mark that nothing has been sent yet. Raises ConfigurationError where the client is closed."""
    exchange.enter("connect")
    if is_closed:
        raise ConfigurationError("the client is closed")


def _unexpected(transport: object, error: Exception) -> Exception:
    # Our own transports raise nothing unexpected: what comes out of one is a signal handler's.
    if type(transport).__module__.startswith("buzzeasy_soap."):
        return error
    return ConnectionLost(f"the transport raised {type(error).__name__}", phase="send")
