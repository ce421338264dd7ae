"""Sends a stream over each of the three transports."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Final, TypeAlias

from attrs import define, field
from starlette.types import Receive, Send

from buzzeasy_soap.sandbox.hub.topics import Stream

Headers: TypeAlias = list[tuple[bytes, bytes]]

KEEP_ALIVE: Final = ""
"""The frame that means: send a keep-alive."""


@define(eq=False)
class Feed:
    """The frames of one stream and their timing."""

    stream: Stream
    take: Callable[[], dict[str, object] | None]
    """Returns the next response, or None if there is nothing to send."""
    cursor: Callable[[], str]
    keep_alive: float | None
    until: float | None
    """When the stream ends by itself, on the loop's clock; None means never."""
    replies: deque[str] = field(factory=deque)
    """Results of invocations to send on the stream."""

    def initial(self) -> str:
        """The frame that says that the connection is up."""
        return json.dumps({"C": self.cursor(), "S": 1, "M": []})

    def empty(self) -> str:
        """A frame without content."""
        return json.dumps({"C": self.cursor(), "M": []})

    def reply(self, text: str) -> None:
        """Send the result of an invocation."""
        self.replies.append(text)
        self.stream.wake.set()

    async def frames(self) -> AsyncGenerator[str, None]:
        """Yield JSON texts and KEEP_ALIVE until the stream ends."""
        now = asyncio.get_running_loop().time
        beat = None if self.keep_alive is None else now() + self.keep_alive
        while not self.stream.ended:
            self.stream.wake.clear()
            while self.replies:
                yield self.replies.popleft()
            while (response := self.take()) is not None:
                yield json.dumps(response)
            try:
                async with asyncio.timeout_at(
                    min((at for at in (beat, self.until) if at is not None), default=None)
                ):
                    await self.stream.wake.wait()
            except TimeoutError:
                if self.until is not None and now() >= self.until - 0.01:
                    return
                yield KEEP_ALIVE
                beat = now() + (self.keep_alive or 0)


async def follow_web_socket(
    feed: Feed,
    receive: Receive,
    send: Send,
    headers: Headers,
    *,
    is_new: bool,
    on_text: Callable[[str], None],
) -> None:
    """Serve a WebSocket; each frame is one text message."""
    await receive()
    await send({"type": "websocket.accept", "headers": headers})

    async def read() -> None:
        while (message := await receive())["type"] == "websocket.receive":
            on_text(message.get("text") or (message.get("bytes") or b"").decode("utf-8", "replace"))
        feed.stream.end()

    # If the client disconnects, sending raises an OSError, which the server handles.
    async with _meanwhile(read()), aclosing(feed.frames()) as frames:
        if is_new:
            await send({"type": "websocket.send", "text": feed.initial()})
        async for frame in frames:
            await send({"type": "websocket.send", "text": frame or "{}"})
        await send({"type": "websocket.close", "code": 1000})


async def follow_event_source(
    feed: Feed, receive: Receive, send: Send, headers: Headers, *, is_new: bool
) -> None:
    """Serve server-sent events."""
    headers = [*headers, (b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def event(data: str) -> None:
        await send({"type": "http.response.body", "body": f"data: {data}\n\n".encode(), "more_body": True})

    async with _meanwhile(_until_gone(feed, receive)), aclosing(feed.frames()) as frames:
        await event("initialized")
        if is_new:
            await event(feed.initial())
        async for frame in frames:
            await event(frame or "{}")
        await send({"type": "http.response.body", "body": b""})


async def follow_poll(feed: Feed, receive: Receive, send: Send, headers: Headers, *, is_new: bool) -> None:
    """Serve one poll, held until there is something to send. A keep-alive is a space before the JSON."""
    headers = [
        *headers,
        (b"content-type", b"application/json; charset=UTF-8"),
        (b"cache-control", b"no-cache"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    answer = feed.initial() if is_new else None
    async with _meanwhile(_until_gone(feed, receive)), aclosing(feed.frames()) as frames:
        while answer is None:
            frame = await anext(frames, feed.empty())
            if frame == KEEP_ALIVE:
                await send({"type": "http.response.body", "body": b" ", "more_body": True})
            else:
                answer = frame
    await send({"type": "http.response.body", "body": answer.encode()})


async def _until_gone(feed: Feed, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    feed.stream.end()


@asynccontextmanager
async def _meanwhile(work: Coroutine[object, object, None]) -> AsyncGenerator[None, None]:
    """Run a coroutine while the body runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
