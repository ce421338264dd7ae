"""Characters that a message or a database cannot hold: refused where a caller chose them, replaced where not."""

from pathlib import Path

import pytest

from buzzeasy_soap import BuzzeasyClient, Confirmation, Endpoints
from buzzeasy_soap.errors import CallbackRejected, InvalidRequest
from buzzeasy_soap.ledger import Ledger, NewCampaign, NewEntry
from buzzeasy_soap.ledger.verdicts import verdict

HOSTILE = "BZ\0\ud800"


@pytest.fixture
def client() -> BuzzeasyClient:
    return BuzzeasyClient(
        endpoints=Endpoints.sandbox(1), company=1, password="x", service_queue=1, reference_field=1
    )


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "a\x01", "\ufffe"])
def test_a_request_that_no_message_can_carry_is_refused_when_it_is_checked(
    client: BuzzeasyClient, text: str
) -> None:
    for parameter, arguments in (
        ("name", {"name": text}),
        ("field2", {"name": "Ada", "fields": [None, text]}),
    ):
        with pytest.raises(InvalidRequest) as caught:
            client.callback_request(phone_no="+447700900123", **arguments)
        assert caught.value.parameter == parameter


@pytest.mark.parametrize("key", ["a\0b", "\ud800", "a\nb", " ", ""])
def test_a_key_that_a_database_cannot_hold_is_refused(
    client: BuzzeasyClient, tmp_path: Path, key: str
) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger, pytest.raises(InvalidRequest) as caught:
        ledger.place(client, "Ada", "+447700900123", key=key)
    assert caught.value.parameter == "key"


@pytest.mark.parametrize("result", [Confirmation(HOSTILE), CallbackRejected(HOSTILE, result_code=99)])
def test_what_the_service_says_is_stored_whatever_it_holds(
    client: BuzzeasyClient, tmp_path: Path, result: Confirmation | CallbackRejected
) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        entry = NewEntry(client.callback_request("Ada", "+447700900123"))
        campaign = ledger.book.load(NewCampaign("outage", "Europe/London"), [entry])
        lease = ledger.lease_for(client)
        [claim] = ledger.queue.turn(campaign, "worker", [], 1, lease).claims
        ledger.queue.turn(campaign, "worker", [(claim, verdict(result))], 1, lease)
        [settled] = ledger.book.entries(campaign)
    assert (
        settled.confirmation_code == "BZ\N{REPLACEMENT CHARACTER}?"
        or settled.message == "BZ\N{REPLACEMENT CHARACTER}?"
    )
