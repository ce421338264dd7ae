"""A hub for long polling whose `Subscribe` awaits `Groups.Add`, as a genuine one's may."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.events.scripted_hub import TERMS, call, serve
from tests.events.threaded import ThreadedServer


class PollingHub(ThreadedServer):
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
        super().__init__()

    def advance(self) -> None:
        """Have one more status of every call happen."""
        status = self._statuses.pop(0)
        updates = [call("updateStatus", code, status) for code in self.groups]
        asyncio.run_coroutine_threadsafe(self._say(*updates), self._loop).result()

    @asynccontextmanager
    async def _listen(self) -> AsyncIterator[int]:
        self._changed = asyncio.Condition()
        async with serve(self._answer, handler_cancellation=True) as port:
            yield port
            await self._say()

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
