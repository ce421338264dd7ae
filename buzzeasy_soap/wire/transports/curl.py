"""HTTP through libcurl: for bulk work and short-lived processes.

libcurl sends again by itself where a kept connection dies unanswered, and looks only once a second
whether one has died. So here a second attempt in one exchange is refused, by the callback before
a request and by a body that cannot be rewound; and a handle whose connection has anything to say
before it is asked is thrown away with its connections.
"""

import http
import io
import math
import select
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

import pycurl

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import BuzzeasyError
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.exchange import Exchange, refuse_closed
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.proxies import Proxies, Via
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
    97: "the proxy does not speak its protocol, or refused",  # CURLE_PROXY, which pycurl does not name
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
_MOST_LINES: Final = 1000
"""Of heads, before libcurl is stopped: more than the headers that are taken, and room for interim replies."""


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
        self._hosts: dict[str, _Host] = {}
        self._is_closed = False

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        refuse_closed(exchange, is_closed=self._is_closed)
        host = self._host(request.url)
        exchange.via = host.via
        if not self._free.acquire(timeout=exchange.left(exchange.connect)):
            raise pool_exhausted()
        try:
            handle = host.usable()
            try:
                response = handle.send(request, exchange)
            except BaseException:
                handle.close()  # nobody can say what is left on its connection
                raise
            host.idle.append(handle)
            if self._is_closed:
                host.close()
            return response
        finally:
            self._free.release()

    def close(self) -> None:
        """Close the pooled connections."""
        self._is_closed = True
        for host in list(self._hosts.values()):
            host.close()

    def _host(self, url: str) -> "_Host":
        scheme, _, name, *_ = url.split("/", 3)
        key = f"{scheme}//{name}"
        if key not in self._hosts:
            proxy = self._proxies.for_url(url)
            options = [*_FIXED, (pycurl.PROXY, proxy or "")]
            if scheme == "https:":
                options += _options_of(self._tls)
                # What OpenSSL has read ahead nobody can see: it could be a second reply to this request,
                # and libcurl would take it for the answer to the next.
                options.append((pycurl.FORBID_REUSE, 1))
            self._hosts.setdefault(key, _Host(options, Via.of(proxy)))
        return self._hosts[key]


_FIXED: Final[Sequence[tuple[int, object]]] = (
    (pycurl.HTTP_CONTENT_DECODING, 0),
    (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
    (pycurl.FOLLOWLOCATION, 0),
    (pycurl.NOSIGNAL, 1),
    (pycurl.NOPROXY, ""),  # nor is the empty text as PROXY the environment's
    (pycurl.NOPROGRESS, 0),
    (pycurl.SSL_VERIFYPEER, 1),
    (pycurl.SSL_VERIFYHOST, 2),
)


def _options_of(tls: TLS) -> list[tuple[int, object]]:
    options: list[tuple[int, object]] = []
    if tls.ca_bundle is not None:
        options.append((pycurl.CAINFO, str(tls.ca_bundle)))
    else:
        import ssl

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


class _Host:
    """The idle handles of one host, and the options that all its handles have."""

    def __init__(self, options: Sequence[tuple[int, object]], via: Via) -> None:
        self._options = options
        self.via = via
        self.idle: deque[_Handle] = deque()

    def close(self) -> None:
        """Close the idle handles."""
        while True:
            try:
                self.idle.pop().close()
            except IndexError:
                return

    def usable(self) -> "_Handle":
        """An idle handle whose connection is silent and open, or a new one."""
        while True:
            try:
                handle = self.idle.pop()
            except IndexError:
                return _Handle(self._options)
            if not handle.has_something_to_say():
                return handle
            handle.close()


class _Handle:
    """A handle of libcurl's, and what it calls back while it works on a request."""

    _exchange: Exchange

    def __init__(self, options: Sequence[tuple[int, object]]) -> None:
        self._curl = pycurl.Curl()
        self._upload = io.BytesIO()
        self._size = 0
        self._lines: list[bytes] = []
        self._body: Body | None = None
        self._refused: BuzzeasyError | None = None
        self._moved = 0
        self._moved_at = 0.0
        for option, value in (
            *options,
            (pycurl.XFERINFOFUNCTION, self._progress),
            (pycurl.PREREQFUNCTION, self._about_to_send),
            (pycurl.WRITEFUNCTION, self._write),
            (pycurl.HEADERFUNCTION, self._lines.append),
            (pycurl.READFUNCTION, self._read),
            # Without a way back libcurl cannot send a body again, as it would on a dead connection.
            (pycurl.SEEKFUNCTION, lambda *_: pycurl.SEEKFUNC_FAIL),
        ):
            self._curl.setopt(option, value)

    def send(self, request: HttpRequest, exchange: Exchange) -> HttpResponse:
        """Send one request and read its reply whole."""
        self._exchange = exchange
        self._upload, self._size = io.BytesIO(request.body), len(request.body)
        self._lines.clear()
        self._body = self._refused = None
        self._moved, self._moved_at = 0, Clock.monotonic()
        headers = [f"{name}: {value}" for name, value in request.headers.items()]
        set_option = self._curl.setopt
        set_option(pycurl.URL, request.url)
        set_option(pycurl.HTTPHEADER, [*headers, "Expect:"])
        set_option(pycurl.CONNECTTIMEOUT_MS, _milliseconds(exchange.left(exchange.connect)))
        set_option(pycurl.TIMEOUT_MS, _milliseconds(exchange.left(math.inf)))
        if request.method == "POST":
            set_option(pycurl.POST, 1)
            set_option(pycurl.POSTFIELDSIZE_LARGE, self._size)
        else:
            set_option(pycurl.HTTPGET, 1)
        try:
            self._perform()
        except pycurl.error as error:
            raise self._ours(int(error.args[0])) from None
        finally:
            self._upload = io.BytesIO()  # an idle handle holds no password
        try:
            return self._begin_body().response()
        finally:
            self._body = None

    def close(self) -> None:
        """Close the handle and its connection."""
        self._curl.close()

    def has_something_to_say(self) -> bool:
        """Whether the idle connection can be read from: it was closed, or holds what nobody asked for."""
        descriptor = self._curl.getinfo(pycurl.ACTIVESOCKET)
        if descriptor < 0:
            return False
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([descriptor], [], [], 0)[0])
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))

    def _perform(self) -> None:
        """Have libcurl do it, and raise what a signal's handler raised while it did.

        Handlers run in the main thread, wherever Python does: in a callback here. pycurl lets out
        what is no Exception, such as KeyboardInterrupt; any other it prints, and aborts.
        """
        if threading.current_thread() is not threading.main_thread():
            self._curl.perform()
            return
        raised: list[BaseException] = []
        printing, sys.excepthook = sys.excepthook, lambda _, error, __: raised.append(error)
        try:
            self._curl.perform()
        except pycurl.error:
            if raised:
                raise raised[0] from None
            raise
        finally:
            sys.excepthook = printing

    def _about_to_send(self, *_: object) -> int:
        if self._exchange.sent:
            return pycurl.PREREQFUNC_ABORT
        self._lines.clear()  # a proxy's answer to CONNECT
        try:
            self._exchange.enter("send")
        except BuzzeasyError as error:
            self._refused = error
            return pycurl.PREREQFUNC_ABORT
        return pycurl.PREREQFUNC_OK

    def _read(self, size: int) -> bytes:
        return self._upload.read(size)

    def _begin_body(self) -> Body:
        """The body of the reply, once its head is whole. Raises ProtocolError or ConnectionLost."""
        if self._body is None:
            status, headers = _head(self._lines, self._exchange)
            self._body = Body(status, headers_of(status, headers), self._exchange)
        return self._body

    def _write(self, data: bytes) -> int | None:
        try:
            self._begin_body().feed(data)
        except BuzzeasyError as error:
            self._refused = error
            return -1
        return None

    def _progress(self, _: int, down: int, __: int, up: int) -> int | None:
        now, exchange = Clock.monotonic(), self._exchange
        moved = down + up + len(self._lines)
        if moved != self._moved or not exchange.sent:
            self._moved, self._moved_at = moved, now
        if exchange.phase == "send" and up >= self._size:
            exchange.enter("read")
        if len(self._lines) > _MOST_LINES:
            self._refused = not_http(exchange, HEAD_TOO_LARGE)
        return 1 if self._refused or self._is_silent(now) else None

    def _is_silent(self, now: float) -> bool:
        return now - self._moved_at > self._exchange.read

    def _ours(self, code: int) -> BuzzeasyError:
        """What a code of libcurl's means."""
        exchange = self._exchange
        if self._refused is not None:
            return self._refused
        if _size(self._lines) > LONGEST_HEAD:  # libcurl has a limit of its own, and calls it a receive error
            return not_http(exchange, HEAD_TOO_LARGE)
        if code == pycurl.E_OPERATION_TIMEDOUT or (
            code == pycurl.E_ABORTED_BY_CALLBACK and self._is_silent(Clock.monotonic())
        ):
            return timed_out(exchange)
        if code in _NO_HTTP:
            return not_http(exchange)
        refused = self._curl.getinfo(pycurl.HTTP_CONNECTCODE)
        if not exchange.sent and refused >= 300:
            return broken(exchange, refused_by_proxy(refused))
        if code in _TLS:
            # OpenSSL's words stand at the end of libcurl's.
            return broken(exchange, tls_failed(self._curl.errstr().rpartition(":")[2].strip() or _TLS[code]))
        return broken(exchange, _WHY.get(code, f"libcurl error {code}"))


def _head(lines: Sequence[bytes], exchange: Exchange) -> tuple[int, list[tuple[str, str]]]:
    """The status and the headers of the final reply. Raises ProtocolError, or ConnectionLost without an end."""
    if _size(lines) > LONGEST_HEAD:
        raise not_http(exchange, HEAD_TOO_LARGE)
    status, headers, is_whole = 0, list[tuple[str, str]](), False
    for line in lines:
        text = line.decode("latin-1")
        if text.startswith("HTTP/") and not headers:
            code = text.split()[1:2]
            if not (code and code[0].isascii() and code[0].isdigit()):
                raise not_http(exchange)
            status, is_whole = int(code[0]), False
        elif not text.strip():
            is_whole = True
            if 100 <= status < 200 and status != http.HTTPStatus.SWITCHING_PROTOCOLS:
                headers.clear()
        elif text[0] in " \t" and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {text.strip()}")
        elif not is_whole:  # else a trailer
            name, _, value = text.partition(":")
            headers.append((name, value))
    if not is_whole:
        # libcurl takes the end of the connection for the end of the headers, and reports success.
        raise broken(exchange, _WHY[pycurl.E_PARTIAL_FILE])
    return status, headers


def _size(lines: Sequence[bytes]) -> int:
    return sum(map(len, lines))


def _milliseconds(seconds: float) -> int:
    return max(1, math.ceil(seconds * 1000))
