"""The web form of examples/fastapi_form.py: killed at each of its steps, one call, and the truth is told."""

import json
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import frozen
from sqlalchemy import text

from buzzeasy_soap.ledger import Ledger

pytestmark = pytest.mark.posix
EXAMPLE = Path(__file__).parents[2] / "examples" / "fastapi_form.py"
CUSTOMER = {"name": "Ada Lovelace", "phone": "07700 900123"}


@frozen
class Site:
    """The form's server, started again and again on one address."""

    process: subprocess.Popen
    url: str

    def start(self, database: Path, dies_at: int = 0) -> bool:
        """Start it; False where it died before it could serve."""
        return self._ask({"database": str(database), "dies_at": dies_at})

    def stop(self) -> bool:
        """End it; True where it had been killed."""
        return self._ask("stop")

    def _ask(self, line: object) -> bool:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def post(self, key: str, **changes: str) -> httpx.Response | None:
        """Send the form; None where the server died."""
        try:
            return httpx.post(self.url, data={**CUSTOMER, "key": key, **changes}, timeout=30)
        except httpx.TransportError:
            return None


@pytest.fixture
def site(buzzeasy_sandbox, monkeypatch) -> Iterator[Site]:
    for name, value in buzzeasy_sandbox.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BUZZEASY_TIMEOUT", "1")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.ledger.mortal_site", str(port), str(EXAMPLE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Site(process, f"http://127.0.0.1:{port}/")
        assert process.stdin
        process.stdin.close()


def test_the_form_is_placed_once_and_each_answer_is_shown(site, buzzeasy_sandbox, tmp_path) -> None:
    site.start(tmp_path / "callbacks.db")
    [key] = re.findall(r'name="key" type="hidden" value="([^"]+)"', httpx.get(site.url).text)
    pages = [site.post(key) for _ in range(2)]
    [call] = buzzeasy_sandbox.calls()
    assert all(call["confirmation_code"] in page.text and "<form" not in page.text for page in pages)
    changed = site.post(key, phone="07700 900124")
    assert (changed.status_code, "07700 900124" in changed.text, key in changed.text) == (409, True, False)
    for number, says in [
        ("0800 FLOWERS", "check your name"),
        ("07700 900103", "closed"),
        ("07700 900105", "later"),
    ]:
        page = site.post(f"another {number}", phone=number)
        assert says in page.text and "<form" in page.text
    assert "<script>" not in site.post("a third", name="<script>", phone="1").text
    assert not site.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_site_that_is_killed_at_any_step_calls_once_and_tells_the_truth(
    site, buzzeasy_sandbox, tmp_path
) -> None:
    killed, told = 0, Counter()
    for dies_at in range(1, 1000):
        buzzeasy_sandbox._sandbox.reset()
        database = tmp_path / f"{dies_at}.db"
        first = site.post("form 1") if site.start(database, dies_at) else None
        was_killed = site.stop()
        said: Any = None
        if was_killed:
            killed += 1
            # It is started again, and the customer sends the form again, at once and later.
            site.start(database)
            said = site.post("form 1")
            _let_time_pass(database)
            last = site.post("form 1")
            assert not site.stop()
        else:
            said = last = first
        placed = [call["confirmation_code"] for call in buzzeasy_sandbox.calls()]
        assert len(placed) <= 1
        for page in (first, said, last):
            if page is not None and page.status_code == 200:
                assert placed and placed[0] in page.text
            elif page is not None:
                assert (page.status_code, "may already have" in page.text) == (202, True)
        # In the end it is known, unless it may have been sent and was not.
        assert last.status_code == (200 if placed else 202)
        told[last.status_code] += 1
        if not was_killed:
            break
    print(f"the site killed at each of {killed} points; told in the end: {dict(told)}")
    assert killed > 20 and told[200] > told[202]


def _let_time_pass(database: Path) -> None:
    """The lease and the time-out of every claim are over."""
    for _ in range(2):
        with Ledger(database) as ledger, ledger._engine.begin() as connection:
            connection.execute(text("UPDATE ledger_callbacks SET expires_at = 1 WHERE state = 'claimed'"))
        time.sleep(0.01)
