"""The latest requests for a callback that the service refused."""

import datetime as dt
from collections import deque
from collections.abc import Iterable
from typing import Final, TypeAlias

from attrs import evolve, frozen

from buzzeasy_soap.enums import ResultCode
from buzzeasy_soap.sandbox.slots import Slot
from buzzeasy_soap.wire.redaction import redacted

KEPT: Final = 1000
LONGEST: Final = 200
"""Maximum characters kept of a name or number."""


Position: TypeAlias = tuple[int, int]
"""Orders calls and refusals: the id of the call, or of the newest call before a refusal; the refusal's number."""


@frozen(kw_only=True)
class Refusal:
    """A request for a callback that got a result code other than 0."""

    after: int
    """The id of the newest call at that time."""
    number: int = 0
    """Counts the refusals."""
    at: dt.datetime
    """Aware, UTC, by the sandbox's clock."""
    company: int
    service_queue: int
    name: str | None
    phone_no: str | None
    """As it was received."""
    slot: Slot | None
    result: ResultCode

    @property
    def position(self) -> Position:
        """Where it is listed among the calls."""
        return self.after, self.number


class Refusals:
    """Keeps the latest refusals, in memory alone: only calls are part of the service's data."""

    def __init__(self) -> None:
        self._kept: deque[Refusal] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, refusal: Refusal, secrets: Iterable[object]) -> None:
        """Number and keep a refusal, without the secrets in these records: parameters get mixed up."""
        self._count += 1
        records = list(secrets)

        def shown(text: str | None) -> str | None:
            return None if text is None else redacted(text, LONGEST, *records)

        self._kept.append(
            evolve(refusal, number=self._count, name=shown(refusal.name), phone_no=shown(refusal.phone_no))
        )

    def latest(self) -> list[Refusal]:
        """Newest first."""
        return list(reversed(self._kept))

    def clear(self) -> None:
        """Delete all refusals."""
        self._kept.clear()
