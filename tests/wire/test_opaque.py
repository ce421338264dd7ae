"""Elements of which the contract says nothing: kept as they stand, written as they stand, shown to nobody."""

import copy
import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap import InvalidRequest, ProtocolError, ServiceFault
from buzzeasy_soap.wire import forms
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import to_zeep
from buzzeasy_soap.wire.envelope import body_of, parse
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.redaction import redact
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER
from buzzeasy_soap.wire.text import write_envelope
from buzzeasy_soap.wire.xsd import NIL
from tests.contracts.features import documents_of
from tests.contracts.generated import encoded, generated_module, messages
from tests.support.records import Values, elements
from tests.support.scripted import fault_bytes

KEPT = [
    "any_type",
    "wildcard",
    "wildcards",
    "mixed",
    "dataset",
    "data_table",
    "wildcards_inherited",
    "request_of_any_type",
]
HIDDEN = "hunter2-and-more"
NOTE = Xml(
    f'<Note xmlns="urn:orders" xmlns:e="urn:else" e:apiKey="k-{HIDDEN}"><e:Password>{HIDDEN}</e:Password></Note>'
)


@pytest.fixture(scope="module", params=KEPT)
def contract(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return generated_module(documents_of(request.param), tmp_path_factory.mktemp("contract"))


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder: Path = tmp_path_factory.mktemp("contract")
    return generated_module(documents_of("any_type"), folder)


# The value -----------------------------------------------------------------------------------------


@given(element=elements("{urn:else}Extra"))
def test_it_is_the_element_whatever_the_prefixes(element: etree._Element) -> None:
    xml = Xml.of_element(element)
    assert Xml(xml.text) == xml
    assert hash(Xml(xml.text)) == hash(xml)
    renamed = etree.fromstring(re.sub(r"\bns0\b", "other", xml.text) if "ns0:Extra" in xml.text else xml.text)
    assert Xml.of_element(renamed).tag == xml.tag == "{urn:else}Extra"
    assert copy.deepcopy(xml) == xml


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<a/>", "<b/>"),
        ("<a/>", '<a xmlns="urn:x"/>'),
        ("<a>1</a>", "<a>2</a>"),
        ("<a x='1'/>", "<a x='2'/>"),
        ("<a><b/>1</a>", "<a><b/>2</a>"),
        ("<a><b/><c/></a>", "<a><c/><b/></a>"),
        ("<a> </a>", "<a/>"),
    ],
)
def test_what_means_something_else_differs(one: str, other: str) -> None:
    assert Xml(one) == Xml(one)
    assert Xml(one) != Xml(other)
    assert Xml(one) != one


def test_a_type_is_the_same_under_any_prefix_and_not_in_another_namespace() -> None:
    template = '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:{0}="{1}" i:type="{0}:T"/>'
    assert Xml(template.format("p", "urn:x")) == Xml(template.format("q", "urn:x"))
    assert Xml(template.format("p", "urn:x")) != Xml(template.format("p", "urn:y"))


@pytest.mark.parametrize(
    "text",
    [
        "", "text", "<a>", "<a/><b/>", "<a>&x;</a>", "<a>\x00</a>", "<a>\ud800</a>", "<p:a/>", "<?xml version='1.0'?><a/>",
        "<?pi?><a/>", "<a><?pi?></a>", "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
    ],
)  # fmt: skip
def test_what_is_not_one_element_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        Xml(text)
    assert caught.value.parameter == "text"


def test_its_text_is_the_element_with_all_that_is_declared_around_it() -> None:
    body = '<r xmlns:x="urn:x" xmlns="urn:own"><v t="x:name"><w/></v>tail</r>'
    xml = Xml.of_element(etree.fromstring(body)[0])
    assert xml.tag == "{urn:own}v"
    element = etree.fromstring(xml.text)
    assert element.nsmap["x"] == "urn:x"
    assert element[0].tag == "{urn:own}w"
    assert "tail" not in xml.text


# On the wire ---------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_the_same(contract: ModuleType, data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(list(messages(contract))))
    record = data.draw(Values().records(message.shape))
    element = encoded(message, record)
    assert BY_NAME.read(message.shape, element) == record
    assert IN_ORDER.read(message.shape, element) == record


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_form_says_nothing_of_it(contract: ModuleType, data: st.DataObject) -> None:
    for message in messages(contract):
        record = data.draw(Values().records(message.shape))
        quick = forms.read(message, write_envelope(message, record))
        assert quick is None or "Xml" not in repr(record)


def test_an_element_in_no_namespace_stays_in_none(orders: ModuleType) -> None:
    thing = Xml('<anyType xmlns="urn:orders"><plain xmlns="">1</plain></anyType>')
    message = orders.PLACE_ORDER.request
    order = orders.Order(number=1, things=orders.ArrayOfAnyType(any_type=(thing, NIL)))
    element = encoded(message, orders.PlaceOrder(order=order))
    assert element.find(".//plain").text == "1"
    assert BY_NAME.read(message.shape, element).order.things.any_type == (thing, NIL)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("<Note/>", "note must be an Xml, not str"),
        (etree.fromstring("<Note/>"), "note must be an Xml, not _Element"),
        (Xml("<Note/>"), "note must be the element {urn:orders}Note, not Note"),
        (
            Xml('<Other xmlns="urn:orders"/>'),
            "note must be the element {urn:orders}Note, not {urn:orders}Other",
        ),
    ],
)
def test_what_may_not_stand_there_is_refused_by_name(orders: ModuleType, value: object, told: str) -> None:
    request = orders.PlaceOrder(order=orders.Order(number=1, note=value))
    with pytest.raises(InvalidRequest, match=re.escape(told)) as caught:
        write_envelope(orders.PLACE_ORDER.request, request)
    assert caught.value.parameter == "note"
    with pytest.raises(InvalidRequest, match='engine="zeep" cannot send'):
        to_zeep(orders.PLACE_ORDER.request.shape, request, None)


def test_a_wildcard_that_is_full_leaves_the_rest_unknown(tmp_path: Path) -> None:
    module = generated_module(documents_of("wildcard"), tmp_path)
    message = module.PLACE_ORDER.request
    body = (
        '<PlaceOrder xmlns="urn:orders"><order><Number>1</Number><x xmlns="urn:x"/><y xmlns="urn:x"/>'
        "</order></PlaceOrder>"
    )
    order = BY_NAME.read(message.shape, etree.fromstring(body)).order
    assert order.any == Xml('<x xmlns="urn:x"/>')
    assert order._unrecognised == ("y",)


def test_wildcards_are_told_apart_by_namespace_in_any_order(tmp_path: Path) -> None:
    """zeep takes them in their order, whatever the namespace."""
    module = generated_module(documents_of("data_table"), tmp_path)
    schema, rows = (
        Xml(f'<x xmlns="{uri}"/>')
        for uri in ("http://www.w3.org/2001/XMLSchema", "urn:schemas-microsoft-com:xml-diffgram-v1")
    )
    for content in ((schema, rows), (rows, schema), (rows,)):
        texts = "".join(each.text for each in content)
        result = f"<PlaceOrderResult>{texts}</PlaceOrderResult>"
        element = etree.fromstring(f'<PlaceOrderResponse xmlns="urn:orders">{result}</PlaceOrderResponse>')
        read = BY_NAME.read(module.PLACE_ORDER.response.shape, element).place_order_result
        assert (read.any, read.any2) == ((schema,) if schema in content else (), rows)


# What it hides -------------------------------------------------------------------------------------


def test_its_repr_shows_no_content(orders: ModuleType) -> None:
    order = orders.Order(number=1, note=NOTE)
    assert repr(NOTE).startswith("Xml(<Note>, ")
    assert HIDDEN not in repr(order)
    assert HIDDEN not in repr([order])


def test_what_is_named_a_secret_in_it_is_taken_out_of_any_text(orders: ModuleType) -> None:
    request = orders.PlaceOrder(order=orders.Order(number=1, note=NOTE))
    clean = redact(f"bad {HIDDEN} or k-{HIDDEN}", request)
    assert HIDDEN not in clean


def reply(orders: ModuleType, body: bytes, status: int = 200) -> object:
    request = orders.PlaceOrder(order=orders.Order(number=1, note=NOTE))
    response = HttpResponse(status, {"content-type": "text/xml"}, body)
    return SoapBinding().decode(orders.PLACE_ORDER, request, response)


def test_no_error_shows_what_was_sent_in_it(orders: ModuleType) -> None:
    with pytest.raises(ServiceFault) as fault:
        reply(
            orders, fault_bytes("Client", f"not allowed: {HIDDEN}", detail=f"<detail>{HIDDEN}</detail>"), 500
        )
    with pytest.raises(ProtocolError) as broken:
        reply(orders, f"<html>{HIDDEN}</html>".encode())
    for error in (fault.value, broken.value):
        assert HIDDEN not in f"{error!r} {error} {vars(error)}"


@pytest.mark.parametrize(
    "shown",
    [
        '<Login password="{}"/>', "<Login xmlns:p='urn:p' p:Password = '{}'/>", "<Password>{}</Password>",
        '{{"xml": "<Login password=\\"{}\\"/>"}}',
    ],
)  # fmt: skip
def test_no_error_shows_what_was_received_in_it(orders: ModuleType, shown: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        reply(orders, shown.format(f"{HIDDEN} & so on").replace("&", "&amp;").encode())
    assert "so on" not in str(caught.value.excerpt)
    assert HIDDEN not in f"{caught.value!r} {vars(caught.value)}"


def test_a_record_in_a_record_hides_its_secrets(tmp_path: Path) -> None:
    module = generated_module(documents_of("attributes"), tmp_path)
    order = module.Order(number=1, number_2="1", password=module.Secret(HIDDEN))
    assert redact(f"no {HIDDEN}", module.PlaceOrder(order=order)) == "no ***"
    envelope = body_of(parse(write_envelope(module.PLACE_ORDER.request, module.PlaceOrder(order=order))))
    assert envelope[0].get("password") == HIDDEN
