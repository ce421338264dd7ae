"""The sandbox's state: all queries and changes of its database.

There is one connection, used by one thread. Each change is one transaction, durable when it returns.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from attrs import asdict, frozen
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.exc import DatabaseError

from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.sandbox.codes import confirmation_code, id_of_code, id_of_pin, pin
from buzzeasy_soap.sandbox.events import CallEvent
from buzzeasy_soap.sandbox.lifecycle import Course, Progress
from buzzeasy_soap.sandbox.schema import (
    CALLS,
    EVENTS,
    EWT,
    METADATA,
    DatabaseUnusable,
    Instant,
    open_database,
)
from buzzeasy_soap.sandbox.search import Search
from buzzeasy_soap.sandbox.slots import Slot

T = TypeVar("T")

_NOT_OURS: Final = (ArithmeticError, LookupError, TypeError, ValueError)
"""Errors raised when reading a row that no sandbox wrote."""
# Made once: SQLAlchemy would derive the key to its cache anew from each new one.
_ADD_CALL: Final = CALLS.insert()
_ADD_EVENT: Final = EVENTS.insert()
_CHANGE_CALL: Final = CALLS.update().where(CALLS.c.id == bindparam("changed"))


@frozen(kw_only=True)
class NewCall:
    """A request for a callback and its progress, before the store assigns an id."""

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
    """A stored request for a callback."""

    id: int

    @property
    def confirmation_code(self) -> str:
        """The code returned to the caller."""
        return confirmation_code(self.id)

    @property
    def pin(self) -> str:
        """The PIN that an agent finds it by."""
        return pin(self.id)


@frozen
class EwtUpdate:
    """A change of a queue's expected waiting time."""

    minutes: int
    at: dt.datetime


class Store:
    """The tables and their queries.

    All methods can raise DatabaseUnusable; a change was then not made.
    """

    def __init__(self, database: Path | None = None) -> None:
        """Open a file, or None for memory. Raises ConfigurationError."""
        self._database = database
        self._engine, self._connection = open_database(database)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()
        self._engine.dispose()

    def add_call(self, call: NewCall, *, places: int) -> Call | None:
        """Store a call. Returns None if its slot already has `places` calls."""
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
        with self._transaction():
            if call.slot and self._connection.execute(_booked(call, call.slot)).scalar_one() >= places:
                return None
            result = self._connection.execute(_ADD_CALL, values)
        (id,) = result.inserted_primary_key or (0,)
        return Call(id=id, **asdict(call, recurse=False))

    def bookings(self, company: int, service_queue: int, date: dt.date) -> dict[int, int]:
        """Number of calls booked on a day, by slot id."""
        query = (
            select(CALLS.c.slot_id, func.count())
            .where(*_on_day(company, service_queue, date))
            .group_by(CALLS.c.slot_id)
        )
        return dict(self._rows(query, lambda row: (row[0], row[1])))

    def newest_open_call(self, company: int, numbers: Iterable[str]) -> Call | None:
        """The newest open call to one of these numbers."""
        query = (
            select(CALLS)
            .where(
                CALLS.c.company == company, CALLS.c.phone_no.in_(sorted(numbers)), CALLS.c.due.is_not(None)
            )
            .order_by(CALLS.c.id.desc())
            .limit(1)
        )
        return next(iter(self._rows(query, _stored_call)), None)

    def call_by_pin(self, company: int, text: str) -> Call | None:
        """The company's call with this PIN, open or over."""
        call = self._call_by_id(id_of_pin(text))
        return call if call and call.company == company else None

    def call_by_code(self, code: str) -> Call | None:
        """The call with this confirmation code, of any company."""
        return self._call_by_id(id_of_code(code))

    def _call_by_id(self, id: int | None) -> Call | None:
        return next(iter(self._rows(select(CALLS).where(CALLS.c.id == id), _stored_call)), None)

    def calls(self) -> list[Call]:
        """All calls, oldest first."""
        return self._rows(select(CALLS).order_by(CALLS.c.id), _stored_call)

    def find_calls(self, search: Search, *, before: int, limit: int) -> list[Call]:
        """The newest calls that a search finds among those with an id below `before`, newest first."""
        query = select(CALLS).where(CALLS.c.id < before, *search.conditions)
        return self._rows(query.order_by(CALLS.c.id.desc()).limit(limit), _stored_call)

    def count_calls(self, search: Search) -> int:
        """The number of calls that a search finds."""
        [count] = self._rows(
            select(func.count(CALLS.c.id)).where(*search.conditions), lambda row: int(row[0])
        )
        return count

    def newest_id(self) -> int:
        """The id of the newest call, or 0."""
        [id] = self._rows(select(func.max(CALLS.c.id)), lambda row: int(row[0] or 0))
        return id

    def due_calls(self, now: dt.datetime) -> list[Call]:
        """The calls with an event that is due."""
        return self._rows(select(CALLS).where(CALLS.c.due <= now), _stored_call)

    def next_due(self) -> dt.datetime | None:
        """When the next event of any call is due."""
        return self._moment(func.min(CALLS.c.due, type_=Instant))

    def add_progress(self, passed: Sequence[tuple[Call, Progress]]) -> None:
        """Store the progress of calls, in order."""
        latest = {call.id: progress for call, progress in passed}
        with self._transaction():
            self._connection.execute(
                _ADD_EVENT,
                [{"call_id": c.id, "status": p.status, "at": p.since} for c, p in passed],
            )
            self._connection.execute(
                _CHANGE_CALL,
                [{"changed": id, **_progress_values(progress)} for id, progress in latest.items()],
            )

    def events(self, calls: Sequence[Call]) -> dict[str, list[CallEvent]]:
        """The past events of calls, in order, by confirmation code."""
        events: dict[str, list[CallEvent]] = {call.confirmation_code: [] for call in calls}
        # One parameter: the number of parameters is limited, the number of calls is not.
        ids = func.json_each(json.dumps([call.id for call in calls])).table_valued("value")
        query = (
            select(CALLS.c.company, EVENTS.c.call_id, EVENTS.c.status, EVENTS.c.at)
            .join(CALLS)
            .where(EVENTS.c.call_id.in_(select(ids.c.value)))
            .order_by(EVENTS.c.id)
        )
        for event in self._rows(query, _event):
            events[event.confirmation_code].append(event)
        return events

    def add_ewt(self, company: int, service_queue: int, update: EwtUpdate) -> None:
        """Store a queue's expected waiting time."""
        values = {
            "company": company,
            "service_queue": service_queue,
            "minutes": update.minutes,
            "at": update.at,
        }
        with self._transaction():
            self._connection.execute(EWT.insert(), values)

    def ewt(self, company: int, service_queue: int, *, limit: int) -> list[EwtUpdate]:
        """The latest waiting times of a queue, newest first."""
        query = (
            select(EWT.c.minutes, EWT.c.at)
            .where(EWT.c.company == company, EWT.c.service_queue == service_queue)
            .order_by(EWT.c.id.desc())
            .limit(limit)
        )
        return self._rows(query, lambda row: EwtUpdate(row.minutes, row.at))

    def latest_moment(self) -> dt.datetime | None:
        """The time of the latest change."""
        columns = (CALLS.c.requested_at, EVENTS.c.at, EWT.c.at)
        moments = [self._moment(func.max(column, type_=Instant)) for column in columns]
        return max((moment for moment in moments if moment), default=None)

    def clear(self) -> None:
        """Delete everything."""
        with self._transaction():
            for table in reversed(METADATA.sorted_tables):
                self._connection.execute(table.delete())

    def _moment(self, of: ColumnElement[Any]) -> dt.datetime | None:
        moments: list[dt.datetime | None] = self._rows(select(of), lambda row: row[0])
        return moments[0]

    def _rows(self, query: Select[*tuple[Any, ...]], read: Callable[[Row[*tuple[Any, ...]]], T]) -> list[T]:
        try:
            with self._transaction():
                return [read(row) for row in self._connection.execute(query)]
        except _NOT_OURS:
            raise DatabaseUnusable(self._database, "contains data that no sandbox wrote") from None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with self._connection.begin():
                yield
        except DatabaseError as error:
            raise DatabaseUnusable.because(error, self._database) from None


def _on_day(company: int, service_queue: int, date: dt.date) -> list[ColumnElement[bool]]:
    return [
        CALLS.c.company == company,
        CALLS.c.service_queue == service_queue,
        CALLS.c.slot_date == date.isoformat(),
    ]


def _booked(call: NewCall, slot: Slot) -> Select[int]:
    """A query for the number of calls booked for a call's slot."""
    day = _on_day(call.company, call.service_queue, slot.date)
    return select(func.count()).where(*day, CALLS.c.slot_id == slot.id)


def _stored_call(row: Row[*tuple[Any, ...]]) -> Call:
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


def _event(row: Row[*tuple[Any, ...]]) -> CallEvent:
    return CallEvent(row.company, confirmation_code(row.call_id), CallStatus(row.status), row.at)


def _progress_values(progress: Progress) -> dict[str, object]:
    return {
        "course": progress.course.value,
        "status": progress.status,
        "since": progress.since,
        "retries": progress.retries,
        "due": progress.due,
    }
