"""Finds the port of a WSDL that `zeep()` hands out, for both clients."""

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from buzzeasy_soap.config import check_secure, check_type, http_url
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.given import find_service, read_given
from buzzeasy_soap.description.load import load_wsdl, port_of
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.bindings import Binding
from buzzeasy_soap.wire.bindings.plugins import Extensions
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from buzzeasy_soap.wire.bindings.zeep_service import ZeepPort
from buzzeasy_soap.wire.policy import Endpoint

Wsdl: TypeAlias = str | os.PathLike[str]


def find_port(
    service: str,
    *,
    port: str | None,
    address: str | None,
    wsdl: Wsdl | None,
    clients_wsdl: Wsdl | None,
    secrets: Sequence[str],
    binding: Binding,
    endpoints: Mapping[str, Endpoint],
    allow_insecure: bool,
) -> tuple[ZeepPort, Endpoint]:
    """Zeep's port of a service, and where it is. Raises ConfigurationError."""
    check_type("service", service, str, "the name of a service")
    if wsdl is not None:
        check_type("wsdl", wsdl, (str, os.PathLike), "the path of a WSDL or a folder of them, or None")
    known = read_documents()
    documents, published_as = _documents(service, known, wsdl, clients_wsdl)
    document = load_wsdl(documents)
    found = port_of(documents, document, service=published_as, port=port)
    zeep_port = ZeepPort(
        service,
        # One without an input is the service's to call.
        operations={name: each for name, each in found.binding.all().items() if each.input is not None},
        schema=document.types,
        extensions=binding.extensions if isinstance(binding, ZeepBinding) else Extensions(),
        secrets=_secret_names(secrets, known),
    )
    named = (found.binding_options or {}).get("address")
    return zeep_port, _endpoint(service, address, endpoints, named, allow_insecure=allow_insecure)


def _documents(
    service: str, known: Collection[DocumentSet], wsdl: Wsdl | None, clients_wsdl: Wsdl | None
) -> tuple[DocumentSet, str | None]:
    """The documents of a service, and its name in them; None for one of this package's own."""
    given = wsdl or clients_wsdl
    own = [documents for documents in known if documents.name == service]
    if own and given:
        with suppress(ConfigurationError):  # it may have a service of that name for all that
            return read_given(own, Path(given))[service][0], None
    if own and not wsdl:
        return own[0], None
    if given is None:
        names = " and ".join(documents.name for documents in known)
        raise ConfigurationError(f"service {service!r} needs wsdl=: this package has {names} alone")
    return find_service(Path(given), service), service


def _secret_names(secrets: Sequence[str], known: Collection[DocumentSet]) -> tuple[str, ...]:
    if isinstance(secrets, str) or not all(isinstance(name, str) and name for name in secrets):
        raise ConfigurationError("secrets must be a list of names, such as ['token']")
    return tuple(sorted({*secrets, *(name for documents in known for name in documents.secrets)}))


def _endpoint(
    service: str,
    address: str | None,
    endpoints: Mapping[str, Endpoint],
    named: str | None,
    *,
    allow_insecure: bool,
) -> Endpoint:
    """Where a service is: as the caller says, or the client's endpoints do."""
    if address is None:
        if service in endpoints:
            return endpoints[service]
        hint = f" ({named!r:.200})" if named else ""
        raise ConfigurationError(
            f"address must be given: the endpoints have none of {service}, and the WSDL's own{hint} is never used"
        )
    url = http_url("address", address)
    if not allow_insecure:
        check_secure("address", url)
    return Endpoint("address", url)
