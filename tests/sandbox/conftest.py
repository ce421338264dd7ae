"""A sandbox on a clock that stands still until a test moves it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callback
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.redaction import Secret

MORNING = dt.datetime(2017, 4, 11, 7)
"""Of the document's samples."""
STILL = 1e-9
"""A speed at which no test sees the clock move."""


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=MORNING, speed=STILL) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    """At 07:00 on 2017-04-11, empty; do not move its clock."""
    shared_sandbox.reset()
    return shared_sandbox


@pytest.fixture(scope="session")
def moving_sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=MORNING, speed=STILL) as sandbox:
        yield sandbox


@pytest.fixture
def moving(moving_sandbox: Sandbox) -> Sandbox:
    """Another one, whose clock may be moved: it begins anew with each test."""
    moving_sandbox.reset()
    return moving_sandbox


class Caller:
    """Calls a sandbox over SOAP with the generated records."""

    def __init__(self, url: str, password: str = "P@ssword", company: int = 1) -> None:
        self.url = url
        self.company = company
        self.password = Secret(password)
        self._binding = SoapBinding()
        self._session = requests.Session()

    def call(self, operation: Operation[Any, Any], request: object) -> Any:
        """The result in the operation's response."""
        sent = self._binding.encode(operation, request, self.url + SERVICES[operation.service].path)
        got = self._session.request(
            sent.method, sent.url, headers=dict(sent.headers), data=sent.body, timeout=30
        )
        response = HttpResponse(got.status_code, {k.lower(): v for k, v in got.headers.items()}, got.content)
        return getattr(self._binding.decode(operation, request, response), operation.result)

    def request(self, phone_no: str | None = "+447700900123", **others: Any) -> callback.ResponseMessage:
        values = {"name": "Ada Lovelace", "service_queue": 1, **self._who(), "phone_no": phone_no, **others}
        return self.call(callback.REQUEST_CALL_WHEN_AVAILABLE, callback.RequestCallWhenAvailable(**values))

    def schedule(
        self, timeslot: int | None, date: dt.datetime = MORNING, **others: Any
    ) -> callback.ResponseMessage:
        values = {"name": "Ada", "phone_no": "+447700900123", "service_queue": 1, **self._who(), **others}
        return self.call(
            callback.REQUEST_CALL_SCHEDULE,
            callback.RequestCallSchedule(timeslot=timeslot, date=date, **values),
        )

    def available(self, requested_date: dt.datetime | None = MORNING, **others: Any) -> Any:
        values = {"service_queue": 1, **self._who(), **others}
        return self.call(
            callback.GET_AVAILABLE_TIMES,
            callback.GetAvailableTimes(requested_date=requested_date, **values),
        )

    def next_three(self, time: dt.datetime | None = MORNING, **others: Any) -> Any:
        values = {"service_queue": 1, **self._who(), **others}
        return self.call(
            callback.GET_NEXT_THREE_TIME_SLOTS, callback.GetNextThreeTimeSlots(time=time, **values)
        )

    def update_ewt(self, ewt: int, **others: Any) -> bool:
        values = {"service_queue": 1, **self._who(), **others}
        return self.call(callback.UPDATE_EWT_RECORD, callback.UpdateEWTRecord(ewt=ewt, **values))

    def ewt(self, **others: Any) -> int:
        values = {"service_queue_id": 1, "company_id": self.company, "password": self.password, **others}
        return self.call(callback.GET_EWT_BY_SERVICE_ID, callback.GetEWTByServiceID(**values))

    def by_number(self, number: str, **others: Any) -> Any:
        values = {"company_id": self.company, "password": self.password, **others}
        return self.call(
            info.GET_CALL_DATA_BY_NUMBER, info.GetCallDataByNumber(presented_number=number, **values)
        )

    def by_pin(self, pin: str, **others: Any) -> Any:
        values = {"company_id": self.company, "password": self.password, **others}
        return self.call(info.GET_CALL_DATA_BY_PIN, info.GetCallDataByPin(pin=pin, **values))

    def _who(self) -> dict[str, Any]:
        return {"company": self.company, "password": self.password}

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def caller_of() -> Iterator[Callable[..., Caller]]:
    """Makes callers of a sandbox."""
    callers: list[Caller] = []

    def make(sandbox: Sandbox, password: str = "P@ssword", company: int = 1) -> Caller:
        callers.append(Caller(sandbox.url, password, company))
        return callers[-1]

    yield make
    for caller in callers:
        caller.close()


@pytest.fixture
def caller(sandbox: Sandbox, caller_of: Callable[..., Caller]) -> Caller:
    """Company 1 calling the shared sandbox."""
    return caller_of(sandbox)
