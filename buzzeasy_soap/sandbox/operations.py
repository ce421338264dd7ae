"""The contract's operations: converts between its records and the service's plain values.

Used by SOAP and REST. Nulls are read as WCF reads them: a missing number is 0, and a missing time is
the first moment of the calendar.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar

from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callback
from buzzeasy_soap.sandbox.service import Answer, CallbackParams, CallbackService, Credentials, ServiceCrash
from buzzeasy_soap.sandbox.slots import Slot
from buzzeasy_soap.sandbox.store import Call
from buzzeasy_soap.wire.operation import Operation, Service
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.xsd import NIL, Nil

T = TypeVar("T")

_FIELDS: Final = tuple(f"field{number}" for number in range(1, 11))


class _CallbackRecord(Protocol):
    """The members common to the requests of both RequestCall operations."""

    @property
    def name(self) -> str | Nil | None: ...
    @property
    def phone_no(self) -> str | Nil | None: ...
    @property
    def service_queue(self) -> int | None: ...
    @property
    def company(self) -> int | None: ...
    @property
    def password(self) -> Secret | Nil | None: ...
    @property
    def region(self) -> str | Nil | None: ...


def perform(service: CallbackService, operation: Operation[Any, Any], request: object) -> object:
    """Run an operation: takes its request record and returns its response record. Raises ServiceCrash."""
    handler = _HANDLERS.get(operation.name)
    if handler is None:
        raise ServiceCrash
    return handler(service, request)


def unhandled(services: Iterable[Service]) -> list[str]:
    """The names of the operations that the sandbox does not implement."""
    return [name for service in services for name in service.operations if name not in _HANDLERS]


def _request_call_when_available(
    service: CallbackService, request: callback.RequestCallWhenAvailable
) -> callback.RequestCallWhenAvailableResponse:
    answer = service.request_call_when_available(_requester(request), _params(request))
    return callback.RequestCallWhenAvailableResponse(request_call_when_available_result=_message(answer))


def _request_call_schedule(
    service: CallbackService, request: callback.RequestCallSchedule
) -> callback.RequestCallScheduleResponse:
    date = _local(service, request.date).date()
    answer = service.request_call_schedule(_requester(request), _params(request), request.timeslot or 0, date)
    return callback.RequestCallScheduleResponse(request_call_schedule_result=_message(answer))


def _get_available_times(
    service: CallbackService, request: callback.GetAvailableTimes
) -> callback.GetAvailableTimesResponse:
    who = _who(request.company, request.password, request.service_queue or 0)
    slots = service.get_available_times(who, _local(service, request.requested_date))
    return callback.GetAvailableTimesResponse(get_available_times_result=_slots(slots))


def _get_next_three_time_slots(
    service: CallbackService, request: callback.GetNextThreeTimeSlots
) -> callback.GetNextThreeTimeSlotsResponse:
    who = _who(request.company, request.password, request.service_queue or 0)
    slots = service.get_next_three_time_slots(who, _local(service, request.time))
    return callback.GetNextThreeTimeSlotsResponse(get_next_three_time_slots_result=_slots(slots))


def _update_ewt_record(
    service: CallbackService, request: callback.UpdateEWTRecord
) -> callback.UpdateEWTRecordResponse:
    who = _who(request.company, request.password, request.service_queue or 0)
    return callback.UpdateEWTRecordResponse(
        update_ewt_record_result=service.update_ewt_record(who, request.ewt or 0)
    )


def _get_ewt_by_service_id(
    service: CallbackService, request: callback.GetEWTByServiceID
) -> callback.GetEWTByServiceIDResponse:
    who = _who(request.company_id, request.password, request.service_queue_id or 0)
    return callback.GetEWTByServiceIDResponse(get_ewt_by_service_id_result=service.get_ewt_by_service_id(who))


def _get_call_data_by_number(
    service: CallbackService, request: info.GetCallDataByNumber
) -> info.GetCallDataByNumberResponse:
    who = _who(request.company_id, request.password)
    call = service.get_call_data_by_number(who, _known(request.presented_number))
    return info.GetCallDataByNumberResponse(
        get_call_data_by_number_result=NIL if call is None else _data_by_number(service, call)
    )


def _get_call_data_by_pin(
    service: CallbackService, request: info.GetCallDataByPin
) -> info.GetCallDataByPinResponse:
    who = _who(request.company_id, request.password)
    call = service.get_call_data_by_pin(who, _known(request.pin))
    return info.GetCallDataByPinResponse(
        get_call_data_by_pin_result=NIL if call is None else _data_by_pin(service, call)
    )


_HANDLERS: Final[Mapping[str, Callable[[CallbackService, Any], object]]] = {
    callback.REQUEST_CALL_WHEN_AVAILABLE.name: _request_call_when_available,
    callback.REQUEST_CALL_SCHEDULE.name: _request_call_schedule,
    callback.GET_AVAILABLE_TIMES.name: _get_available_times,
    callback.GET_NEXT_THREE_TIME_SLOTS.name: _get_next_three_time_slots,
    callback.UPDATE_EWT_RECORD.name: _update_ewt_record,
    callback.GET_EWT_BY_SERVICE_ID.name: _get_ewt_by_service_id,
    info.GET_CALL_DATA_BY_NUMBER.name: _get_call_data_by_number,
    info.GET_CALL_DATA_BY_PIN.name: _get_call_data_by_pin,
}


def _known(value: T | Nil | None) -> T | None:
    return None if value is NIL else value


def _or_nil(value: T | None) -> T | Nil:
    return NIL if value is None else value


def _who(company: int | None, password: Secret | Nil | None, service_queue: int | None = None) -> Credentials:
    return Credentials(company or 0, _known(password), service_queue)


def _requester(request: _CallbackRecord) -> Credentials:
    return _who(request.company, request.password, request.service_queue or 0)


def _params(request: _CallbackRecord) -> CallbackParams:
    return CallbackParams(
        name=_known(request.name),
        phone_no=_known(request.phone_no),
        region=_known(request.region),
        fields=tuple(_known(getattr(request, name)) for name in _FIELDS),
    )


def _local(service: CallbackService, moment: dt.datetime | None) -> dt.datetime:
    """Convert a received time to a naive one in the service's time zone."""
    if moment is None:
        return dt.datetime(1, 1, 1)  # noqa: DTZ001 - the service's times have no zone
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(service.clock.zone).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def _service_time(moment: dt.datetime) -> str:
    """Format a time as in the document: `yyyy-MM-dd HH-mm-ss`."""
    return moment.strftime("%Y-%m-%d %H-%M-%S")


def _message(answer: Answer) -> callback.ResponseMessage:
    return callback.ResponseMessage(
        confirmation_code=_or_nil(answer.confirmation_code), result_code=answer.result
    )


def _slots(slots: Sequence[Slot] | None) -> callback.ArrayOfTimeSlot | Nil:
    if slots is None:
        return NIL
    return callback.ArrayOfTimeSlot(time_slot=tuple(map(_free_slot, slots)))


@lru_cache(maxsize=1024)
def _free_slot(slot: Slot) -> callback.TimeSlot:
    return callback.TimeSlot(
        available=True,
        time_from=_service_time(slot.local_start),
        time_slot_id=slot.id,
        time_to=_service_time(slot.local_end),
    )


def _data_by_number(service: CallbackService, call: Call) -> info.CallData:
    company = service.config.companies.get(call.company)
    queue = None if company is None else company.queues.get(call.service_queue)
    scheduled = call.slot.local_start if call.slot else service.clock.local(call.requested_at)
    return info.CallData(
        **_common_data(call),
        **_fields(service, call, lambda number: "," if number == 10 else " | "),
        scheduled_time=_service_time(scheduled),
        time_called=NIL,
        service_queue=0,
        service_queue_name=_or_nil(queue),
    )


def _data_by_pin(service: CallbackService, call: Call) -> info.CallData:
    return info.CallData(
        **_common_data(call),
        **_fields(service, call, lambda _: ","),
        scheduled_time=NIL,
        time_called=_service_time(service.clock.local(call.requested_at)),
        service_queue=call.service_queue,
        service_queue_name=NIL,
    )


def _common_data(call: Call) -> dict[str, Any]:
    return {
        "confirmation_code": call.confirmation_code,
        "customer_name": _or_nil(call.name),
        "user_phone_no": call.phone_no,
        "retries": call.progress.retries,
    }


def _fields(service: CallbackService, call: Call, separator: Callable[[int], str]) -> dict[str, Any]:
    company = service.config.companies.get(call.company)
    return {
        f"field{number}": NIL
        if value is None
        else f"{company.field_name(number) if company else f'field{number}'}{separator(number)}{value}"
        for number, value in enumerate(call.fields, 1)
    }
