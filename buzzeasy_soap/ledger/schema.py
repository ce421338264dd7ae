"""The ledger's tables, and opening its database.

All times are seconds since 1970 by the database's clock, so that workers need not agree on theirs.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Column,
    Connection,
    Double,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TextClause,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from buzzeasy_soap.errors import ConfigurationError, LedgerError
from buzzeasy_soap.extras import extra
from buzzeasy_soap.wire.redaction import Secret

_OWNER_ONLY: Final = 0o600
_BUSY: Final = 60
"""Seconds to wait for another process's transaction on SQLite."""
_ID: Final = BigInteger().with_variant(Integer, "sqlite")

METADATA: Final = MetaData()
VERSION: Final = Table("ledger_version", METADATA, Column("version", Integer, nullable=False))
CAMPAIGNS: Final = Table(
    "ledger_campaigns",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("source", String, nullable=False),
    Column("state", String, nullable=False),
    Column("why", String),
    Column("rate", Double),
    # When the next callback may be sent: what holds the rate over all workers.
    Column("next_at", Double, nullable=False),
    # How many calls in a row the service has not answered.
    Column("failures", Integer, nullable=False),
    Column("opening_hours", String),
    Column("timezone", String, nullable=False),
    Column("created_at", Double, nullable=False),
)
CALLBACKS: Final = Table(
    "ledger_callbacks",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("campaign_id", _ID, ForeignKey(CAMPAIGNS.c.id)),
    Column("key", String, unique=True),
    Column("line", Integer),
    # What is asked.
    Column("operation", String, nullable=False),
    Column("name", String, nullable=False),
    Column("phone_no", String, nullable=False),
    Column("service_queue", Integer, nullable=False),
    Column("region", String),
    Column("fields", JSON, nullable=False),
    Column("time_slot", Integer),
    Column("date", String),
    # When it may be sent, and how far it has come.
    Column("priority", Integer, nullable=False),
    Column("not_before", Double, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    # The claim. The reference is new with each: only who holds it can settle the callback.
    Column("reference", String, unique=True),
    Column("worker", String),
    Column("claimed_at", Double),
    # When the claim can no longer be on its way: lease and timeout have passed.
    Column("expires_at", Double),
    # The result.
    Column("settled_at", Double),
    Column("confirmation_code", String),
    Column("result_code", Integer),
    Column("error", String),
    Column("message", String),
    # What became of the call.
    Column("call_status", String),
    Column("call_status_at", Double),
    Index("ledger_callbacks_to_claim", "campaign_id", "state", text("priority DESC"), "not_before", "id"),
    Index("ledger_callbacks_expiring", "expires_at", sqlite_where=text("state = 'claimed'"),
          postgresql_where=text("state = 'claimed'")),
    Index("ledger_callbacks_by_code", "confirmation_code"),
    Index("ledger_callbacks_by_time", "campaign_id", "settled_at"),
)  # fmt: skip
DECISIONS: Final = Table(
    "ledger_decisions",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("callback_id", _ID, ForeignKey(CALLBACKS.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Double, nullable=False),
    Column("who", String, nullable=False),
    Column("decision", String, nullable=False),
    # Of the attempt that it was about.
    Column("reference", String),
)

MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (METADATA.create_all,)
"""Each brings the schema to the version of its number, from 1. Only ever added to."""

_NOW: Final = {
    "sqlite": text("SELECT (julianday('now') - 2440587.5) * 86400.0"),
    "postgresql": text("SELECT extract(epoch FROM clock_timestamp())"),
}


def now(connection: Connection) -> float:
    """The time by the database's clock."""
    return float(connection.execute(_clock(connection)).scalar_one())


def _clock(connection: Connection) -> TextClause:
    return _NOW[connection.dialect.name]


@contextmanager
def ours() -> Iterator[None]:
    """Raise LedgerError for an error of the database's. It quotes no row, and no credentials."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None)
        raise LedgerError(f"the ledger's database: {_first_line(cause or error)}") from None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def open_database(database: Secret) -> Engine:
    """Open a ledger's database, and bring it to this version's schema; a new file is its owner's alone.

    Raises ConfigurationError, and LedgerError where the database cannot be used.
    """
    address = _address(database)
    if address is None:
        raise ConfigurationError("the ledger must be a file's path, a sqlite:/// or a postgresql:// address")
    if address.get_backend_name() == "sqlite":
        engine = _sqlite(address)
    else:
        with extra("postgres", "psycopg"):
            importlib.import_module("psycopg")  # SQLAlchemy's own message names no extra
        engine = create_engine(address, hide_parameters=True, pool_pre_ping=True)
    with ours(), engine.begin() as connection:
        _migrate(connection)
    return engine


def _address(database: Secret) -> URL | None:
    """A ledger's address; None where it is none. Raises nothing: a traceback would show it."""
    if "://" not in database.reveal():
        return URL.create("sqlite", database=str(Path(database.reveal()).absolute()))
    try:
        address = make_url(database.reveal())
        backend = address.get_backend_name()
    except (SQLAlchemyError, ValueError):
        return None
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    in_memory = not address.database or address.database == ":memory:"
    return address if backend == "sqlite" and not in_memory else None


def _sqlite(address: URL) -> Engine:
    # SQLite would create it with the umask's permissions. It will also report any error.
    with suppress(OSError):
        os.close(os.open(str(address.database), os.O_CREAT | os.O_RDONLY, _OWNER_ONLY))
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": _BUSY})

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: object) -> None:
        raw.isolation_level = None  # sqlite3 would begin by itself, and too late
        raw.execute("PRAGMA journal_mode = WAL")
        # A claim that is lost with the power would be sent twice.
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's transaction is alone as it is
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('buzzeasy_soap.ledger'))")
    tables = set(inspect(connection).get_table_names())
    version = 0
    if VERSION.name in tables:
        version = connection.execute(select(VERSION.c.version)).scalar() or 0
    elif connection.dialect.name == "sqlite" and tables:
        raise LedgerError("the ledger's database is another program's: use another file")
    if version > len(MIGRATIONS):
        raise LedgerError(
            f"the ledger has schema version {version}, and this buzzeasy-soap knows {len(MIGRATIONS)}: update it"
        )
    if version < len(MIGRATIONS):
        for migrate in MIGRATIONS[version:]:
            migrate(connection)
        connection.execute(VERSION.delete())
        connection.execute(VERSION.insert().values(version=len(MIGRATIONS)))
