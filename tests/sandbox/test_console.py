"""The console without a browser: its page, its files, and what they ask for."""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import requests
from sqlalchemy import event

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.errors import ProtocolError, ServiceFault
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.console.state import RESULTS
from buzzeasy_soap.sandbox.faults import Kind
from buzzeasy_soap.sandbox.search import STATUSES
from buzzeasy_soap.sandbox.service import CallbackParams, Credentials
from buzzeasy_soap.wire.redaction import Secret

STATIC = files("buzzeasy_soap.sandbox.console").joinpath("static")
NAMES = sorted(file.name for file in STATIC.iterdir())
WISH = {"company": 1, "queue": 1, "name": "Ada", "phone_no": "+447700900123"}

Post = Callable[..., requests.Response]


@pytest.fixture
def post(sandbox: Sandbox) -> Post:
    def post(path: str, command: object, **headers: str) -> requests.Response:
        return requests.post(f"{sandbox.url}/console/{path}", json=command, headers=headers, timeout=30)

    return post


def test_the_page_and_its_files(sandbox: Sandbox) -> None:
    for name in NAMES:
        path = "/" if name == "index.html" else f"/console/{name}"
        reply = requests.get(sandbox.url + path, timeout=30)
        assert reply.content == STATIC.joinpath(name).read_bytes()
        policy = reply.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        again = requests.get(sandbox.url + path, headers={"If-None-Match": reply.headers["ETag"]}, timeout=30)
        assert (again.status_code, again.content) == (304, b"")


def test_nothing_comes_from_outside_and_nothing_is_inline() -> None:
    for name in NAMES:
        text = STATIC.joinpath(name).read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]+\.", text)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|style=", text)
    page = STATIC.joinpath("index.html").read_text()
    assert not re.search(r"<style|\son\w+=|<script(?![^>]+src=)", page)
    for path in re.findall(r'(?:src|href)="/console/([^"]+)"', page):
        assert path in NAMES


@pytest.mark.parametrize(
    "path", ["..%2froutes.py", "../routes.py", "%2e%2e/routes.py", "index.html", "nosuch.js"]
)
def test_no_other_file_is_served(sandbox: Sandbox, path: str) -> None:
    session = requests.Session()
    request = requests.Request("GET", f"{sandbox.url}/console/x").prepare()
    request.url = f"{sandbox.url}/console/{path}"
    assert session.send(request, timeout=30).status_code == 404
    session.close()


def test_a_callback_now(sandbox: Sandbox, post: Post) -> None:
    reply = post("calls", {**WISH, "fields": ["Order 1815", "", "<b>"]}).json()
    (call,) = sandbox.calls()
    assert reply == {"confirmation_code": call["confirmation_code"]}
    assert call["fields"][:3] == ["Order 1815", None, "<b>"]


def test_a_callback_in_a_free_slot(sandbox: Sandbox, post: Post) -> None:
    day = {"company": 1, "queue": 1, "date": "2017-04-12"}
    slots = post("slots", day).json()
    assert slots[0] == {"id": 1, "start": "08:00", "end": "08:30"}
    for _ in range(3):
        assert "confirmation_code" in post("calls", {**WISH, "slot": {"id": 1, "date": "2017-04-12"}}).json()
    assert post("slots", day).json() == slots[1:]
    refused = post("calls", {**WISH, "slot": {"id": 1, "date": "2017-04-12"}}).json()
    assert (refused["result_code"], refused["result"]) == (3, "OUT_OF_HOURS")


def test_refusals_and_faults_are_said(post: Post) -> None:
    refused = post("calls", {**WISH, "phone_no": "+447700900105"}).json()
    assert (refused["result_code"], refused["result"]) == (5, "IN_BLACK_LIST")
    assert refused["reason"]
    crash = post("calls", {**WISH, "phone_no": "+447700900199"})
    assert crash.status_code == 400
    assert "InternalServiceFault" in crash.json()["error"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"company": 9},
        {"queue": 3},
        {"queue": "1"},
        {"queue": True},
        {"name": ""},
        {"name": 1},
        {"fields": "x"},
        {"fields": [1]},
        {"fields": ["x"] * 11},
        {"slot": 3},
        {"slot": {"id": 1, "date": "soon"}},
        {"slot": {"id": 2**40, "date": "2017-04-12"}},
        {"name": "\x00"},
    ],
)
def test_a_wish_that_cannot_be_read(sandbox: Sandbox, post: Post, wrong: dict[str, Any]) -> None:
    reply = post("calls", {**WISH, **wrong})
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert sandbox.calls() == []


def test_a_page_of_another_origin_cannot_act(sandbox: Sandbox) -> None:
    """What it can send unasked is of other types; and nothing here lets it ask."""
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {"Content-Type": media_type, "Origin": "https://evil.example"}
        reply = requests.post(f"{sandbox.url}/console/calls", data=b"{}", headers=headers, timeout=30)
        assert reply.status_code == 400
    asking = requests.options(
        f"{sandbox.url}/console/calls",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
        timeout=30,
    )
    assert "Access-Control-Allow-Origin" not in asking.headers
    assert sandbox.calls() == []


def test_the_screen_pop_by_number_and_once_over_by_pin(moving: Sandbox) -> None:
    def pop(code: str) -> dict[str, Any]:
        return requests.post(f"{moving.url}/console/screen-pop", json={"code": code}, timeout=30).json()

    params = {**WISH, "fields": ["a | b"] + [""] * 8 + ["c, d"]}
    code = requests.post(f"{moving.url}/console/calls", json=params, timeout=30).json()["confirmation_code"]
    lines = [
        {"name": "field1", "value": "a | b"},
        {"name": "field10", "value": "c, d"},
    ]
    shown = pop(code)
    assert shown["operation"] == "GetCallDataByNumber"
    assert shown["lines"][0] == {"name": "Customer", "value": "Ada"}
    assert shown["lines"][-2:] == lines
    moving.advance(60)
    shown = pop(code)
    assert shown["operation"] == "GetCallDataByPin"
    assert shown["lines"][-2:] == lines
    assert "error" in pop("BZ9999")


def test_waiting_times(sandbox: Sandbox, post: Post) -> None:
    for minutes in (4, 9):
        assert post("ewt", {"company": 1, "queue": 2, "minutes": minutes}).json() == {"updated": True}
    overview = requests.get(f"{sandbox.url}/console/overview", timeout=30).json()
    queues = {queue["name"]: queue["ewt"] for company in overview["companies"] for queue in company["queues"]}
    assert [update["minutes"] for update in queues["Support"]] == [4, 9]
    assert queues["Sales"] == []
    assert post("ewt", {"company": 1, "queue": 2, "minutes": -1}).status_code == 400


def page(sandbox: Sandbox, **query: str) -> dict[str, Any]:
    return requests.get(f"{sandbox.url}/console/overview", params=query, timeout=30).json()


def listed(sandbox: Sandbox, **query: str) -> list[str]:
    """A call's confirmation code, or a refusal's result."""
    return [call.get("confirmation_code") or call["result"] for call in page(sandbox, **query)["calls"]]


def place(sandbox: Sandbox, *numbers: str, name: str = "Ada") -> None:
    """Have callbacks placed, past the network: what a page shows does not depend on it."""
    service = sandbox._dispatcher.service
    who = Credentials(1, Secret("P@ssword"), 1)

    def place() -> None:
        for number in numbers:
            service.request_call_when_available(who, CallbackParams(name, number, None, (None,) * 10))

    sandbox._in_thread(place)


def test_the_overview_loads_the_calls_that_it_shows_and_no_others(moving: Sandbox) -> None:
    place(moving, *["+447700900123"] * 30)
    moving.advance(5)
    read: list[str] = []
    engine = moving._dispatcher.service._store._engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: read.append(arguments[2]))
    calls = page(moving)["calls"]
    codes = [call["confirmation_code"] for call in calls]
    assert codes == [call["confirmation_code"] for call in reversed(moving.calls()[-20:])]
    assert all(len(call["events"]) == 2 for call in calls)
    [calls_of, events_of] = [text for text in read if "FROM calls" in text or "FROM events" in text][:2]
    assert "LIMIT" in calls_of and "json_each" in events_of


def test_pages_hold_each_call_and_refusal_once_newest_first(moving: Sandbox) -> None:
    refused = "+447700900105"
    place(moving, refused, *["+447700900123", refused, refused] * 15)
    seen: list[str] = []
    sizes = []
    query = {}
    while True:
        shown = page(moving, **query)
        assert shown["total"] == 46
        seen += [call["key"] for call in shown["calls"]]
        sizes.append(len(shown["calls"]))
        if shown["older"] is None:
            break
        query = {"before": shown["older"]}
    assert sizes == [20, 20, 6]
    assert len(set(seen)) == 46
    assert [key.startswith("BZ") for key in seen] == [False, False, True] * 15 + [False]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "bz10"}, ["BZ1003", "BZ1002", "BZ1001"]),
        ({"text": " BZ1002 "}, ["BZ1002"]),
        ({"text": "ÉLODIE"}, ["BZ1001"]),
        ({"text": "100%"}, ["BZ1003"]),
        ({"text": "%"}, ["BZ1003"]),
        ({"text": "_"}, []),
        ({"text": "' OR 1=1 --"}, []),
        ({"text": "07700 900105"}, ["IN_BLACK_LIST"]),
        ({"text": "+44 7700 900 201"}, ["BZ1003"]),
        ({"text": "0044 (7700) 900-2"}, ["BZ1003"]),
        ({"text": "no such thing"}, []),
        ({"text": "x" * 60_000}, []),
        ({"status": "refused"}, ["IN_BLACK_LIST"]),
        ({"status": "waiting"}, ["BZ1002"]),
        ({"status": "CallingAgent"}, ["BZ1003", "BZ1001"]),
        ({"status": "CallFailed"}, []),
        ({"queue": "1/2"}, ["BZ1002"]),
        ({"queue": "1/1", "text": "ada"}, ["IN_BLACK_LIST"]),
        ({"queue": "2/1"}, []),
    ],
)
def test_what_a_search_finds(
    moving: Sandbox, caller_of: Callable[..., Any], query: dict[str, str], found: list[str]
) -> None:
    moving._dispatcher.service._store._connection.exec_driver_sql("DELETE FROM sqlite_sequence")
    moving._dispatcher.service._store._connection.commit()
    caller = caller_of(moving)
    caller.request(name="Élodie Straße")
    caller.schedule(4, service_queue=2, name="Grace")
    caller.request("+447700900105", name="Ada")
    caller.request("+447700900201", name="100% sure")
    moving.advance(1)
    assert listed(moving, **query) == found
    assert page(moving, **query)["total"] == len(found)


@pytest.mark.parametrize(
    "query",
    [
        "overview?status=Happy", "overview?queue=1", "overview?queue=1/x", "overview?before=BZ1001",
        "overview?before=1.-1", "exchanges?result=Happy",
    ],
)  # fmt: skip
def test_a_search_that_cannot_be_read(sandbox: Sandbox, query: str) -> None:
    reply = requests.get(f"{sandbox.url}/console/{query}", timeout=30)
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_exchanges_show_what_went_over_the_wire_and_no_password(sandbox: Sandbox, post: Post) -> None:
    post("calls", WISH)
    text = requests.get(f"{sandbox.url}/console/exchanges", timeout=30).text
    assert "RequestCallWhenAvailable" in text
    assert "Envelope" in text
    assert "P@ssword" not in text + requests.get(f"{sandbox.url}/console/overview", timeout=30).text


def exchanges(sandbox: Sandbox, **query: str) -> dict[str, Any]:
    return requests.get(f"{sandbox.url}/console/exchanges", params=query, timeout=30).json()


def test_an_exchange_has_its_result_beside_its_status(sandbox: Sandbox, caller: Any) -> None:
    caller.request()
    caller.request("+447700900105")
    caller.request(password=Secret("wrong"))
    caller.available(password=Secret("wrong"))
    caller.available()
    caller.update_ewt(5)
    caller.update_ewt(-5)
    caller.ewt()
    caller.by_number("+447700900123")
    caller.by_number("+447700900124")
    with pytest.raises(ServiceFault):
        caller.request("+447700900199")
    rest = f"{sandbox.url}/RequestCallbackService/Service.svc/rest/UpdateEWTRecord"
    requests.post(rest, data="{", headers={"Content-Type": "application/json"}, timeout=30)
    shown = exchanges(sandbox)["exchanges"][::-1]
    code = sandbox.calls()[0]["confirmation_code"]
    assert [(each["status"], each["result"], each["is_success"]) for each in shown] == [
        (200, "0 SUCCESSFUL", True),
        (200, "5 IN_BLACK_LIST", False),
        (200, "-1 AUTHENTICATION_FAILED", False),
        (200, "nil", False),
        (200, "20 slots", True),
        (200, "true", True),
        (200, "false", False),
        (200, "5", True),
        (200, code, True),
        (200, "nil", False),
        (500, "InternalServiceFault", False),
        (400, "Request Error", False),
    ]
    failures = exchanges(sandbox, result="failure")
    assert (failures["kept"], failures["found"], len(failures["exchanges"])) == (12, 7, 7)
    found = exchanges(sandbox, result="success", text="getcalldata")["exchanges"]
    assert [each["result"] for each in found] == [code]
    assert exchanges(sandbox, text="P@ssword")["found"] == 0


def test_an_exchange_shows_no_password_where_parameters_are_mixed_up(sandbox: Sandbox, caller: Any) -> None:
    caller.request(name="P@ssword", password=Secret("Ada Lovelace"))
    [shown] = exchanges(sandbox)["exchanges"]
    assert "***</name>" in shown["request"]
    assert "P@ssword" not in shown["request"]


def test_an_exchange_names_its_planned_fault(sandbox: Sandbox, caller: Any) -> None:
    for kind in ("html_502", "drop_after_commit"):
        sandbox.fail_next("RequestCallWhenAvailable", kind)
        with pytest.raises((ProtocolError, requests.ConnectionError)):
            caller.request()
    shown = exchanges(sandbox)["exchanges"]
    assert [(each["fault"], each["status"], each["result"]) for each in shown] == [
        ("drop_after_commit", 200, "0 SUCCESSFUL"),
        ("html_502", None, "not carried out"),
    ]


def test_the_page_names_every_operation_fault_and_status() -> None:
    html = STATIC.joinpath("index.html").read_text()

    def options(name: str) -> list[str]:
        [choice] = re.findall(rf'<select id="{name}".*?</select>', html, re.DOTALL)
        return re.findall(r'<option(?: value="([^"]*)")?[^>]*>', choice)

    assert re.findall(r"<option(?: selected)?>(\w+)</option>", html) == [
        name for service in SERVICES.values() for name in service.operations
    ]
    assert options("fault-kind") == list(Kind)
    assert options("search-status") == ["", *STATUSES]
    assert re.findall(r'<option value="(\w*)"', html[html.index('name="result"') :])[:3] == ["", *RESULTS]
