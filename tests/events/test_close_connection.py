"""`closeConnection` names no call: which one it ends."""

import logging
from typing import Any

import pytest
from aiohttp import web

from buzzeasy_soap.events import EventStream
from tests.events.followers import HASTY
from tests.events.scripted_hub import ScriptedHub, call

INIT = {"C": "1", "S": 1, "M": []}
JOINED = {"C": "2", "G": "g", "M": []}
CLOSE = call("closeConnection")


def says(*calls: dict[str, object]) -> dict[str, Any]:
    return {"C": "3", "M": list(calls)}


def update(line: str) -> dict[str, object]:
    return call("updateStatus", *line.split())


def told(hub: ScriptedHub, codes: str = "AB") -> list[str]:
    with EventStream(hub.url, transport="serverSentEvents", timeouts=HASTY) as stream:
        for code in codes:
            stream.subscribe(code)
        return [f"{update.confirmation_code} {update.status}" for update in stream]


@pytest.mark.parametrize(
    ("codes", "script"),
    [
        # It comes late, and its own call's final status is not the last update before it.
        ("AB", ["A CallSucceeded", "B CallingAgent", "close", "B CallSucceeded", "close"]),
        # Several calls end, then they are closed.
        ("ABC", ["A CallSucceeded", "B CallFailed", "close", "close", "C CallingAgent", "C CallSucceeded"]),
        ("ABC", ["A CallSucceeded", "B CallFailed", "close", "C CallingAgent", "close", "C CallSucceeded"]),
        # Nothing says which of two calls that go on is meant.
        ("AB", ["A CallingAgent", "close", "B CallSucceeded", "close", "A CallSucceeded"]),
        ("AB", ["close", "A CallSucceeded", "B CallSucceeded"]),
    ],
)
def test_no_call_that_goes_on_is_ended(codes: str, script: list[str]) -> None:
    frames = [says(CLOSE if line == "close" else update(line)) for line in script]
    updates = [line for line in script if line != "close"]
    for heard in (frames, [says(*(c for frame in frames for c in frame["M"]))]):
        with ScriptedHub([INIT, JOINED, len(codes), *heard]) as hub:
            assert told(hub, codes) == updates


def test_a_call_that_is_followed_alone_is_ended() -> None:
    with ScriptedHub([INIT, JOINED, 1, says(update("A OnHold"), CLOSE)]) as hub:
        assert told(hub, "A") == ["A OnHold"]


def test_the_last_call_that_is_left_is_ended_by_its_own_and_no_other() -> None:
    frames = [says(update("A CallSucceeded"), CLOSE, update("B OnHold"), CLOSE, update("B CallSucceeded"))]
    with ScriptedHub([INIT, JOINED, 2, *frames]) as hub:
        assert told(hub) == ["A CallSucceeded", "B OnHold"]


def test_one_for_a_call_that_is_not_followed_ends_no_other() -> None:
    """Such as one whose subscription was cancelled, though the hub had heard of it."""
    frame = says(update("X CallSucceeded"), CLOSE, update("A CallingAgent"), update("A CallFailed"))
    with ScriptedHub([INIT, JOINED, 1, frame]) as hub:
        assert told(hub, "A") == ["A CallingAgent", "A CallFailed"]


def test_one_that_was_lost_with_its_connection_is_not_waited_for() -> None:
    streams = [
        [INIT, JOINED, 2, says(update("A CallSucceeded"), update("B CallingAgent"))],
        [INIT, JOINED, 3, says(update("B CallingAgent"), update("B OnHold"), CLOSE)],
    ]
    with ScriptedHub(*streams, reconnect=web.Response(status=400)) as hub:
        assert told(hub) == ["A CallSucceeded", "B CallingAgent", "B OnHold"]


# Updates that are not what they should be


@pytest.mark.parametrize(
    "wrong",
    [
        call("updateStatus", "SECRET-CODE", 4),
        call("updateStatus", "SECRET-CODE", None),
        call("updateStatus", "SECRET-CODE"),
        call("updateStatus"),
        call("updateStatus", {"code": "SECRET-CODE"}, "CallingUser"),
        {"H": "NotifyMe", "M": "updateStatus", "A": None},
        {"H": "NotifyMe", "M": "updateStatus"},
    ],
)
def test_a_wrong_update_is_passed_over_and_logged_once(
    wrong: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    frame = says(update("A CallingAgent"), wrong, update("A CallingUser"), wrong)
    with ScriptedHub([INIT, JOINED, 1, frame, says(wrong), says(update("A CallFailed"))]) as hub:
        assert told(hub, "A") == ["A CallingAgent", "A CallingUser", "A CallFailed"]
        assert hub.asked.count("negotiate") == 1
        assert "reconnect" not in hub.asked
    (record,) = [record for record in caplog.records if record.name == "buzzeasy_soap"]
    assert record.levelno == logging.WARNING
    assert "SECRET" not in record.getMessage()


@pytest.mark.parametrize(
    "item", ["x", None, 3, {}, {"H": 1, "M": "updateStatus", "A": []}, {"H": "NotifyMe"}]
)
def test_what_is_no_hub_call_is_passed_over(item: object) -> None:
    frame = {"C": "3", "M": [update("A CallingAgent"), item, update("A CallFailed")]}
    with ScriptedHub([INIT, JOINED, 1, frame]) as hub:
        assert told(hub, "A") == ["A CallingAgent", "A CallFailed"]
        assert hub.asked.count("negotiate") == 1
