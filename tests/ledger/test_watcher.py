"""What becomes of the calls is kept, over one connection, whatever happens to it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from buzzeasy_soap import BuzzeasyClient, Endpoints
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.ledger import Calls, Campaign, Ledger, NewCampaign, NewEntry, Worker, watcher
from buzzeasy_soap.ledger.watcher import Watcher
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.hub import connections
from tests.events.proxy import Proxy

NUMBERS = ("+447700900123", "+447700900201", "+447700900202", "+447700900456")  # 2 succeed, 2 fail


@pytest.fixture
def client(endpoints: Endpoints) -> Iterator[BuzzeasyClient]:
    with BuzzeasyClient(
        endpoints=endpoints, company=1, password="P@ssword", service_queue=1, reference_field=10
    ) as client:
        yield client


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "callbacks.db") as ledger:
        yield ledger


def placed(ledger: Ledger, client: BuzzeasyClient, name: str = "list") -> Campaign:
    entries = (NewEntry(client.callback_request("Ada", number)) for number in NUMBERS)
    campaign = ledger.book.load(NewCampaign(name, "Europe/London"), entries)
    assert Worker(ledger, client, campaign).run().why is None
    return campaign


def eventually(told: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not told():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_each_call_is_followed_to_its_end(ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox) -> None:
    campaign = placed(ledger, client)
    assert ledger.book.tally(campaign).calls == Calls(not_heard_of=4)
    watching = Watcher(ledger, client, campaign)
    thread = threading.Thread(target=watching.run, kwargs={"until_over": True})
    thread.start()
    sandbox.advance(20)
    eventually(lambda: ledger.book.tally(campaign).calls == Calls(reached=2, rescheduled=1, under_way=1))
    sandbox.advance(5)  # the agent of one has not accepted
    eventually(lambda: ledger.book.tally(campaign).calls == Calls(reached=2, failed=1, rescheduled=1))
    assert thread.is_alive()
    sandbox.advance(200)
    thread.join(20)
    assert not thread.is_alive()
    assert ledger.book.tally(campaign).calls == Calls(reached=2, failed=2)


def test_what_is_placed_meanwhile_is_followed_too_until_it_is_told_to_stop(
    ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox
) -> None:
    campaign = ledger.book.load(
        NewCampaign("list", "Europe/London", rate=4.0),
        (NewEntry(client.callback_request("Ada", number)) for number in NUMBERS),
    )
    watching = Watcher(ledger, client, campaign)
    thread = threading.Thread(target=watching.run, kwargs={"until_over": False})
    thread.start()
    Worker(ledger, client, campaign).run()
    sandbox.advance(500)
    eventually(lambda: ledger.book.tally(campaign).calls == Calls(reached=2, failed=2))
    assert thread.is_alive()
    watching.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_a_lost_connection_loses_nothing(
    ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    campaign = placed(ledger, client)
    with Proxy(sandbox.port) as proxy:
        endpoints = Endpoints(
            Endpoints.sandbox(sandbox.port).callback_url, Endpoints.sandbox(sandbox.port).info_url, proxy.url
        )
        proxy.refusing = True
        with BuzzeasyClient(endpoints=endpoints, company=1, password="P@ssword", service_queue=1) as through:
            watching = Watcher(ledger, through, campaign)
            thread = threading.Thread(target=watching.run, kwargs={"until_over": True})
            with caplog.at_level(logging.WARNING, "buzzeasy_soap"):
                thread.start()
                eventually(lambda: "the progress of calls: " in caplog.text)
            proxy.refusing = False
            sandbox.advance(20)
            eventually(lambda: ledger.book.tally(campaign).calls.reached == 2)
            proxy.cut()
            sandbox.advance(500)
            thread.join(30)
            assert not thread.is_alive()
    assert ledger.book.tally(campaign).calls == Calls(reached=2, failed=2)


@pytest.mark.parametrize(("ours", "theirs"), [(2, 1000), (500, 3)])
def test_more_calls_than_a_connection_can_follow(
    ledger: Ledger,
    client: BuzzeasyClient,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    ours: int,
    theirs: int,
) -> None:
    monkeypatch.setattr(watcher, "MOST_CALLS", ours)
    monkeypatch.setattr(connections, "MOST_CALLS", theirs)
    entries = [NewEntry(client.callback_request("Ada", f"+4477009004{n:02d}")) for n in range(10)]
    campaign = ledger.book.load(NewCampaign("list", "Europe/London"), entries)
    Worker(ledger, client, campaign).run()
    watching = Watcher(ledger, client, campaign)
    thread = threading.Thread(target=watching.run, kwargs={"until_over": True})
    thread.start()
    sandbox.advance(10)
    eventually(lambda: ledger.book.tally(campaign).calls == Calls(under_way=10))
    sandbox.advance(60)
    thread.join(30)
    assert not thread.is_alive()
    assert ledger.book.tally(campaign).calls == Calls(reached=10)


def test_a_call_that_the_service_refuses_is_left_out(
    ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    campaign = placed(ledger, client)
    monkeypatch.setattr(connections, "MOST_CALLS", 0)
    Watcher(ledger, client, campaign).run(until_over=True)
    assert caplog.text.count("cannot be followed: HubException") == 4
    assert ledger.book.tally(campaign).calls == Calls(not_heard_of=4)


def test_campaigns_are_followed_apart(ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox) -> None:
    first, second = placed(ledger, client), placed(ledger, client, "another")
    sandbox.advance(500)
    Watcher(ledger, client, second).run(until_over=True)
    assert ledger.book.tally(first).calls == Calls(not_heard_of=4)
    assert ledger.book.tally(second).calls == Calls(reached=2, failed=2)


def test_what_is_final_stays(ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox) -> None:
    campaign = placed(ledger, client)
    sandbox.advance(500)
    Watcher(ledger, client, campaign).run(until_over=True)
    before = [entry.call_status for entry in ledger.book.entries(campaign)]
    with client.event_stream() as stream:
        stream.subscribe(next(iter(ledger.book.entries(campaign))).confirmation_code or "")
        past = stream.next_update()
    assert past is not None and not getattr(past.status, "is_final", False)
    ledger.book.heard(campaign, [past])
    assert [entry.call_status for entry in ledger.book.entries(campaign)] == before


def test_without_an_address_there_is_nothing_to_follow(
    ledger: Ledger, client: BuzzeasyClient, endpoints
) -> None:
    campaign = placed(ledger, client)
    deaf = Endpoints(endpoints.callback_url, endpoints.info_url)
    with BuzzeasyClient(endpoints=deaf, company=1, password="P@ssword") as unhearing:
        assert not unhearing.has_events
        with pytest.raises(ConfigurationError, match="events_url is not set"):
            Watcher(ledger, unhearing, campaign)
