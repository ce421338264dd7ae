"""The pytest plugin, as a user's own project has it: the wheel installed, one fixture asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.posix  # by where an environment keeps its Python

PROJECT = """
import pytest
from buzzeasy_soap import ConnectionLost, InBlackList, Outcome

def test_a_form(buzzeasy_sandbox):
    client = buzzeasy_sandbox.client()
    confirmation = client.request_call_when_available("Ada", "+447700900123")
    [call] = buzzeasy_sandbox.calls()
    assert call["confirmation_code"] == confirmation.code
    buzzeasy_sandbox.advance(60)
    assert buzzeasy_sandbox.calls()[0]["status"] == "CallSucceeded"
    with pytest.raises(InBlackList):
        client.request_call_when_available("Ada", "+447700900105")

def test_each_test_starts_empty(buzzeasy_sandbox):
    assert buzzeasy_sandbox.calls() == []

def test_a_lost_answer(buzzeasy_sandbox):
    buzzeasy_sandbox.fail_next("RequestCallWhenAvailable", "drop_after_commit")
    with pytest.raises(ConnectionLost) as caught:
        buzzeasy_sandbox.client(protocol="rest").request_call_when_available("Ada", "+447700900123")
    assert caught.value.outcome is Outcome.UNKNOWN
    assert len(buzzeasy_sandbox.calls()) == 1

def test_async(buzzeasy_sandbox):
    import asyncio

    async def place():
        async with buzzeasy_sandbox.async_client() as client:
            await client.update_ewt_record(5)
            return await client.get_ewt_by_service_id()

    assert asyncio.run(place()).total_seconds() == 300
"""


@pytest.mark.timeout(300)
@pytest.mark.checkout
def test_a_user_s_project_tests_against_the_service_in_one_line(wheel: Path, tmp_path: Path) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    python = str(tmp_path / "venv" / "bin" / "python")
    assert run(sys.executable, "-m", "venv", "--without-pip", "venv").returncode == 0
    # Compiling all that is installed, pip itself too, would take most of the time.
    pip = (sys.executable, "-m", "pip", "--python", python)
    installed = run(*pip, "install", "-q", "--no-compile", f"{wheel}[sandbox,async]", "pytest")
    assert installed.returncode == 0, installed.stderr
    (tmp_path / "test_form.py").write_text(PROJECT)
    tested = run(python, "-W", "error", "-m", "pytest", "-q", "test_form.py")
    assert tested.returncode == 0, tested.stdout
    assert "4 passed" in tested.stdout


@pytest.mark.timeout(300)
@pytest.mark.checkout
def test_without_the_sandbox_s_extra_nobody_s_pytest_breaks(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n\ndef test_ours(buzzeasy_sandbox): pass\n")
    blocked = tmp_path / "starlette.py"
    blocked.write_text("raise ModuleNotFoundError('no', name='starlette')\n")
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "test_own.py"],
        cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert "1 passed, 1 error" in tested.stdout
    assert 'pip install "buzzeasy-soap[sandbox]"' in tested.stdout
