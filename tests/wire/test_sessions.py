"""A session of the user's, and what is mounted on it: nobody is called twice by it either."""

from collections.abc import Callable

import pytest
import requests
import urllib3

from buzzeasy_soap import (
    BuzzeasyError,
    ConfigurationError,
    ConnectFailed,
    ConnectionLost,
    Endpoints,
    Outcome,
    ProtocolError,
    RequestTimeout,
    Timeout,
)
from buzzeasy_soap.wire.transports.requests import RequestsTransport
from tests.support import scripted
from tests.support.clients import LegacyTls, open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, BODY, place


def client_with(server_or_endpoints, session: requests.Session, **options):
    endpoints = getattr(server_or_endpoints, "endpoints", server_or_endpoints)
    return open_client("soap", endpoints, transport=RequestsTransport(session=session), **options)


def with_foreign(adapter: type = LegacyTls, **options: object) -> requests.Session:
    session = requests.Session()
    for prefix in ("http://", "https://"):
        session.mount(prefix, adapter(**options))
    return session


def test_a_session_is_not_changed() -> None:
    session = requests.Session()
    before = dict(session.adapters)
    with ScriptedServer((ANSWER,)) as server, client_with(server, session) as client:
        assert [place(client).code for _ in range(2)] == ["BZ1"] * 2
        assert server.connections == 1
    assert dict(session.adapters) == before
    assert session.hooks == {"response": []}


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("reply", [scripted.close(), scripted.reset()], ids=["closed", "reset"])
def test_what_a_foreign_adapter_was_handed_counts_as_sent(late: bool, reply: scripted.Reply) -> None:
    session = requests.Session() if late else with_foreign()
    with ScriptedServer((reply,)) as server, client_with(server, session) as client:
        if late:
            session.mount(server.url, LegacyTls())
        with pytest.raises(ConnectionLost) as caught:
            place(client)
        assert len(server.received) == 1
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.callback_request is not None


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_head_that_is_cut_off_under_a_foreign_adapter_is_no_answer(protocol: str) -> None:
    cut = scripted.raw(b"HTTP/1.1 200 OK\r\nContent-Ty", keep=False)
    with ScriptedServer((cut,)) as server:
        with client_with(server, with_foreign(), protocol=protocol) as client:
            with pytest.raises(BuzzeasyError) as caught:
                client.get_call_data_by_pin("1234")
    assert caught.value.outcome is Outcome.UNKNOWN


def test_a_read_timeout_of_a_foreign_adapter_leaves_the_outcome_unknown() -> None:
    timeout = Timeout(read=0.3, total=20)
    with ScriptedServer((scripted.silence(),)) as server:
        with client_with(server, with_foreign(), timeout=timeout) as client:
            with pytest.raises(RequestTimeout) as caught:
                place(client)
        assert len(server.received) == 1
    assert caught.value.outcome is Outcome.UNKNOWN


def test_a_plain_session_still_proves_what_was_not_sent() -> None:
    with ScriptedServer((ANSWER,)) as server:
        nobody = server.endpoints
    with client_with(nobody, requests.Session()) as client, pytest.raises(ConnectFailed) as caught:
        place(client)
    assert caught.value.outcome is Outcome.NOT_SENT


REPEATING = {
    "a number": 3,
    "a total": urllib3.Retry(3),
    "reads alone": urllib3.Retry(total=None, connect=0, read=2, status=0, other=0),
    "anything for ever": urllib3.Retry(total=None),
}
HARMLESS = {
    "nothing": 0,
    "requests' own": requests.adapters.HTTPAdapter().max_retries,
    "none at all": urllib3.Retry(total=False),
    "redirects alone": urllib3.Retry(total=5, connect=0, read=0, status=0, other=0, redirect=5),
}


@pytest.mark.parametrize("retries", REPEATING.values(), ids=REPEATING)
@pytest.mark.parametrize("adapter", [LegacyTls, requests.adapters.HTTPAdapter])
def test_an_adapter_that_sends_again_is_refused_and_not_changed(adapter: type, retries: object) -> None:
    session = with_foreign(adapter, max_retries=retries)
    with ScriptedServer((scripted.close(),)) as server, client_with(server, session) as client:
        with pytest.raises(ConfigurationError, match="sends again by itself") as caught:
            place(client)
        assert server.received == []
        assert caught.value.outcome is Outcome.NOT_SENT
        session.mount("http://", LegacyTls())  # each request looks
        with pytest.raises(ConnectionLost):
            place(client)
        assert len(server.received) == 1


@pytest.mark.parametrize("retries", HARMLESS.values(), ids=HARMLESS)
def test_an_adapter_that_does_not_send_again_is_taken(retries: object) -> None:
    session = with_foreign(max_retries=retries)
    with ScriptedServer((ANSWER,)) as server, client_with(server, session) as client:
        assert place(client).code == "BZ1"


def test_a_session_brings_auth_headers_cookies_and_hooks() -> None:
    session, seen = requests.Session(), []
    session.auth, session.headers["X-Tenant"] = ("ada", "pw"), "42"
    session.cookies.set("route", "7")
    session.hooks["response"] = [lambda response, **_: seen.append(response.status_code)]
    with ScriptedServer((ANSWER,)) as server, client_with(server, session) as client:
        place(client)
        [request] = server.received
    assert request.headers["authorization"].startswith("Basic ")
    assert (request.headers["x-tenant"], request.headers["cookie"]) == ("42", "route=7")
    assert seen == [200]


@pytest.mark.parametrize("session", [requests.Session(), with_foreign()], ids=["plain", "foreign"])
@pytest.mark.parametrize("raised", [KeyError("x"), FileNotFoundError("log"), requests.HTTPError("500")])
def test_a_hook_that_raises_leaves_the_outcome_unknown(session: requests.Session, raised: Exception) -> None:
    def hook(response: requests.Response, **_: object) -> None:
        raise raised

    session.hooks["response"] = [hook]
    with ScriptedServer((ANSWER,)) as server, client_with(server, session) as client:
        with pytest.raises(ProtocolError, match=type(raised).__name__) as caught:
            place(client)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.callback_request is not None


def test_auth_that_raises_sends_nothing() -> None:
    def auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
        raise LookupError("no token")

    session = requests.Session()
    session.auth = auth
    with ScriptedServer((ANSWER,)) as server, client_with(server, session) as client:
        with pytest.raises(ConfigurationError, match="LookupError"):
            place(client)
        assert server.received == []


class Odd:
    """A transport of the user's that raises what a Transport may not, and marks nothing."""

    def send(self, request: object, exchange: object, /) -> object:
        raise OSError("whatever")

    def close(self) -> None: ...


class AsyncOdd(Odd):
    async def send(self, request: object, exchange: object, /) -> object:
        raise OSError("whatever")

    async def close(self) -> None: ...


@pytest.mark.parametrize(("kind", "transport"), [("soap", Odd()), ("soap-async", AsyncOdd())])
def test_a_transport_of_the_user_s_that_raises_leaves_the_outcome_unknown(
    kind: str, transport: object
) -> None:
    with open_client(kind, Endpoints.sandbox(1), transport=transport) as client:
        with pytest.raises(BuzzeasyError, match="the transport raised OSError") as caught:
            place(client)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.callback_request is not None


@pytest.mark.parametrize("make", [requests.Session, with_foreign])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_hook_may_read_the_reply(make: Callable[[], requests.Session], encoding: str) -> None:
    session, read = make(), []
    session.hooks["response"] = [lambda response, **_: read.append(response.text)]
    reply = ANSWER if encoding == "identity" else scripted.gzipped(BODY)
    with ScriptedServer((reply,)) as server, client_with(server, session) as client:
        assert [place(client).code for _ in range(2)] == ["BZ1"] * 2
    assert all("BZ1" in text for text in read)
