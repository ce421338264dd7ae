"""WS-I Basic Profile 1.1: the rules that apply to document/literal, on what client and sandbox really send.

Each test has the number of its rule. Where WCF differs from the profile the sandbox goes with WCF: R1015 (what is no
envelope gets a 400 and no fault) and R1127 (it finds the operation by SOAPAction).
"""

import datetime as dt
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from typing import Any

import pytest
import requests
import xmlschema
from attrs import frozen
from lxml import etree

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, Endpoints, ServiceFault
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.description.documents import packaged_directory
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.transports import Exchange, HttpRequest, HttpResponse, RequestsTransport
from tests.conftest import MORNING
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, OWN, place

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
BINDING = "{http://schemas.xmlsoap.org/wsdl/soap/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
NINE = dt.datetime(2017, 4, 11, 9)
OPERATIONS = [operation for service in SERVICES.values() for operation in service.operations.values()]
STANDARD = files("xmlschema") / "schemas" / "WSDL"


@frozen
class Sent:
    """A message as it went over the wire."""

    who: str
    headers: dict[str, str]
    body: bytes
    status: int | None = None
    """Of a reply."""

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    @property
    def content(self) -> etree._Element:
        [element] = self.root.find(f"{SOAP}Body")
        return element

    @property
    def is_fault(self) -> bool:
        return self.content.tag == f"{SOAP}Fault"


class Recording:
    """A transport that keeps what passes through it."""

    def __init__(self, who: str) -> None:
        self.inner, self.who, self.sent = RequestsTransport(), who, []

    def send(self, request: HttpRequest, exchange: Exchange) -> HttpResponse:
        response = self.inner.send(request, exchange)
        self.sent.append(
            Sent(self.who, {name.lower(): v for name, v in request.headers.items()}, request.body)
        )
        self.sent.append(Sent("sandbox", dict(response.headers), response.body, response.status))
        return response

    def close(self) -> None:
        self.inner.close()


@pytest.fixture(scope="module")
def service() -> Iterator[Sandbox]:
    with Sandbox(now=MORNING, speed=0.001) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def messages(service: Sandbox) -> list[Sent]:
    """All eight operations by both engines: success, rejection, null, fault."""
    found = []
    for engine in ("generated", "zeep"):
        transport = Recording(engine)
        account = {"company": 1, "service_queue": 1, "engine": engine, "transport": transport}
        for password in ("P@ssword", "wrong"):
            with BuzzeasyClient(
                endpoints=Endpoints.sandbox(service.port), password=password, **account
            ) as client:
                for call in (
                    lambda: client.request_call_when_available(
                        "Ada & 𝄞", "+447700900123", fields=["<x>", None, ""]
                    ),
                    lambda: client.request_call_schedule(
                        "Ada", "+447700900123", time_slot=9, date=NINE.date()
                    ),
                    lambda: client.get_available_times(NINE),
                    lambda: client.get_available_times(NINE.replace(hour=20)),
                    lambda: client.get_next_three_time_slots(NINE),
                    lambda: client.update_ewt_record(3),
                    client.get_ewt_by_service_id,
                    lambda: client.get_call_data_by_number("+447700900123"),
                    lambda: client.get_call_data_by_number("+447700900124"),
                    lambda: client.get_call_data_by_pin(service.calls()[0]["pin"]),
                    lambda: client.request_call_when_available("Ada", "+447700900103"),
                    lambda: client.request_call_when_available("Ada", "+447700900199"),
                ):
                    with suppress(BuzzeasyError):
                        call()
        transport.close()
        found += transport.sent
    return [*found, *(ask(service, **each) for each in FAULTY)]


ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{header}<s:Body>'
    '<GetEWTByServiceID xmlns="http://tempuri.org/"><serviceQueueID>{queue}</serviceQueueID></GetEWTByServiceID>'
    "</s:Body></s:Envelope>"
)
PLACE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{header}<s:Body>'
    '<RequestCallWhenAvailable xmlns="http://tempuri.org/"><name>Ada</name><phoneNo>+447700900123</phoneNo>'
    "<serviceQueue>1</serviceQueue><company>1</company><password>P@ssword</password></RequestCallWhenAvailable>"
    "</s:Body></s:Envelope>"
)
ACTION = '"http://tempuri.org/IService/GetEWTByServiceID"'
MUST = '<s:Header><h xmlns="urn:h" s:mustUnderstand="1"/></s:Header>'
FAULTY: list[dict[str, Any]] = [{"header": MUST}, {"queue": "x"}, {"action": '"urn:no"'}]


def ask(service: Sandbox, header: str = "", queue: str = "1", action: str = ACTION, **changes: Any) -> Sent:
    """What the sandbox answers to a request of another."""
    options = {
        "method": "POST",
        "data": changes.pop("body", ENVELOPE.format(header=header, queue=queue)),
        "headers": {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": action,
            **changes.pop("headers", {}),
        },
        **changes,
    }
    reply = requests.request(url=f"{service.url}/RequestCallbackService/Service.svc", timeout=10, **options)
    return Sent(
        "sandbox",
        {name.lower(): value for name, value in reply.headers.items()},
        reply.content,
        reply.status_code,
    )


def sent_by(messages: list[Sent], *who: str) -> list[Sent]:
    return [message for message in messages if message.who in who]


def faults_of(messages: list[Sent]) -> list[Sent]:
    faults = [message for message in messages if message.is_fault]
    assert len(faults) > 3
    return faults


def test_every_operation_and_every_kind_of_fault_is_among_them(messages: list[Sent]) -> None:
    seen = Counter(message.content.tag.rpartition("}")[2] for message in messages)
    assert seen.keys() == {"Fault", *(o.name for o in OPERATIONS), *(f"{o.name}Response" for o in OPERATIONS)}
    codes = {message.content.findtext("faultcode").rpartition(":")[2] for message in faults_of(messages)}
    assert codes == {"InternalServiceFault", "DeserializationFailed", "ActionNotSupported", "MustUnderstand"}


def test_every_message_is_valid_by_xmlschema_and_libxml2(messages: list[Sent]) -> None:
    """R9980, R2712: SOAP 1.1's own schema, and the contract's."""
    envelope = str(STANDARD / "soap-envelope.xsd")
    schemas = [str(packaged_directory() / f"{service}.xsd0.xsd") for service in SERVICES]
    libxml2 = {path: etree.XMLSchema(file=path) for path in (envelope, *schemas)}
    python = {path: xmlschema.XMLSchema(path) for path in (envelope, *schemas)}
    services = {
        o.request.tag: path
        for path, s in zip(schemas, SERVICES.values(), strict=True)
        for o in s.operations.values()
    }
    services |= {o.response.tag: services[o.request.tag] for o in OPERATIONS}
    for body in {message.body for message in messages}:
        root = etree.fromstring(body)
        content = root.find(f"{SOAP}Body")[0]
        if content.tag != f"{SOAP}Fault":
            alone = etree.fromstring(etree.tostring(content))
            libxml2[services[content.tag]].assertValid(alone)
            python[services[content.tag]].validate(alone)
            # What a schema knows nothing of may not be nil, as xmlschema reads the rules.
            content.clear()
        else:  # R1016 allows the language, which the schema is too old for
            content.find("faultstring").attrib.clear()
        libxml2[envelope].assertValid(root)
        python[envelope].validate(root)


def test_r1000_a_fault_has_no_other_children(messages: list[Sent]) -> None:
    for message in faults_of(messages):
        assert {child.tag for child in message.content} <= {
            "faultcode",
            "faultstring",
            "faultactor",
            "detail",
        }


def test_r1001_the_children_of_a_fault_are_unqualified(messages: list[Sent]) -> None:
    assert all(not child.tag.startswith("{") for message in faults_of(messages) for child in message.content)


def test_r1002_r1003_r1016_faults_may_have_any_detail_attributes_and_language() -> None:
    fault = scripted.fault_bytes(
        "Server", "broken", detail='<detail xmlns:x="urn:x" x:a="1" b="2"><x:d/><x:e>1</x:e></detail>'
    )
    with (
        ScriptedServer((scripted.http(fault, status=500),)) as server,
        open_client("soap", server.endpoints) as client,
    ):
        with pytest.raises(ServiceFault) as caught:
            place(client)
        assert caught.value.reason == "broken"


def test_r1004_a_faultcode_is_of_soap_or_of_a_namespace(messages: list[Sent]) -> None:
    for message in faults_of(messages):
        code = message.content.find("faultcode")
        assert code.text.partition(":")[0] in code.nsmap


def test_r1005_r1006_there_is_no_encoding_style(messages: list[Sent]) -> None:
    assert all(b"encodingStyle" not in message.body for message in messages)


def test_r1008_r1009_there_is_no_dtd_and_no_processing_instruction(messages: list[Sent]) -> None:
    for message in messages:
        assert message.root.getroottree().docinfo.internalDTD is None
        assert b"<?" not in message.body.removeprefix(b"<?xml")


def test_r1010_r4001_a_declaration_and_a_byte_order_mark_are_accepted(service: Sandbox) -> None:
    text = '<?xml version="1.0" encoding="{}"?>' + ENVELOPE.format(header="", queue="1")
    for body, charset in (
        (text.format("utf-8").encode(), "utf-8"),
        (text.format("utf-8").encode("utf-8-sig"), "utf-8"),
        (text.format("utf-16").encode("utf-16"), "utf-16"),
    ):
        headers = {"Content-Type": f"text/xml; charset={charset}"}
        assert ask(service, body=body, headers=headers).content.tag.endswith("}GetEWTByServiceIDResponse")


def test_r1011_r1032_an_envelope_ends_with_its_body_and_has_no_attributes_of_soap(
    messages: list[Sent],
) -> None:
    for message in messages:
        assert message.root[-1].tag == f"{SOAP}Body"
        assert not any(
            name.startswith(SOAP) for part in (message.root, *message.root) for name in part.attrib
        )


def test_r1012_r1018_messages_are_utf_8_and_say_so(messages: list[Sent]) -> None:
    for message in messages:
        message.body.decode()
        assert message.headers["content-type"] == "text/xml; charset=utf-8"


def test_r1014_r9981_a_body_has_one_qualified_child(messages: list[Sent]) -> None:
    assert all(message.content.tag.startswith("{") for message in messages)


def test_r1017_no_xsi_type_is_needed_or_sent(messages: list[Sent]) -> None:
    assert all(b":type=" not in message.body for message in messages)


def test_r1027_r1028_a_header_that_is_not_understood_is_a_fault_and_nothing_is_done(service: Sandbox) -> None:
    placed = len(service.calls())
    for header in ("", MUST, MUST.replace('"1"', '"0"')):
        body = PLACE.format(header=header)
        reply = ask(service, body=body, action='"http://tempuri.org/IService/RequestCallWhenAvailable"')
        if header == MUST:
            assert (reply.status, reply.content.findtext("faultcode")) == (500, "s:MustUnderstand")
        else:
            assert reply.content.findtext(".//{*}ResultCode") == "0"
            placed += 1
        assert len(service.calls()) == placed


def test_r1031_no_faultcode_has_a_dot(messages: list[Sent]) -> None:
    assert not any("." in message.content.findtext("faultcode") for message in faults_of(messages))


def test_r1033_the_xml_prefix_is_not_declared(messages: list[Sent]) -> None:
    assert all(b"xmlns:xml=" not in message.body for message in messages)


@pytest.mark.parametrize("status", [200, 500])
def test_r1107_what_holds_a_fault_is_a_fault_whatever_its_status(status: int) -> None:
    fault = scripted.http(scripted.fault_bytes("Server", "broken"), status=status)
    with ScriptedServer((fault,)) as server, open_client("soap", server.endpoints) as client:
        with pytest.raises(ServiceFault):
            place(client)


def test_r1109_r2744_the_soapaction_is_that_of_the_wsdl_in_quotes(messages: list[Sent]) -> None:
    actions = {operation.request.tag: f'"{operation.soap_action}"' for operation in OPERATIONS}
    for message in sent_by(messages, "generated", "zeep"):
        assert message.headers["soapaction"] == actions[message.content.tag]


def test_r1111_r1126_a_success_has_200_and_a_fault_500(messages: list[Sent]) -> None:
    assert {(m.is_fault, m.status) for m in sent_by(messages, "sandbox")} == {(False, 200), (True, 500)}


def test_r1113_r1114_r1115_what_is_no_soap_has_400_405_and_415(service: Sandbox) -> None:
    assert ask(service, body="<a>").status == 400
    assert ask(service, method="PUT").status == 405
    assert ask(service, headers={"Content-Type": "text/plain"}).status == 415


@pytest.mark.parametrize("kind", OWN)
def test_r1132_r1141_a_request_is_a_post_over_http_1_1(kind: str) -> None:
    lines = []

    def peek(sock: socket.socket) -> bool:
        lines.append(sock.recv(1000, socket.MSG_PEEK).partition(b"\r\n")[0])
        return True

    with ScriptedServer((ANSWER,), before_reading=peek) as server:
        with open_client(kind, server.endpoints) as client:
            assert place(client).code == "BZ1"
    assert lines == [b"POST /Service.svc HTTP/1.1"]


# The WSDL, as the sandbox publishes it ----------------------------------------------------------


@pytest.fixture(
    scope="module",
    params=[
        "Service.svc?wsdl",
        "Service.svc?singleWsdl",
        "InfoService.svc?wsdl",
        "InfoService.svc?singleWsdl",
    ],
)
def published(request: pytest.FixtureRequest, service: Sandbox) -> etree._Element:
    folder = "BuzzMeInfo" if request.param.startswith("Info") else "RequestCallbackService"
    return etree.fromstring(requests.get(f"{service.url}/{folder}/{request.param}", timeout=10).content)


def test_r2028_a_wsdl_is_valid(published: etree._Element) -> None:
    xmlschema.XMLSchema(str(STANDARD / "wsdl.xsd")).validate(published)
    for element in published.iter(f"{BINDING}*"):
        xmlschema.XMLSchema(str(STANDARD / "wsdl-soap.xsd")).validate(
            etree.fromstring(etree.tostring(element))
        )


def test_r2201_r2204_a_document_literal_message_has_one_part_an_element(published: etree._Element) -> None:
    for message in published.iter(f"{WSDL}message"):
        [part] = message.findall(f"{WSDL}part")
        assert part.get("element") and part.get("type") is None


def test_r2105_every_schema_with_content_has_a_target_namespace(published: etree._Element) -> None:
    for schema in published.iter(f"{XS}schema"):
        assert schema.get("targetNamespace") or all(child.tag == f"{XS}import" for child in schema)


def test_r2303_r2304_operations_are_one_way_or_ask_and_have_names_of_their_own(
    published: etree._Element,
) -> None:
    names = [operation.get("name") for operation in published.iterfind(f"{WSDL}portType/{WSDL}operation")]
    assert len(set(names)) == len(names)
    for operation in published.iterfind(f"{WSDL}portType/{WSDL}operation"):
        assert operation[0].tag == f"{WSDL}input"


def test_r2702_r2705_r2706_the_binding_is_http_document_literal(published: etree._Element) -> None:
    [binding] = published.iter(f"{BINDING}binding")
    assert binding.get("transport") == "http://schemas.xmlsoap.org/soap/http"
    styles = {each.get("style") for each in (binding, *published.iter(f"{BINDING}operation"))} - {None}
    assert styles <= {"document"}
    assert {body.get("use") for body in published.iter(f"{BINDING}body")} == {"literal"}


def test_r2710_every_operation_has_a_request_of_its_own(published: etree._Element) -> None:
    elements = {
        message.get("name"): message[0].get("element") for message in published.iter(f"{WSDL}message")
    }
    inputs = [
        elements[operation[0].get("message").partition(":")[2]]
        for operation in published.iterfind(f"{WSDL}portType/{WSDL}operation")
    ]
    assert len(set(inputs)) == len(inputs)


def test_r2716_no_body_of_the_binding_names_a_namespace(published: etree._Element) -> None:
    assert all(body.get("namespace") is None for body in published.iter(f"{BINDING}body"))


def test_r2718_the_binding_has_the_operations_of_its_port_type(published: etree._Element) -> None:
    bound, abstract = (
        [operation.get("name") for operation in published.iterfind(f"{WSDL}{kind}/{WSDL}operation")]
        for kind in ("binding", "portType")
    )
    assert bound == abstract
