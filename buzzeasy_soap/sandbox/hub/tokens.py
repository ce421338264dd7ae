"""Tokens that clients keep and only this process can create."""

import base64
import binascii
import hmac
import secrets
from typing import Final

_SIZE: Final = 32


class Tokens:
    """Signs texts for a purpose. The key, and with it every token, is lost when the process ends.

    Anyone can read the text in a token, but nobody else can forge or change it.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def sign(self, purpose: str, text: str) -> str:
        """Create a token, in base64, so that it can contain `+`, `/` and `=` like the reference's."""
        payload = text.encode()
        return base64.b64encode(self._signature(purpose, payload) + payload).decode()

    def read(self, purpose: str, token: str) -> str | None:
        """The text in a token, or None if it is not one of ours for this purpose."""
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
