"""Every fault that the table has: what goes wrong, and what a client must make of it."""

import gzip
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from attrs import field, frozen

from buzzeasy_soap import (
    BuzzeasyError,
    ConnectFailed,
    ConnectionLost,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServiceFault,
    Timeout,
)
from tests.support import scripted
from tests.support.scripted import Reply
from tests.support.upstream import ServiceReply, Upstream

MAX_REPLY_BYTES = 100_000
AMPLE = Timeout(connect=20, read=20, total=20)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

Behaviour = Callable[[Upstream], Reply]
Phase = Literal["connect", "read"]
Again = Literal["all", "reads", "none"]
Where = Literal["here", "nobody listens", "nobody answers", "no such name"]
Tls = Literal["trusted", "of an unknown authority", "of another name"]


@frozen
class Fault:
    """One row of the table. What it says of the client holds for every transport and operation."""

    name: str
    """For the test's id."""
    story: str
    """What goes wrong, for the docs."""
    error: type[BuzzeasyError] | None = field(kw_only=True)
    """None where the call succeeds all the same."""
    outcome: Outcome | None = None
    phase: Phase | None = None
    """Of a TransportError; `read` stands for `send` too, which it cannot always be told from."""
    again: Again = "none"
    """Which operations are sent again: all, those that read or set a value, or none."""
    done: bool = False
    """Whether the service does what is asked."""
    behaviour: Behaviour = Upstream.pass_on
    """What the server does once it has read the request."""
    warm_up: Behaviour | None = None
    """What it does with a call before, which leaves a kept connection; None for no such call."""
    before_reading: Callable[[socket.socket], bool] | None = None
    where: Where = "here"
    https: bool = False
    certificate: Tls | None = None
    """The server's; None for a server that speaks no TLS."""
    timeout: Timeout = AMPLE
    soap_only: bool = False


# Behaviours --------------------------------------------------------------------------------------


def told(reply: Reply) -> Behaviour:
    """The service never hears of it."""
    return lambda _: reply


def by_protocol(soap: Reply, rest: Reply) -> Behaviour:
    """The service never hears of it; SOAP and REST are answered each in its own way."""
    return lambda _: lambda sock, request: (rest if "/rest/" in request.path else soap)(sock, request)


def done_then(spoil: Callable[[socket.socket, ServiceReply], bool]) -> Behaviour:
    return lambda service: service.done_then(spoil)


def sends(data: Callable[[ServiceReply], bytes], *, keep: bool = False) -> Behaviour:
    """The service does it, and this is sent of its reply."""

    def spoil(sock: socket.socket, reply: ServiceReply) -> bool:
        sock.sendall(data(reply))
        return keep

    return done_then(spoil)


def drips(data: Callable[[ServiceReply], tuple[bytes, bytes]]) -> Behaviour:
    """The service does it; the first part of its reply is sent at once, the second drips."""

    def spoil(sock: socket.socket, reply: ServiceReply) -> bool:
        at_once, slowly = data(reply)
        sock.sendall(at_once)
        return scripted.drip(slowly * 1000, every=0.02)(sock, None)

    return done_then(spoil)


def nothing(sock: socket.socket, _: ServiceReply) -> bool:
    return scripted.close()(sock, None)


def a_reset(sock: socket.socket, _: ServiceReply) -> bool:
    return scripted.reset()(sock, None)


def silence(sock: socket.socket, _: ServiceReply) -> bool:
    return scripted.silence()(sock, None)


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def chunked(reply: ServiceReply) -> bytes:
    return reply.head(content_length=None, transfer_encoding="chunked")


def keep_silent(sock: socket.socket) -> bool:
    sock.settimeout(30)
    with suppress(OSError):
        while sock.recv(65536):
            pass
    return False


def close_unread(_: socket.socket) -> bool:
    return False


def drip_a_handshake(sock: socket.socket) -> bool:
    sock.recv(65536)
    sock.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16,384 bytes is to come
    return scripted.drip(b"\x02" * 1000, every=0.02)(sock, None)


def speak_plainly(sock: socket.socket) -> bool:
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    return False


def html(status: int) -> Reply:
    page = f"<html><head><title>{status}</title></head><body><h1>Bad day</h1></body></html>"
    return scripted.http(page, status=status, content_type="text/html")


def elsewhere(status: int) -> Reply:
    return scripted.http(status=status, headers={"Location": "http://127.0.0.2:9/elsewhere"})


def soap_fault(code: str) -> Reply:
    return scripted.http(scripted.fault_bytes(code, "It broke down."), status=500)


def compressed(reply: ServiceReply, padding: bytes) -> bytes:
    body = gzip.compress(reply.body + padding)
    return reply.head(content_length=str(len(body)), content_encoding="gzip") + body


def bomb(reply: ServiceReply) -> bytes:
    return compressed(reply, b" " * 20 * MAX_REPLY_BYTES)


def promise_more(reply: ServiceReply) -> bytes:
    return reply.head(content_length=str(MAX_REPLY_BYTES // 2)) + reply.body


def endless(sock: socket.socket, reply: ServiceReply) -> bool:
    sock.sendall(reply.head(content_length=None))
    with suppress(OSError):
        while True:
            sock.sendall(b" " * 65_536)
    return False


def endless_headers(sock: socket.socket, _: ServiceReply) -> bool:
    with suppress(OSError):
        sock.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            sock.sendall(b"X-Padding: %s\r\n" % (b"a" * 1000))
    return False


def early_hints(reply: ServiceReply) -> bytes:
    return b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 2 + reply.whole()


def strange(reply: ServiceReply) -> bytes:
    """What the contract does not know, where its result would stand."""
    is_json = "json" in reply.headers["content-type"]
    body = b'{"error":"upstream timed out"}' if is_json else reply.body.replace(b"Result", b"Answer")
    return reply.head(content_length=str(len(body))) + body


# The table ---------------------------------------------------------------------------------------

NOT_SENT = {"error": ConnectFailed, "outcome": Outcome.NOT_SENT, "phase": "connect", "again": "all"}
LOST = {"error": ConnectionLost, "outcome": Outcome.UNKNOWN, "phase": "read", "again": "reads"}
LATE = {
    "error": RequestTimeout,
    "outcome": Outcome.UNKNOWN,
    "phase": "read",
    "timeout": Timeout(connect=20, read=20, total=0.5),
}
UNREADABLE = {"error": ProtocolError, "outcome": Outcome.UNKNOWN}
OVERLOADED = {**UNREADABLE, "again": "reads"}
MOVED = {"error": ProtocolError, "outcome": Outcome.REFUSED}
DISPATCHERS = {"error": ServiceFault, "outcome": Outcome.REFUSED}
FINE = {"error": None, "done": True}

BEFORE_SENDING = (
    Fault("refused", "connection refused", where="nobody listens", **NOT_SENT),
    Fault(
        "unreachable", "no answer to the connection attempt for longer than `connect`", where="nobody answers",
        timeout=Timeout(connect=0.3, read=20, total=20), **{**NOT_SENT, "error": RequestTimeout},
    ),
    Fault("unresolvable", "the host name cannot be resolved", where="no such name", **NOT_SENT),
    Fault(
        "no-tls", "`https://` to a server without TLS",
        https=True, before_reading=speak_plainly, **NOT_SENT,
    ),
    Fault(
        "unknown-authority", "a certificate from an untrusted authority",
        certificate="of an unknown authority", **NOT_SENT,
    ),
    Fault("other-name", "a certificate for another host", certificate="of another name", **NOT_SENT),
    Fault(
        "handshake-cut", "closed during the TLS handshake",
        https=True, before_reading=close_unread, **NOT_SENT,
    ),
    Fault(
        "handshake-silent", "silence during the TLS handshake for longer than `connect`",
        https=True, before_reading=keep_silent,
        timeout=Timeout(connect=0.3, read=20, total=20), **{**NOT_SENT, "error": RequestTimeout},
    ),
    Fault(
        "handshake-dripped", "a TLS handshake that drips until the deadline",
        https=True, before_reading=drip_a_handshake,
        **{**LATE, "outcome": Outcome.NOT_SENT, "phase": "connect"},
    ),
)  # fmt: skip
CONNECTION_DIES = (
    Fault("unread", "closed before the request is read", before_reading=close_unread, **LOST),
    Fault("unanswered", "closed after the request is read", behaviour=told(scripted.close()), **LOST),
    Fault("reset", "reset after the request is read", behaviour=told(scripted.reset()), **LOST),
    Fault(
        "kept-unanswered", "a kept-alive connection closed after the request is read",
        warm_up=Upstream.pass_on, behaviour=told(scripted.close()), **LOST,
    ),
    Fault(
        "continue-unanswered", "closed after `100 Continue`",
        behaviour=told(scripted.raw(CONTINUE, keep=False)), **LOST,
    ),
    Fault("done-unanswered", "closed", behaviour=done_then(nothing), done=True, **LOST),
    Fault("done-reset", "reset", behaviour=done_then(a_reset), done=True, **LOST),
    Fault(
        "done-unanswered-tls", "closed, over TLS",
        certificate="trusted", behaviour=done_then(nothing), done=True, **LOST,
    ),
    Fault(
        "cut-status", "closed in the status line",
        behaviour=sends(lambda reply: reply.head()[:10]), done=True, **LOST,
    ),
    Fault(
        "cut-before-headers", "closed after the status line",
        behaviour=sends(lambda _: b"HTTP/1.1 200 OK\r\n"), done=True, **LOST,
    ),
    Fault(
        "cut-headers", "closed in the headers",
        behaviour=sends(lambda reply: reply.head()[:-15]), done=True, **LOST,
    ),
    Fault(
        "cut-body", "closed in the body",
        behaviour=sends(lambda reply: reply.head() + half(reply.body)), done=True, **LOST,
    ),
    Fault(
        "cut-body-tls", "closed in the body, over TLS", certificate="trusted",
        behaviour=sends(lambda reply: reply.head() + half(reply.body)), done=True, **LOST,
    ),
    Fault(
        "cut-chunk", "a chunked reply closed in a chunk",
        behaviour=sends(lambda reply: chunked(reply) + b"fff\r\n" + half(reply.body)), done=True, **LOST,
    ),
    Fault(
        "cut-chunks", "a chunked reply closed before its last chunk",
        behaviour=sends(lambda reply: chunked(reply) + chunk(reply.body)), done=True, **LOST,
    ),
    Fault(
        "length-too-long", "closed before `Content-Length` is reached",
        behaviour=sends(promise_more), done=True, **LOST,
    ),
)  # fmt: skip
TIME_PASSES = (
    Fault(
        "read-timeout", "silence for longer than `read`", behaviour=done_then(silence), done=True,
        **{**LATE, "again": "reads", "timeout": Timeout(connect=20, read=0.3, total=20)},
    ),
    Fault("silence", "silence until the deadline", behaviour=done_then(silence), done=True, **LATE),
    Fault(
        "dripped-headers", "headers that drip endlessly",
        behaviour=drips(lambda _: (b"HTTP/1.1 200 OK\r\n", b"X-Slow: yes\r\n")), done=True, **LATE,
    ),
    Fault(
        "dripped-body", "a body that drips endlessly",
        behaviour=drips(lambda reply: (promise_more(reply), b" ")), done=True, **LATE,
    ),
    Fault(
        "length-unreached", "silence until the deadline, before `Content-Length` is reached",
        behaviour=done_then(lambda sock, reply: sock.sendall(promise_more(reply)) or silence(sock, reply)),
        done=True, **LATE,
    ),
)  # fmt: skip
WRONG_REPLY = (
    Fault("html-502", "502 with an HTML page", behaviour=told(html(502)), **OVERLOADED),
    Fault("html-503", "503 with an HTML page", behaviour=told(html(503)), **OVERLOADED),
    Fault("html-504", "504 with an HTML page", behaviour=told(html(504)), **OVERLOADED),
    Fault("html-429", "429 with an HTML page", behaviour=told(html(429)), **OVERLOADED),
    Fault(
        "done-html-502", "502 with an HTML page",
        behaviour=done_then(lambda sock, _: html(502)(sock, None)), done=True, **OVERLOADED,
    ),
    Fault("html-500", "500 with an HTML page", behaviour=told(html(500)), **UNREADABLE),
    Fault("html-200", "200 with an HTML page", behaviour=told(html(200)), **UNREADABLE),
    *(
        Fault(f"redirect-{status}", f"{status} to another host", behaviour=told(elsewhere(status)), **UNREADABLE)
        for status in (301, 302, 303)
    ),
    *(
        Fault(f"redirect-{status}", f"{status} to another host", behaviour=told(elsewhere(status)), **MOVED)
        for status in (307, 308)
    ),
    Fault(
        "fault", "the fault `InternalServiceFault`; over REST the page “Request Error”",
        behaviour=by_protocol(soap_fault("InternalServiceFault"), html(400)),
        error=ServiceFault, outcome=Outcome.UNKNOWN,
    ),
    Fault(
        "oversized", "a body larger than `max_reply_bytes`",
        behaviour=done_then(endless), done=True, **UNREADABLE,
    ),
    Fault(
        "gzip-bomb", "a gzip body that decompresses to more than `max_reply_bytes`",
        behaviour=sends(bomb, keep=True), done=True, **UNREADABLE,
    ),
    Fault("endless-headers", "endless headers", behaviour=done_then(endless_headers), done=True, **UNREADABLE),
    Fault(
        "length-too-short", "more than `Content-Length` says",
        behaviour=sends(lambda reply: reply.head(content_length=str(len(reply.body) // 2)) + reply.body),
        done=True, **UNREADABLE,
    ),
    Fault(
        "no-length", "half a body without `Content-Length`",
        behaviour=sends(lambda reply: reply.head(content_length=None) + half(reply.body)),
        done=True, **UNREADABLE,
    ),
    Fault(
        "unrecognised", "a reply whose members are not in the contract",
        behaviour=sends(strange, keep=True), done=True, **UNREADABLE,
    ),
    Fault(
        "two-lengths", "a reply that states its length twice",
        behaviour=sends(lambda reply: reply.head(Content_length="5") + reply.body), done=True, **UNREADABLE,
    ),
    Fault(
        "no-gzip", "`Content-Encoding: gzip` on a body that is not gzip",
        behaviour=sends(lambda reply: reply.head(content_encoding="gzip") + reply.body, keep=True),
        done=True, **UNREADABLE,
    ),
    Fault(
        "no-http", "a reply that is not HTTP",
        behaviour=sends(lambda _: b"SSH-2.0-OpenSSH_9.2\r\n" * 20), done=True, **UNREADABLE,
    ),
    *(
        Fault(f"fault-{code}", f"a SOAP fault `{code}`", behaviour=told(soap_fault(code)), soap_only=True, **DISPATCHERS)
        for code in ("DeserializationFailed", "ActionNotSupported", "MustUnderstand", "VersionMismatch")
    ),
    *(
        Fault(
            f"fault-{code}", f"a SOAP fault `{code}`", behaviour=told(soap_fault(code)), soap_only=True,
            error=ServiceFault, outcome=Outcome.UNKNOWN,
        )
        for code in ("Client", "Client.Authentication", "Server")
    ),
)  # fmt: skip
NO_FAULT = (
    Fault("closed-idle", "a kept-alive connection was closed while idle", warm_up=sends(ServiceReply.whole), **FINE),
    Fault(
        "two-replies", "the previous call got two replies",
        warm_up=sends(lambda reply: reply.whole() * 2, keep=True), **FINE,
    ),
    Fault(
        "continue", "`100 Continue` before the reply",
        behaviour=sends(lambda reply: CONTINUE + reply.whole(), keep=True), **FINE,
    ),
    Fault("gzipped", "a compressed reply", behaviour=sends(lambda reply: compressed(reply, b""), keep=True), **FINE),
)  # fmt: skip
FAULTS = (*BEFORE_SENDING, *CONNECTION_DIES, *TIME_PASSES, *WRONG_REPLY, *NO_FAULT)
