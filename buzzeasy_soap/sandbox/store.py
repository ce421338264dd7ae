"""What the sandbox remembers: all of its SQL, in one SQLite database.

One connection, used by one thread: each change is one transaction, durable when it returns.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from attrs import asdict, frozen
from sqlalchemy import (
    JSON,
    URL,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    func,
    select,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.sandbox.codes import confirmation_code, id_of_code, id_of_pin, pin
from buzzeasy_soap.sandbox.events import CallEvent
from buzzeasy_soap.sandbox.lifecycle import Course, Progress
from buzzeasy_soap.sandbox.slots import Slot

APPLICATION_ID: Final = 0x62757A7A
"""What marks a SQLite file as a sandbox's."""
SCHEMA_VERSION: Final = 1

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Instant(TypeDecorator[dt.datetime]):
    """An aware datetime, kept as microseconds since 1970 in UTC."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: object) -> int | None:
        return None if value is None else (value - _EPOCH) // dt.timedelta(microseconds=1)

    def process_result_value(self, value: int | None, _: object) -> dt.datetime | None:
        return None if value is None else _EPOCH + dt.timedelta(microseconds=value)


_METADATA: Final = MetaData()
_CALLS: Final = Table(
    "calls",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("company", Integer, nullable=False),
    Column("service_queue", Integer, nullable=False),
    Column("name", String),
    Column("phone_no", String, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("requested_at", _Instant, nullable=False),
    Column("slot_date", String),
    Column("slot_id", Integer),
    Column("course", String, nullable=False),
    Column("status", String),
    Column("since", _Instant, nullable=False),
    Column("retries", Integer, nullable=False),
    # When the next event is due; null once the call's life is over.
    Column("due", _Instant),
    Index("calls_by_number", "company", "phone_no"),
    Index("calls_by_slot", "company", "service_queue", "slot_date", "slot_id"),
    Index("calls_by_due", "due"),
    # Ids are never given twice, so that a code of before a reset never means a later call.
    sqlite_autoincrement=True,
)
_EVENTS: Final = Table(
    "events",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("call_id", Integer, ForeignKey("calls.id"), nullable=False, index=True),
    Column("status", String, nullable=False),
    Column("at", _Instant, nullable=False),
)
_EWT: Final = Table(
    "ewt",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("company", Integer, nullable=False),
    Column("service_queue", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("at", _Instant, nullable=False),
    Index("ewt_by_queue", "company", "service_queue"),
)


@frozen(kw_only=True)
class NewCall:
    """A request for a callback, and how far it has come, before the store gives it an id."""

    company: int
    service_queue: int
    name: str | None
    phone_no: str
    """In E.164 format."""
    fields: tuple[str | None, ...]
    """Always ten."""
    requested_at: dt.datetime
    slot: Slot | None
    progress: Progress


@frozen(kw_only=True)
class Call(NewCall):
    """A request for a callback that is stored."""

    id: int

    @property
    def confirmation_code(self) -> str:
        """What the caller is given."""
        return confirmation_code(self.id)

    @property
    def pin(self) -> str:
        """What an agent finds it by."""
        return pin(self.id)


@frozen
class EwtUpdate:
    """An estimated waiting time, as a queue was given it."""

    minutes: int
    at: dt.datetime


class Store:
    """The tables, and every question that is asked of them."""

    def __init__(self, database: Path | None = None) -> None:
        """Open a file, or None for memory.

        Raises ConfigurationError where it is in use, is not a sandbox's, or of another version.
        """
        self._engine = create_engine(
            URL.create("sqlite", database=str(database or ":memory:")),
            poolclass=StaticPool,
            # The server's thread takes over what another one has opened.
            connect_args={"check_same_thread": False, "timeout": 0},
            hide_parameters=True,
        )
        with ExitStack() as undo:
            undo.callback(self._engine.dispose)
            try:
                self._connection = undo.enter_context(self._engine.connect())
                _prepare(self._connection, database)
            except DatabaseError as error:
                raise ConfigurationError(f"the database {database} {_why_not(error)}") from None
            undo.pop_all()

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()
        self._engine.dispose()

    def add_call(self, call: NewCall, *, places: int) -> Call | None:
        """Store a call; None where `places` calls have its slot already."""
        values = {
            "company": call.company,
            "service_queue": call.service_queue,
            "name": call.name,
            "phone_no": call.phone_no,
            "fields": list(call.fields),
            "requested_at": call.requested_at,
            "slot_date": call.slot and call.slot.date.isoformat(),
            "slot_id": call.slot and call.slot.id,
            **_progress_values(call.progress),
        }
        with self._connection.begin():
            if call.slot and self._connection.execute(_booked(call, call.slot)).scalar_one() >= places:
                return None
            result = self._connection.execute(_CALLS.insert(), values)
        (id,) = result.inserted_primary_key or (0,)
        return Call(id=id, **asdict(call, recurse=False))

    def bookings(self, company: int, service_queue: int, date: dt.date) -> dict[int, int]:
        """How many calls are booked for each slot of a day, by its id."""
        query = (
            select(_CALLS.c.slot_id, func.count())
            .where(*_on_day(company, service_queue, date))
            .group_by(_CALLS.c.slot_id)
        )
        return {row[0]: row[1] for row in self._rows(query)}

    def newest_open_call(self, company: int, numbers: Iterable[str]) -> Call | None:
        """The newest call to one of these numbers whose life is not over."""
        query = (
            select(_CALLS)
            .where(
                _CALLS.c.company == company, _CALLS.c.phone_no.in_(sorted(numbers)), _CALLS.c.due.is_not(None)
            )
            .order_by(_CALLS.c.id.desc())
            .limit(1)
        )
        return _first(self._rows(query))

    def call_by_pin(self, company: int, text: str) -> Call | None:
        """The company's call that has this PIN, its life over or not."""
        call = self._call_by_id(id_of_pin(text))
        return call if call and call.company == company else None

    def call_by_code(self, code: str) -> Call | None:
        """The call of any company that has this confirmation code."""
        return self._call_by_id(id_of_code(code))

    def _call_by_id(self, id: int | None) -> Call | None:
        return _first(self._rows(select(_CALLS).where(_CALLS.c.id == id)))

    def calls(self) -> list[Call]:
        """All calls, oldest first."""
        return [_call(row) for row in self._rows(select(_CALLS).order_by(_CALLS.c.id))]

    def due_calls(self, now: dt.datetime) -> list[Call]:
        """The calls for which an event is due."""
        return [_call(row) for row in self._rows(select(_CALLS).where(_CALLS.c.due <= now))]

    def next_due(self) -> dt.datetime | None:
        """When the next event of any call is due."""
        return self._moment(func.min(_CALLS.c.due, type_=_Instant))

    def add_progress(self, passed: Sequence[tuple[Call, Progress]]) -> None:
        """Store what calls have gone through, in order."""
        latest = {call.id: progress for call, progress in passed}
        with self._connection.begin():
            self._connection.execute(
                _EVENTS.insert(),
                [{"call_id": c.id, "status": p.status, "at": p.since} for c, p in passed],
            )
            self._connection.execute(
                _CALLS.update().where(_CALLS.c.id == bindparam("changed")),
                [{"changed": id, **_progress_values(progress)} for id, progress in latest.items()],
            )

    def events(self, code: str) -> list[CallEvent]:
        """The past events of a call, in order."""
        return self.all_events(id_of_code(code)).get(code, [])

    def all_events(self, id: int | None = None) -> dict[str, list[CallEvent]]:
        """The past events of all calls, or one, by confirmation code."""
        query = (
            select(_CALLS.c.company, _EVENTS.c.call_id, _EVENTS.c.status, _EVENTS.c.at)
            .join(_CALLS)
            .order_by(_EVENTS.c.id)
        )
        events: dict[str, list[CallEvent]] = {}
        for company, call_id, status, at in self._rows(
            query if id is None else query.where(_CALLS.c.id == id)
        ):
            code = confirmation_code(call_id)
            events.setdefault(code, []).append(CallEvent(company, code, CallStatus(status), at))
        return events

    def add_ewt(self, company: int, service_queue: int, update: EwtUpdate) -> None:
        """Store a queue's estimated waiting time."""
        values = {
            "company": company,
            "service_queue": service_queue,
            "minutes": update.minutes,
            "at": update.at,
        }
        with self._connection.begin():
            self._connection.execute(_EWT.insert(), values)

    def ewt(self, company: int, service_queue: int, *, limit: int) -> list[EwtUpdate]:
        """The latest waiting times of a queue, newest first."""
        query = (
            select(_EWT.c.minutes, _EWT.c.at)
            .where(_EWT.c.company == company, _EWT.c.service_queue == service_queue)
            .order_by(_EWT.c.id.desc())
            .limit(limit)
        )
        return [EwtUpdate(minutes, at) for minutes, at in self._rows(query)]

    def latest_moment(self) -> dt.datetime | None:
        """The time of the last thing that is stored."""
        columns = (_CALLS.c.requested_at, _EVENTS.c.at, _EWT.c.at)
        moments = [self._moment(func.max(column, type_=_Instant)) for column in columns]
        return max((moment for moment in moments if moment), default=None)

    def clear(self) -> None:
        """Forget everything."""
        with self._connection.begin():
            for table in reversed(_METADATA.sorted_tables):
                self._connection.execute(table.delete())

    def _moment(self, of: ColumnElement[Any]) -> dt.datetime | None:
        moment: dt.datetime | None = self._rows(select(of))[0][0]
        return moment

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        with self._connection.begin():
            return self._connection.execute(query).all()


def _on_day(company: int, service_queue: int, date: dt.date) -> list[ColumnElement[bool]]:
    return [
        _CALLS.c.company == company,
        _CALLS.c.service_queue == service_queue,
        _CALLS.c.slot_date == date.isoformat(),
    ]


def _booked(call: NewCall, slot: Slot) -> Select[int]:
    """How many calls are booked for the slot that a call wants."""
    day = _on_day(call.company, call.service_queue, slot.date)
    return select(func.count()).where(*day, _CALLS.c.slot_id == slot.id)


def _first(rows: Sequence[Row[*tuple[Any, ...]]]) -> Call | None:
    return _call(rows[0]) if rows else None


def _call(row: Row[*tuple[Any, ...]]) -> Call:
    return Call(
        id=row.id,
        company=row.company,
        service_queue=row.service_queue,
        name=row.name,
        phone_no=row.phone_no,
        fields=tuple(row.fields),
        requested_at=row.requested_at,
        slot=row.slot_date and Slot(dt.date.fromisoformat(row.slot_date), row.slot_id),
        progress=Progress(
            course=Course(row.course),
            since=row.since,
            status=row.status and CallStatus(row.status),
            retries=row.retries,
        ),
    )


def _progress_values(progress: Progress) -> dict[str, object]:
    return {
        "course": progress.course.value,
        "status": progress.status,
        "since": progress.since,
        "retries": progress.retries,
        "due": progress.due,
    }


def _prepare(connection: Connection, database: Path | None) -> None:
    """Take the database for this process alone, and see that it has our tables."""

    def pragma(text: str) -> int:
        return int(connection.exec_driver_sql(f"PRAGMA {text}").scalar() or 0)

    connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
    application, version = pragma("application_id"), pragma("user_version")
    is_new = pragma("schema_version") == 0 and version == 0
    if not is_new and application != APPLICATION_ID:
        raise ConfigurationError(f"the database {database} belongs to something else than a sandbox")
    if not is_new and version != SCHEMA_VERSION:
        raise ConfigurationError(
            f"the database {database} has schema version {version}, and this sandbox reads {SCHEMA_VERSION}"
        )
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    connection.exec_driver_sql("PRAGMA synchronous = FULL")
    connection.exec_driver_sql("BEGIN EXCLUSIVE")
    if is_new:
        _METADATA.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.commit()


def _why_not(error: DatabaseError) -> str:
    reasons = {
        sqlite3.SQLITE_BUSY: "is in use: another sandbox has it",
        sqlite3.SQLITE_NOTADB: "is not a SQLite database",
        sqlite3.SQLITE_CANTOPEN: "cannot be opened: is its folder there, and writable?",
        sqlite3.SQLITE_READONLY: "cannot be written",
    }
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return reasons.get(code & 0xFF, f"cannot be used: {error.orig}")
