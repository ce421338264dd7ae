"""The public API as a user's code sees it: checked by mypy and basedpyright, never run."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import assert_type
from zoneinfo import ZoneInfo

from buzzeasy_soap import (
    AsyncBuzzeasyClient,
    BuzzeasyClient,
    BuzzeasyError,
    CallbackRejected,
    CallbackRequest,
    CallData,
    CallStatus,
    CallUpdate,
    Confirmation,
    Endpoints,
    ExchangeRecord,
    Field,
    Outcome,
    RawResponse,
    Reconciliation,
    Region,
    ResultCode,
    Retry,
    Timeout,
    TimeSlot,
    TransportError,
)
from buzzeasy_soap.contract.buzz_me_info import AsyncBuzzMeInfoProxy, BuzzMeInfoProxy
from buzzeasy_soap.contract.request_callback_service import (
    AsyncRequestCallbackServiceProxy,
    GetEWTByServiceID,
    GetEWTByServiceIDResponse,
    RequestCallbackServiceProxy,
)
from buzzeasy_soap.events import AsyncEventStream, EventStream
from buzzeasy_soap.ledger import AsyncLedger, Decision, Entry, Ledger
from buzzeasy_soap.transports import AsyncZeepService, ZeepService


def blocking(client: BuzzeasyClient, now: dt.datetime) -> None:
    assert_type(client.request_call_when_available("Ada", "+447700900123"), Confirmation)
    slots = client.get_available_times(now)
    assert_type(slots, tuple[TimeSlot, ...])
    client.request_call_schedule("Ada", "1", time_slot=slots[0], region=Region.GB, fields=("a", None))
    client.request_call_schedule("Ada", "1", time_slot=4, date=now.date(), region="IE", fields=["a"])
    assert_type(client.get_next_three_time_slots(now, service_queue=2), tuple[TimeSlot, ...])
    client.update_ewt_record(5)
    client.update_ewt_record(dt.timedelta(minutes=5))
    assert_type(client.get_ewt_by_service_id(), dt.timedelta)
    data = client.get_call_data_by_number("+447700900123")
    assert_type(data, CallData | None)
    if data is not None:
        assert_type(data.fields, tuple[Field | None, ...])
    assert_type(client.with_options(timeout=Timeout(total=5), retry=Retry(attempts=1)), BuzzeasyClient)
    raw = client.with_raw_response.get_call_data_by_pin("1234")
    assert_type(raw, RawResponse[CallData | None])
    assert_type(raw.parse(), CallData | None)
    placed = client.with_raw_response.request_call_when_available
    assert_type(
        placed("Ada", "+447700900123", region="GB", fields=["a", None], reference="r"),
        RawResponse[Confirmation],
    )
    assert_type(placed(name="Ada", phone_no="1", service_queue=2).parse(), Confirmation)
    placed("Ada")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    placed("Ada", 447700900123)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    placed("Ada", "1", queue=2)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    response = client.request_callback_service.get_ewt_by_service_id(GetEWTByServiceID(company_id=1))
    assert_type(response, GetEWTByServiceIDResponse)
    assert_type(response.get_ewt_by_service_id_result, int | None)


async def asynchronous(client: AsyncBuzzeasyClient, now: dt.datetime) -> None:
    async with client as opened:
        assert_type(await opened.request_call_when_available("Ada", "+447700900123"), Confirmation)
        assert_type(await opened.get_available_times(now), tuple[TimeSlot, ...])
        assert_type(await opened.with_raw_response.get_ewt_by_service_id(), RawResponse[dt.timedelta])
        placed = opened.with_raw_response.request_call_when_available
        assert_type(await placed("Ada", "1", region=Region.GB, fields=("a",)), RawResponse[Confirmation])
        assert_type((await placed(name="Ada", phone_no="1")).parse(), Confirmation)
        await placed("Ada")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
        await placed("Ada", "1", fields=1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        await placed("Ada", "1", queue=2)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


async def zeep(client: BuzzeasyClient, other: AsyncBuzzeasyClient) -> None:
    service = client.zeep(
        "Orders", wsdl="orders.wsdl", port="OrdersSoap", address="https://a/", secrets=["token"]
    )
    assert_type(service, ZeepService)
    assert_type(service.PlaceOrder(1, note="x"), object)
    assert_type(service["PlaceOrder"](), object)
    assert_type(service.get_type("{urn:orders}Order")(Number=1), object)
    with_await = other.zeep("BuzzMeInfo")
    assert_type(with_await, AsyncZeepService)
    assert_type(await with_await.GetCallDataByPin(pin="1"), object)
    asyncio.create_task(with_await["GetCallDataByPin"]())  # noqa: RUF006


def errors(error: BuzzeasyError) -> None:
    assert_type(error.outcome, Outcome)
    assert_type(error.callback_request, CallbackRequest | None)
    if isinstance(error, CallbackRejected):
        # A closed enum beside int: a checker asks for the arm of a code that is added later.
        code = error.result_code
        if isinstance(code, ResultCode):
            assert_type(code, ResultCode)
        else:
            added: int = code
            print(added)
    if isinstance(error, TransportError):
        print(error.phase.upper())


def update(arrived: CallUpdate) -> bool:
    return isinstance(arrived.status, CallStatus) and arrived.status.is_final


def every_code(rejected: CallbackRejected) -> str:
    match rejected.result_code:
        case ResultCode.SUCCESSFUL | ResultCode.AUTHENTICATION_FAILED:
            return "not of a rejection"
        case ResultCode.INVALID_NUMBER_FORMAT | ResultCode.NOT_IN_WHITE_LIST | ResultCode.IN_BLACK_LIST:
            return "the number"
        case ResultCode.UNABLE_TO_CONNECT | ResultCode.OUT_OF_HOURS:
            return "later"
        case int() as added:
            return f"a code that was added: {added}"


def every_known_code(rejected: CallbackRejected) -> str:  # type: ignore[return] # pyright: ignore[reportReturnType]
    match rejected.result_code:
        case ResultCode.SUCCESSFUL | ResultCode.AUTHENTICATION_FAILED:
            return "not of a rejection"
        case ResultCode.INVALID_NUMBER_FORMAT | ResultCode.NOT_IN_WHITE_LIST | ResultCode.IN_BLACK_LIST:
            return "the number"
        case ResultCode.UNABLE_TO_CONNECT | ResultCode.OUT_OF_HOURS:
            return "later"


def every_status(arrived: CallUpdate) -> str:
    match arrived.status:
        case CallStatus():
            return arrived.status.name
        case str() as added:
            return f"a status that was added: {added}"


def every_known_status(arrived: CallUpdate) -> str:  # type: ignore[return] # pyright: ignore[reportReturnType]
    match arrived.status:
        case CallStatus():
            return arrived.status.name


def every_outcome(error: BuzzeasyError) -> str:
    match error.outcome:  # closed: no other arm
        case Outcome.NOT_SENT:
            return "again"
        case Outcome.REFUSED:
            return "ask"
        case Outcome.UNKNOWN:
            return "reconcile"


def hook(record: ExchangeRecord) -> None:
    print(record.operation, record.seconds)


def set_up() -> None:
    BuzzeasyClient(endpoints=Endpoints.test(), company=1, password="x", hooks=[hook])
    BuzzeasyClient(
        endpoints=Endpoints.test(),
        company=1,
        password="x",
        protocol="rest",
        transport="curl",
    )
    AsyncBuzzeasyClient(endpoints=Endpoints.test(), company=1, password="x", transport="aiohttp")
    BuzzeasyClient(endpoints=Endpoints.test(), company=1, password="x", protocol="soap12")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    BuzzeasyClient(Endpoints.test(), 1, "x")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def requests(client: BuzzeasyClient, ledger: Ledger) -> None:
    asked = client.callback_request("Ada", "+447700900123", time_slot=4, date=dt.date(2017, 4, 11))
    assert_type(asked, CallbackRequest)
    assert_type(client.request_callback(asked), Confirmation)
    assert_type(client.with_options(before_sending=lambda: None), BuzzeasyClient)
    assert_type(client.timeout, Timeout)
    assert_type(ledger.place(client, "Ada", "+447700900123", key="1", fields=["a", None]), Confirmation)
    ledger.place(client, "Ada", "+447700900123")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    reconciled = ledger.reconcile(client)
    assert_type(reconciled.unknown, tuple[Entry, ...])
    assert_type(ledger.book.decide(reconciled.unknown[0].id, Decision.DROP, who="Grace"), Entry)


async def requests_async(client: AsyncBuzzeasyClient, ledger: AsyncLedger) -> None:
    assert_type(client.callback_request("Ada", "+447700900123"), CallbackRequest)
    assert_type(await ledger.place(client, "Ada", "+447700900123", key="1"), Confirmation)


def each_member(client: BuzzeasyClient, now: dt.datetime, asked: CallbackRequest) -> None:
    assert_type(BuzzeasyClient.from_env(timeout=5), BuzzeasyClient)
    assert_type(client.request_call_when_available("Ada", "1"), Confirmation)
    assert_type(client.request_call_schedule("Ada", "1", time_slot=4), Confirmation)
    assert_type(client.callback_request("Ada", "1"), CallbackRequest)
    assert_type(client.request_callback(asked), Confirmation)
    assert_type(client.reconcile(asked), Reconciliation)
    assert_type(client.watch("BZ1001"), Iterator[CallUpdate])
    assert_type(client.get_available_times(now), tuple[TimeSlot, ...])
    assert_type(client.get_next_three_time_slots(now), tuple[TimeSlot, ...])
    assert_type(client.update_ewt_record(5), None)
    assert_type(client.get_ewt_by_service_id(), dt.timedelta)
    assert_type(client.get_call_data_by_number("1"), CallData | None)
    assert_type(client.get_call_data_by_pin("1234"), CallData | None)
    assert_type(client.zeep("BuzzMeInfo"), ZeepService)
    assert_type(client.with_options(timeout=5), BuzzeasyClient)
    assert_type(client.with_raw_response.get_call_data_by_pin("1"), RawResponse[CallData | None])
    assert_type(client.request_callback_service, RequestCallbackServiceProxy)
    assert_type(client.buzz_me_info, BuzzMeInfoProxy)
    assert_type(client.timeout, Timeout)
    assert_type(client.timezone, ZoneInfo)
    assert_type(client.has_events, bool)
    assert_type(client.event_stream(), EventStream)
    assert_type(client.close(), None)


async def each_member_async(client: AsyncBuzzeasyClient, now: dt.datetime, asked: CallbackRequest) -> None:
    assert_type(AsyncBuzzeasyClient.from_env(timeout=5), AsyncBuzzeasyClient)
    assert_type(await client.request_call_when_available("Ada", "1"), Confirmation)
    assert_type(await client.request_call_schedule("Ada", "1", time_slot=4), Confirmation)
    assert_type(client.callback_request("Ada", "1"), CallbackRequest)
    assert_type(await client.request_callback(asked), Confirmation)
    assert_type(await client.reconcile(asked), Reconciliation)
    assert_type(client.watch("BZ1001"), AsyncIterator[CallUpdate])
    assert_type(await client.get_available_times(now), tuple[TimeSlot, ...])
    assert_type(await client.get_next_three_time_slots(now), tuple[TimeSlot, ...])
    assert_type(await client.update_ewt_record(5), None)
    assert_type(await client.get_ewt_by_service_id(), dt.timedelta)
    assert_type(await client.get_call_data_by_number("1"), CallData | None)
    assert_type(await client.get_call_data_by_pin("1234"), CallData | None)
    assert_type(client.zeep("BuzzMeInfo"), AsyncZeepService)
    assert_type(client.with_options(timeout=5), AsyncBuzzeasyClient)
    assert_type(await client.with_raw_response.get_call_data_by_pin("1"), RawResponse[CallData | None])
    assert_type(client.request_callback_service, AsyncRequestCallbackServiceProxy)
    assert_type(client.buzz_me_info, AsyncBuzzMeInfoProxy)
    assert_type(client.timeout, Timeout)
    assert_type(client.timezone, ZoneInfo)
    assert_type(client.has_events, bool)
    assert_type(client.event_stream(), AsyncEventStream)
    assert_type(await client.close(), None)
