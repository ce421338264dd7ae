"""The ledger on a real PostgreSQL: what differs from SQLite, and what happens when its connections die."""

import logging
import random
import secrets
import signal
import socket
import string
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, Endpoints, Timeout
from buzzeasy_soap.errors import InvalidRequest, LedgerError
from buzzeasy_soap.ledger import Ended, Ledger, NewCampaign, NewEntry, Worker
from buzzeasy_soap.ledger.dbos import Drains
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.redaction import Secret
from tools.postgres import Postgres

PASSWORD = "P@ssword"


@pytest.fixture
def database(postgres: Postgres) -> str:
    return postgres.new_database()


@pytest.fixture
def client(endpoints: Endpoints) -> Iterator[BuzzeasyClient]:
    with BuzzeasyClient(**_account(endpoints)) as client:
        yield client


def _account(endpoints: Endpoints) -> dict[str, Any]:
    return {
        "endpoints": endpoints,
        "company": 1,
        "password": PASSWORD,
        "service_queue": 1,
        "reference_field": 1,
        "timeout": Timeout(connect=2, read=5, total=5),
    }


def _load(ledger: Ledger, client: BuzzeasyClient, rows: int, name: str = "outage", **options: Any) -> Any:
    entries = [NewEntry(client.callback_request(f"row {n}", f"+4420{n:08}")) for n in range(rows)]
    return ledger.book.load(NewCampaign(name, "Europe/London", **options), entries)


def _names(sandbox: Sandbox) -> Counter[str]:
    return Counter(call["name"] for call in sandbox.calls())


def test_processes_that_open_a_new_ledger_at_once_all_get_it(database: str) -> None:
    program = "import sys; from buzzeasy_soap.ledger import Ledger; Ledger(sys.argv[1]).close()"
    opening = [
        subprocess.Popen([sys.executable, "-c", program, database], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    errors = [process.communicate()[1] for process in opening]
    assert [process.returncode for process in opening] == [0] * 3, errors


def test_a_newer_ledger_is_refused(postgres: Postgres, database: str) -> None:
    Ledger(database).close()
    postgres.execute("UPDATE ledger_version SET version = 999", database.rpartition("/")[2])
    with pytest.raises(LedgerError, match="schema version 999"):
        Ledger(database)


def test_a_campaign_is_placed_by_several_workers(
    database: str, client: BuzzeasyClient, sandbox: Sandbox
) -> None:
    with Ledger(database) as ledger, Ledger(database) as other:
        campaign = _load(ledger, client, 60)
        threads = [threading.Thread(target=Worker(each, client, campaign).run) for each in (ledger, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ledger.book.counts(campaign).placed == 60
    assert sorted(_names(sandbox).values()) == [1] * 60


def test_a_campaign_that_is_loaded_twice_at_once_is_loaded_once(
    database: str, client: BuzzeasyClient
) -> None:
    with Ledger(database) as ledger:
        for _ in range(10):
            name = secrets.token_hex(4)
            loaded = _at_once(
                4,
                lambda name=name: ledger.book.load(
                    NewCampaign(name, "Europe/London", source="one"),
                    [NewEntry(client.callback_request("Ada", "+447700900123"))] * 50,
                ),
            )
            assert len(set(loaded)) == 1, loaded
            assert ledger.book.counts(loaded[0]).total == 50


def test_a_form_that_is_submitted_at_once_on_several_machines_is_placed_once(
    database: str, client: BuzzeasyClient, sandbox: Sandbox
) -> None:
    ledgers = [Ledger(database) for _ in range(4)]
    for _ in range(15):
        key = secrets.token_hex(8)
        turns = iter(ledgers)
        answers = _at_once(
            4, lambda key=key, turns=turns: next(turns).place(client, key, "+447700900123", key=key)
        )
        assert len(set(answers)) == 1, answers
        assert _names(sandbox)[key] == 1
    for ledger in ledgers:
        ledger.close()


def test_a_key_that_no_database_can_hold_is_an_invalid_request(database: str, client: BuzzeasyClient) -> None:
    with Ledger(database) as ledger:
        for key in ("a\0b", "\ud800"):
            with pytest.raises(InvalidRequest) as caught:
                ledger.place(client, "Ada", "+447700900123", key=key)
            assert caught.value.parameter == "key"


def _at_once(times: int, what: Any) -> list[Any]:
    """What several threads got, which began at one moment: an error too."""
    barrier, got = threading.Barrier(times), list[Any]()

    def run() -> None:
        barrier.wait()
        try:
            got.append(what())
        except BaseException as error:
            got.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


class Dying:
    """Ends a ledger's connection at its nth I/O point: before a statement, before a commit, or just after it."""

    def __init__(self, ledger: Ledger, postgres: Postgres) -> None:
        self.postgres, self.at, self.points = postgres, 0, 0
        engine: Engine = ledger._engine
        event.listen(engine, "before_cursor_execute", self.executing)
        self.commit = engine.dialect.do_commit
        engine.dialect.do_commit = self.committing  # type: ignore[method-assign]

    def arm(self, at: int) -> None:
        self.at, self.points = at, 0

    def executing(self, connection: Any, *_: Any) -> None:
        self.reached(connection.connection.driver_connection)

    def committing(self, fairy: Any) -> None:
        self.reached(fairy.driver_connection)
        self.commit(fairy)
        if self.reached(fairy.driver_connection):
            raise psycopg.OperationalError("the commit's answer was lost")

    def reached(self, connection: Any) -> bool:
        self.points += 1
        if self.points == self.at:
            self.postgres.execute(f"SELECT pg_terminate_backend({connection.info.backend_pid})")
        return self.points == self.at


def test_wherever_the_connection_dies_nobody_is_called_twice_and_the_worker_goes_on(
    postgres: Postgres,
    database: str,
    client: BuzzeasyClient,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("buzzeasy_soap.ledger.worker._FIRST_WAIT", 0.01)
    rows, at, points, lost = 3, 0, 1, 0
    with Ledger(database, lease=0.2) as ledger:
        dying = Dying(ledger, postgres)
        while at < points:
            at += 1
            sandbox.reset()
            campaign = _load(ledger, client, rows, name=f"outage {at}")
            dying.arm(at)
            ended = Worker(ledger, client.with_options(timeout=0.5), campaign, senders=2).run()
            points = dying.points
            dying.arm(0)
            counts, calls = ledger.book.counts(campaign), _names(sandbox)
            assert ended.why is None, at
            assert counts.placed + counts.unknown == rows, (at, counts)
            assert sum(calls.values()) == counts.placed, (at, calls, counts)
            assert max(calls.values()) == 1, (at, calls)
            lost += counts.unknown
    print(f"the connection died at each of {at} points; {lost} claims were lost with a commit's answer")
    assert at > 20 and lost < 10


def test_a_worker_outlives_its_database(
    postgres: Postgres, database: str, client: BuzzeasyClient, sandbox: Sandbox
) -> None:
    with Ledger(database, lease=1) as ledger:
        campaign = _load(ledger, client, 80, rate=20)
        ended = list[Ended]()
        worker = threading.Thread(target=lambda: ended.append(Worker(ledger, client, campaign).run()))
        worker.start()
        for how in (signal.SIGQUIT, signal.SIGINT):
            time.sleep(1)
            postgres.stop(how)
            time.sleep(0.3)
            postgres.start()
        worker.join()
        counts = ledger.book.counts(campaign)
    assert ended[0].why is None
    assert counts.placed + counts.unknown == 80 and counts.unknown < 10
    assert max(_names(sandbox).values()) == 1


def test_a_process_that_stands_still_in_a_transaction_does_not_hold_up_the_others(
    database: str, client: BuzzeasyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("buzzeasy_soap.ledger.schema._STUCK", 1)
    with Ledger(database) as stuck, Ledger(database) as ledger:
        campaign = _load(ledger, client, 5)
        with pytest.raises(DBAPIError, match="idle-in-transaction"), stuck._engine.begin() as connection:
            connection.execute(text("UPDATE ledger_campaigns SET failures = 0"))
            assert Worker(ledger, client, campaign).run() == Ended(None)
        assert ledger.book.counts(campaign).placed == 5


def test_a_database_with_other_habits_is_held_to_what_the_ledger_needs(
    postgres: Postgres, database: str
) -> None:
    for habit in ("default_transaction_isolation = 'serializable'", "synchronous_commit = off"):
        postgres.execute(f"ALTER DATABASE {database.rpartition('/')[2]} SET {habit}")
    with Ledger(database) as ledger, ledger._engine.begin() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_a_database_that_does_not_answer_is_a_ledger_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://a:b@127.0.0.1:{silent.getsockname()[1]}/c?connect_timeout=2"
        with pytest.raises(LedgerError):
            Ledger(address)


def test_no_error_or_log_line_shows_the_password(
    postgres: Postgres, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    some = random.Random(17)
    closed = _closed_port()
    shown = list[str]()
    for n in range(300):
        # Unescaped, so that some addresses are read as another host, port, database or option.
        secret = "".join(some.choices(string.ascii_letters + string.digits + "@:/?#[]%&=+ !$,;'\"\\", k=16))
        escaped = quote(secret, safe="") if n % 2 else secret
        host = some.choice(
            [f"127.0.0.1:{closed}", f"127.0.0.1:{postgres.port}", "[::1]:1", "/nowhere", "127.0.0.1:x"]
        )
        address = f"postgresql://postgres:{escaped}@{host}/postgres?connect_timeout=2"
        with pytest.raises(BuzzeasyError) as caught:
            Ledger(Secret(address) if n % 3 else address)
        shown.append("".join(traceback.format_exception(caught.value)) + repr(caught.value))
        _require_secret(secret, shown[-1])
        _require_secret(secret, caplog.text)
    with Ledger(postgres.new_database()) as ledger:
        _require_secret(postgres.password, f"{ledger!r} {vars(ledger)!r} {ledger._engine!r}")
    address, query = postgres.url().replace(f":{postgres.password}", ""), f"?password={postgres.password}"
    with Ledger(address + query) as ledger:
        _require_secret(postgres.password, f"{ledger._engine!r} {ledger._engine.url!r}")
    _require_secret(postgres.password, caplog.text + "".join(capfd.readouterr()))


def test_dbos_shows_no_password_either(
    postgres: Postgres,
    client: BuzzeasyClient,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = secrets.token_urlsafe(16)
    with Ledger(tmp_path / "ledger.db") as ledger:
        for address in (
            postgres.url().replace(postgres.password, secret),
            f"postgresql://postgres:{secret}@127.0.0.1:{_closed_port()}/postgres",
        ):
            drains = Drains(ledger, client, tables=address, executor="one")
            with pytest.raises(LedgerError) as caught, drains:
                pass
            shown = "".join(traceback.format_exception(caught.value)) + f"{caught.value!r}{vars(drains)!r}"
            _require_secret(secret, shown + caplog.text + "".join(capfd.readouterr()))


def _require_secret(secret: str, shown: str) -> None:
    parts = {secret[n : n + 5] for n in range(len(secret) - 4)}
    assert not [part for part in parts if part in shown], (secret, shown)


def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
