"""The ledger's database: its file, its schema, its errors."""

import os
import secrets
import sqlite3
import stat
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from buzzeasy_soap import ConfigurationError, LedgerError, Secret
from buzzeasy_soap.ledger import Ledger

posix = pytest.mark.posix


@posix
def test_a_ledgers_files_are_their_owners_alone(buzzeasy_sandbox, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with Ledger(tmp_path / "callbacks.db") as ledger:
            ledger.place(buzzeasy_sandbox.client(reference_field=10), "Ada", "+447700900123", key="1")
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}
    assert {"callbacks.db", "callbacks.db-wal"} <= modes.keys()


def test_many_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    def opened(_: int) -> int:
        with Ledger(tmp_path / "callbacks.db") as ledger:
            return len(ledger.book.campaigns())

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(opened, range(16))) == [0] * 16


@pytest.mark.parametrize("form", ["callbacks.db", "sqlite:///{folder}/callbacks.db", "{folder}/callbacks.db"])
def test_a_file_is_named_by_path_or_address(form: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Ledger(form.format(folder=tmp_path)).close()
    assert (tmp_path / "callbacks.db").is_file()


@pytest.mark.parametrize("address", ["mysql://me@db/x", "sqlite://", "sqlite:///:memory:", "http://x"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="ledger must be"):
        Ledger(address)


@pytest.mark.parametrize("lease", [0, -1, "30", True, 86_400, None])
def test_a_wrong_lease_is_refused(lease: object, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="lease"):
        Ledger(tmp_path / "x.db", lease=lease)  # type: ignore[arg-type]


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE songs (name)")
    with pytest.raises(LedgerError, match="another program's"):
        Ledger(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master")] == ["songs"]


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path / "x.db").close()
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute("UPDATE ledger_version SET version = 99")
    with pytest.raises(LedgerError, match=r"version 99.*update"):
        Ledger(tmp_path / "x.db")


@pytest.mark.parametrize("what", ["a file that is no database", "a folder", "no folder"])
def test_what_cannot_be_opened_is_a_ledger_error(what: str, tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    if what == "a folder":
        file.mkdir()
    elif what == "no folder":
        file = tmp_path / "missing" / "x.db"
    else:
        file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(LedgerError):
        Ledger(file)


@pytest.mark.parametrize(
    "form", ["mysql://me:{0}@127.0.0.1/x", "postgresql://me:{0}@127.0.0.1:1/x", "post gresql://me:{0}@x"]
)
def test_an_addresss_password_is_shown_nowhere(form: str, caplog) -> None:
    password = secrets.token_hex(8)
    for address in (form.format(password), Secret(form.format(password))):
        with pytest.raises((ConfigurationError, LedgerError)) as caught:
            Ledger(address)
        del address
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        in_package = "".join(
            str(frame.locals) for frame in shown.stack if "buzzeasy_soap/ledger" in (frame.filename or "")
        )
        assert password not in str(caught.value) + in_package + caplog.text


def test_importing_the_package_does_not_import_the_database() -> None:
    code = "import sys, buzzeasy_soap; assert not {'sqlalchemy', 'buzzeasy_soap.ledger'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
