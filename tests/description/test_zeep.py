"""zeep and the generated codecs write and read the same values."""

import os
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.description.model import XSD
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.shapes import BY_NAME
from buzzeasy_soap.wire.xsd import type_of
from tests.contracts.features import documents_of
from tests.contracts.generated import encoded, generated_module, messages
from tests.contracts.shapes import SHAPES, shape
from tests.contracts.zeep_side import FOR_ZEEP, ZeepSide, seen_by_zeep

REAL = {documents.name: documents for documents in read_documents()}
FEATURED = [
    "bare", "extension", "svcutil/Orders", "chameleon/Orders", "known_types", "known_types_at_large",
    "known_types_with_attributes", "known_types_open", "known_types_bare", "extension_without_a_name", "request_of_a_simple_type",
    "response_of_a_simple_type", "nillable_simple_types", "request_of_any_type", "any_type", "wildcard",
    "wildcards", "attributes", "one_way", "simple_types", "dotnet",
]  # fmt: skip


@pytest.fixture(scope="module", params=[*REAL, *SHAPES, *FEATURED])
def sides(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ModuleType, ZeepSide]:
    find = documents_of if request.param in FEATURED else lambda key: shape(key).documents
    documents = REAL.get(request.param) or find(request.param)
    return generated_module(documents, tmp_path_factory.mktemp("contract")), ZeepSide(documents)


@given(data=st.data())
@settings(
    max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "40")),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_zeep_and_the_codecs_agree(sides: tuple[ModuleType, ZeepSide], data: st.DataObject) -> None:
    module, zeep = sides
    message = data.draw(st.sampled_from([each for each in messages(module) if zeep.knows(each.tag)]))
    record = data.draw(FOR_ZEEP.records(message.shape))
    ours, zeeps = encoded(message, record), zeep.write(message, record)
    assert [(each.tag, type_of(each)) for each in ours.iter()] == [
        (each.tag, type_of(each)) for each in zeeps.iter()
    ]
    assert BY_NAME.read(message.shape, zeeps) == record
    assert zeep.read(ours) == seen_by_zeep(message.shape, record)


DIFFGRAM = "urn:schemas-microsoft-com:xml-diffgram-v1"
DATA_SET = f"""<PlaceOrderResponse xmlns="urn:orders"><PlaceOrderResult>
<xs:schema id="Rows" xmlns="" xmlns:xs="{XSD[1:-1]}"><xs:element name="Rows"><xs:complexType><xs:choice>
<xs:element name="Row"><xs:complexType><xs:sequence><xs:element name="Id" type="xs:int"/></xs:sequence>
</xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>
<d:diffgram xmlns:d="{DIFFGRAM}"><Rows xmlns=""><Row d:id="Row1"><Id>7</Id></Row></Rows></d:diffgram>
</PlaceOrderResult></PlaceOrderResponse>"""


def test_a_data_set_is_kept_as_zeep_reads_it(tmp_path: Path) -> None:
    """zeep cannot write one."""
    documents = documents_of("dataset")
    module, element = generated_module(documents, tmp_path), etree.fromstring(DATA_SET)
    message = module.PLACE_ORDER.response
    result = BY_NAME.read(message.shape, element).place_order_result
    assert (result.schema.tag, result.any.tag) == (f"{XSD}schema", f"{{{DIFFGRAM}}}diffgram")
    rows = etree.fromstring(result.any.text)
    seen = ZeepSide(documents).read(element)["PlaceOrderResult"]["_value_1"]
    assert rows.findtext("Rows/Row/Id") == str(seen["Row"]["Id"]) == "7"
    again = encoded(message, BY_NAME.read(message.shape, element))
    assert BY_NAME.read(message.shape, again) == BY_NAME.read(message.shape, element)


def test_mixed_content_is_kept_whole_where_zeep_drops_its_texts(tmp_path: Path) -> None:
    documents = documents_of("mixed")
    module, tag = generated_module(documents, tmp_path), "{urn:orders}Note"
    note = Xml('<Note xmlns="urn:orders" xmlns:e="urn:else">at <e:Hour>9</e:Hour> sharp</Note>')
    message = module.PLACE_ORDER.request
    element = encoded(message, module.PlaceOrder(order=module.Order(number=1, note=note)))
    assert element[0].find(tag).text == "at "
    seen = ZeepSide(documents).read(element)["order"]["Note"]["_value_1"]
    assert seen == Xml('<Hour xmlns="urn:else">9</Hour>')
    assert BY_NAME.read(message.shape, element).order.note == note
