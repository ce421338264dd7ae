"""From a client's arguments to the parts that it is made of; both clients are built here."""

from collections.abc import Sequence
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

from buzzeasy_soap.adapter import FIELDS, Adapter, whole_number
from buzzeasy_soap.config import TLS, Endpoints, Retry, Timeout
from buzzeasy_soap.contract import buzz_me_info, request_callback_service
from buzzeasy_soap.errors import ConfigurationError, InvalidRequest
from buzzeasy_soap.wire.bindings import Binding
from buzzeasy_soap.wire.delivery import Hook, Policy, RetryBudget
from buzzeasy_soap.wire.exchange import AsyncTransport, Transport
from buzzeasy_soap.wire.redaction import Secret

ProtocolName: TypeAlias = Literal["soap", "rest"]
EngineName: TypeAlias = Literal["generated", "zeep"]
RestDates: TypeAlias = Literal["document", "wcf"]

TransportChoice: TypeAlias = Literal["requests", "curl"] | Transport
AsyncTransportChoice: TypeAlias = Literal["aiohttp"] | AsyncTransport



@frozen
class Parts:
    """What a client is made of, but for its transport."""

    adapter: Adapter
    binding: Binding
    addresses: dict[str, str]
    """Each service's address, by the service's name."""
    policy: Policy


def assemble(
    *,
    endpoints: Endpoints,
    company: int,
    password: str | Secret,
    service_queue: int | None,
    protocol: str,
    engine: str,
    wsdl: object,
    timeout: Timeout,
    retry: Retry,
    timezone: str,
    rest_dates: str,
    reference_field: int | None,
    max_reply_bytes: int,
    allow_insecure: bool,
    hooks: Sequence[Hook],
) -> Parts:
    """Check a client's arguments and build its parts. Raises ConfigurationError."""
    if not isinstance(endpoints, Endpoints):
        raise ConfigurationError("endpoints must be Endpoints, as Endpoints.sandbox()")
    if not allow_insecure:
        endpoints.require_secure()
    if max_reply_bytes < 1:
        raise ConfigurationError("max_reply_bytes must be 1 or more")
    adapter = Adapter(
        company=_whole("company", company),
        password=_secret(password),
        timezone=_zone(timezone),
        service_queue=None if service_queue is None else _whole("service_queue", service_queue),
        reference_field=_reference_field(reference_field),
    )
    policy = Policy(
        timeout, retry, RetryBudget(retry.budget), max_reply_bytes, adapter.semantics, tuple(hooks)
    )
    addresses = {
        request_callback_service.SERVICE.name: endpoints.callback_url,
        buzz_me_info.SERVICE.name: endpoints.info_url,
    }
    return Parts(adapter, _binding(protocol, engine), addresses, policy)


def _binding(protocol: str, engine: str) -> Binding:
    if protocol == "soap" and engine == "generated":
        from buzzeasy_soap.wire.bindings.soap import SoapBinding

        return SoapBinding()
    raise ConfigurationError(f"protocol={protocol!r} with engine={engine!r} is not to be had")


def open_transport(choice: TransportChoice, tls: TLS) -> Transport:
    """The transport that a blocking client asked for. Raises ConfigurationError."""
    if choice == "requests":
        from buzzeasy_soap.wire.transports.requests import RequestsTransport

        return RequestsTransport(tls=tls)
    if isinstance(choice, str):
        raise ConfigurationError(f"transport={choice!r} is not to be had")
    return choice


def open_async_transport(choice: AsyncTransportChoice, tls: TLS) -> AsyncTransport:
    """The transport that an async client asked for. Raises ConfigurationError."""
    if isinstance(choice, str):
        raise ConfigurationError(f"transport={choice!r} is not to be had")
    return choice


def _whole(name: str, value: int) -> int:
    try:
        return whole_number(name, value)
    except InvalidRequest as error:
        raise ConfigurationError(str(error)) from None


def _secret(password: str | Secret) -> Secret:
    if isinstance(password, Secret):
        return password
    if not isinstance(password, str) or not password:
        raise ConfigurationError("password must be a str that is not empty")
    return Secret(password)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigurationError(
            f"timezone={name!r} is not a time zone of this machine, as Europe/London is; "
            "where it has none at all: pip install tzdata"
        ) from None


def _reference_field(number: int | None) -> int | None:
    if number is not None and not 1 <= _whole("reference_field", number) <= FIELDS:
        raise ConfigurationError(f"reference_field must be between 1 and {FIELDS}, or None")
    return number
