"""The streams that updates come on, over aiohttp: one class for each transport of SignalR."""

import asyncio
import ssl
from typing import Final, NoReturn, Protocol

import aiohttp
from yarl import URL

from buzzeasy_soap.errors import BuzzeasyError, ConnectFailed, ConnectionLost, ProtocolError, RequestTimeout
from buzzeasy_soap.events.protocol import Connection, Transport
from buzzeasy_soap.events.sse import EventReader

LONGEST_REPLY: Final = 4 * 2**20
"""Bytes of one reply or message."""
_CLOSING: Final = 1.0
"""Seconds that a peer gets to close its side."""


class Http:
    """Short exchanges with the event service, and the streams that it opens."""

    def __init__(
        self,
        *,
        connect_timeout: float,
        reply_timeout: float,
        context: ssl.SSLContext | None,
        proxy: str | None,
    ) -> None:
        self.reply_timeout = reply_timeout
        self._proxy = proxy
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=True if context is None else context),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_timeout),
        )

    async def fetch(self, method: str, url: str, *, data: dict[str, str] | None = None) -> str:
        """A whole reply's text. Raises ProtocolError unless it is a 200, or a TransportError."""
        try:
            async with asyncio.timeout(self.reply_timeout):
                response = await self.open(method, url, data=data)
                async with response:
                    return (await _body(response)).decode(errors="replace")
        except TimeoutError as error:
            _raise_ours(error)
        except aiohttp.ClientError as error:
            _raise_ours(error)

    async def open(
        self, method: str, url: str, *, accept: str = "application/json", data: dict[str, str] | None = None
    ) -> aiohttp.ClientResponse:
        """A 200 whose body is yet to be read; the caller closes it."""
        try:
            response = await self._session.request(
                method,
                URL(url, encoded=True),
                data=data,
                headers={"Accept": accept},
                allow_redirects=False,
                proxy=self._proxy,
            )
        except (aiohttp.ClientError, OSError) as error:
            _raise_ours(error)
        if response.status != 200:
            try:
                async with response, asyncio.timeout(_CLOSING):
                    excerpt = (await response.content.read(200)).decode(errors="replace")
            except (aiohttp.ClientError, TimeoutError):
                excerpt = ""
            raise ProtocolError("the event service refused", status=response.status, excerpt=excerpt)
        return response

    async def web_socket(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket that is open; the caller closes it. Raises ProtocolError or a TransportError."""
        try:
            return await self._session.ws_connect(
                URL(url, encoded=True),
                max_msg_size=LONGEST_REPLY,
                proxy=self._proxy,
                timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSING),
            )
        except aiohttp.WSServerHandshakeError as error:
            status = error.status
        except (aiohttp.ClientError, OSError) as error:
            _raise_ours(error)
        raise ProtocolError("the event service refused the WebSocket", status=status)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()


class Link(Protocol):
    """A stream that is open. `receive` may be cancelled at any time and called again: nothing is lost."""

    async def receive(self) -> str:
        """The next message. Raises a BuzzeasyError where the stream has broken."""

    async def invoke(self, invocation: str) -> str | None:
        """Send an invocation; the reply, or None where it comes on the stream."""

    async def close(self) -> None:
        """Close the stream alone: the service takes it for a break."""


async def open_link(http: Http, connection: Connection, transport: Transport, *, resume: bool) -> Link:
    """Open the stream of a new connection, or of one that goes on."""
    url = connection.reconnect_url(transport) if resume else connection.connect_url(transport)
    match transport:
        case "webSockets":
            return WebSocketLink(await http.web_socket(url))
        case "serverSentEvents":
            response = await http.open("GET", url, accept="text/event-stream")
            if response.content_type != "text/event-stream":
                response.close()
                raise ProtocolError(
                    f"the event service answered {response.content_type}, not an event stream"
                )
            return EventSourceLink(http, connection, response)
        case "longPolling":
            return LongPollingLink(http, connection, url)


class WebSocketLink:
    """Each message is one JSON text; invocations go the same way."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def receive(self) -> str:
        """The next message, put together from its fragments."""
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return str(message.data)
        if message.type is aiohttp.WSMsgType.BINARY:
            raise ProtocolError("the event service sent a binary message")
        raise ConnectionLost("the event service closed the WebSocket", phase="read")

    async def invoke(self, invocation: str) -> None:
        """Send it as a message; the reply is a message too."""
        try:
            await self._socket.send_str(invocation)
        except (aiohttp.ClientError, OSError) as error:
            _raise_ours(error)

    async def close(self) -> None:
        """Close with 1000."""
        await self._socket.close()


class _OverHttp:
    def __init__(self, http: Http, connection: Connection, transport: Transport) -> None:
        self._http = http
        self._connection = connection
        self._transport: Transport = transport

    async def invoke(self, invocation: str) -> str:
        """POST it; the reply is the response."""
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
        """The next event's data."""
        while not self._events:
            try:
                chunk = await self._response.content.readany()
            except (aiohttp.ClientError, OSError) as error:
                _raise_ours(error)
            if not chunk:
                raise ConnectionLost("the event service ended the event stream", phase="read")
            self._events += [event for event in self._reader.feed(chunk) if event != "initialized"]
        return self._events.pop(0)

    async def close(self) -> None:
        """Close the response."""
        self._response.close()


class LongPollingLink(_OverHttp):
    """A poll that is cancelled is asked for again, with the same message id."""

    def __init__(self, http: Http, connection: Connection, first_url: str) -> None:
        super().__init__(http, connection, "longPolling")
        self._first_url: str | None = first_url

    async def receive(self) -> str:
        """The reply to the next poll."""
        url = self._first_url or self._connection.poll_url()
        response = await self._http.open("GET", url)
        try:
            async with response:
                # Keep-alives are spaces before the JSON.
                body = (await _body(response)).decode(errors="replace").strip()
        except (aiohttp.ClientError, OSError) as error:
            _raise_ours(error)
        self._first_url = None
        if not body:
            raise ConnectionLost("the event service ended a poll without an answer", phase="read")
        return body

    async def close(self) -> None:
        """Nothing is open between two polls."""


async def _body(response: aiohttp.ClientResponse) -> bytes:
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > LONGEST_REPLY:
            response.close()
            raise ProtocolError("the event service's reply is too long", status=response.status)
        chunks.append(chunk)
    return b"".join(chunks)


def _raise_ours(error: Exception) -> NoReturn:
    # Without its cause: aiohttp's errors can show the whole address, and with it the connection token.
    raise _ours(error) from None


def _ours(error: Exception) -> BuzzeasyError:
    if isinstance(error, BuzzeasyError):
        return error
    if isinstance(error, aiohttp.ServerTimeoutError | TimeoutError):
        connecting = isinstance(error, aiohttp.ConnectionTimeoutError)
        return RequestTimeout(
            "the event service did not answer in time", phase="connect" if connecting else "read"
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        reason = error.os_error.strerror or type(error.os_error).__name__
        return ConnectFailed(f"the event service at {error.host}:{error.port} cannot be reached: {reason}")
    if isinstance(error, aiohttp.ClientResponseError):
        return ProtocolError("the event service's reply cannot be read", status=error.status or None)
    return ConnectionLost(f"the connection to the event service broke ({type(error).__name__})", phase="read")
