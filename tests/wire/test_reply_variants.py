"""One reply in the ways that stacks and gateways write it: every transport and engine reads, or refuses, it alike."""

import gzip
import logging

import pytest

from buzzeasy_soap import Outcome, ProtocolError
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import BODY, OWN, place

KINDS = {kind: (kind, {}) for kind in OWN} | {
    "zeep": ("soap-zeep", {}),
    "zeep-curl": ("soap-zeep", {"transport": "curl"}),
    "zeep-async": ("soap-async", {"engine": "zeep"}),
}

ENVELOPE_12 = b"http://www.w3.org/2003/05/soap-envelope"
FAULT_12 = (
    b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Receiver'
    b'</e:Value></e:Code><e:Reason><e:Text xml:lang="en">broken</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>'
)
DATA = b"http://schemas.datacontract.org/2004/07/RequestCallbackService"
DEFAULT_NAMESPACES = (
    b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>'
    b'<RequestCallWhenAvailableResponse xmlns="http://tempuri.org/"><RequestCallWhenAvailableResult>'
    b'<ConfirmationCode xmlns="%s">BZ1</ConfirmationCode><ResultCode xmlns="%s">0</ResultCode>'
    b"</RequestCallWhenAvailableResult></RequestCallWhenAvailableResponse></Body></Envelope>" % (DATA, DATA)
)
PREFIXES = (
    b'<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="%s" '
    b'xmlns:tns="http://tempuri.org/"><SOAP-ENV:Body><tns:RequestCallWhenAvailableResponse>'
    b"<tns:RequestCallWhenAvailableResult><ns1:ConfirmationCode>BZ1</ns1:ConfirmationCode>"
    b"<ns1:ResultCode>0</ns1:ResultCode></tns:RequestCallWhenAvailableResult>"
    b"</tns:RequestCallWhenAvailableResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>" % DATA
)
TYPED = PREFIXES.replace(
    b"<ns1:ResultCode>",
    b'<ns1:ResultCode xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    b'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="xsd:int">',
)
WSA = b'<a:Action xmlns:a="http://www.w3.org/2005/08/addressing">urn:x</a:Action>'
WSSE = (
    b'<o:Security xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">'
    b'<u:Timestamp xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"/>'
    b"</o:Security>"
)
MUST = (b"<o:Security ", b'<o:Security s:mustUnderstand="1" ')


def headed(header: bytes, body: bytes = BODY) -> scripted.Reply:
    return scripted.http(body.replace(b"<s:Body>", b"<s:Header>%s</s:Header><s:Body>" % header))


def chunked(*chunks: bytes) -> scripted.Reply:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
    written = b"".join(b"%x;part=1\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return scripted.raw(head + written + b"0\r\nX-Sum: 9\r\n\r\n")


def http_1_0(*, length: bool) -> scripted.Reply:
    lines = [
        b"HTTP/1.0 200 OK",
        b"Content-Type: text/xml",
        *([b"Content-Length: %d" % len(BODY)] if length else []),
    ]
    return scripted.raw(b"\r\n".join([*lines, b"", BODY]), keep=False)


def after(interim: bytes) -> scripted.Reply:
    def reply(sock, request) -> bool:
        sock.sendall(interim)
        return scripted.http(BODY)(sock, request)

    return reply


DECLARED = b'<?xml version="1.0" encoding="utf-8"?>'
TEXT_16 = f'<?xml version="1.0" encoding="utf-16"?>{BODY.decode()}'
MTOM = (
    b'--b\r\nContent-Type: application/xop+xml; charset=utf-8; type="text/xml"\r\nContent-ID: <1>\r\n\r\n'
    + BODY
    + b"\r\n--b--\r\n"
)

READ = {
    "as WCF writes it": scripted.http(BODY),
    "declared": scripted.http(DECLARED + b"\n" + BODY),
    "other prefixes": scripted.http(DECLARED + PREFIXES),
    "default namespaces": scripted.http(DEFAULT_NAMESPACES),
    "xsi:type": scripted.http(TYPED),
    "indented": scripted.http(PREFIXES.replace(b"><", b">\r\n  <")),
    "a wsa header": headed(WSA),
    "a wsse header": headed(WSSE),
    "an empty header": headed(b""),
    "a header that must be understood": headed(WSSE.replace(*MUST)),
    "a byte order mark": scripted.http(b"\xef\xbb\xbf" + DECLARED + BODY),
    "UTF-16": scripted.http(TEXT_16.encode("utf-16"), content_type="text/xml; charset=utf-16"),
    "UTF-16, which the type does not say": scripted.http(TEXT_16.encode("utf-16-be").join([b"\xfe\xff", b""]), content_type="text/xml"),
    "chunks and a trailer": chunked(BODY[:7], BODY[7:8], BODY[8:]),
    "100": after(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103, twice": after(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 2),
    "gzip": scripted.gzipped(BODY),
    "gzip in chunks": scripted.raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(BODY, mtime=0)), gzip.compress(BODY, mtime=0))
    ),
    "HTTP/1.0": http_1_0(length=True),
    "HTTP/1.0, to the end of the connection": http_1_0(length=False),
    "application/xml": scripted.http(BODY, content_type="application/xml"),
    "no content type": scripted.http(BODY, content_type=None),
    "a charset in quotes": scripted.http(BODY, content_type='Text/XML; Charset="UTF-8"; action="urn:x"'),
    "a comment before it": scripted.http(b"<!-- gateway -->" + BODY),
    "a newline after it": scripted.http(BODY + b"\r\n\r\n"),
}  # fmt: skip

REFUSED = {
    "a newline before the declaration": (scripted.http(b"\n" + DECLARED + BODY), "not XML that can be read"),
    "202 without a body": (scripted.http(status=202), "the reply is empty"),
    "202 with one": (scripted.http(BODY, status=202), "neither a success nor a fault"),
    "204": (scripted.raw(b"HTTP/1.1 204 No Content\r\n\r\n"), "the reply is empty"),
    "MTOM": (
        scripted.http(MTOM, content_type='multipart/related; type="application/xop+xml"; boundary=b; start="<1>"'),
        "the reply is multipart/related",
    ),
    "a SOAP 1.2 fault": (
        scripted.http(FAULT_12, status=500, content_type="application/soap+xml; charset=utf-8"),
        "the reply is application/soap\\+xml",
    ),
    "a SOAP 1.2 fault as text/xml": (scripted.http(FAULT_12, status=500), "not a SOAP 1.1 Envelope"),
    "SOAP 1.2": (
        scripted.http(BODY.replace(b"http://schemas.xmlsoap.org/soap/envelope/", ENVELOPE_12)),
        "not a SOAP 1.1 Envelope",
    ),
    "UTF-16 that says UTF-8": (
        scripted.http(TEXT_16.replace("utf-16", "utf-8").encode("utf-16")), "cannot be read",
    ),
    "JSON": (scripted.http(b'{"ResultCode":0}', content_type="application/json"), "the reply is application/json"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_is_read_alike(kind: str) -> None:
    name, options = KINDS[kind]
    with (
        ScriptedServer(tuple(READ.values())) as server,
        open_client(name, server.endpoints, **options) as client,
    ):
        read = {}
        for variant in READ:
            try:
                read[variant] = place(client).code
            except Exception as error:
                read[variant] = repr(error)
        assert read == dict.fromkeys(READ, "BZ1")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_refused_is_refused_alike(kind: str) -> None:
    name, options = KINDS[kind]
    replies = tuple(reply for reply, _ in REFUSED.values())
    with ScriptedServer(replies) as server, open_client(name, server.endpoints, **options) as client:
        for _, why in REFUSED.values():
            with pytest.raises(ProtocolError, match=why) as caught:
                place(client)
            assert caught.value.outcome is Outcome.UNKNOWN
            assert caught.value.callback_request is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("actor", [b"", b' s:actor="http://schemas.xmlsoap.org/soap/actor/next"'])
def test_a_header_that_must_be_understood_is_logged_and_its_reply_believed(
    kind: str, actor: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """To refuse it would leave a callback that was placed in doubt."""
    name, options = KINDS[kind]
    must = b'<o:Security s:mustUnderstand="1"' + actor + b" "
    replies = (headed(WSSE.replace(MUST[0], must)), headed(WSSE))
    with ScriptedServer(replies) as server, open_client(name, server.endpoints, **options) as client:
        with caplog.at_level(logging.WARNING, "buzzeasy_soap"):
            assert (place(client).code, place(client).code) == ("BZ1", "BZ1")
    [record] = caplog.records
    assert "RequestCallWhenAvailable" in record.message and "Security" in record.message
    assert "must be understood" in record.message


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_for_another_is_not_mentioned(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    name, options = KINDS[kind]
    must = b'<o:Security s:mustUnderstand="1" s:actor="urn:gateway" '
    with ScriptedServer((headed(WSSE.replace(MUST[0], must)),)) as server:
        with open_client(name, server.endpoints, **options) as client:
            assert place(client).code == "BZ1"
    assert caplog.records == []
