"""The ledger's book: loading campaigns, looking at callbacks, and what people decide about them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen
from sqlalchemy import Engine, func, select

from buzzeasy_soap.errors import ConfigurationError, InvalidRequest
from buzzeasy_soap.ledger.model import (
    Campaign,
    CampaignState,
    Counts,
    Decision,
    Entry,
    NewCampaign,
    NewEntry,
    State,
)
from buzzeasy_soap.ledger.queue import expire
from buzzeasy_soap.ledger.rows import ENTRIES, C, campaign_of, columns_of, entry_of, of_campaign
from buzzeasy_soap.ledger.schema import CALLBACKS, CAMPAIGNS, DECISIONS, now, ours

_CHUNK: Final = 1000
"""Rows to load or read at a time."""


@frozen
class Book:
    """What the ledger holds. Thread-safe. All methods can raise LedgerError."""

    engine: Engine

    def load(self, campaign: NewCampaign, entries: Iterable[NewEntry]) -> Campaign:
        """Load a campaign, all or nothing; or find it, where it was loaded from the same source.

        Raises ConfigurationError where its name belongs to another.
        """
        with ours(), self.engine.begin() as connection:
            found = connection.execute(select(CAMPAIGNS).where(CAMPAIGNS.c.name == campaign.name)).first()
            if found is not None:
                if found.source != campaign.source:
                    raise ConfigurationError(f"the campaign {campaign.name} was loaded from another file")
                return campaign_of(found)
            at = now(connection)
            added = connection.execute(
                CAMPAIGNS.insert()
                .values(
                    name=campaign.name,
                    source=campaign.source,
                    state=CampaignState.RUNNING,
                    rate=campaign.rate,
                    next_at=at,
                    failures=0,
                    opening_hours=campaign.opening_hours,
                    timezone=campaign.timezone,
                    created_at=at,
                )
                .returning(*CAMPAIGNS.c)
            ).one()
            for rows in _in_chunks(_new_rows(added.id, entries), _CHUNK):
                connection.execute(CALLBACKS.insert(), rows)
            return campaign_of(added)

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
        self, campaign: Campaign, *, state: CampaignState, why: str | None = None, rate: float | None = None
    ) -> None:
        """Pause, resume or cancel. What is left of a cancelled campaign is NOT_SENT."""
        changed: dict[str, object] = {"state": state, "why": why, "failures": 0}
        if rate is not None:
            changed["rate"] = rate
        with ours(), self.engine.begin() as connection:
            connection.execute(CAMPAIGNS.update().where(CAMPAIGNS.c.id == campaign.id).values(**changed))
            if state is CampaignState.CANCELLED:
                connection.execute(
                    CALLBACKS.update()
                    .where(C.campaign_id == campaign.id, C.state == State.PENDING)
                    .values(
                        state=State.NOT_SENT, message="the campaign was cancelled", settled_at=now(connection)
                    )
                )

    def unknown(self, campaign: Campaign | None) -> tuple[Entry, ...]:
        """The callbacks whose outcome is unknown and that nobody has decided about; None: the forms'."""
        of = of_campaign(campaign)
        decided = select(DECISIONS.c.id).where(DECISIONS.c.reference == C.reference).exists()
        with ours(), self.engine.begin() as connection:
            expire(connection, of)
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

    def counts(self, campaign: Campaign | None) -> Counts:
        """How many callbacks are in each state; None: the forms'."""
        with ours(), self.engine.begin() as connection:
            rows = connection.execute(
                select(C.state, func.count()).where(of_campaign(campaign)).group_by(C.state)
            ).all()
        return Counts(**dict(map(tuple, rows)))

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
