"""What is read of a WSDL, and what is refused, by name."""

from collections.abc import Mapping

import pytest
from attrs import evolve

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import describe, load_wsdl
from buzzeasy_soap.description.model import ComplexDescription, SimpleDescription
from buzzeasy_soap.errors import ConfigurationError
from tests.contracts.drafts import REAL, Draft, with_content
from tests.contracts.features import documents_of
from tests.contracts.mutations import MUTATIONS
from tests.contracts.shapes import shape

WSDL = "RequestCallbackService.wsdl"
DATA = "RequestCallbackService.xsd2.xsd"
TYPED = "{http://reservations.example/data}"


def changed(name: str, old: str, new: str) -> DocumentSet:
    text = REAL.content[name].decode()
    assert old in text
    return with_content(REAL, {**REAL.content, name: text.replace(old, new, 1).encode()})


def test_the_service() -> None:
    service = describe(REAL)
    assert service.address == "https://testservice.buzzeasy.com/RequestCallbackService/Service.svc"
    assert service.transport == "http://schemas.xmlsoap.org/soap/http"
    assert service.port_type == "{http://tempuri.org/}IService"
    assert [operation.name for operation in service.operations] == sorted(
        operation.name for operation in service.operations
    )
    assert {operation.use for operation in service.operations} == {"literal"}


def test_types_of_every_kind() -> None:
    service = describe(shape("typed").documents)
    customer = service.types[f"{TYPED}Customer"]
    assert isinstance(customer, ComplexDescription)
    assert [member.name for member in customer.members] == ["Name", "Born", "Favourites", "Referrer"]
    assert service.types[f"{TYPED}Priority"] == SimpleDescription(
        f"{TYPED}Priority", "{http://www.w3.org/2001/XMLSchema}string", ("Low", "High", "Very high!")
    )
    seat = service.types[f"{TYPED}Order/Seat"]
    assert isinstance(seat, ComplexDescription)
    assert [(member.name, member.optional) for member in seat.members] == [("Row", False), ("Letter", True)]
    reserve = next(each for each in service.operations if each.name == "Reserve")
    assert reserve.documentation == "Reserves a table."
    assert {name: fault.tag for name, fault in reserve.faults.items()} == {
        "SoldOutFault": "{http://reservations.example/faults}SoldOut",
        "ValidationFaultFault": "{http://reservations.example/faults}ValidationFault",
    }


def test_of_two_ports_https_is_taken() -> None:
    assert describe(shape("typed").documents).address == "https://reservations.example/Reservations.svc"


def test_the_order_of_definitions_means_nothing() -> None:
    reordered = next(each for each in MUTATIONS if each.name == "definitions_reordered")
    described, again = describe(REAL), describe(reordered.after())
    assert described == again
    assert list(described.types) == list(again.types)


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/x.xsd",
        "https://evil.example/x.xsd",
        "file:///etc/passwd",
        "/etc/passwd",
        "../../etc/passwd",
        "missing.xsd",
        "https://contract.invalid/missing.xsd",
        "ftp://evil.example/x.xsd",
    ],
)
def test_an_import_of_what_is_not_given_is_named(address: str) -> None:
    import_ = f'<xsd:import schemaLocation="{address}" namespace="urn:x"/>'
    documents = changed(WSDL, "<xsd:import ", f"{import_}<xsd:import ")
    with pytest.raises(ConfigurationError) as caught:
        load_wsdl(documents)
    assert address.rpartition("/")[2] in str(caught.value)
    assert "not among its documents" in str(caught.value)


DOCTYPES: Mapping[str, str] = {
    "a DTD": "<!DOCTYPE x>",
    "an external DTD": '<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
    "an entity": '<!DOCTYPE x [<!ENTITY a "aaaa">]>',
    "an external entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://evil.example/x"> %a;]>',
}


@pytest.mark.parametrize("name", [WSDL, DATA])
@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=list(DOCTYPES))
def test_dtds_and_entities_are_refused_and_the_document_named(name: str, doctype: str) -> None:
    documents = changed(name, "?>", f"?>{doctype}")
    with pytest.raises(ConfigurationError, match=name):
        describe(documents)
    with pytest.raises(ConfigurationError):
        load_wsdl(documents)


def test_what_is_no_xml_is_named() -> None:
    with pytest.raises(ConfigurationError, match=f"{DATA} is not XML"):
        describe(with_content(REAL, {**REAL.content, DATA: b"<xs:schema"}))


def test_a_type_that_is_nowhere_is_named() -> None:
    with pytest.raises(ConfigurationError, match="Nowhere"):
        describe(changed(DATA, 'type="tns:TimeSlot"', 'type="tns:Nowhere"'))


def test_an_operation_that_zeep_drops_is_named() -> None:
    draft = Draft.of_the_real()
    draft.drop("wsdl", r'<wsdl:operation name="UpdateEWTRecord">\s*<wsdl:input wsaw.*?</wsdl:operation>')
    described = {each.name: each for each in describe(draft.documents()).operations}
    assert described["UpdateEWTRecord"].beyond == (
        "an operation that cannot be read (the port type IService has no such operation)",
    )
    assert described["UpdateEWTRecord"].request is None
    assert described["GetAvailableTimes"].beyond == ()


def test_an_element_is_a_message_and_a_header() -> None:
    """Its anonymous type is the header's, and the one member's of the message's record."""
    documents = documents_of("request_of_a_simple_type")
    [(name, data)] = documents.content.items()
    data = data.replace(
        b'<xs:element name="PlaceOrder" type="tns:Kind"/>',
        b'<xs:element name="PlaceOrder"><xs:simpleType><xs:list itemType="tns:Kind"/></xs:simpleType></xs:element>',
    ).replace(
        b'<wsdl:input><soap:body use="literal"/>',
        b'<wsdl:input><soap:body use="literal"/><soap:header message="tns:Ticket" part="ticket" use="literal"/>',
    )
    ticket = b'<wsdl:message name="Ticket"><wsdl:part name="ticket" element="tns:PlaceOrder"/></wsdl:message>'
    data = data.replace(b"<wsdl:portType", ticket + b"<wsdl:portType")
    service = describe(evolve(documents, content={name: data}))
    [operation] = service.operations
    assert operation.request is not None
    [header] = operation.request_headers
    request, sent = service.types[operation.request.type], service.types[header.type]
    assert isinstance(request, ComplexDescription)
    assert isinstance(sent, SimpleDescription)
    assert request.of_element
    assert request.members[0].type == header.type
    assert sent.items == "{urn:orders}Kind"


def test_mixed_content_of_a_type_that_extends_one_with_a_shape_is_not_open() -> None:
    """It may stand where the base is declared, so it needs a shape too: it has none."""
    documents = documents_of("known_types")
    [(name, data)] = documents.content.items()
    assert b'<xs:complexType name="Rush">' in data
    data = data.replace(b"</xs:schema>", MIXED.encode() + b"</xs:schema>", 1).replace(
        b'<xs:element name="Number" type="xs:int"/>', b'<xs:element name="Number" type="tns:Empty"/>', 1
    )
    service = describe(evolve(documents, content={name: data}))
    empty, note = service.types["{urn:orders}Empty"], service.types["{urn:orders}Note"]
    assert isinstance(empty, ComplexDescription)
    assert empty.derived == (note.name,)
    assert note.beyond == ("mixed content",)


MIXED = """<xs:complexType name="Empty"/>
<xs:complexType name="Note" mixed="true"><xs:complexContent mixed="true"><xs:extension base="tns:Empty"><xs:sequence>
<xs:any minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>"""
