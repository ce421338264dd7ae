"""The ledger's tables, and opening its database.

All times are seconds since 1970 by the database's clock, so that workers need not agree on theirs.
"""

import importlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Column,
    Connection,
    Dialect,
    Double,
    Engine,
    ForeignKey,
    Index,
    Insert,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from buzzeasy_soap.errors import ConfigurationError, LedgerError
from buzzeasy_soap.extras import extra
from buzzeasy_soap.wire.redaction import Secret

_OWNER_ONLY: Final = 0o600
_BUSY: Final = 60
"""Seconds to wait for another process's transaction on SQLite."""
_STUCK: Final = 5
"""Seconds that PostgreSQL keeps a transaction open for a process that stands still: it holds up the others."""
_ID: Final = BigInteger().with_variant(Integer, "sqlite")


class _Text(TypeDecorator[str]):
    """Text without what a database cannot hold: the service chooses its own words."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        return value.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


_ESCAPED: Final = re.compile(r"[a-z0-9+]+://([^@/?#]*@)?[^@]*", re.IGNORECASE)
"""A PostgreSQL address whose password ends where everybody takes it to end."""
_SECRETS: Final = ("password", "sslpassword")
_PATIENCE: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
"""Seconds after which a server that is silent is taken as lost; the address may say otherwise."""

METADATA: Final = MetaData()
VERSION: Final = Table("ledger_version", METADATA, Column("version", Integer, nullable=False))
CAMPAIGNS: Final = Table(
    "ledger_campaigns",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", _Text, nullable=False, unique=True),
    Column("source", _Text, nullable=False),
    Column("state", _Text, nullable=False),
    Column("why", _Text),
    Column("rate", Double),
    # When the next callback is due, and the last turn that was given: what holds the rate over all workers.
    Column("due_at", Double, nullable=False),
    Column("last_at", Double, nullable=False),
    # How many calls in a row the service has not answered.
    Column("failures", Integer, nullable=False),
    Column("opening_hours", _Text),
    Column("timezone", _Text, nullable=False),
    Column("created_at", Double, nullable=False),
)
CALLBACKS: Final = Table(
    "ledger_callbacks",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("campaign_id", _ID, ForeignKey(CAMPAIGNS.c.id)),
    Column("key", _Text, unique=True),
    Column("line", Integer),
    # What is asked.
    Column("operation", _Text, nullable=False),
    Column("name", _Text, nullable=False),
    Column("phone_no", _Text, nullable=False),
    Column("service_queue", Integer, nullable=False),
    Column("region", _Text),
    Column("fields", JSON, nullable=False),
    Column("time_slot", Integer),
    Column("date", _Text),
    # When it may be sent, and how far it has come.
    Column("priority", Integer, nullable=False),
    Column("not_before", Double, nullable=False),
    Column("state", _Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    # The claim. The reference is new with each: only who holds it can settle the callback.
    Column("reference", _Text, unique=True),
    Column("worker", _Text),
    Column("claimed_at", Double),
    # When the claim can no longer be on its way: lease and timeout have passed.
    Column("expires_at", Double),
    # The result.
    Column("settled_at", Double),
    Column("confirmation_code", _Text),
    Column("result_code", Integer),
    Column("error", _Text),
    Column("message", _Text),
    # What became of the call.
    Column("call_status", _Text),
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
    Column("who", _Text, nullable=False),
    Column("decision", _Text, nullable=False),
    # Of the attempt that it was about.
    Column("reference", _Text),
)

MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (METADATA.create_all,)
"""Each brings the schema to the version of its number, from 1. Only ever added to."""

_NOW: Final = {
    "sqlite": text("SELECT (julianday('now') - 2440587.5) * 86400.0"),
    "postgresql": text("SELECT extract(epoch FROM clock_timestamp())"),
}


def now(connection: Connection) -> float:
    """The time by the database's clock."""
    return float(connection.execute(_NOW[connection.dialect.name]).scalar_one())


def insert_if_new(connection: Connection, table: Table, values: Mapping[str, object]) -> Insert:
    """An INSERT that does nothing where the row's unique values are there, or just being inserted."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(values).on_conflict_do_nothing()
    return sqlite.insert(table).values(values).on_conflict_do_nothing()


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
    address = require_address(database)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    try:
        with ours(), engine.begin() as connection:
            _migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def require_address(database: Secret) -> URL:
    """A database's address. Raises ConfigurationError."""
    address = _address(database)
    if address is None:
        raise ConfigurationError(
            "the ledger must be a file's path, a sqlite:/// or a postgresql:// address;"
            " @ / ? and # in its user's name or password are percent-encoded, as %40"
        )
    return address


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
        # Of any other, errors would show a part of the password, as a host's name.
        is_escaped = _ESCAPED.fullmatch(database.reveal())
        return address.set(drivername="postgresql+psycopg") if is_escaped else None
    in_memory = not address.database or address.database == ":memory:"
    return address if backend == "sqlite" and not in_memory else None


def create_for_owner(path: Path) -> None:
    """Create a database's file, readable by its owner alone: SQLite would create it with the umask's permissions."""
    with suppress(OSError):  # which SQLite will report
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, _OWNER_ONLY))


def _sqlite(address: URL) -> Engine:
    create_for_owner(Path(str(address.database)))
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


def _postgresql(address: URL) -> Engine:
    with extra("postgres", "psycopg"):
        importlib.import_module("psycopg")  # SQLAlchemy's own message names no extra
    query = address.query
    engine = create_engine(
        address.difference_update_query(_SECRETS),  # of an address that is shown, only the password is masked
        hide_parameters=True,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",  # whatever the database's default: a lock must show the newest row
        connect_args={name: value for name, value in _PATIENCE.items() if name not in query}
        | {name: query[name] for name in _SECRETS if name in query},
    )

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: object) -> None:
        raw.autocommit = True
        raw.execute(f"SET idle_in_transaction_session_timeout = '{_STUCK}s'")
        # A claim that is lost with the power would be sent twice.
        raw.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
        raw.autocommit = False

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
