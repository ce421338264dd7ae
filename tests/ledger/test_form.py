"""A web form's callback: placed once per key, and the customer is told the truth."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from buzzeasy_soap import (
    AuthenticationFailed,
    ConfigurationError,
    Confirmation,
    ConnectFailed,
    ConnectionLost,
    InBlackList,
    InvalidRequest,
    LedgerError,
    Outcome,
    OutcomeUnknown,
    OutOfHours,
    ServiceFault,
    Timeout,
)
from buzzeasy_soap.ledger import AsyncLedger, Decision, Ledger, State
from tests.ledger.desk import KINDS, NUMBER, calls_of, open_desk

kinds = pytest.mark.parametrize("kind", KINDS)
PLACE = "RequestCallWhenAvailable"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "callbacks.db"


@kinds
def test_the_same_key_is_placed_once_and_answered_twice(kind, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        first = desk.place("form 1", fields=["Order 1815"])
        assert desk.place("form 1", fields=["Order 1815"]) == first
        assert desk.place("form 2") != first
        [entry, _] = desk.entries()
    assert (entry.state, entry.confirmation_code, entry.key) == (State.PLACED, first.code, "form 1")
    assert calls_of(buzzeasy_sandbox) == [NUMBER] * 2


@kinds
def test_the_record_outlives_the_process_that_wrote_it(kind, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        first = desk.place("form 1")
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        assert desk.place("form 1") == first
    assert len(calls_of(buzzeasy_sandbox)) == 1


@kinds
@pytest.mark.parametrize(
    "other",
    [{"name": "Grace"}, {"phone_no": "+447700900124"}, {"fields": ["Order 2"]}, {"service_queue": 2}],
)
def test_another_content_under_a_key_is_refused_by_name(kind, other, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        desk.place("form 1", fields=["Order 1"])
        with pytest.raises(InvalidRequest, match="key belongs to an earlier") as caught:
            desk.place("form 1", **{"fields": ["Order 1"], **other})
        assert caught.value.parameter == "key"
    assert len(calls_of(buzzeasy_sandbox)) == 1


@kinds
def test_a_refusal_is_answered_again_and_not_asked_again(kind, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        errors = []
        for _ in range(2):
            with pytest.raises(InBlackList) as caught:
                desk.place("form 1", phone_no="+447700900105")
            errors.append(caught.value)
        assert [(error.outcome, error.result_code, str(error)) for error in errors] == [
            (Outcome.REFUSED, 5, str(errors[0]))
        ] * 2
        assert desk.counts.refused == 1


@kinds
@pytest.mark.buzzeasy_sandbox(opening_hours="Sun 03:00-03:01")
def test_out_of_hours_is_a_forms_answer(kind, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        for _ in range(2):
            with pytest.raises(OutOfHours):
                desk.place("form 1")


@kinds
def test_a_wrong_password_is_mended_and_the_same_form_sent_again(kind, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        with pytest.raises(AuthenticationFailed):
            desk.with_options(password="another").place("form 1")
        assert desk.counts.not_sent == 1
        assert isinstance(desk.place("form 1"), Confirmation)
    assert len(calls_of(buzzeasy_sandbox)) == 1


@kinds
def test_what_was_not_sent_is_sent_by_the_same_key(kind, buzzeasy_sandbox, database) -> None:
    from buzzeasy_soap import Endpoints

    nobody = Endpoints("http://127.0.0.1:1/Service.svc", "http://127.0.0.1:1/Info.svc")
    with open_desk(kind, nobody, database) as desk, pytest.raises(ConnectFailed) as caught:
        desk.place("form 1")
    assert caught.value.outcome is Outcome.NOT_SENT
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        [entry] = desk.entries()
        assert (entry.state, entry.error) == (State.NOT_SENT, "ConnectFailed")
        assert desk.place("form 1").code
    assert len(calls_of(buzzeasy_sandbox)) == 1


@kinds
def test_a_reply_that_was_lost_is_looked_up_by_the_next_submission(kind, buzzeasy_sandbox, database) -> None:
    buzzeasy_sandbox.fail_next(PLACE, "drop_after_commit")
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        with pytest.raises(ConnectionLost) as caught:
            desk.place("form 1")
        assert caught.value.outcome is Outcome.UNKNOWN
        [call] = buzzeasy_sandbox.calls()
        assert desk.place("form 1") == Confirmation(call["confirmation_code"])
        assert desk.counts.placed == 1
    assert len(calls_of(buzzeasy_sandbox)) == 1


@kinds
def test_a_request_that_may_be_on_its_way_stays_unknown(kind, buzzeasy_sandbox, database) -> None:
    buzzeasy_sandbox.fail_next(PLACE, "drop_before_read")
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        with pytest.raises(ConnectionLost):
            desk.place("form 1")
        for _ in range(2):
            with pytest.raises(OutcomeUnknown, match="may have been placed") as caught:
                desk.place("form 1")
            assert caught.value.outcome is Outcome.UNKNOWN
            assert caught.value.callback_request.phone_no == NUMBER
        found = desk.reconcile()
        assert (len(found.placed), len(found.unknown)) == (0, 1)
    assert calls_of(buzzeasy_sandbox) == []


@kinds
def test_a_fault_after_the_work_is_unknown_too(kind, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        with pytest.raises(ServiceFault):
            desk.place("form 1", phone_no="+447700900199")
        assert desk.counts.unknown == 1


@kinds
def test_reconcile_settles_what_was_open(kind, buzzeasy_sandbox, database) -> None:
    buzzeasy_sandbox.fail_next(PLACE, "drop_after_commit")
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        with pytest.raises(ConnectionLost):
            desk.place("form 1")
        assert [entry.key for entry in desk.reconcile().placed] == ["form 1"]
        assert desk.counts.placed == 1
        assert desk.reconcile().placed == ()


@kinds
def test_a_claim_of_a_dead_process_is_unknown_after_lease_and_timeout(
    kind, buzzeasy_sandbox, database
) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database, timeout=Timeout(0.4)) as desk:
        asked = desk.client.callback_request("Ada", NUMBER)
        claim = desk.ledger.queue.open_form("form 1", asked, desk.ledger.lease_for(desk.client))
        # As though the process had died here: while it may still be at work, its claim stands.
        with pytest.raises(OutcomeUnknown, match="still under way"):
            desk.place("form 1")
        assert desk.counts.claimed == 1
        _let_time_pass(desk)
        with pytest.raises(OutcomeUnknown, match="did not say"):
            desk.place("form 1")
        assert desk.counts.unknown == 1
        # What it did send, the service knows.
        buzzeasy_sandbox.client(reference_field=10).request_callback(claim.request)
        assert desk.place("form 1").code
    assert len(calls_of(buzzeasy_sandbox)) == 1


@kinds
def test_two_submissions_at_once_are_one_call(kind, buzzeasy_sandbox, database) -> None:
    buzzeasy_sandbox.fail_next(PLACE, "delay", seconds=0.5)

    def submit(_: int) -> Confirmation:
        with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
            return desk.place("form 1")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(submit, range(4)))) == 1
    assert len(calls_of(buzzeasy_sandbox)) == 1


def test_tasks_of_one_client_share_a_ledger(buzzeasy_sandbox, database) -> None:
    async def submit_all() -> set[Confirmation]:
        ledger = AsyncLedger(database)
        async with ledger, buzzeasy_sandbox.async_client(reference_field=10) as client:
            return set(
                await asyncio.gather(
                    *(ledger.place(client, "Ada", NUMBER, key=f"form {n % 3}") for n in range(9))
                )
            )

    assert len(asyncio.run(submit_all())) == 3
    assert len(calls_of(buzzeasy_sandbox)) == 3


@pytest.mark.parametrize("after", [0.0, 0.001, 0.01, 0.05, 0.2])
def test_a_cancelled_submission_is_settled(after: float, buzzeasy_sandbox, database) -> None:
    """A customer who leaves the page leaves no row behind that nobody can tell about."""
    buzzeasy_sandbox.fail_next(PLACE, "delay", seconds=0.4)

    async def submit_and_leave() -> Outcome | None:
        async with (
            AsyncLedger(database) as ledger,
            buzzeasy_sandbox.async_client(reference_field=10) as client,
        ):
            task = asyncio.create_task(ledger.place(client, "Ada", NUMBER, key="form 1"))
            await asyncio.sleep(after)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError as error:
                return getattr(error, "outcome", None)
        return None

    outcome = asyncio.run(submit_and_leave())
    with Ledger(database) as ledger:
        entries = list(ledger.book.entries(None))
    assert all(entry.state in (State.NOT_SENT, State.UNKNOWN) for entry in entries)
    if outcome is Outcome.NOT_SENT:
        assert entries[0].state is State.NOT_SENT
        assert calls_of(buzzeasy_sandbox) == []


@kinds
def test_a_person_decides_about_what_stays_unknown(kind, buzzeasy_sandbox, database) -> None:
    buzzeasy_sandbox.fail_next(PLACE, "drop_before_read")
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        with pytest.raises(ConnectionLost):
            desk.place("form 1")
        [entry] = desk.reconcile().unknown
        assert desk.ledger.book.decide(entry.id, Decision.SEND_AGAIN, "Grace").state is State.NOT_SENT
        with pytest.raises(InvalidRequest, match="is not_sent"):
            desk.ledger.book.decide(entry.id, Decision.DROP, "Grace")
        assert desk.place("form 1").code
    assert len(calls_of(buzzeasy_sandbox)) == 1


@kinds
@pytest.mark.parametrize("key", ["", "  ", None, 7, "x" * 201])
def test_a_key_that_is_none_is_refused_by_name(kind, key, buzzeasy_sandbox, database) -> None:
    with (
        open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk,
        pytest.raises(InvalidRequest, match=r"^key"),
    ):
        desk.place(key)


@kinds
def test_bad_input_is_refused_before_anything_is_recorded(kind, buzzeasy_sandbox, database) -> None:
    with open_desk(kind, buzzeasy_sandbox.endpoints, database) as desk:
        with pytest.raises(InvalidRequest, match=r"^phone_no"):
            desk.place("form 1", phone_no="0800 FLOWERS")
        assert desk.entries() == []


def test_a_client_without_references_is_refused(buzzeasy_sandbox, database) -> None:
    with Ledger(database) as ledger, pytest.raises(ConfigurationError, match="reference_field"):
        ledger.place(buzzeasy_sandbox.client(), "Ada", NUMBER, key="form 1")


def test_nothing_is_sent_that_could_not_be_recorded(buzzeasy_sandbox, database) -> None:
    with open_desk("soap", buzzeasy_sandbox.endpoints, database) as desk:
        with desk.ledger._engine.begin() as connection:
            connection.execute(text("DROP TABLE ledger_decisions"))
            connection.execute(text("DROP TABLE ledger_callbacks"))
        with pytest.raises(LedgerError, match="no such table") as caught:
            desk.place("form 1")
        assert caught.value.outcome is Outcome.NOT_SENT
    assert calls_of(buzzeasy_sandbox) == []


def test_a_result_that_cannot_be_recorded_reaches_the_customer(
    buzzeasy_sandbox, database, monkeypatch, caplog
) -> None:
    """The disk is full after the call was placed: the answer is still true."""
    buzzeasy_sandbox.fail_next(PLACE, "delay", seconds=0.5)
    with open_desk("soap", buzzeasy_sandbox.endpoints, database) as desk:
        answers: list[object] = []
        thread = threading.Thread(target=lambda: answers.append(desk.place("form 1")))
        thread.start()
        while not desk.counts.claimed:
            time.sleep(0.01)
        with desk.ledger._engine.begin() as connection:
            connection.execute(text("ALTER TABLE ledger_callbacks RENAME COLUMN message TO gone"))
        thread.join()
        assert isinstance(answers[0], Confirmation)
        assert "could not be recorded" in caplog.text
        with desk.ledger._engine.begin() as connection:
            connection.execute(text("ALTER TABLE ledger_callbacks RENAME COLUMN gone TO message"))
        _let_time_pass(desk)
        assert desk.place("form 1") == answers[0]
    assert len(calls_of(buzzeasy_sandbox)) == 1


def _let_time_pass(desk) -> None:
    """The lease and the time-out of every claim are over."""
    with desk.ledger._engine.begin() as connection:
        connection.execute(
            text("UPDATE ledger_callbacks SET expires_at = expires_at - 1000 WHERE state = 'claimed'")
        )
