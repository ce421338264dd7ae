"""The exceptions of this package.

    BuzzeasyError                           .operation .outcome .callback_request
    ├─ ConfigurationError                   before anything is sent
    ├─ InvalidRequest (ValueError)          before anything is sent; .parameter
    ├─ AuthenticationFailed                 result code -1
    ├─ RequestRefused                       the reply was empty (nil slots) or false
    ├─ CallbackRejected                     .result_code .confirmation_code
    │   └─ InvalidNumberFormat  UnableToConnect  OutOfHours  NotInWhiteList  InBlackList
    ├─ ServiceFault                         .code .reason .detail .record
    ├─ ProtocolError                        the reply violates the contract; .status .excerpt
    ├─ EventStreamLost                      the progress of a call can no longer be followed
    ├─ LedgerError                          the ledger's database cannot be used; nothing was sent
    ├─ LeaseExpired                         the ledger's claim ran out; nothing was sent
    ├─ OutcomeUnknown                       an earlier request under the same key may have been placed
    └─ TransportError                       .phase
        ├─ ConnectFailed                    nothing was sent
        ├─ RequestTimeout (TimeoutError)    a deadline passed, in .phase
        └─ ConnectionLost                   the connection died before the reply was complete

The class says what happened; `.outcome` says whether the operation was carried out.
"""

from typing import Final, Literal, TypeAlias

from buzzeasy_soap.enums import Outcome, ResultCode
from buzzeasy_soap.models import CallbackRequest

Phase: TypeAlias = Literal["connect", "send", "read"]
"""How far an exchange got: connecting, sending the request, or waiting for and reading the reply."""


class BuzzeasyError(Exception):
    """Base class of all exceptions of this package."""

    outcome: Outcome = Outcome.UNKNOWN
    """Whether the operation was carried out."""
    operation: str | None = None
    """Name of the operation that was called; None if no operation was."""
    callback_request: CallbackRequest | None = None
    """The request, set only if a callback was requested and the outcome is unknown."""

    def __reduce__(self) -> tuple[object, ...]:
        # Exception.__reduce__ calls the class with `args`, which our keyword-only signatures refuse.
        return _rebuild, (type(self), self.args), self.__dict__


def _rebuild(cls: type[BuzzeasyError], args: tuple[object, ...]) -> BuzzeasyError:
    error = cls.__new__(cls)
    error.args = args
    return error


class ConfigurationError(BuzzeasyError):
    """The client's settings are invalid or do not support the call; raised before anything is sent."""

    outcome = Outcome.NOT_SENT


class InvalidRequest(BuzzeasyError, ValueError):
    """A parameter has an invalid value; raised before anything is sent."""

    outcome = Outcome.NOT_SENT

    def __init__(self, message: str, *, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class AuthenticationFailed(BuzzeasyError):
    """The service did not accept the company, password or service queue (result code -1)."""

    outcome = Outcome.REFUSED


class RequestRefused(BuzzeasyError):
    """The service's reply was empty or false: usually the company, password or service queue is wrong."""

    outcome = Outcome.REFUSED


class CallbackRejected(BuzzeasyError):
    """The service rejected the request for a callback; `.result_code` says why.

    The outcome is REFUSED, or UNKNOWN if the reply also has a confirmation code.
    """

    outcome = Outcome.REFUSED

    def __init__(
        self, message: str, *, result_code: ResultCode | int, confirmation_code: str | None = None
    ) -> None:
        super().__init__(message)
        self.result_code = result_code
        self.confirmation_code = confirmation_code
        if confirmation_code is not None:
            self.outcome = Outcome.UNKNOWN


class InvalidNumberFormat(CallbackRejected):
    """Result code 1: the service cannot read the phone number."""


class UnableToConnect(CallbackRejected):
    """Result code 2: the service could not reach its remote location."""


class OutOfHours(CallbackRejected):
    """Result code 3: outside the opening hours, or the time slot is unavailable."""


class NotInWhiteList(CallbackRejected):
    """Result code 4: the number is not on the company's white list."""


class InBlackList(CallbackRejected):
    """Result code 5: the number is on the company's black list."""


_BEFORE_THE_OPERATION: Final = frozenset(
    {"DeserializationFailed", "ActionNotSupported", "MustUnderstand", "VersionMismatch"}
)


class ServiceFault(BuzzeasyError):
    """The service replied with a fault.

    The outcome is REFUSED for faults raised before the operation runs (`DeserializationFailed`,
    `ActionNotSupported`, `MustUnderstand`, `VersionMismatch`), and UNKNOWN for all others. That
    includes `Client`, which WCF also uses for faults thrown after the work was done.
    """

    def __init__(
        self,
        *,
        code: str,
        reason: str,
        detail: str | None = None,
        record: object = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {reason}" if hint is None else f"{code}: {reason.rstrip('.')}. {hint}")
        self.code = code
        """The local name of the fault code, without its namespace."""
        self.reason = reason
        self.detail = detail
        """The fault's detail as XML text, or None."""
        self.record = record
        """The detail as a record, or None if the contract declares no record for it."""
        # SOAP 1.1 allows subcodes after a dot: `MustUnderstand.Security`.
        if code.partition(".")[0] in _BEFORE_THE_OPERATION:
            self.outcome = Outcome.REFUSED


class ProtocolError(BuzzeasyError):
    """The reply violates the contract: it is unreadable, cut off, or comes from an intermediary.

    The outcome is UNKNOWN for any HTTP status, because a gateway's error page does not say what the
    service did. The exception is a redirect with 307 or 308, which is not followed: REFUSED. Servers
    also send 301 to 303 after the work was done.
    """

    def __init__(self, message: str, *, status: int | None = None, excerpt: str = "") -> None:
        text = message if status is None else f"{message} (HTTP {status})"
        super().__init__(f"{text}: {excerpt}" if excerpt else text)
        self.status = status
        self.excerpt = excerpt
        """The start of the reply, with secrets removed."""
        if status in (307, 308):
            self.outcome = Outcome.REFUSED


class EventStreamLost(BuzzeasyError):
    """The event stream broke and could not be resumed: updates may be missing."""


class LedgerError(BuzzeasyError):
    """The ledger's database cannot be used; nothing was sent."""

    outcome = Outcome.NOT_SENT


class LeaseExpired(BuzzeasyError):
    """The ledger's claim on a callback ran out before anything was sent, so nothing was."""

    outcome = Outcome.NOT_SENT


class OutcomeUnknown(BuzzeasyError):
    """An earlier request for a callback under the same key is still open, or its outcome is unknown."""


class TransportError(BuzzeasyError):
    """No complete reply was received; `.phase` says how far the exchange got."""

    def __init__(self, message: str, *, phase: Phase) -> None:
        super().__init__(message)
        self.phase: Phase = phase
        if phase == "connect":
            self.outcome = Outcome.NOT_SENT


class ConnectFailed(TransportError):
    """The connection failed, so nothing was sent."""

    def __init__(self, message: str) -> None:
        super().__init__(message, phase="connect")


class RequestTimeout(TransportError, TimeoutError):
    """A deadline passed; `.phase` says when."""


class ConnectionLost(TransportError):
    """The connection died after sending began and before the reply was complete."""
