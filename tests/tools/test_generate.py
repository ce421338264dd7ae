"""The generator: a pure function of the documents, which refuses by name what it does not handle."""

import random
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import attrs
import pytest
from lxml import etree

from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.description.load import UnsupportedContract
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER, Shape
from buzzeasy_soap.wire.xsd import NIL
from generate import generate
from naming import Names, attribute_name, class_name, constant_name, snake_case
from tests.contracts.drafts import REAL, Draft
from tests.contracts.generated import encoded, generated_module, messages, xml_schema
from tests.contracts.mutations import ADDITION, MUTATIONS, Mutation
from tests.contracts.shapes import SHAPES, shape

REFUSED = [mutation for mutation in MUTATIONS if mutation.refused]
ADDED = [mutation for mutation in MUTATIONS if mutation.severity is ADDITION and not mutation.refused]
MODULE = "request_callback_service.py"


def named(mutations: list[Mutation]) -> Any:
    return pytest.mark.parametrize("mutation", mutations, ids=lambda mutation: mutation.name)


def test_twice_the_same_bytes_and_no_date() -> None:
    documents = read_documents()
    first = generate(documents)
    assert generate(documents) == first
    for source in first.values():
        assert not re.search(r"20\d\d-\d\d-\d\d", source)


@pytest.mark.parametrize("key", SHAPES)
def test_the_order_in_which_documents_are_given_means_nothing(key: str) -> None:
    documents = shape(key).documents
    names = list(documents.content)
    random.Random(7).shuffle(names)
    shuffled = attrs.evolve(documents, content={name: documents.content[name] for name in names})
    assert generate([shuffled]) == generate([documents])


def test_the_order_of_definitions_means_nothing() -> None:
    reordered = next(each for each in MUTATIONS if each.name == "definitions_reordered").after()
    without_hash = re.compile(r"[0-9a-f]{64}")
    assert without_hash.sub("", generate([reordered])[MODULE]) == without_hash.sub(
        "", generate([REAL])[MODULE]
    )


@named(REFUSED)
def test_what_is_not_handled_is_refused_by_name(mutation: Mutation) -> None:
    with pytest.raises(UnsupportedContract) as caught:
        generate([mutation.after()])
    told = str(caught.value)
    assert mutation.refused is not None
    assert mutation.refused in told


@named(ADDED)
def test_an_addition_is_usable(mutation: Mutation, tmp_path: Path) -> None:
    """The new member goes out, validates, and comes back; the old ones as ever."""
    documents = mutation.after()
    module, schema = generated_module(documents, tmp_path), xml_schema(documents, tmp_path)
    assert mutation.usable
    class_, attribute, value = mutation.usable
    record = getattr(module, class_)
    filled = record(**{attribute: value, **_needed(record, attribute)})
    message = _message_of(module, record)
    element = encoded(message, filled)
    if message.tag != "{urn:probe}Probe":
        schema.assertValid(etree.ElementTree(element))
    for reader in (BY_NAME, IN_ORDER):
        assert reader.read(message.shape, element) == filled


def _needed(record: type[Any], but: str) -> dict[str, Any]:
    fields = [each for each in attrs.fields(record) if each.default is attrs.NOTHING and each.name != but]
    return dict.fromkeys((each.name for each in fields), 1)


def _message_of(module: Any, record: type[Any]) -> Message[Any]:
    """The record's own message, or one made up for a record that only stands in others."""
    found = next((message for message in messages(module) if message.record is record), None)
    return found or Message("{urn:probe}Probe", shape_of(module, record))


def shape_of(module: Any, record: type[Any]) -> Shape[Any]:
    return next(each for each in vars(module).values() if isinstance(each, Shape) and each.record is record)


def test_an_enumeration_is_open_for_a_reply_and_closed_for_a_request(tmp_path: Path) -> None:
    module = generated_module(shape("typed").documents, tmp_path)
    assert issubclass(module.Priority, StrEnum)
    assert list(module.Priority) == ["Low", "High", "Very high!"]
    message = module.RESERVE.request
    request = module.Reserve(number=1, codes=("a",), priority=module.Priority.HIGH)
    element = encoded(message, request)
    decoded = BY_NAME.read(message.shape, element)
    assert decoded.priority is module.Priority.HIGH
    element[0].text = "Urgent"
    later = BY_NAME.read(message.shape, element).priority
    assert type(later) is str
    assert later == "Urgent"
    with pytest.raises(ValueError, match="priority must be one of Low, High, Very high!"):
        encoded(message, attrs.evolve(request, priority="Urgent"))


def test_typed_faults_are_part_of_the_operation(tmp_path: Path) -> None:
    module = generated_module(shape("typed").documents, tmp_path)
    assert [fault.record for fault in module.RESERVE.faults] == [module.SoldOut, module.ValidationFault]
    assert module.FIND.faults == ()
    problem = module.Problem(member="codes", text=NIL)
    fault = module.ValidationFault(problems=module.ArrayOfProblem(problem=(problem, NIL)))
    message = module.RESERVE.faults[1]
    assert BY_NAME.read(message.shape, encoded(message, fault)) == fault


def test_one_local_name_in_two_namespaces_is_two_classes(tmp_path: Path) -> None:
    module = generated_module(shape("typed").documents, tmp_path)
    assert {field.name for field in attrs.fields(module.Customer)} == {"account", "limit"}
    assert "favourites" in {field.name for field in attrs.fields(module.CustomerData)}


def test_names_that_python_or_the_module_has_taken(tmp_path: Path) -> None:
    draft = Draft.of_the_real()
    draft.add_data(
        "".join(
            f'<xs:complexType name="{name}"><xs:sequence>{members}</xs:sequence></xs:complexType>'
            for name, members in {
                "Message": '<xs:element minOccurs="0" name="str" type="xs:string"/>',
                "Secret": '<xs:element minOccurs="0" name="int" type="xs:int"/>',
                "Reader": '<xs:element minOccurs="0" name="tuple" type="xs:int"/>',
                "EWT": '<xs:element minOccurs="0" name="from" type="xs:int"/>',
                "Ewt": '<xs:element minOccurs="0" name="_x" type="xs:int"/>',
                "e-w.t": '<xs:element minOccurs="0" name="a-b" type="xs:int"/>'
                '<xs:element minOccurs="0" name="a.b" type="xs:int"/>',
                "TimeSlot2": '<xs:element minOccurs="0" name="field" type="xs:int"/>'
                '<xs:element minOccurs="0" name="Field" type="xs:int"/>'
                '<xs:element minOccurs="0" name="xsd" type="xs:int"/>',
            }.items()
        )
    )
    names = ["Message", "Secret", "Reader", "EWT", "Ewt", "e-w.t", "TimeSlot2"]
    draft.type(
        "TimeSlot",
        "</xs:sequence>",
        "".join(f'<xs:element minOccurs="0" name="m{n}" type="tns:{name}"/>' for n, name in enumerate(names))
        + "</xs:sequence>",
    )
    module = generated_module(draft.documents(), tmp_path)
    fields = {field.name: field.type for field in attrs.fields(module.TimeSlot)}
    kinds = [fields[f"m{n}"] for n in range(len(names))]
    assert len(set(kinds)) == len(names)
    assert {f.name for f in attrs.fields(module.TimeSlot2)} == {"field", "field_2", "xsd"}
    slot = module.TimeSlot(m3=module.EWT(from_=1), m4=module.Ewt(x=2))
    message = Message("{urn:probe}Probe", shape_of(module, module.TimeSlot))
    assert BY_NAME.read(message.shape, encoded(message, slot)) == slot


def test_operations_whose_names_are_one_in_python(tmp_path: Path) -> None:
    draft = Draft.of_the_real()
    for name in ("getAvailableTimes", "Import"):
        draft.add_operation(name, "")
    module = generated_module(draft.documents(), tmp_path)
    called: list[str] = []
    proxy = module.RequestCallbackServiceProxy(lambda operation, _: called.append(operation.name))
    for method in ("get_available_times", "get_available_times_2", "import_"):
        getattr(proxy, method)(None)
    assert called == ["GetAvailableTimes", "getAvailableTimes", "Import"]


def test_a_message_s_class_is_called_after_its_operation(tmp_path: Path) -> None:
    """Whatever its element is called, unless two operations have the same one."""
    draft = Draft.of_the_real()
    draft.edit("wsdl", 'element="tns:UpdateEWTRecord"', 'element="tns:Minutes"')
    draft.edit("messages", 'name="UpdateEWTRecord"', 'name="Minutes"')
    draft.edit("wsdl", 'element="tns:GetAvailableTimesResponse"', 'element="tns:Slots"')
    draft.edit("wsdl", 'element="tns:GetNextThreeTimeSlotsResponse"', 'element="tns:Slots"')
    draft.edit("messages", 'name="GetAvailableTimesResponse"', 'name="Slots"')
    module = generated_module(draft.documents(), tmp_path)
    assert module.UPDATE_EWT_RECORD.request.record is module.UpdateEWTRecord
    assert module.UPDATE_EWT_RECORD.request.tag == "{http://tempuri.org/}Minutes"
    assert module.GET_AVAILABLE_TIMES.response.record is module.Slots
    assert module.GET_NEXT_THREE_TIME_SLOTS.response.record is module.Slots


def test_nothing_in_a_document_is_run_as_code(tmp_path: Path) -> None:
    """What may hold quotes is written as a literal; names that are no XML names are refused."""
    evil = "&quot;&quot;&quot;+__import__(&quot;os&quot;).abort()+&quot;&quot;&quot;\\'"
    draft = Draft.of_the_real()
    draft.edit("wsdl", "http://tempuri.org/IService/UpdateEWTRecord", evil, 0)
    draft.add_data(
        '<xs:simpleType name="Grade"><xs:restriction base="xs:string">'
        f'<xs:enumeration value="{evil}"/></xs:restriction></xs:simpleType>'
    )
    draft.type("TimeSlot", 'name="Available" type="xs:boolean"', 'name="Available" type="tns:Grade"')
    module = generated_module(draft.documents(), tmp_path)
    meant = evil.replace("&quot;", '"')
    assert module.UPDATE_EWT_RECORD.soap_action == meant
    assert list(module.Grade) == [meant]

    draft.edit("data", '"TimeSlot"', f'"{evil}"', 0)
    with pytest.raises(ConfigurationError):
        generate([draft.documents()])


@pytest.mark.parametrize(
    ("name", "snake", "attribute", "constant", "class_"),
    [
        (
            "GetEWTByServiceID",
            "get_ewt_by_service_id",
            "get_ewt_by_service_id",
            "GET_EWT_BY_SERVICE_ID",
            None,
        ),
        ("phoneNo", "phone_no", "phone_no", "PHONE_NO", "PhoneNo"),
        ("field10", "field10", "field10", "FIELD10", "Field10"),
        ("class", "class_", "class_", "CLASS", "Class"),
        ("int", "int", "int_", "INT", "Int"),
        ("4Door", "value_4_door", "value_4_door", "VALUE_4_DOOR", "Value4Door"),
        ("Very high!", "very_high", "very_high", "VERY_HIGH", "VeryHigh"),
        ("_a__b", "a_b", "a_b", "A_B", "AB"),
        ("", "value", "value", "VALUE", "Value"),
    ],
)
def test_names(name: str, snake: str, attribute: str, constant: str, class_: str | None) -> None:
    assert snake_case(name) == snake
    assert attribute_name(name) == attribute
    assert constant_name(name) == constant
    assert class_name(name) == (class_ or name)


def test_a_name_is_given_once() -> None:
    names = Names(frozenset({"Service"}))
    assert [names.take("Service", "ServiceData"), names.take("Service", "ServiceData")] == [
        "ServiceData",
        "ServiceData_2",
    ]
