"""XML Schema values as Python values, and the two ways of reading a sequence of them.

The generated codecs are straight lines of calls to what stands here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar

from attrs import frozen
from lxml import etree
from lxml.etree import _Element

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.simple_types import (
    ANY_URI,
    BASE64_BINARY,
    BOOLEAN,
    BYTE,
    DATE,
    DATE_TIME,
    DECIMAL,
    DOUBLE,
    DURATION,
    FLOAT,
    GUID,
    INT,
    LONG,
    SECRET,
    SHORT,
    SIMPLE_TYPES,
    STRING,
    TIME,
    UNSIGNED_BYTE,
    UNSIGNED_INT,
    UNSIGNED_LONG,
    UNSIGNED_SHORT,
    Simple,
    open_enum,
)

__all__ = [
    "ANY_URI",
    "BASE64_BINARY",
    "BOOLEAN",
    "BYTE",
    "BY_NAME",
    "DATE",
    "DATE_TIME",
    "DECIMAL",
    "DOUBLE",
    "DURATION",
    "FLOAT",
    "GUID",
    "INT",
    "IN_ORDER",
    "LONG",
    "NIL",
    "SECRET",
    "SHORT",
    "SIMPLE_TYPES",
    "STRING",
    "TIME",
    "UNSIGNED_BYTE",
    "UNSIGNED_INT",
    "UNSIGNED_LONG",
    "UNSIGNED_SHORT",
    "XSI_NIL",
    "InvalidValue",
    "Members",
    "Nil",
    "Reader",
    "Simple",
    "counted",
    "is_nil",
    "open_enum",
    "put",
    "put_all",
    "put_record",
    "put_records",
    "required",
    "text_of",
    "without_nil",
]  # fmt: skip

T = TypeVar("T")
R = TypeVar("R")

XSI_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"


class _Nil(Enum):
    NIL = "nil"

    def __repr__(self) -> str:
        return "NIL"

    def __bool__(self) -> Literal[False]:
        return False


Nil: TypeAlias = Literal[_Nil.NIL]
NIL: Final = _Nil.NIL
"""A member that is there and says null, where None is a member that is left out."""


class InvalidValue(ValueError):
    """A message holds something that its schema does not allow; `.member` says where."""

    def __init__(self, member: str, problem: str) -> None:
        super().__init__(f"{member}: {problem}")
        self.member = member


def text_of(value: T, simple: Simple[T], parameter: str) -> str:
    """The text of `value`; what is not allowed is an InvalidRequest that names the parameter."""
    try:
        return simple.format(value)
    except ValueError as error:
        raise InvalidRequest(f"{parameter} {error}", parameter=parameter) from None


def put(parent: _Element, tag: str, value: T | Nil | None, simple: Simple[T], parameter: str) -> None:
    """Append a simple member: nothing for None, `xsi:nil` for NIL."""
    if value is None:
        return
    child = etree.SubElement(parent, tag)
    if value is NIL:
        child.set(XSI_NIL, "true")
    else:
        child.text = text_of(value, simple, parameter)


def put_record(
    parent: _Element, tag: str, value: R | Nil | None, encode: Callable[[_Element, R], None]
) -> None:
    """Append a complex member: nothing for None, `xsi:nil` for NIL."""
    if value is None:
        return
    child = etree.SubElement(parent, tag)
    if value is NIL:
        child.set(XSI_NIL, "true")
    else:
        encode(child, value)


def put_records(
    parent: _Element, tag: str, values: Iterable[R | Nil], encode: Callable[[_Element, R], None]
) -> None:
    """Append a repeated complex member."""
    for value in values:
        put_record(parent, tag, value, encode)


def put_all(parent: _Element, tag: str, values: Iterable[T | Nil], simple: Simple[T], parameter: str) -> None:
    """Append a repeated simple member."""
    for value in values:
        put(parent, tag, value, simple, parameter)


def counted(values: Sequence[T], least: int, most: int | None, parameter: str) -> Sequence[T]:
    """`values`, of which the schema wants a number; another is an InvalidRequest."""
    if len(values) < least or (most is not None and len(values) > most):
        allowed = f"{least} or more" if most is None else f"{least} to {most}"
        raise InvalidRequest(f"{parameter} must hold {allowed}, not {len(values)}", parameter=parameter)
    return values


def required(value: T | None, tag: str) -> T:
    """A member that the schema does not let be left out. Raises InvalidValue."""
    if value is None:
        raise InvalidValue(_local_name(tag), "is missing")
    return value


def without_nil(values: tuple[T | Nil, ...], tag: str) -> tuple[T, ...]:
    """A repeated member whose values may not be nil. Raises InvalidValue."""
    if NIL in values:
        raise InvalidValue(_local_name(tag), "may not be nil")
    return tuple(value for value in values if value is not NIL)


Members: TypeAlias = Mapping[str, list[_Element]]


@frozen
class Reader:
    """How the members of a sequence are read.

    In order, as WCF reads what it is sent: a member that comes late or is unknown is skipped,
    and a nil where the schema allows none is an error. Out of order, as a client must read
    what stacks send that differ: by name, and any nil is nothing.
    """

    in_order: bool

    def members(self, element: _Element, tags: Mapping[str, bool]) -> Members:
        """The children by tag; `tags` are the schema's, in its order, True where they repeat."""
        found: dict[str, list[_Element]] = {}
        position = {tag: index for index, tag in enumerate(tags)}
        reached = 0
        for child in element:
            index = position.get(child.tag)
            if index is None or (self.in_order and index < reached):
                continue
            found.setdefault(child.tag, []).append(child)
            reached = index if tags[child.tag] else index + 1
        for tag, children in found.items():
            if len(children) > 1 and not tags[tag]:
                raise InvalidValue(_local_name(tag), "stands more than once")
        return found

    def value(self, members: Members, tag: str, parse: Callable[[str], T]) -> T | None:
        """A simple member that may not be nil; None where it is left out."""
        return self.not_nil(self.nillable(members, tag, parse), tag)

    def nillable(self, members: Members, tag: str, parse: Callable[[str], T]) -> T | Nil | None:
        """A simple member that may be nil; None where it is left out."""
        children = members.get(tag)
        return self._simple(children[0], parse) if children else None

    def nillables(self, members: Members, tag: str, parse: Callable[[str], T]) -> tuple[T | Nil, ...]:
        """A repeated simple member."""
        return tuple(self._simple(child, parse) for child in members.get(tag, ()))

    def record(self, members: Members, tag: str, decode: Callable[[_Element, "Reader"], R]) -> R | Nil | None:
        """A complex member; None where it is left out."""
        children = members.get(tag)
        return self._record(children[0], decode) if children else None

    def records(
        self, members: Members, tag: str, decode: Callable[[_Element, "Reader"], R]
    ) -> tuple[R | Nil, ...]:
        """A repeated complex member."""
        return tuple(self._record(child, decode) for child in members.get(tag, ()))

    def not_nil(self, value: T | Nil | None, tag: str) -> T | None:
        """A member whose type has no nil: read in order it is an error, by name it is nothing."""
        if value is not NIL:
            return value
        if self.in_order:
            raise InvalidValue(_local_name(tag), "may not be nil")
        return None

    def _simple(self, child: _Element, parse: Callable[[str], T]) -> T | Nil:
        if is_nil(child):
            return NIL
        try:
            return parse(_text(child))
        except ValueError as error:
            raise InvalidValue(_local_name(child.tag), str(error)) from None

    def _record(self, child: _Element, decode: Callable[[_Element, "Reader"], R]) -> R | Nil:
        return NIL if is_nil(child) else decode(child, self)


BY_NAME: Final = Reader(in_order=False)
"""For replies: forgiving where stacks differ."""
IN_ORDER: Final = Reader(in_order=True)
"""For requests, as a WCF service reads them."""


def is_nil(element: _Element) -> bool:
    """Whether an element says `xsi:nil`."""
    return element.get(XSI_NIL, "").strip() in ("true", "1")


def _text(element: _Element) -> str:
    """The text of an element, read past comments. Raises ValueError where elements stand in it."""
    if not len(element):
        return element.text or ""
    if any(isinstance(child.tag, str) for child in element):
        raise ValueError("holds elements where its type has none")
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]
