"""HTTP through libcurl: for bulk work and short-lived processes.

libcurl sends again by itself where a kept connection dies unanswered, and looks only once a second
whether one has died. So here a second attempt in one exchange is refused, by the callback before
a request and by a body that cannot be rewound; and a handle whose connection has anything to say
before it is asked is thrown away with its connections.
"""

import http
import io
import math
import queue
import selectors
import ssl
import sys
import threading
from collections.abc import Mapping
from typing import Final

import pycurl

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import BuzzeasyError, ProtocolError
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.exchange import Exchange, refuse_closed
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.proxies import Proxies
from buzzeasy_soap.wire.transports.failures import (
    CLOSED,
    UNRESOLVED,
    broken,
    not_http,
    pool_exhausted,
    refused_by_proxy,
    timed_out,
    tls_failed,
)
from buzzeasy_soap.wire.transports.replies import HEAD_TOO_LARGE, LONGEST_HEAD, Body, headers_of

_WHY: Final = {
    pycurl.E_COULDNT_RESOLVE_HOST: UNRESOLVED,
    pycurl.E_COULDNT_RESOLVE_PROXY: "the proxy's name cannot be resolved",
    pycurl.E_COULDNT_CONNECT: "connection refused or unreachable",
    pycurl.E_SSL_CACERT_BADFILE: "TLS: the CA bundle cannot be read",
    pycurl.E_SSL_CERTPROBLEM: "TLS: the client certificate cannot be used",
    pycurl.E_PARTIAL_FILE: "closed before the whole reply",
    pycurl.E_GOT_NOTHING: "closed without a reply",
    pycurl.E_SEND_FAIL_REWIND: CLOSED,
    pycurl.E_RECV_ERROR: CLOSED,
    pycurl.E_SEND_ERROR: CLOSED,
}
_TLS: Final = {
    pycurl.E_SSL_CONNECT_ERROR: "the handshake failed",
    pycurl.E_PEER_FAILED_VERIFICATION: "the certificate is not trusted",
}
_NO_HTTP: Final = {
    pycurl.E_UNSUPPORTED_PROTOCOL,
    pycurl.E_FTP_WEIRD_SERVER_REPLY,
    pycurl.E_TOO_MANY_REDIRECTS,
}


class CurlTransport:
    """HTTP through libcurl: pooled handles, proxies from the environment, read once.

    Thread-safe. `pool_size` bounds the open connections; a call waits for a free one until its
    connect time-out. `proxies` are by scheme, as `{"https": "http://proxy.example:3128"}`. Plain
    connections are kept; a TLS connection serves one call, and the next resumes its session.
    """

    def __init__(
        self, *, tls: TLS = TLS(), pool_size: int = 16, proxies: Mapping[str, str] | None = None
    ) -> None:
        self._tls = tls
        self._proxies = Proxies.of(proxies)
        self._free = threading.BoundedSemaphore(pool_size)
        # A handle serves one host, so that its last connection is the one it will use again.
        self._idle: dict[str, queue.LifoQueue[pycurl.Curl]] = {}
        self._is_closed = False

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        refuse_closed(exchange, is_closed=self._is_closed)
        proxy = self._proxies.for_url(request.url)
        exchange.go_through(proxy)
        if not self._free.acquire(timeout=exchange.left(exchange.connect)):
            raise pool_exhausted()
        try:
            idle = self._idle.setdefault(request.url.split("/", 3)[2], queue.LifoQueue())
            handle = _usable(idle)
            try:
                response = _Perform(handle, self._tls, proxy, request, exchange).run()
            except BaseException:
                handle.close()  # nobody can say what is left on its connection
                raise
            idle.put(handle)
            return response
        finally:
            self._free.release()

    def close(self) -> None:
        """Close the pooled connections."""
        self._is_closed = True
        for idle in self._idle.values():
            while not idle.empty():
                idle.get_nowait().close()


def _usable(idle: "queue.LifoQueue[pycurl.Curl]") -> pycurl.Curl:
    """An idle handle whose connection is silent and open, or a new one."""
    while True:
        try:
            handle = idle.get_nowait()
        except queue.Empty:
            return pycurl.Curl()
        if not _has_something_to_say(handle):
            return handle
        handle.close()


class _Perform:
    """One request on a handle: what libcurl calls back while it works."""

    def __init__(
        self, handle: pycurl.Curl, tls: TLS, proxy: str | None, request: HttpRequest, exchange: Exchange
    ) -> None:
        self._handle = handle
        self._request = request
        self._exchange = exchange
        self._request_body = io.BytesIO(request.body)
        self._status = 0
        self._headers: list[tuple[str, str]] = []
        self._head_bytes = 0
        self._head_is_whole = False
        self._body: Body | None = None
        self._refused: BuzzeasyError | None = None
        self._moved = (0, 0)
        self._moved_at = Clock.monotonic()
        handle.reset()  # options alone: the handle keeps its connections
        for option, value in self._options(tls, proxy):
            handle.setopt(option, value)

    def run(self) -> HttpResponse:
        try:
            self._perform()
        except pycurl.error as error:
            raise self._ours(int(error.args[0])) from None
        if not self._head_is_whole:
            # libcurl takes the end of the connection for the end of the headers, and reports success.
            raise self._ours(pycurl.E_PARTIAL_FILE)
        return self._begin_body().response()

    def _perform(self) -> None:
        """Have libcurl do it, and raise what a signal's handler raised while it did.

        Handlers run in the main thread, wherever Python does: in a callback here. pycurl lets out
        what is no Exception, such as KeyboardInterrupt; any other it prints, and aborts.
        """
        if threading.current_thread() is not threading.main_thread():
            self._handle.perform()
            return
        raised: list[BaseException] = []
        printing, sys.excepthook = sys.excepthook, lambda _, error, __: raised.append(error)
        try:
            self._handle.perform()
        except pycurl.error:
            if raised:
                raise raised[0] from None
            raise
        finally:
            sys.excepthook = printing

    def _options(self, tls: TLS, proxy: str | None) -> list[tuple[int, object]]:
        exchange, request = self._exchange, self._request
        headers = [f"{name}: {value}" for name, value in request.headers.items()]
        options: list[tuple[int, object]] = [
            (pycurl.URL, request.url),
            (pycurl.HTTPHEADER, [*headers, "Expect:"]),
            (pycurl.HTTP_CONTENT_DECODING, 0),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.NOSIGNAL, 1),
            (pycurl.PROXY, proxy or ""),  # the empty text: not the environment's either
            (pycurl.NOPROXY, ""),
            (pycurl.CONNECTTIMEOUT_MS, _milliseconds(exchange.left(exchange.connect))),
            (pycurl.TIMEOUT_MS, _milliseconds(exchange.left(math.inf))),
            (pycurl.NOPROGRESS, 0),
            (pycurl.XFERINFOFUNCTION, self._progress),
            (pycurl.PREREQFUNCTION, self._about_to_send),
            (pycurl.WRITEFUNCTION, self._write),
            (pycurl.HEADERFUNCTION, self._header),
            (pycurl.SSL_VERIFYPEER, 1),
            (pycurl.SSL_VERIFYHOST, 2),
        ]
        if request.method == "POST":
            options += [
                (pycurl.POST, 1),
                (pycurl.POSTFIELDSIZE_LARGE, len(request.body)),
                (pycurl.READFUNCTION, self._request_body.read),
                # Without a way back libcurl cannot send a body again, as it would on a dead connection.
                (pycurl.SEEKFUNCTION, lambda *_: pycurl.SEEKFUNC_FAIL),
            ]
        if request.url.startswith("https:"):
            # What OpenSSL has read ahead nobody can see: it could be a second reply to this request,
            # and libcurl would take it for the answer to the next.
            options.append((pycurl.FORBID_REUSE, 1))
        if tls.ca_bundle is not None:
            options.append((pycurl.CAINFO, str(tls.ca_bundle)))
        else:
            # The wheel's libcurl does not know where this system keeps its trust store; Python's OpenSSL does.
            paths = ssl.get_default_verify_paths()
            options += [
                (option, path)
                for option, path in ((pycurl.CAINFO, paths.cafile), (pycurl.CAPATH, paths.capath))
                if path
            ]
        if tls.client_certificate is not None:
            options.append((pycurl.SSLCERT, str(tls.client_certificate)))
            options.append((pycurl.SSLKEY, str(tls.client_key or tls.client_certificate)))
        return options

    def _about_to_send(self, *_: object) -> int:
        if self._exchange.sent:
            return pycurl.PREREQFUNC_ABORT
        self._exchange.enter("send")
        return pycurl.PREREQFUNC_OK

    def _begin_body(self) -> Body:
        if self._body is None:
            self._body = Body(self._status, headers_of(self._status, self._headers), self._exchange)
        return self._body

    def _write(self, data: bytes) -> int | None:
        try:
            self._begin_body().feed(data)
        except ProtocolError as error:
            self._refused = error
            return -1
        return None

    def _header(self, line: bytes) -> int | None:
        self._head_bytes += len(line)
        if self._head_bytes > LONGEST_HEAD:
            self._refused = not_http(self._exchange, HEAD_TOO_LARGE)
            return -1
        if not self._exchange.sent:
            return None  # a proxy's answer to CONNECT
        text = line.decode("latin-1")
        if text.startswith("HTTP/") and not self._headers:
            self._status = int(text.split()[1])
            self._head_is_whole = False
        elif not text.strip():
            self._head_is_whole = True
            if 100 <= self._status < 200 and self._status != http.HTTPStatus.SWITCHING_PROTOCOLS:
                self._headers.clear()
        elif text[0] in " \t" and self._headers:
            name, value = self._headers[-1]
            self._headers[-1] = (name, f"{value} {text.strip()}")
        elif not self._head_is_whole:  # else a trailer
            name, _, value = text.partition(":")
            self._headers.append((name, value))
        return None

    def _progress(self, _: int, down: int, __: int, up: int) -> int | None:
        now = Clock.monotonic()
        moved = (down + len(self._headers), up)
        if moved != self._moved or not self._exchange.sent:
            self._moved, self._moved_at = moved, now
        if self._exchange.phase == "send" and up >= len(self._request.body):
            self._exchange.enter("read")
        return 1 if self._is_silent(now) else None

    def _is_silent(self, now: float) -> bool:
        return now - self._moved_at > self._exchange.read

    def _ours(self, code: int) -> BuzzeasyError:
        """What a code of libcurl's means."""
        exchange = self._exchange
        if self._refused is not None:
            return self._refused
        if code == pycurl.E_OPERATION_TIMEDOUT or (
            code == pycurl.E_ABORTED_BY_CALLBACK and self._is_silent(Clock.monotonic())
        ):
            return timed_out(exchange)
        if code in _NO_HTTP:
            return not_http(exchange)
        refused = self._handle.getinfo(pycurl.HTTP_CONNECTCODE)
        if not exchange.sent and refused >= 300:
            return broken(exchange, refused_by_proxy(refused))
        if code in _TLS:
            # OpenSSL's words stand at the end of libcurl's.
            return broken(
                exchange, tls_failed(self._handle.errstr().rpartition(":")[2].strip() or _TLS[code])
            )
        return broken(exchange, _WHY.get(code, f"libcurl error {code}"))


def _has_something_to_say(handle: pycurl.Curl) -> bool:
    """Whether an idle connection can be read from: it was closed, or holds what nobody asked for."""
    descriptor = handle.getinfo(pycurl.ACTIVESOCKET)
    if descriptor < 0:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))


def _milliseconds(seconds: float) -> int:
    return max(1, math.ceil(seconds * 1000))
