"""Reading a WSDL with zeep, from given documents alone."""

import threading
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.model import (
    MessageDescription,
    OperationDescription,
    ServiceDescription,
    local_name,
    namespace,
)
from buzzeasy_soap.description.source import Source, read_source
from buzzeasy_soap.description.types import Types, path_of
from buzzeasy_soap.description.well_known import AT_ADDRESS
from buzzeasy_soap.errors import ConfigurationError

if TYPE_CHECKING:
    import zeep.wsdl

# An address that no host has: documents find each other under it, and nothing else is there.
_BASE: Final = "https://contract.invalid/"

# To silence warnings changes the whole process: no two at a time.
_SILENCE: Final = threading.Lock()


class UnsupportedContract(ConfigurationError):
    """The WSDL holds something that the generated code does not handle."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(
            f'{place}: {what} is not handled by the generated code; ZeepBinding (engine="zeep") takes it'
        )


class NoSoapPort(ConfigurationError):
    """The WSDL has no SOAP 1.1 port over HTTP."""


@frozen
class _GivenDocuments:
    """What zeep loads from, in place of its transport: any address not among them is refused."""

    content: Mapping[str, bytes]

    def load(self, url: str) -> bytes:
        if url in AT_ADDRESS:
            return AT_ADDRESS[url]
        name = url.removeprefix(_BASE)
        if not url.startswith(_BASE) or name not in self.content:
            raise ConfigurationError(f"the WSDL imports {name}, which is not among its documents")
        return self.content[name]


def load_wsdl(documents: DocumentSet) -> "zeep.wsdl.Document":
    """The WSDL as zeep sees it. No DTD, no entity, and no document but the given ones.

    Raises ConfigurationError where it cannot be read.
    """
    from zeep.settings import Settings
    from zeep.wsdl import Document

    # force_https would rewrite soap:address, for our own base is https.
    settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True, force_https=False)
    source: Any = _GivenDocuments(documents.content)
    with _plain_errors(documents), _SILENCE, warnings.catch_warnings():
        # zeep warns of each operation that it drops; `describe` names those that count.
        warnings.simplefilter("ignore")
        return Document(_BASE + documents.wsdl, source, settings=settings)


@contextmanager
def _plain_errors(documents: DocumentSet) -> Iterator[None]:
    """Make whatever zeep raises, at once or when a type is first looked at, a ConfigurationError."""
    from zeep.exceptions import Error

    try:
        yield
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - zeep trips over odd documents in any way there is
        # A parse error of zeep's holds the whole document; its first line says enough.
        text = (str(error).splitlines() or [""])[0].replace(_BASE, "")
        is_told = isinstance(error, Error) or text.startswith("No definition")
        problem = text if is_told and text else f"{type(error).__name__}: {text}"
        raise ConfigurationError(f"{documents.wsdl} cannot be read: {problem}") from None


def describe(documents: DocumentSet, known: Collection[str] = ()) -> ServiceDescription:
    """The one SOAP 1.1 service in a WSDL, with what the generated code does not handle noted.

    Of several ports of one port type the first is taken, https before http; of several port types
    the one with the most operations of the names that are `known`. Raises ConfigurationError where
    the documents cannot be read or hold no such service.
    """
    source = read_source(documents.content)
    wsdl = load_wsdl(documents)
    with _plain_errors(documents):
        return _described(documents, wsdl, source, known)


def _described(
    documents: DocumentSet, wsdl: Any, source: Source, known: Collection[str]
) -> ServiceDescription:
    service, port = _soap_port(documents.wsdl, wsdl, source, {name.casefold() for name in known})
    binding = port.binding
    name = binding.name.text
    declared = source.uses.get(name, [])
    operations = binding.all()
    lost = sorted({operation for operation, _ in declared} - operations.keys())
    if lost:
        why = source.why_dropped(binding.port_type.name.text, lost[0])
        raise ConfigurationError(f"{documents.wsdl}: the operation {lost[0]} cannot be read: {why}")
    types = Types(wsdl.types, source)
    counts = Counter(operation for operation, _ in declared)
    return ServiceDescription(
        name=documents.name,
        namespace=namespace(name),
        port_type=binding.port_type.name.text,
        transport=source.transports.get(name, ""),
        address=_address(port),
        operations=tuple(
            _operation(operations[operation], use, binding, types, is_overloaded=counts[operation] > 1)
            for operation, use in sorted(dict(declared).items())
        ),
        types=dict(sorted(types.found.items())),
        documentation=source.documentation.get(("service", service.name), ""),
    )


def _soap_port(document: str, wsdl: Any, source: Source, known: Collection[str]) -> tuple[Any, Any]:
    from zeep.wsdl.bindings import Soap11Binding

    ports = [
        (service, port)
        for service in wsdl.services.values()
        for port in service.ports.values()
        if isinstance(port.binding, Soap11Binding)
    ]
    # A port type without operations takes no part, unless there is no other.
    ports = [each for each in ports if source.uses.get(each[1].binding.name.text)] or ports
    if not ports:
        raise NoSoapPort(f"{document} has no SOAP 1.1 port over HTTP{source.why_no_port()}")
    if known:
        most = max(_overlap(port, known) for _, port in ports)
        ports = [each for each in ports if _overlap(each[1], known) == most]
    port_types = sorted({port.binding.port_type.name.text for _, port in ports})
    if len(port_types) > 1:
        raise UnsupportedContract(document, f"more than one port type ({' and '.join(port_types)})")
    return min(ports, key=lambda each: (not _address(each[1]).startswith("https:"), each[1].name))


def _overlap(port: Any, known: Collection[str]) -> int:
    """How many operations of a port have one of these names, in any case."""
    return sum(name.casefold() in known for name in port.binding.all())


def _address(port: Any) -> str:
    """The address of a port; empty where it has none."""
    return str((port.binding_options or {}).get("address") or "")


def _operation(
    operation: Any, use: str, binding: Any, types: Types, *, is_overloaded: bool
) -> OperationDescription:
    beyond = ["an overloaded operation"] if is_overloaded else []
    if operation.style != "document":
        beyond.append("RPC style")
    if use != "literal":
        beyond.append(f"use {use}")
    if operation.output is None:
        beyond.append("a one-way operation")
    for message, what in (
        (operation.input, "a SOAP header"),
        (operation.output, "a SOAP header in the reply"),
    ):
        if message is not None and message.header and message.header.type.elements:
            beyond.append(what)
    request, response = _message(operation.input, types), _message(operation.output, types)
    if operation.style == "document":
        beyond += [
            what
            for message, direction in ((operation.input, "request"), (operation.output, "response"))
            if message is not None
            for what in _beyond_a_record(message, direction)
        ]
        if request is not None and local_name(request.tag) != operation.name:
            beyond.append("bare style")
    faults = {name: _message(fault, types) for name, fault in sorted(operation.faults.items())}
    return OperationDescription(
        name=operation.name,
        soap_action=operation.soapaction or "",
        style=operation.style,
        use=use,
        request=request,
        response=response,
        faults={name: fault for name, fault in faults.items() if fault is not None},
        beyond=tuple(beyond),
        documentation=types.source.documentation.get((binding.port_type.name.text, operation.name), ""),
    )


def _beyond_a_record(message: Any, direction: str) -> Iterator[str]:
    """What a message in document style has in place of one element with members."""
    from zeep.xsd import ComplexType

    parts = message.abstract.parts if message.abstract else {}
    if not parts or message.body is None:
        yield f"an empty {direction}"
    elif message._is_body_wrapped:  # noqa: SLF001 - zeep says it nowhere else
        yield f"a {direction} of several parts"
    elif all(part.element is None for part in parts.values()):
        yield f"a {direction} that is a type and no element"
    elif not isinstance(message.body.type, ComplexType):
        yield f"a {direction} of a simple type"


def _message(message: Any, types: Types) -> MessageDescription | None:
    if message is None:
        return None
    body = message.body
    if message.type == "fault":
        parts = list(message.abstract.parts.values()) if message.abstract else []
        body = parts[0].element if len(parts) == 1 else None
    if body is None or getattr(message, "_is_body_wrapped", False):
        return None
    return MessageDescription(body.qname.text, types.name_of(body.type, path_of(body.qname.text)))
