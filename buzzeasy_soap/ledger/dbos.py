"""Drains that DBOS Transact queues, starts, and starts again. Requires the extra `[dbos]`.

For those who have nothing else that keeps processes alive and spreads work over them. The ledger's
table stays the only queue of callbacks: a drain goes on with what nobody has claimed, so it may be
started again as often as DBOS likes, and in several processes at once. The ledger holds the rate.

DBOS keeps its tables in a database of their own. It has no account here and calls no one.
"""

import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from buzzeasy_soap.clients.blocking import BuzzeasyClient
from buzzeasy_soap.errors import ConfigurationError, LedgerError
from buzzeasy_soap.extras import extra
from buzzeasy_soap.ledger.ledger import Ledger
from buzzeasy_soap.ledger.model import Campaign, CampaignState
from buzzeasy_soap.ledger.schema import create_for_owner, require_address
from buzzeasy_soap.ledger.worker import Worker
from buzzeasy_soap.wire.redaction import Secret

with extra("dbos", "dbos"):
    from dbos import DBOS, SetEnqueueOptions
    from dbos import error as dbos_errors

_APPLICATION: Final = "buzzeasy-ledger"
_QUEUE: Final = "buzzeasy_drains"
_SCHEMA: Final = "buzzeasy_dbos"
_VERSION: Final = "1"
"""Of a drain's arguments: DBOS goes on with what a process of the same version has left, and with no other."""
_POLL: Final = 1.0
_LEAST_SQLITE: Final = (3, 42) if sys.version_info >= (3, 12) else (3, 0)
"""DBOS takes the time from SQLite: in milliseconds, where Python is new enough to bring it."""

logger = logging.getLogger("buzzeasy_soap")


class Drains:
    """A process's share of the drains: begun on entry, stopped on exit. One in a process, for DBOS is.

        with Drains(ledger, client, tables="drains.db", executor="machine-1") as drains:
            drains.start("outage")
            drains.wait("outage")

    `tables` is where DBOS keeps its own: a file's path, not the ledger's, or a `postgresql://` address.
    `executor` names this process. No other has the name at the same time, and a process that is started
    in its place has it again, or the drains it had begun are not gone on with: a machine's name, or a
    StatefulSet's pod's. A campaign has `drains` drains over all processes, and each process runs `here`
    of them at a time, which is the same for all; each has `senders` calls under way.

    Raises ConfigurationError, and on entry LedgerError where a database cannot be used.
    """

    def __init__(
        self,
        ledger: Ledger,
        client: BuzzeasyClient,
        *,
        tables: "str | os.PathLike[str] | Secret",
        executor: str,
        drains: int = 12,
        here: int = 4,
        senders: int = 8,
    ) -> None:
        """Nothing is opened before entry."""
        if not executor.strip():
            raise ConfigurationError("executor must be a name that no other process has at the same time")
        tables = Secret.of(tables if isinstance(tables, Secret) else os.fspath(tables))
        self._tables = require_address(tables)
        if self._tables.get_backend_name() == "sqlite":
            if self._tables.database == ledger.database:
                raise ConfigurationError("tables must be another file than the ledger's")
            if sqlite3.sqlite_version_info < _LEAST_SQLITE:
                raise ConfigurationError(
                    f"tables must be a postgresql:// address: DBOS keeps none in this Python's SQLite, "
                    f"{sqlite3.sqlite_version}, which is older than {'.'.join(map(str, _LEAST_SQLITE))}"
                )
        self._ledger, self._client, self._executor = ledger, client, executor
        self._drains, self._here, self._senders = drains, here, senders
        self._working = set[Worker]()
        self._stopping = threading.Event()

    def start(self, name: str) -> None:
        """Queue the drains of a campaign; those that are queued or under way stay as they are.

        Call it once the campaign is loaded, when it is resumed, and in each process that begins.
        Raises ConfigurationError for a campaign that is not in the ledger, and LedgerError.
        """
        self._ledger.book.campaign(name)
        with _ours():
            for number in range(self._drains):
                policy = SetEnqueueOptions(
                    deduplication_id=f"{name}/{number}", duplication_policy="return-existing"
                )
                with policy:
                    DBOS.enqueue_workflow(_QUEUE, _drain, name)

    def wait(self, name: str) -> Campaign:
        """Wait until all of a campaign is settled, it does not run any more, or `stop` is called."""
        while True:
            campaign = self._ledger.book.campaign(name)
            counts = self._ledger.book.counts(campaign)
            is_over = campaign.state is not CampaignState.RUNNING or not counts.to_go
            if is_over or self._stopping.wait(_POLL):
                return campaign

    def stop(self) -> None:
        """Claim no more, and let `wait` return. Safe in a signal's handler."""
        self._stopping.set()
        for worker in list(self._working):
            worker.stop()

    def __enter__(self) -> "Drains":
        global _of_this_process  # noqa: PLW0603 - DBOS calls a function by its name
        logging.getLogger("dbos").addHandler(logging.NullHandler())  # else it brings its own, for the console
        _of_this_process = self
        try:
            with _ours():
                DBOS(
                    config={
                        "name": _APPLICATION,
                        "system_database_url": _as_text(self._tables),
                        "dbos_system_schema": _SCHEMA,
                        "executor_id": self._executor,
                        "application_version": _VERSION,
                        "enable_otlp": False,
                        "log_level": "WARNING",
                    }
                )
                DBOS.launch()
                DBOS.register_queue(_QUEUE, worker_concurrency=self._here)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        global _of_this_process  # noqa: PLW0603
        self.stop()
        DBOS.destroy(workflow_completion_timeout_sec=int(self._client.timeout.total or 0) + 1)
        _of_this_process = None

    def work(self, name: str) -> str | None:
        """One drain: place what nobody has claimed; why it has ended."""
        while True:
            try:
                campaign = self._ledger.book.campaign(name)
                break
            except LedgerError as error:
                logger.warning("%s; again in %.1f s", error, _POLL)
                if self._stopping.wait(_POLL):
                    return "stopped"
        worker = Worker(self._ledger, self._client, campaign, senders=self._senders)
        self._working.add(worker)
        try:
            if self._stopping.is_set():
                worker.stop()
            return worker.run().why
        finally:
            self._working.discard(worker)


_of_this_process: Drains | None = None


@DBOS.workflow(name="buzzeasy_drain", max_recovery_attempts=None)
def _drain(name: str) -> str | None:
    return None if _of_this_process is None else _of_this_process.work(name)


def _as_text(address: URL) -> str:
    if address.get_backend_name() == "sqlite":
        create_for_owner(Path(str(address.database)))
        return str(address)
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, dbos_errors.DBOSException) as error:
        cause = getattr(error, "orig", None) or error
        raise LedgerError(f"DBOS's database: {(str(cause).splitlines() or [''])[0]}") from None
