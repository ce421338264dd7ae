"""The records, codecs, operations and proxies of RequestCallbackService.

Generated from wsdl/RequestCallbackService.wsdl (sha256 9fb7d001758cec822fba57d97c2e070e235590b3766a8714cc9285490cd74ea4). Do not edit.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import field, frozen
from lxml.etree import _Element

from buzzeasy_soap.wire import xsd
from buzzeasy_soap.wire.operation import (
    AsyncInvoke,
    Invoke,
    Member,
    Message,
    Operation,
    Service,
)
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.xsd import Nil, Reader


_IN_REQUEST_CALLBACK_SERVICE: Final = "{http://schemas.datacontract.org/2004/07/RequestCallbackService}"
_IN_TEMPURI_ORG: Final = "{http://tempuri.org/}"

_TAG_AVAILABLE: Final = _IN_REQUEST_CALLBACK_SERVICE + "Available"
_TAG_CONFIRMATION_CODE: Final = _IN_REQUEST_CALLBACK_SERVICE + "ConfirmationCode"
_TAG_RESULT_CODE: Final = _IN_REQUEST_CALLBACK_SERVICE + "ResultCode"
_TAG_TIME_FROM: Final = _IN_REQUEST_CALLBACK_SERVICE + "TimeFrom"
_TAG_TIME_SLOT: Final = _IN_REQUEST_CALLBACK_SERVICE + "TimeSlot"
_TAG_TIME_SLOT_ID: Final = _IN_REQUEST_CALLBACK_SERVICE + "TimeSlotID"
_TAG_TIME_TO: Final = _IN_REQUEST_CALLBACK_SERVICE + "TimeTo"
_TAG_GET_AVAILABLE_TIMES_RESULT: Final = _IN_TEMPURI_ORG + "GetAvailableTimesResult"
_TAG_GET_EWT_BY_SERVICE_ID_RESULT: Final = _IN_TEMPURI_ORG + "GetEWTByServiceIDResult"
_TAG_GET_NEXT_THREE_TIME_SLOTS_RESULT: Final = _IN_TEMPURI_ORG + "GetNextThreeTimeSlotsResult"
_TAG_REQUEST_CALL_SCHEDULE_RESULT: Final = _IN_TEMPURI_ORG + "RequestCallScheduleResult"
_TAG_REQUEST_CALL_WHEN_AVAILABLE_RESULT: Final = _IN_TEMPURI_ORG + "RequestCallWhenAvailableResult"
_TAG_UPDATE_EWT_RECORD_RESULT: Final = _IN_TEMPURI_ORG + "UpdateEWTRecordResult"
_TAG_COMPANY: Final = _IN_TEMPURI_ORG + "company"
_TAG_COMPANY_ID: Final = _IN_TEMPURI_ORG + "companyID"
_TAG_DATE: Final = _IN_TEMPURI_ORG + "date"
_TAG_EWT: Final = _IN_TEMPURI_ORG + "ewt"
_TAG_FIELD1: Final = _IN_TEMPURI_ORG + "field1"
_TAG_FIELD10: Final = _IN_TEMPURI_ORG + "field10"
_TAG_FIELD2: Final = _IN_TEMPURI_ORG + "field2"
_TAG_FIELD3: Final = _IN_TEMPURI_ORG + "field3"
_TAG_FIELD4: Final = _IN_TEMPURI_ORG + "field4"
_TAG_FIELD5: Final = _IN_TEMPURI_ORG + "field5"
_TAG_FIELD6: Final = _IN_TEMPURI_ORG + "field6"
_TAG_FIELD7: Final = _IN_TEMPURI_ORG + "field7"
_TAG_FIELD8: Final = _IN_TEMPURI_ORG + "field8"
_TAG_FIELD9: Final = _IN_TEMPURI_ORG + "field9"
_TAG_NAME: Final = _IN_TEMPURI_ORG + "name"
_TAG_PASSWORD: Final = _IN_TEMPURI_ORG + "password"
_TAG_PHONE_NO: Final = _IN_TEMPURI_ORG + "phoneNo"
_TAG_REGION: Final = _IN_TEMPURI_ORG + "region"
_TAG_REQUESTED_DATE: Final = _IN_TEMPURI_ORG + "requestedDate"
_TAG_SERVICE_QUEUE: Final = _IN_TEMPURI_ORG + "serviceQueue"
_TAG_SERVICE_QUEUE_ID: Final = _IN_TEMPURI_ORG + "serviceQueueID"
_TAG_TIME: Final = _IN_TEMPURI_ORG + "time"
_TAG_TIMESLOT: Final = _IN_TEMPURI_ORG + "timeslot"


@frozen(kw_only=True)
class TimeSlot:
    """`TimeSlot` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    available: bool | None = field(
        default=None,
        metadata={
            "member": Member("Available", "boolean", optional=True, nillable=False, simple=xsd.BOOLEAN)
        },
    )
    time_from: str | Nil | None = field(
        default=None,
        metadata={"member": Member("TimeFrom", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    time_slot_id: int | None = field(
        default=None,
        metadata={"member": Member("TimeSlotID", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    time_to: str | Nil | None = field(
        default=None,
        metadata={"member": Member("TimeTo", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )


_TIME_SLOT_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_AVAILABLE: False, _TAG_TIME_FROM: False, _TAG_TIME_SLOT_ID: False, _TAG_TIME_TO: False}
)


def encode_time_slot(element: _Element, value: TimeSlot) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_AVAILABLE, value.available, xsd.BOOLEAN, "available")
    xsd.put(element, _TAG_TIME_FROM, value.time_from, xsd.STRING, "time_from")
    xsd.put(element, _TAG_TIME_SLOT_ID, value.time_slot_id, xsd.INT, "time_slot_id")
    xsd.put(element, _TAG_TIME_TO, value.time_to, xsd.STRING, "time_to")


def decode_time_slot(element: _Element, reader: Reader) -> TimeSlot:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _TIME_SLOT_MEMBERS)
    return TimeSlot(
        available=reader.value(members, _TAG_AVAILABLE, xsd.BOOLEAN.parse),
        time_from=reader.nillable(members, _TAG_TIME_FROM, xsd.STRING.parse),
        time_slot_id=reader.value(members, _TAG_TIME_SLOT_ID, xsd.INT.parse),
        time_to=reader.nillable(members, _TAG_TIME_TO, xsd.STRING.parse),
    )


@frozen(kw_only=True)
class ArrayOfTimeSlot:
    """`ArrayOfTimeSlot` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    time_slot: tuple[TimeSlot | Nil, ...] = field(
        default=(),
        metadata={"member": Member("TimeSlot", "TimeSlot", optional=True, nillable=True, repeated=True)},
    )


_ARRAY_OF_TIME_SLOT_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType({_TAG_TIME_SLOT: True})


def encode_array_of_time_slot(element: _Element, value: ArrayOfTimeSlot) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_records(element, _TAG_TIME_SLOT, value.time_slot, encode_time_slot)


def decode_array_of_time_slot(element: _Element, reader: Reader) -> ArrayOfTimeSlot:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _ARRAY_OF_TIME_SLOT_MEMBERS)
    return ArrayOfTimeSlot(time_slot=reader.records(members, _TAG_TIME_SLOT, decode_time_slot))


@frozen(kw_only=True)
class ResponseMessage:
    """`ResponseMessage` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    confirmation_code: str | Nil | None = field(
        default=None,
        metadata={
            "member": Member("ConfirmationCode", "string", optional=True, nillable=True, simple=xsd.STRING)
        },
    )
    result_code: int | None = field(
        default=None,
        metadata={"member": Member("ResultCode", "int", optional=True, nillable=False, simple=xsd.INT)},
    )


_RESPONSE_MESSAGE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_CONFIRMATION_CODE: False, _TAG_RESULT_CODE: False}
)


def encode_response_message(element: _Element, value: ResponseMessage) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_CONFIRMATION_CODE, value.confirmation_code, xsd.STRING, "confirmation_code")
    xsd.put(element, _TAG_RESULT_CODE, value.result_code, xsd.INT, "result_code")


def decode_response_message(element: _Element, reader: Reader) -> ResponseMessage:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _RESPONSE_MESSAGE_MEMBERS)
    return ResponseMessage(
        confirmation_code=reader.nillable(members, _TAG_CONFIRMATION_CODE, xsd.STRING.parse),
        result_code=reader.value(members, _TAG_RESULT_CODE, xsd.INT.parse),
    )


@frozen(kw_only=True)
class GetAvailableTimes:
    """`GetAvailableTimes` of http://tempuri.org/."""

    service_queue: int | None = field(
        default=None,
        metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    company: int | None = field(
        default=None,
        metadata={"member": Member("company", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )
    requested_date: dt.datetime | None = field(
        default=None,
        metadata={
            "member": Member("requestedDate", "dateTime", optional=True, nillable=False, simple=xsd.DATE_TIME)
        },
    )


_GET_AVAILABLE_TIMES_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_SERVICE_QUEUE: False, _TAG_COMPANY: False, _TAG_PASSWORD: False, _TAG_REQUESTED_DATE: False}
)


def encode_get_available_times(element: _Element, value: GetAvailableTimes) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_SERVICE_QUEUE, value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, _TAG_COMPANY, value.company, xsd.INT, "company")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")
    xsd.put(element, _TAG_REQUESTED_DATE, value.requested_date, xsd.DATE_TIME, "requested_date")


def decode_get_available_times(element: _Element, reader: Reader) -> GetAvailableTimes:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_AVAILABLE_TIMES_MEMBERS)
    return GetAvailableTimes(
        service_queue=reader.value(members, _TAG_SERVICE_QUEUE, xsd.INT.parse),
        company=reader.value(members, _TAG_COMPANY, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
        requested_date=reader.value(members, _TAG_REQUESTED_DATE, xsd.DATE_TIME.parse),
    )


@frozen(kw_only=True)
class GetAvailableTimesResponse:
    """`GetAvailableTimesResponse` of http://tempuri.org/."""

    get_available_times_result: ArrayOfTimeSlot | Nil | None = field(
        default=None,
        metadata={
            "member": Member("GetAvailableTimesResult", "ArrayOfTimeSlot", optional=True, nillable=True)
        },
    )


_GET_AVAILABLE_TIMES_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_GET_AVAILABLE_TIMES_RESULT: False}
)


def encode_get_available_times_response(element: _Element, value: GetAvailableTimesResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element, _TAG_GET_AVAILABLE_TIMES_RESULT, value.get_available_times_result, encode_array_of_time_slot
    )


def decode_get_available_times_response(element: _Element, reader: Reader) -> GetAvailableTimesResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_AVAILABLE_TIMES_RESPONSE_MEMBERS)
    return GetAvailableTimesResponse(
        get_available_times_result=reader.record(
            members, _TAG_GET_AVAILABLE_TIMES_RESULT, decode_array_of_time_slot
        )
    )


@frozen(kw_only=True)
class GetEWTByServiceID:
    """`GetEWTByServiceID` of http://tempuri.org/."""

    service_queue_id: int | None = field(
        default=None,
        metadata={"member": Member("serviceQueueID", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    company_id: int | None = field(
        default=None,
        metadata={"member": Member("companyID", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )


_GET_EWT_BY_SERVICE_ID_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_SERVICE_QUEUE_ID: False, _TAG_COMPANY_ID: False, _TAG_PASSWORD: False}
)


def encode_get_ewt_by_service_id(element: _Element, value: GetEWTByServiceID) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_SERVICE_QUEUE_ID, value.service_queue_id, xsd.INT, "service_queue_id")
    xsd.put(element, _TAG_COMPANY_ID, value.company_id, xsd.INT, "company_id")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")


def decode_get_ewt_by_service_id(element: _Element, reader: Reader) -> GetEWTByServiceID:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_EWT_BY_SERVICE_ID_MEMBERS)
    return GetEWTByServiceID(
        service_queue_id=reader.value(members, _TAG_SERVICE_QUEUE_ID, xsd.INT.parse),
        company_id=reader.value(members, _TAG_COMPANY_ID, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class GetEWTByServiceIDResponse:
    """`GetEWTByServiceIDResponse` of http://tempuri.org/."""

    get_ewt_by_service_id_result: int | None = field(
        default=None,
        metadata={
            "member": Member("GetEWTByServiceIDResult", "int", optional=True, nillable=False, simple=xsd.INT)
        },
    )


_GET_EWT_BY_SERVICE_ID_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_GET_EWT_BY_SERVICE_ID_RESULT: False}
)


def encode_get_ewt_by_service_id_response(element: _Element, value: GetEWTByServiceIDResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        _TAG_GET_EWT_BY_SERVICE_ID_RESULT,
        value.get_ewt_by_service_id_result,
        xsd.INT,
        "get_ewt_by_service_id_result",
    )


def decode_get_ewt_by_service_id_response(element: _Element, reader: Reader) -> GetEWTByServiceIDResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_EWT_BY_SERVICE_ID_RESPONSE_MEMBERS)
    return GetEWTByServiceIDResponse(
        get_ewt_by_service_id_result=reader.value(members, _TAG_GET_EWT_BY_SERVICE_ID_RESULT, xsd.INT.parse)
    )


@frozen(kw_only=True)
class GetNextThreeTimeSlots:
    """`GetNextThreeTimeSlots` of http://tempuri.org/."""

    service_queue: int | None = field(
        default=None,
        metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    time: dt.datetime | None = field(
        default=None,
        metadata={"member": Member("time", "dateTime", optional=True, nillable=False, simple=xsd.DATE_TIME)},
    )
    company: int | None = field(
        default=None,
        metadata={"member": Member("company", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )


_GET_NEXT_THREE_TIME_SLOTS_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_SERVICE_QUEUE: False, _TAG_TIME: False, _TAG_COMPANY: False, _TAG_PASSWORD: False}
)


def encode_get_next_three_time_slots(element: _Element, value: GetNextThreeTimeSlots) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_SERVICE_QUEUE, value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, _TAG_TIME, value.time, xsd.DATE_TIME, "time")
    xsd.put(element, _TAG_COMPANY, value.company, xsd.INT, "company")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")


def decode_get_next_three_time_slots(element: _Element, reader: Reader) -> GetNextThreeTimeSlots:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_NEXT_THREE_TIME_SLOTS_MEMBERS)
    return GetNextThreeTimeSlots(
        service_queue=reader.value(members, _TAG_SERVICE_QUEUE, xsd.INT.parse),
        time=reader.value(members, _TAG_TIME, xsd.DATE_TIME.parse),
        company=reader.value(members, _TAG_COMPANY, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class GetNextThreeTimeSlotsResponse:
    """`GetNextThreeTimeSlotsResponse` of http://tempuri.org/."""

    get_next_three_time_slots_result: ArrayOfTimeSlot | Nil | None = field(
        default=None,
        metadata={
            "member": Member("GetNextThreeTimeSlotsResult", "ArrayOfTimeSlot", optional=True, nillable=True)
        },
    )


_GET_NEXT_THREE_TIME_SLOTS_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_GET_NEXT_THREE_TIME_SLOTS_RESULT: False}
)


def encode_get_next_three_time_slots_response(
    element: _Element, value: GetNextThreeTimeSlotsResponse
) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        _TAG_GET_NEXT_THREE_TIME_SLOTS_RESULT,
        value.get_next_three_time_slots_result,
        encode_array_of_time_slot,
    )


def decode_get_next_three_time_slots_response(
    element: _Element, reader: Reader
) -> GetNextThreeTimeSlotsResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_NEXT_THREE_TIME_SLOTS_RESPONSE_MEMBERS)
    return GetNextThreeTimeSlotsResponse(
        get_next_three_time_slots_result=reader.record(
            members, _TAG_GET_NEXT_THREE_TIME_SLOTS_RESULT, decode_array_of_time_slot
        )
    )


@frozen(kw_only=True)
class RequestCallSchedule:
    """`RequestCallSchedule` of http://tempuri.org/."""

    name: str | Nil | None = field(
        default=None,
        metadata={"member": Member("name", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    phone_no: str | Nil | None = field(
        default=None,
        metadata={"member": Member("phoneNo", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    timeslot: int | None = field(
        default=None,
        metadata={"member": Member("timeslot", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    date: dt.datetime | None = field(
        default=None,
        metadata={"member": Member("date", "dateTime", optional=True, nillable=False, simple=xsd.DATE_TIME)},
    )
    service_queue: int | None = field(
        default=None,
        metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    company: int | None = field(
        default=None,
        metadata={"member": Member("company", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )
    region: str | Nil | None = field(
        default=None,
        metadata={"member": Member("region", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field1: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field1", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field2: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field2", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field3: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field3", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field4: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field4", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field5: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field5", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field6: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field6", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field7: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field7", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field8: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field8", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field9: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field9", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field10: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field10", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )


_REQUEST_CALL_SCHEDULE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        _TAG_NAME: False,
        _TAG_PHONE_NO: False,
        _TAG_TIMESLOT: False,
        _TAG_DATE: False,
        _TAG_SERVICE_QUEUE: False,
        _TAG_COMPANY: False,
        _TAG_PASSWORD: False,
        _TAG_REGION: False,
        _TAG_FIELD1: False,
        _TAG_FIELD2: False,
        _TAG_FIELD3: False,
        _TAG_FIELD4: False,
        _TAG_FIELD5: False,
        _TAG_FIELD6: False,
        _TAG_FIELD7: False,
        _TAG_FIELD8: False,
        _TAG_FIELD9: False,
        _TAG_FIELD10: False,
    }
)


def encode_request_call_schedule(element: _Element, value: RequestCallSchedule) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_NAME, value.name, xsd.STRING, "name")
    xsd.put(element, _TAG_PHONE_NO, value.phone_no, xsd.STRING, "phone_no")
    xsd.put(element, _TAG_TIMESLOT, value.timeslot, xsd.INT, "timeslot")
    xsd.put(element, _TAG_DATE, value.date, xsd.DATE_TIME, "date")
    xsd.put(element, _TAG_SERVICE_QUEUE, value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, _TAG_COMPANY, value.company, xsd.INT, "company")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")
    xsd.put(element, _TAG_REGION, value.region, xsd.STRING, "region")
    xsd.put(element, _TAG_FIELD1, value.field1, xsd.STRING, "field1")
    xsd.put(element, _TAG_FIELD2, value.field2, xsd.STRING, "field2")
    xsd.put(element, _TAG_FIELD3, value.field3, xsd.STRING, "field3")
    xsd.put(element, _TAG_FIELD4, value.field4, xsd.STRING, "field4")
    xsd.put(element, _TAG_FIELD5, value.field5, xsd.STRING, "field5")
    xsd.put(element, _TAG_FIELD6, value.field6, xsd.STRING, "field6")
    xsd.put(element, _TAG_FIELD7, value.field7, xsd.STRING, "field7")
    xsd.put(element, _TAG_FIELD8, value.field8, xsd.STRING, "field8")
    xsd.put(element, _TAG_FIELD9, value.field9, xsd.STRING, "field9")
    xsd.put(element, _TAG_FIELD10, value.field10, xsd.STRING, "field10")


def decode_request_call_schedule(element: _Element, reader: Reader) -> RequestCallSchedule:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _REQUEST_CALL_SCHEDULE_MEMBERS)
    return RequestCallSchedule(
        name=reader.nillable(members, _TAG_NAME, xsd.STRING.parse),
        phone_no=reader.nillable(members, _TAG_PHONE_NO, xsd.STRING.parse),
        timeslot=reader.value(members, _TAG_TIMESLOT, xsd.INT.parse),
        date=reader.value(members, _TAG_DATE, xsd.DATE_TIME.parse),
        service_queue=reader.value(members, _TAG_SERVICE_QUEUE, xsd.INT.parse),
        company=reader.value(members, _TAG_COMPANY, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
        region=reader.nillable(members, _TAG_REGION, xsd.STRING.parse),
        field1=reader.nillable(members, _TAG_FIELD1, xsd.STRING.parse),
        field2=reader.nillable(members, _TAG_FIELD2, xsd.STRING.parse),
        field3=reader.nillable(members, _TAG_FIELD3, xsd.STRING.parse),
        field4=reader.nillable(members, _TAG_FIELD4, xsd.STRING.parse),
        field5=reader.nillable(members, _TAG_FIELD5, xsd.STRING.parse),
        field6=reader.nillable(members, _TAG_FIELD6, xsd.STRING.parse),
        field7=reader.nillable(members, _TAG_FIELD7, xsd.STRING.parse),
        field8=reader.nillable(members, _TAG_FIELD8, xsd.STRING.parse),
        field9=reader.nillable(members, _TAG_FIELD9, xsd.STRING.parse),
        field10=reader.nillable(members, _TAG_FIELD10, xsd.STRING.parse),
    )


@frozen(kw_only=True)
class RequestCallScheduleResponse:
    """`RequestCallScheduleResponse` of http://tempuri.org/."""

    request_call_schedule_result: ResponseMessage | Nil | None = field(
        default=None,
        metadata={
            "member": Member("RequestCallScheduleResult", "ResponseMessage", optional=True, nillable=True)
        },
    )


_REQUEST_CALL_SCHEDULE_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_REQUEST_CALL_SCHEDULE_RESULT: False}
)


def encode_request_call_schedule_response(element: _Element, value: RequestCallScheduleResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        _TAG_REQUEST_CALL_SCHEDULE_RESULT,
        value.request_call_schedule_result,
        encode_response_message,
    )


def decode_request_call_schedule_response(element: _Element, reader: Reader) -> RequestCallScheduleResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _REQUEST_CALL_SCHEDULE_RESPONSE_MEMBERS)
    return RequestCallScheduleResponse(
        request_call_schedule_result=reader.record(
            members, _TAG_REQUEST_CALL_SCHEDULE_RESULT, decode_response_message
        )
    )


@frozen(kw_only=True)
class RequestCallWhenAvailable:
    """`RequestCallWhenAvailable` of http://tempuri.org/."""

    name: str | Nil | None = field(
        default=None,
        metadata={"member": Member("name", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    phone_no: str | Nil | None = field(
        default=None,
        metadata={"member": Member("phoneNo", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    service_queue: int | None = field(
        default=None,
        metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    company: int | None = field(
        default=None,
        metadata={"member": Member("company", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )
    region: str | Nil | None = field(
        default=None,
        metadata={"member": Member("region", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field1: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field1", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field2: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field2", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field3: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field3", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field4: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field4", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field5: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field5", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field6: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field6", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field7: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field7", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field8: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field8", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field9: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field9", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field10: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field10", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )


_REQUEST_CALL_WHEN_AVAILABLE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        _TAG_NAME: False,
        _TAG_PHONE_NO: False,
        _TAG_SERVICE_QUEUE: False,
        _TAG_COMPANY: False,
        _TAG_PASSWORD: False,
        _TAG_REGION: False,
        _TAG_FIELD1: False,
        _TAG_FIELD2: False,
        _TAG_FIELD3: False,
        _TAG_FIELD4: False,
        _TAG_FIELD5: False,
        _TAG_FIELD6: False,
        _TAG_FIELD7: False,
        _TAG_FIELD8: False,
        _TAG_FIELD9: False,
        _TAG_FIELD10: False,
    }
)


def encode_request_call_when_available(element: _Element, value: RequestCallWhenAvailable) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_NAME, value.name, xsd.STRING, "name")
    xsd.put(element, _TAG_PHONE_NO, value.phone_no, xsd.STRING, "phone_no")
    xsd.put(element, _TAG_SERVICE_QUEUE, value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, _TAG_COMPANY, value.company, xsd.INT, "company")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")
    xsd.put(element, _TAG_REGION, value.region, xsd.STRING, "region")
    xsd.put(element, _TAG_FIELD1, value.field1, xsd.STRING, "field1")
    xsd.put(element, _TAG_FIELD2, value.field2, xsd.STRING, "field2")
    xsd.put(element, _TAG_FIELD3, value.field3, xsd.STRING, "field3")
    xsd.put(element, _TAG_FIELD4, value.field4, xsd.STRING, "field4")
    xsd.put(element, _TAG_FIELD5, value.field5, xsd.STRING, "field5")
    xsd.put(element, _TAG_FIELD6, value.field6, xsd.STRING, "field6")
    xsd.put(element, _TAG_FIELD7, value.field7, xsd.STRING, "field7")
    xsd.put(element, _TAG_FIELD8, value.field8, xsd.STRING, "field8")
    xsd.put(element, _TAG_FIELD9, value.field9, xsd.STRING, "field9")
    xsd.put(element, _TAG_FIELD10, value.field10, xsd.STRING, "field10")


def decode_request_call_when_available(element: _Element, reader: Reader) -> RequestCallWhenAvailable:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _REQUEST_CALL_WHEN_AVAILABLE_MEMBERS)
    return RequestCallWhenAvailable(
        name=reader.nillable(members, _TAG_NAME, xsd.STRING.parse),
        phone_no=reader.nillable(members, _TAG_PHONE_NO, xsd.STRING.parse),
        service_queue=reader.value(members, _TAG_SERVICE_QUEUE, xsd.INT.parse),
        company=reader.value(members, _TAG_COMPANY, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
        region=reader.nillable(members, _TAG_REGION, xsd.STRING.parse),
        field1=reader.nillable(members, _TAG_FIELD1, xsd.STRING.parse),
        field2=reader.nillable(members, _TAG_FIELD2, xsd.STRING.parse),
        field3=reader.nillable(members, _TAG_FIELD3, xsd.STRING.parse),
        field4=reader.nillable(members, _TAG_FIELD4, xsd.STRING.parse),
        field5=reader.nillable(members, _TAG_FIELD5, xsd.STRING.parse),
        field6=reader.nillable(members, _TAG_FIELD6, xsd.STRING.parse),
        field7=reader.nillable(members, _TAG_FIELD7, xsd.STRING.parse),
        field8=reader.nillable(members, _TAG_FIELD8, xsd.STRING.parse),
        field9=reader.nillable(members, _TAG_FIELD9, xsd.STRING.parse),
        field10=reader.nillable(members, _TAG_FIELD10, xsd.STRING.parse),
    )


@frozen(kw_only=True)
class RequestCallWhenAvailableResponse:
    """`RequestCallWhenAvailableResponse` of http://tempuri.org/."""

    request_call_when_available_result: ResponseMessage | Nil | None = field(
        default=None,
        metadata={
            "member": Member(
                "RequestCallWhenAvailableResult", "ResponseMessage", optional=True, nillable=True
            )
        },
    )


_REQUEST_CALL_WHEN_AVAILABLE_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_REQUEST_CALL_WHEN_AVAILABLE_RESULT: False}
)


def encode_request_call_when_available_response(
    element: _Element, value: RequestCallWhenAvailableResponse
) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        _TAG_REQUEST_CALL_WHEN_AVAILABLE_RESULT,
        value.request_call_when_available_result,
        encode_response_message,
    )


def decode_request_call_when_available_response(
    element: _Element, reader: Reader
) -> RequestCallWhenAvailableResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _REQUEST_CALL_WHEN_AVAILABLE_RESPONSE_MEMBERS)
    return RequestCallWhenAvailableResponse(
        request_call_when_available_result=reader.record(
            members, _TAG_REQUEST_CALL_WHEN_AVAILABLE_RESULT, decode_response_message
        )
    )


@frozen(kw_only=True)
class UpdateEWTRecord:
    """`UpdateEWTRecord` of http://tempuri.org/."""

    service_queue: int | None = field(
        default=None,
        metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    ewt: int | None = field(
        default=None, metadata={"member": Member("ewt", "int", optional=True, nillable=False, simple=xsd.INT)}
    )
    company: int | None = field(
        default=None,
        metadata={"member": Member("company", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )


_UPDATE_EWT_RECORD_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_SERVICE_QUEUE: False, _TAG_EWT: False, _TAG_COMPANY: False, _TAG_PASSWORD: False}
)


def encode_update_ewt_record(element: _Element, value: UpdateEWTRecord) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_SERVICE_QUEUE, value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, _TAG_EWT, value.ewt, xsd.INT, "ewt")
    xsd.put(element, _TAG_COMPANY, value.company, xsd.INT, "company")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")


def decode_update_ewt_record(element: _Element, reader: Reader) -> UpdateEWTRecord:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _UPDATE_EWT_RECORD_MEMBERS)
    return UpdateEWTRecord(
        service_queue=reader.value(members, _TAG_SERVICE_QUEUE, xsd.INT.parse),
        ewt=reader.value(members, _TAG_EWT, xsd.INT.parse),
        company=reader.value(members, _TAG_COMPANY, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class UpdateEWTRecordResponse:
    """`UpdateEWTRecordResponse` of http://tempuri.org/."""

    update_ewt_record_result: bool | None = field(
        default=None,
        metadata={
            "member": Member(
                "UpdateEWTRecordResult", "boolean", optional=True, nillable=False, simple=xsd.BOOLEAN
            )
        },
    )


_UPDATE_EWT_RECORD_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_UPDATE_EWT_RECORD_RESULT: False}
)


def encode_update_ewt_record_response(element: _Element, value: UpdateEWTRecordResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        _TAG_UPDATE_EWT_RECORD_RESULT,
        value.update_ewt_record_result,
        xsd.BOOLEAN,
        "update_ewt_record_result",
    )


def decode_update_ewt_record_response(element: _Element, reader: Reader) -> UpdateEWTRecordResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _UPDATE_EWT_RECORD_RESPONSE_MEMBERS)
    return UpdateEWTRecordResponse(
        update_ewt_record_result=reader.value(members, _TAG_UPDATE_EWT_RECORD_RESULT, xsd.BOOLEAN.parse)
    )


GET_AVAILABLE_TIMES: Final = Operation(
    service="RequestCallbackService",
    name="GetAvailableTimes",
    soap_action="http://tempuri.org/IService/GetAvailableTimes",
    request=Message(
        GetAvailableTimes,
        _IN_TEMPURI_ORG + "GetAvailableTimes",
        encode_get_available_times,
        decode_get_available_times,
    ),
    response=Message(
        GetAvailableTimesResponse,
        _IN_TEMPURI_ORG + "GetAvailableTimesResponse",
        encode_get_available_times_response,
        decode_get_available_times_response,
    ),
    result="get_available_times_result",
)


GET_EWT_BY_SERVICE_ID: Final = Operation(
    service="RequestCallbackService",
    name="GetEWTByServiceID",
    soap_action="http://tempuri.org/IService/GetEWTByServiceID",
    request=Message(
        GetEWTByServiceID,
        _IN_TEMPURI_ORG + "GetEWTByServiceID",
        encode_get_ewt_by_service_id,
        decode_get_ewt_by_service_id,
    ),
    response=Message(
        GetEWTByServiceIDResponse,
        _IN_TEMPURI_ORG + "GetEWTByServiceIDResponse",
        encode_get_ewt_by_service_id_response,
        decode_get_ewt_by_service_id_response,
    ),
    result="get_ewt_by_service_id_result",
)


GET_NEXT_THREE_TIME_SLOTS: Final = Operation(
    service="RequestCallbackService",
    name="GetNextThreeTimeSlots",
    soap_action="http://tempuri.org/IService/GetNextThreeTimeSlots",
    request=Message(
        GetNextThreeTimeSlots,
        _IN_TEMPURI_ORG + "GetNextThreeTimeSlots",
        encode_get_next_three_time_slots,
        decode_get_next_three_time_slots,
    ),
    response=Message(
        GetNextThreeTimeSlotsResponse,
        _IN_TEMPURI_ORG + "GetNextThreeTimeSlotsResponse",
        encode_get_next_three_time_slots_response,
        decode_get_next_three_time_slots_response,
    ),
    result="get_next_three_time_slots_result",
)


REQUEST_CALL_SCHEDULE: Final = Operation(
    service="RequestCallbackService",
    name="RequestCallSchedule",
    soap_action="http://tempuri.org/IService/RequestCallSchedule",
    request=Message(
        RequestCallSchedule,
        _IN_TEMPURI_ORG + "RequestCallSchedule",
        encode_request_call_schedule,
        decode_request_call_schedule,
    ),
    response=Message(
        RequestCallScheduleResponse,
        _IN_TEMPURI_ORG + "RequestCallScheduleResponse",
        encode_request_call_schedule_response,
        decode_request_call_schedule_response,
    ),
    result="request_call_schedule_result",
)


REQUEST_CALL_WHEN_AVAILABLE: Final = Operation(
    service="RequestCallbackService",
    name="RequestCallWhenAvailable",
    soap_action="http://tempuri.org/IService/RequestCallWhenAvailable",
    request=Message(
        RequestCallWhenAvailable,
        _IN_TEMPURI_ORG + "RequestCallWhenAvailable",
        encode_request_call_when_available,
        decode_request_call_when_available,
    ),
    response=Message(
        RequestCallWhenAvailableResponse,
        _IN_TEMPURI_ORG + "RequestCallWhenAvailableResponse",
        encode_request_call_when_available_response,
        decode_request_call_when_available_response,
    ),
    result="request_call_when_available_result",
)


UPDATE_EWT_RECORD: Final = Operation(
    service="RequestCallbackService",
    name="UpdateEWTRecord",
    soap_action="http://tempuri.org/IService/UpdateEWTRecord",
    request=Message(
        UpdateEWTRecord,
        _IN_TEMPURI_ORG + "UpdateEWTRecord",
        encode_update_ewt_record,
        decode_update_ewt_record,
    ),
    response=Message(
        UpdateEWTRecordResponse,
        _IN_TEMPURI_ORG + "UpdateEWTRecordResponse",
        encode_update_ewt_record_response,
        decode_update_ewt_record_response,
    ),
    result="update_ewt_record_result",
)


SERVICE: Final = Service(
    name="RequestCallbackService",
    port_type="IService",
    documents=MappingProxyType(
        {
            "RequestCallbackService.wsdl": "9fb7d001758cec822fba57d97c2e070e235590b3766a8714cc9285490cd74ea4",
            "RequestCallbackService.xsd0.xsd": "17ee7e8cc13112f884a288b4f381aee725377e3d0fec576bed3e6f48ed4a1e7d",
            "RequestCallbackService.xsd1.xsd": "002627c4815f41154a5b554406cd0338db0cf3fb43ddeb64870412f39ab5b563",
            "RequestCallbackService.xsd2.xsd": "8fb55164de1bdfc76a4ddec0a84a65e70e0e5f0f53bf48dd9df38f402d8f8134",
        }
    ),
    operations=MappingProxyType(
        {
            operation.name: operation
            for operation in (
                GET_AVAILABLE_TIMES,
                GET_EWT_BY_SERVICE_ID,
                GET_NEXT_THREE_TIME_SLOTS,
                REQUEST_CALL_SCHEDULE,
                REQUEST_CALL_WHEN_AVAILABLE,
                UPDATE_EWT_RECORD,
            )
        }
    ),
)


class RequestCallbackServiceProxy:
    """RequestCallbackService, one method an operation."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke

    def get_available_times(self, request: GetAvailableTimes) -> GetAvailableTimesResponse:
        """Call GetAvailableTimes."""
        return self._invoke(GET_AVAILABLE_TIMES, request)

    def get_ewt_by_service_id(self, request: GetEWTByServiceID) -> GetEWTByServiceIDResponse:
        """Call GetEWTByServiceID."""
        return self._invoke(GET_EWT_BY_SERVICE_ID, request)

    def get_next_three_time_slots(self, request: GetNextThreeTimeSlots) -> GetNextThreeTimeSlotsResponse:
        """Call GetNextThreeTimeSlots."""
        return self._invoke(GET_NEXT_THREE_TIME_SLOTS, request)

    def request_call_schedule(self, request: RequestCallSchedule) -> RequestCallScheduleResponse:
        """Call RequestCallSchedule."""
        return self._invoke(REQUEST_CALL_SCHEDULE, request)

    def request_call_when_available(
        self, request: RequestCallWhenAvailable
    ) -> RequestCallWhenAvailableResponse:
        """Call RequestCallWhenAvailable."""
        return self._invoke(REQUEST_CALL_WHEN_AVAILABLE, request)

    def update_ewt_record(self, request: UpdateEWTRecord) -> UpdateEWTRecordResponse:
        """Call UpdateEWTRecord."""
        return self._invoke(UPDATE_EWT_RECORD, request)


class AsyncRequestCallbackServiceProxy:
    """RequestCallbackService, one method an operation, each a coroutine."""

    def __init__(self, invoke: AsyncInvoke) -> None:
        self._invoke = invoke

    async def get_available_times(self, request: GetAvailableTimes) -> GetAvailableTimesResponse:
        """Call GetAvailableTimes."""
        return await self._invoke(GET_AVAILABLE_TIMES, request)

    async def get_ewt_by_service_id(self, request: GetEWTByServiceID) -> GetEWTByServiceIDResponse:
        """Call GetEWTByServiceID."""
        return await self._invoke(GET_EWT_BY_SERVICE_ID, request)

    async def get_next_three_time_slots(
        self, request: GetNextThreeTimeSlots
    ) -> GetNextThreeTimeSlotsResponse:
        """Call GetNextThreeTimeSlots."""
        return await self._invoke(GET_NEXT_THREE_TIME_SLOTS, request)

    async def request_call_schedule(self, request: RequestCallSchedule) -> RequestCallScheduleResponse:
        """Call RequestCallSchedule."""
        return await self._invoke(REQUEST_CALL_SCHEDULE, request)

    async def request_call_when_available(
        self, request: RequestCallWhenAvailable
    ) -> RequestCallWhenAvailableResponse:
        """Call RequestCallWhenAvailable."""
        return await self._invoke(REQUEST_CALL_WHEN_AVAILABLE, request)

    async def update_ewt_record(self, request: UpdateEWTRecord) -> UpdateEWTRecordResponse:
        """Call UpdateEWTRecord."""
        return await self._invoke(UPDATE_EWT_RECORD, request)
