"""The records, shapes, operations and proxies of BuzzMeInfo.

Generated from wsdl/BuzzMeInfo.wsdl (sha256 1318f43330e171c66f17d4a6d8e22f31bc8e16ba300123b76da01dadfb21b6a3). Do not edit.
"""

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


_IN_BUZZ_ME_INFO: Final = "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}"
_IN_TEMPURI_ORG: Final = "{http://tempuri.org/}"

_TAG_CONFIRMATION_CODE: Final = _IN_BUZZ_ME_INFO + "ConfirmationCode"
_TAG_CUSTOMER_NAME: Final = _IN_BUZZ_ME_INFO + "CustomerName"
_TAG_RETRIES: Final = _IN_BUZZ_ME_INFO + "Retries"
_TAG_SCHEDULED_TIME: Final = _IN_BUZZ_ME_INFO + "ScheduledTime"
_TAG_TIME_CALLED: Final = _IN_BUZZ_ME_INFO + "TimeCalled"
_TAG_USER_PHONE_NO: Final = _IN_BUZZ_ME_INFO + "UserPhoneNo"
_TAG_FIELD1: Final = _IN_BUZZ_ME_INFO + "field1"
_TAG_FIELD10: Final = _IN_BUZZ_ME_INFO + "field10"
_TAG_FIELD2: Final = _IN_BUZZ_ME_INFO + "field2"
_TAG_FIELD3: Final = _IN_BUZZ_ME_INFO + "field3"
_TAG_FIELD4: Final = _IN_BUZZ_ME_INFO + "field4"
_TAG_FIELD5: Final = _IN_BUZZ_ME_INFO + "field5"
_TAG_FIELD6: Final = _IN_BUZZ_ME_INFO + "field6"
_TAG_FIELD7: Final = _IN_BUZZ_ME_INFO + "field7"
_TAG_FIELD8: Final = _IN_BUZZ_ME_INFO + "field8"
_TAG_FIELD9: Final = _IN_BUZZ_ME_INFO + "field9"
_TAG_SERVICE_QUEUE: Final = _IN_BUZZ_ME_INFO + "serviceQueue"
_TAG_SERVICE_QUEUE_NAME: Final = _IN_BUZZ_ME_INFO + "serviceQueueName"
_TAG_GET_CALL_DATA_BY_NUMBER_RESULT: Final = _IN_TEMPURI_ORG + "GetCallDataByNumberResult"
_TAG_GET_CALL_DATA_BY_PIN_RESULT: Final = _IN_TEMPURI_ORG + "GetCallDataByPinResult"
_TAG_COMPANY_ID: Final = _IN_TEMPURI_ORG + "companyId"
_TAG_PASSWORD: Final = _IN_TEMPURI_ORG + "password"
_TAG_PIN: Final = _IN_TEMPURI_ORG + "pin"
_TAG_PRESENTED_NUMBER: Final = _IN_TEMPURI_ORG + "presentedNumber"


@frozen(kw_only=True, eq=False, repr=False)
class CallData(Record):
    """`CallData` of http://schemas.datacontract.org/2004/07/BuzzMeInfo."""

    confirmation_code: str | Nil | None = None
    customer_name: str | Nil | None = None
    retries: int | None = None
    scheduled_time: str | Nil | None = None
    time_called: str | Nil | None = None
    user_phone_no: str | Nil | None = None
    field1: str | Nil | None = None
    field10: str | Nil | None = None
    field2: str | Nil | None = None
    field3: str | Nil | None = None
    field4: str | Nil | None = None
    field5: str | Nil | None = None
    field6: str | Nil | None = None
    field7: str | Nil | None = None
    field8: str | Nil | None = None
    field9: str | Nil | None = None
    service_queue: int | None = None
    service_queue_name: str | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetCallDataByNumber(Record):
    """`GetCallDataByNumber` of http://tempuri.org/."""

    presented_number: str | Nil | None = None
    company_id: int | None = None
    password: Secret | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetCallDataByNumberResponse(Record):
    """`GetCallDataByNumberResponse` of http://tempuri.org/."""

    get_call_data_by_number_result: CallData | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetCallDataByPin(Record):
    """`GetCallDataByPin` of http://tempuri.org/."""

    pin: str | Nil | None = None
    company_id: int | None = None
    password: Secret | Nil | None = None


@frozen(kw_only=True, eq=False, repr=False)
class GetCallDataByPinResponse(Record):
    """`GetCallDataByPinResponse` of http://tempuri.org/."""

    get_call_data_by_pin_result: CallData | Nil | None = None


_CALL_DATA_SHAPE: Final = Shape(CallData)
_GET_CALL_DATA_BY_NUMBER_SHAPE: Final = Shape(GetCallDataByNumber)
_GET_CALL_DATA_BY_NUMBER_RESPONSE_SHAPE: Final = Shape(GetCallDataByNumberResponse)
_GET_CALL_DATA_BY_PIN_SHAPE: Final = Shape(GetCallDataByPin)
_GET_CALL_DATA_BY_PIN_RESPONSE_SHAPE: Final = Shape(GetCallDataByPinResponse)

_CALL_DATA_SHAPE.of(
    Member("confirmation_code", _TAG_CONFIRMATION_CODE, "string", simple=xsd.STRING, nillable=True),
    Member("customer_name", _TAG_CUSTOMER_NAME, "string", simple=xsd.STRING, nillable=True),
    Member("retries", _TAG_RETRIES, "int", simple=xsd.INT),
    Member("scheduled_time", _TAG_SCHEDULED_TIME, "string", simple=xsd.STRING, nillable=True),
    Member("time_called", _TAG_TIME_CALLED, "string", simple=xsd.STRING, nillable=True),
    Member("user_phone_no", _TAG_USER_PHONE_NO, "string", simple=xsd.STRING, nillable=True),
    Member("field1", _TAG_FIELD1, "string", simple=xsd.STRING, nillable=True),
    Member("field10", _TAG_FIELD10, "string", simple=xsd.STRING, nillable=True),
    Member("field2", _TAG_FIELD2, "string", simple=xsd.STRING, nillable=True),
    Member("field3", _TAG_FIELD3, "string", simple=xsd.STRING, nillable=True),
    Member("field4", _TAG_FIELD4, "string", simple=xsd.STRING, nillable=True),
    Member("field5", _TAG_FIELD5, "string", simple=xsd.STRING, nillable=True),
    Member("field6", _TAG_FIELD6, "string", simple=xsd.STRING, nillable=True),
    Member("field7", _TAG_FIELD7, "string", simple=xsd.STRING, nillable=True),
    Member("field8", _TAG_FIELD8, "string", simple=xsd.STRING, nillable=True),
    Member("field9", _TAG_FIELD9, "string", simple=xsd.STRING, nillable=True),
    Member("service_queue", _TAG_SERVICE_QUEUE, "int", simple=xsd.INT),
    Member("service_queue_name", _TAG_SERVICE_QUEUE_NAME, "string", simple=xsd.STRING, nillable=True),
)

_GET_CALL_DATA_BY_NUMBER_SHAPE.of(
    Member("presented_number", _TAG_PRESENTED_NUMBER, "string", simple=xsd.STRING, nillable=True),
    Member("company_id", _TAG_COMPANY_ID, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
)

_GET_CALL_DATA_BY_NUMBER_RESPONSE_SHAPE.of(
    Member(
        "get_call_data_by_number_result",
        _TAG_GET_CALL_DATA_BY_NUMBER_RESULT,
        "CallData",
        shape=_CALL_DATA_SHAPE,
        nillable=True,
    ),
)

_GET_CALL_DATA_BY_PIN_SHAPE.of(
    Member("pin", _TAG_PIN, "string", simple=xsd.STRING, nillable=True),
    Member("company_id", _TAG_COMPANY_ID, "int", simple=xsd.INT),
    Member("password", _TAG_PASSWORD, "string", simple=xsd.SECRET, nillable=True),
)

_GET_CALL_DATA_BY_PIN_RESPONSE_SHAPE.of(
    Member(
        "get_call_data_by_pin_result",
        _TAG_GET_CALL_DATA_BY_PIN_RESULT,
        "CallData",
        shape=_CALL_DATA_SHAPE,
        nillable=True,
    ),
)


GET_CALL_DATA_BY_NUMBER: Final = Operation(
    service="BuzzMeInfo",
    name="GetCallDataByNumber",
    soap_action="http://tempuri.org/IInfoService/GetCallDataByNumber",
    request=Message(_IN_TEMPURI_ORG + "GetCallDataByNumber", _GET_CALL_DATA_BY_NUMBER_SHAPE),
    response=Message(
        _IN_TEMPURI_ORG + "GetCallDataByNumberResponse", _GET_CALL_DATA_BY_NUMBER_RESPONSE_SHAPE
    ),
    result="get_call_data_by_number_result",
    repeatable=True,
    rest_method="GET",
    absent=("serviceQueue", "TimeCalled"),
)


GET_CALL_DATA_BY_PIN: Final = Operation(
    service="BuzzMeInfo",
    name="GetCallDataByPin",
    soap_action="http://tempuri.org/IInfoService/GetCallDataByPin",
    request=Message(_IN_TEMPURI_ORG + "GetCallDataByPin", _GET_CALL_DATA_BY_PIN_SHAPE),
    response=Message(_IN_TEMPURI_ORG + "GetCallDataByPinResponse", _GET_CALL_DATA_BY_PIN_RESPONSE_SHAPE),
    result="get_call_data_by_pin_result",
    repeatable=True,
    rest_method="GET",
    absent=("serviceQueueName", "ScheduledTime"),
)


SERVICE: Final = Service(
    name="BuzzMeInfo",
    port_type="IInfoService",
    path="/BuzzMeInfo/InfoService.svc",
    endpoint="info_url",
    documents=MappingProxyType(
        {
            "BuzzMeInfo.wsdl": "1318f43330e171c66f17d4a6d8e22f31bc8e16ba300123b76da01dadfb21b6a3",
            "BuzzMeInfo.xsd0.xsd": "7bba9a6477f69747a7aabc0027dd9ee4eda8c41a1eec22f219e1a154a01e5b2b",
            "BuzzMeInfo.xsd1.xsd": "002627c4815f41154a5b554406cd0338db0cf3fb43ddeb64870412f39ab5b563",
            "BuzzMeInfo.xsd2.xsd": "5104195d7814fa5644f1497de4d952272c2219e02af5d623e18446e103e884df",
        }
    ),
    operations=MappingProxyType(
        {
            operation.name: operation
            for operation in (
                GET_CALL_DATA_BY_NUMBER,
                GET_CALL_DATA_BY_PIN,
            )
        }
    ),
)


class BuzzMeInfoProxy:
    """BuzzMeInfo, one method an operation."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke

    def get_call_data_by_number(self, request: GetCallDataByNumber) -> GetCallDataByNumberResponse:
        """Call GetCallDataByNumber."""
        return self._invoke(GET_CALL_DATA_BY_NUMBER, request)

    def get_call_data_by_pin(self, request: GetCallDataByPin) -> GetCallDataByPinResponse:
        """Call GetCallDataByPin."""
        return self._invoke(GET_CALL_DATA_BY_PIN, request)


class AsyncBuzzMeInfoProxy:
    """BuzzMeInfo, one method an operation, each a coroutine."""

    def __init__(self, invoke: AsyncInvoke) -> None:
        self._invoke = invoke

    async def get_call_data_by_number(self, request: GetCallDataByNumber) -> GetCallDataByNumberResponse:
        """Call GetCallDataByNumber."""
        return await self._invoke(GET_CALL_DATA_BY_NUMBER, request)

    async def get_call_data_by_pin(self, request: GetCallDataByPin) -> GetCallDataByPinResponse:
        """Call GetCallDataByPin."""
        return await self._invoke(GET_CALL_DATA_BY_PIN, request)
