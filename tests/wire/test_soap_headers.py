"""SOAP headers that a binding declares: written beside the request, read where the reply has them, never in the way."""

import asyncio
import datetime as dt
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, Endpoints, InvalidRequest, ServiceFault
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import describe, load_wsdl
from buzzeasy_soap.errors import ProtocolError
from buzzeasy_soap.wire.bindings.rest import RestBinding
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding, _declared
from buzzeasy_soap.wire.envelope import ENVELOPE_START, body_of, parse
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.policy import Endpoint
from buzzeasy_soap.wire.rebinding import Contract
from buzzeasy_soap.wire.redaction import Secret, secrets_of
from buzzeasy_soap.wire.shapes import BY_NAME
from buzzeasy_soap.wire.simple_types import SECRET
from buzzeasy_soap.wire.text import write_envelope, write_header
from buzzeasy_soap.wire.xsd import NIL
from tests.contracts.drafts import Draft
from tests.contracts.features import documents_of
from tests.contracts.generated import generated_module
from tests.contracts.zeep_side import FOR_ZEEP, ZeepSide, canonical
from tests.support.records import Values
from tests.support.scripted import ScriptedServer, fault_bytes, http

ENDPOINT = "http://127.0.0.1/Orders.svc"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
CANARY = "Kx9zQ-Wv7pJ"


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return generated_module(documents_of("headers_at_large"), tmp_path_factory.mktemp("contract"))


def placed(orders: ModuleType) -> Any:
    return orders.PlaceOrder(order=orders.Order(number=1))


def header_in(data: bytes) -> Any:
    """The Header of an envelope."""
    return etree.fromstring(data).find(f"{SOAP}Header")


def answered(orders: ModuleType, header: str) -> Any:
    """What a reply with this in its Header means."""
    envelope = (
        f'{ENVELOPE_START}<s:Header xmlns="urn:orders" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{header}'
        '</s:Header><s:Body><PlaceOrderResponse xmlns="urn:orders"><PlaceOrderResult>7</PlaceOrderResult>'
        "</PlaceOrderResponse></s:Body></s:Envelope>"
    )
    response = HttpResponse(200, {"content-type": "text/xml; charset=utf-8"}, envelope.encode())
    return SoapBinding().decode(orders.PLACE_ORDER, placed(orders), response)


# What is sent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["header", "header_in_its_message", "headers_at_large", "known_types_open"])
@given(data=st.data())
@settings(
    max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "40")),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_headers_are_zeep_s_own(name: str, data: st.DataObject, generated: Any) -> None:
    """Written alike, and read back alike, whichever of them wrote."""
    module, zeep, side = generated(name)
    values = data.draw(header_values(module.PLACE_ORDER.request_headers))
    ours = etree.fromstring(
        f"{ENVELOPE_START}{write_header(module.PLACE_ORDER.request_headers, values)}</s:Envelope>"
    )
    theirs = etree.Element("parent")
    header = zeep._serialize_header(
        {
            name: side._argument(header.member, values[header.member.field])
            for (name, _), header in zip(
                zeep.header.type.elements, module.PLACE_ORDER.request_headers, strict=True
            )
            if values[header.member.field] is not None
        },
        {"soap-env": SOAP[1:-1]},
    )
    theirs.extend([] if header is None else list(header))
    assert [*map(canonical, ours[0] if len(ours) else [])] == [*map(canonical, theirs)]
    for header in module.PLACE_ORDER.request_headers:
        written = theirs.find(header.member.tag)
        value = None if written is None else BY_NAME.value(header.member, written)
        assert value == values[header.member.field]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The generated module of a feature, zeep's message of its request, and zeep's side."""
    made: dict[str, Any] = {}

    def of(name: str) -> Any:
        if name not in made:
            documents = documents_of(name)
            [binding] = load_wsdl(documents).bindings.values()
            module = generated_module(documents, tmp_path_factory.mktemp("contract"))
            made[name] = module, binding.get("PlaceOrder").input, ZeepSide(documents)
        return made[name]

    return of


def header_values(headers: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A value for each header, or None where it may be left out."""
    strategies = {}
    for member in (header.member for header in headers):
        if member.shape is not None:
            value = FOR_ZEEP.records(member.shape)
        elif member.is_opaque:
            value = FOR_ZEEP.opaque(member)
        else:
            value = Values().simple["string"].map(Secret if member.simple is SECRET else str)
        # Not NIL: zeep copies it, and then writes it as the word.
        strategies[member.field] = value if member.least else st.none() | value
    return st.fixed_dictionaries(strategies)


def test_a_header_is_given_by_name_beside_the_request(orders: ModuleType) -> None:
    session, auth = orders.Session(id=3), orders.AuthHeader(username="ada", password=Secret(CANARY))
    sent: list[Any] = []

    def invoke(operation: Any, request: Any, headers: Any) -> Any:
        sent.append(SoapBinding().encode(operation, request, ENDPOINT, headers).body)

    orders.OrdersProxy(invoke).place_order(placed(orders), session=session, auth_header=auth)
    header = header_in(sent[0])
    assert [child.tag for child in header] == ["{urn:orders}AuthHeader", "{urn:orders}Session"]
    assert header.findtext("{urn:orders}AuthHeader/{urn:orders}Password") == CANARY
    assert CANARY not in repr(auth)
    assert body_of(parse(sent[0])).tag == "{urn:orders}PlaceOrder"
    with pytest.raises(TypeError, match="session"):
        orders.OrdersProxy(invoke).place_order(placed(orders))


def test_one_of_two_parts_of_a_family_says_its_type(orders: ModuleType) -> None:
    renewed = {"session": orders.Renewed(id=1, times=2)}
    body = SoapBinding().encode(orders.PLACE_ORDER, placed(orders), ENDPOINT, renewed).body
    [session] = header_in(body)
    assert BY_NAME.value(orders.PLACE_ORDER.request_headers[1].member, session) == orders.Renewed(
        id=1, times=2
    )


def test_no_header_is_no_header(tmp_path: Path) -> None:
    module = generated_module(documents_of("header"), tmp_path)
    request = module.PlaceOrder(order=module.Order(number=1))
    for headers in ({}, {"ticket": None}):
        body = SoapBinding().encode(module.PLACE_ORDER, request, ENDPOINT, headers).body
        assert body == write_envelope(module.PLACE_ORDER.request, request)
        assert header_in(body) is None


@pytest.mark.parametrize(
    ("headers", "field", "why"),
    [
        ({}, "session", "must be given"),
        ({"session": None}, "session", "must be given"),
        ({"tickets": "x"}, "tickets", "is no SOAP header in the service's contract"),
        ({"request_header": "\x00"}, "request_header", "holds"),
    ],
)
def test_what_cannot_be_sent_is_refused_before(
    orders: ModuleType, headers: dict[str, Any], field: str, why: str
) -> None:
    given = {"session": orders.Session(id=1), **headers} if headers.keys() - {"session"} else headers
    with pytest.raises(InvalidRequest, match=why) as caught:
        SoapBinding().encode(orders.PLACE_ORDER, placed(orders), ENDPOINT, given)
    assert caught.value.parameter == field


def test_rest_has_no_soap_headers(orders: ModuleType) -> None:
    from zoneinfo import ZoneInfo

    rest = RestBinding(dates="document", timezone=ZoneInfo("Europe/London"))
    with pytest.raises(InvalidRequest, match="session is a SOAP header, which REST does not have"):
        rest.encode(orders.PLACE_ORDER, placed(orders), ENDPOINT, {"session": orders.Session(id=1)})


def test_the_zeep_engine_sends_and_reads_the_same(orders: ModuleType) -> None:
    zeep = ZeepBinding()
    zeep._operations["Orders"] = _declared(documents_of("headers_at_large"))
    headers = {"session": orders.Session(id=1), "password": Secret(CANARY), "request_header": NIL}
    ours, theirs = (
        header_in(binding.encode(orders.PLACE_ORDER, placed(orders), ENDPOINT, headers).body)
        for binding in (SoapBinding(), zeep)
    )
    assert [*map(canonical, ours)] == [*map(canonical, theirs)]
    reply = ENVELOPE_START + '<s:Header><Session xmlns="urn:orders"><Id>5</Id></Session></s:Header><s:Body>'
    body = '<PlaceOrderResponse xmlns="urn:orders"/></s:Body></s:Envelope>'
    response = HttpResponse(200, {"content-type": "text/xml"}, (reply + body).encode())
    read = zeep.decode(orders.PLACE_ORDER, placed(orders), response)
    assert orders.SESSION_HEADER.of(read) == orders.Session(id=5)


def test_headers_with_attributes_and_of_any_type(tmp_path: Path) -> None:
    """By both engines, and with no password in an error."""
    documents = documents_of("known_types_open")
    module = generated_module(documents, tmp_path)
    zeep = ZeepBinding()
    zeep._operations["Orders"] = _declared(documents)
    trace = Xml(f'<o:Trace xmlns:o="urn:orders"><Password>{CANARY}</Password></o:Trace>')
    extra = Xml('<Extra xmlns="urn:else">1</Extra>')
    headers = {"ticket": module.DayTicket(id=5, day=dt.date(2026, 3, 1), any=extra), "trace": trace}
    request = module.PlaceOrder(item=module.Item(number=1))
    for binding in (SoapBinding(), zeep):
        sent = binding.encode(module.PLACE_ORDER, request, ENDPOINT, headers).body
        ticket, traced = header_in(sent)
        assert ticket.attrib["Id"] == "5"
        assert Xml.of_element(traced) == trace
        body = b'<PlaceOrderResponse xmlns="urn:orders" Page="2"/></s:Body></s:Envelope>'
        reply = ENVELOPE_START.encode() + etree.tostring(header_in(sent)) + b"<s:Body>" + body
        response = HttpResponse(200, {"content-type": "text/xml"}, reply)
        read = binding.decode(module.PLACE_ORDER, request, response)
        assert read.page == 2
        assert module.TICKET_HEADER.of(read) == headers["ticket"]
        assert module.TRACE_HEADER.of(read) == trace
    assert [secret.reveal() for secret in secrets_of(tuple(headers.values()))] == [CANARY]
    with pytest.raises(InvalidRequest, match=r"trace must be the element \{urn:orders\}Trace, not") as caught:
        SoapBinding().encode(module.PLACE_ORDER, request, ENDPOINT, {"trace": extra})
    assert caught.value.parameter == "trace"


# What is read ---------------------------------------------------------------------------------------


def test_a_header_of_a_reply_is_read_where_it_is(orders: ModuleType) -> None:
    header = '<Session i:type="Renewed"><Id>5</Id><Times>2</Times></Session><password xmlns="urn:security">x</password>'
    reply = answered(orders, header)
    assert reply == orders.PlaceOrderResponse(place_order_result=7)
    assert orders.SESSION_HEADER.of(reply) == orders.Renewed(id=5, times=2)
    assert orders.PASSWORD_HEADER.of(reply) == Secret("x")
    nil = answered(orders, '<password xmlns="urn:security" i:nil="true"/><Session i:nil="true"/>')
    assert orders.PASSWORD_HEADER.of(nil) is NIL
    assert orders.SESSION_HEADER.of(nil) is None


@pytest.mark.parametrize("header", ["", '<Trace>1</Trace><Session xmlns="urn:other"><Id>1</Id></Session>'])
def test_a_header_that_is_not_there_is_none(orders: ModuleType, header: str) -> None:
    reply = answered(orders, header)
    assert orders.SESSION_HEADER.of(reply) is None
    plain = SoapBinding().decode(
        orders.PLACE_ORDER,
        placed(orders),
        HttpResponse(200, {"content-type": "text/xml"}, write_envelope(orders.PLACE_ORDER.response, reply)),
    )
    assert orders.SESSION_HEADER.of(plain) is None  # read as text


@pytest.mark.parametrize(
    "header",
    [
        "<Session><Id>x</Id></Session>",
        "<Session/>",
        '<Session i:type="Later"><Id>1</Id></Session>',
        "<Session><Other/></Session>",
    ],
)
def test_a_header_that_cannot_be_read_does_not_lose_the_result(
    orders: ModuleType, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply = answered(orders, header)
    assert reply.place_order_result == 7
    assert orders.SESSION_HEADER.of(reply) is None
    assert "PlaceOrder: the reply's header Session is passed over" in caplog.text


def test_only_what_the_contract_does_not_know_is_not_understood(
    orders: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "buzzeasy_soap"):
        answered(orders, '<Session s:mustUnderstand="1"><Id>1</Id></Session>')
        assert caplog.text == ""
        answered(orders, '<Trace s:mustUnderstand="1">1</Trace>')
        assert "{urn:orders}Trace, which must be understood" in caplog.text


# Secrets --------------------------------------------------------------------------------------------


@pytest.fixture
def echoing() -> Iterator[Any]:
    """A server that quotes a header's password in a fault, in a page, and in a reply that it gets wrong."""
    fault = fault_bytes(
        "InternalServiceFault", f"no such user, password {CANARY}", detail=f"<detail>{CANARY}</detail>"
    )
    wrong = f"{ENVELOPE_START}<s:Body><Other>{CANARY}</Other></s:Body></s:Envelope>"
    page = f"<html>{CANARY}</html>"
    with ScriptedServer(
        (http(fault, status=500), http(wrong), http(page, content_type="text/html"))
    ) as server:
        yield server


@pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "asyncio"])
def test_a_password_in_a_header_is_in_no_error(orders: ModuleType, echoing: Any, asynchronous: bool) -> None:
    url = f"http://127.0.0.1:{echoing._listener.getsockname()[1]}/Orders.svc"
    account = {"endpoints": Endpoints.sandbox(), "company": 1, "password": "p", "service_queue": 1}
    headers = {
        "session": orders.Session(id=1),
        "auth_header": orders.AuthHeader(username="ada", password=Secret(CANARY)),
    }

    def call(delivery: Any) -> Any:
        delivery = evolve(delivery, endpoints={"Orders": Endpoint("callback_url", url)})
        proxy = (orders.AsyncOrdersProxy if asynchronous else orders.OrdersProxy)(delivery)
        return proxy.place_order(placed(orders), **headers)

    async def call_async() -> None:
        async with AsyncBuzzeasyClient(**account) as client:
            await call(client._delivery)

    for kind in (ServiceFault, ProtocolError, ProtocolError):
        with pytest.raises(kind) as caught:
            if asynchronous:
                asyncio.run(call_async())
            else:
                with BuzzeasyClient(**account) as client:
                    call(client._delivery)
        error = caught.value
        assert CANARY not in f"{error!r} {error} {vars(error)}"
        assert "***" in f"{error} {getattr(error, 'excerpt', '')} {getattr(error, 'detail', '')}"
    assert echoing.received[0].body.count(CANARY.encode()) == 1


# Another contract -----------------------------------------------------------------------------------


def with_a_header(required: str = "") -> DocumentSet:
    """The real contract with a header on each of its requests and replies."""
    draft = Draft.of_the_real()
    draft.edit("messages", "</xs:schema>", '<xs:element name="Ticket" type="xs:string"/></xs:schema>')
    draft.edit(
        "wsdl",
        "<wsdl:portType",
        '<wsdl:message name="Ticket"><wsdl:part name="ticket" element="tns:Ticket"/></wsdl:message><wsdl:portType',
    )
    header = f'<soap:header message="tns:Ticket" part="ticket" use="literal"{required}/>'
    draft.edit("wsdl", '<soap:body use="literal"/>', f'<soap:body use="literal"/>{header}', 0)
    return draft.documents()


def test_a_service_that_has_added_a_header_is_called_without_it() -> None:
    known = SERVICES["RequestCallbackService"]
    contract = Contract({known.name: describe(with_a_header())})
    assert contract.problems([known]) == ()
    for operation in known.operations.values():
        body = SoapBinding(contract).encode(operation, operation.request.record(), ENDPOINT).body
        assert body == SoapBinding().encode(operation, operation.request.record(), ENDPOINT).body


def test_a_header_that_must_be_sent_is_told_where_the_package_has_none() -> None:
    """And the operation can be called: a plugin of a ZeepBinding may add it."""
    known = SERVICES["RequestCallbackService"]
    contract = Contract({known.name: describe(with_a_header(' wsdl:required="true"'))})
    problems = contract.problems([known])
    assert {problem.text for problem in problems} == {
        "it wants the SOAP header Ticket, which only the plugins of a ZeepBinding can add"
    }
    assert len(problems) == len(known.operations)
    assert contract.service(known).operations.keys() == known.operations.keys()


def test_headers_under_the_names_of_another_contract(orders: ModuleType) -> None:
    documents = documents_of("headers_at_large")

    def bound(old: bytes, new: bytes) -> SoapBinding:
        content = {name: data.replace(old, new) for name, data in documents.content.items()}
        assert content != documents.content
        return SoapBinding(Contract({"Orders": describe(evolve(documents, content=content))}))

    headers = {"session": orders.Renewed(id=1, times=2), "request_header": "a"}
    moved = bound(b"urn:security", b"urn:safety")
    body = moved.encode(orders.PLACE_ORDER, placed(orders), ENDPOINT, headers).body
    assert [child.tag for child in header_in(body)] == ["{urn:orders}Session", "{urn:safety}Request"]
    gone = bound(b'part="Request" use="literal"/>', b'part="AuthHeader" use="literal"/>')
    with pytest.raises(InvalidRequest, match="request_header is no SOAP header in the service's contract"):
        gone.encode(orders.PLACE_ORDER, placed(orders), ENDPOINT, headers)
