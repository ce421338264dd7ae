"""Reading a WSDL with zeep, from given documents alone."""

import threading
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.model import (
    UNREADABLE,
    ComplexDescription,
    MemberDescription,
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
        super().__init__(f"{place}: {what} is not handled by the generated code")


class NoSoapPort(ConfigurationError):
    """The WSDL has no SOAP 1.1 port over HTTP."""


class SeveralPortTypes(ConfigurationError):
    """Nothing says which of a WSDL's port types is the service's."""

    def __init__(self, document: str, port_types: Sequence[str], *, known: int) -> None:
        super().__init__(
            f"{document} has more than one port type, {' and '.join(port_types)}: "
            "--port-type or contract.toml must say which"
        )
        self.port_types = port_types
        self.known = known
        """How many operations each has that are known."""


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
    with _plain_errors(documents):
        with _SILENCE, warnings.catch_warnings():
            # zeep warns of each operation that it drops; `describe` names those that count.
            warnings.simplefilter("ignore")
            wsdl = Document(_BASE + documents.wsdl, source, settings=settings)
        if any(b"parts" in content for content in documents.content.values()):
            _pick_parts(wsdl, read_source(documents.content))
    return wsdl


def _pick_parts(wsdl: Any, source: Source) -> None:
    """Leave in a Body the parts that its `parts` names: zeep reads no `parts`, and writes them all."""
    from zeep import xsd

    for (binding, operation, way), picked in source.parts.items():
        found = wsdl.bindings.get(binding)
        message = getattr(found.all().get(operation), way, None) if found is not None else None
        if message is None or message.body is None:
            continue
        is_rpc = message.operation.style == "rpc"
        if is_rpc or message._is_body_wrapped:  # noqa: SLF001
            elements = [element for name, element in message.body.type.elements if name in picked]
        elif picked:
            continue  # it has no other part
        else:
            elements = []
        if is_rpc or len(elements) > 1:
            group = xsd.Sequence if is_rpc else xsd.All
            message.body = xsd.Element(message.body.qname, xsd.ComplexType(group(elements)))
        else:
            message._is_body_wrapped = False  # noqa: SLF001
            message.body = elements[0] if elements else None
        message.envelope = message._create_envelope_element()  # noqa: SLF001


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


def describe(documents: DocumentSet) -> ServiceDescription:
    """The one SOAP 1.1 service in a WSDL, with what the generated code does not handle noted.

    Of several ports of one port type the first is taken, https before http; of several port types
    the one with the most operations that are known, then the one that `contract.toml` names. Raises
    ConfigurationError where the documents cannot be read or hold no such service.
    """
    source = read_source(documents.content)
    wsdl = load_wsdl(documents)
    with _plain_errors(documents):
        return _described(documents, wsdl, source)


def port_of(
    documents: DocumentSet, wsdl: "zeep.wsdl.Document", *, service: str | None = None, port: str | None = None
) -> Any:
    """Zeep's port of a service of the WSDL, by their names; without them that which `describe` describes.

    Raises ConfigurationError where there is none, or nothing says which.
    """
    ports = _soap_ports(documents.wsdl, wsdl, read_source(documents.content))
    found = [
        (each, its_port)
        for each, its_port in ports
        if service in (None, each.name) and port in (None, its_port.name)
    ]
    if not found:
        names = ", ".join(f"{each.name}.{its_port.name}" for each, its_port in ports)
        wanted = f"port {port} of {service}" if port else f"port of {service}"
        raise ConfigurationError(f"{documents.wsdl} has no {wanted}: over SOAP 1.1 it has {names}")
    if service is not None and len({_port_type(each) for _, each in found}) > 1:
        names = " or ".join(each.name for _, each in found)
        raise ConfigurationError(f"{service} has ports of several port types: port= must say which, {names}")
    return _port_of(documents, found)[1]


def _described(documents: DocumentSet, wsdl: Any, source: Source) -> ServiceDescription:
    ports = _soap_ports(documents.wsdl, wsdl, source)
    service, port = _port_of(documents, ports)
    binding = port.binding
    name = binding.name.text
    declared = source.uses.get(name, [])
    operations = binding.all()
    types = Types(wsdl.types, source)
    counts = Counter(operation for operation, _ in declared)
    return ServiceDescription(
        name=documents.name,
        namespace=namespace(name),
        port_type=_port_type(port),
        transport=source.transports.get(name, ""),
        address=_address(port),
        operations=tuple(
            _operation(operations[operation], use, binding, types, is_overloaded=counts[operation] > 1)
            if operation in operations
            else _dropped(operation, use, source.why_dropped(_port_type(port), operation))
            for operation, use in sorted(dict(declared).items())
        ),
        types=dict(sorted(types.found.items())),
        documentation=source.documentation.get(("service", service.name), ""),
        other_port_types=tuple(sorted({_port_type(other) for _, other in ports} - {_port_type(port)})),
        demands=frozenset(
            source.demands.get(("binding", name), set())
            | source.demands.get(("port", service.name, port.name), set())
        ),
    )


def _soap_ports(document: str, wsdl: Any, source: Source) -> list[tuple[Any, Any]]:
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
    return ports


def _port_of(documents: DocumentSet, ports: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """The port that is the service's, and its service."""
    known = {name.casefold() for name in documents.facts}
    most = max(_overlap(port, known) for _, port in ports)
    ports = [each for each in ports if _overlap(each[1], known) == most]
    named = [each for each in ports if local_name(_port_type(each[1])) == documents.port_type]
    ports = named or ports
    port_types = sorted({_port_type(port) for _, port in ports})
    if len(port_types) > 1:
        raise SeveralPortTypes(documents.wsdl, port_types, known=most)
    return min(ports, key=lambda each: (not _address(each[1]).startswith("https:"), each[1].name))


def _port_type(port: Any) -> str:
    return str(port.binding.port_type.name.text)


def _overlap(port: Any, known: Collection[str]) -> int:
    """How many operations of a port have one of these names, in any case."""
    return sum(name.casefold() in known for name in port.binding.all())


def _address(port: Any) -> str:
    """The address of a port; empty where it has none."""
    return str((port.binding_options or {}).get("address") or "")


def _dropped(name: str, use: str, why: str) -> OperationDescription:
    """An operation that zeep leaves out: the others can be called all the same."""
    return OperationDescription(
        name=name,
        soap_action="",
        style="document",
        use=use,
        request=None,
        response=None,
        faults={},
        beyond=(f"{UNREADABLE} ({why})",),
    )


def _operation(
    operation: Any, use: str, binding: Any, types: Types, *, is_overloaded: bool
) -> OperationDescription:
    beyond = ["an overloaded operation"] if is_overloaded else []
    if operation.style != "document":
        beyond.append("RPC style")
    if use != "literal":
        beyond.append(f"use {use}")
    if operation.input is None:
        beyond.append("an operation that the service calls")
    headers: dict[str, tuple[MemberDescription, ...]] = {"input": (), "output": ()}
    if operation.style == "document" and use == "literal" and not is_overloaded:
        for message, way in ((operation.input, "input"), (operation.output, "output")):
            declared = types.source.headers.get((binding.name.text, operation.name, way), [])
            headers[way], unhandled = _headers(message, declared, types)
            beyond += unhandled
    picked = {
        way: types.source.parts.get((binding.name.text, operation.name, way)) for way in ("input", "output")
    }
    request = _message(operation.input, types, picked["input"])
    response = _message(operation.output, types, picked["output"])
    if operation.style == "document":
        beyond += [
            what
            for message, way, direction in (
                (operation.input, "input", "request"),
                (operation.output, "output", "response"),
            )
            if message is not None
            for what in _beyond_an_element(message, picked[way], direction)
        ]
    faults = {name: _message(fault, types) for name, fault in sorted(operation.faults.items())}
    return OperationDescription(
        name=operation.name,
        soap_action=operation.soapaction or "",
        style=operation.style,
        use=use,
        request=request,
        response=response,
        faults={name: fault for name, fault in faults.items() if fault is not None},
        one_way=operation.output is None,
        beyond=tuple(beyond),
        documentation=types.source.documentation.get((binding.port_type.name.text, operation.name), ""),
        request_headers=headers["input"],
        response_headers=headers["output"],
    )


def _headers(
    message: Any, declared: list[tuple[str, bool]], types: Types
) -> tuple[tuple[MemberDescription, ...], list[str]]:
    """The SOAP headers of a message, and what of them the generated code does not handle."""
    if message is None or message.header is None:
        return (), []
    found: dict[str, MemberDescription] = {}
    beyond = []
    elements = [element for _, element in message.header.type.elements]
    for element, (use, is_required) in zip(elements, declared, strict=True):
        if use != "literal":
            beyond.append(f"a SOAP header with use {use} ({element.name})")
        elif not element.is_global:
            beyond.append(f"a SOAP header that is a type and no element ({element.name})")
        else:
            found[element.qname.text] = MemberDescription(
                name=element.name,
                tag=element.qname.text,
                type=types.name_of(element.type, path_of(element.qname.text)),
                min_occurs=int(is_required),
                max_occurs=1,
                nillable=element.nillable,
            )
    return tuple(found.values()), beyond


def _beyond_an_element(message: Any, picked: list[str] | None, direction: str) -> Iterator[str]:
    """What a message in document style has in place of one element."""
    elements = _elements(message, picked)
    if not elements:
        yield f"an empty {direction}"
    elif len(elements) > 1:
        yield f"a {direction} of several parts"
    elif elements[0] is None:
        yield f"a {direction} that is a type and no element"


def _elements(message: Any, picked: list[str] | None) -> list[Any]:
    """The elements that a message's Body is, None for a part that is a type."""
    parts = dict(message.abstract.parts) if message.abstract else {}
    if message.type == "fault":
        return [part.element for part in parts.values()]
    if picked is not None:  # zeep reads no `parts`
        return [part.element for name, part in parts.items() if name in picked]
    if message.body is None:
        return []
    if message._is_body_wrapped:  # noqa: SLF001 - zeep says it nowhere else
        return [element for _, element in message.body.type.elements]
    tags = {part.element.qname for part in parts.values() if part.element is not None}
    return [message.body if message.body.qname in tags else None]


def _message(message: Any, types: Types, picked: list[str] | None = None) -> MessageDescription | None:
    if message is None:
        return None
    if message.operation.style != "document" and message.type != "fault":
        body = message.body
    else:
        elements = _elements(message, picked)
        body = elements[0] if len(elements) == 1 else None
    if body is None:
        return None
    name = types.name_of(body.type, path_of(body.qname.text))
    # A fault's detail may be a mere text.
    if message.type != "fault" and not isinstance(types.found.get(name), ComplexDescription):
        name = types.of_element(body)
    return MessageDescription(body.qname.text, name)
