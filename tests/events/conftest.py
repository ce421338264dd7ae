"""Calls whose lives a test moves along, one event at a time."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from buzzeasy_soap import BuzzeasyClient, Endpoints
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.hub import HubSettings

STILL = 1e-9
"""A speed at which no test sees the clock move."""
QUICK = HubSettings(
    keep_alive=0.25, disconnect_timeout=5.0, connection_timeout=0.6, transport_connect_timeout=5.0
)
NEVER_ANSWERS = "+447700900201"
NEVER_ACCEPTS = "+447700900202"

HAPPY = ["CallingAgent", "AgentConnected", "CallAccepted", "CallingUser", "UserConnected", "CallSucceeded"]
_TRIED = ["CallingAgent", "AgentConnected", "CallAccepted", "CallingUser", "CallingUserFailed"]
UNANSWERED = [*_TRIED, "Rescheduled", *_TRIED, "Rescheduled", *_TRIED, "CallFailed"]

Place: TypeAlias = Callable[..., str]


def open_sandbox(database: Path | None = None, *, speed: float = STILL, hub: HubSettings = QUICK) -> Sandbox:
    start = dt.datetime(2017, 4, 11, 9)
    return Sandbox(now=start, speed=speed, database=database, hub=hub)


def place_call(sandbox: Sandbox, phone_no: str = "+447700900123") -> str:
    """Have a callback placed, and answer its confirmation code."""
    endpoints = Endpoints.sandbox(sandbox.port)
    with BuzzeasyClient(endpoints=endpoints, company=1, password="P@ssword", service_queue=1) as client:
        return client.request_call_when_available("Ada Lovelace", phone_no).code


def step(sandbox: Sandbox) -> None:
    """Let the next event of any call happen, and no other."""
    service = sandbox._dispatcher.service

    def advance() -> None:
        assert service._due is not None
        service.advance((service._due - service.clock.now()).total_seconds() + 1e-5)

    sandbox._in_thread(advance)


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    """Its clock may be put forward: earlier tests' calls move along with it."""
    return shared_sandbox


@pytest.fixture
def place(sandbox: Sandbox) -> Place:
    def place(phone_no: str = "+447700900123") -> str:
        return place_call(sandbox, phone_no)

    return place


@pytest.fixture(params=["webSockets", "serverSentEvents", "longPolling"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)
