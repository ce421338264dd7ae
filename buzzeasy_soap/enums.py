"""Enumerations from the service's documentation, and those of this client."""

from enum import IntEnum, StrEnum


class ResultCode(IntEnum):
    """The result of requesting a callback.

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
        """Whether this is the last event of a call: it succeeded or finally failed."""
        return self in (CallStatus.CALL_SUCCEEDED, CallStatus.CALL_FAILED)


class Region(StrEnum):
    """The region used to read a number without a country code.

    Source: Buzzeasy Callback API, "Appendix A - Regions".
    """

    GB = "GB"
    IE = "IE"


class ReconciliationState(StrEnum):
    """The result of looking for a callback whose outcome is unknown."""

    PLACED = "placed"
    """The service has it; see the confirmation code."""
    NOT_FOUND = "not_found"
    """No open call matches: it may still be on its way, already over, or hidden by a newer one."""


class Outcome(StrEnum):
    """Whether the operation was carried out when a call ended with an error."""

    NOT_SENT = "not_sent"
    """Nothing reached the service: retrying is safe."""
    REFUSED = "refused"
    """The service replied that it did not carry out the operation."""
    UNKNOWN = "unknown"
    """The operation may have been carried out: do not simply request a callback again."""
