"""Schemas that contracts import and whose content everybody knows: they are never fetched."""

from typing import Final

XML_NAMESPACE: Final = "http://www.w3.org/XML/1998/namespace"
SOAP_ENCODING: Final = "http://schemas.xmlsoap.org/soap/encoding/"

NEVER_FETCHED: Final = frozenset(
    {
        XML_NAMESPACE,
        SOAP_ENCODING,
        "http://www.w3.org/2001/XMLSchema",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://schemas.xmlsoap.org/wsdl/",
    }
)

_XML: Final = """
  <xs:attribute name="lang" type="xs:language"/>
  <xs:attribute name="space" type="xs:NCName"/>
  <xs:attribute name="base" type="xs:anyURI"/>
  <xs:attribute name="id" type="xs:ID"/>
  <xs:attributeGroup name="specialAttrs">
    <xs:attribute ref="xml:base"/><xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/><xs:attribute ref="xml:id"/>
  </xs:attributeGroup>
"""
# What a restriction of an array, or a simple value with an id, is derived from.
_SIMPLE: Final = (
    "anyURI base64Binary boolean byte date dateTime decimal double duration float int integer long short string "
    "time unsignedByte unsignedInt unsignedLong unsignedShort"
)
_ENCODING: Final = """
  <xs:attribute name="arrayType" type="xs:string"/>
  <xs:attribute name="offset" type="xs:string"/>
  <xs:attribute name="position" type="xs:string"/>
  <xs:attribute name="root" type="xs:boolean"/>
  <xs:attributeGroup name="commonAttributes">
    <xs:attribute name="id" type="xs:ID"/><xs:attribute name="href" type="xs:anyURI"/>
  </xs:attributeGroup>
  <xs:attributeGroup name="arrayAttributes">
    <xs:attribute ref="t:arrayType"/><xs:attribute ref="t:offset"/>
  </xs:attributeGroup>
  <xs:attributeGroup name="arrayMemberAttributes"><xs:attribute ref="t:position"/></xs:attributeGroup>
  <xs:group name="Array">
    <xs:sequence><xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
  </xs:group>
  <xs:complexType name="Array">
    <xs:group ref="t:Array" minOccurs="0"/>
    <xs:attributeGroup ref="t:arrayAttributes"/><xs:attributeGroup ref="t:commonAttributes"/>
  </xs:complexType>
  <xs:element name="Array" type="t:Array"/>
  <xs:complexType name="Struct">
    <xs:group ref="t:Array" minOccurs="0"/><xs:attributeGroup ref="t:commonAttributes"/>
  </xs:complexType>
  <xs:simpleType name="base64"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
""" + "".join(
    f"""
  <xs:complexType name="{name}"><xs:simpleContent><xs:extension base="xs:{name}">
    <xs:attributeGroup ref="t:commonAttributes"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:element name="{name}" type="t:{name}"/>"""
    for name in _SIMPLE.split()
)


def _schema(namespace: str, body: str, prefix: str = "") -> bytes:
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"{prefix} targetNamespace="{namespace}">'
        f"{body}</xs:schema>"
    ).encode()


AT_ADDRESS: Final = {
    "https://www.w3.org/2001/xml.xsd": _schema(XML_NAMESPACE, _XML),
    SOAP_ENCODING: _schema(SOAP_ENCODING, _ENCODING, f' xmlns:t="{SOAP_ENCODING}"'),
}
"""Under the addresses at which zeep looks for them."""
