"""HTTP through requests: the default transport."""

import http.client
import io
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import requests
import requests.adapters
import requests.utils
import urllib3.connection
import urllib3.connectionpool
import urllib3.exceptions
from urllib3.util.connection import create_connection

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import (
    BuzzeasyError,
    ConfigurationError,
    ConnectFailed,
    ConnectionLost,
    ProtocolError,
    RequestTimeout,
)
from buzzeasy_soap.wire.exchange import Exchange
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.redaction import guard_logs
from buzzeasy_soap.wire.transports.tls import ssl_context

# Those of urllib3 that write down a URL with its query, or what came back.
_LOGGERS = ("urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager", "urllib3.util.retry")
# Which exchange a urllib3 connection works for: the pool gives no way to hand it over.
_current = threading.local()


class RequestsTransport:
    """HTTP through requests: pooled connections, proxies from the environment, read once.

    Thread-safe. `pool_size` bounds the open connections; a call waits for a free one until its
    connect time-out. A `session` of the user's brings its auth, headers, cookies, proxies and
    hooks; a hook that answers a challenge sends again on its own account.
    """

    def __init__(
        self,
        *,
        tls: TLS = TLS(),
        pool_size: int = 16,
        proxies: Mapping[str, str] | None = None,
        session: requests.Session | None = None,
    ) -> None:
        if session is not None and (session.verify is not True or session.cert is not None):
            raise ConfigurationError("certificates are set with tls=, not on the session")
        guard_logs(*_LOGGERS)
        self._tls = tls
        self._pool_size = pool_size
        self._proxies = proxies
        self._proxies_by_host: dict[str, Mapping[str, str]] = {}
        self._free = threading.BoundedSemaphore(pool_size)
        self._session = session
        self._own = requests.Session()
        self._own.mount("http://", _Adapter(pool_size, None))
        self._lock = threading.Lock()
        if session is not None:
            for prefix, adapter in session.adapters.items():
                if type(adapter) is requests.adapters.HTTPAdapter:
                    session.mount(prefix, self._adapter(prefix))

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        exchange.enter("connect")
        if not self._free.acquire(timeout=exchange.left(exchange.connect)):
            raise RequestTimeout("no connection of the pool became free", phase="connect")
        try:
            with _working_for(exchange):
                return self._send(request, exchange)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close the pooled connections; a session of the user's stays open."""
        self._own.close()

    def _send(self, request: HttpRequest, exchange: Exchange) -> HttpResponse:
        try:
            response = self._exchange(request, exchange)
            try:
                body = _read(response, exchange)
            except BaseException:
                response.close()  # else what is left unread would meet the next reply
                raise
        except BuzzeasyError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            _raise_ours(error, exchange)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpResponse(response.status_code, headers, body)

    def _exchange(self, request: HttpRequest, exchange: Exchange) -> requests.Response:
        timeout = (exchange.left(exchange.connect), exchange.left(exchange.read))
        if self._session is not None:
            prepared = self._session.prepare_request(
                requests.Request(
                    request.method, request.url, dict(request.headers), data=request.body or None
                )
            )
            return self._session.send(prepared, stream=True, timeout=timeout, allow_redirects=False)
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = request.method, request.url, request.body or None
        prepared.headers = requests.structures.CaseInsensitiveDict(request.headers)
        if request.body:
            prepared.headers["Content-Length"] = str(len(request.body))
        return self._adapter(request.url).send(
            prepared, stream=True, timeout=timeout, proxies=self._proxies_for(request.url)
        )

    def _adapter(self, url: str) -> requests.adapters.BaseAdapter:
        scheme = url.partition("://")[0] + "://"
        with self._lock:
            adapter = self._own.adapters[scheme]
            if scheme == "https://" and not isinstance(adapter, _Adapter):
                # Not before it is needed: reading the trust store takes some 20 ms.
                adapter = _Adapter(self._pool_size, ssl_context(self._tls))
                self._own.mount(scheme, adapter)
        return adapter

    def _proxies_for(self, url: str) -> dict[str, str]:
        host = url.split("/", 3)[2]
        if host not in self._proxies_by_host:
            proxies = self._proxies
            if proxies is None:
                proxies = requests.utils.get_environ_proxies(url)
            self._proxies_by_host[host] = proxies
        return dict(self._proxies_by_host[host])


@contextmanager
def _working_for(exchange: Exchange) -> Iterator[None]:
    _current.exchange = exchange
    try:
        yield
    finally:
        del _current.exchange


def _read(response: requests.Response, exchange: Exchange) -> bytes:
    """The body, undone of its content encoding, and no more of it than is allowed."""
    chunks, size = [], 0
    for chunk in response.raw.stream(65_536, decode_content=True):
        size += len(chunk)
        if size > exchange.max_reply_bytes:
            raise ProtocolError(
                f"the reply is larger than max_reply_bytes ({exchange.max_reply_bytes})",
                status=response.status_code,
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _raise_ours(error: BaseException, exchange: Exchange) -> NoReturn:
    """Raise what an error of the library means; the marked phase says whether anything was sent."""
    causes = list(_chain(error))
    why = _plain(causes)
    # Not `from error`: its text, and so a traceback's, can hold the URL with its query.
    if any(_is_timeout(cause) for cause in causes):
        raise RequestTimeout(f"timed out ({exchange.phase})", phase=exchange.phase) from None
    if not exchange.sent:
        raise ConnectFailed(f"no connection: {why}") from None
    if any(isinstance(cause, urllib3.exceptions.DecodeError) for cause in causes):
        raise ProtocolError("the reply's content encoding cannot be undone") from None
    if any(_is_no_http(cause) for cause in causes):
        raise ProtocolError("the reply is not HTTP") from None
    raise ConnectionLost(f"the connection was lost: {why}", phase=exchange.phase) from None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and all that the libraries wrapped in it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]


def _is_timeout(cause: BaseException) -> bool:
    # urllib3 has a refused connection as a kind of time-out.
    return isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError) and not isinstance(
        cause, urllib3.exceptions.NewConnectionError
    )


def _plain(causes: list[BaseException]) -> str:
    """What the operating system or OpenSSL said, which holds nothing of ours."""
    for cause in causes:
        if isinstance(cause, urllib3.exceptions.NameResolutionError | socket.gaierror):
            return "the name cannot be resolved"
        if isinstance(cause, ssl.SSLError):
            return f"TLS: {getattr(cause, 'verify_message', None) or cause.reason or 'failed'}"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return "closed by the other side"


def _is_no_http(cause: BaseException) -> bool:
    cut_off = http.client.RemoteDisconnected | http.client.IncompleteRead
    return (isinstance(cause, http.client.HTTPException) and not isinstance(cause, cut_off)) or isinstance(
        cause, urllib3.exceptions.InvalidHeader | urllib3.exceptions.HeaderParsingError
    )


class _Adapter(requests.adapters.HTTPAdapter):
    """requests' own adapter, over connections that keep an exchange's limits and mark its phases."""

    def __init__(self, pool_size: int, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(pool_connections=8, pool_maxsize=pool_size)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: the context holds the certificates and always verifies."""


class _KeepsLimits:
    """What our two connection classes share: phases marked, and every read within the deadline."""

    sock: Any
    port: int
    socket_options: Any
    _dns_host: str
    _connecting = False

    def _new_conn(self) -> socket.socket:
        """A connection to the first address of the host that takes it, all of them within the deadline.

        urllib3's own gives the whole connect time-out to each address, and to the TLS handshake after.
        """
        exchange: Exchange = _current.exchange
        failed = OSError("the name has no address")
        for address in _addresses(self._dns_host.strip("[]"), self.port):
            limit = exchange.left(exchange.connect)
            try:
                sock = create_connection(address, limit, socket_options=self.socket_options)
            except OSError as error:
                failed = error
                continue
            try:
                sock.settimeout(exchange.left(exchange.connect))
            except RequestTimeout:
                sock.close()
                raise
            return sock
        raise failed

    def connect(self) -> None:
        self._connecting = True  # a proxy's CONNECT is sent too, and is not the request
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange: Exchange = _current.exchange
        if not self._connecting and not exchange.sent:
            exchange.enter("send")
        self.sock.settimeout(exchange.left(exchange.read))
        super().send(data)  # type: ignore[misc]

    def getresponse(self) -> Any:
        _current.exchange.enter("read")
        return super().getresponse()  # type: ignore[misc]


def _addresses(host: str, port: int) -> list[tuple[str, int]]:
    """Every address of a host. Blocks for as long as the system's resolver does."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror(socket.EAI_NONAME, "no host name") from None
    return [(str(address[0]), port) for *_, address in found]


class _Response(http.client.HTTPResponse):
    """http.client's response, whose every read of the socket gets what is left of the deadline."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = _WholeLines(_DeadlinedReader(sock))


class _WholeLines(io.BufferedReader):
    """Refuses a line that the end of the connection has cut off.

    http.client takes the end of the connection for the end of the headers: cut off before their
    end, a reply would look like a whole one without a body.
    """

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line.endswith(b"\n") and len(line) != size:
            raise http.client.RemoteDisconnected("closed in the middle of the reply")
        return line


class _DeadlinedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._exchange: Exchange = _current.exchange

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        exchange = self._exchange
        limit = exchange.left(exchange.read if exchange.sent else exchange.connect)
        self._sock.settimeout(limit)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _HTTPConnection(_KeepsLimits, urllib3.connection.HTTPConnection):
    response_class = _Response


class _HTTPSConnection(_KeepsLimits, urllib3.connection.HTTPSConnection):
    response_class = _Response


class _HTTPPool(urllib3.connectionpool.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(urllib3.connectionpool.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


_POOLS = {"http": _HTTPPool, "https": _HTTPSPool}
