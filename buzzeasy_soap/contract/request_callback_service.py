"""The records, codecs, operations and proxies of RequestCallbackService.

Generated from wsdl/RequestCallbackService.wsdl (sha256 9fb7d001758cec822fba57d97c2e070e235590b3766a8714cc9285490cd74ea4). Do not edit.
"""

from collections.abc import Mapping
from datetime import datetime
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


@frozen(kw_only=True)
class TimeSlot:
    """`TimeSlot` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    available: bool | None = field(
        default=None, metadata={"member": Member("Available", "boolean", optional=True, nillable=False)}
    )
    time_from: str | Nil | None = field(
        default=None, metadata={"member": Member("TimeFrom", "string", optional=True, nillable=True)}
    )
    time_slot_id: int | None = field(
        default=None, metadata={"member": Member("TimeSlotID", "int", optional=True, nillable=False)}
    )
    time_to: str | Nil | None = field(
        default=None, metadata={"member": Member("TimeTo", "string", optional=True, nillable=True)}
    )


_TIME_SLOT_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}Available": False,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeFrom": False,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeSlotID": False,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeTo": False,
    }
)


def encode_time_slot(element: _Element, value: TimeSlot) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}Available",
        value.available,
        xsd.BOOLEAN,
        "available",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeFrom",
        value.time_from,
        xsd.STRING,
        "time_from",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeSlotID",
        value.time_slot_id,
        xsd.INT,
        "time_slot_id",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeTo",
        value.time_to,
        xsd.STRING,
        "time_to",
    )


def decode_time_slot(element: _Element, reader: Reader) -> TimeSlot:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _TIME_SLOT_MEMBERS)
    return TimeSlot(
        available=reader.value(
            members,
            "{http://schemas.datacontract.org/2004/07/RequestCallbackService}Available",
            xsd.BOOLEAN.parse,
        ),
        time_from=reader.nillable(
            members,
            "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeFrom",
            xsd.STRING.parse,
        ),
        time_slot_id=reader.value(
            members,
            "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeSlotID",
            xsd.INT.parse,
        ),
        time_to=reader.nillable(
            members,
            "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeTo",
            xsd.STRING.parse,
        ),
    )


@frozen(kw_only=True)
class ArrayOfTimeSlot:
    """`ArrayOfTimeSlot` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    time_slot: tuple[TimeSlot | Nil, ...] = field(
        default=(),
        metadata={"member": Member("TimeSlot", "TimeSlot", optional=True, nillable=True, repeated=True)},
    )


_ARRAY_OF_TIME_SLOT_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {"{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeSlot": True}
)


def encode_array_of_time_slot(element: _Element, value: ArrayOfTimeSlot) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_records(
        element,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeSlot",
        value.time_slot,
        encode_time_slot,
    )


def decode_array_of_time_slot(element: _Element, reader: Reader) -> ArrayOfTimeSlot:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _ARRAY_OF_TIME_SLOT_MEMBERS)
    return ArrayOfTimeSlot(
        time_slot=reader.records(
            members,
            "{http://schemas.datacontract.org/2004/07/RequestCallbackService}TimeSlot",
            decode_time_slot,
        )
    )


@frozen(kw_only=True)
class GetAvailableTimes:
    """`GetAvailableTimes` of http://tempuri.org/."""

    service_queue: int | None = field(
        default=None, metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False)}
    )
    company: int | None = field(
        default=None, metadata={"member": Member("company", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )
    requested_date: datetime | None = field(
        default=None, metadata={"member": Member("requestedDate", "dateTime", optional=True, nillable=False)}
    )


_GET_AVAILABLE_TIMES_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}serviceQueue": False,
        "{http://tempuri.org/}company": False,
        "{http://tempuri.org/}password": False,
        "{http://tempuri.org/}requestedDate": False,
    }
)


def encode_get_available_times(element: _Element, value: GetAvailableTimes) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, "{http://tempuri.org/}serviceQueue", value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, "{http://tempuri.org/}company", value.company, xsd.INT, "company")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")
    xsd.put(
        element, "{http://tempuri.org/}requestedDate", value.requested_date, xsd.DATE_TIME, "requested_date"
    )


def decode_get_available_times(element: _Element, reader: Reader) -> GetAvailableTimes:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_AVAILABLE_TIMES_MEMBERS)
    return GetAvailableTimes(
        service_queue=reader.value(members, "{http://tempuri.org/}serviceQueue", xsd.INT.parse),
        company=reader.value(members, "{http://tempuri.org/}company", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
        requested_date=reader.value(members, "{http://tempuri.org/}requestedDate", xsd.DATE_TIME.parse),
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
    {"{http://tempuri.org/}GetAvailableTimesResult": False}
)


def encode_get_available_times_response(element: _Element, value: GetAvailableTimesResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        "{http://tempuri.org/}GetAvailableTimesResult",
        value.get_available_times_result,
        encode_array_of_time_slot,
    )


def decode_get_available_times_response(element: _Element, reader: Reader) -> GetAvailableTimesResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_AVAILABLE_TIMES_RESPONSE_MEMBERS)
    return GetAvailableTimesResponse(
        get_available_times_result=reader.record(
            members, "{http://tempuri.org/}GetAvailableTimesResult", decode_array_of_time_slot
        )
    )


@frozen(kw_only=True)
class GetEWTByServiceID:
    """`GetEWTByServiceID` of http://tempuri.org/."""

    service_queue_id: int | None = field(
        default=None, metadata={"member": Member("serviceQueueID", "int", optional=True, nillable=False)}
    )
    company_id: int | None = field(
        default=None, metadata={"member": Member("companyID", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )


_GET_EWT_BY_SERVICE_ID_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}serviceQueueID": False,
        "{http://tempuri.org/}companyID": False,
        "{http://tempuri.org/}password": False,
    }
)


def encode_get_ewt_by_service_id(element: _Element, value: GetEWTByServiceID) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element, "{http://tempuri.org/}serviceQueueID", value.service_queue_id, xsd.INT, "service_queue_id"
    )
    xsd.put(element, "{http://tempuri.org/}companyID", value.company_id, xsd.INT, "company_id")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")


def decode_get_ewt_by_service_id(element: _Element, reader: Reader) -> GetEWTByServiceID:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_EWT_BY_SERVICE_ID_MEMBERS)
    return GetEWTByServiceID(
        service_queue_id=reader.value(members, "{http://tempuri.org/}serviceQueueID", xsd.INT.parse),
        company_id=reader.value(members, "{http://tempuri.org/}companyID", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class GetEWTByServiceIDResponse:
    """`GetEWTByServiceIDResponse` of http://tempuri.org/."""

    get_ewt_by_service_id_result: int | None = field(
        default=None,
        metadata={"member": Member("GetEWTByServiceIDResult", "int", optional=True, nillable=False)},
    )


_GET_EWT_BY_SERVICE_ID_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {"{http://tempuri.org/}GetEWTByServiceIDResult": False}
)


def encode_get_ewt_by_service_id_response(element: _Element, value: GetEWTByServiceIDResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        "{http://tempuri.org/}GetEWTByServiceIDResult",
        value.get_ewt_by_service_id_result,
        xsd.INT,
        "get_ewt_by_service_id_result",
    )


def decode_get_ewt_by_service_id_response(element: _Element, reader: Reader) -> GetEWTByServiceIDResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_EWT_BY_SERVICE_ID_RESPONSE_MEMBERS)
    return GetEWTByServiceIDResponse(
        get_ewt_by_service_id_result=reader.value(
            members, "{http://tempuri.org/}GetEWTByServiceIDResult", xsd.INT.parse
        )
    )


@frozen(kw_only=True)
class GetNextThreeTimeSlots:
    """`GetNextThreeTimeSlots` of http://tempuri.org/."""

    service_queue: int | None = field(
        default=None, metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False)}
    )
    time: datetime | None = field(
        default=None, metadata={"member": Member("time", "dateTime", optional=True, nillable=False)}
    )
    company: int | None = field(
        default=None, metadata={"member": Member("company", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )


_GET_NEXT_THREE_TIME_SLOTS_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}serviceQueue": False,
        "{http://tempuri.org/}time": False,
        "{http://tempuri.org/}company": False,
        "{http://tempuri.org/}password": False,
    }
)


def encode_get_next_three_time_slots(element: _Element, value: GetNextThreeTimeSlots) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, "{http://tempuri.org/}serviceQueue", value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, "{http://tempuri.org/}time", value.time, xsd.DATE_TIME, "time")
    xsd.put(element, "{http://tempuri.org/}company", value.company, xsd.INT, "company")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")


def decode_get_next_three_time_slots(element: _Element, reader: Reader) -> GetNextThreeTimeSlots:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_NEXT_THREE_TIME_SLOTS_MEMBERS)
    return GetNextThreeTimeSlots(
        service_queue=reader.value(members, "{http://tempuri.org/}serviceQueue", xsd.INT.parse),
        time=reader.value(members, "{http://tempuri.org/}time", xsd.DATE_TIME.parse),
        company=reader.value(members, "{http://tempuri.org/}company", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
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
    {"{http://tempuri.org/}GetNextThreeTimeSlotsResult": False}
)


def encode_get_next_three_time_slots_response(
    element: _Element, value: GetNextThreeTimeSlotsResponse
) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        "{http://tempuri.org/}GetNextThreeTimeSlotsResult",
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
            members, "{http://tempuri.org/}GetNextThreeTimeSlotsResult", decode_array_of_time_slot
        )
    )


@frozen(kw_only=True)
class RequestCallSchedule:
    """`RequestCallSchedule` of http://tempuri.org/."""

    name: str | Nil | None = field(
        default=None, metadata={"member": Member("name", "string", optional=True, nillable=True)}
    )
    phone_no: str | Nil | None = field(
        default=None, metadata={"member": Member("phoneNo", "string", optional=True, nillable=True)}
    )
    timeslot: int | None = field(
        default=None, metadata={"member": Member("timeslot", "int", optional=True, nillable=False)}
    )
    date: datetime | None = field(
        default=None, metadata={"member": Member("date", "dateTime", optional=True, nillable=False)}
    )
    service_queue: int | None = field(
        default=None, metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False)}
    )
    company: int | None = field(
        default=None, metadata={"member": Member("company", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )
    region: str | Nil | None = field(
        default=None, metadata={"member": Member("region", "string", optional=True, nillable=True)}
    )
    field1: str | Nil | None = field(
        default=None, metadata={"member": Member("field1", "string", optional=True, nillable=True)}
    )
    field2: str | Nil | None = field(
        default=None, metadata={"member": Member("field2", "string", optional=True, nillable=True)}
    )
    field3: str | Nil | None = field(
        default=None, metadata={"member": Member("field3", "string", optional=True, nillable=True)}
    )
    field4: str | Nil | None = field(
        default=None, metadata={"member": Member("field4", "string", optional=True, nillable=True)}
    )
    field5: str | Nil | None = field(
        default=None, metadata={"member": Member("field5", "string", optional=True, nillable=True)}
    )
    field6: str | Nil | None = field(
        default=None, metadata={"member": Member("field6", "string", optional=True, nillable=True)}
    )
    field7: str | Nil | None = field(
        default=None, metadata={"member": Member("field7", "string", optional=True, nillable=True)}
    )
    field8: str | Nil | None = field(
        default=None, metadata={"member": Member("field8", "string", optional=True, nillable=True)}
    )
    field9: str | Nil | None = field(
        default=None, metadata={"member": Member("field9", "string", optional=True, nillable=True)}
    )
    field10: str | Nil | None = field(
        default=None, metadata={"member": Member("field10", "string", optional=True, nillable=True)}
    )


_REQUEST_CALL_SCHEDULE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}name": False,
        "{http://tempuri.org/}phoneNo": False,
        "{http://tempuri.org/}timeslot": False,
        "{http://tempuri.org/}date": False,
        "{http://tempuri.org/}serviceQueue": False,
        "{http://tempuri.org/}company": False,
        "{http://tempuri.org/}password": False,
        "{http://tempuri.org/}region": False,
        "{http://tempuri.org/}field1": False,
        "{http://tempuri.org/}field2": False,
        "{http://tempuri.org/}field3": False,
        "{http://tempuri.org/}field4": False,
        "{http://tempuri.org/}field5": False,
        "{http://tempuri.org/}field6": False,
        "{http://tempuri.org/}field7": False,
        "{http://tempuri.org/}field8": False,
        "{http://tempuri.org/}field9": False,
        "{http://tempuri.org/}field10": False,
    }
)


def encode_request_call_schedule(element: _Element, value: RequestCallSchedule) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, "{http://tempuri.org/}name", value.name, xsd.STRING, "name")
    xsd.put(element, "{http://tempuri.org/}phoneNo", value.phone_no, xsd.STRING, "phone_no")
    xsd.put(element, "{http://tempuri.org/}timeslot", value.timeslot, xsd.INT, "timeslot")
    xsd.put(element, "{http://tempuri.org/}date", value.date, xsd.DATE_TIME, "date")
    xsd.put(element, "{http://tempuri.org/}serviceQueue", value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, "{http://tempuri.org/}company", value.company, xsd.INT, "company")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")
    xsd.put(element, "{http://tempuri.org/}region", value.region, xsd.STRING, "region")
    xsd.put(element, "{http://tempuri.org/}field1", value.field1, xsd.STRING, "field1")
    xsd.put(element, "{http://tempuri.org/}field2", value.field2, xsd.STRING, "field2")
    xsd.put(element, "{http://tempuri.org/}field3", value.field3, xsd.STRING, "field3")
    xsd.put(element, "{http://tempuri.org/}field4", value.field4, xsd.STRING, "field4")
    xsd.put(element, "{http://tempuri.org/}field5", value.field5, xsd.STRING, "field5")
    xsd.put(element, "{http://tempuri.org/}field6", value.field6, xsd.STRING, "field6")
    xsd.put(element, "{http://tempuri.org/}field7", value.field7, xsd.STRING, "field7")
    xsd.put(element, "{http://tempuri.org/}field8", value.field8, xsd.STRING, "field8")
    xsd.put(element, "{http://tempuri.org/}field9", value.field9, xsd.STRING, "field9")
    xsd.put(element, "{http://tempuri.org/}field10", value.field10, xsd.STRING, "field10")


def decode_request_call_schedule(element: _Element, reader: Reader) -> RequestCallSchedule:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _REQUEST_CALL_SCHEDULE_MEMBERS)
    return RequestCallSchedule(
        name=reader.nillable(members, "{http://tempuri.org/}name", xsd.STRING.parse),
        phone_no=reader.nillable(members, "{http://tempuri.org/}phoneNo", xsd.STRING.parse),
        timeslot=reader.value(members, "{http://tempuri.org/}timeslot", xsd.INT.parse),
        date=reader.value(members, "{http://tempuri.org/}date", xsd.DATE_TIME.parse),
        service_queue=reader.value(members, "{http://tempuri.org/}serviceQueue", xsd.INT.parse),
        company=reader.value(members, "{http://tempuri.org/}company", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
        region=reader.nillable(members, "{http://tempuri.org/}region", xsd.STRING.parse),
        field1=reader.nillable(members, "{http://tempuri.org/}field1", xsd.STRING.parse),
        field2=reader.nillable(members, "{http://tempuri.org/}field2", xsd.STRING.parse),
        field3=reader.nillable(members, "{http://tempuri.org/}field3", xsd.STRING.parse),
        field4=reader.nillable(members, "{http://tempuri.org/}field4", xsd.STRING.parse),
        field5=reader.nillable(members, "{http://tempuri.org/}field5", xsd.STRING.parse),
        field6=reader.nillable(members, "{http://tempuri.org/}field6", xsd.STRING.parse),
        field7=reader.nillable(members, "{http://tempuri.org/}field7", xsd.STRING.parse),
        field8=reader.nillable(members, "{http://tempuri.org/}field8", xsd.STRING.parse),
        field9=reader.nillable(members, "{http://tempuri.org/}field9", xsd.STRING.parse),
        field10=reader.nillable(members, "{http://tempuri.org/}field10", xsd.STRING.parse),
    )


@frozen(kw_only=True)
class ResponseMessage:
    """`ResponseMessage` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    confirmation_code: str | Nil | None = field(
        default=None, metadata={"member": Member("ConfirmationCode", "string", optional=True, nillable=True)}
    )
    result_code: int | None = field(
        default=None, metadata={"member": Member("ResultCode", "int", optional=True, nillable=False)}
    )


_RESPONSE_MESSAGE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}ConfirmationCode": False,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}ResultCode": False,
    }
)


def encode_response_message(element: _Element, value: ResponseMessage) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}ConfirmationCode",
        value.confirmation_code,
        xsd.STRING,
        "confirmation_code",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/RequestCallbackService}ResultCode",
        value.result_code,
        xsd.INT,
        "result_code",
    )


def decode_response_message(element: _Element, reader: Reader) -> ResponseMessage:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _RESPONSE_MESSAGE_MEMBERS)
    return ResponseMessage(
        confirmation_code=reader.nillable(
            members,
            "{http://schemas.datacontract.org/2004/07/RequestCallbackService}ConfirmationCode",
            xsd.STRING.parse,
        ),
        result_code=reader.value(
            members,
            "{http://schemas.datacontract.org/2004/07/RequestCallbackService}ResultCode",
            xsd.INT.parse,
        ),
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
    {"{http://tempuri.org/}RequestCallScheduleResult": False}
)


def encode_request_call_schedule_response(element: _Element, value: RequestCallScheduleResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        "{http://tempuri.org/}RequestCallScheduleResult",
        value.request_call_schedule_result,
        encode_response_message,
    )


def decode_request_call_schedule_response(element: _Element, reader: Reader) -> RequestCallScheduleResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _REQUEST_CALL_SCHEDULE_RESPONSE_MEMBERS)
    return RequestCallScheduleResponse(
        request_call_schedule_result=reader.record(
            members, "{http://tempuri.org/}RequestCallScheduleResult", decode_response_message
        )
    )


@frozen(kw_only=True)
class RequestCallWhenAvailable:
    """`RequestCallWhenAvailable` of http://tempuri.org/."""

    name: str | Nil | None = field(
        default=None, metadata={"member": Member("name", "string", optional=True, nillable=True)}
    )
    phone_no: str | Nil | None = field(
        default=None, metadata={"member": Member("phoneNo", "string", optional=True, nillable=True)}
    )
    service_queue: int | None = field(
        default=None, metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False)}
    )
    company: int | None = field(
        default=None, metadata={"member": Member("company", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )
    region: str | Nil | None = field(
        default=None, metadata={"member": Member("region", "string", optional=True, nillable=True)}
    )
    field1: str | Nil | None = field(
        default=None, metadata={"member": Member("field1", "string", optional=True, nillable=True)}
    )
    field2: str | Nil | None = field(
        default=None, metadata={"member": Member("field2", "string", optional=True, nillable=True)}
    )
    field3: str | Nil | None = field(
        default=None, metadata={"member": Member("field3", "string", optional=True, nillable=True)}
    )
    field4: str | Nil | None = field(
        default=None, metadata={"member": Member("field4", "string", optional=True, nillable=True)}
    )
    field5: str | Nil | None = field(
        default=None, metadata={"member": Member("field5", "string", optional=True, nillable=True)}
    )
    field6: str | Nil | None = field(
        default=None, metadata={"member": Member("field6", "string", optional=True, nillable=True)}
    )
    field7: str | Nil | None = field(
        default=None, metadata={"member": Member("field7", "string", optional=True, nillable=True)}
    )
    field8: str | Nil | None = field(
        default=None, metadata={"member": Member("field8", "string", optional=True, nillable=True)}
    )
    field9: str | Nil | None = field(
        default=None, metadata={"member": Member("field9", "string", optional=True, nillable=True)}
    )
    field10: str | Nil | None = field(
        default=None, metadata={"member": Member("field10", "string", optional=True, nillable=True)}
    )


_REQUEST_CALL_WHEN_AVAILABLE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}name": False,
        "{http://tempuri.org/}phoneNo": False,
        "{http://tempuri.org/}serviceQueue": False,
        "{http://tempuri.org/}company": False,
        "{http://tempuri.org/}password": False,
        "{http://tempuri.org/}region": False,
        "{http://tempuri.org/}field1": False,
        "{http://tempuri.org/}field2": False,
        "{http://tempuri.org/}field3": False,
        "{http://tempuri.org/}field4": False,
        "{http://tempuri.org/}field5": False,
        "{http://tempuri.org/}field6": False,
        "{http://tempuri.org/}field7": False,
        "{http://tempuri.org/}field8": False,
        "{http://tempuri.org/}field9": False,
        "{http://tempuri.org/}field10": False,
    }
)


def encode_request_call_when_available(element: _Element, value: RequestCallWhenAvailable) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, "{http://tempuri.org/}name", value.name, xsd.STRING, "name")
    xsd.put(element, "{http://tempuri.org/}phoneNo", value.phone_no, xsd.STRING, "phone_no")
    xsd.put(element, "{http://tempuri.org/}serviceQueue", value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, "{http://tempuri.org/}company", value.company, xsd.INT, "company")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")
    xsd.put(element, "{http://tempuri.org/}region", value.region, xsd.STRING, "region")
    xsd.put(element, "{http://tempuri.org/}field1", value.field1, xsd.STRING, "field1")
    xsd.put(element, "{http://tempuri.org/}field2", value.field2, xsd.STRING, "field2")
    xsd.put(element, "{http://tempuri.org/}field3", value.field3, xsd.STRING, "field3")
    xsd.put(element, "{http://tempuri.org/}field4", value.field4, xsd.STRING, "field4")
    xsd.put(element, "{http://tempuri.org/}field5", value.field5, xsd.STRING, "field5")
    xsd.put(element, "{http://tempuri.org/}field6", value.field6, xsd.STRING, "field6")
    xsd.put(element, "{http://tempuri.org/}field7", value.field7, xsd.STRING, "field7")
    xsd.put(element, "{http://tempuri.org/}field8", value.field8, xsd.STRING, "field8")
    xsd.put(element, "{http://tempuri.org/}field9", value.field9, xsd.STRING, "field9")
    xsd.put(element, "{http://tempuri.org/}field10", value.field10, xsd.STRING, "field10")


def decode_request_call_when_available(element: _Element, reader: Reader) -> RequestCallWhenAvailable:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _REQUEST_CALL_WHEN_AVAILABLE_MEMBERS)
    return RequestCallWhenAvailable(
        name=reader.nillable(members, "{http://tempuri.org/}name", xsd.STRING.parse),
        phone_no=reader.nillable(members, "{http://tempuri.org/}phoneNo", xsd.STRING.parse),
        service_queue=reader.value(members, "{http://tempuri.org/}serviceQueue", xsd.INT.parse),
        company=reader.value(members, "{http://tempuri.org/}company", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
        region=reader.nillable(members, "{http://tempuri.org/}region", xsd.STRING.parse),
        field1=reader.nillable(members, "{http://tempuri.org/}field1", xsd.STRING.parse),
        field2=reader.nillable(members, "{http://tempuri.org/}field2", xsd.STRING.parse),
        field3=reader.nillable(members, "{http://tempuri.org/}field3", xsd.STRING.parse),
        field4=reader.nillable(members, "{http://tempuri.org/}field4", xsd.STRING.parse),
        field5=reader.nillable(members, "{http://tempuri.org/}field5", xsd.STRING.parse),
        field6=reader.nillable(members, "{http://tempuri.org/}field6", xsd.STRING.parse),
        field7=reader.nillable(members, "{http://tempuri.org/}field7", xsd.STRING.parse),
        field8=reader.nillable(members, "{http://tempuri.org/}field8", xsd.STRING.parse),
        field9=reader.nillable(members, "{http://tempuri.org/}field9", xsd.STRING.parse),
        field10=reader.nillable(members, "{http://tempuri.org/}field10", xsd.STRING.parse),
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
    {"{http://tempuri.org/}RequestCallWhenAvailableResult": False}
)


def encode_request_call_when_available_response(
    element: _Element, value: RequestCallWhenAvailableResponse
) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        "{http://tempuri.org/}RequestCallWhenAvailableResult",
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
            members, "{http://tempuri.org/}RequestCallWhenAvailableResult", decode_response_message
        )
    )


@frozen(kw_only=True)
class UpdateEWTRecord:
    """`UpdateEWTRecord` of http://tempuri.org/."""

    service_queue: int | None = field(
        default=None, metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False)}
    )
    ewt: int | None = field(
        default=None, metadata={"member": Member("ewt", "int", optional=True, nillable=False)}
    )
    company: int | None = field(
        default=None, metadata={"member": Member("company", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )


_UPDATE_EWT_RECORD_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}serviceQueue": False,
        "{http://tempuri.org/}ewt": False,
        "{http://tempuri.org/}company": False,
        "{http://tempuri.org/}password": False,
    }
)


def encode_update_ewt_record(element: _Element, value: UpdateEWTRecord) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, "{http://tempuri.org/}serviceQueue", value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, "{http://tempuri.org/}ewt", value.ewt, xsd.INT, "ewt")
    xsd.put(element, "{http://tempuri.org/}company", value.company, xsd.INT, "company")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")


def decode_update_ewt_record(element: _Element, reader: Reader) -> UpdateEWTRecord:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _UPDATE_EWT_RECORD_MEMBERS)
    return UpdateEWTRecord(
        service_queue=reader.value(members, "{http://tempuri.org/}serviceQueue", xsd.INT.parse),
        ewt=reader.value(members, "{http://tempuri.org/}ewt", xsd.INT.parse),
        company=reader.value(members, "{http://tempuri.org/}company", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class UpdateEWTRecordResponse:
    """`UpdateEWTRecordResponse` of http://tempuri.org/."""

    update_ewt_record_result: bool | None = field(
        default=None,
        metadata={"member": Member("UpdateEWTRecordResult", "boolean", optional=True, nillable=False)},
    )


_UPDATE_EWT_RECORD_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {"{http://tempuri.org/}UpdateEWTRecordResult": False}
)


def encode_update_ewt_record_response(element: _Element, value: UpdateEWTRecordResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        "{http://tempuri.org/}UpdateEWTRecordResult",
        value.update_ewt_record_result,
        xsd.BOOLEAN,
        "update_ewt_record_result",
    )


def decode_update_ewt_record_response(element: _Element, reader: Reader) -> UpdateEWTRecordResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _UPDATE_EWT_RECORD_RESPONSE_MEMBERS)
    return UpdateEWTRecordResponse(
        update_ewt_record_result=reader.value(
            members, "{http://tempuri.org/}UpdateEWTRecordResult", xsd.BOOLEAN.parse
        )
    )


REQUEST_CALL_WHEN_AVAILABLE: Final = Operation(
    service="RequestCallbackService",
    name="RequestCallWhenAvailable",
    soap_action="http://tempuri.org/IService/RequestCallWhenAvailable",
    request=Message(
        RequestCallWhenAvailable,
        "{http://tempuri.org/}RequestCallWhenAvailable",
        encode_request_call_when_available,
        decode_request_call_when_available,
    ),
    response=Message(
        RequestCallWhenAvailableResponse,
        "{http://tempuri.org/}RequestCallWhenAvailableResponse",
        encode_request_call_when_available_response,
        decode_request_call_when_available_response,
    ),
    result="request_call_when_available_result",
)


GET_AVAILABLE_TIMES: Final = Operation(
    service="RequestCallbackService",
    name="GetAvailableTimes",
    soap_action="http://tempuri.org/IService/GetAvailableTimes",
    request=Message(
        GetAvailableTimes,
        "{http://tempuri.org/}GetAvailableTimes",
        encode_get_available_times,
        decode_get_available_times,
    ),
    response=Message(
        GetAvailableTimesResponse,
        "{http://tempuri.org/}GetAvailableTimesResponse",
        encode_get_available_times_response,
        decode_get_available_times_response,
    ),
    result="get_available_times_result",
)


GET_NEXT_THREE_TIME_SLOTS: Final = Operation(
    service="RequestCallbackService",
    name="GetNextThreeTimeSlots",
    soap_action="http://tempuri.org/IService/GetNextThreeTimeSlots",
    request=Message(
        GetNextThreeTimeSlots,
        "{http://tempuri.org/}GetNextThreeTimeSlots",
        encode_get_next_three_time_slots,
        decode_get_next_three_time_slots,
    ),
    response=Message(
        GetNextThreeTimeSlotsResponse,
        "{http://tempuri.org/}GetNextThreeTimeSlotsResponse",
        encode_get_next_three_time_slots_response,
        decode_get_next_three_time_slots_response,
    ),
    result="get_next_three_time_slots_result",
)


UPDATE_EWT_RECORD: Final = Operation(
    service="RequestCallbackService",
    name="UpdateEWTRecord",
    soap_action="http://tempuri.org/IService/UpdateEWTRecord",
    request=Message(
        UpdateEWTRecord,
        "{http://tempuri.org/}UpdateEWTRecord",
        encode_update_ewt_record,
        decode_update_ewt_record,
    ),
    response=Message(
        UpdateEWTRecordResponse,
        "{http://tempuri.org/}UpdateEWTRecordResponse",
        encode_update_ewt_record_response,
        decode_update_ewt_record_response,
    ),
    result="update_ewt_record_result",
)


GET_EWT_BY_SERVICE_ID: Final = Operation(
    service="RequestCallbackService",
    name="GetEWTByServiceID",
    soap_action="http://tempuri.org/IService/GetEWTByServiceID",
    request=Message(
        GetEWTByServiceID,
        "{http://tempuri.org/}GetEWTByServiceID",
        encode_get_ewt_by_service_id,
        decode_get_ewt_by_service_id,
    ),
    response=Message(
        GetEWTByServiceIDResponse,
        "{http://tempuri.org/}GetEWTByServiceIDResponse",
        encode_get_ewt_by_service_id_response,
        decode_get_ewt_by_service_id_response,
    ),
    result="get_ewt_by_service_id_result",
)


REQUEST_CALL_SCHEDULE: Final = Operation(
    service="RequestCallbackService",
    name="RequestCallSchedule",
    soap_action="http://tempuri.org/IService/RequestCallSchedule",
    request=Message(
        RequestCallSchedule,
        "{http://tempuri.org/}RequestCallSchedule",
        encode_request_call_schedule,
        decode_request_call_schedule,
    ),
    response=Message(
        RequestCallScheduleResponse,
        "{http://tempuri.org/}RequestCallScheduleResponse",
        encode_request_call_schedule_response,
        decode_request_call_schedule_response,
    ),
    result="request_call_schedule_result",
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
                REQUEST_CALL_WHEN_AVAILABLE,
                GET_AVAILABLE_TIMES,
                GET_NEXT_THREE_TIME_SLOTS,
                UPDATE_EWT_RECORD,
                GET_EWT_BY_SERVICE_ID,
                REQUEST_CALL_SCHEDULE,
            )
        }
    ),
)


class RequestCallbackServiceProxy:
    """RequestCallbackService, one method an operation."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke

    def request_call_when_available(
        self, request: RequestCallWhenAvailable
    ) -> RequestCallWhenAvailableResponse:
        """Call RequestCallWhenAvailable."""
        return self._invoke(REQUEST_CALL_WHEN_AVAILABLE, request)

    def get_available_times(self, request: GetAvailableTimes) -> GetAvailableTimesResponse:
        """Call GetAvailableTimes."""
        return self._invoke(GET_AVAILABLE_TIMES, request)

    def get_next_three_time_slots(self, request: GetNextThreeTimeSlots) -> GetNextThreeTimeSlotsResponse:
        """Call GetNextThreeTimeSlots."""
        return self._invoke(GET_NEXT_THREE_TIME_SLOTS, request)

    def update_ewt_record(self, request: UpdateEWTRecord) -> UpdateEWTRecordResponse:
        """Call UpdateEWTRecord."""
        return self._invoke(UPDATE_EWT_RECORD, request)

    def get_ewt_by_service_id(self, request: GetEWTByServiceID) -> GetEWTByServiceIDResponse:
        """Call GetEWTByServiceID."""
        return self._invoke(GET_EWT_BY_SERVICE_ID, request)

    def request_call_schedule(self, request: RequestCallSchedule) -> RequestCallScheduleResponse:
        """Call RequestCallSchedule."""
        return self._invoke(REQUEST_CALL_SCHEDULE, request)


class AsyncRequestCallbackServiceProxy:
    """RequestCallbackService, one method an operation, each a coroutine."""

    def __init__(self, invoke: AsyncInvoke) -> None:
        self._invoke = invoke

    async def request_call_when_available(
        self, request: RequestCallWhenAvailable
    ) -> RequestCallWhenAvailableResponse:
        """Call RequestCallWhenAvailable."""
        return await self._invoke(REQUEST_CALL_WHEN_AVAILABLE, request)

    async def get_available_times(self, request: GetAvailableTimes) -> GetAvailableTimesResponse:
        """Call GetAvailableTimes."""
        return await self._invoke(GET_AVAILABLE_TIMES, request)

    async def get_next_three_time_slots(
        self, request: GetNextThreeTimeSlots
    ) -> GetNextThreeTimeSlotsResponse:
        """Call GetNextThreeTimeSlots."""
        return await self._invoke(GET_NEXT_THREE_TIME_SLOTS, request)

    async def update_ewt_record(self, request: UpdateEWTRecord) -> UpdateEWTRecordResponse:
        """Call UpdateEWTRecord."""
        return await self._invoke(UPDATE_EWT_RECORD, request)

    async def get_ewt_by_service_id(self, request: GetEWTByServiceID) -> GetEWTByServiceIDResponse:
        """Call GetEWTByServiceID."""
        return await self._invoke(GET_EWT_BY_SERVICE_ID, request)

    async def request_call_schedule(self, request: RequestCallSchedule) -> RequestCallScheduleResponse:
        """Call RequestCallSchedule."""
        return await self._invoke(REQUEST_CALL_SCHEDULE, request)
