"""Fetching a contract from where it is published: the WSDL and all that it imports, flattened.

Sans-IO: the bytes come through a function that is given.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import Final, TypeAlias
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from attrs import define, evolve, field, frozen
from lxml import etree
from lxml.etree import _Element

from buzzeasy_soap.description.diff import Change, Severity, compare
from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import NoSoapPort, SeveralPortTypes, describe
from buzzeasy_soap.description.model import XSD, ServiceDescription, local_name
from buzzeasy_soap.description.source import parse_document
from buzzeasy_soap.description.well_known import NEVER_FETCHED
from buzzeasy_soap.errors import ConfigurationError

Get: TypeAlias = Callable[[str], bytes]
"""Answers what an address (http, https or file) holds; raises ConfigurationError, which says why not."""

_DEFINITIONS: Final = "{http://schemas.xmlsoap.org/wsdl/}definitions"
_WSDL_IMPORT: Final = "{http://schemas.xmlsoap.org/wsdl/}import"
_REFERENCES: Final = {
    _WSDL_IMPORT: "location",
    f"{XSD}import": "schemaLocation",
    f"{XSD}include": "schemaLocation",
}
_MOST_DOCUMENTS: Final = 64
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"


@frozen
class Fetched:
    """A contract as it was published, with its imports rewritten to stable file names."""

    documents: DocumentSet
    notes: tuple[str, ...]
    """Imports that were left out, and why; where one is needed, describing the contract fails."""

    def describe(self) -> ServiceDescription:
        """Its one SOAP 1.1 service. Raises ConfigurationError, with the address and the notes."""
        try:
            return describe(self.documents)
        except (NoSoapPort, SeveralPortTypes):
            raise
        except ConfigurationError as error:
            why = "; ".join((f"{self.documents.origin}: {error}", *self.notes))
            raise ConfigurationError(why) from None


class NotPublished(ConfigurationError):
    """Nothing at an address looks like a WSDL."""


def compare_fetched(cached: DocumentSet, fetched: Fetched) -> tuple[Change, ...]:
    """How what was fetched differs from the cached documents, the most severe change first.

    Raises ConfigurationError where either cannot be read.
    """
    before = describe(cached)
    if not fetched.documents.port_type:
        documents = evolve(fetched.documents, port_type=local_name(before.port_type))
        fetched = evolve(fetched, documents=documents)
    try:
        return compare(before, fetched.describe())
    except NoSoapPort as error:
        return (Change(Severity.BREAKING, cached.name, str(error)),)


def fetch(
    template: DocumentSet,
    address: str,
    get: Get,
    *,
    allow_hosts: Collection[str] = (),
    beside: Sequence[str] = (),
    retrieved: str = "",
) -> Fetched:
    """Fetch the WSDL at `address` and all that it imports; `template` gives its name and secrets.

    An import that answers an HTML page, or that leads to another host than `address` (or one of
    `allow_hosts`, as `host` or `host:port`) or out of its folder, is left out and named. In its place
    goes a document of its namespace from `beside`, the addresses of those that lie beside a file: so
    svcutil and Visual Studio keep a contract. Raises ConfigurationError where a document cannot be
    had or read.
    """
    crawl = _Crawl(template.name, address, get, frozenset(allow_hosts), tuple(beside))
    crawl.run()
    content = {name: document.content() for name, document in crawl.documents.items()}
    documents = evolve(
        template,
        wsdl=f"{template.name}.wsdl",
        origin=address,
        retrieved=retrieved,
        sha256={name: hashlib.sha256(data).hexdigest() for name, data in content.items()},
        content=content,
    )
    return Fetched(documents, tuple(crawl.notes))


@define
class _Document:
    """One document: as it was read until a reference in it is rewritten."""

    root: _Element
    data: bytes
    rewritten: bool = False

    def content(self) -> bytes:
        if not self.rewritten:
            return self.data
        return (
            b'<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(self.root, encoding="utf-8") + b"\n"
        )

    def redirect(self, element: _Element, attribute: str, name: str | None) -> None:
        """Point a reference at a file, or take it out where there is none."""
        self.rewritten = self.rewritten or element.get(attribute) != name
        if name:
            element.set(attribute, name)
        elif element.tag == f"{XSD}import":
            del element.attrib[attribute]
        else:
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)


@frozen
class _Crawl:
    """One fetch: each document once, in the order in which they are first named."""

    name: str
    start: str
    get: Get
    allow_hosts: frozenset[str]
    beside: tuple[str, ...]
    documents: dict[str, _Document] = field(factory=dict)
    """By file name."""
    names: dict[str, str | None] = field(factory=dict)
    """The file name of each address, None for one that is left out."""
    notes: list[str] = field(factory=list)
    contents: dict[str, tuple[str, str]] = field(factory=dict)
    """What each document of `beside` is that was looked at, and its namespace."""

    def run(self) -> None:
        waiting = [self.start]
        data = self.get(self.start)
        first = self._parse(self.start, data) if data.lstrip(_BLANK).startswith(b"<") or not data else None
        if first is None or first.root.tag != _DEFINITIONS:
            hint = "" if "wsdl" in self.start.lower() else f"; try {self.start}?wsdl"
            raise NotPublished(f"{self.start} does not answer a WSDL{hint}")
        self._keep(self.start, first)
        while waiting:
            here = waiting.pop(0)
            document = self.documents[self.names[here] or ""]
            for element, attribute, address in self._references(here, document.root):
                if address not in self.names:
                    waiting += self._take(address, here, element)
                document.redirect(element, attribute, self.names[address])

    def _references(self, here: str, root: _Element) -> Iterator[tuple[_Element, str, str]]:
        if next(root.iter(f"{XSD}redefine"), None) is not None:
            raise ConfigurationError(f"{here} holds xs:redefine, which is not handled")
        # A list, because references that are left out are removed on the way.
        for element in list(root.iter(*_REFERENCES)):
            attribute = _REFERENCES[str(element.tag)]
            location = element.get(attribute)
            if location:
                yield element, attribute, self._absolute(here, location)
            elif not self._is_inline(element):
                # svcutil writes no locations: whoever reads the WSDL is given all files.
                for there in self._beside(element)[:1]:
                    yield element, attribute, there

    def _absolute(self, here: str, location: str) -> str:
        try:
            address, _ = urldefrag(urljoin(here, location.strip().replace("\\", "/")))
            target, start = urlsplit(address), urlsplit(self.start)
        except ValueError:
            raise ConfigurationError(f"{here} imports {location}, which is no address") from None
        if (target.scheme, start.scheme, target.hostname) == ("http", "https", start.hostname):
            # A service behind a proxy that ends TLS names itself http: never leave https for that.
            return target._replace(scheme="https", netloc=start.netloc).geturl()
        return address

    def _take(self, address: str, here: str, reference: _Element) -> list[str]:
        """Fetch what a reference leads to, or what lies beside in its place, or note why not.

        Answers its address, if it is new and there.
        """
        self.names[address] = None
        if _namespace(reference) in NEVER_FETCHED:
            return []
        refusal = self._refusal(address)
        if not refusal:
            return self._fetch(address, here)
        for there in self._beside(reference):
            new = [] if there in self.names else self._fetch(there, here)
            self.names[address] = self.names[there]
            return new
        self.notes.append(f"{here} imports {address}, which {refusal}: left out")
        return []

    def _fetch(self, address: str, here: str) -> list[str]:
        self.names[address] = None
        if len(self.documents) >= _MOST_DOCUMENTS:
            raise ConfigurationError(f"{self.start} imports more than {_MOST_DOCUMENTS} documents")
        try:
            document = self._parse(address, self.get(address))
        except NotPublished as error:
            raise ConfigurationError(str(error)) from None  # the WSDL is, though not all of it
        if document is None:
            self.notes.append(f"{here} imports {address}, which answers an HTML page: left out")
            return []
        self._keep(address, document)
        return [address]

    def _beside(self, reference: _Element) -> list[str]:
        """The documents beside that a reference may mean, by kind and namespace, new ones first."""
        kind = "definitions" if reference.tag == _WSDL_IMPORT else "schema"
        wanted = (kind, _namespace(reference))
        found = [address for address in self.beside if self._contents(address) == wanted]
        return sorted(found, key=lambda address: address in self.names)

    def _contents(self, address: str) -> tuple[str, str]:
        """What a document beside is, and its namespace; nothing where it cannot be read."""
        if address not in self.contents:
            self.contents[address] = ("", "")
            with suppress(ConfigurationError):
                root = parse_document(address, self.get(address))
                self.contents[address] = (etree.QName(root).localname, root.get("targetNamespace", ""))
        return self.contents[address]

    def _is_inline(self, reference: _Element) -> bool:
        """One of the WSDL's own schemas is what is meant."""
        return any(
            schema.get("targetNamespace", "") == _namespace(reference)
            for document in self.documents.values()
            for schema in document.root.iter(f"{XSD}schema")
        )

    def _refusal(self, address: str) -> str | None:
        target, start = urlsplit(address), urlsplit(self.start)
        if target.scheme in ("http", "https"):
            same = start.scheme in ("http", "https") and target.netloc == start.netloc
            allowed = same or {target.netloc, target.hostname} & self.allow_hosts
            return None if allowed else f"is on another host (--allow-host {target.netloc} follows it)"
        if target.scheme == "file" and start.scheme == "file":
            folder = unquote(start.path).rpartition("/")[0] + "/"
            inside = unquote(target.path).startswith(folder) and "/../" not in unquote(target.path)
            return None if inside and not target.netloc else "is outside the folder of the WSDL"
        return f"is no http address, but {target.scheme or 'a path'}"

    def _parse(self, address: str, data: bytes) -> _Document | None:
        """A WSDL or schema; None for an HTML page."""
        if data[:2048].lstrip(_BLANK).lower().startswith((b"<!doctype html", b"<html")):
            return None
        root = parse_document(address, data)
        if root.tag not in (_DEFINITIONS, f"{XSD}schema"):
            if etree.QName(root).localname.lower() == "html":
                return None
            raise ConfigurationError(f"{address} holds {root.tag}, neither a WSDL nor a schema")
        return _Document(root, data)

    def _keep(self, address: str, document: _Document) -> None:
        kind = "wsdl" if document.root.tag == _DEFINITIONS else "xsd"
        count = sum(name.endswith(f".{kind}") and name != f"{self.name}.wsdl" for name in self.documents)
        name = f"{self.name}.{kind}{count}.{kind}" if self.documents else f"{self.name}.wsdl"
        self.names[address] = name
        self.documents[name] = document


def _namespace(reference: _Element) -> str:
    """The namespace of what a reference leads to: an included schema has that of the one it stands in."""
    parent = reference.getparent()
    inherited = "" if parent is None or reference.tag != f"{XSD}include" else parent.get("targetNamespace")
    return reference.get("namespace") or inherited or ""
