"""The ledger's rows, and what they are as domain objects."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import ColumnElement, Row, select

from buzzeasy_soap.enums import CallStatus, ResultCode
from buzzeasy_soap.ledger.model import (
    Calls,
    Campaign,
    CampaignState,
    Counts,
    Decided,
    Decision,
    Entry,
    State,
    Tally,
)
from buzzeasy_soap.ledger.schema import CALLBACKS, CAMPAIGNS
from buzzeasy_soap.models import CallbackRequest
from buzzeasy_soap.opening_hours import OpeningHours

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
C: Final = CALLBACKS.c
REQUEST: Final = (
    C.id, C.operation, C.name, C.phone_no, C.service_queue, C.region, C.fields, C.time_slot, C.date,
    C.reference,
)  # fmt: skip
_CALLS: Final = {
    CallStatus.CALL_SUCCEEDED: "reached",
    CallStatus.CALL_FAILED: "failed",
    CallStatus.RESCHEDULED: "rescheduled",
    None: "not_heard_of",
}
ENTRIES: Final = select(*CALLBACKS.c, CAMPAIGNS.c.name.label("campaign")).outerjoin(CAMPAIGNS)


def of_campaign(campaign: Campaign | None) -> ColumnElement[bool]:
    """The callbacks of a campaign; None: those of forms."""
    return C.campaign_id.is_(None) if campaign is None else C.campaign_id == campaign.id


@frozen
class Hours:
    """A campaign's opening hours, in seconds since 1970."""

    hours: OpeningHours | None
    timezone: ZoneInfo

    @classmethod
    def of(cls, row: AnyRow) -> "Hours":
        """Those of a campaign's row."""
        hours = None if row.opening_hours is None else OpeningHours.parse(row.opening_hours)
        return cls(hours, ZoneInfo(row.timezone))

    @property
    def are_known(self) -> bool:
        """Whether the campaign has any."""
        return self.hours is not None

    def is_open(self, at: float) -> bool:
        """Whether callbacks may be placed then: always, where there are none."""
        return self.hours is None or self.hours.is_open(dt.datetime.fromtimestamp(at, self.timezone))

    def next_opening(self, at: float) -> float:
        """When they next begin; there are some."""
        assert self.hours is not None
        return self.hours.next_opening(dt.datetime.fromtimestamp(at, self.timezone)).timestamp()


def columns_of(request: CallbackRequest) -> dict[str, object]:
    """The columns of what is asked."""
    return {
        "operation": request.operation,
        "name": request.name,
        "phone_no": request.phone_no,
        "service_queue": request.service_queue,
        "region": request.region,
        "fields": list(request.fields),
        "time_slot": request.time_slot,
        "date": request.date.isoformat() if request.date else None,
    }


def request_of(row: AnyRow) -> CallbackRequest:
    """What a callback's row asks for."""
    return CallbackRequest(
        operation=row.operation,
        name=row.name,
        phone_no=row.phone_no,
        service_queue=row.service_queue,
        region=row.region,
        fields=tuple(row.fields),
        time_slot=row.time_slot,
        date=dt.date.fromisoformat(row.date) if row.date else None,
        reference=row.reference,
    )


def _when(seconds: float | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds else None


def entry_of(row: AnyRow) -> Entry:
    """A row of ENTRIES."""
    code = row.result_code
    return Entry(
        id=row.id,
        campaign=row.campaign,
        key=row.key,
        line=row.line,
        state=State(row.state),
        request=request_of(row),
        attempts=row.attempts,
        priority=row.priority,
        not_before=_when(row.not_before),
        confirmation_code=row.confirmation_code,
        result_code=ResultCode(code) if code in list(ResultCode) else code,
        error=row.error,
        message=row.message,
        call_status=row.call_status,
        settled_at=_when(row.settled_at),
    )


def campaign_of(row: AnyRow) -> Campaign:
    """A campaign's row."""
    created = _when(row.created_at)
    assert created is not None
    return Campaign(
        id=row.id,
        name=row.name,
        state=CampaignState(row.state),
        why=row.why,
        rate=row.rate,
        opening_hours=row.opening_hours,
        timezone=row.timezone,
        created_at=created,
    )


def decided_of(row: AnyRow) -> Decided:
    """A decision's row."""
    return Decided(
        row.callback_id, Decision(row.decision), row.who, dt.datetime.fromtimestamp(row.at, dt.UTC)
    )


def tally_of(rows: Sequence[AnyRow]) -> Tally:
    """What rows of (state, result code, error, call status, how many, first and last settled at) say together."""
    states, codes, errors, calls = Counter[str](), Counter[int](), Counter[str](), Counter[str]()
    times: list[float] = []
    for state, code, error, status, count, first, last in rows:
        states[state] += count
        if state in (State.REFUSED, State.NOT_SENT):
            if code is not None:
                codes[code] += count
            else:
                errors[error or "Cancelled"] += count
        elif state == State.PLACED:
            calls[_CALLS.get(status, "under_way")] += count
        if state not in (State.PENDING, State.CLAIMED):
            times += [at for at in (first, last) if at is not None]
    return Tally(
        Counts(**states),
        dict(sorted(codes.items())),
        dict(sorted(errors.items())),
        Calls(**calls),
        _when(min(times, default=None)),
        _when(max(times, default=None)),
    )
