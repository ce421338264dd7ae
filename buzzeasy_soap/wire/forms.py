"""Replies read as text, where they stand exactly as WCF writes them.

A form is a message's whole envelope as one pattern, made from its shape: every tag, prefix and declaration as
WCF writes it, with a group for each text. A reply that fits it to the last byte is read by its groups. Any other
reply says nothing here, and is read by lxml, by name, which is the reference: what is unusual, and what is wrong,
is for lxml to judge. So a form may be as narrow as it likes, and must never be wider than XML and the schema:

    text      printable ASCII without `<`, `>` and `&`, so that it means itself in every encoding that is let in
    members   in the schema's order, each once; one that may be nil or absent may be
    types     as they are declared: no element says another one (`xsi:type`)
    a list    of records whose members are all there and all text: read column by column, which is quick
    size      within the limits that libxml2 and the envelope's own reader keep
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs

from buzzeasy_soap.wire.envelope import is_too_many
from buzzeasy_soap.wire.layout import (
    HEAD,
    TAIL,
    XSI_DECLARATION,
    NamePrefix,
    Scope,
    dotnet_prefix,
    mono_prefix,
    wrapper,
)
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.simple_types import BOOLEAN, INT, STRING, Simple
from buzzeasy_soap.wire.xsd import NIL

R = TypeVar("R")

_Groups: TypeAlias = Sequence[str | None]
_Take: TypeAlias = Callable[[_Groups], object]
"""Reads a value in the groups of a match. Raises ValueError for a text that its type does not have."""

_LONGEST: Final = 8_000_000
"""Bytes: libxml2 takes no text of ten million."""
_PIECE: Final = 2**15
"""Characters of a list that are read at a time."""
_DECLARATION: Final = r'(?:<\?xml version="1\.0" encoding="utf-8"\?>)?'
_TEXT: Final = "[ -%'-;=?-~]*+"
_QUICK: Final[Sequence[tuple[Simple[Any], str, Callable[[str], object]]]] = (
    (STRING, _TEXT, str),
    (INT, "-?[0-9]{1,9}", int),
    (BOOLEAN, "true|false", "true".__eq__),
)
"""The types whose texts need no further look where the pattern fits. By the type itself: a Secret is text too."""


class _NoForm(Exception):
    """A message of this shape has no form."""


def read(message: Message[R], data: bytes) -> R | None:
    """The record in an envelope that stands as WCF writes it, in UTF-8; None for any other."""
    if not data.isascii() or len(data) > _LONGEST or is_too_many(data):
        return None
    text = data.decode("ascii")
    for prefix in (dotnet_prefix, mono_prefix):
        form = _form(message, prefix)
        if form is None:
            continue
        pattern, take = form
        match = pattern.fullmatch(text)
        if match is not None:
            try:
                return cast(R, take(match.groups()))
            except ValueError:
                return None
    return None


@lru_cache(maxsize=256)
def _form(message: Message[Any], prefix: NamePrefix) -> tuple[re.Pattern[str], _Take] | None:
    """A message's pattern, and what reads its record; None for a message that has no form."""
    name, declarations, scope = wrapper(message, prefix)
    if message.shape.of_element or name.rpartition(":")[2] == "Fault":
        return None
    building = _Building()
    try:
        inner, take = building.members(message.shape, scope)
    except _NoForm:
        return None
    start, end = re.escape(f"{HEAD}<{name}{declarations}>"), re.escape(f"</{name}>{TAIL}")
    return re.compile(f"{_DECLARATION}{start}{inner}{end}"), take


class _Building:
    """A pattern on its way."""

    def __init__(self) -> None:
        self.groups = 0
        self.within: tuple[Shape[Any], ...] = ()

    def members(self, shape: Shape[Any], scope: Scope) -> tuple[str, _Take]:
        """The members of a record, in order, and what reads the record."""
        is_repeated = len(shape.positions) < len(shape.members)
        if shape in self.within or shape.is_abstract or is_repeated or not _is_plain(shape):
            raise _NoForm
        self.within += (shape,)
        parts = [(member.field, *self.member(member, scope)) for member in shape.members]
        self.within = self.within[:-1]
        record, taken = shape.record, [(field, take) for field, _, take in parts if field]

        def take_record(groups: _Groups) -> object:
            return record(**{field: take(groups) for field, take in taken})

        return "".join(pattern for _, pattern, _ in parts), take_record

    def member(self, member: Member, scope: Scope) -> tuple[str, _Take]:
        """One member: there, nil or absent, as far as it may be."""
        if not member.field:
            return f"(?:{_element(member, scope, _TEXT)})?", _take_nothing
        if member.unwrapped:
            raise _NoForm
        if member.repeated:
            return self.items(member, scope)
        there, take_value = self.record(member, scope) if member.shape else self.text(member, scope)
        nil, said_nil = self.group(_nil(member, scope)) if member.nillable else ("(?!)", None)

        def take(groups: _Groups) -> object:
            value = take_value(groups)
            return NIL if value is None and said_nil is not None and groups[said_nil] else value

        return f"(?:{there}|{nil}){'?' if member.optional else ''}", take

    def text(self, member: Member, scope: Scope) -> tuple[str, _Take]:
        """A text, and what reads its value: None where the member is not there."""
        pattern, parse = _type_of(member)
        inner, number = self.group(pattern)

        def take(groups: _Groups) -> object:
            text = groups[number]
            return None if text is None else parse(text)

        return _element(member, scope, inner), take

    def record(self, member: Member, scope: Scope) -> tuple[str, _Take]:
        """A record, and what reads it: None where the member is not there."""
        assert member.shape is not None
        name = re.escape(scope.name(member.tag))
        scope, declarations = scope.inside(member.shape, nil=True)
        opening, number = self.group(f"<{name}{re.escape(declarations)}")
        inner, take_record = self.members(member.shape, scope)
        is_empty = "| ?/>" if all(each.optional for each in member.shape.members) else ""

        def take(groups: _Groups) -> object:
            return None if groups[number] is None else take_record(groups)

        return f"{opening}(?:>{inner}</{name}>{is_empty})", take

    def items(self, member: Member, scope: Scope) -> tuple[str, _Take]:
        """A list as one text, and what reads its items."""
        opening, record = f"<{scope.name(member.tag)}", None
        leaves: tuple[Member, ...] = (member,)
        start = end = ""
        if member.shape is not None:
            if not _is_plain(member.shape):
                raise _NoForm
            end = f"</{re.escape(opening[1:])}>"
            scope, declarations = scope.inside(member.shape, nil=True)
            opening += declarations
            start, record, leaves = f"{re.escape(opening)}>", member.shape.record, member.shape.members
        named = [leaf for leaf in leaves if leaf.field]
        is_flat = all(
            leaf is member or not (leaf.shape or leaf.repeated or leaf.tag == member.tag) for leaf in named
        )
        if not named or not is_flat or (member.shape is not None and member.shape.is_abstract):
            raise _NoForm
        region, number = self.group(f"(?:{start}{_texts(leaves, scope, None)}{end})*+")
        items = _Items(
            f"{opening}>",
            re.compile(f"{start}{_texts(leaves, scope, '([^<]*+)')}{end}"),
            record,
            tuple(leaf.field for leaf in named),
            tuple(_type_of(leaf)[1] for leaf in named),
        )
        return region, lambda groups: items.read(groups[number] or "")

    def group(self, pattern: str) -> tuple[str, int]:
        """A pattern as the next group, and the group's number."""
        self.groups += 1
        return f"({pattern})", self.groups - 1


def _is_plain(shape: Shape[Any]) -> bool:
    """Whether all that a record holds are records and texts in elements."""
    return not shape.attributes and not any(member.is_opaque for member in shape.members)


def _texts(leaves: Sequence[Member], scope: Scope, text: str | None) -> str:
    """The members of an item, all there; `text` stands for the pattern of each text."""
    return "".join(
        _element(leaf, scope, text or _type_of(leaf)[0])
        if leaf.field
        else f"(?:{_element(leaf, scope, _TEXT)})?"
        for leaf in leaves
    )


@attrs.frozen
class _Items:
    """A list's items in a text that is nothing but them."""

    opening: str
    """What each begins with."""
    finder: re.Pattern[str]
    record: type[Any] | None
    """None where an item is a mere text."""
    fields: tuple[str, ...]
    parsers: tuple[Callable[[str], object], ...]

    def read(self, text: str) -> tuple[object, ...]:
        """The items. Raises ValueError."""
        items: list[object] = []
        start = 0
        while start < len(text):
            # Piece by piece, so that all that is found in one stays in the processor's cache.
            end = text.find(self.opening, start + _PIECE)
            end = len(text) if end < 0 else end
            items += self._values(self.finder.findall(text, start, end))
            start = end
        return tuple(items)

    def _values(self, found: Sequence[Any]) -> Sequence[object]:
        columns = [found] if len(self.fields) == 1 else list(zip(*found, strict=True))
        values = [
            column if parse is str else [*map(parse, column)]
            for parse, column in zip(self.parsers, columns, strict=True)
        ]
        return values[0] if self.record is None else _filled(self.record, self.fields, values, len(found))


def _filled(
    record: type[Any], fields: Sequence[str], columns: Sequence[Sequence[object]], count: int
) -> list[object]:
    """So many records, filled column by column: a third of the time of calling their class for each.

    This passes over `__init__`, which in a generated record does nothing but to set the slots.
    """
    records = [*map(object.__new__, repeat(record, count))]
    given = dict(zip(fields, columns, strict=True))
    for field in attrs.fields(record):
        column = given.get(field.name) or repeat(field.default)
        deque(map(getattr(record, field.name).__set__, records, column), maxlen=0)
    return records


def _element(member: Member, scope: Scope, inner: str) -> str:
    name = re.escape(scope.name(member.tag))
    return f"<{name}>(?:{inner})</{name}>"


def _nil(member: Member, scope: Scope) -> str:
    """A member that says nil: .NET says so before the namespaces that it declares, Mono after its own."""
    own = ""
    if member.shape is not None:
        own = re.escape(scope.inside(member.shape, nil=False)[1])
    xsi = "" if scope.has_nil else re.escape(XSI_DECLARATION)
    name, nil = re.escape(scope.name(member.tag)), ' i:nil="true"'
    return f"<{name}(?:{own}{nil}|{nil}(?:{own})?){xsi} ?/>"


def _type_of(member: Member) -> tuple[str, Callable[[str], object]]:
    """The pattern of a member's text, and what makes a value of it."""
    assert member.simple is not None
    simple = member.simple
    return next(((text, parse) for quick, text, parse in _QUICK if quick is simple), (_TEXT, simple.parse))


def _take_nothing(groups: _Groups) -> object:  # noqa: ARG001
    return None
