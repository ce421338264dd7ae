"""Searches calls and refusals, which are listed together, newest first."""

import re
from collections.abc import Mapping
from typing import Final

from attrs import frozen
from sqlalchemy import ColumnElement, String, cast, false, func, literal, or_

from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.sandbox.codes import FIRST_CODE, PREFIX
from buzzeasy_soap.sandbox.refusals import Position, Refusal
from buzzeasy_soap.sandbox.schema import CALLS, folded

REFUSED: Final = "refused"
WAITING: Final = "waiting"
STATUSES: Final = (WAITING, *CallStatus, REFUSED)
"""The statuses to search for; a waiting call has had no event yet."""

NEWEST: Final[Position] = (2**62, 0)
"""Newer than everything that is listed."""

_POSITION: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
_QUEUE: Final = re.compile(r"([0-9]{1,18})/([0-9]{1,18})", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9 ().+-]*[0-9][0-9 ().+-]*", re.ASCII)
_SEPARATORS: Final = str.maketrans("", "", " ().-")


@frozen
class Search:
    """What to list; by default everything."""

    text: str = ""
    """Part of a confirmation code, a name or a phone number."""
    status: str = ""
    """One of STATUSES."""
    queue: tuple[int, int] | None = None
    """A company and its service queue."""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Search":
        """The search in a query. Raises ValueError, which says what is allowed."""
        status, queue = query.get("status", ""), query.get("queue", "")
        if status and status not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}")
        match = _QUEUE.fullmatch(queue)
        if queue and match is None:
            raise ValueError("queue must be a company and its service queue, such as 1/2")
        return cls(query.get("text", "").strip(), status, match and (int(match[1]), int(match[2])))

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions that a stored call meets."""
        conditions: list[ColumnElement[bool]] = []
        if self.text:
            code = literal(PREFIX).concat(cast(CALLS.c.id + FIRST_CODE, String))
            conditions.append(
                or_(
                    # Unlike LIKE, instr has no characters with a meaning of their own.
                    func.instr(code, self.text.upper()) > 0,
                    func.instr(func.folded(CALLS.c.name), folded(self.text)) > 0,
                    func.instr(CALLS.c.phone_no, self._number) > 0 if self._number else false(),
                )
            )
        if self.status == REFUSED:
            conditions.append(false())
        elif self.status:
            conditions.append(CALLS.c.status == (None if self.status == WAITING else self.status))
        if self.queue:
            company, service_queue = self.queue
            conditions += [CALLS.c.company == company, CALLS.c.service_queue == service_queue]
        return conditions

    def finds(self, refusal: Refusal) -> bool:
        """Whether a refusal is found."""
        number = (refusal.phone_no or "").translate(_SEPARATORS)
        return (
            (folded(self.text) in folded(refusal.name) or (bool(self._number) and self._number in number))
            and self.status in ("", REFUSED)
            and self.queue in (None, (refusal.company, refusal.service_queue))
        )

    @property
    def _number(self) -> str:
        """The digits that every way of writing the searched number has in common, or nothing."""
        if not _NUMBER.fullmatch(self.text):
            return ""
        digits = self.text.translate(_SEPARATORS).lstrip("+")
        return digits.lstrip("0") or digits


def read_position(text: str) -> Position:
    """A position from a query, where it is `1015.2`. Raises ValueError."""
    match = _POSITION.fullmatch(text)
    if match is None:
        raise ValueError("before must be the `older` of another page")
    return int(match[1]), int(match[2])
