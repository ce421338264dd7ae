"""A fault that the contract declares comes with its record."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap import ServiceFault
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.messages import HttpResponse
from tests.contracts.generated import encoded, generated_module
from tests.contracts.shapes import shape
from tests.support.records import Values
from tests.support.scripted import fault_bytes


@pytest.fixture(scope="module")
def reservations(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("contract")
    return generated_module(shape("typed").documents, folder)


def fault_with(reservations, detail: str) -> ServiceFault:
    operation = next(each for each in reservations.SERVICE.operations.values() if each.faults)
    body = fault_bytes("Client", "sold out", detail=f"<detail>{detail}</detail>")
    reply = HttpResponse(500, {"content-type": "text/xml"}, body)
    with pytest.raises(ServiceFault) as caught:
        SoapBinding().decode(operation, None, reply)
    return caught.value


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_declared_detail_is_its_record(reservations, data: st.DataObject) -> None:
    operation = next(each for each in reservations.SERVICE.operations.values() if each.faults)
    for message in operation.faults:
        record = data.draw(Values().records(message.shape))
        xml = etree.tostring(encoded(message, record), encoding="unicode")
        fault = fault_with(reservations, xml)
        assert fault.record == record
        assert etree.QName(message.tag).localname in (fault.detail or "")


@pytest.mark.parametrize("detail", ["", "<other xmlns='urn:x'/>", "text"])
def test_any_other_detail_is_text_alone(reservations, detail: str) -> None:
    fault = fault_with(reservations, detail)
    assert fault.record is None
    assert (fault.code, fault.reason) == ("Client", "sold out")
