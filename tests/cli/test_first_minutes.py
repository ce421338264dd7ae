"""What a person meets first: help, completion, the sandbox's settings, and the Makefile."""

import json
import os
import shutil
import socket
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from buzzeasy_soap.clients.environment import VARIABLES
from buzzeasy_soap.sandbox import Sandbox
from tests.cli.conftest import Type
from tests.cli.test_command import BARE, run, sandbox_process

ROOT = Path(__file__).parents[2]


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_help_lists_the_variables_and_the_exit_statuses(typed: Type) -> None:
    status, out, _ = typed("-h")
    assert (status, out) == typed("--help")[:2]
    for name in (*VARIABLES, "HTTP_PROXY, HTTPS_PROXY ", "NO_PROXY"):
        assert f"\n    {name} " in out
    lines = [line.split(maxsplit=1) for line in out.partition("Exit status:")[2].splitlines() if line]
    in_docs = [
        [each.strip() for each in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "command.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line[2].isdigit()
    ]
    assert [status for status, _ in lines] == [status for status, _ in in_docs] == [*"012345", "130"]


def test_a_command_without_arguments_shows_its_help(typed: Type) -> None:
    for command in ([], ["ewt"], ["contract"]):
        status, out, err = typed(*command)
        assert (status, out) == (2, "")
        assert err.startswith(f"Usage: {' '.join(['buzzeasy', *command])} ")


def test_the_version_is_shown(typed: Type) -> None:
    assert typed("--version")[:2] == (0, f"buzzeasy-soap {version('buzzeasy-soap')}\n")


@pytest.mark.parametrize(
    ("words", "choices"), [("request-call --region", "GB\nIE"), ("ewt get --protocol", "soap\nrest")]
)
def test_choices_are_completed(words: str, choices: str) -> None:
    typing = f"buzzeasy {words} "
    completing = {
        "_BUZZEASY_COMPLETE": "complete_bash",
        "COMP_WORDS": typing,
        "COMP_CWORD": str(typing.count(" ")),
    }
    assert run(env={**BARE, **completing}).stdout.strip() == choices


def test_one_minute_is_no_minutes(typed: Type) -> None:
    assert typed("ewt", "set", "1").out == "Set to 1 minute.\n"
    assert typed("ewt", "get").out == "1 minute\n"
    assert typed("ewt", "set", "0").out == "Set to 0 minutes.\n"


@pytest.mark.parametrize("command", ["slots", "next-slots"])
def test_slots_without_a_time_are_after_the_sandbox_s_now(typed: Type, command: str) -> None:
    # Its clock stands in 2017.
    assert json.loads(typed(command, "--json").out)[0]["start"] == "2017-04-11T08:00:00+01:00"


def test_no_slots_say_after_which_time(typed: Type) -> None:
    assert typed("slots", "2017-04-11T20:00").out == "No time slots available after Tue 11 Apr 2017 20:00.\n"


def test_a_port_in_use_says_what_to_do(typed: Type, sandbox: Sandbox) -> None:
    status, _, err = typed("sandbox", "--port", str(sandbox.port))
    assert status == 2
    assert err.endswith("; --port 0 picks a free one.\n") and len(err.splitlines()) == 1
    assert "--host must be a name or address of this machine" in typed("sandbox", "--host", "192.0.2.1").err


@pytest.mark.posix
@pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")
@pytest.mark.parametrize(("host", "reached"), [("::1", "[::1]"), ("::", "[::1]"), ("0.0.0.0", "127.0.0.1")])
def test_the_sandbox_prints_addresses_that_work(typed: Type, host: str, reached: str) -> None:
    with sandbox_process("--host", host) as (_, exports):
        for name in ("BUZZEASY_CALLBACK_URL", "BUZZEASY_INFO_URL", "BUZZEASY_EVENTS_URL"):
            assert exports[name].startswith(f"http://{reached}:")
        assert typed("ewt", "get", **exports)[:2] == (0, "0 minutes\n")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(("target", "variable"), [("regenerate", "FROM"), ("fuzz", "MINUTES")])
def test_make_says_what_is_missing_before_it_installs_anything(
    target: str, variable: str, tmp_path: Path
) -> None:
    # As typed: a make around this one would have it print the folders that it enters.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    made = subprocess.run(
        ["make", target, f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (made.returncode, made.stdout, len(made.stderr.splitlines())) == (2, "", 1)
    assert f"{variable} is missing: make {target} {variable}=" in made.stderr
    assert not list(tmp_path.iterdir())
