"""The same values through zeep, which is the reference."""

import datetime as dt
import itertools
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from lxml import etree
from zeep import xsd as zeep_xsd
from zeep.helpers import serialize_object

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import load_wsdl
from buzzeasy_soap.description.model import XSD
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.xsd import NIL, SIMPLE_TYPES, XSI, type_of
from tests.support.records import OFFSETS, SIMPLE, XSI_TYPE, Values, elements, tag_for


def canonical(element: etree._Element) -> str:
    """An element free of its prefixes, those in `xsi:type` too."""
    element = deepcopy(element)
    for each in element.iter():
        if type_of(each):
            each.set(f"{{{XSI}}}type", type_of(each))
    return etree.canonicalize(
        etree.tostring(element, encoding="unicode", with_tail=False), rewrite_prefixes=True
    )


class ZeepSide:
    """The messages of a contract as zeep writes and reads them."""

    def __init__(self, documents: DocumentSet) -> None:
        self._wsdl = load_wsdl(documents)
        self._bodies = {
            message.body.qname.text: message.body
            for binding in self._wsdl.bindings.values()
            for operation in binding._operations.values()
            for message in (operation.input, operation.output)
            if message is not None
        }

    def knows(self, tag: str) -> bool:
        return tag in self._bodies

    def write(self, message: Message[Any], record: object) -> etree._Element:
        body = self._bodies[message.tag]
        parent = etree.Element("parent")
        value = self._record(message.shape, record)
        if message.shape.of_element:
            value = value["value"]
        body.render(parent, body(**value) if isinstance(value, dict) else value)
        return etree.fromstring(etree.tostring(parent))[0]

    def read(self, element: etree._Element) -> Any:
        value = self._bodies[element.tag].parse(element, self._wsdl.types)
        return _plain(serialize_object(value, dict))

    def _record(self, declared: Shape[Any], record: object) -> Any:
        """A record as zeep's arguments, or as its object where it is of another type than is declared."""
        shape, given = actual(declared, record), {}
        for name, member in _named(shape):
            value = getattr(record, member.field)
            if value is not None and not (member.repeated and value == ()):
                given[name] = self._argument(member, value)
        return given if shape is declared else self._wsdl.types.get_type(shape.type)(**given)

    def _argument(self, member: Member, value: Any) -> Any:
        if value is NIL:
            return zeep_xsd.Nil
        if isinstance(value, Xml):
            element = etree.fromstring(value.text)
            kind, python = _typed(element)
            return element if member.is_wildcard else zeep_xsd.AnyObject(kind, python) if kind else python
        if isinstance(value, tuple):
            return [self._argument(member, each) for each in value]
        if isinstance(value, bytes) and member.type == "hexBinary":
            return value.hex().upper()
        if isinstance(value, Secret):
            return value.reveal()
        return self._record(member.shape, value) if member.shape else value


def _named(shape: Shape[Any]) -> Iterator[tuple[str, Member]]:
    """The members and attributes by what zeep calls them."""
    wildcards = itertools.count(1)
    for member in shape.members:
        named = "value" if shape.of_element else member.name
        yield f"_value_{next(wildcards)}" if member.is_wildcard else named, member
    for attribute in shape.attributes:
        is_taken = any(member.name == attribute.name for member in shape.members)
        yield f"attr__{attribute.name}" if is_taken else attribute.name, attribute


def actual(declared: Shape[Any], record: object) -> Shape[Any]:
    """The shape of a record that stands where one is declared."""
    return declared.kind_of(record) if declared.kinds else declared


def seen_by_zeep(shape: Shape[Any], record: object) -> Any:
    """A record as zeep shows it: nil, absent, empty and all-None are one."""
    shown = _shown_record(shape, record)
    return _plain(shown["value"] if shape.of_element else shown)


def _shown_record(shape: Shape[Any], record: object) -> dict[str, Any]:
    named = _named(actual(shape, record))
    return {name: _shown(member, getattr(record, member.field)) for name, member in named}


def _shown(member: Member, value: Any) -> Any:
    if value is NIL or value is None:
        return None
    if isinstance(value, tuple):
        return [_shown(member, each) for each in value]
    if isinstance(value, bytes) and member.type == "hexBinary":
        return value.hex().upper() or None
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Xml):
        return value if member.is_wildcard else _typed(etree.fromstring(value.text))[1]
    return _shown_record(member.shape, value) if member.shape else value


def _typed(element: etree._Element) -> tuple[Any, Any]:
    """The type that an element says it is of, as zeep knows it, and its value."""
    name = element.get(XSI_TYPE, "").rpartition(":")[2]
    if not name:
        return None, element.text
    return getattr(zeep_xsd, name.title())(), SIMPLE_TYPES[name].parse(element.text or "")


def _plain(value: Any) -> Any:
    if isinstance(value, etree._Element):
        return Xml.of_element(value)
    if isinstance(value, dict):
        # xs:anyAttribute is passed over.
        plain = {key: _plain(each) for key, each in value.items() if not key.startswith("_attr_")}
        return plain if any(each is not None for each in plain.values()) else None
    if isinstance(value, list):
        items = [_plain(each) for each in value]
        return items if any(each is not None for each in items) else None
    if isinstance(value, (bytes, str)) and not value:
        return None
    return str(value) if isinstance(value, (str, UUID)) else value


@st.composite
def _opaque(draw: st.DrawFn, member: Member) -> Xml:
    """What zeep can write and read: a typed text, and in a wildcard's place an element that says no type.

    It looks for the type in its schemas.
    """
    element = etree.Element(tag_for(member), nsmap={"xs": XSD[1:-1]})
    if member.is_wildcard:
        tag = "{urn:else}Extra" if member.tag == "*" else element.tag
        return draw(elements(tag, movable=True).map(Xml.of_element))
    kind = draw(st.sampled_from([None, "string", "int", "boolean"]))
    if kind:
        element.set(XSI_TYPE, f"xs:{kind}")
    name = kind or "string"
    element.text = SIMPLE_TYPES[name].format(draw(SIMPLE[name].filter(lambda value: value != "")))
    return Xml.of_element(element)


# Left out is what zeep gets wrong by itself: years before 1000, which it does not pad; decimals with
# an exponent and numbers without end, which it writes as Python does; nil among the items of a list,
# which it writes as an empty record.
FOR_ZEEP = Values(
    simple={
        **SIMPLE,
        "date": st.dates(dt.date(1000, 1, 1)),
        "dateTime": st.datetimes(dt.datetime(1000, 1, 1), timezones=OFFSETS),
        "decimal": st.decimals(-(10**20), 10**20, places=6),
        "double": st.floats(allow_nan=False, allow_infinity=False),
        "float": st.floats(width=32, allow_nan=False, allow_infinity=False),
    },
    nil_items=False,
    opaque=_opaque,
)
