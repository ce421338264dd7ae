"""The life of a call as a state machine: which status comes next, and when."""

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import field, frozen

from buzzeasy_soap.enums import CallStatus

RESCHEDULES: Final = 2
"""How often a user who does not answer is called again."""


class Course(Enum):
    """The course that a call takes."""

    SUCCEEDS = "succeeds"
    USER_NEVER_ANSWERS = "user never answers"
    AGENT_NEVER_ACCEPTS = "agent never accepts"


@frozen
class Step:
    """The status that follows another, and after how many seconds."""

    status: CallStatus
    seconds: float
    after: dt.timedelta = field(init=False)
    """The same."""

    @after.default
    def _after(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.seconds)


_S: Final = CallStatus

# The agent is called first, then the user; None is a call that has not started.
_SUCCEEDS: Final[Mapping[CallStatus | None, Step]] = {
    None: Step(_S.CALLING_AGENT, 1),
    _S.CALLING_AGENT: Step(_S.AGENT_CONNECTED, 3),
    _S.AGENT_CONNECTED: Step(_S.CALL_ACCEPTED, 3),
    _S.CALL_ACCEPTED: Step(_S.CALLING_USER, 1),
    _S.CALLING_USER: Step(_S.USER_CONNECTED, 4),
    _S.USER_CONNECTED: Step(_S.CALL_SUCCEEDED, 8),
}
STEPS: Final[Mapping[Course, Mapping[CallStatus | None, Step]]] = {
    Course.SUCCEEDS: _SUCCEEDS,
    Course.USER_NEVER_ANSWERS: {
        **_SUCCEEDS,
        _S.CALLING_USER: Step(_S.CALLING_USER_FAILED, 10),
        _S.CALLING_USER_FAILED: Step(_S.RESCHEDULED, 1),
        _S.RESCHEDULED: Step(_S.CALLING_AGENT, 30),
    },
    Course.AGENT_NEVER_ACCEPTS: {**_SUCCEEDS, _S.AGENT_CONNECTED: Step(_S.CALL_FAILED, 20)},
}


@frozen
class Progress:
    """How far a call has progressed."""

    course: Course
    since: dt.datetime
    """When it reached its status, or when it may start if it has none."""
    status: CallStatus | None = None
    retries: int = 0

    @property
    def next(self) -> "Progress | None":
        """The next progress, or None if the call is over."""
        if self.status is not None and self.status.is_final:
            return None
        step = STEPS[self.course][self.status]
        status = step.status
        if status is CallStatus.RESCHEDULED and self.retries == RESCHEDULES:
            status = CallStatus.CALL_FAILED
        return Progress(
            self.course,
            since=self.since + step.after,
            status=status,
            retries=self.retries + (status is CallStatus.RESCHEDULED),
        )

    @property
    def due(self) -> dt.datetime | None:
        """When the next status is due, or None if the call is over."""
        coming = self.next
        return None if coming is None else coming.since


def until(progress: Progress, now: dt.datetime) -> list[Progress]:
    """The progress that a call has made by `now`, in order; empty if nothing was due."""
    passed: list[Progress] = []
    coming = progress.next
    while coming is not None and coming.since <= now:
        passed.append(coming)
        coming = coming.next
    return passed
