"""The streams that carry updates, over aiohttp: one class per SignalR transport."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Final, Protocol

import aiohttp
from attrs import define
from yarl import URL

from buzzeasy_soap.errors import (
    BuzzeasyError,
    ConfigurationError,
    ConnectFailed,
    ConnectionLost,
    ProtocolError,
    RequestTimeout,
)
from buzzeasy_soap.events.protocol import Connection, HubTransport
from buzzeasy_soap.events.sse import EventReader
from buzzeasy_soap.wire.transports.aiohttp import tls_reason

LONGEST_REPLY: Final = 4 * 2**20
"""Maximum bytes of one reply or message."""
_CLOSING: Final = 1.0
"""Seconds that a peer has to close its side."""


@define
class _Progress:
    """How far one request got."""

    is_sent: bool = False
    """Whether it may have reached the service: the connection is open, through any proxy."""


class Http:
    """Sends short requests to the event service and opens its streams."""

    def __init__(
        self,
        *,
        connect_timeout: float,
        reply_timeout: float,
        context: ssl.SSLContext | None,
        proxy: str | None,
    ) -> None:
        self._reply_timeout = reply_timeout
        self._proxy = proxy
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(_mark_sent)
        trace.on_connection_reuseconn.append(_mark_sent)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=True if context is None else context),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_timeout),
            trace_configs=[trace],
        )

    async def fetch(self, method: str, url: str, *, data: dict[str, str] | None = None) -> str:
        """Return the text of a reply. Raises ProtocolError if it is not a 200, or a TransportError."""
        progress = _Progress()
        with _our_errors(progress):
            async with asyncio.timeout(self._reply_timeout):
                response = await self._request(progress, method, url, "application/json", data)
                async with response:
                    return (await _body(response)).decode(errors="replace")

    async def open(self, url: str, *, accept: str = "application/json") -> aiohttp.ClientResponse:
        """Return a 200 response whose body has not been read; the caller must close it."""
        progress = _Progress()
        with _our_errors(progress):
            return await self._request(progress, "GET", url, accept)

    async def web_socket(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket; the caller must close it. Raises ProtocolError or a TransportError."""
        with _our_errors():
            try:
                return await self._session.ws_connect(
                    URL(url, encoded=True),
                    max_msg_size=LONGEST_REPLY,
                    proxy=self._proxy,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSING),
                )
            except aiohttp.WSServerHandshakeError as error:
                status = error.status
        raise self._refusal("the event service refused the WebSocket", status)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def _request(
        self, progress: _Progress, method: str, url: str, accept: str, data: dict[str, str] | None = None
    ) -> aiohttp.ClientResponse:
        response = await self._session.request(
            method,
            URL(url, encoded=True),
            data=data,
            headers={"Accept": accept},
            allow_redirects=False,
            proxy=self._proxy,
            trace_request_ctx=progress,
        )
        if response.status != 200:
            try:
                async with response, asyncio.timeout(_CLOSING):
                    excerpt = (await response.content.read(200)).decode(errors="replace")
            except (aiohttp.ClientError, TimeoutError):
                excerpt = ""
            raise self._refusal("the event service refused the request", response.status, excerpt)
        return response

    def _refusal(self, message: str, status: int, excerpt: str = "") -> BuzzeasyError:
        if status == 407 and self._proxy is not None:
            return _refused_by_proxy(status)
        return ProtocolError(message, status=status, excerpt=excerpt)


async def _mark_sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    if isinstance(context.trace_request_ctx, _Progress):  # WebSocket requests have none
        context.trace_request_ctx.is_sent = True


class StreamEnded(ConnectionLost):
    """The service ended the stream itself, in good order: the network did not break it."""


class Link(Protocol):
    """An open stream. `receive` can be cancelled at any time and called again without losing anything."""

    is_up: bool
    """Whether the service has accepted it: a poll is only sent by `receive`."""

    async def receive(self) -> str:
        """Return the next message. Raises a BuzzeasyError if the stream is broken."""

    async def invoke(self, invocation: str) -> str | None:
        """Send an invocation. Return the reply, or None if it will arrive on the stream."""

    async def close(self) -> None:
        """Close only the stream; to the service, it looks broken."""


async def open_link(http: Http, connection: Connection, transport: HubTransport, *, resume: bool) -> Link:
    """Open the stream of a new connection, or resume one."""
    url = connection.reconnect_url(transport) if resume else connection.connect_url(transport)
    match transport:
        case "webSockets":
            return WebSocketLink(await http.web_socket(url))
        case "serverSentEvents":
            response = await http.open(url, accept="text/event-stream")
            if response.content_type != "text/event-stream":
                response.close()
                raise ProtocolError(
                    f"the event service returned {response.content_type}, not an event stream"
                )
            return EventSourceLink(http, connection, response)
        case "longPolling":
            return LongPollingLink(http, connection, url)


class WebSocketLink:
    """Each message is one JSON text, in both directions."""

    is_up = True

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def receive(self) -> str:
        """Return the next message, assembled from its fragments."""
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return str(message.data)
        if message.type is aiohttp.WSMsgType.BINARY:
            raise ProtocolError("the event service sent a binary message")
        if message.type is aiohttp.WSMsgType.CLOSE:
            raise StreamEnded("the event service closed the WebSocket", phase="read")
        raise ConnectionLost("the WebSocket to the event service broke", phase="read")

    async def invoke(self, invocation: str) -> None:
        """Send an invocation as a message; the reply is a message too."""
        with _our_errors():
            await self._socket.send_str(invocation)

    async def close(self) -> None:
        """Close with code 1000."""
        await self._socket.close()


class _OverHttp:
    is_up = True

    def __init__(self, http: Http, connection: Connection, transport: HubTransport) -> None:
        self._http = http
        self._connection = connection
        self._transport: HubTransport = transport

    async def invoke(self, invocation: str) -> str:
        """POST an invocation; the response is the reply."""
        return await self._http.fetch(
            "POST", self._connection.send_url(self._transport), data={"data": invocation}
        )


class EventSourceLink(_OverHttp):
    """Each event is one JSON text; invocations are POSTed."""

    def __init__(self, http: Http, connection: Connection, response: aiohttp.ClientResponse) -> None:
        super().__init__(http, connection, "serverSentEvents")
        self._response = response
        self._reader = EventReader()
        self._events: list[str] = []

    async def receive(self) -> str:
        """Return the data of the next event."""
        while not self._events:
            with _our_errors():
                chunk = await self._response.content.readany()
            if not chunk:
                raise StreamEnded("the event service ended the event stream", phase="read")
            self._events += [event for event in self._reader.feed(chunk) if event != "initialized"]
        return self._events.pop(0)

    async def close(self) -> None:
        """Close the response."""
        self._response.close()


class LongPollingLink(_OverHttp):
    """Each reply to a poll is one JSON text; invocations are POSTed.

    A poll runs in its own task: if `receive` is cancelled, it continues, and the next call picks it up.
    """

    def __init__(self, http: Http, connection: Connection, first_url: str) -> None:
        super().__init__(http, connection, "longPolling")
        self.is_up = False
        self._first_url: str | None = first_url
        self._polling: asyncio.Task[str] | None = None

    async def receive(self) -> str:
        """Return the reply to the current poll, or to a new one."""
        polling = self._polling = self._polling or asyncio.create_task(self._poll())
        await asyncio.wait([polling])
        self._polling = None
        return polling.result()

    async def close(self) -> None:
        """Cancel the current poll."""
        polling, self._polling = self._polling, None
        if polling is not None:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    async def _poll(self) -> str:
        response = await self._http.open(self._first_url or self._connection.poll_url())
        self.is_up = True
        with _our_errors():
            async with response:
                # Keep-alives are spaces before the JSON.
                body = (await _body(response)).decode(errors="replace").strip()
        self._first_url = None
        if not body:
            raise StreamEnded("the event service ended a poll without a reply", phase="read")
        return body


async def _body(response: aiohttp.ClientResponse) -> bytes:
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > LONGEST_REPLY:
            response.close()
            raise ProtocolError("the event service's reply is too long", status=response.status)
        chunks.append(chunk)
    return b"".join(chunks)


@contextmanager
def _our_errors(progress: _Progress = _Progress(is_sent=True)) -> Iterator[None]:
    try:
        yield
    except BuzzeasyError:
        raise
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # Without its cause: aiohttp's errors can show the full address, which has the connection token.
        raise _ours(error, progress) from None


def _ours(error: Exception, progress: _Progress) -> BuzzeasyError:
    if isinstance(error, TimeoutError):
        connecting = not progress.is_sent or isinstance(error, aiohttp.ConnectionTimeoutError)
        return RequestTimeout(
            "the event service did not reply in time", phase="connect" if connecting else "read"
        )
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _refused_by_proxy(error.status)
    if isinstance(error, aiohttp.ClientSSLError):
        return ConnectFailed(f"the event service cannot be reached: {tls_reason(error)}")
    if isinstance(error, aiohttp.ClientConnectorError):
        peer = "proxy" if isinstance(error, aiohttp.ClientProxyConnectionError) else "event service"
        reason = error.os_error.strerror or type(error.os_error).__name__
        return ConnectFailed(f"the {peer} at {error.host}:{error.port} cannot be reached: {reason}")
    if not progress.is_sent:
        if isinstance(error, ValueError):
            return ConfigurationError("events_url or the proxy is not a valid address")
        return ConnectFailed(f"cannot connect to the event service ({type(error).__name__})")
    if isinstance(error, aiohttp.ClientResponseError | ValueError):
        return ProtocolError("the event service's reply is not HTTP")
    return ConnectionLost(f"the connection to the event service broke ({type(error).__name__})", phase="read")


def _refused_by_proxy(status: int) -> ConnectFailed:
    return ConnectFailed(f"the proxy refused to connect to the event service (HTTP {status})")
