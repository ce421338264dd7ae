"""Many calls at once through one client: all answered, sockets within the pool, nothing left behind."""

import asyncio
import gc
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, Endpoints, Timeout
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.transports.aiohttp import AiohttpTransport
from buzzeasy_soap.wire.transports.curl import CurlTransport
from buzzeasy_soap.wire.transports.requests import RequestsTransport

ACCOUNT = {
    "company": 1,
    "password": "P@ssword",
    "service_queue": 1,
    "timeout": Timeout(connect=60, read=60, total=90),
}


def open_sockets() -> int:
    """Sockets of this process that are connected or listen; the sandbox's own end of each counts too."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("this system does not list a process's open files in /proc")
    count = 0
    for entry in folder.iterdir():
        with suppress(OSError):  # it was closed meanwhile
            count += str(entry.readlink()).startswith("socket:")
    return count


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_thousand_async_calls_at_once(protocol: str, sandbox: Sandbox, endpoints: Endpoints) -> None:
    most = 0

    async def place_all() -> list[str]:
        nonlocal most
        async with AsyncBuzzeasyClient(
            endpoints=endpoints, protocol=protocol, transport="aiohttp", **ACCOUNT
        ) as client:

            async def place(n: int) -> str:
                nonlocal most
                code = (await client.request_call_when_available(f"No. {n}", f"+442079{n:06}")).code
                if n % 50 == 0:
                    most = max(most, open_sockets() - before)
                return code

            return await asyncio.gather(*(place(n) for n in range(1000)))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        before = open_sockets()
        codes = asyncio.run(place_all())
        gc.collect()
    assert len(set(codes)) == 1000
    assert {call["confirmation_code"] for call in sandbox.calls()} == set(codes)
    assert most <= 2 * 100 + 10  # the pool's limit, both ends in this process, and the loop's own
    assert threading.active_count() < 20


@pytest.mark.parametrize("make", [RequestsTransport, CurlTransport])
@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_thirty_two_threads_on_one_client(
    make, protocol: str, sandbox: Sandbox, endpoints: Endpoints
) -> None:
    most, before = 0, open_sockets()
    transport = make(pool_size=8)
    with BuzzeasyClient(endpoints=endpoints, protocol=protocol, transport=transport, **ACCOUNT) as client:

        def place(n: int) -> str:
            nonlocal most
            code = client.request_call_when_available(f"No. {n}", f"+442079{n:06}").code
            if n % 20 == 0:
                most = max(most, open_sockets() - before)
            return code

        with ThreadPoolExecutor(32) as pool:
            codes = list(pool.map(place, range(320)))
    transport.close()
    assert len(set(codes)) == 320
    assert len(sandbox.calls()) == 320
    assert most <= 2 * 8 + 4


def test_an_async_client_s_constructor_does_nothing_that_blocks(endpoints: Endpoints) -> None:
    before = open_sockets()

    async def make() -> None:
        client = AsyncBuzzeasyClient(endpoints=endpoints, **ACCOUNT)
        assert open_sockets() - before <= 4  # the loop's own
        await client.close()

    asyncio.run(make())
    AiohttpTransport()  # and needs no running loop
