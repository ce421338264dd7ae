"""The same values through zeep, which is the reference."""

import datetime as dt
from copy import deepcopy
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from lxml import etree
from zeep import xsd as zeep_xsd
from zeep.helpers import serialize_object

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import load_wsdl
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.xsd import NIL, XSI, type_of
from tests.support.records import OFFSETS, SIMPLE, Values


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
        }

    def knows(self, tag: str) -> bool:
        return tag in self._bodies

    def write(self, message: Message[Any], record: object) -> etree._Element:
        body = self._bodies[message.tag]
        parent = etree.Element("parent")
        value = self._record(message.shape, record)
        body.render(parent, body(**value) if isinstance(value, dict) else value)
        return etree.fromstring(etree.tostring(parent))[0]

    def read(self, element: etree._Element) -> Any:
        value = self._bodies[element.tag].parse(element, self._wsdl.types)
        return _plain(serialize_object(value, dict))

    def _record(self, declared: Shape[Any], record: object) -> Any:
        """A record as zeep's arguments, or as its object where it is of another type than is declared."""
        shape, given = actual(declared, record), {}
        for member in shape.members:
            value = getattr(record, member.field)
            if value is not None and value != ():
                given[member.name] = self._argument(member, value)
        return given if shape is declared else self._wsdl.types.get_type(shape.type)(**given)

    def _argument(self, member: Member, value: Any) -> Any:
        if value is NIL:
            return zeep_xsd.Nil
        if isinstance(value, tuple):
            return [self._argument(member, each) for each in value]
        if isinstance(value, Secret):
            return value.reveal()
        return self._record(member.shape, value) if member.shape else value


def actual(declared: Shape[Any], record: object) -> Shape[Any]:
    """The shape of a record that stands where one is declared."""
    return declared.kind_of(record) if declared.kinds else declared


def seen_by_zeep(shape: Shape[Any], record: object) -> Any:
    """A record as zeep shows it: nil, absent, empty and all-None are one."""
    return _plain(_shown_record(shape, record))


def _shown_record(shape: Shape[Any], record: object) -> dict[str, Any]:
    members = actual(shape, record).members
    return {member.name: _shown(member, getattr(record, member.field)) for member in members}


def _shown(member: Member, value: Any) -> Any:
    if value is NIL or value is None:
        return None
    if isinstance(value, tuple):
        return [_shown(member, each) for each in value]
    if isinstance(value, Secret):
        return value.reveal()
    return _shown_record(member.shape, value) if member.shape else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {key: _plain(each) for key, each in value.items()}
        return plain if any(each is not None for each in plain.values()) else None
    if isinstance(value, list):
        items = [_plain(each) for each in value]
        return items if any(each is not None for each in items) else None
    if isinstance(value, (bytes, str)) and not value:
        return None
    return str(value) if isinstance(value, (str, UUID)) else value


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
)
