"""Every operation, over each protocol, engine, transport and I/O style, against the sandbox on a socket."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from buzzeasy_soap import (
    AuthenticationFailed,
    CallStatus,
    Endpoints,
    Field,
    InBlackList,
    InvalidNumberFormat,
    NotInWhiteList,
    Outcome,
    OutOfHours,
    RequestRefused,
    ServiceFault,
    UnableToConnect,
)
from buzzeasy_soap.sandbox import Sandbox
from tests.support.clients import KINDS, open_client

LONDON = ZoneInfo("Europe/London")
DAY = dt.date(2017, 4, 11)
NINE = dt.datetime(2017, 4, 11, 9, 0)


@pytest.fixture(params=KINDS)
def client(request: pytest.FixtureRequest, endpoints: Endpoints):
    with open_client(request.param, endpoints) as opened:
        yield opened


def test_a_callback_is_placed_and_pops_up(client, sandbox: Sandbox) -> None:
    confirmation = client.request_call_when_available(
        "Ada <Lovelace> & Söhne 🎩", "+447700900123", fields=["Order 1815", None, "a,b|c"]
    )
    [call] = sandbox.calls()
    assert call["confirmation_code"] == confirmation.code
    assert call["name"] == "Ada <Lovelace> & Söhne 🎩"
    assert call["fields"][:3] == ["Order 1815", None, "a,b|c"]
    by_number = client.get_call_data_by_number("+447700900123")
    assert by_number.confirmation_code == confirmation.code
    assert by_number.customer_name == "Ada <Lovelace> & Söhne 🎩"
    assert (by_number.service_queue, by_number.service_queue_name) == (None, "Sales")
    assert by_number.fields[0] == Field("field1", "Order 1815", "field1 | Order 1815")
    assert by_number.fields[1] is None
    assert by_number.fields[2].value == "a,b|c"
    by_pin = client.get_call_data_by_pin(call["pin"])
    assert (by_pin.service_queue, by_pin.service_queue_name) == (1, None)
    assert by_pin.fields[0].raw == "field1,Order 1815"
    assert by_pin.time_called is not None


def test_a_slot_is_offered_booked_and_gone_when_full(client) -> None:
    slots = client.get_available_times(NINE)
    assert [slot.id for slot in slots] == list(range(3, 21))
    slot = slots[1]
    assert (slot.id, slot.start) == (4, dt.datetime(2017, 4, 11, 9, 30, tzinfo=LONDON))
    for _ in range(2):
        client.request_call_schedule("Ada", "07700 900123", region="GB", time_slot=slot)
    client.request_call_schedule("Ada", "+447700900123", time_slot=4, date=DAY)
    with pytest.raises(OutOfHours) as caught:
        client.request_call_schedule("Ada", "+447700900123", time_slot=slot)
    assert caught.value.outcome is Outcome.REFUSED
    assert 4 not in [slot.id for slot in client.get_available_times(NINE)]


def test_the_next_three_run_on_into_the_next_day(client) -> None:
    slots = client.get_next_three_time_slots(dt.datetime(2017, 4, 11, 16, 10, tzinfo=dt.UTC))
    assert [slot.start.strftime("%d %H:%M") for slot in slots] == ["11 17:30", "12 08:00", "12 08:30"]


def test_the_ewt_is_set_and_read_for_each_queue(client) -> None:
    client.update_ewt_record(5)
    client.update_ewt_record(dt.timedelta(hours=2), service_queue=2)
    assert client.get_ewt_by_service_id() == dt.timedelta(minutes=5)
    assert client.get_ewt_by_service_id(service_queue=2) == dt.timedelta(hours=2)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("012", InvalidNumberFormat), ("+447700900102", UnableToConnect), ("+447700900103", OutOfHours),
        ("+447700900104", NotInWhiteList), ("+447700900105", InBlackList),
    ],
)  # fmt: skip
def test_a_rejection_places_nothing(client, sandbox: Sandbox, number, error) -> None:
    with pytest.raises(error) as caught:
        client.request_call_when_available("Ada", number, region="GB")
    assert caught.value.outcome is Outcome.REFUSED
    assert sandbox.calls() == []


def test_a_fault_leaves_the_outcome_unknown(client) -> None:
    with pytest.raises(ServiceFault) as caught:
        client.request_call_when_available("Ada", "+447700900199")
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.callback_request.name == "Ada"


def test_what_is_not_there_is_none(client) -> None:
    assert client.get_call_data_by_number("+447700900999") is None
    assert client.get_call_data_by_pin("0") is None


@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"company": 9}, {"service_queue": 3}])
@pytest.mark.parametrize("kind", KINDS)
def test_wrong_credentials_are_what_the_contract_makes_of_them(kind, endpoints, sandbox, changes) -> None:
    with open_client(kind, endpoints, **changes) as client:
        for call in (
            lambda: client.request_call_when_available("A", "+447700900123"),
            lambda: client.request_call_schedule("A", "+447700900123", time_slot=4, date=DAY),
            lambda: client.get_ewt_by_service_id(),
        ):
            with pytest.raises(AuthenticationFailed) as caught:
                call()
            assert caught.value.outcome is Outcome.REFUSED
        for call in (
            lambda: client.get_available_times(NINE),
            lambda: client.get_next_three_time_slots(NINE),
            lambda: client.update_ewt_record(5),
        ):
            with pytest.raises(RequestRefused):
                call()
        if "service_queue" not in changes:
            assert client.get_call_data_by_number("+447700900123") is None
    assert sandbox.calls() == []


def test_the_documents_own_samples_succeed_as_printed(sandbox: Sandbox, endpoints: Endpoints) -> None:
    with open_client("rest", endpoints, password="Password") as client:
        client.request_call_when_available("User", "+4477794531150", fields=["test"])
        client.request_call_schedule("User", "+4477794531150", time_slot=1, date=DAY, fields=["test"])
        assert client.get_available_times(NINE)


def test_a_call_is_watched_to_its_end(client, sandbox: Sandbox) -> None:
    confirmation = client.request_call_when_available("Ada", "+447700900123")
    sandbox.advance(60)
    statuses = [update.status for update in _watched(client, confirmation)]
    assert statuses == [
        CallStatus.CALLING_AGENT, CallStatus.AGENT_CONNECTED, CallStatus.CALL_ACCEPTED,
        CallStatus.CALLING_USER, CallStatus.USER_CONNECTED, CallStatus.CALL_SUCCEEDED,
    ]  # fmt: skip


def _watched(client, confirmation):
    updates = client.watch(confirmation, timeout=20)
    if hasattr(updates, "__aiter__"):

        async def collect():
            return [update async for update in updates]

        return client._loop.run_until_complete(collect())
    return list(updates)
