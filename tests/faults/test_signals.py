"""What a signal interrupts says what it means for what was asked, and is never taken for anything else."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from buzzeasy_soap import Endpoints, Outcome, Retry
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer

pytestmark = pytest.mark.posix
KINDS = ["soap", "soap-curl", "rest", "rest-curl", "soap-zeep", "soap-session"]


class Alarm(Exception):
    """What a handler of the user's raises."""


@pytest.fixture(params=[KeyboardInterrupt, SystemExit, Alarm])
def raised(request: pytest.FixtureRequest) -> Iterator[type[BaseException]]:
    def handler(*_: object) -> None:
        raise request.param

    before = signal.signal(signal.SIGUSR1, handler)
    yield request.param
    signal.signal(signal.SIGUSR1, before)


def signalling(sock: object, request: object) -> bool:
    """Silence, in which the signal comes."""
    time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGUSR1)
    return scripted.silence()(sock, request)


CALLS = {
    "places": lambda client: client.request_call_when_available("Ada", "+447700900123"),
    "reads": lambda client: client.get_call_data_by_pin("1234"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", CALLS)
def test_what_a_signal_raises_comes_out_with_an_outcome(kind: str, what: str, raised: type) -> None:
    with ScriptedServer((signalling,)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(raised) as caught:
            CALLS[what](client)
        assert len(server.received) == 1
    assert type(caught.value) is raised
    assert caught.value.outcome is Outcome.UNKNOWN
    assert (caught.value.callback_request is not None) == (what == "places")
    assert caught.value.operation in ("RequestCallWhenAvailable", "GetCallDataByPin")


@pytest.mark.parametrize("kind", ["soap", "soap-curl"])
def test_before_anything_was_sent_it_says_so(kind: str, raised: type) -> None:
    with ScriptedServer((scripted.close(),)) as server:
        nobody = Endpoints.sandbox(server.port)
    with open_client(kind, nobody, retry=Retry(first_wait=8)) as client:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        with pytest.raises(raised) as caught:
            CALLS["places"](client)
    assert (caught.value.outcome, caught.value.callback_request) == (Outcome.NOT_SENT, None)
