"""The closed sets of values that the service documents."""

from enum import Enum, IntEnum, StrEnum


class ResultCode(IntEnum):
    """What became of a requested callback.

    Source: Buzzeasy Callback API, "RequestCallWhenAvailable", table of result codes.
    """

    SUCCESSFUL = 0
    INVALID_NUMBER_FORMAT = 1
    UNABLE_TO_CONNECT = 2
    OUT_OF_HOURS = 3
    NOT_IN_WHITE_LIST = 4
    IN_BLACK_LIST = 5
    AUTHENTICATION_FAILED = -1


class CallStatus(StrEnum):
    """An event in the life of a call, as the hub names it.

    Source: Buzzeasy Callback API, "Event Notification Service", "Events".
    """

    CALLING_USER = "CallingUser"
    USER_CONNECTED = "UserConnected"
    CALLING_USER_FAILED = "CallingUserFailed"
    CALLING_AGENT = "CallingAgent"
    AGENT_CONNECTED = "AgentConnected"
    CALL_ACCEPTED = "CallAccepted"
    CALL_SUCCEEDED = "CallSucceeded"
    CALL_FAILED = "CallFailed"
    RESCHEDULED = "Rescheduled"

    @property
    def is_final(self) -> bool:
        """True where no further event follows: the call succeeded or failed for good."""
        return self in (CallStatus.CALL_SUCCEEDED, CallStatus.CALL_FAILED)


class Region(StrEnum):
    """The region that a number without a country code is read in.

    Source: Buzzeasy Callback API, "Appendix A - Regions".
    """

    GB = "GB"
    IE = "IE"


class ReconciliationState(Enum):
    """What looking for a callback of unknown outcome has found."""

    PLACED = "placed"
    """The service has it: here is its confirmation code."""
    NOT_FOUND = "not found"
    """Not among the open calls now: it may be on its way, finished, or hidden behind a newer one."""


class Outcome(Enum):
    """What an error means for the one question that counts, whether it was done."""

    NOT_SENT = "not sent"
    """Provably nothing reached the service: sending again is safe."""
    REFUSED = "refused"
    """The service answered that it did not do it."""
    UNKNOWN = "unknown"
    """It may have been done: do not send a callback again on this alone."""
