"""The ledger's queue: the transactions that claim and settle callbacks.

A callback goes through states. The row is committed before and after each attempt, never during it:

    pending ──claim──> claimed ──settle──> placed | refused | unknown | not_sent
       ^                 │ │
       └──nothing sent───┘ └──expires──> unknown ──reconcile──> placed
       └───────────── a person decides ─────┘

A claim gives the callback a new reference, which is the fencing token: whoever settles must name it.
A claim expires once its lease and the client's whole timeout have passed: from then on its worker
sends nothing more, and what it sent has an end. An expired claim's callback is UNKNOWN, for the
worker may have died after the first byte. Nothing but a person's decision leads from there to
pending.

The campaign's row serialises its workers: whoever changes it holds it to the end of the transaction.
So the rate and the pause hold over all of them.
"""

import random
from collections.abc import Sequence
from typing import Final

from attrs import evolve, frozen
from sqlalchemy import ColumnElement, Connection, Engine, bindparam, func, select

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.ledger.claims import Claim, new_reference
from buzzeasy_soap.ledger.model import Campaign, CampaignState, Entry, State
from buzzeasy_soap.ledger.rows import ENTRIES, REQUEST, AnyRow, C, Hours, columns_of, entry_of, request_of
from buzzeasy_soap.ledger.schema import CALLBACKS, CAMPAIGNS, insert_if_new, now, ours
from buzzeasy_soap.ledger.verdicts import FAILURES_TO_PAUSE, MOST_ATTEMPTS, Verdict, wait_after
from buzzeasy_soap.models import CallbackRequest
from buzzeasy_soap.wire.clock import Clock

AHEAD: Final = 0.1
"""Seconds before its turn that a callback may be claimed: what a worker's death can make unknown, unsent."""
OPEN: Final = (State.CLAIMED, State.UNKNOWN)
"""The states in which whoever holds the claim may settle it."""


@frozen
class Lease:
    """How long a claim lasts."""

    seconds: float
    """In which the request must begin to be sent."""
    timeout: float
    """In which it then ends: the client's Timeout.total."""


@frozen
class Turn:
    """What a worker has to do next."""

    claims: tuple[Claim, ...] = ()
    wait: float | None = None
    """Seconds until there may be more to claim; None where the campaign is over or stopped."""
    stopped: str | None = None
    """Why nothing is to be claimed any more, although callbacks may be left."""


@frozen
class Queue:
    """The transactions of those who place callbacks. Thread-safe. All methods can raise LedgerError."""

    engine: Engine

    def open_form(self, key: str, asked: CallbackRequest, lease: Lease) -> Claim | Entry:
        """Record and claim what a form asks for; or the entry that its key has already.

        Raises InvalidRequest where that one asks for something else.
        """
        began = Clock.since_boot()
        request = evolve(asked, reference=None)
        recorded = {**columns_of(request), "key": key, "priority": 0, "not_before": 0.0, "attempts": 0}
        with ours(), self.engine.begin() as connection:
            connection.execute(insert_if_new(connection, CALLBACKS, recorded | {"state": State.PENDING}))
            expire(connection, C.key == key)
            row = connection.execute(ENTRIES.where(C.key == key).with_for_update(of=CALLBACKS)).one()
            entry = entry_of(row)
            if evolve(entry.request, reference=None) != request:
                raise InvalidRequest("key belongs to an earlier request with other content", parameter="key")
            if entry.state not in (State.PENDING, State.NOT_SENT):
                return entry
            [claim] = self._claim(connection, [(entry.id, request)], began, lease, "form", [0.0])
            return claim

    def settle_form(self, claim: Claim, result: Verdict) -> None:
        """Record what became of a form's attempt."""
        state = State.NOT_SENT if result.state is State.PENDING else result.state
        with ours(), self.engine.begin() as connection:
            self._settle_one(connection, claim, evolve(result, state=state), now(connection), None)

    def found(self, entry: Entry, confirmation_code: str | None) -> bool:
        """Record that a callback was placed after all; False where it is no longer UNKNOWN."""
        with ours(), self.engine.begin() as connection:
            changed = connection.execute(
                CALLBACKS.update()
                .where(C.reference == entry.request.reference, C.state.in_(OPEN))
                .values(
                    state=State.PLACED,
                    confirmation_code=confirmation_code,
                    error=None,
                    message=None,
                    settled_at=now(connection),
                )
            )
            return changed.rowcount > 0

    def turn(
        self,
        campaign: Campaign,
        worker: str,
        settled: Sequence[tuple[Claim, Verdict]],
        most: int,
        lease: Lease,
    ) -> Turn:
        """Settle what a worker has done, and claim up to `most` more for it, in one transaction."""
        began = Clock.since_boot()
        with ours(), self.engine.begin() as connection:
            row = connection.execute(
                select(CAMPAIGNS).where(CAMPAIGNS.c.id == campaign.id).with_for_update()
            ).first()
            if row is None:
                return Turn(stopped="the campaign has been deleted")
            at = now(connection)
            row = self._settle(connection, row, settled, at)
            expire(connection, C.campaign_id == campaign.id)
            if row.state != CampaignState.RUNNING:
                return Turn(stopped=row.why or row.state)
            if most < 1:
                return Turn(wait=1.0)
            hours = Hours.of(row)
            if not hours.is_open(at):
                return Turn(wait=hours.next_opening(at) - at)
            return self._claim_due(connection, row, worker, most, lease, began, at)

    def _claim_due(
        self,
        connection: Connection,
        row: AnyRow,
        worker: str,
        most: int,
        lease: Lease,
        began: float,
        at: float,
    ) -> Turn:
        turns = _turns(row.rate, row.next_at, at, most)
        due = connection.execute(
            select(*REQUEST)
            .where(C.campaign_id == row.id, C.state == State.PENDING, C.not_before <= at)
            .order_by(C.priority.desc(), C.not_before, C.id)
            .limit(max(1, len(turns)))
            .with_for_update(skip_locked=True)
        ).all()
        if not due:
            return self._nothing_due(connection, row, at)
        if not turns:
            return Turn(wait=row.next_at - AHEAD - at)
        turns = turns[: len(due)]
        if row.rate:
            connection.execute(
                CAMPAIGNS.update().where(CAMPAIGNS.c.id == row.id).values(next_at=turns[-1] + 1 / row.rate)
            )
        asked = [(each.id, request_of(each)) for each in due]
        # A turn on the database's clock is as far ahead on this machine's.
        offset = Clock.since_boot() - at
        claims = self._claim(connection, asked, began, lease, worker, [turn + offset for turn in turns])
        return Turn(tuple(claims), wait=0.0)

    def _nothing_due(self, connection: Connection, row: AnyRow, at: float) -> Turn:
        """When there may be something to claim: the next that waits, or one that a claim leaves behind."""
        of_campaign = C.campaign_id == row.id
        waiting = connection.execute(
            select(func.min(C.not_before)).where(of_campaign, C.state == State.PENDING)
        ).scalar()
        if waiting is not None:
            return Turn(wait=max(0.05, waiting - at))
        claimed = connection.execute(
            select(func.count()).where(of_campaign, C.state == State.CLAIMED)
        ).scalar_one()
        return Turn(wait=1.0 if claimed else None)

    def _claim(
        self,
        connection: Connection,
        asked: Sequence[tuple[int, CallbackRequest]],
        began: float,
        lease: Lease,
        worker: str,
        turns: Sequence[float],
    ) -> list[Claim]:
        at = now(connection)
        claims = [
            Claim(id, evolve(request, reference=new_reference()), began + lease.seconds, turn)
            for (id, request), turn in zip(asked, turns, strict=True)
        ]
        connection.execute(
            CALLBACKS.update()
            .where(C.id == bindparam("claimed"))
            .values(
                state=State.CLAIMED,
                reference=bindparam("new_reference"),
                worker=worker,
                claimed_at=at,
                expires_at=at + lease.seconds + lease.timeout,
            ),
            [{"claimed": claim.id, "new_reference": claim.reference} for claim in claims],
        )
        return claims

    def _settle(
        self,
        connection: Connection,
        row: AnyRow,
        settled: Sequence[tuple[Claim, Verdict]],
        at: float,
    ) -> AnyRow:
        """Settle callbacks; the campaign's row after it, paused where they say so."""
        if not settled:
            return row
        failures, why = row.failures, None
        hours = Hours.of(row)
        for claim, result in settled:
            self._settle_one(connection, claim, result, at, hours)
            if result.is_failure is not None:
                failures = failures + 1 if result.is_failure else 0
            if failures == FAILURES_TO_PAUSE and result.is_failure:
                why = f"{failures} calls in a row failed, the last with {result.error}: {result.message}"
            why = result.pause or why
        changed: dict[str, object] = {"failures": failures}
        if why is not None and row.state == CampaignState.RUNNING:
            changed |= {"state": CampaignState.PAUSED, "why": why, "failures": 0}
        return connection.execute(
            CAMPAIGNS.update().where(CAMPAIGNS.c.id == row.id).values(**changed).returning(*CAMPAIGNS.c)
        ).one()

    def _settle_one(
        self, connection: Connection, claim: Claim, result: Verdict, at: float, hours: "Hours | None"
    ) -> None:
        mine = (C.reference == claim.reference) & C.state.in_(OPEN)
        state, not_before = result.state, None
        attempts = connection.execute(select(C.attempts).where(mine)).scalar()
        if attempts is None:
            return  # settled before, by a transaction whose commit seemed to fail; or decided since
        attempts += result.is_attempt
        if result.waits_for_opening and hours and hours.are_known:
            state, not_before = State.PENDING, hours.next_opening(at)
        elif state is State.PENDING:
            not_before = at + (wait_after(attempts, random.random()) if result.is_attempt else 0.0)  # noqa: S311 - spreads load
            if attempts >= MOST_ATTEMPTS:
                state = State.NOT_SENT
        changed: dict[str, object] = {
            "state": state,
            "attempts": attempts,
            "settled_at": at,
            "confirmation_code": result.confirmation_code,
            "result_code": result.result_code,
            "error": result.error,
            "message": result.message,
        }
        if state is State.PENDING:
            changed |= {"reference": None, "worker": None, "expires_at": None, "not_before": not_before}
        connection.execute(CALLBACKS.update().where(mine).values(**changed))


def expire(connection: Connection, of: ColumnElement[bool]) -> None:
    """Callbacks whose claim can no longer be on its way are UNKNOWN."""
    at = now(connection)
    connection.execute(
        CALLBACKS.update()
        .where(of, C.state == State.CLAIMED, C.expires_at < at)
        .values(
            state=State.UNKNOWN,
            settled_at=at,
            error="WorkerLost",
            message="the process that was to send it did not say what became of it",
        )
    )


def _turns(rate: float | None, next_at: float, at: float, most: int) -> list[float]:
    """The times at which up to `most` callbacks may be sent, none further ahead than AHEAD."""
    if not rate:
        return [at] * most
    first = max(next_at, at)  # what was missed is not made up for: it would be a burst
    turns = (first + number / rate for number in range(most))
    return [turn for turn in turns if turn <= at + AHEAD]
