"""Envelopes written as text, as a .NET client or service writes them.

A writer is built once per message from its shape: the tags stand ready, and a value costs its escaping.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.envelope import ENVELOPE_START
from buzzeasy_soap.wire.layout import HEAD, TAIL, XSI_DECLARATION, Scope, around, dotnet_prefix, escaped
from buzzeasy_soap.wire.operation import Header, Message
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.simple_types import STRING, Simple
from buzzeasy_soap.wire.xsd import NIL

R = TypeVar("R")
T = TypeVar("T")

_PLAIN: Final = re.compile(r"[ !#-%'-;=?-~]*", re.ASCII)
"""Text that stands as it is."""

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
    return f"{HEAD}<{name}{own}{attributes}>", _record_writer(shape, inner, {}), f"</{name}>{TAIL}"


def _inside(scope: Scope, shape: Shape[Any], declared: Shape[Any], *, nil: bool) -> tuple[Scope, str]:
    """The scope in an element that holds a record, and the attributes: its type too, where another is declared."""
    says_type = shape is not declared
    inner, declarations = scope.inside(shape, nil=nil or says_type, says_type=says_type)
    return inner, declarations + (f' i:type="{inner.name(shape.type)}"' if says_type else "")


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
        name = scope.name(member.tag)
        simple = None if member.repeated else member.simple
        plan.append((member.field, f"<{name}>", f"</{name}>", simple, _member_writer(member, scope, made)))
    return write


def _member_writer(member: Member, scope: Scope, made: dict[object, _Write]) -> _Write:
    """What writes a member's value, or values."""
    field, name = member.field, scope.name(member.tag)
    write_one = _value_writer(member, scope, made)
    nil = f'<{name} i:nil="true"{"" if scope.has_nil else XSI_DECLARATION}/>'

    def write(value: Any, parts: list[str]) -> None:
        if value is None:
            if member.filler is not None:
                parts.append(nil if member.filler is NIL else f"<{name}>{escaped(member.filler)}</{name}>")
        elif value is NIL:
            parts.append(nil)
        else:
            write_one(value, parts)

    def write_all(values: Any, parts: list[str]) -> None:
        _require_count(len(values), member)
        for value in values:
            if value is NIL:
                parts.append(nil)
            else:
                write_one(value, parts)

    return write_all if member.repeated and field else write


def _value_writer(member: Member, scope: Scope, made: dict[object, _Write]) -> _Write:
    """What writes one value that is neither left out nor nil."""
    name = scope.name(member.tag)
    if member.shape is None:
        assert member.simple is not None
        simple = member.simple
        start, end = f"<{name}>", f"</{name}>"

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
    opening, closing = f"<{name}{attributes}>", f"</{name}>"
    key = (id(shape), tuple(inner.names.items()))
    write_members = made.get(key) or _record_writer(shape, inner, made)

    def write_record(value: Any, parts: list[str]) -> None:
        parts.append(opening)
        write_members(value, parts)
        parts.append(closing)

    return write_record


def _require_count(count: int, member: Member) -> None:
    """Raise InvalidRequest for a number of items that the schema does not allow."""
    if count < member.least or (member.most is not None and count > member.most):
        allowed = f"{member.least} or more" if member.most is None else f"{member.least} to {member.most}"
        raise InvalidRequest(f"{member.field} must hold {allowed}, not {count}", parameter=member.field)
