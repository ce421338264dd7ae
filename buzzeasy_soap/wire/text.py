"""Envelopes written as text, as a .NET client or service writes them.

A writer is built once per message from its shape: the tags stand ready, and a value costs its
escaping. The wrapper declares every namespace that its members have.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.envelope import SOAP_ENVELOPE
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.simple_types import Simple
from buzzeasy_soap.wire.xsd import NIL, XSI

R = TypeVar("R")
T = TypeVar("T")

_HEAD: Final = f'<s:Envelope xmlns:s="{SOAP_ENVELOPE}"><s:Body>'
_TAIL: Final = "</s:Body></s:Envelope>"

_Write: TypeAlias = Callable[[Any, list[str]], None]
"""Appends a record's members to the parts of a text."""


def write_envelope(message: Message[R], record: R) -> bytes:
    """An envelope with a record in its Body, in UTF-8.

    Raises InvalidRequest, which names the field, for what the schema or XML cannot carry.
    """
    start, write, end = _writer(message)
    parts: list[str] = []
    write(record, parts)
    body = "".join(parts)
    nil = f' xmlns:i="{XSI}"' if ' i:nil="' in body else ""
    return f"{_HEAD}<{start}{nil}>{body}</{end}>{_TAIL}".encode()


def text_of(value: T, simple: Simple[T], parameter: str) -> str:
    """The text of `value`; what is not allowed is an InvalidRequest that names the parameter."""
    try:
        return simple.format(value)
    except ValueError as error:
        raise InvalidRequest(f"{parameter} {error}", parameter=parameter) from None


@lru_cache(maxsize=256)
def _writer(message: Message[Any]) -> tuple[str, _Write, str]:
    """The wrapper's start without its brackets, what writes its members, and its name."""
    own = _namespace(message.tag)
    namespaces = sorted({_namespace(member.tag) for member in _all_members(message.shape)} - {own, ""})
    prefixes = {uri: f"n{number}:" for number, uri in enumerate(namespaces)}
    # A default namespace would hold for members that have none.
    needs_prefix = not own or any(not _namespace(member.tag) for member in _all_members(message.shape))
    prefixes[own] = "q:" if own and needs_prefix else ""
    name = prefixes[own] + message.tag.rpartition("}")[2]
    declarations = "".join(
        f' xmlns{":" if prefix else ""}{prefix.rstrip(":")}="{_escaped(uri)}"'
        for uri, prefix in prefixes.items()
        if uri
    )
    return f"{name}{declarations}", _record_writer(message.shape, {**prefixes, "": ""}, {}), name


def _all_members(shape: Shape[Any]) -> Iterator[Member]:
    seen: set[int] = set()
    waiting = [shape]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield from each.members
        waiting += [member.shape for member in each.members if member.shape is not None]


def _record_writer(shape: Shape[Any], prefixes: dict[str, str], made: dict[int, _Write]) -> _Write:
    writers: list[_Write] = []

    def write(record: Any, parts: list[str]) -> None:
        shape.require_sendable(record)
        for writer in writers:
            writer(record, parts)

    made[id(shape)] = write  # before its members: a shape may hold itself
    writers += [_member_writer(member, prefixes, made) for member in shape.members]
    return write


def _member_writer(member: Member, prefixes: dict[str, str], made: dict[int, _Write]) -> _Write:
    name = prefixes[_namespace(member.tag)] + member.name
    start, end, nil = f"<{name}>", f"</{name}>", f'<{name} i:nil="true"/>'
    field, simple, shape, filler = member.field, member.simple, member.shape, member.filler
    inner = None if shape is None else made.get(id(shape)) or _record_writer(shape, prefixes, made)

    def write_one(value: Any, parts: list[str]) -> None:
        if value is NIL:
            parts.append(nil)
        elif inner is None:
            assert simple is not None
            parts += (start, _escaped(text_of(value, simple, field)), end)
        else:
            parts.append(start)
            inner(value, parts)
            parts.append(end)

    def write(record: Any, parts: list[str]) -> None:
        value = getattr(record, field) if field else None
        if value is not None:
            write_one(value, parts)
        elif filler is not None:
            parts.append(nil if filler is NIL else f"{start}{_escaped(filler)}{end}")

    def write_all(record: Any, parts: list[str]) -> None:
        values = getattr(record, field)
        _require_count(len(values), member)
        for value in values:
            write_one(value, parts)

    return write_all if member.repeated and field else write


def _require_count(count: int, member: Member) -> None:
    """Raise InvalidRequest for a number of items that the schema does not allow."""
    if count < member.least or (member.most is not None and count > member.most):
        allowed = f"{member.least} or more" if member.most is None else f"{member.least} to {member.most}"
        raise InvalidRequest(f"{member.field} must hold {allowed}, not {count}", parameter=member.field)


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _escaped(text: str) -> str:
    # A carriage return must go as a reference: XML reads a bare one as a line feed.
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("\r", "&#13;")
    )
