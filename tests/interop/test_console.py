"""The console in a browser, end to end."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

from buzzeasy_soap.sandbox import Sandbox
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


def latest_code(page: Page) -> str:
    return page.locator("#call-list .code").first.inner_text()


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
    expect(booked.locator(".timeline")).to_contain_text("For 2026-11-24 at 14:00.")
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
    expect(page.get_by_role("alert")).to_have_text("Give a name.")
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


def test_every_control_has_a_name_and_every_text_enough_contrast(
    sandbox: Sandbox, open_console: Open
) -> None:
    page = open_console(sandbox.url)
    page.get_by_role("button", name="Request the callback").click()
    expect(page.locator("[data-code=BZ1001]")).to_be_visible()
    page.get_by_text("Fields for the agent's screen").click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('input, select, button, summary')]
            .filter(e => !(e.labels?.length || e.textContent.trim())).map(e => e.outerHTML)"""
    )
    assert nameless == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(_CONTRASTS) == []


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
            proxy.refusing = False
            sandbox.advance(60)
            expect(page.locator("[data-code=BZ1001] .badge")).to_have_text("Call succeeded")
            expect(page.locator("#trouble")).to_be_hidden()
            assert timeline(page, "BZ1001") == HAPPY


_CONTRASTS = """() => {
    const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const light = colour => {
        const [r, g, b] = colour.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = e => {
        for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (!/, 0\\)$/.test(colour)) return rgb(colour);
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('main *, header *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.checkVisibility()
            && !e.disabled && e.textContent.trim() !== '…')
        .map(e => {
            const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
            return [e.className + ' ' + e.textContent.trim().slice(0, 40), (a + 0.05) / (b + 0.05)];
        })
        .filter(([, ratio]) => ratio < 4.5);
}"""
