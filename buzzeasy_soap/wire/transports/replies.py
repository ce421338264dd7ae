"""What every transport does with a reply: its head is checked, its body is capped and decoded.

The HTTP libraries differ in what they let pass. What is refused here is refused alike: a head that
two readers could read in two ways, since the next reply on the connection might then answer the
wrong call.
"""

import re
import zlib
from collections.abc import Iterable
from typing import Any, Final

from buzzeasy_soap.errors import ProtocolError
from buzzeasy_soap.wire.exchange import Exchange
from buzzeasy_soap.wire.messages import HttpResponse

LONGEST_HEAD: Final = 2**16
"""Bytes of the status line and the headers, interim replies included."""
MOST_HEADERS: Final = 100
HEAD_TOO_LARGE: Final = f"the reply's head is larger than {LONGEST_HEAD} bytes or {MOST_HEADERS} headers"
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNDECODABLE: Final = "the reply's content encoding cannot be undone"


def headers_of(status: int, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers by lower-case name. Raises ProtocolError where nobody can say where the reply ends."""
    headers: dict[str, str] = {}
    lengths = count = size = 0
    for name, value in pairs:
        count += 1
        size += len(name) + len(value) + 4
        if not _NAME.fullmatch(name):
            raise ProtocolError("the reply is not HTTP: a header has no proper name", status=status)
        lower = name.lower()
        lengths += lower == "content-length"
        headers[lower] = value.strip()
    if count > MOST_HEADERS or size > LONGEST_HEAD:
        raise ProtocolError(HEAD_TOO_LARGE, status=status)
    if lengths > 1 or (lengths and "transfer-encoding" in headers):
        raise ProtocolError("the reply is not HTTP: it states its length twice", status=status)
    if status < 200:
        raise ProtocolError("the reply is not HTTP: an interim response and no other", status=status)
    return headers


class Body:
    """The body of a reply as it comes in: decoded, and never more of it than is allowed."""

    def __init__(self, status: int, headers: dict[str, str], exchange: Exchange) -> None:
        self._status = status
        self._headers = headers
        self._most = exchange.max_reply_bytes
        self._left = self._most
        self._chunks: list[bytes] = []
        self._encoding = headers.get("content-encoding", "identity").strip().lower()
        self._decoder: Any = None
        self._is_whole = self._encoding in ("", "identity")

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises ProtocolError."""
        if self._encoding in ("", "identity"):
            self._keep(chunk)
            return
        while chunk:
            decoder = self._decoder = self._decoder or self._new_decoder(chunk)
            try:
                decoded = decoder.decompress(chunk, self._left + 1)
            except zlib.error:
                raise ProtocolError(_UNDECODABLE, status=self._status) from None
            self._keep(decoded)
            self._is_whole = decoder.eof
            chunk = decoder.unconsumed_tail or decoder.unused_data
            if decoder.eof:
                self._decoder = None  # gzip may go on with a further member

    def response(self) -> HttpResponse:
        """The whole reply. Raises ProtocolError where its content encoding has no end."""
        if not self._is_whole and (self._chunks or self._decoder):
            raise ProtocolError(_UNDECODABLE, status=self._status)
        return HttpResponse(self._status, self._headers, b"".join(self._chunks))

    def _keep(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise ProtocolError(
                f"the reply is larger than max_reply_bytes ({self._most})", status=self._status
            )
        self._chunks.append(data)

    def _new_decoder(self, start: bytes) -> Any:
        if self._encoding in ("gzip", "x-gzip"):
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        if self._encoding == "deflate":
            # RFC 9110 wants the zlib format; some servers send the bare stream.
            return zlib.decompressobj(zlib.MAX_WBITS if start[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        raise ProtocolError(_UNDECODABLE, status=self._status)
