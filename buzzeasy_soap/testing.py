"""The sandbox as a pytest fixture, so that your tests run against the whole service.

    def test_my_form(buzzeasy_sandbox):
        my_form.submit(client=buzzeasy_sandbox.client(), phone="+447700900123")
        assert buzzeasy_sandbox.calls()[0]["phone_no"] == "+447700900123"

pytest loads this plugin whenever the package is installed, so the module imports only pytest.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from typing import Unpack

    from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, Endpoints
    from buzzeasy_soap.clients.options import AsyncClientOptions, ClientOptions
    from buzzeasy_soap.sandbox import Sandbox
    from buzzeasy_soap.sandbox.control import DescribedCall


class BuzzeasySandbox:
    """A running sandbox, with clients for its company 1."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._clients: list[BuzzeasyClient] = []

    @property
    def endpoints(self) -> "Endpoints":
        """The addresses of its services and events."""
        from buzzeasy_soap import Endpoints

        return Endpoints.sandbox(self._sandbox.port)

    def client(self, **options: "Unpack[ClientOptions]") -> "BuzzeasyClient":
        """A client for company 1, queue 1. `options` are BuzzeasyClient's and override these.

        The fixture closes it.
        """
        from buzzeasy_soap import BuzzeasyClient

        client = BuzzeasyClient(**{**self._account(), **options})
        self._clients.append(client)
        return client

    def async_client(self, **options: "Unpack[AsyncClientOptions]") -> "AsyncBuzzeasyClient":
        """An async client for company 1, queue 1. The test must close it: use `async with`."""
        from buzzeasy_soap import AsyncBuzzeasyClient

        return AsyncBuzzeasyClient(**{**self._account(), **options})

    def advance(self, seconds: float) -> None:
        """Advance the sandbox's clock and run all events that are due."""
        self._sandbox.advance(seconds)

    def calls(self) -> "list[DescribedCall]":
        """All calls, oldest first, as returned by `GET /sandbox/calls`."""
        return self._sandbox.calls()

    def fail_next(self, operation: str, kind: str, times: int = 1, seconds: float | None = None) -> None:
        """Make the next calls of an operation fail, like `POST /sandbox/faults`."""
        self._sandbox.fail_next(operation, kind, times=times, seconds=seconds)

    def close(self) -> None:
        """Close the clients created by `client`."""
        for client in self._clients:
            client.close()

    def _account(self) -> dict[str, Any]:
        return {"endpoints": self.endpoints, "company": 1, "password": "P@ssword", "service_queue": 1}


@pytest.fixture(scope="session")
def _buzzeasy_server() -> "Iterator[Sandbox]":
    from buzzeasy_soap.sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def buzzeasy_sandbox(_buzzeasy_server: "Sandbox") -> Iterator[BuzzeasySandbox]:
    """The whole Buzzeasy service on this machine; every test starts with an empty one."""
    _buzzeasy_server.reset()
    sandbox = BuzzeasySandbox(_buzzeasy_server)
    yield sandbox
    sandbox.close()
