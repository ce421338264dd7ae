"""Proxies: one reading of the environment for every transport, and what a proxy's refusal means."""

import pytest
import requests

from buzzeasy_soap import ConfigurationError, ConnectFailed, Endpoints, Outcome, Retry
from buzzeasy_soap.wire.proxies import Proxies
from buzzeasy_soap.wire.transports.aiohttp import AiohttpTransport
from buzzeasy_soap.wire.transports.curl import CurlTransport
from buzzeasy_soap.wire.transports.requests import RequestsTransport
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, OWN, place

transports = pytest.mark.parametrize("kind", [*OWN, "soap-foreign"])
ELSEWHERE = Endpoints("https://buzzeasy.example/a.svc", "https://buzzeasy.example/b.svc")
PLAIN = Endpoints("http://buzzeasy.example/a.svc", "http://buzzeasy.example/b.svc")
ONCE = {"retry": Retry(attempts=1), "allow_insecure": True}
VARIABLES = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


BYPASSED = [
    ("buzzeasy.example", True),
    ("BuzzEasy.Example", True),
    (".example", True),
    ("example", True),
    ("*", True),
    ("*.example", True),
    ("other.example, buzzeasy.example", True),
    ("other.example buzzeasy.example", True),
    ("buzzeasy.example:443", True),
    ("buzzeasy.example:8443", False),
    ("zeasy.example", False),
    ("buzzeasy.example.org", False),
    ("", False),
]


@pytest.mark.parametrize(("no_proxy", "bypassed"), BYPASSED)
def test_no_proxy_names_hosts(monkeypatch: pytest.MonkeyPatch, no_proxy: str, bypassed: bool) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    found = Proxies.of_environment().for_url("https://buzzeasy.example/a.svc")
    assert found == (None if bypassed else "http://proxy:3128")


@pytest.mark.parametrize(
    ("no_proxy", "host", "bypassed"),
    [
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3:80", "10.1.2.3", True),
        ("10.1.2.3:81", "10.1.2.3", False),
        ("fd00::/8", "[fd00::1]", True),
        ("[fd00::1]:80", "[fd00::1]", True),
        ("fd00::1", "[fd00::1]", True),
        ("10.0.0.0/8", "ten.example", False),
    ],
)
def test_no_proxy_names_addresses_and_networks(monkeypatch, no_proxy: str, host: str, bypassed: bool) -> None:
    monkeypatch.setenv("http_proxy", "proxy:3128")
    monkeypatch.setenv("no_proxy", no_proxy)
    assert (Proxies.of_environment().for_url(f"http://{host}/a.svc") is None) == bypassed


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]", "a.localhost"])
def test_loopback_goes_direct_unless_the_client_was_given_a_proxy(monkeypatch, host: str) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    url = f"http://{host}:8064/a.svc"
    assert Proxies.of_environment().for_url(url) is None
    assert Proxies.given({"http": "http://mine:1"}).for_url(url) == "http://mine:1"


def test_the_closest_of_the_proxies_counts() -> None:
    proxies = Proxies.given(
        {"all": "http://a:1", "https": "http://b:2", "https://h": "http://c:3", "no_proxy": "n"}
    )
    assert [proxies.for_url(url) for url in ("http://x/", "https://x/", "https://h/", "wss://x/", "http://n/")] == [
        "http://a:1", "http://b:2", "http://c:3", "http://b:2", None,
    ]  # fmt: skip


@pytest.mark.parametrize("proxy", ["http://", "http://:3128", "http://user:pw@host:port", "http://[::1"])
def test_a_proxy_that_is_no_address_is_refused_and_not_quoted(proxy: str) -> None:
    with pytest.raises(ConfigurationError, match="the proxy must be an address") as caught:
        Proxies.given({"http": proxy}).for_url("http://x/")
    assert "pw" not in str(caught.value)


@transports
@pytest.mark.parametrize("variable", ["http_proxy", "ALL_PROXY"])
def test_every_transport_goes_through_the_environment_s_proxy(monkeypatch, kind: str, variable: str) -> None:
    with ScriptedServer((ANSWER,)) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        with open_client(kind, PLAIN, **ONCE) as client:
            assert place(client).code == "BZ1"
        assert proxy.received[0].path == "http://buzzeasy.example/a.svc"


@transports
def test_no_transport_reaches_loopback_through_the_environment_s_proxy(monkeypatch, kind: str) -> None:
    with ScriptedServer((ANSWER,)) as server, ScriptedServer((scripted.close(),)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        with open_client(kind, server.endpoints) as client:
            assert place(client).code == "BZ1"
        assert proxy.received == []


@pytest.mark.parametrize(
    ("kind", "make"),
    [("soap", RequestsTransport), ("soap-curl", CurlTransport), ("soap-async", AiohttpTransport)],
)
def test_a_proxy_that_was_given_holds_for_loopback_too(kind: str, make) -> None:
    with ScriptedServer((ANSWER,)) as proxy:
        transport = make(proxies={"http": proxy.url})
        with open_client(kind, Endpoints.sandbox(1), transport=transport) as client:
            assert place(client).code == "BZ1"
            if kind == "soap-async":
                client.close_transport(transport)
            else:
                transport.close()
        assert proxy.received[0].path.startswith("http://127.0.0.1:1/")


def endless_headers(sock, request) -> bool:
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        sock.sendall(b"X-Padding: %s\r\n" % (b"a" * 1000))


REFUSALS = {
    "407": (scripted.http("who are you?", status=407, headers={"Proxy-Authenticate": "Basic"}), "HTTP 407"),
    "403": (scripted.http("no", status=403, keep=False), "HTTP 403"),
    "502": (scripted.http("down", status=502, keep=False), "HTTP 502"),
    "closed": (scripted.close(), "no connection"),
    "no HTTP": (scripted.raw(b"SSH-2.0-OpenSSH\r\n" * 3, keep=False), "no connection"),
    "headers without end": (endless_headers, "no connection"),
}


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize(("reply", "says"), REFUSALS.values(), ids=REFUSALS)
def test_a_proxy_that_makes_no_connection_sent_nothing(monkeypatch, kind: str, reply, says: str) -> None:
    with ScriptedServer((reply,)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with (
            open_client(kind, ELSEWHERE, **ONCE) as client,
            pytest.raises(ConnectFailed, match=says) as caught,
        ):
            place(client)
        assert proxy.received[0].method == "CONNECT"
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("kind", ["soap", "soap-async"])
def test_a_socks_proxy_that_the_library_cannot_use_is_named(monkeypatch, kind: str) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    with (
        open_client(kind, ELSEWHERE, **ONCE) as client,
        pytest.raises(ConfigurationError, match=r"SOCKS|HTTP proxies"),
    ):
        place(client)


def test_a_socks_proxy_of_a_session_is_named_too() -> None:
    session = requests.Session()
    session.proxies = {"https": "socks5://127.0.0.1:1"}
    transport = RequestsTransport(session=session)
    with (
        open_client("soap", ELSEWHERE, transport=transport, **ONCE) as client,
        pytest.raises(ConfigurationError, match="SOCKS") as caught,
    ):
        place(client)
    assert caught.value.outcome is Outcome.NOT_SENT
