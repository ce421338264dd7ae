"""The console without a browser: its page, its files, and what they ask for."""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import requests
from sqlalchemy import event

from buzzeasy_soap.sandbox import Sandbox
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
    assert (refused["result_code"], refused["name"]) == (3, "OUT_OF_HOURS")


def test_refusals_and_faults_are_said(post: Post) -> None:
    refused = post("calls", {**WISH, "phone_no": "+447700900105"}).json()
    assert (refused["result_code"], refused["name"]) == (5, "IN_BLACK_LIST")
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


def test_the_overview_loads_the_calls_that_it_shows_and_no_others(moving: Sandbox) -> None:
    def place() -> None:
        service = moving._dispatcher.service
        who, params = (
            Credentials(1, Secret("P@ssword"), 1),
            CallbackParams("Ada", "+447700900123", None, (None,) * 10),
        )
        for _ in range(30):
            service.request_call_when_available(who, params)

    moving._in_thread(place)
    moving.advance(5)
    read: list[str] = []
    engine = moving._dispatcher.service._store._engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: read.append(arguments[2]))
    overview = requests.get(f"{moving.url}/console/overview", timeout=30).json()
    codes = [call["confirmation_code"] for call in overview["calls"]]
    assert codes == [call["confirmation_code"] for call in reversed(moving.calls()[-20:])]
    assert all(len(call["events"]) == 2 for call in overview["calls"])
    [calls, events] = [
        statement for statement in read if "FROM calls" in statement or "FROM events" in statement
    ][:2]
    assert "LIMIT" in calls and "BETWEEN" in events


def test_exchanges_show_what_went_over_the_wire_and_no_password(sandbox: Sandbox, post: Post) -> None:
    post("calls", WISH)
    text = requests.get(f"{sandbox.url}/console/exchanges", timeout=30).text
    assert "RequestCallWhenAvailable" in text
    assert "Envelope" in text
    assert "P@ssword" not in text + requests.get(f"{sandbox.url}/console/overview", timeout=30).text
