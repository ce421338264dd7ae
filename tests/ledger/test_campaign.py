"""A campaign's callbacks: claimed by one worker each, at the rate, in the hours, until something is wrong."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from buzzeasy_soap import (
    BuzzeasyClient,
    ConfigurationError,
    Endpoints,
    InvalidRequest,
    Outcome,
    OutcomeUnknown,
    Timeout,
)
from buzzeasy_soap.ledger import (
    Campaign,
    CampaignState,
    Counts,
    Decision,
    Ended,
    Entry,
    Ledger,
    NewCampaign,
    NewEntry,
    State,
    Worker,
)
from buzzeasy_soap.ledger.pace import AHEAD, FASTER, Pace
from buzzeasy_soap.ledger.verdicts import verdict
from buzzeasy_soap.opening_hours import OpeningHours
from tests.ledger.desk import calls_of
from tests.support import scripted
from tests.support.scripted import ScriptedServer

PLACE = "RequestCallWhenAvailable"
LONDON = ZoneInfo("Europe/London")


@frozen
class Office:
    """A ledger, a client, and a campaign."""

    ledger: Ledger
    client: BuzzeasyClient
    campaign: Campaign

    def work(self, **options: Any) -> Ended:
        return Worker(self.ledger, self.client, self.campaign, **options).run()

    @property
    def counts(self) -> Counts:
        return self.ledger.book.counts(self.campaign)

    def entries(self) -> list[Entry]:
        return list(self.ledger.book.entries(self.campaign))

    def now(self) -> Campaign:
        return self.ledger.book.campaign(self.campaign.name)

    def sql(self, statement: str) -> None:
        with self.ledger._engine.begin() as connection:
            connection.execute(text(statement))


OpenOffice = Callable[..., Office]


@pytest.fixture
def open_office(buzzeasy_sandbox, tmp_path: Path) -> Iterator[OpenOffice]:
    opened: list[Office] = []

    def open_it(
        numbers: Iterable[str] | int = 5,
        *,
        client: BuzzeasyClient | None = None,
        lease: float = 30,
        **options: Any,
    ) -> Office:
        client = client or buzzeasy_sandbox.client(reference_field=10)
        wanted = [number(each) for each in range(numbers)] if isinstance(numbers, int) else numbers
        ledger = Ledger(tmp_path / "callbacks.db", lease=lease)
        entries = options.pop("entries", None) or [
            NewEntry(client.callback_request("Ada", each), line) for line, each in enumerate(wanted, 2)
        ]
        campaign = ledger.book.load(NewCampaign("spring", "Europe/London", **options), entries)
        opened.append(Office(ledger, client, campaign))
        return opened[-1]

    yield open_it
    for office in opened:
        office.ledger.close()


def number(of: int) -> str:
    return f"+4420790{of:05d}"


def test_every_callback_is_placed_once(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    office = open_office(40)
    assert office.work() == Ended(None)
    assert office.counts == Counts(placed=40)
    assert sorted(calls_of(buzzeasy_sandbox)) == [number(each) for each in range(40)]
    codes = {call["phone_no"]: call["confirmation_code"] for call in buzzeasy_sandbox.calls()}
    assert {entry.request.phone_no: entry.confirmation_code for entry in office.entries()} == codes


def test_workers_share_a_campaign_and_none_calls_twice(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    office = open_office(60)
    workers = [threading.Thread(target=office.work, kwargs={"senders": 3}) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert office.counts == Counts(placed=60)
    assert Counter(calls_of(buzzeasy_sandbox)).most_common(1)[0][1] == 1


def test_each_kind_of_answer_has_its_state(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    office = open_office(
        ["+442079000001", "+447700900105", "+447700900104", "+447700900102", "+447700900199"]
    )
    assert office.work() == Ended(None)
    found = {
        entry.request.phone_no[-3:]: (entry.state, entry.result_code, entry.error)
        for entry in office.entries()
    }
    assert found == {
        "001": (State.PLACED, None, None),
        "105": (State.REFUSED, 5, "InBlackList"),
        "104": (State.REFUSED, 4, "NotInWhiteList"),
        "102": (State.REFUSED, 2, "UnableToConnect"),
        "199": (State.UNKNOWN, None, "ServiceFault"),
    }


def test_the_same_source_is_loaded_once(open_office: OpenOffice) -> None:
    office = open_office(3, source="a")
    again = office.ledger.book.load(NewCampaign("spring", "Europe/London", source="a"), [])
    assert (again, office.counts.total) == (office.campaign, 3)
    with pytest.raises(ConfigurationError, match="another file"):
        office.ledger.book.load(NewCampaign("spring", "Europe/London", source="b"), [])


def test_a_load_that_fails_loads_nothing(open_office: OpenOffice) -> None:
    office = open_office(1)

    def rows() -> Iterator[NewEntry]:
        yield from (NewEntry(office.client.callback_request("Ada", number(each))) for each in range(2500))
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError):
        office.ledger.book.load(NewCampaign("summer", "Europe/London"), rows())
    assert [campaign.name for campaign in office.ledger.book.campaigns()] == ["spring"]
    assert office.counts.total == 1


# What pauses.


def test_a_wrong_password_pauses_and_burns_no_row(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    wrong = buzzeasy_sandbox.client(reference_field=10, password="another")
    office = open_office(50, client=wrong)
    ended = office.work(senders=4)
    assert ended.why is not None and ended.why.startswith("AuthenticationFailed")
    assert office.counts == Counts(pending=50)
    assert office.now().state is CampaignState.PAUSED
    office.ledger.book.change_campaign(office.campaign, state=CampaignState.RUNNING)
    right = Office(office.ledger, buzzeasy_sandbox.client(reference_field=10), office.campaign)
    assert right.work() == Ended(None)
    assert right.counts == Counts(placed=50)


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (None, "pending"),
        (scripted.close(), "unknown"),
        (scripted.http(b"<html>Bad Gateway</html>", status=502, content_type="text/html"), "unknown"),
    ],
    ids=["nobody listens", "connections die", "a gateway's page"],
)
def test_a_service_that_is_down_burns_few_rows(reply, state: str, open_office: OpenOffice) -> None:
    with ScriptedServer((reply or scripted.close(),)) as server:
        endpoints = (
            server.endpoints if reply else Endpoints("http://127.0.0.1:1/a.svc", "http://127.0.0.1:1/b.svc")
        )
        with BuzzeasyClient(
            endpoints=endpoints, company=1, password="x", service_queue=1, reference_field=10
        ) as client:
            office = open_office(100, client=client)
            ended = office.work(senders=2)
    assert ended.why is not None and ended.why.startswith("5 calls in a row failed, the last with")
    counts = office.counts
    assert counts.pending >= 93 and counts.pending + getattr(counts, state) in (100, 200)


def test_one_answer_among_failures_keeps_it_running(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    for _ in range(3):
        buzzeasy_sandbox.fail_next(PLACE, "drop_before_read", times=4)
    numbers = [number(each) for each in range(30)]
    office = open_office(numbers)
    assert office.work(senders=1).why is not None
    assert office.counts.unknown == 5


def test_what_was_not_sent_waits_longer_each_time_and_then_gives_up(open_office: OpenOffice) -> None:
    nobody = Endpoints("http://127.0.0.1:1/a.svc", "http://127.0.0.1:1/b.svc")
    with BuzzeasyClient(
        endpoints=nobody, company=1, password="x", service_queue=1, reference_field=10
    ) as client:
        office = open_office(1, client=client)
        waits = []
        while office.counts.pending:
            office.ledger.book.change_campaign(office.campaign, state=CampaignState.RUNNING)
            worker = Worker(office.ledger, client, office.campaign)
            threading.Timer(0.3, worker.stop).start()
            worker.run()
            [entry] = office.entries()
            if entry.not_before is not None and entry.settled_at is not None:
                waits.append((entry.not_before - entry.settled_at).total_seconds())
            office.sql("UPDATE ledger_callbacks SET not_before = 0")
    assert (entry.state, entry.attempts, entry.error) == (State.NOT_SENT, 10, "ConnectFailed")
    assert waits[0] <= 2 < waits[4] and max(waits) <= 300


# Rate and hours.


@given(
    rate=st.floats(0.1, 1000),
    steps=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 30)), min_size=1, max_size=60),
)
def test_no_second_has_more_turns_than_the_rate(rate: float, steps: list[tuple[float, int]]) -> None:
    at, pace = 1000.0, Pace(rate, 1000.0, 0.0)
    turns: list[float] = []
    for wait, most in steps:
        at += wait
        claimed, pace = pace.turns(at, most)
        assert all(at <= turn <= at + AHEAD for turn in claimed)
        turns += claimed
    for index, turn in enumerate(turns):
        within = [each for each in turns[index:] if each < turn + 1 - 1e-6]
        assert len(within) <= rate * FASTER + 1


@given(
    rate=st.floats(1, 200),
    misses=st.lists(st.floats(0, 0.4), min_size=30, max_size=30),
)
def test_what_was_missed_is_made_up_for(rate: float, misses: list[float]) -> None:
    """Workers that now and then come late, and in time for the rest."""
    at, pace, turns = 1000.0, Pace(rate, 1000.0, 0.0), list[float]()
    for late in [*misses, *[0.0] * 600]:
        at += pace.wait(at) + late
        claimed, pace = pace.turns(at, 1000)
        turns += claimed
    assert pace.due_at >= at  # nothing is left to be made up for
    last = [turn for turn in turns if turn > turns[-1] - 5]
    assert abs(len(last) - 5 * rate) <= 2 + 0.04 * 5 * rate


def test_neither_a_clock_that_is_set_back_nor_a_lower_rate_before_holds_up_the_next() -> None:
    an_hour_ahead = Pace(50.0, 4600.0, 4600.0)
    slow = Pace(0.01, 1000.0, 0.0).turns(1000.0, 1)[1]
    for pace in (an_hour_ahead, Pace(50.0, slow.due_at, slow.last_at)):
        assert pace.wait(1000.0) > 5
        turns, after = pace.turns(1000.0, 100)
        assert 50 * AHEAD - 1 <= len(turns) <= 50 * AHEAD * FASTER + 1
        assert after.wait(1000.0) < AHEAD


def test_a_long_pause_is_not_made_up_for() -> None:
    turns, pace = Pace(50.0, 1000.0, 999.0).turns(5000.0, 1000)
    assert len(turns) <= 50 * AHEAD * FASTER + 1
    assert pace.due_at >= 5000.0 + AHEAD  # at the rate from the first on
    assert Pace(50.0, 1000.0, 5000.0 - 0.9).turns(5000.0, 1)[1].due_at < 5000.0  # that was none


def test_the_rate_holds_over_all_workers(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    office = open_office(60, rate=40.0)
    began = time.monotonic()
    workers = [threading.Thread(target=office.work, kwargs={"senders": 4}) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert time.monotonic() - began >= 59 / 40 - AHEAD
    assert office.counts == Counts(placed=60)


def _now() -> dt.datetime:
    return dt.datetime.now(LONDON)


def test_nothing_is_placed_outside_the_opening_hours(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    tomorrow = _now() + dt.timedelta(days=1)
    office = open_office(2, opening_hours=f"{tomorrow:%a} 09:00-17:00")
    turn = office.ledger.queue.turn(office.campaign, "me", [], 8, office.ledger.lease_for(office.client))
    assert turn.claims == () and turn.wait is not None
    opening = tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)
    assert abs(turn.wait - (opening - _now()).total_seconds()) < 30


@pytest.mark.buzzeasy_sandbox(opening_hours="Sun 03:00-03:01")
def test_out_of_hours_waits_for_the_next_opening_where_one_is_known(open_office: OpenOffice) -> None:
    office = open_office(1, opening_hours="Mon-Sun 00:00-24:00")
    worker = Worker(office.ledger, office.client, office.campaign)
    threading.Timer(1, worker.stop).start()
    worker.run()
    [entry] = office.entries()
    assert (entry.state, entry.error) == (State.PENDING, "OutOfHours")
    assert entry.not_before is not None
    assert entry.not_before.astimezone(LONDON).time() == dt.time(0)


@pytest.mark.buzzeasy_sandbox(opening_hours="Sun 03:00-03:01")
def test_out_of_hours_is_refused_where_no_opening_is_known(open_office: OpenOffice) -> None:
    office = open_office(1)
    office.work()
    [entry] = office.entries()
    assert (entry.state, entry.result_code) == (State.REFUSED, 3)


def test_the_next_opening_skips_the_days_that_are_closed() -> None:
    hours = OpeningHours.parse("Mon-Fri 08:00-18:00, Sat 10:00-12:00")
    saturday = dt.datetime(2026, 11, 28, 12, 30, tzinfo=LONDON)
    assert hours.next_opening(saturday) == dt.datetime(2026, 11, 30, 8, tzinfo=LONDON)
    assert hours.next_opening(saturday.replace(hour=9)) == saturday.replace(hour=10, minute=0)
    # A time within the hours waits for the next span, not for the one that it is in.
    assert hours.next_opening(dt.datetime(2026, 11, 30, 9, tzinfo=LONDON)).day == 1
    # The clocks change on the night before.
    march = dt.datetime(2027, 3, 27, 20, tzinfo=LONDON)
    opening = OpeningHours.parse("Sun 08:00-18:00").next_opening(march)
    assert opening.astimezone(dt.UTC).hour == 7


def test_the_highest_priority_goes_first_and_the_future_waits(
    open_office: OpenOffice, buzzeasy_sandbox
) -> None:
    client = buzzeasy_sandbox.client(reference_field=10)

    def entry(of: int, **options: Any) -> NewEntry:
        return NewEntry(client.callback_request("Ada", number(of)), of, **options)

    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1.5)
    office = open_office(
        client=client,
        entries=[entry(1), entry(2, priority=5), entry(3, priority=9, not_before=later), entry(4)],
    )
    assert office.work(senders=1) == Ended(None)
    assert [call[-1] for call in calls_of(buzzeasy_sandbox)] == ["2", "1", "4", "3"]


# Pausing, cancelling, stopping.


def test_a_pause_is_seen_by_every_worker(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    office = open_office(200, rate=50.0)
    ended: list[Ended] = []
    workers = [threading.Thread(target=lambda: ended.append(office.work())) for _ in range(2)]
    for worker in workers:
        worker.start()
    time.sleep(0.5)
    office.ledger.book.change_campaign(office.campaign, state=CampaignState.PAUSED, why="lunch")
    for worker in workers:
        worker.join()
    assert ended == [Ended("lunch")] * 2
    counts = office.counts
    assert counts.claimed == 0 and 0 < counts.placed < 200
    assert counts.placed == len(buzzeasy_sandbox.calls())


def test_what_is_left_of_a_cancelled_campaign_is_not_sent(open_office: OpenOffice) -> None:
    office = open_office(5)
    office.ledger.book.change_campaign(office.campaign, state=CampaignState.CANCELLED)
    assert office.work() == Ended("cancelled")
    assert office.counts == Counts(not_sent=5)


def test_a_worker_that_is_stopped_settles_what_is_under_way(
    open_office: OpenOffice, buzzeasy_sandbox
) -> None:
    buzzeasy_sandbox.fail_next(PLACE, "delay", times=4, seconds=0.5)
    office = open_office(50)
    worker = Worker(office.ledger, office.client, office.campaign, senders=4)
    threading.Timer(0.2, worker.stop).start()
    assert worker.run() == Ended("stopped")
    counts = office.counts
    assert (counts.claimed, counts.unknown) == (0, 0)
    assert counts.placed == len(buzzeasy_sandbox.calls()) >= 4
    assert office.work() == Ended(None)
    assert office.counts == Counts(placed=50)


# Claims.


def test_a_claim_is_settled_by_its_holder_alone(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    """A worker that stood still comes back after a person has had the callback placed again."""
    office = open_office(1, lease=0.2)
    lease = office.ledger.lease_for(office.client.with_options(timeout=Timeout(0.2)))
    turn = office.ledger.queue.turn(office.campaign, "sleeper", [], 1, lease)
    [stale] = turn.claims
    time.sleep(0.5)
    [lost] = office.ledger.book.unknown(office.campaign)
    assert lost.error == "WorkerLost"
    office.ledger.book.decide(lost.id, Decision.SEND_AGAIN, "Grace")
    office.work()
    [entry] = office.entries()

    office.ledger.queue.turn(office.campaign, "sleeper", [(stale, verdict(_refused()))], 0, lease)
    assert office.entries() == [entry]
    assert entry.state is State.PLACED


def _refused() -> Exception:
    from buzzeasy_soap import InBlackList

    return InBlackList("no", result_code=5)


def test_a_holder_that_is_late_still_says_what_became_of_it(open_office: OpenOffice) -> None:
    from buzzeasy_soap import Confirmation

    office = open_office(1, lease=0.1)
    lease = office.ledger.lease_for(office.client.with_options(timeout=Timeout(0.1)))
    [claim] = office.ledger.queue.turn(office.campaign, "late", [], 1, lease).claims
    time.sleep(0.3)
    assert len(office.ledger.book.unknown(office.campaign)) == 1
    office.ledger.queue.turn(office.campaign, "late", [(claim, verdict(Confirmation("BZ7")))], 0, lease)
    assert office.counts == Counts(placed=1)


def test_a_lease_that_has_ended_sends_nothing(open_office: OpenOffice, buzzeasy_sandbox) -> None:
    office = open_office(1, lease=0.1)
    [claim] = office.ledger.queue.turn(
        office.campaign, "late", [], 1, office.ledger.lease_for(office.client)
    ).claims
    time.sleep(0.2)
    from buzzeasy_soap.ledger.ledger import send

    result = send(office.client, claim)
    assert (type(result).__name__, result.outcome) == ("LeaseExpired", Outcome.NOT_SENT)
    assert calls_of(buzzeasy_sandbox) == []


def test_a_decision_to_send_again_waits_until_nothing_can_be_on_its_way(open_office: OpenOffice) -> None:
    office = open_office(["+447700900199"])
    office.work()
    [entry] = office.ledger.book.unknown(office.campaign)
    changed = office.ledger.book.decide(entry.id, Decision.SEND_AGAIN, "Grace")
    assert changed.state is State.PENDING
    assert changed.not_before is not None
    # The lease and the client's time-out: 30 and 60 seconds after the claim.
    assert 80 < (changed.not_before - dt.datetime.now(dt.UTC)).total_seconds() <= 90


@pytest.mark.parametrize("decision", [Decision.DROP, Decision.PLACED])
def test_a_decision_takes_it_off_the_list(decision: Decision, open_office: OpenOffice) -> None:
    office = open_office(["+447700900199"])
    office.work()
    [entry] = office.ledger.book.unknown(office.campaign)
    office.ledger.book.decide(entry.id, decision, "Grace")
    assert office.ledger.book.unknown(office.campaign) == ()
    with pytest.raises(InvalidRequest, match=r"^id must be of an unknown callback"):
        office.ledger.book.decide(999, decision, "Grace")


def test_purge_deletes_what_is_settled_and_keeps_what_is_open(open_office: OpenOffice) -> None:
    office = open_office([number(1), "+447700900105", "+447700900199"])
    office.work()
    assert office.ledger.book.purge(dt.timedelta(days=30)) == 0
    office.sql("UPDATE ledger_callbacks SET settled_at = settled_at - 31 * 86400")
    assert office.ledger.book.purge(dt.timedelta(days=30)) == 2
    assert office.counts == Counts(unknown=1)
    [entry] = office.ledger.book.unknown(office.campaign)
    office.ledger.book.decide(entry.id, Decision.DROP, "Grace")
    office.sql("UPDATE ledger_campaigns SET created_at = 0")
    assert office.ledger.book.purge(dt.timedelta(days=30)) == 1
    assert office.ledger.book.campaigns() == ()


@pytest.mark.parametrize("fault", ["drop_after_commit", "truncate", "garbage"])
def test_what_was_placed_unanswered_is_looked_up_at_once_for_the_call_may_soon_be_over(
    fault: str, open_office: OpenOffice, buzzeasy_sandbox
) -> None:
    buzzeasy_sandbox.fail_next(PLACE, fault)
    office = open_office(3)
    office.work()
    assert office.counts == Counts(placed=3)
    codes = {call["confirmation_code"] for call in buzzeasy_sandbox.calls()}
    assert {entry.confirmation_code for entry in office.ledger.book.entries(office.campaign)} == codes


def test_a_callback_that_no_client_would_send_holds_up_no_other(open_office: OpenOffice) -> None:
    office = open_office(1)
    bad = evolve(office.entries()[0].request, phone_no="12", reference=None)
    campaign = office.ledger.book.load(
        NewCampaign("bad", "Europe/London"),
        [NewEntry(bad), NewEntry(evolve(bad, phone_no="+447700900123"))],
    )
    lease = office.ledger.lease_for(office.client)
    first, second = office.ledger.queue.turn(campaign, "lost", [], 2, lease).claims
    office.client.request_callback(second.request)
    lost = verdict(OutcomeUnknown("nothing was heard of it"))
    office.ledger.queue.turn(campaign, "lost", [(first, lost), (second, lost)], 0, lease)
    found = office.ledger.reconcile(office.client, campaign)
    assert [entry.id for entry in found.placed] == [second.id]
    assert [entry.id for entry in found.unknown] == [first.id]


def test_a_reconciled_callback_is_placed(open_office: OpenOffice) -> None:
    office = open_office(3)
    lease = office.ledger.lease_for(office.client)
    [claim] = office.ledger.queue.turn(office.campaign, "lost", [], 1, lease).claims
    office.client.request_callback(claim.request)
    lost = verdict(OutcomeUnknown("nothing was heard of it"))
    office.ledger.queue.turn(office.campaign, "lost", [(claim, lost)], 0, lease)
    office.work()
    assert office.counts.unknown == 1
    found = office.ledger.reconcile(office.client, office.campaign)
    assert (len(found.placed), found.unknown) == (1, ())
    assert office.counts == Counts(placed=3)


@pytest.mark.parametrize("senders", [0, 257, "4", True])
def test_senders_are_checked(senders: object, open_office: OpenOffice) -> None:
    office = open_office(1)
    with pytest.raises(ConfigurationError, match="senders"):
        Worker(office.ledger, office.client, office.campaign, senders=senders)  # type: ignore[arg-type]


def test_a_ledger_that_fails_for_a_while_loses_nothing(
    open_office: OpenOffice, buzzeasy_sandbox, caplog
) -> None:
    office = open_office(20, rate=40.0)
    thread = threading.Thread(target=office.work, kwargs={"senders": 2})
    thread.start()
    time.sleep(0.15)
    office.sql("ALTER TABLE ledger_callbacks RENAME COLUMN message TO gone")
    time.sleep(0.8)
    office.sql("ALTER TABLE ledger_callbacks RENAME COLUMN gone TO message")
    thread.join(30)
    assert office.counts == Counts(placed=20)
    assert Counter(calls_of(buzzeasy_sandbox)).most_common(1)[0][1] == 1
    assert "again in" in caplog.text
