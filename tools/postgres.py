"""A PostgreSQL server of its own, on a free port of this machine, for as long as it is needed."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final, Self

import psycopg

_STARTS_WITHIN: Final = 60
_ACCOUNT: Final = "postgres"
"""Whose server it is, where root starts it: PostgreSQL refuses to run as root."""


def programs() -> Path | None:
    """The folder of PostgreSQL's own programs; None where it is not installed."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    return installed[-1].parent if installed else None


class Postgres:
    """The server: started on entry, stopped and deleted on exit. Its superuser has a random password."""

    def __init__(self, *, fsync: bool = True) -> None:
        """Without `fsync` it is quick, and loses its data with the machine's power."""
        found = programs()
        if found is None:
            raise RuntimeError("PostgreSQL is not installed")
        self._programs, self._fsync = found, fsync
        self._process: subprocess.Popen[bytes] | None = None
        self.password = secrets.token_urlsafe(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        password = self._folder / "password"
        password.write_text(self.password)
        self._account: dict[str, Any] = {"cwd": self._folder}
        if os.getuid() == 0:
            shutil.chown(self._folder, _ACCOUNT)
            shutil.chown(password, _ACCOUNT)
            self._account |= {"user": _ACCOUNT, "group": _ACCOUNT, "extra_groups": []}
        try:
            subprocess.run(
                [
                    *(self._programs / "initdb", "-D", self._folder / "data", "-U", _ACCOUNT, "-E", "UTF8"),
                    *("--locale=C", "-A", "scram-sha-256", "--no-sync", f"--pwfile={password}"),
                ],
                check=True,
                capture_output=True,
                **self._account,
            )
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._programs / "postgres", "-D", self._folder / "data", "-p", str(self.port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                    *("-c", f"fsync={'on' if self._fsync else 'off'}"),
                ],
                stdout=log,
                stderr=log,
                **self._account,
            )
        deadline = time.monotonic() + _STARTS_WITHIN
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError(self.log()) from None
                time.sleep(0.05)
            else:
                return

    def stop(self, with_signal: signal.Signals = signal.SIGINT) -> None:
        """Stop it; all connections end. SIGINT: in good order; SIGQUIT: as if it had crashed."""
        if self._process is not None:
            self._process.send_signal(with_signal)
            self._process.wait()
            self._process = None

    def log(self) -> str:
        """What it has logged."""
        return (self._folder / "log").read_text(errors="replace")

    def url(self, database: str = "postgres") -> str:
        """A database's address, with the password."""
        return f"postgresql://{_ACCOUNT}:{self.password}@127.0.0.1:{self.port}/{database}"

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement; its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{secrets.token_hex(4)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)
