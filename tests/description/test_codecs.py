"""Generated codecs: every record goes out valid and comes back the same."""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap.contract import buzz_me_info, request_callback_service
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER
from tests.contracts.features import documents_of
from tests.contracts.generated import encoded, generated_module, messages, xml_schema
from tests.contracts.shapes import SHAPES, shape
from tests.support.records import Values

REAL = {documents.name: documents for documents in read_documents()}
MODULES = {"BuzzMeInfo": buzz_me_info, "RequestCallbackService": request_callback_service}
VALUES = Values()
FEATURED = ["request_of_a_simple_type", "nillable_simple_types", "attributes", "one_way"]
KEYS = [*MODULES, *SHAPES, *FEATURED]


@pytest.fixture(scope="module", params=KEYS)
def contract(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ModuleType, etree.XMLSchema]:
    folder: Path = tmp_path_factory.mktemp("contract")
    find = documents_of if request.param in FEATURED else lambda key: shape(key).documents
    documents: DocumentSet = REAL.get(request.param) or find(request.param)
    module = MODULES.get(request.param) or generated_module(documents, folder)
    return module, xml_schema(documents, folder)


def any_message(module: ModuleType) -> st.SearchStrategy[tuple[Message[Any], Any]]:
    return st.one_of(
        VALUES.records(message.shape).map(lambda record, message=message: (message, record))
        for message in messages(module)
    )


@given(data=st.data())
@settings(
    max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_round_trip_and_validity(contract: tuple[ModuleType, etree.XMLSchema], data: st.DataObject) -> None:
    module, schema = contract
    message, record = data.draw(any_message(module))
    element = encoded(message, record)
    schema.assertValid(etree.ElementTree(element))
    assert BY_NAME.read(message.shape, element) == record
    assert IN_ORDER.read(message.shape, element) == record
