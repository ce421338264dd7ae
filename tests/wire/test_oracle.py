"""zeep, libxml2 and xmlschema as oracles for the generated codecs, both ways."""

import functools
import os
from typing import Any

import attrs
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.description.documents import packaged_directory, read_documents
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding, to_zeep
from buzzeasy_soap.wire.envelope import body_of, parse
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.rebinding import Contract
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER
from buzzeasy_soap.wire.text import write_envelope
from buzzeasy_soap.wire.xsd import NIL
from tests.contracts.zeep_side import canonical
from tests.support.records import Values

ENDPOINT = "http://127.0.0.1/Service.svc"
OPERATIONS = [
    operation
    for service in SERVICES.values()
    if service.endpoint  # else it is one that a developer has just added
    for operation in service.operations.values()
]
operations = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
examples = settings(
    max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
zeep_binding = functools.cache(ZeepBinding)


@functools.cache
def itself() -> Contract:
    """The contract rebound on its own WSDL."""
    return Contract({documents.name: describe(documents) for documents in read_documents()})


def rebound(operation: Operation[Any, Any]) -> Operation[Any, Any]:
    return itself().operation(operation)


@functools.cache
def schemas(service: str) -> tuple[etree.XMLSchema, xmlschema.XMLSchema]:
    path = str(packaged_directory() / f"{service}.xsd0.xsd")
    return etree.XMLSchema(file=path), xmlschema.XMLSchema(path)


def assert_valid(service: str, element: etree._Element) -> None:
    alone = etree.fromstring(etree.tostring(element))
    libxml2, python = schemas(service)
    libxml2.assertValid(alone)
    python.validate(alone)


@operations
@examples
@given(data=st.data())
def test_requests_are_zeep_s_own(operation: Any, data: st.DataObject) -> None:
    record = data.draw(Values().records(operation.request.shape))
    ours = body_of(etree.fromstring(SoapBinding().encode(operation, record, ENDPOINT).body))
    zeeps = body_of(etree.fromstring(zeep_binding().encode(operation, record, ENDPOINT).body))
    assert canonical(ours) == canonical(zeeps)
    assert_valid(operation.service, ours)
    assert IN_ORDER.read(operation.request.shape, ours) == record
    read = BY_NAME.read(rebound(operation).request.shape, zeeps)
    assert read == record


@operations
@examples
@given(data=st.data())
def test_replies_are_zeep_s_own(operation: Any, data: st.DataObject) -> None:
    record = data.draw(Values(filled=True).records(operation.response.shape))
    envelope = write_envelope(operation.response, record)
    ours = body_of(parse(envelope))
    if not _has_nil_item(record):  # zeep writes a nil item of an array as an item with nil members
        element = zeep_binding()._bound(operation)[1].output.body
        parent = etree.Element("parent")
        element.render(parent, element(**to_zeep(operation.response.shape, record, None)))
        assert canonical(ours) == canonical(parent[0])
    assert_valid(operation.service, ours)
    response = HttpResponse(200, {"content-type": "text/xml"}, envelope)
    request = operation.request.record()
    assert SoapBinding().decode(operation, request, response) == record
    assert zeep_binding().decode(operation, request, response) == record


def _has_nil_item(response: object) -> bool:
    [result] = (getattr(response, field.name) for field in attrs.fields(type(response)))
    items = getattr(result, "time_slot", ())
    return NIL in items


@operations
def test_nothing_is_sent_for_none_and_no_ws_addressing(operation: Any) -> None:
    for binding in (SoapBinding(), zeep_binding()):
        root = etree.fromstring(binding.encode(operation, operation.request.record(), ENDPOINT).body)
        assert len(body_of(root)) == 0
        assert [etree.QName(child).localname for child in root] == ["Body"]
