"""Checks a client's arguments and builds its parts, for both clients."""

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, frozen

from buzzeasy_soap.clients.endpoints import Endpoints
from buzzeasy_soap.config import TLS, Retry, Timeout, check_type
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.errors import ConfigurationError, InvalidRequest
from buzzeasy_soap.extras import extra
from buzzeasy_soap.mapping.calls import FIELDS, Adapter
from buzzeasy_soap.mapping.parameters import whole_number
from buzzeasy_soap.wire.bindings import Binding
from buzzeasy_soap.wire.delivery import logger
from buzzeasy_soap.wire.exchange import AsyncBorrowed, AsyncTransport, Borrowed, Transport
from buzzeasy_soap.wire.headers import check_headers, hide_headers, secrets_in
from buzzeasy_soap.wire.policy import Endpoint, Hook, Policy, RetryBudget
from buzzeasy_soap.wire.proxies import check_proxy
from buzzeasy_soap.wire.redaction import Secret, hidden

if TYPE_CHECKING:
    from buzzeasy_soap.wire.rebinding import Contract

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
    timeout: Timeout | float
    retry: Retry
    timezone: str
    rest_dates: RestDates
    reference_field: int | None
    max_reply_bytes: int
    tls: TLS
    proxy: str | Secret | None
    headers: Mapping[str, str | Secret]
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
    endpoints: dict[str, Endpoint]
    """By service name."""
    policy: Policy
    wsdl: str | os.PathLike[str] | None
    """The path of the service's own WSDLs."""


def assemble(
    *,
    endpoints: Endpoints,
    company: int,
    password: Secret,
    service_queue: int | None,
    protocol: str,
    engine: str | Binding,
    wsdl: str | os.PathLike[str] | None,
    timeout: Timeout | float,
    retry: Retry,
    timezone: str,
    rest_dates: RestDates,
    reference_field: int | None,
    max_reply_bytes: int,
    headers: object,
    allow_insecure: bool,
    hooks: Sequence[Hook],
) -> Parts:
    """Check a client's arguments and build its parts. Raises ConfigurationError."""
    check_type("endpoints", endpoints, Endpoints, "an Endpoints, such as Endpoints.sandbox()")
    if not check_type("allow_insecure", allow_insecure, bool, "True or False"):
        endpoints.require_secure()
    if _whole("max_reply_bytes", max_reply_bytes) < 1:
        raise ConfigurationError("max_reply_bytes must be 1 or more")
    if rest_dates not in ("document", "wcf"):
        raise ConfigurationError("rest_dates must be 'document' or 'wcf'")
    retry = checked_retry(retry)
    adapter = Adapter(
        company=_whole("company", company),
        password=_not_empty(password),
        timezone=_zone(timezone),
        service_queue=None if service_queue is None else _whole("service_queue", service_queue),
        reference_field=_reference_field(reference_field),
    )
    checked_headers = check_headers(headers)
    policy = Policy(
        timeout=Timeout.of(timeout),
        retry=retry,
        budget=RetryBudget(retry.budget),
        max_reply_bytes=max_reply_bytes,
        describe=adapter.callback_request,
        headers=checked_headers,
        secrets=secrets_in(checked_headers),
        hooks=_hooks(hooks),
    )
    binding = _binding(protocol, engine, wsdl, rest_dates, adapter.timezone)
    return Parts(adapter, binding, _endpoints(endpoints), policy, wsdl or getattr(engine, "wsdl", None))


def _endpoints(endpoints: Endpoints) -> dict[str, Endpoint]:
    return {
        name: Endpoint(service.endpoint, getattr(endpoints, service.endpoint))
        for name, service in SERVICES.items()
        if hasattr(endpoints, service.endpoint)  # a service that is new has no address yet
    }


def _binding(
    protocol: str,
    engine: str | Binding,
    wsdl: str | os.PathLike[str] | None,
    dates: RestDates,
    timezone: ZoneInfo,
) -> Binding:
    """The binding for a client's arguments."""
    if wsdl is not None:
        check_type("wsdl", wsdl, (str, os.PathLike), "the path of a WSDL or a folder of them, or None")
    if not isinstance(engine, str) and callable(getattr(engine, "decode", None)):
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


def open_transport(choice: TransportChoice, tls: TLS, proxy: Secret | None) -> Transport:
    """The transport for a blocking client's arguments. Raises ConfigurationError."""
    _check_way(choice, tls, proxy)
    if choice == "requests":
        from buzzeasy_soap.wire.transports.requests import RequestsTransport

        return RequestsTransport(tls=tls, proxies=_proxies(proxy))
    if choice == "curl":
        with extra("curl", "pycurl"):
            from buzzeasy_soap.wire.transports.curl import CurlTransport
        return CurlTransport(tls=tls, proxies=_proxies(proxy))
    if isinstance(choice, str) or not _is_transport(choice) or inspect.iscoroutinefunction(choice.send):
        raise ConfigurationError("transport must be 'requests', 'curl' or a Transport")
    return Borrowed(choice)


def open_async_transport(choice: AsyncTransportChoice, tls: TLS, proxy: Secret | None) -> AsyncTransport:
    """The transport for an async client's arguments. Raises ConfigurationError."""
    _check_way(choice, tls, proxy)
    if choice == "aiohttp":
        with extra("async", "aiohttp"):
            from buzzeasy_soap.wire.transports.aiohttp import AiohttpTransport
        return AiohttpTransport(tls=tls, proxies=_proxies(proxy))
    # A close that is a coroutine tells the two kinds apart: a send may be any callable.
    if isinstance(choice, str) or not (_is_transport(choice) and inspect.iscoroutinefunction(choice.close)):
        raise ConfigurationError("transport must be 'aiohttp' or an AsyncTransport")
    return AsyncBorrowed(choice)


def _is_transport(choice: object) -> bool:
    return all(callable(getattr(choice, name, None)) for name in ("send", "close"))


def _check_way(choice: object, tls: TLS, proxy: Secret | None) -> None:
    """Raise ConfigurationError for certificates or a proxy that the transport cannot use."""
    check_type("tls", tls, TLS, "a TLS, such as TLS(ca_bundle='ca.pem')")
    if proxy is not None:
        check_proxy(proxy, socks=choice == "curl")
        if not isinstance(choice, str):
            raise ConfigurationError("proxy goes to your own transport: RequestsTransport(proxies=...)")


def _proxies(proxy: Secret | None) -> dict[str, str] | None:
    return None if proxy is None else {"all": proxy.reveal()}


def hide_secrets(options: "ClientOptions | AsyncClientOptions") -> None:
    """Put Secrets in place of what an options' dict holds, before a traceback can show it."""
    if "password" in options:
        options["password"] = Secret.of(options["password"])
    if "proxy" in options:
        options["proxy"] = hidden(options["proxy"])
    if "headers" in options:
        options["headers"] = cast("Mapping[str, Secret]", hide_headers(options["headers"]))


def change_policy(
    policy: Policy,
    timeout: Timeout | float | None,
    retry: Retry | None,
    before_sending: Callable[[], None] | None,
) -> Policy:
    """A view's policy: None keeps an option. Raises ConfigurationError."""
    if timeout is not None:
        policy = evolve(policy, timeout=Timeout.of(timeout))
    if retry is not None:
        policy = evolve(policy, retry=checked_retry(retry))
    if before_sending is not None:
        if not callable(before_sending) or inspect.iscoroutinefunction(before_sending):
            raise ConfigurationError("before_sending must be a callable without arguments, no coroutine")
        policy = evolve(policy, before_sending=before_sending)
    return policy


def change_account(adapter: Adapter, service_queue: int | None, password: Secret | None) -> Adapter:
    """A view's account: None keeps an option. Raises ConfigurationError."""
    if service_queue is not None:
        adapter = evolve(adapter, service_queue=_whole("service_queue", service_queue))
    if password is not None:
        adapter = evolve(adapter, password=_not_empty(password))
    return adapter


def checked_retry(retry: Retry) -> Retry:
    """The retry policy. Raises ConfigurationError."""
    return check_type("retry", retry, Retry, "a Retry, such as Retry(attempts=3)")


def _hooks(hooks: Sequence[Hook]) -> tuple[Hook, ...]:
    check_type("hooks", hooks, Sequence, "a list of callables, such as [print]")
    for hook in hooks:
        if not callable(hook) or inspect.iscoroutinefunction(hook):
            raise ConfigurationError("hooks must be callables that take an ExchangeRecord, no coroutines")
    return tuple(hooks)


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
