"""Time stands still for the caller's tests, and deadlines hold all the same."""

import subprocess
import sys
import time

import freezegun
import pytest

from buzzeasy_soap import RequestTimeout, Timeout
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, OWN, place

clock_gettime = time.clock_gettime if hasattr(time, "clock_gettime") else None
pytestmark = pytest.mark.posix  # elsewhere only what was imported before the freeze has the real clock


def seconds() -> float:
    return clock_gettime(time.CLOCK_MONOTONIC)


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("moment", ["1999-01-01", "2077-01-01"])
def test_a_call_under_frozen_time_is_a_call(kind: str, moment: str) -> None:
    with ScriptedServer((ANSWER,)) as server, freezegun.freeze_time(moment):
        with open_client(kind, server.endpoints) as client:
            assert [place(client).code for _ in range(3)] == ["BZ1"] * 3


@pytest.mark.parametrize("kind", OWN)
def test_a_deadline_holds_under_frozen_time(kind: str) -> None:
    timeout = Timeout(connect=5, read=5, total=0.3)
    with (
        ScriptedServer((scripted.silence(),)) as server,
        freezegun.freeze_time("2017-04-11", real_asyncio=True),
    ):
        with open_client(kind, server.endpoints, timeout=timeout) as client:
            began = seconds()
            with pytest.raises(RequestTimeout):
                place(client)
            assert 0.25 < seconds() - began < 5


def test_what_is_imported_under_frozen_time_has_the_real_clock() -> None:
    code = """
import freezegun, time
real = time.clock_gettime
with freezegun.freeze_time("2017-04-11"):
    from buzzeasy_soap.wire.clock import Clock
    began = Clock.monotonic()
    assert abs(began - real(time.CLOCK_MONOTONIC)) < 1
    time.sleep(0.05)
    assert Clock.monotonic() > began
"""
    subprocess.run([sys.executable, "-c", code], check=True)
