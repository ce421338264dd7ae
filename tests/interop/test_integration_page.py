"""The document's own integration page with the original libraries, from another origin.

Its script is as the document prints it, with the missing brace mended; the page fills in what the
document leaves to its reader, and notes the states that the library goes through.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Page

from buzzeasy_soap import CallStatus
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.hub import HubSettings
from tests.events.conftest import (
    HAPPY,
    NEVER_ACCEPTS,
    NEVER_ANSWERS,
    UNANSWERED,
    open_sandbox,
    place_call,
    step,
)
from tests.events.proxy import Proxy
from tests.interop.strict_hub import StrictHub, node_version

PAGE = Path(__file__).with_name("integration.html").read_text()
UNACCEPTED = ["CallingAgent", "AgentConnected", "CallFailed"]
VERSIONS = ("signalr-2.2.1", "signalr-2.4.3")
TRANSPORTS = ("webSockets", "serverSentEvents", "longPolling")
RECONNECTING, DISCONNECTED = 2, 4

Open: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="module")
def shop(libraries: Path) -> Iterator[Callable[[str, str, dict[str, str]], str]]:
    """A web server of another origin than the sandbox's, with the integration page and its libraries."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = libraries / self.path.lstrip("/")
            content = pages.get(self.path) or (file.read_bytes() if file.is_file() else None)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", "text/javascript" if file.is_file() else "text/html")
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def address(version: str, events_url: str, start: dict[str, str]) -> str:
            path = f"/page-{len(pages)}.html"
            page = PAGE.replace("SIGNALR", version).replace("EVENTS_URL", events_url)
            pages[path] = page.replace("START", json.dumps(start) if start else "").encode()
            return f"http://127.0.0.1:{server.server_port}{path}"

        yield address
        server.shutdown()
        thread.join()


@pytest.fixture
def open_page(browser: Browser, shop: Callable[[str, str, dict[str, str]], str]) -> Iterator[Open]:
    with browser.new_context() as context:

        def open_page(version: str, events_url: str, transport: str | None, expected: str) -> Page:
            page = context.new_page()
            page.goto(shop(version, events_url, {"transport": transport} if transport else {}))
            page.wait_for_function("document.getElementById('transport').textContent !== ''")
            assert page.text_content("#transport") == expected
            return page

        yield open_page


def subscribe(page: Page, *codes: str) -> None:
    for code in codes:
        page.evaluate("code => { confirmationCode = code; }", code)
        page.click("#subscribecode")


def told(page: Page) -> list[list[str]]:
    page.wait_for_function("told.length && told[told.length - 1][0] === 'closeConnection'")
    found: list[list[str]] = page.evaluate("told")
    return found


@pytest.mark.parametrize("transport", [None, *TRANSPORTS])
@pytest.mark.parametrize("version", VERSIONS)
def test_all_nine_statuses_in_order_then_the_end(
    version: str, transport: str | None, open_page: Open
) -> None:
    lives = {}
    with open_sandbox(hub=HubSettings()) as sandbox:
        for number, life in (
            ("+447700900123", HAPPY),
            (NEVER_ANSWERS, UNANSWERED),
            (NEVER_ACCEPTS, UNACCEPTED),
        ):
            lives[place_call(sandbox, number)] = life
        page = open_page(version, sandbox.url, transport, transport or "webSockets")
        subscribe(page, *lives)
        for _ in range(30):
            sandbox.advance(5)
        *updates, last = told(page)
        assert last == ["closeConnection"]
        assert {code: [status for of, status in updates if of == code] for code in lives} == lives
        assert {status for _, status in updates} == set(CallStatus)
        page.wait_for_function(f"states[states.length - 1] === {DISCONNECTED}")
        assert RECONNECTING not in page.evaluate("states")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_library_resumes_a_cut_connection(version: str, transport: str, open_page: Open) -> None:
    with open_sandbox(hub=HubSettings()) as sandbox, Proxy(sandbox.port) as proxy:
        code = place_call(sandbox)
        page = open_page(version, proxy.url, transport, transport)
        subscribe(page, code)
        step(sandbox)
        page.wait_for_function("told.length === 1")
        proxy.cut()
        for _ in HAPPY[1:]:
            step(sandbox)
        assert told(page) == [*([code, status] for status in HAPPY), ["closeConnection"]]
        if transport != "longPolling":  # which may just have been between two polls
            assert RECONNECTING in page.evaluate("states")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_library_keeps_all_rules_of_the_strict_hub(
    version: str, transport: str, open_page: Open, tmp_path: Path
) -> None:
    """The hub may not ask for more of our client than the original does."""
    node_version()
    with (tmp_path / "stderr").open("w") as errors, closing(StrictHub(errors)) as hub:
        code = hub.new_codes(1)[0]
        page = open_page(version, hub.url, transport, transport)
        subscribe(page, code)
        hub.wait_for_members([code])
        for number, status in enumerate(UNANSWERED):
            if number == 2:
                hub("cut")
            hub("say", (code, status))
        hub("say", (code, None))
        assert told(page) == [*([code, status] for status in UNANSWERED), ["closeConnection"]]
        page.close()
        hub.check()
    assert (tmp_path / "stderr").read_text() == ""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_late_page_is_told_all_that_has_passed(version: str, open_page: Open) -> None:
    with open_sandbox(hub=HubSettings()) as sandbox:
        code = place_call(sandbox)
        sandbox.advance(60)
        page = open_page(version, sandbox.url, None, "webSockets")
        subscribe(page, code)
        assert told(page) == [*([code, status] for status in HAPPY), ["closeConnection"]]


def test_a_page_is_told_of_a_hub_error(open_page: Open, sandbox: Sandbox) -> None:
    page = open_page("signalr-2.4.3", sandbox.url, None, "webSockets")
    error = page.evaluate(
        """url => new Promise(resolve => {
            var connection = $.hubConnection(url), hub = connection.createHubProxy('NotifyMe');
            hub.on('updateStatus', function () {});
            connection.start().done(function () {
                hub.invoke('NoSuch', 1).fail(function (error) { resolve(error.message); connection.stop(); });
            });
        })""",
        sandbox.url,
    )
    assert "'NoSuch' method could not be resolved" in error


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as sandbox:
        yield sandbox
