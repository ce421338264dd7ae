"""A transport of a user's own: the example of docs/transports.md, against servers that answer well and badly."""

import runpy
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from buzzeasy_soap import ConnectFailed, ConnectionLost, Outcome, ProtocolError, RequestTimeout, Timeout
from buzzeasy_soap.contract import request_callback_service as contract
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, open_warm, place

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "httpx_transport.py"
EWT = scripted.soap(
    contract.GET_EWT_BY_SERVICE_ID, contract.GetEWTByServiceIDResponse(get_ewt_by_service_id_result=5)
)


@pytest.fixture
def transport() -> Iterator[object]:
    transport = runpy.run_path(str(EXAMPLE))["HttpxTransport"]()
    yield transport
    transport.close()


def test_the_page_shows_the_example_whole() -> None:
    assert f"```python\n{EXAMPLE.read_text()}```" in (ROOT / "docs" / "transports.md").read_text()


@pytest.mark.parametrize("kind", ["soap", "rest"])
def test_a_call_is_a_call_and_the_connection_is_kept(kind: str, transport: object) -> None:
    message = contract.ResponseMessage(confirmation_code="BZ1", result_code=0)
    reply = scripted.answer(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, message)
    with (
        ScriptedServer((reply,)) as server,
        open_client(kind, server.endpoints, transport=transport) as client,
    ):
        assert [place(client).code for _ in range(3)] == ["BZ1"] * 3
        assert server.connections == 1


def test_where_nobody_listens_nothing_was_sent(transport: object) -> None:
    with ScriptedServer((scripted.close(),)) as server:
        gone = server.endpoints
    with open_client("soap", gone, transport=transport) as client, pytest.raises(ConnectFailed) as caught:
        place(client)
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (scripted.close(), ConnectionLost),
        (scripted.reset(), ConnectionLost),
        (scripted.http(b"<", length=1000, keep=False), ConnectionLost),
        (scripted.silence(), RequestTimeout),
        (
            scripted.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"a" * 5000, every=0.02),
            RequestTimeout,
        ),
        (scripted.http(b"a" * 200_000), ProtocolError),
        (scripted.http(b"<a/>", headers={"Content-Encoding": "gzip"}), ProtocolError),
        (scripted.http(status=302, headers={"Location": "/elsewhere"}), ProtocolError),
    ],
    ids=["closed", "reset", "cut", "silent", "dripped", "too large", "no gzip", "redirect"],
)
def test_once_it_was_sent_the_outcome_is_unknown_and_it_is_not_sent_again(
    reply: scripted.Reply, error: type[Exception], transport: object
) -> None:
    limits = Timeout(connect=5, read=5, total=0.4)
    with (
        ScriptedServer((ANSWER, reply)) as server,
        open_warm("soap", server, limits, transport=transport, max_reply_bytes=100_000) as client,
    ):
        began = time.monotonic()
        with pytest.raises(error) as caught:
            place(client)
        assert time.monotonic() - began < 5
        assert caught.value.outcome is Outcome.UNKNOWN
        assert len(server.received) == 2


def test_what_only_reads_is_sent_again(transport: object) -> None:
    with (
        ScriptedServer((scripted.close(), EWT)) as server,
        open_client("soap", server.endpoints, transport=transport) as client,
    ):
        assert client.get_ewt_by_service_id().total_seconds() == 300
        assert len(server.received) == 2


def test_a_connection_that_ended_while_idle_is_not_used_again(transport: object) -> None:
    def answer_and_part(sock, request) -> bool:
        ANSWER(sock, request)
        return False

    with (
        ScriptedServer((answer_and_part, ANSWER)) as server,
        open_client("soap", server.endpoints, transport=transport) as client,
    ):
        assert place(client).code == "BZ1"
        time.sleep(0.05)
        assert place(client).code == "BZ1"
        assert len(server.received) == 2


def test_no_password_is_logged_over_rest(transport: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    reply = scripted.http("null", content_type="application/json")
    with (
        ScriptedServer((reply,)) as server,
        open_client("rest", server.endpoints, transport=transport) as client,
    ):
        assert client.get_call_data_by_pin("1234") is None
    assert "P@ssword" not in caplog.text
    assert "P%40ssword" not in caplog.text
