"""Servers for tests, each on an event loop in a thread of its own."""

import asyncio
import threading
from contextlib import AbstractAsyncContextManager
from typing import Self


class ThreadedServer:
    """Listens from construction until `close`. A subclass says how, in `_listen`."""

    port: int

    def __init__(self) -> None:
        self._started = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(),), name=type(self).__name__)
        self._thread.start()
        self._started.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> AbstractAsyncContextManager[int]:
        """Listen on a free port of 127.0.0.1, which it yields."""
        raise NotImplementedError

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        async with self._listen() as self.port:
            self._started.set()
            await self._stop.wait()
