"""Heads that libraries read in different ways, leftovers, interim replies: one behaviour for all transports."""

import gzip
import ssl
import time
import zlib
from contextlib import suppress

import pytest
import trustme

from buzzeasy_soap import TLS, BuzzeasyError, Outcome, ProtocolError
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, BODY, OWN, place

transports = pytest.mark.parametrize("kind", OWN)
every_transport = pytest.mark.parametrize("kind", [*OWN, "soap-foreign"])
SECOND = BODY.replace(b"BZ1", b"BZ2")


def with_head(*lines: str, body: bytes = BODY, length: bool = True) -> scripted.Reply:
    """A reply with these headers beside the usual ones."""
    head = ["HTTP/1.1 200 OK", "Content-Type: text/xml; charset=utf-8", *lines]
    if length:
        head.append(f"Content-Length: {len(body)}")
    return scripted.raw("\r\n".join([*head, "", ""]).encode("latin-1") + body)


def chunked(body: bytes = BODY) -> bytes:
    return b"%x\r\n%s\r\n0\r\nX-Trailer: yes\r\n\r\n" % (len(body), body)


READ = {
    "a long header": with_head(f"X-Long: {'a' * 40_000}"),
    "ninety headers": with_head(*(f"X-{n}: a" for n in range(90))),
    "a folded header": with_head("X-Folded: a\r\n b"),
    "Latin-1 in a header": with_head("X-Latin: caf\xe9"),
    "chunks with a trailer": with_head("Transfer-Encoding: chunked", body=chunked(), length=False),
    "gzip": with_head("Content-Encoding: gzip", body=gzip.compress(BODY)),
    "x-gzip": with_head("Content-Encoding: x-gzip", body=gzip.compress(BODY)),
    "gzip in two members": with_head(
        "Content-Encoding: gzip", body=gzip.compress(BODY[:50]) + gzip.compress(BODY[50:])
    ),
    "deflate": with_head("Content-Encoding: deflate", body=zlib.compress(BODY)),
    "deflate without a head": with_head("Content-Encoding: deflate", body=zlib.compress(BODY)[2:-4]),
    "identity": with_head("Content-Encoding: identity"),
}


@every_transport
@pytest.mark.parametrize("reply", READ.values(), ids=READ)
def test_what_may_be_unusual_is_read(kind: str, reply: scripted.Reply) -> None:
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        assert place(client).code == "BZ1"


REFUSED = {
    "a blank in a header's name": with_head("X Y: a"),
    "a blank before the colon": with_head("X-Y : a"),
    "a line without a colon": with_head("nonsense"),
    "two lengths": with_head(f"Content-Length: {len(BODY)}"),
    "two lengths that differ": with_head("Content-Length: 10"),
    "a length beside chunks": with_head("Transfer-Encoding: chunked", body=chunked()),
    "a head without end": with_head(*(f"X-{n}: {'a' * 1000}" for n in range(90))),
    "too many headers": with_head(*(f"X-{n}: a" for n in range(500))),
    "an encoding that nobody asked for": with_head("Content-Encoding: br"),
    "half of a gzip": with_head("Content-Encoding: gzip", body=gzip.compress(BODY)[:-20]),
}


@transports
@pytest.mark.parametrize("reply", REFUSED.values(), ids=REFUSED)
def test_what_can_be_read_in_two_ways_is_refused(kind: str, reply: scripted.Reply) -> None:
    with ScriptedServer((reply, ANSWER)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(ProtocolError) as caught:
            place(client)
        assert caught.value.outcome is Outcome.UNKNOWN
        assert caught.value.callback_request is not None
        assert place(client).code == "BZ1"
        assert len(server.received) == 2


@every_transport
def test_a_switch_of_protocols_is_no_reply(kind: str) -> None:
    switch = scripted.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", keep=False)
    with ScriptedServer((switch, ANSWER)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(BuzzeasyError) as caught:
            place(client)
        assert caught.value.outcome is Outcome.UNKNOWN
        time.sleep(0.05)  # until the connection's end has arrived
        assert place(client).code == "BZ1"


@every_transport
@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_an_interim_reply_is_passed_over_and_never_answers_the_next_call(kind: str, status: int) -> None:
    interim = b"HTTP/1.1 %d Soon\r\nLink: </a.css>\r\n\r\n" % status

    def early(sock, request) -> bool:
        sock.sendall(interim * 2)
        time.sleep(0.05)
        return ANSWER(sock, request)

    second = scripted.http(SECOND)
    with ScriptedServer((early, second)) as server, open_client(kind, server.endpoints) as client:
        if kind == "soap-foreign" and status != 100:
            # http.client takes it for the reply; the connection is not used again.
            with pytest.raises(ProtocolError, match="interim") as caught:
                place(client)
            assert caught.value.outcome is Outcome.UNKNOWN
        else:
            assert place(client).code == "BZ1"
        assert place(client).code == "BZ2"


@every_transport
def test_interim_replies_without_end_answer_no_later_call(kind: str) -> None:
    def endless(sock, request) -> bool:
        for _ in range(20_000):
            sock.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        return ANSWER(sock, request)

    second = scripted.http(SECOND)
    with ScriptedServer((endless, second)) as server, open_client(kind, server.endpoints) as client:
        with suppress(ProtocolError):
            assert place(client).code == "BZ1"
        assert place(client).code == "BZ2"


# Leftovers: what a kept connection says before it is asked ----------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def context_of(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


def padded(body: bytes, size: int) -> bytes:
    """A whole reply of so many bytes."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %5d\r\n\r\n"
    room = size - len(head % 0) - len(body)
    body += b" " * room
    return head % len(body) + body


def two_replies(size: int, *, at_once: bool) -> scripted.Reply:
    def reply(sock, request) -> bool:
        first, second = padded(BODY, size), padded(SECOND, 900)
        if at_once:
            sock.sendall(first + second)
        else:
            sock.sendall(first)
            sock.sendall(second)
        return True

    return reply


@transports
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("at_once", [False, True], ids=["apart", "at once"])
@pytest.mark.parametrize("size", [1000, 8192, 16384])
def test_a_second_reply_answers_no_later_call(
    kind: str, secure: bool, at_once: bool, size: int, authority: trustme.CA, bundle: str
) -> None:
    tls = context_of(authority) if secure else None
    later = [scripted.http(BODY.replace(b"BZ1", b"BZ%d" % n)) for n in (11, 12, 13)]
    with (
        ScriptedServer((two_replies(size, at_once=at_once), *later), tls=tls) as server,
        open_client(kind, server.endpoints, tls=TLS(ca_bundle=bundle)) as client,
    ):
        assert place(client).code == "BZ1"
        time.sleep(0.05)
        assert [place(client).code for _ in range(3)] == ["BZ11", "BZ12", "BZ13"]


@every_transport
@pytest.mark.parametrize("parting", [b"", b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"])
def test_a_connection_that_ends_while_idle_is_never_used_again(kind: str, parting: bytes) -> None:
    def answer_and_part(sock, request) -> bool:
        ANSWER(sock, request)
        sock.sendall(parting)
        return False

    replies = (answer_and_part, ANSWER, ANSWER, ANSWER)
    with ScriptedServer(replies) as server, open_client(kind, server.endpoints) as client:
        assert place(client).code == "BZ1"
        time.sleep(0.1)
        assert [place(client).code for _ in range(3)] == ["BZ1"] * 3
        assert len(server.received) == 4
