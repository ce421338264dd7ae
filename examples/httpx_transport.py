"""A transport over httpx: what BuzzeasyClient(transport=...) takes."""

import logging

import httpx

from buzzeasy_soap import BuzzeasyError, ConnectFailed, ConnectionLost, ProtocolError, RequestTimeout
from buzzeasy_soap.transports import Exchange, HttpRequest, HttpResponse

logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs URLs, and REST has the password in some


class HttpxTransport:
    """HTTP through an httpx.Client, which `close` closes."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client()

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""

        def mark(event: str, _: object) -> None:
            if event.endswith("send_request_headers.started"):
                exchange.enter("send")

        connect, read = exchange.left(exchange.connect), exchange.left(exchange.read)
        sending = self._client.stream(
            request.method,
            request.url,
            headers=request.headers,
            content=request.body,
            timeout=httpx.Timeout(read, connect=connect, pool=connect),
            follow_redirects=False,
            extensions={"trace": mark},
        )
        exchange.enter("connect")
        try:
            with sending as reply:
                return HttpResponse(reply.status_code, dict(reply.headers), _read(reply, exchange))
        except httpx.HTTPError as error:
            raise _as_ours(error, exchange) from None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _read(reply: httpx.Response, exchange: Exchange) -> bytes:
    body = b""
    for part in reply.iter_bytes():
        body += part
        if len(body) > exchange.max_reply_bytes:
            raise ProtocolError("the reply is larger than max_reply_bytes", status=reply.status_code)
        exchange.left(exchange.read)  # raises RequestTimeout past the deadline
    return body


def _as_ours(error: httpx.HTTPError, exchange: Exchange) -> BuzzeasyError:
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeout("timed out", phase=exchange.phase)
    if isinstance(error, httpx.DecodingError):
        return ProtocolError("the reply's content encoding cannot be undone")
    if not exchange.sent:
        return ConnectFailed("no connection")
    return ConnectionLost("the connection was lost", phase=exchange.phase)
