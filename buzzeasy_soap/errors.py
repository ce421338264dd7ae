"""Everything that this package raises.

    BuzzeasyError                           .operation .outcome .callback_request
    ├─ ConfigurationError                   before anything is sent
    ├─ InvalidRequest (ValueError)          before anything is sent; .parameter
    ├─ AuthenticationFailed                 result code -1
    ├─ RequestRefused                       answered nothing (nil slots) or false
    ├─ CallbackRejected                     .result_code .confirmation_code
    │   └─ InvalidNumberFormat  UnableToConnect  OutOfHours  NotInWhiteList  InBlackList
    ├─ ServiceFault                         .code .reason .detail .record
    ├─ ProtocolError                        the reply is not what the contract says; .status .excerpt
    ├─ EventStreamLost                      the progress of a call can no longer be followed
    └─ TransportError                       .phase
        ├─ ConnectFailed                    provably not sent
        ├─ RequestTimeout (TimeoutError)    a deadline passed, in .phase
        └─ ConnectionLost                   sent, and the connection died before a whole answer

The class says what happened, `.outcome` what it means.
"""

from typing import Final, Literal, TypeAlias

from buzzeasy_soap.enums import Outcome, ResultCode
from buzzeasy_soap.models import CallbackRequest

Phase: TypeAlias = Literal["connect", "send", "read"]
"""How far an exchange had come: connecting, writing the request, awaiting or reading the reply."""


class BuzzeasyError(Exception):
    """The root of the tree: catch it to catch everything that this package raises."""

    outcome: Outcome = Outcome.UNKNOWN
    """Whether what was asked was done."""
    operation: str | None = None
    """The operation of the contract that was called, None where none was."""
    callback_request: CallbackRequest | None = None
    """What was asked, set exactly when a request for a callback ended with an unknown outcome."""

    def __reduce__(self) -> tuple[object, ...]:
        # Exception.__reduce__ calls the class with `args`, which our keyword-only signatures refuse.
        return _rebuild, (type(self), self.args), self.__dict__


def _rebuild(cls: type[BuzzeasyError], args: tuple[object, ...]) -> BuzzeasyError:
    error = cls.__new__(cls)
    error.args = args
    return error


class ConfigurationError(BuzzeasyError):
    """The client is not set up for what was asked; raised before anything is sent."""

    outcome = Outcome.NOT_SENT


class InvalidRequest(BuzzeasyError, ValueError):
    """A parameter is not what the contract allows; raised before anything is sent."""

    outcome = Outcome.NOT_SENT

    def __init__(self, message: str, *, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class AuthenticationFailed(BuzzeasyError):
    """The service did not accept the company, password or service queue (result code -1)."""

    outcome = Outcome.REFUSED


class RequestRefused(BuzzeasyError):
    """The service answered nothing, or false: commonly the company, password or queue is wrong."""

    outcome = Outcome.REFUSED


class CallbackRejected(BuzzeasyError):
    """The service did not take the request for a callback, and says why in `.result_code`.

    Its outcome is REFUSED; UNKNOWN in the one case where a confirmation code came along.
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
    """Result code 1: the phone number is not one that the service can read."""


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
    """The service answered with a fault.

    REFUSED where the fault is one that a dispatcher raises before the operation runs
    (`DeserializationFailed`, `ActionNotSupported`, `MustUnderstand`, `VersionMismatch`). Any other
    leaves the outcome UNKNOWN, `Client` too: WCF gives that code to faults that are thrown after the
    work was done.
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
        """The local name of the fault code, whatever namespace the service put it in."""
        self.reason = reason
        self.detail = detail
        """The fault's detail as XML text, None where there is none."""
        self.record = record
        """The detail as the contract's record for it, None where the contract declares none."""
        # SOAP 1.1 lets a code go on after a dot: `MustUnderstand.Security`.
        if code.partition(".")[0] in _BEFORE_THE_OPERATION:
            self.outcome = Outcome.REFUSED


class ProtocolError(BuzzeasyError):
    """The reply is not what the contract says: unreadable, cut off, or from something in between.

    UNKNOWN whatever the HTTP status, for a gateway's error page says nothing of what the
    service did; REFUSED for a redirect by 307 or 308, which asks for the same request elsewhere and
    is not followed. Servers send 301 to 303 after the work was done, too.
    """

    def __init__(self, message: str, *, status: int | None = None, excerpt: str = "") -> None:
        told = message if status is None else f"{message} (HTTP {status})"
        super().__init__(f"{told}: {excerpt}" if excerpt else told)
        self.status = status
        self.excerpt = excerpt
        """The start of the reply, with secrets removed."""
        if status in (307, 308):
            self.outcome = Outcome.REFUSED


class EventStreamLost(BuzzeasyError):
    """The event stream broke and could not be resumed: updates may have been missed."""


class TransportError(BuzzeasyError):
    """No whole reply was read; `.phase` says how far the exchange had come."""

    def __init__(self, message: str, *, phase: Phase) -> None:
        super().__init__(message)
        self.phase: Phase = phase
        if phase == "connect":
            self.outcome = Outcome.NOT_SENT


class ConnectFailed(TransportError):
    """No connection came about, so provably nothing was sent."""

    def __init__(self, message: str) -> None:
        super().__init__(message, phase="connect")


class RequestTimeout(TransportError, TimeoutError):
    """A deadline passed, in `.phase`."""


class ConnectionLost(TransportError):
    """The connection died after sending began, before a whole answer was read."""
