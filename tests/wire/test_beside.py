"""All of our operations are called over a WSDL that holds what the generator refuses, beside them or in them."""

import datetime as dt
import re
from pathlib import Path

import pytest
import zeep
from lxml import etree

from buzzeasy_soap import BuzzeasyClient, ConfigurationError, Endpoints, InvalidRequest, Outcome
from buzzeasy_soap.clients.options import contract_of
from buzzeasy_soap.contract import request_callback_service
from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from tests.contracts.drafts import Draft
from tests.contracts.mutations import Mutation
from tests.support.scripted import ScriptedServer, http, soap
from tests.wire.test_rebinding import FITTING, SERVICE

ODD_OPERATION = """<wsdl:operation name="Odd"><wsdl:input message="tns:OddIn"/>{output}</wsdl:operation>"""
ODD_BINDING = """<wsdl:operation name="Odd"><soap:operation soapAction="urn:odd" style="{style}"/>
<wsdl:input><soap:body use="{use}" namespace="urn:odd"/>{header}</wsdl:input>{output}</wsdl:operation>"""


def with_odd(
    content: str = '<xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence>',
    *,
    style: str = "document",
    use: str = "literal",
    header: str = "",
    is_one_way: bool = False,
    parts: str = '<wsdl:part name="parameters" element="tns:Odd"/>',
) -> DocumentSet:
    """The real contract with one more operation, which the generator refuses."""
    draft = Draft.of_the_real()
    element = f'<xs:element name="Odd"><xs:complexType>{content}</xs:complexType></xs:element>'
    draft.edit("messages", "</xs:schema>", f"{element}</xs:schema>")
    draft.edit(
        "wsdl",
        "<wsdl:portType",
        f'<wsdl:message name="OddIn">{parts}</wsdl:message>'
        '<wsdl:message name="OddOut"><wsdl:part name="parameters" element="tns:Odd"/></wsdl:message><wsdl:portType',
    )
    abstract = "" if is_one_way else '<wsdl:output message="tns:OddOut"/>'
    concrete = (
        "" if is_one_way else f'<wsdl:output><soap:body use="{use}" namespace="urn:odd"/></wsdl:output>'
    )
    draft.edit("wsdl", "</wsdl:portType>", f"{ODD_OPERATION.format(output=abstract)}</wsdl:portType>")
    bound = ODD_BINDING.format(style=style, use=use, header=header, output=concrete)
    draft.edit("wsdl", "</wsdl:binding>", f"{bound}</wsdl:binding>")
    return draft.documents()


def with_a_second_port_type() -> DocumentSet:
    """Another interface of the same service, with an operation of a name that is ours, otherwise bound."""
    draft = Draft.of_the_real()
    draft.edit(
        "wsdl",
        "<wsdl:binding",
        '<wsdl:portType name="IOther"><wsdl:operation name="UpdateEWTRecord">'
        '<wsdl:input message="tns:IService_GetAvailableTimes_InputMessage"/>'
        '<wsdl:output message="tns:IService_GetAvailableTimes_OutputMessage"/></wsdl:operation></wsdl:portType>'
        '<wsdl:binding name="Other" type="tns:IOther">'
        '<soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="UpdateEWTRecord">'
        '<soap:operation soapAction="urn:other" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input>'
        '<wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding><wsdl:binding',
    )
    draft.edit(
        "wsdl",
        "</wsdl:service>",
        '<wsdl:port name="Other" binding="tns:Other"><soap:address location="https://other.example/"/></wsdl:port>'
        "</wsdl:service>",
    )
    return draft.documents()


def with_a_header() -> DocumentSet:
    """The real contract, with a header on every operation."""
    draft = Draft.of_the_real()
    draft.edit("messages", "</xs:schema>", '<xs:element name="Ticket" type="xs:string"/></xs:schema>')
    message = '<wsdl:message name="Ticket"><wsdl:part name="ticket" element="tns:Ticket"/></wsdl:message>'
    draft.edit("wsdl", "<wsdl:portType", f"{message}<wsdl:portType")
    draft.edit(
        "wsdl",
        '<wsdl:input>\n        <soap:body use="literal"/>',
        '<wsdl:input><soap:body use="literal"/><soap:header message="tns:Ticket" part="ticket" use="literal"/>',
        count=0,
    )
    return draft.documents()


def with_a_part_beside() -> DocumentSet:
    """The real contract, with a second part in a message that `parts` leaves out of the Body."""
    draft = Draft.of_the_real()
    draft.edit(
        "wsdl",
        '<wsdl:part name="parameters" element="tns:UpdateEWTRecord"/>',
        '<wsdl:part name="parameters" element="tns:UpdateEWTRecord"/>'
        '<wsdl:part name="more" element="tns:GetAvailableTimes"/>',
    )
    draft.wsdl = re.sub(
        r'(<soap:operation soapAction="\S+UpdateEWTRecord".*?<soap:body) use="literal"/>',
        r'\1 parts="parameters" use="literal"/>',
        draft.wsdl,
        count=1,
        flags=re.DOTALL,
    )
    assert 'parts="parameters"' in draft.wsdl
    return draft.documents()


def in_ours(kind: str, old: str, new: str) -> DocumentSet:
    draft = Draft.of_the_real()
    draft.edit(kind, old, new, count=0)
    return draft.documents()


def known_type() -> DocumentSet:
    draft = Draft.of_the_real()
    draft.add_data(
        '<xs:complexType name="LateSlot"><xs:complexContent><xs:extension base="tns:TimeSlot"><xs:sequence>'
        '<xs:element minOccurs="0" name="Why" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent>'
        "</xs:complexType>"
    )
    return draft.documents()


BESIDE: dict[str, DocumentSet] = {
    "a wildcard": with_odd("<xs:sequence><xs:any/></xs:sequence>"),
    "attributes": with_odd('<xs:sequence/><xs:attribute name="a" use="required"/>'),
    "a choice": with_odd('<xs:choice><xs:element name="a" type="xs:int"/><xs:element name="b"/></xs:choice>'),
    "a header": with_odd(header='<soap:header message="tns:OddIn" part="parameters" use="literal"/>'),
    "RPC style": with_odd(style="rpc", parts='<wsdl:part name="a" type="xs:int" xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'),
    "encoded": with_odd(style="rpc", use="encoded", parts='<wsdl:part name="a" type="xs:int" xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'),
    "one way": with_odd(is_one_way=True),
    "a message that nothing declares": with_odd(parts='<wsdl:part name="a" element="tns:Nothing"/>'),
    "several parts": with_odd(parts='<wsdl:part name="a" element="tns:Odd"/><wsdl:part name="b" element="tns:UpdateEWTRecord"/>'),
    "a second port type": with_a_second_port_type(),
    "a header on ours": with_a_header(),
    "a part beside": with_a_part_beside(),
    "optional attributes in ours": in_ours("messages", "</xs:sequence>", '</xs:sequence><xs:attribute name="a"/>'),
    "a wildcard at the end of ours": in_ours("messages", "</xs:sequence>", '<xs:any minOccurs="0" namespace="##other"/></xs:sequence>'),
    "more elements at the end of ours": in_ours("messages", "</xs:sequence>", '<xs:element minOccurs="0" name="a" type="xs:int"/></xs:sequence>'),
    "attributes and a wildcard in our data": in_ours("data", "</xs:sequence>", '<xs:any minOccurs="0"/></xs:sequence><xs:attribute name="a"/>'),
    "a known type": known_type(),
}  # fmt: skip


def written(documents: DocumentSet, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in documents.content.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("engine", ["generated", "zeep"])
@pytest.mark.parametrize("what", BESIDE)
def test_all_of_ours_are_called_whatever_stands_beside(
    tmp_path: Path, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, what: str, engine: str
) -> None:
    folder = written(BESIDE[what], tmp_path)
    endpoints, now = Endpoints.sandbox(sandbox.port), dt.datetime(2017, 4, 11, 9)
    account = {"company": 1, "password": "P@ssword", "service_queue": 1}
    with BuzzeasyClient(endpoints=endpoints, wsdl=folder, engine=engine, **account) as client:
        assert "does not fit" not in caplog.text
        slot = client.get_available_times(now)[0]
        assert client.get_next_three_time_slots(now)
        client.update_ewt_record(5)
        assert client.get_ewt_by_service_id() == dt.timedelta(minutes=5)
        assert client.request_call_when_available("Ada", "+447700900123").code
        assert client.request_call_schedule("Ada", "+447700900124", time_slot=slot).code
    assert len(sandbox.calls()) == 2


@pytest.mark.parametrize(
    "mutation", [each for each in FITTING if not each.refused], ids=lambda each: each.name
)
def test_both_engines_write_the_same_over_what_fits(mutation: Mutation, tmp_path: Path) -> None:
    folder = written(mutation.after(), tmp_path)
    generated, by_zeep = SoapBinding(contract_of(folder)), ZeepBinding(wsdl=folder)
    for operation in SERVICE.operations.values():
        members = operation.request.shape.members
        values = {each.field: VALUES[each.type] for each in members}
        request = operation.request.record(**values)
        try:
            ours = generated.encode(operation, request, "http://127.0.0.1/")
        except InvalidRequest as error:
            with pytest.raises(InvalidRequest, match=re.escape(str(error))):
                by_zeep.encode(operation, request, "http://127.0.0.1/")
            continue
        theirs = by_zeep.encode(operation, request, "http://127.0.0.1/")
        assert canonical_body(ours.body) == canonical_body(theirs.body)
        assert ours.headers["SOAPAction"] == theirs.headers["SOAPAction"]


VALUES = {"string": "GB", "int": 5, "dateTime": dt.datetime(2017, 4, 11, 9)}


def canonical_body(envelope: bytes) -> list[tuple[str, str]]:
    body = etree.fromstring(envelope).find("{*}Body")
    return [(each.tag, each.text or "") for each in body.iter() if each is not body]


@pytest.mark.parametrize("engine", ["generated", "zeep"])
def test_an_operation_of_ours_that_zeep_drops_says_why_and_the_others_work(
    tmp_path: Path, endpoints: Endpoints, engine: str
) -> None:
    old = '<wsdl:part name="parameters" element="tns:UpdateEWTRecord"/>'
    folder = written(in_ours("wsdl", old, old.replace("EWTRecord", "Nothing")), tmp_path)
    account = {"company": 1, "password": "P@ssword", "service_queue": 1}
    with BuzzeasyClient(endpoints=endpoints, wsdl=folder, engine=engine, **account) as client:
        why = "it is an operation that cannot be read .*UpdateNothing, which is in no schema"
        with pytest.raises(ConfigurationError, match=why) as caught:
            client.update_ewt_record(5)
        assert caught.value.outcome is Outcome.NOT_SENT
        assert "client.zeep" not in str(caught.value)  # which has no such operation either
        assert client.request_call_when_available("Ada", "+447700900123").code


@pytest.mark.parametrize("engine", ["generated", "zeep"])
def test_an_operation_of_ours_that_is_not_called_is_called_as_zeep_does(tmp_path: Path, engine: str) -> None:
    old = 'UpdateEWTRecord" style="document"/>'
    folder = written(in_ours("wsdl", old, old.replace("document", "rpc")), tmp_path)
    answer = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><UpdateEWTRecordResponse>'
        '<UpdateEWTRecordResponse xmlns="http://tempuri.org/"><UpdateEWTRecordResult>true</UpdateEWTRecordResult>'
        "</UpdateEWTRecordResponse></UpdateEWTRecordResponse></s:Body></s:Envelope>"
    )
    options = {"wsdl": folder, "engine": engine, "company": 1, "password": "x", "service_queue": 1}
    with ScriptedServer((http(answer),)) as server:
        with BuzzeasyClient(endpoints=server.endpoints, **options) as client:
            with pytest.raises(
                ConfigurationError, match=r"RPC style cannot be called.*client.zeep\(\) calls it"
            ):
                client.update_ewt_record(5)
            service = client.zeep("RequestCallbackService")
            assert service.UpdateEWTRecord({"ewt": 5}) is True
        assert len(server.received) == 1


def test_a_header_is_left_to_a_zeep_binding_s_plugins(tmp_path: Path) -> None:
    folder = written(with_a_header(), tmp_path)

    class Ticket(zeep.Plugin):
        def egress(self, envelope, http_headers, operation, binding_options):
            header = etree.Element("{http://schemas.xmlsoap.org/soap/envelope/}Header")
            etree.SubElement(header, "{http://tempuri.org/}Ticket").text = "T1"
            envelope.insert(0, header)
            return envelope, http_headers

    engine = ZeepBinding(wsdl=folder, plugins=[Ticket()])
    answer = request_callback_service.GetEWTByServiceIDResponse(get_ewt_by_service_id_result=4)
    with ScriptedServer((soap(request_callback_service.GET_EWT_BY_SERVICE_ID, answer),)) as server:
        options = {"company": 1, "password": "x", "service_queue": 1, "engine": engine}
        with BuzzeasyClient(endpoints=server.endpoints, **options) as client:
            assert client.get_ewt_by_service_id() == dt.timedelta(minutes=4)
        assert b"T1</" in server.received[0].body


def test_port_types_that_nothing_tells_apart_are_named(tmp_path: Path) -> None:
    draft = Draft.of_the_real()
    for kind in ("portType", "binding", "port"):
        [block] = re.findall(rf"<wsdl:{kind} .*?</wsdl:{kind}>", draft.wsdl, re.DOTALL)
        copies = (re.sub(r'IService(?=["])', name, block) for name in ("IThis", "IThat"))
        draft.edit("wsdl", block, "".join(copies))
    folder = written(draft.documents(), tmp_path)
    with pytest.raises(
        ConfigurationError, match=r"two port types with operations of .*IThat and .*IThis: take out"
    ):
        BuzzeasyClient(endpoints=Endpoints.sandbox(1), wsdl=folder, company=1, password="x")
