"""The records, codecs, operations and proxies of BuzzMeInfo.

Generated from wsdl/BuzzMeInfo.wsdl (sha256 1318f43330e171c66f17d4a6d8e22f31bc8e16ba300123b76da01dadfb21b6a3). Do not edit.
"""

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


@frozen(kw_only=True)
class CallData:
    """`CallData` of http://schemas.datacontract.org/2004/07/BuzzMeInfo."""

    confirmation_code: str | Nil | None = field(
        default=None,
        metadata={
            "member": Member("ConfirmationCode", "string", optional=True, nillable=True, simple=xsd.STRING)
        },
    )
    customer_name: str | Nil | None = field(
        default=None,
        metadata={
            "member": Member("CustomerName", "string", optional=True, nillable=True, simple=xsd.STRING)
        },
    )
    retries: int | None = field(
        default=None,
        metadata={"member": Member("Retries", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    scheduled_time: str | Nil | None = field(
        default=None,
        metadata={
            "member": Member("ScheduledTime", "string", optional=True, nillable=True, simple=xsd.STRING)
        },
    )
    time_called: str | Nil | None = field(
        default=None,
        metadata={"member": Member("TimeCalled", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    user_phone_no: str | Nil | None = field(
        default=None,
        metadata={"member": Member("UserPhoneNo", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field1: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field1", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    field10: str | Nil | None = field(
        default=None,
        metadata={"member": Member("field10", "string", optional=True, nillable=True, simple=xsd.STRING)},
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
    service_queue: int | None = field(
        default=None,
        metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    service_queue_name: str | Nil | None = field(
        default=None,
        metadata={
            "member": Member("serviceQueueName", "string", optional=True, nillable=True, simple=xsd.STRING)
        },
    )


_CALL_DATA_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        _TAG_CONFIRMATION_CODE: False,
        _TAG_CUSTOMER_NAME: False,
        _TAG_RETRIES: False,
        _TAG_SCHEDULED_TIME: False,
        _TAG_TIME_CALLED: False,
        _TAG_USER_PHONE_NO: False,
        _TAG_FIELD1: False,
        _TAG_FIELD10: False,
        _TAG_FIELD2: False,
        _TAG_FIELD3: False,
        _TAG_FIELD4: False,
        _TAG_FIELD5: False,
        _TAG_FIELD6: False,
        _TAG_FIELD7: False,
        _TAG_FIELD8: False,
        _TAG_FIELD9: False,
        _TAG_SERVICE_QUEUE: False,
        _TAG_SERVICE_QUEUE_NAME: False,
    }
)


def encode_call_data(element: _Element, value: CallData) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_CONFIRMATION_CODE, value.confirmation_code, xsd.STRING, "confirmation_code")
    xsd.put(element, _TAG_CUSTOMER_NAME, value.customer_name, xsd.STRING, "customer_name")
    xsd.put(element, _TAG_RETRIES, value.retries, xsd.INT, "retries")
    xsd.put(element, _TAG_SCHEDULED_TIME, value.scheduled_time, xsd.STRING, "scheduled_time")
    xsd.put(element, _TAG_TIME_CALLED, value.time_called, xsd.STRING, "time_called")
    xsd.put(element, _TAG_USER_PHONE_NO, value.user_phone_no, xsd.STRING, "user_phone_no")
    xsd.put(element, _TAG_FIELD1, value.field1, xsd.STRING, "field1")
    xsd.put(element, _TAG_FIELD10, value.field10, xsd.STRING, "field10")
    xsd.put(element, _TAG_FIELD2, value.field2, xsd.STRING, "field2")
    xsd.put(element, _TAG_FIELD3, value.field3, xsd.STRING, "field3")
    xsd.put(element, _TAG_FIELD4, value.field4, xsd.STRING, "field4")
    xsd.put(element, _TAG_FIELD5, value.field5, xsd.STRING, "field5")
    xsd.put(element, _TAG_FIELD6, value.field6, xsd.STRING, "field6")
    xsd.put(element, _TAG_FIELD7, value.field7, xsd.STRING, "field7")
    xsd.put(element, _TAG_FIELD8, value.field8, xsd.STRING, "field8")
    xsd.put(element, _TAG_FIELD9, value.field9, xsd.STRING, "field9")
    xsd.put(element, _TAG_SERVICE_QUEUE, value.service_queue, xsd.INT, "service_queue")
    xsd.put(element, _TAG_SERVICE_QUEUE_NAME, value.service_queue_name, xsd.STRING, "service_queue_name")


def decode_call_data(element: _Element, reader: Reader) -> CallData:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _CALL_DATA_MEMBERS)
    return CallData(
        confirmation_code=reader.nillable(members, _TAG_CONFIRMATION_CODE, xsd.STRING.parse),
        customer_name=reader.nillable(members, _TAG_CUSTOMER_NAME, xsd.STRING.parse),
        retries=reader.value(members, _TAG_RETRIES, xsd.INT.parse),
        scheduled_time=reader.nillable(members, _TAG_SCHEDULED_TIME, xsd.STRING.parse),
        time_called=reader.nillable(members, _TAG_TIME_CALLED, xsd.STRING.parse),
        user_phone_no=reader.nillable(members, _TAG_USER_PHONE_NO, xsd.STRING.parse),
        field1=reader.nillable(members, _TAG_FIELD1, xsd.STRING.parse),
        field10=reader.nillable(members, _TAG_FIELD10, xsd.STRING.parse),
        field2=reader.nillable(members, _TAG_FIELD2, xsd.STRING.parse),
        field3=reader.nillable(members, _TAG_FIELD3, xsd.STRING.parse),
        field4=reader.nillable(members, _TAG_FIELD4, xsd.STRING.parse),
        field5=reader.nillable(members, _TAG_FIELD5, xsd.STRING.parse),
        field6=reader.nillable(members, _TAG_FIELD6, xsd.STRING.parse),
        field7=reader.nillable(members, _TAG_FIELD7, xsd.STRING.parse),
        field8=reader.nillable(members, _TAG_FIELD8, xsd.STRING.parse),
        field9=reader.nillable(members, _TAG_FIELD9, xsd.STRING.parse),
        service_queue=reader.value(members, _TAG_SERVICE_QUEUE, xsd.INT.parse),
        service_queue_name=reader.nillable(members, _TAG_SERVICE_QUEUE_NAME, xsd.STRING.parse),
    )


@frozen(kw_only=True)
class GetCallDataByNumber:
    """`GetCallDataByNumber` of http://tempuri.org/."""

    presented_number: str | Nil | None = field(
        default=None,
        metadata={
            "member": Member("presentedNumber", "string", optional=True, nillable=True, simple=xsd.STRING)
        },
    )
    company_id: int | None = field(
        default=None,
        metadata={"member": Member("companyId", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )


_GET_CALL_DATA_BY_NUMBER_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_PRESENTED_NUMBER: False, _TAG_COMPANY_ID: False, _TAG_PASSWORD: False}
)


def encode_get_call_data_by_number(element: _Element, value: GetCallDataByNumber) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_PRESENTED_NUMBER, value.presented_number, xsd.STRING, "presented_number")
    xsd.put(element, _TAG_COMPANY_ID, value.company_id, xsd.INT, "company_id")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")


def decode_get_call_data_by_number(element: _Element, reader: Reader) -> GetCallDataByNumber:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_NUMBER_MEMBERS)
    return GetCallDataByNumber(
        presented_number=reader.nillable(members, _TAG_PRESENTED_NUMBER, xsd.STRING.parse),
        company_id=reader.value(members, _TAG_COMPANY_ID, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class GetCallDataByNumberResponse:
    """`GetCallDataByNumberResponse` of http://tempuri.org/."""

    get_call_data_by_number_result: CallData | Nil | None = field(
        default=None,
        metadata={"member": Member("GetCallDataByNumberResult", "CallData", optional=True, nillable=True)},
    )


_GET_CALL_DATA_BY_NUMBER_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_GET_CALL_DATA_BY_NUMBER_RESULT: False}
)


def encode_get_call_data_by_number_response(element: _Element, value: GetCallDataByNumberResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element, _TAG_GET_CALL_DATA_BY_NUMBER_RESULT, value.get_call_data_by_number_result, encode_call_data
    )


def decode_get_call_data_by_number_response(element: _Element, reader: Reader) -> GetCallDataByNumberResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_NUMBER_RESPONSE_MEMBERS)
    return GetCallDataByNumberResponse(
        get_call_data_by_number_result=reader.record(
            members, _TAG_GET_CALL_DATA_BY_NUMBER_RESULT, decode_call_data
        )
    )


@frozen(kw_only=True)
class GetCallDataByPin:
    """`GetCallDataByPin` of http://tempuri.org/."""

    pin: str | Nil | None = field(
        default=None,
        metadata={"member": Member("pin", "string", optional=True, nillable=True, simple=xsd.STRING)},
    )
    company_id: int | None = field(
        default=None,
        metadata={"member": Member("companyId", "int", optional=True, nillable=False, simple=xsd.INT)},
    )
    password: Secret | Nil | None = field(
        default=None,
        metadata={"member": Member("password", "string", optional=True, nillable=True, simple=xsd.SECRET)},
    )


_GET_CALL_DATA_BY_PIN_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_PIN: False, _TAG_COMPANY_ID: False, _TAG_PASSWORD: False}
)


def encode_get_call_data_by_pin(element: _Element, value: GetCallDataByPin) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, _TAG_PIN, value.pin, xsd.STRING, "pin")
    xsd.put(element, _TAG_COMPANY_ID, value.company_id, xsd.INT, "company_id")
    xsd.put(element, _TAG_PASSWORD, value.password, xsd.SECRET, "password")


def decode_get_call_data_by_pin(element: _Element, reader: Reader) -> GetCallDataByPin:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_PIN_MEMBERS)
    return GetCallDataByPin(
        pin=reader.nillable(members, _TAG_PIN, xsd.STRING.parse),
        company_id=reader.value(members, _TAG_COMPANY_ID, xsd.INT.parse),
        password=reader.nillable(members, _TAG_PASSWORD, xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class GetCallDataByPinResponse:
    """`GetCallDataByPinResponse` of http://tempuri.org/."""

    get_call_data_by_pin_result: CallData | Nil | None = field(
        default=None,
        metadata={"member": Member("GetCallDataByPinResult", "CallData", optional=True, nillable=True)},
    )


_GET_CALL_DATA_BY_PIN_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {_TAG_GET_CALL_DATA_BY_PIN_RESULT: False}
)


def encode_get_call_data_by_pin_response(element: _Element, value: GetCallDataByPinResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element, _TAG_GET_CALL_DATA_BY_PIN_RESULT, value.get_call_data_by_pin_result, encode_call_data
    )


def decode_get_call_data_by_pin_response(element: _Element, reader: Reader) -> GetCallDataByPinResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_PIN_RESPONSE_MEMBERS)
    return GetCallDataByPinResponse(
        get_call_data_by_pin_result=reader.record(members, _TAG_GET_CALL_DATA_BY_PIN_RESULT, decode_call_data)
    )


GET_CALL_DATA_BY_NUMBER: Final = Operation(
    service="BuzzMeInfo",
    name="GetCallDataByNumber",
    soap_action="http://tempuri.org/IInfoService/GetCallDataByNumber",
    request=Message(
        GetCallDataByNumber,
        _IN_TEMPURI_ORG + "GetCallDataByNumber",
        encode_get_call_data_by_number,
        decode_get_call_data_by_number,
    ),
    response=Message(
        GetCallDataByNumberResponse,
        _IN_TEMPURI_ORG + "GetCallDataByNumberResponse",
        encode_get_call_data_by_number_response,
        decode_get_call_data_by_number_response,
    ),
    result="get_call_data_by_number_result",
)


GET_CALL_DATA_BY_PIN: Final = Operation(
    service="BuzzMeInfo",
    name="GetCallDataByPin",
    soap_action="http://tempuri.org/IInfoService/GetCallDataByPin",
    request=Message(
        GetCallDataByPin,
        _IN_TEMPURI_ORG + "GetCallDataByPin",
        encode_get_call_data_by_pin,
        decode_get_call_data_by_pin,
    ),
    response=Message(
        GetCallDataByPinResponse,
        _IN_TEMPURI_ORG + "GetCallDataByPinResponse",
        encode_get_call_data_by_pin_response,
        decode_get_call_data_by_pin_response,
    ),
    result="get_call_data_by_pin_result",
)


SERVICE: Final = Service(
    name="BuzzMeInfo",
    port_type="IInfoService",
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
