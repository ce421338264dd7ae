"""zeep and the generated codecs write and read the same values."""

import os
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.wire.shapes import BY_NAME
from buzzeasy_soap.wire.xsd import type_of
from tests.contracts.features import documents_of
from tests.contracts.generated import encoded, generated_module, messages
from tests.contracts.shapes import SHAPES, shape
from tests.contracts.zeep_side import FOR_ZEEP, ZeepSide, seen_by_zeep

REAL = {documents.name: documents for documents in read_documents()}
FEATURED = [
    "bare", "extension", "svcutil/Orders", "chameleon/Orders", "known_types", "known_types_at_large",
    "known_types_bare", "extension_without_a_name",
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
