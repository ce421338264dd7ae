"""A type that others extend: what stands in a message is what its `xsi:type` says, and nothing else."""

import datetime as dt
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap.description.load import describe
from buzzeasy_soap.errors import ConfigurationError, InvalidRequest, ProtocolError
from buzzeasy_soap.wire import forms
from buzzeasy_soap.wire import json as wire_json
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding, _declared
from buzzeasy_soap.wire.envelope import body_of, parse
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.rebinding import Contract
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER
from buzzeasy_soap.wire.text import write_envelope
from buzzeasy_soap.wire.xsd import InvalidValue, type_of
from tests.contracts.drafts import Draft
from tests.contracts.features import documents_of
from tests.contracts.generated import encoded, generated_module, xml_schema
from tests.support.records import Values
from tests.wire.test_forms import OPERATIONS, obeys_the_law, whole
from tests.wire.test_rebinding import SERVICE, contract_of

XSI = "http://www.w3.org/2001/XMLSchema-instance"
examples = settings(
    max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(
    scope="module", params=["known_types", "known_types_at_large", "known_types_bare", "known_types_open"]
)
def module(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return generated_module(documents_of(request.param), tmp_path_factory.mktemp("contract"))


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return generated_module(documents_of("known_types_at_large"), tmp_path_factory.mktemp("contract"))


def answered(orders: ModuleType, body: str) -> Any:
    """What a reply with this in its response means."""
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<PlaceOrderResponse xmlns="urn:orders" xmlns:st="urn:stock" xmlns:i="{XSI}">{body}</PlaceOrderResponse>'
        "</s:Body></s:Envelope>"
    )
    response = HttpResponse(200, {"content-type": "text/xml; charset=utf-8"}, envelope.encode())
    return SoapBinding().decode(orders.PLACE_ORDER, orders.PlaceOrder(), response)


# What is written and read ---------------------------------------------------------------------------


@examples
@given(data=st.data())
def test_what_is_written_is_read_and_the_law_holds(module: ModuleType, data: st.DataObject) -> None:
    for message in (module.PLACE_ORDER.request, module.PLACE_ORDER.response):
        record = data.draw(Values().records(message.shape))
        envelope = write_envelope(message, record)
        element = body_of(parse(envelope))
        assert whole(BY_NAME.read(message.shape, element)) == whole(record)
        assert IN_ORDER.read(message.shape, element) == record
        obeys_the_law(message, envelope)


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    return xml_schema(documents_of("known_types_at_large"), tmp_path_factory.mktemp("schema"))


@examples
@given(data=st.data())
def test_what_is_written_is_what_the_schema_allows(
    orders: ModuleType, schema: etree.XMLSchema, data: st.DataObject
) -> None:
    for message in (orders.PLACE_ORDER.request, orders.PLACE_ORDER.response):
        written = etree.fromstring(
            etree.tostring(encoded(message, data.draw(Values().records(message.shape))))
        )
        for item in written.xpath(
            "//*[@i:nil][local-name() = 'item' or local-name() = 'Item']", namespaces={"i": XSI}
        ):
            # Of an abstract type: .NET and zeep write it so, though to the letter it had to say which type is nil.
            item.getparent().remove(item)
        schema.assertValid(written)


def test_a_derived_record_comes_back_as_its_own_class(orders: ModuleType) -> None:
    reply = answered(
        orders,
        '<PlaceOrderResult><Item i:type="st:SignedBook"><Number>1</Number><st:By>Ada</st:By></Item>'
        '<Item i:nil="true"/></PlaceOrderResult><again i:type="Express"><Number>2</Number></again>',
    )
    signed, nil = reply.place_order_result.item
    assert signed == orders.SignedBook(number=1, by="Ada")
    assert isinstance(signed, orders.Book)
    assert isinstance(signed, orders.Item)
    assert not nil
    assert type(reply.again) is orders.Express
    assert reply.again != orders.Order(number=2)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            '<again i:type="Later"><Number>2</Number></again>',
            "again: is a {urn:orders}Later, which the contract does not know",
        ),
        (
            '<again i:type="st:Rush"><Number>2</Number></again>',
            "{urn:stock}Rush, which the contract does not",
        ),
        (
            '<again i:type="odd:Rush"><Number>2</Number></again>',
            "again: is a Rush, which the contract does not",
        ),
        (
            '<again i:type="st:Book"><Number>2</Number></again>',
            "{urn:stock}Book, which the contract does not",
        ),
        (
            "<PlaceOrderResult><Item><Number>1</Number></Item></PlaceOrderResult>",
            "Item: is of an abstract type, and does not say which",
        ),
        (
            '<PlaceOrderResult><Item i:type="Item"><Number>1</Number></Item></PlaceOrderResult>',
            "Item: is of an abstract type, and does not say which",
        ),
        (
            '<again><Number>1</Number><After i:type="Order"><Number>2</Number></After></again>',
            "After: is a {urn:orders}Order, which the contract does not know",
        ),
    ],
)
def test_what_is_not_known_is_never_read_as_its_base(orders: ModuleType, body: str, why: str) -> None:
    with pytest.raises(ProtocolError, match="the reply is not what the contract says") as caught:
        answered(orders, body)
    assert why in str(caught.value)


def test_a_type_that_is_said_though_it_is_the_declared_one(orders: ModuleType) -> None:
    plain = answered(orders, '<again i:type=" Order "><Number>2</Number></again>')
    assert plain.again == orders.Order(number=2)


def test_what_extends_nothing_that_is_declared_cannot_be_sent(orders: ModuleType) -> None:
    message = orders.PLACE_ORDER.request
    for field, value, allowed in (
        ("item", orders.Item(number=1), "Book or Bundle or SignedBook, not Item"),
        ("order", orders.Book(number=1), "Order or Express or Rush, not Book"),
    ):
        with pytest.raises(InvalidRequest, match=f"{field} must be {allowed}") as caught:
            write_envelope(message, orders.PlaceOrder(**{field: value}))
        assert caught.value.parameter == field


def test_only_what_is_of_the_declared_type_is_read_as_text(orders: ModuleType) -> None:
    """No element that says its type is read as the base; of an abstract type there is none that does not."""
    message = orders.PLACE_ORDER.response
    assert forms._form(message, forms.dotnet_prefix) is None  # the items are abstract, and hold themselves
    assert forms._form(orders.PLACE_ORDER.request, forms.dotnet_prefix) is None


def test_the_declared_type_is_read_as_text_and_another_is_left_to_lxml(tmp_path: Path) -> None:
    module = generated_module(documents_of("known_types"), tmp_path)
    message = module.PLACE_ORDER.response
    plain, rush = (
        write_envelope(message, module.PlaceOrderResponse(place_order_result=kind(number=1)))
        for kind in (module.Order, module.Rush)
    )
    assert obeys_the_law(message, plain)
    assert not obeys_the_law(message, rush)
    assert not obeys_the_law(message, rush.replace(b' xmlns:i="', b' xmlns:j="'))


def test_an_object_is_what_its_type_hint_says(orders: ModuleType) -> None:
    member = next(each for each in orders.PLACE_ORDER.response.shape.members if each.field == "again")
    assert wire_json.read({"Number": "1"}, member) == orders.Order(number=1)
    assert wire_json.read({"__type": "Rush:#orders", "Number": "1"}, member) == orders.Rush(number=1)
    with pytest.raises(InvalidValue, match="is a Later, which the contract does not know"):
        wire_json.read({"__type": "Later:#orders", "Number": "1"}, member)


# Another engine, another contract ---------------------------------------------------------------------


def test_zeep_sends_the_same(orders: ModuleType, tmp_path: Path) -> None:
    documents = documents_of("known_types_at_large")
    for name, content in documents.content.items():
        (tmp_path / name).write_bytes(content)
    request = orders.PlaceOrder(
        order=orders.Rush(number=1, items=orders.ArrayOfItem(item=(orders.Book(number=2, title="x"),)))
    )
    zeep = ZeepBinding()
    zeep._operations["Orders"] = _declared(documents)
    sent = zeep.encode(orders.PLACE_ORDER, request, "http://127.0.0.1/")
    assert IN_ORDER.read(orders.PLACE_ORDER.request.shape, body_of(parse(sent.body))) == request


def test_a_service_that_has_added_a_known_type_answers_as_ever() -> None:
    """What the package reads is there: the members that it does not know are passed over, as new ones are."""
    draft = Draft.of_the_real()
    draft.add_data(
        '<xs:complexType name="BusySlot"><xs:complexContent><xs:extension base="tns:TimeSlot"><xs:sequence>'
        '<xs:element minOccurs="0" name="Queue" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>'
        "</xs:complexType>"
    )
    contract = contract_of(draft.documents())
    assert contract.problems([SERVICE]) == ()
    operation = contract.operation(OPERATIONS["GetAvailableTimes"])
    slots = operation.response.shape.members[0].shape
    assert slots is not None
    [item] = slots.members
    assert item.shape is not None
    record = operation.response.record(
        get_available_times_result=slots.record(
            time_slot=(item.shape.record(available=True, time_from="a", time_slot_id=1, time_to="b"),)
        )
    )
    plain = write_envelope(operation.response, record)
    busy = plain.replace(b"<a:TimeSlot>", b'<a:TimeSlot i:type="a:BusySlot">').replace(
        b"</a:TimeSlot>", b"<a:Queue>3</a:Queue></a:TimeSlot>"
    )
    assert busy.count(b"BusySlot") == 1
    for reply in (plain, busy):
        response = HttpResponse(200, {"content-type": "text/xml"}, reply)
        binding = SoapBinding(contract)
        assert binding.decode(OPERATIONS["GetAvailableTimes"], operation.request.record(), response) == record


def test_known_types_under_the_names_of_another_contract(orders: ModuleType) -> None:
    documents = documents_of("known_types_at_large")
    moved = evolve(
        documents,
        content={name: data.replace(b"urn:stock", b"urn:store") for name, data in documents.content.items()},
    )
    contract = Contract({"Orders": describe(moved)})
    bound = contract.operation(orders.PLACE_ORDER)
    request = orders.PlaceOrder(item=orders.SignedBook(number=1, by="Ada"))
    sent = write_envelope(bound.request, request)
    assert b"urn:store" in sent
    assert b"urn:stock" not in sent
    assert IN_ORDER.read(bound.request.shape, body_of(parse(sent))) == request


# With attributes, wildcards and elements of any type ----------------------------------------------------


@pytest.fixture(scope="module")
def open_orders(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return generated_module(documents_of("known_types_open"), tmp_path_factory.mktemp("contract"))


EXTRA = Xml('<Extra xmlns="urn:else">1</Extra>')


def test_a_derived_record_has_the_attributes_of_its_base_under_their_names(open_orders: ModuleType) -> None:
    """Though zeep calls the base's attribute otherwise where an element of the derived type has its name."""
    book, signed = open_orders.Book, open_orders.SignedBook
    assert [each.name for each in fields(book)] == ["number", "value", "by", "by_2", "any", "pages"]
    assert [each.name for each in fields(signed)] == [*(each.name for each in fields(book)), "on"]
    by = {member.tag: member.field for member in open_orders._BOOK_SHAPE.fields}
    assert (by["By"], by["{urn:stock}By"]) == ("by", "by_2")


def test_a_derived_record_says_its_type_beside_its_attributes(open_orders: ModuleType) -> None:
    signed = open_orders.SignedBook(
        number=1, by="a<", by_2="b", pages=3, any=(EXTRA,), on=dt.date(2026, 3, 1)
    )
    sent = write_envelope(open_orders.PLACE_ORDER.request, open_orders.PlaceOrder(item=signed))
    item = body_of(parse(sent))[0]
    assert type_of(item) == "{urn:stock}SignedBook"
    del item.attrib[f"{{{XSI}}}type"]
    assert dict(item.attrib) == {"By": "a<", "Pages": "3", "On": "2026-03-01"}


def test_a_required_attribute_of_a_derived_record_must_be_there(open_orders: ModuleType) -> None:
    body = '<item xmlns="urn:orders" xmlns:st="urn:stock"%s><Number>1</Number></item>'
    said = f' xmlns:i="{XSI}" i:type="st:SignedBook"'
    member = open_orders.PLACE_ORDER.request.shape.members[0]
    assert BY_NAME.value(member, etree.fromstring(body % "")) == open_orders.Item(number=1)
    with pytest.raises(InvalidValue, match="On: is missing"):
        BY_NAME.value(member, etree.fromstring(body % said))


def test_zeep_sends_the_attributes_of_a_derived_record(open_orders: ModuleType) -> None:
    zeep = ZeepBinding()
    zeep._operations["Orders"] = _declared(documents_of("known_types_open"))
    signed = open_orders.SignedBook(number=1, by="a", by_2="b", pages=3, on=dt.date(2026, 3, 1))
    request = open_orders.PlaceOrder(item=signed)
    sent = zeep.encode(open_orders.PLACE_ORDER, request, "http://127.0.0.1/")
    assert IN_ORDER.read(open_orders.PLACE_ORDER.request.shape, body_of(parse(sent.body))) == request


def test_open_known_types_under_the_names_of_another_contract(open_orders: ModuleType) -> None:
    contract = as_published(b"urn:stock", b"urn:store")
    bound = contract.operation(open_orders.PLACE_ORDER)
    value = Xml('<Value xmlns="urn:orders">1</Value>')
    book = open_orders.Book(number=1, value=value, by="a", by_2="b", pages=3, any=(EXTRA,))
    request = open_orders.PlaceOrder(item=book)
    sent = write_envelope(bound.request, request)
    assert b"urn:stock" not in sent
    assert IN_ORDER.read(bound.request.shape, body_of(parse(sent))) == request


def test_an_attribute_of_a_derived_record_that_the_service_does_not_take(open_orders: ModuleType) -> None:
    contract = as_published(b'"Pages"', b'"Leaves"')
    with pytest.raises(ConfigurationError, match=r"PlaceOrder\.item\.Pages: the service does not take it"):
        contract.operation(open_orders.PLACE_ORDER)


def as_published(old: bytes, new: bytes) -> Contract:
    """The contract of a service that publishes another WSDL."""
    documents = documents_of("known_types_open")
    content = {name: data.replace(old, new) for name, data in documents.content.items()}
    return Contract({"Orders": describe(evolve(documents, content=content))})
