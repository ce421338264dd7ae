"""A server on a real socket that answers as it is told, well or badly, and counts what it read."""

import gzip
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from attrs import define, field, frozen

from buzzeasy_soap import Endpoints
from buzzeasy_soap.wire.json import write
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.text import write_envelope


@frozen
class Received:
    """One request as it was read."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int
    """Which connection it came on, from 1."""


Reply = Callable[[socket.socket, Received], bool]
"""Acts on the socket; True keeps the connection."""


@define
class ScriptedServer:
    """Plays its replies one after the other, the last one for ever.

    `before_reading`, if given, gets each new socket before a byte is read; False closes it.
    """

    replies: tuple[Reply, ...]
    tls: ssl.SSLContext | None = None
    before_reading: Callable[[socket.socket], bool] | None = None
    received: list[Received] = field(factory=list)
    connections: int = 0
    _listener: socket.socket = field(init=False)
    _threads: list[threading.Thread] = field(factory=list)
    _sockets: list[socket.socket] = field(factory=list)

    def __enter__(self) -> "ScriptedServer":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for sock in [self._listener, *self._sockets]:
            with suppress(OSError):
                # SSLSocket's own would have the thread that reads go on, and read ciphertext.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(10)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(f"{self.url}/Service.svc", f"{self.url}/InfoService.svc")

    def _run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                self._sockets.append(sock)
                self._run(self._serve, sock, self.connections)

    def _serve(self, sock: socket.socket, number: int) -> None:
        with suppress(OSError, ssl.SSLError):
            if self.before_reading and not self.before_reading(sock):
                sock.close()
                return
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            with sock, sock.makefile("rb") as stream:
                while (request := _read(stream, number)) is not None:
                    index = min(len(self.received), len(self.replies) - 1)
                    self.received.append(request)
                    if not self.replies[index](sock, request):
                        with suppress(OSError):
                            sock.shutdown(socket.SHUT_RDWR)
                        return


def _read(stream: object, number: int) -> Received | None:
    line = stream.readline()
    if not line.strip():
        return None
    method, path, _ = line.decode().split(" ", 2)
    headers = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return Received(method, path, headers, body, number)


@contextmanager
def unanswering_port() -> Iterator[int]:
    """A port of this machine that no connection to it is ever taken on: its backlog is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as fillers:
        for _ in range(8):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])


# Replies -----------------------------------------------------------------------------------------


def http(
    body: bytes | str = b"",
    *,
    status: int = 200,
    content_type: str | None = "text/xml; charset=utf-8",
    headers: dict[str, str] | None = None,
    length: int | None = None,
    keep: bool = True,
) -> Reply:
    """An HTTP reply; `length` lies about the body's."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Length": str(len(data) if length is None else length), **(headers or {})}
    if content_type is not None:
        fields["Content-Type"] = content_type
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n"
    return raw(head.encode("latin-1") + data, keep=keep)


def raw(data: bytes, *, keep: bool = True) -> Reply:
    """Bytes as they are."""

    def reply(sock: socket.socket, _: Received) -> bool:
        sock.sendall(data)
        return keep

    return reply


def close() -> Reply:
    """The connection is closed with no answer."""
    return lambda sock, _: False


def reset() -> Reply:
    """The connection is reset with no answer."""

    def reply(sock: socket.socket, _: Received) -> bool:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        return False

    return reply


def silence(seconds: float = 30) -> Reply:
    """Nothing for a long time."""

    def reply(sock: socket.socket, _: Received) -> bool:
        sock.settimeout(seconds)
        with suppress(OSError):
            sock.recv(1)  # until the client gives up
        return False

    return reply


def drip(data: bytes, *, every: float = 0.05) -> Reply:
    """One byte after the other, slowly."""

    def reply(sock: socket.socket, _: Received) -> bool:
        with suppress(OSError):
            for byte in data:
                sock.sendall(bytes([byte]))
                time.sleep(every)
        return False

    return reply


def gzipped(body: bytes) -> Reply:
    """A reply that was compressed unasked."""
    return http(gzip.compress(body), headers={"Content-Encoding": "gzip"})


def soap(operation: Operation, record: object, *, status: int = 200) -> Reply:
    """The operation's SOAP response."""
    return http(soap_bytes(operation, record), status=status)


def soap_bytes(operation: Operation, record: object) -> bytes:
    return write_envelope(operation.response, record)


def fault_bytes(code: str, reason: str, *, prefix: str = "a", detail: str = "") -> bytes:
    return f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
    <faultcode xmlns:{prefix}="http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
    >{prefix}:{code}</faultcode><faultstring xml:lang="en-US">{reason}</faultstring>{detail}
    </s:Fault></s:Body></s:Envelope>""".encode()


def answer(kind: str, operation: Operation, result: object, *, wrapped: bool = False) -> Reply:
    """The operation's response with a result, in the protocol of a kind of client."""
    record = operation.response.record(**{operation.result: result})
    if not kind.startswith("rest"):
        return soap(operation, record)
    [member] = operation.response.shape.members
    value = write(result, member)
    return http(json.dumps({member.name: value} if wrapped else value), content_type="application/json")
