"""The pytest fixture: a sandbox as a test wants it, and the settings of code that uses it."""

import datetime as dt

import pytest

from buzzeasy_soap import (
    AuthenticationFailed,
    BuzzeasyClient,
    CallStatus,
    ConfigurationError,
    InBlackList,
    OutOfHours,
)
from buzzeasy_soap.sandbox import Company, Sandbox

SHOP = Company(
    "a shop's own",
    also_accepts=["another"],
    queues={7: "Orders"},
    black_list=["+447700900123"],
    opening_hours="Mon 09:00-10:00",
)


@pytest.mark.buzzeasy_sandbox(companies={12: SHOP}, now=dt.datetime(2017, 4, 10, 9, 30))
def test_it_has_the_companies_that_a_test_gives_it(buzzeasy_sandbox) -> None:
    client = buzzeasy_sandbox.client()
    client.request_call_when_available("Ada", "+447700900124")
    with pytest.raises(InBlackList):
        client.request_call_when_available("Ada", "+447700900123")
    assert client.with_options(password="another").get_ewt_by_service_id() == dt.timedelta()
    assert "another" not in repr(SHOP)
    [call] = buzzeasy_sandbox.calls()
    assert (call["company"], call["service_queue"]) == (12, 7)
    buzzeasy_sandbox.advance(3600)
    with pytest.raises(OutOfHours):
        client.request_call_when_available("Ada", "+447700900124")


@pytest.mark.buzzeasy_sandbox(opening_hours="Tue 08:00-18:00", now=dt.datetime(2017, 4, 10, 9))
def test_it_has_the_hours_that_a_test_gives_it(buzzeasy_sandbox) -> None:
    with pytest.raises(OutOfHours):
        buzzeasy_sandbox.client().request_call_when_available("Ada", "+447700900123")
    buzzeasy_sandbox.advance(86400)
    buzzeasy_sandbox.client().request_call_when_available("Ada", "+447700900123")


@pytest.mark.parametrize("_", [1, 2])
def test_its_environment_serves_from_env(buzzeasy_sandbox, monkeypatch, _: int) -> None:
    for name, value in buzzeasy_sandbox.env.items():
        monkeypatch.setenv(name, value)
    with BuzzeasyClient.from_env() as client:
        client.request_call_when_available("Ada", "+447700900123")
        with pytest.raises(AuthenticationFailed):
            client.with_options(password="wrong").request_call_when_available("Ada", "+447700900123")
    assert len(buzzeasy_sandbox.calls()) == 1


def test_events_are_counted(buzzeasy_sandbox) -> None:
    client = buzzeasy_sandbox.client()
    for number in ("+447700900123", "+447700900201"):
        client.request_call_when_available("Ada", number)
    assert buzzeasy_sandbox.count("CallSucceeded") == 0
    buzzeasy_sandbox.advance(86400)
    assert buzzeasy_sandbox.count(CallStatus.CALL_SUCCEEDED) == 1
    assert buzzeasy_sandbox.count(CallStatus.CALL_FAILED) == 1
    assert buzzeasy_sandbox.count(CallStatus.CALLING_USER_FAILED) > 1


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Company("x", {1: "A"}, opening_hours="always"), "opening_hours"),
        (lambda: Company("x", {1: "A"}, white_list=["07700 900123"]), "white_list"),
        (lambda: Company("", {1: "A"}), "password"),
        (lambda: Company("x", {1: "A"}, also_accepts=("",)), "password"),
        (lambda: Sandbox({1: "x"}), "config"),
        (lambda: Sandbox(port="8064"), "port"),
        (lambda: Sandbox(port=70000), "port"),
        (lambda: Sandbox(now="2017-04-10"), "now"),
        (lambda: Sandbox(speed=0), "speed"),
        (lambda: Sandbox(speed="4"), "speed"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(make, name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        make()
