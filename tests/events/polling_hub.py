"""A hub for long polling whose `Subscribe` awaits `Groups.Add`, as a genuine one's may."""

import asyncio
import json
import threading
from typing import Self

from aiohttp import web

from tests.events.scripted_hub import TERMS, call


class PollingHub:
    """`/send` is answered only once the client has polled again after it."""

    def __init__(self, *statuses: str) -> None:
        """`statuses` are those of every call, one with each `advance`."""
        self._statuses = list(statuses)
        self.polls = 0
        self.abandoned = 0
        """Polls that the client went away from."""
        self._log: list[dict[str, object]] = []
        """All messages so far; a message id is how many of them were read."""
        self.groups: dict[str, None] = {}
        self._ended = False
        self._changed: asyncio.Condition
        self._started = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(),), name="test-polling-hub")
        self._thread.start()
        self._started.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def advance(self) -> None:
        """Have one more status of every call happen."""
        status = self._statuses.pop(0)
        updates = [call("updateStatus", code, status) for code in self.groups]
        asyncio.run_coroutine_threadsafe(self._say(*updates), self._loop).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Condition()
        app = web.Application()
        app.router.add_route("*", "/signalr/{command}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port: int = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        await self._say()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        match request.match_info["command"]:
            case "negotiate":
                return web.json_response(TERMS)
            case "start":
                return web.Response(text='{ "Response": "started" }')
            case "connect":
                return web.json_response({"C": "0", "S": 1, "M": []})
            case "send":
                return await self._send(json.loads((await request.post())["data"]))
            case "poll":
                return await self._poll(int(request.query["messageId"]))
            case "abort":
                self._ended = True
                await self._say()
        return web.Response()

    async def _send(self, invocation: dict[str, object]) -> web.Response:
        code = invocation["A"][0]  # type: ignore[index]
        self.groups[code] = None
        async with self._changed:
            polls = self.polls
            self._changed.notify_all()
        await self._say({"G": f"groups of {code}"})
        async with self._changed:
            await self._changed.wait_for(lambda: self.polls > polls)
        return web.json_response({"I": str(invocation["I"])})

    async def _poll(self, read: int) -> web.Response:
        async with self._changed:
            self.polls += 1
            self._changed.notify_all()
            try:
                await self._changed.wait_for(lambda: len(self._log) > read or self._ended)
            except asyncio.CancelledError:
                self.abandoned += 1
                raise
        messages = self._log[read:]
        frame: dict[str, object] = {"C": str(len(self._log))}
        for message in messages:
            frame |= {"G": message["G"]} if "G" in message else {}
        return web.json_response({**frame, "M": [message for message in messages if "G" not in message]})

    async def _say(self, *messages: dict[str, object]) -> None:
        async with self._changed:
            self._log += messages
            self._changed.notify_all()
