"""Planned faults: make the next calls of an operation fail, on the socket itself."""

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
"""The ASGI extension through which the server passes the connection's transport."""

_GARBAGE: Final = bytes(range(256)) * 2
_BAD_GATEWAY: Final = (
    "<html><head><title>502 Bad Gateway</title></head>"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>\n"
)


class Kind(StrEnum):
    """How a call fails."""

    DROP_BEFORE_READ = "drop_before_read"
    """The connection is closed before the request is read. Not carried out."""
    DROP_AFTER_COMMIT = "drop_after_commit"
    """The call is carried out and stored, and the connection is closed without a reply."""
    DELAY = "delay"
    """The call is carried out, and the reply comes some seconds later."""
    HTML_502 = "html_502"
    """The reply is a gateway's error page. Not carried out."""
    TRUNCATE = "truncate"
    """The call is carried out, and the connection is closed in the middle of the reply."""
    SOAP_FAULT = "soap_fault"
    """The service fails, as with its magic number. Not carried out."""
    GARBAGE = "garbage"
    """The call is carried out, and the reply is meaningless bytes."""
    SLOW_DRIP = "slow_drip"
    """The call is carried out, and the reply comes one byte at a time, including its headers."""
    RESET = "reset"
    """The connection is reset after the request is read. Not carried out."""

    @property
    def is_carried_out(self) -> bool:
        """Whether the service carries out the call."""
        return self not in (self.DROP_BEFORE_READ, self.HTML_502, self.SOAP_FAULT, self.RESET)


_SECONDS: Final = {Kind.DELAY: 5.0, Kind.SLOW_DRIP: 1.0}


@frozen
class PlannedFault:
    """A fault to inject."""

    kind: Kind
    seconds: float
    """Seconds before a delayed reply, or between the bytes of a dripping one."""

    @classmethod
    def of(cls, kind: Kind, seconds: float | None) -> "PlannedFault":
        """A fault of a kind; `seconds` defaults to the kind's own."""
        return cls(kind, _SECONDS.get(kind, 0.0) if seconds is None else seconds)


class PlannedFaults:
    """The planned faults of each operation, in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[tuple[PlannedFault, int]]] = {}

    def add(self, operation: str, fault: PlannedFault, times: int) -> None:
        """Plan a fault for the next `times` calls that have none yet."""
        self._waiting.setdefault(operation, deque()).append((fault, times))

    def take(self, operation: str) -> PlannedFault | None:
        """Remove and return the fault for the current call, or None."""
        waiting = self._waiting.get(operation)
        if not waiting:
            return None
        fault, times = waiting.popleft()
        if times > 1:
            waiting.appendleft((fault, times - 1))
        return fault

    def waiting(self) -> list[tuple[str, PlannedFault, int]]:
        """The faults not injected yet: operation, fault and times."""
        return [(name, fault, times) for name, queue in self._waiting.items() for fault, times in queue]

    def clear(self) -> None:
        """Clear planned faults."""
        self._waiting.clear()


@frozen
class Incoming:
    """An incoming call, and the means to answer it or not."""

    request: Request
    send: Send
    answer: Callable[[], Awaitable[Response]]
    """Carries out the call and returns the response."""
    crash: Callable[[], Response]
    """Returns the response of a service that fails."""

    async def reply(self, response: Response) -> None:
        """Send a complete response."""
        await response(self.request.scope, self.request.receive, self.send)

    @property
    def transport(self) -> asyncio.Transport:
        """The connection of the call."""
        transport: asyncio.Transport = self.request.scope["extensions"][TRANSPORT]
        return transport


async def inject(fault: PlannedFault, call: Incoming) -> None:
    """Make one call fail."""
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
            await _spoil_reply(fault, call, await call.answer())


async def _spoil_reply(fault: PlannedFault, call: Incoming, response: Response) -> None:
    """Make only the reply fail: the call has been carried out."""
    match fault.kind:
        case Kind.DROP_AFTER_COMMIT:
            await _end(call, call.transport.abort)
        case Kind.DELAY:
            async with _interruptible_sleep(call) as pause:
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
    # Bypass uvicorn, which would send the headers in one piece.
    phrase = http.HTTPStatus(response.status_code).phrase
    head = [f"HTTP/1.1 {response.status_code} {phrase}".encode(), b"Connection: close"]
    head += [b"%s: %s" % header for header in response.raw_headers]
    async with _interruptible_sleep(call) as pause:
        for byte in b"\r\n".join([*head, b"", bytes(response.body)]):
            call.transport.write(bytes([byte]))
            if not await pause(seconds):
                break
    await _end(call, call.transport.close)


@asynccontextmanager
async def _interruptible_sleep(call: Incoming) -> AsyncIterator[Callable[[float], Awaitable[bool]]]:
    """A sleep that ends early, returning False, if the client disconnects or the server shuts down."""
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
    """Close the connection. uvicorn must see that it is gone, or it would send a reply itself."""
    close()
    await _client_gone(call.request)


def _reset(transport: asyncio.Transport) -> None:
    # A linger time of zero sends RST instead of FIN.
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    transport.abort()


def _start(response: Response) -> Message:
    return {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
