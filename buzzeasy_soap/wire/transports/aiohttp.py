"""HTTP through aiohttp: the transport of the async client."""

import asyncio
import math
import ssl
import urllib.request
from collections.abc import Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any, NoReturn

import aiohttp
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import ConnectFailed, ConnectionLost, ProtocolError, RequestTimeout
from buzzeasy_soap.wire.exchange import Exchange
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.transports.tls import ssl_context


class AiohttpTransport:
    """HTTP through aiohttp: pooled connections, proxies from the environment, read once.

    Belongs to the event loop that it is first used on. `pool_size` bounds the open connections;
    a call waits for a free one until its connect time-out.
    """

    def __init__(
        self, *, tls: TLS = TLS(), pool_size: int = 100, proxies: Mapping[str, str] | None = None
    ) -> None:
        self._tls = tls
        self._pool_size = pool_size
        self._proxies = urllib.request.getproxies() if proxies is None else dict(proxies)
        self._bypass = proxies is None
        self._session: aiohttp.ClientSession | None = None
        self._opening = asyncio.Lock()

    async def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        exchange.enter("connect")
        session = self._session or await self._open()
        # Two turns of the loop, in which it reads what came on idle connections: one that was closed,
        # or holds a second reply to an earlier request, is then dropped and not used again.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        try:
            async with session.request(
                request.method,
                URL(request.url, encoded=True),  # as the binding wrote it: %2B must stay %2B
                data=request.body or None,
                headers=request.headers,
                allow_redirects=False,
                proxy=self._proxy_for(request.url),
                timeout=aiohttp.ClientTimeout(
                    total=exchange.left(math.inf),
                    connect=exchange.left(exchange.connect),
                    sock_read=exchange.left(exchange.read),
                    ceil_threshold=math.inf,  # else whole seconds only
                ),
                trace_request_ctx=exchange,
            ) as response:
                body = await _read(response, exchange)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            _raise_ours(error, exchange)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpResponse(response.status, headers, body)

    async def close(self) -> None:
        """Close the pooled connections."""
        if self._session is not None:
            await self._session.close()

    async def _open(self) -> aiohttp.ClientSession:
        # Here and not in the constructor: a session belongs to a running loop, and the trust store
        # takes some 20 ms to read.
        async with self._opening:
            if self._session is None:
                context = await asyncio.to_thread(ssl_context, self._tls)
                self._session = _session(context, self._pool_size)
        return self._session

    def _proxy_for(self, url: str) -> str | None:
        scheme, _, rest = url.partition("://")
        if self._bypass and urllib.request.proxy_bypass(rest.partition("/")[0]):
            return None
        return self._proxies.get(scheme)


def _session(context: ssl.SSLContext, pool_size: int) -> aiohttp.ClientSession:
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_about_to_send)
    trace.on_connection_reuseconn.append(_about_to_send)
    trace.on_request_chunk_sent.append(_about_to_read)
    trace.on_request_headers_sent.append(_about_to_read)
    connector = aiohttp.TCPConnector(limit=pool_size, ssl=context)
    factory: Any = partial(_Handler, loop=asyncio.get_running_loop())
    connector._factory = factory  # noqa: SLF001 - there is no public way
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[trace],
    )
    session._retry_connection = False  # noqa: SLF001 - it repeats a GET by itself; that is delivery's alone
    return session


class _Handler(ResponseHandler):
    """aiohttp's connection, but one that holds what nobody asked for is not used again.

    aiohttp would take a second reply to one request for the answer to the next.
    """

    def is_connected(self) -> bool:
        return super().is_connected() and not self.should_close


async def _about_to_send(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.enter("send")


async def _about_to_read(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.enter("read")


async def _read(response: aiohttp.ClientResponse, exchange: Exchange) -> bytes:
    """The body, undone of its content encoding, and no more of it than is allowed."""
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > exchange.max_reply_bytes:
            response.close()
            raise ProtocolError(
                f"the reply is larger than max_reply_bytes ({exchange.max_reply_bytes})",
                status=response.status,
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _raise_ours(error: BaseException, exchange: Exchange) -> NoReturn:
    """Raise what an error of the library means; the marked phase says whether anything was sent."""
    # Not `from error`: its text, and so a traceback's, can hold the URL with its query.
    if isinstance(error, TimeoutError):
        raise RequestTimeout(f"timed out ({exchange.phase})", phase=exchange.phase) from None
    if not exchange.sent:
        raise ConnectFailed(f"no connection: {_plain(error)}") from None
    cause = error.__cause__ or error
    if isinstance(cause, aiohttp.http_exceptions.ContentEncodingError):
        raise ProtocolError("the reply's content encoding cannot be undone") from None
    if isinstance(error, aiohttp.ClientResponseError | ValueError):
        raise ProtocolError("the reply is not HTTP") from None
    raise ConnectionLost(f"the connection was lost: {_plain(error)}", phase=exchange.phase) from None


def _plain(error: BaseException) -> str:
    """What the operating system or OpenSSL said, which holds nothing of ours."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the name cannot be resolved"
    if isinstance(error, aiohttp.ClientSSLError):
        cause = error.os_error if isinstance(error, aiohttp.ClientConnectorSSLError) else error.__cause__
        return f"TLS: {getattr(cause, 'verify_message', None) or getattr(cause, 'reason', None) or 'failed'}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "closed by the other side"
