"""What the service's answers mean: each trap of the contract, over each protocol and transport."""

import datetime as dt
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
from tests.support.clients import KINDS, open_client
from tests.support.scripted import ScriptedServer, answer

LONDON = ZoneInfo("Europe/London")
kinds = pytest.mark.parametrize("kind", KINDS)


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


PLACES = [
    (contract.REQUEST_CALL_WHEN_AVAILABLE, place),
    (contract.REQUEST_CALL_SCHEDULE, book),
]
both = pytest.mark.parametrize(("operation", "call"), PLACES, ids=["when available", "schedule"])


@kinds
@both
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_code_and_result_0_is_a_confirmation(kind, operation, call, wrapped) -> None:
    message = ResponseMessage(confirmation_code="BZ1", result_code=0)
    assert ask(kind, operation, message, call, wrapped=wrapped) == Confirmation("BZ1")


@kinds
@both
@pytest.mark.parametrize(
    ("number", "error"),
    [
        (1, InvalidNumberFormat), (2, UnableToConnect), (3, OutOfHours),
        (4, NotInWhiteList), (5, InBlackList), (77, CallbackRejected),
    ],
)  # fmt: skip
def test_a_result_code_is_a_rejection(kind, operation, call, number, error) -> None:
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


@kinds
@pytest.mark.parametrize("code", [None, NIL, ""])
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


@kinds
def test_a_nil_answer_to_a_request_is_a_refusal(kind) -> None:
    with pytest.raises(RequestRefused) as caught:
        ask(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, NIL, place)
    assert caught.value.outcome is Outcome.REFUSED


def slot(start: str, end: str, **more: object) -> ArrayOfTimeSlot:
    values = {"time_slot_id": 4, "available": True, "time_from": start, "time_to": end, **more}
    return ArrayOfTimeSlot(time_slot=(contract.TimeSlot(**values),))


def next_slots(client):
    return client.get_next_three_time_slots(dt.datetime(2017, 4, 11, 9))


@kinds
@pytest.mark.parametrize("text", ["2017-04-11 09-30-00", "2017-04-11 09:30:00"])
def test_times_come_with_hyphens_or_colons_and_become_aware(kind, text) -> None:
    slots = ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, slot(text, "2017-04-11 10-00-00"), next_slots)
    start = dt.datetime(2017, 4, 11, 9, 30, tzinfo=LONDON)
    assert slots == (TimeSlot(4, start, start + dt.timedelta(minutes=30), True),)
    assert slots[0].start.utcoffset() == dt.timedelta(hours=1)


@kinds
@pytest.mark.parametrize("text", ["11/04/2017 09:30", "2017-04-31 09-30-00", "", NIL])
def test_a_time_that_cannot_be_read_is_no_time(kind, text) -> None:
    with pytest.raises(ProtocolError, match="a time of slot 4"):
        ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, slot(text, "2017-04-11 10-00-00"), next_slots)


@kinds
def test_nil_slots_are_a_refusal_and_an_empty_list_is_none_to_be_had(kind) -> None:
    assert ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, ArrayOfTimeSlot(), next_slots) == ()
    with pytest.raises(RequestRefused):
        ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, NIL, next_slots)


@kinds
@pytest.mark.parametrize(
    "slots",
    [ArrayOfTimeSlot(time_slot=(NIL,)), ArrayOfTimeSlot(time_slot=(contract.TimeSlot(available=True),))],
)
def test_a_slot_without_an_id_is_no_slot(kind, slots) -> None:
    with pytest.raises(ProtocolError, match="TimeSlotID"):
        ask(kind, contract.GET_NEXT_THREE_TIME_SLOTS, slots, next_slots)


@kinds
@pytest.mark.parametrize(
    ("number", "expected"),
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


@kinds
@pytest.mark.parametrize(
    ("raw", "expected"),
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
