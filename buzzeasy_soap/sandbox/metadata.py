"""A service's WSDL and schemas as WCF publishes them, with the sandbox's own address in them."""

from typing import Final

from lxml import etree

from buzzeasy_soap.description.documents import DocumentSet

_XSD: Final = "{http://www.w3.org/2001/XMLSchema}"
_WSDL: Final = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP: Final = "{http://schemas.xmlsoap.org/wsdl/soap/}"


class Metadata:
    """The documents of one service, under the names that its address knows them by."""

    def __init__(self, documents: DocumentSet) -> None:
        self._wsdl = documents.content[documents.wsdl]
        schemas = sorted(documents.content.keys() - {documents.wsdl})
        self._schemas = {f"xsd{number}": documents.content[name] for number, name in enumerate(schemas)}
        self._names = {name: f"xsd{number}" for number, name in enumerate(schemas)}

    def document(self, query: str, address: str) -> bytes | None:
        """What `query` (`wsdl`, `singleWsdl`, `xsd=xsd0`) asks for; None where there is none such."""
        query = query.lower()
        if query == "wsdl":
            return _written(self._linked(self._wsdl, address))
        if query == "singlewsdl":
            return self._single(address)
        schema = self._schemas.get(query.removeprefix("xsd="))
        return None if schema is None else _written(self._linked(schema, address))

    def _linked(self, document: bytes, address: str) -> etree._Element:
        root = etree.fromstring(document)
        for place in root.iter(f"{_SOAP}address"):
            place.set("location", address)
        for link in root.iter(f"{_XSD}import"):
            link.set("schemaLocation", f"{address}?xsd={self._names[str(link.get('schemaLocation'))]}")
        return root

    def _single(self, address: str) -> bytes:
        root = self._linked(self._wsdl, address)
        types = root.find(f"{_WSDL}types")
        if types is None:
            return _written(root)
        types.clear()
        types.text = place = "the schemas"
        schemas = ""
        for document in self._schemas.values():
            schema = etree.fromstring(document)
            for link in schema.iter(f"{_XSD}import"):
                del link.attrib["schemaLocation"]
            _drop_unused_namespaces(schema)
            schemas += etree.tostring(schema, encoding="unicode")
        # As text: lxml drops a prefix that only attribute values use when it moves an element.
        return _written(root).replace(place.encode(), schemas.encode(), 1)


def _drop_unused_namespaces(root: etree._Element) -> None:
    """Declare no namespace that nothing uses: wsdl2h takes `soap12` for a sign of SOAP 1.2."""
    # A prefix may stand in a value too, as in type="tns:CallData".
    values = [str(value) for element in root.iter(etree.Element) for value in element.attrib.values()]
    prefixes = {word.partition(":")[0] for value in values for word in value.split() if ":" in word}
    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(prefixes))


def _written(root: etree._Element) -> bytes:
    _drop_unused_namespaces(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
