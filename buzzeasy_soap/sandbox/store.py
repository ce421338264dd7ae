"""What the sandbox remembers: every question that it asks of its database, and every change.

One connection, used by one thread: each change is one transaction, durable when it returns.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, frozen
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.sandbox.codes import confirmation_code, id_of_code, id_of_pin, pin
from buzzeasy_soap.sandbox.events import CallEvent
from buzzeasy_soap.sandbox.lifecycle import Course, Progress
from buzzeasy_soap.sandbox.schema import CALLS, EVENTS, EWT, METADATA, Instant, open_database
from buzzeasy_soap.sandbox.slots import Slot


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
    """An expected waiting time, as a queue was given it."""

    minutes: int
    at: dt.datetime


class Store:
    """The tables, and every question that is asked of them."""

    def __init__(self, database: Path | None = None) -> None:
        """Open a file, or None for memory. Raises ConfigurationError."""
        self._engine, self._connection = open_database(database)

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
            result = self._connection.execute(CALLS.insert(), values)
        (id,) = result.inserted_primary_key or (0,)
        return Call(id=id, **asdict(call, recurse=False))

    def bookings(self, company: int, service_queue: int, date: dt.date) -> dict[int, int]:
        """How many calls are booked for each slot of a day, by its id."""
        query = (
            select(CALLS.c.slot_id, func.count())
            .where(*_on_day(company, service_queue, date))
            .group_by(CALLS.c.slot_id)
        )
        return {row[0]: row[1] for row in self._rows(query)}

    def newest_open_call(self, company: int, numbers: Iterable[str]) -> Call | None:
        """The newest call to one of these numbers whose life is not over."""
        query = (
            select(CALLS)
            .where(
                CALLS.c.company == company, CALLS.c.phone_no.in_(sorted(numbers)), CALLS.c.due.is_not(None)
            )
            .order_by(CALLS.c.id.desc())
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
        return _first(self._rows(select(CALLS).where(CALLS.c.id == id)))

    def calls(self) -> list[Call]:
        """All calls, oldest first."""
        return [_call(row) for row in self._rows(select(CALLS).order_by(CALLS.c.id))]

    def due_calls(self, now: dt.datetime) -> list[Call]:
        """The calls for which an event is due."""
        return [_call(row) for row in self._rows(select(CALLS).where(CALLS.c.due <= now))]

    def next_due(self) -> dt.datetime | None:
        """When the next event of any call is due."""
        return self._moment(func.min(CALLS.c.due, type_=Instant))

    def add_progress(self, passed: Sequence[tuple[Call, Progress]]) -> None:
        """Store what calls have gone through, in order."""
        latest = {call.id: progress for call, progress in passed}
        with self._connection.begin():
            self._connection.execute(
                EVENTS.insert(),
                [{"call_id": c.id, "status": p.status, "at": p.since} for c, p in passed],
            )
            self._connection.execute(
                CALLS.update().where(CALLS.c.id == bindparam("changed")),
                [{"changed": id, **_progress_values(progress)} for id, progress in latest.items()],
            )

    def events(self, code: str) -> list[CallEvent]:
        """The past events of a call, in order."""
        return self.all_events(id_of_code(code)).get(code, [])

    def all_events(self, id: int | None = None) -> dict[str, list[CallEvent]]:
        """The past events of all calls, or one, by confirmation code."""
        query = (
            select(CALLS.c.company, EVENTS.c.call_id, EVENTS.c.status, EVENTS.c.at)
            .join(CALLS)
            .order_by(EVENTS.c.id)
        )
        events: dict[str, list[CallEvent]] = {}
        for company, call_id, status, at in self._rows(
            query if id is None else query.where(CALLS.c.id == id)
        ):
            code = confirmation_code(call_id)
            events.setdefault(code, []).append(CallEvent(company, code, CallStatus(status), at))
        return events

    def add_ewt(self, company: int, service_queue: int, update: EwtUpdate) -> None:
        """Store a queue's expected waiting time."""
        values = {
            "company": company,
            "service_queue": service_queue,
            "minutes": update.minutes,
            "at": update.at,
        }
        with self._connection.begin():
            self._connection.execute(EWT.insert(), values)

    def ewt(self, company: int, service_queue: int, *, limit: int) -> list[EwtUpdate]:
        """The latest waiting times of a queue, newest first."""
        query = (
            select(EWT.c.minutes, EWT.c.at)
            .where(EWT.c.company == company, EWT.c.service_queue == service_queue)
            .order_by(EWT.c.id.desc())
            .limit(limit)
        )
        return [EwtUpdate(minutes, at) for minutes, at in self._rows(query)]

    def latest_moment(self) -> dt.datetime | None:
        """The time of the last thing that is stored."""
        columns = (CALLS.c.requested_at, EVENTS.c.at, EWT.c.at)
        moments = [self._moment(func.max(column, type_=Instant)) for column in columns]
        return max((moment for moment in moments if moment), default=None)

    def clear(self) -> None:
        """Forget everything."""
        with self._connection.begin():
            for table in reversed(METADATA.sorted_tables):
                self._connection.execute(table.delete())

    def _moment(self, of: ColumnElement[Any]) -> dt.datetime | None:
        moment: dt.datetime | None = self._rows(select(of))[0][0]
        return moment

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        with self._connection.begin():
            return self._connection.execute(query).all()


def _on_day(company: int, service_queue: int, date: dt.date) -> list[ColumnElement[bool]]:
    return [
        CALLS.c.company == company,
        CALLS.c.service_queue == service_queue,
        CALLS.c.slot_date == date.isoformat(),
    ]


def _booked(call: NewCall, slot: Slot) -> Select[int]:
    """How many calls are booked for the slot that a call wants."""
    day = _on_day(call.company, call.service_queue, slot.date)
    return select(func.count()).where(*day, CALLS.c.slot_id == slot.id)


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
