"""Limits on requests: size, encoding and time."""

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 2**20
"""In bytes."""
LONGEST_RECEIVING: Final = 30.0
"""Seconds for a request to arrive completely, from its first byte or from when the connection opened."""


class _TooLarge(Exception):
    """The body of a request is too large."""


class BodyLimit:
    """ASGI middleware: 413 for a body that is too large, closing the connection; 415 for a compressed one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding = Headers(scope=scope).get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity"):
            text = "Compressed requests are not supported: send the body without Content-Encoding.\n"
            await PlainTextResponse(text, 415, {"Accept-Encoding": "identity"})(scope, receive, send)
            return
        left = LARGEST_BODY
        replying = False

        async def limited_receive() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise _TooLarge
            return message

        async def noted_send(message: Message) -> None:
            nonlocal replying
            replying = True
            await send(message)

        try:
            await self._app(scope, limited_receive, noted_send)
        except ClientDisconnect:
            # The client left in the middle of its request, so nobody reads a reply.
            return
        except _TooLarge:
            if not replying:
                text = f"The body of a request must not exceed {LARGEST_BODY} bytes.\n"
                refusal = PlainTextResponse(text, 413, {"Connection": "close"})
                await refusal(scope, receive, send)
