"""What can be known of a callback whose outcome is unknown: `reconcile` against the sandbox."""

import pickle
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from buzzeasy_soap import (
    BuzzeasyClient,
    BuzzeasyError,
    CallbackRequest,
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
from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.xsd import NIL
from tests.conftest import MORNING
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer, answer

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


FORMS = [
    ("GB", "07700 900123"),
    ("GB", "+44 (0)7700 900123"),
    ("GB", "0044 7700 900123"),
    ("GB", "447700900123"),
    ("GB", "\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13"),
    ("IE", "00353 1 234 5678"),
    ("IE", "01 234 5678"),
    (None, NUMBER),
]


@pytest.mark.parametrize(("region", "number"), FORMS)
def test_it_is_found_whatever_form_the_number_was_given_in(
    endpoints: Endpoints, sandbox: Sandbox, region: str | None, number: str
) -> None:
    with open_client("soap", endpoints, reference_field=3) as client:
        error = lost(sandbox, client, number=number, region=region)
        assert client.reconcile(error).state is ReconciliationState.PLACED


@pytest.mark.parametrize(
    ("presented", "placed"),
    [
        ("{}", True),
        ("Order | {}", True),
        ("Order | Ref | {}", True),
        ("Ref,{}", True),
        ("Ref, {} ", True),
        ("Order 1815 {}", False),
        ("Ref | {}-2", False),
        ("Ref | X{}", False),
        ("{} | Ref", False),
        ("", False),
    ],
)
def test_the_reference_is_the_field_or_its_part_after_a_separator(presented: str, placed: bool) -> None:
    asked = CallbackRequest("RequestCallWhenAvailable", "Ada", NUMBER, 1, reference="0123456789-abcdef")
    data = info.CallData(field3=presented.format(asked.reference), confirmation_code="BZ1", retries=0)
    with ScriptedServer((answer("soap", info.GET_CALL_DATA_BY_NUMBER, data),)) as server:
        with open_client("soap", server.endpoints, reference_field=3) as client:
            found = client.reconcile(asked)
    assert found == (Reconciliation(ReconciliationState.PLACED, Confirmation("BZ1")) if placed else NOT_FOUND)


def test_every_form_that_a_queue_may_present_is_tried() -> None:
    asked = CallbackRequest("RequestCallWhenAvailable", "Ada", NUMBER, 1, reference="0123456789-abcdef")
    with ScriptedServer((answer("rest", info.GET_CALL_DATA_BY_NUMBER, NIL),)) as server:
        with open_client("rest", server.endpoints, reference_field=3) as client:
            assert client.reconcile(asked) == NOT_FOUND
        asked_for = [parse_qs(urlsplit(each.path).query)["presentedNumber"] for each in server.received]
    assert asked_for == [[NUMBER], ["00447700900123"], ["447700900123"], ["07700900123"]]


def test_a_reference_of_the_caller_s_goes_out_and_is_found(client: Any, sandbox: Sandbox) -> None:
    error = lost(sandbox, client, reference="order-1815-attempt-1")
    assert sandbox.calls()[0]["fields"][2] == "order-1815-attempt-1"
    assert client.reconcile(error.callback_request).state is ReconciliationState.PLACED


@pytest.mark.parametrize(
    "reference", ["", "short", "with a blank inside it", "under_score_is_not", 17, "e" * 15]
)
def test_a_reference_that_may_not_be_unique_is_refused(client: Any, reference: object) -> None:
    with pytest.raises(InvalidRequest, match="reference"):
        client.request_call_when_available("Ada", NUMBER, reference=reference)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_needs_a_field(endpoints: Endpoints, kind: str) -> None:
    with open_client(kind, endpoints) as client, pytest.raises(ConfigurationError, match="reference_field"):
        client.request_call_when_available("Ada", NUMBER, reference="0123456789abcdef")


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
