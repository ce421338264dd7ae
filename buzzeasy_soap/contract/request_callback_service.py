"""The records, shapes, operations and proxies of RequestCallbackService.

Generated from wsdl/RequestCallbackService.wsdl (sha256 9fb7d001758cec822fba57d97c2e070e235590b3766a8714cc9285490cd74ea4). Do not edit.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from buzzeasy_soap.wire import xsd
from buzzeasy_soap.wire.operation import (
    AsyncInvoke,
    Invoke,
    Message,
    Operation,
    Service,
)
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import Member, Record, Shape
from buzzeasy_soap.wire.xsd import Nil


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


@frozen(kw_only=True, eq=False, repr=False)
class TimeSlot(Record):
    """`TimeSlot` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    available: bool | None = None
    time_from: str | Nil | None = None
    time_slot_id: int | None = None
    time_to: str | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class ArrayOfTimeSlot(Record):
    """`ArrayOfTimeSlot` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    time_slot: tuple[TimeSlot | Nil, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class ResponseMessage(Record):
    """`ResponseMessage` of http://schemas.datacontract.org/2004/07/RequestCallbackService."""

    confirmation_code: str | Nil | None = None
    result_code: int | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetAvailableTimes(Record):
    """`GetAvailableTimes` of http://tempuri.org/."""

    service_queue: int | None = None
    company: int | None = None
    password: Secret | Nil | None = None
    requested_date: dt.datetime | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetAvailableTimesResponse(Record):
    """`GetAvailableTimesResponse` of http://tempuri.org/."""

    get_available_times_result: ArrayOfTimeSlot | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetEWTByServiceID(Record):
    """`GetEWTByServiceID` of http://tempuri.org/."""

    service_queue_id: int | None = None
    company_id: int | None = None
    password: Secret | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetEWTByServiceIDResponse(Record):
    """`GetEWTByServiceIDResponse` of http://tempuri.org/."""

    get_ewt_by_service_id_result: int | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetNextThreeTimeSlots(Record):
    """`GetNextThreeTimeSlots` of http://tempuri.org/."""

    service_queue: int | None = None
    time: dt.datetime | None = None
    company: int | None = None
    password: Secret | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetNextThreeTimeSlotsResponse(Record):
    """`GetNextThreeTimeSlotsResponse` of http://tempuri.org/."""

    get_next_three_time_slots_result: ArrayOfTimeSlot | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class RequestCallSchedule(Record):
    """`RequestCallSchedule` of http://tempuri.org/."""

    name: str | Nil | None = None
    phone_no: str | Nil | None = None
    timeslot: int | None = None
    date: dt.datetime | None = None
    service_queue: int | None = None
    company: int | None = None
    password: Secret | Nil | None = None
    region: str | Nil | None = None
    field1: str | Nil | None = None
    field2: str | Nil | None = None
    field3: str | Nil | None = None
    field4: str | Nil | None = None
    field5: str | Nil | None = None
    field6: str | Nil | None = None
    field7: str | Nil | None = None
    field8: str | Nil | None = None
    field9: str | Nil | None = None
    field10: str | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class RequestCallScheduleResponse(Record):
    """`RequestCallScheduleResponse` of http://tempuri.org/."""

    request_call_schedule_result: ResponseMessage | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class RequestCallWhenAvailable(Record):
    """`RequestCallWhenAvailable` of http://tempuri.org/."""

    name: str | Nil | None = None
    phone_no: str | Nil | None = None
    service_queue: int | None = None
    company: int | None = None
    password: Secret | Nil | None = None
    region: str | Nil | None = None
    field1: str | Nil | None = None
    field2: str | Nil | None = None
    field3: str | Nil | None = None
    field4: str | Nil | None = None
    field5: str | Nil | None = None
    field6: str | Nil | None = None
    field7: str | Nil | None = None
    field8: str | Nil | None = None
    field9: str | Nil | None = None
    field10: str | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class RequestCallWhenAvailableResponse(Record):
    """`RequestCallWhenAvailableResponse` of http://tempuri.org/."""

    request_call_when_available_result: ResponseMessage | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class UpdateEWTRecord(Record):
    """`UpdateEWTRecord` of http://tempuri.org/."""

    service_queue: int | None = None
    ewt: int | None = None
    company: int | None = None
    password: Secret | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class UpdateEWTRecordResponse(Record):
    """`UpdateEWTRecordResponse` of http://tempuri.org/."""

    update_ewt_record_result: bool | None = None


_TIME_SLOT_SHAPE: Final = Shape(TimeSlot)
_ARRAY_OF_TIME_SLOT_SHAPE: Final = Shape(ArrayOfTimeSlot)
_RESPONSE_MESSAGE_SHAPE: Final = Shape(ResponseMessage)
_GET_AVAILABLE_TIMES_SHAPE: Final = Shape(GetAvailableTimes)
_GET_AVAILABLE_TIMES_RESPONSE_SHAPE: Final = Shape(GetAvailableTimesResponse)
_GET_EWT_BY_SERVICE_ID_SHAPE: Final = Shape(GetEWTByServiceID)
_GET_EWT_BY_SERVICE_ID_RESPONSE_SHAPE: Final = Shape(GetEWTByServiceIDResponse)
_GET_NEXT_THREE_TIME_SLOTS_SHAPE: Final = Shape(GetNextThreeTimeSlots)
_GET_NEXT_THREE_TIME_SLOTS_RESPONSE_SHAPE: Final = Shape(GetNextThreeTimeSlotsResponse)
_REQUEST_CALL_SCHEDULE_SHAPE: Final = Shape(RequestCallSchedule)
_REQUEST_CALL_SCHEDULE_RESPONSE_SHAPE: Final = Shape(RequestCallScheduleResponse)
_REQUEST_CALL_WHEN_AVAILABLE_SHAPE: Final = Shape(RequestCallWhenAvailable)
_REQUEST_CALL_WHEN_AVAILABLE_RESPONSE_SHAPE: Final = Shape(RequestCallWhenAvailableResponse)
_UPDATE_EWT_RECORD_SHAPE: Final = Shape(UpdateEWTRecord)
_UPDATE_EWT_RECORD_RESPONSE_SHAPE: Final = Shape(UpdateEWTRecordResponse)

_TIME_SLOT_SHAPE.of(
    Member("available", _TAG_AVAILABLE, "boolean", simple=xsd.BOOLEAN),
    Member("time_from", _TAG_TIME_FROM, "string", simple=xsd.STRING, nillable=True),
    Member("time_slot_id", _TAG_TIME_SLOT_ID, "int", simple=xsd.INT),
    Member("time_to", _TAG_TIME_TO, "string", simple=xsd.STRING, nillable=True),
)

_ARRAY_OF_TIME_SLOT_SHAPE.of(
    Member("time_slot", _TAG_TIME_SLOT, "TimeSlot", shape=_TIME_SLOT_SHAPE, most=None, nillable=True),
)

_RESPONSE_MESSAGE_SHAPE.of(
    Member("confirmation_code", _TAG_CONFIRMATION_CODE, "string", simple=xsd.STRING, nillable=True),
    Member("result_code", _TAG_RESULT_CODE, "int", simple=xsd.INT),
)

_GET_AVAILABLE_TIMES_SHAPE.of(
    Member("service_queue", _TAG_SERVICE_QUEUE, "int", simple=xsd.INT),
    Member("company", _TAG_COMPANY, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
    Member("requested_date", _TAG_REQUESTED_DATE, "dateTime", simple=xsd.DATE_TIME),
)

_GET_AVAILABLE_TIMES_RESPONSE_SHAPE.of(
    Member(
        "get_available_times_result",
        _TAG_GET_AVAILABLE_TIMES_RESULT,
        "ArrayOfTimeSlot",
        shape=_ARRAY_OF_TIME_SLOT_SHAPE,
        nillable=True,
    ),
)

_GET_EWT_BY_SERVICE_ID_SHAPE.of(
    Member("service_queue_id", _TAG_SERVICE_QUEUE_ID, "int", simple=xsd.INT),
    Member("company_id", _TAG_COMPANY_ID, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
)

_GET_EWT_BY_SERVICE_ID_RESPONSE_SHAPE.of(
    Member("get_ewt_by_service_id_result", _TAG_GET_EWT_BY_SERVICE_ID_RESULT, "int", simple=xsd.INT),
)

_GET_NEXT_THREE_TIME_SLOTS_SHAPE.of(
    Member("service_queue", _TAG_SERVICE_QUEUE, "int", simple=xsd.INT),
    Member("time", _TAG_TIME, "dateTime", simple=xsd.DATE_TIME),
    Member("company", _TAG_COMPANY, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
)

_GET_NEXT_THREE_TIME_SLOTS_RESPONSE_SHAPE.of(
    Member(
        "get_next_three_time_slots_result",
        _TAG_GET_NEXT_THREE_TIME_SLOTS_RESULT,
        "ArrayOfTimeSlot",
        shape=_ARRAY_OF_TIME_SLOT_SHAPE,
        nillable=True,
    ),
)

_REQUEST_CALL_SCHEDULE_SHAPE.of(
    Member("name", _TAG_NAME, "string", simple=xsd.STRING, nillable=True),
    Member("phone_no", _TAG_PHONE_NO, "string", simple=xsd.STRING, nillable=True),
    Member("timeslot", _TAG_TIMESLOT, "int", simple=xsd.INT),
    Member("date", _TAG_DATE, "dateTime", simple=xsd.DATE_TIME),
    Member("service_queue", _TAG_SERVICE_QUEUE, "int", simple=xsd.INT),
    Member("company", _TAG_COMPANY, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
    Member("region", _TAG_REGION, "string", simple=xsd.STRING, nillable=True),
    Member("field1", _TAG_FIELD1, "string", simple=xsd.STRING, nillable=True),
    Member("field2", _TAG_FIELD2, "string", simple=xsd.STRING, nillable=True),
    Member("field3", _TAG_FIELD3, "string", simple=xsd.STRING, nillable=True),
    Member("field4", _TAG_FIELD4, "string", simple=xsd.STRING, nillable=True),
    Member("field5", _TAG_FIELD5, "string", simple=xsd.STRING, nillable=True),
    Member("field6", _TAG_FIELD6, "string", simple=xsd.STRING, nillable=True),
    Member("field7", _TAG_FIELD7, "string", simple=xsd.STRING, nillable=True),
    Member("field8", _TAG_FIELD8, "string", simple=xsd.STRING, nillable=True),
    Member("field9", _TAG_FIELD9, "string", simple=xsd.STRING, nillable=True),
    Member("field10", _TAG_FIELD10, "string", simple=xsd.STRING, nillable=True),
)

_REQUEST_CALL_SCHEDULE_RESPONSE_SHAPE.of(
    Member(
        "request_call_schedule_result",
        _TAG_REQUEST_CALL_SCHEDULE_RESULT,
        "ResponseMessage",
        shape=_RESPONSE_MESSAGE_SHAPE,
        nillable=True,
    ),
)

_REQUEST_CALL_WHEN_AVAILABLE_SHAPE.of(
    Member("name", _TAG_NAME, "string", simple=xsd.STRING, nillable=True),
    Member("phone_no", _TAG_PHONE_NO, "string", simple=xsd.STRING, nillable=True),
    Member("service_queue", _TAG_SERVICE_QUEUE, "int", simple=xsd.INT),
    Member("company", _TAG_COMPANY, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
    Member("region", _TAG_REGION, "string", simple=xsd.STRING, nillable=True),
    Member("field1", _TAG_FIELD1, "string", simple=xsd.STRING, nillable=True),
    Member("field2", _TAG_FIELD2, "string", simple=xsd.STRING, nillable=True),
    Member("field3", _TAG_FIELD3, "string", simple=xsd.STRING, nillable=True),
    Member("field4", _TAG_FIELD4, "string", simple=xsd.STRING, nillable=True),
    Member("field5", _TAG_FIELD5, "string", simple=xsd.STRING, nillable=True),
    Member("field6", _TAG_FIELD6, "string", simple=xsd.STRING, nillable=True),
    Member("field7", _TAG_FIELD7, "string", simple=xsd.STRING, nillable=True),
    Member("field8", _TAG_FIELD8, "string", simple=xsd.STRING, nillable=True),
    Member("field9", _TAG_FIELD9, "string", simple=xsd.STRING, nillable=True),
    Member("field10", _TAG_FIELD10, "string", simple=xsd.STRING, nillable=True),
)

_REQUEST_CALL_WHEN_AVAILABLE_RESPONSE_SHAPE.of(
    Member(
        "request_call_when_available_result",
        _TAG_REQUEST_CALL_WHEN_AVAILABLE_RESULT,
        "ResponseMessage",
        shape=_RESPONSE_MESSAGE_SHAPE,
        nillable=True,
    ),
)

_UPDATE_EWT_RECORD_SHAPE.of(
    Member("service_queue", _TAG_SERVICE_QUEUE, "int", simple=xsd.INT),
    Member("ewt", _TAG_EWT, "int", simple=xsd.INT),
    Member("company", _TAG_COMPANY, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
)

_UPDATE_EWT_RECORD_RESPONSE_SHAPE.of(
    Member("update_ewt_record_result", _TAG_UPDATE_EWT_RECORD_RESULT, "boolean", simple=xsd.BOOLEAN),
)


GET_AVAILABLE_TIMES: Final = Operation(
    service="RequestCallbackService",
    name="GetAvailableTimes",
    soap_action="http://tempuri.org/IService/GetAvailableTimes",
    request=Message(_IN_TEMPURI_ORG + "GetAvailableTimes", _GET_AVAILABLE_TIMES_SHAPE),
    response=Message(_IN_TEMPURI_ORG + "GetAvailableTimesResponse", _GET_AVAILABLE_TIMES_RESPONSE_SHAPE),
    result="get_available_times_result",
    repeatable=True,
)


GET_EWT_BY_SERVICE_ID: Final = Operation(
    service="RequestCallbackService",
    name="GetEWTByServiceID",
    soap_action="http://tempuri.org/IService/GetEWTByServiceID",
    request=Message(_IN_TEMPURI_ORG + "GetEWTByServiceID", _GET_EWT_BY_SERVICE_ID_SHAPE),
    response=Message(_IN_TEMPURI_ORG + "GetEWTByServiceIDResponse", _GET_EWT_BY_SERVICE_ID_RESPONSE_SHAPE),
    result="get_ewt_by_service_id_result",
    repeatable=True,
    json_names={"serviceQueueID": "serviceQueue", "companyID": "company"},
)


GET_NEXT_THREE_TIME_SLOTS: Final = Operation(
    service="RequestCallbackService",
    name="GetNextThreeTimeSlots",
    soap_action="http://tempuri.org/IService/GetNextThreeTimeSlots",
    request=Message(_IN_TEMPURI_ORG + "GetNextThreeTimeSlots", _GET_NEXT_THREE_TIME_SLOTS_SHAPE),
    response=Message(
        _IN_TEMPURI_ORG + "GetNextThreeTimeSlotsResponse", _GET_NEXT_THREE_TIME_SLOTS_RESPONSE_SHAPE
    ),
    result="get_next_three_time_slots_result",
    repeatable=True,
    json_names={"time": "requestedDate"},
)


REQUEST_CALL_SCHEDULE: Final = Operation(
    service="RequestCallbackService",
    name="RequestCallSchedule",
    soap_action="http://tempuri.org/IService/RequestCallSchedule",
    request=Message(_IN_TEMPURI_ORG + "RequestCallSchedule", _REQUEST_CALL_SCHEDULE_SHAPE),
    response=Message(_IN_TEMPURI_ORG + "RequestCallScheduleResponse", _REQUEST_CALL_SCHEDULE_RESPONSE_SHAPE),
    result="request_call_schedule_result",
    places_callback=True,
    optional=(
        "region",
        "field1",
        "field2",
        "field3",
        "field4",
        "field5",
        "field6",
        "field7",
        "field8",
        "field9",
        "field10",
    ),
)


REQUEST_CALL_WHEN_AVAILABLE: Final = Operation(
    service="RequestCallbackService",
    name="RequestCallWhenAvailable",
    soap_action="http://tempuri.org/IService/RequestCallWhenAvailable",
    request=Message(_IN_TEMPURI_ORG + "RequestCallWhenAvailable", _REQUEST_CALL_WHEN_AVAILABLE_SHAPE),
    response=Message(
        _IN_TEMPURI_ORG + "RequestCallWhenAvailableResponse", _REQUEST_CALL_WHEN_AVAILABLE_RESPONSE_SHAPE
    ),
    result="request_call_when_available_result",
    places_callback=True,
    optional=(
        "region",
        "field1",
        "field2",
        "field3",
        "field4",
        "field5",
        "field6",
        "field7",
        "field8",
        "field9",
        "field10",
    ),
)


UPDATE_EWT_RECORD: Final = Operation(
    service="RequestCallbackService",
    name="UpdateEWTRecord",
    soap_action="http://tempuri.org/IService/UpdateEWTRecord",
    request=Message(_IN_TEMPURI_ORG + "UpdateEWTRecord", _UPDATE_EWT_RECORD_SHAPE),
    response=Message(_IN_TEMPURI_ORG + "UpdateEWTRecordResponse", _UPDATE_EWT_RECORD_RESPONSE_SHAPE),
    result="update_ewt_record_result",
    repeatable=True,
)


SERVICE: Final = Service(
    name="RequestCallbackService",
    port_type="IService",
    path="/RequestCallbackService/Service.svc",
    endpoint="callback_url",
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
