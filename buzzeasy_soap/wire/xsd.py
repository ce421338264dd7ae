"""XML Schema values as Python values, and the two ways of reading a sequence of them.

The generated codecs are straight lines of calls to what stands here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from attrs import frozen
from lxml import etree
from lxml.etree import _Element

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.redaction import Secret

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


@frozen
class Simple(Generic[T]):
    """One XML Schema simple type: its name, and its text from and to a Python value."""

    name: str
    parse: Callable[[str], T]
    """Raises ValueError, with what is wrong."""
    format: Callable[[T], str]
    """Raises ValueError, with what is allowed."""


# Everything outside XML 1.0's Char production.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DATE_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", re.ASCII
)


def _format_string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a str, not {type(value).__name__}")
    illegal = _ILLEGAL.search(value)
    if illegal:
        raise ValueError(f"holds U+{ord(illegal[0]):04X}, which XML cannot carry")
    return value


def _parse_boolean(text: str) -> bool:
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text.strip(" \t\r\n")]
    except KeyError:
        raise ValueError(f"{text[:40]!r} is not a boolean") from None


def _format_boolean(value: object) -> str:
    if not isinstance(value, bool):
        raise ValueError(f"must be a bool, not {type(value).__name__}")
    return "true" if value else "false"


def _integer(name: str, low: int, high: int) -> Simple[int]:
    def parse(text: str) -> int:
        digits = text.strip(" \t\r\n")
        # The length first: int() of very long digits raises an error of another kind.
        if not _INTEGER.fullmatch(digits) or len(digits) > 40 or not low <= int(digits) <= high:
            raise ValueError(f"{digits[:40]!r} is not an {name}")
        return int(digits)

    def format(value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"must be an int, not {type(value).__name__}")
        if not low <= value <= high:
            raise ValueError(f"must be between {low} and {high}, not {value}")
        return str(int(value))

    return Simple(name, parse, format)


def _parse_date_time(text: str) -> datetime:
    match = _DATE_TIME.fullmatch(text.strip(" \t\r\n"))
    if not match:
        raise ValueError(f"{text[:40]!r} is not a dateTime")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    # XML Schema lets a day end at 24:00:00; Python starts the next one instead.
    midnight = (hour, minute, second) == (24, 0, 0) and not int(match[7] or 0)
    try:
        value = datetime(
            year, month, day, 0 if midnight else hour, minute, second, int(f"{match[7] or '':0<6.6}")
        )
        return (value + timedelta(days=midnight)).replace(tzinfo=_zone(match[8]))
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is not a dateTime") from None


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return timezone.utc
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _format_date_time(value: object) -> str:
    if not isinstance(value, datetime):
        given = "a date without a time" if isinstance(value, date) else type(value).__name__
        raise ValueError(f"must be a datetime, not {given}")
    offset = value.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        raise ValueError("must have an offset of whole minutes from UTC")
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if offset == timedelta(0) else text


STRING: Final = Simple[str]("string", str, _format_string)
SECRET: Final = Simple[Secret]("string", Secret, lambda secret: _format_string(secret.reveal()))
BOOLEAN: Final = Simple[bool]("boolean", _parse_boolean, _format_boolean)
INT: Final = _integer("int", -(2**31), 2**31 - 1)
DATE_TIME: Final = Simple[datetime]("dateTime", _parse_date_time, _format_date_time)

SIMPLE_TYPES: Final[Mapping[str, Simple[Any]]] = {
    simple.name: simple for simple in (STRING, BOOLEAN, INT, DATE_TIME)
}
"""By the name of the type on the wire, as a record's metadata has it."""


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
                raise InvalidValue(_local(children[0]), "stands more than once")
        return found

    def value(self, members: Members, tag: str, parse: Callable[[str], T]) -> T | None:
        """A simple member that may not be nil; None where it is left out."""
        value = self.nillable(members, tag, parse)
        if value is NIL:
            if self.in_order:
                raise InvalidValue(_local(members[tag][0]), "may not be nil")
            return None
        return value

    def nillable(self, members: Members, tag: str, parse: Callable[[str], T]) -> T | Nil | None:
        """A simple member that may be nil; None where it is left out."""
        children = members.get(tag)
        if not children:
            return None
        child = children[0]
        if is_nil(child):
            return NIL
        if len(child):
            raise InvalidValue(_local(child), "holds elements where its type has none")
        try:
            return parse(child.text or "")
        except ValueError as error:
            raise InvalidValue(_local(child), str(error)) from None

    def record(self, members: Members, tag: str, decode: Callable[[_Element, "Reader"], R]) -> R | Nil | None:
        """A complex member; None where it is left out."""
        children = members.get(tag)
        return self._record(children[0], decode) if children else None

    def records(
        self, members: Members, tag: str, decode: Callable[[_Element, "Reader"], R]
    ) -> tuple[R | Nil, ...]:
        """A repeated complex member."""
        return tuple(self._record(child, decode) for child in members.get(tag, ()))

    def _record(self, child: _Element, decode: Callable[[_Element, "Reader"], R]) -> R | Nil:
        return NIL if is_nil(child) else decode(child, self)


BY_NAME: Final = Reader(in_order=False)
"""For replies: forgiving where stacks differ."""
IN_ORDER: Final = Reader(in_order=True)
"""For requests, as a WCF service reads them."""


def is_nil(element: _Element) -> bool:
    return element.get(XSI_NIL, "").strip() in ("true", "1")


def _local(element: _Element) -> str:
    return etree.QName(element).localname
