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


@frozen(kw_only=True)
class CallData:
    """`CallData` of http://schemas.datacontract.org/2004/07/BuzzMeInfo."""

    confirmation_code: str | Nil | None = field(
        default=None, metadata={"member": Member("ConfirmationCode", "string", optional=True, nillable=True)}
    )
    customer_name: str | Nil | None = field(
        default=None, metadata={"member": Member("CustomerName", "string", optional=True, nillable=True)}
    )
    retries: int | None = field(
        default=None, metadata={"member": Member("Retries", "int", optional=True, nillable=False)}
    )
    scheduled_time: str | Nil | None = field(
        default=None, metadata={"member": Member("ScheduledTime", "string", optional=True, nillable=True)}
    )
    time_called: str | Nil | None = field(
        default=None, metadata={"member": Member("TimeCalled", "string", optional=True, nillable=True)}
    )
    user_phone_no: str | Nil | None = field(
        default=None, metadata={"member": Member("UserPhoneNo", "string", optional=True, nillable=True)}
    )
    field1: str | Nil | None = field(
        default=None, metadata={"member": Member("field1", "string", optional=True, nillable=True)}
    )
    field10: str | Nil | None = field(
        default=None, metadata={"member": Member("field10", "string", optional=True, nillable=True)}
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
    service_queue: int | None = field(
        default=None, metadata={"member": Member("serviceQueue", "int", optional=True, nillable=False)}
    )
    service_queue_name: str | Nil | None = field(
        default=None, metadata={"member": Member("serviceQueueName", "string", optional=True, nillable=True)}
    )


_CALL_DATA_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}ConfirmationCode": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}CustomerName": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}Retries": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}ScheduledTime": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}TimeCalled": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}UserPhoneNo": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field1": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field10": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field2": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field3": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field4": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field5": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field6": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field7": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field8": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field9": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}serviceQueue": False,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}serviceQueueName": False,
    }
)


def encode_call_data(element: _Element, value: CallData) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}ConfirmationCode",
        value.confirmation_code,
        xsd.STRING,
        "confirmation_code",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}CustomerName",
        value.customer_name,
        xsd.STRING,
        "customer_name",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}Retries",
        value.retries,
        xsd.INT,
        "retries",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}ScheduledTime",
        value.scheduled_time,
        xsd.STRING,
        "scheduled_time",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}TimeCalled",
        value.time_called,
        xsd.STRING,
        "time_called",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}UserPhoneNo",
        value.user_phone_no,
        xsd.STRING,
        "user_phone_no",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field1",
        value.field1,
        xsd.STRING,
        "field1",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field10",
        value.field10,
        xsd.STRING,
        "field10",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field2",
        value.field2,
        xsd.STRING,
        "field2",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field3",
        value.field3,
        xsd.STRING,
        "field3",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field4",
        value.field4,
        xsd.STRING,
        "field4",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field5",
        value.field5,
        xsd.STRING,
        "field5",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field6",
        value.field6,
        xsd.STRING,
        "field6",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field7",
        value.field7,
        xsd.STRING,
        "field7",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field8",
        value.field8,
        xsd.STRING,
        "field8",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field9",
        value.field9,
        xsd.STRING,
        "field9",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}serviceQueue",
        value.service_queue,
        xsd.INT,
        "service_queue",
    )
    xsd.put(
        element,
        "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}serviceQueueName",
        value.service_queue_name,
        xsd.STRING,
        "service_queue_name",
    )


def decode_call_data(element: _Element, reader: Reader) -> CallData:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _CALL_DATA_MEMBERS)
    return CallData(
        confirmation_code=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}ConfirmationCode", xsd.STRING.parse
        ),
        customer_name=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}CustomerName", xsd.STRING.parse
        ),
        retries=reader.value(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}Retries", xsd.INT.parse
        ),
        scheduled_time=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}ScheduledTime", xsd.STRING.parse
        ),
        time_called=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}TimeCalled", xsd.STRING.parse
        ),
        user_phone_no=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}UserPhoneNo", xsd.STRING.parse
        ),
        field1=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field1", xsd.STRING.parse
        ),
        field10=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field10", xsd.STRING.parse
        ),
        field2=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field2", xsd.STRING.parse
        ),
        field3=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field3", xsd.STRING.parse
        ),
        field4=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field4", xsd.STRING.parse
        ),
        field5=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field5", xsd.STRING.parse
        ),
        field6=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field6", xsd.STRING.parse
        ),
        field7=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field7", xsd.STRING.parse
        ),
        field8=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field8", xsd.STRING.parse
        ),
        field9=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}field9", xsd.STRING.parse
        ),
        service_queue=reader.value(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}serviceQueue", xsd.INT.parse
        ),
        service_queue_name=reader.nillable(
            members, "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}serviceQueueName", xsd.STRING.parse
        ),
    )


@frozen(kw_only=True)
class GetCallDataByNumber:
    """`GetCallDataByNumber` of http://tempuri.org/."""

    presented_number: str | Nil | None = field(
        default=None, metadata={"member": Member("presentedNumber", "string", optional=True, nillable=True)}
    )
    company_id: int | None = field(
        default=None, metadata={"member": Member("companyId", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )


_GET_CALL_DATA_BY_NUMBER_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}presentedNumber": False,
        "{http://tempuri.org/}companyId": False,
        "{http://tempuri.org/}password": False,
    }
)


def encode_get_call_data_by_number(element: _Element, value: GetCallDataByNumber) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(
        element,
        "{http://tempuri.org/}presentedNumber",
        value.presented_number,
        xsd.STRING,
        "presented_number",
    )
    xsd.put(element, "{http://tempuri.org/}companyId", value.company_id, xsd.INT, "company_id")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")


def decode_get_call_data_by_number(element: _Element, reader: Reader) -> GetCallDataByNumber:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_NUMBER_MEMBERS)
    return GetCallDataByNumber(
        presented_number=reader.nillable(members, "{http://tempuri.org/}presentedNumber", xsd.STRING.parse),
        company_id=reader.value(members, "{http://tempuri.org/}companyId", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class GetCallDataByNumberResponse:
    """`GetCallDataByNumberResponse` of http://tempuri.org/."""

    get_call_data_by_number_result: CallData | Nil | None = field(
        default=None,
        metadata={"member": Member("GetCallDataByNumberResult", "CallData", optional=True, nillable=True)},
    )


_GET_CALL_DATA_BY_NUMBER_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {"{http://tempuri.org/}GetCallDataByNumberResult": False}
)


def encode_get_call_data_by_number_response(element: _Element, value: GetCallDataByNumberResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        "{http://tempuri.org/}GetCallDataByNumberResult",
        value.get_call_data_by_number_result,
        encode_call_data,
    )


def decode_get_call_data_by_number_response(element: _Element, reader: Reader) -> GetCallDataByNumberResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_NUMBER_RESPONSE_MEMBERS)
    return GetCallDataByNumberResponse(
        get_call_data_by_number_result=reader.record(
            members, "{http://tempuri.org/}GetCallDataByNumberResult", decode_call_data
        )
    )


@frozen(kw_only=True)
class GetCallDataByPin:
    """`GetCallDataByPin` of http://tempuri.org/."""

    pin: str | Nil | None = field(
        default=None, metadata={"member": Member("pin", "string", optional=True, nillable=True)}
    )
    company_id: int | None = field(
        default=None, metadata={"member": Member("companyId", "int", optional=True, nillable=False)}
    )
    password: Secret | Nil | None = field(
        default=None, metadata={"member": Member("password", "string", optional=True, nillable=True)}
    )


_GET_CALL_DATA_BY_PIN_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "{http://tempuri.org/}pin": False,
        "{http://tempuri.org/}companyId": False,
        "{http://tempuri.org/}password": False,
    }
)


def encode_get_call_data_by_pin(element: _Element, value: GetCallDataByPin) -> None:
    """Append the members of `value` to `element`."""
    xsd.put(element, "{http://tempuri.org/}pin", value.pin, xsd.STRING, "pin")
    xsd.put(element, "{http://tempuri.org/}companyId", value.company_id, xsd.INT, "company_id")
    xsd.put(element, "{http://tempuri.org/}password", value.password, xsd.SECRET, "password")


def decode_get_call_data_by_pin(element: _Element, reader: Reader) -> GetCallDataByPin:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_PIN_MEMBERS)
    return GetCallDataByPin(
        pin=reader.nillable(members, "{http://tempuri.org/}pin", xsd.STRING.parse),
        company_id=reader.value(members, "{http://tempuri.org/}companyId", xsd.INT.parse),
        password=reader.nillable(members, "{http://tempuri.org/}password", xsd.SECRET.parse),
    )


@frozen(kw_only=True)
class GetCallDataByPinResponse:
    """`GetCallDataByPinResponse` of http://tempuri.org/."""

    get_call_data_by_pin_result: CallData | Nil | None = field(
        default=None,
        metadata={"member": Member("GetCallDataByPinResult", "CallData", optional=True, nillable=True)},
    )


_GET_CALL_DATA_BY_PIN_RESPONSE_MEMBERS: Final[Mapping[str, bool]] = MappingProxyType(
    {"{http://tempuri.org/}GetCallDataByPinResult": False}
)


def encode_get_call_data_by_pin_response(element: _Element, value: GetCallDataByPinResponse) -> None:
    """Append the members of `value` to `element`."""
    xsd.put_record(
        element,
        "{http://tempuri.org/}GetCallDataByPinResult",
        value.get_call_data_by_pin_result,
        encode_call_data,
    )


def decode_get_call_data_by_pin_response(element: _Element, reader: Reader) -> GetCallDataByPinResponse:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, _GET_CALL_DATA_BY_PIN_RESPONSE_MEMBERS)
    return GetCallDataByPinResponse(
        get_call_data_by_pin_result=reader.record(
            members, "{http://tempuri.org/}GetCallDataByPinResult", decode_call_data
        )
    )


GET_CALL_DATA_BY_NUMBER: Final = Operation(
    service="BuzzMeInfo",
    name="GetCallDataByNumber",
    soap_action="http://tempuri.org/IInfoService/GetCallDataByNumber",
    request=Message(
        GetCallDataByNumber,
        "{http://tempuri.org/}GetCallDataByNumber",
        encode_get_call_data_by_number,
        decode_get_call_data_by_number,
    ),
    response=Message(
        GetCallDataByNumberResponse,
        "{http://tempuri.org/}GetCallDataByNumberResponse",
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
        "{http://tempuri.org/}GetCallDataByPin",
        encode_get_call_data_by_pin,
        decode_get_call_data_by_pin,
    ),
    response=Message(
        GetCallDataByPinResponse,
        "{http://tempuri.org/}GetCallDataByPinResponse",
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
