"""HTTP through requests: the default transport."""

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import requests
import requests.adapters
import urllib3
import urllib3.exceptions

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError, ProtocolError
from buzzeasy_soap.wire.exchange import Exchange, refuse_closed
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.proxies import Proxies, Via
from buzzeasy_soap.wire.redaction import guard_logs
from buzzeasy_soap.wire.transports.connections import POOLS, working_for
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
from buzzeasy_soap.wire.transports.replies import Body, headers_of
from buzzeasy_soap.wire.transports.tls import ssl_context

# Those of urllib3 that write down a URL with its query, or what came back.
_LOGGERS = ("urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager", "urllib3.util.retry")
_BEFORE_CONNECTING: Final = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_TUNNEL: Final = re.compile(r"Tunnel connection failed: (\d+)")


class RequestsTransport:
    """HTTP through requests: pooled connections, proxies from the environment, read once.

    Thread-safe. `pool_size` bounds the open connections; a call waits for a free one until its
    connect time-out. `proxies` are by scheme, as requests takes them.

    A `session` of the user's brings its auth, headers, cookies, proxies and hooks, and is not
    changed. An adapter of the user's that is mounted on it does the sending: a request counts as
    sent from the moment that adapter gets it, so a refused connection is ConnectionLost with the
    outcome UNKNOWN, and the adapter's own time-outs hold. One that sends again by itself
    (`max_retries`) is refused: ConfigurationError. A hook that answers a challenge sends again on
    its own account.
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
        self._proxies = Proxies.of(proxies)
        self._are_proxies_given = proxies is not None
        self._free = threading.BoundedSemaphore(pool_size)
        self._session = session
        self._adapters: dict[str, _Adapter] = {}
        self._pools: dict[str, tuple[Any, Via]] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:
        """Send one request and read its reply whole."""
        refuse_closed(exchange, is_closed=self._is_closed)
        if not self._free.acquire(timeout=exchange.left(exchange.connect)):
            raise pool_exhausted()
        try:
            with working_for(exchange):
                return self._send(request, exchange)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close the pooled connections; a session of the user's stays open."""
        self._is_closed = True
        for adapter in self._adapters.values():
            adapter.close()

    def _send(self, request: HttpRequest, exchange: Exchange) -> HttpResponse:
        try:
            if self._session is None:
                response = self._send_plainly(request, exchange)
            else:
                replied = self._send_by_session(self._session, request, exchange)
                if getattr(replied, "_content_consumed", False):  # a hook of the user's has read the body
                    return _consumed(replied, exchange)
                response = replied.raw
            try:
                return _read(response, exchange)
            except BaseException:
                response.close()  # else what is left unread would meet the next reply
                response.release_conn()
                raise
        except BuzzeasyError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _ours(error, exchange) from None

    def _send_plainly(self, request: HttpRequest, exchange: Exchange) -> Any:
        headers = dict(request.headers)
        if request.body:
            headers["Content-Length"] = str(len(request.body))
        pool, exchange.via = self._pool(request.url)
        connect, read = _timeouts(exchange)
        exchange.hand_over()
        # As requests' adapter does it; what it does around this is for a session, and takes twice the time.
        return pool.urlopen(
            request.method,
            request.url if pool.proxy and pool.scheme == "http" else f"/{request.url.split('/', 3)[3]}",
            body=request.body or None,
            headers=headers,
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=urllib3.Timeout(connect=connect, read=read),
            preload_content=False,
            decode_content=False,
        )

    def _pool(self, url: str) -> tuple[Any, Via]:
        """The connections of the transport's own adapter to a host, or to the proxy before it, and that proxy."""
        scheme, _, host, _ = url.split("/", 3)
        key = f"{scheme}//{host}"
        if key not in self._pools:
            prepared = requests.PreparedRequest()
            prepared.url = url
            proxy = self._proxies.for_url(url)
            pool = self._adapter(url).get_connection_with_tls_context(
                prepared, verify=True, proxies=_for_any_scheme(proxy)
            )
            self._pools[key] = (pool, Via.of(proxy))
        return self._pools[key]

    def _send_by_session(
        self, session: requests.Session, request: HttpRequest, exchange: Exchange
    ) -> requests.Response:
        mounted = session.get_adapter(request.url)
        if _repeats(mounted):
            raise ConfigurationError(
                "the session's adapter sends again by itself, and a customer could be called twice: "
                "mount one with max_retries=0"
            )
        is_plain = type(mounted) is requests.adapters.HTTPAdapter
        try:
            prepared = session.prepare_request(
                requests.Request(
                    request.method, request.url, dict(request.headers), data=request.body or None
                )
            )
        except Exception as error:  # noqa: BLE001 - the user's auth, whatever it raises
            raise ConfigurationError(
                f"the session could not prepare the request ({type(error).__name__})"
            ) from None
        prepared.hooks = {
            event: [_guarded(hook) for hook in hooks] for event, hooks in prepared.hooks.items()
        }
        proxy = self._session_proxy(session, request.url)
        exchange.via = Via.of(proxy)
        options: dict[str, Any] = {
            "stream": True,
            "timeout": _timeouts(exchange),
            "allow_redirects": False,
            "proxies": _for_any_scheme(proxy),
        }
        if not is_plain:
            options |= _certificates(self._tls)
        adapter = self._adapter(request.url) if is_plain else mounted
        exchange.hand_over()
        return _with_adapter(session, adapter).send(prepared, **options)

    def _adapter(self, url: str) -> "_Adapter":
        scheme = url.partition("://")[0]
        with self._lock:
            if scheme not in self._adapters:
                # Not before it is needed: reading the trust store takes some 20 ms.
                context = ssl_context(self._tls) if scheme == "https" else None
                self._adapters[scheme] = _Adapter(self._pool_size, context)
        return self._adapters[scheme]

    def _session_proxy(self, session: requests.Session, url: str) -> str | None:
        """The transport's own proxies go first, then the session's, then the machine's."""
        if session.proxies and not self._are_proxies_given:
            return Proxies.given(session.proxies).for_url(url)
        if not session.trust_env and not self._are_proxies_given:
            return None
        return self._proxies.for_url(url)


def _timeouts(exchange: Exchange) -> tuple[float, float]:
    return exchange.left(exchange.connect), exchange.left(exchange.read)


def _for_any_scheme(proxy: str | None) -> dict[str, str]:
    return {} if proxy is None else {"http": proxy, "https": proxy}


def _certificates(tls: TLS) -> dict[str, Any]:
    """What `tls` means to an adapter that is not ours, in requests' terms."""
    cert = tls.client_certificate and (
        str(tls.client_certificate),
        str(tls.client_key or tls.client_certificate),
    )
    return {"verify": str(tls.ca_bundle) if tls.ca_bundle else True, "cert": cert}


def _repeats(adapter: requests.adapters.BaseAdapter) -> bool:
    """Whether an adapter may send a request again by itself."""
    retries = getattr(adapter, "max_retries", 0)
    if not isinstance(retries, urllib3.Retry):
        return bool(retries)
    if retries.total is False or (retries.total is not None and retries.total <= 0):
        return False
    kinds = (retries.connect, retries.read, retries.status, retries.other)
    return any(kind is None or (kind is not False and kind > 0) for kind in kinds)


def _with_adapter(session: requests.Session, adapter: requests.adapters.BaseAdapter) -> requests.Session:
    """The user's session, sending by that adapter; the user's own stays as it is."""
    view = object.__new__(type(session))
    view.__dict__.update(session.__dict__, adapters={"": adapter})
    return view


def _guarded(hook: Callable[..., Any]) -> Callable[..., Any]:
    """A response hook of the user's, whose errors are not taken for the connection's."""

    def call(response: requests.Response, *args: Any, **kwargs: Any) -> Any:
        try:
            return hook(response, *args, **kwargs)
        except (BuzzeasyError, requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError):
            raise  # the hook sent something itself, as for a challenge
        except Exception as error:  # noqa: BLE001 - whatever it raises, the callback may be placed
            response.close()
            raise ProtocolError(
                f"a hook of the session raised {type(error).__name__}", status=response.status_code
            ) from None

    return call


def _read(response: urllib3.BaseHTTPResponse, exchange: Exchange) -> HttpResponse:
    """The reply, its body whole."""
    body = Body(response.status, headers_of(response.status, response.headers.items()), exchange)
    while chunk := response.read1(65_536, decode_content=False):
        body.feed(chunk)
        exchange.left(exchange.read)
    return body.response()


def _consumed(response: requests.Response, exchange: Exchange) -> HttpResponse:
    """The reply, from what a hook has read and requests has decoded."""
    headers = headers_of(response.status_code, response.raw.headers.items())
    headers.pop("content-encoding", None)
    body = Body(response.status_code, headers, exchange)
    body.feed(response.content)
    return body.response()


def _ours(error: BaseException, exchange: Exchange) -> BuzzeasyError:
    """What an error of the library means.

    It is raised without its cause: that one's text, and so a traceback's, can hold the URL with its query.
    """
    causes = list(_chain(error))
    if isinstance(error, _BEFORE_CONNECTING):
        return ConfigurationError(f"requests cannot use the address or its proxy ({type(error).__name__})")
    if any(_is_timeout(cause) for cause in causes):
        return timed_out(exchange)
    if any(_is_no_http(cause) for cause in causes):
        return not_http(exchange)
    return broken(exchange, _plain(causes))


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
            return UNRESOLVED
        if isinstance(cause, ssl.SSLError):
            return tls_failed(getattr(cause, "verify_message", None) or cause.reason or "failed")
        if isinstance(cause, OSError) and (refused := _TUNNEL.match(str(cause))):
            return refused_by_proxy(refused[1])
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return CLOSED


def _is_no_http(cause: BaseException) -> bool:
    # urllib3's IncompleteRead is http.client's too.
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
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        if not proxy.startswith(("http://", "https://")):  # its connections would not be ours
            raise ConfigurationError('requests cannot use a SOCKS proxy: set transport="curl"')
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: the context holds the certificates and always verifies."""
