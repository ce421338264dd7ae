"""Envelopes written as text, as a .NET client or service writes them.

A writer is built once per message from its shape: the tags stand ready, and a value costs its escaping.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.envelope import ENVELOPE_START
from buzzeasy_soap.wire.layout import (
    HEAD,
    TAIL,
    XSI_DECLARATION,
    Scope,
    around,
    dotnet_prefix,
    escaped,
)
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.operation import Header, Message
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.simple_types import STRING, Simple
from buzzeasy_soap.wire.xsd import NIL, namespace

R = TypeVar("R")
T = TypeVar("T")

_PLAIN: Final = re.compile(r"[ !#-%'-;=?-~]*", re.ASCII)
"""Text that stands as it is."""

_XML: Final = "http://www.w3.org/XML/1998/namespace"

_Write: TypeAlias = Callable[[Any, list[str]], None]
"""Appends a record's members to the parts of a text."""


def write_envelope(message: Message[R], record: R, header: str = "") -> bytes:
    """An envelope with a record in its Body, in UTF-8; `header` is its Header as text.

    Raises InvalidRequest, which names the field, for what the schema or XML cannot carry.
    """
    start, write, end = _writer(message, kind_of(message.shape, record, "request"))
    parts = [start if not header else start.replace(ENVELOPE_START, ENVELOPE_START + header, 1)]
    write(record, parts)
    parts.append(end)
    return "".join(parts).encode()


def write_header(declared: tuple[Header[Any], ...], values: Mapping[str, object]) -> str:
    """An envelope's Header with the values of SOAP headers, by their fields; empty where none is given.

    Raises InvalidRequest, which names the field.
    """
    start, writers = _header_writer(declared)
    parts: list[str] = []
    for member, write in writers:
        if member.least and values.get(member.field) is None:
            raise InvalidRequest(
                f"{member.field} must be given: the service's contract wants it", parameter=member.field
            )
        write(values.get(member.field), parts)
    for field in values.keys() - {member.field for member, _ in writers}:
        if values[field] is not None:
            raise InvalidRequest(f"{field} is no SOAP header in the service's contract", parameter=field)
    return f"{start}{''.join(parts)}</s:Header>" if parts else ""


def text_of(value: T, simple: Simple[T], parameter: str) -> str:
    """The text of `value`; what is not allowed is an InvalidRequest that names the parameter."""
    try:
        return simple.format(value)
    except ValueError as error:
        raise InvalidRequest(f"{parameter} {error}", parameter=parameter) from None


@lru_cache(maxsize=256)
def _header_writer(declared: tuple[Header[Any], ...]) -> tuple[str, list[tuple[Member, _Write]]]:
    """The start of a Header, and what writes each of its elements."""
    headers: Shape[object] = Shape(object)
    headers.of(*(header.member for header in declared))
    scope, declarations = Scope(dotnet_prefix, 1, {"": ""}).inside(headers, nil=False)
    writers = [(member, _member_writer(member, scope, {})) for member in headers.members]
    return f"<s:Header{declarations}>", writers


def kind_of(shape: Shape[Any], record: object, parameter: str) -> Shape[Any]:
    """The shape of a record that stands where another shape may. Raises InvalidRequest."""
    if not shape.kinds:
        return shape
    try:
        return shape.kind_of(record)
    except ValueError as error:
        raise InvalidRequest(f"{parameter} {error}", parameter=parameter) from None


@lru_cache(maxsize=256)
def _writer(message: Message[Any], shape: Shape[Any]) -> tuple[str, _Write, str]:
    """What stands before a message's members, what writes them, and what stands after; `shape` is the record's."""
    name, own, scope = around(message, dotnet_prefix)
    inner, attributes = _inside(scope, shape, message.shape, nil=False)
    if shape.of_element:
        return HEAD, _bare_writer(shape, inner, own + attributes), TAIL
    opening, write = _opened(f"<{name}{own}{attributes}", shape, _record_writer(shape, inner, {}))
    return HEAD + opening, write, f"</{name}>{TAIL}"


def _opened(start: str, shape: Shape[Any], write_members: _Write) -> tuple[str, _Write]:
    """The start tag of a record's element, and what writes the rest: of the tag too, where that has attributes."""
    return (
        (start, _with_attributes(shape, write_members)) if shape.attributes else (f"{start}>", write_members)
    )


def _inside(scope: Scope, shape: Shape[Any], declared: Shape[Any], *, nil: bool) -> tuple[Scope, str]:
    """The scope in an element that holds a record, and the attributes: its type too, where another is declared."""
    says_type = shape is not declared
    inner, declarations = scope.inside(shape, nil=nil or says_type, says_type=says_type)
    return inner, declarations + (f' i:type="{inner.name(shape.type)}"' if says_type else "")


def _bare_writer(shape: Shape[Any], scope: Scope, declarations: str) -> _Write:
    """What writes a message's element that has no members."""
    [member] = shape.members
    write_value = _member_writer(member, scope, {}, declarations)

    def write(record: Any, parts: list[str]) -> None:
        shape.require_sendable(record)
        write_value(getattr(record, member.field), parts)

    return write


def _record_writer(shape: Shape[Any], scope: Scope, made: dict[object, _Write]) -> _Write:
    """What writes a record's members; `made` are those that are there or on their way."""
    plan: list[tuple[str, str, str, Simple[Any] | None, _Write]] = []

    def write(record: Any, parts: list[str]) -> None:
        shape.require_sendable(record)
        for field, start, end, simple, write_value in plan:
            value = getattr(record, field) if field else None
            if simple is STRING and type(value) is str and _PLAIN.fullmatch(value):
                parts += (start, value, end)
            else:
                write_value(value, parts)

    key = (id(shape), tuple(scope.names.items()))
    made[key] = write  # before its members: a shape may hold itself
    for member in shape.members:
        name = _name(member, scope)
        simple = None if member.repeated else member.simple
        plan.append((member.field, f"<{name}>", f"</{name}>", simple, _member_writer(member, scope, made)))
    return write


def _with_attributes(shape: Shape[Any], write_members: _Write) -> _Write:
    """What writes a record from within its start tag on: its attributes and the tag's end first."""
    plan = [(attribute, *_attribute_ends(attribute, n)) for n, attribute in enumerate(shape.attributes)]

    def write(record: Any, parts: list[str]) -> None:
        for attribute, start, end in plan:
            value = getattr(record, attribute.field)
            if value is not None:
                assert attribute.simple is not None
                parts += (start, _in_attribute(text_of(value, attribute.simple, attribute.field)), end)
        parts.append(">")
        write_members(record, parts)

    return write


def _attribute_ends(attribute: Member, number: int) -> tuple[str, str]:
    """What stands before an attribute's value and after it; one in a namespace declares that itself."""
    uri, prefix = namespace(attribute.tag), f"t{number}"
    if not uri:
        return f' {attribute.name}="', '"'
    if uri == _XML:
        return f' xml:{attribute.name}="', '"'
    return f' xmlns:{prefix}="{escaped(uri)}" {prefix}:{attribute.name}="', '"'


def _in_attribute(text: str) -> str:
    """A text as it stands in an attribute, where XML reads white space as blanks."""
    return escaped(text).replace("\n", "&#10;").replace("\t", "&#9;")


def _member_writer(
    member: Member, scope: Scope, made: dict[object, _Write], declarations: str = ""
) -> _Write:
    """What writes a member's value, or values; `declarations` stand in its start tag."""
    field, name = member.field, _name(member, scope)
    write_one = _value_writer(member, scope, made, declarations)
    start = f"<{name}{declarations}"
    nil = f'{start} i:nil="true"{"" if scope.has_nil else XSI_DECLARATION}/>'

    def write(value: Any, parts: list[str]) -> None:
        if value is None:
            if member.filler is not None:
                parts.append(nil if member.filler is NIL else f"{start}>{escaped(member.filler)}</{name}>")
        elif value is NIL and not member.is_wildcard:
            parts.append(nil)
        else:
            write_one(value, parts)

    def write_all(values: Any, parts: list[str]) -> None:
        _require_count(len(values), member)
        for value in values:
            if value is NIL and not member.is_wildcard:
                parts.append(nil)
            else:
                write_one(value, parts)

    return write_all if member.repeated and field else write


def _value_writer(member: Member, scope: Scope, made: dict[object, _Write], declarations: str) -> _Write:
    """What writes one value that is neither left out nor nil."""
    name = _name(member, scope)
    if member.is_opaque:
        return lambda value, parts: parts.append(_opaque(value, member))
    if member.shape is None:
        assert member.simple is not None
        simple = member.simple
        start, end = f"<{name}{declarations}>", f"</{name}>"

        def write_text(value: Any, parts: list[str]) -> None:
            parts += (start, escaped(text_of(value, simple, member.field)), end)

        return write_text

    declared = member.shape
    if not declared.kinds:
        return _element_writer(name, declared, declared, scope, made)
    writers: dict[type[Any], _Write] = {}  # each when it is first given: there may be many

    def write_kind(value: Any, parts: list[str]) -> None:
        write = writers.get(type(value))
        if write is None:
            shape = kind_of(declared, value, member.field)
            write = writers[type(value)] = _element_writer(name, shape, declared, scope, made)
        write(value, parts)

    return write_kind


def _element_writer(
    name: str, shape: Shape[Any], declared: Shape[Any], scope: Scope, made: dict[object, _Write]
) -> _Write:
    """What writes an element that holds a record of a shape, where maybe another is declared."""
    inner, attributes = _inside(scope, shape, declared, nil=True)
    key = (id(shape), tuple(inner.names.items()))
    write_members = made.get(key) or _record_writer(shape, inner, made)
    opening, write_members = _opened(f"<{name}{attributes}", shape, write_members)
    closing = f"</{name}>"

    def write_record(value: Any, parts: list[str]) -> None:
        parts.append(opening)
        write_members(value, parts)
        parts.append(closing)

    return write_record


def _name(member: Member, scope: Scope) -> str:
    """A member's name as it stands; a wildcard has none."""
    return "" if member.is_wildcard else scope.name(member.tag)


def _opaque(value: object, member: Member) -> str:
    """The text of an element that is kept whole. Raises InvalidRequest where it may not stand here."""
    if not isinstance(value, Xml):
        problem = f"{member.field} must be an Xml, not {type(value).__name__}"
        raise InvalidRequest(problem, parameter=member.field)
    if not member.takes(value.tag):
        problem = f"{member.field} must be the element {member.tag}, not {value.tag}"
        raise InvalidRequest(problem, parameter=member.field)
    return value.embedded()


def _require_count(count: int, member: Member) -> None:
    """Raise InvalidRequest for a number of items that the schema does not allow."""
    if count < member.least or (member.most is not None and count > member.most):
        allowed = f"{member.least} or more" if member.most is None else f"{member.least} to {member.most}"
        raise InvalidRequest(f"{member.field} must hold {allowed}, not {count}", parameter=member.field)
