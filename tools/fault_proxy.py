"""An HTTP proxy that breaks requests and replies at random, in a thread of its own."""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Final, Self, TypeAlias

from attrs import frozen

HOLD: Final = 4.0
"""Seconds that a request, or its reply, is held: longer than its caller waits."""


@frozen
class _Exchange:
    """One request, which can be passed on, and the connection that its reply goes to."""

    request: bytes
    writer: asyncio.StreamWriter
    pass_on: Callable[[bytes], Coroutine[None, None, bytes]]

    async def done(self) -> bytes:
        """The service's reply, whole."""
        return await self.pass_on(self.request)

    async def answer(self, data: bytes) -> None:
        """Send bytes to the caller. Raises OSError where it is gone."""
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Let the connection end in RST."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Behaviour: TypeAlias = Callable[[_Exchange], Coroutine[None, None, bool]]
"""What is done with an exchange; True keeps the connection."""

_BAD_GATEWAY: Final = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<h1>Sorry</h1>\n"
)


async def _whole(exchange: _Exchange) -> bool:
    await exchange.answer(await exchange.done())
    return True


async def _whole_and_closed(exchange: _Exchange) -> bool:
    """The next call finds a kept connection closed, and has to open another."""
    await exchange.answer(await exchange.done())
    return False


async def _unanswered(_: _Exchange) -> bool:
    return False


async def _done_unanswered(exchange: _Exchange) -> bool:
    await exchange.done()
    return False


async def _done_reset(exchange: _Exchange) -> bool:
    await exchange.done()
    exchange.reset()
    return False


async def _cut(exchange: _Exchange) -> bool:
    reply = await exchange.done()
    await exchange.answer(reply[: random.randrange(len(reply))])  # noqa: S311 - anywhere
    return False


async def _bad_gateway(exchange: _Exchange) -> bool:
    await exchange.answer(_BAD_GATEWAY)
    return True


async def _done_bad_gateway(exchange: _Exchange) -> bool:
    await exchange.done()
    return await _bad_gateway(exchange)


async def _done_silent(exchange: _Exchange) -> bool:
    await exchange.done()
    await asyncio.sleep(HOLD)
    return False


async def _dripped(exchange: _Exchange) -> bool:
    for byte in await exchange.done():
        await exchange.answer(bytes([byte]))
        await asyncio.sleep(0.05)
    return False


async def _late(exchange: _Exchange) -> bool:
    """Its caller gives up and looks for it before it arrives."""
    await asyncio.sleep(HOLD)
    await exchange.done()
    return False


# In a thousand.
_FAULTS: Final[dict[Behaviour, int]] = {
    _whole_and_closed: 20,
    _unanswered: 15,
    _done_unanswered: 15,
    _done_reset: 15,
    _cut: 30,
    _bad_gateway: 10,
    _done_bad_gateway: 10,
    _done_silent: 2,
    _dripped: 2,
    _late: 3,
}


class FaultProxy:
    """Listens on a port of this machine and passes on to another, `upstream`; about a tenth goes wrong."""

    def __init__(self, upstream: int, *, seed: int) -> None:
        self.upstream = upstream
        self.faults: Counter[str] = Counter()
        """How often each fault was played."""
        self._random = random.Random(seed)  # noqa: S311 - faults, not secrets
        self._under_way: set[asyncio.Task[bool]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._listener = _listen(0)
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fault-proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._open(self._listener))
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuse new connections while inside; those that are open go on."""
        self._do(self._close())
        try:
            yield
        finally:
            self._do(self._open(_listen(self.port)))

    def settle(self) -> None:
        """Wait until every request has been passed on that ever will be."""

        async def settled() -> None:
            if self._under_way:
                await asyncio.wait(self._under_way)

        self._do(settled())

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    def _do(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open(self, listener: socket.socket) -> None:
        self._server = await asyncio.start_server(self._serve, sock=listener)

    async def _close(self) -> None:
        # No more are accepted, and those that were get their transports, before the server is closed:
        # asyncio forgets, open, a connection whose server is closed in between.
        for listener in self._server.sockets:
            self._loop.remove_reader(listener.fileno())
        await asyncio.sleep(0.01)
        self._server.close()

    async def _shut(self) -> None:
        await self._close()
        while asyncio.all_tasks() - {asyncio.current_task()}:
            # Only these: a connection's own task that is cancelled before it began would leave it open.
            for behaving in list(self._under_way):
                behaving.cancel()
            for writer in list(self._writers):
                writer.transport.abort()  # a close would wait for a caller that reads no more
            await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                keep = True
                while keep:
                    request = await _message(reader)
                    behaving = asyncio.create_task(self._behave(_Exchange(request, writer, self._pass_on)))
                    self._under_way.add(behaving)
                    behaving.add_done_callback(self._under_way.discard)
                    keep = await behaving
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _behave(self, exchange: _Exchange) -> bool:
        [behaviour] = self._random.choices(
            [_whole, *_FAULTS], [1000 - sum(_FAULTS.values()), *_FAULTS.values()]
        )
        if behaviour is not _whole:
            self.faults[behaviour.__name__] += 1
        return await behaviour(exchange)

    async def _pass_on(self, request: bytes) -> bytes:
        # One connection for each: a request that the proxy itself sent twice would prove nothing.
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(request)
            await writer.drain()
            return await _message(reader)
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One HTTP message with a Content-Length, whole."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return head + await reader.readexactly(int(value))
    return head


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener
