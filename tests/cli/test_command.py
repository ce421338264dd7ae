"""The buzzeasy command as a person or a script runs it: a process of its own, against a sandbox."""

import datetime as dt
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from buzzeasy_soap import Endpoints
from buzzeasy_soap.cli.app import app
from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.sandbox import Sandbox
from tests.cli.conftest import Type

Run = Callable[..., subprocess.CompletedProcess[str]]
BUZZEASY = [sys.executable, "-m", "buzzeasy_soap"]
BARE = {key: value for key, value in os.environ.items() if not key.startswith("BUZZEASY_")}


def environment(endpoints: Endpoints, **changes: str) -> dict[str, str]:
    settings = {
        "BUZZEASY_CALLBACK_URL": endpoints.callback_url,
        "BUZZEASY_INFO_URL": endpoints.info_url,
        "BUZZEASY_EVENTS_URL": endpoints.events_url or "",
        "BUZZEASY_COMPANY": "1",
        "BUZZEASY_PASSWORD": "P@ssword",
        "BUZZEASY_SERVICE_QUEUE": "1",
    }
    return {**BARE, **settings, **changes}


def run(*arguments: str, env: dict[str, str] = BARE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BUZZEASY, *arguments], capture_output=True, text=True, timeout=60, env=env)


@pytest.fixture
def buzzeasy(endpoints: Endpoints) -> Run:
    return lambda *arguments, **changes: run(*arguments, env=environment(endpoints, **changes))


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_callback_is_placed_and_found(buzzeasy: Run, sandbox: Sandbox, protocol: str) -> None:
    placed = buzzeasy(
        "request-call",
        "Ada Lovelace",
        "+447700900123",
        "--field",
        "Order 1815",
        "--protocol",
        protocol,
        "--json",
    )
    assert placed.returncode == 0, placed.stderr
    [call] = sandbox.calls()
    assert json.loads(placed.stdout) == {"code": call["confirmation_code"]}
    by_number = buzzeasy("call-data", "--number", "+447700900123", "--json", "--protocol", protocol)
    assert json.loads(by_number.stdout)["customer_name"] == "Ada Lovelace"
    by_pin = buzzeasy("call-data", "--pin", call["pin"])
    assert "Ada Lovelace" in by_pin.stdout and "Order 1815" in by_pin.stdout


def test_slots_are_listed_and_booked(buzzeasy: Run, sandbox: Sandbox) -> None:
    listed = buzzeasy("slots", "2017-04-11T09:00", "--json")
    assert json.loads(listed.stdout)[1]["start"] == "2017-04-11T09:30:00+01:00"
    assert "09:30" in buzzeasy("next-slots", "2017-04-11 09:00").stdout
    booked = buzzeasy(
        "schedule-call", "Ada", "07700 900123", "--region", "GB", "--slot", "4", "--date", "2017-04-11"
    )
    assert booked.returncode == 0, booked.stderr
    assert sandbox.calls()[0]["slot"]["id"] == 4


def test_the_ewt_is_set_and_read(buzzeasy: Run) -> None:
    assert buzzeasy("ewt", "set", "7", "--queue", "2").stdout == "Set to 7 minutes.\n"
    assert buzzeasy("ewt", "get", BUZZEASY_SERVICE_QUEUE="2").stdout == "7 minutes\n"
    assert json.loads(buzzeasy("ewt", "get", "--json", "--queue", "2").stdout) == {"minutes": 7}


def test_a_call_is_watched_a_line_per_update(buzzeasy: Run, sandbox: Sandbox) -> None:
    for number, status in (("+447700900123", 0), ("+447700900202", 1)):
        code = json.loads(buzzeasy("request-call", "Ada", number, "--json").stdout)["code"]
        sandbox.advance(3600)
        watched = buzzeasy("watch", code, "--json", "--timeout", "20")
        assert watched.returncode == status
        statuses = [json.loads(line)["status"] for line in watched.stdout.splitlines()]
        assert statuses[0] == "CallingAgent"
        assert statuses[-1] == ("CallFailed" if status else "CallSucceeded")


@pytest.mark.parametrize(
    ("arguments", "changes", "status", "advice"),
    [
        (["request-call", "A", "+447700900105"], {}, 1, "correct the problem"),
        (["ewt", "get"], {"BUZZEASY_PASSWORD": "wr0ng"}, 1, "company, password"),
        (["call-data", "--pin", "0"], {}, 1, "no such call"),
        (["request-call", "A", "12"], {}, 2, "Nothing was sent"),
        (["ewt", "get"], {"BUZZEASY_COMPANY": "one"}, 2, "BUZZEASY_COMPANY must be a number"),
        (["ewt", "get"], {"BUZZEASY_CALLBACK_URL": ""}, 2, "buzzeasy sandbox"),
        (["ewt", "get"], {"BUZZEASY_PROTOCOL": "soap12"}, 2, "BUZZEASY_PROTOCOL must be"),
        (["call-data"], {}, 2, "either --number or --pin"),
        (["request-call", "A", "+447700900123"], {"BUZZEASY_CALLBACK_URL": "http://127.0.0.1:1/a.svc"}, 3, "check the"),
        (["request-call", "A", "+447700900199"], {}, 4, "call-data --number +447700900199"),
    ],
)  # fmt: skip
def test_an_error_is_one_plain_line_and_a_status(buzzeasy: Run, arguments, changes, status, advice) -> None:
    ran = buzzeasy(*arguments, **changes)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert ran.stderr.startswith("buzzeasy: ") and len(ran.stderr.splitlines()) == 1
    assert advice in ran.stderr
    assert "wr0ng" not in ran.stderr


def test_debug_shows_the_traceback_and_no_locals(buzzeasy: Run) -> None:
    ran = buzzeasy("ewt", "get", "--debug", BUZZEASY_PASSWORD="wr0ng-one")
    assert ran.returncode != 0
    assert "Traceback" in ran.stderr and "AuthenticationFailed" in ran.stderr
    assert "wr0ng-one" not in ran.stderr


@pytest.mark.parametrize(
    "command",
    ["request-call", "schedule-call", "slots", "next-slots", "ewt get", "ewt set", "call-data", "watch", "sandbox",
     "demo", "contract show", "check", "doctor"],
)  # fmt: skip
def test_help_shows_an_example(command: str) -> None:
    ran = CliRunner().invoke(app, [*command.split(), "--help"], prog_name="buzzeasy")
    assert ran.exit_code == 0
    assert f"Example: buzzeasy {command}" in ran.stdout


def test_the_contract_is_shown() -> None:
    services = json.loads(run("contract", "show", "--json").stdout)
    assert {"BuzzMeInfo", "RequestCallbackService"} <= {service["service"] for service in services}
    assert {"name": "ewt", "type": "int", "optional": True, "nillable": False} in [
        parameter
        for service in services
        for operation in service["operations"]
        for parameter in operation["parameters"]
    ]
    assert "GetEWTByServiceID" in run("contract", "show").stdout


def test_a_fetched_contract_says_where_and_when_it_came_from(
    typed: Type, sandbox: Sandbox, tmp_path: Path
) -> None:
    assert typed("contract", "fetch", "--to", str(tmp_path)).status == 0
    today = dt.datetime.now(dt.UTC).date()
    for documents in read_documents(tmp_path):
        assert documents.origin.startswith(sandbox.url)
        assert abs(dt.date.fromisoformat(documents.retrieved) - today) <= dt.timedelta(days=1)
        assert documents.mismatches() == ()


def test_completion_is_to_be_had() -> None:
    # Without this typer looks at which shell runs the tests.
    shown = run(
        "--show-completion", "bash", env={**BARE, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    )
    assert shown.returncode == 0
    assert "_BUZZEASY_COMPLETE" in shown.stdout.upper()


@contextmanager
def sandbox_process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A sandbox of its own, and the variables that it tells to export."""
    process = subprocess.Popen(
        [*BUZZEASY, "sandbox", "--port", "0", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=BARE,
    )  # fmt: skip
    try:
        ready = process.stdout.readline()
        if "--host" in arguments:
            ready = ready if ready.startswith("Sandbox") else process.stdout.readline()
        assert re.fullmatch(r"Sandbox ready at http://(127\.0\.0\.1|\[::1\]):\d+\n", ready)
        exports = {}
        while "BUZZEASY_TIMEZONE" not in exports:
            name, _, value = process.stdout.readline().removeprefix("export ").strip().partition("=")
            exports[name] = "".join(shlex.split(value))
        if "--config" not in arguments:
            assert process.stdout.readline() == "export BUZZEASY_PASSWORD=P@ssword\n"
            exports["BUZZEASY_PASSWORD"] = "P@ssword"
        yield process, exports
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.mark.posix
def test_the_sandbox_prints_settings_that_work_and_ends_quietly() -> None:
    with sandbox_process("--now", "2017-04-11T07:00", "--speed", "0.001") as (process, exports):
        placed = run("request-call", "Ada", "+447700900123", env={**BARE, **exports})
        assert placed.returncode == 0, placed.stderr
        slots = json.loads(run("slots", "2017-04-11T07:00", "--json", env={**BARE, **exports}).stdout)
        assert dt.datetime.fromisoformat(slots[0]["start"]).hour == 8
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=20)
        assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.posix
def test_the_sandbox_shows_no_password_of_the_user_s_own(tmp_path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[company.5]\npassword = "my-very-own"\nqueues = {8 = "Front dispatcher"}\n')
    with sandbox_process("--config", str(config)) as (process, exports):
        assert exports["BUZZEASY_COMPANY"] == "5"
        placed = run(
            "request-call", "A", "+447700900123", env={**BARE, **exports, "BUZZEASY_PASSWORD": "my-very-own"}
        )
        assert placed.returncode == 0, placed.stderr
        process.send_signal(signal.SIGTERM)
        assert "my-very-own" not in "".join(process.communicate(timeout=20))


@pytest.mark.parametrize(
    ("content", "named"),
    [("[company.x]\n", "company"), ("nonsense = 1\n", "nonsense"), ("= 1", "config.toml")],
)
def test_a_bad_config_file_is_named(tmp_path, content: str, named: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(content)
    ran = run("sandbox", "--port", "0", "--config", str(config))
    assert ran.returncode == 2
    assert named in ran.stderr and len(ran.stderr.splitlines()) == 1
