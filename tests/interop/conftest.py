"""A browser, and the original libraries. Where they are missing tests are skipped, or fail on CI."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

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


def missing(what: str) -> None:
    """Skip, and say why; on CI, where nothing may be missing, fail."""
    reason = f"{what}: run `make interop-deps`"
    if os.environ.get("CI") == "true":
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
