"""What the result of an attempt means for a callback in the ledger, and for its campaign. No I/O."""

from typing import Final

from attrs import evolve, frozen

from buzzeasy_soap.config import Retry
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

AGAIN: Final = Retry(attempts=10, first_wait=2.0, longest_wait=300.0)
"""How often a callback is attempted, and when, as long as nothing of it is sent."""
FAILURES_TO_PAUSE: Final = 5


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
    """Whether it is one of the attempts of AGAIN, and makes the next wait longer."""
    waits_for_opening: bool = False
    """It is to wait for the next opening hours, or is REFUSED where none are known."""
    is_failure: bool | None = None
    """Whether the service gave no answer of its own; None where nobody asked it."""
    pause: str | None = None
    """Why its campaign is paused at once."""


def verdict(result: Confirmation | BaseException) -> Verdict:
    """What a confirmation, or what was raised instead, means."""
    if isinstance(result, Confirmation):
        return Verdict(State.PLACED, confirmation_code=result.code, is_failure=False)
    outcome = getattr(result, "outcome", Outcome.UNKNOWN)
    told = Verdict(
        State.UNKNOWN if outcome is Outcome.UNKNOWN else State.PENDING,
        error=type(result).__name__,
        message=str(result),
    )
    if isinstance(result, LeaseExpired) or not isinstance(result, BuzzeasyError):
        return evolve(told, is_attempt=False)
    if isinstance(result, CallbackRejected):
        return _rejected(told, result)
    if told.state is State.UNKNOWN:
        return evolve(told, is_failure=True)
    if isinstance(result, InvalidRequest):
        return evolve(told, state=State.NOT_SENT)
    if isinstance(result, AuthenticationFailed | RequestRefused | ConfigurationError):
        return evolve(told, is_attempt=False, pause=f"{told.error}: {told.message}")
    return evolve(told, is_failure=True)


def _rejected(told: Verdict, rejection: CallbackRejected) -> Verdict:
    told = evolve(
        told,
        confirmation_code=rejection.confirmation_code,
        result_code=int(rejection.result_code),
        is_failure=False,
    )
    if told.state is State.UNKNOWN:
        return told
    return evolve(told, state=State.REFUSED, waits_for_opening=isinstance(rejection, OutOfHours))
