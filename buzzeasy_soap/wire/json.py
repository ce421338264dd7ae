"""JSON as webHttpBinding writes it, read and written by shapes. Both ends of the wire use this."""

import json
from collections.abc import Mapping
from typing import Any, Final

from buzzeasy_soap.wire.shapes import Member, Shape, note_unrecognised
from buzzeasy_soap.wire.xsd import NIL, InvalidValue

MOST_VALUES: Final = 500_000
"""Each takes fifty bytes of memory and more, and can be sent in three."""
_TYPE_HINT: Final = "__type"  # of WCF and ASP.NET, beside the members


def load(body: bytes) -> object:
    """A JSON value whose numbers are text, quoted or not. Raises InvalidValue."""
    if sum(body.count(mark) for mark in b",[{") > MOST_VALUES:
        raise InvalidValue("the message", f"holds more than {MOST_VALUES} values")
    try:
        return json.loads(
            body,
            parse_constant=_refuse_constant,
            parse_float=str,
            parse_int=str,
            object_pairs_hook=_each_once,
        )
    except (ValueError, RecursionError):
        raise InvalidValue("the message", "cannot be read as JSON") from None


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object's members. Raises ValueError where one stands twice: nobody can say which one counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands more than once")
    return members


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def named(values: Mapping[str, Any], name: str) -> str | None:
    """The key that means `name`: the name itself, else the only one that differs from it in case alone."""
    if name in values:
        return name
    alike = [key for key in values if key.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None


def read(value: object, member: Member) -> object:
    """A JSON value as what a member holds; None where it is null and may not be. Raises InvalidValue."""
    if value is None:
        return NIL if member.nillable or member.shape else None
    if member.shape is None:
        return _simple(value, member)
    items = member.shape.items
    if items is not None:
        if not isinstance(value, list):
            raise InvalidValue(member.name, "is no array")
        return member.shape.record(**{items.field: tuple(read(each, items) for each in value)})
    if not isinstance(value, dict):
        raise InvalidValue(member.name, "is no object")
    return _record(value, member.name, member.shape)


def _record(values: dict[str, object], name: str, shape: Shape[Any]) -> object:
    if shape.kinds:
        shape = _kind(values, name, shape)
    found = {member.field: (key, member) for member in shape.fields if (key := named(values, member.name))}
    keys = {key for key, _ in found.values()}
    unknown = [key for key in values if key not in keys and key != _TYPE_HINT]
    if unknown and not found:
        raise InvalidValue(name, f"holds {unknown[0]}, which the contract does not know")
    record = shape.record(**{field: read(values[key], member) for field, (key, member) in found.items()})
    if unknown:
        note_unrecognised(record, unknown)
    return record


def _kind(values: dict[str, object], name: str, shape: Shape[Any]) -> Shape[Any]:
    """What an object is by its type hint, `Rush:#Orders`. Raises InvalidValue for what is not known."""
    said = str(values.get(_TYPE_HINT, shape.type.rpartition("}")[2])).partition(":")[0]
    for kind in shape.kinds.values():
        if kind.type.rpartition("}")[2] == said:
            return kind
    raise InvalidValue(name, f"is a {said}, which the contract does not know")


def _simple(value: object, member: Member) -> object:
    """Numbers have come as text from the parser, so quoted or not they are the same here."""
    if isinstance(value, bool):
        value = "true" if value else "false"
        if member.type != "boolean":
            raise InvalidValue(member.name, f"{value} is not an {member.type}")
    if not isinstance(value, str) or member.simple is None:
        raise InvalidValue(member.name, f"is no {member.type}")
    try:
        return member.simple.parse(value)
    except ValueError as error:
        raise InvalidValue(member.name, str(error)) from None


def write(value: Any, member: Member) -> object:
    """What a member holds as a JSON value: a list as its array, nil and what is left out as null."""
    if value is None or value is NIL:
        return None
    if member.shape is None:
        return value
    items = member.shape.items
    if items is not None:
        return [write(each, items) for each in getattr(value, items.field)]
    members = member.shape.fields
    return {each.name: write(getattr(value, each.field), each) for each in members}
