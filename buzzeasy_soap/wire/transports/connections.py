"""urllib3's connections, kept to an exchange: each read within the deadline, phases marked, strict heads."""

import http
import http.client
import io
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import urllib3.connection
import urllib3.connectionpool
from urllib3.util.connection import create_connection

from buzzeasy_soap.errors import RequestTimeout
from buzzeasy_soap.wire.exchange import Exchange
from buzzeasy_soap.wire.transports.failures import not_http
from buzzeasy_soap.wire.transports.replies import HEAD_TOO_LARGE, LONGEST_HEAD

_HEADER: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:|[ \t]")  # or the fold of one
# Which exchange a urllib3 connection works for: the pool gives no way to hand it over.
_current = threading.local()


@contextmanager
def working_for(exchange: Exchange) -> Iterator[None]:
    """Let the connections that this thread uses work for an exchange."""
    _current.exchange = exchange
    try:
        yield
    finally:
        del _current.exchange


class _KeepsLimits:
    """What our two connection classes share: phases marked, and every read within the deadline."""

    sock: Any
    port: int
    socket_options: Any
    _dns_host: str
    _connecting = False
    _has_body = False
    _head = b""
    """A head that waits for its body, to be sent with it."""

    def request(self, method: str, url: str, body: Any = None, *args: Any, **kwargs: Any) -> None:
        self._head, self._has_body = b"", isinstance(body, bytes) and bool(body)
        super().request(method, url, body, *args, **kwargs)  # type: ignore[misc]

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

    @property
    def is_connected(self) -> bool:
        """Whether it can be used again: open, and with nothing to say before it is asked."""
        # What OpenSSL has read already, the socket no longer shows.
        pending = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return not pending and bool(super().is_connected)  # type: ignore[misc]

    def connect(self) -> None:
        exchange: Exchange = _current.exchange
        if "send" not in exchange.reached:
            exchange.enter("connect")
        self._connecting = True  # a proxy's CONNECT is sent too, and is not the request
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if self._has_body and not self._connecting:
            if not self._head:
                self._head = data
                return
            data, self._head, self._has_body = self._head + data, b"", False
        if self.sock is None:
            self.connect()
        exchange: Exchange = _current.exchange
        if not self._connecting and "send" not in exchange.reached:
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
    """http.client's response, but strict about heads, and within the deadline at each read."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = _Lines(_DeadlinedReader(sock))

    fp: Any

    def begin(self) -> None:
        super().begin()
        if self.fp is not None:  # else there is no body
            self.fp.head = None

    def _read_status(self) -> tuple[str, int, str]:
        """The final status line: http.client by itself passes over 100 alone."""
        while True:
            self.fp.head = []
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200 or status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                return version, status, reason
            while self.fp.readline(LONGEST_HEAD).strip():
                pass


class _Lines(io.BufferedReader):
    """The lines of a head, each whole and each a header; and no byte left over at the end.

    http.client takes the end of the connection for the end of the headers, so a reply that is cut
    off before their end would look like a whole one without a body. It reads a line that is no
    header as the start of the body, and does not notice bytes after the reply.
    """

    raw: "_DeadlinedReader"
    head: list[bytes] | None = None
    """The lines of the head that is being read; None once it is read."""
    _head_bytes = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line.endswith(b"\n") and len(line) != size:
            raise http.client.RemoteDisconnected("closed in the middle of the reply")
        if self.head is not None:
            self._head_bytes += len(line)
            if self._head_bytes > LONGEST_HEAD:
                raise not_http(self.raw.exchange, HEAD_TOO_LARGE)
            if self.head and line.strip() and not _HEADER.match(line):
                raise http.client.UnknownProtocol("not a header")
            self.head.append(line)
        return line

    def close(self) -> None:
        """Close; where bytes are left over, the connection too: they answer no request of ours."""
        if not self.closed:
            self.raw.is_done = True
            if self.peek(1):
                self.raw.shut_down()
        super().close()


class _DeadlinedReader(io.RawIOBase):
    """A socket, each read of which gets what is left of the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self.exchange: Exchange = _current.exchange
        self.is_done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.is_done:
            return None  # nothing now: no further read of the socket
        exchange = self.exchange
        limit = exchange.left(exchange.read if exchange.sent else exchange.connect)
        self._sock.settimeout(limit)
        return self._raw.readinto(buffer)

    def shut_down(self) -> None:
        """End the connection, so that the pool finds it dead."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

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


POOLS: Final = {"http": _HTTPPool, "https": _HTTPSPool}
"""Pools of these connections by scheme, as urllib3's manager takes them."""
