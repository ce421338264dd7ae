"""Envelopes written as text, as a .NET client or service writes them.

A writer is built once per message from its shape: the tags stand ready, and a value costs its escaping.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.layout import HEAD, TAIL, XSI_DECLARATION, Scope, dotnet_prefix, escaped, wrapper
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.simple_types import STRING, Simple
from buzzeasy_soap.wire.xsd import NIL

R = TypeVar("R")
T = TypeVar("T")

_PLAIN: Final = re.compile(r"[ !#-%'-;=?-~]*", re.ASCII)
"""Text that stands as it is."""

_Write: TypeAlias = Callable[[Any, list[str]], None]
"""Appends a record's members to the parts of a text."""


def write_envelope(message: Message[R], record: R) -> bytes:
    """An envelope with a record in its Body, in UTF-8.

    Raises InvalidRequest, which names the field, for what the schema or XML cannot carry.
    """
    start, write, end = _writer(message)
    parts = [start]
    write(record, parts)
    parts.append(end)
    return "".join(parts).encode()


def text_of(value: T, simple: Simple[T], parameter: str) -> str:
    """The text of `value`; what is not allowed is an InvalidRequest that names the parameter."""
    try:
        return simple.format(value)
    except ValueError as error:
        raise InvalidRequest(f"{parameter} {error}", parameter=parameter) from None


@lru_cache(maxsize=256)
def _writer(message: Message[Any]) -> tuple[str, _Write, str]:
    """What stands before a message's members, what writes them, and what stands after."""
    name, declarations, scope = wrapper(message, dotnet_prefix)
    write = _record_writer(message.shape, scope, {})
    return f"{HEAD}<{name}{declarations}>", write, f"</{name}>{TAIL}"


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

    inner, declarations = scope.inside(member.shape, nil=True)
    opening, closing = f"<{name}{declarations}>", f"</{name}>"
    key = (id(member.shape), tuple(inner.names.items()))
    write_members = made.get(key) or _record_writer(member.shape, inner, made)

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
