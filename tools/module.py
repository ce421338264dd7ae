"""The source of one generated module: a service's records, their shapes, operations and proxies."""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from attrs import fields

from buzzeasy_soap.description.documents import DocumentSet, OperationFacts
from buzzeasy_soap.description.load import UnsupportedContract
from buzzeasy_soap.description.model import (
    XSD,
    AttributeDescription,
    ComplexDescription,
    MemberDescription,
    MessageDescription,
    OperationDescription,
    ServiceDescription,
    SimpleDescription,
    TypeDescription,
    local_name,
    namespace,
)
from naming import ContractNames, Names, attribute_name, constant_name, is_of_a_family

_SIMPLE: Final = {
    **dict.fromkeys(
        ("token", "language", "Name", "NCName", "NMTOKEN", "ID", "IDREF", "ENTITY"), ("xsd.TOKEN", "str")
    ),
    "anyURI": ("xsd.ANY_URI", "str"),
    "base64Binary": ("xsd.BASE64_BINARY", "bytes"),
    "boolean": ("xsd.BOOLEAN", "bool"),
    "byte": ("xsd.BYTE", "int"),
    "date": ("xsd.DATE", "dt.date"),
    "dateTime": ("xsd.DATE_TIME", "dt.datetime"),
    "decimal": ("xsd.DECIMAL", "Decimal"),
    "double": ("xsd.DOUBLE", "float"),
    "duration": ("xsd.DURATION", "dt.timedelta"),
    "float": ("xsd.FLOAT", "float"),
    "hexBinary": ("xsd.HEX_BINARY", "bytes"),
    "int": ("xsd.INT", "int"),
    "integer": ("xsd.INTEGER", "int"),
    "long": ("xsd.LONG", "int"),
    "negativeInteger": ("xsd.NEGATIVE_INTEGER", "int"),
    "nonNegativeInteger": ("xsd.NON_NEGATIVE_INTEGER", "int"),
    "nonPositiveInteger": ("xsd.NON_POSITIVE_INTEGER", "int"),
    "normalizedString": ("xsd.NORMALIZED_STRING", "str"),
    "positiveInteger": ("xsd.POSITIVE_INTEGER", "int"),
    "short": ("xsd.SHORT", "int"),
    "string": ("xsd.STRING", "str"),
    "time": ("xsd.TIME", "dt.time"),
    "unsignedByte": ("xsd.UNSIGNED_BYTE", "int"),
    "unsignedInt": ("xsd.UNSIGNED_INT", "int"),
    "unsignedLong": ("xsd.UNSIGNED_LONG", "int"),
    "unsignedShort": ("xsd.UNSIGNED_SHORT", "int"),
}
_GUID: Final = ("xsd.GUID", "UUID")
_SECRET: Final = ("xsd.SECRET", "Secret")

_IMPORTS: Final = """
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from attrs import frozen, resolve_types

from buzzeasy_soap.wire import xsd
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.operation import (
    ACCEPTED, Accepted, AsyncInvoke, Header, Invoke, Message, Operation, Service,
)
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import Member, Record, Shape
from buzzeasy_soap.wire.xsd import Nil
"""
# Imported only where the module names them.
_ON_DEMAND: Final = {
    "dt": "import datetime as dt\n",
    "Decimal": "from decimal import Decimal\n",
    "StrEnum": "from enum import StrEnum\n",
    "Header": " Header,",
    "UUID": "from uuid import UUID\n",
    "resolve_types": ", resolve_types",
    "ACCEPTED": "ACCEPTED, ",
    "Accepted": "Accepted, ",
    "xsd": "from buzzeasy_soap.wire import xsd\n",
    "Xml": "from buzzeasy_soap.wire.opaque import Xml\n",
    "Secret": "from buzzeasy_soap.wire.redaction import Secret\n",
    "Nil": "from buzzeasy_soap.wire.xsd import Nil\n",
}
_RESERVED: Final = frozenset(re.findall(r"\w+", _IMPORTS)) | {"SERVICE"}


_Fields: TypeAlias = list[tuple[str, MemberDescription]]


class Module:
    """One service as Python source; each name in it stands for one thing."""

    def __init__(self, service: ServiceDescription, documents: DocumentSet) -> None:
        self._service = service
        self._documents = documents
        self._names = ContractNames(service, _RESERVED)
        self._records = _leaves_first(service.types.values())
        self._position = {record.name: index for index, record in enumerate(self._records)}

    def source(self) -> str:
        """The module without its docstring."""
        parts = [
            self._tag_constants(),
            *(
                self._enum(described)
                for described in self._service.types.values()
                if isinstance(described, SimpleDescription) and described.is_enumeration
            ),
            *(self._record(described) for described in self._records),
            "\n".join(map(self._shape_constant, self._records)),
            *(self._shape(described) for described in self._records),
            *(
                f"resolve_types({self._names.classes[record.name]})"
                for record in self._records
                if self._is_unresolved(record)
            ),
            *(self._header(header) for header in self._names.headers),
            *(self._operation(operation) for operation in self._service.operations),
            self._service_constant(),
            self._proxy(asynchronous=False),
            self._proxy(asynchronous=True),
        ]
        body = "\n\n".join(parts)
        imports = _IMPORTS
        for name, text in _ON_DEMAND.items():
            if not re.search(rf"\b{name}\b", body):
                imports = imports.replace(text, "")
        return f"{imports}\n\n{body}"

    def _is_ahead(self, record: ComplexDescription, member: MemberDescription) -> bool:
        """The member's type is written at the record or after it."""
        return self._position.get(member.type, -1) >= self._position[record.name]

    def _base(self, record: ComplexDescription) -> ComplexDescription | None:
        """The record that a record's class extends."""
        base = self._service.types.get(record.base)
        return base if isinstance(base, ComplexDescription) else None

    def _is_unresolved(self, record: ComplexDescription) -> bool:
        """A field of the record, or one that it inherits, is annotated with a class that comes later."""
        base = self._base(record)
        return any(self._is_ahead(record, member) for member in record.members) or (
            base is not None and self._is_unresolved(base)
        )

    def _tag(self, tag: str) -> str:
        """A tag as an expression."""
        uri = namespace(tag)
        return f"{self._names.namespaces[uri]} + {local_name(tag)!r}" if uri else repr(tag)

    def _tag_constants(self) -> str:
        spaces = (f"{name}: Final = {f'{{{uri}}}'!r}" for uri, name in self._names.namespaces.items())
        tags = (f"{name}: Final = {self._tag(tag)}" for tag, name in self._names.tags.items())
        return "\n".join((*spaces, "", *tags))

    def _enum(self, described: SimpleDescription) -> str:
        name, names = self._names.classes[described.name], Names()
        members = (
            f"    {names.take(constant_name(value))} = {value!r}" for value in dict.fromkeys(described.values)
        )
        return f'''
class {name}(StrEnum):
    """{_origin(described.name)}"""

{chr(10).join(members)}


{self._names.codec(described.name)}: Final = xsd.open_enum({name})
'''

    def _simple(self, member: MemberDescription) -> tuple[str, str] | None:
        """The codec and the annotation of a member, None where its type is a record or open."""
        described = self._service.types.get(member.type)
        if isinstance(described, ComplexDescription) or member.type == f"{XSD}anyType":
            return None
        simple = self._codec(member.type, member.tag)
        secrets = {name.casefold() for name in self._documents.secrets}
        is_secret = local_name(member.tag).casefold() in secrets and simple == _SIMPLE["string"]
        return _SECRET if is_secret else simple

    def _codec(self, name: str, place: str) -> tuple[str, str]:
        """The codec and the annotation of a simple type."""
        described = self._service.types.get(name)
        base = name
        if isinstance(described, SimpleDescription):
            base = described.base
            if described.items:
                codec, annotation = self._codec(described.items, place)
                return f"xsd.list_of({codec})", f"tuple[{annotation}, ...]"
            if described.is_enumeration:
                return self._names.codec(name), f"{self._names.classes[name]} | str"
            if local_name(name) == "guid" and base == f"{XSD}string":
                return _GUID
        simple = _SIMPLE.get(base.removeprefix(XSD))
        if simple is None:
            raise UnsupportedContract(place, f"xs:{base.removeprefix(XSD)}")
        return simple

    def _record(self, described: ComplexDescription) -> str:
        base = self._base(described)
        fields = [
            self._field(name, member, quoted=self._is_ahead(described, member))
            for name, member in self._own_fields(described)
        ]
        abstract = " Abstract: only what extends it is sent and answered." if described.abstract else ""
        return f'''
@frozen(kw_only=True, eq=False, repr=False)
class {self._names.classes[described.name]}({self._names.classes[base.name] if base else "Record"}):
    """{_origin(described.name)}{abstract}"""

{chr(10).join("    " + line for line in fields)}
'''

    def _fields(self, described: ComplexDescription) -> tuple[_Fields, _Fields]:
        """A record's members, and the attributes of its element; what it inherits keeps its name."""
        base = self._base(described)
        of_base = self._fields(base) if base else ([], [])
        names = Names(frozenset(name for fields in of_base for name, _ in fields))
        attributes = map(_as_member, described.attributes)
        return _named(described.members, of_base[0], names), _named(attributes, of_base[1], names)

    def _own_fields(self, described: ComplexDescription) -> _Fields:
        """Those that it does not inherit."""
        base = self._base(described)
        inherited = {name for fields in self._fields(base) for name, _ in fields} if base else set()
        members, attributes = self._fields(described)
        return [each for each in (*members, *attributes) if each[0] not in inherited]

    def _field(self, name: str, member: MemberDescription, *, quoted: bool) -> str:
        kind, nil = self._kind(member), " | Nil" if member.nillable else ""
        if member.repeated:
            annotation, default = f"tuple[{kind}{nil}, ...]", "()"
        else:
            annotation, default = f"{kind}{nil}{' | None' if member.optional else ''}", "None"
        if quoted:
            annotation = f'"{annotation}"'
        return f"{name}: {annotation}" + (f" = {default}" if member.optional else "")

    def _kind(self, member: MemberDescription) -> str:
        """What a member holds, as an annotation."""
        _, kind = self._simple(member) or ("", self._names.classes.get(member.type, "Xml"))
        return kind

    def _shape_constant(self, described: ComplexDescription) -> str:
        parts = [self._names.classes[described.name]]
        if is_of_a_family(self._service, described):
            parts.append(self._tag(described.name))
        if described.abstract:
            parts.append("is_abstract=True")
        if described.of_element:
            parts.append("of_element=True")
        return f"{self._names.shape(described.name)}: Final = Shape({', '.join(parts)})"

    def _shape(self, described: ComplexDescription) -> str:
        members, attributes = (
            "".join(f"{self._member(*each)}, " for each in fields) for fields in self._fields(described)
        )
        derived = "".join(f"{self._names.shape(name)}, " for name in described.derived)
        more = f"attributes=({attributes})," if attributes else ""
        more += f"extended_by=({derived})," if derived else ""
        return f"{self._names.shape(described.name)}.of({members}{more})"

    def _member(self, name: str, member: MemberDescription) -> str:
        tag = self._names.tags.get(member.tag, repr(member.tag))
        parts = [f'"{name}"', tag, repr(local_name(member.type))]
        simple = self._simple(member)
        if simple:
            parts.append(f"simple={simple[0]}")
        elif member.type in self._names.classes:
            parts.append(f"shape={self._names.shape(member.type)}")
        if member.min_occurs != 0:
            parts.append(f"least={member.min_occurs}")
        if member.max_occurs != 1:
            parts.append(f"most={member.max_occurs}")
        if member.nillable:
            parts.append("nillable=True")
        return f"Member({', '.join(parts)})"

    def _header(self, header: MemberDescription) -> str:
        kind = f"{self._kind(header)}{' | Nil' if header.nillable else ''}"
        member = self._member(self._names.header_fields[header.tag], header)
        return f"{self._names.headers[header]}: Final = Header[{kind}]({member})"

    def _headers(self, headers: Iterable[MemberDescription]) -> str:
        return "".join(f"{self._names.headers[header]}, " for header in headers)

    def _message(self, message: MessageDescription) -> str:
        return f"Message({self._tag(message.tag)}, {self._names.shape(message.type)})"

    def _operation(self, operation: OperationDescription) -> str:
        assert operation.request is not None
        # A detail of a simple type has no record: ServiceFault.detail holds it.
        faults = "".join(
            f"{self._message(fault)}, "
            for fault in operation.faults.values()
            if isinstance(self._service.types.get(fault.type), ComplexDescription)
        )
        return f"""
{self._names.constants[operation.name]}: Final = Operation(
    service={self._service.name!r},
    name={operation.name!r},
    soap_action={operation.soap_action!r},
    request={self._message(operation.request)},
    response={self._message(operation.response) if operation.response else "ACCEPTED"},
    result={self._result(operation)!r},
    {f"faults=({faults})," if faults else ""}
    {f"request_headers=({self._headers(operation.request_headers)})," if operation.request_headers else ""}
    {f"response_headers=({self._headers(operation.response_headers)})," if operation.response_headers else ""}
    {self._facts(operation)}
)
"""

    def _facts(self, operation: OperationDescription) -> str:
        """What no WSDL says of an operation, where it differs from the safe values."""
        facts = self._documents.facts_of(operation.name)
        parts = [
            f"{fact.name}={getattr(facts, fact.name)!r},"
            for fact in fields(OperationFacts)
            if getattr(facts, fact.name) != getattr(OperationFacts(), fact.name)
        ]
        return " ".join(parts)

    def _result(self, operation: OperationDescription) -> str | None:
        """The response's field that holds the result; WCF puts out parameters after it.

        In bare style the response is the result.
        """
        assert operation.request is not None
        if operation.response is None:
            return None
        response = self._service.types[operation.response.type]
        if not isinstance(response, ComplexDescription) or not response.members:
            return None
        if response.of_element:
            return attribute_name(response.members[0].name)
        names = [member.name for member in response.members]
        own = f"{operation.name}Result"
        if own in names:
            return attribute_name(own)
        is_bare = local_name(operation.request.tag) != operation.name
        return None if is_bare else attribute_name(names[0])

    def _service_constant(self) -> str:
        hashes = ", ".join(f"{name!r}: {digest!r}" for name, digest in self._documents.sha256.items())
        constants = "".join(f"{constant}, " for constant in self._names.constants.values())
        return f"""
SERVICE: Final = Service(
    name={self._service.name!r},
    port_type={local_name(self._service.port_type)!r},
    path={self._documents.path!r},
    endpoint={self._documents.endpoint!r},
    documents=MappingProxyType({{{hashes}}}),
    operations=MappingProxyType({{operation.name: operation for operation in ({constants})}}),
)
"""

    def _proxy(self, *, asynchronous: bool) -> str:
        prefix, define, wait = ("Async", "async def", "await ") if asynchronous else ("", "def", "")
        methods = "".join(
            f'''
    {define} {self._names.methods[operation.name]}(
        self, request: {self._names.classes[operation.request.type]}{self._header_parameters(operation)}
    ) -> {self._names.classes[operation.response.type] if operation.response else "Accepted"}:
        """Call {operation.name}."""
        return {wait}self._invoke({self._names.constants[operation.name]}, request{self._header_values(operation)})
'''
            for operation in self._service.operations
            if operation.request is not None
        )
        return f'''
class {prefix}{self._service.name}Proxy:
    """{self._service.name}, one method an operation{", each a coroutine" if asynchronous else ""}."""

    def __init__(self, invoke: {prefix}Invoke) -> None:
        self._invoke = invoke
{methods}'''

    def _header_parameters(self, operation: OperationDescription) -> str:
        """The SOAP headers of a proxy's method, each by name."""
        parameters = "".join(
            f", {self._field(self._names.header_fields[header.tag], header, quoted=False)}"
            for header in operation.request_headers
        )
        return f", *{parameters}" if parameters else ""

    def _header_values(self, operation: OperationDescription) -> str:
        fields = [self._names.header_fields[header.tag] for header in operation.request_headers]
        return f", {{{', '.join(f'{field!r}: {field}' for field in fields)}}}" if fields else ""


def _named(members: Iterable[MemberDescription], inherited: _Fields, names: Names) -> _Fields:
    """Members by their fields' names; those that are inherited come first, and have theirs."""
    members = tuple(members)
    new = [names.take(attribute_name(member.name)) for member in members[len(inherited) :]]
    return list(zip((*(name for name, _ in inherited), *new), members, strict=True))


def _as_member(attribute: AttributeDescription) -> MemberDescription:
    return MemberDescription(
        name=local_name(attribute.name),
        tag=attribute.name,
        # What says nothing of its type holds a text.
        type=f"{XSD}string" if attribute.type == f"{XSD}anyType" else attribute.type,
        min_occurs=int(attribute.required),
        max_occurs=1,
        nillable=False,
    )


def _origin(name: str) -> str:
    """A class's docstring; nothing in it can end it."""
    text = f"`{local_name(name)}` of {namespace(name)}."
    return text.replace("\\", "/").replace('"', "'")


def _leaves_first(types: Iterable[TypeDescription]) -> list[ComplexDescription]:
    """The records, each after those that it holds, so that a reader meets no name before its meaning.

    A class comes after the one that it extends, whatever they hold.
    """
    by_name = {each.name: each for each in types if isinstance(each, ComplexDescription)}
    ordered: dict[str, ComplexDescription] = {}
    visited: set[str] = set()

    def visit(described: ComplexDescription) -> None:
        if described.name in visited:
            return
        visited.add(described.name)
        for name in (described.base, *(member.type for member in described.members)):
            if name in by_name:
                visit(by_name[name])
        place(described)

    def place(described: ComplexDescription) -> None:
        if described.base in by_name and described.base not in ordered:
            place(by_name[described.base])
        ordered[described.name] = described

    for described in by_name.values():
        visit(described)
    return list(ordered.values())
