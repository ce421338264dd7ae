"""What the ledger holds, as its users see it."""

import datetime as dt
import math
from collections.abc import Mapping
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import field, frozen

from buzzeasy_soap.enums import CallStatus, ResultCode
from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.models import CallbackRequest, Model
from buzzeasy_soap.opening_hours import OpeningHours


class State(StrEnum):
    """How far a callback has come."""

    PENDING = "pending"
    """To be placed."""
    CLAIMED = "claimed"
    """A worker may be sending it."""
    PLACED = "placed"
    REFUSED = "refused"
    """The service did not place it, and it is not sent again."""
    UNKNOWN = "unknown"
    """It may have been placed. It is never sent again unless a person decides so."""
    NOT_SENT = "not_sent"
    """It was not placed, and nothing is under way: a form may send it again, a campaign does not."""


class CampaignState(StrEnum):
    """Whether a campaign's callbacks are placed."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Decision(StrEnum):
    """What a person decided about a callback whose outcome is unknown."""

    SEND_AGAIN = "send-again"
    """Place it once more: the customer may be called twice."""
    PLACED = "placed"
    """It was placed: the person has found out."""
    DROP = "drop"
    """Leave it."""


@frozen
class Campaign(Model):
    """A list of callbacks, and how it is placed."""

    id: int
    name: str
    state: CampaignState
    why: str | None
    """Why it is paused."""
    rate: float | None
    """Most callbacks a second, over all workers; None for as fast as they can."""
    opening_hours: str | None
    timezone: str
    created_at: dt.datetime


@frozen
class Entry(Model):
    """One callback in the ledger."""

    id: int
    campaign: str | None
    """None for a form's."""
    key: str | None
    """A form's key."""
    line: int | None
    """Its line in the campaign's file."""
    state: State
    request: CallbackRequest
    """With the reference of its last attempt, which an unknown outcome can be looked up by."""
    attempts: int
    priority: int
    not_before: dt.datetime | None
    confirmation_code: str | None
    result_code: ResultCode | int | None
    error: str | None
    """The name of the last error's class."""
    message: str | None
    call_status: CallStatus | str | None
    """The last that was heard of the call."""
    settled_at: dt.datetime | None


@frozen
class Counts(Model):
    """How many callbacks are in each state."""

    pending: int = 0
    claimed: int = 0
    placed: int = 0
    refused: int = 0
    unknown: int = 0
    not_sent: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.to_go + self.placed + self.refused + self.unknown + self.not_sent

    @property
    def to_go(self) -> int:
        """Those that are not settled."""
        return self.pending + self.claimed


@frozen
class Calls(Model):
    """What became of the calls of the callbacks that were placed."""

    reached: int = 0
    """They succeeded."""
    failed: int = 0
    rescheduled: int = 0
    """The customer did not answer, and will be called again."""
    under_way: int = 0
    """The last that was heard is neither."""
    not_heard_of: int = 0

    @property
    def open(self) -> int:
        """Those that are not over, as far as is known."""
        return self.rescheduled + self.under_way + self.not_heard_of


@frozen
class Tally(Model):
    """How far a campaign has come."""

    counts: Counts
    refused: Mapping[int, int]
    """How many, by the service's result code."""
    errors: Mapping[str, int]
    """How many are refused or not sent for another reason, by the name of the error's class."""
    calls: Calls
    first_at: dt.datetime | None
    """When the first was settled."""
    last_at: dt.datetime | None


@frozen
class Decided(Model):
    """What a person has decided about a callback, the last time."""

    id: int
    """Of the callback."""
    decision: Decision
    who: str
    at: dt.datetime


@frozen
class NewEntry:
    """A callback to load into a campaign."""

    request: CallbackRequest
    line: int | None = None
    priority: int = 0
    """The highest is placed first."""
    not_before: dt.datetime | None = None
    """Aware; None for at once."""


@frozen
class NewCampaign:
    """A campaign to load. Raises InvalidRequest, which names the parameter."""

    name: str
    timezone: str
    """Of the opening hours."""
    rate: float | None = None
    opening_hours: str | None = None
    source: str = ""
    """What tells its file from others, as a hash: loading the same again changes nothing."""

    def __attrs_post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidRequest("name must not be blank", parameter="name")
        check_rate(self.rate)
        check_opening_hours(self.opening_hours)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise InvalidRequest("timezone must be a time zone's name", parameter="timezone") from None


@frozen
class Reconciled(Model):
    """What looking up the callbacks with unknown outcomes found."""

    placed: tuple[Entry, ...] = field(default=())
    unknown: tuple[Entry, ...] = field(default=())
    """What no call was found for: a person has to decide."""


def check_rate(rate: float | None) -> None:
    """Raise InvalidRequest for a rate that is no number of callbacks a second greater than 0."""
    if rate is not None and not 0 < rate < math.inf:
        raise InvalidRequest("rate must be a number of callbacks a second, greater than 0", parameter="rate")


def check_opening_hours(hours: str | None) -> None:
    """Raise InvalidRequest for opening hours that cannot be read."""
    try:
        if hours is not None:
            OpeningHours.parse(hours)
    except ValueError as error:
        raise InvalidRequest(f"opening_hours: {error}", parameter="opening_hours") from None
