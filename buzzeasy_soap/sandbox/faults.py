"""Failures that a test asks for: the next calls of an operation go wrong, on the socket itself."""

import asyncio
import http
import socket
import struct
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Final

from attrs import frozen
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Send

TRANSPORT: Final = "buzzeasy.transport"
"""Under which ASGI extension the server hands out the connection's transport."""

_GARBAGE: Final = bytes(range(256)) * 2
_BAD_GATEWAY: Final = (
    "<html><head><title>502 Bad Gateway</title></head>"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>\n"
)


class Kind(StrEnum):
    """How a call goes wrong."""

    DROP_BEFORE_READ = "drop_before_read"
    """The connection is closed and the request not read: nothing is done."""
    DROP_AFTER_COMMIT = "drop_after_commit"
    """It is done and stored, and the connection closed without an answer."""
    DELAY = "delay"
    """It is done, and answered some seconds later."""
    HTML_502 = "html_502"
    """A gateway's error page: nothing is done."""
    TRUNCATE = "truncate"
    """It is done, and the connection closed in the middle of the answer."""
    SOAP_FAULT = "soap_fault"
    """The service breaks down, as over its magic number: nothing is done."""
    GARBAGE = "garbage"
    """It is done, and the answer holds bytes without a meaning."""
    SLOW_DRIP = "slow_drip"
    """It is done, and the answer comes a byte at a time, its headers too."""
    RESET = "reset"
    """The request is read and the connection reset: nothing is done."""


_SECONDS: Final = {Kind.DELAY: 5.0, Kind.SLOW_DRIP: 1.0}


@frozen
class PlannedFault:
    """One way to go wrong."""

    kind: Kind
    seconds: float
    """Before a late answer, or between two bytes of a dripping one."""

    @classmethod
    def of(cls, kind: Kind, seconds: float | None) -> "PlannedFault":
        """With the kind's own seconds where none are given."""
        return cls(kind, _SECONDS.get(kind, 0.0) if seconds is None else seconds)


class PlannedFaults:
    """What is to go wrong, by operation, in the order in which it was asked for."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[tuple[PlannedFault, int]]] = {}

    def add(self, operation: str, fault: PlannedFault, times: int) -> None:
        """Let the next `times` calls that nothing is planned for go wrong."""
        self._waiting.setdefault(operation, deque()).append((fault, times))

    def take(self, operation: str) -> PlannedFault | None:
        """What goes wrong with the call that comes in now."""
        waiting = self._waiting.get(operation)
        if not waiting:
            return None
        fault, times = waiting.popleft()
        if times > 1:
            waiting.appendleft((fault, times - 1))
        return fault

    def waiting(self) -> list[tuple[str, PlannedFault, int]]:
        """What has not gone wrong yet: operation, fault and times."""
        return [(name, fault, times) for name, queue in self._waiting.items() for fault, times in queue]

    def clear(self) -> None:
        """Clear planned faults."""
        self._waiting.clear()


@frozen
class Incoming:
    """A call that has come in, and what it takes to answer it or not to."""

    request: Request
    send: Send
    answer: Callable[[], Awaitable[Response]]
    """Does what was asked; what it answers."""
    crash: Callable[[], Response]
    """What a service that breaks down answers."""

    async def reply(self, response: Response) -> None:
        """Send a whole answer."""
        await response(self.request.scope, self.request.receive, self.send)

    @property
    def transport(self) -> asyncio.Transport:
        """The connection that the call came by."""
        transport: asyncio.Transport = self.request.scope["extensions"][TRANSPORT]
        return transport


async def go_wrong(fault: PlannedFault, call: Incoming) -> None:
    """Let one call go wrong."""
    match fault.kind:
        case Kind.DROP_BEFORE_READ:
            await _end(call, call.transport.abort)
        case Kind.RESET:
            await call.request.body()
            await _end(call, lambda: _reset(call.transport))
        case Kind.HTML_502:
            await call.reply(HTMLResponse(_BAD_GATEWAY, 502))
        case Kind.SOAP_FAULT:
            await call.reply(call.crash())
        case _:
            await _answer_wrongly(fault, call, await call.answer())


async def _answer_wrongly(fault: PlannedFault, call: Incoming, response: Response) -> None:
    """What was asked is done by now; only the answer goes wrong."""
    match fault.kind:
        case Kind.DROP_AFTER_COMMIT:
            await _end(call, call.transport.abort)
        case Kind.DELAY:
            async with _patience(call) as pause:
                in_time = await pause(fault.seconds)
            await (call.reply(response) if in_time else _end(call, call.transport.abort))
        case Kind.TRUNCATE:
            await call.send(_start(response))
            half = bytes(response.body)[: len(response.body) // 2]
            await call.send({"type": "http.response.body", "body": half, "more_body": True})
            await _end(call, call.transport.close)
        case Kind.GARBAGE:
            headers = {"Content-Type": response.headers["content-type"]}
            await call.reply(Response(_GARBAGE, headers=headers))
        case Kind.SLOW_DRIP:
            await _drip(call, response, fault.seconds)


async def _drip(call: Incoming, response: Response, seconds: float) -> None:
    # Past uvicorn, which would send the headers in one piece.
    phrase = http.HTTPStatus(response.status_code).phrase
    head = [f"HTTP/1.1 {response.status_code} {phrase}".encode(), b"Connection: close"]
    head += [b"%s: %s" % header for header in response.raw_headers]
    async with _patience(call) as pause:
        for byte in b"\r\n".join([*head, b"", bytes(response.body)]):
            call.transport.write(bytes([byte]))
            if not await pause(seconds):
                break
    await _end(call, call.transport.close)


@asynccontextmanager
async def _patience(call: Incoming) -> AsyncIterator[Callable[[float], Awaitable[bool]]]:
    """A sleep that is False, and over, once the client has left or the server shuts down."""
    endings = {
        asyncio.create_task(_client_gone(call.request)),
        asyncio.create_task(call.request.app.state.closing.wait()),
    }

    async def pause(seconds: float) -> bool:
        ended, _ = await asyncio.wait(endings, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return not ended

    try:
        yield pause
    finally:
        for ending in endings:
            ending.cancel()
        await asyncio.wait(endings)


async def _client_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _end(call: Incoming, close: Callable[[], None]) -> None:
    """End the connection. uvicorn must see it gone, or it would answer in our place."""
    close()
    await _client_gone(call.request)


def _reset(transport: asyncio.Transport) -> None:
    # To linger for no time at all is to send RST in place of FIN.
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    transport.abort()


def _start(response: Response) -> Message:
    return {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
