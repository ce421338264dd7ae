"""What a client is set up with: checked before anything is sent, and read alike by every transport."""

import asyncio
from typing import Any

import pytest

from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, ConfigurationError, Endpoints, Outcome
from buzzeasy_soap.wire.transports.aiohttp import AiohttpTransport
from buzzeasy_soap.wire.transports.requests import RequestsTransport
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, OWN, place

ACCOUNT = {"company": 1, "password": "P@ssword", "service_queue": 1}
NORMALISED = {
    "HTTP://LocalHost:80/A.svc": "http://localhost:80/A.svc",
    " http://localhost/A.svc\n": "http://localhost/A.svc",
    "http://[::1]:8064/A.svc": "http://[::1]:8064/A.svc",
}
NO_ADDRESS = [
    "http://[::1/S.svc",
    "http://host:99999/S.svc",
    "http://host:0/S.svc",
    "http://host:port/S.svc",
    f"http://{'a' * 64}.example/S.svc",
    "http://a..b/S.svc",
    "http://host/a b.svc",
    "http://host\t/S.svc",
    "http://host\\S.svc",
    "http:///S.svc",
    "ftp://host/S.svc",
    "http://user@host/S.svc",
    "http://@host/S.svc",
    "http://host/S.svc?wsdl",
    "",
    None,
    5,
    b"http://host/S.svc",
]


@pytest.mark.parametrize(("given", "read"), NORMALISED.items())
def test_an_address_is_normalised(given: str, read: str) -> None:
    assert Endpoints(given, given).callback_url == read


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_is_refused_by_name(address: object) -> None:
    sound = "http://localhost/S.svc"
    for name, arguments in (("callback_url", (address, sound)), ("info_url", (sound, address))):
        with pytest.raises(ConfigurationError, match=name):
            Endpoints(*arguments)
    if address is not None:
        with pytest.raises(ConfigurationError, match="events_url"):
            Endpoints(sound, sound, address)


@pytest.mark.parametrize("kind", OWN)
def test_every_transport_takes_an_address_as_people_write_it(kind: str) -> None:
    with ScriptedServer((ANSWER,)) as server:
        address = f" HTTP://LOCALHOST:{server.port}/Service.svc "
        with open_client(kind, Endpoints(address, address)) as client:
            assert place(client).code == "BZ1"


@pytest.mark.parametrize("timezone", [None, 5, "", "Europe/Nowhere", "/etc/passwd", "../x"])
@pytest.mark.parametrize("client", [BuzzeasyClient, AsyncBuzzeasyClient])
def test_what_is_no_time_zone_is_refused(client: type, timezone: object) -> None:
    with pytest.raises(ConfigurationError, match="timezone"):
        client(endpoints=Endpoints.sandbox(), timezone=timezone, **ACCOUNT)


def end(client: Any) -> None:
    """Close a client, and not the loop that it is tested on."""
    (client.end if hasattr(client, "_loop") else client.close)()


@pytest.mark.parametrize("kind", [*OWN, "soap-zeep", "rest"])
def test_a_closed_client_sends_nothing_and_says_so(kind: str) -> None:
    with ScriptedServer((ANSWER,)) as server, open_client(kind, server.endpoints) as client:
        view = client.with_options()
        end(view)  # a view closes nothing
        if kind != "rest":
            place(client)
        before = len(server.received)
        end(client)
        for each in (client, view):
            with pytest.raises(ConfigurationError, match="closed") as caught:
                place(each)
            assert caught.value.outcome is Outcome.NOT_SENT
        assert len(server.received) == before


def test_a_transport_of_the_user_s_outlives_its_client() -> None:
    transport = RequestsTransport()
    with ScriptedServer((ANSWER,)) as server:
        for _ in range(2):
            client = BuzzeasyClient(endpoints=server.endpoints, transport=transport, **ACCOUNT)
            assert place(client).code == "BZ1"
            client.close()
            with pytest.raises(ConfigurationError, match="closed"):
                place(client)
        assert server.connections == 1
    transport.close()


def test_an_async_client_on_a_second_event_loop_says_so() -> None:
    async def placing(client: AsyncBuzzeasyClient) -> str:
        return (await place(client)).code

    with ScriptedServer((ANSWER,)) as server:
        transport = AiohttpTransport()
        client = AsyncBuzzeasyClient(endpoints=server.endpoints, transport=transport, **ACCOUNT)
        with asyncio.Runner() as first, asyncio.Runner() as second:
            assert first.run(placing(client)) == "BZ1"
            with pytest.raises(ConfigurationError, match="event loop"):
                second.run(placing(client))
            first.run(transport.close())
