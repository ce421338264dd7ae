"""The ledger's public face: callbacks recorded before they are sent."""

import asyncio
import datetime as dt
import os
import time
from collections.abc import Generator, Sequence
from types import TracebackType
from typing import Generic, TypeVar

from attrs import frozen

from buzzeasy_soap.clients.aio import AsyncBuzzeasyClient
from buzzeasy_soap.clients.blocking import BuzzeasyClient
from buzzeasy_soap.config import Retry
from buzzeasy_soap.enums import Outcome, Region
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError
from buzzeasy_soap.ledger.book import Book
from buzzeasy_soap.ledger.claims import Claim
from buzzeasy_soap.ledger.model import Campaign, Reconciled
from buzzeasy_soap.ledger.placing import (
    Answer,
    LookUp,
    Placing,
    Send,
    Step,
    check_key,
    placing,
    reconciling,
    require_reference,
)
from buzzeasy_soap.ledger.queue import Lease, Queue
from buzzeasy_soap.ledger.schema import open_database
from buzzeasy_soap.models import Confirmation, TimeSlot
from buzzeasy_soap.wire.redaction import Secret

T = TypeVar("T")

_ONCE = Retry(attempts=1)
"""The ledger tries again by itself."""


class _Ledger:
    """What both ledgers share."""

    def __init__(self, database: "str | os.PathLike[str] | Secret", *, lease: float = 30.0) -> None:
        """`database` is a file's path, or a `postgresql://` address."""
        if isinstance(lease, bool) or not isinstance(lease, int | float) or not 0 < lease < 86_400:
            raise ConfigurationError("lease must be a number of seconds, greater than 0 and less than a day")
        self._lease = float(lease)
        database = Secret.of(database if isinstance(database, Secret) else os.fspath(database))
        self._engine = open_database(database)
        self.queue = Queue(self._engine)
        """The transactions of those who place callbacks."""
        self.book = Book(self._engine)
        """Campaigns, callbacks, and what people decide about them."""

    @property
    def database(self) -> str | None:
        """The file's path, or the database's name."""
        return self._engine.url.database

    def lease_for(self, client: BuzzeasyClient | AsyncBuzzeasyClient) -> Lease:
        """How long a claim by a client lasts."""
        return Lease(self._lease, client.timeout.total)

    def _placing(
        self,
        client: BuzzeasyClient | AsyncBuzzeasyClient,
        key: str,
        name: str,
        phone_no: str,
        time_slot: TimeSlot | int | None,
        date: dt.date | None,
        region: Region | str | None,
        fields: Sequence[str | None],
        service_queue: int | None,
    ) -> Placing:
        key = check_key(key)
        asked = client.callback_request(
            name,
            phone_no,
            time_slot=time_slot,
            date=date,
            region=region,
            fields=fields,
            service_queue=service_queue,
        )
        return placing(self.queue, key, require_reference(asked), self.lease_for(client))


class Ledger(_Ledger):
    """A durable record of callbacks, written before each is sent, so that none is placed twice.

        with Ledger("callbacks.db") as ledger:
            confirmation = ledger.place(client, "Ada Lovelace", "+447700900123", key=form_id)

    `database` is the path of a SQLite file, which is created for its owner alone, or a
    `postgresql://` address, for several machines. `lease` is the number of seconds in which a
    claimed callback must begin to be sent. Thread-safe.

    Raises ConfigurationError, and LedgerError where the database cannot be used.
    """

    def place(
        self,
        client: BuzzeasyClient,
        name: str,
        phone_no: str,
        *,
        key: str,
        time_slot: TimeSlot | int | None = None,
        date: dt.date | None = None,
        region: Region | str | None = None,
        fields: Sequence[str | None] = (),
        service_queue: int | None = None,
    ) -> Confirmation:
        """Record a callback, request it, and record the result. Never sent twice, even after a crash.

        `key` names the submission of the form, up to 200 characters. The same key again returns the
        first submission's result; while that is in flight it waits, up to the client's
        `timeout.total`, then raises OutcomeUnknown. After NOT_SENT, the same key is sent again.
        The other parameters are those of the client's `callback_request`. The client must have its
        `reference_field` set.

        Raises InvalidRequest for the same key with other content, LedgerError if nothing could be
        recorded and so nothing was sent, OutcomeUnknown, and the errors of the client.
        """
        steps = self._placing(client, key, name, phone_no, time_slot, date, region, fields, service_queue)
        return _run(client, steps)

    def reconcile(self, client: BuzzeasyClient, campaign: Campaign | None = None) -> Reconciled:
        """Look up the callbacks whose outcome is unknown; those of forms, or of a campaign.

        Call it at the start, and each minute or so: what a lost process has sent becomes unknown
        after the lease and the client's `timeout.total`. Nothing is requested.

        Raises the errors of the client's `reconcile`.
        """
        return _run(client, reconciling(self.book, self.queue, campaign))

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncLedger(_Ledger):
    """Like Ledger, for an AsyncBuzzeasyClient. Transactions run in threads."""

    async def place(
        self,
        client: AsyncBuzzeasyClient,
        name: str,
        phone_no: str,
        *,
        key: str,
        time_slot: TimeSlot | int | None = None,
        date: dt.date | None = None,
        region: Region | str | None = None,
        fields: Sequence[str | None] = (),
        service_queue: int | None = None,
    ) -> Confirmation:
        """Record a callback, request it, and record the result, as `Ledger.place` does."""
        steps = self._placing(client, key, name, phone_no, time_slot, date, region, fields, service_queue)
        return await _run_async(client, steps)

    async def reconcile(self, client: AsyncBuzzeasyClient, campaign: Campaign | None = None) -> Reconciled:
        """Look up the callbacks whose outcome is unknown, as `Ledger.reconcile` does."""
        return await _run_async(client, reconciling(self.book, self.queue, campaign))

    async def close(self) -> None:
        """Close the database."""
        await asyncio.to_thread(self._engine.dispose)

    async def __aenter__(self) -> "AsyncLedger":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


@frozen
class _Done(Generic[T]):
    value: T


def _run(client: BuzzeasyClient, steps: Generator[Step, Answer, T]) -> T:
    """Take the steps, blocking."""
    answer: Answer = None
    while True:
        step = _next(steps, answer)
        if isinstance(step, _Done):
            return step.value
        answer = _perform(client, step)


async def _run_async(client: AsyncBuzzeasyClient, steps: Generator[Step, Answer, T]) -> T:
    """Take the steps, on asyncio; what is between them, the ledger's transactions, runs in threads."""
    answer: Answer = None
    while True:
        step = await _next_async(steps, answer)
        if isinstance(step, _Done):
            return step.value
        answer = await _perform_async(client, step)


def _next(steps: Generator[Step, Answer, T], answer: Answer) -> Step | _Done[T]:
    try:
        return steps.send(answer)
    except StopIteration as done:  # which no future can hold
        return _Done(done.value)


async def _next_async(steps: Generator[Step, Answer, T], answer: Answer) -> Step | _Done[T]:
    future = asyncio.ensure_future(asyncio.to_thread(_next, steps, answer))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError as error:
        # The thread goes on: what it has claimed meanwhile was provably not sent.
        if isinstance(await future, Send):
            vars(error).update(outcome=Outcome.NOT_SENT)
            await asyncio.to_thread(_next, steps, error)
        raise


def send(client: BuzzeasyClient, claim: Claim) -> Confirmation | BaseException:
    """Send what is claimed, while it is claimed: the confirmation, or what was raised instead."""
    try:
        return client.with_options(retry=_ONCE, before_sending=claim.check).request_callback(claim.request)
    except BaseException as error:  # noqa: BLE001 - an interruption is settled too, then raised
        return error


def _perform(client: BuzzeasyClient, step: Step) -> Answer:
    if isinstance(step, Send):
        return send(client, step.claim)
    if isinstance(step, LookUp):
        try:
            return client.reconcile(step.request)
        except BuzzeasyError as error:
            return error
    time.sleep(step.seconds)
    return None


async def _perform_async(client: AsyncBuzzeasyClient, step: Step) -> Answer:
    if isinstance(step, Send):
        view = client.with_options(retry=_ONCE, before_sending=step.claim.check)
        try:
            return await view.request_callback(step.claim.request)
        except BaseException as error:  # noqa: BLE001 - an interruption is settled too, then raised
            return error
    if isinstance(step, LookUp):
        try:
            return await client.reconcile(step.request)
        except BuzzeasyError as error:
            return error
    await asyncio.sleep(step.seconds)
    return None
