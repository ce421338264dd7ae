"""The tables of the sandbox's database, and opening a database for exclusive use."""

import datetime as dt
import os
import sqlite3
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    JSON,
    URL,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    select,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

from buzzeasy_soap.errors import ConfigurationError

APPLICATION_ID: Final = 0x62757A7A
"""Identifies a SQLite file as a sandbox's database."""
SCHEMA_VERSION: Final = 1

_OWNER_ONLY: Final = 0o600
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class DatabaseUnusable(ConfigurationError):
    """The database cannot be read or written, or contains data that no sandbox wrote."""

    def __init__(self, database: Path | None, problem: str) -> None:
        super().__init__(f"the database {database or 'in memory'} {problem}")

    @classmethod
    def because(cls, error: DatabaseError, database: Path | None) -> "DatabaseUnusable":
        """An error with SQLite's reason, but without statement parameters, which hold names and numbers."""
        code = getattr(error.orig, "sqlite_errorcode", 0)
        return cls(database, _PROBLEMS.get(code & 0xFF, f"cannot be used: {error.orig}"))


_DAMAGED: Final = "is damaged: use another file"
_PROBLEMS: Final = {
    sqlite3.SQLITE_BUSY: "is in use by another sandbox: stop it, or use another file",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database: use another file",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: its folder does not exist or is not writable",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written (disk I/O error): the disk may be full",
}


class Instant(TypeDecorator[dt.datetime]):
    """An aware datetime, stored as microseconds since 1970 in UTC."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: object) -> int | None:
        """Convert a value for the database."""
        return None if value is None else (value - _EPOCH) // dt.timedelta(microseconds=1)

    def process_result_value(self, value: int | None, _: object) -> dt.datetime | None:
        """Convert a value from the database."""
        return None if value is None else _EPOCH + dt.timedelta(microseconds=value)


def folded(text: str | None) -> str:
    """A text for comparing regardless of case, here and in queries: SQLite's own functions know ASCII alone."""
    return (text or "").casefold()


METADATA: Final = MetaData()
CALLS: Final = Table(
    "calls",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("company", Integer, nullable=False),
    Column("service_queue", Integer, nullable=False),
    Column("name", String),
    Column("phone_no", String, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("slot_date", String),
    Column("slot_id", Integer),
    Column("course", String, nullable=False),
    Column("status", String),
    Column("since", Instant, nullable=False),
    Column("retries", Integer, nullable=False),
    # When the next event is due; null when the call is over.
    Column("due", Instant),
    Index("calls_by_number", "company", "phone_no"),
    Index("calls_by_slot", "company", "service_queue", "slot_date", "slot_id"),
    Index("calls_by_due", "due"),
    # Ids are never reused, so a code from before a reset never identifies a later call.
    sqlite_autoincrement=True,
)
EVENTS: Final = Table(
    "events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("call_id", Integer, ForeignKey("calls.id"), nullable=False, index=True),
    Column("status", String, nullable=False),
    Column("at", Instant, nullable=False),
)
EWT: Final = Table(
    "ewt",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("company", Integer, nullable=False),
    Column("service_queue", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ewt_by_queue", "company", "service_queue"),
)


def open_database(database: Path | None) -> tuple[Engine, Connection]:
    """Open the only connection to a file or to memory, and create missing tables and a private file.

    Raises ConfigurationError if the file is in use, damaged, not a sandbox's, or of another version.
    """
    if database is not None:
        # SQLite would create it with the umask's permissions. It will also report any error.
        with suppress(OSError):
            os.close(os.open(database, os.O_CREAT | os.O_RDONLY, _OWNER_ONLY))
    engine = create_engine(
        URL.create("sqlite", database=str(database or ":memory:")),
        poolclass=StaticPool,
        # One thread opens the connection, and the server's thread uses it.
        connect_args={"check_same_thread": False, "timeout": 0},
        hide_parameters=True,
    )
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        try:
            connection = undo.enter_context(engine.connect())
            _add_functions(connection)
            _prepare(connection, database)
        except DatabaseError as error:
            raise DatabaseUnusable.because(error, database) from None
        undo.pop_all()
    return engine, connection


def _add_functions(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    raw.create_function(folded.__name__, 1, folded, deterministic=True)


def _prepare(connection: Connection, database: Path | None) -> None:
    """Lock the database for this process and make sure that it has our tables."""

    def pragma(text: str) -> int:
        return int(connection.exec_driver_sql(f"PRAGMA {text}").scalar() or 0)

    connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
    application, version = pragma("application_id"), pragma("user_version")
    is_new = pragma("schema_version") == 0 and version == 0
    if not is_new and application != APPLICATION_ID:
        raise DatabaseUnusable(database, "does not belong to a sandbox: use another file")
    if not is_new and version != SCHEMA_VERSION:
        raise DatabaseUnusable(
            database,
            f"has schema version {version}, but this sandbox requires {SCHEMA_VERSION}: use another file",
        )
    if database is not None:
        _keep_private(database)
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    connection.exec_driver_sql("PRAGMA synchronous = FULL")
    connection.exec_driver_sql("BEGIN EXCLUSIVE")
    if is_new:
        METADATA.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.commit()
    # Better to report damage now than in the middle of a test.
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise DatabaseUnusable(database, _DAMAGED)
    for table in METADATA.sorted_tables:
        connection.execute(select(table).limit(0))
    connection.rollback()


def _keep_private(database: Path) -> None:
    """Make the file and SQLite's side files private to the owner: they hold names and numbers."""
    for file in (database, *(database.with_name(database.name + suffix) for suffix in ("-wal", "-shm"))):
        with suppress(OSError):
            file.chmod(_OWNER_ONLY)
