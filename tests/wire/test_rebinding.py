"""The contract under a service's own WSDL: what fits, what does not, and that what fits goes out and comes back."""

import datetime as dt
import os
import re
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap import InvalidRequest, Outcome, ServiceFault
from buzzeasy_soap.clients.options import contract_of as contract_given
from buzzeasy_soap.contract import SERVICES, request_callback_service
from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from buzzeasy_soap.wire.envelope import body_of, parse
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.rebinding import Contract
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER, unrecognised
from buzzeasy_soap.wire.text import write_envelope
from buzzeasy_soap.wire.xsd import NIL
from tests.contracts.drafts import Draft
from tests.contracts.features import documents_of
from tests.contracts.generated import encoded, generated_module, xml_schema
from tests.contracts.mutations import MUTATIONS, Mutation
from tests.contracts.shapes import shape
from tests.support.records import Values
from tests.support.scripted import ScriptedServer, fault_bytes, http

SERVICE = request_callback_service.SERVICE
# What does not fit, of the mutations of the contract; all others do.
BREAKS = {
    "operation_gone": "UpdateEWTRecord: the service has no such operation",
    "operation_renamed": "GetAvailableTimes: the service has no such operation",
    "style_rpc": "UpdateEWTRecord: RPC style cannot be called",
    "use_encoded": "GetAvailableTimes: use encoded cannot be called",
    "one_way": "UpdateEWTRecord: a one-way operation cannot be called",
    "soap_header_must_be_sent": "UpdateEWTRecord: it wants the SOAP header Ticket",
    "parameter_gone": "RequestCallSchedule.region: the service does not take it",
    "parameter_renamed": "RequestCallSchedule.timeslot: the service does not take it",
    "parameter_type_changed": "RequestCallSchedule.timeslot: its type is string, which is no int",
    "new_required_parameter": "UpdateEWTRecord.probeReason: it is new, and must be sent",
    "parameter_repeats": "RequestCallSchedule.name: it may repeat",
    "result_type_changed": "UpdateEWTRecordResult: its type is int, which is no boolean",
    "result_is_another_record": "GetAvailableTimesResult.TimeSlot: the service does not answer it",
    "member_gone": "RequestCallScheduleResult.ConfirmationCode: the service does not answer it",
    "member_renamed": "TimeSlot.TimeSlotID: the service does not answer it",
    "member_type_changed": "TimeSlot.TimeFrom: its type is dateTime, which is no string",
    "array_no_longer_repeats": "GetAvailableTimesResult.TimeSlot: it does not repeat",
    "any_type": "Available: its type is anyType, which is no boolean",
    "unhandled_simple_type": "TimeSlotID: its type is gYear, which is no int",
    "list_type": "Available: its type is Available, which is no boolean",
    "union_type": "Available: its type is Available, which is no boolean",
    "simple_content": "Available: its type is Flag, which is no boolean",
}
NO_PORT = ("binding_is_soap_12", "binding_transport_changed")


def contract_of(documents: DocumentSet, *, serving: bool = False) -> Contract:
    return Contract({SERVICE.name: describe(documents)}, serving=serving)


def described(mutation: Mutation) -> bool:
    return mutation.name not in NO_PORT


FITTING = [each for each in MUTATIONS if described(each) and each.name not in BREAKS]
named = {"ids": lambda each: each.name}


@pytest.mark.parametrize("mutation", [each for each in MUTATIONS if described(each)], **named)
def test_only_what_this_package_needs_breaks_it(mutation: Mutation) -> None:
    problems = contract_of(mutation.after()).problems([SERVICE])
    told = "\n".join(f"{problem.place}: {problem.text}" for problem in problems)
    if mutation.name in BREAKS:
        assert BREAKS[mutation.name] in told
    else:
        assert told == ""


@pytest.mark.parametrize("mutation", [each for each in FITTING if not each.refused], **named)
def test_what_fits_goes_out_valid_and_comes_back(mutation: Mutation, tmp_path: Path) -> None:
    documents = mutation.after()
    contract, schema = contract_of(documents), xml_schema(documents, tmp_path)
    changed = generated_module(documents, tmp_path).SERVICE

    @settings(
        max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "15")),
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        known = SERVICE.operations[data.draw(st.sampled_from(sorted(SERVICE.operations)))]
        bound, theirs = contract.operation(known), changed.operations[known.name]
        request = data.draw(Values(nil_items=False).records(known.request.shape))
        if "may_be_nil" not in mutation.name and NIL in attrs.astuple(request, recurse=False):
            return  # this package sends none
        if any(getattr(request, name) is None for name in bound.request.shape.required):
            with pytest.raises(InvalidRequest, match="must be given"):
                encoded(bound.request, request)
            return
        element = encoded(bound.request, request)
        schema.assertValid(etree.ElementTree(element))
        assert_same_values(request, IN_ORDER.read(theirs.request.shape, element))
        response = data.draw(Values(filled=True, nil_items=False).records(theirs.response.shape))
        read = BY_NAME.read(bound.response.shape, encoded(theirs.response, response))
        assert_same_values(read, response)

    check()


def assert_same_values(ours: Any, theirs: Any) -> None:
    """Every member that ours says something in says the same in theirs."""
    if isinstance(ours, tuple):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert_same_values(one, other)
    elif attrs.has(type(ours)):
        for field in attrs.fields(type(ours)):
            if (value := getattr(ours, field.name)) is not None:
                assert_same_values(value, getattr(theirs, field.name))
    else:
        assert ours == theirs or (isinstance(ours, Secret) and ours.reveal() == theirs)


# What other services publish -----------------------------------------------------------------------


def foreign(**changes: str) -> DocumentSet:
    """The contract as another author would have it: every name on the wire that is his to choose."""
    draft = Draft.of_the_real()
    texts = {
        "http://tempuri.org/IService/": "urn:acme:callback/ICallback/",
        "http://tempuri.org/": "urn:acme:callback",
        "http://schemas.datacontract.org/2004/07/RequestCallbackService": "urn:acme:data",
        "IService": "ICallback",
        **changes,
    }
    content = {}
    for name, data in draft.documents().content.items():
        text = data.decode()
        for old, new in texts.items():
            text = text.replace(old, new)
        content[name] = text.encode()
    return attrs.evolve(draft.documents(), content=content)


WAYS = {
    "other namespaces and actions": {},
    "the document's other names": {
        'name="time" ': 'name="requestedDate" ',
        'name="serviceQueueID"': 'name="serviceQueue"',
    },
    "names in another case": {'name="phoneNo"': 'name="PhoneNo"', 'name="TimeFrom"': 'name="timeFrom"'},
    "another item and result name": {
        'name="TimeSlot" nillable': 'name="slot" nillable',
        'name="GetAvailableTimesResult"': 'name="return"',
    },
    "a list without an element around it": {
        'name="GetAvailableTimesResult" nillable="true" type="q2:ArrayOfTimeSlot"': 'name="return" maxOccurs="unbounded" type="q2:TimeSlot"',
    },
    "texts that must be there": {
        '<xs:element minOccurs="0" name="region" nillable="true"': '<xs:element name="region"',
    },
    "wider numbers": {'name="serviceQueue" type="xs:int"': 'name="serviceQueue" type="xs:long"'},
}


@pytest.mark.parametrize("changes", WAYS.values(), ids=WAYS)
def test_another_author_s_names_fit(changes: dict[str, str], tmp_path: Path) -> None:
    documents = foreign(**changes)
    text = b"".join(documents.content.values()).decode()
    assert all(new in text for new in changes.values()), "the change did not take"
    contract = contract_of(documents)
    assert contract.problems([SERVICE]) == ()
    schema = xml_schema(documents, tmp_path)
    for operation in SERVICE.operations.values():
        bound = contract.operation(operation)
        assert bound.soap_action.startswith("urn:acme:callback/ICallback/")
        request = operation.request.record()
        schema.assertValid(etree.ElementTree(encoded(bound.request, request)))


def test_a_list_without_an_element_around_it_is_read() -> None:
    contract = contract_of(foreign(**WAYS["a list without an element around it"]))
    bound = contract.operation(request_callback_service.GET_AVAILABLE_TIMES)
    slot = '<return><TimeSlotID xmlns="urn:acme:data">4</TimeSlotID></return>'
    response = etree.fromstring(f'<r xmlns="urn:acme:callback">{slot * 2}</r>')
    result = BY_NAME.read(bound.response.shape, response).get_available_times_result
    assert [each.time_slot_id for each in result.time_slot] == [4, 4]
    empty = BY_NAME.read(bound.response.shape, etree.fromstring('<r xmlns="urn:acme:callback"/>'))
    assert empty.get_available_times_result.time_slot == ()


def test_what_the_wsdl_knows_is_recognised_though_this_package_does_not() -> None:
    draft = Draft.of_the_real()
    draft.type(
        "ResponseMessage",
        "<xs:sequence>",
        '<xs:sequence><xs:element minOccurs="0" name="Position" type="xs:int"/>',
    )
    bound = contract_of(draft.documents()).operation(request_callback_service.REQUEST_CALL_WHEN_AVAILABLE)
    [result] = bound.response.shape.members
    data = "http://schemas.datacontract.org/2004/07/RequestCallbackService"
    read = BY_NAME.read(
        result.shape, etree.fromstring(f'<r xmlns="{data}"><Position>1</Position><Other>2</Other></r>')
    )
    assert unrecognised(read) == ("Other",)


def test_a_parameter_that_the_service_does_not_take_is_refused_where_it_is_given() -> None:
    [mutation] = [each for each in MUTATIONS if each.name == "parameter_gone"]
    bound = contract_of(mutation.after()).operation(request_callback_service.REQUEST_CALL_SCHEDULE)
    record = request_callback_service.RequestCallSchedule(name="Ada")
    assert b"Ada" in write_envelope(bound.request, record)
    with pytest.raises(InvalidRequest, match="region is not in the service's contract"):
        write_envelope(bound.request, attrs.evolve(record, region="GB"))


@pytest.mark.parametrize(
    "binding",
    [lambda wsdl: SoapBinding(contract_given(wsdl)), lambda wsdl: ZeepBinding(wsdl=wsdl)],
    ids=["soap", "zeep"],
)
def test_a_parameter_that_the_service_insists_on_is_asked_for_where_it_is_left_out(
    binding, tmp_path: Path
) -> None:
    [mutation] = [each for each in MUTATIONS if each.name == "optional_parameter_made_required"]
    for name, data in mutation.after().content.items():
        (tmp_path / name).write_bytes(data)
    encode = partial(binding(tmp_path).encode, request_callback_service.REQUEST_CALL_SCHEDULE)
    record = request_callback_service.RequestCallSchedule(name="Ada", company=0)
    assert b"company>0<" in encode(record, "http://127.0.0.1/").body
    with pytest.raises(InvalidRequest, match="company must be given") as caught:
        encode(attrs.evolve(record, company=None), "http://127.0.0.1/")
    assert caught.value.parameter == "company"


def test_an_enumeration_takes_only_its_values() -> None:
    kind = '<xs:simpleType name="Region"><xs:restriction base="xs:string"><xs:enumeration value="GB"/></xs:restriction></xs:simpleType>'
    draft = Draft.of_the_real()
    draft.add_data(kind)
    documents = draft.documents()
    content = {
        name: data.replace(
            b'name="region" nillable="true" type="xs:string"',
            b'name="region" xmlns:d="'
            b"http://schemas.datacontract.org/2004/07/RequestCallbackService"
            b'" type="d:Region"',
        )
        for name, data in documents.content.items()
    }
    contract = contract_of(attrs.evolve(documents, content=content))
    bound = contract.operation(request_callback_service.REQUEST_CALL_WHEN_AVAILABLE)
    record = request_callback_service.RequestCallWhenAvailable(region="GB")
    assert b">GB<" in write_envelope(bound.request, record)
    with pytest.raises(InvalidRequest, match="region must be one of GB"):
        write_envelope(bound.request, attrs.evolve(record, region="IE"))


def test_a_service_fills_what_its_wsdl_wants_and_nobody_knows() -> None:
    [mutation] = [each for each in MUTATIONS if each.name == "new_member_that_is_always_answered"]
    contract = contract_of(mutation.after(), serving=True)
    for operation in SERVICE.operations.values():
        assert contract.rebound(operation).problems == ()


def test_the_packaged_contract_rebound_on_itself_is_itself() -> None:
    for service in SERVICES.values():
        assert Contract({}).service(service).operations == dict(service.operations)


def test_a_declared_fault_over_another_contract_is_its_record(tmp_path: Path) -> None:
    """From the wire of a server that names its fault otherwise, through a client, to a typed record."""
    known = generated_module(shape("typed").documents, tmp_path)
    documents = shape("typed").documents
    content = {
        name: re.sub(
            rb'(namespace|Namespace|xmlns:\w+)="([^"]*reservations[^"]*)"',
            rb'\1="urn:acme:\2"',
            data,
            flags=re.IGNORECASE,
        )
        for name, data in documents.content.items()
    }
    moved = attrs.evolve(documents, content=content)
    operation = known.RESERVE
    bound = Contract({operation.service: describe(moved)}).operation(operation)
    assert bound.request.tag != operation.request.tag
    fault = next(each for each in bound.faults if each.record is known.SoldOut)
    assert fault.tag.startswith("{urn:acme:")
    record = known.SoldOut(until=dt.datetime(2017, 4, 11, 9))
    detail = etree.tostring(encoded(fault, record), encoding="unicode")
    body = fault_bytes("Client", "sold out", detail=f"<detail>{detail}</detail>")
    with ScriptedServer((http(body, status=500),)) as server:
        binding = SoapBinding(Contract({operation.service: describe(moved)}))
        request = binding.encode(
            operation, known.Reserve(number=1, codes=("a",)), server.endpoints.callback_url
        )
        reply = requests.post(request.url, request.body, headers=dict(request.headers), timeout=10)
        response = HttpResponse(reply.status_code, {"content-type": "text/xml"}, reply.content)
        with pytest.raises(ServiceFault) as caught:
            binding.decode(operation, known.Reserve(number=1, codes=("a",)), response)
    assert caught.value.record == record
    assert caught.value.outcome is Outcome.UNKNOWN


def test_a_message_that_is_a_mere_text_is_under_its_own_name_when_it_is_filled(tmp_path: Path) -> None:
    documents = documents_of("request_of_a_simple_type")
    module = generated_module(documents, tmp_path)
    bound = Contract({"Orders": describe(documents)}).operation(module.PLACE_ORDER)
    for value in ("A", None):
        body = body_of(parse(write_envelope(bound.request, module.PlaceOrder(value=value))))
        assert (body.tag, body.text or "") == ("{urn:orders}PlaceOrder", value or "")
