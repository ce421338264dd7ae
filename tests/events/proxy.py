"""A TCP proxy that breaks connections when a test says so."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.events.threaded import ThreadedServer


class Proxy(ThreadedServer):
    """Forwards to a port of this machine, in a thread of its own."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        """With `tls` it is the TLS end in front of a plain server."""
        self.target = port
        self._tls = tls
        self.refusing = False
        """Whether new connections are closed at once."""
        self.swallowing = False
        """Whether bytes vanish, with the connections left open."""
        self.accepted = 0
        self._pipes: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        super().__init__()

    def cut(self) -> None:
        """Reset every open connection."""
        self._loop.call_soon_threadsafe(self._cut)

    @asynccontextmanager
    async def _listen(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        yield server.sockets[0].getsockname()[1]
        server.close()
        self._cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _cut(self) -> None:
        for writer in self._pipes:
            writer.transport.abort()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self.refusing:
            writer.transport.abort()
            return
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._pipes |= {writer, upstream[1]}
        try:
            await asyncio.gather(self._pump(reader, upstream[1]), self._pump(upstream[0], writer))
        finally:
            self._pipes -= {writer, upstream[1]}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if not self.swallowing:
                    writer.write(data)
                    await writer.drain()
        writer.close()
