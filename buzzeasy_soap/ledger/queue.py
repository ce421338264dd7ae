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
from buzzeasy_soap.ledger.pace import AHEAD, Pace
from buzzeasy_soap.ledger.rows import ENTRIES, REQUEST, AnyRow, C, Hours, columns_of, entry_of, request_of
from buzzeasy_soap.ledger.schema import CALLBACKS, CAMPAIGNS, insert_if_new, now, ours
from buzzeasy_soap.ledger.verdicts import AGAIN, FAILURES_TO_PAUSE, Verdict
from buzzeasy_soap.models import CallbackRequest, Confirmation
from buzzeasy_soap.wire.clock import Clock

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
            at = now(connection)
            expire(connection, C.key == key, at)
            row = connection.execute(ENTRIES.where(C.key == key).with_for_update(of=CALLBACKS)).one()
            entry = entry_of(row)
            if evolve(entry.request, reference=None) != request:
                raise InvalidRequest("key belongs to an earlier request with other content", parameter="key")
            if entry.state not in (State.PENDING, State.NOT_SENT):
                return entry
            [claim] = self._claim(connection, [(entry.id, request)], began, at, lease, "form", [0.0])
            return claim

    def settle_form(self, claim: Claim, result: Verdict) -> None:
        """Record what became of a form's attempt."""
        state = State.NOT_SENT if result.state is State.PENDING else result.state
        with ours(), self.engine.begin() as connection:
            _settle_all(connection, [(claim, evolve(result, state=state))], now(connection), None)

    def found(self, entry: Entry, confirmation: Confirmation | None) -> None:
        """Record that a callback was placed after all, where it is still UNKNOWN."""
        with ours(), self.engine.begin() as connection:
            connection.execute(
                CALLBACKS.update()
                .where(C.reference == entry.request.reference, C.state.in_(OPEN))
                .values(
                    state=State.PLACED,
                    confirmation_code=confirmation.code if confirmation else None,
                    error=None,
                    message=None,
                    settled_at=now(connection),
                )
            )

    def turn(
        self,
        campaign: Campaign,
        worker: str,
        settled: Sequence[tuple[Claim, Verdict]],
        most: int,
        lease: Lease,
        ahead: float = AHEAD,
    ) -> Turn:
        """Settle what a worker has done, and claim up to `most` more for it, in one transaction.

        `ahead` is how many seconds before its turn a callback may be claimed.
        """
        began = Clock.since_boot()
        with ours(), self.engine.begin() as connection:
            row = connection.execute(
                select(CAMPAIGNS).where(CAMPAIGNS.c.id == campaign.id).with_for_update()
            ).first()
            if row is None:
                return Turn(stopped="the campaign has been deleted")
            at, hours = now(connection), Hours.of(row)
            row = self._settle(connection, row, settled, at, hours)
            if not settled:  # while calls come back there is no hurry
                expire(connection, C.campaign_id == campaign.id, at)
            if row.state != CampaignState.RUNNING:
                return Turn(stopped=row.why or row.state)
            if most < 1:
                return Turn(wait=1.0)
            if not hours.is_open(at):
                return Turn(wait=hours.next_opening(at) - at)
            return self._claim_due(connection, row, worker, most, lease, began, at, ahead)

    def _claim_due(
        self,
        connection: Connection,
        row: AnyRow,
        worker: str,
        most: int,
        lease: Lease,
        began: float,
        at: float,
        ahead: float,
    ) -> Turn:
        # A turn on the database's clock is as far ahead on this machine's.
        offset = Clock.since_boot() - at
        pace = Pace(row.rate, row.due_at, row.last_at)
        turns, _ = pace.turns(at, most, ahead)
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
            return Turn(wait=pace.wait(at, ahead))
        turns, pace = pace.turns(at, len(due), ahead)
        if row.rate:
            connection.execute(
                CAMPAIGNS.update()
                .where(CAMPAIGNS.c.id == row.id)
                .values(due_at=pace.due_at, last_at=pace.last_at)
            )
        asked = [(each.id, request_of(each)) for each in due]
        sent_at = [turn + offset for turn in turns]
        claims = self._claim(connection, asked, began, at, lease, worker, sent_at)
        return Turn(tuple(claims), wait=pace.wait(at, ahead))

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
        at: float,
        lease: Lease,
        worker: str,
        turns: Sequence[float],
    ) -> list[Claim]:
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
        hours: Hours,
    ) -> AnyRow:
        """Settle callbacks; the campaign's row after it, paused where they say so."""
        _settle_all(connection, settled, at, hours)
        failures, why = row.failures, None
        for _, result in settled:
            if result.is_failure is not None:
                failures = failures + 1 if result.is_failure else 0
            if failures == FAILURES_TO_PAUSE and result.is_failure:
                why = f"{failures} calls in a row failed, the last with {result.error}: {result.message}"
            why = result.pause or why
        changed: dict[str, object] = {"failures": failures}
        if why is not None and row.state == CampaignState.RUNNING:
            changed |= {"state": CampaignState.PAUSED, "why": why, "failures": 0}
        elif failures == row.failures:
            return row
        return connection.execute(
            CAMPAIGNS.update().where(CAMPAIGNS.c.id == row.id).values(**changed).returning(*CAMPAIGNS.c)
        ).one()


def _settle_all(
    connection: Connection, settled: Sequence[tuple[Claim, Verdict]], at: float, hours: "Hours | None"
) -> None:
    """Settle the callbacks whose claims are held: two or three statements, however many they are."""
    attempts = _attempts(connection, [claim.reference for claim, _ in settled])
    ended, again = list[dict[str, object]](), list[dict[str, object]]()
    for claim, result in settled:
        # Another was settled before, by a transaction whose commit seemed to fail; or decided since.
        if claim.reference in attempts:
            row = _settled_row(result, attempts[claim.reference], at, hours) | {"claimed_as": claim.reference}
            (again if row["state"] is State.PENDING else ended).append(row)
    held = CALLBACKS.update().where(C.reference == bindparam("claimed_as"))
    if ended:
        connection.execute(held, ended)
    if again:
        connection.execute(held.values(reference=None, worker=None, expires_at=None), again)


def _attempts(connection: Connection, references: Sequence[str]) -> dict[str, int]:
    """How often what is claimed under these was attempted, locked until the transaction ends."""
    if not references:
        return {}
    rows = connection.execute(
        select(C.reference, C.attempts)
        .where(C.reference.in_(references), C.state.in_(OPEN))
        .order_by(C.id)
        .with_for_update()
    )
    return {row.reference: row.attempts for row in rows}


def _settled_row(result: Verdict, attempts: int, at: float, hours: "Hours | None") -> dict[str, object]:
    """What a callback's row becomes."""
    attempts += result.is_attempt
    state, waits = result.state, dict[str, object]()
    if result.waits_for_opening and hours and hours.are_known:
        state, waits["not_before"] = State.PENDING, hours.next_opening(at)
    elif state is State.PENDING and attempts >= AGAIN.attempts:
        state = State.NOT_SENT
    elif state is State.PENDING:
        wait = AGAIN.backoff(attempts, random.random()) if result.is_attempt else 0.0  # noqa: S311 - spreads load
        waits["not_before"] = at + wait
    return waits | {
        "state": state,
        "attempts": attempts,
        "settled_at": at,
        "confirmation_code": result.confirmation_code,
        "result_code": result.result_code,
        "error": result.error,
        "message": result.message,
    }


def expire(connection: Connection, of: ColumnElement[bool], at: float) -> None:
    """Callbacks whose claim can no longer be on its way are UNKNOWN."""
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
