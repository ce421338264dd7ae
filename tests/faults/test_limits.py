"""What ends a call from the client's own side: cancellation, the pool, the budget."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from buzzeasy_soap import (
    AsyncBuzzeasyClient,
    BuzzeasyError,
    ConfigurationError,
    Endpoints,
    Outcome,
    ProtocolError,
    RequestTimeout,
    Retry,
    Timeout,
)
from buzzeasy_soap.wire.transports.curl import CurlTransport
from buzzeasy_soap.wire.transports.requests import RequestsTransport
from tests.faults.faults import keep_silent
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer

ACCOUNT = {"company": 1, "password": "P@ssword", "service_queue": 1}
NUMBER = "+447700900123"


def cancelled(
    endpoints: Endpoints, when: threading.Event, hooks: tuple = (), **options: object
) -> tuple[BaseException, list]:
    """The cancellation of a call at a moment, and what the hooks were told."""
    told = []

    async def run() -> BaseException:
        async with AsyncBuzzeasyClient(
            endpoints=endpoints, hooks=[told.append, *hooks], **ACCOUNT, **options
        ) as client:
            call = asyncio.create_task(client.request_call_when_available("Ada", NUMBER))
            await asyncio.to_thread(when.wait, 30)
            call.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await call
            return caught.value

    return asyncio.run(run()), told


def test_cancelled_after_sending_it_may_have_been_placed() -> None:
    read = threading.Event()

    def silent(sock, request) -> bool:
        read.set()
        return scripted.silence()(sock, request)

    with ScriptedServer((silent,)) as server:
        error, told = cancelled(server.endpoints, read)
    assert isinstance(error, asyncio.CancelledError)
    assert error.outcome is Outcome.UNKNOWN
    assert error.operation == "RequestCallWhenAvailable"
    assert error.callback_request.phone_no == NUMBER
    assert [(record.error, record.outcome) for record in told] == [("CancelledError", Outcome.UNKNOWN)]


def test_cancelled_while_connecting_nothing_was_sent() -> None:
    connected = threading.Event()

    def silent(sock) -> bool:
        connected.set()
        return keep_silent(sock)

    with ScriptedServer((scripted.close(),), before_reading=silent) as server:
        secure = server.url.replace("http://", "https://")
        error, _ = cancelled(Endpoints(f"{secure}/a.svc", f"{secure}/b.svc"), connected)
        assert server.received == []
    assert (error.outcome, error.callback_request) == (Outcome.NOT_SENT, None)


def test_cancelled_while_waiting_to_send_again_nothing_was_sent() -> None:
    with ScriptedServer((scripted.close(),)) as server:
        nobody = server.endpoints
    failed = threading.Event()
    hooks = [lambda _: failed.set()]
    error, told = cancelled(
        nobody, failed, hooks=hooks, retry=Retry(first_wait=8), timeout=Timeout(total=300)
    )
    assert (error.outcome, error.callback_request) == (Outcome.NOT_SENT, None)
    assert [record.error for record in told] == ["ConnectFailed", "CancelledError"]


@pytest.fixture(params=[RequestsTransport, CurlTransport])
def one_connection(request: pytest.FixtureRequest) -> Iterator[object]:
    transport = request.param(pool_size=1)
    yield transport
    transport.close()


def test_a_pool_that_stays_full_is_a_time_out_before_sending(one_connection: object) -> None:
    read, done = threading.Event(), threading.Event()

    def wait(sock, request) -> bool:
        read.set()
        return not done.wait(30)

    options = {"transport": one_connection, "retry": Retry(attempts=1)}
    with ScriptedServer((wait,)) as server, open_client("soap", server.endpoints, **options) as client:
        first = threading.Thread(target=swallow, args=(client,))
        first.start()
        assert read.wait(30)
        with pytest.raises(RequestTimeout) as caught:
            place(client.with_options(timeout=Timeout(connect=0.05)))
        assert len(server.received) == 1
        done.set()
        first.join()
    assert (caught.value.outcome, caught.value.phase) == (Outcome.NOT_SENT, "connect")


def swallow(client: object) -> None:
    with suppress(BuzzeasyError):
        place(client)


def place(client: object) -> object:
    return client.request_call_when_available("Ada", NUMBER)


@pytest.mark.parametrize("kind", ["soap", "soap-curl", "soap-async"])
def test_an_outage_is_not_multiplied(kind: str) -> None:
    down = scripted.http("down", status=503, content_type="text/html")
    retry = Retry(attempts=3, first_wait=0.001, budget=5)
    with ScriptedServer((down,)) as server, open_client(kind, server.endpoints, retry=retry) as client:
        for _ in range(20):
            with pytest.raises(ProtocolError):
                client.get_ewt_by_service_id()
        with pytest.raises(ProtocolError):
            client.with_options(retry=retry).get_ewt_by_service_id()
        assert len(server.received) == 21 + 5


@pytest.mark.parametrize("url", ["https://büro.example/a.svc", "https://buzzeasy.example/büro/a.svc"])
def test_an_address_that_no_transport_can_send_is_refused_at_once(url: str) -> None:
    with pytest.raises(ConfigurationError, match="ASCII"):
        Endpoints(url, "https://buzzeasy.example/b.svc")


@pytest.mark.skipif(sys.platform != "linux", reason="a full backlog is silent on Linux")
def test_the_deadline_holds_over_all_addresses_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def many(host: str, *args: object, **more: object) -> list:
        return resolve("127.0.0.1", *args, **more) * (50 if host == "localhost" else 1)

    monkeypatch.setattr(socket, "getaddrinfo", many)
    with scripted.unanswering_port() as port:
        url, timeout = f"http://localhost:{port}", Timeout(connect=0.4, total=0.5)
        with open_client("soap", Endpoints(f"{url}/a.svc", f"{url}/b.svc"), timeout=timeout) as client:
            started = time.monotonic()
            with pytest.raises(RequestTimeout) as caught:
                place(client)
            assert time.monotonic() - started < 10  # 20 s, were it the connect time-out for each
    assert caught.value.outcome is Outcome.NOT_SENT
