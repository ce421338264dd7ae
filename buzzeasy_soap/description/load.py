"""Reading a WSDL with zeep, from given documents alone."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

from attrs import frozen

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.model import (
    MemberDescription,
    OperationDescription,
    ServiceDescription,
    TypeDescription,
)
from buzzeasy_soap.errors import ConfigurationError

if TYPE_CHECKING:
    import zeep.wsdl

# An address that no host has: documents find each other under it, and nothing else is there.
_BASE: Final = "https://contract.invalid/"
XSD: Final = "{http://www.w3.org/2001/XMLSchema}"


class UnsupportedContract(ConfigurationError):
    """The WSDL holds something that the generated code does not handle."""


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
    """The WSDL as zeep sees it. No DTD, no entity, and no document but the given ones."""
    from zeep.settings import Settings
    from zeep.wsdl import Document

    settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True)
    source: Any = _GivenDocuments(documents.content)
    return Document(_BASE + documents.wsdl, source, settings=settings)


def describe(documents: DocumentSet) -> ServiceDescription:
    """The one SOAP 1.1 service in a WSDL.

    Raises UnsupportedContract, naming the place, for what the generated code does not handle.
    """
    from zeep.wsdl.bindings import Soap11Binding

    ports = [
        port
        for service in load_wsdl(documents).services.values()
        for port in service.ports.values()
        if isinstance(port.binding, Soap11Binding)
    ]
    if len(ports) != 1:
        raise UnsupportedContract(f"{documents.wsdl} has {len(ports)} SOAP 1.1 ports where one is handled")
    [port] = ports
    operations = list(port.binding._operations.values())
    types: dict[str, TypeDescription] = {}
    return ServiceDescription(
        name=documents.name,
        port_type=port.binding.port_type.name.text,
        address=port.binding_options["address"],
        operations=tuple(_operation(operation, types) for operation in operations),
        types=types,
    )


def _operation(operation: Any, types: dict[str, TypeDescription]) -> OperationDescription:
    if operation.style != "document":
        _refuse(operation.name, f"style {operation.style}")
    if operation.faults:
        _refuse(operation.name, "a fault contract")
    for message in (operation.input, operation.output):
        if message is None:
            _refuse(operation.name, "a one-way operation")
        if message.body is None:
            _refuse(operation.name, "a message without a body")
        if message.header is not None and message.header.type.elements:
            _refuse(operation.name, "a SOAP header")
        _type(message.body.qname.text, message.body.type, types)
    return OperationDescription(
        name=operation.name,
        soap_action=operation.soapaction,
        request=operation.input.body.qname.text,
        response=operation.output.body.qname.text,
    )


def _type(name: str, xsd_type: Any, types: dict[str, TypeDescription]) -> None:
    """Note a complex type and all that it reaches."""
    from zeep.xsd import ComplexType, Element, Sequence
    from zeep.xsd.types.builtins import BuiltinType

    if name in types:
        return
    if not isinstance(xsd_type, ComplexType):
        _refuse(name, f"a type that is no sequence ({type(xsd_type).__name__})")
    if xsd_type._extension is not None or xsd_type._restriction is not None:
        _refuse(name, "xs:extension or xs:restriction")
    if xsd_type.attributes:
        _refuse(name, "attributes")
    nested = [indicator for _, indicator in xsd_type.elements_nested]
    if any(type(indicator) is not Sequence for indicator in nested):
        _refuse(name, "other than xs:sequence")
    elements = [element for indicator in nested for element in indicator]
    if any(type(element) is not Element for element in elements):
        _refuse(name, "a nested group or a wildcard")
    types[name] = TypeDescription(name, tuple(_member(element) for element in elements))
    for element in elements:
        if not isinstance(element.type, BuiltinType):
            _type(element.type.qname.text, element.type, types)


def _member(element: Any) -> MemberDescription:
    return MemberDescription(
        name=element.name,
        tag=element.qname.text,
        type=element.type.qname.text,
        optional=element.min_occurs == 0,
        nillable=element.nillable,
        repeated=element.max_occurs != 1,
    )


def _refuse(place: str, what: str) -> NoReturn:
    raise UnsupportedContract(f"{place}: {what} is not handled by the generated code")


def load_contract(document_sets: Iterable[DocumentSet]) -> tuple[ServiceDescription, ...]:
    """Each set's service, in the order given."""
    return tuple(describe(documents) for documents in document_sets)
