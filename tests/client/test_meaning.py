"""What the service's answers mean: each trap of the contract, over each protocol and transport."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from buzzeasy_soap import (
    AuthenticationFailed,
    CallbackRejected,
    Confirmation,
    Field,
    InBlackList,
    InvalidNumberFormat,
    NotInWhiteList,
    Outcome,
    OutOfHours,
    ProtocolError,
    RequestRefused,
    ResultCode,
    TimeSlot,
    UnableToConnect,
)
from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.contract.request_callback_service import ArrayOfTimeSlot, ResponseMessage
from buzzeasy_soap.wire.xsd import NIL
from tests.support import scripted
from tests.support.clients import KINDS, open_client
from tests.support.scripted import ScriptedServer, answer

LONDON = ZoneInfo("Europe/London")
FULLY = ("soap", "rest")
"""What an answer means is decided by the protocol; the other kinds show that they come as far."""
kinds = pytest.mark.parametrize("kind", KINDS)


def cases(names: str, rows: Iterable[tuple[object, ...]], ids: Iterable[str] | None = None):
    """All rows on `FULLY`, and the first on each of the other kinds."""
    rows = list(rows)
    named = list(ids or ["-".join(str(value) for value in row)[:40] for row in rows])
    return pytest.mark.parametrize(
        f"kind,{names}",
        [
            pytest.param(kind, *row, id=f"{kind}-{name}")
            for kind in KINDS
            for row, name in zip(rows if kind in FULLY else rows[:1], named, strict=False)
        ],
    )


def ask(kind: str, operation: object, result: object, call, *, wrapped: bool = False):
    """Call with a client against a server that answers this."""
    with (
        ScriptedServer((answer(kind, operation, result, wrapped=wrapped),)) as server,
        open_client(kind, server.endpoints) as client,
    ):
        return call(client)


def place(client):
    return client.request_call_when_available("Ada Lovelace", "+447700900123", fields=["Order 1815"])


def book(client):
    return client.request_call_schedule(
        "Ada", "07700 900123", region="GB", time_slot=4, date=dt.date(2017, 4, 11)
    )


PLACES = {
    "when available": (contract.REQUEST_CALL_WHEN_AVAILABLE, place),
    "schedule": (contract.REQUEST_CALL_SCHEDULE, book),
}


@cases("name,wrapped", product(PLACES, [False, True]))
def test_a_code_and_result_0_is_a_confirmation(kind, name, wrapped) -> None:
    operation, call = PLACES[name]
    message = ResponseMessage(confirmation_code="BZ1", result_code=0)
    assert ask(kind, operation, message, call, wrapped=wrapped) == Confirmation("BZ1")


REJECTIONS = {
    1: InvalidNumberFormat, 2: UnableToConnect, 3: OutOfHours, 4: NotInWhiteList, 5: InBlackList, 77: CallbackRejected,
}  # fmt: skip


@cases("name,number", product(PLACES, REJECTIONS))
def test_a_result_code_is_a_rejection(kind, name, number) -> None:
    operation, call = PLACES[name]
    error = REJECTIONS[number]
    with pytest.raises(error) as caught:
        ask(kind, operation, ResponseMessage(confirmation_code=NIL, result_code=number), call)
    assert type(caught.value) is error
    assert caught.value.result_code == number
    assert isinstance(caught.value.result_code, ResultCode) is (number != 77)
    assert caught.value.outcome is Outcome.REFUSED
    assert caught.value.operation == operation.name
    assert caught.value.callback_request is None


@kinds
def test_a_rejection_with_a_code_leaves_the_outcome_unknown(kind) -> None:
    message = ResponseMessage(confirmation_code="BZ1", result_code=2)
    with pytest.raises(UnableToConnect) as caught:
        ask(kind, contract.REQUEST_CALL_SCHEDULE, message, book)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.confirmation_code == "BZ1"
    request = caught.value.callback_request
    assert (request.time_slot, request.date, request.region) == (4, dt.date(2017, 4, 11), "GB")


@cases("code", [(None,), (NIL,), ("",)])
def test_result_0_without_a_code_is_a_failure(kind, code) -> None:
    message = ResponseMessage(confirmation_code=code, result_code=0)
    with pytest.raises(CallbackRejected, match="no confirmation code") as caught:
        ask(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, message, place)
    assert caught.value.outcome is Outcome.REFUSED
    assert caught.value.result_code is ResultCode.SUCCESSFUL


@kinds
def test_minus_1_is_authentication(kind) -> None:
    with pytest.raises(AuthenticationFailed) as caught:
        ask(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, ResponseMessage(result_code=-1), place)
    assert caught.value.outcome is Outcome.REFUSED


SOAP_RESULTS = {
    "left out": "",
    "nil": '<r:{op}Result i:nil="true"/>',
    "empty": "<r:{op}Result/>",
    "text alone": "<r:{op}Result>upstream timed out</r:{op}Result>",
    "a reference": '<r:{op}Result href="#id1"/>',
    "members of another namespace": '<r:{op}Result><ConfirmationCode xmlns="urn:other">BZ1</ConfirmationCode>'
    '<ResultCode xmlns="urn:other">0</ResultCode></r:{op}Result>',
    "members of no namespace": "<r:{op}Result><ConfirmationCode>BZ1</ConfirmationCode></r:{op}Result>",
    "a result of another name": "<r:Result><a:ConfirmationCode>BZ1</a:ConfirmationCode></r:Result>",
    "result 0 and a code of another name": "<r:{op}Result><a:ConfirmationNumber>BZ1</a:ConfirmationNumber>"
    "<a:ResultCode>0</a:ResultCode></r:{op}Result>",
    "a blank code": "<r:{op}Result><a:ConfirmationCode> </a:ConfirmationCode><a:ResultCode>0</a:ResultCode>"
    "</r:{op}Result>",
    "a line feed for a code": "<r:{op}Result><a:ConfirmationCode>\n</a:ConfirmationCode><a:ResultCode>0"
    "</a:ResultCode></r:{op}Result>",
    "a blank code and no result code": "<r:{op}Result><a:ConfirmationCode>\u00a0</a:ConfirmationCode></r:{op}Result>",
    "no code and no result code": '<r:{op}Result><a:ConfirmationCode i:nil="true"/></r:{op}Result>',
}
JSON_RESULTS = {
    "nothing": "",
    "null": "null",
    "d null": '{"d": null}',
    "an empty object": "{}",
    "an error": '{"error": "upstream timed out"}',
    "an error under d": '{"d": {"error": "upstream timed out"}}',
    "another operation's wrapper": '{"UpdateEWTRecordResult": {"ConfirmationCode": "BZ1", "ResultCode": 0}}',
    "result 0 and a code of another name": '{"ConfirmationNumber": "BZ1", "ResultCode": 0}',
    "names that differ in case alone, twice": '{"confirmationCode": "BZ1", "CONFIRMATIONCODE": "BZ2", "ResultCode": 0}',
    "a blank code": '{"ConfirmationCode": "\\u00a0", "ResultCode": 0}',
}
PLACEHOLDER = "http://schemas.datacontract.org/2004/07/RequestCallbackService"


def soap_result(operation, inner: str):
    """A reply whose wrapper holds this; `r` is its namespace, `a` the data's."""
    name = operation.name
    return scripted.http(
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r:{name}Response '
        f'xmlns:r="http://tempuri.org/" xmlns:a="{PLACEHOLDER}" '
        f'xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{inner.replace("{op}", name)}'
        f"</r:{name}Response></s:Body></s:Envelope>"
    )


def json_result(text: str):
    return scripted.http(text, content_type="application/json")


def reply_of(kind: str, operation, text: str):
    return json_result(text) if kind.startswith("rest") else soap_result(operation, text)


def by_protocol(soap: Mapping[str, str], rest: Mapping[str, str]):
    """All of a protocol's on `FULLY`, and the first on each of the other kinds."""
    return pytest.mark.parametrize(
        ("kind", "text"),
        [
            pytest.param(kind, text, id=f"{kind}-{name}")
            for kind in KINDS
            for number, (name, text) in enumerate((rest if kind.startswith("rest") else soap).items())
            if kind in FULLY or number == 0
        ],
    )


@by_protocol(SOAP_RESULTS, JSON_RESULTS)
def test_what_is_not_recognised_leaves_a_placement_unknown(kind: str, text: str) -> None:
    reply = reply_of(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, text)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(ProtocolError) as caught:
            place(client)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.callback_request.phone_no == "+447700900123"
    assert len(server.received) == 1


JSON_CONFIRMED = {
    "other case": '{"confirmationCode": "BZ1", "resultCode": 0}',
    "under d": '{"d": {"ConfirmationCode": "BZ1", "ResultCode": 0}}',
    "under d, with a type": '{"d": {"__type": "ResponseMessage:#Buzzeasy", "ConfirmationCode": "BZ1", "ResultCode": 0}}',
    "wrapped": '{"requestCallWhenAvailableResult": {"ConfirmationCode": "BZ1"}}',
    "a new member": '{"ConfirmationCode": "BZ1", "QueuePosition": 4}',
}
SOAP_CONFIRMED = {
    "a code alone": "<r:{op}Result><a:ConfirmationCode>BZ1</a:ConfirmationCode></r:{op}Result>",
    "a new member": "<r:{op}Result><a:ConfirmationCode>BZ1</a:ConfirmationCode><a:New>1</a:New></r:{op}Result>",
}


@by_protocol(SOAP_CONFIRMED, JSON_CONFIRMED)
def test_a_code_without_a_result_code_is_a_confirmation(kind: str, text: str) -> None:
    reply = reply_of(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, text)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        assert place(client) == Confirmation("BZ1")


READS = {
    "slots of another namespace": (
        contract.GET_NEXT_THREE_TIME_SLOTS,
        '<r:{op}Result><TimeSlot xmlns="urn:other"><TimeSlotID>4</TimeSlotID></TimeSlot></r:{op}Result>',
        '{"TimeSlots": []}',
        lambda c: next_slots(c),
    ),
    "call data of another namespace": (
        info.GET_CALL_DATA_BY_PIN,
        '<r:{op}Result><CustomerName xmlns="urn:other">Ada</CustomerName></r:{op}Result>',
        '{"customer": "Ada"}',
        lambda c: c.get_call_data_by_pin("1234"),
    ),
    "call data without a member": (
        info.GET_CALL_DATA_BY_PIN,
        "<r:{op}Result/>",
        "{}",
        lambda c: c.get_call_data_by_pin("1234"),
    ),
    "an EWT that is left out": (
        contract.GET_EWT_BY_SERVICE_ID,
        "",
        "",
        lambda c: c.get_ewt_by_service_id(),
    ),
    "neither true nor false": (
        contract.UPDATE_EWT_RECORD,
        "",
        "null",
        lambda c: c.update_ewt_record(5),
    ),
}


@cases("operation,xml,json,call", READS.values(), ids=READS)
def test_what_is_not_recognised_is_not_read_as_absent(kind, operation, xml, json, call) -> None:
    reply = reply_of(kind, operation, json if kind.startswith("rest") else xml)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(ProtocolError):
            call(client)


@kinds
def test_a_result_that_is_left_out_is_null_where_null_has_a_meaning(kind) -> None:
    text = "" if kind.startswith("rest") else "<!-- minOccurs=0 -->"
    reply = reply_of(kind, info.GET_CALL_DATA_BY_PIN, text)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        assert client.get_call_data_by_pin("1234") is None
    reply = reply_of(kind, contract.GET_NEXT_THREE_TIME_SLOTS, text)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(RequestRefused):
            next_slots(client)


def slot(start: str, end: str, **more: object) -> ArrayOfTimeSlot:
    values = {"time_slot_id": 4, "available": True, "time_from": start, "time_to": end, **more}
    return ArrayOfTimeSlot(time_slot=(contract.TimeSlot(**values),))


def next_slots(client):
    return client.get_next_three_time_slots(dt.datetime(2017, 4, 11, 9))


@cases("text", [("2017-04-11 09-30-00",), ("2017-04-11 09:30:00",)])
def test_times_come_with_hyphens_or_colons_and_become_aware(kind, text) -> None:
    slots = ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, slot(text, "2017-04-11 10-00-00"), next_slots)
    start = dt.datetime(2017, 4, 11, 9, 30, tzinfo=LONDON)
    assert slots == (TimeSlot(4, start, start + dt.timedelta(minutes=30), True),)
    assert slots[0].start.utcoffset() == dt.timedelta(hours=1)


@cases("text", [("11/04/2017 09:30",), ("2017-04-31 09-30-00",), ("",), (NIL,)])
def test_a_time_that_cannot_be_read_is_no_time(kind, text) -> None:
    with pytest.raises(ProtocolError, match="a time of slot 4"):
        ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, slot(text, "2017-04-11 10-00-00"), next_slots)


@kinds
def test_nil_slots_are_a_refusal_and_an_empty_list_is_none_to_be_had(kind) -> None:
    assert ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, ArrayOfTimeSlot(), next_slots) == ()
    with pytest.raises(RequestRefused):
        ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, NIL, next_slots)


@cases(
    "slots",
    [
        (ArrayOfTimeSlot(time_slot=(NIL,)),),
        (ArrayOfTimeSlot(time_slot=(contract.TimeSlot(available=True),)),),
    ],
)
def test_a_slot_without_an_id_is_no_slot(kind, slots) -> None:
    with pytest.raises(ProtocolError, match="TimeSlotID"):
        ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, slots, next_slots)


@cases(
    "number,expected",
    [(0, dt.timedelta()), (90, dt.timedelta(minutes=90)), (-1, AuthenticationFailed), (-2, ProtocolError)],
)
def test_an_ewt_is_never_negative(kind, number, expected) -> None:
    def call(client):
        return client.get_ewt_by_service_id()

    if isinstance(expected, dt.timedelta):
        assert ask(kind, contract.GET_EWT_BY_SERVICE_ID, number, call) == expected
    else:
        with pytest.raises(expected):
            ask(kind, contract.GET_EWT_BY_SERVICE_ID, number, call)


@kinds
def test_an_update_that_answers_false_is_a_refusal(kind) -> None:
    assert ask(kind, contract.UPDATE_EWT_RECORD, True, lambda c: c.update_ewt_record(5)) is None
    with pytest.raises(RequestRefused):
        ask(kind, contract.UPDATE_EWT_RECORD, False, lambda c: c.update_ewt_record(5))


NINE = {f"field{n}": f"Name {n} | Value {n}" for n in range(1, 10)}


@kinds
def test_call_data_by_number_splits_at_bars_and_field10_at_a_comma(kind) -> None:
    data = info.CallData(
        customer_name="Ada", user_phone_no="+447700900123", service_queue=0, service_queue_name="Sales",
        retries=2, confirmation_code="BZ1", scheduled_time="2017-04-11 09-30-00", **NINE, field10="A,B,C",
    )  # fmt: skip
    read = ask(kind, info.GET_CALL_DATA_BY_NUMBER, data, lambda c: c.get_call_data_by_number("+447700900123"))
    assert read.fields[0] == Field("Name 1", "Value 1", "Name 1 | Value 1")
    assert read.fields[9] == Field("A", "B,C", "A,B,C")
    assert (read.service_queue, read.service_queue_name, read.retries) == (None, "Sales", 2)
    assert (read.scheduled_time, read.time_called) == ("2017-04-11 09-30-00", None)


@cases(
    "raw,expected",
    [
        ("Order,1815", Field("Order", "1815", "Order,1815")),
        ("Order, 1 | 2, 3", Field("Order", "1 | 2, 3", "Order, 1 | 2, 3")),
        ("no separator", Field(None, "no separator", "no separator")),
        ("  a ,  b ", Field("  a", " b ", "  a ,  b ")),
        ("", Field(None, "", "")),
        (NIL, None),
        (None, None),
    ],
)
def test_call_data_by_pin_splits_at_the_first_comma(kind, raw, expected) -> None:
    data = info.CallData(field2=raw, service_queue=2, time_called="soon")
    read = ask(kind, info.GET_CALL_DATA_BY_PIN, data, lambda c: c.get_call_data_by_pin("1234"))
    assert read.fields[1] == expected
    assert len(read.fields) == 10
    assert (read.service_queue, read.retries, read.time_called) == (2, 0, "soon")


@kinds
def test_nil_call_data_is_none(kind) -> None:
    assert ask(kind, info.GET_CALL_DATA_BY_PIN, NIL, lambda c: c.get_call_data_by_pin("1234")) is None
