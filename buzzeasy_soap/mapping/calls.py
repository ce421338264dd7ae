"""Maps between domain objects and records. Knows what the service means, not how it is reached."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, TypedDict, TypeVar, cast
from zoneinfo import ZoneInfo

from attrs import frozen

from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callbacks
from buzzeasy_soap.enums import Outcome, ReconciliationState, Region
from buzzeasy_soap.errors import (
    BuzzeasyError,
    ConfigurationError,
)
from buzzeasy_soap.mapping.parameters import (
    invalid,
    minutes,
    phone_number,
    region_code,
    require_characters,
    text,
    unique_reference,
    whole_number,
)
from buzzeasy_soap.mapping.results import accepted, call_data, confirmation, time_slots, waiting_time
from buzzeasy_soap.models import (
    CallbackRequest,
    CallData,
    Confirmation,
    Reconciliation,
    TimeSlot,
)
from buzzeasy_soap.wire.operation import NO_HEADERS, Operation
from buzzeasy_soap.wire.policy import Describe, attach_request, note_interruption
from buzzeasy_soap.wire.redaction import Secret, without_traceback

Req = TypeVar("Req")
Resp = TypeVar("Resp")
T = TypeVar("T")
V = TypeVar("V")

FIELDS: Final = 10
_SEPARATOR: Final = re.compile(r"[|,]")


class _Fields(TypedDict, total=False):
    """The optional fields by name. A type checker would accept a plain dict as any parameter."""

    field1: str
    field2: str
    field3: str
    field4: str
    field5: str
    field6: str
    field7: str
    field8: str
    field9: str
    field10: str


@frozen
class PreparedCall(Generic[Req, Resp, T]):
    """A call ready to be sent: the operation, its request, and how to read the response."""

    operation: Operation[Req, Resp]
    request: Req
    describe: Describe
    _meaning: Callable[[Resp], T]
    headers: Mapping[str, object] = NO_HEADERS
    """The values of the operation's SOAP headers, by their fields."""

    def answer(self, response: Resp) -> T:
        """Return the result that a response means, or raise the error that it means."""
        try:
            return self._meaning(response)
        except BuzzeasyError as error:
            attach_request(error, self.operation, self.request, self.describe)
            del response  # it may quote the request
            raise without_traceback(error) from None

    def interrupted(self, error: BaseException) -> None:
        """Note UNKNOWN on what interrupts the call once its reply is there, and delivery has done its part."""
        if not hasattr(error, "outcome"):
            note_interruption(error, Outcome.UNKNOWN, self.operation, self.request, self.describe)


@frozen
class Adapter:
    """The eight operations in domain terms, for one account of the service.

    Each method checks its arguments and raises InvalidRequest, which names the parameter.
    """

    company: int
    password: Secret
    timezone: ZoneInfo
    """The service's time zone: times on the wire have none."""
    service_queue: int | None = None
    reference_field: int | None = None
    """Number of the field, 1 to 10, that carries a unique reference in each request for a callback."""

    def request_call_when_available(
        self,
        name: str,
        phone_no: str,
        region: Region | str | None,
        fields: Sequence[str | None],
        service_queue: int | None,
        reference: str | None = None,
    ) -> "PreparedCall[Any, Any, Confirmation]":
        region = region_code(region)
        return self._prepare(
            callbacks.REQUEST_CALL_WHEN_AVAILABLE,
            callbacks.RequestCallWhenAvailable(
                name=text("name", name, blank=False),
                phone_no=phone_number(phone_no, region),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
                region=region,
                **self._fields(fields, reference),
            ),
            lambda response: confirmation(response.request_call_when_available_result),
        )

    def request_call_schedule(
        self,
        name: str,
        phone_no: str,
        time_slot: TimeSlot | int,
        date: dt.date | None,
        region: Region | str | None,
        fields: Sequence[str | None],
        service_queue: int | None,
        reference: str | None = None,
    ) -> "PreparedCall[Any, Any, Confirmation]":
        region = region_code(region)
        slot, day = self._booking(time_slot, date)
        return self._prepare(
            callbacks.REQUEST_CALL_SCHEDULE,
            callbacks.RequestCallSchedule(
                name=text("name", name, blank=False),
                phone_no=phone_number(phone_no, region),
                timeslot=slot,
                date=dt.datetime.combine(day, dt.time()),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
                region=region,
                **self._fields(fields, reference),
            ),
            lambda response: confirmation(response.request_call_schedule_result),
        )

    def request_callback(self, asked: CallbackRequest) -> "PreparedCall[Any, Any, Confirmation]":
        if not isinstance(asked, CallbackRequest):
            invalid("request", f"must be a CallbackRequest, not {type(asked).__name__}")
        # The reference's own field is None in it.
        arguments = (asked.region, asked.fields, asked.service_queue, asked.reference)
        if asked.time_slot is None:
            return self.request_call_when_available(asked.name, asked.phone_no, *arguments)
        return self.request_call_schedule(asked.name, asked.phone_no, asked.time_slot, asked.date, *arguments)

    def check_callback(
        self,
        name: str,
        phone_no: str,
        time_slot: TimeSlot | int | None,
        date: dt.date | None,
        region: Region | str | None,
        fields: Sequence[str | None],
        service_queue: int | None,
        reference: str | None,
    ) -> CallbackRequest:
        arguments = (region, fields, service_queue, reference)
        if time_slot is None:
            if date is not None:
                invalid("date", "requires a time_slot")
            call = self.request_call_when_available(name, phone_no, *arguments)
        else:
            call = self.request_call_schedule(name, phone_no, time_slot, date, *arguments)
        require_characters(call.request)
        return self.callback_request(call.operation, call.request)

    def get_available_times(
        self, requested_date: dt.datetime | dt.date, service_queue: int | None
    ) -> "PreparedCall[Any, Any, tuple[TimeSlot, ...]]":
        return self._prepare(
            callbacks.GET_AVAILABLE_TIMES,
            callbacks.GetAvailableTimes(
                requested_date=self._to_service_time("requested_date", requested_date),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
            ),
            lambda response: time_slots(response.get_available_times_result, self.timezone),
        )

    def get_next_three_time_slots(
        self, time: dt.datetime | dt.date, service_queue: int | None
    ) -> "PreparedCall[Any, Any, tuple[TimeSlot, ...]]":
        return self._prepare(
            callbacks.GET_NEXT_THREE_TIME_SLOTS,
            callbacks.GetNextThreeTimeSlots(
                time=self._to_service_time("time", time),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
            ),
            lambda response: time_slots(response.get_next_three_time_slots_result, self.timezone),
        )

    def update_ewt_record(
        self, ewt: int | dt.timedelta, service_queue: int | None
    ) -> "PreparedCall[Any, Any, None]":
        return self._prepare(
            callbacks.UPDATE_EWT_RECORD,
            callbacks.UpdateEWTRecord(
                ewt=minutes(ewt),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
            ),
            lambda response: accepted(response.update_ewt_record_result, "the service did not set the EWT"),
        )

    def get_ewt_by_service_id(self, service_queue: int | None) -> "PreparedCall[Any, Any, dt.timedelta]":
        return self._prepare(
            callbacks.GET_EWT_BY_SERVICE_ID,
            callbacks.GetEWTByServiceID(
                service_queue_id=self._queue(service_queue),
                company_id=self.company,
                password=self.password,
            ),
            lambda response: waiting_time(response.get_ewt_by_service_id_result),
        )

    def get_call_data_by_number(self, presented_number: str) -> "PreparedCall[Any, Any, CallData | None]":
        return self._prepare(
            info.GET_CALL_DATA_BY_NUMBER,
            info.GetCallDataByNumber(
                presented_number=text("presented_number", presented_number, blank=False),
                company_id=self.company,
                password=self.password,
            ),
            # Source: Buzzeasy Callback API, "GetCallDataByNumber", "Returns", field10.
            lambda response: call_data(response.get_call_data_by_number_result, "|" * 9 + ","),
        )

    def get_call_data_by_pin(self, pin: str) -> "PreparedCall[Any, Any, CallData | None]":
        return self._prepare(
            info.GET_CALL_DATA_BY_PIN,
            info.GetCallDataByPin(
                pin=text("pin", pin, blank=False),
                company_id=self.company,
                password=self.password,
            ),
            lambda response: call_data(response.get_call_data_by_pin_result, "," * 10),
        )

    def callback_request(self, operation: Operation[Any, Any], request: Any) -> CallbackRequest:
        """The parameters in a record that requests a callback."""
        values = [getattr(request, f"field{n}", None) for n in range(1, FIELDS + 1)]
        reference = None
        if self.reference_field is not None:
            reference, values[self.reference_field - 1] = values[self.reference_field - 1], None
        date = getattr(request, "date", None)
        return CallbackRequest(
            operation=operation.name,
            name=getattr(request, "name", None) or "",
            phone_no=getattr(request, "phone_no", None) or "",
            service_queue=getattr(request, "service_queue", None) or 0,
            region=getattr(request, "region", None) or None,
            fields=tuple(values),
            time_slot=getattr(request, "timeslot", None),
            date=date.date() if isinstance(date, dt.datetime) else None,
            reference=reference,
        )

    def to_reconcile(self, about: BaseException | CallbackRequest) -> CallbackRequest:
        """The request to look for, given itself or an error about it.

        Raises InvalidRequest if an error has none, ConfigurationError if there is no reference.
        """
        asked = about if isinstance(about, CallbackRequest) else getattr(about, "callback_request", None)
        if not isinstance(asked, CallbackRequest):
            invalid("error", "must have its callback_request set: without one, the outcome is already known")
        if self.reference_field is None or asked.reference is None:
            raise ConfigurationError(
                "reconcile requires that the client had reference_field set when it requested the callback: "
                "without a unique reference, one callback cannot be distinguished from another"
            )
        return asked

    def reconciliation(self, asked: CallbackRequest, data: CallData | None) -> Reconciliation:
        """Whether the newest open call of a number is the requested one."""
        found = data.fields[(self.reference_field or 1) - 1] if data is not None else None
        if data is None or found is None or not _bears(found.raw, asked.reference):
            return Reconciliation(ReconciliationState.NOT_FOUND, None)
        code = data.confirmation_code
        return Reconciliation(ReconciliationState.PLACED, None if code is None else Confirmation(code))

    def _prepare(
        self, operation: Operation[Req, Resp], request: Req, meaning: Callable[[Resp], T]
    ) -> PreparedCall[Req, Resp, T]:
        return PreparedCall(operation, request, self.callback_request, meaning)

    def _queue(self, service_queue: int | None) -> int:
        queue = self.service_queue if service_queue is None else service_queue
        if queue is None:
            invalid("service_queue", "is missing: pass it to the client or to the call")
        return whole_number("service_queue", queue)

    def _fields(self, values: Sequence[str | None], reference: str | None) -> "_Fields":
        if isinstance(values, str) or not isinstance(values, Sequence):
            invalid("fields", "must be a sequence of str or None, not a single str")
        if len(values) > FIELDS:
            invalid("fields", f"must hold at most {FIELDS} values, not {len(values)}")
        filled = {
            f"field{n}": value if isinstance(value, str) else text(f"fields[{n - 1}]", value)
            for n, value in enumerate(values, 1)
            if value is not None
        }
        if self.reference_field is None and reference is not None:
            raise ConfigurationError("reference requires a client with reference_field set")
        if self.reference_field is not None:
            name = f"field{self.reference_field}"
            if name in filled:
                invalid("fields", f"must not set {name}, which is the client's reference_field")
            filled[name] = str(uuid.uuid4()) if reference is None else unique_reference(reference)
        return cast(_Fields, filled)

    def _booking(self, time_slot: TimeSlot | int, date: dt.date | None) -> tuple[int, dt.date]:
        if isinstance(date, dt.datetime):
            invalid("date", "must be a datetime.date: a datetime can be a different day in another time zone")
        if date is not None and not isinstance(date, dt.date):
            invalid("date", f"must be a datetime.date, not {type(date).__name__}")
        if not isinstance(time_slot, TimeSlot):
            slot = whole_number("time_slot", time_slot)
            if date is None:
                invalid("date", "is required when time_slot is an id")
            return slot, date
        day = time_slot.start.astimezone(self.timezone).date()
        if date is not None and date != day:
            invalid("date", f"must be the time slot's date, {day}, or be omitted")
        return time_slot.id, day

    def _to_service_time(self, parameter: str, value: dt.datetime | dt.date) -> dt.datetime:
        """A time in the service's time zone, without the zone; a date is its day from the start."""
        if not isinstance(value, dt.date):
            invalid(parameter, f"must be a datetime or a date, not {type(value).__name__}")
        if not isinstance(value, dt.datetime):
            return dt.datetime.combine(value, dt.time())
        if value.tzinfo is None:
            return value
        try:
            return value.astimezone(self.timezone).replace(tzinfo=None)
        except OverflowError:
            invalid(parameter, "is outside the years 1 to 9999 in the service's time zone")


def _bears(raw: str, reference: str | None) -> bool:
    """Whether a field holds the reference, alone or after the field's name.

    A name can contain a separator itself. Part of a longer text never matches: a customer whose
    callback only seems to be placed would never be called.
    """
    return _SEPARATOR.split(raw)[-1].strip() == reference
