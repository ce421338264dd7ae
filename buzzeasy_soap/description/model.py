"""A service as its WSDL describes it, free of prefixes, files and zeep."""

from collections.abc import Mapping

from attrs import frozen


@frozen
class MemberDescription:
    """One element of a sequence."""

    name: str
    tag: str
    """Its name in Clark notation: qualified, or bare where the schema leaves it unqualified."""
    type: str
    """A type's name in Clark notation."""
    optional: bool
    nillable: bool
    repeated: bool


@frozen
class TypeDescription:
    """One complex type: a sequence of elements."""

    name: str
    """In Clark notation. A wrapper element's anonymous type bears the element's name."""
    members: tuple[MemberDescription, ...]


@frozen
class OperationDescription:
    """One operation of a document/literal binding; request and response name wrapper elements."""

    name: str
    soap_action: str
    request: str
    response: str


@frozen
class ServiceDescription:
    """One service, by its SOAP 1.1 port."""

    name: str
    port_type: str
    address: str
    operations: tuple[OperationDescription, ...]
    types: Mapping[str, TypeDescription]
    """By name in Clark notation: all that the operations reach, wrapper elements included."""
