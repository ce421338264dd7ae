"""A service as its WSDL describes it, free of prefixes, files and zeep.

Names of elements and types are in Clark notation, `{namespace}local`. An anonymous type is named by
its path, `{namespace}/Element` or `{namespace}Type/member`: no name in a schema can hold a slash.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import frozen

XSD: Final = "{http://www.w3.org/2001/XMLSchema}"


def local_name(name: str) -> str:
    """The last part of a name: of `{namespace}Type/member`, `member`."""
    return name.rpartition("}")[2].rpartition("/")[2]


def namespace(name: str) -> str:
    """The namespace of a name, empty where it has none."""
    return name[1:].partition("}")[0] if name.startswith("{") else ""


@frozen
class MemberDescription:
    """One element of a sequence."""

    name: str
    tag: str
    """Its name in Clark notation: qualified, or bare where the schema leaves it unqualified."""
    type: str
    """A key of the service's `types`, or the name of one of XML Schema's own."""
    min_occurs: int
    max_occurs: int | None
    """None for unbounded."""
    nillable: bool
    documentation: str = ""

    @property
    def optional(self) -> bool:
        """It may be left out."""
        return self.min_occurs == 0

    @property
    def repeated(self) -> bool:
        """It may stand more than once."""
        return self.max_occurs is None or self.max_occurs > 1


@frozen
class ComplexDescription:
    """One complex type: a sequence of elements, those of the types that it extends first."""

    name: str
    members: tuple[MemberDescription, ...]
    beyond: tuple[str, ...] = ()
    """What the type holds and the generated code does not handle, as `xs:choice`."""
    documentation: str = ""


@frozen
class SimpleDescription:
    """One simple type: a restriction of one of XML Schema's own."""

    name: str
    base: str
    values: tuple[str, ...] = ()
    """What an enumeration allows; empty where it is none."""
    beyond: tuple[str, ...] = ()
    documentation: str = ""


TypeDescription: TypeAlias = ComplexDescription | SimpleDescription


@frozen
class MessageDescription:
    """What stands in the Body, or in the detail of a fault: one element and its type."""

    tag: str
    type: str


@frozen
class OperationDescription:
    """One operation of a SOAP binding."""

    name: str
    soap_action: str
    style: str
    """`document` or `rpc`."""
    use: str
    """`literal` or `encoded`."""
    request: MessageDescription | None
    """None where the request's Body is empty, or is more than one element."""
    response: MessageDescription | None
    """None for a one-way operation, and as for the request."""
    faults: Mapping[str, MessageDescription]
    """The details of the faults that it declares, by the fault's name."""
    beyond: tuple[str, ...] = ()
    """What it holds and the generated code does not handle, as `a SOAP header`."""
    documentation: str = ""


@frozen
class ServiceDescription:
    """One service, by its SOAP 1.1 port."""

    name: str
    namespace: str
    """The target namespace of its binding."""
    port_type: str
    transport: str
    """The URI of the binding's transport."""
    address: str
    operations: tuple[OperationDescription, ...]
    """In order of their names: the order in a WSDL means nothing."""
    types: Mapping[str, TypeDescription]
    """By name: all that the operations reach, in order of their names."""
    documentation: str = ""
