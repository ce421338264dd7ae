"""Changes that are easily missed, or told where nothing has changed: each on a contract of one operation."""

import re

import pytest

from buzzeasy_soap.description.diff import Severity, compare
from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.fetch import Fetched, compare_fetched
from buzzeasy_soap.description.load import describe
from tests.contracts.drafts import with_content
from tests.contracts.features import HERE
from tests.contracts.shapes import template

BREAKING, ADDITION, NEUTRAL = Severity
WRAPPED = (HERE / "wrapped.wsdl").read_text()
EXTENSION = (HERE / "extension.wsdl").read_text()
TWO_PORT_TYPES = (HERE / "two_port_types.wsdl").read_text()


def documents(text: str) -> DocumentSet:
    return with_content(template("Orders"), {"Orders.wsdl": text.encode()})


def told(before: str, after: str) -> list[str]:
    assert before != after
    changes = compare(describe(documents(before)), describe(documents(after)))
    return [str(change).replace("Orders.", "") for change in changes]


def changed(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def with_types(text: str, *types: str) -> str:
    return changed(text, "</xs:schema>", f"{''.join(types)}</xs:schema>")


def record(name: str, *members: str) -> str:
    elements = "".join(f'<xs:element minOccurs="0" name="{each}" type="xs:int"/>' for each in members)
    return f'<xs:complexType name="{name}"><xs:sequence>{elements}</xs:sequence></xs:complexType>'


def extended(name: str, base: str) -> str:
    return (
        f'<xs:complexType name="{name}"><xs:complexContent><xs:extension base="tns:{base}"><xs:sequence/>'
        "</xs:extension></xs:complexContent></xs:complexType>"
    )


def restricted(*facets: str) -> str:
    """WRAPPED, whose note is a string of these facets."""
    body = "".join(f"<xs:{facet}/>" for facet in facets)
    return with_types(
        changed(WRAPPED, 'nillable="true" type="xs:string"', 'nillable="true" type="tns:Note"'),
        f'<xs:simpleType name="Note"><xs:restriction base="xs:string">{body}</xs:restriction></xs:simpleType>',
    )


def answering(kind: str, text: str = WRAPPED) -> str:
    return changed(text, 'name="PlaceOrderResult" type="xs:int"', f'name="PlaceOrderResult" type="{kind}"')


def test_a_member_of_another_type_is_told_once_and_not_member_by_member() -> None:
    both = with_types(WRAPPED, record("Receipt", "A", "B"), record("Slip", "C"))
    assert told(answering("tns:Receipt", both), answering("tns:Slip", both)) == [
        "breaking: PlaceOrderResponse.PlaceOrderResult: the type is Slip, was Receipt"
    ]


def test_a_change_of_a_base_type_is_told_once_and_there() -> None:
    """Order is sent, and Rush, which extends it, is answered: the more severe counts."""
    after = changed(EXTENSION, 'name="Note" nillable="true"', 'name="Remark" nillable="true"')
    assert told(EXTENSION, after) == [
        "breaking: Order.Note: it is gone",
        "addition: Order.Remark: new, string",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("maxLength value='20'",), ("maxLength value='10'",), "breaking: Note: maxLength is 10, was 20"),
        (("maxLength value='10'",), ("maxLength value='20'",), "addition: Note: maxLength is 20, was 10"),
        ((), ("pattern value='A.*'",), "breaking: Note: pattern is A.*, was not restricted"),
        (("minLength value='2'",), ("minLength value='1'",), "addition: Note: minLength is 1, was 2"),
        (("minLength value='2'",), ("minLength value='3'",), "breaking: Note: minLength is 3, was 2"),
    ],
)
def test_a_facet_counts_for_what_is_sent(
    before: tuple[str, ...], after: tuple[str, ...], expected: str
) -> None:
    assert told(restricted(*before), restricted(*after)) == [expected]


def test_a_restriction_that_gets_a_name_is_a_facet() -> None:
    assert told(WRAPPED, restricted("maxLength value='10'")) == [
        "breaking: Order.Note: maxLength is 10, was not restricted"
    ]
    assert told(restricted("maxLength value='10'"), WRAPPED) == [
        "addition: Order.Note: maxLength is not restricted, was 10"
    ]


def test_a_facet_of_what_is_answered_is_the_service_s_own() -> None:
    kind = '<xs:simpleType name="Kind"><xs:restriction base="xs:int">{}</xs:restriction></xs:simpleType>'
    before = answering("tns:Kind", with_types(WRAPPED, kind.format("")))
    after = answering("tns:Kind", with_types(WRAPPED, kind.format("<xs:maxInclusive value='9'/>")))
    assert told(before, after) == ["neutral: Kind: maxInclusive is 9, was not restricted"]


def test_known_types() -> None:
    plain, known = (
        answering("tns:Order"),
        answering("tns:Order", with_types(WRAPPED, extended("Rush", "Order"))),
    )
    assert told(plain, known) == ["addition: Order: a new known type, Rush"]
    assert told(known, plain) == ["breaking: Order: the known type Rush is gone"]


ATTRIBUTE = '<xs:attribute name="kind" type="xs:string" use="{}"/>'


def attributed(use: str) -> str:
    return answering(
        "tns:Slip",
        with_types(
            WRAPPED,
            record("Slip", "A").replace("</xs:complexType>", f"{ATTRIBUTE.format(use)}</xs:complexType>"),
        ),
    )


def test_attributes() -> None:
    none = answering("tns:Slip", with_types(WRAPPED, record("Slip", "A")))
    assert told(none, attributed("optional")) == ["addition: Slip.kind: a new attribute, string"]
    assert told(none, attributed("required")) == ["addition: Slip.kind: a new attribute, string"]
    assert told(attributed("required"), attributed("optional")) == [
        "breaking: Slip.kind: it may now be left out"
    ]
    assert told(attributed("optional"), none) == ["breaking: Slip.kind: the attribute is gone"]
    order = re.compile(r"(</xs:sequence>)(</xs:complexType>\s*</xs:schema>)")
    sent = {use: order.sub(rf"\1{ATTRIBUTE.format(use)}\2", WRAPPED) for use in ("optional", "required")}
    assert told(WRAPPED, sent["optional"]) == ["addition: Order.kind: a new attribute, string"]
    assert told(WRAPPED, sent["required"]) == [
        "breaking: Order.kind: a new attribute, string, and it must be sent"
    ]


SECURITY = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
USER = f'<sp:SupportingTokens xmlns:sp="{SECURITY}"><wsp:Policy><sp:UsernameToken/></wsp:Policy></sp:SupportingTokens>'
HTTPS = f'<sp:TransportBinding xmlns:sp="{SECURITY}"><wsp:Policy><sp:HttpsToken/></wsp:Policy></sp:TransportBinding>'
NTLM = '<h:NtlmAuthentication xmlns:h="http://schemas.microsoft.com/ws/06/2004/policy/http"/>'
ADDRESSING = '<wsaw:UsingAddressing xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl"{}/>'
MTOM = '<m:OptimizedMimeSerialization xmlns:m="http://schemas.xmlsoap.org/ws/2004/09/policy/optimizedmimeserialization"/>'


def policy(*assertions: str) -> str:
    """WRAPPED with a policy that its binding refers to, as WCF writes them."""
    text = changed(
        WRAPPED,
        "<wsdl:types>",
        '<wsp:Policy wsu:Id="P"><wsp:ExactlyOne><wsp:All>'
        f"{''.join(assertions)}</wsp:All></wsp:ExactlyOne></wsp:Policy><wsdl:types>",
    )
    text = changed(text, "<soap:binding", '<wsp:PolicyReference URI="#P"/><soap:binding')
    spaces = (
        'xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:wsu='
        '"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"'
    )
    return changed(text, "<wsdl:definitions", f"<wsdl:definitions {spaces}")


@pytest.mark.parametrize(
    ("assertion", "asked"),
    [
        (USER, "WS-Security (SupportingTokens)"),
        (NTLM, "HTTP authentication (NtlmAuthentication)"),
        (ADDRESSING.format(""), "WS-Addressing"),
        (MTOM, "MTOM"),
    ],
)
def test_a_policy_that_asks_for_more_is_breaking(assertion: str, asked: str) -> None:
    assert told(WRAPPED, policy(assertion)) == [f"breaking: Orders: a policy asks for {asked}"]
    assert told(policy(assertion), WRAPPED) == [f"neutral: Orders: no policy asks for {asked} any more"]


@pytest.mark.parametrize(
    "assertion",
    [
        HTTPS,
        changed(USER, "<sp:SupportingTokens", '<sp:SupportingTokens wsp:Optional="true"'),
        f"<wsp:ExactlyOne><wsp:All>{USER}</wsp:All><wsp:All/></wsp:ExactlyOne>",
    ],
)
def test_plain_https_and_what_may_be_left_out_ask_for_nothing(assertion: str) -> None:
    assert told(WRAPPED, policy(assertion)) == []


def test_a_policy_of_one_operation_names_it() -> None:
    after = changed(policy(USER), '<wsp:PolicyReference URI="#P"/>', "")
    after = changed(after, "<soap:operation", '<wsp:PolicyReference URI="#P"/><soap:operation')
    assert told(WRAPPED, after) == ["breaking: PlaceOrder: a policy asks for WS-Security (SupportingTokens)"]


def test_required_ws_addressing_is_breaking() -> None:
    required = changed(WRAPPED, "<soap:binding", ADDRESSING.format(' wsdl:required="true"') + "<soap:binding")
    assert told(WRAPPED, required) == ["breaking: Orders: a policy asks for WS-Addressing"]
    offered = changed(WRAPPED, "<soap:binding", ADDRESSING.format("") + "<soap:binding")
    assert told(WRAPPED, offered) == []


def test_a_second_port_type_beside_the_old_one_is_an_addition() -> None:
    [change] = compare_fetched(documents(WRAPPED), Fetched(documents(TWO_PORT_TYPES), ()))
    assert str(change) == "addition: Orders: another port type, IStock"


def test_the_namespace_of_the_wsdl_alone_is_not_on_the_wire() -> None:
    after = changed(
        WRAPPED,
        '<wsdl:definitions targetNamespace="urn:orders"',
        '<wsdl:definitions targetNamespace="urn:new"',
    )
    after = changed(after, 'xmlns:tns="urn:orders"', 'xmlns:tns="urn:new" xmlns:o="urn:orders"')
    after = re.sub(r'(element|type|base)="tns:(?!IOrders)', r'\1="o:', after)
    assert {line.partition(":")[0] for line in told(WRAPPED, after)} == {"neutral"}


def test_another_part_beside_the_one_that_is_picked_is_nothing() -> None:
    before = WRAPPED.replace('<soap:body use="literal"/>', '<soap:body parts="parameters" use="literal"/>')
    part = '<wsdl:part name="parameters" element="tns:PlaceOrder"/>'
    after = changed(before, part, f'{part}<wsdl:part name="more" element="tns:PlaceOrderResponse"/>')
    assert told(before, after) == []
    assert (
        told(
            WRAPPED,
            changed(WRAPPED, part, f'{part}<wsdl:part name="more" element="tns:PlaceOrderResponse"/>'),
        )
        != []
    )


# SOAP headers -------------------------------------------------------------------------------------

HEADERS = (HERE / "headers_at_large.wsdl").read_text()
SESSION = '<soap:header message="tns:Headers" part="Session" use="literal" wsdl:required="true"/>'
REQUEST = '<soap:header message="tns:Headers" part="Request" use="literal"/>'


@pytest.mark.parametrize(
    ("header", "change"),
    [
        (SESSION, "PlaceOrder.Session: a new SOAP header, Session, and it must be sent"),
        (REQUEST, "PlaceOrder.Request: a new SOAP header, string"),
    ],
)
def test_a_header_of_requests_that_has_come_or_gone(header: str, change: str) -> None:
    without = changed(HEADERS, header, "")
    severity = BREAKING if "must" in change else ADDITION
    assert told(without, HEADERS) == [f"{severity}: {change}"]
    place = change.partition(":")[0]
    assert told(HEADERS, without) == [f"breaking: {place}: the SOAP header is gone"]


def test_a_header_of_replies_that_has_come_or_gone() -> None:
    head, _, tail = HEADERS.rpartition('<soap:header message="tns:Headers" part="password" use="literal"/>')
    assert told(head + tail, HEADERS) == [
        "addition: PlaceOrder.password: a new SOAP header of the reply, string"
    ]
    assert told(HEADERS, head + tail) == [
        "breaking: PlaceOrder.password: the SOAP header of the reply is gone"
    ]


def test_what_a_header_holds_is_compared() -> None:
    member = '<xs:element minOccurs="0" name="Username" type="xs:string"/>'
    assert told(HEADERS, changed(HEADERS, member, "")) == ["breaking: AuthHeader.Username: it is gone"]
    optional = changed(HEADERS, ' wsdl:required="true"', "")
    assert told(HEADERS, optional) == ["addition: PlaceOrder.Session: it may now be left out"]
    assert told(optional, HEADERS) == ["breaking: PlaceOrder.Session: it may no longer be left out"]


def test_a_new_operation_is_told_with_its_headers() -> None:
    renamed = HEADERS.replace('<wsdl:operation name="PlaceOrder">', '<wsdl:operation name="Buy">')
    gone, new = told(HEADERS, renamed)
    headers = ("AuthHeader", "Session", "Request", "password")
    assert gone == "breaking: PlaceOrder: the operation is gone"
    assert new == "addition: Buy: a new operation (order: Order)" + "".join(
        f", with the SOAP header {header}" for header in headers
    )


# Types that extend others -------------------------------------------------------------------------

FAMILY = (HERE / "known_types_at_large.wsdl").read_text()


def test_what_extends_a_type_is_compared_too() -> None:
    row = '<xs:element name="Row" type="xs:int"/>'
    assert told(FAMILY, changed(FAMILY, row, row.replace("int", "string"))) == [
        "breaking: Shelf.Row: the type is string, was int"
    ]
    title = '<xs:element minOccurs="0" name="Title" nillable="true" type="xs:string"/>'
    assert told(FAMILY, changed(FAMILY, title, "")) == ["breaking: Book.Title: it is gone"]


def test_abstract_and_not() -> None:
    concrete = changed(FAMILY, ' abstract="true"', "")
    assert told(concrete, FAMILY) == ["breaking: Item: it is now abstract"]
    assert told(FAMILY, concrete) == ["breaking: Item: it is no longer abstract"]
