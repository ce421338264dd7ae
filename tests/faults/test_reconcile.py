"""What can be known of a callback whose outcome is unknown: `reconcile` against the sandbox."""

import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from buzzeasy_soap import (
    BuzzeasyClient,
    BuzzeasyError,
    ConfigurationError,
    Confirmation,
    ConnectionLost,
    Endpoints,
    InvalidRequest,
    Outcome,
    OutOfHours,
    Reconciliation,
    ReconciliationState,
)
from buzzeasy_soap.sandbox import Sandbox
from tests.conftest import MORNING
from tests.support.clients import open_client

KINDS = ["soap", "soap-curl", "soap-zeep", "soap-async", "rest", "rest-async"]
NUMBER = "+447700900123"
NOT_FOUND = Reconciliation(ReconciliationState.NOT_FOUND, None)


@pytest.fixture(params=KINDS)
def client(request: pytest.FixtureRequest, endpoints: Endpoints) -> Iterator[Any]:
    with open_client(request.param, endpoints, reference_field=3) as opened:
        yield opened


def lost(
    sandbox: Sandbox, client: Any, kind: str = "drop_after_commit", number: str = NUMBER, **more: object
) -> BuzzeasyError:
    """The error of a request whose answer was lost."""
    sandbox.fail_next("RequestCallWhenAvailable", kind)
    with pytest.raises(ConnectionLost) as caught:
        client.request_call_when_available("Ada", number, **more)
    assert caught.value.outcome is Outcome.UNKNOWN
    return caught.value


def test_what_was_placed_is_found_with_its_code(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client, fields=["Order 1815"])
    [call] = sandbox.calls()
    assert call["fields"][2] == error.callback_request.reference
    expected = Reconciliation(ReconciliationState.PLACED, Confirmation(call["confirmation_code"]))
    assert client.reconcile(error) == expected
    assert client.reconcile(pickle.loads(pickle.dumps(error))) == expected  # in another process, later


def test_what_never_arrived_is_not_found(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client, "drop_before_read")
    assert client.reconcile(error) == NOT_FOUND
    assert sandbox.calls() == []


def test_a_booked_call_is_found(client: Any, sandbox: Sandbox) -> None:
    [slot, *_] = client.get_next_three_time_slots(MORNING)
    sandbox.fail_next("RequestCallSchedule", "truncate")
    with pytest.raises(BuzzeasyError) as caught:
        client.request_call_schedule("Ada", NUMBER, time_slot=slot)
    assert client.reconcile(caught.value).confirmation == Confirmation(
        sandbox.calls()[0]["confirmation_code"]
    )


@pytest.mark.parametrize(
    ("number", "region"), [("07700 900123", "GB"), ("(01) 234 5678", "IE"), ("+44 7700 900123", "GB")]
)
def test_a_number_in_national_form_is_found(client: Any, sandbox: Sandbox, number: str, region: str) -> None:
    error = lost(sandbox, client, number=number, region=region)
    assert client.reconcile(error).state is ReconciliationState.PLACED


def test_a_newer_call_of_the_number_hides_it(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client)
    client.request_call_when_available("Grace", NUMBER)
    assert client.reconcile(error) == NOT_FOUND
    assert len(sandbox.calls()) == 2


def test_an_older_call_of_the_number_is_not_taken_for_it(client: Any, sandbox: Sandbox) -> None:
    client.request_call_when_available("Grace", NUMBER)
    assert client.reconcile(lost(sandbox, client, "drop_before_read")) == NOT_FOUND


def test_a_finished_call_is_not_found(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client)
    sandbox.advance(60)
    assert sandbox.calls()[0]["status"] == "CallSucceeded"
    assert client.reconcile(error) == NOT_FOUND


def test_nothing_is_sent_again(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client, "drop_before_read")
    for _ in range(3):
        client.reconcile(error)
    assert sandbox.calls() == []


def test_a_client_without_a_reference_field_cannot_reconcile(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client)
    with (
        BuzzeasyClient(endpoints=Endpoints.sandbox(sandbox.port), company=1, password="P@ssword") as other,
        pytest.raises(ConfigurationError, match="reference_field"),
    ):
        other.reconcile(error)


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_without_a_reference_cannot_be_reconciled(
    kind: str, sandbox: Sandbox, endpoints: Endpoints
) -> None:
    with open_client(kind, endpoints) as client, pytest.raises(ConfigurationError, match="reference_field"):
        client.reconcile(lost(sandbox, client))


def test_an_error_of_known_outcome_is_refused(client: Any) -> None:
    with pytest.raises(OutOfHours) as caught:
        client.request_call_when_available("Ada", "+447700900103")
    assert caught.value.outcome is Outcome.REFUSED
    with pytest.raises(InvalidRequest) as refused:
        client.reconcile(caught.value)
    assert refused.value.parameter == "error"


def test_the_look_up_itself_may_fail(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client)
    sandbox.fail_next("GetCallDataByNumber", "garbage")
    with pytest.raises(BuzzeasyError) as caught:
        client.reconcile(error)
    assert caught.value.operation == "GetCallDataByNumber"
    assert caught.value.callback_request is None
    assert client.reconcile(error).state is ReconciliationState.PLACED
