"""What goes out: parameters checked and converted, before anything is sent."""

import datetime as dt
import json
import traceback
import uuid
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from buzzeasy_soap import (
    BuzzeasyClient,
    ConfigurationError,
    Endpoints,
    InvalidRequest,
    Outcome,
    OutOfHours,
    ProtocolError,
    Region,
    Retry,
    Timeout,
    TimeSlot,
)
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.wire.shapes import IN_ORDER
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer, answer, close

NUMBER = "+447700900123"
MESSAGE = contract.ResponseMessage(confirmation_code="BZ1", result_code=0)


def sent(
    call, *, kind: str = "soap", operation=contract.REQUEST_CALL_WHEN_AVAILABLE, result=MESSAGE, **options
):
    """What the server read of a call: its record over SOAP, its JSON object over REST."""
    with ScriptedServer((answer(kind, operation, result),)) as server:
        with open_client(kind, server.endpoints, **options) as client:
            call(client)
        [request] = server.received
    if kind.startswith("rest"):
        return json.loads(request.body)
    element = etree.fromstring(request.body)[-1][0]
    assert element.tag == operation.request.tag
    return IN_ORDER.read(operation.request.shape, element)


def test_fields_go_out_in_their_places() -> None:
    request = sent(lambda c: c.request_call_when_available("A", NUMBER, fields=["one", None, "three", ""]))
    assert [request.field1, request.field2, request.field3, request.field4] == ["one", None, "three", ""]
    assert (request.company, request.service_queue, request.region) == (1, 1, None)


def test_the_document_s_own_number_passes() -> None:
    assert (
        sent(lambda c: c.request_call_when_available("User", "+4477794531150")).phone_no == "+4477794531150"
    )


@pytest.mark.parametrize("region", [Region.IE, "IE"])
def test_a_region_lets_a_national_number_through(region) -> None:
    request = sent(lambda c: c.request_call_when_available("A", "01 234 5678", region=region))
    assert (request.phone_no, request.region) == ("012345678", "IE")


FORMATTED = {
    "+44 7700 900123": NUMBER,
    " +44-7700-900123 ": NUMBER,
    "+44.7700.900.123": NUMBER,
    "+44 [7700] 900123": NUMBER,
    "+44 (0)7700 900123": NUMBER,
    "+44(0) 7700 900123": NUMBER,
    "+353 (0)86 123 4567": "+353861234567",
    "+44\u00a0(0)7700\u00a0900123": NUMBER,
    "(+44) (0)7700 900123": NUMBER,
    "+44\u2011(0)7700900123": NUMBER,
    "+44 [0] 7700 900123": NUMBER,
    "+44\u202f( 0 ) 7700 900123": NUMBER,
    "+39 (0)6 1234567": "+39061234567",
    "\u202a+44\u00a07700\u2011900123\u202c": NUMBER,
}
NATIONAL = {
    "(07700) 900123": "07700900123",
    "00 44 (0)7700 900123": "00447700900123",
    "44 7700 900123": "447700900123",
    "+44 (0)7700 900123": NUMBER,
}


@pytest.mark.parametrize(("written", "number"), FORMATTED.items())
def test_a_formatted_number_needs_no_region(written: str, number: str) -> None:
    assert sent(place(phone_no=written)).phone_no == number
    booking = book(phone_no=written, time_slot=SLOT)
    assert sent(booking, operation=contract.REQUEST_CALL_SCHEDULE).phone_no == number


@pytest.mark.parametrize(("written", "number"), NATIONAL.items())
def test_without_a_plus_the_region_reads_the_number(written: str, number: str) -> None:
    assert sent(place(phone_no=written, region="GB")).phone_no == number


def test_a_date_is_its_day_from_the_start() -> None:
    none, day = contract.ArrayOfTimeSlot(time_slot=()), dt.date(2017, 4, 11)
    request = sent(lambda c: c.get_available_times(day), operation=contract.GET_AVAILABLE_TIMES, result=none)
    assert request.requested_date == dt.datetime(2017, 4, 11)
    request = sent(
        lambda c: c.get_next_three_time_slots(day), operation=contract.GET_NEXT_THREE_TIME_SLOTS, result=none
    )
    assert request.time == dt.datetime(2017, 4, 11)


def test_a_reference_goes_out_in_its_field_each_time_a_new_one() -> None:
    first, second = (
        sent(lambda c: c.request_call_when_available("A", NUMBER, fields=["x"]), reference_field=3).field3
        for _ in range(2)
    )
    assert uuid.UUID(first) != uuid.UUID(second)


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        (dt.datetime(2017, 7, 11, 9, 0), dt.datetime(2017, 7, 11, 9, 0)),
        (dt.datetime(2017, 7, 11, 9, 0, tzinfo=dt.UTC), dt.datetime(2017, 7, 11, 10, 0)),
        (dt.datetime(2017, 1, 11, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo")), dt.datetime(2017, 1, 11, 0, 0)),
    ],
)
def test_times_go_out_as_the_service_s_own(given, wire) -> None:
    request = sent(
        lambda c: c.get_available_times(given),
        operation=contract.GET_AVAILABLE_TIMES,
        result=contract.ArrayOfTimeSlot(),
    )
    assert request.requested_date == wire
    assert request.requested_date.tzinfo is None


@pytest.mark.parametrize(
    ("dates", "date"),
    [("document", "2017-07-11 09:00:00"), ("wcf", "/Date(1499760000000+0100)/")],
)
def test_rest_dates_in_summer(dates, date) -> None:
    body = sent(
        lambda c: c.get_next_three_time_slots(dt.datetime(2017, 7, 11, 9)),
        kind="rest", operation=contract.GET_NEXT_THREE_TIME_SLOTS, result=contract.ArrayOfTimeSlot(),
        rest_dates=dates,
    )  # fmt: skip
    assert body == {
        "serviceQueue": "1", "time": date, "requestedDate": date, "company": "1", "password": "P@ssword",
    }  # fmt: skip


def test_rest_sends_both_names_where_the_document_has_two() -> None:
    body = sent(
        lambda c: c.get_ewt_by_service_id(),
        kind="rest", operation=contract.GET_EWT_BY_SERVICE_ID, result=5,
    )  # fmt: skip
    assert body == {
        "serviceQueueID": "1", "serviceQueue": "1", "companyID": "1", "company": "1", "password": "P@ssword",
    }  # fmt: skip


def test_rest_percent_encodes_a_plus_sign() -> None:
    with ScriptedServer((answer("rest", contract.GET_EWT_BY_SERVICE_ID, 1),)) as server:
        with open_client("rest", server.endpoints, password="a b+c&d") as client:
            client.with_raw_response.get_call_data_by_number(NUMBER)
        [request] = server.received
    assert request.method == "GET"
    assert request.path == (
        "/InfoService.svc/rest/GetCallDataByNumber"
        "?presentedNumber=%2B447700900123&companyId=1&password=a%20b%2Bc%26d"
    )


@pytest.mark.parametrize("ewt", [90, dt.timedelta(minutes=90)])
def test_an_ewt_goes_out_in_minutes(ewt) -> None:
    request = sent(
        lambda c: c.update_ewt_record(ewt, service_queue=2), operation=contract.UPDATE_EWT_RECORD, result=True
    )
    assert (request.ewt, request.service_queue) == (90, 2)


SLOT = TimeSlot(
    4, dt.datetime(2017, 7, 10, 23, 30, tzinfo=dt.UTC), dt.datetime(2017, 7, 11, 0, 0, tzinfo=dt.UTC), True
)


@pytest.mark.parametrize(
    "booking",
    [
        {"time_slot": SLOT},
        {"time_slot": SLOT, "date": dt.date(2017, 7, 11)},
        {"time_slot": 4, "date": dt.date(2017, 7, 11)},
    ],
)
def test_a_booking_carries_the_day_in_the_service_s_time(booking) -> None:
    request = sent(
        lambda c: c.request_call_schedule("A", NUMBER, **booking), operation=contract.REQUEST_CALL_SCHEDULE
    )
    assert (request.timeslot, request.date) == (4, dt.datetime(2017, 7, 11))


def place(**changes):
    arguments = {"name": "A", "phone_no": NUMBER, **changes}
    return lambda c: c.request_call_when_available(**arguments)


def book(**changes):
    arguments = {"name": "A", "phone_no": NUMBER, **changes}
    return lambda c: c.request_call_schedule(**arguments)


REFUSED = {
    "a number with no plus": (place(phone_no="447700900123"), "phone_no"),
    "a blank name": (place(name=" "), "name"),
    "a blank name for a slot": (book(name="", time_slot=SLOT), "name"),
    "a national number without its region": (place(phone_no="07700 900123"), "phone_no"),
    "a number with 00 and no region": (place(phone_no="0044 7700 900123"), "phone_no"),
    "a number with letters": (place(phone_no="0800 FLOWERS", region="GB"), "phone_no"),
    "a number with an extension": (place(phone_no="+44 7700 900123 ext. 5"), "phone_no"),
    "a number with a short extension": (place(phone_no="07700 900123x5", region="GB"), "phone_no"),
    "a 0 after the country code": (place(phone_no="+44 07700 900123"), "phone_no"),
    "an area code's 0 after the country code": (place(phone_no="+44 (020) 7946 0958"), "phone_no"),
    "a 0 after a dialled country code": (place(phone_no="0044 07700 900123", region="GB"), "phone_no"),
    "a number with two pluses": (place(phone_no="+44+7700900123"), "phone_no"),
    "a number of separators": (place(phone_no="(-)", region="GB"), "phone_no"),
    "a slashed number": (place(phone_no="0161/4960000", region="GB"), "phone_no"),
    "a number that starts with 0": (place(phone_no="+0447700900123"), "phone_no"),
    "sixteen digits": (place(phone_no="+1234567890123456"), "phone_no"),
    "one digit": (place(phone_no="+1"), "phone_no"),
    "digits of another script": (place(phone_no="+٤٤٧٧٠٠٩٠٠١٢٣"), "phone_no"),
    "a blank national number": (place(phone_no=" ", region="GB"), "phone_no"),
    "a number that is an int": (place(phone_no=447700900123), "phone_no"),
    "an unknown region": (place(region="FR"), "region"),
    "a name that is no str": (place(name=None), "name"),
    "a name that XML cannot carry": (place(name="a\x00b"), "name"),
    "one str as fields": (place(fields="Order 1815"), "fields"),
    "eleven fields": (place(fields=["x"] * 11), "fields"),
    "a field that is an int": (place(fields=["x", 5]), "fields[1]"),
    "a queue that is a bool": (place(service_queue=True), "service_queue"),
    "a queue of 33 bits": (place(service_queue=2**31), "service_queue"),
    "a datetime as day": (book(time_slot=4, date=dt.datetime(2017, 4, 11)), "date"),
    "an id without a day": (book(time_slot=4), "date"),
    "a day that is not the slot's": (book(time_slot=SLOT, date=dt.date(2017, 7, 10)), "date"),
    "a slot that is a str": (book(time_slot="4", date=dt.date(2017, 4, 11)), "time_slot"),
    "a str as time": (lambda c: c.get_next_three_time_slots("2017-04-11"), "time"),
    "a time before the first year": (
        lambda c: c.get_available_times(dt.datetime.min.replace(tzinfo=ZoneInfo("Asia/Tokyo"))), "requested_date"
    ),
    "a negative EWT": (lambda c: c.update_ewt_record(-1), "ewt"),
    "an EWT that is a bool": (lambda c: c.update_ewt_record(True), "ewt"),
    "an EWT of seconds": (lambda c: c.update_ewt_record(dt.timedelta(seconds=90)), "ewt"),
    "a float EWT": (lambda c: c.update_ewt_record(1.5), "ewt"),
    "an EWT of 33 bits": (lambda c: c.update_ewt_record(2**31), "ewt"),
    "a blank presented number": (lambda c: c.get_call_data_by_number(""), "presented_number"),
    "a PIN that is an int": (lambda c: c.get_call_data_by_pin(1234), "pin"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "parameter"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused_by_name_before_anything_is_sent(call, parameter) -> None:
    with open_client("soap", Endpoints.sandbox(1)) as client, pytest.raises(InvalidRequest) as caught:
        call(client)
    assert caught.value.parameter == parameter
    assert parameter in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("kind", ["soap", "rest", "soap-zeep", "soap-async"])
def test_every_kind_of_client_refuses_it_and_connects_to_nothing(kind) -> None:
    with ScriptedServer((close(),)) as server, open_client(kind, server.endpoints) as client:
        for call, parameter in REFUSED.values():
            with pytest.raises(InvalidRequest) as caught:
                call(client)
            assert caught.value.parameter == parameter
        assert server.connections == 0


def test_a_reference_field_that_is_taken_is_refused() -> None:
    with open_client("soap", Endpoints.sandbox(1), reference_field=1) as client:
        with pytest.raises(InvalidRequest, match="reference_field"):
            client.request_call_when_available("A", NUMBER, fields=["mine"])


def test_no_queue_anywhere_is_refused() -> None:
    with open_client("soap", Endpoints.sandbox(1), service_queue=None) as client:
        with pytest.raises(InvalidRequest, match="service_queue"):
            client.get_ewt_by_service_id()


# How a client is set up ----------------------------------------------------------------------------

GOOD = {"endpoints": Endpoints.sandbox(1), "company": 1, "password": "x"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"company": "1"}, "company"),
        ({"password": ""}, "password"),
        ({"service_queue": 2**40}, "service_queue"),
        ({"protocol": "soap12"}, "protocol"),
        ({"engine": "suds"}, "engine"),
        ({"engine": "zeep", "protocol": "rest"}, "zeep"),
        ({"transport": "httpx"}, "transport"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"reference_field": 11}, "reference_field"),
        ({"rest_dates": "iso", "protocol": "rest"}, "rest_dates"),
        ({"max_reply_bytes": 0}, "max_reply_bytes"),
        ({"endpoints": "http://127.0.0.1/x.svc"}, "endpoints"),
        ({"wsdl": "/no/such/folder"}, "wsdl"),
    ],
)
def test_a_bad_setting_is_named(changes, named) -> None:
    with pytest.raises(ConfigurationError, match=named):
        BuzzeasyClient(**{**GOOD, **changes})


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Endpoints("http://h/Service", "http://h/Info.svc"), "callback_url"),
        (lambda: Endpoints("http://h/a.svc", "ftp://h/b.svc"), "info_url"),
        (lambda: Endpoints("http://u:p@h/a.svc", "http://h/b.svc"), "callback_url"),
        (lambda: Endpoints("http://h/a.svc", "http://h/b.svc", "http://h/signalr"), "events_url"),
        (lambda: Timeout(total=0), "total"),
        (lambda: Timeout(read=float("inf")), "read"),
        (lambda: Timeout(connect=True), "connect"),
        (lambda: Retry(attempts=0), "attempts"),
    ],
)
def test_a_bad_value_is_named(make, named) -> None:
    with pytest.raises(ConfigurationError, match=named):
        make()


def test_http_to_another_machine_is_refused_unless_asked_for() -> None:
    there = Endpoints("http://10.0.0.1/a.svc", "https://10.0.0.1/b.svc")
    with pytest.raises(ConfigurationError, match="allow_insecure"):
        BuzzeasyClient(endpoints=there, company=1, password="x")
    BuzzeasyClient(endpoints=there, company=1, password="x", allow_insecure=True).close()


ENVIRONMENT = {
    "BUZZEASY_CALLBACK_URL": "https://h.example/a.svc",
    "BUZZEASY_INFO_URL": "https://h.example/b.svc",
    "BUZZEASY_COMPANY": "7",
    "BUZZEASY_PASSWORD": "pw-of-env",
    "BUZZEASY_SERVICE_QUEUE": "3",
    "BUZZEASY_TIMEZONE": "Europe/Dublin",
    "BUZZEASY_TIMEOUT": "12.5",
    "BUZZEASY_PROTOCOL": "rest",
}


def test_the_environment_sets_a_client_up() -> None:
    with BuzzeasyClient.from_env(ENVIRONMENT) as client:
        assert "company=7" in repr(client)
        assert "pw-of-env" not in repr(client)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUZZEASY_CALLBACK_URL", ""), ("BUZZEASY_INFO_URL", None), ("BUZZEASY_COMPANY", "one"),
        ("BUZZEASY_PASSWORD", ""), ("BUZZEASY_SERVICE_QUEUE", "x"), ("BUZZEASY_TIMEOUT", "soon"),
    ],
)  # fmt: skip
def test_a_bad_variable_is_named(name, value) -> None:
    environment = {k: v for k, v in {**ENVIRONMENT, name: value}.items() if v is not None}
    with pytest.raises(ConfigurationError, match=name):
        BuzzeasyClient.from_env(environment)


# Views and raw replies -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["soap", "rest-async"])
def test_a_view_shares_the_connections_and_never_closes_them(kind) -> None:
    with (
        ScriptedServer((answer(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, MESSAGE),)) as server,
        open_client(kind, server.endpoints) as client,
    ):
        view = client.with_options(service_queue=2, timeout=Timeout(total=5), retry=Retry(attempts=1))
        view.request_call_when_available("A", NUMBER)
        if kind == "rest-async":
            client._loop.run_until_complete(view._client.close())
        else:
            view.close()
        client.request_call_when_available("A", NUMBER)
        assert server.connections == 1
        bodies = [request.body for request in server.received]
        assert b"2" in bodies[0].split(b"erviceQueue")[1] and b"1" in bodies[1].split(b"erviceQueue")[1]


def test_a_raw_response_shows_the_reply_and_parses_on_request() -> None:
    rejected = contract.ResponseMessage(result_code=3)
    with (
        ScriptedServer((answer("soap", contract.REQUEST_CALL_WHEN_AVAILABLE, rejected),)) as server,
        open_client("soap", server.endpoints) as client,
    ):
        raw = client.with_raw_response.request_call_when_available("A", NUMBER)
        assert raw.status == 200
        assert b">3<" in raw.body
        assert raw.headers["content-type"].startswith("text/xml")
        with pytest.raises(Exception, match="out of hours"):
            raw.parse()


@pytest.mark.parametrize("kind", ["soap", "soap-async"])
@pytest.mark.parametrize("status", [200, 502], ids=["rejected", "unreadable"])
def test_parsing_again_raises_again_with_a_traceback_of_the_same_length(kind: str, status: int) -> None:
    rejected = contract.ResponseMessage(result_code=3)
    replies = {
        200: answer("soap", contract.REQUEST_CALL_WHEN_AVAILABLE, rejected),
        502: scripted.http("<h1>Bad Gateway</h1>", status=502, content_type="text/html"),
    }
    with (
        ScriptedServer((replies[status],)) as server,
        open_client(kind, server.endpoints) as client,
    ):
        place = client.with_raw_response.request_call_when_available
        asked = place("A", NUMBER)
        raw = client._loop.run_until_complete(asked) if kind.endswith("async") else asked
    lengths = []
    for _ in range(5):
        with pytest.raises(OutOfHours if status == 200 else ProtocolError) as caught:
            raw.parse()
        lengths.append(len(traceback.extract_tb(caught.value.__traceback__)))
    assert len(set(lengths)) == 1
