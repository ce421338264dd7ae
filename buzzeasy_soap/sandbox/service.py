"""The service itself: its eight operations on plain values, independent of the protocol."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from attrs import frozen

from buzzeasy_soap.enums import ResultCode
from buzzeasy_soap.sandbox import phone
from buzzeasy_soap.sandbox.clock import ServiceClock
from buzzeasy_soap.sandbox.config import Company, SandboxConfig
from buzzeasy_soap.sandbox.events import CallEvent, Events
from buzzeasy_soap.sandbox.lifecycle import Course, Progress, until
from buzzeasy_soap.sandbox.refusals import Position, Refusal, Refusals
from buzzeasy_soap.sandbox.search import NEWEST, Search
from buzzeasy_soap.sandbox.slots import IDS, PLACES, Slot, slots_of
from buzzeasy_soap.sandbox.store import Call, EwtUpdate, NewCall, Store
from buzzeasy_soap.wire.redaction import Secret

HORIZON: Final = dt.timedelta(days=366)
"""How far ahead a slot can be booked."""


class ServiceCrash(Exception):
    """The service failed on a request, as it does for one magic number."""


@frozen
class Credentials:
    """The caller's company, password and service queue."""

    company: int
    password: Secret | None
    service_queue: int | None = None
    """None if the operation takes none."""


@frozen
class CallbackParams:
    """Callback parameters."""

    name: str | None
    phone_no: str | None
    region: str | None
    fields: tuple[str | None, ...]


@frozen
class Answer:
    """The result of a request for a callback."""

    result: ResultCode
    confirmation_code: str | None = None


@frozen
class Found:
    """A page of calls and refusals."""

    items: Sequence[Call | Refusal]
    """Newest first."""
    events: Mapping[str, Sequence[CallEvent]]
    """The past events of its calls, by confirmation code."""
    older: Position | None
    """Where the next page begins, if there is one."""
    total: int
    """Number of calls and refusals on all pages."""


class CallbackService:
    """The operations of both services, over one store and one clock.

    Everything runs in one thread, one call at a time, so two requests cannot take the same place in a
    slot. When a method returns, its changes are durable.
    """

    def __init__(self, config: SandboxConfig, clock: ServiceClock, store: Store) -> None:
        self.config = config
        self.clock = clock
        self.events = Events()
        self.refusals = Refusals()
        self._store = store
        self._newest = store.newest_id()
        latest = store.latest_moment()
        if latest:
            # A database continues from where it ended, regardless of the requested start time.
            clock.not_before(latest)
        self._due = store.next_due()
        self.on_due: Callable[[], None] = lambda: None
        """Called when the time of the next event may have changed."""

    # Request Callback Service

    def request_call_when_available(self, who: Credentials, params: CallbackParams) -> Answer:
        """Source: Buzzeasy Callback API, "RequestCallWhenAvailable"."""
        return self._request(who, params, None)

    def request_call_schedule(
        self, who: Credentials, params: CallbackParams, slot_id: int, date: dt.date
    ) -> Answer:
        """Source: Buzzeasy Callback API, "RequestCallSchedule"."""
        return self._request(who, params, Slot(date, slot_id))

    def get_available_times(self, who: Credentials, after: dt.datetime) -> Sequence[Slot] | None:
        """The free slots of a day from a given time, which is naive and in the service's time zone.

        None for wrong credentials. Source: Buzzeasy Callback API, "GetAvailableTimes".
        """
        company = self._admit(who)
        return None if company is None else self._free_slots(company, who, after)

    def get_next_three_time_slots(self, who: Credentials, after: dt.datetime) -> Sequence[Slot] | None:
        """The next three free slots from a given time, on that day or later.

        None for wrong credentials. Source: Buzzeasy Callback API, "GetNextThreeTimeslots".
        """
        company = self._admit(who)
        if company is None:
            return None
        now = self.clock.local().replace(tzinfo=None)
        start = max(after, now)
        found: list[Slot] = []
        while len(found) < 3 and start < now + HORIZON:
            found += self._free_slots(company, who, start)
            start = dt.datetime.combine(start.date() + dt.timedelta(days=1), dt.time())
        return found[:3]

    def update_ewt_record(self, who: Credentials, minutes: int) -> bool:
        """Source: Buzzeasy Callback API, "UpdateEWTRecord"."""
        if self._admit(who) is None or who.service_queue is None or minutes < 0:
            return False
        self._store.add_ewt(who.company, who.service_queue, EwtUpdate(minutes, self.clock.now()))
        return True

    def get_ewt_by_service_id(self, who: Credentials) -> int:
        """The EWT in minutes: -1 for wrong credentials, 0 if it was never set.

        Source: Buzzeasy Callback API, "GetEWTByServiceID".
        """
        if self._admit(who) is None or who.service_queue is None:
            return -1
        latest = self.ewt_history(who.company, who.service_queue, limit=1)
        return latest[0].minutes if latest else 0

    # BuzzMeInfo

    def get_call_data_by_number(self, who: Credentials, presented: str | None) -> Call | None:
        """The newest open call to the number.

        Source: Buzzeasy Callback API, "GetCallDataByNumber".
        """
        self.run_due_events()
        numbers = phone.presented_numbers(presented)
        if self._admit(who) is None or not numbers:
            return None
        return self._store.newest_open_call(who.company, numbers)

    def get_call_data_by_pin(self, who: Credentials, pin: str | None) -> Call | None:
        """The company's call with that PIN, open or over.

        Source: Buzzeasy Callback API, "GetCallDataByPin".
        """
        self.run_due_events()
        if self._admit(who) is None or pin is None:
            return None
        return self._store.call_by_pin(who.company, pin.strip())

    # What the sandbox shows beyond the service

    def calls(self) -> list[tuple[Call, Sequence[CallEvent]]]:
        """All calls of all companies with their events, oldest first."""
        self.run_due_events()
        calls = self._store.calls()
        events = self._store.events(calls)
        return [(call, events[call.confirmation_code]) for call in calls]

    def find(self, search: Search, before: Position = NEWEST, *, limit: int) -> Found:
        """The newest calls and refusals that a search finds, among those listed after a position."""
        self.run_due_events()
        id, number = before
        calls = self._store.find_calls(search, before=id + (number > 0), limit=limit + 1)
        refusals = [refusal for refusal in self.refusals.latest() if search.finds(refusal)]
        found: list[tuple[Position, Call | Refusal]] = [
            *(((call.id, 0), call) for call in calls),
            *((each.position, each) for each in refusals if each.position < before),
        ]
        found.sort(key=lambda item: item[0], reverse=True)
        shown = found[:limit]
        return Found(
            items=[item for _, item in shown],
            events=self._store.events([item for _, item in shown if isinstance(item, Call)]),
            older=shown[-1][0] if len(found) > limit else None,
            total=self._store.count_calls(search) + len(refusals),
        )

    def call(self, code: str) -> tuple[Call, Sequence[CallEvent]] | None:
        """One call with its events."""
        self.run_due_events()
        call = self._store.call_by_code(code)
        return None if call is None else (call, self._store.events([call])[call.confirmation_code])

    def events_of(self, code: str) -> Sequence[CallEvent] | None:
        """The past events of a call, in order; None if there is no such call."""
        found = self.call(code)
        return None if found is None else found[1]

    def ewt_history(self, company: int, service_queue: int, *, limit: int) -> list[EwtUpdate]:
        """The latest waiting times of a queue, newest first."""
        return self._store.ewt(company, service_queue, limit=limit)

    def reset(self) -> None:
        """Delete all calls, refusals and waiting times, and restart the clock."""
        self._store.clear()
        self.refusals.clear()
        self.clock.begin()
        self._due = None

    # The passing of time

    def advance(self, seconds: float) -> None:
        """Advance the clock and run all events that are due. Raises ValueError."""
        self.clock.advance(seconds)
        self.run_due_events()
        self.on_due()

    def set_speed(self, speed: float) -> None:
        """Let the clock run at another speed. Raises ValueError."""
        self.clock.set_speed(speed)
        self.on_due()

    def run_due_events(self) -> None:
        """Run all events that are due."""
        now = self.clock.now()
        if self._due is None or self._due > now:
            return
        passed = [
            (call, progress) for call in self._store.due_calls(now) for progress in until(call.progress, now)
        ]
        passed.sort(key=lambda step: (step[1].since, step[0].id))
        self._store.add_progress(passed)
        self._due = self._store.next_due()
        for call, progress in passed:
            if progress.status is not None:
                self.events.publish(
                    CallEvent(call.company, call.confirmation_code, progress.status, progress.since)
                )

    @property
    def seconds_to_next_event(self) -> float | None:
        """Real seconds until the next event is due, or None if there is none."""
        return None if self._due is None else self.clock.real_seconds_until(self._due)

    def _expect(self, due: dt.datetime | None) -> None:
        """Note when an event is due; what waits for the next one is woken only where this one is earlier."""
        if due is not None and (self._due is None or due < self._due):
            self._due = due
            self.on_due()

    def _admit(self, who: Credentials) -> Company | None:
        """The company, or None if its password or service queue is wrong."""
        company = self.config.companies.get(who.company)
        if company is None or who.password is None or not company.accepts(who.password):
            return None
        if who.service_queue is not None and who.service_queue not in company.queues:
            return None
        return company

    def _request(self, who: Credentials, params: CallbackParams, slot: Slot | None) -> Answer:
        answer = self._place(who, params, slot)
        if answer.result is not ResultCode.SUCCESSFUL:
            self.refusals.add(
                Refusal(
                    after=self._newest,
                    at=self.clock.now(),
                    company=who.company,
                    service_queue=who.service_queue or 0,
                    name=params.name,
                    phone_no=params.phone_no,
                    slot=slot,
                    result=answer.result,
                ),
                secrets=[who, *self.config.companies.values()],
            )
        return answer

    def _place(self, who: Credentials, params: CallbackParams, slot: Slot | None) -> Answer:
        company = self._admit(who)
        if company is None or who.service_queue is None:
            return Answer(ResultCode.AUTHENTICATION_FAILED)
        number = phone.read_number(params.phone_no, params.region)
        if number is None:
            return Answer(ResultCode.INVALID_NUMBER_FORMAT)
        if number == phone.CRASHING:
            raise ServiceCrash
        if number in phone.REJECTED:
            return Answer(phone.REJECTED[number])
        if number in company.black_list:
            return Answer(ResultCode.IN_BLACK_LIST)
        if company.white_list is not None and number not in company.white_list:
            return Answer(ResultCode.NOT_IN_WHITE_LIST)
        if slot is None and not self._is_open(company, self.clock.local()):
            return Answer(ResultCode.OUT_OF_HOURS)
        if slot is not None and not self._is_bookable(company, slot, self.clock.local().replace(tzinfo=None)):
            return Answer(ResultCode.OUT_OF_HOURS)
        now = self.clock.now()
        begins = slot.start(self.clock.zone).astimezone(dt.UTC) if slot else now
        progress = Progress(phone.COURSES.get(number, Course.SUCCEEDS), begins)
        call = self._store.add_call(
            NewCall(
                company=who.company,
                service_queue=who.service_queue,
                name=params.name,
                phone_no=number,
                fields=params.fields,
                requested_at=now,
                slot=slot,
                progress=progress,
            ),
            places=PLACES,
        )
        if call is None:
            return Answer(ResultCode.OUT_OF_HOURS)
        self._newest = call.id
        self._expect(progress.due)
        return Answer(ResultCode.SUCCESSFUL, call.confirmation_code)

    def _free_slots(self, company: Company, who: Credentials, after: dt.datetime) -> list[Slot]:
        """The slots that can be booked on the day of `after`, from that time."""
        now = self.clock.local().replace(tzinfo=None)
        slots = [
            slot
            for slot in slots_of(after.date())
            if slot.local_start >= after and self._is_bookable(company, slot, now)
        ]
        if not slots or who.service_queue is None:
            return []
        booked = self._store.bookings(who.company, who.service_queue, after.date())
        return [slot for slot in slots if booked.get(slot.id, 0) < PLACES]

    def _is_bookable(self, company: Company, slot: Slot, now: dt.datetime) -> bool:
        """Whether a slot is within the next year and within opening hours; it may be full."""
        return (
            slot.id in IDS
            and now <= slot.local_start < now + HORIZON
            and self._is_open(company, slot.local_start)
        )

    def _is_open(self, company: Company, local: dt.datetime) -> bool:
        return company.opening_hours is None or company.opening_hours.is_open(local)
