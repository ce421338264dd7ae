"""The sandbox as a pytest fixture, so that your tests run against the whole service.

    def test_my_form(buzzeasy_sandbox):
        my_form.submit(client=buzzeasy_sandbox.client(), phone="+447700900123")
        assert buzzeasy_sandbox.calls()[0]["phone_no"] == "+447700900123"

pytest loads this plugin whenever the package is installed, so the module imports only pytest.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from typing import Unpack

    from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, Endpoints
    from buzzeasy_soap.clients.options import AsyncClientOptions, ClientOptions
    from buzzeasy_soap.sandbox import Company, OpeningHours, Sandbox, SandboxConfig
    from buzzeasy_soap.sandbox.control import DescribedCall

__all__ = ["BuzzeasySandbox", "buzzeasy_sandbox"]


class BuzzeasySandbox:
    """A running sandbox, with clients for its first company."""

    def __init__(self, sandbox: "Sandbox", *, wsdl: "str | os.PathLike[str] | None" = None) -> None:
        self._sandbox = sandbox
        self._wsdl = wsdl
        self._clients: list[BuzzeasyClient] = []

    @property
    def endpoints(self) -> "Endpoints":
        """The addresses of its services and events."""
        from buzzeasy_soap import Endpoints

        return Endpoints.sandbox(self._sandbox.port)

    @property
    def env(self) -> dict[str, str]:
        """The `BUZZEASY_…` variables of its first company, for code that uses `from_env`."""
        endpoints, account = self.endpoints, self._account()
        variables = {
            "BUZZEASY_CALLBACK_URL": endpoints.callback_url,
            "BUZZEASY_INFO_URL": endpoints.info_url,
            "BUZZEASY_EVENTS_URL": self._sandbox.url,
            "BUZZEASY_COMPANY": str(account["company"]),
            "BUZZEASY_PASSWORD": account["password"].reveal(),
            "BUZZEASY_SERVICE_QUEUE": str(account["service_queue"]),
            "BUZZEASY_TIMEZONE": account["timezone"],
        }
        return variables if self._wsdl is None else {**variables, "BUZZEASY_WSDL": os.fspath(self._wsdl)}

    def client(self, **options: "Unpack[ClientOptions]") -> "BuzzeasyClient":
        """A client for the first company and its first queue. `options` are BuzzeasyClient's and override these.

        The fixture closes it.
        """
        from buzzeasy_soap import BuzzeasyClient

        client = BuzzeasyClient(**{**self._account(), **options})
        self._clients.append(client)
        return client

    def async_client(self, **options: "Unpack[AsyncClientOptions]") -> "AsyncBuzzeasyClient":
        """An async client for the first company and its first queue. The test must close it: use `async with`."""
        from buzzeasy_soap import AsyncBuzzeasyClient

        return AsyncBuzzeasyClient(**{**self._account(), **options})

    def advance(self, seconds: float) -> None:
        """Advance the sandbox's clock and run all events that are due."""
        self._sandbox.advance(seconds)

    def calls(self) -> "list[DescribedCall]":
        """All calls, oldest first, as returned by `GET /sandbox/calls`."""
        return self._sandbox.calls()

    def count(self, status: str) -> int:
        """How often a status, such as `CallStatus.RESCHEDULED`, has occurred, over all calls."""
        return sum(event["status"] == status for call in self.calls() for event in call["events"])

    def fail_next(self, operation: str, kind: str, times: int = 1, seconds: float | None = None) -> None:
        """Make the next calls of an operation fail, like `POST /sandbox/faults`."""
        self._sandbox.fail_next(operation, kind, times=times, seconds=seconds)

    def close(self) -> None:
        """Close the clients created by `client`."""
        for client in self._clients:
            client.close()

    def _account(self) -> dict[str, Any]:
        config = self._sandbox.config
        number, company = next(iter(config.companies.items()))
        account = {
            "endpoints": self.endpoints,
            "company": number,
            "password": company.password,
            "service_queue": next(iter(company.queues)),
            "timezone": config.timezone.key,
        }
        return account if self._wsdl is None else {**account, "wsdl": self._wsdl}


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "buzzeasy_sandbox(**options): run the test's sandbox with companies, opening_hours, and options of "
        "buzzeasy_soap.sandbox.Sandbox: wsdl, now, speed, config, ...",
    )


@pytest.fixture(scope="session")
def _buzzeasy_server() -> "Iterator[Sandbox]":
    from buzzeasy_soap.sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


def _shared(request: pytest.FixtureRequest) -> "AbstractContextManager[Sandbox]":
    server: Sandbox = request.getfixturevalue("_buzzeasy_server")
    server.reset()
    return nullcontext(server)


def _own(
    config: "SandboxConfig | None" = None,
    companies: "Mapping[int, Company] | None" = None,
    opening_hours: "OpeningHours | str | None" = None,
    **options: Any,
) -> "Sandbox":
    import attrs

    from buzzeasy_soap.sandbox import Sandbox, SandboxConfig

    settings = config or SandboxConfig()
    if companies is not None:
        settings = attrs.evolve(settings, companies=companies)
    if opening_hours is not None:
        keeping = {
            number: attrs.evolve(company, opening_hours=opening_hours)
            for number, company in settings.companies.items()
        }
        settings = attrs.evolve(settings, companies=keeping)
    return Sandbox(settings, **options)


@pytest.fixture
def buzzeasy_sandbox(request: pytest.FixtureRequest) -> Iterator[BuzzeasySandbox]:
    """The whole Buzzeasy service on this machine, empty for each test.

    `@pytest.mark.buzzeasy_sandbox(**options)` gives the test a sandbox of its own: `companies`,
    `opening_hours` for all of them (`"Mon-Fri 08:00-18:00"`), and the options of
    `buzzeasy_soap.sandbox.Sandbox`, such as `now`. With `wsdl` the clients speak that contract, too.
    """
    marker = request.node.get_closest_marker("buzzeasy_sandbox")
    with _shared(request) if marker is None else _own(**marker.kwargs) as server:
        sandbox = BuzzeasySandbox(server, wsdl=None if marker is None else marker.kwargs.get("wsdl"))
        yield sandbox
        sandbox.close()
