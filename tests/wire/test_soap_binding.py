"""What the SOAP binding reads and refuses, and what it sends."""

import re

import pytest

from buzzeasy_soap import InvalidRequest, Outcome, ProtocolError, ServiceFault
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.redaction import Secret
from tests.support.scripted import fault_bytes, soap_bytes

ENDPOINT = "http://127.0.0.1/Service.svc"
OPERATION = contract.REQUEST_CALL_WHEN_AVAILABLE
REQUEST = contract.RequestCallWhenAvailable(name="Ada", password=Secret("s3cr3t&<"))
PLACED = contract.RequestCallWhenAvailableResponse(
    request_call_when_available_result=contract.ResponseMessage(confirmation_code="BZ1", result_code=0)
)
BODY = soap_bytes(OPERATION, PLACED)


def decode(body: bytes, *, status: int = 200, content_type: str | None = "text/xml; charset=utf-8"):
    headers = {} if content_type is None else {"content-type": content_type}
    return SoapBinding().decode(OPERATION, REQUEST, HttpResponse(status, headers, body))


def test_request_is_a_quoted_soap_action_and_text_xml() -> None:
    request = SoapBinding().encode(OPERATION, REQUEST, ENDPOINT)
    assert request.headers["SOAPAction"] == f'"{OPERATION.soap_action}"'
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "s3cr3t" not in repr(request)


@pytest.mark.parametrize("illegal", ["\x00", "\x1b", "\ud800", "\ufffe"])
def test_what_xml_cannot_carry_is_refused_by_name(illegal: str) -> None:
    request = contract.RequestCallWhenAvailable(field3=f"a{illegal}b")
    with pytest.raises(InvalidRequest, match="field3 holds U\\+") as caught:
        SoapBinding().encode(OPERATION, request, ENDPOINT)
    assert caught.value.parameter == "field3"
    assert caught.value.outcome is Outcome.NOT_SENT


FORGIVEN = {
    "as it is": BODY,
    "xml declaration": b'<?xml version="1.0" encoding="utf-8"?>' + BODY,
    "utf-8 with BOM": b"\xef\xbb\xbf" + BODY,
    "utf-16": ('<?xml version="1.0" encoding="utf-16"?>' + BODY.decode()).encode("utf-16"),
    "comments in the body": BODY.replace(b"BZ1", b"B<!-- c -->Z1").replace(b"><", b"><!-- c --><"),
    "cdata": BODY.replace(b"BZ1", b"<![CDATA[BZ1]]>"),
    "other prefixes": BODY.replace(b"a:", b"q7:")
    .replace(b"xmlns:a", b"xmlns:q7")
    .replace(b"<s:", b"<soap:")
    .replace(b"</s:", b"</soap:")
    .replace(b"xmlns:s", b"xmlns:soap"),
    "white space around a number": BODY.replace(b">0<", b">\n 0 <"),
    "a header": BODY.replace(b"<s:Body>", b'<s:Header><x xmlns="urn:x">1</x></s:Header><s:Body>'),
}


@pytest.mark.parametrize("body", FORGIVEN.values(), ids=FORGIVEN.keys())
def test_stacks_may_differ(body: bytes) -> None:
    assert decode(body) == PLACED


def test_charset_of_the_content_type_counts_where_the_body_says_nothing() -> None:
    body = BODY.replace(b"BZ1", "BZ\u00e9".encode("latin-1"))
    result = decode(body, content_type="text/xml; charset=iso-8859-1")
    assert result.request_call_when_available_result.confirmation_code == "BZ\u00e9"


def test_members_may_come_in_any_order_and_with_strangers() -> None:
    start, end = BODY.index(b"<a:Conf"), BODY.index(b"</RequestCallWhenAvailableResult>")
    code, number = BODY[start:end].split(b"</a:ConfirmationCode>")
    shuffled = number + b"<Priority xmlns='urn:new'>9</Priority>" + code + b"</a:ConfirmationCode>"
    assert decode(BODY[:start] + shuffled + BODY[end:]) == PLACED


REFUSED = {
    "bad int": (BODY.replace(b">0<", b">nought<"), "ResultCode: 'nought' is not an int"),
    "int out of range": (BODY.replace(b">0<", b">2147483648<"), "is not an int"),
    "an element in a text": (BODY.replace(b"BZ1", b"<x/>"), "holds elements"),
    "a member twice": (
        re.sub(rb"(<a:ResultCode.*?</a:ResultCode>)", rb"\1\1", BODY),
        "more than once",
    ),
    "wrong root": (b"<html/>", "not a SOAP 1.1 Envelope"),
    "SOAP 1.2": (
        BODY.replace(b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"),
        "not a SOAP 1.1 Envelope",
    ),
    "another operation's response": (
        BODY.replace(b"RequestCallWhenAvailable", b"RequestCallSchedule"), "the Body holds"
    ),
    "another result": (
        BODY.replace(b"RequestCallWhenAvailableResult", b"Result"), "holds Result, which the contract does not know"
    ),
    "no body": (b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>', "has no Body"),
    "empty": (b"", "the reply is empty"),
    "blank": (b" \n", "the reply is empty"),
    "truncated": (BODY[:-30], "not XML that can be read"),
    "a document type": (b'<!DOCTYPE a [<!ENTITY x "y">]>' + BODY, "document type"),
    "an entity bomb": (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + BODY.replace(b"BZ1", b"&b;"),
        "document type",
    ),
    "too deep": (b"<a>" * 100_000, "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_could_be_a_wrong_value_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(ProtocolError, match=why) as caught:
        decode(body)
    assert caught.value.status == 200
    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [200, 403, 502])
def test_a_gateways_page_is_no_fault(status: int) -> None:
    page = b"<html><body><h1>Bad   gateway</h1> s3cr3t&amp;&lt; password=s3cr3t </body></html>"
    with pytest.raises(ProtocolError, match="text/html") as caught:
        decode(page, status=status, content_type="text/html")
    assert caught.value.status == status
    assert "<h1>Bad gateway</h1>" in caught.value.excerpt
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(("status", "outcome"), [(302, Outcome.UNKNOWN), (307, Outcome.REFUSED)])
def test_a_redirect_is_not_followed(status: int, outcome: Outcome) -> None:
    response = HttpResponse(status, {"location": "https://elsewhere.example/x?password=s3cr3t"}, b"")
    with pytest.raises(ProtocolError, match=r"redirects to elsewhere\.example") as caught:
        SoapBinding().decode(OPERATION, REQUEST, response)
    assert caught.value.outcome is outcome
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("Client", Outcome.UNKNOWN),
        ("Client.Authentication", Outcome.UNKNOWN),
        ("MustUnderstand", Outcome.REFUSED),
        ("VersionMismatch.Old", Outcome.REFUSED),
        ("DeserializationFailed", Outcome.REFUSED),
        ("ActionNotSupported", Outcome.REFUSED),
        ("InternalServiceFault", Outcome.UNKNOWN),
        ("Receiver", Outcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_faults_are_read_by_local_names(code: str, outcome: Outcome, status: int) -> None:
    body = fault_bytes(code, " it broke ", prefix="q", detail="<detail><d xmlns='urn:d'>1</d></detail>")
    with pytest.raises(ServiceFault) as caught:
        decode(body, status=status)
    fault = caught.value
    assert (fault.code, fault.reason, fault.outcome) == (code, "it broke", outcome)
    assert "urn:d" in (fault.detail or "")


def test_a_fault_that_quotes_the_password_does_not_pass_it_on() -> None:
    with pytest.raises(ServiceFault) as caught:
        decode(fault_bytes("Client", "no company with s3cr3t&amp;&lt;"), status=500)
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.reason == "no company with ***"


def test_a_success_with_an_error_status_is_not_believed() -> None:
    with pytest.raises(ProtocolError, match="neither a success nor a fault"):
        decode(BODY, status=500)
