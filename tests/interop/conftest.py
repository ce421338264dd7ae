"""What tests with foreign software share. Where it is missing they are skipped, or fail on CI.

What came of them is printed as a table, and with `--write-interop FILE` written there.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.interop.table import Table
from tools.postgres import Postgres, programs

ROOT = Path(__file__).parents[2]
LIBRARIES = ROOT / "tools" / "interop" / "node_modules"
SCREENSHOTS = ROOT / "build" / "screenshots"

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.interop)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-interop", type=Path, help="write the table of foreign stacks to this file")


class Record(Protocol):
    """Notes what a test is of; `short` says why the stranger falls short of the case."""

    def __call__(
        self, direction: str, stranger: str, version: str, case: str, short: str | None = None
    ) -> None: ...


@pytest.fixture
def record(record_property: Any) -> Record:
    def note(*row: str | None) -> None:
        record_property("interop", row if len(row) == 5 else (*row, None))

    return note


def case_of(request: pytest.FixtureRequest) -> str:
    """What a test is of, by its name."""
    return str(request.function.__name__.removeprefix("test_").replace("_", " "))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    table = Table()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, row in getattr(report, "user_properties", []):
                if name == "interop":
                    table.add(row, passed=outcome == "passed")
    if table.directions:
        terminalreporter.write_line("")
        terminalreporter.write(table.text())
    if path := config.getoption("--write-interop", None):
        path.write_text(table.page())


def missing(what: str) -> None:
    """Skip, and say why; on CI, where nothing may be missing, fail."""
    reason = f"{what}: run `make interop-deps`"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        missing("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def libraries() -> Path:
    """The folder with `jquery` and both versions of `signalr`, as npm has them."""
    if not (LIBRARIES / "signalr-2.4.3").is_dir():
        missing("the original SignalR libraries are not there")
    return LIBRARIES


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the tests' own."""
    if programs() is None:
        missing("there is no PostgreSQL")
    with Postgres(fsync=False) as postgres:
        yield postgres
