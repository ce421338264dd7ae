"""Drains that DBOS starts, on SQLite; on PostgreSQL in tests/interop."""

import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from buzzeasy_soap import BuzzeasyClient
from buzzeasy_soap.errors import ConfigurationError, LedgerError
from buzzeasy_soap.ledger import CampaignState, Ledger, NewCampaign, NewEntry, dbos
from buzzeasy_soap.ledger.dbos import Drains
from buzzeasy_soap.sandbox import Sandbox
from tools.campaign_test import Settings, run
from tools.campaign_worker import client_of

KEEPS_TABLES = pytest.mark.skipif(
    sqlite3.sqlite_version_info < dbos._LEAST_SQLITE,
    reason=f"DBOS keeps no tables in SQLite {sqlite3.sqlite_version} on this Python",
)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[BuzzeasyClient]:
    with client_of(sandbox.port) as client:
        yield client


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as ledger:
        yield ledger


def load(ledger: Ledger, client: BuzzeasyClient, rows: int, rate: float | None = None) -> None:
    entries = [NewEntry(client.callback_request(f"row {n}", f"+4420{n:08}")) for n in range(rows)]
    ledger.book.load(NewCampaign("outage", "Europe/London", rate=rate), entries)


@KEEPS_TABLES
@pytest.mark.posix
@pytest.mark.slow
def test_a_campaign_outlives_a_process_that_is_killed_and_started_again(tmp_path: Path) -> None:
    settings = Settings(rows=150, seed=17, workers=2, senders=1, rate=20, kills=1, dbos=True)
    report = run(settings, str(tmp_path / "ledger.db"), str(tmp_path / "dbos.db"))
    assert report.holds, report.table()
    assert report.counts.total == 150 and report.counts.placed > 100
    assert report.done["kills"] == 1


@KEEPS_TABLES
@pytest.mark.slow
def test_drains_are_queued_once_and_again_once_they_have_ended(
    ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox, tmp_path: Path
) -> None:
    load(ledger, client, 8, rate=8)
    tables = tmp_path / "dbos.db"
    for _ in range(2):  # a process that ends, and the one that is started in its place
        with Drains(ledger, client, tables=tables, executor="one", drains=3) as drains:
            drains.start("outage")
            drains.start("outage")
            drains.stop()
    with Drains(ledger, client, tables=tables, executor="one", drains=3) as drains:
        drains.start("outage")
        campaign = drains.wait("outage")
    assert ledger.book.counts(campaign).placed == 8 == len(sandbox.calls())
    assert stat.S_IMODE(tables.stat().st_mode) == 0o600


@KEEPS_TABLES
@pytest.mark.posix
@pytest.mark.slow
def test_what_a_killed_process_had_begun_goes_on_by_itself(
    ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox, tmp_path: Path
) -> None:
    load(ledger, client, 40, rate=10)
    tables = tmp_path / "dbos.db"
    command = [sys.executable, "tools/campaign_worker.py", "dbos", "outage", "--executor", "one"]
    killed = subprocess.Popen(
        [*command, "--sandbox", str(sandbox.port)],
        env=os.environ | {"LEDGER": str(tmp_path / "ledger.db"), "DBOS_TABLES": str(tables)},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not sandbox.calls():
            time.sleep(0.1)
    finally:
        killed.kill()
        killed.wait()
    with Drains(ledger, client, tables=tables, executor="one") as drains:
        campaign = drains.wait("outage")  # with no start
    counts, names = ledger.book.counts(campaign), [call["name"] for call in sandbox.calls()]
    assert counts.placed + counts.unknown == 40 and counts.placed > 20
    assert len(set(names)) == len(names) < 41


@KEEPS_TABLES
def test_a_campaign_that_is_paused_is_waited_for_no_longer(
    ledger: Ledger, client: BuzzeasyClient, tmp_path: Path
) -> None:
    load(ledger, client, 3)
    ledger.book.change_campaign(ledger.book.campaign("outage"), state=CampaignState.PAUSED, why="lunch")
    with Drains(ledger, client, tables=tmp_path / "dbos.db", executor="one") as drains:
        drains.start("outage")
        assert drains.wait("outage").why == "lunch"
        with pytest.raises(ConfigurationError, match="no campaign other"):
            drains.start("other")


def test_what_cannot_be_is_said(
    ledger: Ledger, client: BuzzeasyClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="executor"):
        Drains(ledger, client, tables=tmp_path / "dbos.db", executor=" ")
    with pytest.raises(ConfigurationError, match="another file"):
        Drains(ledger, client, tables=tmp_path / "ledger.db", executor="one")
    monkeypatch.setattr(dbos, "_LEAST_SQLITE", (99, 42))
    with pytest.raises(
        ConfigurationError, match=rf"postgresql://.* {sqlite3.sqlite_version}, .* than 99\.42"
    ):
        Drains(ledger, client, tables=tmp_path / "dbos.db", executor="one")
    monkeypatch.setattr(dbos, "_LEAST_SQLITE", (3, 0))
    with (
        pytest.raises(LedgerError),
        Drains(ledger, client, tables=tmp_path / "no" / "dbos.db", executor="one"),
    ):
        pass


CALLS_NO_ONE = """
import sys
seen = set()
def hook(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        seen.add(str(arguments[1] if event.startswith(("socket.c", "socket.b")) else arguments[:2]))
sys.addaudithook(hook)
from buzzeasy_soap.ledger import Ledger
from buzzeasy_soap.ledger.dbos import Drains
from tools.campaign_worker import client_of
with Ledger("ledger.db") as ledger, client_of(int(sys.argv[1])) as client:
    with Drains(ledger, client, tables="dbos.db", executor="one") as drains:
        drains.start("outage")
        drains.wait("outage")
print(sorted(seen))
"""


@KEEPS_TABLES
@pytest.mark.slow
def test_dbos_calls_no_one_and_listens_to_no_one(
    ledger: Ledger, client: BuzzeasyClient, sandbox: Sandbox, tmp_path: Path
) -> None:
    load(ledger, client, 3)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", CALLS_NO_ONE, str(sandbox.port)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tools'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    # The client's own connections are libcurl's, which no hook sees.
    assert done.stdout.strip() == "[]", done.stderr
    assert "console.dbos.dev" not in done.stderr
    assert len(sandbox.calls()) == 3
