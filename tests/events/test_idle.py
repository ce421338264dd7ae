"""A stream on which nothing happens for ten minutes, by a clock that runs faster."""

import asyncio
import gc
import threading
import tracemalloc

import pytest

from buzzeasy_soap.events import AsyncEventStream
from buzzeasy_soap.sandbox.hub import HubSettings
from tests.events.conftest import open_sandbox, place_call

KEEP_ALIVES = 60
"""Ten minutes of them, at SignalR's ten seconds."""


@pytest.mark.parametrize("transport", ["webSockets", "serverSentEvents", "longPolling"])
def test_ten_idle_minutes_cost_no_memory(transport: str) -> None:
    """Both ends of the stream are in this process, and counted."""
    hub = HubSettings(keep_alive=0.01, connection_timeout=0.03, disconnect_timeout=5)
    threads = set(threading.enumerate())
    with open_sandbox(hub=hub) as sandbox:
        code = place_call(sandbox)

        async def idle(stream: AsyncEventStream, seconds: float) -> int:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stream.next_update(), seconds)
            gc.collect()
            return tracemalloc.get_traced_memory()[0]

        async def scenario() -> list[int]:
            async with AsyncEventStream(sandbox.url, transport=transport) as stream:  # type: ignore[arg-type]
                await stream.subscribe(code)
                return [await idle(stream, KEEP_ALIVES * 0.01) for _ in range(2)]

        tracemalloc.start()
        try:
            first, second = asyncio.run(scenario())
        finally:
            tracemalloc.stop()
    assert second - first < 64 * 1024
    assert set(threading.enumerate()) == threads
