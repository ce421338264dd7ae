"""What of a request is read: how much, in which encoding, and for how long."""

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 2**20
"""Bytes."""
LONGEST_RECEIVING: Final = 30.0
"""Seconds from its first byte, or from the connection's opening, within which a request must be there."""


class _TooLarge(Exception):
    """The body of a request has more bytes than are read."""


class BodyLimit:
    """ASGI middleware: 413 for a body that is too large, and the connection closed; 415 for a compressed one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding = Headers(scope=scope).get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity"):
            text = "A request must come as it is: send its body without Content-Encoding, not compressed.\n"
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
            # It left in the middle of its request: there is nobody to answer.
            return
        except _TooLarge:
            if not replying:
                text = f"A request may have {LARGEST_BODY} bytes in its body.\n"
                refusal = PlainTextResponse(text, 413, {"Connection": "close"})
                await refusal(scope, receive, send)
