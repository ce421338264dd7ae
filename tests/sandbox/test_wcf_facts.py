"""The facts of a WCF service's wire that the sandbox keeps, each in a test of its name."""

import gzip
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest
import requests
from lxml import etree

from buzzeasy_soap.sandbox import Sandbox

S = "{http://schemas.xmlsoap.org/soap/envelope/}"
T = "{http://tempuri.org/}"
A = "{http://schemas.datacontract.org/2004/07/BuzzMeInfo}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
CALLBACK = "/RequestCallbackService/Service.svc"
INFO = "/BuzzMeInfo/InfoService.svc"


def members(**values: object) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in values.items())


def request_call(**others: object) -> str:
    return members(
        **{"name": "Ada", "phoneNo": "+447700900123", "serviceQueue": 1, "company": 1, "password": "P@ssword"}
        | others
    )


class Wire:
    """Sends envelopes that are written out by hand."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def post(
        self, operation: str, inner: str, *, path: str = CALLBACK, headers: Any = (), namespace: str = T[1:-1]
    ) -> requests.Response:
        envelope = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
            'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><s:Body>'
            f'<{operation} xmlns="{namespace}">{inner}</{operation}></s:Body></s:Envelope>'
        )
        return self.send(operation, envelope.encode(), path=path, headers=headers)

    def send(
        self, operation: str, body: bytes, *, path: str = CALLBACK, headers: Any = ()
    ) -> requests.Response:
        interface = "IService" if path == CALLBACK else "IInfoService"
        standard = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"http://tempuri.org/{interface}/{operation}"',
        }
        sent = {name: value for name, value in (standard | dict(headers)).items() if value is not None}
        return self.session.post(self.url + path, data=body, headers=sent, timeout=30)


@pytest.fixture
def wire(sandbox: Sandbox) -> Iterator[Wire]:
    wire = Wire(sandbox.url)
    yield wire
    wire.session.close()


def result(response: requests.Response) -> etree._Element:
    assert response.status_code == 200, response.text
    (wrapper,) = etree.fromstring(response.content).find(f"{S}Body")
    (found,) = wrapper
    return found


def fault(response: requests.Response) -> tuple[str, str, str]:
    """Namespace and local name of the code, and the reason."""
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    element = etree.fromstring(response.content).find(f"{S}Body/{S}Fault")
    prefix, _, name = element.findtext("faultcode").partition(":")
    reason = element.find("faultstring")
    assert reason.get("{http://www.w3.org/XML/1998/namespace}lang")
    return element.find("faultcode").nsmap[prefix], name, reason.text


def code_of(response: requests.Response) -> str:
    return result(response).findtext("{*}ResultCode")


class TestSoapAction:
    @pytest.mark.parametrize("quote", ['"', ""])
    def test_quoted_or_not(self, wire: Wire, quote: str) -> None:
        action = f"{quote}http://tempuri.org/IService/RequestCallWhenAvailable{quote}"
        response = wire.post("RequestCallWhenAvailable", request_call(), headers={"SOAPAction": action})
        assert code_of(response) == "0"

    @pytest.mark.parametrize(
        "action",
        [
            '"http://tempuri.org/IService/Nothing"',
            '"http://tempuri.org/IInfoService/GetCallDataByPin"',
            '"http://tempuri.org/IService/requestcallwhenavailable"',
            '""',
            None,
            '"<é>"'.encode(),
        ],
    )
    def test_a_wrong_one_is_action_not_supported(self, wire: Wire, sandbox: Sandbox, action: Any) -> None:
        response = wire.post("RequestCallWhenAvailable", request_call(), headers={"SOAPAction": action})
        namespace, code, reason = fault(response)
        assert namespace == "http://schemas.microsoft.com/ws/2005/05/addressing/none"
        assert code == "ActionNotSupported"
        assert "ContractFilter mismatch" in reason
        assert sandbox.calls() == []


class TestContentType:
    def test_replies_are_text_xml_in_utf8_without_a_declaration(self, wire: Wire) -> None:
        response = wire.post("RequestCallWhenAvailable", request_call())
        assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert response.content.startswith(b"<s:Envelope")

    @pytest.mark.parametrize(
        "content_type", ["application/soap+xml; charset=utf-8", "application/json", "", None]
    )
    def test_soap_12_and_others_get_415(self, wire: Wire, sandbox: Sandbox, content_type: Any) -> None:
        headers = {"Content-Type": content_type}
        assert wire.post("RequestCallWhenAvailable", request_call(), headers=headers).status_code == 415
        assert sandbox.calls() == []

    @pytest.mark.parametrize("body", [b"", b"not xml", b"<a/>", b"<s:Envelope", b'{"name": "Ada"}'])
    def test_what_is_no_envelope_is_a_bad_request(self, wire: Wire, body: bytes) -> None:
        response = wire.send("RequestCallWhenAvailable", body)
        assert (response.status_code, response.content) == (400, b"")

    def test_a_document_type_is_a_bad_request(self, wire: Wire) -> None:
        bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        assert wire.send("RequestCallWhenAvailable", bomb).status_code == 400

    def test_a_body_over_a_mebibyte_is_413(self, wire: Wire, sandbox: Sandbox) -> None:
        response = wire.post("RequestCallWhenAvailable", request_call(name="x" * 2**20))
        assert response.status_code == 413
        chunks = iter([b"x" * 2**19] * 3)
        assert wire.session.post(wire.url + CALLBACK, data=chunks, timeout=30, headers={
            "Content-Type": "text/xml",
            "SOAPAction": "http://tempuri.org/IService/UpdateEWTRecord",
        }).status_code == 413  # fmt: skip
        assert sandbox.calls() == []


class TestParameters:
    def test_unqualified_ones_are_ignored_without_a_word(self, wire: Wire) -> None:
        inner = re.sub(r"<(\w+)>", r'<\1 xmlns="">', request_call())
        assert code_of(wire.post("RequestCallWhenAvailable", inner)) == "-1"

    def test_they_are_read_in_the_schemas_order_and_late_ones_are_null(
        self, wire: Wire, sandbox: Sandbox
    ) -> None:
        # `password` comes after `region`, too late to be read.
        late = request_call(password="P@ssword", region="GB")
        late = late.replace("<password>P@ssword</password>", "") + "<password>P@ssword</password>"
        assert code_of(wire.post("RequestCallWhenAvailable", late)) == "-1"
        # `field10` stands last in the schema; `field2` after it is lost.
        fields = request_call() + members(field1="one", field10="ten", field2="two")
        assert code_of(wire.post("RequestCallWhenAvailable", fields)) == "0"
        assert sandbox.calls()[0]["fields"] == ["one", *[None] * 8, "ten"]

    def test_unknown_ones_are_skipped(self, wire: Wire) -> None:
        inner = "<unknown><deep/></unknown>" + request_call()
        assert code_of(wire.post("RequestCallWhenAvailable", inner)) == "0"

    def test_a_missing_int_is_0(self, wire: Wire, sandbox: Sandbox) -> None:
        update = members(serviceQueue=1, company=1, password="P@ssword")
        assert result(wire.post("UpdateEWTRecord", update)).text == "true"
        assert (
            sandbox._in_thread(lambda: sandbox._dispatcher.service.ewt_history(1, 1, limit=1))[0].minutes == 0
        )

    def test_a_missing_string_is_null(self, wire: Wire, sandbox: Sandbox) -> None:
        assert (
            code_of(wire.post("RequestCallWhenAvailable", request_call().replace("<name>Ada</name>", "")))
            == "0"
        )
        assert sandbox.calls()[0]["name"] is None

    def test_a_nil_string_is_null_and_an_empty_one_is_not(self, wire: Wire, sandbox: Sandbox) -> None:
        inner = request_call() + '<field1 i:nil="true"/><field2/>'
        assert code_of(wire.post("RequestCallWhenAvailable", inner)) == "0"
        assert sandbox.calls()[0]["fields"][:2] == [None, ""]

    @pytest.mark.parametrize(
        "member", ['<serviceQueue i:nil="true"/>', "<serviceQueue/>", "<serviceQueue>one</serviceQueue>",
                   "<serviceQueue>2147483648</serviceQueue>", "<serviceQueue><a/></serviceQueue>"],
    )  # fmt: skip
    def test_a_nil_or_unreadable_int_is_deserialization_failed(
        self, wire: Wire, sandbox: Sandbox, member: str
    ) -> None:
        inner = request_call().replace("<serviceQueue>1</serviceQueue>", member)
        namespace, code, reason = fault(wire.post("RequestCallWhenAvailable", inner))
        assert (namespace, code) == (DISPATCHER, "DeserializationFailed")
        assert "serviceQueue" in reason
        assert sandbox.calls() == []

    @pytest.mark.parametrize("other", ["UpdateEWTRecord", "requestCallWhenAvailable"])
    def test_another_wrapper_is_deserialization_failed(self, wire: Wire, other: str) -> None:
        headers = {"SOAPAction": "http://tempuri.org/IService/RequestCallWhenAvailable"}
        response = wire.post(other, request_call(), headers=headers)
        assert fault(response)[1] == "DeserializationFailed"

    def test_a_wrapper_of_another_namespace_is_deserialization_failed(self, wire: Wire) -> None:
        response = wire.post("RequestCallWhenAvailable", request_call(), namespace="urn:other")
        assert fault(response)[1] == "DeserializationFailed"

    def test_comments_and_cdata_are_read_over(self, wire: Wire, sandbox: Sandbox) -> None:
        inner = request_call().replace(">Ada<", "><!-- - --><![CDATA[Ada <]]>L<")
        assert code_of(wire.post("RequestCallWhenAvailable", inner)) == "0"
        assert sandbox.calls()[0]["name"] == "Ada <L"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_a_byte_order_mark_says_the_encoding(self, wire: Wire, sandbox: Sandbox, encoding: str) -> None:
        text = (
            '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><a/></e:Header><e:Body>'
            f'<RequestCallWhenAvailable xmlns="http://tempuri.org/">{request_call(name="Adè")}'
            "</RequestCallWhenAvailable></e:Body></e:Envelope>"
        )
        headers = {"Content-Type": f"text/xml; charset={encoding.removesuffix('-sig')}"}
        response = wire.send("RequestCallWhenAvailable", text.encode(encoding), headers=headers)
        assert code_of(response) == "0"
        assert sandbox.calls()[0]["name"] == "Adè"

    def test_ws_addressing_headers_are_not_needed_and_do_no_harm(self, wire: Wire) -> None:
        body = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
            '<Action xmlns="http://www.w3.org/2005/08/addressing">anything</Action></s:Header><s:Body>'
            f'<RequestCallWhenAvailable xmlns="http://tempuri.org/">{request_call()}</RequestCallWhenAvailable>'
            "</s:Body></s:Envelope>"
        )
        assert code_of(wire.send("RequestCallWhenAvailable", body.encode())) == "0"


class TestHeaders:
    NEXT = "http://schemas.xmlsoap.org/soap/actor/next"

    def send(
        self, wire: Wire, attributes: str, operation: str = "RequestCallWhenAvailable"
    ) -> requests.Response:
        body = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><a/>'
            f'<Ticket xmlns="urn:theirs" {attributes}>1</Ticket></s:Header><s:Body>'
            f'<RequestCallWhenAvailable xmlns="http://tempuri.org/">{request_call()}</RequestCallWhenAvailable>'
            "</s:Body></s:Envelope>"
        )
        return wire.send(operation, body.encode())

    @pytest.mark.parametrize(
        "attributes",
        ['s:mustUnderstand="1"', 's:mustUnderstand="true"', 's:mustUnderstand="1" s:actor=""',
         f's:mustUnderstand="1" s:actor="{NEXT}"'],
    )  # fmt: skip
    def test_one_that_we_must_understand_is_a_fault(
        self, wire: Wire, sandbox: Sandbox, attributes: str
    ) -> None:
        namespace, code, reason = fault(self.send(wire, attributes))
        assert (namespace, code) == (S[1:-1], "MustUnderstand")
        assert "'Ticket' from the namespace 'urn:theirs'" in reason
        assert sandbox.calls() == []

    @pytest.mark.parametrize(
        "attributes",
        ["", 's:mustUnderstand="0"', 'mustUnderstand="1"', 's:mustUnderstand="1" s:actor="http://proxy.example/"',
         's:actor="http://schemas.xmlsoap.org/soap/actor/next"'],
    )  # fmt: skip
    def test_any_other_is_passed_over(self, wire: Wire, attributes: str) -> None:
        assert code_of(self.send(wire, attributes)) == "0"

    def test_an_unknown_action_is_said_first(self, wire: Wire) -> None:
        assert fault(self.send(wire, 's:mustUnderstand="1"', "Nothing"))[1] == "ActionNotSupported"


class TestCompressedBodies:
    @pytest.mark.parametrize(
        "path", [CALLBACK, f"{CALLBACK}/rest/UpdateEWTRecord", "/sandbox/reset", "/console/ewt"]
    )
    @pytest.mark.parametrize("encoding", ["gzip", "Deflate", "br", "identity, gzip"])
    def test_they_are_415_and_said_to_be(self, wire: Wire, path: str, encoding: str) -> None:
        headers = {"Content-Encoding": encoding, "Content-Type": "text/xml"}
        reply = wire.session.post(wire.url + path, gzip.compress(b"<a/>"), headers=headers, timeout=30)
        assert (reply.status_code, reply.headers["Accept-Encoding"]) == (415, "identity")
        assert "Content-Encoding" in reply.text and len(reply.text.splitlines()) == 1

    def test_identity_is_no_compression(self, wire: Wire) -> None:
        headers = {"Content-Encoding": "identity"}
        assert code_of(wire.post("RequestCallWhenAvailable", request_call(), headers=headers)) == "0"


class TestDateTimes:
    def next_three(self, wire: Wire, time: str) -> requests.Response:
        inner = members(serviceQueue=1, time=time, company=1, password="P@ssword")
        return wire.post("GetNextThreeTimeSlots", inner)

    @pytest.mark.parametrize(
        ("time", "first"),
        [
            ("2017-04-11T17:00:00", "2017-04-11 17-00-00"),
            ("2017-04-11T16:00:00Z", "2017-04-11 17-00-00"),
            ("2017-04-11T18:00:00+02:00", "2017-04-11 17-00-00"),
            ("2017-04-11T16:59:59.9999999", "2017-04-11 17-00-00"),
            ("2017-01-11T16:00:00Z", "2017-04-11 08-00-00"),
            ("2017-04-12", "2017-04-12 08-00-00"),
            (" 2017-04-12 ", "2017-04-12 08-00-00"),
            ("2017-04-12Z", "2017-04-12 08-00-00"),
            ("2017-04-12-13:00", "2017-04-12 14-00-00"),
        ],
    )
    def test_with_z_offset_or_fraction_in_the_servers_zone(self, wire: Wire, time: str, first: str) -> None:
        slots = result(self.next_three(wire, time))
        assert slots[0].findtext("{*}TimeFrom") == first

    @pytest.mark.parametrize(
        "time", ["2017-04-11 17:00:00", "11/04/2017", "", "2017-13-11T17:00:00", "2017-04-31", "2017-4-1"]
    )
    def test_a_space_or_other_form_is_a_fault(self, wire: Wire, time: str) -> None:
        assert fault(self.next_three(wire, time))[1] == "DeserializationFailed"

    def test_a_bare_date_stays_text_where_text_is_asked_for(self, wire: Wire, sandbox: Sandbox) -> None:
        assert code_of(wire.post("RequestCallWhenAvailable", request_call(field1="2017-04-11"))) == "0"
        assert sandbox.calls()[0]["fields"][0] == "2017-04-11"

    def test_a_slot_is_booked_for_a_bare_date(self, wire: Wire, sandbox: Sandbox) -> None:
        schema = wire.session.get(f"{wire.url}{CALLBACK}?xsd=xsd0", timeout=30).content
        order = etree.fromstring(schema).xpath("//*[@name='RequestCallSchedule']//*[@name]/@name")
        values = {
            "name": "Ada", "phoneNo": "+447700900123", "serviceQueue": 1, "timeslot": 4, "date": "2017-04-12",
            "company": 1, "password": "P@ssword",
        }  # fmt: skip
        inner = members(**{name: values[name] for name in order if name in values})
        assert code_of(wire.post("RequestCallSchedule", inner)) == "0"
        assert sandbox.calls()[0]["slot"]["date"] == "2017-04-12"

    def test_a_missing_one_is_the_first_moment_of_the_calendar(self, wire: Wire) -> None:
        inner = members(serviceQueue=1, company=1, password="P@ssword")
        assert len(result(wire.post("GetAvailableTimes", inner))) == 0


class TestReplies:
    def test_a_null_result_is_nil(self, wire: Wire) -> None:
        for path, operation, inner in (
            (CALLBACK, "GetAvailableTimes", members(serviceQueue=1, company=1, password="wrong")),
            (
                INFO,
                "GetCallDataByNumber",
                members(presentedNumber="+44770", companyId=1, password="P@ssword"),
            ),
            (INFO, "GetCallDataByPin", members(pin="1", companyId=1, password="P@ssword")),
        ):
            found = result(wire.post(operation, inner, path=path))
            assert (found.tag, found.get(NIL), len(found)) == (f"{T}{operation}Result", "true", 0)

    def test_no_slots_are_an_empty_array_and_not_nil(self, wire: Wire) -> None:
        inner = members(serviceQueue=1, company=1, password="P@ssword", requestedDate="2017-04-11T17:31:00")
        found = result(wire.post("GetAvailableTimes", inner))
        assert (len(found), found.get(NIL)) == (0, None)

    def test_members_stand_in_ordinal_order_and_null_ones_are_nil(self, wire: Wire) -> None:
        wire.post("RequestCallWhenAvailable", request_call(field10="last"))
        inner = members(presentedNumber="+447700900123", companyId=1, password="P@ssword")
        found = result(wire.post("GetCallDataByNumber", inner, path=INFO))
        names = [etree.QName(member).localname for member in found]
        assert names == sorted(names)
        assert names.index("field10") < names.index("field2")
        assert len(names) == 18
        nil = {etree.QName(member).localname for member in found if member.get(NIL) == "true"}
        assert nil == {*(f"field{number}" for number in range(1, 10)), "TimeCalled"}
        assert found.findtext(f"{A}serviceQueue") == "0"

    def test_a_refusal_has_a_nil_confirmation_code(self, wire: Wire) -> None:
        found = result(wire.post("RequestCallWhenAvailable", request_call(password="wrong")))
        assert [etree.QName(member).localname for member in found] == ["ConfirmationCode", "ResultCode"]
        assert (found[0].get(NIL), found[1].text) == ("true", "-1")

    def test_a_crash_is_an_internal_service_fault(self, wire: Wire) -> None:
        response = wire.post("RequestCallWhenAvailable", request_call(phoneNo="+447700900199"))
        assert fault(response)[:2] == (DISPATCHER, "InternalServiceFault")


class TestMetadata:
    @pytest.mark.parametrize("path", [CALLBACK, INFO])
    def test_the_wsdl_imports_schemas_from_its_own_address(self, wire: Wire, path: str) -> None:
        own = wire.url + path
        wsdl = wire.session.get(f"{own}?wsdl", timeout=30)
        assert wsdl.headers["Content-Type"] == "text/xml; charset=utf-8"
        locations = re.findall(r'(?:schemaLocation|location)="([^"]+)"', wsdl.text)
        assert sorted(locations) == [own, f"{own}?xsd=xsd0", f"{own}?xsd=xsd1", f"{own}?xsd=xsd2"]
        for number in range(3):
            schema = wire.session.get(f"{own}?xsd=xsd{number}", timeout=30)
            assert etree.fromstring(schema.content).tag == "{http://www.w3.org/2001/XMLSchema}schema"
            assert all(link.startswith(own) for link in re.findall(r'schemaLocation="([^"]+)"', schema.text))

    @pytest.mark.parametrize("path", [CALLBACK, INFO])
    def test_the_single_wsdl_imports_nothing(self, wire: Wire, path: str) -> None:
        text = wire.session.get(f"{wire.url}{path}?singleWsdl", timeout=30).text
        assert "schemaLocation" not in text
        assert f'location="{wire.url}{path}"' in text

    @pytest.mark.parametrize("query", ["wsdl", "singleWsdl", "xsd=xsd0", "xsd=xsd1", "xsd=xsd2"])
    @pytest.mark.parametrize("path", [CALLBACK, INFO])
    def test_every_namespace_that_is_declared_is_used(self, wire: Wire, path: str, query: str) -> None:
        root = etree.fromstring(wire.session.get(f"{wire.url}{path}?{query}", timeout=30).content)
        for element in root.iter(etree.Element):
            inherited = {} if element.getparent() is None else element.getparent().nsmap
            for prefix, uri in element.nsmap.items():
                if inherited.get(prefix) == uri:
                    continue
                within = list(element.iter(etree.Element))
                names = [name for each in within for name in (each.tag, *each.attrib)]
                values = [str(value) for each in within for value in each.attrib.values()]
                assert any(name.startswith(f"{{{uri}}}") for name in names) or any(
                    re.search(rf"(^|\s){prefix}:", value) for value in values
                ), f"{prefix} is not used"
            for value in element.attrib.values():
                prefix, colon, _ = str(value).partition(":")
                assert not colon or prefix in element.nsmap or prefix in ("http", "urn", "https")

    def test_without_a_query_there_is_a_page(self, wire: Wire) -> None:
        response = wire.session.get(wire.url + CALLBACK, timeout=30)
        assert response.headers["Content-Type"].startswith("text/html")
        assert "RequestCallbackService" in response.text

    def test_an_unknown_query_is_404_and_not_shown(self, wire: Wire) -> None:
        response = wire.session.get(f"{wire.url}{CALLBACK}?xsd=xsd9&password=hush", timeout=30)
        assert response.status_code == 404
        assert "hush" not in response.text

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    def test_other_methods_are_405(self, wire: Wire, method: str) -> None:
        response = wire.session.request(method, wire.url + CALLBACK, timeout=30)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")
