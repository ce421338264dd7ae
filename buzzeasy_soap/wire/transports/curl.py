"""HTTP through libcurl: for bulk work and short-lived processes."""

import io
import math
import queue
import select
import ssl
import threading
from typing import Final, NoReturn

import pycurl

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import ConnectFailed, ConnectionLost, ProtocolError, RequestTimeout
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.exchange import Exchange
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse

_WHY: Final = {
    pycurl.E_COULDNT_RESOLVE_HOST: "the name cannot be resolved",
    pycurl.E_COULDNT_RESOLVE_PROXY: "the proxy's name cannot be resolved",
    pycurl.E_COULDNT_CONNECT: "connection refused or unreachable",
    pycurl.E_SSL_CONNECT_ERROR: "TLS: the handshake failed",
    pycurl.E_PEER_FAILED_VERIFICATION: "TLS: the certificate is not trusted",
    pycurl.E_SSL_CACERT_BADFILE: "TLS: the CA bundle cannot be read",
    pycurl.E_SSL_CERTPROBLEM: "TLS: the client certificate cannot be used",
    pycurl.E_PARTIAL_FILE: "closed before the whole reply",
    pycurl.E_GOT_NOTHING: "closed without a reply",
}
_MAX_HEAD_BYTES: Final = 2**16
_NO_HTTP: Final = {
    pycurl.E_UNSUPPORTED_PROTOCOL,
    pycurl.E_FTP_WEIRD_SERVER_REPLY,
    pycurl.E_TOO_MANY_REDIRECTS,
}


class CurlTransport:
    """HTTP through libcurl: pooled handles, proxies from the environment.

    Thread-safe. `pool_size` bounds the open connections; a call waits for a free one until its
    connect time-out. libcurl sends a request again by itself when a reused connection dies
    unanswered; here a second attempt in one exchange is refused.
    """

    def __init__(self, *, tls: TLS = TLS(), pool_size: int = 16) -> None:
        self._tls = tls
        self._free = threading.BoundedSemaphore(pool_size)
        # A handle serves one host, so that its last connection is the one it will use again.
        self._idle: dict[str, queue.LifoQueue[pycurl.Curl]] = {}

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        exchange.enter("connect")
        if not self._free.acquire(timeout=exchange.left(exchange.connect)):
            raise RequestTimeout("no connection of the pool became free", phase="connect")
        idle = self._idle.setdefault(request.url.split("/", 3)[2], queue.LifoQueue())
        try:
            handle = idle.get_nowait()
        except queue.Empty:
            handle = pycurl.Curl()
        try:
            return _Perform(handle, self._tls, request, exchange).run()
        finally:
            idle.put(handle)
            self._free.release()

    def close(self) -> None:
        """Close the pooled connections."""
        for idle in self._idle.values():
            while not idle.empty():
                idle.get_nowait().close()


class _Perform:
    """One request on a handle: what libcurl calls back while it works."""

    def __init__(self, handle: pycurl.Curl, tls: TLS, request: HttpRequest, exchange: Exchange) -> None:
        self._handle = handle
        self._request = request
        self._exchange = exchange
        self._body = io.BytesIO(request.body)
        self._reply = bytearray()
        self._headers: dict[str, str] = {}
        self._head_bytes = 0
        self._head_is_whole = False
        self._too_large = False
        self._silent = False
        self._moved = (0, 0)
        self._moved_at = Clock.monotonic()
        fresh = _has_something_to_say(handle)
        handle.reset()  # options alone: the handle keeps its connections
        for option, value in self._options(tls):
            handle.setopt(option, value)
        handle.setopt(pycurl.FRESH_CONNECT, fresh)

    def run(self) -> HttpResponse:
        try:
            self._handle.perform()
        except pycurl.error as error:
            self._raise_ours(error.args[0])
        if not self._head_is_whole:
            # libcurl takes the end of the connection for the end of the headers, and reports success.
            self._raise_ours(pycurl.E_PARTIAL_FILE)
        return HttpResponse(self._handle.getinfo(pycurl.RESPONSE_CODE), self._headers, bytes(self._reply))

    def _options(self, tls: TLS) -> list[tuple[int, object]]:
        exchange, request = self._exchange, self._request
        headers = [f"{name}: {value}" for name, value in request.headers.items() if name != "Accept-Encoding"]
        options: list[tuple[int, object]] = [
            (pycurl.URL, request.url),
            (pycurl.HTTPHEADER, [*headers, "Expect:"]),
            (pycurl.ACCEPT_ENCODING, request.headers.get("Accept-Encoding", "identity")),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.NOSIGNAL, 1),
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
                (pycurl.READFUNCTION, self._body.read),
                # Without a way back libcurl cannot send a body again, as it would on a dead connection.
                (pycurl.SEEKFUNCTION, lambda *_: pycurl.SEEKFUNC_FAIL),
            ]
        if tls.ca_bundle is not None:
            options.append((pycurl.CAINFO, str(tls.ca_bundle)))
        else:
            # The wheel's libcurl knows not where this system keeps its trust store; OpenSSL's Python does.
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

    def _write(self, data: bytes) -> int:
        if len(self._reply) + len(data) > self._exchange.max_reply_bytes:
            self._too_large = True
            return -1
        self._reply += data
        return len(data)

    def _header(self, line: bytes) -> int | None:
        name, found, value = line.decode("latin-1").partition(":")
        if found:
            self._headers[name.strip().lower()] = value.strip()
        elif line.startswith(b"HTTP/"):
            self._headers.clear()  # those of a 100 Continue, or of a proxy's CONNECT
            self._head_is_whole = False
        elif not line.strip():
            self._head_is_whole = True
        self._head_bytes += len(line)
        self._too_large = self._head_bytes > _MAX_HEAD_BYTES
        return -1 if self._too_large else None

    def _progress(self, _: int, down: int, __: int, up: int) -> int | None:
        now = Clock.monotonic()
        moved = (down + len(self._headers), up)
        if moved != self._moved or not self._exchange.sent:
            self._moved, self._moved_at = moved, now
        if self._exchange.phase == "send" and up >= len(self._request.body):
            self._exchange.enter("read")
        self._silent = now - self._moved_at > self._exchange.read
        return 1 if self._silent else None

    def _raise_ours(self, code: int | str) -> NoReturn:
        exchange = self._exchange
        if self._too_large:
            limit = f"max_reply_bytes ({exchange.max_reply_bytes})"
            raise ProtocolError(
                f"the reply is larger than {limit}" if self._head_is_whole else "the headers have no end",
                status=self._handle.getinfo(pycurl.RESPONSE_CODE),
            ) from None
        if code == pycurl.E_OPERATION_TIMEDOUT or self._silent:
            raise RequestTimeout(f"timed out ({exchange.phase})", phase=exchange.phase) from None
        why = _WHY.get(int(code), f"libcurl error {code}")
        if not exchange.sent:
            raise ConnectFailed(f"no connection: {why}") from None
        if code == pycurl.E_BAD_CONTENT_ENCODING:
            raise ProtocolError("the reply's content encoding cannot be undone") from None
        if code in _NO_HTTP:
            raise ProtocolError("the reply is not HTTP") from None
        raise ConnectionLost(f"the connection was lost: {why}", phase=exchange.phase) from None


def _has_something_to_say(handle: pycurl.Curl) -> bool:
    """Whether an idle connection can be read from: it was closed, or holds what nobody asked for.

    libcurl looks but once a second, and would send on it.
    """
    descriptor = handle.getinfo(pycurl.ACTIVESOCKET)
    if descriptor < 0:
        return False
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _milliseconds(seconds: float) -> int:
    return max(1, math.ceil(seconds * 1000))
