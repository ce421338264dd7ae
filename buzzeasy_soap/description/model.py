"""A service as its WSDL describes it, free of prefixes, files and zeep.

Names of elements and types are in Clark notation, `{namespace}local`. An anonymous type is named by
its path, `{namespace}/Element` or `{namespace}Type/member`: no name in a schema can hold a slash.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import field, frozen

XSD: Final = "{http://www.w3.org/2001/XMLSchema}"

UNREADABLE: Final = "an operation that cannot be read"
"""What is beyond the generated code in an operation that zeep leaves out; the reason follows."""

TEXTS: Final = frozenset(
    f"{XSD}{name}"
    for name in (
        "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "ID", "IDREF", "ENTITY",
    )
)  # fmt: skip
"""XML Schema's own types that are mere texts."""

FACETS: Final = (
    "length", "minLength", "maxLength", "pattern", "minInclusive", "minExclusive", "maxInclusive", "maxExclusive",
    "totalDigits", "fractionDigits",
)  # fmt: skip
"""What a simple type may restrict besides its values."""


def local_name(name: str) -> str:
    """The last part of a name: of `{namespace}Type/member`, `member`."""
    return name.rpartition("}")[2].rpartition("/")[2]


def is_anonymous(name: str) -> bool:
    """Whether a type has no name but the path to where it stands."""
    return "/" in name.rpartition("}")[2]


def namespace(name: str) -> str:
    """The namespace of a name, empty where it has none."""
    return name[1:].partition("}")[0] if name.startswith("{") else ""


@frozen
class MemberDescription:
    """One element of a sequence."""

    name: str
    tag: str
    """Its name in Clark notation: qualified, or bare where the schema leaves it unqualified.

    For a wildcard `*`, or `{namespace}*` where only that namespace's elements may stand."""
    type: str
    """A key of the service's `types`, or the name of one of XML Schema's own."""
    min_occurs: int
    max_occurs: int | None
    """None for unbounded."""
    nillable: bool
    documentation: str = ""
    owner: str = ""
    """The type that declares it, where that is one that the record's type extends."""

    @property
    def is_wildcard(self) -> bool:
        """Any element may stand here."""
        return self.tag.endswith("*")

    @property
    def optional(self) -> bool:
        """It may be left out."""
        return self.min_occurs == 0

    @property
    def repeated(self) -> bool:
        """It may stand more than once."""
        return self.max_occurs is None or self.max_occurs > 1


@frozen
class AttributeDescription:
    """One attribute of a complex type."""

    name: str
    """In Clark notation where it is qualified."""
    type: str
    required: bool
    owner: str = ""
    """The type that declares it, where that is one that its type extends."""


@frozen
class ComplexDescription:
    """One complex type: a sequence of elements, those of the types that it extends first."""

    name: str
    members: tuple[MemberDescription, ...]
    beyond: tuple[str, ...] = ()
    """What the type holds and the generated code does not handle, as `xs:choice`."""
    documentation: str = ""
    attributes: tuple[AttributeDescription, ...] = ()
    derived: tuple[str, ...] = ()
    """The types that extend it: what is declared as it may be one of them (`xsi:type`)."""
    base: str = ""
    """The type that it extends, where it has a name of its own."""
    abstract: bool = False
    """Only types that extend it stand in a message."""
    of_element: bool = False
    """It is no type of the schema's: its one member is a message's own element, whose type has no members."""


@frozen
class SimpleDescription:
    """One simple type: a restriction of one of XML Schema's own."""

    name: str
    base: str
    values: tuple[str, ...] = ()
    """What an enumeration allows; empty where it is none."""
    beyond: tuple[str, ...] = ()
    documentation: str = ""
    items: str = ""
    """The type of its items, where it is a list of them in one text."""
    facets: Mapping[str, str] = field(factory=dict)
    """What it and the types that it restricts restrict, by the facet's name."""

    @property
    def is_enumeration(self) -> bool:
        """It enumerates texts; one of numbers is read and written as what it restricts."""
        return bool(self.values) and self.base in TEXTS


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
    one_way: bool = False
    """Nothing answers it."""
    beyond: tuple[str, ...] = ()
    """What it holds and the generated code does not handle, as `RPC style`."""
    documentation: str = ""
    request_headers: tuple[MemberDescription, ...] = ()
    """The SOAP headers that the binding declares: each may be left out, unless it says `wsdl:required`."""
    response_headers: tuple[MemberDescription, ...] = ()


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
    other_port_types: tuple[str, ...] = ()
    """The WSDL's other port types that are SOAP 1.1 over HTTP."""
    demands: frozenset[tuple[str, str]] = frozenset()
    """What policies ask for: the operation, empty for all of them, and the words, as `WS-Addressing`."""
