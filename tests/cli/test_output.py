"""Output that cannot be written or encoded, and Ctrl-C: what was done is said, whatever becomes of the output."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

import pytest
import requests
import typer

from buzzeasy_soap import BuzzeasyClient, CallbackRequest, Endpoints, Outcome
from buzzeasy_soap.cli.output import OUTPUT_LOST
from buzzeasy_soap.cli.run import plain_errors
from buzzeasy_soap.sandbox import Sandbox
from tests.cli.test_command import BARE, BUZZEASY, environment, run, sandbox_process

FULL = Path("/dev/full")
NUMBER = "+447700900123"
PLACED = "The callback was placed: confirmation code BZ"
READS = [
    ["slots", "2017-04-11"], ["next-slots", "2017-04-11", "--json"], ["ewt", "get"], ["call-data", "--number", NUMBER],
    ["contract", "show"], ["check", "--json"], ["--help"],
]  # fmt: skip
WRITES = [
    (["request-call", "Ada", NUMBER], PLACED),
    (["request-call", "Ada", NUMBER, "--json", "--protocol", "rest"], PLACED),
    (["schedule-call", "Ada", NUMBER, "--slot", "4", "--date", "2017-04-11"], PLACED),
    (["ewt", "set", "7"], "The waiting time was set to 7 minutes."),
]

Into = Callable[..., subprocess.CompletedProcess[str]]
needs_full = pytest.mark.skipif(not FULL.exists(), reason="/dev/full is Linux's")


@pytest.fixture
def into(endpoints: Endpoints) -> Into:
    """Runs the command with its output going somewhere."""

    def into(stdout: IO[str] | int, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        env = environment(endpoints, **changes)
        return subprocess.run(
            [*BUZZEASY, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, env=env
        )

    return into


@pytest.fixture
def placed(endpoints: Endpoints) -> str:
    """The code of a callback to NUMBER."""
    with BuzzeasyClient(endpoints=endpoints, company=1, password="P@ssword", service_queue=1) as client:
        return client.request_call_when_available("Ada", NUMBER).code


@pytest.fixture
def left_pipe() -> Iterator[int]:
    """A pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@needs_full
@pytest.mark.parametrize(("arguments", "done"), WRITES)
def test_a_full_disk_hides_nothing_that_was_done(into: Into, sandbox: Sandbox, arguments, done) -> None:
    with FULL.open("w") as full:
        ran = into(full, *arguments)
    assert ran.returncode == OUTPUT_LOST
    assert ran.stderr.startswith("buzzeasy: the output could not be written: No space left on device. ")
    assert done in ran.stderr and len(ran.stderr.splitlines()) == 1
    for call in sandbox.calls():
        assert call["confirmation_code"] in ran.stderr


@pytest.mark.parametrize(("arguments", "done"), WRITES)
def test_nor_does_a_reader_that_has_left(
    into: Into, sandbox: Sandbox, left_pipe: int, arguments, done
) -> None:
    # Buffered, output fails at the process's end; unbuffered, where it is written.
    for unbuffered in ("", "1") if arguments is WRITES[0][0] else ("",):
        ran = into(left_pipe, *arguments, PYTHONUNBUFFERED=unbuffered)
        assert ran.returncode == OUTPUT_LOST
        assert done in ran.stderr and len(ran.stderr.splitlines()) == 1


def test_nor_does_a_closed_stream(endpoints: Endpoints, sandbox: Sandbox) -> None:
    command = " ".join([*BUZZEASY, "request-call", "Ada", NUMBER, ">&-"])
    ran = subprocess.run(
        ["sh", "-c", command], stderr=subprocess.PIPE, text=True, timeout=60, env=environment(endpoints)
    )
    assert ran.returncode == OUTPUT_LOST
    assert PLACED in ran.stderr


@needs_full
@pytest.mark.parametrize("arguments", READS, ids=" ".join)
def test_what_only_reads_says_that_its_output_was_lost(into: Into, placed: str, arguments: list[str]) -> None:
    with FULL.open("w") as full:
        ran = into(full, *arguments)
    assert ran.returncode == OUTPUT_LOST
    assert ran.stderr == "buzzeasy: the output could not be written: No space left on device.\n"


@pytest.mark.parametrize("arguments", READS[:2], ids=" ".join)  # a table, and JSON
def test_and_is_quiet_where_its_reader_has_left(
    into: Into, placed: str, left_pipe: int, arguments: list[str]
) -> None:
    ran = into(left_pipe, *arguments)
    assert (ran.returncode, ran.stderr) == (OUTPUT_LOST, "")


@needs_full
def test_a_full_stderr_changes_no_status(endpoints: Endpoints) -> None:
    with FULL.open("w") as full:
        for arguments, status in ((["call-data", "--pin", "1"], 1), (["request-call", "A", "12"], 2)):
            ran = subprocess.run([*BUZZEASY, *arguments], stderr=full, timeout=60, env=environment(endpoints))
            assert ran.returncode == status


def test_a_watch_ends_quietly_once_its_reader_has_left(
    into: Into, sandbox: Sandbox, placed: str, left_pipe: int
) -> None:
    sandbox.advance(10)
    ran = into(left_pipe, "watch", placed, "--timeout", "10")
    assert (ran.returncode, ran.stderr) == (OUTPUT_LOST, "")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_output_never_fails_on_encoding(into: Into, sandbox: Sandbox, encoding: str) -> None:
    name = "Ада € Żółw 🐢"
    placed = into(subprocess.PIPE, "request-call", name, NUMBER, "--field", "Заказ", PYTHONUTF8="0")
    assert placed.returncode == 0, placed.stderr
    for arguments in (["call-data", "--number", NUMBER], ["call-data", "--number", NUMBER, "--json"]):
        ran = subprocess.run(
            [*BUZZEASY, *arguments],
            capture_output=True, timeout=60,
            env=environment(Endpoints.sandbox(sandbox.port), PYTHONIOENCODING=encoding),
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, b"")
        text = ran.stdout.decode(encoding)
        if "--json" in arguments:
            assert json.loads(text)["customer_name"] == name
        elif encoding.startswith("utf"):
            assert name in text
        else:
            assert r"\u0410" in text


def test_an_error_that_stderr_cannot_encode_is_still_one_line(into: Into) -> None:
    ran = into(subprocess.PIPE, "ewt", "get", "--protocol", "Ж", PYTHONIOENCODING="ascii")
    assert (ran.returncode, ran.stderr.isascii(), len(ran.stderr.splitlines())) == (2, True, 1)


def test_a_junit_file_that_cannot_be_written_is_said_after_the_findings(into: Into, tmp_path: Path) -> None:
    ran = into(subprocess.PIPE, "check", "--junit", str(tmp_path / "nowhere" / "report.xml"))
    assert ran.returncode == OUTPUT_LOST
    assert "wrong password: -1" in ran.stdout
    assert ran.stderr.startswith("buzzeasy: the output could not be written: ") and "report.xml" in ran.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_the_sandbox_serves_on_where_nobody_reads_what_it_prints(left_pipe: int, unbuffered: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*BUZZEASY, "sandbox", "--port", str(port)],
        stdout=left_pipe, stderr=subprocess.PIPE, text=True, env={**BARE, "PYTHONUNBUFFERED": unbuffered},
    )  # fmt: skip
    for _ in range(1000):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            break
        time.sleep(0.01)
    time.sleep(0.1)
    assert requests.get(f"http://127.0.0.1:{port}/sandbox/calls", timeout=20).json() == []
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_port_that_is_none(port: str) -> None:
    ran = run("sandbox", "--port", port)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"buzzeasy: the port must be a number from 0 to 65535, not {port}.\n"


def test_the_sandbox_answers_for_hosts_that_are_allowed() -> None:
    with sandbox_process("--allow-host", "build.example", "--allow-host", "other.example") as (_, exports):
        url = f"{exports['BUZZEASY_EVENTS_URL']}/sandbox/calls"
        for host, status in (("build.example", 200), ("other.example", 200), ("evil.example", 403)):
            assert requests.get(url, headers={"Host": host}, timeout=20).status_code == status


def test_a_host_that_is_none_cannot_be_allowed() -> None:
    ran = run("sandbox", "--allow-host", "a b")
    assert ran.returncode == 2
    assert ran.stderr == "buzzeasy: --allow-host: 'a b' is not a host name, such as build.example.\n"


# Ctrl-C -----------------------------------------------------------------------------------------------


def heed_interrupts() -> None:
    """In a new process, before the command: a shell starts what it runs in the background deaf to them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(outcome: Outcome | None, request: CallbackRequest | None = None) -> KeyboardInterrupt:
    error = KeyboardInterrupt()
    if outcome is not None:
        error.outcome, error.callback_request = outcome, request
    return error


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.NOT_SENT, "Nothing was sent."),
        (Outcome.UNKNOWN, "this operation is safe to repeat."),
        (None, "interrupted."),
    ],
)
def test_an_interrupt_says_what_became_of_the_call(capsys, outcome, said: str) -> None:
    with pytest.raises(typer.Exit) as caught, plain_errors(debug=False):
        raise interrupted(outcome)
    assert caught.value.exit_code == 130
    assert capsys.readouterr().err.rstrip().endswith(said)


def interrupt_in_the_middle(sandbox: Sandbox, *arguments: str) -> tuple[int, str]:
    """Status and stderr of a call that the service has carried out, and Ctrl-C came before its answer."""
    if sys.platform == "win32":
        pytest.skip("Ctrl-C is sent as POSIX has it")
    process = subprocess.Popen(
        [*BUZZEASY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(Endpoints.sandbox(sandbox.port)), preexec_fn=heed_interrupts,
    )  # fmt: skip
    exchanges = sandbox._dispatcher.transcripts
    for _ in range(1000):
        if exchanges.latest():
            break
        time.sleep(0.01)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    return process.returncode, errors


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_ctrl_c_during_a_placement_says_how_to_look(sandbox: Sandbox, protocol: str) -> None:
    sandbox.fail_next("RequestCallWhenAvailable", "delay", seconds=20)
    status, errors = interrupt_in_the_middle(sandbox, "request-call", "Ada", NUMBER, "--protocol", protocol)
    assert len(sandbox.calls()) == 1
    assert status == 130
    assert errors == (
        "buzzeasy: interrupted. The callback may have been placed: look it up with "
        f"`buzzeasy call-data --number {NUMBER}` before you request it again.\n"
    )


def test_ctrl_c_is_130_and_one_line(sandbox: Sandbox) -> None:
    sandbox.fail_next("GetEWTByServiceID", "delay", seconds=20)
    status, errors = interrupt_in_the_middle(sandbox, "ewt", "get")
    assert status == 130
    assert re.fullmatch(r"buzzeasy: interrupted\.( .*)?\n", errors)


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that is full blocks as POSIX has it")
def test_ctrl_c_while_the_output_waits_says_what_was_done(endpoints: Endpoints, sandbox: Sandbox) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 65_536)
    except BlockingIOError:
        os.set_blocking(writer, True)
    process = subprocess.Popen(
        [*BUZZEASY, "request-call", "Ada", NUMBER], stdout=writer, stderr=subprocess.PIPE, text=True,
        env=environment(endpoints), preexec_fn=heed_interrupts,
    )  # fmt: skip
    while not sandbox.calls():
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    os.close(reader)
    os.close(writer)
    assert errors.startswith("buzzeasy: interrupted. The callback was placed: confirmation code BZ")
    assert process.returncode == 130
