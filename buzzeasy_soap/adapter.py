"""Domain to records and records to domain: what the service means, and nothing of how it is reached."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, NoReturn, TypedDict, TypeVar, cast
from zoneinfo import ZoneInfo

from attrs import Factory, evolve, field, frozen

from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callbacks
from buzzeasy_soap.enums import Outcome, ReconciliationState, Region, ResultCode
from buzzeasy_soap.errors import (
    AuthenticationFailed,
    BuzzeasyError,
    CallbackRejected,
    ConfigurationError,
    InBlackList,
    InvalidNumberFormat,
    InvalidRequest,
    NotInWhiteList,
    OutOfHours,
    ProtocolError,
    RequestRefused,
    UnableToConnect,
)
from buzzeasy_soap.models import (
    CallbackRequest,
    CallData,
    Confirmation,
    Field,
    Reconciliation,
    TimeSlot,
)
from buzzeasy_soap.wire.delivery import Semantics, settle
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.redaction import Secret, bare, redact
from buzzeasy_soap.wire.xsd import NIL, Nil

Req = TypeVar("Req")
Resp = TypeVar("Resp")
T = TypeVar("T")
V = TypeVar("V")

FIELDS: Final = 10
_INT_MAX: Final = 2**31 - 1
_E164: Final = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)
_SERVICE_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d)[-:](\d\d)[-:](\d\d)", re.ASCII)
_COUNTRY_CODES: Final[Mapping[str, str]] = {Region.GB: "44", Region.IE: "353"}
_REJECTIONS: Final[Mapping[int, tuple[type[CallbackRejected], str]]] = {
    ResultCode.INVALID_NUMBER_FORMAT: (InvalidNumberFormat, "invalid format of the number"),
    ResultCode.UNABLE_TO_CONNECT: (UnableToConnect, "unable to connect to the remote location"),
    ResultCode.OUT_OF_HOURS: (OutOfHours, "out of hours, or the time slot is not to be had"),
    ResultCode.NOT_IN_WHITE_LIST: (NotInWhiteList, "the number is not in the white list"),
    ResultCode.IN_BLACK_LIST: (InBlackList, "the number is in the black list"),
}


class _Fields(TypedDict, total=False):
    """The optional fields by name; a plain dict could be any parameter to a type checker."""

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
class Call(Generic[Req, Resp, T]):
    """A call that is ready to go: the operation, its request, and what the response will mean."""

    operation: Operation[Req, Resp]
    request: Req
    semantics: Semantics
    _meaning: Callable[[Resp], T]

    def answer(self, response: Resp) -> T:
        """What a response means. Raises the error that it means."""
        try:
            return self._meaning(response)
        except BuzzeasyError as error:
            settle(error, self.operation, self.request, self.semantics)
            del response  # it may quote what was sent
            raise bare(error) from None


@frozen
class Adapter:
    """The eight operations in domain terms, for one account of the service.

    Each method checks what it is given and raises InvalidRequest, which names the parameter.
    """

    company: int
    password: Secret
    timezone: ZoneInfo
    """The service's own: its wire knows no zones."""
    service_queue: int | None = None
    reference_field: int | None = None
    """The field, 1 to 10, that takes a unique reference with each request for a callback."""
    semantics: Mapping[str, Semantics] = field(
        init=False, repr=False, default=Factory(lambda self: semantics(self.reference_field), takes_self=True)
    )

    def request_call_when_available(
        self,
        name: str,
        phone_no: str,
        region: Region | str | None,
        fields: Sequence[str | None],
        service_queue: int | None,
    ) -> "Call[Any, Any, Confirmation]":
        region = _region(region)
        return self._call(
            callbacks.REQUEST_CALL_WHEN_AVAILABLE,
            callbacks.RequestCallWhenAvailable(
                name=_text("name", name),
                phone_no=_phone_no(phone_no, region),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
                region=region,
                **self._fields(fields),
            ),
            lambda response: _confirmation(response.request_call_when_available_result),
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
    ) -> "Call[Any, Any, Confirmation]":
        region = _region(region)
        slot, day = self._booking(time_slot, date)
        return self._call(
            callbacks.REQUEST_CALL_SCHEDULE,
            callbacks.RequestCallSchedule(
                name=_text("name", name),
                phone_no=_phone_no(phone_no, region),
                timeslot=slot,
                date=dt.datetime.combine(day, dt.time()),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
                region=region,
                **self._fields(fields),
            ),
            lambda response: _confirmation(response.request_call_schedule_result),
        )

    def get_available_times(
        self, requested_date: dt.datetime, service_queue: int | None
    ) -> "Call[Any, Any, tuple[TimeSlot, ...]]":
        return self._call(
            callbacks.GET_AVAILABLE_TIMES,
            callbacks.GetAvailableTimes(
                requested_date=self._to_service_time("requested_date", requested_date),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
            ),
            lambda response: self._time_slots(response.get_available_times_result),
        )

    def get_next_three_time_slots(
        self, time: dt.datetime, service_queue: int | None
    ) -> "Call[Any, Any, tuple[TimeSlot, ...]]":
        return self._call(
            callbacks.GET_NEXT_THREE_TIME_SLOTS,
            callbacks.GetNextThreeTimeSlots(
                time=self._to_service_time("time", time),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
            ),
            lambda response: self._time_slots(response.get_next_three_time_slots_result),
        )

    def update_ewt_record(self, ewt: int | dt.timedelta, service_queue: int | None) -> "Call[Any, Any, None]":
        return self._call(
            callbacks.UPDATE_EWT_RECORD,
            callbacks.UpdateEWTRecord(
                ewt=_minutes(ewt),
                service_queue=self._queue(service_queue),
                company=self.company,
                password=self.password,
            ),
            lambda response: _done(response.update_ewt_record_result),
        )

    def get_ewt_by_service_id(self, service_queue: int | None) -> "Call[Any, Any, dt.timedelta]":
        return self._call(
            callbacks.GET_EWT_BY_SERVICE_ID,
            callbacks.GetEWTByServiceID(
                service_queue_id=self._queue(service_queue),
                company_id=self.company,
                password=self.password,
            ),
            lambda response: _waiting_time(response.get_ewt_by_service_id_result),
        )

    def get_call_data_by_number(self, presented_number: str) -> "Call[Any, Any, CallData | None]":
        return self._call(
            info.GET_CALL_DATA_BY_NUMBER,
            info.GetCallDataByNumber(
                presented_number=_text("presented_number", presented_number, blank=False),
                company_id=self.company,
                password=self.password,
            ),
            # Source: Buzzeasy Callback API, "GetCallDataByNumber", "Returns", field10.
            lambda response: _call_data(response.get_call_data_by_number_result, "|" * 9 + ","),
        )

    def get_call_data_by_pin(self, pin: str) -> "Call[Any, Any, CallData | None]":
        return self._call(
            info.GET_CALL_DATA_BY_PIN,
            info.GetCallDataByPin(
                pin=_text("pin", pin, blank=False),
                company_id=self.company,
                password=self.password,
            ),
            lambda response: _call_data(response.get_call_data_by_pin_result, "," * 10),
        )

    def to_reconcile(self, error: BuzzeasyError) -> CallbackRequest:
        """The request that an error is about, if it can be looked for. Raises what it lacks."""
        asked = error.callback_request
        if asked is None:
            _refuse("error", "must be one whose callback_request is set: its outcome is known otherwise")
        if self.reference_field is None or asked.reference is None:
            raise ConfigurationError(
                "reconcile needs a client with reference_field set when the callback was requested: "
                "without a reference of its own a callback cannot be told from another"
            )
        return asked

    def reconciliation(self, asked: CallbackRequest, data: CallData | None) -> Reconciliation:
        """What the newest open call of a number says of a request for one."""
        found = data.fields[(self.reference_field or 1) - 1] if data is not None else None
        if data is None or found is None or found.value != asked.reference:
            return Reconciliation(ReconciliationState.NOT_FOUND, None)
        code = data.confirmation_code
        return Reconciliation(ReconciliationState.PLACED, None if code is None else Confirmation(code))

    def for_queue(self, service_queue: int | None) -> "Adapter":
        """The same account with another queue for the calls that name none."""
        if service_queue is None:
            return self
        return evolve(self, service_queue=whole_number("service_queue", service_queue))

    def _call(
        self, operation: Operation[Req, Resp], request: Req, meaning: Callable[[Resp], T]
    ) -> Call[Req, Resp, T]:
        return Call(operation, request, self.semantics[operation.name], meaning)

    def _queue(self, service_queue: int | None) -> int:
        queue = self.service_queue if service_queue is None else service_queue
        if queue is None:
            _refuse("service_queue", "must be given, to the client or to the call")
        return whole_number("service_queue", queue)

    def _fields(self, values: Sequence[str | None]) -> "_Fields":
        if isinstance(values, str) or not isinstance(values, Sequence):
            _refuse("fields", "must be a sequence of str or None, not one str")
        if len(values) > FIELDS:
            _refuse("fields", f"must be {FIELDS} at the most, not {len(values)}")
        filled = {
            f"field{n}": _text(f"fields[{n - 1}]", value)
            for n, value in enumerate(values, 1)
            if value is not None
        }
        if self.reference_field is not None:
            name = f"field{self.reference_field}"
            if name in filled:
                _refuse("fields", f"leaves no room in {name}, which is the client's reference_field")
            filled[name] = str(uuid.uuid4())
        return cast(_Fields, filled)

    def _booking(self, time_slot: TimeSlot | int, date: dt.date | None) -> tuple[int, dt.date]:
        if isinstance(date, dt.datetime):
            _refuse("date", "must be a datetime.date: a datetime can mean another day in another zone")
        if date is not None and not isinstance(date, dt.date):
            _refuse("date", f"must be a datetime.date, not {type(date).__name__}")
        if not isinstance(time_slot, TimeSlot):
            slot = whole_number("time_slot", time_slot)
            if date is None:
                _refuse("date", "must be given with the id of a time slot")
            return slot, date
        day = time_slot.start.astimezone(self.timezone).date()
        if date is not None and date != day:
            _refuse("date", f"must be the time slot's own, {day}, or be left out")
        return time_slot.id, day

    def _to_service_time(self, parameter: str, value: dt.datetime) -> dt.datetime:
        if not isinstance(value, dt.datetime):
            _refuse(parameter, f"must be a datetime, not {type(value).__name__}")
        if value.tzinfo is None:
            return value
        try:
            return value.astimezone(self.timezone).replace(tzinfo=None)
        except OverflowError:
            _refuse(parameter, "is outside the years 1 to 9999 in the service's time zone")

    def _time_slots(self, result: "callbacks.ArrayOfTimeSlot | Nil | None") -> tuple[TimeSlot, ...]:
        slots = _present(result)
        if slots is None:
            raise RequestRefused(
                "the service answered no list of time slots: check company, password and service queue"
            )
        return tuple(self._time_slot(slot) for slot in slots.time_slot)

    def _time_slot(self, slot: "callbacks.TimeSlot | Nil") -> TimeSlot:
        if slot is NIL or slot.time_slot_id is None:
            raise ProtocolError("a time slot has no TimeSlotID")
        return TimeSlot(
            id=slot.time_slot_id,
            start=self._from_service_time(slot.time_from),
            end=self._from_service_time(slot.time_to),
            available=bool(slot.available),
        )

    def _from_service_time(self, text: str | Nil | None) -> dt.datetime:
        match = _SERVICE_TIME.fullmatch(_present(text) or "")
        try:
            if match is None:
                raise ValueError
            year, month, day, hour, minute, second = map(int, match.groups())
            return dt.datetime(year, month, day, hour, minute, second, tzinfo=self.timezone)
        except ValueError:
            told = redact(str(text), self)[:40]
            raise ProtocolError(f"the time of a slot is {told!r}, not yyyy-MM-dd HH-mm-ss") from None


def semantics(reference_field: int | None) -> Mapping[str, Semantics]:
    """Which operations may be sent again, and which place callbacks: knowledge of this service."""

    def places_callback(operation: Operation[Any, Any]) -> Semantics:
        return Semantics(
            callback_request=lambda request: _callback_request(operation.name, request, reference_field)
        )

    repeatable = Semantics(repeatable=True)
    return {
        callbacks.REQUEST_CALL_WHEN_AVAILABLE.name: places_callback(callbacks.REQUEST_CALL_WHEN_AVAILABLE),
        callbacks.REQUEST_CALL_SCHEDULE.name: places_callback(callbacks.REQUEST_CALL_SCHEDULE),
        callbacks.GET_AVAILABLE_TIMES.name: repeatable,
        callbacks.GET_NEXT_THREE_TIME_SLOTS.name: repeatable,
        callbacks.UPDATE_EWT_RECORD.name: repeatable,  # it sets a value
        callbacks.GET_EWT_BY_SERVICE_ID.name: repeatable,
        info.GET_CALL_DATA_BY_NUMBER.name: repeatable,
        info.GET_CALL_DATA_BY_PIN.name: repeatable,
    }


def _callback_request(operation: str, request: Any, reference_field: int | None) -> CallbackRequest:
    values = [getattr(request, f"field{n}") for n in range(1, FIELDS + 1)]
    reference = None
    if reference_field is not None:
        reference, values[reference_field - 1] = values[reference_field - 1], None
    return CallbackRequest(
        operation=operation,
        name=request.name,
        phone_no=request.phone_no,
        service_queue=request.service_queue,
        region=request.region,
        fields=tuple(values),
        time_slot=getattr(request, "timeslot", None),
        date=request.date.date() if hasattr(request, "date") else None,
        reference=reference,
    )


def _refuse(parameter: str, allowed: str) -> NoReturn:
    raise InvalidRequest(f"{parameter} {allowed}", parameter=parameter)


def _present(value: V | Nil | None) -> V | None:
    """What is neither nil nor left out: the service means the same by both."""
    return None if value is NIL else value


def whole_number(parameter: str, value: object) -> int:
    """An int that the wire can carry. Raises InvalidRequest."""
    if not isinstance(value, int) or isinstance(value, bool) or not -_INT_MAX - 1 <= value <= _INT_MAX:
        _refuse(parameter, "must be a whole number of 32 bits")
    return int(value)


def _text(parameter: str, value: object, *, blank: bool = True) -> str:
    if not isinstance(value, str):
        _refuse(parameter, f"must be a str, not {type(value).__name__}")
    if not blank and not value.strip():
        _refuse(parameter, "must not be blank")
    return value


def _region(value: Region | str | None) -> str | None:
    if value is None:
        return None
    if value not in list(Region):
        _refuse("region", f"must be one of {', '.join(Region)}, or None")
    return str(value)


def _phone_no(value: object, region: str | None) -> str:
    number = _text("phone_no", value, blank=False)
    if region is None and not _E164.fullmatch(number):
        _refuse("phone_no", "must be in E.164 form, as +447700900123, where no region is given")
    return number


def presented_number(asked: CallbackRequest) -> str:
    """The number of a request as a queue presents it: in E.164 form, whatever form it was given in."""
    digits = re.sub(r"[^0-9]", "", asked.phone_no)
    if asked.region is None or asked.phone_no.strip().startswith("+"):
        return f"+{digits}"
    return f"+{_COUNTRY_CODES[asked.region]}{digits.removeprefix('0')}"


def _minutes(ewt: object) -> int:
    if isinstance(ewt, dt.timedelta):
        if ewt % dt.timedelta(minutes=1):
            _refuse("ewt", "must be whole minutes")
        ewt = ewt // dt.timedelta(minutes=1)
    if not isinstance(ewt, int) or isinstance(ewt, bool) or not 0 <= ewt <= _INT_MAX:
        _refuse("ewt", f"must be whole minutes, as int or timedelta, between 0 and {_INT_MAX}")
    return ewt


def _confirmation(result: "callbacks.ResponseMessage | Nil | None") -> Confirmation:
    message = _present(result)
    if message is None:
        raise RequestRefused("the service answered nothing: check company, password and service queue")
    code = _present(message.confirmation_code) or None
    number = message.result_code or 0
    if number == ResultCode.SUCCESSFUL and code is not None:
        return Confirmation(code)
    if number == ResultCode.AUTHENTICATION_FAILED:
        refused = _not_authenticated()
        if code is not None:
            refused.outcome = Outcome.UNKNOWN
        raise refused
    result_code = ResultCode(number) if number in list(ResultCode) else number
    rejection, why = _REJECTIONS.get(number, (CallbackRejected, "for a reason of its own"))
    if number == ResultCode.SUCCESSFUL:
        why = "it gave no confirmation code"
    raise rejection(
        f"the service did not take the callback: {why} (result code {number})",
        result_code=result_code,
        confirmation_code=code,
    )


def _not_authenticated() -> AuthenticationFailed:
    return AuthenticationFailed("the service did not accept company, password or service queue (-1)")


def _done(result: bool | None) -> None:
    if not result:
        raise RequestRefused("the service did not set the EWT: check company, password and service queue")


def _waiting_time(minutes: int | None) -> dt.timedelta:
    if minutes == ResultCode.AUTHENTICATION_FAILED:
        raise _not_authenticated()
    if minutes is None or minutes < 0:
        raise ProtocolError(f"the EWT is {minutes} minutes")
    return dt.timedelta(minutes=minutes)


def _call_data(result: "info.CallData | Nil | None", separators: str) -> CallData | None:
    data = _present(result)
    if data is None:
        return None
    return CallData(
        customer_name=_present(data.customer_name),
        phone_no=_present(data.user_phone_no),
        service_queue=data.service_queue or None,
        service_queue_name=_present(data.service_queue_name),
        retries=data.retries or 0,
        fields=tuple(
            _field(_present(getattr(data, f"field{n}")), separator)
            for n, separator in enumerate(separators, 1)
        ),
        confirmation_code=_present(data.confirmation_code),
        scheduled_time=_present(data.scheduled_time),
        time_called=_present(data.time_called),
    )


def _field(raw: str | None, separator: str) -> Field | None:
    if raw is None:
        return None
    name, found, value = raw.partition(separator)
    if not found:
        return Field(None, raw, raw)
    return Field(name.removesuffix(" "), value.removeprefix(" "), raw)
