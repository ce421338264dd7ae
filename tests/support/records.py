"""hypothesis strategies for the records of a contract: whatever its schema can say."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args

import attrs
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.xsd import NIL

XML_TEXT = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r")
)
OFFSETS = st.none() | st.integers(-14 * 60, 14 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))


def _whole(bits: int, *, signed: bool = True) -> st.SearchStrategy[int]:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return st.integers(low, high) | st.sampled_from([low, high, 0])


SIMPLE: dict[str, st.SearchStrategy[Any]] = {
    "string": XML_TEXT,
    "anyURI": st.from_regex(r"https?://[a-z]{1,9}\.example/[a-z0-9/]{0,9}", fullmatch=True),
    "boolean": st.booleans(),
    "byte": _whole(8),
    "short": _whole(16),
    "int": _whole(32),
    "long": _whole(64),
    "unsignedByte": _whole(8, signed=False),
    "unsignedShort": _whole(16, signed=False),
    "unsignedInt": _whole(32, signed=False),
    "unsignedLong": _whole(64, signed=False),
    "decimal": st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6
    )
    | st.sampled_from([Decimal(79228162514264337593543950335), Decimal("1E-28"), Decimal("-0")]),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "dateTime": st.datetimes(timezones=OFFSETS),
    "date": st.dates(),
    "time": st.times(timezones=OFFSETS),
    # As far as .NET's TimeSpan reaches.
    "duration": st.timedeltas(dt.timedelta(days=-10675199), dt.timedelta(days=10675199)),
    "guid": st.uuids(),
    "base64Binary": st.binary(max_size=40),
    "hexBinary": st.binary(max_size=40),
    "normalizedString": XML_TEXT.map(lambda text: re.sub("[\t\n\r]", " ", text)),
    "token": st.from_regex(r"[A-Za-z]{1,9}", fullmatch=True),
    "integer": st.integers(-(10**60), 10**60),
    "positiveInteger": st.integers(1, 10**60),
    "negativeInteger": st.integers(-(10**60), -1),
    "nonPositiveInteger": st.integers(-(10**60), 0),
    "nonNegativeInteger": st.integers(0, 10**60),
}


# Names as in a contract, in one of others, and in none.
NAMES = st.sampled_from(["{urn:orders}Number", "{urn:else}Extra", "{urn:else}Password", "plain"])
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@st.composite
def elements(draw: st.DrawFn, tag: str, depth: int = 2, *, movable: bool = False) -> etree._Element:
    """An element of any content; `movable` is what lxml can move into another: it mixes up attributes' prefixes."""
    # Not where it has no namespace: lxml would write it into this one.
    default = {None: "urn:else"} if tag.startswith("{") and not tag.startswith("{}") else None
    element = etree.Element(tag, nsmap=draw(st.sampled_from([None, default, {"b": "urn:else"}])))
    for name, value in draw(st.dictionaries(NAMES, XML_TEXT, max_size=2)).items():
        if not (movable and name.startswith("{")):
            element.set(name, value)
    if not movable and draw(st.booleans()):
        element.set(XSI_TYPE, "b:string" if "b" in element.nsmap else "string")
    element.text = draw(XML_TEXT)
    for name in draw(st.lists(NAMES, max_size=2)) if depth else ():
        element.append(draw(elements(name, depth - 1, movable=movable)))
        element[-1].tail = draw(XML_TEXT)
    return element


def tag_for(member: Member) -> str:
    """A name that an element may have where a member is any."""
    return member.tag.replace("*", "Extra" if member.tag.startswith("{") else "plain")


def kept(member: Member) -> st.SearchStrategy[Xml]:
    """What a member that is kept whole may hold."""
    tags = ["{urn:else}Extra", "plain"] if member.tag == "*" else [tag_for(member)]
    return st.sampled_from(tags).flatmap(elements).map(Xml.of_element)


def _kinds(annotation: Any) -> list[type]:
    inner = [kind for argument in get_args(annotation) for kind in _kinds(argument)]
    return [annotation, *inner] if isinstance(annotation, type) else inner


@attrs.frozen
class Values:
    """What the records are filled with."""

    simple: Mapping[str, st.SearchStrategy[Any]] = SIMPLE
    """By the name of the type on the wire."""
    nil_items: bool = True
    """Whether an item of a repeated member may be nil."""
    opaque: Callable[[Member], st.SearchStrategy[Xml]] = kept
    """What stands where the contract allows anything."""
    filled: bool = False
    """Whether every member of the outermost record is there."""

    def records(self, shape: Shape[Any], depth: int = 3, *, outermost: bool = True) -> st.SearchStrategy[Any]:
        """Every record that the schema allows: values, nil, absent, empty, extremes."""
        if shape.kinds:
            return st.one_of([self._records(kind, depth, outermost) for kind in shape.kinds.values()])
        return self._records(shape, depth, outermost)

    def _records(self, shape: Shape[Any], depth: int, outermost: bool) -> st.SearchStrategy[Any]:
        arguments = {}
        for member in shape.fields:
            if not member.field:  # known and passed over
                continue
            if depth <= 0 and member.shape is not None:
                assert member.optional, "no end to a record that holds itself"
                continue
            value = self._value(shape, member, depth)
            if member.nillable and (self.nil_items or not member.repeated):
                value = st.just(NIL) | value
            if member.repeated:
                least = 0 if member.optional else 1
                value = st.lists(value, min_size=least, max_size=3).map(tuple)
            elif member.optional and not (self.filled and outermost):
                value = st.none() | value
            arguments[member.field] = value
        return st.builds(shape.record, **arguments)

    def _value(self, shape: Shape[Any], member: Member, depth: int) -> st.SearchStrategy[Any]:
        if member.shape is not None:
            return self.records(member.shape, depth - 1, outermost=False)
        if member.is_opaque:
            return self.opaque(member)
        field = getattr(attrs.fields(shape.record), member.field)
        kinds = _kinds(field.type)
        enum = next((kind for kind in kinds if issubclass(kind, StrEnum)), None)
        assert member.simple is not None
        if enum is not None:
            value = st.sampled_from(list(enum))
            is_list = member.simple.name.endswith("[]")
            return st.lists(value, max_size=3).map(tuple) if is_list else value
        item = member.simple.name.removesuffix("[]")
        if item != member.simple.name:
            return st.lists(self.simple["token" if item == "string" else item], max_size=3).map(tuple)
        value = self.simple[member.simple.name]
        return value.map(Secret) if Secret in kinds else value
