"""Kills those who place callbacks at each I/O point in turn: nobody is called twice, and nobody forgotten."""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from sqlalchemy import text

from buzzeasy_soap import BuzzeasyError, Confirmation, Outcome
from buzzeasy_soap.ledger import Counts, Entry, Ledger, NewCampaign, NewEntry, State, Worker
from tests.ledger.desk import calls_of
from tests.ledger.mortal import LEASE, open_client

pytestmark = pytest.mark.posix
NUMBER = "+442079000001"
PARTS = 8
SHORT = 0.3
"""Of the pairs, so that several processes can share them."""
every = pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
"""At each of so many points: each one takes a while."""


@frozen
class Mortals:
    """Processes that are killed, on ledgers that are copies of one."""

    process: subprocess.Popen
    port: int
    template: Path

    def run(self, database: Path, points: list[int], **case: Any) -> Any:
        shutil.copy(self.template, database)
        return self.ask({"database": str(database), "port": self.port, "points": points, **case})

    def ask(self, line: object) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture
def mortals(buzzeasy_sandbox, tmp_path: Path) -> Iterator[Mortals]:
    port = buzzeasy_sandbox._sandbox.port
    template = tmp_path / "template.db"
    with Ledger(template) as ledger, open_client(port) as client:
        entries = [NewEntry(client.callback_request("Ada", f"{NUMBER[:-1]}{each}")) for each in range(2)]
        ledger.book.load(NewCampaign("spring", "Europe/London"), entries)
        with ledger._engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.mortal"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Mortals(process, port, template)
        assert process.stdin
        process.stdin.close()


@every
def test_a_worker_that_is_killed_at_any_point_calls_nobody_twice(
    every: int, mortals, buzzeasy_sandbox, tmp_path
) -> None:
    killed = 0
    for point in range(1, 1000, every):
        [passed] = mortals.run(tmp_path / f"{point}.db", [point])
        _finish_and_check(mortals, tmp_path / f"{point}.db", buzzeasy_sandbox)
        if passed is not None:
            break
        killed += 1
    print(f"a worker killed at each of {killed} points")
    assert killed > 40 / every


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_two_workers_that_are_killed_at_any_two_points_call_nobody_twice(
    part: int, mortals, buzzeasy_sandbox, tmp_path
) -> None:
    [points] = mortals.run(tmp_path / "whole.db", [0])
    assert points is not None
    buzzeasy_sandbox._sandbox.reset()
    mine = range(1 + part, points + 1, PARTS)
    for first in mine:
        for second in range(1, points + 1):
            database = tmp_path / "pair.db"
            for file in tmp_path.glob("pair.db*"):
                file.unlink()
            mortals.run(database, [first, second])
            _finish_and_check(mortals, database, buzzeasy_sandbox)
    print(f"two workers killed at each of {len(mine) * points} pairs of points")


@pytest.mark.slow
def test_a_worker_that_stands_still_at_any_point_past_its_lease_calls_nobody_twice(
    mortals, buzzeasy_sandbox, tmp_path
) -> None:
    stopped = 0
    for point in range(1, 1000):
        database = tmp_path / f"{point}.db"
        if mortals.run(database, [point], lease=SHORT) != "stopped":
            break
        stopped += 1
        time.sleep(SHORT)
        if not _is_locked(database):  # else it stands in a transaction, and the others wait for it
            _work_meanwhile(database, mortals.port)
        mortals.ask("go on")
        _finish_and_check(mortals, database, buzzeasy_sandbox)
    print(f"a worker stopped past its lease at each of {stopped} points")
    assert stopped > 40


@every
def test_a_form_that_is_killed_at_any_point_is_told_the_truth(
    every: int, mortals, buzzeasy_sandbox, tmp_path
) -> None:
    killed, answers = 0, Counter()
    for point in range(1, 1000, every):
        database = tmp_path / f"{point}.db"
        buzzeasy_sandbox._sandbox.reset()
        [passed] = mortals.run(database, [point], key="form 1", number=NUMBER)
        with Ledger(database) as ledger, open_client(mortals.port) as client:
            _let_time_pass(ledger)
            # The customer's page has shown an error, and the form is sent once more.
            try:
                answer: Confirmation | BuzzeasyError = ledger.place(client, "Ada", NUMBER, key="form 1")
            except BuzzeasyError as error:
                answer = error
        placed = [call["confirmation_code"] for call in buzzeasy_sandbox.calls()]
        if isinstance(answer, Confirmation):
            assert placed == [answer.code]
        else:
            assert answer.outcome is Outcome.UNKNOWN
            assert placed == []
        answers[type(answer).__name__] += 1
        if passed is not None:
            break
        killed += 1
    print(f"a form killed at each of {killed} points, sent again: {dict(answers)}")
    assert killed > 20 / every
    # Unknown only where the request could have been under way.
    assert answers["OutcomeUnknown"] < killed / 2


def _is_locked(database: Path) -> bool:
    with contextlib.closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def _work_meanwhile(database: Path, port: int) -> None:
    """Others give up the callbacks of the one that stands still, and place the rest."""
    with Ledger(database, lease=LEASE) as ledger, open_client(port) as client:
        campaign = ledger.book.campaign("spring")
        _let_time_pass(ledger)
        Worker(ledger, client, campaign, senders=1).run()
        ledger.reconcile(client, campaign)


def _finish_and_check(mortals: Mortals, database: Path, sandbox) -> None:
    _work_meanwhile(database, mortals.port)
    with Ledger(database) as ledger:
        campaign = ledger.book.campaign("spring")
        check_equation(list(ledger.book.entries(campaign)), ledger.book.counts(campaign), sandbox)
    sandbox._sandbox.reset()


def check_equation(entries: list[Entry], counts: Counts, sandbox) -> None:
    """Every row is settled, placed once or not at all, and the service agrees."""
    called = Counter(calls_of(sandbox))
    assert counts.total == counts.placed + counts.refused + counts.unknown + counts.not_sent
    for entry in entries:
        times = called.pop(entry.request.phone_no, 0)
        allowed = {State.PLACED: {1}, State.UNKNOWN: {0}}.get(entry.state, {0})
        assert times in allowed, (entry, times)
    assert not called


def _let_time_pass(ledger: Ledger) -> None:
    """The lease and the time-out of every claim are over."""
    with ledger._engine.begin() as connection:
        connection.execute(
            text("UPDATE ledger_callbacks SET expires_at = expires_at - 1000 WHERE state = 'claimed'")
        )
