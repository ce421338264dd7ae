"""Which Host headers the sandbox answers: the name is all that gives DNS rebinding away."""

import socket
import time
from contextlib import closing

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as connect_web_socket

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.hosts import KnownHosts

PATHS = [
    "/", "/sandbox/calls", "/console/overview", "/signalr/negotiate", "/nothing",
    "/RequestCallbackService/Service.svc?wsdl", "/BuzzMeInfo/InfoService.svc/rest/GetCallDataByPin?pin=1",
]  # fmt: skip


def get(sandbox: Sandbox, path: str, host: str) -> requests.Response:
    return requests.get(sandbox.url + path, headers={"Host": host}, timeout=30)


def answer(sandbox: Sandbox, request: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", sandbox.port), timeout=20)) as sock:
        sock.sendall(request)
        return sock.recv(65_536)


@pytest.mark.parametrize("path", PATHS)
def test_a_strange_name_is_refused_wherever_it_asks(sandbox: Sandbox, path: str) -> None:
    reply = get(sandbox, path, f"evil.example:{sandbox.port}")
    assert reply.status_code == 403
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert "--allow-host evil.example" in reply.text and len(reply.text.splitlines()) == 1
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_a_strange_name_moves_nothing_though_its_origin_is_its_own(sandbox: Sandbox) -> None:
    headers = {"Host": "evil.example:8064", "Origin": "http://evil.example:8064"}
    for path, command in (
        ("sandbox/clock", {"advance_seconds": 60}),
        ("console/ewt", {}),
        ("sandbox/reset", {}),
    ):
        reply = requests.post(f"{sandbox.url}/{path}", json=command, headers=headers, timeout=30)
        assert reply.status_code == 403
    clock = requests.get(f"{sandbox.url}/sandbox/clock", timeout=30).json()
    assert clock["now"].startswith("2017-04-11T07:00:00")


def test_nor_over_a_web_socket(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    token = requests.get(f"{sandbox.url}/signalr/negotiate", timeout=30).json()["ConnectionToken"]
    path = "/signalr/connect?transport=webSockets&connectionToken=" + requests.utils.quote(token, safe="")

    def connect(host: str):
        with closing(socket.create_connection(("127.0.0.1", sandbox.port), timeout=20)) as sock:
            with connect_web_socket(f"ws://{host}{path}", sock=sock) as web_socket:
                return web_socket.recv(timeout=20)

    assert '"S": 1' in connect("localhost")
    with pytest.raises(InvalidStatus) as caught:
        connect("evil.example")
    assert caught.value.response.status_code == 403
    time.sleep(0.1)
    assert caplog.text == ""


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "localhost.:8064",
        "shop.localhost",
        "127.0.0.1",
        "127.8.9.1:80",
        "[::1]:8064",
    ],
)
def test_loopback_is_known_with_any_port(sandbox: Sandbox, host: str) -> None:
    assert get(sandbox, "/sandbox/calls", host).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["localhost.evil.example", "127.0.0.1.evil.example", "evil-localhost", "127.0.0.1@evil.example", "192.0.2.1",
     "0.0.0.0:8064", "[::]", "[", "[]", "[:::::]", "a:b:c", "localhost:8064:1", 'a"><script>', ":8064", "evil.example,localhost"],
)  # fmt: skip
def test_what_only_looks_like_it_is_not(sandbox: Sandbox, host: str) -> None:
    reply = get(sandbox, "/sandbox/calls", host)
    assert reply.status_code == 403
    assert "<" not in reply.text


def test_a_request_without_a_host_comes_from_no_browser(sandbox: Sandbox) -> None:
    assert answer(sandbox, b"GET /sandbox/calls HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert answer(sandbox, b"GET /sandbox/calls HTTP/1.0\r\nHost: evil.example\r\n\r\n").startswith(
        b"HTTP/1.1 403"
    )
    assert answer(sandbox, b"GET /sandbox/calls HTTP/1.1\r\n\r\n").startswith(
        b"HTTP/1.1 400"
    )  # it must have one


def test_names_are_added() -> None:
    with Sandbox(allow_hosts=["Build.Example", "192.0.2.1", "[2001:DB8::1]"]) as sandbox:
        for host in ("build.example:80", "BUILD.example.", "192.0.2.1:1", "[2001:db8:0::1]"):
            assert get(sandbox, "/sandbox/calls", host).status_code == 200
        assert get(sandbox, "/sandbox/calls", "other.example").status_code == 403


@pytest.mark.parametrize("host", ["", "http://build.example", "build.example:80", "*", "a b"])
def test_what_is_no_name_cannot_be_added(host: str) -> None:
    with pytest.raises(ConfigurationError, match="allow_hosts"):
        Sandbox(allow_hosts=[host])


def test_the_address_listened_on_is_known() -> None:
    assert KnownHosts("192.0.2.1").know("192.0.2.1:8064")
    assert not KnownHosts("192.0.2.1").know("192.0.2.2:8064")
    assert KnownHosts("build.example").know("build.example")
    # Everywhere: any address may be this machine's, and no rebinding goes by an address.
    for everywhere in ("0.0.0.0", "::"):
        assert KnownHosts(everywhere).know("192.0.2.2:8064")
        assert not KnownHosts(everywhere).know("evil.example")
