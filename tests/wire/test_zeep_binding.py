"""zeep as engine: changed contracts, plugins, WS-Security, and none of its faults."""

import shutil
from pathlib import Path

import pytest
import zeep
import zeep.exceptions
import zeep.wsa
import zeep.wsse
from lxml import etree
from zeep.wsse.username import UsernameToken

from buzzeasy_soap import (
    BuzzeasyClient,
    ConfigurationError,
    Confirmation,
    Endpoints,
    Outcome,
    ProtocolError,
    ServiceFault,
)
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.description.documents import packaged_directory
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from buzzeasy_soap.wire.messages import HttpResponse
from tests.support.scripted import ScriptedServer, answer, fault_bytes, http, soap_bytes

ACCOUNT = {"company": 1, "password": "P@ssword", "service_queue": 1}
PLACED = contract.ResponseMessage(confirmation_code="BZ1", result_code=0)
PLACES = answer("soap", contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the contract with one text replaced, once, in one file."""
    target = folder / "wsdl"
    shutil.copytree(packaged_directory(), target)
    path = target / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return target


def test_an_addition_goes_on_working(tmp_path: Path, endpoints: Endpoints, sandbox: Sandbox) -> None:
    member = '<xs:element minOccurs="0" name="region"'
    more = f'{member} nillable="true" type="xs:string"/><xs:element minOccurs="0" name="Priority" type="xs:int"/>'
    wsdl = changed(
        tmp_path, "RequestCallbackService.xsd0.xsd", f'{member} nillable="true" type="xs:string"/>', more
    )
    for given in (wsdl, wsdl / "RequestCallbackService.wsdl"):
        with BuzzeasyClient(endpoints=endpoints, wsdl=given, **ACCOUNT) as client:
            client.request_call_when_available("Ada", "+447700900123", fields=["x"])
            assert client.get_call_data_by_number("+447700900123").fields[0].value == "x"
    assert len(sandbox.calls()) == 2


@pytest.mark.parametrize("engine", ["generated", "zeep"])
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (
            'name="ewt" type="xs:int"',
            'name="ewt" type="xs:string"',
            "ewt: its type is string, which is no int",
        ),
        ('name="ewt" type="xs:int"', 'name="wait" type="xs:int"', "ewt: the service does not take it"),
        (
            '<xs:element minOccurs="0" name="ewt"',
            '<xs:element name="token" type="xs:string"/><xs:element minOccurs="0" name="ewt"',
            "token: it is new, and must be sent",
        ),
    ],
)
def test_an_operation_that_does_not_fit_says_why_and_the_others_work(
    tmp_path, endpoints, sandbox, caplog, engine, old, new, named
) -> None:
    folder = changed(tmp_path, "RequestCallbackService.xsd0.xsd", old, new)
    with BuzzeasyClient(endpoints=endpoints, wsdl=folder, engine=engine, **ACCOUNT) as client:
        assert named in caplog.text
        with pytest.raises(ConfigurationError, match=named) as caught:
            client.update_ewt_record(5)
        assert caught.value.outcome is Outcome.NOT_SENT
        assert client.request_call_when_available("Ada", "+447700900123").code


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/x.xsd", "file:///etc/passwd", "/etc/passwd", "../secret.xsd"]
)
def test_an_import_from_elsewhere_is_the_folder_s_own_document_or_refused_by_name(
    tmp_path: Path, address: str
) -> None:
    old = 'schemaLocation="RequestCallbackService.xsd2.xsd"'
    folder = changed(tmp_path, "RequestCallbackService.wsdl", old, f'schemaLocation="{address}"')
    BuzzeasyClient(endpoints=Endpoints.sandbox(1), wsdl=folder, **ACCOUNT).close()
    for document in folder.glob("RequestCallbackService.*"):
        document.write_text(document.read_text().replace(old, f'schemaLocation="{address}"'))
    (folder / "RequestCallbackService.xsd2.xsd").unlink()
    with pytest.raises(ConfigurationError, match=address.rpartition("/")[2]):
        BuzzeasyClient(endpoints=Endpoints.sandbox(1), wsdl=folder, **ACCOUNT)


def test_a_document_type_in_a_wsdl_is_refused(tmp_path: Path) -> None:
    folder = changed(tmp_path, "BuzzMeInfo.wsdl", "<wsdl:definitions", "<!DOCTYPE x><wsdl:definitions")
    with pytest.raises(ConfigurationError):
        BuzzeasyClient(endpoints=Endpoints.sandbox(1), wsdl=folder, **ACCOUNT)


class Recording(zeep.Plugin):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def egress(self, envelope, http_headers, operation, binding_options):
        self.seen.append(f"out {operation.name} {binding_options['address']}")
        http_headers["X-Trace"] = "7"
        return envelope, http_headers

    def ingress(self, envelope, http_headers, operation):
        self.seen.append(f"in {operation.name} {http_headers['content-type']}")
        return envelope, http_headers


def test_plugins_and_ws_security_see_the_messages() -> None:
    plugin = Recording()
    engine = ZeepBinding(
        plugins=[plugin, zeep.wsa.WsAddressingPlugin()], wsse=UsernameToken("gate", "keeper")
    )
    with ScriptedServer((answer("soap", contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED),)) as server:
        with BuzzeasyClient(endpoints=server.endpoints, engine=engine, **ACCOUNT) as client:
            assert client.request_call_when_available("Ada", "+447700900123").code == "BZ1"
        [request] = server.received
        url = server.endpoints.callback_url
    assert request.headers["x-trace"] == "7"
    header = etree.fromstring(request.body)[0]
    names = [etree.QName(child).localname for child in header]
    assert {"Security", "Action", "MessageID", "To"} <= set(names)
    assert plugin.seen == [
        f"out RequestCallWhenAvailable {url}",
        "in RequestCallWhenAvailable text/xml; charset=utf-8",
    ]


class Broken(zeep.Plugin):
    """Fails in one direction, or makes of the reply what it is told."""

    def __init__(self, where: str, makes: object = None) -> None:
        self.where, self.makes = where, makes

    def egress(self, envelope, http_headers, operation, binding_options):
        if self.where == "egress":
            raise KeyError("no key for s3cr3t")

    def ingress(self, envelope, http_headers, operation):
        if self.where == "ingress":
            raise ValueError("cannot read keeper")
        return self.makes(envelope, http_headers) if self.makes else None


class BrokenWsse(UsernameToken):
    def __init__(self, where: str) -> None:
        super().__init__("gate", "keeper")
        self.where = where

    def apply(self, envelope, headers):
        if self.where == "apply":
            raise ValueError("no certificate for keeper")
        return super().apply(envelope, headers)

    def verify(self, envelope):
        if self.where == "verify":
            raise zeep.exceptions.SignatureVerificationFailed("keeper")
        return envelope


def place(server: ScriptedServer, **engine: object) -> Confirmation:
    options = {"endpoints": server.endpoints, "engine": ZeepBinding(**engine), **ACCOUNT}
    with BuzzeasyClient(**options) as client:
        return client.request_call_when_available("Ada", "+447700900123")


@pytest.mark.parametrize("engine", [{"plugins": [Broken("egress")]}, {"wsse": BrokenWsse("apply")}])
def test_what_fails_on_the_way_out_sent_nothing(engine) -> None:
    with ScriptedServer((PLACES,)) as server, pytest.raises(ConfigurationError) as caught:
        place(server, **engine)
    assert server.received == []
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "s3cr3t" not in str(caught.value) and "keeper" not in str(caught.value)


@pytest.mark.parametrize(
    "engine",
    [
        {"plugins": [Broken("ingress")], "wsse": BrokenWsse("")},
        {"wsse": BrokenWsse("verify")},
        {"plugins": [Broken("", lambda envelope, headers: ("text", headers))]},
        {"plugins": [Broken("", lambda envelope, headers: 5)]},
    ],
    ids=["ingress raises", "verify raises", "ingress returns text", "ingress returns no pair"],
)
def test_what_fails_on_the_way_in_leaves_the_outcome_unknown(engine) -> None:
    with ScriptedServer((PLACES,)) as server, pytest.raises(ProtocolError) as caught:
        place(server, **engine)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.callback_request.phone_no == "+447700900123"
    assert "keeper" not in str(caught.value)


def test_a_plugin_can_decrypt() -> None:
    def decrypted(envelope, headers):
        text = etree.tostring(envelope).replace(b"Encrypted", b"RequestCallWhenAvailable")
        return etree.fromstring(text), headers

    body = soap_bytes(
        contract.REQUEST_CALL_WHEN_AVAILABLE,
        contract.RequestCallWhenAvailableResponse(request_call_when_available_result=PLACED),
    )
    sealed = http(body.replace(b"RequestCallWhenAvailable", b"Encrypted"))
    with ScriptedServer((sealed,)) as server:
        assert place(server, plugins=[Broken("", decrypted)]).code == "BZ1"


def test_a_ws_security_password_is_in_no_fault() -> None:
    reply = http(fault_bytes("Client", "gate/k33per&amp;1 is not known"), status=500)
    with ScriptedServer((reply,)) as server, pytest.raises(ServiceFault) as caught:
        place(server, wsse=zeep.wsse.Compose([UsernameToken("gate", "k33per&1")]))
    assert caught.value.reason == "gate/*** is not known"


def test_a_gateways_page_is_no_fault_of_zeep_s() -> None:
    page = HttpResponse(502, {"content-type": "text/html"}, b"<html><body>Bad gateway</body></html>")
    operation = contract.REQUEST_CALL_WHEN_AVAILABLE
    with pytest.raises(ProtocolError, match="text/html"):
        ZeepBinding().decode(operation, operation.request.record(), page)
