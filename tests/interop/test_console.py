"""The console in a browser, end to end."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from buzzeasy_soap import InBlackList
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.service import CallbackParams, Credentials
from buzzeasy_soap.wire.redaction import Secret
from tests.events.conftest import HAPPY, place_call
from tests.events.proxy import Proxy
from tests.interop.conftest import SCREENSHOTS

WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}

Open: TypeAlias = Callable[..., Page]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=40) as sandbox:
        yield sandbox


@pytest.fixture
def open_console(browser: Browser) -> Iterator[Open]:
    """Opens consoles; afterwards none of them may have complained."""
    complaints: list[str] = []
    with browser.new_context() as context:

        def open_console(url: str, width: str = "desktop", *, scheme: str = "light") -> Page:
            page = context.new_page()
            page.set_viewport_size(WIDTHS[width])  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda message: (
                    complaints.append(message.text) if message.type in ("error", "warning") else None
                ),
            )
            page.goto(url)
            expect(page.locator("#clock")).not_to_be_empty()
            return page

        yield open_console
    assert complaints == []


def timeline(page: Page, code: str) -> list[str | None]:
    steps = page.locator(f"[data-code={code}] .timeline [data-status]")
    return [step.get_attribute("data-status") for step in steps.all()]


def place(sandbox: Sandbox, calls: int, name: str = "Ada Lovelace") -> None:
    """Have callbacks placed, past the network: 2,000 at once."""
    service = sandbox._dispatcher.service
    who = Credentials(1, Secret("P@ssword"), 1)
    params = CallbackParams(name, "+447700900123", None, (None,) * 10)
    sandbox._in_thread(lambda: [service.request_call_when_available(who, params) for _ in range(calls)])


def latest_code(page: Page) -> str:
    return page.locator("#call-list .code").first.inner_text()


def badge(page: Page, code: str) -> Locator:
    return page.locator(f"[data-code={code}] .badge")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_call_from_its_request_to_its_success(width: str, sandbox: Sandbox, open_console: Open) -> None:
    page = open_console(sandbox.url, width)
    expect(page.locator("#no-calls")).to_be_visible()
    expect(page.locator("#no-exchanges")).to_be_visible()
    for minutes in (4, 9, 6):
        queue = page.locator(".queue").first
        queue.locator("input").fill(str(minutes))
        queue.locator("button").click()
        expect(queue.locator(".minutes")).to_have_text(f"{minutes} min")
        sandbox.advance(600)
    page.get_by_text("Fields for the agent's screen").click()
    page.fill("#field1", "Order 1815")
    page.get_by_role("button", name="Request the callback").click()
    entry = page.locator("[data-code=BZ1001]")
    expect(entry.locator(".badge")).to_have_text("Call succeeded")
    assert timeline(page, "BZ1001") == HAPPY
    entry.get_by_role("button", name="Show the screen pop").click()
    expect(entry.locator("dl")).to_contain_text("Order 1815")

    page.get_by_label("In a time slot").check()
    page.locator(".slot", has_text="14:00").click()
    page.fill("#name", "Grace Hopper")
    page.get_by_role("button", name="Request the callback").click()
    booked = page.locator("[data-code=BZ1002]")
    expect(booked.locator(".timeline")).to_contain_text("For 2026-11-24 14:00.")
    booked.get_by_role("button", name="Skip to the next event").click()
    expect(booked.locator(".badge")).to_have_text("Call succeeded")

    page.locator("#exchange-list summary", has_text="RequestCallSchedule").click()
    request = page.locator("#exchange-list pre").locator("visible=true").first
    expect(request).to_contain_text("Grace Hopper")
    expect(page.locator("#exchange-list")).not_to_contain_text("P@ssword")
    assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[width]["width"]
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"console-{width}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=SCREENSHOTS / f"console-{width}-dark.png", full_page=True)


def test_a_call_of_another_program_is_followed_live(sandbox: Sandbox, open_console: Open) -> None:
    page = open_console(sandbox.url)
    code = place_call(sandbox)
    entry = page.locator(f"[data-code={code}]")
    expect(entry.locator(".badge")).to_have_text("Call succeeded")
    entry.locator("summary").click()
    assert timeline(page, code) == HAPPY


def test_the_stream_is_live_even_while_nothing_is_asked(open_console: Open) -> None:
    """Progress comes by the hub: here the page's own questions are answered with nothing new."""
    with Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=1e-9) as sandbox:
        code = place_call(sandbox)
        page = open_console(sandbox.url)
        expect(page.locator("#link")).to_have_text("Live")
        page.locator("summary", has_text=code).click()
        first = page.request.get(f"{sandbox.url}/console/overview").text()
        page.route(
            "**/console/overview", lambda route: route.fulfill(body=first, content_type="application/json")
        )
        sandbox.advance(60)
        expect(page.locator(f"[data-code={code}] .badge")).to_have_text("Call succeeded")
        assert timeline(page, code) == HAPPY
        expect(page.locator("#announce")).to_have_text(f"{code}: Call succeeded")
        page.close()


def test_over_server_sent_events_too(sandbox: Sandbox, open_console: Open) -> None:
    page = open_console(sandbox.url)
    page.evaluate(
        "() => { window.WebSocket = class { constructor() { setTimeout(() => this.onerror()); } close() {} } }"
    )
    page.get_by_role("button", name="Request the callback").click()
    expect(page.locator("[data-code=BZ1001] .badge")).to_have_text("Call succeeded")
    assert timeline(page, "BZ1001") == HAPPY


def test_a_refusal_is_said_beside_the_form(sandbox: Sandbox, open_console: Open) -> None:
    page = open_console(sandbox.url)
    page.get_by_role("button", name="is refused").click()
    page.get_by_role("button", name="Request the callback").click()
    expect(page.get_by_role("alert")).to_contain_text("black list")
    page.fill("#name", "")
    page.get_by_role("button", name="Request the callback").click()
    expect(page.get_by_role("alert")).to_have_text("Enter a name.")
    expect(page.locator("#name")).to_be_focused()


def test_what_comes_from_data_is_text(sandbox: Sandbox, open_console: Open) -> None:
    page = open_console(sandbox.url)
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page.fill("#name", evil)
    page.get_by_text("Fields for the agent's screen").click()
    page.fill("#field3", evil)
    page.get_by_role("button", name="Request the callback").click()
    entry = page.locator("[data-code=BZ1001]")
    expect(entry.locator("summary")).to_contain_text(evil)
    entry.get_by_role("button", name="Show the screen pop").click()
    expect(entry.locator("dl")).to_contain_text(evil)
    page.locator("#exchange-list summary").first.click()
    expect(page.locator("main img, main script")).to_have_count(0)


def test_by_the_keyboard_alone(sandbox: Sandbox, open_console: Open) -> None:
    page = open_console(sandbox.url)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the calls")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#queue")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Ada by keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("[data-code=BZ1001] .badge")).to_have_text("Call succeeded")
    summary = page.locator("[data-code=BZ1001] summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-code=BZ1001]")).not_to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(page.locator("[data-code=BZ1001]")).to_have_attribute("open", "")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    width: str, scheme: str, sandbox: Sandbox, open_console: Open, libraries: Path
) -> None:
    place_call(sandbox)
    with pytest.raises(InBlackList):
        place_call(sandbox, "+447700900105")
    sandbox.fail_next("GetAvailableTimes", "delay")
    page = open_console(sandbox.url, width, scheme=scheme)
    page.get_by_text("Fields for the agent's screen").click()
    for summary in page.locator("#call-list summary, #exchange-list summary").all():
        summary.click()
    page.evaluate((libraries / "axe-core" / "axe.min.js").read_text(encoding="utf-8") + ";0")
    axe = "async () => (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(n => n.html)])"
    assert page.evaluate(axe) == []
    page.get_by_role("button", name="Reset the sandbox").click()
    assert page.evaluate(axe) == []


def test_a_refused_request_is_a_row_with_its_result_code(sandbox: Sandbox, open_console: Open) -> None:
    page = open_console(sandbox.url)
    with pytest.raises(InBlackList):
        place_call(sandbox, "+447700900105")
    row = page.locator("[data-refusal=IN_BLACK_LIST]")
    expect(row.locator(".state")).to_have_text("Refused 5 IN_BLACK_LIST")
    row.locator("summary").click()
    expect(row).to_contain_text("The number is on the company's black list.")
    place_call(sandbox)
    page.locator("#wire-search").get_by_label("Result").select_option("failure")
    expect(page.locator("#exchange-list .entry")).to_have_count(1)
    expect(page.locator("#exchange-list .state")).to_have_text("200 5 IN_BLACK_LIST")


def test_the_rows_of_2000_calls_are_searched_and_paged(open_console: Open) -> None:
    with Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=1e-9) as sandbox:
        place(sandbox, 2000)
        page = open_console(sandbox.url)
        expect(page.locator("#count")).to_have_text("20 of 2,000")
        older, newer = (page.get_by_role("button", name=name, exact=True) for name in ("Older", "Newer"))
        older.click()
        expect(page.locator("#count")).to_have_text("20 of 2,000, page 2")
        assert latest_code(page) == "BZ2980"
        expect(older).to_be_focused()
        place(sandbox, 1)
        expect(page.locator("#count")).to_have_text("20 of 2,001, page 2")
        assert latest_code(page) == "BZ2980"
        newer.click()
        expect(page.locator("#count")).to_have_text("20 of 2,001")
        assert latest_code(page) == "BZ3001"

        search = page.get_by_label("Code, number or name")
        search.press_sequentially("bz2345")
        expect(page.locator("#count")).to_have_text("1 of 1")
        page.wait_for_timeout(2200)
        expect(search).to_be_focused()
        expect(search).to_have_value("bz2345")
        page.locator("#search").get_by_label("Status").select_option("refused")
        expect(page.locator("#no-calls")).to_have_text("No call matches.")
        page.get_by_role("button", name="Request the callback").click()
        expect(page.locator("[data-code=BZ3002]")).to_have_attribute("open", "")
        page.close()


def test_a_late_answer_replaces_no_newer_one(open_console: Open) -> None:
    with Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=1e-9) as sandbox:
        page = open_console(sandbox.url)
        place_call(sandbox)
        late: list[Route] = []
        exchanges, slots = page.locator("#exchange-list > details"), page.locator("#slots .slot")
        expect(exchanges).to_have_count(1)

        page.route("**/console/exchanges?text=none", lambda route: late.append(route))
        with page.expect_request("**/console/exchanges?text=none"):
            page.locator("#wire-search [name=text]").fill("none")
        with page.expect_response("**/console/exchanges?text=Request"):
            page.locator("#wire-search [name=text]").fill("Request")
        page.route("**/console/overview*", lambda route: None)  # no more questions
        late[0].continue_()
        page.wait_for_timeout(200)
        assert exchanges.count() == 1

        page.route("**/console/slots", lambda route: late.append(route))
        with page.expect_request("**/console/slots"):
            page.locator("#request").get_by_label("In a time slot").check()
        page.wait_for_timeout(200)
        page.unroute("**/console/slots")
        page.locator("#date").fill("2026-11-26")
        expect(slots).not_to_have_count(0)
        late[-1].fulfill(json=[])
        page.wait_for_timeout(200)
        assert slots.count() > 0
        page.close()


def test_badges_stay_on_their_row(open_console: Open) -> None:
    with Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=1e-9) as sandbox:
        place(sandbox, 1, name="Wolfeschlegelsteinhausenbergerdorff " * 5)
        page = open_console(sandbox.url)
        row, state = (
            page.locator(selector).bounding_box() for selector in ("#call-list summary", "#call-list .state")
        )
        assert row is not None and state is not None
        assert state["y"] - row["y"] < 20
        assert row["x"] + row["width"] - state["x"] - state["width"] < 20
        page.close()


def test_the_clock_faults_and_reset_have_controls(open_console: Open) -> None:
    with Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=1e-9) as sandbox:
        page = open_console(sandbox.url)
        controls = page.locator(".controls")
        code = place_call(sandbox)
        controls.get_by_label("Forward").fill("2")
        controls.get_by_role("button", name="Move").click()
        expect(page.locator("#clock")).to_contain_text("09:17:00")
        expect(badge(page, code)).to_have_text("Call succeeded")
        code = place_call(sandbox)
        controls.get_by_label("Speed").fill("100")
        controls.get_by_role("button", name="Set", exact=True).click()
        expect(badge(page, code)).to_have_text("Call succeeded")
        expect(page.locator("#speed")).to_have_text("at speed 100")

        controls.get_by_label("Operation").select_option("GetAvailableTimes")
        controls.get_by_label("Fault").select_option("delay")
        controls.get_by_label("Seconds").fill("2.5")
        controls.get_by_label("Times").fill("3")
        controls.get_by_role("button", name="Plan the fault").click()
        expect(page.locator("#fault-list")).to_have_text("GetAvailableTimes · delay · 2.5 s · 3 times")
        controls.get_by_role("button", name="Delete planned faults").click()
        expect(page.locator("#fault-list")).to_have_text("No fault is planned.")

        controls.get_by_role("button", name="Reset the sandbox").click()
        page.keyboard.press("Escape")
        assert len(sandbox.calls()) == 2
        controls.get_by_role("button", name="Reset the sandbox").click()
        page.get_by_role("dialog").get_by_role("button", name="Reset").click()
        expect(page.locator("#no-calls")).to_be_visible()
        assert sandbox.calls() == []
        page.close()


def test_a_sandbox_that_is_started_again_shows_nothing_of_the_one_before(browser: Browser) -> None:
    with Proxy(1) as proxy, browser.new_context() as context:
        page = context.new_page()
        for name in ("Ada Lovelace", "Grace Hopper"):
            with Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=0.01) as sandbox:
                proxy.target = sandbox.port
                if page.url != f"{proxy.url}/":
                    page.goto(proxy.url)
                proxy.refusing = False
                place(sandbox, 1, name)
                expect(page.locator("[data-code=BZ1001]")).to_contain_text(name)
                expect(badge(page, "BZ1001")).to_have_text("Requested")
                expect(page.locator("#link")).to_have_text("Live")
                sandbox.advance(60)
                expect(badge(page, "BZ1001")).to_have_text("Call succeeded")
                proxy.refusing = True
                proxy.cut()


def test_a_sandbox_that_stops_is_said_and_one_that_comes_back_is_followed(browser: Browser) -> None:
    with Proxy(1) as proxy, Sandbox(now=dt.datetime(2026, 11, 24, 9, 15), speed=1e-9) as sandbox:
        proxy.target = sandbox.port
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(proxy.url)
            page.get_by_role("button", name="Request the callback").click()
            expect(page.locator("#link")).to_have_text("Live")
            proxy.refusing = True
            proxy.cut()
            expect(page.locator("#trouble")).to_contain_text("does not answer")
            expect(page.locator("#link")).to_have_text("Connecting …")
            page.fill("#name", "Grace Hopper")
            for button in ("Request the callback", "Plan the fault", "Move", "Skip to the next event"):
                page.get_by_role("button", name=button).click()
            queue = page.locator(".queue").first
            queue.locator("input").fill("5")
            queue.locator("button").click()
            expect(page.get_by_role("alert").filter(has_text="The sandbox is down")).to_have_count(6)
            expect(page.locator("#name")).to_have_value("Grace Hopper")
            proxy.refusing = False
            sandbox.advance(60)
            expect(page.locator("[data-code=BZ1001] .badge")).to_have_text("Call succeeded")
            expect(page.locator("#trouble")).to_be_hidden()
            assert timeline(page, "BZ1001") == HAPPY
