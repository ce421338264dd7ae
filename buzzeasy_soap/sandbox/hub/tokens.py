"""Tokens that clients hold and only this process can make."""

import base64
import binascii
import hmac
import secrets
from typing import Final

_SIZE: Final = 32


class Tokens:
    """Signs texts for a purpose. The key dies with the process, and with it all of its tokens.

    The text within can be read by anyone; it is only proof against being made up or changed.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def sign(self, purpose: str, text: str) -> str:
        """The token: base64, so that it can hold `+`, `/` and `=`, as the reference's do."""
        payload = text.encode()
        return base64.b64encode(self._signature(purpose, payload) + payload).decode()

    def read(self, purpose: str, token: str) -> str | None:
        """The text in a token; None where it is not one of ours for this purpose."""
        try:
            raw = base64.b64decode(token, validate=True)
        except (binascii.Error, ValueError):
            return None
        signature, payload = raw[:_SIZE], raw[_SIZE:]
        if not hmac.compare_digest(signature, self._signature(purpose, payload)):
            return None
        return payload.decode()

    def _signature(self, purpose: str, payload: bytes) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\0" + payload, "sha256")
