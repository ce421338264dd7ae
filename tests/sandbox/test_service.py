"""What the service answers, over SOAP on a socket."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from attrs import asdict

from buzzeasy_soap.errors import ServiceFault
from buzzeasy_soap.sandbox import Sandbox, SandboxConfig
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.xsd import NIL

MORNING = dt.datetime(2017, 4, 11, 7)
AT_NINE = dt.datetime(2017, 4, 11, 9)


def spans(slots: Any) -> list[tuple[int, str, str]]:
    return [(slot.time_slot_id, slot.time_from, slot.time_to) for slot in slots.time_slot]


class TestDocumentSamples:
    """The document's own bodies succeed as printed."""

    def test_request_call_when_available(self, caller: Any) -> None:
        answer = caller.request("+4477794531150", name="User", password=Secret("Password"), field1="test")
        assert (answer.result_code, answer.confirmation_code[:3]) == (0, "BZ1")

    def test_get_available_times(self, caller: Any) -> None:
        assert spans(caller.available(AT_NINE))[0] == (3, "2017-04-11 09-00-00", "2017-04-11 09-30-00")

    def test_get_next_three_time_slots(self, caller: Any) -> None:
        assert [slot[0] for slot in spans(caller.next_three(AT_NINE))] == [3, 4, 5]

    def test_ewt(self, caller: Any) -> None:
        assert caller.update_ewt(1) is True
        assert caller.ewt() == 1

    def test_request_call_schedule(self, caller: Any) -> None:
        midnight = dt.datetime(2017, 4, 11)
        answer = caller.schedule(
            1, midnight, phone_no="+4477794531150", name="User", password=Secret("Password"), field1="test"
        )
        assert answer.result_code == 0

    def test_slot_four_is_half_past_nine(self, caller: Any) -> None:
        assert (4, "2017-04-11 09-30-00", "2017-04-11 10-00-00") in spans(caller.available())


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": Secret("wrong")},
        {"password": None},
        {"password": NIL},
        {"password": Secret("")},
        {"company": 2},
        {"company": 9},
        {"company": None},
        {"service_queue": 3},
        {"service_queue": None},
    ],
    ids=repr,
)
class TestWrongCredentials:
    def test_callbacks_are_refused(self, caller: Any, sandbox: Sandbox, wrong: dict[str, Any]) -> None:
        for answer in (caller.request(**wrong), caller.schedule(1, **wrong)):
            assert (answer.result_code, answer.confirmation_code) == (-1, NIL)
        assert sandbox.calls() == []

    def test_slots_are_nil(self, caller: Any, wrong: dict[str, Any]) -> None:
        assert caller.available(**wrong) is NIL
        assert caller.next_three(**wrong) is NIL

    def test_ewt_is_refused(self, caller: Any, wrong: dict[str, Any]) -> None:
        caller.update_ewt(7)
        assert caller.update_ewt(9, **wrong) is False
        names = {"company": "company_id", "service_queue": "service_queue_id"}
        assert caller.ewt(**{names.get(name, name): value for name, value in wrong.items()}) == -1
        assert caller.ewt() == 7

    def test_call_data_is_nil(self, caller: Any, sandbox: Sandbox, wrong: dict[str, Any]) -> None:
        if "service_queue" in wrong:
            wrong = {"password": Secret("Wrong")}
        caller.request("+447700900123")
        wrong = {"company_id" if name == "company" else name: value for name, value in wrong.items()}
        assert caller.by_number("+447700900123", **wrong) is NIL
        assert caller.by_pin(sandbox.calls()[0]["pin"], **wrong) is NIL


def test_a_company_never_sees_anothers_data(
    sandbox: Sandbox, caller: Any, caller_of: Callable[..., Any]
) -> None:
    other = caller_of(sandbox, "Secret2", 2)
    caller.request("+447700900123")
    caller.update_ewt(5)
    pin = sandbox.calls()[0]["pin"]
    assert other.by_number("+447700900123") is NIL
    assert other.by_pin(pin) is NIL
    assert other.ewt(service_queue_id=3) == 0
    assert other.request(service_queue=3).result_code == 0
    assert other.by_number("+447700900123").confirmation_code == sandbox.calls()[1]["confirmation_code"]


@pytest.mark.parametrize(
    ("phone_no", "region", "stored"),
    [
        ("+447700900123", NIL, "+447700900123"),
        ("+4477794531150", None, "+4477794531150"),
        ("07700 900123", "GB", "+447700900123"),
        ("085 012 3456", "IE", "+353850123456"),
        ("07700900123", "gb", "+447700900123"),
        ("+353850123456", "GB", "+353850123456"),
        ("00353850123456", "GB", "+353850123456"),
    ],
)
def test_numbers_are_stored_in_e164(
    caller: Any, sandbox: Sandbox, phone_no: str, region: Any, stored: str
) -> None:
    assert caller.request(phone_no, region=region).result_code == 0
    assert sandbox.calls()[0]["phone_no"] == stored


@pytest.mark.parametrize(
    ("phone_no", "region"),
    [
        ("07700900123", None),
        ("07700900123", "FR"),
        ("07700900123", ""),
        ("12345", "GB"),
        ("", "GB"),
        ("Ada", "GB"),
        ("Ada", None),
        (NIL, "GB"),
        (None, None),
        ("+0447700900123", None),
        ("+44 7700 900123", None),
        ("+44770090012345678", None),
        ("+", None),
    ],
)
def test_other_numbers_have_an_invalid_format(
    caller: Any, sandbox: Sandbox, phone_no: Any, region: Any
) -> None:
    answer = caller.request(phone_no, region=region)
    assert (answer.result_code, answer.confirmation_code) == (1, NIL)
    assert sandbox.calls() == []


@pytest.mark.parametrize(("ending", "code"), [("102", 2), ("103", 3), ("104", 4), ("105", 5)])
def test_magic_numbers_are_refused(caller: Any, sandbox: Sandbox, ending: str, code: int) -> None:
    assert caller.request(f"+447700900{ending}").result_code == code
    assert caller.schedule(1, phone_no=f"07700900{ending}", region="GB").result_code == code
    assert sandbox.calls() == []


def test_one_magic_number_crashes_the_service(caller: Any, sandbox: Sandbox) -> None:
    with pytest.raises(ServiceFault) as caught:
        caller.request("+447700900199")
    assert caught.value.code == "InternalServiceFault"
    assert sandbox.calls() == []


class TestSlots:
    def test_a_day_has_twenty_half_hours(self, caller: Any) -> None:
        slots = spans(caller.available())
        assert [slot[0] for slot in slots] == list(range(1, 21))
        assert slots[0][1:] == ("2017-04-11 08-00-00", "2017-04-11 08-30-00")
        assert slots[-1][1:] == ("2017-04-11 17-30-00", "2017-04-11 18-00-00")
        assert all(slot.available for slot in caller.available().time_slot)

    def test_only_those_after_the_time_asked_for(self, caller: Any) -> None:
        assert [slot[0] for slot in spans(caller.available(dt.datetime(2017, 4, 12, 16, 31)))] == [
            19,
            20,
        ]
        assert spans(caller.available(dt.datetime(2017, 4, 12, 17, 31))) == []

    @pytest.mark.parametrize(
        "date",
        [
            None,
            dt.datetime(1, 1, 1),
            dt.datetime(2017, 4, 10, 9),
            dt.datetime(9999, 12, 31, 23, 59),
        ],
    )
    def test_none_in_the_past_or_far_future(self, caller: Any, date: dt.datetime | None) -> None:
        assert spans(caller.available(date)) == []

    def test_next_three_run_on_into_the_next_day(self, caller: Any) -> None:
        found = spans(caller.next_three(dt.datetime(2017, 4, 11, 17, 15)))
        assert [slot[1] for slot in found] == [
            "2017-04-11 17-30-00", "2017-04-12 08-00-00", "2017-04-12 08-30-00",
        ]  # fmt: skip

    def test_next_three_begin_now_at_the_earliest(self, caller: Any) -> None:
        assert [slot[0] for slot in spans(caller.next_three(dt.datetime(1, 1, 1)))] == [1, 2, 3]
        assert spans(caller.next_three(dt.datetime(9999, 12, 31))) == []

    def test_a_slot_takes_three_bookings(self, caller: Any) -> None:
        assert [caller.schedule(4).result_code for _ in range(4)] == [0, 0, 0, 3]
        assert 4 not in [slot[0] for slot in spans(caller.available())]
        assert [slot[0] for slot in spans(caller.next_three(AT_NINE))] == [3, 5, 6]
        assert caller.schedule(4, service_queue=2).result_code == 0
        assert caller.schedule(4, MORNING + dt.timedelta(days=1)).result_code == 0

    @pytest.mark.parametrize(
        ("slot", "date"),
        [
            (0, MORNING), (21, MORNING), (-1, MORNING), (None, MORNING),
            (4, dt.datetime(2017, 4, 10)), (4, dt.datetime(1, 1, 1)),
            (4, dt.datetime(9999, 12, 31)), (4, None),
        ],
    )  # fmt: skip
    def test_unknown_and_past_ones_cannot_be_booked(self, caller: Any, slot: Any, date: Any) -> None:
        assert caller.schedule(slot, date).result_code == 3

    def test_past_ones_are_not_offered(self, moving: Sandbox, caller_of: Callable[..., Any]) -> None:
        moving.advance(2 * 3600 + 60)
        caller = caller_of(moving)
        assert [slot[0] for slot in spans(caller.next_three(MORNING))] == [4, 5, 6]
        assert caller.schedule(3).result_code == 3

    def test_a_time_with_an_offset_is_taken_in_the_services_zone(self, caller: Any) -> None:
        at_nine = dt.datetime(2017, 4, 11, 8, tzinfo=dt.UTC)
        assert spans(caller.next_three(at_nine))[0][1] == "2017-04-11 09-00-00"


class TestCallData:
    def test_by_number(self, caller: Any) -> None:
        code = caller.request(field1="Order 1815", field10="last", field3="").confirmation_code
        data = caller.by_number("+447700900123")
        assert {name: value for name, value in asdict(data).items() if value is not NIL} == {
            "confirmation_code": code,
            "customer_name": "Ada Lovelace",
            "user_phone_no": "+447700900123",
            "retries": 0,
            "field1": "field1 | Order 1815",
            "field3": "field3 | ",
            "field10": "field10,last",
            "service_queue": 0,
            "service_queue_name": "Sales",
            "scheduled_time": "2017-04-11 07-00-00",
        }

    def test_by_pin(self, caller: Any, sandbox: Sandbox) -> None:
        code = caller.schedule(4, field1="Order 1815", service_queue=2).confirmation_code
        data = caller.by_pin(sandbox.calls()[0]["pin"])
        assert {name: value for name, value in asdict(data).items() if value is not NIL} == {
            "confirmation_code": code,
            "customer_name": "Ada",
            "user_phone_no": "+447700900123",
            "retries": 0,
            "field1": "field1,Order 1815",
            "service_queue": 2,
            "time_called": "2017-04-11 07-00-00",
        }

    def test_a_booked_call_has_its_slots_time(self, caller: Any) -> None:
        caller.schedule(4)
        assert caller.by_number("+447700900123").scheduled_time == "2017-04-11 09-30-00"

    def test_the_newest_open_call_is_found(self, moving: Sandbox, caller_of: Callable[..., Any]) -> None:
        caller = caller_of(moving)
        first = caller.request().confirmation_code
        booked = caller.schedule(4).confirmation_code
        moving.advance(60)
        assert caller.by_number("+447700900123").confirmation_code == booked
        moving.advance(5 * 3600)
        assert caller.by_number("+447700900123") is NIL
        pins = {call["confirmation_code"]: call["pin"] for call in moving.calls()}
        assert caller.by_pin(pins[first]).confirmation_code == first

    @pytest.mark.parametrize(
        "presented", ["+447700900123", "447700900123", "00447700900123", "07700900123", "07700 900 123"]
    )
    def test_numbers_are_matched_however_they_are_presented(self, caller: Any, presented: str) -> None:
        caller.request()
        assert caller.by_number(presented).user_phone_no == "+447700900123"

    @pytest.mark.parametrize("presented", ["+4477794531150", "4477794531150"])
    def test_the_documents_number_is_matched(self, caller: Any, presented: str) -> None:
        caller.request("+4477794531150")
        assert caller.by_number(presented).user_phone_no == "+4477794531150"

    @pytest.mark.parametrize(
        "presented", ["", "+", "anonymous", "7700900123", "+447700900124", "%", "_" * 13]
    )
    def test_others_are_not(self, caller: Any, presented: str) -> None:
        caller.request()
        assert caller.by_number(presented) is NIL

    def test_pins_are_short_unique_digits(self, caller: Any, sandbox: Sandbox) -> None:
        for _ in range(5):
            caller.request()
        pins = [call["pin"] for call in sandbox.calls()]
        assert len(set(pins)) == 5
        assert all(pin.isdecimal() and len(pin) == 6 for pin in pins)

    @pytest.mark.parametrize("pin", ["", "0", "000000", "12345a", "9" * 18, "9" * 40, "١٢٣٤٥٦"])
    def test_an_unknown_pin_is_nil(self, caller: Any, pin: str) -> None:
        caller.request()
        assert caller.by_pin(pin) is NIL


class TestEwt:
    def test_none_until_one_is_set(self, caller: Any) -> None:
        assert caller.ewt() == 0

    def test_each_queue_has_its_own(self, caller: Any) -> None:
        assert caller.update_ewt(7)
        assert caller.update_ewt(2**31 - 1, service_queue=2)
        assert (caller.ewt(), caller.ewt(service_queue_id=2)) == (7, 2**31 - 1)

    def test_a_negative_one_is_refused(self, caller: Any) -> None:
        assert caller.update_ewt(-1) is False
        assert caller.ewt() == 0


CONFIG = """
timezone = "Europe/Dublin"

[company.7]
password = "Only here"
queues = {70 = "Claims", 71 = "Cover"}
opening_hours = "Mon-Fri 08:00-18:00, Sat 09:00-12:00"
white_list = ["+447700900123", "+447700900124"]
black_list = ["+447700900124"]
field_names = {1 = "Order", 10 = "Agent"}
"""


class TestConfiguredCompanies:
    @pytest.fixture
    def config(self, tmp_path: Any) -> SandboxConfig:
        (tmp_path / "sandbox.toml").write_text(CONFIG, encoding="utf-8")
        return SandboxConfig.from_toml(tmp_path / "sandbox.toml")

    def test_rules_and_names(self, config: SandboxConfig, caller_of: Callable[..., Any]) -> None:
        # 08:00 on a Tuesday in April, by the service's own clock.
        with Sandbox(config, now=dt.datetime(2017, 4, 11, 7, tzinfo=dt.UTC), speed=1e-9) as sandbox:
            caller = caller_of(sandbox, "Only here", 7)
            asked = {"service_queue": 70, "field1": "1815", "field10": "Charles", "field2": "x"}
            assert caller.request(**asked).result_code == 0
            assert caller.request("+447700900124", **asked).result_code == 5
            assert caller.request("+447700900125", **asked).result_code == 4
            assert caller_of(sandbox).request().result_code == -1
            data = caller.by_number("+447700900123")
            assert (data.field1, data.field2, data.field10) == ("Order | 1815", "field2 | x", "Agent,Charles")
            assert data.service_queue_name == "Claims"
            assert caller.by_pin(sandbox.calls()[0]["pin"]).field1 == "Order,1815"

    def test_opening_hours(self, config: SandboxConfig, caller_of: Callable[..., Any]) -> None:
        with Sandbox(config, now=dt.datetime(2017, 4, 14, 17, 59), speed=1e-9) as sandbox:
            caller = caller_of(sandbox, "Only here", 7)
            assert caller.request(service_queue=70).result_code == 0
            sandbox.advance(60)
            assert caller.request(service_queue=70).result_code == 3
            # Friday is over; Saturday opens at nine.
            assert [s.time_from for s in caller.next_three(MORNING, service_queue=70).time_slot] == [
                "2017-04-15 09-00-00", "2017-04-15 09-30-00", "2017-04-15 10-00-00",
            ]  # fmt: skip
            assert caller.schedule(1, dt.datetime(2017, 4, 15), service_queue=70).result_code == 3
            assert caller.schedule(3, dt.datetime(2017, 4, 15), service_queue=70).result_code == 0
