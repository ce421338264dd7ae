"""The real service behind a scripted server: what was read is passed on, and its reply spoilt or not."""

import http.client
from collections.abc import Callable
from socket import socket

from attrs import frozen

from tests.support.scripted import Received, Reply


@frozen
class ServiceReply:
    """What the service answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def head(self, **changes: str | None) -> bytes:
        """The status line and headers, some of them changed (`content_length="5"`) or left out (None)."""
        changed = {name.replace("_", "-"): value for name, value in changes.items()}
        headers = {**self.headers, "content-length": str(len(self.body)), **changed}
        lines = [f"{name}: {value}\r\n" for name, value in headers.items() if value is not None]
        return f"HTTP/1.1 {self.status} X\r\n{''.join(lines)}\r\n".encode("latin-1")

    def whole(self) -> bytes:
        return self.head() + self.body


Spoil = Callable[[socket, ServiceReply], bool]
"""Sends the service's reply, or what it makes of it; True keeps the connection."""


@frozen
class Upstream:
    """The service on a port of this machine."""

    port: int

    def ask(self, request: Received) -> ServiceReply:
        """Pass a request on, once."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {**request.headers, "connection": "close"}
            connection.request(request.method, request.path, request.body or None, headers)
            reply = connection.getresponse()
            kept = ("content-type", "cache-control")
            headers = {name.lower(): value for name, value in reply.getheaders() if name.lower() in kept}
            return ServiceReply(reply.status, headers, reply.read())
        finally:
            connection.close()

    def done_then(self, spoil: Spoil) -> Reply:
        """The service does what was asked, and its reply goes through `spoil`."""
        return lambda sock, request: spoil(sock, self.ask(request))

    def pass_on(self) -> Reply:
        """The service does what was asked, and its reply is passed on as it is."""

        def whole(sock: socket, reply: ServiceReply) -> bool:
            sock.sendall(reply.whole())
            return True

        return self.done_then(whole)
