"""Long polling with a hub that answers an invocation only while the client goes on polling."""

import asyncio
import random

import pytest

from buzzeasy_soap.events import AsyncEventStream, EventStream
from tests.events.conftest import HAPPY
from tests.events.followers import KINDS, Follower, wait_until
from tests.events.polling_hub import PollingHub

CODES = [f"BZ{number}" for number in range(12)]


def test_subscribing_goes_on_polling() -> None:
    with PollingHub(*HAPPY) as hub, EventStream(hub.url, transport="longPolling") as stream:
        for code in CODES:
            stream.subscribe(code)
        for status in HAPPY:
            hub.advance()
            for _ in CODES:
                update = stream.next_update()
                assert update is not None
                assert update.status == status
        assert stream.next_update() is None
        assert hub.abandoned == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_is_watched(kind: str) -> None:
    with PollingHub(*HAPPY) as hub:
        follower = Follower(kind, hub.url, "BZ1", transport="longPolling")
        wait_until(lambda: bool(hub.groups))
        for _ in HAPPY:
            hub.advance()
        assert follower.ended() == HAPPY


@pytest.mark.parametrize("seed", range(3))
def test_what_is_cancelled_anywhere_loses_nothing(seed: int) -> None:
    chance = random.Random(seed)

    async def cancelling(stream: AsyncEventStream, told: dict[str, list[str]]) -> None:
        while True:
            try:
                update = await asyncio.wait_for(stream.next_update(), chance.choice([0, 0.001, 0.005, 0.02]))
            except TimeoutError:
                continue
            if update is None:
                return
            told[update.confirmation_code].append(str(update.status))

    async def subscribing(stream: AsyncEventStream, code: str) -> None:
        while True:
            try:
                return await asyncio.wait_for(stream.subscribe(code), chance.choice([0.001, 0.005, 0.5]))
            except TimeoutError:
                continue

    async def scenario() -> dict[str, list[str]]:
        told: dict[str, list[str]] = {code: [] for code in CODES}
        async with AsyncEventStream(hub.url, transport="longPolling") as stream:
            for code in CODES:
                await subscribing(stream, code)
            following = asyncio.create_task(cancelling(stream, told))
            for _ in HAPPY:
                await asyncio.to_thread(hub.advance)
                await asyncio.sleep(chance.uniform(0, 0.03))
            await following
        return told

    with PollingHub(*HAPPY) as hub:
        assert asyncio.run(asyncio.wait_for(scenario(), 60)) == dict.fromkeys(CODES, HAPPY)
