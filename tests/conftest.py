"""What tests of every room share."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from buzzeasy_soap import Endpoints
from buzzeasy_soap.sandbox import Sandbox

# How long an example takes is the machine's business: one that is busy would fail a test.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

MORNING = dt.datetime(2017, 4, 11, 7, 0)
"""The day of the document's own samples, in the service's time."""


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """One sandbox for the session, whose clock hardly runs by itself."""
    with Sandbox(now=MORNING, speed=0.001) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The session's sandbox, empty."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def endpoints(sandbox: Sandbox) -> Endpoints:
    return Endpoints.sandbox(sandbox.port)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "-o",
        str(folder),
        str(Path(__file__).parent.parent),
    ]
    subprocess.run(command, capture_output=True, check=True)
    return next(folder.glob("*.whl"))
