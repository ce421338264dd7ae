"""SOAP 1.1 envelopes: read safely, written plainly. Both ends of the wire use this."""

import codecs
from typing import Final

from attrs import frozen
from lxml import etree
from lxml.etree import _Element

SOAP_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE: Final = "text/xml; charset=utf-8"
_ENVELOPE: Final = f"{{{SOAP_ENVELOPE}}}Envelope"
_BODY: Final = f"{{{SOAP_ENVELOPE}}}Body"
_BOMS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unreadable(ValueError):
    """The bytes are no SOAP 1.1 envelope; the message says why."""


@frozen
class Fault:
    """A SOAP 1.1 fault."""

    code: str
    """The local name of the fault code."""
    reason: str
    detail: str | None = None
    """XML text."""


def parse(data: bytes, charset: str | None = None) -> _Element:
    """The root of an XML document: no DTD, no entities, no network, no huge tree.

    `charset` is the content type's; a byte order mark or an XML declaration goes before it.
    Raises Unreadable.
    """
    if not data.strip():
        raise Unreadable("the body is empty")
    declares_itself = data.startswith((*_BOMS, b"<?xml"))
    try:
        parser = etree.XMLParser(
            encoding=None if declares_itself else charset,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        root = etree.fromstring(data, parser)
    except LookupError:
        raise Unreadable(f"the encoding {charset!r} is unknown") from None
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"it is not XML that can be read ({error.msg})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("it holds a document type declaration")
    return root


def body_of(root: _Element) -> _Element:
    """The one element in the Body of an envelope, a fault's too. Raises Unreadable."""
    if root.tag != _ENVELOPE:
        raise Unreadable(f"its root is {root.tag}, not a SOAP 1.1 Envelope")
    body = root.find(_BODY)
    if body is None:
        raise Unreadable("the envelope has no Body")
    if len(body) != 1:
        raise Unreadable(f"the Body holds {len(body)} elements where one is expected")
    return body[0]


def fault_of(element: _Element) -> Fault | None:
    """The fault that a Body's element is, matched by local names; None where it is none."""
    if etree.QName(element).localname != "Fault":
        return None
    parts = {etree.QName(child).localname: child for child in element}
    code, reason, detail = (parts.get(name) for name in ("faultcode", "faultstring", "detail"))
    return Fault(
        code=_text(code).rpartition(":")[2],
        reason=_text(reason),
        detail=None if detail is None else etree.tostring(detail, encoding="unicode", with_tail=False),
    )


def _text(element: _Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def envelope(tag: str) -> tuple[_Element, _Element]:
    """A new envelope, and in its Body an empty element of that name."""
    root = etree.Element(_ENVELOPE, nsmap={"soap-env": SOAP_ENVELOPE})
    body = etree.SubElement(root, _BODY)
    return root, etree.SubElement(body, tag)
