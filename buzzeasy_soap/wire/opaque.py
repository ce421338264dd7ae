"""Elements of which a contract does not say what they hold: kept as text."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, final

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.envelope import Unreadable, parse
from buzzeasy_soap.wire.redaction import HoldsSecrets, Secret, names_a_secret

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAME: Final = r"<[^\s/>]+"
_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"


@final
class Xml(HoldsSecrets):
    """One XML element, whole, as it stands on the wire: where a contract allows any content.

    `Xml('<Note xmlns="urn:orders">soon</Note>')`. Two are equal where names, attributes and texts are,
    whatever the prefixes. It never changes, and its repr shows no content. Raises InvalidRequest for a
    text that is not one element of well-formed XML, or that holds a document type declaration.
    """

    __slots__ = ("_meaning", "_tag", "_text")

    def __init__(self, text: str) -> None:
        if text.lstrip().startswith("<?"):
            raise InvalidRequest(
                "text must be an element alone, without an XML declaration", parameter="text"
            )
        try:
            root = parse(text.encode(), "utf-8")
        except UnicodeEncodeError:
            raise InvalidRequest("text holds what XML cannot carry", parameter="text") from None
        except Unreadable as error:
            raise InvalidRequest(f"text is not one XML element: {error}", parameter="text") from None
        self._set(root)

    @classmethod
    def of_element(cls, element: "_Element") -> "Xml":
        """An element of a message, with the namespaces that are declared around it."""
        xml = cls.__new__(cls)
        cls._set(xml, element)
        return xml

    def _set(self, element: "_Element") -> None:
        from lxml import etree

        self._tag = str(element.tag)
        self._text = etree.tostring(element, encoding="unicode", with_tail=False)
        self._meaning: object = None

    @property
    def text(self) -> str:
        """The element as XML, which declares all the namespaces that it uses."""
        return self._text

    @property
    def tag(self) -> str:
        """The element's name, in Clark notation where it has a namespace."""
        return self._tag

    def embedded(self) -> str:
        """The text as it may stand in any other element, whatever that one's default namespace is."""
        start = self._text.partition(">")[0]
        if re.search(r"\sxmlns=", start):
            return self._text
        return re.sub(_NAME, r'\g<0> xmlns=""', self._text, count=1)

    def secrets(self) -> Iterator[Secret]:
        """What stands under a name such as password in it."""
        for element in self._parsed().iter():
            named = [str(value) for name, value in element.attrib.items() if names_a_secret(_local(name))]
            if names_a_secret(_local(element.tag)):
                named += map(str, element.itertext())
            yield from (Secret(text) for text in named if text.strip())

    def __repr__(self) -> str:
        return f"Xml(<{_local(self._tag)}>, {len(self._text)} characters)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Xml) and (self._text == other._text or self._key() == other._key())

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> object:
        if self._meaning is None:
            self._meaning = _meaning_of(self._parsed())
        return self._meaning

    def _parsed(self) -> "_Element":
        """The element anew; its text has been read before, and needs no limits but the parser's own."""
        from lxml import etree

        return etree.fromstring(self._text, etree.XMLParser(remove_comments=True, remove_pis=True))


def _meaning_of(element: "_Element") -> tuple[object, ...]:
    """An element without its prefixes, which mean nothing but in `xsi:type`."""
    attributes = {name: str(value) for name, value in element.attrib.items()}
    if _XSI_TYPE in attributes:
        prefix, _, local = attributes[_XSI_TYPE].strip().rpartition(":")
        attributes[_XSI_TYPE] = f"{{{element.nsmap.get(prefix or None, prefix)}}}{local}"
    children = tuple((_meaning_of(child), child.tail or "") for child in element)
    return element.tag, frozenset(attributes.items()), element.text or "", children


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
