"""A form's callback: recorded, sent, settled, and answered; and looking up what is unknown.

The steps are generators that do no sending and no sleeping; two drivers, blocking and asyncio, do. A form's:

    record ──> claimed: send, settle, answer
       │ ^ └─> settled before: answer the same
       │ └───> in flight elsewhere: wait, look again; past the deadline, UNKNOWN
       └─────> unknown: look it up at the service once, answer
"""

import logging
from collections.abc import Generator
from contextlib import suppress
from typing import Final, TypeAlias

from attrs import evolve, frozen

from buzzeasy_soap import errors
from buzzeasy_soap.enums import Outcome, ReconciliationState
from buzzeasy_soap.errors import (
    BuzzeasyError,
    CallbackRejected,
    ConfigurationError,
    InvalidRequest,
    LedgerError,
    OutcomeUnknown,
)
from buzzeasy_soap.ledger.book import Book
from buzzeasy_soap.ledger.claims import Claim
from buzzeasy_soap.ledger.model import Campaign, Entry, Reconciled, State
from buzzeasy_soap.ledger.queue import Lease, Queue
from buzzeasy_soap.ledger.verdicts import verdict
from buzzeasy_soap.models import CallbackRequest, Confirmation, Reconciliation
from buzzeasy_soap.wire.clock import Clock

_LONGEST_KEY: Final = 200
_FIRST_LOOK: Final = 0.05
_LONGEST_LOOK: Final = 1.0

logger = logging.getLogger("buzzeasy_soap")


@frozen
class Send:
    """Send it: the answer is a Confirmation, or what was raised."""

    claim: Claim


@frozen
class LookUp:
    """Reconcile it: the answer is a Reconciliation, or what was raised."""

    request: CallbackRequest


@frozen
class Wait:
    """Wait that many seconds: the answer is None."""

    seconds: float


Step: TypeAlias = Send | LookUp | Wait
Answer: TypeAlias = Confirmation | Reconciliation | BaseException | None
Placing: TypeAlias = Generator[Step, Answer, Confirmation]
Reconciling: TypeAlias = Generator[Step, Answer, Reconciled]


def placing(queue: Queue, key: str, asked: CallbackRequest, lease: Lease) -> Placing:
    """The steps to place what a form asks for, and to answer it."""
    deadline = Clock.monotonic() + lease.timeout
    look = _FIRST_LOOK
    while True:
        found = queue.open_form(key, asked, lease)
        if isinstance(found, Claim):
            return (yield from _send(queue, found))
        left = deadline - Clock.monotonic()
        if found.state is not State.CLAIMED or left <= 0:
            break
        yield Wait(min(look, left))
        look = min(_LONGEST_LOOK, look * 2)
    if found.state is State.UNKNOWN:
        found = yield from _looked_up(queue, found)
    return _answer(found)


def _send(queue: Queue, claim: Claim) -> Placing:
    result = yield Send(claim)
    assert isinstance(result, Confirmation | BaseException)
    try:
        queue.settle_form(claim, verdict(result))
    except LedgerError:
        # What is known must reach the customer; the row becomes unknown, and is looked up.
        logger.exception("what became of a callback could not be recorded")
    if isinstance(result, Confirmation):
        return result
    raise result


def _looked_up(queue: Queue, entry: Entry) -> Generator[Step, Answer, Entry]:
    looked_up = yield LookUp(entry.request)
    if not isinstance(looked_up, Reconciliation) or looked_up.state is not ReconciliationState.PLACED:
        return entry
    found = looked_up.confirmation
    with suppress(LedgerError):
        queue.found(entry, found)
    return evolve(entry, state=State.PLACED, confirmation_code=found.code if found else None)


def reconciling(book: Book, queue: Queue, campaign: Campaign | None) -> Reconciling:
    """The steps to look up what is unknown, of a campaign or of forms. Raises what a look-up raised."""
    placed, unknown = list[Entry](), list[Entry]()
    for entry in book.unknown(campaign):
        looked_up = yield LookUp(entry.request)
        if isinstance(looked_up, Reconciliation) and looked_up.state is ReconciliationState.PLACED:
            queue.found(entry, looked_up.confirmation)
            placed.append(entry)
        elif isinstance(looked_up, Reconciliation | InvalidRequest):
            # No client would send an invalid one: it must not hold up the others.
            unknown.append(entry)
        else:
            assert isinstance(looked_up, BaseException)
            raise looked_up
    return Reconciled(tuple(placed), tuple(unknown))


def _answer(entry: Entry) -> Confirmation:
    """What the first request under the key was answered."""
    if entry.state is State.PLACED and entry.confirmation_code is not None:
        return Confirmation(entry.confirmation_code)
    if entry.state is State.REFUSED:
        raise _refusal(entry)
    if entry.state is State.PLACED:
        error = OutcomeUnknown("the callback was placed, and its confirmation code is not known")
    elif entry.state is State.CLAIMED:
        error = OutcomeUnknown("an earlier request with this key is still under way")
    else:
        error = OutcomeUnknown(f"an earlier request with this key may have been placed: {entry.message}")
    error.operation, error.callback_request = entry.request.operation, entry.request
    raise error


def _refusal(entry: Entry) -> BuzzeasyError:
    """The error that a stored one was."""
    kind = getattr(errors, entry.error or "", BuzzeasyError)
    if isinstance(kind, type) and issubclass(kind, CallbackRejected) and entry.result_code is not None:
        error: BuzzeasyError = kind(entry.message or "", result_code=entry.result_code)
    else:
        error = BuzzeasyError(entry.message)
    error.outcome, error.operation = Outcome.REFUSED, entry.request.operation
    return error


def check_key(key: object) -> str:
    """A form's key. Raises InvalidRequest."""
    if not isinstance(key, str) or not key.strip() or len(key) > _LONGEST_KEY or not key.isprintable():
        raise InvalidRequest(
            f"key must be a text of 1 to {_LONGEST_KEY} printable characters", parameter="key"
        )
    return key


def require_reference(asked: CallbackRequest) -> CallbackRequest:
    """What is asked. Raises ConfigurationError where the client sends no reference with it."""
    if asked.reference is None:
        raise ConfigurationError(
            "the ledger requires a client with reference_field set: without a reference, "
            "what a lost process has sent could not be looked up"
        )
    return asked
