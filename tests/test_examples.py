"""The programs in examples/, run against the sandbox as a user would run them."""

import asyncio
import importlib.util
import json
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from types import ModuleType

import httpx
import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
CUSTOMER = {"name": "Ada Lovelace", "phone": "07700 900123"}


@pytest.fixture(autouse=True)
def environment(buzzeasy_sandbox, monkeypatch) -> None:
    for name, value in buzzeasy_sandbox.env.items():
        monkeypatch.setenv(name, value)


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestFlaskForm:
    @pytest.fixture
    def browser(self):
        return load("flask_form").create_app().test_client()

    def test_a_form_that_is_sent_twice_places_one_callback(self, browser, buzzeasy_sandbox) -> None:
        form = CUSTOMER | {"reference": str(uuid.uuid4())}
        pages = [browser.post("/", data=form) for _ in range(2)]
        assert [page.status_code for page in pages] == [200, 200]
        [call] = buzzeasy_sandbox.calls()
        assert call["phone_no"] == "+447700900123"
        assert all(call["confirmation_code"] in page.text and "<form" not in page.text for page in pages)

    def test_clicks_at_once_place_one_callback(self, browser, buzzeasy_sandbox) -> None:
        form, app = CUSTOMER | {"reference": str(uuid.uuid4())}, browser.application
        clicks = [threading.Thread(target=lambda: app.test_client().post("/", data=form)) for _ in range(8)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()
        assert len(buzzeasy_sandbox.calls()) == 1

    def test_a_lost_answer_is_not_sent_again(self, browser, buzzeasy_sandbox) -> None:
        buzzeasy_sandbox.fail_next("RequestCallWhenAvailable", "drop_after_commit")
        form = CUSTOMER | {"reference": str(uuid.uuid4())}
        pages = [browser.post("/", data=form) for _ in range(2)]
        assert [page.status_code for page in pages] == [202, 200]
        assert all("do not send it again" in page.text and "<form" not in page.text for page in pages)
        assert len(buzzeasy_sandbox.calls()) == 1

    @pytest.mark.parametrize(
        ("customer", "status", "says"),
        [
            ({"name": " "}, 422, "check your name"),
            ({"phone": "0800 FLOWERS"}, 422, "check your name and phone"),
            ({"phone": "07700 900103"}, 502, "closed"),
            ({"phone": "07700 900105"}, 502, "cannot take"),
        ],
    )
    def test_after_a_refusal_the_customer_may_try_again(self, browser, customer, status, says) -> None:
        form = CUSTOMER | {"reference": str(uuid.uuid4())}
        refused = browser.post("/", data=form | customer)
        assert (refused.status_code, says in refused.text) == (status, True)
        assert form["reference"] in refused.text
        assert "We will call you" in browser.post("/", data=form).text


def test_the_page_shows_how_a_call_goes(buzzeasy_sandbox) -> None:
    app = load("fastapi_progress").app

    async def browse() -> list[dict[str, str]]:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser,
        ):
            assert "Call me" in (await browser.get("/")).text
            assert (await browser.get("/slots")).json()[0]["available"] is True
            refused = await browser.post("/callbacks", params={"name": " ", "phone_no": "07700 900123"})
            assert (refused.status_code, refused.json()["detail"]["outcome"]) == (422, "not_sent")
            placed = await browser.post("/callbacks", params={"name": "Ada", "phone_no": "07700 900123"})
            buzzeasy_sandbox.advance(60)
            seen = await browser.get(f"/callbacks/{placed.json()['code']}")
        return [json.loads(line.removeprefix("data: ")) for line in seen.text.split("\n\n") if line]

    updates = asyncio.run(browse())
    assert [updates[0]["status"], updates[-1]["status"]] == ["CallingAgent", "CallSucceeded"]


def test_the_waiting_time_is_pushed_whatever_the_file_holds(buzzeasy_sandbox, tmp_path) -> None:
    source = tmp_path / "waiting-time.txt"
    command = [sys.executable, EXAMPLES / "ewt_pusher.py", source, "0.05"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as pusher:
        try:
            assert "No such file" in pusher.stderr.readline()
            source.write_text("-5")
            assert any("0 to 2147483647" in pusher.stderr.readline() for _ in range(200))
            source.write_text("7\n")
            assert any("EWT set to 7 min" in pusher.stderr.readline() for _ in range(200))
        finally:
            pusher.terminate()
    assert buzzeasy_sandbox.client().get_ewt_by_service_id().total_seconds() == 7 * 60
