"""What the result of an attempt means for a callback in the ledger, and for its campaign. No I/O."""

from typing import Final

from attrs import frozen

from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.errors import (
    AuthenticationFailed,
    BuzzeasyError,
    CallbackRejected,
    ConfigurationError,
    InvalidRequest,
    LeaseExpired,
    OutOfHours,
    RequestRefused,
)
from buzzeasy_soap.ledger.model import State
from buzzeasy_soap.models import Confirmation

MOST_ATTEMPTS: Final = 10
FAILURES_TO_PAUSE: Final = 5
_LONGEST_WAIT: Final = 300.0


@frozen
class Verdict:
    """What becomes of a callback after an attempt."""

    state: State
    """PENDING: it was provably not placed, and may be sent again."""
    confirmation_code: str | None = None
    result_code: int | None = None
    error: str | None = None
    message: str | None = None
    is_attempt: bool = True
    """Whether it counts towards MOST_ATTEMPTS and makes the next wait longer."""
    waits_for_opening: bool = False
    """It is to wait for the next opening hours, or is REFUSED where none are known."""
    is_failure: bool | None = None
    """Whether the service gave no answer of its own; None where nobody asked it."""
    pause: str | None = None
    """Why its campaign is paused at once."""


PLACED_EARLIER: Final = Verdict(State.PLACED)


def verdict(result: Confirmation | BaseException) -> Verdict:
    """What a confirmation, or what was raised instead, means."""
    if isinstance(result, Confirmation):
        return Verdict(State.PLACED, confirmation_code=result.code, is_failure=False)
    outcome = getattr(result, "outcome", Outcome.UNKNOWN)
    state = State.UNKNOWN if outcome is Outcome.UNKNOWN else State.PENDING
    about = _About(result)
    if isinstance(result, LeaseExpired) or not isinstance(result, BuzzeasyError):
        return about.verdict(state, is_attempt=False)
    if isinstance(result, CallbackRejected):
        if state is State.UNKNOWN:
            return about.verdict(state, is_failure=False)
        return about.verdict(
            State.REFUSED, is_failure=False, waits_for_opening=isinstance(result, OutOfHours)
        )
    if state is State.UNKNOWN:
        return about.verdict(state, is_failure=True)
    if isinstance(result, InvalidRequest):
        return about.verdict(State.NOT_SENT)
    if isinstance(result, AuthenticationFailed | RequestRefused | ConfigurationError):
        return about.verdict(state, is_attempt=False, pause=f"{type(result).__name__}: {result}")
    return about.verdict(state, is_failure=True)


@frozen
class _About:
    result: BaseException

    def verdict(
        self,
        state: State,
        *,
        is_attempt: bool = True,
        waits_for_opening: bool = False,
        is_failure: bool | None = None,
        pause: str | None = None,
    ) -> Verdict:
        result = self.result
        rejected = result if isinstance(result, CallbackRejected) else None
        return Verdict(
            state,
            rejected.confirmation_code if rejected else None,
            int(rejected.result_code) if rejected else None,
            type(result).__name__,
            str(result),
            is_attempt,
            waits_for_opening,
            is_failure,
            pause,
        )


def wait_after(attempts: int, jitter: float) -> float:
    """Seconds until the next attempt, after that many; `jitter` is between 0 and 1."""
    return float(min(_LONGEST_WAIT, 2 ** min(attempts, 16)) * (0.5 + jitter / 2))
