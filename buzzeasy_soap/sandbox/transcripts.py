"""Transcripts of the latest exchanges, without passwords."""

import datetime as dt
from collections import deque
from collections.abc import Iterable
from typing import Final

from attrs import evolve, frozen

from buzzeasy_soap.sandbox.faults import Kind
from buzzeasy_soap.sandbox.results import Result
from buzzeasy_soap.wire.redaction import redacted

KEPT: Final = 200
LONGEST: Final = 16_384
"""Maximum characters kept of a message."""


@frozen(kw_only=True)
class Transcript:
    """One request and its reply."""

    number: int = 0
    """Counts the transcripts."""
    at: dt.datetime
    """Aware, UTC, by the sandbox's clock."""
    operation: str
    protocol: str
    """`SOAP` or `REST`."""
    status: int | None = None
    """The HTTP status; None if the call was not carried out."""
    result: Result
    fault: Kind | None
    """The planned fault, if any: the client did not get this reply, or not like this."""
    request: str = ""
    reply: str = ""


class Transcripts:
    """Keeps the latest transcripts."""

    def __init__(self) -> None:
        self._kept: deque[Transcript] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, transcript: Transcript, secrets: Iterable[object] = ()) -> None:
        """Number and keep a transcript, without the secrets in these records."""
        self._count += 1
        records = list(secrets)
        self._kept.append(
            evolve(
                transcript,
                number=self._count,
                request=redacted(transcript.request, LONGEST, *records),
                reply=redacted(transcript.reply, LONGEST, *records),
            )
        )

    def latest(self) -> list[Transcript]:
        """Newest first."""
        return list(reversed(self._kept))

    def clear(self) -> None:
        """Delete all transcripts."""
        self._kept.clear()
