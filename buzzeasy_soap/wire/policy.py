"""The policy of a client's calls: limits, what is sent again, what hooks get, what an error is about."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from attrs import field, frozen

from buzzeasy_soap.config import Retry, Timeout
from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.errors import BuzzeasyError, Phase, ProtocolError, TransportError
from buzzeasy_soap.models import CallbackRequest, Model
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.redaction import Secret

_OVERLOADED: Final = frozenset({429, 502, 503, 504})


Describe: TypeAlias = Callable[[Operation[Any, Any], Any], CallbackRequest]
"""What a request for a callback asks for, in domain terms: knowledge of the mapping."""


@frozen
class ExchangeRecord(Model):
    """One attempt as it went, for a hook. It holds no secret and no personal data."""

    operation: str
    binding: str
    attempt: int
    """From 1."""
    status: int | None
    """The HTTP status; None where no reply came."""
    outcome: Outcome | None
    """None where it succeeded."""
    error: str | None
    """The name of the error's class; None where it succeeded."""
    seconds: float
    phases: Mapping[Phase, float]
    """Seconds after the start at which each phase that was reached began."""
    request_bytes: int
    reply_bytes: int


Hook: TypeAlias = Callable[[ExchangeRecord], None]


class RetryBudget:
    """The retry allowance of a client, so that an outage is not multiplied. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = float(most)
        self._lock = threading.Lock()

    def earn(self) -> None:
        """A call has succeeded."""
        with self._lock:
            self._left = min(self._most, self._left + 0.1)

    def spend(self) -> bool:
        """Take one repeat, if there is one."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True


@frozen
class Endpoint:
    """Where a service is, and which setting says so."""

    setting: str
    """`callback_url` or `info_url`."""
    url: str

    def __str__(self) -> str:
        return f"{urlsplit(self.url).netloc} ({self.setting})"


@frozen
class Policy:
    """How a client's calls are delivered."""

    timeout: Timeout
    retry: Retry
    budget: RetryBudget
    max_reply_bytes: int
    describe: Describe
    headers: Mapping[str, Secret] = field(factory=dict)
    """Sent with each request, beside the binding's own."""
    secrets: tuple[Secret, ...] = ()
    """What the headers hold that no error may show."""
    hooks: tuple[Hook, ...] = ()
    before_sending: Callable[[], None] | None = None
    """Called before each attempt, and again before its first byte; what it raises stops the call."""


def attach_request(
    error: BuzzeasyError, operation: Operation[Any, Any], request: object, describe: Describe
) -> None:
    """Fill in on an error which operation it is about, and what may have been placed."""
    error.operation = operation.name
    if error.outcome is Outcome.UNKNOWN and operation.places_callback:
        error.callback_request = describe(operation, request)


def note_interruption(
    error: BaseException,
    outcome: Outcome,
    operation: Operation[Any, Any],
    request: object,
    describe: Describe,
) -> None:
    """Note on what interrupts a call what it means for what was asked, as on an error of ours."""
    stand_in = BuzzeasyError()
    stand_in.outcome = outcome
    attach_request(stand_in, operation, request, describe)
    vars(error).update(vars(stand_in), callback_request=stand_in.callback_request)


def wait_before_repeat(
    error: BuzzeasyError,
    *,
    attempt: int,
    repeatable: bool,
    retry: Retry,
    retry_after: float | None,
    left: float,
    jitter: float,
) -> float | None:
    """Seconds to wait before sending again, or None to give up.

    `left` are the seconds to the deadline, `jitter` a random number between 0 and 1.
    """
    if attempt >= retry.attempts or not (
        (isinstance(error, TransportError) and (repeatable or error.phase == "connect"))
        or (isinstance(error, ProtocolError) and repeatable and error.status in _OVERLOADED)
    ):
        return None
    if retry_after is not None and retry_after > retry.longest_wait:
        return None
    wait = max(retry.backoff(attempt, jitter), retry_after or 0.0)
    return wait if wait < left else None


def requested_wait(response: HttpResponse) -> float | None:
    """Seconds that a reply asks to wait, None where it does not."""
    text = response.headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    import email.utils  # not at the top, nor is `random`: they take 10 ms, and most calls need neither

    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
