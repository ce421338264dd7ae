"""What tests of every room share."""

import datetime as dt
from collections.abc import Iterator

import pytest

from buzzeasy_soap import Endpoints
from buzzeasy_soap.sandbox import Sandbox

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
