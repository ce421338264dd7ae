"""Checks a client's arguments and builds its parts, for both clients."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import field, frozen

from buzzeasy_soap.clients.endpoints import Endpoints
from buzzeasy_soap.config import TLS, Retry, Timeout
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.errors import ConfigurationError, InvalidRequest
from buzzeasy_soap.extras import extra
from buzzeasy_soap.mapping.calls import FIELDS, Adapter
from buzzeasy_soap.mapping.parameters import whole_number
from buzzeasy_soap.wire.bindings import Binding
from buzzeasy_soap.wire.delivery import Hook, Policy, RetryBudget, logger
from buzzeasy_soap.wire.exchange import AsyncBorrowed, AsyncTransport, Borrowed, Transport
from buzzeasy_soap.wire.redaction import Secret

if TYPE_CHECKING:
    from buzzeasy_soap.wire.rebinding import Contract

T = TypeVar("T")

ProtocolName: TypeAlias = Literal["soap", "rest"]
EngineChoice: TypeAlias = Literal["generated", "zeep"] | Binding
RestDates: TypeAlias = Literal["document", "wcf"]

TransportChoice: TypeAlias = Literal["requests", "curl"] | Transport
AsyncTransportChoice: TypeAlias = Literal["aiohttp"] | AsyncTransport


class _Options(TypedDict, total=False):
    endpoints: Endpoints
    company: int
    password: str | Secret
    service_queue: int | None
    protocol: ProtocolName
    engine: EngineChoice
    wsdl: str | os.PathLike[str] | None
    timeout: Timeout
    retry: Retry
    timezone: str
    rest_dates: RestDates
    reference_field: int | None
    max_reply_bytes: int
    tls: TLS
    allow_insecure: bool
    hooks: Sequence[Hook]


class ClientOptions(_Options, total=False):
    """A blocking client's arguments, for code that passes them on."""

    transport: TransportChoice


class AsyncClientOptions(_Options, total=False):
    """An async client's arguments, for code that passes them on."""

    transport: AsyncTransportChoice


@frozen
class Parts:
    """The parts of a client, except its transport."""

    adapter: Adapter
    binding: Binding
    addresses: dict[str, str]
    """Addresses by service name."""
    policy: Policy


def assemble(
    *,
    endpoints: Endpoints,
    company: int,
    password: Secret,
    service_queue: int | None,
    protocol: str,
    engine: str | Binding,
    wsdl: str | os.PathLike[str] | None,
    timeout: Timeout,
    retry: Retry,
    timezone: str,
    rest_dates: RestDates,
    reference_field: int | None,
    max_reply_bytes: int,
    allow_insecure: bool,
    hooks: Sequence[Hook],
) -> Parts:
    """Check a client's arguments and build its parts. Raises ConfigurationError."""
    if not isinstance(endpoints, Endpoints):
        raise ConfigurationError("endpoints must be an Endpoints, such as Endpoints.sandbox()")
    if not allow_insecure:
        endpoints.require_secure()
    if max_reply_bytes < 1:
        raise ConfigurationError("max_reply_bytes must be 1 or more")
    adapter = Adapter(
        company=_whole("company", company),
        password=_not_empty(password),
        timezone=_zone(timezone),
        service_queue=None if service_queue is None else _whole("service_queue", service_queue),
        reference_field=_reference_field(reference_field),
    )
    policy = Policy(
        timeout, retry, RetryBudget(retry.budget), max_reply_bytes, adapter.callback_request, tuple(hooks)
    )
    addresses = {name: getattr(endpoints, service.endpoint, "") for name, service in SERVICES.items()}
    binding = _binding(protocol, engine, wsdl, rest_dates, adapter.timezone)
    return Parts(adapter, binding, addresses, policy)


def _binding(
    protocol: str,
    engine: str | Binding,
    wsdl: str | os.PathLike[str] | None,
    dates: RestDates,
    timezone: ZoneInfo,
) -> Binding:
    """The binding for a client's arguments."""
    if not isinstance(engine, str):
        if wsdl is not None:
            raise ConfigurationError("wsdl goes to the ZeepBinding: ZeepBinding(wsdl=...)")
        _require_soap(protocol)
        return engine
    if engine not in ("generated", "zeep"):
        raise ConfigurationError("engine must be 'generated', 'zeep' or a ZeepBinding")
    if protocol == "rest":
        if engine == "zeep":
            _require_soap(protocol)
        from buzzeasy_soap.wire.bindings.rest import RestBinding

        if dates not in ("document", "wcf"):
            raise ConfigurationError("rest_dates must be 'document' or 'wcf'")
        return RestBinding(dates=dates, timezone=timezone)
    if protocol != "soap":
        raise ConfigurationError("protocol must be 'soap' or 'rest'")
    if engine == "zeep":
        from buzzeasy_soap.wire.bindings.zeep import ZeepBinding

        binding = ZeepBinding(wsdl=wsdl)
        _require_fitting(binding.contract)
        return binding
    from buzzeasy_soap.wire.bindings.soap import SoapBinding

    if wsdl is None:
        return SoapBinding()
    contract = contract_of(wsdl)
    _require_fitting(contract)
    return SoapBinding(contract)


def _require_fitting(contract: "Contract") -> None:
    """Log which operations do not fit. Raises ConfigurationError where none of a service's does."""
    contract.require_any(SERVICES.values())
    for problem in contract.problems(SERVICES.values()):
        logger.warning("the service's WSDL does not fit: %s: %s", problem.place, problem.text)


def _require_soap(protocol: str) -> None:
    if protocol != "soap":
        raise ConfigurationError("zeep speaks SOAP alone: protocol must be 'soap'")


def contract_of(wsdl: str | os.PathLike[str]) -> "Contract":
    """The operations under the names of the WSDLs in a folder. Raises ConfigurationError."""
    from buzzeasy_soap.description.documents import read_documents
    from buzzeasy_soap.description.given import read_given
    from buzzeasy_soap.wire.rebinding import Contract

    given = read_given(read_documents(), Path(wsdl))
    return Contract({name: described for name, (_, described) in given.items()})


def open_transport(choice: TransportChoice, tls: TLS) -> Transport:
    """The transport for a blocking client's arguments. Raises ConfigurationError."""
    if not isinstance(choice, str):
        return Borrowed(choice)
    if choice == "requests":
        from buzzeasy_soap.wire.transports.requests import RequestsTransport

        return RequestsTransport(tls=tls)
    if choice == "curl":
        with extra("curl", "pycurl"):
            from buzzeasy_soap.wire.transports.curl import CurlTransport
        return CurlTransport(tls=tls)
    raise ConfigurationError("transport must be 'requests', 'curl' or a Transport")


def open_async_transport(choice: AsyncTransportChoice, tls: TLS) -> AsyncTransport:
    """The transport for an async client's arguments. Raises ConfigurationError."""
    if not isinstance(choice, str):
        return AsyncBorrowed(choice)
    if choice == "aiohttp":
        with extra("async", "aiohttp"):
            from buzzeasy_soap.wire.transports.aiohttp import AiohttpTransport
        return AiohttpTransport(tls=tls)
    raise ConfigurationError("transport must be 'aiohttp' or an AsyncTransport")


def _whole(name: str, value: int) -> int:
    try:
        return whole_number(name, value)
    except InvalidRequest as error:
        raise ConfigurationError(str(error)) from None


def _not_empty(password: Secret) -> Secret:
    if not isinstance(password.reveal(), str) or not password.reveal():
        raise ConfigurationError("password must be a non-empty str")
    return password


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name) if isinstance(name, str | ZoneInfo) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigurationError(
            f"timezone={name!r} is not a time zone known to this machine, such as Europe/London; "
            "if it knows none at all: pip install tzdata"
        ) from None


def _reference_field(number: int | None) -> int | None:
    if number is not None and not 1 <= _whole("reference_field", number) <= FIELDS:
        raise ConfigurationError(f"reference_field must be between 1 and {FIELDS}, or None")
    return number


@frozen
class Variables:
    """Environment variables. The repr, which tracebacks can show, hides their values."""

    _values: Mapping[str, str] = field(repr=False)

    def get(self, name: str) -> str | None:
        """The value, or None if it is unset or empty."""
        return self._values.get(name) or None

    def required(self, name: str) -> str:
        """The value. Raises ConfigurationError if it is unset or empty."""
        value = self.get(name)
        if value is None:
            raise ConfigurationError(f"{name} is not set; `buzzeasy sandbox` prints settings to try")
        return value


def from_environment(variables: Variables) -> dict[str, Any]:
    """A client's arguments, read from the `BUZZEASY_…` variables.

    Raises ConfigurationError, which names the variable.
    """
    arguments: dict[str, Any] = {
        "endpoints": Endpoints(
            variables.required("BUZZEASY_CALLBACK_URL"),
            variables.required("BUZZEASY_INFO_URL"),
            variables.get("BUZZEASY_EVENTS_URL"),
        ),
        "company": _number("BUZZEASY_COMPANY", variables.required("BUZZEASY_COMPANY"), int),
        "password": Secret(variables.required("BUZZEASY_PASSWORD")),
    }
    if service_queue := variables.get("BUZZEASY_SERVICE_QUEUE"):
        arguments["service_queue"] = _number("BUZZEASY_SERVICE_QUEUE", service_queue, int)
    if protocol := variables.get("BUZZEASY_PROTOCOL"):
        arguments["protocol"] = protocol
    if timezone := variables.get("BUZZEASY_TIMEZONE"):
        arguments["timezone"] = timezone
    if wsdl := variables.get("BUZZEASY_WSDL"):
        arguments["wsdl"] = wsdl
    if seconds := variables.get("BUZZEASY_TIMEOUT"):
        arguments["timeout"] = Timeout(total=_number("BUZZEASY_TIMEOUT", seconds, float))
    if ca_bundle := variables.get("BUZZEASY_CA_BUNDLE"):
        arguments["tls"] = TLS(ca_bundle=ca_bundle)
    return arguments


def _number(name: str, text: str, kind: Callable[[str], T]) -> T:
    try:
        return kind(text)
    except ValueError:
        raise ConfigurationError(f"{name} must be a number") from None
