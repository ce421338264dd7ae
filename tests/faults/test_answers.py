"""What an answer of the service, or a mistake of the caller's, means for what was asked."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen

from buzzeasy_soap import (
    AuthenticationFailed,
    BuzzeasyError,
    CallbackRejected,
    ConfigurationError,
    Endpoints,
    InBlackList,
    InvalidNumberFormat,
    InvalidRequest,
    NotInWhiteList,
    Outcome,
    OutOfHours,
    RequestRefused,
    UnableToConnect,
)
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.contract.request_callback_service import ResponseMessage
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.xsd import NIL
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer, answer
from tests.support.upstream import Upstream


@frozen
class Answer:
    """One row: what is answered, and what a client must make of it."""

    story: str
    error: type[BuzzeasyError]
    outcome: Outcome
    ask: Callable[[Any], object]
    says: ResponseMessage | None = None
    """What a server answers that says what the sandbox never would; None for the sandbox itself."""
    password: str = "P@ssword"


def place(number: str = "+447700900123", region: str | None = None) -> Callable[[Any], object]:
    return lambda client: client.request_call_when_available("Ada", number, region=region)


NOT_SENT, REFUSED, UNKNOWN = Outcome.NOT_SENT, Outcome.REFUSED, Outcome.UNKNOWN
CALLBACKS, INFO = SERVICES["RequestCallbackService"].path, SERVICES["BuzzMeInfo"].path
NINE = dt.datetime(2017, 4, 11, 9)
ANSWERS = (
    Answer("a parameter that the contract does not allow", InvalidRequest, NOT_SENT, place("012")),
    Answer("a client that is not configured for the call", ConfigurationError, NOT_SENT, lambda c: c.watch("BZ1")),
    Answer("result code 1", InvalidNumberFormat, REFUSED, place("012", "GB")),
    Answer("result code 2", UnableToConnect, REFUSED, place("+447700900102")),
    Answer("result code 3", OutOfHours, REFUSED, place("+447700900103")),
    Answer("result code 4", NotInWhiteList, REFUSED, place("+447700900104")),
    Answer("result code 5", InBlackList, REFUSED, place("+447700900105")),
    Answer("result code -1", AuthenticationFailed, REFUSED, place(), password="wrong"),
    Answer(
        "a result code that is not in the document", CallbackRejected, REFUSED, place(),
        says=ResponseMessage(confirmation_code=NIL, result_code=77),
    ),
    Answer(
        "result code 0 without a confirmation code", CallbackRejected, REFUSED, place(),
        says=ResponseMessage(confirmation_code=NIL, result_code=0),
    ),
    Answer(
        "result code 1 to 5 with a confirmation code", UnableToConnect, UNKNOWN, place(),
        says=ResponseMessage(confirmation_code="BZ1", result_code=2),
    ),
    Answer("an EWT of -1", AuthenticationFailed, REFUSED, lambda c: c.get_ewt_by_service_id(), password="wrong"),
    Answer("no list of time slots", RequestRefused, REFUSED, lambda c: c.get_available_times(NINE), password="wrong"),
    Answer("false when setting an EWT", RequestRefused, REFUSED, lambda c: c.update_ewt_record(5), password="wrong"),
)  # fmt: skip


@pytest.mark.parametrize("kind", ["soap", "soap-curl", "soap-async", "rest", "rest-curl", "rest-async"])
@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: row.story)
def test_answer(row: Answer, kind: str, sandbox: Sandbox) -> None:
    replies = (
        (answer(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, row.says),)
        if row.says
        else (Upstream(sandbox.port).pass_on(),)
    )
    with ScriptedServer(replies) as server:
        endpoints = Endpoints(f"{server.url}{CALLBACKS}", f"{server.url}{INFO}")
        with open_client(kind, endpoints, password=row.password) as client:
            with pytest.raises(BuzzeasyError) as caught:
                row.ask(client)
    error = caught.value
    assert type(error) is row.error
    assert error.outcome is row.outcome
    assert (error.callback_request is not None) == (row.outcome is UNKNOWN)
    assert len(server.received) == (row.outcome is not NOT_SENT)
    assert sandbox.calls() == []
