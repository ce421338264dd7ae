"""Wherever a program of a user can look, at DEBUG and with the locals of every frame: no password."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, Endpoints, Retry
from buzzeasy_soap.sandbox import Sandbox, SandboxConfig
from tests.security.leaks import Password, Recorder, assert_hidden, everything_logged, shown_by, told_by
from tests.support.clients import KINDS, open_client

NUMBER = "+447700900123"
NOW = dt.datetime(2017, 4, 11, 9)
RIGHT, WRONG = Password(), Password()
BOTH = (RIGHT, WRONG)

OPERATIONS = {
    "RequestCallWhenAvailable": lambda c: c.request_call_when_available("Ada", NUMBER, fields=["x"]),
    "RequestCallSchedule": lambda c: c.request_call_schedule("Ada", NUMBER, time_slot=9, date=NOW.date()),
    "GetAvailableTimes": lambda c: c.get_available_times(NOW),
    "GetNextThreeTimeSlots": lambda c: c.get_next_three_time_slots(NOW),
    "UpdateEWTRecord": lambda c: c.update_ewt_record(5),
    "GetEWTByServiceID": lambda c: c.get_ewt_by_service_id(),
    "GetCallDataByNumber": lambda c: c.get_call_data_by_number(NUMBER),
    "GetCallDataByPin": lambda c: c.get_call_data_by_pin("1234"),
}


def config_file(folder: Path) -> Path:
    path = folder / "sandbox.toml"
    text = json.dumps(str(RIGHT), ensure_ascii=False)
    path.write_text(f'[company.1]\npassword = {text}\nqueues = {{1 = "Sales"}}\n', encoding="utf-8")
    return path


@contextmanager
def subprocess_sandbox(config: Path, output: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "buzzeasy_soap", "sandbox", "--port", "0", "--now", "2017-04-11T07:00"]
    with output.open("wb") as out:
        process = subprocess.Popen([*command, "--config", config], stdout=subprocess.PIPE, stderr=out)
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            yield int(lines[0].rpartition(b":")[2])
        finally:
            process.terminate()
            rest, _ = process.communicate(timeout=30)
    output.write_bytes(output.read_bytes() + lines[0] + rest)


@pytest.fixture(scope="module")
def log() -> Iterator[Recorder]:
    with everything_logged() as recorder:
        yield recorder


@pytest.fixture(scope="module", params=["in this process", "of its own"])
def ports(request, log, tmp_path_factory) -> Iterator[dict[str, Any]]:
    """A sandbox whose password is RIGHT, and what it said when it has ended."""
    folder = tmp_path_factory.mktemp("sandbox")
    config, output = config_file(folder), folder / "output"
    if request.param == "of its own":
        with subprocess_sandbox(config, output) as port:
            yield {"port": port}
        said = output.read_text(encoding="utf-8")
        assert "Sandbox ready at" in said
        assert "BUZZEASY_PASSWORD" not in said
    else:
        with Sandbox(SandboxConfig.from_toml(config), now=dt.datetime(2017, 4, 11, 7)) as sandbox:
            yield {"port": sandbox.port, "sandbox": sandbox}
            for kind in ("soap", "rest"):  # a worker may have run the tests of one protocol alone
                with open_client(kind, Endpoints.sandbox(sandbox.port), password=str(RIGHT)) as client:
                    client.get_available_times(NOW)
        said = repr(sandbox._dispatcher.transcripts.latest())
        assert "REST" in said and "SOAP" in said and "***" in said
        said += repr(vars(sandbox)) + repr(sandbox.config)
    assert_hidden(BOTH, [said])


@pytest.mark.parametrize("kind", KINDS)
def test_all_operations_right_and_wrong(kind, ports, log, capfd) -> None:
    endpoints = Endpoints.sandbox(ports["port"])
    records: list[Any] = []
    outcomes = set()
    for password in BOTH:
        with open_client(kind, endpoints, password=str(password), hooks=[records.append]) as client:
            for call in OPERATIONS.values():
                with suppress(AttributeError):
                    raw = client.with_raw_response
                    assert_hidden(BOTH, shown_by(raw))
                try:
                    result = call(client)
                except BuzzeasyError as error:
                    outcomes.add(type(error).__name__)
                    assert_hidden(BOTH, told_by(error))
                else:
                    outcomes.add(repr(result))
                    assert_hidden(BOTH, [repr(result)])
            inner = getattr(client, "_client", client)
            parts = [inner, inner._adapter, inner._delivery, inner._delivery.policy, inner._delivery.binding]
            assert_hidden(BOTH, shown_by(*parts, inner._delivery.transport))
            call = inner._adapter.get_call_data_by_pin("1")
            encoded = inner._delivery.binding.encode(call.operation, call.request, endpoints.info_url)
            assert_hidden(BOTH, [*shown_by(call), repr(encoded)])
    assert {"AuthenticationFailed", "RequestRefused"} <= outcomes
    assert any("Confirmation" in outcome for outcome in outcomes)
    assert len(records) == 16
    assert_hidden(BOTH, map(repr, records))
    shown = requests.get(f"http://127.0.0.1:{ports['port']}/sandbox/calls", timeout=30).text
    assert "Ada" in shown
    assert_hidden(BOTH, [shown, *capfd.readouterr()])
    assert_hidden(BOTH, log.texts)
    heard = {"buzzeasy_soap", "urllib3.connectionpool"} if "curl" not in kind else {"buzzeasy_soap"}
    assert heard <= log.loggers
    assert "sandbox" not in ports or {"sqlalchemy.engine.Engine", "uvicorn.error"} <= log.loggers


# What is wrong before anything is sent ---------------------------------------------------------------

ENDPOINTS = Endpoints.sandbox(1)
BAD_SETTINGS = {
    "timezone": {"timezone": "Mars/Olympus"},
    "endpoints": {"endpoints": "x"},
    "service_queue": {"service_queue": "x"},
    "protocol": {"protocol": "x"},
    "transport": {"transport": "x"},
    "wsdl": {"wsdl": "/no/such/place"},
}


@pytest.mark.parametrize("bad", BAD_SETTINGS.values(), ids=BAD_SETTINGS.keys())
def test_a_client_that_cannot_be_made(bad) -> None:
    with pytest.raises(BuzzeasyError) as caught:
        BuzzeasyClient(**{"endpoints": ENDPOINTS, "company": 1, "password": str(RIGHT), **bad})
    assert_hidden(BOTH, told_by(caught.value))


@pytest.mark.parametrize("variable", ["TIMEZONE", "COMPANY", "TIMEOUT", "CA_BUNDLE", "CALLBACK_URL"])
def test_an_environment_that_cannot_be_used(variable) -> None:
    environ = {
        "BUZZEASY_CALLBACK_URL": ENDPOINTS.callback_url,
        "BUZZEASY_INFO_URL": ENDPOINTS.info_url,
        "BUZZEASY_COMPANY": "1",
        "BUZZEASY_PASSWORD": str(RIGHT),
        f"BUZZEASY_{variable}": "x",
    }
    with pytest.raises(BuzzeasyError) as caught:
        BuzzeasyClient.from_env(environ)
    assert_hidden(BOTH, told_by(caught.value))


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_that_cannot_be_written(kind) -> None:
    """The password has been written before the field that cannot be."""
    with open_client(kind, ENDPOINTS, password=str(RIGHT)) as client:
        with pytest.raises(BuzzeasyError, match="field3") as caught:
            client.request_call_when_available("Ada", NUMBER, fields=[None, None, "a\x00b"])
    assert_hidden(BOTH, told_by(caught.value))


@pytest.mark.parametrize("kind", KINDS)
def test_a_password_that_cannot_be_written(kind) -> None:
    with open_client(kind, ENDPOINTS, password=f"{RIGHT}\x00") as client:
        with pytest.raises(BuzzeasyError, match="password holds U\\+0000") as caught:
            client.get_call_data_by_pin("1")
    assert_hidden(BOTH, told_by(caught.value))


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_there(kind, log) -> None:
    with open_client(kind, ENDPOINTS, password=str(RIGHT), retry=Retry(attempts=2)) as client:
        with pytest.raises(BuzzeasyError) as caught:
            client.get_call_data_by_pin("1")
    assert_hidden(BOTH, told_by(caught.value))
    assert_hidden(BOTH, log.texts)


BAD_CONFIGS = {
    "not TOML": "[company.1]\npassword = {}\nqueues = [",
    "a bad queue": "[company.1]\npassword = {}\nqueues = {{x = 1}}",
    "an unknown key": '[company.1]\npassword = {}\nqueues = {{1 = "x"}}\nrules = 1',
    "a bad zone": 'timezone = "Mars/Olympus"\n[company.1]\npassword = {}\nqueues = {{1 = "x"}}',
    "no text": "[company.1]\npassword = [{}, 1]\n",
}


@pytest.mark.parametrize("text", BAD_CONFIGS.values(), ids=BAD_CONFIGS.keys())
def test_a_config_file_that_cannot_be_used(text, tmp_path) -> None:
    path = tmp_path / "sandbox.toml"
    path.write_text(text.format(json.dumps(str(RIGHT), ensure_ascii=False)), encoding="utf-8")
    with pytest.raises(BuzzeasyError) as caught:
        SandboxConfig.from_toml(path)
    assert_hidden(BOTH, told_by(caught.value))


# The command --------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_the_command_shows_nothing_even_with_its_traceback(protocol, ports) -> None:
    endpoints = Endpoints.sandbox(ports["port"])
    environ = {
        **os.environ,
        "BUZZEASY_CALLBACK_URL": endpoints.callback_url,
        "BUZZEASY_INFO_URL": endpoints.info_url,
        "BUZZEASY_COMPANY": "1",
        "BUZZEASY_PASSWORD": str(WRONG),
        "BUZZEASY_SERVICE_QUEUE": "1",
    }
    command = [
        sys.executable,
        "-m",
        "buzzeasy_soap",
        "slots",
        "--protocol",
        protocol,
        "--debug",
        "2017-04-11",
    ]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "RequestRefused" in ran.stderr
    assert_hidden(BOTH, [ran.stdout, ran.stderr])
