"""A connection to the event service that stays up: if it breaks, it is resumed or replaced.

A channel is always in one of four states:

    NEW     not negotiated yet              no link, nothing lost
    UP      the stream is open              has a link
    LOST    the stream broke, time is left  no link, `Connection.give_up_at` is set
    BROKEN  it cannot be restored           `_broken` is set

These are all the transitions:

    NEW  -> UP       bring_up        negotiate, connect, start; an error is raised and the state stays NEW
    UP   -> LOST     listen, invoke  the stream broke, was silent for too long, or could not be read
    LOST -> UP       bring_up        resumed: the service continues after the last message read
    LOST -> UP       bring_up        replaced: on a new connection, `on_replaced` subscribes again
    LOST -> BROKEN   bring_up        time ran out, or the hub refused to subscribe us again
    UP   -> BROKEN   listen          a ping was answered with 401 or 403

Resuming is tried first, because only resuming loses nothing. A connection is replaced if resuming
cannot work (the service sent no groups token), was refused, or brought nothing twice in a row (eight
times if the network breaks it, where resuming may still work), and if a message could not be read or
an invocation was in progress (`Connection.forget`). `close` can be called in any state.

Only one task at a time drives a channel; other tasks may only call `interrupt`. Every method can be
cancelled at any `await` and called again, for three reasons: `_read` handles a message in one go, with
no `await` between taking it from the link and passing its calls to the owner; a link keeps what it has
received but not yet returned; and an attempt to come up that is cancelled drops its link, so the state
stays NEW or LOST.

The owner pulls (`bring_up`, `listen`, `invoke`), but frames are pushed to it through `on_frame`. All
three methods read frames: updates also arrive while a stream comes up or a reply is pending. To return
them, each method would need a second result, and a method that was cancelled or failed would lose what
it had already read. `on_frame` may only record a frame: it must not call the channel, wait, or raise.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, Literal, NoReturn, TypeAlias

from attrs import field, frozen

from buzzeasy_soap.config import TLS, check_positive
from buzzeasy_soap.errors import (
    BuzzeasyError,
    EventStreamLost,
    ProtocolError,
    RequestTimeout,
    ServiceFault,
    TransportError,
)
from buzzeasy_soap.events.links import Http, Link, StreamEnded, open_link
from buzzeasy_soap.events.protocol import Action, Connection, Frame, HubResult, HubTransport
from buzzeasy_soap.wire.redaction import without_traceback
from buzzeasy_soap.wire.transports.tls import ssl_context

_ABORT: Final = 1.0
"""Maximum seconds for telling the service that the connection ends."""
_LISTEN: Final = 1.0
"""Minimum seconds of listening before silence counts, even if nobody listened for a while before."""
_SLACK: Final = 0.01
"""Seconds by which a timer may fire early."""
_QUICK_POLLS: Final = 5
"""Immediate empty replies to polls, in a row, before we slow down."""
_PATIENCE: Final = 8
"""Resumptions in a row that the network breaks before they bring anything, until we open a new connection."""
_ENDED: Final = _PATIENCE // 2
"""For how many of those it counts if the service ends one itself, or is silent."""


Heard: TypeAlias = Literal["message", "silence", "disturbed"]
"""The result of listening; `disturbed` means a broken stream or an interruption."""


@frozen
class EventTimeouts:
    """Time limits in seconds. The event service sets the others during negotiation."""

    connect: float = field(default=5.0, validator=check_positive)
    """To open one TCP connection."""
    reply: float = field(default=10.0, validator=check_positive)
    """To get the reply to one request or invocation."""
    reconnect_delay: float = field(default=2.0, validator=check_positive)
    """Between attempts to reconnect, plus or minus half of it; the first is made at once."""


class Channel:
    """One connection of a hub's client. The module docstring describes its states."""

    def __init__(
        self,
        connection: Connection,
        transports: Sequence[HubTransport],
        *,
        timeouts: EventTimeouts,
        tls: TLS,
        proxy: str | None,
        on_frame: Callable[[Frame], None],
        on_replaced: Callable[[], Awaitable[None]],
    ) -> None:
        """`on_frame` receives each message; `on_replaced` subscribes again on a new connection."""
        self._connection = connection
        self._transports = transports
        self._transport: HubTransport = transports[0]
        self._timeouts = timeouts
        self._tls = tls
        self._proxy = proxy
        self._on_frame = on_frame
        self._on_replaced = on_replaced
        self._http: Http | None = None
        self._link: Link | None = None
        self._results: dict[str, HubResult] = {}
        self._listening: asyncio.Timeout | None = None
        self._listening_since = 0.0
        self._attempted_at = float("-inf")
        self._quick_polls = 0
        self._resumed_unheard = False
        self._unheard_resumes = 0
        self._reason: BuzzeasyError | None = None
        """The last failure since the stream was up."""
        self._broken: EventStreamLost | None = None

    async def bring_up(self) -> None:
        """Connect or reconnect. Raises the error itself the first time, and EventStreamLost later."""
        if self._broken is not None:
            raise self._broken
        if self._link is not None:
            return
        if self._connection.give_up_at is not None:
            await self._recover()
            return
        if self._http is None:
            self._http = Http(
                connect_timeout=self._timeouts.connect,
                reply_timeout=self._timeouts.reply,
                context=ssl_context(self._tls) if self._connection.is_secure else None,
                proxy=self._proxy,
            )
        try:
            await self._establish()
        except BaseException:
            await self._drop_link()
            raise

    async def listen(self, until: float | None) -> Heard:
        """Read one message, or wait until a time on the loop's clock, for at least `_LISTEN` seconds."""
        began = _now()
        if self._transport == "longPolling":
            self._listening_since = began
        due = self._connection.due(self._transport, self._listening_since).at
        wake = due if until is None else min(due, until)
        try:
            async with asyncio.timeout_at(max(wake, began + _LISTEN)) as self._listening:
                frame = self._read(await self._require_link().receive())
        except RequestTimeout as error:
            await self._lose(error)
            return "disturbed"
        except TimeoutError:
            if _now() < began + _LISTEN - _SLACK:
                return "disturbed"
            await self._act()
            return "silence"
        except (TransportError, ProtocolError) as error:
            await self._lose(error)
            return "disturbed"
        finally:
            self._listening = None
        self._resumed_unheard, self._unheard_resumes, self._reason = False, 0, None
        self._connection.recovered()
        if self._transport == "longPolling":
            if frame.please_reconnect:
                await self._lose()
            else:
                await self._rest_between_polls(frame, began)
        return "message"

    def interrupt(self) -> None:
        """Make `listen` return at once."""
        if self._listening is not None and not self._listening.expired():
            self._listening.reschedule(_now())

    async def invoke(self, hub: str, method: str, *arguments: object) -> object:
        """Call a method of the hub and return its result.

        Raises ServiceFault if the hub replies with an error, RequestTimeout if it does not reply,
        ProtocolError if the reply cannot be read, and another TransportError if the connection
        breaks; the next `bring_up` then replaces it.
        """
        number, invocation = self._connection.invocation(hub, method, *arguments)
        try:
            async with asyncio.timeout(self._timeouts.reply):
                result = await self._result(number, invocation)
        except RequestTimeout:
            raise
        except TimeoutError:
            # A service that does not know the hub does not reply at all.
            raise RequestTimeout("the hub did not reply in time", phase="read") from None
        except TransportError as error:
            # The hub may have received it and be about to repeat the past, which a resumed stream would bring twice.
            await self._lose(error)
            self._connection.forget()
            raise
        if result.error is not None:
            code = "HubException" if result.is_hub_exception else "HubError"
            detail = None if result.error_data is None else str(result.error_data)
            raise ServiceFault(code=code, reason=result.error, detail=detail)
        return result.value

    async def close(self) -> None:
        """Notify the service and close the connection."""
        try:
            if self._http is not None and self._link is not None:
                async with asyncio.timeout(_ABORT):
                    await self._http.fetch("POST", self._connection.abort_url(self._transport))
        except (BuzzeasyError, TimeoutError):
            pass  # The service will notice later.
        finally:
            await self._drop_link()
            if self._http is not None:
                await self._http.close()

    # Coming up

    async def _establish(self) -> None:
        """Negotiate, connect by the first transport that works, and start."""
        http, connection = self._require_http(), self._connection
        terms = connection.negotiated(await http.fetch("GET", connection.negotiate_url()), _now())
        self._resumed_unheard, self._unheard_resumes = False, 0
        failures = []
        for transport in self._transports:
            if transport == "webSockets" and not terms.try_web_sockets:
                failures.append("webSockets: not offered by the service")
                continue
            try:
                async with asyncio.timeout(terms.transport_connect_timeout):
                    await self._connect(transport)
                break
            except (TransportError, ProtocolError, TimeoutError) as error:
                await self._drop_link()
                failures.append(f"{transport}: {str(error) or 'not connected in time'}")
        else:
            raise ProtocolError(
                "no transport could connect to the event service", excerpt="; ".join(failures)
            )
        # From here on there is no fallback: the service is bound to this transport.
        started = await http.fetch("GET", connection.start_url(self._transport))
        if '"started"' not in started:
            raise ProtocolError("the event service did not start the connection", excerpt=started[:200])

    async def _connect(self, transport: HubTransport) -> None:
        self._transport = transport
        self._link = await open_link(self._require_http(), self._connection, transport, resume=False)
        self._listening_since = _now()
        while not self._read(await self._link.receive()).initialised:
            pass

    async def _resume(self) -> None:
        self._resumed_unheard = True
        async with asyncio.timeout(self._timeouts.reply):
            self._link = await open_link(self._require_http(), self._connection, self._transport, resume=True)
        self._listening_since = _now()

    # Breaking, and coming up again

    async def _recover(self) -> None:
        connection = self._connection
        while self._link is None and (give_up_at := connection.give_up_at) is not None:
            try:
                async with asyncio.timeout_at(give_up_at):
                    await self._pace()
                    if connection.can_resume and self._unheard_resumes < _PATIENCE:
                        await self._resume()
                        is_new = False
                    else:
                        await self._establish()
                        is_new = True
                # Outside the time limit: many subscriptions can take long, and each has its own limit.
                if is_new:
                    await self._on_replaced()
                    connection.recovered()
            except (TransportError, ProtocolError, TimeoutError) as error:
                if isinstance(error, BuzzeasyError):  # a timeout says less than the error before it
                    self._reason = without_traceback(error)
                if isinstance(error, ProtocolError) and 400 <= (error.status or 0) < 500:
                    connection.forget()
                await self._drop_link()
            except ServiceFault as error:
                await self._drop_link()
                raise self._break("the hub refused to subscribe us again", error) from error
            except BaseException:
                await self._drop_link()
                raise
            if self._link is None and _now() >= give_up_at - _SLACK:
                limit = connection.terms.disconnect_timeout
                reason = self._reason
                raise self._break(f"reconnecting failed for {limit:g} seconds", reason) from reason

    async def _pace(self) -> None:
        delay = self._timeouts.reconnect_delay * random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, protects nothing
        await asyncio.sleep(max(0.0, self._attempted_at + delay - _now()))
        self._attempted_at = _now()

    async def _lose(self, error: BuzzeasyError | None = None) -> None:
        """Drop a broken stream. When it is resumed, the service sends the rest."""
        self._connection.lost(_now())
        if error is not None:
            self._reason = without_traceback(error)
        if isinstance(error, ProtocolError) and (error.status or 0) < 500:
            self._connection.forget()  # Resuming would bring the same message again.
        if self._resumed_unheard and self._require_link().is_up:
            # A connection that the service has discarded can be resumed again and again without effect.
            is_broken = error is not None and not isinstance(error, StreamEnded)
            self._unheard_resumes += 1 if is_broken else _ENDED
        self._resumed_unheard = False
        await self._drop_link()

    def _break(self, what: str, reason: BuzzeasyError | None) -> EventStreamLost:
        self._broken = EventStreamLost(f"{what}: {reason}" if reason else what)
        return self._broken

    async def _drop_link(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    # While it is up

    def _read(self, text: str) -> Frame:
        frame = self._connection.receive(text, _now())
        if frame.result is not None:
            self._results = {frame.result.id: frame.result}  # At most one is pending at a time.
        self._on_frame(frame)
        return frame

    async def _result(self, number: str, invocation: str) -> HubResult:
        link = self._require_link()
        if self._transport == "longPolling":
            reply = await self._polling_meanwhile(link.invoke(invocation))
        else:
            reply = await link.invoke(invocation)
        if reply is not None:
            self._read(reply)
        while (result := self._results.pop(number, None)) is None:
            if reply is not None:
                raise ProtocolError("the hub's reply does not match the invocation", excerpt=reply[:200])
            self._read(await link.receive())
        return result

    async def _polling_meanwhile(self, invoking: Coroutine[Any, Any, str | None]) -> str | None:
        # The service adds a client to a group when it answers the client's next poll, and a hub
        # method that waits for that does not reply any sooner.
        invocation, polling = asyncio.create_task(invoking), asyncio.create_task(self._keep_polling())
        try:
            await asyncio.wait([invocation, polling], return_when=asyncio.FIRST_COMPLETED)
            return await (invocation if invocation.done() else polling)
        finally:
            invocation.cancel()
            polling.cancel()
            await asyncio.gather(invocation, polling, return_exceptions=True)

    async def _keep_polling(self) -> NoReturn:
        while True:
            began = _now()
            frame = self._read(await self._require_link().receive())
            await self._rest_between_polls(frame, began)

    async def _act(self) -> None:
        """Do what became due while nothing arrived."""
        due = self._connection.due(self._transport, self._listening_since)
        if due.at > _now() + _SLACK:
            return
        if due.action is Action.PING:
            await self._ping()
        else:
            await self._lose()

    async def _ping(self) -> None:
        self._connection.pinged(_now())
        try:
            await self._require_http().fetch("GET", self._connection.ping_url())
        except ProtocolError as error:
            if error.status in (401, 403):
                raise self._break("the event service denied access", error) from error
        except TransportError:
            pass  # If the stream is gone too, its silence will show it.

    async def _rest_between_polls(self, frame: Frame, began: float) -> None:
        is_empty = not frame.calls and not frame.has_groups_token
        self._quick_polls = self._quick_polls + 1 if is_empty and _now() - began < _LISTEN else 0
        pause = self._timeouts.reconnect_delay if self._quick_polls > _QUICK_POLLS else 0.0
        await asyncio.sleep(max(pause, frame.poll_delay))

    def _require_link(self) -> Link:
        assert self._link is not None, "bring_up comes first"
        return self._link

    def _require_http(self) -> Http:
        assert self._http is not None, "bring_up comes first"
        return self._http


def _now() -> float:
    return asyncio.get_running_loop().time()
