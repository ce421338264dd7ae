"""How records stand on the wire, apart from the records themselves: one description, one reader.

The record classes say what a message holds; a shape says what its members are called, where they
stand and what may be nil. So one record can stand on the wire under other names.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import attrs

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.simple_types import Simple
from buzzeasy_soap.wire.xsd import NIL, InvalidValue, Nil, is_nil, namespace, type_of

if TYPE_CHECKING:
    from lxml.etree import _Element

R = TypeVar("R")

_HREF: Final = "href"


class Record:
    """The root of the generated records: they compare, hash and show themselves by their fields.

    attrs would compile these methods for each of them, which is a tenth of a client's start.
    """

    __slots__ = ("_headers", "_unrecognised")

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash((type(self), _values(self)))

    def __repr__(self) -> str:
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in _fields(self))
        return f"{type(self).__qualname__.rpartition('.')[2]}({', '.join(shown)})"


def _fields(record: Any) -> "Sequence[attrs.Attribute[Any]]":
    fields: Sequence[attrs.Attribute[Any]] = attrs.fields(type(record))
    return fields


def _values(record: Record) -> tuple[object, ...]:
    return tuple([getattr(record, field.name) for field in _fields(record)])


def unrecognised(record: object) -> tuple[str, ...]:
    """The names of members that stood in a record's message and that the contract does not know."""
    names: tuple[str, ...] = getattr(record, "_unrecognised", ())
    return names


def note_unrecognised(record: object, names: Iterable[str]) -> None:
    """Note on a record which members of its message the contract does not know."""
    object.__setattr__(record, "_unrecognised", tuple(names))


def headers_of(record: object) -> Mapping[str, object]:
    """What a reply's SOAP headers said, by their fields: of those that the contract declares, and that were there."""
    headers: Mapping[str, object] = getattr(record, "_headers", {})
    return headers


def note_headers(record: object, headers: Mapping[str, object]) -> None:
    """Note on a reply's record what its SOAP headers said."""
    object.__setattr__(record, "_headers", headers)


@attrs.frozen
class Member:
    """One element of a record's sequence."""

    field: str
    """The record's field; empty for an element that the record has no field for."""
    tag: str
    """The element's name, in Clark notation where it has a namespace; `*` or `{namespace}*` for any element."""
    type: str
    """The name of its type on the wire, `string` or `TimeSlot`."""
    simple: Simple[Any] | None = None
    """How its text is read and written; None where its type is a record, or open: it is kept as `Xml`."""
    shape: "Shape[Any] | None" = attrs.field(default=None, repr=False)
    """The shape of the record that it holds; None where its type is simple."""
    least: int = 0
    most: int | None = 1
    """None for unbounded."""
    nillable: bool = False
    filler: "str | Nil | None" = None
    """What is written where the record says nothing and something must be there; None for nothing."""
    unwrapped: bool = False
    """The items of the list that it holds stand here themselves, without an element around them."""

    @property
    def name(self) -> str:
        """Its local name."""
        return "any" if self.is_wildcard else self.tag.rpartition("}")[2]

    @property
    def is_wildcard(self) -> bool:
        """Any element may stand here."""
        return self.tag.endswith("*")

    @property
    def is_opaque(self) -> bool:
        """The element is kept whole."""
        return self.simple is None and self.shape is None

    def takes(self, tag: str) -> bool:
        """Whether an element of this name may stand here."""
        return self.tag in (tag, "*", f"{{{namespace(tag)}}}*")

    @property
    def optional(self) -> bool:
        """It may be left out (None)."""
        return self.least == 0

    @property
    def repeated(self) -> bool:
        """It may stand more than once (a tuple)."""
        return self.most is None or self.most > 1


@attrs.define(eq=False)
class Shape(Generic[R]):
    """A record's members in the schema's order. They are set last: a shape may hold itself."""

    record: type[R]
    type: str = ""
    """The name of its type in Clark notation, where it extends another or others extend it."""
    is_abstract: bool = False
    """Only what extends it stands in a message."""
    of_element: bool = False
    """Its one member is the message's own element, which has no members."""
    attributes: tuple[Member, ...] = attrs.field(default=(), init=False, repr=False)
    """What stands in the start tag of the record's element."""
    kinds: "Mapping[str, Shape[Any]]" = attrs.field(factory=dict, init=False, repr=False)
    """By the names of their types: what stands in a message for it, itself included (`xsi:type`).
    Empty where nothing extends it and it extends nothing."""
    members: tuple[Member, ...] = attrs.field(default=(), init=False, repr=False)
    missing: tuple[str, ...] = attrs.field(default=(), init=False)
    """The record's fields that the message has no place for."""
    required: tuple[str, ...] = attrs.field(default=(), init=False)
    """The record's fields that the message cannot go without."""
    positions: Mapping[str, int] = attrs.field(factory=dict, init=False, repr=False)
    """By tag."""
    wildcards: tuple[int, ...] = attrs.field(default=(), init=False, repr=False)
    """The positions at which any element may stand."""

    def of(
        self,
        *members: Member,
        attributes: tuple[Member, ...] = (),
        extended_by: "Sequence[Shape[Any]]" = (),
    ) -> None:
        """Set the members, the attributes, and the shapes that extend this one."""
        self.members = members
        self.attributes = attributes
        self.positions = {member.tag: index for index, member in enumerate(members)}
        self.wildcards = tuple(index for index, member in enumerate(members) if member.is_wildcard)
        if self.of_element:
            self.required = tuple(member.field for member in members)
        if self.type:
            kinds = (self, *extended_by)
            self.kinds = {shape.type: shape for shape in kinds if not shape.is_abstract}

    def kind_of(self, record: object) -> "Shape[Any]":
        """The shape of a record that stands for this one's. Raises ValueError."""
        for shape in self.kinds.values():
            if type(record) is shape.record:
                return shape
        names = " or ".join(shape.record.__name__ for shape in self.kinds.values())
        raise ValueError(f"must be {names}, not {type(record).__name__}")

    def require_sendable(self, record: object) -> None:
        """Raise InvalidRequest for a field that there is no place for, or that lacks its value."""
        for name in self.missing:
            if getattr(record, name) not in (None, ()):
                raise InvalidRequest(f"{name} is not in the service's contract", parameter=name)
        for name in self.required:
            if getattr(record, name) in (None, ()):
                raise InvalidRequest(f"{name} must be given: the service's contract wants it", parameter=name)

    @property
    def fields(self) -> tuple[Member, ...]:
        """The members, then the attributes."""
        return (*self.members, *self.attributes)

    @property
    def items(self) -> Member | None:
        """The one repeated member of what is a mere list; None for any other shape."""
        [only, *more] = self.fields or [None]
        return only if only is not None and only.repeated and not more else None


@attrs.frozen
class Reader:
    """How the members of a sequence are read.

    In order, as WCF reads what it is sent: a member that comes late or is unknown is skipped,
    and a nil where the schema allows none is an error. By name, as a client must read what
    stacks send that differ: in any order, and any nil is nothing; but what is not recognised
    is never read as absent, so an element with members of which none is known is an error.
    """

    in_order: bool

    def read(self, shape: Shape[R], element: "_Element") -> R:
        """An element as a record. Raises InvalidValue."""
        if shape.of_element:
            [member] = shape.members
            return shape.record(**{member.field: self._member(member, (element,))})
        if shape.kinds:
            shape = _kind(shape, element)
        found, unknown = self._children(shape, element)
        values = {
            member.field: self._member(member, found.get(index, ()))
            for index, member in enumerate(shape.members)
            if member.field
        }
        for attribute in shape.attributes:
            values[attribute.field] = _attribute(attribute, element)
        record = shape.record(**values)
        if unknown:
            note_unrecognised(record, unknown)
        return record

    def _children(
        self, shape: Shape[Any], element: "_Element"
    ) -> "tuple[dict[int, list[_Element]], list[str]]":
        """The children by their member's position, and the names of those that the shape does not have."""
        found: dict[int, list[_Element]] = {}
        unknown: list[str] = []
        reached = 0
        for child in element:
            index = shape.positions.get(child.tag)
            if index is None and shape.wildcards:
                index = _wildcard_for(child, shape, found)
            if index is None:
                if isinstance(child.tag, str):  # no comment
                    unknown.append(_local_name(child.tag))
                continue
            if self.in_order and index < reached:
                continue
            repeated = shape.members[index].repeated or shape.members[index].unwrapped
            if index in found and not repeated:
                raise InvalidValue(_local_name(child.tag), "stands more than once")
            found.setdefault(index, []).append(child)
            reached = index if repeated else index + 1
        if not self.in_order and shape.members:
            self._require_recognised(shape, element, found, unknown)
        return found, unknown

    def _require_recognised(
        self, shape: Shape[Any], element: "_Element", found: Mapping[int, object], unknown: Sequence[str]
    ) -> None:
        name = _local_name(element.tag)
        if unknown and (not found or shape.items is not None):
            raise InvalidValue(name, f"holds {unknown[0]}, which the contract does not know")
        if not found and element.get(_HREF):
            raise InvalidValue(name, "stands elsewhere (href)")
        if not len(element) and (element.text or "").strip():
            raise InvalidValue(name, "holds text where its type has members")

    def _member(self, member: Member, children: "Sequence[_Element]") -> object:
        if member.unwrapped and member.shape is not None and member.shape.items is not None:
            return member.shape.record(
                **{member.shape.items.field: self._member(member.shape.items, children)}
            )
        values = [self.value(member, child) for child in children]
        if member.repeated:
            if not member.nillable and any(value is NIL for value in values):
                raise InvalidValue(member.name, "may not be nil")
            return tuple(values)
        value = values[0] if values else None
        if value is NIL and not member.nillable:
            if self.in_order:
                raise InvalidValue(member.name, "may not be nil")
            value = None
        if value is None and not member.optional:
            raise InvalidValue(member.name, "is missing")
        return value

    def value(self, member: Member, child: "_Element") -> object:
        """What an element of a member holds, NIL for nil. Raises InvalidValue."""
        if is_nil(child) and not member.is_wildcard:
            return NIL
        if member.shape is not None:
            return self.read(member.shape, child)
        if member.simple is None:
            return Xml.of_element(child)
        try:
            return member.simple.parse(_simple_text(child))
        except ValueError as error:
            raise InvalidValue(member.name, str(error)) from None


def _kind(shape: Shape[R], element: "_Element") -> Shape[R]:
    """What an element is by its `xsi:type`. Raises InvalidValue for what is not known: never read as its base."""
    name = type_of(element) or shape.type
    if name in shape.kinds:
        return shape.kinds[name]
    if name == shape.type:
        raise InvalidValue(
            _local_name(element.tag), "is of an abstract type, and does not say which (xsi:type)"
        )
    raise InvalidValue(_local_name(element.tag), f"is a {name}, which the contract does not know")


BY_NAME: Final = Reader(in_order=False)
"""For replies: forgiving where stacks differ."""
IN_ORDER: Final = Reader(in_order=True)
"""For requests, as a WCF service reads them."""


def _attribute(attribute: Member, element: "_Element") -> object:
    """The value of an attribute, None where it is not there. Raises InvalidValue."""
    text = element.get(attribute.tag)
    if text is None:
        if not attribute.optional:
            raise InvalidValue(attribute.name, "is missing")
        return None
    assert attribute.simple is not None
    try:
        return attribute.simple.parse(text)
    except ValueError as error:
        raise InvalidValue(attribute.name, str(error)) from None


def _wildcard_for(element: "_Element", shape: Shape[Any], found: Mapping[int, object]) -> int | None:
    """The position of the first wildcard that has room for an element, None where there is none."""
    for index in shape.wildcards if isinstance(element.tag, str) else ():
        member = shape.members[index]
        if member.takes(element.tag) and (member.repeated or index not in found):
            return index
    return None


def _simple_text(element: "_Element") -> str:
    """The text of an element, read past comments. Raises ValueError where elements stand in it."""
    if not len(element):
        return element.text or ""
    if any(isinstance(child.tag, str) for child in element):
        raise ValueError("holds elements where its type has none")
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]
