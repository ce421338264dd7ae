"""A request that is cut off while it is sent: some of it has left, so its outcome is unknown."""

import socket
import threading

import pytest

from buzzeasy_soap import ConnectionLost, Outcome, RequestTimeout, Retry, Timeout
from tests.faults.faults import close_unread
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer

KINDS = ["soap", "soap-curl", "soap-async", "rest", "rest-curl", "rest-async"]
MORE_THAN_BUFFERS = "x" * 8_000_000
RETRY = Retry(attempts=3, first_wait=0.001)


def place(client: object) -> object:
    return client.request_call_when_available("Ada", "+447700900123", fields=[MORE_THAN_BUFFERS])


@pytest.mark.filterwarnings("ignore:Sending a large body")  # aiohttp's, of 1 MiB and more
@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_that_dies_while_it_is_sent(kind: str) -> None:
    def reset_after_some(sock: socket.socket) -> bool:
        sock.recv(1000)
        return scripted.reset()(sock, None)

    with ScriptedServer((scripted.close(),), before_reading=reset_after_some) as server:
        with open_client(kind, server.endpoints, retry=RETRY) as client:
            with pytest.raises(ConnectionLost) as caught:
                place(client)
        assert server.connections == 1
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.phase != "connect"
    assert caught.value.callback_request.phone_no == "+447700900123"


# asyncio goes on sending in the background until the other side is gone, past the end of this test.
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.endswith("async")])
def test_a_server_that_does_not_read_on(kind: str) -> None:
    over = threading.Event()

    def wait(sock: socket.socket) -> bool:
        sock.recv(1000)
        over.wait(30)
        return close_unread(sock)

    with ScriptedServer((scripted.close(),), before_reading=wait) as server:
        timeout = Timeout(connect=20, read=20, total=0.5)
        with open_client(kind, server.endpoints, retry=RETRY, timeout=timeout) as client:
            with pytest.raises(RequestTimeout) as caught:
                place(client)
        over.set()
        assert server.connections == 1
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.phase != "connect"
