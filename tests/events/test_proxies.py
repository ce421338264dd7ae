"""Which proxy the hub is reached through, and what is raised where it stands in the way."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Self

import pytest

from buzzeasy_soap import errors
from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.events import AsyncEventStream, EventStream, EventTimeouts, watch, watch_async
from tests.events.scripted_hub import ScriptedHub, call
from tests.security.leaks import Password, assert_hidden, told_by

QUICK = EventTimeouts(connect=0.2, reply=0.5)


class ScriptedProxy:
    """Answers each request with the same bytes; then it repeats some more until the client goes away."""

    def __init__(self, reply: bytes = b"", then: bytes = b"", pause: float = 0.0) -> None:
        self._reply, self._then, self._pause = reply, then, pause
        self.asked: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, name="test-scripted-proxy")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                head = b""
                while b"\r\n\r\n" not in head:
                    if not (data := connection.recv(65536)):
                        raise ConnectionResetError  # the client was out of time
                    head += data
                self.asked.append(head.decode().partition("\r\n")[0])
                connection.sendall(self._reply)
                while self._then:
                    connection.sendall(self._then)
                    time.sleep(self._pause)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def refusal(url: str, **settings: Any) -> errors.BuzzeasyError:
    with EventStream(url, **{"timeouts": QUICK, **settings}) as stream:
        with pytest.raises(errors.BuzzeasyError) as caught:
            stream.subscribe("BZ1")
    return caught.value


@pytest.mark.parametrize("transport", ["webSockets", "serverSentEvents", "longPolling"])
@pytest.mark.parametrize(
    ("url", "status"),
    [("https://127.0.0.1:1", 407), ("https://127.0.0.1:1", 403), ("http://127.0.0.1:1", 407)],
)
def test_the_refusal_of_a_proxy_is_named_and_nothing_was_sent(url: str, status: int, transport: str) -> None:
    reply = f"HTTP/1.1 {status} No\r\nX-Secret: s3cret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with ScriptedProxy(reply.encode()) as proxy:
        error = refusal(url, proxy=proxy.url.replace("//", "//user:s3cret@"), transport=transport)
    assert isinstance(error, errors.ConnectFailed)
    assert error.outcome is Outcome.NOT_SENT
    assert f"the proxy refused to connect to the event service (HTTP {status})" in str(error)
    assert "s3cret" not in str(error)


@pytest.mark.parametrize(
    ("reply", "then", "pause"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n", 0.0),
        (b"HTTP/1.1 200 OK\r\nX-More: ", b"and more", 0.0),
        (b"HTTP/1.1 200 OK\r\nX-More: ", b"a", 0.05),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
        (b"HTTP/1.1 200 OK\r\n\r\nnot TLS, though", b"", 0.0),
        (b"what?\r\n\r\n", b"", 0.0),
        (b"", b"", 0.0),
    ],
    ids=["headers", "header", "drops", "1xx", "no TLS", "no HTTP", "nothing"],
)
def test_whatever_a_proxy_answers_to_connect_nothing_was_sent(
    reply: bytes, then: bytes, pause: float
) -> None:
    began = time.monotonic()
    with ScriptedProxy(reply, then, pause) as proxy:
        error = refusal("https://127.0.0.1:1", proxy=proxy.url)
    assert isinstance(error, errors.TransportError)
    assert error.outcome is Outcome.NOT_SENT
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("kind", ["blocking", "asyncio"])
@pytest.mark.parametrize("timeout", [None, 0.2])
@pytest.mark.parametrize(
    ("reply", "then"),
    [
        (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", b""),
        (b"what?\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nX-More: ", b"a"),
        (b"", b""),
    ],
    ids=["refuses", "no HTTP", "drops", "nothing"],
)
def test_the_password_of_a_proxy_shows_in_no_error_and_in_none_below_it(
    reply: bytes, then: bytes, timeout: float | None, kind: str
) -> None:
    password = Password(between="x")

    async def watch_there(url: str, **settings: Any) -> None:
        async for _ in watch_async(url, "BZ1", **settings):
            pass

    with ScriptedProxy(reply, then, 0.05) as proxy, pytest.raises(errors.TransportError) as caught:
        settings: Any = {"proxy": proxy.url.replace("//", f"//user:{password}@"), "timeouts": QUICK}
        if kind == "blocking":
            list(watch("https://127.0.0.1:1", "BZ1", timeout=timeout, **settings))
        else:
            asyncio.run(watch_there("https://127.0.0.1:1", timeout=timeout, **settings))
    assert_hidden([password], told_by(caught.value))
    assert caught.value.__context__ is None


def test_a_proxy_that_is_not_there_is_named() -> None:
    with ScriptedProxy() as proxy:
        url = proxy.url
    error = refusal("https://127.0.0.1:1", proxy=url)
    assert isinstance(error, errors.ConnectFailed)
    assert f"the proxy at {url.removeprefix('http://')} cannot be reached" in str(error)


# Which proxy


@pytest.fixture
def proxy() -> Iterator[ScriptedProxy]:
    with ScriptedProxy(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        yield proxy


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_the_proxy_of_the_environment(
    variable: str, proxy: ScriptedProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, proxy.url)
    refusal("https://192.0.2.7:8443")
    assert proxy.asked == ["CONNECT 192.0.2.7:8443 HTTP/1.1"]


@pytest.mark.parametrize("bypass", ["192.0.2.0/24", "192.0.2.7:8443", "192.0.2.7", "*"])
def test_hosts_that_no_proxy_lists_are_reached_without(
    bypass: str, proxy: ScriptedProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", bypass)
    refusal("https://192.0.2.7:8443")
    assert proxy.asked == []


def test_this_machine_is_reached_without_unless_a_proxy_is_given(
    proxy: ScriptedProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    final = {"C": "3", "M": [call("updateStatus", "BZ1", "CallFailed")]}
    with ScriptedHub([{"C": "1", "S": 1, "M": []}, 1, final]) as hub:
        with EventStream(hub.url, transport="serverSentEvents") as stream:
            stream.subscribe("BZ1")
            assert [update.status for update in stream] == ["CallFailed"]
        assert proxy.asked == []
        refusal(hub.url, proxy=proxy.url)
        assert proxy.asked[0].startswith(f"GET {hub.url}/signalr/negotiate?")


@pytest.mark.parametrize(
    "address", ["socks5://user:s3cret@127.0.0.1:1080", "socks5h://127.0.0.1:1", "socks4://p:1"]
)
def test_socks_is_a_configuration_error(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.ConfigurationError, match="not SOCKS"):
        EventStream("http://127.0.0.1:1", proxy=address)
    monkeypatch.setenv("ALL_PROXY", address)
    with pytest.raises(errors.ConfigurationError, match="not SOCKS") as caught:
        AsyncEventStream("https://192.0.2.7")
    assert "s3cret" not in str(caught.value)


# What cannot be right at all


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999", "https://127.0.0.1:99999", f"https://{'a' * 70}.example"]
)
def test_an_address_that_cannot_be_connected_to(url: str) -> None:
    with pytest.raises(errors.ConfigurationError):
        with EventStream(url) as stream:
            stream.subscribe("BZ1")


@pytest.mark.parametrize("method", ["subscribe", "next_update", "close"])
def test_a_second_event_loop_is_refused(method: str) -> None:
    with ScriptedHub([{"C": "1", "S": 1, "M": []}]) as hub:
        stream = AsyncEventStream(hub.url, transport="serverSentEvents")

        async def use() -> None:
            with pytest.raises(errors.ConfigurationError, match="event loop"):
                await (stream.subscribe("BZ1") if method == "subscribe" else getattr(stream, method)())

        with asyncio.Runner() as runner:
            runner.run(stream.subscribe("BZ1"))
            asyncio.run(use())
            runner.run(stream.close())
