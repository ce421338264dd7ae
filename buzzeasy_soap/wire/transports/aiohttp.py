"""HTTP through aiohttp: the transport of the async client."""

import asyncio
import math
import ssl
from collections.abc import Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from attrs import field, frozen
from yarl import URL

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError
from buzzeasy_soap.wire.exchange import Exchange, refuse_closed
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.proxies import Proxies, Via
from buzzeasy_soap.wire.transports.failures import (
    CLOSED,
    UNRESOLVED,
    broken,
    not_http,
    refused_by_proxy,
    timed_out,
    tls_failed,
)
from buzzeasy_soap.wire.transports.replies import (
    HEAD_TOO_LARGE,
    LONGEST_HEAD,
    MOST_HEADERS,
    Body,
    headers_of,
)
from buzzeasy_soap.wire.transports.tls import ssl_context


@frozen
class _Way:
    """How a host is reached."""

    proxy: str | None = field(repr=False)
    via: Via
    tls: ssl.SSLContext | bool
    """A context if the host or the proxy needs one."""


class AiohttpTransport:
    """HTTP through aiohttp: pooled connections, proxies from the environment, read once.

    Belongs to the event loop that it is first used on. `pool_size` bounds the open connections;
    a call waits for a free one until its connect time-out. `proxies` are by scheme, as
    `{"https": "http://proxy.example:3128"}`.
    """

    def __init__(
        self, *, tls: TLS = TLS(), pool_size: int = 100, proxies: Mapping[str, str] | None = None
    ) -> None:
        self._tls = tls
        self._pool_size = pool_size
        self._proxies = Proxies.of(proxies)
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ways: dict[str, _Way] = {}
        self._tls_context: ssl.SSLContext | None = None
        self._opening = asyncio.Lock()
        self._is_closed = False

    async def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        refuse_closed(exchange, is_closed=self._is_closed)
        way = await self._way_to(request.url)
        exchange.via = way.via
        session = self._open()
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
                proxy=way.proxy,
                ssl=way.tls,
                timeout=aiohttp.ClientTimeout(
                    total=exchange.left(math.inf),
                    connect=exchange.left(exchange.connect),
                    sock_read=exchange.left(exchange.read),
                    ceil_threshold=math.inf,  # else whole seconds only
                ),
                trace_request_ctx=exchange,
            ) as response:
                return await _read(response, exchange)
        except BuzzeasyError:
            raise
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _ours(error, exchange) from None

    async def close(self) -> None:
        """Close the pooled connections."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        # Here and not in the constructor: a session belongs to a running loop.
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            raise ConfigurationError(
                "this client belongs to the event loop that it was first used on: make one for each loop"
            )
        if self._session is None:
            self._session = _session(self._pool_size)
        return self._session

    async def _way_to(self, url: str) -> "_Way":
        scheme, _, host, *_ = url.split("/", 3)
        key = f"{scheme}//{host}"
        if key not in self._ways:
            proxy = self._proxies.for_url(url)
            if proxy is not None and not proxy.startswith(("http://", "https://")):
                raise ConfigurationError("aiohttp speaks to HTTP proxies alone, and this one is another kind")
            is_plain = scheme == "http:" and not (proxy or "").startswith("https:")
            self._ways[key] = _Way(proxy, Via.of(proxy), True if is_plain else await self._context())
        return self._ways[key]

    async def _context(self) -> ssl.SSLContext:
        async with self._opening:
            if self._tls_context is None:  # in a thread, for the trust store takes some 20 ms to read
                self._tls_context = await asyncio.to_thread(ssl_context, self._tls)
        return self._tls_context


def _session(pool_size: int) -> aiohttp.ClientSession:
    trace = aiohttp.TraceConfig()
    # Both are called before what they name is written. Those of a connection, where the exchange may
    # be stopped as well, would leave it open.
    trace.on_request_headers_sent.append(_about_to_send)
    trace.on_request_chunk_sent.append(_about_to_read)
    connector = aiohttp.TCPConnector(limit=pool_size)
    factory: Any = partial(_Handler, loop=asyncio.get_running_loop())
    connector._factory = factory  # noqa: SLF001 - there is no public way
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[trace],
        auto_decompress=False,  # every content encoding is undone alike, in replies.py
        max_line_size=LONGEST_HEAD,
        max_field_size=LONGEST_HEAD,
        max_headers=MOST_HEADERS,
    )
    session._retry_connection = False  # noqa: SLF001 - it repeats a GET by itself; that is delivery's alone
    return session


class _Handler(ResponseHandler):
    """aiohttp's connection, but one that holds what nobody asked for is not used again.

    aiohttp would take a second reply to one request for the answer to the next.
    """

    def is_connected(self) -> bool:
        return super().is_connected() and not self.should_close


async def _about_to_send(
    _: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestHeadersSentParams
) -> None:
    context.trace_request_ctx.enter("send")
    if request.method == "GET":
        context.trace_request_ctx.enter("read")


async def _about_to_read(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.enter("read")


async def _read(response: aiohttp.ClientResponse, exchange: Exchange) -> HttpResponse:
    """The reply, its body whole."""
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)
    try:
        body = Body(response.status, headers_of(response.status, pairs), exchange)
        async for chunk in response.content.iter_any():
            body.feed(chunk)
        return body.response()
    except BuzzeasyError:
        response.close()  # else what is left unread would meet the next reply
        raise


def _ours(error: BaseException, exchange: Exchange) -> BuzzeasyError:
    """What an error of the library means.

    It is raised without its cause: that one's text, and so a traceback's, can hold the URL with its query.
    """
    if isinstance(error, TimeoutError):
        return timed_out(exchange)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return broken(exchange, refused_by_proxy(error.status))
    causes = (error, error.__cause__, error.__context__)
    if any(isinstance(cause, aiohttp.http_exceptions.LineTooLong) for cause in causes):
        return not_http(exchange, HEAD_TOO_LARGE)
    # An untrusted certificate is a ValueError too.
    is_no_http = isinstance(error, aiohttp.ClientResponseError | ValueError)
    if is_no_http and not isinstance(error, aiohttp.ClientSSLError):
        return not_http(exchange)
    return broken(exchange, _plain(error))


def _plain(error: BaseException) -> str:
    """What the operating system or OpenSSL said, which holds nothing of ours."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return UNRESOLVED
    if isinstance(error, aiohttp.ClientSSLError):
        return tls_reason(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return CLOSED


def tls_reason(error: aiohttp.ClientSSLError) -> str:
    """Why there is no TLS connection, and what to do."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        cause: object = error.certificate_error
    else:
        cause = error.os_error if isinstance(error, aiohttp.ClientConnectorSSLError) else error.__cause__
    return tls_failed(getattr(cause, "verify_message", None) or getattr(cause, "reason", None) or "failed")
