"""REST as webHttpBinding speaks it, with plain requests on a socket."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from attrs import evolve

from buzzeasy_soap.sandbox import Sandbox, SandboxConfig

MORNING = dt.datetime(2017, 4, 11, 7)
WHO = {"serviceQueue": "1", "company": "1", "password": "P@ssword"}
CALL = {"name": "User", "phoneNo": "+447700900123", **WHO}


class Rest:
    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def post(self, operation: str, body: object, **how: Any) -> requests.Response:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | how.pop("headers", {})
        address = f"{self.url}/RequestCallbackService/Service.svc/rest/{operation}"
        return self.session.post(address, data=data, headers=headers, timeout=30, **how)

    def get(self, operation: str, query: str | dict[str, str]) -> requests.Response:
        address = f"{self.url}/BuzzMeInfo/InfoService.svc/rest/{operation}"
        return self.session.get(address, params=query, timeout=30)


@pytest.fixture
def rest(sandbox: Sandbox) -> Iterator[Rest]:
    rest = Rest(sandbox.url)
    yield rest
    rest.session.close()


@pytest.fixture(scope="module")
def wrapped() -> Iterator[Rest]:
    with Sandbox(evolve(SandboxConfig(), rest_style="wrapped"), now=MORNING, speed=1e-9) as sandbox:
        rest = Rest(sandbox.url)
        yield rest
        rest.session.close()


def answer(response: requests.Response) -> Any:
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    return response.json() if response.content else None


def request_error(response: requests.Response) -> str:
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<title>Request Error</title>" in response.text
    return response.text


class TestDocumentSamples:
    """The document's bodies as printed, at the time that they are of."""

    def test_request_call_when_available(self, rest: Rest) -> None:
        body = {
            "name": "User", "phoneNo": "+4477794531150", "serviceQueue": "1", "company": "1",
            "password": "Password", "field1": "test",
        }  # fmt: skip
        response = rest.post("RequestCallWhenAvailable", body)
        found = answer(response)
        assert list(found) == ["ConfirmationCode", "ResultCode"]
        assert found["ResultCode"] == 0

    @pytest.mark.parametrize("operation", ["GetAvailableTimes", "GetNextThreeTimeSlots"])
    def test_slots(self, rest: Rest, operation: str) -> None:
        body = {
            "serviceQueue": "1",
            "requestedDate": "2017-04-11 09:00:00",
            "company": "1",
            "password": "P@ssword",
        }
        found = answer(rest.post(operation, body))
        assert found[0] == {
            "Available": True, "TimeFrom": "2017-04-11 09-00-00", "TimeSlotID": 3, "TimeTo": "2017-04-11 09-30-00",
        }  # fmt: skip
        assert len(found) == (18 if operation == "GetAvailableTimes" else 3)

    def test_ewt(self, rest: Rest) -> None:
        assert (
            answer(
                rest.post(
                    "UpdateEWTRecord",
                    {"serviceQueue": "1", "ewt": "1", "company": "1", "password": "P@ssword"},
                )
            )
            is True
        )
        assert (
            answer(
                rest.post("GetEWTByServiceID", {"serviceQueue": "1", "company": "1", "password": "P@ssword"})
            )
            == 1
        )

    def test_request_call_schedule(self, rest: Rest) -> None:
        body = {
            "name": "User", "phoneNo": "+4477794531150", "serviceQueue": "1", "company": "1",
            "password": "Password", "field1": "test", "date": "2017-04-11 00:00:00", "timeslot": "1",
        }  # fmt: skip
        assert answer(rest.post("RequestCallSchedule", body))["ResultCode"] == 0


class TestMembers:
    def test_by_name_in_any_order_and_unknown_ones_skipped(self, rest: Rest, sandbox: Sandbox) -> None:
        body = dict(reversed(CALL.items())) | {
            "unknown": {"deep": [1]},
            "field10": "ten",
            "Field1": "case counts",
        }
        assert answer(rest.post("RequestCallWhenAvailable", body))["ResultCode"] == 0
        assert sandbox.calls()[0]["fields"] == [*[None] * 9, "ten"]

    @pytest.mark.parametrize("number", [1, "1", " 1 ", "+1"])
    def test_numbers_quoted_or_not(self, rest: Rest, number: object) -> None:
        assert answer(rest.post("RequestCallWhenAvailable", CALL | {"company": number}))["ResultCode"] == 0

    def test_the_method_headers_names_and_the_bodys(self, rest: Rest) -> None:
        rest.post("UpdateEWTRecord", WHO | {"ewt": 5})
        header = {"serviceQueueID": 1, "companyID": 1, "password": "P@ssword"}
        assert answer(rest.post("GetEWTByServiceID", header)) == 5
        assert answer(rest.post("GetEWTByServiceID", header | {"serviceQueue": 2, "company": 9})) == 5
        slots = rest.post("GetNextThreeTimeSlots", WHO | {"time": "2017-04-11 09:00:00"})
        assert answer(slots)[0]["TimeSlotID"] == 3

    def test_missing_and_null_ones(self, rest: Rest, sandbox: Sandbox) -> None:
        assert answer(rest.post("RequestCallWhenAvailable", {}))["ResultCode"] == -1
        assert answer(
            rest.post("RequestCallWhenAvailable", {"phoneNo": "+447700900123", "name": None, **WHO})
        )
        assert sandbox.calls()[0]["name"] is None

    def test_a_number_or_a_boolean_as_a_string(self, rest: Rest, sandbox: Sandbox) -> None:
        answer(rest.post("RequestCallWhenAvailable", CALL | {"field1": 1815, "field2": True, "field3": 1.5}))
        assert sandbox.calls()[0]["fields"][:3] == ["1815", "true", "1.5"]

    @pytest.mark.parametrize(
        ("date", "first"),
        [
            ("2017-04-11 09:00:00", "2017-04-11 09-00-00"),
            ("/Date(1491901200000)/", "2017-04-11 09-00-00"),
            ("/Date(1491901200000+0100)/", "2017-04-11 10-00-00"),
            ("/Date(1491901200000-0500)/", "2017-04-11 10-00-00"),
            ("/Date(-1)/", "2017-04-11 08-00-00"),
        ],
    )
    def test_both_forms_of_dates(self, rest: Rest, date: str, first: str) -> None:
        # 1491901200 is 09:00 UTC, which is 10:00 in London in April.
        assert answer(rest.post("GetNextThreeTimeSlots", WHO | {"time": date}))[0]["TimeFrom"] == first
        escaped = json.dumps(WHO | {"time": date}).replace("/", r"\/").encode()
        assert answer(rest.post("GetNextThreeTimeSlots", escaped))[0]["TimeFrom"] == first

    @pytest.mark.parametrize(
        "date",
        ["2017-04-11T09:00:00", "2017-04-11", "tomorrow", "", "/Date(x)/", "/Date(999999999999999)/", 5, None,
         {}, "2017-02-30 09:00:00"],
    )  # fmt: skip
    def test_a_bad_date_is_a_request_error(self, rest: Rest, date: object) -> None:
        text = request_error(rest.post("GetAvailableTimes", WHO | {"requestedDate": date}))
        assert "requestedDate" in text

    @pytest.mark.parametrize("number", ["one", "", None, 1.5, 2**31, True, [1], "9" * 5000])
    def test_a_bad_number_is_a_request_error(self, rest: Rest, sandbox: Sandbox, number: object) -> None:
        assert "company" in request_error(rest.post("RequestCallWhenAvailable", CALL | {"company": number}))
        assert sandbox.calls() == []

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"null", b"1", b"<a/>", b"\xff\xfe\xff", b"[" * 100_000, b'{"name": NaN']
    )
    def test_a_bad_body_is_a_request_error(self, rest: Rest, body: bytes) -> None:
        request_error(rest.post("RequestCallWhenAvailable", body))

    @pytest.mark.parametrize("content_type", ["text/xml", "application/x-www-form-urlencoded", ""])
    def test_a_body_that_is_no_json_by_its_type(self, rest: Rest, content_type: str) -> None:
        request_error(rest.post("RequestCallWhenAvailable", CALL, headers={"Content-Type": content_type}))

    @pytest.mark.parametrize("text", ["\ud800", "\x00"])
    def test_text_that_no_other_protocol_can_carry(self, rest: Rest, sandbox: Sandbox, text: str) -> None:
        response = rest.post("RequestCallWhenAvailable", CALL | {"name": text})
        assert response.status_code in (200, 400)
        assert len(sandbox.calls()) == (response.status_code == 200)
        assert rest.session.get(f"{sandbox.url}/sandbox/calls", timeout=30).status_code == 200


class TestReplies:
    def test_slashes_are_escaped(self, rest: Rest) -> None:
        rest.post("RequestCallWhenAvailable", CALL | {"name": "a/b", "field1": "</script>"})
        response = rest.get(
            "GetCallDataByNumber",
            {"presentedNumber": "+447700900123", "companyId": "1", "password": "P@ssword"},
        )
        assert rb"a\/b" in response.content
        assert answer(response)["CustomerName"] == "a/b"

    def test_null_is_an_empty_body(self, rest: Rest) -> None:
        for response in (
            rest.post("GetAvailableTimes", WHO | {"password": "wrong"}),
            rest.get("GetCallDataByPin", {"pin": "1", "companyId": "1", "password": "P@ssword"}),
        ):
            assert (response.status_code, response.content) == (200, b"")

    def test_wrapped(self, wrapped: Rest) -> None:
        placed = answer(wrapped.post("RequestCallWhenAvailable", CALL))
        assert placed == {"RequestCallWhenAvailableResult": {"ConfirmationCode": "BZ1001", "ResultCode": 0}}
        query = {"presentedNumber": "+447700900123", "companyId": "1", "password": "P@ssword"}
        (data,) = answer(wrapped.get("GetCallDataByNumber", query)).values()
        assert data["ConfirmationCode"] == "BZ1001"
        assert answer(wrapped.get("GetCallDataByPin", query)) == {"GetCallDataByPinResult": None}
        assert answer(wrapped.post("UpdateEWTRecord", WHO)) == {"UpdateEWTRecordResult": True}

    def test_a_refusal(self, rest: Rest) -> None:
        assert rest.post("RequestCallWhenAvailable", CALL | {"password": "x"}).content == (
            b'{"ConfirmationCode":null,"ResultCode":-1}'
        )

    def test_a_crash_is_a_request_error(self, rest: Rest, sandbox: Sandbox) -> None:
        text = request_error(rest.post("RequestCallWhenAvailable", CALL | {"phoneNo": "+447700900199"}))
        assert "server encountered an error" in text
        assert sandbox.calls() == []


class TestAddresses:
    def test_another_operation_is_404(self, rest: Rest) -> None:
        for name in ("Nothing", "GetCallDataByPin", "<script>"):
            response = rest.post(name, CALL)
            assert (response.status_code, "<script>" in response.text) == (404, False)

    def test_the_case_of_an_operation_does_not_count(self, rest: Rest) -> None:
        # The document's heading has GetNextThreeTimeslots.
        assert len(answer(rest.post("GetNextThreeTimeslots", WHO))) == 3

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
    def test_another_method_is_405(self, rest: Rest, method: str) -> None:
        address = f"{rest.url}/RequestCallbackService/Service.svc/rest/UpdateEWTRecord"
        response = rest.session.request(method, address, timeout=30)
        assert (response.status_code, response.headers["Allow"]) == (405, "POST")

    def test_buzzmeinfo_is_get(self, rest: Rest) -> None:
        address = f"{rest.url}/BuzzMeInfo/InfoService.svc/rest/GetCallDataByPin"
        response = rest.session.post(address, json={"pin": "1"}, timeout=30)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET")


class TestQueries:
    def test_names_are_case_insensitive(self, rest: Rest) -> None:
        rest.post("RequestCallWhenAvailable", CALL)
        query = {"PRESENTEDNUMBER": "447700900123", "companyid": "1", "Password": "P@ssword"}
        assert answer(rest.get("GetCallDataByNumber", query))["CustomerName"] == "User"

    def test_a_missing_one_is_null_or_0(self, rest: Rest) -> None:
        for query in ({}, {"pin": "1"}, {"companyId": "1"}, {"password": "P@ssword"}):
            assert answer(rest.get("GetCallDataByPin", query)) is None

    @pytest.mark.parametrize("number", ["+447700900123", "%20447700900123", "+44+7700+900123"])
    def test_a_plus_sign_that_decodes_to_a_space_is_said(self, rest: Rest, number: str) -> None:
        rest.post("RequestCallWhenAvailable", CALL)
        who = "&companyId=1&password=P%40ssword"
        assert answer(rest.get("GetCallDataByNumber", f"presentedNumber=%2B447700900123{who}"))
        text = request_error(rest.get("GetCallDataByNumber", f"presentedNumber={number}{who}"))
        assert "presentedNumber" in text and "%2B" in text and "900123" not in text

    def test_a_plus_sign_elsewhere_is_a_blank(self, rest: Rest) -> None:
        rest.post("RequestCallWhenAvailable", CALL)
        who = "&companyId=1&password=P%40ssword"
        assert answer(rest.get("GetCallDataByNumber", f"presentedNumber=07700+900123{who}"))
        assert answer(rest.get("GetCallDataByNumber", f"presentedNumber=nobody+at+all{who}")) is None

    def test_a_bad_number_is_a_request_error_that_shows_no_query(self, rest: Rest) -> None:
        text = request_error(
            rest.get("GetCallDataByPin", {"pin": "1", "companyId": "hush", "password": "hush"})
        )
        assert "companyId" in text
        assert "hush" not in text

    def test_no_password_is_kept_or_shown(self, rest: Rest, sandbox: Sandbox) -> None:
        rest.get("GetCallDataByPin", "pin=1&companyId=1&pass%77ord=hu%73h-hush&x=1")
        rest.post("UpdateEWTRecord", b'{"password": "hush-\\u0068ush", "company": 1}')
        rest.post("UpdateEWTRecord", b'{"password": "hush-hush", "company": ')
        kept = sandbox._in_thread(sandbox._dispatcher.transcripts.latest)
        assert [exchange.protocol for exchange in kept] == ["REST"] * 3
        for exchange in kept:
            assert "hush" not in exchange.request + exchange.reply


def test_soap_and_rest_leave_the_same_state(caller_of: Callable[..., Any]) -> None:
    """One scenario over each, on two sandboxes that differ in nothing else."""

    def state(sandbox: Sandbox) -> tuple[list[dict[str, Any]], list[Any]]:
        history = sandbox._in_thread(lambda: sandbox._dispatcher.service.ewt_history(1, 1, limit=9))
        return sandbox.calls(), [update.minutes for update in history]

    with Sandbox(now=MORNING, speed=1e-9) as over_soap, Sandbox(now=MORNING, speed=1e-9) as over_rest:
        soap, rest = caller_of(over_soap), Rest(over_rest.url)
        soap_results, rest_results = [], []
        for number, region in (
            ("+447700900123", None),
            ("07700 900201", "GB"),
            ("12", "GB"),
            ("+447700900104", None),
        ):
            got = soap.request(number, region=region, name="Adè", field1="<&>", field10="")
            soap_results.append((got.result_code, got.confirmation_code or None))
            body = {"name": "Adè", "phoneNo": number, "region": region, "field1": "<&>", "field10": "", **WHO}
            got = answer(rest.post("RequestCallWhenAvailable", body))
            rest_results.append((got["ResultCode"], got["ConfirmationCode"]))
        for slot in (4, 4, 4, 4, 21):
            soap_results.append(soap.schedule(slot).result_code)
            body = {
                "name": "Ada",
                "phoneNo": "+447700900123",
                "timeslot": slot,
                "date": "2017-04-11 07:00:00",
                **WHO,
            }
            rest_results.append(answer(rest.post("RequestCallSchedule", body))["ResultCode"])
        soap_results.append([slot.time_from for slot in soap.available().time_slot])
        body = WHO | {"requestedDate": "/Date(1491890400000+0000)/"}
        rest_results.append([slot["TimeFrom"] for slot in answer(rest.post("GetAvailableTimes", body))])
        for minutes in (5, -1, 7):
            soap_results.append(soap.update_ewt(minutes))
            rest_results.append(answer(rest.post("UpdateEWTRecord", WHO | {"ewt": minutes})))
        soap_results.append(soap.ewt())
        rest_results.append(answer(rest.post("GetEWTByServiceID", WHO)))
        over_soap.advance(90)
        over_rest.advance(90)
        soap_results.append(soap.by_number("+447700900201").field1)
        query = {"presentedNumber": "+447700900201", "companyId": "1", "password": "P@ssword"}
        rest_results.append(answer(rest.get("GetCallDataByNumber", query))["field1"])
        rest.session.close()
        assert rest_results == soap_results
        soap_calls, soap_ewt = state(over_soap)
        rest_calls, rest_ewt = state(over_rest)
        for call in (*soap_calls, *rest_calls):
            # The clocks started a moment apart.
            call["requested_at"] = None
            call["events"] = [event["status"] for event in call["events"]]
        assert rest_calls == soap_calls
        assert rest_ewt == soap_ewt == [7, 5]
