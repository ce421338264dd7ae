"""`client.zeep(...)`: any operation of any WSDL, as zeep writes and reads it, over our delivery."""

import asyncio
import datetime as dt
import inspect
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zeep
from lxml import etree
from zeep.wsse.username import UsernameToken

from buzzeasy_soap import (
    AsyncBuzzeasyClient,
    BuzzeasyClient,
    BuzzeasyError,
    ConfigurationError,
    ConnectFailed,
    ConnectionLost,
    Endpoints,
    InvalidRequest,
    Outcome,
    ProtocolError,
    RequestTimeout,
    Secret,
    ServiceFault,
)
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.transports import AsyncZeepService, ZeepBinding, ZeepService
from tests.contracts.features import HERE
from tests.security.leaks import Password, assert_hidden, everything_logged, shown_by, told_by
from tests.support import scripted
from tests.support.scripted import Received, ScriptedServer, fault_bytes, http

ACCOUNT = {"company": 1, "password": "P@ssword", "service_queue": 1}
TRANSPORTS = ["requests", "curl", "aiohttp"]
transports = pytest.mark.parametrize("transport", TRANSPORTS)


def reply(body: str, *, header: str = "", **options: Any) -> scripted.Reply:
    return http(
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        f'xmlns:o="urn:orders">{header}<s:Body>{body}</s:Body></s:Envelope>',
        **options,
    )


PLACED = reply("<o:PlaceOrderResponse><o:PlaceOrderResult>7</o:PlaceOrderResult></o:PlaceOrderResponse>")
ORDER = {"Number": 3, "Note": "two"}


class Orders:
    """A client of any transport, and a service of a WSDL as it hands it out, behind one blocking face."""

    def __init__(self, transport: str, endpoints: Endpoints, **options: Any) -> None:
        self.loop = asyncio.new_event_loop()
        make = AsyncBuzzeasyClient if transport == "aiohttp" else BuzzeasyClient
        self.client = make(endpoints=endpoints, transport=transport, **{**ACCOUNT, **options})

    def done(self, result: Any) -> Any:
        return self.loop.run_until_complete(result) if inspect.iscoroutine(result) else result

    def service(self, wsdl: str | Path = "wrapped", name: str = "Orders", **options: Any) -> Any:
        if not isinstance(wsdl, Path):
            wsdl = HERE / f"{wsdl}.wsdl"
        return self.client.zeep(name, wsdl=wsdl, **options)

    def place(self, *args: Any, wsdl: str | Path = "wrapped", secrets: Any = (), **kwargs: Any) -> Any:
        address = self.client._endpoints.callback_url
        service = self.service(wsdl, address=address, secrets=secrets)
        return self.done(service.PlaceOrder(*args, **kwargs))

    def close(self) -> None:
        self.done(self.client.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


@contextmanager
def orders(transport: str, endpoints: Endpoints, **options: Any) -> Iterator[Orders]:
    opened = Orders(transport, endpoints, **options)
    try:
        yield opened
    finally:
        opened.close()


def body_of(request: Received) -> Any:
    return etree.fromstring(request.body).find("{*}Body")


# What the generator refuses goes out and comes back ------------------------------------------------

AN_ORDER = "<o:Number>3</o:Number><o:Note>two</o:Note>"
AN_ORDER_PLACED = f"<o:PlaceOrder><o:order>{AN_ORDER}</o:order></o:PlaceOrder>"
AN_INT = "<o:PlaceOrderResponse><o:PlaceOrderResult>1</o:PlaceOrderResult></o:PlaceOrderResponse>"
RUSH = (
    '<o:PlaceOrderResult xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="o:Rush">'
    f"{AN_ORDER}<o:By>2026-01-02T03:04:05</o:By></o:PlaceOrderResult>"
)
ROUNDS: dict[str, tuple[dict[str, Any], str, str, object]] = {
    "wrapped": ({"order": ORDER}, AN_ORDER_PLACED, "", 7),
    "rpc": (
        {"parameters": ORDER},
        f"<o:PlaceOrder><parameters>{AN_ORDER}</parameters></o:PlaceOrder>",
        f"<o:PlaceOrderResponse><parameters>{AN_ORDER}</parameters></o:PlaceOrderResponse>",
        ORDER,
    ),
    "choice": (
        {"order": {"Number": 3}},
        "<o:PlaceOrder><o:order><o:Number>3</o:Number></o:order></o:PlaceOrder>",
        "",
        7,
    ),
    "simple_content": (
        {"order": {"Number": 3, "Note": {"_value_1": "two", "lang": "en"}}},
        '<o:PlaceOrder><o:order><o:Number>3</o:Number><o:Note lang="en">two</o:Note></o:order></o:PlaceOrder>',
        "",
        7,
    ),
    "wildcard": (
        {"order": {"Number": 3, "_value_1": etree.fromstring('<e xmlns="urn:x">x</e>')}},
        '<o:PlaceOrder><o:order><o:Number>3</o:Number><e xmlns="urn:x">x</e></o:order></o:PlaceOrder>',
        "",
        7,
    ),
    "any_type": ({"order": ORDER}, AN_ORDER_PLACED, "", 7),
    "overloaded": ({"order": ORDER}, AN_ORDER_PLACED, "", 7),
    "several_parts": (
        {"parameters": {"order": ORDER}, "more": {"PlaceOrderResult": 1}},
        f"{AN_ORDER_PLACED}{AN_INT}",
        "",
        7,
    ),
    "response_of_a_simple_type": (
        {"order": ORDER},
        AN_ORDER_PLACED,
        "<o:PlaceOrderResponse>7</o:PlaceOrderResponse>",
        7,
    ),
    "void": (
        {"order": ORDER},
        AN_ORDER_PLACED,
        "<o:PlaceOrderResponse/>",
        None,
    ),
    "known_types": (
        {"order": ORDER},
        AN_ORDER_PLACED,
        f"<o:PlaceOrderResponse>{RUSH}</o:PlaceOrderResponse>",
        {**ORDER, "By": dt.datetime(2026, 1, 2, 3, 4, 5)},
    ),
    "all": ({"order": ORDER}, AN_ORDER_PLACED, "", 7),
    "empty_request": ({}, "", "", 7),
    "part_of_a_type": ({"Number": 3, "Note": "two"}, f"<parameters>{AN_ORDER}</parameters>", "", 7),
    "header": (
        {"order": {"Number": 3}, "_soapheaders": {"ticket": "T1"}},
        "<o:PlaceOrder><o:order><o:Number>3</o:Number></o:order></o:PlaceOrder>",
        "",
        7,
    ),
}


def flat(element: Any) -> Any:
    return [(each.tag, each.text or "", dict(each.attrib)) for each in element.iter() if each is not element]


@transports
@pytest.mark.parametrize("name", ROUNDS)
def test_what_the_generator_refuses_goes_out_and_comes_back(transport: str, name: str) -> None:
    arguments, sent, answered, value = ROUNDS[name]
    answer = reply(answered) if answered else PLACED
    with ScriptedServer((answer,)) as server:
        with orders(transport, server.endpoints) as client:
            result = client.place(wsdl=name, **arguments)
        [request] = server.received
    expected = etree.fromstring(f'<b xmlns:o="urn:orders">{sent}</b>')
    assert flat(body_of(request)) == flat(expected)
    assert request.headers["soapaction"] == '"urn:orders/PlaceOrder"'
    assert request.headers["content-type"] == "text/xml; charset=utf-8"
    if "_soapheaders" in arguments:
        assert etree.fromstring(request.body).findtext("{*}Header/{urn:orders}Ticket") == "T1"
    assert (zeep.helpers.serialize_object(result, dict) if isinstance(value, dict) else result) == value


@transports
def test_a_request_of_a_simple_type_is_given_by_its_place(transport: str) -> None:
    with ScriptedServer((PLACED,)) as server, orders(transport, server.endpoints) as client:
        assert client.place("A", wsdl="request_of_a_simple_type") == 7
        assert client.place("A", wsdl="request_of_any_type") == 7
        for request in server.received:
            assert flat(body_of(request)) == [("{urn:orders}PlaceOrder", "A", {})]


def test_what_the_service_calls_is_no_operation_of_ours() -> None:
    with orders("requests", Endpoints.sandbox(1)) as client:
        with pytest.raises(ConfigurationError, match="no operation 'PlaceOrder'; it has none"):
            client.place(wsdl="notification", order=ORDER)


@transports
def test_an_encoded_array_goes_out_and_comes_back_by_reference(transport: str) -> None:
    answered = (
        '<o:PlaceOrderResponse><parameters href="#1"/></o:PlaceOrderResponse>'
        f'<multiRef id="1">{AN_ORDER}</multiRef>'
    )
    with ScriptedServer((reply(answered),)) as server, orders(transport, server.endpoints) as client:
        service = client.service("encoded", address=server.endpoints.callback_url)
        order = service.get_type("{urn:orders}Order")
        array = service.get_type("{urn:orders}Orders")([order(Number=1), order(Number=2)])
        result = client.done(service.PlaceOrder(array))
        [request] = server.received
    assert [each.text for each in body_of(request).iter("{urn:orders}Number")] == ["1", "2"]
    assert (result.Number, result.Note) == (3, "two")


TWO = '<wsdl:part name="a" element="tns:PlaceOrder"/><wsdl:part name="b" element="tns:PlaceOrderResponse"/>'
THREE = f'{TWO}<wsdl:part name="c" element="tns:PlaceOrder"/>'
PARTS = {
    "one of two": (TWO, "b", {"PlaceOrderResult": 1}, AN_INT),
    "two of three": (
        THREE,
        "a b",
        {"a": {"order": ORDER}, "b": {"PlaceOrderResult": 1}},
        f"{AN_ORDER_PLACED}{AN_INT}",
    ),
    "none of two": (TWO, "", {}, ""),
    "none of one": ('<wsdl:part name="a" element="tns:PlaceOrder"/>', "", {}, ""),
    "all of two": (
        TWO,
        "a b",
        {"a": {"order": ORDER}, "b": {"PlaceOrderResult": 1}},
        f"{AN_ORDER_PLACED}{AN_INT}",
    ),
}


@pytest.mark.parametrize(("parts", "picked", "arguments", "sent"), PARTS.values(), ids=PARTS)
def test_the_parts_that_the_wsdl_picks_are_sent_and_no_other(
    tmp_path: Path, parts: str, picked: str, arguments: dict[str, Any], sent: str
) -> None:
    text = (HERE / "wrapped.wsdl").read_text()
    text = text.replace('<wsdl:part name="parameters" element="tns:PlaceOrder"/>', parts)
    path = tmp_path / "parts.wsdl"
    path.write_text(
        text.replace('<soap:body use="literal"/>', f'<soap:body use="literal" parts="{picked}"/>', 1)
    )
    with ScriptedServer((PLACED,)) as server, orders("requests", server.endpoints) as client:
        assert client.place(wsdl=path, **arguments) == 7
    [request] = server.received
    assert flat(body_of(request)) == flat(etree.fromstring(f'<b xmlns:o="urn:orders">{sent}</b>'))


def test_the_parts_that_the_wsdl_picks_are_sent_in_rpc_style(tmp_path: Path) -> None:
    text = (HERE / "rpc.wsdl").read_text()
    part = '<wsdl:part name="parameters" type="tns:Order"/>'
    path = tmp_path / "parts.wsdl"
    path.write_text(
        text.replace(part, f'{part}<wsdl:part name="more" type="xs:int"/>', 1).replace(
            '<soap:body use="literal"', '<soap:body parts="more" use="literal"', 1
        )
    )
    answer = reply(f"<o:PlaceOrderResponse><parameters>{AN_ORDER}</parameters></o:PlaceOrderResponse>")
    with ScriptedServer((answer,)) as server, orders("requests", server.endpoints) as client:
        client.place(wsdl=path, more=4)
    assert flat(body_of(server.received[0])) == [("{urn:orders}PlaceOrder", "", {}), ("more", "4", {})]


def test_the_part_of_a_reply_that_the_wsdl_picks_is_read(tmp_path: Path) -> None:
    text = (HERE / "wrapped.wsdl").read_text()
    old = '<wsdl:part name="parameters" element="tns:PlaceOrderResponse"/>'
    text = text.replace(old, f'<wsdl:part name="more" element="tns:PlaceOrder"/>{old}')
    head, _, tail = text.rpartition('<soap:body use="literal"/>')
    path = tmp_path / "parts.wsdl"
    path.write_text(f'{head}<soap:body parts="parameters" use="literal"/>{tail}')
    with ScriptedServer((PLACED,)) as server, orders("requests", server.endpoints) as client:
        assert client.place(wsdl=path, order=ORDER) == 7


@transports
def test_a_one_way_operation_answers_nothing(transport: str) -> None:
    accepted = http("", status=202, content_type=None)
    with ScriptedServer((accepted,)) as server, orders(transport, server.endpoints) as client:
        assert client.place(wsdl="one_way", order=ORDER) is None
        assert len(server.received) == 1


@transports
def test_the_packaged_contract_s_own_operations(transport: str, sandbox: Sandbox) -> None:
    with orders(transport, Endpoints.sandbox(sandbox.port)) as client:
        service = client.client.zeep("RequestCallbackService")
        account = {"company": 1, "password": Secret("P@ssword")}
        placed = client.done(
            service.RequestCallWhenAvailable(
                name="Ada", phoneNo="+447700900123", serviceQueue=1, field1="x", **account
            )
        )
        assert placed.ResultCode == 0
        found = client.done(
            client.client.zeep("BuzzMeInfo")["GetCallDataByNumber"]("+447700900123", 1, "P@ssword")
        )
        assert found.ConfirmationCode == placed.ConfirmationCode
    assert len(sandbox.calls()) == 1


def test_the_client_s_own_wsdl_is_taken_for_its_services(tmp_path: Path) -> None:
    from tests.wire.test_rebinding import foreign

    for name, data in foreign().content.items():
        (tmp_path / name).write_bytes(data)
    answer = http(
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetEWTByServiceIDResponse '
        'xmlns="urn:acme:callback"><GetEWTByServiceIDResult>4</GetEWTByServiceIDResult>'
        "</GetEWTByServiceIDResponse></s:Body></s:Envelope>"
    )
    arguments = {"serviceQueueID": 1, "companyID": 1, "password": "x"}
    with ScriptedServer((answer,)) as server:
        for engine, wsdl in (("generated", tmp_path), (ZeepBinding(wsdl=tmp_path), None)):
            with BuzzeasyClient(endpoints=server.endpoints, engine=engine, wsdl=wsdl, **ACCOUNT) as client:
                assert client.zeep("RequestCallbackService").GetEWTByServiceID(**arguments) == 4
        assert {each.headers["soapaction"] for each in server.received} == {
            '"urn:acme:callback/ICallback/GetEWTByServiceID"'
        }


# What goes wrong is ours, with its outcome; nothing is sent twice ----------------------------------


def failed(transport: str, answer: scripted.Reply, kind: type[BuzzeasyError], **options: Any) -> Any:
    with ScriptedServer((answer,)) as server:
        with orders(transport, server.endpoints, **options) as client:
            with pytest.raises(kind) as caught:
                client.place(order=ORDER)
        assert len(server.received) == 1
    assert caught.value.operation == "PlaceOrder"
    assert caught.value.callback_request is None
    return caught.value


@transports
@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("Client", Outcome.UNKNOWN),
        ("ActionNotSupported", Outcome.REFUSED),
        ("DeserializationFailed", Outcome.REFUSED),
    ],
)
def test_a_fault_is_a_fault_of_ours(transport: str, code: str, outcome: Outcome) -> None:
    fault = fault_bytes(code, "sold out", detail="<detail><n>4</n></detail>")
    error = failed(transport, http(fault, status=500), ServiceFault)
    assert (error.code, error.reason, error.outcome) == (code, "sold out", outcome)
    assert "<n>4</n>" in error.detail


UNREADABLE: dict[str, scripted.Reply] = {
    "a page": http("<html>Bad gateway</html>", status=500, content_type="text/html"),
    "a page that says it is well": http("<html>hello</html>", content_type="text/html"),
    "no fault": reply("<o:PlaceOrderResponse/>", status=500),
    "nothing": http("", status=200),
    "cut off": http("<s:Envelope"),
    "another envelope": http(
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>'
    ),
    "an empty Body": reply(""),
    "another element": reply("<o:CancelOrderResponse/>"),
    "another member": reply("<o:PlaceOrderResponse><o:Odd>7</o:Odd></o:PlaceOrderResponse>"),
    "a document type": http(b"<!DOCTYPE x><x/>"),
}


@transports
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_reply_that_cannot_be_read_leaves_the_outcome_unknown(transport: str, name: str) -> None:
    assert failed(transport, UNREADABLE[name], ProtocolError).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "body", ["", "<o:Odd/>", "<o:Odd><x/></o:Odd>", "<o:PlaceOrderResponse><x/></o:PlaceOrderResponse>"]
)
def test_a_reply_in_rpc_style_that_is_not_recognised_is_no_success(body: str) -> None:
    with ScriptedServer((reply(body),)) as server, orders("requests", server.endpoints) as client:
        with pytest.raises(ProtocolError) as caught:
            client.place(wsdl="rpc", parameters=ORDER)
    assert caught.value.outcome is Outcome.UNKNOWN


@transports
@pytest.mark.parametrize("drop", [scripted.close(), scripted.reset()], ids=["closed", "reset"])
def test_a_drop_after_sending_is_never_sent_again(transport: str, drop: scripted.Reply) -> None:
    error = failed(transport, drop, ConnectionLost)
    assert error.outcome is Outcome.UNKNOWN


@transports
def test_the_deadline_holds(transport: str) -> None:
    began = time.monotonic()
    error = failed(transport, scripted.silence(), RequestTimeout, timeout=0.5)
    assert time.monotonic() - began < 3
    assert error.outcome is Outcome.UNKNOWN


@transports
def test_a_reply_that_is_too_large_is_cut_off(transport: str) -> None:
    large = reply(f"<o:PlaceOrderResponse>{'x' * 5000}</o:PlaceOrderResponse>")
    error = failed(transport, large, ProtocolError, max_reply_bytes=1000)
    assert error.outcome is Outcome.UNKNOWN


@transports
def test_where_nobody_listens_nothing_was_sent(transport: str) -> None:
    with ScriptedServer((scripted.close(),)) as server:
        gone = server.endpoints
    with orders(transport, gone) as client, pytest.raises(ConnectFailed) as caught:
        client.place(order=ORDER)
    assert caught.value.outcome is Outcome.NOT_SENT


@transports
def test_a_client_that_is_closed_sends_nothing(transport: str) -> None:
    with ScriptedServer((PLACED,)) as server, orders(transport, server.endpoints) as client:
        service = client.service(address=server.endpoints.callback_url)
        client.done(client.client.close())
        with pytest.raises(ConfigurationError, match="the client is closed") as caught:
            client.done(service.PlaceOrder(order=ORDER))
        assert caught.value.outcome is Outcome.NOT_SENT
        assert server.received == []


@transports
def test_a_view_s_deadline_holds(transport: str) -> None:
    with ScriptedServer((scripted.silence(),)) as server, orders(transport, server.endpoints) as client:
        view = client.client.with_options(timeout=0.4)
        service = view.zeep("Orders", wsdl=HERE / "wrapped.wsdl", address=server.endpoints.callback_url)
        with pytest.raises(RequestTimeout):
            client.done(service.PlaceOrder(order=ORDER))


def test_threads_share_what_a_client_hands_out() -> None:
    def counted(sock: Any, request: Received) -> bool:
        number = body_of(request).findtext(".//{urn:orders}Number")
        result = f"<o:PlaceOrderResult>{number}</o:PlaceOrderResult>"
        return reply(f"<o:PlaceOrderResponse>{result}</o:PlaceOrderResponse>")(sock, request)

    with ScriptedServer((counted,)) as server, orders("requests", server.endpoints) as client:
        service = client.service(address=server.endpoints.callback_url)
        with ThreadPoolExecutor(8) as pool:
            numbers = range(200)
            assert list(pool.map(lambda number: service.PlaceOrder({"Number": number}), numbers)) == list(
                numbers
            )


@transports
def test_the_proxy_the_headers_and_the_hooks_are_the_client_s(transport: str) -> None:
    records: list[Any] = []
    with ScriptedServer((PLACED,)) as proxy:
        options = {"proxy": proxy.url, "headers": {"X-Gate": "open"}, "hooks": [records.append]}
        elsewhere = Endpoints("http://orders.example/a.svc", "http://orders.example/b.svc")
        with orders(transport, elsewhere, allow_insecure=True, **options) as client:
            assert client.place(order=ORDER) == 7
        [request] = proxy.received
    assert request.path == "http://orders.example/a.svc"
    assert request.headers["x-gate"] == "open"
    assert [(each.operation, each.binding, each.attempt) for each in records] == [("PlaceOrder", "zeep", 1)]


@transports
def test_zeep_itself_opens_no_connection(transport: str) -> None:
    """A DataSet brings a schema, and zeep follows its imports."""
    with ScriptedServer((PLACED,)) as other:
        imported = (
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:set">'
            f'<xs:import namespace="urn:other" schemaLocation="{other.url}/other.xsd"/></xs:schema>'
        )
        answer = reply(
            f"<o:PlaceOrderResponse><o:PlaceOrderResult>{imported}<d/></o:PlaceOrderResult></o:PlaceOrderResponse>"
        )
        with ScriptedServer((answer,)) as server, orders(transport, server.endpoints) as client:
            with pytest.raises(ProtocolError) as caught:
                client.place(wsdl="dataset", order=ORDER)
        assert caught.value.outcome is Outcome.UNKNOWN
        assert other.received == []


def test_plugins_and_ws_security_of_a_zeep_binding_see_these_messages_too() -> None:
    engine = ZeepBinding(wsse=UsernameToken("gate", "k33per"))
    fault = http(fault_bytes("Client", "k33per is not known"), status=500)
    with (
        ScriptedServer((PLACED, fault)) as server,
        orders("requests", server.endpoints, engine=engine) as client,
    ):
        assert client.place(order=ORDER) == 7
        assert b"UsernameToken" in server.received[0].body
        with pytest.raises(ServiceFault, match=r"\*\*\* is not known"):
            client.place(order=ORDER)


# Arguments that zeep cannot write ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "parameter", "told"),
    [
        ({"order": {"Note": "x"}}, "order.Number", "Missing element Number"),
        ({}, "order", "Missing element order"),
        ({"order": ORDER, "nope": 1}, "nope", "unexpected keyword argument 'nope'"),
        ({"order": {"Number": 1, "Note": "s3cr3t\0"}}, "arguments", "ValueError"),
        ({"order": ORDER, "_soapheaders": 5}, "arguments", "ValueError"),
    ],
)
def test_what_zeep_cannot_write_is_an_invalid_request(arguments: Any, parameter: str, told: str) -> None:
    with ScriptedServer((PLACED,)) as server, orders("requests", server.endpoints) as client:
        with pytest.raises(InvalidRequest, match=told) as caught:
            client.place(**arguments)
        assert server.received == []
    assert caught.value.parameter == parameter
    assert (caught.value.operation, caught.value.outcome) == ("PlaceOrder", Outcome.NOT_SENT)
    assert "s3cr3t" not in "".join(told_by(caught.value))


def test_arguments_that_hold_themselves_are_an_invalid_request() -> None:
    endless: dict[str, Any] = {"Number": 1}
    endless["Note"] = endless
    with ScriptedServer((PLACED,)) as server, orders("requests", server.endpoints) as client:
        with pytest.raises(InvalidRequest, match="RecursionError"):
            client.place(order=endless)
        assert server.received == []


def test_arguments_that_nothing_takes_are_not_dropped_in_silence() -> None:
    with ScriptedServer((PLACED,)) as server, orders("requests", server.endpoints) as client:
        with pytest.raises(InvalidRequest, match="takes no arguments"):
            client.place(wsdl="empty_request", order=ORDER)


def test_a_value_of_a_type_that_does_not_fit_is_an_invalid_request() -> None:
    with orders("requests", Endpoints.sandbox(1)) as client:
        service = client.service(address="https://orders.example/")
        with pytest.raises(InvalidRequest, match="unexpected keyword argument 'Numbr'"):
            service.get_type("{urn:orders}Order")(Numbr=1)
        with pytest.raises(ConfigurationError, match=r"no \{urn:orders\}Odd"):
            service.get_element("{urn:orders}Odd")


# Secrets -------------------------------------------------------------------------------------------


def vault(folder: Path) -> Path:
    """Orders with a token in a member, an attribute, a header and the reply."""
    text = (HERE / "header.wsdl").read_text()
    member = '<xs:element minOccurs="0" name="Note" nillable="true" type="xs:string"/>'
    assert text.count(member) == 1
    text = text.replace(member, f'{member}<xs:element minOccurs="0" name="Token" type="xs:string"/>')
    end = '</xs:sequence></xs:complexType>\n      <xs:element name="Ticket"'
    assert end in text
    text = text.replace(end, end.replace("</xs:sequence>", '</xs:sequence><xs:attribute name="pinCode"/>'))
    path = folder / "vault.wsdl"
    path.write_text(text)
    return path


def echo(request: Received) -> str:
    """All that was sent, as a service may quote it in a fault."""
    text = etree.tostring(etree.fromstring(request.body), encoding="unicode", method="xml")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def ticket(text: str) -> Any:
    element = etree.Element("{urn:orders}Ticket")
    element.text = text
    return element


WAYS: dict[str, Callable[[Orders, Any, list[str]], Any]] = {
    "by name": lambda client, service, texts: service.PlaceOrder(
        order={"Number": 1, "Token": texts[0], "pinCode": texts[1]}, _soapheaders={"ticket": texts[2]}
    ),
    "by position": lambda client, service, texts: service.PlaceOrder(
        {"Number": 1, "Token": texts[0], "pinCode": texts[1]}, _soapheaders={"ticket": texts[2]}
    ),
    "as values of zeep's": lambda client, service, texts: service.PlaceOrder(
        service.get_type("{urn:orders}Order")(Number=1, Token=texts[0], pinCode=texts[1]),
        _soapheaders=[ticket(texts[2])],
    ),
    "as Secrets": lambda client, service, texts: service.PlaceOrder(
        order={"Number": 1, "Note": Secret(texts[0]), "pinCode": Secret(texts[1])},
        _soapheaders={"ticket": Secret(texts[2])},
    ),
    "as Secrets in values of zeep's": lambda client, service, texts: service.PlaceOrder(
        service.get_type("{urn:orders}Order")(Number=1, Note=Secret(texts[0]), pinCode=Secret(texts[1])),
        _soapheaders={"ticket": Secret(texts[2])},
    ),
}


@transports
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("answer", ["a fault", "a page", "a drop"])
def test_secrets_that_are_named_or_wrapped_show_nowhere(
    tmp_path: Path, transport: str, way: str, answer: str
) -> None:
    passwords = [Password(), Password(), Password()]
    texts = [str(each) for each in passwords]

    def answered(sock: Any, request: Received) -> bool:
        for text in texts:
            assert text in "".join([*etree.fromstring(request.body).itertext(), *attributes(request)])
        if answer == "a drop":
            return False
        quoted = echo(request)
        if answer == "a fault":
            return http(fault_bytes("Client", quoted, detail=f"<detail>{quoted}</detail>"), status=500)(
                sock, request
            )
        return http(quoted, content_type="text/html")(sock, request)

    names = () if "Secrets" in way else ("token", "PINCODE", "Ticket")
    with ScriptedServer((answered,)) as server, everything_logged() as log:
        with orders(transport, server.endpoints) as client:
            service = client.service(vault(tmp_path), address=server.endpoints.callback_url, secrets=names)
            with pytest.raises(BuzzeasyError) as caught:
                client.done(WAYS[way](client, service, texts))
            assert_hidden(passwords, told_by(caught.value))
            assert_hidden(passwords, shown_by(service, service._port))
        assert len(server.received) == 1
    assert caught.value.outcome is Outcome.UNKNOWN
    assert_hidden(passwords, log.texts)


def attributes(request: Received) -> Iterator[str]:
    for element in etree.fromstring(request.body).iter():
        yield from map(str, element.attrib.values())


@transports
def test_a_secret_that_only_the_reply_holds_is_hidden_by_its_name(transport: str) -> None:
    token = secrets.token_hex(8)
    bad = reply(
        f'<o:PlaceOrderResponse><o:SessionToken>{token}</o:SessionToken><o:Odd key="{token}"/></o:PlaceOrderResponse>'
    )
    with ScriptedServer((bad,)) as server, orders(transport, server.endpoints) as client:
        with pytest.raises(ProtocolError) as caught:
            client.place(order=ORDER, secrets=("sessionToken", "key"))
    assert "SessionToken>***<" in caught.value.excerpt
    assert token not in "".join(told_by(caught.value))


def test_a_value_that_zeep_cannot_read_is_not_in_its_log() -> None:
    """A known fault of zeep's: the value is None, and the log holds it."""
    number = secrets.token_hex(8)
    bad = reply(
        f"<o:PlaceOrderResponse><o:PlaceOrderResult>{number}</o:PlaceOrderResult></o:PlaceOrderResponse>"
    )
    with ScriptedServer((bad,)) as server, everything_logged() as log:
        with orders("requests", server.endpoints) as client:
            assert client.place(order=ORDER) is None
    assert "zeep.xsd.types.simple" in log.loggers
    assert [text for text in log.texts if number in text] == []


# What there is, and where --------------------------------------------------------------------------


def test_what_it_is_and_has() -> None:
    with (
        orders("requests", Endpoints.sandbox(1)) as blocking,
        orders("aiohttp", Endpoints.sandbox(1)) as other,
    ):
        service = blocking.service(address="https://orders.example/")
        assert isinstance(service, ZeepService)
        assert isinstance(other.service(address="https://orders.example/"), AsyncZeepService)
        assert repr(service.PlaceOrder) == "PlaceOrder(order: ns0:Order) -> PlaceOrderResult: xsd:int"
        assert "PlaceOrder" in dir(service)
        with pytest.raises(
            ConfigurationError, match="Orders has no operation 'PlaceOrdr'; it has PlaceOrder"
        ):
            service.PlaceOrdr()
        assert not hasattr(service, "_nothing")


def test_the_address_is_never_the_wsdl_s() -> None:
    with orders("requests", Endpoints.sandbox(1)) as client:
        with pytest.raises(
            ConfigurationError, match=r"address must be given.*'https://orders.example/Orders.svc'"
        ):
            client.service()
        with pytest.raises(ConfigurationError, match="address is http:// to another machine"):
            client.service(address="http://orders.example/")
        with pytest.raises(ConfigurationError, match="address must be"):
            client.service(address="orders.example")


def test_a_service_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "orders.wsdl").write_bytes((HERE / "rpc.wsdl").read_bytes())
    (tmp_path / "broken.wsdl").write_text("<")
    with orders("requests", Endpoints.sandbox(1)) as client:
        assert client.service(tmp_path, address="https://orders.example/")
        with pytest.raises(ConfigurationError, match=r"no service Ordrs, but Orders; .*broken\.wsdl"):
            client.service(tmp_path, "Ordrs", address="https://orders.example/")
        with pytest.raises(ConfigurationError, match="'Orders' needs wsdl=: this package has BuzzMeInfo and"):
            client.client.zeep("Orders", address="https://orders.example/")
        (tmp_path / "other.wsdl").write_text(
            (HERE / "rpc.wsdl").read_text().replace("urn:orders", "urn:other")
        )
        with pytest.raises(ConfigurationError, match="several services Orders"):
            client.service(tmp_path, address="https://orders.example/")


def test_a_port_is_chosen_by_its_name() -> None:
    with ScriptedServer((PLACED,)) as server, orders("requests", server.endpoints) as client:
        options = {"address": server.endpoints.callback_url}
        with pytest.raises(ConfigurationError, match="port= must say which, Orders or Stock"):
            client.service("two_port_types", **options)
        with pytest.raises(ConfigurationError, match="no port Odd of Orders"):
            client.service("two_port_types", port="Odd", **options)
        assert client.service("two_port_types", port="Stock", **options).Count(order=ORDER) == 7
        assert server.received[0].headers["soapaction"] == '"urn:orders/Count"'


@pytest.mark.parametrize(
    ("wsdl", "told"),
    [
        ("soap_12_only", "no SOAP 1.1 port over HTTP, only SOAP 1.2"),
        ("schema_elsewhere", "is on another host|is outside the folder|is no http address"),
        ("truncated", "is not XML that can be read"),
    ],
)
def test_what_cannot_be_handed_out_says_why(wsdl: str, told: str) -> None:
    with orders("requests", Endpoints.sandbox(1)) as client:
        with pytest.raises(ConfigurationError, match=told):
            client.service(wsdl, address="https://orders.example/")


def test_secrets_are_names() -> None:
    with orders("requests", Endpoints.sandbox(1)) as client:
        with pytest.raises(ConfigurationError, match="secrets must be a list of names"):
            client.service(address="https://orders.example/", secrets="token")
