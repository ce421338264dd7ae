"""Reading a WSDL with zeep, from given documents alone."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.model import (
    XSD,
    ComplexDescription,
    MemberDescription,
    MessageDescription,
    OperationDescription,
    ServiceDescription,
    SimpleDescription,
    TypeDescription,
    namespace,
)
from buzzeasy_soap.description.source import Source, read_source
from buzzeasy_soap.errors import ConfigurationError

if TYPE_CHECKING:
    import zeep.wsdl

# An address that no host has: documents find each other under it, and nothing else is there.
_BASE: Final = "https://contract.invalid/"

_BEYOND: Final = {
    "All": "xs:all",
    "Any": "a wildcard (xs:any)",
    "Choice": "xs:choice",
    "Element": "simple content",
    "Group": "xs:group",
    "Sequence": "a sequence in a sequence",
}


# What zeep raises, besides its own, at what is well-formed and no WSDL.
_MALFORMED: Final = (AssertionError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError)


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
        name = url.removeprefix(_BASE)
        if not url.startswith(_BASE) or name not in self.content:
            raise ConfigurationError(f"the WSDL imports {name}, which is not among its documents")
        return self.content[name]


def load_wsdl(documents: DocumentSet) -> "zeep.wsdl.Document":
    """The WSDL as zeep sees it. No DTD, no entity, and no document but the given ones.

    Raises ConfigurationError where it cannot be read.
    """
    from zeep.exceptions import Error
    from zeep.settings import Settings
    from zeep.wsdl import Document

    # force_https would rewrite soap:address, for our own base is https.
    settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True, force_https=False)
    source: Any = _GivenDocuments(documents.content)
    try:
        return Document(_BASE + documents.wsdl, source, settings=settings)
    except (Error, *_MALFORMED) as error:
        # A parse error of zeep's holds the whole document; its first line says enough.
        problem = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigurationError(f"{documents.wsdl} cannot be read: {problem}") from None


def describe(documents: DocumentSet, known: Collection[str] = ()) -> ServiceDescription:
    """The one SOAP 1.1 service in a WSDL, with what the generated code does not handle noted.

    Of several ports of one port type the first is taken, https before http; of several port types
    the one with the most operations of the names that are `known`. Raises ConfigurationError where
    the documents cannot be read or hold no such service.
    """
    source = read_source(documents.content)
    wsdl = load_wsdl(documents)
    service, port = _soap_port(documents.wsdl, wsdl, {name.casefold() for name in known})
    binding = port.binding
    name = binding.name.text
    declared = source.uses.get(name, [])
    operations = binding.all()
    lost = sorted({operation for operation, _ in declared} - operations.keys())
    if lost:
        raise ConfigurationError(f"{documents.wsdl}: the operation {lost[0]} has no messages")
    types = _Types(wsdl.types, source)
    return ServiceDescription(
        name=documents.name,
        namespace=namespace(name),
        port_type=binding.port_type.name.text,
        transport=source.transports.get(name, ""),
        address=_address(port),
        operations=tuple(
            _operation(operations[operation], use, binding, types)
            for operation, use in sorted(dict(declared).items())
        ),
        types=dict(sorted(types.found.items())),
        documentation=source.documentation.get(("service", service.name), ""),
    )


def _soap_port(document: str, wsdl: Any, known: Collection[str]) -> tuple[Any, Any]:
    from zeep.wsdl.bindings import Soap11Binding

    ports = [
        (service, port)
        for service in wsdl.services.values()
        for port in service.ports.values()
        if isinstance(port.binding, Soap11Binding)
    ]
    if not ports:
        raise NoSoapPort(f"{document} has no SOAP 1.1 port over HTTP")
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
    return str(port.binding_options.get("address") or "")


def _operation(operation: Any, use: str, binding: Any, types: "_Types") -> OperationDescription:
    beyond = []
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
        if request is None or request.tag.rpartition("}")[2] != operation.name:
            beyond.append("bare style")
        elif response is None and operation.output is not None:
            beyond.append("an empty response")
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


def _message(message: Any, types: "_Types") -> MessageDescription | None:
    if message is None:
        return None
    body = message.body
    if message.type == "fault":
        parts = list(message.abstract.parts.values()) if message.abstract else []
        body = parts[0].element if len(parts) == 1 else None
    if body is None or getattr(message, "_is_body_wrapped", False):
        return None
    return MessageDescription(body.qname.text, types.name_of(body.type, _path(body.qname.text)))


def _path(tag: str) -> str:
    """The name of the anonymous type of a global element."""
    prefix, brace, local = tag.rpartition("}")
    return f"{prefix}{brace}/{local}"


@frozen
class _Types:
    """The types that a service's messages reach."""

    schema: Any
    source: Source
    found: dict[str, TypeDescription] = field(factory=dict)

    def name_of(self, xsd_type: Any, path: str) -> str:
        """The name of a type, which is noted with all that it reaches; `path` if it is anonymous."""
        from zeep.xsd import AnySimpleType, ComplexType, ListType, UnionType

        if isinstance(xsd_type, ComplexType):
            return self._complex(xsd_type, path)
        if isinstance(xsd_type, (ListType, UnionType)):
            what = "xs:list" if isinstance(xsd_type, ListType) else "xs:union"
            self.found[path] = SimpleDescription(path, f"{XSD}anySimpleType", beyond=(what,))
            return path
        if not isinstance(xsd_type, AnySimpleType):
            return f"{XSD}anyType"
        name: str = xsd_type.qname.text
        if not name.startswith(XSD):
            self._simple(name, xsd_type)
        return name

    def _simple(self, name: str, xsd_type: Any) -> None:
        builtin: Any = next(
            each for each in type(xsd_type).__mro__ if each.__module__ == "zeep.xsd.types.builtins"
        )
        base = builtin._default_qname.text  # noqa: SLF001 - zeep says it nowhere else
        beyond = []
        if len(self.source.simple.get(name, ())) != 1:
            beyond.append("two simple types of one name")
        values = self._values(name)
        if values and base != f"{XSD}string":
            beyond.append(f"an enumeration of xs:{base.removeprefix(XSD)}")
        documentation = self.source.documentation.get((name,), "")
        self.found[name] = SimpleDescription(name, base, values, tuple(beyond), documentation)

    def _values(self, name: str) -> tuple[str, ...]:
        """What a simple type enumerates, or the type that it restricts does."""
        seen: set[str] = set()
        while name not in seen and len(self.source.simple.get(name, ())) == 1:
            seen.add(name)
            [(name, values)] = self.source.simple[name]
            if values:
                return values
        return ()

    def _complex(self, xsd_type: Any, path: str) -> str:
        from zeep.xsd import Element, Sequence

        name = path
        if xsd_type.is_global:
            # By name, for zeep keeps what extends in two states where types hold each other.
            name, xsd_type = xsd_type.qname.text, self.schema.get_type(xsd_type.qname)
        if name in self.found:
            return name
        self.found[name] = ComplexDescription(name, ())
        beyond = list(self.source.traits.get(name, ()))
        elements: list[tuple[Any, bool]] = []
        for _, indicator in xsd_type.elements_nested:
            if type(indicator) is not Sequence:
                beyond.append(_BEYOND[type(indicator).__name__])
            elif (indicator.min_occurs, indicator.max_occurs) != (1, 1):
                beyond.append("a sequence that repeats or may be left out")
            if type(indicator) is Sequence:
                beyond += [_BEYOND[type(each).__name__] for each in indicator if type(each) is not Element]
            elements += _elements(indicator)
        if xsd_type.attributes:
            required = any(
                attribute.required for _, attribute in xsd_type.attributes if hasattr(attribute, "required")
            )
            beyond.append("a required attribute" if required else "attributes")
        tags = [element.qname.text for element, _ in elements]
        beyond += [f"the element {tag} twice" for tag in sorted(set(tags)) if tags.count(tag) > 1]
        beyond += [f"a substitution group ({tag})" for tag in tags if tag in self.source.heads]
        self.found[name] = ComplexDescription(
            name,
            tuple(self._member(name, element, may_be_left_out) for element, may_be_left_out in elements),
            tuple(dict.fromkeys(beyond)),
            self.source.documentation.get((name,), ""),
        )
        return name

    def _member(self, owner: str, element: Any, may_be_left_out: bool) -> MemberDescription:
        path = _path(element.qname.text) if element.is_global else f"{owner}/{element.name}"
        return MemberDescription(
            name=element.name,
            tag=element.qname.text,
            type=self.name_of(element.type, path),
            min_occurs=0 if may_be_left_out else element.min_occurs,
            max_occurs=None if element.max_occurs == "unbounded" else element.max_occurs,
            nillable=element.nillable,
            documentation=self.source.documentation.get((owner, element.name), ""),
        )


def _elements(indicator: Any, may_be_left_out: bool = False) -> Iterator[tuple[Any, bool]]:
    """The elements of a group and of the groups in it, and whether they may be left out with it."""
    from zeep.xsd import Choice, Element

    if type(indicator) is Element:
        yield indicator, may_be_left_out
        return
    may_be_left_out = (
        may_be_left_out or isinstance(indicator, Choice) or getattr(indicator, "min_occurs", 1) == 0
    )
    for each in indicator if hasattr(indicator, "__iter__") else ():
        yield from _elements(each, may_be_left_out)
