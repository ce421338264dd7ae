"""SOAP 1.1 envelopes: read safely, written plainly. Both ends of the wire use this."""

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from lxml.etree import _Element

SOAP_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE: Final = "text/xml; charset=utf-8"
ENVELOPE_START: Final = f'<s:Envelope xmlns:s="{SOAP_ENVELOPE}">'
_ENVELOPE: Final = f"{{{SOAP_ENVELOPE}}}Envelope"
_BODY: Final = f"{{{SOAP_ENVELOPE}}}Body"
_HEADER: Final = f"{{{SOAP_ENVELOPE}}}Header"
_HEADERS: Final = f"{_HEADER}/*"
_MUST_UNDERSTAND: Final = f"{{{SOAP_ENVELOPE}}}mustUnderstand"
_ACTOR: Final = f"{{{SOAP_ENVELOPE}}}actor"
_RECEIVER: Final = ("", "http://schemas.xmlsoap.org/soap/actor/next")
_BOMS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]*)""")
_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1", "cp1252"})
_MOST_NODES: Final = 500_000
"""Elements and attributes, roughly: each takes a hundred bytes of memory, and can be sent in four."""


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
    details: "tuple[_Element, ...]" = ()
    """The elements in the detail."""


def parse(data: bytes, charset: str | None = None) -> "_Element":
    """The root of an XML document: no DTD, entities or processing instructions, no network, no huge tree.

    `charset` is the content type's; a byte order mark or an XML declaration takes precedence.
    Raises Unreadable.
    """
    from lxml import (
        etree,
    )  # not at the top: what is read as text needs no lxml, and a start is quicker without

    if not data.strip():
        raise Unreadable("the body is empty")
    if is_too_many(data):
        raise Unreadable(f"it holds more than {_MOST_NODES} elements and attributes")
    if _lies(data):
        raise Unreadable("its encoding is not the one that it declares")
    declares_itself = data.startswith((*_BOMS, b"<?xml"))
    try:
        parser = etree.XMLParser(
            encoding=None if declares_itself else charset,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
        )
        root = etree.fromstring(data, parser)
    except (LookupError, ValueError):
        raise Unreadable(f"the encoding {charset!r} is unknown") from None
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"it is not XML that can be read ({error.msg})") from None
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise Unreadable("it holds a document type declaration")
    if not _is_usual(document.encoding or "utf-8"):
        raise Unreadable(f"it is in {document.encoding}, not in UTF-8, UTF-16 or Latin-1")
    if any(True for _ in _processing_instructions(root)):
        raise Unreadable("it holds a processing instruction")
    return root


def is_too_many(data: bytes) -> bool:
    """Whether a document holds more elements and attributes than are read."""
    return len(data) > _MOST_NODES and data.count(b"<") + data.count(b"=") > _MOST_NODES


def _lies(data: bytes) -> bool:
    """Whether a document declares UTF-16 and is not, or is and declares another."""
    head = data[:200]
    is_wide = head.startswith(_BOMS[1:]) or b"\x00" in head[:2]
    declared = _DECLARED.match(head.replace(b"\x00", b"").removeprefix(codecs.BOM_UTF8).lstrip(b"\xff\xfe"))
    return declared is not None and declared[1].lower().startswith(b"utf-16") != is_wide


def _is_usual(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in _ENCODINGS
    except LookupError:
        return False


def _processing_instructions(root: "_Element") -> Iterator[object]:
    from lxml import etree

    for around in (False, True):
        yield from root.itersiblings(etree.PI, preceding=around)
    yield from root.iter(etree.PI)


def body_in(root: "_Element") -> "_Element":
    """The Body of an envelope. Raises Unreadable."""
    if root.tag != _ENVELOPE:
        raise Unreadable(f"its root is {root.tag}, not a SOAP 1.1 Envelope")
    body = root.find(_BODY)
    if body is None:
        raise Unreadable("the envelope has no Body")
    return body


def body_of(root: "_Element") -> "_Element":
    """The one element in the Body of an envelope, a fault's too. Raises Unreadable."""
    body = body_in(root)
    if len(body) != 1:
        raise Unreadable(f"the Body holds {len(body)} elements where one is expected")
    return body[0]


def header_of(root: "_Element", tag: str) -> "_Element | None":
    """The first header of an envelope with a name; None where there is none."""
    return root.find(f"{_HEADER}/{tag}")


def headers_to_understand(root: "_Element") -> "list[_Element]":
    """The headers of an envelope that its receiver must understand: SOAP 1.1, 4.2.2 and 4.2.3."""
    return [
        header
        for header in root.iterfind(_HEADERS)
        if header.get(_MUST_UNDERSTAND, "").strip() in ("1", "true")
        and header.get(_ACTOR, "").strip() in _RECEIVER
    ]


def fault_of(element: "_Element") -> Fault | None:
    """The fault that a Body's element is, matched by local names; None where it is none."""
    from lxml import etree

    if etree.QName(element).localname != "Fault":
        return None
    parts = {etree.QName(child).localname: child for child in element}
    code, reason, detail = (parts.get(name) for name in ("faultcode", "faultstring", "detail"))
    return Fault(
        code=_text_of(code).rpartition(":")[2],
        reason=_text_of(reason),
        details=() if detail is None else tuple(detail),
        detail=None if detail is None else etree.tostring(detail, encoding="unicode", with_tail=False),
    )


def _text_of(element: "_Element | None") -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()
