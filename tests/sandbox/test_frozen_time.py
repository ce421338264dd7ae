"""The sandbox in a test that freezes or moves time: its seconds stay real ones."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from freezegun import freeze_time

from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.hub import HubSettings


def now_of(sandbox: Sandbox) -> dt.datetime:
    return sandbox._in_thread(sandbox._dispatcher.service.clock.now)


def closes(sandbox: Sandbox) -> bool:
    thread = threading.Thread(target=sandbox.close, daemon=True)
    thread.start()
    thread.join(10)
    return not thread.is_alive()


def until(condition: Callable[[], Any]) -> bool:
    for _ in range(1000):
        if condition():
            return True
        time.sleep(0.01)
    return False


@freeze_time("2017-04-11T07:00:00")
def test_it_begins_at_the_frozen_time_and_its_calls_go_on(caller_of: Callable[..., Any]) -> None:
    sandbox = Sandbox(speed=100)
    assert dt.timedelta() <= now_of(sandbox) - dt.datetime.now(dt.UTC) < dt.timedelta(minutes=30)
    caller_of(sandbox).request()
    assert until(lambda: sandbox.calls()[0]["status"] == "CallSucceeded")
    assert closes(sandbox)


def test_it_neither_leaps_nor_stops_where_time_is_frozen_later() -> None:
    with Sandbox() as sandbox:
        began = now_of(sandbox)
        with freeze_time("2077-01-01") as frozen:
            assert now_of(sandbox) - began < dt.timedelta(minutes=1)
            frozen.move_to("2099-01-01")
            sandbox.advance(60)
            assert dt.timedelta(minutes=1) <= now_of(sandbox) - began < dt.timedelta(minutes=2)
            sandbox.reset()
            assert now_of(sandbox).year == 2099
        assert now_of(sandbox).year == 2099
        sandbox.reset()
        assert now_of(sandbox) - began < dt.timedelta(minutes=1)


@pytest.mark.parametrize("transport", ["longPolling", "webSockets"])
def test_the_hub_s_time_outs_pass(transport: str) -> None:
    import requests
    from websockets.sync.client import connect

    with freeze_time("2077-01-01"):
        sandbox = Sandbox(hub=HubSettings(keep_alive=0.1, connection_timeout=0.3))
        negotiated = requests.get(f"{sandbox.url}/signalr/negotiate", timeout=30).json()
        token = requests.utils.quote(negotiated["ConnectionToken"], safe="")
        path = f"{sandbox.url}/signalr/connect?transport={transport}&connectionToken={token}"
        if transport == "webSockets":
            with connect(path.replace("http", "ws", 1)) as web_socket:
                assert web_socket.recv(timeout=10) != "{}"
                assert web_socket.recv(timeout=10) == "{}"  # a keep-alive
        else:
            cursor = requests.get(path, timeout=10).json()["C"]
            poll = path.replace("/connect?", "/poll?") + "&messageId=" + requests.utils.quote(cursor, safe="")
            assert requests.get(poll, timeout=10).json()["M"] == []
        assert closes(sandbox)
