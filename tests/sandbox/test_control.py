"""`/sandbox/…`, the config file, and the sandbox as a server."""

import datetime as dt
import logging
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from buzzeasy_soap.errors import ConfigurationError, ServiceFault
from buzzeasy_soap.opening_hours import OpeningHours
from buzzeasy_soap.sandbox import Sandbox, SandboxConfig
from buzzeasy_soap.sandbox.config import Company
from buzzeasy_soap.wire.redaction import Secret
from tests.sandbox.conftest import STILL

MORNING = dt.datetime(2017, 4, 11, 7)


def post(sandbox: Sandbox, path: str, **how: Any) -> requests.Response:
    return requests.post(f"{sandbox.url}/sandbox/{path}", timeout=30, **how)


def get(sandbox: Sandbox, path: str) -> Any:
    return requests.get(f"{sandbox.url}/sandbox/{path}", timeout=30).json()


def test_calls_as_json(moving: Sandbox, caller_of: Callable[..., Any]) -> None:
    caller = caller_of(moving)
    caller.request(field1="<b>1815</b>")
    code = caller.schedule(4, service_queue=2).confirmation_code
    assert post(moving, "clock", json={"advance_seconds": 1}).status_code == 200
    calls = get(moving, "calls")
    assert calls == moving.calls()
    assert get(moving, f"calls/{code}") == calls[1]
    first = calls[0]
    assert {name: first[name] for name in ("company", "service_queue", "name", "phone_no", "status", "slot")} == {
        "company": 1, "service_queue": 1, "name": "Ada Lovelace", "phone_no": "+447700900123",
        "status": "CallingAgent", "slot": None,
    }  # fmt: skip
    assert first["fields"] == ["<b>1815</b>", *[None] * 9]
    assert [event["status"] for event in first["events"]] == ["CallingAgent"]
    assert calls[1]["slot"] == {"id": 4, "date": "2017-04-11", "start": "2017-04-11T09:30:00+01:00"}


def test_an_unknown_call_is_404(sandbox: Sandbox) -> None:
    for code in ("BZ1", "BZ0000", "BZ99999999999999999999999", "x", "%00"):
        assert requests.get(f"{sandbox.url}/sandbox/calls/{code}", timeout=30).status_code == 404


def test_the_clock_moves_forward_only(moving: Sandbox) -> None:
    assert get(moving, "clock")["now"].startswith("2017-04-11T07:00:00")
    reply = post(moving, "clock", json={"advance_seconds": 3600.5})
    assert reply.json()["now"].startswith("2017-04-11T08:00:00.5")
    with pytest.raises(ValueError, match="forward"):
        moving.advance(-1)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"1", b"advance", b'{"advance_seconds": -1}', b'{"advance_seconds": "1"}',
        b'{"advance_seconds": true}', b'{"advance_seconds": NaN}', b'{"advance_seconds": Infinity}',
        b'{"advance_seconds": 1e300}', b'{"advance_seconds": 1, "other": 2}', b"[" * 100_000, b"\xff",
        b'{"advance_seconds": 1' + b"0" * 400 + b"}",
    ],
)  # fmt: skip
def test_a_bad_clock_request_says_what_is_allowed(sandbox: Sandbox, body: bytes) -> None:
    reply = post(sandbox, "clock", data=body)
    assert reply.status_code == 400
    assert isinstance(reply.json()["error"], str)
    assert get(sandbox, "clock")["now"].startswith("2017-04-11T07:00:00")


def test_the_clock_changes_its_speed_and_a_reset_changes_it_back(
    moving: Sandbox, caller_of: Callable[..., Any]
) -> None:
    caller_of(moving).request()
    reply = post(moving, "clock", json={"speed": 1000})
    assert reply.json()["speed"] == 1000
    assert reply.json()["now"].startswith("2017-04-11T07:00:0")
    for _ in range(1000):
        if moving.calls()[0]["status"] == "CallSucceeded":
            break
        time.sleep(0.01)
    else:
        pytest.fail("the call made no progress at the new speed")
    assert get(moving, "clock")["now"] < "2017-04-11T12"
    post(moving, "reset")
    assert get(moving, "clock")["speed"] == STILL


@pytest.mark.parametrize("speed", ["0", "-1", "1e7", "NaN", "Infinity", "true", '"2"', "null"])
def test_a_speed_that_is_not_allowed(sandbox: Sandbox, speed: str) -> None:
    reply = post(sandbox, "clock", data=f'{{"speed": {speed}}}')
    assert reply.status_code == 400
    assert "speed" in reply.json()["error"]
    assert get(sandbox, "clock")["speed"] == STILL


def test_refusals_are_kept_with_their_result_and_without_passwords(
    sandbox: Sandbox, caller: Any, caller_of: Callable[..., Any]
) -> None:
    caller.request()
    caller.request("07700 900105", region="GB")
    caller.schedule(99, dt.datetime(9999, 12, 31), service_queue=2)
    caller_of(sandbox, password="Ada Lovelace").request("P@ssword", name="x" * 100_000)
    first, second, third = get(sandbox, "refusals")
    assert first == {
        "result_code": 5, "result": "IN_BLACK_LIST", "at": first["at"], "company": 1,
        "service_queue": 1, "name": "Ada Lovelace", "phone_no": "07700 900105", "slot": None,
    }  # fmt: skip
    assert first["at"].startswith("2017-04-11T07:00:00")
    assert (second["result"], second["service_queue"]) == ("OUT_OF_HOURS", 2)
    assert second["slot"] == {"id": 99, "date": "9999-12-31", "start": None}
    assert (third["result_code"], third["phone_no"], len(third["name"])) == (-1, "***", 201)
    sandbox.reset()
    assert get(sandbox, "refusals") == []


def test_planned_faults_can_be_taken_back(sandbox: Sandbox, caller: Any) -> None:
    address = f"{sandbox.url}/sandbox/faults"
    sandbox.fail_next("RequestCallWhenAvailable", "drop_before_read", times=5)
    strange = requests.delete(address, headers={"Origin": "https://evil.example"}, timeout=30)
    assert (strange.status_code, len(get(sandbox, "faults"))) == (400, 1)
    assert requests.delete(address, timeout=30).json() == []
    assert caller.request().result_code == 0


def test_reset_forgets_everything_but_which_codes_were_given(
    moving: Sandbox, caller_of: Callable[..., Any]
) -> None:
    caller = caller_of(moving)
    code = caller.request().confirmation_code
    caller.update_ewt(5)
    assert post(moving, "reset").status_code == 200
    assert get(moving, "calls") == []
    assert caller.ewt() == 0
    moving.advance(60)
    assert caller.request().confirmation_code > code


def test_reset_lets_the_clock_begin_anew(moving: Sandbox, caller_of: Callable[..., Any]) -> None:
    post(moving, "reset")
    caller = caller_of(moving)
    caller.request()
    began = moving.calls()[0]["requested_at"][:13]
    moving.advance(3 * 86400)
    caller.request()
    assert moving.calls()[1]["requested_at"][:13] != began
    post(moving, "reset")
    caller.request()
    assert moving.calls()[0]["requested_at"][:13] == began


def test_reset_takes_no_arguments(sandbox: Sandbox) -> None:
    assert post(sandbox, "reset", json={"company": 1}).status_code == 400


def test_no_page_shows_a_query(sandbox: Sandbox) -> None:
    for path in ("/nothing", "/sandbox/calls/x", "/sandbox/nothing", "/BuzzMeInfo/InfoService.svc"):
        assert "hush" not in requests.get(f"{sandbox.url}{path}?password=hush", timeout=30).text


def test_sql_and_html_are_only_text(sandbox: Sandbox, caller: Any) -> None:
    nasty = "'; DROP TABLE calls; -- <script>alert(1)</script> %s :name ?"
    caller.request(name=nasty, **{f"field{number}": nasty for number in range(1, 11)})
    (call,) = sandbox.calls()
    assert call["name"] == nasty
    assert call["fields"] == [nasty] * 10
    assert caller.by_number("+447700900123").customer_name == nasty
    assert caller.by_number(nasty) != nasty


class TestConfig:
    def read(self, tmp_path: Path, text: str) -> SandboxConfig:
        path = tmp_path / "sandbox.toml"
        path.write_text(text, encoding="utf-8")
        return SandboxConfig.from_toml(path)

    def test_an_empty_file_is_the_default(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "") == SandboxConfig()

    def test_companies_replace_the_default_ones(self, tmp_path: Path) -> None:
        config = self.read(
            tmp_path,
            'rest_style = "wrapped"\n[company.5]\npassword = ["a", "b"]\nqueues = {9 = "Nine"}\n',
        )
        assert config.companies == {
            5: Company(Secret("a"), {9: "Nine"}, also_accepts=(Secret("b"),)),
        }
        assert (config.rest_style, str(config.timezone)) == ("wrapped", "Europe/London")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("timezone = 1", "timezone"),
            ('timezone = "Mars/Base"', "timezone: 'Mars/Base'"),
            ('timezone = "../x"', "timezone"),
            ('rest_style = "fancy"', 'rest_style: must be "bare" or "wrapped"'),
            ("colour = 1", "unknown key colour; known keys: company, rest_style, timezone"),
            ("company = 1", "company: must be a table"),
            ("[company.one]", "company: 'one' is not a number"),
            ('[company.1]\nqueues = {1 = "S"}', "company.1.password is missing"),
            ('[company.1]\npassword = "x"', "company.1.queues is missing"),
            ('[company.1]\npassword = 5\nqueues = {1 = "S"}', "company.1.password"),
            ('[company.1]\npassword = []\nqueues = {1 = "S"}', "company.1.password"),
            ('[company.1]\npassword = "x"\nqueues = {a = "S"}', "company.1.queues: 'a'"),
            ('[company.1]\npassword = "x"\nqueues = {1 = 2}', "company.1.queues"),
            ('[company.1]\npassword = "x"\nqueues = {1 = "S"}\nhours = 1', "unknown key company.1.hours"),
            (
                '[company.1]\npassword = "x"\nqueues = {1 = "S"}\nopening_hours = "9 to 5"',
                "company.1.opening_hours",
            ),
            (
                '[company.1]\npassword = "x"\nqueues = {1 = "S"}\nblack_list = ["077"]',
                "company.1.black_list: '077'",
            ),
            (
                '[company.1]\npassword = "x"\nqueues = {1 = "S"}\nfield_names = {11 = "x"}',
                "company.1.field_names: 11",
            ),
            ("timezone = ", "sandbox.toml"),
        ],
    )
    def test_what_is_wrong_is_named(self, tmp_path: Path, text: str, message: str) -> None:
        with pytest.raises(ConfigurationError) as caught:
            self.read(tmp_path, text)
        assert message in str(caught.value)
        assert "sandbox.toml" in str(caught.value)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"nothing\.toml"):
            SandboxConfig.from_toml(tmp_path / "nothing.toml")

    def test_only_published_passwords_are_shown(self) -> None:
        assert SandboxConfig().companies[1].published_password == "P@ssword"
        assert Company(Secret("mine"), {1: "x"}).published_password is None
        assert "mine" not in repr(Company(Secret("mine"), {1: "x"}))

    @pytest.mark.parametrize(
        ("text", "inside", "outside"),
        [
            (
                "Mon-Fri 08:00-18:00",
                ["2017-04-10T08:00", "2017-04-14T17:59"],
                ["2017-04-10T18:00", "2017-04-15T09:00"],
            ),
            ("Sat-Mon 00:00-24:00", ["2017-04-15T00:00", "2017-04-17T23:59"], ["2017-04-18T00:00"]),
            (
                "Sun 10:00-11:00, Mon 12:00-13:00",
                ["2017-04-16T10:30", "2017-04-17T12:30"],
                ["2017-04-17T10:30"],
            ),
        ],
    )
    def test_opening_hours(self, text: str, inside: list[str], outside: list[str]) -> None:
        hours = OpeningHours.parse(text)
        assert all(hours.is_open(dt.datetime.fromisoformat(moment)) for moment in inside)
        assert not any(hours.is_open(dt.datetime.fromisoformat(moment)) for moment in outside)

    @pytest.mark.parametrize(
        "text", ["", "Mon", "Mon 18:00-08:00", "Mon 08:00-25:00", "Mon 08:61-09:00", "Foo 08:00-09:00"]
    )
    def test_hours_that_cannot_be_read(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"does not look like|must end later"):
            OpeningHours.parse(text)


class TestServer:
    def test_close_leaves_nothing_behind(self) -> None:
        before = threading.active_count()
        sandbox = Sandbox()
        assert requests.get(f"{sandbox.url}/sandbox/calls", timeout=30).json() == []
        sandbox.close()
        sandbox.close()
        assert threading.active_count() == before
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", sandbox.port)) != 0

    def test_a_port_in_use_is_reported(self, sandbox: Sandbox) -> None:
        before = threading.active_count()
        with pytest.raises(ConfigurationError, match=str(sandbox.port)):
            Sandbox(port=sandbox.port)
        assert threading.active_count() == before

    @pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
    def test_a_speed_is_above_zero(self, speed: float) -> None:
        with pytest.raises(ConfigurationError, match="speed"):
            Sandbox(speed=speed)

    def test_the_clock_begins_where_there_is_room(self) -> None:
        with pytest.raises(ConfigurationError, match="9999"):
            Sandbox(now=dt.datetime(9999, 12, 31))

    def test_the_real_time_is_the_default(self) -> None:
        with Sandbox() as sandbox:
            now = dt.datetime.fromisoformat(get(sandbox, "clock")["now"])
        assert abs(now - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)

    @pytest.mark.parametrize("module", ["phonenumbers", "sqlalchemy", "starlette", "uvicorn"])
    def test_a_missing_library_is_named_with_its_extra(self, module: str) -> None:
        code = (
            f"import sys; sys.modules['{module}'] = None\n"
            "from buzzeasy_soap.errors import ConfigurationError\n"
            "try:\n    import buzzeasy_soap.sandbox\n"
            "except ConfigurationError as error:\n    print(error)\n"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == f'{module} is not installed: pip install "buzzeasy-soap[sandbox]"'


def test_no_password_is_ever_logged_or_shown(
    caller_of: Callable[..., Any], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    right, wrong = (secrets.token_hex(8) + "&<é" for _ in range(2))
    config = SandboxConfig(companies={1: Company(Secret(right), {1: "Sales"})})
    shown = []
    with caplog.at_level(logging.DEBUG), Sandbox(config, now=MORNING, speed=1e-9) as sandbox:
        for password in (right, wrong):
            caller = caller_of(sandbox, password)
            caller.request()
            caller.schedule(4)
            caller.available()
            caller.next_three()
            caller.update_ewt(3)
            caller.ewt()
            caller.by_number("+447700900123")
            caller.by_pin("387461")
        with pytest.raises(ServiceFault):
            caller_of(sandbox, right).request("+447700900199")
        assert len(sandbox.calls()) == 2
        kept = sandbox._in_thread(sandbox._dispatcher.transcripts.latest)
        assert len(kept) == 17
        shown += [exchange.request + exchange.reply for exchange in kept]
        shown += [repr(config), requests.get(f"{sandbox.url}/sandbox/calls", timeout=30).text]
    out, err = capfd.readouterr()
    everything = "\n".join([*shown, caplog.text, out, err])
    assert "+447700900123" in everything
    for password in (right, wrong):
        assert password[:16] not in everything


@pytest.mark.parametrize(
    "password",
    [
        "hush",
        "<![CDATA[hush]]>",
        "<![CDATA[hush",
        "a<!-- -->hush",
        "<?a b?>hush",
        "hu&#115;h hush",
        "hush<a/>",
    ],
)
@pytest.mark.parametrize("end", ["</password></r></s:Body></s:Envelope>", "</password>", ""])
def test_no_password_is_kept_of_what_cannot_be_read(sandbox: Sandbox, password: str, end: str) -> None:
    text = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r xmlns="urn:other">'
        f'<password xmlns="http://tempuri.org/">{password}{end}'
    )
    reply = requests.post(
        f"{sandbox.url}/RequestCallbackService/Service.svc",
        data=text,
        headers={"Content-Type": "text/xml", "SOAPAction": "http://tempuri.org/IService/UpdateEWTRecord"},
        timeout=30,
    )
    assert reply.status_code in (400, 500)
    (kept,) = sandbox._in_thread(sandbox._dispatcher.transcripts.latest)
    assert "<password" in kept.request
    assert "hush" not in kept.request + kept.reply


@pytest.mark.parametrize(
    "text", ["<password ", "<password><![CDATA[", '"password":"', "<password><!--", "<a"]
)
def test_a_large_unreadable_message_is_soon_answered(sandbox: Sandbox, text: str) -> None:
    reply = requests.post(
        f"{sandbox.url}/RequestCallbackService/Service.svc",
        data=text * (2**20 // len(text)),
        headers={"Content-Type": "text/xml", "SOAPAction": "http://tempuri.org/IService/UpdateEWTRecord"},
        timeout=30,
    )
    assert reply.status_code == 400
