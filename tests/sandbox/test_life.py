"""A call's life, as the clock moves."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.clock import FASTEST, LATEST, ServiceClock
from buzzeasy_soap.sandbox.lifecycle import Course, Progress, until
from buzzeasy_soap.wire.clock import Clock

START = dt.datetime(2017, 4, 11, 6, tzinfo=dt.UTC)
MORNING = dt.datetime(2017, 4, 11, 7)
ATTEMPT = ["CallingAgent", "AgentConnected", "CallAccepted", "CallingUser"]


def life(course: Course) -> list[tuple[str, float, int]]:
    passed = until(Progress(course, START), START + dt.timedelta(days=1))
    return [(str(p.status), (p.since - START).total_seconds(), p.retries) for p in passed]


def test_a_call_takes_twenty_seconds_agent_first() -> None:
    assert life(Course.SUCCEEDS) == [
        ("CallingAgent", 1, 0), ("AgentConnected", 4, 0), ("CallAccepted", 7, 0),
        ("CallingUser", 8, 0), ("UserConnected", 12, 0), ("CallSucceeded", 20, 0),
    ]  # fmt: skip


def test_a_user_who_never_answers_is_tried_three_times() -> None:
    passed = life(Course.USER_NEVER_ANSWERS)
    failed = [*ATTEMPT, "CallingUserFailed"]
    assert [status for status, _, _ in passed] == [
        *failed, "Rescheduled", *failed, "Rescheduled", *failed, "CallFailed",
    ]  # fmt: skip
    assert [retries for status, _, retries in passed if status == "CallingUser"] == [0, 1, 2]


def test_a_call_fails_where_no_agent_accepts() -> None:
    assert [status for status, _, _ in life(Course.AGENT_NEVER_ACCEPTS)] == [
        "CallingAgent", "AgentConnected", "CallFailed",
    ]  # fmt: skip


@pytest.mark.parametrize("course", Course)
def test_every_life_ends_and_steps_are_the_same_however_time_is_cut(course: Course) -> None:
    whole = until(Progress(course, START), START + dt.timedelta(days=1))
    assert whole[-1].status is not None
    assert whole[-1].status.is_final
    progress, stepped = Progress(course, START), []
    for second in range(200):
        passed = until(progress, START + dt.timedelta(seconds=second))
        stepped += passed
        progress = passed[-1] if passed else progress
    assert stepped == whole


def test_the_three_courses_show_all_nine_statuses() -> None:
    assert {status for course in Course for status, _, _ in life(course)} == set(CallStatus)


def statuses(call: dict[str, Any]) -> list[str]:
    return [event["status"] for event in call["events"]]


def test_a_call_lives_by_the_clock(moving: Sandbox, caller_of: Callable[..., Any]) -> None:
    caller_of(moving).request()
    assert moving.calls()[0]["status"] is None
    moving.advance(4)
    assert statuses(moving.calls()[0]) == ["CallingAgent", "AgentConnected"]
    assert moving.calls()[0]["status"] == "AgentConnected"
    moving.advance(16)
    (call,) = moving.calls()
    assert statuses(call) == [*ATTEMPT, "UserConnected", "CallSucceeded"]
    assert call["events"][-1]["at"].startswith("2017-04-11T07:00:20")


def test_a_booked_call_begins_at_its_slot(moving: Sandbox, caller_of: Callable[..., Any]) -> None:
    caller_of(moving).schedule(4)
    moving.advance(2.5 * 3600)
    assert statuses(moving.calls()[0]) == []
    moving.advance(1)
    assert statuses(moving.calls()[0]) == ["CallingAgent"]


def test_retries_are_counted(moving: Sandbox, caller_of: Callable[..., Any]) -> None:
    caller = caller_of(moving)
    caller.request("+447700900201")
    moving.advance(60)
    assert caller.by_number("+447700900201").retries == 1
    moving.advance(600)
    (call,) = moving.calls()
    assert call["retries"] == 2
    assert call["status"] == "CallFailed"
    assert caller.by_pin(call["pin"]).retries == 2


def test_an_agent_who_never_accepts(moving: Sandbox, caller_of: Callable[..., Any]) -> None:
    caller_of(moving).request("+447700900202")
    moving.advance(600)
    assert statuses(moving.calls()[0]) == ["CallingAgent", "AgentConnected", "CallFailed"]


def test_time_passes_by_itself_at_the_speed_given(caller_of: Callable[..., Any]) -> None:
    with Sandbox(now=MORNING, speed=1000) as sandbox:
        published = []
        sandbox._dispatcher.service.events.subscribe(published.append)
        caller_of(sandbox).request()
        for _ in range(2000):
            if published and published[-1].status.is_final:
                break
            time.sleep(0.01)
        assert [event.status for event in published] == [*ATTEMPT, "UserConnected", "CallSucceeded"]
        assert sandbox.calls()[0]["status"] == "CallSucceeded"


def test_events_are_published_in_order_across_calls(moving: Sandbox, caller_of: Callable[..., Any]) -> None:
    published = []
    service = moving._dispatcher.service
    unsubscribe = service.events.subscribe(published.append)
    caller = caller_of(moving)
    codes = [caller.request().confirmation_code for _ in range(2)]
    moving.advance(3600)
    assert [event.at for event in published] == sorted(event.at for event in published)
    assert {event.confirmation_code for event in published} == set(codes)
    assert [e for e in published if e.confirmation_code == codes[0]] == moving._in_thread(
        lambda: list(service.events_of(codes[0]))
    )
    assert published[0].company == 1
    for unknown in ("BZ1", "BZ9999", "x"):
        assert moving._in_thread(lambda code=unknown: service.events_of(code)) is None
    unsubscribe()
    caller.request()
    moving.advance(3600)
    assert len(published) == 12


@pytest.mark.parametrize("days", [0.01, 1_000])
def test_the_clock_stops_before_the_calendar_ends(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    clock = ServiceClock(ZoneInfo("Europe/London"), start=LATEST - dt.timedelta(minutes=1), speed=FASTEST)
    started = Clock.monotonic()
    monkeypatch.setattr(Clock, "monotonic", lambda: started + days * 86_400)
    assert clock.now() == LATEST
    assert clock.local().year == LATEST.year
    clock.set_speed(1)
    assert clock.now() == LATEST
    with pytest.raises(ValueError, match="that far"):
        clock.advance(1)
