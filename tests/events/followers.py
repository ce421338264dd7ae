"""Both clients behind one face: a thread that watches a call and keeps what it is told."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from buzzeasy_soap.events import EventTimeouts, watch, watch_async

HASTY = EventTimeouts(connect=2.0, reply=5.0, reconnect_delay=0.05)
KINDS = ("blocking", "asyncio")


class Follower:
    """Watches one call in a thread, by the blocking client or by the asyncio one."""

    def __init__(self, kind: str, url: str, code: str, **settings: Any) -> None:
        settings = {"timeouts": HASTY, **settings}
        self.statuses: list[str] = []
        self.error: BaseException | None = None

        def blocking() -> None:
            for update in watch(url, code, **settings):
                self._take(code, update)

        async def asynchronous() -> None:
            async for update in watch_async(url, code, **settings):
                self._take(code, update)

        def run() -> None:
            try:
                if kind == "blocking":
                    blocking()
                else:
                    asyncio.run(asynchronous())
            except BaseException as error:
                self.error = error

        self._thread = threading.Thread(target=run, name="test-follower")
        self._thread.start()

    def _take(self, code: str, update: Any) -> None:
        assert update.confirmation_code == code
        self.statuses.append(str(update.status))

    def wait_for(self, number: int) -> None:
        """Until it has been told of that many updates."""
        wait_until(lambda: len(self.statuses) >= number or not self._thread.is_alive())

    def ended(self) -> list[str]:
        """All that it was told, once it has ended by itself."""
        self._thread.join(30)
        assert not self._thread.is_alive(), f"still watching after {self.statuses}"
        if self.error is not None:
            raise self.error
        return self.statuses


def wait_until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)
