"""Each transport over real sockets: what it marks, bounds, refuses, and never does twice."""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from buzzeasy_soap import (
    ConnectFailed,
    ConnectionLost,
    Endpoints,
    Outcome,
    ProtocolError,
    RequestTimeout,
    Retry,
    Timeout,
)
from buzzeasy_soap.contract import request_callback_service as contract
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer

PLACED = contract.RequestCallWhenAvailableResponse(
    request_call_when_available_result=contract.ResponseMessage(confirmation_code="BZ1", result_code=0)
)
ANSWER = scripted.soap(contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)
BODY = scripted.soap_bytes(contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)

OWN = ["soap", "soap-curl", "soap-async", "soap-session"]
transports = pytest.mark.parametrize("kind", OWN)
transports_and_sessions = pytest.mark.parametrize("kind", [*OWN, "soap-foreign"])


def place(client: object) -> object:
    return client.request_call_when_available("Ada Lovelace", "+447700900123")


@contextmanager
def open_warm(kind: str, server: ScriptedServer, timeout: Timeout, **arguments: object) -> Iterator[object]:
    """A client that has called once: on a busy machine a short deadline may pass before it can connect."""
    with open_client(kind, server.endpoints, **arguments) as client:
        assert place(client).code == "BZ1"
        yield client.with_options(timeout=timeout)


@transports
def test_connections_are_kept_and_used_again(kind: str) -> None:
    with ScriptedServer((ANSWER,)) as server, open_client(kind, server.endpoints) as client:
        assert [place(client).code for _ in range(3)] == ["BZ1"] * 3
        assert server.connections == 1


@transports
def test_a_kept_connection_that_dies_unanswered_leaves_the_outcome_unknown(kind: str) -> None:
    with ScriptedServer((ANSWER, scripted.close())) as server, open_client(kind, server.endpoints) as client:
        place(client)
        with pytest.raises(ConnectionLost) as caught:
            place(client)
        assert [request.connection for request in server.received] == [1, 1]
        assert caught.value.outcome is Outcome.UNKNOWN
        assert caught.value.callback_request.phone_no == "+447700900123"


@transports
def test_a_connection_closed_while_idle_is_opened_anew(kind: str) -> None:
    polite = scripted.http(BODY, keep=False)
    with ScriptedServer((polite,)) as server, open_client(kind, server.endpoints) as client:
        place(client)
        time.sleep(0.1)
        assert place(client).code == "BZ1"
        assert len(server.received) == 2


@transports
def test_refused_and_unresolvable_are_provably_not_sent(kind: str) -> None:
    with ScriptedServer((ANSWER,)) as server:
        port = server.port
    for host in (f"127.0.0.1:{port}", "no-such-host.invalid"):
        there = Endpoints(f"https://{host}/a.svc", f"https://{host}/b.svc")
        with (
            open_client(kind, there, retry=Retry(attempts=1)) as client,
            pytest.raises(ConnectFailed) as caught,
        ):
            place(client)
        assert caught.value.outcome is Outcome.NOT_SENT
        assert caught.value.phase == "connect"
        assert caught.value.callback_request is None


@transports
def test_what_was_not_sent_is_sent_again(kind: str) -> None:
    with ScriptedServer((ANSWER,)) as server:
        port = server.port
    with open_client(kind, Endpoints.sandbox(port), retry=Retry(attempts=3, first_wait=0.01)) as client:
        records = []
        client.with_options()
        with pytest.raises(ConnectFailed):
            place(client)
    with open_client(
        kind, Endpoints.sandbox(port), retry=Retry(attempts=3, first_wait=0.01), hooks=[records.append]
    ) as client:
        with pytest.raises(ConnectFailed):
            place(client)
        assert [record.attempt for record in records] == [1, 2, 3]


@transports
@pytest.mark.parametrize("reply", [scripted.reset(), scripted.http(BODY, length=10**6, keep=False)])
def test_a_reply_that_never_ends_well_leaves_the_outcome_unknown(kind: str, reply: scripted.Reply) -> None:
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(ConnectionLost) as caught:
            place(client)
        assert caught.value.outcome is Outcome.UNKNOWN
        assert len(server.received) == 1


@transports
@pytest.mark.parametrize(
    "reply",
    [
        scripted.silence(),
        scripted.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + b"X-A: b\r\n" * 100),
        scripted.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"a" * 5000, every=0.02),
    ],
    ids=["silence", "dripped headers", "dripped body"],
)
def test_the_deadline_holds_over_all(kind: str, reply: scripted.Reply) -> None:
    with (
        ScriptedServer((ANSWER, reply)) as server,
        open_warm(kind, server, Timeout(connect=5, read=5, total=0.4)) as client,
    ):
        started = time.monotonic()
        with pytest.raises(RequestTimeout) as caught:
            place(client)
        assert 0.35 < time.monotonic() - started < 5
        assert caught.value.outcome is Outcome.UNKNOWN
        assert len(server.received) == 2


@transports
def test_silence_is_bounded_by_the_read_timeout(kind: str) -> None:
    timeout = Timeout(connect=5, read=0.3, total=30)
    with ScriptedServer((scripted.silence(),)) as server:
        with open_client(kind, server.endpoints, timeout=timeout) as client, pytest.raises(RequestTimeout):
            started = time.monotonic()
            place(client)
        assert time.monotonic() - started < 10


@transports
def test_a_reply_is_cut_off_at_its_limit_while_it_is_read(kind: str) -> None:
    endless = scripted.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"a" * 200_000)
    with (
        ScriptedServer((endless,)) as server,
        open_client(kind, server.endpoints, max_reply_bytes=100_000) as client,
        pytest.raises(ProtocolError, match="max_reply_bytes") as caught,
    ):
        place(client)
    assert caught.value.outcome is Outcome.UNKNOWN


@transports
def test_a_gzip_bomb_is_cut_off_at_its_limit(kind: str) -> None:
    bomb = scripted.http(gzip.compress(b"a" * 50_000_000), headers={"Content-Encoding": "gzip"})
    with (
        ScriptedServer((bomb,)) as server,
        open_client(kind, server.endpoints, max_reply_bytes=100_000) as client,
        pytest.raises(ProtocolError, match="max_reply_bytes"),
    ):
        place(client)


@transports
def test_a_compressed_reply_is_read(kind: str) -> None:
    with ScriptedServer((scripted.gzipped(BODY),)) as server, open_client(kind, server.endpoints) as client:
        assert place(client).code == "BZ1"


@transports
def test_a_lying_content_encoding_is_refused(kind: str) -> None:
    lie = scripted.http(BODY, headers={"Content-Encoding": "gzip"})
    with (
        ScriptedServer((lie,)) as server,
        open_client(kind, server.endpoints) as client,
        pytest.raises(ProtocolError, match="content encoding") as caught,
    ):
        place(client)
    assert caught.value.outcome is Outcome.UNKNOWN


@transports
def test_what_is_not_http_is_refused(kind: str) -> None:
    with (
        ScriptedServer((scripted.raw(b"SSH-2.0-OpenSSH_9.2\r\n" * 20, keep=False),)) as server,
        open_client(kind, server.endpoints) as client,
        pytest.raises(ProtocolError, match="not HTTP") as caught,
    ):
        place(client)
    assert caught.value.outcome is Outcome.UNKNOWN


@transports
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(kind: str, status: int) -> None:
    away = scripted.http(status=status, headers={"Location": "/elsewhere"})
    with ScriptedServer((away, ANSWER)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(ProtocolError, match="redirects") as caught:
            place(client)
        assert len(server.received) == 1
        assert caught.value.outcome is (Outcome.REFUSED if status in (307, 308) else Outcome.UNKNOWN)


@transports
def test_a_100_continue_is_passed_over(kind: str) -> None:
    def reply(sock, request) -> bool:
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return ANSWER(sock, request)

    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        assert place(client).code == "BZ1"


@transports
def test_a_second_reply_to_one_request_answers_no_other(kind: str) -> None:
    def twice(sock, request) -> bool:
        ANSWER(sock, request)
        return scripted.http(BODY.replace(b"BZ1", b"BZ2"))(sock, request)

    with ScriptedServer((twice, ANSWER)) as server, open_client(kind, server.endpoints) as client:
        assert place(client).code == "BZ1"
        time.sleep(0.1)
        assert place(client).code == "BZ1"


@transports
def test_reads_are_repeated_and_writes_are_not(kind: str) -> None:
    ewt = contract.GetEWTByServiceIDResponse(get_ewt_by_service_id_result=5)
    read = scripted.soap(contract.GET_EWT_BY_SERVICE_ID, ewt)
    busy = scripted.http("<h1>busy</h1>", status=503, content_type="text/html")
    retry = Retry(attempts=3, first_wait=0.01)
    with ScriptedServer((scripted.close(), busy, read)) as server:
        with open_client(kind, server.endpoints, retry=retry) as client:
            assert client.get_ewt_by_service_id().total_seconds() == 300
        assert len(server.received) == 3
    with ScriptedServer((busy,)) as server, open_client(kind, server.endpoints, retry=retry) as client:
        with pytest.raises(ProtocolError) as caught:
            place(client)
        assert len(server.received) == 1
        assert caught.value.outcome is Outcome.UNKNOWN
        assert caught.value.operation == "RequestCallWhenAvailable"


@transports
def test_retry_after_is_heeded_and_not_beyond_reason(kind: str) -> None:
    ewt = contract.GetEWTByServiceIDResponse(get_ewt_by_service_id_result=5)
    read = scripted.soap(contract.GET_EWT_BY_SERVICE_ID, ewt)

    def busy(seconds: int) -> scripted.Reply:
        return scripted.http(
            "busy", status=503, content_type="text/html", headers={"Retry-After": str(seconds)}
        )

    with ScriptedServer((busy(1), read)) as server, open_client(kind, server.endpoints) as client:
        started = time.monotonic()
        client.get_ewt_by_service_id()
        assert time.monotonic() - started >= 1
    with ScriptedServer((busy(3600), read)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(ProtocolError):
            client.get_ewt_by_service_id()
        assert len(server.received) == 1
