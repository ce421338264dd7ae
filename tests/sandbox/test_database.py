"""A sandbox that keeps its state in a file."""

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from buzzeasy_soap.errors import ConfigurationError, ServiceFault
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.schema import SCHEMA_VERSION
from buzzeasy_soap.sandbox.store import Store
from tests.sandbox.conftest import Caller
from tools.kill_test import Server

MORNING = dt.datetime(2017, 4, 11, 7)
STILL = 1e-9


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.db"


def test_state_outlives_the_sandbox(database: Path, caller_of: Callable[..., Any]) -> None:
    with Sandbox(now=MORNING, speed=STILL, database=database) as sandbox:
        caller = caller_of(sandbox)
        for number in range(1, 4):
            assert caller.schedule(4, field1=f"Order {number}", field3="").result_code == 0
        caller.request("+447700900201", name=None)
        caller.update_ewt(12)
        sandbox.advance(60)
        before = sandbox.calls()
    with Sandbox(now=MORNING, speed=STILL, database=database) as sandbox:
        assert sandbox.calls() == before
        caller = caller_of(sandbox)
        assert caller.ewt() == 12
        assert caller.schedule(4).result_code == 3
        assert caller.by_pin(before[0]["pin"]).field1 == "field1,Order 1"
        assert caller.request().confirmation_code not in {call["confirmation_code"] for call in before}


def test_open_calls_go_on_with_their_lives(database: Path, caller_of: Callable[..., Any]) -> None:
    with Sandbox(now=MORNING, speed=STILL, database=database) as sandbox:
        caller_of(sandbox).request()
        sandbox.advance(5)
        begun = sandbox.calls()[0]["events"]
        assert [event["status"] for event in begun] == ["CallingAgent", "AgentConnected"]
    # Asked to begin before the database's last moment, the clock goes on from there.
    with Sandbox(now=MORNING, speed=STILL, database=database) as sandbox:
        assert sandbox.calls()[0]["events"] == begun
        sandbox.advance(20)
        whole = sandbox.calls()[0]["events"]
    assert whole[:2] == begun
    assert [event["status"] for event in whole[2:]] == [
        "CallAccepted", "CallingUser", "UserConnected", "CallSucceeded",
    ]  # fmt: skip


def test_what_came_due_while_it_was_down_happens_at_its_time(
    database: Path, caller_of: Callable[..., Any]
) -> None:
    with Sandbox(now=MORNING, speed=STILL, database=database) as sandbox:
        caller_of(sandbox).request()
    with Sandbox(now=MORNING + dt.timedelta(days=1), speed=STILL, database=database) as sandbox:
        events = sandbox.calls()[0]["events"]
    assert (len(events), events[-1]["status"]) == (6, "CallSucceeded")
    assert events[-1]["at"].startswith("2017-04-11T07:00:20")


def test_codes_are_never_given_twice_on_one_database(database: Path, caller_of: Callable[..., Any]) -> None:
    codes = []
    for _ in range(3):
        with Sandbox(database=database) as sandbox:
            codes.append(caller_of(sandbox).request().confirmation_code)
            sandbox.reset()
    assert codes == ["BZ1001", "BZ1002", "BZ1003"]


class TestOneSandboxForOneFile:
    def test_a_second_one_refuses_and_says_why(self, database: Path, caller_of: Callable[..., Any]) -> None:
        with Sandbox(database=database) as sandbox:
            for _ in range(2):
                with pytest.raises(ConfigurationError) as caught:
                    Sandbox(database=database)
                assert str(database) in str(caught.value)
                assert "in use by another sandbox" in str(caught.value)
            assert caller_of(sandbox).request().result_code == 0
        with Sandbox(database=database) as sandbox:
            assert len(sandbox.calls()) == 1

    def test_nor_does_one_in_another_process(self, database: Path) -> None:
        code = (
            "import sys; from pathlib import Path\n"
            "from buzzeasy_soap.errors import ConfigurationError\n"
            "from buzzeasy_soap.sandbox import Sandbox\n"
            "try: Sandbox(database=Path(sys.argv[1]))\n"
            "except ConfigurationError as error: print(error)"
        )
        with Sandbox(database=database):
            ran = subprocess.run(
                [sys.executable, "-c", code, str(database)], capture_output=True, text=True, check=True
            )
        assert (
            ran.stdout
            == f"the database {database} is in use by another sandbox: stop it, or use another file\n"
        )


class TestOtherFiles:
    def refused(self, path: Path) -> str:
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(ConfigurationError) as caught:
            Sandbox(database=path)
        assert (path.read_bytes() if path.is_file() else None) == before
        assert str(path) in str(caught.value)
        return str(caught.value)

    def test_no_database(self, database: Path) -> None:
        database.write_text("not a database, but rather long a text\n" * 100, encoding="utf-8")
        assert "is not a SQLite database" in self.refused(database)

    def test_something_elses_database(self, database: Path) -> None:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("CREATE TABLE theirs (id)")
        connection.close()
        assert "does not belong to a sandbox" in self.refused(database)

    def test_another_versions_schema(self, database: Path) -> None:
        Store(database).close()
        connection = sqlite3.connect(database)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.close()
        assert f"has schema version {SCHEMA_VERSION + 1}" in self.refused(database)

    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            ("ALTER TABLE calls DROP COLUMN retries", "no such column: calls.retries"),
            ("DROP TABLE events", "no such table: events"),
            ("INSERT INTO ewt VALUES (1, 1, 1, 5, 'noon')", "contains data that no sandbox wrote"),
        ],
    )
    def test_one_that_somebody_has_changed(self, database: Path, statement: str, said: str) -> None:
        Store(database).close()
        with closing(sqlite3.connect(database)) as connection:
            connection.execute(statement)
            connection.commit()
        assert said in self.refused(database)

    def test_a_damaged_one(self, database: Path) -> None:
        Store(database).close()
        content = bytearray(database.read_bytes())
        content[4096:12_000] = b"\xa5" * (12_000 - 4096)
        database.write_bytes(content)
        assert "is damaged" in self.refused(database)

    def test_half_of_one(self, database: Path) -> None:
        Store(database).close()
        database.write_bytes(database.read_bytes()[:5000])
        assert "is damaged" in self.refused(database)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert "folder" in self.refused(tmp_path / "nowhere" / "sandbox.db")

    def test_a_folder(self, tmp_path: Path) -> None:
        self.refused(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
class TestPermissions:
    def modes(self, database: Path) -> set[int]:
        return {file.stat().st_mode & 0o777 for file in database.parent.iterdir()}

    def test_the_file_and_those_beside_it_are_their_owner_s_alone(
        self, database: Path, caller_of: Callable[..., Any]
    ) -> None:
        with Sandbox(database=database) as sandbox:
            caller_of(sandbox).request()
            assert len(list(database.parent.iterdir())) > 1
            assert self.modes(database) == {0o600}

    def test_and_are_made_so_where_they_were_not(self, database: Path, caller_of: Callable[..., Any]) -> None:
        Store(database).close()
        database.chmod(0o644)
        with Sandbox(database=database) as sandbox:
            caller_of(sandbox).request()
            assert self.modes(database) == {0o600}

    def test_what_is_not_a_sandbox_s_keeps_its_own(self, database: Path) -> None:
        database.write_text("not a database, but rather long a text\n" * 100, encoding="utf-8")
        database.chmod(0o644)
        with pytest.raises(ConfigurationError):
            Sandbox(database=database)
        assert self.modes(database) == {0o644}


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")
class TestAFullDisk:
    """A limit on the size of files stands for it."""

    def run(self, database: Path, size: int) -> subprocess.Popen[str]:
        import resource

        return subprocess.Popen(
            [sys.executable, "-m", "buzzeasy_soap", "sandbox", "--port", "0", "--database", str(database)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            # Without coverage, whose own file would not fit either.
            env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        )  # fmt: skip

    def test_at_the_start_it_is_one_plain_line(self, database: Path) -> None:
        process = self.run(database, 8192)
        out, errors = process.communicate(timeout=20)
        assert (process.returncode, out) == (2, "")
        assert errors.startswith(f"buzzeasy: the database {database} cannot be read or written")
        assert len(errors.splitlines()) == 1

    def test_later_it_is_a_fault_to_the_caller_and_a_line_in_the_log(self, database: Path) -> None:
        Store(database).close()
        process = self.run(database, 150_000)
        url = process.stdout.readline().split()[-1]
        caller = Caller(url)
        placed = 0
        with pytest.raises(ServiceFault, match="internal error"):
            while placed < 1000:
                caller.request(name="x" * 2000)
                placed += 1
        assert placed > 3
        body = {
            "name": "A" * 4000,
            "phoneNo": "+447700900123",
            "serviceQueue": 1,
            "company": 1,
            "password": "P@ssword",
        }
        rest = f"{url}/RequestCallbackService/Service.svc/rest/RequestCallWhenAvailable"
        reply = requests.post(rest, json=body, timeout=20)
        assert (reply.status_code, "Request Error" in reply.text) == (400, True)
        time.sleep(1.1)  # a call's first event is due, and cannot be stored
        shown = requests.get(f"{url}/sandbox/calls", timeout=20)
        assert shown.status_code == 500
        assert "the disk may be full" in shown.json()["error"]
        assert requests.get(f"{url}/console/overview", timeout=20).status_code == 500
        caller.close()
        process.terminate()
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in errors and "xxx" not in errors and "AAA" not in errors
        lines = errors.splitlines()
        assert all("the disk may be full" in line for line in lines)
        assert sum("calls make no progress" in line for line in lines) == 1
        assert sum("RequestCallWhenAvailable failed" in line for line in lines) == 2


def test_a_call_that_cannot_be_stored_was_not_placed(database: Path, caller_of: Callable[..., Any]) -> None:
    with Sandbox(now=MORNING, speed=STILL, database=database) as sandbox:
        store = sandbox._dispatcher.service._store

        def set_read_only(value: int) -> None:
            def set_it() -> None:
                with store._transaction():
                    store._connection.exec_driver_sql(f"PRAGMA query_only = {value}")

            sandbox._in_thread(set_it)

        caller = caller_of(sandbox)
        caller.request()
        set_read_only(1)
        with pytest.raises(ServiceFault):
            caller.request()
        with pytest.raises(ConfigurationError, match="cannot be written"):
            sandbox.advance(5)
        set_read_only(0)
        [call] = sandbox.calls()
        assert [event["status"] for event in call["events"]] == ["CallingAgent", "AgentConnected"]


def test_a_commit_waits_for_the_disk(database: Path) -> None:
    store = Store(database)
    settings = {
        name: store._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        for name in ("synchronous", "journal_mode", "locking_mode")
    }
    store.close()
    assert settings == {"synchronous": 2, "journal_mode": "wal", "locking_mode": "exclusive"}


@pytest.mark.parametrize("stored", [True, False], ids=["file", "memory"])
def test_32_clients_at_once_book_three_places(
    database: Path, caller_of: Callable[..., Any], stored: bool
) -> None:
    with Sandbox(now=MORNING, speed=STILL, database=database if stored else None) as sandbox:
        callers = [caller_of(sandbox) for _ in range(32)]
        together, codes = threading.Barrier(len(callers)), []

        def book(caller: Any) -> None:
            together.wait()
            codes.append(caller.schedule(4).result_code)

        threads = [threading.Thread(target=book, args=(caller,)) for caller in callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(codes) == [0] * 3 + [3] * 29
        assert len(sandbox.calls()) == 3


@pytest.mark.posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_ends_cleanly(database: Path, how: signal.Signals) -> None:
    server = Server(database)
    assert server.get("/sandbox/calls") == []
    assert server.end(how) == 0
    # All is in the one file: nothing beside it is left.
    assert list(database.parent.iterdir()) == [database]
