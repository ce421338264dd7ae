"""A service's WSDL and schemas as WCF publishes them, with the sandbox's address."""

from typing import Final

from lxml import etree

from buzzeasy_soap.description.documents import DocumentSet

_XSD: Final = "{http://www.w3.org/2001/XMLSchema}"
_WSDL: Final = "{http://schemas.xmlsoap.org/wsdl/}"
_PLACE: Final = "the schemas"
_SOAP: Final = "{http://schemas.xmlsoap.org/wsdl/soap/}"


class Metadata:
    """The documents of one service, by the names used in its URLs."""

    def __init__(self, documents: DocumentSet) -> None:
        self._wsdl = documents.wsdl
        self._content = documents.content
        others = sorted(documents.content.keys() - {documents.wsdl})
        schemas = [name for name in others if not name.endswith(".wsdl")]
        imported = [name for name in others if name.endswith(".wsdl")]
        self._queries = {
            **{name: f"xsd=xsd{number}" for number, name in enumerate(schemas)},
            **{name: f"wsdl=wsdl{number}" for number, name in enumerate(imported)},
            documents.wsdl: "wsdl",
        }
        self._schemas = schemas
        self._is_split = bool(imported)

    def document(self, query: str, address: str) -> bytes | None:
        """What `query` (`wsdl`, `singleWsdl`, `xsd=xsd0`) asks for; None where there is no such document."""
        query = query.lower()
        if query == "singlewsdl":
            return None if self._is_split else self._single(address)
        name = next((name for name, each in self._queries.items() if each == query), None)
        return None if name is None else _written(self._linked(self._content[name], address))

    def _linked(self, document: bytes, address: str) -> etree._Element:
        root = etree.fromstring(document)
        for place in root.iter(f"{_SOAP}address"):
            place.set("location", address)
        for link in root.iter(f"{_XSD}import", f"{_XSD}include", f"{_WSDL}import"):
            attribute = "location" if link.tag == f"{_WSDL}import" else "schemaLocation"
            target = link.get(attribute)
            if target is not None:
                link.set(attribute, f"{address}?{self._queries[target]}")
        return root

    def _single(self, address: str) -> bytes:
        root = self._linked(self._content[self._wsdl], address)
        types = root.find(f"{_WSDL}types")
        if types is None or not self._schemas:
            return _written(root)
        for schema in list(types):
            if all(child.tag == f"{_XSD}import" for child in schema):
                types.remove(schema)  # it only names the others
        types.append(etree.Comment(_PLACE))
        schemas = ""
        for name in self._schemas:
            schema = etree.fromstring(self._content[name])
            for link in schema.iter(f"{_XSD}import"):
                link.attrib.pop("schemaLocation", "")
            _drop_unused_namespaces(schema)
            schemas += etree.tostring(schema, encoding="unicode")
        for link in types.iter(f"{_XSD}import"):
            link.attrib.pop("schemaLocation", "")
        # As text: when lxml moves an element, it drops prefixes used only in attribute values.
        return _written(root).replace(f"<!--{_PLACE}-->".encode(), schemas.encode(), 1)


def _drop_unused_namespaces(root: etree._Element) -> None:
    """Remove unused namespace declarations: wsdl2h takes `soap12` as a sign of SOAP 1.2."""
    # A prefix can also be used in a value, as in type="tns:CallData".
    values = [str(value) for element in root.iter(etree.Element) for value in element.attrib.values()]
    prefixes = {word.partition(":")[0] for value in values for word in value.split() if ":" in word}
    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(prefixes))


def _written(root: etree._Element) -> bytes:
    _drop_unused_namespaces(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
