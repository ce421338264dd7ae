"""Call progress for asyncio. The blocking streams are built on this module: see `blocking.py`."""

import asyncio
import datetime as dt
import logging
import math
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from attrs import define, field

from buzzeasy_soap.config import TLS, check_events_url, check_type, is_loopback
from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.errors import (
    BuzzeasyError,
    ConfigurationError,
    EventStreamLost,
    InvalidRequest,
    ProtocolError,
    RequestTimeout,
    ServiceFault,
    TransportError,
)
from buzzeasy_soap.events.channel import Channel, EventTimeouts
from buzzeasy_soap.events.protocol import TRANSPORTS, Connection, Frame, HubCall
from buzzeasy_soap.events.replay import History
from buzzeasy_soap.models import CallUpdate
from buzzeasy_soap.wire.proxies import Proxies, check_proxy
from buzzeasy_soap.wire.redaction import Secret, hidden, without_traceback

logger = logging.getLogger("buzzeasy_soap")

TransportChoice: TypeAlias = Literal["auto", "webSockets", "serverSentEvents", "longPolling"]

HUB: Final = "NotifyMe"
_SLACK: Final = 0.01
"""Seconds by which a timer may fire early."""
_KNOWN: Final = frozenset(CallStatus)
_FINAL: Final = frozenset(status for status in CallStatus if status.is_final)


@define(eq=False)
class _Subscription:
    code: str
    history: History = field(factory=History)
    confirmed: bool = False
    error: BuzzeasyError | None = None


class AsyncEventStream:
    """The progress of any number of calls, over one connection.

    Iteration ends when every subscribed call has ended, by its final status or by the hub's
    `closeConnection`. The stream itself stays open for more calls until `close`.

    `events_url` is the event service's address without `/signalr`. Nothing is sent before the first
    `subscribe`. Tasks of one event loop can share a stream; each update goes to one of them.

    Raises `EventStreamLost` if a broken connection cannot be restored within the time that the
    service allows, and `ConfigurationError` if a second event loop uses the stream.

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
        _check_settings(events_url, transport, allow_insecure=allow_insecure)
        check_type("timeouts", timeouts, EventTimeouts, "an EventTimeouts")
        check_type("tls", tls, TLS, "a TLS, such as TLS(ca_bundle='ca.pem')")
        proxy = hidden(proxy)
        self._channel = Channel(
            Connection(events_url, [HUB]),
            TRANSPORTS if transport == "auto" else (transport,),
            timeouts=timeouts,
            tls=tls,
            proxy=_proxy_for(events_url, proxy),
            on_frame=self._receive,
            on_replaced=self._subscribe_again,
        )
        self._lock = asyncio.Lock()
        self._step: asyncio.Timeout | None = None
        self._subscriptions: dict[str, _Subscription] = {}
        self._updates: deque[CallUpdate] = deque()
        self._unclosed = 0
        self._has_logged = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def subscribe(self, confirmation_code: str) -> None:
        """Subscribe to the updates of one call. Some hubs send past updates first.

        Does nothing if the code is already subscribed. Raises `ServiceFault` if the hub refuses, and
        `TransportError` or `ProtocolError` if the service cannot be reached or understood.
        """
        self._check_loop()
        if not isinstance(confirmation_code, str) or not confirmation_code.strip():
            message = "confirmation_code must be a str that is not blank"
            raise InvalidRequest(message, parameter="confirmation_code")
        key = confirmation_code.casefold()
        subscription = self._subscriptions.setdefault(key, _Subscription(confirmation_code))
        # A listening task can hold the lock for minutes.
        self._channel.interrupt()
        try:
            while not subscription.confirmed:
                async with self._lock:
                    if self._closed:
                        raise ConfigurationError("the event stream is closed")
                    if not subscription.confirmed and subscription.error is None:
                        await self._advance()
                if subscription.error is not None:
                    raise subscription.error
        except BaseException:
            self._subscriptions.pop(key, None)
            raise

    async def next_update(self) -> CallUpdate | None:
        """Return the next update, or None when every call has ended. Can be cancelled and called again."""
        self._check_loop()
        while not self._updates:
            async with self._lock:
                if self._closed or not (self._subscriptions or self._updates):
                    return None
                if not self._updates:
                    await self._advance()
        return self._updates.popleft()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> CallUpdate:
        update = await self.next_update()
        if update is None:
            raise StopAsyncIteration
        return update

    async def close(self) -> None:
        """Notify the service and close the connection. Further calls do nothing."""
        if not self._closed:
            self._check_loop()
            self._closed = True
            # Cancel the current step, even if it is reconnecting.
            if self._step is not None and not self._step.expired():
                self._step.reschedule(0)
            async with self._lock:
                await self._channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def _check_loop(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise ConfigurationError("the event stream is already used by another event loop")

    # One step, taken by the task that holds the lock

    async def _advance(self) -> None:
        # Frames and errors below would show the address of the proxy, and aiohttp's errors what it is sent.
        try:
            async with asyncio.timeout(None) as self._step:
                await self._take_step()
        except TimeoutError as error:
            if not self._closed:
                raise without_traceback(error) from None
        except BuzzeasyError as error:
            cause = error.__cause__ if isinstance(error, EventStreamLost) else None
            raise without_traceback(error) from cause
        finally:
            self._step = None

    async def _take_step(self) -> None:
        await self._channel.bring_up()
        for subscription in list(self._subscriptions.values()):
            if not subscription.confirmed and subscription.error is None:
                await self._subscribe_first(subscription)
                return
        settling = [
            s.history.settles_at for s in self._subscriptions.values() if s.history.settles_at is not None
        ]
        until = min(settling, default=None)
        if await self._channel.listen(until) == "silence":
            self._settle(asyncio.get_running_loop().time())

    async def _subscribe_first(self, subscription: _Subscription) -> None:
        try:
            await self._channel.invoke(HUB, "Subscribe", subscription.code)
        except (RequestTimeout, ServiceFault, ProtocolError) as error:
            subscription.error = without_traceback(error)
        except TransportError:
            pass  # The replacement connection will subscribe.
        else:
            subscription.confirmed = True

    async def _subscribe_again(self) -> None:
        self._unclosed = 0  # Outstanding `closeConnection`s are lost with their connection.
        for subscription in list(self._subscriptions.values()):
            subscription.history.subscribed_again(asyncio.get_running_loop().time())
            await self._channel.invoke(HUB, "Subscribe", subscription.code)
            subscription.confirmed = True

    # Handling messages

    def _receive(self, frame: Frame) -> None:
        for call in frame.calls:
            if call.is_to(HUB, "updateStatus"):
                self._update(call)
            elif call.is_to(HUB, "closeConnection"):
                self._close_connection()

    def _update(self, call: HubCall) -> None:
        match call.arguments:
            case (str() as code, str() as status, *_):
                # Count unsubscribed calls too: the hub closes them like any other.
                self._unclosed += status in _FINAL
                subscription = self._subscriptions.get(code.casefold())
            case _:
                self._ignore(call)
                return
        if subscription is not None:
            now = asyncio.get_running_loop().time()
            self._deliver(subscription, subscription.history.receive(status, now))

    def _ignore(self, call: HubCall) -> None:
        # Log only the types: anyone who has a confirmation code can follow its call.
        if not self._has_logged:
            self._has_logged = True
            types = ", ".join(type(argument).__name__ for argument in call.arguments)
            logger.warning(
                "ignoring an updateStatus with arguments (%s) instead of (str, str); "
                "further ones are ignored without a warning",
                types,
            )

    def _deliver(self, subscription: _Subscription, statuses: Sequence[str]) -> None:
        for text in statuses:
            status = CallStatus(text) if text in _KNOWN else text
            received_at = dt.datetime.now(dt.UTC)
            self._updates.append(CallUpdate(subscription.code, status, received_at))
            if status in _FINAL:
                self._end(subscription)

    def _settle(self, now: float) -> None:
        for subscription in list(self._subscriptions.values()):
            settles_at = subscription.history.settles_at
            if settles_at is not None and settles_at <= now + _SLACK:
                self._deliver(subscription, subscription.history.settle())

    def _close_connection(self) -> None:
        # closeConnection names no call. Each belongs to an earlier final status, which has already
        # ended its call; without one, it can only mean the one subscribed call.
        if self._unclosed:
            self._unclosed -= 1
        elif len(self._subscriptions) == 1:
            self._settle(math.inf)
            for subscription in list(self._subscriptions.values()):
                self._end(subscription)

    def _end(self, subscription: _Subscription) -> None:
        subscription.confirmed = True
        self._subscriptions.pop(subscription.code.casefold(), None)


async def watch_async(
    events_url: str,
    confirmation_code: str,
    *,
    timeout: float | None = None,  # noqa: ASYNC109 - ends the loop without raising
    transport: TransportChoice = "auto",
    timeouts: EventTimeouts = EventTimeouts(),
    tls: TLS = TLS(),
    proxy: str | Secret | None = None,
    allow_insecure: bool = False,
) -> AsyncGenerator[CallUpdate, None]:
    """Iterate over the progress of one call until its final status, `closeConnection`, or the timeout.

    `timeout` is in seconds from now; None means no limit. Leaving the loop unsubscribes and closes.
    To do that before the next statement runs, use `contextlib.aclosing`.

    Raises `RequestTimeout` if the timeout passes before the call is subscribed, and the errors of
    `AsyncEventStream`.
    """
    check_wait(timeout)
    proxy = hidden(proxy)
    deadline = None if timeout is None else asyncio.get_running_loop().time() + timeout
    async with AsyncEventStream(
        events_url,
        transport=transport,
        timeouts=timeouts,
        tls=tls,
        proxy=proxy,
        allow_insecure=allow_insecure,
    ) as stream:
        await subscribe_by(deadline, stream, confirmation_code)
        while (update := await next_update_by(deadline, stream)) is not None:
            yield update


async def subscribe_by(deadline: float | None, stream: AsyncEventStream, confirmation_code: str) -> None:
    """Subscribe before a deadline on the loop's clock. Raises RequestTimeout."""
    try:
        async with asyncio.timeout_at(deadline) as scope:
            await stream.subscribe(confirmation_code)
            return
    except TimeoutError:
        if not scope.expired():
            raise
    # Not above, where the error would hold what was cancelled, with the locals of all its frames.
    raise RequestTimeout("the timeout passed before the call was subscribed", phase="connect")


async def next_update_by(deadline: float | None, stream: AsyncEventStream) -> CallUpdate | None:
    """Return the next update before a deadline on the loop's clock, or None."""
    try:
        async with asyncio.timeout_at(deadline) as scope:
            return await stream.next_update()
    except TimeoutError:
        if not scope.expired():
            raise
        return None


def check_wait(timeout: float | None) -> None:
    """Raise InvalidRequest for a timeout that is not a number of seconds or None."""
    is_number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if timeout is not None and not (is_number and timeout >= 0):
        raise InvalidRequest("timeout must be a number of seconds, 0 or more, or None", parameter="timeout")


def _check_settings(events_url: str, transport: str, *, allow_insecure: bool) -> None:
    check_events_url(events_url)
    check_type("allow_insecure", allow_insecure, bool, "True or False")
    if urlsplit(events_url).scheme == "http" and not allow_insecure and not is_loopback(events_url):
        raise ConfigurationError(
            "events_url is http:// to another machine: use https://, or allow_insecure=True"
        )
    if transport not in ("auto", *TRANSPORTS):
        raise ConfigurationError(f"transport must be one of auto, {', '.join(TRANSPORTS)}")


def _proxy_for(events_url: str, given: Secret | None) -> str | None:
    # In no local variable: a traceback would show it.
    if given is not None:
        check_proxy(given)
    proxies = Proxies.of(None if given is None else {"all": given.reveal()})
    if (proxies.for_url(events_url) or "http:").partition(":")[0] not in ("http", "https"):
        raise ConfigurationError(
            "call progress supports only http:// and https:// proxies, not SOCKS: "
            "set proxy= to another one, or list the host in NO_PROXY"
        )
    return proxies.for_url(events_url)
