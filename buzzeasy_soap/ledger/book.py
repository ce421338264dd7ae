"""The ledger's book: loading campaigns, looking at callbacks, and what people decide about them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen
from sqlalchemy import Connection, Engine, and_, bindparam, case, func, select

from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.errors import ConfigurationError, InvalidRequest
from buzzeasy_soap.ledger.model import (
    Campaign,
    CampaignState,
    Counts,
    Decided,
    Decision,
    Entry,
    NewCampaign,
    NewEntry,
    State,
    Tally,
    check_opening_hours,
    check_rate,
)
from buzzeasy_soap.ledger.queue import expire
from buzzeasy_soap.ledger.rows import (
    ENTRIES,
    C,
    campaign_of,
    columns_of,
    decided_of,
    entry_of,
    of_campaign,
    tally_of,
)
from buzzeasy_soap.ledger.schema import CALLBACKS, CAMPAIGNS, DECISIONS, insert_if_new, now, ours
from buzzeasy_soap.models import CallUpdate

_CHUNK: Final = 1000
"""Rows to load or read at a time."""
_FINAL: Final = tuple(status for status in CallStatus if status.is_final)
_TO_GO: Final = (State.PENDING, State.CLAIMED)
_TOLD_APART: Final = (*_FINAL, CallStatus.RESCHEDULED)
# Not by `NOT IN`, which does not work where many rows are updated at once.
_IS_OPEN: Final = C.call_status.is_(None) | and_(*(C.call_status != status for status in _FINAL))


@frozen
class Book:
    """What the ledger holds. Thread-safe. All methods can raise LedgerError."""

    engine: Engine

    def load(self, campaign: NewCampaign, entries: Iterable[NewEntry]) -> Campaign:
        """Load a campaign, all or nothing; or find it, where it was loaded from the same source.

        Raises ConfigurationError where its name belongs to another.
        """
        with ours(), self.engine.begin() as connection:
            at = now(connection)
            new = {
                "name": campaign.name,
                "source": campaign.source,
                "state": CampaignState.RUNNING,
                "rate": campaign.rate,
                "due_at": at,
                "last_at": 0.0,
                "failures": 0,
                "opening_hours": campaign.opening_hours,
                "timezone": campaign.timezone,
                "created_at": at,
            }
            added = connection.execute(
                insert_if_new(connection, CAMPAIGNS, new).returning(*CAMPAIGNS.c)
            ).first()
            if added is None:
                found = _loaded(connection, campaign)
                assert found is not None
                return found
            for rows in _in_chunks(_new_rows(added.id, entries), _CHUNK):
                connection.execute(CALLBACKS.insert(), rows)
            return campaign_of(added)

    def loaded(self, campaign: NewCampaign) -> Campaign | None:
        """What `load` would find; None where it would load the campaign. Raises ConfigurationError as it does."""
        with ours(), self.engine.begin() as connection:
            return _loaded(connection, campaign)

    def campaign(self, name: str) -> Campaign:
        """A campaign by its name. Raises ConfigurationError where there is none."""
        with ours(), self.engine.begin() as connection:
            row = connection.execute(select(CAMPAIGNS).where(CAMPAIGNS.c.name == name)).first()
        if row is None:
            raise ConfigurationError(f"the ledger has no campaign {name}")
        return campaign_of(row)

    def campaigns(self) -> tuple[Campaign, ...]:
        """All campaigns, the newest first."""
        with ours(), self.engine.begin() as connection:
            rows = connection.execute(select(CAMPAIGNS).order_by(CAMPAIGNS.c.id.desc())).all()
        return tuple(map(campaign_of, rows))

    def change_campaign(
        self,
        campaign: Campaign,
        *,
        state: CampaignState,
        why: str | None = None,
        rate: float | None = None,
        opening_hours: str | None = None,
    ) -> Campaign:
        """Pause, resume or cancel. What is left of a cancelled campaign is NOT_SENT.

        None leaves the rate, or the opening hours, as they are. Raises ConfigurationError for a campaign that
        was cancelled, and InvalidRequest.
        """
        check_rate(rate)
        check_opening_hours(opening_hours)
        changed: dict[str, object] = {"state": state, "why": why, "failures": 0}
        given = {"rate": rate, "opening_hours": opening_hours}
        changed |= {name: value for name, value in given.items() if value is not None}
        with ours(), self.engine.begin() as connection:
            row = connection.execute(
                CAMPAIGNS.update()
                .where(CAMPAIGNS.c.id == campaign.id, CAMPAIGNS.c.state != CampaignState.CANCELLED)
                .values(**changed)
                .returning(*CAMPAIGNS.c)
            ).first()
            if row is None:
                raise ConfigurationError(f"the campaign {campaign.name} was cancelled")
            if state is CampaignState.CANCELLED:
                connection.execute(
                    CALLBACKS.update()
                    .where(C.campaign_id == campaign.id, C.state == State.PENDING)
                    .values(
                        state=State.NOT_SENT, message="the campaign was cancelled", settled_at=now(connection)
                    )
                )
            return campaign_of(row)

    def unknown(self, campaign: Campaign | None) -> tuple[Entry, ...]:
        """The callbacks whose outcome is unknown and that nobody has decided about; None: the forms'."""
        of = of_campaign(campaign)
        decided = select(DECISIONS.c.id).where(DECISIONS.c.reference == C.reference).exists()
        with ours(), self.engine.begin() as connection:
            if campaign is not None:
                # As a worker's turn does: two that lock rows in their own order would meet.
                connection.execute(
                    select(CAMPAIGNS.c.id).where(CAMPAIGNS.c.id == campaign.id).with_for_update()
                )
            expire(connection, of, now(connection))
            rows = connection.execute(
                ENTRIES.where(of, C.state == State.UNKNOWN, ~decided).order_by(C.id)
            ).all()
        return tuple(map(entry_of, rows))

    def decide(self, id: int, decision: Decision, who: str) -> Entry:
        """Record what a person has decided about a callback whose outcome is unknown, and do it.

        Raises InvalidRequest for any other callback.
        """
        with ours(), self.engine.begin() as connection:
            row = connection.execute(ENTRIES.where(C.id == id).with_for_update(of=CALLBACKS)).first()
            if row is None or row.state != State.UNKNOWN:
                state = "none" if row is None else row.state
                raise InvalidRequest(
                    f"id must be of an unknown callback, and {id} is {state}", parameter="id"
                )
            at = now(connection)
            connection.execute(
                DECISIONS.insert().values(
                    callback_id=id, at=at, who=who, decision=decision, reference=row.reference
                )
            )
            changed: dict[str, object] = {}
            if decision is Decision.PLACED:
                changed = {"state": State.PLACED, "settled_at": at}
            elif decision is Decision.SEND_AGAIN:
                # What was sent may still be on its way until then.
                changed = {
                    "state": State.PENDING if row.campaign_id is not None else State.NOT_SENT,
                    "not_before": max(at, row.expires_at or at),
                    "reference": None,
                    "worker": None,
                }
            if changed:
                connection.execute(CALLBACKS.update().where(C.id == id).values(**changed))
            return entry_of(connection.execute(ENTRIES.where(C.id == id)).one())

    def decisions(self, campaign: Campaign) -> dict[int, Decided]:
        """What was decided about its callbacks, the last time each, by the callback's id."""
        with ours(), self.engine.begin() as connection:
            rows = connection.execute(
                select(DECISIONS).join(CALLBACKS).where(of_campaign(campaign)).order_by(DECISIONS.c.id)
            ).all()
        return {row.callback_id: decided_of(row) for row in rows}

    def counts(self, campaign: Campaign | None) -> Counts:
        """How many callbacks are in each state; None: the forms'."""
        with ours(), self.engine.begin() as connection:
            rows = connection.execute(
                select(C.state, func.count()).where(of_campaign(campaign)).group_by(C.state)
            ).all()
        return Counts(**dict(map(tuple, rows)))

    def tally(self, campaign: Campaign) -> Tally:
        """How far a campaign has come."""
        said = case((C.call_status.in_(_TOLD_APART), C.call_status), (C.call_status.is_not(None), ""))
        of = (C.state, C.result_code, C.error, said)
        with ours(), self.engine.begin() as connection:
            rows = connection.execute(
                select(*of, func.count(), func.min(C.settled_at), func.max(C.settled_at))
                .where(of_campaign(campaign))
                .group_by(*of)
            ).all()
        return tally_of(rows)

    def settled_over_time(
        self, campaign: Campaign, since: dt.datetime, width: float
    ) -> dict[tuple[int, State], int]:
        """How many callbacks were settled in each span of `width` seconds since a time, by its number and state."""
        spans = Counter[tuple[int, State]]()
        with ours(), self.engine.begin() as connection:
            rows = connection.execution_options(yield_per=_CHUNK).execute(
                select(C.settled_at, C.state).where(
                    C.campaign_id == campaign.id, C.settled_at.is_not(None), C.state.not_in(_TO_GO)
                )
            )
            for at, state in rows:
                spans[int((at - since.timestamp()) // width), State(state)] += 1
        return dict(spans)

    def calls_to_watch(self, campaign: Campaign, since: float, most: int) -> list[tuple[float, str]]:
        """When they were placed, and the confirmation codes, of calls that are not known to be over.

        Those placed at `since` (in seconds since 1970) or later, by time, up to `most` and all at one time.
        """
        with ours(), self.engine.begin() as connection:
            rows = connection.execute(
                select(C.settled_at, C.confirmation_code)
                .where(
                    C.campaign_id == campaign.id,
                    C.settled_at >= since,
                    C.state == State.PLACED,
                    C.confirmation_code.is_not(None),
                    _IS_OPEN,
                )
                .order_by(C.settled_at)
                .limit(most)
            ).all()
        return [(row.settled_at, row.confirmation_code) for row in rows]

    def heard(self, campaign: Campaign, updates: Sequence[CallUpdate]) -> None:
        """Record what was heard of calls, in order. What is final stays."""
        last = {update.confirmation_code: str(update.status) for update in updates}
        for update in updates:
            if update.status in _FINAL:
                last[update.confirmation_code] = str(update.status)
        if not last:
            return
        with ours(), self.engine.begin() as connection:
            connection.execute(
                CALLBACKS.update()
                .where(C.campaign_id == campaign.id, C.confirmation_code == bindparam("code"), _IS_OPEN)
                .values(call_status=bindparam("status"), call_status_at=now(connection)),
                [{"code": code, "status": status} for code, status in last.items()],
            )

    def entries(self, campaign: Campaign | None) -> Iterator[Entry]:
        """All callbacks of a campaign in order; None: the forms'."""
        last = 0
        while True:
            with ours(), self.engine.begin() as connection:
                rows = connection.execute(
                    ENTRIES.where(of_campaign(campaign), C.id > last).order_by(C.id).limit(_CHUNK)
                ).all()
            if not rows:
                return
            last = rows[-1].id
            yield from map(entry_of, rows)

    def purge(self, older_than: dt.timedelta) -> int:
        """Delete the callbacks that were settled longer ago: their number. What is open or unknown stays."""
        settled = (State.PLACED, State.REFUSED, State.NOT_SENT)
        with ours(), self.engine.begin() as connection:
            before = now(connection) - older_than.total_seconds()
            old = (C.settled_at < before) & (
                C.state.in_(settled)
                | ((C.state == State.UNKNOWN) & C.reference.in_(select(DECISIONS.c.reference)))
            )
            deleted: int = connection.execute(CALLBACKS.delete().where(old)).rowcount
            connection.execute(
                CAMPAIGNS.delete().where(
                    CAMPAIGNS.c.created_at < before,
                    ~select(C.id).where(C.campaign_id == CAMPAIGNS.c.id).exists(),
                )
            )
            return deleted


def _loaded(connection: Connection, campaign: NewCampaign) -> Campaign | None:
    found = connection.execute(select(CAMPAIGNS).where(CAMPAIGNS.c.name == campaign.name)).first()
    if found is not None and found.source != campaign.source:
        raise ConfigurationError(
            f"the campaign {campaign.name} was loaded from another file, or the same one read otherwise: "
            "give this one a name of its own"
        )
    return None if found is None else campaign_of(found)


def _in_chunks(rows: Iterator[dict[str, object]], size: int) -> Iterator[list[dict[str, object]]]:
    chunk: list[dict[str, object]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _new_rows(campaign_id: int, entries: Iterable[NewEntry]) -> Iterator[dict[str, object]]:
    for entry in entries:
        yield {
            **columns_of(entry.request),
            "campaign_id": campaign_id,
            "line": entry.line,
            "priority": entry.priority,
            "not_before": entry.not_before.timestamp() if entry.not_before else 0.0,
            "state": State.PENDING,
            "attempts": 0,
        }
