"""A hub that does what a test says, over server-sent events; not ours, and not as good."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from aiohttp import web

from tests.events.threaded import ThreadedServer

TERMS = {
    "Url": "/signalr",
    "ConnectionToken": "t+o/k=",
    "ConnectionId": "1",
    "KeepAliveTimeout": 20.0,
    "DisconnectTimeout": 3.0,
    "ConnectionTimeout": 110.0,
    "TryWebSockets": True,
    "ProtocolVersion": "1.4",
    "TransportConnectTimeout": 1.0,
    "LongPollDelay": 0.0,
}


def call(method: str, *arguments: object) -> dict[str, object]:
    return {"H": "NotifyMe", "M": method, "A": list(arguments)}


@asynccontextmanager
async def serve(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]], **options: Any
) -> AsyncIterator[int]:
    """Serve the addresses of SignalR on a free port, which it yields."""
    app = web.Application()
    app.router.add_route("*", "/signalr/{command}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, **options)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


class ScriptedHub(ThreadedServer):
    """`streams[n]` are the frames of the nth stream.

    A float among them is a pause in seconds, an int waits for that many invocations, and None breaks
    the connection. A stream ends after its last frame; the last of `streams` stays open.
    """

    def __init__(self, *streams: list[dict[str, Any] | float | int | None], **replies: Any) -> None:
        """`replies` are what commands answer instead: a text, a web.Response, or a function that makes one."""
        self.streams = list(streams)
        self.replies = replies
        self.asked: list[str] = []
        self._invoked = asyncio.Condition()
        super().__init__()

    def _listen(self) -> AbstractAsyncContextManager[int]:
        return serve(self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        command = request.match_info["command"]
        self.asked.append(command if command != "connect" else f"connect {request.query['transport']}")
        reply = self.replies.get(command, self.replies.get(f"{command}_{request.query.get('transport')}"))
        if isinstance(reply, Callable):  # type: ignore[arg-type]
            reply = reply()
        if isinstance(reply, web.Response):
            return reply
        if reply is not None:
            return web.Response(text=reply)
        match command:
            case "negotiate":
                return web.Response(text=json.dumps({**TERMS, **self.replies.get("terms", {})}))
            case "start":
                return web.Response(text='{ "Response": "started" }')
            case "send":
                async with self._invoked:
                    self._invoked.notify_all()
                number = json.loads((await request.post())["data"])["I"]
                return web.Response(text=json.dumps({"I": str(number)}))
            case "connect" | "reconnect":
                return await self._stream(request)
            case _:
                return web.Response()

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if request.query["transport"] != "serverSentEvents":
            return web.Response(status=400)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        frames = self.streams.pop(0) if len(self.streams) > 1 else self.streams[0]
        await response.write(b"data: initialized\n\n")
        for frame in frames:
            if frame is None:
                assert request.transport is not None
                request.transport.close()
            elif isinstance(frame, float):
                await asyncio.sleep(frame)
            elif isinstance(frame, int):
                async with self._invoked:
                    await self._invoked.wait_for(lambda: self.asked.count("send") >= frame)  # noqa: B023
            else:
                await response.write(f"data: {json.dumps(frame)}\n\n".encode())
        if len(self.streams) == 1 and frames is self.streams[0] and frames:
            await self._stop.wait()
        return response
