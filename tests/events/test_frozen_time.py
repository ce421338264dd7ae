"""Under freezegun, which freezes `time.monotonic`, and with it the time of asyncio's own loops."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import freezegun
import pytest

from buzzeasy_soap import BuzzeasyClient, Endpoints
from buzzeasy_soap.events import EventStream, watch, watch_async
from tests.events.conftest import HAPPY, NEVER_ANSWERS

FROZEN = "2012-01-14 03:21:34"
pytestmark = pytest.mark.timeout(30)

SERVICE = """
from buzzeasy_soap.sandbox import Sandbox
with Sandbox(speed=100) as sandbox:
    print(sandbox.port, flush=True)
    input()
"""


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Endpoints, int]]:
    """A sandbox in a process whose time is real, and its process id."""
    command = [sys.executable, "-c", SERVICE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Endpoints.sandbox(int(process.stdout.readline())), process.pid
        process.communicate("\n")


@pytest.fixture
def url(service: tuple[Endpoints, int]) -> str:
    return str(service[0].events_url)


def place(service: tuple[Endpoints, int], phone_no: str = "+447700900123") -> str:
    with BuzzeasyClient(endpoints=service[0], company=1, password="P@ssword", service_queue=1) as client:
        return client.request_call_when_available("Ada Lovelace", phone_no).code


def test_a_blocking_stream_keeps_real_time(transport: str, service: tuple[Endpoints, int], url: str) -> None:
    code, other = place(service), place(service)
    with freezegun.freeze_time(FROZEN) as frozen:
        updates = list(watch(url, code, transport=transport))  # type: ignore[arg-type]
        assert [update.status for update in updates] == HAPPY
        assert {update.received_at.replace(tzinfo=None) for update in updates} == {frozen()}
        with EventStream(url, transport=transport) as stream:  # type: ignore[arg-type]
            stream.subscribe(other)
            assert [update.status for update in stream] == HAPPY


def test_its_time_outs_pass(transport: str, service: tuple[Endpoints, int], url: str) -> None:
    with freezegun.freeze_time(FROZEN):
        assert list(watch(url, "BZ-none", timeout=0.3, transport=transport)) == []  # type: ignore[arg-type]


def test_time_may_be_frozen_and_thawed_while_a_stream_is_open(
    transport: str, service: tuple[Endpoints, int], url: str
) -> None:
    updates = watch(url, place(service), transport=transport)  # type: ignore[arg-type]
    statuses = [next(updates).status]
    with freezegun.freeze_time(FROZEN):
        statuses.append(next(updates).status)
    statuses.append(next(updates).status)
    with freezegun.freeze_time(FROZEN, tick=True):
        statuses += [update.status for update in updates]
    assert statuses == HAPPY


def test_closing_does_not_wait_for_a_service_that_has_stopped(
    transport: str, service: tuple[Endpoints, int], url: str
) -> None:
    code = place(service, NEVER_ANSWERS)
    with freezegun.freeze_time(FROZEN):
        stream = EventStream(url, transport=transport)  # type: ignore[arg-type]
        stream.subscribe(code)
        os.kill(service[1], signal.SIGSTOP)
        try:
            stream.close()
        finally:
            os.kill(service[1], signal.SIGCONT)


def test_asyncio_code_needs_real_asyncio(transport: str, service: tuple[Endpoints, int], url: str) -> None:
    code = place(service)

    async def follow(code: str, timeout: float) -> list[str]:  # noqa: ASYNC109 - ends the loop
        updates = watch_async(url, code, timeout=timeout, transport=transport)  # type: ignore[arg-type]
        return [str(update.status) async for update in updates]

    with freezegun.freeze_time(FROZEN, real_asyncio=True):
        began = time.monotonic()
        assert asyncio.run(follow(code, 20)) == HAPPY
        assert asyncio.run(follow("BZ-none", 0.3)) == []
        assert time.monotonic() == began
