"""Transcripts of the latest exchanges, without passwords."""

import datetime as dt
from collections import deque
from collections.abc import Iterable
from typing import Final

from attrs import frozen

from buzzeasy_soap.wire.redaction import redact

KEPT: Final = 50
LONGEST: Final = 16_384
"""Maximum characters kept of a message."""


@frozen
class Transcript:
    """One request and its reply."""

    at: dt.datetime
    """Aware, UTC, by the sandbox's clock."""
    operation: str
    protocol: str
    """`SOAP` or `REST`."""
    status: int
    """The HTTP status."""
    request: str
    reply: str


class Transcripts:
    """Keeps the latest transcripts."""

    def __init__(self) -> None:
        self._kept: deque[Transcript] = deque(maxlen=KEPT)

    def add(
        self,
        at: dt.datetime,
        operation: str,
        protocol: str,
        status: int,
        *,
        request: str,
        reply: str,
        records: Iterable[object],
    ) -> None:
        """Add a transcript, without the secrets in `records`."""

        def shown(text: str) -> str:
            clean = redact(text[: 2 * LONGEST], *records)
            return clean if len(clean) <= LONGEST else f"{clean[:LONGEST]}…"

        self._kept.append(Transcript(at, operation, protocol, status, shown(request), shown(reply)))

    def latest(self) -> list[Transcript]:
        """Newest first."""
        return list(reversed(self._kept))

    def clear(self) -> None:
        """Delete all transcripts."""
        self._kept.clear()
